"""These tests stand on `tests.ui.urls`, so what the real packages announced is set aside."""

import pytest

from ui import navigation


@pytest.fixture(autouse=True)
def _empty_navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_sections", {})
    monkeypatch.setattr(navigation, "_links", {})
