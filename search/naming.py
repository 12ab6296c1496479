"""What an entry is called once its place in the book and its kind are left out of the title.

`四下 18《小英雄雨来（节选）》校本作业` is called 小英雄雨来. A question for that name finds it before titles in which the name
merely occurs. Only the title's own words go: places of the common grammar, and what the entry's facets say.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from search import text
from search.coordinates import PLACE

MOST_NAMES = 5
YEAR = re.compile(r"20[0-9]{2}(?:\s?[-~—至]\s?20[0-9]{2})?\s?(?:学年度?|年)?(?:第[一二12]学期)?")
PERIOD = re.compile(r"第?[一二三四五六1-6]课时")
EDITION = re.compile(
    rf"^[{text.HAN}]{{1,4}}版(?:pep)?|(?<![{text.HAN}])[{text.HAN}]{{2,3}}版(?:pep)?(?![{text.HAN}]*本)"
)
BOOK_TITLE = re.compile("《([^》]+)》")
NUMBERED = re.compile(r"^[0-9]{1,2}(?:\s+|[.、]\s*(?![0-9])|(?=《)|$)")
BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
TURN = re.compile(r"[·•:：]")
FRAME = "(?:单元整体|单元|整体|大单元)?"
SAID_BY_FACETS = ("kind", "edition", "subject")


def names(title: str, facets: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The names of an entry with a normalised title, each as one run of units, the fullest first."""
    said = tuple(text.normalise(value) for facet in SAID_BY_FACETS for value in facets.get(facet, ()))
    return list(_names(title, said))


@lru_cache(maxsize=2_000)
def _names(title: str, said: tuple[str, ...]) -> tuple[str, ...]:
    bare = _bare(title, said) or title
    shorter = BRACKETS.sub(" ", bare)
    first = TURN.split(shorter)[0]
    found = [text.whole(form) for form in (bare, shorter, first)]
    if NUMBERED.search(bare):
        found.append(text.whole(NUMBERED.sub("", shorter)))
    return tuple(dict.fromkeys(name for name in found if name))[:MOST_NAMES]


def _bare(title: str, said: tuple[str, ...]) -> str:
    """The title without what merely says where it belongs; the words in 《》 alone when only that stands around them."""
    quoted = BOOK_TITLE.findall(title)
    around = _taken_away(BOOK_TITLE.sub(" ", title) if quoted else title, said)
    if len(quoted) == 1 and not NUMBERED.sub("", around).strip():
        return str(quoted[0])
    return around if not quoted else _taken_away(title, said)


def _taken_away(title: str, said: tuple[str, ...]) -> str:
    for value in filter(None, said):
        title = re.sub(rf"(?<=年级){re.escape(value)}(?=[上下]册)", "", title)
    for pattern in (YEAR, EDITION, PLACE, PERIOD):
        title = pattern.sub(" ", title)
    kept = " ".join(re.sub(r"[(（]\s*[)）]", " ", title).split())
    for value in filter(None, said):
        kept = re.sub(rf"(?:^|{FRAME}){re.escape(value)}$", "", kept).strip()
        kept = kept.removeprefix(f"{value} ").strip() if kept != value else ""
    return kept
