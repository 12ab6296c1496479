"""News and studio pages: who reads them, and whose they are in the back office."""

import pytest
from django.utils import timezone
from wagtail.models import Page

from groups import access
from groups.access import Action
from groups.models import Organisation, Person
from studios.models import StudioIndexPage, StudioPage
from tests.factories import people as make
from website.models import HomePage, NewsIndexPage, NewsPage

pytestmark = pytest.mark.django_db


class Site:
    """A home with news of the city and of one group, and one studio's page."""

    def __init__(self) -> None:
        root = Page.objects.get(depth=1)
        self.home: HomePage = root.add_child(instance=HomePage(title="首页", slug="access-home"))
        self.index: NewsIndexPage = self.home.add_child(instance=NewsIndexPage(title="新闻", slug="news"))
        self.group, self.studio = make.organisation("group"), make.organisation("studio")
        day = timezone.localdate()
        self.city_news: NewsPage = self.index.add_child(instance=NewsPage(title="全市", slug="city", date=day))
        self.group_news: NewsPage = self.index.add_child(
            instance=NewsPage(title="集团", slug="group", date=day, group=self.group)
        )
        self.draft: NewsPage = self.index.add_child(instance=NewsPage(title="草稿", slug="d", date=day, live=False))
        studios = self.home.add_child(instance=StudioIndexPage(title="工作室", slug="s"))
        self.page: StudioPage = studios.add_child(instance=StudioPage(title="甲工作室", slug="a", studio=self.studio))


@pytest.fixture
def site() -> Site:
    return Site()


def _somebody(organisation: Organisation, role: str) -> Person:
    person = make.person()
    make.post(person, organisation, role)
    return person


def test_anyone_reads_published_news_and_nobody_a_draft(site: Site) -> None:
    now = timezone.now()
    for reader in (None, _somebody(site.group, "admin")):
        assert access.may(reader, Action.READ, site.city_news, at=now)
        assert not access.may(reader, Action.READ, site.draft, at=now)


def test_news_is_edited_by_site_editors_and_a_groups_own_by_its_administrator(site: Site) -> None:
    editor, admin = _somebody(make.organisation("city"), "site_editor"), _somebody(site.group, "admin")
    for person, city, own in (
        (editor, True, True),
        (admin, False, True),
        (_somebody(site.studio, "host"), False, False),
    ):
        assert bool(access.may(person, Action.EDIT, site.city_news, at=timezone.now())) is city
        assert site.city_news.permissions_for_user(person).can_edit() is city
        assert site.group_news.permissions_for_user(person).can_edit() is own
        assert site.home.permissions_for_user(person).can_edit() is (person == editor)
    assert site.index.permissions_for_user(admin).can_add_subpage()


def test_a_studio_page_is_its_hosts_and_editors_while_the_studio_runs(site: Site) -> None:
    host, editor, member = (_somebody(site.studio, role) for role in ("host", "editor", "member"))
    assert site.page.permissions_for_user(host).can_edit()
    assert site.page.permissions_for_user(editor).can_publish()
    assert not site.page.permissions_for_user(member).can_edit()
    assert not site.index.permissions_for_user(host).can_add_subpage()
    Organisation.objects.filter(pk=site.studio.pk).update(closed_at=timezone.now())
    assert not site.page.permissions_for_user(Person.objects.get(pk=host.pk)).can_edit()
