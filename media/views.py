"""A file, its pages, its thumbnail, its subtitles: each after the same rule, asked anew on every request."""

import logging
import zipfile
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from groups.access import Action
from groups.middleware import ViewerRequest
from media import containers
from media.delivery import SANDBOX, Delivery, deliver
from media.models import File
from media.previews import CONTENT_TYPE, PAGE, THUMBNAIL, NoPreview, Size, preview
from media.safety.archives import entry_name
from media.safety.names import clean_name, extension_of, with_extension
from media.signals import taken
from media.storage import uploads
from media.subtitles import as_webvtt

logger = logging.getLogger(__name__)

SHOWN_INLINE = frozenset({File.Family.PICTURE, File.Family.AUDIO, File.Family.VIDEO})
"""Families whose very bytes are the reading of them; any other file's bytes leave as a download."""
LISTED = 200


@require_safe
def file(request: HttpRequest, uid: str, name: str) -> HttpResponseBase:
    """The bytes. `?download=1` saves them, `&name=` under another stem."""
    found = _found(uid)
    inline = _is_inline(found) and "download" not in request.GET
    viewer = cast(ViewerRequest, request).viewer
    containers.require(viewer, found, Action.READ if inline else Action.DOWNLOAD)
    delivery = Delivery(
        key=found.blob.path,
        name=_saved_as(found, request.GET.get("name", "")),
        content_type=found.content_type,
        etag=f'"{found.blob.sha256}"',
        modified=found.uploaded_at,
        attachment=not inline,
    )
    response = _delivered(request, found, delivery)
    if not inline and request.method == "GET" and response.status_code == 200:
        taken.send(sender=File, file=found, viewer=viewer)
    return response


@require_safe
def page(request: HttpRequest, uid: str, number: int) -> HttpResponseBase:
    """One page of a PDF as a picture."""
    found = _readable(request, uid)
    if found.family != File.Family.PDF:
        raise Http404
    return _preview(request, found, PAGE, number)


@require_safe
def thumbnail(request: HttpRequest, uid: str) -> HttpResponseBase:
    """A small picture of a picture or of a PDF's first page."""
    found = _readable(request, uid)
    if found.family not in (File.Family.PDF, File.Family.PICTURE):
        raise Http404
    return _preview(request, found, THUMBNAIL, 1)


@require_safe
def track(request: HttpRequest, uid: str) -> HttpResponse:
    """Subtitles as WebVTT."""
    found = _readable(request, uid)
    if not found.is_subtitles:
        raise Http404
    try:
        with uploads().open(found.blob.path) as source:
            text = as_webvtt(source.read())
    except FileNotFoundError:
        return _missing(request, found)
    headers = {"Cache-Control": "private, no-cache", "Content-Security-Policy": SANDBOX}
    return HttpResponse(text, content_type="text/vtt; charset=utf-8", headers=headers)


@require_safe
def show(request: HttpRequest, uid: str) -> HttpResponse:
    """The preview as a page of its own, or with `?partial=1` as a piece for a side panel."""
    found = _readable(request, uid)
    template = "media/preview.html" if "partial" in request.GET else "media/preview_page.html"
    return render(request, template, {"file": found, "title": found.name})


@require_safe
def contents(request: HttpRequest, uid: str) -> HttpResponse:
    """What lies in a zip, by the names its maker gave."""
    found = _readable(request, uid)
    if found.family != File.Family.ARCHIVE:
        raise Http404
    try:
        with uploads().open(found.blob.path) as source, zipfile.ZipFile(source) as archive:
            names = [clean_path(entry_name(entry)) for entry in archive.infolist() if not entry.is_dir()]
    except FileNotFoundError:
        return _missing(request, found)
    rest = max(len(names) - LISTED, 0)
    return render(request, "media/contents.html", {"file": found, "names": names[:LISTED], "rest": rest})


def clean_path(path: str) -> str:
    """A path inside an archive, each part safe to show."""
    return "/".join(clean_name(part) for part in path.replace("\\", "/").split("/") if part)


def _found(uid: str) -> File:
    return get_object_or_404(File.objects.select_related("blob__twin", "pdf_twin"), uid=uid)


def _readable(request: HttpRequest, uid: str) -> File:
    found = _found(uid)
    containers.require(cast(ViewerRequest, request).viewer, found, Action.READ)
    return found


def _is_inline(found: File) -> bool:
    return found.family in SHOWN_INLINE or found.content_type.startswith("text/vtt")


def _saved_as(found: File, wanted: str) -> str:
    """The name under which a browser saves the file; the extension is always that of the content."""
    if not wanted:
        return found.name
    name, extension = clean_name(wanted), extension_of(found.name)
    return name if extension_of(name) == extension else with_extension(f"{name}.{extension}", extension)


def _preview(request: HttpRequest, found: File, size: Size, number: int) -> HttpResponseBase:
    try:
        key = preview(found, size, number)
    except NoPreview as problem:
        raise Http404 from problem
    except FileNotFoundError:
        return _missing(request, found)
    etag = f'"{found.blob.sha256}-{size.name}-{number}"'
    delivery = Delivery(key, f"{number}.webp", CONTENT_TYPE, etag, found.uploaded_at, attachment=False)
    return _delivered(request, found, delivery)


def _delivered(request: HttpRequest, found: File, delivery: Delivery) -> HttpResponseBase:
    try:
        return deliver(request, delivery)
    except FileNotFoundError:
        return _missing(request, found)


def _missing(request: HttpRequest, found: File) -> HttpResponse:
    """The row is there and the bytes are not: said to the reader, and to whoever reads the log."""
    logger.error("bytes missing in storage: file %s, blob %s", found.uid, found.blob_id)
    return render(request, "media/missing.html", {"file": found}, status=404)
