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
    "harmonic numbers with signs": (Sum((-1) ** k * binomial(n + 1, k) * sp.harmonic(k), (k, 0, n + 1)), -1 / (n + 1)),
    "harmonic numbers of the second order with signs": (
        Sum((-1) ** k * binomial(n + 1, k) * sp.harmonic(k, 2), (k, 1, n + 1)),
        -sp.harmonic(n + 1) / (n + 1),
    ),
    "harmonic numbers over a row": (
        Sum(binomial(n, k) * sp.harmonic(k), (k, 0, n)),
        2**n * (sp.harmonic(n) - Sum(1 / (k * 2**k), (k, 1, n))),
    ),
    "harmonic numbers over the squares of a row": (
        Sum(binomial(n, k) ** 2 * sp.harmonic(k), (k, 0, n)),
        binomial(2 * n, n) * (2 * sp.harmonic(n) - sp.harmonic(2 * n)),
    ),
    "shifted harmonic numbers with signs": (
        Sum((-1) ** k * binomial(n + 1, k) * sp.harmonic(k + 1), (k, 0, n + 1)),
        -1 / ((n + 1) * (n + 2)),
    ),
    "a convolution of harmonic numbers": (
        Sum(sp.harmonic(k) / (n + 1 - k), (k, 1, n)),
        sp.harmonic(n + 1) ** 2 - sp.harmonic(n + 1, 2),
    ),
    "Dixon": (
        Sum((-1) ** k * binomial(2 * n, k) ** 3, (k, 0, 2 * n)),
        (-1) ** n * sp.factorial(3 * n) / sp.factorial(n) ** 3,
    ),
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
    "harmonic numbers with signs, shifted": (Sum((-1) ** k * binomial(n + 1, k) * sp.harmonic(k), (k, 0, n + 1)), -1 / (n + 2)),
    "harmonic numbers with signs, wrong at one": (
        Sum((-1) ** k * binomial(n + 1, k) * sp.harmonic(k), (k, 0, n + 1)),
        -1 / (n + 1) + sp.KroneckerDelta(n, 1),
    ),
    "harmonic numbers over the squares of a row, wrong at zero": (
        Sum(binomial(n, k) ** 2 * sp.harmonic(k), (k, 0, n)),
        binomial(2 * n, n) * (2 * sp.harmonic(n) - sp.harmonic(2 * n)) + sp.KroneckerDelta(n, 0),
    ),
    "harmonic numbers of half the index": (Sum((-1) ** k * binomial(n + 1, k) * sp.harmonic(2 * k), (k, 0, n + 1)), -1 / (n + 1)),
    "a convolution of harmonic numbers, order": (
        Sum(sp.harmonic(k) / (n + 1 - k), (k, 1, n)),
        sp.harmonic(n + 1) ** 2 - sp.harmonic(n, 2),
    ),
    "Dixon, sign": (Sum((-1) ** k * binomial(2 * n, k) ** 3, (k, 0, 2 * n)), sp.factorial(3 * n) / sp.factorial(n) ** 3),
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
        for coefficients, r in propose(kind, expression, variable):
            proposed.append(r)
            yield [2 * coefficients[0], *coefficients[1:]], r
            yield coefficients, r + 1

    proposed: list[Any] = []

    def yes(part: Any, facts: Any) -> Proof:
        return Proof()

    for e in (
        Sum(binomial(n, k), (k, 0, n)) - 4**n,
        Sum((-1) ** k * binomial(n + 1, k) * sp.harmonic(k), (k, 0, n + 1)) - 4**n,
    ):
        assert by_creative_telescoping(e, Facts(()), yes, yes, propose) is not None
        assert by_creative_telescoping(e, Facts(()), yes, yes, wrong) is None
    assert len(proposed) == 2


@pytest.mark.parametrize(
    "slow",
    [
        sp.harmonic(2 * k),  # H(2k + 2) - H(2k) has two terms
        sp.harmonic(k - 1),  # not defined at k = 0
        sp.harmonic(k + Rational(1, 2), 2),  # of the second order the step is known between integers only
        sp.harmonic(k, m),
        sp.harmonic(n + k),  # the terms of the recurrence have others
        1 / (1 + sp.harmonic(k)),
        sp.sqrt(sp.harmonic(k)),
        k ** sp.harmonic(k),
    ],
    ids=str,
)
def test_harmonic_numbers_whose_growth_is_not_known_are_left_alone(slow: Any) -> None:
    """Whatever is said to vanish, no step of a summation by parts is taken."""

    def yes(part: Any, facts: Any) -> Proof:
        return Proof()

    e = Sum((-1) ** k * binomial(n + 1, k) * slow, (k, 0, n + 1)) + 1 / (n + 1)
    assert by_creative_telescoping(e, Facts(()), yes, yes, propose) is None


@pytest.mark.parametrize(
    "total",
    [
        Sum(binomial(2 * n, k), (k, n, 2 * n)),  # the first term moves with n
        Sum(n * k, (k, n, 2 * n + 4)),
    ],
    ids=str,
)
def test_a_sum_that_does_not_begin_at_a_number_is_not_telescoped(total: Any) -> None:
    """Whatever is said to vanish: the recurrence is summed from one first term on for all n."""

    def yes(part: Any, facts: Any) -> Proof:
        return Proof()

    assert by_creative_telescoping(total - fibonacci(n), Facts(()), yes, yes, propose) is None


def test_a_summation_by_parts_leaves_the_growth_at_the_next_index() -> None:
    """Σ h ΔG = [G h] - Σ G(k + 1) Δh, in exact numbers: what is left to show is true where the statement is, and only there."""
    left: list[Any] = []

    def asked(part: Any, facts: Any) -> Proof:
        left.append(part)
        return Proof()

    slow = sp.harmonic(k) ** 2 + 3 * sp.harmonic(k + 2, 2)
    total = Sum((-1) ** k * binomial(n + 1, k) * slow, (k, 0, n + 1))
    # a value that is none
    assert by_creative_telescoping(total - fibonacci(n), Facts(()), asked, asked, propose) is not None
    for row in (2, 3, 6):
        value = total.subs(n, row).doit() - fibonacci(row)
        # the order of the recurrence is 0: the rest is what the statement claims to vanish, up to its sign
        assert abs(left[0].subs(n, row).doit()) == abs(value)


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
