"""The words inside a published version's files are found, with the page or slide; a draft's are not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.documents import rich
from library.documents.files import FilesDocument, PageText
from library.resources import search_documents, services
from library.resources.models import Kind, Resource
from media.conversion.models import BlobWords, Work
from media.conversion.services import keep_words, lease
from media.models import File
from media.services import store_bytes
from search.models import OutboxRow
from tests.factories import shelf as bookshelf
from tests.factories.shelf import PDF, Shelf
from tests.factories.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(town: Town) -> Shelf:
    return bookshelf.build(town)


def read_to(file: File, *passages: tuple[str, str]) -> None:
    BlobWords.objects.filter(blob=file.blob_id).update(
        state=Work.State.DONE, passages=[list(passage) for passage in passages]
    )


def places_of(resource: Resource) -> dict[str, str]:
    entry = next(iter(search_documents.load([resource.uid])))
    return {passage.place: passage.text for passage in entry.passages}


def test_the_words_of_a_page_are_found_at_their_page(shelf: Shelf) -> None:
    file = shelf.text_file()
    read_to(file, ("第3页", "把两个完全一样的梯形拼起来"))
    resource = shelf.published(shelf.draft(Kind.COURSEWARE, files=((file, "main"),)))
    assert places_of(resource)["第3页"] == "把两个完全一样的梯形拼起来"


def test_of_several_files_the_place_names_the_file(shelf: Shelf) -> None:
    first = shelf.text_file("课件.pdf")
    second = store_bytes(content=PDF + b"%", name="练习.pdf", by=shelf.town.person("teacher"))
    read_to(first, ("第1页", "甲"))
    read_to(second, ("第1页", "乙"))
    files = ((first, "main"), (second, "attachment"))
    assert places_of(shelf.published(shelf.draft(Kind.COURSEWARE, files=files))) == {
        "课件.pdf 第1页": "甲",
        "练习.pdf 第1页": "乙",
    }


def test_the_file_itself_stands_before_words_that_were_noted_when_it_was_made(shelf: Shelf) -> None:
    file = shelf.text_file()
    noted = FilesDocument(pages={"p1": PageText(order="V", words=rich.from_markup("旧的一页"))})
    draft = shelf.draft(Kind.COURSEWARE, files=((file, "main"),))
    services.save(
        resource=draft,
        by=draft.owner,
        draft=services.Draft(draft.title, noted, ((file, "main"),)),
        lock_version=1,
        at=shelf.town.now,
    )
    resource = shelf.published(draft)
    assert places_of(resource) == {"第1页": "旧的一页"}
    read_to(file, ("第1页", "新的一页"))
    assert places_of(resource) == {"第1页": "新的一页"}


def test_words_read_after_publishing_ask_for_the_resource_to_be_indexed_again(shelf: Shelf) -> None:
    file = shelf.text_file()
    resource = shelf.published(shelf.draft(Kind.COURSEWARE, files=((file, "main"),)))
    other = shelf.published(shelf.draft(title="别的"))
    OutboxRow.objects.all().delete()
    work = lease(BlobWords, at=shelf.town.now, seconds=60)
    assert work is not None
    keep_words(work=work, passages=[["第1页", "甲"]], is_cut=False)
    assert set(OutboxRow.objects.values_list("uid", flat=True)) == {resource.uid}
    assert other.uid not in places_of(resource)


def test_words_of_a_file_that_only_the_draft_holds_are_not_found(shelf: Shelf) -> None:
    published, later = (
        shelf.text_file("先.pdf"),
        store_bytes(content=PDF + b"%%", name="后.pdf", by=shelf.town.person("teacher")),
    )
    read_to(later, ("第1页", "还没发布的话"))
    resource = shelf.published(shelf.draft(Kind.COURSEWARE, files=((published, "main"),)))
    resource.working_copy.attachments.create(file=later, purpose="main")
    assert "第1页" not in places_of(resource)


def test_loading_many_resources_with_files_asks_as_often_as_one(shelf: Shelf) -> None:
    counts = []
    for many in (1, 4):
        files = [
            store_bytes(content=PDF + b"%" * n, name=f"{n}.pdf", by=shelf.town.person("teacher")) for n in range(many)
        ]
        made = [
            shelf.published(shelf.draft(Kind.COURSEWARE, title=str(n), files=((f, "main"),)))
            for n, f in enumerate(files)
        ]
        with CaptureQueriesContext(connection) as asked:
            assert len(list(search_documents.load([resource.uid for resource in made]))) == many
        counts.append(len(asked))
    assert counts[0] == counts[1]
