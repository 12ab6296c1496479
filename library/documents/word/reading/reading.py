"""The one door: a .docx on the disk becomes lesson designs, the shared JSON, and what must be told about the file."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from library.documents.fields import RichText
from library.documents.lesson_design import LessonDesignDocument
from library.documents.word.reading import arranged, body, package, recogniser, shared, typed
from library.documents.word.reading.blocks import Source
from library.documents.word.reading.package import Unreadable
from library.documents.word.reading.richer import Rich

__all__ = ["Read", "Unreadable", "read"]

MOST_CHARACTERS = 300_000
MOST_STAGES = 400


@dataclass(slots=True)
class Read:
    """Everything of one file.

    Attributes:
        designs: one for each plan, in their order.
        plans: the same in the shape of the shared JSON.
        original: the whole file as neutral rich text, to be shown beside what was recognised.
        notes: what was done on the way, in sentences for the teacher.
        pictures: parts of the archive that are pictures of the designs.
    """

    designs: list[typed.Design]
    plans: list[dict[str, Any]]
    original: RichText
    notes: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


def read(path: Path, name: str) -> Read:
    """Read a file.

    Raises:
        Unreadable: it is damaged, too large, or has no words.
    """
    opened = package.opened(path)
    source = body.read(opened)
    _refuse_empty(source)
    printed = arranged.read(source, LessonDesignDocument)
    plans = recogniser.recognised(source, name)
    if printed is not None:
        designs = [typed.of_arranged(printed, source)]
    else:
        designs = [typed.of_plan(plan, source, is_first=at == 0) for at, plan in enumerate(plans)]
    return Read(
        designs=designs,
        plans=shared.plans(source, plans),
        original=Rich(source).text(source.blocks),
        notes=_notes(source, plans),
        pictures=sorted({picture.part for picture in source.pictures if picture.part}),
    )


def _refuse_empty(source: Source) -> None:
    words = sum(len(line.plain) for line in typed.lines_of(source.blocks))
    if words > MOST_CHARACTERS:
        raise Unreadable(f"有 {words} 个字，超过 {MOST_CHARACTERS} 字", "请把它拆成几个文件后再导入")
    if words:
        return
    if source.pictures:
        raise Unreadable("里只有图片，没有能读的文字", "请导入打字的原稿；只有扫描件时，可以把它作为附件上传")
    raise Unreadable("里没有文字", "请打开看看是不是选错了文件")


def _notes(source: Source, plans: list[Any]) -> list[str]:
    found = []
    if source.inserted or source.deleted:
        found.append(f"文件里有修订，已按“接受修订”读入（插入 {source.inserted} 处，删除 {source.deleted} 处）")
    if source.comments:
        found.append(f"文件里有 {len(source.comments)} 条批注，都留下了")
    if len(plans) > 1:
        found.append(f"文件里有 {len(plans)} 份教案，分开列在下面")
    if source.unread:
        found.append(f"文件里的公式和图片太多，有 {source.unread} 处没有读入，请在原文件里看")
    stages = sum(len(plan.stages) for plan in plans)
    if stages > MOST_STAGES:
        found.append(f"读出了 {stages} 个环节，请看看教学过程的表格是不是拆得太细")
    return found
