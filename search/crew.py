"""Reads and prepares many documents in several processes, because segmentation and the ORM each keep one core busy."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.db import connections

from search import indexer, panics
from search.models import OutboxRow
from search.ports import Prepared
from search.preparation import prepare

WORTH_IT = 2_000
"""From so many documents on, starting processes is quicker than doing without."""
AHEAD = 3
"""Pieces that wait for the engine, for each process."""
Task = tuple[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some documents of one source, prepared; `keys` are those that were asked for."""

    keys: tuple[str, ...]
    prepared: tuple[Prepared, ...]
    broken: dict[str, str]


def piece(task: Task) -> Piece:
    """Versions first, the truth after them: whatever changes in between gets a higher version and comes again."""
    source, uids = task
    versions = dict(OutboxRow.objects.filter(source=source, uid__in=uids).values_list("uid", "version"))
    entries, broken = indexer.truth(source, uids)
    prepared = []
    for key, entry in entries.items():
        try:
            with panics.as_errors():
                prepared.append(prepare(replace(entry, version=versions.get(entry.uid, 0))))
        except Exception as problem:
            # The document stands in the outcome with its reason; the others are not kept back.
            broken[key] = repr(problem)
    return Piece(tuple(f"{source}:{uid}" for uid in uids), tuple(prepared), broken)


@contextmanager
def working(processes: int) -> Iterator[Callable[[Iterable[Task]], Iterator[Piece]]]:
    """A function from tasks to pieces, in order, done by so many processes; with one, by this process itself."""
    if processes <= 1:
        yield lambda tasks: map(piece, tasks)
        return
    connections.close_all()
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("fork"))
    try:
        # All processes are begun now, before an engine has threads.
        list(pool.map(_ready, range(processes)))
        yield lambda tasks: _in_order(pool, tasks, processes * AHEAD)
    finally:
        pool.shutdown(cancel_futures=True)


def _ready(number: int) -> int:
    return number


def _in_order(pool: ProcessPoolExecutor, tasks: Iterable[Task], ahead: int) -> Iterator[Piece]:
    waiting: deque[Future[Piece]] = deque()
    for task in tasks:
        waiting.append(pool.submit(piece, task))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
