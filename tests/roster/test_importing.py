"""A workbook of people: what goes in, what is refused and how it is told, and that a second time changes nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalogue.models import Subject
from groups.models import Adoption, Appointment, AuditRow, Holiday, Organisation, OrganisationLink, Person, Role, Term
from groups.roster import reading
from groups.roster.cells import day_of, last_day
from groups.roster.exporting import export
from groups.roster.importing import Tally, carry_out, last, look
from groups.roster.planning import Outcome
from tests.factories import people as make
from tests.factories import shelf as shelves
from tests.factories.town import Town
from tests.roster.books import book, teacher
from tests.roster.conftest import Import, problems

pytestmark = pytest.mark.django_db

SCHOOL = {"学校名称": "云山中心小学", "机构代码": "3501", "所属县区": "云山县", "乡村学校": "是"}
POST = {
    "学校": "西溪小学",
    "工号": "001",
    "任职单位": "五年级数学备课组",
    "职责": "备课组长",
    "起": "2026-09-01",
}


def totals(tally: Tally) -> tuple[int, ...]:
    return tuple(tally.total(outcome) for outcome in Outcome)


def snapshot() -> list[Any]:
    models = (Person, Organisation, OrganisationLink, Appointment, Adoption, Term, Holiday, AuditRow)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_teacher_comes_with_a_place_at_the_school_and_without_a_password(bring: Import, town: Town) -> None:
    Subject.objects.create(code="m", name="数学", block="数", colour="maths")
    tally = bring(教师=[teacher("017", 手机号="139 0000 0017", 学科="数学", 年级="三年级", 入校日期=date(2026, 9, 1))])
    person = Person.objects.get(staff_school=town.member, staff_number="017")
    post = person.appointments.get()
    assert totals(tally) == (1, 0, 0, 0)
    assert (person.phone, person.must_change_password, person.has_usable_password()) == ("13900000017", True, False)
    assert (post.organisation, post.role, post.grade, day_of(post.starts_at)) == (
        town.member,
        Role.TEACHER,
        3,
        date(2026, 9, 1),
    )
    assert {row.action for row in AuditRow.objects.filter(thing_uid=person.uid)} == {
        "person.created",
        "appointment.began",
    }


def everything() -> dict[str, list[dict[str, Any]]]:
    return {
        "学校": [SCHOOL],
        "教师": [teacher(), teacher("001", 学校="3501"), teacher("002", 学校="云山中心小学", 离校日期="2027-01-31")],
        "任职": [POST, POST | {"学校": "云山中心小学", "任职单位": "西溪小学", "职责": "教师", "性质": "交流轮岗"}],
        "校历": [
            {"学年": 2026, "学期": "第一学期", "类型": "学期", "起": "2026-09-01", "止": "2027-01-22"},
            {"学年": 2026, "学期": 1, "类型": "节假日", "名称": "国庆节", "起": "2026/10/1", "止": "2026年10月8日"},
        ],
    }


def test_a_second_run_changes_nothing(bring: Import) -> None:
    assert totals(bring(**everything())) == (8, 0, 0, 0)
    before = snapshot()
    assert totals(bring(**everything())) == (0, 0, 8, 0)
    assert snapshot() == before


def test_a_dry_run_counts_the_same_and_writes_nothing(bring: Import) -> None:
    before = snapshot()
    looked = bring(dry=True, **everything())
    assert snapshot() == before
    assert looked.counts == bring(**everything()).counts


def test_an_export_read_back_in_changes_nothing(bring: Import, town: Town) -> None:
    shelf = shelves.build(town)
    bring(
        **everything(),
        教材选用=[{"学校": "西溪小学", "年级": 5, "学科": shelf.subject.name, "版本": "人教版", "册次": "上册"}],
    )
    person = Person.objects.get(staff_school=town.member, staff_number="001")
    Person.objects.filter(pk=person.pk).update(title="=cmd|' /C calc'!A0", phone="13900000002")
    schools = Organisation.objects.filter(kind="school")
    before = snapshot()
    workbook = reading.read(export(schools, None, town.now), "导出.xlsx")
    tally = last(carry_out(workbook, None, timezone.now(), tally=Tally()))
    assert (problems(tally), tally.total(Outcome.NEW), tally.total(Outcome.UPDATED)) == ([], 0, 0)
    assert tally.total(Outcome.SAME) == 11
    assert snapshot() == before


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        ({"姓名": None}, "教师表 第 2 行 姓名：没有填，请补上"),
        ({"工号": ""}, "教师表 第 2 行 工号：没有填，请补上"),
        ({"手机号": "1390000"}, "教师表 第 2 行 手机号：“1390000”不是 11 位手机号，请核对"),
        ({"手机号": "=1+1"}, "教师表 第 2 行 手机号：是公式或出错的值，请复制后用“选择性粘贴，数值”贴回来"),
        ({"入校日期": "去年秋天"}, "教师表 第 2 行 入校日期：“去年秋天”不是日期，请写成 2026-09-01"),
        ({"入校日期": "2026-02-30"}, "教师表 第 2 行 入校日期：“2026-02-30”不是日期，请写成 2026-09-01"),
        ({"入校日期": "2026-09-01", "离校日期": "2026-08-01"}, "教师表 第 2 行 离校日期：早于起的日期，请核对"),
        ({"学科": "炼金术"}, "教师表 第 2 行 学科：不认识“炼金术”，请填网站上有的学科名称"),
        ({"年级": "七年级"}, "教师表 第 2 行 年级：不认识“七年级”，请填一年级到六年级"),
        ({"学校": "霍格沃茨"}, "教师表 第 2 行 学校：没有“霍格沃茨”，请核对名称或填机构代码；新学校请写在学校表里"),
        ({"姓名": "长" * 31}, "教师表 第 2 行 姓名：超过 30 个字，请写短一些"),
        ({"邮箱": "没有"}, "教师表 第 2 行 邮箱：“没有”不是邮箱地址，请核对或留空"),
    ],
)
def test_a_bad_cell_is_told_with_sheet_row_and_column_and_the_good_rows_go_in(
    bring: Import, spoilt: dict[str, Any], told: str
) -> None:
    tally = bring(教师=[teacher("001", **spoilt), teacher("002")])
    assert problems(tally) == [told]
    assert list(Person.objects.exclude(staff_number="").values_list("staff_number", flat=True)) == ["002"]


def test_the_same_number_twice_in_a_workbook_is_told(bring: Import) -> None:
    tally = bring(教师=[teacher("001", 手机号="13900000001"), teacher("001"), teacher("003", 手机号="13900000001")])
    assert problems(tally) == [
        "教师表 第 3 行 工号：西溪小学工号 001 和第 2 行重复，请只留一行",
        "教师表 第 4 行 手机号：手机号 13900000001 和第 2 行重复，请只留一行",
    ]


def test_a_phone_number_of_somebody_else_is_refused_without_saying_whose(bring: Import, town: Town) -> None:
    Person.objects.filter(pk=town.person("stranger").pk).update(phone="13900000009")
    told = problems(bring(教师=[teacher(手机号="13900000009")]))
    assert told == ["教师表 第 2 行 手机号：13900000009 已登记在别人名下，请核对；换了学校的老师请先由原学校改掉"]


def test_empty_cells_change_nothing_and_filled_ones_update(bring: Import) -> None:
    bring(教师=[teacher(手机号="13900000001", 职称="一级教师")])
    assert totals(bring(教师=[teacher()])) == (0, 0, 1, 0)
    tally = bring(教师=[teacher(职称="高级教师", 手机号="139****0001")])
    assert totals(tally) == (0, 1, 0, 0)
    assert tally.sample[0]["told"] == "老师001（001）：职称 一级教师 → 高级教师"
    person = Person.objects.get(staff_number="001")
    assert (person.phone, person.title) == ("13900000001", "高级教师")


def test_a_last_day_ends_the_appointment_after_that_day(bring: Import) -> None:
    bring(教师=[teacher(入校日期="2025-09-01")])
    bring(教师=[teacher(离校日期="2026-08-31")])
    post = Appointment.objects.get(person__staff_number="001")
    assert post.ends_at is not None
    assert last_day(post.ends_at) == date(2026, 8, 31)
    assert day_of(post.ends_at) == date(2026, 9, 1)


def test_who_comes_back_gets_a_new_place_and_keeps_the_old_one(bring: Import) -> None:
    bring(教师=[teacher(入校日期="2024-09-01", 离校日期="2025-08-31")])
    bring(教师=[teacher(入校日期="2026-09-01")])
    posts = Appointment.objects.filter(person__staff_number="001").order_by("starts_at")
    assert [day_of(post.starts_at) for post in posts] == [date(2024, 9, 1), date(2026, 9, 1)]


def test_an_appointment_of_a_teacher_whose_row_is_bad_says_so(bring: Import) -> None:
    tally = bring(教师=[teacher(手机号="1")], 任职=[POST, POST | {"工号": "999"}])
    assert problems(tally)[1:] == [
        "任职表 第 2 行 工号：教师表第 2 行有误，请改好那一行再一起导入",
        "任职表 第 3 行 工号：西溪小学没有工号 999 的老师，请核对或先写在教师表里",
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"职责": "教育局人员"}, "任职表 第 2 行 职责：“教育局人员”不能设在备课组，请核对"),
        ({"职责": "校长"}, "任职表 第 2 行 职责：不认识“校长”"),
        ({"止": "2026-08-01"}, "任职表 第 2 行 止：早于起的日期，请核对"),
        ({"任职单位": "不知道"}, "任职表 第 2 行 任职单位：没有“不知道”，请核对名称或填机构代码"),
    ],
)
def test_a_place_that_cannot_be_is_told(bring: Import, wrong: dict[str, Any], told: str) -> None:
    tally = bring(教师=[teacher()], 任职=[POST | wrong])
    assert problems(tally)[0].startswith(told)


def test_the_same_place_again_in_an_overlapping_time_is_refused(bring: Import) -> None:
    bring(教师=[teacher()], 任职=[POST])
    told = problems(bring(任职=[POST | {"起": "2026-10-01"}]))
    assert told == ["任职表 第 2 行 起：与 2026-09-01 起的同一任职重叠，请先在那一行填止的日期"]


def test_two_schools_of_one_name_need_their_code(bring: Import, town: Town) -> None:
    make.organisation("school", "西溪小学", code="7")
    assert problems(bring(教师=[teacher()])) == ["教师表 第 2 行 学校：有 2 个机构叫“西溪小学”，请填机构代码"]
    assert totals(bring(教师=[teacher(学校="7")])) == (1, 0, 0, 0)


def test_a_school_administrator_imports_for_the_own_school_alone(bring: Import, town: Town) -> None:
    tally = bring(
        town.person("school_admin"),
        学校=[SCHOOL],
        教师=[teacher(), teacher("002", 学校="清源实验小学")],
        校历=[{"学年": 2026, "学期": 1, "类型": "学期", "起": "2026-09-01", "止": "2027-01-22"}],
    )
    assert totals(tally) == (1, 0, 0, 3)
    assert problems(tally) == [
        "学校表 第 2 行 所属县区：云山县不在你管理的范围内，请由那里的管理员或教育局导入",
        "教师表 第 3 行 学校：清源实验小学不在你管理的范围内，请由那里的管理员或教育局导入",
        "校历表 第 2 行 学校：空着是全市的校历，不在你管理的范围内，请由那里的管理员或教育局导入；只改本校请填学校",
    ]


def test_nobody_becomes_system_administrator_by_a_workbook(bring: Import, town: Town) -> None:
    officer = town.person("city_officer")
    row = POST | {"任职单位": "清源市", "职责": "系统管理员"}
    assert "由系统安装人员指定" in problems(bring(officer, 教师=[teacher()], 任职=[row]))[0]
    assert not Appointment.objects.filter(person__staff_number="001", role=Role.SYSTEM_ADMIN).exists()


def test_an_administrator_cannot_pull_somebody_of_another_school_over(bring: Import, town: Town) -> None:
    bring(教师=[teacher("009", 学校="清源实验小学")])
    row = POST | {"学校": "清源实验小学", "工号": "009", "任职单位": "西溪小学", "职责": "教师"}
    tally = bring(town.person("school_admin"), 任职=[row])
    assert problems(tally) == ["任职表 第 2 行 学校：清源实验小学不在你管理的范围内，请由那里的管理员或教育局导入"]


def test_a_county_officer_brings_schools_and_people_but_does_not_rewrite_them(bring: Import, town: Town) -> None:
    officer = town.person("county_officer")
    assert totals(bring(officer, 学校=[SCHOOL], 教师=[teacher(学校="云山中心小学")])) == (2, 0, 0, 0)
    told = problems(bring(officer, 教师=[teacher(学校="云山中心小学", 姓名="换名")]))
    assert told == ["教师表 第 2 行 姓名：与登记的不同，这一项由云山中心小学管理员改，请留空再导入"] or told == [
        "教师表 第 2 行 姓名：与登记的不同，这一项由云山中心小学管理员改"
    ]


def test_the_rule_has_the_last_word_over_a_planner(bring: Import, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from groups.access import Refused
    from groups.roster.planning import Planner

    monkeypatch.setattr(Planner, "appointing", lambda *args: None)
    with pytest.raises(Refused):
        bring(town.person("school_admin"), 教师=[teacher(学校="清源实验小学")])
    assert not Person.objects.filter(staff_number="001").exists()


def test_what_somebody_changed_after_the_preview_is_not_overwritten(bring: Import, town: Town) -> None:
    from groups import audit

    bring(教师=[teacher(), teacher("002")])
    workbook = reading.read(book(教师=[teacher(职称="高级教师"), teacher("002", 职称="一级教师")]), "人员.xlsx")
    (looked,) = list(look(workbook, None, town.now))
    person = Person.objects.get(staff_number="001")
    person.title = "特级教师"
    person.save()
    audit.record(town.person("school_admin"), "person.edited", person)
    (done,) = list(carry_out(workbook, None, town.now, tally=Tally(), basis=looked.basis))
    person.refresh_from_db()
    assert person.title == "特级教师"
    assert problems(done) == ["教师表 第 2 行：预览以后许嘉改过，没有覆盖；请核对后重新导入这一行"]
    assert Person.objects.get(staff_number="002").title == "一级教师"


def test_a_holiday_moves_and_needs_its_term(bring: Import) -> None:
    term = everything()["校历"]
    assert "没有登记这个学期" in problems(bring(校历=[term[1]]))[0]
    bring(校历=term)
    assert totals(bring(校历=[term[1] | {"止": "2026-10-07"}])) == (0, 1, 0, 0)
    assert Holiday.objects.get().last_day == date(2026, 10, 7)


def test_a_chunk_costs_the_same_however_many_rows(bring: Import, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(40):
        bring(教师=[teacher(f"{n:03}") for n in range(400)])


def test_a_run_that_stopped_goes_on_after_its_last_chunk(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groups.roster.importing.CHUNK", 2)
    workbook = reading.read(book(教师=[teacher(f"{n:03}") for n in range(5)]), "人员.xlsx")
    first = next(iter(carry_out(workbook, None, town.now, tally=Tally())))
    assert Person.objects.exclude(staff_number="").count() == 2
    *_, last = carry_out(workbook, None, town.now + timedelta(minutes=1), tally=first)
    assert (totals(last), Person.objects.exclude(staff_number="").count()) == ((5, 0, 0, 0), 5)


def test_a_holiday_whose_term_is_wrong_is_told_with_it(bring: Import) -> None:
    term, holiday = everything()["校历"]
    told = problems(bring(校历=[term | {"止": "2026-09-01"}, holiday]))
    assert [one.split("：")[0] for one in told] == ["校历表 第 2 行 止", "校历表 第 3 行 学期"]
