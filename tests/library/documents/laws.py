"""The laws of merge and difference, said once for the short tests and the long proofs. The oracle reads JSON alone."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from library.documents import schema
from library.documents.difference import applied, difference, text_difference
from library.documents.fields import Document, Holds, specs
from library.documents.merge import Merged, merge, settled
from tests.library.documents.histories import KINDS, Hand, all_words, history


def check_merge(seed: int) -> int:
    """Play one history through every law of the merge; returns how many conflicts it had."""
    random = Random(seed)
    kind = KINDS[seed % len(KINDS)]
    (author, base), (me, mine), (them, theirs) = history(kind, random)
    merged = merge(base, mine, theirs)
    check_tokens((author, base), (me, mine), (them, theirs), merged)
    schema.load(kind, schema.dump(merged.document))
    for side in (mine, theirs):
        assert merge(base, side, side) == Merged(side, (), ())
        assert merge(base, base, side).document == side
        assert not merge(base, base, side).conflicts
        assert merge(base, side, base) == Merged(side, (), ())
    mirrored = merge(base, theirs, mine)
    assert {c.path for c in mirrored.conflicts} == {c.path for c in merged.conflicts}
    if not merged.conflicts:
        assert mirrored.document == merged.document
    check_rows(merged.document)
    check_settling(merged, random)
    return len(merged.conflicts)


def check_tokens(author: tuple[Hand, Any], me: tuple[Hand, Any], them: tuple[Hand, Any], merged: Merged[Any]) -> None:
    """Every token is in the result or in a conflict, or it was deleted by a side that had it before its eyes."""
    before, ours, others = (all_words(schema.dump(side)) for _, side in (author, me, them))
    result = all_words(schema.dump(merged.document))
    asked = all_words([[c.base, c.mine, c.theirs] for c in merged.conflicts])
    told = result + "\x00" + asked
    for hand, text in ((me[0], ours), (them[0], others)):
        lost = [token for token in hand.tokens if token in text and token not in told]
        assert not lost, f"written and lost: {lost}"
    for token in author[0].tokens:
        if token in ours and token in others:
            assert token in told, f"deleted by nobody and lost: {token}"
        elif token in before and token not in asked:
            assert token not in result, f"deleted by a side and back again: {token}"


def check_rows(document: Any) -> None:
    for rows in sections(document):
        orders = [row.order for row in rows.values()]
        assert len(set(orders)) == len(orders), f"order keys collide: {sorted(orders)}"


def sections(part: Any) -> Iterator[Mapping[str, Any]]:
    for name, spec in specs(type(part)):
        held = getattr(part, name)
        if spec.holds is Holds.GROUP:
            yield from sections(held)
        elif spec.holds is Holds.ROWS:
            yield held
            for row in held.values():
                yield from sections(row)


def check_settling(merged: Merged[Any], random: Random) -> None:
    """Whatever is chosen for the conflicts is in the settled document, and nothing else moved."""
    choices = {c.path: random.choice([c.mine, c.theirs]) for c in merged.conflicts}
    whole = settled(merged, choices)
    check_rows(whole)
    told = all_words(schema.dump(whole))
    for value in choices.values():
        for text in all_words(value).split("\x00"):
            assert text in told or len(text) < 2
    assert settled(merged, {}) == merged.document


def check_difference(seed: int) -> None:
    """A difference applied to the old gives the new, both ways, and nothing differs from itself."""
    random = Random(seed)
    _, (_, old), (_, new) = history(KINDS[seed % len(KINDS)], random)
    changes = difference(old, new)
    assert applied(old, changes) == new
    assert applied(new, difference(new, old)) == old
    assert not difference(new, new)
    check_text(all_words(schema.dump(old))[:400], all_words(schema.dump(new))[:400])


def check_text(old: str, new: str) -> None:
    pieces = text_difference(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    assert all(piece.text for piece in pieces)


def kinds() -> list[type[Document]]:
    return list(dict.fromkeys(KINDS))
