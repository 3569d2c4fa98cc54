"""Order by unit steps: what they prove, and the steps that are not theirs."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import (
    Eq,
    IndexedBase,
    Ne,
    Product,
    Rational,
    Sum,
    Symbol,
    binomial,
    factorial,
    factorial2,
    floor,
    gamma,
    harmonic,
    log,
    loggamma,
    pi,
    polygamma,
    sin,
    sqrt,
    symbols,
)

from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver
from derivable.trusted.unit_steps import _continued, _is_tail, _step, _without_tails, by_unit_steps, goes_on

x, y = symbols("x y", real=True)
p = symbols("p", positive=True)
n = symbols("n", integer=True, positive=True)
m = symbols("m", integer=True, nonnegative=True)
k, i = symbols("k i", integer=True)
A = IndexedBase("A", positive=True)
B = IndexedBase("B", real=True)
TINY = Rational(1, 10**6)
NOWHERE = Facts(())


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 15).sign(e, facts, strict, 1)


TRUE = {
    "factorials and powers of two": (factorial(n) - 2 ** (n - 1), False, ()),
    "harmonic numbers and logarithms": (harmonic(n) - log(n), True, ()),
    "Stirling from below": (loggamma(p) - (p - Rational(1, 2)) * log(p) + p - log(2 * pi) / 2, True, ()),
    "a digamma function": (log(p) - polygamma(0, p), True, ()),
    "a digamma function and two terms of its expansion": (
        polygamma(0, p) - log(p) + 1 / (2 * p) + 1 / (12 * p**2),
        False,
        (),
    ),
    "double factorials": (2**n * factorial(n) - factorial2(2 * n - 1) * sqrt(2 * n + 1), False, ()),
    "a tail of a series of squares": (Sum(1 / k**2, (k, n + 1, sp.oo)) - 1 / (n + 1), False, ()),
    "a tail of squares from above": (1 / n - Sum(1 / k**2, (k, n + 1, sp.oo)), True, ()),
    "a tail from its first term on": (1 / (2 * m + 1) - Sum(1 / (2 * k + 1) ** 2, (k, m + 1, sp.oo)), False, ()),
    "a tail of cubes": (1 / (2 * n**2) - 3 * Sum(1 / k**3, (k, n + 1, sp.oo)) / 3, False, ()),
    "a product below a root": (Product(1 - 1 / (2 * k), (k, 1, n)) - 1 / sqrt(4 * n), False, ()),
}
FALSE = {
    "a tail of squares, a little less": (1 / n - TINY / n - Sum(1 / k**2, (k, n + 1, sp.oo)), False, ()),
    "a tail of squares from below, from its first term on": (Sum(1 / k**2, (k, n + 1, sp.oo)) - 1 / n, False, ()),
    "a tail and a negative limit": (1 / n - TINY - Sum(1 / k**2, (k, n + 1, sp.oo)), False, ()),
    "a tail times a number that grows": (n - TINY - n * Sum(1 / k**2, (k, n + 1, sp.oo)) * n, False, ()),
    "a tail of a series that diverges": (-Sum(1 / k, (k, n + 1, sp.oo)) + 5, False, ()),
    "a tail with poles": (1 - Sum(1 / (k - 5) ** 2, (k, n + 1, sp.oo)), False, ()),
    "a tail over half-odd numbers": (5 - Sum(1 / k**2, (k, n + Rational(1, 2), sp.oo)), False, ()),
    "a tail from a real number on": (5 - Sum(1 / k**2, (k, p, sp.oo)), False, ()),
    "terms that move": (1 / n - Sum(n / k**3, (k, n + 1, sp.oo)), False, ()),
    "factorials and larger powers": (factorial(n) - 2**n, False, ()),
    "equal in the first case": (factorial(n) - n, True, ()),
    "growth from a negative value": (harmonic(n) - 2, False, ()),
    "a fall to a negative limit": (harmonic(n) - log(n) - 1, False, ()),
    "a fall to a limit a little below zero": (harmonic(n) - log(n) - Rational(3, 5), False, ()),
    "a digamma function from above": (polygamma(0, p) - log(p), False, ()),
    "Stirling from above": ((p - Rational(1, 2)) * log(p) - p + log(2 * pi) / 2 - loggamma(p), False, ()),
    "central binomials, too small": (binomial(2 * n, n) - 4**n / n, False, ()),
    "a gamma function below its least value": (gamma(p) - 1, False, ()),
    "a pole between two integers, beside logarithms of gamma": (
        loggamma(n + 1) - loggamma(n) - log(n) - 1 / (n - 5),
        False,
        (),
    ),
    "a pole on the way to the limit": (1 / (n - 5) + loggamma(n + 1) - loggamma(n) - log(n), False, ()),
    "a pole beside a sum": (Sum(k**2, (k, 1, n)) - n * (n + 1) * (2 * n + 1) / 6 - 1 / (n - 5), False, ()),
    "a limit that is another one at an isolated value": (
        2 / p - 1 / (p * y + 1) + loggamma(p + 1) - loggamma(p) - log(p),
        False,
        (y >= 0, y**2 - y >= 0, p >= 1),
    ),
    "an index inside and outside a sum": (Sum(n * k, (k, 1, n)) - n * Sum(k, (k, 1, n)) - 1, False, ()),
    "a range that may run backwards": (Sum(1, (k, 1, i)) + 5, False, (i >= -7,)),
    "a range that may run backwards, of powers": (Sum(2**k, (k, 1, i)) + Rational(9, 10), False, (i >= -7,)),
    "a double sum": (Sum(Sum(1, (i, 1, k)), (k, 1, n)) - n * (n + 1) / 2 - Rational(1, 2), False, ()),
    "a floor that returns after every step": (floor(p) - p + loggamma(p + 1) - loggamma(p) - log(p), False, ()),
    "a wave that returns after every step": (sin(2 * pi * p) + polygamma(0, p + 1) - polygamma(0, p) - 1 / p, False, (p >= 1,)),
    "a harmonic number of another kind": (loggamma(p + 1) - loggamma(p) - log(p) + harmonic(y, 2) - 5, False, ()),
    "two equal sides, strictly": (loggamma(p + 1) - loggamma(p) - log(p), True, ()),
    "double factorials, too small": (17 * sqrt(n) * factorial2(2 * n - 1) - 10 * 2**n * factorial(n), False, ()),
    "double factorials of halves": (factorial2(n) - factorial2(n - 1), False, ()),
    "powers of themselves": (p**p - 1, False, ()),
    "powers of two and squares": (2**n - n**2, False, ()),
    "factorials and powers of three": (10 * factorial(n) - 3 * 3**n, False, ()),
    "binomials of any index": (binomial(n, k) - 1, False, ()),
    "alternating signs": ((-1) ** n + harmonic(n) - harmonic(n + 1), False, ()),
    "a digamma function and its expansion, a little above": (polygamma(0, p) - log(p) + 1 / p - TINY, False, ()),
    "Euler's constant from above": (harmonic(n) - log(n) - sp.EulerGamma - 1 / (2 * n), False, ()),
}


@pytest.mark.parametrize("name", TRUE)
def test_unit_steps_prove(name: str) -> None:
    e, strict, where = TRUE[name]
    assert OrderProver(propose, time.monotonic() + 30).proved(e, Facts(where), strict) is not None


@pytest.mark.parametrize("name", FALSE)
def test_unit_steps_do_not_prove_what_is_false(name: str) -> None:
    e, strict, where = FALSE[name]
    assert by_unit_steps(e, Facts(where), strict, sign) is None


def test_a_fall_up_to_another_variable_does_not_go_on_to_the_limit() -> None:
    """1 - 4 / (1 + (p - y)²) falls while p ≤ y - 1, down to -1, and tends to 1 as p goes on; log p - ψ(p) < 1 falls too."""
    e = 1 - 4 / (1 + (p - y) ** 2) + log(p) - polygamma(0, p)

    def at_points(part: Any, facts: Facts, strict: bool) -> Proof | None:
        """What holds at some points with p ≤ y - 1: true of the steps in p, and not of those in y."""
        points = [{p: first, y: first + 1 + more} for first in (1, 2, 5) for more in (0, 1, 3, 10)]
        return Proof() if all(sp.N(part.subs(point)) >= 0 for point in points) else None

    assert at_points(-_step(e, p, NOWHERE), NOWHERE, False) is not None
    assert by_unit_steps(e, Facts((p <= y - 1,)), False, at_points) is None


def test_what_is_known_has_to_hold_at_the_next_point_too() -> None:
    for good in ((), (p >= 2,), (p > y,), (2 * p + 1 >= 0,)):
        assert goes_on(p, Facts(good)), good
    for bad in ((p <= 2,), (p < y,), (-p >= -3,), (Ne(p, 3),), (Eq(p, 2),), (p**2 >= 1,), (p * y > 0,), (1 / p > 0.5,)):
        assert not goes_on(p, Facts(bad)), bad
    for s in (
        Symbol("s", prime=True),
        Symbol("s", even=True, positive=True),
        Symbol("s", irrational=True),
        Symbol("s", negative=True),
    ):
        assert not goes_on(s, NOWHERE), s
    assert not goes_on(Symbol("s", real=True, nonzero=True), NOWHERE)  # 0 follows -1
    assert not goes_on(k, NOWHERE)  # an integer without a first value
    assert goes_on(n, NOWHERE)


def test_a_step_is_the_difference() -> None:
    """f(5) - f(4) at x = 4, for what a step holds."""
    for f, s in (
        (loggamma(p), p), (loggamma(2 * p + 1), p), (gamma(p), p), (harmonic(n), n), (polygamma(0, p), p), (polygamma(1, p), p),
        (polygamma(2, p + 1), p), (Sum(sqrt(k), (k, 1, n)), n), (Sum(1 / k, (k, 1, n + 2)), n),
    ):  # fmt: skip
        step = _step(f, s, NOWHERE)
        if step is not None:
            exact = (f.subs(s, 5) - f.subs(s, 4)).doit()
            assert abs(sp.N(step.subs(s, 4).doit() - exact, 30)) < 1e-20, f
    assert _step(loggamma(p), p, NOWHERE) == log(p)
    assert _step(harmonic(n), n, NOWHERE) == 1 / (n + 1)


def test_a_function_is_continued_where_its_recurrence_holds() -> None:
    for node, s in (
        (loggamma(x), x), (gamma(x), x), (polygamma(0, x), x), (harmonic(x), x), (loggamma(p / 2), p), (loggamma(-p), p),
        (loggamma(9 * p), p), (Sum(1 / k, (k, n, 9)), n), (Sum(1 / k, (k, 1, 2 * n)), n), (Sum(1 / (k + n), (k, 1, n)), n),
        (Sum(k, (k, 1, i)), i), (Sum(k, (k, 1, x)), x), (harmonic(n, 2), n), (polygamma(y, p), p),
    ):  # fmt: skip
        assert _continued(node, node.subs(s, s + 1), s, NOWHERE) is None, node
    assert _continued(Sum(k, (k, 1, m)), Sum(k, (k, 1, m + 1)), m, NOWHERE) == Sum(k, (k, 1, m)) + m + 1


def test_a_positive_number_may_be_left_out_and_a_negative_one_not() -> None:
    for strict in (False, True):
        assert OrderProver(propose, time.monotonic() + 10).sign(4**n / 2 - binomial(2 * n, n) + 1, NOWHERE, strict, 1)
    prover = OrderProver(propose, time.monotonic() + 10)
    assert prover._unit_steps(4**n / 2 - binomial(2 * n, n) - TINY, NOWHERE, False, 1) is None
    assert prover._unit_steps(4**n / 2 - binomial(2 * n, n), NOWHERE, True, 1) is None  # equal for n = 1
    assert prover._unit_steps(4**n / 3 - binomial(2 * n, n) + TINY, NOWHERE, False, 1) is None


def test_a_tail_is_one_of_a_series_that_converges_and_begins_at_the_variable() -> None:
    for series in (1 / k**2, (-1) ** k / k, Rational(1, 2) ** k, k / factorial(k)):
        assert _is_tail(Sum(series, (k, n, sp.oo)), n, NOWHERE), series
        assert _is_tail(Sum(series, (k, n + 2, sp.oo)), n, NOWHERE), series
    for series in (1 / k, sp.Integer(1), 2**k, n / k**3, (-1) ** k):
        assert not _is_tail(Sum(series, (k, n, sp.oo)), n, NOWHERE), series
    for ends in ((2 * n, sp.oo), (n, 2 * n), (n + Rational(1, 2), sp.oo), (-n, sp.oo), (1, n)):
        assert not _is_tail(Sum(1 / (k**2 + 1), (k, *ends)), n, NOWHERE), ends
    assert not _is_tail(Sum(1 / (k**2 + 1), (k, p, sp.oo)), p, NOWHERE)
    assert not _is_tail(Sum(1 / (k - 5) ** 2, (k, n, sp.oo)), n, NOWHERE)
    moved = _continued(Sum(1 / k**2, (k, n + 1, sp.oo)), Sum(1 / k**2, (k, n + 2, sp.oo)), n, NOWHERE)
    assert moved == Sum(1 / k**2, (k, n + 1, sp.oo)) - 1 / (n + 1) ** 2
    assert _without_tails(n * Sum(1 / k**2, (k, n, sp.oo)), n, NOWHERE).has(Sum)  # whose limit is 1
    assert _without_tails(3 / n + 2 * Sum(1 / k**2, (k, n, sp.oo)), n, NOWHERE) == 3 / n
