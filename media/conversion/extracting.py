"""The words of a .docx, .pptx or .pdf with their places, read in a process of its own: `extracting.py KIND FILE OUT`.

Run as a script without the site: what a hostile file can reach is this process, with limits that the kernel holds.
Writes JSON `{"passages": [[place, text], …], "is_cut": false}` to OUT, or `{"problem": "…"}` in the words of a teacher.
"""

import json
import re
import resource
import signal
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
MEMORY = 1024 * MEGABYTE
CPU_SECONDS = 20
WALL_SECONDS = 30
MOST_OUT = 16 * MEGABYTE
MOST_FILE = 200 * MEGABYTE
MOST_UNPACKED = 400 * MEGABYTE
MOST_XML = 48 * MEGABYTE
MOST_ENTRIES = 5_000
MOST_CHARACTERS = 200_000
MOST_PLACES = 1_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BLANKS = re.compile(r"[ \t\u00a0\u3000]+")
_LINES = re.compile(r"\s*\n\s*")


class Problem(Exception):
    """Why the words cannot be read; the message is for the page of the staff."""


def limit() -> None:
    """Give the kernel the limits: memory, processor, time, output, no core file, no more processes than are there."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUT, MOST_OUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(WALL_SECONDS)


def docx(path: Path) -> Iterator[tuple[str, str]]:
    """Page by page where Word or WPS noted its page breaks; else one place for all."""
    from docx import Document

    _measure_zip(path)
    body = Document(str(path)).element.body
    pages = list(_docx_pages(body))
    for number, words in enumerate(pages, 1):
        yield (f"第{number}页" if len(pages) > 1 else "正文"), words


def _docx_pages(body: Any) -> Iterator[str]:
    """The text between page breaks. Deleted words are `delText` and no `t`; a fallback repeats a text box."""
    found: list[str] = []
    for element in _elements(body):
        tag = element.tag
        if tag == f"{_W}t":
            found.append(element.text or "")
        elif tag in {f"{_W}p", f"{_W}tr"}:
            found.append("\n")
        elif tag in {f"{_W}tab", f"{_W}tc"}:
            found.append(" ")
        elif tag == f"{_W}lastRenderedPageBreak" and "".join(found).strip():
            yield "".join(found)
            found = []
        elif tag == f"{_W}br":
            found.append("\n")
    yield "".join(found)


def _elements(root: Any) -> Iterator[Any]:
    """Every element in document order, without what stands below a fallback."""
    pending = [root]
    while pending:
        element = pending.pop()
        yield element
        pending += [child for child in reversed(element) if child.tag != _FALLBACK]


def pptx(path: Path) -> Iterator[tuple[str, str]]:
    """Slide by slide: shapes in their order, tables, groups, then the speaker's notes."""
    from pptx import Presentation

    _measure_zip(path)
    for number, slide in enumerate(Presentation(str(path)).slides, 1):
        words = [text for shape in slide.shapes for text in _shape_words(shape, 0)]
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            words.append(slide.notes_slide.notes_text_frame.text)
        yield f"第{number}张", "\n".join(words)


def _shape_words(shape: Any, depth: int) -> Iterator[str]:
    if depth > 8:
        return
    if getattr(shape, "shapes", None) is not None:
        for inner in shape.shapes:
            yield from _shape_words(inner, depth + 1)
    elif getattr(shape, "has_text_frame", False):
        yield shape.text_frame.text
    elif getattr(shape, "has_table", False):
        for row in shape.table.rows:
            yield " ".join(cell.text for cell in row.cells)


def pdf(path: Path) -> Iterator[tuple[str, str]]:
    """Page by page."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as problem:
        locked = "assword" in str(problem)
        raise Problem("文件加了打开密码" if locked else "PDF 已损坏，读不出文字") from problem
    for number in range(min(len(document), MOST_PLACES)):
        try:
            page = document[number].get_textpage()
            yield f"第{number + 1}页", page.get_text_range(count=-1, errors="ignore")
        except pypdfium2.PdfiumError:
            continue


def _measure_zip(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        xml = [e.file_size for e in entries if e.filename.lower().endswith((".xml", ".rels"))]
        if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_UNPACKED:
            raise Problem("文件解开后太大，没有读文字")
        if sum(xml) > MOST_XML:
            raise Problem("文字部分解开后太大，没有读文字")


READERS: dict[str, Callable[[Path], Iterator[tuple[str, str]]]] = {"docx": docx, "pptx": pptx, "pdf": pdf}


def read(kind: str, path: Path) -> dict[str, Any]:
    """What is to be written; never more characters or places than an index wants."""
    if path.stat().st_size > MOST_FILE:
        raise Problem("文件太大，没有读文字")
    passages: list[tuple[str, str]] = []
    left = MOST_CHARACTERS
    for place, raw in READERS[kind](path):
        words = tidy(raw)
        if not words:
            continue
        if left <= 0 or len(passages) >= MOST_PLACES:
            return {"passages": passages, "is_cut": True}
        passages.append((place, words[:left]))
        left -= len(words)
    return {"passages": passages, "is_cut": left < 0}


def tidy(raw: str) -> str:
    """Printable text without blank lines; a lone surrogate or a control character would break what stores it."""
    kept = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\x0c", "\n")
    plain = "".join(c for c in kept if c == "\n" or c == "\t" or (ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF))
    return _LINES.sub("\n", _BLANKS.sub(" ", plain.replace("\ufffe", "").replace("\uffff", ""))).strip()


def main(kind: str, source: str, target: str) -> int:
    limit()
    try:
        answer = read(kind, Path(source))
    except Problem as problem:
        answer = {"problem": str(problem)}
    except MemoryError:
        answer = {"problem": "读文字要的内存超过了上限"}
    except RecursionError:
        answer = {"problem": "文件一层套一层，没有读文字"}
    except Exception as problem:
        # Whatever a broken file makes a library raise is the answer, not a crash.
        answer = {"problem": f"读不出文字，文件可能已损坏（{type(problem).__name__}）"}
    Path(target).write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:4]))
