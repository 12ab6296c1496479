"""`{% load media %}{% file_preview file title %}`: how the packages above show a file in their pages."""

from collections.abc import Iterable
from typing import Any

from django import template

from media.models import File

register = template.Library()


@register.inclusion_tag("media/preview.html")
def file_preview(
    file: File,
    title: str = "",
    *,
    subtitles: Iterable[File] = (),
    chapters: Iterable[Any] = (),
    view_only: bool = False,
    download_url: str = "",
) -> dict[str, Any]:
    """The picture, the pages, the player or the card. Load `file__blob__twin` and `file__pdf_twin` with the files.

    Args:
        chapters: things with `start` in seconds and `title`.
        view_only: the reader may look and not take, so no download is offered.
        download_url: where the download leads instead of the file's own address, to name it.
    """
    return {
        "file": file,
        "title": title,
        "subtitles": list(subtitles),
        "chapters": list(chapters),
        "view_only": view_only,
        "download_url": download_url,
    }
