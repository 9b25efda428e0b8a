"""Asks a real Chroma, of any Python release from 0.4.0 on, everything about a persist directory.

answers_of(directory) gives one JSON value per collection; see ../README.md for its form.
Run as a program it asks a *copy*: answers.py DIRECTORY OUT.json
"""
import base64
import json
import math
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import chromadb
import numpy as np

DEFAULT = ("default_tenant", "default_database")


def plain(value):
    """JSON that any reader accepts: numbers that JSON lacks become {"#float": name}."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (np.floating, np.integer)):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {"#float": "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"}
    return value


def packed(vector):
    """A vector as base64 of its little-endian float32 bytes: exact and short."""
    return None if vector is None else base64.b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode()


def unpacked(text):
    return np.frombuffer(base64.b64decode(text), "<f4")


def short(number):
    """A distance as the shortest text of its float32, as Chroma's own server prints it."""
    single = np.float32(number)
    return float(str(single)) if float(single) == float(number) and math.isfinite(number) else plain(float(number))


def refusal(error):
    return f"{type(error).__name__}: {error}"[:400]


def databases_of(directory):
    with sqlite3.connect(f"file:{directory}/chroma.sqlite3?mode=ro", uri=True) as sql:
        try:
            found = sql.execute("SELECT tenant_id, name FROM databases ORDER BY tenant_id, name").fetchall()
        except sqlite3.OperationalError:
            found = [DEFAULT]
    return found


def client_of(directory, tenant, database):
    settings = chromadb.config.Settings(anonymized_telemetry=False, allow_reset=False)
    if (tenant, database) == DEFAULT:
        return chromadb.PersistentClient(path=str(directory), settings=settings)
    return chromadb.PersistentClient(path=str(directory), settings=settings, tenant=tenant, database=database)


def collections_of(client):
    """list_collections() gave objects, then (0.6) names, then objects again."""
    for entry in client.list_collections():
        name = entry if isinstance(entry, str) else entry.name
        try:
            yield client.get_collection(name, embedding_function=None)
        except (TypeError, ValueError):
            yield client.get_collection(name)


def fields():
    with_uris = tuple(int(p) for p in chromadb.__version__.split(".")[:2]) >= (0, 5) or chromadb.__version__ == "0.4.24"
    return ["documents", "metadatas"] + (["uris"] if with_uris else [])


def rows(answer, with_vectors):
    count = len(answer["ids"])
    kept = {"ids": answer["ids"]}
    for name in ("documents", "metadatas", "uris"):
        found = answer.get(name)
        kept[name] = plain(list(found)) if found is not None else [None] * count
    if with_vectors:
        found = answer["embeddings"]  # an empty collection of 0.4.x has None here
        found = found if found is not None else []
        if len(found) != count:
            raise ValueError(f"{len(found)} embeddings were given for {count} records")
        kept["embeddings"] = [packed(v) for v in found]
    return kept


def all_records(collection):
    try:
        return rows(collection.get(include=fields() + ["embeddings"]), True), None
    except Exception as error:  # noqa: BLE001 - a refusal is an answer
        kept = rows(collection.get(include=fields()), False)
        kept["embeddings"] = [one_vector(collection, i) for i in kept["ids"]]
        return kept, refusal(error)


def one_vector(collection, record):
    try:
        return packed(collection.get(ids=[record], include=["embeddings"])["embeddings"][0])
    except Exception:  # noqa: BLE001
        return None


def distances_to(wanted, stored, space):
    """Chroma's three formulas, in double precision."""
    if space == "l2":
        return ((stored - wanted) ** 2).sum(axis=1)
    if space == "cosine":
        stored = stored / (np.linalg.norm(stored, axis=1, keepdims=True) + 1e-30)
        wanted = wanted / (np.linalg.norm(wanted) + 1e-30)
    return 1 - stored @ wanted


def exact_ids(collection, query, records):
    """What a scan of every vector would answer: Chroma's graph may miss some of it."""
    wanted = {k: query[k] for k in ("where", "where_document") if query.get(k)}
    among = set(collection.get(include=[], **wanted)["ids"])
    known = [(i, unpacked(v)) for i, v in zip(records["ids"], records["embeddings"]) if i in among and v]
    if not known:
        return []
    space = (collection.metadata or {}).get("hnsw:space") or (configuration_of(collection) or {}).get("hnsw", {}).get("space", "l2")
    far = distances_to(np.asarray(query["embedding"], dtype=float), np.array([v for _, v in known], dtype=float), space)
    return [known[n][0] for n in np.argsort(far, kind="stable")[:query["n_results"]]]


def answered_query(collection, query, records):
    said = {k: plain(v) for k, v in query.items() if v is not None}
    try:
        got = collection.query(query_embeddings=[query["embedding"]], n_results=query["n_results"],
                               where=query.get("where"), where_document=query.get("where_document"),
                               include=["distances"])
    except Exception as error:  # noqa: BLE001
        return {**said, "error": refusal(error)}
    return {**said, "ids": got["ids"][0], "distances": [short(d) for d in got["distances"][0]],
            "exact_ids": exact_ids(collection, query, records)}


