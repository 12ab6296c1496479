"""Organisations, studios, memberships, appointments, people, catalogue, audit log, back office, files: each row, everybody."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from catalogue.models import Outline, Subject
from groups import access
from groups.access import Action
from groups.memberships.models import Proposal
from groups.models import Appointment, AuditRow, Organisation, OrganisationLink, Person, Studio
from groups.policies import may_enter
from library.explaining.models import Explained
from library.outlines.models import Change
from media import containers
from tests.access import oracle
from tests.access.facts import DISABLED, KINDS, LINKS, PEOPLE, POSTS, SIGNED_OUT, VIEWERS, holds
from tests.access.report import report
from tests.access.things import THINGS
from tests.access.world import World

pytestmark = pytest.mark.django_db

KNOWN = {str(action) for action in Action}

Judge = Callable[[str, Any], set[str]]
"""(person, fact) → the relations of the document in which the person stands to it."""


def _sweep(
    door: str, world: World, state: Callable[[Any], str], things: Iterable[tuple[Any, Model]], judge: Judge
) -> None:
    """Compare `may` and `narrow` with the document for every person, thing and action."""
    things = list(things)
    thing_name = door
    actions = [Action(a) for a in oracle.actions_of(thing_name) if a in KNOWN]
    model = type(things[0][1])
    wrong, cases = [], 0
    for name in VIEWERS:
        viewer = world.viewers[name]
        relations = access.relations_over(viewer, model._default_manager.all())
        for action in actions:
            kept = set(access.narrow(model._default_manager.all(), viewer, action).values_list("pk", flat=True))
            for fact, row in things:
                allowed = _allowed(thing_name, state(fact), str(action))
                expected = _expected(name, str(action), allowed, judge(name, fact))
                held = relations.get(row.pk, frozenset())
                cases += 2
                if bool(access.verdict_of(held, viewer, action, row)) != expected:
                    wrong.append(f"{name} {action} {fact}: may says {not expected}")
                if (row.pk in kept) != expected:
                    wrong.append(f"{name} {action} {fact}: narrow says {not expected}")
    report(door, cases, wrong)


def _allowed(thing: str, state: str, action: str) -> frozenset[str]:
    nobody: frozenset[str] = frozenset()
    return oracle.POLICY.get((thing, state, action), nobody) | oracle.POLICY.get((thing, "any", action), nobody)


def _expected(name: str, action: str, allowed: frozenset[str], held: set[str]) -> bool:
    if name in DISABLED or (name == SIGNED_OUT and action not in oracle.SIGNED_OUT_MAY):
        return False
    return bool((held | {"anyone"} | ({"signed_in"} if name != SIGNED_OUT else set())) & allowed)


def _any_state(fact: Any) -> str:
    return "any"


def _administers(name: str) -> set[str]:
    """The schools of an administrator with the groups that are part of them."""
    schools = oracle.in_role(name, "admin", "school")
    return schools | {link.member for link in LINKS if link.parent in schools and link.role == "part"}


def _area(name: str) -> set[str]:
    """What lies in an officer's counties and cities, and its parts."""
    found = oracle.in_role(name, "officer", "county", "city")
    while True:
        more = {link.member for link in LINKS if link.parent in found and link.role in ("area", "part")} - found
        if not more:
            return found
        found |= more


def _system_admin(name: str) -> set[str]:
    return {"system_admin"} if oracle.in_role(name, "system_admin", "city") else set()


def test_organisations(world: World) -> None:
    def judge(name: str, organisation: str) -> set[str]:
        admin = organisation in {o for o, role in oracle.posts(name) if role == "admin"} | _administers(name)
        return _system_admin(name) | {
            relation
            for relation, held in (
                ("member_of_it", organisation in oracle.belongs(name)),
                ("org_admin", admin),
                ("officer_of_area", organisation in _area(name)),
            )
            if held
        }

    rows = [(name, Organisation.objects.get(pk=row.pk)) for name, row in world.organisations.items()]
    _sweep("organisation", world, _any_state, rows, judge)


def test_studios(world: World) -> None:
    def judge(name: str, studio: str) -> set[str]:
        roles = {"host": "studio_host", "editor": "studio_editor"}
        held = {roles[role] for org, role in oracle.posts(name) if org == studio and role in roles}
        return held | ({"studio_member"} if studio in oracle.belongs(name) else set())

    rows = [(name, Studio.objects.get(slug=name.lower())) for name, kind in KINDS.items() if kind == "studio"]
    _sweep("studio", world, lambda name: "closed" if name.endswith("closed") else "running", rows, judge)


