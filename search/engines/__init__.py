"""Which engine answers: chosen by the setting SEARCH_ENGINE, made once a process, imported only when chosen."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from search.engines.guard import Breaker, Guarded
from search.ports import Engine

breaker = Breaker()
"""What this process knows of its engine's health."""


@lru_cache(maxsize=1)
def current() -> Engine:
    """The engine of this process."""
    return make(settings.SEARCH_ENGINE)


def reader() -> Guarded:
    """The engine as one page may ask it: with a time budget, and not at all while it is known to be down."""
    return Guarded(current(), breaker, is_remote=settings.SEARCH_ENGINE == "elasticsearch")


def make(name: str) -> Engine:
    if name == "memory":
        from search.engines.memory import MemoryEngine

        return MemoryEngine()
    if name == "tantivy":
        from search.engines.tantivy import TantivyEngine

        return TantivyEngine(Path(settings.SEARCH_INDEX_DIR))
    from search.engines.elasticsearch import ElasticsearchEngine, connect

    return ElasticsearchEngine(connect(settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_CA))


def forget() -> None:
    """Settings changed: choose anew."""
    current.cache_clear()
    breaker.succeeded()
