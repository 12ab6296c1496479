"""The pages of an adaptation: received, marked, taught and reflected by hand; lists ask as much for many as for few."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from groups.inbox import todos
from groups.viewer import viewer_for
from lessons.adaptations import services
from lessons.adaptations.models import Adaptation, Proposal, TaughtLesson
from lessons.prep import hooks
from lessons.prep.models import HandDown
from library.resources.models import Resource, Version
from library.resources.selectors.reading import page_queryset
from tests.adaptations.test_proposing import KEY, propose
from tests.adaptations.test_teaching import reflect, teach
from tests.factories import people
from tests.factories.adapting import Shared, document, write
from tests.factories.shelf import signed_in

MOST_QUERIES = 15


def test_the_shared_plan_has_a_button_and_the_button_makes_an_adaptation(shared: Shared) -> None:
    teacher = signed_in(shared.person("teacher"))
    address = reverse("adaptations:receive", args=[shared.preparation.uid])
    assert address in teacher.get(shared.resource.get_absolute_url()).text
    answer = teacher.post(address)
    mine = Adaptation.objects.get()
    assert answer["Location"] == mine.get_absolute_url()
    page = teacher.get(shared.resource.get_absolute_url()).text
    assert address not in page
    assert mine.get_absolute_url() in page
    assert signed_in(shared.person("school_reviewer")).post(address).status_code == 403


@pytest.mark.parametrize("reader", ["stranger", ""])
def test_beside_a_published_text_its_teaching_is_told_to_nobody_who_may_not_read_it(
    shared: Shared, reader: str
) -> None:
    mine = shared.ready()
    assert mine.ready_version
    Version.objects.filter(pk=mine.ready_version.pk).update(published_at=shared.town.now)
    Resource.objects.filter(pk=mine.resource_id).update(state="published", published_version=mine.ready_version)
    viewers = {
        "reader": shared.person(reader) if reader else None,
        "teacher": mine.teacher,
        "leader": shared.person("leader"),
    }
    told = {
        name: vars(page_queryset(viewer_for(person, shared.later(days=1))).get(pk=mine.resource_id))["this_adaptation"]
        for name, person in viewers.items()
    }
    assert told == {"reader": None, "teacher": mine.uid, "leader": mine.uid}


def test_an_inspector_reads_what_was_ready_and_no_draft_that_its_teacher_took_home(shared: Shared) -> None:
    mine = shared.edited(shared.received(), document(k2="还没想好的一版"))
    teacher, leader = signed_in(mine.teacher), signed_in(shared.person("leader"))
    assert teacher.get(f"/r/{mine.resource.uid}/download/").status_code == 200
    shared.edited(mine, document(k2="备好的一版"))
    mine = services.mark_ready(adaptation=mine, by=mine.teacher, at=shared.town.now)
    assert mine.ready_version
    assert mine.ready_version.number == 2
    assert "备好的一版" in leader.get(f"/r/{mine.resource.uid}/v/2/").text
    assert "还没想好的一版" in teacher.get(f"/r/{mine.resource.uid}/v/1/").text
    for address in ("v/1/", "compare/?a=1&b=2", ""):
        assert "还没想好的一版" not in leader.get(f"/r/{mine.resource.uid}/{address}").text


def test_another_edition_is_asked_about_on_a_page(shared: Shared) -> None:
    HandDown.objects.update(other_edition="北师大版数学五年级上册")
    recipient = signed_in(shared.person("recipient"))
    address = reverse("adaptations:receive", args=[shared.preparation.uid])
    assert "仍然接收" in recipient.post(address).text
    assert recipient.post(address, {"other_edition": "yes"}).status_code == 302


def test_own_changes_are_marked_by_character(shared: Shared) -> None:
    mine = shared.ready(k2="每人发 4 个梯形学具。请学生把梯形变成学过的图形。")
    page = signed_in(mine.teacher).get(mine.get_absolute_url()).text
    assert "<del>3</del><ins>4</ins>" in page.replace("\n", "")
    assert "环节2 教师活动" in page


def test_a_lesson_is_taught_and_reflected_on_by_hand(shared: Shared) -> None:
    mine = shared.received()
    teacher = signed_in(mine.teacher)
    teacher.post(reverse("adaptations:ready", args=[mine.uid]))
    day = timezone.localdate(shared.town.now).isoformat()
    wrong = teacher.post(reverse("adaptations:teach", args=[mine.uid]), {"class_name": "", "date": day, "period": "99"})
    assert wrong.status_code == 422
    assert "班级还没填" in wrong.text
    assert "一天最多 12 节" in wrong.text
    told = {"class_name": "五(2)班", "date": day, "period": "2", "min-k2": "23", "min-k1": ""}
    answer = teacher.post(reverse("adaptations:teach", args=[mine.uid]), told)
    lesson = TaughtLesson.objects.get()
    assert answer["Location"] == reverse("adaptations:lesson", args=[lesson.uid])
    assert lesson.minutes == {"k2": 23}
    silly = teacher.post(answer["Location"], {"goal-o1": "x", "highlights": "好"})
    assert silly.status_code == 422
    teacher.post(answer["Location"], {"goal-o1": "4", "goal-o2": "3", "highlights": "会剪", "min-k2": "23"})
    lesson.refresh_from_db()
    assert (lesson.achieved, lesson.highlights) == ({"o1": 4, "o2": 3}, "会剪")
    page = teacher.get(mine.get_absolute_url()).text
    assert "已反思" in page
    assert "实际 23 分钟" in page


def test_a_refused_button_says_why_on_the_page(shared: Shared) -> None:
    own = shared.town.draft()
    write(own, own.owner, document(), shared.town.now)
    teacher = signed_in(own.owner)
    teacher.post(reverse("adaptations:begin", args=[own.uid]))
    made = Adaptation.objects.get()
    assert made.state == "ready"
    page = teacher.post(reverse("adaptations:share", args=[made.uid]), {"on": "yes"}, follow=True).text
    assert "不是从共案接收来的" in page


def test_a_proposal_is_made_discussed_and_adopted_by_hand(shared: Shared) -> None:
    mine = shared.ready(k2="每人剪一个")
    teacher, lead = signed_in(mine.teacher), signed_in(shared.person("colleague"))
    address = reverse("adaptations:propose", args=[mine.uid])
    assert teacher.post(address, {"change": [KEY], "words": ""}).status_code == 422
    teacher.post(address, {"change": [KEY], "words": "参与\x00面更大"})
    proposal = Proposal.objects.get()
    lead.post(reverse("adaptations:remark", args=[proposal.uid]), {"words": "时间\x00够吗"})
    assert "时间够吗" in teacher.get(proposal.address).text
    assert "不采纳" not in teacher.get(proposal.address).text
    write(shared.resource, shared.person("colleague"), document(k2="每组发 4 个"), shared.town.now)
    asked = lead.post(reverse("adaptations:adopt", args=[proposal.uid]))
    assert asked.status_code == 409
    assert "共案在同样的地方也改过" in asked.text
    lead.post(reverse("adaptations:adopt", args=[proposal.uid]), {"side-stages/k2/teacher": "proposed"})
    proposal.refresh_from_db()
    assert proposal.state == "adopted"


def test_the_lead_sees_what_teachers_let_the_group_see_and_no_more(shared: Shared) -> None:
    mine, hidden = shared.ready(k2="每人剪一个"), shared.ready("recipient", k2="藏起来的改法")
    services.share_with_group(adaptation=mine, by=mine.teacher, on=True, at=shared.town.now)
    teach(shared, mine, minutes={"k2": 26})
    page = signed_in(shared.person("colleague")).get(reverse("adaptations:back", args=[shared.preparation.uid])).text
    assert "看得到 1 份备好的个案" in page
    assert "1 / 1 人改过" in page
    assert "中位数 26 分钟" in page
    assert "藏起来的改法" not in page
    assert hidden.state == "ready"


def test_the_recap_gathers_reflections_its_reader_may_read_and_figures_of_all(shared: Shared) -> None:
    mine = shared.ready(k2="每人剪一个")
    reflect(shared, teach(shared, mine), highlights="会剪")
    lead = viewer_for(shared.person("colleague"), shared.town.now)
    assert hooks.reflections_of(shared.preparation, lead) == []
    services.share_with_group(adaptation=mine, by=mine.teacher, on=True, at=shared.town.now)
    assert [one.highlights for one in hooks.reflections_of(shared.preparation, lead)] == ["会剪"]
    figures = {one.label: one.value for one in hooks.figures_of(shared.preparation)}
    assert figures["反思率"] == "100%（1 / 1）"
    assert figures["二次备课率"] == "100%（1 / 1）"


def test_what_waits_stands_in_the_list_of_who_it_waits_for(shared: Shared) -> None:
    mine = shared.ready(k2="每人剪一个")
    teach(shared, mine)
    propose(shared, mine)
    teacher, lead = (viewer_for(shared.person(who), shared.town.now) for who in ("teacher", "colleague"))
    assert "写《梯形的面积》教学反思" in [todo.title for todo in todos.waiting(teacher, most=9).todos]
    assert "答复给《梯形的面积》的建议" in [todo.title for todo in todos.waiting(lead, most=9).todos]


def _many(shared: Shared, count: int) -> None:
    for n in range(count):
        name = f"t{Adaptation.objects.count()}-{n}"
        shared.town.people[name] = shared.join(people.person(f"教师{name}"))
        people.post(shared.town.people[name], shared.town.member)
        one = shared.ready(name, k2=f"改法 {name}")
        services.share_with_group(adaptation=one, by=one.teacher, on=True, at=shared.town.now)
        propose(shared, one)


def _mine(shared: Shared, count: int) -> None:
    for _ in range(count):
        own = shared.town.draft()
        services.keep_own(design=own.lessondesign, by=own.owner, at=shared.town.now)


@pytest.mark.parametrize(
    ("name", "who", "more"), [("adaptations:index", "teacher", _mine), ("adaptations:back", "colleague", _many)]
)
def test_a_list_asks_the_same_for_five_and_for_ten(
    shared: Shared, name: str, who: str, more: Callable[[Shared, int], None]
) -> None:
    address = reverse(name, args=[shared.preparation.uid] if name.endswith("back") else [])
    client, counts = signed_in(shared.person(who)), []
    for _ in range(2):
        more(shared, 5)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1] <= MOST_QUERIES, counts
