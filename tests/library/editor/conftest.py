"""A town with a bookshelf, and the editor's questions asked as its script asks them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from library.documents import schema
from library.documents.lesson_design import LessonDesignDocument
from library.resources.models import Resource
from tests.factories import shelf as bookshelf
from tests.factories.shelf import Shelf, signed_in
from tests.factories.town import Town


@dataclass
class Desk:
    """One resource in one person's editor."""

    client: Client
    resource: Resource

    @property
    def start(self) -> dict[str, Any]:
        return dict(self.client.get(f"/r/{self.resource.uid}/editor/").context["start"])

    def ask(self, what: str, sent: Any) -> tuple[int, dict[str, Any]]:
        body = sent if isinstance(sent, str | bytes) else json.dumps(sent, ensure_ascii=False)
        response = self.client.post(
            f"/r/{self.resource.uid}/editor/{what}/", data=body, content_type="application/json"
        )
        return response.status_code, response.json()

    def save(self, document: Mapping[str, Any], lock: int, title: str = "梯形的面积") -> tuple[int, dict[str, Any]]:
        return self.ask("save", {"title": title, "document": document, "lock_version": lock})

    @property
    def stored(self) -> LessonDesignDocument:
        self.resource.working_copy.refresh_from_db()
        return schema.load(LessonDesignDocument, self.resource.working_copy.document)


def words(text: str) -> dict[str, Any]:
    return {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]}


@pytest.fixture
def shelf(town: Town) -> Shelf:
    return bookshelf.build(town)


@pytest.fixture
def desk(shelf: Shelf) -> Desk:
    return Desk(signed_in(shelf.town.person("teacher")), shelf.draft())
