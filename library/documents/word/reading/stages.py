"""The stages of a 教学过程, from rows of a table, from headings, or from prose with 师 and 生.

What stands in the process is gathered first, in order; then the lines that are headings of the outermost stages are told
from those below them, and every line goes into its part of its stage.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from library.documents.word.reading import words
from library.documents.word.reading.blocks import Block, Cell, Line, Paragraph, Table, joined
from library.documents.word.reading.plan import Stage, lines_of

PARTS = ("teacher", "pupils", "intent", "checkpoints", "second_preparation", "question")
_TEACHER = re.compile(r"^\s*(?:教师|老师|师|T)\s*\d?\s*[：:]", re.I)
_PUPIL = re.compile(r"^\s*(?:(?:学生|Ss|Students?)|生\s*\d{0,2}\s*[：:（(]|生(?![字词活物命产日长态动气肖意理平病词]))")
_BRACKET_LABEL = re.compile(
    r"(?P<open>[（(【\[〔])\s*(?P<label>设计意图|教学意图|活动意图|意图|设计说明|设计思考|意图说明|评价要点|评价标准|二次备课|个性化修改)\s*"
    r"(?:(?P<close>[】\])）〕])\s*[：:]?|[：:])\s*"
)
_CLOSING = {"（": "）", "(": ")", "【": "】", "[": "]", "〔": "〕"}
_SENTENCE = re.compile(r"[。；;！？?!…]\s*[”’）)]?\s*$")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a process table: its cells by the part that their column holds."""

    cells: Mapping[str, tuple[Cell, ...]]
    continues: bool
    names: bool


Event = Paragraph | Table | Row


@dataclass(frozen=True, slots=True)
class Heading:
    """What a line looks like as a heading of a stage."""

    sort: str
    timed: bool
    strong: bool


def heading(paragraph: Paragraph) -> Heading | None:
    """The look of a line that may head a stage; None for one that cannot."""
    text = paragraph.text
    if not text or len(text) > 60 or words.PERIOD.match(text):
        return None
    timed = bool(words.MINUTES.search(text)) and len(text) <= 45
    label = words.labelled(text)
    if label and words.stage_label(label.label) and not timed:
        return None
    sort, strong = _sort(paragraph, text, timed)
    if not sort or (_SENTENCE.search(text) and not (timed and sort != "plain") and not paragraph.level):
        return None
    return Heading(sort, timed, strong)


def _sort(paragraph: Paragraph, text: str, timed: bool) -> tuple[str, bool]:
    """How a heading is made, and whether it is surely one."""
    bold = paragraph.bold
    numbered = words.numbering(text)
    if paragraph.level:
        return f"level{paragraph.level}", True
    if paragraph.listed and paragraph.listed.counts and (bold or timed):
        return f"list{paragraph.listed.depth}", True
    if numbered is None:
        return ("plain", timed) if (bold or timed) and len(text) <= 30 and "：" not in text[:6] else ("", False)
    if numbered.kind in {"cn", "step"}:
        return numbered.kind, bold or timed or numbered.kind == "cn" or len(text) <= 24
    if numbered.kind == "pcn":
        return "pcn", bold or timed
    return (numbered.kind, bold and timed) if bold or timed else ("", False)


def outermost(events: Sequence[Event]) -> str:
    """The sort of the headings that divide the process; empty for prose."""
    found = [look for event in events if isinstance(event, Paragraph) and (look := heading(event))]
    if not found:
        return ""
    counts = Counter(look.sort for look in found)
    timed = Counter(look.sort for look in found if look.timed)
    sure = [look for look in found if look.strong]
    best = [look for look in found if timed[look.sort] * 2 >= counts[look.sort] and timed[look.sort]]
    for choice in (best, [look for look in sure if look.sort != "plain"], [look for look in found if look.strong]):
        if choice:
            return choice[0].sort
    plain = [look.sort for look in found if counts[look.sort] > 1]
    return plain[0] if plain else ""


@dataclass(slots=True)
class _State:
    """Where reading stands: the stages so far, the lesson period, the part that a label has opened."""

    stages: list[Stage] = field(default_factory=list)
    period: str = ""
    mode: str = ""
    once: str = ""
    closing: str = ""

    def stage(self) -> Stage:
        if not self.stages or (self.period and self.stages[-1].period != self.period):
            self.stages.append(Stage(period=self.period))
        return self.stages[-1]

    def begin(self, stage: Stage) -> None:
        stage.period = self.period
        self.stages.append(stage)
        self.mode, self.once, self.closing = "", "", ""


