"""Words and previews of files: read and drawn by the worker in processes of their own, whatever a file is made of."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from docx import Document
from pptx import Presentation

from groups.models import Person
from media.conversion import extracting, sandbox, services, workshop
from media.conversion.models import BlobWords, PdfTwin, Work
from media.models import File
from media.services import store_bytes
from media.signals import words_ready
from tests.media.conftest import pdf, signed_in

pytestmark = pytest.mark.django_db

Upload = Callable[..., File]
NO_WALL = sandbox.Sandbox(reason="这台服务器没有沙箱")


def word_file(*pages: str) -> bytes:
    document = Document()
    for page in pages:
        document.add_paragraph(page)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "环节", "导入新课"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def slides_file(*slides: str) -> bytes:
    deck = Presentation()
    for words in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = words
        slide.notes_slide.notes_text_frame.text = f"{words}的讲稿"
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def with_page_break(content: bytes) -> bytes:
    """Word's own note of where a page ended, before the second paragraph."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "word/document.xml":
                at = data.index(b"<w:t>", data.index(b"<w:t>") + 1)
                data = data[:at] + b"<w:lastRenderedPageBreak/>" + data[at:]
            target.writestr(entry, data)
    return out.getvalue()


@pytest.fixture
def no_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "here", lambda: NO_WALL)


def read(tmp_path: Path, kind: str, content: bytes) -> dict[str, object]:
    """Run the reader as the worker does."""
    source, out = tmp_path / "source", tmp_path / "out.json"
    source.write_bytes(content)
    subprocess.run([sys.executable, "-I", str(workshop.SCRIPT), kind, str(source), str(out)], check=True, timeout=60)
    return dict(json.loads(out.read_text(encoding="utf-8")))


def test_the_words_of_a_document_a_deck_and_a_pdf_have_their_places(no_wall: None, upload: Upload) -> None:
    upload("教案.docx", with_page_break(word_file("秋天的雨，是一把钥匙", "第二页讲银杏")))
    upload("课件.pptx", slides_file("梯形怎样变身", "两个完全一样"))
    workshop.work_off(60)
    places = {place: words for row in BlobWords.objects.all() for place, words in row.passages}
    assert places["第1页"] == "秋天的雨，是一把钥匙"
    assert "第二页讲银杏" in places["第2页"]
    assert "环节 导入新课" in places["第2页"].replace("\n", " ").replace("  ", " ")
    assert places["第2张"] == "两个完全一样\n两个完全一样的讲稿"


def test_a_document_without_page_breaks_has_one_place(tmp_path: Path) -> None:
    answer = read(tmp_path, "docx", word_file("没有分页"))
    assert [place for place, _ in answer["passages"]] == ["正文"]  # type: ignore[attr-defined]


def test_deleted_words_and_the_double_of_a_text_box_are_not_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(word_file("留下"))) as source:
        parts = {entry.filename: source.read(entry) for entry in source.infolist()}
    doubled = (
        b'<w:p xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:del><w:r><w:delText>'
        + "删去".encode()
        + b"</w:delText></w:r></w:del><mc:AlternateContent><mc:Choice><w:r><w:t>"
        + "文本框".encode()
        + b"</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>"
        + "文本框".encode()
        + b"</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p></w:body>"
    )
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"</w:body>", doubled)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data)
    answer = json.dumps(read(tmp_path, "docx", out.getvalue()), ensure_ascii=False)
    assert "删去" not in answer
    assert answer.count("文本框") == 1


