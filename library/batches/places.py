"""From what a name says to a place in the books: the school's own books first, then the active ones."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q

from catalogue.models import Node, Subject, Textbook
from groups.models import Adoption, Appointment, Organisation
from groups.models.dated import valid
from library.batches.guessing import Guess, Names
from library.resources import kinds, words
from library.resources.models import Kind
from search import vocabulary

UNTITLED = re.compile(r"[\s《》“”\"'.．·、,，:：!！?？（）()\-—_]+")
APART = frozenset({Kind.PACKAGE, Kind.QUESTION, Kind.PAPER})
"""Kinds that are no file with a name: a package has its parts, a question its own form."""


def kinds_of_batches() -> list[kinds.KindSpec]:
    """The kinds that a file can become a draft of."""
    return [spec for spec in kinds.registered() if spec.kind not in APART]


def names_for(school: Organisation | None, at: datetime) -> Names:
    """Subjects, editions and kinds as search understands them, and the teachers of the school."""
    found: dict[str, dict[str, str]] = {"subject": {}, "edition": {}}
    for name in vocabulary.lookup().values():
        if name.facet in found:
            found[name.facet].setdefault(name.word, name.value)
    by_word = {
        word: str(spec.kind)
        for spec in kinds_of_batches()
        for word in (spec.label, *words.NICKNAMES.get(spec.kind, ()))
        if word not in {"练习", "备课", "素材", "图片", "学具", "音频"} or word == spec.label
    }
    staff = Appointment.objects.valid_at(at).filter(organisation=school) if school else Appointment.objects.none()
    people = frozenset(staff.values_list("person__name", flat=True))
    return Names(subjects=found["subject"], editions=found["edition"], kinds=by_word, people=people)


def plain(title: str) -> str:
    """A title to compare by: without marks and blanks, and without a number in front."""
    return re.sub(r"^\d{1,2}(?=\D)", "", UNTITLED.sub("", title).lower())


class Places:
    """Finds nodes for many guesses: each book is read once."""

    def __init__(self, school: Organisation | None, at: datetime) -> None:
        adopted = Adoption.objects.filter(valid(at), school=school) if school else Adoption.objects.none()
        self.ours = set(adopted.values_list("textbook_id", flat=True))
        self.books: dict[tuple[object, ...], list[Textbook]] = {}
        self.nodes: dict[int, list[Node]] = {}
        self.subjects: Mapping[str, Subject] = {s.name: s for s in Subject.objects.all()}

    def subject(self, guess: Guess) -> Subject | None:
        return self.subjects.get(guess.subject)

    def find(self, guess: Guess) -> Node | None:
        """The lesson that the title names; else the unit or lesson that the number names; None where it is open."""
        if not guess.subject or not guess.grade:
            return None
        books = self._books(guess)
        wanted = plain(guess.title)
        for book in books if wanted else ():
            found = self._titled(book, wanted, guess)
            if found is not None:
                return found
        return next(filter(None, (self._numbered(book, guess) for book in books)), None)

    def _books(self, guess: Guess) -> list[Textbook]:
        key = (guess.subject, guess.grade, guess.volume, guess.edition)
        if key not in self.books:
            found = Textbook.objects.filter(
                Q(is_active=True) | Q(pk__in=self.ours),
                subject__name=guess.subject,
                grade_from__lte=guess.grade,
                grade_to__gte=guess.grade,
                outline__isnull=False,
            ).select_related("subject", "edition", "outline")
            if guess.volume:
                found = found.filter(volume__in=(guess.volume, Textbook.Volume.WHOLE))
            if guess.edition:
                found = found.filter(edition__name=guess.edition)
            self.books[key] = sorted(found, key=lambda book: (book.pk not in self.ours, book.pk))
        return self.books[key]

    def _of(self, book: Textbook) -> list[Node]:
        if book.pk not in self.nodes:
            rows = Node.objects.active().filter(outline=book.outline_id).select_related("parent").order_by("order")
            self.nodes[book.pk] = list(rows)
        return self.nodes[book.pk]

    def _titled(self, book: Textbook, wanted: str, guess: Guess) -> Node | None:
        same = [node for node in self._of(book) if plain(node.title) == wanted]
        same = same or [
            node for node in self._of(book) if len(wanted) > 2 and wanted.startswith(plain(node.title) or "?")
        ]
        in_unit = [node for node in same if guess.unit and _unit_number(node) == guess.unit]
        return next(iter(sorted(in_unit or same, key=lambda n: -len(n.title))), None)

    def _numbered(self, book: Textbook, guess: Guess) -> Node | None:
        if not guess.unit:
            return None
        below = [node for node in self._of(book) if node.parent and _number(node.parent) == guess.unit]
        if guess.lesson and len(below) >= guess.lesson:
            return below[guess.lesson - 1]
        return next((n for n in self._of(book) if n.parent is None and _number(n) == guess.unit), None)


def _unit_number(node: Node) -> int | None:
    return _number(node.parent) if node.parent else _number(node)


def _number(node: Node) -> int | None:
    digits = node.number.partition(".")[0]
    return int(digits) if digits.isdigit() else None


def label_of(node: Node | None) -> str:
    """数学 人教版 三年级上册 第5单元 口算乘法: as the review table shows a place, and reads it again when it was changed."""
    if node is None:
        return ""
    book = getattr(node.outline, "textbook", None)
    parts: Iterable[str] = (
        *(
            (book.subject.name, book.edition.name if book.edition else "", book.grade_volume)
            if book
            else (node.outline.title,)
        ),
        f"第{node.parent.number}单元" if node.parent and node.parent.number.isdigit() else "",
        node.title,
    )
    return " ".join(part for part in parts if part)
