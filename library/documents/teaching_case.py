"""教学案例: one real problem of teaching, what was done about it, and how one knows that it helped."""

from collections.abc import Mapping
from dataclasses import dataclass

from library.documents.fields import Document, RichText, Row, rich, rows, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Row):
    """成效数据: one measured thing before and after. Numbers of classes, never names of pupils."""

    measure: str = text("看什么", required=True, hint="如 独立列式正确的人数")
    before: str = text("之前")
    after: str = text("之后")
    source: str = text("数据从哪来", hint="如 三(2)班 42 人，9月与11月各测一次")


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingCaseDocument(Document):
    """教学案例, in the order in which such cases are printed."""

    background: RichText = rich("案例背景", required=True)
    problem: RichText = rich("问题", required=True)
    process: RichText = rich("情境与过程", required=True)
    strategy: RichText = rich("策略与证据", required=True)
    results: Mapping[str, Result] = rows("成效数据", Result, noun="数据")
    reflection: RichText = rich("反思与启示", required=True)
    conditions: RichText = rich("适用条件", hint="什么样的班、什么样的课可以照着试，什么情况不要照搬")


def advice(document: TeachingCaseDocument) -> list[str]:
    """What makes a case convincing."""
    found = [] if document.results else ["还没有成效数据，读的人不知道有没有用"]
    bare = [at for at, row in enumerate(document.results.values(), 1) if not row.source]
    return found + [f"数据 {at} 没写从哪来" for at in bare]
