"""Using again: licences, provenance, the source's newer version, signing together."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groups.access import Refused
from groups.models import GrantLevel
from groups.viewer import viewer_for
from library.resources import licensing
from library.resources import services as library
from library.resources.models import Contribution, Derivation, DraftInvitation, Grant, Licence, Resource
from library.resources.services.packages import take_over
from library.together.selectors import provenance
from library.together.services import authors, updating
from library.together.services.talk import NotPossible
from tests.factories.shelf import Shelf, current, signed_in
from tests.factories.town import Town, whole_design

Audience = library.Audience


def take(town: Town, source: Resource, by: str = "colleague") -> Resource:
    return library.fork(version=current(source), by=town.person(by), school=town.lead, at=town.now)


def licensed(resource: Resource, licence: str) -> Resource:
    Resource.objects.filter(pk=resource.pk).update(licence=licence)
    resource.refresh_from_db()
    return resource


def next_version(town: Town, source: Resource, opening: str = "换一个开头") -> None:
    draft = library.Draft("梯形的面积", whole_design(opening))
    lock = source.working_copy.lock_version
    library.save(resource=source, by=source.owner, draft=draft, lock_version=lock, at=town.now)
    audiences = [Audience(organisation=town.group)]
    town.approve_all(library.submit(resource=source, by=source.owner, audiences=audiences, at=town.now))
    source.refresh_from_db()


@pytest.mark.parametrize(("licence", "words"), [("cc_by_nd", "不许改编"), ("self", "仅本人"), ("school", "仅本校")])
def test_a_licence_that_forbids_derivation_refuses_and_says_why(
    town: Town, shared: Resource, colleague: Client, licence: str, words: str
) -> None:
    licensed(shared, licence)
    with pytest.raises(Refused, match=words):
        take(town, shared)
    response = colleague.post(f"{shared.get_absolute_url()}fork/")
    assert response.status_code == 403
    assert words in response.content.decode()
    page = colleague.get(shared.get_absolute_url()).content.decode()
    assert words in page
    assert 'name="open"' not in page


def test_an_author_goes_on_with_an_own_thing_under_any_licence(town: Town, shared: Resource) -> None:
    assert take(town, licensed(shared, "cc_by_nd"), by="teacher").derived_from.source == shared


def test_colleagues_of_the_school_take_what_is_for_the_school(town: Town, shared: Resource) -> None:
    assert take(town, licensed(shared, "school"), by="school_reviewer").licence == "school"


def test_what_is_derived_is_licensed_no_wider_than_its_source(town: Town, shared: Resource) -> None:
    mine = take(town, shared)
    with pytest.raises(licensing.LicenceTooWide, match="不能放宽"):
        library.describe(
            resource=mine, by=town.person("colleague"), metadata=library.Metadata(licence="cc_by"), at=town.now
        )
    library.describe(
        resource=mine, by=town.person("colleague"), metadata=library.Metadata(licence="school"), at=town.now
    )


def test_the_form_names_the_licence_that_is_too_wide(town: Town, shared: Resource, colleague: Client) -> None:
    mine = take(town, shared)
    page = colleague.post(
        f"{mine.get_absolute_url()}describe/", {"licence": "cc_by", "source_type": "adapted", "summary": "新摘要"}
    ).content.decode()
    assert "原件的许可是“集团内部使用”" in page
    mine.refresh_from_db()
    assert (mine.licence, mine.summary) == ("group", "")


def test_every_licence_knows_what_may_be_made_from_it() -> None:
    assert set(licensing.DERIVED) == set(Licence.values)
    assert all(licence in allowed for licence, allowed in licensing.DERIVED.items())


def test_a_package_is_taken_over_without_the_parts_whose_licence_forbids_it(shelf: Shelf) -> None:
    town = shelf.town
    from tests.library.pages.test_resource import packaged

    packaged(shelf)
    package = Resource.objects.get(kind="package")
    design = licensed(Resource.objects.get(kind="lesson_design"), "cc_by_nd")
    by = town.person("colleague")
    _, parts = take_over(
        package=current(package), by=by, school=town.lead, viewer=viewer_for(by, town.now), at=town.now
    )
    assert parts
    assert design not in [part.derived_from.source for part in parts]


def test_a_fork_behind_its_source_is_told_and_updated_without_losing_a_word(
    town: Town, shared: Resource, colleague: Client
) -> None:
    mine = take(town, shared)
    own = library.Draft("我的梯形", whole_design("从水渠说起"))
    library.save(resource=mine, by=mine.owner, draft=own, lock_version=1, at=town.now)
    assert "落后于源" not in colleague.get(mine.get_absolute_url()).content.decode()
    next_version(town, shared)
    assert "落后于源" in colleague.get(mine.get_absolute_url()).content.decode()
    page = colleague.get(f"{mine.get_absolute_url()}source/").content.decode()
    assert "换一个开头" in page
    assert "从水渠说起" in page
    colleague.post(f"{mine.get_absolute_url()}source/", {"do": "take"})
    mine.refresh_from_db()
    assert "换一个开头" in str(mine.working_copy.document)
    assert "从水渠说起" in str(mine.versions.get(label="更新前").document)
    assert "落后于源" not in colleague.get(mine.get_absolute_url()).content.decode()


def test_who_keeps_their_own_hears_no_more_until_following_again(
    town: Town, shared: Resource, colleague: Client
) -> None:
    mine = take(town, shared)
    next_version(town, shared)
    colleague.post(f"{mine.get_absolute_url()}source/", {"do": "keep"})
    assert "落后于源" not in colleague.get(mine.get_absolute_url()).content.decode()
    colleague.post(f"{mine.get_absolute_url()}source/", {"do": "follow"})
    assert "落后于源" in colleague.get(mine.get_absolute_url()).content.decode()


def test_a_source_that_may_only_be_looked_at_gives_no_newer_text(town: Town, shared: Resource) -> None:
    mine = take(town, shared)
    next_version(town, shared)
    Grant.objects.filter(resource=shared).update(level=GrantLevel.VIEW)
    with pytest.raises(Refused):
        updating.take_newer(resource=mine, by=town.person("colleague"), at=town.now)


def test_nothing_newer_is_no_update(town: Town, shared: Resource) -> None:
    mine = take(town, shared)
    with pytest.raises(NotPossible, match="没有更新的版本"):
        updating.take_newer(resource=mine, by=mine.owner, at=town.now)


def test_a_source_that_was_closed_is_no_longer_ahead(town: Town, shared: Resource) -> None:
    mine = take(town, shared)
    next_version(town, shared)
    library.end_grant(grant=shared.grants.get(), by=shared.owner, at=town.now)
    assert updating.newer_source(mine, mine.owner, town.now) is None


def test_the_family_is_a_tree_of_what_the_viewer_may_see(town: Town, shared: Resource) -> None:
    middle = take(town, shared)
    town.approve_all(
        library.submit(
            resource=middle, by=middle.owner, audiences=[Audience(person=town.person("group_reviewer"))], at=town.now
        )
    )
    middle = Resource.objects.get(pk=middle.pk)
    last = Resource.objects.get(pk=take(town, middle, by="group_reviewer").pk)
    seen = provenance.tree(shared, viewer_for(town.person("group_reviewer"), town.now))
    assert [(b.resource, b.depth) for b in seen] == [(shared, 0), (middle, 1), (last, 2)]
    teacher = provenance.tree(shared, viewer_for(town.person("teacher"), town.now))
    assert [b.resource for b in teacher] == [shared]
    library.end_grant(grant=middle.grants.get(), by=middle.owner, at=town.now)
    gap = provenance.tree(last, viewer_for(town.person("group_reviewer"), town.now))
    assert [(b.resource, b.depth) for b in gap] == [(shared, 0), (last, 1)]


def test_the_family_page_costs_the_same_at_any_size(town: Town, shared: Resource) -> None:
    client, address = signed_in(town.person("teacher")), f"{shared.get_absolute_url()}provenance/"
    for _ in range(2):
        _published_fork(town, shared)
    few = _queries(client, address)
    for _ in range(12):
        _published_fork(town, shared)
    assert _queries(client, address) == few <= 15


def _published_fork(town: Town, source: Resource) -> None:
    fork = take(town, source)
    library.submit(resource=fork, by=fork.owner, audiences=[Audience(person=source.owner)], at=town.now)


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_colleague_signs_only_by_accepting_with_the_school_of_that_day(town: Town, colleague: Client) -> None:
    draft = town.draft()
    invitation = authors.invite_author(
        resource=draft, by=draft.owner, person=town.person("colleague"), part="guiding", at=town.now
    )
    assert draft.contributions.count() == 1
    assert "梯形的面积" in colleague.get("/my/invitations/").content.decode()
    colleague.post(f"/my/invitations/{invitation.pk}/", {"answer": "accept"})
    signed = Contribution.objects.get(resource=draft, person=town.person("colleague"))
    assert (signed.part, signed.school_then) == ("guiding", town.lead)
    with pytest.raises(NotPossible, match="已经答复过"):
        authors.answer_invitation(invitation=invitation, by=town.person("colleague"), accept=True, at=town.now)


def test_a_declined_invitation_gives_no_credit_and_closes_the_draft(town: Town, colleague: Client) -> None:
    draft = town.draft()
    invitation = authors.invite_author(
        resource=draft, by=draft.owner, person=town.person("colleague"), part="member", at=town.now
    )
    assert colleague.get(draft.get_absolute_url()).status_code == 200
    colleague.post(f"/my/invitations/{invitation.pk}/", {"answer": "decline"})
    assert colleague.get(draft.get_absolute_url()).status_code == 403
    assert draft.contributions.count() == 1


def test_an_invitation_is_answered_by_the_invited_alone_and_while_it_is_a_draft(town: Town) -> None:
    draft = town.draft()
    invitation = authors.invite_author(
        resource=draft, by=draft.owner, person=town.person("colleague"), part="member", at=town.now
    )
    with pytest.raises(Refused, match="不是给你的"):
        authors.answer_invitation(invitation=invitation, by=town.person("stranger"), accept=True, at=town.now)
    library.submit(resource=draft, by=draft.owner, audiences=[Audience(organisation=town.group)], at=town.now)
    with pytest.raises(Refused, match="已经送审"):
        authors.answer_invitation(invitation=invitation, by=town.person("colleague"), accept=True, at=town.now)


@pytest.mark.parametrize(
    ("name", "part", "words"),
    [("没有这个人", "member", "没有找到"), ("黄志远", "chief", "请从主备"), ("", "member", "没有找到")],
)
def test_a_wrong_invitation_says_what_to_do(town: Town, teacher: Client, name: str, part: str, words: str) -> None:
    address = f"{town.draft().get_absolute_url()}authors/"
    assert words in teacher.post(address, {"name": name, "part": part}).content.decode()


def test_an_invited_editor_may_leave_the_draft(town: Town, colleague: Client) -> None:
    draft = town.draft()
    library.invite_editor(resource=draft, by=draft.owner, person=town.person("colleague"), at=town.now)
    invitation = DraftInvitation.objects.get()
    colleague.post(f"/my/invitations/editing/{invitation.pk}/")
    assert colleague.get(draft.get_absolute_url()).status_code == 403
    assert Derivation.objects.count() == 0
