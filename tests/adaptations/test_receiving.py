"""接收: one adaptation a teacher, whoever asks how often, in few statements; what happens to the shared plan leaves it alone."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from groups import access
from groups.access import Action, Refused
from groups.models import Appointment
from groups.viewer import viewer_for
from lessons.adaptations import services
from lessons.adaptations.models import Adaptation
from lessons.designs.models import LessonDesign
from lessons.prep.models import HandDown, Preparation
from library.resources.models import Receipt, Resource, UsageEvent
from library.resources.services import lifecycle
from tests.factories.adapting import Shared, document

MOST_STATEMENTS = 15


def test_a_received_plan_is_ones_own_with_the_version_it_stands_on(shared: Shared) -> None:
    mine = shared.received()
    assert (mine.state, mine.base, mine.teacher.name) == ("draft", shared.version, "林晓雯")
    own = LessonDesign.objects.get(pk=mine.resource_id)
    assert (own.owner, own.home_school, own.work, own.primary) == (
        mine.teacher,
        shared.town.member,
        "adaptation",
        False,
    )
    assert own.working_copy.document == shared.version.document
    assert Receipt.objects.filter(person=mine.teacher, version=shared.version).exists()
    assert UsageEvent.objects.get(what="fork").group_then == shared.town.group


def test_asking_again_answers_the_same_adaptation(shared: Shared) -> None:
    assert shared.received() == shared.received()
    assert Adaptation.objects.count() == 1
    assert Resource.objects.count() == 2


def test_the_database_keeps_it_to_one_a_teacher(shared: Shared) -> None:
    mine = shared.received()
    other = shared.town.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Adaptation.objects.create(
            resource=other,
            teacher=mine.teacher,
            preparation=shared.preparation,
            base=shared.version,
            received_at=shared.town.now,
        )


def test_receiving_takes_few_statements(shared: Shared) -> None:
    viewer = viewer_for(shared.person("teacher"), shared.town.now)
    with CaptureQueriesContext(
        connection,
    ) as found:
        services.receive(preparation=shared.preparation, by=viewer, at=shared.town.now)
    control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    asked = [one["sql"] for one in found.captured_queries if not one["sql"].startswith(control)]
    assert len(asked) <= MOST_STATEMENTS, "\n".join(asked)


@pytest.mark.parametrize("who", ["teacher", "recipient"])
def test_members_and_who_was_handed_it_receive(shared: Shared, who: str) -> None:
    assert shared.received(who).teacher == shared.person(who)


def test_who_was_not_handed_it_is_told_whom_to_ask(shared: Shared) -> None:
    with pytest.raises(Refused, match="没有下发给你，想用请联系备课组长"):
        shared.received("school_reviewer")


def test_a_plan_that_is_not_in_use_is_not_received(shared: Shared) -> None:
    Preparation.objects.update(state="archived")
    with pytest.raises(Refused, match="不在使用中"):
        shared.received()


def test_an_adaptation_lives_on_when_its_plan_is_out_of_use(shared: Shared) -> None:
    mine = shared.received()
    Preparation.objects.update(state="archived")
    assert shared.received() == mine
    shared.edited(mine, document(k2="请学生自己剪"))
    assert services.mark_ready(adaptation=mine, by=mine.teacher, at=shared.town.now).state == "ready"


def test_who_leaves_the_school_keeps_the_adaptation_and_edits_it(shared: Shared) -> None:
    mine = shared.received()
    Appointment.objects.filter(person=mine.teacher).update(ends_at=shared.later(days=1))
    gone = shared.later(days=2)
    assert access.may(mine.teacher, Action.EDIT, mine.resource, at=gone)
    shared.edited(mine, document(k1="换成田埂"), at=gone)
    assert services.mark_ready(adaptation=mine, by=mine.teacher, at=gone).state == "ready"


def test_another_edition_warns_first_and_is_received_when_asked_again(shared: Shared) -> None:
    HandDown.objects.update(other_edition="北师大版数学五年级上册")
    with pytest.raises(services.OtherEdition, match=r"北师大版数学五年级上册.*仍然接收"):
        shared.received("recipient")
    assert not Adaptation.objects.exists()
    made = services.receive(
        preparation=shared.preparation, by=shared.person("recipient"), at=shared.town.now, other_edition=True
    )
    assert made.base == shared.version


def test_a_received_plan_nobody_touched_can_be_given_back(shared: Shared) -> None:
    from library.resources.services import undo_fork

    mine = shared.received()
    undo_fork(resource=mine.resource, by=mine.teacher, at=shared.town.now)
    assert not Adaptation.objects.exists()


def test_what_was_taught_is_not_undone(shared: Shared) -> None:
    from library.resources.services import undo_fork

    mine = shared.ready()
    services.teach(
        adaptation=mine,
        by=mine.teacher,
        class_name="五(2)班",
        date=shared.town.now.date(),
        period=2,
        minutes={},
        at=shared.town.now,
    )
    with pytest.raises(Refused, match="已经用过"):
        undo_fork(resource=mine.resource, by=mine.teacher, at=shared.town.now)
    assert mine.taught_lessons.count() == 1


def test_an_own_design_is_made_ready_without_a_shared_plan(shared: Shared) -> None:
    design = LessonDesign.objects.get(pk=shared.town.draft().pk)
    own = services.keep_own(design=design, by=design.owner, at=shared.town.now)
    assert services.keep_own(design=design, by=design.owner, at=shared.town.now) == own
    assert services.mark_ready(adaptation=own, by=design.owner, at=shared.town.now).state == "ready"
    with pytest.raises(Refused):
        services.keep_own(design=design, by=shared.person("colleague"), at=shared.town.now)


def test_a_draft_in_the_bin_is_no_adaptation_to_work_on(shared: Shared) -> None:
    mine = shared.received()
    lifecycle.bin_draft(resource=mine.resource, by=mine.teacher, at=shared.town.now)
    from lessons.adaptations.selectors import reading

    assert list(reading.mine(viewer_for(mine.teacher, shared.town.now))) == []
