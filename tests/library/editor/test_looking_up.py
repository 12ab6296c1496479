"""Pictures in the text, and what may be picked while typing: only what is safe, and only what one may see."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalogue.models import Competency, Knowledge, Standard
from library.resources.models import Kind
from media.services import store_bytes
from tests.factories.shelf import PDF, Shelf
from tests.library.editor.conftest import Desk

pytestmark = pytest.mark.django_db


def png() -> bytes:
    held = BytesIO()
    Image.new("RGB", (640, 200), "white").save(held, "PNG")
    return held.getvalue()


def shows(uid: str) -> dict[str, Any]:
    return {"type": "doc", "content": [{"type": "image", "attrs": {"file": uid, "alt": "梯形", "width": 320}}]}


def send(desk: Desk, content: bytes, name: str) -> tuple[int, dict[str, Any]]:
    upload = SimpleUploadedFile(name, content)
    response = desk.client.post(f"/r/{desk.resource.uid}/editor/picture/", {"picture": upload})
    return response.status_code, response.json()


def pick(desk: Desk, target: str, typed: str = "") -> list[str]:
    answer = desk.client.get(f"/r/{desk.resource.uid}/editor/suggest/", {"target": target, "q": typed})
    return [item["label"] for item in answer.json()["items"]]


def test_a_picture_is_kept_and_belongs_to_the_text_from_the_next_save_on(desk: Desk) -> None:
    status, told = send(desk, png(), "梯形.png")
    assert (status, told["width"]) == (200, 640)
    desk.save(desk.start["document"] | {"board": shows(told["file"])}, 1)
    [held] = desk.resource.working_copy.attachments.all()
    assert (held.file.uid, held.purpose) == (told["file"], "picture")
    desk.save(desk.start["document"] | {"board": shows(told["file"])}, 2)
    assert desk.resource.working_copy.attachments.count() == 1


@pytest.mark.parametrize(
    ("content", "name"), [(PDF, "教案.pdf"), (b"<svg onload=alert(1)>", "图.svg"), (b"", "空.png")]
)
def test_what_is_no_safe_picture_is_refused_by_name(desk: Desk, content: bytes, name: str) -> None:
    status, told = send(desk, content, name)
    assert status == 422
    assert told["sentence"]


def test_naming_somebodys_file_does_not_open_it(desk: Desk, shelf: Shelf) -> None:
    theirs = store_bytes(content=png(), name="别人的.png", by=shelf.town.person("colleague"))
    status, _ = desk.save(desk.start["document"] | {"board": shows(theirs.uid)}, 1)
    assert status == 200
    assert desk.resource.working_copy.attachments.count() == 0
    assert desk.client.get(f"/f/{theirs.uid}/picture").status_code == 403


def test_competencies_knowledge_and_standards_of_the_subject_are_found(desk: Desk, shelf: Shelf) -> None:
    Competency.objects.create(subject=shelf.subject, name="几何直观", order=1)
    point = Knowledge.objects.create(subject=shelf.subject, name="梯形面积公式")
    point.aliases.create(name="梯形求积")
    Standard.objects.create(
        subject=shelf.subject, stage="5-6", domain="图形与几何", code="T.1", text="会计算梯形的面积"
    )
    assert pick(desk, "competencies", "直观") == ["几何直观"]
    assert pick(desk, "knowledge", "求积") == ["梯形面积公式"]
    assert pick(desk, "standard", "梯形 几何") == ["会计算梯形的面积"]
    assert pick(desk, "node", "组合") == ["组合图形的面积"]
    assert pick(desk, "nonsense", "x") == []


def test_a_resource_that_one_may_not_list_is_not_suggested(desk: Desk, shelf: Shelf) -> None:
    shelf.published(shelf.draft(title="平行四边形公开课"))
    shelf.draft(title="平行四边形的私稿", owner="colleague")
    assert pick(desk, "resource", "平行四边形") == ["平行四边形公开课"]


def test_the_page_and_its_suggestions_ask_little_however_much_there_is(desk: Desk, shelf: Shelf) -> None:
    counts = []
    shelf.published(shelf.draft(Kind.LESSON_DESIGN, "面积"))
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            pick(desk, "resource", "面积")
        page = len(seen)
        with CaptureQueriesContext(connection) as seen:
            desk.client.get(f"/r/{desk.resource.uid}/editor/")
        counts.append((page, len(seen)))
        for n in range(6):
            shelf.published(shelf.draft(Kind.LESSON_DESIGN, f"面积 {n}"))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 30
