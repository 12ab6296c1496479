"""An outline changes by two persons, keeps its addresses, and can be taken back."""

import random
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.models import Knowledge, Node
from catalogue.uids import new_uid
from groups.access import Refused
from groups.models import AuditRow, Person
from library.outlines import contents, services
from library.outlines.models import Change
from library.outlines.services import Hindered
from library.outlines.snapshot import Row
from search.models import OutboxRow
from tests.factories.shelf import Shelf


def propose(books: Shelf, rows: list[Row], by: Person) -> Change:
    return services.propose(outline=books.outline, rows=rows, reason="与新书核对", by=by, at=timezone.now())


def changed(books: Shelf) -> list[Row]:
    """The second lesson renamed and moved to the front, the last retired, one added with a knowledge point."""
    Knowledge.objects.create(subject=books.subject, name="面积公式")
    unit, first, second, _ = contents.read(books.outline)
    added = replace(first, uid=new_uid(), title="不规则图形的面积", knowledge=("面积公式",))
    return [unit, replace(second, title="梯形面积"), first, added]


def test_an_approved_change_is_the_outline_and_keeps_addresses(books: Shelf, first: Person, second: Person) -> None:
    resource = books.published(books.draft())
    OutboxRow.objects.filter(uid=resource.uid).update(pending=False)
    rows = changed(books)
    before = contents.read(books.outline)
    change = propose(books, rows, first)
    assert contents.read(books.outline) == before

    services.approve(change=change, by=second, at=timezone.now())

    assert contents.read(books.outline) == rows
    assert Node.objects.get(uid=books.lesson.uid).title == "梯形面积"
    assert Node.objects.get(uid=books.lessons[2].uid).status == Node.Status.RETIRED
    assert resource.placements.get().node.title == "梯形面积"
    assert OutboxRow.objects.get(uid=resource.uid).pending
    assert AuditRow.objects.filter(action="outline.applied", actor=second).exists()


def test_a_change_taken_back_leaves_everything_as_it_was(books: Shelf, first: Person, second: Person) -> None:
    before = contents.read(books.outline)
    change = services.approve(change=propose(books, changed(books), first), by=second, at=timezone.now())

    services.revert(change=change, by=first, at=timezone.now())

    assert contents.read(books.outline) == before
    change.refresh_from_db()
    assert change.state == "reverted"


def test_random_changes_and_their_way_back_lose_no_row(books: Shelf, first: Person, second: Person) -> None:
    chance = random.Random(8)
    for _ in range(12):
        before = contents.read(books.outline)
        lessons = [replace(row, title=f"{row.title[:6]}{chance.randrange(99)}") for row in before[1:]]
        chance.shuffle(lessons)
        lessons = lessons[: chance.randrange(len(lessons) + 1)]
        lessons += [Row(new_uid(), 2, "lesson", "", f"新课{n}", periods=1) for n in range(chance.randrange(3))]
        rows = [replace(before[0], title=f"单元{chance.randrange(99)}"), *lessons]
        change = services.approve(change=propose(books, rows, first), by=second, at=timezone.now())
        assert contents.read(books.outline) == rows
        if chance.random() < 0.5:
            services.revert(change=change, by=second, at=timezone.now())
            assert contents.read(books.outline) == before


def test_nobody_approves_their_own(books: Shelf, first: Person) -> None:
    change = propose(books, changed(books), first)

    with pytest.raises(Hindered, match="两个人"):
        services.approve(change=change, by=first, at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.filter(pk=change.pk).update(state="applied", decided_by=first)


def test_who_curates_nothing_neither_proposes_nor_decides(books: Shelf, first: Person) -> None:
    teacher = books.town.person("teacher")
    with pytest.raises(Refused):
        propose(books, changed(books), teacher)
    change = propose(books, contents.read(books.outline)[:2], first)
    with pytest.raises(Refused):
        services.approve(change=change, by=teacher, at=timezone.now())
    with pytest.raises(Hindered, match="提出人能撤回"):
        services.withdraw(change=change, by=teacher, at=timezone.now())


def test_a_second_proposal_waits_for_the_first(books: Shelf, first: Person, second: Person) -> None:
    change = propose(books, changed(books), first)
    with pytest.raises(Hindered, match="江月"):
        propose(books, contents.read(books.outline)[:2], second)

    services.withdraw(change=change, by=first, at=timezone.now())

    assert propose(books, contents.read(books.outline)[:2], second).state == "waiting"


def test_an_outline_that_moved_on_is_not_overwritten(books: Shelf, first: Person, second: Person) -> None:
    change = propose(books, changed(books), first)
    Node.objects.filter(pk=books.lesson.pk).update(title="编辑在后台改了")

    with pytest.raises(Hindered, match="又改过"):
        services.approve(change=change, by=second, at=timezone.now())

    assert Node.objects.get(pk=books.lesson.pk).title == "编辑在后台改了"


def test_a_change_is_decided_once(books: Shelf, first: Person, second: Person) -> None:
    change = services.approve(change=propose(books, changed(books), first), by=second, at=timezone.now())

    with pytest.raises(Hindered, match="已生效"):
        services.decline(change=change, by=second, note="不行", at=timezone.now())
    with pytest.raises(Hindered, match="没有改动"):
        propose(books, contents.read(books.outline), first)
