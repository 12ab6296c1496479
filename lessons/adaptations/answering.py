"""How a button answers: a refusal as a sentence on the page it was pressed on. Shared with what stands above adaptations."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from groups.access import Refused
from groups.middleware import ViewerRequest
from groups.models import Person
from library.resources.keeping import signed_in

View = Callable[..., HttpResponse]


def person_of(request: ViewerRequest) -> Person:
    person = request.viewer.person
    if person is None:
        raise LookupError("a view behind signed_in has a person")
    return person


def button(view: View) -> View:
    """A POST of one button by somebody signed in; opened as an address it leads to 我的备课."""

    @wraps(view)
    def pressed(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect("my")
        return view(request, *args, **kwargs)

    return signed_in(pressed)


def refused(request: HttpRequest, refusal: Refused, address: str) -> HttpResponse:
    """The refusal's sentence as a note on the page of `address`."""
    messages.error(request, refusal.verdict.reason)
    return redirect(address)
