"""What a leader sees: whom they are responsible for, a week's plans, a term's table, a random sample; and beside a plan, what was said."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Prefetch, Subquery

from catalogue.models import Subject
from groups import access, calendar
from groups.access import Action, Refused, Verdict
from groups.models import Appointment, Organisation, OrganisationLink, Person, Role, Term
from groups.viewer import SCHOOL_LIKE, Viewer
from lessons.adaptations.models import Adaptation
from lessons.inspections.demand import Plan, Wanted, plans
from lessons.inspections.models import Inspection, InspectionReply
from lessons.inspections.standing import Share, Standing, share

SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Charge:
    """What somebody is responsible for: a school, or a subject or grade of it (分管)."""

    school: Organisation
    subject: Subject | None
    grade: int | None

    def __str__(self) -> str:
        grade = f"{'一二三四五六'[self.grade - 1]}年级" if self.grade and self.grade <= 6 else ""
        return f"{self.school.display_name} {grade}{self.subject.name if self.subject else ''}".strip()


def charges(viewer: Viewer) -> list[Charge]:
    """The schools and subjects of which the viewer is leader or teaching-research leader now.

    Raises:
        Refused: of none.
    """
    above = OrganisationLink.objects.valid_at(viewer.at).filter(
        member=OuterRef("organisation"), role=OrganisationLink.Role.PART, parent__kind__in=SCHOOL_LIKE
    )
    posts = list(
        Appointment.objects.valid_at(viewer.at)
        .filter(person=viewer.person_id, role__in=(Role.SCHOOL_LEADER, Role.RESEARCH_LEADER))
        .select_related("organisation__subject", "subject")
        .annotate(school_above=Subquery(above.values("parent")[:1]))
        .order_by("role", "pk")
    )
    schools = Organisation.objects.in_bulk([p.school_above for p in posts if p.school_above])
    found = []
    for post in posts:
        own = post.organisation
        school = own if own.kind in SCHOOL_LIKE else schools.get(post.school_above)
        if school is not None:
            found.append(Charge(school, post.subject or own.subject, post.grade or own.grade))
    if not found:
        raise Refused(Verdict(False, "查阅由学校领导和教研组长来做。要查阅请本校管理员给你加上这项任职"))
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Week:
    """A week's plans of one charge."""

    charge: Charge
    term: Term
    number: int
    last: int
    plans: tuple[Plan, ...]
    shown: tuple[Plan, ...]
    share: Share

    @property
    def courses(self) -> list[tuple[str, str]]:
        """The courses that there are, as choices of a filter."""
        found = {(f"{p.subject.pk}-{p.school_grade}", f"{p.school_grade} 年级{p.subject.name}") for p in self.plans}
        return sorted(found, key=lambda choice: choice[1])


def week(charge: Charge, viewer: Viewer, day: date, number: int | None, course: str = "", stands: str = "") -> Week:
    """The plans of a week, this one when none is named.

    Raises:
        Refused: there is no term now.
    """
    term = _term(charge, day)
    last = calendar.weeks_in(term)
    chosen = min(max(number or calendar.week_of(term, day), 1), last)
    found = plans(_wanted(charge, term, [chosen]), viewer)
    shown = [p for p in found if course in ("", f"{p.subject.pk}-{p.school_grade}")]
    counted = share(p.standing for p in shown)
    shown = [p for p in shown if stands in ("", p.standing)]
    return Week(charge, term, chosen, last, tuple(found), tuple(shown), counted)


def sample(found: Sequence[Plan], seed: str, most: int = SAMPLE) -> list[Plan]:
    """Some plans that are ready and that nobody inspected yet, drawn by lot; the same seed draws the same ones."""
    free = {p.ready.pk: p for p in found if p.ready is not None and not p.ready.grade}
    drawn = random.Random(seed).sample(sorted(free), min(most, len(free)))
    return [free[pk] for pk in drawn]


@dataclass(frozen=True, slots=True)
class Cell:
    """A teacher's week: the standing that needs looking at first, and how many plans were due."""

    standing: Standing | None
    share: Share
    grades: tuple[str, ...]

    @property
    def words(self) -> str:
        if not self.share.due:
            return ""
        parts = [f"按时 {self.share.on_time}", f"晚 {self.share.late}", f"缺 {self.share.missing}"]
        return "，".join(part for part in parts if not part.endswith(" 0"))


