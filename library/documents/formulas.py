"""LaTeX as MathML: browsers show it, screen readers speak it, paper prints it, and no script is needed.

Where scripts run, KaTeX draws the same source over it. `repaired` is that source: what it cannot read as it was typed is
brought into a form that both can.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from latex2mathml.converter import convert

from library.documents.latex import repaired

LONGEST = 2_000
KEPT = 4_096
NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
TAGS = frozenset(
    [
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "mtext",
        "mspace",
        "mfrac",
        "msqrt",
        "mroot",
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mtable",
        "mtr",
        "mtd",
        "mstyle",
        "mpadded",
        "mphantom",
        "menclose",
    ]
)
ATTRIBUTES = frozenset(
    [
        "display",
        "stretchy",
        "fence",
        "form",
        "lspace",
        "rspace",
        "minsize",
        "maxsize",
        "symmetric",
        "movablelimits",
        "accent",
        "accentunder",
        "linethickness",
        "mathvariant",
        "columnalign",
        "rowspacing",
        "columnspacing",
        "columnlines",
        "rowlines",
        "width",
        "height",
        "depth",
        "notation",
        "displaystyle",
        "scriptlevel",
        "separator",
        "largeop",
    ]
)
"""Nothing that styles, links or names: what a formula needs to be drawn."""


SIGNS = {
    "times": "×",
    "div": "÷",
    "cdot": "·",
    "pm": "±",
    "le": "≤",
    "leq": "≤",
    "leqslant": "≤",
    "ge": "≥",
    "geq": "≥",
    "geqslant": "≥",
    "ne": "≠",
    "neq": "≠",
    "approx": "≈",
    "pi": "π",
    "alpha": "α",
    "beta": "β",
    "triangle": "△",
    "angle": "∠",
    "square": "□",
    "bigcirc": "○",
    "circ": "°",
    "degree": "°",
    "prime": "′",
    "perp": "⊥",
    "parallel": "∥",
    "cdots": "…",
    "ldots": "…",
    "dots": "…",
    "rightarrow": "→",
    "to": "→",
    "because": "∵",
    "therefore": "∴",
    "infty": "∞",
    "bigstar": "★",
    "star": "☆",
    "odot": "⊙",
    "oplus": "⊕",
    "otimes": "⊗",
}
RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_FRACTION = re.compile(rf"\\[dtc]?frac\s*{_GROUP}\s*{_GROUP}")
_SHORT_FRACTION = re.compile(r"\\[dtc]?frac\s*(\d)\s*(\d)")
_WORDS = re.compile(
    rf"\\(?:text|mathrm|textrm|mathbf|textbf|rm|overline|underline|operatorname|mbox|mathit)\s*{_GROUP}"
)
_ROOT = re.compile(rf"\\sqrt\s*{_GROUP}")
_SCRIPT = re.compile(r"([\^_])(?:\{([0-9+\-n]+)\}|([0-9n]))")
_COMMAND = re.compile(r"\\([A-Za-z]+)\s*")


def to_plain(latex: str) -> str:
    """One formula in plain signs, for titles and cards: `\\frac{1}{2}\\times 4` is 1/2×4. Not for counting with."""
    plain = latex.replace("^{\\circ}", "°").replace("^\\circ", "°")
    plain = _SHORT_FRACTION.sub(r"\1/\2", plain)
    for _ in range(3):
        plain = _FRACTION.sub(lambda found: f"{_together(found[1])}/{_together(found[2])}", plain)
        plain = _WORDS.sub(r"\1", plain)
        plain = _ROOT.sub(lambda found: f"√{_together(found[1])}", plain)
    plain = _SCRIPT.sub(_script, plain)
    plain = _COMMAND.sub(lambda found: SIGNS.get(found[1], ""), plain)
    plain = re.sub(r"\\([%&#$_{} ,;!:])", lambda found: "" if found[1] in ",;!: " else found[1], plain)
    return plain.replace("\\", " ").replace("{", "").replace("}", "").replace("~", " ").strip()


def _together(part: str) -> str:
    """A numerator of several things stays one thing on a line."""
    return part if re.fullmatch(r"[\w.]*|\\\w+", part.strip()) else f"({part})"


def _script(found: re.Match[str]) -> str:
    return (found[2] or found[3]).translate(RAISED if found[1] == "^" else LOWERED)


@lru_cache(maxsize=KEPT)
def to_mathml(latex: str, *, block: bool = False) -> str:
    """MathML of one formula, of a closed list of elements and attributes.

    What cannot be read, or would bring anything else into the page, stands as its source in `<code>`.
    """
    source = f"<code>{escape(latex)}</code>"
    if len(latex) > LONGEST:
        return source
    try:
        markup = str(convert(latex, display="block" if block else "inline"))
        root = fromstring(markup)
    except Exception:  # the LaTeX and XML parsers raise a dozen kinds of error, none of them the reader's
        return source
    return markup if all(_is_plain(element) for element in root.iter()) else source


def _is_plain(element: Element) -> bool:
    tag = str(element.tag).removeprefix(NAMESPACE)
    return tag in TAGS and set(element.attrib) <= ATTRIBUTES


@dataclass(frozen=True, slots=True)
class Unreadable(ValueError):
    """A formula that cannot be set as one; `sentence` says why, in Chinese. Its source is kept and printed."""

    sentence: str

    def __str__(self) -> str:
        return self.sentence


def tag_of(element: Element) -> str:
    return str(element.tag).removeprefix(NAMESPACE)


def math_tree(latex: str) -> Element:
    """The MathML tree of one formula, for what writes formulas elsewhere than on a page.

    Raises:
        Unreadable: it is empty, too long, does not parse, or names a command that nobody knows.
    """
    if not latex.strip():
        raise Unreadable("有一个空的公式")
    if len(latex) > LONGEST:
        raise Unreadable(f"有一个公式太长（{len(latex)} 个字符，最多 {LONGEST} 个）")
    source = repaired(latex).replace("{aligned}", "{align*}")
    try:
        root: Element = fromstring(str(convert(source)))
    except Exception as problem:  # the LaTeX and XML parsers raise a dozen kinds of error
        raise Unreadable(f"公式“{latex[:40]}”读不懂") from problem
    for element in root.iter():
        words = element.text or ""
        if tag_of(element) not in TAGS or (len(words) > 1 and words.startswith("\\")) or words == "&":
            raise Unreadable(f"公式“{latex[:40]}”里的“{words or tag_of(element)}”不认识")
    return root
