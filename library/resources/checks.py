"""Start-up refuses a half-registered kind: every concrete child of `Resource` is in the registry, and whole."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from library.resources import kinds
from library.resources.models import Resource


@register(Tags.models)
def every_kind_is_registered(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> Iterable[CheckMessage]:
    known = {spec.model for spec in kinds.registered()}
    children = [m for m in apps.get_models() if issubclass(m, Resource) and m is not Resource]
    for model in children:
        if model not in known:
            yield Error(
                f"{model.__name__} is a kind of resource without a KindSpec.",
                hint="Register it with library.resources.kinds.register() in its app's ready(); see docs/adding-a-kind.md.",
                obj=model,
                id="library.E001",
            )
    for spec in kinds.registered():
        try:
            get_template(spec.reader)
        except TemplateDoesNotExist:
            yield Error(
                f"The kind {spec.kind} has no template {spec.reader}.",
                hint="Write the template that shows one version on the resource page.",
                obj=spec.model,
                id="library.E002",
            )
