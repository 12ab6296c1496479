"""Formulas as other systems export them, and in plain signs."""

import pytest

from library.documents import formulas, rich
from library.documents.latex import repaired


@pytest.mark.parametrize(
    ("exported", "whole"),
    [
        ("\\frac{1}{2}", "\\frac{1}{2}"),
        ("2\\textless{}3", "2<3"),
        ("8\\textbar\\overline{ab}", "8|\\overline{ab}"),
        ("1$ $4", "1   4"),
        ("a&lt;{}0", "a<0"),
        ("\\left { x \\right }", "\\left\\{ x \\right\\}"),
        ("\\begin{eqnarray}x\\&=\\&1   y\\&=\\&2\\end{eqnarray}", "\\begin{aligned}x&=1 \\\\ y&=2\\end{aligned}"),
        ("\\begin{cases}m=1 \\n=2\\end{cases}", "\\begin{cases}m=1 \\\\ n=2\\end{cases}"),
        ("{S，R", "\\{S，R"),
        ("B=\\left { 4, 8", "B=\\{ 4, 8"),
    ],
)
def test_what_an_export_has_lost_is_put_back(exported: str, whole: str) -> None:
    assert repaired(exported) == whole
    assert repaired(whole) == whole


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        ("\\frac{1}{2}\\times 4", "1/2×4"),
        ("\\frac{a+b}{2}", "(a+b)/2"),
        ("x^2+3^{10}", "x²+3¹⁰"),
        ("45^{\\circ}", "45°"),
        ("\\sqrt{16}\\div 2", "√16÷2"),
        ("25\\%", "25%"),
    ],
)
def test_a_formula_in_plain_signs_reads_as_it_is_said(latex: str, plain: str) -> None:
    assert formulas.to_plain(latex) == plain


def test_the_page_carries_the_source_that_katex_draws_beside_the_mathml() -> None:
    html = rich.to_html(rich.from_markup("算 $a\\textless b$"))
    assert 'data-latex="a&lt; b"' in html or 'data-latex="a&lt;b"' in html
    assert "<math" in html
