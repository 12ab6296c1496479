"""The preparation room (备课室): a draft with its remarks at their places, as one viewer sees it, in a fixed number of queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from groups import access
from groups.access import Action, Relation
from groups.models import Person
from groups.viewer import Viewer
from lessons.prep.models import Draft, Preparation, Remark, Reply, Vote
from lessons.prep.remarks import marks
from lessons.prep.remarks.counting import ADOPTED
from lessons.prep.remarks.sheet import Block, Sheet, sheet_of
from library.documents import schema
from library.documents.anchors import Following, Found, Path, Texts, find
from library.documents.difference import difference, seen
from library.documents.lesson_design import LessonDesignDocument
from library.documents.ranges import Span
from library.documents.walk import completeness
from library.resources.models import WorkingCopy
from ui.templatetags.ui import face, zh_ago, zh_date

FILTERS = {"": "本稿", "open": "未处理", "mine": "我的", "every": "历稿"}


@dataclass(frozen=True, slots=True)
class Rights:
    """What the viewer may do in the room; the rows of the policy, asked once."""

    person: int | None
    comment: bool
    suggest: bool
    vote: bool
    dispose: bool
    moderates: bool

    def kinds(self) -> list[tuple[str, str]]:
        """The kinds of remark that the viewer may write."""
        allowed = {kind: self.suggest if kind == Remark.Kind.SUGGESTION else self.comment for kind in Remark.Kind}
        return [(kind.value, str(kind.label)) for kind in Remark.Kind if allowed[kind]]


@dataclass(frozen=True, slots=True)
class Tally:
    """The voices of a ballot so far."""

    voices: tuple[tuple[str, str, int], ...]
    own: str


@dataclass(frozen=True, slots=True)
class Answer:
    reply: Reply
    who: str
    face: SafeString
    is_own: bool
    may_edit: bool
    may_delete: bool
    may_report: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One remark in the margin, and what the viewer may do to it.

    Attributes:
        who, is_own: the author's name, and whether that is the viewer.
        where, when: the school of that day, and how long ago.
        decided: who disposed of it and when.
        number: of those that are open, from the top of the block; 0 for others.
        written_on: the number of its draft, where another one is shown.
        place: where it stands, in a teacher's words; empty when the words are gone.
        is_gone: the quoted words, or the stage, were changed or deleted since (原文已改).
    """

    remark: Remark
    number: int
    who: str
    face: SafeString
    is_own: bool
    where: str
    when: str
    decided: str
    place: str
    is_gone: bool
    change: SafeString
    answers: tuple[Answer, ...]
    tally: Tally | None
    may_edit: bool
    may_delete: bool
    may_report: bool
    written_on: int = 0

    @property
    def trace(self) -> str:
        """What stands where words were; empty while they stand."""
        if self.remark.deleted_at is None:
            return ""
        own = self.remark.deleted_by_id == self.remark.author_id
        return "这条批注已由本人删除" if own else "这条批注已由主备人删除"


@dataclass(frozen=True, slots=True)
class DraftShown:
    """One step of the 稿次 rail."""

    number: int
    at: Any
    remarks: int
    is_shown: bool
    is_last: bool
    version: int


@dataclass(frozen=True, slots=True)
class Room:
    """Finished values for the page."""

    base: str

    preparation: Preparation
    draft: Draft
    sheet: Sheet
    drafts: tuple[DraftShown, ...]
    rights: Rights
    filter: str
    total: int
    open: int
    spoken: int
    changed_since: int
    percent: int
    titles: Mapping[str, str]

    with_reason: ClassVar = (("partly", "部分采纳"), ("declined", "不采纳"))
    """Dispositions that open a box for a reason."""

    @property
    def before(self) -> DraftShown | None:
        """The draft before the one shown, to compare with."""
        return next((one for one in self.drafts if one.number == self.draft.number - 1), None)


def room_of(
    preparation: Preparation,
    viewer: Viewer,
    held: frozenset[Relation],
    *,
    draft: int | None = None,
    only: str = "",
) -> Room | None:
    """The room at its last draft, or at the one that is asked for; None before there is a draft.

    Args:
        preparation: with its people and drafts loaded (`with_people`).
        held: the relations in which the viewer stands to it.
    """
    drafts = list(preparation.drafts.all())
    shown = next((one for one in drafts if one.number == draft), drafts[-1] if drafts else None)
    if shown is None:
        return None
    rights = rights_of(preparation, viewer, held)
    remarks = _remarks(preparation, viewer)
    names = _names(preparation, remarks)
    wanted = [remark for remark in remarks if _is_wanted(remark, shown, drafts[-1], only, viewer)]
    documents = _documents({shown.pk, drafts[-1].pk, *(remark.draft_id for remark in wanted)}, drafts)
    places = _places(wanted, shown, documents)
    document = documents[shown.pk]
    written_on = {one.pk: one.number for one in drafts if one != shown}
    sheet, cards = _laid_out(document, wanted, places, _Reader(rights, names, written_on))
    for block, card in cards:
        block.cards.append(card)
    working = _working(preparation)
    return Room(
        base=reverse("remarks:room", args=[preparation.uid]),
        preparation=preparation,
        draft=shown,
        sheet=sheet,
        drafts=tuple(_drafts(drafts, shown, remarks)),
        rights=rights,
        filter=only,
        total=sum(r.deleted_at is None for r in remarks),
        open=sum(r.is_open for r in remarks),
        spoken=len(_spoken(remarks)),
        changed_since=len(seen(difference(documents[drafts[-1].pk], working))) if working else 0,
        percent=completeness(document),
        titles=FILTERS,
    )


