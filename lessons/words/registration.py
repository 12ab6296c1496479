"""What imports tell the packages below at start-up."""

from typing import Any

from django.db.models import Exists, OuterRef

from groups.access import Action, Relation, Verdict
from groups.viewer import Viewer
from lessons.words import services
from lessons.words.models import WordImport, WordPicture, WordPlan
from lessons.words.showing import html
from library.resources import kinds, panels
from library.resources.models import Kind
from media import containers
from media.models import File
from search import worker
from ui import navigation

KEEPERS = frozenset({Relation.OWNER, Relation.CO_AUTHOR, Relation.DRAFT_EDITOR})
"""Who works on the draft: the comments and the tray are theirs to see."""


def register() -> None:
    kinds.register_import(Kind.LESSON_DESIGN, "words:index")
    containers.register(of_imports)
    panels.register(
        panels.Panel(name="words", annotations=annotations, load=panel, templates={"notes": "words/panel_notes.html"})
    )
    worker.every(2, "Word files that wait to be read", services.read_waiting)
    navigation.register_link(navigation.Link("从 Word 导入", "words:index", order=17, icon="file-text"))


def of_imports(viewer: Viewer, file: File, action: Action) -> Verdict | None:
    """A brought file and its pictures are seen by the one who brought them, until a draft holds them."""
    if viewer.person is None or file.uploaded_by_id != viewer.person_id:
        return None
    held = WordImport.objects.filter(file=file).exists() or WordPicture.objects.filter(file=file).exists()
    return Verdict(True, "你导入的文件", Relation.UPLOADER) if held else None


def annotations(viewer: Viewer) -> dict[str, Any]:
    return {"came_from_word": Exists(WordPlan.objects.filter(resource=OuterRef("pk")))}


def panel(resource: Any, held: frozenset[Relation], viewer: Viewer) -> dict[str, Any]:
    """What the file said beside the text: comments, and pieces without a place."""
    if not getattr(resource, "came_from_word", False) or not held & KEEPERS:
        return {}
    plan = WordPlan.objects.select_related("word_import__file").get(resource_id=resource.pk)
    tray = [{"label": piece["label"], "html": html(piece["text"])} for piece in plan.tray]
    mine = viewer.person is not None and plan.word_import.owner_id == viewer.person_id
    return {"plan": plan, "comments": plan.comments, "tray": tray, "mine": mine}
