"""Addresses for tests of the shell alone: the other packages' pages stand in as empty answers."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [
    path("ui/", include("ui.urls")),
    path("", page, name="home"),
    path("sign-in/", page, name="sign-in"),
    path("sign-out/", page, name="sign-out"),
    path("k/", page, name="shelf"),
    path("k/plans/", page, name="plans"),
    path("my/", page, name="my"),
]
