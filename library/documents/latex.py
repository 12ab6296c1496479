r"""LaTeX as other systems export it, brought into a form that both of our readers take.

Exports lose backslashes, double the marks of columns, name signs by their text commands and end rows by blanks. The
stored text stays as it came; this is done where it is drawn.
"""

import re
from functools import lru_cache

_TEXT_SIGNS = {
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textasciitilde": "~",
    "textasciicircum": "{}^{\\wedge}",
    "textbackslash": "\\backslash ",
    "textquotesingle": "'",
}
_TEXT_SIGN = re.compile(rf"\\({'|'.join(_TEXT_SIGNS)})(?![A-Za-z])(?:\s*\{{\s*\}})?")
_ENTITY = re.compile(r"&(lt|gt|amp|nbsp);(?:\{\})?")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "\\&", "nbsp": "~"}
_BRACE = re.compile(r"\\(left|right)\s*([{}])")
_ENVIRONMENT = re.compile(r"\\begin\{(?P<name>[a-z]+\*?)\}(?P<body>.*?)\\end\{(?P=name)\}", re.S)
_ALIGNED = frozenset({"eqnarray", "eqnarray*", "align", "align*", "aligned", "split", "gather", "gather*"})
_COLUMNS = re.compile(r"^\s*\{\*\{\d+\}\{([lcr])\}\}")
_LOST_BREAK = re.compile(r"(?<!\\)\\([a-z])(?![A-Za-z])")
_BLANKS = re.compile(r"[ \t]{2,}(?:\\?&)?|\n")
_DOLLAR = re.compile(r"(?<!\\)\$")


@lru_cache(maxsize=4_096)
def repaired(latex: str) -> str:
    """The same formula, without what only its source system understands. What is whole stays as it is."""
    text = _ENTITY.sub(lambda found: _ENTITIES[found[1]], latex)
    text = _TEXT_SIGN.sub(lambda found: _TEXT_SIGNS[found[1]], text)
    text = _DOLLAR.sub(" ", text).replace("\\/", "")
    text = _BRACE.sub(lambda found: f"\\{found[1]}\\{found[2]}", text)
    for _ in range(3):
        text = _ENVIRONMENT.sub(_environment, text)
    return _balanced(text)


def _environment(found: re.Match[str]) -> str:
    """Rows end with a break, columns are marked once, and what stands only on a page of its own stands in a line."""
    name, body = found["name"], found["body"]
    columns = ""
    if name == "array":
        body = _COLUMNS.sub(lambda spec: f"{{{spec[1] * 6}}}", body)
        if not body.lstrip().startswith("{"):
            body = f"{{llllll}}{body}"
        end = body.index("}") + 1
        columns, body = body[:end], body[end:]
    body = _LOST_BREAK.sub(r"\\\\ \1", body.strip())
    if "\\\\" not in body:
        body = _BLANKS.sub(r" \\\\ ", body)
    body = body.replace("\\&", "&")
    if name in _ALIGNED:
        name, body = "aligned", re.sub(r"&\s*=\s*&", "&=", body)
    return f"\\begin{{{name}}}{columns}{body}\\end{{{name}}}"


def _balanced(text: str) -> str:
    """Braces and delimiters that have lost their partner are printed as signs."""
    if text.count("\\left") != text.count("\\right"):
        text = re.sub(r"\\(?:left|right)(?![a-z])\.?", "", text)
    depth = 0
    for sign in re.findall(r"\\.|[{}]", text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            break
    return text if depth == 0 else re.sub(r"(?<!\\)([{}])", r"\\\1", text)
