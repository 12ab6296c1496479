"""The pages of a school's people: every viewer at every school, as the policy's rows on people and appointments say."""

import pytest
from django.test import Client
from django.urls import reverse

from groups.models import Person
from groups.roster import selectors
from tests.access import oracle
from tests.access.facts import DISABLED, KINDS, SIGNED_OUT, VIEWERS
from tests.access.report import report
from tests.access.test_other_things import _administers, _area, _system_admin
from tests.access.world import World

pytestmark = pytest.mark.django_db

SCHOOLS = [name for name, kind in KINDS.items() if kind == "school"]


def _runs(name: str, school: str) -> bool:
    """Something in the policy is theirs to do here: appoint, end, reset, correct."""
    if name in DISABLED or name == SIGNED_OUT:
        return False
    named = {organisation for organisation, role in oracle.posts(name) if role == "admin"}
    return school in named | _administers(name) | _area(name) or bool(_system_admin(name))


def test_a_schools_people_are_run_by_whom_the_policy_lets_act_on_them(world: World) -> None:
    wrong, cases = [], 0
    for name in VIEWERS:
        viewer = world.viewers[name]
        kept = set(selectors.managed(viewer).values_list("pk", flat=True))
        for school in SCHOOLS:
            organisation, expected = world.organisations[school], _runs(name, school)
            cases += 2
            if name != SIGNED_OUT and name not in DISABLED and selectors.manages(viewer, organisation) != expected:
                wrong.append(f"{name} at {school}: manages says {not expected}")
            if (organisation.pk in kept) != expected:
                wrong.append(f"{name} at {school}: managed says {not expected}")
    report("people of a school", cases, wrong)


def test_the_list_opens_and_its_buttons_work_as_the_policy_says(world: World) -> None:
    """The list, a code, switching off and ending: each by each viewer on a teacher of T."""
    wrong, cases = [], 0
    teacher: Person = world.people["teacher-T"]
    school = world.organisations["T"]
    for name in VIEWERS:
        client = Client()
        if name != SIGNED_OUT:
            client.force_login(world.people[name])
        answer = client.get(reverse("people:school", args=[school.slug]))
        cases += 1
        if (answer.status_code == 200) != _runs(name, "T"):
            wrong.append(f"{name} at the list of T: {answer.status_code}")
        for door in ("disable", "enable"):
            allowed = _runs(name, "T") and bool({"school_admin", "system_admin"} & _of_person(name))
            allowed = allowed and name != "teacher-T"
            answer = client.post(reverse(f"people:{door}", args=[school.slug, teacher.uid]))
            cases += 1
            done = answer.status_code == 302 and "/sign-in/" not in answer.headers["Location"]
            if done != allowed:
                wrong.append(f"{name} at {door} of a teacher of T: {answer.status_code}")
    report("buttons of a person", cases, wrong)


def _of_person(name: str) -> set[str]:
    """Relations of the document to a teacher of T."""
    return ({"school_admin"} if "T" in oracle.in_role(name, "admin", "school") else set()) | _system_admin(name)
