"""Difference and merge of whole lesson designs, and of two texts of 5,000 characters: middle and slowest time."""

import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

from library.documents import rich
from library.documents.difference import applied, difference, text_difference
from library.documents.fields import ordered
from library.documents.lesson_design import LessonDesignDocument, Stage
from library.documents.merge import merge
from library.documents.order import spread

CHARACTERS = 5_000
STAGES = 20
ROUNDS = 30
SIGNS = "的一是在梯形面积学生高底平行四边同桌发现剪拼说观察比较推导公式练习。，、；"


def words(random: Random, length: int) -> str:
    return "".join(random.choices(SIGNS, k=length))


def edited(text: str, random: Random, edits: int) -> str:
    """A text with so many small edits."""
    for _ in range(edits):
        at = random.randrange(len(text))
        text = text[:at] + words(random, random.randrange(6)) + text[at + random.randrange(4) :]
    return text


def design(random: Random) -> LessonDesignDocument:
    """A whole design of 20 stages and some 5,000 characters."""
    part = CHARACTERS // STAGES // 2
    stages = {
        f"k{number}": Stage(
            order=order,
            title=f"环节{number}",
            minutes=2,
            teacher=rich.from_markup(words(random, part)),
            pupils=rich.from_markup(words(random, part)),
        )
        for number, order in enumerate(spread(STAGES))
    }
    return LessonDesignDocument(stages=stages)


def rewritten(base: LessonDesignDocument, random: Random, every: int) -> LessonDesignDocument:
    """The same design after one hand: every so many stages edited in both columns."""
    stages: dict[str, Stage] = {}
    for number, (key, stage) in enumerate(ordered(base.stages)):
        stages[key] = stage
        if number % every == 0:
            teacher, pupils = (
                rich.from_markup(edited(rich.to_text(side), random, 3)) for side in (stage.teacher, stage.pupils)
            )
            stages[key] = replace(stage, teacher=teacher, pupils=pupils)
    return LessonDesignDocument(stages=stages)


def timed(deed: Callable[[], Any]) -> str:
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        deed()
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    return f"{took[ROUNDS // 2]:.1f} ms middle, {took[-1]:.1f} ms slowest of {ROUNDS}"


def measure(given: Namespace) -> Iterator[str]:
    """Each figure with what it was measured on."""
    random = Random(5)
    text = words(random, CHARACTERS)
    near, far = edited(text, random, 200), words(random, CHARACTERS)
    yield f"difference of two texts of {CHARACTERS} characters, 200 edits: {timed(lambda: text_difference(text, near))}"
    yield f"difference of two texts of {CHARACTERS} characters, nothing alike: {timed(lambda: text_difference(text, far))}"
    base = design(random)
    mine, theirs = rewritten(base, random, 2), rewritten(base, random, 3)
    changes = difference(base, mine)
    yield f"difference of two designs of {STAGES} stages: {timed(lambda: difference(base, mine))}"
    yield f"applied: {timed(lambda: applied(base, changes))}"
    yield f"merge of three designs of {STAGES} stages: {timed(lambda: merge(base, mine, theirs))}"
