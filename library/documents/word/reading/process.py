"""Reads one .docx in a process of its own, with limits that the kernel holds: `process.py FILE NAME OUT_DIR`.

Writes OUT_DIR/read.json and the pictures beside it, or `{"problem": …, "step": …}`. What a hostile file can reach is this
process.
"""

import json
import sys
import zipfile
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

ROOT = str(Path(__file__).resolve().parents[4])
MOST_PICTURE = 20 * 1024 * 1024
MOST_PICTURES = 200
DAMAGED = ("已经损坏，读不出内容", "请用 Word 或 WPS 打开，另存为新的 .docx 后再导入")
TOO_MUCH = ("太大或太复杂，没有读完", "请把它拆成几个文件后再导入")


def answer(path: Path, name: str, out: Path) -> dict[str, Any]:
    """What is written: designs as JSON, the shared plans, the original, notes, and the names of kept pictures."""
    from library.documents import schema
    from library.documents.word.reading.reading import read

    found = read(path, name)
    pictures, problems = _pictures(path, found.pictures, out)
    designs = [
        {
            "title": design.title,
            "head": design.head,
            "document": schema.dump(design.document),
            "tray": [asdict(piece) for piece in design.tray],
            "confidence": design.confidence,
            "comments": [asdict(comment) for comment in design.comments],
        }
        for design in found.designs
    ]
    return {
        "designs": designs,
        "plans": found.plans,
        "original": found.original,
        "notes": [*found.notes, *problems],
        "pictures": pictures,
    }


def _pictures(path: Path, parts: list[str], out: Path) -> tuple[dict[str, str], list[str]]:
    """Part → file beside the answer; a picture that is too large is told by its name."""
    kept: dict[str, str] = {}
    problems = []
    with zipfile.ZipFile(path) as archive:
        for number, part in enumerate(parts[:MOST_PICTURES], 1):
            try:
                entry = archive.getinfo(part)
            except KeyError:
                continue
            short = PurePosixPath(part).name
            if entry.file_size > MOST_PICTURE:
                size = entry.file_size // (1024 * 1024)
                problems.append(f"图片“{short}”有 {size} MB，没有放进教案。请压缩后在草稿里插入，原文件留在导入记录里")
                continue
            target = out / f"picture{number}{PurePosixPath(part).suffix.lower()[:6]}"
            target.write_bytes(archive.read(entry))
            kept[part] = target.name
    if len(parts) > MOST_PICTURES:
        problems.append(f"文件里有 {len(parts)} 张图片，只放进了前 {MOST_PICTURES} 张，原文件留在导入记录里")
    return kept, problems


def main(source: str, name: str, target: str) -> int:
    sys.path.insert(0, ROOT)
    from library.documents.word.reading.package import Unreadable
    from media.conversion.extracting import limit

    limit()
    out = Path(target)
    try:
        found = answer(Path(source), name, out)
    except Unreadable as problem:
        found = {"problem": problem.what, "step": problem.step}
    except (MemoryError, RecursionError):
        found = {"problem": TOO_MUCH[0], "step": TOO_MUCH[1]}
    except Exception as problem:
        # Whatever a broken file makes a library raise is the answer, not a crash.
        found = {"problem": DAMAGED[0], "step": DAMAGED[1], "raised": type(problem).__name__}
    (out / "read.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:4]))