_face = lru_cache(maxsize=1_000)(face)


def rights_of(preparation: Preparation, viewer: Viewer, held: frozenset[Relation]) -> Rights:
    def may(action: Action) -> bool:
        return bool(access.verdict_of(held, viewer, action, preparation))

    return Rights(
        person=viewer.person_id,
        comment=may(Action.COMMENT),
        suggest=may(Action.SUGGEST),
        vote=may(Action.VOTE),
        dispose=may(Action.DISPOSE_COMMENT),
        moderates=Relation.LEAD in held,
    )


def _remarks(preparation: Preparation, viewer: Viewer) -> list[Remark]:
    named = Remark.mentioned.through.objects.filter(remark=OuterRef("pk"), person=viewer.person_id)
    rows = preparation.remarks.annotate(is_named=Exists(named))
    return list(rows.prefetch_related("replies", "votes"))


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of people and schools by key."""

    people: Mapping[int, str]
    schools: Mapping[int, str]


def _names(preparation: Preparation, remarks: Iterable[Remark]) -> _Names:
    """From who takes part, and of others who wrote (whoever leads the group) by one query."""
    placed = list(preparation.participants.all())
    people = {row.person_id: row.person.name for row in placed}
    people |= {person.pk: person.name for person in (preparation.organiser, preparation.lead) if person}
    wrote = {key for r in remarks for key in (r.author_id, *(a.author_id for a in r.replies.all()))}
    wrote |= {r.disposed_by_id for r in remarks if r.disposed_by_id is not None}
    others = wrote - people.keys()
    if others:
        people |= dict(Person.objects.filter(pk__in=others).values_list("pk", "name"))
    return _Names(people, {row.school_then.pk: row.school_then.name for row in placed if row.school_then})


def _is_wanted(remark: Remark, shown: Draft, last: Draft, only: str, viewer: Viewer) -> bool:
    """This draft's remarks, and on the last draft what earlier ones left open; narrowed as the filter asks."""
    if only == "every":
        return True
    here = remark.draft_id in (shown.pk, None) or (shown == last and remark.is_open)
    if only == "open":
        return here and remark.is_open
    if only == "mine":
        return here and _is_mine(remark, viewer.person_id)
    return here


def _is_mine(remark: Remark, person: int | None) -> bool:
    """Wrote it, answered it, or is named in it."""
    wrote = person in {remark.author_id, *(reply.author_id for reply in remark.replies.all())}
    return wrote or bool(remark.is_named)  # type: ignore[attr-defined]


def _documents(wanted: Collection[int | None], drafts: Sequence[Draft]) -> dict[int, Any]:
    """The documents of these drafts, by draft."""
    return {d.pk: schema.load(LessonDesignDocument, d.version.document) for d in drafts if d.pk in wanted}


