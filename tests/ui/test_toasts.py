"""After an action a toast offers the next step; an error stays in the page."""

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory

from ui.toasts import NextStep, step_of, toast


@pytest.fixture
def request_with_messages() -> HttpRequest:
    request = RequestFactory().get("/")
    setattr(request, "_messages", CookieStorage(request))  # noqa: B010
    return request


def page(request: HttpRequest) -> str:
    return engines["django"].from_string("{% toast_messages %}").render({}, request)


def test_an_undo_is_a_form_that_posts(request_with_messages: HttpRequest) -> None:
    toast(request_with_messages, "环节三已删除", undo="/undo/3/")
    html = page(request_with_messages)
    assert '<form method="post" action="/undo/3/">' in html
    assert "csrfmiddlewaretoken" in html
    assert "撤销" in html


def test_a_next_step_is_a_link(request_with_messages: HttpRequest) -> None:
    toast(request_with_messages, "已收入我的备课", next_url="/my/", next_label="去备课")
    assert '<a href="/my/">去备课</a>' in page(request_with_messages)


def test_an_error_is_a_note_and_no_toast(request_with_messages: HttpRequest) -> None:
    messages.error(request_with_messages, "含宏，已拦下")
    html = page(request_with_messages)
    assert "note j" in html
    assert "toast-x" not in html


def test_plain_messages_have_no_step(request_with_messages: HttpRequest) -> None:
    messages.info(request_with_messages, "已保存", extra_tags="quiet")
    (message,) = list(messages.get_messages(request_with_messages))
    assert step_of(message) is None


def test_the_step_survives_the_redirect(request_with_messages: HttpRequest) -> None:
    toast(request_with_messages, "已收入", undo="/undo/")
    (message,) = list(messages.get_messages(request_with_messages))
    assert step_of(message) == NextStep("撤销", "/undo/", "post")
