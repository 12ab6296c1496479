"""The rows that did not go in, as a workbook that is corrected and sent again."""

from collections.abc import Iterable, Mapping
from typing import Any

from groups.roster import writing
from groups.roster.sheets import REASON


def report(bad_rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The bad rows in their sheets with a column 原因, which an import passes over."""
    sheets: dict[str, list[dict[str, str]]] = {}
    for row in bad_rows:
        sheets.setdefault(row["sheet"], []).append(row["cells"] | {REASON: "\n".join(row["problems"])})
    return writing.filled(sheets, reasons=True)
