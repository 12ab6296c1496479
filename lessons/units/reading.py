"""A unit design as it is read: its periods as a table with links to the lesson designs, and what its objectives lack."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from groups.viewer import Viewer
from library.documents.fields import ordered
from library.documents.unit_design import UnitDesignDocument, period_count, planned_periods
from library.resources import composed
from library.resources.kinds import ExportedFile
from library.resources.models import Resource, Version


@dataclass(frozen=True, slots=True)
class DesignLink:
    """A lesson design that the viewer may read."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class PeriodShown:
    """One row of the 课时划分表; `span` is 第2～3课时."""

    span: str
    title: str
    serves: str
    goals: SafeString
    activities: SafeString
    assessment: SafeString
    designs: tuple[DesignLink, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """Everything the reader prints of one unit design."""

    sections: tuple[composed.SectionShown, ...]
    periods: tuple[PeriodShown, ...]
    total: int


def unit_of(document: UnitDesignDocument, viewer: Viewer | None = None) -> Unit:
    """Prepare a document for reading. Lesson designs are linked for the viewer who may read them, and for nobody else."""
    links = _links(document, viewer) if viewer else {}
    shown, first = [], 1
    for _, row in ordered(document.periods):
        last = first + period_count(row) - 1
        shown.append(
            PeriodShown(
                span=f"第{first}课时" if first == last else f"第{first}～{last}课时",
                title=row.title,
                serves="、".join(composed.serves(document, "objectives", row.objectives)),
                goals=composed.html_of(row.goals),
                activities=composed.html_of(row.activities),
                assessment=composed.html_of(row.assessment),
                designs=tuple(links[uid] for uid in row.designs if uid in links),
            )
        )
        first = last + 1
    return Unit(tuple(composed.sections_of(document)), tuple(shown), planned_periods(document))


def _links(document: UnitDesignDocument, viewer: Viewer) -> dict[str, DesignLink]:
    uids = {uid for row in document.periods.values() for uid in row.designs}
    if not uids:
        return {}
    found = Resource.objects.filter(uid__in=uids).visible_to(viewer)
    return {resource.uid: DesignLink(resource.title, resource.get_absolute_url()) for resource in found}


def export(version: Version) -> Iterable[ExportedFile]:
    """The composed text as one HTML page."""
    yield from composed.exported(version, "units/export.html")
