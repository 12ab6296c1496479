"""Bringing question sets into the bank of one person, with a report of every row: taken in, there already, or refused and why.

The sets become questions that their owner alone may read: published to oneself, so that they are found and can be put
into a homework at once, and no wider, since nobody has read them yet; what its owner shares goes through the review chain.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from groups.models import Organisation, Person
from library.questions.bank import Entry, put_in_bank
from library.questions.reading_sets import Known, Refusal, known_from_catalogue, shape_of
from library.resources.services import Audience

UNITS = "units.jsonl"


class NoSuchSet(ValueError):
    """A path holds no question set; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that did not go in."""

    file: str
    line: int
    value: str
    reason: str


@dataclass(slots=True)
class FileReport:
    """What happened to one file. `types` counts the questions of each type, those there already among them."""

    path: Path
    system: str = ""
    rows: int = 0
    questions: int = 0
    imported: int = 0
    known: int = 0
    types: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)


def import_sets(
    *,
    paths: Sequence[Path],
    owner: Person,
    school: Organisation | None,
    at: datetime,
    dry_run: bool = False,
) -> list[FileReport]:
    """Read every set below the paths; what is in the bank already is left as it is.

    Raises:
        NoSuchSet: a path is absent or holds no set.
    """
    known = known_from_catalogue()
    return [_import_file(path, owner, school, known, at, dry_run) for path in _files(paths)]


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise NoSuchSet(f"没有这个文件或目录：{path}")
        files = [path] if path.is_file() else sorted(path.rglob("*.jsonl"))
        own = [file for file in files if file.name != UNITS and _is_set(file)]
        if not own:
            raise NoSuchSet(f"{path} 里没有认识的题集：要有 .jsonl 文件，每行一道题")
        found += own
    return list(dict.fromkeys(found))


def _is_set(path: Path) -> bool:
    """Its first row that can be read has the fields of a known set."""
    return any(row is not None and shape_of(row) for _, row in _head(path))


def _head(path: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    for line, row in _lines(path):
        yield line, row
        if row is not None:
            return


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """(line number, row); None for a line that is no JSON object."""
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            yield number, row if isinstance(row, dict) else None


def _import_file(
    path: Path, owner: Person, school: Organisation | None, known: Known, at: datetime, dry_run: bool
) -> FileReport:
    report = FileReport(path)
    known.licence = _licence(path.parent)
    known.units = (
        {str(r["id"]): r for _, r in _lines(path.parent / UNITS) if r} if (path.parent / UNITS).exists() else {}
    )
    entries = _entries(path, known, report)
    if dry_run:
        report.questions = sum(1 for _ in entries)
        return report
    outcome = put_in_bank(entries=entries, owner=owner, school=school, audience=Audience(person=owner), at=at)
    report.imported, report.known = len(outcome.uids), outcome.known
    report.questions = report.imported + report.known
    return report


def _licence(folder: Path) -> str:
    """What the set's MANIFEST.json says of its licence and where it comes from."""
    try:
        told = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return "；".join(str(told[name]) for name in ("licence", "source") if told.get(name))


def _entries(path: Path, known: Known, report: FileReport) -> Iterator[Entry]:
    for line, row in _lines(path):
        report.rows += 1
        value = str((row or {}).get("id") or (row or {}).get("group") or "")
        shape = shape_of(row) if row is not None else None
        try:
            if row is None:
                raise Refusal("这一行不是 JSON，请检查引号和逗号")
            if shape is None:
                raise Refusal("缺少题目的字段，认不出是哪种题集")
            found = shape.read(row, known)
        except Refusal as refusal:
            report.refused.append(Refused(path.name, line, value, str(refusal)))
            continue
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as problem:
            report.refused.append(Refused(path.name, line, value, f"字段的样子不对：{problem}"))
            continue
        report.system = shape.system
        for entry in found:
            report.types[entry.document.type] += 1
            yield entry


def total(reports: Iterable[FileReport]) -> Counter[str]:
    """Questions of each type over all files."""
    found: Counter[str] = Counter()
    for report in reports:
        found += report.types
    return found
