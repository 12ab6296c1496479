"""Writes of imports: a file is taken, read, corrected piece by piece, and becomes a draft."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from catalogue.models import Node
from groups import audit
from groups.access import Refused, Verdict
from groups.models import Organisation, Person
from lessons.words import bounded, placing
from lessons.words.models import WordImport, WordPicture, WordPlan
from library.batches.guessing import DIGITS, Guess
from library.batches.places import Places
from library.documents import schema
from library.documents.fields import RichText
from library.documents.lesson_design import LessonDesignDocument
from library.documents.word.reading.richer import pictures_named
from library.resources import services
from library.resources.models import Kind, Resource
from media.models import File
from media.safety import UnsafeFile
from media.safety.problems import refused
from media.services import store_bytes
from media.storage import local_copy

READING = timedelta(minutes=5)
"""After this a reading that said nothing is taken up again."""
PICTURE = "picture"


class Stale(ValueError):
    """The page was changed in another window; the sentence says what to do."""


@transaction.atomic
def begin(*, file: File, owner: Person, school: Organisation | None, node: Node | None) -> WordImport:
    """Write down that a file waits to be read.

    Raises:
        UnsafeFile: it is no Word file.
    """
    if file.family != File.Family.WORD:
        step = "请选 .docx、.doc 或 .wps 教案；要上传别的资料请用“上传资源”"
        raise refused(file.name, "not_a_document", "不是 Word 文件", step)
    made = WordImport.objects.create(file=file, owner=owner, school=school, node=node)
    audit.record(owner, "word.import_begun", made, file=file.name)
    return made


def is_quick(word_import: WordImport) -> bool:
    """A .docx is read while the teacher waits; an older file is converted first, by the worker."""
    return word_import.file.name.lower().endswith(".docx")


def read(*, word_import: WordImport, at: datetime) -> bool:
    """Read one waiting file; False where somebody else does, or it cannot be read, and the row says why."""
    waiting = Q(state=WordImport.State.WAITING) | Q(state=WordImport.State.READING, reading_since__lt=at - READING)
    taken = WordImport.objects.filter(waiting, pk=word_import.pk).update(
        state=WordImport.State.READING, reading_since=at
    )
    if not taken:
        return False
    file = word_import.file
    try:
        with local_copy(file.blob.path) as path, bounded.read(path, file.name) as answer:
            _keep(word_import, answer)
    except UnsafeFile as problem:
        return _failed(word_import, problem.sentence)
    except FileNotFoundError:
        return _failed(word_import, f"《{file.name}》的内容在存储里找不到了。请再选一次。")
    return True


def _failed(word_import: WordImport, reason: str) -> bool:
    WordImport.objects.filter(pk=word_import.pk).update(state=WordImport.State.FAILED, reason=reason[:300])
    return False


def read_waiting(now: datetime) -> int:
    """The worker's job: read what waits, one file at a turn. Answers how many were read."""
    late = Q(state=WordImport.State.READING, reading_since__lt=now - READING)
    found = WordImport.objects.filter(Q(state=WordImport.State.WAITING) | late).select_related("file__blob", "owner")
    first = found.order_by("pk").first()
    return int(first is not None and read(word_import=first, at=now))


@transaction.atomic
def _keep(word_import: WordImport, answer: bounded.Answer) -> None:
    """Store what was read: pictures as files, plans as rows."""
    notes = list(answer.found["notes"])
    uids: dict[str, str] = {}
    for part, name in answer.found["pictures"].items():
        try:
            content = (answer.folder / name).read_bytes()
            kept = store_bytes(content=content, name=f"{Path(word_import.file.name).stem}-{name}", by=word_import.owner)
        except UnsafeFile:
            notes.append(f"图片“{Path(part).name}”的格式放不进网页，位置上留了说明。请另存为 PNG 后在草稿里插入")
            continue
        WordPicture.objects.create(word_import=word_import, file=kept)
        uids[part] = kept.uid
    word_import.plans.all().delete()
    WordPlan.objects.bulk_create(
        _plan(word_import, at, pictures_named(design, lambda part: uids.get(part, "")))
        for at, design in enumerate(answer.found["designs"], 1)
    )
    word_import.state = WordImport.State.READY
    word_import.notes = notes
    word_import.original = pictures_named(answer.found["original"], lambda part: uids.get(part, ""))
    word_import.save(update_fields=["state", "notes", "original"])


def _plan(word_import: WordImport, position: int, design: Mapping[str, Any]) -> WordPlan:
    return WordPlan(
        word_import=word_import,
        position=position,
        title=(design["title"] or Path(word_import.file.name).stem)[:120],
        head=design["head"],
        document=design["document"],
        tray=design["tray"],
        confidence=design["confidence"],
        comments=design["comments"],
    )


