"""Floors of several real variables on the cells of their fractional parts."""

from __future__ import annotations

import contextlib
import time
from fractions import Fraction
from typing import Any

import pytest
from sympy import Eq, Integral, Mod, Rational, S, ceiling, floor, frac, pi, sqrt, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.charts import Denied
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.fractional_cells import _cells, by_fractional_cells, feasible
from derivable.trusted.order import OrderProver

x, y, z = symbols("x y z", real=True)
a, b = symbols("a b", positive=True)
n = symbols("n", integer=True)
c = symbols("c")
third, half = Rational(1, 3), S.Half

TRUE: dict[str, tuple[Any, bool, tuple[Any, ...]]] = {
    "doubles": (floor(2 * x) + floor(2 * y) - floor(x) - floor(y) - floor(x + y), False, ()),
    "fives": (floor(5 * x) + floor(5 * y) - floor(x) - floor(y) - floor(3 * x + y) - floor(3 * y + x), False, ()),
    "three variables": (floor(x + y + z) - floor(x) - floor(y) - floor(z), False, ()),
    "Hermite": (floor(3 * x) - floor(x) - floor(x + third) - floor(x + 2 * third), False, ()),
    "fractional parts": (frac(x) + frac(y) - frac(x + y), False, ()),
    "ceilings": (ceiling(x) + ceiling(y) - ceiling(x + y), False, ()),
    "remainders": (Mod(x, 2) + Mod(y, 2) - Mod(x + y, 2), False, ()),
    "halves and thirds": (floor((3 * x + 2 * y) / 6) - floor(x / 2) - floor(y / 3), False, ()),
    "strictly": (x + y + 1 - floor(x + y), True, ()),
    "an order that is assumed": (floor(y) - floor(x), False, (x <= y,)),
    "an integer inside": (floor(2 * x + 3 * n) - 2 * floor(x) - 3 * n, False, ()),
    "positive numbers": (floor(a + b) - floor(a) - floor(b), False, ()),
    "what a number's sign says": (floor(2 * a) + floor(a), False, ()),
}
FALSE: dict[str, tuple[Any, bool, tuple[Any, ...]]] = {
    "doubles, strictly": (floor(2 * x) + floor(2 * y) - floor(x) - floor(y) - floor(x + y), True, ()),
    "triples": (floor(x) + 2 * floor(x + half) - floor(3 * x), False, ()),
    "fours": (floor(4 * x) + floor(4 * y) - floor(x) - floor(y) - floor(3 * x + y) - floor(3 * y + x), False, ()),
    "Hermite, with a wrong third": (floor(3 * x) - floor(x) - floor(x + third) - floor(x + 3 * third / 2 + third), False, ()),
    "a boundary": (x - floor(x) - Rational(1, 10**9), True, ()),
    "the other boundary": (floor(x) + 1 - Rational(1, 10**9) - x, False, ()),
    "without the assumption": (floor(y) - floor(x), False, ()),
    "another assumption": (floor(y) - floor(x), False, (x <= y + 1,)),
    "an equation that is assumed": (floor(2 * x) - floor(y), False, (Eq(y, 2 * x + Rational(1, 10)),)),
    "negative numbers": (floor(2 * x) + floor(x), False, ()),
    "complex numbers": (floor(2 * c) - 2 * floor(c), False, ()),
    "halves of an integer": (floor(x + n / 2) - floor(x) - n / 2, False, ()),
    "ceilings, the other way": (ceiling(x + y) - ceiling(x) - ceiling(y), False, ()),
}


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 10).sign(e, facts, strict, 2)


@pytest.mark.parametrize("name", TRUE)
def test_floors_are_compared_on_cells(name: str) -> None:
    e, strict, where = TRUE[name]
    assert by_fractional_cells(e, Facts(where), strict, sign) is not None


@pytest.mark.parametrize("name", FALSE)
def test_false_comparisons_of_floors_are_not_proved(name: str) -> None:
    e, strict, where = FALSE[name]
    with contextlib.suppress(Denied):
        assert by_fractional_cells(e, Facts(where), strict, sign) is None


def test_the_cells_are_those_that_points_have() -> None:
    """Every point of a fine grid of [0, 1)² lies in a cell that was found, and every cell has a point."""
    lines = [
        ((Fraction(2), Fraction(0)), Fraction(0)),
        ((Fraction(1), Fraction(-1)), Fraction(1, 3)),
        ((Fraction(1), Fraction(2)), Fraction(0)),
    ]
    found = {tuple(cell[line] for line in lines) for cell in _cells(lines, 2)}
    grid = [Fraction(i, 60) for i in range(60)]
    met = {tuple((p * s + q * t + r).__floor__() for (p, q), r in lines) for s in grid for t in grid}
    assert met == found


def test_elimination_minds_strict_relations() -> None:
    one, less = (Fraction(1),), (Fraction(-1),)
    assert feasible([(one, Fraction(0), False), (less, Fraction(0), False)])
    assert not feasible([(one, Fraction(0), True), (less, Fraction(0), False)])
    assert not feasible([(one, Fraction(-1), False), (less, Fraction(1, 2), False)])
    assert feasible([])


def test_statements_about_floors_are_decided() -> None:
    assert at_most(floor(x) + floor(y) + floor(x + y), floor(2 * x) + floor(2 * y)).verdict == "proved"
    assert at_most(floor(x) + floor(y) + floor(x + y), floor(2 * x) + floor(2 * y) - 1).verdict == "refuted"
    assert at_most(floor(3 * x), floor(x) + 2 * floor(x + half)).verdict == "refuted"  # for 1/3 ≤ x < 1/2 alone
    assert at_most(floor(7 * x), 7 * floor(x) + 5).verdict == "refuted"


def test_floors_of_other_multiples_are_left_alone() -> None:
    for e in (floor(sqrt(2) * x) - floor(x), floor(x * y) - floor(x), floor(x**2) + floor(x), floor(x + pi) - floor(x)):
        assert by_fractional_cells(e, Facts(()), False, sign) is None


def test_floors_under_an_integral_are_not_one_value() -> None:
    """Their mean is 1/2, where m² - m is negative, though each of them is 0 or 1."""
    mean = Integral(floor(2 * x) - 2 * floor(x), (x, 0, 1))
    assert by_fractional_cells(mean**2 - mean, Facts(()), False, sign) is None
    assert by_fractional_cells(mean**2 - mean + floor(y) - floor(y - 1), Facts(()), False, sign) is None
