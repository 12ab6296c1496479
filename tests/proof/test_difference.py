"""A difference applied to the old gives the new, and the pieces of two texts are the two texts: 20,000 times."""

from tests.library.documents import laws


def test_differences_are_exact(scale: float) -> None:
    for seed in range(round(20_000 * scale)):
        laws.check_difference(1_000_003 * seed + 7)
