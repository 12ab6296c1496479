"""Generated documents of any schema and what two hands do to them; every written word is a token that can be found again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from library.documents.fields import Document, Holds, Row, Spec, ordered, specs
from library.documents.files import MicroLessonDocument
from library.documents.homework import HomeworkDocument
from library.documents.lesson_design import LessonDesignDocument
from library.documents.order import between, spread
from library.documents.paper import PaperDocument
from library.documents.question import QuestionDocument
from library.documents.recording import RecordingDocument
from library.documents.teaching_case import TeachingCaseDocument
from library.documents.unit_design import UnitDesignDocument
from library.documents.worksheet import WorksheetDocument

KINDS: tuple[type[Document], ...] = (
    LessonDesignDocument,
    LessonDesignDocument,
    LessonDesignDocument,
    UnitDesignDocument,
    WorksheetDocument,
    HomeworkDocument,
    QuestionDocument,
    PaperDocument,
    MicroLessonDocument,
    RecordingDocument,
    TeachingCaseDocument,
)
CLOSE = 0.6
"""How often both hands work in the same two sections."""
SIGNS = "的一是在梯形面积学生高底平行四边同桌发现剪拼说观察比较"


class Hand:
    """Somebody who writes. `tokens` holds every word of this hand, none of which anybody else writes."""

    def __init__(self, name: str, random: Random) -> None:
        self.name, self.random = name, random
        self.tokens: set[str] = set()

    def token(self) -> str:
        """A Latin word, or Chinese signs that hold the hand's own sign twice."""
        number = len(self.tokens)
        said = "".join(self.random.choices(SIGNS, k=2))
        chinese = f"{self.name}{said}{chr(0x5000 + number)}{self.name}"
        found = chinese if self.random.random() < 0.7 else f"{'abcdefgh'[ord(self.name) % 8]}x{number}q"
        self.tokens.add(found)
        return found

    def sentence(self) -> str:
        filler = "".join(self.random.choices(SIGNS, k=self.random.randrange(8)))
        return filler + self.token() + self.random.choice("，。；、") + filler[::-1]

    def text_node(self) -> dict[str, Any]:
        node: dict[str, Any] = {"type": "text", "text": self.sentence()}
        return node | ({"marks": [{"type": "strong"}]} if self.random.random() < 0.2 else {})

    def paragraph(self) -> dict[str, Any]:
        content = [self.text_node() for _ in range(self.random.randrange(1, 4))]
        if self.random.random() < 0.15:
            content.insert(self.random.randrange(2), {"type": "formula", "attrs": {"latex": self.token()}})
        return {"type": "paragraph", "content": content}

    def block(self) -> dict[str, Any]:
        kind = self.random.choice(["paragraph"] * 6 + ["bullet_list", "table", "image", "heading", "blockquote"])
        if kind == "bullet_list":
            items = [{"type": "list_item", "content": [self.paragraph()]} for _ in range(self.random.randrange(1, 4))]
            return {"type": kind, "content": items}
        if kind == "table":
            width = self.random.randrange(1, 4)
            return {"type": kind, "content": [self.table_row(width) for _ in range(self.random.randrange(1, 4))]}
        if kind == "image":
            return {"type": kind, "attrs": {"file": self.token(), "alt": self.token()}}
        if kind == "heading":
            return {"type": kind, "attrs": {"level": 2}, "content": [{"type": "text", "text": self.sentence()}]}
        return self.paragraph() if kind == "paragraph" else {"type": kind, "content": [self.paragraph()]}

    def table_row(self, width: int) -> dict[str, Any]:
        return {
            "type": "table_row",
            "content": [{"type": "table_cell", "content": [self.paragraph()]} for _ in range(width)],
        }

    def rich(self) -> dict[str, Any]:
        return {"type": "doc", "content": [self.block() for _ in range(self.random.randrange(1, 4))]}

    def value(self, spec: Spec) -> Any:
        """Something for a field; for a group or a section its whole content."""
        if spec.holds is Holds.RICH:
            return self.rich()
        if spec.holds is Holds.GROUP and spec.of:
            return self.filled(spec.of)
        if spec.holds is Holds.ROWS and spec.of:
            count = self.random.randrange(4)
            return {self.key(): self.row(spec.of, order) for order in spread(count)}
        if spec.holds in {Holds.NAMES, Holds.REFS}:
            return tuple(self.token() for _ in range(self.random.randrange(4)))
        if spec.holds is Holds.NUMBER:
            return self.random.randrange(60)
        return self.random.choice(spec.choices) if spec.holds is Holds.CHOICE else self.sentence()

    def key(self) -> str:
        return f"{self.name}{self.random.getrandbits(40):x}"

    def row(self, of: type, order: str) -> Row:
        made: Row = self.filled(of)
        return replace(made, order=order)

    def filled(self, of: type) -> Any:
        return of(**{name: self.value(spec) for name, spec in specs(of) if self.random.random() < 0.6})

    def edited(self, document: Any, times: int, only: Sequence[str] = ()) -> Any:
        for _ in range(times):
            document = self.edit(document, only)
        return document

    def edit(self, part: Any, only: Sequence[str] = ()) -> Any:
        """One change somewhere in a document, group or row."""
        name, spec = self.random.choice([one for one in specs(type(part)) if not only or one[0] in only])
        held = getattr(part, name)
        if spec.holds is Holds.GROUP:
            return replace(part, **{name: self.edit(held)})
        if spec.holds is Holds.ROWS and spec.of:
            return replace(part, **{name: self.edit_rows(spec.of, held)})
        if spec.holds is Holds.RICH:
            return replace(part, **{name: self.edit_rich(held)})
        if spec.holds in {Holds.NAMES, Holds.REFS}:
            return replace(part, **{name: self.edit_list(held)})
        empty = None if spec.holds is Holds.NUMBER else ""
        return replace(part, **{name: empty if self.random.random() < 0.15 else self.value(spec)})

    def edit_list(self, held: tuple[str, ...]) -> tuple[str, ...]:
        whole = list(held)
        deed = self.random.randrange(4)
        if deed == 0 and whole:
            whole.pop(self.random.randrange(len(whole)))
        elif deed == 1:
            self.random.shuffle(whole)
        else:
            whole.insert(self.random.randint(0, len(whole)), self.token())
        return tuple(whole)

    def edit_rows(self, of: type, held: Mapping[str, Row]) -> dict[str, Row]:
        whole, line = dict(held), ordered(held)
        deed = self.random.choice(["insert", "delete", "move", "edit", "edit", "edit"])
        if deed == "insert" or not line:
            whole[self.key()] = self.row(of, self.order([row.order for _, row in line]))
            return whole
        key, row = self.random.choice(line)
        if deed == "delete":
            del whole[key]
        elif deed == "move":
            whole[key] = replace(row, order=self.order([one.order for other, one in line if other != key]))
        else:
            whole[key] = self.edit(row)
        return whole

    def order(self, orders: list[str]) -> str:
        at = self.random.randint(0, len(orders))
        return between(orders[at - 1] if at else "", orders[at] if at < len(orders) else "")

    def edit_rich(self, held: Mapping[str, Any]) -> dict[str, Any]:
        content = list(held.get("content") or ())
        deed = self.random.choice(
            ["words", "words", "words", "words", "insert", "insert", "delete", "move", "clear", "rewrite", "row"]
        )
        at = self.random.randrange(len(content)) if content else 0
        if deed == "insert" or not content:
            content.insert(self.random.randint(0, len(content)), self.block())
        elif deed == "delete":
            content.pop(at)
        elif deed == "move":
            content.append(content.pop(at))
        elif deed == "clear":
            content = []
        elif deed == "rewrite":
            content = [self.block()]
        elif deed == "row" and content[at]["type"] == "table":
            content[at] = self.grown(content[at])
        else:
            content[at] = self.reworded(content[at])
        return {"type": "doc", "content": content}

    def grown(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """A table with one more row, or one more column."""
        inner = list(table["content"])
        if self.random.random() < 0.5:
            inner.insert(self.random.randint(0, len(inner)), self.table_row(len(inner[0]["content"])))
            return {**table, "content": inner}
        return {
            **table,
            "content": [{**row, "content": [*row["content"], *self.table_row(1)["content"]]} for row in inner],
        }

    def reworded(self, node: Mapping[str, Any]) -> dict[str, Any]:
        """Other words in one place below a node."""
        if node["type"] == "text":
            return {**node, "text": self.retyped(node["text"])}
        if node["type"] in {"image", "formula", "formula_block"}:
            name = "alt" if node["type"] == "image" else "latex"
            return {**node, "attrs": {**node["attrs"], name: self.token()}}
        content = list(node["content"])
        at = self.random.randrange(len(content))
        content[at] = self.reworded(content[at])
        return {**node, "content": content}

    def retyped(self, text: str) -> str:
        start = self.random.randint(0, len(text))
        end = min(len(text), start + self.random.choice((0, 0, 0, 1, 3, 6)))
        return text[:start] + (self.token() if end == start or self.random.random() < 0.6 else "") + text[end:] or "。"


def words(value: Any) -> Iterator[str]:
    """Every text of a JSON value; the text of one paragraph in one piece, whatever its marks."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        pieces = [node["text"] for node in value.get("content") or () if isinstance(node, Mapping) and "text" in node]
        yield "".join(pieces)
        for inner in value.values():
            yield from words(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from words(inner)


def all_words(value: Any) -> str:
    return "\x00".join(words(value))


def history(kind: type[Document], random: Random) -> tuple[tuple[Hand, Any], tuple[Hand, Any], tuple[Hand, Any]]:
    """(hand, document) of base, mine and theirs; the two grew from the base without knowing each other."""
    author, me, them = Hand("甲", random), Hand("乙", random), Hand("丙", random)
    base = author.filled(kind)
    names = [name for name, _ in specs(kind)]
    only = random.sample(names, min(2, len(names))) if random.random() < CLOSE else ()
    mine = me.edited(base, random.randrange(7), only)
    theirs = them.edited(base, random.randrange(7), only)
    return (author, base), (me, mine), (them, theirs)
