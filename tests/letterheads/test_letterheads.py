"""A school's letterhead and templates: set by whoever runs the school, versioned, and used by its teachers' downloads."""

import zipfile
from io import BytesIO

import docx
import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from groups.access import Refused
from groups.models import Nature, Person, Role
from lessons.letterheads import sample, selectors, services
from lessons.letterheads.models import TEMPLATED, Letterhead, SchoolTemplate
from library.documents.word.template import BadTemplate, checked
from library.resources.models import Kind, Resource
from media.models import File
from media.services import store_bytes
from tests.factories import people
from tests.factories.pictures import PNG
from tests.factories.shelf import Shelf, signed_in
from tests.factories.town import Town
from tests.library.documents.test_word_template import GOOD, template, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(town: Town) -> Person:
    made = people.person("范晓东")
    people.post(made, town.member, Role.ADMIN, Nature.MAIN)
    return made


def taken(client: Client, resource: Resource, query: str) -> tuple[str, bytes]:
    response = client.get(f"/r/{resource.uid}/download/?{query}")
    assert response.status_code == 200
    return response.headers["Content-Disposition"], b"".join(response.streaming_content)  # type: ignore[attr-defined]


def kept(content: bytes, by: Person, name: str = "模板.docx") -> File:
    return store_bytes(content=content, name=name, by=by)


def address(town: Town) -> str:
    return reverse("letterheads:edit", args=[town.member.slug])


def test_a_teachers_word_file_stands_under_the_letterhead_of_the_school(shelf: Shelf, administrator: Person) -> None:
    town, resource = shelf.town, shelf.published(shelf.draft())
    logo = kept(PNG, administrator, "校徽.png")
    services.set_letterhead(
        school=town.member, by=administrator, name="西溪小学", footer="求真向善", logo=logo, at=town.now
    )
    _, content = taken(signed_in(town.person("teacher")), resource, "as=word")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert "西溪小学" in archive.read("word/header1.xml").decode()
        assert "求真向善" in archive.read("word/footer1.xml").decode()
        assert "word/media/logo.png" in archive.namelist()


def test_a_reader_of_another_school_gets_the_plain_one(shelf: Shelf, administrator: Person) -> None:
    town, resource = shelf.town, shelf.published(shelf.draft())
    services.set_letterhead(school=town.member, by=administrator, name="只给本校", at=town.now)
    for reader in (Client(), signed_in(town.person("colleague"))):
        _, content = taken(reader, resource, "as=word")
        header = zipfile.ZipFile(BytesIO(content)).read("word/header1.xml").decode()
        assert "只给本校" not in header
        assert "西溪小学" in header


def test_the_newest_version_counts_and_the_older_ones_stay(town: Town, administrator: Person) -> None:
    for name in ("旧名", "新名"):
        services.set_letterhead(school=town.member, by=administrator, name=name, at=town.now)
    assert [head.name for head in Letterhead.objects.all()] == ["新名", "旧名"]
    head = selectors.letterhead_of(town.member)
    assert head is not None
    assert (head.name, head.number) == ("新名", 2)


def test_only_who_runs_the_school_sets_it(town: Town, administrator: Person) -> None:
    for name in ("teacher", "colleague", "school_reviewer", "city_officer"):
        with pytest.raises(Refused):
            services.set_letterhead(school=town.member, by=town.person(name), name="别校", at=town.now)
    with pytest.raises(Refused):
        services.set_letterhead(school=town.lead, by=administrator, name="别校", at=town.now)
    assert signed_in(town.person("teacher")).get(address(town)).status_code == 403
    assert not Letterhead.objects.exists()


def test_the_teachers_word_file_is_the_schools_template_filled(shelf: Shelf, administrator: Person) -> None:
    town, resource = shelf.town, shelf.published(shelf.draft())
    services.set_template(
        school=town.member, kind=Kind.LESSON_DESIGN, file=kept(GOOD, administrator), by=administrator, at=town.now
    )
    name, content = taken(signed_in(town.person("teacher")), resource, "as=word")
    assert ".docx" in name
    said = words_of(content)
    assert said.startswith("梯形的面积")
    assert "看图说说学过的图形" in said
    assert "第 97 页第 1 题" in said
    assert "{{" not in said
    _, other = taken(Client(), resource, "as=word")
    assert docx.Document(BytesIO(other)).paragraphs[0].style.name == "Title"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("school", "lines", "told"),
    [
        ("西溪小学", ("{{课题}}", "{{教学目标}}"), "缺少{{教学过程}}；不认识{{教学目标}}，是不是想写{{核心素养目标}}"),
        ("清源实验小学", ("{{教学过程}}", "{{板书没计}}"), "缺少{{课题}}；不认识{{板书没计}}，是不是想写{{板书设计}}"),
    ],
)
def test_a_template_with_missing_places_is_not_taken_and_says_which(
    school: str, lines: tuple[str, ...], told: str, town: Town
) -> None:
    here = {one.name: one for one in (town.member, town.lead)}[school]
    runs_it = people.person("校管")
    people.post(runs_it, here, Role.ADMIN, Nature.MAIN)
    with pytest.raises(BadTemplate) as refused:
        services.set_template(
            school=here,
            kind=Kind.LESSON_DESIGN,
            file=kept(template(*lines), runs_it, "本校.docx"),
            by=runs_it,
            at=town.now,
        )
    assert refused.value.sentence.startswith("《本校.docx》没有收下：")
    assert told in refused.value.sentence
    assert not SchoolTemplate.objects.exists()


