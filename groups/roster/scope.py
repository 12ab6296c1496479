"""Who imports, and what the access rule lets them do where: answered once for a whole workbook.

The rule itself is asked again for everything that was written, chunk by chunk; see `guard`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from catalogue.models import Subject, Textbook
from groups import access
from groups.access import Action, Refused
from groups.models import Organisation, OrganisationKind, OrganisationLink, Person
from groups.models.dated import valid
from groups.policies import administered, areas_organisations
from groups.viewer import SCHOOL_LIKE, Viewer, viewer_for

NOT_YOURS = "不在你管理的范围内，请由那里的管理员或教育局导入"


@dataclass(slots=True, eq=False)
class Place:
    """An organisation as a row names it. `pk` is None while the same workbook is about to found it.

    Attributes:
        appoints: the importer may begin and end appointments here.
        edits: the importer may edit the organisation itself, its textbooks and its calendar.
    """

    pk: int | None
    name: str
    code: str
    uid: str
    kind: str
    county: int | None
    appoints: bool
    edits: bool

    @property
    def is_school(self) -> bool:
        return self.kind in SCHOOL_LIKE


@dataclass
class Scope:
    """Everything that rows refer to by name, and the importer's rights. `by=None` is the installation itself.

    `locking` makes plans lock the people they find, for the transaction that carries the plan out.
    """

    by: Person | None
    at: datetime
    viewer: Viewer | None = None
    locking: bool = False
    places: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    founders: frozenset[int] = frozenset()
    subjects: dict[str, Subject] = field(default_factory=dict)
    books: dict[tuple[int, str, str, int], list[Textbook]] = field(default_factory=lambda: defaultdict(list))

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    @classmethod
    def of(cls, by: Person | None, at: datetime, locking: bool = False) -> "Scope":
        scope = cls(by, at, viewer_for(by, at) if by else None, locking)
        scope.subjects = {subject.name: subject for subject in Subject.objects.all()}
        scope._load_places()
        scope._load_books()
        return scope

    def _load_places(self) -> None:
        appoints = self._appointable()
        everything = Organisation.objects.filter(closed_at__isnull=True)
        edits = self._ids(access.narrow(everything, self.viewer, Action.EDIT)) if self.viewer else None
        self.founders = self._founders(appoints, edits)
        counties = dict(
            OrganisationLink.objects.filter(valid(self.at), role=OrganisationLink.Role.AREA).values_list(
                "member_id", "parent_id"
            )
        )
        for pk, uid, kind, name, code in everything.values_list("pk", "uid", "kind", "name", "code"):
            self.add(
                Place(
                    pk=pk,
                    name=name,
                    code=code,
                    uid=uid,
                    kind=kind,
                    county=counties.get(pk),
                    appoints=appoints is None or pk in appoints,
                    edits=edits is None or pk in edits,
                )
            )

    def _appointable(self) -> frozenset[int] | None:
        return administered(self.viewer) | areas_organisations(self.viewer) if self.viewer else None

    @staticmethod
    def _ids(rows: Any) -> frozenset[int]:
        return frozenset(rows.order_by().values_list("pk", flat=True))

    def _founders(self, appoints: frozenset[int] | None, edits: frozenset[int] | None) -> frozenset[int]:
        """Counties in which the importer may found schools: as `groups.services.create_organisation` asks."""
        counties = self._ids(Organisation.objects.filter(kind=OrganisationKind.COUNTY))
        if self.viewer is None or edits is None:
            return counties
        return counties & (areas_organisations(self.viewer) | edits)

    def _load_books(self) -> None:
        books = Textbook.objects.select_related("edition").prefetch_related("edition__aliases")
        for book in books.filter(edition__isnull=False, grade_from__isnull=False):
            assert book.edition is not None
            names = {book.edition.name, *(alias.name for alias in book.edition.aliases.all())}
            for name in names:
                for grade in range(book.grade_from or 0, (book.grade_to or book.grade_from or 0) + 1):
                    self.books[book.subject_id, name, book.volume, grade].append(book)

    def add(self, place: Place) -> None:
        for handle in {place.name, place.code, place.uid} - {""}:
            self.places[handle].append(place)

    def named(self, handle: str) -> list[Place]:
        return self.places.get(handle, [])

    @property
    def is_installation(self) -> bool:
        return self.viewer is None

    def editable(self, people: Iterable[int]) -> frozenset[int]:
        """Those of the people whose particulars the importer may change."""
        wanted = Person.objects.filter(pk__in=people)
        return self._ids(access.narrow(wanted, self.viewer, Action.EDIT) if self.viewer else wanted)

    def guard(self, action: Action, written: Iterable[Any]) -> None:
        """The access rule's own word on rows just written.

        Raises:
            Refused: it does not allow one of them; the transaction goes back.
        """
        things = list(written)
        if self.viewer is None or not things:
            return
        rows = type(things[0])._default_manager.filter(pk__in=[thing.pk for thing in things])
        if access.narrow(rows, self.viewer, action).count() != len(things):
            raise Refused(access.Verdict(False, NOT_YOURS))
