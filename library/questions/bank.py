"""Many questions at once into the bank: the same rows that creating, submitting and publishing one by one would write.

Only for audiences that ask for no review (oneself, named persons, a prep or research group): what goes wider goes
through its chain, question by question.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import connections, router, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.sql import InsertQuery

from catalogue.models import Node
from groups import audit
from groups.access import Refused, Verdict
from groups.models import Organisation, Person, State
from library.documents import question, schema
from library.documents.question import QuestionDocument
from library.questions.kinds import question_columns
from library.questions.models import Question
from library.resources.models import (
    Contribution,
    ExternalId,
    Grant,
    Kind,
    Placement,
    Resource,
    Submission,
    SubmissionAudience,
    Version,
    WorkingCopy,
)
from library.resources.services import Audience, Metadata, chain_for
from library.resources.services.indexing import SOURCE
from library.resources.services.versions import digest
from search import outbox

CHUNK = 500
FIRST_LABEL = "第1版"


@dataclass(frozen=True, slots=True)
class Entry:
    """One question for the bank; `system` and `value` are what its source calls it."""

    document: QuestionDocument
    metadata: Metadata
    nodes: tuple[Node, ...] = ()
    system: str = ""
    value: str = ""


@dataclass(slots=True)
class Outcome:
    """What happened: uids in the order of the entries that went in, and how many were there already."""

    uids: list[str] = field(default_factory=list)
    known: int = 0


def put_in_bank(
    *,
    entries: Iterable[Entry],
    owner: Person,
    school: Organisation | None,
    audience: Audience,
    at: datetime,
) -> Outcome:
    """Publish questions to an audience without a chain, in chunks of their own transaction; what is there stays as it is.

    Every entry has an answer: the caller has asked `question.problems`.

    Raises:
        Refused: the audience asks for a review.
    """
    if audience.is_public or chain_for([audience], school, at):
        raise Refused(Verdict(False, "这个范围要审核，成批放进题库只能给自己、指定的人或备课组"))
    outcome = Outcome()
    for chunk in _chunks(entries):
        fresh = _unknown(chunk)
        outcome.known += len(chunk) - len(fresh)
        outcome.uids += _write(fresh, owner, school, audience, at) if fresh else []
    return outcome


def _chunks(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    rest = iter(entries)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _unknown(chunk: Sequence[Entry]) -> list[Entry]:
    """Entries that no resource carries the outer id of; the first of two equal ids."""
    named = {(entry.system, entry.value) for entry in chunk if entry.value}
    rows = ExternalId.objects.filter(system__in={s for s, _ in named}, value__in={v for _, v in named})
    seen = set(rows.values_list("system", "value"))
    fresh = []
    for entry in chunk:
        if not entry.value or (entry.system, entry.value) not in seen:
            fresh.append(entry)
            seen.add((entry.system, entry.value))
    return fresh


@transaction.atomic
def _write(
    entries: Sequence[Entry], owner: Person, school: Organisation | None, audience: Audience, at: datetime
) -> list[str]:
    made = [_question(entry, owner, school, at) for entry in entries]
    _insert(made)
    pairs = list(zip(made, entries, strict=True))
    versions = [_version(one, entry, owner, at) for one, entry in pairs]
    Version.objects.bulk_create(versions)
    _write_text(pairs, versions, owner, school)
    _publish(made, versions, owner, audience, at)
    audit.record_each(owner, "question.imported", ((one, _detail(entry)) for one, entry in pairs))
    outbox.touch_many(SOURCE, [one.uid for one in made])
    return [one.uid for one in made]


def _question(entry: Entry, owner: Person, school: Organisation | None, at: datetime) -> Question:
    told = entry.metadata
    return Question(
        kind=Kind.QUESTION,
        owner=owner,
        home_school=school,
        title=question.title_of(entry.document),
        subtitle=told.subtitle,
        summary=told.summary,
        keywords=list(told.keywords),
        grade_from=told.grade_from,
        grade_to=told.grade_to,
        for_pupils=told.for_pupils,
        licence=told.licence,
        source_type=told.source_type,
        state=State.DRAFT,
        state_changed_at=at,
        created_at=at,
        **question_columns(entry.document),
    )


def _insert(made: Sequence[Question]) -> None:
    """The record and its child row; Django's bulk_create does not do both, so the child's statement is made here."""
    names = [f.attname for f in Resource._meta.local_concrete_fields if not f.primary_key]
    records = [Resource(**{name: getattr(one, name) for name in names}) for one in made]
    Resource.objects.bulk_create(records)
    for one, record in zip(made, records, strict=True):
        one.pk = one.resource_ptr_id = record.pk
    using = router.db_for_write(Question)
    fields = Question._meta.local_concrete_fields
    most = max(1, (connections[using].features.max_query_params or 10_000) // len(fields))
    for start in range(0, len(made), most):
        query = InsertQuery(Question)
        query.insert_values(fields, list(made[start : start + most]))
        query.get_compiler(using).execute_sql(None)


def _version(one: Question, entry: Entry, owner: Person, at: datetime) -> Version:
    document = schema.dump(entry.document)
    return Version(
        resource_id=one.pk,
        number=1,
        title=one.title,
        document=document,
        sha256=digest(one.title, document, []),
        label=FIRST_LABEL,
        cut_by=owner,
        cut_at=at,
        published_at=at,
    )


def _write_text(
    pairs: Sequence[tuple[Question, Entry]], versions: Sequence[Version], owner: Person, school: Organisation | None
) -> None:
    WorkingCopy.objects.bulk_create(
        WorkingCopy(resource_id=v.resource_id, title=v.title, document=v.document, updated_by=owner) for v in versions
    )
    Contribution.objects.bulk_create(
        Contribution(resource_id=one.pk, person=owner, school_then=school) for one, _ in pairs
    )
    Resource.subjects.through.objects.bulk_create(
        Resource.subjects.through(resource_id=one.pk, subject_id=subject.pk)
        for one, entry in pairs
        for subject in entry.metadata.subjects
    )
    Placement.objects.bulk_create(
        Placement(resource_id=one.pk, node=node, is_main=at == 0)
        for one, entry in pairs
        for at, node in enumerate(entry.nodes)
    )
    ExternalId.objects.bulk_create(
        ExternalId(resource_id=one.pk, system=entry.system, value=entry.value) for one, entry in pairs if entry.value
    )


def _publish(
    made: Sequence[Question], versions: Sequence[Version], owner: Person, audience: Audience, at: datetime
) -> None:
    """The record of each publication, its grant, and the version that readers see."""
    submissions = Submission.objects.bulk_create(
        Submission(
            resource_id=v.resource_id,
            version=v,
            status=Submission.Status.APPROVED,
            submitted_by=owner,
            submitted_at=at,
            closed_at=at,
        )
        for v in versions
    )
    to: Mapping[str, object] = {
        "organisation": audience.organisation,
        "person": audience.person,
        "level": audience.level,
        "ends_at": audience.ends_at,
    }
    SubmissionAudience.objects.bulk_create(SubmissionAudience(submission=s, **to) for s in submissions)
    Grant.objects.bulk_create(
        Grant(resource_id=v.resource_id, given_by=owner, starts_at=at, start_told=True, **to) for v in versions
    )
    first = Version.objects.filter(resource=OuterRef("pk"), number=1).values("pk")
    Resource.objects.filter(pk__in=[one.pk for one in made]).update(
        state=State.PUBLISHED, published_version=Subquery(first), published_at=at
    )


def _detail(entry: Entry) -> dict[str, str]:
    return {"system": entry.system, "value": entry.value} if entry.value else {}