def test_the_page_keeps_a_letterhead_and_refuses_a_bad_template_in_words(town: Town, administrator: Person) -> None:
    client = signed_in(administrator)
    sent = {"do": "letterhead", "name": "西溪小学", "footer": "求真", "logo": BytesIO(PNG)}
    sent["logo"].name = "校徽.png"  # type: ignore[attr-defined]
    assert client.post(address(town), sent).status_code == 302
    head = selectors.letterhead_of(town.member)
    assert head is not None
    assert head.logo is not None
    bad = BytesIO(template("{{课题}}"))
    bad.name = "坏.docx"
    response = client.post(address(town), {"do": "template:lesson_design", "lesson_design-template": bad})
    assert response.status_code == 422
    assert "缺少{{教学过程}}" in response.content.decode()
    good = BytesIO(GOOD)
    good.name = "好.docx"
    assert (
        client.post(address(town), {"do": "template:lesson_design", "lesson_design-template": good}).status_code == 302
    )
    assert "好.docx" in client.get(address(town)).content.decode()
    assert client.post(address(town), {"do": "plain:lesson_design"}).status_code == 302
    assert selectors.templates_of(town.member) == {}
    assert SchoolTemplate.objects.count() == 2


@pytest.mark.parametrize("sent", [{"do": "template:lesson_design"}, {"do": "letterhead", "name": ""}])
def test_an_empty_form_says_what_to_choose(sent: dict[str, str], town: Town, administrator: Person) -> None:
    response = signed_in(administrator).post(address(town), sent)
    assert response.status_code == 422


def test_garbled_deeds_are_not_found(town: Town, administrator: Person) -> None:
    client = signed_in(administrator)
    assert client.post(address(town), {"do": "template:%00"}).status_code == 404
    assert client.get(reverse("letterheads:begin", args=[town.member.slug, "nonsense"])).status_code == 404


@pytest.mark.parametrize("kind", TEMPLATED)
def test_the_template_to_begin_with_is_itself_good(kind: Kind) -> None:
    found = checked(sample.template(kind), selectors.known_places(kind), needed=services.needed_places(kind))
    assert found.is_good
    assert len(found.places) > 8


def test_signs_and_templates_are_seen_by_who_runs_the_school_alone(town: Town, administrator: Person) -> None:
    logo = kept(PNG, administrator, "校徽.png")
    services.set_letterhead(school=town.member, by=administrator, name="西溪小学", logo=logo, at=town.now)
    assert signed_in(administrator).get(logo.thumbnail_url).status_code == 200
    assert signed_in(town.person("colleague")).get(logo.thumbnail_url).status_code in {403, 404}


def test_the_page_costs_the_same_for_one_version_and_for_ten(
    town: Town, administrator: Person, django_assert_max_num_queries: object
) -> None:
    client = signed_in(administrator)
    services.set_letterhead(school=town.member, by=administrator, name="一", at=town.now)
    with django_assert_max_num_queries(15) as first:  # type: ignore[operator]
        client.get(address(town))
    for number in range(10):
        services.set_letterhead(school=town.member, by=administrator, name=f"版{number}", at=town.now)
    with django_assert_max_num_queries(len(first.captured_queries)):  # type: ignore[operator]
        client.get(address(town))


def test_the_week_is_one_pdf_under_the_letterhead(shelf: Shelf, administrator: Person) -> None:
    town = shelf.town
    services.set_letterhead(school=town.member, by=administrator, name="西溪小学", footer="求真向善", at=town.now)
    titles = ("平行四边形", "梯形", "组合图形")
    drafts = [shelf.draft(title=title) for title in titles]
    client = signed_in(town.person("teacher"))
    response = client.get(
        reverse("designs:print"), {"of": [one.uid for one in drafts], "as": "pdf", "paper": "landscape"}
    )
    assert response.headers["Content-Type"] == "application/pdf"
    opened = pypdfium2.PdfDocument(response.content)
    found = [page.get_textpage().get_text_bounded() for page in opened]
    width, height = opened[0].get_size()
    opened.close()
    assert width > height
    assert all("求真向善" in page for page in found)
    assert all(any(title in page for page in found) for title in titles)
