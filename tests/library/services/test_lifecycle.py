"""Taken down, archived, binned and back: each with its reason and its door."""

import pytest

from groups import access
from groups.access import Action, Refused
from groups.models import AuditRow
from library.resources import services
from tests.factories.town import Town, whole_design

Audience = services.Audience


def test_a_take_down_needs_a_reason_that_the_owner_reads(town: Town) -> None:
    resource = town.published(Audience(organisation=town.group))
    admin = town.person("school_admin")
    with pytest.raises(Refused, match="写明原因"):
        services.take_down(resource=resource, by=admin, reason=" ", at=town.now)
    services.take_down(resource=resource, by=admin, reason="插图有版权", at=town.now)
    resource.refresh_from_db()
    assert (resource.state, resource.state_reason) == ("taken_down", "插图有版权")
    assert access.may(town.person("teacher"), Action.READ, resource, at=town.now)
    assert not access.may(town.person("colleague"), Action.READ, resource, at=town.now)
    assert AuditRow.objects.filter(action="resource.taken_down").get().detail["reason"] == "插图有版权"


def test_what_was_taken_down_comes_back_to_its_readers(town: Town) -> None:
    resource = town.published(Audience(organisation=town.group))
    services.take_down(resource=resource, by=town.person("school_admin"), reason="核实中", at=town.now)
    services.restore(resource=resource, by=town.person("school_admin"), at=town.now)
    resource.refresh_from_db()
    assert access.may(town.person("colleague"), Action.READ, resource, at=town.now)


def test_a_reader_takes_nothing_down(town: Town) -> None:
    resource = town.published(Audience(organisation=town.group))
    with pytest.raises(Refused):
        services.take_down(resource=resource, by=town.person("colleague"), reason="不喜欢", at=town.now)


def test_an_archived_thing_stays_readable(town: Town) -> None:
    resource = town.published(Audience(organisation=town.group))
    services.archive(resource=resource, by=town.person("teacher"), at=town.now)
    resource.refresh_from_db()
    assert access.may(town.person("colleague"), Action.READ, resource, at=town.now)
    assert not access.may(town.person("colleague"), Action.FAVOURITE, resource, at=town.now)


def test_a_binned_draft_comes_back_to_its_owner_alone(town: Town) -> None:
    resource = town.draft()
    services.bin_draft(resource=resource, by=town.person("teacher"), at=town.now)
    resource.refresh_from_db()
    assert not access.may(town.person("colleague"), Action.RESTORE, resource, at=town.now)
    services.restore(resource=resource, by=town.person("teacher"), at=town.now)
    resource.refresh_from_db()
    assert resource.state == "draft"


def test_ending_a_grant_closes_it_at_once_for_its_readers(town: Town) -> None:
    resource = town.published(Audience(organisation=town.group), Audience(organisation=town.member))
    grant = resource.grants.get(organisation=town.group)
    services.end_grant(grant=grant, by=town.person("teacher"), at=town.now)
    assert not access.may(town.person("colleague"), Action.READ, resource, at=town.now)
    assert access.may(town.person("school_reviewer"), Action.READ, resource, at=town.now)


def test_withdrawing_a_published_thing_ends_the_review_of_its_next_version(town: Town) -> None:
    teacher = town.person("teacher")
    resource = town.published(Audience(organisation=town.member))
    edited = services.Draft("梯形的面积", whole_design("换一个导入"))
    services.save(resource=resource, by=teacher, draft=edited, lock_version=1, at=town.now)
    audiences = [Audience(organisation=town.member)]
    waiting = services.submit(resource=resource, by=teacher, audiences=audiences, at=town.now)
    services.withdraw(resource=resource, by=teacher, at=town.now)
    with pytest.raises(Refused):
        services.approve(submission=waiting, by=town.person("school_reviewer"), at=town.now)
    resource.refresh_from_db()
    assert resource.state == "draft"
    assert services.submit(resource=resource, by=teacher, audiences=audiences, at=town.now).status == "open"
