"""Places and names typed in pinyin as one run of letters: sixiayuwen, jiaoxuesheji."""

import re
from collections.abc import Mapping

from search.coordinates import Piece, grade_value, volume_value
from search.vocabulary import Name

RUN = re.compile(r"(?<![a-z])[a-z]{4,40}(?![a-z])")
GRADES = ("yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu")
HALVES = {"shang": "上", "xia": "下"}
PLACE = re.compile(
    rf"(?:xiaoxue)?(?P<grade>{'|'.join(GRADES)})(?P<year>nianji)?(?:(?P<half>shang|xia)(?P<book>ce|xueqi|banxueqi)?)?"
)


def find(question: str, names: Mapping[str, Name]) -> list[Piece]:
    """Runs that mean filters to their last letter; a run like yixia that stands alone is a word."""
    runs = list(RUN.finditer(question))
    found: list[Piece] = []
    for run in runs:
        filters = _read(run[0], names, sure=len(runs) == 1 and run[0] == question)
        if filters:
            found.append(Piece(run.start(), run.end(), filters))
    return found


def _read(letters: str, names: Mapping[str, Name], *, sure: bool) -> tuple[tuple[str, str], ...]:
    """Facets and values of a whole run; nothing when a letter is left over, or when `sure` and it may be a word."""
    filters: list[tuple[str, str]] = []
    at, is_word = 0, sure
    while at < len(letters):
        place = PLACE.match(letters, at)
        name = None if place and (place["year"] or place["half"]) else _name(letters, at, names)
        if place and (place["year"] or place["half"]):
            filters.append(("grade", grade_value(GRADES.index(place["grade"]) + 1)))
            if place["half"]:
                filters.append(("volume", volume_value(HALVES[place["half"]])))
            is_word = is_word and not (place["year"] or place["book"])
            at = place.end()
        elif name:
            filters += names[name].filters
            is_word = False
            at += len(name)
        else:
            return ()
    return () if is_word else tuple(filters)


def _name(letters: str, start: int, names: Mapping[str, Name]) -> str:
    return next(
        (letters[start:stop] for stop in range(len(letters), start + 2, -1) if letters[start:stop] in names), ""
    )
