"""A second, plain reading of what the index must hold: from the tables, without the code that fills the index.

It shares nothing with the first but the models, so that a mistake would have to be made twice, in two ways.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from catalogue.models import Node
from groups.models import Organisation, OrganisationLink
from library.resources.models import Contribution, Grant, Placement, Resource, ReviewStep

SCHOOLISH = {"school", "campus", "group", "project", "county", "city"}
STUDIOISH = SCHOOLISH | {"studio", "centre"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What is checked of one document: words, rights, places."""

    title: str
    summary: str
    tokens: frozenset[str]
    nodes: frozenset[str]
    lessons: frozenset[str]


def expected(now: datetime) -> dict[str, Expected]:
    """Key → what the index must hold at this moment."""
    kinds = dict(Organisation.objects.values_list("pk", "kind"))
    public, audiences = _grants(now)
    authors = _sets(Contribution.objects.values_list("resource_id", "person_id"))
    reviewers = _reviewers()
    above = _areas_of_schools(now, kinds)
    nodes, lessons = _places()
    found = {}
    rows = Resource.objects.filter(published_version__isnull=False, state__in=["published", "archived"])
    for pk, uid, state, owner, school, title, summary in rows.values_list(
        "pk", "uid", "state", "owner_id", "home_school_id", "published_version__title", "summary"
    ):
        reach = {kinds[int(name[4:])] for name in audiences[pk] if name.startswith("org:")}
        tokens = {f"owner:{owner}", *(f"author:{person}" for person in authors[pk]), *audiences[pk]}
        if pk in public:
            tokens.add("public")
        if school and (pk in public or reach & SCHOOLISH):
            tokens.add(f"admin:{school}")
        if state == "archived":
            tokens = {f"archived/{token}" for token in tokens}
        else:
            tokens |= {f"reviewer:{body}" for body in reviewers[pk]}
            if school and (pk in public or reach & STUDIOISH):
                tokens |= {f"area:{area}" for area in above[school]}
        found[f"resource:{uid}"] = Expected(
            title, summary, frozenset(tokens), frozenset(nodes[pk]), frozenset(lessons[pk])
        )
    return found


def _sets(rows: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in rows:
        found[one].add(other)
    return found


def _grants(now: datetime) -> tuple[set[int], dict[int, set[str]]]:
    public: set[int] = set()
    audiences: dict[int, set[str]] = defaultdict(set)
    for grant in Grant.objects.all():
        if grant.starts_at > now or (grant.ends_at is not None and grant.ends_at <= now):
            continue
        if grant.is_public:
            public.add(grant.resource_id)
        elif grant.organisation_id:
            audiences[grant.resource_id].add(f"org:{grant.organisation_id}")
        else:
            audiences[grant.resource_id].add(f"person:{grant.person_id}")
    return public, audiences


def _reviewers() -> dict[int, set[int]]:
    """Resource → organisations whose reviewers approved the version that is published."""
    found: dict[int, set[int]] = defaultdict(set)
    for step in ReviewStep.objects.select_related("submission__resource"):
        submission = step.submission
        if submission.status == "approved" and submission.version_id == submission.resource.published_version_id:
            found[submission.resource_id] |= {pk for pk in (step.organisation_id, step.delegated_to_id) if pk}
    return found


def _areas_of_schools(now: datetime, kinds: dict[int, str]) -> dict[int, set[int]]:
    """School → its county and city, walked link by link."""
    up: dict[int, set[int]] = defaultdict(set)
    for link in OrganisationLink.objects.all():
        if link.starts_at <= now and (link.ends_at is None or link.ends_at > now):
            up[link.member_id].add(link.parent_id)
    found: dict[int, set[int]] = defaultdict(set)
    for school in [pk for pk, kind in kinds.items() if kind in {"school", "campus"}]:
        waiting, seen = [school], {school}
        while waiting:
            for parent in up[waiting.pop()] - seen:
                seen.add(parent)
                if kinds[parent] in {"county", "city", "school", "campus"}:
                    waiting.append(parent)
        found[school] = {pk for pk in seen if kinds[pk] in {"county", "city"}}
    return found


def _places() -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Resource → uids of its nodes and of all above them; resource → titles of the units it hangs in."""
    tree = {node.pk: node for node in Node.objects.all()}
    nodes: dict[int, set[str]] = defaultdict(set)
    units: dict[int, set[str]] = defaultdict(set)
    for resource, pk in Placement.objects.values_list("resource_id", "node_id"):
        node = tree[pk]
        nodes[resource].add(node.uid)
        while node.parent_id:
            node = tree[node.parent_id]
            nodes[resource].add(node.uid)
        units[resource].add(node.title)
    return nodes, units
