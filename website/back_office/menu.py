"""The back office's menu: Chinese, and only what leads somewhere for this person."""

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.menu import MenuItem

from groups.middleware import ViewerRequest
from groups.roster import selectors as roster

HIDDEN = frozenset({"reports", "help", "workflows", "workflow-tasks", "collections", "users", "groups"})
"""Wagtail's entries whose screens the door keeps closed."""


def only_open(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in HIDDEN]


class HealthItem(MenuItem):
    """To `/health/`: how index, worker and engine are, what was set aside and why."""

    def __init__(self) -> None:
        super().__init__("网站状况", reverse("health"), name="health", icon_name="warning", order=330)

    def is_shown(self, request: HttpRequest) -> bool:
        return cast(ViewerRequest, request).viewer.is_system_admin


class PeopleItem(MenuItem):
    """To `/people/`, where people come in, change and leave."""

    def __init__(self) -> None:
        super().__init__("管理人员", reverse("people:index"), name="people", icon_name="user", order=305)

    def is_shown(self, request: HttpRequest) -> bool:
        return roster.has_schools(cast(ViewerRequest, request).viewer)
