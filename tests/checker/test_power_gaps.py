"""Floors of roots between which no perfect power lies, and sums of rounded roots and logarithms by counting."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Eq, Sum, cbrt, ceiling, floor, log, root, sqrt, symbols

from derivable import equal
from derivable.search import propose
from derivable.trusted.counted_floors import rounded_near, with_counted_sums
from derivable.trusted.division import Kind
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts
from derivable.trusted.power_gaps import by_power_gaps, is_no_power

u = symbols("u", nonnegative=True)
z = symbols("z")
n, k, i, a = symbols("n k i a", integer=True)
N, M = symbols("N M", integer=True, nonnegative=True)
d, b = symbols("d b", integer=True, positive=True)
A, B, C = floor(sqrt(N)), floor(log(N) / log(2)), ceiling(sqrt(N))
TWO = sqrt(N) + sqrt(N + 1)


def bits(e: Any, base: Any = 2) -> Any:
    return log(e) / log(base)


TRUE: dict[str, tuple[Any, ...]] = {
    "roots of neighbours, 4n + 1": (floor(TWO), floor(sqrt(4 * N + 1))),
    "roots of neighbours, 4n + 2": (floor(sqrt(4 * N + 2)), floor(TWO)),
    "roots of neighbours, 4n + 3": (floor(TWO), floor(sqrt(4 * N + 3))),
    "between them": (floor(sqrt(4 * N + 1)), floor(sqrt(4 * N + 3))),
    "an integer beside them": (floor(TWO + 3, evaluate=False), 3 + floor(sqrt(4 * N + 2))),
    "no square is 2 modulo 3": (floor(sqrt(3 * N + 1)), floor(sqrt(3 * N + 2))),
    "no square is 2 modulo 4": (floor(sqrt(4 * d - 1)), floor(sqrt(4 * d - 2))),
    "cubes modulo nine": (floor(cbrt(9 * N + 2)), floor(cbrt(9 * N + 7))),
    "two symbols": (floor(sqrt(4 * N * M + 1)), floor(sqrt(4 * N * M + 2))),
    "sum of roots": (Sum(floor(sqrt(k)), (k, 1, N)), (N + 1) * A - A * (A + 1) * (2 * A + 1) / 6),
    "another letter, shifted": (Sum(floor(sqrt(i + 1)), (i, 0, N - 1)), (N + 1) * A - A * (A + 1) * (2 * A + 1) / 6),
    "with a factor": (Sum(3 * floor(sqrt(k)), (k, 0, N)), 3 * (N + 1) * A - A * (A + 1) * (2 * A + 1) / 2),
    "sum of roots from above": (Sum(ceiling(sqrt(k)), (k, 1, N)), N * C - (C - 1) * C * (2 * C - 1) / 6),
    "with a name": (Sum(floor(sqrt(k)), (k, 1, N)), (N + 1) * a - a * (a + 1) * (2 * a + 1) / 6, Eq(a, A)),
    "before a square": (Sum(floor(sqrt(k)), (k, 1, d**2 - 1)), d * (d - 1) * (4 * d + 1) / 6),
    "up to a square": (Sum(floor(sqrt(k)), (k, 1, d**2)), d * (4 * d**2 - 3 * d + 5) / 6),
    "from a square": (Sum(floor(sqrt(k)), (k, d**2, d**2 + 2 * d)), d * (2 * d + 1)),
    "cube roots": (Sum(floor(cbrt(k)), (k, 1, N)), (N + 1) * floor(cbrt(N)) - (floor(cbrt(N)) * (floor(cbrt(N)) + 1) / 2) ** 2),
    "binary logarithms": (Sum(floor(bits(k)), (k, 1, N)), (N + 1) * B - 2 ** (B + 1) + 2, N >= 1),
    "logarithms to any base": (
        Sum(floor(bits(k, b)), (k, 1, d)),
        (d + 1) * floor(bits(d, b)) - (b ** (floor(bits(d, b)) + 1) - b) / (b - 1),
        b >= 2,
    ),
    "before a power": (Sum(floor(bits(k)), (k, 1, 2**d - 1)), (d - 2) * 2**d + 2),
}  # fmt: skip

FALSE: dict[str, tuple[Any, ...]] = {
    "4n": (floor(TWO), floor(sqrt(4 * N))),
    "4n + 4": (floor(TWO), floor(sqrt(4 * N + 4))),
    "real numbers": (floor(sqrt(4 * u + 1)), floor(sqrt(4 * u + 2))),
    "squares modulo five": (floor(sqrt(5 * N + 3)), floor(sqrt(5 * N + 4))),
    "a square between": (floor(sqrt(4 * N + 3)), floor(sqrt(4 * N + 4))),
    "one more": (floor(sqrt(4 * N + 1)) + 1, floor(sqrt(4 * N + 2))),
    "cubes are 1 modulo nine": (floor(cbrt(9 * N)), floor(cbrt(9 * N + 7))),
    "sum of roots": (Sum(floor(sqrt(k)), (k, 1, N)), N * A - A * (A + 1) * (2 * A + 1) / 6),
    "up to a square": (Sum(floor(sqrt(k)), (k, 1, d**2)), d * (d - 1) * (4 * d + 1) / 6),
    "logarithms": (Sum(floor(bits(k)), (k, 1, N)), (N + 1) * B - 2 ** (B + 1) + 1, N >= 1),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_are_proved(name: str) -> None:
    lhs, rhs, *where = TRUE[name]
    decision = equal(lhs, rhs, where=where)
    assert decision.verdict == "proved", decision.note


@pytest.mark.parametrize("name", FALSE)
def test_false_neighbours_are_refuted_and_not_proved_without_the_attack_either(name: str, falls: Callable[..., None]) -> None:
    falls(*FALSE[name])


GAPS: dict[str, Any] = {
    "what is under the root is an integer": floor(sqrt(4 * u + 1)) - floor(sqrt(4 * u + 2)),
    "what is under the root is not negative": floor(sqrt(4 * n + 1)) - floor(sqrt(4 * n + 2)),
    "the other number is not negative": floor(-sqrt(4 * N + 1)) - floor(sqrt(4 * N + 2)),
    "the coefficients are opposite": floor(sqrt(4 * N + 1)) + floor(sqrt(4 * N + 2)),
    "what stands beside is an integer": floor(sqrt(4 * N + 1)) - floor(sqrt(4 * N + 2)) + sp.Rational(1, 2),
    "the coefficient is a number": N * floor(sqrt(4 * N + 1)) - floor(sqrt(4 * N + 2)),
    "the roots are of an integer": floor(sqrt(N + 1)) - floor(sqrt(N + sp.Rational(1, 2))),
    "the root is no power of one": floor(cbrt(9 * N + 2)) - floor((9 * N + 7) ** sp.Rational(2, 3)),
    "nothing is bound": Sum(floor(sqrt(4 * N + 1)) - floor(sqrt(4 * N + 2)), (N, 1, 5)),
}


@pytest.mark.parametrize("name", GAPS)
def test_the_rule_of_gaps_asks_that(name: str) -> None:
    prover = Prover(propose, time.monotonic() + 10)
    assert by_power_gaps(GAPS[name], Facts(()), prover._positive) is None


SUMS: dict[str, Any] = {
    "the range does not run backwards": Sum(floor(sqrt(k)), (k, 1, n)),
    "all numbers are nonnegative": Sum(floor(sqrt(k)), (k, -2, N)),
    "logarithms begin at one": Sum(floor(bits(k)), (k, 0, N)),
    "the first index is known to be one": Sum(floor(sqrt(k)), (k, N - M, N)),
    "the base is greater than one": Sum(floor(bits(k, b)), (k, 1, d)),
    "the base is an integer": Sum(floor(bits(k, u + 2)), (k, 1, d)),
    "steps are one": Sum(floor(sqrt(2 * k)), (k, 1, N)),
    "the shift is an integer": Sum(floor(sqrt(k + u)), (k, 1, N)),
    "the factor does not hold the index": Sum(k * floor(sqrt(k)), (k, 1, N)),
    "the range ends": Sum(floor(sqrt(k)), (k, 1, sp.oo)),
    "the range does not end before it begins": Sum(floor(sqrt(k)), (k, N + 1, M)),
    "the range begins at an integer": Sum(floor(sqrt(k)), (k, u + 1, N + u + 1)),
    "what comes before the range is known": Sum(floor(sqrt(k)), (k, N, N + M)),
    "the terms are rounded": Sum(sp.cos(sqrt(k)), (k, 1, N)),
    "the sum stands in no other one": Sum(Sum(floor(sqrt(k)), (k, 1, N)), (N, 1, 5)),
}


@pytest.mark.parametrize("name", SUMS)
def test_counting_asks_that(name: str) -> None:
    prover = Prover(propose, time.monotonic() + 10)
    assert with_counted_sums(SUMS[name], Facts(()), prover._positive) is None


@pytest.mark.parametrize(
    ("p", "up", "value"),
    [
        (d**2, False, d), (d**2 - 1, False, d - 1), (d**2 + 2 * d, False, d), (d**2 + 2 * d + 1, False, d + 1),
        (d**2, True, d), (d**2 + 1, True, d + 1), (d**2 - d, True, None), (d**2 - 3 * d, False, None), (n**2, False, None),
        (u**2, False, None), (u**2, True, None),
    ],
)  # fmt: skip
def test_a_number_near_a_square_has_a_rounded_root(p: Any, up: bool, value: Any) -> None:
    prover = Prover(propose, time.monotonic() + 10)
    assert rounded_near(Kind("root", 2), p, up, Facts(()), prover._positive) == value


def test_what_is_no_polynomial_with_integer_coefficients_may_be_a_power() -> None:
    assert is_no_power(3 * n + 2, 2, (n,))
    for p, symbols_of_it in ((2**n, (n,)), (n / 2 + 3, (n,)), (sp.Integer(4), (n,)), (sp.Integer(2), ())):
        assert not is_no_power(p, 2, symbols_of_it)


@given(st.integers(1, 12), st.integers(-9, 9), st.integers(2, 3), st.integers(-20, 20))
@settings(max_examples=80, deadline=None)
def test_what_is_called_no_power_is_none(slope: int, shift: int, r: int, at: int) -> None:
    if is_no_power(slope * n + shift, r, (n,)):
        value = slope * at + shift
        assert value < 0 or root(value, r).is_Integer is not True


def exactly(node: Any) -> sp.Integer:
    """A rounded root or logarithm of a small natural number: it is an integer, or far from all of them."""
    value = node.args[0].evalf(60)
    nearest = sp.Integer(round(value))
    if abs(value - nearest) < sp.Float(10) ** -40:
        return nearest
    return sp.Integer(int(value)) + isinstance(node, ceiling)


@given(st.sampled_from((sqrt(k), cbrt(k), bits(k), bits(k, 3))), st.booleans(), st.integers(1, 12), st.integers(0, 30))
@settings(max_examples=60, deadline=None)
def test_the_counted_value_is_that_of_the_terms(g: Any, up: bool, first: int, length: int) -> None:
    rounded = (ceiling if up else floor)(g, evaluate=False)
    total = sum(exactly(rounded.func(g.xreplace({k: sp.Integer(j)}), evaluate=False)) for j in range(first, first + length))
    prover = Prover(propose, time.monotonic() + 10)
    found = with_counted_sums(Sum(rounded, (k, first, first + length - 1)), Facts(()), prover._positive)
    assert found is not None or first + length < 3
    if found is not None:
        assert found[0].xreplace({node: exactly(node) for node in found[0].atoms(floor, ceiling)}).doit() == total
