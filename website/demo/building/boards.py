"""Pictures: the board (板书) of a lesson in chalk, and figures as material (素材)."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from website.demo.building.figures import Primitive, as_picture
from website.demo.building.look import font

BOARD, FRAME, CHALK, YELLOW = "#2C4A42", "#7B6348", "#F2F0E6", "#F2D58A"
MARGIN, LINE = 52, 46


def write_board(path: Path, text: str) -> None:
    title, *lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    lines = [piece for line in lines for piece in wrap(line, 30)]
    height = max(480, MARGIN * 2 + 70 + LINE * len(lines))
    board = Image.new("RGB", (960, height), FRAME)
    pen = ImageDraw.Draw(board)
    pen.rectangle([14, 14, 945, height - 15], fill=BOARD)
    pen.text((480, MARGIN + 18), title, font=font(42), fill=YELLOW, anchor="mm")
    for number, line in enumerate(lines):
        pen.text((MARGIN + 20, MARGIN + 74 + number * LINE), line, font=font(27), fill=CHALK)
    board.quantize(32).save(path, "PNG", optimize=True)


def wrap(line: str, width: int) -> list[str]:
    """Cut a line at `width` full-width characters; letters and digits count half."""
    pieces, length = [""], 0.0
    for character in line:
        length += 0.5 if ord(character) < 0x2E80 else 1.0
        if length > width:
            pieces.append("　")
            length = 2.0
        pieces[-1] += character
    return pieces


def write_material(path: Path, figure: Sequence[Primitive]) -> None:
    as_picture(figure, 1400).quantize(64).save(path, "PNG", optimize=True)
