"""Rich text: closed list, safe HTML, and a text box that loses nothing."""

import pytest

from library.documents import rich

TABLE = {
    "type": "table",
    "content": [
        {
            "type": "table_row",
            "content": [{"type": "table_header", "content": [rich.paragraph({"type": "text", "text": "时间"})]}],
        },
        {
            "type": "table_row",
            "content": [{"type": "table_cell", "content": [rich.paragraph({"type": "text", "text": "8:00"})]}],
        },
    ],
}


def doc(*content: object) -> dict[str, object]:
    return {"type": "doc", "content": list(content)}


def test_a_text_box_reads_paragraphs_lists_strong_and_formulas() -> None:
    value = rich.from_markup("先独立思考\n- 数一数\n- 量一量\n1. 猜想 **大胆说**\n2. 验证 $S=ah$\n\n再交流")
    rich.check(value)
    assert [n["type"] for n in value["content"]] == ["paragraph", "bullet_list", "ordered_list", "paragraph"]
    assert rich.to_text(value) == "先独立思考\n数一数\n量一量\n猜想 大胆说\n验证 S=ah\n再交流"


@pytest.mark.parametrize(
    "markup",
    [
        "一段话",
        "- 甲\n- 乙",
        "3. 从三开始\n4. 接着四",
        "公式 $\\frac{1}{3}$ 在句中",
        "**要点**：先分后合",
        "价格 5 元",
        "a < b & c",
    ],
)
def test_what_a_text_box_can_hold_comes_back_the_same(markup: str) -> None:
    value = rich.from_markup(markup)
    assert rich.from_markup(rich.to_markup(value), value) == value


def test_a_table_and_a_picture_survive_a_text_box() -> None:
    picture = {"type": "image", "attrs": {"file": "abc", "alt": "钟面"}}
    value = doc(rich.paragraph({"type": "text", "text": "看表"}), TABLE, picture)
    markup = rich.to_markup(value)
    assert markup.split("\n") == ["看表", "〔表格1〕", "〔图片2〕"]
    again = rich.from_markup(markup.replace("看表", "先看钟面，再看表"), value)
    assert again["content"][1:] == [TABLE, picture]


@pytest.mark.parametrize(
    "node",
    [
        {"type": "iframe"},
        {"type": "paragraph", "content": [{"type": "table"}]},
        {"type": "image", "attrs": {"file": "x", "onerror": "alert(1)"}},
        {
            "type": "paragraph",
            "content": [{"type": "text", "text": "x", "marks": [{"type": "link", "attrs": {"href": "javascript:1"}}]}],
        },
        {"type": "paragraph", "content": [{"type": "text", "text": ""}]},
        {"type": "paragraph", "content": ["loose"]},
    ],
)
def test_what_is_not_on_the_list_is_refused(node: object) -> None:
    with pytest.raises(rich.RichProblem):
        rich.check(doc(node))


def test_html_is_escaped_wherever_text_goes() -> None:
    evil = '<script>alert("x")</script>'
    value = doc(
        rich.paragraph(
            {"type": "text", "text": evil, "marks": [{"type": "strong"}]}, {"type": "formula", "attrs": {"latex": evil}}
        ),
        {"type": "image", "attrs": {"file": '"><script>', "alt": evil}},
    )
    html = rich.to_html(value)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 3


def test_deep_nesting_is_refused_with_a_sentence() -> None:
    node: dict[str, object] = rich.paragraph({"type": "text", "text": "底"})
    for _ in range(20):
        node = {"type": "bullet_list", "content": [{"type": "list_item", "content": [node]}]}
    with pytest.raises(rich.RichProblem) as problem:
        rich.check(doc(node))
    assert "嵌套太深" in problem.value.sentence
