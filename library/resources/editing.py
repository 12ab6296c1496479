"""What a form of a file kind holds while it is being filled: title, words, timed lines, and files with their outcome.

A file is stored as soon as it is sent, and carried through the form by its uid, so that looking for a place or mending
an error does not ask for it again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from groups.models import Person
from library.documents import schema
from library.documents.fields import Document, Holds, Row, ordered, specs
from library.documents.files import Chapter, Line, MicroLessonDocument, clock
from library.documents.order import spread
from library.resources import document_forms
from library.resources.forms import TitleForm
from library.resources.keeping import typed_ids, typed_text
from library.resources.kinds import KindSpec
from library.resources.models import WorkingCopy
from library.resources.services import Draft
from media.models import File
from media.safety import UnsafeFile
from media.services import store_upload

PURPOSES = (("main", "正文"), ("attachment", "附件"), ("subtitle", "字幕"))
TIMED: Mapping[str, tuple[type[Row], str, str]] = {
    "chapters": (Chapter, "title", "章节"),
    "transcript": (Line, "words", "文字稿"),
}
"""Rows that are typed as lines: 00:35 标题."""

SKIPPED = frozenset({"pages"})
"""Text taken from the files by the program; nobody types it."""

_TIMED_LINE = re.compile(r"^(?:(?P<hours>\d{1,2})[:：])?(?P<minutes>\d{1,3})[:：](?P<seconds>[0-5]\d)\s*(?P<words>.*)$")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one file, and what to do."""

    name: str
    is_kept: bool
    words: str
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A file that the text holds or will hold, with what it is there for."""

    file: File
    purpose: str


@dataclass(slots=True)
class Editor:
    """The state of one form."""

    spec: KindSpec
    title_form: TitleForm
    document: Document
    sections: list[document_forms.Section]
    lines: dict[str, str]
    held: list[Held]
    outcomes: list[Outcome] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        refused = any(not outcome.is_kept for outcome in self.outcomes)
        return self.title_form.is_valid() and not self.errors and not refused

    @property
    def purposes(self) -> tuple[tuple[str, str], ...]:
        return PURPOSES

    @property
    def timed(self) -> list[tuple[str, str, str, str]]:
        """(name, label, text, error) of the rows typed as lines."""
        return [(name, TIMED[name][2], text, self.errors.get(name, "")) for name, text in self.lines.items()]

    @property
    def draft(self) -> Draft:
        return Draft(
            title=self.title_form.cleaned_data["title"],
            document=self.document,
            files=tuple((held.file, held.purpose) for held in self.held),
        )


def opened(spec: KindSpec, copy: WorkingCopy | None, title: str = "") -> Editor:
    """The form as it is first shown."""
    document = schema.load(spec.document, copy.document if copy else {})
    attachments = copy.attachments.select_related("file__blob") if copy else ()
    return Editor(
        spec=spec,
        title_form=TitleForm(initial={"title": copy.title if copy else title}),
        document=document,
        sections=[document_forms.section_of(document, name) for name in _written(spec)],
        lines={name: lines_of(getattr(document, name), TIMED[name][1]) for name in _timed(spec)},
        held=[Held(a.file, a.purpose) for a in attachments],
    )


def sent(spec: KindSpec, copy: WorkingCopy | None, posted: QueryDict, request: HttpRequest, by: Person) -> Editor:
    """The form as it was sent: words read, files stored, everything kept for another look."""
    document = schema.load(spec.document, copy.document if copy else {})
    editor = Editor(spec, TitleForm(posted), document, [], {}, [])
    for name in _written(spec):
        reading = document_forms.read(document, name, posted)
        editor.document = replace(editor.document, **{name: reading.value})
        editor.sections.append(document_forms.section_of(editor.document, name, reading))
        editor.errors |= reading.errors
    for name in _timed(spec):
        _read_lines(editor, name, typed_text(posted.get(name)))
    _take_files(editor, copy, posted, request, by)
    return editor


def files_opened(spec: KindSpec, copy: WorkingCopy) -> Editor:
    """The files of a text alone, for a kind whose words are written a section a page."""
    document = schema.load(spec.document, copy.document)
    held = [Held(a.file, a.purpose) for a in copy.attachments.select_related("file__blob")]
    return Editor(spec, TitleForm({"title": copy.title}), document, [], {}, held)


def files_sent(spec: KindSpec, copy: WorkingCopy, posted: QueryDict, request: HttpRequest, by: Person) -> Editor:
    """The files of a text as they were sent; its words stay as they are stored."""
    editor = files_opened(spec, copy)
    _take_files(editor, copy, posted, request, by)
    return editor


def _take_files(editor: Editor, copy: WorkingCopy | None, posted: QueryDict, request: HttpRequest, by: Person) -> None:
    editor.held = _held(copy, posted, by)
    uploads = request.FILES.getlist("files") if request.method == "POST" else []
    editor.outcomes = [take_in(upload, editor.spec, by) for upload in uploads]
    editor.held += [Held(o.file, _purpose_of(o.file)) for o in editor.outcomes if o.file]


def _written(spec: KindSpec) -> list[str]:
    return [name for name, s in specs(spec.document) if s.holds is not Holds.ROWS and name not in SKIPPED]


def _timed(spec: KindSpec) -> list[str]:
    return list(TIMED) if issubclass(spec.document, MicroLessonDocument) else []


def take_in(upload: UploadedFile, spec: KindSpec, by: Person) -> Outcome:
    """Store one uploaded file, or say why not and what to do."""
    name = upload.name or "未命名"
    try:
        file = store_upload(uploaded=upload, name=name, by=by)
    except UnsafeFile as problem:
        return Outcome(name, False, problem.sentence)
    if spec.families and file.family not in spec.families and not file.is_subtitles:
        taken = "、".join(File.Family(family).label for family in sorted(spec.families) if family != "other")
        return Outcome(
            name, False, f"这是{file.get_family_display()}，{spec.label}收{taken}。换一个文件，或者改建别的类型", None
        )
    return Outcome(name, True, getattr(file, "note", "") or "检查通过，已存好", file)


def _purpose_of(file: File) -> str:
    return "subtitle" if file.is_subtitles else "main"


def _held(copy: WorkingCopy | None, posted: QueryDict, by: Person) -> list[Held]:
    """Files that the form carried: those of the text, and those this person sent before."""
    uids = typed_ids(posted.getlist("file"))
    found = {file.uid: file for file in File.objects.filter(uid__in=uids).select_related("blob")}
    own = {a.file.uid for a in copy.attachments.select_related("file")} if copy else set()
    purposes = dict(PURPOSES)
    kept = []
    for uid in uids:
        file = found.get(uid)
        if file and (uid in own or file.uploaded_by_id == by.pk):
            wanted = posted.get(f"purpose.{uid}", "")
            kept.append(Held(file, wanted if wanted in purposes else _purpose_of(file)))
    return kept


def _read_lines(editor: Editor, name: str, typed: str) -> None:
    of, column, label = TIMED[name]
    editor.lines[name] = typed
    rows, error = read_lines(typed, of, column, label)
    if error:
        editor.errors[name] = error
    else:
        editor.document = replace(editor.document, **{name: rows})


def read_lines(typed: str, of: type[Row], column: str, label: str) -> tuple[dict[str, Row], str]:
    """Lines such as `00:35 标题` as rows by time; the sentence names the first line that has no time."""
    wanted = [(at, line.strip()) for at, line in enumerate(typed.splitlines(), 1) if line.strip()]
    rows: dict[str, Row] = {}
    for key, (at, line) in zip(spread(len(wanted)), wanted, strict=True):
        found = _TIMED_LINE.match(line)
        if not found or not found["words"].strip():
            return {}, f"{label}：第 {at} 行要写成“00:35 标题”，先时间后文字"
        seconds = int(found["hours"] or 0) * 3600 + int(found["minutes"]) * 60 + int(found["seconds"])
        rows[f"r{at}"] = of(order=key, start=seconds, **{column: found["words"].strip()})  # type: ignore[call-arg]
    return rows, ""


def lines_of(rows: Mapping[str, Any], column: str) -> str:
    """Rows as lines again."""
    return "\n".join(f"{clock(row.start or 0)} {getattr(row, column)}" for _, row in ordered(rows))
