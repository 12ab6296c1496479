"""Every page a person meets, once: screenshots, accessibility and weight all read this table.

Addresses with random names (`/r/<uid>/`, `/k/<outline>/<node>/`) are found the way a person finds them: by following
links from a page whose address is known.
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who looks. The value is the key in website/demo/content/accounts.yaml; a visitor has no account."""

    VISITOR = "visitor"
    TEACHER = "teacher"
    PREPARATION_LEADER = "preparation_leader"
    STUDIO_HOST = "studio_host"
    SCHOOL_ADMINISTRATOR = "school_administrator"
    GROUP_ADMINISTRATOR = "group_administrator"
    OFFICER = "officer"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class PageOfSite:
    """A page to look at.

    Attributes:
        name: also the file name of its pictures.
        start: the address to begin at.
        follow: CSS selectors of the links to follow from there, one after the other.
        roles: who looks at it.
        status: what the server answers.
        ours: drawn by us, not by Wagtail: held to our accessibility bar.
    """

    name: str
    start: str
    roles: tuple[Role, ...]
    follow: tuple[str, ...] = ()
    status: int = 200
    ours: bool = True


FOUND = "/search/?q=%E6%A2%AF%E5%BD%A2%E7%9A%84%E9%9D%A2%E7%A7%AF"
"""The search for 梯形的面积."""

EVERYBODY = tuple(Role)
READERS = (Role.VISITOR, Role.TEACHER)
TEACHER = (Role.TEACHER,)


def _resource(kind: str) -> tuple[str, ...]:
    """The first hit of a kind."""
    return (f"main a[href^='/r/'][data-kind='{kind}'], main [data-kind='{kind}'] a[href^='/r/']",)


PAGES = (
    PageOfSite("home", "/", EVERYBODY),
    PageOfSite("sign-in", "/sign-in/", (Role.VISITOR,)),
    PageOfSite("search", FOUND, READERS),
    PageOfSite("search-nothing", "/search/?q=zzqqxx", READERS),
    PageOfSite("search-all", "/search/", READERS),
    PageOfSite("shelf", "/k/", READERS),
    PageOfSite("textbook", "/k/", READERS, ("main a[href^='/k/']:not([href*='subject'])",)),
    PageOfSite("resource", FOUND, READERS, ("main a[href^='/r/']",)),
    PageOfSite("groups", "/g/", READERS),
    PageOfSite("group", "/g/", EVERYBODY, ("main a[href^='/g/']",)),
    PageOfSite("my", "/my/", TEACHER),
    PageOfSite("my-library", "/my/library/", TEACHER),
    PageOfSite("favourites", "/my/favourites/", TEACHER),
    PageOfSite("new", "/my/new/", TEACHER),
    PageOfSite("taps", "/taps/", TEACHER),
    PageOfSite("new-password", "/password/", TEACHER),
    PageOfSite("review-queue", "/review/", (Role.PREPARATION_LEADER, Role.GROUP_ADMINISTRATOR)),
    PageOfSite("not-found", "/r/zzzzzzzzzz/", READERS, status=404),
    PageOfSite("components", "/ui/", (Role.VISITOR,)),
    PageOfSite("back-office", "/admin/", (Role.STAFF,), ours=False),
)

WIDTHS = (375, 768, 1366)