def _places(wanted: Iterable[Remark], shown: Draft, documents: Mapping[int, Any]) -> dict[int, Found | None]:
    """Where each remark stands in the draft shown; None where its words are gone."""
    now = Texts(documents[shown.pk])
    courses: dict[int, Following] = {}
    found: dict[int, Found | None] = {}
    for remark in wanted:
        anchor = remark.anchor
        if remark.draft_id is not None and remark.draft_id != shown.pk:
            if remark.draft_id not in courses:
                courses[remark.draft_id] = Following(documents[remark.draft_id], now)
            anchor = courses[remark.draft_id].moved(anchor)
        found[remark.pk] = find(anchor, now)
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads, and the names that they read."""

    rights: Rights
    names: _Names
    drafts: Mapping[int, int]

    def card(self, remark: Remark, number: int, found: Found | None) -> Card:
        own = remark.author_id == self.rights.person and self.rights.person is not None
        stands = remark.deleted_at is None
        answers = list(remark.replies.all())
        answered = any(answer.deleted_at is None for answer in answers)
        is_suggestion = remark.kind == Remark.Kind.SUGGESTION and stands
        return Card(
            remark=remark,
            number=number,
            who=self.names.people[remark.author_id],
            face=_face(self.names.people[remark.author_id]),
            is_own=own,
            where=self.names.schools.get(remark.school_then_id or 0, ""),
            when=zh_ago(remark.at),
            decided=self._decided(remark),
            place=found.place if found else "",
            is_gone=found is None,
            change=mark_safe(marks.shown_change(remark)) if is_suggestion else mark_safe(""),
            answers=tuple(self._answer(a, answers, remark) for a in answers),
            tally=_tally(remark, self.rights) if remark.kind == Remark.Kind.BALLOT else None,
            may_edit=own and stands and not answered and not remark.disposition,
            may_delete=stands and (own or self.rights.moderates),
            may_report=stands and not own and self.rights.person is not None,
            written_on=self.drafts.get(remark.draft_id or 0, 0),
        )

    def _decided(self, remark: Remark) -> str:
        """你11月8日处理，周敏计入参备署名."""
        if not remark.disposition or remark.disposed_by_id is None:
            return ""
        by = "你" if remark.disposed_by_id == self.rights.person else self.names.people[remark.disposed_by_id]
        credited = remark.disposition in ADOPTED and remark.author_id != remark.disposed_by_id
        credit = f"，{self.names.people[remark.author_id]}计入参备署名" if credited else ""
        return f"{by} {zh_date(remark.disposed_at, 'short')}处理{credit}"

    def _answer(self, reply: Reply, answers: Sequence[Reply], remark: Remark) -> Answer:
        own = reply.author_id == self.rights.person
        stands = reply.deleted_at is None
        later = any(a.pk > reply.pk and a.deleted_at is None for a in answers)
        return Answer(
            reply=reply,
            who=self.names.people[reply.author_id],
            face=_face(self.names.people[reply.author_id]),
            is_own=own,
            may_edit=own and stands and not later and not remark.disposition,
            may_delete=stands and (own or self.rights.moderates),
            may_report=stands and not own,
        )


def _laid_out(
    document: LessonDesignDocument, wanted: Sequence[Remark], places: Mapping[int, Found | None], reader: _Reader
) -> tuple[Sheet, list[tuple[Block, Card]]]:
    """The sheet with its red lines, and each card with its block; what is open is numbered from the top of each block."""
    plain = sheet_of(document, {})
    blocks = {block.anchor: number for number, block in enumerate(plain.blocks())}
    placed = [(plain.block_of(_path(remark, places)), remark) for remark in wanted]
    order = {path: number for number, path in enumerate(Texts(document).by_path)}
    placed.sort(key=lambda item: (blocks[item[0].anchor], _height(places[item[1].pk], order), item[1].pk))
    spans: dict[Path, list[Span]] = {}
    numbered: list[tuple[str, Card]] = []
    last, number = "", 0
    for block, remark in placed:
        number = (number if block.anchor == last else 0) + remark.is_open
        last = block.anchor
        found = places[remark.pk]
        numbered.append((block.anchor, reader.card(remark, number if remark.is_open else 0, found)))
        if found is not None:
            spans.setdefault(found.path, []).extend(
                marks.spans(remark, found, number, reader.names.people[remark.author_id])
            )
    sheet = sheet_of(document, spans)
    by_anchor = {block.anchor: block for block in sheet.blocks()}
    return sheet, [(by_anchor[anchor], card) for anchor, card in numbered]


def _path(remark: Remark, places: Mapping[int, Found | None]) -> Path:
    found = places[remark.pk]
    return found.path if found is not None else remark.anchor.path


def _height(found: Found | None, order: Mapping[Path, int]) -> tuple[int, int]:
    """Whole places first, then in reading order, what is gone last."""
    if found is None:
        return (len(order) + 1, 0)
    return (order.get(found.path, -1), found.start)


def _tally(remark: Remark, rights: Rights) -> Tally:
    given = list(remark.votes.all())
    voices = tuple((v.value, str(v.label), sum(g.voice == v.value for g in given)) for v in Vote.Voice)
    return Tally(voices, next((g.voice for g in given if g.person_id == rights.person), ""))


def _drafts(drafts: Sequence[Draft], shown: Draft, remarks: Sequence[Remark]) -> Iterable[DraftShown]:
    for one in drafts:
        count = sum(r.draft_id == one.pk and r.deleted_at is None for r in remarks)
        is_last = one == drafts[-1]
        yield DraftShown(one.number, one.submitted_at, count, one == shown, is_last, one.version.number)


def _spoken(remarks: Iterable[Remark]) -> set[int]:
    """As `counting.spoken`, from what the page knows already."""
    people = {r.author_id for r in remarks if r.deleted_at is None}
    people |= {a.author_id for r in remarks for a in r.replies.all() if a.deleted_at is None}
    return people | {v.person_id for r in remarks for v in r.votes.all()}


def _working(preparation: Preparation) -> LessonDesignDocument | None:
    copy = WorkingCopy.objects.filter(resource=preparation.resource_id).values_list("document", flat=True).first()
    return schema.load(LessonDesignDocument, copy) if copy is not None else None
