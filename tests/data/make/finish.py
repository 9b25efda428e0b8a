"""Packs a directory that a Chroma release has written and gathers what releases answer about copies of it.

  finish.py DIRECTORY DATA WRITTEN_BY PYTHON...
writes DATA/NAME.tar.zst and DATA/NAME.json.zst (NAME: the folder's). Each PYTHON is the interpreter of an
environment with a chromadb release in it; the newest comes last. An archive that is there already is kept
as it is (remove it to pack again). Needs zstd and tar.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from server import pack, pack_json


def asked(python, directory):
    with tempfile.TemporaryDirectory() as room:
        out = Path(room) / "answers.json"
        subprocess.run([python, Path(__file__).parent / "answers.py", directory, out], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONHASHSEED": "0", "RUST_BACKTRACE": "0"})
        return json.loads(out.read_text())


if __name__ == "__main__":
    directory, data, written_by = Path(sys.argv[1]).resolve(), Path(sys.argv[2]), sys.argv[3]
    if not (data / f"{directory.name}.tar.zst").exists():
        pack(directory.parent, directory.name, data)
    answers = [asked(python, directory) for python in sys.argv[4:]]
    pack_json({"name": directory.name, "written_by": written_by, "answers": answers}, data / f"{directory.name}.json.zst")
    for answer in answers:
        refused = [f"{c['name']}: {c.get('error', c.get('embeddings_error'))}" for c in answer["collections"]
                   if "error" in c or "embeddings_error" in c]
        print(directory.name, answer["answered_by"], len(answer["collections"]), "collections",
              sum(c.get("count", 0) for c in answer["collections"]), "records", answer.get("error", ""), refused)
