"""The one rule. `may` answers for one thing, `narrow` for a queryset; both read the same relations and the same table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, Model, Q, QuerySet, Value, When

from groups.access.policy import ANY, ONLY_WHAT_THEY_READ, POLICY
from groups.access.vocabulary import SIGNED_OUT_ACTIONS, Action, Relation, Verdict, allowance, refusal
from groups.models import Person
from groups.viewer import Viewer, viewer_for

RelationQuery = Callable[[Viewer], Q | None]
"""The things to which a viewer stands in one relation; None when there can be none."""

NEVER = Q(pk__in=())
EVERYTHING = Q(pk__isnull=False)


@dataclass(frozen=True, slots=True)
class States:
    """States that are not one column: each with its query, and the function that names a loaded thing's state."""

    where: Mapping[str, Q]
    of: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class StatesOverTime:
    """States that a thing had one after the other, as a viewer's moment asks for them."""

    where: Callable[[frozenset[str], Viewer], Q]
    of: Callable[[Any, Viewer], str]


@dataclass(frozen=True, slots=True)
class Registration:
    """How the rule speaks about one model.

    Attributes:
        thing: the policy's name of it.
        relations: relation → query for the rows to which the viewer stands so.
        state: lookup of the state, or `States`, or None where the policy has the state `any` alone; `StatesOverTime`
            where the state of a past moment is known.
        only_in: relations that hold in these states alone, and are not asked of a thing that is in another.
    """

    thing: str
    relations: Mapping[Relation, RelationQuery]
    state: str | States | StatesOverTime | None
    only_in: Mapping[Relation, frozenset[str]] = field(default_factory=dict)

    def ask(self, relation: Relation, viewer: Viewer) -> Q | None:
        return self.relations[relation](viewer) if relation in self.relations else None

    def where(self, states: frozenset[str], viewer: Viewer) -> Q:
        """The rows that are in one of these states at the viewer's moment."""
        if ANY in states or self.state is None:
            return EVERYTHING
        if isinstance(self.state, StatesOverTime):
            return self.state.where(states, viewer)
        if isinstance(self.state, str):
            return Q(**{f"{self.state}__in": sorted(states)})
        return reduce(or_, (self.state.where[state] for state in sorted(states)))

    def state_of(self, thing: Model, viewer: Viewer) -> str:
        if self.state is None:
            return ANY
        if isinstance(self.state, StatesOverTime):
            return self.state.of(thing, viewer)
        return self.state.of(thing) if isinstance(self.state, States) else str(getattr(thing, self.state))

    def allows(self, action: Action, state: str) -> frozenset[Relation]:
        rows = POLICY[self.thing]
        nobody: frozenset[Relation] = frozenset()
        return rows.get(ANY, {}).get(action, nobody) | rows.get(state, {}).get(action, nobody)


class Refused(PermissionDenied):
    """The rule said no. `verdict.reason` is the sentence for the page."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


_registry: dict[type[Model], Registration] = {}


def register(
    model: type[Model],
    *,
    thing: str,
    relations: Mapping[Relation, RelationQuery],
    state: str | States | StatesOverTime | None = "state",
    only_in: Mapping[Relation, frozenset[str]] | None = None,
) -> None:
    """Tell the rule about a model. Called from the owning package's `ready()`.

    Raises:
        LookupError: the policy has no such thing.
    """
    if thing not in POLICY:
        raise LookupError(f"The access policy has no thing {thing!r}; add its rows to groups/access/policy.py.")
    _registry[model] = Registration(thing, relations, state, only_in or {})


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
    allowed = queryset.filter(_allowed(rule, viewer, action))
    if action in ONLY_WHAT_THEY_READ.get(rule.thing, ()):
        return allowed.filter(_allowed(rule, viewer, Action.READ))
    return allowed


def _allowed(rule: Registration, viewer: Viewer, action: Action) -> Q:
    """Each relation's rows, in the states where it allows the action."""
    states = {
        relation: frozenset(state for state, rows in POLICY[rule.thing].items() if relation in rows.get(action, ()))
        for relation in rule.relations
    }
    found = [
        query & rule.where(where, viewer)
        for relation, where in sorted(states.items())
        if where and (query := rule.ask(relation, viewer)) is not None
    ]
    return reduce(or_, found, NEVER)


def relations_over(
    viewer: Viewer, queryset: QuerySet[Any], without: frozenset[Relation] = frozenset()
) -> dict[Any, frozenset[Relation]]:
    """Every relation in which `viewer` stands now to each row of the queryset, by primary key, in one query.

    Args:
        without: relations that none of the rows can be in.
    """
    if viewer.disabled:
        return {}
    rule = registration(queryset.model)
    asked = {relation: ask for relation, ask in rule.relations.items() if relation not in without}
    queries = {relation: query for relation, ask in asked.items() if (query := ask(viewer)) is not None}
    flags = {
        f"is_{name}": Case(When(query, then=Value(True)), default=Value(False), output_field=BooleanField())
        for name, query in queries.items()
    }
    rows = queryset.order_by().annotate(**flags).values_list("pk", *flags)
    return {pk: frozenset(r for r, holds in zip(queries, held, strict=True) if holds) for pk, *held in rows}


def relations_of(viewer: Viewer, thing: Model) -> frozenset[Relation]:
    """Every relation in which `viewer` stands to `thing` now."""
    rule = registration(thing.__class__)
    state = rule.state_of(thing, viewer) if rule.only_in else ANY
    elsewhere = frozenset(relation for relation, states in rule.only_in.items() if state not in states)
    one = thing.__class__._default_manager.filter(pk=thing.pk)
    return relations_over(viewer, one, elsewhere).get(thing.pk, frozenset())


def verdict_of(held: frozenset[Relation], viewer: Viewer, action: Action, thing: Model) -> Verdict:
    """The verdict when the relations are known already: a page with many buttons asks once."""
    rule = registration(thing.__class__)
    if viewer.disabled or (viewer.person is None and action not in SIGNED_OUT_ACTIONS):
        return refusal(viewer.person is None, viewer.disabled, rule.thing, held, action)
    state = rule.state_of(thing, viewer)
    through = sorted(held & rule.allows(action, state))
    if through and action in ONLY_WHAT_THEY_READ.get(rule.thing, ()) and not held & rule.allows(Action.READ, state):
        through = []
    if not through:
        return refusal(viewer.person is None, viewer.disabled, rule.thing, held, action)
    return allowance(through[0])


def may(who: Person | Viewer | None, action: Action, thing: Model, *, at: datetime | None = None) -> Verdict:
    """May this person do this to this thing, at this moment?

    Args:
        who: a person (then `at` is required), or a viewer already resolved.
    """
    viewer = who if isinstance(who, Viewer) else viewer_for(who, _moment(at))
    rule = registration(thing.__class__)
    state = rule.state_of(thing, viewer)
    wanted = rule.allows(action, state)
    if action in ONLY_WHAT_THEY_READ.get(rule.thing, ()):
        wanted |= rule.allows(Action.READ, state)
    others = frozenset(rule.relations) - wanted
    one = thing.__class__._default_manager.filter(pk=thing.pk)
    held = relations_over(viewer, one, others).get(thing.pk, frozenset()) if wanted else frozenset()
    verdict = verdict_of(held, viewer, action, thing)
    return verdict if verdict else verdict_of(relations_of(viewer, thing), viewer, action, thing)


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
