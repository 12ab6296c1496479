"""查阅 one plan: never a draft, never one's own, each version once; its teacher sees everything, the prep group nothing."""

import pytest

from groups import access
from groups.access import Action, Refused
from groups.inbox.models import Message
from groups.models import Appointment
from lessons.adaptations import services as adaptations
from lessons.adaptations.models import Adaptation
from lessons.inspections import selectors, services
from lessons.inspections.models import Inspection
from tests.factories.adapting import document
from tests.factories.shelf import signed_in
from tests.inspections.conftest import School


def inspect(school: School, plan: Adaptation, who: str = "leader", grade: str = "good") -> Inspection:
    return services.inspect(
        adaptation=plan, by=school.town.person(who), grade=grade, words="环节二放得开", at=school.town.now
    )


def test_an_opinion_is_of_the_version_that_was_ready_and_its_teacher_is_told(school: School) -> None:
    mine = school.shared.ready()
    made = inspect(school, mine)
    assert (made.version, made.school_then) == (mine.ready_version, school.town.member)
    assert Message.objects.filter(recipient=mine.teacher, thing="adaptation").count() == 1


def test_a_draft_is_never_inspected(school: School) -> None:
    draft = school.shared.received()
    with pytest.raises(Refused, match="还没标为备好，备好以后再来查阅"):
        inspect(school, draft)
    with pytest.raises(Refused, match="权限"):
        inspect(school, draft, "stranger_leader")
    assert not Inspection.objects.exists()


def test_a_version_is_inspected_once_by_each_and_the_next_one_again(school: School) -> None:
    mine = school.shared.ready()
    inspect(school, mine)
    with pytest.raises(Refused, match="这一版你已经查阅过"):
        inspect(school, mine)
    inspect(school, mine, "researcher")
    school.shared.edited(mine, document(k1="从水渠说起"))
    adaptations.mark_ready(adaptation=mine, by=mine.teacher, at=school.town.now)
    inspect(school, mine)
    assert Inspection.objects.count() == 3


def test_the_version_that_was_inspected_stays_readable_after_the_next_one(school: School) -> None:
    mine = school.shared.ready()
    made = inspect(school, mine)
    school.shared.edited(mine, document(k1="从水渠说起"))
    adaptations.mark_ready(adaptation=mine, by=mine.teacher, at=school.town.now)
    viewer = school.viewer()
    assert access.may(viewer, Action.READ, made.version)
    made.delete()
    assert not access.may(viewer, Action.READ, made.version)


def test_nobody_inspects_the_own_plan(school: School) -> None:
    own = school.plan(school.leader, 2, school.town.now)
    with pytest.raises(Refused, match="自己的教案由别的领导查阅，请换一份"):
        inspect(school, own)


@pytest.mark.parametrize("who", ["colleague", "stranger_leader", "school_admin", "group_reviewer", "system_admin"])
def test_nobody_but_the_teachers_own_leaders_inspects(school: School, who: str) -> None:
    with pytest.raises(Refused):
        inspect(school, school.shared.ready(), who)


def test_a_grade_is_one_of_three(school: School) -> None:
    with pytest.raises(Refused, match="合格、良好、优秀里选一个"):
        inspect(school, school.shared.ready(), grade="bad")


def test_the_thread_stays_with_the_plan_when_the_teacher_moves_on(school: School) -> None:
    mine = school.shared.ready()
    made = inspect(school, mine)
    services.reply(inspection=made, by=mine.teacher, words="下次把时间压一压", at=school.town.now)
    Appointment.objects.filter(person=mine.teacher).update(ends_at=school.town.now)
    with pytest.raises(Refused):
        services.reply(inspection=made, by=school.leader, words="好", at=school.town.now)
    said = selectors.said(mine, school.viewer("teacher"))
    assert said is not None
    assert [one.words for one in said.inspections[0].replies.all()] == ["下次把时间压一压"]


def test_the_teacher_and_the_leader_see_opinions_and_the_prep_group_does_not(school: School) -> None:
    mine = school.shared.ready()
    inspect(school, mine)
    adaptations.share_with_group(adaptation=mine, by=mine.teacher, on=True, at=school.town.now)
    seen = {
        who: "环节二放得开" in signed_in(school.town.person(who)).get(mine.get_absolute_url()).text
        for who in ("teacher", "leader", "colleague")
    }
    assert seen == {"teacher": True, "leader": True, "colleague": False}


def test_a_leader_reads_what_was_ready_and_not_what_is_being_written(school: School) -> None:
    mine = school.shared.ready(k1="从水渠说起")
    school.shared.edited(mine, document(k1="还没想好的一句"))
    leader = signed_in(school.leader)
    for address in (mine.get_absolute_url(), mine.resource.get_absolute_url()):
        text = leader.get(address).text
        assert "从水渠说起" in text
        assert "还没想好的一句" not in text
    assert "还没想好的一句" in signed_in(mine.teacher).get(mine.get_absolute_url()).text


def test_a_leader_never_opens_a_draft(school: School) -> None:
    mine = school.shared.received()
    leader = signed_in(school.leader)
    for address in (mine.get_absolute_url(), mine.resource.get_absolute_url()):
        assert leader.get(address).status_code == 403
    assert access.may(school.viewer(), Action.SEE_STATUS, mine)


def test_the_pages_buttons_inspect_and_answer(school: School) -> None:
    mine = school.shared.ready()
    leader, teacher = signed_in(school.leader), signed_in(mine.teacher)
    page = mine.get_absolute_url()
    assert "标为已查阅" in leader.get(page).text
    leader.post(f"/inspections/{mine.uid}/inspect/", {"grade": "excellent\x00", "words": "好\x00"})
    made = Inspection.objects.get()
    assert (made.grade, made.words) == ("excellent", "好")
    assert "标为已查阅" not in leader.get(page).text
    teacher.post(f"/inspections/{made.uid}/reply/", {"words": "谢\x00谢"})
    assert "谢谢" in leader.get(page).text
    assert (
        signed_in(school.town.person("colleague"))
        .post(f"/inspections/{made.uid}/reply/", {"words": "插一句"})
        .status_code
        == 403
    )
