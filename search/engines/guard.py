"""What stands between a page and an ill engine: a time budget for the page, and a breaker for the process.

A page waits for its engine no longer than `BUDGET` seconds, whatever the engine does: refuse, stay silent, or drip a byte
now and then. When that has happened a few times in a row the breaker opens: pages are answered from the database at once,
and every few seconds one question, not all of them, tries whether the engine is back.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from search.ports import EngineDown, EngineRefusal, Hit, Page, Query, Reader

BUDGET = 1.5
"""Seconds that all questions of one page may take together."""
PATIENCE = 2
"""Failures in a row after which the breaker opens."""
FIRST_REST, LONGEST_REST = 1.0, 15.0
PANIC = "PanicException"
"""What an engine written in Rust raises when it breaks; Python knows it by name alone."""

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")
Clock = Callable[[], float]


@dataclass(slots=True)
class Breaker:
    """The memory of a process about its engine (熔断器): closed, open, and half-open while one question probes."""

    clock: Clock = time.monotonic
    failures: int = 0
    rest: float = FIRST_REST
    closed_again_at: float = 0.0
    is_probing: bool = False
    said: str = ""
    """What the engine's last failure was; empty while it is well."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_open(self) -> bool:
        return self.failures >= PATIENCE

    def enter(self) -> None:
        """Let a question through, or answer at once that there is no use in asking.

        Raises:
            EngineDown: the engine rests, or another question is trying it at this moment.
        """
        with self._lock:
            if not self.is_open:
                return
            if self.is_probing or self.clock() < self.closed_again_at:
                raise EngineDown(self.said)
            self.is_probing = True

    def succeeded(self) -> None:
        with self._lock:
            if self.is_open:
                logger.warning("the search engine answers again")
            self.failures, self.rest, self.is_probing, self.said = 0, FIRST_REST, False, ""

    def failed(self, why: str) -> None:
        """One more failure; at the second in a row the engine rests, longer each time a probe fails."""
        with self._lock:
            self.failures += 1
            self.is_probing, self.said = False, why
            if self.is_open:
                logger.error("the search engine is down, pages are answered from the database: %s", why)
                self.closed_again_at = self.clock() + self.rest
                self.rest = min(self.rest * 2, LONGEST_REST)


@dataclass(slots=True)
class Guarded:
    """The reader of one page: the engine, the process's breaker and the seconds that are left."""

    engine: Reader
    breaker: Breaker
    is_remote: bool = False
    seconds: float = BUDGET

    def search(self, query: Query) -> Page:
        """Raises EngineDown, within the budget."""
        return self._ask(lambda: self.engine.search(query))

    def suggest(self, prefix: str, tokens: frozenset[str], limit: int) -> Sequence[Hit]:
        """Raises EngineDown, within the budget."""
        return self._ask(lambda: self.engine.suggest(prefix, tokens, limit))

    def version(self) -> str:
        """Known without asking the engine anything: it says nothing of its health."""
        try:
            return self.engine.version()
        except EngineDown:
            return ""

    def __getattr__(self, name: str) -> Any:
        """Whatever else an engine can be asked passes the same gate."""
        asked = getattr(self.engine, name)
        return (lambda *given, **named: self._ask(lambda: asked(*given, **named))) if callable(asked) else asked

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        self.breaker.enter()
        began = time.monotonic()
        try:
            answer = within(self.seconds, call) if self.is_remote else call()
        except EngineRefusal:
            self.breaker.succeeded()
            raise
        except EngineDown as problem:
            self.breaker.failed(str(problem))
            raise
        except BaseException as problem:
            self.breaker.succeeded()
            if not isinstance(problem, Exception) and type(problem).__name__ != PANIC:
                raise
            # One question that an engine breaks on must not take the engine from everybody else.
            logger.exception("the search engine broke on a question")
            raise EngineRefusal(repr(problem)) from problem
        finally:
            self.seconds -= time.monotonic() - began
        self.breaker.succeeded()
        return answer


def within(seconds: float, call: Callable[[], Answer]) -> Answer:
    """Do a call in a thread of its own and leave it behind when the time is over.

    Raises:
        EngineDown: no answer in time. What else the call raises is raised here.
    """
    done: list[Answer] = []
    raised: list[BaseException] = []

    def work() -> None:
        try:
            done.append(call())
        except BaseException as problem:
            raised.append(problem)

    if seconds <= 0:
        raise EngineDown("no time was left for the engine")
    thread = threading.Thread(target=work, daemon=True, name="search")
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if not done:
        raise EngineDown(f"no answer within {seconds:.1f} s")
    return done[0]
