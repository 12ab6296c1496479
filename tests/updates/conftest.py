"""Every test here has a shared plan that moved on after a teacher received it."""

from dataclasses import dataclass
from typing import Any

import pytest

from groups.models import Person
from lessons.adaptations.models import Adaptation
from lessons.prep.models import Preparation
from lessons.updates import services
from lessons.updates.models import Update
from library.documents import schema
from library.documents.lesson_design import LessonDesignDocument
from library.resources.models import Version, WorkingCopy
from library.resources.services import cut_version
from tests.factories import adapting
from tests.factories.adapting import Shared
from tests.factories.town import Town


@dataclass
class Behind:
    """A teacher's own version of v1.0, and a shared plan that can move on."""

    shared: Shared
    mine: Adaptation

    @property
    def teacher(self) -> Person:
        return self.mine.teacher

    def text(self) -> LessonDesignDocument:
        copy = WorkingCopy.objects.get(resource=self.mine.resource)
        return schema.load(LessonDesignDocument, copy.document)

    def copy(self) -> WorkingCopy:
        return WorkingCopy.objects.get(resource=self.mine.resource)

    def write(self, text: LessonDesignDocument) -> None:
        self.shared.edited(self.mine, text)

    def revise(self, text: LessonDesignDocument, label: str = "v1.1", reason: str = "") -> Version:
        """The lead changes the shared plan, and the newer version is in force."""
        lead = self.shared.person("colleague")
        adapting.write(self.shared.resource, lead, text, self.shared.town.now)
        version = cut_version(
            resource=self.shared.resource, by=lead, at=self.shared.town.now, label=label, reason=reason
        )
        Preparation.objects.filter(pk=self.shared.preparation.pk).update(settled_version=version)
        return version

    def open(self) -> Update:
        return services.open_update(adaptation=self.mine, by=self.teacher, at=self.shared.town.now)

    def decide(self, update: Update, key: str, way: str, value: Any = None) -> None:
        services.decide(update=update, by=self.teacher, key=key, way=way, value=value, at=self.shared.town.now)

    def finish(self, update: Update) -> Update:
        return services.finish(update=update, by=self.teacher, at=self.shared.town.now)

    def undo(self, update: Update) -> Update:
        return services.undo(update=update, by=self.teacher, at=self.shared.town.now)


@pytest.fixture
def behind(town: Town) -> Behind:
    shared = adapting.build(town)
    return Behind(shared, shared.received())
