"""What the review page shows: sections with how sure the reading is, the tray, the original beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from lessons.words.models import WordImport, WordPlan
from lessons.words.placing import Target, targets
from library.documents import rich, schema, walk
from library.documents.fields import Holds, ordered, specs
from library.documents.lesson_design import LessonDesignDocument, planned_minutes
from library.documents.word.reading.typed import head_lines

SURE, LIKELY = 0.95, 0.8
DIRECT = frozenset({"board", "homework", "reflection"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One filled field: its key as a place to lift from, its name, its text; `group` heads the parts of a stage."""

    key: str
    label: str
    html: SafeString
    liftable: bool
    group: str = ""
    words: str = ""


@dataclass(slots=True)
class Section:
    """A section of the document with what was recognised in it."""

    name: str
    label: str
    pieces: list[Piece] = field(default_factory=list)
    sure: str = ""
    per_cent: int = 100

    @property
    def drop(self) -> str:
        """The place for what is dropped on the section's head: its first field, or a new row."""
        return _DROPS.get(self.name, f"{self.name}.+")


_DROPS: Mapping[str, str] = {
    "standards": "",
    "textbook": "textbook.position",
    "pupils": "pupils.foundation",
    "key_point": "key_point.what",
    "difficulty": "difficulty.what",
    "preparation": "preparation.teacher",
    "board": "board",
    "homework": "homework",
    "reflection": "reflection",
    "basics": "",
}


@dataclass(frozen=True, slots=True)
class TrayPiece:
    number: int
    label: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Shown:
    """One plan on the page."""

    plan: WordPlan
    head: list[tuple[str, str]]
    sections: list[Section]
    empty: list[Section]
    tray: list[TrayPiece]
    targets: list[Target]
    comments: list[dict[str, str]]
    minutes: int
    stages: int


def html(value: Mapping[str, Any]) -> SafeString:
    """Safe by construction: `rich.to_html` escapes every text and writes every tag itself."""
    return mark_safe(rich.to_html(value))


def shown(plan: WordPlan) -> Shown:
    document = schema.load(LessonDesignDocument, plan.document)
    sections = {name: Section(name, spec.label) for name, spec in specs(LessonDesignDocument)}
    groups = _stage_heads(document)
    for leaf in walk.walk(document):
        if leaf.is_empty or leaf.spec.holds is Holds.REFS or leaf.path[-1] in _IN_HEAD.get(leaf.path[0], ()):
            continue
        group = groups.pop(leaf.path[1], "") if leaf.path[0] == "stages" else ""
        sections[leaf.path[0]].pieces.append(_piece(leaf, group))
    for name, section in sections.items():
        share = plan.confidence.get(name, plan.confidence.get("document", 1.0))
        section.per_cent = round(100 * share)
        section.sure = "" if share >= SURE else "请看一眼" if share >= LIKELY else "拿不准"
    filled = [section for section in sections.values() if section.pieces]
    return Shown(
        plan=plan,
        head=head_lines(plan.head),
        sections=filled,
        empty=[section for section in sections.values() if not section.pieces and section.drop],
        tray=[TrayPiece(at, piece["label"], html(piece["text"])) for at, piece in enumerate(plan.tray)],
        targets=targets(document),
        comments=plan.comments,
        minutes=planned_minutes(document),
        stages=len(document.stages),
    )


_IN_HEAD: Mapping[str, frozenset[str]] = {"stages": frozenset({"title", "minutes"})}


def _stage_heads(document: LessonDesignDocument) -> dict[str, str]:
    """环节1　分物导入　5 分钟, by the stage's id."""
    rows = enumerate(ordered(document.stages), 1)
    return {
        key: "\u3000".join(
            part for part in (f"环节{at}", row.title, f"{row.minutes} 分钟" if row.minutes else "") if part
        )
        for at, (key, row) in rows
    }


def _piece(leaf: walk.Leaf, group: str) -> Piece:
    label = leaf.spec.label
    if leaf.path[0] in DIRECT or label == "内容":
        label = ""
    elif len(leaf.path) > 2 and leaf.path[0] != "stages":
        label = leaf.place if leaf.path[-1] in {"statement", "task"} else f"{leaf.place} {label}"
    words = leaf.text or f"{leaf.value} {leaf.spec.unit}".strip()
    text = html(leaf.value) if leaf.spec.holds is Holds.RICH else mark_safe(f"<p>{escape(words)}</p>")
    liftable = leaf.spec.holds in {Holds.RICH, Holds.TEXT} and leaf.path[0] != "basics"
    return Piece(".".join(leaf.path), label, text, liftable, group, words)


def original(word_import: WordImport) -> SafeString:
    """The whole file as it was read, to be compared with."""
    return html(word_import.original) if word_import.original else mark_safe("")
