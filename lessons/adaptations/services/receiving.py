"""接收: a teacher's own version of a shared plan, made once however often it is asked for.

A class of teachers receives in the same minute, so the whole deed reads in three queries and writes one row a table.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.models import OrganisationKind, OrganisationLink, Person
from groups.viewer import Viewer, viewer_for
from lessons.adaptations.models import Adaptation
from lessons.adaptations.policies import WORK
from lessons.designs.models import LessonDesign
from lessons.prep.models import HandDown, Preparation, State
from library.resources.models import Derivation
from library.resources.services.reuse import Place, derive


class OtherEdition(Refused):
    """The teacher's school uses another textbook than the shared plan; asked again with `other_edition`, it is received.

    `book` is the textbook of the teacher's school.
    """

    def __init__(self, book: str) -> None:
        self.book = book
        super().__init__(
            Verdict(
                False,
                f"你校这门课用的是{book}，和这份共案的教材不同，课题、页码和例题可能对不上。"
                "想借用它的做法，可以点“仍然接收”，接收后先核对课题和页码；也可以在你校教材的这一课另找教案",
            )
        )


def receive(*, preparation: Preparation, by: Person | Viewer, at: datetime, other_edition: bool = False) -> Adaptation:
    """Make this teacher's adaptation of the shared plan in force (接收); asked again, answer the one there is.

    Args:
        by: the teacher; a request gives its viewer, which is resolved already.
        other_edition: the teacher has read that the school uses another textbook.

    Raises:
        Refused: the rule says no.
        OtherEdition: the warning comes first.
    """
    viewer = by if isinstance(by, Viewer) else viewer_for(by, at)
    try:
        with transaction.atomic():
            return _receive(preparation, viewer, at, other_edition)
    except IntegrityError:
        return Adaptation.objects.get(preparation=preparation, teacher=viewer.person_id)


def _receive(preparation: Preparation, viewer: Viewer, at: datetime, other_edition: bool) -> Adaptation:
    found = access.narrow(_loaded(viewer), viewer, Action.RECEIVE).filter(pk=preparation.pk).first()
    if found is None:
        return _received_before(preparation, viewer)
    if found.received:
        return Adaptation.objects.get(pk=found.received)
    if found.other_book and not other_edition:
        raise OtherEdition(found.other_book)
    person, version = _teacher(viewer), found.settled_version
    school = min(viewer.schools, default=None)
    resource = derive(
        child=LessonDesign.objects.select_related("resource_ptr").get(pk=found.resource_id),
        version=version,
        by=person,
        where=Place(school, school, found.group_of_school),
        at=at,
        relation=Derivation.Relation.BASED_ON,
        work=WORK,
    )
    made = Adaptation.objects.create(
        resource=resource, teacher=person, school_then_id=school, preparation=found, base=version, received_at=at
    )
    audit.record(person, "adaptation.received", found, adaptation=made.uid, version=version.number)
    return made


def _loaded(viewer: Viewer) -> QuerySet[Preparation]:
    """A preparation with all that receiving asks of it."""
    own = Adaptation.objects.filter(preparation=OuterRef("pk"), teacher=viewer.person_id)
    handed = HandDown.objects.filter(preparation=OuterRef("pk"), person=viewer.person_id)
    groups = OrganisationLink.objects.valid_at(viewer.at).filter(
        member=min(viewer.schools, default=None), parent__kind=OrganisationKind.GROUP
    )
    return Preparation.objects.select_related("settled_version").annotate(
        received=Subquery(own.values("pk")[:1]),
        other_book=Subquery(handed.values("other_edition")[:1]),
        group_of_school=Subquery(groups.order_by("starts_at").values("parent")[:1]),
    )


def _received_before(preparation: Preparation, viewer: Viewer) -> Adaptation:
    """What was received stays, whatever became of the preparation.

    Raises:
        Refused: there is nothing to receive now.
    """
    mine = Adaptation.objects.filter(preparation=preparation.pk, teacher=viewer.person_id).first()
    if mine is not None:
        return mine
    if not Preparation.objects.filter(pk=preparation.pk, state=State.IN_USE).exists():
        raise Refused(Verdict(False, "这份共案现在不在使用中，不能接收；想用它请联系备课组长"))
    raise Refused(Verdict(False, "这份共案没有下发给你，想用请联系备课组长"))


def _teacher(viewer: Viewer) -> Person:
    if viewer.person is None:
        raise LookupError("the rule lets no visitor receive")
    return viewer.person


@transaction.atomic
def keep_own(*, design: LessonDesign, by: Person, at: datetime) -> Adaptation:
    """Take a design of one's own that follows no shared plan into the classes' work (自备); asked again, the same one.

    Raises:
        Refused: it is another's, or may not be edited.
    """
    there = Adaptation.objects.filter(resource=design.pk, teacher=by).first()
    if there is not None:
        return there
    access.require(by, Action.EDIT, design, at=at)
    if design.owner_id != by.pk:
        raise Refused(Verdict(False, "只有教案的主人能把它标为备好；想用到自己班上，先收入我的备课"))
    made = Adaptation.objects.create(
        resource_id=design.pk, teacher=by, school_then_id=design.home_school_id, received_at=at
    )
    audit.record(by, "adaptation.kept", design, adaptation=made.uid)
    return made
