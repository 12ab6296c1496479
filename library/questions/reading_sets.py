"""Question sets of other projects, row by row, as entries for the bank. Knows their shapes, not their files.

A row becomes an entry or a refusal with its reason; nothing of a row that becomes an entry is left out: what has no
field of its own stands in the notes of its origin.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from catalogue.models import GRADE_NAMES, Subject, Textbook
from library.documents import question as q
from library.documents.fields import EMPTY_RICH, RichText
from library.documents.order import spread
from library.documents.question import Blank, Option, Origin, Pair, QuestionDocument, Step
from library.questions.bank import Entry
from library.resources.models.record import Licence, SourceType
from library.resources.services import Metadata

Row = Mapping[str, Any]
MATHS = "数学"
CHINESE_DIGITS = {name[0]: number for number, name in GRADE_NAMES.items() if number <= 6}
ORDERED_BY_SIZE = ("容易", "较易", "适中", "较难", "困难")
THREE_STEPS = {1: "容易", 2: "适中", 3: "较难"}
UNIT_TYPES = {
    "true_false": q.JUDGE,
    "choice": q.SINGLE,
    "fill_blank": q.BLANKS,
    "fill_blank_text": q.BLANKS,
    "matching": q.MATCH,
    "word_order": q.ORDER,
    "calculation": q.MENTAL,
}
_GRADE = re.compile(r"([一二三四五六])年级")
_MATCH = re.compile(r"([A-Z])\s*[-—–]\s*(\d+)")
_SPACES = re.compile(r" {2,}|\n+")
_EMPTY_BRACKETS = re.compile(r"([（(])[~\s]*([)）])")
_QUOTES = re.compile(r"``(.*?)''")
_EATEN = str.maketrans({"\t": "\\t", "\x0c": "\\f", "\x08": "\\b", "\x0b": "\\v", "\r": "\\r", "\x07": "\\a"})
"""What a careless reader of JSON made of \\times, \\frac, \\beta, \\vec, \\right, \\angle."""


class Refusal(ValueError):
    """A row that cannot be a question, with the reason in Chinese."""


@dataclass(slots=True)
class Known:
    """What rows refer to: units of the same set by id, subjects and textbook units of the catalogue."""

    units: dict[str, Row] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)
    nodes: dict[tuple[str, int, str, str], Any] = field(default_factory=dict)
    licence: str = ""

    def subject(self, name: str) -> tuple[Subject, ...]:
        return (self.subjects[name],) if name in self.subjects else ()


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of set: its name in the bank, the fields by which a row is recognised, and how its rows are read."""

    system: str
    fields: frozenset[str]
    read: Callable[[Row, Known], list[Entry]]


def known_from_catalogue() -> Known:
    """Subjects, and the units of the active textbooks by subject, grade, volume and number."""
    known = Known(subjects={subject.name: subject for subject in Subject.objects.all()})
    books = Textbook.objects.filter(is_active=True, outline__isnull=False).select_related("subject", "outline")
    for book in books.prefetch_related("outline__nodes").order_by("revision"):
        for node in book.outline.nodes.all() if book.outline else ():
            if node.kind == "unit" and node.number:
                known.nodes[book.subject.name, int(book.grade_from or 0), str(book.volume), node.number] = node
    return known


def text(value: Any, mark: str = "$") -> RichText:
    """A text with LaTeX between marks as rich text: nothing is read as a list, double blanks end a paragraph."""
    told = str(value)
    pieces = told.split(mark)
    if len(pieces) % 2 == 0:
        pieces[-2:] = [mark.join(pieces[-2:])]
    paragraphs: list[list[dict[str, Any]]] = [[]]
    for at, piece in enumerate(pieces):
        if at % 2:
            paragraphs[-1] += [_formula(piece)] if piece.strip() else []
            continue
        for number, line in enumerate(_SPACES.split(_plain(piece))):
            paragraphs += [[]] if number else []
            paragraphs[-1] += [{"type": "text", "text": line}] if line else []
    content = [{"type": "paragraph", "content": nodes} for nodes in paragraphs if nodes]
    return {"type": "doc", "content": content}


def _formula(latex: str) -> dict[str, Any]:
    return {"type": "formula", "attrs": {"latex": latex.translate(_EATEN)}}


def _plain(words: str) -> str:
    """TeX's quotes and ties outside of formulas as the signs they stand for."""
    words = _QUOTES.sub(r"“\1”", words.replace("\x00", ""))
    return _EMPTY_BRACKETS.sub(r"\1　\2", words)


def _rows(prefix: str, values: list[Any], make: Callable[[Any, str], Any]) -> dict[str, Any]:
    keys = spread(len(values))
    return {f"{prefix}{at}": make(v, key) for at, (v, key) in enumerate(zip(values, keys, strict=True), 1)}


def _entry(
    document: QuestionDocument, value: Any, system: str, metadata: Metadata, nodes: tuple[Any, ...] = ()
) -> Entry:
    problems = q.problems(document)
    fatal = [problem for problem in problems if "至少要两个选项" not in problem.sentence]
    if fatal:
        raise Refusal(fatal[0].sentence)
    return Entry(document=document, metadata=metadata, nodes=nodes, system=system, value=str(value))


