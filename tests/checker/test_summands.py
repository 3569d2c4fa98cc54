"""A sum and its terms: what the rules prove, and the conditions that they need."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Ne, Rational, Sum, binomial, factorial, harmonic, log, sqrt, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver
from derivable.trusted.summands import by_extreme_terms, by_the_whole_sum

n, m = symbols("n m", integer=True, positive=True)
N, k = symbols("N k", integer=True, nonnegative=True)
i, j = symbols("i j", integer=True)
x, y = symbols("x y", real=True)
a, b = symbols("a b", positive=True)
row = (k <= N,)


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 10).sign(e, facts, strict, 1)


def zero(e: Any, facts: Facts) -> Proof | None:
    return Prover(propose, time.monotonic() + 10).zero(e, facts)


TERMS = {
    "a row": (2**N - binomial(N, k), row),
    "the binomial theorem": ((a + b) ** N - binomial(N, k) * a**k * b ** (N - k), row),
    "squares of a row": (binomial(2 * N, N) - binomial(N, k) ** 2, row),
    "an index times a binomial": (N * 2 ** (N - 1) - k * binomial(N, k), row),
    "a geometric term": (2 ** (N + 1) - 1 - 2**k, row),
}
NO_TERMS = {
    "a row, and half of the sum": (2**N / 2 - binomial(N, k), row),
    "strictly": (2**N - binomial(N, k) - 1, row),
    "terms of both signs": ((a - 2 * b) ** N - binomial(N, k) * a**k * (-2 * b) ** (N - k), row),
    "an index that may be outside": (2**N - 2**k, ()),
    "an index of the whole": (2**N + k - binomial(N, k) - 2 * k, row),
    "the range of another index": (2 ** (N + 1) - 1 - 2**k, (k <= n,)),
    "a range whose sum is known for s ≥ 0 only": (
        2 ** (i + N + 1) - Rational(1, 8) - 100 * (sp.Abs(i + N) - i - N) - 2**i,
        (i >= -3,),
    ),
    "the same for another index that may be negative": (
        2 ** (i + N + 2) - 1 - 100 * (sp.Abs(i + N) - i - N) - 2**N,
        (i >= -1,),
    ),
    "an index that must not be one value": (n**2 - n - (2 * m - 1) ** 2 / (2 * m - 1), (m <= n, Ne(m, 1))),
}
EXTREMES = {
    "harmonic numbers between n and 2 n": (harmonic(2 * n) - harmonic(n) - Rational(1, 2), False),
    "the same as a sum": (Sum(1 / i, (i, n + 1, 2 * n)) - Rational(1, 2), False),
    "less than one": (1 - Sum(1 / i, (i, n + 1, 2 * n)), False),
    "a doubling": (harmonic(2 ** (N + 1)) - harmonic(2**N) - Rational(1, 2), False),
    "a doubling from above": (1 - harmonic(2 ** (N + 1)) + harmonic(2**N), False),
    "roots": (n * sqrt(n) - Sum(sqrt(i), (i, 1, n)), False),
    "logarithms": (n * log(n) - Sum(log(i), (i, 1, n)), False),
    "factorials": (n * factorial(n) - Sum(factorial(i), (i, 1, n)), False),
    "a sum over another range": (Sum(1 / i, (i, N, N + m)) - (m + 1) / (N + m), False),
}
NO_EXTREMES = {
    "harmonic numbers of order 2": (harmonic(2 * n, 2) - harmonic(n, 2) - Rational(1, 2), False),
    "the greatest for the least": (harmonic(2 * n) - harmonic(n) - n / (n + 1) - Rational(1, 100), False),
    "terms that fall and rise": (Sum((i - 3) ** 2, (i, 1, 5)) - 20, False),
    "a range that may run backwards": (Sum(1, (i, 1, j)), False),
    "a range that may run backwards, of terms that fall before it": (Sum((i - 1) ** 2, (i, 1, j)), False),
    "a pole inside": (Sum(1 / (2 * i - 7), (i, 1, 6)) + 1, False),
    "a pole at the end of an empty range": (Sum(1 / (N - i - 1), (i, 2, N)) + 1, False),
    "a least term without a value where the range is empty": (Sum(i / N, (i, 1, N)) - 1, False),
    "another summand": (Sum(1 / i, (i, 1, 2 * n)) - Sum(1 / i**2, (i, 1, n)) - Rational(1, 2) - 1 / n, False),
    "another beginning": (Sum(1 / i, (i, 2, 2 * n)) - Sum(1 / i, (i, 1, n)) - Rational(1, 2), False),
    "another factor": (Sum(1 / i, (i, 1, 2 * n)) - 2 * Sum(1 / i, (i, 1, n)) - Rational(1, 2), False),
    "strictly, with one term": (1 - Sum(1 / i, (i, 1, n)) / n, True),
}


@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_at_most_the_sum(name: str) -> None:
    e, where = TERMS[name]
    assert by_the_whole_sum(e, Facts(where), False, zero) is not None


@pytest.mark.parametrize("name", NO_TERMS)
def test_what_is_no_term_of_the_sum_is_not_proved(name: str) -> None:
    e, where = NO_TERMS[name]
    assert by_the_whole_sum(e, Facts(where), False, zero) is None


def test_a_term_is_not_less_than_a_sum_of_one_term() -> None:
    assert by_the_whole_sum(2**N - binomial(N, k), Facts(row), True, zero) is None


def test_the_terms_of_the_sum_have_to_be_defined() -> None:
    """With a closed form that everyone agrees to: 1/(2 j - 7)² has no pole at an integer, 1/(j - 3)² has one."""
    assert by_the_whole_sum(5 - 1 / (2 * k - 7) ** 2, Facts((k <= N,)), False, lambda part, facts: Proof()) is not None
    assert by_the_whole_sum(5 - 1 / (k + 1) ** 2, Facts((k <= N,)), False, lambda part, facts: Proof()) is not None
    assert by_the_whole_sum(5 - 1 / (k - 3) ** 2, Facts((k <= N,)), False, lambda part, facts: Proof()) is None
    assert by_the_whole_sum(5 + 1 / (k + 1) ** 2, Facts((k <= N,)), False, lambda part, facts: Proof()) is None


@pytest.mark.parametrize("name", EXTREMES)
def test_sums_lie_between_multiples_of_their_extreme_terms(name: str) -> None:
    e, strict = EXTREMES[name]
    where = (N >= 1,) if e.has(m) else ()
    assert by_extreme_terms(e, Facts(where), strict, sign) is not None


@pytest.mark.parametrize("name", NO_EXTREMES)
def test_sums_that_do_not_lie_there_are_not_proved(name: str) -> None:
    e, strict = NO_EXTREMES[name]
    assert by_extreme_terms(e, Facts(()), strict, sign) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (binomial(N, k), 2**N),
        (binomial(N, k) ** 2, binomial(2 * N, N)),
        (1 + N / 2, harmonic(2**N)),
        (harmonic(2**N), 1 + N),
        (sp.Integer(0), sp.fibonacci(N) + harmonic(N) + sp.lucas(N)),
    ],
)
def test_statements_about_sums_and_terms_are_proved(left: Any, right: Any) -> None:
    assert at_most(left, right, timeout=30).verdict == "proved"


def test_a_share_is_at_most_the_whole() -> None:
    """Of what does not vanish, with a normal form that holds the reciprocal of a sum."""
    u = sp.IndexedBase("u", real=True)
    share = sp.exp(u[m]) / Sum(sp.exp(u[j]), (j, 1, n))
    assert at_most(share, 1, where=[m <= n], timeout=30).verdict == "proved"
    assert at_most(share, Rational(1, 2), where=[m <= n], timeout=30).verdict != "proved"
