"""Affine functions between the ends of a segment: strict signs on half-closed regions, and what each condition keeps out."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import cos, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver
from derivable.trusted.segments import by_ends_of_segment

x, y, z, t, c = symbols("x y z t c", real=True)
a = symbols("a", positive=True)
w = symbols("w")
HALF_CLOSED = (x >= -1, x <= 1, t > -1, t < 1)

TRUE: list[tuple[Any, Any, bool, tuple[Any, ...]]] = [
    (0, 1 - 2 * t * x + t**2, True, HALF_CLOSED),
    (0, 1 - 2 * t * cos(y) + t**2, True, (t > -1, t < 1)),
    (0, a**2 + 2 * a * x * c + c**2, True, (x >= -1, x <= 1, c > -a, c < a)),
    (0, 1 / (1 - 2 * t * x + t**2), True, HALF_CLOSED),
    (0, 1 - x * y, True, (x >= -1, x <= 1, y > -1, y < 1)),
    (0, 1 - x * y * z, True, (x >= -1, x <= 1, y >= -1, y <= 1, z > -1, z < 1)),
    (0, x + y - x * y, False, (x >= 0, x <= 1, y >= 0, y <= 1)),
]


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 5).sign(e, facts, strict, 1)


def prove(e: Any, v: Any, ends: tuple[Any, Any], where: tuple[Any, ...], strict: bool) -> Proof | None:
    return by_ends_of_segment(sp.expand(e), v, ends, Facts(where), strict, sign)


@pytest.mark.parametrize(("left", "right", "strict", "where"), TRUE)
def test_the_sign_at_both_ends_is_the_sign_between(left: Any, right: Any, strict: bool, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, strict=strict, where=where).verdict == "proved"


def test_a_strict_sign_needs_a_positive_value_at_one_end_and_at_every_end_that_is_reached() -> None:
    assert prove(1 - x, x, (-1, 1), (x >= -1, x < 1), True)
    assert prove(1 - x, x, (-1, 1), (x >= -1, x <= 1), True) is None
    assert prove(1 + x, x, (-1, 1), (x > -1, x <= 1), True)
    assert prove(1 + x, x, (-1, 1), (x >= -1, x <= 1), True) is None
    assert prove(1 + x, x, (-1, 1), (x >= -1, x <= 1), False)
    # zero at both ends for y = 0, though neither is reached
    assert prove(y * (x + 2), x, (-1, 1), (x > -1, x < 1, y >= 0), True) is None


def test_only_what_is_affine_lies_between_its_values_at_the_ends() -> None:
    assert prove(x**2 - sp.Rational(1, 2), x, (-1, 1), (x >= -1, x <= 1), False) is None
    assert prove(x**2 * y**2 + y - sp.Rational(1, 2), x, (-1, 1), (x >= -1, x <= 1, y >= 1), False) is None


def test_the_bounds_have_to_hold() -> None:
    assert prove(1 - x, x, (-1, 1), (x >= -1,), False) is None
    assert prove(1 + x, x, (-1, 1), (x <= 1,), False) is None
    assert prove(1 - x, x, (-1, 1), (), False) is None
    assert prove(2 - x, x, (-sp.oo, 1), (x <= 1,), False) is None


def test_what_is_known_of_the_variable_is_not_known_at_the_ends() -> None:
    # x y ≥ 0 holds for x = y, but not at the ends for such a y
    assert prove(x * y, x, (-1, 1), (x >= -1, x <= 1, sp.Eq(x, y)), False) is None
    assert prove(x + y, x, (0, 1), (x >= 0, x <= 1, x + y >= 0), False) is None


def test_a_complex_variable_has_no_segment() -> None:
    assert prove(2 - w, w, (-1, 1), (), False) is None


coefficients = st.integers(-3, 3)


@settings(max_examples=40, deadline=None)
@given(st.tuples(coefficients, coefficients, coefficients, coefficients), st.booleans())
def test_what_is_proved_of_a_bilinear_function_holds_at_its_corners(k: tuple[int, ...], strict: bool) -> None:
    e = k[0] + k[1] * x + k[2] * y + k[3] * x * y
    found = prove(e, x, (0, 2), (x >= 0, x <= 2, y >= 0, y <= 1), strict)
    least = min(e.subs({x: u, y: v}) for u in (0, 2) for v in (0, 1)) if k[1:] != (0, 0, 0) else k[0]
    assert found is None or least > 0 or (least == 0 and not strict)