def test_memberships(world: World) -> None:
    def judge(name: str, link: Any) -> set[str]:
        leads = {x.member for x in LINKS if x.parent == link.parent and x.role == "lead"}
        bureaus = oracle.in_role(name, "officer", "county", "city")
        return {
            relation
            for relation, held in (
                ("group_admin", link.parent in oracle.in_role(name, "admin", "group")),
                ("school_admin", link.member in oracle.in_role(name, "admin", "school")),
                ("officer_of_area", any(bureaus & oracle.above(lead) for lead in leads)),
            )
            if held
        }

    members = [link for link in LINKS if KINDS[link.parent] == "group" and KINDS[link.member] == "school"]
    rows = [
        (
            link,
            OrganisationLink.objects.get(
                member=world.organisations[link.member], parent=world.organisations[link.parent]
            ),
        )
        for link in members
    ]
    _sweep("membership", world, _any_state, rows, judge)


def test_proposals_of_entry_and_exit(world: World) -> None:
    """Every school with every group, proposed or not: judged by the same rows as the membership itself."""

    def judge(name: str, pair: tuple[str, str]) -> set[str]:
        school, group = pair
        leads = {x.member for x in LINKS if x.parent == group and x.role == "lead" and holds(x.start, x.end)}
        bureaus = oracle.in_role(name, "officer", "county", "city")
        return {
            relation
            for relation, held in (
                ("group_admin", group in oracle.in_role(name, "admin", "group")),
                ("school_admin", school in oracle.in_role(name, "admin", "school")),
                ("officer_of_area", any(bureaus & oracle.above(lead) for lead in leads)),
            )
            if held
        }

    rows = []
    for group in (name for name, kind in KINDS.items() if kind == "group"):
        for school in (name for name, kind in KINDS.items() if kind == "school"):
            proposal = Proposal.objects.create(
                kind="exit",
                school=world.organisations[school],
                group=world.organisations[group],
                reason="测试",
                document_title="测试",
                proposed_by=world.people["admin-G1"],
                proposed_at=world.now,
            )
            rows.append(((school, group), proposal))
    _sweep("membership", world, _any_state, rows, judge)


def test_access_explain_is_asked_by_its_row_about_what_the_asker_may_list(world: World) -> None:
    words = {"home_school_admin": "school_admin"}

    def judge(name: str, thing: Any) -> set[str]:
        if not oracle.may(thing, name, "list"):
            return set()
        held = {words.get(relation, relation) for relation in oracle.relations(thing, name, "read")}
        auditor = {"auditor"} if oracle.in_role(name, "auditor", "city") else set()
        return (held & {"owner", "school_admin", "group_admin", "officer_of_area"}) | auditor

    rows = [(thing, Explained.objects.get(pk=world.resources[thing.name].pk)) for thing in THINGS]
    _sweep("access_explain", world, _any_state, rows, judge)


def test_appointments(world: World) -> None:
    def judge(name: str, post: Any) -> set[str]:
        held = {"school_admin"} if post.organisation in _administers(name) else set()
        return held | ({"officer_of_area"} if post.organisation in _area(name) else set())

    rows = [
        (
            post,
            Appointment.objects.get(
                person=world.people[post.person],
                organisation=world.organisations[post.organisation],
                role=post.role,
                starts_at=world.moment(post.start),
            ),
        )
        for post in POSTS
    ]
    _sweep("appointment", world, _any_state, rows, judge)


def test_people(world: World) -> None:
    def judge(name: str, other: str) -> set[str]:
        posts = [p for p in POSTS if p.person == other and p.nature == "main"]
        at = {p.organisation for p in posts if holds(p.start, p.end)}
        held = {"self"} if name == other else set()
        held |= {"school_admin"} if at & oracle.in_role(name, "admin", "school") else set()
        return held | _system_admin(name)

    rows = [(name, Person.objects.get(pk=world.people[name].pk)) for name in PEOPLE]
    _sweep("person", world, _any_state, rows, judge)


def test_the_catalogue(world: World) -> None:
    def judge(name: str, subject: str) -> set[str]:
        curator = any(role == "subject_curator" for _, role in oracle.posts(name))
        return _system_admin(name) | ({"subject_curator"} if curator else set())

    subject = Subject.objects.create(code="access-test", name="测试学科", block="测", colour="blue")
    _sweep("catalogue", world, _any_state, [("access-test", subject)], judge)


