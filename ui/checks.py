"""Start-up checks: a section or link that leads nowhere is found before a visitor finds it."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import NoReverseMatch, reverse

from ui import navigation


@register("ui")
def check_navigation(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every registered section and link must have an address without arguments."""
    problems: list[CheckMessage] = []
    for entry in navigation.registered():
        try:
            reverse(entry.url_name)
        except NoReverseMatch:
            problems.append(
                Error(
                    f"Navigation entry “{entry.label}” names the address “{entry.url_name}”, which does not exist.",
                    hint="Register it from the package that owns the address, under a URL name without arguments.",
                    id="ui.E001",
                )
            )
    return problems
