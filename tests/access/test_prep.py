"""Preparations: each row of the policy, everybody, in every state, through the rule, its twin, and the shared plan itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from django.db.models import Model

from catalogue.models import Subject
from groups import access
from groups.access import Action
from lessons.prep.models import HandDown, Participant, Preparation
from library.documents import schema
from library.documents.files import FilesDocument
from library.resources.models import Kind, Material, Resource, Version, WorkingCopy
from tests.access import oracle
from tests.access.facts import DISABLED, SIGNED_OUT, VIEWERS
from tests.access.report import report
from tests.access.world import World

pytestmark = pytest.mark.django_db

BEFORE_SETTLED = ("planned", "drafting", "discussing", "for_approval")
STATES = (*BEFORE_SETTLED, "settled", "in_use", "recapping", "archived", "cancelled")
ONLY_BEFORE_SETTLED = ("cancel", "change_approver")


@dataclass(frozen=True)
class Prep:
    """A preparation of the test world, in G1's prep group. `recipients` are (person, school or empty: by name)."""

    state: str
    name: str = ""
    organiser: str = "teacher-L"
    lead: str = "author"
    approver: str = "reviewer-G1"
    co_leads: tuple[str, ...] = ("co-author",)
    members: tuple[str, ...] = ("teacher-T", "teacher-O", "rotated-back", "disabled", "teacher-X")
    experts: tuple[str, ...] = ("teacher-N",)
    observers: tuple[str, ...] = ("teacher-M",)
    gone: tuple[str, ...] = ("part-timer",)
    recipients: tuple[tuple[str, str], ...] = (("studio-T", "T"), ("moved", "T"), ("teacher-Y", ""))
    schools: tuple[str, ...] = ("L", "T", "O", "X")

    def __str__(self) -> str:
        return f"{self.state} {self.name}"


PREPS = (
    *(Prep(state) for state in STATES),
    *(Prep(state, "by-who-left", organiser="moved", lead="retired", approver="prep-left") for state in STATES[1:]),
    Prep("for_approval", "own-approver", approver="co-author"),
    Prep("planned", "without-lead", lead=""),
)


def _inside(name: str) -> bool:
    return bool({"G1", "PG"} & oracle.belongs(name)) if name != SIGNED_OUT else False


def _led(name: str) -> set[str]:
    """Schools of which somebody is leader or teaching-research leader now."""
    return oracle.in_role(name, "school_leader", "school") | (
        {"T"} if oracle.in_role(name, "research_leader", "research_group") else set()
    )


def _held(name: str, prep: Prep, action: str) -> set[str]:
    if name == SIGNED_OUT:
        return set()
    runs = "G1" in oracle.in_role(name, "admin", "group")
    organises = (name == prep.organiser and (_inside(name) or runs)) or bool(
        oracle.in_role(name, "prep_leader", "prep_group")
    )
    seated = "PG" in oracle.belongs(name)
    placed = {prep.lead, *prep.co_leads, *prep.experts, *prep.observers, *prep.gone}
    found = {
        "organiser": organises and (action not in ONLY_BEFORE_SETTLED or prep.state in BEFORE_SETTLED),
        "lead": name == prep.lead and _inside(name),
        "co_lead": name in prep.co_leads and _inside(name),
        "prep_member": (name in prep.members and _inside(name))
        or (prep.state == "planned" and seated and name not in placed),
        "expert": name in prep.experts,
        "observer": name in prep.observers,
        "approver": name == prep.approver and _inside(name) and name not in (prep.lead, *prep.co_leads),
        "recipient": any(name == to and (not school or _inside(name)) for to, school in prep.recipients),
        "school_leader": bool(_led(name) & ({*prep.schools} & {"L", "T", "O"})),
        "group_admin": runs,
    }
    return {relation for relation, holds in found.items() if holds}


