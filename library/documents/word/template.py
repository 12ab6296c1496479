"""A school's own .docx template with named places: {{课题}}, {{教学过程}} … found, checked, and filled.

Word cuts a place into several runs as it is typed, so places are looked for in a paragraph's whole text. A place that is
alone in its paragraph takes blocks (grids, lists, formulas, pictures); within a line it takes words. Everything else of
the template stays as the school made it: its table, its header, its fonts.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import BytesIO
from typing import Any

from lxml import etree

from library.documents.printed import Grid, Heading, Line, Named, Prose, Sheet
from library.documents.rich import to_text
from library.documents.word import writing_parts as parts
from library.documents.word.writing import Letter, Picture, Written, no_picture
from library.documents.word.writing_text import Writing, blocks, text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
PLACE = re.compile(r"\{\{\s*([^{}]{1,40}?)\s*\}\}")
LARGEST = 20 * 1024 * 1024
MOST_PARTS = 2_000
TITLE, PROCESS = "课题", "教学过程"
RECORD = ("教材", "作者", "学校", "版本", "许可", "编号")
NEEDED = (TITLE, PROCESS)
"""Without these a template loses what a plan is made of."""
OTHER_WORDS = {
    "教学目标": "核心素养目标",
    "学习目标": "核心素养目标",
    "素养目标": "核心素养目标",
    "教学流程": "教学过程",
    "教学重难点": "教学重点",
    "重难点": "教学重点",
    "作业": "作业设计",
    "作业布置": "作业设计",
    "板书": "板书设计",
    "反思": "教学反思",
    "教具学具": "教学方法与准备",
    "教学准备": "教学方法与准备",
    "课时": "第几课时",
    "班级": "授课班级",
    "日期": "授课日期",
    "执教": "作者",
    "执教者": "作者",
    "姓名": "作者",
    "标题": TITLE,
    "题目": TITLE,
}
"""What schools call a place that has another name here: the page proposes ours."""
FALLBACK = 165
"""Width of a place in millimetres where the template does not say it."""


@dataclass(frozen=True, slots=True)
class Template:
    """What was found in a template: its places in order; those that nobody knows, with a better name; those that lack."""

    places: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return not self.unknown and not self.missing


@dataclass(frozen=True, slots=True)
class BadTemplate(ValueError):
    """The file is no template; `sentence` says why and what to do."""

    sentence: str

    def __str__(self) -> str:
        return self.sentence


def checked(content: bytes, known: Sequence[str], needed: Sequence[str] = NEEDED) -> Template:
    """Look at a template before it is kept.

    Raises:
        BadTemplate: it cannot be opened as a Word file, or has no place at all.
    """
    found = tuple(dict.fromkeys(name for _, root in _roots(_opened(content)) for name in _names(root)))
    if not found:
        raise BadTemplate("模板里没有一处 {{…}}。在要填写的地方写上名字，如 {{课题}}、{{教学过程}}，存成 .docx 再上传")
    unknown = tuple((name, _better(name, known)) for name in found if name not in known)
    return Template(found, unknown, tuple(name for name in needed if name not in found))


def _better(name: str, known: Sequence[str]) -> str:
    """The place that was meant, as far as one can guess; empty: nobody knows."""
    ours = OTHER_WORDS.get(name, "")
    return ours if ours in known else next(iter(get_close_matches(name, known, 1, 0.4)), "")


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        size = sum(one.file_size for one in archive.infolist())
        if "word/document.xml" not in archive.namelist():
            raise BadTemplate("这个文件不是 Word 文档（.docx）。请用 Word 或 WPS 打开模板，另存为 .docx 再上传")
    except zipfile.BadZipFile as problem:
        raise BadTemplate("这个文件打不开，可能没有传完。请用 Word 打开看看，另存为 .docx 再上传") from problem
    if size > LARGEST or len(archive.namelist()) > MOST_PARTS:
        raise BadTemplate("模板太大了。请删去里面的图片，只留表格和 {{…}}，再上传")
    return archive


def _roots(archive: zipfile.ZipFile) -> Iterator[tuple[str, Any]]:
    """The parts that hold text: the body, headers and footers."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    for name in archive.namelist():
        if re.fullmatch(r"word/(?:document|header\d*|footer\d*)\.xml", name):
            try:
                yield name, etree.fromstring(archive.read(name), parser)
            except (etree.XMLSyntaxError, zipfile.BadZipFile) as problem:
                raise BadTemplate("模板里有一处读不懂。请用 Word 打开，另存为新的 .docx 再上传") from problem


def _names(root: Any) -> Iterator[str]:
    for paragraph in root.iter(f"{W}p"):
        for found in PLACE.finditer(_text_of(paragraph)):
            yield found[1]


def _texts(paragraph: Any) -> list[Any]:
    """The text elements of this paragraph alone, not those of a text box in it."""
    return [one for one in paragraph.iter(f"{W}t") if next(one.iterancestors(f"{W}p")) is paragraph]


