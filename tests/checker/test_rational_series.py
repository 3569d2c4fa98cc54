"""Infinite sums of rational terms: their balls hold the values, and only those that converge are proved to have one."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
import sympy as sp
from flint import acb, arb
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Eq, Rational, Sum, coth, log, oo, pi, polygamma, symbols, zeta

import derivable
from derivable.trusted.convergence import converges
from derivable.trusted.facts import Facts
from derivable.trusted.rational_series import Diverges, rational_product, rational_series

k, m = symbols("k m", integer=True)
n = symbols("n", integer=True, positive=True)
x = symbols("x", positive=True)
y = symbols("y", real=True)
z = symbols("z")

VALUES = {
    "Basel": (1 / k**2, 1, pi**2 / 6),
    "complex poles": (1 / (k**2 + 1), 1, (pi * coth(pi) - 1) / 2),
    "double complex poles": (1 / (k**2 + 1) ** 2, 1, pi * coth(pi) / 4 + pi**2 / (4 * sp.sinh(pi) ** 2) - Rational(1, 2)),
    "Leibniz": ((-1) ** k / (2 * k + 1), 0, pi / 4),
    "alternating from one": ((-1) ** (k + 1) / k, 1, log(2)),
    "telescoping": (1 / (k * (k + 1)), 1, sp.Integer(1)),
    "poles of several orders": ((k + 3) / ((k + 1) ** 3 * (k + 2)), 0, 2 * zeta(3) - pi**2 / 6 + 1),
    "from a negative index": (1 / (2 * k + 1) ** 2, -2, pi**2 / 8 + 1 + Rational(1, 9)),
    "no terms": (k - k, 1, sp.Integer(0)),
}


@pytest.mark.parametrize("name", VALUES)
def test_the_ball_holds_the_known_value(name: str) -> None:
    term, start, value = VALUES[name]
    found = rational_series(term, k, start)
    assert found is not None
    known = arb(str(sp.N(value, 40)), 1e-30)
    assert (found - acb(known)).contains(0)
    assert found.rad() < 1e-10


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=3),
    st.integers(-3, 3),
    st.integers(-2, 3),
)
@settings(max_examples=40, deadline=None)
def test_the_ball_agrees_with_summation(poles: list[tuple[int, int, int]], slope: int, start: int) -> None:
    bottom = sp.Mul(*((q * k + p) ** m for p, q, m in poles)) * (k**2 + k + 5)
    assume(all(-Rational(p, q) < start or p % q for p, q, _ in poles))
    term = (slope * k + 1) / bottom
    found = rational_series(term, k, start)
    assert found is not None
    with mpmath.workdps(30):
        direct = mpmath.nsum(sp.lambdify(k, term, "mpmath"), [start, mpmath.inf])
        middle, radius = (mpmath.mpf(part.str(25, radius=False)) for part in (found.real.mid(), found.real.rad()))
        assert abs(middle - direct) < 1e-9 * (1 + abs(direct)) + radius
        assert radius < 1e-4


@pytest.mark.parametrize(
    ("term", "start"),
    [(1 / k, 1), (1 / k**2, 0), (1 / (k**2 - 4), 1), ((-1) ** k, 0), ((-1) ** k * k / (k + 1), 0), ((-1) ** k / (k - 3), 1)],
)
def test_what_diverges_or_has_a_term_without_a_value_is_told(term: Any, start: int) -> None:
    with pytest.raises(Diverges):
        rational_series(term, k, start)
    assert not converges(Sum(term, (k, start, oo)), Facts(()))


@pytest.mark.parametrize("term", [sp.sin(k) / k**2, x / k**2, 2**-k, 1 / (sp.sqrt(2) * k**2 + 1), (-1) ** (k**2) / k**2, z**k])
def test_other_terms_are_left_to_others(term: Any) -> None:
    assert rational_series(term, k, 1) is None
    assert rational_series((-1) ** k * term, k, 1) is None
    assert rational_product(1 + term, k, 1) is None


CONVERGE = [1 / k**2, (-1) ** k / k, (-1) ** k / k**2, x / (k**2 + x), log(k) / k**2, 1 / k ** Rational(3, 2), sp.atan(1 / k) / k]
DIVERGE = [
    1 / k,
    1 / sp.sqrt(k),
    log(k) / k,
    (-1) ** k,
    (-1) ** k * k,
    1 / (k * log(k + 1)),
    sp.atan(k) / k,
    sp.Integer(1),
    1 / (z * k),
    1 / (y**2 * k**2 + k),  # y may be 0
    2**k / k,
    (-1) ** (m * k) / k,  # m may be even
    (-1) ** (k**2 + k) / k,
    # alternating, of the order of k^(-1/2), and with the harmonic series inside: it does not fall
    (-1) ** k * (sp.sqrt(k) + k - 2 * sp.floor(k / 2)) / k,
]


@pytest.mark.parametrize("term", CONVERGE)
def test_a_sum_whose_terms_fall_fast_enough_has_a_value(term: Any) -> None:
    assert converges(Sum(term, (k, 1, oo)), Facts(()))
    assert converges(Sum(term, (k, n, oo)), Facts(()))


@pytest.mark.parametrize("term", DIVERGE)
def test_a_sum_whose_terms_do_not_is_not_said_to_have_one(term: Any) -> None:
    assert not converges(Sum(term, (k, 1, oo)), Facts(()))


def test_a_term_without_a_value_leaves_none_to_the_sum() -> None:
    assert not converges(Sum(1 / (k - 5) ** 2, (k, 1, oo)), Facts(()))
    assert not converges(Sum(1 / (k - n) ** 2, (k, 1, oo)), Facts(()))
    assert converges(Sum(1 / (k - 5) ** 2, (k, 6, oo)), Facts(()))
    positive = symbols("k", positive=True, integer=True)  # what is assumed of the index does not move the lower end
    assert not converges(Sum(1 / positive**2, (positive, 0, oo)), Facts(()))
    # a leading coefficient that may vanish
    assert not converges(Sum(1 / (z * k**2 + k), (k, 1, oo)), Facts(()))


TRUE = {
    "Basel": (Sum(1 / k**2, (k, 1, oo)), pi**2 / 6),
    "fourth powers": (Sum(1 / k**4, (k, 1, oo)), pi**4 / 90),
    "odd squares": (Sum(1 / (2 * k - 1) ** 2, (k, 1, oo)), pi**2 / 8),
    "Leibniz": (Sum((-1) ** k / (2 * k + 1), (k, 0, oo)), pi / 4),
    "Mercator at one": (Sum((-1) ** (k + 1) / k, (k, 1, oo)), log(2)),
    "alternating squares": (Sum((-1) ** k / k**2, (k, 1, oo)), -(pi**2) / 12),
    "trigamma": (Sum(1 / (k + x) ** 2, (k, 0, oo)), polygamma(1, x)),
    "harmonic numbers": (Sum(1 / (k * (k + n)), (k, 1, oo)), sp.harmonic(n) / n),
    "telescoping": (Sum(1 / (k * (k + 1)), (k, n, oo)), 1 / n),
    "alternating from a symbol": (
        Sum((-1) ** k / (k * (k + 1)), (k, n, oo)),
        (-1) ** n * (Sum((-1) ** k / ((k + n) * (k + n + 1)), (k, 0, oo))),
    ),
}


@pytest.mark.parametrize("name", TRUE)
def test_classical_series_are_proved(name: str) -> None:
    assert derivable.equal(*TRUE[name]).verdict == "proved"


@pytest.mark.parametrize("name", TRUE)
def test_their_neighbours_are_refuted(name: str) -> None:
    lhs, rhs = TRUE[name]
    assert derivable.equal(lhs, rhs + Rational(1, 10**12)).verdict == "refuted"


def test_a_divergent_series_is_equal_to_nothing() -> None:
    assert derivable.equal(Sum((-1) ** k, (k, 0, oo)), Rational(1, 2)).verdict == "open"
    assert derivable.equal(Sum(1 / k, (k, 1, oo)), x, where=[Eq(x, 7)]).verdict == "open"
    assert derivable.equal(Sum(1 / k, (k, 1, oo)) - Sum(1 / (k + 1), (k, 1, oo)), 1).verdict != "proved"
