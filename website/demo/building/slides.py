"""Courseware (课件) as .pptx: a cover, then pages of lists, pairs, tables and figures on paper-coloured ground."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from website.demo.building.figures import Primitive, SlideCanvas, name_face, plain
from website.demo.building.look import COLOURS, SUBJECT, hexed

WIDE, TALL = Inches(13.333), Inches(7.5)
LEFT, BODY_TOP = Inches(0.9), Inches(1.75)


def write(
    path: Path, slides: list[Mapping[str, Any]], subject: str, figures: Mapping[str, list[Primitive]], footer: str
) -> None:
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE, TALL
    block, colour = SUBJECT[subject]
    for number, page in enumerate(slides, 1):
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = RGBColor.from_string(COLOURS["paper"])
        if page["layout"] == "title":
            _cover(slide, page, block, colour)
            continue
        _head(slide, page["title"], colour)
        _foot(slide, footer, number, len(slides))
        LAYOUTS[page["layout"]](slide, page, colour, figures)
    deck.core_properties.title, deck.core_properties.author = slides[0]["title"], footer
    deck.save(str(path))


def _bar(slide: Any, box: tuple[int, int, int, int], colour: str) -> Any:
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Emu(side) for side in box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(hexed(colour))
    shape.line.fill.background()
    plain(shape)
    return shape


def _words(
    slide: Any, box: tuple[int, int, int, int], lines: list[str], size: int, colour: str = "ink", **look: Any
) -> Any:
    frame = slide.shapes.add_textbox(*(Emu(side) for side in box)).text_frame
    frame.word_wrap, frame.vertical_anchor = True, look.get("anchor", MSO_ANCHOR.TOP)
    for index, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.line_spacing = look.get("align", PP_ALIGN.LEFT), look.get("spacing", 1.45)
        run = paragraph.add_run()
        run.text, run.font.size = str(line), Pt(size)
        run.font.color.rgb = RGBColor.from_string(hexed(colour))
        name_face(run, look.get("face", "楷体"))
    return frame


def _cover(slide: Any, page: Mapping[str, Any], block: str, colour: str) -> None:
    _bar(slide, (0, 0, WIDE, Inches(0.16)), colour)
    mark = _bar(slide, (Inches(1.1), Inches(2.3), Inches(1.5), Inches(1.5)), colour)
    mark.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = mark.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.CENTER
    run = paragraph.add_run()
    run.text, run.font.size, run.font.color.rgb = block, Pt(66), RGBColor.from_string("FFFFFF")
    name_face(run, "楷体")
    size = 60 if len(page["title"]) <= 12 else 44
    _words(slide, (Inches(3.0), Inches(2.15), Inches(9.6), Inches(1.5)), [page["title"]], size, spacing=1.1)
    _words(
        slide,
        (Inches(3.05), Inches(3.75), Inches(9.4), Inches(1.6)),
        page.get("lines", []),
        22,
        "brown",
        face="微软雅黑",
    )
    for offset in range(9):
        _bar(slide, (Inches(1.1), Inches(5.5) + Inches(0.16) * offset, Inches(11.1), Emu(6350)), "E0D9C9")


def _head(slide: Any, title: str, colour: str) -> None:
    _bar(slide, (0, 0, WIDE, Inches(0.16)), colour)
    _bar(slide, (LEFT, Inches(0.72), Inches(0.12), Inches(0.62)), colour)
    _words(
        slide,
        (Inches(1.1), Inches(0.5), Inches(11.3), Inches(0.95)),
        [title],
        36,
        spacing=1.1,
        anchor=MSO_ANCHOR.MIDDLE,
    )
    _bar(slide, (LEFT, Inches(1.5), Inches(11.5), Emu(9525)), "D6CFBF")


def _foot(slide: Any, footer: str, number: int, total: int) -> None:
    box = (LEFT, Inches(6.95), Inches(8), Inches(0.4))
    _words(slide, box, [footer], 11, "grey", face="微软雅黑", spacing=1.0)
    box = (Inches(11.4), Inches(6.95), Inches(1), Inches(0.4))
    _words(slide, box, [f"{number} / {total}"], 11, "grey", face="微软雅黑", spacing=1.0, align=PP_ALIGN.RIGHT)


def _list(slide: Any, page: Mapping[str, Any], colour: str, figures: Mapping[str, list[Primitive]]) -> None:
    """Few lines stand large and wide apart, many stand closer."""
    lines = page["lines"]
    step = min(Inches(1.35), round(Inches(5.0) / len(lines)))
    size = 36 if len(lines) <= 4 and max(len(line) for line in lines) <= 20 else 30
    for index, line in enumerate(lines):
        top = BODY_TOP + Inches(0.1) + step * index
        dot = slide.shapes.add_shape(
            MSO_SHAPE.OVAL, Emu(LEFT + Inches(0.15)), Emu(top + Inches(0.2)), Inches(0.5), Inches(0.5)
        )
        plain(dot)
        dot.fill.background()
        dot.line.color.rgb, dot.line.width = RGBColor.from_string(colour), Pt(1.5)
        _words(slide, (LEFT + Inches(0.15), top + Inches(0.2), Inches(0.5), Inches(0.5)), [str(index + 1)], 16, colour,
               align=PP_ALIGN.CENTER, anchor=MSO_ANCHOR.MIDDLE, spacing=1.0)  # fmt: skip
        box = (LEFT + Inches(0.85), top, Inches(10.6), Inches(0.9))
        _words(slide, box, [line], size, spacing=1.0, anchor=MSO_ANCHOR.MIDDLE)


def _two(slide: Any, page: Mapping[str, Any], colour: str, figures: Mapping[str, list[Primitive]]) -> None:
    for side, lines in enumerate((page["lines"], page["right"])):
        left = LEFT + Inches(5.85) * side
        panel = _bar(slide, (left, BODY_TOP + Inches(0.2), Inches(5.6), Inches(4.7)), "white")
        panel.line.color.rgb, panel.line.width = RGBColor.from_string("D6CFBF"), Pt(1)
        _bar(slide, (left, BODY_TOP + Inches(0.2), Inches(5.6), Inches(0.1)), colour if side == 0 else "B4382F")
        size = 34 if sum(len(line) for line in lines) < 26 else 28
        box = (left + Inches(0.35), BODY_TOP + Inches(0.4), Inches(4.9), Inches(4.3))
        _words(slide, box, lines, size, anchor=MSO_ANCHOR.MIDDLE, align=PP_ALIGN.CENTER)


def _table(slide: Any, page: Mapping[str, Any], colour: str, figures: Mapping[str, list[Primitive]]) -> None:
    rows = page["table"]
    height = min(Inches(1.25), round(Inches(4.8) / len(rows)))
    shape = slide.shapes.add_table(
        len(rows), len(rows[0]), LEFT, Emu(BODY_TOP + Inches(0.2)), Inches(11.5), Emu(height * len(rows))
    )
    size = 30 if len(rows) <= 4 and max(len(str(words)) for row in rows for words in row) <= 10 else 24
    for row_number, row in enumerate(rows):
        for column, words in enumerate(row):
            cell = shape.table.cell(row_number, column)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string(colour if row_number == 0 else COLOURS["white"])
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            _rule(cell)
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.CENTER
            run = paragraph.add_run()
            run.text, run.font.size, run.font.bold = str(words), Pt(size), False
            run.font.color.rgb = RGBColor.from_string("FFFFFF" if row_number == 0 else COLOURS["ink"])
            name_face(run, "楷体")


def _rule(cell: Any) -> None:
    """Hairlines around a cell; python-pptx has no word for them."""
    properties = cell._tc.get_or_add_tcPr()
    for place, side in enumerate(("a:lnL", "a:lnR", "a:lnT", "a:lnB")):
        line = properties.makeelement(qn(side), {"w": "9525"})
        fill = line.makeelement(qn("a:solidFill"), {})
        fill.append(fill.makeelement(qn("a:srgbClr"), {"val": "CFC7B5"}))
        line.append(fill)
        properties.insert(place, line)


def _figure(slide: Any, page: Mapping[str, Any], colour: str, figures: Mapping[str, list[Primitive]]) -> None:
    panel = _bar(slide, (Inches(5.15), BODY_TOP + Inches(0.1), Inches(7.25), Inches(4.75)), "white")
    panel.line.color.rgb, panel.line.width = RGBColor.from_string("D6CFBF"), Pt(1)
    box = (LEFT, BODY_TOP + Inches(0.1), Inches(3.95), Inches(4.75))
    _words(slide, box, page["lines"], 26, anchor=MSO_ANCHOR.MIDDLE, spacing=1.6)
    canvas = SlideCanvas(slide.shapes, Inches(5.3), round(BODY_TOP + Inches(0.25)), Inches(6.95))
    canvas.draw(figures[page["figure"]])


LAYOUTS = {"list": _list, "two": _two, "table": _table, "figure": _figure}
