"""The demo's city: bureaus, groups, schools and what ties them, terms, textbooks, timetables; people and accounts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from catalogue.models import Node, Subject, Textbook
from groups import calendar, services
from groups.models import (
    Adoption,
    Appointment,
    Charter,
    Holiday,
    Nature,
    Organisation,
    OrganisationKind,
    OrganisationLink,
    Pacing,
    Person,
    Role,
    Term,
    TimetableEntry,
)
from website.demo.reading import DemoProblem, Facts, moment, read
from website.demo.town import Town

NEAR_WEEKS = {"previous": -1, "current": 0, "next": 1}
SEATS = {OrganisationKind.SCHOOL: Nature.MAIN}


def load_world(town: Town) -> None:
    """Organisations, links, charters, calendar."""
    told = read("world.yaml")
    terms = _terms(told, town.now)
    for facts in told["organisations"]:
        town.organisations[facts["key"]] = _organisation(facts, town.now)
    town.city = next(o for o in town.organisations.values() if o.kind == OrganisationKind.CITY)
    for facts in told["links"]:
        _link(town, facts, terms)
    for facts in told.get("charters") or ():
        Charter.objects.create(
            organisation=town.organisation(facts["organisation"]),
            title=facts["title"],
            body=facts["body"],
            starts_at=moment(facts["starts"], town.now),
        )


def _organisation(facts: Facts, now: datetime) -> Organisation:
    details = {k: v for k, v in facts.items() if k not in {"key", "kind", "name", "subject"}}
    subject = Subject.objects.filter(name=facts.get("subject", "")).first()
    return services.create_organisation(
        kind=OrganisationKind(facts["kind"]),
        name=facts["name"],
        slug=facts["name"],
        by=None,
        at=now - timedelta(days=1800),
        subject=subject,
        **details,
    )


def _link(town: Town, facts: Facts, terms: Mapping[str, datetime]) -> None:
    """Dated membership. Groups' schools enter and leave through the services; areas and parts are plain facts."""
    member, parent = town.organisation(facts["member"]), town.organisation(facts["parent"])
    starts = _when(facts["starts"], town.now, terms)
    role = OrganisationLink.Role(facts["role"])
    if role in {OrganisationLink.Role.AREA, OrganisationLink.Role.PART}:
        OrganisationLink.objects.create(member=member, parent=parent, role=role, starts_at=starts)
        return
    services.join_group(
        school=member,
        group=parent,
        by=None,
        accepted_by=None,
        at=starts,
        reason=str(facts.get("reason", "")),
        role=role,
        mode=str(facts.get("mode", "")),
    )
    if facts.get("ends"):
        services.leave_group(
            school=member,
            group=parent,
            by=None,
            approved_by=None,
            at=_when(facts["ends"], town.now, terms),
            reason=str(facts.get("reason", "")),
        )


def _when(told: Any, now: datetime, terms: Mapping[str, datetime]) -> datetime:
    return terms[told] if isinstance(told, str) else moment(told, now)


def _terms(told: Facts, now: datetime) -> dict[str, datetime]:
    """The school year that holds today, and the days that content calls `term_start` and `last_term_end`."""
    today = timezone.localdate(now)
    year = today.year if today.month >= 8 else today.year - 1
    dated = {facts["half"]: _days(facts, year) for facts in told["terms"]}
    for half, (first, last) in dated.items():
        term = Term.objects.create(year=year, half=half, first_day=first, last_day=last)
        for facts in told.get("holidays") or ():
            if facts["half"] == half:
                begins, ends = _days(facts, year)
                Holiday.objects.create(term=term, name=facts["name"], first_day=begins, last_day=ends)
    running = calendar.term_at(today)
    assert running is not None
    ended = dated[1][1] if running.half == 2 else date(year, dated[2][1].month, dated[2][1].day)
    return {"term_start": _midnight(running.first_day), "last_term_end": _midnight(ended)}


def _days(facts: Facts, year: int) -> tuple[date, date]:
    """`MM-DD` pairs in a school year: from August on in its first calendar year, before in its second."""

    def day(text: str) -> date:
        month, number = (int(part) for part in str(text).split("-"))
        return date(year if month >= 8 else year + 1, month, number)

    return day(facts["first_day"]), day(facts["last_day"])


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


