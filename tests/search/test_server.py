"""The Elasticsearch of development and tests: checked, started without rights, ended with its parent."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from search.engines import server


def archive(folder: Path) -> Path:
    path = folder / f"elasticsearch-{server.VERSION}.zip"
    with zipfile.ZipFile(path, "w") as opened:
        script = zipfile.ZipInfo(f"elasticsearch-{server.VERSION}/bin/elasticsearch")
        script.external_attr = 0o100755 << 16
        opened.writestr(script, "#!/bin/sh\n")
        opened.writestr(f"elasticsearch-{server.VERSION}/config/log4j2.properties", "status=error\n")
    return path


def maven(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """A Maven that does what `body` says; `$into` is where the file is wanted."""
    script = folder / "bin" / "mvn"
    script.parent.mkdir()
    script.write_text(
        '#!/bin/sh\nfor word; do case "$word" in -DoutputDirectory=*) into=${word#*=};; esac; done\n' + body
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")


def test_a_fetched_server_is_checked_unpacked_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = archive(tmp_path)
    monkeypatch.setattr(server, "SHA512", hashlib.sha512(source.read_bytes()).hexdigest())
    maven(tmp_path, monkeypatch, f'cp {source} "$into"\necho once >> {tmp_path}/calls\n')
    home = server.fetch(tmp_path / "cache")
    assert (home / "bin" / "elasticsearch").stat().st_mode & 0o111
    assert not (home / "config" / "log4j2.properties").stat().st_mode & 0o111
    assert server.fetch(tmp_path / "cache") == home
    assert (tmp_path / "calls").read_text() == "once\n"


def test_a_server_with_another_checksum_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven(tmp_path, monkeypatch, f'cp {archive(tmp_path)} "$into"\n')
    with pytest.raises(server.ServerProblem, match="checksum"):
        server.fetch(tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["fetch.lock"]


def test_a_failed_download_says_what_maven_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven(tmp_path, monkeypatch, "echo unreachable repository\nexit 1\n")
    with pytest.raises(server.ServerProblem, match="unreachable repository"):
        server.fetch(tmp_path / "cache")


def test_without_maven_the_next_step_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(server.ServerProblem, match="apt install maven"):
        server.fetch(tmp_path / "cache")


def test_a_place_that_nobody_can_walk_to_is_exchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(server.os, "geteuid", lambda: 0)
    assert str(server.reachable_place(closed / "node")).startswith("/var/lib/gongbei/")
    monkeypatch.setattr(server.os, "geteuid", lambda: 1000)
    assert server.reachable_place(closed / "node") == closed / "node"


@pytest.mark.elasticsearch
def test_the_server_of_the_tests_has_no_rights_of_root(elasticsearch_url: str) -> None:
    port = elasticsearch_url.rpartition(":")[2]
    mine = [path for path in Path("/proc").glob("[0-9]*") if _command(path).find(b"org.elasticsearch.server") >= 0]
    owners = {path.stat().st_uid for path in mine if _listens(path, int(port))}
    assert 0 not in owners


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def _listens(process: Path, port: int) -> bool:
    try:
        return f"{port:04X}" in (process / "net" / "tcp").read_text()
    except OSError:
        return False
