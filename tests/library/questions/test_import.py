"""Question sets come in row by row: nothing lost, every refused row named, a second run changes nothing."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from groups.access import Refused
from groups.viewer import viewer_for
from library.documents import question, rich, schema
from library.documents.question import QuestionDocument
from library.questions import bank, importing
from library.questions.models import Question
from library.questions.reading import answer_of
from library.questions.selectors import question_for_use
from library.resources.models import Resource
from library.resources.services import Audience
from library.resources.services.records import unrecorded
from search.models import OutboxRow
from tests.factories.town import Town

pytestmark = pytest.mark.django_db

TAL: dict[str, Any] = {
    "id": "tal-1",
    "stem": "1. 计算：$$\\frac{1}{2}\\times 4$$的值是（~~ ）．  说说``为什么''",
    "options": [["A", "$$1$$"], ["B", "$$2$$"]],
    "answer": "B",
    "difficulty": 3,
    "kp_routes": [["拓展思维", "计算模块", "分数乘法"]],
    "sources": ["2018年创新杯五年级竞赛第1题", "2019年六年级模拟"],
    "analysis": ["$$2$$．"],
}
APE = {"id": "ape-1", "stem": "每班多少本？", "answer": "(11/20)", "equation": "x=135/3"}
CMATH = {"grade": 3, "input": "还剩多少页？", "golden": "9", "reasoning_step": 2, "num_digits": 2, "id": "cmath-1"}
DUPLICATES = {
    "group": "dup-1",
    "original": "几条鱼？",
    "answer": "5",
    "variants": [{"text": "几条鱼？", "distractor_level": 0}, {"text": "三只猫。几条鱼？", "distractor_level": 1}],
}


def quiz(kind: str, answer: str, options: list[str] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": f"unit-{kind}",
        "unit": "unit-math-5a-6",
        "paper": "单元测评",
        "type": kind,
        "score": 2,
        "difficulty": 2,
        "kp": "梯形的面积",
        "stem": "题干 ___",
        "options": options or [],
        "answer": answer,
        "explanation": "$3 + 4 = 7$。",
        **more,
    }


QUIZZES = [
    quiz("true_false", "对"),
    quiz("choice", "水", ["日", "水"]),
    quiz("fill_blank", "7"),
    quiz("fill_blank_text", "下"),
    quiz("matching", "A-2,B-1", ["飞", "外", "wài", "fēi"]),
    quiz("word_order", "It's,time,for", ["time", "It's", "for"]),
    quiz("calculation", "7"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sets: dict[str, list[dict[str, Any]]] = {"tal": [TAL], "ape": [APE], "cmath": [CMATH, DUPLICATES], "units": QUIZZES}
    for name, rows in sets.items():
        (tmp_path / name).mkdir()
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / name / "dev.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "cmath" / "MANIFEST.json").write_text('{"licence": "CC BY 4.0", "source": "XiaoMi/cmath"}')
    return tmp_path


def run(town: Town, *paths: Path) -> list[importing.FileReport]:
    return importing.import_sets(paths=paths, owner=town.person("teacher"), school=town.member, at=town.now)


def document_of(value: str) -> QuestionDocument:
    resource = Resource.objects.get(external_ids__value=value)
    assert resource.published_version is not None
    return schema.load(QuestionDocument, resource.published_version.document)


def test_every_row_becomes_a_question_of_its_type(town: Town, folder: Path) -> None:
    reports = run(town, folder)
    assert importing.total(reports) == {"单选": 2, "解决问题": 4, "判断": 1, "填空": 2, "连线": 1, "排序": 1, "口算": 1}
    assert sum(report.imported for report in reports) == Question.objects.count() == 12
    assert [report.refused for report in reports] == [[]] * 4


def test_a_second_run_changes_nothing(town: Town, folder: Path) -> None:
    run(town, folder)
    before = list(Resource.objects.values_list("uid", "title"))
    reports = run(town, folder)
    assert (sum(r.imported for r in reports), sum(r.known for r in reports)) == (0, 12)
    assert list(Resource.objects.values_list("uid", "title")) == before


def test_latex_routes_sources_and_grades_of_a_row_are_kept(town: Town, folder: Path) -> None:
    run(town, folder)
    document, resource = document_of("tal-1"), Resource.objects.get(external_ids__value="tal-1")
    assert rich.to_text(document.stem) == "1. 计算：\\frac{1}{2}\\times 4的值是（　）．\n说说“为什么”"
    assert document.origin.routes == ("拓展思维 > 计算模块 > 分数乘法",)
    assert (document.knowledge, document.difficulty) == (("分数乘法",), "较难")
    assert document.origin.places == tuple(TAL["sources"])
    assert (resource.grade_from, resource.grade_to) == (5, 6)
    assert answer_of(document) == "B"


def test_the_licence_of_a_set_stays_with_its_questions(town: Town, folder: Path) -> None:
    run(town, folder)
    assert document_of("cmath-1").origin.licence == "CC BY 4.0；XiaoMi/cmath"
    assert Resource.objects.get(external_ids__value="cmath-1").licence == "cc_by"
    assert Resource.objects.get(external_ids__value="ape-1").licence == "self"


def test_halves_and_pieces_stand_where_the_source_had_them(town: Town, folder: Path) -> None:
    run(town, folder)
    assert answer_of(document_of("unit-matching")) == "1—B，2—A"
    order = document_of("unit-word_order")
    assert [rich.to_text(order.steps[key].words) for key in question.on_paper(order.steps)] == ["time", "It's", "for"]
    assert answer_of(order) == "2 → 1 → 3"


def test_imported_questions_are_their_owners_alone_with_a_whole_record_and_reach_the_index(
    town: Town, folder: Path
) -> None:
    run(town, folder)
    uid = Resource.objects.get(external_ids__value="ape-1").uid
    assert question_for_use(uid, viewer_for(town.person("teacher"), town.now))
    assert question_for_use(uid, viewer_for(town.person("colleague"), town.now)) is None
    assert list(unrecorded()) == []
    assert OutboxRow.objects.filter(source="resource", pending=True).count() == 12


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{没有引号", "这一行不是 JSON"),
        (APE | {"answer": " "}, "没有答案"),
        (TAL | {"answer": "E"}, "答案“E”不在选项 A、B 里"),
        (TAL | {"options": 7}, "字段的样子不对"),
        (CMATH | {"grade": 13}, "年级“13”不认识"),
        (quiz("true_false", "也许"), "不是“对”或“错”"),
        (quiz("choice", "火", ["日", "水"]), "答案“火”不在选项里"),
        (quiz("matching", "A-1,B-1", ["a", "b", "c", "d"]), "对不上"),
        (quiz("word_order", "甲,丙", ["甲", "乙"]), "对不上"),
        (quiz("essay", "略"), "题型“essay”不认识"),
        ({"id": "x"}, "认不出是哪种题集"),
    ],
)
def test_a_bad_row_is_named_with_its_reason_and_the_others_go_in(
    town: Town, tmp_path: Path, row: Any, reason: str
) -> None:
    bad = row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)
    (tmp_path / "set.jsonl").write_text(f"{json.dumps(APE, ensure_ascii=False)}\n{bad}\n", encoding="utf-8")
    (report,) = run(town, tmp_path)
    assert report.imported == 1
    assert [refused.line for refused in report.refused] == [2]
    assert reason in report.refused[0].reason


def test_the_command_prints_counts_refused_rows_and_a_sum(town: Town, folder: Path) -> None:
    (folder / "ape" / "dev.jsonl").write_text(json.dumps(APE) + "\n{}\n", encoding="utf-8")
    out = io.StringIO()
    phone = town.person("teacher").phone
    call_command("questions_import", str(folder), owner=phone, stdout=out)
    said = out.getvalue()
    assert "units/dev.jsonl：7 行，7 题（新入库 7，已在库 0），拒收 0 行" in said
    assert "拒收 dev.jsonl 第 2 行 ：缺少题目的字段" in said
    assert "合计 12 题" in said


def test_a_dry_run_writes_nothing(town: Town, folder: Path) -> None:
    out = io.StringIO()
    call_command("questions_import", str(folder), owner=town.person("teacher").phone, dry_run=True, stdout=out)
    assert "合计 12 题" in out.getvalue()
    assert not Question.objects.exists()


@pytest.mark.parametrize("path", ["nowhere", "."])
def test_a_place_without_a_set_is_told_so(town: Town, tmp_path: Path, path: str) -> None:
    with pytest.raises(CommandError, match="没有"):
        call_command("questions_import", str(tmp_path / path), owner=town.person("teacher").phone)


def test_what_asks_for_a_review_does_not_come_in_by_the_thousand(town: Town) -> None:
    with pytest.raises(Refused):
        bank.put_in_bank(
            entries=[],
            owner=town.person("teacher"),
            school=town.member,
            audience=Audience(organisation=town.member),
            at=town.now,
        )


SETS = ("tal_scq5k_cn", "mwp_ape210k", "mwp_cmath", "textbook_units")


@pytest.mark.skipif(
    not (Path(settings.REFERENCE_DATA) / SETS[0]).exists(), reason="the shared question sets are absent"
)
def test_the_shared_sets_are_read_without_a_refused_row(town: Town) -> None:
    paths = [Path(settings.REFERENCE_DATA) / name for name in SETS]
    reports = importing.import_sets(
        paths=paths, owner=town.person("teacher"), school=town.member, at=town.now, dry_run=True
    )
    assert {report.path.parent.name for report in reports} == set(SETS)
    assert sum(len(report.refused) for report in reports) == 0
    assert all(report.questions >= report.rows for report in reports)
