"""The order in which an upload is looked at: name, size, first bytes, then what its kind asks for."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from media.facts.boxes import BrokenMedia, read_iso
from media.facts.sound import read_mp3, read_ogg, read_wav
from media.safety import kinds
from media.safety.archives import MEGABYTE, check_zip
from media.safety.kinds import KINDS, Kind
from media.safety.names import clean_name, extension_of, with_extension
from media.safety.office import check_ole, check_ooxml
from media.safety.pdf import check_pdf
from media.safety.pictures import check_picture
from media.safety.problems import refused, shown
from media.safety.texts import check_text, refuse_virus

_SOUNDS = {"mp3": read_mp3, "wav": read_wav, "ogg": read_ogg}
_WEB_NAMES = frozenset({"html", "htm", "xhtml", "mht", "svg", "svgz", "xml", "js", "mjs", "css", "php", "jsp", "asp"})
_PROGRAM_NAMES = frozenset({"bat", "cmd", "vbs", "ps1", "sh", "py", "reg", "lnk", "hta", "url"})


@dataclass(frozen=True, slots=True)
class Finding:
    """An accepted file.

    Attributes:
        replacement: a neutralised copy that is to be kept instead; the caller removes it.
        note: what was changed, as a sentence for the teacher; empty when nothing was.
    """

    kind: Kind
    name: str
    content_type: str
    note: str = ""
    replacement: Path | None = None
    duration: int | None = None
    width: int | None = None
    height: int | None = None
    pages: int | None = None


def inspect(path: Path, name: str) -> Finding:
    """Look at a file on the local disk.

    Raises:
        UnsafeFile: it is not taken; the sentence says why and what to do.
    """
    clean = clean_name(name)
    size = path.stat().st_size
    if not size:
        raise refused(clean, "empty", "是空的（0 字节）", "可能没有保存好，请打开看看，再传一次")
    with path.open("rb") as handle:
        head = handle.read(kinds.HEAD)
    refuse_virus(head, clean)
    found = _look_inside(path, clean, head)
    _refuse_large(found.kind, size, clean)
    return found


def _look_inside(path: Path, name: str, head: bytes) -> Finding:
    key = kinds.sniff(head, name)
    if key == "zip":
        return _zipped(path, name)
    if key == "ole":
        return _named(KINDS[check_ole(path, name)], name)
    if key == "iso":
        return _iso(path, name)
    if key == "pdf":
        pages, copy, note = check_pdf(path, name)
        return _named(KINDS["pdf"], name, pages=pages, replacement=copy, note=note)
    if key == "text":
        return _text(path, name, head)
    if key in _SOUNDS:
        return _sound(path, name, key)
    if key == "webm":
        return _named(KINDS["webm"], name)
    found = _named(KINDS[key], name)
    width, height = check_picture(path, name)
    return _named(found.kind, name, width=width, height=height)


def _zipped(path: Path, name: str) -> Finding:
    key, copy, note = check_ooxml(path, name)
    if key == "zip":
        _named(KINDS["zip"], name)
        check_zip(path, name)
    return _named(KINDS[key], name, replacement=copy, note=note)


def _iso(path: Path, name: str) -> Finding:
    try:
        facts = read_iso(path)
    except BrokenMedia as problem:
        raise refused(name, "damaged", "不完整，可能没有传完", "请检查原文件能否播放，再传一次") from problem
    if not facts.has_video and not facts.has_sound:
        raise refused(name, "damaged", "里没有声音也没有画面", "请检查原文件能否播放，再传一次")
    kind = KINDS["mp4" if facts.has_video else "m4a"]
    return _named(kind, name, duration=facts.seconds, width=facts.width, height=facts.height)


def _sound(path: Path, name: str, key: str) -> Finding:
    try:
        seconds = _SOUNDS[key](path)
    except BrokenMedia as problem:
        raise refused(name, "damaged", "不是能播放的音频，或者已经损坏", "请另存为 MP3 后再传") from problem
    return _named(KINDS[key], name, duration=seconds)


def _text(path: Path, name: str, head: bytes) -> Finding:
    extension = extension_of(name)
    if extension.startswith("svg") or kinds.looks_like_svg(head):
        _refuse_svg(head, name)
    if extension in _WEB_NAMES or kinds.looks_like_a_web_page(head):
        wanted = _kind_named(extension)
        what = f"其实是网页，不是{kinds.spaced(wanted.label)}" if wanted else "是网页文件"
        step = "请另存为 JPG 或 PNG 后再传" if wanted and wanted.key in ("jpeg", "png", "gif") else kinds.TAKEN
        raise refused(name, "web_page", what, step)
    if extension in _PROGRAM_NAMES:
        raise refused(name, "program", f"是程序文件（.{extension}）", kinds.TAKEN)
    kind = _kind_named(extension)
    if kind is None or kind.key not in kinds.TEXTS:
        raise _unreadable(kind, name)
    if path.stat().st_size > settings.UPLOAD_LIMITS_MB["other"] * MEGABYTE:
        _refuse_large(KINDS["txt"], path.stat().st_size, name)
    encoding = check_text(path, extension, name)
    return _named(kind, name, content_type=f"{kind.content_type}; charset={encoding}")


def _refuse_svg(head: bytes, name: str) -> None:
    if b"<!ENTITY" in head:
        raise refused(name, "entities", "里有会无限膨胀的内容", "请另存为 PNG 后再传")
    raise refused(name, "svg", "是 SVG 图，里面可以藏脚本", "请另存为 PNG 后再传")


def _unreadable(wanted: Kind | None, name: str) -> Exception:
    if wanted is not None and wanted.family == kinds.Family.PICTURE:
        return refused(name, "not_a_picture", "不是能显示的图片", "请另存为 JPG 或 PNG 后再传")
    if wanted is not None:
        what = f"不是能打开的{kinds.spaced(wanted.label)}，可能没有传完或加了密"
        return refused(name, "damaged", what, "请检查原文件能否打开，再传一次")
    return refused(name, "not_taken", "是这里不收的格式", kinds.TAKEN)


def _kind_named(extension: str) -> Kind | None:
    return next((kind for kind in KINDS.values() if extension in kind.extensions), None)


def _named(kind: Kind, name: str, *, content_type: str = "", note: str = "", **facts: object) -> Finding:
    """The finding under a name whose extension says what the file is.

    Raises:
        UnsafeFile: the name says that it is something else altogether.
    """
    extension = extension_of(name)
    if extension not in kind.extensions:
        wanted = _kind_named(extension)
        if extension and (wanted is None or wanted.family != kind.family):
            _refuse_mismatch(kind, wanted, name)
        renamed = with_extension(name, kind.extensions[0])
        note = note or f"《{shown(name)}》其实是{kinds.spaced(kind.label)}，已改名为《{shown(renamed)}》。"
        name = renamed
    return Finding(kind, name, content_type or kind.content_type, note, **facts)  # type: ignore[arg-type]


def _refuse_mismatch(kind: Kind, wanted: Kind | None, name: str) -> None:
    step = f"请把扩展名改成 .{kind.extensions[0]} 再传，或者重新选择文件"
    if wanted is None:
        raise refused(name, "mismatch", f"其实是{kinds.spaced(kind.label)}，名字的扩展名对不上", step)
    raise refused(name, "mismatch", f"其实是{kinds.spaced(kind.label)}，不是{kinds.spaced(wanted.label)}", step)


def _refuse_large(kind: Kind, size: int, name: str) -> None:
    limit = settings.UPLOAD_LIMITS_MB[kind.family]
    if size > limit * MEGABYTE:
        what = f"有 {size / MEGABYTE:.0f} MB，{kind.label}最大 {limit} MB"
        raise refused(name, "too_large", what, "请压缩或拆分后再传")
