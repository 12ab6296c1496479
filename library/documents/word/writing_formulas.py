"""A formula as Word's own (OMML): a walk over the MathML that latex2mathml makes of LaTeX.

What the walk does not know is refused by name and never dropped: the writer prints the source and says so.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape
from xml.etree.ElementTree import Element

from library.documents.formulas import Unreadable, math_tree, tag_of

BIG = frozenset("∑∏∐∫∬∭∮⋃⋂⋁⋀")
OPENING, CLOSING = frozenset("([{⟨⌊⌈|‖"), frozenset(")]}⟩⌋⌉|‖")
BARS = frozenset("―‾¯_―−-")
BRACES = {"⏞": "top", "⏟": "bot"}


@lru_cache(maxsize=4_096)
def to_omml(latex: str) -> str:
    """`<m:oMath>` of one formula.

    Raises:
        Unreadable: `sentence` says what could not be written.
    """
    return f"<m:oMath>{_all(list(math_tree(latex)))}</m:oMath>"


def _all(nodes: list[Element]) -> str:
    """A run of nodes; stretchy brackets around others become one delimited expression, a big sign takes what follows."""
    written, at = [], 0
    while at < len(nodes):
        node = nodes[at]
        if _is_fence(node):
            end = _partner(nodes, at)
            closing = _sign(nodes[end]) if end < len(nodes) else ""
            written.append(_delimited(_sign(node), nodes[at + 1 : end], closing))
            at = end + 1
        elif _is_big(node):
            written.append(_big(node, nodes[at + 1 :]))
            return "".join(written)
        else:
            written.append(_one(node))
            at += 1
    return "".join(written)


def _is_fence(node: Element) -> bool:
    return tag_of(node) == "mo" and node.get("fence") == "true" and node.get("form") == "prefix"


def _partner(nodes: list[Element], start: int) -> int:
    """Where the bracket that opens at `start` closes; the end, where nothing closes it."""
    depth = 0
    for at in range(start, len(nodes)):
        node = nodes[at]
        if tag_of(node) == "mo" and node.get("fence") == "true":
            depth += {"prefix": 1, "postfix": -1}.get(node.get("form", ""), 0)
            if depth == 0:
                return at
    return len(nodes)


def _sign(node: Element) -> str:
    text = (node.text or "").strip()
    return "" if text == "." else text


def _delimited(opening: str, inner: list[Element], closing: str) -> str:
    properties = f'<m:begChr m:val="{escape(opening)}"/><m:endChr m:val="{escape(closing)}"/>'
    return f"<m:d><m:dPr>{properties}</m:dPr><m:e>{_all(inner)}</m:e></m:d>"


def _base(node: Element) -> Element:
    return node[0] if tag_of(node) in SCRIPTS and len(node) else node


def _is_big(node: Element) -> bool:
    base = _base(node)
    return tag_of(base) == "mo" and (base.text or "") in BIG


def _big(node: Element, rest: list[Element]) -> str:
    """∑ with its limits, and all that it is said of."""
    below, above = _limits(node)
    place = "undOvr" if tag_of(node).startswith("mu") or tag_of(node) == "mover" else "subSup"
    hidden = ("" if below is not None else '<m:subHide m:val="1"/>') + (
        "" if above is not None else '<m:supHide m:val="1"/>'
    )
    properties = f'<m:chr m:val="{escape(_base(node).text or "")}"/><m:limLoc m:val="{place}"/>{hidden}'
    sub = f"<m:sub>{_one(below) if below is not None else ''}</m:sub>"
    sup = f"<m:sup>{_one(above) if above is not None else ''}</m:sup>"
    return f"<m:nary><m:naryPr>{properties}</m:naryPr>{sub}{sup}<m:e>{_all(rest)}</m:e></m:nary>"


def _limits(node: Element) -> tuple[Element | None, Element | None]:
    tag = tag_of(node)
    if tag in {"msubsup", "munderover"}:
        return node[1], node[2]
    if tag in {"msub", "munder"}:
        return node[1], None
    return (None, node[1]) if tag in {"msup", "mover"} else (None, None)


def _one(node: Element) -> str:
    tag = tag_of(node)
    if tag not in WRITERS:
        raise Unreadable(f"公式里的“{tag}”还不能写进 Word")
    return WRITERS[tag](node)


def _run(text: str, *, plain: bool) -> str:
    if not text:
        return ""
    style = '<m:rPr><m:sty m:val="p"/></m:rPr>' if plain else ""
    font = '<w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math" w:eastAsia="宋体"/></w:rPr>'
    return f'<m:r>{style}{font}<m:t xml:space="preserve">{escape(text, quote=False)}</m:t></m:r>'


def _letter(node: Element) -> str:
    text = node.text or ""
    return _run(text, plain=node.get("mathvariant") == "normal" or len(text) > 1)


def _upright(node: Element) -> str:
    return _run(node.text or "", plain=True)


def _row(node: Element) -> str:
    return _all(list(node))


def _pair(node: Element, size: int) -> list[str]:
    if len(node) != size:
        raise Unreadable(f"公式里有一处缺了一半（{tag_of(node)}）")
    return [_one(child) for child in node]


def _fraction(node: Element) -> str:
    above, below = _pair(node, 2)
    bare = '<m:fPr><m:type m:val="noBar"/></m:fPr>' if node.get("linethickness", "") in {"0", "0pt", "0px"} else ""
    return f"<m:f>{bare}<m:num>{above}</m:num><m:den>{below}</m:den></m:f>"


def _root(node: Element) -> str:
    return f'<m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/><m:e>{_all(list(node))}</m:e></m:rad>'


def _degree_root(node: Element) -> str:
    inner, degree = _pair(node, 2)
    return f"<m:rad><m:deg>{degree}</m:deg><m:e>{inner}</m:e></m:rad>"


def _sub(node: Element) -> str:
    base, below = _pair(node, 2)
    return f"<m:sSub><m:e>{base}</m:e><m:sub>{below}</m:sub></m:sSub>"


def _sup(node: Element) -> str:
    base, above = _pair(node, 2)
    return f"<m:sSup><m:e>{base}</m:e><m:sup>{above}</m:sup></m:sSup>"


def _sub_sup(node: Element) -> str:
    base, below, above = _pair(node, 3)
    return f"<m:sSubSup><m:e>{base}</m:e><m:sub>{below}</m:sub><m:sup>{above}</m:sup></m:sSubSup>"


def _under(node: Element) -> str:
    base, below = _pair(node, 2)
    sign = (node[1].text or "") if tag_of(node[1]) == "mo" else ""
    if sign in BRACES:
        return _grouped(sign, base)
    if sign in BARS and sign:
        return f'<m:bar><m:barPr><m:pos m:val="bot"/></m:barPr><m:e>{base}</m:e></m:bar>'
    return f"<m:limLow><m:e>{base}</m:e><m:lim>{below}</m:lim></m:limLow>"


def _over(node: Element) -> str:
    base, above = _pair(node, 2)
    sign = (node[1].text or "") if tag_of(node[1]) == "mo" else ""
    if sign in BRACES:
        return _grouped(sign, base)
    if sign in BARS and sign:
        return f'<m:bar><m:barPr><m:pos m:val="top"/></m:barPr><m:e>{base}</m:e></m:bar>'
    if sign in ACCENTS:
        return f'<m:acc><m:accPr><m:chr m:val="{ACCENTS[sign]}"/></m:accPr><m:e>{base}</m:e></m:acc>'
    return f"<m:limUpp><m:e>{base}</m:e><m:lim>{above}</m:lim></m:limUpp>"


ACCENTS = {"˙": "̇", "¨": "̈", "^": "̂", "ˆ": "̂", "˜": "̃", "~": "̃", "→": "⃗", "ˇ": "̌", "´": "́", "`": "̀"}
"""Signs above a letter, as the combining characters that Word asks for."""


def _grouped(sign: str, base: str) -> str:
    properties = f'<m:chr m:val="{sign}"/><m:pos m:val="{BRACES[sign]}"/>'
    return f"<m:groupChr><m:groupChrPr>{properties}</m:groupChrPr><m:e>{base}</m:e></m:groupChr>"


def _under_over(node: Element) -> str:
    base, below, above = _pair(node, 3)
    inner = f"<m:limLow><m:e>{base}</m:e><m:lim>{below}</m:lim></m:limLow>"
    return f"<m:limUpp><m:e>{inner}</m:e><m:lim>{above}</m:lim></m:limUpp>"


def _table(node: Element) -> str:
    """A matrix, each column with the side on which it stands; lines between rows are drawn as borders of a box."""
    rows = [[f"<m:e>{_all(list(cell))}</m:e>" for cell in row] for row in node]
    width = max((len(row) for row in rows), default=0)
    if not width:
        raise Unreadable("公式里有一张空的表")
    sides = [cell.get("columnalign") or "center" for cell in node[0]] + ["center"] * width
    columns = "".join(
        f'<m:mc><m:mcPr><m:count m:val="1"/><m:mcJc m:val="{side}"/></m:mcPr></m:mc>' for side in sides[:width]
    )
    body = "".join(f"<m:mr>{''.join(row)}{'<m:e/>' * (width - len(row))}</m:mr>" for row in rows)
    return f"<m:m><m:mPr><m:mcs>{columns}</m:mcs></m:mPr>{body}</m:m>"


def _phantom(node: Element) -> str:
    return f'<m:phant><m:phantPr><m:show m:val="0"/></m:phantPr><m:e>{_all(list(node))}</m:e></m:phant>'


def _enclosed(node: Element) -> str:
    marks = set((node.get("notation") or "").split())
    struck = {"updiagonalstrike": "strikeBLTR", "downdiagonalstrike": "strikeTLBR", "horizontalstrike": "strikeH"}
    if unknown := marks - set(struck) - {"box", "roundedbox"}:
        raise Unreadable(f"公式里的框“{'、'.join(sorted(unknown))}”还不能写进 Word")
    sides = (
        ""
        if marks & {"box", "roundedbox"}
        else "".join(f'<m:hide{side} m:val="1"/>' for side in ("Top", "Bot", "Left", "Right"))
    )
    lines = "".join(f'<m:{struck[mark]} m:val="1"/>' for mark in sorted(marks & set(struck)))
    return f"<m:borderBox><m:borderBoxPr>{sides}{lines}</m:borderBoxPr><m:e>{_all(list(node))}</m:e></m:borderBox>"


def _space(node: Element) -> str:
    return _run(" ", plain=True) if node.get("width") else ""


SCRIPTS = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover"})
WRITERS: Mapping[str, Callable[[Element], str]] = {
    "mrow": _row,
    "mstyle": _row,
    "mpadded": _row,
    "mi": _letter,
    "mn": _upright,
    "mo": _upright,
    "mtext": _upright,
    "mspace": _space,
    "mfrac": _fraction,
    "msqrt": _root,
    "mroot": _degree_root,
    "msub": _sub,
    "msup": _sup,
    "msubsup": _sub_sup,
    "munder": _under,
    "mover": _over,
    "munderover": _under_over,
    "mtable": _table,
    "mphantom": _phantom,
    "menclose": _enclosed,
}
