"""KaTeX draws the formulas of a whole shared set: at most one in a thousand fails, and each that fails is named."""

import pytest

from benchmarks import formulas

pytestmark = pytest.mark.proof


@pytest.mark.skipif(not formulas.SET.exists(), reason="the shared question set is absent")
@pytest.mark.skipif(
    formulas.node() is None or not formulas.KATEX.exists(), reason="Node or node_modules/katex is absent"
)
def test_formulas_of_the_shared_set_are_drawn(scale: float) -> None:
    wanted = list(formulas.formulas_of())
    drawn = formulas.draw(wanted[: max(1, int(len(wanted) * scale))])
    assert drawn.formulas >= 100
    assert drawn.share <= formulas.BAR, "\n".join(f"{latex}: {words}" for latex, words in drawn.wrong)