def _metadata(known: Known, subject: str, grades: tuple[int | None, int | None], keywords: tuple[str, ...]) -> Metadata:
    open_licence = Licence.CC_BY if known.licence.upper().startswith(("CC BY 4", "DATA CC BY 4")) else Licence.SELF
    return Metadata(
        subjects=known.subject(subject),
        grade_from=grades[0],
        grade_to=grades[1],
        keywords=keywords,
        licence=open_licence,
        source_type=SourceType.CITED,
    )


def _need(row: Row, *names: str) -> None:
    for name in names:
        if not str(row.get(name) if row.get(name) is not None else "").strip():
            raise Refusal(f"缺“{name}”" if name not in {"answer", "golden"} else "没有答案")


def tal(row: Row, known: Known) -> list[Entry]:
    """Single choice with LaTeX in $$…$$, routes of knowledge points and the papers it stood in."""
    _need(row, "id", "stem", "answer")
    letters = [str(letter) for letter, _ in row["options"]]
    if row["answer"] not in letters:
        raise Refusal(f"答案“{row['answer']}”不在选项 {'、'.join(letters)} 里")
    options = _rows("o", list(row["options"]), lambda pair, key: Option(order=key, words=text(pair[1], "$$")))
    routes = [[str(name) for name in route] for route in row.get("kp_routes") or ()]
    places = tuple(str(place) for place in row.get("sources") or ())
    grades = sorted({CHINESE_DIGITS[digit] for place in places for digit in _GRADE.findall(place)})
    level = row.get("difficulty")
    document = QuestionDocument(
        type=q.SINGLE,
        stem=text(row["stem"], "$$"),
        options=options,
        correct=(f"o{letters.index(row['answer']) + 1}",),
        solution=text("\n".join(row.get("analysis") or ()), "$$"),
        knowledge=tuple(dict.fromkeys(route[-1] for route in routes if route)),
        difficulty=ORDERED_BY_SIZE[level] if isinstance(level, int) and 0 <= level <= 4 else "",
        origin=Origin(
            how="引用",
            places=places,
            licence=known.licence,
            routes=tuple(" > ".join(route) for route in routes),
            note="TAL-SCQ5K",
        ),
    )
    span = (grades[0], grades[-1]) if grades else (None, None)
    return [_entry(document, row["id"], "tal_scq5k_cn", _metadata(known, MATHS, span, ()))]


def ape(row: Row, known: Known) -> list[Entry]:
    """A word problem with its equation."""
    _need(row, "id", "stem", "answer")
    document = QuestionDocument(
        type=q.SOLVE,
        stem=text(row["stem"], "$$"),
        answer=text(row["answer"], "$$"),
        solution=text(f"列式：{row['equation']}", "$$") if row.get("equation") else EMPTY_RICH,
        origin=Origin(how="引用", licence=known.licence, note="Ape210K"),
    )
    return [_entry(document, row["id"], "mwp_ape210k", _metadata(known, MATHS, (None, None), ()))]


def cmath(row: Row, known: Known) -> list[Entry]:
    """A graded word problem."""
    _need(row, "id", "input", "golden")
    grade = row.get("grade")
    if not isinstance(grade, int) or grade not in GRADE_NAMES:
        raise Refusal(f"年级“{grade}”不认识")
    note = f"CMATH，推理 {row.get('reasoning_step', '?')} 步，最多 {row.get('num_digits', '?')} 位数"
    document = QuestionDocument(
        type=q.SOLVE,
        stem=text(row["input"], "$$"),
        answer=text(row["golden"], "$$"),
        origin=Origin(how="引用", licence=known.licence, note=note),
    )
    return [_entry(document, row["id"], "mwp_cmath", _metadata(known, MATHS, (grade, grade), ()))]


def variants(row: Row, known: Known) -> list[Entry]:
    """A problem and the ways in which others have told it anew, each a question of its own."""
    _need(row, "group", "answer")
    found = []
    for one in row.get("variants") or ():
        level = one.get("distractor_level")
        document = QuestionDocument(
            type=q.SOLVE,
            stem=text(one.get("text", ""), "$$"),
            answer=text(row["answer"], "$$"),
            origin=Origin(how="引用", licence=known.licence, note=f"CMATH 近似题组 {row['group']}，干扰 {level} 级"),
        )
        metadata = _metadata(known, MATHS, (None, None), ("近似题",))
        found.append(_entry(document, f"{row['group']}-{level}", "mwp_cmath", metadata))
    if not found:
        raise Refusal("这一组里没有题")
    return found


