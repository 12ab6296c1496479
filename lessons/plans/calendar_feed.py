"""Term plans as a calendar (RFC 5545): a teacher's own program reads it at a secret address.

The rule is asked anew at every reading: whoever leaves the prep group gets an empty calendar, not last week's.
"""

from collections.abc import Iterable
from datetime import UTC, date, timedelta

from django.conf import settings
from icalendar import Alarm, Calendar, Event

from groups import access, calendar
from groups.access import Action
from groups.viewer import Viewer
from lessons.plans.models import PlanRow, TermPlan
from lessons.prep.models import Preparation, State

REFRESH = timedelta(hours=4)
REMIND = timedelta(days=7)
OPEN = (State.DRAFTING, State.DISCUSSING, State.FOR_APPROVAL)
DEADLINES = (
    ("drafting_due", "初备截止", (State.PLANNED, State.DRAFTING)),
    ("discussing_due", "研讨截止", (State.DISCUSSING,)),
    ("approval_due", "定稿截止", (State.DISCUSSING, State.FOR_APPROVAL)),
)


def rows_for(viewer: Viewer) -> list[PlanRow]:
    """The lessons of every plan that this person may read; three queries."""
    plans = access.narrow(TermPlan.objects.all(), viewer, Action.READ)
    rows = PlanRow.objects.filter(plan__in=plans).select_related("node", "lead", "preparation__lead", "plan__body")
    return list(
        rows.select_related("plan__term").prefetch_related("plan__term__holidays").order_by("plan", "first_week")
    )


def calendar_of(viewer: Viewer, rows: Iterable[PlanRow]) -> bytes:
    """A whole-day event a lesson, from the first to the last teaching day of its weeks; own ones with an alarm."""
    made = Calendar()
    made.add("prodid", "-//Gongbei//plans//ZH")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", "集体备课计划")
    made.add("x-wr-timezone", settings.TIME_ZONE)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    rows = list(rows)
    readable = _readable(rows, viewer)
    for row in rows:
        made.add_component(_event(row, viewer))
        if row.work is not None and row.work.pk in readable:
            for event in _deadlines(row, row.work):
                made.add_component(event)
    return bytes(made.to_ical())


def _readable(rows: Iterable[PlanRow], viewer: Viewer) -> frozenset[int]:
    begun = [row.preparation_id for row in rows if row.preparation_id]
    found = access.narrow(Preparation.objects.filter(pk__in=begun), viewer, Action.READ)
    return frozenset(found.values_list("pk", flat=True)) if begun else frozenset()


def _days(row: PlanRow) -> tuple[date, date]:
    """The first and the last teaching day of its weeks; Monday and Friday where there is none."""
    days = [day for week in range(row.first_week, row.last_week + 1) for day in calendar.week_days(row.plan.term, week)]
    taught = [day for day in days if calendar.is_teaching_day(row.plan.term, day)] or days
    return taught[0], taught[-1]


def _event(row: PlanRow, viewer: Viewer) -> Event:
    first, last = _days(row)
    is_mine = row.leader is not None and row.leader.pk == viewer.person_id
    lead = row.leader.name if row.leader else "待认领"
    event = _base(row, f"row-{row.uid}")
    event.add("summary", f"{'【我主备】' if is_mine else ''}{row.title}")
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    event.add("description", f"{row.plan.body.display_name} {row.weeks}\n主备人：{lead}")
    event.add("transp", "TRANSPARENT")
    if is_mine and (row.work is None or row.work.state in OPEN):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"一周后要上《{row.title}》了")
        alarm.add("trigger", -REMIND)
        event.add_component(alarm)
    return event


def _deadlines(row: PlanRow, preparation: Preparation) -> Iterable[Event]:
    for field, name, states in DEADLINES:
        due: date | None = getattr(preparation, field)
        if due is not None and preparation.state in states:
            event = _base(row, f"{field.replace('_', '-')}-{row.uid}")
            event.add("summary", f"{name}：{row.title}")
            event.add("dtstart", due)
            event.add("dtend", due + timedelta(days=1))
            event.add("transp", "TRANSPARENT")
            yield event


def _base(row: PlanRow, name: str) -> Event:
    """What every event has: a name that stays, the row's version, and the moment of its last change."""
    event = Event()
    event.add("uid", f"{name}@gongbei")
    event.add("dtstamp", row.changed_at.astimezone(UTC))
    event.add("last-modified", row.changed_at.astimezone(UTC))
    event.add("sequence", row.version)
    event.add("url", f"{settings.SITE_ADDRESS}{row.plan.get_absolute_url()}")
    return event
