"""People, an empty private storage for each test, and small real files made on the spot."""

import io
import wave
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from groups.access import Action, Verdict
from groups.models import Person
from groups.viewer import Viewer
from media import containers
from media.models import File
from media.services import store_upload

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


@pytest.fixture(autouse=True)
def uploads_folder(tmp_path: Path, settings: Settings) -> Path:
    folder = tmp_path / "uploads"
    backend = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(folder), "base_url": None},
    }
    settings.STORAGES = {**settings.STORAGES, "uploads": backend}
    return folder


@pytest.fixture
def teacher(db: None) -> Person:
    return Person.objects.create_user("林晓")


@pytest.fixture
def colleague(db: None) -> Person:
    return Person.objects.create_user("陈静")


@pytest.fixture
def teachers_client(teacher: Person) -> Client:
    return signed_in(teacher)


@pytest.fixture
def answers() -> Iterator[dict[tuple[str, str], bool]]:
    """A container that is asked for every file: (file uid, action) → allowed; what is not listed it does not contain."""
    known: dict[tuple[str, str], bool] = {}

    def container(viewer: Viewer, file: File, action: Action) -> Verdict | None:
        allowed = known.get((file.uid, str(action)))
        return None if allowed is None else Verdict(allowed, "这份资料没有对你开放")

    containers.register(container)
    yield known
    containers.unregister(container)


@pytest.fixture
def upload(teacher: Person) -> Callable[..., File]:
    def make(name: str, content: bytes, by: Person | None = None) -> File:
        return store_upload(uploaded=SimpleUploadedFile(name, content), name=name, by=by or teacher)

    return make


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def picture(width: int = 40, height: int = 30, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (20, 90, 160)).save(out, form, **options)
    return out.getvalue()


def pdf(pages: int = 2) -> bytes:
    out = io.BytesIO()
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    document.save(out)
    document.close()
    return out.getvalue()


def zipped(files: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(**parts: str) -> bytes:
    """A small document; `parts` are further parts, `/` written as `__` and `.` as `_dot_`."""
    further = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    return zipped(
        {"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": "<document>秋天的雨</document>", **further}
    )


def wav(seconds: int = 2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8000 * seconds)
    return out.getvalue()


def mp4(seconds: int = 65, width: int = 1280, height: int = 720) -> bytes:
    """The boxes of a video without its pictures."""

    def box(kind: bytes, body: bytes) -> bytes:
        return (len(body) + 8).to_bytes(4, "big") + kind + body

    mvhd = bytes(12) + (1000).to_bytes(4, "big") + (seconds * 1000).to_bytes(4, "big") + bytes(80)
    tkhd = bytes(76) + (width << 16).to_bytes(4, "big") + (height << 16).to_bytes(4, "big")
    hdlr = bytes(8) + b"vide" + bytes(13)
    trak = box(b"trak", box(b"tkhd", tkhd) + box(b"mdia", box(b"hdlr", hdlr)))
    moov = box(b"moov", box(b"mvhd", mvhd) + trak)
    return box(b"ftyp", b"isom\0\0\x02\0isomavc1") + moov + box(b"mdat", bytes(1000))
