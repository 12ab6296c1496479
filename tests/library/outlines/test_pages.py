"""A curator's week with the catalogue, page by page."""

import json
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from catalogue.models import Knowledge, Node, Outline
from groups.models import Person
from library.outlines import contents, exchange, services
from library.outlines.models import Change, Course
from tests.factories.shelf import Shelf, signed_in


@pytest.fixture
def curator(first: Person) -> Client:
    return signed_in(first)


def form_of(books: Shelf) -> dict[str, list[str]]:
    rows = [line.cells for line in exchange.typed(books.outline)]
    sent = {field: [row[field] for row in rows] for field in exchange.FIELDS}
    return sent | {"position": [str(at) for at in range(1, len(rows) + 1)]}


def test_from_table_to_preview_to_proposal_to_the_second_person(books: Shelf, curator: Client, second: Person) -> None:
    address = reverse("outlines:edit", args=[books.outline.uid])
    assert "梯形的面积" in curator.get(address).content.decode()
    sent = form_of(books)
    sent["title"][2] = "梯形面积"
    sent["position"][3] = "1.5"

    page = curator.post(address, sent | {"do": ["preview"], "reason": ["与新书核对"]}).content.decode()
    assert "2 处改动" in page
    answer = curator.post(address, sent | {"do": ["propose"], "reason": ["与新书核对"]}, follow=True)
    change = Change.objects.get()
    assert answer.redirect_chain[0][0] == change.get_absolute_url()
    assert "确认，立刻生效" not in answer.content.decode()

    other = signed_in(second)
    assert "确认，立刻生效" in other.get(change.get_absolute_url()).content.decode()
    other.post(reverse("outlines:decide", args=[change.uid, "approve"]), {"note": "核对过"})

    assert [row.title for row in contents.read(books.outline)] == [
        "多边形的面积",
        "组合图形的面积",
        "平行四边形的面积",
        "梯形面积",
    ]


def test_every_mistake_is_named_by_row_and_field_and_nothing_is_proposed(books: Shelf, curator: Client) -> None:
    sent = form_of(books)
    sent["depth"][1], sent["periods"][2], sent["title"][3], sent["kind"][2] = "3", "两", "", "讲座"

    page = curator.post(
        reverse("outlines:edit", args=[books.outline.uid]), sent | {"do": ["propose"], "reason": ["x"]}
    ).content.decode()

    for told in ("第 2 行 层级", "第 3 行 建议课时", "第 4 行 标题", "没有“讲座”这种", "4 处要改"):
        assert told in page
    assert not Change.objects.exists()


def test_a_proposal_without_a_reason_is_asked_for_one(books: Shelf, curator: Client) -> None:
    sent = form_of(books)
    sent["title"][2] = "梯形面积"

    page = curator.post(reverse("outlines:edit", args=[books.outline.uid]), sent | {"do": ["propose"]})

    assert "还没有写理由" in page.content.decode()
    assert not Change.objects.exists()


@pytest.mark.parametrize("form", ["xlsx", "json"])
def test_a_file_goes_out_is_edited_and_comes_in(books: Shelf, curator: Client, form: str) -> None:
    Knowledge.objects.create(subject=books.subject, name="面积公式").aliases.create(name="公式")
    exported = curator.get(reverse("outlines:export", args=[books.outline.uid, form])).content
    if form == "xlsx":
        book = load_workbook(BytesIO(exported))
        book["目录"].cell(4, 5).value = "梯形面积"
        book["目录"].cell(4, 9).value = "公式"
        out = BytesIO()
        book.save(out)
        edited = out.getvalue()
    else:
        told = json.loads(exported)
        told["nodes"][2] |= {"title": "梯形面积", "knowledge": "公式"}
        edited = json.dumps(told).encode()

    upload = SimpleUploadedFile(f"目录.{form}", edited)
    page = curator.post(reverse("outlines:edit", args=[books.outline.uid]), {"file": upload, "do": "preview"})

    assert "<ins>梯形面积</ins>" in page.content.decode()
    assert "<ins>面积公式</ins>" in page.content.decode()
    assert "改知识点" in page.content.decode()


