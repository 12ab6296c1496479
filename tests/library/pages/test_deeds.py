"""One button each: take home and undo, keep, withdraw, archive, take down, share and review."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from groups.models import Person, Role
from library.resources import services
from library.resources.models import DraftInvitation, Favourite, Kind, Resource, ReviewStep, Submission, UsageEvent
from search import engines, worker
from tests.factories import people
from tests.factories.shelf import Shelf, current, signed_in
from tests.factories.town import whole_design
from tests.library.pages.test_resource import packaged, read

pytestmark = pytest.mark.django_db


def test_taking_home_makes_a_draft_of_ones_own_and_can_be_undone(shelf: Shelf) -> None:
    source = shelf.published(shelf.draft())
    colleague = shelf.town.person("colleague")
    client = signed_in(colleague)
    page = client.post(f"{source.get_absolute_url()}fork/", follow=True).content.decode()
    mine = Resource.objects.get(owner=colleague)
    assert mine.state == "draft"
    assert "已收入我的备课" in page
    assert f"{mine.get_absolute_url()}fork/undo/" in page
    client.post(f"{mine.get_absolute_url()}fork/undo/")
    assert not Resource.objects.filter(owner=colleague).exists()


def test_a_changed_fork_is_not_undone_but_says_what_to_do(shelf: Shelf) -> None:
    source = shelf.published(shelf.draft())
    colleague = shelf.town.person("colleague")
    mine = services.fork(version=current(source), by=colleague, school=shelf.town.lead, at=shelf.town.now)
    mine.working_copy.__class__.objects.filter(resource=mine).update(lock_version=2)
    response = signed_in(colleague).post(f"{mine.get_absolute_url()}fork/undo/")
    assert response.status_code == 403
    assert "回收站" in response.content.decode()


def test_taking_a_whole_package_forks_every_part(shelf: Shelf) -> None:
    package = packaged(shelf)
    colleague = shelf.town.person("colleague")
    signed_in(colleague).post(f"{package.get_absolute_url()}fork/")
    kinds = set(Resource.objects.filter(owner=colleague).values_list("kind", flat=True))
    assert kinds == {Kind.PACKAGE, Kind.LESSON_DESIGN, Kind.WORKSHEET}


def test_a_visitor_who_takes_home_signs_in_first(client: Client, shelf: Shelf) -> None:
    source = shelf.published(shelf.draft())
    response = client.post(f"{source.get_absolute_url()}fork/")
    assert response.status_code == 302
    assert "next=" in response.headers["Location"]


def test_a_bookmark_is_set_and_removed_and_listed(shelf: Shelf) -> None:
    source = shelf.published(shelf.draft(title="拼一拼学梯形"))
    client = signed_in(shelf.town.person("colleague"))
    client.post(f"{source.get_absolute_url()}favourite/")
    assert "拼一拼学梯形" in client.get("/my/favourites/").content.decode()
    client.post(f"{source.get_absolute_url()}favourite/")
    assert not Favourite.objects.exists()


def test_a_favourite_that_is_no_longer_shared_leaves_the_list(shelf: Shelf) -> None:
    source = shelf.published(shelf.draft(title="拼一拼学梯形"))
    client = signed_in(shelf.town.person("colleague"))
    client.post(f"{source.get_absolute_url()}favourite/")
    source.grants.update(ends_at=shelf.town.now)
    assert "拼一拼学梯形" not in client.get("/my/favourites/").content.decode()


def test_my_list_shows_completeness_and_what_the_reviewer_wrote(teacher: Client, shelf: Shelf) -> None:
    town = shelf.town
    shelf.draft(title="还在写的一课")
    returned = shelf.draft(title="退回的一课")
    submission = services.submit(
        resource=returned,
        by=town.person("teacher"),
        audiences=[services.Audience(organisation=town.member)],
        at=town.now,
    )
    services.return_for_changes(
        submission=submission,
        by=town.person("school_reviewer"),
        at=town.now,
        reasons=["有知识或文字差错"],
        opinion="第二个目标请再具体些",
        internal_note="只给自己看",
    )
    drafts = teacher.get("/my/library/").content.decode()
    assert "还在写的一课" in drafts
    assert "100%" in drafts
    assert "退回的一课" not in drafts
    page = teacher.get("/my/library/?state=returned").content.decode()
    assert "第二个目标请再具体些" in page
    assert "只给自己看" not in page


def test_the_bin_is_emptied_by_restoring(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft(title="不要的一课")
    teacher.post(f"{resource.get_absolute_url()}delete/")
    assert "不要的一课" in teacher.get("/my/library/?state=binned").content.decode()
    teacher.post(f"{resource.get_absolute_url()}restore/")
    resource.refresh_from_db()
    assert resource.state == "draft"


def test_ones_own_list_names_a_source_as_it_was_when_taken(shelf: Shelf) -> None:
    source = shelf.published(shelf.draft())
    client = signed_in(shelf.town.person("colleague"))
    client.post(f"{source.get_absolute_url()}fork/")
    Resource.objects.filter(pk=source.pk).update(title="后来改的名字")

    page = client.get("/my/library/").content.decode()

    assert "改编自 梯形的面积" in page
    assert "后来改的名字" not in page


def test_taking_down_asks_for_a_reason_that_the_owner_reads(shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    admin = signed_in(shelf.town.person("school_admin"))
    address = f"{resource.get_absolute_url()}take-down/"
    assert "原因：还没有写" in admin.post(address, {"reason": " "}).content.decode()
    resource.refresh_from_db()
    assert resource.state == "published"
    admin.post(address, {"reason": "第三个环节有错题"})
    assert "第三个环节有错题" in read(signed_in(shelf.town.person("teacher")), resource)
    assert Client().get(resource.get_absolute_url()).status_code == 403


def test_sharing_explains_the_chain_and_submits(teacher: Client, shelf: Shelf) -> None:
    town, resource = shelf.town, shelf.draft()
    address = f"{resource.get_absolute_url()}publish/"
    page = teacher.get(address).content.decode()
    assert "先本校审，再集团审" in page
    teacher.post(address, {"audience": [f"org:{town.group.pk}"], "level": "download", "reason": "第一次分享"})
    submission = Submission.objects.get(resource=resource)
    assert [step.level for step in submission.steps.all()] == ["school", "group"]
    resource.refresh_from_db()
    assert resource.state == "in_review"


def test_sharing_with_a_named_person_needs_no_review(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    teacher.post(f"{resource.get_absolute_url()}publish/", {"people": "黄志远", "level": "view"})
    resource.refresh_from_db()
    assert resource.state == "published"
    assert read(signed_in(shelf.town.person("colleague")), resource)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "共享范围：还没有选"),
        ({"people": "没有这个人"}, "没有找到“没有这个人”"),
        ({"audience": ["org:999999"]}, "共享范围：这一项不在你能选的范围里"),
        ({"audience": ["public"], "ends_on": "昨天"}, "到哪天为止：日期不对"),
        ({"audience": ["public"], "ends_on": "2001-01-01"}, "要在今天之后"),
        ({"audience": ["public"], "ends_on": "9999-12-31"}, "年份不对"),
    ],
)
def test_a_wrong_share_names_the_field_and_the_next_step(
    sent: dict[str, object], words: str, teacher: Client, shelf: Shelf
) -> None:
    resource = shelf.draft()
    response = teacher.post(f"{resource.get_absolute_url()}publish/", {"level": "download", **sent})
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not Submission.objects.exists()


def test_an_unfinished_design_says_what_is_missing_before_review(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    copy = resource.working_copy
    copy.document = {}
    copy.save()
    page = teacher.post(
        f"{resource.get_absolute_url()}publish/", {"audience": ["public"], "level": "download"}
    ).content.decode()
    assert "还缺：" in page


def test_an_audience_can_be_ended_from_the_share_page(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    grant = resource.grants.get()
    teacher.post(f"{resource.get_absolute_url()}grants/{grant.pk}/end/")
    assert Client().get(resource.get_absolute_url()).status_code == 403


def submitted(shelf: Shelf, title: str = "等审的一课") -> Submission:
    town = shelf.town
    return services.submit(
        resource=shelf.draft(title=title),
        by=town.person("teacher"),
        audiences=[services.Audience(organisation=town.group)],
        at=town.now,
    )


def test_the_queue_holds_what_waits_for_me_alone(shelf: Shelf) -> None:
    submitted(shelf)
    town = shelf.town
    assert "等审的一课" in signed_in(town.person("school_reviewer")).get("/review/").content.decode()
    for nobody in ("group_reviewer", "colleague", "teacher", "city_officer"):
        assert "等审的一课" not in signed_in(town.person(nobody)).get("/review/").content.decode()


def test_approving_step_by_step_publishes(shelf: Shelf) -> None:
    submission = submitted(shelf)
    for reviewer in ("school_reviewer", "group_reviewer"):
        client = signed_in(shelf.town.person(reviewer))
        assert "推导梯形的面积公式" in client.get(f"/review/{submission.pk}/").content.decode()
        client.post(f"/review/{submission.pk}/", {"decision": "approve", "opinion": "可以用"})
    submission.resource.refresh_from_db()
    assert submission.resource.state == "published"


def test_a_return_without_a_word_keeps_the_form(shelf: Shelf) -> None:
    submission = submitted(shelf)
    client = signed_in(shelf.town.person("school_reviewer"))
    page = client.post(f"/review/{submission.pk}/", {"decision": "return", "internal_note": "记一笔"}).content.decode()
    assert "退回要写明原因" in page
    assert "记一笔" in page
    assert not ReviewStep.objects.filter(decision="returned").exists()


def test_a_reviewer_goes_on_to_the_next_one(shelf: Shelf) -> None:
    first, second = submitted(shelf, "第一份"), submitted(shelf, "第二份")
    client = signed_in(shelf.town.person("school_reviewer"))
    response = client.post(f"/review/{first.pk}/", {"decision": "approve"})
    assert response.headers["Location"] == f"/review/{second.pk}/"


def test_a_reviewer_sees_what_changed_since_the_published_version(shelf: Shelf) -> None:
    town = shelf.town
    resource = shelf.published(shelf.draft())
    copy = resource.working_copy
    copy.document["stages"]["s1"]["title"] = "唤醒旧知"
    copy.save()
    submission = services.submit(
        resource=resource, by=town.person("teacher"), audiences=[services.Audience()], at=town.now
    )
    page = signed_in(town.person("school_reviewer")).get(f"/review/{submission.pk}/").content.decode()
    assert "<del>导入</del>" in page
    assert "<ins>唤醒旧知</ins>" in page


def test_an_author_does_not_review_the_own_thing(shelf: Shelf) -> None:
    submission = submitted(shelf)
    response = signed_in(shelf.town.person("teacher")).post(f"/review/{submission.pk}/", {"decision": "approve"})
    assert response.status_code == 403


def test_my_lists_and_the_queue_cost_the_same_however_long(shelf: Shelf) -> None:
    town = shelf.town
    teacher, reviewer = signed_in(town.person("teacher")), signed_in(town.person("school_reviewer"))
    submitted(shelf, "第一份")
    shelf.draft()
    pages = ((teacher, "/my/library/"), (teacher, "/my/library/?state=in_review"), (reviewer, "/review/"))
    few = [queries(client, address) for client, address in pages]
    for n in range(9):
        submitted(shelf, f"另一份{n}")
        shelf.draft(title=f"草稿{n}")
    assert [queries(client, address) for client, address in pages] == few
    assert max(few) <= 15


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_after_signing_in_a_button_leads_back_to_its_page(client: Client, shelf: Shelf) -> None:
    source = shelf.published(shelf.draft())
    page = shelf.lesson.get_absolute_url()
    response = client.post(f"{source.get_absolute_url()}fork/", headers={"referer": f"http://testserver{page}"})
    assert response.headers["Location"].endswith(f"next={page}")
    elsewhere = client.post(f"{source.get_absolute_url()}fork/", headers={"referer": "https://evil.example/x"})
    assert "evil" not in elsewhere.headers["Location"]


@pytest.mark.parametrize("deed", ["fork", "favourite", "withdraw", "archive", "restore", "delete", "invite"])
def test_a_buttons_address_opened_by_hand_leads_to_the_resource(deed: str, teacher: Client, shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    response = teacher.get(f"{resource.get_absolute_url()}{deed}/")
    assert response.headers["Location"] == resource.get_absolute_url()
    resource.refresh_from_db()
    assert resource.state == "published"


@pytest.mark.parametrize("address", ["", "download/"])
def test_asking_for_headers_or_fetching_ahead_is_no_use(address: str, teacher: Client, shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    visitor = Client()
    visitor.head(f"{resource.get_absolute_url()}{address}")
    visitor.get(f"{resource.get_absolute_url()}{address}", headers={"sec-purpose": "prefetch;prerender"})
    assert not UsageEvent.objects.filter(resource=resource).exists()
    visitor.get(f"{resource.get_absolute_url()}{address}")
    assert UsageEvent.objects.filter(resource=resource).count() == 1


def test_a_draft_is_downloaded_as_it_is_now(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    address = f"{resource.get_absolute_url()}download/"
    assert "看图说说学过的图形" in body(teacher, address)
    changed = services.Draft("梯形的面积", whole_design("拼两个一样的梯形"))
    services.save(resource=resource, by=resource.owner, draft=changed, lock_version=1, at=shelf.town.now)
    assert "拼两个一样的梯形" in body(teacher, address)


def test_while_it_is_reviewed_the_submitted_version_is_what_is_downloaded(shelf: Shelf) -> None:
    resource = submitted(shelf, "送审的课").resource
    reviewer = signed_in(shelf.town.person("school_reviewer"))
    versions = resource.versions.count()
    assert "看图说说学过的图形" in body(reviewer, f"{resource.get_absolute_url()}download/")
    assert resource.versions.count() == versions


def body(client: Client, address: str) -> str:
    return b"".join(client.get(address).streaming_content).decode()  # type: ignore[attr-defined]


def test_a_namesake_at_another_school_is_not_invited(teacher: Client, shelf: Shelf) -> None:
    town, resource = shelf.town, shelf.draft()
    stranger, here = people.person("许嘉"), town.person("school_admin")
    Person.objects.filter(pk=stranger.pk).update(phone="13900000077")
    address = f"{resource.get_absolute_url()}invite/"
    assert "已邀请许嘉" in teacher.post(address, {"name": "许嘉"}, follow=True).content.decode()
    assert [i.person for i in DraftInvitation.objects.all()] == [here]
    teacher.post(address, {"name": "13900000077"})
    assert {i.person for i in DraftInvitation.objects.all()} == {here, stranger}


def test_of_two_colleagues_of_one_name_the_phone_number_decides(teacher: Client, shelf: Shelf) -> None:
    people.post(people.person("许嘉"), shelf.town.member, Role.TEACHER)
    address = f"{shelf.draft().get_absolute_url()}invite/"
    assert "有 2 位“许嘉”，分不清是哪一位" in teacher.post(address, {"name": "许嘉"}, follow=True).content.decode()
    assert not DraftInvitation.objects.exists()


def test_an_archived_thing_is_found_by_the_filter_for_archived_things_alone(
    teacher: Client, shelf: Shelf, settings: Settings
) -> None:
    settings.SEARCH_ENGINE = "memory"
    engines.forget()
    resource = shelf.published(shelf.draft(title="拼一拼学梯形"))
    teacher.post(f"{resource.get_absolute_url()}archive/")
    worker.drain()
    plain = teacher.get("/search/?q=拼一拼学梯形").content.decode()
    assert f'href="{resource.get_absolute_url()}' not in plain
    assert "archived=1" in plain
    assert f'href="{resource.get_absolute_url()}' in teacher.get("/search/?q=拼一拼学梯形&archived=1").content.decode()
    engines.forget()
