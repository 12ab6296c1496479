"""Comments, collections and wishes: each row of the policy, everybody, through the rule, its twin and the pages."""

from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import reverse

from library.together.models import Collection, CollectionGrant, CollectionItem, Comment, Wish
from tests.access import oracle
from tests.access.facts import DISABLED, KINDS, PUBLIC, SIGNED_OUT, VIEWERS, Grant, Thing, holds
from tests.access.report import report
from tests.access.test_doors import Visitors
from tests.access.test_other_things import _sweep
from tests.access.things import THINGS
from tests.access.world import World

pytestmark = pytest.mark.django_db

COMMENTERS = ("teacher-L", "author", "studio-N", "disabled")
SAMPLE = THINGS[::2]


@dataclass(frozen=True)
class Said:
    """A comment of the test world: under which thing, by whom, and whether somebody answered."""

    thing: Thing
    by: str
    answered: bool


@dataclass(frozen=True)
class Gathered:
    """A collection of the test world."""

    name: str
    owner: str = "author"
    body: str = ""
    grants: tuple[Grant, ...] = field(default=())


GATHERED = (
    Gathered("only-mine"),
    *(Gathered(f"for-{to}", grants=(Grant(to),)) for to in ("T", "G1", "S", "PG", "C1", "teacher-N", PUBLIC)),
    Gathered("tomorrow", grants=(Grant("G1", start=1),)),
    Gathered("ended", grants=(Grant("G1", end=-1),)),
    Gathered("of-S", owner="host", body="S", grants=(Grant(PUBLIC),)),
    Gathered("of-S-closed", owner="host", body="S-closed", grants=(Grant("S-closed"),)),
    Gathered("of-G1", owner="retired", body="G1", grants=(Grant("G1"),)),
    Gathered("of-T", owner="admin-O", body="T"),
)


def _comments(world: World) -> list[tuple[Said, Comment]]:
    rows = []
    for number, thing in enumerate(SAMPLE):
        said = Said(thing, COMMENTERS[number % len(COMMENTERS)], number % 3 == 0)
        resource, author = world.resources[thing.name], world.people[said.by]
        row = Comment.objects.create(resource=resource, author=author, words=f"说 {thing.name}", at=world.now)
        if said.answered:
            other = world.people["reviewer-T"]
            Comment.objects.create(resource=resource, author=other, words="答", answers=row, at=world.now)
        rows.append((said, row))
    return rows


def _moderates(thing: Thing, name: str) -> bool:
    """Its owner or lead; every author of this world signs as 主备."""
    return name == thing.owner or name in thing.authors


def test_comments(world: World) -> None:
    def judge(name: str, said: Said) -> set[str]:
        thing = said.thing
        held = {"as_its_thing"} if oracle.may(thing, name, "read") else set()
        held |= {"moderator_of_thing"} if _moderates(thing, name) else set()
        held |= {"reader"} if "reader" in oracle.relations(thing, name, "report") else set()
        return held | ({"commenter"} if name == said.by else set())

    rows = _comments(world)
    _sweep("comment", world, lambda said: "any", [r for r in rows if not r[0].answered], judge)


def test_an_answered_comment_is_edited_by_nobody(world: World) -> None:
    from groups import access
    from groups.access import Action

    rows = [row for said, row in _comments(world) if said.answered]
    for name in VIEWERS:
        kept = access.narrow(Comment.objects.filter(pk__in=[r.pk for r in rows]), world.viewers[name], Action.EDIT)
        assert not kept.exists(), name


def test_what_was_said_is_on_the_page_of_who_reads_the_thing(world: World) -> None:
    visitors, wrong, cases = Visitors(world), [], 0
    rows = [row for row in _comments(world) if row[0].thing.name in ("published-G1", "draft")]
    for said, row in rows:
        for name in oracle.representatives(said.thing, VIEWERS):
            page = visitors[name].get(reverse("library:resource", args=[world.resources[said.thing.name].uid]))
            cases += 1
            if (row.words in page.content.decode()) != oracle.may(said.thing, name, "read"):
                wrong.append(f"{name} reads what was said of {said.thing.name}")
    report("comment, page", cases, wrong)


