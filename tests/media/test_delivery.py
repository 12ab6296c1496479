"""A file over HTTP: ranges, names, headers that keep it harmless, and previews after the same rule."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from groups.access import Action, Verdict
from groups.models import Person
from groups.viewer import Viewer
from media import containers
from media.models import File
from media.signals import taken
from tests.media.conftest import docx, mp4, pdf, picture, wav, zipped

Upload = Callable[..., File]
SUBTITLES = "1\r\n00:00:01,500 --> 00:00:02,000\r\n你好，同学们\r\n"


@pytest.fixture(autouse=True)
def a_resource_of_the_uploader() -> Iterator[None]:
    """Every file here is attached to something its uploader may read and take."""

    def container(viewer: Viewer, file: File, action: Action) -> Verdict | None:
        return Verdict(True, "") if viewer.person_id == file.uploaded_by_id else None

    containers.register(container)
    yield
    containers.unregister(container)


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response) if response.streaming else getattr(response, "content", b"")


def test_the_whole_file_comes_with_its_length_and_its_tag(upload: Upload, teachers_client: Client) -> None:
    file = upload("微课.mp4", mp4())

    response = teachers_client.get(file.get_absolute_url())

    assert response.status_code == 200
    assert len(body(response)) == file.blob.size == int(response["Content-Length"])
    assert response["ETag"] == f'"{file.blob.sha256}"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Type"] == "video/mp4"
    assert "Last-Modified" in response


@pytest.mark.parametrize(
    ("header", "first", "last"), [("bytes=0-9", 0, 9), ("bytes=100-", 100, None), ("bytes=-16", -16, None)]
)
def test_a_part_is_exactly_the_bytes_asked_for(
    upload: Upload, teachers_client: Client, header: str, first: int, last: int | None
) -> None:
    content = mp4()
    file = upload("微课.mp4", content)
    wanted = content[first : None if last is None else last + 1]

    response = teachers_client.get(file.get_absolute_url(), headers={"range": header, "accept-encoding": "gzip"})

    assert response.status_code == 206
    assert body(response) == wanted
    assert response["Content-Length"] == str(len(wanted))
    begin = first if first >= 0 else len(content) + first
    assert response["Content-Range"] == f"bytes {begin}-{begin + len(wanted) - 1}/{len(content)}"


def test_a_part_across_blocks_is_whole(upload: Upload, teachers_client: Client) -> None:
    content = wav(90)
    file = upload("朗读.wav", content)

    response = teachers_client.get(file.get_absolute_url(), headers={"range": "bytes=100-600099"})

    assert body(response) == content[100:600100]


def test_several_ranges_and_nonsense_get_the_whole(upload: Upload, teachers_client: Client) -> None:
    file = upload("微课.mp4", mp4())

    for header in ("bytes=0-1,5-6", "bytes=x", "pages=1-2"):
        response = teachers_client.get(file.get_absolute_url(), headers={"range": header})
        assert response.status_code == 200
        assert len(body(response)) == file.blob.size


def test_a_range_behind_the_end_is_416_with_the_size(upload: Upload, teachers_client: Client) -> None:
    file = upload("微课.mp4", mp4())

    response = teachers_client.get(file.get_absolute_url(), headers={"range": "bytes=999999-"})

    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{file.blob.size}"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_if_range_of_another_version_gets_the_whole(upload: Upload, teachers_client: Client) -> None:
    file = upload("微课.mp4", mp4())
    asked = {"range": "bytes=0-9"}

    same = teachers_client.get(file.get_absolute_url(), headers={**asked, "if-range": f'"{file.blob.sha256}"'})
    other = teachers_client.get(file.get_absolute_url(), headers={**asked, "if-range": '"other"'})

    assert (same.status_code, other.status_code) == (206, 200)


def test_a_reader_who_has_it_is_told_so_only_after_the_rule(
    upload: Upload, teachers_client: Client, colleague: Person
) -> None:
    file = upload("板书.png", picture())
    tag = {"if-none-match": f'"{file.blob.sha256}"'}
    stranger = Client()
    stranger.force_login(colleague)

    assert teachers_client.get(file.get_absolute_url(), headers=tag).status_code == 304
    assert stranger.get(file.get_absolute_url(), headers=tag).status_code == 403


def test_head_says_what_get_would_and_sends_nothing(upload: Upload, teachers_client: Client) -> None:
    file = upload("微课.mp4", mp4())

    response = teachers_client.head(file.get_absolute_url())

    assert response.status_code == 200
    assert response["Content-Length"] == str(file.blob.size)
    assert body(response) == b""


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_is_changed_at_a_files_address(upload: Upload, teachers_client: Client, method: str) -> None:
    file = upload("板书.png", picture())

    assert getattr(teachers_client, method)(file.get_absolute_url()).status_code == 405


@pytest.mark.parametrize(
    ("name", "content", "disposition"),
    [
        ("板书.png", picture(), "inline"),
        ("微课.mp4", mp4(), "inline"),
        ("朗读.wav", wav(), "inline"),
        ("字幕.vtt", b"WEBVTT\n\n", "inline"),
        ("任务单.pdf", pdf(), "attachment"),
        ("教案.docx", docx(), "attachment"),
        ("素材.zip", zipped({"一.txt": "一"}), "attachment"),
        ("说明.txt", b"<b>hi", "attachment"),
        ("名单.csv", b"a,b", "attachment"),
    ],
)
def test_only_what_cannot_act_is_shown_by_the_browser(
    upload: Upload, teachers_client: Client, name: str, content: bytes, disposition: str
) -> None:
    response = teachers_client.get(upload(name, content).get_absolute_url())

    assert response["Content-Disposition"].startswith(f"{disposition}; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def saved_as(response: HttpResponseBase) -> str:
    _, _, name = response["Content-Disposition"].partition("; filename")
    return unquote(name.removeprefix("*=utf-8''")).removeprefix('="').removesuffix('"')


def test_a_download_keeps_its_chinese_name_or_takes_the_one_in_the_link(
    upload: Upload, teachers_client: Client
) -> None:
    file = upload("《秋天的雨》教案.docx", docx())
    ask = file.download_url

    assert saved_as(teachers_client.get(ask)) == "《秋天的雨》教案.docx"
    assert (
        saved_as(teachers_client.get(f"{ask}&name=《秋天的雨》教学设计_李敏_第2版"))
        == "《秋天的雨》教学设计_李敏_第2版.docx"
    )
    assert saved_as(teachers_client.get(f"{ask}&name=坏.exe")) == "坏.exe.docx"
    assert saved_as(teachers_client.get(f"{ask}&name=../../x%0D%0AEvil: 1.docx")) == "xEvil_ 1.docx"


def test_the_name_in_the_address_decides_nothing(upload: Upload, teachers_client: Client) -> None:
    file = upload("板书.png", picture())

    response = teachers_client.get(f"/f/{file.uid}/x/y.html")

    assert response["Content-Type"] == "image/png"
    assert saved_as(response) == "板书.png"


def test_a_whole_download_is_told_to_whoever_counts_use(upload: Upload, teachers_client: Client) -> None:
    file, seen = upload("教案.docx", docx()), []

    def count(sender: object, **what: object) -> None:
        seen.append(what["file"])

    taken.connect(count)
    try:
        teachers_client.get(file.download_url)
        teachers_client.head(file.download_url)
        teachers_client.get(file.download_url, headers={"range": "bytes=10-"})
        teachers_client.get(upload("板书.png", picture()).get_absolute_url())
    finally:
        taken.disconnect(count)

    assert seen == [file]


def test_an_unknown_file_is_404(teachers_client: Client) -> None:
    assert teachers_client.get("/f/0000000000/x.png").status_code == 404


def test_lost_bytes_are_a_page_with_a_way_on_and_a_line_in_the_log(
    upload: Upload, teachers_client: Client, uploads_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = upload("任务单.pdf", pdf())
    os.unlink(uploads_folder / file.blob.path)

    for address in (file.get_absolute_url(), f"/f/{file.uid}/page/1.webp", f"/f/{file.uid}/thumb.webp"):
        with caplog.at_level(logging.ERROR):
            response = teachers_client.get(address)
        assert response.status_code == 404
        assert "《任务单.pdf》暂时打不开" in body(response).decode()
        assert file.uid in caplog.text
        caplog.clear()


def test_pages_and_thumbnails_are_pictures_made_once(
    upload: Upload, teachers_client: Client, uploads_folder: Path
) -> None:
    file = upload("任务单.pdf", pdf(2))

    first = body(teachers_client.get(f"/f/{file.uid}/page/2.webp"))
    made = list((uploads_folder / "previews").rglob("*.webp"))
    stamp = made[0].stat().st_mtime_ns
    again = teachers_client.get(f"/f/{file.uid}/page/2.webp")

    assert first[:4] == b"RIFF"
    assert body(again) == first
    assert again["Content-Type"] == "image/webp"
    assert made[0].stat().st_mtime_ns == stamp
    assert teachers_client.get(f"/f/{file.uid}/thumb.webp").status_code == 200
    for number in (0, 3, 99999):
        assert teachers_client.get(f"/f/{file.uid}/page/{number}.webp").status_code == 404


def test_subtitles_in_any_form_reach_the_player_as_webvtt(upload: Upload, teachers_client: Client) -> None:
    file = upload("字幕.srt", SUBTITLES.encode("gbk"))

    response = teachers_client.get(file.track_url)

    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert body(response).decode() == "WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.000\n你好，同学们\n"


def test_a_file_costs_few_queries(
    upload: Upload,
    teachers_client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """Session, person, memberships, file, twins; what a container asks is its own affair."""
    monkeypatch.setattr(containers, "_containers", containers._containers[-1:])
    file = upload("任务单.pdf", pdf(30))
    teachers_client.get(f"/f/{file.uid}/page/30.webp")

    with django_assert_max_num_queries(5):
        body(teachers_client.get(f"/f/{file.uid}/page/30.webp"))
    with django_assert_max_num_queries(5):
        body(teachers_client.get(file.download_url))
