"""Lists of resources. Whatever a person is shown starts at `visible_to`."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from groups.access import Viewer


class ResourceQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: "Viewer") -> Self:
        """What `viewer` may list now: the queryset twin of `may(viewer, Action.LIST, resource)`."""
        from groups import access

        return access.narrow(self, viewer, access.Action.LIST)
