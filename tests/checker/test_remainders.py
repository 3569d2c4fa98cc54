"""Partial sums and products below a constant: what the rule proves, and the conditions that it needs."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sympy import Product, Rational, Sum, Symbol, factorial, log, sqrt, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted import remainders
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver
from derivable.trusted.remainders import by_remainder, majorant

n, m = symbols("n m", integer=True, positive=True)
i = symbols("i", integer=True)
x = symbols("x", real=True)
e_above, e_below = Rational(2718282, 10**6), Rational(2718281, 10**6)

TRUE: dict[str, tuple[Any, bool]] = {
    "reciprocals of factorials": (3 - Sum(1 / factorial(i), (i, 0, n)), False),
    "factorials, closely": (e_above - Sum(1 / factorial(i), (i, 0, n)), True),
    "squares' reciprocals": (Rational(5, 3) - Sum(1 / i**2, (i, 1, n)), False),
    "squares, closely": (Rational(1645, 1000) - Sum(1 / i**2, (i, 1, n)), True),
    "roots of cubes": (3 - Sum(1 / sqrt(i) ** 3, (i, 1, n)), False),
    "no closed form": (Rational(11, 10) - Sum(1 / (i**2 + 1), (i, 1, n)), False),
    "a product": (4 - Product(1 + 1 / i**2, (i, 1, n)), False),
    "a product of powers": (3 - Product(1 + 2 ** (-i), (i, 1, n)), False),
}
FALSE: dict[str, tuple[Any, bool]] = {
    "reciprocals of factorials": (e_below - Sum(1 / factorial(i), (i, 0, n)), False),
    "squares' reciprocals": (Rational(1644, 1000) - Sum(1 / i**2, (i, 1, n)), False),
    "a divergent series": (10**6 - Sum(1 / i, (i, 1, n)), False),
    "a divergent series of roots": (10**6 - Sum(1 / sqrt(i), (i, 1, n)), False),
    "a bound that fails at first": (2 - 6 / n**3 - Sum(1 / factorial(i), (i, 1, n)), False),
    "a product": (Rational(36, 10) - Product(1 + 1 / i**2, (i, 1, n)), False),
    "a pole": (2 + 1 / (2 * n - 9) - Sum(1 / factorial(i), (i, 1, n)), False),
    "every second number": (2 - Sum(1 / i, (i, 1, Symbol("s", even=True, positive=True))), False),
}  # fmt: skip


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 10).sign(e, facts, strict, 1)


@pytest.mark.parametrize("name", TRUE)
def test_remainders_bound_partial_sums(name: str) -> None:
    e, strict = TRUE[name]
    assert by_remainder(e, Facts(()), strict, sign) is not None


@pytest.mark.parametrize("name", FALSE)
def test_remainders_do_not_prove_what_is_false(name: str) -> None:
    e, strict = FALSE[name]
    assert by_remainder(e, Facts(()), strict, sign) is None


@pytest.mark.parametrize("wrong", [1 / n**2, -1 / n, 1 / (2 * n), 1 / (n - Rational(7, 2)), n + 0 * n])
def test_any_other_remainder_is_refused(wrong: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of Σ 1/i² ≤ 8/5, which is false: it falls too slowly, is negative, begins too high, or has a pole."""
    monkeypatch.setattr(remainders, "_proposed", lambda fall, n, facts: [(wrong, fall)])
    assert by_remainder(Rational(8, 5) - Sum(1 / i**2, (i, 1, n)), Facts(()), False, sign) is None


def test_a_logarithm_is_at_most_its_tangent() -> None:
    """Where its coefficient is not negative and its argument is positive."""
    assert majorant(2 * log(1 + 1 / n) - log(n), Facts(())) == 2 / n - log(n)
    assert majorant(x * log(n), Facts(())) == x * log(n)
    assert majorant(log(x), Facts(())) == log(x)


def test_statements_about_partial_sums_are_proved() -> None:
    assert at_most(Sum(1 / i**2, (i, 1, n)), Rational(5, 3)).verdict == "proved"
    assert at_most(Sum(1 / i**2, (i, 1, n)), Rational(8, 5)).verdict == "refuted"
    assert at_most(Sum(x**i, (i, 0, n)), 1 / (1 - x), where=[x >= 0, x < 1]).verdict == "proved"
