"""A second keeper of places: texts whose characters have names of their own, so that each is known wherever it goes.

A saved text does not tell which of two like characters was deleted ("量一量" without a "量一"): such a character keeps
the names of both. A passage that was copied is another passage, unless its original is gone by the time of the save:
then the copy is what became of it (cut and pasted).
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import count
from typing import Any

from library.documents.anchors import Anchor
from library.documents.lesson_design import LessonDesignDocument, Stage

ALPHABET = "的一是请学生想量算看图边长面积方法，。、画格子数出交流说"
SENTENCES = (
    "出示房屋侧面墙的图形，请学生独立想办法求面积。",
    "巡视时收集三种做法，按分成两块、分成三块、补成一块依次投屏。",
    "同桌互相讲清每一步算的是哪一块；再请两名学生上台画辅助线。",
    "量一量，算一算，说一说。",
    "追问：哪一种方法要的数据最少？",
    "学生在方格纸上画一画，数一数，写出算式。",
)

_names = count()


@dataclass(frozen=True, slots=True)
class Sign:
    """One character with the names that it may bear."""

    sign: str
    names: frozenset[int]
    copied: bool = False


Line = list[Sign]
Fields = dict[str, Line]


def fresh(text: str) -> Line:
    return [Sign(sign, frozenset({next(_names)})) for sign in text]


def written(line: Sequence[Sign]) -> str:
    return "".join(sign.sign for sign in line)


def deleted(line: Line, low: int, high: int) -> Line:
    """Without line[low:high]; characters that the deletion could as well have left bear both names."""
    width, text = high - low, written(line)
    left = next((n for n in range(low + 1) if low - n == 0 or text[low - n - 1] != text[high - n - 1]), low)
    right = next((n for n in range(len(line)) if high + n == len(line) or text[low + n] != text[high + n]), 0)
    kept = [*line[:low], *line[high:]]
    for at in range(low - left, low + right):
        one, other = line[at], line[at + width]
        kept[at] = replace(one, names=one.names | other.names, copied=one.copied and other.copied)
    return kept


def inserted(line: Line, at: int, new: Line) -> Line:
    """With `new` at this place; characters that could as well have been there before bear both names."""
    both = [*line[:at], *new, *line[at:]]
    text, width = written(both), len(new)
    left = next((n for n in range(at + 1) if at - n == 0 or text[at - n - 1] != text[at + width - n - 1]), at)
    right = next(
        (n for n in range(len(both)) if at + width + n == len(both) or text[at + n] != text[at + width + n]), 0
    )
    result = list(both)
    for place in range(at - left, at + width + right):
        held = {place} if place < at + right else set()
        held |= {place - width} if place - width >= at - left else set()
        names = {name for old in held for name in line[old].names}
        if names:
            own = {next(_names)} if both[place].copied else both[place].names
            result[place] = Sign(both[place].sign, frozenset(names | own))
    return result


def settled(fields: Fields) -> Fields:
    """The fields as saved: a copy beside its original is another passage, a copy without it is the passage."""
    present = {name for line in fields.values() for sign in line if not sign.copied for name in sign.names}
    return {key: [_settled(sign, present) for sign in line] for key, line in fields.items()}


def _settled(sign: Sign, present: set[int]) -> Sign:
    if not sign.copied:
        return sign
    names = sign.names - present
    return Sign(sign.sign, names or frozenset({next(_names)}))


def joined(text: str, drawn: Sequence[Line]) -> Line:
    """A merged field: the first whose text it is; of two joined by character, what may have come from either side."""
    for line in drawn:
        if written(line) == text:
            return line
    names: list[set[int]] = [set() for _ in text]
    for line in drawn:
        for block in SequenceMatcher(None, written(line), text, autojunk=False).get_matching_blocks():
            for step in range(block.size):
                names[block.b + step] |= line[block.a + step].names
    return [Sign(sign, frozenset(held or {next(_names)})) for sign, held in zip(text, names, strict=True)]


def document(fields: Fields, order: Sequence[str]) -> LessonDesignDocument:
    stages = {
        key: Stage(title=key, order=f"{place:04d}1", teacher=_rich(written(fields[key])))
        for place, key in enumerate(order)
    }
    return LessonDesignDocument(stages=stages)


def _rich(text: str) -> dict[str, Any]:
    """Text whose every character, line ends too, is the field's text again."""
    nodes: list[dict[str, Any]] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            nodes.append({"type": "hard_break"})
        if line:
            nodes.append({"type": "text", "text": line})
    return {"type": "doc", "content": [{"type": "paragraph", "content": nodes}]}


def path_of(key: str) -> tuple[str, ...]:
    return ("stages", key, "teacher")


def stands_at(fields: Fields, anchor: Anchor, names: Sequence[frozenset[int]]) -> bool:
    """Whether the anchor's range holds the very characters that were remarked on."""
    line = fields.get(anchor.path[1], [])[anchor.start : anchor.end]
    return len(line) == len(names) and all(sign.names & wanted for sign, wanted in zip(line, names, strict=True))


def still_whole(fields: Fields, names: Sequence[frozenset[int]]) -> bool:
    """Whether those characters still stand together somewhere, surely."""
    for line in fields.values():
        for at, sign in enumerate(line):
            if sign.names == names[0] and [s.names for s in line[at : at + len(names)]] == list(names):
                return True
    return False


