"""Getting the one preparation that a page is about, for somebody signed in who may read it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from groups.models import Person
from lessons.prep.models import Preparation
from lessons.prep.selectors import with_people
from library.resources.keeping import signed_in
from library.resources.views.finding import refused

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """For somebody signed in; the rule's refusal is answered in words."""

    @wraps(view)
    def shown(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return refused(request, refusal)

    return signed_in(shown)


def find(request: ViewerRequest, uid: str, action: Action = Action.READ) -> Preparation:
    """The preparation of an address, with its people.

    Raises:
        Http404: there is none.
        Refused: the rule says no.
    """
    found = with_people().filter(uid=uid).first()
    if found is None:
        raise Http404("没有这次集体备课，可能地址抄错了")
    require(request.viewer, action, found)
    return found


def person_of(request: ViewerRequest) -> Person:
    person = request.viewer.person
    if person is None:
        raise LookupError("a view behind signed_in has a person")
    return person
