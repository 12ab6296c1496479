"""`/` for a visitor and for a teacher, and 我的备课."""

from datetime import datetime
from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.views import serve

from groups.middleware import ViewerRequest
from groups.models import Person
from website import selectors
from website.week import own_designs

PER_PAGE = 20
FARTHEST_WEEK = 30


def home(request: HttpRequest) -> HttpResponse:
    """A teacher's week, or the visitors' home that the editors compose."""
    if not request.user.is_authenticated:
        return cast(HttpResponse, serve(request, ""))
    viewer = cast(ViewerRequest, request).viewer
    shown = selectors.teacher_home(viewer, day=timezone.localdate(viewer.at), shift=_shift(request))
    context = {"home": shown, "shift": _shift(request), "now": viewer.at, "greeting": _greeting(viewer.at), **_ways()}
    return render(request, "website/home_teacher.html", context)


def _greeting(at: datetime) -> str:
    hour = timezone.localtime(at).hour
    return "早上好" if hour < 11 else "中午好" if hour < 14 else "下午好" if hour < 18 else "晚上好"


def _ways() -> dict[str, str]:
    """Where the buttons of both pages lead."""
    return {
        "shelf_url": reverse("catalogue:shelf"),
        "new_url": reverse("library:new"),
        "upload_url": reverse("library:new"),
        "library_url": reverse("library:mine"),
    }


def _shift(request: HttpRequest) -> int:
    """Weeks from this one, from `?week=+1`; nonsense is this week."""
    wanted = request.GET.get("week", "0").removeprefix("-")[:4]
    sign = -1 if request.GET.get("week", "").startswith("-") else 1
    return sign * min(int(wanted), FARTHEST_WEEK) if wanted.isdecimal() else 0


@login_required
@require_safe
def my_preparation(request: HttpRequest) -> HttpResponse:
    """我的备课: the week by class and period, then every design of one's own."""
    person = request.user
    assert isinstance(person, Person)
    viewer = cast(ViewerRequest, request).viewer
    page = Paginator(own_designs(person).order_by("-working_copy__updated_at"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "home": selectors.teacher_home(viewer, day=timezone.localdate(viewer.at), shift=_shift(request)),
        "preparations": selectors.preparations(list(page.object_list)),
        "page": page,
        "shift": _shift(request),
        **_ways(),
    }
    return render(request, "website/my_preparation.html", context)
