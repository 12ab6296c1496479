"""Lesson plans in Word as other hands make them: one content, many layouts, words and habits, by seed."""

import random
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image

CHINESE = "一二三四五六七八九十"
LABELS = {
    "objectives": ("教学目标", "学习目标", "核心素养目标", "教 学 目 标", "教学目的", "课时目标"),
    "key_points": ("教学重点", "学习重点", "重　点"),
    "difficulties": ("教学难点", "学习难点", "难　点"),
    "both": ("教学重难点", "教学重、难点", "重难点", "教学重点与难点", "重点难点"),
    "textbook": ("教材分析", "教材解读", "文本解读", "教学内容分析"),
    "students": ("学情分析", "学生分析", "学情"),
    "preparation": ("教学准备", "课前准备", "教具学具", "教学具准备"),
    "process": ("教学过程", "教学流程", "活动过程", "学习过程", "教　学　过　程"),
    "board": ("板书设计", "板书", "板书提纲"),
    "homework": ("作业设计", "作业布置", "课后作业", "布置作业"),
    "reflection": ("教学反思", "课后反思", "教学后记", "教后反思", "教后记"),
}
HEAD = {
    "title": ("课题", "课 题", "课题名称", "教学课题"),
    "subject": ("学科", "科目"),
    "grade": ("年级", "授课年级"),
    "edition": ("教材版本", "版本", "教材"),
    "lesson_type": ("课型", "课　型"),
    "periods": ("课时", "课时安排"),
    "author": ("执教", "执教者", "授课教师", "设计者", "主备人", "备课人"),
    "school": ("单位", "学校"),
}
COLUMNS = {
    "name": ("教学环节", "环节", "教学步骤", "教学板块"),
    "teacher": ("教师活动", "教师行为", "教师导学", "教师引导"),
    "student": ("学生活动", "学生行为", "学的活动"),
    "intent": ("设计意图", "设计目的", "意图"),
    "minutes": ("时间", "时长（分钟）", "用时"),
    "assessment": ("评价要点", "评价标准", "评价"),
    "second_prep": ("二次备课", "个性化修改", "修改补充"),
}
NAMES = ("谈话导入，揭示课题", "动手操作，探究新知", "合作交流，归纳方法", "分层练习，巩固应用", "全课总结，拓展延伸")


@dataclass(slots=True)
class Made:
    """A plan as it should be found, and how it was laid out."""

    expected: dict[str, Any]
    layout: str
    traits: list[str] = field(default_factory=list)