def may(name: str, prep: Prep, action: str) -> bool:
    if name in DISABLED or name == SIGNED_OUT:
        return False
    nobody: frozenset[str] = frozenset()
    allowed = oracle.POLICY.get(("prep", prep.state, action), nobody) | oracle.POLICY.get(
        ("prep", "any", action), nobody
    )
    if "as_read_of_its_state" in allowed:
        return may(name, prep, "read")
    return bool(_held(name, prep, action) & allowed)


def _build(world: World, prep: Prep) -> Preparation:
    has_text = bool(prep.lead) and prep.state not in ("planned", "cancelled")
    plan = _plan(world, prep) if has_text else None
    people, organisations = world.people, world.organisations
    row = Preparation.objects.create(
        title=str(prep),
        state=prep.state,
        body=organisations["PG"],
        circle=organisations["G1"],
        subject=Subject.objects.get_or_create(name="数学", defaults={"code": "maths"})[0],
        organiser=people[prep.organiser],
        lead=people[prep.lead] if prep.lead and prep.state != "planned" else None,
        approver=people[prep.approver],
        resource=plan,
        settled_version=Version.objects.filter(resource=plan).first() if plan else None,
        frozen_at=None if prep.state == "planned" else world.now,
        state_changed_at=world.now,
        created_at=world.now,
    )
    row.schools.set([organisations[name] for name in prep.schools])
    leads = (prep.lead,) if row.lead_id else ()
    of_role = {"lead": leads, "co_lead": prep.co_leads, "member": prep.members}
    of_role |= {"expert": prep.experts, "observer": prep.observers}
    placed: list[tuple[str, str, datetime | None]] = [
        (name, role, None) for role, names in of_role.items() for name in names
    ]
    placed += [(name, "member", world.now) for name in prep.gone]
    Participant.objects.bulk_create(
        Participant(preparation=row, person=people[name], role=role, joined_at=world.now, left_at=left)
        for name, role, left in placed
    )
    HandDown.objects.bulk_create(
        HandDown(
            preparation=row,
            person=people[name],
            organisation=organisations[school] if school else None,
            by=people["teacher-L"],
            at=world.now,
        )
        for name, school in prep.recipients
    )
    return row


def _plan(world: World, prep: Prep) -> Resource:
    owner = world.people[prep.lead]
    document = schema.dump(FilesDocument())
    made = Material.objects.create(
        kind=Kind.MATERIAL, owner=owner, home_school=world.organisations["T"], title=str(prep), work="prep"
    )
    WorkingCopy.objects.create(resource=made, title=str(prep), document=document, updated_by=owner)
    _cut(Resource.objects.get(pk=made.pk), number=1)
    return Resource.objects.get(pk=made.pk)


def _cut(plan: Resource, number: int) -> Version:
    return Version.objects.create(
        resource=plan,
        number=number,
        title=plan.title,
        sha256="0" * 64,
        label=f"第{number}稿",
        cut_by=plan.owner,
        cut_at=plan.created_at,
    )


@pytest.fixture
def rows(world: World) -> list[tuple[Prep, Preparation]]:
    return [(prep, _build(world, prep)) for prep in PREPS]


Expected = Callable[[str, Prep, str], bool]


def _sweep(
    door: str,
    world: World,
    model: type[Model],
    actions: Iterator[str],
    rows: list[tuple[Prep, Any]],
    expected: Expected,
) -> None:
    wrong, cases, names = [], 0, sorted(actions)
    everything = model._default_manager.filter(pk__in=[row.pk for _, row in rows])
    for name in VIEWERS:
        viewer = world.viewers[name]
        held = access.relations_over(viewer, everything)
        for action in map(Action, names):
            kept = set(access.narrow(everything, viewer, action).values_list("pk", flat=True))
            for prep, row in rows:
                right = expected(name, prep, str(action))
                cases += 2
                if bool(access.verdict_of(held.get(row.pk, frozenset()), viewer, action, row)) != right:
                    wrong.append(f"{name} {action} {prep}: may says {not right}")
                if (row.pk in kept) != right:
                    wrong.append(f"{name} {action} {prep}: narrow says {not right}")
    report(door, cases, wrong)


