"""The comparison with independently made lists, with small lists of our own and with the reference data."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from catalogue.comparing import compare_lessons, compare_units, plain_title
from catalogue.outlines import SeedBook, parse_outline

HEAD = "edition: {edition}\ngrade: 3\nvolume: 上册\nrevision: 旧教材\nconfidence: likely\nsource: 录入\n\n"


def book(subject: str, edition: str, body: str) -> SeedBook:
    return parse_outline("册", f"subject: {subject}\n" + HEAD.format(edition=edition) + body)


def row(subject: str, edition: str, title: str) -> dict[str, Any]:
    return {"subject": subject, "edition": edition, "grade": 3, "volume": "上", "title": title}


def test_titles_are_compared_without_marks_blanks_and_unit_numbers() -> None:
    assert plain_title("Unit 3 What’s he like?") == plain_title("What's he like?")
    assert plain_title("《观 潮》") == plain_title("观潮")
    assert plain_title("1～5的认识（一）") == plain_title("1~5的认识(一)")
    assert plain_title("时、分、秒") != plain_title("时分秒")


def test_a_unit_on_one_side_only_is_listed_with_its_side() -> None:
    ours = [book("数学", "人教版", "# 测量\n# 集合\n")]
    score, _ = compare_units(ours, [row("数学", "人教版", "测量"), row("数学", "人教版", "倍的认识")])

    assert str(score) == "units 0.500 (1 of 2)"
    assert not score.holds
    assert [d.split("：")[1] for d in score.differences] == ["对照有、本站没有 “倍的认识”", "本站有、对照没有 “集合”"]


def test_chinese_units_are_counted_and_not_compared_by_title() -> None:
    ours = [book("语文", "统编版", "#\n#\n")]

    two = [row("语文", "统编版", "学校生活"), row("语文", "统编版", "金秋时节")]
    assert compare_units(ours, two)[1] == []
    assert compare_units(ours, two[:1])[1] == ["语文 统编版 3 年级上册：对照 1 个单元，本站 2 个"]


def test_a_lesson_of_another_book_does_not_count() -> None:
    ours = [book("语文", "统编版", "#\n2 花的学校\n")]
    elsewhere = row("语文", "统编版", "花的学校") | {"grade": 4}

    assert compare_lessons(ours, [row("语文", "统编版", "花的学校"), elsewhere]).found == 1


def test_an_empty_list_holds_no_bar() -> None:
    assert not compare_lessons([], []).holds


def run(capsys: pytest.CaptureFixture[str], folder: Path) -> tuple[int, list[str]]:
    code = 0
    try:
        call_command("catalogue_compare", data=folder)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, capsys.readouterr().out.splitlines()


def test_the_command_fails_below_the_bar_and_prints_its_figures_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, rows in {
        "textbook_units/units.jsonl": [row("数学", "人教版", "时、分、秒"), row("数学", "人教版", "没有这一单元")],
        "lessons_toc/lessons.jsonl": [row("语文", "统编版", "花的学校")],
    }.items():
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")

    code, lines = run(capsys, tmp_path)

    assert code == 1
    assert lines[-2:] == ["units 0.500 (1 of 2)", "lessons 1.000 (1 of 1)"]


def test_a_missing_folder_is_named_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="请用 --data"):
        call_command("catalogue_compare", data=tmp_path)


def test_the_seed_holds_both_bars_against_the_reference_lists(capsys: pytest.CaptureFixture[str]) -> None:
    if not (settings.REFERENCE_DATA / "textbook_units").is_dir():
        pytest.skip("没有参考数据（REFERENCE_DATA），无法对照")

    code, lines = run(capsys, settings.REFERENCE_DATA)

    assert code == 0
    assert lines[-2].startswith("units ")
    assert lines[-1].startswith("lessons ")
