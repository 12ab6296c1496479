"""Read the national platform's lists of textbooks and its tag trees, line by line, without a database.

A line that cannot be used becomes a `Refused` with its number and a Chinese sentence; the other lines still count.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PRIMARY = "小学"
GRADE_NUMBERS = {f"{c}年级": n for n, c in enumerate("一二三四五六七八九", 1)} | {"高一": 10, "高二": 11, "高三": 12}
GRADE_RANGE = re.compile(r"^([一二三四五六七八九])至([一二三四五六七八九])年级$")
CHIEF_EDITOR = re.compile(r"[（(]主编：([^）)]+)[）)]")
START_GRADE = re.compile(r"([一三])年级起点")
VOLUMES = {"上册": "first", "下册": "second", "全一册": "whole"}
REVISIONS = {"新教材": "new", "旧教材": "old"}
LENGTHS = {"id": 60, "title": 160, "stage": 20, "subject": 20, "edition": 60, "volume": 60}
LABELS = {"id": "编号", "title": "书名", "stage": "学段", "subject": "学科", "edition": "版本", "volume": "册次"}


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was skipped, with the reason as the person reads it."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.reason}"


@dataclass(frozen=True, slots=True)
class BookLine:
    """One textbook as the platform lists it; `volume_label` and `edition` keep the original text."""

    line: int
    external_id: str
    title: str
    stage: str
    subject: str
    edition: str
    grade_from: int | None
    grade_to: int | None
    volume: str
    volume_label: str
    revision: str

    @property
    def is_primary(self) -> bool:
        return self.stage.startswith(PRIMARY)


@dataclass(frozen=True, slots=True)
class Lists:
    """Everything the platform's files say, and what they say badly."""

    books: tuple[BookLine, ...]
    editions: frozenset[tuple[str, str, bool]]
    read: int
    refused: tuple[Refused, ...]


class LineProblem(ValueError):
    """Why a line cannot be used (Chinese)."""


def chief_editor(edition: str) -> str:
    """吴欣 in 人教版（PEP）（主编：吴欣）; empty when none is named."""
    found = CHIEF_EDITOR.search(edition)
    return found.group(1) if found else ""


def start_grade(edition: str) -> int | None:
    found = START_GRADE.search(edition)
    return {"一": 1, "三": 3}[found.group(1)] if found else None


def grades(label: str) -> tuple[int | None, int | None]:
    """三年级 → (3, 3), 五至六年级 → (5, 6), 高一 → (10, 10); what is no grade (学生读本) → (None, None)."""
    span = GRADE_RANGE.match(label)
    if span:
        return GRADE_NUMBERS[f"{span[1]}年级"], GRADE_NUMBERS[f"{span[2]}年级"]
    number = GRADE_NUMBERS.get(label)
    return number, number


def _one(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if isinstance(value, list):
        if len(value) > 1:
            raise LineProblem(f"“{name}”有 {len(value)} 个值，只能有一个，请拆成几行。")
        value = value[0] if value else ""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise LineProblem(f"“{name}”应当是文字，现在是 {type(value).__name__}，请改正后再导入。")
    return value.strip()


def _needed(row: Mapping[str, Any], name: str) -> str:
    value = _one(row, name)
    if not value:
        raise LineProblem(f"缺少{LABELS[name]}（{name}），请补上后再导入。")
    if len(value) > LENGTHS[name]:
        raise LineProblem(f"{LABELS[name]}（{name}）有 {len(value)} 个字，最多 {LENGTHS[name]} 个，请缩短后再导入。")
    return value


def parse_book(row: Any, line: int) -> BookLine:
    """One line as a textbook.

    Raises:
        LineProblem: a needed field is missing, too long or of a wrong shape.
    """
    if not isinstance(row, dict):
        raise LineProblem("这一行不是一条记录，应当是花括号括起的一组“名称: 值”。")
    first, last = grades(_one(row, "grade"))
    volume = _needed(row, "volume")
    return BookLine(
        line=line,
        external_id=_needed(row, "id"),
        title=_needed(row, "title"),
        stage=_needed(row, "stage"),
        subject=_needed(row, "subject"),
        edition=_needed(row, "edition"),
        grade_from=first,
        grade_to=last,
        volume=VOLUMES.get(volume, "other"),
        volume_label=volume,
        revision=REVISIONS.get(_one(row, "new_old"), ""),
    )


def parse_tree_edition(row: Any) -> tuple[str, str, bool] | None:
    """(subject, edition, primary) that a tag of a tree names, if it names both."""
    if not isinstance(row, dict) or not isinstance(row.get("path"), list) or not isinstance(row.get("levels"), list):
        raise LineProblem("这一行应当有 path 和 levels 两个列表。")
    if len(row["path"]) != len(row["levels"]):
        raise LineProblem("path 和 levels 的长度不同，请检查这一行。")
    tags = dict(zip(map(str, row["levels"]), map(str, row["path"]), strict=True))
    subject, edition = tags.get("学科", ""), tags.get("版本", "")
    if not subject or not edition:
        return None
    if len(subject) > LENGTHS["subject"] or len(edition) > LENGTHS["edition"]:
        raise LineProblem("学科或版本的名称太长，请缩短后再导入。")
    return subject, edition, any(str(tag).startswith(PRIMARY) for tag in row["path"][:2])


def _lines(path: Path, refused: list[Refused]) -> Iterator[tuple[int, Any]]:
    with path.open("rb") as stream:
        for number, raw in enumerate(stream, 1):
            if not raw.strip():
                continue
            try:
                yield number, json.loads(raw.decode("utf-8-sig"))
            except UnicodeDecodeError:
                refused.append(Refused(path.name, number, "不是 UTF-8 编码，请另存为 UTF-8 后再导入。"))
            except (json.JSONDecodeError, RecursionError):
                refused.append(Refused(path.name, number, "不是完整的 JSON，请检查引号和括号。"))


def read_lists(folder: Path) -> Lists:
    """Read books.jsonl and the trees beside it.

    Raises:
        FileNotFoundError: there is no books.jsonl in the folder.
    """
    refused: list[Refused] = []
    books = _read_books(folder / "books.jsonl", refused)
    lines = len(books) + len(refused)
    editions: set[tuple[str, str, bool]] = set()
    for path in sorted(folder.glob("tree_*.jsonl")):
        for number, row in _lines(path, refused):
            try:
                found = parse_tree_edition(row)
            except LineProblem as problem:
                refused.append(Refused(path.name, number, str(problem)))
                continue
            if found:
                editions.add(found)
    return Lists(tuple(books), frozenset(editions), lines, tuple(refused))


def _read_books(path: Path, refused: list[Refused]) -> list[BookLine]:
    books: dict[str, BookLine] = {}
    for number, row in _lines(path, refused):
        try:
            book = parse_book(row, number)
        except LineProblem as problem:
            refused.append(Refused(path.name, number, str(problem)))
            continue
        if book.external_id in books:
            earlier = books[book.external_id].line
            refused.append(Refused(path.name, number, f"编号和第 {earlier} 行相同，只导入了第 {earlier} 行。"))
            continue
        books[book.external_id] = book
    return list(books.values())
