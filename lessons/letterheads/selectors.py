"""Reads: a school's letterhead and templates as they count now, and the places that a template may name."""

from collections.abc import Mapping

from django.core.files.storage import storages

from groups.models import Organisation
from groups.viewer import Viewer
from lessons.letterheads.models import Letterhead, SchoolTemplate
from library.documents.fields import Holds, specs
from library.documents.word.template import RECORD, TITLE
from library.documents.word.writing import Letter
from library.resources import kinds
from library.resources.models import Kind
from library.resources.papers import Frame, picture_of


def letterhead_of(school: Organisation) -> Letterhead | None:
    """The version that counts."""
    return Letterhead.objects.filter(school=school).select_related("logo__blob", "made_by").first()


def templates_of(school: Organisation) -> Mapping[str, SchoolTemplate]:
    """Kind → the version that counts; one that was put away is not among them."""
    found: dict[str, SchoolTemplate] = {}
    for template in SchoolTemplate.objects.filter(school=school).select_related("file__blob", "made_by"):
        found.setdefault(template.kind, template)
    return {kind: template for kind, template in found.items() if template.file is not None}


def frame(kind: str, viewer: Viewer) -> Frame | None:
    """What the reader's school puts around a text of a kind; None where it has said nothing."""
    if not viewer.schools:
        return None
    head = (
        Letterhead.objects.filter(school__in=viewer.schools)
        .select_related("logo__blob", "school")
        .order_by("school", "-number")
        .first()
    )
    template = (
        SchoolTemplate.objects.filter(school__in=viewer.schools, kind=kind)
        .select_related("file__blob", "school")
        .order_by("school", "-number")
        .first()
    )
    content = _content(template)
    if head is None and not content:
        return None
    school = head.name if head else template.school.name if template else ""
    logo = picture_of(head.logo) if head and head.logo else None
    return Frame(Letter(school, head.footer if head else "", logo), content)


def _content(template: SchoolTemplate | None) -> bytes:
    if template is None or template.file is None:
        return b""
    try:
        with storages["uploads"].open(template.file.blob.path) as stored:
            return bytes(stored.read())
    except FileNotFoundError:
        return b""


def known_places(kind: Kind) -> tuple[str, ...]:
    """Every place that a template of the kind may name, in printed order."""
    found = [TITLE, "类型", *RECORD]
    for name, spec in specs(kinds.spec_of(kind).document):
        if name != "basics" and name not in kinds.spec_of(kind).off_paper:
            found.append(spec.label)
        if spec.holds is Holds.GROUP and spec.of:
            found += [inner.label for _, inner in specs(spec.of) if inner.label != "内容"]
    return tuple(dict.fromkeys(found))