class Writer:
    """A teacher at work on one lesson: types, deletes, replaces, cuts, copies, moves, splits, all by the dice."""

    def __init__(self, dice: random.Random, fields: Fields, order: list[str]) -> None:
        self.dice, self.fields, self.order = dice, dict(fields), list(order)

    def save(self) -> None:
        """One save: up to three deeds, in different fields or one that no text tells apart."""
        touched: set[str] = set()
        for _ in range(self.dice.choice((1, 1, 1, 2, 3))):
            free = [key for key in self.order if key not in touched]
            if free:
                touched |= self._deed(free)
        self.fields = settled(self.fields)

    def _deed(self, free: list[str]) -> set[str]:
        deed = self.dice.choices(
            (self._type, self._delete, self._replace, self._twice, self._carry, self._order, self._stage),
            weights=(30, 20, 20, 8, 12, 6, 4),
        )[0]
        return deed(free)

    def _type(self, free: list[str]) -> set[str]:
        key = self.dice.choice(free)
        line = self.fields[key]
        self.fields[key] = inserted(line, self.dice.randint(0, len(line)), self._words())
        return {key}

    def _words(self) -> Line:
        return fresh("".join(self.dice.choices(ALPHABET, k=self.dice.randint(1, 12))))

    def _range(self, key: str, longest: int) -> tuple[int, int]:
        length = len(self.fields[key])
        low = self.dice.randint(0, length)
        return low, min(length, low + self.dice.randint(1, longest))

    def _delete(self, free: list[str]) -> set[str]:
        key = self.dice.choice(free)
        low, high = self._range(key, 25)
        if low < high:
            self.fields[key] = deleted(self.fields[key], low, high)
        return {key}

    def _replace(self, free: list[str]) -> set[str]:
        """Words typed over a range; what both have in common at either end was never touched, as far as a text tells."""
        key = self.dice.choice(free)
        low, high = self._range(key, 15)
        words = self._words()
        line = self.fields[key]
        while low < high and words and line[low].sign == words[0].sign:
            low, words = low + 1, words[1:]
        while low < high and words and line[high - 1].sign == words[-1].sign:
            high, words = high - 1, words[:-1]
        shorter = deleted(line, low, high) if low < high and not words else [*line[:low], *line[high:]]
        self.fields[key] = (
            inserted(shorter, low, words) if words and low == high else [*shorter[:low], *words, *shorter[low:]]
        )
        return {key}

    def _twice(self, free: list[str]) -> set[str]:
        source, key = self.dice.choice(self.order), self.dice.choice(free)
        low, high = self._range(source, 40)
        copy = [replace(sign, copied=True) for sign in self.fields[source][low:high]]
        line = self.fields[key]
        self.fields[key] = inserted(line, self.dice.randint(0, len(line)), copy)
        return {key, source}

    def _carry(self, free: list[str]) -> set[str]:
        """Cut and paste, whole sentences as often as not, within the field or into another."""
        source, key = self.dice.choice(free), self.dice.choice(free)
        low, high = self._sentence(source) if self.dice.random() < 0.5 else self._range(source, 40)
        cut = self.fields[source][low:high]
        if not cut:
            return {source}
        self.fields[source] = deleted(self.fields[source], low, high)
        line = self.fields[key]
        self.fields[key] = inserted(line, self.dice.randint(0, len(line)), cut)
        return {source, key}

    def _sentence(self, key: str) -> tuple[int, int]:
        text = written(self.fields[key])
        low = text.rfind("。", 0, self.dice.randint(0, len(text))) + 1
        end = text.find("。", low)
        return low, len(text) if end < 0 else end + 1

    def _order(self, free: list[str]) -> set[str]:
        self.dice.shuffle(self.order)
        return set()

    def _stage(self, free: list[str]) -> set[str]:
        """A stage more, or one less."""
        if len(self.order) > 3 and self.dice.random() < 0.4:
            gone = self.dice.choice(free)
            self.order.remove(gone)
            del self.fields[gone]
            return {gone}
        key = f"n{next(_names)}"
        self.order.insert(self.dice.randint(0, len(self.order)), key)
        source = self.dice.choice([held for held in self.order if held != key])
        low, high = self._sentence(source)
        self.fields[key] = [replace(sign, copied=True) for sign in self.fields[source][low:high]] + self._words()
        return {key, source}


def lesson(dice: random.Random) -> tuple[Fields, list[str]]:
    order = [f"k{number}" for number in range(5)]
    return {key: fresh("\n".join(dice.choices(SENTENCES, k=5))) for key in order}, order


def places(dice: random.Random, fields: Fields, wanted: int) -> Iterator[tuple[str, int, int]]:
    """Ranges that teachers would mark: of one character to two sentences."""
    long = [key for key in fields if len(fields[key]) > 1]
    for _ in range(wanted):
        key = dice.choice(long)
        length = min(len(fields[key]), dice.choice((1, 2, 3, 5, 5, 8, 12, 20, 40)))
        low = dice.randint(0, len(fields[key]) - length)
        yield key, low, low + length
