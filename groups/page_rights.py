"""Who may do what on Wagtail's Pages, from dated appointments instead of permission rows.

The packages that own page types say which pages a viewer has: `register(rights)` with `rights(viewer) → Right(page,
actions)`, for each page with or without what lies below it. Wagtail's own questions are then answered by
`RulePagePolicy` for lists and, on page types that are `RuledPage`s, by `RulePageTester` for one page.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from wagtail.models import GroupPagePermission, Page, PagePermissionTester
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

from groups.models import Person
from groups.policies import may_enter
from groups.viewer import Viewer, viewer_of

EDITING = frozenset({"add", "change", "publish", "lock", "unlock"})
"""Everything an editor does with pages."""

DELETE = "delete"
"""Deleting, moving and copying. Wagtail has no such right and lets whoever changes a page delete it."""

PUBLISH_BELOW = "publish_below"
"""Publishing, once, what one creates below a page; without the page itself."""


@dataclass(frozen=True, slots=True)
class Right:
    """Actions (`add`, `change`, `publish`, …) on a page and, unless it is meant alone, on what lies below it."""

    page: Page
    actions: frozenset[str]
    below: bool = True

    def reaches(self, page: Page) -> bool:
        return self.page.pk == page.pk or (self.below and str(page.path).startswith(self.page.path))

    @property
    def pages(self) -> Q:
        return Q(path__startswith=self.page.path) if self.below else Q(pk=self.page.pk)


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
        if user.is_superuser:
            return []
        return [
            GroupPagePermission(page=right.page, permission=Permission(codename=f"{action}_page"))
            for right in held_by(user)
            for action in sorted(right.actions)
        ]

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        return bool(user.is_superuser) or bool(set(actions) & actions_on(user, instance))

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Any]:
        pages: QuerySet[Any] = self.model._default_manager.all()
        if user.is_active and user.is_superuser:
            return pages
        wanted = [right.pages for right in held_by(user) if set(actions) & right.actions]
        return pages.filter(reduce(or_, wanted)) if wanted else pages.none()

    def explorable_instances(self, user: Any) -> QuerySet[Any]:
        """Without the root of the tree, which is no page."""
        pages: QuerySet[Any] = super().explorable_instances(user)
        return pages.filter(depth__gt=1)


def held_by(user: Any) -> list[Right]:
    """The rights of a request's user; asked once a request, as Wagtail asks for each page of a list."""
    if not isinstance(user, Person) or not user.is_active:
        return []
    if "_page_rights" not in user.__dict__:
        user.__dict__["_page_rights"] = rights_of(viewer_of(user))
    held: list[Right] = user.__dict__["_page_rights"]
    return held


def actions_on(user: Any, page: Page) -> frozenset[str]:
    """What a user may do on one page."""
    return frozenset().union(*(right.actions for right in held_by(user) if right.reaches(page)))


class RulePageTester(PagePermissionTester):
    """Wagtail's questions about one page, where the rule is narrower than Wagtail's own reading of its permissions.

    Owning a page gives nothing, whoever changes it does not therefore delete it, and nobody hides a page from readers.
    """

    def __init__(self, user: Any, page: Page) -> None:
        super().__init__(user, page)
        self.permissions = actions_on(user, page)

    def _may(self, action: str) -> bool:
        return not self.page_is_root and bool(self.user.is_superuser or action in self.permissions)

    def can_edit(self) -> bool:
        return bool(self.user.is_active) and self._may("change")

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return bool(self.user.is_active) and self._may(DELETE)

    def can_move(self) -> bool:
        return self.can_delete()

    def can_copy(self) -> bool:
        return self.can_delete()

    def can_publish(self) -> bool:
        return bool(self.user.is_active) and (self._may("publish") or self._is_own_new_one())

    def _is_own_new_one(self) -> bool:
        """Just created below a page that lets this person publish what they create there."""
        if self.page.first_published_at is not None or self.page.owner_id != self.user.pk or self.page_is_root:
            return False
        return PUBLISH_BELOW in actions_on(self.user, self.page.get_parent())

    def can_publish_subpage(self) -> bool:
        allowed: bool = super().can_publish_subpage()
        return allowed or (bool(self.user.is_active) and PUBLISH_BELOW in self.permissions)

    def can_set_view_restrictions(self) -> bool:
        return False


class RuledPage:
    """A page type whose single pages are asked about through `RulePageTester`; stands before `Page` in the bases."""

    def permissions_for_user(self, user: Any) -> RulePageTester:
        return RulePageTester(user, self)


def install() -> None:
    """Put the rule in Wagtail's place. Called once, when the registry of pages is complete."""
    register_permission_policy(Page, RulePagePolicy())
