"""A formula for typst: a walk over the same MathML as for Word. What it does not know is refused by name."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from xml.etree.ElementTree import Element

from library.documents.formulas import Unreadable, math_tree, tag_of

ACCENTS = {
    "˙": "dot",
    "¨": "dot.double",
    "^": "hat",
    "ˆ": "hat",
    "˜": "tilde",
    "~": "tilde",
    "→": "arrow",
    "ˇ": "caron",
}
BARS = frozenset("―‾¯_−-")
BRACES = {"⏞": "overbrace", "⏟": "underbrace"}
SPECIAL = frozenset("\\#$&_^/\"'`~*@;:,.()[]{}<>-=+!|?")


@lru_cache(maxsize=4_096)
def to_typst(latex: str) -> str:
    """The inside of `$…$`.

    Raises:
        Unreadable: `sentence` says what cannot be set.
    """
    return _all(list(math_tree(latex)))


def _all(nodes: list[Element]) -> str:
    """A run of nodes; brackets that stretch are set around what they hold."""
    written, at = [], 0
    while at < len(nodes):
        if tag_of(nodes[at]) == "mo" and nodes[at].get("fence") == "true" and nodes[at].get("form") == "prefix":
            end = _partner(nodes, at)
            closing = _sign(nodes[end]) if end < len(nodes) else ""
            written.append(f"lr({_sign(nodes[at])} {_all(nodes[at + 1 : end])} {closing})")
            at = end + 1
        else:
            written.append(_one(nodes[at]))
            at += 1
    return " ".join(part for part in written if part) or '""'


def _partner(nodes: list[Element], start: int) -> int:
    depth = 0
    for at in range(start, len(nodes)):
        if tag_of(nodes[at]) == "mo" and nodes[at].get("fence") == "true":
            depth += {"prefix": 1, "postfix": -1}.get(nodes[at].get("form", ""), 0)
            if depth == 0:
                return at
    return len(nodes)


def _sign(node: Element) -> str:
    text = (node.text or "").strip()
    return "" if text in {"", "."} else _escaped(text)


def _escaped(text: str) -> str:
    return " ".join(f"\\{sign}" if sign in SPECIAL else sign for sign in text)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _one(node: Element) -> str:
    tag = tag_of(node)
    if tag not in WRITERS:
        raise Unreadable(f"公式里的“{tag}”印不出来")
    return WRITERS[tag](node)


def _letter(node: Element) -> str:
    text = (node.text or "").strip()
    if not text:
        return ""
    if len(text) > 1:
        return f"op({quoted(text)})" if text.isascii() else quoted(text)
    if node.get("mathvariant") == "normal":
        return f"upright({quoted(text)})"
    return _escaped(text) if text in SPECIAL or not text.isascii() else text


def _number(node: Element) -> str:
    return quoted((node.text or "").strip())


def _operator(node: Element) -> str:
    text = (node.text or "").strip()
    return f"op({quoted(text)})" if len(text) > 1 and text.isalpha() else _escaped(text)


def _words(node: Element) -> str:
    return quoted(node.text or "")


def _row(node: Element) -> str:
    return _all(list(node))


def _pair(node: Element, size: int) -> list[str]:
    if len(node) != size:
        raise Unreadable(f"公式里有一处缺了一半（{tag_of(node)}）")
    return [_one(child) or '""' for child in node]


def _fraction(node: Element) -> str:
    above, below = _pair(node, 2)
    name = "binom" if node.get("linethickness", "") in {"0", "0pt", "0px"} else "frac"
    return f"{name}({above}, {below})"


def _root(node: Element) -> str:
    return f"sqrt({_all(list(node))})"


def _degree_root(node: Element) -> str:
    inner, degree = _pair(node, 2)
    return f"root({degree}, {inner})"


def _scripts(node: Element) -> str:
    tag = tag_of(node)
    parts = _pair(node, 3 if tag == "msubsup" else 2)
    kept = f"{{}}{parts[0]}" if parts[0] == '""' else parts[0]
    places = {"msub": ("b",), "msup": ("t",), "msubsup": ("b", "t")}[tag]
    scripts = ", ".join(f"{place}: {part}" for place, part in zip(places, parts[1:], strict=True))
    return f"attach({kept}, {scripts})"


def _above_below(node: Element) -> str:
    tag = tag_of(node)
    parts = _pair(node, 3 if tag == "munderover" else 2)
    sign = (node[1].text or "").strip() if tag_of(node[1]) == "mo" else ""
    if sign in BRACES:
        return f"{BRACES[sign]}({parts[0]})"
    if sign and sign in BARS:
        return f"{'overline' if tag == 'mover' else 'underline'}({parts[0]})"
    if sign in ACCENTS and tag == "mover":
        return f"accent({parts[0]}, {ACCENTS[sign]})"
    places = {"munder": ("b",), "mover": ("t",), "munderover": ("b", "t")}[tag]
    scripts = ", ".join(f"{place}: {part}" for place, part in zip(places, parts[1:], strict=True))
    return f"attach(limits({parts[0]}), {scripts})"


def _table(node: Element) -> str:
    rows = [[_all(list(cell)) for cell in row] for row in node]
    if not rows or not rows[0]:
        raise Unreadable("公式里有一张空的表")
    side = next((cell.get("columnalign") for cell in node[0]), None) or "center"
    lines = [at for at, line in enumerate((node.get("rowlines") or "").split(), 1) if line != "none"]
    ruled = f", augment: #(hline: ({''.join(f'{at},' for at in lines)}), stroke: .5pt)" if lines else ""
    body = "; ".join(", ".join(row) for row in rows)
    return f"mat(delim: #none, align: #{side}{ruled}, {body})"


def _phantom(node: Element) -> str:
    return f"#hide(${_all(list(node))}$)"


def _enclosed(node: Element) -> str:
    marks = set((node.get("notation") or "").split())
    inner = _all(list(node))
    if marks <= {"box", "roundedbox"}:
        return f"#box(stroke: .5pt, inset: 2pt, baseline: 2pt, ${inner}$)"
    if marks <= {"updiagonalstrike", "downdiagonalstrike", "horizontalstrike"}:
        return f"cancel({inner})"
    raise Unreadable(f"公式里的框“{'、'.join(sorted(marks))}”印不出来")


def _space(node: Element) -> str:
    return "med" if node.get("width") else ""


WRITERS: Mapping[str, Callable[[Element], str]] = {
    "mrow": _row,
    "mstyle": _row,
    "mpadded": _row,
    "mi": _letter,
    "mn": _number,
    "mo": _operator,
    "mtext": _words,
    "mspace": _space,
    "mfrac": _fraction,
    "msqrt": _root,
    "mroot": _degree_root,
    "msub": _scripts,
    "msup": _scripts,
    "msubsup": _scripts,
    "munder": _above_below,
    "mover": _above_below,
    "munderover": _above_below,
    "mtable": _table,
    "mphantom": _phantom,
    "menclose": _enclosed,
}
