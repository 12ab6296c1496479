"""The town's prep group."""

import pytest

from tests.factories import preps
from tests.factories.preps import Circle
from tests.factories.shelf import build
from tests.factories.town import Town


@pytest.fixture
def circle(town: Town) -> Circle:
    return preps.build(build(town))
