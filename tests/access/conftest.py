"""One world for every access test: built and committed once, so that each test may write and be rolled back."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.access.world import World, build

OURS = ("search", "groups", "media", "library", "designs", "prep")


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        _empty()
        with transaction.atomic():
            built = build()
    yield built
    with django_db_blocker.unblock():
        _empty()


@transaction.atomic
def _empty() -> None:
    """Delete every row of our own tables; foreign keys are checked when the transaction ends."""
    for label in OURS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            if not model._meta.proxy and model._meta.managed:
                model._default_manager.all()._raw_delete(using="default")
