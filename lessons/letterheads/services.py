"""Writes: a school's letterhead and templates, each change a new version; a template that lacks places is not taken."""

from datetime import datetime

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Max

from groups import access, audit
from groups.access import Action
from groups.models import Organisation, Person
from lessons.letterheads.models import Letterhead, SchoolTemplate
from lessons.letterheads.selectors import known_places
from library.documents.word.template import BadTemplate, Template, checked, shown
from library.resources.models import Kind
from media.models import File


@transaction.atomic
def set_letterhead(
    *, school: Organisation, by: Person, name: str, footer: str = "", logo: File | None = None, at: datetime
) -> Letterhead:
    """Keep a new version of the letterhead."""
    access.require(by, Action.EDIT, school, at=at)
    made = Letterhead.objects.create(
        school=_locked(school),
        number=_next(Letterhead, school),
        name=name,
        footer=footer,
        logo=logo,
        made_by=by,
        made_at=at,
    )
    audit.record(by, "letterhead.set", school, number=made.number, name=name, footer=footer, logo=bool(logo))
    return made


@transaction.atomic
def set_template(*, school: Organisation, kind: Kind, file: File | None, by: Person, at: datetime) -> SchoolTemplate:
    """Keep a new version of the template of a kind; without a file teachers get the plain one again.

    Raises:
        BadTemplate: it is no Word file, or has places that nobody knows, or lacks those that a plan needs.
    """
    access.require(by, Action.EDIT, school, at=at)
    found = _looked_at(file, kind) if file else None
    made = SchoolTemplate.objects.create(
        school=_locked(school),
        kind=kind,
        number=_next(SchoolTemplate, school, kind=kind),
        file=file,
        places=list(found.places) if found else [],
        made_by=by,
        made_at=at,
    )
    audit.record(by, "letterhead.template", school, kind=kind.value, number=made.number, file=file.name if file else "")
    return made


def _looked_at(file: File, kind: Kind) -> Template:
    with storages["uploads"].open(file.blob.path) as stored:
        found = checked(stored.read(), known_places(kind), needed=needed_places(kind))
    if not found.is_good:
        raise BadTemplate(_told(file.name, found))
    return found


def needed_places(kind: Kind) -> tuple[str, ...]:
    """Without these a template of the kind loses what it is for."""
    body = {
        Kind.LESSON_DESIGN: "教学过程",
        Kind.UNIT_DESIGN: "课时划分表",
        Kind.WORKSHEET: "学习任务",
        Kind.TEACHING_CASE: "情境与过程",
    }
    return ("课题", body[kind])


def _told(name: str, found: Template) -> str:
    """What is wrong with a template, place by place, and the next step."""
    parts = []
    if found.missing:
        parts.append(f"缺少{'、'.join(shown(one) for one in found.missing)}")
    for place, better in found.unknown:
        hint = f"，是不是想写{shown(better)}" if better else ""
        parts.append(f"不认识{shown(place)}{hint}")
    return f"《{name}》没有收下：{'；'.join(parts)}。请在 Word 里改好这几处，再上传一次"


def _locked(school: Organisation) -> Organisation:
    """Two who save at once get two numbers."""
    return Organisation.objects.select_for_update().get(pk=school.pk)


def _next(model: type[Letterhead] | type[SchoolTemplate], school: Organisation, **same: str) -> int:
    highest = model._default_manager.filter(school=school, **same).aggregate(n=Max("number"))["n"]
    return int(highest or 0) + 1
