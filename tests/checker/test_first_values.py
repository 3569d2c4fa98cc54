"""Inequalities of sequences that begin to grow later than they begin."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp

import derivable
from derivable.search.propose import propose
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver

n = sp.Symbol("n", integer=True, nonnegative=True)
positive = sp.Symbol("n", integer=True, positive=True)


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (n**3, 3**n),
        (n**2, 2**n + 1),
        (positive**2, 2**positive + 1),
        (2 * n + 1, 2**n + 2),
        (2**n, sp.factorial(n) + 2 * n + 2),
        (sp.harmonic(n), 1 + n / 4 + sp.Rational(3, 4)),
        (n**2, 3**n + n),
    ],
    ids=str,
)
def test_the_first_values_are_looked_at_one_by_one(lhs: Any, rhs: Any) -> None:
    assert derivable.at_most(lhs, rhs).verdict == "proved"


@pytest.mark.parametrize(
    ("e", "strict"),
    [(2**n - n**2, False), (3**n - n**3, True), (2**n + 1 - n**2 - sp.KroneckerDelta(n, 3), False), (2**n - n**3 + 9, False)],
    ids=str,
)
def test_no_first_value_is_passed_over(e: Any, strict: bool) -> None:
    prover = OrderProver(propose, time.monotonic() + 10)
    assert prover._first_values(e, Facts(()), strict, 0) is None
