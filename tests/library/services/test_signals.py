"""A renamed unit reaches the search rows of everything below it."""

from catalogue.models import Node, Outline
from catalogue.signals import node_changed
from library.resources import services
from search.models import OutboxRow
from tests.factories.town import Town


def test_a_renamed_unit_marks_the_resources_of_its_lessons(town: Town) -> None:
    outline = Outline.objects.create(title="五年级上册")
    unit = Node.objects.create(outline=outline, kind="unit", title="多边形的面积", order=1)
    lesson = Node.objects.create(outline=outline, parent=unit, kind="lesson", title="梯形的面积", order=2, depth=2)
    other = town.draft(title="别处的课")
    resource = town.draft()
    services.place(resource=resource, by=town.person("teacher"), nodes=[lesson], at=town.now)
    OutboxRow.objects.all().delete()
    node_changed.send(sender=Node, nodes=[unit])
    assert set(OutboxRow.objects.values_list("uid", flat=True)) == {resource.uid}
    assert other.uid != resource.uid
