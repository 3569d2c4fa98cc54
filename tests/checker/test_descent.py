"""Where inequalities fail that hold at the first points: downhill, and where the sides of a strict one are equal."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from derivable import at_most
from derivable.search.descent import failures

x, y = sp.symbols("x y", real=True)
a, p, q = sp.symbols("a p q", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
INSIDE = (p < 1, q < 1)
DIVERGENCE = p * sp.log(p / q) + (1 - p) * sp.log((1 - p) / (1 - q))
MOTZKIN = x**4 * y**2 + x**2 * y**4 + 1


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        pytest.param(sp.Rational(693, 1000), a**a, (), id="least value of a power of itself"),
        pytest.param(sp.Rational(301, 100) * x**2 * y**2, MOTZKIN, (), id="Motzkin"),
        pytest.param(4 * x * y, x**4 + y**4 + sp.Rational(199, 100), (), id="quartic"),
        pytest.param(sp.Rational(21, 10) * (p - q) ** 2, DIVERGENCE, INSIDE, id="Pinsker"),
        pytest.param(sp.sin(x) + sp.sin(2 * x), sp.Rational(176, 100), (), id="waves"),
    ],
)
def test_a_constant_a_little_too_sharp_is_refuted_inside(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    decision = at_most(lhs, rhs, where=where)
    assert decision.verdict == "refuted"
    assert decision.counterexample.rigorous
    place = next(failures(lhs, rhs, where))
    assert all(c.subs(place) for c in where)
    assert lhs.subs(place).evalf(30) > rhs.subs(place).evalf(30)


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [(3 * x**2 * y**2, MOTZKIN, ()), (4 * x * y, x**4 + y**4 + 2, ()), (2 * (p - q) ** 2, DIVERGENCE, INSIDE)],
)
def test_the_sharp_constant_is_not_refuted(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    assert at_most(lhs, rhs, where=where).verdict != "refuted"


def test_nothing_is_proposed_where_evaluation_is_slow_or_nothing_moves() -> None:
    k = sp.Symbol("k", integer=True)
    f = sp.Function("f", real=True)
    assert not list(failures(sp.Sum(x**k, (k, 0, n)), sp.Integer(0), ()))
    assert not list(failures(f(x), sp.Integer(0), ()))
    assert not list(failures(n, sp.Integer(2), ()))
    assert not list(failures(x, sp.Integer(1), (sp.Or(x < 0, x > 3),)))


@pytest.mark.parametrize(
    ("lhs", "rhs", "point"),
    [
        pytest.param(sp.log(1 + sp.exp(x)), sp.Max(0, x) + sp.log(2), {"x": "0"}, id="softplus and ReLU at zero"),
        pytest.param(sp.floor(sp.log(n) / sp.log(2)), sp.log(n) / sp.log(2), None, id="halvings of a power of two"),
        pytest.param(
            sp.exp(1 + x) + sp.sin(x), sp.E * sp.cosh(x) + sp.E * sp.sinh(x) + x**2 + sp.sin(x), None, id="a double zero"
        ),
    ],
)
def test_a_strict_inequality_is_refuted_where_its_sides_are_equal(lhs: Any, rhs: Any, point: Any) -> None:
    decision = at_most(lhs, rhs, strict=True)
    assert decision.verdict == "refuted"
    assert point is None or decision.counterexample.point == point
    assert at_most(lhs, rhs).verdict != "refuted"


def test_a_strict_inequality_between_near_sides_is_not_refuted() -> None:
    near = sp.Rational(1, 10**40)
    assert at_most(sp.log(1 + sp.exp(x)), sp.Max(0, x) + sp.log(2) + near, strict=True).verdict != "refuted"
