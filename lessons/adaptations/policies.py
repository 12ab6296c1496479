"""How the access rule speaks about adaptations: their teacher, who inspects, and the prep group where it was shared.

`WORK` says the same of their resources while these are not published.
"""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from groups import access
from groups.access import Relation
from groups.models import Appointment
from groups.models.dated import valid
from groups.viewer import SCHOOL_LIKE, Viewer
from lessons.adaptations.models import Adaptation, TaughtLesson
from lessons.prep import policies as prep
from library.resources import work

WORK = "adaptation"
"""The value of `Resource.work`."""


def owner(viewer: Viewer) -> Q | None:
    """The teacher, also after leaving the school."""
    return Q(teacher=viewer.person_id) if viewer.person else None


def inspector(viewer: Viewer) -> Q | None:
    """Leads a school, or teaching research in it, at which the teacher is appointed now (查阅人)."""
    led = prep.schools_led(viewer)
    if led is None:
        return None
    works = Appointment.objects.filter(
        led, valid(viewer.at), organisation__kind__in=SCHOOL_LIKE, person=OuterRef("teacher")
    )
    return Q(Exists(works))


def prep_member_if_shared(viewer: Viewer) -> Q | None:
    """Takes part in its preparation, as a member or its lead, and the teacher lets the group read it."""
    asked = (prep.through(one)(viewer) for one in (Relation.PREP_MEMBER, Relation.LEAD, Relation.CO_LEAD))
    found = [query for query in asked if query is not None]
    return Q(shared_with_group=True) & reduce(or_, found) if found else None


RELATIONS: dict[Relation, access.rule.RelationQuery] = {
    Relation.OWNER: owner,
    Relation.INSPECTOR: inspector,
    Relation.PREP_MEMBER_IF_SHARED: prep_member_if_shared,
}


def _own(viewer: Viewer) -> Q | None:
    """Resources of the teacher's own adaptations."""
    mine = owner(viewer)
    return None if mine is None else Q(Exists(Adaptation.objects.filter(mine, resource=OuterRef("pk"))))


def _reads(viewer: Viewer) -> Q | None:
    """Their own, and what an inspector or the prep group reads once it is ready."""
    mine = owner(viewer)
    if mine is None:
        return None
    others = [query for ask in (inspector, prep_member_if_shared) if (query := ask(viewer)) is not None]
    ready = [query & ~Q(state=Adaptation.State.DRAFT) for query in others]
    return Q(Exists(Adaptation.objects.filter(reduce(or_, ready, mine), resource=OuterRef("pk"))))


def _ready_version(resource: int) -> int | None:
    return Adaptation.objects.filter(resource=resource).values_list("ready_version__number", flat=True).first()


def _were_ready() -> Q:
    """Versions that others were let read: the one that is ready, and those from which a class was taught."""
    ready = Adaptation.objects.filter(ready_version=OuterRef("pk"))
    return Q(Exists(ready)) | Q(Exists(TaughtLesson.objects.filter(version=OuterRef("pk"))))


def register() -> None:
    access.register(Adaptation, thing="adaptation", relations=RELATIONS)
    work.register_put_out(WORK, _were_ready)
    work.register(
        work.Work(
            name=WORK,
            current=_ready_version,
            lists=_own,
            reads=_reads,
            takes=_own,
            edits=_own,
            publishes=_own,
            discards=_own,
        )
    )
