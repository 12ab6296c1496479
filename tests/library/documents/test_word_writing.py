"""A document as a Word file: real tables and headings, native formulas, pictures that say what they show; nothing is lost silently."""

import time
import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
from lxml import etree

from library.documents import rich, schema
from library.documents.lesson_design import LessonDesignDocument
from library.documents.printed import Sheet, sheet_of
from library.documents.word.writing import Letter, Picture, Remark, Written, write
from library.documents.word.writing_formulas import to_omml
from tests.factories.pictures import PNG

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
text = rich.from_markup


def doc(*content: Any) -> dict[str, Any]:
    return {"type": "doc", "content": list(content)}


def words(value: str, *marks: str) -> dict[str, Any]:
    node: dict[str, Any] = {"type": "text", "text": value}
    return node | {"marks": [{"type": mark} for mark in marks]} if marks else node


def design(stages: int = 1, **fields: Any) -> LessonDesignDocument:
    one = {
        "minutes": 8,
        "teacher": text("出示方格纸\n- 数一数\n- 剪一剪"),
        "pupils": text("动手"),
        "objectives": ["o1"],
    }
    rows = {f"s{n}": {"order": f"{n:04}1", "title": f"环节{n}"} | one for n in range(1, stages + 1)}
    base = {
        "basics": {"lesson_type": "新授", "period": 1, "minutes": 40},
        "objectives": {"o1": {"order": "V", "statement": text("推导公式"), "competencies": ["推理意识"]}},
        "stages": rows,
    }
    return schema.load(LessonDesignDocument, base | fields)


def sheet(document: LessonDesignDocument | None = None, *, wide: bool = False) -> Sheet:
    return sheet_of(document or design(), title="梯形的面积", kind="教学设计", facts=[("作者", "李敏")], wide=wide)


def part(written: Written, name: str = "word/document.xml") -> Any:
    with zipfile.ZipFile(BytesIO(written.content)) as archive:
        return etree.fromstring(archive.read(name))


def said(root: Any) -> str:
    return "".join(one.text or "" for one in root.iter(f"{W}t", f"{M}t"))


def test_sections_are_headings_and_rows_are_tables() -> None:
    opened = docx.Document(BytesIO(write(sheet(design(2))).content))
    heads = [p.text for p in opened.paragraphs if p.style and p.style.name.lower() == "heading 1"]
    assert heads == ["一、核心素养目标", "二、教学过程"]
    assert [cell.text for cell in opened.tables[2].rows[0].cells][:3] == ["教学环节", "教师活动", "学生活动"]
    assert opened.tables[2].rows[1].cells[0].text.splitlines() == ["一、环节1", "时长：8 分钟", "对应目标：目标1"]
    assert [cell.text for cell in opened.tables[0].rows[0].cells] == ["作者", "李敏", "课型", "新授"]


def test_the_paper_is_a4_upright_or_wide() -> None:
    for wide, size in ((False, (210, 297)), (True, (297, 210))):
        paper = docx.Document(BytesIO(write(sheet(wide=wide)).content)).sections[0]
        assert paper.page_width is not None
        assert paper.page_height is not None
        assert (round(paper.page_width.mm), round(paper.page_height.mm)) == size


def test_the_letterhead_and_the_numbers_of_the_pages_stand_on_every_page() -> None:
    written = write(sheet(), Letter("东湖小学", "求真 向善", Picture(PNG, "png", 8, 8)))
    assert said(part(written, "word/header1.xml")).split() == ["东湖小学教学设计"]
    foot = part(written, "word/footer1.xml")
    assert "求真 向善" in said(foot)
    assert [one.get(f"{W}instr").strip() for one in foot.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]
    assert part(written, "word/_rels/header1.xml.rels")[0].get("Target") == "media/logo.png"


def test_chinese_text_is_song_and_headings_are_hei() -> None:
    styles = part(write(sheet()), "word/styles.xml")
    fonts = {
        style.get(f"{W}styleId"): style.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia")
        for style in styles.iter(f"{W}style")
        if style.find(f"{W}rPr/{W}rFonts") is not None
    }
    assert styles.find(f"{W}docDefaults//{W}rFonts").get(f"{W}eastAsia") == "宋体"
    assert fonts["Heading1"] == fonts["Title"] == "黑体"


