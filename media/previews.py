"""Pictures that stand for a file: a page of a PDF, a small copy of a picture. Made once, kept beside the bytes.

A preview is made of one blob, so files with the same bytes share it; who may see it is asked for the file each time.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from PIL import Image, ImageOps

from media.facts.pdf import PDFIUM
from media.models import PREVIEW_PAGES, Blob, File
from media.storage import PREVIEWS, local_copy, place, uploads

CONTENT_TYPE = "image/webp"
QUALITY = 72


@dataclass(frozen=True, slots=True)
class Size:
    """The box that a preview fits into, in pixels."""

    name: str
    width: int
    height: int


THUMBNAIL = Size("thumb", 480, 480)
PAGE = Size("page", 1040, 1800)


class NoPreview(Exception):
    """There is no such page, or the bytes cannot be drawn."""


def preview_key(blob: Blob, size: Size, page: int) -> str:
    return f"{PREVIEWS}/{blob.sha256}/{size.name}-{page}.webp"


def preview(file: File, size: Size, page: int = 1) -> str:
    """The storage key of a preview, made now if it was not there.

    Raises:
        NoPreview: there is no such page, or the bytes cannot be drawn.
        FileNotFoundError: the storage has lost the bytes.
    """
    if not 1 <= page <= min(file.pages or 1, PREVIEW_PAGES):
        raise NoPreview(f"no page {page}")
    key = preview_key(file.blob, size, page)
    if uploads().exists(key):
        return key
    with local_copy(file.blob.path) as path:
        if not path.exists():
            raise FileNotFoundError(file.blob.path)
        picture = _page(path, size, page) if file.family == File.Family.PDF else _picture(path, size)
    _keep(picture, key)
    return key


def _keep(picture: Image.Image, key: str) -> None:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=3)
    with TemporaryDirectory(prefix="preview-") as folder:
        path = Path(folder) / "preview"
        path.write_bytes(out.getvalue())
        place(key, path)


def _page(path: Path, size: Size, number: int) -> Image.Image:
    try:
        with PDFIUM, pypdfium2.PdfDocument(path) as document:
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(size.width / max(width, 1), size.height / max(height, 1))
            return page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError) as problem:
        raise NoPreview(str(problem)) from problem


def _picture(path: Path, size: Size) -> Image.Image:
    """Upright, small, and without the place and device that a phone writes into it."""
    try:
        with Image.open(path, formats=("JPEG", "PNG", "GIF", "WEBP")) as source:
            source.draft("RGB", (size.width * 2, size.height * 2))
            upright = ImageOps.exif_transpose(source) or source
            plain = upright.convert("RGBA" if _is_transparent(upright) else "RGB")
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as problem:
        raise NoPreview(str(problem)) from problem
    plain.thumbnail((size.width, size.height), reducing_gap=2.0)
    plain.info.clear()
    return plain


def _is_transparent(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
