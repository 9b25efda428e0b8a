"""Fills persist directories with the Chroma release that runs this script.

  PYTHONHASHSEED=0 make_fixtures.py CONTENT DIRECTORY
CONTENT is `rich` (every kind of value and every kind of history), `later` (what a newer release adds to
a directory of an older one), `opened` (it only opens it), `nulls` (a request with and without texts) or `small` (40 documents and a
deletion: for releases before 0.4.15).
Needs: chromadb==<the release>, with numpy<2 before 1.0 and pydantic<2 before 0.4.16. Python 3.11.
"""
import random
import sys

import chromadb
import numpy as np

RELEASE = tuple(int(part) for part in chromadb.__version__.split(".")[:3])
UNICODE_KEYS = ["ключ", "日本語キー", "مفتاح", "with space", "quo\"te'", "a.b[c]", "🙂", "e\u0301", "é", "line\nbreak", "%_", "UPPER", "upper"]


def open_client(directory, **where):
    settings = chromadb.config.Settings(anonymized_telemetry=False)
    return chromadb.PersistentClient(path=str(directory), settings=settings, **where)


def create(client, name, metadata=None, **more):
    return client.create_collection(name, metadata=metadata, embedding_function=None, **more)


def vectors(seed, count, dimension):
    return np.random.default_rng(seed).standard_normal((count, dimension)).astype("<f4").tolist()


def attempt(act, what):
    """Some values are refused by some releases: that is said, and the rest goes on."""
    try:
        act()
    except Exception as error:  # noqa: BLE001
        print(f"  refused: {what}: {type(error).__name__}: {str(error)[:120]}")


def scalar_metadatas():
    return [{"i": 0}, {"i": -1}, {"i": 2 ** 53 + 1}, {"i": 2 ** 63 - 1}, {"i": -2 ** 63}, {"f": 0.0}, {"f": -0.0}, {"f": 1.0}, {"f": 0.1 + 0.2},
            {"f": 5e-324}, {"f": 1.7976931348623157e308}, {"f": float(2 ** 53)}, {"f": 3.0000000000000004}, {"s": ""}, {"s": " "}, {"s": "123"},
            {"s": "true"}, {"s": "null"}, {"s": "日本語"}, {"s": "e\u0301"}, {"s": "é"}, {"s": "line\r\nbreak\ttab"}, {"s": "x" * 3000},
            {"s": "quote \" ' \\ back"}, {"s": "2024-02-29T12:00:00Z"}, {"b": True}, {"b": False}, {"mixed": 1}, {"mixed": 1.0}, {"mixed": "1"},
            {"mixed": True}, {"mixed": 1.5}, {"mixed": -7}, {"a": 1, "b": True, "f": 2.5, "s": "all", "mixed": "x"},
            {key: n for n, key in enumerate(UNICODE_KEYS)}, {f"k{n:03d}": n for n in range(60)}, {"k" * 500: "long key"}, None]


def fill_types(collection):
    metas = scalar_metadatas()
    texts = [f"Text {n} of the scalar values." for n in range(len(metas))]
    texts[3], texts[5], texts[6] = "", "日本語の文書です。", "a\nb\r\nc\td 🙂 \"quoted\" \\ 100% under_score"
    texts[7] = "Long text. " * 2000
    ids = [f"t{n:02d}" for n in range(len(metas))]
    ids[8:13] = ["日本", "with space", "quo\"te'\\", "new\nline", "🙂" * 20]
    ids[13] = "x" * 800
    collection.add(ids=ids, embeddings=vectors(1, len(ids), 4), metadatas=metas, documents=texts)
    attempt(lambda: collection.add(ids=["nul"], embeddings=vectors(2, 1, 4), metadatas=[{"n\0k": "v\0w"}], documents=["d\0e"]), "NUL in text")
    attempt(lambda: collection.add(ids=["over"], embeddings=vectors(3, 1, 4), metadatas=[{"i": 2 ** 63}]), "integer of 64 bits and more")
    if RELEASE >= (0, 4, 20):
        attempt(lambda: collection.add(ids=["u1", "u2"], embeddings=vectors(4, 2, 4), uris=["file:///bilder/größe 1.png", "s3://b/ü?x=1#y"],
                                       metadatas=[{"i": 5}, None]), "uris")
        attempt(lambda: collection.add(ids=["u3"], embeddings=vectors(14, 1, 4), uris=["x"], documents=["with uri"]), "uri and text")
    attempt(lambda: collection.add(ids=["plain"], embeddings=vectors(5, 1, 4)), "neither text nor metadata")


