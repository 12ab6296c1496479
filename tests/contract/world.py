"""Entries that every engine is asked about: few, but each with a reason."""

from datetime import UTC, datetime

from search.ports import Entry, Passage

PUBLIC = frozenset({"public"})
MEMBER = frozenset({"public", "org:1"})
COLLEAGUE = frozenset({"public", "person:7"})


def entry(key: str, title: str, *, tokens: str = "public", facets: str = "", **more: object) -> Entry:
    """`facets` as `subject=数学 grade=五年级,六年级`; `tokens` separated by blanks."""
    pairs = (pair.split("=") for pair in facets.split())
    values: dict[str, object] = {
        "source": key.partition(":")[0],
        "tokens": frozenset(tokens.split()),
        "facets": {name: tuple(found.split(",")) for name, found in pairs},
        "version": 1,
    }
    return Entry(key=key, title=title, **values | more)  # type: ignore[arg-type]


def day(month: int) -> datetime:
    return datetime(2026, month, 1, tzinfo=UTC)


MATHS = "subject=数学 grade=五年级 volume=上册 edition=人教版"

WORLD: tuple[Entry, ...] = (
    entry(
        "resource:trapezium",
        "梯形的面积",
        facets=f"{MATHS} kind=教学设计 unit=第6单元_多边形 school=清源实验小学",
        summary="转化的思想贯穿全课。",
        keywords=("转化思想", "梯形的面积计算"),
        authors=("周敏",),
        passages=(
            Passage("环节1 导入", "出示堤坝的横截面，说说它是什么形状。"),
            Passage("环节2 操作探究", "准备两张纸片。用两个完全一样的梯形拼成平行四边形，比一比面积。"),
        ),
        position=62,
        published_at=day(3),
        uses=5,
        citations=9,
        fold="resource:trapezium",
    ),
    entry(
        "resource:adapted-here",
        "梯形的面积（大班）",
        tokens="org:1",
        facets=f"{MATHS} kind=教学设计 school=云山中心小学",
        primary=False,
        fold="resource:trapezium",
        position=62,
        published_at=day(4),
    ),
    entry(
        "resource:adapted-open",
        "梯形的面积（挡水坝导入）",
        facets=f"{MATHS} kind=教学设计 school=东湖小学",
        primary=False,
        fold="resource:trapezium",
        position=62,
        published_at=day(5),
    ),
    entry(
        "resource:parallelogram",
        "平行四边形的面积",
        facets=f"{MATHS} kind=课件 school=清源实验小学",
        passages=(Passage("第7页", "沿着高剪开，平移以后成了长方形。"),),
        position=61,
        published_at=day(6),
        uses=12,
        citations=1,
    ),
    entry(
        "resource:triangle",
        "三角形的面积",
        tokens="org:1",
        facets=f"{MATHS} kind=微课 school=西溪小学",
        position=63,
        published_at=day(2),
        uses=1,
        citations=4,
    ),
    entry(
        "resource:tide",
        "观潮",
        tokens="person:7",
        facets="subject=语文 grade=四年级 volume=上册 edition=统编版 kind=教学设计",
        passages=(Passage("第一课时", "那条白线很快地向我们移来，逐渐拉长，变粗，横贯江面。"),),
        position=1,
        published_at=day(1),
    ),
    entry(
        "resource:night",
        "《靜夜思》教學設計",
        facets="subject=语文 grade=一年级 volume=下册 edition=统编版 kind=教学设计",
        authors=("林曉雯",),
        passages=(Passage("朗读", "床前明月光，疑是地上霜。"),),
        position=108,
        published_at=day(7),
        uses=3,
    ),
    entry(
        "resource:look",
        "Unit 3 Look at me!",
        facets="subject=英语 grade=三年级 volume=上册 edition=人教PEP kind=课件 unit=第3单元_Look_at_me!",
        passages=(Passage("第2页", "This is my face. Ｔｏｕｃｈ\u00a0your nose."),),
        published_at=day(8),
        uses=2,
        citations=2,
    ),
    entry(
        "resource:bridge",
        "赵州桥",
        facets="subject=语文 grade=三年级 volume=下册 edition=统编版 kind=教学设计,课件",
        passages=(Passage("环节3", "这座桥不但坚固，而且美观。<b>面积</b>不是这里的词。"),),
        position=11,
        published_at=day(9),
    ),
    entry("studio:su", "苏文澜名师工作室", summary="专注图形与几何的教学。", published_at=day(5)),
)
