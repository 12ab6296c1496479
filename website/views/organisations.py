"""Pages of groups, schools and people."""

from datetime import date
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from groups import access
from groups.access import Action
from groups.middleware import ViewerRequest
from groups.models import Organisation, OrganisationKind, Person
from groups.roster import selectors as roster
from website import organisations


@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """The city's groups and schools."""
    viewer = cast(ViewerRequest, request).viewer
    at = viewer.at
    context = {
        "groups": organisations.groups_of_city(at),
        "schools": organisations.schools_of_city(at),
        "has_schools": roster.has_schools(viewer),
    }
    return render(request, "website/organisations.html", context)


def _day(request: HttpRequest) -> date | None:
    """The day of the 1＋N picture, from `?on=2026-03-01`; nonsense is today."""
    try:
        return parse_date(request.GET.get("on", ""))
    except ValueError:
        return None


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """A group, a school, or another body; a studio has its own composed page."""
    found = get_object_or_404(Organisation.objects.select_related("subject"), slug=slug)
    if found.kind == OrganisationKind.STUDIO and hasattr(found, "studio_page"):
        return redirect(found.studio_page.url)
    viewer = cast(ViewerRequest, request).viewer
    access.require(viewer, Action.READ, found)
    context = {
        "page": organisations.organisation_page(found, viewer, _day(request)),
        "runs": roster.manages(viewer, found),
        "may_claim": found.pk in viewer.schools,
    }
    return render(request, "website/organisation.html", context)


@login_required
@require_safe
def person_card(request: HttpRequest, uid: str) -> HttpResponse:
    viewer = cast(ViewerRequest, request).viewer
    person = get_object_or_404(Person, uid=uid, is_active=True)
    access.require(viewer, Action.READ_CARD, person)
    return render(request, "website/person.html", {"card": organisations.person_card(person, viewer)})
