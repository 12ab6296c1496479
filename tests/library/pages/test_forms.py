"""Creating and changing through plain forms: files one by one, places by search, conflicts that lose nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from library.resources.models import Kind, Resource
from media.models import File
from tests.factories.shelf import PDF, Shelf, signed_in

pytestmark = pytest.mark.django_db

META = {"licence": "group", "source_type": "original"}


def upload(name: str = "任务单.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_every_kind_can_be_chosen_and_opened(teacher: Client, shelf: Shelf) -> None:
    page = teacher.get("/my/new/").content.decode()
    for kind in ("lesson_design", "courseware", "micro_lesson", "worksheet", "homework", "material", "package"):
        assert f"/my/new/{kind}/" in page
        assert teacher.get(f"/my/new/{kind}/", {"node": shelf.lesson.uid}).status_code == 200


def test_an_unknown_kind_is_not_found(teacher: Client, shelf: Shelf) -> None:
    assert teacher.get("/my/new/nonsense/").status_code == 404


def test_a_worksheet_with_two_files_is_created_at_its_lesson(teacher: Client, shelf: Shelf) -> None:
    teacher.post(
        "/my/new/worksheet/",
        META | {"title": "动手拼一拼", "node": shelf.lesson.uid, "files": [upload("一.pdf"), upload("二.pdf")]},
    )
    made = Resource.objects.get(kind=Kind.WORKSHEET)
    assert [a.file.name for a in made.working_copy.attachments.all()] == ["一.pdf", "二.pdf"]
    assert [p.node for p in made.placements.all()] == [shelf.lesson]
    assert made.grade_from == 5
    assert list(made.subjects.all()) == [shelf.subject]


def test_a_refused_file_is_named_and_the_good_one_is_kept(teacher: Client, shelf: Shelf) -> None:
    page = teacher.post(
        "/my/new/worksheet/",
        META | {"title": "动手拼一拼", "files": [upload("好.pdf"), upload("坏.exe", b"MZ" + b"\0" * 200)]},
    ).content.decode()
    assert "坏.exe" in page
    assert "动手拼一拼" in page
    assert not Resource.objects.exists()
    kept = File.objects.get(name="好.pdf")
    teacher.post("/my/new/worksheet/", META | {"title": "动手拼一拼", "file": kept.uid})
    assert Resource.objects.get().working_copy.attachments.get().file == kept


def test_nobody_takes_another_persons_loose_file(teacher: Client, shelf: Shelf) -> None:
    foreign = shelf.text_file("别人的.pdf", owner="colleague")
    teacher.post("/my/new/worksheet/", META | {"title": "动手拼一拼", "file": foreign.uid})
    assert not Resource.objects.get().working_copy.attachments.exists()


def test_looking_for_a_place_keeps_what_was_typed(teacher: Client, shelf: Shelf) -> None:
    page = teacher.post(
        "/my/new/worksheet/", META | {"title": "动手拼一拼", "place_q": "梯形", "do": "find"}
    ).content.decode()
    assert shelf.lesson.uid in page
    assert "动手拼一拼" in page
    assert not Resource.objects.exists()


def test_a_missing_title_is_named(teacher: Client, shelf: Shelf) -> None:
    assert "标题：还没有填" in teacher.post("/my/new/material/", META | {"title": ""}).content.decode()


def test_chapters_are_typed_as_lines(teacher: Client, shelf: Shelf) -> None:
    teacher.post("/my/new/micro_lesson/", META | {"title": "转化", "chapters": "00:35 梯形怎样变身\n2:10 小结"})
    document = Resource.objects.get().working_copy.document
    assert sorted((c["start"], c["title"]) for c in document["chapters"].values()) == [
        (35, "梯形怎样变身"),
        (130, "小结"),
    ]


def test_a_chapter_without_a_time_is_named_by_its_line(teacher: Client, shelf: Shelf) -> None:
    page = teacher.post(
        "/my/new/micro_lesson/", META | {"title": "转化", "chapters": "00:35 梯形\n小结"}
    ).content.decode()
    assert "第 2 行要写成" in page
    assert "小结" in page
    assert not Resource.objects.exists()


def test_a_package_wants_a_lesson(teacher: Client, shelf: Shelf) -> None:
    assert "课时包要对着一课" in teacher.post("/my/new/package/", META | {"title": "包"}).content.decode()


def test_a_package_is_put_together_from_what_the_lesson_has(teacher: Client, shelf: Shelf) -> None:
    design = shelf.published(shelf.draft())
    teacher.post("/my/new/package/", META | {"title": "梯形 课时包", "node": shelf.lesson.uid, "part": design.uid})
    package = Resource.objects.get(kind=Kind.PACKAGE)
    assert [part["resource"] for part in package.working_copy.document["parts"].values()] == [design.uid]
    address = f"{package.get_absolute_url()}edit-package/"
    assert design.uid in teacher.get(address).content.decode()
    teacher.post(address, {"title": "空包", "lock_version": "1"})
    package.working_copy.refresh_from_db()
    assert "parts" not in package.working_copy.document


def test_two_who_save_at_once_both_see_both_texts(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft(Kind.MATERIAL, "任务单")
    address = f"{resource.get_absolute_url()}edit/"
    first = {"title": "任务单", "lock_version": "1", "introduction": "先剪后拼"}
    teacher.post(address, first)
    response = teacher.post(address, first | {"introduction": "先拼后剪"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "先剪后拼" in page
    assert "先拼后剪" in page
    assert 'name="lock_version" value="2"' in page
    teacher.post(address, first | {"introduction": "先拼后剪", "lock_version": "2"})
    resource.working_copy.refresh_from_db()
    assert "先拼后剪" in str(resource.working_copy.document)


@pytest.mark.parametrize("lock", ["", "x", "-1", "9" * 30])
def test_a_garbled_lock_conflicts_and_loses_nothing(lock: str, teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft(Kind.MATERIAL, "任务单")
    response = teacher.post(
        f"{resource.get_absolute_url()}edit/", {"title": "新的", "lock_version": lock, "introduction": "写了一段"}
    )
    assert response.status_code == 409
    assert "写了一段" in response.content.decode()


def test_what_was_typed_survives_an_expired_session(client: Client, shelf: Shelf) -> None:
    resource = shelf.draft(Kind.MATERIAL, "任务单")
    address = f"{resource.get_absolute_url()}edit/"
    response = client.post(address, {"title": "任务单", "lock_version": "1", "introduction": "写了半小时的一段"})
    assert response.status_code == 302
    client.force_login(shelf.town.person("teacher"))
    page = client.get(address).content.decode()
    assert "写了半小时的一段" in page
    assert "登录前填的内容还在下面" in page
    assert "写了半小时的一段" not in client.get(address).content.decode()


def test_the_record_is_described_and_placed(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    address = f"{resource.get_absolute_url()}describe/"
    teacher.post(
        address,
        META
        | {
            "summary": "从拼到剪",
            "keywords": "转化、梯形",
            "subject": shelf.subject.code,
            "node": shelf.lessons[0].uid,
        },
    )
    resource.refresh_from_db()
    assert resource.keywords == ["转化", "梯形"]
    assert [p.node for p in resource.placements.all()] == [shelf.lessons[0]]
    assert "从拼到剪" in teacher.get(address).content.decode()


def test_grades_the_wrong_way_round_are_named(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    page = teacher.post(
        f"{resource.get_absolute_url()}describe/", META | {"grade_from": "5", "grade_to": "3"}
    ).content.decode()
    assert "不能比起始年级小" in page


def test_only_those_who_may_edit_reach_the_forms(shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft(Kind.MATERIAL, "任务单", files=((shelf.text_file(), "main"),)))
    colleague = signed_in(shelf.town.person("colleague"))
    for path in ("edit", "describe", "publish"):
        assert colleague.get(f"{resource.get_absolute_url()}{path}/").status_code == 403


def test_an_invited_colleague_writes_along(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft(Kind.MATERIAL, "任务单")
    teacher.post(f"{resource.get_absolute_url()}invite/", {"name": "黄志远"})
    colleague = signed_in(shelf.town.person("colleague"))
    assert colleague.get(f"{resource.get_absolute_url()}edit/").status_code == 200
    assert (
        "没有找到“谁”"
        in teacher.post(f"{resource.get_absolute_url()}invite/", {"name": "谁"}, follow=True).content.decode()
    )


def test_a_lesson_design_is_changed_in_its_own_form(teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    response = teacher.get(f"{resource.get_absolute_url()}edit/")
    assert response.headers["Location"] == f"/my/designs/{resource.uid}/"


def test_a_form_from_before_signing_in_again_is_offered_anew(shelf: Shelf) -> None:
    resource = shelf.draft(Kind.MATERIAL, "任务单")
    client = Client(enforce_csrf_checks=True)
    client.force_login(shelf.town.person("teacher"))
    address = f"{resource.get_absolute_url()}edit/"
    stale = {"title": "任务单", "lock_version": "1", "introduction": "隔了一夜的一段", "csrfmiddlewaretoken": "x" * 64}
    page = client.post(address, stale, follow=True).content.decode()
    assert "隔了一夜的一段" in page
    assert "再点一次保存" in page


@pytest.mark.parametrize("nasty", ["\x00", "😀" * 3000, "<svg onload=alert(1)>", "' OR 1=1 --", "\u202e倒着写"])
def test_nothing_typed_breaks_a_page(nasty: str, teacher: Client, shelf: Shelf) -> None:
    resource = shelf.draft(Kind.MATERIAL, "任务单")
    posts = {
        f"{resource.get_absolute_url()}edit/": {
            "title": nasty,
            "introduction": nasty,
            "file": nasty,
            "lock_version": "1",
        },
        f"{resource.get_absolute_url()}describe/": {"summary": nasty, "place_q": nasty, "node": nasty, "do": "find"},
        f"{resource.get_absolute_url()}publish/": {
            "people": nasty,
            "audience": nasty,
            "ends_on": nasty,
            "level": nasty,
        },
        f"{resource.get_absolute_url()}invite/": {"name": nasty},
        "/my/new/package/": {"title": nasty, "part": nasty, "node": nasty},
        "/my/new/micro_lesson/": {"title": nasty, "chapters": nasty},
    }
    for address, sent in posts.items():
        assert teacher.post(address, sent).status_code < 500, address
    for address in ("/k/", shelf.lesson.get_absolute_url(), "/my/library/", "/review/", "/my/new/worksheet/"):
        asked = {"subject": nasty, "kind": nasty, "page": nasty, "state": nasty, "node": nasty, "view": nasty}
        assert teacher.get(address, asked).status_code == 200, address
