"""批量上传 from the folder to the drafts: one file never holds up another, nothing is lost, nothing made twice."""

import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Subject
from library.batches import services
from library.batches.models import Batch, Row
from library.batches.places import label_of
from library.resources.models import Kind, Resource
from search import vocabulary
from tests.factories import shelf as bookshelf
from tests.factories.shelf import PDF, Shelf, signed_in
from tests.factories.town import Town

pytestmark = pytest.mark.django_db

GOOD = "五上_珠算_6.2_梯形的面积_教学设计_林晓雯.pdf"


@pytest.fixture
def shelf(town: Town) -> Iterator[Shelf]:
    """The town's bookshelf under a subject that a file's name can say."""
    built = bookshelf.build(town)
    Subject.objects.filter(pk=built.subject.pk).update(name="珠算", is_primary=True)
    built.subject.refresh_from_db()
    vocabulary.forget()
    yield built
    vocabulary.forget()


@pytest.fixture
def teacher(client: Client, town: Town) -> Client:
    client.force_login(town.person("teacher"))
    return client


def sent(client: Client, *files: tuple[str, bytes], paths: list[str] | None = None) -> Batch:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    answer = client.post("/my/batch/", {"files": uploads, "paths": json.dumps(paths or [])})
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.latest("pk")


def packed(files: dict[str, bytes], *, gbk: bool = False) -> bytes:
    """A zip; with `gbk` as an old Windows program writes it: the names' bytes are GBK and nothing says so."""
    out = io.BytesIO()
    raw = {f"{n}".ljust(len(name.encode("gbk")), "x"): name.encode("gbk") for n, name in enumerate(files)}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for plain, (name, content) in zip(raw, files.items(), strict=True):
            archive.writestr(plain if gbk else name, content)
    packed_bytes = out.getvalue()
    for plain, gbk_name in raw.items():
        packed_bytes = packed_bytes.replace(plain.encode(), gbk_name) if gbk else packed_bytes
    return packed_bytes


def table(batch: Batch, **changes: str) -> dict[str, str]:
    """The review table as a browser sends it back."""
    posted = {}
    rows = batch.rows.select_related("node__parent", "node__outline__textbook__subject").filter(file__isnull=False)
    for row in rows:
        if row.is_chosen:
            posted[f"use.{row.pk}"] = "1"
        posted |= {
            f"kind.{row.pk}": row.kind,
            f"title.{row.pk}": row.title,
            f"author.{row.pk}": row.author,
            f"place.{row.pk}": label_of(row.node),
        }
    return posted | changes


def test_a_name_becomes_a_draft_at_its_place_with_its_kind_and_title(teacher: Client, shelf: Shelf) -> None:
    batch = sent(teacher, (GOOD, PDF))
    row = batch.rows.get()
    assert (row.kind, row.title, row.node) == (Kind.LESSON_DESIGN, "梯形的面积", shelf.lesson)
    teacher.post(f"/my/batch/{batch.uid}/", table(batch, do="create"))
    draft = Resource.objects.get(title="梯形的面积")
    assert draft.kind == Kind.LESSON_DESIGN
    assert draft.state == "draft"
    assert draft.working_copy.attachments.get().file == row.file
    assert draft.placements.get().node == shelf.lesson
    assert list(draft.subjects.all()) == [shelf.subject]


def test_pressing_twice_makes_nothing_twice(teacher: Client, shelf: Shelf) -> None:
    batch = sent(teacher, (GOOD, PDF), ("别的.pdf", PDF + b"%"))
    posted = table(batch, do="create")
    for _ in range(3):
        teacher.post(f"/my/batch/{batch.uid}/", posted)
    assert Resource.objects.count() == 2
    assert services.create_drafts(batch=batch, by=shelf.town.person("teacher"), at=shelf.town.now) == 0


def test_two_presses_that_read_the_table_at_once_make_one_draft(teacher: Client, shelf: Shelf) -> None:
    row = sent(teacher, (GOOD, PDF)).rows.get()
    owner = shelf.town.person("teacher")
    assert [services.create_draft(pk=row.pk, by=owner, at=shelf.town.now) for _ in range(2)] == [True, False]
    assert Resource.objects.count() == 1


