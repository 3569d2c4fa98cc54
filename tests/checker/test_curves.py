"""Order of functions of one variable: derivatives, concavity, logarithms of both sides."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import E, Rational, cosh, exp, factorial, log, pi, sin, sinh, sqrt, symbols, tan

from derivable.search import propose
from derivable.search.critical import critical_points
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver

x = symbols("x", real=True)
a, b = symbols("a b", positive=True)
n = symbols("n", integer=True, positive=True)


def prove(lhs: Any, rhs: Any, *where: Any, strict: bool = False) -> Proof | None:
    """A proof without the attack before it, so that a wrong yes is seen."""
    return OrderProver(propose, time.monotonic() + 40).proved(sp.sympify(rhs) - lhs, Facts(where), strict)


TRUE = {
    "Jordan": (2 * x / pi, sin(x), (x >= 0, x <= pi / 2)),
    "tangent": (x, tan(x), (x >= 0, x < pi / 2)),
    "entropy of a coin": (-x * log(x) - (1 - x) * log(1 - x), log(2), (x > 0, x < 1)),
    "entropy term": (-exp(-1), x * log(x), (x > 0,)),
    "Jensen for the logarithm": (log(a) / 2 + log(b) / 2, log((a + b) / 2), ()),
    "hyperbolic mean": (sinh(x) / x, cosh(x), (x > 0,)),
    "factorials": (2 ** (n - 1), factorial(n), ()),
    "Bernoulli": (1 + n * x, (1 + x) ** n, (x >= -1,)),
    "integers as reals": (log(n), n - 1, ()),
}

FALSE = {
    "Jordan beyond its range": (2 * x / pi, sin(x), (x >= 0, x <= 2)),
    "entropy below two": (-x * log(x) - (1 - x) * log(1 - x), log(2) - Rational(1, 1000), (x > 0, x < 1)),
    "entropy term, larger": (-exp(-1) + Rational(1, 10**6), x * log(x), (x > 0,)),
    "Jensen reversed": (log((a + b) / 2), log(a) / 2 + log(b) / 2, ()),
    "factorials, too large": (2**n, factorial(n), ()),
    "cubes by powers of two": (n**3, 2**n, ()),
    "logarithm at e": (log(x), x / E - Rational(1, 10**6), (x > 0,)),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_inequalities_of_functions_are_proved(name: str) -> None:
    lhs, rhs, where = TRUE[name]
    assert prove(lhs, rhs, *where) is not None


@pytest.mark.parametrize("name", FALSE)
def test_false_ones_are_not(name: str) -> None:
    lhs, rhs, where = FALSE[name]
    assert prove(lhs, rhs, *where) is None


def test_equality_at_one_point_is_not_strict() -> None:
    assert prove(2 * x / pi, sin(x), x >= 0, x <= pi / 2, strict=True) is None
    assert prove(log(x), x - 1, x > 0, strict=True) is None


@pytest.mark.parametrize(
    ("e", "low", "high", "points"),
    [
        (x * log(x), sp.Integer(0), sp.oo, [exp(-1)]),
        (x * exp(-(x**2)), -sp.oo, sp.oo, [-sqrt(2) / 2, sqrt(2) / 2]),
        (sin(x), sp.Integer(0), sp.Integer(2), [pi / 2]),
    ],
    ids=str,
)
def test_critical_points_are_proposed_as_simple_constants(e: Any, low: Any, high: Any, points: list[Any]) -> None:
    (found,) = critical_points(e, low, high, x)
    assert [sp.simplify(f - g) for f, g in zip(found, points, strict=True)] == [0] * len(points)
