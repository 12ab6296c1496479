"""What the pages of updates show: what waits, one update place by place, and the record of what was merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from groups import access
from groups.access import Action
from groups.models import State as ResourceState
from groups.viewer import Viewer
from lessons.adaptations.models import Adaptation
from lessons.updates.models import Choice, Unused, Update
from lessons.updates.services import choices_of, weave_of
from lessons.updates.weaving import Chosen, Place, Weave
from library.documents import rich, shown
from library.documents.difference import ORDER
from library.documents.fields import Document, Holds, ordered
from library.documents.lesson_design import planned_minutes
from library.documents.words_changed import Piece, text_difference
from library.resources.models import Version
from library.resources.services.writing import document_of

Way = Choice.Way
State = Update.State


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """One place for the page.

    Attributes:
        number: counted from one, in the order of the plan.
        from_base, from_theirs: what the teacher, what the shared plan made of the old words; of a place that only the
            shared plan changed `pieces` tells what taking it would change.
        ways: what can be chosen, with what it would write; `own` is the text to begin one's own words with.
    """

    place: Place
    number: int
    name: str
    word: str
    way: str
    base: str
    mine: str
    theirs: str
    both: str
    own: str
    touched: bool

    @property
    def is_decided(self) -> bool:
        return bool(self.way)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return text_difference(self.mine, self.theirs)

    @property
    def from_mine(self) -> tuple[Piece, ...]:
        return text_difference(self.base, self.mine)

    @property
    def from_theirs(self) -> tuple[Piece, ...]:
        return text_difference(self.base, self.theirs)

    @property
    def added(self) -> str:
        """Of 两边都留 what stands below the teacher's words."""
        return self.both.removeprefix(self.mine).lstrip("\n；") if self.both.startswith(self.mine) else self.both

    @property
    def can_both(self) -> bool:
        return self.place.both is not None

    @property
    def said(self) -> str:
        """What was decided, or who changed it."""
        if self.place.is_conflict:
            return Way(self.way).label if self.way else "你和共案都改了"
        return {Way.THEIRS: "已带入", Way.MINE: "不带入"}.get(Way(self.way), "") if self.way else "待带入"


@dataclass(frozen=True, slots=True)
class OwnChange:
    """Something that only the teacher changed."""

    name: str
    said: str


@dataclass(frozen=True, slots=True)
class Page:
    """One update for its page. `current` is the place to decide now, one that both changed."""

    update: Update
    places: tuple[PlaceShown, ...]
    own: tuple[OwnChange, ...]
    current: PlaceShown | None
    minutes: str

    @property
    def ready(self) -> list[PlaceShown]:
        return [one for one in self.places if not one.place.is_conflict]

    @property
    def conflicts(self) -> list[PlaceShown]:
        return [one for one in self.places if one.place.is_conflict]

    @property
    def decided(self) -> int:
        return sum(one.is_decided for one in self.places)

    @property
    def left(self) -> int:
        return len(self.places) - self.decided

    @property
    def after_this(self) -> PlaceShown | None:
        """The next place that both changed and that is not decided, round and round."""
        if self.current is None:
            return None
        others = [one for one in self.conflicts if not one.is_decided and one != self.current]
        return next((one for one in others if one.number > self.current.number), others[0] if others else None)

    @property
    def percent(self) -> int:
        return round(100 * self.decided / len(self.places)) if self.places else 100

    @property
    def untaken(self) -> int:
        return sum(not one.is_decided for one in self.ready)


def waiting(viewer: Viewer) -> QuerySet[Adaptation]:
    """My adaptations whose shared plan has moved on, as far as I may read the newer one."""
    readable = access.narrow(Version.objects.all(), viewer, Action.READ)
    own = access.narrow(Adaptation.objects.exclude(resource__state=ResourceState.BINNED), viewer, Action.EDIT)
    behind = own.filter(preparation__settled_version__in=readable).exclude(base=F("preparation__settled_version"))
    return behind.select_related("resource", "base", "preparation__settled_version__cut_by").order_by(
        "-received_at", "-pk"
    )


def opened(adaptation: Adaptation, viewer: Viewer) -> Update | None:
    """The update that waits for this adaptation, if it was begun and the newer plan may be read.

    Raises:
        Refused: the teacher may not read the newer version any more.
    """
    preparation = adaptation.preparation
    if preparation is None:
        return None
    related = Update.objects.select_related("adaptation__resource", "base", "theirs__cut_by")
    found = related.filter(
        adaptation=adaptation,
        base=adaptation.base_id,
        theirs=preparation.settled_version_id,
        state__in=[State.OPEN, State.NEVER],
    ).first()
    if found is not None:
        access.require(viewer, Action.READ, found.theirs)
    return found


def refused_ones(viewer: Viewer) -> set[int]:
    """Adaptations whose newer version I asked not to be told of again."""
    never = Update.objects.filter(state=State.NEVER, adaptation__teacher=viewer.person_id)
    return set(never.filter(theirs=F("adaptation__preparation__settled_version")).values_list("adaptation", flat=True))


def merged_by(viewer: Viewer) -> QuerySet[Update]:
    """My finished merges, the latest first."""
    done = Update.objects.filter(adaptation__teacher=viewer.person_id, state__in=[State.DONE, State.UNDONE])
    return done.select_related("adaptation__resource", "base", "theirs").order_by("-closed_at", "-pk")


