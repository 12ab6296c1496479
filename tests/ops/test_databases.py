"""The throw-away PostgreSQL answers, and leaves nothing behind."""

import os
import subprocess
from pathlib import Path

import pytest

from ops import databases


def test_a_server_answers_while_it_is_wanted_and_is_gone_afterwards() -> None:
    try:
        with databases.postgres() as url:
            home = Path(url.split("host=")[1])
            asked = subprocess.run(
                ["psql", "-h", str(home), "-U", "postgres", "-tAc", "SHOW fsync", databases.TEMPLATE],
                capture_output=True,
                text=True,
                check=True,
            )
    except databases.NoPostgres as problem:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(problem))

    assert asked.stdout.strip() == "off"
    assert not home.exists()


def test_an_unknown_database_is_refused_with_the_choices(capsys: pytest.CaptureFixture[str]) -> None:
    assert databases.main(["mysql", "--", "true"]) == 2
    assert "sqlite or postgres" in capsys.readouterr().err


def test_the_exit_code_is_the_commands_own() -> None:
    assert databases.main(["sqlite", "--", "sh", "-c", "exit 7"]) == 7
