"""The calendar: its secret address, and what a calendar program reads there."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from groups.viewer import viewer_for
from lessons.plans import calendar_feed, services
from lessons.plans.models import CalendarFeed
from lessons.plans.services.feeds import digest
from lessons.plans.views.finding import person_of
from ui.toasts import toast

NEW = "new_calendar"
"""The session's key for the token of a new address, which is shown once."""


@login_required
@never_cache
def feed(request: HttpRequest) -> HttpResponse:
    """`/prep/plans/feed/`: make an address, or close it."""
    if request.method == "POST":
        if request.POST.get("do") == "revoke":
            services.revoke_feed(person=person_of(request), at=timezone.now())
            toast(request, "订阅停用了，那个地址打不开了")
        else:
            _, token = services.make_feed(person=person_of(request), at=timezone.now())
            request.session[NEW] = token
        return redirect("plans:feed")
    token = cast(str, request.session.pop(NEW, ""))
    address = request.build_absolute_uri(reverse("plans:calendar", args=[token])) if token else ""
    alive = CalendarFeed.objects.filter(person=person_of(request), revoked_at__isnull=True).first()
    return render(request, "plans/feed.html", {"address": address, "feed": alive})


@require_safe
@never_cache
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """`/calendar/<token>.ics`, without signing in: whoever has the address reads what its owner may read now."""
    at = timezone.now()
    found = CalendarFeed.objects.select_related("person").filter(token_sha256=digest(token), revoked_at__isnull=True)
    alive = found.first()
    if alive is None or not alive.person.is_active:
        raise Http404("这个订阅地址停用了，请到备课计划里重新订阅")
    viewer = viewer_for(alive.person, at)
    CalendarFeed.objects.filter(pk=alive.pk).update(read_at=at)
    body = calendar_feed.calendar_of(viewer, calendar_feed.rows_for(viewer))
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="gongbei.ics"'
    return answer
