"""A printed sheet as a .docx that Word, WPS and LibreOffice open: headings, real tables, native formulas, a letterhead.

Formulas that cannot be read and pictures that cannot be had stand as their source or description, with a comment that
says so; nothing is left out silently.
"""

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from library.documents.printed import Sheet
from library.documents.word import writing_parts as parts
from library.documents.word.writing_text import Picture, Remark, Writing, blocks, drawing, facts, paragraph, run

__all__ = ["Letter", "Picture", "Remark", "Written", "write"]

MARGINS = (18, 16, 18, 20)
"""Top, right, bottom and left, in millimetres, as schools bind their plans."""
LOGO_HEIGHT = 8
THEN = (1980, 1, 1, 0, 0, 0)
"""The date of the files in the archive: the same sheet is the same bytes."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The letterhead (信头): the school's name, a line for the foot of the page, its sign."""

    name: str = ""
    footer: str = ""
    logo: Picture | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A file, and what could not be set in it as it is in the text, in Chinese."""

    content: bytes
    problems: tuple[str, ...] = ()


def no_picture(uid: str) -> Picture | None:
    """Where no pictures can be had."""
    return None


def write(
    sheet: Sheet,
    letter: Letter | None = None,
    *,
    pictures: Callable[[str], Picture | None] = no_picture,
    address: str = "",
    author: str = "",
    remarks: Sequence[Remark] = (),
) -> Written:
    """Write the sheet on A4, upright or wide.

    Args:
        pictures: a picture by the uid of its file; None: it cannot be had.
        address: how links to the site begin (https://example.org).
        remarks: comments for the margin; one whose words are not found stands at the title.
    """
    head = letter or Letter()
    wide, tall = (297, 210) if sheet.wide else (210, 297)
    room = wide - MARGINS[1] - MARGINS[3]
    to = Writing(pictures, address, room, waiting=[remark for remark in remarks if remark.quote])
    body = _body(sheet, to, room)
    loose = [remark for remark in remarks if not remark.quote] + to.waiting
    title = run(sheet.title)
    for remark in loose:
        title = to.remarked(remark, title)
    document = f"{paragraph(title, 'Title')}{body}{_section(wide, tall)}"
    return Written(_zipped(sheet, document, head, to, room, author), tuple(dict.fromkeys(to.problems)))


def _body(sheet: Sheet, to: Writing, room: float) -> str:
    written = [facts(sheet.facts, room)] if sheet.facts else []
    for section in sheet.sections:
        written.append(paragraph(run(f"{section.no}、{section.label}"), "Heading1"))
        written.append(blocks(section.blocks, to, room))
    return "".join(written)


def _section(wide: int, tall: int) -> str:
    turned = ' w:orient="landscape"' if wide > tall else ""
    top, right, bottom, left = (round(side * 56.7) for side in MARGINS)
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/><w:footerReference w:type="default" r:id="rIdFooter"/>'
        f'<w:pgSz w:w="{round(wide * 56.7)}" w:h="{round(tall * 56.7)}"{turned}/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="567" w:footer="567" w:gutter="0"/>'
        "</w:sectPr>"
    )


def _zipped(sheet: Sheet, body: str, head: Letter, to: Writing, room: float, author: str) -> bytes:
    logo = ""
    if head.logo:
        width = LOGO_HEIGHT * head.logo.width / max(1, head.logo.height)
        logo = drawing("rIdLogo", head.logo, head.name, 9000, min(60, width), 100, LOGO_HEIGHT)
    pictures = list(to.media.values())
    texts = {
        "[Content_Types].xml": parts.content_types([*pictures, *([head.logo] if head.logo else [])]),
        "_rels/.rels": parts.relations([("rId1", "officeDocument", "word/document.xml", False)]),
        "docProps/core.xml": parts.properties(sheet.title, author),
        "word/document.xml": f"{parts.XML}<w:document {parts.NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": parts.relations(_relations(to)),
        "word/styles.xml": parts.STYLES_PART,
        "word/settings.xml": parts.SETTINGS_PART,
        "word/numbering.xml": parts.numbering(to.lists),
        "word/comments.xml": parts.comments(to.remarks),
        "word/header1.xml": parts.header(head.name, sheet.kind, logo, room),
        "word/footer1.xml": parts.footer(head.footer),
    }
    files = {f"word/media/picture{at}.{one.kind}": one.content for at, one in enumerate(pictures, 1)}
    if head.logo:
        files[f"word/media/logo.{head.logo.kind}"] = head.logo.content
        target = f"media/logo.{head.logo.kind}"
        texts["word/_rels/header1.xml.rels"] = parts.relations([("rIdLogo", "image", target, False)])
    return _archive({name: content.encode() for name, content in texts.items()} | files)


def _relations(to: Writing) -> list[tuple[str, str, str, bool]]:
    fixed = [
        (f"rId{name.title()}", name, f"{name}.xml", False) for name in ("styles", "settings", "numbering", "comments")
    ]
    around = [("rIdHeader", "header", "header1.xml", False), ("rIdFooter", "footer", "footer1.xml", False)]
    pictures = [
        (f"rIdP{at}", "image", f"media/picture{at}.{one.kind}", False) for at, one in enumerate(to.media.values(), 1)
    ]
    return [*fixed, *around, *pictures, *((key, "hyperlink", url, True) for url, key in to.links.items())]


def _archive(files: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, THEN), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
