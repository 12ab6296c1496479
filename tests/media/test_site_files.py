"""Images and documents of the editors' Pages: Chinese forms, no type that can act, documents always as downloads."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form

from groups.models import Person
from media.models import SiteDocument, SiteImage
from tests.media.conftest import pdf, picture, signed_in


@pytest.fixture(autouse=True)
def site_media(tmp_path: object, settings: Settings) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def editor(db: None) -> Person:
    return Person.objects.create_superuser("站点编辑")


def image_form(name: str, content: bytes, editor: Person):  # type: ignore[no-untyped-def]
    upload = {"file": SimpleUploadedFile(name, content)}
    return get_image_form(SiteImage)({"title": "校门", "alt_text": "秋天的校门"}, upload, user=editor)


def test_an_editor_puts_a_picture_on_the_site_with_words_for_who_cannot_see_it(editor: Person) -> None:
    form = image_form("校门.png", picture(800, 600), editor)

    assert form.is_valid(), form.errors
    image = form.save()
    assert (image.alt_text, image.width) == ("秋天的校门", 800)
    assert image.get_rendition("width-400").width == 400
    assert str(form.fields["alt_text"].label) == "替代文本"


@pytest.mark.parametrize(
    ("name", "content"),
    [("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("网页.png", b"<script>alert(1)</script>")],
)
def test_a_picture_that_is_none_is_refused_in_chinese(editor: Person, name: str, content: bytes) -> None:
    form = image_form(name, content, editor)

    assert not form.is_valid()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in str(form.errors["file"]))


@pytest.mark.parametrize("name", ["通知.html", "图.svg", "脚本.js"])
def test_a_document_that_could_act_is_refused(editor: Person, name: str) -> None:
    form = get_document_form(SiteDocument)({"title": "通知"}, {"file": SimpleUploadedFile(name, b"<b>")}, user=editor)

    assert "file" in form.errors


def test_a_document_leaves_as_a_download(editor: Person) -> None:
    document = SiteDocument.objects.create(title="通知", file=SimpleUploadedFile("通知.pdf", pdf(1)))

    response = Client().get(document.url)

    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ["/admin/images/add/", "/admin/documents/add/"])
def test_the_forms_of_the_back_office_speak_chinese(editor: Person, address: str) -> None:
    page = signed_in(editor).get(address).content.decode()

    assert "标题" in page
    assert ">Title<" not in page
