"""This week's planned lessons on a member's home, each with the way that is nearest to the teacher."""

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groups import calendar
from groups.viewer import viewer_for
from lessons.plans import services
from lessons.plans.week import of_week
from tests.plans.conftest import Desk


def this_week(desk: Desk) -> int:
    return calendar.week_of(desk.term, timezone.localdate(desk.at))


def test_the_weeks_lessons_stand_on_the_members_home_and_on_no_strangers(client: Client, desk: Desk) -> None:
    row = desk.row(desk.plan(), 1)
    week = this_week(desk)
    services.move(row=row, first_week=week, last_week=week, seen=desk.seen(row), by=desk.leader, at=desk.at)
    client.force_login(desk.member)
    assert f"#r-{row.uid}" in client.get(reverse("home")).content.decode()
    client.force_login(desk.town.person("stranger"))
    assert row.uid not in client.get(reverse("home")).content.decode()


def test_a_begun_lesson_leads_to_its_preparation_for_whoever_may_read_it(desk: Desk) -> None:
    row = desk.row(desk.plan(), 1)
    week = this_week(desk)
    services.move(row=row, first_week=week, last_week=week, seen=desk.seen(row), by=desk.leader, at=desk.at)
    services.claim(row=row, by=desk.member, at=desk.at)
    made = services.start(row=row, by=desk.member, at=desk.at)
    day = timezone.localdate(desk.at)

    def url(person: object) -> str:
        shown = of_week(viewer_for(person, desk.at), day)  # type: ignore[arg-type]
        return next(one.url for one in shown if one.row.pk == row.pk)

    assert url(desk.member) == made.get_absolute_url()
    other = desk.town.person("school_admin")
    from tests.factories import people

    people.post(other, desk.body, "member", "seat")
    assert url(other) == f"{row.plan.get_absolute_url()}#r-{row.uid}", "a draft is its lead's and organiser's alone"


def test_another_week_shows_its_own_lessons(desk: Desk) -> None:
    plan, week, day = desk.plan(), this_week(desk), timezone.localdate(desk.at)
    for place, there in enumerate((week, week + 1, week + 2)):
        row = desk.row(plan, place)
        services.move(row=row, first_week=there, last_week=there, seen=desk.seen(row), by=desk.leader, at=desk.at)
    viewer = viewer_for(desk.member, desk.at)
    assert [one.row.node.title for one in of_week(viewer, day, 1)] == ["梯形的面积"]
    assert of_week(viewer, day, 60) == ()


def test_a_preparation_planned_elsewhere_takes_its_row_and_one_given_up_frees_it(desk: Desk) -> None:
    from lessons.prep.models import Preparation, State
    from lessons.prep.services import planning

    plan = desk.plan()
    row = desk.row(plan, 1)
    made = planning.plan(
        body=desk.body,
        what=planning.Plan(title="梯形的面积", subject=desk.shelf.subject, grade=5, node=row.node, term=desk.term),
        by=desk.leader,
        at=desk.at,
    )
    row.refresh_from_db()
    assert row.preparation == made
    Preparation.objects.filter(pk=made.pk).update(state=State.CANCELLED)
    services.claim(row=row, by=desk.member, at=desk.at)
    again = services.start(row=row, by=desk.member, at=desk.at)
    row.refresh_from_db()
    assert again != made
    assert row.preparation == again
