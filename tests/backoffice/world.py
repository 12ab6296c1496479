"""A town with one person for each way into the back office, and things of other schools whose titles are secret."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, Site

from catalogue.models import Knowledge, Outline, Standard
from groups import audit
from groups.memberships.models import Proposal
from groups.models import Organisation, Person, Role
from library.outlines.models import Change, Mapping
from library.resources import services
from library.resources.models import Resource
from library.together.models import Appeal, Comment, CommentReport
from media.conversion.models import BlobWords, PdfTwin
from media.models import Blob
from search.models import Defect, Generation, OutboxRow, Spread
from studios.models import StudioIndexPage, StudioPage
from tests.factories import people, shelf
from tests.factories.shelf import Shelf
from tests.factories.town import Town, whole_design
from website.models import HelpIndexPage, HelpPage, HomePage, NewsIndexPage, NewsPage

ROLES = ("site_editor", "host", "editor", "group_admin", "officer", "auditor", "system_admin")
"""Everybody whom the policy lets in."""

SECRETS = {
    "resource": "密稿甲",
    "school_resource": "密文乙",
    "studio_page": "密页丙",
    "news": "密闻丁",
    "image": "密图戊",
    "document": "密档己",
}


@dataclass
class World:
    town: Town
    shelf: Shelf
    people: dict[str, Person]
    pages: dict[str, Any] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        client = Client()
        if who != "anonymous":
            client.force_login(self.people[who])
        return client


def build(town: Town) -> World:
    books = shelf.build(town)
    posts = {
        "teacher": (town.member, Role.TEACHER),
        "site_editor": (town.city, Role.SITE_EDITOR),
        "editor": (town.studio, Role.EDITOR),
        "group_admin": (town.group, Role.ADMIN),
        "auditor": (town.city, Role.AUDITOR),
    }
    who = {name: people.person(f"乙{number}老师") for number, name in enumerate(posts)}
    for name, (place, role) in posts.items():
        people.post(who[name], place, role)
    who |= {"host": town.person("host"), "officer": town.person("county_officer")}
    who |= {"system_admin": town.person("system_admin")}
    world = World(town, books, who)
    _pages(world)
    _elsewhere(world)
    return world


def _pages(world: World) -> None:
    """The site: home, news, help, the studio's own page, a piece of news of each kind."""
    root = Page.get_first_root_node()
    assert root is not None
    Page.objects.filter(depth=2).delete()
    root.refresh_from_db()
    home = root.add_child(instance=HomePage(title="清源市", slug="home"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})
    news = home.add_child(instance=NewsIndexPage(title="新闻", slug="news"))
    helps = home.add_child(instance=HelpIndexPage(title="使用帮助", slug="help"))
    index = home.add_child(instance=StudioIndexPage(title="名师工作室", slug="s"))
    studio = world.town.studio
    own = index.add_child(instance=StudioPage(title=studio.name, slug=studio.uid, studio=studio))
    today = timezone.localdate()
    group_news = NewsPage(title="本集团的新闻", slug="own", date=today, group=world.town.group)
    world.pages = {
        "home": home,
        "news_index": news,
        "help_index": helps,
        "studio_index": index,
        "studio": own,
        "group_news": news.add_child(instance=group_news),
        "city_news": news.add_child(instance=NewsPage(title="全市的新闻", slug="city", date=today)),
        "help": helps.add_child(instance=HelpPage(title="怎么登录", slug="sign-in")),
    }


