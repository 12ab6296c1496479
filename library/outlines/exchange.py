"""An outline as a workbook (.xlsx) or as JSON, out and in. What comes in is read as if it had been typed."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from catalogue.models import Node, Outline
from groups.roster.reading import inspect
from library.outlines import contents
from library.outlines.forms import FIELDS, MOST_ROWS, Typed
from library.outlines.services import Hindered

SHEET = "目录"
ABOUT = "教材"
HEADS = {
    "uid": "编号",
    "depth": "层级",
    "kind": "类型",
    "number": "序号",
    "title": "标题",
    "page_from": "起始页",
    "page_to": "结束页",
    "periods": "建议课时",
    "knowledge": "知识点",
}
WIDTHS = {"title": 40, "knowledge": 48, "uid": 14}
LARGEST = 2 * 1024 * 1024
FORMAT = "gongbei-outline-1"


def typed(outline: Outline) -> list[Typed]:
    """The outline as it would be typed, in the words of the forms."""
    kinds = dict(Node.Kind.choices)
    return [
        Typed(
            f"第 {at} 行",
            {
                "uid": row.uid,
                "depth": str(row.depth),
                "kind": str(kinds[row.kind]),
                "number": row.number,
                "title": row.title,
                "page_from": _text(row.page_from),
                "page_to": _text(row.page_to),
                "periods": _text(row.periods),
                "knowledge": "、".join(row.knowledge),
            },
        )
        for at, row in enumerate(contents.read(outline), 1)
    ]


def _text(value: object) -> str:
    """As text that a database keeps: without the zero character and the halves of characters that JSON can say."""
    return "" if value is None else str(value).encode(errors="ignore").decode().replace("\x00", "").strip()


def to_xlsx(outline: Outline) -> bytes:
    """Sheets 教材 (what it is, not read again) and 目录 (one row an entry; leave 编号 as it is, empty for a new one)."""
    book = Workbook()
    about: Any = book.active
    about.title = ABOUT
    for line in (("书名", outline.title), ("编号", outline.uid), ("可信度", outline.get_confidence_display())):
        about.append(line)
    sheet: Any = book.create_sheet(SHEET)
    sheet.append(list(HEADS.values()))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for at, row in enumerate(typed(outline), 2):
        for column, field in enumerate(FIELDS, 1):
            cell = sheet.cell(at, column, row.cells[field])
            cell.data_type = "s"
    for column, field in enumerate(FIELDS, 1):
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = WIDTHS.get(field, 10)
    sheet.freeze_panes = "A2"
    book.active = 1
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def to_json(outline: Outline) -> str:
    told = {"format": FORMAT, "outline": outline.uid, "title": outline.title}
    rows = [dict(row.cells) for row in typed(outline)]
    return json.dumps({**told, "nodes": rows}, ensure_ascii=False, indent=1)


def from_file(upload: IO[bytes], name: str, size: int, outline: Outline) -> list[Typed]:
    """The rows of an uploaded file.

    Raises:
        Hindered: not a file of this form, or of another book; says which and what to do.
    """
    if size > LARGEST:
        raise Hindered(f"{name} 有 {size // 1024} KB，一本书的目录用不了这么大，请核对是不是选错了文件")
    if name.lower().endswith(".json"):
        return _from_json(upload, name, outline)
    if name.lower().endswith(".xlsx"):
        return list(_from_xlsx(upload, name))
    raise Hindered(f"{name} 不是 .xlsx 或 .json，请先导出这本书的目录，在那个文件上改")


def _from_xlsx(upload: IO[bytes], name: str) -> Iterator[Typed]:
    content = upload.read()
    try:
        inspect(content, name)
        yield from _lines(load_workbook(BytesIO(content), read_only=True, data_only=True), name)
    except Hindered:
        raise
    except Exception as problem:
        # Whatever a broken workbook makes its reader raise is the answer, not a crash.
        raise Hindered(f"{name} 打不开，可能损坏或加了密码。请在表格软件里另存为 .xlsx 再传") from problem


def _lines(book: Any, name: str) -> Iterator[Typed]:
    if SHEET not in book.sheetnames:
        raise Hindered(f"{name} 里没有名为“{SHEET}”的表，请在导出的文件上改，不要改表名")
    lines = book[SHEET].iter_rows(max_row=MOST_ROWS * 2, max_col=len(FIELDS) + 10, values_only=True)
    head = [_text(cell) for cell in next(lines, ())]
    missing = [label for label in HEADS.values() if label not in head]
    if missing:
        raise Hindered(f"{name} 的“{SHEET}”表第 1 行缺少：{'、'.join(missing)}。请在导出的文件上改，不要改表头")
    at = {field: head.index(label) for field, label in HEADS.items()}
    for number, cells in enumerate(lines, 2):
        yield Typed(f"{SHEET}表第 {number} 行", {field: _cell(cells, column) for field, column in at.items()})


def _cell(cells: tuple[Any, ...], column: int) -> str:
    value = cells[column] if column < len(cells) else None
    return _text(int(value) if isinstance(value, float) and value.is_integer() else value)


def _from_json(upload: IO[bytes], name: str, outline: Outline) -> list[Typed]:
    try:
        told = json.loads(upload.read())
        nodes = told["nodes"]
        rows = [{field: _text(node.get(field)) for field in FIELDS} for node in nodes]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise Hindered(f"{name} 不是这里导出的目录 JSON，请先导出，在那个文件上改") from problem
    if told.get("outline") not in (None, outline.uid):
        raise Hindered(f"{name} 是另一本书《{told.get('title', '')}》的目录，请到那本书的页面导入")
    return [Typed(f"nodes 第 {number} 项", row) for number, row in enumerate(rows, 1)]
