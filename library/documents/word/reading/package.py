"""A .docx as an archive of parts: opened with limits, its XML read without entities, its styles and lists looked up."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MEGABYTE = 1024 * 1024
MOST_XML = 48 * MEGABYTE
MOST_PARTS = 5_000
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_PLAIN = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class Unreadable(Exception):
    """Why the file cannot be read, as the end of a sentence that begins with its name, and the next step."""

    def __init__(self, what: str, step: str) -> None:
        super().__init__(what)
        self.what = what
        self.step = step


DAMAGED = ("已经损坏，读不出内容", "请用 Word 或 WPS 打开，另存为新的 .docx 后再导入")


@dataclass(frozen=True, slots=True)
class Style:
    """What a named style says of a paragraph: its level in the outline (1: a chapter), bold, centred, its list."""

    level: int = 0
    bold: bool = False
    centred: bool = False
    size: int = 0
    number: str = ""
    depth: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Depth:
    """One depth of a list: whether it counts, and from where."""

    counts: bool
    start: int = 1


@dataclass(slots=True)
class Package:
    """The parts that reading needs."""

    archive: zipfile.ZipFile
    main: str
    body: Any
    relations: dict[str, str]
    styles: dict[str, Style] = field(default_factory=dict)
    counting: dict[tuple[str, int], Depth] = field(default_factory=dict)

    def part(self, kind: str) -> Any:
        """The root of the first part of a kind that the document points to (comments, header, …)."""
        return next(self.parts(kind), None)

    def parts(self, kind: str) -> Iterator[Any]:
        for relation, target in self._kinds.get(kind, ()):
            del relation
            found = read_xml(self.archive, target)
            if found is not None:
                yield found

    _kinds: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


def opened(path: Path) -> Package:
    """Open and look up.

    Raises:
        Unreadable: no archive, no document in it, too much of it, or XML that is broken.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as problem:
        raise Unreadable(*DAMAGED) from problem
    entries = archive.infolist()
    words = sum(e.file_size for e in entries if e.filename.lower().endswith((".xml", ".rels")))
    if len(entries) > MOST_PARTS or words > MOST_XML:
        raise Unreadable("展开后太大", "请把它拆成几个文件后再导入")
    main, _ = next(iter(_relations(archive, "", "officeDocument").values()), ("word/document.xml", ""))
    root = read_xml(archive, main)
    body = None if root is None else root.find(f"{W}body")
    if body is None:
        raise Unreadable(*DAMAGED)
    package = Package(archive, main, body, {})
    for key, (target, kind) in _relations(archive, main).items():
        package.relations[key] = target
        package._kinds.setdefault(kind, []).append((key, target))
    package.styles = _styles(package.part("styles"))
    package.counting = _counting(package.part("numbering"))
    return package


def read_xml(archive: zipfile.ZipFile, name: str) -> Any:
    """The root of a part; None where there is none.

    Raises:
        Unreadable: it is damaged.
    """
    try:
        content = archive.read(name)
    except KeyError:
        return None
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as problem:
        raise Unreadable(*DAMAGED) from problem
    except Exception as problem:  # zlib.error is no OSError and has no public base
        raise Unreadable(*DAMAGED) from problem
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content.replace(_STRICT, _PLAIN), parser)
    except etree.XMLSyntaxError as problem:
        raise Unreadable(*DAMAGED) from problem


def _relations(archive: zipfile.ZipFile, of: str, only: str = "") -> dict[str, tuple[str, str]]:
    """Relation id → (part, kind) of what lies inside the archive."""
    folder, name = posixpath.split(of)
    root = read_xml(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
    found = {}
    for relation in () if root is None else root:
        if not isinstance(relation.tag, str) or relation.get("TargetMode") == "External":
            continue
        kind = str(relation.get("Type", "")).rpartition("/")[2]
        target = str(relation.get("Target", ""))
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if not only or kind == only:
            found[str(relation.get("Id"))] = (whole, kind)
    return found


def value(element: Any, path: str, name: str = "val") -> str:
    """An attribute of a descendant, such as `w:pPr/w:jc`; empty where it is missing."""
    found = element.find("/".join(f"{W}{step}" for step in path.split("/"))) if element is not None else None
    return "" if found is None else str(found.get(f"{W}{name}", ""))


def is_on(element: Any, name: str) -> bool:
    """A switch such as `w:b` that is there and not switched off."""
    found = None if element is None else element.find(f"{W}{name}")
    return found is not None and found.get(f"{W}val", "1") not in {"0", "false", "off", "none"}


def _styles(root: Any) -> dict[str, Style]:
    if root is None:
        return {}
    raw = {str(s.get(f"{W}styleId")): s for s in root.findall(f"{W}style")}
    return {key: _style(key, raw) for key in raw}


def _style(key: str, raw: dict[str, Any]) -> Style:
    """A style with what it inherits."""
    found = Style()
    seen: set[str] = set()
    while key in raw and key not in seen and len(seen) < 12:
        seen.add(key)
        element = raw[key]
        name = value(element, "name").lower()
        outline = value(element, "pPr/outlineLvl")
        level = int(outline) + 1 if outline.isdigit() and int(outline) < 9 else _named_level(name)
        properties = element.find(f"{W}rPr")
        found = Style(
            level=found.level or level,
            bold=found.bold or is_on(properties, "b"),
            centred=found.centred or value(element, "pPr/jc") == "center",
            size=found.size or number(value(element, "rPr/sz")),
            number=found.number or value(element, "pPr/numPr/numId"),
            depth=found.depth or number(value(element, "pPr/numPr/ilvl")),
            name=found.name or value(element, "name"),
        )
        key = value(element, "basedOn")
    return found


def _named_level(name: str) -> int:
    head, _, rest = name.rpartition(" ")
    if head in {"heading", "标题"} and rest.isdigit():
        return int(rest)
    return 0


def number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _counting(root: Any) -> dict[tuple[str, int], Depth]:
    """(list, depth) → how it counts; a bullet does not."""
    if root is None:
        return {}
    abstract = {
        str(a.get(f"{W}abstractNumId")): {
            number(str(level.get(f"{W}ilvl", "0"))): Depth(
                value(level, "numFmt") not in {"bullet", "none", ""}, number(value(level, "start")) or 1
            )
            for level in a.findall(f"{W}lvl")
        }
        for a in root.findall(f"{W}abstractNum")
    }
    found: dict[tuple[str, int], Depth] = {}
    for one in root.findall(f"{W}num"):
        key = str(one.get(f"{W}numId"))
        starts = {
            number(str(o.get(f"{W}ilvl", "0"))): number(value(o, "startOverride"))
            for o in one.findall(f"{W}lvlOverride")
        }
        for depth, level in abstract.get(value(one, "abstractNumId"), {}).items():
            found[key, depth] = Depth(level.counts, starts.get(depth, 0) or level.start)
    return found
