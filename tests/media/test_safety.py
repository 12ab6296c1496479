"""What may come in is decided by content, and every refusal names the file and the next step."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from media.safety import Finding, UnsafeFile, inspect
from tests.media.conftest import docx, mp4, pdf, picture, wav, zipped

Look = Callable[[str, bytes], Finding]
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def looking(name: str, content: bytes) -> Finding:
        path = tmp_path / "content"
        path.write_bytes(content)
        return inspect(path, name)

    return looking


def refusal(look: Look, name: str, content: bytes) -> UnsafeFile:
    with pytest.raises(UnsafeFile) as caught:
        look(name, content)
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("板书.png", picture(), "png"),
        ("板书.jpg", picture(form="JPEG"), "jpeg"),
        ("动图.gif", picture(form="GIF"), "gif"),
        ("照片.webp", picture(form="WEBP"), "webp"),
        ("任务单.pdf", pdf(), "pdf"),
        ("教案.docx", docx(), "docx"),
        ("朗读.wav", wav(), "wav"),
        ("微课.mp4", mp4(), "mp4"),
        ("素材.zip", zipped({"图/一.txt": "一"}), "zip"),
        ("说明.txt", "秋天的雨".encode(), "txt"),
        ("说明.txt", "秋天的雨".encode("gbk"), "txt"),
        ("名单.csv", "姓名,得分\n张三,=1+1".encode(), "csv"),
        ("字幕.srt", "1\n00:00:01,000 --> 00:00:02,000\n你好\n".encode(), "srt"),
        ("字幕.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n你好\n".encode(), "vtt"),
    ],
)
def test_what_teachers_bring_is_taken(look: Look, name: str, content: bytes, kind: str) -> None:
    found = look(name, content)

    assert found.kind.key == kind
    assert found.name == name
    assert found.note == ""


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("空.docx", b"", "empty", "0 字节"),
        ("照片.jpg", b"<script>alert(1)</script>", "web_page", "其实是网页，不是 JPEG 图片"),
        ("主页.html", b"<p>hello", "web_page", "网页"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg", "另存为 PNG"),
        ("说明.txt", b"<?xml version='1.0'?><svg onload='x'/>", "svg", "SVG"),
        ("安装.exe", b"MZ\x90\0", "program", "程序文件"),
        ("照片.jpg", b"MZ\x90\0", "program", "程序文件"),
        ("启动.bat", b"del *.*", "program", "程序文件"),
        ("照片.jpg", pdf(1), "mismatch", "其实是 PDF，不是 JPEG 图片"),
        ("教案.pdf", picture(), "mismatch", "其实是 PNG 图片，不是 PDF"),
        ("素材.rar", b"Rar!\x1a\x07\0" + bytes(100), "not_taken", "zip"),
        ("照片.heic", b"\0\0\0\x18ftypheic" + bytes(100), "not_taken", "JPG"),
        ("录像.mov", b"\0\0\0\x14ftypqt  " + bytes(100), "not_taken", "MP4"),
        ("教案.docx", docx()[:300], "damaged", "不完整"),
        ("照片.png", picture(300, 300)[:200], "damaged", "不完整"),
        ("微课.mp4", mp4()[:40], "damaged", "不完整"),
        ("字幕.vtt", "你好".encode(), "not_subtitles", "WEBVTT"),
        ("说明.txt", b"\x80\x81\xff\x00\x01", "not_text", "UTF-8"),
    ],
)
def test_what_is_not_taken_is_refused_in_words(look: Look, name: str, content: bytes, code: str, said: str) -> None:
    refused = refusal(look, name, content)

    assert refused.code == code
    assert f"《{name}》" in refused.sentence
    assert said in refused.sentence
    assert refused.sentence.endswith("。")


def test_a_picture_under_a_sisters_extension_is_renamed_and_the_teacher_told(look: Look) -> None:
    found = look("板书.jpg", picture(form="PNG"))

    assert found.name == "板书.png"
    assert found.kind.key == "png"
    assert "已改名为《板书.png》" in found.note


def test_a_macro_is_stopped_with_the_way_out(look: Look) -> None:
    macro = zipped(
        {
            "[Content_Types].xml": '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
        }
    )

    assert refusal(look, "成绩.xlsm", macro).sentence == "《成绩.xlsm》含宏，已拦下。另存为 .xlsx 再传就可以。"


def test_a_macro_hidden_in_a_plain_document_is_stopped(look: Look) -> None:
    assert refusal(look, "教案.docx", docx(word__vbaProject_dot_bin="x")).code == "macros"


@pytest.mark.parametrize(
    "declaration",
    ['<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>', '<!DOCTYPE a [<!ENTITY b "c">]>', "<!DOCTYPE a>"],
)
def test_no_part_of_an_office_file_may_declare_a_document_type(look: Look, declaration: str) -> None:
    hostile = docx(word__settings_dot_xml=f"<?xml version='1.0'?>{declaration}<a/>")

    assert refusal(look, "教案.docx", hostile).code == "entities"


def test_a_template_on_the_net_is_cut_off_and_the_hyperlinks_stay(look: Look) -> None:
    rows = (
        f'<Relationship Id="r1" Type="{OFFICE}/attachedTemplate" Target="http://127.0.0.1:9/t.dotm" TargetMode="External"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/hyperlink" Target="http://example.org/a?b=1&amp;c=2" TargetMode="External"/>'
        f'<Relationship Id="r3" Type="{OFFICE}/image" Target="media/image1.png"/>'
    )
    remote = docx(
        word___rels__settings_dot_xml_dot_rels=f'<Relationships xmlns="{RELATIONSHIPS}">{rows}</Relationships>'
    )

    found = look("教案.docx", remote)

    assert found.replacement is not None
    with zipfile.ZipFile(found.replacement) as archive:
        assert archive.read("word/document.xml") == "<document>秋天的雨</document>".encode()
        kept = archive.read("word/_rels/settings.xml.rels")
    assert b"127.0.0.1" not in kept
    assert b"http://example.org/a?b=1&amp;c=2" in kept
    assert b'Target="media/image1.png"' in kept
    assert "已断开" in found.note


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"../逃出去.txt": b"x"}, "traversal"),
        ({"a/..\\..\\逃出去.txt": b"x"}, "traversal"),
        ({"/tmp/x.txt": b"x"}, "traversal"),
        ({"C:\\x.txt": b"x"}, "traversal"),
        ({"课件/setup.exe": b"MZ"}, "program"),
        ({"大.bin": bytes(30 * 1024 * 1024)}, "bomb"),
        ({"里.zip": zipped({"大.bin": bytes(30 * 1024 * 1024)})}, "bomb"),
        ({"里.zip": zipped({"里.zip": zipped({"里.zip": zipped({"一.txt": "一"})})})}, "nested"),
    ],
)
def test_a_zip_with_a_trick_is_refused(look: Look, files: dict[str, bytes | str], code: str) -> None:
    assert refusal(look, "素材.zip", zipped(files)).code == code


def test_a_zip_with_a_link_is_refused(look: Look, tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    link = zipfile.ZipInfo("指向.txt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")

    assert refusal(look, "素材.zip", path.read_bytes()).code == "symlink"


def test_too_many_entries_are_refused_with_the_number(look: Look, settings: Settings) -> None:
    settings.UPLOAD_ZIP_ENTRIES = 3

    assert "超过 3 个" in refusal(look, "素材.zip", zipped({f"{n}.txt": "x" for n in range(4)})).sentence
    assert look("素材.zip", zipped({f"{n}.txt": "x" for n in range(3)})).kind.key == "zip"


def test_a_picture_bomb_is_told_from_its_header(look: Look) -> None:
    header = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + b"\0\0\0\0" + b"\0\0\0\0IDAT\0\0\0\0"

    assert refusal(look, "大图.png", bomb).code in ("pixels", "not_a_picture")


def test_the_pixel_limit_holds(look: Look, settings: Settings) -> None:
    settings.UPLOAD_PIXELS = 40 * 30

    assert look("小.png", picture(40, 30)).width == 40
    assert "41 × 30" in refusal(look, "大.png", picture(41, 30)).sentence


def test_each_family_has_its_own_size_limit(look: Look, settings: Settings) -> None:
    settings.UPLOAD_LIMITS_MB = {**settings.UPLOAD_LIMITS_MB, "audio": 1}

    assert "最大 1 MB" in refusal(look, "长.wav", wav(200)).sentence
    assert look("短.wav", wav(10)).duration == 10


def test_scripts_are_taken_out_of_a_pdf_and_its_pages_stay(look: Look) -> None:
    script = b"/OpenAction << /S /Java#53cript /JS (app.alert(1)) >>"
    hostile = pdf(3).replace(b"/Type/Catalog", b"/Type/Catalog" + script, 1)
    assert script in hostile

    found = look("任务单.pdf", hostile)

    assert found.pages == 3
    assert found.replacement is not None
    assert b"app.alert" not in found.replacement.read_bytes()
    assert "已去掉" in found.note


def test_a_script_packed_in_an_object_stream_is_found(look: Look) -> None:
    packed = zlib.compress(b"7 0 << /S /JavaScript /JS 8 0 R >>")
    hidden = b"9 0 obj <</Type/ObjStm/Filter/FlateDecode>> stream\n" + packed + b"\nendstream endobj\n%%EOF"

    assert look("任务单.pdf", pdf(1) + hidden).replacement is not None
    assert look("任务单.pdf", pdf(1) + hidden.replace(packed, zlib.compress(b"7 0 << /S /GoTo >>"))).replacement is None


@pytest.mark.parametrize(
    ("stream", "kind"), [("WordDocument", "doc"), ("PowerPoint Document", "ppt"), ("Workbook", "xls")]
)
def test_old_office_files_are_known_by_their_streams(look: Look, stream: str, kind: str) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + f"{stream}\0".encode("utf-16-le").ljust(128, b"\0")

    assert look(f"旧.{kind}", ole).kind.key == kind


@pytest.mark.parametrize(
    ("stream", "code"), [("EncryptedPackage", "locked"), ("_VBA_PROJECT", "macros"), ("其他", "damaged")]
)
def test_locked_and_macro_carrying_old_files_are_refused(look: Look, stream: str, code: str) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + f"{stream}\0".encode("utf-16-le").ljust(128, b"\0")

    assert refusal(look, "旧.doc", ole).code == code