def test_one_bad_file_is_named_with_its_reason_and_the_others_go_on(teacher: Client, shelf: Shelf) -> None:
    batch = sent(teacher, (GOOD, PDF), ("教案.exe", b"MZ" + bytes(200)), ("空.docx", b" "))
    page = teacher.get(f"/my/batch/{batch.uid}/").content.decode()
    assert "没有收的文件" in page
    assert "教案.exe" in page
    assert batch.rows.filter(file__isnull=True).exclude(problem="").count() == 2
    teacher.post(f"/my/batch/{batch.uid}/", table(batch, do="create"))
    assert Resource.objects.count() == 1


def test_a_row_that_fails_while_being_made_keeps_its_file_and_says_why(
    teacher: Client, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = sent(teacher, (GOOD, PDF), ("六上 别的.pdf", PDF + b"%"))
    real = services._metadata

    def failing(row: Row) -> object:
        if row.order == 1:
            raise ValueError("目录刚刚改过")
        return real(row)

    monkeypatch.setattr(services, "_metadata", failing)
    teacher.post(f"/my/batch/{batch.uid}/", table(batch, do="create"))
    bad = batch.rows.get(order=1)
    assert (bad.resource, bad.done_at, bad.remark) == (None, None, "没有建成：目录刚刚改过")
    assert bad.file is not None
    assert batch.rows.get(order=2).resource is not None
    monkeypatch.undo()
    teacher.post(f"/my/batch/{batch.uid}/", table(batch, do="create"))
    assert batch.rows.get(order=1).resource is not None


def test_a_row_is_corrected_in_place_and_one_not_wanted_stays_a_file(teacher: Client, shelf: Shelf) -> None:
    batch = sent(teacher, ("扫描件一.pdf", PDF), ("扫描件二.pdf", PDF + b"%"))
    first, second = batch.rows.all()
    changes = {
        f"title.{first.pk}": "组合图形",
        f"kind.{first.pk}": "worksheet",
        f"place.{first.pk}": "珠算 五上 组合图形的面积",
        "do": "create",
    }
    posted = table(batch) | changes
    del posted[f"use.{second.pk}"]
    teacher.post(f"/my/batch/{batch.uid}/", posted)
    made = Resource.objects.get()
    assert (made.title, made.kind) == ("组合图形", Kind.WORKSHEET)
    assert made.placements.get().node == shelf.lessons[2]
    second.refresh_from_db()
    assert second.file is not None
    assert not second.is_chosen


def test_a_place_that_nobody_finds_is_told_in_its_row_and_the_other_rows_are_kept(
    teacher: Client, shelf: Shelf
) -> None:
    batch = sent(teacher, ("一.pdf", PDF), ("二.pdf", PDF + b"%"))
    first, second = batch.rows.all()
    posted = table(batch) | {f"place.{first.pk}": "三上 物理 杠杆", f"title.{second.pk}": "改好的", "do": "create"}
    page = teacher.post(f"/my/batch/{batch.uid}/", posted)
    assert "找不到这个位置" in page.content.decode()
    assert Resource.objects.count() == 0
    second.refresh_from_db()
    assert second.title == "改好的"


def test_a_zip_of_an_old_windows_program_keeps_its_chinese_names(teacher: Client, shelf: Shelf) -> None:
    content = packed({f"五上数学/{GOOD}": PDF, "五上数学/微课.mp4": b"nothing", "__MACOSX/._x": b"x"}, gbk=True)
    batch = sent(teacher, ("备课.zip", content))
    assert batch.rows.first().path == f"五上数学/{GOOD}"  # type: ignore[union-attr]
    assert batch.rows.get(order=2).problem
    assert batch.ignored == 1
    assert batch.name == "备课.zip"


def test_an_entry_that_climbs_out_of_the_zip_is_refused_and_the_rest_is_taken(teacher: Client, shelf: Shelf) -> None:
    batch = sent(teacher, ("包.zip", packed({"../../etc/passwd.pdf": PDF, GOOD: PDF})))
    bad, good = batch.rows.all()
    assert "越出了文件夹" in bad.problem
    assert good.file is not None


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut", b"no zip at all"])
def test_a_zip_that_is_none_is_refused_as_a_whole(content: bytes, teacher: Client, shelf: Shelf) -> None:
    answer = teacher.post("/my/batch/", {"files": [SimpleUploadedFile("坏.zip", content)]})
    assert answer.status_code == 422
    assert "坏.zip" in answer.content.decode()
    assert not Batch.objects.exists()


def test_a_swollen_zip_is_refused_before_it_is_unpacked(teacher: Client, shelf: Shelf) -> None:
    answer = teacher.post(
        "/my/batch/", {"files": [SimpleUploadedFile("大.zip", packed({"零.pdf": bytes(60_000_000)}))]}
    )
    assert answer.status_code == 422
    assert "大得不正常" in answer.content.decode()


def test_nothing_chosen_is_said(teacher: Client, shelf: Shelf) -> None:
    assert "还没有选文件" in teacher.post("/my/batch/", {}).content.decode()


def test_the_folder_of_a_file_is_read_where_the_browser_tells_it(teacher: Client, shelf: Shelf) -> None:
    paths = ["五年级上册/珠算/梯形的面积 课件.pdf"]
    batch = sent(teacher, ("梯形的面积 课件.pdf", PDF), paths=paths)
    row = batch.rows.get()
    assert (row.path, row.kind, row.node) == (paths[0], Kind.COURSEWARE, shelf.lesson)
    assert batch.name == "五年级上册"


def test_paths_that_are_no_list_are_taken_as_none(teacher: Client, shelf: Shelf) -> None:
    for odd in ("{}", "[[1]", "5", '["别人.pdf"]'):
        teacher.post("/my/batch/", {"files": [SimpleUploadedFile("一.pdf", PDF)], "paths": odd})
        assert Batch.objects.latest("pk").rows.get().path == "一.pdf"


def test_a_colleague_whom_the_name_names_is_signed_and_a_stranger_is_told(teacher: Client, shelf: Shelf) -> None:
    batch = sent(teacher, ("梯形_许嘉.pdf", PDF), ("三角形_李四.pdf", PDF + b"%"))
    teacher.post(f"/my/batch/{batch.uid}/", table(batch, do="create"))
    named, told = batch.rows.all()
    assert named.resource is not None
    assert set(named.resource.contributions.values_list("person__name", flat=True)) == {"林晓雯", "许嘉"}
    assert told.remark == "文件名里的“李四”不是本校老师，没有署名"


def test_somebody_elses_batch_is_not_there(teacher: Client, shelf: Shelf) -> None:
    batch = sent(teacher, (GOOD, PDF))
    other = signed_in(shelf.town.person("colleague"))
    assert other.get(f"/my/batch/{batch.uid}/").status_code == 404
    assert other.post(f"/my/batch/{batch.uid}/", table(batch, do="create")).status_code == 404
    assert batch.uid not in other.get("/my/batch/").content.decode()
    assert Resource.objects.count() == 0


def test_a_lesson_design_brought_as_a_file_can_be_submitted_and_shows_the_file(teacher: Client, shelf: Shelf) -> None:
    batch = sent(teacher, (GOOD, PDF))
    teacher.post(f"/my/batch/{batch.uid}/", table(batch, do="create"))
    draft = Resource.objects.get()
    shelf.published(draft)
    assert "原文件" in Client().get(draft.get_absolute_url()).content.decode()


def test_the_table_asks_no_more_for_sixty_files_than_for_ten(teacher: Client, shelf: Shelf) -> None:
    counts = []
    for many in (10, 60):
        batch = sent(teacher, *((f"五上 珠算 梯形的面积 {n}.pdf", PDF + b"%" * n) for n in range(many)))
        with CaptureQueriesContext(connection) as asked:
            assert teacher.get(f"/my/batch/{batch.uid}/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 15


def test_a_place_that_no_text_can_hold_is_read_without_it(teacher: Client, shelf: Shelf) -> None:
    batch = sent(teacher, (GOOD, PDF), paths=[f"\ud800\x00资料/{GOOD}"])
    assert batch.rows.get().path == f"资料/{GOOD}"
