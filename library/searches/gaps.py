"""What is asked in vain (缺口), counted without knowing who asked.

A page only reads, so a question is a line appended to a file; the worker folds the lines into the database. People are
told apart by a keyed digest whose random key lives for one week. Words that fewer than three people typed are never
shown, and are forgotten when their week is over: a rare question may name a child or a colleague.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Sum
from django.utils import timezone

from library.searches.models import WORDS, Asker, Question
from search.asking import Answer
from search.understanding import Understood

FEWEST = 3
"""So many different people must have asked before the words are shown."""
PLACE = ("grade", "volume", "subject", "unit_number", "lesson_number")
KEY_BYTES = 32


def hear(understood: Understood, answer: Answer, viewer: Any, at: datetime) -> None:
    """Note one question; names of authors and quoted words are left out, and nothing here may break a search."""
    words = understood.text[:WORDS].strip()
    if not words or understood.phrases or "作者" in understood.typed:
        return
    week = monday(at)
    line = {
        "week": week.isoformat(),
        "words": words,
        "place": "".join(value for name in PLACE for value in understood.filters.get(name, ())[:1])[:80],
        "missed": not answer.page.total or answer.is_generous,
        "asker": _digest(week, getattr(viewer, "person", None)),
    }
    with suppress(OSError), (_folder() / "asked.jsonl").open("a", encoding="utf-8") as opened:
        opened.write(json.dumps(line, ensure_ascii=False) + "\n")


def monday(at: datetime) -> date:
    day = timezone.localdate(at)
    return day - timedelta(days=day.weekday())


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "asked"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _digest(week: date, person: Any) -> str:
    """Visitors are one asker together."""
    who = str(person.pk) if person is not None else ""
    return hmac.new(_key(week), who.encode(), hashlib.sha256).hexdigest()[:16]


def _key(week: date) -> bytes:
    path = _folder() / f"{week.isoformat()}.key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(secrets.token_bytes(KEY_BYTES))
    except FileExistsError:
        pass
    return path.read_bytes()


def fold(now: datetime) -> int:
    """Bring the noted questions into the database, and forget what a past week may not keep. Answers how many."""
    noted = _folder() / "asked.jsonl"
    taken = noted.with_suffix(".taken")
    if not taken.exists() and noted.exists():
        noted.rename(taken)
    count = _count(_lines(taken)) if taken.exists() else 0
    taken.unlink(missing_ok=True)
    _forget(monday(now))
    return count


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        with suppress(ValueError):
            yield json.loads(line)


@transaction.atomic
def _count(lines: Iterable[dict[str, Any]]) -> int:
    grouped: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        grouped[line["week"], line["words"], line["place"]].append(line)
    for (week, words, place), several in grouped.items():
        question, _ = Question.objects.get_or_create(week=week, words=words, place=place)
        missed = sum(line["missed"] for line in several)
        Question.objects.filter(pk=question.pk).update(asked=F("asked") + len(several), missed=F("missed") + missed)
        Asker.objects.bulk_create(
            (Asker(question=question, digest=digest) for digest in {line["asker"] for line in several}),
            ignore_conflicts=True,
        )
    return sum(map(len, grouped.values()))


@transaction.atomic
def _forget(this_week: date) -> None:
    """Rare words of past weeks become one row a place; digests and their keys go."""
    past = Question.objects.filter(week__lt=this_week).exclude(words="")
    for row in past.annotate(people=Count("askers")).filter(people__lt=FEWEST, askers__isnull=False):
        rest, _ = Question.objects.get_or_create(week=row.week, words="", place=row.place)
        Question.objects.filter(pk=rest.pk).update(asked=F("asked") + row.asked, missed=F("missed") + row.missed)
        row.delete()
    Asker.objects.filter(question__week__lt=this_week).delete()
    for key in _folder().glob("*.key"):
        if key.stem < this_week.isoformat():
            key.unlink(missing_ok=True)


def report(this_week: date, weeks: int = 8) -> list[dict[str, Any]]:
    """Questions with nothing that fitted, by week and place: words that enough people typed, the rest as a number."""
    recent = Question.objects.filter(week__gte=this_week - timedelta(weeks=weeks), missed__gt=0)
    rows = recent.annotate(people=Count("askers")).order_by("-week", "place", "-missed")
    shown: dict[tuple[date, str, str], dict[str, Any]] = {}
    for row in rows:
        is_rare = row.week == this_week and row.people < FEWEST
        words = "" if is_rare else row.words
        found = shown.setdefault(
            (row.week, row.place, words),
            {"week": row.week, "place": row.place, "words": words, "asked": 0, "missed": 0},
        )
        found["asked"] += row.asked
        found["missed"] += row.missed
    return sorted(
        shown.values(), key=lambda one: (-one["week"].toordinal(), -one["missed"], one["place"], one["words"])
    )


def totals(this_week: date) -> dict[str, int]:
    """How much was asked this week, and how often nothing fitted."""
    found = Question.objects.filter(week=this_week).aggregate(asked=Sum("asked"), missed=Sum("missed"))
    return {"asked": found["asked"] or 0, "missed": found["missed"] or 0}
