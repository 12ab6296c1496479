"""Writing a question: rows come and go unsaved, nothing typed is lost, what is missing is said."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from library.documents import rich, schema
from library.documents.fields import ordered
from library.documents.question import QuestionDocument
from library.questions.models import Question
from library.resources.models import Resource, WorkingCopy
from tests.factories.shelf import Shelf
from tests.factories.town import Town
from tests.library.questions.conftest import Bank, choice
from tests.media.conftest import picture

pytestmark = pytest.mark.django_db

NEW = "/my/questions/new/"


def posted(**more: Any) -> dict[str, Any]:
    """A single choice as its form sends it."""
    return {
        "type": "单选",
        "stem": "梯形有几条高？",
        "options.sent": "1",
        "options.rows": ["a", "b"],
        "options.a.words": "一条",
        "options.b.words": "无数条",
        "options.b.diagnosis": "",
        "correct": ["b"],
        "knowledge": "梯形的认识、高",
        "difficulty": "较易",
        "points": "2.5",
        "minutes": "2",
        "source_type": "original",
        "licence": "group",
        "do": "save",
        **more,
    }


def stored(question: Resource) -> QuestionDocument:
    return schema.load(QuestionDocument, WorkingCopy.objects.get(resource=question).document)


def test_every_type_has_a_form(teacher: Client, shelf: Shelf) -> None:
    page = teacher.get("/my/new/question/", follow=True).content.decode()
    for kind in ("单选", "多选", "判断", "填空", "连线", "排序", "解决问题", "口算", "阅读"):
        assert kind in page
        assert teacher.get(NEW, {"type": kind}).status_code == 200


def test_a_question_is_written_on_one_page(teacher: Client, shelf: Shelf) -> None:
    answer = teacher.post(f"{NEW}?type=单选", posted(node=[shelf.lesson.uid]))
    question = Question.objects.get()
    assert answer.headers["Location"] == question.get_absolute_url()
    assert (question.title, question.type, question.difficulty, question.points) == (
        "梯形有几条高？",
        "单选",
        "较易",
        2.5,
    )
    assert question.knowledge == ["梯形的认识", "高"]
    assert question.placements.get().node == shelf.lesson
    assert [rich.to_text(option.words) for _, option in ordered(stored(question).options)] == ["一条", "无数条"]


def test_a_question_without_an_answer_is_kept_as_a_draft_and_told_what_is_missing(
    teacher: Client, shelf: Shelf
) -> None:
    answer = teacher.post(f"{NEW}?type=单选", posted(correct=[]), follow=True)
    question = Question.objects.get()
    assert "还没有答案，请在正确的选项前打勾" in answer.content.decode()
    assert rich.to_text(stored(question).stem) == "梯形有几条高？"
    refused = teacher.post(f"{question.get_absolute_url()}publish/", {"audience": ["public"], "level": "download"})
    assert "还没有答案" in refused.content.decode()


def test_adding_a_row_saves_nothing_and_loses_nothing(teacher: Client, shelf: Shelf) -> None:
    page = teacher.post(f"{NEW}?type=单选", posted(do="add:options", stem="写到一半")).content.decode()
    assert not Question.objects.exists()
    assert page.count('name="options.rows"') == 3
    assert "写到一半" in page
    assert "无数条" in page


def test_rows_are_moved_removed_and_stored_as_they_stood(teacher: Client, bank: Bank) -> None:
    question = bank.draft()
    url = f"/my/questions/{question.uid}/"
    sent = posted(lock_version="1", **{"options.rows": ["b", "a", "c"], "options.c.words": "两条"})
    assert teacher.post(url, sent).status_code == 302
    assert [rich.to_text(option.words) for _, option in ordered(stored(question).options)] == ["无数条", "一条", "两条"]
    removed = posted(lock_version="2", **{"options.rows": ["b", "c"], "options.c.words": "两条"})
    teacher.post(url, removed)
    assert [rich.to_text(option.words) for _, option in ordered(stored(question).options)] == ["无数条", "两条"]


def test_a_number_that_is_none_keeps_what_was_typed(teacher: Client, shelf: Shelf) -> None:
    page = teacher.post(f"{NEW}?type=单选", posted(points="两分")).content.decode()
    assert not Question.objects.exists()
    assert "“两分”不是整数" in page
    assert 'value="两分"' in page


def test_sub_items_of_a_reading_question_have_types_of_their_own(teacher: Client, shelf: Shelf) -> None:
    sent = {
        "type": "阅读",
        "stem": "夜里落了一场小雨。",
        "parts.sent": "1",
        "parts.rows": ["p", "q", "r"],
        "parts.p.type": "判断",
        "parts.p.stem": "雨下在白天。",
        "parts.p.verdict": "错",
        "parts.p.knowledge": "提取信息",
        "parts.q.type": "单选",
        "parts.q.stem": "什么时候下的雨？",
        "parts.q.options.sent": "1",
        "parts.q.options.rows": ["x", "y"],
        "parts.q.options.x.words": "夜里",
        "parts.q.options.y.words": "清早",
        "parts.q.correct": ["x"],
        "parts.r.type": "判断",
        "parts.r.stem": "",
        "source_type": "original",
        "licence": "group",
    }
    teacher.post(f"{NEW}?type=阅读", sent)
    question = Question.objects.get()
    parts = list(stored(question).parts.values())
    assert [part.type for part in parts] == ["判断", "单选"]
    assert parts[1].correct == ("x",)
    assert question.knowledge == ["提取信息"]


def test_a_picture_is_kept_with_its_words_and_found_by_the_filter(teacher: Client, shelf: Shelf) -> None:
    upload = SimpleUploadedFile("图.png", picture(), "image/png")
    page = teacher.post(f"{NEW}?type=单选", posted(do="upload", new_picture=upload, **{"pictures.sent": "1"}))
    uid = page.context["form"].files[0].uid
    teacher.post(
        f"{NEW}?type=单选", posted(picture=[uid], **{"pictures.sent": "1", f"alt.{uid}": "一个梯形，画着三条高"})
    )
    question = Question.objects.get()
    assert question.has_picture
    assert "一个梯形，画着三条高" in teacher.get(question.get_absolute_url()).content.decode()


def test_somebody_elses_file_does_not_become_a_picture(teacher: Client, shelf: Shelf, town: Town) -> None:
    foreign = shelf.text_file(owner="colleague")
    teacher.post(f"{NEW}?type=单选", posted(picture=[foreign.uid], **{"pictures.sent": "1"}))
    assert not Question.objects.get().has_picture


def test_what_is_no_picture_is_refused_with_its_name(teacher: Client, shelf: Shelf) -> None:
    upload = SimpleUploadedFile("答案.txt", "文字".encode(), "text/plain")
    page = teacher.post(f"{NEW}?type=单选", posted(new_picture=upload)).content.decode()
    assert "附图“答案.txt”" in page
    assert not Question.objects.exists()


def test_two_who_save_at_once_see_both_texts(teacher: Client, bank: Bank) -> None:
    question = bank.draft()
    url = f"/my/questions/{question.uid}/"
    teacher.post(url, posted(lock_version="1", stem="先存的"))
    answer = teacher.post(url, posted(lock_version="1", stem="后存的"))
    assert answer.status_code == 409
    assert "先存的" in answer.content.decode()
    assert "后存的" in answer.content.decode()


def test_nobody_else_edits_a_question(client: Client, bank: Bank) -> None:
    question = bank.draft()
    client.force_login(bank.town.person("colleague"))
    assert client.get(f"/my/questions/{question.uid}/").status_code == 403


@pytest.mark.parametrize("bad", ["add:", "add:nothing", "up:options.zz", "remove:parts.x.options.y", "add:stem", "::"])
def test_a_garbled_button_breaks_nothing(teacher: Client, shelf: Shelf, bad: str) -> None:
    assert teacher.post(f"{NEW}?type=单选", posted(do=bad)).status_code in (200, 302)


def test_the_page_shows_the_question_and_keeps_the_answer_folded(teacher: Client, bank: Bank) -> None:
    question = bank.draft(choice(stem="$\\frac{1}{2}$ 是几分之几？"))
    page = teacher.get(question.get_absolute_url()).content.decode()
    assert 'data-latex="\\frac{1}{2}"' in page
    assert page.index("无数条") < page.index("看答案")
