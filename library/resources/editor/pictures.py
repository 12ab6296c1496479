"""Pictures in the text (文中图片): stored by the same checks as any upload, and carried by the working copy.

Only a person's own uploads and what the text carries already are attached: naming a file does not open it.
"""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile

from groups.models import Person
from library.documents import rich, walk
from library.documents.fields import Document, Holds
from library.resources.editor.received import Unusable
from library.resources.models import WorkingCopy
from media.models import File
from media.safety import UnsafeFile
from media.services import store_upload

PURPOSE = "picture"


def store_picture(*, upload: UploadedFile | None, by: Person) -> File:
    """Keep a pasted, dropped or chosen picture.

    Raises:
        Unusable: it is none, or not safe; the sentence says what to do.
    """
    if upload is None:
        raise Unusable(("picture",), "没有收到图片，请再选一次", 400)
    try:
        file = store_upload(uploaded=upload, name=upload.name or "图片.png", by=by)
    except UnsafeFile as problem:
        raise Unusable(("picture",), problem.sentence) from problem
    if file.family != File.Family.PICTURE:
        raise Unusable(("picture",), f"《{file.name}》不是图片，请选 PNG、JPEG、GIF 或 WebP；别的文件放到附件里")
    return file


def files_with_pictures(copy: WorkingCopy, document: Document, by: Person) -> tuple[tuple[File, str], ...]:
    """The files that the text carries, and the pictures that it newly shows."""
    carried = [(one.file, one.purpose) for one in copy.attachments.select_related("file")]
    wanted = set(_shown(document)) - {file.uid for file, _ in carried}
    if not wanted:
        return tuple(carried)
    own = File.objects.filter(uid__in=wanted, uploaded_by=by, family=File.Family.PICTURE).order_by("pk")
    return (*carried, *((file, PURPOSE) for file in own))


def _shown(document: Document) -> Iterable[str]:
    for leaf in walk.walk(document):
        if leaf.spec.holds is Holds.RICH:
            for node in rich.nodes(leaf.value):
                if node["type"] == "image":
                    yield str((node.get("attrs") or {}).get("file", ""))
