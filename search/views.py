"""The search page and its suggestions while typing."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search import addresses, engines, explaining, keeping, page, suggesting
from search import similar as similarity
from search.ports import EngineDown


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/search/?q=&kind=&grade=…`"""
    viewer, at = _viewer(request), timezone.now()
    key = keeping.key_of(request, viewer, engines.current())
    if kept := keeping.shelf.find(key, viewer, at):
        return kept
    built = page.build(addresses.read(request.GET), viewer, engines.reader(), at)
    response = render(request, "search/page.html", {"page": built})
    if built.shown:
        keeping.shelf.keep(key, request, response, [one.entry.key for one in built.shown], built.hear)
    return response


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """`/search/suggest/?q=`: what one is about to type, by source: `{"groups": [{"label", "items"}]}`."""
    found = suggesting.groups(request.GET.get("q", ""), _viewer(request), engines.reader(), timezone.now())
    return JsonResponse(
        {
            "groups": [
                {"label": label, "items": [{"label": one.label, "url": one.url} for one in items]}
                for label, items in found
            ]
        }
    )


@require_safe
def similar(request: HttpRequest) -> HttpResponse:
    """`/search/similar/?key=resource:…`: what is like one entry, for somebody who may see it."""
    viewer, at = _viewer(request), timezone.now()
    entry = similarity.entry_of(request.GET.get("key", ""), viewer)
    if entry is None:
        raise Http404("没有这一份，或者你看不到它。")
    shown = similarity.similar(entry, viewer, engines.reader(), at)
    return render(request, "search/similar.html", {"entry": entry, "shown": shown})


@require_safe
@never_cache
def explain(request: HttpRequest) -> HttpResponse:
    """`/search/explain/?q=`: for the system administrator, how a question is read and what its hits hold."""
    viewer = _viewer(request)
    if not getattr(viewer, "is_system_admin", False):
        raise PermissionDenied("只有系统管理员可以看搜索是怎样排的。")
    q = request.GET.get("q", "").replace("\x00", "")
    try:
        found = explaining.explain(q, viewer, engines.reader()) if q.strip() else None
    except EngineDown:
        found = None
    return render(request, "search/explain.html", {"q": q, "found": found})


def _viewer(request: HttpRequest) -> Any:
    """Set by the middleware of the package that knows people."""
    return getattr(request, "viewer")  # noqa: B009
