"""A recognised plan as a typed lesson design, with a tray of what fits no field of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from library.documents import order, rich, schema
from library.documents.fields import RichText
from library.documents.lesson_design import (
    LESSON_TYPES,
    Basics,
    Focus,
    LessonDesignDocument,
    Objective,
    Preparation,
    PupilAnalysis,
    Reference,
    Stage,
    StandardUse,
    Task,
    TextbookAnalysis,
)
from library.documents.word.reading import words
from library.documents.word.reading.arranged import Arranged, row_id
from library.documents.word.reading.blocks import Block, Comment, Line, Paragraph, Picture, Source, Table, of_text
from library.documents.word.reading.plan import Plan, lines_of
from library.documents.word.reading.plan import Stage as FoundStage
from library.documents.word.reading.richer import Rich

_WHO = re.compile(r"(?P<who>教师|学生|老师|师|生)(?:的)?(?:准备)?\s*[：:]\s*")
_PERIOD = re.compile(r"[一二三四五六七八九十两\d]{1,2}")
_HEAD_LABELS = {
    "title": "课题",
    "subject": "学科",
    "grade": "年级",
    "volume": "册次",
    "edition": "教材版本",
    "lesson_type": "课型",
    "periods": "课时",
    "author": "执教",
    "school": "学校",
}


@dataclass(frozen=True, slots=True)
class TrayPiece:
    """A piece that waits for a place (待归类)."""

    label: str
    text: RichText


@dataclass(frozen=True, slots=True)
class KeptComment:
    """A comment of the file with the place of the document in which it stands."""

    author: str
    at: str
    text: str
    quote: str
    place: str


@dataclass(slots=True)
class Design:
    """One lesson design from a file."""

    title: str
    head: dict[str, str]
    document: LessonDesignDocument
    tray: list[TrayPiece] = field(default_factory=list)
    confidence: dict[str, float] = field(default_factory=dict)
    comments: list[KeptComment] = field(default_factory=list)


def of_arranged(found: Arranged, source: Source) -> Design:
    """A design that the site had printed: everything is where it was."""
    document = found.document
    if not isinstance(document, LessonDesignDocument):
        raise TypeError("only lesson designs are read back here")
    comments = [KeptComment(c.author, c.at, c.text, c.quote, "") for c in source.comments.values()]
    return Design(found.title, dict(found.facts), document, [], {"document": 1.0}, comments)


def of_plan(plan: Plan, source: Source, *, is_first: bool = True) -> Design:
    """A recognised plan as a design; what the schema has no field for goes to the tray under its label."""
    return _Maker(plan, source, is_first).design()


class _Maker:
    def __init__(self, plan: Plan, source: Source, is_first: bool) -> None:
        self.plan = plan
        self.source = source
        self.is_first = is_first
        self.rich = Rich(source)
        self.tray: list[TrayPiece] = []

    def design(self) -> Design:
        plan = self.plan
        for piece in plan.unplaced:
            self._to_tray(piece.label, piece.blocks)
        document = LessonDesignDocument(
            basics=self._basics(),
            standards=self._single("standards", StandardUse, "excerpt"),
            textbook=TextbookAnalysis(position=self._text("textbook.position")),
            pupils=PupilAnalysis(foundation=self._text("pupils.foundation")),
            objectives=self._objectives(),
            key_point=Focus(what=self._text("key_point.what")),
            difficulty=Focus(what=self._text("difficulty.what")),
            preparation=self._preparation(),
            tasks=self._single("tasks", Task, "task"),
            stages=self._stages(),
            board=self._text("board"),
            homework=self._text("homework"),
            reflection=self._text("reflection"),
            references=self._references(),
        )
        title = plan.head.get("title", "").strip()[:200]
        return Design(title, dict(plan.head), _checked(document), self.tray, self._confidence(), self._comments())

    def _confidence(self) -> dict[str, float]:
        """By the names of the document's sections."""
        names: dict[str, float] = {}
        for path, share in self.plan.confidence.items():
            name = {"process": "stages"}.get(path, path.partition(".")[0])
            names[name] = min(share, names.get(name, 1.0))
        return names

    def _to_tray(self, label: str, blocks: Sequence[Block]) -> None:
        text = self.rich.text(blocks)
        if text["content"]:
            self.tray.append(TrayPiece(label, text))

    def _text(self, path: str) -> RichText:
        return self.rich.text(self.plan.sections.get(path, ()))

    def _basics(self) -> Basics:
        head = self.plan.head
        found, rest = Basics(), head.get("lesson_type", "")
        kind = next((name for name in LESSON_TYPES if name in rest), "")
        periods = head.get("periods", "")
        number = _PERIOD.search(periods)
        value = words.to_number(number[0]) if number else 0
        single = "第" in periods and value
        found = replace(
            found,
            lesson_type=kind,
            period=value if single else 1 if value else None,
            periods=None if single or not value else value,
        )
        if rest and not kind:
            self.tray.append(TrayPiece("课型", self.rich.text([Paragraph((of_text(rest),))])))
        return self._dated(found)

    def _dated(self, basics: Basics) -> Basics:
        """Date and class have fields of their own here; they were put aside as head data without one."""
        for label, name in (("日期", "date"), ("时间", "date"), ("班级", "class_name")):
            piece = next((p for p in self.tray if p.label.endswith(label) and len(p.text["content"]) == 1), None)
            value = _plain(piece.text) if piece else ""
            if piece is not None and value and len(value) <= 40 and not getattr(basics, name):
                basics = replace(basics, date=value) if name == "date" else replace(basics, class_name=value)
                self.tray.remove(piece)
        return basics

    def _objectives(self) -> dict[str, Objective]:
        return _keyed(
            "objectives", [Objective(statement=text) for text in self._entries("objectives") if text["content"]]
        )

    def _entries(self, path: str) -> list[RichText]:
        """Each line of a section as an entry without its number; a table stays one."""
        found: list[RichText] = []
        for block in self.plan.sections.get(path, ()):
            if isinstance(block, Table):
                found.append(self.rich.text([block]))
                continue
            for line in block.lines:
                number = words.numbering(line.text)
                cut = line.cut(number.end) if number and number.kind not in {"step", "roman"} else line
                if cut:
                    found.append(self.rich.text([Paragraph((cut.strip(),))]))
        return found

    def _single(self, path: str, row: type[Any], name: str) -> dict[str, Any]:
        return _keyed(path, [row(**{name: text}) for text in self._entries(path) if text["content"]])

    def _references(self) -> dict[str, Reference]:
        """Tray pieces that were named as references are rows of their own."""
        pieces = [
            piece for piece in self.tray if piece.label in {"参考资源", "参考资料", "参考文献", "附件与参考", "附"}
        ]
        self.tray = [piece for piece in self.tray if piece not in pieces]
        titles = [_plain({"type": "doc", "content": [node]}) for piece in pieces for node in piece.text["content"]]
        return _keyed("references", [Reference(title=title) for title in titles if title])

    def _preparation(self) -> Preparation:
        teacher: list[Block] = []
        pupils: list[Block] = []
        for block in self.plan.sections.get("preparation.teacher", ()):
            if isinstance(block, Table):
                teacher.append(block)
                continue
            for line in block.lines:
                for who, part in _by_who(line):
                    (pupils if who in {"学生", "生"} else teacher).append(replace(block, lines=(part,)))
        return Preparation(
            methods=self._text("preparation.methods"),
            teacher=self.rich.text(teacher),
            pupils=self.rich.text(pupils),
        )

    def _stages(self) -> dict[str, Stage]:
        rows = []
        period = ""
        for stage in self.plan.stages:
            title = self._title(stage)
            if stage.period and stage.period != period:
                period = stage.period
                title = f"{period} {title}".strip()
            parts: dict[str, Any] = {part: self.rich.text(stage.parts.get(part, ())) for part in _PARTS}
            rows.append(Stage(title=title[:120], minutes=stage.minutes, **parts))
            for part, blocks in stage.parts.items():
                if part not in _PARTS:
                    self._to_tray(f"{title}：{_MORE.get(part, part)}", blocks)
        return _keyed("stages", rows)

    def _title(self, stage: FoundStage) -> str:
        """A title is plain text: a formula in it stands as it is written."""
        signs = []
        for sign in stage.name.text:
            thing = self.source.thing(sign)
            signs.append(sign if thing is None else "" if isinstance(thing, Picture) else f"${thing.latex}$")
        return "".join(signs).strip()

    def _comments(self) -> list[KeptComment]:
        """Comments by the place in which they stand; one without a place stands with the first plan."""
        places: dict[str, str] = {}
        for place, lines in self._placed_lines():
            for line in lines:
                places |= {key: place for _, key in line.notes if key not in places}
        kept = []
        for key, comment in self.source.comments.items():
            if key in places or (self.is_first and not self._is_elsewhere(key)):
                kept.append(_kept(comment, places.get(key, "")))
        return kept

    def _is_elsewhere(self, key: str) -> bool:
        anchored = {k for line in lines_of(self.source.blocks) for _, k in line.notes}
        return key in anchored

    def _placed_lines(self) -> list[tuple[str, list[Line]]]:
        found = [(_PLACES.get(path, path), lines_of(blocks)) for path, blocks in self.plan.sections.items()]
        for at, stage in enumerate(self.plan.stages, 1):
            lines = [stage.name, *(line for blocks in stage.parts.values() for line in lines_of(blocks))]
            found.append((f"环节{at}", lines))
        return [*found, *(("待归类", lines_of(piece.blocks)) for piece in self.plan.unplaced)]


