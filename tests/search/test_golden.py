"""The product's own frozen questions: what a teacher types, and what must stand first, on every engine.

The entries are those of the demo city's kind; a change of the fields or the reading that loses one of them is seen here.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from library.resources.words import kind_names
from search.asking import ask
from search.engines.memory import MemoryEngine
from search.engines.tantivy import TantivyEngine
from search.ports import Engine, Entry, Passage, Query
from search.synonyms import table as synonym_table
from search.understanding import understand
from search.vocabulary import Name, table

BOOKS = {
    "math": ("数学", "人教版", "五年级", "上册"),
    "chinese": ("语文", "统编版", "三年级", "下册"),
    "science": ("科学", "教科版", "四年级", "下册"),
}
TITLES = (
    ("math", "梯形的面积", "教学设计", "第6单元 多边形的面积", "用两个完全一样的梯形拼成平行四边形。"),
    ("math", "梯形的面积", "课件", "第6单元 多边形的面积", "堤坝的横截面是什么形状。"),
    ("math", "平行四边形的面积", "教学设计", "第6单元 多边形的面积", "沿着高剪开，平移以后成了长方形。"),
    ("math", "小数乘整数", "微课", "第1单元 小数乘法", "积的小数点点在哪里。"),
    ("math", "可能性", "校本作业", "第4单元 可能性", "摸球游戏公平吗。"),
    ("chinese", "《花钟》", "教学设计", "第4单元", "鲜花朵朵，争奇斗艳，芬芳迷人。"),
    ("chinese", "《赵州桥》", "教学录像", "第3单元", "这座桥不但坚固，而且美观。"),
    ("chinese", "《蜜蜂》", "试题", "第4单元", "我把蜜蜂放在纸袋里。"),
    ("chinese", "《海底世界》", "教学案例", "第7单元", "海底是否没有一点儿声音呢。"),
    ("science", "点亮小灯泡", "教学设计", "第2单元 电路", "电流从电池的正极流向负极。"),
    ("science", "种子的传播", "微课", "第1单元 植物的生长变化", "蒲公英的种子随风飘走。"),
)
QUESTIONS = (
    ("梯形的面积教案", 0),
    ("梯形的面积 ppt", 1),
    ("五上数学 梯形的面积 课件", 1),
    ("tixingdemianji jiaoan", 0),
    ("pxsbxdmj", 2),
    ("平行4边形的面积", 2),
    ("平形四边形的面积", 2),
    ("小数乘整数 微视频", 3),
    ("xiaoshu乘整数", 3),
    ("小数整数乘", 3),
    ("五年级上册第四单元 作业", 4),
    ("摸球游戏公平吗", 4),
    ("三下语文花钟", 5),
    ("花種", 5),
    ("谁有《花钟》的教学方案呀", 5),
    ("部编版 赵洲桥 上课视频", 6),
    ("zhaozhouqiao", 6),
    ("趙州橋", 6),
    ("蜜蜂 练习题", 7),
    ("三下 海底世届", 8),
    ("海底 世界课例", 8),
    ("sixiakexue dianliangxiaodengpao jiaoan", 9),
    ("点亮小灯泡怎么上", 9),
    ("电流从电池的正极", 9),
    ("四年级下学期科学 单元一 微课", 10),
    ("４下 種子的傳播", 10),
    ("蒲公英 飘走", 10),
)


def entries() -> list[Entry]:
    found = []
    for number, (book, title, kind, unit, body) in enumerate(TITLES):
        subject, edition, grade, volume = BOOKS[book]
        facets = {"subject": subject, "edition": edition, "grade": grade, "volume": volume, "kind": kind, "unit": unit}
        found.append(
            Entry(
                f"resource:{number}",
                "resource",
                title,
                passages=(Passage("环节1", body),),
                facets={name: (value,) for name, value in facets.items()},
                tokens=frozenset({"public"}),
                version=1,
            )
        )
    return found


def names() -> dict[str, Name]:
    books = [
        Name(facet, value, value)
        for book in BOOKS.values()
        for facet, value in (("subject", book[0]), ("edition", book[1]))
    ]
    return table([*books, Name("edition", "统编版", "部编版"), *kind_names()])


@pytest.fixture(
    scope="module", params=["memory", "tantivy", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]
)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = _made(request, tmp_path_factory.mktemp("golden"))
    engine.create()
    engine.write(entries())
    engine.refresh()
    yield engine
    engine.drop()


def _made(request: pytest.FixtureRequest, folder: Path) -> Engine:
    if request.param == "memory":
        return MemoryEngine()
    if request.param == "tantivy":
        return TantivyEngine(folder)
    from search.engines.elasticsearch import ElasticsearchEngine, connect

    return ElasticsearchEngine(connect(request.getfixturevalue("elasticsearch_url")), "gongbei-golden")


@pytest.mark.parametrize(("typed", "number"), QUESTIONS)
def test_what_is_asked_for_stands_first(engine: Engine, typed: str, number: int) -> None:
    answer = ask(engine, understand(typed, names(), synonym_table([])), Query())
    assert answer.page.hits[0].entry.uid == str(number), [hit.entry.title for hit in answer.page.hits]
