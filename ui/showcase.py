"""Sample values for `/ui/`: every component in every state, so that a look at one page finds what broke."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.safestring import mark_safe

from ui.toasts import NextStep

SUBJECTS = ("语文", "数学", "英语", "科学", "道德与法治", "艺术", "体育", "劳动", "信息科技")
SEALS = (
    ("定稿", "共案定稿"),
    ("校级", "校级"),
    ("集团精品", "集团"),
    ("区级精品", "区、市"),
    ("省级精品", "省级"),
    ("部级精品", "部级"),
)
KINDS = (
    ("notebook-pen", "教学设计"),
    ("layers", "单元设计"),
    ("circle-play", "微课"),
    ("scroll-text", "教学案例"),
    ("clapperboard", "教学录像"),
    ("pencil-ruler", "校本作业"),
    ("file-question-mark", "试卷"),
    ("presentation", "课件"),
    ("list-checks", "学习任务单"),
    ("package", "课时包"),
    ("image", "素材"),
    ("circle-question-mark", "试题"),
)
PIGMENTS = (
    ("paper", "宣纸"),
    ("ink", "墨"),
    ("qing-7", "石青"),
    ("qing-1", "青底"),
    ("lv-7", "石绿"),
    ("zhu-6", "朱砂"),
    ("huang", "藤黄"),
    ("jiang-7", "绛"),
)
LONG = "一个名字特别特别长的课题，长到要换两行才写得下，用来看看排版会不会被它撑破：《长方体和正方体的表面积与体积综合练习》"


@dataclass(frozen=True, slots=True)
class SampleSubject:
    name: str
    block: str
    colour: str


MATHS = SampleSubject("数学", "数", "maths")


class SampleForm(forms.Form):
    """One field of every sort."""

    title = forms.CharField(label="课题", initial="梯形的面积", help_text="写教材上的课名，别人按它来找。")
    minutes = forms.IntegerField(label="环节二 时长（分钟）")
    scope = forms.ChoiceField(
        label="共享范围",
        choices=[("school", "本校"), ("group", "集团")],
        initial="group",
        help_text="七所学校的老师能看、能改编，校外看不到。",
    )
    body = forms.CharField(label="学情", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(label="附件", required=False)
    lesson_type = forms.ChoiceField(
        label="课型", choices=[("new", "新授"), ("practice", "练习")], widget=forms.RadioSelect, initial="new"
    )
    todo = forms.BooleanField(label="同时放进本周待办", required=False, initial=True)
    locked = forms.CharField(label="教材", initial="人教版 五年级上册", disabled=True, required=False)

    def clean_minutes(self) -> int:
        raise forms.ValidationError("合计 48 分钟，超出 8 分钟。减这一环节，或把课分成两课时。")


STAGES: list[dict[str, Any]] = [
    {
        "title": "唤醒旧知",
        "minutes": 5,
        "goals": "目标三",
        "teacher": "出示平行四边形、三角形的推导图，追问：它们都是怎么变过来的？",
        "student": "说出“割补”“倍拼”两种办法，指出变前变后的对应关系。",
        "question": "图形变了，什么没有变？",
    },
    {
        "title": "操作探究",
        "minutes": 17,
        "goals": "目标一",
        "teacher": "每组发 4 个梯形学具，其中两个完全一样。只提要求：把它变成学过的图形，记下你的发现。",
        "student": "两人一组拼、剪、移，至少试出两种。在任务单上画出拼成的图形，标出原来的上底、下底和高。",
        "question": "拼成的平行四边形，它的底是梯形的什么？",
    },
    {
        "title": "分层练习",
        "minutes": 15,
        "goals": "目标二",
        "teacher": "基础题全班做；提升题“水渠横截面”两人讨论；拓展题自选。",
        "student": "独立完成基础 3 题，互批后订正；选做提升题。",
        "intent": "条件由全到缺，逼学生先想需要什么。",
    },
    {"title": "回顾小结", "minutes": 3, "teacher": "请学生给三个公式画一张关系图。", "student": "画图并说一句话。"},
]


FULL_ROW: dict[str, Any] = {
    "kind_icon": "notebook-pen",
    "kind_label": "教学设计",
    "title": "梯形的面积 第1课时",
    "title_html": mark_safe("<mark>梯形的面积</mark> 第1课时"),
    "url": "#row",
    "seal": "集团精品",
    "version": "共案 v1.1",
    "tags": [{"text": "你已接收 v1.0", "tone": "l", "icon": "check"}],
    "meta": ["周敏 主备", "清源实验小学", "人教版 五上 第六单元", "40 分钟", "19 人接收"],
    "where": "环节2 操作探究",
    "snippet": mark_safe(
        "用两个完全一样的<mark>梯形</mark>拼成平行四边形，比一比：<mark>梯形的面积</mark>和它有什么关系？"
    ),
    "kids_label": "另有 2 个个案",
    "kids": [
        {"title": "云山中心小学 吴海棠", "url": "#kid", "note": "改了 3 处：用方格纸代替剪拼，适合 52 人大班"},
        {"title": "东湖小学 林晓雯（你）", "url": "#kid2", "note": "改了 5 处：导入换成校门口的挡水坝"},
    ],
    "preview_url": "?preview=1",
    "primary": {"label": "收入备课", "url": "#take", "icon": "folder-input", "method": "post", "solid": True},
    "favourite": {"url": "#favourite", "on": True},
}
PLAIN_ROW: dict[str, Any] = {
    "kind_icon": "presentation",
    "kind_label": "课件",
    "title": LONG,
    "url": "#long",
    "tags": [{"text": "仅集团可见", "tone": "", "icon": "school"}],
    "meta": ["许嘉", "石桥小学", "31 页，9.8 MB", "下载 87 次"],
    "explain": "因 知识点＝梯形的面积计算 匹配",
    "primary": {"label": "下载", "url": "#", "icon": "download", "why_not": "作者关闭了下载，可以在线看"},
}


COVERAGE: dict[str, Any] = {
    "kinds": [{"icon": icon, "label": label} for icon, label in (KINDS[0], KINDS[7], KINDS[2], KINDS[8], KINDS[6])],
    "rows": [
        {
            "title": "梯形的面积",
            "url": "#node",
            "note": "2 课时",
            "on": True,
            "percent": 88,
            "cells": [
                {"count": 16, "url": "#c1"},
                {"count": 7, "url": "#c2"},
                {"count": 2, "url": "#c3"},
                {"claim_url": "#claim"},
                {"unneeded": True},
            ],
        },
        {
            "title": "三角形的面积",
            "url": "#node2",
            "note": "2 课时",
            "percent": 100,
            "cells": [
                {"count": 14, "url": "#c4"},
                {"count": 8, "url": "#c5"},
                {"claimed_by": "吴海棠"},
                {"count": 3, "url": "#c6"},
                {"unneeded": True},
            ],
        },
    ],
}


FACETS: list[dict[str, Any]] = [
    {
        "label": "类型",
        "options": [
            {"label": "教学设计", "count": 16, "url": "#f1", "on": True},
            {"label": "课件", "count": 7, "url": "#f2"},
            {"label": "微课", "count": 2, "url": "#f3"},
        ],
    },
    {
        "label": "学校",
        "options": [{"label": "清源实验小学", "count": 9, "url": "#f4"}],
        "more_label": "另外 2 所",
        "more": [
            {"label": "东湖小学", "count": 5, "url": "#f5"},
            {"label": "云山中心小学", "count": 3, "url": "#f6"},
        ],
    },
    {"label": "许可", "folded": True, "options": [{"label": "CC BY-NC-SA", "count": 4, "url": "#f7"}]},
]


TODOS: list[dict[str, Any]] = [
    {
        "todo": {
            "icon": "message-circle",
            "title": "研讨《组合图形的面积》第2稿",
            "note": "五数备课组",
            "url": "#todo-1",
        },
        "due": {"words": "过期 2 天", "tone": "late"},
    },
    {
        "todo": {"icon": "file-check", "title": "审《分数的意义》", "note": "校级审核", "url": "#todo-2"},
        "due": {"words": "明天", "tone": "soon"},
    },
]
PIECES = (
    {"kind": "same", "text": "请学生"},
    {"kind": "removed", "text": "独立想办法"},
    {"kind": "added", "text": "先在方格纸上画一画"},
    {"kind": "same", "text": "求面积。"},
)
FILES: list[dict[str, Any]] = [
    {
        "name": "五上_数学_梯形的面积_课件.pptx",
        "ext": "pptx",
        "colour": "var(--subject-morality)",
        "note": "6.2 MB，24 页",
        "state": "ok",
        "message": "检查通过，可以预览",
        "advice": "文字已提取，可被搜到",
        "url": "#file",
        "download_url": "#download",
    },
    {
        "name": "梯形的面积_微课.mp4",
        "ext": "mp4",
        "colour": "var(--subject-english)",
        "note": "412 MB，9 分 32 秒",
        "state": "wait",
        "message": "正在上传 68%，还要约 3 分钟",
        "percent": 68,
    },
    {
        "name": "单元成绩统计.xlsm",
        "ext": "xlsm",
        "colour": "var(--subject-science)",
        "note": "240 kB",
        "state": "no",
        "message": "含宏，已拦下，没有保存",
        "advice": "用 WPS 或 Excel 另存为 .xlsx 再传就可以",
    },
    {
        "name": "梯形的面积 教学设计.docx",
        "ext": "docx",
        "colour": "var(--subject-maths)",
        "note": "1.1 MB，7 页",
        "state": "du",
        "message": "和你上周传的是同一份",
        "advice": "没有重复保存，点开就是那一份",
    },
]


LESSON: dict[str, Any] = {"title": "梯形的面积", "url": "#lesson", "class_name": "五(2)班"}
WEEK: list[dict[str, Any]] = [
    {
        "name": "周一",
        "number": 9,
        "date": "11月9日",
        "lessons": [
            LESSON
            | {
                "title": "三角形的面积",
                "period": "第1节",
                "note": "第2课时，练习",
                "state": "due",
                "state_label": "已授课，待写反思",
            },
        ],
    },
    {
        "name": "周二",
        "number": 10,
        "date": "11月10日",
        "today": True,
        "lessons": [
            LESSON | {"period": "第2节", "note": "第1课时，新授", "state": "ok", "state_label": "已备好"},
            LESSON
            | {
                "period": "第4节",
                "note": "第1课时，新授",
                "state": "ok",
                "state_label": "已备好",
                "class_name": "五(4)班",
            },
        ],
    },
    {
        "name": "周三",
        "number": 11,
        "date": "11月11日",
        "lessons": [LESSON | {"period": "第1节", "note": "第2课时，练习", "state": "wip", "state_label": "草稿 70%"}],
    },
    {
        "name": "周四",
        "number": 12,
        "date": "11月12日",
        "lessons": [
            LESSON
            | {
                "title": "不规则图形的面积",
                "period": "第2节",
                "note": "综合与实践",
                "state": "gap",
                "state_label": "还没有备",
            }
        ],
    },
    {"name": "周五", "number": 13, "date": "11月13日", "lessons": []},
]


TREE: list[dict[str, Any]] = [
    {"number": "五", "title": "简易方程", "url": "#u5", "count": 134},
    {
        "number": "六",
        "title": "多边形的面积",
        "url": "#u6",
        "count": 97,
        "on": True,
        "children": [
            {"title": "平行四边形的面积", "url": "#l1", "count": 18},
            {"title": "梯形的面积", "url": "#l2", "count": 16},
        ],
    },
    {"number": "七", "title": "数学广角——植树问题", "url": "#u7", "count": 0},
]


CASCADE: list[dict[str, Any]] = [
    {
        "label": "学科",
        "value": "数学",
        "subject": "数学",
        "options": [{"label": "语文", "url": "#s1"}, {"label": "数学", "url": "#s2", "current": True}],
    },
    {
        "label": "版本",
        "value": "人教版",
        "mark": "我校选用",
        "options": [{"label": "人教版", "url": "#e1", "current": True}, {"label": "北师大版", "url": "#e2"}],
    },
    {"label": "年级册次", "value": "五年级上册", "options": [{"label": "五年级下册", "url": "#b2"}]},
]


READING: dict[str, Any] = {
    "stages": STAGES,
    "overrun": [
        {"title": "导入", "minutes": 8},
        {"title": "探究", "minutes": 25},
        {"title": "练习", "minutes": 15},
    ],
    "facts": [("课型", "新授"), ("年级", "五年级"), ("时长", "40 分钟"), ("核心素养", "推理意识、几何直观")],
    "versions": [
        {"label": "共案 v1.2", "state": "todo", "note": "待定稿"},
        {
            "label": "共案 v1.1",
            "state": "set",
            "on": True,
            "date": "11月9日",
            "note": "探究改为 17 分钟，新增“剪一刀”",
        },
        {"label": "共案 v1.0", "state": "set", "date": "11月2日", "note": "苏文澜 审定", "url": "#v10"},
        {"label": "第3稿", "date": "10月30日", "url": "#v3"},
    ],
    "steps": [
        {"label": "计划", "state": "done", "note": "10月12日"},
        {"label": "初备", "state": "done", "note": "10月19日"},
        {"label": "研讨", "state": "now", "note": "周三 17:00 前"},
        {"label": "定稿", "state": ""},
        {"label": "下发", "state": ""},
        {"label": "复盘", "state": ""},
    ],
    "mine": {"who": "林晓雯", "at": "10:31", "text": "导入换成校门口的挡水坝，先量一量它的上底和下底。"},
    "theirs": {"who": "陈立言", "at": "10:32", "text": "导入用水渠横截面的照片，问它像我们学过的什么图形。"},
}


PACKAGE: list[dict[str, Any]] = [
    {
        "kind_icon": "notebook-pen",
        "kind_label": "教学设计",
        "title": "梯形的面积 共案 v1.1",
        "url": "#p1",
        "note": "周敏，19 人已接收",
    },
    {
        "kind_icon": "presentation",
        "kind_label": "课件",
        "title": "推导动态课件",
        "url": "#p2",
        "note": "24 页，6.2 MB",
    },
    {
        "kind_icon": "circle-play",
        "kind_label": "微课",
        "title": "转化：梯形怎样变身",
        "url": "#p3",
        "note": "11 分 05 秒",
    },
    {"kind_icon": "list-checks", "kind_label": "学习任务单", "gap": True, "claim_url": "#claim"},
]


SAMPLES: dict[str, Any] = {
    "subjects": SUBJECTS,
    "seals": SEALS,
    "kinds": KINDS,
    "pigments": PIGMENTS,
    "rows": [FULL_ROW, PLAIN_ROW],
    "coverage": COVERAGE,
    "facets": FACETS,
    "files": FILES,
    "todos": TODOS,
    "pieces": PIECES,
    "days": WEEK,
    "nodes": TREE,
    "cells": CASCADE,
    "reading": READING,
    "parts": PACKAGE,
    "book_subject": MATHS,
    "crumbs": [("数学", "#m"), ("人教版", "#r"), ("五年级上册", "#v"), ("第六单元 多边形的面积", None)],
    "chips": [
        {"label": "学科 数学", "remove_url": "#x1"},
        {"label": "版本 人教版", "note": "我校选用", "remove_url": "#x2"},
        {"label": "没看懂 难度=5", "note": "这个条件没有用上", "off": True, "remove_url": "#x3"},
    ],
    "tabs": [
        {"label": "全部", "url": "#t1", "count": 23, "on": True},
        {"label": "教学设计", "url": "#t2", "count": 16},
        {"label": "微课", "url": "#t3", "count": 0},
    ],
    "counts": [("18", "成员"), ("42", "活动"), ("214", "资源"), ("9", "送教学校")],
    "undo": NextStep("撤销", "#undo", "post"),
    "go": NextStep("去备课", "#go"),
    "disabled_action": {"label": "下发", "url": "#", "icon": "send", "why_not": "还有 3 条批注没有处理"},
    "actions": [{"label": "导出目录", "url": "#export", "icon": "download"}],
    "moment_size": 6_200_000,
}


def samples() -> dict[str, Any]:
    """The whole context of the showcase: forms are bound afresh for every request."""
    return SAMPLES | {
        "form": SampleForm(),
        "bad_form": SampleForm(
            {"title": "梯形的面积", "minutes": "25", "scope": "group", "lesson_type": "new"}, auto_id="bad_%s"
        ),
        "page": Paginator(range(400), 20).page(7),
    }
