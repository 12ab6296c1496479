"""The import of a platform's textbook list: nothing lost, nothing doubled, every bad line named."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from catalogue.importing import Report, import_textbooks
from catalogue.models import Edition, Subject, Textbook
from catalogue.outlines import parse_outline
from catalogue.platform_lists import LineProblem, chief_editor, grades, parse_book, read_lists, start_grade
from catalogue.seeding import seed_catalogue

pytestmark = pytest.mark.django_db


def line(uid: str, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": uid,
        "title": f"小学音乐测试版三年级上册 {uid}",
        "edition": ["测试版（一年级起点）（主编：王芳&李强）"],
        "volume": ["上册"],
        "grade": ["三年级"],
        "stage": ["小学"],
        "subject": ["艺术·音乐"],
    }
    return {name: value for name, value in (row | changes).items() if value is not None}


def folder(tmp_path: Path, rows: list[Any], trees: list[Any] | None = None) -> Path:
    place = tmp_path / "textbooks_smartedu"
    place.mkdir(exist_ok=True)
    for name, content in {"books.jsonl": rows, "tree_textbooks.jsonl": trees or []}.items():
        text = "\n".join(r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in content)
        (place / name).write_text(text, encoding="utf-8")
    return place


def load(place: Path, *, dry_run: bool = False) -> Report:
    return import_textbooks(lists=read_lists(place), dry_run=dry_run)


def test_a_line_becomes_a_textbook_with_subject_and_edition(tmp_path: Path) -> None:
    load(folder(tmp_path, [line("a", new_old=["新教材"])]))

    book = Textbook.objects.get(external_id="a")
    assert (book.grade_from, book.grade_to, book.volume, book.revision) == (3, 3, "first", "new")
    assert book.is_active
    assert book.subject.block == "艺"
    assert book.edition is not None
    assert (book.edition.chief_editor, book.edition.start_grade) == ("王芳&李强", 1)


def test_a_second_run_changes_nothing_and_a_changed_line_arrives(tmp_path: Path) -> None:
    load(folder(tmp_path, [line("a"), line("b")]))
    again = load(folder(tmp_path, [line("a"), line("b", title="改了的书名")]))

    assert (again.created, again.updated, again.unchanged) == (0, 1, 1)
    assert Textbook.objects.get(external_id="b").title == "改了的书名"
    assert Textbook.objects.count() == 2


def test_ranges_labels_and_other_stages_are_kept_as_they_are(tmp_path: Path) -> None:
    rows = [
        line("range", grade=["五至六年级"], volume=["水平三"]),
        line("reader", grade=["学生读本"], volume=["学生读本（小学低年级）"]),
        line("five-four", stage=["小学（五•四学制）"]),
        line("high", stage=["高中"], grade=None, volume=["选择性必修3 资源、环境与国家安全"], subject=["地理"]),
    ]
    load(folder(tmp_path, rows))

    books = {book.external_id: book for book in Textbook.objects.all()}
    assert (books["range"].grade_from, books["range"].grade_to, books["range"].grade_volume) == (
        5,
        6,
        "五至六年级水平三",
    )
    assert (books["reader"].grade_from, books["reader"].volume_label) == (None, "学生读本（小学低年级）")
    assert {uid: book.is_active for uid, book in books.items()} == {
        "range": True,
        "reader": True,
        "five-four": True,
        "high": False,
    }
    assert not Subject.objects.get(name="地理").is_primary


def test_bad_lines_are_named_in_chinese_and_the_others_still_arrive(tmp_path: Path) -> None:
    rows: list[Any] = [
        line("good"),
        "{不完整",
        line("no-subject", subject=None),
        line("two", edition=["甲版", "乙版"]),
        line("long", title="长" * 161),
        ["不是记录"],
        line("number", stage=[3]),
        line("good"),
        "",
        line("last"),
    ]
    lists = read_lists(folder(tmp_path, rows, [{"path": ["小学"], "levels": []}]))
    import_textbooks(lists=lists)

    reasons = {(r.file, r.line): r.reason for r in lists.refused}
    assert sorted(line for file, line in reasons if file == "books.jsonl") == [2, 3, 4, 5, 6, 7, 8]
    assert "缺少学科" in reasons["books.jsonl", 3]
    assert "只能有一个" in reasons["books.jsonl", 4]
    assert "最多 160 个" in reasons["books.jsonl", 5]
    assert "第 1 行相同" in reasons["books.jsonl", 8]
    assert reasons["tree_textbooks.jsonl", 1].startswith("path 和 levels")
    assert set(Textbook.objects.values_list("external_id", flat=True)) == {"good", "last"}


def test_a_line_in_another_encoding_is_refused_alone(tmp_path: Path) -> None:
    place = folder(tmp_path, [line("a")])
    (place / "books.jsonl").write_bytes("这一行是国标编码\n".encode("gb18030") + json.dumps(line("a")).encode())

    lists = read_lists(place)
    assert [(r.line, r.reason[:9]) for r in lists.refused] == [(1, "不是 UTF-8 ")]
    assert len(lists.books) == 1


def test_editions_that_only_a_tree_names_are_kept_for_later(tmp_path: Path) -> None:
    tag = {"path": ["电子教材", "小学", "英语", "外研版"], "levels": ["专题*", "电子教材", "学科", "版本"]}
    load(folder(tmp_path, [line("a")], [tag]))

    assert not Edition.objects.get(name="外研版", subject__name="英语").is_active


def test_a_dry_run_reports_the_same_and_writes_nothing(tmp_path: Path) -> None:
    place = folder(tmp_path, [line("a")])
    report = load(place, dry_run=True)

    assert report.created == 1
    assert not Textbook.objects.exists()
    assert load(place).created == 1


def test_a_book_of_the_seed_takes_the_platforms_id_and_keeps_its_revision(tmp_path: Path) -> None:
    head = "subject: 英语\nedition: 人教PEP\ngrade: 5\nvolume: 上册\nrevision: 旧教材\nconfidence: likely\nsource: 录入\n\n"
    seed_catalogue([parse_outline("英语", head + "# My week\n")])
    uid = Textbook.objects.get().uid
    row = line("p", subject=["英语"], edition=["人教版（PEP）（主编：吴欣）"], grade=["五年级"])
    first, second = load(folder(tmp_path, [row])), load(folder(tmp_path, [row]))

    book = Textbook.objects.get()
    assert (book.uid, book.external_id, book.revision) == (uid, "p", "old")
    assert (first.linked, first.created, second.unchanged) == (1, 0, 1)


def test_old_and_new_revisions_of_one_grade_stay_two_books(tmp_path: Path) -> None:
    rows = [line("old", new_old=["旧教材"]), line("new", new_old=["新教材"])]
    load(folder(tmp_path, rows))

    assert Textbook.objects.count() == 2


def test_the_small_readers_take_the_labels_apart() -> None:
    assert grades("五至六年级") == (5, 6)
    assert grades("高二") == (11, 11)
    assert grades("中国历史") == (None, None)
    assert chief_editor("人音版（五线谱）（主编：吴斌）") == "吴斌"
    assert start_grade("译林版三年级起点") == 3
    with pytest.raises(LineProblem, match="编号"):
        parse_book(line("x", id=""), 1)


def test_the_command_reports_bad_lines_and_leaves_with_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder(tmp_path, [line("a"), "坏"])
    with pytest.raises(SystemExit):
        call_command("catalogue_import", data=tmp_path)

    output = capsys.readouterr()
    assert "books.jsonl 第 2 行" in output.err
    assert output.out.splitlines()[-1] == "读入 2，新建 1，与自带教材合并 0，更新 0，不变 0，未导入 1"


def test_a_missing_list_is_named_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="请用 --data"):
        call_command("catalogue_import", data=tmp_path)


def test_the_whole_platform_list_arrives_without_loss_or_double() -> None:
    place = settings.REFERENCE_DATA / "textbooks_smartedu"
    if not place.is_dir():
        pytest.skip("没有参考数据（REFERENCE_DATA），无法导入全表")
    seed_catalogue()
    first, second = load(place), load(place)

    assert (first.read, first.refused, first.primary) == (2277, 0, 1117)
    assert first.created + first.linked == 2277 == Textbook.objects.exclude(external_id=None).count()
    assert second.unchanged == 2277
    assert Textbook.objects.active().exclude(external_id=None).count() == 1117
    books = Textbook.objects.with_nodes().values_list("subject", "edition", "grade_from", "volume", "revision", "stage")
    assert len(set(books)) == len(books)
