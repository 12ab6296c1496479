"""课时包: parts pinned or following, a meter of what is still missing, and everything in one zip."""

import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.core.files.storage import storages
from django.db import transaction

from groups.access import Action, narrow
from groups.models import Organisation, Person
from groups.viewer import Viewer
from library.documents import schema
from library.documents.fields import ordered
from library.documents.order import spread
from library.documents.package import PackageDocument, Part
from library.resources import kinds, papers
from library.resources.models import Derivation, Resource, Version
from library.resources.services.reuse import forbidden_by_licence, fork

RECORD = "资料.json"
IN_MEMORY = 8 * 1024 * 1024
COPY_BLOCK = 256 * 1024
BAD_IN_NAMES = str.maketrans(dict.fromkeys([*'\\/:*?"<>|\x7f', *map(chr, range(32))], "_"))


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part that the viewer may read: its row id, its resource and the version that stands for it."""

    key: str
    part: Part
    resource: Resource
    version: Version


@dataclass(frozen=True, slots=True)
class Meter:
    """How whole a package is (完成度): kinds asked for, kinds there, per cent."""

    wanted: tuple[kinds.KindSpec, ...]
    present: frozenset[str]

    @property
    def percent(self) -> int:
        return round(100 * len(self.present & {s.kind for s in self.wanted}) / len(self.wanted)) if self.wanted else 0

    @property
    def missing(self) -> list[kinds.KindSpec]:
        return [spec for spec in self.wanted if spec.kind not in self.present]


def document_with(resources: Sequence[Resource], *, pinned: bool = True) -> PackageDocument:
    """A package document of these resources in order, pinned to what is published now or following."""
    keys = spread(len(resources))
    rows = {
        resource.uid: Part(
            order=key,
            resource=resource.uid,
            version=resource.published_version.number if pinned and resource.published_version else None,
            role=kinds.spec_of(resource.kind).label,
        )
        for key, resource in zip(keys, resources, strict=True)
    }
    return PackageDocument(parts=rows)


def parts_for(document: PackageDocument, viewer: Viewer, action: Action = Action.READ) -> list[PartShown]:
    """Parts on which the viewer may do `action`, in order, in three queries. What they may not is left out without a gap."""
    rows = ordered(document.parts)
    uids = [row.resource for _, row in rows]
    found = narrow(Resource.objects.filter(uid__in=uids), viewer, action).select_related("published_version", "owner")
    resources = {resource.uid: resource for resource in found}
    pinned = Version.objects.filter(resource__in=resources.values(), published_at__isnull=False)
    versions = {(v.resource_id, v.number): v for v in pinned}
    shown = []
    for key, row in rows:
        resource = resources.get(row.resource)
        if resource is None:
            continue
        version = versions.get((resource.pk, row.version or 0)) or resource.published_version
        if version is not None:
            shown.append(PartShown(key, row, resource, version))
    return shown


def meter(shown: Iterable[PartShown]) -> Meter:
    return Meter(tuple(kinds.package_kinds()), frozenset(part.resource.kind for part in shown))


@transaction.atomic
def take_over(
    *, package: Version, by: Person, school: Organisation | None, viewer: Viewer, at: datetime
) -> tuple[Resource, list[Resource]]:
    """整包收入备课: fork the package and every part that the rule and its licence allow.

    Returns the package's fork and the parts'.
    """
    mine = fork(version=package, by=by, school=school, at=at, relation=Derivation.Relation.BASED_ON)
    document = schema.load(PackageDocument, package.document)
    parts = parts_for(document, viewer, Action.FORK)
    free = [part for part in parts if not forbidden_by_licence(part.resource, by, at)]
    return mine, [fork(version=part.version, by=by, school=school, at=at) for part in free]


def write_zip(package: Version, shown: Sequence[PartShown], viewer: Viewer) -> IO[bytes]:
    """Everything of a package in one zip, with `manifest.json`; the caller closes the file.

    Names are Chinese and numbered in the package's order: `01_教学设计_梯形的面积/…`.
    """
    target: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        entries = []
        for number, part in enumerate(shown, 1):
            folder = f"{number:02}_{kinds.spec_of(part.resource.kind).label}_{safe_name(part.version.title)}"
            entries.append(_manifest_entry(part, list(write_version(archive, part.version, folder, viewer))))
        manifest = {
            "package": package.resource.uid,
            "title": package.title,
            "version": package.number,
            "parts": entries,
        }
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2))
    target.seek(0)
    return target


def write_version(archive: zipfile.ZipFile, version: Version, folder: str, viewer: Viewer) -> Iterator[str]:
    """Write one version's composed text and attachments below `folder`, as `viewer` may have them; yields the names."""
    spec = kinds.spec_of(version.resource.kind)
    for exported in (*spec.exported(version, viewer), *papers.exported(version, viewer)):
        archive.writestr(f"{folder}/{safe_name(exported.name)}", exported.content)
        yield f"{folder}/{safe_name(exported.name)}"
    archive.writestr(f"{folder}/{RECORD}", json.dumps(papers.record(version), ensure_ascii=False, indent=2))
    yield f"{folder}/{RECORD}"
    used: set[str] = set()
    for attachment in version.attachments.select_related("file__blob"):
        name = f"{folder}/{_unused(safe_name(attachment.file.name), used)}"
        with storages["uploads"].open(attachment.file.blob.path) as source, archive.open(name, "w") as out:
            while block := source.read(COPY_BLOCK):
                out.write(block)
        yield name


def safe_name(name: str) -> str:
    """A file name that Windows, macOS and a phone accept."""
    return name.translate(BAD_IN_NAMES).strip(" .")[:120] or "未命名"


def _unused(name: str, used: set[str]) -> str:
    stem, dot, suffix = name.rpartition(".")
    candidate, number = name, 2
    while candidate in used:
        candidate = f"{stem or suffix}（{number}）{dot}{suffix if stem else ''}"
        number += 1
    used.add(candidate)
    return candidate


def _manifest_entry(part: PartShown, names: list[str]) -> dict[str, Any]:
    return {
        "uid": part.resource.uid,
        "kind": part.resource.kind,
        "title": part.version.title,
        "version": part.version.number,
        "sha256": part.version.sha256,
        "author": part.resource.owner.name,
        "files": names,
    }
