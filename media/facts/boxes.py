"""ISO media files (MP4, M4A): length and frame from the `moov` box, nothing decoded (ISO/IEC 14496-12)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

MOST_BOXES = 10_000
LARGEST_MOOV = 64 * 1024 * 1024


class BrokenMedia(ValueError):
    """The boxes do not hold together."""


@dataclass(frozen=True, slots=True)
class IsoFacts:
    """Seconds (None when the file does not say), frame, and which tracks there are."""

    seconds: int | None
    width: int | None
    height: int | None
    has_video: bool
    has_sound: bool


def read_iso(path: Path) -> IsoFacts:
    """The facts of an MP4 or M4A.

    Raises:
        BrokenMedia: there is no `moov`, or its boxes overrun.
    """
    with path.open("rb") as handle:
        moov = _moov(handle, path.stat().st_size)
    try:
        return _facts(moov)
    except struct.error as problem:
        raise BrokenMedia("a box is cut short") from problem


def _moov(handle: IO[bytes], size: int) -> bytes:
    at = 0
    for _ in range(MOST_BOXES):
        handle.seek(at)
        head = handle.read(16)
        if len(head) < 8:
            break
        length, kind = struct.unpack(">I4s", head[:8])
        skip = 8
        if length == 1 and len(head) == 16:
            length, skip = struct.unpack(">Q", head[8:])[0], 16
        if length == 0:
            length = size - at
        if length < skip:
            raise BrokenMedia("a box is shorter than its head")
        if kind == b"moov":
            if at + length > size or length > LARGEST_MOOV:
                raise BrokenMedia("the moov box overruns the file")
            handle.seek(at + skip)
            return handle.read(length - skip)
        at += length
    raise BrokenMedia("no moov box")


def _children(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if length == 0:
            length = len(content) - at
        if length < 8:
            raise BrokenMedia("a box is shorter than its head")
        yield kind, content[at + 8 : at + length]
        at += length


def _facts(moov: bytes) -> IsoFacts:
    seconds: int | None = None
    width = height = 0
    handlers: set[bytes] = set()
    for kind, body in _children(moov):
        if kind == b"mvhd":
            seconds = _seconds(body)
        if kind == b"trak":
            handler, frame = _track(body)
            handlers.add(handler)
            width, height = max((width, height), frame)
    return IsoFacts(seconds, width or None, height or None, b"vide" in handlers, b"soun" in handlers)


def _seconds(mvhd: bytes) -> int | None:
    if mvhd[:1] == b"\x01":
        scale, duration = struct.unpack_from(">IQ", mvhd, 20)
        unknown = 2**64 - 1
    else:
        scale, duration = struct.unpack_from(">II", mvhd, 12)
        unknown = 2**32 - 1
    if not scale or not duration or duration == unknown:
        return None
    seconds = round(duration / scale)
    return seconds if seconds < 2**31 else None


def _track(trak: bytes) -> tuple[bytes, tuple[int, int]]:
    handler, frame = b"", (0, 0)
    for kind, body in _children(trak):
        if kind == b"tkhd":
            at = 88 if body[:1] == b"\x01" else 76
            wide, high = struct.unpack_from(">II", body, at)
            frame = (wide >> 16, high >> 16)
        if kind == b"mdia":
            handler = next((inner[8:12] for box, inner in _children(body) if box == b"hdlr"), b"")
    return handler, frame if handler == b"vide" else (0, 0)
