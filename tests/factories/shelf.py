"""The town with a bookshelf: one book with a unit of three lessons, and resources of several kinds to hang on it."""

from dataclasses import dataclass

from django.test import Client

from catalogue.models import Edition, Node, Outline, Subject, Textbook
from groups.models import Person
from library.documents import schema
from library.resources import kinds, services
from library.resources.models import Kind, Resource, Version
from media.models import File
from media.services import store_bytes
from tests.factories.town import Town, whole_design


@dataclass
class Shelf:
    """A book and what hangs on it."""

    town: Town
    subject: Subject
    book: Textbook
    unit: Node
    lessons: list[Node]

    @property
    def outline(self) -> Outline:
        assert self.book.outline is not None
        return self.book.outline

    @property
    def lesson(self) -> Node:
        return self.lessons[1]

    def draft(
        self,
        kind: str = Kind.LESSON_DESIGN,
        title: str = "梯形的面积",
        node: Node | None = None,
        owner: str = "teacher",
        files: tuple[tuple[File, str], ...] = (),
    ) -> Resource:
        spec = kinds.spec_of(kind)
        document = whole_design() if kind == Kind.LESSON_DESIGN else schema.load(spec.document, {})
        return services.create(
            kind=kind,
            owner=self.town.person(owner),
            school=self.town.member,
            draft=services.Draft(title, document, files),
            metadata=services.Metadata(subjects=(self.subject,), grade_from=5, grade_to=5),
            nodes=(node or self.lesson,),
            at=self.town.now,
        )

    def published(self, resource: Resource, *audiences: services.Audience) -> Resource:
        submission = services.submit(
            resource=resource, by=resource.owner, audiences=audiences or (services.Audience(),), at=self.town.now
        )
        self.town.approve_all(submission)
        resource.refresh_from_db()
        return resource

    def text_file(self, name: str = "任务单.pdf", owner: str = "teacher") -> File:
        return store_bytes(content=PDF, name=name, by=self.town.person(owner))


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n0000000103 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)


def build(town: Town) -> Shelf:
    """Numbers and names of the book are those of the tests' own subject, so that a seeded catalogue is not in the way."""
    subject = Subject.objects.create(code="maths-t", name="数学（测试）", block="数", colour="maths", order=90)
    edition = Edition.objects.create(subject=subject, name="人教版", is_active=True)
    outline = Outline.objects.create(title="人教版数学五年级上册")
    book = Textbook.objects.create(
        title="数学五年级上册",
        subject=subject,
        edition=edition,
        grade_from=5,
        grade_to=5,
        volume="first",
        is_active=True,
        outline=outline,
    )
    unit = Node.objects.create(outline=outline, kind="unit", number="6", title="多边形的面积", order=1)
    titles = ("平行四边形的面积", "梯形的面积", "组合图形的面积")
    lessons = [
        Node.objects.create(outline=outline, parent=unit, kind="lesson", title=t, order=n + 2, depth=2, periods=2)
        for n, t in enumerate(titles)
    ]
    return Shelf(town, subject, book, unit, lessons)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def current(resource: Resource) -> Version:
    """What readers of a published resource see."""
    assert resource.published_version is not None
    return resource.published_version
