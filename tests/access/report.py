"""Every part of the matrix prints its count and fails with the first cases that are wrong."""

import sys


def report(door: str, cases: int, wrong: list[str]) -> None:
    sys.stdout.write(f"\naccess matrix: {door}: {cases} cases, {len(wrong)} mismatches\n")
    assert not wrong, "\n".join([f"{len(wrong)} of {cases} are wrong at the door “{door}”:", *wrong[:40]])
