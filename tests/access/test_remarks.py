"""Remarks in a preparation's margin: each row of the policy for comments, everybody, in every state, and answers too."""

import pytest

from groups import access
from groups.access import Action
from lessons.prep.models import Remark, Reply
from tests.access import oracle
from tests.access.facts import DISABLED, SIGNED_OUT, VIEWERS
from tests.access.report import report
from tests.access.test_prep import PREPS, Prep, _build, _held, may
from tests.access.world import World

pytestmark = pytest.mark.django_db
COMMENTERS = ("teacher-T", "teacher-N", "author", "disabled", "teacher-X")
ACTIONS = ("read", "edit", "delete", "report")


def _expected(name: str, prep: Prep, by: str, answered: bool, action: str) -> bool:
    """The document's rows: read and report as the preparation, edit one's own until someone answers.

    A preparation of this world that is only planned has no lead yet.
    """
    if name in DISABLED or name == SIGNED_OUT:
        return False
    if action in ("read", "report"):
        return may(name, prep, "read")
    if action == "edit":
        return name == by and not answered
    return name == by or (prep.state != "planned" and "lead" in _held(name, prep, action))


def _rows(world: World) -> list[tuple[Prep, str, bool, Remark, Reply | None]]:
    rows = []
    for number, prep in enumerate(PREPS):
        by, answered = COMMENTERS[number % len(COMMENTERS)], number % 3 == 0
        preparation = _build(world, prep)
        remark = Remark.objects.create(preparation=preparation, author=world.people[by], words="说", at=world.now)
        other = world.people["reviewer-T"]
        reply = Reply.objects.create(remark=remark, author=other, words="答", at=world.now) if answered else None
        rows.append((prep, by, answered, remark, reply))
    return rows


def test_the_rule_and_its_twin_answer_every_row_of_a_remark(world: World) -> None:
    rows, wrong, cases = _rows(world), [], 0
    assert set(ACTIONS) == set(oracle.actions_of("comment"))
    for name in VIEWERS:
        viewer = world.viewers[name]
        held = access.relations_over(viewer, Remark.objects.all())
        for action in map(Action, ACTIONS):
            kept = set(access.narrow(Remark.objects.all(), viewer, action).values_list("pk", flat=True))
            for prep, by, answered, remark, _ in rows:
                right = _expected(name, prep, by, answered, str(action))
                said = bool(access.verdict_of(held.get(remark.pk, frozenset()), viewer, action, remark))
                cases += 2
                wrong += [f"{name} {action} {prep} by {by}: may says {said}"] * (said != right)
                wrong += [f"{name} {action} {prep} by {by}: narrow"] * ((remark.pk in kept) != right)
    report("remark", cases, wrong)


def test_the_rule_and_its_twin_answer_every_row_of_an_answer(world: World) -> None:
    rows, wrong, cases = [row for row in _rows(world) if row[4] is not None], [], 0
    for name in VIEWERS:
        viewer = world.viewers[name]
        for action in map(Action, ACTIONS):
            kept = set(access.narrow(Reply.objects.all(), viewer, action).values_list("pk", flat=True))
            for prep, _, _, _, reply in rows:
                assert reply is not None
                right = _expected(name, prep, "reviewer-T", False, str(action))
                cases += 1
                wrong += [f"{name} {action} {prep}"] * ((reply.pk in kept) != right)
    report("answer to a remark", cases, wrong)
