"""The week's plans as a leader sees them: on time, late, missing, not due; of their own school and subject alone."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from groups.access import Refused
from groups.models import Appointment, Holiday, Role
from lessons.adaptations.services import mark_ready
from lessons.inspections import exporting, selectors, services
from lessons.inspections.standing import Standing
from tests.factories import people
from tests.factories.shelf import signed_in
from tests.inspections.conftest import School

MOST_QUERIES = 15


def week(school: School, number: int = 2, who: str = "leader") -> selectors.Week:
    viewer = school.viewer(who)
    return selectors.week(selectors.charges(viewer)[0], viewer, school.today, number)


def stands(school: School, number: int = 2) -> dict[str, str]:
    return {plan.teacher.name: plan.standing.value for plan in week(school, number).shown}


def test_a_plan_is_on_time_before_the_day_of_its_first_class(school: School) -> None:
    school.plan(school.town.person("teacher"), 2, school.moment(school.monday - timedelta(days=1)))
    assert stands(school) == {"林晓雯": "on_time"}


def test_a_plan_that_is_ready_on_the_day_is_late(school: School) -> None:
    school.plan(school.town.person("teacher"), 2, school.moment(school.monday))
    assert stands(school) == {"林晓雯": "late" if school.town.now >= school.moment(school.monday) else "missing"}


def test_a_draft_is_missing_whatever_it_holds(school: School) -> None:
    school.plan(school.town.person("teacher"), 2, None)
    (plan,) = week(school).shown
    assert (plan.standing, plan.ready) == (Standing.MISSING, None)


def test_next_week_is_not_due_and_what_is_ready_early_is_on_time(school: School) -> None:
    school.teacher("王一")
    school.plan(school.town.person("teacher"), 3, school.town.now)
    assert stands(school, 3) == {"林晓雯": "on_time", "王一": "not_due"}


def test_a_received_shared_plan_counts_for_its_lesson(school: School) -> None:
    mine = school.shared.received()
    assert stands(school) == {"林晓雯": "missing"}
    mark_ready(adaptation=mine, by=mine.teacher, at=school.moment(school.monday - timedelta(days=2)))
    assert stands(school) == {"林晓雯": "on_time"}


def test_a_plan_of_another_year_does_not_count(school: School) -> None:
    school.plan(school.town.person("teacher"), 2, school.moment(school.monday - timedelta(days=300)))
    assert stands(school) == {"林晓雯": "missing"}


def test_a_holiday_asks_for_no_plan(school: School) -> None:
    Holiday.objects.create(term=school.term, name="停课", first_day=school.monday, last_day=school.monday)
    assert stands(school) == {}


def test_who_left_the_school_is_not_in_its_list(school: School) -> None:
    Appointment.objects.filter(person=school.town.person("teacher")).update(ends_at=school.town.now)
    assert stands(school) == {}


def test_a_researcher_sees_the_own_subject(school: School) -> None:
    charge = selectors.charges(school.viewer("researcher"))[0]
    assert (charge.school, charge.subject) == (school.town.member, school.shelf.subject)
    assert [p.teacher.name for p in week(school, who="researcher").shown] == ["林晓雯"]


def test_another_schools_leader_sees_nobody_here(school: School) -> None:
    viewer = school.viewer("stranger_leader")
    assert {charge.school for charge in selectors.charges(viewer)} == {school.town.lead}


def test_a_teacher_is_told_who_inspects(school: School) -> None:
    with pytest.raises(Refused, match="由学校领导和教研组长来做"):
        selectors.charges(school.viewer("teacher"))


def test_the_draw_takes_what_is_ready_and_not_inspected_and_can_be_drawn_again(school: School) -> None:
    plans = [school.plan(school.teacher(f"王{n}"), 2, school.moment(school.monday)) for n in range(8)]
    services.inspect(adaptation=plans[0], by=school.leader, grade="good", words="", at=school.town.now)
    shown = week(school).shown
    drawn = selectors.sample(shown, "a", 3)
    assert [p.ready for p in drawn] == [p.ready for p in selectors.sample(shown, "a", 3)]
    assert len({p.ready.pk for p in drawn if p.ready}) == 3
    everybody = {p.ready.pk for p in selectors.sample(shown, "b", 99) if p.ready}
    assert everybody == {plan.pk for plan in plans[1:]}


def test_the_terms_table_counts_each_teacher_without_ranking(school: School) -> None:
    early = school.moment(school.monday - timedelta(days=9))
    for name in ("赵", "安"):
        who = school.teacher(name)
        school.plan(who, 1, early)
    late = school.plan(school.town.person("teacher"), 1, school.moment(school.monday - timedelta(days=5)))
    services.inspect(adaptation=late, by=school.leader, grade="excellent", words="=1+1\x0b", at=school.town.now)
    viewer = school.viewer()
    table = selectors.term_table(selectors.charges(viewer)[0], viewer, school.today)
    names = [row.teacher.name for row in table.rows]
    assert names == sorted(names)
    mine = next(row for row in table.rows if row.teacher.name == "林晓雯")
    assert mine.cells[0].standing is Standing.LATE
    assert mine.grades == (("优秀", 1),)
    book = load_workbook(BytesIO(exporting.workbook(table)))
    assert book.sheetnames == ["按周", "查阅意见"]
    opinions = [row for row in book["查阅意见"].iter_rows() if row[7].value == "'=1+1"]
    assert [row[7].data_type for row in opinions] == ["s"], "what somebody wrote is no formula"


@pytest.mark.parametrize("name", ["inspections:week", "inspections:term"])
def test_a_page_asks_the_same_for_ten_teachers_and_for_twenty(school: School, name: str) -> None:
    counts = []
    client = signed_in(school.leader)
    for batch in range(2):
        for n in range(10):
            school.plan(school.teacher(f"教师{batch}{n}"), 2, school.town.now)
        with CaptureQueriesContext(connection) as found:
            answer = client.get(reverse(name))
        assert answer.status_code == 200
        assert f"教师{batch}9" in answer.text
        counts.append(len(found))
    assert counts[0] == counts[1] <= MOST_QUERIES, counts


def test_the_printed_month_and_the_workbook_are_for_leaders(school: School) -> None:
    leader, teacher = signed_in(school.leader), signed_in(school.town.person("teacher"))
    paper = f"{reverse('inspections:term')}?month=1&paper=1"
    assert "本校本月教案查阅" in leader.get(paper).text
    assert leader.get(reverse("inspections:export")).content[:2] == b"PK"
    for address in (paper, reverse("inspections:export"), reverse("inspections:week")):
        assert teacher.get(address).status_code == 403


def test_the_menu_leads_only_leaders_here(school: School) -> None:
    address = reverse("inspections:week")
    assert address in signed_in(school.leader).get(reverse("my")).text
    assert address not in signed_in(school.town.person("teacher")).get(reverse("my")).text


def test_a_leader_of_a_campus_or_two_schools_chooses(school: School) -> None:
    people.post(school.leader, school.town.lead, Role.SCHOOL_LEADER)
    assert len(selectors.charges(school.viewer())) == 2
    answer = signed_in(school.leader).get(f"{reverse('inspections:week')}?as=x&week=abc&course=x&stands=y")
    assert answer.status_code == 200