def _collections(world: World) -> list[tuple[Gathered, Collection]]:
    rows = []
    for fact in GATHERED:
        row = Collection.objects.create(
            title=f"专题 {fact.name}。",
            owner=world.people[fact.owner],
            organisation=world.organisations[fact.body] if fact.body else None,
            created_at=world.now,
            changed_at=world.now,
        )
        for grant in fact.grants:
            CollectionGrant.objects.create(
                collection=row,
                starts_at=world.moment(grant.start),
                ends_at=world.end(grant.end),
                **world.audience(grant.to),
            )
        rows.append((fact, row))
    return rows


def _stands(name: str, fact: Gathered) -> set[str]:
    """The relations of the document in which a person stands to a collection."""
    valid = [g for g in fact.grants if holds(g.start, g.end)]
    reads = any(g.to == PUBLIC or (name != SIGNED_OUT and oracle.reaches(g.to, name)) for g in valid)
    found = {"reader"} if reads else set()
    if name == SIGNED_OUT:
        return found
    found |= {"owner"} if name == fact.owner else set()
    if fact.body:
        admin = any(org == fact.body and role == "admin" for org, role in oracle.posts(name))
        found |= {"org_admin"} if admin else set()
        runs = KINDS[fact.body] == "studio" and not fact.body.endswith("closed")
        found |= {"studio_host"} if runs and fact.body in oracle.in_role(name, "host", "studio") else set()
    return found


def test_collections(world: World) -> None:
    _sweep("collection", world, lambda fact: "any", _collections(world), _stands)


def _may_read(name: str, fact: Gathered) -> bool:
    return name not in DISABLED and bool(_stands(name, fact) & {"reader", "owner"})


def test_the_list_and_the_pages_of_collections_open_as_the_policy_says(world: World) -> None:
    rows, visitors, wrong, cases = _collections(world), Visitors(world), [], 0
    for name in VIEWERS[::4]:
        listed = visitors[name].get(reverse("together:collections")).content.decode()
        for fact, row in rows:
            cases += 1
            if (row.title in listed) != _may_read(name, fact):
                wrong.append(f"{name} in the list: {fact.name}")
    for name in ("author", "teacher-L", "retired", "host", SIGNED_OUT):
        for fact, row in rows:
            cases += 1
            if (visitors[name].get(row.get_absolute_url()).status_code == 200) != _may_read(name, fact):
                wrong.append(f"{name} at the page of {fact.name}")
    report("collection, list and page", cases, wrong)


def test_a_collections_items_are_those_that_the_reader_may_list(world: World) -> None:
    things = [t for t in THINGS if t.state in ("published", "draft", "taken_down")][:40]
    row = Collection.objects.create(
        title="全部", owner=world.people["author"], created_at=world.now, changed_at=world.now
    )
    CollectionGrant.objects.create(collection=row, is_public=True, starts_at=world.moment(-1))
    for order, thing in enumerate(things):
        CollectionItem.objects.create(
            collection=row,
            resource=world.resources[thing.name],
            order=order,
            added_by=world.people["author"],
            added_at=world.now,
        )
    from library.together.selectors.collecting import items, rows

    wrong, cases = [], 0
    for name in VIEWERS:
        shown = {i.resource.title for i in items(row, world.viewers[name]).select_related("resource")}
        expected = {t.name for t in things if oracle.may(t, name, "list")}
        cases += 2 * len(things)
        if shown != expected or rows([row], world.viewers[name])[0].size != len(expected):
            wrong.append(f"{name} sees {sorted(shown ^ expected)}")
    report("collection, items and count", cases, wrong)


def test_wishes(world: World) -> None:
    def judge(name: str, wish: tuple[str, str]) -> set[str]:
        return {"owner"} if name == wish[0] else set()

    rows = []
    for asker in ("author", "teacher-N", "disabled", "retired"):
        for state in ("open", "closed"):
            closed = world.now if state == "closed" else None
            row = Wish.objects.create(asker=world.people[asker], words="求", at=world.now, closed_at=closed)
            rows.append(((asker, state), row))
    _sweep("wish", world, lambda wish: wish[1], rows, judge)


def test_wishes_ask_for_an_account(world: World, client: Client) -> None:
    row = Wish.objects.create(asker=world.people["author"], words="求动画", at=world.now)
    assert client.get(row.get_absolute_url()).status_code == 302
    assert client.get(reverse("together:wishes")).status_code == 302
