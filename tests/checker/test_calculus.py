"""Continuity, limits, and what an antiderivative is worth."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import sympy as sp
from sympy import (
    Abs,
    Heaviside,
    I,
    Max,
    Piecewise,
    Rational,
    acosh,
    acot,
    asin,
    atan,
    atanh,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    floor,
    gamma,
    log,
    oo,
    pi,
    sign,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
)

from derivable.trusted.calculus import NoLimit, integral_by, limit
from derivable.trusted.continuity import is_continuous, is_integrable
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts

x, c, t = symbols("x c t", real=True)
p, q = symbols("p q", positive=True)
n = symbols("n", integer=True, positive=True)
HERE = Facts(())
REFUSALS = (NoLimit, NoNormalForm, NeedCase)

CONTINUOUS = [
    x**3 - x,
    1 / (1 + x**2),
    exp(-(x**2)),
    sin(x) * cos(3 * x),
    Abs(x),
    Max(x, 1),
    sqrt(1 + x**2),
    log(1 + x**2),
    atan(x),
    tanh(x),
    erf(x),
    sinh(x) / cosh(x),
    2**x,
    exp(I * x),
    sp.legendre(n, x),
    1 / (2 + cos(c) ** 2) * x,
]
JUMPS = [
    1 / x,
    tan(x),
    1 / sin(x),
    log(x),
    sqrt(x),
    sign(x),
    floor(x),
    Heaviside(x),
    atan(1 / x),
    acot(x),
    asin(x),
    acosh(x),
    atanh(x),
    gamma(x),
    x**c,
    Piecewise((1, x > 0), (0, True)),
    1 / (x - c),
    sp.sec(x),
    Abs(x) / x,
    x ** Rational(1, 3),
    sp.coth(x),
    sp.csch(x),
    exp(1 / x),
]


@pytest.mark.parametrize("e", CONTINUOUS, ids=str)
def test_continuous_on_the_line(e: Any) -> None:
    assert is_continuous(e, x, HERE)


@pytest.mark.parametrize("e", JUMPS, ids=str)
def test_not_continuous_on_the_line(e: Any) -> None:
    assert not is_continuous(e, x, HERE)


@pytest.mark.parametrize("e", [1 / x, log(x), sqrt(x), atan(1 / x), gamma(x), x**c, x ** Rational(1, 3), exp(1 / x)], ids=str)
def test_hypotheses_keep_away_from_the_pole(e: Any) -> None:
    assert is_continuous(e, x, Facts((x > 0,)))


@pytest.mark.parametrize("e", [1 / (x - 1), log(x - 1), 1 / (x - c)], ids=str)
def test_hypotheses_that_do_not_reach_the_pole(e: Any) -> None:
    assert not is_continuous(e, x, Facts((x > 0,)))


LIMITS = {
    "floor from below": (floor(x), 1, -1, 0),
    "floor from above": (floor(x), 1, 1, 1),
    "floor inside an interval": (floor(x), Rational(3, 2), -1, 1),
    "at a point": (x**2, 2, 1, 4),
    "removable": ((x**2 - 1) / (x - 1), 1, 1, 2),
    "sinc": (sin(x) / x, 0, 1, 1),
    "difference quotient": ((exp(x) - 1) / x, 0, 1, 1),
    "l'Hôpital twice": ((1 - cos(x)) / x**2, 0, 1, Rational(1, 2)),
    "rational": ((2 * x**2 + 1) / (3 * x**2 - x), oo, -1, Rational(2, 3)),
    "falling": (x**5 * exp(-x), oo, -1, 0),
    "logarithm against power": (log(x) / sqrt(x), oo, -1, 0),
    "from below": (exp(1 / x), 0, -1, 0),
    "pole from above": (1 / x, 0, 1, oo),
    "pole from below": (1 / x, 0, -1, -oo),
    "atan": (atan(x), oo, -1, pi / 2),
    "atan at minus infinity": (atan(x), -oo, 1, -pi / 2),
    "tanh": (tanh(x), -oo, 1, -1),
    "erfc": (erfc(x), -oo, 1, 2),
    "Euler": ((1 + 1 / x) ** x, oo, -1, sp.E),
    "root difference": (sqrt(x**2 + x) - x, oo, -1, Rational(1, 2)),
    "with a parameter": (x**n * exp(-p * x), oo, -1, 0),
    "x log x": (x * log(x), 0, 1, 0),
    "sign": (sign(x), 0, -1, -1),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_that_is_given_is_right(name: str) -> None:
    e, point, direction, expected = LIMITS[name]
    try:
        value = limit(e, x, sp.sympify(point), direction, HERE)
    except REFUSALS:
        assert name in ("Euler", "root difference", "with a parameter", "l'Hôpital twice", "sign"), (
            "an easy limit without a value"
        )
        return
    assert sp.simplify(value - expected) == 0 if expected not in (oo, -oo) else value is expected


NO_LIMIT = {
    "sine": (sin(x), oo, -1),
    "sine at zero": (sin(1 / x), 0, 1),
    "unknown rate": (exp(c * x), oo, -1),
    "unknown power": (x**c, 0, 1),
    "unknown leading coefficient": ((c * x + 1) / (c * x + 2), oo, -1),
    "sign of a parameter": (c / x, 0, 1),
    "tangent": (tan(x), oo, -1),
    "floor at an unknown place": (floor(x), c, -1),
    "logarithm on its cut": (log(-1 + I * x), 0, -1),
    "root on its cut": (sqrt(-1 + I * x), 0, -1),
    "phase": (exp(I * x), oo, -1),
    "undefined function": (sp.Function("f", real=True)(x), oo, -1),
}


@pytest.mark.parametrize("name", NO_LIMIT)
def test_no_limit_is_made_up(name: str) -> None:
    e, point, direction = NO_LIMIT[name]
    with pytest.raises(REFUSALS):
        limit(e, x, sp.sympify(point), direction, HERE)


@pytest.mark.parametrize(
    ("e", "wrong"),
    [(log(sp.sech(x)) / x, 0), (log(sin(exp(-x))) / x, 0), (log(sp.sech(x)) / sqrt(x), 0), (log(x * exp(-x)) / x, 0)],
    ids=str,
)
def test_the_logarithm_of_what_vanishes_fast_is_no_slow_one(e: Any, wrong: int) -> None:
    with contextlib.suppress(*REFUSALS):
        assert limit(e, x, oo, -1, HERE) != wrong


@pytest.mark.parametrize("place", [x, 2 * x, x + 1], ids=str)
def test_limits_of_pieces_follow_the_side(place: Any) -> None:
    """|u| / u at u = 0: ±1 by the side, whatever u is; a value is right or none."""
    at = sp.solve(place, x)[0]
    for direction in (1, -1):
        try:
            assert limit(Abs(place) / place, x, at, direction, HERE) == direction
        except REFUSALS:
            continue


GOOD = {
    "power": (x**3 / 3, x**2, 0, 1, Rational(1, 3)),
    "Gaussian": (sqrt(pi) * erf(x) / 2, exp(-(x**2)), -oo, oo, sqrt(pi)),
    "falling": (-exp(-p * x) / p, exp(-p * x), 0, oo, 1 / p),
    "logarithm": (log(x), 1 / x, 1, p + 1, log(p + 1)),
    "root at an end": (2 * sqrt(x), 1 / sqrt(x), 0, 1, 2),
    "arctangent": (atan(x), 1 / (1 + x**2), -oo, oo, pi),
    "reversed": (x**2 / 2, x, 1, 0, -Rational(1, 2)),
}


@pytest.mark.parametrize("name", GOOD)
def test_an_antiderivative_that_holds(name: str) -> None:
    primitive, f, a, b, expected = GOOD[name]
    assert sp.simplify(integral_by(primitive, f, x, sp.sympify(a), sp.sympify(b), HERE) - expected) == 0


BAD = {
    "wrong derivative": (x**2, x**2, 0, 1),
    "off by a factor": (exp(2 * x), exp(2 * x), 0, 1),
    "pole inside": (-1 / x, 1 / x**2, -1, 1),
    "log through the pole": (log(x), 1 / x, -1, 1),
    "log of a modulus through the pole": (log(Abs(x)), 1 / x, -1, 1),
    "a jump of atan": (atan(1 / x), -1 / (1 + x**2), -1, 1),
    "a jump of atan tan": (atan(2 * tan(x)) / 2, 1 / (cos(x) ** 2 + 4 * sin(x) ** 2), 0, pi),
    "a half-angle": (2 / sqrt(3) * atan(tan(x / 2) / sqrt(3)), 1 / (2 + cos(x)), 0, 2 * pi),
    "a step added": (x + sign(x), sp.Integer(1), -1, 1),
    "a floor added": (x + floor(x), sp.Integer(1), 0, 2),
    "a pole at a parameter": (-1 / (x - c), 1 / (x - c) ** 2, 0, 1),
    "ends that may run backwards through a jump": (atan(1 / x), -1 / (1 + x**2), p, c),
    "divergent at an end": (log(x), 1 / x, 0, 1),
    "divergent at infinity": (x, sp.Integer(1), 0, oo),
    "oscillating at infinity": (-cos(x), sin(x), 0, oo),
    "unknown rate": (-exp(-c * x) / c, exp(-c * x), 0, oo),
    "unknown power": (x ** (c + 1) / (c + 1), x**c, 0, 1),
    "a secant squared": (tan(x), 1 / cos(x) ** 2, 0, pi),
}


@pytest.mark.parametrize("name", BAD)
def test_an_antiderivative_that_does_not_hold_is_refused(name: str) -> None:
    primitive, f, a, b = BAD[name]
    with pytest.raises(REFUSALS):
        integral_by(primitive, f, x, sp.sympify(a), sp.sympify(b), HERE)


@pytest.mark.parametrize(
    ("e", "a", "b", "expected"),
    [
        (exp(-(x**2)), -oo, oo, True),
        (x**2, 0, 1, True),
        (1 / (1 + x**2) ** 2, -oo, oo, True),
        (1 / x, 0, 1, False),
        (1 / x, 1, oo, False),
        (sp.Integer(1), 0, oo, False),
        (sin(x), 0, oo, False),
        (1 / (x - 1), 0, 2, False),
        (exp(-c * x), 0, oo, False),
    ],
)
def test_integrability(e: Any, a: Any, b: Any, expected: bool) -> None:
    assert is_integrable(e, x, sp.sympify(a), sp.sympify(b), HERE) is expected


def test_parameters_are_free() -> None:
    assert is_continuous(t * x, x, HERE)
    assert limit(q * t, x, oo, -1, HERE) == q * t
