"""Cuts the one web font of the product out of LXGW WenKai (OFL): the characters of kai.txt, renamed, as woff2.

The name LXGW is reserved by its licence, so the subset is called Gongbei Kai. Run after editing kai.txt:
`uv run --no-project --with fonttools --with brotli python ui/frontend/make_font.py [SOURCE.ttf]`.
"""

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-not-found]
from fontTools.ttLib import TTFont  # type: ignore[import-not-found]

HERE = Path(__file__).parent
SOURCE = Path("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf")
TARGET = HERE / "public/fonts/gongbei-kai.woff2"
RANGE = HERE / "styles/_font-range.scss"
FAMILY = "Gongbei Kai"
NAMES = {1: FAMILY, 2: "Regular", 3: FAMILY, 4: FAMILY, 6: "GongbeiKai-Regular", 16: FAMILY, 17: "Regular"}


def characters() -> str:
    """Every character of the word list, once, in code point order."""
    return "".join(sorted(set("".join((HERE / "kai.txt").read_text("utf-8").split()))))


def rename(font: TTFont) -> None:
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in {0, 13, 14} or record.nameID in NAMES]
    for record in table.names:
        if record.nameID in NAMES:
            record.string = NAMES[record.nameID]


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    options = subset.Options(
        flavor="woff2", hinting=False, layout_features=["vert"], name_IDs=["*"], name_languages=["*"]
    )
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    cut = subset.Subsetter(options)
    cut.populate(text=characters())
    cut.subset(font)
    rename(font)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(TARGET), options)
    codes = ", ".join(f"U+{ord(char):X}" for char in characters())
    RANGE.write_text(f"// Written by make_font.py from kai.txt.\n$range: {codes};\n", "utf-8")
    sys.stdout.write(f"{len(characters())} characters, {TARGET.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
