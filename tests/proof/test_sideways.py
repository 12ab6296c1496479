"""Nothing leaks sideways: no word of what a person may not see shows anywhere, and no answer differs for its being there.

The same persons ask the same questions in a world without the secrets and in the same world with them. A secret word may
stand in a title, body, file text, tag or author; it must leave no trace in hits, totals, facets, suggestions,
corrections, similar things or 简化搜索.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import timezone

from groups.models import Nature, Person, Role
from groups.viewer import viewer_for
from lessons.designs.models import LessonDesign
from library.documents import schema
from library.resources.models import Resource, Version
from library.resources.services import Audience
from search import addresses, engines, page, similar, simple, suggesting, synonyms, vocabulary
from search.asking import ask
from search.ports import Query
from search.schema import SHOWN_FACETS
from search.understanding import understand
from tests.factories import people as make
from tests.factories.many import multiply
from tests.factories.shelf import build
from tests.factories.town import Town, whole_design

pytestmark = pytest.mark.django_db

SECRETS, PUBLIC, PAIRS = 500, 240, 20_000
SYLLABLES = "龘靐齉爩麤灪龖厵滟籱虋纞麣鱻骉羴犇猋淼焱垚晶品森鑫"
"""Characters that stand in no public text: each secret has words of its own made of them."""


@dataclass
class World:
    """What is asked, who asks, and which words must never be seen."""

    dice: random.Random
    people: list[Person | None]
    public: Resource
    secret: Resource
    words: list[str] = field(default_factory=list)

    def secret_words(self, count: int) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < count:
            found["".join(self.dice.choices(SYLLABLES, k=4))] = None
        return list(found)

    def hide(self, count: int) -> list[str]:
        """Secrets of one school, like its first one but for five words of their own."""
        uids = many_like(self.secret, count)
        for number, resource in enumerate(Resource.objects.filter(uid__in=uids)):
            title, body, filed, tag, name = self.words[number * 5 : number * 5 + 5]
            document = schema.dump(whole_design(f"{body}的面积怎样算。"))
            Version.objects.filter(resource=resource).update(title=f"梯形{title}", document=document)
            Resource.objects.filter(pk=resource.pk).update(
                title=f"梯形{title}", summary=f"文件里写着{filed}", keywords=[tag]
            )
            resource.contributions.update(person=make.person(name))
        return uids

    def questions(self, count: int) -> list[str]:
        """Half ask for secret words, whole, in part, misspelt or spelled; half for what everybody sees."""
        titles = list(Resource.objects.values_list("title", flat=True))
        return [self._secret() if number % 2 else self._ordinary(titles) for number in range(count)]

    def _secret(self) -> str:
        word = self.dice.choice(self.words)
        shapes = (
            word,
            word[:2],
            word[1:],
            f"梯形{word}",
            f"五上数学 {word}",
            f"“{word}”",
            f"作者:{word}",
            f"{word} 教案",
        )
        return self.dice.choice(shapes)

    def _ordinary(self, titles: list[str]) -> str:
        title = self.dice.choice(titles)
        at = self.dice.randrange(max(1, len(title) - 3))
        changed = title[:at] + title[at + 1 :]
        return self.dice.choice(
            (title, title[at : at + 3], changed, f"五年级 {title[:3]}", f"{title[:2]} -面积", "txdmj")
        )


@pytest.fixture
def world(town: Town, settings: Any, tmp_path: Path) -> Iterator[World]:
    settings.SEARCH_ENGINE, settings.SEARCH_INDEX_DIR = "tantivy", tmp_path
    engines.forget()
    shelf = build(town)
    public = shelf.published(shelf.draft(), Audience())
    secret = shelf.published(shelf.draft(), Audience(organisation=town.member))
    strangers = [make.person(f"路人{number}") for number in range(12)]
    for stranger in strangers[:6]:
        make.post(stranger, town.lead, Role.TEACHER, Nature.MAIN)
    people = [None, town.person("colleague"), town.person("stranger"), town.person("host"), *strangers]
    yield World(random.Random(5), people, public, secret)
    engines.forget()


def test_no_secret_shows_and_no_answer_differs_for_it(world: World, scale: float) -> None:
    secrets, pairs = max(20, int(SECRETS * scale)), max(400, int(PAIRS * scale))
    world.words = world.secret_words(secrets * 5)
    many_like(world.public, PUBLIC)
    reindex()
    asked = [(who, q) for q in world.questions(pairs // len(world.people)) for who in world.people]
    before = [answers(who, q) for who, q in asked]
    hidden = {*world.hide(secrets), world.secret.uid}
    reindex()
    differences, traces = [], []
    for (who, q), old in zip(asked, before, strict=True):
        new = answers(who, q)
        if new != old:
            differences.append((who, q, old, new))
        said = repr(new).replace(q, "")
        if any(uid in said for uid in hidden) or any(word in said for word in world.words if word not in q):
            traces.append((who, q, new))
    print(f"{len(asked)} pairs, {len(hidden)} secrets, {len(differences)} differences, {len(traces)} traces")
    assert len(asked) >= pairs - len(world.people)
    assert not differences, differences[:3]
    assert not traces, traces[:3]


def test_an_owner_finds_the_secret(world: World) -> None:
    """The law above can fail: the words are in the index, and whoever may see them finds them."""
    world.words = world.secret_words(5)
    (uid,) = world.hide(1)
    reindex()
    owner = world.secret.owner
    assert Resource.objects.get(uid=uid).owner == owner
    assert all(uid in repr(answers(owner, word)) for word in world.words)


def many_like(first: Resource, count: int) -> list[str]:
    uids = multiply(first, count, seed=first.pk)
    for resource in Resource.objects.filter(uid__in=uids):
        LessonDesign(resource_ptr=resource).save_base(raw=True)
    return uids


def reindex() -> None:
    call_command("search_rebuild", verbosity=0)


def answers(person: Person | None, q: str) -> dict[str, Any]:
    """Everything that the site says to a question, as sets: order may change with the weight of common words."""
    at = timezone.now()
    viewer, reader = viewer_for(person or AnonymousUser(), at), engines.current()
    understood = understand(q, vocabulary.lookup(), synonyms.lookup())
    found = ask(reader, understood, Query(tokens=viewer.tokens(), facets=SHOWN_FACETS, limit=1_000))
    asked = addresses.Asked(q=q)
    plain = simple.find(asked, understood, dict(understood.filters), viewer)
    first = min((hit.key for hit in found.page.hits), default="")
    alike = similar.entry_of(first, viewer) if first and len(q) % 4 == 0 else None
    return {
        "hits": sorted(hit.key for hit in found.page.hits),
        "total": found.page.total,
        "facets": {name: dict(sorted(counts.items())) for name, counts in found.page.facets.items()},
        "corrected": found.corrected,
        "suggested": sorted(
            (label, one.label, one.url) for label, items in suggesting.groups(q, viewer, reader, at) for one in items
        ),
        "simple": sorted(one.entry.key for one in plain.shown),
        "similar": sorted(one.entry.key for one in similar.similar(alike, viewer, reader, at)) if alike else [],
        "wider": page.build(asked, viewer, reader, at).wider if len(q) % 5 == 0 and not found.page.total else (),
    }
