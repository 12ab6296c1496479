"""The database looks at its tables, so that the check of twenty hits reads twenty rows, however many are published."""

import pytest
from django.db import connection

from groups.viewer import Viewer
from library.resources.models import Kind, Resource
from search import statistics
from tests.factories.town import Town

pytestmark = pytest.mark.django_db


def plan(town: Town) -> str:
    asked = Resource.objects.filter(uid__in=[f"s{number}" for number in range(20)]).visible_to(
        Viewer(person=None, at=town.now)
    )
    return asked.order_by().values_list("uid").explain()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="another database looks by itself")
def test_the_check_of_a_visitors_hits_starts_at_the_asked_things(town: Town) -> None:
    Resource.objects.bulk_create(
        Resource(uid=f"s{number}", kind=Kind.MATERIAL, title="素材", owner=town.person("teacher"))
        for number in range(100)
    )
    assert "(state=?)" in plan(town)
    statistics.refresh(town.now)
    assert "(uid=?)" in plan(town)
