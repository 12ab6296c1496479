"""A backup is whole or refused, and what comes back is what was there."""

import gzip
import json
import zipfile
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.utils import timezone

from groups.models import Person
from library.resources import services
from library.resources.models import Kind, Resource, Version
from media.models import Blob
from media.services import store_bytes
from search import worker
from tests.factories import shelf
from tests.factories.shelf import PDF, Shelf
from tests.factories.town import Town
from website.backup import archive, rows
from website.backup.archive import BackupProblem
from website.backup.restoring import restore
from website.backup.taking import keys_of, take


@pytest.fixture(autouse=True)
def own_storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path / "var")
    storages["default"].save("images/banner.txt", ContentFile(b"a banner"))


@pytest.fixture
def world(town: Town) -> Shelf:
    """A published design, and a published sheet with a file and no text of its own."""
    found = shelf.build(town)
    found.published(found.draft())
    file = store_bytes(content=PDF, name="任务单.pdf", by=town.person("teacher"))
    found.published(found.draft(kind=Kind.MATERIAL, title="=一份素材", files=((file, "main"),)))
    return found


def everything() -> dict[str, str]:
    return {rows.name_of(table): rows.hash_of_rows(rows.lines(table)).value for table in rows.tables()}


def uploaded() -> dict[str, bytes]:
    """The bytes that a row names; tests before may have left others."""
    return {key: storages["uploads"].open(key).read() for key in Blob.objects.values_list("path", flat=True)}


def lose_everything() -> None:
    rows.empty(rows.tables())
    for name in ("uploads", "default"):
        for key in list(_keys(name)):
            storages[name].delete(key)


def _keys(name: str) -> list[str]:
    return list(keys_of(storages[name]))


def test_everything_lost_comes_back_row_by_row_and_byte_by_byte(world: Shelf, tmp_path: Path) -> None:
    before, files = everything(), uploaded()
    backup = take(tmp_path / "backups", timezone.now())
    lose_everything()

    restore(backup)

    assert everything() == before
    assert uploaded() == files
    assert storages["default"].open("images/banner.txt").read() == b"a banner"
    assert Resource.objects.get(title="梯形的面积").published_version is not None


def test_a_row_made_after_a_restore_gets_a_number_of_its_own(world: Shelf, tmp_path: Path) -> None:
    backup = take(tmp_path / "backups", timezone.now())
    lose_everything()
    restore(backup)

    drafted = services.create(
        kind=Kind.LESSON_DESIGN,
        owner=Person.objects.get(pk=world.town.person("teacher").pk),
        school=world.town.member,
        draft=services.Draft(title="新的一份", document=shelf.whole_design()),
        at=timezone.now(),
    )

    assert Resource.objects.filter(pk=drafted.pk).count() == 1


def test_verify_says_what_differs_from_the_backup(world: Shelf, tmp_path: Path) -> None:
    backup = take(tmp_path / "backups", timezone.now())
    out = StringIO()
    call_command("verify", str(backup), stdout=out)
    assert "网站和备份完全相同" in out.getvalue()

    Version.objects.filter(title="梯形的面积").update(reason="改过")
    storages["default"].delete("images/banner.txt")

    out = StringIO()
    with pytest.raises(CommandError, match="2 处不同"):
        call_command("verify", str(backup), stdout=out)
    assert "library.version" in out.getvalue()
    assert "images/banner.txt" in out.getvalue()


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "part", ["rows/library.version.jsonl.gz", "files.jsonl.gz", "manifest.json", "bytes", "absent"]
)
def test_a_damaged_backup_is_refused_before_anything_is_touched(world: Shelf, tmp_path: Path, part: str) -> None:
    backup = take(tmp_path / "backups", timezone.now())
    sha256 = next(archive.stored_files(backup)).sha256
    if part == "absent":
        archive.bytes_path(backup, sha256).unlink()
    else:
        _flip(archive.bytes_path(backup, sha256) if part == "bytes" else backup / part)
    before = everything()

    with pytest.raises(BackupProblem, match="已损坏"):
        restore(backup, replace=True)

    assert everything() == before