def read(events: Sequence[Event]) -> list[Stage]:
    """Stages in order. A process without headings is one stage without a name."""
    state = _State()
    named = any(isinstance(event, Row) and event.names for event in events)
    sort = "" if named else outermost(events)
    for number, event in enumerate(events):
        if isinstance(event, Row):
            _row(event, state)
        elif isinstance(event, Table):
            state.stage().add(state.mode or "teacher", event)
        elif not _period(event, state):
            look = heading(event)
            following = events[number + 1 : number + 2]
            leads = named and look and look.strong and any(isinstance(e, Row) and not e.names for e in following)
            if (look and look.sort == sort) or leads:
                state.begin(_named(event.lines))
            else:
                _line(event, state)
    return [stage for stage in state.stages if not stage.is_empty]


def _period(paragraph: Paragraph, state: _State) -> bool:
    found = words.PERIOD.match(paragraph.text)
    if found:
        state.period = re.sub(r"\s", "", found["period"])
    return bool(found)


def _named(lines: Iterable[Line]) -> Stage:
    """A stage from its heading: the name without number and minutes."""
    whole = joined([line.strip() for line in lines if line], "").strip()
    minutes = None
    found = words.MINUTES.search(whole.text)
    if found:
        minutes = _minutes(found["minutes"])
        whole = joined((whole.cut(0, found.start()), whole.cut(found.end()))).strip()
    start = words.without_number(whole.text)
    name = whole.cut(start).strip()
    bracketed = re.fullmatch(r"[【\[](?P<inner>[^】\]]+)[】\]]", name.text)
    if bracketed:
        name = name.cut(1, len(name.text) - 1)
    name = name.cut(0, len(name.text.rstrip("：: "))) if name.text.endswith(("：", ":")) else name
    return Stage(name=name, minutes=minutes)


def _minutes(text: str) -> int | None:
    value = words.to_number(text)
    return value if 0 < value <= 600 else None


def _line(paragraph: Paragraph, state: _State) -> None:
    """A paragraph of the flow, its lines to the parts that they belong to."""
    part = ""
    for piece in _pieces(paragraph):
        if state.closing:
            piece = _until_closed(piece, state)
            state.stage().add(state.once, piece)
            continue
        part = _labelled(piece, state, part)


def _pieces(paragraph: Paragraph) -> list[Paragraph]:
    """The paragraph by its soft breaks, cut where 【设计意图】 begins inside a line."""
    found: list[Paragraph] = []
    for line in paragraph.lines:
        at = 0
        for match in _BRACKET_LABEL.finditer(line.text):
            if match.start() > at and line.text[at : match.start()].strip():
                found.append(replace(paragraph, lines=(line.cut(at, match.start()),)))
                at = match.start()
        found.append(replace(paragraph, lines=(line.cut(at),)))
    return found


def _labelled(piece: Paragraph, state: _State, part: str) -> str:
    """Put one line where its label or its speaker says; answers the part, which the next soft line keeps."""
    line = piece.lines[0]
    found = _BRACKET_LABEL.match(line.text) or None
    if found:
        return _bracketed(piece, found, state)
    label = words.labelled(line.text)
    key = words.stage_label(label.label) if label and (label.bracketed or _has_colon(label, line)) else ""
    if key == "minutes" and label:
        state.stage().minutes = _minutes("".join(re.findall(r"\d+", line.text[label.end :])[:1])) or None
        return part
    if label and key:
        rest = line.cut(label.end).strip()
        if not rest:
            state.mode, state.once = ("", key) if key in {"intent", "checkpoints", "question"} else (_mode(key), "")
            return part
        state.stage().add(_mode(key) or speaker(rest.text), replace(piece, lines=(rest,)))
        return _mode(key)
    target = state.once or part or _by_mode(state.mode, line.text)
    state.once = ""
    state.stage().add(target, piece)
    return part


def _has_colon(label: words.Labelled, line: Line) -> bool:
    return (label.alone and label.end == len(line.text)) or line.text[: label.end].rstrip().endswith(("：", ":"))


def _mode(key: str) -> str:
    return "" if key == "both" else key


def _by_mode(mode: str, text: str) -> str:
    """A speaker's label is stronger than the part that was opened."""
    if _TEACHER.match(text) and mode not in {"intent", "checkpoints"}:
        return "teacher"
    return mode or speaker(text)


