"""Head data (课题, 年级, 课时, 执教…) from wherever it stands: labels, a line under the title, a form's name, the margins."""

import re
from collections.abc import Iterable
from pathlib import PurePath

from library.documents.word.reading import words
from library.documents.word.reading.plan import HEAD_KEYS

SUBJECTS = {
    "道德与法治": "道德与法治", "道法": "道德与法治", "思想品德": "道德与法治", "品德与社会": "道德与法治", "信息科技": "信息科技",
    "信息技术": "信息科技", "体育与健康": "体育与健康", "综合实践活动": "综合实践活动", "综合实践": "综合实践活动", "心理健康": "心理健康",
    "劳动": "劳动", "语文": "语文", "数学": "数学", "英语": "英语", "科学": "科学", "音乐": "音乐", "美术": "美术", "艺术": "艺术",
    "体育": "体育", "书法": "书法",
}  # fmt: skip
_SUBJECT = "|".join(SUBJECTS)
_PUBLISHERS = (
    "人教|统编|部编|北师大|苏教|教科|粤教|外研|沪教牛津|沪教|沪科教|浙教|青岛|冀教|西师大|西师|湘教|人音|人美|科教|大象|鄂教|译林|"
    "闽教|牛津|接力|川教|湘科|苏科|湘少|湘美|岭南|鲁科|鲁教|陕旅|辽师大|沪科|人民教育|重大|广州|花城|广教|江苏|河北|北京|语文"
)
EDITION = re.compile(
    rf"(?P<edition>(?:(?:{_PUBLISHERS})(?:出版社)?(?:新|精通|一起|三起)?版(?:本)?(?:（[一三]年?级?起点?）|[（(][一三]起[)）])?)"
    rf"|(?:新)?(?:人教)?PEP(?:版)?|(?:{_PUBLISHERS})(?=《|(?:{_SUBJECT})|[一二三四五六1-6]年级)|外研社[^，。\s]{{0,6}}版)"
)
GRADE = re.compile(r"(?:小学)?(?P<grade>[一二三四五六1-6])\s*年级")
SHORT_GRADE = re.compile(
    rf"(?P<grade>[一二三四五六])(?:年级)?(?P<half>[上下])(?:册)?(?=[\s_\-—.·A-Za-z]|$|{_SUBJECT}|第|《)"
)
VOLUME = re.compile(r"(?P<volume>[上下全]册|第[一二三四五六七八九十\d]+册|[（(][上下][）)])")
PERIODS = re.compile(
    r"(?P<periods>第?\s*[一二三四五六七八九十两\d]{1,2}\s*[、,，和至\-~～]?\s*[二三四五六\d]?\s*(?:课时|教时))"
)
TYPE = re.compile(
    r"(?P<lesson_type>(?:新授|练习|复习|实验探究|实验|习作|口语交际|阅读|识字写字|识字|综合|活动|讲评|讲读|精读|略读|对话|语音|读写|听说|概念|计算|"
    r"整理与复习|拓展|探究|造型表现|造型·表现|欣赏|欣赏评述|设计应用|唱歌|歌唱|会话|词汇|写作|项目式学习|绘本|故事|体验|实践)课)"
)
SCHOOL = re.compile(
    r"(?P<school>[\u4e00-\u9fff]{0,16}?[\u4e00-\u9fff]{2}(?:(?:外国语|实验|中心|附属|第[一二三四五六七八九十\d]+|九年一贯制|九年制)*"
    r"(?:小学校|小学|学校|中学|附小|中心校|完小|教学点|书院|校区))(?:[（(][\u4e00-\u9fff]{2,8}(?:校区|分校)[）)])?(?:[\u4e00-\u9fff]{2,6}(?:校区|分校))?)"
)
_FORM = re.compile(
    r"(?:教师)?(?:集体|电子|校本|导学|个人|课时|课堂|单元|常规|小学|年级组|学科组|教研组|备课组|优质课|公开课|优秀|学年度?|学期|第[一二]学期|"
    r"[（(][电子稿修改一二三定初\d]+[）)]|20\d\d\s*[-—~–]\s*20\d\d|20\d\d)*"
    r"(?:教学设计方案|教学设计表|教学设计|教案设计|教案|备课用纸|备课笺|备课纸|备课本|备课稿|备课表|备课|学历案|导学案|说课稿|活动设计|教学方案|活动方案|活动案|课例)"
    r"(?:模板|用纸|表|稿|[（(][^（）()]{1,10}[）)])*"
)
FORM_TITLE = re.compile(r"(?:教学设计|教案|备课|学历案|导学案|教学方案|活动设计)")
_NAME = re.compile(r"^[\u4e00-\u9fff]{2,4}$|^[\u4e00-\u9fff]·[\u4e00-\u9fff]$")
_NO_NAME = re.compile(r"课|学|教|年|级|册|单元|第|上|下|版|时|班|组|稿|篇")
_SPLIT = re.compile(r"\t+|\u3000+|\s{2,}|[|｜；;]")
_STOPS = " \t\u3000，,。.、；;：:|｜-—_·（）()【】[]《》/"


