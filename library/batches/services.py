"""Writes of batches: open one with its guesses, correct rows, make drafts of the chosen ones; each file by itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from catalogue.models import Node
from groups import audit
from groups.access import Refused, Verdict
from groups.models import Appointment, Organisation, Person
from library.batches.guessing import Guess, guess, kind_for
from library.batches.intake import MOST_FILES, Taken
from library.batches.models import Batch, Row
from library.batches.places import Places, kinds_of_batches, names_for
from library.documents import schema
from library.resources import kinds, services
from library.resources.models import Contribution, Resource


class TooMany(ValueError):
    """More files than one batch takes; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What the teacher says about one row."""

    is_chosen: bool
    kind: str
    title: str
    author: str
    node: Node | None


def takes() -> Mapping[str, frozenset[str]]:
    return {str(spec.kind): spec.families for spec in kinds_of_batches()}


@transaction.atomic
def open_batch(*, owner: Person, school: Organisation | None, name: str, taken: Sequence[Taken], at: datetime) -> Batch:
    """Write down what came in, with a guess for each file.

    Raises:
        TooMany: more files than a table can be looked through.
    """
    listed = [one for one in taken if one.file or one.problem]
    if len(listed) > MOST_FILES:
        raise TooMany(f"一次最多 {MOST_FILES} 个文件，这次有 {len(listed)} 个，请分几次传")
    batch = Batch.objects.create(owner=owner, school=school, name=name[:200], ignored=len(taken) - len(listed))
    names, places = names_for(school, at), Places(school, at)
    Row.objects.bulk_create(
        _row(batch, order, one, guess(one.path, names), places) for order, one in enumerate(listed, 1)
    )
    audit.record(owner, "batch.opened", batch, files=len(listed))
    return batch


def _row(batch: Batch, order: int, taken: Taken, found: Guess, places: Places) -> Row:
    if taken.file is None:
        return Row(batch=batch, order=order, path=taken.path, problem=taken.problem[:400], is_chosen=False)
    node = places.find(found)
    stem = taken.path.rpartition("/")[2].rpartition(".")[0]
    return Row(
        batch=batch,
        order=order,
        path=taken.path,
        file=taken.file,
        kind=kind_for(found.kind, taken.file.family, takes()),
        title=(found.title or (node.title if node else "") or stem)[:120],
        author=found.author[:60],
        subject=places.subject(found),
        grade=found.grade,
        node=node,
    )


@transaction.atomic
def correct(*, batch: Batch, by: Person, corrections: Mapping[int, Correction]) -> None:
    """Write what the teacher changed; a row that is a draft already stays as it is.

    Raises:
        Refused: only the one who sent the files may say what they are.
    """
    _require_owner(batch, by)
    rows = batch.rows.filter(pk__in=corrections, resource__isnull=True, done_at__isnull=True, file__isnull=False)
    for row in rows:
        told = corrections[row.pk]
        row.is_chosen, row.kind, row.title = told.is_chosen, told.kind, told.title
        row.author, row.node = told.author, told.node
        row.save(update_fields=["is_chosen", "kind", "title", "author", "node"])


def _require_owner(batch: Batch, by: Person) -> None:
    if batch.owner_id != by.pk:
        raise Refused(Verdict(False, "这一批文件是别人传的"))


def create_drafts(*, batch: Batch, by: Person, at: datetime) -> int:
    """Make a draft of every chosen row, each in a transaction of its own; pressing twice makes nothing twice.

    A row that fails keeps its file and says why; the others go on. Answers how many drafts were made.

    Raises:
        Refused: only the one who sent the files.
    """
    _require_owner(batch, by)
    waiting = batch.rows.filter(is_chosen=True, done_at__isnull=True, file__isnull=False)
    return sum(create_draft(pk=pk, by=by, at=at) for pk in waiting.values_list("pk", flat=True))


def create_draft(*, pk: int, by: Person, at: datetime) -> bool:
    """Make one row's draft; False when somebody did already, or when it failed and the row says why."""
    try:
        return _create(pk, by, at)
    except (Refused, ValueError, LookupError) as problem:
        Row.objects.filter(pk=pk).update(remark=f"没有建成：{problem}"[:300])
        return False


@transaction.atomic
def _create(pk: int, by: Person, at: datetime) -> bool:
    taken = Row.objects.filter(pk=pk, done_at__isnull=True).update(done_at=at, remark="")
    if not taken:
        return False
    row = Row.objects.select_related("batch__school", "file", "subject", "node__outline__textbook__subject").get(pk=pk)
    assert row.file is not None
    spec = kinds.spec_of(row.kind)
    document = schema.load(spec.document, {})
    resource = services.create(
        kind=row.kind,
        owner=by,
        school=row.batch.school,
        draft=services.Draft(title=row.title or row.path, document=document, files=((row.file, "main"),)),
        metadata=_metadata(row),
        nodes=[row.node] if row.node else [],
        at=at,
    )
    remark = _sign(row, resource, by, at)
    Row.objects.filter(pk=pk).update(resource=resource, remark=remark)
    return True


def _metadata(row: Row) -> services.Metadata:
    book = getattr(row.node.outline, "textbook", None) if row.node else None
    subject = book.subject if book else row.subject
    first = book.grade_from if book else row.grade
    last = book.grade_to if book else row.grade
    return services.Metadata(subjects=(subject,) if subject else (), grade_from=first, grade_to=last)


def _sign(row: Row, resource: Resource, by: Person, at: datetime) -> str:
    """Name the colleague whom the file names; a name that no colleague has is only told."""
    if not row.author or row.author == by.name:
        return ""
    found = _colleagues(row, at)
    if len(found) != 1:
        return f"文件名里的“{row.author}”不是本校老师，没有署名" if not found else f"本校有几位“{row.author}”，没有署名"
    services.add_author(
        resource=resource,
        by=by,
        person=found[0],
        part=Contribution.Part.LEAD,
        school=row.batch.school,
        order=1,
        at=at,
    )
    return f"已署名 {row.author}"


def _colleagues(row: Row, at: datetime) -> list[Person]:
    posts: Iterable[Appointment] = (
        Appointment.objects.valid_at(at)
        .filter(organisation=row.batch.school, person__name=row.author)
        .select_related("person")
    )
    return list({post.person_id: post.person for post in posts}.values())
