"""Every row whose thing exists × every person × the rule and its queryset twin, against the oracle."""

import pytest

from groups import access
from groups.access import Action
from library.resources.models import Resource, Version
from tests.access import oracle
from tests.access.facts import VIEWERS
from tests.access.report import report
from tests.access.things import THINGS
from tests.access.world import World

pytestmark = pytest.mark.django_db

RESOURCE_ACTIONS = [Action(name) for name in oracle.actions_of("resource")]
VERSION_ACTIONS = [Action.READ, Action.DOWNLOAD]


def test_the_rule_answers_every_row_as_the_policy_says(world: World) -> None:
    wrong, cases = [], 0
    for name in VIEWERS:
        viewer = world.viewers[name]
        relations = access.relations_over(viewer, Resource.objects.all())
        for thing in THINGS:
            resource = world.resources[thing.name]
            held = relations.get(resource.pk, frozenset())
            for action in RESOURCE_ACTIONS:
                cases += 1
                said = bool(access.verdict_of(held, viewer, action, resource))
                if said != oracle.may(thing, name, action):
                    wrong.append(f"{name} {action} {thing.name}: the rule says {said}")
    report("may, resource", cases, wrong)


def test_the_queryset_twin_keeps_exactly_what_the_policy_allows(world: World) -> None:
    wrong, cases = [], 0
    for name in VIEWERS:
        for action in RESOURCE_ACTIONS:
            found = access.narrow(Resource.objects.all(), world.viewers[name], action)
            titles = set(found.values_list("title", flat=True))
            expected = {thing.name for thing in THINGS if oracle.may(thing, name, action)}
            cases += len(THINGS)
            wrong += [f"{name} {action} {title}: narrow keeps {title in titles}" for title in titles ^ expected]
    report("narrow, resource", cases, wrong)


def test_versions_follow_their_review_their_receipt_and_their_resource(world: World) -> None:
    wrong, cases = [], 0
    for name in VIEWERS:
        viewer = world.viewers[name]
        relations = access.relations_over(viewer, Version.objects.all())
        for action in VERSION_ACTIONS:
            kept = set(access.narrow(Version.objects.all(), viewer, action).values_list("pk", flat=True))
            for thing in THINGS:
                for version in thing.versions:
                    row = world.versions[(thing.name, version.number)]
                    expected = oracle.may_version(thing, version, name, action)
                    cases += 2
                    held = relations.get(row.pk, frozenset())
                    if bool(access.verdict_of(held, viewer, action, row)) != expected:
                        wrong.append(f"{name} {action} {thing.name} v{version.number}: may says {not expected}")
                    if (row.pk in kept) != expected:
                        wrong.append(f"{name} {action} {thing.name} v{version.number}: narrow says {not expected}")
    report("may and narrow, version", cases, wrong)


def test_asking_one_by_one_answers_as_asking_for_all(world: World) -> None:
    for name in ("teacher-L", "admin-G1", "reviewer-G1", "retired", "officer-C1", "disabled", "signed-out"):
        for thing in THINGS[::5]:
            said = access.may(world.viewers[name], Action.READ, world.resources[thing.name])
            assert bool(said) == oracle.may(thing, name, "read"), (name, thing.name)
            assert said.reason


@pytest.mark.parametrize("column", ["list", "read"])
def test_the_world_tells_relations_apart(world: World, column: str) -> None:
    """A world in which a relation never decides would prove nothing: each has somebody it alone lets in."""
    deciding = set()
    for thing in THINGS:
        for name in VIEWERS:
            allowed = oracle.relations(thing, name, column) & oracle.POLICY.get(
                ("resource", thing.state, column), frozenset()
            )
            if len(allowed) == 1:
                deciding |= allowed
    named = {r for row, relations in oracle.rows_of("resource").items() if row[2] == column for r in relations}
    assert deciding == named
