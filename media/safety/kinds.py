"""The kinds of file that are taken, and how the first bytes tell them apart."""

import re
from dataclasses import dataclass

import filetype

from media.models import File
from media.safety.problems import refused

Family = File.Family
HEAD = 8192


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: what a teacher calls it, its type, its family, the extensions it may carry."""

    key: str
    label: str
    content_type: str
    family: File.Family
    extensions: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("jpeg", "JPEG 图片", "image/jpeg", Family.PICTURE, ("jpg", "jpeg", "jpe")),
        Kind("png", "PNG 图片", "image/png", Family.PICTURE, ("png",)),
        Kind("gif", "GIF 图片", "image/gif", Family.PICTURE, ("gif",)),
        Kind("webp", "WebP 图片", "image/webp", Family.PICTURE, ("webp",)),
        Kind("pdf", "PDF", "application/pdf", Family.PDF, ("pdf",)),
        Kind("mp3", "MP3 音频", "audio/mpeg", Family.AUDIO, ("mp3",)),
        Kind("m4a", "M4A 音频", "audio/mp4", Family.AUDIO, ("m4a", "mp4")),
        Kind("wav", "WAV 音频", "audio/wav", Family.AUDIO, ("wav",)),
        Kind("ogg", "Ogg 音频", "audio/ogg", Family.AUDIO, ("ogg", "oga", "opus")),
        Kind("mp4", "MP4 视频", "video/mp4", Family.VIDEO, ("mp4", "m4v")),
        Kind("webm", "WebM 视频", "video/webm", Family.VIDEO, ("webm",)),
        Kind("docx", "Word 文档", f"{_OFFICE}wordprocessingml.document", Family.WORD, ("docx",)),
        Kind("pptx", "演示文稿", f"{_OFFICE}presentationml.presentation", Family.SLIDES, ("pptx", "ppsx")),
        Kind("xlsx", "Excel 表格", f"{_OFFICE}spreadsheetml.sheet", Family.SHEET, ("xlsx",)),
        Kind("doc", "旧版 Word 文档", "application/msword", Family.WORD, ("doc", "wps")),
        Kind("ppt", "旧版演示文稿", "application/vnd.ms-powerpoint", Family.SLIDES, ("ppt", "pps", "dps")),
        Kind("xls", "旧版 Excel 表格", "application/vnd.ms-excel", Family.SHEET, ("xls", "et")),
        Kind("zip", "压缩包", "application/zip", Family.ARCHIVE, ("zip",)),
        Kind("txt", "文本", "text/plain", Family.OTHER, ("txt", "md")),
        Kind("csv", "CSV 表格", "text/csv", Family.SHEET, ("csv",)),
        Kind("srt", "SRT 字幕", "application/x-subrip", Family.OTHER, ("srt",)),
        Kind("vtt", "VTT 字幕", "text/vtt", Family.OTHER, ("vtt",)),
    )
}
TEXTS = ("txt", "csv", "srt", "vtt")
TAKEN = "这里收 Word、PowerPoint、Excel、PDF、图片、音视频、字幕和 zip"
_BY_MIME = {kind.content_type: kind.key for kind in KINDS.values()} | {
    "audio/x-wav": "wav",
    "application/ogg": "ogg",
}
_SNIFFABLE = ("jpeg", "png", "gif", "webp", "pdf", "mp3", "wav", "ogg", "webm")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!")
_NOT_TAKEN: dict[str, tuple[str, str]] = {
    "image/heic": ("HEIC 图片", "在手机相册里另存为 JPG 再传就可以"),
    "image/avif": ("AVIF 图片", "请另存为 JPG 或 PNG 后再传"),
    "image/bmp": ("BMP 图片", "请另存为 PNG 后再传"),
    "image/tiff": ("TIFF 图片", "请另存为 JPG 或 PNG 后再传"),
    "image/vnd.adobe.photoshop": ("Photoshop 源文件", "请导出为 PNG 后再传"),
    "video/quicktime": ("QuickTime 视频", "请另存为 MP4 后再传"),
    "video/x-matroska": ("MKV 视频", "请另存为 MP4 后再传"),
    "video/x-msvideo": ("AVI 视频", "请另存为 MP4 后再传"),
    "video/x-ms-wmv": ("WMV 视频", "请另存为 MP4 后再传"),
    "video/x-flv": ("FLV 视频", "请另存为 MP4 后再传"),
    "video/mpeg": ("MPEG 视频", "请另存为 MP4 后再传"),
    "video/ogg": ("Ogg 视频", "请另存为 MP4 后再传"),
    "application/x-rar-compressed": ("RAR 压缩包", "请重新打成 zip 后再传"),
    "application/x-7z-compressed": ("7z 压缩包", "请重新打成 zip 后再传"),
    "application/gzip": ("gzip 压缩包", "请重新打成 zip 后再传"),
    "application/x-tar": ("tar 压缩包", "请重新打成 zip 后再传"),
    "application/x-shockwave-flash": ("Flash 动画", "浏览器已不能播放它，请录成 MP4 后再传"),
    "application/rtf": ("RTF 文档", "请另存为 .docx 后再传"),
}
_WEB = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe|img|form|meta|php|\?php)[\s>/]", re.IGNORECASE)


def sniff(head: bytes, name: str) -> str:
    """The key of the kind that the first bytes show; `zip`, `ole`, `iso` (ISO media) and `text` are decided further on.

    Raises:
        UnsafeFile: a program, or a kind that is not taken.
    """
    if (head.startswith(_PROGRAMS) and not head.startswith(b"#!")) or head.startswith(b"#!/"):
        raise refused(name, "program", "是程序文件", TAKEN)
    if head[4:8] == b"ftyp":
        return _iso(head, name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if head[:1] == b"\xff" and head[1:2] and head[1] & 0xE6 == 0xE2:  # an MPEG layer III frame without a tag
        return "mp3"
    if head.startswith(b"OggS") and b"\x80theora" in head:
        raise _other("video/ogg", name)
    guess = filetype.guess(head)
    mime = guess.mime if guess else ""
    if mime in _NOT_TAKEN:
        raise _other(mime, name)
    key = _BY_MIME.get(mime, "")
    return key if key in _SNIFFABLE else "text"


def _iso(head: bytes, name: str) -> str:
    brand = head[8:12]
    if brand == b"qt  ":
        raise _other("video/quicktime", name)
    if brand in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        raise _other("image/heic", name)
    if brand in (b"avif", b"avis"):
        raise _other("image/avif", name)
    return "iso"


def _other(mime: str, name: str) -> Exception:
    label, step = _NOT_TAKEN[mime]
    return refused(name, "not_taken", f"是{spaced(label)}", step)


def spaced(label: str) -> str:
    """A label as it follows a Chinese word: with a space before Latin letters."""
    return f" {label}" if label[0].isascii() else label


def looks_like_a_web_page(head: bytes) -> bool:
    """HTML or a script page, whatever the name says."""
    return bool(_WEB.search(head[:2048]))


def looks_like_svg(head: bytes) -> bool:
    return b"<svg" in head[:4096].lower()
