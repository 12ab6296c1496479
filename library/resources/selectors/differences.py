"""What changed between two texts of one kind, place by place: for a reviewer, for two who saved at once, for two versions."""

from dataclasses import dataclass

from groups import access
from groups.access import Action
from groups.viewer import Viewer
from library.documents import schema
from library.documents.difference import difference, text_difference
from library.documents.fields import Document, specs
from library.documents.shown import Shown as Change
from library.documents.shown import shown
from library.documents.words_changed import Piece
from library.resources.kinds import spec_of
from library.resources.models import Derivation, Resource, Version

__all__ = ["Beside", "Change", "Section", "beside", "changes", "name_of", "named", "readable"]


def changes(before: Document, after: Document) -> list[Change]:
    """Fields and rows that differ, in printed order."""
    return shown(difference(before, after), type(after))


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a document with what changed in it."""

    label: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Two versions beside each other. `titles` only where they differ."""

    before: Version
    after: Version
    titles: tuple[Piece, ...]
    sections: tuple[Section, ...]

    @property
    def count(self) -> int:
        return sum(len(section.changes) for section in self.sections)


def beside(before: Version, after: Version) -> Beside:
    """What changed from one version to another of the same kind, section by section."""
    of = spec_of(after.resource.kind).document
    found = changes(schema.load(of, before.document), schema.load(of, after.document))
    sections = [
        Section(spec.label, tuple(change for change in found if change.path[0] == name)) for name, spec in specs(of)
    ]
    return Beside(
        before,
        after,
        text_difference(before.title, after.title) if before.title != after.title else (),
        tuple(section for section in sections if section.changes),
    )


def readable(resource: Resource, viewer: Viewer) -> list[Version]:
    """The versions of a resource, and of what it was taken from, that the viewer may read; the newest first."""
    family = [resource.pk, *Derivation.objects.filter(resource=resource).values_list("source", flat=True)]
    found = access.narrow(Version.objects.filter(resource__in=family), viewer, Action.READ)
    versions = found.filter(resource__kind=resource.kind).select_related("resource").defer("document")
    return sorted(versions, key=lambda one: (one.resource_id != resource.pk, -one.number))


def name_of(version: Version) -> str:
    """A version in an address: `uid:number`."""
    return f"{version.resource.uid}:{version.number}"


def named(name: str, resource: Resource, viewer: Viewer) -> Version | None:
    """The version of an address, `uid:number`, if it is one of this kind that the viewer may read."""
    uid, _, number = name.partition(":")
    if not (number.isascii() and number.isdigit()) or len(number) > 6:
        return None
    of_kind = Version.objects.filter(resource__uid=uid, number=int(number), resource__kind=resource.kind)
    return access.narrow(of_kind, viewer, Action.READ).select_related("resource").first()
