"""Pages for paper: a school's month, a teacher's portfolio."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from groups import access
from groups.access import Action
from groups.middleware import ViewerRequest
from groups.models import Organisation, Person
from groups.viewer import SCHOOL_LIKE
from website.month import Month, sheet_of
from website.portfolio import portfolio_of


@login_required
@require_safe
def month(request: HttpRequest, slug: str) -> HttpResponse:
    """`/g/<slug>/month/?month=2026-11`: 本校本月, for those who may see the school's people."""
    viewer = cast(ViewerRequest, request).viewer
    school = get_object_or_404(Organisation, slug=slug, kind__in=SCHOOL_LIKE)
    access.require(viewer, Action.SEE_PEOPLE, school)
    wanted = Month.of(request.GET.get("month", ""), viewer.at)
    return render(request, "website/month.html", {"sheet": sheet_of(school, viewer, wanted)})


@login_required
@require_safe
def portfolio(request: HttpRequest, uid: str) -> HttpResponse:
    """`/p/<uid>/portfolio/`: 成长档案."""
    viewer = cast(ViewerRequest, request).viewer
    person = get_object_or_404(Person, uid=uid, is_active=True)
    access.require(viewer, Action.READ_CARD, person)
    return render(request, "website/portfolio.html", {"portfolio": portfolio_of(person, viewer)})


@login_required
@require_safe
def my_portfolio(request: HttpRequest) -> HttpResponse:
    """One's own."""
    return redirect("groups:portfolio", cast(Person, request.user).uid)
