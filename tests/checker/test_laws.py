"""Means over random variables: what hypotheses about their laws prove, and at which concrete laws statements are evaluated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    IndexedBase,
    Integer,
    Integral,
    KroneckerDelta,
    Rational,
    Sum,
    exp,
    factorial,
    log,
    oo,
    pi,
    sqrt,
    symbols,
)

from derivable import Copy, Density, Expectation, ForAll, Independent, SpaceIntegral

E = Expectation
n = symbols("n", integer=True, positive=True)
i, j = symbols("i j", integer=True)
x, y, z0, mu = symbols("x y z0 mu", real=True)
a = symbols("a", positive=True)
q, k, w = (IndexedBase(name, shape=(n,), real=True) for name in "qkw")
f, g = (Function(name, real=True) for name in "fg")
weight = Function("weight", positive=True)


def law_of(v: Any, mean: Any = 0, variance: Any = 1) -> tuple[Any, ...]:
    """Independent coordinates of that mean and variance, otherwise of any law."""
    return (
        Independent(v),
        ForAll((i,), Eq(E(v[i], v), mean)),
        ForAll((i,), Eq(E(v[i] ** 2, v), mean**2 + variance)),
    )


dot = Sum(q[i] * k[i], (i, 1, n))
standard = Density(x, exp(-(x**2) / 2) / sqrt(2 * pi))

TRUE = {
    "variance of a dot product": (E(E(dot**2, q), k), "=", n, *law_of(q), *law_of(k)),
    "… with means": (E(E(dot**2, q), k) - E(E(dot, q), k) ** 2, "=", n * (1 + 2 * mu**2), *law_of(q, mu), *law_of(k, mu)),
    "variance other than one": (E(Sum(q[i], (i, 1, n)) ** 2, q), "=", 4 * n, *law_of(q, 0, 4)),
    "covariance of coordinates": (E(q[i] * q[j], q), "=", KroneckerDelta(i, j), *law_of(q), i >= 1, i <= n, j >= 1, j <= n),
    "moments of copies": (
        E(Sum(f(q[i]), (i, 1, n)) ** 2, q), "=", n * E(f(y) ** 2, y) + n * (n - 1) * E(f(y), y) ** 2, Independent(q, law=y),
    ),
    "independent copy": (
        E(E((f(q[1]) - f(w[1])) ** 2, q), w), "=", 2 * E(f(q[1]) ** 2, q) - 2 * E(f(q[1]), q) ** 2, Copy(w, q),
    ),
    "moment generating function": (E(exp(a * x), x), "=", exp(a**2 / 2), standard),
    "score of a marginal": (
        Derivative(log(E(weight(x, z0), z0)), x), "=", E(Derivative(weight(x, z0), x), z0) / E(weight(x, z0), z0),
    ),
    "a mean inside a mean is a constant": (E((f(y) - E(f(y), y)) ** 2, y), "=", E(f(y) ** 2, y) - E(f(y), y) ** 2),
    "Fubini": (SpaceIntegral(E(exp(-(q[1] ** 2)) * f(y), y), q), "=", E(f(y), y) * SpaceIntegral(exp(-(q[1] ** 2)), q), Eq(n, 1)),
    "Jensen for the square": (E(f(y), y) ** 2, "<=", E(f(y) ** 2, y)),
    "Cauchy-Schwarz": (E(f(y) * g(y), y) ** 2, "<=", E(f(y) ** 2, y) * E(g(y) ** 2, y)),
    "a positive variable": (E(Abs(y), y), "=", E(y, y), y > 0),
    "a named mean": (E(f(y) * (f(y) - x), y), "=", E(f(y) ** 2, y) - x**2, Eq(x, E(f(y), y))),
}  # fmt: skip
FALSE = {
    "coordinates that may be the same": (
        E(q[i] * q[j], q), "=", E(q[i], q) * E(q[j], q), Independent(q), i >= 1, i <= n, j >= 1, j <= n,
    ),
    "dependent coordinates": (E(q[1] * q[2], q), "=", E(q[1], q) * E(q[2], q), n >= 2),
    "all fourth moments as of the normal law": (E(q[1] ** 4, q), "=", 3, *law_of(q)),
    "mean of a quotient": (
        E(f(q[1]) / Sum(weight(q[i]), (i, 1, n)), q), "=", E(f(q[1]), q) / (n * E(weight(y), y)), Independent(q, law=y),
    ),
    "a copy that is the same": (E(E(f(q[1]) * f(w[1]), q), w), "=", E(f(q[1]) ** 2, q), Copy(w, q)),
    "logarithm and mean": (log(E(weight(y), y)), "=", E(log(weight(y)), y)),
    "mean of a square": (E(f(y) ** 2, y), "=", E(f(y), y) ** 2),
    "Jensen the other way": (E(f(y) ** 2, y), "<=", E(f(y), y) ** 2),
    "a variable of both signs": (E(Abs(y), y), "=", E(y, y)),
    "a density with another exponent": (E(exp(a * x), x), "=", exp(a**2), standard),
    "a free variable pulled into a mean": (E(f(y) * y, y), "=", y * E(f(y), y)),
}  # fmt: skip


@pytest.mark.parametrize("case", TRUE.values(), ids=TRUE)
def test_what_the_hypotheses_give_is_proved_and_evaluated(case: tuple[Any, ...], said: Callable[..., Any]) -> None:
    lhs, relation, rhs, *where = case
    decision = said(lhs, relation, rhs, *where, seconds=15.0)
    assert decision.verdict == "proved", decision.note
    assert decision.points > 0, decision.note


@pytest.mark.parametrize("case", FALSE.values(), ids=FALSE)
def test_what_they_do_not_give_is_refuted(case: tuple[Any, ...], said: Callable[..., Any]) -> None:
    lhs, relation, rhs, *where = case
    assert said(lhs, relation, rhs, *where, seconds=15.0).verdict == "refuted"


@pytest.mark.parametrize("case", [c for c in FALSE.values() if c[1] == "="], ids=[k for k, c in FALSE.items() if c[1] == "="])
def test_what_they_do_not_give_is_not_proved_by_the_rules_alone(case: tuple[Any, ...], prove: Callable[..., Any]) -> None:
    lhs, _, rhs, *where = case
    assert prove(lhs, rhs, *where) is None


def test_a_refutation_names_the_law(said: Callable[..., Any]) -> None:
    decision = said(E(f(y) ** 2, y), "=", E(f(y), y) ** 2)
    assert "probability" in decision.counterexample.point["law of y"]


def test_hypotheses_that_no_known_law_satisfies_leave_the_statement_unevaluated(said: Callable[..., Any]) -> None:
    decision = said(E(y, y), "=", 1, Eq(E(y, y), 2), Eq(E(y**2, y), 1))
    assert (decision.verdict, decision.points) == ("open", 0)


def test_a_density_that_is_none_is_not_evaluated(said: Callable[..., Any]) -> None:
    decision = said(E(x, x), "=", 3, Density(x, exp(-(x**2)), -oo, oo))
    assert decision.verdict == "open"


def test_an_inequality_for_all_values_holds_in_its_range_only(said: Callable[..., Any]) -> None:
    t = symbols("t", real=True)
    bound = ForAll((t,), f(t) >= Rational(1, 2), (t >= 0,))
    assert said(0, "<", f(a), bound).verdict == "proved"
    assert said(0, "<", f(-a), bound).verdict == "open"
    assert said(0, "<", f(-a), bound, instances={f: lambda t: t + Rational(1, 2)}).verdict == "refuted"


# -- found by an attack on the rules with the evaluation switched off ---------------------------------------------------

h = Function("h", real=True)
s, t = symbols("s t", real=True)
u = symbols("u", extended_real=True)
c = symbols("c")


def test_the_condition_of_a_rule_is_not_captured_by_a_mean(prove: Callable[..., Any]) -> None:
    rule = ForAll((t,), Eq(f(t), 0), (E(h(t, y), y) >= 0,))
    assert prove(f(y), 0, rule, E(h(y, y), y) >= 0) is None
    assert prove(f(s), 0, rule, E(h(s, y), y) >= 0) is not None


def test_an_extended_real_variable_does_not_stand_for_a_complex_one(prove: Callable[..., Any]) -> None:
    assert prove(f(c), 0, ForAll((u,), Eq(f(u), 0))) is None


def test_the_length_of_an_inner_range_is_not_that_of_the_free_variable(said: Callable[..., Any]) -> None:
    inner = Integral(f(x), (x, 0, y)), Integral(f(x) ** 2, (x, 0, y))
    assert said(E(inner[0], y) ** 2, "<=", y * E(inner[1], y), y >= 0).verdict != "proved"


def test_moments_of_every_order_are_not_seen_from_a_few_of_them(said: Callable[..., Any]) -> None:
    m = symbols("m", integer=True, nonnegative=True)
    normal = ForAll((m,), Eq(E(y ** (2 * m), y), factorial(2 * m) / (2**m * factorial(m))))
    assert said(E(y**6, y), "=", 15, normal).verdict != "refuted"


def test_a_mean_that_was_evaluated_before_is_no_more_rigorous_than_it_was(said: Callable[..., Any]) -> None:
    # the mean of 1 has been evaluated already, by quadrature, when the density is looked at
    decision = said(E(Integer(1), y), "=", 2, Density(y, exp(-(y**2) / 2) / sqrt(2 * pi)))
    assert decision.verdict == "refuted"
    assert not decision.counterexample.rigorous
