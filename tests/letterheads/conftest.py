"""A town with a bookshelf, and the teacher signed in."""

import pytest
from django.test import Client

from tests.factories import shelf as bookshelf
from tests.factories.shelf import Shelf
from tests.factories.town import Town


@pytest.fixture
def shelf(town: Town) -> Shelf:
    return bookshelf.build(town)


@pytest.fixture
def teacher(client: Client, town: Town) -> Client:
    client.force_login(town.person("teacher"))
    return client
