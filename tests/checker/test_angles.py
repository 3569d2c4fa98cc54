"""Sums of angles: what their directions and intervals prove, and what must not be proved."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Eq, Ne, Rational, Sum, acos, acot, asin, atan, atan2, cos, fibonacci, pi, sign, sin, sqrt, symbols

from derivable import equal
from derivable.search import propose
from derivable.trusted.angles import (
    SINES,
    Bound,
    Turn,
    _angle,
    _between,
    _ends,
    _in_each_quadrant,
    _quadrants,
    _within,
    by_directions,
    sector,
    with_bounds,
)
from derivable.trusted.decision import Proof
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts, plainly
from derivable.trusted.normal_form import vanishes_identically

x, y, a, b, c, t = symbols("x y a b c t", real=True)
p, q = symbols("p q", positive=True)
k = symbols("k", integer=True)
n = symbols("n", integer=True, positive=True)
UNIT = [Abs(x) <= 1, Abs(y) <= 1]
SUM = asin(x * sqrt(1 - y**2) + y * sqrt(1 - x**2))
PRODUCT = x * y - sqrt(1 - x**2) * sqrt(1 - y**2)
TRIPLE = (a + b + c - a * b * c) / (1 - a * b - b * c - c * a)

TRUE: dict[str, tuple[Any, Any, list[Any]]] = {
    "double arctangent": (2 * atan(x), asin(2 * x / (1 + x**2)), [Abs(x) <= 1]),
    "double arctangent beyond 1": (pi - 2 * atan(x), asin(2 * x / (1 + x**2)), [x >= 1]),
    "double arctangent by squares": (2 * atan(x), asin(2 * x / (1 + x**2)), [x**2 <= 1]),
    "double arctangent as an arccosine": (2 * atan(x), acos((1 - x**2) / (1 + x**2)), [x >= 0]),
    "triple arctangent": (3 * atan(a), atan((3 * a - a**3) / (1 - 3 * a**2)), [3 * a**2 < 1]),
    "triple arcsine": (3 * asin(x), asin(3 * x - 4 * x**3), [Abs(x) <= Rational(1, 2)]),
    "sum of arcsines": (asin(x) + asin(y), SUM, [*UNIT, x**2 + y**2 <= 1]),
    "sum of arcsines of opposite signs": (SUM, asin(x) + asin(y), [*UNIT, x * y <= 0]),
    "difference of arcsines": (asin(x) - asin(y), asin(x * sqrt(1 - y**2) - y * sqrt(1 - x**2)), [*UNIT, x * y >= 0]),
    "sum of arccosines": (acos(x) + acos(y), acos(PRODUCT), [*UNIT, x + y >= 0]),
    "sum of arccosines to the left": (acos(x) + acos(y), 2 * pi - acos(PRODUCT), [*UNIT, x + y <= 0]),
    "difference of arccosines": (acos(x) - acos(y), acos(x * y + sqrt(1 - x**2) * sqrt(1 - y**2)), [*UNIT, x <= y]),
    "arcsines as an arccosine": (
        asin(a) + asin(b),
        acos(sqrt(1 - a**2) * sqrt(1 - b**2) - a * b),
        [a >= 0, a <= 1, b >= 0, b <= 1],
    ),
    "three arctangents": (atan(a) + atan(b) + atan(c), atan(TRIPLE), [a > 0, b > 0, c > 0, a * b + b * c + c * a < 1]),
    "half of the angle of a point": (atan2(y, x), 2 * atan(y / (x + sqrt(x**2 + y**2))), [x > 0]),
    "half of the angle off the axis": (atan2(y, x), 2 * atan(y / (x + sqrt(x**2 + y**2))), [Ne(y, 0)]),
    "second quadrant": (atan2(y, x), atan(y / x) + pi, [x < 0, y >= 0]),
    "third quadrant": (atan2(y, x), atan(y / x) - pi, [x < 0, y < 0]),
    "upper half plane": (atan2(y, x), pi / 2 - atan(x / y), [y > 0]),
    "arccosine of a point": (atan2(y, x), sign(y) * acos(x / sqrt(x**2 + y**2)), [Ne(y, 0)]),
    "reflected point": (atan2(-y, x), -atan2(y, x), [Ne(y, 0)]),
    "opposite point": (atan2(-y, -x), atan2(y, x) - pi, [y > 0]),
    "stretched point": (atan2(p * y, p * x), atan2(y, x), []),
    "polar coordinates": (atan2(q * sin(t), q * cos(t)), t, [t > -pi, t <= pi]),
    "sum of two points": (atan2(y, x) + atan2(a, b), atan2(x * a + y * b, x * b - y * a), [x > 0, b > 0]),
    "argument of a sum": (atan2(y, x), sp.arg(x + sp.I * y), []),
    "arccotangent": (acot(x) + acot(1 / x), pi / 2, [x > 0]),
    "negative of the argument": (acos(-x), pi - acos(x), [Abs(x) <= 1]),
}

FALSE: dict[str, tuple[Any, Any, list[Any]]] = {
    "double arctangent without bounds": (2 * atan(x), asin(2 * x / (1 + x**2)), []),
    "double arctangent below -1 by the upper formula": (pi - 2 * atan(x), asin(2 * x / (1 + x**2)), [Abs(x) >= 1]),
    "double arctangent of a negative number": (2 * atan(x), acos((1 - x**2) / (1 + x**2)), [Abs(x) <= 1]),
    "sum of arcsines beyond a quarter": (asin(x) + asin(y), SUM, UNIT),
    "sum of arcsines from a wide disc": (asin(x) + asin(y), SUM, [*UNIT, x**2 + y**2 <= Rational(11, 10)]),
    "sum of arccosines anywhere": (acos(x) + acos(y), acos(PRODUCT), UNIT),
    "sum of arccosines from slightly below": (acos(x) + acos(y), acos(PRODUCT), [*UNIT, x + y >= -Rational(1, 10)]),
    "difference of arccosines in the wrong order": (
        acos(x) - acos(y),
        acos(x * y + sqrt(1 - x**2) * sqrt(1 - y**2)),
        [*UNIT, x >= y],
    ),
    "three arctangents beyond a half turn": (atan(a) + atan(b) + atan(c), atan(TRIPLE), [a > 0, b > 0, c > 0]),
    "half of the angle anywhere": (atan2(y, x), 2 * atan(y / (x - sqrt(x**2 + y**2))), [Ne(y, 0)]),
    "left half plane": (atan2(y, x), atan(y / x) + pi, [x < 0]),
    "reflected point on the axis": (atan2(-y, x), -atan2(y, x), []),
    "opposite point on the axis": (atan2(-y, -x), atan2(y, x) - pi, [y >= 0]),
    "polar coordinates with both ends": (atan2(q * sin(t), q * cos(t)), t, [t >= -pi, t <= pi]),
    "shrunk by a negative number": (atan2(-p * y, -p * x), atan2(y, x), []),
    "sum of two points to the left": (atan2(y, x) + atan2(a, b), atan2(x * a + y * b, x * b - y * a), [x > 0]),
    "arccotangent of negative numbers": (acot(x) + acot(1 / x), pi / 2, [Ne(x, 0)]),
}


@pytest.mark.parametrize("name", TRUE)
def test_sums_of_angles_are_proved(name: str) -> None:
    lhs, rhs, where = TRUE[name]
    assert equal(lhs, rhs, where=where).verdict == "proved"


@pytest.mark.parametrize("name", FALSE)
def test_sums_of_angles_off_their_range_are_not(name: str) -> None:
    lhs, rhs, where = FALSE[name]
    assert equal(lhs, rhs, where=where).verdict != "proved"
    assert directly(lhs - rhs, *where) is None


def directly(e: Any, *where: Any) -> Proof | None:
    """The rule alone, without the attack before it."""
    prover = Prover(propose, time.monotonic() + 4)

    def zero(image: Any, given: Facts) -> Proof | None:
        return Proof() if vanishes_identically(image, given) else None

    return by_directions(e, with_bounds(Facts(plainly(where))), zero, prover._positive)


@pytest.mark.parametrize(
    ("e", "where"),
    [
        (asin(sin(t)) - t, (t >= 0, t <= pi)),  # cos φ ≥ 0
        (acos(cos(t)) - t, (t >= -pi / 2, t <= pi)),  # sin φ ≥ 0
        (asin(sin(t)) - t, (t >= -pi / 2, t <= 5 * pi / 2, cos(t) >= 0)),  # |φ| < 3π/2
        (acos(cos(t)) - t, (t >= 0, t <= 3 * pi, sin(t) >= 0)),  # φ < 2π
        (acos(cos(t)) - t, (t >= -pi, t <= pi, sin(t) >= 0)),  # -π < φ, not only -π ≤ φ
        (atan(sp.tan(t)) - t, (t > pi / 2, t < 3 * pi / 2)),  # cos φ > 0
        (atan2(y, x) - atan2(-y, -x), (x > 0, y > 0)),  # sin φ = 0, but |φ| = π
        (atan2(y, x) + atan2(y, x), (x < 0, Eq(y, 0))),  # cos φ = 1, but φ = 2π
        (2 * asin(x), (Eq(x**2, 1),)),  # one direction, but the other way
        (2 * asin(2 * x * sqrt(1 - x**2)) - asin(x), (2 * x**2 <= 1,)),  # twice, not half
        (atan(x) - asin(x), (x >= -1, x <= 1)),
    ],
)
def test_each_condition_on_the_sum_is_needed(e: Any, where: tuple[Any, ...]) -> None:
    assert directly(e, *where) is None


def known(e: Any, facts: Facts, strict: bool) -> bool:
    return facts.is_positive(e) if strict else facts.is_nonnegative(e)


def test_angles_are_of_real_numbers_at_which_they_are_real() -> None:
    z, w = symbols("z w")
    assert _angle(asin(x), 1, Facts((x <= 1, x >= -1)), known) is not None
    assert _angle(atan2(y, x), 1, Facts(()), known) is not None
    for node in (atan(z), acot(z), acot(x), asin(z), atan2(z, w), atan2(x, z), atan2(z, x), sp.arg(z), sp.arg(z + sp.I * x)):
        assert _angle(node, 1, Facts(()), known) is None
    for bound in (x <= 1, x >= -1):
        for node in (asin(x), acos(x)):
            assert _angle(node, 1, Facts((bound,)), known) is None


def test_ends_that_are_reached_are_known_to_be() -> None:
    def ends(node: Any, *where: Any) -> tuple[Bound, Bound]:
        facts = Facts(where)
        angle = _angle(node, 1, facts, known)
        assert angle is not None
        return _ends(angle, facts)

    half = Rational(1, 2)
    assert ends(acot(x), x >= 0) == (Bound(sp.Integer(0), None), Bound(half, x))
    assert ends(acot(x), x > 0)[1] == Bound(half, None)
    assert ends(asin(x), x >= 0, x <= 1) == (Bound(sp.Integer(0), x), Bound(half, 1 - x))
    assert ends(acos(x), x > 0, x <= half) == (Bound(Rational(1, 3), half - x), Bound(half, None))
    assert _between(x, SINES, Facts((x < half, x >= 0)), Bound(-half, 1 + x), Bound(half, 1 - x)) == (
        Bound(sp.Integer(0), x), Bound(Rational(1, 6), None),
    )  # fmt: skip
    assert _quadrants(x, y, Facts((x >= 0, y >= 0))) == (Bound(sp.Integer(0), y**2), Bound(half, x**2))


def test_a_range_is_open() -> None:
    half, one = Rational(1, 2), sp.Integer(1)

    def within(low: Bound, high: Bound, *where: Any) -> bool:
        return _within(Turn(x, y, one, low, high, t), sp.Integer(-1), one, Facts(where), known)

    reached, beyond = Bound(half, 1 - x), Bound(half, None)
    inside = Bound(-half, None)
    assert within(inside, beyond, t <= pi / 2, t >= -pi / 2)
    assert within(inside, reached, t < pi / 2, t >= -pi / 2)
    assert not within(inside, reached, t <= pi / 2, t >= -pi / 2)
    assert not within(Bound(-half, x), beyond, t <= pi / 2, t >= -pi / 2)
    assert not within(inside, beyond, t <= pi / 2, t >= -pi)


def test_a_sign_for_all_signs_of_the_symbols_is_one_at_zero_too() -> None:
    assert not _in_each_quadrant(Abs(x), Facts(()), known, True)
    assert _in_each_quadrant(Abs(x), Facts(()), known, False)
    assert not _in_each_quadrant(x + Abs(y), Facts((x >= 0,)), known, True)


def test_the_end_of_the_range_is_excluded_only_where_it_is_not_reached() -> None:
    assert directly(acos(x) + acos(y) - 2 * pi + acos(PRODUCT), *UNIT, x + y <= 0, x + y > -1) is not None
    assert directly(acos(x) + acos(y) - acos(PRODUCT), x >= -1, x <= 1, y >= -1, y <= 1) is None


def test_bounds_of_the_terms_of_a_sum_of_squares_of_real_numbers() -> None:
    z = symbols("z")
    assert with_bounds(Facts((x**2 + 4 * y**2 < 1,))).is_positive(Rational(1, 2) - y)
    assert with_bounds(Facts((x**2 + 4 * y**2 <= 1,))).is_nonnegative(Rational(1, 2) + y)
    assert not with_bounds(Facts((x**2 + 4 * y**2 <= 1,))).is_positive(Rational(1, 2) + y)
    for condition in (x**2 - y**2 <= 1, x**2 + z**2 <= 1, x**2 + y**2 >= 1, x**2 + y**3 <= 1, x**2 + y <= 1, x**2 + y**2 <= p):
        assert with_bounds(Facts((condition,))).where == (condition,)


SIGNS = st.frozensets(st.sampled_from([-1, 0, 1]), min_size=1)


@given(SIGNS, SIGNS, st.integers(-8, 8), st.integers(-8, 8))
@settings(max_examples=300, deadline=None)
def test_a_sector_holds_the_arguments_of_its_points(cosine: frozenset[int], sine: frozenset[int], u: int, v: int) -> None:
    if (u, v) == (0, 0) or sp.sign(u) not in cosine or sp.sign(v) not in sine:
        return
    low, high = sector(cosine, sine)
    angle = atan2(v, u) / pi
    assert sp.Gt(angle, low.at) if low.gap is None else sp.Ge(angle, low.at)
    assert sp.Lt(angle, high.at) if high.gap is None else sp.Le(angle, high.at)


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (atan(1 / (k**2 + k + 1)), atan(n + 1) - pi / 4),
        (atan(2 / k**2), 3 * pi / 4 - atan((2 * n + 1) / (n**2 + n - 1))),
        (atan(1 / (2 * k**2)), pi / 4 - atan(1 / (2 * n + 1))),
        (acot(k**2 + k + 1), atan(n + 1) - pi / 4),
        (atan(p / (1 + k * (k + 1) * p**2)), atan((n + 1) * p) - atan(p)),
        (atan(1 / fibonacci(2 * k + 1)), pi / 4 - atan(1 / fibonacci(2 * n + 2))),
    ],
)
def test_sums_that_telescope_by_the_difference_of_arctangents(term: Any, value: Any) -> None:
    decision = equal(Sum(term, (k, 1, n)), value)
    assert decision.verdict == "proved"
    assert equal(Sum(term, (k, 1, n)), value + pi).verdict != "proved"
