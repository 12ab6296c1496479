"""Office files: OOXML looked into part by part, old OLE files recognised for download alone.

Any document type declaration refuses the file, for OOXML has none: that is where entity bombs and file-reading
entities live. Links by which an office program would fetch something on opening are cut; the text stays.
"""

import mmap
import shutil
import zipfile
from pathlib import Path
from pyexpat import ExpatError, ParserCreate
from xml.sax.saxutils import quoteattr

from defusedxml.ElementTree import fromstring

from media.safety.archives import UNREADABLE, Budget, opened, read_entry
from media.safety.problems import UnsafeFile, refused, shown

TYPES = "[Content_Types].xml"
SAVE_AGAIN = "请用办公软件打开，另存为新的文件后再传"
_MAIN = {
    b"wordprocessingml.document.main+xml": "docx",
    b"presentationml.presentation.main+xml": "pptx",
    b"presentationml.slideshow.main+xml": "pptx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
}
_MACROS = {"docx": ".docx", "docm": ".docx", "xlsm": ".xlsx", "xlsx": ".xlsx", "pptm": ".pptx", "pptx": ".pptx"}
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_FETCHED = ("attachedTemplate", "image", "oleObject", "frame", "subDocument", "externalLinkPath", "package")
"""Relationship types whose target an office program reads without being asked; a hyperlink is not one."""
_STREAMS = (("WordDocument", "doc"), ("PowerPoint Document", "ppt"), ("Workbook", "xls"), ("Book", "xls"))


class _Declared(Exception):
    """A part declares a document type."""


def check_ooxml(path: Path, name: str) -> tuple[str, Path | None, str]:
    """The kind, a neutralised copy if one was needed, and the note about it; kind `zip` for any other archive.

    Raises:
        UnsafeFile: macros, declarations, a bomb, damage, a format that is not taken.
    """
    with opened(path, name) as archive:
        names = set(archive.namelist())
        if TYPES not in names:
            _refuse_open_document(archive, names, name)
            return "zip", None, ""
        Budget(name).take(archive, path.stat().st_size)
        types = read_entry(archive, archive.getinfo(TYPES), name)
        _refuse_macros(types, names, name)
        kind = next((key for mark, key in _MAIN.items() if mark in types), None)
        if kind is None:
            raise refused(name, "not_taken", "不是能打开的 Word、PowerPoint 或 Excel 文件", SAVE_AGAIN)
        remote = _check_parts(archive, name)
        if not remote:
            return kind, None, ""
        return kind, _cut(archive, remote, path, name), f"《{shown(name)}》连着网上的内容，已断开，文字都在。"


def _refuse_open_document(archive: zipfile.ZipFile, names: set[str], name: str) -> None:
    if "mimetype" in names and b"opendocument" in read_entry(archive, archive.getinfo("mimetype"), name)[:200]:
        raise refused(name, "not_taken", "是 OpenDocument 文件", "请另存为 .docx、.pptx 或 .xlsx 后再传")


def _refuse_macros(types: bytes, names: set[str], name: str) -> None:
    if b"macroEnabled" in types or any(part.lower().endswith("vbaproject.bin") for part in names):
        better = _MACROS.get(name.rpartition(".")[2].lower(), "不含宏的文件")
        raise UnsafeFile("macros", f"《{shown(name)}》含宏，已拦下。另存为 {better} 再传就可以。")


def _check_parts(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    """Every XML part read once; the relationship parts that fetch something, already cut."""
    remote: dict[str, bytes] = {}
    for entry in archive.infolist():
        if entry.flag_bits & 0x1:
            raise refused(name, "locked", "加了打开密码", "请去掉密码，另存后再传")
        if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        _refuse_declarations(archive, entry, name)
        if entry.filename.endswith(".rels") and (cut := _without_remote(read_entry(archive, entry, name))):
            remote[entry.filename] = cut
    return remote


def _refuse_declarations(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
    """Streamed through expat, which stops at the declaration, before any entity is expanded."""
    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = _declared
    try:
        with archive.open(entry) as part:
            parser.ParseFile(part)
    except _Declared as problem:
        raise _declaration(read_entry(archive, entry, name), name) from problem
    except ExpatError as problem:
        if entry.filename == TYPES or entry.filename.endswith(".rels"):
            raise refused(name, "damaged", "已经损坏，打不开", "请检查原文件能否打开，再传一次") from problem
    except UNREADABLE as problem:
        raise refused(name, "damaged", "不完整，可能没有传完", "请检查原文件能否打开，再传一次") from problem


def _declaration(content: bytes, name: str) -> UnsafeFile:
    if b"SYSTEM" in content[:4096] or b"PUBLIC" in content[:4096]:
        return refused(name, "entities", "里藏着读取服务器文件的指令", SAVE_AGAIN)
    return refused(name, "entities", "里有会无限膨胀的内容", SAVE_AGAIN)


def _declared(*_: object) -> None:
    raise _Declared


def _without_remote(content: bytes) -> bytes | None:
    """The relationship part with nothing in it that fetches from outside; None when it has nothing such already."""
    rows = [dict(relationship.attrib) for relationship in fromstring(content, forbid_dtd=True)]
    fetching = [row for row in rows if row.get("TargetMode") == "External" and _is_fetched(row.get("Type", ""))]
    if not fetching:
        return None
    for row in fetching:
        row["Target"] = "about:blank"
    lines = "".join(f"<Relationship {' '.join(f'{k}={quoteattr(v)}' for k, v in row.items())}/>" for row in rows)
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{_RELATIONSHIPS}">{lines}</Relationships>'.encode()


def _is_fetched(relationship: str) -> bool:
    return relationship.rpartition("/")[2] in _FETCHED


def _cut(archive: zipfile.ZipFile, replaced: dict[str, bytes], path: Path, name: str) -> Path:
    target = path.with_name(f"{path.name}.clean")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for entry in archive.infolist():
            if entry.filename in replaced:
                out.writestr(entry.filename, replaced[entry.filename])
                continue
            with archive.open(entry) as part, out.open(entry, "w") as copy:
                shutil.copyfileobj(part, copy)
    return target


def check_ole(path: Path, name: str) -> str:
    """The kind of an old office file: `doc`, `ppt` or `xls`.

    Raises:
        UnsafeFile: macros, a password, or none of the three.
    """
    with path.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if _has_stream(content, "EncryptedPackage"):
            raise refused(name, "locked", "加了打开密码", "请去掉密码，另存后再传")
        if _has_stream(content, "_VBA_PROJECT"):
            raise UnsafeFile("macros", f"《{shown(name)}》含宏，已拦下。另存为不含宏的文件再传就可以。")
        for stream, kind in _STREAMS:
            if _has_stream(content, stream):
                return kind
    what = "加了打开密码或已经损坏，打不开"
    raise refused(name, "damaged", what, "请去掉密码，另存后再传")


def _has_stream(content: mmap.mmap, stream: str) -> bool:
    """Is there a directory entry of this name? Entries are 128 bytes long and stand on multiples of it."""
    wanted = f"{stream}\0".encode("utf-16-le")
    found = content.find(wanted)
    while found != -1:
        if found % 128 == 0:
            return True
        found = content.find(wanted, found + 2)
    return False
