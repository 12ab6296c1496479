"""The form of a backup on disk.

    DIR/files/ab/abcd…                  bytes by SHA-256, shared by all backups of DIR: the next one adds what is new
    DIR/20261124-1108/manifest.json     what belongs to it, with every hash
    DIR/20261124-1108/manifest.sha256   the hash of that
    DIR/20261124-1108/rows/library.resource.jsonl.gz
    DIR/20261124-1108/files.jsonl.gz    storage, key, SHA-256 and size of every file

A backup is one when its manifest is there: that is written last.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple

from media.storage import hash_of

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_HASH = "manifest.sha256"
FILES = "files.jsonl.gz"


class BackupProblem(Exception):
    """A backup that cannot be used; the message says in Chinese what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table: its rows, their hash in any order, and the hash of the compressed file."""

    name: str
    rows: int
    rows_sha256: str
    sha256: str


class StoredFile(NamedTuple):
    """One file: `storage` is a name in STORAGES, `key` its name there."""

    storage: str
    key: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        format: the form on disk.
        taken_at: ISO moment.
        migrations: the last one of every app, `app.name`: rows fit only a database of the same shape.
        parts: tables.
        files: number of files.
        bytes: their size together.
        files_sha256: hash of the compressed list of files.
    """

    format: int
    taken_at: str
    migrations: list[str]
    parts: list[Part] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    files_sha256: str = ""

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)


def rows_path(backup: Path, name: str) -> Path:
    return backup / "rows" / f"{name}.jsonl.gz"


def bytes_path(backup: Path, sha256: str) -> Path:
    return backup.parent / "files" / sha256[:2] / sha256


@contextmanager
def writing(path: Path) -> Iterator[IO[str]]:
    """A compressed text file that is the same bytes for the same text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
        yield _Lines(packed)  # type: ignore[misc]


class _Lines:
    def __init__(self, target: IO[bytes] | gzip.GzipFile) -> None:
        self._target = target

    def write(self, text: str) -> int:
        return self._target.write(text.encode())


def reading(path: Path) -> Iterator[str]:
    """Lines of a compressed text file, without their ends."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as source:
        for line in source:
            yield line.rstrip("\n")


def file_hash(path: Path) -> str:
    with path.open("rb") as source:
        return hash_of(source)


def stored_files(backup: Path) -> Iterator[StoredFile]:
    for line in reading(backup / FILES):
        yield StoredFile(*json.loads(line))


def line_of(stored: StoredFile) -> str:
    return json.dumps(list(stored), ensure_ascii=False) + "\n"


def save(backup: Path, manifest: Manifest) -> None:
    told = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    (backup / MANIFEST_HASH).write_text(hashlib.sha256(told).hexdigest())
    (backup / MANIFEST).write_bytes(told)


def load(backup: Path) -> Manifest:
    """The manifest of a backup.

    Raises:
        BackupProblem: there is none, it is damaged, or it is of another format.
    """
    try:
        told = (backup / MANIFEST).read_bytes()
        promised = (backup / MANIFEST_HASH).read_text().strip()
    except FileNotFoundError as problem:
        raise BackupProblem(f"{backup} 里没有 {problem.filename}：这里不是完整的备份，请换一份") from problem
    if hashlib.sha256(told).hexdigest() != promised:
        raise BackupProblem(f"{backup / MANIFEST} 和它的校验码对不上，备份已损坏，请换一份")
    values: dict[str, Any] = json.loads(told)
    if values["format"] != FORMAT:
        raise BackupProblem(f"备份的格式是第 {values['format']} 版，这个程序读第 {FORMAT} 版，请用取备份时的程序恢复")
    return Manifest(**{**values, "parts": [Part(**part) for part in values["parts"]]})


def faults(backup: Path, manifest: Manifest) -> Iterator[str]:
    """Everything in a backup that is missing or not what its hash says, in Chinese, with its name."""
    for part in manifest.parts:
        yield from _fault(rows_path(backup, part.name), part.sha256, f"数据表 {part.name}")
    listed = list(_fault(backup / FILES, manifest.files_sha256, "文件清单"))
    yield from listed
    if listed:
        return
    seen: set[str] = set()
    for stored in stored_files(backup):
        if stored.sha256 not in seen:
            seen.add(stored.sha256)
            yield from _fault(bytes_path(backup, stored.sha256), stored.sha256, f"文件 {stored.key}")


def _fault(path: Path, sha256: str, name: str) -> Iterator[str]:
    if not path.is_file():
        yield f"{name}：{path} 不见了"
    elif file_hash(path) != sha256:
        yield f"{name}：{path} 的内容和校验码对不上"
