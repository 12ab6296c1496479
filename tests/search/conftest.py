"""A shelf of things to find, an empty memory engine, and templates for the things."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from search import engines, registry, vocabulary
from search.engines.memory import MemoryEngine
from search.ports import Engine
from tests.search.world import Shelf, registered


@pytest.fixture(autouse=True)
def nobodys_vocabulary(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No names and no suggestions from content packages, whatever other tests left."""
    monkeypatch.setattr(vocabulary, "_providers", {})
    monkeypatch.setattr(registry, "_suggesters", {})
    vocabulary.forget()
    yield
    vocabulary.forget()


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf()
    with registered(shelf):
        yield shelf


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    settings.SEARCH_ENGINE = "memory"
    engines.forget()
    engine = engines.current()
    assert isinstance(engine, MemoryEngine)
    yield engine
    engines.forget()


@pytest.fixture
def thing_templates(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "thing.html").write_text(
        '<div><h3><a href="/thing/{{ hit.entry.uid }}/">{{ hit.title_html }}</a></h3>'
        "{% for snippet in hit.snippets %}<p>{{ snippet.place }}｜{{ snippet.html }}</p>{% endfor %}"
        '{% if hit.folded %}<a href="{{ hit.folded_url }}">另有 {{ hit.folded }} 个个案</a>{% endif %}'
        '<a href="{{ hit.preview_url }}">预览</a></div>'
    )
    (folder / "thing_preview.html").write_text("<p>先看一眼：{{ item.title }}</p>")
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]} for engine in settings.TEMPLATES]