def fill_arrays(collection):
    metas = [{"s": ["a", "b", "a"]}, {"s": ["", "日本", "x" * 400]}, {"i": [1, -1, 2 ** 63 - 1]}, {"f": [1.0, 0.1, 1e300]}, {"b": [True, False]},
             {"s": ["one"], "i": [7], "f": [0.5], "b": [False], "n": 3}, {"s": "scalar"}, {"kind": [1, 2]}, {"kind": 5}, None]
    collection.add(ids=[f"a{n}" for n in range(len(metas))], embeddings=vectors(6, len(metas), 4), metadatas=metas,
                   documents=[f"Array {n}" for n in range(len(metas))])
    collection.update(ids=["a7", "a8"], metadatas=[{"kind": "now text"}, {"kind": [True]}])
    collection.update(ids=["a0"], metadatas=[{"s": ["replaced"], "added": [1.5, 2.5]}])
    attempt(lambda: collection.update(ids=["a2"], metadatas=[{"i": None}]), "null in an update")
    collection.upsert(ids=["a3", "a10"], embeddings=vectors(7, 2, 4), metadatas=[{"f": [9.5]}, {"s": ["new"]}])
    collection.delete(ids=["a4"])
    collection.add(ids=["a4"], embeddings=vectors(8, 1, 4), metadatas=[{"again": True}])


def change_types(collection):
    """Updates: a key changes its type, goes away, comes back; text goes and comes."""
    collection.update(ids=["t00", "t01"], metadatas=[{"i": "was an int", "new": 1}, {"i": 1.5}])
    attempt(lambda: collection.update(ids=["t02"], metadatas=[{"i": None, "left": "over"}]), "null in an update")
    collection.update(ids=["t15"], documents=["text changed by an update"], embeddings=vectors(13, 1, 4))
    collection.update(ids=["t16", "t17"], embeddings=vectors(9, 2, 4))
    collection.upsert(ids=["t18", "t99"], embeddings=vectors(10, 2, 4), metadatas=[{"s": "upserted", "extra": 2}, {"i": 99}], documents=["up 1", "up 2"])
    collection.delete(ids=["t20", "t21"])
    collection.add(ids=["t21"], embeddings=vectors(11, 1, 4), metadatas=[{"again": 1}], documents=["added again after a deletion"])
    collection.add(ids=["t22"], embeddings=vectors(12, 1, 4), metadatas=[{"ignored": 1}], documents=["an add of a known id changes nothing"])
    collection.update(ids=["unknown"], metadatas=[{"nobody": 1}])


def churn(collection, seed, dimension):
    """Adds, updates, upserts, deletes and re-adds across several syncs (threshold 50), ending between two."""
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    alive, made = [], 0

    def some(count):
        return noise.standard_normal((count, dimension)).astype("<f4").tolist()

    for turn in range(36):
        fresh = [f"c{made + n}" for n in range(rng.randrange(3, 10))]
        made += len(fresh)
        collection.add(ids=fresh, embeddings=some(len(fresh)), documents=[f"turn {turn} of {i}" for i in fresh],
                       metadatas=[{"turn": turn, "n": int(i[1:])} for i in fresh])
        alive += fresh
        act = rng.random()
        if act < 0.45:
            gone = rng.sample(alive, 3)
            collection.delete(ids=gone)
            if act < 0.2:
                collection.add(ids=gone[:2], embeddings=some(2), metadatas=[{"readded": turn}] * 2)
                alive += gone[:2]
                alive = [i for i in alive if i not in gone[2:]]
                alive = list(dict.fromkeys(alive))
            else:
                alive = [i for i in alive if i not in gone]
        elif act < 0.8:
            moved = rng.sample(alive, 2)
            collection.update(ids=moved, embeddings=some(2), metadatas=[{"moved": turn}] * 2)
        else:
            mixed = [rng.choice(alive), f"c{made}"]
            made += 1
            collection.upsert(ids=mixed, embeddings=some(2), documents=["upserted"] * 2, metadatas=[{"upserted": turn}] * 2)
            alive.append(mixed[1])


def fill_big(collection, count=1130, dimension=16):
    """Past the default threshold of 1000, with a tail in the log."""
    every = vectors(21, count, dimension)
    for start in range(0, count, 113):
        ids = [f"b{n:04d}" for n in range(start, start + 113)]
        collection.add(ids=ids, embeddings=every[start:start + 113], documents=[f"Document {i} about topic {hash_of(i)}" for i in ids],
                       metadatas=[{"n": int(i[1:]), "even": int(i[1:]) % 2 == 0, "topic": hash_of(i), "score": int(i[1:]) / 7} for i in ids])
    collection.delete(ids=[f"b{n:04d}" for n in range(5, count, 97)])
    collection.update(ids=["b0010", "b1100"], metadatas=[{"note": "edited"}, {"note": "edited in the log"}])
    collection.update(ids=["b0011", "b1101"], embeddings=vectors(22, 2, dimension))


def hash_of(text):
    return ["contract", "invoice", "memo", "order", "letter"][sum(map(ord, text)) % 5]


def settings_of(space, **more):
    return {"hnsw:space": space, "hnsw:sync_threshold": 50, "hnsw:batch_size": 10, **more}


def other_rooms(directory):
    """A tenant, databases of the same collection names, and a deleted collection in one of them."""
    admin = chromadb.AdminClient(chromadb.config.Settings(is_persistent=True, persist_directory=str(directory), anonymized_telemetry=False))
    admin.create_tenant("acme")
    admin.create_database("cases", tenant="acme")
    admin.create_database("archive", tenant="default_tenant")
    for tenant, database in (("acme", "cases"), ("default_tenant", "archive")):
        collection = create(open_client(directory, tenant=tenant, database=database), "types", {"owner": tenant})
        collection.add(ids=["t00", f"only in {database}"], embeddings=vectors(31, 2, 3), metadatas=[{"tenant": tenant}, {"n": 2}],
                       documents=[f"{tenant}/{database}", "the second"])


