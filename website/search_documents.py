"""News and help pages as search hits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.models import Page

from search.ports import Entry, Passage
from search.registry import Source, TitleQuestion
from search.simple import titled
from website.models import HelpPage, NewsPage

NAME = "page"
MODELS: tuple[type[Page], ...] = (NewsPage, HelpPage)


def _pages(uids: Sequence[str]) -> list[Any]:
    numbers = [uid for uid in uids if uid.isdigit()]
    return [page for model in MODELS for page in model.objects.live().filter(pk__in=numbers)]


def load(uids: Sequence[str]) -> Iterable[Entry]:
    return (_entry(page) for page in _pages(uids))


def _entry(page: Any) -> Entry:
    text = strip_tags(str(page.body)).strip()
    on = getattr(page, "date", None)
    at = datetime.combine(on, time(), tzinfo=timezone.get_current_timezone()) if on else page.first_published_at
    return Entry(
        key=f"{NAME}:{page.pk}",
        source=NAME,
        title=page.title,
        summary=page.lead,
        passages=(Passage("正文", text),) if text else (),
        tokens=frozenset({"public"}),
        published_at=at,
        fold=f"{NAME}:{page.pk}",
    )


def uids() -> Iterable[str]:
    for model in MODELS:
        yield from (str(pk) for pk in model.objects.live().values_list("pk", flat=True).iterator())


def cards(wanted: Sequence[str], viewer: Any) -> Mapping[str, Any]:
    return {str(page.pk): page for page in _pages(wanted)}


def titles(question: TitleQuestion, viewer: Any) -> Mapping[str, str]:
    """Live news and help by title, news first."""
    found: dict[str, str] = {}
    for model in MODELS:
        pages = titled(model.objects.live(), "title", question).order_by("-first_published_at", "-pk")
        found |= {str(pk): title for pk, title in pages.values_list("pk", "title")[: question.most - len(found)]}
    return found


def address(uid: str) -> str:
    page = next(iter(_pages([uid])), None)
    return str(page.url) if page else ""


SOURCE = Source(
    name=NAME,
    label="新闻与帮助",
    load=load,
    uids=uids,
    cards=cards,
    card_template="website/_card.html",
    url=address,
    titles=titles,
)
