"""Uploading, looking, confirming, the page of progress and the rows that did not go in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from groups.models import Person
from groups.roster import jobs, reading
from groups.roster.models import ImportJob
from tests.factories.shelf import signed_in
from tests.factories.town import Town
from tests.roster.books import book, teacher

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(town: Town) -> Client:
    return signed_in(town.person("school_admin"))


def send(client: Client, content: bytes, name: str = "人员.xlsx") -> str:
    answer = client.post(reverse("people:imports"), {"workbook": SimpleUploadedFile(name, content)})
    return str(answer.headers.get("Location", "")) or answer.content.decode()


def test_from_upload_to_the_rows_that_did_not_go_in(admin: Client, town: Town) -> None:
    address = send(admin, book(教师=[teacher(), teacher("002", 手机号="1"), teacher("003", 学校="清源实验小学")]))
    assert "等待预览" in admin.get(address).content.decode()
    assert 'data-refresh="2"' in admin.get(address).content.decode()
    jobs.tick(timezone.now())
    html = admin.get(address).content.decode()
    assert "确认导入 1 行" in html
    assert "有误的 2 行不会导入，其余照常导入" in html
    assert "教师表 第 3 行 手机号：“1”不是 11 位手机号，请核对" in html
    assert not Person.objects.filter(staff_number="001").exists()
    admin.post(f"{address}confirm/")
    jobs.tick(timezone.now())
    html = admin.get(address).content.decode()
    assert "已导入，写入 1 行，2 行有误没有导入" in html
    assert Person.objects.filter(staff_number="001", staff_school=town.member).exists()
    taken = admin.get(f"{address}bad-rows.xlsx")
    assert "attachment" in taken.headers["Content-Disposition"]
    assert len(reading.read(taken.content, "有误的行.xlsx").rows["教师"]) == 2


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"a,b\n1,2\n", "名单.csv", "《名单.csv》不是 .xlsx 工作簿"),
        (b"", "空.xlsx", "《空.xlsx》是空文件"),
        (b"\xd0\xcf\x11\xe0xxxx", "旧.xls", "旧的 .xls 格式或加了打开密码"),
    ],
)
def test_a_wrong_file_is_answered_in_the_form(admin: Client, content: bytes, name: str, told: str) -> None:
    assert told in send(admin, content, name)
    assert not ImportJob.objects.exists()


def test_without_a_file_the_form_says_what_is_missing(admin: Client) -> None:
    answer = admin.post(reverse("people:imports"))
    assert answer.status_code == 422
    assert "还没有选文件" in answer.content.decode()


def test_a_file_that_turns_out_wrong_ends_with_the_reason_and_a_way_on(admin: Client) -> None:
    from tests.roster.test_reading import _headed

    address = send(admin, _headed("学校", "名字"))
    jobs.tick(timezone.now())
    html = admin.get(address).content.decode()
    assert "教师表第 1 行缺少列：工号、姓名" in html
    assert "换一个文件" in html


def test_an_import_confirmed_in_two_windows_runs_once(admin: Client) -> None:
    address = send(admin, book(教师=[teacher()]))
    jobs.tick(timezone.now())
    admin.post(f"{address}confirm/")
    assert "不能再确认" in admin.post(f"{address}confirm/", follow=True).content.decode()
    assert "不能放弃" in admin.post(f"{address}drop/", follow=True).content.decode()


def test_somebody_elses_import_is_not_there(admin: Client, town: Town) -> None:
    address = send(admin, book(教师=[teacher()]))
    jobs.tick(timezone.now())
    officer = signed_in(town.person("city_officer"))
    assert officer.get(address).status_code == 404
    assert officer.post(f"{address}confirm/").status_code == 404
    assert officer.get(f"{address}bad-rows.xlsx").status_code == 404
    assert "人员.xlsx" not in officer.get(reverse("people:imports")).content.decode()


def test_the_template_is_there(admin: Client) -> None:
    answer = admin.get(reverse("people:template"))
    assert answer.content.startswith(b"PK")


def test_the_pages_cost_the_same_with_many_imports_and_many_bad_rows(
    admin: Client, town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for name in ("import", "imports"):
        costs = []
        for count in (1, 150):
            address = send(admin, book(教师=[teacher(f"{n:03}", 手机号="1") for n in range(count)]))
            jobs.tick(timezone.now())
            with django_assert_max_num_queries(15) as asked:
                admin.get(address if name == "import" else reverse("people:imports"))
            costs.append(len(asked.captured_queries))
        assert costs[0] == costs[1]
