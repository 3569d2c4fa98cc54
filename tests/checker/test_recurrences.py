"""Induction and creative telescoping: certificates are checked, and what they prove is true."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Product, Rational, Sum, binomial, chebyshevt, cos, factorial2, fibonacci, legendre, sin, symbols

from derivable.search import propose
from derivable.search.zeilberger import recurrences
from derivable.trusted.decision import Proof
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts
from derivable.trusted.recurrences import by_creative_telescoping, counts_in_ones, least

n, m, k = symbols("n m k", integer=True, nonnegative=True)
x, t = symbols("x t", real=True)
z = symbols("z")
p, r = symbols("p r", positive=True)


def prove(lhs: Any, rhs: Any, *where: Any) -> Proof | None:
    """A proof without the attack before it, so that a wrong yes is seen."""
    return Prover(propose, time.monotonic() + 30).zero(sp.sympify(lhs) - rhs, Facts(where))


TRUE = {
    "rows": (Sum(binomial(n, k), (k, 0, n)), 2**n),
    "means of rows": (Sum(k * binomial(n, k), (k, 0, n)), n * 2**n / 2),
    "squares of a row": (Sum(binomial(n, k) ** 2, (k, 0, n)), binomial(2 * n, n)),
    "second moments of rows": (Sum(k**2 * binomial(n, k), (k, 0, n)), n * (n + 1) * 2**n / 4),
    "third factorial moments": (Sum(k * (k - 1) * (k - 2) * binomial(n, k), (k, 0, n)), n * (n - 1) * (n - 2) * 2**n / 8),
    "the binomial variance": (
        Sum((k - n * p) ** 2 * binomial(n, k) * p**k * r ** (n - k), (k, 0, n)).subs(r, 1 - p),
        n * p * (1 - p),
    ),
    "reciprocals": (Sum(binomial(n, k) / (k + 1), (k, 0, n)), (2 ** (n + 1) - 1) / (n + 1)),
    "a generating function of moments": (
        Sum(binomial(n, k) * p**k * r ** (n - k) * sp.exp(k * t), (k, 0, n)).subs(r, 1 - p),
        (1 - p + p * sp.exp(t)) ** n,
    ),
    "harmonic numbers over the index": (
        Sum(sp.harmonic(k) / k, (k, 1, n)),
        (sp.harmonic(n) ** 2 + sp.harmonic(n, 2)) / 2,
    ),
    "harmonic numbers of the second order": (Sum(sp.harmonic(k, 2), (k, 1, n)), (n + 1) * sp.harmonic(n, 2) - sp.harmonic(n)),
    "binary powers": (Product(x ** (2**k) + 1, (k, 0, n)), (1 - x ** (2 ** (n + 1))) / (1 - x)),
    "cosines of halves": (Product(cos(t / 2**k), (k, 1, n)), sin(t) / (2**n * sin(t / 2**n))),
    "Cassini": (fibonacci(n + 2) * fibonacci(n) - fibonacci(n + 1) ** 2, (-1) ** (n + 1)),
    "double factorials": (factorial2(2 * n), 2**n * sp.factorial(n)),
    "Chebyshev by the cosine": (chebyshevt(n, cos(t)), cos(n * t)),
    "Legendre at one": (legendre(n, 1), 1),
}

FALSE = {
    "rows, one too many": (Sum(binomial(n, k), (k, 0, n)), 2**n + 1),
    "rows, wrong first value": (Sum(binomial(n, k), (k, 0, n)), 2 ** (n + 1)),
    "true from two on": (Sum(k, (k, 0, n)), n * (n + 1) / 2 + sp.KroneckerDelta(n, 1)),
    "second moments of rows, wrong at one": (
        Sum(k**2 * binomial(n, k), (k, 0, n)),
        n * (n + 1) * 2**n / 4 + sp.KroneckerDelta(n, 1),
    ),
    "second factorial moments, wrong at one": (Sum(k * (k - 1) * binomial(n, k), (k, 0, n)), n * 2**n / 2),
    "squares of a row, shifted": (Sum(binomial(n, k) ** 2, (k, 0, n)), binomial(2 * n, n + 1)),
    "harmonic numbers of the second order, shifted": (sp.harmonic(n + 1, 2) - sp.harmonic(n, 2), 1 / (n + 2) ** 2),
    "harmonic numbers of the third order, sign": (sp.harmonic(n, 3), sp.zeta(3) + sp.polygamma(2, n + 1) / 2 + sp.zeta(2)),
    "Cassini, sign": (fibonacci(n + 2) * fibonacci(n) - fibonacci(n + 1) ** 2, (-1) ** n),
    "reversed parity": (legendre(n, -x), legendre(n, x)),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_for_all_integers_is_proved(name: str) -> None:
    assert prove(*TRUE[name], p < 1) is not None


@pytest.mark.parametrize("name", FALSE)
def test_false_for_one_integer_is_not(name: str) -> None:
    assert prove(*FALSE[name]) is None


@pytest.mark.parametrize(
    "term", [binomial(n, k), z**k * binomial(n, k), binomial(n, k) ** 3, (-1) ** k * binomial(n, k) * binomial(2 * k, k)], ids=str
)
def test_a_recurrence_holds_with_its_certificate(term: Any) -> None:
    """Σ_j c_j F(n + j, k) = G(n, k + 1) - G(n, k), in exact numbers."""
    for coefficients, r in recurrences(term, n, k):
        for row in (5, 9):
            for column in (1, 2, 3):
                at = {n: row, k: column, z: Rational(2, 7)}
                left = sum(c.subs(at) * term.subs(n, n + j).subs(at) for j, c in enumerate(coefficients))
                g = (r * term).subs(n, row).subs(z, Rational(2, 7))
                assert sp.simplify(left - (g.subs(k, column + 1) - g.subs(k, column))) == 0


def test_a_wrong_certificate_is_turned_down() -> None:
    """The proposer is not trusted."""

    def wrong(kind: str, expression: Any, variable: Any) -> Any:
        for coefficients, r in recurrences(*expression, variable):
            yield [2 * coefficients[0], *coefficients[1:]], r
            yield coefficients, r + 1

    e = Sum(binomial(n, k), (k, 0, n)) - 4**n
    assert by_creative_telescoping(e, Facts(()), lambda part, facts: Proof(), wrong) is None


def test_an_integer_that_skips_some_is_not_counted_through() -> None:
    assert counts_in_ones(n)
    for kind in ("even", "odd", "prime", "composite"):
        assert not counts_in_ones(sp.Symbol("e", integer=True, **{kind: True}))


def test_an_induction_in_ones_begins_at_a_least_value() -> None:
    whole = sp.Symbol("s", integer=True, nonnegative=True)
    assert least(whole, Facts(())) == 0
    assert least(whole, Facts((whole >= 3, whole > 4))) == 5
    for kinds in ({"even": True}, {"odd": True}, {"prime": True}, {"composite": True}):
        assert least(sp.Symbol("s", integer=True, nonnegative=True, **kinds), Facts(())) is None
    assert least(sp.Symbol("s", integer=True), Facts(())) is None
    for other in (whole <= 9, sp.Ne(whole, 4), 2 * whole >= 3, whole >= sp.Rational(5, 2)):
        assert least(whole, Facts((other,))) is None
