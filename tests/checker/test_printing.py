"""Formulas as LaTeX: what a derivative or a sum takes in is in brackets, and nobody is shown a thousand digits."""

from __future__ import annotations

import pytest
import sympy as sp

from derivable.printing import latex
from derivable.trusted.heads import Partial

t, i, D = sp.Symbol("t"), sp.Symbol("i", integer=True), sp.Symbol("D", integer=True, positive=True)
f, p = sp.Function("f"), sp.Function("p")
x = sp.IndexedBase("x", shape=(D,))


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        (sp.Derivative(f(t) * p(t), t), r"\frac{d}{d t}\left(f{\left(t \right)} p{\left(t \right)}\right)"),
        (sp.Derivative(f(t), t), r"\frac{d}{d t} f{\left(t \right)}"),
        (Partial(f(x) * p(x), x, i), r"\partial_{x_{i}} \left(f{\left(x \right)} p{\left(x \right)}\right)"),
        (Partial(p(x), x, i), r"\partial_{x_{i}} p{\left(x \right)}"),
        (
            sp.Mul(Partial(p(x), x, i), f(x), evaluate=False),
            r"\left(\partial_{x_{i}} p{\left(x \right)}\right) f{\left(x \right)}",
        ),
        (Partial(p(x), x, i) ** 2, r"\left(\partial_{x_{i}} p{\left(x \right)}\right)^{2}"),
        (sp.Sum(-f(i), (i, 1, D)), r"\sum_{i=1}^{D} \left(- f{\left(i \right)}\right)"),
        (sp.Sum(f(i), (i, 1, D)), r"\sum_{i=1}^{D} f{\left(i \right)}"),
    ],
)
def test_an_operator_takes_in_what_is_in_its_brackets(expression: sp.Expr, printed: str) -> None:
    assert latex(expression) == printed


def test_long_integers_keep_their_first_digits_and_their_order() -> None:
    assert latex(sp.Integer(10) ** 39) == str(10**39)
    assert latex(sp.Integer(123456789) * 10**60) == r"1.23456789\ldots \cdot 10^{68}"
    assert latex(-(sp.Integer(10) ** 60)) == r"-1.00000000\ldots \cdot 10^{60}"
    assert latex(sp.Rational(1, 7 * 10**50)) == r"\frac{1}{7.00000000\ldots \cdot 10^{50}}"
    assert latex(sp.Rational(-3, 4)) == r"- \frac{3}{4}"
