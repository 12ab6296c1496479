"""The back office's menu: Chinese, and only what leads somewhere for this person."""

from typing import Any

from django.http import HttpRequest

HIDDEN = frozenset({"reports", "help", "workflows", "workflow-tasks", "collections", "users", "groups"})
"""Wagtail's entries whose screens the door keeps closed."""


def only_open(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in HIDDEN]
