"""Finite sums of sines and cosines by telescoping, the frequency symbolic, and sums of sums with a closed form inside."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Ne, Rational, Sum, cos, pi, sin

from derivable import equal
from derivable.search.propose import propose

x, y = sp.symbols("x y", real=True)
u = sp.Symbol("u")
k, m, n = sp.symbols("k m n", integer=True, nonnegative=True)
a, b, N = sp.symbols("a b N", integer=True, positive=True)
DCT = cos(pi * a * (2 * k + 1) / (2 * N)) * cos(pi * b * (2 * k + 1) / (2 * N))
DST = sin(pi * a * k / N) * sin(pi * b * k / N)


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (Sum(cos(x + k * y), (k, 0, n)), sin((n + 1) * y / 2) / sin(y / 2) * cos(x + n * y / 2), ()),
        (Sum(cos(2 * pi * k / N), (k, 0, N - 1)), 0, (N > 1,)),
        (Sum(cos(2 * pi * k / N) ** 2, (k, 0, N - 1)), N / 2, (N > 2,)),
        (Sum(sin(2 * pi * k / N) * cos(2 * pi * k / N), (k, 0, N - 1)), 0, (N > 2,)),
        (Sum(DCT, (k, 0, N - 1)), 0, (b < a, a < N)),
        (Sum(DCT.subs(b, a), (k, 0, N - 1)), N / 2, (a < N,)),
        (Sum(DST, (k, 1, N - 1)), 0, (b < a, a < N)),
        (Sum(Sum(cos(k * x), (k, -m, m)), (m, 0, n)), sin((n + 1) * x / 2) ** 2 / sin(x / 2) ** 2, ()),
        (Sum(Sum(sin(k * x), (k, 1, m)), (m, 1, n)), ((n + 1) * sin(x) - sin((n + 1) * x)) / (4 * sin(x / 2) ** 2), ()),
        (Sum(u ** (k + m), (k, 0, n), (m, 0, n)), ((1 - u ** (n + 1)) / (1 - u)) ** 2, (Ne(u, 1),)),
    ],
)
def test_sums_of_waves_are_proved(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    assert equal(lhs, rhs, where=where).verdict == "proved"


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (Sum(cos(2 * pi * k / N), (k, 0, N - 1)), 0, ()),  # N = 1
        (Sum(cos(2 * pi * k / N) ** 2, (k, 0, N - 1)), N / 2, ()),  # N = 1 and 2
        (Sum(DCT, (k, 0, N - 1)), 0, (b <= a, a < N)),  # a = b
        (Sum(Sum(cos(k * x), (k, -m, m)), (m, 0, n)), sin(n * x / 2) ** 2 / sin(x / 2) ** 2, ()),
    ],
)
def test_where_a_denominator_vanishes_the_sum_is_another(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    assert equal(lhs, rhs, where=where).verdict == "refuted"


@pytest.mark.parametrize("body", [DCT, DST])
def test_frequencies_that_may_add_up_to_a_whole_turn_are_not_orthogonal(body: Any) -> None:
    assert equal(Sum(body, (k, 1, N - 1)), 0, where=[b < a]).verdict != "proved"  # a + b = 2N
    assert equal(Sum(body, (k, 1, N - 1)), 0, where=[b < a, sp.Eq(a + b, 2 * N)]).verdict == "refuted"


def test_an_inner_sum_knows_its_index_by_the_outer_range_alone() -> None:
    """A free symbol of the name of an outer index, and what is assumed of it, says nothing of the index."""
    inner = Sum(u**k, (k, 0, m), (m, 0, n))
    closed = (n + 1) / (1 - u) - u * (1 - u ** (n + 1)) / (1 - u) ** 2
    assert equal(m * inner, m * closed, where=[Ne(u, 1), sp.Eq(m, 3)]).verdict == "proved"
    assert equal(inner, closed + m, where=[Ne(u, 1)]).verdict == "refuted"


def test_proposed_primitives_of_waves() -> None:
    (primitive,) = propose("antidifference", 3 * cos(2 * k + 1), k)
    assert sp.simplify(primitive.subs(k, k + 1) - primitive - 3 * cos(2 * k + 1)) == 0
    (primitive,) = propose("antidifference", sin(k) * cos(2 * k) + Rational(1, 2), k)
    difference = primitive.subs(k, k + 1) - primitive - sin(k) * cos(2 * k) - Rational(1, 2)
    assert abs(difference.subs(k, 5).evalf(30)) < 1e-25
    assert not list(propose("antidifference", cos(k**2), k))
