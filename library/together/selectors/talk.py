"""What working together adds to a resource's page: marks, talk, thanks, following, the source's newer version."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from groups import access
from groups.access import Action, Relation
from groups.viewer import Viewer
from library.resources.models import Contribution, Submission
from library.together.models import Appeal, Comment, Follow, QualityMark, Thanks

SHOWN_COMMENTS = 100
AUTHORS = frozenset({Relation.OWNER, Relation.CO_AUTHOR})
LEADING = frozenset({Relation.CO_AUTHOR, Relation.OWNER_LEFT})
"""Relations beside the owner's in which somebody may lead the authors."""


@dataclass(frozen=True, slots=True)
class Line:
    """One comment with its answers, and what the viewer may do to it."""

    comment: Comment
    answers: tuple["Line", ...]
    may_edit: bool
    may_delete: bool
    may_report: bool

    @property
    def trace(self) -> str:
        """What stands where words were; empty while they stand."""
        if self.comment.deleted_at is None:
            return ""
        by_author = self.comment.deleted_by_id == self.comment.author_id
        return "这条评论已由本人删除" if by_author else "这条评论已由作者或主备人删除"


@dataclass(frozen=True, slots=True)
class Panel:
    """Finished values for the panels of the resource page."""

    lines: tuple[Line, ...]
    said: int
    thanks: int
    thanked: bool
    follows: bool
    followers: int
    may_comment: bool
    may_thank: bool
    may_follow: bool
    may_appeal: bool
    may_award: bool
    may_collect: bool
    may_invite: bool
    may_remind: bool
    marks: tuple[QualityMark, ...]
    behind: int
    has_family: bool
    appeal: Appeal | None
    parts: tuple[tuple[str, str], ...]


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("resource").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def annotations(viewer: Viewer) -> Mapping[str, Any]:
    """Columns of the resource page's one query."""
    this = OuterRef("pk")
    return {
        "n_comments": _count(Comment.objects.filter(resource=this)),
        "n_thanks": _count(Thanks.objects.filter(resource=this)),
        "n_marks": _count(QualityMark.objects.filter(resource=this)),
        "n_appeals": _count(Appeal.objects.filter(resource=this)),
        "n_followers": _count(Follow.objects.filter(resource=this)),
        "is_thanked": Exists(Thanks.objects.filter(resource=this, person=viewer.person_id)),
        "is_followed": Exists(Follow.objects.filter(resource=this, follower=viewer.person_id)),
        "is_submitted": Exists(Submission.objects.filter(resource=this, status=Submission.Status.OPEN)),
        "source_newest": F("derived_from__source__published_version__number"),
        "source_taken": F("derived_from__source_version__number"),
        "source_followed": F("derived_from__follow"),
    }


def panel(resource: Any, held: frozenset[Relation], viewer: Viewer) -> Panel:
    """One query for the talk and one for the marks, and none where there is neither."""

    def may(action: Action) -> bool:
        return bool(access.verdict_of(held, viewer, action, resource))

    comments = may(Action.COMMENT)
    is_author = bool(held & AUTHORS)
    return Panel(
        lines=_lines(resource, held, viewer) if resource.n_comments else (),
        said=resource.n_comments,
        thanks=resource.n_thanks,
        thanked=resource.is_thanked,
        follows=resource.is_followed,
        followers=resource.n_followers,
        may_comment=comments,
        may_thank=comments and resource.owner_id != viewer.person_id,
        may_follow=may(Action.FAVOURITE) and not is_author,
        may_appeal=may(Action.APPEAL),
        may_award=may(Action.AWARD_MARK),
        may_collect=may(Action.FAVOURITE),
        may_invite=may(Action.INVITE_EDITOR),
        may_remind=is_author and resource.is_submitted,
        marks=tuple(resource.marks.select_related("organisation")) if resource.n_marks else (),
        behind=_behind(resource) if may(Action.EDIT) else 0,
        has_family=resource.n_adaptations > 0 or hasattr(resource, "derived_from"),
        appeal=resource.appeals.order_by("-pk").first() if resource.n_appeals and is_author else None,
        parts=tuple(Contribution.Part.choices),
    )


def _behind(resource: Any) -> int:
    """By how many versions the visible source is ahead of what was taken; 0 when it is not, or is not followed."""
    if not resource.source_visible or not resource.source_followed or resource.source_newest is None:
        return 0
    return max(0, resource.source_newest - resource.source_taken)


def _lines(resource: Any, held: frozenset[Relation], viewer: Viewer) -> tuple[Line, ...]:
    """The talk, threads in the order in which they began."""
    found = list(
        Comment.objects.filter(resource=resource)
        .select_related("author", "deleted_by")
        .order_by("-at", "-pk")[:SHOWN_COMMENTS]
    )[::-1]
    answers: dict[int, list[Comment]] = defaultdict(list)
    for comment in found:
        if comment.answers_id:
            answers[comment.answers_id].append(comment)
    rights = _Rights(
        viewer.person_id,
        moderates=Relation.OWNER in held or (bool(held & LEADING) and _leads(resource, viewer)),
        reports=viewer.person is not None and Relation.READER in held,
    )
    return tuple(rights.line(c, answers.get(c.pk, [])) for c in found if not c.answers_id)


def _leads(resource: Any, viewer: Viewer) -> bool:
    return any(
        c.person_id == viewer.person_id and c.part == Contribution.Part.LEAD for c in resource.contributions.all()
    )


@dataclass(frozen=True, slots=True)
class _Rights:
    """The rows of the policy for comments, from what the page knows already."""

    person: int | None
    moderates: bool
    reports: bool

    def line(self, comment: Comment, answers: list[Comment]) -> Line:
        own, stands = comment.author_id == self.person and self.person is not None, comment.deleted_at is None
        answered = any(a.deleted_at is None for a in answers)
        return Line(
            comment=comment,
            answers=tuple(self.line(a, []) for a in answers),
            may_edit=own and stands and not answered,
            may_delete=stands and (own or self.moderates),
            may_report=stands and self.reports and not own,
        )
