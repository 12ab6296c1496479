"""A real Elasticsearch for development and tests: fetched once through Maven, checked, started on the loopback.

The server refuses to run as root; as root it is started as `nobody`, with configuration, data and logs of its own. What
it needs on the machine is Java 17 and, for the first fetch, Maven.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

VERSION = "8.19.3"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
SHA512 = (
    "fdff76ed667a361d2326088e345eff58344499e06bf636e42b6d8e89fbc18d8a"
    "aa94dd90ca500933f969c4cf92b9ad20391c0e5bf1fa119a7a3ae3adb49d6d4a"
)
HEAP = "256m"
PATIENCE = 120
UNPRIVILEGED = "nobody"
PID_FILE = "server.pid"
ALONE: Mapping[str, object] = {"discovery.type": "single-node", "xpack.security.enabled": "false"}


class ServerProblem(RuntimeError):
    """The server cannot be had; the message says what is missing and the next step."""


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """kill -9: nothing is closed, nothing is said."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def default_cache() -> Path:
    """Where the server is kept between runs; as root in a place that the unprivileged user can read."""
    return Path("/var/cache/gongbei") if os.geteuid() == 0 else Path.home() / ".cache" / "gongbei"


def fetch(cache: Path) -> Path:
    """The unpacked server, fetched if it is not there.

    Raises:
        ServerProblem: Maven is missing, the download fails, or its checksum is not the pinned one.
    """
    home = cache / f"elasticsearch-{VERSION}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "fetch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            with tempfile.TemporaryDirectory(dir=cache) as scratch:
                archive = _download(Path(scratch))
                _unpack(archive, Path(scratch))
                (Path(scratch) / home.name).rename(home)
    return home


def _download(into: Path) -> Path:
    maven = shutil.which("mvn")
    if maven is None:
        raise ServerProblem("Maven is missing: apt install maven, or put an unpacked server into the cache directory")
    command = [maven, "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={into}"]
    done = subprocess.run(command, cwd=into, capture_output=True, text=True, check=False)
    archive = into / f"elasticsearch-{VERSION}.zip"
    if done.returncode or not archive.exists():
        raise ServerProblem(f"Maven could not fetch the server: {(done.stdout + done.stderr).strip()[-800:]}")
    with archive.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha512").hexdigest()
    if found != SHA512:
        raise ServerProblem(f"checksum of {archive.name} is {found[:16]}…, expected {SHA512[:16]}…: do not use it")
    return archive


def _unpack(archive: Path, into: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            path = Path(opened.extract(member, into))
            mode = member.external_attr >> 16
            path.chmod(0o755 if path.is_dir() or mode & 0o111 else 0o644)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(
    home: Path,
    place: Path,
    port: int = 0,
    heap: str = HEAP,
    own: Mapping[str, object] = ALONE,
    wait: bool = True,
) -> Server:
    """Start a node that keeps everything in `place`, and wait until it answers.

    Args:
        own: what this node's elasticsearch.yml says beside addresses and directories.
        wait: False for a node that needs others before it can answer.

    Raises:
        ServerProblem: Java is missing, or the node does not come up; the end of its log is in the message.
    """
    port = port or free_port()
    _end_stale(place)
    _lay_out(home, place, port, heap, own)
    log = place / "logs" / "console.log"
    with log.open("wb") as console:
        process = subprocess.Popen(
            _command(home, place),
            env=_environment(place),
            cwd=place,
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        if wait:
            _wait(server, log)
    except BaseException:
        server.stop()
        raise
    return server


@contextmanager
def running(cache: Path) -> Iterator[Server]:
    """A server with nothing in it, for the length of a block."""
    home = fetch(cache)
    with tempfile.TemporaryDirectory(prefix="gongbei-elasticsearch-") as scratch:
        Path(scratch).chmod(0o755)
        server = start(home, Path(scratch) / "node")
        try:
            yield server
        finally:
            server.stop()


def reachable_place(wanted: Path) -> Path:
    """`wanted`, or as root a place under /var/lib when `nobody` cannot walk to it."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in wanted.parents if parent.exists()):
        return wanted
    return Path("/var/lib/gongbei") / hashlib.sha256(str(wanted).encode()).hexdigest()[:12]


def _lay_out(home: Path, place: Path, port: int, heap: str, own: Mapping[str, object]) -> None:
    for name in ("config", "data", "logs", "tmp"):
        (place / name).mkdir(parents=True, exist_ok=True)
    config = {
        "cluster.name": "gongbei",
        "http.host": "127.0.0.1",
        "http.port": port,
        "transport.host": "127.0.0.1",
        "transport.port": free_port(),
        "path.data": place / "data",
        "path.logs": place / "logs",
        "action.auto_create_index": "false",
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        **own,
    }
    (place / "config" / "elasticsearch.yml").write_text("".join(f"{key}: {value}\n" for key, value in config.items()))
    options = (f"-Xms{heap}", f"-Xmx{heap}", "-XX:+UseSerialGC", f"-Djava.io.tmpdir={place / 'tmp'}")
    (place / "config" / "jvm.options").write_text("\n".join(options) + "\n")
    shutil.copy(home / "config" / "log4j2.properties", place / "config" / "log4j2.properties")
    if os.geteuid() == 0:
        owner = pwd.getpwnam(UNPRIVILEGED)
        for path in [place, *place.rglob("*")]:
            os.chown(path, owner.pw_uid, owner.pw_gid)


def _command(home: Path, place: Path) -> list[str]:
    """The server, told to end with us; as root it gives up its rights first."""
    privileges = ["setpriv", "--pdeathsig", "TERM"]
    if os.geteuid() == 0:
        owner = pwd.getpwnam(UNPRIVILEGED)
        privileges += [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    return [*privileges, str(home / "bin" / "elasticsearch"), "-p", str(place / PID_FILE)]


def _end_stale(place: Path) -> None:
    """A server of this place that outlived a killed parent still holds the data: end it."""
    try:
        pid = int((place / PID_FILE).read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return
    if str(place / "config").encode() not in command:
        return
    os.kill(pid, signal.SIGKILL)
    while Path(f"/proc/{pid}/exe").is_symlink() and Path(f"/proc/{pid}/cmdline").read_bytes():
        time.sleep(0.05)


def _environment(place: Path) -> dict[str, str]:
    java = shutil.which("java")
    if java is None:
        raise ServerProblem("Java is missing: apt install openjdk-17-jre-headless")
    return {
        "PATH": os.defpath,
        "HOME": str(place),
        "ES_JAVA_HOME": str(Path(java).resolve().parent.parent),
        "ES_PATH_CONF": str(place / "config"),
        "ES_TMPDIR": str(place / "tmp"),
    }


def _wait(server: Server, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{server.url}/_cluster/health?wait_for_status=yellow&timeout=1s", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    raise ServerProblem(f"the server did not come up: {log.read_text(errors='replace')[-1500:]}")
