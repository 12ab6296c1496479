"""Three real Elasticsearch nodes on the loopback, for the proof that one of them may die; and one node that asks who you are.

Both show what docs/operations.md tells a city to write into `elasticsearch.yml`.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from search.engines import server
from search.engines.server import Server, ServerProblem

HEAP = "512m"
PATIENCE = 240
ROUNDS = 10_000
ROLE = {
    "gongbei": {
        "cluster": ["monitor"],
        "indices": [
            {
                "names": ["gongbei-*"],
                "privileges": ["read", "write", "create_index", "manage", "maintenance", "monitor"],
            }
        ],
    }
}
"""The least that the site needs: its own indices, and a look at the health of the cluster."""


@dataclass(slots=True)
class Cluster:
    """Nodes that know each other; any one may be killed and started again."""

    home: Path
    place: Path
    ports: list[int]
    transports: list[int]
    nodes: list[Server] = field(default_factory=list)

    @property
    def urls(self) -> str:
        return ",".join(f"http://127.0.0.1:{port}" for port in self.ports)

    def begin(self, number: int) -> Server:
        seeds = json.dumps([f"127.0.0.1:{port}" for port in self.transports])
        own = {
            "node.name": f"n{number}",
            "transport.port": self.transports[number],
            "discovery.seed_hosts": seeds,
            "cluster.initial_master_nodes": json.dumps([f"n{one}" for one in range(len(self.ports))]),
            "cluster.fault_detection.leader_check.interval": "500ms",
            "cluster.fault_detection.leader_check.timeout": "2s",
            "cluster.fault_detection.follower_check.interval": "500ms",
            "cluster.fault_detection.follower_check.timeout": "2s",
            "xpack.security.enabled": "false",
        }
        return server.start(self.home, self.place / f"n{number}", self.ports[number], HEAP, own, wait=False)

    def kill(self, number: int) -> None:
        """kill -9 of the node."""
        self.nodes[number].kill()

    def revive(self, number: int) -> None:
        self.nodes[number] = self.begin(number)

    def wait(self, nodes: int, status: str = "green", seconds: float = PATIENCE) -> None:
        """Until so many nodes are together and every copy of every shard is where it should be.

        Raises:
            ServerProblem: they did not come together in time.
        """
        asked = f"/_cluster/health?wait_for_nodes={nodes}&wait_for_status={status}&timeout=2s"
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for port in self.ports:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}{asked}", timeout=5) as answer:
                        if not json.load(answer)["timed_out"]:
                            return
                except OSError:
                    time.sleep(0.2)
        raise ServerProblem(f"{nodes} nodes did not become {status} within {seconds:.0f} s; logs are in {self.place}")


@contextmanager
def running(cache: Path, nodes: int = 3) -> Iterator[Cluster]:
    """A green cluster with nothing in it, for the length of a block."""
    home = server.fetch(cache)
    with tempfile.TemporaryDirectory(prefix="gongbei-cluster-") as scratch:
        Path(scratch).chmod(0o755)
        ports = [server.free_port() for _ in range(2 * nodes)]
        cluster = Cluster(home, Path(scratch), ports[:nodes], ports[nodes:])
        try:
            cluster.nodes = [cluster.begin(number) for number in range(nodes)]
            cluster.wait(nodes)
            yield cluster
        finally:
            for node in cluster.nodes:
                node.kill()


@dataclass(frozen=True, slots=True)
class Guarded:
    """A node behind TLS. `url` carries the name and password of the site's own user."""

    url: str
    ca: Path


@contextmanager
def guarded(cache: Path, password: str) -> Iterator[Guarded]:
    """One node with TLS and a user of the file realm who may do nothing but what the site does."""
    home = server.fetch(cache)
    with tempfile.TemporaryDirectory(prefix="gongbei-guarded-") as scratch:
        place = Path(scratch) / "node"
        Path(scratch).chmod(0o755)
        certificate = _certificate(place / "config")
        (place / "config" / "roles.yml").write_text(json.dumps(ROLE))
        (place / "config" / "users").write_text(f"gongbei:{hashed(password)}\n")
        (place / "config" / "users_roles").write_text("gongbei:gongbei\n")
        own: Mapping[str, object] = {
            "discovery.type": "single-node",
            "xpack.security.enabled": "true",
            "xpack.security.http.ssl.enabled": "true",
            "xpack.security.http.ssl.key": "node.key",
            "xpack.security.http.ssl.certificate": "node.crt",
            "xpack.security.authc.realms.file.file1.order": 0,
        }
        port = server.free_port()
        node = server.start(home, place, port, own=own, wait=False)
        try:
            yield Guarded(f"https://gongbei:{password}@127.0.0.1:{port}", certificate)
        finally:
            node.kill()


def _certificate(folder: Path) -> Path:
    """A key and a certificate for the loopback, signed by itself."""
    folder.mkdir(parents=True)
    openssl = shutil.which("openssl")
    if openssl is None:
        raise ServerProblem("openssl is missing: apt install openssl")
    asked = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=gongbei -addext subjectAltName=IP:127.0.0.1"
    command = [openssl, *asked.split(), "-keyout", str(folder / "node.key"), "-out", str(folder / "node.crt")]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "node.crt"


def hashed(password: str) -> str:
    """A password as the file realm keeps it: {PBKDF2}rounds$salt$hash."""
    salt = os.urandom(32)
    found = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS, 32)
    return f"{{PBKDF2}}{ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(found).decode()}"
