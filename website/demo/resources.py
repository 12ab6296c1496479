"""The demo's resources, played through the services: drafts, versions, submissions, every reviewer's answer."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from groups.access import Refused
from groups.models import Appointment, Person, Role
from library.documents.question import title_of
from library.resources import services
from library.resources.models import Contribution, Kind, Resource, ReviewStep, Submission, WorkingCopy
from library.resources.services import packages
from media.models import File
from media.services import store_bytes
from website.demo import bank
from website.demo.documents import document_for, with_changes
from website.demo.reading import CONTENT, DemoProblem, Facts, moment, read_all
from website.demo.town import Town

PARTS = {label: value for value, label in Contribution.Part.choices}
REVIEWER_ROLE = {"studio": Role.HOST, "county": Role.OFFICER, "city": Role.OFFICER}
INHERITED = ("owner", "node", "audience", "licence", "published", "created", "studio", "state")
REVIEW_DELAY = timedelta(hours=6)


def load_questions(town: Town) -> None:
    """The bank comes first: homeworks and papers pin what is published. A file's `defaults` stand for what a question leaves out."""
    for name, told in read_all("questions"):
        for facts in told["questions"]:
            load_resource(town, name, question_facts(told, facts))


def question_facts(told: Facts, facts: Facts) -> Facts:
    """One question of a file as a resource: its title is the beginning of its stem."""
    whole = {**(told.get("defaults") or {}), **facts, "kind": Kind.QUESTION}
    return {**whole, "title": title_of(bank.question(whole))}


def load_packages(town: Town) -> None:
    for name, facts in read_all("packages"):
        _load_package(town, name, facts)


def load_pieces(town: Town) -> None:
    for name, facts in read_all("pieces"):
        load_resource(town, name, facts)


def _load_package(town: Town, name: str, facts: Facts) -> None:
    """The parts first, then the package that pins them."""
    inherited = {key: facts[key] for key in INHERITED if key in facts}
    parts = [load_resource(town, name, {**inherited, **part}) for part in facts["parts"]]
    node = town.node(facts["node"], facts["key"])
    if node is None:
        raise DemoProblem(f"{name}: 目录里没有这个位置 {facts['node']}")
    owner = town.person(facts["owner"])
    at = moment(facts.get("published"), town.now, 20)
    for part in parts:
        part.refresh_from_db()
    resource = services.create(
        kind=Kind.PACKAGE,
        owner=owner,
        school=town.school_of(owner, at),
        draft=services.Draft(title=facts["title"], document=packages.document_with(parts)),
        at=at,
        metadata=_metadata(town, facts),
        nodes=[node],
        columns={"node": node, "period": facts.get("period", 1), "periods": facts.get("periods", 1)},
        studio=town.organisation(facts["studio"]) if facts.get("studio") else None,
    )
    _add_authors(town, resource, facts, at)
    town.resources[facts["key"]] = resource
    _review(town, resource, facts, _submit(town, resource, facts, at, "", ""), at)


def load_resource(town: Town, name: str, facts: Facts) -> Resource:
    """One resource with its versions, up to the state that the content gives it."""
    try:
        return _load_resource(town, facts)
    except (LookupError, ValueError, Refused) as problem:
        raise DemoProblem(f"{name} {facts.get('key')}: {problem!r}") from problem


def _load_resource(town: Town, facts: Facts) -> Resource:
    owner = town.person(facts["owner"])
    facts = bank.pinned(facts, town.pin)
    published = moment(facts.get("published"), town.now, 10)
    created = min(moment(facts.get("created"), town.now, 30), published)
    node = town.node(facts.get("node"), facts["key"])
    versions = list(facts.get("versions") or [{}])
    files = tuple(_files(facts, owner))
    first = with_changes(facts, versions[0].get("changes") or ())
    resource = services.create(
        kind=facts["kind"],
        owner=owner,
        school=town.school_of(owner, created),
        draft=services.Draft(title=first["title"], document=document_for(first), files=files),
        at=created,
        metadata=_metadata(town, facts),
        nodes=[node] if node else [],
        studio=town.organisation(facts["studio"]) if facts.get("studio") else None,
        columns=_columns(facts, files),
    )
    _add_authors(town, resource, facts, created)
    town.resources[facts["key"]] = resource
    _play_versions(town, resource, facts, versions, files, published)
    resource.refresh_from_db()
    return resource


def _play_versions(
    town: Town, resource: Resource, facts: Facts, versions: Sequence[Facts], files: Any, published: datetime
) -> None:
    """Write, submit and answer each version in turn; only the last one meets the content's final state."""
    for number, told in enumerate(versions, 1):
        is_last = number == len(versions)
        at = moment(told, town.now) if "days_ago" in told else published
        text = with_changes(facts, () if is_last else told.get("changes") or ())
        if number > 1:
            copy = WorkingCopy.objects.get(resource=resource)
            draft = services.Draft(title=text["title"], document=document_for(text), files=files)
            services.save(resource=resource, by=resource.owner, draft=draft, lock_version=copy.lock_version, at=at)
        if is_last and facts.get("state", "published") == "draft":
            return
        submission = _submit(town, resource, facts, at, str(told.get("label", "")), str(told.get("reason", "")))
        _review(town, resource, facts if is_last else {}, submission, at)


