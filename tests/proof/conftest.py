"""The long laws. `make proof LAW=name SCALE=0.1` runs tests/proof/test_<name>.py at a tenth of its size."""

import os
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.proof)


@pytest.fixture(scope="session")
def scale() -> float:
    """How much of the law's full size to play; 1 is the size that its bar names."""
    return float(os.environ.get("SCALE", "1"))
