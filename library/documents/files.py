"""Documents of the kinds whose substance is files: what a teacher says about them."""

from collections.abc import Mapping
from dataclasses import dataclass

from library.documents.fields import Document, RichText, Row, number, ordered, rich, rows, text


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesDocument(Document):
    """课件, 学习任务单, 校本作业, 素材 as files."""

    introduction: RichText = rich("内容简介")
    usage: RichText = rich("使用建议")
    answers: RichText = rich("答案与提示")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter(Row):
    """微课的一段: where it starts and what it is about."""

    start: int | None = number("开始", unit="秒", required=True)
    title: str = text("标题", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroLessonDocument(Document):
    """微课: what it explains, its chapters and its transcript (文字稿)."""

    introduction: RichText = rich("内容简介")
    chapters: Mapping[str, Chapter] = rows("章节", Chapter, noun="章节")
    transcript: RichText = rich("文字稿")
    usage: RichText = rich("使用建议")


def clock(seconds: int) -> str:
    """02:13, or 1:02:13 from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def chapters(document: MicroLessonDocument) -> list[Chapter]:
    """Chapters by time."""
    return sorted((c for _, c in ordered(document.chapters)), key=lambda c: c.start or 0)
