"""What must come out, worked out from the facts and policy.csv alone. Imports nothing of the product.

Where the policy says something in prose (its README and its notes), the function says the sentence it stands for.
"""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

from tests.access.facts import (
    DISABLED,
    DOWNLOAD,
    KINDS,
    LINKS,
    NOW,
    POSTS,
    PUBLIC,
    SIGNED_OUT,
    Grant,
    Submission,
    Thing,
    Version,
    holds,
)

Row = tuple[str, str, str]

SEATS = {"prep_group", "research_group", "studio", "centre"}
AREAS = {"county", "city"}
REVIEWER_ROLE = {
    "school": "reviewer",
    "group": "reviewer",
    "project": "reviewer",
    "studio": "host",
    "county": "officer",
    "city": "officer",
}
AS_WIDE_AS_SCHOOL = {"school", "group", "project", "county", "city"}
AS_WIDE_AS_STUDIO = AS_WIDE_AS_SCHOOL | {"studio", "centre"}
SIGNED_OUT_MAY = {"list", "read", "download", "export", "see_versions"}
TAKES = {"download", "export", "fork"}
RANKS = ("home_school_admin", "group_admin", "county_officer", "city_officer", "system_admin")

OWNER_WHO_LEFT = {"list", "read", "download", "fork", "export", "see_versions", "see_use"}
"""Of submitted and published things reads, downloads, forks and sees use, but edits, submits and grants no more."""

ONLY_WHAT_THE_ACTOR_READS = {"take_down", "award_mark", "feature", "see_use"}


def read_policy(path: Path) -> dict[Row, frozenset[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["thing"], row["state"], row["action"]): frozenset(row["allowed"].split(";"))
            for row in csv.DictReader(file)
        }


POLICY = read_policy(Path(__file__).with_name("policy.csv"))


@cache
def posts(person: str) -> tuple[tuple[str, str], ...]:
    """(organisation, role) of the appointments valid now."""
    return tuple((p.organisation, p.role) for p in POSTS if p.person == person and holds(p.start, p.end))


@cache
def schools(person: str) -> frozenset[str]:
    return frozenset(org for org, _ in posts(person) if KINDS[org] == "school")


@cache
def above(organisation: str) -> frozenset[str]:
    """Where an organisation is now: its groups and area, and above an area its own area."""
    direct = {link.parent for link in LINKS if link.member == organisation and holds(link.start, link.end)}
    return frozenset(direct | {a for d in direct if KINDS[d] == "county" for a in above(d) if KINDS[a] == "city"})


@cache
def belongs(person: str) -> frozenset[str]:
    """A school appointment, a seat, and what the school's own membership carries."""
    seats = {org for org, _ in posts(person) if KINDS[org] in SEATS}
    return frozenset(seats | schools(person) | {o for school in schools(person) for o in above(school)})


def in_role(person: str, role: str, *kinds: str) -> set[str]:
    return {org for org, held in posts(person) if held == role and KINDS[org] in kinds}


def reaches(to: str, person: str) -> bool:
    return to in (PUBLIC, person) or to in belongs(person)


def _valid(thing: Thing, at: int) -> list[Grant]:
    return [grant for grant in thing.grants if holds(grant.start, grant.end, at)]


def _reads_by_grant(thing: Thing, person: str, at: int) -> bool:
    return any(reaches(grant.to, person) for grant in _valid(thing, at))


def _wide(thing: Thing, kinds: set[str], at: int) -> bool:
    return any(grant.to == PUBLIC or KINDS.get(grant.to) in kinds for grant in _valid(thing, at))


def _has_left(thing: Thing, person: str) -> bool:
    """The last appointment at the home school ended."""
    ever = [p for p in POSTS if p.person == person and p.organisation == thing.home]
    ended = [p for p in ever if p.end is not None and p.end <= NOW]
    return bool(ended) and not any(holds(p.start, p.end) for p in ever)


def _is_author(thing: Thing, person: str) -> bool:
    return person == thing.owner or person in thing.authors


