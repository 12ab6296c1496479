"""A town with a bookshelf and a small bank of questions, the teacher signed in."""

from dataclasses import dataclass, replace

import pytest
from django.test import Client

from groups.models import GrantLevel
from library.documents import rich
from library.documents.homework import HomeworkDocument
from library.documents.question import Option, QuestionDocument, title_of
from library.resources import services
from library.resources.models import Kind, Resource
from tests.factories import shelf as bookshelf
from tests.factories.shelf import Shelf
from tests.factories.town import Town

words = rich.from_markup


def choice(stem: str = "梯形有几条高？", right: str = "b", **more: object) -> QuestionDocument:
    """A single choice of two options, with its answer."""
    options = {"a": Option(order="F", words=words("一条")), "b": Option(order="V", words=words("无数条"))}
    values: dict[str, object] = {"knowledge": ("梯形的认识",), "difficulty": "较易", "minutes": 2, "points": 2, **more}
    return QuestionDocument(type="单选", stem=words(stem), options=options, correct=(right,), **values)  # type: ignore[arg-type]


@dataclass
class Bank:
    """What the tests make: questions, and sheets to put them into."""

    shelf: Shelf

    @property
    def town(self) -> Town:
        return self.shelf.town

    def draft(self, document: QuestionDocument | None = None, owner: str = "teacher") -> Resource:
        return services.create(
            kind=Kind.QUESTION,
            owner=self.town.person(owner),
            school=self.town.member,
            draft=services.Draft(title_of(document or choice()), document or choice()),
            metadata=services.Metadata(subjects=(self.shelf.subject,), grade_from=5, grade_to=5),
            nodes=(self.shelf.lesson,),
            at=self.town.now,
        )

    def published(self, *audiences: services.Audience, document: QuestionDocument | None = None) -> Resource:
        return self.shelf.published(self.draft(document), *audiences)

    def revised(self, question: Resource, document: QuestionDocument) -> Resource:
        """A second published version."""
        services.save(
            resource=question,
            by=question.owner,
            draft=services.Draft(title_of(document), document),
            lock_version=question.working_copy.lock_version,
            at=self.town.now,
        )
        question.refresh_from_db()
        return self.shelf.published(question)

    def sheet(self, kind: str = Kind.HOMEWORK, owner: str = "teacher", title: str = "梯形的作业") -> Resource:
        sheet = self.shelf.draft(kind, title=title, owner=owner)
        if kind == Kind.HOMEWORK:
            document = replace(HomeworkDocument(), intent=words("先认再算"), kind="课后", ways=("书面",))
            draft = services.Draft(title, document)
            services.save(resource=sheet, by=sheet.owner, draft=draft, lock_version=1, at=self.town.now)
        return Resource.objects.get(pk=sheet.pk)


PUBLIC = services.Audience(level=GrantLevel.DOWNLOAD)


@pytest.fixture
def shelf(town: Town) -> Shelf:
    return bookshelf.build(town)


@pytest.fixture
def bank(shelf: Shelf) -> Bank:
    return Bank(shelf)


@pytest.fixture
def teacher(client: Client, town: Town) -> Client:
    client.force_login(town.person("teacher"))
    return client
