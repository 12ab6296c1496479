"""Make the demo's files again from its texts: `python -m website.demo.build_files [key …]` (development only).

The results are committed, so running the demo needs none of these tools. Needs the development environment, the fonts
LXGW WenKai and Noto CJK, ffmpeg and LibreOffice; what is missing is named before anything is written.
"""

import shutil
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

CONTENT = Path(__file__).parent / "content"
LIMIT = 14_000_000


def missing_tools() -> list[str]:
    """Every tool, package or font that is not here, in both languages."""
    commands = {"ffmpeg": "视频 / video", "soffice": "PDF 预览 / PDF twins (LibreOffice)"}
    packages = {"pptx": "python-pptx", "docx": "python-docx", "PIL": "Pillow"}
    fonts = ["/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"]
    lacking = [
        f"缺少命令 {name}，用于 {use}；missing command" for name, use in commands.items() if not shutil.which(name)
    ]
    lacking += [
        f"缺少 Python 包 {name}；missing package (make dev)"
        for module, name in packages.items()
        if not find_spec(module)
    ]
    return lacking + [
        f"缺少字体 {path}；missing font (apt install fonts-lxgw-wenkai)" for path in fonts if not Path(path).exists()
    ]


def parts(chosen: set[str]) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """(folder key, part, subject) of every package part and piece, or of the chosen keys."""
    for path in sorted(CONTENT.glob("p*/*.yaml")):
        whole = yaml.safe_load(path.read_text(encoding="utf-8"))
        if chosen and whole["key"] not in chosen:
            continue
        subject = (whole.get("node") or whole)["subject"]
        board = next((part["design"]["板书设计"] for part in whole.get("parts", []) if "design" in part), "")
        for part in whole.get("parts", [whole]):
            yield whole["key"], {**part, "board_text": board}, subject


def write_part(folder: Path, part: Mapping[str, Any], subject: str, figures: Any) -> list[Path]:
    """Write one part's files; gives back the Office files that want a PDF twin."""
    from website.demo.building import boards, films, sheets, slides

    twins = []
    if "slides" in part:
        slides.write(folder / "courseware.pptx", part["slides"], subject, figures, part["title"])
        twins.append(folder / "courseware.pptx")
    if "sheet" in part:
        sheets.write(folder / "sheet.docx", part["title"], subject, part["sheet"], figures)
        twins.append(folder / "sheet.docx")
    if "transcript" in part:
        films.write_subtitles(folder / "micro.vtt", part["transcript"])
        films.write_film(folder / "micro.mp4", part, subject, figures)
    if "board" in part:
        boards.write_board(folder / "board.png", part["board_text"])
    if "picture" in part:
        boards.write_material(folder / "picture.png", figures[part["picture"]["figure"]])
    return twins


def build(chosen: set[str]) -> int:
    from website.demo.building import figures, twins

    drawings = figures.load(CONTENT / "figures")
    office: list[Path] = []
    for key, part, subject in parts(chosen):
        folder = CONTENT / "files" / key
        folder.mkdir(parents=True, exist_ok=True)
        office += write_part(folder, part, subject, drawings)
        sys.stdout.write(f"{part['key']}\n")
    twins.write(office)
    return sum(path.stat().st_size for path in (CONTENT / "files").rglob("*") if path.is_file())


def main() -> int:
    lacking = missing_tools()
    if lacking:
        sys.stderr.write("\n".join(lacking) + "\n")
        return 1
    size = build(set(sys.argv[1:]))
    sys.stdout.write(f"共 {size / 1e6:.1f} MB，上限 {LIMIT / 1e6:.0f} MB\n")
    return 0 if size <= LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
