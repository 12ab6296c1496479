"""A page waits for its engine once, and no longer than its budget; then the process knows better for a while."""

import threading
import time

import pytest

from search.engines.guard import FIRST_REST, LONGEST_REST, PATIENCE, Breaker, Guarded
from search.ports import EngineDown, EngineRefusal, Page, Query


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Engine:
    """Answers, or does what the test says."""

    def __init__(self) -> None:
        self.asked = 0
        self.trouble: Exception | None = None
        self.silent = threading.Event()
        self.silent.set()

    def search(self, query: Query) -> Page:
        self.asked += 1
        self.silent.wait(5)
        if self.trouble:
            raise self.trouble
        return Page(total=7)

    def suggest(self, prefix: str, tokens: frozenset[str], limit: int) -> list[None]:
        self.asked += 1
        return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock=clock)


@pytest.fixture
def engine() -> Engine:
    return Engine()


def ask(engine: Engine, breaker: Breaker, **more: object) -> int:
    return Guarded(engine, breaker, **more).search(Query()).total  # type: ignore[arg-type]


def fail(engine: Engine, breaker: Breaker, times: int = PATIENCE) -> None:
    engine.trouble = EngineDown("refused")
    for _ in range(times):
        with pytest.raises(EngineDown):
            ask(engine, breaker)


def test_a_well_engine_is_simply_asked(engine: Engine, breaker: Breaker) -> None:
    assert ask(engine, breaker) == 7
    assert ask(engine, breaker, is_remote=True) == 7


def test_after_failures_in_a_row_nobody_waits_for_the_engine_any_more(engine: Engine, breaker: Breaker) -> None:
    fail(engine, breaker)
    asked = engine.asked
    with pytest.raises(EngineDown, match="refused"):
        ask(engine, breaker)
    assert engine.asked == asked


def test_one_failure_between_answers_changes_nothing(engine: Engine, breaker: Breaker) -> None:
    for _ in range(3):
        fail(engine, breaker, times=1)
        engine.trouble = None
        assert ask(engine, breaker) == 7


def test_after_a_rest_one_question_tries_and_its_answer_opens_the_way(
    engine: Engine, breaker: Breaker, clock: Clock
) -> None:
    fail(engine, breaker)
    clock.now += FIRST_REST
    engine.trouble = None
    assert ask(engine, breaker) == 7
    assert not breaker.is_open
    assert ask(engine, breaker) == 7


def test_while_one_question_tries_the_others_do_not(engine: Engine, breaker: Breaker, clock: Clock) -> None:
    fail(engine, breaker)
    clock.now += FIRST_REST
    engine.trouble = None
    engine.silent.clear()
    before = engine.asked
    probe = threading.Thread(target=ask, args=(engine, breaker))
    probe.start()
    while engine.asked == before:
        time.sleep(0.001)
    for _ in range(5):
        with pytest.raises(EngineDown):
            ask(engine, breaker)
    assert engine.asked == before + 1
    engine.silent.set()
    probe.join()
    assert ask(engine, breaker) == 7


def test_the_rest_grows_while_the_tries_fail_and_has_an_end(engine: Engine, breaker: Breaker, clock: Clock) -> None:
    fail(engine, breaker)
    rests = []
    for _ in range(8):
        rests.append(breaker.closed_again_at - clock.now)
        clock.now = breaker.closed_again_at
        fail(engine, breaker, times=1)
    assert rests[:4] == [1.0, 2.0, 4.0, 8.0]
    assert max(rests) == LONGEST_REST


def test_a_silent_engine_costs_a_page_its_budget_and_no_more(engine: Engine, breaker: Breaker) -> None:
    engine.silent.clear()
    began = time.monotonic()
    with pytest.raises(EngineDown, match="no answer within"):
        ask(engine, breaker, is_remote=True, seconds=0.1)
    assert time.monotonic() - began < 0.5
    engine.silent.set()


def test_the_budget_is_for_the_whole_page_not_for_each_question(engine: Engine, breaker: Breaker) -> None:
    page = Guarded(engine, breaker, is_remote=True, seconds=0.05)  # type: ignore[arg-type]
    page.search(Query())
    page.seconds = 0.0
    with pytest.raises(EngineDown, match="no time was left"):
        page.search(Query())


def test_a_question_that_the_engine_refuses_does_not_take_it_from_the_others(engine: Engine, breaker: Breaker) -> None:
    engine.trouble = EngineRefusal("too many clauses")
    for _ in range(5):
        with pytest.raises(EngineRefusal):
            ask(engine, breaker)
    assert not breaker.is_open


@pytest.mark.parametrize("problem", [ValueError("data corrupted"), type("PanicException", (BaseException,), {})("oh")])
def test_a_question_that_breaks_the_engine_is_a_refusal_for_the_page(
    problem: Exception, engine: Engine, breaker: Breaker
) -> None:
    engine.trouble = problem
    with pytest.raises(EngineRefusal):
        ask(engine, breaker)
    assert not breaker.is_open


def test_an_interrupt_is_no_refusal(engine: Engine, breaker: Breaker) -> None:
    engine.trouble = KeyboardInterrupt()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        ask(engine, breaker)


def test_suggestions_and_every_other_question_pass_the_same_gate(engine: Engine, breaker: Breaker) -> None:
    fail(engine, breaker)
    with pytest.raises(EngineDown):
        Guarded(engine, breaker).suggest("面", frozenset(), 3)  # type: ignore[arg-type]
