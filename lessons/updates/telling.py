"""共案有更新: everybody whose own version stands on an older one is told once, in the transaction in which it moved on."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from groups.inbox.services import About, tell
from groups.models import Person, State
from lessons.adaptations.models import Adaptation
from lessons.prep.models import Preparation
from library.resources.models import Version


def tell_adopters(
    sender: Any, preparation: Preparation, version: Version, by: Person, at: datetime, **kwargs: Any
) -> None:
    behind = (
        Adaptation.objects.filter(preparation=preparation).exclude(base=version).exclude(resource__state=State.BINNED)
    )
    said = f"：{version.reason}" if version.reason else "。看看改了什么，再决定带入哪些"
    tell(
        people=[adaptation.teacher for adaptation in behind.select_related("teacher")],
        about=About.NOTICE,
        words=f"共案《{version.title}》更新到{version.label}{said}",
        at=at,
        actor=by,
        url=reverse("updates:index"),
    )
