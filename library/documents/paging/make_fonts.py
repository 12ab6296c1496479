"""Cuts the two faces of the printed page out of Noto CJK (OFL): GB 2312, pinyin, Greek, signs, and the characters of FILES.

Song for the text, Hei for heads and what is stressed; renamed, so that no name of the source is used for a part of it.
`uv run --no-project --with fonttools python library/documents/paging/make_fonts.py [FILES…]`
"""

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-not-found]
from fontTools.ttLib import TTFont  # type: ignore[import-not-found]

HERE = Path(__file__).parent / "fonts"
SOURCES = {
    "Gongbei Song": ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC"),
    "Gongbei Hei": ("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", "Noto Sans CJK SC"),
}
RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x1CD, 0x1DC), (0x2C6, 0x2DC), (0x370, 0x3FF), (0x2010, 0x2044), (0x2070, 0x2094),
    (0x2100, 0x214F), (0x2150, 0x218B), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x257F),
    (0x25A0, 0x25FF), (0x2600, 0x2642), (0x2713, 0x2718), (0x3000, 0x303F), (0x3040, 0x30FF), (0x3105, 0x312F),
    (0x3220, 0x3243), (0x3280, 0x32B0), (0xFF01, 0xFFE6),
)  # fmt: skip


def characters(files: list[Path]) -> set[int]:
    found = {code for first, last in RANGES for code in range(first, last + 1)}
    found |= {
        ord(bytes((high, low)).decode("gb2312", "ignore") or " ")
        for high in range(0xA1, 0xF8)
        for low in range(0xA1, 0xFF)
    }
    for file in files:
        found |= {ord(sign) for sign in file.read_text("utf-8", "ignore") if 0x4E00 <= ord(sign) <= 0x9FFF}
    return found


def cut(family: str, source: str, face: str, codes: set[int]) -> None:
    number = next(
        n for n in range(64) if TTFont(source, fontNumber=n, lazy=True)["name"].getDebugName(1).startswith(face)
    )
    options = subset.Options(
        hinting=False, layout_features=[], name_IDs=["*"], name_languages=["*"], font_number=number
    )
    options.recalc_timestamp = False
    font = subset.load_font(source, options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in {1, 3, 4, 16}:
            record.string = family
        elif record.nameID == 6:
            record.string = family.replace(" ", "")
        elif record.nameID in {2, 17}:
            record.string = "Regular"
    font["OS/2"].usWeightClass = 400
    top = font["CFF "].cff
    top.fontNames[0] = family.replace(" ", "")
    top.topDictIndex[0].FamilyName = top.topDictIndex[0].FullName = family
    target = HERE / f"{family.replace(' ', '-').lower()}.otf"
    HERE.mkdir(exist_ok=True)
    subset.save_font(font, str(target), options)
    covered = "".join(chr(code) for code in sorted(font.getBestCmap()) if code > 0x20)
    target.with_suffix(".txt").write_text(covered, "utf-8")
    sys.stdout.write(f"{target.name}: {len(codes)} characters, {target.stat().st_size} bytes\n")


def main() -> None:
    codes = characters([Path(name) for name in sys.argv[1:]])
    for family, (source, face) in SOURCES.items():
        cut(family, source, face, codes)


if __name__ == "__main__":
    main()
