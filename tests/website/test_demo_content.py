"""The demo's texts and files fit together before anything is loaded."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from library.documents.question import TYPES, problems
from library.resources.models import Kind
from website.demo import bank, build_files
from website.demo.build_files import CONTENT, LIMIT, missing_tools
from website.demo.building.boards import wrap
from website.demo.building.films import caption_lines

SHORT_ON_PURPOSE = {"parallel-design", "guess-design", "rope-design", "myhome-design"}


def resources() -> Iterator[dict[str, Any]]:
    for path in sorted(CONTENT.glob("p*/*.yaml")):
        whole = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from whole.get("parts", [whole])


RESOURCES = {resource["key"]: resource for resource in resources()}
DESIGNS = {key: resource["design"] for key, resource in RESOURCES.items() if "design" in resource}


def test_there_are_twenty_four_packages_and_thirty_five_pieces_of_every_kind_with_keys_of_their_own() -> None:
    packages = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in CONTENT.glob("packages/*.yaml")]
    parts = sum(len(package["parts"]) for package in packages)

    assert len(packages) == 24
    assert all({"lesson_design"} < {part["kind"] for part in package["parts"]} for package in packages)
    assert len(list(CONTENT.glob("pieces/*.yaml"))) == 35
    assert len(RESOURCES) == parts + 35
    assert {r["kind"] for r in RESOURCES.values()} == set(Kind.values) - {Kind.PACKAGE, Kind.QUESTION}


def test_there_are_three_hundred_questions_of_every_type_each_with_a_reason_for_its_answer() -> None:
    told = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in CONTENT.glob("questions/*.yaml")]
    questions = [bank.question(facts) for file in told for facts in file["questions"]]
    keys = [facts["key"] for file in told for facts in file["questions"]]

    assert len(questions) >= 300
    assert len(set(keys)) == len(keys)
    assert {question.type for question in questions} == set(TYPES)
    assert [advice for question in questions for advice in problems(question)] == []
    assert {file["defaults"]["node"]["grade"] for file in told} == set(range(1, 7))


def test_every_file_that_a_resource_names_is_there_and_all_are_small() -> None:
    named = {path for r in RESOURCES.values() for f in r.get("files", ()) for path in (f["file"], f.get("pdf")) if path}
    present = {str(path.relative_to(CONTENT)) for path in (CONTENT / "files").rglob("*.*")}

    assert named == present
    assert sum((CONTENT / path).stat().st_size for path in present) <= LIMIT


@pytest.mark.parametrize("key", sorted(DESIGNS.keys() - SHORT_ON_PURPOSE))
def test_the_minutes_of_a_lesson_add_up(key: str) -> None:
    assert sum(stage["时长"] for stage in DESIGNS[key]["教学过程"]) == DESIGNS[key]["时长"]


@pytest.mark.parametrize("key", sorted(DESIGNS))
def test_every_objective_is_taught_in_a_stage_and_names_a_standard_of_its_lesson(key: str) -> None:
    design = DESIGNS[key]
    objectives = {objective["编号"] for objective in design["核心素养目标"]}
    standards = {standard["条目"] for standard in design["课标要求"]}

    assert {number for stage in design["教学过程"] for number in stage["目标"]} == objectives
    assert {name for objective in design["核心素养目标"] for name in objective["课标"]} <= standards


def test_subtitles_end_with_their_film() -> None:
    for key, resource in RESOURCES.items():
        if "transcript" in resource:
            assert resource["transcript"][-1]["end"] == resource["duration"], key


def test_every_drawing_that_is_named_exists() -> None:
    drawings = {name for path in CONTENT.glob("figures/*.yaml") for name in yaml.safe_load(path.read_text("utf-8"))}
    pages = [page for r in RESOURCES.values() for page in (*r.get("slides", ()), *r.get("frames", ()))]
    blocks = [block for r in RESOURCES.values() for block in r.get("sheet", {}).get("blocks", ())]

    assert {thing["figure"] for thing in (*pages, *blocks) if "figure" in thing} <= drawings


def test_a_missing_tool_is_named_with_its_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_files.shutil, "which", lambda name: None)

    assert any("ffmpeg" in line and "视频" in line for line in missing_tools())


def test_a_long_caption_breaks_after_the_punctuation_nearest_the_middle() -> None:
    words = "有人用八百一十五减七百五十，得六十五。可一小时才六十分，怎么会呢？"

    assert caption_lines(words) == ["有人用八百一十五减七百五十，得六十五。", "可一小时才六十分，怎么会呢？"]


def test_letters_count_half_when_a_board_line_is_cut() -> None:
    assert wrap("ab汉字", 3) == ["ab汉字"]
    assert wrap("汉字汉字", 3) == ["汉字汉", "　字"]
