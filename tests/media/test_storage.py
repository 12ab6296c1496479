"""Bytes lie once, whole or not at all, and what nothing refers to can be swept away."""

import hashlib
import os
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from groups.models import Person
from media import storage, upkeep
from media.models import Blob, File
from media.safety import UnsafeFile
from media.services import attach_twin, store_bytes
from media.upkeep import sweep
from tests.media.conftest import docx, pdf, picture

Upload = Callable[..., File]
TEXT = "秋天的雨".encode()


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_bytes_lie_under_their_hash(upload: Upload, uploads_folder: Path) -> None:
    file = upload("说明.txt", TEXT)

    sha256 = hashlib.sha256(TEXT).hexdigest()
    assert file.blob.sha256 == sha256
    assert (uploads_folder / sha256[:2] / sha256[2:4] / sha256).read_bytes() == TEXT
    assert (file.blob.size, file.family, file.content_type) == (len(TEXT), "other", "text/plain; charset=utf-8")


def test_identical_bytes_are_kept_once_under_two_names(upload: Upload, uploads_folder: Path) -> None:
    first, second = upload("甲.txt", TEXT), upload("乙.txt", TEXT)

    assert first.pk != second.pk
    assert first.blob == second.blob
    assert len(stored(uploads_folder)) == 1


def test_a_refused_file_leaves_nothing(upload: Upload, uploads_folder: Path) -> None:
    with pytest.raises(UnsafeFile):
        upload("照片.jpg", b"<script>alert(1)</script>")

    assert not Blob.objects.exists()
    assert not stored(uploads_folder)


