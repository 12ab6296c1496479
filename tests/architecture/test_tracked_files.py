"""What must never be committed: a registry's host, a machine's own path, unfinished work."""

import re

import pytest

from tests.architecture.source import ROOT, is_binary, text_of, tracked

REGISTRIES = re.compile(
    "https?://[^ ]*(?:"
    + "|".join(("pypi", "pythonhosted", "npmjs", "registry", "repo1?\\.maven", "deb\\.debian"))
    + ")"
)
MACHINE = re.compile("(?<![\\w.])/(?:work|farm|root|home/[a-z]+)/")
UNFINISHED = re.compile(r"\b(?:TO" "DO|FIX" "ME|X" r"XX)\b")
MADE_BY_TOOLS = ("ui/static/", "ui/package-lock.json")


@pytest.mark.parametrize(
    ("what", "pattern"),
    [("a registry's host", REGISTRIES), ("a path of one machine", MACHINE), ("unfinished work", UNFINISHED)],
)
def test_no_file_holds(what: str, pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked()
        if not path.relative_to(ROOT).as_posix().startswith(MADE_BY_TOOLS) and not is_binary(path)
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    ]

    assert found == [], what
