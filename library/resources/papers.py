"""A version on paper: its text arranged as a sheet under its school's letterhead, taken home as Word, PDF or JSON.

Whoever may have the version may have its paper; a picture, a resource or a question that the reader may not see is not
in it. Schools' letterheads and templates come from above: `frames` is the registry.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from PIL import Image

from catalogue.models import Node, Standard
from groups.access import Action
from groups.viewer import Viewer
from library.documents import paging, schema, walk
from library.documents.fields import Document, Holds, RichText
from library.documents.printed import Arranging, Sheet, sheet_of
from library.documents.word.template import fill
from library.documents.word.writing import Letter, Picture, Written, write
from library.resources import kinds
from library.resources.kinds import ExportedFile
from library.resources.models import Kind, Resource, Version
from library.resources.selectors.cards import place_of
from media import containers
from media.models import File

LARGEST_PICTURE = 40 * 1024 * 1024
MOST_PIXELS = 120_000_000
SIDE = 1_600
"""Pictures are made no larger than a page shows them."""
AS_THEY_ARE = {"PNG": "png", "JPEG": "jpeg"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a school puts around a plan: its letterhead, and its own Word template where it has one."""

    letter: Letter
    template: bytes = b""


Framing = Callable[[str, Viewer], Frame | None]
_framings: list[Framing] = []


def register(framing: Framing) -> None:
    """Let an upper package say what a reader's school puts around a text of a kind; the first that answers is heard."""
    if framing not in _framings:
        _framings.append(framing)


def frame_of(kind: str, viewer: Viewer) -> Frame | None:
    """What the reader's school has said; None: nothing."""
    return next((found for framing in _framings if (found := framing(kind, viewer)) is not None), None)


def framed(resource: Resource, frame: Frame | None) -> Frame:
    """The frame, or the plain letterhead with the school of the first author."""
    return frame or Frame(Letter(school_name(resource)))


def school_name(resource: Resource) -> str:
    """Where the first author worked then."""
    people = list(resource.contributions.all())
    school = people[0].school_then if people and people[0].school_then else resource.home_school
    return school.name if school else "共备"


def sheet(
    resource: Resource,
    document: Document,
    names: Mapping[str, str],
    texts: Mapping[str, RichText] | None = None,
    *,
    title: str,
    label: str,
    wide: bool = False,
    view: str = "",
) -> Sheet:
    """The sheet of one text of a resource, with what its record says above it."""
    people = list(resource.contributions.all())
    facts = (
        ("教材", place_of(resource)),
        ("作者", "、".join(f"{c.person.name}（{c.get_part_display()}）" for c in people)),
        ("学校", school_name(resource)),
        ("版本", label),
        ("许可", resource.get_licence_display()),
        ("编号", resource.uid),
    )
    spec = kinds.spec_of(resource.kind)
    how = Arranging(names=names, texts=texts or {}, only=spec.views.get(view), without=spec.off_paper)
    return sheet_of(document, title=title, kind=spec.label, facts=facts, arranging=how, wide=wide)


def names_in(documents: Iterable[Document], viewer: Viewer) -> dict[str, str]:
    """What documents refer to, by the names that this reader may see."""
    wanted: dict[str, set[str]] = {}
    for leaf in (leaf for document in documents for leaf in walk.walk(document)):
        if leaf.spec.holds is Holds.REFS and not leaf.spec.target.startswith("#"):
            wanted.setdefault(leaf.spec.target, set()).update(leaf.value)
    found: dict[str, str] = {}
    if codes := wanted.get("standard"):
        found |= dict(Standard.objects.filter(code__in=codes).values_list("code", "text"))
    if uids := wanted.get("node"):
        found |= dict(Node.objects.filter(uid__in=uids).values_list("uid", "title"))
    if uids := wanted.get("resource", set()) | wanted.get("question", set()):
        shown = Resource.objects.filter(uid__in=uids).visible_to(viewer).values_list("uid", "title", "kind")
        found |= {uid: title if kind == Kind.QUESTION else f"《{title}》" for uid, title, kind in shown}
    return found