def answered_filter(collection, wanted):
    said = {k: plain(v) for k, v in wanted.items() if v is not None}
    try:
        return {**said, "ids": collection.get(include=[], **{k: v for k, v in wanted.items() if v is not None})["ids"]}
    except Exception as error:  # noqa: BLE001
        return {**said, "error": refusal(error)}


def scalar_keys(records):
    """Some (key, value) that occur, of different types, to filter the queries by: the same in every release."""
    seen = {}
    for _, meta in sorted(zip(records["ids"], records["metadatas"])):  # releases differ in the order of records and keys
        for key, value in sorted((meta or {}).items()):
            finite = not isinstance(value, (dict, list)) and value is not None
            if finite and (key, type(value)) not in seen:
                seen[(key, type(value))] = value
    return [(key, value) for (key, _), value in seen.items()]


def some_filters(rng, records):
    pairs = scalar_keys(records) or [("absent", 1)]
    pick = lambda: rng.choice(pairs)  # noqa: E731
    numbers = [p for p in pairs if isinstance(p[1], (int, float)) and not isinstance(p[1], bool)] or [("absent", 1)]
    words = [w for _, d in sorted(zip(records["ids"], records["documents"])) if d for w in d.split()[:6]] or ["a"]
    (a, x), (b, y), (n, z) = pick(), pick(), rng.choice(numbers)
    return [({a: x}, None), ({b: {"$ne": y}}, None), ({n: {"$gte": z}}, None), (None, {"$contains": rng.choice(words)}),
            ({"$or": [{a: {"$in": [x]}}, {n: {"$lt": z}}]}, {"$not_contains": rng.choice(words)})]


def default_queries(collection, records, seed=7):
    stored = [unpacked(v) for _, v in sorted(zip(records["ids"], records["embeddings"])) if v]
    if not stored:
        return [answered_query(collection, {"embedding": [0.5, -0.5], "n_results": 3}, records)]
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    vectors = [noise.standard_normal(len(stored[0])) for _ in range(3)]
    vectors += [rng.choice(stored) * np.float32(1.1) for _ in range(2)] + [rng.choice(stored) for _ in range(5)]
    filters = [(None, None)] * 5 + some_filters(rng, records)
    sizes = [1, 3, 5, 10, min(200, len(stored) + 5), 4, 5, 6, 7, 8]
    asked = [{"embedding": [float(str(np.float32(x))) for x in v], "n_results": n, "where": w, "where_document": d}
             for v, (w, d), n in zip(vectors, filters, sizes)]
    return [answered_query(collection, q, records) for q in asked]


def configuration_of(collection):
    for door in (lambda: collection.configuration_json,
                 lambda: json.loads(collection.get_model().get_configuration().to_json_str())):
        try:
            return plain(door())
        except Exception:  # noqa: BLE001 - older releases have no such thing
            continue
    return None


def collection_answers(collection, tenant, database, filters=()):
    records, error = all_records(collection)
    said = {"name": collection.name, "id": str(collection.id), "tenant": tenant, "database": database,
            "metadata": plain(collection.metadata), "configuration": configuration_of(collection),
            "count": collection.count(), "get": records}
    if error:
        said["embeddings_error"] = error
    said["queries"] = default_queries(collection, records)
    if filters:
        said["filters"] = [answered_filter(collection, f) for f in filters]
    return said


def answers_of(directory, filters=None, more_queries=None):
    """filters and more_queries: per collection name, what to ask besides the usual."""
    found, said = [], {"answered_by": f"chromadb {chromadb.__version__}"}
    try:
        for tenant, database in databases_of(directory):
            client = client_of(directory, tenant, database)
            for collection in sorted(collections_of(client), key=lambda c: c.name):
                found.append(answers_or_refusal(collection, tenant, database, (filters or {}).get(collection.name, ())))
                for query in (more_queries or {}).get(collection.name, ()):
                    found[-1]["queries"].append(answered_query(collection, query, found[-1]["get"]))
    except BaseException as error:  # noqa: BLE001 - a panic of the Rust part is no Exception
        said["error"] = refusal(error)
    return {**said, "collections": found}


def answers_or_refusal(collection, tenant, database, filters):
    try:
        return collection_answers(collection, tenant, database, filters)
    except BaseException as error:  # noqa: BLE001
        return {"name": collection.name, "id": str(collection.id), "tenant": tenant, "database": database, "error": refusal(error)}


def migrate(directory):
    """The first process of a new release on an old directory migrates, and may fail at all else until it ends."""
    command = f"import answers; answers.client_of({str(directory)!r}, *answers.DEFAULT)"
    subprocess.run([sys.executable, "-c", command], cwd=Path(__file__).parent, check=False, capture_output=True)


def answers_of_copy(directory, **more):
    """The directory itself stays as it is: opening it would already write to it."""
    with tempfile.TemporaryDirectory() as room:
        copy = Path(room) / "copy"
        shutil.copytree(directory, copy)
        migrate(copy)
        return answers_of(copy, **more)


if __name__ == "__main__":
    source, out = sys.argv[1], sys.argv[2]
    Path(out).write_text(json.dumps(answers_of_copy(source), ensure_ascii=False, allow_nan=False, separators=(",", ":")))
