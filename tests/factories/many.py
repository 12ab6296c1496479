"""Very many published resources, quickly: copies of one that went through the services, each with words of its own."""

import copy
import random
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import OuterRef, Subquery

from library.documents import schema
from library.resources.kinds import spec_of
from library.resources.models import Resource, Version, WorkingCopy
from tests.factories.town import whole_design

CHUNK = 1_000
CHARACTERS = "面积梯形体积分数小数方程周长圆锥统计概率单元复习古诗阅读写作观察秋天春雨桥故乡月光声音力电磁植物动物水空气颜色节奏旋律字母问候家庭学校身体季节天气时间数学语文"


def multiply(first: Resource, count: int, seed: int = 1) -> list[str]:
    """Make `count` resources like `first`, which is published; their uids. Nothing is told to the index."""
    made = list(_resources(first, count, random.Random(seed)))
    for start in range(0, count, CHUNK):
        some = made[start : start + CHUNK]
        _save(first, [resource for resource, _ in some], [document for _, document in some])
    return [resource.uid for resource, _ in made]


def words(dice: random.Random, length: int) -> str:
    return "".join(dice.choices(CHARACTERS, k=length))


def _resources(first: Resource, count: int, dice: random.Random) -> Iterator[tuple[Resource, Any]]:
    for _ in range(count):
        twin = _twin(first, uid=Resource._meta.get_field("uid").get_default())
        twin.title, twin.summary = words(dice, 8), words(dice, 60)
        twin.published_version = None
        design = whole_design(words(dice, 400))
        yield twin, schema.dump(design)


def _save(first: Resource, resources: Sequence[Resource], documents: Sequence[Any]) -> None:
    """Old SQLite does not tell the keys of rows that were made together: they are asked for."""
    version, state = first.published_version, first.state
    assert version is not None
    for resource in resources:
        resource.state = "draft"
    Resource.objects.bulk_create(resources)
    keys = dict(Resource.objects.order_by("-pk")[: len(resources)].values_list("uid", "pk"))
    for resource in resources:
        resource.pk = keys[resource.uid]
    versions = [_twin(version, resource=resource, title=resource.title) for resource in resources]
    for twin, document in zip(versions, documents, strict=True):
        twin.document = document
    Version.objects.bulk_create(versions)
    own = Version.objects.filter(resource=OuterRef("pk")).values("pk")[:1]
    new = Resource.objects.filter(pk__gt=min(keys.values()) - 1)
    new.update(published_version=Subquery(own), state=state)
    WorkingCopy.objects.bulk_create(
        _twin(first.working_copy, resource=twin.resource, title=twin.title, document=twin.document) for twin in versions
    )
    for name in ("grants", "contributions", "placements"):
        rows = list(getattr(first, name).all())
        type(rows[0]).objects.bulk_create(_twin(row, resource=resource) for resource in resources for row in rows)
    _save_children(first, resources)
    through = Resource.subjects.through
    ids = list(first.subjects.values_list("pk", flat=True))
    through.objects.bulk_create(through(resource_id=r.pk, subject_id=pk) for r in resources for pk in ids)


def _save_children(first: Resource, resources: Sequence[Resource]) -> None:
    """The kind's own row of each, without touching the shared one again."""
    child = getattr(first, spec_of(first.kind).child)
    for resource in resources:
        _twin(child, id=resource.pk, resource_ptr_id=resource.pk).save_base(raw=True, force_insert=True)


def _twin(row: Any, **changes: Any) -> Any:
    twin = copy.copy(row)
    twin._state = copy.copy(row._state)
    twin.pk, twin._state.adding = None, True
    twin._state.fields_cache = {}
    for name, value in changes.items():
        setattr(twin, name, value)
    return twin
