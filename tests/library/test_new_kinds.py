"""单元设计, 教学案例, 教学录像, 学习任务单: created, written, read, checked, forked, packed, found, refused."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lessons.units.models import UnitDesign
from library.cases.models import TeachingCase
from library.documents import rich, schema
from library.documents.fields import Document
from library.documents.recording import CONSENTS, RecordingDocument
from library.documents.teaching_case import Result, TeachingCaseDocument
from library.documents.unit_design import (
    BigTask,
    Learners,
    Period,
    Theme,
    UnitBasics,
    UnitDesignDocument,
    UnitObjective,
    checks,
)
from library.documents.worksheet import PupilTask, WorksheetDocument
from library.recordings.models import LessonRecording
from library.resources import search_documents, services
from library.resources.models import Kind, Resource, Version
from library.resources.services.reviewing import NotReady
from tests.factories import shelf as bookshelf
from tests.factories.shelf import Shelf, signed_in
from tests.factories.town import Town

pytestmark = pytest.mark.django_db

words = rich.from_markup


@pytest.fixture
def shelf(town: Town) -> Shelf:
    return bookshelf.build(town)


@pytest.fixture
def teacher(client: Client, town: Town) -> Client:
    client.force_login(town.person("teacher"))
    return client


def a_unit(**changes: object) -> UnitDesignDocument:
    values: dict[str, object] = {
        "basics": UnitBasics(unit_title="第6单元 多边形的面积", periods=3),
        "theme": Theme(concepts=words("转化")),
        "learners": Learners(foundation=words("会算长方形")),
        "objectives": {
            "o1": UnitObjective(order="F", statement=words("推导面积公式"), performance=words("能讲给同桌听")),
            "o2": UnitObjective(order="V", statement=words("估算不规则图形"), performance=words("误差不超过一成")),
        },
        "big_task": BigTask(task=words("给展台配桌布")),
        "periods": {
            "p1": Period(order="F", title="平行四边形的面积", count=2, objectives=("o1",), goals=words("割补成长方形")),
            "p2": Period(order="V", title="不规则图形", objectives=("o2",), activities=words("数方格")),
        },
        "assessment": words("裁布单占三成"),
    }
    return UnitDesignDocument(**(values | changes))  # type: ignore[arg-type]


def a_case() -> TeachingCaseDocument:
    return TeachingCaseDocument(
        background=words("三个班一百二十一人"),
        problem=words("会说一半，不敢写"),
        process=words("折纸条"),
        strategy=words("横线晚来十五分钟"),
        results={"d1": Result(order="V", measure="写对二分之一", before="34 人", after="113 人", source="前后测")},
        reflection=words("符号要有东西可记"),
    )


def a_sheet() -> WorksheetDocument:
    task = PupilTask(
        order="V", title="五个抽屉", minutes=10, instructions=words("把词放进抽屉"), lines=4, answers=words("眼：清凉")
    )
    return WorksheetDocument(goals=words("我能找到词"), tasks={"t1": task})


def a_recording(**changes: object) -> RecordingDocument:
    return RecordingDocument(**({"teacher": "林晓雯", "consent": CONSENTS[0], "occasion": "研讨课"} | changes))  # type: ignore[arg-type]


WRITTEN: dict[str, Document] = {
    Kind.UNIT_DESIGN: a_unit(),
    Kind.TEACHING_CASE: a_case(),
    Kind.WORKSHEET: a_sheet(),
    Kind.LESSON_RECORDING: a_recording(),
}


def draft(shelf: Shelf, kind: str, document: Document, title: str = "多边形的面积") -> Resource:
    film = ((shelf.text_file("录像.pdf"), "main"),) if kind == Kind.LESSON_RECORDING else ()
    return services.create(
        kind=kind,
        owner=shelf.town.person("teacher"),
        school=shelf.town.member,
        draft=services.Draft(title, document, film),
        metadata=services.Metadata(subjects=(shelf.subject,), grade_from=5, grade_to=5),
        nodes=(shelf.unit,),
        at=shelf.town.now,
    )


@pytest.mark.parametrize("kind", WRITTEN)
def test_each_kind_is_published_read_and_downloaded(kind: str, shelf: Shelf) -> None:
    resource = shelf.published(draft(shelf, kind, WRITTEN[kind]))
    page = Client().get(resource.get_absolute_url())
    assert page.status_code == 200
    assert resource.get_kind_display() in page.content.decode()
    taken = signed_in(shelf.town.person("colleague")).get(f"/r/{resource.uid}/download/")
    assert taken.status_code == 200
    assert b"".join(taken.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", WRITTEN)
def test_each_kind_can_be_forked_and_the_fork_is_written_in_its_own_form(kind: str, shelf: Shelf) -> None:
    resource = shelf.published(draft(shelf, kind, WRITTEN[kind]))
    colleague = shelf.town.person("colleague")
    version = resource.published_version
    assert version is not None
    mine = services.fork(version=version, by=colleague, school=shelf.town.lead, at=shelf.town.now)
    page = signed_in(colleague).get(f"/r/{mine.uid}/edit/", follow=True)
    assert page.status_code == 200
    assert page.redirect_chain or kind == Kind.LESSON_RECORDING


@pytest.mark.parametrize("kind", WRITTEN)
def test_the_new_page_makes_a_draft_of_each_kind(kind: str, teacher: Client, shelf: Shelf) -> None:
    answer = teacher.post(
        f"/my/new/{kind}/", {"title": "新写的", "do": "save", "licence": "group", "source_type": "original"}
    )
    made = Resource.objects.get(title="新写的")
    assert answer.status_code == 302
    assert made.kind == kind
    assert teacher.get(answer.headers["Location"], follow=True).status_code == 200


def test_the_columns_of_a_unit_a_case_a_sheet_and_a_recording_follow_their_texts(shelf: Shelf) -> None:
    for kind, document in WRITTEN.items():
        draft(shelf, kind, document)
    unit, sheet = UnitDesign.objects.get(), Resource.objects.get(kind=Kind.WORKSHEET).worksheet
    assert (unit.periods, unit.lessons) == (3, 2)
    assert TeachingCase.objects.get().has_results
    assert (sheet.tasks, sheet.minutes) == (1, 10)
    assert LessonRecording.objects.get().consented


def test_a_unit_says_which_objective_no_period_serves_and_that_the_periods_do_not_add_up() -> None:
    assert list(checks(a_unit())) == []
    bare = {"p1": Period(order="F", title="平行四边形的面积", objectives=("o1",))}
    said = [one.sentence for one in checks(a_unit(periods=bare))]
    assert "目标 2 还没有课时去落实" in said
    assert "课时划分表合计 1 课时，比计划的 3 课时少 2 课时" in said


def test_the_form_of_a_unit_shows_its_checks_beside_the_rows(teacher: Client, shelf: Shelf) -> None:
    unit = draft(shelf, Kind.UNIT_DESIGN, a_unit(basics=UnitBasics(unit_title="第6单元", periods=9)))
    page = teacher.get(f"/r/{unit.uid}/write/periods/").content.decode()
    assert "课时划分表合计 3 课时，比计划的 9 课时少 6 课时" in page
    assert "第1行" in page


def test_rows_of_a_section_are_added_and_saved(teacher: Client, shelf: Shelf) -> None:
    case = draft(shelf, Kind.TEACHING_CASE, a_case())
    here = f"/r/{case.uid}/write/results/"
    teacher.post(here, {"results.rows": "d1", "results.d1.measure": "写对二分之一", "do": "add", "lock_version": "1"})
    case.working_copy.refresh_from_db()
    rows = list(schema.load(TeachingCaseDocument, case.working_copy.document).results)
    assert len(rows) == 2
    sent = {"results.rows": rows, **{f"results.{key}.measure": f"第{key}项" for key in rows}, "lock_version": "2"}
    assert teacher.post(here, sent | {"do": "next"}).headers["Location"].endswith("/write/reflection/")


def test_two_who_save_a_section_at_once_see_both_texts(teacher: Client, shelf: Shelf) -> None:
    case = draft(shelf, Kind.TEACHING_CASE, a_case())
    here = f"/r/{case.uid}/write/problem/"
    teacher.post(here, {"problem": "先存的一句", "lock_version": "1"})
    late = teacher.post(here, {"problem": "后存的一句", "lock_version": "1"})
    assert late.status_code == 409
    assert "先存的一句" in late.content.decode()
    assert "后存的一句" in late.content.decode()


def test_a_section_that_the_kind_does_not_have_is_not_found(teacher: Client, shelf: Shelf) -> None:
    case = draft(shelf, Kind.TEACHING_CASE, a_case())
    assert teacher.get(f"/r/{case.uid}/write/stages/").status_code == 404


def test_a_stranger_may_not_write(shelf: Shelf) -> None:
    case = draft(shelf, Kind.TEACHING_CASE, a_case())
    stranger = signed_in(shelf.town.person("stranger"))
    assert stranger.post(f"/r/{case.uid}/write/problem/", {"problem": "改掉", "lock_version": "1"}).status_code == 403


def test_a_recording_without_consent_is_not_submitted(shelf: Shelf) -> None:
    recording = draft(shelf, Kind.LESSON_RECORDING, a_recording(consent=""))
    with pytest.raises(NotReady, match="肖像与隐私授权"):
        shelf.published(recording)


def test_a_recording_without_a_film_is_not_submitted(shelf: Shelf) -> None:
    recording = draft(shelf, Kind.LESSON_RECORDING, a_recording())
    recording.working_copy.attachments.all().delete()
    with pytest.raises(NotReady, match="还没有文件"):
        shelf.published(recording)


def test_a_main_file_stands_for_the_text_of_a_case_but_an_attachment_does_not(shelf: Shelf) -> None:
    case = draft(shelf, Kind.TEACHING_CASE, TeachingCaseDocument())
    copy = case.working_copy
    copy.attachments.create(file=shelf.text_file("案例.pdf"), purpose="attachment")
    with pytest.raises(NotReady, match="案例背景"):
        shelf.published(case)
    copy.attachments.update(purpose="main")
    assert shelf.published(case).published_version is not None


def test_a_task_sheet_of_the_first_format_stays_readable(shelf: Shelf) -> None:
    sheet = draft(shelf, Kind.WORKSHEET, a_sheet())
    resource = shelf.published(sheet)
    old = {"format": 1, "introduction": words("老任务单的简介"), "usage": words("对折")}
    Version.objects.filter(resource=resource).update(document=old)
    page = Client().get(resource.get_absolute_url()).content.decode()
    assert "老任务单的简介" in page
    assert schema.load(WorksheetDocument, old) == WorksheetDocument(
        introduction=words("老任务单的简介"), usage=words("对折")
    )


def test_a_document_of_a_later_format_is_refused() -> None:
    with pytest.raises(schema.DocumentProblem, match="请先升级"):
        schema.load(WorksheetDocument, {"format": 3})


def test_the_pupils_sheet_has_lines_and_no_answers_the_teachers_has_answers(shelf: Shelf) -> None:
    sheet = shelf.published(draft(shelf, Kind.WORKSHEET, a_sheet()))
    reader = signed_in(shelf.town.person("colleague"))
    pupils = reader.get(f"/r/{sheet.uid}/sheet/").content.decode()
    assert pupils.count('class="line"') == 4
    assert "眼：清凉" not in pupils
    assert "眼：清凉" in reader.get(f"/r/{sheet.uid}/sheet/?for=teacher").content.decode()


def test_only_a_written_task_sheet_has_a_pupils_sheet(shelf: Shelf) -> None:
    reader = signed_in(shelf.town.person("teacher"))
    assert reader.get(f"/r/{draft(shelf, Kind.TEACHING_CASE, a_case()).uid}/sheet/").status_code == 404
    assert reader.get(f"/r/{draft(shelf, Kind.WORKSHEET, WorksheetDocument()).uid}/sheet/").status_code == 404


def test_search_shows_the_place_in_a_unit_a_case_and_a_sheet(shelf: Shelf) -> None:
    for kind in (Kind.UNIT_DESIGN, Kind.TEACHING_CASE, Kind.WORKSHEET):
        shelf.published(draft(shelf, kind, WRITTEN[kind]))
    entries = list(search_documents.load(list(Resource.objects.values_list("uid", flat=True))))
    places = {passage.place: passage.text for entry in entries for passage in entry.passages}
    assert places["第1行"].startswith("平行四边形的面积")
    assert "数据1" in places
    assert "任务1" in places


def test_a_unit_links_its_lesson_designs_for_those_alone_who_may_read_them(shelf: Shelf) -> None:
    design = shelf.draft(title="只有自己看的教案")
    row = Period(order="F", title="平行四边形的面积", count=3, objectives=("o1", "o2"), designs=(design.uid,))
    unit = shelf.published(draft(shelf, Kind.UNIT_DESIGN, a_unit(periods={"p1": row})))
    assert "只有自己看的教案" not in Client().get(unit.get_absolute_url()).content.decode()
    own = signed_in(shelf.town.person("teacher")).get(unit.get_absolute_url()).content.decode()
    assert "只有自己看的教案" in own


def test_a_unit_page_asks_no_more_for_many_periods_than_for_one(
    shelf: Shelf, django_assert_max_num_queries: object
) -> None:
    design = shelf.published(shelf.draft())
    counts = []
    for periods in (1, 12):
        rows = {
            f"p{n}": Period(order=f"V{n:02}", title=f"第{n}课", objectives=("o1", "o2"), designs=(design.uid,))
            for n in range(1, periods + 1)
        }
        unit = shelf.published(draft(shelf, Kind.UNIT_DESIGN, a_unit(periods=rows), title=f"{periods} 行"))
        counts.append(_queries(unit.get_absolute_url()))
    assert counts[0] == counts[1] <= 17


def _queries(address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(address).status_code == 200
    return len(asked)


def test_a_unit_design_stands_on_the_page_of_its_unit_for_those_who_may_list_it(shelf: Shelf) -> None:
    unit = shelf.published(draft(shelf, Kind.UNIT_DESIGN, a_unit(), title="桌布单元"))
    assert "桌布单元" in Client().get(shelf.unit.get_absolute_url()).content.decode()
    unit.grants.all().delete()
    assert "桌布单元" not in Client().get(shelf.unit.get_absolute_url()).content.decode()
