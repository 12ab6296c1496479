"""The tracked files of the repository, and the packages in the order of their layers."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

LAYERS = ("config", "website", "studios", "lessons", "library", "media", "groups", "catalogue", "search", "ui")
"""From top to bottom: a package may know what stands after it."""

BESIDE = (".ci", "benchmarks", "docs", "locale", "ops", "requirements", "tests")
"""Folders that hold no part of the site."""


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git knows."""
    command = ["git", "ls-files", "--cached", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def site_files(suffix: str) -> list[Path]:
    """Files of the layered packages with this suffix."""
    return [path for path in tracked() if path.suffix == suffix and package_of(path) in LAYERS]


def package_of(path: Path) -> str:
    """The top-level folder a file lies in."""
    return path.relative_to(ROOT).parts[0]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        return b"\0" in file.read(8192)