class Maker:
    """Writes one plan into a document; every choice comes from the seed."""

    def __init__(self, seed: int, layout: str) -> None:
        self.random = random.Random(seed)
        self.layout = layout
        self.document = Document()
        self.words = 0
        self.traits: list[str] = []

    def pick(self, options: Any) -> Any:
        return self.random.choice(options)

    def sentence(self, start: str = "") -> str:
        """A sentence that stands nowhere else."""
        self.words += 1
        body = self.pick(
            (
                "观察图形的特点并说明理由",
                "用自己的话说一说发现的规律",
                "结合生活经验举例",
                "比较两种方法的异同",
                "完成练习单并订正",
            )
        )
        return f"{start}{body}，编号{self.words:03d}{self.pick(('甲', '乙', '丙', '丁'))}。"

    def content(self) -> dict[str, Any]:
        grade = self.pick("一二三四五六")
        return {
            "title": self.pick(("圆的认识", "小数的意义", "多位数乘一位数", "认识钟表")),
            "subject": "数学",
            "grade": f"{grade}年级",
            "volume": self.pick(("上册", "下册")),
            "edition": self.pick(("人教版", "北师大版", "苏教版", "冀教版")),
            "lesson_type": self.pick(("新授课", "练习课", "复习课")),
            "periods": self.pick(("1课时", "第2课时", "2")),
            "author": self.pick(("林知远", "欧阳若", "周岚")),
            "school": self.pick(("云栖路小学", "江城区第三实验小学", "柳林镇中心小学")),
            "objectives": [self.sentence("能") for _ in range(3)],
            "key_points": [self.sentence("理解")],
            "difficulties": [self.sentence("突破")],
            "analysis": {"textbook": self.sentence("本课的内容"), "students": self.sentence("多数孩子")},
            "preparation": "\n".join((f"教师：{self.sentence()}", f"学生：{self.sentence()}")),
            "stages": [self.stage(name) for name in NAMES[: self.pick((3, 4, 5))]],
            "board": "\n".join(self.sentence("板上写") for _ in range(2)),
            "homework": [self.sentence("回家") for _ in range(2)],
            "reflection": self.sentence("这节课"),
            "unplaced": [],
        }

    def stage(self, name: str) -> dict[str, Any]:
        return {
            "name": name,
            "minutes": self.pick((3, 5, 8, 12, 15)),
            "teacher": "\n".join(self.sentence(self.pick(("", "出示课件：", "师：", "提问："))) for _ in range(2)),
            "student": "\n".join(self.sentence(self.pick(("学生", "生：", "生1："))) for _ in range(2)),
            "intent": self.sentence("意在"),
        }

    # Paper

    def line(self, text: str, where: Any = None, *, bold: bool = False, style: str = "") -> Any:
        """A paragraph; its text is torn into runs as Word does."""
        paragraph = (where or self.document).add_paragraph(style=style or None)
        at = 0
        while at < len(text):
            step = self.random.randint(1, 9)
            paragraph.add_run(text[at : at + step]).bold = bold or None
            at += step
        return paragraph

    def cell(self, cell: Any, text: str, *, bold: bool = False) -> None:
        """A cell's lines as paragraphs, or as soft breaks in one."""
        lines = text.split("\n")
        cell.paragraphs[0].add_run(lines[0]).bold = bold or None
        soft = self.random.random() < 0.3
        for line in lines[1:]:
            if soft:
                cell.paragraphs[-1].add_run().add_break()
                cell.paragraphs[-1].add_run(line).bold = bold or None
            else:
                cell.add_paragraph().add_run(line).bold = bold or None

    def timed(self, minutes: int) -> str:
        return self.pick(
            ("（{}分钟）", "（约{}分钟）", "({}min)", "（{}′）", "  {}分钟", "【{}分钟】", "（预设{}分钟）")
        ).format(minutes)

    def numbered(self, lines: list[str]) -> list[str]:
        pattern = self.pick(("{}.", "{}、", "（{}）", "({})", "{}．", "circle", ""))
        if pattern == "circle":
            return [f"{'①②③④⑤'[at]}{line}" for at, line in enumerate(lines)]
        return [pattern.format(at) + line if pattern else line for at, line in enumerate(lines, 1)]

    def merged_down(self, table: Any, column: int, first: int, last: int) -> Any:
        return table.cell(first, column).merge(table.cell(last, column))

    def document_written(self, path: Path) -> Made:
        made = self.content()
        getattr(self, f"lay_{self.layout}")(made)
        self.document.save(str(path))
        return Made(made, self.layout, self.traits)

    # Layouts

    def lay_headings(self, plan: dict[str, Any]) -> None:
        """Headings by style, bold or brackets; stages below them with 师 and 生."""
        self.heads_in_lines(plan)
        mark = self.pick(("style", "bold", "bracket", "cn_plain"))
        self.traits.append(mark)
        number = 0

        def heading(key: str, inline: str = "") -> None:
            nonlocal number
            label = self.pick(LABELS[key])
            if mark == "bracket":
                self.line(f"【{label}】{inline}", bold=not inline)
                return
            text = f"{CHINESE[number]}、{label}"
            number += 1
            style = "Heading 1" if mark == "style" else ""
            if inline and mark != "style" and self.random.random() < 0.5:
                self.line(f"{text}：{inline}", bold=False)
                return
            self.line(text + self.pick(("", "：")), bold=mark == "bold", style=style)
            if inline:
                self.line(inline)

        heading("textbook", plan["analysis"]["textbook"])
        heading("students", plan["analysis"]["students"])
        heading("objectives")
        for line in self.numbered(plan["objectives"]):
            self.line(line)
        heading("both")
        self.line(f"{self.pick(('', '教学'))}重点：{plan['key_points'][0]}")
        self.line(f"{self.pick(('', '教学'))}难点：{plan['difficulties'][0]}")
        heading("preparation")
        for line in plan["preparation"].split("\n"):
            self.line(line)
        heading("process")
        self.stages_in_flow(plan, mark)
        heading("board")
        for line in plan["board"].split("\n"):
            self.line(line)
        heading("homework")
        for line in self.numbered(plan["homework"]):
            self.line(line)
        heading("reflection", plan["reflection"])

    def heads_in_lines(self, plan: dict[str, Any]) -> None:
        title = self.pick(("《{}》教学设计", "{}", "《{}》", "《{}》教案")).format(plan["title"])
        first = self.line(title, bold=True)
        first.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if self.random.random() < 0.5:
            labels = ("subject", "grade", "edition", "lesson_type", "periods", "author", "school")
            texts = [f"{self.pick(HEAD[key])}：{self.valued(plan, key)}" for key in labels]
            gap = self.pick(("　　", "    ", "\t"))
            self.line(gap.join(texts[:4]))
            self.line(gap.join(texts[4:]))
        else:
            self.line(f"{plan['edition']}{plan['subject']}{plan['grade']}{plan['volume']}")
            self.line(f"{plan['school']}　{plan['author']}　　课型：{plan['lesson_type']}　　课时：{plan['periods']}")

    def valued(self, plan: dict[str, Any], key: str) -> str:
        return f"{plan['grade']}{plan['volume']}" if key == "grade" else str(plan[key])

    def stages_in_flow(self, plan: dict[str, Any], mark: str) -> None:
        pattern = self.pick(
            (
                "（{cn}）{name}{time}",
                "{n}.{name}{time}",
                "环节{cn}：{name}{time}",
                "活动{cn}　{name}{time}",
                "第{cn}环节　{name}{time}",
                "任务{cn}、{name}{time}",
            )
        )
        self.traits.append(pattern)
        intent = self.pick(
            ("【设计意图】{}", "设计意图：{}", "（设计意图：{}）", "[设计意图] {}", "【设计意图：{}】", "own")
        )
        self.traits.append(intent)
        for at, stage in enumerate(plan["stages"]):
            text = pattern.format(cn=CHINESE[at], n=at + 1, name=stage["name"], time=self.timed(stage["minutes"]))
            self.line(text, bold=mark != "style", style="Heading 2" if mark == "style" else "")
            for teacher, student in zip(stage["teacher"].split("\n"), stage["student"].split("\n"), strict=True):
                self.line(teacher)
                self.line(student)
            if intent == "own":
                self.line("【设计意图】")
                self.line(stage["intent"])
            else:
                self.line(intent.format(stage["intent"]))

    def lay_table(self, plan: dict[str, Any]) -> None:
        """One big table: head data, sections, then rows of stages with columns."""
        columns = self.pick(
            (
                ("name", "teacher", "student", "intent"),
                ("name", "teacher", "student", "intent", "second_prep"),
                ("name", "minutes", "teacher", "student", "intent"),
                ("name", "teacher", "student", "intent", "minutes", "assessment"),
            )
        )
        self.traits.append("/".join(columns))
        spine = self.random.random() < 0.35 and "minutes" not in columns
        if spine:
            self.traits.append("spine")
        width = len(columns) + (1 if spine else 0)
        if self.random.random() < 0.5:
            self.line(f"{plan['school']}{self.pick(('教师备课用纸', '教案', '教学设计'))}", bold=True)
        table = self.document.add_table(rows=0, cols=width)
        table.style = "Table Grid"
        self.head_rows(table, plan, width)
        self.section_rows(table, plan, width)
        self.stage_rows(table, plan, columns, spine)
        for key, text in (
            ("board", plan["board"]),
            ("homework", "\n".join(self.numbered(plan["homework"]))),
            ("reflection", plan["reflection"]),
        ):
            self.wide_row(table, self.pick(LABELS[key]), text, width)

    def head_rows(self, table: Any, plan: dict[str, Any], width: int) -> None:
        keys = ["title", "subject", "grade", "edition", "lesson_type", "periods", "author", "school"]
        per = 2 if width >= 4 else 1
        for at in range(0, len(keys), per):
            cells = table.add_row().cells
            for place, key in enumerate(keys[at : at + per]):
                self.cell(cells[place * 2], self.pick(HEAD[key]), bold=True)
                last = place * 2 + 1 if place < per - 1 else width - 1
                value = cells[place * 2 + 1].merge(cells[last]) if last > place * 2 + 1 else cells[place * 2 + 1]
                self.cell(value, self.valued(plan, key))

    def wide_row(self, table: Any, label: str, text: str, width: int) -> None:
        cells = table.add_row().cells
        self.cell(cells[0], label, bold=self.random.random() < 0.7)
        self.cell(cells[1].merge(cells[width - 1]) if width > 2 else cells[1], text)

    def section_rows(self, table: Any, plan: dict[str, Any], width: int) -> None:
        self.wide_row(table, self.pick(LABELS["textbook"]), plan["analysis"]["textbook"], width)
        self.wide_row(table, self.pick(LABELS["students"]), plan["analysis"]["students"], width)
        self.wide_row(table, self.pick(LABELS["objectives"]), "\n".join(self.numbered(plan["objectives"])), width)
        how = self.pick(("two", "one", "nested", "pair"))
        self.traits.append(f"points {how}")
        key, hard = plan["key_points"][0], plan["difficulties"][0]
        if how == "two":
            self.wide_row(table, self.pick(LABELS["key_points"]), key, width)
            self.wide_row(table, self.pick(LABELS["difficulties"]), hard, width)
        elif how == "one":
            self.wide_row(table, self.pick(LABELS["both"]), f"重点：{key}\n难点：{hard}", width)
        elif how == "nested":
            first = len(table.rows)
            for label, text in (("重点", key), ("难点", hard)):
                cells = table.add_row().cells
                self.cell(cells[1], label)
                self.cell(cells[2].merge(cells[width - 1]), text)
            self.cell(self.merged_down(table, 0, first, first + 1), self.pick(LABELS["both"]))
        else:
            cells = table.add_row().cells
            self.cell(cells[0], "教学重点")
            self.cell(cells[1], key)
            self.cell(cells[2], "教学难点")
            self.cell(cells[3].merge(cells[width - 1]) if width > 4 else cells[3], hard)
        self.wide_row(table, self.pick(LABELS["preparation"]), plan["preparation"], width)

    def stage_rows(self, table: Any, plan: dict[str, Any], columns: tuple[str, ...], spine: bool) -> None:
        width = len(table.columns)
        first = len(table.rows)
        if not spine and self.random.random() < 0.6:
            cells = table.add_row().cells
            self.cell(cells[0].merge(cells[width - 1]), self.pick(LABELS["process"]), bold=True)
        cells = table.add_row().cells
        shift = 1 if spine else 0
        for at, column in enumerate(columns):
            self.cell(cells[at + shift], self.pick(COLUMNS[column]), bold=True)
        pattern = self.pick(("{cn}、{name}", "（{cn}）{name}", "{n}. {name}", "环节{cn}：{name}", "{name}"))
        self.traits.append(pattern)
        for at, stage in enumerate(plan["stages"]):
            for column in columns:
                if column in {"assessment", "second_prep"}:
                    stage[column] = self.sentence("看")
            cells = table.add_row().cells
            name = pattern.format(cn=CHINESE[at], n=at + 1, name=stage["name"])
            if "minutes" not in columns:
                name += self.pick(("", "\n")) + self.timed(stage["minutes"]).strip()
            texts = {
                **stage,
                "name": name,
                "minutes": self.pick(("{}", "{}分钟", "{}′", "{} min")).format(stage["minutes"]),
            }
            for place, column in enumerate(columns):
                self.cell(cells[place + shift], str(texts[column]))
        if spine:
            tall = self.merged_down(table, 0, first, len(table.rows) - 1)
            self.cell(tall, "\n".join("教学过程") if self.random.random() < 0.5 else "教学过程", bold=True)

    def lay_columns(self, plan: dict[str, Any]) -> None:
        """Sections in lines, then 教师活动 and 学生活动 beside each other with a row across for each stage."""
        self.heads_in_lines(plan)
        sections = (
            ("textbook", [plan["analysis"]["textbook"]]),
            ("students", [plan["analysis"]["students"]]),
            ("objectives", self.numbered(plan["objectives"])),
            ("key_points", plan["key_points"]),
            ("difficulties", plan["difficulties"]),
            ("preparation", plan["preparation"].split("\n")),
        )
        bracket = self.random.random() < 0.5
        self.traits.append("bracket" if bracket else "colon")

        def section(key: str, lines: list[str]) -> None:
            label = self.pick([word for word in LABELS[key] if len(word) > 3])
            text = f"【{label}】" if bracket else f"{label}："
            if len(lines) == 1:
                paragraph = self.line(text, bold=True)
                paragraph.add_run(lines[0])
                return
            self.line(text, bold=True)
            for line in lines:
                self.line(line)

        for key, lines in sections:
            section(key, lines)
        self.line("【教学过程】" if bracket else "教学流程：", bold=True)
        own_tables = self.random.random() < 0.4
        self.traits.append("own tables" if own_tables else "one table")
        pattern = self.pick(
            ("{cn}、{name}{time}", "Step {n} {name}{time}", "环节{cn}　{name}{time}", "（{cn}）{name}{time}")
        )
        self.traits.append(pattern)
        table = None
        for at, stage in enumerate(plan["stages"]):
            name = pattern.format(cn=CHINESE[at], n=at + 1, name=stage["name"], time=self.timed(stage["minutes"]))
            if own_tables:
                self.line(name, bold=True)
            if table is None or own_tables:
                table = self.document.add_table(rows=1, cols=2)
                self.cell(table.cell(0, 0), "教师活动", bold=True)
                self.cell(table.cell(0, 1), "学生活动", bold=True)
            if not own_tables:
                cells = table.add_row().cells
                self.cell(cells[0].merge(cells[1]), name, bold=True)
            cells = table.add_row().cells
            self.cell(cells[0], stage["teacher"])
            self.cell(cells[1], stage["student"])
            cells = table.add_row().cells
            self.cell(cells[0].merge(cells[1]), f"设计意图：{stage['intent']}")
        section("board", plan["board"].split("\n"))
        section("homework", self.numbered(plan["homework"]))
        section("reflection", [plan["reflection"]])

    def lay_frame(self, plan: dict[str, Any]) -> None:
        """A form whose 教学过程 is one cell with stages as headings, and labelled activities."""
        width = 4
        table = self.document.add_table(rows=0, cols=width)
        self.head_rows(table, plan, width)
        self.section_rows(table, plan, width)
        inside = self.random.random() < 0.5
        cells = table.add_row().cells
        if inside:
            self.cell(cells[0].merge(cells[3]), self.pick(LABELS["process"]), bold=True)
            cells = table.add_row().cells
            body = cells[0].merge(cells[3])
        else:
            self.cell(cells[0], self.pick(LABELS["process"]), bold=True)
            body = cells[1].merge(cells[3])
        self.traits.append("below" if inside else "beside")
        labelled = self.random.random() < 0.5
        self.traits.append("labelled" if labelled else "speakers")
        pattern = self.pick(("{cn}、{name}{time}", "（{cn}）{name}{time}", "环节{cn}：{name}{time}"))
        self.traits.append(pattern)
        for at, stage in enumerate(plan["stages"]):
            self.line(
                pattern.format(cn=CHINESE[at], name=stage["name"], time=self.timed(stage["minutes"])), body, bold=True
            )
            if labelled:
                self.line("教师活动：", body, bold=True)
                for line in stage["teacher"].split("\n"):
                    self.line(line, body)
                self.line("学生活动：", body, bold=True)
                for line in stage["student"].split("\n"):
                    self.line(line, body)
            else:
                for teacher, student in zip(stage["teacher"].split("\n"), stage["student"].split("\n"), strict=True):
                    self.line(teacher, body)
                    self.line(student, body)
            self.line(f"（设计意图：{stage['intent']}）", body)
        for key, text in (
            ("board", plan["board"]),
            ("homework", "\n".join(plan["homework"])),
            ("reflection", plan["reflection"]),
        ):
            self.wide_row(table, self.pick(LABELS[key]), text, width)


LAYOUTS = ("headings", "table", "columns", "frame")


def formula(latex_parts: tuple[str, str]) -> Any:
    """An OMML fraction to hang into a paragraph."""
    top, bottom = latex_parts
    space = nsdecls("w") + ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    return parse_xml(
        f"<m:oMath {space}><m:f><m:num><m:r><m:t>{top}</m:t></m:r></m:num><m:den><m:r><m:t>{bottom}</m:t></m:r></m:den></m:f></m:oMath>"
    )


def with_picture(paragraph: Any) -> None:
    """A picture in a paragraph."""
    held = BytesIO()
    Image.new("RGB", (40, 30), (200, 60, 40)).save(held, "PNG")
    held.seek(0)
    paragraph.add_run().add_picture(held)


def with_comment(document: Any, paragraph: Any, text: str, author: str = "教研组长") -> None:
    """A remark in the margin on all words of a paragraph."""
    document.add_comment(paragraph.runs, text=text, author=author)
