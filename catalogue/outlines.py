"""The product's own outlines as text, one file a book, readable by a teacher and parsed without a database.

A file under `catalogue/seed/outlines/` opens with `key: value` lines (subject, edition, grade, volume, revision,
confidence, source) up to the first blank line; the contents follow, one entry a line:

    # 小数乘法            a numbered unit; `#` alone is a unit without a printed title
    #- 我上学了           a unit that the book does not number
    = 掷一掷              an entry between the units
    6* 景阳冈             a numbered lesson; `*` marks 略读; 识字1 and 拼音1 are numbers too
    语文园地一            an entry known by its name: 语文园地, 口语交际, 习作, 快乐读书吧, 综合性学习
    - 小数乘整数          an unnumbered section of the unit
    . 山行                a part of the entry above
    @ 预测：边读边想；续编  knowledge points of the unit, a description after the colon
    1 观潮 ~3             suggested periods (课时) where the default for its kind does not fit
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.numerals import chinese_numeral

SEED_DIR = Path(__file__).resolve().parent / "seed"


class OutlineProblem(ValueError):
    """An outline file that cannot be read; the message names file and line in Chinese."""


@dataclass(frozen=True, slots=True)
class SeedKnowledge:
    """A knowledge point (知识点) as an outline names it."""

    name: str
    description: str = ""


@dataclass(slots=True)
class SeedNode:
    """One entry with its children, in reading order."""

    kind: str
    title: str
    number: str = ""
    periods: int | None = None
    children: list["SeedNode"] = field(default_factory=list)
    knowledge: list[SeedKnowledge] = field(default_factory=list)

    def walk(self, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], "SeedNode"]]:
        """Yield (titles of the ancestors, node), the node before its children."""
        yield path, self
        for child in self.children:
            yield from child.walk((*path, self.title))


@dataclass(frozen=True, slots=True)
class SeedBook:
    """A textbook with its outline as facts: what a file holds."""

    name: str
    subject: str
    edition: str
    grade: int
    volume: str
    revision: str
    confidence: str
    source: str
    nodes: tuple[SeedNode, ...]

    def walk(self) -> Iterator[tuple[tuple[str, ...], SeedNode]]:
        for node in self.nodes:
            yield from node.walk()

    @property
    def units(self) -> list[SeedNode]:
        """The units that the book numbers."""
        return [node for node in self.nodes if node.kind == "unit" and node.number]


HEADER = ("subject", "edition", "grade", "volume", "revision", "confidence", "source")
BY_NAME = (
    ("语文园地", "garden"),
    ("口语交际", "speaking"),
    ("习作例文", "section"),
    ("习作", "writing"),
    ("快乐读书吧", "reading"),
    ("综合性学习", "practice"),
    ("整理和复习", "review"),
    ("Recycle", "review"),
)
PERIODS = {
    "lesson": 2,
    "garden": 2,
    "speaking": 1,
    "writing": 2,
    "reading": 1,
    "practice": 1,
    "review": 1,
    "section": 1,
}
SUBJECT_PERIODS = {("科学", "lesson"): 1, ("道德与法治", "lesson"): 2, ("数学", "section"): 2, ("英语", "unit"): 6}
LESSON = re.compile(r"^(?P<number>(?:识字|拼音)?\d+)(?P<skim>\*?) (?P<title>.+)$")
PERIODS_MARK = re.compile(r"\s*~(\d+)$")


def _kind_by_name(title: str, default: str) -> str:
    return next((kind for prefix, kind in BY_NAME if title.startswith(prefix)), default)


class _Reader:
    """Reads the lines of one file from top to bottom and keeps the open unit and entry."""

    def __init__(self, name: str, subject: str) -> None:
        self.name, self.subject = name, subject
        self.nodes: list[SeedNode] = []
        self.last: SeedNode | None = None
        self.units = 0

    def read(self, line: str, at: int) -> None:
        mark = PERIODS_MARK.search(line)
        text = line[: mark.start()] if mark else line
        node = self._entry(text, at)
        if node and mark:
            node.periods = int(mark.group(1))

    def _entry(self, text: str, at: int) -> SeedNode | None:
        if text.startswith("@"):
            self._unit(at).knowledge.extend(_knowledge(text[1:]))
            return None
        if text.startswith("#"):
            return self._open_unit(text)
        if text.startswith("= "):
            return self._top(SeedNode(_kind_by_name(text[2:], "practice"), text[2:]))
        if text.startswith(". "):
            return self._part(text[2:], at)
        return self._under_unit(text, at)

    def _open_unit(self, text: str) -> SeedNode:
        if text.startswith("#-"):
            return self._top(SeedNode("unit", text[2:].strip()))
        self.units += 1
        title = text[1:].strip() or f"第{chinese_numeral(self.units)}单元"
        return self._top(SeedNode("unit", title, str(self.units)))

    def _top(self, node: SeedNode) -> SeedNode:
        self.nodes.append(node)
        self.last = None
        return node

    def _part(self, title: str, at: int) -> SeedNode:
        if self.last is None:
            raise OutlineProblem(f"{self.name} 第 {at} 行：“{title}”前面没有课，请先写课题。")
        node = SeedNode("section", title)
        self.last.children.append(node)
        return node

    def _under_unit(self, text: str, at: int) -> SeedNode:
        lesson = LESSON.match(text)
        if lesson:
            node = SeedNode("lesson", lesson["title"], lesson["number"])
            node.periods = 1 if lesson["skim"] else None
        elif text.startswith("- "):
            node = SeedNode(_kind_by_name(text[2:], "section"), text[2:])
        elif _kind_by_name(text, ""):
            node = SeedNode(_kind_by_name(text, ""), text)
        else:
            raise OutlineProblem(f"{self.name} 第 {at} 行读不懂：“{text}”。请在行首写 #、-、.、= 或课序。")
        self._unit(at).children.append(node)
        self.last = node
        return node

    def _unit(self, at: int) -> SeedNode:
        if not self.nodes:
            raise OutlineProblem(f"{self.name} 第 {at} 行前面没有单元，请先写以 # 开头的单元。")
        return self.nodes[-1]


def _knowledge(text: str) -> Iterator[SeedKnowledge]:
    for part in filter(None, (p.strip() for p in text.split("；"))):
        name, _, description = part.partition("：")
        yield SeedKnowledge(name, description)


def _suggest_periods(node: SeedNode, subject: str) -> None:
    """Give a default to what is taught as one piece: an entry under a unit, or a unit without entries."""
    for child in node.children:
        if child.periods is None:
            child.periods = SUBJECT_PERIODS.get((subject, child.kind), PERIODS.get(child.kind, 1))
    if not node.children and node.periods is None:
        node.periods = SUBJECT_PERIODS.get((subject, node.kind), PERIODS.get(node.kind, 4))


def _header(name: str, lines: list[str]) -> dict[str, str]:
    values = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    missing = [key for key in HEADER if not values.get(key)]
    if missing:
        raise OutlineProblem(f"{name} 开头缺少 {'、'.join(missing)}，请补上“键: 值”。")
    return values


def parse_outline(name: str, text: str) -> SeedBook:
    """Read one book.

    Raises:
        OutlineProblem: the file breaks the grammar; the message names file and line.
    """
    lines = text.splitlines()
    blank = next((i for i, line in enumerate(lines) if not line.strip()), len(lines))
    head = _header(name, lines[:blank])
    reader = _Reader(name, head["subject"])
    for at, line in enumerate(lines[blank:], blank + 1):
        if line.strip():
            reader.read(line.rstrip(), at)
    for node in reader.nodes:
        _suggest_periods(node, head["subject"])
    return SeedBook(
        name=name,
        subject=head["subject"],
        edition=head["edition"],
        grade=int(head["grade"]),
        volume=head["volume"],
        revision=head["revision"],
        confidence=head["confidence"],
        source=head["source"],
        nodes=tuple(reader.nodes),
    )


def seed_books(directory: Path = SEED_DIR / "outlines") -> list[SeedBook]:
    """Every book of the product's own seed, in the order of the file names."""
    return [parse_outline(path.stem, path.read_text(encoding="utf-8")) for path in sorted(directory.glob("*.txt"))]
