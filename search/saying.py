"""What the page says about how it read a question, and where it points when nothing was found.

Everything here is offered: what was corrected or let go stands beside a link to the question as it was typed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from search.addresses import Asked
from search.asking import Answer
from search.ports import Strictness
from search.schema import FACETS
from search.understanding import Understood

MOST_WAYS = 3
NARROW = (("lesson_number",), ("unit_number", "unit"), ("volume",), ("kind",), ("grade",))
"""Facets from the narrowest on: one level broader goes without the first that is set."""

Filters = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and the link that undoes what it says."""

    sentence: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A wider question: what to call it, and its address."""

    label: str
    asked: Asked


def said(asked: Asked, understood: Understood, answer: Answer) -> tuple[Said, ...]:
    """What was corrected or let go to find something."""
    return tuple(_said(asked, understood, answer)) if answer.page.total else ()


def _said(asked: Asked, understood: Understood, answer: Answer) -> Iterator[Said]:
    if answer.corrected:
        typed, meant = answer.corrected.typed, answer.corrected.meant
        again = replace(asked.elsewhere(), as_typed=True).address()
        yield Said(f"没有找到“{typed}”，已为您查“{meant}”。", f"仍查“{typed}”", again)
    if not answer.placed and understood.filters:
        yield Said(f"“{_values(understood.filters)}”里没有找到，下面是全部范围的结果。")
    if answer.is_generous:
        yield Said("没有每个词都对得上的，下面是最接近的。")
    if answer.query.strictness is Strictness.TITLE:
        wider = replace(asked.elsewhere(), in_bodies=True).address()
        yield Said(f"下面是题目或知识点里有“{understood.text}”的。", "正文里提到的也看", wider)


def _values(filters: Filters) -> str:
    return "、".join(value for values in filters.values() for value in values)


def wider(asked: Asked, chosen: Filters, understood: Understood, count: Callable[[Asked], int]) -> tuple[Way, ...]:
    """Wider questions that find something: one level broader, other editions, without any filter."""
    ways: list[Way] = []
    for label, other in _candidates(asked, chosen, understood):
        total = count(other)
        if total and other.address() not in {way.asked.address() for way in ways}:
            ways.append(Way(f"{label}，还有 {total} 份", other))
        if len(ways) == MOST_WAYS:
            break
    return tuple(ways)


def _candidates(asked: Asked, chosen: Filters, understood: Understood) -> Iterator[tuple[str, Asked]]:
    everything = {**understood.filters, **chosen}
    for names in NARROW:
        if any(everything.get(name) for name in names):
            label = "、".join(value for name in names for value in everything.get(name, ()))
            yield f"不限{FACETS[names[0]]}（{label}）", _without(asked, understood, names)
            break
    if everything.get("edition"):
        yield "其他版本同内容", _without(asked, understood, ("edition",))
    if chosen and not understood.is_empty:
        yield "去掉筛选", replace(asked.elsewhere(), filters={})
    if chosen and asked.q:
        yield "只按筛选看", asked.with_question("")


def _without(asked: Asked, understood: Understood, names: tuple[str, ...]) -> Asked:
    """The question without what was typed or chosen for some facets."""
    rest = next((chip.rest for chip in understood.chips if chip.facet in names), asked.q)
    kept = {name: values for name, values in asked.filters.items() if name not in names}
    return replace(asked.elsewhere(), q=rest, filters=kept)
