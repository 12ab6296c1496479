"""The many words that teachers use for one thing: section names, head data, columns, and how numbers stand before them."""

import re
from dataclasses import dataclass

SECTIONS: dict[str, str] = {
    "objectives": "教学目标 学习目标 核心素养目标 素养目标 课时目标 课时教学目标 课时学习目标 活动目标 教学目的 学习目的 目标 目标设定 目标确定 目标预设 "
    "教学目标及要求 教学目标与要求 教学要求 教学目的要求 教学目的与要求 素养导向目标 素养导向的教学目标 教学目标设计 学习目标设计 单元目标 预期目标 "
    "teachingaims teachingobjectives learningobjectives objectives aims teachinggoals",
    "key_point.what": "教学重点 学习重点 重点 活动重点 本课重点 课时重点 keypoints keypoint teachingkeypoints teachingfocus",
    "difficulty.what": "教学难点 学习难点 难点 活动难点 本课难点 课时难点 difficultpoints difficulties teachingdifficulties difficultpoint",
    "both_points": "教学重难点 重难点 教学重点难点 教学重点与难点 教学重点和难点 教学重点及难点 重点难点 重点与难点 重点和难点 学习重难点 学习重点难点 教学重难点分析 "
    "教学的重难点 教学难重点 重难点分析 重难点突破 教学重难点及突破 教学重难点与突破 keypointsanddifficultpoints keyanddifficultpoints",
    "textbook.position": "教材分析 教材解读 教材简析 教材内容分析 教学内容分析 内容分析 文本解读 文本分析 教材说明 教材地位 课文解读 课文分析 教材理解 教材研读 教材与课标分析 "
    "教学内容解析 内容解析 教材内容解读 教材简介 文本简析 教材教法分析 教材地位与作用 教材地位和作用 语篇分析 语篇研读 绘本分析 教材内容 analysisofthetextbook analysisofteachingmaterial textbookanalysis",
    "pupils.foundation": "学情分析 学情 学生分析 学习者分析 学生情况分析 学情简析 学情解读 学情诊断 学生学情分析 学生情况 学情与对策 学情研判 学况分析 analysisofthestudents studentsanalysis analysisofstudents learneranalysis",
    "standards": "课标要求 课标分析 课程标准 课标解读 课程标准要求 课标依据 课程标准分析 新课标要求",
    "preparation.methods": "教学方法 教法 学法 教法学法 教法与学法 教学方法与策略 教学策略 教法设计 学法指导 学习方法 教学法 教学手段 教学模式 教法和学法 teachingmethods teachingmethod",
    "preparation.teacher": "教学准备 课前准备 教具准备 学具准备 教具 学具 教具学具 教具与学具 教具和学具 教具学具准备 教学用具 教学具准备 教学具 准备 教学资源 资源准备 教学媒体 媒体准备 "
    "实验器材 器材 器材准备 材料准备 实验准备 实验材料 活动准备 教学准备与资源 准备材料 教学资源准备 教具准备与学具准备 资源与工具 教学工具 用具准备 媒体运用 教学资源与准备 教师准备 学生准备 "
    "教学方法与准备 教学用品 场地器材 场地与器材 场地器材准备 teachingaids teachingpreparation preparation preparations teachingtools",
    "process": "教学过程 教学流程 活动过程 学习过程 教学过程设计 教学步骤 教与学活动过程 学习活动设计 教学活动设计 教学程序 教学活动过程 课堂流程 实施过程 教学实施 教学过程与方法 课堂教学过程 "
    "教学实施过程 教与学的过程 教学流程设计 教学设计过程 学习活动 教学环节设计 教学环节 教学活动 活动流程 学与教的过程 过程设计 教学过程预设 课堂实施 学习活动过程 "
    "teachingprocedures teachingprocedure teachingprocess procedures procedure teachingsteps",
    "board": "板书设计 板书 板书提纲 板书计划 板书内容 黑板设计 板书呈现 板书示意 板书设计图 板书设计及说明 blackboarddesign boarddesign blackboard",
    "homework": "作业设计 作业布置 作业 课后作业 布置作业 课外作业 家庭作业 分层作业 作业安排 作业超市 课后作业设计 作业设计与布置 实践作业 课后练习 课后拓展作业 弹性作业 作业与拓展 作业内容 "
    "课后延伸作业 作业设计与评价 作业与练习 homework assignment",
    "reflection": "教学反思 课后反思 教学后记 教后反思 教后记 课后记 反思 课后小记 教学札记 教学随笔 课后随笔 反思与改进 教学反思与改进 课堂反思 教后感 教后小记 教学反思后记 教学回顾 "
    "课后反思与改进 教学反思与评价 教学小记 反思与调整 课后记录 反思记录 教学得失 教后感想 反思后记 teachingreflection reflection afterclassreflection",
    "tasks": "评价任务 评价设计 学习评价 教学评价 评价方案 学习评价设计 达成评价 教学评价设计 评价方式 评价标准 评价量规 评价量表 过程性评价",
    "references": "参考资源 参考资料 附件 附录 附 资料链接 附件与参考 参考文献 资源链接 补充资料 教学资料 相关链接 拓展资源",
    "second": "二次备课 个性化修改 个性修改 复备 复备栏 个人修改 修改补充 修改意见 集体备课意见 备课组意见 个性化设计 再次备课 二次修改 二备",
    "idea": "设计理念 设计思路 教学理念 设计说明 教学思路 设计依据 教学设想 指导思想 设计意图说明 教学设计思路 整体思路 设计特色 教学特色 创新点 特色说明 教学构思 板块说明",
    "unit": "单元分析 单元目标分析 单元整体设计 单元概述 大单元设计 单元主题 单元解读 单元教学目标",
}
HEAD: dict[str, str] = {
    "title": "课题 课题名称 教学课题 授课课题 题目 课文题目 篇目 授课内容 主题 活动主题 课名 课程名称 教学主题 授课题目 课文 学习主题 活动名称 topic title lesson",
    "content": "教学内容 学习内容 教学内容及课时 内容",
    "subject": "学科 科目 任教学科 授课学科 所属学科 课程 subject",
    "grade": "年级 授课年级 年段 适用年级 使用年级 教学对象 授课对象 年级册次 年级册别 学段 学段年级 年级班级 任教年级 grade",
    "volume": "册次 册别 册数 学期 上下册 分册",
    "edition": "教材版本 版本 教材 教科书 使用教材 出版社 教材及版本 选用教材 教材名称 教材版别 版别",
    "lesson_type": "课型 课的类型 课堂类型 课程类型 授课类型 课类 课型分类 lessontype",
    "periods": "课时 课时安排 课时数 第几课时 教学课时 课时划分 课时计划 授课课时 所需课时 计划课时 课时分配 课时建议 总课时 总课时数 教学时数 教学时间 periods period",
    "author": "执教 执教者 执教人 执教教师 执教老师 授课教师 授课人 授课老师 教师 设计者 设计人 设计教师 主备人 主备 主备教师 主备老师 备课人 备课教师 备课老师 作者 教者 任课教师 任课老师 "
    "上课教师 姓名 教师姓名 撰写人 编写 编写人 编写者 主讲 主讲人 主讲教师 设计 备课者 主备者 教案设计 老师 teacher designer",
    "school": "学校 单位 学校名称 工作单位 所在学校 执教单位 授课学校 所在单位 设计单位 学校单位 任教学校 作者单位 school",
    "date": "日期 授课日期 上课日期 授课时间 上课时间 备课时间 备课日期 时间 月日 教案日期 执教时间 执教日期 设计日期 date",
    "class": "班级 授课班级 上课班级 任教班级 执教班级 class",
    "other": "单元 所属单元 单元名称 单元主题 周次 星期 节次 总第 总序号 序号 审核人 审核 参备人 参备教师 备课组成员 参与人 参与教师 指导教师 指导老师 地点 上课地点 授课地点 备课组 "
    "教研组 教案编号 编号 备注 页码 教材页码 总课时序号 组长签字 检查人 审阅 审阅人 审批 联系电话 章节 第几周 累计课时 辅备人 二次备课人 复备人 使用人 使用者",
}
COLUMNS: dict[str, str] = {
    "name": "教学环节 环节 教学步骤 步骤 教学流程 流程 环节名 环节名称 活动环节 学习环节 教学板块 板块 环节与时间 环节时间 教学程序 程序 教学阶段 阶段 任务 学习任务 活动 环节及时间 环节时长 "
    "教学环节时间 教学环节及时间 教学环节与时间 教学过程 教学活动环节 steps step stages stage procedure procedures teachingsteps",
    "minutes": "时间 时长 用时 时间分配 预计时间 时间安排 分钟 预计用时 时间分钟 时长分钟 time",
    "teacher": "教师活动 教师的活动 教师行为 教师教学 教师引导 教师导学 教的活动 老师活动 教师 教师活动预设 教师活动设计 教师主导 教师的教 教 师的活动 教师组织 教师指导 教师主导活动 教师教学活动 "
    "teachersactivities teacheractivities teachersactivity teacheractivity teacher",
    "pupils": "学生活动 学生的活动 学生行为 学生学习 学习活动 学的活动 学生 学生活动预设 学生活动设计 学生主体 学生的学 学 学生自学 生的活动 学生主体活动 学生学习活动 预设学生活动 "
    "studentsactivities studentactivities studentsactivity studentactivity pupilsactivities students",
    "both": "师生活动 教学活动 师生互动 教与学活动 教学内容与活动 活动设计 教学过程设计 教学过程与师生活动 教学内容与师生活动 师生活动设计 师生双边活动 双边活动 教学活动设计 活动内容 教学内容及师生活动 "
    "activities 教学设计 过程 教师与学生活动 学习活动设计 教学流程与活动 主要活动 活动过程",
    "content": "教学内容 学习内容 内容 content",
    "intent": "设计意图 意图 设计目的 活动意图 设计理念 设计说明 意图说明 设计依据 教学意图 设计思考 目的 活动目的 设计意图说明 意图与策略 purpose purposes intentions designintention designpurpose",
    "checkpoints": "评价要点 评价 评价标准 评价任务 学习评价 评价方式 效果评价 评价设计 评价指标 观察要点 评价目标 持续性评价 评价与反馈 效果评估 assessment evaluation",
    "second_preparation": "二次备课 个性化修改 个性修改 复备 复备栏 个人修改 修改补充 修改意见 个性化备课 二次备课栏 二备 再次备课 二次修改 补充修改 个性化设计 集体智慧 修改 旁注 调整与修改 备注 教学札记 随记",
    "question": "核心问题 问题 关键问题 驱动问题 核心任务 主问题",
    "number": "序号 编号",
    "resources": "资源 教学资源 媒体 媒体运用 教学媒体 资源媒体 媒体资源 技术应用 信息技术应用 资源运用 技术融合 对应目标 目标 题目",
}
STAGE_LABELS: dict[str, str] = {
    "intent": "设计意图 意图 教学意图 设计说明 设计思考 设计目的 活动意图 意图说明 意图解读 设计理念 designintention purpose",
    "teacher": "教师活动 教师行为 教师的活动 老师活动 teachersactivities teacheractivities teachersactivity",
    "pupils": "学生活动 学生行为 学生的活动 学习活动 studentsactivities studentactivities studentsactivity",
    "both": "师生活动 教学活动 双边活动 师生互动",
    "checkpoints": "评价要点 评价标准 评价方式 评价任务 学习评价 评价 评价设计 评价指标 评价点 assessment evaluation",
    "second_preparation": "二次备课 个性化修改 复备 修改补充 修改意见 个性修改 二次修改 二备",
    "question": "核心问题 关键问题 驱动问题 主问题",
    "minutes": "时间 用时 时长 预计时间 预计用时",
}
SHORT = frozenset(
    [
        "目标",
        "重点",
        "难点",
        "准备",
        "作业",
        "板书",
        "反思",
        "附",
        "教具",
        "学具",
        "教法",
        "学法",
        "学情",
        "器材",
        "评价标准",
        "评价方式",
        "学习评价",
        "教学环节",
        "教学活动",
        "学习活动",
    ]
)
"""Names that are also plain words: alone in a line they name a section only where they are set as a heading."""