def _reviews(submission: Submission, thing: Thing, person: str) -> bool:
    """A reviewer of any step, or of the group to which a step is delegated; never an author."""
    if _is_author(thing, person):
        return False
    return any(
        org in in_role(person, REVIEWER_ROLE[KINDS[org]], KINDS[org])
        or (delegated and delegated in in_role(person, "reviewer", "group"))
        for _, org, delegated in submission.steps
    )


def _groups_run(thing: Thing, person: str) -> set[str]:
    """Groups the person administers and the home school belongs to now."""
    return in_role(person, "admin", "group") & (above(thing.home) if thing.home else frozenset())


def _group_admin(thing: Thing, person: str, at: int) -> bool:
    wide = _wide(thing, AREAS, at)
    return any(wide or any(g.to == group for g in _valid(thing, at)) for group in _groups_run(thing, person))


def _officer(thing: Thing, person: str, at: int, *kinds: str) -> bool:
    bureaus = in_role(person, "officer", *kinds) & (above(thing.home) if thing.home else frozenset())
    return bool(bureaus) and _wide(thing, AS_WIDE_AS_STUDIO, at)


def _judged_at(thing: Thing) -> int:
    """A taken-down thing is judged by the moment before: `only where they could read it before`."""
    return thing.changed if thing.state == "taken_down" else NOW


def _standing(thing: Thing, person: str) -> dict[str, bool]:
    at = _judged_at(thing)
    admin = bool(thing.home) and thing.home in in_role(person, "admin", "school")
    if thing.state in ("published", "archived"):
        admin = admin and _wide(thing, AS_WIDE_AS_SCHOOL, NOW)
    group_admin = _group_admin(thing, person, at)
    if thing.state == "taken_down":
        reviewed = any(_reviews(s, thing, person) for s in thing.submissions if s.version == thing.current)
        group_admin = group_admin and (_reads_by_grant(thing, person, at) or reviewed)
    return {
        "home_school_admin": admin,
        "group_admin": group_admin,
        "county_officer": _officer(thing, person, at, "county"),
        "city_officer": _officer(thing, person, at, "city"),
        "system_admin": bool(in_role(person, "system_admin", "city")),
    }


def _owner(thing: Thing, person: str) -> bool:
    """An owner who left keeps every right to drafts never submitted and to own adaptations."""
    if person != thing.owner:
        return False
    keeps = thing.state in ("draft", "binned") and (not thing.submissions or not thing.primary)
    return keeps or not _has_left(thing, person)


def _open(thing: Thing) -> list[Submission]:
    return [s for s in thing.submissions if s.status == "open"]


def _reviewer_of_target(thing: Thing, person: str, action: str) -> bool:
    if action == "review" or thing.state == "in_review":
        concerned = _open(thing)
    elif thing.state == "published":
        concerned = [s for s in thing.submissions if s.status == "approved" and s.version == thing.current]
    else:
        concerned = []
    return any(_reviews(s, thing, person) for s in concerned)


def _editor(thing: Thing, person: str) -> bool:
    return any(name == person and (end is None or end > NOW) for name, end in thing.editors)


def relations(thing: Thing, person: str, action: str) -> set[str]:
    """Every relation of the policy in which a person stands to a resource, for one action."""
    if person == SIGNED_OUT:
        return {"reader"} if any(g.to == PUBLIC for g in _valid(thing, NOW)) else set()
    standing = _standing(thing, person)
    found = {
        "owner": _owner(thing, person),
        "co_author": person in thing.authors and person != thing.owner,
        "draft_editor": _editor(thing, person),
        "reader": _reads_by_grant(thing, person, NOW),
        "reviewer_of_target": _reviewer_of_target(thing, person, action),
        "home_school_admin": standing["home_school_admin"],
        "group_admin": standing["group_admin"],
        "officer_of_area": standing["county_officer"] or standing["city_officer"],
        "system_admin": standing["system_admin"],
        "studio_host": bool(in_role(person, "host", "studio")),
        "taker_or_above": thing.state == "taken_down"
        and any(standing[rank] for rank in RANKS[RANKS.index(thing.taken_as) :]),
    }
    return {name for name, held in found.items() if held}


def _takes(thing: Thing, person: str) -> bool:
    return any(reaches(g.to, person) and g.level == DOWNLOAD for g in _valid(thing, NOW))


