"""How a deed answers: a refusal with its page, what is not possible as a note on the page it came from."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from groups.access import Refused
from groups.middleware import ViewerRequest
from groups.models import Person
from library.resources.keeping import signed_in
from library.resources.views.finding import refused
from library.together.services.talk import NotPossible

View = Callable[..., HttpResponse]


def person_of(request: ViewerRequest) -> Person:
    person = request.viewer.person
    if person is None:
        raise LookupError("a view behind signed_in has a person")
    return person


def number(told: str) -> int:
    """The number of a row that a form names; 0, which no row has, for what is none."""
    return int(told) if told.isdecimal() and len(told) < 18 else 0


def back(request: HttpRequest, fallback: str) -> HttpResponseRedirect:
    """To the page the button was on, if it was one of ours."""
    origin = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(origin, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(origin if ours else fallback)


def page(view: View) -> View:
    """A page for somebody signed in; the rule's refusal is answered in words."""

    @wraps(view)
    def shown(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return refused(request, refusal)

    return signed_in(shown)


def button(view: View) -> View:
    """A POST of one button by somebody signed in; opened as an address it leads home."""

    @wraps(view)
    def pressed(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect("home")
        try:
            return view(request, *args, **kwargs)
        except NotPossible as problem:
            messages.error(request, str(problem))
            return back(request, "/")

    return page(pressed)
