"""Text into tokens, the same functions for the index and for the question, so that both engines see equal words.

Three views of a text are taken: words (rjieba), single units with their pairs (a unit is a Chinese character, a Latin
word, a number or a sign), and sounds (pinyin and initials). Pairs find what segmentation cuts differently and what a
typing error leaves whole; sounds find what was typed by ear.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import opencc
import rjieba
from pypinyin import lazy_pinyin

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ebef"
UNIT = re.compile(rf"[{HAN}]|[a-z]+|[0-9]+(?:\.[0-9]+)?|[^\s\w]", re.UNICODE)
IS_HAN = re.compile(rf"[{HAN}]")
BREAKS = frozenset("，。；：！？、,;:!?…—·“”‘’\"'()（）[]【】《》〈〉「」『』~～|/")
STOP_WORDS = frozenset(
    (
        "的",
        "了",
        "和",
        "与",
        "及",
        "或",
        "在",
        "是",
        "有",
        "把",
        "被",
        "对",
        "中",
        "从",
        "之",
        "吗",
        "呢",
        "吧",
        "啊",
        "请",
    )
) | {"我", "要", "一份", "什么", "怎么", "如何", "a", "an", "the", "of"}
INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD), None)
DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
NUMERAL = re.compile("[零〇一二三四五六七八九十]+")
WHOLE_PARTS, WHOLE_UNITS = 4, 24
NEAR_UNITS = 12
IN_PHRASES = "著瞭藉乾麼徵夥覆畫"
"""Signs that are simplified in some phrases and stay in others."""
_to_simplified = opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """One spelling of everything that looks alike: width, case, script, blanks (U+00A0 too), invisible signs."""
    wide = unicodedata.normalize("NFKC", text.translate(INVISIBLE)).lower()
    return " ".join(simplify(wide).split())


def simplify(words: str) -> str:
    """Traditional characters as simplified ones, phrase-aware."""
    return str(_to_simplified.convert(words))


def traditional() -> str:
    """Every sign that `simplify` may write otherwise, alone or in a phrase."""
    han = [chr(code) for code in range(0x3400, 0xA000)]
    return (
        "".join(sign for sign, other in zip(han, simplify("\n".join(han)).split("\n"), strict=True) if sign != other)
        + IN_PHRASES
    )


def arabic(numeral: str) -> str:
    """十二 → 12, 二十 → 20, 二〇二五 → 2025; a numeral that is none (十十) stays as it is."""
    if "十" not in numeral:
        return "".join(str(DIGITS[char]) for char in numeral)
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1 or set(tens + ones) & set("十零〇"):
        return numeral
    return str((DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0))


def with_digits(text: str) -> str:
    """Chinese numerals as Arabic ones, on both sides of the search: 第五单元 and 第5单元 are one."""
    return NUMERAL.sub(lambda found: arabic(found[0]), text)


def units(text: str) -> list[str]:
    """The smallest pieces of a normalised text that carry meaning, punctuation left out."""
    return [unit for unit in UNIT.findall(with_digits(text)) if unit not in BREAKS]


PARTS = re.compile(rf"[\s{re.escape(''.join(BREAKS))}]+")
SENTENCES = re.compile("[。；！？;!?]")


def parts(text: str) -> list[str]:
    """Pieces of a normalised text between blanks, brackets and punctuation."""
    return [piece for piece in PARTS.split(text) if UNIT.search(piece)]


class UnitIsHan(dict[str, bool]):
    """Whether a unit is one Chinese character; long texts ask it of the same few thousand again and again."""

    def __missing__(self, unit: str) -> bool:
        found = len(unit) == 1 and IS_HAN.match(unit) is not None
        if len(self) < 50_000:
            self[unit] = found
        return found


IS_UNIT_HAN = UnitIsHan()


def pair(left: str, right: str) -> str:
    both_han = IS_HAN.match(left) or IS_HAN.match(right)
    return left + right if both_han else f"{left}_{right}"


def pairs(pieces: Sequence[str]) -> list[str]:
    """As `pair` of each and the next; written out, because long texts are made of little else."""
    han = [IS_UNIT_HAN[piece] for piece in pieces]
    return [
        left + right if left_han or right_han else f"{left}_{right}"
        for (left, left_han), (right, right_han) in pairwise(zip(pieces, han, strict=True))
    ]


def grams(text: str) -> list[str]:
    """Units and neighbouring pairs of a normalised text; pairs do not reach across a full stop."""
    found: list[str] = []
    for sentence in SENTENCES.split(text):
        pieces = units(sentence)
        found += pieces
        found += pairs(pieces)
    return found


def segment(text: str) -> list[str]:
    """Words of a normalised text in search mode: long words with the short ones inside them."""
    found = [word for word in rjieba.cut_for_search(text) if _is_word(word)]
    return with_digits("\n".join(found)).split("\n") if found else []


def words(text: str) -> list[str]:
    """Words of a normalised text, each character in one word."""
    return [word for word in rjieba.cut(text) if _is_word(word)]


def _is_word(word: str) -> bool:
    return word.isalnum() or any(map(str.isalnum, word))


def whole(text: str) -> str:
    """A title or a part of one as a single token: `11~20各数的认识` → `1120各数的认识`."""
    return "".join(units(text))


def near(pieces: Sequence[str]) -> list[str]:
    """What a name and its misspellings have in common: its units in order of the alphabet, and it without one unit.

    Two names share a token when units changed places, or when one unit is missing, added or another.
    """
    if not 2 <= len(pieces) <= NEAR_UNITS:
        return []
    tokens = ["~" + "".join(sorted(pieces))]
    if len(pieces) > 2:
        tokens += [f"-{''.join(pieces)}"]
        tokens += [f"-{''.join([*pieces[:at], *pieces[at + 1 :]])}" for at in range(len(pieces))]
    return list(dict.fromkeys(tokens))


def spans(pieces: Sequence[str]) -> Iterator[str]:
    """Runs of up to four neighbouring parts, joined: the exact titles by which an entry may be called."""
    for start in range(len(pieces)):
        for stop in range(start + 1, min(start + WHOLE_PARTS, len(pieces)) + 1):
            joined = "".join(pieces[start:stop])
            if len(joined) <= WHOLE_UNITS * 2:
                yield joined


@lru_cache(maxsize=20_000)
def syllables(text: str) -> tuple[str, ...]:
    """Pinyin without tones of a normalised text, read in its phrases; Latin words and numbers stay."""
    read: list[str] = []
    for run in re.findall(rf"[{HAN}]+|[a-z]+|[0-9]+(?:\.[0-9]+)?", text):
        read += lazy_pinyin(run) if IS_HAN.match(run) else [run]
    return tuple(read)


def initials(read: Sequence[str]) -> str:
    return "".join(syllable if syllable[0].isdigit() else syllable[0] for syllable in read)


def sound_pairs(read: Sequence[str]) -> list[str]:
    return [f"{left}'{right}" for left, right in pairwise(read)]


@lru_cache(maxsize=1)
def known_syllables() -> frozenset[str]:
    """Every syllable of Mandarin, taken from the characters of common use."""
    common = "".join(chr(code) for code in range(0x4E00, 0x9FA6))
    return frozenset(read for read in lazy_pinyin(list(common)) if read.isalpha() and read.isascii())


@lru_cache(maxsize=4_000)
def spell(letters: str) -> tuple[str, ...]:
    """Read letters as full pinyin with as few syllables as possible; empty when they are none."""
    table = known_syllables()
    best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
    for stop in range(1, len(letters) + 1):
        for start in range(max(0, stop - 6), stop):
            before = best[start]
            if before is None or letters[start:stop] not in table:
                continue
            if best[stop] is None or len(before) + 1 < len(best[stop] or ()):
                best[stop] = (*before, letters[start:stop])
    return best[-1] or ()
