"""Documents of the kinds whose substance is files: what a teacher says about them."""

from collections.abc import Mapping
from dataclasses import dataclass

from library.documents.fields import Document, RichText, Row, number, ordered, rich, rows, text


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText(Row):
    """The words of one slide or page, so that search can say 第7页."""

    words: RichText = rich("文字")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesDocument(Document):
    """课件, 学习任务单, 校本作业, 素材 as files."""

    introduction: RichText = rich("内容简介")
    usage: RichText = rich("使用建议")
    answers: RichText = rich("答案与提示")
    pages: Mapping[str, PageText] = rows("文件里的文字", PageText, noun="第{}页")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter(Row):
    """微课的一段: where it starts and what it is about."""

    start: int | None = number("开始", unit="秒", required=True)
    title: str = text("标题", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Row):
    """One spoken line of the transcript (文字稿), from its second on."""

    start: int | None = number("开始", unit="秒")
    words: str = text("文字")


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroLessonDocument(Document):
    """微课: what it explains, its chapters and its transcript (文字稿)."""

    introduction: RichText = rich("内容简介")
    chapters: Mapping[str, Chapter] = rows("章节", Chapter, noun="章节")
    transcript: Mapping[str, Line] = rows("文字稿", Line, noun="文字稿")
    usage: RichText = rich("使用建议")


def clock(seconds: int) -> str:
    """02:13, or 1:02:13 from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def chapters(document: MicroLessonDocument) -> list[Chapter]:
    """Chapters by time."""
    return sorted((c for _, c in ordered(document.chapters)), key=lambda c: c.start or 0)


def transcript(document: MicroLessonDocument) -> list[Line]:
    """Spoken lines by time."""
    return sorted((line for _, line in ordered(document.transcript)), key=lambda line: line.start or 0)


def timed_passages(document: MicroLessonDocument) -> list[tuple[str, str]]:
    """(clock, text) of chapters and spoken lines."""
    return [(clock(c.start or 0), c.title) for c in chapters(document)] + [
        (clock(line.start or 0), line.words) for line in transcript(document)
    ]
