"""Integrals with logarithms, of Bose and Fermi, with reciprocal exponents, over [0, T]: under their conditions alone."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
import sympy as sp
from mpmath import mp
from sympy import Limit, Min, Rational, exp, harmonic, log, oo, sech, sqrt, symbols

from derivable import equal
from derivable.search import propose
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts
from derivable.trusted.known_integrals import known_integral

x = symbols("x", real=True)
u, t, h = symbols("u t h", real=True)
a, b, c, T = symbols("a b c T", positive=True)
n = symbols("n", integer=True, positive=True)
HALF, UNIT, RANGE = (sp.Integer(0), oo), (sp.Integer(0), sp.Integer(1)), (sp.Integer(0), T)
VALUES = {a: Rational(7, 5), b: Rational(3, 4), c: Rational(5, 3), T: Rational(11, 4), n: 3}

VALUED: dict[str, tuple[Any, tuple[Any, Any]]] = {
    "Euler's constant": (log(x) * exp(-x), HALF),
    "two logarithms": (x**a * log(x) ** 2 * exp(-b * x**c), HALF),
    "three under a beta integral": (log(x) ** 3 * x**a * (1 - x) ** b, UNIT),
    "Bose": (x**a / (exp(b * x) - 1), HALF),
    "Fermi": (x**a / (exp(b * x) + 1), HALF),
    "Bose, exponents that fall": (x**2 * exp(-b * x) / (1 - exp(-b * x)), HALF),
    "Fermi, exponents that fall": (x**2 * exp(-b * x) / (1 + exp(-b * x)), HALF),
    "Bose, the sign outside": (x / (1 - exp(b * x)), HALF),
    "softplus": (log(1 + exp(-b * x)), HALF),
    "its opposite": (x**a * log(1 - exp(-b * x)), HALF),
    "a hyperbolic sine below": (x**a / sp.sinh(b * x), HALF),
    "its square": (x**3 / sp.sinh(b * x) ** 2, HALF),
    "a hyperbolic cosine below": (x**a / sp.cosh(b * x), HALF),
    "its square, a small power": (x ** Rational(-1, 3) / sp.cosh(b * x) ** 2, HALF),
    "without a power": (1 / sp.cosh(b * x), HALF),
    "the slope of a Fermi distribution": (x * exp(b * x) / (exp(b * x) + 1) ** 2, HALF),
    "the slope of Bose's": (x**4 * exp(x) / (exp(x) - 1) ** 2, HALF),
    "what is missing to a tangent": (x * (1 - sp.tanh(b * x)), HALF),
    "what is beyond a cotangent": (x**2 * (sp.coth(x) - 1), HALF),
    "commensurable rates": (x**2 * exp(-3 * x) / (1 + exp(-2 * x)), HALF),
    "a third power": (x**3 / (exp(x) - 1) ** 3, HALF),
    "Lipschitz": (exp(-a * x) * sp.besselj(0, b * x), HALF),
    "Hankel": (x**c * exp(-a * x) * sp.besselj(Rational(1, 3), b * x), HALF),
    "a modified function": (x * exp(-(a + b) * x) * sp.besseli(1, b * x), HALF),
    "a singular power under a Bessel function": (x ** Rational(-3, 2) * exp(-a * x) * sp.besselj(1, b * x), HALF),
    "a reciprocal square": (exp(-a * x**2 - b / x**2), HALF),
    "inverse Gaussian": (x ** Rational(-3, 2) * exp(-a * x - b / x + 1), HALF),
    "inverse Gaussian, mean": (x ** Rational(3, 2) * exp(-a * x - b / x), HALF),
    "a negative order": (x ** Rational(-7, 2) * exp(-a * x - b / x), HALF),
    "powers over a range": ((T - x) ** a * x**b, RANGE),
    "arc sine over a range": (1 / sqrt(x * (T - x)), RANGE),
}
LEFT: dict[str, tuple[Any, tuple[Any, Any]]] = {
    "a logarithm over a pole": (log(x) / x * exp(-x), HALF),
    "a power that may be -1 or less": (x**u * log(x) * exp(-x), HALF),
    "Bose at the power zero": (1 / (exp(x) - 1), HALF),
    "Bose at a power that may be negative": (x**u / (exp(x) - 1), HALF),
    "Fermi, a rate that may be negative": (x / (exp(u * x) + 1), HALF),
    "Bose, a rate that falls": (x / (exp(-b * x) - 1), HALF),
    "a hyperbolic sine at the power zero": (1 / sp.sinh(x), HALF),
    "its square at the power one": (x / sp.sinh(x) ** 2, HALF),
    "a third power beside a square": (x**2 / (exp(x) - 1) ** 3, HALF),
    "a square at a power that may be one": (x ** (a + 1) / sp.sinh(x) ** 2 / x, HALF),
    "a tangent, which does not fall": (x * sp.tanh(x), HALF),
    "a power that may be below -1": (x**u / sp.cosh(x), HALF),
    "a power that may be zero, of an alternating series": (x ** (a - 1) / (exp(x) + 1), HALF),
    "a modified function that may grow": (exp(-a * x) * sp.besseli(0, b * x), HALF),
    "a Bessel function whose order may be -1 or less": (x**3 * exp(-a * x) * sp.besselj(u, x), HALF),
    "a power too low for the order": (x ** (-2) * exp(-a * x) * sp.besselj(1, x), HALF),
    "a Bessel function without a fall": (x * exp(-u * x) * sp.besselj(0, x), HALF),
    "a Bessel function of any scale": (exp(-a * x) * sp.besselj(0, u * x), HALF),
    "a Bessel function of a square": (exp(-a * x) * sp.besselj(0, x**2), HALF),
    "a square of a Bessel function": (exp(-a * x) * sp.besselj(0, x) ** 2, HALF),
    "other poles": (x / (exp(x) + 2), HALF),
    "a sixth root of one": (x / (2 * sp.cosh(x) - 1), HALF),
    "a rate of any sign": (x / sp.cosh(u * x), HALF),
    "rates that are not commensurable": (x * exp(-sqrt(2) * x) / (1 + exp(-x)), HALF),
    "two rates": (x * exp(-a * x) / (1 + exp(-b * x)), HALF),
    "softplus that grows": (log(1 + exp(b * x)), HALF),
    "a reciprocal with the other sign": (exp(-a * x + b / x), HALF),
    "a coefficient of any sign": (exp(-(x**2) - u / x**2), HALF),
    "Bessel's function of integer order": (exp(-a * x - b / x), HALF),
    "other powers": (exp(-a * x**2 - b / x), HALF),
    "a range of any sign": ((u - x) ** 2 * sqrt(x), (sp.Integer(0), u)),
}


@pytest.mark.parametrize("name", VALUED)
def test_the_value_is_that_of_a_quadrature(name: str) -> None:
    f, (low, high) = VALUED[name]
    found = known_integral(f, x, low, high, Facts(()))
    assert found is not None
    with mp.workdps(30):
        g = sp.lambdify(x, f.subs(VALUES), "mpmath")
        end = mp.inf if high is oo else mp.mpf(str(sp.N(high.subs(VALUES), 30)))
        value = mp.quad(g, [0, 1, 5, end] if high is oo else [0, end / 2, end])
        exact = mpmath.mpf(str(sp.N(found[0].subs(VALUES), 30)))
        assert abs(value - exact) < mp.mpf(10) ** -10 * max(1, abs(value))


@pytest.mark.parametrize("name", LEFT)
def test_without_its_condition_there_is_no_value(name: str) -> None:
    f, (low, high) = LEFT[name]
    assert known_integral(f, x, low, high, Facts(())) is None


def zero(left: Any, right: Any, where: tuple[Any, ...] = ()) -> bool:
    """Whether the rules alone prove it, without an attack."""
    return Prover(propose, float("inf")).zero(left - right, Facts(where)) is not None


LINE = (x, -oo, oo)
PROVED = {
    "a logistic law": (sp.Integral(exp(-(x - u) / a) / (1 + exp(-(x - u) / a)) ** 2 / a, LINE), 1),
    "hyperbolic secant squared": (sp.Integral(sech(a * x) ** 2, LINE), 2 / a),
    "an exponential of an exponential": (sp.Integral(exp(-x - b * exp(-x)), (x, t, oo)), (1 - exp(-b * exp(-t))) / b),
    "a clipped line": (sp.Integral(exp(-a * x) * Min(x, b), (x, 0, oo)), (1 - exp(-a * b)) / a**2),
    "harmonic numbers": (Limit(harmonic(n) - log(n), n, oo), sp.EulerGamma),
    "logarithms of neighbours": (Limit(x * (log(x + a) - log(x + b)), x, oo), a - b),
    "third order": (Limit((exp(t * h) - (1 + t * h / 2) / (1 - t * h / 2)) / h**3, h, 0, "+-"), -(t**3) / 12),
}
NOT_PROVED = {
    "a logistic law, another scale": (sp.Integral(exp(-(x - u) / a) / (1 + exp(-(x - u) / a)) ** 2, LINE), 1),
    "harmonic numbers from 0": (Limit(harmonic(n) - log(n + 1), n, oo), sp.Integer(0)),
    "an infinite limit": (Limit(x * (log(2 * x + a) - log(x)), x, oo), a / 2),
    "sides that differ": (Limit(log(1 + exp(1 / h)) * h, h, 0, "+-"), sp.Integer(1)),
    "third order, second order wrong": (Limit((exp(t * h) - 1 / (1 - t * h)) / h**3, h, 0, "+-"), -(t**3) * Rational(5, 6)),
}


@pytest.mark.parametrize("name", PROVED)
def test_proved(name: str) -> None:
    left, right = PROVED[name]
    assert zero(left, right)
    assert str(equal(left, right).verdict) == "proved"


@pytest.mark.parametrize("name", NOT_PROVED)
def test_not_proved_by_the_rules_alone(name: str) -> None:
    assert not zero(*NOT_PROVED[name])
