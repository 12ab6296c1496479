"""教学录像: a whole lesson on film with its chapters; who taught it, and that those who are seen agreed."""

from dataclasses import dataclass

from library.documents.fields import RichText, choice, rich, text
from library.documents.files import MicroLessonDocument

OCCASIONS = ("常态课", "研讨课", "公开课", "展示课", "比赛课", "送教课")
CONSENTS = ("画面里的人都已书面同意", "画面里没有能认出的学生")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingDocument(MicroLessonDocument):
    """教学录像: the timed parts of a micro lesson, and what a film of real pupils must say."""

    teacher: str = text("执教", required=True, hint="站在讲台上的老师和学校，如 李敏（东湖小学）")
    class_name: str = text("授课班级", hint="写到班为止，如 五(2)班；不写学生姓名")
    date: str = text("授课日期", hint="如 2026-11-24")
    occasion: str = choice("课的性质", OCCASIONS)
    consent: str = choice(
        "肖像与隐私授权", CONSENTS, required=True, hint="课堂录像必填；没有征得同意的画面请先剪掉或打码"
    )
    consent_note: str = text("授权说明", hint="同意书存在哪里、谁保管，如 校办公室档案柜 3 号")
    watch: RichText = rich("观课要点", hint="一行一条：哪一段，看什么，如 - 12:30 小组汇报时别的组在听什么")
