"""The preparation room (备课室): a draft with its remarks at their places, as one viewer sees it, in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from groups import access
from groups.access import Action, Relation
from groups.viewer import Viewer
from lessons.prep.models import Draft, Preparation, Remark, Reply, Vote
from lessons.prep.remarks import marks
from lessons.prep.remarks.sheet import Block, Sheet, sheet_of
from library.documents import schema
from library.documents.anchors import Following, Found, Path, Texts, find
from library.documents.difference import difference, seen
from library.documents.lesson_design import LessonDesignDocument
from library.documents.ranges import Span
from library.documents.walk import completeness
from library.resources.models import Version, WorkingCopy

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
    may_edit: bool
    may_delete: bool
    may_report: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One remark in the margin, and what the viewer may do to it.

    Attributes:
        number: of those that are open, from the top of the block; 0 for others.
        place: where it stands, in a teacher's words; empty when the words are gone.
        is_gone: the quoted words, or the stage, were changed or deleted since (原文已改).
    """

    remark: Remark
    number: int
    place: str
    is_gone: bool
    change: str
    answers: tuple[Answer, ...]
    tally: Tally | None
    may_edit: bool
    may_delete: bool
    may_report: bool

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

    preparation: Preparation
    draft: Draft
    sheet: Sheet
    drafts: tuple[DraftShown, ...]
    rights: Rights
    filter: str
    total: int
    open: int
    spoken: int
    taking_part: int
    changed_since: int
    percent: int
    titles: Mapping[str, str]

    with_reason = (("partly", "部分采纳"), ("declined", "不采纳"))
    """Dispositions that open a box for a reason."""

    @property
    def before(self) -> DraftShown | None:
        """The draft before the one shown, to compare with."""
        return next((one for one in self.drafts if one.number == self.draft.number - 1), None)


def room_of(preparation: Preparation, viewer: Viewer, *, draft: int | None = None, only: str = "") -> Room | None:
    """The room at its last draft, or at the one that is asked for; None before there is a draft."""
    drafts = list(preparation.drafts.select_related("version").defer("version__document"))
    shown = next((one for one in drafts if one.number == draft), drafts[-1] if drafts else None)
    if shown is None:
        return None
    rights = rights_of(preparation, viewer)
    remarks = _remarks(preparation)
    wanted = [remark for remark in remarks if _is_wanted(remark, shown, drafts[-1], only, viewer)]
    documents = _documents(shown, {remark.draft_id: remark for remark in wanted}, drafts)
    places = _places(wanted, shown, documents)
    document = documents[shown.version_id]
    sheet, cards = _laid_out(document, wanted, places, rights)
    for block, card in cards:
        block.cards.append(card)
    working = _working(preparation)
    return Room(
        preparation=preparation,
        draft=shown,
        sheet=sheet,
        drafts=tuple(_drafts(drafts, shown, remarks)),
        rights=rights,
        filter=only,
        total=sum(r.deleted_at is None for r in remarks),
        open=sum(r.is_open for r in remarks),
        spoken=len(_spoken(remarks)),
        taking_part=sum(1 for p in preparation.participants.all() if p.left_at is None and p.role in SPEAK),
        changed_since=len(seen(difference(documents[drafts[-1].version_id], working))) if working else 0,
        percent=completeness(document),
        titles=FILTERS,
    )


SPEAK = {"member", "expert"}


def rights_of(preparation: Preparation, viewer: Viewer) -> Rights:
    held = access.relations_of(viewer, preparation)

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


def _remarks(preparation: Preparation) -> list[Remark]:
    answers = Reply.objects.select_related("author", "deleted_by")
    rows = preparation.remarks.select_related("author", "school_then", "disposed_by", "deleted_by", "draft")
    return list(rows.prefetch_related(Prefetch("replies", answers), "votes", "mentioned"))


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
    people = {remark.author_id, *(reply.author_id for reply in remark.replies.all())}
    return person in people | {named.pk for named in remark.mentioned.all()}


def _documents(shown: Draft, wanted: Mapping[int | None, Remark], drafts: Sequence[Draft]) -> dict[int, Any]:
    """The documents of the draft shown, of the last one, and of every draft that a remark was written on."""
    ids = {shown.version_id, drafts[-1].version_id, *(d.version_id for d in drafts if d.pk in wanted)}
    rows = Version.objects.filter(pk__in=ids).values_list("pk", "document")
    return {pk: schema.load(LessonDesignDocument, data) for pk, data in rows}


def _places(wanted: Iterable[Remark], shown: Draft, documents: Mapping[int, Any]) -> dict[int, Found | None]:
    """Where each remark stands in the draft shown; None where its words are gone."""
    now = Texts(documents[shown.version_id])
    courses: dict[int, Following] = {}
    found: dict[int, Found | None] = {}
    for remark in wanted:
        anchor = remark.anchor
        if remark.draft is not None and remark.draft_id != shown.pk:
            version = remark.draft.version_id
            if version not in courses:
                courses[version] = Following(documents[version], now)
            anchor = courses[version].moved(anchor)
        found[remark.pk] = find(anchor, now)
    return found


def _laid_out(
    document: LessonDesignDocument, wanted: Sequence[Remark], places: Mapping[int, Found | None], rights: Rights
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
        numbered.append((block.anchor, _card(remark, number if remark.is_open else 0, found, rights)))
        if found is not None:
            spans.setdefault(found.path, []).extend(marks.spans(remark, found, number))
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


def _card(remark: Remark, number: int, found: Found | None, rights: Rights) -> Card:
    own = remark.author_id == rights.person and rights.person is not None
    stands = remark.deleted_at is None
    answers = list(remark.replies.all())
    answered = any(answer.deleted_at is None for answer in answers)
    is_suggestion = remark.kind == Remark.Kind.SUGGESTION and stands
    return Card(
        remark=remark,
        number=number,
        place=found.place if found else "",
        is_gone=found is None,
        change=marks.shown_change(remark) if is_suggestion else "",
        answers=tuple(_answer(a, answers, remark, rights) for a in answers),
        tally=_tally(remark, rights) if remark.kind == Remark.Kind.BALLOT else None,
        may_edit=own and stands and not answered and not remark.disposition,
        may_delete=stands and (own or rights.moderates),
        may_report=stands and not own and rights.person is not None,
    )


def _answer(reply: Reply, answers: Sequence[Reply], remark: Remark, rights: Rights) -> Answer:
    own = reply.author_id == rights.person
    stands = reply.deleted_at is None
    later = any(a.pk > reply.pk and a.deleted_at is None for a in answers)
    return Answer(
        reply=reply,
        may_edit=own and stands and not later and not remark.disposition,
        may_delete=stands and (own or rights.moderates),
        may_report=stands and not own,
    )


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
