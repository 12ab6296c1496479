"""The school administrator's list: who is here, who never signed in, whose place has ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from groups import access
from groups.access import Action, Relation
from groups.models import Appointment, Organisation, Person, Role
from groups.models.dated import valid
from groups.policies import areas_organisations
from groups.roster.models import SignInCode
from groups.viewer import SCHOOL_LIKE, Viewer

MANAGING = frozenset({Relation.ORG_ADMIN, Relation.SYSTEM_ADMIN, Relation.OFFICER_OF_AREA})
"""To whom the policy gives something to do with a school's people: appoint, reset, correct."""


class Show(StrEnum):
    """The tabs of the list."""

    HERE = "here"
    NEVER = "never"
    ENDED = "ended"
    DISABLED = "disabled"
    ALL = "all"


LABELS = {
    Show.HERE: "在校",
    Show.NEVER: "从未登录",
    Show.ENDED: "任职已结束",
    Show.DISABLED: "停用",
    Show.ALL: "全部",
}


def has_schools(viewer: Viewer) -> bool:
    """May there be a school whose people the viewer runs? Told from the appointments alone, without a query."""
    return bool(viewer.administers or viewer.in_role(Role.OFFICER) or viewer.is_system_admin)


def manages(viewer: Viewer, school: Organisation) -> bool:
    """Does the viewer run the people of this school, or part of that?"""
    if school.kind not in SCHOOL_LIKE or not has_schools(viewer):
        return False
    return bool(MANAGING & access.relations_of(viewer, school))


def managed(viewer: Viewer) -> QuerySet[Organisation]:
    """The schools whose people the viewer runs: the queryset twin of `manages`."""
    schools = Organisation.objects.filter(kind__in=SCHOOL_LIKE)
    if viewer.person is None or viewer.disabled:
        return schools.none()
    own = access.narrow(schools, viewer, Action.EDIT).order_by().values("pk")
    return schools.filter(Q(pk__in=own) | Q(pk__in=areas_organisations(viewer)))


def with_counts(schools: QuerySet[Organisation], at: datetime) -> QuerySet[Organisation]:
    """Each school with `here`, the people in place now, and `never`, those of them who never signed in."""
    now = valid(at, "appointments__") & Q(appointments__person__is_active=True)
    never = now & Q(appointments__person__last_login__isnull=True)
    return schools.annotate(
        here=Count("appointments__person", filter=now, distinct=True),
        never=Count("appointments__person", filter=never, distinct=True),
    )


def _here(school: Organisation, at: datetime) -> Q:
    return Q(Exists(Appointment.objects.filter(valid(at), person=OuterRef("pk"), organisation=school)))


def _conditions(school: Organisation, at: datetime) -> dict[Show, Q]:
    here = _here(school, at)
    return {
        Show.HERE: here & Q(is_active=True),
        Show.NEVER: here & Q(is_active=True, last_login__isnull=True),
        Show.ENDED: ~here,
        Show.DISABLED: Q(is_active=False),
        Show.ALL: Q(),
    }


def everybody(school: Organisation) -> QuerySet[Person]:
    """Who has, or ever had, a place at the school."""
    posts = Appointment.objects.filter(person=OuterRef("pk"), organisation=school)
    return Person.objects.filter(Exists(posts) | Q(staff_school=school))


def listed(school: Organisation, at: datetime, show: Show, words: str = "") -> QuerySet[Person]:
    """The people of a tab, by staff number; `words` are part of a name or the beginning of a staff number."""
    found = everybody(school).filter(_conditions(school, at)[show])
    if words:
        found = found.filter(Q(name__icontains=words) | Q(staff_number__istartswith=words))
    posts = Appointment.objects.filter(organisation=school).select_related("subject").order_by("-starts_at", "pk")
    found = found.select_related("sign_in_code").prefetch_related(Prefetch("appointments", posts, to_attr="here"))
    return found.order_by("staff_number", "name", "pk")


def tab_counts(school: Organisation, at: datetime) -> dict[Show, int]:
    conditions = _conditions(school, at)
    asked = {str(show): Count("pk", filter=condition) for show, condition in conditions.items() if condition}
    found = everybody(school).aggregate(**asked, all=Count("pk"))
    return {show: found[str(show)] for show in Show}


@dataclass(frozen=True, slots=True)
class Line:
    """A person in the list. `phone` is masked where the viewer may not read it."""

    person: Person
    posts: tuple[Appointment, ...]
    phone: str
    code: SignInCode | None
    may_edit: bool
    may_reset: bool

    @property
    def state(self) -> str:
        """停用, or how far somebody is on the way in; empty for who has signed in."""
        if not self.person.is_active:
            return "停用"
        if self.person.last_login is not None:
            return ""
        return "从未登录" if self.code is None else "登录码已发"


def lines(people: Iterable[Person], viewer: Viewer) -> list[Line]:
    """The rows of a page of people with what the viewer may see and do, in one query."""
    shown = list(people)
    held = access.relations_over(viewer, Person.objects.filter(pk__in=[person.pk for person in shown]))

    def may(person: Person, action: Action) -> bool:
        return bool(access.verdict_of(held.get(person.pk, frozenset()), viewer, action, person))

    return [
        Line(
            person=person,
            posts=tuple(getattr(person, "here", ())),
            phone=shown_phone(person, may(person, Action.READ_CONTACT)),
            code=_unused_code(person),
            may_edit=may(person, Action.EDIT),
            may_reset=may(person, Action.RESET_PASSWORD),
        )
        for person in shown
    ]


def _unused_code(person: Person) -> SignInCode | None:
    code: SignInCode | None = getattr(person, "sign_in_code", None)
    return code if code and code.used_at is None else None


def shown_phone(person: Person, may_read: bool) -> str:
    phone = person.phone or ""
    if may_read or not phone:
        return phone
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"


def resettable(school: Organisation, viewer: Viewer, show: Show = Show.HERE) -> QuerySet[Person]:
    """Those of the school to whom the viewer may give a code; one's own password one changes oneself."""
    others = listed(school, viewer.at, show).exclude(pk__in=[viewer.person_id] if viewer.person_id else [])
    return access.narrow(others, viewer, Action.RESET_PASSWORD)
