"""共案有更新: everybody whose own version stands on an older one is told once, in the transaction in which it moved on."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from groups.inbox.services import About, tell
from groups.models import Person, State
from lessons.adaptations.models import Adaptation
from lessons.prep.models import Preparation
from lessons.prep.services.steps import who_read
from library.resources.models import Version


def tell_adopters(
    sender: Any, preparation: Preparation, version: Version, by: Person, at: datetime, **kwargs: Any
) -> frozenset[int]:
    """Whoever may read the preparation now; answers who was told."""
    behind = (
        Adaptation.objects.filter(preparation=preparation).exclude(base=version).exclude(resource__state=State.BINNED)
    )
    said = f"：{version.reason}" if version.reason else "。看看改了什么，再决定带入哪些"
    people = who_read(preparation, [adaptation.teacher for adaptation in behind.select_related("teacher")], at)
    tell(
        people=people,
        about=About.NOTICE,
        words=f"{{thing}}的共案更新到 {version.label}{said}",
        at=at,
        actor=by,
        thing="prep",
        thing_uid=preparation.uid,
        url=reverse("updates:index"),
    )
    return frozenset(person.pk for person in people)
