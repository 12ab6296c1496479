"""The registry of kinds: what a package says once so that its kind is created, read, searched, packed and exported.

A kind lives in the package that owns it and registers from `ready()`; `checks` refuses a half-registered one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from groups.viewer import Viewer
from library.documents.fields import Document, RichText
from library.documents.lesson_design import Advice
from library.resources.models import Kind, Resource, Version


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of a download: its name in Chinese, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class KindSpec:
    """One kind of resource.

    Attributes:
        kind: the word in `Resource.kind`.
        model: child table.
        document: dataclass of its typed document.
        icon: name of the lucide icon that stands with the word.
        columns: document → values of the child's columns that search, rights or statistics read.
        families: families of files it takes (`media.File.Family`); empty: it takes none.
        needs_files: nothing of this kind is submitted without a file. Where it is false, a main file may stand for the
            written text, and the other way round.
        reader: template that shows a version on the resource page; receives `resource`, `version`, `document`, `files`.
        edit_url: URL name of the form that edits it, called with the uid.
        export: version → the composed text as files, beside the attachments; None where there is none.
        export_for: (version, viewer) → files that hold other things too, each only where this viewer may read it.
        in_package: the place in a package's completeness meter; None where a package does not ask for it.
        facts: child row → what a card prints of it: pages, minutes, length.
        contents: document → anchors and labels of what the reader template prints; None: the schema's own order.
        new_url: URL name of its own page for a new one; empty: the page of every kind.
        forms: sections that have a form of their own: name → URL name, called with the uid.
        unready: document → sentences: why it may not be submitted yet, beside missing sections.
        passages: document → (place, text) for search; None: every word of the document.
        facets: document → values of facets that this kind alone has.
        card: template of what a card offers beside 收入备课; receives `item`. Empty: nothing.
        advice: document → sentences beside the form: what to look at; never in the way of saving.
        beside: document → the same with the path of the field each belongs to, for the editor.
        section_url: URL name of the plain form of one section, called with the uid and the section.
        views: a way of reading (brief) → the sections that it keeps, on paper too; a way that is not named keeps all.
        texts: (document, viewer) → uid → what stands on paper for a reference to it; only what this viewer may take home.
        off_paper: fields that do not go on the paper that is handed out.
    """

    kind: Kind
    model: type[Resource]
    document: type[Document]
    icon: str
    reader: str
    edit_url: str
    new_url: str = ""
    columns: Callable[[Any], Mapping[str, Any]] = lambda document: {}
    families: frozenset[str] = frozenset()
    needs_files: bool = False
    export: Callable[[Version], Iterable[ExportedFile]] | None = None
    export_for: Callable[[Version, Viewer], Iterable[ExportedFile]] | None = None
    in_package: int | None = None
    contents: Callable[[Any], Iterable[tuple[str, str]]] | None = None
    facts: Callable[[Any], tuple[str, ...]] = lambda child: ()
    forms: Mapping[str, str] = field(default_factory=dict)
    unready: Callable[[Any], Iterable[str]] = lambda document: ()
    passages: Callable[[Any], Iterable[tuple[str, str]]] | None = None
    facets: Callable[[Any], Mapping[str, Iterable[str]]] = lambda document: {}
    card: str = ""
    advice: Callable[[Any], Iterable[str]] = lambda document: ()
    beside: Callable[[Any], Iterable[Advice]] = lambda document: ()
    section_url: str = "library:section"
    views: Mapping[str, frozenset[str]] = field(default_factory=dict)
    texts: Callable[[Any, Viewer], Mapping[str, RichText]] = lambda document, viewer: {}
    off_paper: frozenset[str] = frozenset()

    def exported(self, version: Version, viewer: Viewer) -> list[ExportedFile]:
        """The composed text of a version as files, as this viewer may have them."""
        own = list(self.export(version)) if self.export else []
        return own + (list(self.export_for(version, viewer)) if self.export_for else [])

    @property
    def child(self) -> str:
        """Name of the child row on a `Resource`."""
        return str(self.model._meta.model_name)

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def import_url(self) -> str:
        """URL name of the page that makes one from a Word file; empty where there is none."""
        return import_url(self.kind)


_kinds: dict[str, KindSpec] = {}
_imports: dict[str, str] = {}


def register(spec: KindSpec) -> None:
    _kinds[spec.kind] = spec


def spec_of(kind: str) -> KindSpec:
    """The registered kind.

    Raises:
        LookupError: no package has registered it.
    """
    if kind not in _kinds:
        raise LookupError(f"The kind {kind!r} is not registered; see docs/adding-a-kind.md.")
    return _kinds[kind]


def register_import(kind: str, url_name: str) -> None:
    """A page that makes one of this kind from a Word file; upper packages say where it is."""
    _imports[kind] = url_name


def import_url(kind: str) -> str:
    """URL name of the page that reads this kind from Word; empty where there is none."""
    return _imports.get(kind, "")


def registered() -> list[KindSpec]:
    """Every kind, in the order of `Kind`."""
    return [_kinds[kind] for kind in Kind.values if kind in _kinds]


def is_written(spec: KindSpec) -> bool:
    """It has a text of its own that goes on paper; a package, and what is files alone, has none."""
    return bool(spec.export or spec.export_for) and not spec.needs_files


def package_kinds() -> list[KindSpec]:
    """The kinds that make a package complete, in printed order."""
    asked = [(spec.in_package, spec) for spec in registered() if spec.in_package is not None]
    return [spec for _, spec in sorted(asked, key=lambda pair: pair[0])]
