"""What waits for a person (待办): registered by the packages that own the work, asked anew at every look.

Nothing is stored, so a thing that is done stands in nobody's list a moment later. A source answers with its most urgent
few and a count, so that ten thousand waiting things cost no more than ten.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from groups.viewer import Viewer

SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits: icon, sentence, what it is about, where, since when, and the last day for it."""

    icon: str
    title: str
    note: str
    url: str
    at: datetime
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The answer of one source: the most urgent todos, at most as many as were asked for, and how many there are."""

    todos: Sequence[Todo] = ()
    count: int = 0


Ask = Callable[[Viewer, int], Waiting]

_sources: dict[str, Ask] = {}


def register(name: str, ask: Ask) -> None:
    """Add a source: (viewer, most) → what waits for the viewer, urgent ones first."""
    if _sources.setdefault(name, ask) is not ask:
        raise ValueError(f"two sources of todos are called {name}")


def urgency(todo: Todo) -> tuple[date, datetime]:
    """What has a last day comes first, by that day; the rest by the day since which it waits."""
    return (todo.due or date.max, todo.at)


def waiting(viewer: Viewer, *, most: int, skip: int = 0) -> Waiting:
    """Everything that waits for the viewer, from all sources, the most urgent first."""
    if viewer.person is None or viewer.disabled:
        return Waiting()
    answers = [ask(viewer, skip + most) for ask in _sources.values()]
    todos = sorted((todo for answer in answers for todo in answer.todos), key=urgency)
    return Waiting(tuple(todos[skip : skip + most]), sum(answer.count for answer in answers))


@dataclass(frozen=True, slots=True)
class Due:
    """A todo's last day in words, and how urgent it is: `late`, `today`, `soon`, or nothing."""

    words: str
    tone: str


def due_of(todo: Todo, today: date) -> Due | None:
    """今天, 明天, 周四, 11月20日; 过期 2 天. None without a last day."""
    if todo.due is None:
        return None
    left = (todo.due - today).days
    if left < 0:
        return Due(f"过期 {-left} 天", "late")
    if left < 2:
        return Due(("今天", "明天")[left], ("today", "soon")[left])
    tone = "soon" if todo.due - today <= SOON else ""
    if left < 7 and todo.due.weekday() >= today.weekday():
        return Due(f"周{'一二三四五六日'[todo.due.weekday()]}", tone)
    return Due(f"{todo.due.month}月{todo.due.day}日", tone)


@dataclass(frozen=True, slots=True)
class Shown:
    """A todo as it is printed."""

    todo: Todo
    due: Due | None


def shown(found: Waiting, at: datetime) -> list[Shown]:
    today = timezone.localdate(at)
    return [Shown(todo, due_of(todo, today)) for todo in found.todos]
