"""Joining a studio by request, its host's desk, and its page."""

import pytest
from django.test import Client
from wagtail.models import Page

from groups.access import Action, Refused, may
from groups.inbox.models import Message
from groups.models import Appointment, Organisation, Role, Studio
from library.resources import services as library
from studios import services
from studios.models import Application, StudioIndexPage, StudioPage
from tests.factories.shelf import signed_in
from tests.factories.town import Town
from website.models import HomePage


@pytest.fixture
def page(town: Town) -> StudioPage:
    home = Page.objects.get(depth=1).add_child(instance=HomePage(title="首页", slug="together-home"))
    from wagtail.models import Site

    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    index = home.add_child(instance=StudioIndexPage(title="工作室", slug="s"))
    made: StudioPage = index.add_child(
        instance=StudioPage(title="苏文澜工作室", slug=town.studio.uid, studio=town.studio)
    )
    return made


def apply(town: Town, by: str = "teacher") -> Application:
    return services.ask_to_join(studio=studio_of(town), by=town.person(by), words="教五年级数学", at=town.now)


def studio_of(town: Town) -> Studio:
    return Studio.objects.get(pk=town.studio.pk)


def test_an_accepted_applicant_is_a_member_and_may_submit(town: Town) -> None:
    application = apply(town)
    assert not may(town.person("teacher"), Action.SUBMIT_TO, studio_of(town), at=town.now)
    services.answer_application(application=application, by=town.person("host"), accept=True, words="", at=town.now)
    assert Appointment.objects.get(person=town.person("teacher"), organisation=town.studio).role == Role.MEMBER
    assert may(town.person("teacher"), Action.SUBMIT_TO, studio_of(town), at=town.now)
    told = Message.objects.filter(recipient=town.person("teacher")).get()
    assert "接受了你的申请" in told.words


def test_a_declined_applicant_hears_why_and_may_ask_again(town: Town) -> None:
    services.answer_application(
        application=apply(town), by=town.person("host"), accept=False, words="这一期满了", at=town.now
    )
    assert "这一期满了" in Message.objects.get(recipient=town.person("teacher")).words
    assert apply(town).status == "open"


def test_who_asks_twice_or_is_a_member_is_told_so(town: Town) -> None:
    apply(town)
    with pytest.raises(services.NotPossible, match="还在等"):
        apply(town)
    with pytest.raises(services.NotPossible, match="已经是"):
        apply(town, by="host")


def test_only_the_host_answers_and_a_closed_studio_takes_nobody(town: Town) -> None:
    application = apply(town)
    with pytest.raises(Refused, match="主持人"):
        services.answer_application(
            application=application, by=town.person("school_admin"), accept=True, words="", at=town.now
        )
    Organisation.objects.filter(pk=town.studio.pk).update(closed_at=town.now)
    with pytest.raises(Refused):
        apply(town, by="colleague")


def test_the_hosts_desk_shows_applications_and_work_and_is_closed_to_others(town: Town, member: None) -> None:
    draft = town.draft()
    library.submit(resource=draft, by=draft.owner, audiences=[library.Audience(organisation=town.studio)], at=town.now)
    apply(town, by="colleague")
    desk = signed_in(town.person("host")).get(f"/s/{town.studio.uid}/queue/").content.decode()
    assert "梯形的面积" in desk
    assert "黄志远" in desk
    assert signed_in(town.person("teacher")).get(f"/s/{town.studio.uid}/queue/").status_code == 403


def test_the_studios_page_shows_its_work_and_what_the_reader_may_do(
    town: Town, member: None, page: StudioPage, client: Client
) -> None:
    town.published(library.Audience(organisation=town.studio), library.Audience(organisation=town.group))
    seen = signed_in(town.person("colleague")).get(page.url).content.decode()
    assert "梯形的面积" in seen
    assert "申请加入" in seen
    assert "审稿与申请" in signed_in(town.person("host")).get(page.url).content.decode()
    assert "梯形的面积" not in client.get(page.url).content.decode()


def test_joining_works_on_the_pages(town: Town, page: StudioPage) -> None:
    asker, host = signed_in(town.person("colleague")), signed_in(town.person("host"))
    asker.post(f"/s/{town.studio.uid}/join/", {"words": "想一起磨课"})
    assert "等主持人答复" in asker.get(page.url).content.decode()
    application = Application.objects.get()
    host.post(f"/s/{town.studio.uid}/queue/{application.pk}/", {"answer": "accept"})
    assert "投稿" in asker.get(page.url).content.decode()
    again = host.post(f"/s/{town.studio.uid}/queue/{application.pk}/", {"answer": "accept"}, follow=True)
    assert "已经答复过" in again.content.decode()
