"""Start-up refuses a model that people can open by address and about which the access rule knows nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.db.models import Model
from wagtail.models import Page

from groups.access import registration


def register_checks() -> None:
    checks.register(models_with_an_address_are_registered)


def models_with_an_address_are_registered(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    return [_unregistered(model) for model in unregistered(_own_models())]


def unregistered(models: Sequence[type[Model]]) -> list[type[Model]]:
    """Those that have `get_absolute_url` and no registration. Wagtail's pages bring their own privacy."""
    return [m for m in models if hasattr(m, "get_absolute_url") and not issubclass(m, Page) and not _is_registered(m)]


def _own_models() -> list[type[Model]]:
    root = Path(settings.BASE_DIR)
    own = [a for a in apps.get_app_configs() if Path(a.path).is_relative_to(root) and ".venv" not in Path(a.path).parts]
    return [model for app in own for model in app.get_models()]


def _is_registered(model: type[Model]) -> bool:
    try:
        registration(model)
    except LookupError:
        return False
    return True


def _unregistered(model: type[Model]) -> checks.CheckMessage:
    return checks.Error(
        f"{model._meta.label} has an address (get_absolute_url) and no registration with the access rule.",
        hint=(
            "Call groups.access.register(model, thing=…, relations=…) from its package's ready(), "
            "and give the thing its rows in groups/access/policy.py; or remove get_absolute_url."
        ),
        obj=model,
        id="groups.E001",
    )
