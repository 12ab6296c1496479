r"""What teachers drew with field codes before there were formulas: EQ \f(1,2), circled digits, readings over characters."""

import re

_CIRCLED = dict(zip("0123456789", "⓪①②③④⑤⑥⑦⑧⑨", strict=True)) | {
    str(number): chr(0x2469 + number - 10) for number in range(10, 21)
}


def read(code: str) -> tuple[str, str]:
    """(LaTeX, plain text) of an EQ field; one of the two is empty. Another field has neither."""
    found = re.match(r"\s*EQ\s+(?P<body>.*)$", code, re.S | re.I)
    if not found:
        return "", ""
    body = found["body"]
    overlay = re.search(r"\\o\s*(?:\\a[cldr]\s*)?\(", body)
    if overlay:
        return "", _overlaid(_arguments(body, overlay.end() - 1))
    made = _latex(body)
    return (made, "") if made != body.strip() else ("", body.strip())


def _overlaid(arguments: list[str]) -> str:
    """A circled digit, or a character under its reading: the character is the text."""
    last = arguments[-1].strip() if arguments else ""
    if arguments and arguments[0].strip() in {"○", "〇", "◯"}:
        return _CIRCLED.get(last, last)
    return last


def _latex(body: str) -> str:
    found = re.search(r"\\(?P<name>[fr])\s*\(", body, re.I)
    if not found:
        return body.strip()
    arguments = _arguments(body, found.end() - 1)
    end = _end(body, found.end() - 1)
    parts = [_latex(part) for part in arguments]
    if found["name"].lower() == "f" and len(parts) == 2:
        made = f"\\frac{{{parts[0]}}}{{{parts[1]}}}"
    else:
        made = f"\\sqrt[{parts[0]}]{{{parts[1]}}}" if len(parts) == 2 and parts[0] else f"\\sqrt{{{parts[-1]}}}"
    return f"{body[: found.start()].strip()}{made}{_latex(body[end:])}".strip()


def _end(body: str, at: int) -> int:
    depth = 0
    for place in range(at, len(body)):
        depth += {"(": 1, ")": -1}.get(body[place], 0)
        if depth == 0:
            return place + 1
    return len(body)


def _arguments(body: str, at: int) -> list[str]:
    """The parts between the brackets that open at `at`, cut at commas and semicolons of their own depth."""
    inside = body[at + 1 : max(at + 1, _end(body, at) - 1)]
    parts, depth, current = [], 0, ""
    for sign in inside:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign in ",;，；" and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += sign
    return [*parts, current]
