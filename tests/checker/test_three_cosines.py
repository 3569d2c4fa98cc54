"""Wolstenholme's inequality, in triangles and for any angles, and what it does not say."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Eq, Rational, cos, pi, sin, symbols

from derivable import at_most
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.three_cosines import by_three_cosines

A, B, C, a, b, c = symbols("A B C a b c", positive=True)
x, y, z = symbols("x y z", real=True)
w = symbols("w")
TRIANGLE = (Eq(A + B + C, pi),)
HALF = Rational(1, 2)

TRUE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (cos(A) + cos(B) + cos(C), 3 * HALF, TRIANGLE),
    (cos(x) + cos(y) + cos(z), 3 * HALF, (Eq(z, pi - x - y),)),
    (sin(A / 2) * sin(B / 2) * sin(C / 2), Rational(1, 8), TRIANGLE),
    (cos(A) * cos(B) * cos(C), Rational(1, 8), TRIANGLE),
    (3 * HALF / 2, cos(A) ** 2 + cos(B) ** 2 + cos(C) ** 2, TRIANGLE),
    (sin(A) ** 2 + sin(B) ** 2 + sin(C) ** 2, Rational(9, 4), TRIANGLE),
    (Rational(3, 4), sin(A / 2) ** 2 + sin(B / 2) ** 2 + sin(C / 2) ** 2, TRIANGLE),
    (cos(x) + cos(y) - cos(x + y), 3 * HALF, ()),
    (-3 * HALF, cos(x - y) + cos(y - z) + cos(z - x), ()),
    (2 * a * b * cos(C) + 2 * b * c * cos(A) + 2 * c * a * cos(B), a**2 + b**2 + c**2, TRIANGLE),
    (6 * cos(A) + 3 * cos(B) + 2 * cos(C), 7, TRIANGLE),
]
FALSE: list[tuple[Any, tuple[Any, ...]]] = [
    (3 * HALF - cos(A) - cos(B) - cos(C), ()),  # no triangle
    (3 * HALF - cos(A) - cos(B) - cos(C), (Eq(A + B + C, 2 * pi),)),
    (3 * HALF - cos(A) - cos(B) - cos(C), (Eq(A + B + 2 * C, pi),)),
    (Rational(1499, 1000) - cos(A) - cos(B) - cos(C), TRIANGLE),
    (3 * HALF + cos(A) + cos(B) + cos(C) - 3, TRIANGLE),
    (3 * HALF - cos(x) - cos(y) - cos(x + y), ()),  # p q r < 0
    (a**2 + b**2 + c**2 - 2 * x * b * cos(C) - 2 * b * c * cos(A) - 2 * c * x * cos(B), TRIANGLE),  # p q r of either sign
    (3 * HALF - cos(w) - cos(x) + cos(w + x), ()),  # a complex angle
    (3 * HALF - cos(x) - cos(y) + sin(x + y), ()),  # a sine
    (3 * HALF - cos(x) - cos(y) + cos(x + y + 1), ()),  # a shift that is no quarter turn
]


def prove(e: Any, where: tuple[Any, ...], strict: bool = False) -> Proof | None:
    def plain(part: Any, facts: Facts, strictly: bool) -> Proof | None:
        signs = facts.signs(sp.expand(part))
        return Proof() if signs is not None and signs <= (frozenset({1}) if strictly else frozenset({0, 1})) else None

    return by_three_cosines(e, Facts(where), strict, plain)


@pytest.mark.parametrize(("left", "right", "where"), TRUE)
def test_cosines_of_angles_that_add_up(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where).verdict == "proved"


@pytest.mark.parametrize(("e", "where"), FALSE)
def test_what_is_false_is_not_shown(e: Any, where: tuple[Any, ...]) -> None:
    assert prove(e, where) is None


def test_a_strict_sign_needs_more_than_the_least_value() -> None:
    e = 3 * HALF - cos(A) - cos(B) - cos(C)
    assert prove(e, TRIANGLE, True) is None
    assert prove(e + Rational(1, 1000), TRIANGLE, True)


numbers = st.integers(-4, 4).filter(bool)


@settings(max_examples=60, deadline=None)
@given(numbers, numbers, numbers, st.floats(-4, 4), st.floats(-4, 4))
def test_the_bound_holds_at_points(p: int, q: int, r: int, s: float, t: float) -> None:
    told: list[Any] = []

    def listening(part: Any, facts: Facts, strict: bool) -> Proof | None:
        told.append(part)
        return None

    by_three_cosines(p * cos(x) + q * cos(y) + r * cos(x + y), Facts(()), False, listening)
    assert bool(told) == (p * q * r > 0)
    if told:
        assert p * mpmath.cos(s) + q * mpmath.cos(t) + r * mpmath.cos(s + t) >= float(told[0]) - 1e-12
