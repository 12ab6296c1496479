"""Opening a workbook that somebody sends: is it one, is it harmless, which sheets and rows does it have.

Whatever cannot be read is answered with a sentence that says what to do; nothing of such a file is imported.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from groups.roster.cells import ERROR, FORMULA, plain
from groups.roster.sheets import GUIDE, ORDER, REASON, SHEETS, Row, Sheet

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ENTRIES = 500
MOST_ROWS = 100_000
"""Rows of a sheet, the empty ones among them."""

MOST_COLUMNS = 40
ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
TEMPLATE = "请下载模板，把内容贴进去再上传"


class UnreadableFile(ValueError):
    """The file as a whole cannot be taken; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """The rows of every known sheet, and what was passed over."""

    rows: dict[str, list[Row]]
    notes: tuple[str, ...]

    @property
    def total(self) -> int:
        return sum(len(rows) for rows in self.rows.values())

    def chunks(self, size: int) -> Iterator[tuple[str, list[Row]]]:
        """(sheet, rows) in the order in which one sheet needs the other."""
        for name in ORDER:
            waiting = iter(self.rows.get(name, ()))
            while chunk := list(islice(waiting, size)):
                yield name, chunk


def read(content: bytes, name: str, sheets: Mapping[str, Sheet] = SHEETS) -> Workbook:
    """All rows of a workbook that has these sheets.

    Raises:
        UnreadableFile: no .xlsx, locked, broken, too big, no known sheet, a column is missing.
    """
    inspect(content, name)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as problem:
        raise UnreadableFile(f"《{name}》打不开，可能已损坏。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传") from problem
    try:
        return _read(book, name, sheets)
    finally:
        book.close()


def inspect(content: bytes, name: str) -> None:
    """The quick look, without reading the sheets.

    Raises:
        UnreadableFile: no workbook, locked, broken, or too big.
    """
    if not content:
        raise UnreadableFile(f"《{name}》是空文件，{TEMPLATE}")
    if len(content) > MOST_BYTES:
        raise UnreadableFile(f"《{name}》超过 {MOST_BYTES >> 20} MB，请按县（区）或学校分成几个文件")
    if content.startswith(OLD_OFFICE):
        raise UnreadableFile(f"《{name}》是旧的 .xls 格式或加了打开密码，请另存为不加密码的 .xlsx 再上传")
    if not content.startswith(ZIP):
        raise UnreadableFile(f"《{name}》不是 .xlsx 工作簿，{TEMPLATE}")
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as problem:
        raise UnreadableFile(f"《{name}》已损坏或没有传完，请重新上传") from problem
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise UnreadableFile(f"《{name}》不是 .xlsx 工作簿，{TEMPLATE}")
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise UnreadableFile(f"《{name}》解开后太大，请去掉图片和多余的工作表，或按学校分成几个文件")


def _read(book: Any, name: str, sheets: Mapping[str, Sheet]) -> Workbook:
    rows: dict[str, list[Row]] = {}
    notes: list[str] = []
    for title in book.sheetnames:
        label = title.strip().removesuffix("表")
        if label in sheets:
            rows[label] = _rows(book[title], sheets[label], name, notes)
        elif label != GUIDE:
            notes.append(f"没有导入工作表“{title}”：不认识这个名字")
    if not rows:
        raise UnreadableFile(f"《{name}》里没有认识的工作表。要有{'、'.join(sheets)}中的一张；{TEMPLATE}")
    if not any(rows.values()):
        raise UnreadableFile(f"《{name}》里没有要导入的行，请从第 2 行填起")
    return Workbook(rows, tuple(notes))


def _rows(worksheet: Any, sheet: Sheet, name: str, notes: list[str]) -> list[Row]:
    try:
        worksheet.reset_dimensions()
        lines = worksheet.iter_rows(max_col=MOST_COLUMNS)
        places = _places(next(lines, ()), sheet, notes)
        return [row for row in map(_row_of(sheet.name, places), _limited(lines, sheet.name)) if row is not None]
    except UnreadableFile:
        raise
    except Exception as problem:
        raise UnreadableFile(f"《{name}》的{sheet.name}表读不出来，请用 Excel 或 WPS 打开后另存再上传") from problem


def _limited(lines: Iterator[Any], sheet: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(lines, 2):
        if number > MOST_ROWS:
            raise UnreadableFile(f"{sheet}表超过 {MOST_ROWS} 行，请删掉下面的空行，或分成几个文件")
        yield number, line


def _places(head: Any, sheet: Sheet, notes: list[str]) -> dict[int, str]:
    """Position → column name, from the first row.

    Raises:
        UnreadableFile: a column that must be there is not, or stands twice.
    """
    titles = [plain(cell.value).rstrip("*＊ ") for cell in head]
    missing = [column for column in sheet.required if column not in titles]
    if missing:
        raise UnreadableFile(f"{sheet.name}表第 1 行缺少列：{'、'.join(missing)}。第 1 行要是模板里的列名；{TEMPLATE}")
    twice = sorted({title for title in titles if title in sheet.names and titles.count(title) > 1})
    if twice:
        raise UnreadableFile(f"{sheet.name}表的列{'、'.join(twice)}出现了两次，请删掉一列")
    strange = [title for title in titles if title and title not in sheet.names and title != REASON]
    if strange:
        notes.append(f"{sheet.name}表没有导入的列：{'、'.join(title[:20] for title in strange)}")
    return {at: title for at, title in enumerate(titles) if title in sheet.names}


def _row_of(sheet: str, places: dict[int, str]) -> Any:
    def make(numbered: tuple[int, Any]) -> Row | None:
        number, line = numbered
        cells = {places[at]: text for at, cell in enumerate(line) if at in places and (text := _text(cell))}
        return Row(sheet, number, cells) if cells else None

    return make


def _text(cell: Any) -> str:
    if cell.value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if cell.data_type == "e":
        return ERROR
    text = plain(cell.value)
    return text[1:] if text.startswith("'") and text[1:2] in DANGEROUS else text


DANGEROUS = frozenset("=+-@\t\r|%'")
"""What a cell may begin with that a spreadsheet program would carry out, and the apostrophe that an export puts before
it. An apostrophe itself gets one too, so that every text comes back as it was."""
