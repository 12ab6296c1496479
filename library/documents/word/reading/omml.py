r"""Word's formulas (OMML) as LaTeX: \frac, roots, scripts, sums, brackets, matrices and what school mathematics needs.

An element that is not known gives its words, so that nothing of a formula is lost.
"""

import re
from collections.abc import Callable
from typing import Any

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DEEPEST = 40

_SIGNS = {
    "×": r"\times ",
    "÷": r"\div ",
    "·": r"\cdot ",
    "⋅": r"\cdot ",
    "±": r"\pm ",
    "∓": r"\mp ",
    "≤": r"\le ",
    "≥": r"\ge ",
    "≠": r"\ne ",
    "≈": r"\approx ",
    "≡": r"\equiv ",
    "π": r"\pi ",
    "α": r"\alpha ",
    "β": r"\beta ",
    "γ": r"\gamma ",
    "θ": r"\theta ",
    "∠": r"\angle ",
    "△": r"\triangle ",
    "⊥": r"\perp ",
    "∥": r"\parallel ",
    "°": r"^\circ ",
    "∞": r"\infty ",
    "→": r"\rightarrow ",
    "∵": r"\because ",
    "∴": r"\therefore ",
    "…": r"\ldots ",
    "⋯": r"\cdots ",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "$": r"\$",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\sim ",
    "\\": r"\backslash ",
}
_NARY = {"∑": r"\sum", "∏": r"\prod", "∫": r"\int", "⋃": r"\bigcup", "⋂": r"\bigcap", "": r"\int"}
_ACCENTS = {
    "\u0302": r"\hat",
    "\u0303": r"\tilde",
    "\u0304": r"\bar",
    "\u0305": r"\overline",
    "¯": r"\bar",
    "\u0307": r"\dot",
    "\u0308": r"\ddot",
    "\u20d7": r"\vec",
    "→": r"\overrightarrow",
    "": r"\hat",
}
_FENCES = {"{": r"\{", "}": r"\}", "|": "|", "‖": r"\|", "": ".", "〈": r"\langle ", "〉": r"\rangle "}
_FUNCTIONS = frozenset({"sin", "cos", "tan", "cot", "log", "ln", "lg", "lim", "max", "min"})
_WORDS = re.compile(r"[\u3400-\u9fff\uff01-\uff5e\u3000-\u303f]+")


def latex(element: Any) -> str:
    """LaTeX of one `m:oMath`."""
    made = _children(element, 0)
    return re.sub(r"(\\[A-Za-z]+) (?![A-Za-z])", r"\1", re.sub(r"\s+", " ", made)).strip()


def _children(element: Any, depth: int) -> str:
    return "".join(_one(child, depth) for child in element) if element is not None else ""


def _one(element: Any, depth: int) -> str:
    if not isinstance(element.tag, str) or depth > DEEPEST:
        return ""
    name = element.tag.rpartition("}")[2]
    if name == "t":
        return _text(element.text or "")
    if name in {"del", "moveFrom", "delText"} or name.endswith("Pr"):
        return ""
    made = _MAKERS.get(name)
    return made(element, depth + 1) if made else _children(element, depth + 1)


def _run(element: Any, depth: int) -> str:
    text = "".join(part.text or "" for part in element if part.tag in {f"{M}t", f"{W}t"})
    if text.strip() in _FUNCTIONS:
        return f"\\{text.strip()} "
    return _text(text)


def _text(text: str) -> str:
    made = "".join(_SIGNS.get(sign, sign) for sign in text)
    return _WORDS.sub(lambda found: f"\\text{{{found[0]}}}", made)


def _arg(element: Any, name: str, depth: int) -> str:
    return _children(element.find(f"{M}{name}"), depth).strip()


def _property(element: Any, holder: str, name: str, missing: str = "") -> str:
    found = element.find(f"{M}{holder}/{M}{name}")
    return missing if found is None else str(found.get(f"{M}val", ""))


def _fraction(element: Any, depth: int) -> str:
    top, bottom = _arg(element, "num", depth), _arg(element, "den", depth)
    if _property(element, "fPr", "type") == "lin":
        return f"{top}/{bottom}"
    return f"\\frac{{{top}}}{{{bottom}}}"


