"""One section of a typed document while it is filled: what is stored, what was typed, what is wrong with it.

Shared by every kind whose text is written a section a page; whole without JavaScript.
"""

from dataclasses import replace
from typing import Any

from django.http import QueryDict

from library.documents import schema
from library.documents.fields import Document, Holds, specs
from library.resources import document_forms, services
from library.resources.forms import TitleForm
from library.resources.models import WorkingCopy

MOVES = frozenset({"add", "remove", "up", "down"})


class SectionForm:
    """The form of one section."""

    def __init__(self, of: type[Document], name: str, copy: WorkingCopy, typed: QueryDict | None) -> None:
        self.of, self.name, self.copy, self.typed = of, name, copy, typed
        self.stored: Any = schema.load(of, copy.document)
        self.reading = document_forms.read(self.stored, name, typed) if typed is not None else None
        has_title = typed is not None and "title" in typed
        self.title_form = TitleForm(typed) if has_title else TitleForm(initial={"title": copy.title})
        if self.reading and self.deed in MOVES:
            self.reading.value = self._moved(self.reading.value)

    @property
    def deed(self) -> str:
        return self.typed.get("do", "save").partition(":")[0] if self.typed is not None else ""

    def _moved(self, rows: Any) -> Any:
        spec = dict(specs(self.of))[self.name]
        if spec.holds is not Holds.ROWS or spec.of is None or self.typed is None:
            return rows
        return document_forms.act(rows, spec.of, self.deed, self.typed.get("do", "").partition(":")[2])

    @property
    def is_valid(self) -> bool:
        titled = not self.title_form.is_bound or self.title_form.is_valid()
        return bool(self.reading) and not (self.reading and self.reading.errors) and titled

    @property
    def document(self) -> Any:
        """The stored document with what was typed into this section."""
        return replace(self.stored, **{self.name: self.reading.value}) if self.reading else self.stored

    @property
    def errors(self) -> dict[str, str]:
        return self.reading.errors if self.reading else {}

    @property
    def section(self) -> document_forms.Section:
        return document_forms.section_of(self.document, self.name, self.reading)

    @property
    def lock_version(self) -> int:
        sent = self.typed.get("lock_version", "") if self.typed is not None else str(self.copy.lock_version)
        return int(sent) if sent.isdecimal() and len(sent) < 9 else 0

    @property
    def draft(self) -> services.Draft:
        title = self.title_form.cleaned_data["title"] if self.title_form.is_bound else self.copy.title
        attachments = self.copy.attachments.select_related("file")
        return services.Draft(title, self.document, tuple((a.file, a.purpose) for a in attachments))

    def over(self, theirs: Any) -> Any:
        """Somebody else's text with this section of mine in it."""
        return replace(theirs, **{self.name: getattr(self.document, self.name)})
