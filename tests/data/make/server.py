"""A real Chroma server (`chroma run` of the installed package) for the scripts here, and the packing of what they made."""
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path


class Server:
    """`with Server(directory) as server:` - ends by its own process id, and has ended when the block is left."""

    def __init__(self, directory):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", str(directory), "--host", "127.0.0.1",
                   "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        for _ in range(300):
            try:
                if self.request("GET", "/api/v2/heartbeat")[0] == 200:
                    return self
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError("The Chroma server did not answer within 30 seconds.")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def request(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, method=method,
                                       headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(asked, timeout=120) as reply:
                return reply.status, json.loads(reply.read() or b"null")
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            try:
                return error.code, json.loads(text)
            except ValueError:
                return error.code, {"message": text}

    def post(self, path, body):
        return self.request("POST", path, body)

    @staticmethod
    def database(tenant="default_tenant", database="default_database"):
        return f"/api/v2/tenants/{tenant}/databases/{database}"

    def collections(self, tenant="default_tenant", database="default_database"):
        return self.request("GET", f"{self.database(tenant, database)}/collections")[1]

    def base(self, collection):
        return f"{self.database(collection['tenant'], collection['database'])}/collections/{collection['id']}"


def pack(work, name, data):
    """NAME.tar.zst of the folder WORK/NAME: sorted, without owners, so only Chroma's own bytes vary."""
    tar = ["tar", "--format=ustar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "-C", str(work), "-c", name]
    with subprocess.Popen(tar, stdout=subprocess.PIPE) as made:
        subprocess.run(["zstd", "-19", "--long=23", "-q", "-f", "-o", str(data / f"{name}.tar.zst")], stdin=made.stdout, check=True)


def pack_json(value, path):
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    subprocess.run(["zstd", "-19", "--long=23", "-q", "-f", "-o", str(path)], input=text.encode(), check=True)
