"""Pages of visitors, kept for the next visitor who asks the same: by address, rights and the version of the index.

Kept in this process, for a minute at most. Whatever is kept is checked again before it is shown: every entry on it must
still be one that the access rule lets this viewer list now, or the page is made anew. A page of somebody who signed in is
never kept: it holds their own forms and marks.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from search import registry
from search.ports import Engine, EngineDown

MOST, SECONDS = 128, 60.0
Key = tuple[object, ...]
Hearing = Callable[[Any, datetime], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as bytes, what it shows, until when it may be shown, and who hears of its question each time."""

    content: bytes
    keys: tuple[str, ...]
    until: float
    hear: Hearing


@dataclass(slots=True)
class Shelf:
    """The pages that were asked for last."""

    clock: Callable[[], float] = time.monotonic
    pages: OrderedDict[Key, Kept] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, key: Key | None, viewer: Any, at: datetime) -> HttpResponse | None:
        """The kept page, if everything on it may still be shown to this viewer."""
        if key is None:
            return None
        with self._lock:
            kept = self.pages.get(key)
            if kept is None:
                return None
            self.pages.move_to_end(key)
        if kept.until <= self.clock() or not may_all_be_listed(kept.keys, viewer):
            self._drop(key)
            return None
        kept.hear(viewer, at)
        return HttpResponse(kept.content)

    def keep(
        self, key: Key | None, request: HttpRequest, response: HttpResponse, keys: Iterable[str], hear: Hearing
    ) -> None:
        """Keep a page that is the same for everybody: no cookie is set with it, no form is signed in it."""
        if key is None or response.cookies or "CSRF_COOKIE_NEEDS_UPDATE" in request.META:
            return
        with self._lock:
            self.pages[key] = Kept(response.content, tuple(keys), self.clock() + SECONDS, hear)
            while len(self.pages) > MOST:
                self.pages.popitem(last=False)

    def _drop(self, key: Key) -> None:
        with self._lock:
            self.pages.pop(key, None)


shelf = Shelf()


def key_of(request: HttpRequest, viewer: Any, engine: Engine) -> Key | None:
    """What a page depends on; None for a page that is nobody else's."""
    if viewer.person is not None or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return None
    try:
        version = engine.version()
    except EngineDown:
        return None
    return (request.get_full_path(), viewer.tokens(), version) if version else None


def may_all_be_listed(keys: Iterable[str], viewer: Any) -> bool:
    """The access rule in the database, one query a source."""
    wanted: dict[str, set[str]] = {}
    for key in keys:
        source, _, uid = key.partition(":")
        wanted.setdefault(source, set()).add(uid)
    sources = registry.sources()
    return all(
        name in sources and uids <= set(sources[name].allowed(sorted(uids), viewer)) for name, uids in wanted.items()
    )
