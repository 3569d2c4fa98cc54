"""Products compared factor by factor: what the rule proves, and the conditions that it needs."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sympy import binomial, factorial, harmonic, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.factors import factor_by_factor
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver

n, m = symbols("n m", integer=True, positive=True)
N, k = symbols("N k", integer=True, nonnegative=True)
x, y, z, w = symbols("x y z w", real=True)
a, b, c, d = symbols("a b c d", positive=True)

TRUE: dict[str, tuple[Any, bool, tuple[Any, ...]]] = {
    "factorials and powers": (n**n * m**m - factorial(n) * factorial(m), False, ()),
    "a binomial and a harmonic number": (2**n * m - binomial(n, k) * harmonic(m), False, (k <= n,)),
    "two binomials": (2 ** (n + N) - binomial(n, k) * binomial(N, m), False, (k <= n, m <= N)),
    "positive numbers": ((a + 1) * (b + c) - a * b, False, ()),
    "strictly": ((a + 1) * (b + 2) - a * b, True, ()),
}
FALSE: dict[str, tuple[Any, bool, tuple[Any, ...]]] = {
    "one factor that is greater": (n**n * m**m - 2 * factorial(n) * factorial(m), False, ()),
    "equal factors, strictly": (n**n * m**m - factorial(n) * factorial(m), True, ()),
    "negative numbers": ((x + 1) * (y + 1) - x * y, False, ()),
    "a factor of either sign": ((x**2 + 1) * (y + 1) - x**2 * y, False, ()),
    "a factor that may vanish, strictly": ((x + 1) * x**2 * (y + 1) - x**3 * y, True, (x >= 0, y >= 0)),
    "a factor on both sides that may vanish, strictly": (x**2 * (a + 1) - x**2 * a, True, ()),
    "products that are positive, of factors that need not be": (
        x * y - (x - 1) * (y - 1),
        False,
        (x * y >= 0, (x - 1) * (y - 1) >= 0),
    ),
    "a sum": (a * b + a - a * b * c, False, ()),
    "reciprocals": (2**n / m - binomial(n, k) / (m + 1) - 2**n / m, False, (k <= n,)),
}


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 10).sign(e, facts, strict, 1)


@pytest.mark.parametrize("name", TRUE)
def test_products_are_compared_factor_by_factor(name: str) -> None:
    e, strict, where = TRUE[name]
    assert factor_by_factor(e, Facts(where), strict, sign) is not None


@pytest.mark.parametrize("name", FALSE)
def test_false_comparisons_of_products_are_not_proved(name: str) -> None:
    e, strict, where = FALSE[name]
    assert factor_by_factor(e, Facts(where), strict, sign) is None


def test_signs_of_the_factors_are_needed_whatever_is_said_of_their_order() -> None:
    """x ≤ x + 1 and y ≤ y + 1, but (-3) (-3) > (-2) (-2)."""

    def agreeable(e: Any, facts: Facts, strict: bool) -> Proof | None:
        return Proof()

    assert factor_by_factor((x + 1) * (y + 1) - x * y, Facts(()), False, agreeable) is None
    assert factor_by_factor((x + 1) * (y + 1) - x * y, Facts((x >= 0, y >= 0)), False, agreeable) is not None
    assert factor_by_factor((x + 1) * (y + 1) - x * y, Facts((x >= 0, y >= -1)), False, agreeable) is None


def test_statements_about_products_are_proved() -> None:
    assert at_most(binomial(n, k) * binomial(m, N), 2 ** (n + m), timeout=30).verdict == "proved"
    assert at_most(binomial(n, k) * binomial(m, N), binomial(n + m, k + N), timeout=30).verdict == "proved"
