"""Power series by a recurrence of their coefficients: what the rule proves, and what it must not."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import (
    GoldenRatio,
    Rational,
    Sum,
    assoc_laguerre,
    chebyshevt,
    chebyshevu,
    cos,
    exp,
    factorial,
    fibonacci,
    gegenbauer,
    harmonic,
    hermite,
    laguerre,
    legendre,
    log,
    lucas,
    oo,
    sin,
    sqrt,
    symbols,
)

from derivable import equal
from derivable.search import propose
from derivable.search.linear_relation import linear_relations
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts
from derivable.trusted.generating_functions import by_generating_function
from derivable.trusted.normal_form import NormalForm

x, t = symbols("x t", real=True)
z = symbols("z")
a, p = symbols("a p", positive=True)
k = symbols("k", integer=True)
n = symbols("n", integer=True, nonnegative=True)
UNIT, SEGMENT, HALF = (t > -1, t < 1), (x >= -1, x <= 1), (t > -Rational(1, 2), t < Rational(1, 2))
SECONDS = 30.0

Statement = tuple[Any, Any, tuple[Any, ...]]


def series(coefficient: Any, first: int = 0, variable: Any = t) -> Any:
    return Sum(coefficient * variable**k, (k, first, oo))


TRUE: dict[str, Statement] = {
    "Legendre": (series(legendre(k, x)), 1 / sqrt(1 - 2 * x * t + t**2), (*UNIT, *SEGMENT)),
    "Legendre, weighted": (
        series((2 * k + 1) * legendre(k, x)),
        (1 - t**2) / (1 - 2 * x * t + t**2) ** Rational(3, 2),
        (*UNIT, *SEGMENT),
    ),
    "Chebyshev": (series(chebyshevt(k, x)), (1 - t * x) / (1 - 2 * t * x + t**2), (*UNIT, *SEGMENT)),
    "Chebyshev of the second kind": (series(chebyshevu(k, x)), 1 / (1 - 2 * t * x + t**2), (*UNIT, *SEGMENT)),
    "Chebyshev, in the variable that comes last": (
        series(chebyshevu(k, t), variable=x),
        1 / (1 - 2 * t * x + x**2),
        (x > -1, x < 1, t >= -1, t <= 1),
    ),
    "Chebyshev, exponential": (
        series(chebyshevt(k, x) / factorial(k)),
        exp(x * t) * cos(t * sqrt(1 - x**2)),
        SEGMENT,
    ),
    "Gegenbauer": (series(gegenbauer(k, a, x)), (1 - 2 * x * t + t**2) ** (-a), (*UNIT, *SEGMENT)),
    "Hermite": (series(hermite(k, x) / factorial(k)), exp(2 * x * t - t**2), ()),
    "Hermite of even degree": (
        series(hermite(2 * k, x) / factorial(k)),
        exp(4 * x**2 * t / (1 + 4 * t)) / sqrt(1 + 4 * t),
        (4 * t > -1, 4 * t < 1),
    ),
    "Laguerre": (series(laguerre(k, x)), exp(-x * t / (1 - t)) / (1 - t), UNIT),
    "Laguerre with a parameter": (series(assoc_laguerre(k, a, x)), exp(-x * t / (1 - t)) / (1 - t) ** (a + 1), UNIT),
    "Fibonacci": (series(fibonacci(k)), t / (1 - t - t**2), HALF),
    "Fibonacci, exponential": (
        series(fibonacci(k) / factorial(k)),
        (exp(GoldenRatio * t) - exp(-t / GoldenRatio)) / sqrt(5),
        (),
    ),
    "Lucas": (series(lucas(k)), (2 - t) / (1 - t - t**2), HALF),
    "harmonic numbers": (series(harmonic(k), 1), -log(1 - t) / (1 - t), UNIT),
    "cosines": (series(cos(k * x) / factorial(k)), exp(t * cos(x)) * cos(t * sin(x)), ()),
    "sines, a positive variable": (series(sin(k * x), 1, p), p * sin(x) / (1 - 2 * p * cos(x) + p**2), (p < 1,)),
}
FALSE: dict[str, Statement] = {
    "a first coefficient": (series(fibonacci(k)), (1 + t) / (1 - t - t**2), HALF),
    "another exponent": (series(laguerre(k, x)), exp(-x * t / (1 - t)) / (1 - t) ** 2, UNIT),
    "a sign": (series(hermite(k, x) / factorial(k)), exp(2 * x * t + t**2), ()),
    "a term more": (series(legendre(k, x)), t**3 + 1 / sqrt(1 - 2 * x * t + t**2), (*UNIT, *SEGMENT)),
    "a multiple": (series(harmonic(k), 1), -2 * log(1 - t) / (1 - t), UNIT),
    "a start": (series(harmonic(k), 2), -log(1 - t) / (1 - t), UNIT),
    "another root": (series(legendre(k, x)), -1 / sqrt(1 - 2 * x * t + t**2), (*UNIT, *SEGMENT)),
    "a multiple, at positive numbers alone": (series(1 / factorial(k), 0, p), 2 * exp(p), ()),
    "a sum that ends": (Sum(t**k, (k, 0, n)), 1 / (1 - t), UNIT),
    "every second power": (Sum(p ** (2 * k), (k, 0, oo)), 1 / (1 - p), (p < 1,)),
    "a complex variable": (Sum(z**k / factorial(k), (k, 0, oo)), exp(sp.re(z)), ()),
    "terms that are others at zero": (
        Sum((t / 2) ** k + (1 - sp.sign(t) ** 2) / 2**k, (k, 1, oo)),
        t / (2 - t),
        UNIT,
    ),
    # the function has a pole at t = 0.6, and no Taylor series reaches beyond it
    "beyond the first pole, added": (series(fibonacci(k)), t / (1 - t - t**2) + sp.sign(t - 1) + 1, (t > 0, t < 1)),
}
#: true where the sum converges, but the function is not seen to be analytic on the way
NOT_ANALYTIC: dict[str, Statement] = {
    "past the pole": (series(fibonacci(k)), t / (1 - t - t**2), (t > -1, t < 1)),
    "outside of the segment": (series(legendre(k, x)), 1 / sqrt(1 - 2 * x * t + t**2), ()),
    "a start that is no number": (series(sp.Integer(1), n), t**n / (1 - t), UNIT),
    "a kink": (series(1 / factorial(k)), exp(sqrt(t**2)), ()),
}


def proved_by_rule(statement: Statement) -> bool:
    lhs, rhs, where = statement
    prover = Prover(propose, time.monotonic() + SECONDS)
    return (
        by_generating_function(
            lhs - rhs,
            Facts(where),
            lambda e, given: prover.zero(e, given, 2, induction=False),
            lambda e, given: prover._positive(e, given, True, SECONDS),
            lambda c, index: propose("relation", c, index),
        )
        is not None
    )


@pytest.mark.parametrize("name", TRUE)
def test_generating_functions_are_proved(name: str) -> None:
    lhs, rhs, where = TRUE[name]
    assert equal(lhs, rhs, where=where, timeout=SECONDS).verdict == "proved"


@pytest.mark.parametrize("name", {**FALSE, **NOT_ANALYTIC})
def test_the_rule_alone_proves_nothing_false(name: str) -> None:
    assert not proved_by_rule({**FALSE, **NOT_ANALYTIC}[name])


@pytest.mark.parametrize(
    "name", ["Legendre", "Chebyshev, in the variable that comes last", "Hermite", "Fibonacci", "harmonic numbers"]
)
def test_the_rule_alone_proves_the_true_neighbours(name: str) -> None:
    assert proved_by_rule(TRUE[name])


def test_a_wrong_recurrence_is_not_believed() -> None:
    """The search is not trusted: its recurrences are checked."""
    prover = Prover(propose, time.monotonic() + SECONDS)

    def proved(*relations: list[Any]) -> bool:
        return (
            by_generating_function(
                Sum(2**k * t**k, (k, 0, oo)) - 1 / (1 - t),
                Facts(HALF),
                lambda e, given: prover.zero(e, given, 2, induction=False),
                lambda e, given: prover._positive(e, given, True),
                lambda c, index: relations,
            )
            is not None
        )

    assert not proved([sp.Integer(-1), sp.Integer(1)])  # that of the other side
    assert not proved([sp.Integer(0), sp.Integer(0)])
    assert not proved([sp.Integer(-2), sp.Integer(1)])  # the right one


@pytest.mark.parametrize(
    "c", [legendre(k, x) / (k + 1), harmonic(k) * 3**k, hermite(k, x) + 1, cos(k * x) / factorial(k)], ids=str
)
def test_relations_that_the_search_finds_hold(c: Any) -> None:
    index = sp.Dummy("k", integer=True, nonnegative=True)
    term = c.subs(k, index)
    (found, *_) = list(linear_relations(term, index))
    total = sum(q * term.subs(index, index + j) for j, q in enumerate(found))
    assert NormalForm(Facts(())).is_zero(total)


def by_relation(e: Any, relation: list[Any], *where: Any) -> Any:
    """What the rule finds by one recurrence that is handed to it, for p < 1."""
    prover = Prover(propose, time.monotonic() + SECONDS)
    return by_generating_function(
        e,
        Facts(where or (p < 1,)),
        lambda part, given: prover.zero(part, given, 2, induction=False),
        lambda base, given: prover._positive(base, given, True, SECONDS),
        lambda c, index: [relation],
    )


def differences(order: int) -> list[Any]:
    """The recurrence of the polynomials in k of a lower degree."""
    return [sp.Integer((-1) ** (order - j)) * sp.binomial(order, j) for j in range(order + 1)]


def test_more_first_coefficients_than_are_compared_are_not_believed() -> None:
    """Σ (1 - C(k, 6)) p^k begins as Σ p^k does, and the recurrence of order 7 of all polynomials in k holds for both."""
    assert by_relation(series(sp.Integer(1), 0, p) - 1 / (1 - p) + p**6 / (1 - p) ** 7, differences(7)) is None


def test_convergence_is_seen_by_a_recurrence_of_order_two_at_most() -> None:
    geometric = series(sp.Integer(1), 0, p) - 1 / (1 - p)
    assert [by_relation(geometric, differences(order)).converges for order in (1, 2, 3)] == [True, True, False]
    sided = [
        by_relation(
            series(sp.Integer(way) ** k) - 1 / (1 - way * t),
            [sp.Integer(-1), sp.Integer(0), sp.Integer(1)],
            way * t > -2,
            2 * way * t < 1,
        )
        for way in (1, -1)
    ]
    assert [found.converges for found in sided] == [False, False]


def test_a_recurrence_of_the_function_alone_is_none_of_the_terms() -> None:
    assert by_relation(series(1 + k, 0, p) - 1 / (1 - p), differences(1)) is None
    assert by_relation(series(1 + k, 0, p) - 1 / (1 - p) ** 2, differences(2)) is not None
