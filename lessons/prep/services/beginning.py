"""The first text of a shared plan: the empty template, or a version that its lead may take."""

from datetime import datetime

from groups import access
from groups.access import Action
from groups.models import Organisation, Person
from lessons.designs.models import LessonDesign
from lessons.prep.models import Preparation
from lessons.prep.policies import WORK
from lessons.prep.services.steps import NotReady
from library.documents import schema
from library.documents.lesson_design import LessonDesignDocument
from library.resources import services
from library.resources.models import Kind, Resource, Version


def begin_text(
    row: Preparation, lead: Person, school: Organisation | None, source: Version | None, at: datetime
) -> Resource:
    """Draft v0 (教学设计 v0), owned by the lead, under the rules of the preparation.

    Raises:
        Refused: the lead may not take the source.
        NotReady: the source is no lesson design.
    """
    if source is None:
        made = services.create(
            kind=Kind.LESSON_DESIGN,
            owner=lead,
            school=school,
            draft=services.Draft(title=row.title, document=_template(row)),
            at=at,
            metadata=services.Metadata(subjects=(row.subject,), grade_from=row.grade, grade_to=row.grade),
            nodes=[row.node] if row.node else [],
        )
    else:
        made = _taken(row, lead, school, source, at)
    Resource.objects.filter(pk=made.pk).update(work=WORK, primary=True)
    made.refresh_from_db()
    return made


def _template(row: Preparation) -> LessonDesignDocument:
    basics = {"lesson_type": "新授", "period": row.period, "periods": row.periods}
    return schema.load(LessonDesignDocument, {"basics": basics})


def _taken(row: Preparation, lead: Person, school: Organisation | None, source: Version, at: datetime) -> Resource:
    if source.resource.kind != Kind.LESSON_DESIGN:
        raise NotReady("初稿要从教学设计开始，请另选一份教学设计，或从空白模板开始")
    access.require(lead, Action.READ, source, at=at)
    made = services.fork(version=source, by=lead, school=school, at=at)
    title = {"title": row.title}
    made.__class__._default_manager.filter(pk=made.pk).update(**title)
    type(made.working_copy)._default_manager.filter(resource=made).update(**title)
    LessonDesign.objects.filter(pk=made.pk).update(period=row.period, periods=row.periods)
    if row.node:
        made.placements.all().delete()
        made.placements.create(node=row.node, is_main=True)
    return made
