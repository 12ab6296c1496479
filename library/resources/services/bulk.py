"""Changing what the record says of several own things at once (批量改资料信息)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalogue.models import Subject
from groups import access
from groups.access import Action
from groups.models import Person
from groups.viewer import viewer_for
from library.resources.licensing import LicenceTooWide
from library.resources.models import Resource
from library.resources.services.writing import Metadata, describe

MOST = 100


@dataclass(frozen=True, slots=True)
class BulkChanges:
    """What to change; empty leaves a field as it is. Keywords are added to those that are there."""

    licence: str = ""
    source_type: str = ""
    grade: int | None = None
    subject: Subject | None = None
    for_pupils: bool | None = None
    keywords: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == BulkChanges()

    def on(self, resource: Resource) -> Metadata:
        """The record's metadata with these changes laid over it."""
        others = [subject for subject in resource.subjects.all() if subject != self.subject]
        is_for_pupils = resource.for_pupils if self.for_pupils is None else self.for_pupils
        told = Metadata(
            subtitle=resource.subtitle,
            summary=resource.summary,
            keywords=tuple(dict.fromkeys([*resource.keywords, *self.keywords])),
            subjects=(self.subject, *others[1:]) if self.subject else tuple(others),
            grade_from=resource.grade_from,
            grade_to=resource.grade_to,
            for_pupils=is_for_pupils,
            licence=self.licence or resource.licence,
            source_type=self.source_type or resource.source_type,
        )
        return replace(told, grade_from=self.grade, grade_to=self.grade) if self.grade else told


@dataclass(frozen=True, slots=True)
class BulkResult:
    """How many were changed, and of the others the title with the reason."""

    changed: int
    left: tuple[tuple[str, str], ...]


def describe_many(*, uids: Sequence[str], by: Person, changes: BulkChanges, at: datetime) -> BulkResult:
    """Describe each of the chosen things that `by` may edit, each in its own transaction.

    One that may not be edited, or whose source's licence forbids the wider one, is left as it was and named.
    """
    found = Resource.objects.filter(uid__in=list(uids)[:MOST])
    listed = access.narrow(found, viewer_for(by, at), Action.LIST).prefetch_related("subjects").order_by("pk")
    changed, left = 0, []
    for resource in listed:
        try:
            describe(resource=resource, by=by, metadata=changes.on(resource), at=at)
        except access.Refused as refusal:
            left.append((resource.title, refusal.verdict.reason))
        except LicenceTooWide as problem:
            left.append((resource.title, str(problem)))
        else:
            changed += 1
    return BulkResult(changed, tuple(left))
