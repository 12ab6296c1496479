"""A teacher's Word file is read whole: every word in its section, formulas, pictures and comments in their places."""

import importlib.util
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from library.documents import rich, schema
from library.documents.word.reading import fields, omml, words
from library.documents.word.reading.plan import lines_of
from library.documents.word.reading.reading import Read, Unreadable, read
from tests.library.documents.word_plans import LAYOUTS, Maker, formula, with_comment, with_picture

SHARED = ("objectives", "key_points", "difficulties", "preparation", "board", "homework", "reflection", "analysis")
HEAD = ("title", "subject", "grade", "volume", "edition", "lesson_type", "periods", "author", "school")
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


@pytest.fixture
def through_word(tmp_path: Path) -> Callable[..., Read]:
    """Build a document, save it, read it."""

    def built(build: Callable[[Any], None], name: str = "plan.docx") -> Read:
        document = Document()
        build(document)
        document.save(str(tmp_path / name))
        return read(tmp_path / name, name)

    return built


def lines(*texts: str) -> Callable[[Any], None]:
    """A document of paragraphs; those that begin with * are bold."""

    def build(document: Any) -> None:
        for text in texts:
            document.add_paragraph().add_run(text.removeprefix("*")).bold = text.startswith("*") or None

    return build


def table(document: Any, rows: Sequence[Sequence[Any]]) -> Any:
    """A table of texts; (text, 3) is a cell over three columns."""
    width = max(sum(c[1] if isinstance(c, tuple) else 1 for c in row) for row in rows)
    made = document.add_table(rows=0, cols=width)
    for row in rows:
        cells, at = made.add_row().cells, 0
        for one in row:
            text, span = one if isinstance(one, tuple) else (one, 1)
            cell = cells[at].merge(cells[at + span - 1]) if span > 1 else cells[at]
            first, *more = text.split("\n")
            cell.paragraphs[0].text = first
            for line in more:
                cell.add_paragraph(line)
            at += span
    return made


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", range(6))
def test_plans_of_every_layout_are_found_as_they_were_meant(layout: str, seed: int, tmp_path: Path) -> None:
    made = Maker(seed, layout).document_written(tmp_path / "plan.docx")
    plan, expected = read(tmp_path / "plan.docx", "plan.docx").plans[0], made.expected
    for key in SHARED:
        assert plan[key] == expected[key], (key, made.traits)
    for key in HEAD:
        assert plan[key] == expected[key] or key == "title", (key, made.traits)
    assert plan["stages"] == expected["stages"], made.traits
    assert plan["unplaced"] == [], made.traits


def test_the_example_plans_are_read_without_a_lost_character(tmp_path: Path) -> None:
    folder = settings.REFERENCE_DATA / "lesson_plans_docx"
    if not folder.is_dir():
        pytest.skip("the reference data is not here (REFERENCE_DATA)")
    judge = _judge(folder / "score_import.py")
    for path in sorted(folder.glob("*.docx")):
        plans = read(path, path.name).plans
        expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
        chars, other = judge.score(expected, json.loads(json.dumps(plans)))
        content = [row for key, row in chars.items() if not key.startswith("meta.")]
        head = [row for key, row in chars.items() if key.startswith("meta.")]
        assert sum(row["lost"] for row in content) == 0, path.name
        assert sum(row["right"] for row in content) >= 0.95 * sum(row["n"] for row in content), path.name
        assert sum(row["right"] for row in head) >= 0.95 * sum(row["n"] for row in head), path.name
        assert (other["stages_found"], other["stages_extra"]) == (other["stages"], 0), path.name
        for thing in ("formulas", "inline", "images", "comments", "minutes", "period"):
            assert other[f"{thing}_found"] == other[thing], (path.name, thing)
        assert other["extra"] <= 0.03 * other["result_chars"], path.name


