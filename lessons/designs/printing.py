"""Several lesson designs for paper, one after another (打印本周教案). Printing follows the right to download."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from groups import access
from groups.access import Action, Refused
from groups.viewer import Viewer
from lessons.designs.models import LessonDesign
from library.documents import paging, schema
from library.documents.lesson_design import LessonDesignDocument
from library.documents.word.writing import Written
from library.resources import papers
from library.resources.models import Contribution, Kind, Placement, Version
from library.resources.selectors.cards import place_of
from library.resources.services.taking import in_place_of_draft

MOST = 30
"""A full week has fewer; more is a mistake or a crawler."""


@dataclass(frozen=True, slots=True)
class PrintedDesign:
    """One design ready for its own sheets: the published text, or while nothing is published what the reader may have."""

    design: LessonDesign
    title: str
    label: str
    at: datetime
    document: LessonDesignDocument
    letterhead: str
    place: str
    authors: tuple[Contribution, ...]


def pdf(designs: Sequence[PrintedDesign], viewer: Viewer, *, wide: bool = False) -> Written:
    """The week as one file, every plan from a new page under the reader's school's letterhead or its author's school."""
    frame = papers.frame_of(Kind.LESSON_DESIGN, viewer)
    names = papers.names_in([text.document for text in designs], viewer)
    sheets = []
    for text in designs:
        made = papers.sheet(text.design, text.document, names, title=text.title, label=text.label, wide=wide)
        sheets.append((made, papers.framed(text.design, frame).letter))
    return paging.write(sheets, pictures=papers.pictures_for(viewer))


def printed_designs(uids: Sequence[str], viewer: Viewer) -> list[PrintedDesign]:
    """Those of the first `MOST` that the viewer may download, in the order asked for; the others leave no gap."""
    wanted = list(dict.fromkeys(uids))[:MOST]
    authors = Prefetch("contributions", queryset=Contribution.objects.select_related("person", "school_then"))
    related = ("node__parent", "node__outline__textbook__subject", "node__outline__textbook__edition")
    places = Prefetch("placements", queryset=Placement.objects.select_related(*related))
    found = (
        access.narrow(LessonDesign.objects.filter(uid__in=wanted), viewer, Action.DOWNLOAD)
        .select_related("published_version", "working_copy", "home_school")
        .prefetch_related(authors, places)
    )
    frame = papers.frame_of(Kind.LESSON_DESIGN, viewer)
    by_uid = {design.uid: _printed(design, version, frame) for design, version in _with_versions(found, viewer)}
    return [by_uid[uid] for uid in wanted if uid in by_uid]


def _with_versions(found: Iterable[LessonDesign], viewer: Viewer) -> Iterator[tuple[LessonDesign, Version | None]]:
    """Each design with the version to print, none for the draft; left out where nothing was put out for this viewer."""
    designs = list(found)
    in_work = [design.pk for design in designs if design.work and design.published_version_id is None]
    own = access.narrow(LessonDesign.objects.filter(pk__in=in_work), viewer, Action.SEE_DRAFTS) if in_work else ()
    kept_back = {*in_work} - {design.pk for design in own}
    for design in designs:
        if design.pk not in kept_back:
            yield design, design.published_version
            continue
        with suppress(Refused):
            yield design, in_place_of_draft(design, viewer)


def _printed(design: LessonDesign, version: Version | None, frame: papers.Frame | None) -> PrintedDesign:
    copy = design.working_copy
    authors = tuple(design.contributions.all())
    return PrintedDesign(
        design=design,
        title=version.title if version else copy.title,
        label=version.label if version else "草稿",
        at=(version.published_at or version.cut_at) if version else copy.updated_at,
        document=schema.load(LessonDesignDocument, version.document if version else copy.document),
        letterhead=papers.framed(design, frame).letter.name,
        place=place_of(design),
        authors=authors,
    )