def page(update: Update, number: int = 0) -> Page:
    """The page of an update; `number` is the place to decide now, the first undecided one if there is no such."""
    weave = weave_of(update)
    chosen = choices_of(update, weave.places)
    base = document_of(update.adaptation.resource, update.base.document)
    theirs = document_of(update.adaptation.resource, update.theirs.document)
    places = tuple(
        _shown(place, at, chosen.get(place.key), weave, (base, theirs)) for at, place in enumerate(weave.places, 1)
    )
    conflicts = [one for one in places if one.place.is_conflict]
    asked = next((one for one in conflicts if one.number == number), None)
    return Page(
        update=update,
        places=places,
        own=tuple(_own(change, weave) for change in weave.own),
        current=asked or next((one for one in conflicts if not one.is_decided), conflicts[0] if conflicts else None),
        minutes=_minutes(weave, chosen),
    )


def _shown(
    place: Place, number: int, chosen: Chosen | None, weave: Weave, sides: tuple[Document, Document]
) -> PlaceShown:
    of = type(weave.mine)
    base, theirs = sides

    def words(value: Any, document: Document) -> str:
        if place.path[-1] == ORDER:
            return _standing(document, place.path[:-1])
        return shown.words(of, place.path, value)

    own = place.both if place.both is not None else place.mine if place.mine is not None else place.theirs
    if chosen is not None and chosen.way == Way.OWN:
        own = chosen.value
    is_move = place.kind == "moved"
    return PlaceShown(
        place=place,
        number=number,
        name=name_of(place, weave),
        word=shown.WORDS.get(place.kind, ""),
        way=chosen.way if chosen else "",
        base=words(place.base, base),
        mine=_standing(weave.mine, place.path) if is_move else words(place.mine, weave.mine),
        theirs=_standing(theirs, place.path) if is_move else words(place.theirs, theirs),
        both=words(place.both, weave.mine),
        own=markup(of, place, own) if place.is_text else "",
        touched=not place.is_conflict and place.base != place.mine and not is_move,
    )


def markup(of: type, place: Place, value: Any) -> str:
    """Rich text for a plain text box."""
    spec, _ = shown.spec_at(of, place.path)
    if spec.holds is Holds.RICH:
        return rich.to_markup(value or {"type": "doc", "content": []})
    return str(value or "")


def own_value(place: Place, of: type, typed: str, written_before: Any = None) -> Any:
    """What was typed for a place, as JSON; pictures and tables come back by their tokens."""
    spec, _ = shown.spec_at(of, place.path)
    if spec.holds is not Holds.RICH:
        return " ".join(typed.split()) or None
    written = rich.from_markup(typed, written_before or place.both or place.mine or place.theirs)
    return written if written["content"] else None


def name_of(place: Place, weave: Weave) -> str:
    """环节2 操作探究，教师活动: with the row's own title, which a teacher knows better than its number."""
    called, _, field = place.name.partition(" ")
    title = next(
        (title for document in (weave.mine, weave.merged.document) if (title := _title(document, place.path))), ""
    )
    if not title or field == "环节名":
        return place.name
    return f"{called} {title}，{field}" if field else f"{called} {title}"


def _title(document: Document, path: Sequence[str]) -> str:
    rows = getattr(document, path[0])
    row = rows.get(path[1]) if isinstance(rows, Mapping) and len(path) > 1 else None
    return str(getattr(row, "title", "") or "")


def _standing(document: Document, path: Sequence[str]) -> str:
    """第2个: where a row stands among its own."""
    rows: Any = document
    for name in path[:-1]:
        rows = rows.get(name) if isinstance(rows, Mapping) else getattr(rows, name)
    line = [key for key, _ in ordered(rows)]
    return f"排在第 {line.index(path[-1]) + 1} 个" if path[-1] in line else ""


def _own(change: Any, weave: Weave) -> OwnChange:
    of = type(weave.mine)
    kept = Place(change.path, "", change.place, change.kind, False, None, None, None)
    text = shown.words(of, change.path, change.new if change.kind != "moved" else None).replace("\n", " ")
    said = {"removed": "删去", "moved": "换了先后"}.get(change.kind, text[:16] + ("…" if len(text) > 16 else ""))
    return OwnChange(name_of(kept, weave), said)


def _minutes(weave: Weave, chosen: Mapping[str, Chosen]) -> str:
    """What the minutes add up to now, and with everything that can be taken; empty when they do not change."""
    if not hasattr(weave.mine, "stages"):
        return ""
    now, then = (planned_minutes(document) for document in (weave.mine, weave.merged.document))  # type: ignore[arg-type]
    return f"全部带入后，各环节合计从 {now} 分钟变为 {then} 分钟" if now != then else ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words that a merge did not use."""

    place: str
    side: str
    words: str


def left_out(update: Update) -> list[LeftOut]:
    of = type(document_of(update.adaptation.resource, update.theirs.document))
    return [
        LeftOut(
            row.place, Unused.Side(row.side).label, shown.words(of, tuple(row.key.split("/")), row.value) or "换了先后"
        )
        for row in update.unused.all()
    ]


def line_of(adaptation: Adaptation) -> list[Update]:
    """来历: every merge of this adaptation, the first first."""
    return list(
        adaptation.updates.filter(state__in=[State.DONE, State.UNDONE]).select_related("base", "theirs").order_by("pk")
    )
