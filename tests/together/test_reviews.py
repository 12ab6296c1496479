"""Beside the chain: reminders, appeals, marks, delegation, the bin, and the record that every published byte has."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from groups.access import Refused
from groups.inbox.models import Message
from groups.models import Organisation
from library.resources import services as library
from library.resources.models import Resource, ReviewStep, Submission, Version
from library.resources.services.records import NoRecord, require_record, unrecorded
from library.together import jobs
from library.together.models import QualityMark, Reminder
from library.together.services import reviews
from library.together.services.talk import NotPossible
from tests.factories.shelf import signed_in
from tests.factories.town import Town, whole_design

Audience = library.Audience


def submitted(town: Town, *audiences: library.Audience) -> Submission:
    resource = town.draft()
    wanted = audiences or (Audience(organisation=town.group),)
    return library.submit(resource=resource, by=resource.owner, audiences=wanted, at=town.now)


def told(town: Town, name: str) -> list[str]:
    return [m.words for m in Message.objects.filter(recipient=town.person(name)).order_by("pk")]


def test_the_result_of_a_review_reaches_the_author_with_the_last_step(town: Town) -> None:
    submission = submitted(town)
    library.approve(submission=submission, by=town.person("school_reviewer"), at=town.now)
    assert told(town, "teacher") == []
    library.approve(submission=submission, by=town.person("group_reviewer"), at=town.now)
    assert told(town, "teacher") == ["{thing}已通过审核，已经发布"]


def test_a_returned_submission_and_a_take_down_are_told(town: Town, shared: Resource) -> None:
    submission = submitted(town)
    library.return_for_changes(
        submission=submission, by=town.person("school_reviewer"), at=town.now, reasons=["和已有的资源重复"], opinion=""
    )
    library.take_down(resource=shared, by=town.person("school_admin"), reason="照片没有授权", at=town.now)
    assert told(town, "teacher")[-2:] == ["{thing}退回修改，看看审核人的意见", "{thing}已下架：照片没有授权"]


def test_authors_remind_the_reviewers_of_the_waiting_step_once_a_day(town: Town) -> None:
    submission = submitted(town)
    assert reviews.remind(submission=submission, by=town.person("teacher"), at=town.now) == 1
    assert told(town, "school_reviewer") == ["{thing}在等你审"]
    assert told(town, "group_reviewer") == []
    with pytest.raises(NotPossible, match="一天催一次"):
        reviews.remind(submission=submission, by=town.person("teacher"), at=town.now + timedelta(hours=23))
    with pytest.raises(Refused, match="只有作者能催"):
        reviews.remind(submission=submission, by=town.person("colleague"), at=town.now + timedelta(days=2))


def test_the_site_reminds_of_what_waits_three_days_and_not_again_for_three(town: Town) -> None:
    submitted(town)
    days = [jobs_at(town, d) for d in (2, 3, 4, 6)]
    assert days == [0, 1, 0, 1]
    assert told(town, "school_reviewer") == ["{thing}等你审已经 3 天", "{thing}等你审已经 6 天"]


def jobs_at(town: Town, day: int) -> int:
    return reviews.remind_waiting(town.now + timedelta(days=day, minutes=1))


def test_the_age_of_a_review_counts_from_the_step_before(town: Town) -> None:
    submission = submitted(town)
    library.approve(submission=submission, by=town.person("school_reviewer"), at=town.now)
    Submission.objects.update(submitted_at=town.now - timedelta(days=9))
    ReviewStep.objects.filter(order=1).update(decided_at=town.now - timedelta(days=4))
    page = signed_in(town.person("group_reviewer")).get("/review/").content.decode()
    assert "等了 4 天" in page


def test_an_owner_appeals_once_and_the_answer_brings_it_back(town: Town, shared: Resource) -> None:
    library.take_down(resource=shared, by=town.person("school_admin"), reason="照片没有授权", at=town.now)
    made = reviews.appeal(resource=shared, by=town.person("teacher"), words="照片换成自己画的了", at=town.now)
    assert "林晓雯对{thing}的下架提出申诉" in told(town, "school_admin")
    with pytest.raises(NotPossible, match="已经申诉过"):
        reviews.appeal(resource=shared, by=town.person("teacher"), words="再说一遍", at=town.now)
    with pytest.raises(NotPossible, match="写明原因"):
        reviews.answer_appeal(appeal=made, by=town.person("school_admin"), uphold=False, words=" ", at=town.now)
    reviews.answer_appeal(appeal=made, by=town.person("school_admin"), uphold=True, words="", at=town.now)
    shared.refresh_from_db()
    assert shared.state == "published"
    assert told(town, "teacher")[-1] == "你对{thing}的申诉有答复了，已恢复"


def test_only_the_rank_that_took_it_down_or_above_answers_an_appeal(town: Town) -> None:
    resource = town.published(Audience(organisation=town.county))
    library.take_down(resource=resource, by=town.person("county_officer"), reason="核实", at=town.now)
    made = reviews.appeal(resource=resource, by=town.person("teacher"), words="请看", at=town.now)
    with pytest.raises(Refused):
        reviews.answer_appeal(appeal=made, by=town.person("school_admin"), uphold=True, words="", at=town.now)
    assert "请看" not in signed_in(town.person("school_admin")).get("/review/appeals/").content.decode()
    assert "请看" in signed_in(town.person("county_officer")).get("/review/appeals/").content.decode()


def test_a_mark_is_of_ones_own_level_with_a_number_that_is_used_once(town: Town) -> None:
    resource, officer = town.published(Audience(organisation=town.county)), town.person("county_officer")
    with pytest.raises(Refused, match="自己这一级"):
        award(town, resource, "county_officer", town.city, "清教 2026-01")
    mark = award(town, resource, "county_officer", town.county, "云教 2026-001")
    assert (mark.level, mark.version) == (QualityMark.Level.COUNTY, resource.published_version)
    with pytest.raises(NotPossible, match="已经用过"):
        award(town, town.published(Audience(organisation=town.county)), "county_officer", town.county, "云教 2026-001")
    with pytest.raises(Refused):
        award(town, resource, "teacher", town.county, "云教 2026-002")
    page = signed_in(town.person("colleague")).get(resource.get_absolute_url()).content.decode()
    assert "县级精品" in page
    assert "云教 2026-001" in page
    reviews.revoke_mark(mark=mark, by=officer, at=town.now)
    assert not resource.marks.exists()


def award(town: Town, resource: Resource, by: str, body: Organisation, number: str) -> QualityMark:
    return reviews.award_mark(
        resource=resource,
        by=town.person(by),
        organisation=body,
        certificate=number,
        at=town.now,
    )


def test_a_city_officer_hands_the_citys_step_to_a_group_on_the_review_page(town: Town) -> None:
    submission = submitted(town, Audience())
    for name in ("school_reviewer", "group_reviewer"):
        library.approve(submission=submission, by=town.person(name), at=town.now)
    officer = signed_in(town.person("city_officer"))
    assert "委托给集团审" in officer.get(f"/review/{submission.pk}/").content.decode()
    officer.post(f"/review/{submission.pk}/delegate/", {"group": town.group.uid})
    library.approve(submission=submission, by=town.person("group_reviewer"), at=town.now)
    assert Resource.objects.get(pk=submission.resource_id).state == "published"


def test_nobody_else_hands_a_step_on(town: Town) -> None:
    submission = submitted(town, Audience())
    reviewer = signed_in(town.person("school_reviewer"))
    assert "委托给集团审" not in reviewer.get(f"/review/{submission.pk}/").content.decode()
    assert reviewer.post(f"/review/{submission.pk}/delegate/", {"group": town.group.uid}).status_code == 403


def test_the_checklist_is_kept_with_the_step_and_shown_to_the_next_reviewer(town: Town) -> None:
    submission = submitted(town)
    form = {"decision": "approve", "checked": ["没有知识和文字差错"], "internal_note": "插图请集团再看"}
    signed_in(town.person("school_reviewer")).post(f"/review/{submission.pk}/", form)
    page = signed_in(town.person("group_reviewer")).get(f"/review/{submission.pk}/").content.decode()
    assert "核对过 1 项：没有知识和文字差错" in page
    assert "插图请集团再看" in page
    assert (
        "插图请集团再看"
        not in signed_in(town.person("teacher")).get(submission.resource.get_absolute_url()).content.decode()
    )


def test_the_review_page_says_its_keys(town: Town) -> None:
    page = signed_in(town.person("school_reviewer")).get(f"/review/{submitted(town).pk}/").content.decode()
    assert "a 通过，r 写退回原因，j 下一份，k 上一份" in page
    assert 'data-key="a"' in page


def test_the_bin_is_emptied_after_thirty_days_of_what_nobody_took(town: Town, shared: Resource) -> None:
    lonely = town.draft(title="没人要的")
    taken = town.draft(title="有人收过的")
    library.fork(
        version=library.cut_version(resource=taken, by=taken.owner, at=town.now),
        by=taken.owner,
        school=town.member,
        at=town.now,
    )
    for resource in (lonely, taken):
        library.bin_draft(resource=resource, by=resource.owner, at=town.now)
    assert jobs.empty_bin(town.now + timedelta(days=29)) == 0
    assert jobs.empty_bin(town.now + timedelta(days=30)) == 1
    assert [r.pk for r in Resource.objects.filter(state="binned")] == [taken.pk]


def test_everything_published_through_the_chain_has_its_record(town: Town, shared: Resource) -> None:
    town.published(Audience(organisation=town.prep_group))
    assert list(unrecorded()) == []
    call_command("review_verify", verbosity=0)


@pytest.mark.parametrize("tampering", ["hash", "step", "text", "submission"])
def test_bytes_without_their_record_are_found(town: Town, shared: Resource, tampering: str) -> None:
    version = shared.published_version
    assert version is not None
    steps = ReviewStep.objects.filter(submission__version=version)
    if tampering == "hash":
        steps.filter(order=1).update(sha256="0" * 64)
    elif tampering == "step":
        steps.filter(order=2).delete()
        steps.filter(order=1).delete()
    elif tampering == "text":
        Version.objects.filter(pk=version.pk).update(document={**version.document, "board": {"x": 1}})
    else:
        Submission.objects.update(status="returned")
    assert [gap.resource for gap in unrecorded()] == [shared]
    with pytest.raises(CommandError):
        call_command("review_verify", verbosity=0)


def test_a_publication_without_its_record_is_stopped(town: Town) -> None:
    submission = submitted(town)
    with pytest.raises(NoRecord, match="has not approved"):
        require_record(submission)


def test_a_studio_takes_its_members_work_reviews_it_and_shows_it_as_its_own(town: Town, member: None) -> None:
    resource = town.published(Audience(organisation=town.studio), Audience(organisation=town.group))
    assert resource.studio == town.studio
    from library.resources.search_documents import load

    assert [entry.facets["studio"] for entry in load([resource.uid])] == [(town.studio.name,)]


def test_who_is_no_member_submits_nothing_to_a_studio(town: Town) -> None:
    with pytest.raises(Refused, match="申请加入"):
        submitted(town, Audience(organisation=town.studio))


def test_selected_own_things_are_described_at_once_and_the_others_named(town: Town, teacher: Client) -> None:
    own, other = [town.draft(title=f"第{n}课") for n in range(2)], town.draft(owner="colleague", title="别人的")
    chosen = [r.uid for r in (*own, other)]
    form = {"of": chosen, "do": "save", "licence": "cc_by", "keywords": "面积、转化"}
    page = teacher.post("/my/library/describe/", form, follow=True).content.decode()
    assert "改好 2 份" in page
    assert {r.licence for r in Resource.objects.filter(pk__in=[o.pk for o in own])} == {"cc_by"}
    other.refresh_from_db()
    assert (other.licence, other.keywords) == ("group", [])


def test_a_bulk_form_that_changes_nothing_says_so(town: Town, teacher: Client) -> None:
    page = teacher.post("/my/library/describe/", {"of": [town.draft().uid], "do": "save"}).content.decode()
    assert "每一项都是“不改”" in page


def test_a_reminder_is_a_row_that_the_step_keeps(town: Town, teacher: Client) -> None:
    submission = submitted(town)
    page = teacher.post(f"{submission.resource.get_absolute_url()}remind/", follow=True).content.decode()
    assert "已提醒 1 位审核人" in page
    assert Reminder.objects.get().step.level == "school"
    assert whole_design()
