"""g(x) - g(y) from the derivative of g between x and y: Lipschitz bounds, and what is no consequence of a slope."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sympy import Abs, Symbol, atan, cosh, exp, floor, log, sin, sqrt, symbols, tan, tanh

from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver

x, y = symbols("x y", real=True)
a, b = symbols("a b", positive=True)
m, n = symbols("m n", integer=True)
w = Symbol("w")


def proof(e: Any, *where: Any, strict: bool = False) -> Proof | None:
    """By the rule alone."""
    return OrderProver(propose, time.monotonic() + 15)._separated(e, Facts(where), strict, 0)


TRUE = {
    "sine": (x - sin(x) - y + sin(y), x >= y),
    "arctangent, from the other side": (y - atan(y) - x + atan(x), x <= y),
    "softplus": (x - log(1 + exp(x)) - y + log(1 + exp(y)), x >= y),
    "sigmoid": ((x - y) / 4 - 1 / (1 + exp(-x)) + 1 / (1 + exp(-y)), x >= y),
    "root": (x - sqrt(1 + x**2) - y + sqrt(1 + y**2), x >= y),
    "a function that grows from 0 on": (cosh(x) - cosh(y), x >= y, y >= 0),
    "positive numbers": (a + exp(-a) - b - exp(-b), a >= b),
}

FALSE = {
    "no order of x and y": (x - sin(x) - y + sin(y),),
    "the other order": (x - sin(x) - y + sin(y), x <= y),
    "a slope that is too small": (x - 2 * tanh(x) - y + 2 * tanh(y), x >= y),
    "a function that falls before 0": (cosh(x) - cosh(y), x >= y),
    "a pole between the points": (1 / y - 1 / x, x >= y),
    "poles of a tangent between the points": (tan(x) - tan(y), x >= y),
    "a jump between the points": (floor(-x) - floor(-y), x >= y),
    "it vanishes where the order does not begin": (exp(x) - exp(y), x >= y - 1),
    "something is left where x = y": (exp(x) - exp(y) - 1, x >= y),
    "a slope that holds the other variable": (x * y - y**2, x >= y),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_bound_of_the_slope_bounds_the_difference(name: str) -> None:
    found = proof(*TRUE[name])
    assert found is not None
    assert found.rules[0][0] == "monotonicity"


@pytest.mark.parametrize("name", FALSE)
def test_what_the_slope_does_not_give_is_not_proved(name: str) -> None:
    assert proof(*FALSE[name]) is None


def test_equal_points_leave_no_strict_sign() -> None:
    assert proof(exp(x) - exp(y), x >= y, strict=True) is None


def test_integers_and_complex_numbers_have_no_slope() -> None:
    assert proof(exp(m) - exp(n), m >= n) is None
    assert proof(Abs(w) - Abs(x), x >= y) is None


def test_public_decisions_of_lipschitz_bounds(said: Any) -> None:
    assert said(Abs(atan(x) - atan(y)), "<=", Abs(x - y)).verdict == "proved"
    assert said(Abs(atan(x) - atan(y)), "<=", Abs(x - y) / 2).verdict == "refuted"
