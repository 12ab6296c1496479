"""Saving, a law: fifty people write one text by form, by editor and after being away; what one wrote, another never
takes away without having been shown it. And of eight who save at once exactly one wins.

Every edit leaves a token of its own. After each write, a token that was stored before and is gone must have been seen by
whoever wrote: in the text they began with, or in the conflict that they were shown.
"""

import json
import random
import re
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from library.documents import schema
from library.documents.lesson_design import LessonDesignDocument
from library.resources import services
from library.resources.models import Resource
from tests.factories import shelf as bookshelf
from tests.factories import town as towns
from tests.factories.shelf import signed_in

EDITORS = 50
EDITS = 10_000
ROUNDS = 1_000
AT_ONCE = 8
TOKEN = re.compile(r"〔\d+〕")
FIELDS = (
    ("board",),
    ("homework",),
    ("reflection",),
    ("textbook", "position"),
    ("pupils", "foundation"),
    ("stages", "s1", "teacher"),
    ("stages", "s1", "pupils"),
    ("stages", "s1", "intent"),
)


@dataclass
class Writer:
    """One person at one page: the text they began with, what they wrote since, and every token they were shown."""

    client: Client
    base: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    lock: int = 0
    seen: set[str] = field(default_factory=set)

    def holds(self, document: dict[str, Any], lock: int) -> None:
        self.base, self.document, self.lock = document, deepcopy(document), lock
        self.seen |= tokens(document)


@dataclass
class World:
    """The text, the ledger of who wrote what, and the count of what became of each edit."""

    resource: Resource
    dice: random.Random
    number: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def stored(self) -> dict[str, Any]:
        self.resource.working_copy.refresh_from_db()
        return dict(self.resource.working_copy.document)

    def token(self) -> str:
        self.number += 1
        return f"〔{self.number}〕"


def tokens(value: Any) -> set[str]:
    return set(TOKEN.findall(json.dumps(value, ensure_ascii=False)))


def edited(document: dict[str, Any], path: tuple[str, ...], token: str, dice: random.Random) -> dict[str, Any]:
    """A paragraph of one's own more; now and then, knowingly, one less."""
    changed = deepcopy(document)
    inner = changed
    for name in path[:-1]:
        inner = inner.setdefault(name, {"order": "V"} if name == "s1" else {})
    lines = list((inner.get(path[-1]) or {}).get("content") or [])
    if len(lines) > 6 or (len(lines) > 2 and dice.random() < 0.2):
        lines.pop(dice.randrange(len(lines)))
    line = {"type": "paragraph", "content": [{"type": "text", "text": f"写一句{token}"}]}
    lines.insert(dice.randint(0, len(lines)), line)
    inner[path[-1]] = {"type": "doc", "content": lines}
    return changed


