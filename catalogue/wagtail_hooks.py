"""Put the catalogue into the back office and say who edited what."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from catalogue.back_office import CatalogueGroup, register_policies
from catalogue.signals import catalogue_edited

register_policies()
register_snippet(CatalogueGroup)


def _tell(request: HttpRequest, thing: Any, verb: str) -> None:
    if thing._meta.app_label == "catalogue":
        catalogue_edited.send(sender=type(thing), actor=request.user, thing=thing, verb=verb)


@hooks.register("after_create_snippet")
def created(request: HttpRequest, thing: Any) -> None:
    _tell(request, thing, "created")


@hooks.register("after_edit_snippet")
def edited(request: HttpRequest, thing: Any) -> None:
    _tell(request, thing, "edited")
