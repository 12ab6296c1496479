"""The search page and its suggestions while typing."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from search import addresses, engines, page, registry, results
from search.ports import EngineDown

SUGGESTIONS = 8
LONGEST_PREFIX = 40


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/search/?q=&kind=&grade=…`"""
    asked = addresses.read(request.GET)
    built = page.build(asked, _viewer(request), engines.reader(), timezone.now())
    return render(request, "search/page.html", {"page": built})


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """`/search/suggest/?q=`: what one is about to type, by source: `{"groups": [{"label", "items"}]}`."""
    viewer = _viewer(request)
    typed = request.GET.get("q", "")[:LONGEST_PREFIX]
    try:
        hits = engines.reader().suggest(typed, viewer.tokens(), SUGGESTIONS)
    except EngineDown:
        hits = []
    items = results.items_of(hits, viewer, timezone.now())
    groups: dict[str, list[dict[str, str]]] = {}
    for hit in hits:
        if hit.key in items:
            groups.setdefault(hit.entry.source, []).append(
                _suggestion(hit.entry.source, hit.entry.uid, hit.entry.title)
            )
    return JsonResponse(
        {"groups": [{"label": registry.source_label(name), "items": found} for name, found in groups.items()]}
    )


def _suggestion(source: str, uid: str, title: str) -> dict[str, str]:
    address = registry.sources()[source].url
    return {"label": title, "url": address(uid) if address else addresses.Asked(q=title).address()}


def _viewer(request: HttpRequest) -> Any:
    """Set by the middleware of the package that knows people."""
    return getattr(request, "viewer")  # noqa: B009
