"""Derivatives of symbolic order, by induction on the order."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Derivative, Function, Ne, Rational, cos, exp, factorial, ff, hermite, log, pi, sin, sqrt

from derivable import equal
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import vanishes_identically
from derivable.trusted.symbolic_order import by_symbolic_order

x, a, b = sp.symbols("x a b")
p, q = sp.symbols("p q", positive=True)
r = sp.Symbol("r", real=True)
n = sp.Symbol("n", integer=True, nonnegative=True)
N = sp.Symbol("N", integer=True, positive=True)
f = Function("f")


def d(e: Any, variable: Any = x, order: Any = n) -> Any:
    return Derivative(e, (variable, order))


def rule(lhs: Any, rhs: Any, *where: Any) -> Proof | None:
    def zero(part: Any, facts: Facts) -> Proof | None:
        return Proof((("normal form", ""),)) if vanishes_identically(part.doit(), facts) else None

    return by_symbolic_order(lhs - rhs, Facts(where), zero)


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        pytest.param(d(1 / x), (-1) ** n * factorial(n) / x ** (n + 1), [Ne(x, 0)], id="1/x"),
        pytest.param(
            d(1 / (a + b * x)), (-b) ** n * factorial(n) / (a + b * x) ** (n + 1), [Ne(a + b * x, 0), Ne(b, 0)], id="line"
        ),
        pytest.param(d(x * exp(a * x)), a ** (n - 1) * (a * x + n) * exp(a * x), [Ne(a, 0)], id="x exp"),
        pytest.param(d(x**2 * exp(x)), (x**2 + 2 * n * x + n * (n - 1)) * exp(x), [], id="x² exp"),
        pytest.param(d(log(p), p, N), (-1) ** (N - 1) * factorial(N - 1) / p**N, [], id="log"),
        pytest.param(d(log(p), p, n + 1), (-1) ** n * factorial(n) / p ** (n + 1), [], id="log, order n + 1"),
        pytest.param(d(log(1 + r), r, N), (-1) ** (N - 1) * factorial(N - 1) / (1 + r) ** N, [r > -1], id="log on a half line"),
        pytest.param(d(x * sin(x)), x * sin(x + n * pi / 2) + n * sin(x + (n - 1) * pi / 2), [], id="x sin"),
        pytest.param(d(cos(a * x)), a**n * cos(a * x + n * pi / 2), [], id="cos"),
        pytest.param(d(p**q, p), ff(q, n) * p ** (q - n), [], id="a power"),
        pytest.param(
            d(sqrt(p), p),
            (-1) ** (n + 1) * factorial(2 * n) / (factorial(n) * 4**n * (2 * n - 1)) * p ** (Rational(1, 2) - n),
            [],
            id="a square root",
        ),
        pytest.param(d(exp(-(x**2))), (-1) ** n * hermite(n, x) * exp(-(x**2)), [], id="Hermite"),
        pytest.param(d(x * f(x), x, N), x * d(f(x), x, N) + N * d(f(x), x, N - 1), [], id="Leibniz, any function"),
        pytest.param(d(d(f(x)), x, 1), d(f(x), x, n + 1), [], id="one more"),
    ],
)
def test_derivatives_of_symbolic_order_are_proved(lhs: Any, rhs: Any, where: list[Any]) -> None:
    assert equal(lhs, rhs, where=where).verdict == "proved"


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        pytest.param(d(1 / x), (-1) ** n * factorial(n) / x**n, [Ne(x, 0)], id="the power"),
        pytest.param(d(log(p), p, N), (-1) ** N * factorial(N - 1) / p**N, [], id="the sign"),
        pytest.param(d(x * exp(x)), (x + n + n * (n - 1) * (n - 2)) * exp(x), [], id="right for three orders"),
    ],
)
def test_wrong_ones_are_refuted(lhs: Any, rhs: Any, where: list[Any]) -> None:
    assert equal(lhs, rhs, where=where).verdict == "refuted"


def test_the_first_order_and_the_step_are_both_asked() -> None:
    assert rule(d(exp(x)), exp(x)) is not None
    assert rule(d(exp(x)), 2 * exp(x)) is None  # carries over, and begins wrong
    assert rule(d(x), x) is None  # begins right, and does not carry over


def test_the_set_of_points_has_to_be_open() -> None:
    assert rule(d(exp(r), r), exp(r), r > 1) is not None
    assert rule(d(exp(r), r), exp(r), r >= 1) is None
    assert rule(d(exp(r), r), exp(r), sp.Eq(r, 1)) is None
    assert rule(d(exp(r), r), exp(r), sp.floor(r) > 1) is None
    assert rule(d(exp(r), r), exp(r), sp.frac(r) < Rational(1, 2)) is None  # 0 is not inside of [0, 1/2)
    nonnegative = sp.Symbol("s", nonnegative=True)
    assert rule(d(exp(nonnegative), nonnegative), exp(nonnegative)) is None


def test_the_value_has_to_be_defined_for_all_orders() -> None:
    # a^(n - 1) n is no value at a = 0, n = 0, through which the induction would go
    assert rule(d(x * exp(a * x)), (a**n * x + n * a ** (n - 1)) * exp(a * x)) is None
    assert rule(d(x * exp(p * x)), (p**n * x + n * p ** (n - 1)) * exp(p * x)) is not None


def test_orders_are_not_negative() -> None:
    assert rule(d(x * f(x)), x * d(f(x)) + n * d(f(x), x, n - 1)) is None


def test_what_another_operator_binds_is_left_alone() -> None:
    inside = sp.Integral(d(exp(r), r), (r, 0, 1))
    assert rule(inside, sp.E - 1) is None
    # of a variable that is free elsewhere too: e^r is the derivative there, and not the integral from 0 to 1, or the value at 0
    assert rule(inside, exp(r) * sp.Integral(1, (r, 0, 1))) is None
    assert rule(sp.Subs(d(exp(r), r), r, 0), exp(r)) is None


def test_derivatives_by_several_variables_are_left_alone() -> None:
    assert rule(Derivative(exp(r + q), (r, n), (q, 1)), exp(r + q)) is None


def test_functions_that_hold_the_order_are_left_alone() -> None:
    assert rule(d(x**n), factorial(n)) is None
