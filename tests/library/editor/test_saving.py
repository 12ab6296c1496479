"""The editor's saving: compare and set, sentences for what cannot be kept, and nothing lost on the way."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.documents import pairs, schema
from library.documents.lesson_design import LessonDesignDocument
from library.resources.models import Kind
from tests.factories.shelf import Shelf, signed_in
from tests.library.editor.conftest import Desk, words

pytestmark = pytest.mark.django_db


def test_the_page_carries_the_whole_text_and_its_schema(desk: Desk) -> None:
    start = desk.start
    assert schema.load(LessonDesignDocument, start["document"]) == desk.stored
    assert [field["name"] for field in start["fields"]][:3] == ["basics", "standards", "textbook"]
    stages = next(field for field in start["fields"] if field["name"] == "stages")
    assert {field["name"] for field in stages["fields"]} >= {"title", "minutes", "teacher", "pupils", "objectives"}


def test_a_save_writes_the_text_and_tells_the_new_lock_and_time(desk: Desk) -> None:
    document = desk.start["document"] | {"board": words("上底加下底的和乘高，除以二")}
    status, told = desk.save(document, 1, "梯形的面积（改）")
    assert (status, told["lock_version"]) == (200, 2)
    assert len(told["saved_at"]) == 5
    assert desk.stored.board == words("上底加下底的和乘高，除以二")
    assert desk.resource.working_copy.title == "梯形的面积（改）"


def test_whoever_comes_second_is_told_and_overwrites_nothing(desk: Desk) -> None:
    document = desk.start["document"]
    desk.save(document | {"board": words("先存的")}, 1)
    status, told = desk.save(document | {"board": words("后存的")}, 1)
    assert (status, told["code"], told["lock_version"]) == (409, "conflict", 2)
    assert desk.stored.board == words("先存的")


def test_the_files_of_the_text_stay_through_a_save(shelf: Shelf) -> None:
    file = shelf.text_file("学具.pdf")
    desk = Desk(signed_in(shelf.town.person("teacher")), shelf.draft(files=((file, "attachment"),)))
    desk.save(desk.start["document"], 1)
    assert list(desk.resource.working_copy.attachments.values_list("file__uid", "purpose")) == [
        (file.uid, "attachment")
    ]


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"stages": {"s1": {"order": "V", "minutes": "十"}}}, "时长"),
    ({"stages": {"s1": {"order": "V", "minutes": True}}}, "时长"),
    ({"stages": ["s1"]}, "教学过程"),
    ({"stages": {"s1": {"order": "0"}}}, "教学过程"),
    ({"stages": {"../x": {"order": "V"}}}, "教学过程"),
    ({"stages": {f"s{n}": {"order": "V"} for n in range(501)}}, "最多 500 行"),
    ({"basics": {"lesson_type": "炒菜"}}, "课型"),
    ({"objectives": {"o1": {"order": "V", "competencies": 3}}}, "核心素养"),
    ({"objectives": {"o1": {"order": "V", "competencies": [1]}}}, "核心素养"),
    ({"board": {"type": "doc", "content": [{"type": "script"}]}}, "板书设计"),
    ({"board": {"type": "doc", "content": {"type": "paragraph"}}}, "板书设计"),
    (
        {
            "board": {
                "type": "doc",
                "content": [{"type": "paragraph", "content": [{"type": "text", "text": "x", "marks": "b"}]}],
            }
        },
        "板书设计",
    ),
    ({"board": {"type": "doc", "content": [{"type": "image", "attrs": {"file": 3}}]}}, "板书设计"),
    ({"board": {"type": "doc", "content": [{"type": "image", "attrs": {"file": "x", "width": "1;}"}}]}}, "板书设计"),
    ({"board": {"type": "doc", "content": [{"type": ["paragraph"]}]}}, "板书设计"),
    ({"board": "板书"}, "板书设计"),
    ({"nonsense": "x"}, "nonsense"),
    ({"format": 9}, "第 9 版"),
]


def test_what_cannot_be_kept_is_refused_with_a_sentence_that_names_it(desk: Desk) -> None:
    before, document = desk.stored, desk.start["document"]
    for broken, named in BROKEN:
        status, told = desk.save(document | broken, 1)
        assert status == 422, broken
        assert named in told["sentence"], broken
    assert desk.stored == before


def test_of_eight_over_the_same_lock_exactly_one_is_kept(desk: Desk) -> None:
    document = desk.start["document"]
    answers = [desk.save(document | {"board": words(f"第 {n} 人")}, 1)[0] for n in range(8)]
    assert answers == [200] + [409] * 7
    assert desk.stored.board == words("第 0 人")


TORN = ("", "[]", "{", '{"title": 3}', "null", '{"title": "x", "document": [], "lock_version": 1}')


def test_a_torn_body_is_refused_and_writes_nothing(desk: Desk) -> None:
    for body in TORN:
        status, told = desk.ask("save", body)
        assert status in (400, 422), body
        assert told["sentence"]
    assert desk.resource.working_copy.lock_version == 1


@pytest.mark.parametrize(("title", "said"), [("  ", "还没有写"), ("长" * 121, "121 个字")])
def test_a_title_that_cannot_stand_is_named(desk: Desk, title: str, said: str) -> None:
    status, told = desk.save(desk.start["document"], 1, title)
    assert (status, told["path"]) == (422, ["title"])
    assert said in told["sentence"]


def test_a_zero_character_is_dropped(desk: Desk) -> None:
    status, _ = desk.save(desk.start["document"] | {"board": words("上\x00底")}, 1)
    assert status == 200
    assert desk.stored.board == words("上底")


@pytest.mark.parametrize("half", [b"\\ud83d", b"\\uDE00", b"\xed\xa0\xbd"])
def test_half_of_an_emoji_is_shown_as_one_and_the_rest_is_saved(desk: Desk, half: bytes) -> None:
    sent = {"title": "梯形HALF", "document": desk.start["document"] | {"board": words("上HALF底😀")}, "lock_version": 1}
    status, _ = desk.ask("save", json.dumps(sent).encode().replace(b"HALF", half))
    assert status == 200
    assert desk.stored.board == words("上\ufffd底😀")
    assert desk.resource.working_copy.title == "梯形\ufffd"


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
def test_a_number_without_end_is_refused_by_the_name_of_its_field(desk: Desk, number: str) -> None:
    document = desk.start["document"] | {"stages": {"s1": {"order": "V", "title": "导入", "minutes": "HERE"}}}
    sent = {"title": "梯形", "document": document, "lock_version": 1}
    status, told = desk.ask("save", json.dumps(sent).replace('"HERE"', number))
    assert (status, told["path"]) == (422, ["stages", "s1", "minutes"])
    assert "时长" in told["sentence"]


def test_a_number_without_end_outside_the_fields_is_stored_as_a_word(desk: Desk) -> None:
    board = words("上底") | {"stray": "HERE"}
    sent = {"title": "梯形", "document": desk.start["document"] | {"board": board}, "lock_version": 1}
    status, _ = desk.ask("save", json.dumps(sent).replace('"HERE"', "NaN"))
    assert status == 200
    assert desk.stored.board == words("上底") | {"stray": "nan"}


def test_a_text_far_too_large_is_refused_with_a_way_on(desk: Desk) -> None:
    status, told = desk.ask("save", '{"title": "' + "长" * 1_400_000 + '"}')
    assert status == 413
    assert "分成两份" in told["sentence"]


def test_an_expired_session_is_told_in_json_and_writes_nothing(desk: Desk) -> None:
    document = desk.start["document"]
    desk.client.logout()
    status, told = desk.save(document | {"board": words("登录过期后写的")}, 1)
    assert (status, told["code"]) == (401, "signed_out")
    assert desk.client.get(f"/r/{desk.resource.uid}/editor/state/").status_code == 401


def test_the_state_names_who_is_signed_in_and_gives_a_fresh_token(desk: Desk) -> None:
    told = desk.client.get(f"/r/{desk.resource.uid}/editor/state/").json()
    assert told["person"] == desk.start["person"]
    assert told["lock_version"] == 1
    assert told["csrf"]


def test_a_reader_may_neither_open_nor_save(shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    reader = Desk(signed_in(shelf.town.person("colleague")), resource)
    assert reader.client.get(f"/r/{resource.uid}/editor/").status_code == 403
    for what in ("save", "merge", "picture"):
        status, told = reader.ask(what, {})
        assert (status, told["code"]) == (403, "refused")


def test_a_kind_with_a_form_of_its_own_goes_there(shelf: Shelf) -> None:
    resource = shelf.draft(Kind.COURSEWARE, "课件")
    teacher = signed_in(shelf.town.person("teacher"))
    assert teacher.get(f"/r/{resource.uid}/editor/").headers["Location"] == f"/r/{resource.uid}/edit/"


@pytest.mark.parametrize("kind", [Kind.UNIT_DESIGN, Kind.WORKSHEET, Kind.HOMEWORK, Kind.TEACHING_CASE])
def test_every_kind_written_by_sections_opens_in_the_same_editor(kind: str, shelf: Shelf) -> None:
    desk = Desk(signed_in(shelf.town.person("teacher")), shelf.draft(kind, "一份"))
    start = desk.start
    assert "pages" not in {field["name"] for field in start["fields"]}
    status, told = desk.save(start["document"], 1, "一份")
    assert (status, told["lock_version"]) == (200, 2)


def test_what_has_a_form_of_its_own_is_never_written_by_the_editor(shelf: Shelf) -> None:
    resource = shelf.draft(Kind.HOMEWORK, "作业")
    items = {"q1": {"order": "V", "question": ["abc"], "version": 1, "layer": "基础性"}}
    copy = resource.working_copy
    copy.document |= {"items": items}
    copy.save()
    desk = Desk(signed_in(shelf.town.person("teacher")), resource)
    start = desk.start
    assert "items" not in start["document"]
    assert start["forms"] == {"items": f"/r/{resource.uid}/items/"}
    desk.save(start["document"] | {"intent": words("分层")}, 1, "作业")
    copy.refresh_from_db()
    assert copy.document["items"] == items


def test_advice_comes_with_the_place_it_belongs_to(desk: Desk) -> None:
    document = desk.start["document"]
    document["stages"] = {"s1": {"order": "V", "title": "导入", "minutes": 50}}
    document["board"] = words("读《梯形的面积")
    _, told = desk.save(document, 1)
    beside = {tuple(one["path"]): one["sentence"] for one in told["advice"]}
    assert "多 10 分钟" in beside[("stages",)]
    assert ("objectives", "o1") in beside
    assert "后面少一个》" in beside[("board",)]


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("《背影》", None),
        ("《读〈背影〉》和《桥》", None),
        ("《背影", "“《背影”后面少一个》"),
        ("背影》", "“背影》”前面少一个《"),
        ("没有书名", None),
    ],
)
def test_a_book_title_mark_without_its_partner_is_found(text: str, lost: str | None) -> None:
    assert pairs.lost_mark(text) == lost


def test_a_save_asks_the_database_little_however_long_the_text(desk: Desk) -> None:
    counts = []
    for rows, lock in ((3, 1), (60, 2)):
        stages = {f"s{n}": {"order": f"V{n:02}V", "title": f"环节{n}", "minutes": 1} for n in range(rows)}
        document = desk.start["document"] | {"stages": stages}
        with CaptureQueriesContext(connection) as seen:
            assert desk.save(document, lock)[0] == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 30
