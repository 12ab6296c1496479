"""The showcase of the design system, for development only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ui.showcase import samples


def showcase(request: HttpRequest) -> HttpResponse:
    """Every component in every state; `?preview=1` answers the part that the side panel fetches, `?accepted=1` a toast."""
    if "preview" in request.GET:
        return render(request, "ui/components/facts.html", {"facts": [("课型", "新授"), ("时长", "40 分钟")]})
    return render(request, "ui/showcase.html", samples() | {"accepted": "accepted" in request.GET})
