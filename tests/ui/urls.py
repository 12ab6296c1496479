"""Addresses for tests of the shell alone: the other packages' pages stand in as empty answers."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def suggest(request: HttpRequest) -> JsonResponse:
    items = [{"label": "梯形的面积", "url": "/k/plans/", "meta": "五上"}, {"label": "梯形的认识", "url": "/k/"}]
    return JsonResponse({"groups": [{"label": "课", "items": items}, {"label": "老师", "items": []}]})


urlpatterns = [
    path("ui/", include("ui.urls")),
    path("", page, name="home"),
    path("search/suggest/", suggest),
    path("sign-in/", page, name="sign-in"),
    path("sign-out/", page, name="sign-out"),
    path("k/", page, name="shelf"),
    path("k/plans/", page, name="plans"),
    path("my/", page, name="my"),
    path("favicon.ico", page),
]
