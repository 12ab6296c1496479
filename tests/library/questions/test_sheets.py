"""Homeworks and papers of pinned questions: put in, taken out, revised, printed; each question passes the one rule."""

from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groups.access import Refused
from groups.models import GrantLevel
from groups.viewer import viewer_for
from library.documents import rich, schema
from library.documents.homework import HomeworkDocument
from library.documents.paper import PaperDocument
from library.questions import on_paper, services
from library.resources.models import Grant, Kind, Receipt, Resource, WorkingCopy
from library.resources.services import Audience
from library.resources.services.reviewing import NotReady
from tests.factories.shelf import signed_in
from tests.library.questions.conftest import Bank, choice

pytestmark = pytest.mark.django_db

words = rich.from_markup


def held(sheet: Resource) -> HomeworkDocument:
    return schema.load(HomeworkDocument, WorkingCopy.objects.get(resource=sheet).document)


def put(bank: Bank, sheet: Resource, *questions: Resource) -> list[str]:
    return [services.put_question(sheet=sheet, chosen=q, by=sheet.owner, at=bank.town.now).key for q in questions]


def test_a_question_goes_into_the_homework_at_the_version_that_is_current(teacher: Client, bank: Bank) -> None:
    question, sheet = bank.published(), bank.sheet()
    answer = teacher.post(f"/my/questions/{question.uid}/put/", {"sheet": sheet.uid}, follow=True)
    assert "已选入《梯形的作业》，第 1 题" in answer.content.decode()
    item = next(iter(held(sheet).items.values()))
    assert (item.uid, item.version, item.layer, item.minutes) == (question.uid, 1, "基础性", 2)
    assert Receipt.objects.filter(person=sheet.owner, version=question.published_version).exists()


def test_the_next_question_goes_into_the_same_homework_with_one_click_and_undo_takes_it_out(
    teacher: Client, bank: Bank
) -> None:
    first, second, sheet = bank.published(), bank.published(), bank.sheet()
    teacher.post(f"/my/questions/{first.uid}/put/", {"sheet": sheet.uid})
    page = teacher.post(f"/my/questions/{second.uid}/put/", follow=True).content.decode()
    assert "第 2 题" in page
    key = next(key for key, row in held(sheet).items.items() if row.uid == second.uid)
    undo = f"/r/{sheet.uid}/items/{key}/out/"
    assert undo in page
    teacher.post(undo)
    assert [row.uid for row in held(sheet).items.values()] == [first.uid]


def test_without_a_homework_one_is_made_at_the_lesson_of_the_question(teacher: Client, bank: Bank) -> None:
    question = bank.published()
    assert "新建一份校本作业" in teacher.post(f"/my/questions/{question.uid}/put/").content.decode()
    teacher.post(f"/my/questions/{question.uid}/put/", {"sheet": "new"})
    sheet = Resource.objects.get(kind=Kind.HOMEWORK)
    assert sheet.placements.get().node == bank.shelf.lesson
    assert sheet.grade_from == 5
    assert len(held(sheet).items) == 1


def test_a_question_is_put_in_once_and_one_without_an_answer_never(bank: Bank) -> None:
    question, sheet = bank.published(), bank.sheet()
    put(bank, sheet, question)
    with pytest.raises(Refused, match="已经有这道题了"):
        put(bank, sheet, question)
    with pytest.raises(Refused, match="还没有答案"):
        put(bank, sheet, bank.draft(choice(right="gone")))


def test_what_one_may_not_read_one_may_not_put_in(bank: Bank) -> None:
    theirs, sheet = bank.draft(), bank.sheet(owner="colleague")
    with pytest.raises(Refused):
        services.put_question(sheet=sheet, chosen=theirs, by=bank.town.person("colleague"), at=bank.town.now)
    with pytest.raises(Refused):
        services.put_question(sheet=bank.sheet(), chosen=theirs, by=bank.town.person("colleague"), at=bank.town.now)


def only_looked_at(question: Resource) -> None:
    Grant.objects.filter(resource=question).update(level=GrantLevel.VIEW)


def test_what_may_only_be_looked_at_is_neither_put_in_nor_moved_on(bank: Bank) -> None:
    """Selecting keeps a receipt, and a receipt is a right to download."""
    question, sheet, colleague = bank.published(), bank.sheet(owner="colleague"), bank.town.person("colleague")
    (key,) = put(bank, sheet, question)
    bank.revised(question, choice(stem="平行四边形有几条高？"))
    only_looked_at(question)
    with pytest.raises(Refused):
        services.use_revision(sheet=sheet, key=key, by=colleague, at=bank.town.now)
    with pytest.raises(Refused):
        services.put_question(
            sheet=bank.sheet(owner="colleague", title="另一份"), chosen=question, by=colleague, at=bank.town.now
        )
    assert not Receipt.objects.filter(person=colleague, version__number=2).exists()


