"""Fractional order keys: a new key always fits between two others, so that a move changes one row alone."""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""In the order of their code points, so that plain string comparison sorts keys."""

BASE = len(DIGITS)


def between(low: str, high: str) -> str:
    """Return a key strictly between `low` and `high`; an empty string means the open end.

    Keys are fractions in base 62 written without the leading "0."; none ends in "0", so every gap can be split.

    Raises:
        ValueError: `low` is not below `high`, or a key ends in "0".
    """
    if high and low >= high:
        raise ValueError(f"{low!r} is not below {high!r}")
    if low.endswith("0") or high.endswith("0"):
        raise ValueError("an order key never ends in 0")
    if high:
        shared = _shared(low, high)
        if shared:
            return high[:shared] + between(low[shared:], high[shared:])
    first = DIGITS.index(low[0]) if low else 0
    last = DIGITS.index(high[0]) if high else BASE
    if last - first > 1:
        return DIGITS[(first + last) // 2]
    if len(high) > 1:
        return high[0]
    return DIGITS[first] + between(low[1:], "")


def _shared(low: str, high: str) -> int:
    """Length of the common prefix, `low` read as if padded with zeros."""
    length = 0
    while length < len(high) and (low[length] if length < len(low) else "0") == high[length]:
        length += 1
    return length


def spread(count: int) -> list[str]:
    """`count` keys in ascending order, short and far apart, for a document written at once."""
    if count < BASE - 1:
        step = BASE / (count + 1)
        return [DIGITS[max(1, int(step * n))] if count < BASE // 2 else DIGITS[n] for n in range(1, count + 1)]
    keys = [""]
    for _ in range(count):
        keys.append(between(keys[-1], ""))
    return keys[1:]
