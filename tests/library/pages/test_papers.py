"""A text taken home as Word and PDF: by the one rule, with what its reader may see and nothing else."""

import zipfile
from io import BytesIO

import docx
import pypdfium2
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from groups.models import Person
from library.documents import rich, schema
from library.documents.lesson_design import LessonDesignDocument
from library.resources import papers, services
from library.resources.models import Kind, Resource
from media.models import Blob, File
from media.services import store_bytes
from tests.factories.pictures import picture
from tests.factories.shelf import Shelf, signed_in
from tests.factories.town import whole_design

pytestmark = pytest.mark.django_db


def taken(client: Client, resource: Resource, query: str) -> bytes:
    response = client.get(f"/r/{resource.uid}/download/?{query}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def words_of(content: bytes) -> str:
    opened = docx.Document(BytesIO(content))
    return "\n".join(one.text or "" for one in opened.element.body.iter() if one.tag.endswith("}t"))


def with_fields(shelf: Shelf, **fields: object) -> Resource:
    document = schema.load(LessonDesignDocument, schema.dump(whole_design()) | fields)
    return services.create(
        kind=Kind.LESSON_DESIGN,
        owner=shelf.town.person("teacher"),
        school=shelf.town.member,
        draft=services.Draft("梯形的面积", document),
        nodes=(shelf.lesson,),
        at=shelf.town.now,
    )


def test_word_and_pdf_are_named_in_chinese_and_hold_the_text(shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    for wanted, ending in (("word", "docx"), ("pdf", "pdf")):
        response = Client().get(f"/r/{resource.uid}/download/?as={wanted}")
        assert f"_%E7%AC%AC1%E7%89%88.{ending}" in response.headers["Content-Disposition"]
    said = words_of(taken(Client(), resource, "as=word"))
    assert "看图说说学过的图形" in said
    assert "林晓雯（主备）" in said
    opened = pypdfium2.PdfDocument(taken(Client(), resource, "as=pdf&paper=landscape"))
    assert opened[0].get_size()[0] > opened[0].get_size()[1]
    opened.close()


def test_the_brief_one_keeps_its_sections(shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    said = words_of(taken(Client(), resource, "as=word&view=brief"))
    assert "教学过程" in said
    assert "教材分析" not in said


def test_what_may_only_be_looked_at_is_no_paper(shelf: Shelf) -> None:
    town = shelf.town
    only = services.Audience(organisation=town.group, level="view")  # type: ignore[arg-type]
    resource, reader = shelf.published(shelf.draft(), only), signed_in(town.person("colleague"))
    page = reader.get(resource.get_absolute_url()).content.decode()
    assert "as=word" not in page
    for wanted in ("word", "pdf"):
        assert reader.get(f"/r/{resource.uid}/download/?as={wanted}").status_code == 403
        assert Client().get(f"/r/{shelf.draft().uid}/download/?as={wanted}").status_code in {302, 403, 404}


def test_the_menu_offers_every_form(shelf: Shelf) -> None:
    page = Client().get(shelf.published(shelf.draft()).get_absolute_url()).content.decode()
    for form in ("as=word", "as=pdf", "as=pdf&amp;paper=landscape", "export.json"):
        assert form in page


def test_a_picture_that_the_reader_may_not_see_is_not_in_the_file(shelf: Shelf) -> None:
    private = store_bytes(content=picture(90, 60), name="私.png", by=shelf.town.person("colleague"))
    own = store_bytes(content=picture(60, 90), name="自己的.png", by=shelf.town.person("teacher"))
    images = [{"type": "image", "attrs": {"file": one.uid, "alt": one.name}} for one in (private, own)]
    resource = with_fields(shelf, board={"type": "doc", "content": images})
    content = taken(signed_in(shelf.town.person("teacher")), resource, "as=word")
    media = [name for name in zipfile.ZipFile(BytesIO(content)).namelist() if name.startswith("word/media/")]
    assert len(media) == 1
    assert "（图片：私.png）" in words_of(content)


def test_a_resource_that_the_reader_may_not_see_is_not_named(shelf: Shelf) -> None:
    secret = shelf.draft(title="还没给人看的课件", owner="colleague")
    resource = with_fields(shelf, preparation={"resources": [secret.uid], "methods": rich.from_markup("讲授")})
    assert "还没给人看的课件" not in words_of(taken(signed_in(shelf.town.person("teacher")), resource, "as=word"))


def stored(by: Person, size: int, content: bytes) -> File:
    file = store_bytes(content=content, name="大.png", by=by)
    Blob.objects.filter(pk=file.blob_id).update(size=size)
    return File.objects.select_related("blob").get(pk=file.pk)


def test_a_picture_of_fifty_megabytes_is_told_and_a_large_one_is_made_smaller(shelf: Shelf) -> None:
    teacher = shelf.town.person("teacher")
    huge = stored(teacher, 50 * 1024 * 1024, picture(10, 10))
    assert papers.picture_of(huge) is None
    large = papers.picture_of(stored(teacher, 1_000, picture(4_000, 2_000)))
    assert large is not None
    assert (large.width, large.height) == (papers.SIDE, papers.SIDE // 2)
    resource = with_fields(
        shelf, board={"type": "doc", "content": [{"type": "image", "attrs": {"file": huge.uid, "alt": "大图"}}]}
    )
    assert "（图片：大图）" in words_of(taken(signed_in(teacher), resource, "as=word"))


def test_what_has_no_text_is_not_found_as_paper(shelf: Shelf) -> None:
    courseware = shelf.draft(Kind.COURSEWARE, files=((shelf.text_file("课件.pdf"), "main"),))
    assert signed_in(shelf.town.person("teacher")).get(f"/r/{courseware.uid}/download/?as=word").status_code == 404


def test_paper_costs_the_same_for_one_stage_and_for_ten(
    shelf: Shelf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def stages(count: int) -> dict[str, object]:
        return {
            f"s{n}": {"order": f"{n:02}1", "title": f"环节{n}", "teacher": rich.from_markup("讲")} for n in range(count)
        }

    one, ten = (shelf.published(with_fields(shelf, stages=stages(count))) for count in (1, 10))
    with django_assert_max_num_queries(30) as first:
        taken(Client(), one, "as=word")
    with django_assert_max_num_queries(len(first.captured_queries)):
        taken(Client(), ten, "as=word")


def test_the_way_of_defending_a_plan_says_why(shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    page = Client().get(f"{resource.get_absolute_url()}?view=talk").content.decode()
    assert "说教学过程" in page
    assert "为什么这样教" in page
    board = Client().get(f"{resource.get_absolute_url()}?view=class").content.decode()
    assert 'data-timer="40"' in board
