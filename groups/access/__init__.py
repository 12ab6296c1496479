"""The access rule: one table, one function, one queryset twin.

`may(person, Action.READ, thing, at=now)` → `Verdict(allowed, reason)`; `narrow(queryset, viewer, Action.LIST)` keeps
what the same rule allows. Upper packages register their models in `ready()`.
"""

from groups.access.rule import (
    Refused,
    may,
    narrow,
    register,
    registered,
    registration,
    relations_of,
    relations_over,
    require,
    verdict_of,
)
from groups.access.vocabulary import Action, Relation, Verdict

__all__ = [
    "Action",
    "Refused",
    "Relation",
    "Verdict",
    "may",
    "narrow",
    "register",
    "registered",
    "registration",
    "relations_of",
    "relations_over",
    "require",
    "verdict_of",
]
