"""What the discussion, and the packages above, tell the state machine. Registered in their `ready()`.

The state machine asks; it knows nothing of remarks, adaptations or reflections.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from groups.access import Action
from groups.viewer import Viewer
from lessons.prep.models import Preparation

WhyNot = Callable[[Preparation], str]
"""A sentence that says what has to be done first; empty when nothing stands in the way."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a preparation: what it is called, what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Reflection:
    """What a teacher thought after the lesson, as the group may read it."""

    person: str
    school: str
    class_name: str
    at: datetime
    highlights: str
    problems: str
    improvements: str
    url: str = ""


_guards: dict[tuple[Action, str], WhyNot] = {}
_voices: dict[str, Callable[[Preparation], Iterable[int]]] = {}
_adopted: dict[str, Callable[[Preparation], Mapping[int, int]]] = {}
_figures: dict[str, Callable[[Preparation], Sequence[Figure]]] = {}
_reflections: dict[str, Callable[[Preparation, Viewer], Sequence[Reflection]]] = {}


def guard(action: Action, name: str, why_not: WhyNot) -> None:
    """Stand before a transition: it does not happen while `why_not` answers a sentence."""
    _guards[action, name] = why_not


def voices(name: str, ask: Callable[[Preparation], Iterable[int]]) -> None:
    """Say who has spoken: ids of persons, for the quorum."""
    _voices[name] = ask


def adopted(name: str, ask: Callable[[Preparation], Mapping[int, int]]) -> None:
    """Say of whom how much was adopted: person id → count, for the credits."""
    _adopted[name] = ask


def figures(name: str, ask: Callable[[Preparation], Sequence[Figure]]) -> None:
    """Add figures to the recap."""
    _figures[name] = ask


def reflections(name: str, ask: Callable[[Preparation, Viewer], Sequence[Reflection]]) -> None:
    """Add reflections to the recap, those that the viewer may read."""
    _reflections[name] = ask


def why_not(action: Action, preparation: Preparation) -> str:
    """The first sentence of a guard of this action."""
    asked = (ask(preparation) for (of, _), ask in _guards.items() if of == action)
    return next((sentence for sentence in asked if sentence), "")


def who_spoke(preparation: Preparation) -> frozenset[int]:
    return frozenset(person for ask in _voices.values() for person in ask(preparation))


def adopted_of(preparation: Preparation) -> dict[int, int]:
    """Person id → how much of theirs was adopted, from every source."""
    found: dict[int, int] = {}
    for ask in _adopted.values():
        for person, count in ask(preparation).items():
            found[person] = found.get(person, 0) + count
    return found


def figures_of(preparation: Preparation) -> list[Figure]:
    return [figure for ask in _figures.values() for figure in ask(preparation)]


def reflections_of(preparation: Preparation, viewer: Viewer) -> list[Reflection]:
    return [one for ask in _reflections.values() for one in ask(preparation, viewer)]
