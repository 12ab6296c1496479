"""本校本月: what a school published, gave, took and reviewed in one month, for one sheet of A4. No ranking of persons."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from groups import access
from groups.access import Action
from groups.models import Appointment, Nature, Organisation
from groups.viewer import Viewer
from library.resources.models import Contribution, Derivation, Resource, ReviewStep
from website.flows import crossings

AWAY = (Nature.ROTATION, Nature.SUPPORT, Nature.PART_TIME, Nature.SHADOWING)
"""Ways of working at another school for a time."""
FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month in the city's time; half-open moments."""

    first: date
    today: date

    @classmethod
    def of(cls, said: str, now: datetime) -> "Month":
        """From `2026-11`; nonsense, the time before 2000 and the future are this month."""
        today = timezone.localdate(now)
        try:
            first = datetime.strptime(said, "%Y-%m").date()  # noqa: DTZ007
        except ValueError:
            first = today
        first = first if first.year >= FIRST_YEAR and first <= today else today
        return cls(first.replace(day=1), today)

    @property
    def next_first(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def starts_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def ends_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.next_first, time.min))

    @property
    def before(self) -> str:
        first = (self.first - timedelta(days=1)).replace(day=1)
        return f"{first:%Y-%m}" if first.year >= FIRST_YEAR else ""

    @property
    def after(self) -> str:
        return f"{self.next_first:%Y-%m}" if self.next_first <= self.today else ""

    @property
    def label(self) -> str:
        return f"{self.first.year}年{self.first.month}月"

    def within(self, field: str) -> Q:
        return Q(**{f"{field}__gte": self.starts_at, f"{field}__lt": self.ends_at})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section: what, and beside it who or which schools, and when."""

    what: str
    url: str
    beside: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Section:
    """What the sheet has room for, and how many lines more there are."""

    heading: str
    lines: tuple[Line, ...]
    more: int
    nothing: str

    @property
    def count(self) -> int:
        return len(self.lines) + self.more


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole page."""

    school: Organisation
    month: Month
    published: Section
    given: Section
    taken: Section
    reviewed: Section
    away: Section

    @property
    def halves(self) -> tuple[tuple[Section, Section], ...]:
        return ((self.given, self.taken), (self.reviewed, self.away))


def sheet_of(school: Organisation, viewer: Viewer, month: Month) -> Sheet:
    """Under the viewer's rights: what may not be listed is left out and not counted."""
    across = crossings(viewer).filter(month.within("created_at"))
    used = access.narrow(Resource.objects.order_by(), viewer, Action.SEE_USE)
    related = ("source", "resource__home_school", "source__home_school")
    return Sheet(
        school=school,
        month=month,
        published=_published(school, viewer, month),
        given=_section(
            "被外校收入备课",
            _given(across.filter(source__home_school=school, source__in=used).select_related(*related)),
            8,
            "这个月还没有外校收入备课。",
        ),
        taken=_section(
            "从外校收入备课",
            _taken(across.filter(resource__home_school=school).select_related(*related)),
            8,
            "这个月还没有从外校收入备课。",
        ),
        reviewed=_reviewed(school, viewer, month),
        away=_away(school, month),
    )


def _section(heading: str, lines: Iterable[Line], most: int, nothing: str) -> Section:
    found = sorted(lines, key=lambda line: (line.at, line.what))
    return Section(heading, tuple(found[:most]), max(0, len(found) - most), nothing)


def _published(school: Organisation, viewer: Viewer, month: Month) -> Section:
    own = Resource.objects.filter(month.within("published_at"), home_school=school, state="published", primary=True)
    signed = Prefetch("contributions", queryset=Contribution.objects.select_related("person"))
    found = access.narrow(own, viewer, Action.LIST).prefetch_related(signed)
    lines = [
        Line(r.title, r.get_absolute_url(), f"{r.get_kind_display()}，{_authors(r)}", r.published_at) for r in found
    ]
    return _section("发布的资源", lines, 12, "这个月还没有发布资源。")


def _authors(resource: Resource) -> str:
    return "、".join(contribution.person.name for contribution in resource.contributions.all())


def _given(rows: QuerySet[Derivation]) -> list[Line]:
    return _by_work(rows, "resource")


def _taken(rows: QuerySet[Derivation]) -> list[Line]:
    return _by_work(rows, "source")


def _by_work(rows: Iterable[Any], side: str) -> list[Line]:
    """One line a work, with the schools on the other side in the order of their names."""
    by_work: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_work[row.source_id].append(row)
    return [_work_line(found, side) for found in by_work.values()]


def _work_line(found: Sequence[Any], side: str) -> Line:
    source = found[0].source
    schools = sorted({getattr(row, side).home_school.display_name for row in found})
    times = f"，{len(found)} 次" if len(found) > 1 else ""
    return Line(
        source.title, source.get_absolute_url(), "、".join(schools) + times, min(row.created_at for row in found)
    )


def _reviewed(school: Organisation, viewer: Viewer, month: Month) -> Section:
    """Works that the school's reviewers passed; what they sent back stays between them and the author."""
    seen = access.narrow(Resource.objects.filter(state="published"), viewer, Action.LIST)
    passed = ReviewStep.objects.filter(
        month.within("decided_at"),
        Q(organisation=school) | Q(delegated_to=school),
        decision=ReviewStep.Decision.APPROVED,
        submission__resource__in=seen,
    ).select_related("submission__resource", "submission__version")
    lines = [
        Line(
            step.submission.resource.title,
            step.submission.resource.get_absolute_url(),
            f"{step.submission.version.label}，{step.get_level_display()}",
            step.decided_at,
        )
        for step in passed
        if step.decided_at
    ]
    return _section("审核通过", lines, 6, "这个月还没有审核通过的。")


def _away(school: Organisation, month: Month) -> Section:
    """Who came to work here for a time, and who of ours works elsewhere, at some day of the month."""
    overlaps = Q(starts_at__lt=month.ends_at) & (Q(ends_at__isnull=True) | Q(ends_at__gt=month.starts_at))
    own = Appointment.objects.filter(overlaps, person=OuterRef("person"), organisation=school, nature=Nature.MAIN)
    found = (
        Appointment.objects.filter(overlaps, nature__in=AWAY)
        .filter(Q(organisation=school) | Q(Exists(own)))
        .select_related("person", "organisation")
    )
    lines = [
        Line(
            post.person.name,
            reverse("groups:person", args=[post.person.uid]),
            _away_words(post, school),
            post.starts_at,
        )
        for post in found
    ]
    return _section("交流轮岗、支教、走教与跟岗", lines, 6, "这个月没有人在外校，也没有外校的老师来。")


def _away_words(post: Appointment, school: Organisation) -> str:
    where = "来本校" if post.organisation_id == school.pk else f"去{post.organisation.display_name}"
    until = f"到{timezone.localdate(post.ends_at):%Y-%m-%d}" if post.ends_at else "起"
    return f"{where}，{post.get_nature_display()}，{timezone.localdate(post.starts_at):%Y-%m-%d} {until}"
