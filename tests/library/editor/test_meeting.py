"""Two people in one text, or one who was away: the server joins both, and nothing is lost without being shown."""

from dataclasses import replace
from typing import Any

import pytest

from library.documents import schema
from library.documents.lesson_design import LessonDesignDocument
from tests.factories.shelf import Shelf, signed_in
from tests.library.editor.conftest import Desk, words

pytestmark = pytest.mark.django_db


def merge(
    desk: Desk, base: dict[str, Any], mine: dict[str, Any], title: str = "梯形的面积"
) -> tuple[int, dict[str, Any]]:
    return desk.ask("merge", {"base": base, "base_title": "梯形的面积", "title": title, "document": mine})


def test_what_touches_different_places_is_joined_and_saved(desk: Desk) -> None:
    base = desk.start["document"]
    desk.save(base | {"board": words("同事写的板书")}, 1)
    status, told = merge(desk, base, base | {"homework": words("我写的作业")})
    assert (status, told["conflicts"], told["saved"]["lock_version"]) == (200, [], 3)
    assert desk.stored.board == words("同事写的板书")
    assert desk.stored.homework == words("我写的作业")
    assert told["taken"] == ["板书设计"]


def test_what_both_changed_is_shown_with_both_texts_and_nothing_is_written(desk: Desk) -> None:
    base = desk.start["document"] | {"board": words("原来的板书")}
    desk.save(base, 1)
    desk.save(base | {"board": words("他全部改写过")}, 2)
    status, told = merge(desk, base, base | {"board": words("我另写一份新的")})
    assert status == 200
    assert "saved" not in told
    [conflict] = told["conflicts"]
    assert (conflict["path"], conflict["place"]) == (["board"], "板书设计")
    assert (conflict["mine"], conflict["theirs"]) == (words("我另写一份新的"), words("他全部改写过"))
    assert told["stored"]["lock_version"] == 3
    assert desk.stored.board == words("他全部改写过")


def test_a_title_that_one_did_not_touch_takes_the_others(desk: Desk) -> None:
    base = desk.start["document"]
    desk.save(base, 1, "同事改的课题")
    _, told = merge(desk, base, base | {"board": words("我的")})
    assert told["title"] == "同事改的课题"
    assert desk.resource.working_copy.title != "同事改的课题"  # read before; the row has it
    desk.resource.working_copy.refresh_from_db()
    assert desk.resource.working_copy.title == "同事改的课题"


def test_a_row_that_one_deleted_and_the_other_changed_is_asked_about(desk: Desk) -> None:
    base = desk.start["document"] | {"stages": {"s1": {"order": "V", "title": "导入", "minutes": 5}}}
    desk.save(base, 1)
    desk.save({name: value for name, value in base.items() if name != "stages"}, 2)
    _, told = merge(desk, base, base | {"stages": {"s1": {"order": "V", "title": "情境导入", "minutes": 5}}})
    assert [conflict["path"][:2] for conflict in told["conflicts"]] == [["stages", "s1"]]
    assert told["conflicts"][0]["theirs"] is None


def test_a_merge_reads_a_base_that_cannot_be_one_as_a_sentence(desk: Desk) -> None:
    status, told = merge(desk, {"board": 3}, desk.start["document"])
    assert status == 422
    assert told["sentence"]


def test_two_who_write_along_lose_nothing_over_many_turns(shelf: Shelf) -> None:
    """Each turn both type at their own place and save; the second of each turn merges."""
    resource = shelf.draft()
    one, other = (Desk(signed_in(shelf.town.person("teacher")), resource) for _ in range(2))
    base, lock = one.start["document"], 1
    for turn in range(1, 6):
        first = base | {"board": words("板" * turn)}
        assert one.save(first, lock)[0] == 200
        second = base | {"homework": words("作" * turn)}
        assert other.save(second, lock)[0] == 409
        status, told = merge(other, base, second)
        assert (status, told["conflicts"]) == (200, [])
        base, lock = told["document"], told["saved"]["lock_version"]
    assert one.stored == replace(
        schema.load(LessonDesignDocument, base), board=words("板" * 5), homework=words("作" * 5)
    )
