"""A file that somebody brought, read behind a wall: looked at, turned into .docx where it is older, read in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from library.documents.word.reading import process
from media.conversion import extracting, sandbox
from media.safety import Finding, UnsafeFile, inspect
from media.safety.problems import refused, shown

SCRIPT = Path(process.__file__)
SECONDS = extracting.WALL_SECONDS + 10
OLDER = frozenset({"doc"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a file gave: the process's JSON, and the folder in which its pictures lie while it is held."""

    found: dict[str, Any]
    folder: Path


@contextmanager
def read(path: Path, name: str) -> Iterator[Answer]:
    """Look at a file and read it; the folder is there until the block ends.

    Raises:
        UnsafeFile: it is not taken or cannot be read; the sentence names the file and the next step.
    """
    with TemporaryDirectory(prefix="word-in-") as held:
        folder = Path(held)
        finding = inspect(path, name)
        try:
            source = _as_docx(finding, finding.replacement or path, name, folder)
            yield Answer(_read(source, name, folder), folder)
        finally:
            if finding.replacement is not None:
                finding.replacement.unlink(missing_ok=True)


def _as_docx(finding: Finding, path: Path, name: str, folder: Path) -> Path:
    if finding.kind.key == "docx":
        return path
    if finding.kind.key not in OLDER:
        what = f"不是 Word 文件，是{finding.kind.label}"
        raise refused(name, "not_a_document", what, "请选 .docx、.doc 或 .wps 教案；要上传别的资料请用“上传资源”")
    found = sandbox.here()
    if not found.is_ready:
        what = "是旧版 Word 文件，这台服务器不能转换"
        raise refused(name, "no_conversion", what, "请在 Word 或 WPS 里另存为 .docx 再导入")
    return _converted(found, path, name, folder)


def _converted(found: sandbox.Sandbox, path: Path, name: str, folder: Path) -> Path:
    """An older file as .docx, by LibreOffice behind its wall."""
    argv = sandbox.command(found, path, "doc", folder, to="docx")
    try:
        subprocess.run(argv, capture_output=True, timeout=sandbox.SECONDS, check=False)
    except subprocess.TimeoutExpired as problem:
        raise refused(name, "slow", "转换用时太久", "请在 Word 或 WPS 里另存为 .docx 再导入") from problem
    made = folder / "out" / "in.docx"
    if made.is_symlink() or not made.is_file():
        raise refused(name, "damaged", "已经损坏，转换不成", "请在 Word 或 WPS 里另存为 .docx 再导入")
    inspect(made, f"{Path(name).stem}.docx")
    return made


def _read(path: Path, name: str, folder: Path) -> dict[str, Any]:
    argv = [sys.executable, "-I", str(SCRIPT), str(path), name, str(folder)]
    try:
        subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        found: dict[str, Any] = json.loads((folder / "read.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
        raise refused(name, "too_much", *process.TOO_MUCH) from problem
    if "problem" in found:
        raise UnsafeFile("unreadable", f"《{shown(name)}》{found['problem']}。{found['step']}。")
    return found
