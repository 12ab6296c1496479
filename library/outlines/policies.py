"""Who proposes and who decides: curators of the subject, never the same person twice."""

from django.db.models import Q

from catalogue.models import Outline, Textbook
from groups.access import Relation, register, relations
from groups.access.rule import RelationQuery
from groups.policies import curates
from groups.viewer import Viewer
from library.outlines.models import Change, Course, Mapping

of_subject = curates("subject")


def other_curator(viewer: Viewer) -> Q | None:
    """Curates the subject and did not propose it."""
    found = of_subject(viewer)
    return None if found is None else found & ~Q(proposed_by=viewer.person_id)


COURSE: dict[Relation, RelationQuery] = {
    Relation.ANYONE: relations.anyone,
    Relation.SUBJECT_CURATOR: of_subject,
    Relation.SYSTEM_ADMIN: relations.system_admin,
}
PROPOSAL: dict[Relation, RelationQuery] = {**COURSE, Relation.OTHER_SUBJECT_CURATOR: other_curator}


def register_all() -> None:
    register(Course, thing="catalogue", relations=COURSE, state=None)
    register(Change, thing="catalogue", relations=PROPOSAL, state=None)
    register(Mapping, thing="catalogue", relations=PROPOSAL, state=None)


def ruled(outline: Outline) -> Textbook | Course | Outline:
    """The row that answers for an outline: its book, its course, else itself."""
    return getattr(outline, "textbook", None) or getattr(outline, "course", None) or outline
