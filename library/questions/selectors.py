"""Pinned questions as a reader may see them: each version passes the access rule, whatever holds it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from groups import access
from groups.access import Action
from groups.viewer import Viewer
from library.documents import question, schema
from library.documents.fields import ordered
from library.documents.homework import HomeworkDocument
from library.documents.paper import PaperDocument
from library.documents.pinned import Pinned
from library.documents.question import QuestionDocument
from library.questions.models import Question
from library.questions.reading import ItemShown, shown
from library.resources.models import Grant, Resource, Version
from library.resources.selectors.differences import Change, changes

SheetDocument = HomeworkDocument | PaperDocument
PUT_INTO = ("homework", "paper")
MOST_SHEETS = 50


def pinned_versions(
    items: Iterable[Pinned], viewer: Viewer, action: Action = Action.READ
) -> dict[tuple[str, int], Version]:
    """(question uid, number) → the version, for those that the viewer may read. Two queries, whatever the number."""
    wanted = {(item.uid, int(item.version or 0)) for item in items}
    found = Version.objects.filter(
        resource__uid__in={uid for uid, _ in wanted}, number__in={number for _, number in wanted}
    )
    shared = Grant.objects.valid_at(viewer.at).filter(resource=OuterRef("resource"), person__isnull=True)
    readable = access.narrow(found, viewer, action).select_related("resource__published_version")
    return {(v.resource.uid, v.number): v for v in readable.annotate(is_shared=Exists(shared)) if _pin(v) in wanted}


def _pin(version: Version) -> tuple[str, int]:
    return version.resource.uid, version.number


def items_of(document: SheetDocument, viewer: Viewer, action: Action = Action.READ) -> dict[str, ItemShown]:
    """Row id → the question at its pinned version; one that the viewer may not read keeps its place and says nothing.

    With `Action.DOWNLOAD` the same for what goes on paper or into a file.
    """
    rows = ordered(document.items)
    versions = pinned_versions((row for _, row in rows), viewer, action)
    return {
        key: _shown(key, at, row, versions.get((row.uid, int(row.version or 0))))
        for at, (key, row) in enumerate(rows, 1)
    }


def _shown(key: str, number: int, row: Pinned, version: Version | None) -> ItemShown:
    minutes, points = getattr(row, "minutes", None), getattr(row, "points", None)
    if version is None:
        return ItemShown(key, number, None, minutes=minutes, points=points)
    document = schema.load(QuestionDocument, version.document)
    latest = version.resource.published_version
    return ItemShown(
        key=key,
        number=number,
        question=shown(document),
        uid=version.resource.uid,
        title=version.title,
        version=version.number,
        newer=latest.number if latest and latest.number > version.number else None,
        minutes=minutes,
        points=points,
        knowledge=question.knowledge_of(document),
        is_own_only=not getattr(version, "is_shared", True),
    )


@dataclass(frozen=True, slots=True)
class Revision:
    """题目已修订: the pinned version beside the newest one."""

    item: ItemShown
    before: Version
    after: Version
    changes: tuple[Change, ...]


def revision_of(document: SheetDocument, key: str, viewer: Viewer) -> Revision | None:
    """What the newest published version of a pinned question has otherwise; None where nothing newer may be read."""
    row = document.items.get(key)
    if row is None:
        return None
    before = pinned_versions([row], viewer).get((row.uid, int(row.version or 0)))
    after = before.resource.published_version if before else None
    if before is None or after is None or after.number <= before.number:
        return None
    if not access.may(viewer, Action.READ, after):
        return None
    old, new = (schema.load(QuestionDocument, version.document) for version in (before, after))
    return Revision(_shown(key, 0, row, before), before, after, tuple(changes(old, new)))


def question_for_use(uid: str, viewer: Viewer) -> Question | None:
    """A question that the viewer may list."""
    found: QuerySet[Question] = access.narrow(Question.objects.filter(uid=uid), viewer, Action.LIST)
    return found.select_related("published_version", "owner").first()


def sheets_to_fill(viewer: Viewer) -> list[Resource]:
    """The viewer's own homeworks and papers that a question can be put into, the last written first."""
    own = Resource.objects.filter(owner=viewer.person_id, kind__in=PUT_INTO, state__in=("draft", "published"))
    return list(own.select_related("working_copy").order_by("-working_copy__updated_at")[:MOST_SHEETS])


def grade_and_subjects(sheet: Resource) -> tuple[int | None, list[str]]:
    """For the caps: the lowest grade that a homework is for, and its subjects."""
    return sheet.grade_from, [subject.name for subject in sheet.subjects.all()]
