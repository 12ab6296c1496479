"""Plans in the blocks of a file: which words are labels, which section each block belongs to, where a plan ends.

One place is open at a time (the head, a section, the process, the tray); labels in the flow and in the cells of a form
open another. What stands in the process is left to `stages`. Nothing is dropped but labels.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from library.documents.word.reading import head, stages, words
from library.documents.word.reading.blocks import Block, Cell, Line, Paragraph, Source, Table, of_text
from library.documents.word.reading.forms import Form, pairs
from library.documents.word.reading.plan import HEAD_KEYS, Plan, Unplaced, lines_of

SURE, LIKELY, GUESSED = 0.98, 0.9, 0.6
AHEAD = 14
_TRAY = "unplaced"
_HEAD_VALUE = "head value"
_POINTS = frozenset({"both_points", "key_point.what", "difficulty.what"})
_TO_TRAY = {"second": "二次备课", "idea": "设计理念", "unit": "单元分析", "references": "参考资源"}
_POINT_LABEL = re.compile(r"(?P<label>(?:教学|学习|活动)?(?P<point>重点|难点))\s*[：:]\s*")
_TITLE = re.compile(rf"《|{head.FORM_TITLE.pattern}")
_KEPT_LABELS = frozenset(
    {"教具", "学具", "教师准备", "学生准备", "教师", "学生", "场地", "器材", "实验器材", "场地器材"}
)


class Recogniser:
    """Reads blocks in order into plans."""

    def __init__(self, source: Source, file_name: str) -> None:
        self.source = source
        self.file_name = file_name
        self.plans: list[Plan] = [Plan()]
        self.place = "head"
        self.label = ""
        self.events: list[stages.Event] = []
        self.sure_head: set[str] = set()
        self.process_heading = ""
        self.title_size = -1
        self.period = ""
        self.head_period = ""
        self.head_key = ""
        self.begins_row = False

    @property
    def plan(self) -> Plan:
        return self.plans[-1]

    def read(self) -> list[Plan]:
        blocks = self.source.blocks
        for at, block in enumerate(blocks):
            if self._starts_plan(blocks, at):
                self._end_plan()
            if isinstance(block, Table):
                self.table(block)
            else:
                self.paragraph(block)
        self._end_plan(last=True)
        return self.plans

    # Where a plan begins

    def _starts_plan(self, blocks: Sequence[Block], at: int) -> bool:
        """A title-like line, or a form with 课题, from which sections come again that this plan has already."""
        if not (self.plan.stages or self.events) or not self.plan.sections:
            return False
        block = blocks[at]
        if isinstance(block, Table):
            return _names_a_lesson(block)
        text = block.text
        prominent = block.bold or block.centred or block.level or block.new_page or head.FORM_TITLE.search(text)
        if not text or len(text) > 50 or not prominent or text.endswith("。") or words.PERIOD.match(text):
            return block.new_page and not text and self._repeats(blocks[at + 1 : at + AHEAD])
        label = words.labelled(text)
        if (label and words.section(label.label)) or (words.numbering(text) and not _TITLE.search(text)):
            return False
        return self._repeats(blocks[at + 1 : at + AHEAD])

    def _repeats(self, blocks: Iterable[Block]) -> bool:
        for block in blocks:
            if isinstance(block, Table):
                if _names_a_lesson(block):
                    return True
                continue
            label = words.labelled(block.text)
            key = words.section(label.label) if label else ""
            if key in self.plan.sections:
                return True
            if key and key not in {"key_point.what", "process"} and key not in self.plan.sections:
                return False
        return False

    def _end_plan(self, *, last: bool = False) -> None:
        self._end_process()
        plan = self.plan
        if self.head_period and any(stage.period for stage in plan.stages):
            for stage in plan.stages:
                stage.period = stage.period or self.head_period
        self._weak_head(plan)
        if len(self.plans) > 1:
            for key in HEAD_KEYS[1:]:
                if key in self.plans[-2].head and key not in {"periods", "lesson_type"}:
                    plan.head.setdefault(key, self.plans[-2].head[key])
        if not last:
            self.plans.append(Plan())
            self.sure_head, self.title_size, self.period, self.head_period = set(), -1, "", ""
        self._open("head", "")

    def _weak_head(self, plan: Plan) -> None:
        """What no label and no line of the head told: margins, the file's name, the analysis, the words themselves."""
        prose = "".join(line.plain for line in lines_of(plan.sections.get("textbook.position", ())))
        everything = "".join(line.plain for blocks in plan.sections.values() for line in lines_of(blocks))
        margins = [part for text in self.source.margins for part in [head.line_parts(text)[0]]]
        for parts in (*margins, head.of_file_name(self.file_name), head.of_prose(prose)):
            for key, value in parts.items():
                if key in HEAD_KEYS and key != "periods":
                    plan.head.setdefault(key, value)
        if plan.head.get("edition", "").upper().startswith("PEP"):
            plan.head.setdefault("subject", "英语")
        if "subject" not in plan.head and (guess := head.guessed_subject(everything + _stage_words(plan))):
            plan.head["subject"] = guess
            plan.sure("head.subject", GUESSED)

    # Places

    def _open(self, place: str, label: str, confidence: float = SURE) -> None:
        if self.place == "process" and place != "process":
            self._end_process()
        self.place, self.label = place, label
        if place == "process" and self.period and not self.events:
            self.events.append(Paragraph((of_text(self.period),)))
        if place not in {"head", _TRAY, _HEAD_VALUE, "both_points"}:
            self.plan.sure(place, confidence)

    def _end_process(self) -> None:
        if self.events:
            made = stages.read(self.events)
            self.plan.stages += made
            bare = not any(stage.name for stage in made)
            self.plan.sure("process", GUESSED if bare else SURE)
        self.events = []

    def open_section(self, key: str, label: str, confidence: float) -> None:
        """A section by its key; those without a field of their own go to the tray under their label."""
        if key in _TO_TRAY:
            self._open(_TRAY, words.squeezed(label))
            self.plan.unplaced.append(Unplaced(self.label, []))
        else:
            self._open(key, label, confidence)

    def put(self, blocks: Sequence[Block]) -> None:
        """Blocks into the place that is open."""
        for block in blocks:
            if self.place == "process":
                if isinstance(block, Table) or block.line or any(line.notes for line in block.lines):
                    self.events.append(block)
            elif self.place == "head":
                self._head(block)
            elif self.place == _HEAD_VALUE:
                self.head_value(self.head_key, self.label, [block])
            elif self.place in _POINTS and isinstance(block, Paragraph):
                self._points(block)
            elif self.place == _TRAY:
                self._tray(block)
            else:
                self.plan.put(self.place, [block])

    def _tray(self, block: Block) -> None:
        if isinstance(block, Table) or block.line or any(line.notes for line in block.lines):
            if not self.plan.unplaced:
                self.plan.unplaced.append(Unplaced(self.label, []))
            self.plan.unplaced[-1].blocks.append(block)

    # The flow

    def paragraph(self, paragraph: Paragraph) -> None:
        found = self._section(paragraph)
        if found is None:
            self._plain(paragraph)
            return
        self._section_begins(paragraph, found)

    def _section_begins(self, paragraph: Paragraph, found: tuple[str, words.Labelled, float]) -> None:
        key, label, confidence = found
        first = paragraph.lines[0]
        rest = first.cut(label.end).strip()
        tail = [replace(paragraph, lines=tuple(line for line in (rest, *paragraph.lines[1:]) if line))]
        if words.squeezed(label.label) in _KEPT_LABELS and rest:
            tail = [paragraph]
        if key == "process" and self.place == "process":
            self.put(tail if rest else [])
            return
        self.open_section(key, label.label, confidence)
        if key == "process":
            self.process_heading = _look(paragraph)
            self._period_in(label.label)
        alone = rest and not tail[0].lines[1:] and words.section(rest.text)
        self.put([] if alone or not tail[0].lines else tail)
        if not rest and first.notes:
            self.put([Paragraph((Line(notes=first.notes),))])

    def _period_in(self, label: str) -> None:
        found = re.search(r"第[一二三四五六七八九十\d]课时", label)
        if found:
            self.events.append(Paragraph((of_text(found[0]),)))

    def _plain(self, paragraph: Paragraph) -> None:
        period = words.PERIOD.match(paragraph.text)
        if period and self.place == "head":
            self.head_period = re.sub(r"\s", "", period["period"])
        if period and self.place != "head":
            self.period = re.sub(r"\s", "", period["period"])
            if self.place != "process":
                if self.plan.stages:
                    self._open("process", "")
                return
        elif self.place not in {"head", "process"} and self._head_begins(paragraph):
            return
        self.put([paragraph])

    def _head_begins(self, paragraph: Paragraph) -> bool:
        """六、课时安排 among the sections: head data under a heading of its own."""
        line = paragraph.lines[0] if paragraph.lines else Line()
        label = words.labelled(line.text)
        key = words.head(label.label) if label else ""
        if not key or label is None or words.squeezed(label.label) in words.SHORT:
            return False
        heading = paragraph.level or label.bracketed or words.numbering(line.text)
        bold = line.cut(words.without_number(line.text), label.end).strip().bold
        if not (heading and label.alone) and not (bold and (label.alone or not line.bold)):
            return False
        self._open(_HEAD_VALUE, label.label)
        self.head_key = key
        rest = line.cut(label.end).strip()
        tail = [part for part in (rest, *paragraph.lines[1:]) if part]
        self.put([replace(paragraph, lines=tuple(tail))] if tail else [])
        return True

    def _section(self, paragraph: Paragraph) -> tuple[str, words.Labelled, float] | None:
        """The section that a line opens, if it opens one."""
        if not paragraph.lines:
            return None
        line = paragraph.lines[0]
        label = words.labelled(line.text)
        key = words.section(label.label) if label else ""
        if label is None or not key:
            return None
        start = words.without_number(line.text)
        bold = line.cut(start, label.end).strip().bold
        numbered = words.numbering(line.text)
        counted = paragraph.listed is not None and paragraph.listed.counts and (bold or label.alone)
        strong = bool(label.bracketed or paragraph.level or bold or numbered or counted or self.begins_row)
        short = words.squeezed(label.label) in words.SHORT
        if key in _POINTS and self.place in _POINTS and not label.alone:
            return key, label, SURE
        if short and not strong and not (label.alone and line.text.rstrip().endswith(("：", ":"))):
            return None
        if self.place == "process" and not self._leaves_process(paragraph, key, label, strong, short):
            return None
        if self.place == "preparation.teacher" and key == self.place and not label.alone:
            return None
        return key, label, SURE if strong else LIKELY

    def _leaves_process(self, paragraph: Paragraph, key: str, label: words.Labelled, strong: bool, short: bool) -> bool:
        """Whether a section's name in the process ends it: 板书 is also written in a stage, 布置作业 may be one."""
        text = paragraph.lines[0].text
        if key == "process":
            return label.alone and not words.MINUTES.search(text) and not words.numbering(text)
        if words.stage_label(label.label) and not (words.numbering(text) or paragraph.level):
            return False
        if not strong and (short or not label.alone):
            return False
        if words.MINUTES.search(paragraph.text) and key == "homework":
            return False
        look = _look(paragraph)
        same = any(isinstance(event, Paragraph) and event.text and _look(event) == look for event in self.events)
        plain = look in {"", "bold"}
        return plain or look == self.process_heading or not same

    # The head

    def _head(self, block: Block) -> None:
        if isinstance(block, Table):
            self.plan.unplaced.append(Unplaced("", [block]))
            return
        line = block.line.strip()
        if not line:
            if any(part.notes for part in block.lines):
                self.plan.unplaced.append(Unplaced("", [block]))
            return
        text = line.plain
        if len(text) > 90 or not text:
            self.plan.unplaced.append(Unplaced("", [block]))
            return
        quoted = re.search(r"《([^《》]+)》", text)
        rest = text
        label = words.labelled(text)
        if quoted and not (label and not label.alone and words.head(label.label)) and "title" not in self.sure_head:
            self._title(head.title_of(text), block.size)
            rest = re.sub(r"^\s*\d{1,2}\s*[.．、]?\s*$", "", f"{text[: quoted.start()]} {text[quoted.end() :]}".strip())
            rest = words.NUMBERING.sub("", rest, 1) if quoted.start() < 5 else rest
            rest = re.sub(r"^\s*\d{1,2}\s*[.．、]?\s+", "", rest)
        elif self._is_title(block, text):
            return
        self._head_line(rest)
        if any(ord(sign) >= 0x100000 for sign in line.text) or line.notes:
            signs = "".join(sign for sign in line.text if ord(sign) >= 0x100000)
            held = Line(signs, b"\0" * len(signs), tuple((0, key) for _, key in line.notes))
            self.plan.unplaced.append(Unplaced("", [Paragraph((held,))]))

    def _is_title(self, block: Paragraph, text: str) -> bool:
        """A line that stands out and tells no head data is the lesson's name; a second of the same size goes on with it."""
        label = words.labelled(text)
        if "title" in self.sure_head or words.PERIOD.match(text) or (label and words.head(label.label)):
            return False
        found, left = head.entities(text)
        bare = head.title_of(left) if found else head.title_of(text)
        stands_out = bool(block.bold or block.centred or block.level or block.size >= 28)
        if head.FORM_TITLE.search(text) and left and len(left) > 1 and not re.fullmatch(r"[组科校]{1,2}", left):
            self._title(bare, block.size)
            self._head_line(text.replace(left, " "))
            return True
        if found or not stands_out or not re.search(r"\w", bare) or head.FORM_TITLE.fullmatch(text.strip()):
            return False
        if not left:
            return False
        known = self.plan.head.get("title", "")
        if known and self.title_size == block.size and len(known) + len(text) < 60:
            self.plan.head["title"] = f"{known} {text}"
        elif not known:
            self._title(bare, block.size)
        else:
            return False
        return True

    def _title(self, title: str, size: int) -> None:
        if "title" not in self.plan.head:
            self.plan.head["title"], self.title_size = title, size
        elif self.plan.head["title"] != title:
            self.plan.unplaced.append(Unplaced("", [Paragraph((of_text(title),))]))

    def _head_line(self, text: str) -> None:
        found, rest = head.line_parts(text)
        label = words.labelled(text)
        labelled = {words.head(label.label)} if label and not label.alone else set()
        for key, value in found.items():
            self._told(key, value, sure=key in labelled)
        for name, left in rest:
            if re.search(r"\w", left) and left not in {"组", "科", "学科"}:
                self.plan.unplaced.append(Unplaced(name, [Paragraph((of_text(left),))]))

    def _told(self, key: str, value: str, *, sure: bool) -> None:
        known = self.plan.head.get(key)
        if known is None or (sure and key not in self.sure_head):
            if known and known != value and key == "title" and known not in value:
                self.plan.unplaced.append(Unplaced("", [Paragraph((of_text(known),))]))
            self.plan.head[key] = value
        elif known != value and known not in value and value not in known:
            self.plan.unplaced.append(Unplaced("", [Paragraph((of_text(value),))]))
        if sure:
            self.sure_head.add(key)

    def head_value(self, key: str, label: str, blocks: Sequence[Block]) -> None:
        """A labelled cell of the head."""
        lines = [line for line in lines_of(blocks) if line]
        text = "\u3000".join(line.plain for line in lines)
        parts = head.value_parts(key, text) if key in HEAD_KEYS else {}
        if key == "content" and text:
            found = {k: v for k, v in head.entities(text)[0].items() if k in {"grade", "volume", "edition"}}
            bare = "title" not in self.plan.head and len(text) <= 40
            parts = head.value_parts("title", text) if bare and not found else {}
            for name, value in found.items():
                self.plan.head.setdefault(name, value)
        for name, value in parts.items():
            self._told(name, value, sure=name == key)
        kept = [block for block in blocks if isinstance(block, Table) or block.line]
        objects = any(ord(sign) >= 0x100000 for line in lines for sign in line.text) or any(li.notes for li in lines)
        if kept and (not parts or objects or _left_over(key, text, parts)):
            self.plan.unplaced.append(Unplaced(words.squeezed(label), kept))

    # 重点 and 难点

    def _points(self, paragraph: Paragraph) -> None:
        """教学重难点 with 重点：… 难点：… in lines, or in one line."""
        for line in paragraph.lines:
            at, point = 0, ""
            for found in _POINT_LABEL.finditer(line.text):
                before = line.text[: found.start()].rstrip()
                if words.without_number(f"{before}#") < len(before) and not before.endswith(("。", "；", ";", "　")):
                    continue
                self._point(point, paragraph, line.cut(at, found.start()))
                at, point = found.end(), found["point"]
            self._point(point, paragraph, line.cut(at))

    def _point(self, point: str, paragraph: Paragraph, line: Line) -> None:
        if point:
            self.place = {"重点": "key_point.what", "难点": "difficulty.what"}[point]
            self.plan.sure(self.place, SURE)
        kept = line.strip()
        if not kept and not kept.notes:
            return
        if words.without_number(f"{kept.text}#") >= len(kept.text) and not kept.notes:
            return
        if self.place == "both_points":
            self.plan.sure("key_point.what", GUESSED)
        place = "key_point.what" if self.place == "both_points" else self.place
        self.plan.put(place, [replace(paragraph, lines=(kept,))])

    # Tables

    def table(self, table: Table) -> None:
        """A form row by row; a table without labels is content of the place that is open."""
        Form(self, table).read()

    def process_row(self, row: stages.Row) -> None:
        if self.place != "process":
            self._open("process", "")
        self.events.append(row)

    def labelled_cells(self, cells: Sequence[Cell], inside: Callable[[Cell], None]) -> None:
        """A row of labels and values: 课题 | 几分之一 | 课型 | 新授课."""
        for label, values in pairs(cells):
            if label is None:
                for cell in values:
                    inside(cell)
                continue
            blocks = [block for cell in values for block in cell.blocks]
            section = words.section(label.text)
            key = words.head(label.text)
            if section and not (key and self._is_short_head(key, values)):
                self.open_section(section, label.text, SURE)
                for cell in values:
                    inside(cell)
            elif key:
                self.head_value(key, label.text, blocks)
            else:
                self.unknown(label, blocks)

    def aside(self, label: str, blocks: Sequence[Block]) -> None:
        """Blocks for the tray that leave the open place as it is."""
        self.plan.unplaced.append(Unplaced(label, list(blocks)))

    def _is_short_head(self, key: str, values: Sequence[Cell]) -> bool:
        return key in {"title", "content", "periods"} and sum(len(cell.text) for cell in values) <= 40

    def unknown(self, label: Cell, blocks: Sequence[Block]) -> None:
        """A label that no list has: its words stay with what it labels, in the tray."""
        words_of = [block for block in label.blocks if isinstance(block, Table) or block.line]
        self.plan.unplaced.append(Unplaced(label.text, [*words_of, *blocks]))


