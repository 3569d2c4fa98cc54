"""Hermite's identity and its like: floors of a line summed over whole periods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Eq, Mod, Sum, ceiling, floor, frac, symbols

from derivable import equal
from derivable.trusted.facts import Facts
from derivable.trusted.floor_sums import coprime, period_sum, with_floor_sums

x, y = symbols("x y", real=True)
z = symbols("z")
k, i, n, m, p, l, q = symbols("k i n m p l q", integer=True)
d, c = symbols("d c", integer=True, positive=True)
N = symbols("N", integer=True, nonnegative=True)
w = symbols("w", positive=True)
BEZOUT = Eq(l * p + m * d, 1)
NOWHERE = Facts(())

TRUE: dict[str, tuple[Any, ...]] = {
    "Hermite": (Sum(floor(x + k / d), (k, 0, d - 1)), floor(d * x)),
    "another letter, from 1": (Sum(floor(y + (i - 1) / c), (i, 1, c)), floor(c * y)),
    "both sides exchanged": (floor(x), Sum(floor((x + k) / d), (k, 0, d - 1))),
    "with a factor": (3 * x * Sum(floor(x + k / d), (k, 0, d - 1)), 3 * x * floor(d * x)),
    "ceilings": (Sum(ceiling(x - k / d), (k, 0, d - 1)), ceiling(d * x)),
    "fractional parts": (Sum(frac(x + k / d), (k, 0, d - 1)), frac(d * x) + (d - 1) / 2),
    "an integer in parts": (Sum(floor((n + k) / d), (k, 0, d - 1)), n),
    "an integer in parts from above": (Sum(ceiling((n - k + 1) / d), (k, 1, d)), n),
    "two periods": (Sum(floor(x + k / d), (k, 0, 2 * d - 1)), 2 * floor(d * x) + d),
    "N periods": (Sum(floor(k / d), (k, 0, N * d - 1)), d * N * (N - 1) / 2),
    "a shifted range": (Sum(Mod(k, d), (k, n, n + d - 1)), d * (d - 1) / 2),
    "one term too many": (Sum(floor(x + k / d), (k, 0, d)), floor(d * x) + floor(x) + 1),
    "coprime slope": (Sum(floor((p * k + x) / d), (k, 0, d - 1)), floor(x) + (p - 1) * (d - 1) / 2, BEZOUT),
    "one term too few": (Sum(floor(k * p / d), (k, 1, d - 1)), (p - 1) * (d - 1) / 2, BEZOUT),
    "a negative slope": (Sum(floor(-k * p / d), (k, 1, d - 1)), -(p + 1) * (d - 1) / 2, BEZOUT),
    "remainders in some order": (Sum(Mod(k * p, d), (k, 1, d - 1)), d * (d - 1) / 2, BEZOUT),
    "neighbours are coprime": (Sum(floor(k * (d + 1) / d), (k, 1, d - 1)), d * (d - 1) / 2),
    "two and odd numbers": (Sum(floor(2 * k / (2 * N + 1)), (k, 0, 2 * N)), N),
    "reciprocity": (
        Sum(floor(k * c / d), (k, 1, d - 1)), Sum(floor(k * d / c), (k, 1, c - 1)), Eq(l * c + m * d, 1)
    ),
}  # fmt: skip

FALSE: dict[str, tuple[Any, ...]] = {
    "a term too many": (Sum(floor(x + k / d), (k, 0, d)), floor(d * x)),
    "another denominator": (Sum(floor(x + k / (d + 1)), (k, 0, d - 1)), floor(d * x)),
    "ceilings that rise": (Sum(ceiling(x + k / d), (k, 0, d - 1)), ceiling(d * x)),
    "no common divisor is not known": (Sum(floor(k * p / d), (k, 1, d - 1)), (p - 1) * (d - 1) / 2),
    "a common divisor may be two": (Sum(floor(k * p / d), (k, 1, d - 1)), (p - 1) * (d - 1) / 2, Eq(l * p + m * d, 2)),
    "even denominators": (Sum(floor(2 * k / d), (k, 0, d - 1)), (d - 1) / 2),
    "not rounded": (Sum(floor((x + k) / d), (k, 0, d - 1)), x),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_are_proved(name: str) -> None:
    lhs, rhs, *where = TRUE[name]
    decision = equal(lhs, rhs, where=where)
    assert decision.verdict == "proved", decision.note


@pytest.mark.parametrize("name", FALSE)
def test_false_neighbours_are_refuted_and_not_proved_without_the_attack_either(name: str, falls: Callable[..., None]) -> None:
    falls(*FALSE[name])


CONDITIONS: dict[str, Any] = {
    "the offset is real": Sum(floor(z + k / d), (k, 0, d - 1)),
    "the denominator is an integer": Sum(floor(x + k / w), (k, 0, n)),
    "the denominator is positive": Sum(floor(x + k / n), (k, 0, n - 1)),
    "the range is a number of periods": Sum(floor(x + k / d), (k, 0, n)),
    "the number of periods is not negative": Sum(floor(x + k / d), (k, 0, n * d - 1)),
    "the first index is an integer": Sum(floor(x + k / d), (k, x, x + d - 1)),
    "the slope is coprime": Sum(floor(x + p * k / d), (k, 0, d - 1)),
    "the slope holds no index": Sum(floor(x + k**2 / d), (k, 0, d - 1)),
    "the range ends": Sum(floor(x + k / d), (k, 0, sp.oo)),
    "the sum stands in no other one": Sum(Sum(floor(n * x + k / d), (k, 0, d - 1)), (n, 1, N)),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_rule_asks_that(name: str) -> None:
    assert with_floor_sums(CONDITIONS[name], NOWHERE) is None


@pytest.mark.parametrize("u", [z + k / d, k**2 + k / d, sp.sin(k) + k / d, k**2, x + 0 * k], ids=str)
def test_the_terms_are_floors_of_a_real_line(u: Any) -> None:
    assert period_sum(u, k, sp.Integer(0), d - 1, NOWHERE) is None
    assert period_sum(x + k / d, k, sp.Integer(0), d - 1, NOWHERE) == floor(d * x)


def test_a_slope_that_is_told_to_be_coprime_is_an_integer_over_another_one() -> None:
    node = Sum(floor(w * k / d), (k, 0, d - 1))
    assert with_floor_sums(node, Facts((Eq(l * w + m * d, 1),))) is None
    assert with_floor_sums(node.subs(w, p), Facts((Eq(l * p + m * d, 1),))) is not None


@pytest.mark.parametrize(
    ("u", "v", "where"), [(n, d, ()), (2 * n, 2 * n + 4, ()), (p, d, (Eq(l * p + m * d, 3),)), (p, d, (Eq(x * p + m * d, 1),))]
)
def test_what_may_have_a_common_divisor_is_not_coprime(u: Any, v: Any, where: tuple[Any, ...]) -> None:
    assert not coprime(u, v, Facts(where))


@given(st.integers(1, 9), st.integers(-12, 12), st.integers(-5, 5), st.fractions(max_denominator=40), st.integers(0, 30))
@settings(max_examples=60, deadline=None)
def test_the_value_is_that_of_the_terms(modulus: int, slope: int, first: int, offset: Any, length: int) -> None:
    start, end = sp.Integer(first), sp.Integer(first + length - 1)
    u = sp.Rational(offset.numerator, offset.denominator) + sp.Rational(slope, modulus) * k
    value = period_sum(u, k, start, end, NOWHERE)
    if value is not None:
        assert value == sum(sp.floor(u.subs(k, j)) for j in range(first, first + length))
