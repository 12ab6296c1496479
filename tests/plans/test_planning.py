"""A plan is drawn from book and calendar, its weeks are moved by one organiser at a time, its leads assigned or claimed."""

import pytest

from groups.access import Refused
from groups.inbox.models import Message
from groups.models import AuditRow
from groups.services import NotPossible
from lessons.plans import board, services
from lessons.plans.models import PlanRow, TermPlan
from lessons.plans.services import ChangedMeanwhile
from lessons.prep.models import Preparation, State
from tests.factories import people
from tests.plans.conftest import HOLIDAY_WEEK, Desk


def test_a_drawn_plan_holds_every_lesson_once_and_no_holiday_week(desk: Desk) -> None:
    desk.more_lessons(20)
    plan = desk.plan()
    rows = list(plan.rows.order_by("first_week", "order"))
    assert [row.node_id for row in rows] == [
        node.pk for node in desk.shelf.outline.nodes.filter(periods__isnull=False).order_by("order")
    ]
    weeks = {row.first_week for row in rows}
    assert HOLIDAY_WEEK not in weeks
    assert min(weeks) == 1
    assert max(weeks) == 16


def test_weeks_kept_for_revision_stay_free(desk: Desk) -> None:
    desk.more_lessons(20)
    plan = desk.plan(first_week=2, last_week=13)
    assert {row.first_week for row in plan.rows.all()} <= set(range(2, 14))


def test_a_plan_by_units_has_one_row_a_unit(desk: Desk) -> None:
    desk.more_lessons(3)
    plan = desk.plan(by_unit=True)
    assert [row.node.title for row in plan.rows.order_by("first_week")] == ["多边形的面积", "数学广角"]


def test_a_second_plan_of_the_same_term_and_book_is_refused_in_words(desk: Desk) -> None:
    desk.plan()
    with pytest.raises(NotPossible, match="计划已经有了"):
        desk.plan()


def test_only_the_prep_groups_leader_draws_and_moves(desk: Desk) -> None:
    with pytest.raises(Refused):
        services.draw_plan(body=desk.body, term=desk.term, textbook=desk.shelf.book, by=desk.member, at=desk.at)
    plan = desk.plan()
    row = desk.row(plan)
    with pytest.raises(Refused):
        services.move(row=row, first_week=9, last_week=9, seen=desk.seen(row), by=desk.member, at=desk.at)


def test_of_two_organisers_who_move_the_same_lesson_one_wins_and_the_other_is_told_both_states(desk: Desk) -> None:
    plan = desk.plan()
    row = desk.row(plan)
    seen = desk.seen(row)
    was = row.weeks
    services.move(row=row, first_week=10, last_week=10, seen=seen, by=desk.leader, at=desk.at)
    with pytest.raises(ChangedMeanwhile) as refusal:
        services.move(row=row, first_week=12, last_week=12, seen=seen, by=desk.second, at=desk.at)
    row.refresh_from_db()
    assert (row.first_week, row.last_week) == (10, 10)
    words = str(refusal.value)
    assert f"从{was}改到第10周" in words
    assert "第12周没有生效" in words
    assert desk.leader.name in words


def test_a_lesson_is_not_moved_out_of_the_term(desk: Desk) -> None:
    row = desk.row(desk.plan())
    for first, last in ((0, 1), (3, 2), (16, 17)):
        with pytest.raises(NotPossible, match="第 1 周到第 16 周"):
            services.move(row=row, first_week=first, last_week=last, seen=desk.seen(row), by=desk.leader, at=desk.at)


def test_two_weeks_change_places_with_everything_in_them(desk: Desk) -> None:
    desk.more_lessons(20)
    plan = desk.plan()
    before = {week: _nodes(plan, week) for week in (3, 7)}
    services.swap(plan=plan, one=3, other=7, seen=_prints(plan, 3, 7), by=desk.leader, at=desk.at)
    assert (_nodes(plan, 3), _nodes(plan, 7)) == (before[7], before[3])


