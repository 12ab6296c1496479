"""Fixtures of working together: the town with a shelf, and what is published to the group."""

import pytest
from django.test import Client

from groups.models import Nature, Role
from library.resources import services
from library.resources.models import Resource
from tests.factories import people
from tests.factories.shelf import Shelf, build, signed_in
from tests.factories.town import Town


@pytest.fixture
def shelf(town: Town) -> Shelf:
    return build(town)


@pytest.fixture
def shared(town: Town) -> Resource:
    """A design by the teacher, for the group."""
    made = town.published(services.Audience(organisation=town.group))
    return Resource.objects.get(pk=made.pk)


@pytest.fixture
def teacher(town: Town) -> Client:
    return signed_in(town.person("teacher"))


@pytest.fixture
def colleague(town: Town) -> Client:
    return signed_in(town.person("colleague"))


@pytest.fixture
def member(town: Town) -> None:
    """The teacher has a seat in the studio."""
    people.post(town.person("teacher"), town.studio, Role.MEMBER, Nature.SEAT)
