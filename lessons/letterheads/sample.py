"""A template to begin with: every place of a kind in the plain layout, to be changed in Word."""

from lessons.letterheads.selectors import known_places
from library.documents.fields import specs
from library.documents.printed import Line, Section, Sheet, chinese
from library.documents.word.template import RECORD, TITLE, shown
from library.documents.word.writing import Letter, write
from library.resources import kinds
from library.resources.models import Kind


def template(kind: Kind) -> bytes:
    spec = kinds.spec_of(kind)
    sections = [one.label for name, one in specs(spec.document) if name != "basics" and one.label in known_places(kind)]
    basics = next((one.of for name, one in specs(spec.document) if name == "basics"), None)
    facts = [*RECORD, *(one.label for _, one in specs(basics))] if basics else list(RECORD)
    sheet = Sheet(
        title=shown(TITLE),
        kind=kind.label,
        facts=tuple((name, shown(name)) for name in facts),
        sections=tuple(Section("", chinese(at), label, (Line(shown(label)),)) for at, label in enumerate(sections, 1)),
    )
    return write(sheet, Letter(shown("学校"))).content
