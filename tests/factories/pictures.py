"""Pictures made on the spot."""

from io import BytesIO

from PIL import Image


def picture(width: int = 8, height: int = 8, form: str = "PNG") -> bytes:
    target = BytesIO()
    Image.new("RGB", (width, height), "white").save(target, form)
    return target.getvalue()


PNG = picture()
