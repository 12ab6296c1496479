"""The plain form of a lesson design: every field, rows that move without JavaScript, and two who save at once."""

import pytest
from django.test import Client

from library.documents import schema
from library.documents.fields import Holds, ordered, specs
from library.documents.lesson_design import LessonDesignDocument
from library.resources.models import Resource
from tests.factories.shelf import Shelf, signed_in

pytestmark = pytest.mark.django_db


def at(resource: Resource, section: str) -> str:
    return f"/my/designs/{resource.uid}/{section}/"


def text_of(resource: Resource) -> LessonDesignDocument:
    resource.working_copy.refresh_from_db()
    return schema.load(LessonDesignDocument, resource.working_copy.document)


def test_without_scripts_the_editor_leads_to_the_form_where_something_is_missing(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    copy = resource.working_copy
    del copy.document["board"]
    copy.save()
    page = teacher.get(f"/my/designs/{resource.uid}/", follow=True).content.decode()
    assert f'<noscript><meta http-equiv="refresh" content="0;url={at(resource, "board")}">' in page
    assert f'<a href="{at(resource, "board")}">改用表单写</a>' in page


@pytest.mark.parametrize("section", [name for name, _ in specs(LessonDesignDocument)])
def test_every_section_has_a_page_with_all_its_fields(section: str, teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    page = teacher.get(at(resource, section)).content.decode()
    spec = dict(specs(LessonDesignDocument))[section]
    for name, inner in specs(spec.of) if spec.of and (spec.holds is Holds.GROUP or section in {"stages"}) else ():
        if inner.target != "question":
            assert inner.label in page, name


def test_the_title_and_the_basics_are_saved(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    teacher.post(
        at(resource, "basics"),
        {
            "title": "梯形的面积（第2课时）",
            "basics.lesson_type": "练习",
            "basics.period": "2",
            "basics.periods": "2",
            "basics.minutes": "35",
            "lock_version": "1",
        },
    )
    assert text_of(resource).basics.minutes == 35
    assert resource.working_copy.title == "梯形的面积（第2课时）"
    resource.refresh_from_db()
    assert resource.lessondesign.lesson_type == "练习"


def test_saving_one_section_leaves_the_others(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    before = text_of(resource)
    teacher.post(at(resource, "board"), {"board": "新的板书", "lock_version": "1"})
    after = text_of(resource)
    assert after.stages == before.stages
    assert after.board != before.board


def test_rows_are_added_moved_and_removed_by_buttons(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    teacher.post(
        at(resource, "stages"), {"stages.rows": "s1", "stages.s1.title": "导入", "do": "add", "lock_version": "1"}
    )
    keys = [key for key, _ in ordered(text_of(resource).stages)]
    assert len(keys) == 2
    sent = {"stages.rows": keys, f"stages.{keys[0]}.title": "导入", f"stages.{keys[1]}.title": "巩固"}
    teacher.post(at(resource, "stages"), sent | {"do": f"up:{keys[1]}", "lock_version": "2"})
    assert [row.title for _, row in ordered(text_of(resource).stages)] == ["巩固", "导入"]
    teacher.post(at(resource, "stages"), sent | {"do": f"remove:{keys[0]}", "lock_version": "3"})
    assert [row.title for _, row in ordered(text_of(resource).stages)] == ["巩固"]


def test_a_move_keeps_the_ids_and_changes_one_order_alone(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    for lock in ("1", "2"):
        rows = list(text_of(resource).stages)
        teacher.post(at(resource, "stages"), {"stages.rows": rows, "do": "add", "lock_version": lock})
    before = {key: row.order for key, row in text_of(resource).stages.items()}
    last = max(before, key=lambda key: before[key])
    teacher.post(at(resource, "stages"), {"stages.rows": list(before), "do": f"up:{last}", "lock_version": "3"})
    after = {key: row.order for key, row in text_of(resource).stages.items()}
    assert set(after) == set(before)
    assert [key for key in before if before[key] != after[key]] == [last]


def test_objectives_are_ticked_in_a_stage(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    teacher.post(at(resource, "stages"), {"stages.rows": "s1", "stages.s1.title": "导入", "lock_version": "1"})
    assert text_of(resource).stages["s1"].objectives == ()
    page = teacher.get(at(resource, "stages")).content.decode()
    assert "目标 1 还没有环节去落实" in page
    teacher.post(
        at(resource, "stages"),
        {"stages.rows": "s1", "stages.s1.title": "导入", "stages.s1.objectives": "o1", "lock_version": "2"},
    )
    assert text_of(resource).stages["s1"].objectives == ("o1",)


def test_a_wrong_number_names_the_field_and_keeps_everything(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    page = teacher.post(
        at(resource, "stages"),
        {"stages.rows": "s1", "stages.s1.title": "新名字", "stages.s1.minutes": "半小时", "lock_version": "1"},
    ).content.decode()
    assert "“半小时”不是整数" in page
    assert "新名字" in page
    assert text_of(resource).stages["s1"].title == "导入"


def test_a_reference_that_nothing_has_is_named(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    page = teacher.post(
        at(resource, "textbook"), {"textbook.connected": "没有的编号", "lock_version": "1"}
    ).content.decode()
    assert "找不到“没有的编号”" in page
    address = f"https://example.org{shelf.lesson.get_absolute_url()}"
    teacher.post(at(resource, "textbook"), {"textbook.connected": address, "lock_version": "1"})
    assert text_of(resource).textbook.connected == (shelf.lesson.uid,)


def test_the_check_says_by_how_much_the_minutes_overrun(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    teacher.post(
        at(resource, "stages"),
        {"stages.rows": "s1", "stages.s1.title": "导入", "stages.s1.minutes": "48", "lock_version": "1"},
    )
    assert "比 40 分钟多 8 分钟" in teacher.get(at(resource, "stages")).content.decode()


def test_two_who_save_at_once_lose_nothing(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    teacher.post(at(resource, "homework"), {"homework": "先存下的作业", "lock_version": "1"})
    response = teacher.post(at(resource, "homework"), {"homework": "后写的作业", "lock_version": "1"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "先存下的作业" in page
    assert "后写的作业" in page
    assert "并排看看" in page
    teacher.post(at(resource, "homework"), {"homework": "后写的作业", "lock_version": "2"})
    assert "后写的作业" in str(text_of(resource).homework)


def test_what_was_typed_survives_an_expired_session(client: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    client.post(at(resource, "board"), {"board": "写了很久的板书", "lock_version": "1"})
    client.force_login(shelf.town.person("teacher"))
    assert "写了很久的板书" in client.get(at(resource, "board")).content.decode()
    assert "写了很久的板书" not in str(text_of(resource).board)


def test_a_reader_may_not_write(shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    colleague = signed_in(shelf.town.person("colleague"))
    response = colleague.post(at(resource, "board"), {"board": "改了", "lock_version": "1"})
    assert response.status_code == 403
    assert "收入备课" in response.content.decode()


def test_a_section_that_is_none_is_not_found(teacher: Client, shelf: Shelf) -> None:
    assert teacher.get(at(shelf.draft(), "nonsense")).status_code == 404
    assert teacher.get("/my/designs/0000000000/").status_code == 404


def test_the_published_text_stays_until_the_next_review(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    lock = resource.working_copy.lock_version
    teacher.post(at(resource, "board"), {"board": "还没送审的板书", "lock_version": str(lock)})
    assert "还没送审的板书" not in Client().get(resource.get_absolute_url()).content.decode()
    assert "还没发布的修改" in teacher.get(resource.get_absolute_url()).content.decode()