def publish_again(town: Town, resource: Resource, facts: Facts, told: Facts) -> None:
    """A newer version of what is published already, of the content's text with `changes` laid over it."""
    text, at = with_changes(facts, told.get("changes") or ()), moment(told, town.now)
    copy = WorkingCopy.objects.prefetch_related("attachments__file").get(resource=resource)
    files = tuple((a.file, a.purpose) for a in copy.attachments.all())
    draft = services.Draft(title=text["title"], document=document_for(text), files=files)
    services.save(resource=resource, by=resource.owner, draft=draft, lock_version=copy.lock_version, at=at)
    submission = _submit(town, resource, facts, at, str(told.get("label", "")), str(told.get("reason", "")))
    _review(town, resource, {}, submission, at)


def _submit(town: Town, resource: Resource, facts: Facts, at: datetime, label: str, reason: str) -> Submission:
    audiences = [town.audience(told) for told in facts["audience"]]
    return services.submit(resource=resource, by=resource.owner, audiences=audiences, at=at, label=label, reason=reason)


def _review(town: Town, resource: Resource, facts: Facts, submission: Submission, at: datetime) -> None:
    """Answer every step, or stop where the content leaves the submission waiting or returned."""
    told = facts.get("review") or {}
    state = facts.get("state", "published")
    opinions = {o["level"]: o for o in told.get("opinions") or ()}
    returned = told.get("returned") if state == "returned" else None
    for number, step in enumerate(submission.steps.order_by("order"), 1):
        when = min(at + REVIEW_DELAY * number, town.now)
        if state == "in_review" and told.get("at") == step.level:
            return
        if returned and returned["level"] == step.level:
            services.return_for_changes(
                submission=submission,
                by=town.person(returned["by"]),
                at=when,
                reasons=returned.get("reasons") or [],
                opinion=str(returned.get("opinion", "")),
                internal_note=str(returned.get("internal_note", "")),
            )
            return
        opinion = opinions.get(step.level, {})
        by = town.person(opinion["by"]) if opinion.get("by") else _reviewer(step, resource, when)
        services.approve(submission=submission, by=by, at=when, opinion=str(opinion.get("text", "")))


def _reviewer(step: ReviewStep, resource: Resource, at: datetime) -> Person:
    """Somebody who may answer this step and wrote none of the resource."""
    authors = set(resource.contributions.values_list("person_id", flat=True))
    found = (
        Appointment.objects.valid_at(at)
        .filter(organisation=step.organisation, role=REVIEWER_ROLE.get(step.level, Role.REVIEWER))
        .exclude(person__in=authors)
        .select_related("person")
        .order_by("pk")
        .first()
    )
    if found is None:
        raise DemoProblem(f"{step.organisation} 没有可以审《{resource.title}》的人")
    return found.person


def _files(facts: Facts, owner: Person) -> Iterator[tuple[File, str]]:
    for told in facts.get("files") or ():
        file = store_bytes(content=_bytes(told["file"]), name=told["name"], by=owner)
        if told.get("pdf"):
            store_bytes(content=_bytes(told["pdf"]), name=f"{Path(told['name']).stem}.pdf", by=owner, twin_of=file)
        yield file, str(told.get("purpose", "main"))


def _bytes(path: str) -> bytes:
    return (CONTENT / path).read_bytes()


def _columns(facts: Facts, files: Sequence[tuple[File, str]]) -> dict[str, Any]:
    kind = facts["kind"]
    if kind == Kind.MICRO_LESSON:
        duration = next((f.duration for f, _ in files if f.duration), None)
        return {"duration": duration, "has_subtitles": any(purpose == "subtitle" for _, purpose in files)}
    if kind == Kind.LESSON_RECORDING:
        return {"duration": next((f.duration for f, _ in files if f.duration), None)}
    if kind == Kind.COURSEWARE:
        return {"pages": len(facts.get("slides") or ()) or None}
    return {}


def _metadata(town: Town, facts: Facts) -> services.Metadata:
    node = facts.get("node") or {}
    grades = facts.get("grades") or ([node["grade"], node["grade"]] if node else [None, None])
    subject = facts.get("subject") or node.get("subject")
    return services.Metadata(
        subtitle=str(facts.get("subtitle", "")),
        summary=str(facts.get("summary", "")),
        keywords=tuple(str(k) for k in facts.get("keywords") or ()),
        subjects=(town.subject(subject),) if subject else (),
        grade_from=grades[0],
        grade_to=grades[1],
        for_pupils=facts.get("kind") in {Kind.WORKSHEET, Kind.HOMEWORK, Kind.MICRO_LESSON},
        licence=str(facts.get("licence", "group")),
        source_type=str(facts.get("source_type", "original")),
    )


def _add_authors(town: Town, resource: Resource, facts: Facts, at: datetime) -> None:
    for order, told in enumerate(facts.get("co_authors") or (), 1):
        person = town.person(told["name"])
        services.add_author(
            resource=resource,
            by=resource.owner,
            person=person,
            part=PARTS[told.get("part", "参备")],
            school=town.school_of(person, at),
            order=order,
            at=at,
        )
