"""The board: who sees it, what does not fit, few questions to the database, every button by a form."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalogue.models import Edition, Textbook
from groups.inbox import todos
from groups.models import Adoption, Holiday, Role, Term
from groups.viewer import viewer_for
from lessons.plans import board, services
from lessons.plans.models import TermPlan
from lessons.prep.models import Participant
from tests.factories import people
from tests.plans.conftest import Desk


def words(plan: TermPlan, desk: Desk) -> str:
    shown = board.board_of(plan, viewer_for(desk.leader, desk.at))
    return "\n".join(one.words for one in shown.conflicts)


def move(desk: Desk, plan: TermPlan, place: int, week: int) -> None:
    row = desk.row(plan, place)
    services.move(row=row, first_week=week, last_week=week, seen=desk.seen(row), by=desk.leader, at=desk.at)


def test_a_plan_that_fits_has_no_conflicts(desk: Desk) -> None:
    plan = desk.plan()
    for place, week in enumerate((2, 3, 4)):
        move(desk, plan, place, week)
    assert words(plan, desk) == ""


def test_the_same_lesson_twice_is_shown_and_two_parts_of_one_are_not(desk: Desk) -> None:
    plan = desk.plan()
    for place, week in enumerate((2, 3, 4)):
        move(desk, plan, place, week)
    row = desk.row(plan)
    services.split(row=row, seen=desk.seen(row), by=desk.leader, at=desk.at)
    assert words(plan, desk) == ""
    services.add_row(plan=plan, node=desk.shelf.lesson, first_week=9, last_week=9, by=desk.leader, at=desk.at)
    assert "《梯形的面积》排了两次：第3周和第9周" in words(plan, desk)


def test_a_lead_with_two_units_in_one_week_is_shown(desk: Desk) -> None:
    lesson = desk.more_lessons(1)[0]
    plan = desk.plan()
    first, other = desk.row(plan), plan.rows.get(node=lesson)
    for row in (first, other):
        services.move(row=row, first_week=8, last_week=8, seen=desk.seen(row), by=desk.leader, at=desk.at)
        services.claim(row=row, by=desk.member, at=desk.at)
    assert f"{desk.member.name}第8周主备两个单元的课" in words(plan, desk)


def test_a_week_without_lessons_and_a_school_that_has_none_are_shown(desk: Desk) -> None:
    plan = desk.plan()
    for place, week in enumerate((5, 6, 7)):
        move(desk, plan, place, week)
    own = Term.objects.create(
        school=desk.town.member, year=desk.term.year, half=1, first_day=desk.term.first_day,
        last_day=desk.term.last_day,
    )  # fmt: skip
    monday = desk.term.first_day + timedelta(weeks=6)
    Holiday.objects.create(term=own, name="防台风停课", first_day=monday, last_day=monday + timedelta(days=4))
    told = words(plan, desk)
    assert "《平行四边形的面积》排在第5周，这时不上课" in told
    assert "第7周西溪小学不上课（防台风停课）" in told


def test_a_school_with_another_edition_is_shown_by_name(desk: Desk) -> None:
    edition = Edition.objects.create(subject=desk.shelf.subject, name="北师大版")
    other = Textbook.objects.create(
        title="数学五上", subject=desk.shelf.subject, edition=edition, grade_from=5, grade_to=5, volume="first"
    )
    Adoption.objects.filter(school=desk.town.member).update(textbook=other)
    assert "西溪小学用的是北师大版五年级上册" in words(desk.plan(), desk)


def test_a_school_that_left_the_group_prepares_no_longer_and_nothing_of_the_plan_is_lost(desk: Desk) -> None:
    plan = desk.plan()
    row = desk.row(plan)
    services.claim(row=row, by=desk.member, at=desk.at)
    desk.town.member.links_up.filter(parent=desk.town.group).update(ends_at=desk.at)
    shown = board.board_of(plan, viewer_for(desk.leader, desk.at))
    assert [school.name for school in shown.schools] == [desk.town.lead.name]
    assert len(shown.rows) == 3
    row.refresh_from_db()
    assert row.lead == desk.member


@pytest.mark.parametrize(
    ("name", "reads", "edits"),
    [
        ("leader", True, True),
        ("member", True, False),
        ("leads_school", True, False),
        ("admin", True, False),
        ("observer", True, False),
        ("stranger", False, False),
        ("colleague_without_seat", False, False),
    ],
)
def test_the_pages_open_as_the_policy_says(client: Client, desk: Desk, name: str, reads: bool, edits: bool) -> None:
    plan = desk.plan()
    row = desk.row(plan)
    persons = {"leader": desk.leader, "member": desk.member, "stranger": desk.town.person("stranger")}
    for who, place, role in (
        ("leads_school", desk.town.member, Role.SCHOOL_LEADER),
        ("admin", desk.town.group, Role.ADMIN),
        ("colleague_without_seat", desk.town.member, Role.TEACHER),
    ):
        persons[who] = people.person(who)
        people.post(persons[who], place, role)
    persons["observer"] = people.person("观察员")
    services.claim(row=row, by=desk.member, at=desk.at)
    made = services.start(row=row, by=desk.member, at=desk.at)
    Participant.objects.create(preparation=made, person=persons["observer"], role="observer", joined_at=desk.at)
    client.force_login(persons[name])
    expected = 200 if reads else 403
    assert client.get(plan.get_absolute_url()).status_code == expected
    assert client.get(reverse("plans:print", args=[plan.uid])).status_code == expected
    assert client.get(reverse("plans:sheet", args=[plan.uid])).status_code == expected
    assert client.get(reverse("plans:row", args=[plan.uid, row.uid])).status_code == (200 if edits else 403)
    listed = client.get(reverse("plans:index")).content.decode()
    assert (plan.get_absolute_url() in listed) == reads


def test_the_board_asks_as_few_questions_for_many_lessons_as_for_few(client: Client, desk: Desk) -> None:
    plan = desk.plan()
    client.force_login(desk.leader)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(plan.get_absolute_url()).status_code == 200
        return len(asked)

    few = count()
    for lesson in desk.more_lessons(40):
        services.add_row(plan=plan, node=lesson, first_week=9, last_week=9, by=desk.leader, at=desk.at)
    for row in plan.rows.all()[:20]:
        services.claim(row=row, by=desk.member, at=desk.at)
    assert count() <= few + 1, "what is begun is asked for once"
    viewer = viewer_for(desk.leader, desk.at)
    with CaptureQueriesContext(connection) as asked:
        board.board_of(board.plans_for(viewer).get(), viewer)
    assert len(asked) <= 15, "\n".join(q["sql"][:150] for q in asked.captured_queries)


def test_the_list_of_plans_asks_no_more_for_more(client: Client, desk: Desk) -> None:
    client.force_login(desk.leader)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("plans:index"))
        return len(asked)

    desk.plan()
    few = count()
    for year in range(3):
        term = Term.objects.create(year=2000 + year, half=1, first_day=desk.term.first_day, last_day=desk.term.last_day)
        services.draw_plan(body=desk.body, term=term, textbook=desk.shelf.book, by=desk.leader, at=desk.at)
    assert count() == few <= 15


def test_every_change_works_by_forms_alone(client: Client, desk: Desk) -> None:
    plan = desk.plan()
    row = desk.row(plan)
    client.force_login(desk.leader)
    url = reverse("plans:row", args=[plan.uid, row.uid])

    def send(address: str = url, **told: object) -> str:
        row.refresh_from_db()
        seen = {"version": row.version, "was_first": row.first_week, "was_last": row.last_week}
        return client.post(address, {**seen, **told}, follow=True).content.decode()

    assert "移到了第9周" in send(do="move", first=9, last=9)
    assert "主备" in send(do="assign", lead=f"{desk.member.uid}\x00")
    assert "拆成了两段" in send(do="split")
    assert "加到了第 12 周" in send(reverse("plans:add", args=[plan.uid]), node=f"{desk.shelf.lesson.uid}\x00", week=12)
    assert "用页面上的按钮" in send(do="nonsense")
    assert "第 1 周到第 16 周" in send(do="move", first="abc", last="")
    shown = {week.number: week.print_ for week in board.board_of(plan, viewer_for(desk.leader, desk.at)).weeks}
    swap = reverse("plans:swap", args=[plan.uid])
    assert "对调了" in send(swap, one=f"9.{shown[9]}", other=f"12.{shown[12]}")
    assert "没有对调" in send(swap, one=f"9.{shown[9]}", other=f"12.{shown[12]}")
    assert "两个不同的周" in send(swap, one="9.x", other="9.x")
    assert "拿掉了" in send(do="remove")


def test_the_script_is_answered_in_json_and_a_late_move_with_409(client: Client, desk: Desk) -> None:
    plan = desk.plan()
    row = desk.row(plan)
    client.force_login(desk.second)
    url, told = reverse("plans:row", args=[plan.uid, row.uid]), {"do": "move", "version": row.version, "first": 9}
    head = {"X-Requested-With": "fetch"}
    assert client.post(url, told, headers=head).json() == {"words": "《平行四边形的面积》移到了第9周"}
    late = client.post(url, told | {"first": 11, "was_first": 1, "was_last": 6}, headers=head)
    assert late.status_code == 409
    assert "从第1—6周改到第9周" in late.json()["words"]


def test_a_plan_is_drawn_on_its_page_and_not_by_a_member(client: Client, desk: Desk) -> None:
    url = reverse("plans:new", args=[desk.body.slug])
    told = {"term": desk.term.pk, "textbook": desk.shelf.book.pk, "first_week": 2, "last_week": 12}
    client.force_login(desk.member)
    assert client.post(url, told).status_code == 403
    client.force_login(desk.leader)
    assert client.get(url).status_code == 200
    assert client.post(url, told | {"last_week": 1}).status_code == 422
    page = client.post(url, told, follow=True).content.decode()
    assert "已排好 3 课" in page
    assert client.post(url, told).status_code == 422


def test_unclaimed_lessons_near_and_own_ones_not_begun_wait_in_the_inbox_and_vanish_when_done(desk: Desk) -> None:
    plan = desk.plan()
    move(desk, plan, 0, 10)
    move(desk, plan, 1, 15)
    move(desk, plan, 2, 16)

    def titles() -> list[str]:
        found = todos.waiting(viewer_for(desk.member, desk.at), most=20)
        return [todo.title for todo in found.todos if "面积" in todo.title]

    assert titles() == ["认领第10周的《平行四边形的面积》"]
    row = desk.row(plan)
    services.claim(row=row, by=desk.member, at=desk.at)
    assert titles() == ["开始初备《平行四边形的面积》"]
    services.start(row=row, by=desk.member, at=desk.at)
    assert "开始初备《平行四边形的面积》" not in titles()
