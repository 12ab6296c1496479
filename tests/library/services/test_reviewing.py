"""The review chain: who is asked, in which order, and that nothing is published but what they read."""

from datetime import timedelta

import pytest

from groups import access
from groups.access import Action, Refused
from groups.models import State
from groups.viewer import viewer_for
from library.resources import services
from library.resources.models import Resource, Submission
from library.resources.services.reviewing import NotReady
from search.models import OutboxRow
from tests.factories.town import Town, whole_design

Audience = services.Audience


def submit(town: Town, resource: Resource, *audiences: services.Audience) -> Submission:
    return services.submit(resource=resource, by=town.person("teacher"), audiences=audiences, at=town.now)


def levels(town: Town, *audiences: services.Audience) -> list[str]:
    return [str(level) for level, _ in services.chain_for(audiences, town.member, town.now)]


def test_the_chain_follows_the_widest_audience(town: Town) -> None:
    assert levels(town, Audience(person=town.person("colleague"))) == []
    assert levels(town, Audience(organisation=town.prep_group)) == []
    assert levels(town, Audience(organisation=town.member)) == ["school"]
    assert levels(town, Audience(organisation=town.group)) == ["school", "group"]
    assert levels(town, Audience(organisation=town.studio)) == ["studio"]
    assert levels(town, Audience(organisation=town.county)) == ["school", "group", "county"]
    assert levels(town, Audience(organisation=town.city)) == ["school", "group", "city"]
    assert levels(town, Audience()) == ["school", "group", "city"]
    assert levels(town, Audience(organisation=town.member), Audience(organisation=town.studio)) == ["school", "studio"]


def test_sharing_with_a_person_needs_no_review(town: Town) -> None:
    resource = town.draft()
    submit(town, resource, Audience(person=town.person("colleague")))
    resource.refresh_from_db()
    assert resource.state == State.PUBLISHED
    assert access.may(town.person("colleague"), Action.READ, resource, at=town.now)
    assert not access.may(town.person("stranger"), Action.READ, resource, at=town.now)


def test_a_group_resource_is_read_by_nobody_until_both_reviewers_agreed(town: Town) -> None:
    resource = town.draft()
    submission = submit(town, resource, Audience(organisation=town.group))
    resource.refresh_from_db()
    assert resource.state == State.IN_REVIEW
    assert not access.may(town.person("colleague"), Action.READ, resource, at=town.now)
    services.approve(submission=submission, by=town.person("school_reviewer"), at=town.now)
    resource.refresh_from_db()
    assert resource.state == State.IN_REVIEW
    services.approve(submission=submission, by=town.person("group_reviewer"), at=town.now)
    resource.refresh_from_db()
    assert resource.state == State.PUBLISHED
    assert access.may(town.person("colleague"), Action.READ, resource, at=town.now)


def test_the_group_cannot_decide_before_the_school(town: Town) -> None:
    submission = submit(town, town.draft(), Audience(organisation=town.group))
    with pytest.raises(Refused, match="现在轮到西溪小学"):
        services.approve(submission=submission, by=town.person("group_reviewer"), at=town.now)


def test_an_author_never_reviews_their_own(town: Town) -> None:
    resource = services.create(
        kind="lesson_design",
        owner=town.person("school_reviewer"),
        school=town.member,
        draft=services.Draft(title="自己的课", document=whole_design()),
        at=town.now,
    )
    submission = services.submit(
        resource=resource,
        by=town.person("school_reviewer"),
        audiences=[Audience(organisation=town.member)],
        at=town.now,
    )
    with pytest.raises(Refused):
        services.approve(submission=submission, by=town.person("school_reviewer"), at=town.now)


def test_what_is_published_is_the_version_that_was_read(town: Town) -> None:
    resource = town.published(Audience(organisation=town.member))
    reviewed = resource.submissions.get().steps.get()
    assert resource.published_version is not None
    assert reviewed.sha256 == resource.published_version.sha256
    services.save(
        resource=resource,
        by=town.person("teacher"),
        draft=services.Draft(title="偷偷改", document=whole_design("没审过的话")),
        lock_version=1,
        at=town.now,
    )
    resource.refresh_from_db()
    assert resource.title == "梯形的面积"
    assert reviewed.sha256 == resource.published_version.sha256


def test_a_new_version_does_not_inherit_approval(town: Town) -> None:
    resource = town.published(Audience(organisation=town.member))
    first = resource.published_version
    draft = services.Draft(title="梯形的面积", document=whole_design("第二版的导入"))
    services.save(resource=resource, by=town.person("teacher"), draft=draft, lock_version=1, at=town.now)
    submission = submit(town, resource, Audience(organisation=town.member))
    resource.refresh_from_db()
    assert (resource.state, resource.published_version) == (State.PUBLISHED, first)
    services.approve(submission=submission, by=town.person("school_reviewer"), at=town.now)
    resource.refresh_from_db()
    assert resource.published_version == submission.version != first
    assert resource.grants.valid_at(town.now).count() == 1