def floats_that_json_lacks(client):
    collection = create(client, "floats")
    for seed, (name, value) in enumerate((("nan", float("nan")), ("inf", float("inf")), ("minus_inf", float("-inf")), ("plain", 1.5))):
        attempt(lambda: collection.add(ids=[name], embeddings=vectors(41 + seed, 1, 2), metadatas=[{"f": value}]), name)  # noqa: B023


def rich(directory):
    client = open_client(directory)
    doomed = create(client, "doomed", settings_of("l2"))
    doomed.add(ids=[f"d{n}" for n in range(60)], embeddings=vectors(51, 60, 3), documents=[f"doomed {n}" for n in range(60)])
    types = create(client, "types", {"s": "text", "i": 7, "f": 0.5, **({"b": True} if RELEASE >= (0, 5, 1) else {}), "ключ": "日本"})
    fill_types(types)
    change_types(types)
    if RELEASE >= (1, 5, 0):
        fill_arrays(create(client, "arrays"))
    for space, dimension in (("l2", 8), ("cosine", 7), ("ip", 5)):
        churn(create(client, f"churn_{space}", settings_of(space, **({"hnsw:M": 6} if space == "cosine" else {}))), dimension, dimension)
    fill_big(create(client, "big", {"hnsw:space": "cosine", "hnsw:construction_ef": 80, "hnsw:search_ef": 60}))
    one = create(client, "single", {"hnsw:space": "cosine"})
    one.add(ids=["only"], embeddings=[[3.0, 4.0]], documents=["the only one"], metadatas=[{"k": 1}])
    create(client, "never")
    emptied = create(client, "emptied", settings_of("l2"))
    emptied.add(ids=["e1", "e2"], embeddings=vectors(52, 2, 3))
    emptied.delete(ids=["e1", "e2"])
    client.delete_collection("doomed")
    create(client, "doomed", {"second": "life"}).add(ids=["d0"], embeddings=vectors(53, 1, 6), documents=["the name is taken again"])
    floats_that_json_lacks(client)
    other_rooms(directory)


def nulls(directory):
    """Before 1.0 a text that is missing in a request with texts is logged as a JSON null: newer releases stop at it."""
    client = open_client(directory)
    notes = create(client, "notes")
    notes.add(ids=["a", "b", "c"], embeddings=vectors(81, 3, 4), documents=["first", None, "third"], metadatas=[{"n": 1}, {"n": 2}, None])
    other = create(client, "other")
    other.add(ids=["x"], embeddings=vectors(82, 1, 4), documents=["fine by itself"])


def small(directory):
    client = open_client(directory)
    notes = create(client, "notes", {"hnsw:space": "cosine"})
    notes.add(ids=[f"n{n}" for n in range(40)], embeddings=vectors(61, 40, 4), documents=[f"number {n} of forty" for n in range(40)],
              metadatas=[{"n": n, "half": n / 2, "word": hash_of(str(n))} for n in range(40)])
    notes.delete(ids=["n3", "n30"])
    notes.update(ids=["n5"], embeddings=vectors(63, 1, 4), metadatas=[{"n": 500}], documents=["number five changed"])
    gone = create(client, "gone")
    gone.add(ids=["g1", "g2"], embeddings=vectors(62, 2, 4), documents=["left behind", "left behind too"], metadatas=[{"n": 1}, {"n": 2}])
    client.delete_collection("gone")


def later(directory):
    """A newer release goes on with an older one's directory."""
    client = open_client(directory)
    names = {getattr(c, "name", c) for c in client.list_collections()}
    if "types" in names:
        types = client.get_collection("types", embedding_function=None)
        types.add(ids=["new1", "new2"], embeddings=vectors(71, 2, 4), documents=["added later", "and this"], metadatas=[{"i": 2, "list": ["x", "y"]}, {"list": [1, 2]}])
        types.update(ids=["t05"], metadatas=[{"f": "text now"}])
        types.delete(ids=["t06"])
        churned = client.get_collection("churn_cosine", embedding_function=None)
        churned.add(ids=[f"later{n}" for n in range(70)], embeddings=vectors(72, 70, 7), documents=[f"later {n}" for n in range(70)])
    else:
        notes = client.get_collection("notes", embedding_function=None)
        attempt(lambda: notes.add(ids=["after"], embeddings=vectors(73, 1, 4), documents=["number 41, after the upgrade"],
                                  metadatas=[{"n": 41}]), "adding where the migration of 0.4.6 left its wrong full-text rows")


def opened(directory):
    """A newer release only opens, and so migrates, the directory."""
    open_client(directory)


if __name__ == "__main__":
    {"rich": rich, "nulls": nulls, "small": small, "later": later, "opened": opened}[sys.argv[1]](sys.argv[2])