def test_what_may_only_be_looked_at_is_on_the_page_and_neither_printed_nor_taken_home(bank: Bank) -> None:
    question, sheet = bank.published(), bank.sheet()
    put(bank, sheet, question, bank.published(document=choice(stem="三角形有几条高？")))
    bank.shelf.published(sheet)
    only_looked_at(question)
    visitor = signed_in(bank.town.person("stranger"))
    assert "梯形有几条高" in visitor.get(sheet.get_absolute_url()).content.decode()
    assert "梯形有几条高" not in visitor.get(f"/r/{sheet.uid}/print/").content.decode()
    archive = b"".join(visitor.get(f"/r/{sheet.uid}/download/").streaming_content)  # type: ignore[attr-defined]
    with ZipFile(BytesIO(archive)) as opened:
        sheets = [opened.read(name).decode() for name in opened.namelist() if name.endswith(".html")]
    assert sheets
    assert not any("梯形有几条高" in words for words in sheets)
    assert all("三角形有几条高" in words for words in sheets)


def test_a_pinned_question_stays_when_it_is_revised_and_the_difference_is_at_hand(teacher: Client, bank: Bank) -> None:
    question, sheet = bank.published(), bank.sheet()
    (key,) = put(bank, sheet, question)
    assert "题目已修订" not in teacher.get(sheet.get_absolute_url()).content.decode()
    bank.revised(question, choice(stem="平行四边形有几条高？"))
    page = teacher.get(sheet.get_absolute_url()).content.decode()
    assert "梯形有几条高" in page
    assert "题目已修订" in page
    difference = teacher.get(f"/r/{sheet.uid}/items/{key}/revision/").content.decode()
    assert "梯形有几条高" in difference
    assert "平行四边形有几条高" in difference
    teacher.post(f"/r/{sheet.uid}/items/{key}/revision/")
    assert held(sheet).items[key].version == 2
    assert "题目已修订" not in teacher.get(sheet.get_absolute_url()).content.decode()


def test_a_reader_of_the_homework_sees_no_question_that_is_not_theirs(bank: Bank) -> None:
    own = bank.published(Audience(person=bank.town.person("teacher")))
    open_to_all = bank.published(document=choice(stem="三角形有几条高？"))
    sheet = bank.sheet()
    put(bank, sheet, own, open_to_all)
    bank.shelf.published(sheet)
    visitor = signed_in(bank.town.person("stranger"))
    for address in (sheet.get_absolute_url(), f"/r/{sheet.uid}/print/?for=teacher"):
        page = visitor.get(address).content.decode()
        assert "三角形有几条高" in page
        assert "梯形有几条高" not in page
        assert "这道题没有对你开放" in page
    archive = b"".join(visitor.get(f"/r/{sheet.uid}/download/").streaming_content)  # type: ignore[attr-defined]
    assert "梯形有几条高".encode() not in archive
    teacher = signed_in(bank.town.person("teacher"))
    assert "第 1 题还只有你能看" in teacher.get(f"/r/{sheet.uid}/items/").content.decode()


def test_the_pupils_sheet_has_no_answers_and_the_teachers_has(teacher: Client, bank: Bank) -> None:
    sheet = bank.sheet()
    put(bank, sheet, bank.published(document=choice(solution=words("高可以画无数条垂线"))))
    pupils = teacher.get(f"/r/{sheet.uid}/print/").content.decode()
    assert "姓名" in pupils
    assert "无数条" in pupils
    assert "高可以画无数条垂线" not in pupils
    assert "正确" not in pupils
    teachers = teacher.get(f"/r/{sheet.uid}/print/?for=teacher").content.decode()
    assert "高可以画无数条垂线" in teachers
    assert "设计意图" in teachers


def test_a_download_brings_both_sheets(teacher: Client, bank: Bank) -> None:
    sheet = bank.sheet()
    put(bank, sheet, bank.published())
    names = teacher.get(f"/r/{sheet.uid}/download/")
    content = b"".join(names.streaming_content)  # type: ignore[attr-defined]
    assert "学生单.html".encode() in content
    assert "教师单.html".encode() in content


def test_the_word_file_has_the_whole_questions_and_no_answers(teacher: Client, bank: Bank) -> None:
    sheet = bank.sheet()
    put(bank, sheet, bank.published(document=choice(stem="梯形有几组对边平行？")))
    response = teacher.get(f"/r/{sheet.uid}/download/?as=word")
    body = docx.Document(BytesIO(b"".join(response.streaming_content))).element.body  # type: ignore[attr-defined]
    said = "".join(one.text or "" for one in body.iter() if one.tag.endswith("}t"))
    assert "梯形有几组对边平行？" in said
    assert "A. 一条" in said
    assert "答案" not in said


