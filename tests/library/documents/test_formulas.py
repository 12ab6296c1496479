"""Formulas: drawn as MathML, and nothing but MathML reaches the page."""

import json

import pytest
from django.conf import settings

from library.documents.formulas import to_mathml


@pytest.mark.parametrize(
    ("latex", "part"),
    [
        (r"\frac{1}{3}+\sqrt{2}", "<mfrac>"),
        (r"(a+b)\times h\div 2", "&#x000D7;"),
        (r"3.14\times r^{2}", "<msup>"),
        (r"\begin{matrix}1 & 2\\3 & 4\end{matrix}", "<mtable>"),
    ],
)
def test_a_formula_is_drawn(latex: str, part: str) -> None:
    assert part in to_mathml(latex)
    assert to_mathml(latex).startswith("<math")


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{<img src=x onerror=alert(1)>}",
        r"\text{<script>alert(1)</script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{background:url(//evil)}{x}",
        r'\class{x" onclick="y}{z}',
        r"a & b",
        "x" * 3000,
        r"\begin{matrix}",
    ],
)
def test_what_is_no_plain_formula_stands_as_its_escaped_source(latex: str) -> None:
    shown = to_mathml(latex)
    assert shown.startswith("<code>")
    assert "<img" not in shown
    assert "<script" not in shown


def test_the_formulas_of_real_question_sets_are_drawn() -> None:
    path = settings.REFERENCE_DATA / "tal_scq5k_cn" / "dev.jsonl"
    if not path.exists():
        pytest.skip("REFERENCE_DATA has no tal_scq5k_cn")
    texts = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[:800])
    found = [part for text in texts for part in text["stem"].split("$$")[1::2] if part.strip()]
    undrawn = [latex for latex in found if to_mathml(latex).startswith("<code>")]
    assert len(found) > 100
    assert len(undrawn) / len(found) < 0.02, undrawn[:10]
