"""What the shell of every page links to. Packages above announce themselves here in `ready()`:
a section, a row of the person menu or a link of the foot appears once its page exists, never before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse


@dataclass(frozen=True, slots=True)
class Section:
    """One of the up to six sections of the top bar (主导航)."""

    label: str
    url_name: str
    order: int
    icon: str = "library"
    short: str = ""
    """The word in the phone's bottom bar, where four characters are many."""
    prefixes: tuple[str, ...] = ()
    """Further path prefixes that belong to this section, besides its own address."""
    signed_in: bool = False
    """Only for people with an account."""


class Place(Enum):
    PERSON_MENU = "person_menu"
    FOOT = "foot"


@dataclass(frozen=True, slots=True)
class Link:
    """A row of the person menu or of the foot."""

    label: str
    url_name: str
    order: int
    place: Place = Place.PERSON_MENU
    icon: str = "settings"
    method: str = "get"
    """`post` renders a form with a button, for links that change something (大字, 退出)."""
    when: Callable[[HttpRequest], bool] | None = None
    """Only for requests of which this says yes; it asks the database nothing."""


@dataclass(frozen=True, slots=True)
class Item:
    """A section or link resolved for one request."""

    label: str
    url: str
    icon: str
    short: str = ""
    method: str = "get"
    active: bool = False
    signed_in: bool = False


MAX_SECTIONS = 6
_sections: dict[str, Section] = {}
_links: dict[tuple[Place, str], Link] = {}


def register(section: Section) -> None:
    """Announce a section. The same `url_name` again replaces the earlier one."""
    _sections[section.url_name] = section


def register_link(link: Link) -> None:
    """Announce a row of the person menu or a link of the foot."""
    _links[link.place, link.url_name] = link


def registered() -> list[Section | Link]:
    """Everything announced, for the start-up check."""
    return [*_sections.values(), *_links.values()]


def ordered_sections() -> list[Section]:
    return sorted(_sections.values(), key=lambda section: (section.order, section.label))[:MAX_SECTIONS]


def sections(request: HttpRequest) -> list[Item]:
    """The sections for this request, at most one of them active: the one with the longest matching prefix."""
    chosen = ordered_sections()
    active = active_section(chosen, request.path)
    return [
        Item(
            label=section.label,
            url=reverse(section.url_name),
            icon=section.icon,
            short=section.short or section.label,
            active=section is active,
            signed_in=section.signed_in,
        )
        for section in chosen
    ]


def active_section(chosen: list[Section], path: str) -> Section | None:
    """The section whose address or further prefix is the longest beginning of `path`."""
    best: Section | None = None
    length = 0
    for section in chosen:
        for prefix in (reverse(section.url_name), *section.prefixes):
            if path.startswith(prefix) and prefix != get_script_prefix() and len(prefix) > length:
                best, length = section, len(prefix)
    return best


def links(place: Place, request: HttpRequest) -> list[Item]:
    there = (link for link in _links.values() if link.place is place and (link.when is None or link.when(request)))
    chosen = sorted(there, key=lambda link: link.order)
    return [Item(label=link.label, url=reverse(link.url_name), icon=link.icon, method=link.method) for link in chosen]
