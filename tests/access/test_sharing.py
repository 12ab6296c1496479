"""What the policy says in prose about versions, leaving and taking down, played through the services."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from groups import access
from groups.access import Action
from groups.models import GrantLevel, Organisation, Person
from library.documents import schema
from library.documents.files import FilesDocument
from library.resources import services
from library.resources.models import Kind, Resource
from library.resources.services.reviewing import NotReady
from media.services import store_bytes
from tests.factories import people as make

pytestmark = pytest.mark.django_db


class Town:
    """A group of two schools with everybody that a review needs."""

    def __init__(self) -> None:
        self.now: datetime = timezone.now()
        self.city, self.county = make.organisation("city"), make.organisation("county")
        self.group, self.school, self.other = (make.organisation(k) for k in ("group", "school", "school"))
        make.link(self.county, self.city, "area")
        for school in (self.school, self.other):
            make.link(school, self.county, "area")
            make.link(school, self.group)
        self.author = self.somebody(self.school)
        self.reader = self.somebody(self.other)
        self.reviewers = {
            "school": self.somebody(self.school, "reviewer"),
            "group": self.somebody(self.group, "reviewer"),
            "city": self.somebody(self.city, "officer"),
        }

    def somebody(self, organisation: Organisation, role: str = "teacher") -> Person:
        person = make.person()
        make.post(person, organisation, role)
        return person

    def draft(self, school: Organisation | None) -> Resource:
        file = store_bytes(content="一张图".encode(), name="图.txt", by=self.author)
        text = services.Draft(title="秋天的树叶", document=schema.load(FilesDocument, {}), files=((file, "main"),))
        return services.create(kind=Kind.MATERIAL, owner=self.author, school=school, draft=text, at=self.now)

    def publish(self, resource: Resource, *to: services.Audience) -> Resource:
        submission = services.submit(resource=resource, by=self.author, audiences=to, at=self.now)
        for step in list(submission.steps.order_by("order")):
            services.approve(submission=submission, by=self.reviewers[step.level], at=self.now)
        resource.refresh_from_db()
        return resource

    def may(self, person: Person, action: Action, thing: Resource, days: int = 0) -> bool:
        return bool(access.may(person, action, thing, at=self.now + timedelta(days=days)))


@pytest.fixture
def town() -> Town:
    return Town()


def test_a_next_version_for_the_school_alone_is_reviewed_for_the_group_that_reads_it_too(town: Town) -> None:
    resource = town.publish(town.draft(town.school), services.Audience(organisation=town.group))
    services.save(
        resource=resource,
        by=town.author,
        draft=services.Draft(title="秋天的树叶（改）", document=schema.load(FilesDocument, {})),
        lock_version=resource.working_copy.lock_version,
        at=town.now,
    )
    file = store_bytes(content="两张图".encode(), name="图2.txt", by=town.author)
    copy = resource.working_copy
    copy.attachments.create(file=file, purpose="main")
    submission = services.submit(
        resource=resource, by=town.author, audiences=[services.Audience(organisation=town.school)], at=town.now
    )
    assert [step.level for step in submission.steps.order_by("order")] == ["school", "group"]


def test_a_thing_without_a_school_is_not_published_to_everybody_without_review(town: Town) -> None:
    with pytest.raises(NotReady, match="审核"):
        services.submit(resource=town.draft(None), by=town.author, audiences=[services.Audience()], at=town.now)


def test_a_person_named_twice_gets_one_grant(town: Town) -> None:
    resource = town.draft(town.school)
    for _ in range(2):
        services.submit(
            resource=resource, by=town.author, audiences=[services.Audience(person=town.reader)], at=town.now
        )
    assert resource.grants.count() == 1


def test_a_school_that_left_the_group_sees_nothing_of_it_and_keeps_what_it_received(town: Town) -> None:
    resource = town.publish(town.draft(town.school), services.Audience(organisation=town.group))
    version = resource.published_version
    assert version is not None
    fork = services.fork(version=version, by=town.reader, school=town.other, at=town.now)
    assert town.may(town.reader, Action.READ, resource)
    link = town.other.links_up.get(parent=town.group)
    link.ends_at = town.now + timedelta(days=1)
    link.save()
    assert not town.may(town.reader, Action.READ, resource, days=1)
    assert town.may(town.reader, Action.EDIT, fork, days=1)
    assert access.may(town.reader, Action.READ, version, at=town.now + timedelta(days=1))


def test_a_take_down_remembers_its_rank_and_only_that_rank_or_a_higher_one_restores(town: Town) -> None:
    resource = town.publish(town.draft(town.school), services.Audience(organisation=town.group))
    school_admin, officer = town.somebody(town.school, "admin"), town.somebody(town.county, "officer")
    services.take_down(resource=resource, by=officer, reason="图片没有授权", at=town.now)
    resource.refresh_from_db()
    assert resource.taken_down_as == "county_officer"
    assert not town.may(school_admin, Action.RESTORE, resource)
    assert town.may(officer, Action.RESTORE, resource)
    assert town.may(town.reviewers["city"], Action.RESTORE, resource)


def test_a_group_administrator_who_cannot_read_a_thing_cannot_take_it_down(town: Town) -> None:
    resource = town.publish(town.draft(town.school), services.Audience(organisation=town.group))
    outside = town.somebody(town.group, "admin")
    inside = town.somebody(town.other)
    make.post(inside, town.group, "admin")
    assert not town.may(outside, Action.TAKE_DOWN, resource)
    assert town.may(inside, Action.TAKE_DOWN, resource)


def test_a_refusal_says_why_and_whom_to_ask(town: Town) -> None:
    resource = town.publish(town.draft(town.school), services.Audience(organisation=town.group, level=GrantLevel.VIEW))
    verdict = access.may(town.reader, Action.DOWNLOAD, resource, at=town.now)
    assert not verdict
    assert "只开放查看" in verdict.reason
    stranger = access.may(make.person(), Action.READ, resource, at=town.now)
    assert "联系" in stranger.reason
