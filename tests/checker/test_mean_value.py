"""Lipschitz bounds by the mean value theorem: with the constant of the derivative, on an interval, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Abs, I, Integer, Max, Ne, Or, Rational, atan, cos, exp, floor, log, sin, sqrt, symbols, tanh

from derivable import at_most
from derivable.search import propose
from derivable.trusted.equality import _convex
from derivable.trusted.facts import Facts
from derivable.trusted.mean_value import by_mean_value
from derivable.trusted.order import OrderProver

x, y, z = symbols("x y z", real=True)
a, b, L = symbols("a b L", positive=True)
n, m = symbols("n m", integer=True)


def sigmoid(e: Any) -> Any:
    return 1 / (1 + exp(-e))


TRUE: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "sine": (Abs(x - y) - Abs(sin(x) - sin(y)), ()),
    "cosine of a multiple": (3 * Abs(x - y) - Abs(cos(3 * x) - cos(3 * y)), ()),
    "sigmoid": (Abs(x - y) / 4 - Abs(sigmoid(x) - sigmoid(y)), ()),
    "softplus": (Abs(x - y) - Abs(log(1 + exp(x)) - log(1 + exp(y))), ()),
    "arctangent": (Abs(x - y) - Abs(atan(x) - atan(y)), ()),
    "hyperbolic tangent, scaled": (L * Abs(x - y) - Abs(tanh(L * x) - tanh(L * y)), ()),
    "logarithm from one on": (Abs(x - y) - Abs(log(x) - log(y)), (x >= 1, y >= 1)),
    "roots from one on": (Abs(x - y) - 2 * Abs(sqrt(x) - sqrt(y)), (x >= 1, y >= 1)),
    "squares in the unit interval": (2 * Abs(x - y) - Abs(x**2 - y**2), (x >= -1, x <= 1, y >= -1, y <= 1)),
    "a distance that is scaled": (Abs(L * (x - y)) - Abs(sin(x) - sin(y)), (L >= 1,)),
    "positive numbers": (Abs(a - b) - Abs(exp(-a) - exp(-b)), ()),
}
FALSE: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "a constant that is too small": (Abs(x - y) / 5 - Abs(sigmoid(x) - sigmoid(y)), ()),
    "another function": (Abs(x - y) - Abs(sin(x) - cos(y)), ()),
    "a sum": (Abs(x - y) - Abs(sin(x) + sin(y)), ()),
    "an unbounded derivative": (Abs(a - b) - Abs(log(a) - log(b)), ()),
    "a range of one of the two": (Abs(a - x) - Abs(log(a) - log(Abs(x))), (a >= 1, x >= Rational(1, 9))),
    "two branches": (Abs(x - y) - Abs(1 / x - 1 / y), (x**2 >= 1, y**2 >= 1)),
    "a point left out": (Abs(x - y) - Abs(1 / x - 1 / y) / 9, (Ne(x, 0), Ne(y, 0))),
    "a step": (Abs(x - y) - Abs(floor(x) - floor(y)), ()),
    "another distance": (Abs(x - 2 * y) - Abs(sin(x) - sin(y)), ()),
    "a constant that grows with the place": (Abs(x) * Abs(x - y) - Abs(x**2 - y**2), ()),
    "a constant more": (Abs(x - y) - Abs(sin(x) - sin(y) + 1), ()),
    "a product of both": (Abs(x - y) - Abs(sin(x) - sin(y) + x * y), ()),
    "a positive number and any other": (Abs(a - x) - Abs(exp(-a) - exp(-x)), ()),
    "a bound of one of the two": (Abs(x - y) - Abs(exp(-x) - exp(-y)), (x >= 0,)),
    "different bounds": (Abs(x - y) - Abs(exp(-x) - exp(-y)), (x >= 0, y >= -1)),
    "a jump at a point left out": (2 * Abs(x - y) - Abs(atan(1 / x) - atan(1 / y)), (Ne(x, 0), Ne(y, 0))),
    "a jump": (2 * Abs(x - y) - Abs(atan(1 / x) - atan(1 / y)), ()),
    "a jump between two ranges": (2 * Abs(x - y) - Abs(atan(1 / x) - atan(1 / y)), (x**2 >= 1, y**2 >= 1)),
    "one range or another": (
        2 * Abs(x - y) - Abs(atan(1 / x) - atan(1 / y)),
        (Or(x >= 1, x <= -1), Or(y >= 1, y <= -1)),
    ),
    "a complex function": (Abs(x - y) - Abs(sin(x) - sin(y) + I * (x - y)), ()),
}


def prove(e: Any, where: tuple[Any, ...]) -> Any:
    """By this rule, with the decision of order for its goals, and no attack on the statement."""
    prover = OrderProver(propose, float("inf"))
    return by_mean_value(e, Facts(where), lambda part, facts, strict: prover.sign(part, facts, strict, 1), _convex)


@pytest.mark.parametrize("name", TRUE)
def test_a_lipschitz_bound_is_proved(name: str) -> None:
    e, where = TRUE[name]
    assert prove(e, where) is not None
    assert str(at_most(0, e, where=where).verdict) == "proved"


@pytest.mark.parametrize("name", FALSE)
def test_a_false_one_is_not_proved_without_the_attack(name: str) -> None:
    assert prove(*FALSE[name]) is None


def test_what_the_rule_leaves_alone() -> None:
    assert prove(Abs(n - m) - Abs(sin(n) - sin(m)), ()) is None  # integers are no interval
    assert prove(Abs(x - y) - Abs(Max(x, 0) - Max(y, 0)), ()) is None  # a corner
    f = sp.Function("f", real=True)
    assert prove(Abs(x - y) - Abs(f(x) - f(y)), ()) is None
    assert prove(Abs(x - y) - Abs(sin(x) - sin(y)) - Integer(1), ()) is None


w, v, c = symbols("w v c")
k = symbols("k", integer=True, positive=True)
DISC = (Abs(w) <= 1, Abs(v) <= 1)
LEFT = (sp.re(w) <= 0, sp.re(v) <= 0)
IN_THE_PLANE: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "powers": (k * Abs(w - v) - Abs(w**k - v**k), DISC),
    "powers in a smaller disc": (k * L ** (k - 1) * Abs(w - v) - Abs(v**k - w**k), (Abs(w) <= L, Abs(v) <= L)),
    "exponentials": (Abs(w - v) - Abs(exp(w) - exp(v)), LEFT),
    "exponentials on the left of a line": (exp(3) * Abs(w - v) - Abs(exp(w) - exp(v)), (sp.re(w) < 3, sp.re(v) < 3)),
    "a polynomial": (5 * Abs(v - w) - Abs(w**2 + w**3 - v**2 - v**3), DISC),
}
FALSE_IN_THE_PLANE: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "powers, one less": ((k - 1) * Abs(w - v) - Abs(w**k - v**k), DISC),
    "one of them in the disc": (k * Abs(w - v) - Abs(w**k - v**k), (Abs(w) <= 1,)),
    "one of them in another disc": (2 * Abs(w - v) - Abs(w**2 - v**2), (Abs(w) <= 1, Abs(v) <= 2)),
    "exponents of either sign": (Abs(n) * Abs(w - v) - Abs(w**n - v**n), DISC),
    "outside of the disc, which is not convex": (Abs(w - v) / 2 - Abs(1 / w - 1 / v) / 2, (Abs(w) >= 1, Abs(v) >= 1)),
    "roots are not entire": (Abs(w - v) - Abs(sqrt(w) - sqrt(v)) * 2, (sp.re(w) >= 1, sp.re(v) >= 1)),
    "an exponential on the right": (Abs(w - v) - Abs(exp(w) - exp(v)), (sp.re(w) >= 0, sp.re(v) >= 0)),
    "an exponential anywhere": (Abs(w - v) - Abs(exp(w) - exp(v)), ()),
    "a conjugate": (Abs(w - v) / 2 - Abs(sp.conjugate(w) - sp.conjugate(v)), DISC),
    "a modulus": (Abs(w - v) / 2 - Abs(Abs(w) - Abs(v)), DISC),
    "a bound by each other": (2 * Abs(w - v) - Abs(w**2 - v**2), (Abs(w) <= Abs(v), Abs(v) <= Abs(w))),
    "a sine": (Abs(w - v) - Abs(sin(w) - sin(v)), DISC),
    "two functions": (2 * Abs(w - v) - Abs(w**2 - v**3), DISC),
}


@pytest.mark.parametrize("name", IN_THE_PLANE)
def test_a_lipschitz_bound_of_complex_numbers_is_proved(name: str) -> None:
    e, where = IN_THE_PLANE[name]
    assert prove(e, where) is not None
    assert str(at_most(0, e, where=where, timeout=30).verdict) == "proved"


@pytest.mark.parametrize("name", FALSE_IN_THE_PLANE)
def test_a_false_one_of_complex_numbers_is_not_proved_without_the_attack(name: str) -> None:
    assert prove(*FALSE_IN_THE_PLANE[name]) is None


def test_complex_numbers_with_assumptions_are_no_disc() -> None:
    i, j = symbols("i j", imaginary=True)
    assert prove(2 * Abs(i - j) - Abs(i**2 - j**2), (Abs(i) <= 1, Abs(j) <= 1)) is None
    assert prove(2 * Abs(w - x) - Abs(w**2 - x**2), (Abs(w) <= 1, Abs(x) <= 1)) is None
