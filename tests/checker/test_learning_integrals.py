"""Integrals of learning theory: densities, logarithms, Fourier and Mellin transforms, error functions, simplices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest
import sympy as sp
from mpmath import mp
from sympy import (
    Abs,
    Derivative,
    EulerGamma,
    Function,
    I,
    Integral,
    Max,
    Rational,
    asin,
    atan,
    beta,
    cos,
    digamma,
    erf,
    erfc,
    exp,
    gamma,
    harmonic,
    log,
    oo,
    pi,
    sech,
    sin,
    sqrt,
    symbols,
    tan,
    tanh,
)

from derivable import equal
from derivable.trusted.facts import Facts
from derivable.trusted.known_integrals import known_integral

x, y, m, t, w = symbols("x y m t w", real=True)
z = symbols("z")
a, b, c, p, q, s = symbols("a b c p q s", positive=True)
N = symbols("N", integer=True, nonnegative=True)
LINE, HALF, UNIT = (-oo, oo), (0, oo), (0, 1)
VALUES = {
    a: Rational(7, 5), b: Rational(13, 10), c: Rational(8, 3), p: Rational(3, 4), q: Rational(5, 3), s: Rational(9, 8),
    t: Rational(2, 7), m: Rational(3, 5), w: Rational(4, 5), N: 3, z: Rational(1, 3) + I / 4,
}  # fmt: skip
LAPLACE = exp(-Abs(x - m) / b) / (2 * b)
LOGISTIC = exp(-x) / (1 + exp(-x)) ** 2
GUMBEL = exp(-(x - m) / b - exp(-(x - m) / b)) / b
STUDENT = (1 + x**2 / a) ** (-(a + 1) / 2)
CAUCHY = 1 / (pi * b * (1 + ((x - m) / b) ** 2))
WEIBULL = (a / b) * (x / b) ** (a - 1) * exp(-((x / b) ** a))
PARETO = a * b**a / x ** (a + 1)
LOGNORMAL = exp(-((log(x) - m) ** 2) / (2 * b**2)) / (x * b * sqrt(2 * pi))
NORMAL = exp(-((x - m) ** 2) / (2 * b**2)) / (b * sqrt(2 * pi))
GELU = x * (1 + erf(x / sqrt(2))) / 2

VALUED: dict[str, tuple[Any, ...]] = {
    "a square that turns": (exp(-(1 + t * I) * x**2), (0, oo)),
    "a logarithm under a power": (x**N * log(x), UNIT),
    "a power of any order of a logarithm": (x**p * (-log(x)) ** s, UNIT),
    "two powers over a logarithm": ((x**a - x**b) / log(x), UNIT),
    "two logarithms under a beta integral": (log(1 - x) * x**a * (1 - x) ** b * log(x), UNIT),
    "beta, scaled, on the half-line": (x ** (a - 1) * (b + c * x**s) ** (-3), HALF, 3 * s > a),
    "beta over a shifted range": ((x - m) ** p * (m + b - x) ** q, (m, m + b)),
    "beta over both signs": ((1 - x) ** p * (1 + x) ** q, (-1, 1)),
    "beta in an exponential": (x * exp(-a * x) * (1 - exp(-x)) ** (b - 1), HALF),
    "Student": (STUDENT, LINE),
    "Student, shifted and scaled": ((1 + (x - m) ** 2 / a / b**2) ** (-(a + 3) / 2) * x**2, LINE),
    "Cauchy, entropy": (log(1 + ((x - m) / b) ** 2) * CAUCHY, LINE),
    "logistic, moments": (x**2 * LOGISTIC, LINE),
    "logistic, generating function": (exp(t * x) * LOGISTIC, LINE, t < 1, t > -1),
    "logistic, characteristic function": (exp(I * t * x) * LOGISTIC, LINE),
    "logistic, entropy": (log(1 + exp(x)) * exp(x) / (1 + exp(x)) ** 2, LINE),
    "Gumbel, second moment": (x**2 * GUMBEL, LINE),
    "Weibull, logarithm": (WEIBULL * log(x), HALF),
    "inverse gamma, logarithm": (x ** (-a - 1) * exp(-b / x) * log(x), HALF),
    "Pareto, logarithm": (PARETO * log(x), (b, oo)),
    "Pareto, shifted": (x * (x + 1) ** (-a - 3), HALF),
    "log-normal": (LOGNORMAL * x**t * log(x), HALF),
    "an exponential beyond a place": (x * exp(-(x - m) / b), (m, oo)),
    "an exponential before a place": (x * exp((x - m) / b), (-oo, m)),
    "hyperbolic secants": (sech(a * x) ** p, LINE),
    "hyperbolic functions": (tanh(x) * sech(x) ** 2 * x, LINE),
    "log sin": (log(sin(x)), (0, pi)),
    "log tan": (log(tan(x)) ** 2, (0, pi / 2)),
    "log cos, a power": (cos(x) ** a * log(cos(x)), (0, pi / 2)),
    "a scaled angle": (log(2 * sin(pi * x)) ** 2, UNIT),
    "over negative quarters": (cos(x) ** p, (-pi / 2, pi / 2)),
    "GELU": (GELU * NORMAL, LINE),
    "GELU squared": (GELU**2 * exp(-(x**2) / 2), LINE),
    "a mean of an error function": (x**3 * erf(a * x + t) * NORMAL, LINE),
    "a complement": (x * erfc(t * x + m) * exp(-c * x**2 + x), LINE),
    "two error functions": (x**2 * erf(a * x) * erf(t * x) * exp(-c * x**2), LINE),
    "two, centred": (x**3 * erf(a * (x - m)) * erf(t * (x - m)) * exp(-c * (x - m) ** 2), LINE),
    "an error function on the half-line": (x**2 * erf(t * x) * exp(-c * x**2), HALF),
    "an odd one on the half-line": (x**3 * erf(t * x) * exp(-c * x**2), HALF),
}
FOURIER: dict[str, tuple[Any, Any, Any]] = {
    "Cauchy": (cos(a * x) / (x**2 + b**2), LINE, pi * exp(-a * b) / b),
    "Cauchy, shifted": (exp(I * a * x) * CAUCHY, LINE, exp(I * a * m - a * b)),
    "the other way": (exp(-I * a * x) * CAUCHY, LINE, exp(-I * a * m - a * b)),
    "a double pole": (cos(a * x) / (x**2 + b**2) ** 2, LINE, pi * exp(-a * b) * (1 + a * b) / (2 * b**3)),
    "two pairs of poles": (cos(a * x) / ((x**2 + 1) * (x**2 + 4)), LINE, pi * (exp(-a) / 3 - exp(-2 * a) / 6)),
    "Jordan's lemma": (x * sin(a * x) / (x**2 + b**2), LINE, pi * exp(-a * b)),
    "half of it": (x * sin(a * x) / (x**2 + b**2), HALF, pi * exp(-a * b) / 2),
    "a square of a wave": (sin(a * x) ** 2 / (x**2 + b**2), LINE, pi * (1 - exp(-2 * a * b)) / (2 * b)),
}
LEFT: dict[str, tuple[Any, ...]] = {
    "a power that may be -1 or less": (x**t * log(x), UNIT),
    "the beta integral where it diverges": (x ** (a - 1) / (1 + x) ** b, HALF),
    "… at the other end": (x ** (t - 1) / (1 + x) ** (a + t), HALF),
    "a base that may vanish": (x ** (a - 1) / (1 - x) ** (a + b), HALF),
    "a base of any sign": ((1 + t * x**2) ** (-2), HALF),
    "a complex width": ((1 + z * x**2) ** (-2), LINE),
    "a complex middle": (1 / ((x - z) ** 2 + 1), LINE),
    "Student, a moment that diverges": (x**2 * STUDENT, LINE),
    "Cauchy has no mean": (x * CAUCHY, LINE),
    "logistic, beyond the strip": (exp(t * x) * LOGISTIC, LINE, t < 1),
    "logistic, a complex frequency": (exp(z * x) * LOGISTIC, LINE),
    "Gumbel, beyond the strip": (exp(t * x) * GUMBEL, LINE),
    "Gumbel, no decay": (exp(-exp(-x)), LINE),
    "Laplace, growing": (exp(x), (m, oo)),
    "Pareto, a moment that diverges": (PARETO * x**p, (b, oo)),
    "a tail from a place of any sign": (x ** (-a - 1), (m, oo)),
    "inverse gamma, a moment that diverges": (x**p * x ** (-a - 1) * exp(-b / x), HALF),
    "log-normal without a width": (exp(log(x) ** 2), HALF),
    "hyperbolic functions without decay": (tanh(x) ** 2, LINE),
    "a logarithm over a pole": (log(sin(x)) / sin(x), (0, pi / 2)),
    "a tangent over its pole": (tan(x), (0, pi)),
    "an angle of any sign": (log(sin(t * x)), (0, pi / (2 * t))),
    "an exponential over a range that is scaled": (x * exp(-a * x), (0, b)),
    "an error function over a range that is scaled": (x * erf(x), (0, b)),
    "a range of no whole quarter": (log(sin(x)), (0, pi / 3)),
    "an ordered range of complex ends": ((x - z) ** 2, (z, z + 1)),
    "an error function of a complex slope": (erf(z * x) * exp(-(x**2)), LINE),
    "a width of any sign": (erf(x) * exp(-t * x**2) * x, LINE),
    "error functions off the middle": (erf(x + 1) * erf(x) * exp(-(x**2)), LINE),
    "an offset on the half-line": (erf(x + t) * exp(-(x**2)), HALF),
    "a Fourier integral with poles on the line": (cos(a * x) / (x**2 - b**2), LINE),
    "poles that may be equal": (cos(a * x) / ((x**2 + b**2) * (x**2 + c**2)), LINE),
    "a Fourier integral that does not fall": (x**2 * cos(a * x) / (x**2 + b**2), LINE),
    "a cosine that is odd": (x * cos(a * x) / (x**2 + b**2), HALF),
    "two bases of one exponent": (1 / ((1 + x) ** (a + 1) * (1 + 2 * x)), HALF),
    "exponentials over a pole that does not cancel": ((exp(-x) - 2 * exp(-2 * x)) / x, HALF),
    "a logarithm beside a reciprocal in the exponent": (x ** Rational(-1, 2) * log(x) * exp(-a * x - b / x), HALF),
    "an error function beside a root": (sqrt(x) * erf(x) * exp(-(x**2)), HALF),
    "a square that turns and grows": (exp((1 + t * I) * x**2), HALF),
    "a wave below": (cos(x) / ((x**2 + 1) * (2 + cos(x))), LINE),
    "a wave of a square": (cos(x**2) / (x**2 + 1), LINE),
    "a growing wave": (exp(a * x) / (x**2 + b**2), LINE),
    "a complex rate": (exp(I * z * x) / (x**2 + b**2), LINE),
}


@pytest.mark.parametrize("name", VALUED)
def test_the_value_is_that_of_a_quadrature(name: str) -> None:
    f, (low, high), *where = VALUED[name]
    found = known_integral(f, x, sp.sympify(low), sp.sympify(high), Facts(where))
    assert found is not None
    assert not found[0].has(x)
    g = sp.lambdify(x, f.subs(VALUES), "mpmath")
    with mp.workdps(25):
        far = 60 if high == oo and low == -oo and "Cauchy" not in name and "Student" not in name else mp.inf
        ends = [far if e == oo else -far if e == -oo else mp.mpf(str(sp.N(sp.sympify(e).subs(VALUES), 25))) for e in (low, high)]
        inside = [k for k in (-8, -3, 0, mp.mpf("0.6"), mp.pi / 2, 3, 8) if ends[0] < k < ends[1]]
        value = mp.quad(g, [ends[0], *inside, ends[1]])
        exact = mpmath.mpmathify(sp.N(found[0].subs(VALUES), 25))
        assert abs(value - exact) < mp.mpf(10) ** -8 * max(1, abs(value))


@pytest.mark.parametrize("name", FOURIER)
def test_a_fourier_integral_is_the_sum_of_residues(name: str) -> None:
    f, (low, high), expected = FOURIER[name]
    found = known_integral(f, x, sp.sympify(low), high, Facts(()))
    assert found is not None
    assert abs(sp.N((found[0] - expected).subs(VALUES), 20)) < Rational(1, 10**15)


@pytest.mark.parametrize("bottom", [(b * x**2 - a * x + c) ** 3, (b * x**2 - a * x + c) * (x**2 + 1)], ids=str)
def test_a_wave_that_runs_the_other_way_has_the_conjugate_integral(bottom: Any) -> None:
    """The sign that a factorisation takes out of -a x + … is none after x → -x."""
    values = [known_integral(exp(way * I * x) / bottom, x, -oo, oo, Facts((4 * b * c > a**2,))) for way in (1, -1)]
    assert all(values)
    one, other = (sp.N(v[0].subs({a: 1, b: 1, c: 1}), 20) for v in values if v is not None)
    assert abs(one - sp.conjugate(other)) < Rational(1, 10**15)


@pytest.mark.parametrize("name", LEFT)
def test_without_its_condition_there_is_no_value(name: str) -> None:
    f, (low, high), *where = LEFT[name]
    assert known_integral(f, x, sp.sympify(low), sp.sympify(high), Facts(where)) is None


def line(f: Any) -> Any:
    return Integral(f, (x, *LINE))


def half(f: Any) -> Any:
    return Integral(f, (x, *HALF))


f, g = symbols("f g", cls=Function)
PROVED: dict[str, tuple[Any, ...]] = {
    "Laplace": (line(LAPLACE), 1),
    "Laplace, generating function": (line(LAPLACE * exp(t * x)), exp(m * t) / (1 - b**2 * t**2), t * b < 1, t * b > -1),
    "Laplace, entropy": (line(-LAPLACE * log(LAPLACE)), 1 + log(2 * b)),
    "logistic, near π": (line(LOGISTIC * cos(t * x)), pi * t / sp.sinh(pi * t), t > 0),
    "Student, variance": (
        line(gamma((a + 1) / 2) / (sqrt(a * pi) * gamma(a / 2)) * STUDENT * x**2), a / (a - 2), a > 2,
    ),
    "Cauchy, entropy": (line(-log(1 / (pi * (1 + x**2))) / (pi * (1 + x**2))), log(4 * pi)),
    "Cauchy, a frequency of any sign": (line(exp(I * t * x) * CAUCHY), exp(I * m * t - b * Abs(t))),
    "Gumbel, mean": (line(x * GUMBEL), m + b * EulerGamma),
    "Weibull, entropy": (half(-WEIBULL * log(WEIBULL)), EulerGamma * (1 - 1 / a) + log(b / a) + 1),
    "Pareto, moments": (Integral(PARETO * x**p, (x, b, oo)), a * b**p / (a - p), a > p),
    "log-normal, moments": (half(LOGNORMAL * x**t), exp(m * t + b**2 * t**2 / 2)),
    "maximum of exponentials": (half(a * x * exp(-x) * (1 - exp(-x)) ** (a - 1)), harmonic(a)),
    "a ReLU": (
        line(Max(x, 0) * NORMAL), m * (1 + erf(m / (b * sqrt(2)))) / 2 + b * exp(-(m**2) / (2 * b**2)) / sqrt(2 * pi),
    ),
    "a GELU": (
        line(GELU * NORMAL),
        m * (1 + erf(m / sqrt(2 + 2 * b**2))) / 2
        + b**2 / sqrt(2 * pi * (1 + b**2)) * exp(-(m**2) / (2 * (1 + b**2))),
    ),
    "GELU squared": (line(GELU**2 * exp(-(x**2) / 2) / sqrt(2 * pi)), Rational(1, 3) + sqrt(3) / (6 * pi)),
    "an arc sine kernel": (line(erf(x) ** 2 * exp(-(x**2)) / sqrt(pi)), 2 * asin(Rational(1, 2)) / pi),
    "an error function on the half-line": (half(erf(a * x) * exp(-(x**2))), atan(a) / sqrt(pi)),
    "log sin": (Integral(log(sin(x)), (x, 0, pi / 2)), -pi / 2 * log(2)),
    "a mirror image": (Integral(x * sin(x) / (1 + cos(x) ** 2), (x, 0, pi)), pi**2 / 4),
    "another": (Integral(x * sin(x) ** 3, (x, 0, pi)), 2 * pi / 3),
    "Dirichlet": (
        Integral(x ** (a - 1) * y ** (b - 1) * (1 - x - y) ** (c - 1), (y, 0, 1 - x), (x, 0, 1)),
        gamma(a) * gamma(b) * gamma(c) / gamma(a + b + c),
    ),
    "Dirichlet, a logarithm": (
        Integral(log(x) * x ** (a - 1) * y ** (b - 1) * (1 - x - y) ** (c - 1), (y, 0, 1 - x), (x, 0, 1)),
        gamma(a) * gamma(b) * gamma(c) / gamma(a + b + c) * (digamma(a) - digamma(a + b + c)),
    ),
    "a logarithm of a product, differentiated": (
        Derivative(log(f(x) * g(x)), x), f(x).diff(x) / f(x) + g(x).diff(x) / g(x), f(x) > 0, g(x) > 0,
    ),
    "of a quotient": (
        Derivative(log(f(x) / g(x)), x), f(x).diff(x) / f(x) - g(x).diff(x) / g(x), f(x) > 0, g(x) > 0,
    ),
}  # fmt: skip
NOT_PROVED: dict[str, tuple[Any, ...]] = {
    "Laplace, beyond the strip": (line(LAPLACE * exp(t * x)), exp(m * t) / (1 - b**2 * t**2)),
    "a clipped line, the variable left over": (half(exp(-a * x) * sp.Min(x, b)), b**2 / 2),
    "Laplace, another scale": (line(LAPLACE), b),
    "Cauchy, without the modulus": (line(exp(I * t * x) * CAUCHY), exp(I * m * t - b * t)),
    "Student, variance": (line(gamma((a + 1) / 2) / (sqrt(a * pi) * gamma(a / 2)) * STUDENT * x**2), a / (a - 2)),
    "a mirror image of an integrand that changes": (
        Integral(x * sin(x / 2), (x, 0, pi)), pi * Integral(sin(x / 2), (x, 0, pi)) / 2,
    ),
    "Dirichlet, an exponent of any sign": (
        Integral(x ** (a - 1) * y ** (b - 1) * (1 - x - y) ** (t - 1), (y, 0, 1 - x), (x, 0, 1)),
        gamma(a) * gamma(b) * gamma(t) / gamma(a + b + t),
    ),
    "Dirichlet, beyond the simplex": (
        Integral(x ** (a - 1) * y ** (b - 1) * (1 - x - y) ** (c - 1), (y, 0, 1), (x, 0, 1)),
        gamma(a) * gamma(b) * gamma(c) / gamma(a + b + c),
    ),
    "a modulus of a complex function that is positive at one place": (Derivative(Abs(f(x)), x), f(x).diff(x), f(x) > 0),
    "a logarithm differentiated without the inner derivative": (Derivative(log(f(x) * g(x)), x), 1 / (f(x) * g(x)), f(x) > 0),
}  # fmt: skip


@pytest.mark.parametrize("name", PROVED)
def test_proved(name: str, prove: Callable[..., Any]) -> None:
    left, right, *where = PROVED[name]
    assert prove(left, right, *where)
    assert str(equal(left, right, where=where).verdict) == "proved"


@pytest.mark.parametrize("name", NOT_PROVED)
def test_not_proved_by_the_rules_alone(name: str, prove: Callable[..., Any]) -> None:
    left, right, *where = NOT_PROVED[name]
    assert prove(left, right, *where, seconds=1.0) is None


def test_the_beta_function_of_a_scaled_base_is_the_one_of_its_ratio(prove: Callable[..., Any]) -> None:
    assert prove(half(x ** (a - 1) * (1 + x) ** (-a - b)), beta(a, b))
    assert prove(half(x ** (a - 1) * (2 + x) ** (-a - b)), beta(a, b), seconds=1.0) is None