@dataclass(frozen=True, slots=True)
class Row:
    """A teacher's line in the term's table, in the order of names: nobody is ranked."""

    teacher: Person
    cells: tuple[Cell, ...]
    share: Share
    grades: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class TermTable:
    charge: Charge
    term: Term
    weeks: tuple[int, ...]
    rows: tuple[Row, ...]
    plans: tuple[Plan, ...]


def term_table(charge: Charge, viewer: Viewer, day: date, *, month_only: bool = False) -> TermTable:
    """Teacher × week up to now (学期查阅表), or the weeks of this month alone (本校本月).

    Raises:
        Refused: there is no term now.
    """
    term = _term(charge, day)
    now = min(calendar.week_of(term, day), calendar.weeks_in(term))
    weeks = [n for n in range(1, now + 1) if not month_only or _in_month(term, n, day)]
    found = plans(_wanted(charge, term, weeks), viewer)
    by_teacher: dict[int, list[Plan]] = defaultdict(list)
    for plan in found:
        by_teacher[plan.teacher.pk].append(plan)
    rows = tuple(_row(own, weeks) for own in by_teacher.values())
    return TermTable(charge, term, tuple(weeks), rows, tuple(found))


def _row(own: Sequence[Plan], weeks: Sequence[int]) -> Row:
    cells = tuple(_cell([p for p in own if p.week == week]) for week in weeks)
    given = [p.ready.grade for p in own if p.ready is not None and p.ready.grade]
    grades = tuple((label, given.count(label)) for label in Inspection.Grade.labels if label in given)
    return Row(own[0].teacher, cells, share(p.standing for p in own), grades)


def _cell(own: Sequence[Plan]) -> Cell:
    worst = (Standing.MISSING, Standing.LATE, Standing.ON_TIME, Standing.NOT_DUE)
    found = {p.standing for p in own}
    grades = tuple(p.ready.grade for p in own if p.ready is not None and p.ready.grade)
    return Cell(next((s for s in worst if s in found), None), share(p.standing for p in own), grades)


def _in_month(term: Term, week_number: int, day: date) -> bool:
    return any((on.year, on.month) == (day.year, day.month) for on in calendar.week_days(term, week_number))


def _term(charge: Charge, day: date) -> Term:
    term = calendar.term_at(day, charge.school)
    if term is None:
        raise Refused(Verdict(False, "学校还没有设学期，没有周次可查阅。请本校管理员先设好校历"))
    return term


def _wanted(charge: Charge, term: Term, weeks: Sequence[int]) -> Wanted:
    return Wanted(charge.school, term, weeks, charge.subject.pk if charge.subject else None, charge.grade)


@dataclass(frozen=True, slots=True)
class Said:
    """What stands beside a plan: every inspection with its thread, and whether this viewer may add one."""

    inspections: tuple[Inspection, ...]
    may_inspect: bool
    may_reply: bool


def said(adaptation: Adaptation, viewer: Viewer) -> Said | None:
    """For the teacher and for inspectors; the prep group does not see opinions."""
    is_teacher = adaptation.teacher_id == viewer.person_id
    held = access.relations_of(viewer, adaptation)
    inspects = bool(access.verdict_of(held, viewer, Action.SEE_STATUS, adaptation)) and not is_teacher
    if not (is_teacher or inspects):
        return None
    replies = Prefetch("replies", queryset=InspectionReply.objects.select_related("author"))
    rows = adaptation.inspections.select_related("inspector", "school_then", "version").prefetch_related(replies)
    found = tuple(rows)
    done = any(one.inspector_id == viewer.person_id and one.version_id == adaptation.ready_version_id for one in found)
    may = inspects and not done and bool(access.verdict_of(held, viewer, Action.INSPECT, adaptation))
    if not found and not may:
        return None
    return Said(found, may, is_teacher or inspects)


def seed_of(viewer: Viewer, shown: Week, round_number: str) -> str:
    """The same week draws the same plans for one leader, until they ask for another draw."""
    return f"{viewer.person_id}/{shown.term.pk}/{shown.number}/{round_number[:6]}"
