"""The catalogue's names in search, and the signals that keep packages above up to date."""

from unittest.mock import Mock, patch

import pytest
from django.db import DatabaseError

from catalogue import vocabulary
from catalogue.models import Edition, EditionAlias, Node
from catalogue.seeding import seed_catalogue
from catalogue.signals import node_changed
from search import vocabulary as search_vocabulary
from tests.catalogue.conftest import node


def meanings() -> dict[str, tuple[str, str]]:
    found = search_vocabulary.table(vocabulary.names())
    return {word: (name.facet, name.value) for word, name in found.items()}


@pytest.mark.usefixtures("shelved")
def test_names_and_nicknames_mean_subject_and_edition() -> None:
    found = meanings()

    assert found["部编版"] == ("edition", "统编版")
    assert found["pep"] == ("edition", "人教PEP")
    assert found["人教版"] == ("edition", "人教版")
    assert found["道法"] == ("subject", "道德与法治")


def test_without_a_database_the_names_come_from_the_seeds_files(db: None) -> None:
    expected = {("edition", "统编版"), ("subject", "科学")}
    assert expected <= set(meanings().values())

    with patch("catalogue.vocabulary.connection.introspection.table_names", side_effect=DatabaseError):
        assert expected <= set(meanings().values())


@pytest.mark.usefixtures("shelved")
def test_knowledge_points_and_titles_are_offered_for_suggestions() -> None:
    assert "梯形的面积" in {name.word for name in vocabulary.knowledge()}
    assert {"白鹭", "多边形的面积"} <= set(vocabulary.titles())


@pytest.mark.django_db(transaction=False)
def test_a_new_alias_is_understood_after_it_is_saved(django_capture_on_commit_callbacks: Mock) -> None:
    seed_catalogue([])
    search_vocabulary.forget()
    assert "国编本" not in search_vocabulary.lookup()

    with django_capture_on_commit_callbacks(execute=True):
        EditionAlias.objects.create(edition=Edition.objects.get(name="统编版", subject__name="语文"), name="国编本")

    assert search_vocabulary.lookup()["国编本"].value == "统编版"
    search_vocabulary.forget()


@pytest.mark.usefixtures("shelved")
def test_saving_a_node_a_book_or_an_edition_announces_the_nodes_it_touches() -> None:
    receiver = Mock()
    node_changed.connect(receiver)
    try:
        unit = node("多边形的面积")
        unit.save()
        assert {n.title for n in receiver.call_args.kwargs["nodes"]} == {
            "多边形的面积",
            "平行四边形的面积",
            "梯形的面积",
        }
        unit.outline.textbook.save()
        assert len(receiver.call_args.kwargs["nodes"]) == Node.objects.filter(outline=unit.outline).count()
        Edition.objects.get(name="人教版", subject__name="数学").save()
        assert (
            len(receiver.call_args.kwargs["nodes"])
            == Node.objects.filter(outline__textbook__subject__name="数学").count()
        )
    finally:
        node_changed.disconnect(receiver)
