"""What waits for a teacher: a lesson that was taught without a reflection; and for a lead: proposals without an answer."""

from datetime import timedelta

from django.urls import reverse

from groups import access
from groups.access import Action
from groups.inbox.todos import Todo, Waiting
from groups.viewer import Viewer
from lessons.adaptations.models import Proposal, TaughtLesson
from lessons.prep.models import Preparation

REFLECT_WITHIN = timedelta(days=7)


def reflections(viewer: Viewer, most: int) -> Waiting:
    """Lessons that were taught and wait for their reflection; a week after the lesson is the last day."""
    rows = TaughtLesson.objects.filter(adaptation__teacher=viewer.person_id, reflected_at__isnull=True)
    found = rows.select_related("adaptation__resource").order_by("date", "pk")
    todos = [
        Todo(
            "pen-line",
            f"写《{row.adaptation.resource.title}》教学反思",
            f"{row.class_name}，{row.date.month}月{row.date.day}日授课",
            reverse("adaptations:lesson", args=[row.uid]),
            row.recorded_at,
            row.date + REFLECT_WITHIN,
        )
        for row in found[:most]
    ]
    return Waiting(todos, rows.count() if len(todos) == most else len(todos))


def proposals(viewer: Viewer, most: int) -> Waiting:
    """Proposals to shared plans that this person leads."""
    led = access.narrow(Preparation.objects.filter(lead=viewer.person_id), viewer, Action.REVISE)
    rows = Proposal.objects.filter(state=Proposal.State.OPEN, preparation__in=led)
    found = rows.select_related("preparation", "proposed_by").order_by("proposed_at", "pk")
    todos = [
        Todo(
            "git-merge",
            f"答复给《{one.preparation.title}》的建议",
            f"{one.proposed_by.name} 提的",
            one.address,
            one.proposed_at,
        )
        for one in found[:most]
    ]
    return Waiting(todos, rows.count() if len(todos) == most else len(todos))
