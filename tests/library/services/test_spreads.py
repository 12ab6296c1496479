"""A change below the library reaches every resource it touches: little at once, much by the worker, in pieces."""

import pytest
from django.utils import timezone

from catalogue.models import Node, Outline
from library.resources import jobs, services, spreads
from library.resources.models import UsageEvent
from search import indexer, outbox
from search.models import OutboxRow, Spread
from tests.factories.town import Town


@pytest.fixture
def lesson(town: Town) -> Node:
    outline = Outline.objects.create(title="五年级上册")
    return Node.objects.create(outline=outline, kind="lesson", title="梯形的面积", order=1)


def placed(town: Town, lesson: Node, count: int) -> set[str]:
    made = [town.draft(title=f"第{number}课时") for number in range(count)]
    for resource in made:
        services.place(resource=resource, by=town.person("teacher"), nodes=[lesson], at=town.now)
    OutboxRow.objects.all().delete()
    return {resource.uid for resource in made}


def marked() -> set[str]:
    return set(OutboxRow.objects.values_list("uid", flat=True))


def test_what_reaches_few_is_marked_at_once(town: Town, lesson: Node) -> None:
    reached = placed(town, lesson, 2)
    spreads.reach("节点", lesson.pk)
    assert (marked(), Spread.objects.count()) == (reached, 0)


def test_what_reaches_many_is_left_to_the_worker_in_pieces(
    town: Town, lesson: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreads, "AT_ONCE", 1)
    monkeypatch.setattr(outbox, "CHUNK", 2)
    reached = placed(town, lesson, 5)
    spreads.reach("节点", lesson.pk)
    assert (marked(), Spread.objects.count()) == (set(), 1)
    assert indexer.spread_once()
    assert len(marked()) == 2
    while indexer.spread_once():
        pass
    assert (marked(), Spread.objects.count()) == (reached, 0)


def test_a_spread_that_fails_keeps_its_error_and_comes_again(town: Town) -> None:
    outbox.spread("nobody", "1")
    assert indexer.spread_once()
    assert "nobody" in Spread.objects.get().error
    assert not indexer.spread_once()
    indexer.spread_failed(timezone.now())
    assert Spread.objects.count() == 1


def test_a_renamed_school_and_a_renamed_author_reach_their_resources(town: Town) -> None:
    resource = town.draft()
    for thing in (town.member, town.person("teacher")):
        OutboxRow.objects.all().delete()
        thing.name = "换了名字"
        thing.save()
        assert resource.uid in marked()


def test_signing_in_is_no_new_name(town: Town) -> None:
    town.draft()
    OutboxRow.objects.all().delete()
    town.person("teacher").save(update_fields=["last_login"])
    assert marked() == set()


def test_counts_of_use_come_with_the_hour(town: Town) -> None:
    resource, unused = town.draft(), town.draft()
    OutboxRow.objects.all().delete()
    UsageEvent.objects.create(what="view", resource=resource, at=town.now)
    assert jobs.touch_used(town.now) == 1
    assert marked() == {resource.uid}
    assert unused.uid not in marked()
