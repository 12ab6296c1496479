"""A school's own template: named places found wherever Word has cut them, checked before they are kept, filled without loss."""

import zipfile
from io import BytesIO

import docx
import pytest

from library.documents import rich
from library.documents.word.template import BadTemplate, checked, fill
from library.documents.word.writing import Letter, Picture
from tests.factories.pictures import PNG
from tests.library.documents.test_word_writing import design, doc, sheet

KNOWN = ("课题", "教学过程", "核心素养目标", "板书设计", "作者", "学校")


def template(*lines: str, cells: tuple[str, ...] = ()) -> bytes:
    made = docx.Document()
    for line in lines:
        paragraph = made.add_paragraph()
        for at in range(0, len(line), 3):
            paragraph.add_run(line[at : at + 3])
    if cells:
        table = made.add_table(rows=1, cols=len(cells))
        for cell, words in zip(table.rows[0].cells, cells, strict=True):
            cell.text = words
    target = BytesIO()
    made.save(target)
    return target.getvalue()


GOOD = template("{{课题}}（{{作者}}）", cells=("目标", "{{核心素养目标}}", "{{教学过程}}"))


def words_of(content: bytes) -> str:
    opened = docx.Document(BytesIO(content))
    return "\n".join(element.text or "" for element in opened.element.body.iter() if element.tag.endswith("}t"))


def test_a_good_template_has_its_places() -> None:
    found = checked(GOOD, KNOWN)
    assert found.places == ("课题", "作者", "核心素养目标", "教学过程")
    assert found.is_good


def test_a_template_that_lacks_a_place_says_which() -> None:
    assert checked(template("{{课题}}"), KNOWN).missing == ("教学过程",)


def test_a_place_that_nobody_knows_is_named_with_a_better_one() -> None:
    found = checked(template("{{课题}}", "{{教学过成}}", "{{教学过程}}"), KNOWN)
    assert found.unknown == (("教学过成", "教学过程"),)


def broken() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<w:document><")
    return target.getvalue()


def another() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "打不开"),
        (GOOD[: len(GOOD) // 2], "打不开"),
        (another(), "不是 Word 文档"),
        (broken(), "读不懂"),
        (template("教案", "教学过程"), "没有一处 {{…}}"),
    ],
)
def test_what_is_no_template_is_refused_in_words(content: bytes, told: str) -> None:
    with pytest.raises(BadTemplate, match=told):
        checked(content, KNOWN)


def test_words_fill_a_line_and_blocks_fill_a_cell() -> None:
    board = doc(*rich.from_markup("- 甲\n- 乙")["content"], {"type": "image", "attrs": {"file": "a", "alt": "图"}})
    held = {"a": Picture(PNG, "png", 8, 8)}
    written = fill(GOOD, sheet(design(board=board)), Letter("东湖小学"), pictures=held.get)
    opened = docx.Document(BytesIO(written.content))
    assert opened.paragraphs[0].text == "梯形的面积（李敏）"
    cell = opened.tables[0].rows[0].cells[2]
    assert cell.tables[0].rows[1].cells[0].text.startswith("一、环节1")
    assert "{{" not in words_of(written.content)


def test_a_section_without_a_place_is_appended_and_nothing_is_lost() -> None:
    board = doc({"type": "paragraph", "content": [{"type": "formula", "attrs": {"latex": r"\frac{1}{2}"}}]})
    written = fill(GOOD, sheet(design(board=board)), Letter())
    opened = docx.Document(BytesIO(written.content))
    assert [p.text for p in opened.paragraphs if p.style and p.style.name == "Heading 1"] == ["板书设计"]
    assert b"m:f" in zipfile.ZipFile(BytesIO(written.content)).read("word/document.xml")


def test_the_schools_own_lists_stay_beside_those_of_the_text() -> None:
    made = docx.Document(BytesIO(GOOD))
    made.add_paragraph("学校的一条", style="List Bullet")
    target = BytesIO()
    made.save(target)
    written = fill(target.getvalue(), sheet(), Letter())
    with zipfile.ZipFile(BytesIO(written.content)) as archive:
        names = archive.namelist()
        numbers = archive.read("word/numbering.xml").decode()
    assert len(names) == len(set(names))
    assert numbers.rindex("<w:abstractNum ") < numbers.index("<w:num ")
    assert "学校的一条" in words_of(written.content)


def test_braces_that_a_teacher_typed_are_not_filled_again() -> None:
    one = sheet(design())
    typed = type(one)(title="{{作者}}", kind=one.kind, facts=one.facts, sections=one.sections)
    written = fill(GOOD, typed, Letter())
    assert docx.Document(BytesIO(written.content)).paragraphs[0].text == "{ {作者}}（李敏）"
