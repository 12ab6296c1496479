"""Studio pages as search hits (工作室)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.html import strip_tags

from search.ports import Entry, Passage
from search.registry import Source, TitleQuestion
from search.simple import titled
from studios.models import StudioPage
from studios.selectors import members_of

NAME = "studio"


def load(uids: Sequence[str]) -> Iterable[Entry]:
    """Entries of the live pages of these studios."""
    for page in StudioPage.objects.live().filter(studio__uid__in=uids).select_related("studio__subject"):
        yield _entry(page)


def _entry(page: StudioPage) -> Entry:
    studio = page.studio
    members = members_of(studio, timezone.now())
    texts = [("简介", " ".join(part for part in (page.motto, page.host_introduction) if part))]
    texts += [
        (block.block.label, strip_tags(str(block.value)).strip())
        for block in page.body
        if block.block_type in {"idea", "text", "notice"}
    ]
    return Entry(
        key=f"{NAME}:{studio.uid}",
        source=NAME,
        title=page.title,
        summary=page.motto,
        authors=tuple(member.person.name for member in members),
        passages=tuple(Passage(place, text) for place, text in texts if text),
        facets={"subject": (studio.subject.name,) if studio.subject else (), "studio": (studio.name,)},
        tokens=frozenset({"public"}),
        published_at=page.first_published_at,
        fold=f"{NAME}:{studio.uid}",
    )


def uids() -> Iterable[str]:
    return StudioPage.objects.live().values_list("studio__uid", flat=True).order_by("pk").iterator()


def cards(wanted: Sequence[str], viewer: Any) -> Mapping[str, StudioPage]:
    pages = StudioPage.objects.live().filter(studio__uid__in=wanted).select_related("studio__subject")
    return {page.studio.uid: page for page in pages}


def titles(question: TitleQuestion, viewer: Any) -> Mapping[str, str]:
    """Live studio pages by title."""
    pages = titled(StudioPage.objects.live(), "title", question).order_by("-first_published_at", "-pk")
    return dict(pages.values_list("studio__uid", "title")[: question.most])


def address(uid: str) -> str:
    page = StudioPage.objects.live().filter(studio__uid=uid).first()
    return str(page.url) if page else ""


SOURCE = Source(
    name=NAME,
    label="工作室",
    load=load,
    uids=uids,
    cards=cards,
    card_template="studios/_card.html",
    url=address,
    titles=titles,
)
