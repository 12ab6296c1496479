"""How the access rule speaks about comments, collections and wishes."""

from django.db.models import Exists, OuterRef, Q

from groups import access
from groups.access import Action, Relation, relations
from groups.access.rule import RelationQuery, States
from groups.models import OrganisationKind, Role
from groups.policies import administered
from groups.viewer import Viewer
from library.resources.models import Contribution, Resource
from library.resources.policies import RESOURCE_RELATIONS
from library.together.models import Collection, CollectionGrant, Comment, Wish


def _through(relation: Relation) -> RelationQuery:
    """The relation in which the viewer stands to the comment's resource."""

    def ask(viewer: Viewer) -> Q | None:
        query = RESOURCE_RELATIONS[relation](viewer)
        return None if query is None else Q(Exists(Resource.objects.filter(query, pk=OuterRef("resource")).order_by()))

    return ask


def as_its_thing(viewer: Viewer) -> Q | None:
    """Reads the resource under which it stands."""
    readable = access.narrow(Resource.objects.filter(pk=OuterRef("resource")), viewer, Action.READ)
    return Q(Exists(readable.order_by()))


def commenter(viewer: Viewer) -> Q | None:
    return Q(author=viewer.person_id) if viewer.person else None


def commenter_unanswered(viewer: Viewer) -> Q | None:
    """Wrote it, nobody answered it, and it still stands: edit until someone answers."""
    if viewer.person is None:
        return None
    answered = Comment.objects.filter(answers=OuterRef("pk"), deleted_at__isnull=True)
    return Q(author=viewer.person_id, deleted_at__isnull=True) & ~Q(Exists(answered))


def moderator_of_thing(viewer: Viewer) -> Q | None:
    """Owns the resource, or leads its authors (主备)."""
    own = _through(Relation.OWNER)(viewer)
    if own is None:
        return None
    leads = Contribution.objects.filter(
        resource=OuterRef("resource"), person=viewer.person_id, part=Contribution.Part.LEAD
    )
    return own | Q(Exists(leads))


COMMENT: dict[Relation, RelationQuery] = {
    Relation.AS_ITS_THING: as_its_thing,
    Relation.COMMENTER: commenter,
    Relation.COMMENTER_UNANSWERED: commenter_unanswered,
    Relation.MODERATOR_OF_THING: moderator_of_thing,
    Relation.READER: _through(Relation.READER),
}


def collection_reader(viewer: Viewer) -> Q | None:
    return relations.granted(
        CollectionGrant, relations.audience(viewer), relations.valid(viewer.at), thing="collection"
    )


def collection_owner(viewer: Viewer) -> Q | None:
    return Q(owner=viewer.person_id) if viewer.person else None


def org_admin(viewer: Viewer) -> Q | None:
    """Administers the body whose collection it is."""
    bodies = viewer.in_role(Role.ADMIN) | administered(viewer)
    return Q(organisation__in=bodies) if bodies else None


def studio_host(viewer: Viewer) -> Q | None:
    """Hosts the studio whose collection it is, while the studio runs."""
    hosted = viewer.in_role(Role.HOST)
    if not hosted:
        return None
    return Q(organisation__in=hosted, organisation__kind=OrganisationKind.STUDIO, organisation__closed_at__isnull=True)


COLLECTION: dict[Relation, RelationQuery] = {
    Relation.READER: collection_reader,
    Relation.OWNER: collection_owner,
    Relation.ORG_ADMIN: org_admin,
    Relation.STUDIO_HOST: studio_host,
}


def asker(viewer: Viewer) -> Q | None:
    return Q(asker=viewer.person_id) if viewer.person else None


WISH: dict[Relation, RelationQuery] = {Relation.SIGNED_IN: relations.signed_in, Relation.OWNER: asker}
WISH_STATES = States(
    {"open": Q(closed_at__isnull=True), "closed": Q(closed_at__isnull=False)},
    lambda wish: "closed" if wish.closed_at else "open",
)


def register() -> None:
    access.register(Comment, thing="comment", relations=COMMENT, state=None)
    access.register(Collection, thing="collection", relations=COLLECTION, state=None)
    access.register(Wish, thing="wish", relations=WISH, state=WISH_STATES)
