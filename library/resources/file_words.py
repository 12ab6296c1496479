"""The words inside a version's files, for search: read by the worker after the upload, never while a page is asked for."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch

from library.resources.models import Resource, Version, VersionFile
from library.resources.services.indexing import SOURCE
from media.conversion.models import BlobWords
from search import outbox

PURPOSES = ("main", "attachment")
TAKEN_PAGES = "第"
"""The places of `pages` in a document: words that an import wrote down when it made the file."""


def attachments() -> Prefetch:
    """Files with their words, in one query for any number of resources."""
    rows = VersionFile.objects.filter(purpose__in=PURPOSES).select_related("file__blob__words")
    return Prefetch("published_version__attachments", queryset=rows)


def passages(version: Version) -> list[tuple[str, str]]:
    """(place, text) of every file whose words were read; with several files the place names the file."""
    read = [(row.file, words) for row in version.attachments.all() if (words := _words(row.file))]
    several = len(read) > 1
    return [
        (f"{file.name} {place}" if several else place, text) for file, words in read for place, text in words.passages
    ]


def _words(file: Any) -> BlobWords | None:
    words = getattr(file.blob, "words", None)
    return words if words is not None and words.passages else None


def without_pages(found: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The written words without those of `pages`: the file itself has been read, which is nearer the truth."""
    return [(place, text) for place, text in found if not place.startswith(TAKEN_PAGES)]


def touch_readers(sender: Any, blob_id: str, **kwargs: Any) -> None:
    """What holds these bytes may be found by more words now."""
    uids = Resource.objects.filter(published_version__attachments__file__blob_id=blob_id).values_list("uid", flat=True)
    outbox.touch_many(SOURCE, uids.distinct())
