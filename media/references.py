"""Which files does anything refer to? Asked by the access rule (an orphan is its uploader's) and by the sweep.

Every foreign key to `File` counts, whichever package it stands in, so a new one cannot be forgotten.
"""

from django.db.models import Exists, Model, OuterRef, Q

from media.models import File


def unreferenced(*, by_files_too: bool) -> Q:
    """Files to which no row of another table refers; with `by_files_too`, no other file as its PDF twin either."""
    found = Q()
    for relation in File._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        if isinstance(model, type) and issubclass(model, Model) and (by_files_too or model is not File):
            found &= ~Q(Exists(model._default_manager.filter(**{name: OuterRef("pk")})))
    return found