@pytest.mark.parametrize("kind", ["docx", "pptx", "pdf"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.4", b"\xff" * 5000])
def test_a_broken_file_gives_a_reason_and_no_crash(kind: str, content: bytes, tmp_path: Path) -> None:
    assert "读不出文字" in str(read(tmp_path, kind, content)["problem"])


def test_a_file_that_eats_memory_ends_its_own_process_alone(tmp_path: Path) -> None:
    hungry = f"import runpy,sys; m=runpy.run_path({str(workshop.SCRIPT)!r}); m['limit'](); x=bytearray(3*1024**3)"
    ended = subprocess.run([sys.executable, "-I", "-c", hungry], capture_output=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert b"MemoryError" in ended.stderr


def test_a_long_text_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(extracting, "MOST_CHARACTERS", 10)
    path = tmp_path / "long.docx"
    path.write_bytes(word_file("一二三四五六七八九十十一"))
    answer = extracting.read("docx", path)
    assert answer["is_cut"]
    assert len(answer["passages"][0][1]) == 10


def test_control_characters_and_lone_surrogates_are_left_out() -> None:
    assert extracting.tidy("甲\x00乙\ud800丙\x0b丁　　戊") == "甲乙丙\n丁 戊"


def test_reading_says_when_it_is_done_and_is_done_once_for_the_same_bytes(no_wall: None, upload: Upload) -> None:
    heard: list[str] = []

    def hear(sender: object, blob_id: str, **kwargs: object) -> None:
        heard.append(blob_id)

    words_ready.connect(hear)
    try:
        first = upload("一.pdf", pdf())
        upload("二.pdf", pdf())
        workshop.work_off(60)
        workshop.work_off(5)
    finally:
        words_ready.disconnect(hear)
    assert set(heard) == set(File.objects.values_list("blob_id", flat=True))
    assert len(heard) == len(set(heard))
    assert BlobWords.objects.get(blob=first.blob_id).state == Work.State.DONE


def test_without_a_wall_no_office_file_is_opened_and_the_reason_stands_there(no_wall: None, upload: Upload) -> None:
    upload("教案.docx", word_file("甲"))
    workshop.work_off(60)
    twin = PdfTwin.objects.get()
    assert (twin.state, twin.reason) == (Work.State.UNAVAILABLE, "这台服务器没有沙箱")


def test_a_machine_with_a_wall_takes_up_what_was_left(
    no_wall: None, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload("教案.docx", word_file("甲"))
    workshop.work_off(60)
    monkeypatch.setattr(sandbox, "here", lambda: sandbox.Sandbox(office="/bin/false", wall="/bin/false"))
    workshop.Workshop().tick(timezone.now() - timedelta(days=1))
    assert PdfTwin.objects.get().state != Work.State.UNAVAILABLE


def test_the_wall_has_no_network_no_files_of_ours_and_no_other_process() -> None:
    found = sandbox.here()
    if not found.is_ready:
        pytest.skip(found.reason)
    script = "readlink /proc/self/ns/net; cat /proc/net/dev; ls /work /root /home 2>&1; ls -d /proc/[0-9]* | wc -l; env"
    ended = subprocess.run(
        [*sandbox.walled(found.wall), "/bin/sh", "-c", script], capture_output=True, timeout=30, check=False
    )
    said = ended.stdout.decode()
    interfaces = [line.split(":")[0].strip() for line in said.splitlines() if ":" in line and "bytes" not in line]
    assert os.readlink("/proc/self/ns/net") not in said
    assert "lo" in interfaces
    assert not any(name.startswith(("eth", "en", "wl")) for name in interfaces)
    assert "No such file" in said
    assert "SECRET" not in said


def test_an_office_file_gets_a_pdf_that_every_file_of_its_bytes_shows(upload: Upload, colleague: Person) -> None:
    if not sandbox.here().is_ready:
        pytest.skip(sandbox.here().reason)
    content = word_file("甲", "乙")
    first, second = upload("一.docx", content), upload("二.docx", content, colleague)
    workshop.work_off(120)
    for file in (first, second):
        file.refresh_from_db()
        assert file.pdf_twin is not None
        assert file.pdf_twin.family == File.Family.PDF
        assert file.pdf_twin.uploaded_by_id == file.uploaded_by_id
    third = upload("三.docx", content)
    third.refresh_from_db()
    assert third.pdf_twin is not None


def test_a_file_that_brings_its_preview_is_not_drawn_again(upload: Upload, teacher: Person) -> None:
    file = upload("一.docx", word_file("甲"))
    store_bytes(content=pdf(), name="一.pdf", by=teacher, twin_of=file)
    work = services.lease(PdfTwin, at=timezone.now(), seconds=60)
    assert work is not None
    assert services.has_twins(work=work)
    assert PdfTwin.objects.get().state == Work.State.DONE


def test_a_work_is_leased_to_one_and_comes_back_when_the_lease_runs_out(upload: Upload) -> None:
    upload("一.pdf", pdf())
    now = timezone.now()
    first = services.lease(BlobWords, at=now, seconds=60)
    assert first is not None
    assert services.lease(BlobWords, at=now, seconds=60) is None
    second = services.lease(BlobWords, at=now + timedelta(seconds=61), seconds=60)
    assert second is not None
    assert not services.keep_words(work=first, passages=[["第1页", "迟到的"]], is_cut=False)
    assert services.keep_words(work=second, passages=[["第1页", "准时的"]], is_cut=False)
    assert BlobWords.objects.get().passages == [["第1页", "准时的"]]


def test_a_work_that_kills_its_worker_is_given_up_with_a_reason(upload: Upload) -> None:
    upload("一.pdf", pdf())
    now = timezone.now()
    for _ in range(services.MOST_ATTEMPTS):
        assert services.lease(BlobWords, at=now, seconds=1) is not None
        now += timedelta(seconds=2)
    assert services.lease(BlobWords, at=now, seconds=1) is None
    row = BlobWords.objects.get()
    assert (row.state, row.leased_until) == (Work.State.FAILED, None)
    assert "3 次" in row.reason


def test_what_takes_too_long_is_killed_and_the_worker_goes_on(
    no_wall: None, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload("一.pdf", pdf())
    monkeypatch.setattr(workshop, "_argv", lambda *args: ["/bin/sleep", "100"])
    monkeypatch.setattr(workshop, "WORDS_SECONDS", 0)
    workshop.work_off(20)
    row = BlobWords.objects.get()
    assert row.state == Work.State.FAILED
    assert "时间上限" in row.reason


def test_a_preview_that_is_being_made_says_so_and_one_that_failed_leads_to_the_download(
    upload: Upload, teacher: Person
) -> None:
    file = upload("一.docx", word_file("甲"))
    client = signed_in(teacher)
    assert "正在生成预览" in client.get(f"/f/{file.uid}/preview/").content.decode()
    PdfTwin.objects.update(state=Work.State.FAILED, reason="LibreOffice 打不开")
    page = client.get(f"/f/{file.uid}/preview/").content.decode()
    assert "无法预览，请下载" in page
    assert file.download_url in page


@pytest.mark.parametrize("as_folder", [False, True])
def test_a_way_out_that_is_left_behind_the_wall_is_not_followed(tmp_path: Path, as_folder: bool) -> None:
    """The folder behind the wall belongs to the stranger's file: a link in it must not be read out here."""
    outside = tmp_path / "secret"
    outside.mkdir()
    (outside / "theirs.pdf").write_bytes(pdf())
    out = tmp_path / "out"
    if as_folder:
        out.symlink_to(outside)
    else:
        out.mkdir()
        (out / "in.pdf").symlink_to(outside / "theirs.pdf")
        os.mkfifo(out / "a.pdf")
    assert workshop._drawn(out) is None


def test_a_process_that_opens_a_strangers_file_is_told_no_secret_of_the_site(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = upload("教案.docx", word_file("第一页"))
    monkeypatch.setenv("SECRET_KEY", "nobody-may-know")
    script = "import json, os, sys; open(sys.argv[1], 'w').write(json.dumps({'problem': str(dict(os.environ))[:250]}))"
    monkeypatch.setattr(
        workshop, "_argv", lambda work, file, path, folder: [sys.executable, "-c", script, str(folder / "out.json")]
    )
    monkeypatch.setattr(sandbox, "here", lambda: NO_WALL)
    workshop.work_off()
    told = BlobWords.objects.get(blob_id=file.blob_id).reason
    assert "PATH" in told
    assert "nobody-may-know" not in told