def test_a_write_that_breaks_off_leaves_no_half_file(
    uploads_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    source.write_bytes(TEXT)

    def broken(descriptor: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="no space"):
        storage.place("ab/cd/abcd", source)

    assert not stored(uploads_folder)


def test_bytes_that_were_lost_come_back_with_the_next_upload_of_them(upload: Upload, uploads_folder: Path) -> None:
    file = upload("甲.txt", TEXT)
    os.unlink(uploads_folder / file.blob.path)

    upload("乙.txt", TEXT)

    assert (uploads_folder / file.blob.path).read_bytes() == TEXT


def test_a_half_file_under_a_key_that_no_row_names_is_overwritten(upload: Upload, uploads_folder: Path) -> None:
    path = uploads_folder / storage.key_of(hashlib.sha256(TEXT).hexdigest())
    path.parent.mkdir(parents=True)
    path.write_bytes(TEXT[:5])

    upload("甲.txt", TEXT)

    assert path.read_bytes() == TEXT


def test_many_writers_of_the_same_bytes_leave_one_whole_file(uploads_folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(700_000))
    writers = [Thread(target=storage.place, args=("ab/cd/abcd", source)) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [path.name for path in stored(uploads_folder)] == ["abcd"]
    assert (uploads_folder / "ab/cd/abcd").read_bytes() == source.read_bytes()


def test_an_upload_that_loses_the_race_for_the_row_uses_the_winners(
    teacher: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    source.write_bytes(TEXT)
    sha256 = hashlib.sha256(TEXT).hexdigest()
    place = storage.place

    def place_and_lose(key: str, path: Path) -> None:
        place(key, path)
        Blob.objects.create(sha256=sha256, size=len(TEXT), path=key)

    monkeypatch.setattr(storage, "place", place_and_lose)
    with transaction.atomic():
        blob = storage.keep(source)

    assert blob.sha256 == sha256
    assert Blob.objects.count() == 1


def test_an_object_store_is_written_through_djangos_own_interface(
    settings: Settings, teacher: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "uploads": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    assert isinstance(storage.uploads(), InMemoryStorage)

    first = store_bytes(content=TEXT, name="甲.txt", by=teacher)
    key = first.blob.path
    storage.uploads().delete(key)
    storage.uploads().save(key, ContentFile(TEXT[:3]))
    Blob.objects.all().update(path=key)
    File.objects.all().delete()
    Blob.objects.all().delete()
    store_bytes(content=TEXT, name="乙.txt", by=teacher)

    with storage.uploads().open(key) as source:
        assert source.read() == TEXT
    with storage.local_copy(key) as path:
        assert path.read_bytes() == TEXT


def test_facts_are_read_from_the_content(upload: Upload) -> None:
    image, document = upload("板书.png", picture(640, 480)), upload("任务单.pdf", pdf(3))

    assert (image.width, image.height, image.pages) == (640, 480, None)
    assert (document.pages, document.family) == (3, "pdf")


def test_a_pdf_stands_for_an_office_file(upload: Upload, teacher: Person) -> None:
    original = upload("教案.docx", docx())

    twin = store_bytes(content=pdf(2), name="教案.pdf", by=teacher, twin_of=original)

    original.refresh_from_db()
    assert original.pdf_twin == twin
    assert len(original.page_urls) == 2
    assert original.thumbnail_url == f"/f/{twin.uid}/thumb.webp"


def test_only_a_pdf_can_stand_for_a_file(upload: Upload, teacher: Person) -> None:
    original = upload("教案.docx", docx())

    with pytest.raises(UnsafeFile, match="不能作"):
        store_bytes(content=picture(), name="图.png", by=teacher, twin_of=original)
    with pytest.raises(UnsafeFile, match="不能作"):
        attach_twin(file=upload("一.pdf", pdf(1)), pdf_file=upload("二.pdf", pdf(2)))

    assert File.objects.filter(name="图.png").count() == 0


def verify() -> str:
    out = StringIO()
    call_command("files_verify", stdout=out)
    return out.getvalue().strip()


def test_verification_finds_what_is_missing_and_what_is_damaged(upload: Upload, uploads_folder: Path) -> None:
    whole, lost, bad = upload("甲.txt", b"one"), upload("乙.txt", b"two"), upload("丙.txt", b"three")
    assert verify() == "faults: 0 of 3"
    os.unlink(uploads_folder / lost.blob.path)
    (uploads_folder / bad.blob.path).write_bytes(b"thr3e")
    out = StringIO()

    with pytest.raises(CommandError, match="faults: 2 of 3"):
        call_command("files_verify", stdout=out)

    assert f"{lost.blob.sha256} 不见了（乙.txt）" in out.getvalue()
    assert f"{bad.blob.sha256} 内容坏了（丙.txt）" in out.getvalue()
    assert whole.blob.sha256 not in out.getvalue()


def made_old(*files: File) -> None:
    long_ago = timezone.now() - timedelta(days=40)
    File.objects.filter(pk__in=[file.pk for file in files]).update(uploaded_at=long_ago)
    Blob.objects.filter(files__in=files).update(created_at=long_ago)


def test_a_sweep_takes_old_orphans_and_leaves_the_rest(upload: Upload, uploads_folder: Path) -> None:
    old, new = upload("旧.txt", b"old"), upload("新.txt", b"new")
    twin, shared_old, shared_new = upload("旧.pdf", pdf()), upload("同.txt", b"same"), upload("同二.txt", b"same")
    document = upload("旧.docx", docx())
    attach_twin(file=document, pdf_file=twin)
    made_old(old, twin, shared_old, document)
    before = timezone.now() - timedelta(days=30)

    counted = sweep(before=before, dry_run=True)
    assert File.objects.count() == 6
    swept = sweep(before=before)

    assert (counted.files, swept.files) == (3, 4)
    assert set(File.objects.all()) == {new, shared_new}
    assert {path.name for path in stored(uploads_folder)} == {new.blob.sha256, shared_new.blob.sha256}
    assert verify() == "faults: 0 of 2"


def test_a_sweep_takes_the_leavings_of_a_crash_once_they_are_old(upload: Upload, uploads_folder: Path) -> None:
    kept = upload("新.txt", b"new")
    half = uploads_folder / "ab/cd/abcd.1234.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"ha")
    before = timezone.now() - timedelta(days=1)

    assert sweep(before=before).keys == 0
    long_ago = (timezone.now() - timedelta(days=40)).timestamp()
    os.utime(half, (long_ago, long_ago))
    os.utime(uploads_folder / kept.blob.path, (long_ago, long_ago))

    assert sweep(before=before).keys == 1
    assert [path.name for path in stored(uploads_folder)] == [kept.blob.sha256]


def test_the_command_says_what_it_would_take(upload: Upload) -> None:
    made_old(upload("旧.txt", b"old"))
    out = StringIO()

    call_command("files_sweep", "--dry-run", stdout=out)

    assert out.getvalue().strip() == "将清理：1 个文件，1 份内容（3 字节），0 份残留"
    assert File.objects.count() == 1


def test_a_sweep_leaves_the_twin_of_a_file_that_stays(upload: Upload) -> None:
    document, twin = upload("新.docx", docx()), upload("旧.pdf", pdf())
    attach_twin(file=document, pdf_file=twin)
    made_old(twin)

    assert sweep(before=timezone.now() - timedelta(days=30)).files == 0
    assert File.objects.filter(pk=twin.pk).exists()


def test_bytes_that_found_a_file_again_before_their_turn_stay(upload: Upload, uploads_folder: Path) -> None:
    file = upload("甲.txt", TEXT)

    assert upkeep._take(file.blob) is False
    assert (uploads_folder / file.blob.path).exists()