def _judge(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_import", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_two_plans_in_a_file_are_two_and_periods_of_one_plan_are_one(through_word: Callable[..., Read]) -> None:
    def two(document: Any) -> None:
        for title in ("6的乘法口诀", "7的乘法口诀"):
            lines(f"*{title}", "执教：林晓雯", "*教学目标：", f"会背{title}。", "*教学过程：", "*一、复习", "师：背。")(
                document
            )

    assert [plan["title"] for plan in through_word(two).plans] == ["6的乘法口诀", "7的乘法口诀"]
    periods = through_word(
        lines("《荷花》教学设计", "*第一课时", "*教学目标：", "认字。", "*教学过程：", "*一、读", "师：读。",
              "*第二课时", "*教学目标：", "背诵。", "*教学过程：", "*一、背", "师：背。")
    ).plans  # fmt: skip
    assert len(periods) == 1
    assert periods[0]["objectives"] == ["认字。", "背诵。"]
    assert [(stage["period"], stage["name"]) for stage in periods[0]["stages"]] == [
        ("第一课时", "读"),
        ("第二课时", "背"),
    ]


def test_labels_down_the_side_and_a_nearer_label_beside_them(through_word: Callable[..., Read]) -> None:
    def form(document: Any) -> None:
        made = table(
            document,
            [
                ["课题", ("荷花", 2)],
                ["教学目标", "知识与技能", "认字。"],
                ["", "情感态度", "爱荷花。"],
                ["教学重难点", "重点", "朗读。"],
                ["", "难点", "想象。"],
                ["教学过程", "导入\n3分钟", "师：看。\n学生看图。"],
            ],
        )
        made.cell(1, 0).merge(made.cell(2, 0))
        made.cell(3, 0).merge(made.cell(4, 0))

    plan = through_word(form).plans[0]
    assert plan["objectives"] == ["知识与技能", "认字。", "情感态度", "爱荷花。"]
    assert (plan["key_points"], plan["difficulties"]) == (["朗读。"], ["想象。"])
    assert "学生看图。" in plan["stages"][0]["student"]


def test_a_stage_may_have_a_table_of_its_own(through_word: Callable[..., Read]) -> None:
    def stages(document: Any) -> None:
        lines("*荷花", "*一、教学目标", "认字。", "*二、教学过程")(document)
        for number, name in (("环节一", "导入（5分钟）"), ("环节二", "读文（15分钟）")):
            table(document, [[number, name], ["教师活动", f"讲{name}"], ["学生活动", "听"], ["设计意图", "激趣"]])

    found = through_word(stages).plans[0]["stages"]
    assert [(s["name"], s["minutes"], s["student"], s["intent"]) for s in found] == [
        ("导入", 5, "听", "激趣"),
        ("读文", 15, "听", "激趣"),
    ]


def test_homework_as_a_stage_is_no_section(through_word: Callable[..., Read]) -> None:
    plan = through_word(
        lines(
            "*荷花",
            "【教学目标】认字。",
            "【教学过程】",
            "*一、导入",
            "看图",
            "*二、布置作业",
            "抄写",
            "【板书设计】",
            "荷花",
        )
    ).plans[0]
    assert [stage["name"] for stage in plan["stages"]] == ["导入", "布置作业"]
    assert (plan["homework"], plan["board"]) == ([], "荷花")


def test_prose_without_stages_is_one_stage_without_a_name(through_word: Callable[..., Read]) -> None:
    plan = through_word(
        lines("*圆", "教学目标：会算。", "*教学过程：", "出示圆。", "学生说一说。", "师：怎么算？")
    ).plans[0]
    assert [(s["name"], s["teacher"], s["student"]) for s in plan["stages"]] == [
        ("", "出示圆。\n师：怎么算？", "学生说一说。")
    ]


def test_tracked_changes_are_accepted_and_said(through_word: Callable[..., Read]) -> None:
    def changed(document: Any) -> None:
        lines("*圆", "*教学目标：")(document)
        paragraph = document.add_paragraph("会")
        paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>背</w:delText></w:r></w:del>"))
        paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>推导公式。</w:t></w:r></w:ins>"))

    found = through_word(changed)
    assert found.plans[0]["objectives"] == ["会推导公式。"]
    assert found.plans[0]["tracked_changes"] == {"inserted": 1, "deleted": 1}
    assert any("接受修订" in note and "插入 1 处，删除 1 处" in note for note in found.notes)


def test_comments_keep_their_author_words_and_place(through_word: Callable[..., Read]) -> None:
    def remarked(document: Any) -> None:
        lines("*圆", "*教学目标：")(document)
        with_comment(document, document.add_paragraph("会算圆的面积。"), "再具体一些", "周敏")
        lines("*教学过程：", "*一、导入")(document)
        with_comment(document, document.add_paragraph("师：看图。"), "换一张图")

    found = through_word(remarked)
    kept = [(c.author, c.text, c.quote, c.place) for c in found.designs[0].comments]
    assert kept == [
        ("周敏", "再具体一些", "会算圆的面积。", "核心素养目标"),
        ("教研组长", "换一张图", "师：看图。", "环节1"),
    ]
    assert found.plans[0]["comments"] == 2


def test_formulas_and_pictures_stand_in_their_places(through_word: Callable[..., Read]) -> None:
    def drawn(document: Any) -> None:
        lines("*分数", "*教学目标：")(document)
        paragraph = document.add_paragraph("认识")
        paragraph._p.append(formula(("1", "2")))
        paragraph.add_run("的意义。")
        lines("*板书设计：")(document)
        with_picture(document.add_paragraph("如图"))

    found = through_word(drawn)
    assert found.plans[0]["objectives"] == ["认识$\\frac{1}{2}$的意义。"]
    assert (found.plans[0]["formulas"], found.plans[0]["images"]) == (["\\frac{1}{2}"], 1)
    document = found.designs[0].document
    objective = next(iter(document.objectives.values())).statement
    assert [n["attrs"]["latex"] for n in rich.nodes(objective) if n["type"] == "formula"] == ["\\frac{1}{2}"]
    assert [n["type"] for n in document.board["content"]] == ["paragraph", "image"]
    schema.load(type(document), schema.dump(document))


def test_a_text_box_is_read_once(through_word: Callable[..., Read]) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>板书一圈</w:t></w:r></w:p></w:txbxContent>"
    space = nsdecls("w") + (
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    )
    both = (
        f'<w:r {space}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )

    def boxed(document: Any) -> None:
        lines("*圆", "*教学目标：", "会。", "*板书设计：")(document)
        document.add_paragraph()._p.append(parse_xml(both))

    assert through_word(boxed).plans[0]["board"] == "板书一圈"


def test_a_word_that_no_list_knows_waits_in_the_tray_with_its_label(through_word: Callable[..., Read]) -> None:
    found = through_word(
        lambda d: table(d, [["课题", "荷花"], ["德育渗透点", "热爱自然"], ["教学目标", "认字"], ["教学过程", "看图"]])
    )
    design = found.designs[0]
    assert [(piece.label, rich.to_text(piece.text)) for piece in design.tray] == [
        ("德育渗透点", "德育渗透点\n热爱自然")
    ]


HOSTILE = [
    "教学目标",
    "一、",
    "（一）",
    "1.",
    "【设计意图】",
    "师：",
    "生：",
    "第一课时",
    "《》",
    "板书",
    "：",
    "（",
    "【",
    "】",
    "）",
    "10分钟",
    "环节一：",
    "重点：",
    "$",
    "{",
    "\\",
    "课题：",
]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_a_file_says_no_word_is_lost(seed: int, through_word: Callable[..., Read]) -> None:
    """Words that stand nowhere else, among labels in no order, in paragraphs and cells."""
    maker = Maker(seed, "table")
    told: list[str] = []

    def word() -> str:
        told.append(f"词{len(told):03d}尾")
        return " ".join(maker.pick(HOSTILE) for _ in range(maker.random.randint(0, 3))) + told[-1]

    def build(document: Any) -> None:
        for _ in range(30):
            if maker.random.random() < 0.6:
                maker.line(word(), bold=maker.random.random() < 0.4)
            else:
                width = maker.random.randint(1, 4)
                table(
                    document, [[f"{word()}\n{word()}" for _ in range(width)] for _ in range(maker.random.randint(1, 3))]
                )

    maker.document = Document()
    found = through_word(lambda document: build(_shared(document, maker)))
    shared = json.dumps(found.plans, ensure_ascii=False)
    typed = " ".join(
        json.dumps([schema.dump(d.document), d.head, d.title, [p.text for p in d.tray], [p.label for p in d.tray]],
                   ensure_ascii=False)
        for d in found.designs
    )  # fmt: skip
    assert [one for one in told if one not in shared] == []
    assert [one for one in told if one not in typed] == []


def _shared(document: Any, maker: Maker) -> Any:
    maker.document = document
    return document


@pytest.mark.parametrize(
    ("inner", "latex"),
    [
        ("<m:r><m:t>S=ab÷2</m:t></m:r>", "S=ab\\div2"),
        ("<m:rad><m:deg/><m:e><m:r><m:t>2</m:t></m:r></m:e></m:rad>", "\\sqrt{2}"),
        ("<m:sSup><m:e><m:r><m:t>r</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>", "r^{2}"),
        ("<m:d><m:e><m:r><m:t>a+b</m:t></m:r></m:e></m:d>", "\\left(a+b\\right)"),
        ("<m:strange><m:r><m:t>x</m:t></m:r></m:strange>", "x"),
        ("<m:r><m:t>面积</m:t></m:r>", "\\text{面积}"),
    ],
)
def test_formulas_of_word_are_latex(inner: str, latex: str) -> None:
    assert omml.latex(parse_xml(f"<m:oMath {M}>{inner}</m:oMath>")) == latex


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (r" EQ \f(1,2) ", ("\\frac{1}{2}", "")),
        (r" EQ \f(3,\r(2)) ", ("\\frac{3}{\\sqrt{2}}", "")),
        (r" eq \o\ac(○,3) ", ("", "③")),
        (r"EQ \* jc2 \o\ad(\s\up 9(yún),云)", ("", "云")),
        ("PAGE", ("", "")),
    ],
)
def test_formulas_drawn_with_field_codes_are_read(code: str, found: tuple[str, str]) -> None:
    assert fields.read(code) == found


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("导入（5分钟）", 5), ("Step 1 (10 mins)", 10), ("16′", 16), ("约十五分钟", 15), ("几分之一", 0), ("（8分）", 8)],
)
def test_minutes_are_read_where_they_stand(text: str, minutes: int) -> None:
    found = words.MINUTES.search(text)
    assert (words.to_number(found["minutes"]) if found else 0) == minutes


