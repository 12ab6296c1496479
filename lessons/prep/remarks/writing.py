"""Saying something about a draft: remarks, suggestions, ballots, answers, votes; changing and taking away one's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.inbox import services as inbox
from groups.models import Organisation, Person
from groups.services import NotPossible
from lessons.prep.models import Draft, Participant, Preparation, Remark, RemarkReport, Reply, Vote
from lessons.prep.models.remarks import LONGEST_QUOTE, MOST_WORDS
from lessons.prep.remarks.mentions import mentioned
from library.documents.anchors import Anchor, Path, Texts, anchored, in_words
from library.documents.ranges import RangeProblem, replaced
from library.resources.services.writing import document_of

Kind = Remark.Kind
W = TypeVar("W", Remark, Reply)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a remark is meant: a path of the draft's document, and the quoted words with their offset, if any."""

    path: Path = ()
    quote: str = ""
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody writes; `replacement` belongs to a suggestion."""

    kind: str
    words: str
    replacement: str = ""
    ticket: str | None = None


ACTION = {Kind.SUGGESTION: Action.SUGGEST}


@transaction.atomic
def remark(
    *, preparation: Preparation, draft: Draft | None, by: Person, place: Place, said: Said, at: datetime
) -> Remark:
    """Write into the margin of a draft. The lead and who is named with @ are told. The same form sent twice writes once.

    Raises:
        Refused: the rule says no.
        NotPossible: no words, too many, or a place that the draft does not have.
    """
    access.require(by, ACTION.get(Kind(said.kind), Action.COMMENT), preparation, at=at)
    already = _sent_before(Remark, said.ticket, by)
    if already is not None:
        return already
    anchor = _anchored(draft, place)
    if said.kind == Kind.SUGGESTION:
        _require_suggestible(draft, anchor, said.replacement)
    written = Remark(
        preparation=preparation,
        draft=draft,
        kind=said.kind,
        author=by,
        school_then=_school_then(preparation, by),
        words=_words(said.words, "批注", may_be_empty=said.kind == Kind.SUGGESTION),
        replacement=said.replacement if said.kind == Kind.SUGGESTION else "",
        at=at,
        ticket=said.ticket,
        **_columns(anchor),
    )
    faster = _keep(written)
    if faster is not None:
        return faster
    audit.record(by, "prep.remark.written", preparation, remark=written.pk, kind=said.kind)
    _tell_of(written, at)
    return written


def _sent_before(model: type[W], ticket: str | None, by: Person) -> W | None:
    """What this very form has written already."""
    return model.objects.filter(ticket=ticket, author=by).first() if ticket else None


def _keep(written: W) -> W | None:
    """Write it down; answers the earlier one where the same form, sent at the same moment, was faster.

    Raises:
        NotPossible: somebody else's form carried this ticket.
    """
    try:
        with transaction.atomic():
            written.save(force_insert=True)
    except IntegrityError as problem:
        if not type(written).objects.filter(ticket=written.ticket or "").exists():
            raise
        faster = _sent_before(type(written), written.ticket, written.author)
        if faster is None:
            raise NotPossible("这张表单已经用过，没有写进去。请刷新页面再写一次") from problem
        return faster
    return None


def _columns(anchor: Anchor) -> dict[str, str | int]:
    return {
        "path": in_words(anchor.path),
        "start": anchor.start,
        "end": anchor.end,
        "quote": anchor.quote,
        "before": anchor.before,
        "after": anchor.after,
    }


def _anchored(draft: Draft | None, place: Place) -> Anchor:
    """The place in the draft; quoted words without an offset, or with one that is off, must stand there once."""
    if draft is None:
        return Anchor(())
    texts = Texts(document_of(draft.version.resource, draft.version.document))
    if place.path not in texts.places:
        raise NotPossible("你要说的这一处，稿子里已经没有了，请刷新后再写")
    if not place.quote:
        return anchored(texts, place.path)
    if len(place.quote) > LONGEST_QUOTE:
        raise NotPossible(f"选中的文字太长，最多 {LONGEST_QUOTE} 字，请只选要说的几句")
    text = texts.by_path.get(place.path, "")
    start = place.start if place.start is not None else -1
    if start < 0 or text[start : start + len(place.quote)] != place.quote:
        if text.count(place.quote) != 1:
            raise NotPossible("原话：和稿子里的文字对不上，或者不止一处，请重新选，多选几个字")
        start = text.index(place.quote)
    return anchored(texts, place.path, start, start + len(place.quote))


def _require_suggestible(draft: Draft | None, anchor: Anchor, replacement: str) -> None:
    if draft is None or not anchor.quote:
        raise NotPossible("修改建议：请先选中要改的文字，再写改成什么")
    if replacement == anchor.quote:
        raise NotPossible("改成：和原话一样，请改几个字再提")
    if len(replacement) > LONGEST_QUOTE:
        raise NotPossible(f"改成：最多 {LONGEST_QUOTE} 字，请分几处提")
    value = value_at(document_of(draft.version.resource, draft.version.document), anchor.path)
    try:
        replaced(value, anchor.start, anchor.end, replacement)
    except RangeProblem as problem:
        raise NotPossible(problem.sentence) from problem


def value_at(document: Any, path: Path) -> Any:
    """What a document holds at a path."""
    for name in path:
        document = document[name] if isinstance(document, dict) else getattr(document, name)
    return document


def _words(words: str, label: str, *, may_be_empty: bool = False) -> str:
    said = words.strip()
    if not said and not may_be_empty:
        raise NotPossible(f"{label}：还没有写")
    if len(said) > MOST_WORDS:
        raise NotPossible(f"{label}：最多 {MOST_WORDS} 字，现在 {len(said)} 字，请写短一些")
    return said


def _school_then(preparation: Preparation, by: Person) -> Organisation | None:
    row = Participant.objects.filter(preparation=preparation, person=by).select_related("school_then").first()
    return row.school_then if row else None


def _tell_of(written: Remark, at: datetime) -> None:
    """Who is named with @, and the lead."""
    preparation = written.preparation
    named = mentioned(written.words, preparation)
    written.mentioned.add(*named)
    tell(named, f"{written.author.name}在{{thing}}的批注里提到了你", written, at)
    if preparation.lead is not None and preparation.lead not in named:
        what = written.get_kind_display()
        tell([preparation.lead], f"{written.author.name}在{{thing}}写了{what}", written, at)


def tell(people: list[Person], words: str, written: Remark, at: datetime, by: Person | None = None) -> None:
    preparation = written.preparation
    inbox.tell(
        people=people,
        about=inbox.About.COMMENT,
        words=words,
        at=at,
        actor=by or written.author,
        thing="prep",
        thing_uid=preparation.uid,
        url=f"/prep/{preparation.uid}/#remark-{written.pk}",
    )


@transaction.atomic
def reply(*, remark: Remark, by: Person, words: str, at: datetime, ticket: str | None = None) -> Reply:
    """Answer a remark. Its author, who answered before, and who is named are told.

    Raises:
        Refused: the rule says no.
        NotPossible: no words, too many, or the remark is gone.
    """
    remark = Remark.objects.select_for_update().select_related("preparation", "author").get(pk=remark.pk)
    access.require(by, Action.COMMENT, remark.preparation, at=at)
    already = _sent_before(Reply, ticket, by)
    if already is not None:
        return already
    if remark.deleted_at is not None:
        raise NotPossible("你要回复的那条批注已经删除，可以另写一条")
    before = {answer.author for answer in remark.replies.select_related("author")}
    written = Reply(remark=remark, author=by, words=_words(words, "回复"), at=at, ticket=ticket)
    faster = _keep(written)
    if faster is not None:
        return faster
    audit.record(by, "prep.remark.answered", remark.preparation, remark=remark.pk)
    named = mentioned(written.words, remark.preparation)
    tell(named, f"{by.name}在{{thing}}的批注里提到了你", remark, at, by)
    tell([p for p in {remark.author, *before} if p not in named], f"{by.name}在{{thing}}回复了你", remark, at, by)
    return written


@transaction.atomic
def vote(*, remark: Remark, by: Person, voice: str, at: datetime) -> Vote:
    """Give one's voice, or another one while the ballot is open (表决).

    Raises:
        Refused: the rule says no.
        NotPossible: no ballot, no such voice, or it is over.
    """
    remark = Remark.objects.select_for_update().select_related("preparation").get(pk=remark.pk)
    access.require(by, Action.VOTE, remark.preparation, at=at)
    if remark.kind != Kind.BALLOT or voice not in Vote.Voice.values:
        raise NotPossible("这一条不能这样表决，请刷新后再试")
    if not remark.is_open:
        raise NotPossible("这次表决已经结束，结果写在下面")
    given, _ = Vote.objects.update_or_create(remark=remark, person=by, defaults={"voice": voice, "at": at})
    audit.record(by, "prep.remark.voted", remark.preparation, remark=remark.pk)
    return given


@transaction.atomic
def edit(*, written: Remark | Reply, by: Person, words: str, at: datetime) -> None:
    """Change one's own words, until someone answers.

    Raises:
        Refused: not one's own, answered or disposed of already.
        NotPossible: no words, or too many.
    """
    written = type(written).objects.select_for_update().get(pk=written.pk)
    if not access.may(by, Action.EDIT, written, at=at):
        raise Refused(Verdict(False, "只能改自己写的、还没有人回复和处理的批注"))
    is_suggestion = isinstance(written, Remark) and written.kind == Kind.SUGGESTION
    written.words, written.edited_at = _words(words, "批注", may_be_empty=is_suggestion), at
    written.save(update_fields=["words", "edited_at"])
    audit.record(by, "prep.remark.edited", preparation_of(written), remark=remark_of(written).pk)


@transaction.atomic
def delete(*, written: Remark | Reply, by: Person, at: datetime) -> None:
    """Take the words away and leave a trace of who did. Answers, and what was decided, stay.

    Raises:
        Refused: neither the author nor the lead.
    """
    written = type(written).objects.select_for_update().get(pk=written.pk)
    access.require(by, Action.DELETE, written, at=at)
    if written.deleted_at is not None:
        return
    audit.record(
        by, "prep.remark.deleted", preparation_of(written), remark=remark_of(written).pk, author=written.author.uid
    )
    written.words, written.deleted_at, written.deleted_by = "", at, by
    if isinstance(written, Remark):
        written.replacement = ""
    written.save()


@transaction.atomic
def report(*, written: Remark | Reply, by: Person, reason: str, at: datetime) -> RemarkReport:
    """Tell the lead that it does not belong there; of the lead's own words the organiser. Once a person.

    Raises:
        Refused: not a reader of the preparation.
        NotPossible: no reason, or the words are gone.
    """
    written = type(written).objects.get(pk=written.pk)
    access.require(by, Action.REPORT, written, at=at)
    if written.deleted_at is not None:
        raise NotPossible("这一条已经删除，不用再举报")
    if not reason.strip():
        raise NotPossible("原因：还没有写，请写一句哪里不合适")
    remark, answer = remark_of(written), written if isinstance(written, Reply) else None
    made, is_new = RemarkReport.objects.get_or_create(
        remark=remark, reply=answer, by=by, defaults={"reason": reason.strip()[:200], "at": at}
    )
    if is_new:
        preparation = preparation_of(written)
        audit.record(by, "prep.remark.reported", preparation, remark=remark.pk, reason=made.reason)
        moderator = preparation.organiser if written.author == preparation.lead else preparation.lead
        tell([moderator or preparation.organiser], f"有人举报{{thing}}的一条批注：{made.reason}", remark, at, by)
    return made


def remark_of(written: Remark | Reply) -> Remark:
    return written.remark if isinstance(written, Reply) else written


def preparation_of(written: Remark | Reply) -> Preparation:
    return remark_of(written).preparation
