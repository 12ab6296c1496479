"""What may be picked while typing: competencies, standards, knowledge points, lessons, resources and questions.

Each list is short, filtered by the viewer's rights where rights exist, and nearest to the lesson first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from catalogue.models import Competency, Knowledge, Node, Standard
from groups.viewer import Viewer
from library.resources.models import Kind, Resource

MOST = 8
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to pick: what is stored, what is shown, and where it belongs."""

    value: str
    label: str
    note: str = ""


def suggestions(target: str, typed: str, resource: Resource, viewer: Viewer) -> list[Option]:
    """The first few that hold what was typed; an unknown target has none."""
    find = FINDERS.get(target)
    return find(typed.strip()[:LONGEST], resource, viewer) if find else []


def _of_subject(resource: Resource) -> Q:
    """Of the resource's subjects; of any while it has none."""
    subjects = list(resource.subjects.values_list("pk", flat=True))
    return Q(subject__in=subjects) if subjects else Q()


def _competencies(typed: str, resource: Resource, viewer: Viewer) -> list[Option]:
    found = Competency.objects.filter(_of_subject(resource), name__icontains=typed).order_by("order", "pk")
    return [Option(one.name, one.name) for one in found[:MOST]]


def _knowledge(typed: str, resource: Resource, viewer: Viewer) -> list[Option]:
    named = Q(name__icontains=typed) | Q(aliases__name__icontains=typed)
    if not typed:
        named = Q(nodes__placements__resource=resource)
    found = Knowledge.objects.filter(named, _of_subject(resource)).order_by("pk").distinct()
    return [Option(one.name, one.name) for one in found[:MOST]]


def _standards(typed: str, resource: Resource, viewer: Viewer) -> list[Option]:
    found = Standard.objects.filter(_of_subject(resource))
    for word in typed.split():
        found = found.filter(Q(text__icontains=word) | Q(code__icontains=word) | Q(domain__icontains=word))
    own = resource.placements.values("node__standards")
    near = Case(When(pk__in=own, then=Value(0)), default=Value(1), output_field=IntegerField())
    return [Option(one.code, one.text, one.domain) for one in found.order_by(near, "pk")[:MOST]]


def _nodes(typed: str, resource: Resource, viewer: Viewer) -> list[Option]:
    books = resource.placements.values("node__outline")
    found: QuerySet[Node] = Node.objects.filter(status=Node.Status.ACTIVE, title__icontains=typed)
    near = Case(When(outline__in=books, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = found.select_related("outline").order_by(near, "outline_id", "order")[:MOST]
    return [Option(one.uid, one.title, one.outline.title) for one in rows]


def _resources(typed: str, resource: Resource, viewer: Viewer) -> list[Option]:
    return _visible(Resource.objects.exclude(kind=Kind.QUESTION), typed, resource, viewer)


def _questions(typed: str, resource: Resource, viewer: Viewer) -> list[Option]:
    return _visible(Resource.objects.filter(kind=Kind.QUESTION), typed, resource, viewer)


def _visible(found: "QuerySet[Resource]", typed: str, resource: Resource, viewer: Viewer) -> list[Option]:
    """Of the lesson's own place while nothing is typed, of everything visible after."""
    wanted = found.exclude(pk=resource.pk)
    if typed:
        wanted = wanted.filter(title__icontains=typed)
    else:
        wanted = wanted.filter(placements__node__in=resource.placements.values("node"))
    ids = wanted.visible_to(viewer).order_by("-pk").values_list("pk", flat=True).distinct()[:MOST]  # type: ignore[attr-defined]
    rows = Resource.objects.filter(pk__in=list(ids)).order_by("-pk")
    return [Option(one.uid, one.title, str(one.get_kind_display())) for one in rows]


FINDERS: Mapping[str, Callable[[str, Resource, Viewer], list[Option]]] = {
    "competencies": _competencies,
    "knowledge": _knowledge,
    "standard": _standards,
    "node": _nodes,
    "resource": _resources,
    "question": _questions,
}