def test_the_exported_file_proposes_nothing_when_it_comes_back(books: Shelf, curator: Client) -> None:
    for form, content in (
        ("xlsx", exchange.to_xlsx(books.outline)),
        ("json", exchange.to_json(books.outline).encode()),
    ):
        upload = SimpleUploadedFile(f"目录.{form}", content)
        page = curator.post(reverse("outlines:edit", args=[books.outline.uid]), {"file": upload, "do": "preview"})
        assert "没有改动" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("目录.xlsx", b"PK\x03\x04 not a workbook", "打不开"),
        ("目录.docx", b"x", "不是 .xlsx 或 .json"),
        ("目录.json", b"[1, 2]", "不是这里导出的"),
        ("目录.json", b'{"outline": "other", "title": "x", "nodes": []}', "另一本书"),
    ],
)
def test_a_wrong_file_is_answered_with_the_next_step(
    books: Shelf, curator: Client, name: str, content: bytes, told: str
) -> None:
    upload = SimpleUploadedFile(name, content)

    page = curator.post(reverse("outlines:edit", args=[books.outline.uid]), {"file": upload, "do": "preview"})

    assert page.status_code == 200
    assert told in page.content.decode()


def test_teachers_are_sent_to_their_curator_and_visitors_to_the_door(books: Shelf, first: Person) -> None:
    rows = contents.read(books.outline)[:2]
    change = services.propose(outline=books.outline, rows=rows, reason="x", by=first, at=timezone.now())
    addresses = (
        reverse("outlines:index"),
        reverse("outlines:edit", args=[books.outline.uid]),
        change.get_absolute_url(),
        reverse("outlines:new_course"),
    )

    for address in addresses:
        assert signed_in(books.town.person("teacher")).get(address).status_code == 403
        assert Client().get(address).status_code == 302


def test_a_course_is_made_and_written(books: Shelf, curator: Client) -> None:
    sent = {
        "title": "闽南童谣",
        "kind": "course",
        "subject": books.subject.code,
        "organisation": books.town.member.slug,
    }

    answer = curator.post(reverse("outlines:new_course"), sent)

    course = Course.objects.get()
    assert answer.headers["Location"] == reverse("outlines:edit", args=[course.outline.uid])
    assert course.organisation == books.town.member
    assert "名称：请填写" in curator.post(reverse("outlines:new_course"), {"kind": "course"}).content.decode()


def test_the_list_and_a_large_book_ask_the_same_number_of_questions(
    books: Shelf, curator: Client, first: Person
) -> None:
    def asked() -> tuple[int, int]:
        counts = []
        for address in (reverse("outlines:index"), reverse("outlines:edit", args=[books.outline.uid])):
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert curator.get(address).status_code == 200
            counts.append(len(found))
        return counts[0], counts[1]

    def themes(number: int) -> None:
        for at in range(number):
            Change.objects.create(
                outline=Outline.objects.create(title=f"专题{at}", kind="theme"),
                subject=books.subject,
                reason="x",
                proposed_by=first,
                proposed_at=timezone.now(),
            )

    themes(1)
    few = asked()
    themes(20)
    Node.objects.bulk_create(
        Node(outline=books.outline, parent=books.unit, kind="lesson", title=f"课{n}", order=50 + n, depth=2)
        for n in range(60)
    )
    many = asked()

    assert many == few
    assert max(many) <= 15


def broken(part: str) -> bytes:
    """The exported form with one part of it turned into nonsense."""
    book, out = Workbook(), BytesIO()
    book.active.title = "目录"
    book.active.append(list(exchange.HEADS.values()))
    book.save(out)
    again = BytesIO()
    with ZipFile(out) as old, ZipFile(again, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<a><b></a>" if name == part else old.read(name))
    return again.getvalue()


def swollen() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b"<workbook/>")
        made.writestr("xl/sharedStrings.xml", bytes(300 * 1024 * 1024))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("目录.xlsx", lambda: broken("xl/workbook.xml")),
        ("目录.xlsx", lambda: broken("xl/worksheets/sheet1.xml")),
        ("目录.xlsx", swollen),
        ("目录.json", lambda: b"[" * 200_000),
        ("目录.json", lambda: b'{"nodes": [{"depth": "1", "kind": "\xe5\x8d\x95\xe5\x85\x83", "title": "\\ud800"}]}'),
    ],
)
def test_a_file_that_is_broken_inside_is_answered_and_proposes_nothing(
    books: Shelf, curator: Client, name: str, made: Callable[[], bytes]
) -> None:
    upload = SimpleUploadedFile(name, made())
    sent = {"file": upload, "do": "propose", "reason": "x"}
    page = curator.post(reverse("outlines:edit", args=[books.outline.uid]), sent)
    assert page.status_code == 200
    assert not Change.objects.exists()


def test_the_zero_character_that_no_database_keeps_is_left_out(books: Shelf, curator: Client) -> None:
    sent = form_of(books) | {"do": ["propose"], "reason": ["与新\x00书核对"]}
    sent["title"][2] = "梯形\x00面积"
    curator.post(reverse("outlines:edit", args=[books.outline.uid]), sent)
    change = Change.objects.get()
    assert change.reason == "与新书核对"
    assert "梯形面积" in str(change.after)