def test_a_return_needs_a_reason_and_gives_the_draft_back(town: Town) -> None:
    resource = town.draft()
    submission = submit(town, resource, Audience(organisation=town.member))
    reviewer = town.person("school_reviewer")
    with pytest.raises(NotReady, match="退回要写明原因"):
        services.return_for_changes(submission=submission, by=reviewer, at=town.now, reasons=[], opinion=" ")
    services.return_for_changes(
        submission=submission, by=reviewer, at=town.now, reasons=["环节时长不合理"], opinion="探究再留 5 分钟"
    )
    resource.refresh_from_db()
    submission.refresh_from_db()
    assert (resource.state, submission.status) == (State.DRAFT, "returned")
    assert not access.may(reviewer, Action.READ, resource, at=town.now)
    with pytest.raises(Refused):
        services.approve(submission=submission, by=reviewer, at=town.now)


def test_withdrawing_gives_the_draft_back_and_closes_the_reviewers_door(town: Town) -> None:
    resource = town.draft()
    submit(town, resource, Audience(organisation=town.member))
    services.withdraw_submission(resource=resource, by=town.person("teacher"), at=town.now)
    resource.refresh_from_db()
    assert resource.state == State.DRAFT
    assert not access.may(town.person("school_reviewer"), Action.READ, resource, at=town.now)


@pytest.mark.parametrize("public", [True, False])
def test_a_city_officer_may_delegate_to_a_groups_reviewer(town: Town, public: bool) -> None:
    resource = town.draft()
    submission = submit(town, resource, Audience() if public else Audience(organisation=town.city))
    services.approve(submission=submission, by=town.person("school_reviewer"), at=town.now)
    services.approve(submission=submission, by=town.person("group_reviewer"), at=town.now)
    step = submission.steps.get(level="city")
    with pytest.raises(Refused):
        services.delegate(step=step, by=town.person("county_officer"), to=town.group, at=town.now)
    services.delegate(step=step, by=town.person("city_officer"), to=town.group, at=town.now)
    services.approve(submission=submission, by=town.person("group_reviewer"), at=town.now)
    resource.refresh_from_db()
    assert resource.state == State.PUBLISHED


def test_a_design_with_empty_sections_cannot_be_submitted_and_says_which(town: Town) -> None:
    from library.documents.lesson_design import LessonDesignDocument

    resource = services.create(
        kind="lesson_design",
        owner=town.person("teacher"),
        school=town.member,
        draft=services.Draft(title="空", document=LessonDesignDocument()),
        at=town.now,
    )
    with pytest.raises(NotReady, match="教学过程"):
        submit(town, resource, Audience(organisation=town.member))


def test_no_audience_and_a_closed_one_are_refused(town: Town) -> None:
    resource = town.draft()
    with pytest.raises(NotReady, match="共享范围"):
        submit(town, resource)
    town.studio.closed_at = town.now
    town.studio.save()
    with pytest.raises(NotReady, match="已关闭"):
        submit(town, resource, Audience(organisation=town.studio))


def test_a_view_only_grant_lets_read_and_not_take(town: Town) -> None:
    from groups.models import GrantLevel

    resource = town.published(Audience(organisation=town.group, level=GrantLevel.VIEW))
    reader = town.person("colleague")
    assert access.may(reader, Action.READ, resource, at=town.now)
    for action in (Action.DOWNLOAD, Action.FORK, Action.EXPORT):
        assert not access.may(reader, action, resource, at=town.now)


def test_a_grant_begins_and_ends_at_its_minute(town: Town) -> None:
    tomorrow, later = town.now + timedelta(days=1), town.now + timedelta(days=2)
    resource = town.published(Audience(organisation=town.group, starts_at=tomorrow, ends_at=later))
    reader = town.person("colleague")
    moments = [town.now, tomorrow, later - timedelta(seconds=1), later]
    assert [bool(access.may(reader, Action.READ, resource, at=at)) for at in moments] == [False, True, True, False]
    for at in moments:
        listed = Resource.objects.visible_to(viewer_for(reader, at)).filter(pk=resource.pk).exists()
        assert listed == bool(access.may(reader, Action.LIST, resource, at=at))


def test_every_step_marks_the_search_row(town: Town) -> None:
    resource = town.published(Audience(organisation=town.group))
    row = OutboxRow.objects.get(source="resource", uid=resource.uid)
    assert row.pending
