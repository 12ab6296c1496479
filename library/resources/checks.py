"""Start-up refuses a half-registered kind: every concrete child of `Resource` is in the registry, and whole.

Each message says what to write; docs/adding-a-kind.md is the way there.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import FieldDoesNotExist
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse

from library.documents import schema
from library.documents.fields import Document, Holds, specs
from library.resources import kinds, words
from library.resources.kinds import KindSpec
from library.resources.models import Resource
from media.models import File

PROBE = "0000000000"
"""A uid to try an address with; nothing is looked up."""


@register(Tags.models)
def every_kind_is_registered(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> Iterable[CheckMessage]:
    known = {spec.model for spec in kinds.registered()}
    children = [m for m in apps.get_models() if issubclass(m, Resource) and m is not Resource and not m._meta.proxy]
    for model in children:
        if model not in known:
            yield Error(
                f"{model.__name__} is a kind of resource without a KindSpec.",
                hint="Register it with library.resources.kinds.register() in its app's ready(); see docs/adding-a-kind.md.",
                obj=model,
                id="library.E001",
            )
    for spec in kinds.registered():
        yield from faults(spec)
    places = [spec.in_package for spec in kinds.registered() if spec.in_package is not None]
    for place in sorted({place for place in places if places.count(place) > 1}):
        yield Error(
            f"Two kinds have place {place} in a package.",
            hint="Give each kind its own number in KindSpec.in_package.",
            id="library.E010",
        )


def faults(spec: KindSpec) -> Iterator[CheckMessage]:
    """Everything that one registered kind lacks."""
    yield from _reader(spec)
    yield from _document(spec)
    yield from _edit_url(spec)
    drawn = _icons()
    if drawn and spec.icon not in drawn:
        hint = "Add the name to ui/frontend/icons.json and build the front end."
        yield _error(spec, f"has an icon that is not drawn: {spec.icon!r}.", hint, "E005")
    if not words.NICKNAMES.get(spec.kind):
        hint = "Write what teachers call it into library.resources.words.NICKNAMES."
        yield _error(spec, "cannot be asked for by name in search.", hint, "E006")
    unknown = sorted(spec.families - set(File.Family.values))
    if unknown or (spec.needs_files and not spec.families):
        hint = f"KindSpec.families takes {', '.join(File.Family.values)}; needs_files asks for at least one."
        yield _error(spec, f"takes files that do not exist: {', '.join(unknown) or 'none'}.", hint, "E009")


def _error(spec: KindSpec, words: str, hint: str, number: str) -> Error:
    return Error(f"The kind {spec.kind} {words}", hint=hint, obj=spec.model, id=f"library.{number}")


def _reader(spec: KindSpec) -> Iterator[CheckMessage]:
    try:
        get_template(spec.reader)
    except TemplateDoesNotExist:
        hint = "Write the template that shows one version on the resource page."
        yield _error(spec, f"has no template {spec.reader}.", hint, "E002")


def _edit_url(spec: KindSpec) -> Iterator[CheckMessage]:
    try:
        reverse(spec.edit_url, args=[PROBE])
    except NoReverseMatch:
        hint = "Name the address of its form, called with the uid: library:edit, library:sections, or its own."
        yield _error(spec, f"has no form at {spec.edit_url!r}.", hint, "E004")


def _document(spec: KindSpec) -> Iterator[CheckMessage]:
    if not issubclass(spec.document, Document):
        hint = "Make it a frozen dataclass below library.documents.fields.Document."
        yield _error(spec, f"has a document that is none: {spec.document.__name__}.", hint, "E003")
        return
    for name, field in specs(spec.document):
        if not field.label or (field.holds is Holds.ROWS and not (field.noun and field.of)):
            hint = "Every field has a label, and rows a noun: they are the places that search shows."
            yield _error(spec, f"has a field without a place of search: {name}.", hint, "E007")
    yield from _columns(spec)


def _columns(spec: KindSpec) -> Iterator[CheckMessage]:
    """The empty document must be readable, and fill columns that the child table has."""
    hint = "columns(), facts(), contents() and advice() are called with an empty document or row too."
    try:
        empty = schema.load(spec.document, schema.dump(spec.document()))
        columns = dict(spec.columns(empty))
        list(spec.contents(empty) if spec.contents else ())
        list(spec.advice(empty))
        spec.facts(spec.model(kind=spec.kind, **columns))
        for column in columns:
            spec.model._meta.get_field(column)
    except FieldDoesNotExist as problem:
        yield _error(spec, f"writes a column that it has not: {problem}.", hint, "E008")
    except Exception as problem:
        # A check reports; whatever a kind raises here it would raise on a page.
        yield _error(spec, f"fails on an empty document: {problem!r}.", hint, "E008")


def _icons() -> frozenset[str]:
    """Names drawn in the built sprite; none while the front end is not built, which is another check's matter."""
    found = finders.find("ui/icons.svg")
    if not found or not Path(str(found)).exists():
        return frozenset()
    drawn = Path(str(found)).read_text(encoding="utf-8")
    return frozenset(part.partition('"')[0] for part in drawn.split('id="')[1:])