def _left_over(key: str, text: str, parts: dict[str, str]) -> bool:
    """Whether a value says more than its parts keep."""
    rest = re.sub(r"\s", "", text)
    for value in sorted(parts.values(), key=len, reverse=True):
        rest = rest.replace(re.sub(r"\s", "", value), "", 1)
    return key not in {"title", "subject"} and len(re.sub(r"\W", "", rest)) > 1


def _names_a_lesson(table: Table) -> bool:
    return any(words.head(cell.text) == "title" for row in table.rows[:3] for cell in row)


def _look(paragraph: Paragraph) -> str:
    """How a line is set and numbered, to tell headings of one rank from those of another."""
    if paragraph.level:
        return f"level{paragraph.level}"
    if paragraph.listed:
        return f"list{paragraph.listed.number}.{paragraph.listed.depth}" if paragraph.bold else ""
    found = words.numbering(paragraph.text)
    if found:
        return found.kind
    if paragraph.text.startswith(("【", "[")):
        return "bracket"
    return "bold" if paragraph.bold else ""


def _stage_words(plan: Plan) -> str:
    return "".join(line.plain for stage in plan.stages for blocks in stage.parts.values() for line in lines_of(blocks))


def recognised(source: Source, file_name: str) -> list[Plan]:
    """The plans of a file, at least one."""
    return Recogniser(source, file_name).read()