def _expired(thing: Thing) -> bool:
    return thing.state == "binned" and thing.changed <= -30


def may(thing: Thing, person: str, action: str) -> bool:
    """May the person do this to the resource now?"""
    if person in DISABLED or (person == SIGNED_OUT and action not in SIGNED_OUT_MAY) or _expired(thing):
        return False
    allowed = POLICY.get(("resource", thing.state, action), frozenset())
    held = relations(thing, person, action)
    if action in TAKES and not _takes(thing, person):
        held.discard("reader")
    if "owner" in allowed and _owner_left(thing, person) and action in OWNER_WHO_LEFT and thing.state != "binned":
        return True
    if not held & allowed:
        return False
    return action not in ONLY_WHAT_THE_ACTOR_READS or may(thing, person, "read")


def _owner_left(thing: Thing, person: str) -> bool:
    return person == thing.owner and _has_left(thing, person)


def _covers(thing: Thing, version: Version, person: str) -> bool:
    """The review of the version covers an audience the reader belongs to."""
    approved = [s for s in thing.submissions if s.version == version.number and s.status == "approved"]
    return any(to == PUBLIC or (person != SIGNED_OUT and reaches(to, person)) for s in approved for to in s.to)


def _holds_receipt(thing: Thing, version: Version, person: str) -> bool:
    """A receipt of a person, or of a school they work at now."""
    if person == SIGNED_OUT:
        return False
    return any(r.version == version.number and r.holder in {person, *schools(person)} for r in thing.receipts)


def may_version(thing: Thing, version: Version, person: str, action: str) -> bool:
    """May the person read or download this version now?"""
    if person in DISABLED:
        return False
    if version.published and thing.state not in ("published", "archived"):
        return may(thing, person, action)
    if not version.published:
        return _may_unpublished(thing, version, person, action)
    held = relations(thing, person, action) - {"reviewer_of_target"}
    reads = "reader" in held and _covers(thing, version, person)
    takes = reads and (action != "download" or _takes(thing, person))
    held = held if takes else held - {"reader"}
    approved = [s for s in thing.submissions if s.version == version.number and s.status == "approved"]
    if person != SIGNED_OUT and any(_reviews(s, thing, person) for s in approved):
        held.add("reviewer_of_target")
    if _holds_receipt(thing, version, person):
        held.add("receipt_holder")
    allowed = POLICY[("version", "published", action)]
    return bool(held & allowed) or _owner_left(thing, person)


def _may_unpublished(thing: Thing, version: Version, person: str, action: str) -> bool:
    if person == SIGNED_OUT:
        return False
    submitted = [s for s in thing.submissions if s.version == version.number]
    waits = thing.state == "in_review" and any(s.status == "open" for s in submitted)
    if waits and may(thing, person, action):
        return True
    if action != "read":
        return False
    if _owner_left(thing, person) or any(_reviews(s, thing, person) for s in submitted if s.status != "withdrawn"):
        return True
    return bool(relations(thing, person, action) & POLICY[("version", "unpublished", "read")])


def actions_of(thing_name: str) -> list[str]:
    return sorted({action for thing, _, action in POLICY if thing == thing_name})


def rows_of(thing_name: str) -> dict[Row, frozenset[str]]:
    found: dict[Row, frozenset[str]] = defaultdict(frozenset)
    found.update({row: allowed for row, allowed in POLICY.items() if row[0] == thing_name})
    return dict(found)


def representatives(thing: Thing, viewers: tuple[str, ...]) -> list[str]:
    """One person for every different way to stand to a thing: for doors that are slow to try."""
    found: dict[tuple[object, ...], str] = {}
    for name in viewers:
        whole = tuple(may(thing, name, action) for action in actions_of("resource"))
        versions = tuple(may_version(thing, v, name, a) for v in thing.versions for a in ("read", "download"))
        standing = frozenset(relations(thing, name, "read")) | frozenset(relations(thing, name, "review"))
        key = (standing, whole, versions, name == SIGNED_OUT, name in DISABLED)
        found.setdefault(key, name)
    return list(found.values())