def value_parts(key: str, value: str) -> dict[str, str]:
    """What one labelled value says: 三年级上册（教科版） is a grade, a volume and an edition."""
    value = value.strip(" \u3000\t：:")
    if not value:
        return {}
    if key == "title":
        return {"title": title_of(value)}
    if key in {"grade", "volume", "edition"}:
        found, rest = entities(value)
        kept = {k: v for k, v in found.items() if k in {"grade", "volume", "edition", "subject"}}
        return kept | ({} if key in kept else {key: rest.strip(_STOPS) or value} if key != "edition" or rest else {})
    if key in {"author", "school"}:
        return _person_and_school(key, value)
    return {key: SUBJECTS.get(value, value)} if key == "subject" else {key: value}


def _person_and_school(key: str, value: str) -> dict[str, str]:
    school = SCHOOL.search(value)
    if not school:
        return {key: value}
    rest = (value[: school.start()] + value[school.end() :]).strip(_STOPS)
    found = {"school": school["school"]}
    return found | ({"author": rest} if rest and len(rest) <= 20 else {}) if key == "author" else {"school": value}


def title_of(text: str) -> str:
    """The name of the lesson without its form's name, its number and its marks."""
    quoted = re.search(r"《([^《》]+)》", text)
    form = _FORM.search(text)
    if quoted and (form or quoted.start() <= 6):
        after = _FORM.sub("", text[quoted.end() :]).strip(_STOPS)
        return quoted[1] if not after or len(after) <= 12 or PERIODS.search(after) else f"{quoted[1]} {after}"
    plain = re.sub(r"[—\-–]{1,2}\s*$|[（(]\s*[）)]", "", _FORM.sub("", text)).strip(" \u3000\t：:—-–")
    return plain or text.strip()


def entities(text: str) -> tuple[dict[str, str], str]:
    """Head data that can be told without a label, and what is left of the text."""
    found: dict[str, str] = {}
    rest = text
    for pattern in (EDITION, SCHOOL, GRADE, VOLUME, PERIODS, TYPE):
        match = pattern.search(rest)
        if not match:
            continue
        for key, value in match.groupdict().items():
            found[key] = _told(key, value)
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    short = SHORT_GRADE.search(rest) if "grade" not in found else None
    if short:
        found |= {"grade": f"{short['grade']}年级", "volume": f"{short['half']}册"}
        rest = f"{rest[: short.start()]} {rest[short.end() :]}"
    subject = re.search(_SUBJECT, rest)
    if subject:
        found["subject"] = SUBJECTS[subject[0]]
        rest = f"{rest[: subject.start()]} {rest[subject.end() :]}"
    return found, _FORM.sub(" ", rest).strip(_STOPS)


def _told(key: str, value: str) -> str:
    value = re.sub(r"\s", "", value)
    if key == "grade":
        return f"{value}年级"
    return f"{value[1]}册" if key == "volume" and value[0] in "（(" else value


