"""The tags write accessible, escaped markup."""

from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines

from ui.lessons import minutes_bar
from ui.templatetags import ui as tags


def render(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in render('{% icon "bell" %}')
    named = render('{% icon "check" label="已完成" size="lg" class="x" %}')
    assert 'role="img" aria-label="已完成"' in named
    assert 'class="i i-lg x"' in named
    assert "icons.svg#check" in named


def test_a_subject_block_takes_a_subject_or_its_name() -> None:
    subject = SimpleNamespace(name="数学", block="数", colour="maths")
    assert tags.zi(subject) == tags.zi("数学")
    assert ">法<" in tags.zi("道德与法治")
    assert tags.zi(None) == ""


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("定稿", "seal s2"),
        ("集团精品", "seal"),
        ("区级精品", "seal double"),
        ("省级精品", "seal solid"),
        ("部级精品", "seal solid double"),
    ],
)
def test_a_seal_is_more_solid_the_higher_its_level(text: str, classes: str) -> None:
    assert f'class="{classes}"' in tags.seal(text)
    assert f'aria-label="{text}"' in tags.seal(text)


def test_no_approval_no_seal() -> None:
    assert tags.seal("") == ""


def test_names_are_escaped() -> None:
    assert "<script>" not in tags.face("<script>")
    assert "<script>" not in tags.seal("<script>")
    assert "<script>" not in tags.zi("<script>")


def test_a_person_keeps_the_same_ground_everywhere() -> None:
    assert tags.face(SimpleNamespace(name="周敏")) == tags.face("周敏")
    assert ">周<" in tags.face("周敏")


def test_a_qr_code_is_inline_and_named() -> None:
    code = tags.qr("https://example.org/r/AbC123/")
    assert "<svg" in code
    assert "<path" in code
    assert 'aria-label="用手机扫一扫打开这一页"' in code


class LessonForm(forms.Form):
    title = forms.CharField(label="课题", help_text="写教材上的课名")
    kind = forms.ChoiceField(label="课型", choices=[("new", "新授")], widget=forms.RadioSelect)
    todo = forms.BooleanField(label="放进待办", required=False)


def test_a_field_in_error_says_so_to_a_screen_reader() -> None:
    html = render('{% include "ui/components/field.html" with field=form.title %}', form=LessonForm({"title": ""}))
    assert 'for="id_title"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_title_hint id_title_error"' in html
    assert 'id="id_title_hint"' in html
    assert 'id="id_title_error"' in html


def test_choices_stand_in_a_fieldset_and_a_tick_beside_its_label() -> None:
    form = LessonForm()
    assert "<fieldset" in render('{% include "ui/components/field.html" with field=form.kind %}', form=form)
    assert 'class="tick"' in render('{% include "ui/components/field.html" with field=form.todo %}', form=form)


def test_the_minutes_fill_the_bar_and_an_overrun_says_what_to_cut() -> None:
    stages = [
        {"title": "导入", "minutes": 8},
        SimpleNamespace(title="探究", minutes=25),
        {"title": "练习", "minutes": 15},
    ]
    bar = minutes_bar(stages, 40)
    assert bar is not None
    assert sum(piece.width for piece in bar.pieces) == pytest.approx(100, abs=0.1)
    assert bar.over == 8
    assert bar.advice == "超出 8 分钟。减第二环节“探究”，或把课分成两课时。"
    assert bar.spoken.startswith("3 个环节共 48 分钟")


def test_a_short_lesson_leaves_room_in_the_bar() -> None:
    bar = minutes_bar([{"title": "导入", "minutes": 10}], 40)
    assert bar is not None
    assert bar.pieces[0].width == 25
    assert bar.over == 0
    assert bar.advice == ""


def test_a_lesson_without_minutes_has_no_bar() -> None:
    assert minutes_bar([{"title": "导入", "minutes": None}], 40) is None


def test_the_page_window_shows_first_last_and_neighbours() -> None:
    pages = Paginator(range(400), 20)
    assert tags.page_window(pages, 7) == [1, 0, 5, 6, 7, 8, 9, 0, 20]
    assert tags.page_window(pages, 1) == [1, 2, 3, 0, 20]
