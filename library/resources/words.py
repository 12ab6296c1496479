"""What teachers call the kinds of resource, and what search calls a node: registered vocabulary and labels."""

from collections.abc import Iterable, Mapping, Sequence

from catalogue.models import Node
from library.resources import kinds
from library.resources.models import Kind
from search.vocabulary import Name

NICKNAMES: Mapping[str, str] = {
    Kind.LESSON_DESIGN: (
        "教案 教学设计 教学方案 教学设计方案 教学预案 教学详案 教学简案 教学设计稿 课时教案 公开课教案 优质课教案 备课 "
        "备课教案 备课稿 详案 简案 说课稿 说课 说课教案 说课设计 设计方案 导学设计 集体备课"
    ),
    Kind.UNIT_DESIGN: "单元设计 大单元 大单元设计 大单元教学设计 单元整体设计 单元教学设计 单元整体教学设计 单元备课",
    Kind.MICRO_LESSON: "微课 微视频 小视频 微课视频 微课程 微课堂 教学微课 讲解视频 知识点视频 微讲座 短视频",
    Kind.TEACHING_CASE: "案例 教学案例 课例 教学课例 课例分析 课例研究 案例分析 教学案例分析 典型案例 优秀案例 课堂案例 教例",
    Kind.LESSON_RECORDING: (
        "录像 教学录像 课堂录像 上课录像 录像课 实录 课堂实录 教学实录 课堂教学实录 上课实录 课堂教学录像 录播 录播课 "
        "上课视频 课堂视频 课堂教学视频 公开课视频 优质课视频 示范课视频 听课视频 授课视频 授课录像 公开课录像 优质课录像"
    ),
    Kind.HOMEWORK: (
        "作业 校本作业 课后作业 课堂作业 家庭作业 回家作业 课时作业 分层作业 作业单 作业题 作业纸 作业设计 练习单 课后练习 "
        "课堂练习 课时练习 同步作业 练习册 练习纸 小练笔 校本练习"
    ),
    Kind.PAPER: "试卷 卷子 测试卷 单元卷 检测卷 考卷 练习卷 试卷子 期中卷 期末卷 月考卷 测验卷 考试卷 单元测试卷 单元检测卷",
    Kind.QUESTION: "试题 题目 习题 考题 题库 试题库 测试题 检测题 考试题 测验题 真题 题",
    Kind.COURSEWARE: "课件 ppt ppt课件 课件ppt 幻灯片 演示文稿 教学课件 多媒体课件 上课课件 公开课课件 课堂课件 pptx",
    Kind.WORKSHEET: "任务单 学习任务单 导学案 学习单 学案 导学单 预习单 探究单 学历案 研学单 自学单 活动单 前置学习单 预学单",
    Kind.MATERIAL: "素材 图片 学具 音频 教学素材 图片素材 教具 挂图 朗读音频 录音",
    Kind.PACKAGE: "课时包 资源包 备课包 教学资源包 素材包",
}
"""The field's words (资源类型的常见叫法), separated by blanks; the first one need not be the label."""

SHARED: Mapping[str, tuple[str, ...]] = {
    "练习题 同步练习 同步练习题 课后练习题 课后习题 专项练习 巩固练习": (Kind.QUESTION, Kind.HOMEWORK),
    "练习 随堂练习 课课练 一课一练": (Kind.HOMEWORK, Kind.QUESTION),
    "卷子 试卷 测试卷 单元卷 检测卷 考卷 练习卷": (Kind.PAPER, Kind.QUESTION),
    "视频 教学视频 视频课": (Kind.LESSON_RECORDING, Kind.MICRO_LESSON),
    "测试题 检测题 测试 检测 单元测试 单元检测": (Kind.QUESTION, Kind.PAPER),
}
"""Words that teachers use for more than one kind."""


def kind_names() -> Iterable[Name]:
    """Labels and nicknames of the kinds; each may close a title without a blank (花钟教学设计)."""
    labels: dict[str, str] = {kind.value: str(kind.label) for kind in Kind}
    labels |= {spec.kind: spec.label for spec in kinds.registered()}
    yield from (Name("kind", label, label, closes=True) for label in labels.values())
    for words, several in SHARED.items():
        first, *others = (labels[kind] for kind in several)
        for word in words.split():
            yield Name("kind", first, word, closes=True, also=tuple(others))
    for kind, words in NICKNAMES.items():
        yield from (Name("kind", labels[kind], word, closes=True) for word in words.split())


def node_titles(uids: Sequence[str]) -> Mapping[str, str]:
    return dict(Node.objects.filter(uid__in=uids).values_list("uid", "title"))
