"""Names that are safe on every disk, in every header and to every eye: no path, no control or bidi character."""

import re
import unicodedata

MOST_BYTES = 200
"""A name must fit a file system's 255 bytes with room for a prefix in a zip."""

UNNAMED = "未命名"
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_name(name: str) -> str:
    """The last part of a path without control characters, reserved words or forbidden signs, at most 200 bytes long."""
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) not in _HIDDEN)
    plain = _FORBIDDEN.sub("_", visible).strip().strip(".").strip()
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    return _shortened(plain) or UNNAMED


def extension_of(name: str) -> str:
    """The extension in lower case without the dot; empty when there is none."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def with_extension(name: str, extension: str) -> str:
    """The name with this extension, kept within the length."""
    old = extension_of(name)
    stem = name[: -len(old) - 1] if old else name
    return _shortened(f"{stem}.{extension}")


def _shortened(name: str) -> str:
    if len(name.encode()) <= MOST_BYTES:
        return name
    extension = extension_of(name)
    tail = f".{extension}" if extension and len(extension.encode()) <= 16 else ""
    stem = name[: -len(tail)] if tail else name
    room = MOST_BYTES - len(tail.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + tail
