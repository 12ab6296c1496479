"""The state machine: each step once, by whom it is, with its guards and what follows from it."""

from datetime import timedelta

import pytest

from groups.access import Action, Refused
from groups.inbox.models import Message
from lessons.prep import services as prep
from lessons.prep.models import Credit, Participant, Preparation, State, Transition
from library.resources import services
from library.resources.models import Contribution, Version
from tests.factories.preps import Circle

pytestmark = pytest.mark.django_db


def test_a_form_sent_twice_plans_once(circle: Circle) -> None:
    organiser = circle.people["organiser"]
    what = prep.Plan(title="梯形的面积", subject=circle.shelf.subject, grade=5, node=circle.shelf.lesson)
    made = [
        prep.plan(body=circle.shelf.town.prep_group, what=what, by=organiser, at=circle.now, ticket="t1")
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert Preparation.objects.count() == 1


def test_only_an_organiser_plans(circle: Circle) -> None:
    what = prep.Plan(title="梯形的面积", subject=circle.shelf.subject, node=circle.shelf.lesson)
    with pytest.raises(Refused, match="备课组长"):
        prep.plan(body=circle.shelf.town.prep_group, what=what, by=circle.people["member"], at=circle.now)


def test_who_takes_part_by_the_rule_is_fixed_when_the_work_starts(circle: Circle) -> None:
    planned = circle.plan()
    assert not planned.participants.filter(role="member").exists()
    row = prep.claim(preparation=planned, by=circle.people["lead"], at=circle.now)
    roles = dict(row.participants.values_list("person__name", "role"))
    assert roles == {
        "吴海棠": "member",
        "林晓雯": "lead",
        "周敏": "member",
        "许嘉": "member",
        "方远航": "expert",
        "何静": "observer",
    }
    assert row.frozen_at == circle.now


def test_the_list_of_who_takes_part_and_the_rule_of_who_may_claim_are_twins(circle: Circle) -> None:
    from lessons.prep.circles import by_rule

    row = circle.plan()
    listed = {place.person for place in by_rule(row, circle.now)}
    assert listed == {p for name, p in circle.people.items() if circle.may(name, Action.CLAIM, row)}


def test_a_first_text_stands_under_the_lesson_with_its_lead_as_owner(circle: Circle) -> None:
    row = circle.drafting()
    assert row.resource
    assert (row.resource.owner, row.resource.work) == (circle.people["lead"], "prep")
    assert row.resource.placements.get().node == circle.shelf.lesson


def test_a_first_text_is_taken_from_any_design_that_the_lead_may_take(circle: Circle) -> None:
    source = circle.shelf.published(circle.shelf.draft(title="老教案"))
    row = prep.claim(
        preparation=circle.plan(), by=circle.people["lead"], source=source.published_version, at=circle.now
    )
    assert row.resource
    assert row.resource.derived_from.source.pk == source.pk
    assert row.resource.title == "梯形的面积"
    assert row.resource.primary


def test_an_empty_text_is_not_put_to_the_group(circle: Circle) -> None:
    with pytest.raises(prep.NotReady, match="还缺"):
        prep.submit_draft(preparation=circle.drafting(), by=circle.people["lead"], at=circle.now)


def test_the_first_draft_is_cut_and_everybody_is_told(circle: Circle) -> None:
    row = circle.discussing()
    draft = row.drafts.get()
    assert (draft.number, draft.version.label, row.state) == (1, "第1稿", State.DISCUSSING)
    told = Message.objects.filter(words__contains="第1稿").values_list("recipient__name", flat=True)
    assert set(told) == {"吴海棠", "周敏", "许嘉", "方远航", "何静"}


def test_a_new_draft_waits_for_every_remark_and_for_a_change(circle: Circle) -> None:
    row = circle.discussing()
    remark = circle.say(row)
    lead = circle.people["lead"]
    with pytest.raises(prep.NotReady, match="1 条批注"):
        prep.new_draft(preparation=row, by=lead, at=circle.now)
    circle.dispose(remark)
    with pytest.raises(prep.NotReady, match="一个字没变"):
        prep.new_draft(preparation=row, by=lead, at=circle.now)
    circle.write(row, "先量一量，再说一说")
    row = prep.new_draft(preparation=row, by=lead, at=circle.now)
    assert [draft.version.label for draft in row.drafts.all()] == ["第1稿", "第2稿"]


def test_a_step_from_a_page_left_open_changes_nothing(circle: Circle) -> None:
    row = circle.discussing()
    seen = row.moves
    prep.extend(
        preparation=row,
        by=circle.people["organiser"],
        at=circle.now,
        seen=seen,
        deadlines=prep.Deadlines(discussing=circle.now.date() + timedelta(days=3)),
    )
    with pytest.raises(prep.Stale, match="吴海棠刚刚改了截止日"):
        prep.cancel(preparation=row, by=circle.people["organiser"], reason="不备了", at=circle.now, seen=seen)
    assert Preparation.objects.get().state == State.DISCUSSING


def test_a_double_click_is_told_and_not_done_again(circle: Circle) -> None:
    row = circle.drafting()
    circle.write(row)
    lead = circle.people["lead"]
    prep.submit_draft(preparation=row, by=lead, at=circle.now, seen=row.moves)
    with pytest.raises(prep.Done, match="没有重复办理"):
        prep.submit_draft(preparation=row, by=lead, at=circle.now, seen=row.moves)
    assert row.drafts.count() == 1


def test_it_is_sent_for_approval_when_enough_have_spoken(circle: Circle) -> None:
    row = circle.discussing()
    circle.dispose(circle.say(row))
    with pytest.raises(prep.NotReady, match="3 位参备人里写过批注的有 1 位，送审要 2 位"):
        prep.send_for_approval(preparation=row, by=circle.people["lead"], at=circle.now)


def test_who_went_without_a_word_is_waited_for_no_more(circle: Circle) -> None:
    row = circle.discussing()
    circle.dispose(circle.say(row))
    circle.people["colleague"].appointments.update(ends_at=circle.now - timedelta(minutes=5))
    row = prep.send_for_approval(preparation=row, by=circle.people["lead"], at=circle.now)
    assert row.state == State.FOR_APPROVAL


def test_what_nobody_has_seen_is_not_sent_for_approval(circle: Circle) -> None:
    row = circle.discussing()
    circle.write(row, "悄悄改过")
    with pytest.raises(prep.NotReady, match="请先整理为第2稿"):
        prep.send_for_approval(preparation=row, by=circle.people["lead"], at=circle.now)


def test_it_goes_back_with_a_reason(circle: Circle) -> None:
    row, approver = circle.for_approval(), circle.people["approver"]
    with pytest.raises(prep.NotReady, match="原因"):
        prep.return_to_discussion(preparation=row, by=approver, reason=" ", at=circle.now)
    row = prep.return_to_discussion(preparation=row, by=approver, reason="目标三没有评价", at=circle.now)
    assert row.state == State.DISCUSSING
    assert list(row.transitions.values_list("reason", flat=True))[-1] == "目标三没有评价"


def test_the_lead_never_approves(circle: Circle) -> None:
    with pytest.raises(Refused):
        prep.approve(preparation=circle.for_approval(), by=circle.people["lead"], at=circle.now)
    with pytest.raises(prep.NotReady, match="审定人，不能审定自己"):
        prep.assign(
            preparation=circle.plan(), lead=circle.people["approver"], by=circle.people["organiser"], at=circle.now
        )


def test_settled_it_is_a_version_of_its_own_with_the_names_of_whose_words_are_in_it(circle: Circle) -> None:
    row = circle.settled()
    assert row.settled_version
    assert row.settled_version.label == "v1.0"
    assert Version.objects.filter(resource=row.resource).count() == 2
    credits = {c.person.name: (c.part, c.adopted, c.school_then) for c in Credit.objects.all()}
    town = circle.shelf.town
    assert credits == {
        "林晓雯": ("lead", 0, town.member),
        "周敏": ("member", 1, town.lead),
        "许嘉": ("member", 1, town.member),
    }
    authors = Contribution.objects.filter(resource=row.resource).values_list("person__name", "part")
    assert set(authors) == {("林晓雯", "lead"), ("周敏", "member"), ("许嘉", "member")}


@pytest.mark.parametrize("state", ["for_approval", "settled", "recapping"])
def test_nobody_writes_in_the_text_then(circle: Circle, state: str) -> None:
    row = circle.in_state(state)
    with pytest.raises(Refused):
        circle.write(row, "改一改")


def test_it_is_handed_down_to_the_subjects_teachers_of_the_schools(circle: Circle) -> None:
    row = circle.in_use()
    told = set(row.hand_downs.filter(person__isnull=False).values_list("person__name", flat=True))
    assert told == {"林晓雯", "周敏", "许嘉", "吴海棠", "何静"}
    assert circle.may("lead", Action.RECEIVE, row)
    with pytest.raises(prep.NotReady, match="都已经收到"):
        prep.hand_down(preparation=row, by=circle.people["organiser"], schools=(circle.shelf.town.lead,), at=circle.now)


def test_by_name_it_reaches_a_teacher_of_another_group(circle: Circle) -> None:
    row = prep.hand_down(
        preparation=circle.settled(), by=circle.people["organiser"], people=(circle.people["outsider"],), at=circle.now
    )
    assert circle.may("outsider", Action.RECEIVE, row)


def test_a_revision_says_what_is_new_and_counts_on(circle: Circle) -> None:
    row, lead = circle.in_use(), circle.people["lead"]
    with pytest.raises(prep.NotReady, match="一个字没变"):
        prep.revise(preparation=row, by=lead, reason="改导入", at=circle.now)
    circle.write(row, "先量一量")
    row = prep.revise(preparation=row, by=lead, reason="导入改成先量后说", at=circle.now)
    assert row.settled_version
    assert row.settled_version.label == "v1.1"
    assert row.state == State.IN_USE


def test_archived_it_asks_for_its_place_in_the_library_with_all_its_authors(circle: Circle) -> None:
    row = circle.archived()
    assert row.resource
    row.resource.refresh_from_db()
    submission = row.resource.submissions.get()
    assert (row.resource.state, submission.version) == ("in_review", row.settled_version)
    circle.shelf.town.approve_all(submission)
    row.resource.refresh_from_db()
    assert (row.resource.state, row.resource.published_version) == ("published", row.settled_version)
    assert row.resource.contributions.count() == 3


def test_what_the_lead_had_not_given_out_is_kept_and_not_published(circle: Circle) -> None:
    row = circle.in_use()
    circle.write(row, "改到一半")
    row = prep.recap(preparation=row, by=circle.people["organiser"], at=circle.now)
    row = prep.archive(
        preparation=row,
        by=circle.people["organiser"],
        at=circle.now,
        audiences=(prep_audience(circle),),
    )
    assert row.resource
    submitted = row.resource.submissions.get().version
    assert row.settled_version
    assert submitted.document == row.settled_version.document
    kept = row.resource.versions.get(label="未发布的修订")
    assert "改到一半" in str(kept.document)


def prep_audience(circle: Circle) -> services.Audience:
    return services.Audience(organisation=circle.shelf.town.group)


def test_returned_by_its_reviewers_it_is_mended_and_sent_again(circle: Circle) -> None:
    row = circle.archived()
    assert row.resource
    submission = row.resource.submissions.get()
    services.return_for_changes(
        submission=submission,
        by=circle.shelf.town.person("school_reviewer"),
        reasons=["text"],
        opinion="板书不清",
        at=circle.now,
    )
    circle.write(row, "板书改清楚了")
    row = prep.revise(preparation=row, by=circle.people["lead"], reason="改板书", at=circle.now)
    row = prep.archive(
        preparation=row, by=circle.people["organiser"], audiences=(prep_audience(circle),), at=circle.now
    )
    assert row.resource
    assert row.resource.submissions.count() == 2
    assert row.settled_version
    assert row.settled_version.label == "v1.1"


def test_cancelled_it_stays_in_its_history(circle: Circle) -> None:
    row = circle.cancelled()
    with pytest.raises(Refused):
        prep.cancel(preparation=circle.settled(), by=circle.people["organiser"], reason="不要了", at=circle.now)
    assert [t.action for t in row.transitions.all()] == ["plan", "cancel"]


def test_a_topic_ends_with_a_conclusion(circle: Circle) -> None:
    row = circle.plan(kind="topic", node=None, title="怎样让学生说清算理")
    row = prep.claim(preparation=row, by=circle.people["member"], at=circle.now)
    assert (row.state, row.resource) == (State.DISCUSSING, None)
    organiser = circle.people["organiser"]
    row = prep.conclude(preparation=row, by=organiser, conclusion="先画后说", at=circle.now)
    row = prep.archive(preparation=row, by=organiser, at=circle.now)
    assert (row.state, row.conclusion) == (State.ARCHIVED, "先画后说")


def test_video_and_live_lessons_have_a_link(circle: Circle) -> None:
    with pytest.raises(prep.NotReady, match="链接"):
        circle.plan(kind="live")


class TestPeopleWhoGo:
    """A lead who leaves, a school that leaves: what they wrote stays, and nothing stands still."""

    def leave(self, circle: Circle, name: str) -> None:
        circle.people[name].appointments.update(ends_at=circle.now - timedelta(minutes=5))

    def test_a_lead_who_left_the_group_leads_no_more_and_another_goes_on_with_the_text(self, circle: Circle) -> None:
        row = circle.discussing()
        self.leave(circle, "lead")
        with pytest.raises(Refused):
            circle.write(row, "已经离开")
        row = prep.change_lead(
            preparation=row,
            lead=circle.people["member"],
            by=circle.people["organiser"],
            reason="林老师调走了",
            at=circle.now,
        )
        circle.write(row, "周敏接着写", by="member")
        assert row.drafts.get().submitted_by == circle.people["lead"]
        assert row.resource
        assert row.resource.contributions.count() == 2
        assert Participant.objects.get(preparation=row, person=circle.people["lead"]).role == "member"

    def test_whoever_led_a_draft_keeps_the_name_on_the_shared_plan(self, circle: Circle) -> None:
        row = circle.discussing()
        row = prep.change_lead(
            preparation=row, lead=circle.people["member"], by=circle.people["organiser"], reason="休产假", at=circle.now
        )
        row = prep.send_for_approval(preparation=self.heard(circle, row), by=circle.people["organiser"], at=circle.now)
        row = prep.approve(preparation=row, by=circle.people["approver"], at=circle.now)
        assert set(row.credits.filter(part="lead").values_list("person__name", flat=True)) == {"林晓雯", "周敏"}

    def heard(self, circle: Circle, row: Preparation) -> Preparation:
        from lessons.prep.remarks import disposing

        for name in ("colleague", "lead"):
            remark = circle.say(row, by=name)
            disposing.dispose(
                remark=remark, by=circle.people["member"], disposition="resolved", reason="", at=circle.now
            )
        return row

    def test_a_school_that_left_the_group_receives_no_more_and_keeps_the_rest_working(self, circle: Circle) -> None:
        row, town = circle.in_use(), circle.shelf.town
        assert circle.may("colleague", Action.RECEIVE, row)
        town.member.links_up.filter(parent=town.group).update(ends_at=circle.now - timedelta(minutes=5))
        assert not circle.may("colleague", Action.READ, row)
        assert circle.may("member", Action.RECEIVE, row)
        with pytest.raises(prep.NotReady, match="西溪小学现在不在"):
            prep.hand_down(preparation=row, by=circle.people["organiser"], schools=(town.member,), at=circle.now)

    def test_the_leader_of_the_prep_group_goes_on_for_an_organiser_who_left(self, circle: Circle) -> None:
        row = circle.settled()
        from tests.factories import people

        people.post(circle.people["member"], circle.shelf.town.prep_group, "prep_leader", "seat")
        self.leave(circle, "organiser")
        with pytest.raises(Refused):
            prep.hand_down(
                preparation=row, by=circle.people["organiser"], schools=(circle.shelf.town.lead,), at=circle.now
            )
        row = prep.hand_down(
            preparation=row, by=circle.people["member"], schools=(circle.shelf.town.lead,), at=circle.now
        )
        assert row.state == State.IN_USE

    def test_an_approver_who_left_is_replaced(self, circle: Circle) -> None:
        row = circle.for_approval()
        self.leave(circle, "approver")
        with pytest.raises(Refused):
            prep.approve(preparation=row, by=circle.people["approver"], at=circle.now)
        row = prep.change_approver(
            preparation=row, approver=circle.people["observer"], by=circle.people["organiser"], at=circle.now
        )
        assert prep.approve(preparation=row, by=circle.people["observer"], at=circle.now).state == State.SETTLED


def test_whose_school_uses_another_book_gets_it_too_and_is_told(circle: Circle) -> None:
    from catalogue.models import Edition, Textbook
    from groups.models import Adoption

    shelf = circle.shelf
    edition = Edition.objects.create(subject=shelf.subject, name="北师大版")
    other = Textbook.objects.create(
        title="数学五年级上册（北师大）",
        subject=shelf.subject,
        edition=edition,
        grade_from=5,
        grade_to=5,
        volume="first",
    )
    Adoption.objects.create(school=shelf.town.member, grade=5, textbook=other, starts_at=circle.now - timedelta(days=9))
    row = circle.in_use()
    books = dict(row.hand_downs.filter(person__isnull=False).values_list("person__name", "other_edition"))
    assert "北师大" in books["许嘉"]
    assert books["周敏"] == ""


def test_every_transition_is_kept_with_who_and_when(circle: Circle) -> None:
    row = circle.in_use()
    moves = list(Transition.objects.filter(preparation=row).values_list("move", "action", "by__name"))
    assert moves == [
        (1, "plan", "吴海棠"),
        (2, "claim", "林晓雯"),
        (3, "submit_draft", "林晓雯"),
        (4, "send_for_approval", "林晓雯"),
        (5, "approve", "苏文澜"),
        (6, "hand_down", "吴海棠"),
    ]


def test_the_explanation_of_a_right_names_the_part_in_the_preparation(circle: Circle) -> None:
    from library.explaining.explain import explain

    row = circle.discussing()
    plan = row.resource
    assert plan
    said = explain(circle.people["member"], plan, Action.READ, circle.now)
    assert said.allowed
    assert said.chain[0].rule == "周敏在集体备课《梯形的面积》（研讨中）：参备人"
    assert not explain(circle.people["outsider"], plan, Action.READ, circle.now).allowed
