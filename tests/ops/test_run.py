"""`make run` says in a sentence why it cannot start, and does its preparations once."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config import environment
from ops import prepare
from ops.run import CannotStart, take_lease, wait_for_port
from tests.architecture.source import ROOT


def start(var_dir: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "ops.run"],
        cwd=ROOT,
        env=os.environ | {"VAR_DIR": str(var_dir)} | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_second_start_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    with take_lease(tmp_path):
        second = start(tmp_path)

    assert second.returncode == 1
    assert str(os.getpid()) in second.stderr
    assert "VAR_DIR=" in second.stderr


def test_the_lease_ends_with_its_holder(tmp_path: Path) -> None:
    take_lease(tmp_path).close()

    take_lease(tmp_path).close()


def test_a_port_in_use_is_named_with_the_next_step() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CannotStart, match=re.escape(f"PORT={port + 1}")):
            wait_for_port(port, seconds=0)


def test_an_unknown_engine_is_named_with_the_choices(tmp_path: Path) -> None:
    refused = start(tmp_path, ENGINE="solr")

    assert refused.returncode == 1
    assert "tantivy, elasticsearch" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_secret_is_written_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    first = prepare.secret_key(tmp_path)

    assert prepare.secret_key(tmp_path) == first
    assert len(first) >= 50
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


def test_a_failed_step_names_its_command_and_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = environment.read({"VAR_DIR": str(tmp_path)})
    monkeypatch.setattr(prepare, "STEPS", (("教材目录", ("no_such_command",)),))

    with pytest.raises(prepare.PreparationFailed, match="no_such_command"):
        prepare.prepare(site, os.environ)

    assert not (tmp_path / "prepared").exists()


def test_another_database_is_prepared_anew() -> None:
    assert prepare.fingerprint("sqlite:////a") != prepare.fingerprint("sqlite:////b")
