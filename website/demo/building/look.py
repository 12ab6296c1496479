"""Colours, fonts and sizes that slides, sheets, boards and film frames have in common."""

from functools import cache

from PIL import ImageFont

WENKAI = "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"
SANS = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SANS_SC = 2  # the face of simplified Chinese in the collection

COLOURS = {
    "ink": "22282D",
    "grey": "8A8F94",
    "pale": "E4EDF3",
    "paper": "F8F5EE",
    "white": "FFFFFF",
    "blue": "1B5C8A",
    "red": "B4382F",
    "green": "1F7054",
    "yellow": "F2D58A",
    "brown": "6B5340",
    "pink": "F3D9D4",
    "mint": "D8EADF",
}
SUBJECT = {
    "语文": ("语", "93364D"),
    "数学": ("数", "1B5C8A"),
    "英语": ("英", "664F99"),
    "科学": ("科", "1F7054"),
    "道德与法治": ("法", "944F28"),
    "艺术": ("艺", "836000"),
    "体育与健康": ("体", "4C6C1C"),
    "劳动": ("劳", "6B5340"),
}


@cache
def font(size: int, *, kai: bool = True) -> ImageFont.FreeTypeFont:
    """楷体 for what is read aloud or written, 黑体 for labels that 楷体 lacks."""
    return ImageFont.truetype(WENKAI, size) if kai else ImageFont.truetype(SANS, size, index=SANS_SC)


def hexed(name: str) -> str:
    """A colour's six digits, by name or as they are."""
    return COLOURS.get(name, name)
