"""A question as it is read and printed: numbered options, both sides of a match, the answer in words; sheets of questions.

The page, the search panel, the print and the download are all made of the same values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from library.documents import question, rich
from library.documents.fields import ordered
from library.documents.homework import LAYER_NOTES, LAYERS, HomeworkDocument
from library.documents.paper import PaperDocument, items_by_section
from library.documents.question import Answerable, QuestionDocument, letter
from library.resources.composed import chinese, html_of

WRITING_LINES: Mapping[str, int] = {question.SOLVE: 4}
"""Empty lines on the pupils' sheet below a question that has no place to write in."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option, or one piece to be matched or put in order, with its mark on the paper."""

    mark: str
    html: SafeString
    is_right: bool = False
    diagnosis: str = ""


@dataclass(frozen=True, slots=True)
class Solution:
    """One labelled piece of the worked answer: 分析, 解答, 点评."""

    label: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class PictureShown:
    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A question or sub-item ready to be printed.

    Attributes:
        options: of a choice.
        lefts, rights: the two sides of a match, as they stand on the paper.
        pieces: what is to be put in order, as it stands on the paper.
        sums: expression and answer.
        answer: the answer in one line.
        lines: empty lines for pupils to write on.
    """

    type: str
    stem: SafeString
    options: tuple[Choice, ...] = ()
    lefts: tuple[Choice, ...] = ()
    rights: tuple[Choice, ...] = ()
    pieces: tuple[Choice, ...] = ()
    sums: tuple[tuple[SafeString, SafeString], ...] = ()
    answer: SafeString = field(default_factory=SafeString)
    solutions: tuple[Solution, ...] = ()
    knowledge: tuple[str, ...] = ()
    points: int | float | None = None
    parts: tuple["Shown", ...] = ()
    pictures: tuple[PictureShown, ...] = ()
    lines: range = range(0)

    @property
    def is_short(self) -> bool:
        """Options short enough to stand side by side."""
        return bool(self.options) and all(len(choice.html) < 90 for choice in self.options)


def shown(document: QuestionDocument) -> Shown:
    """The whole question."""
    pictures = tuple(
        PictureShown(f"/f/{picture.file[0]}/picture", picture.alt)
        for _, picture in ordered(document.pictures)
        if picture.file
    )
    parts = tuple(_item(part) for _, part in ordered(document.parts))
    return replace(_item(document), parts=parts, pictures=pictures, points=question.points_of(document))


def _item(item: Answerable) -> Shown:
    lefts, rights = _sides(item)
    return Shown(
        type=item.type,
        stem=html_of(item.stem),
        options=tuple(
            Choice(letter(at), html_of(option.words), key in item.correct, option.diagnosis)
            for at, (key, option) in enumerate(ordered(item.options), 1)
        ),
        lefts=lefts,
        rights=rights,
        pieces=tuple(
            Choice(str(at), html_of(item.steps[key].words)) for at, key in enumerate(question.on_paper(item.steps), 1)
        ),
        sums=tuple((html_of(one.expression), html_of(one.answer)) for _, one in ordered(item.sums)),
        answer=answer_of(item),
        solutions=tuple(
            Solution(label, html_of(value))
            for label, value in (("分析", item.analysis), ("解答", item.solution), ("点评", item.remark))
            if not rich.is_empty(value)
        ),
        knowledge=item.knowledge,
        points=item.points,
        lines=range(WRITING_LINES.get(item.type, 0)),
    )


def _sides(item: Answerable) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    lefts = tuple(Choice(str(at), html_of(pair.left)) for at, (_, pair) in enumerate(ordered(item.pairs), 1))
    on_paper = question.on_paper(item.pairs)
    rights = tuple(Choice(letter(at), html_of(item.pairs[key].right)) for at, key in enumerate(on_paper, 1))
    return lefts, rights


def answer_of(item: Answerable) -> SafeString:
    """The answer in one line, whatever the type; empty while there is none."""
    if item.type in {question.SINGLE, question.MULTIPLE}:
        return format_html("{}", question.right_letters(item))
    if item.type == question.JUDGE:
        return format_html("{}", item.verdict)
    if item.type == question.MATCH:
        return _matched(item)
    if item.type == question.ORDER:
        places = {key: at for at, key in enumerate(question.on_paper(item.steps), 1)}
        return format_html("{}", " → ".join(str(places[key]) for key, _ in ordered(item.steps)))
    if item.type == question.BLANKS:
        return format_html_join("；", "{}{}", ((_line(b.answer), _also(b.accepted)) for _, b in ordered(item.blanks)))
    if item.type == question.MENTAL and item.sums:
        return format_html_join("；", "{}", ((_line(one.answer),) for _, one in ordered(item.sums)))
    return html_of(item.answer)


def _matched(item: Answerable) -> SafeString:
    letters = {key: letter(at) for at, key in enumerate(question.on_paper(item.pairs), 1)}
    return format_html_join("，", "{}—{}", ((at, letters[key]) for at, (key, _) in enumerate(ordered(item.pairs), 1)))


def _line(value: rich.RichText) -> SafeString:
    """Rich text of one paragraph without its own line."""
    html = rich.to_html(value)
    return mark_safe(html.removeprefix("<p>").removesuffix("</p>") if html.count("<p>") == 1 else html)


def _also(accepted: Sequence[str]) -> str:
    return f"（{'、'.join(accepted)}也对）" if accepted else ""


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One pinned question of a sheet: its number, its text at the pinned version, and what is to be known of it.

    `question` is None where the reader may not see it.
    """

    key: str
    number: int
    question: Shown | None
    uid: str = ""
    title: str = ""
    version: int | None = None
    newer: int | None = None
    minutes: int | None = None
    points: int | float | None = None
    knowledge: tuple[str, ...] = ()
    is_own_only: bool = False


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A layer of a homework (基础性，必做) or a section of a paper with its sums."""

    key: str
    no: str
    title: str
    note: str
    items: tuple[ItemShown, ...]
    minutes: int = 0
    points: int | float = 0


def layers_of(document: HomeworkDocument, items: Mapping[str, ItemShown]) -> tuple[GroupShown, ...]:
    """The layers that hold questions, in their order; questions without a layer come last."""
    found: list[GroupShown] = []
    for layer in (*LAYERS, ""):
        keys = [key for key, row in ordered(document.items) if row.layer == layer]
        if keys:
            minutes = sum(int(document.items[key].minutes or 0) for key in keys)
            own = tuple(items[key] for key in keys)
            found.append(
                GroupShown(
                    key=layer,
                    no=chinese(len(found) + 1),
                    title=f"{layer}作业" if layer else "其他",
                    note=LAYER_NOTES.get(layer, ""),
                    items=own,
                    minutes=minutes,
                )
            )
    return tuple(found)


def sections_of(document: PaperDocument, items: Mapping[str, ItemShown]) -> tuple[GroupShown, ...]:
    """The sections of a paper with their points."""
    found = []
    for at, (key, rows) in enumerate(items_by_section(document), 1):
        section = document.sections.get(key)
        points = sum(row.points or 0 for _, row in rows)
        found.append(
            GroupShown(
                key=key,
                no=chinese(at),
                title=section.title if section else "其他题目",
                note=section.instructions if section else "",
                items=tuple(items[row_key] for row_key, _ in rows),
                points=points,
            )
        )
    return tuple(found)


def groups_of(document: HomeworkDocument | PaperDocument, items: Mapping[str, ItemShown]) -> tuple[GroupShown, ...]:
    """Layers of a homework, sections of a paper; numbered through in the order in which they are printed."""
    groups = layers_of(document, items) if isinstance(document, HomeworkDocument) else sections_of(document, items)
    number = 0
    numbered = []
    for group in groups:
        own = []
        for item in group.items:
            number += 1
            own.append(replace(item, number=number))
        numbered.append(replace(group, items=tuple(own)))
    return tuple(numbered)