def test_changes_of_the_catalogue_are_decided_by_another_curator(world: World) -> None:
    def judge(name: str, proposer: str) -> set[str]:
        curator = any(role == "subject_curator" for _, role in oracle.posts(name))
        held = {"subject_curator"} | ({"other_subject_curator"} if name != proposer else set())
        return _system_admin(name) | (held if curator else set())

    rows = []
    for proposer in ("curator-maths", "system-admin"):
        outline = Outline.objects.create(title=f"专题 {proposer}", kind="theme")
        by = Person.objects.get(pk=world.people[proposer].pk)
        rows.append((proposer, Change.objects.create(outline=outline, proposed_by=by, proposed_at=timezone.now())))
    _sweep("catalogue", world, _any_state, rows, judge)


def test_a_curator_of_one_subject_edits_no_other(world: World) -> None:
    maths = Subject.objects.create(code="access-a", name="甲学科", block="甲", colour="blue")
    other = Subject.objects.create(code="access-b", name="乙学科", block="乙", colour="blue")
    Appointment.objects.filter(role="subject_curator").update(subject=maths)
    curator = world.people["curator-maths"]
    assert curator.has_perm("catalogue.change_subject", maths)
    assert not curator.has_perm("catalogue.change_subject", other)
    assert access.may(curator, Action.EDIT, maths, at=timezone.now())
    assert not access.may(curator, Action.EDIT, other, at=timezone.now())


def test_the_audit_log(world: World) -> None:
    def judge(name: str, _: Any) -> set[str]:
        return _system_admin(name) | ({"auditor"} if oracle.in_role(name, "auditor", "city") else set())

    row = AuditRow.objects.create(action="test.deed", thing="test", thing_uid="x")
    _sweep("audit", world, _any_state, [("row", row)], judge)


def test_the_back_office_lets_in_the_row_and_no_other_teacher(world: World) -> None:
    places = {
        "site_editor": ("site_editor", "city"),
        "studio_host": ("host", "studio"),
        "studio_editor": ("editor", "studio"),
        "group_admin": ("admin", "group"),
        "system_admin": ("system_admin", "city"),
        "auditor": ("auditor", "city"),
    }
    wrong = []
    for name in VIEWERS:
        held = {r for r, (role, *kinds) in places.items() if oracle.in_role(name, role, *kinds)}
        held |= {"officer_of_area"} if oracle.in_role(name, "officer", "county", "city") else set()
        expected = name not in DISABLED and bool(held & oracle.POLICY[("back_office", "any", "enter")])
        asked = bool(world.people[name].has_perm("wagtailadmin.access_admin")) if name != SIGNED_OUT else False
        if bool(may_enter(world.viewers[name])) != expected or asked != expected:
            wrong.append(f"{name}: enters {not expected}")
    report("back_office", 2 * len(VIEWERS), wrong)


def test_files_follow_what_contains_them(world: World) -> None:
    """A file is read as its version is, or as the draft whose working copy holds it."""
    wrong, cases = [], 0
    for thing in THINGS[::3]:
        for name in oracle.representatives(thing, VIEWERS):
            for action in ("read", "download"):
                cases += 1
                said = bool(containers.verdict_on(world.viewers[name], world.files[thing.name], Action(action)))
                if said != _may_file(thing, name, action):
                    wrong.append(f"{name} {action} file of {thing.name}: says {said}")
    report("file", cases, wrong)


def _may_file(thing: Any, name: str, action: str) -> bool:
    if any(oracle.may_version(thing, version, name, action) for version in thing.versions):
        return True
    if thing.state in ("draft", "in_review"):
        return oracle.may(thing, name, action)
    return oracle.may(thing, name, "see_drafts")


def test_a_file_that_nothing_contains_is_its_uploaders(world: World) -> None:
    from media.services import store_bytes

    file = store_bytes(content="还没有放进资料".encode(), name="散页.txt", by=world.people["author"])
    asked = [name for name in VIEWERS if name.startswith(("author", "teacher", "admin", "system", "signed", "co-"))]
    readers = {name for name in asked if containers.verdict_on(world.viewers[name], file, Action.READ)}
    takers = {name for name in asked if containers.verdict_on(world.viewers[name], file, Action.DOWNLOAD)}
    assert readers == {"author"}
    assert takers == set(), "the policy has no row `file, orphan, download`"
