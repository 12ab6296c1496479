"""Figures as lists of primitives on a canvas of 100 × 62 units, drawn alike as slide shapes and as pixels.

A primitive is a list: `[poly, points, fill, stroke]`, `[line, x1, y1, x2, y2, colour, solid|dash|arrow]`,
`[text, x, y, words, colour, size]` (centred), `[oval, x, y, rx, ry, fill, stroke]`, `[rect, x, y, w, h, fill, stroke]`.
"""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml
from PIL import Image, ImageDraw
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from website.demo.building.look import font, hexed

WIDTH, HEIGHT = 100, 62
Primitive = Sequence[Any]


def load(folder: Path) -> dict[str, list[Primitive]]:
    """Every drawing of the folder's files by name."""
    drawings: dict[str, list[Primitive]] = {}
    for path in sorted(folder.glob("*.yaml")):
        drawings |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return drawings


def as_picture(figure: Sequence[Primitive], width: int, background: str = "white") -> Image.Image:
    """The figure as pixels, drawn at twice the size and reduced, so that slanted lines are smooth."""
    scale = width * 2 / WIDTH
    picture = Image.new("RGB", (width * 2, round(HEIGHT * scale)), f"#{hexed(background)}")
    pen = ImageDraw.Draw(picture)
    for primitive in figure:
        PIXELS[primitive[0]](pen, scale, *primitive[1:])
    return picture.resize((width, round(HEIGHT * scale / 2)), Image.Resampling.LANCZOS)


def _colour(name: str) -> str | None:
    return None if name == "none" else f"#{hexed(name)}"


def _pen_width(scale: float) -> int:
    return max(2, round(scale * 0.45))


def _poly(pen: ImageDraw.ImageDraw, scale: float, points: list[list[float]], fill: str, stroke: str) -> None:
    corners = [(x * scale, y * scale) for x, y in points]
    if _colour(fill):
        pen.polygon(corners, fill=_colour(fill))
    if _colour(stroke):
        pen.line([*corners, corners[0], corners[1]], fill=_colour(stroke), width=_pen_width(scale), joint="curve")


def _line(
    pen: ImageDraw.ImageDraw, scale: float, x1: float, y1: float, x2: float, y2: float, colour: str, style: str
) -> None:
    width, length = _pen_width(scale), math.hypot(x2 - x1, y2 - y1)
    pieces = max(1, round(length / 3)) if style == "dash" else 1
    for piece in range(pieces):
        start, end = piece / pieces, (piece + (0.6 if style == "dash" else 1)) / pieces
        at = [(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t) for t in (start, end)]
        pen.line([(x * scale, y * scale) for x, y in at], fill=_colour(colour), width=width)
    if style == "arrow":
        _arrow_head(pen, scale, (x2, y2), math.atan2(y2 - y1, x2 - x1), colour)


def _arrow_head(pen: ImageDraw.ImageDraw, scale: float, tip: tuple[float, float], angle: float, colour: str) -> None:
    wings = [(tip[0] - 3 * math.cos(angle + turn), tip[1] - 3 * math.sin(angle + turn)) for turn in (0.4, -0.4)]
    pen.polygon([(x * scale, y * scale) for x, y in (tip, *wings)], fill=_colour(colour))


def _text(pen: ImageDraw.ImageDraw, scale: float, x: float, y: float, words: str, colour: str, size: float = 5) -> None:
    pen.text((x * scale, y * scale), words, font=font(round(size * scale)), fill=_colour(colour), anchor="mm")


def _oval(
    pen: ImageDraw.ImageDraw, scale: float, x: float, y: float, rx: float, ry: float, fill: str, stroke: str
) -> None:
    box = [(x - rx) * scale, (y - ry) * scale, (x + rx) * scale, (y + ry) * scale]
    pen.ellipse(box, fill=_colour(fill), outline=_colour(stroke), width=_pen_width(scale))


