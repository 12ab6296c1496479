"""Hold the product's own outlines against independently made lists, without a database.

Two lists exist as reference data: unit titles of textbooks in four subjects, and lesson titles of 统编语文下册. A
difference is a question to a person, not an error by itself: either side may be wrong.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue.outlines import SeedBook

UNITS_BAR = 0.95
LESSONS_BAR = 0.90
UNTITLED_SUBJECT = "语文"  # its units bear a number in print and no title, so only their count can be compared
OLD = "旧教材"
EDITION_NAMES = {"人教版PEP": "人教PEP"}
"""Names in the reference lists that are another of ours."""

BookKey = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True)
class Score:
    """How many of the reference list's entries the seed has, and what differs (Chinese sentences)."""

    name: str
    found: int
    total: int
    bar: float
    differences: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.found / self.total if self.total else 0.0

    @property
    def holds(self) -> bool:
        return self.total > 0 and self.share >= self.bar

    def __str__(self) -> str:
        return f"{self.name} {self.share:.3f} ({self.found} of {self.total})"


def plain_title(title: str) -> str:
    """The title without 《》, spaces, “Unit n”, and with one form for quotes, brackets and dashes."""
    text = unicodedata.normalize("NFKC", title).replace("’", "'").replace("‘", "'")
    text = re.sub(r"^\s*unit\s*\d+", "", text, flags=re.IGNORECASE)
    text = re.sub(r"[《》\s]", "", text)
    text = re.sub(r"[—―–-]+", "—", re.sub(r"[～∼]", "~", re.sub(r"_+", "_", text)))
    return re.sub(r"[“”]", '"', text).lower()


def read_rows(path: Path) -> list[Mapping[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _key(row: Mapping[str, Any]) -> BookKey:
    edition = EDITION_NAMES.get(row["edition"], row["edition"])
    return row["subject"], edition, int(row["grade"]), f"{row['volume']}册"


def _label(key: BookKey) -> str:
    subject, edition, grade, volume = key
    return f"{subject} {edition} {grade} 年级{volume}"


def _by_book(rows: Iterable[Mapping[str, Any]]) -> dict[BookKey, list[str]]:
    books: dict[BookKey, list[str]] = {}
    for row in rows:
        books.setdefault(_key(row), []).append(row["title"])
    return books


def _old_books(books: Iterable[SeedBook]) -> dict[BookKey, SeedBook]:
    return {(b.subject, b.edition, b.grade, b.volume): b for b in books if b.revision == OLD}


def compare_units(books: Sequence[SeedBook], rows: Iterable[Mapping[str, Any]]) -> tuple[Score, list[str]]:
    """Unit titles of the 旧教材 revision; for 语文 the number of units. Also returns the 语文 books whose counts differ."""
    ours = _old_books(books)
    found = total = 0
    differences: list[str] = []
    miscounted: list[str] = []
    for key, titles in _by_book(rows).items():
        book = ours.get(key)
        if key[0] == UNTITLED_SUBJECT:
            if book is None or len(book.units) != len(titles):
                miscounted.append(f"{_label(key)}：对照 {len(titles)} 个单元，本站 {len(book.units) if book else 0} 个")
            continue
        missing, extra = _difference(book, titles)
        total += len(titles)
        found += len(titles) - len(missing)
        differences += [f"{_label(key)}：对照有、本站没有 “{title}”" for title in missing]
        differences += [f"{_label(key)}：本站有、对照没有 “{title}”" for title in extra]
    return Score("units", found, total, UNITS_BAR, tuple(differences)), miscounted


def _difference(book: SeedBook | None, titles: Sequence[str]) -> tuple[list[str], list[str]]:
    units = [node.title for node in book.units] if book else []
    mine, theirs = {plain_title(t) for t in units}, {plain_title(t) for t in titles}
    return [t for t in titles if plain_title(t) not in mine], [t for t in units if plain_title(t) not in theirs]


def compare_lessons(books: Sequence[SeedBook], rows: Iterable[Mapping[str, Any]]) -> Score:
    """Lesson titles that are nodes of the same book."""
    ours = {key: {plain_title(node.title) for _, node in book.walk()} for key, book in _old_books(books).items()}
    found, total = 0, 0
    differences: list[str] = []
    for key, titles in _by_book(rows).items():
        known = ours.get(key, set())
        missing = [title for title in titles if plain_title(title) not in known]
        total += len(titles)
        found += len(titles) - len(missing)
        differences += [f"{_label(key)}：没有课题 “{title}”" for title in missing]
    return Score("lessons", found, total, LESSONS_BAR, tuple(differences))


def report(units: Score, miscounted: Sequence[str], lessons: Score) -> Iterator[str]:
    """The lines the command prints, the two figures last."""
    yield from units.differences
    yield from miscounted
    yield from lessons.differences
    yield f"语文单元数不同的教材：{len(miscounted)} 册"
    yield str(units)
    yield str(lessons)
