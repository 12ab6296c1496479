"""Plain text: what decodes, and is neither a web page nor a virus sample."""

from pathlib import Path

from media.safety.problems import refused

ENCODINGS = ("utf-8", "gb18030")
_BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_TEST_VIRUS = b"EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE"


def refuse_virus(head: bytes, name: str) -> None:
    """The signature that every scanner knows.

    Raises:
        UnsafeFile: it is there.
    """
    if _TEST_VIRUS in head:
        raise refused(name, "virus", "被安全检查拦下，可能带有病毒", "请先在电脑上杀毒后再传")


def check_text(path: Path, extension: str, name: str) -> str:
    """The encoding.

    Raises:
        UnsafeFile: no text in an encoding in use here, or no subtitles though the name says so.
    """
    content = path.read_bytes()
    encoding = encoding_of(content)
    if encoding is None:
        raise refused(name, "not_text", "里有读不懂的字符", "请用记事本打开，另存为 UTF-8 后再传")
    text = content.decode(encoding).lstrip("\ufeff")
    if extension == "vtt" and not text.startswith("WEBVTT"):
        raise refused(name, "not_subtitles", "不是 VTT 字幕，开头缺 WEBVTT 一行", "请用字幕软件重新导出后再传")
    if extension == "srt" and "-->" not in text:
        raise refused(name, "not_subtitles", "不是 SRT 字幕，里面没有时间", "请用字幕软件重新导出后再传")
    return encoding


def encoding_of(content: bytes) -> str | None:
    """UTF-8, GBK, or UTF-16 with its mark; None for anything else and for bytes that no text has."""
    for mark, encoding in _BOMS.items():
        if content.startswith(mark):
            return encoding if _decodes(content, encoding) else None
    if b"\0" in content:
        return None
    return next((encoding for encoding in ENCODINGS if _decodes(content, encoding)), None)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
