"""Translates the lower packages' signals into audit rows."""

from typing import Any

from catalogue.signals import catalogue_edited
from groups import audit
from groups.models import Person


def connect() -> None:
    catalogue_edited.connect(_catalogue_edited, dispatch_uid="groups-catalogue-audit")


def _catalogue_edited(actor: Any, thing: Any, verb: str, **_: Any) -> None:
    audit.record(actor if isinstance(actor, Person) else None, f"catalogue.{verb}", thing)
