"""`/prep/`: preparations in tabs; and of one preparation who takes part and what happened."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from groups.middleware import ViewerRequest
from lessons.prep import policies, selectors
from lessons.prep.circles import by_rule
from lessons.prep.heads import head_of
from lessons.prep.models import HandDown, Participant, Preparation, State
from lessons.prep.services.steps import WORDS
from lessons.prep.views.finding import find, page

PAGE_SIZE = 20


@page
def index(request: ViewerRequest) -> HttpResponse:
    """The viewer's preparations, a tab a time."""
    viewer = request.viewer
    tab = request.GET.get("tab", "")
    tab = tab if tab in selectors.TABS else "running"
    mine = request.GET.get("mine") == "1"
    shown = Paginator(selectors.listed(viewer, tab, mine), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "tabs": selectors.tabs(viewer, tab),
        "tab": tab,
        "mine": mine,
        "page": shown,
        "rows": [selectors.row_of(one, viewer.at) for one in shown],
        "plans": policies.bodies_planned_by(viewer).exists(),
    }
    return render(request, "prep/index.html", context)


@page
def people(request: ViewerRequest, uid: str) -> HttpResponse:
    """Who takes part: as listed once it has started, before that as the rule says now."""
    preparation = find(request, uid)
    placed = list(preparation.participants.all())
    expected = by_rule(preparation, request.viewer.at) if preparation.frozen_at is None else []
    listed = {one.person_id for one in placed}
    context = {
        "head": head_of(preparation, request.viewer, "people"),
        "preparation": preparation,
        "placed": sorted(placed, key=lambda one: Participant.Role.values.index(one.role)),
        "expected": [place for place in expected if place.person.pk not in listed],
        "schools": selectors.schools_of(preparation, request.viewer.at),
        "credits": preparation.credits.select_related("person", "school_then") if preparation.settled_at else (),
        "handed": _handed(preparation),
    }
    return render(request, "prep/people.html", context)


def _handed(preparation: Preparation) -> "QuerySet[HandDown] | tuple[()]":
    if preparation.settled_at is None:
        return ()
    return preparation.hand_downs.filter(person__isnull=False).select_related("person", "organisation")


@page
def history(request: ViewerRequest, uid: str) -> HttpResponse:
    """Every step with who, when and why."""
    preparation = find(request, uid)
    context = {
        "head": head_of(preparation, request.viewer, "history"),
        "preparation": preparation,
        "happened": selectors.history(preparation, WORDS),
    }
    return render(request, "prep/history.html", context)


def overview(request: ViewerRequest, preparation: Preparation) -> HttpResponse:
    """`/prep/<uid>/` while there is no numbered draft: what is planned, and what comes next."""
    context = {
        "head": head_of(preparation, request.viewer),
        "preparation": preparation,
        "conflicts": selectors.conflicts(preparation, request.viewer) if preparation.state == State.PLANNED else (),
        "recap": getattr(preparation, "recap", None),
    }
    return render(request, "prep/overview.html", context)
