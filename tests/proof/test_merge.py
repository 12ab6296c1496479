"""20,000 generated histories of two hands: no word lost, no word back, no choice forgotten; same for both sides."""

from tests.library.documents import laws


def test_no_word_is_lost_in_a_merge(scale: float) -> None:
    histories = round(20_000 * scale)
    conflicts = sum(laws.check_merge(1_000_003 * seed + 11) > 0 for seed in range(histories))
    print(f"{histories} histories, {conflicts} with conflicts")
    assert conflicts > histories / 10, "the hands hardly ever meet"
