"""Whose a picture or document of the site's pages is: the uploader's and of those who compose the same pages.

Site editors use all of them.
"""

from typing import Any

from django.db.models import Model, Q, QuerySet
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from groups.models import Appointment, Person, Role
from groups.page_rights import held_by
from groups.viewer import Viewer, viewer_of

ACTIONS = frozenset({"add", "change", "delete", "choose", "view"})


class SiteFilePolicy(BasePermissionPolicy):
    """Wagtail's questions about pictures and documents, answered from appointments; collections are not used."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return self.user_has_any_permission(user, [action])

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return bool(ACTIONS & set(actions)) and composes(user)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Model) -> bool:
        return self.instances_user_has_any_permission_for(user, actions).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Any]:
        files: QuerySet[Any] = self.model._default_manager.all()
        if not self.user_has_any_permission(user, actions):
            return files.none()
        viewer = viewer_of(user)
        if viewer.in_role(Role.SITE_EDITOR) or user.is_superuser:
            return files
        return files.filter(uploaded_by_user__in=colleagues(viewer))

    def collections_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Any]:
        roots = Collection.objects.filter(depth=1)
        return roots if self.user_has_any_permission(user, actions) else roots.none()

    def collections_user_has_permission_for(self, user: Any, action: str) -> QuerySet[Any]:
        return self.collections_user_has_any_permission_for(user, [action])


def composes(user: Any) -> bool:
    """Has a page to put pictures on."""
    if not isinstance(user, Person) or not user.is_active:
        return False
    return user.is_superuser or bool(held_by(user))


def colleagues(viewer: Viewer) -> QuerySet[Any]:
    """Ids of the people who compose the pages of the viewer's studios and groups now, the viewer among them."""
    studios = viewer.in_role(Role.HOST) | viewer.in_role(Role.EDITOR)
    composing = Q(organisation__in=studios, role__in=(Role.HOST, Role.EDITOR))
    running = Q(organisation__in=viewer.runs, role=Role.ADMIN)
    seats = Appointment.objects.valid_at(viewer.at).filter(composing | running | Q(person=viewer.person_id))
    return seats.values("person")


def register() -> None:
    for model in (get_image_model(), get_document_model()):
        register_permission_policy(model, SiteFilePolicy(model), exact_class=True)
