"""A homework or a paper as sheets: for pupils without answers, for teachers with them; on paper and as files."""

from collections.abc import Iterable

from django.template.loader import render_to_string

from groups.access import Action
from groups.viewer import Viewer
from library.documents import schema
from library.documents.homework import HomeworkDocument
from library.documents.paper import PaperDocument
from library.questions.reading import groups_of
from library.questions.selectors import items_of
from library.resources.kinds import ExportedFile, spec_of
from library.resources.models import Version

SHEETS = ((False, "学生单"), (True, "教师单"))


def export_sheets(version: Version, viewer: Viewer) -> Iterable[ExportedFile]:
    """Both sheets as HTML pages that open anywhere, with the questions that the viewer may take home.

    Nothing where a file stands for the questions.
    """
    spec = spec_of(version.resource.kind)
    document = schema.load(spec.document, version.document)
    if not isinstance(document, HomeworkDocument | PaperDocument) or not document.items:
        return
    groups = groups_of(document, items_of(document, viewer, Action.DOWNLOAD))
    people = list(version.resource.contributions.select_related("person", "school_then"))
    for for_teacher, name in SHEETS:
        context = {
            "version": version,
            "resource": version.resource,
            "spec": spec,
            "document": document,
            "groups": groups,
            "for_teacher": for_teacher,
            "name": name,
            "authors": "、".join(f"{c.person.name}（{c.get_part_display()}）" for c in people),
            "school": next((c.school_then.name for c in people if c.school_then), ""),
        }
        yield ExportedFile(f"{version.title} {name}.html", render_to_string("questions/export.html", context).encode())
