// Makes a big persist directory with a real Chroma, for the benchmarks:
//   node tests/bench/make_directory.mjs FOLDER RECORDS DIMENSION [SPACE]
// FOLDER must not exist. Collection "bench": clustered vectors, documents of about 500 characters, six
// metadata keys. The same arguments give the same records. Needs tests/support/real_chroma/setup.sh done.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const chroma = join(process.env.CHROMAKEEP_REAL_CHROMA ?? join(root, "build", "real_chroma"), "chroma");
const kClusters = 256;
const kWords = `contract clause tenant landlord invoice payment hearing judge order witness statement evidence damages
claim defence appeal notice breach delivery warehouse insurance policy premium accident vehicle hospital surgery report
expert opinion survey roof boundary licence council meeting minutes shareholder director dividend audit pension estate
will executor trust guardian school custody passport visa tribunal interview employer dismissal redundancy wages safety
ladder machine scaffold inspection permit planning traffic drainage flood repair damp heating boiler mould contractor
software server password backup email letter telephone message schedule exhibit bundle draft signed sealed dated
settlement offer costs interest balance account ledger transfer bank cheque refund receipt tax valuation auction bidder`
    .split(/\s+/);
const kAuthors = ["Hartley", "Okonkwo", "Devereux", "Nakamura", "Brandt", "Siddiqui", "MacAllister", "Pereira", "Novak"];
const kCategories = ["email", "contract", "invoice", "court order", "memo", "medical note", "letter", "transcript"];

// A small seeded generator (mulberry32), so that every run makes the same records.
function generator(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

const random = generator(20250101);
const bell = () => random() + random() + random() + random() - 2; // near enough to a normal distribution

function makeCentres(dimension) {
    return Array.from({ length: kClusters }, () => Array.from({ length: dimension }, bell));
}

function makeRecord(number, centres) {
    const cluster = Math.floor(random() ** 1.5 * kClusters); // some clusters are bigger than others
    const words = [];
    for (let length = 0; length < 490; length += words.at(-1).length + 1) {
        const local = (cluster * 7 + Math.floor(random() * 12)) % kWords.length;
        words.push(kWords[random() < 0.6 ? local : Math.floor(random() * kWords.length)]);
    }
    const metadata = {
        category: kCategories[cluster % kCategories.length],
        year: 2000 + Math.floor(random() * 26),
        score: Math.round(random() * 1e6) / 1e6,
        flag: random() < 0.25,
        author: kAuthors[Math.floor(random() * kAuthors.length)],
        page: 1 + Math.floor(random() * 400),
    };
    const embedding = centres[cluster].map((x) => Math.round((x + bell() * 0.7) * 1e5) / 1e5);
    return { id: `bench-${String(number).padStart(8, "0")}`, document: words.join(" "), metadata, embedding };
}

function freePort() {
    return new Promise((resolve) => {
        const probe = createServer().listen(0, "127.0.0.1", () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });
}

async function startServer(folder) {
    const port = await freePort();
    const server = spawn(chroma, ["run", "--path", folder, "--host", "127.0.0.1", "--port", String(port)], { stdio: "ignore" });
    const url = `http://127.0.0.1:${port}/api/v2`;
    for (let tries = 0; tries < 300 && server.exitCode === null; ++tries) {
        try {
            if ((await fetch(`${url}/heartbeat`)).ok) return { server, url };
        } catch {
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    }
    throw new Error("The Chroma server did not start.");
}

async function call(method, url, body) {
    const reply = await fetch(url, { method, headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${method} ${url}: ${reply.status} ${await reply.text()}`);
    return reply.json();
}

async function fill(url, records, dimension, space) {
    const collections = `${url}/tenants/default_tenant/databases/default_database/collections`;
    const threshold = Math.max(1000, Math.min(50000, records / 10)); // fewer syncs than by default: it is the same data
    const { id } = await call("POST", collections, {
        name: "bench",
        metadata: { purpose: "benchmark", model: `random-${dimension}` },
        configuration: { hnsw: { space, sync_threshold: threshold } },
    });
    const centres = makeCentres(dimension);
    for (let done = 0; done < records;) {
        const part = Array.from({ length: Math.min(1000, records - done) }, (_, n) => makeRecord(done + n, centres));
        await call("POST", `${collections}/${id}/add`, {
            ids: part.map((r) => r.id),
            embeddings: part.map((r) => r.embedding),
            documents: part.map((r) => r.document),
            metadatas: part.map((r) => r.metadata),
        });
        done += part.length;
        if (done % 10000 === 0) console.log(`${done} of ${records}`);
    }
    await call("PUT", `${collections}/${id}`, { new_configuration: { hnsw: { sync_threshold: 1000 } } });
    return call("GET", `${collections}/${id}/count`);
}

const [folder, records, dimension, space = "cosine"] = process.argv.slice(2);
if (!folder || !(records > 0) || !(dimension > 0)) {
    console.error("usage: make_directory.mjs FOLDER RECORDS DIMENSION [cosine|l2|ip]");
    process.exit(2);
}
if (existsSync(folder) || !existsSync(chroma)) {
    console.error(existsSync(folder) ? `${folder} exists already.` : "No real Chroma: run tests/support/real_chroma/setup.sh first.");
    process.exit(1);
}
mkdirSync(folder, { recursive: true });
const { server, url } = await startServer(folder);
try {
    const began = Date.now();
    const count = await fill(url, Number(records), Number(dimension), space);
    console.log(`${count} records in ${((Date.now() - began) / 1000).toFixed(0)} s`);
} finally {
    server.kill("SIGKILL"); // Chroma has nothing to write at its end, and does not end by SIGINT or SIGTERM
    await new Promise((resolve) => server.on("exit", resolve));
}