def test_a_question_goes_on_paper_for_those_alone_who_may_take_it(bank: Bank) -> None:
    sheet, shown, looked_at = bank.sheet(), bank.published(), bank.published()
    put(bank, sheet, shown, looked_at)
    only_looked_at(looked_at)
    own, other = (
        on_paper.texts(held(sheet), viewer_for(person, bank.town.now))
        for person in (sheet.owner, bank.town.person("stranger"))
    )
    assert set(own) == {shown.uid, looked_at.uid}
    assert set(other) == {shown.uid}


def test_layers_and_minutes_are_changed_in_one_table_and_what_is_no_number_is_kept(teacher: Client, bank: Bank) -> None:
    sheet = bank.sheet()
    keys = put(bank, sheet, bank.draft(), bank.draft())
    lock = WorkingCopy.objects.get(resource=sheet).lock_version
    sent = {"lock_version": str(lock), "rows": keys, "do": "save"}
    sent |= {f"place.{key}": "提升性" for key in keys} | {f"amount.{keys[0]}": "15", f"amount.{keys[1]}": "十"}
    page = teacher.post(f"/r/{sheet.uid}/items/", sent).content.decode()
    assert "“十”不是整数" in page
    assert 'value="十"' in page
    teacher.post(f"/r/{sheet.uid}/items/", sent | {f"amount.{keys[1]}": "10"})
    assert [(row.layer, row.minutes) for row in held(sheet).items.values()] == [("提升性", 15), ("提升性", 10)]
    page = teacher.get(f"/r/{sheet.uid}/items/").content.decode()
    assert "合计约 25 分钟" in page
    assert "没有基础性（必做）的题" in page
    sheet.refresh_from_db()
    assert sheet.homework.minutes == 25


def test_rows_are_moved_and_taken_out(teacher: Client, bank: Bank) -> None:
    sheet = bank.sheet()
    first, second = put(bank, sheet, bank.draft(), bank.draft())
    url = f"/r/{sheet.uid}/items/"

    def press(do: str) -> None:
        lock = WorkingCopy.objects.get(resource=sheet).lock_version
        teacher.post(url, {"lock_version": str(lock), "rows": [first, second], "do": do})

    press(f"up:{second}")
    assert sorted(held(sheet).items, key=lambda key: held(sheet).items[key].order) == [second, first]
    press(f"remove:{first}")
    assert list(held(sheet).items) == [second]


def test_a_paper_adds_up_its_points(teacher: Client, bank: Bank) -> None:
    sheet = bank.sheet(Kind.PAPER, title="单元小卷")
    put(bank, sheet, bank.draft(), bank.draft(choice(points=2.5)))
    assert "满分 4.5 分" in teacher.get(f"/r/{sheet.uid}/items/").content.decode()
    bank.shelf.published(sheet)
    sheet.refresh_from_db()
    assert (sheet.paper.questions, sheet.paper.points) == (2, 4.5)
    assert "满分 4.5 分" in teacher.get(f"/r/{sheet.uid}/print/").content.decode()
    document = schema.load(PaperDocument, sheet.working_copy.document)
    assert len(document.items) == 2


def test_a_homework_asks_for_its_intent_before_review_and_a_file_stands_for_questions(bank: Bank) -> None:
    empty = bank.shelf.draft(Kind.HOMEWORK, title="空作业")
    with pytest.raises(NotReady, match="设计意图"):
        bank.shelf.published(empty)
    file = bank.shelf.draft(Kind.HOMEWORK, title="文件作业", files=((bank.shelf.text_file(), "main"),))
    assert bank.shelf.published(file).state == "published"


def test_a_homework_costs_the_same_queries_with_ten_questions_as_with_thirty(bank: Bank) -> None:
    sheet = bank.sheet()
    for _ in range(2):
        put(bank, sheet, bank.draft())
    client = signed_in(bank.town.person("teacher"))
    client.get(f"/r/{sheet.uid}/items/")
    counts = []
    for more in (0, 6):
        for _ in range(more):
            put(bank, sheet, bank.draft())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/r/{sheet.uid}/items/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 15


@pytest.mark.parametrize("path", ["items/", "print/", "items/zz/revision/"])
def test_what_is_no_sheet_has_no_items(teacher: Client, bank: Bank, path: str) -> None:
    assert teacher.get(f"/r/{bank.published().uid}/{path}").status_code == 404