def _rect(
    pen: ImageDraw.ImageDraw, scale: float, x: float, y: float, w: float, h: float, fill: str, stroke: str
) -> None:
    box = [x * scale, y * scale, (x + w) * scale, (y + h) * scale]
    pen.rectangle(box, fill=_colour(fill), outline=_colour(stroke), width=_pen_width(scale))


PIXELS: dict[str, Callable[..., None]] = {"poly": _poly, "line": _line, "text": _text, "oval": _oval, "rect": _rect}


class SlideCanvas:
    """Draws primitives as shapes that a teacher can take apart and change."""

    def __init__(self, shapes: Any, left: int, top: int, width: int) -> None:
        self.shapes, self.left, self.top = shapes, left, top
        self.unit = width / WIDTH

    def draw(self, figure: Sequence[Primitive]) -> None:
        for kind, *rest in figure:
            getattr(self, kind)(*rest)

    def at(self, x: float, y: float) -> tuple[Emu, Emu]:
        return Emu(round(self.left + x * self.unit)), Emu(round(self.top + y * self.unit))

    def size(self, w: float, h: float) -> tuple[Emu, Emu]:
        return Emu(round(w * self.unit)), Emu(round(h * self.unit))

    def paint(self, shape: Any, fill: str, stroke: str) -> None:
        plain(shape)
        if fill == "none":
            shape.fill.background()
        else:
            shape.fill.solid()
            shape.fill.fore_color.rgb = RGBColor.from_string(hexed(fill))
        if stroke == "none":
            shape.line.fill.background()
        else:
            shape.line.color.rgb, shape.line.width = RGBColor.from_string(hexed(stroke)), Pt(2)

    def poly(self, points: list[list[float]], fill: str, stroke: str) -> None:
        first, *others = [self.at(x, y) for x, y in points]
        builder = self.shapes.build_freeform(*first, scale=1.0)
        builder.add_line_segments(others, close=True)
        self.paint(builder.convert_to_shape(), fill, stroke)

    def rect(self, x: float, y: float, w: float, h: float, fill: str, stroke: str) -> None:
        shape = self.shapes.add_shape(MSO_SHAPE.RECTANGLE, *self.at(x, y), *self.size(w, h))
        self.paint(shape, fill, stroke)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: str, stroke: str) -> None:
        shape = self.shapes.add_shape(MSO_SHAPE.OVAL, *self.at(x - rx, y - ry), *self.size(2 * rx, 2 * ry))
        self.paint(shape, fill, stroke)

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str, style: str) -> None:
        connector = self.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *self.at(x1, y1), *self.at(x2, y2))
        plain(connector)
        connector.line.color.rgb, connector.line.width = RGBColor.from_string(hexed(colour)), Pt(2)
        if style == "dash":
            connector.line.dash_style = MSO_LINE_DASH_STYLE.DASH
        if style == "arrow":
            end = connector.line._get_or_add_ln().makeelement(qn("a:tailEnd"), {"type": "triangle"})
            connector.line._get_or_add_ln().append(end)

    def text(self, x: float, y: float, words: str, colour: str, size: float = 5) -> None:
        width = max(size * 1.2, len(words) * size * 1.15)
        box = self.shapes.add_textbox(*self.at(x - width / 2, y - size), *self.size(width, size * 2))
        frame = box.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.word_wrap, frame.vertical_anchor = False, MSO_ANCHOR.MIDDLE
        paragraph = frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.CENTER
        run = paragraph.add_run()
        run.text, run.font.size = words, Pt(round(size * self.unit / 12700))
        run.font.color.rgb = RGBColor.from_string(hexed(colour))
        name_face(run, "楷体")


def plain(shape: Any) -> None:
    """Take off the theme's shadow and sheen; what is left is what we set."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)


def name_face(run: Any, face: str) -> None:
    """The same face for Latin and Chinese letters."""
    run.font.name = face
    properties = run._r.get_or_add_rPr()
    east = properties.find(qn("a:ea"))
    if east is None:
        east = properties.makeelement(qn("a:ea"), {})
        properties.append(east)
    east.set("typeface", face)
