"""The memory engine keeps the contract: it is the specification."""

import pytest

from search.engines.memory import MemoryEngine
from tests.contract.behaviour import Asking, Make, Writing


@pytest.fixture(scope="class")
def memory() -> Make:
    return MemoryEngine


class TestAsking(Asking):
    @pytest.fixture(scope="class")
    def make(self, memory: Make) -> Make:
        return memory


class TestWriting(Writing):
    @pytest.fixture(scope="class")
    def make(self, memory: Make) -> Make:
        return memory
