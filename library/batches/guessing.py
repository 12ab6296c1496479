"""What a file's name and folders say about it: 三上_数学_5.1_口算乘法_教学设计_张三.docx, in any order, with parts missing.

The grammar of grade and volume is that of school books; the names of subjects, editions and kinds come from the
registered vocabulary. Nothing here asks the database: `Names` is what a caller knows.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from library.resources.models import Kind

DIGITS = "一二三四五六"
_GRADE = re.compile(rf"([{DIGITS}1-6])(?:年级)?(上|下)(?:册|学期)?|([{DIGITS}1-6])年级")
_HALF = re.compile(r"^(上|下)册$")
_NUMBER = re.compile(r"^(?:第)?(\d{1,2})(?:[.．](\d{1,2}))?(?:单元|课|节)?(?=\D|$)")
_UNIT = re.compile(rf"第?([{DIGITS}七八九十]{{1,3}}|\d{{1,2}})单元")
_PERIOD = re.compile(r"第?[一二三四五六七八九十\d]{1,2}课时")
_SPLIT = re.compile(r"[_＿\-－—–+＋·、，,;；|｜\s]+|[()（）\[\]【】{}《》<>]")
_COPY = re.compile(r"(?:副本|最新版?|定稿|终稿|修改稿?|新版|final|copy|v\d+)$", re.IGNORECASE)
CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
BY_FAMILY: Mapping[str, Kind] = {
    "slides": Kind.COURSEWARE,
    "video": Kind.MICRO_LESSON,
    "word": Kind.LESSON_DESIGN,
    "pdf": Kind.LESSON_DESIGN,
}
"""What a file probably is when its name does not say."""


@dataclass(frozen=True, slots=True)
class Names:
    """What words mean: subjects, editions and kinds by what teachers call them, and the people of the school."""

    subjects: Mapping[str, str] = field(default_factory=dict)
    editions: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    people: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Guess:
    """What was understood; empty is not said."""

    grade: int | None = None
    volume: str = ""
    subject: str = ""
    edition: str = ""
    unit: int | None = None
    lesson: int | None = None
    kind: str = ""
    author: str = ""
    title: str = ""


def guess(path: str, names: Names) -> Guess:
    """Read the name; what it leaves open, the folders above it may say, the nearest first."""
    *folders, name = [part for part in path.replace("\\", "/").split("/") if part] or [""]
    found = _read(name.rpartition(".")[0] or name, names, is_file=True)
    for folder in reversed(folders):
        found = _filled(found, _read(folder, names, is_file=False))
    return found


def _filled(near: Guess, far: Guess) -> Guess:
    """Of a folder only the place and the kind count: its other words are no title."""
    return replace(
        near,
        grade=near.grade or far.grade,
        volume=near.volume or far.volume,
        subject=near.subject or far.subject,
        edition=near.edition or far.edition,
        unit=near.unit or far.unit,
        lesson=near.lesson or (far.lesson if not near.unit else None),
        kind=near.kind or far.kind,
        author=near.author or far.author,
        title=near.title or far.title,
    )


def _read(words: str, names: Names, *, is_file: bool) -> Guess:
    found, rest = Guess(), []
    tokens = [token for token in _SPLIT.split(words) if token]
    for token in tokens:
        found, left = _token(token, found, names)
        if left:
            rest.append(left)
    rest = [part for part in rest if not _COPY.fullmatch(part)]
    if not found.author and len(rest) > 1 and _may_be_a_name(rest[-1]) and is_file:
        found = replace(found, author=rest.pop())
    return replace(found, title=" ".join(rest).strip(" ."))


def _may_be_a_name(word: str) -> bool:
    """The last of several parts, two or three characters: 张三. The review table shows it before anything is made."""
    return 2 <= len(word) <= 3 and all("一" <= c <= "鿿" for c in word)


def _token(token: str, found: Guess, names: Names) -> tuple[Guess, str]:
    """One part of the name: what it says, and the words of it that say nothing of the place."""
    if token in names.people and not found.author:
        return replace(found, author=token), ""
    found, token = _place(token, found)
    found, token = _name(token, found, "edition", names.editions)
    found, token = _name(token, found, "subject", names.subjects)
    found, token = _place(token, found)
    found, token = _numbers(token, found)
    return _kind(token, found, names)


def _place(token: str, found: Guess) -> tuple[Guess, str]:
    """三上, 三年级上册, 3年级 at the beginning of a part, or 上册 alone."""
    at = _GRADE.match(token)
    if at and not found.grade:
        grade = at[1] or at[3]
        number = CHINESE.get(grade) or int(grade)
        return replace(found, grade=number, volume=_volume(at[2]) or found.volume), token[at.end() :]
    half = _HALF.match(token)
    if half and not found.volume:
        return replace(found, volume=_volume(half[1])), ""
    return found, token


def _volume(half: str | None) -> str:
    return {"上": "first", "下": "second"}.get(half or "", "")


def _name(token: str, found: Guess, column: str, known: Mapping[str, str]) -> tuple[Guess, str]:
    """A subject or edition at the beginning of a part, the longest name first: 人教版数学.

    Where words of a title follow (数学广角), the name is understood and stays in the title.
    """
    if getattr(found, column):
        return found, token
    for word in sorted(known, key=len, reverse=True):
        if token.lower().startswith(word.lower()):
            rest = token[len(word) :]
            is_place = not rest or column == "edition" or _GRADE.match(rest) or _NUMBER.match(rest) or _UNIT.match(rest)
            said = replace(found, edition=known[word]) if column == "edition" else replace(found, subject=known[word])
            return said, rest if is_place else token
    return found, token


def _numbers(token: str, found: Guess) -> tuple[Guess, str]:
    """第五单元, 5.1, 5 口算乘法: the unit, and the lesson in it."""
    unit = _UNIT.match(token)
    if unit:
        return replace(found, unit=found.unit or _chinese(unit[1])), token[unit.end() :]
    if _PERIOD.match(token):
        return found, token
    number = _NUMBER.match(token)
    if number and not found.lesson:
        first, second = int(number[1]), int(number[2]) if number[2] else None
        rest = token[number.end() :].lstrip(".．")
        if second is not None:
            return replace(found, unit=found.unit or first, lesson=second), rest
        return replace(found, lesson=first), rest
    return found, token


def _chinese(word: str) -> int:
    if word.isdigit():
        return int(word)
    tens, _, ones = word.partition("十")
    if "十" not in word:
        return CHINESE.get(word, 0)
    return (CHINESE.get(tens, 1) if tens else 1) * 10 + CHINESE.get(ones, 0)


def _kind(token: str, found: Guess, names: Names) -> tuple[Guess, str]:
    """教学设计 as a part of its own, or at the end of one: 口算乘法教学设计."""
    if found.kind:
        return found, token
    for word in sorted(names.kinds, key=len, reverse=True):
        if token.lower().endswith(word.lower()) and (len(word) > 1):
            return replace(found, kind=names.kinds[word]), token[: len(token) - len(word)].rstrip("的")
    return found, token


def kind_for(said: str, family: str, takes: Mapping[str, frozenset[str]]) -> str:
    """The kind a file becomes: what its name says if that kind takes such files, else what such files usually are.

    Args:
        takes: kind → families of files it takes; empty: any, as the file that stands for its text.
    """
    wanted: Iterable[str] = (said, BY_FAMILY.get(family, ""), Kind.MATERIAL)
    return next((k for k in wanted if k in takes and (not takes[k] or family in takes[k])), str(Kind.MATERIAL))
