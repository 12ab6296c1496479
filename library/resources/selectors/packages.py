"""What stands in a 课时包, for the parts grid and the completeness meter. A part the viewer may not list is left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from groups.viewer import Viewer
from library.documents import schema
from library.documents.fields import ordered
from library.documents.package import PackageDocument, Part
from library.resources import kinds
from library.resources.models import Package, Resource, Version
from library.resources.selectors.cards import Card, cards


@dataclass(frozen=True, slots=True)
class PartCell:
    """One square of the parts grid: a part, or a kind that is still to be made."""

    kind: str
    label: str
    icon: str
    card: Card | None = None
    role: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class PackageView:
    """A package ready to be printed."""

    package: Resource
    cells: tuple[PartCell, ...]
    have: int
    wanted: int

    @property
    def percent(self) -> int:
        return round(100 * self.have / self.wanted) if self.wanted else 100

    @property
    def is_complete(self) -> bool:
        return self.have >= self.wanted


def parts_of(version: Version | None) -> list[Part]:
    if version is None:
        return []
    return [part for _, part in ordered(schema.load(PackageDocument, version.document).parts)]


def package_view(package: Resource, version: Version | None, viewer: Viewer) -> PackageView:
    """The grid: every kind a package is asked for, in order, then what else is in it."""
    parts = {part.resource: part for part in parts_of(version)}
    visible = Resource.objects.filter(uid__in=parts).visible_to(viewer)
    return laid_out(package, version, cards(visible, viewer, small=True))


def laid_out(package: Resource, version: Version | None, at_hand: Iterable[Card]) -> PackageView:
    """As `package_view`, of cards that a page has loaded already."""
    parts = {part.resource: part for part in parts_of(version)}
    found = {card.resource.uid: card for card in at_hand}
    held = [(parts[uid], found[uid]) for uid in parts if uid in found]
    wanted = kinds.package_kinds()
    cells: list[PartCell] = []
    for spec in wanted:
        own = [pair for pair in held if pair[1].resource.kind == spec.kind]
        cells += [_cell(part, card) for part, card in own] or [PartCell(spec.kind, spec.label, spec.icon)]
    asked = {spec.kind for spec in wanted}
    cells += [_cell(part, card) for part, card in held if card.resource.kind not in asked]
    have = len({card.resource.kind for _, card in held} & asked)
    return PackageView(package, tuple(cells), have, len(wanted))


def _cell(part: Part, card: Card) -> PartCell:
    label = part.role or card.resource.get_kind_display()
    return PartCell(card.resource.kind, label, card.icon, card, part.role, part.version)


@dataclass(frozen=True, slots=True)
class Meters:
    """Row → completeness per cent of its fullest package, and that package."""

    percent: dict[int, int]
    fullest: dict[int, Package]


def package_meters(rows: Mapping[int, Iterable[int]], viewer: Viewer) -> Meters:
    """Packages of the rows of a coverage table. `rows` maps a row's node to the nodes of its subtree."""
    row_of = {node: row for row, nodes in rows.items() for node in nodes}
    visible = Package.objects.filter(node__in=row_of, state="published").visible_to(viewer)
    packages = list(visible.select_related("published_version").order_by("period", "-published_at"))
    parts = {package.pk: {part.resource for part in parts_of(package.published_version)} for package in packages}
    uids = {uid for found in parts.values() for uid in found}
    kind_of: dict[Any, Any] = dict(Resource.objects.filter(uid__in=uids).visible_to(viewer).values_list("uid", "kind"))
    asked = {spec.kind.value for spec in kinds.package_kinds()}
    meters = Meters({}, {})
    for package in packages:
        have = {kind_of[uid] for uid in parts[package.pk] if uid in kind_of} & asked
        percent = round(100 * len(have) / len(asked)) if asked else 100
        row = row_of[package.node_id]
        if percent > meters.percent.get(row, -1):
            meters.percent[row] = percent
            meters.fullest[row] = package
    return meters


def package_at(nodes: Iterable[int], viewer: Viewer) -> Package | None:
    """The fullest-looking published package of these nodes: the newest one."""
    found = Package.objects.filter(node__in=list(nodes), state="published").visible_to(viewer)
    return found.select_related("published_version", "node__outline").order_by("period", "-published_at").first()