def load_people(town: Town) -> None:
    """Everybody with their appointments; one hash of the common password serves all demo accounts."""
    told = read("people.yaml")
    password = make_password(read("accounts.yaml")["password"])
    for facts in [*told["teachers"], *told["others"]]:
        person = Person(name=facts["name"], phone=str(facts["phone"]), title=str(facts.get("title", "")))
        person.password = password
        school = town.organisation(facts["school"]) if facts.get("school") else None
        person.staff_school, person.staff_number = school, str(facts["phone"])[-3:] if school else ""
        subject = town.subject(facts["subject"]) if facts.get("subject") else None
        person.preferred_subject, person.preferred_grade = subject, facts.get("grade")
        person.save()
        town.people[person.name] = person
        if school:
            services.appoint(
                person=person,
                organisation=school,
                by=None,
                at=moment({"days_ago": facts["since"]}, town.now),
                subject=subject,
                grade=facts.get("grade"),
            )
        for role in facts.get("roles") or ():
            _appoint(town, person, role)


def _appoint(town: Town, person: Person, told: list[Any]) -> Appointment:
    role, key, *rest = told
    more: Facts = rest[0] if rest else {}
    organisation = town.organisation(key)
    nature = more.get("nature") or SEATS.get(OrganisationKind(organisation.kind), Nature.SEAT)
    starts = moment({"days_ago": more.get("from_days_ago", 400)}, town.now)
    return services.appoint(
        person=person,
        organisation=organisation,
        by=None,
        at=starts,
        role=Role(role),
        nature=Nature(nature),
        ends_at=moment({"days_ago": more["to_days_ago"]}, town.now) if "to_days_ago" in more else None,
        subject=town.subject(more["subject"]) if more.get("subject") else None,
        grade=more.get("grade"),
        reason=str(more.get("reason", "")),
    )


def load_teaching(town: Town) -> None:
    """Which school uses which book, which week meets which lesson, who teaches when."""
    told = read("world.yaml")
    for facts in told["adoptions"]:
        _adopt(town, facts)
    term = calendar.term_at(timezone.localdate(town.now))
    if term is None:
        raise DemoProblem("world.yaml 里没有今天所在的学期")
    this_week = calendar.week_of(term, timezone.localdate(town.now))
    for facts in told["pacing"]:
        node = town.node(facts["node"], "pacing")
        if node is not None:
            week = max(1, this_week + NEAR_WEEKS[facts["week"]])
            _pace(town.organisation(facts["organisation"]), term, node, week)
    for facts in told["timetable"]:
        _timetable(town, facts, term)


def _adopt(town: Town, facts: Facts) -> None:
    schools = [o for o in town.organisations.values() if o.kind == OrganisationKind.SCHOOL]
    if facts["schools"] != "all":
        schools = [town.organisation(key) for key in facts["schools"]]
    books = Textbook.objects.filter(
        subject__name=facts["subject"], edition__name=facts["edition"], outline__isnull=False, grade_from__lte=6
    ).exclude(revision=Textbook.Revision.NEW)
    starts = town.now - timedelta(days=1100)
    Adoption.objects.bulk_create(
        Adoption(school=school, grade=grade, textbook=book, starts_at=starts)
        for school in schools
        for book in books
        for grade in range(book.grade_from or 1, min(6, book.grade_to or book.grade_from or 1) + 1)
    )


def _pace(organisation: Organisation, term: Term, node: Node, week: int) -> None:
    """Put a node, with what is below it, into a week."""
    for lesson in [node, *node.children.all()]:
        Pacing.objects.update_or_create(organisation=organisation, term=term, node=lesson, defaults={"week": week})


def _timetable(town: Town, facts: Facts, term: Term) -> None:
    TimetableEntry.objects.bulk_create(
        TimetableEntry(
            term=term,
            person=town.person(facts["person"]),
            school=town.organisation(facts["school"]),
            subject=town.subject(facts["subject"]),
            grade=facts["grade"],
            weekday=weekday,
            period=period,
            class_name=class_name,
        )
        for weekday, period, class_name in facts["rows"]
    )