def _elsewhere(world: World) -> None:
    """Another county: its drafts, a piece for its own school, an unfinished studio page, unfinished news, its files."""
    county, school = people.organisation("county", "远山县"), people.organisation("school", "远山小学")
    people.link(county, world.town.city, "area")
    people.link(school, county, "area")
    stranger = people.person("远方")
    people.post(stranger, school)
    studio, group = people.organisation("studio", "远山工作室"), people.organisation("group", "远山集团")
    people.post(stranger, studio, Role.HOST)
    index, news = world.pages["studio_index"], world.pages["news_index"]
    page = StudioPage(title=SECRETS["studio_page"], slug="far", studio=studio, live=False)
    piece = NewsPage(title=SECRETS["news"], slug="far", date=timezone.localdate(), group=group, live=False)
    world.things = {
        "resource": _draft(world, stranger, school, SECRETS["resource"]),
        "school_resource": _draft(world, stranger, school, SECRETS["school_resource"]),
        "studio_page": index.add_child(instance=page),
        "news": news.add_child(instance=piece),
        "image": get_image_model().objects.create(
            title=SECRETS["image"], file=get_test_image_file(), uploaded_by_user=stranger
        ),
        "document": get_document_model().objects.create(
            title=SECRETS["document"], file=ContentFile(b"x", "x.txt"), uploaded_by_user=stranger
        ),
    }
    page.save_revision(user=stranger)
    reviewer = people.person("远审")
    people.post(reviewer, school, Role.REVIEWER)
    _for_its_own_school(world, world.things["school_resource"], reviewer, school)
    _rest(world, stranger)


def _draft(world: World, owner: Person, school: Organisation, title: str) -> Resource:
    made: Resource = services.create(
        kind="lesson_design",
        owner=owner,
        school=school,
        draft=services.Draft(title=title, document=whole_design()),
        at=world.town.now,
    )
    return made


def _for_its_own_school(world: World, resource: Resource, reviewer: Person, school: Organisation) -> None:
    submission = services.submit(
        resource=resource, by=resource.owner, audiences=(services.Audience(organisation=school),), at=world.town.now
    )
    services.approve(submission=submission, by=reviewer, at=world.town.now)


def _rest(world: World, stranger: Person) -> None:
    """One row for every list that there is."""
    subject = world.shelf.subject
    knowledge = Knowledge.objects.create(subject=subject, name="面积")
    standard = Standard.objects.create(subject=subject, code="t-1", text="会算面积", stage="5-6", domain="图形与几何")
    deed = audit.record(stranger, "test.deed", world.things["resource"])
    defect = Defect.objects.create(source="resource", uid="x", count=1, last_at=timezone.now() - timedelta(days=1))
    blob = Blob.objects.create(sha256="b" * 64, size=1, path="bb/bb/b")
    rows: dict[str, Model | None] = {
        "auditrow": deed,
        "person": stranger,
        "organisation": world.town.group,
        "organisationlink": world.town.group.links_down.first(),
        "appointment": stranger.appointments.first(),
        "knowledge": knowledge,
        "standard": standard,
        "defect": defect,
        "outboxrow": OutboxRow.objects.first(),
        "spread": Spread.objects.create(name="节点", argument="1"),
        "generation": Generation.objects.create(name="0123456789ab-000001", state="kept", started_at=timezone.now()),
        "blobwords": BlobWords.objects.create(blob=blob),
        "pdftwin": PdfTwin.objects.create(blob=blob, state="failed", reason="LibreOffice 打不开这个文件"),
    }
    world.things |= rows | _desks(world, stranger)


def _desks(world: World, stranger: Person) -> dict[str, Model]:
    """Things to be decided, or decided, about the other county's works and schools."""
    inner = world.things["school_resource"]
    subject, books = world.shelf.subject, world.shelf.outline
    comment = Comment.objects.create(
        resource=inner, author=stranger, words=f"评{SECRETS['school_resource']}", at=world.town.now
    )
    school = inner.home_school
    return {
        "reviewstep": inner.submissions.get().steps.first(),
        "appeal": Appeal.objects.create(resource=inner, by=stranger, words="申诉的话", at=world.town.now),
        "commentreport": CommentReport.objects.create(comment=comment, by=stranger, reason=f"举{SECRETS['school_resource']}", at=world.town.now),
        "proposal": Proposal.objects.create(
            kind="entry", school=school, group=world.things["news"].group, reason="想加入", document_title="文件",
            proposed_by=stranger, proposed_at=world.town.now,
        ),
        "change": Change.objects.create(outline=books, subject=subject, reason="改名", proposed_by=stranger, proposed_at=world.town.now),
        "mapping": Mapping.objects.create(
            old=books, new=Outline.objects.create(title="新版"), subject=subject, reason="改版", proposed_by=stranger, proposed_at=world.town.now
        ),
    }  # fmt: skip