def test_three_hundred_stages_are_read_in_time(through_word: Callable[..., Read], tmp_path: Path) -> None:
    rows: list[list[Any]] = [["教学环节", "教师活动", "学生活动"]]
    rows += [[f"{at}、第{at}步", f"讲{at}", f"听{at}"] for at in range(1, 301)]
    long = through_word(lambda d: (lines("*圆", "*教学过程")(d), table(d, rows)))
    assert len(long.designs[0].document.stages) == 300
    path = tmp_path / "plan.docx"
    begun = time.process_time()
    read(path, "plan.docx")
    assert time.process_time() - begun < 5


def test_a_file_without_words_says_what_to_do(through_word: Callable[..., Read]) -> None:
    with pytest.raises(Unreadable) as refusal:
        through_word(lambda d: with_picture(d.add_paragraph()))
    assert "只有图片" in refusal.value.what
    with pytest.raises(Unreadable) as nothing:
        through_word(lambda d: None)
    assert "没有文字" in nothing.value.what


def test_the_original_beside_the_review_holds_every_line(through_word: Callable[..., Read]) -> None:
    found = through_word(lines("*圆", "教学目标：会算。", "*教学过程：", "师：看。"))
    assert rich.to_text(found.original).split("\n") == ["圆", "教学目标：会算。", "教学过程：", "师：看。"]
    assert lines_of([]) == []
