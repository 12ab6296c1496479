"""Old revision → new revision: a mapping is proposed, corrected, confirmed by another person, and can be taken back.

Confirmed, it hangs every resource of an old entry on its new entries too. The old place stays: pupils who began with the
old books finish with them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet

from catalogue.models import Node, Outline
from groups import audit
from groups.access import Action, require
from groups.models import Person
from library.outlines import contents, matching
from library.outlines.models import Mapping, MappingLine, Proposal, Rehoming
from library.outlines.policies import ruled
from library.outlines.services import Hindered, check_turn
from library.resources.models import Placement, Resource
from library.resources.services.indexing import SOURCE
from search import outbox

State = Proposal.State
Kind = MappingLine.Kind


@dataclass(frozen=True, slots=True)
class Choice:
    """What became of one old entry, as a person says it: its new entries, none for 删除."""

    old: str
    new: tuple[str, ...]


@transaction.atomic
def propose(*, old: Outline, new: Outline, reason: str, by: Person, at: datetime) -> Mapping:
    """A mapping with proposed lines, which its proposer then corrects.

    Raises:
        Refused: not a curator of the subject. Hindered: the books do not belong together, or one exists.
    """
    subject = contents.subject_id_of(old)
    if old == new or subject is None or subject != contents.subject_id_of(new):
        raise Hindered("请选同一学科的两本教材：左边旧教材，右边新教材")
    require(by, Action.EDIT, ruled(old), at=at)
    try:
        with transaction.atomic():
            mapping = Mapping.objects.create(
                old=old, new=new, subject_id=subject, reason=reason, proposed_by=by, proposed_at=at
            )
    except IntegrityError as problem:
        raise Hindered("这两本书已经有一份对照，请在那一份上接着改") from problem
    _write_lines(mapping, matching.propose(contents.read(old), contents.read(new)))
    audit.record(by, "mapping.proposed", old, mapping=mapping.uid, to=new.title)
    return mapping


@transaction.atomic
def correct(*, mapping: Mapping, choices: Iterable[Choice], by: Person, at: datetime) -> Mapping:
    """Replace the lines while the mapping waits; the kinds follow from the choices."""
    require(by, Action.EDIT, mapping, at=at)
    mapping = Mapping.objects.select_for_update().get(pk=mapping.pk)
    if mapping.state != State.WAITING:
        raise Hindered(f"这份对照{mapping.get_state_display()}，不能再改")
    if mapping.proposed_by_id != by.pk:
        raise Hindered("对照由提出人修改；你可以不通过，并写明哪里不对")
    mapping.lines.all().delete()
    _write_lines(mapping, lines_of(list(choices), contents.read(mapping.old), contents.read(mapping.new)))
    audit.record(by, "mapping.corrected", mapping.old, mapping=mapping.uid)
    return mapping


def lines_of(
    choices: Sequence[Choice], old: Sequence[contents.Row], new: Sequence[contents.Row]
) -> list[matching.Line]:
    """Lines with their kinds: one to many is 拆分, many to one 合并, else as `matching` calls a pair.

    Raises:
        Hindered: an entry that neither book has.
    """
    plain = {(line.old, line.new): line.kind for line in matching.propose(old, new)}
    titles = {row.uid: matching.key(row.title) for row in (*old, *new)}
    if not {uid for choice in choices for uid in (choice.old, *choice.new)} <= set(titles):
        raise Hindered("对照里有目录中已经没有的条目，请刷新后再改")
    reached = [uid for choice in choices for uid in choice.new]
    lines = []
    for choice in choices:
        for uid in choice.new or ("",):
            if not uid:
                kind: str = Kind.DELETED
            elif len(choice.new) > 1:
                kind = Kind.SPLIT
            elif reached.count(uid) > 1:
                kind = Kind.MERGED
            else:
                kind = plain.get((choice.old, uid)) or _of_pair(titles[choice.old], titles[uid])
            lines.append(matching.Line(choice.old, uid, kind))
    return lines + [matching.Line("", row.uid, Kind.ADDED) for row in new if row.uid not in reached]


def _of_pair(old_title: str, new_title: str) -> str:
    return Kind.MOVED if old_title == new_title else Kind.RENAMED


def _write_lines(mapping: Mapping, lines: Iterable[matching.Line]) -> None:
    old = dict(mapping.old.nodes.values_list("uid", "pk"))
    new = dict(mapping.new.nodes.values_list("uid", "pk"))
    MappingLine.objects.bulk_create(
        MappingLine(mapping=mapping, old_id=old.get(line.old), new_id=new.get(line.new), kind=line.kind, order=at)
        for at, line in enumerate(lines)
    )


def carried(mapping: Mapping) -> QuerySet[MappingLine]:
    """Lines that carry resources: both ends are there."""
    return mapping.lines.filter(old__isnull=False, new__isnull=False)


def affected(mapping: Mapping) -> dict[int, int]:
    """old node id → how many resources hang on it; counted without regard to who may read them."""
    found = Placement.objects.filter(node__in=mapping.lines.values("old")).order_by()
    return dict(found.values_list("node").annotate(Count("resource", distinct=True)))


@transaction.atomic
def approve(*, mapping: Mapping, by: Person, note: str = "", at: datetime) -> int:
    """Hang the resources on the new entries; returns how many places were added."""
    mapping = Mapping.objects.select_for_update().get(pk=mapping.pk)
    check_turn(mapping, by, at)
    targets: dict[int, list[int]] = {}
    for old, new in carried(mapping).values_list("old_id", "new_id"):
        targets.setdefault(old, []).append(new)
    placed = Placement.objects.filter(node__in=targets).values_list("resource_id", "node_id", "is_main")
    there = set(Placement.objects.filter(node__outline=mapping.new).values_list("resource_id", "node_id"))
    wanted = {(resource, new): main for resource, node, main in placed for new in targets[node]}
    added = {pair: main for pair, main in wanted.items() if pair not in there}
    Placement.objects.bulk_create(
        (Placement(resource_id=r, node_id=n, is_main=main) for (r, n), main in added.items()), batch_size=500
    )
    Rehoming.objects.bulk_create(
        (Rehoming(mapping=mapping, resource_id=r, node_id=n) for r, n in added), batch_size=500
    )
    _touch(r for r, _ in added)
    _close(mapping, State.APPLIED, by, note, at)
    audit.record(by, "mapping.applied", mapping.old, mapping=mapping.uid, added=len(added))
    return len(added)


@transaction.atomic
def decline(*, mapping: Mapping, by: Person, note: str, at: datetime) -> None:
    mapping = Mapping.objects.select_for_update().get(pk=mapping.pk)
    check_turn(mapping, by, at)
    _close(mapping, State.DECLINED, by, note, at)
    audit.record(by, "mapping.declined", mapping.old, mapping=mapping.uid, note=note)


@transaction.atomic
def withdraw(*, mapping: Mapping, by: Person, at: datetime) -> None:
    mapping = Mapping.objects.select_for_update().get(pk=mapping.pk)
    if mapping.proposed_by_id != by.pk or mapping.state != State.WAITING:
        raise Hindered("只有提出人能撤回，而且要在确认之前")
    mapping.state = State.WITHDRAWN
    mapping.save(update_fields=["state"])
    audit.record(by, "mapping.withdrawn", mapping.old, mapping=mapping.uid)


@transaction.atomic
def revert(*, mapping: Mapping, by: Person, at: datetime) -> int:
    """Take exactly the added places away again; places that teachers gave themselves stay. Returns how many."""
    require(by, Action.EDIT, mapping, at=at)
    mapping = Mapping.objects.select_for_update().get(pk=mapping.pk)
    if mapping.state != State.APPLIED:
        raise Hindered(f"这份对照{mapping.get_state_display()}，不能还原")
    pairs = list(mapping.rehomings.values_list("resource_id", "node_id"))
    for resource, node in pairs:
        Placement.objects.filter(resource=resource, node=node).delete()
    _touch(resource for resource, _ in pairs)
    mapping.state, mapping.reverted_by, mapping.reverted_at = State.REVERTED, by, at
    mapping.save(update_fields=["state", "reverted_by", "reverted_at"])
    audit.record(by, "mapping.reverted", mapping.old, mapping=mapping.uid, removed=len(pairs))
    return len(pairs)


def _close(mapping: Mapping, state: str, by: Person, note: str, at: datetime) -> None:
    mapping.state, mapping.decided_by, mapping.decided_at, mapping.note = state, by, at, note
    mapping.save(update_fields=["state", "decided_by", "decided_at", "note"])


def _touch(resource_ids: Iterable[int]) -> None:
    uids = Resource.objects.filter(pk__in=set(resource_ids)).order_by().values_list("uid", flat=True)
    outbox.touch_many(SOURCE, uids)


def nodes_by_id(mapping: Mapping) -> dict[int, Node]:
    """Both books' nodes, for showing lines."""
    return {node.pk: node for node in Node.objects.filter(outline__in=(mapping.old_id, mapping.new_id))}
