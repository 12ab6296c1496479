"""教学录像 as a kind of resource. It is submitted only with a file, its teacher and the consent of those who are seen."""

from collections.abc import Mapping
from typing import Any

from library.documents.recording import RecordingDocument
from library.recordings.models import LessonRecording
from library.resources import kinds
from library.resources.models import Kind
from library.resources.registration import FILE_FORM

FAMILIES = frozenset({"video", "audio", "other", "pdf", "word", "slides"})


def columns(document: RecordingDocument) -> Mapping[str, Any]:
    return {"teacher": document.teacher[:120], "occasion": document.occasion, "consented": bool(document.consent)}


def facts(recording: LessonRecording) -> tuple[str, ...]:
    """What a card says of a recording: who taught, on what occasion."""
    teacher = (f"执教 {recording.teacher}",) if recording.teacher else ()
    return (*teacher, recording.occasion) if recording.occasion else teacher


def register() -> None:
    kinds.register(
        kinds.KindSpec(
            kind=Kind.LESSON_RECORDING,
            model=LessonRecording,
            document=RecordingDocument,
            icon="clapperboard",
            reader="recordings/reader.html",
            edit_url=FILE_FORM,
            columns=columns,
            families=FAMILIES,
            needs_files=True,
            facts=facts,
        )
    )
