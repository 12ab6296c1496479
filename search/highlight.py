"""Why an entry was found: its title with marks, and the sentences of its passages where the words stand, with place.

Done in Python over the stored passages of the shown hits alone, so that both engines show the same.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

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
    """What to mark: words, and how words sound, for what was typed by ear or with a wrong character."""

    words: tuple[str, ...]
    sounds: tuple[tuple[str, ...], ...] = ()


def sought(query: Query) -> Sought:
    wanted = text.normalise(query.text)
    words = [*map(text.normalise, query.phrases), *telling_words(wanted), *(part for part in text.parts(wanted))]
    longest_first = sorted(dict.fromkeys(word for word in words if word), key=len, reverse=True)
    many = [word for word in longest_first if len(word) > 1] or longest_first
    sounds = [read_aloud(word) for word in (wanted, *many)]
    return Sought(tuple(many), tuple(dict.fromkeys(sound for sound in sounds if len(sound) > 1)))


def title(words: str, wanted: Sought) -> SafeString:
    """The title with marks, where the words stand and where the same sound stands."""
    return _marked(words, _joined([*marks(words, wanted.words), *_marks_by_sound(words, wanted.sounds)]))


def snippets(entry: Entry, wanted: Sought, most: int = MOST_SNIPPETS) -> tuple[Snippet, ...]:
    """The best sentences of the passages, the better first."""
    found: list[tuple[int, int, Snippet]] = []
    for order, passage in enumerate(entry.passages):
        best = _best_sentence(passage.text, wanted.words)
        if best:
            score, sentence, at = best
            found.append((-score, order, Snippet(passage.place, _marked(*_shortened(sentence, at)))))
    return tuple(snippet for _, _, snippet in sorted(found, key=lambda item: item[:2])[:most])


def reason(entry: Entry, wanted: Sought) -> str:
    """Why an entry is here whose title does not show it: 因 知识点=梯形面积 匹配."""
    knowledge = frozenset(entry.facets.get("knowledge", ()))
    named = [("知识点" if keyword in knowledge else "关键词", keyword) for keyword in entry.keywords]
    for label, words in (*named, *(("作者", author) for author in entry.authors)):
        if marks(words, wanted.words):
            return f"因 {label}={words} 匹配"
    return ""


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


class Folding(dict[int, str]):
    """Each sign as `text.normalise` writes it, remembered for `str.translate`."""

    def __missing__(self, code: int) -> str:
        found = self[code] = unicodedata.normalize("NFKC", chr(code)).lower()
        return found


FOLDING = Folding()


@cache
def _is_folded() -> re.Pattern[str]:
    """A sign that folding writes otherwise: capitals, full-width, traditional; most sentences hold none."""
    signs = [chr(code) for code in range(0x80, 0xFFFF) if not 0xD800 <= code < 0xE000]
    others = [sign for sign in signs if unicodedata.normalize("NFKC", sign).lower() != sign]
    return re.compile(f"[A-Z{re.escape(''.join(others))}{re.escape(text.traditional())}]")


def _folded(words: str) -> tuple[str, Sequence[int]]:
    """The text as `text.normalise` would write it, sign by sign, and where each sign came from."""
    if not _is_folded().search(words):
        return words, range(len(words))
    folded = words.translate(FOLDING)
    origin: Sequence[int] = range(len(words))
    if len(folded) != len(words):
        origin = [index for index, char in enumerate(words) for _ in FOLDING[ord(char)]]
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


def _marks_by_sound(words: str, sounds: Iterable[tuple[str, ...]]) -> list[Mark]:
    folded, origin = _folded(words)
    places = [index for index, sign in enumerate(folded) if text.IS_HAN.match(sign)]
    read = text.syllables("".join(folded[index] for index in places))
    if len(read) != len(places):
        return []
    found: list[Mark] = []
    for sound in sounds:
        for start in range(len(read) - len(sound) + 1):
            if read[start : start + len(sound)] == sound:
                found.append((origin[places[start]], origin[places[start + len(sound) - 1]] + 1))
    return found


def _best_sentence(words: str, wanted: Sequence[str]) -> tuple[int, str, list[Mark]] | None:
    at = marks(words, wanted)
    best: tuple[int, Mark] | None = None
    for start, stop in (found.span() for found in SENTENCE.finditer(words)) if at else ():
        score = sum(right - left for left, right in at if start <= left and right <= stop)
        if score and (best is None or score > best[0]):
            best = (score, (start, stop))
    if best is None:
        return None
    score, (start, stop) = best
    start += len(words[start:stop]) - len(words[start:stop].lstrip())
    inside = [(left - start, right - start) for left, right in at if start <= left and right <= stop]
    return score, words[start:stop].rstrip(), inside


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