def ask(world: World, writer: Writer, what: str, sent: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    address = f"/r/{world.resource.uid}/editor/{what}/"
    response = writer.client.post(address, data=json.dumps(sent), content_type="application/json")
    return response.status_code, response.json()


def by_editor(world: World, writer: Writer) -> None:
    """Save, and where somebody was faster, merge; where both changed one place, look and choose."""
    sent = {"title": "一课", "document": writer.document, "lock_version": writer.lock}
    status, told = ask(world, writer, "save", sent)
    if status == 200:
        world.counts["saved"] += 1
        writer.holds(writer.document, told["lock_version"])
        return
    assert status == 409, told
    by_merge(world, writer)


def by_merge(world: World, writer: Writer) -> None:
    sent = {"base": writer.base, "base_title": "一课", "title": "一课", "document": writer.document}
    status, told = ask(world, writer, "merge", sent)
    assert status == 200, told
    if not told["conflicts"]:
        world.counts["merged"] += 1
        lost = tokens(writer.document) - tokens(told["document"])
        assert lost <= writer.seen - tokens(writer.document) | tokens(writer.base), f"one's own words are gone: {lost}"
        writer.holds(told["document"], told["saved"]["lock_version"])
        return
    world.counts["asked"] += 1
    document = told["document"]
    for conflict in told["conflicts"]:
        writer.seen |= tokens(conflict)
        put(document, conflict["path"], world.dice.choice([conflict["mine"], conflict["theirs"]]))
    writer.document = document
    writer.base, writer.lock = told["stored"]["document"], told["stored"]["lock_version"]
    by_editor(world, writer)


def put(document: dict[str, Any], path: list[str], value: Any) -> None:
    inner = document
    for name in path[:-1]:
        inner = inner.setdefault(name, {})
    if value is None:
        inner.pop(path[-1], None)
    else:
        inner[path[-1]] = value


def by_form(world: World, writer: Writer) -> None:
    """The plain form of one section: a conflict shows both texts, then one's own is sent again."""
    address = f"/my/designs/{world.resource.uid}/homework/"
    token = world.token()
    page = writer.client.get(address).content.decode()
    writer.seen |= set(TOKEN.findall(page))
    typed = {"homework": f"写一句{token}", "lock_version": str(writer.lock)}
    response = writer.client.post(address, typed)
    if response.status_code == 409:
        world.counts["form asked"] += 1
        writer.seen |= set(TOKEN.findall(response.content.decode()))
        typed["lock_version"] = str(response.context["lock_version"])
        response = writer.client.post(address, typed)
    assert response.status_code == 302
    world.counts["form saved"] += 1
    world.resource.working_copy.refresh_from_db()
    writer.holds(world.stored, world.resource.working_copy.lock_version)


def turn(world: World, writer: Writer) -> None:
    """One edit in one of four ways; the ledger is checked after it."""
    before = tokens(world.stored)
    way = world.dice.choices(("editor", "away", "form", "opens"), (6, 2, 1, 2))[0]
    if way == "opens":
        world.resource.working_copy.refresh_from_db()
        writer.holds(world.stored, world.resource.working_copy.lock_version)
        before = tokens(world.stored)
    if way == "form":
        by_form(world, writer)
    else:
        for _ in range(world.dice.randint(2, 4) if way == "away" else 1):
            writer.document = edited(writer.document, world.dice.choice(FIELDS), world.token(), world.dice)
        (by_merge if way == "away" else by_editor)(world, writer)
    gone = before - tokens(world.stored)
    assert gone <= writer.seen, f"taken away unseen by {way}: {gone - writer.seen}"


@pytest.mark.django_db
def test_nothing_is_taken_away_unseen(scale: float) -> None:
    town = towns.build()
    resource = bookshelf.build(town).draft()
    world = World(resource, random.Random(11))
    writers = [Writer(signed_in(town.person("teacher"))) for _ in range(EDITORS)]
    for writer in writers:
        writer.holds(world.stored, resource.working_copy.lock_version)
    while world.number < EDITS * scale:
        turn(world, world.dice.choice(writers))
    print(f"{world.number} edits by {EDITORS} editors: {dict(world.counts)}; 0 silent losses")
    assert world.counts["merged"]
    assert world.counts["asked"]


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_save_at_once_exactly_one_wins(scale: float) -> None:
    town = towns.build()
    resource = bookshelf.build(town).draft()
    rounds = max(1, round(ROUNDS * scale))
    for number in range(1, rounds + 1):
        outcomes = at_once(resource, number)
        assert Counter(outcomes) == {"won": 1, "conflict": AT_ONCE - 1}
    resource.working_copy.refresh_from_db()
    assert resource.working_copy.lock_version == rounds + 1
    print(f"{rounds} of {rounds} rounds of {AT_ONCE} on {connection.vendor}: exactly one won")


def at_once(resource: Resource, lock: int) -> list[str]:
    """Eight threads save over the same lock; what became of each."""
    gate, outcomes = Barrier(AT_ONCE), []

    def save(number: int) -> None:
        document = schema.load(LessonDesignDocument, {"reflection": {"type": "doc", "content": []}})
        draft = services.Draft(f"第 {number} 人", document)
        gate.wait()
        try:
            services.save(resource=resource, by=resource.owner, draft=draft, lock_version=lock, at=timezone.now())
            outcomes.append("won")
        except services.Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [Thread(target=save, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
