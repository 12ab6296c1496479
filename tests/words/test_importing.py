"""从 Word 导入, from the chosen file to the draft: what was recognised is shown, moved, taken; nothing is lost on the way."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from groups.access import Refused, Relation
from groups.viewer import Viewer
from lessons.designs.models import LessonDesign
from lessons.words import bounded, registration, services
from lessons.words.models import WordImport, WordPlan
from library.documents import rich
from library.resources.models import Resource
from media.models import File
from media.safety import UnsafeFile
from tests.factories.town import Town
from tests.library.documents.word_plans import Maker, with_comment, with_picture

pytestmark = pytest.mark.django_db
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def teacher(client: Client, town: Town) -> Client:
    client.force_login(town.person("teacher"))
    return client


def plan_bytes() -> bytes:
    """A small plan with a section that no field takes, a picture and a comment."""
    document = Document()
    document.add_paragraph("《圆的面积》教学设计")
    document.add_paragraph("年级：六年级上册　课型：游戏课　课时：第2课时　执教：林晓雯")
    for line in ("【设计理念】以学定教。", "【教学目标】", "1.会算圆的面积。", "【教学重点】公式。", "【教学过程】"):
        document.add_paragraph(line)
    document.add_paragraph("一、剪拼（10分钟）")
    with_comment(document, document.add_paragraph("师：怎样把圆变成长方形？"), "这里留足时间")
    document.add_paragraph("生：剪成小扇形再拼。")
    with_picture(document.add_paragraph("看图。"))
    document.add_paragraph("【板书设计】S=πr²")
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def sent(client: Client, name: str = "圆的面积.docx", content: bytes | None = None) -> WordImport:
    upload = SimpleUploadedFile(name, plan_bytes() if content is None else content, WORD)
    answer = client.post("/my/word/", {"files": [upload]})
    assert answer.status_code == 302, answer.content.decode()
    return WordImport.objects.latest("pk")


def post(client: Client, plan: WordPlan, **deed: object) -> str:
    plan.refresh_from_db()
    answer = client.post(f"/my/word/{plan.word_import.uid}/", {"revision": plan.revision, **deed}, follow=True)
    return answer.content.decode()


def test_a_plan_becomes_a_draft_with_its_picture_and_opens_in_the_form(teacher: Client) -> None:
    plan = sent(teacher).plans.get()
    page = teacher.get(f"/my/word/{plan.word_import.uid}/").content.decode()
    assert "会算圆的面积" in page
    assert "收下，建成草稿" in page
    assert "1 条批注" in page
    answer = teacher.post(
        f"/my/word/{plan.word_import.uid}/", {"do": "accept", "revision": 0, "title": "圆的面积（一）"}
    )
    design = LessonDesign.objects.get()
    assert answer["Location"] == f"/my/designs/{design.uid}/" or design.uid in answer["Location"]
    assert (design.title, design.period, design.grade_from) == ("圆的面积（一）", 2, 6)
    shown = [str(n["attrs"]["file"]) for n in rich.nodes(_stage(design)["teacher"]) if n["type"] == "image"]
    held = list(design.working_copy.attachments.values_list("file__uid", "purpose"))
    assert held == [(shown[0], "picture")]
    assert teacher.get(f"/f/{shown[0]}/picture").status_code == 200


def _stage(design: LessonDesign) -> dict[str, dict[str, object]]:
    return next(iter(design.working_copy.document["stages"].values()))


def test_comments_stay_with_the_draft_and_only_its_editors_see_them(teacher: Client) -> None:
    plan = sent(teacher).plans.get()
    post(teacher, plan, do="accept")
    design = LessonDesign.objects.get()
    page = teacher.get(design.get_absolute_url()).content.decode()
    assert "这里留足时间" in page
    assert "怎样把圆变成长方形" in page
    assert plan.comments[0]["place"] == "环节1"
    viewer = Viewer(None, timezone.now())
    resource = Resource.objects.annotate(**registration.annotations(viewer)).get()
    assert registration.panel(resource, frozenset({Relation.READER}), viewer) == {}
    assert registration.panel(resource, frozenset({Relation.OWNER}), viewer)["comments"]


def test_a_piece_of_the_tray_is_moved_into_a_field_and_back(teacher: Client) -> None:
    plan = sent(teacher).plans.get()
    labels = [piece["label"] for piece in plan.tray]
    assert "设计理念" in labels
    assert "课型" in labels
    page = post(teacher, plan, do="place", piece=labels.index("设计理念"), target="textbook.intent")
    assert "已归好一段" in page
    plan.refresh_from_db()
    assert "以学定教" in rich.to_text(plan.document["textbook"]["intent"])
    assert "设计理念" not in [piece["label"] for piece in plan.tray]
    post(teacher, plan, do="lift:textbook.intent", label="教材分析")
    plan.refresh_from_db()
    assert "intent" not in plan.document.get("textbook", {})
    assert "以学定教" in rich.to_text(plan.tray[-1]["text"])


def test_a_piece_can_become_a_new_stage(teacher: Client) -> None:
    plan = sent(teacher).plans.get()
    post(teacher, plan, do="place", piece=0, target="stages.+")
    plan.refresh_from_db()
    assert len(plan.document["stages"]) == 2


def test_a_page_of_another_window_changes_nothing(teacher: Client) -> None:
    plan = sent(teacher).plans.get()
    post(teacher, plan, do="place", piece=0, target="textbook.intent")
    before = WordPlan.objects.values_list("document", "tray").get(pk=plan.pk)
    answer = teacher.post(
        f"/my/word/{plan.word_import.uid}/",
        {"do": "place", "revision": 0, "piece": 0, "target": "board"},
        follow=True,
    )
    assert "别的窗口里改过了" in answer.content.decode()
    assert WordPlan.objects.values_list("document", "tray").get(pk=plan.pk) == before


def test_a_place_that_is_not_there_is_refused_and_the_piece_stays(teacher: Client) -> None:
    plan = sent(teacher).plans.get()
    before = len(plan.tray)
    assert "重新选一个" in post(teacher, plan, do="place", piece=0, target="stages.nobody.teacher")
    plan.refresh_from_db()
    assert len(plan.tray) == before


def test_a_piece_that_is_gone_and_a_file_of_somebody_else_say_what_to_do(teacher: Client, town: Town) -> None:
    plan = sent(teacher).plans.get()
    assert "已经归好了，请看看上面各栏" in post(teacher, plan, do="place", piece=99, target="board")
    other = town.person("colleague")
    for refused in (
        lambda: services.place(plan=plan, by=other, revision=plan.revision, piece=0, target="board"),
        lambda: services.discard(word_import=plan.word_import, by=other),
    ):
        with pytest.raises(Refused, match="是别人导入的，请让本人来办"):
            refused()


def test_taking_twice_makes_one_draft(teacher: Client) -> None:
    plan = sent(teacher).plans.get()
    post(teacher, plan, do="accept")
    post(teacher, plan, do="accept")
    assert LessonDesign.objects.count() == 1


def test_somebody_else_sees_neither_the_file_nor_its_plans(teacher: Client, town: Town) -> None:
    found = sent(teacher)
    picture = File.objects.get(family="picture")
    stranger = Client()
    stranger.force_login(town.person("colleague"))
    assert stranger.get(f"/my/word/{found.uid}/").status_code == 404
    assert stranger.post(f"/my/word/{found.uid}/", {"do": "discard"}).status_code == 404
    assert stranger.get(f"/f/{picture.uid}/picture").status_code in {403, 404}
    assert teacher.get(f"/f/{picture.uid}/picture").status_code == 200
    assert Client().get(f"/my/word/{found.uid}/").status_code == 302


def test_an_import_can_be_forgotten_and_its_draft_stays(teacher: Client) -> None:
    found = sent(teacher)
    post(teacher, found.plans.get(), do="accept")
    teacher.post(f"/my/word/{found.uid}/", {"do": "discard"})
    assert not WordImport.objects.exists()
    assert LessonDesign.objects.count() == 1


def test_the_way_in_stands_where_a_design_begins(teacher: Client) -> None:
    for page in ("/my/new/", "/my/new/lesson_design/"):
        assert "/my/word/" in teacher.get(page).content.decode(), page


def test_an_older_file_waits_for_the_worker(teacher: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1016 + "WordDocument\0".encode("utf-16-le").ljust(128, b"\0")
    found = sent(teacher, "旧教案.doc", old)
    assert found.state == WordImport.State.WAITING
    assert "正在读" in teacher.get(f"/my/word/{found.uid}/").content.decode()
    monkeypatch.setattr(bounded.sandbox, "here", lambda: bounded.sandbox.Sandbox(reason="没有装"))
    services.read_waiting(timezone.now())
    found.refresh_from_db()
    assert found.state == WordImport.State.FAILED
    assert "《旧教案.doc》" in found.reason
    assert "另存为 .docx" in found.reason


def test_a_reading_that_died_is_taken_up_again(teacher: Client) -> None:
    found = sent(teacher)
    past = timezone.now() - services.READING - services.READING
    WordImport.objects.update(state=WordImport.State.READING, reading_since=past)
    assert services.read_waiting(timezone.now()) == 1
    found.refresh_from_db()
    assert found.state == WordImport.State.READY
    assert found.plans.count() == 1


def _zip(**parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def _parts(**changed: bytes) -> bytes:
    """A Word file with parts put in the place of its own."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plan_bytes())) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in changed:
                new.writestr(entry.filename, old.read(entry.filename))
        for name, content in changed.items():
            new.writestr(name, content)
    return held.getvalue()


