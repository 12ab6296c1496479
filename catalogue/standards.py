"""Bring in the statements of a curriculum standard (课标条目), what comes before what, and the pieces to be recited.

The lists are somebody else's and stay outside: `statements.jsonl`, `edges.jsonl`, `list_yiwu-135.jsonl` and the
MANIFEST.json that names their source and licence, which every imported row then carries.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from catalogue.models import Knowledge, KnowledgeAlias, Standard, Subject

WITHOUT_DOMAIN = "未分领域"
RECITED = "优秀诗文背诵推荐篇目"
NO_STRAND = frozenset({"", "学科内容"})
LAST_PRIMARY_GRADE = 6
LONGEST = {"code": 60, "domain": 60}


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was left out: file, number of the line, and why."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.reason}，没有导入"


@dataclass(slots=True)
class Report:
    """Counts of what happened, and every line that was refused."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)

    def lines(self) -> list[str]:
        told = (
            "课标条目 读入",
            "课标条目 新建",
            "课标条目 更新",
            "课标条目 不变",
            "先行关系 新建",
            "先行关系 不变",
            "背诵篇目 新建",
            "背诵篇目 不变",
        )
        return ["，".join(f"{name} {self.counts[name]}" for name in told), f"没有导入 {len(self.refused)} 行"]


@transaction.atomic
def import_standards(folder: Path, *, dry_run: bool = False) -> Report:
    """Read a folder of such lists; safe to run again: a row is known by its code.

    Raises:
        FileNotFoundError: there is no `statements.jsonl`.
    """
    report = Report()
    source = _source(folder)
    standards = _statements(folder / "statements.jsonl", source, report)
    _edges(folder / "edges.jsonl", standards, report)
    _recited(folder / "list_yiwu-135.jsonl", report)
    if dry_run:
        transaction.set_rollback(True)
    return report


def _source(folder: Path) -> str:
    try:
        manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return ""
    return f"{manifest.get('source', '')}；许可 {manifest.get('licence', '')}"[:200]


def _read(path: Path, report: Report) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                told = json.loads(line)
            except ValueError:
                told = None
            if isinstance(told, dict):
                yield number, told
            elif line.strip():
                report.refused.append(Refused(path.name, number, "不是一个 JSON 对象"))


def stage_of(first: str, last: str) -> str:
    """G3, G4 → 3-4; what runs through all of primary school → 1-6; else the stage that it begins in.

    Raises:
        ValueError: no grades, or none of primary school.
    """
    low, high = int(first.removeprefix("G")), int(last.removeprefix("G"))
    if not 1 <= low <= high or low > LAST_PRIMARY_GRADE:
        raise ValueError(f"学段 {first}–{last} 不在小学")
    if low <= 2 and high >= LAST_PRIMARY_GRADE - 1:
        return "1-6"
    return ("1-2", "3-4", "5-6")[(low - 1) // 2]


def _statements(path: Path, source: str, report: Report) -> dict[str, int]:
    """code → row id of every statement that is in the database now."""
    subjects = {subject.name: subject for subject in Subject.objects.all()}
    known = {standard.code: standard for standard in Standard.objects.all()}
    new: list[Standard] = []
    for number, told in _read(path, report):
        report.counts["课标条目 读入"] += 1
        try:
            facts = _facts(told, subjects, source)
        except ValueError as problem:
            report.refused.append(Refused(path.name, number, str(problem)))
            continue
        code = str(told["id"])
        if code not in known:
            known[code] = Standard(code=code, **facts)
            new.append(known[code])
        else:
            _update(known[code], facts, report)
    Standard.objects.bulk_create(new, batch_size=500)
    report.counts["课标条目 新建"] += len(new)
    return {code: standard.pk for code, standard in known.items()}


def _facts(told: Mapping[str, Any], subjects: Mapping[str, Subject], source: str) -> dict[str, Any]:
    text, stage = str(told.get("statement") or "").strip(), told.get("stage") or {}
    subject = subjects.get(str(told.get("discipline") or ""))
    if not told.get("id") or len(str(told["id"])) > LONGEST["code"]:
        raise ValueError("缺少编号 id，或者太长")
    if not text:
        raise ValueError("缺少内容 statement")
    if subject is None:
        raise ValueError(f"没有“{told.get('discipline')}”这门学科")
    strand = str(told.get("strand") or "").strip()
    return {
        "subject": subject,
        "stage": stage_of(str(stage.get("min", "")), str(stage.get("max", ""))),
        "domain": (WITHOUT_DOMAIN if strand in NO_STRAND else strand)[: LONGEST["domain"]],
        "kind": Standard.Kind.ACHIEVEMENT,
        "text": text,
        "source": source,
    }


def _update(standard: Standard, facts: Mapping[str, Any], report: Report) -> None:
    if all(getattr(standard, name) == value for name, value in facts.items()):
        report.counts["课标条目 不变"] += 1
        return
    for name, value in facts.items():
        setattr(standard, name, value)
    if standard.pk:
        standard.save()
    report.counts["课标条目 更新"] += 1


def _edges(path: Path, standards: Mapping[str, int], report: Report) -> None:
    """What should be known before (先行条目); an edge to a statement that is not there is named."""
    if not path.exists():
        return
    through = Standard.prerequisites.through
    known = set(through.objects.values_list("from_standard_id", "to_standard_id"))
    wanted: set[tuple[int, int]] = set()
    for number, told in _read(path, report):
        ends = [str(told.get(name) or "") for name in ("anchor", "prerequisite")]
        missing = [end for end in ends if end not in standards]
        if missing or ends[0] == ends[1]:
            reason = f"没有课标条目 {missing[0]}" if missing else f"{ends[0]} 的先行条目是它自己"
            report.refused.append(Refused(path.name, number, reason))
            continue
        wanted.add((standards[ends[0]], standards[ends[1]]))
    through.objects.bulk_create(
        (through(from_standard_id=a, to_standard_id=b) for a, b in sorted(wanted - known)), batch_size=500
    )
    report.counts["先行关系 新建"] += len(wanted - known)
    report.counts["先行关系 不变"] += len(wanted & known)


def _recited(path: Path, report: Report) -> None:
    """Poems to be recited as knowledge points of 语文, found by their first line too."""
    chinese = Subject.objects.filter(name="语文").first()
    if chinese is None or not path.exists():
        return
    top, _ = Knowledge.objects.get_or_create(subject=chinese, parent=None, name=RECITED)
    for number, told in _read(path, report):
        name = str(told.get("key") or "").strip()
        if not name:
            report.refused.append(Refused(path.name, number, "缺少篇名 key"))
            continue
        about = told.get("meta") or {}
        point, created = Knowledge.objects.get_or_create(
            subject=chinese, parent=top, name=name[:80], defaults={"description": str(about.get("author") or "")}
        )
        first = str(about.get("firstLine") or "").strip()[:80]
        if first and first != name:
            KnowledgeAlias.objects.get_or_create(knowledge=point, name=first)
        report.counts["背诵篇目 新建" if created else "背诵篇目 不变"] += 1
