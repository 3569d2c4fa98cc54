"""Binomial coefficients of integers whose signs are open: each case by itself, and nothing where the value is a convention."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import sympy as sp
from flint import fmpq
from sympy import binomial, symbols

from derivable.trusted.balls import Evaluator, Undefined
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import vanishes_identically

n, k, m = symbols("n k m", integer=True)
z = symbols("z")

TRUE: dict[str, tuple[Any, ...]] = {
    "absorption": (k * binomial(n, k), n * binomial(n - 1, k - 1)),
    "absorption below": ((n - k) * binomial(n, k), n * binomial(n - 1, k)),
    "Pascal": (binomial(n, k), binomial(n - 1, k) + binomial(n - 1, k - 1)),
    "neighbours": ((k + 1) * binomial(n, k + 1), (n - k) * binomial(n, k)),
    "upper negation": (binomial(-n, k), (-1) ** k * binomial(n + k - 1, k), k >= 0),
    "revision": (binomial(n, m) * binomial(m, k), binomial(n, k) * binomial(n - k, m - k), n >= 0),
    "reflection": (binomial(n, k), binomial(n, n - k), n >= 0),
}
FALSE: dict[str, tuple[Any, ...]] = {
    "absorption of the other index": (k * binomial(n, k), n * binomial(n - 1, k)),
    "Pascal with a minus sign": (binomial(n, k), binomial(n - 1, k) - binomial(n - 1, k - 1)),
    "neighbours, one off": ((k + 1) * binomial(n, k + 1), (n - k + 1) * binomial(n, k)),
    "upper negation without the sign": (binomial(-n, k), binomial(n + k - 1, k), k >= 0),
    "reflection of negative ones": (binomial(n, k), binomial(n, n - k), k >= 0),
    "zero beyond, of negative ones too": (binomial(n, k), 0, k > n),
    "zero beyond, of any number": (binomial(z, k), 0, k > 5),
}


@pytest.mark.parametrize("name", TRUE)
def test_relations_of_binomial_coefficients_hold_for_all_integers(name: str, prove: Any) -> None:
    assert prove(*TRUE[name]) is not None


@pytest.mark.parametrize("name", FALSE)
def test_wrong_relations_hold_for_none(name: str, prove: Any) -> None:
    assert prove(*FALSE[name]) is None


@pytest.mark.parametrize("name", TRUE)
def test_the_relations_hold_wherever_the_values_are_no_convention(name: str) -> None:
    lhs, rhs, *where = TRUE[name]
    for values in itertools.product(range(-4, 5), repeat=3):
        at = dict(zip((n, k, m), values, strict=True))
        if any(c.subs(at) == sp.false for c in where):
            continue
        evaluator = Evaluator({s: fmpq(v) for s, v in at.items()})
        try:
            left, right = evaluator(lhs), evaluator(rhs)
        except Undefined:
            continue
        assert left == right, at


def test_a_coefficient_that_is_zero_is_seen() -> None:
    assert vanishes_identically(binomial(z, k), Facts((k < 0,)))
    assert vanishes_identically(binomial(n, k), Facts((n >= 0, k > n)))
    assert not vanishes_identically(binomial(n, k), Facts((n >= 0, k >= n)))
    assert not vanishes_identically(binomial(n, k), Facts((k > n,)))
    assert not vanishes_identically(binomial(z, symbols("x", real=True)), Facts((symbols("x", real=True) < 0,)))
