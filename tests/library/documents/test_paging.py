"""Sheets as one PDF: in our own faces, under each school's letterhead; what cannot be printed is told."""

import time

import pypdfium2
import pytest

from library.documents import paging, rich
from library.documents.formulas import Unreadable
from library.documents.paging.formulas import to_typst
from library.documents.word.writing import Letter, Picture
from tests.factories.pictures import PNG
from tests.library.documents.test_word_writing import design, doc, sheet, words


def pages(content: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(content)
    found = [page.get_textpage().get_text_bounded() for page in opened]
    opened.close()
    return found


def test_every_sheet_begins_a_page_under_its_own_letterhead() -> None:
    written = paging.write([(sheet(), Letter("东湖小学", "求真")), (sheet(), Letter("西溪小学"))])
    found = pages(written.content)
    assert "东湖小学" in found[0]
    assert "求真" in found[0]
    assert "西溪小学" in found[1]
    assert "第 1 页" in found[0].replace("\xa0", " ")
    assert "梯形的面积" in found[1]


def test_the_paper_lies_down_when_asked() -> None:
    opened = pypdfium2.PdfDocument(paging.write([(sheet(wide=True), Letter())]).content)
    width, height = opened[0].get_size()
    opened.close()
    assert (round(width), round(height)) == (842, 595)


def test_twenty_plans_are_one_file_in_time() -> None:
    twenty = [(sheet(design(8)), Letter("东湖小学"))] * 20
    begin = time.perf_counter()
    written = paging.write(twenty)
    assert time.perf_counter() - begin < 5
    assert len(pages(written.content)) >= 20


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{1}{3}+\sqrt{2}", r"\sqrt[3]{8}", r"x_1^2", r"\begin{cases}x=1\\y=2\end{cases}", r"\overline{AB}", r"0.\dot{3}",
        r"\sum_{i=1}^{n} i", r"\text{路程}=\text{速度}\times 3", r"\left(\frac{1}{2}\right)^2", r"\{1, 2\}", r"(a,b];c", r"\boxed{3}",
        r"\begin{array}{r} 12\\ +3\\ \hline 15\end{array}", r"\underbrace{1+1}_{2}", r"a/b \# 5\%", r"\lim_{x\to 0}", r"\vec{a}\perp b",
    ],
)  # fmt: skip
def test_a_formula_is_set(latex: str) -> None:
    formula = {"type": "paragraph", "content": [{"type": "formula", "attrs": {"latex": latex}}]}
    written = paging.write([(sheet(design(board=doc(formula))), Letter())])
    assert written.problems == ()
    assert latex not in "".join(pages(written.content))


def test_a_formula_that_does_not_parse_is_printed_as_its_source_and_told() -> None:
    with pytest.raises(Unreadable):
        to_typst(r"\frac{1}")
    formula = {"type": "paragraph", "content": [{"type": "formula", "attrs": {"latex": r"\frac{1}"}}]}
    written = paging.write([(sheet(design(board=doc(formula))), Letter())])
    assert r"$\frac{1}$" in "".join(pages(written.content))
    assert "原样印了出来" in written.problems[0]


def test_a_character_that_the_faces_lack_is_told() -> None:
    written = paging.write([(sheet(design(board=doc(rich.paragraph(words("甲\U00020bb7"))))), Letter())])
    assert "甲〓" in "".join(pages(written.content))
    assert "\U00020bb7" in written.problems[0]


@pytest.mark.parametrize(
    "typed", ['#image("x") *粗* $x$', '"+read("/etc/passwd")+"', "\\#{}[]=-+/_^<a>@b", "// 注释 /* */"]
)
def test_what_a_teacher_types_is_never_a_command(typed: str) -> None:
    written = paging.write([(sheet(design(board=doc(rich.paragraph(words(typed))))), Letter(typed, typed))])
    assert typed.replace(" ", "") in "".join(pages(written.content)).replace(" ", "").replace("\r\n", "")


def test_pictures_and_joined_cells_are_printed() -> None:
    cell = {"type": "table_cell", "attrs": {"colspan": 2}, "content": [rich.paragraph(words("合并"))]}
    table = {"type": "table", "content": [{"type": "table_row", "content": [cell]}]}
    picture = {"type": "image", "attrs": {"file": "a", "alt": "方格纸"}}
    lost = {"type": "image", "attrs": {"file": "b", "alt": "不在了"}}
    shown = sheet(design(board=doc(table, picture, lost)))
    written = paging.write(
        [(shown, Letter("校", "", Picture(PNG, "png", 8, 8)))], pictures={"a": Picture(PNG, "png", 8, 8)}.get
    )
    found = "".join(pages(written.content))
    assert "合并" in found
    assert "（图片：不在了）" in found
    assert len(written.problems) == 1