@pytest.mark.parametrize(
    ("latex", "element", "signs"),
    [
        (r"\frac{1}{3}+\sqrt{2}", "f", "13+2"),
        (r"\sqrt[3]{8}", "rad", "38"),
        (r"x_1^2", "sSubSup", "x12"),
        (r"\begin{cases}x=1\\y=2\end{cases}", "m", "x=1y=2"),
        (r"\overline{AB}", "bar", "AB"),
        (r"0.\dot{3}", "acc", "0.3"),
        (r"\sum_{i=1}^{n} i", "nary", "i=1ni"),
        (r"\begin{aligned}a&=b\\&=c\end{aligned}", "mr", "a=b=c"),
        (r"\text{路程}=\text{速度}\times 3", "r", "路程=速度×3"),
        (r"\boxed{3}", "borderBox", "3"),
    ],
)
def test_a_formula_is_words_own(latex: str, element: str, signs: str) -> None:
    root = etree.fromstring(f'<x xmlns:m="{M[1:-1]}" xmlns:w="{W[1:-1]}">{to_omml(latex)}</x>')
    assert root.find(f".//{M}{element}") is not None
    assert "".join(one.text for one in root.iter(f"{M}t")) == signs


@pytest.mark.parametrize("latex", [r"\frac{1}", r"\nonsense{1}", "x" * 3_000, r"a \backslashes b"])
def test_a_formula_that_does_not_parse_stands_as_its_source_and_is_told(latex: str) -> None:
    formula = {"type": "paragraph", "content": [words("见"), {"type": "formula", "attrs": {"latex": latex}}]}
    written = write(sheet(design(board=doc(formula))))
    assert f"见${latex}$" in said(part(written))
    assert "原样印了出来" in written.problems[0]
    assert written.problems[0] in said(part(written, "word/comments.xml"))


def test_marks_lists_quotes_and_joined_cells_are_words_own() -> None:
    cell = {"type": "table_cell", "attrs": {"rowspan": 2}, "content": [rich.paragraph(words("甲"))]}
    plain = {"type": "table_cell", "content": [rich.paragraph(words("乙"))]}
    table = {
        "type": "table",
        "content": [{"type": "table_row", "content": [cell, plain]}, {"type": "table_row", "content": [plain]}],
    }
    inner = {"type": "bullet_list", "content": [{"type": "list_item", "content": [rich.paragraph(words("里"))]}]}
    counted = {
        "type": "ordered_list",
        "attrs": {"start": 3},
        "content": [{"type": "list_item", "content": [rich.paragraph(words("外")), inner]}],
    }
    quote = {"type": "blockquote", "content": [rich.paragraph(words("引", "emphasis_dots", "strong"))]}
    root = part(write(sheet(design(board=doc(table, counted, quote)))))
    merges = [one.get(f"{W}val") for one in root.iter(f"{W}vMerge")]
    assert merges == ["restart", None]
    levels = [one.find(f"{W}ilvl").get(f"{W}val") for one in root.iter(f"{W}numPr")]
    assert levels[-2:] == ["0", "1"]
    assert root.find(f".//{W}em").get(f"{W}val") == "dot"
    numbers = part(write(sheet(design(board=doc(counted)))), "word/numbering.xml")
    assert "3" in [one.get(f"{W}val") for one in numbers.iter(f"{W}startOverride")]


def test_a_picture_says_what_it_shows_and_a_lost_one_is_told() -> None:
    pictures = [{"type": "image", "attrs": {"file": uid, "alt": f"图{uid}"}} for uid in ("here", "gone")]
    held = {"here": Picture(PNG, "png", 8, 8)}
    written = write(sheet(design(board=doc(*pictures))), pictures=held.get)
    root = part(written)
    drawn = [one.get("descr") for one in root.iter() if one.tag.endswith("docPr")]
    assert drawn == ["图here"]
    assert "（图片：图gone）" in said(root)
    assert "图gone" in written.problems[0]


def test_comments_stand_at_the_words_they_speak_of() -> None:
    remarks = [
        Remark("王老师", "慢一点", quote="数一数"),
        Remark("陈老师", "很好"),
        Remark("周老师", "哪里", quote="没有这句"),
    ]
    written = write(sheet(), remarks=remarks)
    root = part(written)
    start = next(one for one in root.iter(f"{W}commentRangeStart") if one.get(f"{W}id") == "1")
    assert len(list(root.iter(f"{W}commentReference"))) == 3
    assert [c.get(f"{W}author") for c in part(written, "word/comments.xml")] == ["王老师", "陈老师", "周老师"]
    assert said(start.getnext()) == "数一数"


def test_three_hundred_stages_with_everything_are_written_in_time() -> None:
    document = design(300)
    begin = time.perf_counter()
    written = write(sheet(document))
    assert time.perf_counter() - begin < 0.5
    assert len(docx.Document(BytesIO(written.content)).tables[2].rows) == 301


def test_signs_that_no_xml_may_hold_are_left_out_and_the_rest_stays() -> None:
    written = write(sheet(design(board=doc(rich.paragraph(words("甲\x00乙\x0b<丙>&"))))))
    assert "甲乙<丙>&" in said(part(written))


def test_the_same_sheet_is_the_same_bytes() -> None:
    assert write(sheet()).content == write(sheet()).content
