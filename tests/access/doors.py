"""Every URL name of the site, and whose door it is. A name that is not here fails a test.

`Door(thing, action)`: the policy's row decides. OPEN: anyone, nothing private in it but what its lists filter themselves.
SELF: signed in, one's own things. DOORKEEPER: signing in and out. BACK_OFFICE: the row `back_office, enter`.
"""

from dataclasses import dataclass

OPEN = "open"
LISTS = "lists"
SELF = "self"
DOORKEEPER = "doorkeeper"
MANAGERS = "managers"
"""Who may do something to a school's people; `test_people_doors.py` tries everybody at every school."""
BACK_OFFICE = "back_office"
INFRASTRUCTURE = "infrastructure"


@dataclass(frozen=True)
class Door:
    thing: str
    action: str
    method: str = "get"


DOORS: dict[str, Door | str] = {
    "library:resource": Door("resource", "read"),
    "library:preview": Door("resource", "read"),
    "library:version": Door("version", "read"),
    "library:download": Door("resource", "download"),
    "library:zip": Door("resource", "download"),
    "library:export": Door("resource", "export"),
    "library:fork": Door("resource", "fork", "post"),
    "library:undo_fork": Door("resource", "delete", "post"),
    "library:favourite": Door("resource", "favourite", "post"),
    "library:withdraw": Door("resource", "withdraw", "post"),
    "library:archive": Door("resource", "archive", "post"),
    "library:restore": Door("resource", "restore", "post"),
    "library:delete": Door("resource", "delete", "post"),
    "library:take_down": Door("resource", "take_down"),
    "library:end_grant": Door("resource", "narrow_grant", "post"),
    "library:invite": Door("resource", "invite_editor", "post"),
    "library:publish": Door("resource", "submit"),
    "library:edit": Door("resource", "edit"),
    "library:edit_package": Door("resource", "edit"),
    "library:describe": Door("resource", "edit"),
    "library:sections": Door("resource", "edit"),
    "library:section": Door("resource", "edit"),
    "library:sheet": Door("resource", "download"),
    "library:review": Door("resource", "review"),
    "library:review_queue": LISTS,
    "library:mine": LISTS,
    "library:favourites": LISTS,
    "library:new": SELF,
    "library:new_kind": SELF,
    "batches:index": SELF,
    "batches:batch": SELF,
    "designs:index": LISTS,
    "designs:print": LISTS,
    "designs:edit": Door("resource", "edit"),
    "designs:section": Door("resource", "edit"),
    "media:page": Door("file", "read"),
    "media:thumbnail": Door("file", "read"),
    "media:track": Door("file", "read"),
    "media:preview": Door("file", "read"),
    "media:contents": Door("file", "read"),
    "media:file": Door("file", "download"),
    "explaining:resource": Door("access_explain", "read"),
    "explaining:person": SELF,
    "memberships:proposals": SELF,
    "memberships:proposal": SELF,
    "memberships:charter": Door("organisation", "read"),
    "memberships:found": SELF,
    "links:links": Door("resource", "grant"),
    "links:revoke": Door("resource", "grant", "post"),
    "links:open": Door("link", "read"),
    "links:download": Door("link", "read"),
    "search:search": LISTS,
    "search:suggest": LISTS,
    "catalogue:shelf": LISTS,
    "catalogue:grade": LISTS,
    "catalogue:outline": LISTS,
    "catalogue:node": LISTS,
    "catalogue:claim": SELF,
    "outlines:index": Door("catalogue", "edit"),
    "outlines:edit": Door("catalogue", "edit"),
    "outlines:change": Door("catalogue", "edit"),
    "outlines:decide": Door("catalogue", "approve_change", "post"),
    "outlines:mapping": Door("catalogue", "edit"),
    "outlines:decide_mapping": Door("catalogue", "approve_change", "post"),
    "outlines:map": Door("catalogue", "edit", "post"),
    "outlines:new_course": Door("catalogue", "edit"),
    "outlines:export": Door("catalogue", "read"),
    "studios:index": LISTS,
    "groups:organisations": Door("organisation", "read"),
    "groups:organisation": Door("organisation", "read"),
    "groups:person": Door("person", "read_card"),
    "people:index": MANAGERS,
    "people:school": MANAGERS,
    "people:export": MANAGERS,
    "people:imports": MANAGERS,
    "people:template": MANAGERS,
    "people:import": MANAGERS,
    "people:confirm": MANAGERS,
    "people:drop": MANAGERS,
    "people:bad_rows": MANAGERS,
    "people:add": Door("appointment", "create", "post"),
    "people:end_post": Door("appointment", "end", "post"),
    "people:person": Door("person", "edit", "post"),
    "people:slips": Door("person", "reset_password", "post"),
    "people:code": Door("person", "reset_password", "post"),
    "people:disable": Door("person", "disable", "post"),
    "people:enable": Door("person", "disable", "post"),
    "home": LISTS,
    "my": LISTS,
    "taps": SELF,
    "large-type": SELF,
    "new-password": SELF,
    "sign-in": DOORKEEPER,
    "sign-out": DOORKEEPER,
    "health": INFRASTRUCTURE,
    "health-retry": BACK_OFFICE,
    "help": OPEN,
    "news": Door("news", "read"),
    "site-media": OPEN,
    "favicon": OPEN,
    "wagtail_serve": OPEN,
    "wagtaildocs_serve": OPEN,
    "wagtaildocs_authenticate_with_password": DOORKEEPER,
    "wagtailcore_authenticate_with_password": DOORKEEPER,
    "wagtailcore_login": DOORKEEPER,
}

BACK_OFFICE_ENTRANCES = frozenset(
    {
        "wagtailadmin_login",
        "wagtailadmin_logout",
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_done",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_complete",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_sprite",
    }
)
"""Names below /admin/ that answer before anybody is known: the doorkeeper's, words and icons."""
