"""2,000 updates of a shared plan against random adaptations: no passage of a teacher changed without a word, none lost,
undo exact, and the line of versions without a gap."""

from itertools import pairwise
from random import Random
from typing import Any

import pytest

from groups.models import Person
from lessons.adaptations.models import Adaptation
from lessons.prep.models import Preparation
from lessons.updates import services
from lessons.updates.models import Choice, Update
from lessons.updates.weaving import Place, both_of
from library.documents import schema
from library.documents.lesson_design import LessonDesignDocument
from library.resources.models import Version, WorkingCopy
from library.resources.services import cut_version
from tests.factories import adapting
from tests.factories.adapting import Shared
from tests.factories.town import Town
from tests.library.documents.histories import Hand, all_words

Way = Choice.Way
UPDATES = 2_000
ASKED = 2
"""Places that are decided through the service; the other rows are written as it writes them, for speed."""
A_TEACHER = 20
"""Updates after which the teacher's version and the plan begin anew, so that texts stay of a lesson's size."""


@pytest.mark.django_db
def test_no_word_of_a_teacher_is_lost_in_an_update(town: Town, scale: float) -> None:
    shared = adapting.build(town)
    random = Random(6)
    wanted, done, undone = max(A_TEACHER, round(UPDATES * scale)), 0, 0
    mine = shared.received()
    while done < wanted:
        _begin_anew(shared, mine, random)
        teacher, lead = Hand("乙", random), Hand("丙", random)
        for _ in range(A_TEACHER):
            undone += _one_update(shared, mine, teacher, lead, random)
            done += 1
        _check_line(mine)
    print(f"{done} updates, {undone} undone")
    assert undone


def _begin_anew(shared: Shared, mine: Adaptation, random: Random) -> None:
    author = Hand("甲", random)
    plan = author.edited(author.filled(LessonDesignDocument), 1)
    version = _revise(shared, plan)
    Adaptation.objects.filter(pk=mine.pk).update(base=version)
    Update.objects.filter(adaptation=mine).delete()
    _write(shared, mine, plan)


def _one_update(shared: Shared, mine: Adaptation, teacher: Hand, lead: Hand, random: Random) -> int:
    """Both write, the plan moves on, the teacher decides at random; answers whether it was undone."""
    names = random.sample(["stages", "objectives", "tasks", "board", "homework", "pupils", "references"], 3)
    _write(shared, mine, teacher.edited(_text(mine), random.randrange(1, 5), names))
    _revise(shared, lead.edited(_plan(shared), random.randrange(1, 5), names))
    if Preparation.objects.get(pk=shared.preparation.pk).settled_version_id == _base(mine):
        return 0
    by, at = mine.teacher, shared.town.now
    before, base = _copy(mine), _base(mine)
    update = services.open_update(adaptation=mine, by=by, at=at)
    untouched = _decide_all(update, by, random, shared)
    services.finish(update=update, by=by, at=at)
    _check_words(update, mine, before.document, teacher, untouched)
    if random.random() >= 0.3:
        return 0
    services.undo(update=update, by=by, at=at)
    after = _copy(mine)
    assert (after.document, after.title) == (before.document, before.title)
    assert _base(mine) == base
    return 1


def _decide_all(update: Update, by: Person, random: Random, shared: Shared) -> list[str]:
    """A choice for every place; answers the paths that only the teacher had changed."""
    weave = services.weave_of(update)
    chosen = [(place, random.choice(_ways(place))) for place in weave.places]
    for place, way in chosen[:ASKED]:
        value = _own(place) if way == Way.OWN else None
        services.decide(update=update, by=by, key=place.key, way=way, value=value, at=shared.town.now)
    Choice.objects.bulk_create(
        Choice(
            update=update,
            key=place.key,
            way=way,
            value=_own(place) if way == Way.OWN else None,
            seen=place.seen,
            decided_at=shared.town.now,
        )
        for place, way in chosen[ASKED:]
    )
    return ["/".join(change.path) for change in weave.own if change.kind != "moved"]


def _ways(place: Place) -> list[str]:
    ways: list[str] = [Way.MINE, Way.THEIRS]
    ways += [Way.BOTH] if place.both is not None else []
    return ways + ([Way.OWN] if place.is_text else [])


def _own(place: Place) -> Any:
    both = both_of(LessonDesignDocument, place.path, place.mine, place.theirs)
    return both if both is not None else None


def _check_words(update: Update, mine: Adaptation, before: Any, teacher: Hand, own: list[str]) -> None:
    """Every word of the teacher is in the text or in the record, and what only the teacher changed is as it was."""
    after = _copy(mine).document
    kept = all_words(after) + "\x00" + all_words(list(update.unused.values_list("value", flat=True)))
    had = all_words(before)
    lost = [token for token in teacher.tokens if token in had and token not in kept]
    assert not lost, f"lost: {lost}"
    for path in own:
        steps = [step for step in path.split("/") if step]
        assert _at(after, steps) == _at(before, steps), f"changed without a word: {path}"


def _at(data: Any, steps: list[str]) -> Any:
    """A field of a stored text; of a row its place in the order does not count, for rows beside it may push it."""
    for step in steps:
        data = data.get(step) if isinstance(data, dict) else None
    if isinstance(data, dict) and "type" not in data:
        return {name: value for name, value in data.items() if name != "order"}
    return data


def _check_line(mine: Adaptation) -> None:
    """The merges that stand lead without a gap from the first base to the one of today."""
    standing = list(mine.updates.filter(state=Update.State.DONE).order_by("pk").values_list("base", "theirs"))
    for (_, to), (since, _) in pairwise(standing):
        assert to == since
    assert not standing or standing[-1][1] == _base(mine)


def _text(mine: Adaptation) -> LessonDesignDocument:
    return schema.load(LessonDesignDocument, _copy(mine).document)


def _plan(shared: Shared) -> LessonDesignDocument:
    return schema.load(LessonDesignDocument, WorkingCopy.objects.get(resource=shared.resource).document)


def _copy(mine: Adaptation) -> WorkingCopy:
    return WorkingCopy.objects.get(resource=mine.resource_id)


def _base(mine: Adaptation) -> int | None:
    return Adaptation.objects.values_list("base", flat=True).get(pk=mine.pk)


def _write(shared: Shared, mine: Adaptation, text: LessonDesignDocument) -> None:
    adapting.write(mine.resource, mine.teacher, text, shared.town.now)


def _revise(shared: Shared, text: LessonDesignDocument) -> Version:
    lead = shared.person("colleague")
    adapting.write(shared.resource, lead, text, shared.town.now)
    version = cut_version(resource=shared.resource, by=lead, at=shared.town.now)
    Preparation.objects.filter(pk=shared.preparation.pk).update(settled_version=version)
    return version
