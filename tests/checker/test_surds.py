"""Real quadratic numbers as products of powers: relations between powers with symbolic exponents, nested roots, logarithms."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st
from sympy import GoldenRatio, Rational, binomial, fibonacci, log, lucas, sqrt

from derivable import equal
from derivable.trusted.surds import surd_factors

n, m = sp.symbols("n m", integer=True, nonnegative=True)
k = sp.Symbol("k", integer=True)
whole = st.integers(1, 60)
signs = st.sampled_from([1, -1])
OTHERS = [sp.Integer(3), sqrt(2), sqrt(2) + sqrt(3), 1 + sp.I * sqrt(2), 1 + sp.cbrt(2), n + sqrt(2), 1 + sp.pi]


def total(factor: Any) -> Any:
    return sp.Sum(binomial(n, k) * factor, (k, 0, n))


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        pytest.param((2 + sqrt(5)) ** n, ((1 + sqrt(5)) / 2) ** (3 * n), id="a cube"),
        pytest.param((3 + 2 * sqrt(2)) ** n, (1 + sqrt(2)) ** (2 * n), id="a square"),
        pytest.param((2 - sqrt(3)) ** n * (1 + sqrt(3)) ** (2 * n), sp.Integer(2) ** n, id="an inverse square and a number"),
        pytest.param((10 + 2 * sqrt(5)) ** n, (2 * sqrt(5)) ** n * (1 + sqrt(5)) ** n, id="times a root"),
        pytest.param((1 + 2 * GoldenRatio) ** n, GoldenRatio ** (3 * n), id="the golden ratio"),
        pytest.param(sqrt(2 + sqrt(3)), (sqrt(6) + sqrt(2)) / 2, id="a nested square root"),
        pytest.param((26 + 15 * sqrt(3)) ** Rational(1, 3) + (26 - 15 * sqrt(3)) ** Rational(1, 3), 4, id="nested cube roots"),
        pytest.param(log(7 - 4 * sqrt(3)), 2 * log(2 - sqrt(3)), id="logarithms"),
        pytest.param(fibonacci(3 * n), ((2 + sqrt(5)) ** n - (2 - sqrt(5)) ** n) / sqrt(5), id="Binet"),
        pytest.param(total(fibonacci(k)), fibonacci(2 * n), id="Fibonacci numbers under the binomial theorem"),
        pytest.param(total(lucas(k)), lucas(2 * n), id="Lucas numbers under the binomial theorem"),
        pytest.param(total(2**k * fibonacci(m + k)), fibonacci(m + 3 * n), id="with a shift and a power"),
        pytest.param(total((-1) ** k * fibonacci(k)), -fibonacci(n), id="with signs"),
    ],
)
def test_powers_of_one_number_are_seen_to_be_related(lhs: Any, rhs: Any) -> None:
    assert equal(lhs, rhs).verdict == "proved"


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        pytest.param((2 + sqrt(5)) ** n, ((1 + sqrt(5)) / 2) ** (2 * n), id="another power"),
        pytest.param((2 - sqrt(5)) ** n, ((1 + sqrt(5)) / 2) ** (-3 * n), id="a norm of -1 without its sign"),
        pytest.param(sqrt(6 - 2 * sqrt(5)), 1 - sqrt(5), id="a root that is positive"),
        pytest.param(total(2**k * fibonacci(k)), fibonacci(3 * n + 1), id="a shift"),
    ],
)
def test_false_relations_are_refuted(lhs: Any, rhs: Any) -> None:
    assert equal(lhs, rhs).verdict == "refuted"


@given(
    whole,
    whole,
    st.sampled_from([2, 3, 5, 6, 7, 12, 13, 21]),
    st.sampled_from([1, -1]),
    st.sampled_from([1, -1]),
    st.integers(1, 7),
)
def test_the_factors_multiply_to_the_number(p: int, q: int, d: int, one: int, other: int, power: int) -> None:
    number = sp.expand((one * p + other * q * sqrt(d)) ** power)
    assume(number.is_Add)
    found = surd_factors(number)
    assert found is not None
    sign, factors = found
    assert sp.expand(sp.radsimp(sign * sp.Mul(*(base**times for base, times in factors.items())))) == number
    assert all(base > 0 for base in factors)


@given(whole, whole, st.sampled_from([2, 3, 5, 7, 13]), st.integers(2, 9))
def test_a_power_has_the_base_of_the_number(p: int, q: int, d: int, power: int) -> None:
    one, high = (surd_factors(sp.expand((p + q * sqrt(d)) ** times)) for times in (1, power))
    assert one is not None
    assert high is not None
    (base,), (same,) = ([b for b in found[1] if b.is_Add] for found in (one, high))
    assert base == same
    assert high[1][base] == power * one[1][base]


@pytest.mark.parametrize(
    "e", [sp.Integer(3), sqrt(2), sqrt(2) + sqrt(3), 1 + sp.I * sqrt(2), 1 + sp.cbrt(2), n + sqrt(2), 1 + sp.pi]
)
def test_other_numbers_are_left_alone(e: Any) -> None:
    assert surd_factors(e) is None