def quiz(row: Row, known: Known) -> list[Entry]:
    """A question of a textbook's unit, of one of seven kinds."""
    _need(row, "id", "stem", "answer", "type")
    if row["type"] not in UNIT_TYPES:
        raise Refusal(f"题型“{row['type']}”不认识，认识的是 {'、'.join(UNIT_TYPES)}")
    unit = known.units.get(str(row.get("unit")))
    document = QuestionDocument(
        type=UNIT_TYPES[row["type"]],
        stem=text(row["stem"]),
        solution=text(row.get("explanation") or ""),
        knowledge=(str(row["kp"]),) if row.get("kp") else (),
        difficulty=THREE_STEPS.get(row.get("difficulty") or 0, ""),
        points=row.get("score"),
        origin=Origin(
            how="引用",
            places=tuple(str(row[name]) for name in ("paper",) if row.get(name)),
            licence=known.licence,
            note=f"ChinaTextbookStudyFree，{row.get('unit', '')}，由程序编写，用前请核对",
        ),
    )
    document = _ANSWERS[row["type"]](document, row)
    grade = int(unit["grade"]) if unit else None
    metadata = _metadata(known, str(unit["subject"]) if unit else "", (grade, grade), ())
    return [_entry(document, row["id"], "textbook_units", metadata, _unit_node(unit, known))]


def _unit_node(unit: Row | None, known: Known) -> tuple[Any, ...]:
    if unit is None:
        return ()
    volume = {"上": "first", "下": "second"}.get(str(unit["volume"]), "whole")
    node = known.nodes.get((str(unit["subject"]), int(unit["grade"]), volume, str(unit["unit"])))
    return (node,) if node else ()


def _judged(document: QuestionDocument, row: Row) -> QuestionDocument:
    if row["answer"] not in (q.RIGHT, q.WRONG):
        raise Refusal(f"判断题的答案“{row['answer']}”不是“对”或“错”")
    return replace(document, verdict=str(row["answer"]))


def _chosen(document: QuestionDocument, row: Row) -> QuestionDocument:
    told = [str(option) for option in row.get("options") or ()]
    options = _rows("o", told, lambda words, key: Option(order=key, words=text(words)))
    answer = str(row["answer"])
    at = next((n for n, words in enumerate(told, 1) if words.strip() == answer.strip()), None)
    if at is None and len(answer) == 1 and answer in q.LETTERS[: len(told)]:
        at = q.LETTERS.index(answer) + 1
    if at is None:
        raise Refusal(f"答案“{answer}”不在选项里")
    return replace(document, options=options, correct=(f"o{at}",))


def _filled(document: QuestionDocument, row: Row) -> QuestionDocument:
    return replace(document, blanks=_rows("b", [row["answer"]], lambda a, key: Blank(order=key, answer=text(a))))


def _matched(document: QuestionDocument, row: Row) -> QuestionDocument:
    told = [str(option) for option in row.get("options") or ()]
    half = len(told) // 2
    links = {letter: int(number) for letter, number in _MATCH.findall(str(row["answer"]))}
    if not half or len(told) % 2 or sorted(links.values()) != list(range(1, half + 1)):
        raise Refusal(f"连线的答案“{row['answer']}”和 {len(told)} 个选项对不上")
    pairs = [(told[at], told[half + links[q.letter(at + 1)] - 1], links[q.letter(at + 1)]) for at in range(half)]
    made = _rows("l", pairs, lambda p, key: Pair(order=key, left=text(p[0]), right=text(p[1]), place=p[2]))
    return replace(document, pairs=made)


def _ordered(document: QuestionDocument, row: Row) -> QuestionDocument:
    """The pieces in the order of the answer; a piece that holds a comma is found among the options as a whole."""
    left = [str(option) for option in row.get("options") or ()]
    rest, pieces = str(row["answer"]), []
    places = dict(enumerate(left, 1))
    while rest:
        found = sorted((p for p in places.items() if rest.startswith(p[1])), key=lambda p: -len(p[1]))
        if not found:
            raise Refusal(f"排序的答案“{row['answer']}”和选项对不上")
        at, word = found[0]
        pieces.append((word, at))
        del places[at]
        rest = rest[len(word) :].removeprefix(",").strip()
    if places:
        raise Refusal(f"排序的答案“{row['answer']}”里少了“{next(iter(places.values()))}”")
    return replace(document, steps=_rows("s", pieces, lambda p, key: Step(order=key, words=text(p[0]), place=p[1])))


def _computed(document: QuestionDocument, row: Row) -> QuestionDocument:
    return replace(document, answer=text(row["answer"]))


_ANSWERS: Mapping[str, Callable[[QuestionDocument, Row], QuestionDocument]] = {
    "true_false": _judged,
    "choice": _chosen,
    "fill_blank": _filled,
    "fill_blank_text": _filled,
    "matching": _matched,
    "word_order": _ordered,
    "calculation": _computed,
}

SHAPES = (
    Shape("tal_scq5k_cn", frozenset({"id", "stem", "options", "answer", "kp_routes"}), tal),
    Shape("textbook_units", frozenset({"id", "unit", "type", "stem", "answer"}), quiz),
    Shape("mwp_ape210k", frozenset({"id", "stem", "answer", "equation"}), ape),
    Shape("mwp_cmath", frozenset({"id", "input", "golden", "grade"}), cmath),
    Shape("mwp_cmath", frozenset({"group", "variants", "answer"}), variants),
)


def shape_of(row: Row) -> Shape | None:
    """The first shape whose fields a row has."""
    return next((shape for shape in SHAPES if shape.fields <= row.keys()), None)
