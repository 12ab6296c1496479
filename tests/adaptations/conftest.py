"""Every test here has a shared plan in use."""

import pytest

from tests.factories import adapting
from tests.factories.adapting import Shared
from tests.factories.town import Town


@pytest.fixture
def shared(town: Town) -> Shared:
    return adapting.build(town)
