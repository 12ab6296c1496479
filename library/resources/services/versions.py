"""Cutting immutable versions from the working copy."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from groups.models import Person
from library.resources.models import Resource, Version, VersionFile, WorkingCopy


def digest(title: str, document: Any, files: Sequence[tuple[str, str]]) -> str:
    """SHA-256 (hex) of title, document and files (blob hash, purpose), in canonical JSON."""
    canonical = json.dumps([title, document, files], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@transaction.atomic
def cut_version(
    *, resource: Resource, by: Person, at: datetime, label: str = "", reason: str = "", even_unchanged: bool = False
) -> Version:
    """Freeze the working copy. An unchanged text gives the version it already has, not a second one.

    Args:
        even_unchanged: a second one all the same: what a group settles is a version of its own.
    """
    copy = WorkingCopy.objects.select_for_update().prefetch_related("attachments__file__blob").get(resource=resource)
    files = [(a.file.blob_id, a.purpose) for a in copy.attachments.all()]
    sha256 = digest(copy.title, copy.document, files)
    last = resource.versions.order_by("-number").first()
    if last is not None and last.sha256 == sha256 and not even_unchanged:
        return last
    number = (resource.versions.aggregate(top=Max("number"))["top"] or 0) + 1
    version = Version.objects.create(
        resource=resource,
        number=number,
        title=copy.title,
        document=copy.document,
        sha256=sha256,
        label=label or f"第{number}版",
        reason=reason,
        cut_by=by,
        cut_at=at,
    )
    VersionFile.objects.bulk_create(
        VersionFile(version=version, file=a.file, purpose=a.purpose, order=a.order) for a in copy.attachments.all()
    )
    return version
