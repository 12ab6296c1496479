"""A book on the shelf and two curators of its subject."""

import pytest

from groups.models import Nature, Person, Role
from tests.factories import people, shelf
from tests.factories.shelf import Shelf
from tests.factories.town import Town


@pytest.fixture
def books(town: Town) -> Shelf:
    return shelf.build(town)


def curator(books: Shelf, name: str) -> Person:
    made = people.person(name)
    people.post(made, books.town.city, Role.SUBJECT_CURATOR, Nature.SEAT, subject=books.subject)
    return made


@pytest.fixture
def first(books: Shelf) -> Person:
    return curator(books, "江月")


@pytest.fixture
def second(books: Shelf) -> Person:
    return curator(books, "温如")
