"""What people of the demo city say to each other: thanks, comments, follows, topics, wishes, an appeal, marks, joining."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from groups.models import Organisation, Studio
from library.resources.models import Resource
from library.together.services import authors, collecting, reviews, talk, wishing
from studios import services as studios
from website.demo.history import play
from website.demo.reading import Facts, moment, read
from website.demo.town import Town


def load_together(town: Town) -> None:
    told = read("together.yaml")
    parts = {
        "follows": _follows,
        "thanks": _thanks,
        "comments": _comments,
        "collections": _collection,
        "wishes": _wish,
        "marks": _mark,
        "appeals": _appeal,
        "authors": _author,
        "applications": _application,
    }
    for part, deed in parts.items():
        play("together.yaml", told, part, partial(deed, town))


def _follows(town: Town, fact: Facts) -> None:
    by, at = town.person(fact["by"]), moment(fact, town.now, 20)
    for key in fact.get("studios") or ():
        talk.toggle_follow(by=by, at=at, studio=town.organisation(key))
    for name in fact.get("people") or ():
        talk.toggle_follow(by=by, at=at, person=town.person(name))
    for key in fact.get("resources") or ():
        talk.toggle_follow(by=by, at=at, resource=_resource(town, key))


def _resource(town: Town, key: str) -> Resource:
    resource = town.resource(key)
    resource.refresh_from_db()
    return resource


def _thanks(town: Town, fact: Facts) -> None:
    for name in fact["by"]:
        talk.toggle_thanks(resource=_resource(town, fact["of"]), by=town.person(name), at=moment(fact, town.now, 6))


def _comments(town: Town, fact: Facts) -> None:
    resource, at = _resource(town, fact["of"]), moment(fact, town.now, 5)
    first = talk.comment(resource=resource, by=town.person(fact["by"]), words=str(fact["words"]), at=at)
    for number, answer in enumerate(fact.get("answers") or (), 1):
        talk.comment(
            resource=resource,
            by=town.person(answer["by"]),
            words=str(answer["words"]),
            at=min(at + timedelta(hours=5 * number), town.now),
            answering=first,
        )


def _collection(town: Town, fact: Facts) -> None:
    by, at = town.person(fact["by"]), moment(fact, town.now, 14)
    body: Organisation | None = town.organisation(fact["of"]) if fact.get("of") else None
    readers = [
        collecting.Reader(None if key == "public" else town.organisation(key)) for key in fact.get("readers") or ()
    ]
    made = collecting.start(
        by=by, title=str(fact["title"]), summary=str(fact.get("summary", "")), organisation=body, readers=readers, at=at
    )
    for item in fact["items"]:
        note = str(item.get("note", ""))
        collecting.put(collection=made, resource=_resource(town, item["key"]), by=by, note=note, at=at)


def _wish(town: Town, fact: Facts) -> None:
    at = moment(fact, town.now, 4)
    node = town.node(fact.get("node"), "together")
    wish = wishing.ask(
        by=town.person(fact["by"]),
        words=str(fact["words"]),
        details=str(fact.get("details", "")),
        node=node,
        kind=str(fact.get("kind", "")),
        at=at,
    )
    answer: Mapping[str, str] = fact.get("answer") or {}
    if answer:
        wishing.answer(
            wish=wish,
            by=town.person(answer["by"]),
            resource=_resource(town, answer["key"]),
            words=str(answer.get("words", "")),
            at=min(at + timedelta(days=1), town.now),
        )


def _mark(town: Town, fact: Facts) -> None:
    reviews.award_mark(
        resource=_resource(town, fact["of"]),
        by=town.person(fact["by"]),
        organisation=town.organisation(fact["body"]),
        certificate=str(fact["certificate"]),
        at=moment(fact, town.now, 8),
    )


def _appeal(town: Town, fact: Facts) -> None:
    resource = _resource(town, fact["of"])
    reviews.appeal(resource=resource, by=resource.owner, words=str(fact["words"]), at=moment(fact, town.now, 2))


def _author(town: Town, fact: Facts) -> None:
    resource = _resource(town, fact["of"])
    authors.invite_author(
        resource=resource,
        by=resource.owner,
        person=town.person(fact["person"]),
        part=str(fact["part"]),
        at=moment(fact, town.now, 1),
    )


def _application(town: Town, fact: Facts) -> None:
    studios.ask_to_join(
        studio=Studio.objects.get(pk=town.organisation(fact["studio"]).pk),
        by=town.person(fact["by"]),
        words=str(fact["words"]),
        at=moment(fact, town.now, 2),
    )
