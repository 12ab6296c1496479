"""How the access rule speaks about remarks and answers: they are read as the preparation that they belong to."""

from django.db.models import Exists, OuterRef, Q

from groups import access
from groups.access import Relation
from groups.access.rule import RelationQuery
from groups.viewer import Viewer
from lessons.prep.models import Remark, Reply
from lessons.prep.policies import reading, through


def commenter(viewer: Viewer) -> Q | None:
    return Q(author=viewer.person_id) if viewer.person else None


def remark_unanswered(viewer: Viewer) -> Q | None:
    """Wrote it, nobody answered or disposed of it, and it still stands: edit until someone answers."""
    if viewer.person is None:
        return None
    answered = Reply.objects.filter(remark=OuterRef("pk"), deleted_at__isnull=True)
    return Q(author=viewer.person_id, deleted_at__isnull=True, disposition="") & ~Q(Exists(answered))


def reply_unanswered(viewer: Viewer) -> Q | None:
    """Wrote it, and nobody answered after it."""
    if viewer.person is None:
        return None
    later = Reply.objects.filter(remark=OuterRef("remark"), pk__gt=OuterRef("pk"), deleted_at__isnull=True)
    return Q(author=viewer.person_id, deleted_at__isnull=True, remark__disposition="") & ~Q(Exists(later))


def _as_its_thing(path: str) -> RelationQuery:
    return lambda viewer: reading(viewer, path)


def relations(path: str, unanswered: RelationQuery) -> dict[Relation, RelationQuery]:
    return {
        Relation.AS_ITS_THING: _as_its_thing(path),
        Relation.READER: _as_its_thing(path),
        Relation.COMMENTER: commenter,
        Relation.COMMENTER_UNANSWERED: unanswered,
        Relation.MODERATOR_OF_THING: through(Relation.LEAD, path),
    }


def register() -> None:
    access.register(Remark, thing="comment", relations=relations("preparation", remark_unanswered), state=None)
    access.register(Reply, thing="comment", relations=relations("remark__preparation", reply_unanswered), state=None)
