"""Who may ask who could see a thing, and who may ask what a person could see."""

from typing import Any

from django.db.models import Q

from groups import access
from groups.access import Action, Refused, Relation, Verdict, relations
from groups.access.rule import RelationQuery
from groups.models import Person
from groups.viewer import Viewer
from library.explaining.models import Explained
from library.resources import panels
from library.resources.models import Resource
from library.resources.policies import RESOURCE_RELATIONS

ASKED_AS = {
    Relation.OWNER: RESOURCE_RELATIONS[Relation.OWNER],
    Relation.SCHOOL_ADMIN: RESOURCE_RELATIONS[Relation.HOME_SCHOOL_ADMIN],
    Relation.GROUP_ADMIN: RESOURCE_RELATIONS[Relation.GROUP_ADMIN],
    Relation.OFFICER_OF_AREA: RESOURCE_RELATIONS[Relation.OFFICER_OF_AREA],
    Relation.AUDITOR: relations.auditor,
}


def _of_what_they_list(ask: RelationQuery) -> RelationQuery:
    """Only for things that the asker may list now."""

    def asked(viewer: Viewer) -> Q | None:
        query = ask(viewer)
        if query is None:
            return None
        return query & Q(pk__in=access.narrow(Resource.objects.order_by(), viewer, Action.LIST).values("pk"))

    return asked


def may_ask(resource: Any, held: frozenset[Relation], viewer: Viewer) -> bool:
    """Does the resource's page offer the question? To the relations of the row, which the page knows already."""
    asking = {Relation.OWNER, Relation.HOME_SCHOOL_ADMIN, Relation.GROUP_ADMIN, Relation.OFFICER_OF_AREA}
    return bool(held & asking)


def register() -> None:
    panels.register(panels.Panel("explaining", lambda viewer: {}, may_ask, {"manage": "explaining/_manage.html"}))
    asked = {relation: _of_what_they_list(ask) for relation, ask in ASKED_AS.items()}
    access.register(Explained, thing="access_explain", relations=asked, state=None)


def require_asking_about(viewer: Viewer, person: Person) -> None:
    """The reverse question, all that a person could see: oneself, an administrator of the person's school, an auditor.

    Raises:
        Refused: anybody else.
    """
    held = access.relations_of(viewer, person) & {Relation.SELF, Relation.SCHOOL_ADMIN}
    if not held and relations.auditor(viewer) is None:
        raise Refused(Verdict(False, "只有本人、本校管理员和审计员可以查一个人能看到什么"))
