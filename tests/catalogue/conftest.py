"""A small shelf: two books of mathematics, one of Chinese, written as the seed writes them."""

import pytest

from catalogue.models import Node, Outline
from catalogue.outlines import parse_outline
from catalogue.seeding import seed_catalogue

HEAD = "subject: {}\nedition: {}\ngrade: {}\nvolume: 上册\nrevision: 旧教材\nconfidence: likely\nsource: 录入\n\n"
MATHS = """# 小数乘法
- 小数乘整数
- 积的近似数
# 多边形的面积
@ 梯形的面积
- 平行四边形的面积
- 梯形的面积
= 掷一掷
# 总复习
"""
CHINESE = "#\n1 白鹭\n4 古诗三首\n. 示儿\n. 题临安邸\n语文园地\n"


@pytest.fixture
def shelved(db: None) -> None:
    texts = [("数学", "人教版", 5, MATHS), ("数学", "人教版", 3, "# 测量\n"), ("语文", "统编版", 5, CHINESE)]
    seed_catalogue([parse_outline(row[0], HEAD.format(*row[:3]) + row[3]) for row in texts])


@pytest.fixture
def maths(shelved: None) -> Outline:
    return Outline.objects.get(textbook__subject__name="数学", textbook__grade_from=5)


def node(title: str) -> Node:
    return Node.objects.with_place().get(title=title)