_NUMBER = r"[〇零一二三四五六七八九十百\d]{1,3}"
NUMBERING = re.compile(
    r"^\s*(?:[（(]\s*(?P<pcn>[一二三四五六七八九十]{1,3})\s*[）)]\s*[、.．]?|[（(]\s*(?P<pnum>\d{1,2})\s*[）)]"
    r"|(?P<cn>[一二三四五六七八九十]{1,3})\s*[、．.:：]|(?P<num>\d{1,2})\s*(?:[、）)．]|\.(?!\d))"
    r"|(?P<circle>[①-⑳❶-❿])|(?P<roman>[IVX]{1,4}|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ])\s*[、.．])\s*"
)
"""A typed number before a line: （一） (1) 一、 1. ① I."""

STEP = re.compile(
    rf"^\s*(?:第?\s*(?:{_NUMBER})\s*(?:环节|板块|步骤|步|任务|篇章|乐章|站|关)"
    rf"|(?:教学|学习|活动|核心|子)?(?:环节|活动|任务|板块|步骤|流程|篇章|阶段)\s*(?:{_NUMBER}|[①-⑩ⅠⅡⅢⅣⅤ])"
    rf"|(?:step|stage|task|activity|part)\s*(?:\d{{1,2}}|[IVX]{{1,4}}|one|two|three|four|five|six)\b)"
    rf"\s*[：:、.．\-—]*\s*",
    re.I,
)
"""环节一：, 第一环节, 活动2, Step 1."""

