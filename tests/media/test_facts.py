"""Lengths and frames are read from headers, and broken headers are told apart from silent ones."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as law
from hypothesis import strategies as st

from media.facts.boxes import BrokenMedia, read_iso
from media.facts.sound import read_mp3, read_ogg, read_wav
from tests.media.conftest import mp4, wav

FRAME = b"\xff\xfb\x90\x00" + bytes(413)
"""MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes, 1,152 samples."""


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "content"
    path.write_bytes(content)
    return path


def test_a_video_says_its_length_and_frame(tmp_path: Path) -> None:
    facts = read_iso(written(tmp_path, mp4(seconds=665, width=1920, height=1080)))

    assert (facts.seconds, facts.width, facts.height) == (665, 1920, 1080)
    assert facts.has_video
    assert not facts.has_sound


def test_sound_says_its_length(tmp_path: Path) -> None:
    assert read_wav(written(tmp_path, wav(7))) == 7
    assert read_mp3(written(tmp_path, FRAME * 200)) == 5


def test_a_tag_before_the_sound_is_not_counted(tmp_path: Path) -> None:
    tag = b"ID3\x03\0\0" + bytes([0, 0, 0x40, 0]) + bytes(0x40 << 7)

    assert read_mp3(written(tmp_path, tag + FRAME * 200)) == 5


def test_a_variable_rate_is_counted_in_frames(tmp_path: Path) -> None:
    head = FRAME[:36] + b"Xing" + b"\0\0\0\x01" + (38_281).to_bytes(4, "big")

    assert read_mp3(written(tmp_path, head.ljust(417, b"\0") + FRAME * 3)) == 1000


def test_ogg_counts_by_its_last_page(tmp_path: Path) -> None:
    head = b"OggS" + bytes(24) + b"\x01vorbis" + bytes(5) + (44_100).to_bytes(4, "little") + bytes(30)
    tail = b"OggS\0\x04" + (44_100 * 9).to_bytes(8, "little") + bytes(14)

    assert read_ogg(written(tmp_path, head + tail)) == 9
    assert read_ogg(written(tmp_path, b"OggS" + bytes(60))) is None


@pytest.mark.parametrize("content", [mp4()[:40], b"\0\0\0\x04ftyp", mp4().replace(b"moov", b"free")])
def test_a_broken_video_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BrokenMedia):
        read_iso(written(tmp_path, content))


@given(st.binary(max_size=300), st.integers(0, 290))
@law(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_no_bytes_break_a_reader(tmp_path: Path, noise: bytes, at: int) -> None:
    for content, reader in ((mp4(), read_iso), (wav(1)[:300], read_wav), (FRAME, read_mp3), (FRAME, read_ogg)):
        path = written(tmp_path, content[:at] + noise + content[at:])
        try:
            reader(path)
        except BrokenMedia:
            continue
