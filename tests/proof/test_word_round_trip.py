"""What goes out as Word comes back the same: every demo design, and 200 made ones, stripped of all that is not text."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from library.documents import walk
from library.documents.fields import Document
from library.documents.lesson_design import LessonDesignDocument
from library.documents.printed import Arranging, sheet_of
from library.documents.teaching_case import TeachingCaseDocument
from library.documents.unit_design import UnitDesignDocument
from library.documents.word.reading import arranged, body, package, reading
from library.documents.word.writing import Picture, write
from library.documents.worksheet import WorksheetDocument
from tests.factories.pictures import PNG
from tests.library.documents.printing_press import Press, seen, stripped
from website.demo.documents import document_for
from website.demo.reading import read_all

pytestmark = pytest.mark.proof
WRITTEN = (LessonDesignDocument, UnitDesignDocument, WorksheetDocument, TeachingCaseDocument)
LONGEST = 0.5


def demo() -> Iterator[tuple[str, Document]]:
    """Every written text of the demo content."""
    for folder in ("packages", "pieces"):
        for name, facts in read_all(folder):
            for told in facts["parts"] if folder == "packages" else [facts]:
                if any(told.get(what) for what in ("design", "unit", "case", "tasks")):
                    yield f"{name} {told.get('title', '')}", document_for(told)


def through_word(document: Document, folder: Path, title: str = "梯形的面积") -> Document:
    """Print, strip, read."""
    sheet = sheet_of(document, title=title, kind="教学设计", facts=[("作者", "李敏")], arranging=Arranging())
    written = write(sheet, pictures=lambda uid: Picture(PNG, "png", 8, 8))
    assert written.problems == ()
    path = folder / "plan.docx"
    path.write_bytes(stripped(written.content))
    if isinstance(document, LessonDesignDocument):
        found = reading.read(path, "plan.docx")
        assert [design.title for design in found.designs] == [title]
        assert found.designs[0].tray == []
        return found.designs[0].document
    read = arranged.read(body.read(package.opened(path)), type(document))
    assert read is not None
    return read.document


def test_every_demo_design_comes_back_the_same(tmp_path: Path) -> None:
    found = list(demo())
    assert sum(isinstance(document, LessonDesignDocument) for _, document in found) >= 8
    for name, document in found:
        assert seen(through_word(document, tmp_path)) == seen(document), name


def made(of: type[Document], first: int) -> Iterator[tuple[int, Document]]:
    """Made documents that say something."""
    for seed in range(first, first + 10_000):
        document = Press(seed).document(of)
        if walk.word_count(document) > 20:
            yield seed, document


@pytest.mark.parametrize(("of", "share"), [(LessonDesignDocument, 140), *((kind, 20) for kind in WRITTEN[1:])])
def test_made_documents_come_back_the_same(of: type[Document], share: int, scale: float, tmp_path: Path) -> None:
    for seed, document in islice(made(of, share * 1_000), max(1, round(share * scale))):
        assert seen(through_word(document, tmp_path)) == seen(document), f"{of.__name__} of seed {seed}"