def test_a_site_that_holds_something_is_not_replaced_unasked(world: Shelf, tmp_path: Path) -> None:
    backup = take(tmp_path / "backups", timezone.now())

    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", str(backup), stdout=StringIO())


def test_a_running_site_is_not_restored_into(world: Shelf, tmp_path: Path) -> None:
    backup = take(tmp_path / "backups", timezone.now())
    before = everything()

    with worker.lock(tmp_path / "var" / worker.LOCK), pytest.raises(BackupProblem, match="还在运行"):
        restore(backup, replace=True)

    assert everything() == before


def test_a_backup_of_another_program_is_refused(world: Shelf, tmp_path: Path) -> None:
    backup = take(tmp_path / "backups", timezone.now())
    manifest = archive.load(backup)
    manifest.migrations.append("library.9999_from_the_future")
    archive.save(backup, manifest)

    with pytest.raises(BackupProblem, match=r"library\.9999_from_the_future"):
        restore(backup, replace=True)


def test_a_backup_with_a_lost_file_is_not_written(world: Shelf, tmp_path: Path) -> None:
    key = Blob.objects.values_list("path", flat=True)[0]
    storages["uploads"].delete(key)

    with pytest.raises(BackupProblem, match=key):
        take(tmp_path / "backups", timezone.now())

    assert [path.name for path in (tmp_path / "backups").iterdir()] == ["files"]


def test_the_next_backup_copies_no_file_again(world: Shelf, tmp_path: Path) -> None:
    first = take(tmp_path / "backups", timezone.now())
    path = archive.bytes_path(first, next(archive.stored_files(first)).sha256)
    seen = path.stat().st_mtime_ns

    second = take(tmp_path / "backups", timezone.now() + timedelta(seconds=1))

    assert archive.load(second).files == archive.load(first).files
    assert path.stat().st_mtime_ns == seen


def test_a_backup_is_read_by_whoever_took_it_alone(world: Shelf, tmp_path: Path) -> None:
    """It holds phone numbers, digests of passwords and every private file."""
    backup = take(tmp_path / "backups", timezone.now())
    folders = [backup, *(backup.parent / "files").iterdir()]
    assert {oct(folder.stat().st_mode & 0o777) for folder in folders} == {"0o700"}


def test_the_moments_of_a_row_keep_their_microseconds(world: Shelf) -> None:
    line = next(iter(rows.lines(Version)))
    cut = Version.objects.order_by("pk")[0].cut_at

    assert cut.isoformat() in json.loads(line)


def test_rows_lie_there_as_text(world: Shelf, tmp_path: Path) -> None:
    backup = take(tmp_path / "backups", timezone.now())

    with gzip.open(archive.rows_path(backup, "library.resource"), "rt", encoding="utf-8") as source:
        assert "梯形的面积" in source.read()


def test_a_school_takes_home_what_it_contributed(world: Shelf, tmp_path: Path) -> None:
    world.draft(title="别人看不到的草稿")
    out = tmp_path / "东湖.zip"

    call_command("school_export", world.town.member.name, str(out), stdout=StringIO())

    with zipfile.ZipFile(out) as found:
        names = found.namelist()
        told = {name: found.read(name) for name in names}
    design = next(
        name for name in names if "教学设计_梯形的面积_" in name and name.endswith(".html") and "第1版" in name
    )
    assert "看图说说学过的图形" in told[design].decode()
    assert any(name.endswith("任务单.pdf") and told[name] == PDF for name in names)
    assert "别人看不到的草稿" not in "".join(content.decode("utf-8", "ignore") for content in told.values())
    assert "梯形的面积" in told["目录.html"].decode()
    assert "'=一份素材" in told["目录.csv"].decode("utf-8-sig")
    assert world.town.person("teacher").name in told["署名.csv"].decode("utf-8-sig")
    assert json.loads(told["学校.json"])["name"] == world.town.member.name


def test_a_school_that_is_not_there_is_answered_with_names_like_it(world: Shelf, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=world.town.member.name):
        call_command("school_export", world.town.member.name[:2], str(tmp_path / "x.zip"))

    assert list(tmp_path.glob("x.zip*")) == []
