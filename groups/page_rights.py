"""Who may do what on Wagtail's Pages, from dated appointments instead of permission rows.

The packages that own page types say which pages a viewer has: `register(rights)` with `rights(viewer) → Right(page,
actions)`, for each page with what lies below it. Wagtail's own questions are then answered by `RulePagePolicy`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

from groups.models import Person
from groups.policies import may_enter
from groups.viewer import Viewer, viewer_for

EDITING = frozenset({"add", "change", "publish", "lock", "unlock"})
"""Everything an editor does with pages; deleting many at once stays with the system administrator."""


@dataclass(frozen=True, slots=True)
class Right:
    """Actions (`add`, `change`, `publish`, …) on a page and what lies below it."""

    page: Page
    actions: frozenset[str]


Rights = Callable[[Viewer], Iterable[Right]]
_rights: list[Rights] = []


def register(rights: Rights) -> Rights:
    """Add a way to ask. Called from the owning package's `ready()`; registering twice changes nothing."""
    if rights not in _rights:
        _rights.append(rights)
    return rights


def rights_of(viewer: Viewer) -> list[Right]:
    """Every right of a viewer; none for whom the back office does not let in."""
    return [right for ask in _rights for right in ask(viewer)] if may_enter(viewer) else []


class RulePagePolicy(PagePermissionPolicy):
    """Wagtail's page permissions, read from the rule; they are rows that are never saved."""

    def get_all_permissions_for_user(self, user: Any) -> Any:
        if not isinstance(user, Person) or not user.is_active or user.is_superuser:
            return []
        return [
            GroupPagePermission(page=right.page, permission=Permission(codename=f"{action}_page"))
            for right in rights_of(viewer_for(user, timezone.now()))
            for action in sorted(right.actions)
        ]


def install() -> None:
    """Put the rule in Wagtail's place. Called once, when the registry of pages is complete."""
    register_permission_policy(Page, RulePagePolicy())
