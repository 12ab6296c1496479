"""Statements of the curriculum standard come in once, with their source, and every line left out is named."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from catalogue.models import Knowledge, Standard, Subject
from catalogue.standards import import_standards, stage_of


@pytest.fixture
def folder(db: None, tmp_path: Path) -> Path:
    Subject.objects.get_or_create(name="语文", defaults={"code": "chinese", "block": "语", "colour": "chinese"})
    statements = [
        {
            "id": "s1",
            "discipline": "语文",
            "strand": "阅读与鉴赏",
            "statement": "能复述故事",
            "stage": {"min": "G3", "max": "G4"},
        },
        {
            "id": "s2",
            "discipline": "语文",
            "strand": None,
            "statement": "能听懂故事",
            "stage": {"min": "G1", "max": "G2"},
        },
        {
            "id": "s3",
            "discipline": "天文",
            "strand": None,
            "statement": "能认星座",
            "stage": {"min": "G1", "max": "G2"},
        },
        {"id": "s4", "discipline": "语文", "statement": "", "stage": {"min": "G1", "max": "G2"}},
        {"id": "s5", "discipline": "语文", "statement": "能写议论文", "stage": {"min": "G7", "max": "G9"}},
    ]
    edges = [{"anchor": "s1", "prerequisite": "s2"}, {"anchor": "s1", "prerequisite": "s9"}]
    recited = [{"key": "咏鹅", "meta": {"firstLine": "鹅鹅鹅", "author": "骆宾王"}}]
    (tmp_path / "MANIFEST.json").write_text(json.dumps({"source": "某项目", "licence": "CC BY-SA 4.0"}))
    for name, rows in (("statements", statements), ("edges", edges), ("list_yiwu-135", recited)):
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines + ("\nnot json\n" if name == "edges" else "\n"), encoding="utf-8")
    return tmp_path


def test_statements_their_order_and_poems_come_in_and_each_bad_line_is_named(folder: Path) -> None:
    report = import_standards(folder)

    standard = Standard.objects.get(code="s1")
    assert (standard.stage, standard.domain, standard.source) == ("3-4", "阅读与鉴赏", "某项目；许可 CC BY-SA 4.0")
    assert [before.code for before in standard.prerequisites.all()] == ["s2"]
    assert Standard.objects.get(code="s2").domain == "未分领域"
    assert list(Knowledge.objects.get(name="咏鹅").aliases.values_list("name", flat=True)) == ["鹅鹅鹅"]
    assert [str(line) for line in report.refused] == [
        "statements.jsonl 第 3 行：没有“天文”这门学科，没有导入",
        "statements.jsonl 第 4 行：缺少内容 statement，没有导入",
        "statements.jsonl 第 5 行：学段 G7–G9 不在小学，没有导入",
        "edges.jsonl 第 2 行：没有课标条目 s9，没有导入",
        "edges.jsonl 第 3 行：不是一个 JSON 对象，没有导入",
    ]


def test_a_second_run_changes_nothing_and_a_corrected_line_arrives(folder: Path) -> None:
    import_standards(folder)
    again = import_standards(folder)
    assert again.counts["课标条目 新建"] == again.counts["课标条目 更新"] == again.counts["先行关系 新建"] == 0

    path = folder / "statements.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("能复述故事", "能有条理地复述故事"), encoding="utf-8")
    assert import_standards(folder).counts["课标条目 更新"] == 1
    assert Standard.objects.get(code="s1").text == "能有条理地复述故事"


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    before = Standard.objects.count()

    assert import_standards(folder, dry_run=True).counts["课标条目 新建"] == 2
    assert Standard.objects.count() == before


@pytest.mark.parametrize(
    ("first", "last", "stage"), [("G1", "G1", "1-2"), ("G3", "G5", "3-4"), ("G5", "G7", "5-6"), ("G1", "G9", "1-6")]
)
def test_grades_become_the_stage_they_begin_in(first: str, last: str, stage: str) -> None:
    assert stage_of(first, last) == stage


@pytest.mark.django_db
def test_the_shared_statements_come_in_whole(capsys: pytest.CaptureFixture[str]) -> None:
    data = settings.REFERENCE_DATA / "curriculum_2022"
    if not data.exists():
        pytest.skip("the reference data is not here (REFERENCE_DATA)")
    call_command("catalogue_seed")

    report = import_standards(data)

    assert report.counts["课标条目 新建"] == report.counts["课标条目 读入"]
    assert report.refused == []
