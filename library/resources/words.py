"""What teachers call the kinds of resource, and what search calls a node: registered vocabulary and labels."""

from collections.abc import Iterable, Mapping, Sequence

from catalogue.models import Node
from library.resources import kinds
from library.resources.models import Kind
from search.vocabulary import Name

NICKNAMES: Mapping[str, tuple[str, ...]] = {
    Kind.LESSON_DESIGN: ("教案", "教学设计", "教学方案", "备课", "详案", "简案", "说课稿"),
    Kind.UNIT_DESIGN: ("单元设计", "大单元", "单元整体设计", "单元教学设计"),
    Kind.MICRO_LESSON: ("微课", "微视频", "小视频", "微课视频"),
    Kind.TEACHING_CASE: ("案例", "教学案例"),
    Kind.LESSON_RECORDING: ("录像", "实录", "课堂实录", "教学录像"),
    Kind.HOMEWORK: ("作业", "校本作业", "课后作业", "练习", "练习题", "作业单"),
    Kind.PAPER: ("试卷", "卷子", "测试卷", "单元卷", "检测卷", "考卷"),
    Kind.QUESTION: ("试题", "题目", "习题"),
    Kind.COURSEWARE: ("课件", "ppt", "幻灯片", "演示文稿"),
    Kind.WORKSHEET: ("任务单", "学习任务单", "导学案", "学习单", "学案"),
    Kind.MATERIAL: ("素材", "图片", "学具", "音频"),
    Kind.PACKAGE: ("课时包", "资源包", "备课包"),
}
"""The field's words (资源类型的常见叫法); the first one need not be the label."""


def kind_names() -> Iterable[Name]:
    """Labels and nicknames of the registered kinds; each may close a title without a blank (花钟教学设计)."""
    for spec in kinds.registered():
        for word in dict.fromkeys((spec.label, *NICKNAMES.get(spec.kind, ()))):
            yield Name("kind", spec.label, word, closes=True)


def node_titles(uids: Sequence[str]) -> Mapping[str, str]:
    return dict(Node.objects.filter(uid__in=uids).values_list("uid", "title"))
