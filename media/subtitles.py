"""Subtitles as browsers read them: SRT in any encoding in use here becomes WebVTT in UTF-8."""

import re

from media.safety.texts import encoding_of

_COMMA = re.compile(r"(\d{1,2}:\d{2}:\d{2}),(\d{3})")


def as_webvtt(content: bytes) -> str:
    """WebVTT text of a checked VTT or SRT file."""
    text = content.decode(encoding_of(content) or "utf-8", errors="replace").lstrip("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("WEBVTT"):
        return text
    return f"WEBVTT\n\n{_COMMA.sub(_with_point, text)}"


def _with_point(found: re.Match[str]) -> str:
    return f"{found.group(1)}.{found.group(2)}"