def line_parts(line: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """A line of the head: 年级：三年级　课时：1　沈若溪. Found data, and (label, text) of what fits nowhere."""
    found: dict[str, str] = {}
    rest: list[tuple[str, str]] = []
    for token in _tokens(line):
        label = words.labelled(token)
        key = words.head(label.label) if label and not label.alone else ""
        if label and key:
            _labelled(key, label.label, token[label.end :], found, rest)
            continue
        parts, left = entities(token)
        left = re.sub(rf"(?:{_SUBJECT})?(?:学科|教研组|备课组)", "", left).strip(_STOPS) if parts else left
        found |= {k: v for k, v in parts.items() if k not in found}
        if left and _is_name(left) and "author" not in found:
            found["author"] = left
        elif left:
            rest.append(("", left))
    return found, rest


def _labelled(key: str, label: str, value: str, found: dict[str, str], rest: list[tuple[str, str]]) -> None:
    if key in HEAD_KEYS:
        found |= {k: v for k, v in value_parts(key, value).items() if k not in found or k == key}
    elif value.strip(_STOPS):
        rest.append((words.squeezed(label), value.strip(" \u3000\t")))


def _tokens(line: str) -> list[str]:
    """Parts of a line that are set apart; 设计者：学校 姓名 stays one, a label starts a new one."""
    inner = line.strip()
    if inner[:1] in "（(" and inner[-1:] in "）)":
        inner = inner[1:-1]
    labels = "|".join(sorted((re.escape(w) for w in _plain_labels()), key=len, reverse=True))
    inner = re.sub(rf"(?<=[\s　，,；;）)])(?=(?:{labels})\s*[：:])", "\t", inner)
    return [token.strip(" ，,") for token in _SPLIT.split(inner) if token and token.strip(_STOPS)]


def _plain_labels() -> Iterable[str]:
    return (word for row in words.HEAD.values() for word in row.split() if len(word) > 1)


def _is_name(text: str) -> bool:
    names = re.split(r"[\s、，,]+", text)
    return len(names) <= 3 and all(_NAME.match(name) and not _NO_NAME.search(name) for name in names)


def of_file_name(name: str) -> dict[str, str]:
    """Weak hints of a file's name: 三上数学_几分之一_云栖路小学.docx."""
    stem = re.sub(r"[_\-—]+", " ", PurePath(name).stem)
    return entities(stem)[0]


def of_prose(text: str) -> dict[str, str]:
    """Weak hints of an analysis: 本课是统编版一年级上册….

    A lesson speaks of other grades too, so a grade counts only beside an edition or a volume.
    """
    found: dict[str, str] = {}
    edition = EDITION.search(text)
    if edition:
        found["edition"] = edition["edition"].strip("《")
        found |= {k: v for k, v in entities(text[edition.start() : edition.end() + 24])[0].items() if k in _PROSE}
    both = re.search(r"([一二三四五六])年级\s*([上下])册", text)
    if both:
        found.setdefault("grade", f"{both[1]}年级")
        found.setdefault("volume", f"{both[2]}册")
    return found


_PROSE = frozenset({"subject", "grade", "volume"})
_SIGNS = {
    "语文": "课文 生字 朗读 自然段 拼音 识字 词语 习作 写字 背诵 诗 语文要素",
    "数学": "计算 算式 平均分 面积 口诀 分数 小数 图形 数量 加法 减法 乘法 除法 口算 竖式",
    "英语": "Let Listen read sentence words dialogue 单词 句型 pair",
    "科学": "实验 溶解 观察 记录单 猜想 探究实践 科学观念",
    "道德与法治": "文明 规则 法律 公共 道德 品格 责任意识",
    "音乐": "演唱 歌曲 节奏 旋律 乐器 音高",
    "美术": "绘画 色彩 构图 造型 作品展示 线条",
    "体育与健康": "热身 跑 跳 投 队形 体能 运动",
    "信息科技": "计算机 软件 编程 算法 鼠标 键盘",
    "劳动": "劳动 整理 制作 工具",
}


def guessed_subject(text: str) -> str:
    """The subject whose words a plan uses most; empty where none stands out."""
    counts = sorted(((sum(text.count(word) for word in row.split()), key) for key, row in _SIGNS.items()), reverse=True)
    return counts[0][1] if counts[0][0] >= 4 and counts[0][0] > counts[1][0] else ""
