"""A name keeps its Chinese and loses what could harm a disk, a header or an eye."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.safety.archives import entry_name, opened
from media.safety.names import MOST_BYTES, clean_name, extension_of, with_extension
from media.safety.problems import refused
from tests.media.conftest import zipped


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("《秋天的雨》教学设计.docx", "《秋天的雨》教学设计.docx"),
        ("名字里有空格 和（全角）＃％.docx", "名字里有空格 和（全角）＃％.docx"),
        ("C:\\备课\\三上\\教案.doc", "教案.doc"),
        ("../../etc/passwd", "passwd"),
        ("图\u202egpj.exe", "图gpj.exe"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ('问？"号:<一>|.txt', "问？_号__一__.txt"),
        ("CON.txt", "_CON.txt"),
        ("aux", "_aux"),
        ("con卷.txt", "con卷.txt"),
        ("..", "未命名"),
        ("", "未命名"),
        ("  点.  ", "点"),
    ],
)
def test_a_name_is_cleaned(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


def test_a_long_name_is_cut_at_a_whole_character_and_keeps_its_extension() -> None:
    cut = clean_name("长" * 300 + ".docx")

    assert cut.endswith("长.docx")
    assert len(cut.encode()) <= MOST_BYTES


@given(st.text())
def test_any_text_becomes_a_name_that_stays_as_it_is(text: str) -> None:
    name = clean_name(text)

    assert name
    assert len(name.encode()) <= MOST_BYTES
    assert not set(name) & set('/\\<>:"|?*\r\n\0')
    assert clean_name(name) == name


def test_an_extension_is_replaced_or_added() -> None:
    assert with_extension("板书.jpg", "png") == "板书.png"
    assert with_extension("板书", "png") == "板书.png"
    assert extension_of(".bashrc") == ""


def test_names_that_windows_wrote_in_gbk_are_read(tmp_path: object) -> None:
    import io

    packed = zipped({"PLACEHOLDERNAME.txt": "x"}).replace(
        b"PLACEHOLDERNAME.txt", "教案/秋天的雨_.txt".encode("gbk").ljust(19, b"_")
    )
    with opened(io.BytesIO(packed), "素材.zip") as archive:
        assert [entry_name(entry) for entry in archive.infolist()] == ["教案/秋天的雨_.txt_"]


def test_a_sentence_shortens_a_long_name_and_keeps_its_extension() -> None:
    sentence = refused("很" * 100 + ".docx", "empty", "是空的", "再传一次").sentence

    assert sentence.startswith("《很很")
    assert "….docx》是空的，没有收下。再传一次。" in sentence
    assert len(sentence) < 70
