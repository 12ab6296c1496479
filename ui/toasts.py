"""Short news after an action (轻提示): a sentence with the next step or a 撤销, kept over the redirect.

Errors are never toasts: they stay on the page as notes until they are dealt with.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the toast offers: a link, or a form that posts (撤销)."""

    label: str
    url: str
    method: str = "get"


def toast(request: HttpRequest, text: str, *, undo: str = "", next_url: str = "", next_label: str = "去看看") -> None:
    """Tell what happened. `undo` is an address that takes it back by POST; `next_url` is where to go on."""
    step: NextStep | None = None
    if undo:
        step = NextStep(label="撤销", url=undo, method="post")
    elif next_url:
        step = NextStep(label=next_label, url=next_url)
    messages.success(request, text, extra_tags=json.dumps(asdict(step)) if step else "")


def step_of(message: Message) -> NextStep | None:
    """The next step that `toast` packed into the message, if any."""
    if not message.extra_tags or not message.extra_tags.startswith("{"):
        return None
    packed: dict[str, Any] = json.loads(message.extra_tags)
    return NextStep(**packed)
