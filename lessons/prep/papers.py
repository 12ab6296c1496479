"""What leaves the site for the files (台账): minutes as .docx, the list of participants as .xlsx, the whole process as .zip."""

import io
import json
import zipfile
from datetime import datetime

from django.utils import timezone
from docx import Document as new_word
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Font

from groups.roster.writing import safe
from groups.viewer import Viewer
from lessons.prep import hooks, selectors
from lessons.prep.models import Participant, Preparation, Remark
from lessons.prep.services.steps import WORDS
from library.documents.word.writing_text import ALLOWED
from library.resources import kinds
from library.resources.services.packages import safe_name


def _when(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y年%-m月%-d日 %H:%M") if at else ""


def name_of(preparation: Preparation, what: str) -> str:
    """The name of a file that is taken home."""
    return f"{safe_name(preparation.title)} {what}"


def _written(text: object) -> str:
    """What somebody typed or pasted, without the characters that a Word file cannot hold."""
    return ALLOWED.sub("", str(text))


def participants(preparation: Preparation) -> bytes:
    """参与名单: who, from which school, as what, since when and how."""
    book = Workbook()
    sheet = book.active
    sheet.title = "参与名单"
    sheet.append(["姓名", "学校", "角色", "来由", "加入", "退出", "批注", "被采纳"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    said: dict[int, int] = {}
    for author in Remark.objects.filter(preparation=preparation, deleted_at__isnull=True).values_list(
        "author", flat=True
    ):
        said[author] = said.get(author, 0) + 1
    adopted = hooks.adopted_of(preparation)
    for one in preparation.participants.select_related("person", "school_then").order_by("role", "joined_at", "pk"):
        sheet.append(
            [
                safe(one.person.name),
                safe(one.school_then.name if one.school_then else ""),
                one.get_role_display(),
                one.get_how_display(),
                _when(one.joined_at),
                _when(one.left_at),
                said.get(one.person_id, 0),
                adopted.get(one.person_id, 0),
            ]
        )
    for column, width in zip("ABCDEFGH", (12, 24, 12, 12, 20, 20, 8, 8), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def minutes(preparation: Preparation) -> bytes:
    """活动纪要: what it was about, who took part, what was said and decided."""
    paper = new_word()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "宋体", Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    paper.add_heading(_written(f"{preparation.title} 集体备课活动纪要"), level=1)
    _facts(paper, preparation)
    _people(paper, preparation)
    _remarks(paper, preparation)
    _decisions(paper, preparation)
    recap = getattr(preparation, "recap", None)
    for label, words in (
        ("结论", preparation.conclusion),
        ("复盘总结", recap.summary if recap else ""),
        ("下一次怎么改", recap.next_time if recap else ""),
    ):
        if words:
            paper.add_heading(label, level=2)
            for line in words.splitlines():
                paper.add_paragraph(_written(line))
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _facts(paper: Word, preparation: Preparation) -> None:
    facts = (
        ("类型", preparation.get_kind_display()),
        ("备课组", preparation.body.name),
        ("组织者", preparation.organiser.name),
        ("主备人", preparation.lead.name if preparation.lead else ""),
        ("审定人", preparation.approver.name if preparation.approver else ""),
        ("学期", str(preparation.term or "")),
        ("状态", preparation.get_state_display()),
        ("共案", preparation.settled_version.label if preparation.settled_version else ""),
        ("活动要求", preparation.requirements),
    )
    table = paper.add_table(rows=0, cols=2, style="Table Grid")
    for label, value in facts:
        if value:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, _written(value)


def _people(paper: Word, preparation: Preparation) -> None:
    paper.add_heading("参与者", level=2)
    rows = preparation.participants.filter(left_at__isnull=True).select_related("person", "school_then")
    for role in Participant.Role:
        named = [
            f"{one.person.name}（{one.school_then.display_name}）" if one.school_then else one.person.name
            for one in rows
            if one.role == role
        ]
        if named:
            paper.add_paragraph(_written(f"{role.label}：{'、'.join(named)}"))


def _remarks(paper: Word, preparation: Preparation) -> None:
    rows = list(
        preparation.remarks.filter(deleted_at__isnull=True)
        .select_related("author", "draft")
        .prefetch_related("replies__author")
    )
    if not rows:
        return
    paper.add_heading("研讨", level=2)
    table = paper.add_table(rows=1, cols=4, style="Table Grid")
    for cell, label in zip(table.rows[0].cells, ("稿次", "谁", "说了什么", "处理"), strict=True):
        cell.text = label
    for row in rows:
        cells = table.add_row().cells
        quote = f"“{row.quote}”：" if row.quote else ""
        changed = f" 改成“{row.replacement}”" if row.replacement else ""
        answers = "".join(f"\n{one.author.name}：{one.words}" for one in row.replies.all() if one.deleted_at is None)
        cells[0].text = str(row.draft) if row.draft else ""
        cells[1].text = _written(row.author.name)
        cells[2].text = _written(f"{quote}{row.words}{changed}{answers}")
        cells[3].text = _written(
            f"{row.get_disposition_display() or '未处理'}{'：' + row.reason if row.reason else ''}"
        )


def _decisions(paper: Word, preparation: Preparation) -> None:
    paper.add_heading("经过", level=2)
    for one in selectors.history(preparation, WORDS)[::-1]:
        row = one.transition
        who = row.by.name if row.by else ""
        tail = "，".join(part for part in (one.detail, row.reason) if part)
        paper.add_paragraph(_written(f"{_when(row.at)} {who} {one.words}{'：' + tail if tail else ''}"))


def package(preparation: Preparation, viewer: Viewer) -> bytes:
    """过程包: minutes, participants, every draft, the remarks and the decisions, in one zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("活动纪要.docx", minutes(preparation))
        archive.writestr("参与名单.xlsx", participants(preparation))
        archive.writestr("批注与处理.json", _as_json(_remark_rows(preparation)))
        archive.writestr("经过.json", _as_json(_history_rows(preparation)))
        for draft in preparation.drafts.select_related("version__resource"):
            version = draft.version
            folder = f"稿次/{draft}"
            archive.writestr(f"{folder}/{safe_name(version.title)}.json", _as_json(version.document))
            for file in kinds.spec_of(version.resource.kind).exported(version, viewer):
                archive.writestr(f"{folder}/{safe_name(file.name)}", file.content)
        settled = preparation.settled_version
        if settled is not None:
            for file in kinds.spec_of(settled.resource.kind).exported(settled, viewer):
                archive.writestr(f"共案 {safe_name(settled.label)}/{safe_name(file.name)}", file.content)
    return out.getvalue()


def _as_json(rows: object) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _remark_rows(preparation: Preparation) -> list[dict[str, object]]:
    rows = preparation.remarks.select_related("author", "school_then", "draft").prefetch_related("replies__author")
    return [
        {
            "draft": row.draft.number if row.draft else None,
            "kind": row.get_kind_display(),
            "by": row.author.name,
            "school": row.school_then.name if row.school_then else "",
            "at": row.at.isoformat(),
            "place": row.path,
            "quote": row.quote,
            "words": row.words,
            "replacement": row.replacement,
            "disposition": row.get_disposition_display(),
            "reason": row.reason,
            "replies": [
                {"by": one.author.name, "words": one.words, "at": one.at.isoformat()} for one in row.replies.all()
            ],
        }
        for row in rows
    ]


def _history_rows(preparation: Preparation) -> list[dict[str, object]]:
    return [
        {
            "move": row.move,
            "action": row.action,
            "before": row.before,
            "after": row.after,
            "by": row.by.name if row.by else "",
            "at": row.at.isoformat(),
            "reason": row.reason,
            "detail": row.detail,
        }
        for row in preparation.transitions.select_related("by")
    ]
