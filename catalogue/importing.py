"""Bring the national platform's textbooks into the catalogue: all of them, once, also when run again.

A book is known by the platform's id. A book of the seed that is the same textbook takes the id instead of getting a
double beside it; an unmarked book of the platform is our 旧教材.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from catalogue.models import Edition, Subject, Textbook
from catalogue.platform_lists import BookLine, Lists, chief_editor, start_grade
from catalogue.seed_vocabulary import ShelfNames, platform_editions, read_yaml, seed_vocabulary
from search import vocabulary as search_vocabulary

LATER = 100
FIELDS = (
    "title",
    "stage",
    "subject_id",
    "edition_id",
    "grade_from",
    "grade_to",
    "volume",
    "volume_label",
    "revision",
    "is_active",
)


@dataclass(slots=True)
class Report:
    """What an import did. `refused` lines are the caller's, from reading."""

    read: int = 0
    created: int = 0
    linked: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    primary: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    subjects_created: int = 0
    editions_created: int = 0

    def lines(self) -> list[str]:
        stages = "，".join(f"{stage} {number}" for stage, number in self.stages.most_common())
        return [
            f"学科新建 {self.subjects_created}，版本新建 {self.editions_created}",
            f"其中小学 {self.primary}（已启用），其他学段 {sum(self.stages.values()) - self.primary}（未启用）",
            f"按学段：{stages}",
            f"读入 {self.read}，新建 {self.created}，与自带教材合并 {self.linked}，更新 {self.updated}，"
            f"不变 {self.unchanged}，未导入 {self.refused}",
        ]


@transaction.atomic
def import_textbooks(*, lists: Lists, dry_run: bool = False) -> Report:
    """Write the lists' subjects, editions and textbooks; with `dry_run` everything is done and taken back."""
    report = Report(read=lists.read, refused=len(lists.refused))
    names = seed_vocabulary(Counter())
    shelf = _Shelf(names, report)
    shelf.prepare_subjects(lists)
    shelf.prepare_editions(lists)
    _write_books(lists.books, shelf, report)
    if dry_run:
        transaction.set_rollback(True)
    else:
        transaction.on_commit(search_vocabulary.forget)
    return report


class _Shelf:
    """Finds the subject and edition of a line; what is missing was created before the books."""

    def __init__(self, names: ShelfNames, report: Report) -> None:
        self.names, self.report = names, report
        self.platform = platform_editions()
        self.looks = {row["name"]: row for row in read_yaml("platform_subjects")}

    def subject(self, name: str) -> Subject:
        return self.names.subjects[name]

    def edition(self, subject: str, name: str) -> Edition:
        return self.names.editions[subject, self.platform.get((subject, name), name)]

    def prepare_subjects(self, lists: Lists) -> None:
        primary = {book.subject for book in lists.books if book.is_primary}
        wanted = [book.subject for book in lists.books] + sorted(subject for subject, _, _ in lists.editions)
        for name in dict.fromkeys(wanted):
            if name not in self.names.subjects:
                self.names.subjects[name] = self._new_subject(name, is_primary=name in primary)
                self.report.subjects_created += 1

    def _new_subject(self, name: str, *, is_primary: bool) -> Subject:
        look = self.looks.get(name, {})
        like = self.names.subjects.get(look.get("like", ""))
        return Subject.objects.create(
            code=look.get("code") or f"s-{hashlib.sha256(name.encode()).hexdigest()[:8]}",
            name=name,
            block=like.block if like else name[0],
            colour=like.colour if like else "it",
            order=(like.order if like else LATER) + (LATER if is_primary else 2 * LATER),
            is_primary=is_primary,
        )

    def prepare_editions(self, lists: Lists) -> None:
        """Editions of books and of trees; one is active when a primary book is of it."""
        active = {(b.subject, b.edition) for b in lists.books if b.is_primary}
        wanted = {(b.subject, b.edition) for b in lists.books} | {
            (subject, name) for subject, name, _ in lists.editions
        }
        resolved = {(subject, self.platform.get((subject, name), name)) for subject, name in wanted}
        new = [
            Edition(
                subject=self.names.subjects[subject],
                name=name,
                chief_editor=chief_editor(name),
                start_grade=start_grade(name),
                is_active=(subject, name) in active,
            )
            for subject, name in sorted(resolved)
            if (subject, name) not in self.names.editions
        ]
        for edition in Edition.objects.bulk_create(new):
            self.names.editions[edition.subject.name, edition.name] = edition
        self.report.editions_created = len(new)


def _write_books(lines: Sequence[BookLine], shelf: _Shelf, report: Report) -> None:
    known = {book.external_id: book for book in Textbook.objects.exclude(external_id=None)}
    own: dict[tuple[object, ...], list[Textbook]] = {}
    for book in Textbook.objects.filter(external_id=None):
        own.setdefault(_identity(book), []).append(book)
    new: list[Textbook] = []
    changed: list[Textbook] = []
    for line in lines:
        facts = _facts(line, shelf)
        report.stages[line.stage] += 1
        report.primary += line.is_primary
        found = known.get(line.external_id)
        ours = None if found else _own_book(own, facts)
        if ours is not None:
            ours.external_id = line.external_id
            report.linked += 1
        elif found is None:
            new.append(Textbook(external_id=line.external_id, **facts))
            report.created += 1
        book_now = found or ours
        if book_now is not None and (_apply(book_now, facts) or ours is not None):
            changed.append(book_now)
    report.updated = len(changed) - report.linked
    report.unchanged = len(known.keys() & {line.external_id for line in lines}) - report.updated
    Textbook.objects.bulk_create(new, batch_size=500)
    Textbook.objects.bulk_update(changed, ["external_id", *(f.removesuffix("_id") for f in FIELDS)], batch_size=200)


def _facts(line: BookLine, shelf: _Shelf) -> dict[str, object]:
    return {
        "title": line.title,
        "stage": line.stage,
        "subject_id": shelf.subject(line.subject).pk,
        "edition_id": shelf.edition(line.subject, line.edition).pk,
        "grade_from": line.grade_from,
        "grade_to": line.grade_to,
        "volume": line.volume,
        "volume_label": line.volume_label,
        "revision": line.revision,
        "is_active": line.is_primary,
    }


def _identity(book: Textbook) -> tuple[object, ...]:
    return (
        book.stage,
        book.subject_id,
        book.edition_id,
        book.grade_from,
        book.grade_to,
        book.volume,
        book.revision,
    )


def _own_book(own: dict[tuple[object, ...], list[Textbook]], facts: dict[str, object]) -> Textbook | None:
    place = tuple(facts[name] for name in ("stage", "subject_id", "edition_id", "grade_from", "grade_to", "volume"))
    revisions = [facts["revision"]] if facts["revision"] else [Textbook.Revision.OLD, Textbook.Revision.UNMARKED]
    for revision in revisions:
        books = own.get((*place, revision))
        if books:
            return books.pop(0)
    return None


def _apply(book: Textbook, facts: dict[str, object]) -> bool:
    """Set the platform's facts; a revision that we know stays where the platform marks none."""
    wanted = dict(facts)
    if not wanted["revision"]:
        wanted["revision"] = book.revision
    differs = any(getattr(book, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(book, name, value)
    return differs
