"""What studio pages show, under the reader's rights."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from groups import access
from groups.access import Action
from groups.models import Appointment, Organisation, Person, Role, Studio
from groups.models.dated import valid
from groups.viewer import Viewer
from library.documents import schema
from library.documents.files import Chapter, MicroLessonDocument, chapters
from library.resources.models import Kind, Resource
from library.resources.selectors.cards import Card, cards
from library.together.models import Follow
from library.together.selectors.collecting import Row, of_organisation

if TYPE_CHECKING:
    from studios.models import StudioIndexPage, StudioPage


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a studio with the school of now."""

    person: Person
    role: str
    school: str


@dataclass(frozen=True, slots=True)
class StudioFacts:
    """Host, members, counts: everything above and beside the composed blocks."""

    host: Member | None
    members: tuple[Member, ...]
    resource_count: int
    school_count: int
    is_closed: bool
    over: str
    topics: tuple[Row, ...] = ()
    newest: tuple[Card, ...] = ()
    followed: bool = False
    followers: int = 0
    may_join: bool = False
    has_asked: bool = False
    may_submit: bool = False
    may_host: bool = False
    waiting: int = 0

    @property
    def counts(self) -> list[tuple[int, str]]:
        """Figures of the banner: no dashboard of zeros."""
        told = [
            (len(self.members), "成员"),
            (self.resource_count, "资源"),
            (self.school_count, "学校"),
            (self.followers, "关注"),
        ]
        return [(number, label) for number, label in told if number]


@dataclass(frozen=True, slots=True)
class StudioCard:
    page: "StudioPage"
    host: str
    member_count: int
    resource_count: int


@dataclass(frozen=True, slots=True)
class Video:
    """A micro-lesson that plays inside a studio page."""

    resource: Resource
    file: Any
    chapters: tuple[Chapter, ...]


def published_by(studio: Organisation, viewer: Viewer) -> Any:
    return access.narrow(Resource.objects.filter(studio=studio, state="published"), viewer, Action.LIST)


def works(studio: Organisation, viewer: Viewer, *, kind: str = "", limit: int = 6) -> list[Card]:
    """The studio's newest published resources that the reader may list."""
    found = published_by(studio, viewer)
    if kind:
        found = found.filter(kind=kind)
    return cards(found.order_by("-published_at", "-pk")[:limit], viewer)


def video(uid: str, viewer: Viewer) -> Video | None:
    found = access.narrow(Resource.objects.filter(uid=uid, kind=Kind.MICRO_LESSON), viewer, Action.READ)
    resource = found.select_related("published_version", "owner").first()
    if resource is None or resource.published_version is None:
        return None
    attachments = resource.published_version.attachments.select_related("file")
    file = next((a.file for a in attachments if a.file.family == "video"), None)
    document = schema.load(MicroLessonDocument, resource.published_version.document)
    return Video(resource, file, tuple(chapters(document))) if file else None


def members_of(studio: Organisation, at: datetime) -> list[Member]:
    """Everybody with a seat now, the host first, in three queries."""
    seats = list(
        Appointment.objects.valid_at(at)
        .filter(organisation=studio, role__in=(Role.HOST, Role.MEMBER, Role.EDITOR))
        .select_related("person")
        .order_by("starts_at", "pk")
    )
    schools = dict(
        Appointment.objects.valid_at(at)
        .filter(person__in=[s.person_id for s in seats], organisation__kind="school")
        .order_by("-starts_at")
        .values_list("person_id", "organisation__short_name")
    )
    seats.sort(key=lambda seat: seat.role != Role.HOST)
    unique = {seat.person_id: seat for seat in reversed(seats)}
    return [
        Member(s.person, s.get_role_display(), schools.get(s.person_id, "")) for s in seats if unique[s.person_id] is s
    ]


def _shows_works(page: "StudioPage") -> bool:
    """The host has put a block of works on the page: the newest need no list of their own."""
    return any(block.block_type == "works" for block in page.body)


def studio_facts(page: "StudioPage", viewer: Viewer, *, at: datetime) -> StudioFacts:
    from studios.models import Application

    members = members_of(page.studio, at)
    studio = Studio.objects.get(pk=page.studio_id)
    held = access.relations_of(viewer, studio)
    hosts, submits, asks = (
        bool(access.verdict_of(held, viewer, action, studio))
        for action in (Action.ACCEPT_MEMBER, Action.SUBMIT_TO, Action.ASK_TO_JOIN)
    )
    follows = Follow.objects.filter(studio=page.studio_id)
    open_asked = Application.objects.filter(studio=page.studio_id, status=Application.Status.OPEN)
    host = next((m for m in members if m.role == Role.HOST.label), None)
    return StudioFacts(
        host=host,
        members=tuple(members),
        resource_count=published_by(page.studio, viewer).count(),
        school_count=len({m.school for m in members if m.school}),
        over="，".join(
            part
            for part in (f"{page.get_level_display()}名师工作室", page.number and f"编号 {page.number}", page.period)
            if part
        ),
        is_closed=page.studio.closed_at is not None and page.studio.closed_at <= at,
        topics=tuple(of_organisation(page.studio, viewer)),
        newest=() if _shows_works(page) else tuple(works(page.studio, viewer)),
        followers=follows.count(),
        followed=follows.filter(follower=viewer.person_id).exists(),
        may_join=asks and not submits,
        has_asked=asks and not submits and open_asked.filter(person=viewer.person_id).exists(),
        may_submit=submits,
        may_host=hosts,
        waiting=open_asked.count() if hosts else 0,
    )


def studio_cards(index: "StudioIndexPage") -> list[StudioCard]:
    """Live studios with their host and counts of public facts, in three queries."""
    from django.utils import timezone

    from studios.models import StudioPage

    pages = list(StudioPage.objects.child_of(index).live().select_related("studio__subject").order_by("title"))
    studios = [p.studio_id for p in pages]
    now = timezone.now()
    seated = Q(appointments__role__in=(Role.HOST, Role.MEMBER)) & valid(now, "appointments__")
    counts = dict(
        Organisation.objects.filter(pk__in=studios)
        .annotate(n=Count("appointments__person", filter=seated, distinct=True))
        .values_list("pk", "n")
    )
    hosts = dict(
        Appointment.objects.valid_at(now)
        .filter(organisation__in=studios, role=Role.HOST)
        .values_list("organisation_id", "person__name")
    )
    public = Q(studio_resources__state="published", studio_resources__grants__is_public=True)
    shared = dict(
        Organisation.objects.filter(pk__in=studios)
        .annotate(n=Count("studio_resources", filter=public & valid(now, "studio_resources__grants__"), distinct=True))
        .values_list("pk", "n")
    )
    return [
        StudioCard(p, hosts.get(p.studio_id, ""), counts.get(p.studio_id, 0), shared.get(p.studio_id, 0)) for p in pages
    ]
