"""`derivable.at_most`: what is false somewhere is never proved, however thin the place; plain inequalities are."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Abs, Eq, I, Max, Ne, Rational, Sum, atan, ceiling, cosh, exp, floor, log, pi, sin, sqrt, symbols, tanh

import derivable
from derivable.decide import decide

x, y, t = symbols("x y t", real=True)
p, q = symbols("p q", positive=True)
u = symbols("u", nonnegative=True)
z = symbols("z")
k = symbols("k", integer=True)
n = symbols("n", integer=True, positive=True)
N = symbols("N", integer=True, nonnegative=True)
a, b = symbols("a b", integer=True, nonnegative=True)
A, B = sp.IndexedBase("A", real=True), sp.IndexedBase("B", real=True)
ROOT = sqrt(2)
TINY = Rational(1, 10**20)

FALSE = {
    # between two real roots that one float cannot tell apart
    "two roots 1e-20 apart": (0, "<=", (x - 1) * (x - 1 - TINY)),
    "a dip of 1e-40 at √2": (0, "<=", (x**2 - 2) ** 2 - Rational(1, 10**40)),
    "a root just inside the range": (0, "<=", (x - 1 + Rational(1, 10**9)) * (x - 5), x > 0, x < 1),
    "a root outside the range hides one inside": (0, "<=", (x - Rational(1, 2)) * (x - 5), x >= 0, x <= 1),
    # the closed end of a range belongs to it
    "strict at an irrational end": (0, "<", exp(x - ROOT) - 1, x >= ROOT),
    "strict at an irrational end, log": (0, "<", log(x / ROOT), x >= ROOT),
    "strict at an irrational end, square": (1, "<", x**2 / 2, x >= ROOT),
    "strict at an irrational end, linear": (x, "<", ROOT, x <= ROOT),
    "strict at an irrational end, root": (0, "<", sqrt(x - ROOT), x >= ROOT),
    "strict at an irrational end, Gaussian": (1, "<", exp(x**2 - 2), x >= ROOT),
    "strict at zero": (0, "<", exp(u) - 1),
    "strict at zero, hyperbolic": (0, "<", cosh(x) - 1),
    "strict at a minimum": (2 * ROOT, "<", p + 2 / p),
    "strict at a minimum of a maximum": (ROOT, "<", Max(p, 2 / p)),
    "strict at a cusp": (0, "<", Abs(x - ROOT)),
    "strict for a square": (0, "<", (x - ROOT) ** 2),
    "strict for a sum of squares": (0, "<", (x - pi) ** 2 + (y - sp.E) ** 2),
    "strict AM-GM": (2 * x * y, "<", x**2 + y**2),
    "strict under an equation": (x * y, "<", Rational(1, 2), Eq(x + y, ROOT)),
    "strict for two bounds": (x + y, "<", ROOT + sqrt(3), x <= ROOT, y <= sqrt(3)),
    "strict for a floor": (floor(x), "<", x),
    # bounds that are nearly reached
    "a bound below a supremum, tanh": (tanh(x), "<=", 1 - Rational(1, 10**30)),
    "a bound below a supremum, atan": (atan(x), "<=", pi / 2 - Rational(1, 10**15)),
    "a bound below a maximum": (x * (1 - x), "<=", Rational(1, 4) - TINY),
    "a bound below a supremum, exp": (exp(-p), "<=", 1 - TINY),
    "a bound below e": ((1 + 1 / n) ** n, "<=", sp.E - Rational(1, 10**12)),
    "a bound below one, sine": (sin(x), "<=", 1 - TINY),
    "a floor that is nearly reached": (floor(x), "<=", x - TINY),
    # far away
    "true for all small numbers": (x, "<=", 10**9),
    "true for all small integers": (n**2, "<=", 10**40 * n),
    "true away from zero": (Rational(1, 10**9), "<=", p),
    "a power that is overtaken late": (N**20, "<=", 2**N, N >= 100),
    "a power that is overtaken at last": (2**n, "<=", 10**60 * n),
    # signs and domains
    "a square root of what may be negative": (0, "<=", x),
    "multiplied by what may be negative": (x * y, "<=", x * q, y <= q),
    "squares of what may be negative": (x**2, "<=", y**2, x <= y),
    "reciprocals across zero": (1 / y, "<=", 1 / x, x <= y, Ne(x, 0), Ne(y, 0)),
    "Cauchy-Schwarz reversed": (Sum(A[k] ** 2, (k, 1, n)) * Sum(B[k] ** 2, (k, 1, n)), "<=", Sum(A[k] * B[k], (k, 1, n)) ** 2),
    "zero to the zero": (x**N, "<=", 0, x >= 0, x <= 0),
    "a sum that may be empty": (1, "<=", Sum(1, (k, 1, N))),
    "a sum over a reversed range": (0, "<=", Sum(1, (k, 1, N - 5))),
    "an integer strictly between": (a, "<=", b - 1, a <= b),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_inequality_is_never_proved(name: str, said: Any) -> None:
    lhs, relation, rhs, *where = FALSE[name]
    assert said(lhs, relation, rhs, *where, seconds=3.0).verdict not in ("proved", "enclosed")


TRUE = {
    "a square": (0, "<=", (x - ROOT) ** 2),
    "AM-GM": (2 * x * y, "<=", x**2 + y**2),
    "three squares": (x * y + y * t + t * x, "<=", x**2 + y**2 + t**2),
    "strictly positive": (0, "<", (x**2 - 2) ** 2 + Rational(1, 10**40)),
    "strict by an open bound": (x, "<", ROOT, x < ROOT),
    "closed by a closed bound": (x, "<=", ROOT, x <= ROOT),
    "a power": (x**2, "<=", x**3, x >= 1),
    "a logarithm": (log(p), "<=", p - 1),
    "an exponential": (1 + x, "<=", exp(x)),
    "hyperbolic tangent": (tanh(x), "<", 1),
    "a quarter": (x * (1 - x), "<=", Rational(1, 4)),
    "a floor": (floor(x), "<=", x),
    "a floor from below": (x - 1, "<", floor(x)),
    "a ceiling": (x, "<=", ceiling(x)),
    "an integer below a real": (a, "<=", floor(p), a <= p),
    "powers of two": (n, "<", 2**n),
    "powers of two, later": (N**2, "<=", 2**N, N >= 4),
    "under an equation": (x * y, "<=", Rational(1, 4), Eq(x + y, 1)),
    "a product of bounds": (0, "<=", (x - 1) * (y - 2), x >= 1, y >= 2),
    "integers": (a + 1, "<=", b, a < b),
    "a sum of squares": (0, "<=", Sum(A[k] ** 2, (k, 1, N))),
    "roots": (sqrt(p * q), "<=", (p + q) / 2),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_plain_inequality_is_proved(name: str, said: Any) -> None:
    lhs, relation, rhs, *where = TRUE[name]
    decision = said(lhs, relation, rhs, *where, seconds=8.0)
    assert decision.verdict == "proved", decision
    assert decision.proof.rules


@pytest.mark.parametrize(
    ("lhs", "rhs", "strict"), [(x, x, True), (x**2, x, False), (sin(x), x, False), (x + 1, x, False), (2**N, N**2 + 1, True)]
)
def test_a_refuted_inequality_shows_where(lhs: Any, rhs: Any, strict: bool) -> None:
    decision = derivable.at_most(lhs, rhs, strict=strict)
    assert decision.verdict == "refuted"
    assert decision.counterexample is not None
    symbol = "N" if lhs.has(N) else "x"
    at = {lhs.free_symbols.pop(): Rational(decision.counterexample.point[symbol])}
    left, right = lhs.subs(at), rhs.subs(at)
    assert left >= right if strict else left > right


def test_equality_is_at_most_but_not_less() -> None:
    assert derivable.at_most(sin(x) ** 2 + sp.cos(x) ** 2, 1).verdict == "proved"
    assert derivable.at_most(sin(x) ** 2 + sp.cos(x) ** 2, 1, strict=True).verdict == "refuted"


def test_equal_constants_are_not_in_strict_order() -> None:
    """Touching balls say nothing: 0 < 0 is never proved or enclosed."""
    assert derivable.at_most(sqrt(2) + sqrt(3), sqrt(5 + 2 * sqrt(6)), strict=True).verdict not in ("proved", "enclosed")
    assert derivable.at_most(sp.exp(pi * sqrt(163)), 640320**3 + 744, strict=True).verdict in ("proved", "enclosed")


def test_complex_numbers_have_no_order() -> None:
    """Only a real difference has a sign: z ≤ z + 1 is the order of that difference, nothing else is."""
    assert derivable.at_most(0, z**2).verdict not in ("proved", "sampled")
    assert derivable.at_most(z, 2 * z).verdict not in ("proved", "sampled")
    assert derivable.at_most(I * x, x).verdict != "proved"


def test_matrices_have_no_order() -> None:
    decision = derivable.at_most(sp.eye(2), 2 * sp.eye(2))
    assert decision.verdict == "open"
    assert "matrices" in decision.note


def test_no_admissible_point_is_vacuous() -> None:
    decision = derivable.at_most(x, x, where=[x > 1, x < 1])
    assert decision.verdict == "open"
    assert "vacuous" in decision.note or "contradict" in decision.note


SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
INTEGERS = st.integers(-4, 4)


@settings(SETTINGS, max_examples=20)
@given(st.lists(INTEGERS, min_size=3, max_size=5), st.lists(INTEGERS, min_size=3, max_size=5), st.booleans())
def test_a_sum_of_squares_is_never_refuted_and_its_negative_never_proved(
    first: list[int], second: list[int], strict: bool
) -> None:
    terms = (1, x, y, x * y, x**2)
    square = (
        sum(c * m for c, m in zip(first, terms, strict=False)) ** 2 + sum(c * m for c, m in zip(second, terms, strict=False)) ** 2
    )
    expanded = sp.expand(square)
    assert decide("<=", sp.Integer(0), expanded, (), 1.5).verdict != "refuted"
    if expanded != 0:
        assert decide("<=", expanded + Rational(1, 10**6), sp.Integer(0), (), 1.5).verdict not in ("proved", "enclosed")


@SETTINGS
@given(st.lists(st.fractions(-3, 3, max_denominator=7), min_size=1, max_size=4), st.sampled_from([0, 1, TINY]))
def test_the_sign_of_a_polynomial_with_known_roots(roots: list[Any], gap: Any) -> None:
    """∏ (x - r)(x - r - gap) is nonnegative everywhere only for gap = 0 (or where the gaps fall together)."""
    polynomial = sp.Integer(1)
    for r in roots:
        root = Rational(r.numerator, r.denominator)
        polynomial *= (x - root) * (x - root - gap)
    points = sorted(
        {c for r in roots for c in (Rational(r.numerator, r.denominator), Rational(r.numerator, r.denominator) + gap)}
    )
    middles = [(c + d) / 2 for c, d in itertools.pairwise(points)]
    negative = any(polynomial.subs(x, m) < 0 for m in middles)
    verdict = decide("<=", sp.Integer(0), sp.expand(polynomial), (), 2.0).verdict
    assert verdict != ("proved" if negative else "refuted")


@SETTINGS
@given(st.integers(1, 6), st.integers(-20, 20), st.integers(-20, 20))
def test_linear_integer_orders_are_decided_rightly(c: int, d: int, e: int) -> None:
    """c a + d ≤ c a + e for all natural a, exactly when d ≤ e."""
    verdict = decide("<=", c * a + d, c * a + e, (), 1.0).verdict
    assert verdict == ("proved" if d <= e else "refuted")
