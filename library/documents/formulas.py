"""LaTeX as MathML: browsers show it, screen readers speak it, paper prints it, and no script is needed."""

from functools import lru_cache
from html import escape
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from latex2mathml.converter import convert

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
