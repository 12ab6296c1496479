"""What happened to the demo's resources afterwards: taken, changed, kept, used, taken down."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from groups.access import Action, Refused, narrow
from groups.models import Person
from groups.viewer import viewer_for
from library.resources import services
from library.resources.models import Resource, WorkingCopy
from library.resources.services import packages
from library.resources.services.writing import document_of
from website.demo.documents import document_for, with_changes
from website.demo.reading import DemoProblem, Facts, moment, read, read_all
from website.demo.resources import publish_again
from website.demo.town import Town

USAGE_SEED = 20260901


def load_history(town: Town) -> None:
    told = read("history.yaml")
    texts = _texts()
    play("history.yaml", told, "forks", lambda fact: _fork(town, fact, texts))
    play("history.yaml", told, "new_versions", lambda fact: _publish_again(town, fact, texts))
    play("history.yaml", told, "package_forks", lambda fact: _take_package(town, fact))
    play("history.yaml", told, "favourites", lambda fact: _favourites(town, fact))
    _usage(town, texts)
    play("history.yaml", told, "taken_down", lambda fact: _take_down(town, fact))
    play("history.yaml", told, "archived", lambda fact: _archive(town, fact))


def play(name: str, told: Facts, part: str, deed: Callable[[Facts], None]) -> None:
    """Do each deed of one part of a file; a refusal names it."""
    for fact in told.get(part) or ():
        try:
            deed(fact)
        except (LookupError, ValueError, Refused) as problem:
            raise DemoProblem(f"{name} {part} {dict(fact)}: {problem!r}") from problem


def _take_down(town: Town, fact: Facts) -> None:
    resource, by, at = town.resource(fact["key"]), town.person(fact["by"]), moment(fact, town.now)
    services.take_down(resource=resource, by=by, reason=str(fact["reason"]), at=at)


def _archive(town: Town, fact: Facts) -> None:
    services.archive(resource=town.resource(fact["key"]), by=town.person(fact["by"]), at=moment(fact, town.now))


def _texts() -> dict[str, Facts]:
    """Every resource's facts by key."""
    found: dict[str, Facts] = {facts["key"]: facts for _, facts in read_all("pieces")}
    for _, package in read_all("packages"):
        found[package["key"]] = package
        found |= {part["key"]: {**package, **part} for part in package["parts"]}
    return found


def _fork(town: Town, fact: Facts, texts: dict[str, Facts]) -> None:
    """收入备课, then the small changes that make it this teacher's own."""
    source, by, at = town.resource(fact["source"]), town.person(fact["by"]), moment(fact, town.now)
    source.refresh_from_db()
    assert source.published_version is not None
    mine = services.fork(version=source.published_version, by=by, school=town.school_of(by, at), at=at)
    changed = with_changes(texts[fact["source"]], fact.get("changes") or ())
    copy = WorkingCopy.objects.prefetch_related("attachments__file").get(resource=mine)
    draft = services.Draft(
        title=str(changed["title"]),
        document=document_for(changed) if fact.get("changes") else document_of(mine, copy.document),
        files=tuple((a.file, a.purpose) for a in copy.attachments.all()),
    )
    if fact.get("changes"):
        services.save(
            resource=mine, by=by, draft=draft, lock_version=copy.lock_version, at=min(at + timedelta(days=1), town.now)
        )
    town.resources[str(fact.get("key", f"{fact['source']}-by-{by.uid}"))] = mine


def _publish_again(town: Town, fact: Facts, texts: dict[str, Facts]) -> None:
    """The source goes on after others have taken it, so that their forks stand behind it."""
    resource = town.resource(fact["key"])
    resource.refresh_from_db()
    publish_again(town, resource, texts[fact["key"]], fact)


def _take_package(town: Town, fact: Facts) -> None:
    source, by, at = town.resource(fact["source"]), town.person(fact["by"]), moment(fact, town.now)
    source.refresh_from_db()
    assert source.published_version is not None
    packages.take_over(
        package=source.published_version, by=by, school=town.school_of(by, at), viewer=viewer_for(by, at), at=at
    )


def _favourites(town: Town, fact: Facts) -> None:
    by = town.person(fact["by"])
    for key in fact["of"]:
        services.toggle_favourite(resource=town.resource(key), by=by, at=moment(fact, town.now, 3))


def _usage(town: Town, texts: dict[str, Facts]) -> None:
    """Spread the counted uses over the days since publication, among people who may see the thing."""
    chance = random.Random(USAGE_SEED)
    readers = _readers(town)
    events = []
    for key, resource in town.resources.items():
        counts = (texts.get(key) or {}).get("usage") or {}
        resource.refresh_from_db()
        if not counts or resource.published_at is None:
            continue
        people = readers.get(resource.pk) or [resource.owner]
        events += [
            _event(resource, str(what), chance.choice(people), _between(chance, resource.published_at, town.now))
            for what, count in counts.items()
            for _ in range(int(count))
        ]
    services.record_uses(events)


def _readers(town: Town) -> dict[int, list[Person]]:
    """Resource → who may read it now, in one query a person."""
    found: dict[int, list[Person]] = {}
    ids = [resource.pk for resource in town.resources.values()]
    for person in town.people.values():
        readable = narrow(Resource.objects.filter(pk__in=ids), viewer_for(person, town.now), Action.READ)
        for pk in readable.values_list("pk", flat=True):
            found.setdefault(pk, []).append(person)
    return found


def _event(resource: Resource, what: str, person: Person, at: datetime) -> services.Use:
    return services.Use(what, resource, resource.published_version, person, at)


def _between(chance: random.Random, first: datetime, last: datetime) -> datetime:
    """A moment on one of the weekly preparation days up to now; in the first week, any."""
    weeks = (last - first) // timedelta(weeks=1)
    if not weeks:
        return first + (last - first) * chance.random()
    return max(first, last - timedelta(weeks=chance.randrange(weeks + 1), minutes=chance.randrange(60)))
