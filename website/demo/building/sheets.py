"""Task sheets and homework (学习任务单, 校本作业) as .docx: real headings and tables, answers on the last page."""

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from website.demo.building.figures import Primitive, as_picture
from website.demo.building.look import SUBJECT


def write(
    path: Path, title: str, subject: str, sheet: Mapping[str, Any], figures: Mapping[str, list[Primitive]]
) -> None:
    document = Document()
    _page(document)
    _title(document, title, SUBJECT[subject][1], sheet.get("minutes"))
    counter = _Counter()
    for block in sheet["blocks"]:
        for kind, content in block.items():
            BLOCKS[kind](document, content, counter, figures)
    document.core_properties.title = title
    document.core_properties.author = "共备演示"
    document.save(str(path))


class _Counter:
    """Numbers questions through the whole sheet, so that answers can name them."""

    def __init__(self) -> None:
        self.number = 0

    def next(self) -> int:
        self.number += 1
        return self.number


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(1.7)
    _face(document.styles["Normal"], "宋体", 11.5)
    document.styles["Normal"].paragraph_format.line_spacing = 1.3
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    _face(document.styles["Heading 1"], "楷体", 20)
    _face(document.styles["Heading 2"], "黑体", 13)
    document.styles["Heading 2"].paragraph_format.space_before = Pt(14)
    document.styles["Heading 2"].paragraph_format.space_after = Pt(4)


def _face(style: Any, face: str, size: float) -> None:
    style.font.name, style.font.size = face, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(attribute), face)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        if fonts.get(qn(theme)) is not None:
            del fonts.attrib[qn(theme)]
    style.font.color.rgb = RGBColor.from_string("22282D")


def _title(document: Any, title: str, colour: str, minutes: int | None) -> None:
    heading = document.add_heading(level=1)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(title)
    run.font.color.rgb = RGBColor.from_string(colour)
    line = document.add_paragraph("班级 ____________　姓名 ____________　日期 ____________")
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if minutes:
        line.add_run(f"　约 {minutes} 分钟")
    _rule_below(line, colour)


def _rule_below(paragraph: Any, colour: str) -> None:
    border = OxmlElement("w:pBdr")
    for place in ("w:bottom", "w:between"):  # neighbours with equal borders count as one block: rule between them too
        rule = OxmlElement(place)
        for name, value in (("w:val", "single"), ("w:sz", "8"), ("w:space", "6"), ("w:color", colour)):
            rule.set(qn(name), value)
        border.append(rule)
    paragraph._p.get_or_add_pPr().append(border)


def _heading(document: Any, words: str, counter: _Counter, figures: Mapping[str, list[Primitive]]) -> None:
    document.add_heading(words, level=2)


def _paragraph(document: Any, words: str, counter: _Counter, figures: Mapping[str, list[Primitive]]) -> None:
    document.add_paragraph(words)


def _items(document: Any, items: list[str], counter: _Counter, figures: Mapping[str, list[Primitive]]) -> None:
    for words in items:
        paragraph = document.add_paragraph(f"{counter.next()}. {words}")
        paragraph.paragraph_format.left_indent = Cm(0.7)
        paragraph.paragraph_format.first_line_indent = Cm(-0.7)
        paragraph.paragraph_format.space_after = Pt(8)


def _lines(document: Any, count: int, counter: _Counter, figures: Mapping[str, list[Primitive]]) -> None:
    for _ in range(count):
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(4)
        _rule_below(line, "B9B2A2")


def _table(document: Any, rows: list[list[str]], counter: _Counter, figures: Mapping[str, list[Primitive]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    for number, row in enumerate(rows):
        table.rows[number].height = Cm(0.9 if number == 0 or all(row) else 1.3)
        for column, words in enumerate(row):
            paragraph = table.cell(number, column).paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = paragraph.add_run(str(words))
            run.bold = number == 0
    header = table.rows[0]._tr.get_or_add_trPr()
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    header.append(repeat)
    gap = document.add_paragraph()
    gap.paragraph_format.space_after, gap.paragraph_format.line_spacing = Pt(0), 0.7


def _figure(document: Any, name: str, counter: _Counter, figures: Mapping[str, list[Primitive]]) -> None:
    stream = BytesIO()
    as_picture(figures[name], 640).quantize(48).save(stream, "PNG", optimize=True)
    stream.seek(0)
    document.add_picture(stream, width=Cm(8))
    document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _answers(document: Any, answers: list[str], counter: _Counter, figures: Mapping[str, list[Primitive]]) -> None:
    heading = document.add_heading("参考答案（教师用）", level=2)
    heading.paragraph_format.page_break_before = True
    for number, words in enumerate(answers, 1):
        document.add_paragraph(f"{number}. {words}")


BLOCKS: dict[str, Callable[..., None]] = {"h": _heading, "p": _paragraph, "items": _items, "lines": _lines, "table": _table, "figure": _figure,
          "answers": _answers}  # fmt: skip
