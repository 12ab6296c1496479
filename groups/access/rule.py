"""The one rule. `may` answers for one thing, `narrow` for a queryset; both read the same relations and the same table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, Model, Q, QuerySet, Value, When

from groups.access.policy import ANY, POLICY
from groups.access.vocabulary import REASONS, SIGNED_OUT_ACTIONS, Action, Relation, Verdict
from groups.models import Person
from groups.viewer import Viewer, viewer_for

RelationQuery = Callable[[Viewer], Q | None]
"""The things to which a viewer stands in one relation; None when there can be none."""

NEVER = Q(pk__in=())


@dataclass(frozen=True, slots=True)
class Registration:
    """How the rule speaks about one model.

    Attributes:
        thing: the policy's name of it.
        relations: relation → query for the rows to which the viewer stands so.
        state: lookup of the state, or None where the policy has the state `any` alone.
    """

    thing: str
    relations: Mapping[Relation, RelationQuery]
    state: str | None


class Refused(PermissionDenied):
    """The rule said no. `verdict.reason` is the sentence for the page."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


_registry: dict[type[Model], Registration] = {}


def register(
    model: type[Model], *, thing: str, relations: Mapping[Relation, RelationQuery], state: str | None = "state"
) -> None:
    """Tell the rule about a model. Called from the owning package's `ready()`.

    Raises:
        LookupError: the policy has no such thing.
    """
    if thing not in POLICY:
        raise LookupError(f"The access policy has no thing {thing!r}; add its rows to groups/access/policy.py.")
    _registry[model] = Registration(thing, relations, state)


def registration(model: type[Model]) -> Registration:
    """The registration of a model or of the nearest parent it inherits a table from.

    Raises:
        LookupError: nobody registered it; the system check names every such model with an address.
    """
    for ancestor in model.__mro__:
        if ancestor in _registry:
            return _registry[ancestor]
    raise LookupError(f"{model.__name__} is not registered with groups.access.")


def registered() -> Mapping[type[Model], Registration]:
    return dict(_registry)


def narrow(queryset: QuerySet[Any], viewer: Viewer, action: Action) -> QuerySet[Any]:
    """Keep the rows on which `viewer` may do `action`: the queryset twin of `may`."""
    if viewer.disabled or (viewer.person is None and action not in SIGNED_OUT_ACTIONS):
        return queryset.none()
    rule = registration(queryset.model)
    allowed = NEVER
    for state, rows in POLICY[rule.thing].items():
        in_state = Q() if state == ANY or rule.state is None else Q(**{rule.state: state})
        granted = _any_of(rule, rows.get(action, frozenset()), viewer)
        if granted is not NEVER:
            allowed = granted & in_state if allowed is NEVER else allowed | (granted & in_state)
    return queryset.filter(allowed)


def _any_of(rule: Registration, relations: frozenset[Relation], viewer: Viewer) -> Q:
    found = NEVER
    for relation in sorted(relations):
        query = rule.relations[relation](viewer) if relation in rule.relations else None
        if query is not None:
            found = query if found is NEVER else found | query
    return found


def relations_of(viewer: Viewer, thing: Model) -> frozenset[Relation]:
    """Every relation in which `viewer` stands to `thing` now, in one query."""
    if viewer.disabled:
        return frozenset()
    rule = registration(type(thing))
    queries = {relation: query for relation, ask in rule.relations.items() if (query := ask(viewer)) is not None}
    flags = {
        f"is_{name}": Case(When(query, then=Value(True)), default=Value(False), output_field=BooleanField())
        for name, query in queries.items()
    }
    row = type(thing)._default_manager.filter(pk=thing.pk).annotate(**flags).values(*flags).first()
    return frozenset(relation for relation in queries if row and row[f"is_{relation}"])


def verdict_of(held: frozenset[Relation], viewer: Viewer, action: Action, thing: Model) -> Verdict:
    """The verdict when the relations are known already: a page with many buttons asks once."""
    if viewer.disabled:
        return Verdict(False, "这个账号已停用，请联系本校管理员")
    if viewer.person is None and action not in SIGNED_OUT_ACTIONS:
        return Verdict(False, "请先登录")
    rule = registration(type(thing))
    by_state = POLICY[rule.thing]
    allowed = by_state.get(ANY, {}).get(action, frozenset())
    if rule.state is not None:
        allowed |= by_state.get(str(getattr(thing, rule.state)), {}).get(action, frozenset())
    through = sorted(held & allowed)
    if not through:
        return Verdict(False, "请先登录" if viewer.person is None else "这份资料没有对你开放")
    return Verdict(True, REASONS.get(through[0], ""), through[0])


def may(who: Person | Viewer | None, action: Action, thing: Model, *, at: datetime | None = None) -> Verdict:
    """May this person do this to this thing, at this moment?

    Args:
        who: a person (then `at` is required), or a viewer already resolved.
    """
    viewer = who if isinstance(who, Viewer) else viewer_for(who, _moment(at))
    return verdict_of(relations_of(viewer, thing), viewer, action, thing)


def require(who: Person | Viewer | None, action: Action, thing: Model, *, at: datetime | None = None) -> Verdict:
    """`may`, or else raise.

    Raises:
        Refused: with the verdict.
    """
    verdict = may(who, action, thing, at=at)
    if not verdict:
        raise Refused(verdict)
    return verdict


def _moment(at: datetime | None) -> datetime:
    if at is None:
        raise TypeError("may(person, …) needs at=…; a Viewer carries its own moment.")
    return at