def pictures_for(viewer: Viewer) -> Callable[[str], Picture | None]:
    """Pictures by the uid of their file, those that this reader may see."""

    def picture(uid: str) -> Picture | None:
        file = File.objects.select_related("blob").filter(uid=uid, family=File.Family.PICTURE).first()
        if file is None or not containers.verdict_on(viewer, file, Action.READ):
            return None
        return picture_of(file)

    return picture


def picture_of(file: File) -> Picture | None:
    """A picture as Word and typst take it; None where it is too large or its bytes are gone."""
    if file.blob.size > LARGEST_PICTURE:
        return None
    try:
        with storages["uploads"].open(file.blob.path) as stored:
            content = stored.read()
        image = Image.open(BytesIO(content))
    except (OSError, Image.DecompressionBombError):
        return None
    if image.width * image.height > MOST_PIXELS:
        return None
    if image.format in AS_THEY_ARE and max(image.size) <= SIDE:
        return Picture(content, AS_THEY_ARE[image.format], image.width, image.height)
    return _redrawn(image)


def _redrawn(image: Image.Image) -> Picture | None:
    """Smaller, and in a format that every Word opens."""
    try:
        image.thumbnail((SIDE, SIDE))
        target = BytesIO()
        has_holes = image.mode in {"RGBA", "LA", "P"}
        image.convert("RGBA" if has_holes else "RGB").save(target, "PNG" if has_holes else "JPEG", quality=85)
    except OSError:
        return None
    return Picture(target.getvalue(), "png" if has_holes else "jpeg", image.width, image.height)


def version_sheet(version: Version, viewer: Viewer, *, wide: bool = False, view: str = "") -> Sheet:
    spec = kinds.spec_of(version.resource.kind)
    document = schema.load(spec.document, version.document)
    return sheet(
        version.resource,
        document,
        names_in([document], viewer),
        spec.texts(document, viewer),
        title=version.title,
        label=version.label,
        wide=wide,
        view=view,
    )


def word(version: Version, viewer: Viewer, *, wide: bool = False, view: str = "") -> Written:
    """The version as a Word file, through the reader's school's template where it has one."""
    frame = framed(version.resource, frame_of(version.resource.kind, viewer))
    made = version_sheet(version, viewer, wide=wide, view=view)
    if frame.template and not wide and not view:
        return fill(frame.template, made, frame.letter, pictures=pictures_for(viewer))
    return write(
        made,
        frame.letter,
        pictures=pictures_for(viewer),
        address=settings.SITE_ADDRESS,
        author=version.resource.owner.name,
    )


def pdf(version: Version, viewer: Viewer, *, wide: bool = False, view: str = "") -> Written:
    frame = framed(version.resource, frame_of(version.resource.kind, viewer))
    made = version_sheet(version, viewer, wide=wide, view=view)
    return paging.write([(made, frame.letter)], pictures=pictures_for(viewer))


def exported(version: Version, viewer: Viewer) -> list[ExportedFile]:
    """The same text as Word and PDF, to lie beside the page in a zip."""
    if not kinds.is_written(kinds.spec_of(version.resource.kind)) or not version_sheet(version, viewer).sections:
        return []
    name = f"{version.title} {kinds.spec_of(version.resource.kind).label}"
    return [
        ExportedFile(f"{name}.docx", word(version, viewer).content),
        ExportedFile(f"{name}.pdf", pdf(version, viewer).content),
    ]


def record(version: Version) -> dict[str, Any]:
    """A version with its record as JSON values: what it says, whose it is, where it hangs, its files' fingerprints."""
    resource = version.resource
    return {
        "uid": resource.uid,
        "kind": resource.kind,
        "title": version.title,
        "version": version.number,
        "label": version.label,
        "sha256": version.sha256,
        "published_at": version.published_at.isoformat() if version.published_at else None,
        "licence": resource.licence,
        "authors": [
            {"name": c.person.name, "part": c.part, "school_then": c.school_then.name if c.school_then else ""}
            for c in resource.contributions.select_related("person", "school_then")
        ],
        "nodes": [p.node.uid for p in resource.placements.select_related("node")],
        "document": version.document,
        "files": [
            {"name": a.file.name, "purpose": a.purpose, "sha256": a.file.blob_id, "size": a.file.blob.size}
            for a in version.attachments.select_related("file__blob")
        ],
    }