def _text_of(paragraph: Any) -> str:
    return "".join(one.text or "" for one in _texts(paragraph))


@dataclass(slots=True)
class _Filling:
    values: Mapping[str, Any]
    to: Writing
    used: set[str] = field(default_factory=set)


def places_of(sheet: Sheet) -> dict[str, Any]:
    """What a sheet has for the places of a template: by the labels of its facts, its sections and the fields in them."""
    found: dict[str, Any] = {TITLE: sheet.title, "类型": sheet.kind, **dict(sheet.facts)}
    for section in sheet.sections:
        found[section.label] = section.blocks
        held: list[Any] = []
        for block in section.blocks:
            if isinstance(block, Heading) and block.level == 2:
                held = []
                found.setdefault(block.text, held)
            else:
                held.append(block)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}


def fill(
    template: bytes, sheet: Sheet, letter: Letter, *, pictures: Callable[[str], Picture | None] = no_picture
) -> Written:
    """The template with the sheet in its places. A section that has no place is appended, so that nothing is lost."""
    archive = _opened(template)
    to = Writing(pictures, "", FALLBACK, lists_before=_highest(archive, "num", "numId"))
    doing = _Filling(places_of(sheet) | {"学校": letter.name}, to)
    changed: dict[str, bytes] = {}
    for name, root in _roots(archive):
        _fill_part(root, doing)
        if name == "word/document.xml":
            _append(root, sheet, doing)
        changed[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return Written(_rebuilt(archive, changed, to), tuple(dict.fromkeys(to.problems)))


def _fill_part(root: Any, doing: _Filling) -> None:
    for paragraph in list(root.iter(f"{W}p")):
        whole = _text_of(paragraph).strip()
        alone = PLACE.fullmatch(whole)
        value = doing.values.get(alone[1]) if alone else None
        if alone and isinstance(value, tuple):
            doing.used.add(alone[1])
            _put_blocks(paragraph, value, doing)
        elif PLACE.search(whole):
            _put_words(paragraph, doing)


def _put_words(paragraph: Any, doing: _Filling) -> None:
    """Replace within the line; what stood around a place keeps its look, the words take that of its first sign."""
    elements = _texts(paragraph)
    while found := PLACE.search("".join(one.text or "" for one in elements)):
        doing.used.add(found[1])
        value = doing.values.get(found[1], "")
        words = value if isinstance(value, str) else plain(value)
        at = 0
        for element in elements:
            own = element.text or ""
            first, last = max(found.start() - at, 0), min(found.end() - at, len(own))
            if first < last:
                put = words.replace("{{", "{ {") if at + first == found.start() else ""
                element.text = own[:first] + put + own[last:]
                element.set(XML_SPACE, "preserve")
            at += len(own)


def _put_blocks(paragraph: Any, value: tuple[Any, ...], doing: _Filling) -> None:
    room, in_cell = _room(paragraph)
    markup = blocks(value, doing.to, room, in_cell=in_cell)
    wrapped = etree.fromstring(f"<x {parts.NAMESPACES}>{markup}</x>".encode())
    parent, at = paragraph.getparent(), paragraph.getparent().index(paragraph)
    children = list(wrapped)
    if in_cell and children[-1].tag == f"{W}tbl":
        children.append(etree.fromstring(f"<w:p {parts.NAMESPACES}/>".encode()))
    parent.remove(paragraph)
    for number, child in enumerate(children):
        parent.insert(at + number, child)


def _room(paragraph: Any) -> tuple[float, bool]:
    """Width of the cell around a place, or of the page."""
    cell = next(paragraph.iterancestors(f"{W}tc"), None)
    if cell is None:
        return FALLBACK, False
    width = cell.find(f"{W}tcPr/{W}tcW")
    given = width.get(f"{W}w", "") if width is not None and width.get(f"{W}type") == "dxa" else ""
    return (int(given) / 56.7 - 4 if given.isdigit() and int(given) > 600 else FALLBACK), True


def _append(root: Any, sheet: Sheet, doing: _Filling) -> None:
    """Sections without a place, after everything that the school made."""
    body = root.find(f"{W}body")
    end = body.find(f"{W}sectPr")
    at = len(body) if end is None else body.index(end)
    for section in sheet.sections:
        inner = {block.text for block in section.blocks if isinstance(block, Heading)}
        bare = section.blocks and not isinstance(section.blocks[0], Heading)
        if section.label in doing.used or (inner and not bare and inner <= doing.used):
            continue
        markup = blocks((Heading(1, section.label), *section.blocks), doing.to, FALLBACK)
        for child in etree.fromstring(f"<x {parts.NAMESPACES}>{markup}</x>".encode()):
            body.insert(at, child)
            at += 1


def plain(value: Sequence[Any]) -> str:
    """Blocks on one line, for a place within a sentence."""
    found: list[str] = []
    for block in value:
        if isinstance(block, Prose):
            found.append(" ".join(to_text(block.value).split("\n")))
        elif isinstance(block, Grid):
            found += [plain(cell) for row in block.rows for cell in row]
        elif isinstance(block, Heading | Line):
            found.append(block.text)
        elif isinstance(block, Named):
            found.append(f"{block.label}：")
    return " ".join(part for part in found if part)


def _rebuilt(archive: zipfile.ZipFile, changed: Mapping[str, bytes], to: Writing) -> bytes:
    """The school's archive with the changed parts, the pictures, and the lists and styles that the text needs."""
    target = BytesIO()
    extra = _extras(archive, to)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in archive.namelist():
            content = extra.pop(name, None) or changed.get(name) or archive.read(name)
            out.writestr(name, content)
        for name, content in extra.items():
            out.writestr(name, content)
    return target.getvalue()


def _extras(archive: zipfile.ZipFile, to: Writing) -> dict[str, bytes]:
    """Parts beside the text: our pictures with their relations, our styles and lists added to the school's own."""
    found = {f"word/media/gongbei{at}.{one.kind}": one.content for at, one in enumerate(to.media.values(), 1)}
    links = [
        (f"rIdP{at}", "image", f"media/gongbei{at}.{one.kind}", False) for at, one in enumerate(to.media.values(), 1)
    ]
    links += [(key, "hyperlink", url, True) for url, key in to.links.items()]
    names = set(archive.namelist())
    kinds = {one.kind for one in to.media.values()}
    own: dict[str, str] = {}
    overrides: dict[str, str] = {}
    if to.lists and "word/numbering.xml" in names:
        found["word/numbering.xml"] = _with_lists(archive, to)
    elif to.lists:
        own["numbering"] = parts.numbering(to.lists)
    if to.remarks and "word/comments.xml" not in names:
        own["comments"] = parts.comments(to.remarks)
    for part, content in own.items():
        found[f"word/{part}.xml"] = content.encode()
        overrides[f"/word/{part}.xml"] = parts.PARTS[part]
        links.append((f"rIdGongbei{part.title()}", part, f"{part}.xml", False))
    relations = "word/_rels/document.xml.rels"
    found[relations] = _with_relations(archive.read(relations) if relations in names else b"", links)
    found["[Content_Types].xml"] = _with_types(archive.read("[Content_Types].xml"), kinds, overrides)
    if "word/styles.xml" in names:
        found["word/styles.xml"] = _with_styles(archive.read("word/styles.xml"))
    return found


def _highest(archive: zipfile.ZipFile, tag: str, name: str) -> int:
    """The highest number of the school's own lists, or patterns of lists."""
    if "word/numbering.xml" not in archive.namelist():
        return 0
    root = etree.fromstring(archive.read("word/numbering.xml"))
    numbers = [str(one.get(f"{W}{name}", "")) for one in root.iter(f"{W}{tag}")]
    return max((int(number) for number in numbers if number.isdigit()), default=0)


def _with_lists(archive: zipfile.ZipFile, to: Writing) -> bytes:
    """Our lists after the school's: patterns stand before what uses them."""
    root = etree.fromstring(archive.read("word/numbering.xml"))
    first = _highest(archive, "abstractNum", "abstractNumId") + 1
    made = parts.numbering(to.lists, before=to.lists_before, patterns_before=first)
    at = sum(one.tag == f"{W}abstractNum" for one in root)
    for one in etree.fromstring(made.encode()):
        if one.tag == f"{W}abstractNum":
            root.insert(at, one)
            at += 1
        else:
            root.append(one)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _with_relations(content: bytes, links: Sequence[tuple[str, str, str, bool]]) -> bytes:
    root = etree.fromstring(content or parts.relations([]).encode())
    for one in etree.fromstring(parts.relations(links).encode()):
        root.append(one)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _with_types(content: bytes, kinds: set[str], overrides: Mapping[str, str]) -> bytes:
    root = etree.fromstring(content)
    space = root.tag.rpartition("}")[0] + "}"
    known = {one.get("Extension") for one in root if one.tag.endswith("Default")}
    for kind in sorted(kinds - known):
        etree.SubElement(root, f"{space}Default", Extension=kind, ContentType=f"image/{kind}")
    for name, kind in overrides.items():
        whole = f"application/vnd.openxmlformats-officedocument.{kind}+xml"
        etree.SubElement(root, f"{space}Override", PartName=name, ContentType=whole)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _with_styles(content: bytes) -> bytes:
    """Our styles, where the school has none of that name; the school's own stay."""
    root = etree.fromstring(content)
    known = {one.get(f"{W}styleId") for one in root.iter(f"{W}style")}
    for one in etree.fromstring(parts.STYLES_PART.encode()).iter(f"{W}style"):
        if one.get(f"{W}styleId") not in known and one.get(f"{W}default") is None:
            root.append(one)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def shown(name: str) -> str:
    """A place as a teacher types it."""
    return "{{" + text(name) + "}}"
