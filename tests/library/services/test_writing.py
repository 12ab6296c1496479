"""Saving: one wins, the loser sees both texts, nothing is lost."""

import pytest

from groups.access import Refused
from groups.models import AuditRow
from library.resources import services
from library.resources.models import Contribution, WorkingCopy
from tests.factories.town import Town, whole_design


def test_a_new_resource_is_its_owners_draft_with_the_school_of_the_day(town: Town) -> None:
    resource = town.draft()
    written = Contribution.objects.get(resource=resource)
    assert (resource.state, written.person, written.school_then) == ("draft", town.person("teacher"), town.member)
    assert AuditRow.objects.get(thing_uid=resource.uid).action == "resource.created"


def test_a_save_moves_the_lock_version_and_keeps_the_text(town: Town) -> None:
    resource = town.draft()
    draft = services.Draft(title="梯形的面积（改）", document=whole_design("剪一刀"))
    copy = services.save(resource=resource, by=town.person("teacher"), draft=draft, lock_version=1, at=town.now)
    assert copy.lock_version == 2
    assert copy.document["stages"]["s1"]["teacher"]["content"][0]["content"][0]["text"] == "剪一刀"
    resource.refresh_from_db()
    assert resource.title == "梯形的面积（改）"


def test_the_second_of_two_saves_loses_nothing_and_sees_both(town: Town) -> None:
    resource, by = town.draft(), town.person("teacher")
    first = services.Draft(title="甲", document=whole_design("甲的写法"))
    services.save(resource=resource, by=by, draft=first, lock_version=1, at=town.now)
    second = services.Draft(title="乙", document=whole_design("乙的写法"))
    with pytest.raises(services.Conflict) as conflict:
        services.save(resource=resource, by=by, draft=second, lock_version=1, at=town.now)
    assert conflict.value.theirs.title == "甲"
    assert conflict.value.mine.title == "乙"
    assert WorkingCopy.objects.get(resource=resource).title == "甲"


def test_a_stranger_cannot_save(town: Town) -> None:
    resource = town.draft()
    with pytest.raises(Refused):
        services.save(
            resource=resource,
            by=town.person("colleague"),
            draft=services.Draft(title="x", document=whole_design()),
            lock_version=1,
            at=town.now,
        )


def test_an_invited_editor_may_save_until_revoked(town: Town) -> None:
    resource, guest = town.draft(), town.person("colleague")
    invitation = services.invite_editor(resource=resource, by=town.person("teacher"), person=guest, at=town.now)
    draft = services.Draft(title="一起写", document=whole_design())
    services.save(resource=resource, by=guest, draft=draft, lock_version=1, at=town.now)
    services.revoke_editor(invitation=invitation, by=town.person("teacher"), at=town.now)
    with pytest.raises(Refused):
        services.save(resource=resource, by=guest, draft=draft, lock_version=2, at=town.now)
