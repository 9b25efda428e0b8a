"""Asks a real Chroma server hundreds of filters; needs chromadb==1.5.9 and zstd on the path.

  make_filters.py WORK DATA      writes DATA/filters-1.5.9.tar.zst and DATA/filters-1.5.9.json.zst
The server is asked over HTTP, which adds no checks of a client's own; where the Python client
of the same release says something else, its word stands beside as "python".
"""
import shutil
import subprocess
import sys
from pathlib import Path

import filter_cases
from server import Server, pack, pack_json

NAME = "filters-1.5.9"


def write(directory):
    import chromadb
    client = chromadb.PersistentClient(path=str(directory), settings=chromadb.config.Settings(anonymized_telemetry=False))
    collection = client.create_collection("mixed", embedding_function=None,
                                          configuration={"hnsw": {"space": "l2", "sync_threshold": 60, "batch_size": 60}})
    every = list(filter_cases.records())
    for start in range(0, len(every), 50):
        part = every[start:start + 50]
        collection.add(ids=[r["id"] for r in part], embeddings=[r["embedding"] for r in part],
                       documents=[r["document"] for r in part], metadatas=[r["metadata"] for r in part])


def ask_python(directory, cases):
    import answers
    collection = answers.client_of(directory, *answers.DEFAULT).get_collection("mixed", embedding_function=None)
    return [answers.answered_filter(collection, case) for case in cases]


def ask_gets(server):
    collection = server.collections()[0]
    for asked in filter_cases.gets():
        status, body = server.post(f"{server.base(collection)}/get", {**asked, "include": []})
        yield {"asked": asked, "ids": body["ids"]} if status == 200 else {"asked": asked, "error": body.get("message", str(body))[:300],
                                                                          "status": status}


def ask_server(server, cases):
    collection = server.collections()[0]
    for case in cases:
        status, body = server.post(f"{server.base(collection)}/get", {**case, "include": []})
        yield {**case, "ids": body["ids"]} if status == 200 else {**case, "error": body.get("message", str(body))[:300], "status": status}


def said_of(directory):
    cases = [*filter_cases.hand_made(), *filter_cases.generated(), *filter_cases.refused()]
    with Server(directory) as server:
        said, gets = list(ask_server(server, cases)), list(ask_gets(server))
    for one, python in zip(said, ask_python(directory, cases)):
        if one.get("ids") != python.get("ids"):
            one["python"] = python.get("ids", python.get("error"))
    return said, gets


def main(step, work, data):
    if step == "write":
        return write(work / NAME)
    import answers
    records = answers.answers_of_copy(work / NAME)
    copy = work / "asked"
    shutil.copytree(work / NAME, copy)
    mixed = records["collections"][0]
    mixed["filters"], mixed["gets"] = said_of(copy)
    shutil.rmtree(copy)
    pack(work, NAME, data)
    pack_json({"name": NAME, "written_by": records["answered_by"], "answers": [records]}, data / f"{NAME}.json.zst")


if __name__ == "__main__":
    room, target = Path(sys.argv[1]), Path(sys.argv[2])
    room.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 3:
        main(sys.argv[3], room, target)
    else:  # two processes: the writer has ended before anything is copied
        for part in ("write", "ask"):
            subprocess.run([sys.executable, __file__, str(room), str(target), part], check=True)
