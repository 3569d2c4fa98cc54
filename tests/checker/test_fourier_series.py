"""Fourier series of Bernoulli polynomials: on the range on which they hold, and nowhere else."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
import sympy as sp
from sympy import Rational, Sum, cos, log, oo, pi, sin, symbols

from derivable import equal
from derivable.trusted.facts import Facts
from derivable.trusted.fourier_series import fourier_series

x = symbols("x", real=True)
z = symbols("z")
k = symbols("k", integer=True)
OPEN, CLOSED = (x > 0, x < 2 * pi), (x >= 0, x <= 2 * pi)

TRUE: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
    "sawtooth": (Sum(sin(k * x) / k, (k, 1, oo)), (pi - x) / 2, OPEN),
    "parabola": (Sum(cos(k * x) / k**2, (k, 1, oo)), pi**2 / 6 - pi * x / 2 + x**2 / 4, CLOSED),
    "alternating parabola": (Sum((-1) ** k * cos(k * x) / k**2, (k, 1, oo)), x**2 / 4 - pi**2 / 12, (x >= -pi, x <= pi)),
    "alternating sawtooth": (Sum((-1) ** (k + 1) * sin(k * x) / k, (k, 1, oo)), x / 2, (x > -pi, x < pi)),
    "square wave": (Sum(sin((2 * k + 1) * x) / (2 * k + 1), (k, 0, oo)), pi / 4, (x > 0, x < pi)),
    "triangle wave": (Sum(cos((2 * k - 1) * x) / (2 * k - 1) ** 2, (k, 1, oo)), pi * (pi - 2 * x) / 8, (x >= 0, x <= pi)),
    "logarithm of a sine": (Sum(cos(k * x) / k, (k, 1, oo)), -log(2 * sin(x / 2)), OPEN),
    "a period of one": (Sum(sin(2 * pi * k * x) / k**3, (k, 1, oo)), pi**3 * (2 * x**3 - 3 * x**2 + x) / 3, (x >= 0, x <= 1)),
    "a number": (Sum(cos(k) / k**2, (k, 1, oo)), pi**2 / 6 - pi / 2 + Rational(1, 4), ()),
}


@pytest.mark.parametrize("name", TRUE)
def test_series_of_waves_are_summed(name: str) -> None:
    lhs, rhs, where = TRUE[name]
    assert equal(lhs, rhs, where=where).verdict == "proved"
    assert equal(lhs, rhs + Rational(1, 7), where=where).verdict != "proved"


@pytest.mark.parametrize("m", range(1, 7))
@pytest.mark.parametrize("shift", [0, 1])
def test_the_values_are_those_of_the_series(m: int, shift: int) -> None:
    """Also after a whole turn, and with alternating signs."""
    theta = Rational(7, 5) + shift * 2 * pi
    for sign in (1, -1):
        body = sp.Integer(sign) ** k * (cos if m % 2 == 0 else sin)(k * theta) / k**m
        value = fourier_series(body, k, sp.Integer(1), Facts(()))
        direct = mpmath.polylog(m, sign * mpmath.expj(float(theta)))
        assert abs(complex(sp.N(value)) - (direct.real if m % 2 == 0 else direct.imag)) < 1e-12


@pytest.mark.parametrize(
    ("body", "first", "where"),
    [
        (sin(k * x) / k, 1, ()),
        (sin(k * x) / k, 1, CLOSED),  # at 0 and 2π the sum is 0
        (cos(k * x) / k, 1, CLOSED),
        (sin(k * x) / k, 1, (x > 0, x < 7)),
        (sin(k * x) / k**2, 1, OPEN),
        (sin(k * x) / k, 2, OPEN),
        (cos(k * z) / k**2, 1, ()),
        (cos(k * x) * cos(k) / k**2, 1, OPEN),
        (cos(k * x + 1) / k**2, 1, OPEN),
        (cos((3 * k - 2) * x) / (3 * k - 2) ** 2, 1, OPEN),
        ((-1) ** (k * (k + 1) / 2) * cos(k * x) / k**2, 1, OPEN),
        ((-1) ** k * sin((2 * k + 1) * x) / (2 * k + 1), 0, (x > 0, x < pi)),
    ],
    ids=str,
)
def test_other_series_have_no_such_value(body: Any, first: int, where: tuple[Any, ...]) -> None:
    assert fourier_series(body, k, sp.Integer(first), Facts(where)) is None
