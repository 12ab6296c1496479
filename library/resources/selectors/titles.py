"""Resources by their titles alone, straight from the database: what search shows while its engine is down (简化搜索)."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef, Q

from catalogue.models import GRADE_NAMES, Textbook
from groups.models import State
from groups.viewer import Viewer
from library.resources import kinds
from library.resources.models import Placement, Resource
from search.registry import TitleQuestion
from search.simple import titled

BOOK = "node__outline__textbook"


def titles(question: TitleQuestion, viewer: Viewer) -> Mapping[str, str]:
    """uid → title of published things that `viewer` may list, the newest first, as a search would name them: one query."""
    found = Resource.objects.filter(state=State.PUBLISHED, primary=True).visible_to(viewer)
    for name, values in question.filters.items():
        found = found.filter(FILTERS[name](values))
    rows = (
        titled(found, "published_version__title", question)
        .order_by("-published_at", "-pk")
        .values_list("uid", "published_version__title")
    )
    return dict(rows[: question.most])


def _hangs(where: Q) -> Exists:
    return Exists(Placement.objects.filter(where, resource=OuterRef("pk")))


def _kind(values: Sequence[str]) -> Q:
    return Q(kind__in=[spec.kind for spec in kinds.registered() if spec.label in values])


def _subject(values: Sequence[str]) -> Q:
    return Q(subjects__name__in=values) | Q(_hangs(Q(**{f"{BOOK}__subject__name__in": values})), subjects=None)


def _grade(values: Sequence[str]) -> Q:
    """What spans one of the grades by itself or by a book that it hangs on."""
    wanted = [number for number, name in GRADE_NAMES.items() if name in values]
    own = [_spans(number, "") for number in wanted]
    return _any([*own, *(Q(_hangs(_spans(number, f"{BOOK}__"))) for number in wanted)])


def _spans(grade: int, of: str) -> Q:
    alone = Q(**{f"{of}grade_from": grade, f"{of}grade_to": None})
    return alone | Q(**{f"{of}grade_from__lte": grade, f"{of}grade_to__gte": grade})


def _edition(values: Sequence[str]) -> Q:
    return Q(_hangs(Q(**{f"{BOOK}__edition__name__in": values})))


def _volume(values: Sequence[str]) -> Q:
    field = Textbook._meta.get_field("volume")
    return Q(_hangs(Q(**{f"{BOOK}__volume__in": [key for key, label in field.choices or () if str(label) in values]})))


def _node(values: Sequence[str]) -> Q:
    """On the node or up to two levels below it, as in the index."""
    ways = ("node__uid__in", "node__parent__uid__in", "node__parent__parent__uid__in")
    return Q(_hangs(_any(Q(**{way: values}) for way in ways)))


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=())
    for condition in conditions:
        found |= condition
    return found


FILTERS: Mapping[str, Callable[[Sequence[str]], Q]] = {
    "kind": _kind,
    "subject": _subject,
    "grade": _grade,
    "edition": _edition,
    "volume": _volume,
    "node": _node,
}