MINUTES = re.compile(
    r"\s*[（(\[【〔]?\s*(?:预设|预计|建议|大?约)?\s*(?:时间|用时|时长)?\s*[：:]?\s*(?:大?约)?\s*"
    r"(?P<minutes>\d{1,3}|[一二三四五六七八九十]{1,3})(?:\s*[-~～—–至到]+\s*(?P<upto>\d{1,3}))?\s*"
    r"(?:分钟左右|分钟|分(?![之数类享步层母子析解割])|min(?:ute)?s?\b\.?|[′'’`])\s*(?:左右)?\s*[）)\]】〕]?",
    re.I,
)
PERIOD = re.compile(
    r"^\s*[【（(\[]?\s*(?P<period>第\s*[一二三四五六七八九十\d]\s*(?:课时|教时))\s*[】）)\]]?\s*"
    r"(?:教学过程|教学设计|教学流程|学习活动|活动过程|教案)?\s*[：:]?\s*(?:[（(].{0,12}[）)])?\s*$"
)
BULLETS = re.compile(r"^\s*[●•▪◆■▲★☆※➢✧◇○\uf0d8\uf06c\uf06e\-–*]\s*(?=\S)")
_BRACKETED = re.compile(r"^\s*[【\[〖〔<＜]\s*(?P<label>[^】\]〗〕>＞]{1,24}?)\s*[】\]〗〕>＞]\s*[：:]?\s*")
_COLON = re.compile(r"^\s*(?P<label>[^：:]{1,30}?)\s*[：:]\s*")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def squeezed(text: str) -> str:
    """A label as the lists have it: no blanks, no signs, Latin letters small."""
    return re.sub(r"[\s\u3000、，,&和与及/／·.．\-—：:’'＇*★]+", "", text).lower()


