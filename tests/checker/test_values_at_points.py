"""Statements that no quadrature judges are refuted by the values that rules give at single points."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Integral, Limit, Max, cos, exp, oo, pi, sin

from derivable import at_most, equal
from derivable.trusted.sampling import attack_in_closed_form

x, a, t = sp.symbols("x a t", real=True)
p, q = sp.symbols("p q", positive=True)
k = sp.Symbol("k", integer=True)
dirichlet = Integral(sin(a * x) / x, (x, 0, oo))


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        pytest.param(dirichlet, pi / 2, id="Dirichlet's integral without a sign"),
        pytest.param(Integral(cos(a * x) / (x**2 + q**2), (x, -oo, oo)), pi * exp(-a * q) / q, id="Fourier without a modulus"),
        pytest.param(Limit(1 / (1 + exp(-x / t)), t, 0, "+"), sp.Heaviside(x, 1), id="a limit at one point"),
        pytest.param(Limit((p**t / 2 + q**t / 2) ** (1 / t), t, oo), Max(p, q) / 2, id="a limit with two symbols"),
    ],
)
def test_false_values_are_refuted_with_a_point(lhs: Any, rhs: Any) -> None:
    decision = equal(lhs, rhs)
    assert decision.verdict == "refuted"
    assert decision.counterexample is not None
    assert decision.counterexample.rigorous
    assert decision.counterexample.point


def test_false_bounds_are_refuted_too() -> None:
    assert at_most(dirichlet, 1, where=[a > 0]).verdict == "refuted"
    assert at_most(dirichlet, 2, where=[a > 0]).verdict != "refuted"


def test_true_values_are_not_refuted() -> None:
    assert equal(dirichlet, pi / 2 * sp.sign(a)).verdict == "proved"


def test_points_satisfy_the_hypotheses() -> None:
    asked: list[Any] = []

    def closed(e: Any) -> Any:
        asked.append(e)
        return e if e.is_number else None

    result = attack_in_closed_form(a, sp.Integer(5), "<", (a < 2, a > 1), closed, 2.0)
    assert result.counterexample is None
    assert asked
    assert all(1 < e < 2 for e in asked if e != 5)


def test_what_no_rule_has_a_value_for_refutes_nothing() -> None:
    assert attack_in_closed_form(a, a + 1, "=", (), lambda e: None, 1.0).counterexample is None
    assert attack_in_closed_form(a, a + 1, "=", (), lambda e: e, 1.0).counterexample is not None


def test_undefined_functions_and_laws_are_not_attacked() -> None:
    f = sp.Function("f")
    assert attack_in_closed_form(f(a), f(a) + 1, "=", (), lambda e: e, 1.0).counterexample is None


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        pytest.param(Integral(cos(a * x), (x, 0, oo)), sp.Integer(0), id="an oscillation"),
        pytest.param(Integral(exp(-a * x), (x, 0, oo)), 1 / a, id="growth"),
        pytest.param(Integral(x ** (a - 1), (x, 0, 1)), 1 / a, id="a pole at an end"),
        pytest.param(Integral(1 / x, (x, -1, p)), sp.log(p), id="a principal value"),
        pytest.param(Integral(exp(a * x**2), (x, -oo, oo)), sp.sqrt(pi / (-a)), id="a Gaussian that grows"),
        pytest.param(sp.Sum(a**k, (k, 0, oo)), 1 / (1 - a), id="a geometric series"),
        pytest.param(sp.Sum(a**k / k, (k, 1, oo)), -sp.log(1 - a), id="a logarithm beyond its disc"),
        pytest.param(sp.Sum(k, (k, 1, oo)), -sp.Rational(1, 12), id="a series that diverges everywhere"),
        pytest.param(Limit(sin(a / t), t, 0), sp.Integer(0), id="a limit that does not exist"),
    ],
)
def test_where_there_is_no_value_nothing_is_refuted(lhs: Any, rhs: Any) -> None:
    assert equal(lhs, rhs).verdict not in ("refuted", "proved")
