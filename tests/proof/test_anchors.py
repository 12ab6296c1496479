"""Remarks under edits: every one stands at its own characters or says 原文已改; none is lost, none stands elsewhere."""

import random
from dataclasses import dataclass, field

import pytest

from library.documents import rich
from library.documents.anchors import Anchor, Following, Texts, anchored, find
from library.documents.fields import ordered
from library.documents.merge import merge
from tests.proof import identities
from tests.proof.identities import Fields, Writer

pytestmark = pytest.mark.proof

LESSONS = 20
REMARKS = 1_000
EDITS = 5_000


@dataclass
class Remark:
    anchor: Anchor
    names: list[frozenset[int]]


@dataclass
class Tally:
    checked: int = 0
    wrong: list[str] = field(default_factory=list)
    lost: int = 0
    gone: int = 0
    gone_though_whole: int = 0

    def look(self, before: Anchor, after: Anchor, names: list[frozenset[int]], fields: Fields, texts: Texts) -> None:
        self.checked += 1
        self.lost += after.quote != before.quote
        if after.gone:
            self.gone += 1
            self.gone_though_whole += identities.still_whole(fields, names)
            return
        found = find(after, texts)
        if found is None or not identities.stands_at(fields, after, names):
            self.wrong.append(f"{after.quote} at {after.path} {after.start}")


def _remarks(dice: random.Random, fields: Fields, texts: Texts, wanted: int) -> list[Remark]:
    return [
        Remark(anchored(texts, identities.path_of(key), low, high), [sign.names for sign in fields[key][low:high]])
        for key, low, high in identities.places(dice, fields, wanted)
    ]


def _play(dice: random.Random, remarks: int, edits: int, tally: Tally) -> None:
    fields, order = identities.lesson(dice)
    writer = Writer(dice, fields, order)
    texts = Texts(identities.document(writer.fields, writer.order))
    held = _remarks(dice, writer.fields, texts, remarks)
    for number in range(edits):
        before = Writer(dice, writer.fields, writer.order)
        writer.save()
        texts, held = _followed(texts, held, writer, tally)
        if number % 10 == 9:
            _merge(before, writer)
            texts, held = _followed(texts, held, writer, tally)
        held += _remarks(dice, writer.fields, texts, remarks - len(held))


def _followed(texts: Texts, held: list[Remark], writer: Writer, tally: Tally) -> tuple[Texts, list[Remark]]:
    """What was remarked on, in the text as it is now; who is gone is counted and leaves."""
    now = Texts(identities.document(writer.fields, writer.order))
    course = Following(texts, now)
    for remark in held:
        after = course.moved(remark.anchor)
        tally.look(remark.anchor, after, remark.names, writer.fields, now)
        remark.anchor = after
    return now, [remark for remark in held if not remark.anchor.gone]


def _merge(base: Writer, writer: Writer) -> None:
    """Somebody else edited the same base: both together go on."""
    other = Writer(writer.dice, base.fields, base.order)
    other.save()
    versions = [identities.document(one.fields, one.order) for one in (base, writer, other)]
    merged = merge(versions[0], versions[1], versions[2]).document
    stages = ordered(merged.stages)
    fields = {}
    for key, stage in stages:
        text = rich.to_text(stage.teacher)
        drawn = [one.fields[key] for one in (writer, other) if key in one.fields]
        fields[key] = identities.joined(text, drawn)
    writer.fields, writer.order = fields, [key for key, _ in stages]


def test_no_remark_is_lost_or_stands_at_a_wrong_place(scale: float) -> None:
    dice, tally = random.Random(20261124), Tally()
    for _ in range(max(1, round(LESSONS * scale))):
        _play(dice, REMARKS // LESSONS, EDITS // LESSONS, tally)
    print(f"{tally.checked} looks, {tally.gone} gone, {tally.gone_though_whole} of them still whole")
    assert tally.wrong == []
    assert tally.lost == 0
    assert tally.gone_though_whole <= tally.gone / 8
