"""A lesson design as a file to take home: one HTML page that opens anywhere and prints on A4."""

from collections.abc import Iterable

from django.template.loader import render_to_string

from library.documents import schema
from library.documents.lesson_design import LessonDesignDocument
from library.resources.kinds import ExportedFile
from library.resources.models import Version


def export(version: Version) -> Iterable[ExportedFile]:
    """The composed text of one version."""
    resource = version.resource
    contributions = list(resource.contributions.select_related("person", "school_then"))
    school = next((c.school_then.name for c in contributions if c.school_then), "")
    context = {
        "resource": resource,
        "version": version,
        "document": schema.load(LessonDesignDocument, version.document),
        "authors": "、".join(f"{c.person.name}（{c.get_part_display()}）" for c in contributions),
        "school": school,
    }
    page = render_to_string("designs/export.html", context)
    yield ExportedFile(f"{version.title} 教学设计.html", page.encode())
