"""回流: what a teacher changed reaches the shared plan when its lead adopts it, with credit, and over nobody's words."""

import pytest

from groups.access import Refused
from groups.inbox.models import Message
from lessons.adaptations import marks, services
from lessons.adaptations.models import Adaptation, Proposal
from lessons.prep.services.using import revise
from library.documents import rich, schema
from library.documents.lesson_design import LessonDesignDocument
from library.documents.shown import shown
from library.resources.models import Resource
from tests.adaptations.test_teaching import reflect, teach
from tests.factories.adapting import Shared, document, write

KEY = "stages/k2/teacher:changed"


def propose(shared: Shared, mine: Adaptation, *keys: str, words: str = "每人剪一个，参与面更大") -> Proposal:
    return services.propose_changes(
        adaptation=mine, by=mine.teacher, keys=keys or (KEY,), words=words, at=shared.town.now
    )


def adopt(shared: Shared, proposal: Proposal, **told: object) -> Proposal:
    return services.adopt(proposal=proposal, by=shared.person("colleague"), at=shared.town.now, **told)  # type: ignore[arg-type]


def plan_text(shared: Shared, stage: str = "k2") -> str:
    plan = Resource.objects.get(pk=shared.resource.pk)
    return rich.to_text(schema.load(LessonDesignDocument, plan.working_copy.document).stages[stage].teacher)


def test_an_adopted_change_stands_in_the_shared_plans_working_copy(shared: Shared) -> None:
    mine = shared.ready(k2="每人在方格纸上画一个梯形，剪下来。", k1="从水渠说起")
    proposal = propose(shared, mine)
    adopted = adopt(shared, proposal)
    assert plan_text(shared) == "每人在方格纸上画一个梯形，剪下来。"
    assert plan_text(shared, "k1") == "出示校门口的挡水坝", "what was not proposed stays"
    assert (adopted.state, adopted.decided_by) == ("adopted", shared.person("colleague"))
    shared.preparation.refresh_from_db()
    assert shared.preparation.settled_version == shared.version, "no version moves before the lead revises"


def test_both_sides_are_told(shared: Shared) -> None:
    proposal = propose(shared, shared.ready(k2="每人剪一个"))
    assert Message.objects.filter(recipient=shared.person("colleague"), thing="proposal").count() == 1
    services.remark(proposal=proposal, by=shared.person("colleague"), words="时间够吗", at=shared.town.now)
    adopt(shared, proposal)
    assert Message.objects.filter(recipient=shared.person("teacher"), thing="proposal").count() == 2


def test_where_the_shared_plan_changed_too_the_lead_chooses_first(shared: Shared) -> None:
    proposal = propose(shared, shared.ready(k2="每人在方格纸上画一个梯形，剪下来。"))
    write(shared.resource, shared.person("colleague"), document(k2="每组发 4 个学具，只提要求。"), shared.town.now)
    with pytest.raises(services.NeedsChoice) as left:
        adopt(shared, proposal)
    assert [one.path for one in left.value.conflicts] == [("stages", "k2", "teacher")]
    assert plan_text(shared) == "每组发 4 个学具，只提要求。"
    adopt(shared, proposal, choices={one.path: one.theirs for one in left.value.conflicts})
    assert plan_text(shared) == "每人在方格纸上画一个梯形，剪下来。"


def test_a_reflection_is_written_below_the_plan(shared: Shared) -> None:
    lesson = reflect(shared, teach(shared, shared.ready()), improvements="剪之前先估一估")
    proposal = services.propose_reflection(
        lesson=lesson, by=shared.person("teacher"), words="估一估很有用", at=shared.town.now
    )
    adopt(shared, proposal)
    plan = Resource.objects.get(pk=shared.resource.pk).working_copy.document
    assert "改进：剪之前先估一估" in rich.to_text(plan["reflection"])
    with pytest.raises(Refused, match="已经提过了"):
        services.propose_reflection(lesson=lesson, by=shared.person("teacher"), words="再提", at=shared.town.now)


def test_declining_needs_a_reason_and_is_final(shared: Shared) -> None:
    proposal = propose(shared, shared.ready(k2="每人剪一个"))
    with pytest.raises(Refused, match="要写理由"):
        services.decline(proposal=proposal, by=shared.person("colleague"), words=" ", at=shared.town.now)
    services.decline(proposal=proposal, by=shared.person("colleague"), words="学具不够", at=shared.town.now)
    with pytest.raises(Refused, match="已经答复过了"):
        adopt(shared, proposal)
    assert plan_text(shared).startswith("每组发 3 个")


def test_the_same_change_is_not_offered_twice_at_once(shared: Shared) -> None:
    mine = shared.ready(k2="每人剪一个")
    propose(shared, mine)
    with pytest.raises(Refused, match="已经提过，正在讨论"):
        propose(shared, mine)


@pytest.mark.parametrize(("keys", "words", "sentence"), [(("x",), "好", "还没有选"), ((KEY,), "", "理由还没写")])
def test_nothing_chosen_and_nothing_said_are_refused(
    shared: Shared, keys: tuple[str, ...], words: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        propose(shared, shared.ready(k2="每人剪一个"), *keys, words=words)


def test_only_the_lead_decides(shared: Shared) -> None:
    proposal = propose(shared, shared.ready(k2="每人剪一个"))
    for name in ("teacher", "recipient", "leader", "group_reviewer"):
        with pytest.raises(Refused):
            services.adopt(proposal=proposal, by=shared.person(name), at=shared.town.now)


def test_a_plan_out_of_use_takes_no_proposals_and_the_adaptation_is_untouched(shared: Shared) -> None:
    mine = shared.ready(k2="每人剪一个")
    type(shared.preparation).objects.update(state="recapping")
    with pytest.raises(Refused, match="你的个案不受影响"):
        propose(shared, mine)


def test_kept_changes_read_back_as_they_were() -> None:
    base, mine = document(), document(k1="从水渠说起", k3="只做两题")
    changes = marks.own_changes(base, mine)
    assert marks.from_json(marks.as_json(changes)) == changes
    assert [one.place for one in shown(changes, LessonDesignDocument)] == ["环节1 教师活动", "环节3 教师活动"]


def test_credits_sum_to_what_was_adopted_when_the_lead_revises(shared: Shared) -> None:
    mine = shared.ready(k2="每人剪一个", k1="从水渠说起")
    other = shared.ready("recipient", k3="只做两题")
    adopt(shared, propose(shared, mine))
    adopt(shared, propose(shared, mine, "stages/k1/teacher:changed"))
    adopt(shared, propose(shared, other, "stages/k3/teacher:changed"))
    services.decline(
        proposal=propose(shared, other, "stages/k3/teacher:changed"),
        by=shared.person("colleague"),
        words="已有了",
        at=shared.town.now,
    )
    revise(preparation=shared.preparation, by=shared.person("colleague"), at=shared.town.now, reason="吸收三处做法")
    counts = dict(shared.preparation.credits.values_list("person__name", "adopted"))
    assert counts == {"黄志远": 0, "林晓雯": 2, "蔡青": 1}
    signed = shared.resource.contributions.filter(part="member").values_list("person__name", "school_then__name")
    assert set(signed) == {("林晓雯", "西溪小学"), ("蔡青", "西溪小学")}