def _table(words: dict[str, str]) -> dict[str, str]:
    return {squeezed(word): key for key, row in words.items() for word in row.split()}


_SECTIONS, _HEAD, _COLUMNS, _STAGE = (_table(words) for words in (SECTIONS, HEAD, COLUMNS, STAGE_LABELS))
_LATIN = re.compile(r"[a-z]+")


def _look(table: dict[str, str], text: str) -> str:
    """The key of a label; one that is told in Chinese and English is known by its Chinese."""
    plain = squeezed(re.sub(r"[（(][^（）()]*[）)]", "", text)) or squeezed(text)
    if len(plain) > 40:
        return ""
    found = table.get(plain)
    chinese = _LATIN.sub("", plain)
    return found or (table.get(chinese, "") if chinese != plain else "")


def section(text: str) -> str:
    plain = re.sub(r"^第[一二三四五六七八九十\d][课教]时", "", squeezed(text))
    return _look(_SECTIONS, text) or _look(_SECTIONS, plain)


def head(text: str) -> str:
    return _look(_HEAD, text)


def column(text: str) -> str:
    return _look(_COLUMNS, text)


def stage_label(text: str) -> str:
    return _look(_STAGE, text)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number before a line: how it is written, which it is, where the words begin."""

    kind: str
    value: int
    end: int


def numbering(text: str) -> Numbered | None:
    step = STEP.match(text)
    if step:
        return Numbered("step", 0, step.end())
    found = NUMBERING.match(text)
    if not found:
        return None
    kind = str(found.lastgroup)
    return Numbered(kind, to_number(found[kind]), found.end())


def without_number(text: str) -> int:
    """Where the words begin after every typed number and bullet."""
    at = 0
    for _ in range(4):
        found = numbering(text[at:])
        bullet = BULLETS.match(text[at:])
        step = found.end if found else bullet.end() if bullet else 0
        if not step or at + step >= len(text):
            return at
        at += step
    return at


def to_number(text: str) -> int:
    """12, 十二 as a number; 0 where there is none."""
    if text.isdigit() and text.isascii():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label at the start of a line: the words, where the rest begins, whether it stands in brackets or alone."""

    label: str
    end: int
    bracketed: bool
    alone: bool


def labelled(text: str) -> Labelled | None:
    """【教学目标】…, 教学目标：…, or the whole line as one possible label."""
    start = without_number(text)
    found = _BRACKETED.match(text[start:])
    if found:
        end = start + found.end()
        return Labelled(found["label"], end, True, not text[end:].strip())
    found = _COLON.match(text[start:])
    if found:
        end = start + found.end()
        return Labelled(found["label"], end, False, not text[end:].strip())
    whole = text[start:].strip()
    return Labelled(whole, len(text), False, True) if 0 < len(whole) <= 40 else None