def _only_a_picture() -> bytes:
    document = Document()
    with_picture(document.add_paragraph())
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.docx", b"", "是空的"),
        ("坏.docx", plan_bytes()[:3000], "请"),
        ("断.docx", _parts(**{"word/document.xml": b"<w:document><w:body><w:p>"}), "另存为新的 .docx"),
        ("宏.docx", _parts(**{"word/vbaProject.bin": b"x"}), "含宏"),
        ("改名.docx", b"%PDF-1.4\n%%EOF", "请"),
        ("图.docx", _only_a_picture(), "只有图片"),
        ("炸弹.docx", _parts(**{"word/media/a.xml": b"<a>" + b" " * 80_000_000 + b"</a>"}), "请"),
        ("实体.docx", _parts(**{"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "请"),
    ],
)
def test_bad_files_are_answered_by_name_with_the_next_step(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UnsafeFile) as refusal, bounded.read(path, name):
        pass
    assert f"《{name}》" in refusal.value.sentence
    assert said in refusal.value.sentence


def test_a_file_that_cannot_be_read_says_so_on_its_page(teacher: Client) -> None:
    found = sent(teacher, "只有图.docx", _only_a_picture())
    page = teacher.get(f"/my/word/{found.uid}/").content.decode()
    assert "《只有图.docx》里只有图片" in page
    assert "另选一个文件" in page


def test_what_is_no_word_file_is_refused_on_the_form(teacher: Client) -> None:
    upload = SimpleUploadedFile("说明.txt", "教学目标".encode())
    answer = teacher.post("/my/word/", {"files": [upload]})
    assert answer.status_code == 422
    assert "《说明.txt》不是 Word 文件" in answer.content.decode()


def test_the_review_asks_the_database_no_more_for_more(teacher: Client, tmp_path: Path) -> None:
    counts = []
    for stages in (3, 60):
        document = Document()
        for line in ("《圆》教学设计", "【教学目标】会画。", "【教学过程】"):
            document.add_paragraph(line)
        for at in range(stages):
            document.add_paragraph(f"环节{at + 1}：第{at}步（1分钟）").runs[0].bold = True
            document.add_paragraph(f"师：做第{at}件事。")
        document.save(str(tmp_path / "many.docx"))
        found = sent(teacher, "many.docx", (tmp_path / "many.docx").read_bytes())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            teacher.get(f"/my/word/{found.uid}/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
    with CaptureQueriesContext(connection) as queries:
        teacher.get("/my/word/")
    before = len(queries)
    sent(teacher)
    with CaptureQueriesContext(connection) as queries:
        teacher.get("/my/word/")
    assert len(queries) == before <= 15


def test_the_command_writes_each_file_and_reports_the_one_that_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Maker(3, "table").document_written(tmp_path / "好.docx")
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(CommandError) as failure:
        call_command("word_import", tmp_path / "坏.docx", tmp_path / "好.docx", json=tmp_path / "out")
    assert failure.value.returncode == 1
    assert "《坏.docx》" in capsys.readouterr().err
    written = json.loads((tmp_path / "out" / "好.json").read_text("utf-8"))
    assert written["objectives"] == made.expected["objectives"]
    assert not (tmp_path / "out" / "坏.json").exists()
