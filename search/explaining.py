"""Why one entry stands where it stands: how the question was read, and which of its terms the entry holds.

The terms are those of `matching.plan`, looked up in the fields that `documents.document` fills: what the engine was asked
and what it was given. The engine's own figure stands beside them; it weighs each term by how rare it is.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from search import synonyms, vocabulary
from search.asking import LOOKED_AT, Answer, ask
from search.documents import Document, document
from search.matching import Best, Fact, Part, Term, plan
from search.ports import Hit, Query, Reader, Strictness
from search.understanding import Understood, understand

FIELDS = {
    "title_name": "名称",
    "title_whole": "整个题目或关键词",
    "title_words": "题目里的词",
    "title_grams": "题目里的字",
    "title_near": "差一个字的名称",
    "title_sound": "读音",
    "title_initials": "首字母",
    "side_words": "关键词和作者",
    "body_words": "正文里的词",
    "text_grams": "全文里的字",
}
READINGS = {
    Strictness.TITLE: "题目或知识点里有",
    Strictness.ALL: "每个词都有",
    Strictness.NEAR: "名称只差一个字",
    Strictness.MOST: "多数词有",
    Strictness.ANY: "有一个词",
}
MOST_TERMS = 12


@dataclass(frozen=True, slots=True)
class Held:
    """A term of the question that the entry holds."""

    field: str
    token: str
    weight: float
    often: int


@dataclass(frozen=True, slots=True)
class Explained:
    hit: Hit
    terms: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    understood: Understood
    answer: Answer
    reading: str
    entries: tuple[Explained, ...]


def explain(q: str, viewer: Any, reader: Reader) -> Explanation:
    """The first hits of a question as a viewer would see them."""
    understood = understand(q, vocabulary.lookup(), synonyms.lookup())
    answer = ask(reader, understood, Query(tokens=viewer.tokens(), limit=LOOKED_AT * 2))
    parts = plan(answer.query).score
    entries = tuple(Explained(hit, _held(parts, document(hit.entry))) for hit in answer.page.hits)
    return Explanation(understood, answer, READINGS[answer.query.strictness], entries)


def _held(parts: tuple[Part, ...], found: Document) -> tuple[Held, ...]:
    held = [one for part in parts for one in _of(part, found)]
    return tuple(sorted(held, key=lambda one: -one.weight)[:MOST_TERMS])


def _of(part: Part, found: Document) -> list[Held]:
    if isinstance(part, Fact):
        values = found[part.field]
        holds = isinstance(values, list) and part.value in values
        return [Held("说到的条件", part.value, part.weight, 1)] if holds else []
    if isinstance(part, Best):
        best = [one for term in part.terms for one in _of(term, found)]
        return sorted(best, key=lambda one: -one.weight)[:1]
    return _term(part, found)


def _term(term: Term, found: Document) -> list[Held]:
    values = found[term.field]
    often = Counter(values)[term.token] if isinstance(values, list) else 0
    return [Held(FIELDS.get(term.field, term.field), term.token, term.weight, often)] if often else []
