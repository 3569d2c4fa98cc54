"""Integrals of rational functions of sines and cosines by t = tan(x/2): over a period, and between -π and π only."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Integral, Rational, cos, exp, pi, sin, sqrt, symbols, tan

import derivable
from derivable.trusted.facts import NONNEGATIVE, POSITIVE, REAL, Facts
from derivable.trusted.half_angle import by_half_angle

x, t = symbols("x t", real=True)
a, b = symbols("a b", positive=True)

PROVED = {
    "a period from zero": (Integral(1 / (cos(x) + 2), (x, 0, 2 * pi)), 2 * pi / sqrt(3)),
    "a period about zero": (Integral(1 / (5 + 4 * sin(x)), (x, -pi, pi)), 2 * pi / 3),
    "a period from anywhere": (Integral(1 / (5 + 4 * sin(x)), (x, t, t + 2 * pi)), 2 * pi / 3),
    "half a period": (Integral(1 / (2 - cos(x)), (x, 0, pi)), pi / sqrt(3)),
    "a quarter": (Integral(1 / (2 + cos(x)), (x, 0, pi / 2)), pi / (3 * sqrt(3))),
    "squares": (Integral(1 / (1 + cos(x) ** 2), (x, 0, 2 * pi)), sqrt(2) * pi),
    "a parameter": (Integral(1 / (a + cos(x)), (x, 0, 2 * pi)), 2 * pi / sqrt(a**2 - 1), a > 1),
    "half a turn changes nothing": (Integral(1 / (a**2 * cos(x) ** 2 + b**2 * sin(x) ** 2), (x, 0, pi / 2)), pi / (2 * a * b)),
    "… over half a turn from anywhere": (Integral(1 / (a**2 * cos(x) ** 2 + b**2 * sin(x) ** 2), (x, t, t + pi)), pi / (a * b)),
    "… over a whole turn": (Integral(1 / (2 + sin(x) ** 2), (x, t, t + 2 * pi)), 2 * pi / sqrt(6)),
    "… over three half turns": (Integral(1 / (2 + sin(x) ** 2), (x, 0, 3 * pi)), 3 * pi / sqrt(6)),
    "two periods": (Integral(1 / (2 + cos(x)), (x, t, t + 4 * pi)), 4 * pi / sqrt(3)),
    "… over an eighth": (Integral(1 / (1 + sin(x) * cos(x)), (x, 0, pi / 4)), pi / (3 * sqrt(3))),
    "Poisson's kernel": (Integral((1 - a**2) / (1 - 2 * a * cos(x) + a**2), (x, 0, 2 * pi)), 2 * pi, a < 1),
}


@pytest.mark.parametrize("name", PROVED)
def test_an_integral_over_a_circle_is_proved(name: str, prove: Any) -> None:
    lhs, rhs, *where = PROVED[name]
    assert prove(lhs, rhs, *where) is not None
    assert prove(lhs, rhs * Rational(1001, 1000), *where) is None
    assert prove(lhs, -rhs, *where) is None


def test_the_ends_are_those_of_the_tangent() -> None:
    body = 1 / (2 + cos(x))
    facts = Facts(())
    for lower, upper, ends in ((-pi, pi, "-oo oo"), (0, pi, "0 oo"), (-pi / 2, pi / 2, "-1 1"), (pi, 3 * pi, "-oo oo")):
        found = by_half_angle(body, x, lower, upper, facts)
        assert " ".join(map(str, found.limits[0][1:])) == ends


@pytest.mark.parametrize(
    ("body", "lower", "upper"),
    [
        (1 / cos(x), 0, pi),  # a pole inside
        (1 / (1 - cos(x)), 0, 2 * pi),  # a pole at an end
        (1 / (a + cos(x)), 0, 2 * pi),  # a pole where a is at most 1
        (tan(x), -pi, pi),
        (1 / (2 + cos(x)), 0, 3 * pi),  # more than a period: the tangent runs from 0 to infinity and on
        (1 / (2 + cos(x)), pi / 2, 3 * pi / 2),  # across π, where the tangent jumps
        (1 / (2 + cos(x)), 0, b),
        (1 / (2 + cos(x)), t, t + pi),  # half a turn of what a whole one leaves as it is
        (1 / (2 + cos(x)), 4 * pi, 0),
        (1 / (2 + cos(x) ** 2), 0, 2 * pi / 3),  # across π/2, where the tangent jumps
        (1 / (2 + cos(x) ** 2), 0, 7 * pi / 2),
        (x / (2 + cos(x)), 0, pi),
        (exp(cos(x)), 0, pi),
        (1 / (2 + cos(sqrt(2) * x)), 0, 2 * pi),
        (1 / (2 + cos(x / 2)), 0, 2 * pi),
    ],
)
def test_where_the_substitution_does_not_hold_it_is_not_made(body: Any, lower: Any, upper: Any) -> None:
    assert by_half_angle(body, x, lower, upper, Facts(())) is None


def test_a_period_that_begins_beside_the_real_line_may_pass_a_pole_on_the_other_side() -> None:
    """1/(2 + cos x) has a pole at π + i arcosh 2: along the line of imaginary part 2 its integral is 0."""
    z = symbols("z")
    assert by_half_angle(1 / (2 + cos(x)), x, z, z + 2 * pi, Facts(())) is None
    assert by_half_angle(1 / (2 + cos(x)), x, t, t + 2 * pi, Facts(())) is not None


def test_a_divergent_integral_over_a_circle_is_equal_to_nothing() -> None:
    for value in (0, 1, pi):
        assert derivable.equal(Integral(1 / cos(x), (x, 0, pi)), value).verdict != "proved"


def test_the_sign_of_what_is_linear_in_a_wave() -> None:
    facts = Facts((a < 1,))
    assert facts.signs(2 + cos(x)) == POSITIVE
    assert facts.signs(1 - 2 * a * cos(x) + a**2) == POSITIVE
    assert facts.signs(a - a * sin(x)) == NONNEGATIVE
    assert facts.signs(1 + 2 * cos(x)) == REAL
    assert Facts(()).signs(1 - 2 * a * cos(x) + a**2) == NONNEGATIVE
    assert Facts(()).signs(a + cos(x)) == REAL
    z = symbols("z")
    assert Facts(()).signs(2 + cos(z)) is None


def test_the_sign_of_what_is_linear_in_the_square_of_a_wave() -> None:
    facts = Facts(())
    assert facts.signs(a**2 * cos(x) ** 2 + b**2 * sin(x) ** 2) == POSITIVE
    assert facts.signs(3 - 2 * sin(x) ** 2) == POSITIVE
    assert facts.signs(1 - sin(x) ** 2) == NONNEGATIVE
    assert facts.signs(1 - 2 * sin(x) ** 2) == REAL
    assert facts.signs(a * cos(x) ** 2 - b * sin(x) ** 2) == REAL
    assert facts.signs(1 + cos(x) - sin(x) ** 2) == REAL
    z = symbols("z")
    assert facts.signs(2 + cos(z) ** 2) is None
