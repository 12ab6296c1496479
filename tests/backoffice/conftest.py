import pytest

from tests.backoffice.world import World, build
from tests.factories.town import Town


@pytest.fixture
def world(town: Town) -> World:
    return build(town)
