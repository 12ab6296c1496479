"""The form of a question while it is filled: rows come and go without being saved, and nothing typed is lost.

The sub-items of a composite question are forms of the same kind inside it: `parts.<row>.options.<row>.words`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from catalogue.uids import new_uid
from groups.models import Person
from library.documents import question, rich
from library.documents.fields import Holds, Row, ordered, specs
from library.documents.order import spread
from library.documents.question import Answerable, Picture, QuestionDocument
from library.resources import document_forms, services
from library.resources.keeping import typed_ids
from library.resources.models import WorkingCopy
from media.models import File
from media.safety import UnsafeFile
from media.services import store_upload

ROW_DEEDS = frozenset({"add", "remove", "up", "down"})
STILL_FILLING = ROW_DEEDS | {"type", "find", "upload"}
STARTERS: Mapping[str, tuple[str, int]] = {
    question.SINGLE: ("options", 4),
    question.MULTIPLE: ("options", 4),
    question.BLANKS: ("blanks", 1),
    question.MATCH: ("pairs", 3),
    question.ORDER: ("steps", 3),
    question.MENTAL: ("sums", 4),
    question.READING: ("parts", 2),
}
"""Empty rows that a new question of a type begins with."""
UNTYPED = frozenset({"pictures"})

I = TypeVar("I", bound=Any)  # noqa: E741


@dataclass(slots=True)
class QuestionForm:
    """What is shown: the document as typed, with sentences beside the controls."""

    document: QuestionDocument
    files: tuple[File, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    is_sent: bool = False

    @property
    def is_valid(self) -> bool:
        return self.is_sent and not self.errors

    @property
    def draft(self) -> services.Draft:
        whole = without_empty_rows(self.document)
        title = question.title_of(whole) or f"未写题干的{whole.type or '试题'}"
        return services.Draft(title, whole, tuple((file, "picture") for file in self.files))

    @property
    def problems(self) -> list[str]:
        return [one.sentence for one in question.problems(without_empty_rows(self.document))]

    @property
    def pictures(self) -> list[tuple[str, Picture, File | None]]:
        by_uid = {file.uid: file for file in self.files}
        return [
            (key, row, by_uid.get(row.file[0]) if row.file else None) for key, row in ordered(self.document.pictures)
        ]


def opened(document: QuestionDocument, copy: WorkingCopy | None = None) -> QuestionForm:
    """The form as it is first shown."""
    files = tuple(a.file for a in copy.attachments.select_related("file")) if copy else ()
    return QuestionForm(with_starters(document), files)


def sent(
    stored: QuestionDocument, copy: WorkingCopy | None, posted: QueryDict, request: HttpRequest, by: Person
) -> QuestionForm:
    """The form as it was sent: read, its rows as they stood on the page, its pictures stored."""
    form = QuestionForm(stored, is_sent=True)
    for name, _ in specs(QuestionDocument):
        if name in UNTYPED or (name == "correct" and "options.sent" not in posted):
            continue
        reading = document_forms.read(form.document, name, posted)
        form.document = replace(form.document, **{name: reading.value})
        form.errors |= reading.errors
        form.typed |= reading.typed
    form.document = arranged(form.document, "", posted)
    _take_pictures(form, copy, posted, request, by)
    deed, _, where = posted.get("do", "").partition(":")
    if deed in ROW_DEEDS:
        form.document = moved(form.document, deed, where.split("."))
    if deed in STILL_FILLING:
        form.document = with_starters(form.document)
    return form


def arranged(item: I, prefix: str, posted: QueryDict) -> I:
    """The item with the rows that were on the page, in the order in which they stood there."""
    changed: dict[str, Any] = {}
    for name, spec in specs(type(item)):
        if spec.holds is not Holds.ROWS or f"{prefix}{name}.sent" not in posted:
            continue
        held = getattr(item, name)
        keys = [key for key in typed_ids(posted.getlist(f"{prefix}{name}.rows")) if key in held]
        rows = {key: arranged(held[key], f"{prefix}{name}.{key}.", posted) for key in keys}
        changed[name] = _in_order(rows)
    return replace(item, **changed) if changed else item


def _in_order(rows: Mapping[str, Any]) -> dict[str, Any]:
    """Order keys that say the order of the mapping; rows that stand right already keep theirs."""
    if [key for key, _ in ordered(rows)] == list(rows) and all(row.order for row in rows.values()):
        return dict(rows)
    keys = spread(len(rows))
    return {name: replace(row, order=key) for (name, row), key in zip(rows.items(), keys, strict=True)}


def moved(item: I, deed: str, where: Sequence[str]) -> I:
    """Add a row at `options` or `parts.<row>.options`; remove or move the row that the path ends in."""
    name, *rest = where
    spec = dict(specs(type(item))).get(name)
    if spec is None or spec.holds is not Holds.ROWS or spec.of is None:
        return item
    rows = getattr(item, name)
    if len(rest) > 1 and rest[0] in rows:
        return replace(item, **{name: {**rows, rest[0]: moved(rows[rest[0]], deed, rest[1:])}})
    changed = document_forms.act(rows, spec.of, deed, rest[0] if rest else "")
    return replace(item, **{name: changed})


def with_starters(item: I) -> I:
    """Empty rows to write in where a type has none yet; the sub-items of a composite question too."""
    name, count = STARTERS.get(item.type, ("", 0))
    if name and not getattr(item, name):
        of = dict(specs(type(item)))[name].of
        assert of is not None
        item = replace(item, **{name: {new_uid().lower(): of(order=key) for key in spread(count)}})
    if item.type == question.READING:
        parts = {key: with_starters(part) for key, part in item.parts.items()}
        item = replace(item, parts=parts)
    return item


def without_empty_rows(item: I) -> I:
    """What is stored: rows in which nothing was written are left out."""
    changed: dict[str, Any] = {}
    for name, spec in specs(type(item)):
        if spec.holds is Holds.ROWS and name not in UNTYPED:
            rows = {key: without_empty_rows(row) for key, row in getattr(item, name).items()}
            changed[name] = {key: row for key, row in rows.items() if not _is_empty(row)}
    item = replace(item, **changed) if changed else item
    if isinstance(item, Answerable):
        item = replace(item, correct=tuple(key for key in item.correct if key in item.options))
    return item


def _is_empty(row: Row) -> bool:
    """Nothing in it; a sub-item with only its type chosen is empty too."""
    values = [(spec, getattr(row, name)) for name, spec in specs(type(row)) if spec.holds is not Holds.CHOICE]
    return all(
        rich.is_empty(value) if spec.holds is Holds.RICH else value in ("", None, (), {}) for spec, value in values
    )


def _take_pictures(
    form: QuestionForm, copy: WorkingCopy | None, posted: QueryDict, request: HttpRequest, by: Person
) -> None:
    """Pictures of the text, those this person sent with the form before, and new ones; each with its words."""
    own = {a.file.uid: a.file for a in copy.attachments.select_related("file")} if copy else {}
    rows: dict[str, Picture] = {}
    if "pictures.sent" in posted:
        uids = typed_ids(posted.getlist("picture"))
        found = {f.uid: f for f in File.objects.filter(uid__in=uids, uploaded_by=by, family="picture")} | own
        kept = [uid for uid in uids if uid in found]
    else:
        found, kept = (
            own,
            [row.file[0] for _, row in ordered(form.document.pictures) if row.file and row.file[0] in own],
        )
        posted = QueryDict(mutable=True)
        posted.update({f"alt.{row.file[0]}": row.alt for row in form.document.pictures.values() if row.file})
    for upload in request.FILES.getlist("new_picture") if request.method == "POST" else ():
        file = _stored(form, upload, by)
        if file is not None:
            found[file.uid] = file
            kept.append(file.uid)
    for uid, key in zip(kept, spread(len(kept)), strict=True):
        rows[uid.lower()] = Picture(order=key, file=(uid,), alt=posted.get(f"alt.{uid}", "").strip()[:200])
    form.document = replace(form.document, pictures=rows)
    form.files = tuple(found[uid] for uid in kept)


def _stored(form: QuestionForm, upload: UploadedFile, by: Person) -> File | None:
    name = upload.name or "未命名"
    try:
        file = store_upload(uploaded=upload, name=name, by=by)
    except UnsafeFile as problem:
        form.errors["new_picture"] = f"附图“{name}”：{problem.sentence}"
        return None
    if file.family != "picture":
        form.errors["new_picture"] = f"附图“{name}”是{file.get_family_display()}，这里只收图片，请换成 PNG 或 JPG"
        return None
    return file