def _root(element: Any, depth: int) -> str:
    degree, inside = _arg(element, "deg", depth), _arg(element, "e", depth)
    return f"\\sqrt[{degree}]{{{inside}}}" if degree else f"\\sqrt{{{inside}}}"


def _base(element: Any, depth: int) -> str:
    made = _arg(element, "e", depth)
    return made if len(made) <= 1 or re.fullmatch(r"\\[A-Za-z]+|\d+", made) else f"{{{made}}}"


def _script(element: Any, depth: int) -> str:
    made = _base(element, depth)
    for name, sign in (("sub", "_"), ("sup", "^")):
        if element.find(f"{M}{name}") is not None:
            made += f"{sign}{{{_arg(element, name, depth)}}}"
    return made


def _before(element: Any, depth: int) -> str:
    return f"{{}}_{{{_arg(element, 'sub', depth)}}}^{{{_arg(element, 'sup', depth)}}}{_arg(element, 'e', depth)}"


def _nary(element: Any, depth: int) -> str:
    sign = _property(element, "naryPr", "chr")
    made = _NARY.get(sign, _text(sign))
    below, above = _arg(element, "sub", depth), _arg(element, "sup", depth)
    made += (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    return f"{made} {_arg(element, 'e', depth)}"


def _fenced(element: Any, depth: int) -> str:
    opening = _property(element, "dPr", "begChr", "(")
    closing = _property(element, "dPr", "endChr", ")")
    between = _property(element, "dPr", "sepChr", "|")
    inside = _text(between).join(_children(part, depth) for part in element.findall(f"{M}e"))
    return f"\\left{_FENCES.get(opening, opening)}{inside}\\right{_FENCES.get(closing, closing)}"


def _accented(element: Any, depth: int) -> str:
    accent = _ACCENTS.get(_property(element, "accPr", "chr"), r"\hat")
    return f"{accent}{{{_arg(element, 'e', depth)}}}"


def _bar(element: Any, depth: int) -> str:
    where = r"\overline" if _property(element, "barPr", "pos") == "top" else r"\underline"
    return f"{where}{{{_arg(element, 'e', depth)}}}"


def _matrix(element: Any, depth: int) -> str:
    rows = [[_children(cell, depth) for cell in row.findall(f"{M}e")] for row in element.findall(f"{M}mr")]
    inside = " \\\\ ".join(" & ".join(row) for row in rows)
    return f"\\begin{{matrix}}{inside}\\end{{matrix}}"


def _lines(element: Any, depth: int) -> str:
    rows = " \\\\ ".join(_children(part, depth) for part in element.findall(f"{M}e"))
    return f"\\begin{{aligned}}{rows}\\end{{aligned}}"


def _function(element: Any, depth: int) -> str:
    return f"{_arg(element, 'fName', depth)} {_arg(element, 'e', depth)}"


def _below(element: Any, depth: int) -> str:
    base, limit = _arg(element, "e", depth), _arg(element, "lim", depth)
    plain = re.fullmatch(r"\\(?:lim|max|min)", base)
    return f"{base}_{{{limit}}}" if plain else f"\\underset{{{limit}}}{{{base}}}"


def _above(element: Any, depth: int) -> str:
    return f"\\overset{{{_arg(element, 'lim', depth)}}}{{{_arg(element, 'e', depth)}}}"


def _group(element: Any, depth: int) -> str:
    inside = _arg(element, "e", depth)
    top = _property(element, "groupChrPr", "pos") == "top"
    return f"\\{'overbrace' if top else 'underbrace'}{{{inside}}}"


def _boxed(element: Any, depth: int) -> str:
    return f"\\boxed{{{_arg(element, 'e', depth)}}}"


_MAKERS: dict[str, Callable[[Any, int], str]] = {
    "r": _run,
    "f": _fraction,
    "rad": _root,
    "sSup": _script,
    "sSub": _script,
    "sSubSup": _script,
    "sPre": _before,
    "nary": _nary,
    "d": _fenced,
    "acc": _accented,
    "bar": _bar,
    "m": _matrix,
    "eqArr": _lines,
    "func": _function,
    "limLow": _below,
    "limUpp": _above,
    "groupChr": _group,
    "borderBox": _boxed,
}
