"""The shared corpora: hostile files meet their expected outcome, and no file in the wild breaks the inspection."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from groups.models import Person
from media.models import File
from media.safety import UnsafeFile, inspect
from media.safety.pdf import is_active
from media.services import store_upload
from media.storage import local_copy

DATA = Path(settings.REFERENCE_DATA)
HOSTILE = DATA / "files_hostile"
EXPECTED = (
    [json.loads(line) for line in (HOSTILE / "expected.jsonl").read_text().splitlines() if line]
    if HOSTILE.exists()
    else []
)
needs_data = pytest.mark.skipif(not EXPECTED, reason="REFERENCE_DATA has no files_hostile")


@needs_data
@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row["file"][:30].encode("ascii", "replace").decode())
def test_a_hostile_file_meets_its_expected_outcome(row: dict[str, object], teacher: Person) -> None:
    name, checks = str(row["file"]), [str(check) for check in row["checks"]]  # type: ignore[attr-defined]
    with zipfile.ZipFile(HOSTILE / "crafted.zip") as corpus:
        content = corpus.read(name)
    outcome = outcome_of(name, content, teacher)

    if isinstance(outcome, File):
        assert row["expect"] != "refuse"
        check_served(outcome, checks)
        return
    assert "must_accept" not in checks
    assert "没有收下" in outcome
    assert "\u202e" not in outcome
    assert not File.objects.exists()


def outcome_of(name: str, content: bytes, teacher: Person) -> File | str:
    try:
        return store_upload(uploaded=SimpleUploadedFile("upload", content), name=name, by=teacher)
    except UnsafeFile as refused:
        return refused.sentence


def check_served(file: File, checks: list[str]) -> None:
    with local_copy(file.blob.path) as path:
        served = path.read_bytes()
        if file.family == File.Family.PDF:
            assert not is_active(path)
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                served += b"".join(archive.read(entry) for entry in archive.infolist())
    for check in checks:
        what, _, value = check.partition(":")
        if what == "served_without":
            assert value.encode() not in served
        if what == "text_contains":
            assert value.encode() in served
        if what == "name_roundtrip":
            assert file.name == value


def corpora() -> Iterator[Path]:
    for folder in ("files_media", "files_office", "interop_scorm", "lesson_plans_docx"):
        yield from sorted((DATA / folder).glob("*.zip"))


@pytest.mark.parametrize(
    "corpus",
    list(corpora()) or [pytest.param(None, marks=pytest.mark.skip(reason="REFERENCE_DATA is absent"))],
    ids=str,
)
def test_no_file_in_the_wild_breaks_the_inspection(corpus: Path, tmp_path: Path) -> None:
    looked_at = 0
    with zipfile.ZipFile(corpus) as archive:
        for entry in archive.infolist():
            if entry.is_dir() or entry.file_size > 20_000_000:
                continue
            path = tmp_path / str(looked_at)
            path.write_bytes(archive.read(entry))
            looked_at += 1
            assert said_of(path, entry.filename)
    assert looked_at


def said_of(path: Path, name: str) -> str:
    try:
        return inspect(path, name).name
    except UnsafeFile as refused:
        return refused.sentence
