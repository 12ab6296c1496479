"""Adaptations: each row of the policy, everybody, in every state, through the rule, its twin, and the teacher's own text."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import Model

from groups import access
from groups.access import Action
from lessons.adaptations.models import Adaptation
from library.documents import schema
from library.documents.files import FilesDocument
from library.resources.models import Kind, Material, Resource, Version, WorkingCopy
from tests.access import oracle
from tests.access.facts import DISABLED, POSTS, SIGNED_OUT, VIEWERS, holds
from tests.access.report import report
from tests.access.test_prep import Prep, _build, _held
from tests.access.world import World

pytestmark = pytest.mark.django_db

PREP = Prep("in_use")


@dataclass(frozen=True)
class Own:
    """An adaptation of one teacher in the test world."""

    state: str
    teacher: str
    shared: bool = False

    def __str__(self) -> str:
        return f"{self.state} {self.teacher}{' shared' if self.shared else ''}"


TEACHERS = ("teacher-T", "rotating", "retired", "teacher-L", "leader-T", "outsider")
"""Who works at T, who does beside another school, who worked there, who never did, a leader, and nobody of a school."""

WAYS = (("draft", False), ("draft", True), ("ready", False), ("ready", True), ("taught", True), ("reflected", True))
OWNS = tuple(Own(state, teacher, shared) for state, shared in WAYS for teacher in TEACHERS)


def _schools_of(teacher: str) -> set[str]:
    posts = (p for p in POSTS if p.person == teacher and holds(p.start, p.end))
    return {p.organisation for p in posts if oracle.KINDS[p.organisation] == "school"}


def _inspects(name: str, teacher: str) -> bool:
    """School leader or teaching-research leader of the owner's school now."""
    led = oracle.in_role(name, "school_leader", "school")
    led |= {"T"} if oracle.in_role(name, "research_leader", "research_group") else set()
    return bool(led & _schools_of(teacher))


def may(name: str, own: Own, action: str) -> bool:
    if name in DISABLED or name == SIGNED_OUT:
        return False
    nobody: frozenset[str] = frozenset()
    allowed = oracle.POLICY.get(("adaptation", own.state, action), nobody)
    allowed |= oracle.POLICY.get(("adaptation", "any", action), nobody)
    takes_part = bool(_held(name, PREP, "read") & {"prep_member", "lead", "co_lead"})
    held = {
        "owner": name == own.teacher,
        "inspector": _inspects(name, own.teacher),
        "prep_member_if_shared": own.shared and takes_part,
    }
    return any(held[relation] for relation in allowed)


@pytest.fixture
def rows(world: World) -> list[tuple[Own, Adaptation]]:
    """Several preparations, since a teacher has one adaptation of each."""
    made = []
    for way in WAYS:
        preparation = _build(world, PREP)
        chosen = [own for own in OWNS if (own.state, own.shared) == way]
        made += [(own, _adaptation(world, own, preparation, preparation.settled_version)) for own in chosen]
    return made


def _adaptation(world: World, own: Own, preparation: Any, base: Version | None) -> Adaptation:
    teacher, document = world.people[own.teacher], schema.dump(FilesDocument())
    text = Material.objects.create(
        kind=Kind.MATERIAL,
        owner=teacher,
        home_school=world.organisations["T"],
        title=str(own),
        primary=False,
        work="adaptation",
    )
    WorkingCopy.objects.create(resource=text, title=str(own), document=document, updated_by=teacher)
    ready = Version.objects.create(
        resource=text, number=1, title=str(own), sha256="0" * 64, label="第1版", cut_by=teacher, cut_at=world.now
    )
    return Adaptation.objects.create(
        resource=text,
        teacher=teacher,
        preparation=preparation,
        base=base,
        state=own.state,
        shared_with_group=own.shared,
        ready_version=ready if own.state != "draft" else None,
        ready_at=world.now if own.state != "draft" else None,
        received_at=world.now,
    )


def _sweep(
    door: str,
    world: World,
    actions: Iterable[str],
    rows: list[tuple[Own, Any]],
    expected: Callable[[str, Own, str], bool],
    viewers: Iterable[str] = VIEWERS,
) -> None:
    model: type[Model] = type(rows[0][1])
    everything = model._default_manager.filter(pk__in=[row.pk for _, row in rows])
    wrong, cases, names = [], 0, sorted(actions)
    for name in viewers:
        viewer = world.viewers[name]
        held = access.relations_over(viewer, everything)
        for action in map(Action, names):
            kept = set(access.narrow(everything, viewer, action).values_list("pk", flat=True))
            for own, row in rows:
                right = expected(name, own, str(action))
                cases += 2
                if bool(access.verdict_of(held.get(row.pk, frozenset()), viewer, action, row)) != right:
                    wrong.append(f"{name} {action} {own}: may says {not right}")
                if (row.pk in kept) != right:
                    wrong.append(f"{name} {action} {own}: narrow says {not right}")
    report(door, cases, wrong)


def test_the_rule_and_its_twin_answer_every_row_of_adaptation(world: World, rows: list[tuple[Own, Adaptation]]) -> None:
    _sweep("adaptation", world, oracle.actions_of("adaptation"), rows, may)


def may_with_its_text(name: str, own: Own, action: str) -> bool:
    """While it is unpublished the rows of the adaptation replace those of the resource."""
    stands_for = {
        **dict.fromkeys(("list", "read", "edit", "submit", "delete"), ""),
        **dict.fromkeys(("download", "export"), "download"),
        "see_versions": "read",
        "see_drafts": "edit",
    }
    return action in stands_for and may(name, own, stands_for[action] or action)


def test_the_unpublished_text_answers_by_the_rows_of_its_adaptation(
    world: World, rows: list[tuple[Own, Adaptation]]
) -> None:
    some = [(own, row) for own, row in rows if own.teacher in ("teacher-T", "retired")]
    texts = [(own, Resource.objects.get(pk=row.resource_id)) for own, row in some]
    _sweep("text of an adaptation", world, oracle.actions_of("resource"), texts, may_with_its_text, _representatives())


def _representatives() -> list[str]:
    """One person for every different way to stand to the adaptations: the doors of a resource are many."""
    found: dict[tuple[bool, ...], str] = {}
    for name in VIEWERS:
        answers = tuple(may(name, own, action) for own in OWNS for action in oracle.actions_of("adaptation"))
        found.setdefault((*answers, name == SIGNED_OUT), name)
    return list(found.values())


def test_the_world_tells_the_relations_of_adaptations_apart() -> None:
    """Each relation has somebody whom it alone lets read."""
    deciding = set()
    for own in OWNS:
        for name in VIEWERS:
            if may(name, own, "read"):
                takes_part = bool(_held(name, PREP, "read") & {"prep_member", "lead", "co_lead"})
                held = {"owner": name == own.teacher, "inspector": _inspects(name, own.teacher)}
                held["prep_member_if_shared"] = own.shared and takes_part
                through = [relation for relation, holds_ in held.items() if holds_]
                deciding |= set(through) if len(through) == 1 else set()
    assert deciding == {"owner", "inspector", "prep_member_if_shared"}
