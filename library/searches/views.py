"""My saved searches, and for the system administrator what was asked in vain."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from groups.middleware import ViewerRequest
from groups.models import Person
from library.resources.keeping import signed_in
from library.searches import gaps, services
from library.searches.models import SavedSearch
from ui.toasts import toast

PER_PAGE = 20


@require_safe
@signed_in
@never_cache
def mine(request: ViewerRequest) -> HttpResponse:
    """`/searches/`: what I keep."""
    found = SavedSearch.objects.filter(person=request.viewer.person)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "searches/mine.html", {"page": page})


@require_POST
@signed_in
def save(request: ViewerRequest) -> HttpResponse:
    """Keep the search whose address was sent."""
    address = request.POST.get("address", "")[:4_000].partition("?")[2]
    try:
        saved = services.save(person=cast("Person", request.viewer.person), address=address, at=timezone.now())
    except services.NotPossible as problem:
        toast(request, str(problem))
        return redirect(f"{reverse('search:search')}?{address}")
    toast(request, f"存下了“{saved.name}”，有新的会告诉你。")
    return redirect("searches:mine")


@require_safe
@signed_in
def open_saved(request: ViewerRequest, pk: int) -> HttpResponse:
    """Ask a kept question again."""
    return redirect(f"{reverse('search:search')}?{_own(request, pk).address}")


@require_POST
@signed_in
def delete(request: ViewerRequest, pk: int) -> HttpResponse:
    saved = _own(request, pk)
    services.delete(saved=saved)
    toast(request, f"删掉了“{saved.name}”。")
    return redirect("searches:mine")


@require_POST
@signed_in
def subscribe(request: ViewerRequest, pk: int) -> HttpResponse:
    """Switch the news of one kept search on or off."""
    saved = _own(request, pk)
    services.subscribe(saved=saved, wanted=request.POST.get("wanted") == "1", at=timezone.now())
    return redirect("searches:mine")


def _own(request: ViewerRequest, pk: int) -> SavedSearch:
    return get_object_or_404(SavedSearch, pk=pk, person=request.viewer.person)


@require_safe
@never_cache
def gap_report(request: HttpRequest) -> HttpResponse:
    """`/searches/gaps/`: by week and place, for the system administrator."""
    if not getattr(getattr(request, "viewer", None), "is_system_admin", False):
        raise PermissionDenied("缺口报告只给系统管理员看。")
    week = gaps.monday(timezone.now())
    page = Paginator(gaps.report(week), PER_PAGE * 2).get_page(request.GET.get("page"))
    return render(request, "searches/gaps.html", {"page": page, "totals": gaps.totals(week), "fewest": gaps.FEWEST})