def test_a_week_that_somebody_changed_is_not_swapped_and_the_sentence_says_what_it_holds_now(desk: Desk) -> None:
    desk.more_lessons(20)
    plan = desk.plan()
    seen = _prints(plan, 3, 7)
    moved = plan.rows.filter(first_week=3).select_related("node")[0]
    services.move(row=moved, first_week=8, last_week=8, seen=desk.seen(moved), by=desk.second, at=desk.at)
    with pytest.raises(ChangedMeanwhile, match=f"{desk.second.name}|有人") as refusal:
        services.swap(plan=plan, one=3, other=7, seen=seen, by=desk.leader, at=desk.at)
    assert "没有对调" in str(refusal.value)


def _nodes(plan: TermPlan, week: int) -> list[int]:
    return list(PlanRow.objects.filter(plan=plan, first_week=week).order_by("order").values_list("node", flat=True))


def _prints(plan: TermPlan, one: int, other: int) -> tuple[str, str]:
    from lessons.plans.services.weeks import fingerprint

    first, second = (fingerprint(PlanRow.objects.filter(plan=plan, first_week=week)) for week in (one, other))
    return first, second


def test_a_lesson_splits_into_parts_and_closes_up_when_one_is_taken_out(desk: Desk) -> None:
    plan = desk.plan()
    row = desk.row(plan)
    services.move(row=row, first_week=6, last_week=9, seen=desk.seen(row), by=desk.leader, at=desk.at)
    second = services.split(row=row, seen=desk.seen(row), by=desk.leader, at=desk.at)
    row.refresh_from_db()
    assert [(one.part, one.first_week, one.last_week) for one in (row, second)] == [(1, 6, 7), (2, 8, 9)]
    assert row.title == "平行四边形的面积（一）"
    services.remove_row(row=second, seen=desk.seen(second), by=desk.leader, at=desk.at)
    row.refresh_from_db()
    assert row.title == "平行四边形的面积"


def test_splitting_the_first_of_two_parts_makes_three_in_order(desk: Desk) -> None:
    plan = desk.plan()
    row = desk.row(plan)
    services.split(row=row, seen=desk.seen(row), by=desk.leader, at=desk.at)
    services.split(row=row, seen=desk.seen(row), by=desk.leader, at=desk.at)
    assert [one.part for one in plan.rows.filter(node=row.node).order_by("part")] == [1, 2, 3]


def test_the_first_to_claim_leads_and_the_second_is_told_who_was_faster(desk: Desk) -> None:
    row = desk.row(desk.plan())
    services.claim(row=row, by=desk.member, at=desk.at)
    services.claim(row=row, by=desk.member, at=desk.at)
    with pytest.raises(NotPossible, match=f"由{desk.member.name}认领"):
        services.claim(row=row, by=desk.leader, at=desk.at)
    row.refresh_from_db()
    assert row.lead == desk.member


def test_who_has_no_seat_claims_nothing_and_is_not_assigned(desk: Desk) -> None:
    plan = desk.plan()
    row, stranger = desk.row(plan), desk.town.person("stranger")
    with pytest.raises(Refused):
        services.claim(row=row, by=stranger, at=desk.at)
    with pytest.raises(NotPossible, match="不在"):
        services.assign(row=row, lead=stranger, version=desk.seen(row).version, by=desk.leader, at=desk.at)


def test_a_unit_is_given_to_one_lead_without_taking_it_from_others(desk: Desk) -> None:
    plan = desk.plan()
    first, taken = desk.row(plan), desk.row(plan, 2)
    services.claim(row=taken, by=desk.leader, at=desk.at)
    count = services.assign(
        row=first, lead=desk.member, version=desk.seen(first).version, by=desk.leader, at=desk.at, whole_unit=True
    )
    assert count == 2
    assert [row.lead for row in plan.rows.order_by("node__order")] == [desk.member, desk.member, desk.leader]
    message = Message.objects.get(recipient=desk.member)
    assert "等 2 课" in message.words
    assert (message.thing, message.thing_uid) == ("prep_plan", plan.uid)