def _locked(plan: WordPlan, by: Person, revision: int) -> WordPlan:
    """The plan as it is now, if this page has seen it and it is still open.

    Raises:
        Refused: somebody else's file.
        Stale: another window has changed it, or it is a draft already.
    """
    found = WordPlan.objects.select_for_update(of=("self",)).select_related("word_import").get(pk=plan.pk)
    if found.word_import.owner_id != by.pk:
        raise Refused(Verdict(False, "这个文件是别人导入的，请让本人来办"))
    if found.accepted_at:
        raise Stale("这份教案已经建成草稿了，请到草稿里改")
    if found.revision != revision:
        raise Stale("这一页在别的窗口里改过了，已换成最新的样子，请再做一次")
    return found


def _save(plan: WordPlan, document: LessonDesignDocument) -> None:
    plan.document = schema.dump(document)
    plan.revision = F("revision") + 1
    plan.save(update_fields=["document", "tray", "revision"])


@transaction.atomic
def place(*, plan: WordPlan, by: Person, revision: int, piece: int, target: str) -> None:
    """Move a piece of the tray into a field.

    Raises:
        Refused, Stale: as for every change of a plan.
        placing.NoSuchPlace: the field is not there.
    """
    found = _locked(plan, by, revision)
    if not 0 <= piece < len(found.tray):
        raise Stale("这一段已经归好了，请看看上面各栏")
    text: RichText = found.tray[piece]["text"]
    document = placing.placed(schema.load(LessonDesignDocument, found.document), target, text)
    found.tray = [one for at, one in enumerate(found.tray) if at != piece]
    _save(found, document)


@transaction.atomic
def lift(*, plan: WordPlan, by: Person, revision: int, target: str, label: str) -> None:
    """Put what a field holds back into the tray.

    Raises:
        Refused, Stale: as for every change of a plan.
        placing.NoSuchPlace: the field is not there.
    """
    found = _locked(plan, by, revision)
    document, text = placing.lifted(schema.load(LessonDesignDocument, found.document), target)
    found.tray = [*found.tray, {"label": label[:60], "text": text}]
    _save(found, document)


@transaction.atomic
def accept(*, plan: WordPlan, by: Person, revision: int, title: str, at: datetime) -> Resource:
    """Make a draft of the plan; its pictures go with it, its comments and its tray stay on the draft's page.

    Raises:
        Refused, Stale: as for every change of a plan.
    """
    found = _locked(plan, by, revision)
    word_import = WordImport.objects.select_related("school", "node__outline__textbook__subject").get(
        pk=found.word_import_id
    )
    guess = guess_of(found.head, title)
    places = Places(word_import.school, at)
    node = word_import.node or places.find(guess) or places.find(replace(guess, edition=""))
    document = schema.load(LessonDesignDocument, found.document)
    resource = services.create(
        kind=Kind.LESSON_DESIGN,
        owner=by,
        school=word_import.school,
        draft=services.Draft(title=title[:120], document=document, files=_files(word_import, found.document)),
        metadata=_metadata(node, guess, places),
        nodes=[node] if node else [],
        at=at,
    )
    WordPlan.objects.filter(pk=found.pk).update(resource=resource, title=title[:120], accepted_at=at)
    audit.record(by, "word.accepted", resource, file=word_import.uid)
    return resource


def _files(word_import: WordImport, document: Mapping[str, Any]) -> tuple[tuple[File, str], ...]:
    """The pictures that this plan shows."""
    shown = set(_pictures(document))
    rows = word_import.pictures.select_related("file").order_by("pk")
    return tuple((row.file, PICTURE) for row in rows if row.file.uid in shown)


def _pictures(value: Any) -> list[str]:
    if isinstance(value, list):
        return [uid for one in value for uid in _pictures(one)]
    if not isinstance(value, Mapping):
        return []
    own = [str(value["attrs"].get("file", ""))] if value.get("type") == "image" else []
    return own + [uid for one in value.values() for uid in _pictures(one)]


def guess_of(head: Mapping[str, str], title: str) -> Guess:
    """Head data as a place in the books is looked for."""
    grade = head.get("grade", "")[:1]
    return Guess(
        grade=DIGITS.index(grade) + 1 if grade and grade in DIGITS else int(grade) if grade.isdigit() else None,
        volume={"上": "first", "下": "second"}.get(head.get("volume", "")[:1], ""),
        subject=head.get("subject", ""),
        edition=head.get("edition", ""),
        title=title,
    )


def _metadata(node: Node | None, guess: Guess, places: Places) -> services.Metadata:
    book = getattr(node.outline, "textbook", None) if node else None
    subject = book.subject if book else places.subject(guess)
    first, last = (book.grade_from, book.grade_to) if book else (guess.grade, guess.grade)
    return services.Metadata(subjects=(subject,) if subject else (), grade_from=first, grade_to=last)


@transaction.atomic
def discard(*, word_import: WordImport, by: Person) -> None:
    """Forget a file and what was read in it; drafts that were made of it stay.

    Raises:
        Refused: somebody else's file.
    """
    if word_import.owner_id != by.pk:
        raise Refused(Verdict(False, "这个文件是别人导入的，请让本人来办"))
    audit.record(by, "word.discarded", word_import, file=word_import.file.name)
    word_import.delete()
