"""The resource page: read as a printed plan, with history, provenance and the answers of the rule."""

import json
import zipfile
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groups.models import GrantLevel
from library.resources import services
from library.resources.models import Kind, Resource, UsageEvent
from library.resources.services.packages import document_with
from tests.factories.shelf import Shelf, current, signed_in

pytestmark = pytest.mark.django_db


def read(client: Client, resource: Resource, **query: str) -> str:
    response = client.get(resource.get_absolute_url(), query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_visitor_reads_a_public_design_as_a_lesson_plan(client: Client, shelf: Shelf) -> None:
    page = read(client, shelf.published(shelf.draft()))
    for words in ("素养目标", "推导梯形的面积公式", "教学过程", "导入", "板书设计", "林晓雯", "西溪小学", "第1版"):
        assert words in page


def test_a_formula_in_a_text_is_escaped(client: Client, shelf: Shelf) -> None:
    page = read(client, shelf.published(shelf.draft(title="<script>x</script>")))
    assert "<script>x" not in page


def test_stages_that_overrun_say_by_how_much(client: Client, shelf: Shelf) -> None:
    resource = shelf.draft()
    copy = resource.working_copy
    copy.document["stages"]["s1"]["minutes"] = 48
    copy.save()
    page = read(client, shelf.published(resource))
    assert "合计 48 分钟" in page
    assert "8 分钟" in page


@pytest.mark.parametrize("view", ["full", "brief", "table", "class", "nonsense"])
def test_every_view_shows_the_stages(view: str, client: Client, shelf: Shelf) -> None:
    assert "导入" in read(client, shelf.published(shelf.draft()), view=view)


def test_a_stage_that_is_not_there_leads_back_to_the_first(client: Client, shelf: Shelf) -> None:
    page = read(client, shelf.published(shelf.draft()), view="class", stage="9")
    assert "没有这个环节" in page


def test_a_private_draft_is_refused_with_a_reason_and_a_way_on(client: Client, shelf: Shelf) -> None:
    resource = shelf.draft(title="还没写完的一课")
    for someone, words in ((client, "登录"), (signed_in(shelf.town.person("colleague")), "没有对你开放")):
        response = someone.get(resource.get_absolute_url())
        assert response.status_code == 403
        assert words in response.content.decode()
        assert "还没写完的一课" not in response.content.decode()


def test_an_address_that_nobody_has_is_not_found(client: Client, shelf: Shelf) -> None:
    assert client.get("/r/0000000000/").status_code == 404


def test_a_view_only_grant_says_whom_to_ask(shelf: Shelf) -> None:
    town = shelf.town
    only_look = services.Audience(organisation=town.group, level=GrantLevel.VIEW)
    resource = shelf.published(shelf.draft(), only_look)
    client = signed_in(town.person("colleague"))
    page = read(client, resource)
    assert "只开放查看" in page
    assert "林晓雯" in page
    assert client.get(f"{resource.get_absolute_url()}download/").status_code == 403
    assert client.get(f"{resource.get_absolute_url()}export.json").status_code == 403
    assert client.post(f"{resource.get_absolute_url()}fork/").status_code == 403


def test_the_source_is_named_only_to_those_who_may_list_it(shelf: Shelf) -> None:
    town = shelf.town
    source = shelf.published(shelf.draft(title="原来的一课"), services.Audience(organisation=town.member))
    fork = services.fork(version=current(source), by=town.person("teacher"), school=town.member, at=town.now)
    copy = fork.working_copy
    copy.title = "我改的一课"
    copy.save()
    shelf.published(fork)
    assert "原来的一课" in read(signed_in(town.person("teacher")), fork)
    assert "原来的一课" not in read(Client(), fork)


def test_a_reader_sees_published_versions_only(shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    owner = shelf.town.person("teacher")
    copy = resource.working_copy
    copy.title = "第二稿的题目"
    copy.save()
    services.cut_version(resource=resource, by=owner, at=shelf.town.now, reason="还没想好")
    assert "还没想好" not in read(Client(), resource)
    assert "还没想好" in read(signed_in(owner), resource)
    assert Client().get(f"{resource.get_absolute_url()}v/2/").status_code == 404
    assert signed_in(owner).get(f"{resource.get_absolute_url()}v/2/").status_code == 200
    assert Client().get(f"{resource.get_absolute_url()}v/1/").status_code == 200


def test_looking_is_counted_once_for_a_reader_and_never_for_the_owner(shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    read(signed_in(shelf.town.person("teacher")), resource)
    assert not UsageEvent.objects.filter(what="view").exists()
    read(signed_in(shelf.town.person("colleague")), resource)
    event = UsageEvent.objects.get(what="view")
    assert event.school_then == shelf.town.lead


def test_a_download_is_named_in_chinese(client: Client, shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft(title="秋天的雨"))
    response = client.get(f"{resource.get_absolute_url()}download/")
    body = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert "推导梯形的面积公式" in body
    assert "《秋天的雨》教学设计_林晓雯_第1版.html" in unquote(response.headers["Content-Disposition"])


def test_the_export_holds_the_text_and_its_authors(client: Client, shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    record = json.loads(client.get(f"{resource.get_absolute_url()}export.json").content)
    assert record["uid"] == resource.uid
    assert record["authors"] == [{"name": "林晓雯", "part": "lead", "school_then": "西溪小学"}]
    assert record["document"]["stages"]["s1"]["title"] == "导入"


def test_a_worksheet_is_taken_home_as_its_file(client: Client, shelf: Shelf) -> None:
    sheet = shelf.draft(Kind.WORKSHEET, "动手拼一拼", files=((shelf.text_file(), "main"),))
    resource = shelf.published(sheet)
    assert "任务单.pdf" in read(client, resource)
    response = client.get(f"{resource.get_absolute_url()}download/")
    assert b"".join(response.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_lost_bytes_are_said_and_are_no_error_page_of_ours(client: Client, shelf: Shelf) -> None:
    from media.storage import uploads

    file = shelf.text_file()
    resource = shelf.published(shelf.draft(Kind.WORKSHEET, "动手拼一拼", files=((file, "main"),)))
    uploads().delete(file.blob.path)
    response = client.get(f"{resource.get_absolute_url()}download/")
    assert response.status_code == 404


def packaged(shelf: Shelf) -> Resource:
    design = shelf.published(shelf.draft())
    sheet = shelf.published(shelf.draft(Kind.WORKSHEET, "动手拼一拼", files=((shelf.text_file(), "main"),)))
    package = services.create(
        kind=Kind.PACKAGE,
        owner=shelf.town.person("teacher"),
        school=shelf.town.member,
        draft=services.Draft("梯形的面积 课时包", document_with([design, sheet])),
        nodes=(shelf.lesson,),
        columns={"node": shelf.lesson},
        at=shelf.town.now,
    )
    return shelf.published(package)


def test_a_package_shows_its_parts_and_what_is_still_missing(client: Client, shelf: Shelf) -> None:
    page = read(client, packaged(shelf))
    assert "动手拼一拼" in page
    assert "待建设" in page
    assert "4 类中已有 2 类" in page or "已有 2 类" in page


def test_a_package_comes_as_one_zip_with_a_manifest(client: Client, shelf: Shelf) -> None:
    package = packaged(shelf)
    response = client.get(f"{package.get_absolute_url()}zip/")
    archive = zipfile.ZipFile(BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    manifest = json.loads(archive.read("manifest.json"))
    assert len(manifest["parts"]) == 2
    assert any("任务单.pdf" in name for name in archive.namelist())
    for ending in ("教学设计.html", "教学设计.docx", "教学设计.pdf"):
        assert any(name.endswith(ending) for name in archive.namelist())
    records = [json.loads(archive.read(name)) for name in archive.namelist() if name.endswith("/资料.json")]
    assert {record["uid"] for record in records} == {part["uid"] for part in manifest["parts"]}
    assert "看图说说学过的图形" in json.dumps(records, ensure_ascii=False)


def test_the_lesson_links_to_its_package(client: Client, shelf: Shelf) -> None:
    packaged(shelf)
    design = Resource.objects.get(kind=Kind.LESSON_DESIGN)
    assert "同一课时包" in read(client, design)
    assert "课时包" in client.get(shelf.lesson.get_absolute_url()).content.decode()


def test_the_side_panel_is_a_fragment_without_the_shell(client: Client, shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    panel = client.get(f"{resource.get_absolute_url()}preview/").content.decode()
    assert "推导梯形的面积公式" in panel
    assert "<html" not in panel


def test_a_resource_page_costs_at_most_fifteen_queries(shelf: Shelf) -> None:
    packaged(shelf)
    design = Resource.objects.get(kind=Kind.LESSON_DESIGN)
    client = signed_in(shelf.town.person("colleague"))
    few = _queries(client, design)
    for person in ("colleague", "group_reviewer", "school_reviewer"):
        fork = services.fork(
            version=current(design), by=shelf.town.person(person), school=shelf.town.member, at=shelf.town.now
        )
        Resource.objects.filter(pk=fork.pk).update(home_school=None)
    assert _queries(client, design) <= max(few, 15)
    assert few <= 15


def _queries(client: Client, resource: Resource) -> int:
    read(client, resource)
    with CaptureQueriesContext(connection) as captured:
        read(client, resource)
    return len(captured)