_PARTS = ("teacher", "pupils", "intent", "checkpoints", "question", "second_preparation")
_MORE = {"content": "教学内容", "resources": "资源", "number": "序号"}
_PLACES = {
    "objectives": "核心素养目标",
    "key_point.what": "教学重点",
    "difficulty.what": "教学难点",
    "textbook.position": "教材分析",
    "pupils.foundation": "学情分析",
    "standards": "课标要求",
    "preparation.methods": "教学方法与准备",
    "preparation.teacher": "教学方法与准备",
    "tasks": "评价任务",
    "board": "板书设计",
    "homework": "作业设计",
    "reflection": "教学反思",
}


def _keyed(section: str, rows: Sequence[Any]) -> dict[str, Any]:
    keys = order.spread(len(rows))
    return {
        row_id(section, at): replace(row, order=key) for at, (row, key) in enumerate(zip(rows, keys, strict=True), 1)
    }


def _by_who(line: Line) -> list[tuple[str, Line]]:
    """教师：课件。学生：剪刀。 apart; a line without a speaker belongs to the teacher."""
    found: list[tuple[str, Line]] = []
    at, who = 0, ""
    for match in _WHO.finditer(line.text):
        before = line.text[at : match.start()]
        has_words = words.without_number(f"{before}#") < len(before)
        if has_words and not before.rstrip(" ").endswith(("。", "；", ";", "\u3000", "，")):
            continue
        if has_words:
            found.append((who, line.cut(at, match.start()).strip()))
        at, who = match.end(), match["who"]
    return [*found, (who, line.cut(at).strip())]


def _plain(text: RichText) -> str:
    return rich.to_text(text).strip()


def _kept(comment: Comment, place: str) -> KeptComment:
    return KeptComment(comment.author, comment.at, comment.text, comment.quote, place)


def _checked(document: LessonDesignDocument) -> LessonDesignDocument:
    """The document as it would be stored and read again: what is not on the closed list of rich text fails here."""
    return schema.load(LessonDesignDocument, schema.dump(document))


def head_lines(head: dict[str, str]) -> list[tuple[str, str]]:
    """Head data with their labels, for the page."""
    return [(_HEAD_LABELS.get(key, key), value) for key, value in head.items() if value]
