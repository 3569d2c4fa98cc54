"""Integrals over a period whose values are Bessel functions: against a quadrature, and only under their conditions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest
import sympy as sp
from mpmath import mp
from sympy import I, Integral, Rational, besseli, besselj, cos, exp, pi, sin, symbols

from derivable import equal
from derivable.trusted.bessel_integrals import over_a_period
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts

t, x, u = symbols("t x u", real=True)
a = symbols("a", positive=True)
n = symbols("n", integer=True)
z = symbols("z")
VALUES = {x: Rational(-7, 5), a: Rational(3, 4), n: 3}
PERIOD, HALF, SHIFTED = (sp.Integer(0), 2 * pi), (sp.Integer(0), pi), (u, u + 2 * pi)

VALUED: dict[str, tuple[Any, tuple[Any, Any]]] = {
    "von Mises": (exp(a * cos(t)), PERIOD),
    "its mean": (exp(a * cos(t)) * cos(t), PERIOD),
    "a higher moment": (exp(x * cos(t)) * cos(n * t), HALF),
    "by a sine": (exp(x * sin(t)), PERIOD),
    "a moment by a sine": (exp(x * sin(t)) * sin(n * t), PERIOD),
    "Bessel's own": (cos(n * t - x * sin(t)), HALF),
    "its odd part": (sin(t) * sin(x * sin(t)), HALF),
    "by a cosine": (cos(x * cos(t)), (-pi, pi)),
    "generating function": (exp(I * x * sin(t) - I * n * t + 1), PERIOD),
    "a negative order": (exp(a * cos(t) - 2 * I * t), PERIOD),
    "products are sums": (exp(a * cos(t)) * sin(t) ** 2, PERIOD),
    "from any place": (exp(a * cos(t)), SHIFTED),
}
LEFT: dict[str, tuple[Any, tuple[Any, Any]]] = {
    "half a period of what is not even": (exp(x * sin(t)), HALF),
    "half a period from elsewhere": (exp(x * cos(t)), (pi / 2, 3 * pi / 2)),
    "no integer": (exp(x * cos(t)) * cos(a * t), PERIOD),
    "cosine and sine at once": (exp(x * cos(t) + a * sin(t)), PERIOD),
    "a square in the exponent": (exp(x * cos(t) ** 2), PERIOD),
    "the argument twice": (exp(x * cos(2 * t)), PERIOD),
    "a complex argument": (exp(z * cos(t)), PERIOD),
    "a power beside it": (t * exp(x * cos(t)), PERIOD),
    "a range that is no period": (exp(x * cos(t)), (sp.Integer(0), u)),
}


@pytest.mark.parametrize("name", VALUED)
def test_the_value_is_that_of_a_quadrature(name: str) -> None:
    f, (low, high) = VALUED[name]
    found = over_a_period(f, t, low, high, Facts(()))
    assert found is not None
    with mp.workdps(25):
        g = sp.lambdify(t, f.subs(VALUES), "mpmath")
        ends = [mpmath.mpf(str(sp.N(end.subs(u, Rational(2, 3)), 25))) for end in (low, high)]
        value = mp.quad(g, [ends[0], sum(ends) / 2, ends[1]])
        exact = mpmath.mpmathify(sp.N(found[0].subs(VALUES), 25))
        assert abs(value - exact) < 1e-15


@pytest.mark.parametrize("name", LEFT)
def test_nothing_is_said_where_a_condition_fails(name: str) -> None:
    f, (low, high) = LEFT[name]
    assert over_a_period(f, t, low, high, Facts(())) is None


def test_proved_and_not_proved(prove: Callable[..., Proof | None]) -> None:
    mean = Integral(exp(a * cos(t)) * cos(t), (t, 0, 2 * pi)) / Integral(exp(a * cos(t)), (t, 0, 2 * pi))
    assert equal(mean, besseli(1, a) / besseli(0, a)).verdict == "proved"
    assert equal(Integral(cos(n * t - x * sin(t)), (t, 0, pi)), pi * besselj(n, x)).verdict == "proved"
    assert prove(Integral(cos(n * t - x * sin(t)), (t, 0, pi)), pi * besselj(n + 1, x)) is None
    assert prove(Integral(cos(n * t - x * sin(t)), (t, 0, pi)), pi * besselj(n, -x)) is None
    assert prove(Integral(exp(x * sin(t)) * cos(n * t), (t, 0, 2 * pi)), 2 * pi * besseli(n, x)) is None


def test_waves_without_an_amplitude_are_left_to_antiderivatives() -> None:
    i, j = sp.symbols("i j", integer=True, positive=True)
    v = sp.Symbol("v", real=True)
    assert over_a_period(sp.cos(i * v) * sp.cos(j * v), v, 0, sp.pi, Facts(())) is None
    waves = sp.Integral(sp.cos(i * v) * sp.cos(j * v), (v, 0, sp.pi))
    assert equal(waves, 0, where=[sp.Ne(i, j)]).verdict == "proved"
    assert equal(waves, 0).verdict == "refuted"
