"""Marks in titles and sentences: where the words stand, in the text as it is written."""

from search import highlight
from search.ports import Passage, Query
from tests.contract.world import entry


def marked(words: str, question: str) -> str:
    return highlight.title(words, highlight.sought(Query(text=question)))


def test_the_words_of_the_question_are_marked() -> None:
    assert marked("梯形的面积 第1课时", "梯形的面积") == "<mark>梯形的面积</mark> 第1课时"


def test_traditional_and_full_width_titles_are_marked_as_they_are_written() -> None:
    assert marked("《靜夜思》ＰＥＰ", "静夜思 pep") == "《<mark>靜夜思</mark>》<mark>ＰＥＰ</mark>"


def test_a_title_typed_by_ear_is_marked() -> None:
    assert marked("第2课 静夜思", "jingyesi") == "第2课 <mark>静夜思</mark>"


def test_a_word_with_a_wrong_character_marks_the_right_one() -> None:
    assert marked("梯形的面积", "梯型的面积") == "<mark>梯形的面积</mark>"


def test_markup_in_a_title_is_harmless() -> None:
    assert marked("<b>梯形</b>", "梯形") == "&lt;b&gt;<mark>梯形</mark>&lt;/b&gt;"


def test_a_sign_that_becomes_several_keeps_the_marks_in_place() -> None:
    assert marked("㎡与面积", "面积") == "㎡与<mark>面积</mark>"


def test_the_best_sentence_is_shown_with_its_place() -> None:
    found = entry(
        "resource:a",
        "课",
        passages=(
            Passage("环节1", "说说面积。"),
            Passage("环节2", "准备纸片。用梯形拼成平行四边形，比一比面积。"),
            Passage("环节3", "小结。"),
        ),
    )
    first, second = highlight.snippets(found, highlight.sought(Query(text="梯形 面积")))
    assert (first.place, first.html) == ("环节2", "用<mark>梯形</mark>拼成平行四边形，比一比<mark>面积</mark>。")
    assert second.place == "环节1"


def test_a_long_sentence_is_shortened_around_the_first_mark() -> None:
    found = entry("resource:a", "课", passages=(Passage("第7页", "春" * 200 + "梯形" + "秋" * 200),))
    (snippet,) = highlight.snippets(found, highlight.sought(Query(text="梯形")))
    assert snippet.html.startswith("…春")
    assert "<mark>梯形</mark>" in snippet.html
    assert len(snippet.html) < 120


def test_a_phrase_is_marked_whole() -> None:
    wanted = highlight.sought(Query(phrases=("一样的梯形",)))
    assert highlight.title("完全一样的梯形", wanted) == "完全<mark>一样的梯形</mark>"


def test_the_keyword_that_matched_is_named() -> None:
    found = entry("resource:a", "课", keywords=("转化思想", "梯形的面积计算"))
    assert highlight.reason(found, highlight.sought(Query(text="梯形"))) == "因 关键词=梯形的面积计算 匹配"
