"""Previews are small, upright and say nothing about the phone that took the picture; the page shows each family."""

import io
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import Client
from PIL import Image

from groups.models import Person
from media.conversion.models import PdfTwin
from media.models import PREVIEW_PAGES, File
from media.previews import PAGE, THUMBNAIL, NoPreview, preview
from media.services import store_bytes
from media.storage import local_copy
from tests.media.conftest import docx, mp4, pdf, picture, wav, zipped

Upload = Callable[..., File]


def drawn(file: File, page: int = 1, size: object = THUMBNAIL) -> Image.Image:
    with local_copy(preview(file, size, page)) as path:  # type: ignore[arg-type]
        return Image.open(io.BytesIO(path.read_bytes()))


def turned(width: int, height: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "某牌手机"
    return picture(width, height, "JPEG", exif=exif.tobytes())


def test_a_picture_is_made_small_upright_and_anonymous(upload: Upload) -> None:
    small = drawn(upload("照片.jpg", turned(2000, 1000)))

    assert small.size == (240, 480)
    assert not small.getexif()
    assert "exif" not in small.info


def test_a_transparent_picture_stays_transparent(upload: Upload) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (900, 900), (0, 0, 0, 0)).save(out, "PNG")

    corner = drawn(upload("图标.png", out.getvalue())).convert("RGBA").getchannel("A").getextrema()

    assert corner == (0, 0)


def test_a_page_of_any_size_fits_its_box(upload: Upload) -> None:
    import pypdfium2

    document, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(14_400, 200)
    document.new_page(20, 14_400)
    document.save(out)
    file = upload("怪.pdf", out.getvalue())

    assert drawn(file, 1, PAGE).width <= PAGE.width
    assert drawn(file, 2, PAGE).height <= PAGE.height


def test_what_cannot_be_drawn_is_said_so(upload: Upload) -> None:
    file = upload("任务单.pdf", pdf(1))

    with pytest.raises(NoPreview):
        preview(file, PAGE, 2)


def test_many_readers_of_a_page_leave_one_picture(upload: Upload, uploads_folder: Path) -> None:
    file = upload("任务单.pdf", pdf(1))
    seen: list[str] = []
    readers = [Thread(target=lambda: seen.append(preview(file, PAGE, 1))) for _ in range(6)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert len(set(seen)) == 1
    assert len(seen) == 6
    assert [path.suffix for path in (uploads_folder / "previews").rglob("*") if path.is_file()] == [".webp"]


TAG = (
    "{% load media %}"
    "{% file_preview file title|default:file.name subtitles=subtitles chapters=chapters view_only=view_only %}"
)
NOTHING: dict[str, object] = {"subtitles": (), "chapters": (), "view_only": False}


def shown(file: File, **more: object) -> str:
    return Template(TAG).render(Context({"file": file, **NOTHING, **more}))


def test_a_pdf_is_shown_page_by_page_with_numbers(upload: Upload) -> None:
    html = shown(upload("任务单.pdf", pdf(3)))

    assert html.count('loading="lazy"') == 3
    assert "3 / 3" in html
    assert 'alt="第 2 页"' in html
    assert "下载原文件" in html


def test_a_long_pdf_shows_its_beginning_and_says_so(upload: Upload) -> None:
    file = upload("书.pdf", pdf(1))
    File.objects.update(pages=PREVIEW_PAGES + 5)
    file.refresh_from_db()

    html = shown(file)

    assert html.count("<figure") == PREVIEW_PAGES
    assert f"这里只显示前 {PREVIEW_PAGES} 页" in html


def test_an_office_file_is_shown_by_its_twin_or_as_a_card(upload: Upload, teacher: Person) -> None:
    file = upload("教案.docx", docx())
    assert "正在生成预览，着急可以先下载" in shown(file)
    assert "<img" not in shown(file)

    twin = store_bytes(content=pdf(2), name="教案.pdf", by=teacher, twin_of=file)

    html = shown(file)
    assert f"/f/{twin.uid}/page/2.webp" in html
    assert file.download_url in html
    assert twin.download_url not in html


def test_a_video_has_chapters_that_work_without_scripts_and_subtitles(upload: Upload) -> None:
    video, track = upload("微课.mp4", mp4()), upload("字幕.vtt", b"WEBVTT\n\n")
    chapters = [SimpleNamespace(start=65, title="转化")]

    html = shown(video, chapters=chapters, subtitles=[track])

    assert f'<a href="{video.get_absolute_url()}#t=65" data-seek="65"' in html
    assert "01:05" in html
    assert f'src="{track.track_url}" default' in html
    assert "controls" in html
    assert (video.duration, video.width, video.height) == (65, 1280, 720)


def test_sound_plays_in_the_page(upload: Upload) -> None:
    assert "<audio" in shown(upload("朗读.wav", wav()))


def test_a_picture_is_shown_with_its_title_as_text(upload: Upload) -> None:
    html = shown(upload("板书.png", picture()), title="梯形的板书")

    assert 'alt="梯形的板书"' in html
    assert 'width="40" height="30"' in html


def test_a_zip_lists_what_lies_in_it(upload: Upload, teachers_client: Client) -> None:
    file = upload("素材.zip", zipped({"图/秋叶.txt": "x", "录音.txt": "y"}))

    assert f"/f/{file.uid}/contents/" in shown(file)
    page = teachers_client.get(f"/f/{file.uid}/contents/").content.decode()
    assert "图/秋叶.txt" in page
    assert "录音.txt" in page


def test_a_preview_stands_on_its_own_or_in_a_panel(upload: Upload, teachers_client: Client) -> None:
    file = upload("板书.png", picture())

    whole = teachers_client.get(f"/f/{file.uid}/preview/").content.decode()
    piece = teachers_client.get(f"/f/{file.uid}/preview/?partial=1").content.decode()

    assert "<html" in whole
    assert "板书.png</h1>" in whole
    assert "<html" not in piece
    assert 'class="media-view"' in piece


def test_who_may_only_look_is_offered_no_download(upload: Upload) -> None:
    document = upload("任务单.pdf", pdf(1))
    card = upload("教案.docx", docx())

    assert document.download_url in shown(document)
    assert "download=1" not in shown(document, view_only=True)
    assert "download=1" not in shown(card, view_only=True)
    assert "正在生成预览" in shown(card, view_only=True)
    PdfTwin.objects.update(state=PdfTwin.State.FAILED, reason="没有办公软件")
    card = File.objects.get(pk=card.pk)
    assert "作者只开放了查看，请联系作者" in shown(card, view_only=True)
