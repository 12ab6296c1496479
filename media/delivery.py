"""Bytes on the way out: ranges, conditions, names and the headers that keep a user's file from acting as our page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, http_date

from media.ranges import Span, Unsatisfiable, is_unchanged, range_still_holds, span_of
from media.storage import BLOCK, uploads

SANDBOX = "sandbox; default-src 'none'"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes out: stored bytes under a name.

    Attributes:
        etag: quoted, strong.
        attachment: saved by the browser, never shown in it.
    """

    key: str
    name: str
    content_type: str
    etag: str
    modified: datetime
    attachment: bool


def deliver(request: HttpRequest, delivery: Delivery) -> HttpResponseBase:
    """Answer GET and HEAD with the whole, a part, 304 or 416.

    Raises:
        FileNotFoundError: the storage has no such bytes.
    """
    size = uploads().size(delivery.key)
    response = _answer(request, delivery, size)
    for header, value in _headers(delivery).items():
        response.headers[header] = value
    return response


def _answer(request: HttpRequest, delivery: Delivery, size: int) -> HttpResponseBase:
    headers = request.headers
    etag, modified = delivery.etag, delivery.modified
    if is_unchanged(headers.get("If-None-Match", ""), headers.get("If-Modified-Since", ""), etag, modified):
        return HttpResponseNotModified()
    span: Span | None = None
    if request.method == "GET" and range_still_holds(headers.get("If-Range", ""), etag, modified):
        try:
            span = span_of(headers.get("Range", ""), size)
        except Unsatisfiable:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    return _body(request, delivery, span, size)


def _body(request: HttpRequest, delivery: Delivery, span: Span | None, size: int) -> HttpResponseBase:
    sent = span or Span(0, size - 1)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse()
    else:
        response = StreamingHttpResponse(_blocks(delivery.key, sent), status=206 if span else 200)
    response.headers["Content-Type"] = delivery.content_type
    response.headers["Content-Length"] = str(sent.length)
    response.headers["Content-Encoding"] = "identity"  # or else the gzip middleware packs it and its ranges lie
    if span:
        response.headers["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    return response


def _headers(delivery: Delivery) -> dict[str, str]:
    disposition = content_disposition_header(delivery.attachment, delivery.name)
    return {
        "Accept-Ranges": "bytes",
        "ETag": delivery.etag,
        "Last-Modified": http_date(delivery.modified.timestamp()),
        "Cache-Control": "private, no-cache",
        "Content-Disposition": disposition or "inline",
        "Content-Security-Policy": SANDBOX,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


def _blocks(key: str, span: Span) -> Iterator[bytes]:
    with uploads().open(key) as source:
        source.seek(span.first)
        left = span.length
        while left and (block := source.read(min(BLOCK, left))):
            left -= len(block)
            yield block
