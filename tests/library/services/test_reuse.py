"""收入备课: the one mechanism of reuse, and what stays with whom."""

from datetime import timedelta

import pytest

from groups import access
from groups.access import Action, Refused
from groups.models import Appointment
from library.resources import services
from library.resources.models import Derivation, Receipt, Resource, UsageEvent
from tests.factories.town import Town, whole_design

Audience = services.Audience


def take(town: Town, resource: Resource, by: str = "colleague") -> Resource:
    assert resource.published_version is not None
    return services.fork(version=resource.published_version, by=town.person(by), school=town.lead, at=town.now)


def test_a_fork_is_ones_own_draft_with_the_text_its_source_and_a_receipt(town: Town) -> None:
    source = town.published(Audience(organisation=town.group))
    mine = take(town, source)
    assert (mine.state, mine.primary, mine.owner.name, mine.home_school) == ("draft", False, "黄志远", town.lead)
    assert mine.working_copy.document == source.published_version.document  # type: ignore[union-attr]
    assert Derivation.objects.get(resource=mine).source_version == source.published_version
    assert Receipt.objects.filter(person=town.person("colleague"), version=source.published_version).exists()
    assert UsageEvent.objects.get(what="fork").school_then == town.lead


def test_a_change_in_a_fork_leaves_the_source_alone(town: Town) -> None:
    source = town.published(Audience(organisation=town.group))
    mine = take(town, source)
    services.save(
        resource=mine,
        by=town.person("colleague"),
        draft=services.Draft(title="我的梯形", document=whole_design("换成水渠")),
        lock_version=1,
        at=town.now,
    )
    source.refresh_from_db()
    assert source.title == "梯形的面积"
    assert "看图说说" in str(source.working_copy.document)


def test_who_may_not_read_may_not_fork(town: Town) -> None:
    source = town.published(Audience(organisation=town.member))
    with pytest.raises(Refused):
        take(town, source)


def test_an_untouched_fork_can_be_undone_and_a_written_one_cannot(town: Town) -> None:
    source = town.published(Audience(organisation=town.group))
    first = take(town, source)
    services.undo_fork(resource=first, by=town.person("colleague"), at=town.now)
    assert not Resource.objects.filter(uid=first.uid).exists()
    second = take(town, source)
    draft = services.Draft(title="改过", document=whole_design())
    services.save(resource=second, by=town.person("colleague"), draft=draft, lock_version=1, at=town.now)
    with pytest.raises(Refused, match="已经改过"):
        services.undo_fork(resource=second, by=town.person("colleague"), at=town.now)


def test_a_favourite_is_kept_and_let_go(town: Town) -> None:
    source, by = town.published(Audience(organisation=town.group)), town.person("colleague")
    assert services.toggle_favourite(resource=source, by=by, at=town.now)
    assert not services.toggle_favourite(resource=source, by=by, at=town.now)


def test_withdrawing_closes_the_source_and_leaves_the_fork(town: Town) -> None:
    source = town.published(Audience(organisation=town.group))
    mine = take(town, source)
    services.withdraw(resource=source, by=town.person("teacher"), at=town.now)
    source.refresh_from_db()
    assert source.state == "draft"
    assert not access.may(town.person("colleague"), Action.READ, source, at=town.now + timedelta(seconds=1))
    assert access.may(town.person("colleague"), Action.EDIT, mine, at=town.now)


def test_an_owner_who_left_reads_the_published_and_edits_no_more(town: Town) -> None:
    source = town.published(Audience(organisation=town.group))
    own_draft = town.draft(title="还没送审")
    teacher, later = town.person("teacher"), town.now + timedelta(days=1)
    Appointment.objects.filter(person=teacher).update(ends_at=town.now + timedelta(hours=1))
    assert access.may(teacher, Action.READ, source, at=later)
    assert access.may(teacher, Action.FORK, source, at=later)
    assert not access.may(teacher, Action.EDIT, source, at=later)
    assert not access.may(teacher, Action.GRANT, source, at=later)
    assert access.may(teacher, Action.EDIT, own_draft, at=later)