def test_an_assignment_from_a_stale_page_changes_nothing(desk: Desk) -> None:
    row = desk.row(desk.plan())
    old = desk.seen(row).version
    services.claim(row=row, by=desk.member, at=desk.at)
    with pytest.raises(ChangedMeanwhile, match="没有生效"):
        services.assign(row=row, lead=desk.leader, version=old, by=desk.second, at=desk.at)


def test_starting_makes_one_preparation_with_its_lead_week_and_deadlines(desk: Desk) -> None:
    plan = desk.plan()
    row = desk.row(plan, 2)
    services.claim(row=row, by=desk.member, at=desk.at)
    made = services.start(row=row, by=desk.member, at=desk.at)
    assert services.start(row=row, by=desk.member, at=desk.at) == made
    assert Preparation.objects.count() == 1
    made.refresh_from_db()
    row.refresh_from_db()
    assert (made.state, made.lead, made.node, made.week) == (State.DRAFTING, desk.member, row.node, row.first_week)
    assert row.preparation == made
    assert made.organiser == desk.leader
    with pytest.raises(NotPossible, match="已经开始备课"):
        services.remove_row(row=row, seen=desk.seen(row), by=desk.leader, at=desk.at)


def test_the_preparation_moves_with_its_row(desk: Desk) -> None:
    row = desk.row(desk.plan())
    services.claim(row=row, by=desk.member, at=desk.at)
    made = services.start(row=row, by=desk.leader, at=desk.at)
    services.move(row=row, first_week=14, last_week=14, seen=desk.seen(row), by=desk.leader, at=desk.at)
    made.refresh_from_db()
    assert made.week == 14


def test_what_nobody_leads_is_not_started_and_what_another_leads_is_not_started_by_a_member(desk: Desk) -> None:
    row = desk.row(desk.plan())
    with pytest.raises(NotPossible, match="还没有主备人"):
        services.start(row=row, by=desk.leader, at=desk.at)
    services.claim(row=row, by=desk.leader, at=desk.at)
    with pytest.raises(NotPossible, match="本人或组长"):
        services.start(row=row, by=desk.member, at=desk.at)


def test_every_change_of_a_plan_is_in_the_audit_log(desk: Desk) -> None:
    plan = desk.plan()
    row = desk.row(plan)
    services.claim(row=row, by=desk.member, at=desk.at)
    services.release(row=row, by=desk.member, at=desk.at)
    services.move(row=row, first_week=9, last_week=9, seen=desk.seen(row), by=desk.leader, at=desk.at)
    actions = list(AuditRow.objects.filter(thing_uid=plan.uid).order_by("pk").values_list("action", flat=True))
    assert actions == ["plan.drawn", "plan.row_claimed", "plan.row_released", "plan.row_moved"]


def test_a_lead_who_left_the_prep_group_is_shown_and_keeps_nothing_else_from_moving(desk: Desk) -> None:
    plan = desk.plan()
    row = desk.row(plan)
    services.claim(row=row, by=desk.member, at=desk.at)
    desk.body.appointments.filter(person=desk.member).update(ends_at=desk.at)
    from groups.viewer import viewer_for

    shown = board.board_of(plan, viewer_for(desk.leader, desk.at))
    assert any(f"{desk.member.name}已经不在备课组" in one.words for one in shown.conflicts)
    services.assign(row=row, lead=desk.second, version=desk.seen(row).version, by=desk.leader, at=desk.at)
    row.refresh_from_db()
    assert row.lead == desk.second


def test_an_inactive_or_unknown_prep_group_member_is_no_choice(desk: Desk) -> None:
    ended = people.person("已离组")
    people.post(ended, desk.body, "member", "seat", ends_at=desk.at)
    from lessons.plans.circles import members_of

    assert ended not in members_of(desk.body, desk.at)
