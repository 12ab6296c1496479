"""What a file's name says: in any order, with parts missing, with folders above it."""

import pytest

from library.batches.guessing import Guess, Names, guess, kind_for

NAMES = Names(
    subjects={"数学": "数学", "语文": "语文", "英语": "英语", "道法": "道德与法治", "道德与法治": "道德与法治"},
    editions={"人教版": "人教版", "部编版": "统编版", "统编版": "统编版"},
    kinds={
        "教学设计": "lesson_design",
        "教案": "lesson_design",
        "课件": "courseware",
        "ppt": "courseware",
        "微课": "micro_lesson",
        "学习任务单": "worksheet",
        "导学案": "worksheet",
        "课堂实录": "lesson_recording",
    },
    people=frozenset({"张三", "欧阳明月"}),
)
FULL = Guess(
    grade=3, volume="first", subject="数学", unit=5, lesson=1, kind="lesson_design", author="张三", title="口算乘法"
)


@pytest.mark.parametrize(
    "path",
    [
        "三上_数学_5.1_口算乘法_教学设计_张三.docx",
        "张三_教学设计_口算乘法_5.1_数学_三上.docx",
        "数学三年级上册 5.1 口算乘法 教案 张三.docx",
        "3年级上册-数学-5.1口算乘法-教学设计（张三）.docx",
        "三上数学/5.1_口算乘法_教学设计_张三.docx",
        "三年级上册/数学/教学设计/5.1《口算乘法》张三.docx",
        "三上＿数学＿5．1＿口算乘法教学设计＿张三.docx",
    ],
)
def test_the_whole_name_is_read_in_any_order(path: str) -> None:
    assert guess(path, NAMES) == FULL


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("口算乘法.docx", Guess(title="口算乘法")),
        ("口算乘法教案.docx", Guess(title="口算乘法", kind="lesson_design")),
        ("五下 语文 第四单元 军神 课件.pptx", Guess(5, "second", "语文", "", 4, None, "courseware", "", "军神")),
        ("部编版语文三上 秋天的雨.pptx", Guess(3, "first", "语文", "统编版", title="秋天的雨")),
        ("道法二上 我们的节假日.pptx", Guess(2, "first", "道德与法治", title="我们的节假日")),
        ("欧阳明月 微课.mp4", Guess(kind="micro_lesson", author="欧阳明月")),
        ("三上_数学_5.1.docx", Guess(3, "first", "数学", unit=5, lesson=1)),
        ("6 秋天的雨 课堂实录.mp4", Guess(lesson=6, kind="lesson_recording", title="秋天的雨")),
        ("", Guess()),
        ("....docx", Guess()),
    ],
)
def test_what_is_missing_stays_open(path: str, wanted: Guess) -> None:
    assert guess(path, NAMES) == wanted


def test_a_lessons_own_words_are_not_taken_for_a_place() -> None:
    assert guess("语文 三上 上学歌.docx", NAMES).title == "上学歌"
    assert guess("数学 三上 数学广角.docx", NAMES).title == "数学广角"
    assert guess("数学广角.docx", NAMES) == Guess(subject="数学", title="数学广角")


def test_the_name_says_more_than_the_folder() -> None:
    found = guess("四下/语文/三上_数学_口算乘法.docx", NAMES)
    assert (found.grade, found.volume, found.subject) == (3, "first", "数学")


def test_a_stranger_at_the_end_is_proposed_as_author_but_a_title_alone_is_a_title() -> None:
    assert guess("三上_数学_口算乘法_李四.docx", NAMES).author == "李四"
    assert guess("观潮.docx", NAMES) == Guess(title="观潮")


TAKES = {
    "lesson_design": frozenset[str](),
    "courseware": frozenset({"slides", "pdf"}),
    "micro_lesson": frozenset({"video"}),
    "material": frozenset({"picture", "archive", "slides", "word"}),
}


@pytest.mark.parametrize(
    ("said", "family", "kind"),
    [
        ("courseware", "slides", "courseware"),
        ("courseware", "video", "micro_lesson"),
        ("", "slides", "courseware"),
        ("", "word", "lesson_design"),
        ("", "picture", "material"),
        ("package", "picture", "material"),
    ],
)
def test_a_kind_that_does_not_take_the_file_gives_way(said: str, family: str, kind: str) -> None:
    assert kind_for(said, family, TAKES) == kind
