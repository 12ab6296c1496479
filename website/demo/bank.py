"""The demo's questions, homeworks and papers as typed documents."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from library.documents import question as q
from library.documents import rich
from library.documents.fields import Row
from library.documents.homework import HomeworkDocument, HomeworkItem
from library.documents.order import spread
from library.documents.paper import PaperDocument, PaperItem, PaperSection
from library.documents.question import Blank, Option, Origin, Pair, Part, QuestionDocument, Step, Sum
from website.demo.reading import Facts


def question(facts: Facts) -> QuestionDocument:
    """One question of the content; the words of the wrong type are refused by the schema's own checks."""
    origin = facts.get("origin") or {"how": "原创"}
    return QuestionDocument(
        **_answerable(facts),
        parts=_rows("p", facts.get("parts"), lambda part, order: Part(order=order, **_answerable(part))),
        difficulty=str(facts.get("difficulty", "")),
        cognitive=str(facts.get("cognitive", "")),
        competencies=_names(facts.get("competencies")),
        minutes=facts.get("minutes"),
        origin=Origin(how=str(origin.get("how", "")), places=_names(origin.get("places"))),
    )


def _answerable(facts: Facts) -> dict[str, Any]:
    """What a question and a sub-item share."""
    kind, answer = str(facts["type"]), facts.get("answer")
    options = _rows("o", facts.get("options"), _option)
    is_choice = kind in {q.SINGLE, q.MULTIPLE}
    return {
        "type": kind,
        "stem": _text(facts.get("stem")),
        "options": options,
        "correct": tuple(_right(options, str(answer))) if is_choice else (),
        "verdict": str(answer) if kind == q.JUDGE else "",
        "blanks": _rows("b", _listed(answer), _blank) if kind == q.BLANKS else {},
        "pairs": _rows("l", facts.get("pairs"), _pair),
        "steps": _rows("s", facts.get("steps"), lambda words, order: Step(order=order, words=_text(words))),
        "sums": _rows("c", facts.get("sums"), _sum),
        "answer": _text(answer) if kind in {q.SOLVE, q.MENTAL} else {"type": "doc", "content": []},
        "analysis": _text(facts.get("analysis")),
        "solution": _text(facts.get("solution")),
        "remark": _text(facts.get("remark")),
        "knowledge": _names(facts.get("knowledge")),
        "points": facts.get("points"),
    }


def _right(options: Mapping[str, Option], letters: str) -> list[str]:
    """Row ids of the options that letters such as BD name."""
    return [key for at, key in enumerate(options, 1) if q.letter(at) in letters]


def _option(told: Any, order: str) -> Option:
    facts = told if isinstance(told, Mapping) else {"text": told}
    return Option(order=order, words=_text(facts["text"]), diagnosis=str(facts.get("why", "")))


def _blank(told: Any, order: str) -> Blank:
    """`5`, or `[5, 五]`: the answer, then what is right too."""
    answer, *accepted = told if isinstance(told, list) else [told]
    return Blank(order=order, answer=_text(answer), accepted=_names(accepted))


def _pair(told: Sequence[Any], order: str) -> Pair:
    left, right = told
    return Pair(order=order, left=_text(left), right=_text(right))


def _sum(told: Sequence[Any], order: str) -> Sum:
    expression, answer = told
    return Sum(order=order, expression=_text(expression), answer=_text(answer))


def homework(facts: Facts) -> HomeworkDocument:
    """`homework:` with `items:`."""
    told = facts.get("homework") or {}
    return HomeworkDocument(
        kind=str(told.get("类型", "课后")),
        ways=_names(told.get("完成方式")),
        introduction=_text(told.get("说明") or facts.get("summary")),
        objectives=_text(told.get("目标")),
        intent=_text(told.get("设计意图")),
        items=_rows("i", facts.get("items"), _homework_item),
        minutes=told.get("时长"),
        grading=str(told.get("评价方式", "")),
        criteria=_text(told.get("评价标准")),
        marking=str(told.get("批改方式", "")),
        answers=_text(told.get("答案")),
        reflection=_text(told.get("反思")),
    )


def _homework_item(told: Facts, order: str) -> HomeworkItem:
    """`question` holds the uid, `version` the number: the loader has put them in the place of the key."""
    return HomeworkItem(
        order=order,
        question=(str(told["question"]),),
        version=int(told["version"]),
        layer=str(told.get("layer", "基础性")),
        minutes=told.get("minutes"),
    )


def paper(facts: Facts) -> PaperDocument:
    """`paper:` with its sections and their items."""
    told = facts["paper"]
    sections = told.get("sections") or ()
    items = [(f"s{at}", item) for at, section in enumerate(sections, 1) for item in section["items"]]
    return PaperDocument(
        introduction=_text(facts.get("summary")),
        minutes=told.get("时间"),
        notes=_text(told.get("注意事项")),
        sections=_rows("s", sections, _section),
        items=_rows("i", items, _paper_item),
        usage=_text(told.get("使用建议")),
    )


def _section(told: Facts, order: str) -> PaperSection:
    return PaperSection(order=order, title=str(told["title"]), instructions=str(told.get("instructions", "")))


def _paper_item(told: tuple[str, Facts], order: str) -> PaperItem:
    section, item = told
    return PaperItem(
        order=order,
        question=(str(item["question"]),),
        version=int(item["version"]),
        section=(section,),
        points=item.get("points"),
    )


def pinned(facts: Facts, find: Callable[[str], tuple[str, int]]) -> Facts:
    """The facts with every item's `question: key` replaced by the uid and the version that is published."""

    def pin(item: Facts) -> Facts:
        uid, version = find(str(item["question"]))
        return {**item, "question": uid, "version": version}

    found = dict(facts)
    if found.get("items"):
        found["items"] = [pin(item) for item in found["items"]]
    if found.get("paper"):
        sections = [{**s, "items": [pin(item) for item in s["items"]]} for s in found["paper"].get("sections") or ()]
        found["paper"] = {**found["paper"], "sections": sections}
    return found


def _text(told: Any) -> Any:
    return rich.from_markup(str(told).strip()) if told not in (None, "") else {"type": "doc", "content": []}


def _names(told: Any) -> tuple[str, ...]:
    return tuple(str(name) for name in told or ())


def _listed(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [told]


def _rows(prefix: str, told: Sequence[Any] | None, make: Callable[[Any, str], Row]) -> dict[str, Any]:
    facts = list(told or ())
    keys = zip(facts, spread(len(facts)), strict=True)
    return {f"{prefix}{at}": make(fact, key) for at, (fact, key) in enumerate(keys, 1)}
