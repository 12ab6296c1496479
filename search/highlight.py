"""Why an entry was found: its title with marks, and the sentences of its passages where the words stand, with place.

Done in Python over the stored passages of the shown hits alone, so that both engines show the same.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search import text
from search.matching import read_aloud, telling_words
from search.ports import Entry, Query

LONGEST = 90
MOST_SNIPPETS = 2
SENTENCE = re.compile(r"[^。！？；\n!?;]+[。！？；!?;]?")

Mark = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A sentence with marked words and the place where it stands; the place may be empty."""

    place: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Sought:
    """What to mark: the words, and the syllables of a question typed by ear."""

    words: tuple[str, ...]
    syllables: tuple[str, ...] = ()


def sought(query: Query) -> Sought:
    wanted = text.normalise(query.text)
    words = [*map(text.normalise, query.phrases), *telling_words(wanted), *(part for part in text.parts(wanted))]
    longest_first = sorted(dict.fromkeys(word for word in words if word), key=len, reverse=True)
    many = [word for word in longest_first if len(word) > 1] or longest_first
    by_ear = re.search("[a-z]", wanted) is not None
    return Sought(tuple(many), read_aloud(wanted) if by_ear else ())


def title(words: str, wanted: Sought) -> SafeString:
    """The title with marks; by sound when no word of the question stands in it."""
    found = marks(words, wanted.words) or _marks_by_sound(words, wanted.syllables)
    return _marked(words, found)


def snippets(entry: Entry, wanted: Sought, most: int = MOST_SNIPPETS) -> tuple[Snippet, ...]:
    """The best sentences of the passages, the better first."""
    found: list[tuple[int, int, Snippet]] = []
    for order, passage in enumerate(entry.passages):
        best = _best_sentence(passage.text, wanted.words)
        if best:
            score, sentence, at = best
            found.append((-score, order, Snippet(passage.place, _marked(*_shortened(sentence, at)))))
    return tuple(snippet for _, _, snippet in sorted(found, key=lambda item: item[:2])[:most])


def matching_keyword(entry: Entry, wanted: Sought) -> str:
    """The first keyword in which a word of the question stands."""
    return next((keyword for keyword in entry.keywords if marks(keyword, wanted.words)), "")


def marks(words: str, wanted: Iterable[str]) -> list[Mark]:
    """Where the wanted words stand, in code points of the text as it is shown; neighbours are joined."""
    folded, origin = _folded(words)
    found: list[Mark] = []
    for word in wanted:
        start = folded.find(word)
        while start >= 0:
            found.append((origin[start], origin[start + len(word) - 1] + 1))
            start = folded.find(word, start + len(word))
    return _joined(found)


def _folded(words: str) -> tuple[str, list[int]]:
    """The text as `text.normalise` would write it, sign by sign, and where each sign came from."""
    signs: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(words):
        for sign in unicodedata.normalize("NFKC", char).lower():
            signs.append(sign)
            origin.append(index)
    folded = "".join(signs)
    simplified = text.simplify(folded)
    if len(simplified) != len(folded):
        simplified = "".join(text.simplify(sign)[:1] or sign for sign in folded)
    return simplified, origin


def _joined(found: Iterable[Mark]) -> list[Mark]:
    joined: list[Mark] = []
    for start, stop in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


def _marks_by_sound(words: str, syllables: Sequence[str]) -> list[Mark]:
    if not syllables:
        return []
    folded, origin = _folded(words)
    places = [index for index, sign in enumerate(folded) if text.IS_HAN.match(sign)]
    read = [syllable for syllable in text.syllables(folded) if not syllable.isdigit()]
    if len(read) != len(places):
        return []
    size = len(syllables)
    for start in range(len(read) - size + 1):
        if tuple(read[start : start + size]) == tuple(syllables):
            return [(origin[places[start]], origin[places[start + size - 1]] + 1)]
    return []


def _best_sentence(words: str, wanted: Sequence[str]) -> tuple[int, str, list[Mark]] | None:
    best: tuple[int, str, list[Mark]] | None = None
    for sentence in (found[0].strip() for found in SENTENCE.finditer(words)):
        at = marks(sentence, wanted)
        score = sum(stop - start for start, stop in at)
        if at and (best is None or score > best[0]):
            best = (score, sentence, at)
    return best


def _shortened(sentence: str, at: list[Mark]) -> tuple[str, list[Mark]]:
    """At most 90 characters around the first mark."""
    if len(sentence) <= LONGEST:
        return sentence, at
    start = max(0, min(at[0][0] - LONGEST // 3, len(sentence) - LONGEST))
    stop = start + LONGEST
    head, tail = "…" if start else "", "…" if stop < len(sentence) else ""
    kept = [(max(left, start), min(right, stop)) for left, right in at if left < stop and right > start]
    moved = [(left - start + len(head), right - start + len(head)) for left, right in kept]
    return head + sentence[start:stop] + tail, moved


def _marked(words: str, at: Iterable[Mark]) -> SafeString:
    parts: list[str] = []
    done = 0
    for start, stop in at:
        parts += [escape(words[done:start]), "<mark>", escape(words[start:stop]), "</mark>"]
        done = stop
    return mark_safe("".join([*parts, escape(words[done:])]))
