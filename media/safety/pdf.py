"""PDF files: opened once, and freed of scripts by copying the pages into a new document."""

import mmap
import re
import zlib
from pathlib import Path

import pypdfium2

from media.facts.pdf import PDFIUM
from media.safety.problems import refused, shown

MOST_PAGES = 2_000
_UNPACKED = 8 * 1024 * 1024


def _named(name: str) -> bytes:
    """A PDF name, each letter as it is or as `#` with two digits, which readers take for the same."""
    return b"/" + b"".join(b"(?:%c|#%02x|#%02X)" % (letter, letter, letter) for letter in name.encode())


_ACTIVE = re.compile(
    b"(?:%s|%s|%s\\s*(?:[(<]|\\d+\\s+\\d+\\s+R))" % (_named("JavaScript"), _named("Launch"), _named("JS"))
)
_OBJECT_STREAM = re.compile(_named("ObjStm") + rb".{0,2000}?stream\r?\n", re.DOTALL)


def check_pdf(path: Path, name: str) -> tuple[int, Path | None, str]:
    """Pages, a copy without scripts if there were any, and the note about it.

    Raises:
        UnsafeFile: locked, damaged, far too long, or with scripts that survive the copy.
    """
    pages = _pages(path, name)
    if not is_active(path):
        return pages, None, ""
    copy = path.with_name(f"{path.name}.clean")
    _copy_pages(path, copy, name)
    if is_active(copy):
        copy.unlink()
        raise refused(name, "scripts", "里有脚本，去不掉", "请打开后用“打印”另存为新的 PDF 再传")
    return pages, copy, f"《{shown(name)}》里有脚本，已去掉，页面都在。"


def _pages(path: Path, name: str) -> int:
    try:
        with PDFIUM, pypdfium2.PdfDocument(path) as document:
            pages = len(document)
    except pypdfium2.PdfiumError as problem:
        if "assword" in str(problem):
            raise refused(name, "locked", "加了打开密码", "请去掉密码，另存后再传") from problem
        raise refused(name, "damaged", "不完整或已经损坏，打不开", "请检查原文件能否打开，再传一次") from problem
    if not 0 < pages <= MOST_PAGES:
        what = f"有 {pages} 页" if pages else "里一页也没有"
        raise refused(name, "pages", what, f"请拆成每份不超过 {MOST_PAGES} 页的文件再传")
    return pages


def _copy_pages(path: Path, copy: Path, name: str) -> None:
    try:
        with PDFIUM, pypdfium2.PdfDocument(path) as old, pypdfium2.PdfDocument.new() as new:
            new.import_pages(old)
            new.save(copy)
    except pypdfium2.PdfiumError as problem:
        raise refused(name, "scripts", "里有脚本，去不掉", "请打开后用“打印”另存为新的 PDF 再传") from problem


def is_active(path: Path) -> bool:
    """Does the file, also inside an object stream, name a script or a program to start? What cannot be read counts."""
    if not path.stat().st_size:
        return False
    with path.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if _ACTIVE.search(content):
            return True
        return any(_hides_action(content, found.end()) for found in _OBJECT_STREAM.finditer(content))


def _hides_action(content: mmap.mmap, begin: int) -> bool:
    end = content.find(b"endstream", begin)
    inflate = zlib.decompressobj()
    try:
        plain = inflate.decompress(content[begin : end if end != -1 else len(content)], _UNPACKED)
    except zlib.error:
        return True
    return bool(inflate.unconsumed_tail) or bool(_ACTIVE.search(plain))
