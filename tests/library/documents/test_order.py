"""Order keys: there is always room between two."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.documents.order import between, spread


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
@settings(deadline=None, max_examples=200)
def test_a_key_fits_at_any_place_of_any_list(places: list[float]) -> None:
    keys: list[str] = []
    for place in places:
        at = round(place * len(keys))
        low = keys[at - 1] if at else ""
        high = keys[at] if at < len(keys) else ""
        keys.insert(at, between(low, high))
        assert keys == sorted(keys)
        assert len(set(keys)) == len(keys)
        assert not keys[at].endswith("0")


def test_inserting_always_before_the_first_row_keeps_room() -> None:
    key = between("", "")
    for _ in range(500):
        lower = between("", key)
        assert lower < key
        key = lower


def test_keys_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="not below"):
        between("b", "a")


@pytest.mark.parametrize("count", [0, 1, 7, 30, 60, 61, 300])
def test_a_document_written_at_once_gets_ascending_keys(count: int) -> None:
    keys = spread(count)
    assert len(keys) == count
    assert keys == sorted(set(keys))
