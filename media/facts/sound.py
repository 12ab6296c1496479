"""Seconds of MP3, WAV and Ogg files, from their headers."""

import struct
from pathlib import Path

from media.facts.boxes import BrokenMedia

_WINDOW = 256 * 1024
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_KBPS_V1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_V2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def read_mp3(path: Path) -> int | None:
    """Seconds of an MPEG layer III file, from its Xing or VBRI header or else its bit rate.

    Raises:
        BrokenMedia: no frame follows the tag.
    """
    size = path.stat().st_size
    with path.open("rb") as handle:
        begin = _after_tag(handle.read(10))
        handle.seek(begin)
        window = handle.read(_WINDOW)
    at = 0
    while (at := window.find(b"\xff", at)) != -1 and at + 4 <= len(window):
        frame = _frame(window[at : at + 4])
        if frame:
            return _mp3_seconds(window[at:], frame, size - begin - at)
        at += 1
    raise BrokenMedia("no MPEG frame")


def _after_tag(head: bytes) -> int:
    if not head.startswith(b"ID3") or len(head) < 10:
        return 0
    a, b, c, d = (byte & 0x7F for byte in head[6:10])
    return 10 + (a << 21 | b << 14 | c << 7 | d)


def _frame(head: bytes) -> tuple[int, int, int] | None:
    """(rate, samples a frame, kbit/s) of a layer III header."""
    if head[1] & 0xE0 != 0xE0 or (head[1] >> 1) & 3 != 1:
        return None
    version, kbps_at, rate_at = (head[1] >> 3) & 3, head[2] >> 4, (head[2] >> 2) & 3
    if version == 1 or rate_at == 3 or kbps_at in (0, 15):
        return None
    kbps = (_KBPS_V1 if version == 3 else _KBPS_V2)[kbps_at]
    return _RATES[version][rate_at], 1152 if version == 3 else 576, kbps


def _mp3_seconds(frame: bytes, facts: tuple[int, int, int], size: int) -> int:
    rate, samples, kbps = facts
    head = frame[:256]
    for mark in (b"Xing", b"Info"):
        at = head.find(mark)
        if at != -1 and head[at + 7 : at + 8] and head[at + 7] & 1 and len(head) >= at + 12:
            return round(struct.unpack_from(">I", head, at + 8)[0] * samples / rate)
    at = head.find(b"VBRI")
    if at != -1 and len(head) >= at + 18:
        return round(struct.unpack_from(">I", head, at + 14)[0] * samples / rate)
    return round(size * 8 / (kbps * 1000))


def read_wav(path: Path) -> int | None:
    """Seconds of a RIFF WAVE file.

    Raises:
        BrokenMedia: it has no format or no data.
    """
    head = _head(path)
    per_second, at = 0, 12
    while at + 8 <= len(head):
        kind, length = struct.unpack_from("<4sI", head, at)
        if kind == b"fmt " and at + 20 <= len(head):
            per_second = struct.unpack_from("<I", head, at + 16)[0]
        if kind == b"data" and per_second:
            return round(min(length, path.stat().st_size - at) / per_second)
        at += 8 + length + length % 2
    raise BrokenMedia("no format or no data")


def _head(path: Path) -> bytes:
    with path.open("rb") as handle:
        return handle.read(_WINDOW)


def read_ogg(path: Path) -> int | None:
    """Seconds of an Ogg Vorbis or Opus file; None when it does not say."""
    size = path.stat().st_size
    head = _head(path)
    with path.open("rb") as handle:
        handle.seek(max(0, size - 65_536))
        tail = handle.read()
    last = tail.rfind(b"OggS")
    vorbis, rate = head.find(b"\x01vorbis"), 0
    if vorbis != -1 and len(head) >= vorbis + 16:
        rate = struct.unpack_from("<I", head, vorbis + 12)[0]
    elif b"OpusHead" in head[:4096]:
        rate = 48_000
    if not rate or last == -1 or len(tail) < last + 14:
        return None
    granule = struct.unpack_from("<q", tail, last + 6)[0]
    return round(granule / rate) if 0 < granule < rate * 1_000_000 else None
