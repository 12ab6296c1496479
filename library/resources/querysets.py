"""Lists of resources. Whatever a person is shown starts at `visible_to`."""

from typing import Any

from django.db import models

from groups import access
from groups.access import Action
from groups.viewer import Viewer
from library.history.keeping import keep_states


class ResourceQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> "models.QuerySet[Any]":
        """What `viewer` may list now: the queryset twin of `may(viewer, Action.LIST, resource)`."""
        return access.narrow(self, viewer, Action.LIST)

    def update(self, **values: Any) -> int:
        """As Django's; what a change of state overwrites goes into the history first."""
        keep_states(self, values)
        return super().update(**values)