def speaker(text: str) -> str:
    """Whose line it is: 生 and 学生 begin the pupils', everything else is the teacher's."""
    start = words.without_number(text)
    return "pupils" if _PUPIL.match(text[start:]) and not _TEACHER.match(text[start:]) else "teacher"


def _bracketed(piece: Paragraph, found: re.Match[str], state: _State) -> str:
    """【设计意图】 with what follows, or （设计意图：…） up to its closing bracket, also paragraphs later."""
    line = piece.lines[0]
    key = words.stage_label(found["label"])
    rest = line.cut(found.end())
    if found["close"]:
        if rest.strip():
            state.stage().add(key, replace(piece, lines=(rest.strip(),)))
            return key
        state.once = key
        return ""
    state.once, state.closing = key, _CLOSING[found["open"]]
    state.stage().add(key, _until_closed(replace(piece, lines=(rest,)), state))
    return ""


def _until_closed(piece: Paragraph, state: _State) -> Paragraph:
    line = piece.lines[0].strip()
    text = line.text.rstrip("。 ")
    if text.endswith(state.closing):
        line, state.closing = line.cut(0, len(text) - 1).strip(), ""
    elif not line:
        state.closing = ""
    return replace(piece, lines=(line,))


def _row(row: Row, state: _State) -> None:
    """One row of a table: a new stage where its name begins, else more of the one above."""
    named = [cell for cell in row.cells.get("name", ()) if not cell.continued and not cell.is_empty]
    if named:
        _begin_row(named, state)
    elif not row.continues and not row.names and state.stages and state.stages[-1].parts and not _is_open(state):
        _begin_unnamed(row, state)
    stage = state.stage()
    for part, cells in row.cells.items():
        for cell in cells:
            if part == "minutes" and not cell.continued:
                found = re.search(r"\d+|[一二三四五六七八九十]+", cell.text)
                stage.minutes = (_minutes(found[0]) if found else None) or stage.minutes
            elif part not in {"name", "number", "minutes"}:
                _fill(stage, part, cell.blocks)


def _begin_row(named: Sequence[Cell], state: _State) -> None:
    """The name's cell: the period may stand above the name, more words below it."""
    lines = [line.strip() for line in lines_of([block for cell in named for block in cell.blocks]) if line]
    while lines and (found := words.PERIOD.match(lines[0].text)):
        state.period = re.sub(r"\s", "", found["period"])
        lines = lines[1:]
    kept = len(lines) if sum(len(line.text) for line in lines) <= 36 else _name_lines(lines)
    state.begin(_named(lines[:kept]))
    for line in lines[kept:]:
        if not words.MINUTES.fullmatch(line.text):
            state.stages[-1].add("teacher", Paragraph((line,)))
        elif state.stages[-1].minutes is None:
            state.stages[-1].minutes = _named([line]).minutes


def _name_lines(lines: Sequence[Line]) -> int:
    """A first line that is only a number (环节一：) does not name a stage yet."""
    first = lines[0].text
    return 2 if words.without_number(f"{first}#") >= len(first) else 1


def _is_open(state: _State) -> bool:
    """The stage above was begun by a heading of its own, so further rows belong to it."""
    return bool(state.stages[-1].name)


def _begin_unnamed(row: Row, state: _State) -> None:
    state.begin(Stage())
    del row


def _fill(stage: Stage, part: str, blocks: Iterable[Block]) -> None:
    """A cell's blocks into its part; intents in brackets go to theirs, a shared column is told apart by its speakers."""
    inner = _State(stages=[stage], period=stage.period)
    if part in PARTS:
        inner.mode = part
    for block in blocks:
        if isinstance(block, Table):
            stage.add(inner.mode or "teacher", block)
        elif part in {"both", "content"}:
            _line(block, inner)
        elif part in {"teacher", "pupils"}:
            _column_line(block, inner, part)
        else:
            stage.add(part, block)


def _column_line(block: Paragraph, inner: _State, part: str) -> None:
    """A paragraph of one's own column stays there, but for a bracketed intent."""
    for piece in _pieces(block):
        if inner.closing:
            inner.stage().add(inner.once, _until_closed(piece, inner))
            continue
        found = _BRACKET_LABEL.match(piece.lines[0].text)
        if found:
            _bracketed(piece, found, inner)
        else:
            inner.stage().add(inner.once or part, piece)
            inner.once = ""
