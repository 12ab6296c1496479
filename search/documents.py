"""An entry as the fields of `search.schema`: what every engine indexes, and the stored copy it gives back."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from search import naming, schema, text
from search.coordinates import lesson_number, unit_number
from search.ports import Entry, Passage

SEPARATOR = "|"
"""Stands between pieces in the field `exact`, so that no phrase reaches across; it is no unit of any text."""
PREFIX_HAN, PREFIX_LATIN = 12, 24

Document = dict[str, list[str] | int | str]
"""Field → tokens, values or number; `entry` is JSON."""


def document(entry: Entry) -> Document:
    """Every field of the schema, filled."""
    found: Document = {**_texts(entry)}
    facets = facets_of(entry)
    for name in schema.FACETS:
        found[schema.facet_field(name)] = list(dict.fromkeys(facets.get(name, ())))
    found |= {
        "key": [entry.key],
        "tokens": sorted(entry.tokens),
        "fold": [entry.fold] if entry.fold else [],
        "primary": ["yes" if entry.primary else "no"],
        "alive": ["yes"],
        "position": schema.LAST if entry.position is None else entry.position,
        "published": int(entry.published_at.timestamp()) if entry.published_at else 0,
        "uses": entry.uses,
        "citations": entry.citations,
        "version": entry.version,
        "entry": to_json(entry),
    }
    return found


def facets_of(entry: Entry) -> dict[str, tuple[str, ...]]:
    """The facets a content package gave, with the derived ones."""
    units = (unit_number(unit) for unit in entry.facets.get("unit", ()))
    lessons = (lesson_number(lesson) for lesson in entry.facets.get("lesson", ()))
    return {
        schema.TAB: (schema.MAIN_TAB,),
        **entry.facets,
        "source": (entry.source,),
        "unit_number": tuple(number for number in units if number),
        "lesson_number": tuple(number for number in lessons if number),
    }


def _texts(entry: Entry) -> dict[str, list[str]]:
    title = text.normalise(entry.title)
    side = _pieces([entry.subtitle, *entry.keywords, *entry.authors])
    body = _pieces([entry.summary, *(passage.text for passage in entry.passages)])
    names = _names(title, entry)
    called = naming.names(title, entry.facets)
    return {
        "title_words": text.segment(title),
        "title_grams": _title_grams(title),
        "title_whole": [token for pieces in names for token in text.spans([text.whole(piece) for piece in pieces])],
        "title_name": called,
        "title_near": _near([*(piece for pieces in names for piece in pieces), *called]),
        "title_sound": [*_sounds(names), *(f"={''.join(text.syllables(name))}" for name in called)],
        "title_initials": [*_initials(names), *(f"={text.initials(text.syllables(name))}" for name in called)],
        "side_words": text.segment(" ".join(side)),
        "body_words": text.segment(" ".join(body)),
        "text_grams": [token for piece in (title, *side, *body) for token in text.grams(piece)],
        "prefixes": _beginnings(title, entry) if facets_of(entry)[schema.TAB] == (schema.MAIN_TAB,) else [],
        "exact": [token for piece in (title, *side, *body) for token in [*text.units(piece), SEPARATOR]],
    }


def _pieces(texts: Iterable[str]) -> list[str]:
    return [text.normalise(piece) for piece in texts if piece]


def _names(title: str, entry: Entry) -> list[list[str]]:
    """What the entry may be called, each as its parts: the title, and every keyword."""
    return [text.parts(title), *([text.normalise(keyword)] for keyword in entry.keywords)]


def _near(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(token for name in names for token in text.near(text.units(name))))


def _title_grams(title: str) -> list[str]:
    pieces = text.units(title)
    return pieces + text.pairs(pieces)


def _sounds(names: Iterable[Sequence[str]]) -> list[str]:
    """Whole names by sound, and neighbouring syllables, which say where a name was typed by ear in the middle."""
    found: list[str] = []
    for pieces in names:
        found += text.spans(["".join(text.syllables(piece)) for piece in pieces])
        found += text.sound_pairs([syllable for piece in pieces for syllable in text.syllables(piece)])
    return found


def _initials(names: Iterable[Sequence[str]]) -> list[str]:
    found: list[str] = []
    for pieces in names:
        found += [f"^{run}" for run in text.spans([text.initials(text.syllables(piece)) for piece in pieces])]
        run = text.initials([syllable for piece in pieces for syllable in text.syllables(piece)])
        found += initial_grams(run)
    return found


def initial_grams(run: str) -> list[str]:
    """Pairs and threes of neighbouring initials."""
    return [run[start : start + size] for size in (2, 3) for start in range(len(run) - size + 1)]


def _beginnings(title: str, entry: Entry) -> list[str]:
    names = (title, *map(text.normalise, entry.authors))
    return list(dict.fromkeys(token for name in names for token in prefixes(name)))


def prefixes(title: str) -> list[str]:
    """Beginnings of each part of a title and its rest, by characters, pinyin and initials."""
    pieces = text.parts(title)
    found: dict[str, None] = {}
    for start in range(len(pieces)):
        rest = pieces[start:]
        read = text.syllables(" ".join(rest))
        for run, size in (
            ("".join(text.whole(piece) for piece in rest), PREFIX_HAN),
            ("".join(read), PREFIX_LATIN),
            (text.initials(read), PREFIX_HAN),
        ):
            found |= dict.fromkeys(run[:stop] for stop in range(1, min(len(run), size) + 1))
    return list(found)


def to_json(entry: Entry) -> str:
    """The stored copy of an entry; the rights are not in it."""
    return orjson.dumps(
        {
            "key": entry.key,
            "source": entry.source,
            "title": entry.title,
            "subtitle": entry.subtitle,
            "summary": entry.summary,
            "keywords": entry.keywords,
            "authors": entry.authors,
            "passages": [(passage.place, passage.text) for passage in entry.passages],
            "facets": {name: list(values) for name, values in entry.facets.items()},
            "position": entry.position,
            "published_at": entry.published_at.timestamp() if entry.published_at else None,
            "uses": entry.uses,
            "citations": entry.citations,
            "primary": entry.primary,
            "fold": entry.fold,
            "card": dict(entry.card),
            "version": entry.version,
        }
    ).decode()


def from_json(stored: str) -> Entry:
    """The entry of a stored copy, without its rights."""
    values: dict[str, Any] = orjson.loads(stored)
    published = values["published_at"]
    values["keywords"], values["authors"] = tuple(values["keywords"]), tuple(values["authors"])
    values["passages"] = tuple([Passage(place, words) for place, words in values["passages"]])
    values["facets"] = {name: tuple(found) for name, found in values["facets"].items()}
    values["published_at"] = datetime.fromtimestamp(published, UTC) if published is not None else None
    return Entry(**values)
