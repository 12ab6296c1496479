"""`/health/`: JSON for a monitor; for the system administrator a page in words, with what was set aside and why."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from search import health, outbox
from search.models import OutboxRow

PARKED_SHOWN = 50


@require_safe
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """A monitor and everybody else get figures without errors; the answer is 200 as long as the site itself answers."""
    at = timezone.now()
    signs = health.signs(at)
    is_well = all(sign.is_well for sign in signs.values())
    if _is_staff(request) and not _wants_json(request):
        parked = OutboxRow.objects.filter(parked=True).order_by("pk")[:PARKED_SHOWN]
        return render(request, "search/health.html", {"signs": signs, "is_well": is_well, "at": at, "parked": parked})
    return JsonResponse(
        {
            "status": "ok" if is_well else "attention",
            "at": at.isoformat(),
            "checks": {
                name: {"ok": sign.is_well, "label": sign.label, "value": sign.value} for name, sign in signs.items()
            },
        },
        json_dumps_params={"ensure_ascii": False},
    )


@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """再试一次: one parked row, or all of them."""
    if not _is_staff(request):
        raise PermissionDenied("只有系统管理员可以重试。")
    row = request.POST.get("row", "")
    parked = OutboxRow.objects.filter(parked=True)
    outbox.retry(parked.filter(pk=int(row)) if row.isascii() and row.isdecimal() and len(row) < 18 else parked)
    return redirect("health")


def _wants_json(request: HttpRequest) -> bool:
    return request.GET.get("format") == "json" or not request.accepts("text/html")


def _is_staff(request: HttpRequest) -> bool:
    """The viewer is set by the middleware of the package that knows people."""
    viewer: Any = getattr(request, "viewer", None)
    return bool(getattr(viewer, "is_system_admin", False))
