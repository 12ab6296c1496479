"""Pictures: measured from the header first, then decoded once, so that what is kept can be shown."""

from pathlib import Path

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from media.safety.problems import refused

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")


def check_picture(path: Path, name: str) -> tuple[int, int]:
    """Width and height.

    Raises:
        UnsafeFile: too many pixels, cut short, or no picture at all.
    """
    try:
        with Image.open(path, formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > settings.UPLOAD_PIXELS:
                raise refused(name, "pixels", f"尺寸大得不正常（{width} × {height}）", "请缩小图片后再传")
            picture.draft("RGB", (256, 256))
            picture.load()
            return width, height
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise refused(name, "pixels", "尺寸大得不正常", "请缩小图片后再传") from problem
    except UnidentifiedImageError as problem:
        raise refused(name, "not_a_picture", "不是能显示的图片", "请另存为 JPG 或 PNG 后再传") from problem
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, MemoryError) as problem:
        raise refused(name, "damaged", "不完整或已经损坏", "请重新选择原图再传") from problem
