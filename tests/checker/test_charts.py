"""Sign charts of functions of one variable: what they prove has that sign, and a thin dip below zero is not overlooked."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Rational, acos, asin, atan, cos, cosh, erf, exp, log, oo, pi, sin, sqrt, symbols, tan, tanh

from derivable.trusted.charts import Chart, Denied, Root, _Charts, _of_polynomial, _product, one_signed
from derivable.trusted.facts import Facts

x, y = symbols("x y", real=True)
TINY = Rational(1, 10**9)


def chart(e: Any, low: Any, high: Any, *where: Any, strict: bool = False) -> Any:
    """A proof, or None; a denial has to be right at the place that it names."""
    ends = (sp.sympify(low), sp.sympify(high))
    try:
        return one_signed(sp.sympify(e), x, ends, Facts(where), strict, time.monotonic() + 20)
    except Denied as denied:
        place = denied.place
    if place is not None:
        value = sp.N(sp.sympify(e).subs(x, place), 60)
        assert value < 0 or (strict and value == 0), place
    return None


#: function, range, hypotheses, whether it is positive: each holds, and fails when a billionth is taken away
TIGHT: dict[str, tuple[Any, Any, Any, tuple[Any, ...]]] = {
    "exponential and its tangent": (exp(x) - 1 - x, -oo, oo, ()),
    "logarithm and its tangent": (x - 1 - log(x), 0, oo, (x > 0,)),
    "Jordan": (sin(x) - 2 * x / pi, 0, pi / 2, (x >= 0, x <= pi / 2)),
    "a square": ((x - sqrt(2)) ** 2, -oo, oo, ()),
    "entropy": (x * log(x) + exp(-1), 0, oo, (x > 0,)),
    "two touching curves": (cosh(x) - 1 - x**2 / 2, -oo, oo, ()),
    "a mean of exponentials": (exp(x) + exp(-x) - 2, -oo, oo, ()),
    "a root and its tangent": (1 + x / 2 - sqrt(1 + x), -1, oo, (x >= -1,)),
    "a limit that is reached at infinity": (1 - tanh(x), -oo, oo, ()),
    "an arctangent and its bound": (pi / 2 - atan(x), -oo, oo, ()),
    "a power of an exponential": ((exp(x) - 1) ** 2, -oo, oo, ()),
    "cubes": (x**3 - 3 * x + 2, -2, oo, (x >= -2,)),
    "an error function": (1 - erf(x), -oo, oo, ()),
}


@pytest.mark.parametrize("name", TIGHT)
def test_what_touches_zero_is_not_negative_and_falls_below_when_lowered(name: str) -> None:
    e, low, high, where = TIGHT[name]
    assert chart(e - TINY, low, high, *where) is None
    assert chart(-e, low, high, *where) is None


PROVED = ("exponential and its tangent", "logarithm and its tangent", "cubes", "a root and its tangent")


@pytest.mark.parametrize("name", PROVED)
def test_a_chart_proves(name: str) -> None:
    e, low, high, where = TIGHT[name]
    assert chart(e, low, high, *where) is not None
    assert chart(e, low, high, *where, strict=True) is None
    assert chart(e + 1, low, high, *where, strict=True) is not None


FALSE: dict[str, tuple[Any, Any, Any, tuple[Any, ...], bool]] = {
    "a root inside": (exp(x) - 2, -oo, oo, (), False),
    "a root at an end that belongs to the range": (log(x), 1, oo, (x >= 1,), True),
    "negative at an end alone": (1 - x**2, 0, 1, (x >= 0, x <= 1), True),
    "a jump inside, and rising on either side": (-atan(1 / x), -1, 1, (x >= -1, x <= 1), False),
    "a jump inside, and falling on either side": (atan(1 / x), -1, 1, (x >= -1, x <= 1), False),
    "a pole of an exponential inside": (1 / (1 - exp(x)) + 3, -1, 1, (x >= -1, x <= 1), False),
    "a pole inside": (1 / (x - 3), 0, oo, (x >= 0,), False),
    "a pole of a tangent": (tan(x), 0, 3, (x >= 0, x <= 3), False),
    "a thin dip": ((x - 1) * (x - 1 - TINY), -oo, oo, (), False),
    "a thin dip of an exponential": ((exp(x) - 2) * (exp(x) - 2 - TINY), -oo, oo, (), False),
    "a dip far out": (exp(-x) - TINY, 0, oo, (x >= 0,), False),
    "negative far out on the left": (exp(x) - TINY, -oo, 0, (x <= 0,), False),
    "below a limit that is negative": (atan(x) - 2, -oo, oo, (), False),
    "a cubic": (x**3, -oo, oo, (), False),
    "an odd root": (sqrt(x) - x, 0, oo, (x >= 0,), False),
    "roots that cancel": (sqrt(x + 1) - sqrt(x) - TINY, 0, oo, (x >= 0,), False),
    "a logarithm beside a power": (x ** Rational(1, 10) - log(x), 0, oo, (x > 0,), False),
    "a wave": (sin(x), 0, 4, (x >= 0, x <= 4), False),
    "a wave at its least value": (1 + sin(x), 0, 7, (x >= 0, x <= 7), True),
    "cosine and its parabola, reversed": (1 - x**2 / 2 - cos(x), -1, 1, (x >= -1, x <= 1), False),
    "an arcsine": (x - asin(x), 0, 1, (x >= 0, x <= 1), False),
    "an arccosine": (acos(x) - 1, -1, 1, (x >= -1, x <= 1), False),
    "not the only variable": (exp(x) + y, -oo, oo, (), False),
    "not real": (sqrt(x), -oo, oo, (), False),
    "a logarithm that is not real": (log(x) ** 2, -oo, oo, (), False),
    "a floor": (sp.floor(x), 0, oo, (x >= 0,), False),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_chart_does_not_prove_what_is_false(name: str) -> None:
    e, low, high, where, strict = FALSE[name]
    assert chart(e, low, high, *where, strict=strict) is None


@pytest.mark.parametrize(
    ("e", "low", "high"),
    [
        ((x - 1) * (x + 2) * (x - 3), -oo, oo), ((x - 1) ** 2 * (x + 2), -oo, oo), (exp(x) - 3 * x, -oo, oo),
        (log(x) - x / 5, 0, oo),
        (sqrt(x) - x / 3 - Rational(1, 4), 0, oo), (x - 2 * log(1 + x), -1, oo),
        (x**4 - 2, -oo, 1), (atan(x) - x / 2, -oo, oo), (x * log(x) + Rational(1, 5), 0, oo),
        ((x**2 - 2) * (exp(x) - 1), -oo, oo),
    ],
    ids=str,
)  # fmt: skip
def test_the_signs_of_a_chart_are_those_of_the_function(e: Any, low: Any, high: Any) -> None:
    r = sp.Dummy("x", real=True)
    found = _Charts(r, time.monotonic() + 20).of(e.rewrite(sp.exp).xreplace({x: r}), sp.sympify(low), sp.sympify(high))
    assert found is not None
    assert len(found.signs) == len(found.roots) + 1
    numeric = sp.lambdify(x, e, "mpmath")
    left = max(float(low), -30.0)
    right = min(float(high), 30.0)
    for step in range(1, 240):
        point = left + (right - left) * step / 240
        place = [i for i, root in enumerate(found.roots) if float(root.high) < point]
        if all(not float(root.low) - 1e-6 <= point <= float(root.high) + 1e-6 for root in found.roots):
            value = numeric(point)
            assert abs(value) < 1e-12 or (value > 0) == (found.signs[len(place)] > 0), (point, value, found)


def test_a_chart_of_a_polynomial_holds_its_roots_inside_the_range() -> None:
    poly = sp.Poly((x - 1) * (x - 2) * (x**2 - 2), x)
    whole = _of_polynomial(poly, -oo, oo, 0)
    assert whole is not None
    assert [round(float(r.low), 3) for r in whole.roots] == [-1.414, 1, 1.414, 2]
    assert whole.signs == (1, -1, 1, -1, 1)
    part = _of_polynomial(poly, sp.Integer(1), sp.Integer(2), 0)
    assert part is not None
    assert (len(part.roots), part.signs) == (1, (1, -1))
    assert _of_polynomial(poly, sqrt(2), oo, 0) is None  # a root that is not told from the end


def test_charts_are_multiplied_root_by_root() -> None:
    one, two = Root(sp.Integer(1), sp.Integer(1), sp.Integer(1)), Root(sp.Integer(2), sp.Integer(2), sp.Integer(2))
    near = Root(Rational(1, 2), Rational(3, 2))
    assert _product(Chart((one,), (-1, 1)), Chart((two,), (-1, 1))) == Chart((one, two), (1, -1, 1))
    assert _product(Chart((one,), (-1, 1)), Chart((one,), (-1, 1))) == Chart((one,), (1, 1))
    assert _product(Chart((one,), (-1, 1)), Chart((near,), (-1, 1))) is None
    assert _product(Chart((), (-1,)), Chart((one,), (-1, 1))) == Chart((one,), (1, -1))
