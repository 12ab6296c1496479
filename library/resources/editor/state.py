"""What the editor's page is told: the text, its schema, names of what it refers to, and what to look at."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from catalogue.models import Node, Standard
from groups.models import Person
from groups.viewer import Viewer
from library.documents import pairs, schema, walk
from library.documents.fields import Document, Holds, specs
from library.resources.editor.described import described
from library.resources.editor.received import kept_sections
from library.resources.kinds import KindSpec
from library.resources.models import Resource, WorkingCopy


def opened(resource: Resource, spec: KindSpec, viewer: Viewer, by: Person) -> dict[str, Any]:
    """Everything the page starts with."""
    copy = resource.working_copy
    document = schema.load(spec.document, copy.document)
    uid = resource.uid
    return {
        "uid": uid,
        "kind": spec.kind,
        "label": spec.label,
        "person": str(by.pk),
        "title": copy.title,
        "document": _written(document, spec),
        "fields": described(spec.document, ("pages",)),
        "forms": {name: reverse(url, args=[uid]) for name, url in spec.forms.items()},
        "names": names_of(document, viewer),
        "urls": {
            name: reverse(f"library:editor_{name}", args=[uid])
            for name in ("save", "state", "merge", "picture", "suggest")
        },
        "sign_in": reverse("sign-in"),
        **saved(copy, document, spec),
    }


def saved(copy: WorkingCopy, document: Document, spec: KindSpec) -> dict[str, Any]:
    """What a page is told of the stored text: its lock, when it was saved, how full it is, and what to look at."""
    filled = {leaf.path[0] for leaf in walk.walk(document) if not leaf.is_empty}
    missing = set(walk.missing(document))
    found = [*spec.beside(document), *pairs.unpaired(document)]
    return {
        "lock_version": copy.lock_version,
        "saved_at": timezone.localtime(copy.updated_at).strftime("%H:%M"),
        "percent": walk.completeness(document),
        "filled": sorted(filled),
        "missing": [name for name, field in specs(type(document)) if field.label in missing],
        "advice": [{"path": list(one.path), "sentence": one.sentence} for one in found],
    }


def stored(copy: WorkingCopy, document: Document, spec: KindSpec) -> dict[str, Any]:
    """The stored text itself, for a page that has to take it over."""
    return {"title": copy.title, "document": _written(document, spec), **saved(copy, document, spec)}


def _written(document: Document, spec: KindSpec) -> dict[str, Any]:
    """The document without what the editor never writes."""
    return {name: value for name, value in schema.dump(document).items() if name not in kept_sections(spec)}


def names_of(document: Document, viewer: Viewer) -> dict[str, str]:
    """What the document's references are called: by id or code, as this viewer may read them."""
    wanted: dict[str, set[str]] = {}
    for leaf in walk.walk(document):
        if leaf.spec.holds is Holds.REFS and not leaf.spec.target.startswith("#"):
            wanted.setdefault(leaf.spec.target, set()).update(leaf.value)
    return {key: name for target, ids in wanted.items() if ids for key, name in _names(target, ids, viewer).items()}


def _names(target: str, ids: set[str], viewer: Viewer) -> Mapping[str, str]:
    if target == "node":
        return dict(Node.objects.filter(uid__in=ids).values_list("uid", "title"))
    if target == "standard":
        return dict(Standard.objects.filter(code__in=ids).values_list("code", "text"))
    visible = Resource.objects.filter(uid__in=ids).visible_to(viewer).order_by()
    return dict(visible.values_list("uid", "title").distinct())
