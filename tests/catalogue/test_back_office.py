"""The catalogue in the back office: who reads, who edits, and that nothing can be deleted there."""

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import Edition, Knowledge, Node, Outline, Standard, Subject, Textbook
from groups.models import AuditRow, OrganisationKind, Person, Role
from tests.catalogue.conftest import node
from tests.factories.people import organisation, person, post

MODELS = (Textbook, Node, Outline, Edition, Subject, Knowledge, Standard)


def address(model: type, view: str, *args: int) -> str:
    return reverse(f"wagtailsnippets_catalogue_{model.__name__.lower()}:{view}", args=args)


def holding(role: Role) -> Person:
    holder = person()
    post(holder, organisation(OrganisationKind.CITY), role=role)
    return holder


@pytest.fixture
def administrator(client: Client, shelved: None) -> Client:
    client.force_login(holding(Role.SYSTEM_ADMIN))
    return client


@pytest.fixture
def editor(client: Client, shelved: None) -> Client:
    """Enters the back office, edits pages, and no catalogue."""
    client.force_login(holding(Role.SITE_EDITOR))
    return client


@pytest.mark.parametrize("model", MODELS)
def test_an_administrator_sees_every_list_in_chinese(administrator: Client, model: type) -> None:
    page = administrator.get(address(model, "list"))

    assert page.status_code == 200
    assert model._meta.verbose_name in page.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("model", MODELS)
def test_an_editor_of_pages_reads_the_lists_and_changes_nothing(editor: Client, model: type) -> None:
    thing = model.objects.first()  # type: ignore[attr-defined]

    assert editor.get(address(model, "list")).status_code == 200
    assert editor.get(address(model, "inspect", thing.pk)).status_code == 200
    assert editor.get(address(model, "edit", thing.pk)).status_code == 302
    assert editor.get(address(model, "add")).status_code == 302


@pytest.mark.parametrize("model", MODELS)
def test_nobody_deletes_here_and_outlines_are_not_typed_in(administrator: Client, model: type) -> None:
    thing = model.objects.first()  # type: ignore[attr-defined]
    administrator.post(address(model, "delete", thing.pk))

    assert model.objects.filter(pk=thing.pk).exists()  # type: ignore[attr-defined]
    allowed = administrator.get(address(model, "add")).status_code == 200
    assert allowed is (model not in {Node, Outline})


@pytest.mark.parametrize("model", MODELS)
def test_no_column_or_filter_of_the_lists_has_an_english_name(administrator: Client, model: type) -> None:
    page = administrator.get(address(model, "list")).context
    ours = [column for name, column in page["table"].columns.items() if name != "bulk_actions"]
    columns = [str(column.label) for column in ours if column.label]
    filters = [str(shown.label) for shown in page["filters"].form.fields.values()] if page.get("filters") else []

    assert columns
    assert [name for name in [*columns, *filters] if name.isascii()] == []


def test_an_edited_node_is_saved_and_audited(administrator: Client) -> None:
    lesson = node("梯形的面积")
    form = {"number": "", "title": "梯形的面积公式", "page_from": "", "page_to": "", "periods": "3", "status": "active"}
    administrator.post(address(Node, "edit", lesson.pk), form)

    lesson.refresh_from_db()
    assert (lesson.title, lesson.periods) == ("梯形的面积公式", 3)
    row = AuditRow.objects.get(action="catalogue.edited")
    assert row.thing_uid == lesson.uid


def test_lists_are_filtered_by_subject_and_found_by_a_word(administrator: Client) -> None:
    chinese = Subject.objects.get(name="语文")
    by_subject = administrator.get(address(Textbook, "list"), {"subject": chinese.pk}).content.decode()
    by_word = administrator.get(address(Node, "list"), {"q": "梯形"}).content.decode()

    assert "小学语文统编版五年级上册" in by_subject
    assert "小学数学人教版五年级上册" not in by_subject
    assert "梯形的面积" in by_word
    assert "白鹭" not in by_word


def test_a_long_list_of_nodes_asks_few_queries(administrator: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        administrator.get(address(Node, "list"))
