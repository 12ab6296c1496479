"""What the library's registry, lists and search are told of 试题, 试卷 and 校本作业."""

from collections.abc import Iterable, Mapping
from typing import Any

from library.documents import homework, paper, question, walk
from library.documents.homework import HomeworkDocument
from library.documents.paper import PaperDocument
from library.documents.question import QuestionDocument
from library.questions import on_paper
from library.questions.models import Paper, Question
from library.questions.sheets import export_sheets
from library.resources import kinds
from library.resources.models import Homework, Kind
from library.resources.registration import SECTIONS_FORM

SHEETS = frozenset({"word", "pdf", "picture", "sheet", "slides"})
NOT_ASKED = frozenset({"来源", "题型", "难度", "认知水平", "判断结果"})
"""Places of a question whose words nobody looks for in the text: they are facets, or the source's own notes."""


def question_columns(document: QuestionDocument) -> Mapping[str, Any]:
    return {
        "type": document.type or question.SOLVE,
        "difficulty": document.difficulty,
        "cognitive": document.cognitive,
        "has_picture": question.has_picture(document),
        "knowledge": list(question.knowledge_of(document)),
        "minutes": document.minutes,
        "points": question.points_of(document),
    }


def question_facts(child: Question) -> tuple[str, ...]:
    found = [child.type, child.difficulty, "、".join(child.knowledge[:3]), "有图" if child.has_picture else ""]
    return tuple(word for word in found if word)


def question_facets(document: QuestionDocument) -> Mapping[str, Iterable[str]]:
    return {
        "tab": [Kind.QUESTION.label],
        "question_type": [document.type],
        "difficulty": [document.difficulty] if document.difficulty else [],
        "knowledge": question.knowledge_of(document),
        "picture": ["有图" if question.has_picture(document) else "无图"],
        "competency": document.competencies,
    }


def question_passages(document: QuestionDocument) -> Iterable[tuple[str, str]]:
    return [(place, words) for place, words in walk.passages(document) if place not in NOT_ASKED]


def question_unready(document: QuestionDocument) -> Iterable[str]:
    return [problem.sentence for problem in question.problems(document)]


def question_contents(document: QuestionDocument) -> Iterable[tuple[str, str]]:
    return (("s-question", "题目"), ("s-answer", "答案与解析"), ("s-facts", "题目信息"))


def paper_columns(document: PaperDocument) -> Mapping[str, Any]:
    return {
        "questions": len(document.items),
        "points": paper.total_points(document),
        "minutes": document.minutes,
    }


def paper_facts(child: Paper) -> tuple[str, ...]:
    found = [
        f"{child.questions} 题" if child.questions else "",
        f"满分 {child.points:g} 分" if child.points else "",
        f"{child.minutes} 分钟" if child.minutes else "",
    ]
    return tuple(word for word in found if word)


def homework_columns(document: HomeworkDocument) -> Mapping[str, Any]:
    """A homework that says no minutes keeps those that were told when it was made."""
    minutes = homework.minutes_of(document)
    return {"minutes": minutes} if minutes else {}


def homework_facts(child: Homework) -> tuple[str, ...]:
    return (f"约 {child.minutes} 分钟",) if child.minutes else ()


def sheet_contents(document: HomeworkDocument | PaperDocument) -> Iterable[tuple[str, str]]:
    """The outline of a homework or a paper beside its page."""
    filled = {leaf.path[0] for leaf in walk.walk(document) if not leaf.is_empty}
    body = ("s-items", "题目") if document.items else ("s-files", "文件")
    before, after = (
        (("introduction", "说明"), ("objectives", "作业目标")),
        (("intent", "设计意图"), ("criteria", "评价标准")),
    )
    found = [(f"s-{name}", label) for name, label in before if name in filled]
    found += [body, *((f"s-{name}", label) for name, label in (*after, ("usage", "使用建议")) if name in filled)]
    return found + ([("s-answers", "答案")] if "answers" in filled or document.items else [])


def register() -> None:
    kinds.register(
        kinds.KindSpec(
            kind=Kind.QUESTION,
            model=Question,
            document=QuestionDocument,
            icon="circle-question-mark",
            reader="questions/question.html",
            edit_url="questions:edit",
            new_url="questions:new",
            columns=question_columns,
            facts=question_facts,
            contents=question_contents,
            unready=question_unready,
            passages=question_passages,
            facets=question_facets,
            card="questions/_card_actions.html",
            advice=question.advice,
        )
    )
    kinds.register(
        kinds.KindSpec(
            kind=Kind.PAPER,
            model=Paper,
            document=PaperDocument,
            icon="scroll-text",
            reader="questions/paper.html",
            edit_url=SECTIONS_FORM,
            forms={"items": "questions:items"},
            columns=paper_columns,
            families=SHEETS,
            facts=paper_facts,
            contents=sheet_contents,
            export_for=export_sheets,
            texts=on_paper.texts,
            off_paper=frozenset({"answers"}),
            advice=paper.advice,
        )
    )
    kinds.register(
        kinds.KindSpec(
            kind=Kind.HOMEWORK,
            model=Homework,
            document=HomeworkDocument,
            icon="pencil-ruler",
            reader="questions/homework.html",
            edit_url=SECTIONS_FORM,
            forms={"items": "questions:items"},
            columns=homework_columns,
            families=SHEETS,
            in_package=5,
            facts=homework_facts,
            contents=sheet_contents,
            export_for=export_sheets,
            texts=on_paper.texts,
            off_paper=frozenset({"answers"}),
            advice=homework.advice,
        )
    )
