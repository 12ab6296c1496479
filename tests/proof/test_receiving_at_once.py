"""Two hundred teachers receive one shared plan in the same minute, some of them twice: each has one adaptation, within ten seconds."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from groups.models import Person
from lessons.adaptations import services
from lessons.adaptations.models import Adaptation
from library.resources.models import Derivation, Resource
from tests.factories import adapting, people
from tests.factories.town import build

TEACHERS, AT_ONCE, SECONDS = 200, 8, 10.0


@pytest.mark.django_db(transaction=True)
def test_two_hundred_teachers_receive_at_once(scale: float) -> None:
    shared = adapting.build(build())
    teachers = []
    for n in range(max(10, round(TEACHERS * scale))):
        made = people.person(f"教师{n}")
        people.post(made, shared.town.member)
        teachers.append(shared.join(made))
    plans = Resource.objects.count()

    def receive(who: Person) -> int:
        try:
            return services.receive(preparation=shared.preparation, by=who, at=shared.town.now).pk
        finally:
            connections.close_all()

    asked = [*teachers, *teachers[::10]]
    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        made_by = list(pool.map(receive, asked))
    took = time.perf_counter() - begun
    print(
        f"receiving at once: {len(asked)} asked, {len(set(made_by))} adaptations, {took:.1f} s on {connection.vendor}"
    )
    assert Adaptation.objects.count() == len(teachers) == len(set(made_by))
    assert Resource.objects.count() == plans + len(teachers)
    assert Derivation.objects.filter(source=shared.resource).count() == len(teachers)
    assert took < SECONDS