def test_the_rule_and_its_twin_answer_every_row_of_prep(world: World, rows: list[tuple[Prep, Preparation]]) -> None:
    _sweep("prep", world, Preparation, iter(oracle.actions_of("prep")), rows, may)


def may_with_its_plan(name: str, prep: Prep, action: str) -> bool:
    """While it is unpublished the rows of the preparation replace those of the resource."""
    stands_for = {
        **dict.fromkeys(("list", "read", "download", "export", "see_versions"), ("read",)),
        **dict.fromkeys(("edit", "see_drafts"), ("edit_draft", "revise")),
        "fork": ("receive",),
        "submit": ("archive",),
    }
    return any(may(name, prep, own) for own in stands_for.get(action, ()))


def may_write_its_plan(name: str, prep: Prep, action: str) -> bool:
    """A version that was not put out is there for who writes the plan."""
    return may_with_its_plan(name, prep, action) and may_with_its_plan(name, prep, "edit")


def test_an_unpublished_shared_plan_answers_by_the_rows_of_its_preparation(
    world: World, rows: list[tuple[Prep, Preparation]]
) -> None:
    plans = [(prep, Resource.objects.get(pk=row.resource_id)) for prep, row in rows if row.resource_id]
    _sweep("shared plan", world, Resource, iter(oracle.actions_of("resource")), plans, may_with_its_plan)
    versions = [(prep, plan.versions.get()) for prep, plan in plans]
    _sweep("draft of a shared plan", world, Version, iter(("read", "download")), versions, may_with_its_plan)
    unsent = [(prep, _cut(plan, number=2)) for prep, plan in plans]
    _sweep("unsent text of a shared plan", world, Version, iter(("read", "download")), unsent, may_write_its_plan)


def test_asking_for_one_plan_answers_as_asking_for_all(world: World, rows: list[tuple[Prep, Preparation]]) -> None:
    for prep, row in rows:
        plan = row.resource
        if plan is None:
            continue
        for name in ("author", "teacher-T", "teacher-N", "outsider", SIGNED_OUT):
            said = access.may(world.viewers[name], Action.READ, plan)
            assert bool(said) == may(name, prep, "read"), (name, str(prep))
            assert said.reason


def test_in_review_its_reviewers_read_the_plan_beside_who_prepares_it(world: World) -> None:
    row = _build(world, Prep("archived"))
    assert row.resource
    Resource.objects.filter(pk=row.resource.pk).update(state="in_review")
    plan = Resource.objects.get(pk=row.resource.pk)
    submission = plan.submissions.create(
        version=plan.versions.get(), submitted_by=world.people["teacher-L"], submitted_at=world.now
    )
    submission.steps.create(order=1, level="school", organisation=world.organisations["T"])
    for name, reads in (("teacher-T", True), ("reviewer-T", True), ("teacher-M", True), ("outsider", False)):
        for thing in (plan, plan.versions.get()):
            assert bool(access.may(world.viewers[name], Action.READ, thing)) is reads, (name, thing)
    assert access.may(world.viewers["reviewer-T"], Action.REVIEW, plan)
    assert not access.may(world.viewers["author"], Action.EDIT, plan)


def test_once_published_the_plan_answers_by_the_rows_of_a_resource(world: World) -> None:
    row = _build(world, replace(Prep("archived"), members=("teacher-T",)))
    assert row.resource
    version = row.resource.versions.get()
    Version.objects.filter(pk=version.pk).update(published_at=world.now)
    Resource.objects.filter(pk=row.resource.pk).update(state="published", published_version=version)
    plan = Resource.objects.get(pk=row.resource.pk)
    assert access.may(world.viewers["author"], Action.EDIT, plan)
    assert not access.may(world.viewers["teacher-T"], Action.READ, plan)
