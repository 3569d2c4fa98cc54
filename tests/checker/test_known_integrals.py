"""Integrals and series that are theorems: with parameters, under their conditions, and not beyond them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from sympy import (
    Abs,
    Integral,
    Rational,
    Sum,
    besseli,
    binomial,
    cos,
    cosh,
    exp,
    factorial,
    gamma,
    log,
    oo,
    pi,
    sin,
    sinh,
    sqrt,
    symbols,
)

from derivable import SpaceIntegral, equal
from derivable.trusted.facts import Facts
from derivable.trusted.known_integrals import known_integral, product_integral

x, u, t = symbols("x u t", real=True)
a, b, c, p, q, r = symbols("a b c p q r", positive=True)
z = symbols("z")
m, k = symbols("m k", integer=True)
d = symbols("d", integer=True, positive=True)
N = symbols("N", integer=True, nonnegative=True)
X = sp.IndexedBase("X", shape=(d,), real=True)
mu = sp.IndexedBase("mu", real=True)
LINE, HALF, UNIT = (x, -oo, oo), (x, 0, oo), (x, 0, 1)
EULER = sp.E

TRUE = {
    "Gauss": (Integral(exp(-a * x**2), LINE), sqrt(pi / a)),
    "Gauss, completed square": (Integral(exp(-a * x**2 + b * x), LINE), sqrt(pi / a) * exp(b**2 / (4 * a))),
    "Gauss, complex frequency": (Integral(exp(-(x**2) + z * x), LINE), sqrt(pi) * exp(z**2 / 4)),
    "Gauss, a constant in the exponent": (Integral(exp(-a * (x - u) ** 2), LINE), sqrt(pi / a)),
    "Gauss, mean": (Integral(x * exp(-a * (x - u) ** 2), LINE), u * sqrt(pi / a)),
    "Gauss, second moment": (Integral(x**2 * exp(-a * (x - u) ** 2), LINE), (u**2 + 1 / (2 * a)) * sqrt(pi / a)),
    "Gauss, sixth moment": (Integral(x**6 * exp(-(x**2) / 2), LINE), 15 * sqrt(2 * pi)),
    "Gauss, a condition as hypothesis": (Integral(exp(-u * x**2), LINE), sqrt(pi / u), u > 0),
    "an even moment of symbolic order": (Integral(x ** (2 * N) * exp(-(x**2)), LINE), gamma(N + Rational(1, 2))),
    "an odd one": (Integral(x ** (2 * N + 1) * exp(-a * x**2), LINE), 0),
    "both sides of an odd power over an odd base": (Integral(x / sinh(a * x), LINE), pi**2 / (2 * a**2)),
    "both sides of an even power over a square": (Integral(x**2 / sinh(x) ** 2, LINE), pi**2 / 3),
    "an even power over an odd base": (Integral(x**2 / sinh(x), LINE), 0),
    "an odd power over a square": (Integral(x**3 / sinh(x) ** 2, LINE), 0),
    "mean of a logarithm": (Integral(log(1 - 2 * u * cos(x) + u**2), (x, 0, 2 * pi)), 0, u**2 < 1),
    "mean of a logarithm, the zero outside": (Integral(log(1 - 2 * a * cos(x) + a**2), (x, 0, pi)), 2 * pi * log(a), a > 1),
    "mean of a logarithm, both waves": (
        Integral(log(a + u * cos(3 * x) + t * sin(3 * x)), (x, 1, 1 + 2 * pi)),
        2 * pi * log((a + sqrt(a**2 - u**2 - t**2)) / 2),
        a**2 >= u**2 + t**2,
    ),
    "mean of a logarithm, half a period": (
        Integral(log(a + t * cos(x)), (x, 0, pi)),
        pi * log((a + sqrt(a**2 - t**2)) / 2),
        a**2 >= t**2,
    ),
    "mean of a logarithm, squares": (
        Integral(log(a**2 * cos(x) ** 2 + b**2 * sin(x) ** 2), (x, 0, pi / 2)),
        pi * log((a + b) / 2),
    ),
    "gamma": (Integral(x**p * exp(-b * x), HALF), gamma(p + 1) * b ** (-p - 1)),
    "gamma, down to -1": (Integral(x**u * exp(-x), HALF), gamma(u + 1), u > -1),
    "gamma, of a power": (Integral(exp(-b * x**c), HALF), gamma(1 / c) * b ** (-1 / c) / c),
    "gamma, factorial": (Integral(x**N * exp(-x), HALF), factorial(N)),
    "gamma, several terms": (Integral((1 + x) ** 2 * exp(-x), HALF), 5),
    "beta": (Integral(x ** (p - 1) * (1 - x) ** (q - 1), UNIT), gamma(p) * gamma(q) / gamma(p + q)),
    "beta, of a power": (Integral((1 - x**c) ** r, UNIT), gamma(1 / c) * gamma(r + 1) / gamma(1 / c + r + 1) / c),
    "beta, over both signs": (Integral((1 - x**2) ** p, (x, -1, 1)), sqrt(pi) * gamma(p + 1) / gamma(p + Rational(3, 2))),
    "beta, arc sine": (Integral(1 / sqrt(1 - x**2), (x, -1, 1)), pi),
    "beta, odd": (Integral(x**3 * (1 - x**2) ** p, (x, -1, 1)), 0),
    "beta, on the half-line": (Integral((1 + x**2) ** (-r), HALF), sqrt(pi) * gamma(r - Rational(1, 2)) / gamma(r) / 2, r > 1),
    "beta, Cauchy": (Integral(1 / (1 + x**2), LINE), pi),
    "Wallis": (
        Integral(sin(x) ** p * cos(x) ** q, (x, 0, pi / 2)),
        gamma((p + 1) / 2) * gamma((q + 1) / 2) / gamma((p + q) / 2 + 1) / 2,
    ),
    "Gauss on R^d": (SpaceIntegral(exp(-a * Sum(X[k] ** 2, (k, 1, d))), X), (pi / a) ** (d / 2)),
    "Gauss on R^d, shifted": (SpaceIntegral(exp(-Sum((X[k] - mu[k]) ** 2, (k, 1, d)) / (2 * a)), X), (2 * pi * a) ** (d / 2)),
    "… with a factor outside": (SpaceIntegral(b * exp(-a * Sum(X[k] ** 2, (k, 1, d)) - b), X), b * exp(-b) * (pi / a) ** (d / 2)),
    "Gauss on R^d, an exponent in two sums": (
        SpaceIntegral(exp(-Sum(X[k] ** 2, (k, 1, d)) + Sum(X[k], (k, 1, d))), X), pi ** (d / 2) * exp(d * Rational(1, 4)),
    ),
    "exponential series": (Sum(z**k / factorial(k), (k, 0, oo)), exp(z)),
    "Poisson mean": (Sum(k * a**k * exp(-a) / factorial(k), (k, 0, oo)), a),
    "Poisson second factorial moment": (Sum(k * (k - 1) * a**k * exp(-a) / factorial(k), (k, 0, oo)), a**2),
    "hyperbolic cosine": (Sum(a**k / gamma(k + 1) / gamma(k + Rational(1, 2)), (k, 0, oo)), cosh(2 * sqrt(a)) / sqrt(pi)),
    "Bessel": (Sum(a**k / factorial(k) ** 2, (k, 0, oo)), besseli(0, 2 * sqrt(a))),
    "Bessel of order m": (Sum(a**k / factorial(k) / factorial(k + N), (k, 0, oo)), a ** (-N / 2) * besseli(N, 2 * sqrt(a))),
}  # fmt: skip

FALSE = {
    "an odd integrand with a pole": (Integral(1 / sinh(x), LINE), 0),
    "an odd integrand with a pole of a square": (Integral(x / sinh(x) ** 2, LINE), 0),
    "one side of an odd integrand, doubled": (Integral(x**2 / sinh(x), LINE), 7 * sp.zeta(3)),
    "Gauss, the root forgotten": (Integral(exp(-a * x**2), LINE), pi / a),
    "Gauss, fourth moment as if 1": (Integral(x**4 * exp(-(x**2) / 2), LINE), sqrt(2 * pi)),
    "Gauss, the wrong sign in the square": (Integral(exp(-a * x**2 + b * x), LINE), sqrt(pi / a) * exp(-(b**2) / (4 * a))),
    "Gauss, divergent": (Integral(exp(a * x**2), LINE), sqrt(pi / a)),
    "Gauss, a width of any sign": (Integral(exp(-u * x**2), LINE), sqrt(pi / u)),
    "Gauss, a complex width": (Integral(exp(-z * x**2), LINE), sqrt(pi) / sqrt(z)),
    "Gauss over half the line": (Integral(exp(-(x**2)), HALF), sqrt(pi)),
    "Gauss backwards": (Integral(exp(-(x**2)), (x, oo, -oo)), sqrt(pi)),
    "an even moment of any integer order": (Integral(x ** (2 * m) * exp(-(x**2)), LINE), gamma(m + Rational(1, 2))),
    "an odd integrand without a value": (Integral(x / (1 + x**2), LINE), 0),
    "neither odd nor even": (Integral(x**N * exp(-(x**2)), LINE), 0),
    "a real power is not odd": (Integral(x**a * exp(-(x**2)), LINE), 0),
    "gamma, an order of any sign": (Integral(x**u * exp(-x), HALF), gamma(u + 1)),
    "gamma, shifted by one": (Integral(x**p * exp(-x), HALF), gamma(p)),
    "gamma, growing": (Integral(x**p * exp(b * x), HALF), gamma(p + 1) * b ** (-p - 1)),
    "gamma, a power of any sign": (Integral(exp(-(x**u)), HALF), gamma(1 / u) / u),
    "gamma over the unit interval": (Integral(x**p * exp(-x), UNIT), gamma(p + 1)),
    "beta, an exponent of any sign": (Integral((1 - x) ** u, UNIT), 1 / (u + 1)),
    "beta, the arguments not shifted": (Integral(x**p * (1 - x) ** q, UNIT), gamma(p) * gamma(q) / gamma(p + q)),
    "beta over the double range, not even": (Integral(x * (1 - x**2) ** p, (x, -1, 1)), 1 / (p + 1)),
    "beta, divergent at infinity": (Integral((1 + x**2) ** (-r), HALF), sqrt(pi) * gamma(r - Rational(1, 2)) / gamma(r) / 2),
    "beta, across the singularity": (Integral((1 + x**3) ** (-2), LINE), 2 * gamma(Rational(1, 3)) * gamma(Rational(5, 3)) / 3),
    "beta, an exponent that varies": (Integral(2 * x * (1 - x**2) ** x - (1 - x) ** x, UNIT), 0),
    "gamma, an exponent that varies": (Integral(exp(-(x**x)) - exp(-(x**x)) * x, HALF), 0),
    "Wallis, an exponent that varies": (
        Integral(sin(x) ** (x + 2) * (x + 2) - sin(x) ** x * (x + 1), (x, 0, pi / 2)), 0,
    ),
    "Wallis over the whole period": (Integral(sin(x) ** 3, (x, 0, pi)), Rational(2, 3)),
    "Wallis, an order of any sign": (
        Integral(sin(x) ** u, (x, 0, pi / 2)), gamma((u + 1) / 2) * sqrt(pi) / gamma(u / 2 + 1) / 2,
    ),
    "Gauss on R^d, one coordinate short": (SpaceIntegral(exp(-a * Sum(X[k] ** 2, (k, 1, d - 1))), X), (pi / a) ** (d / 2)),
    "Gauss on R^d, dependent coordinates": (SpaceIntegral(exp(-(Sum(X[k], (k, 1, d)) ** 2)), X), pi ** (d / 2)),
    "Gauss on R^d, neighbours coupled": (SpaceIntegral(exp(-Sum(X[k] ** 2 - X[k] * X[k + 1], (k, 1, d))), X), pi ** (d / 2)),
    "Gauss on R^d, as in one dimension": (SpaceIntegral(exp(-a * Sum(X[k] ** 2, (k, 1, d))), X), sqrt(pi / a)),
    "Gauss on R^d, weights of any sign": (SpaceIntegral(exp(-Sum(mu[k] * X[k] ** 2, (k, 1, d))), X), pi ** (d / 2)),
    "exponential series from one": (Sum(z**k / factorial(k), (k, 1, oo)), exp(z)),
    "exponential series, the other sign": (Sum((-1) ** k * z**k / factorial(k), (k, 0, oo)), exp(z)),
    "terms that vanish at the start": (
        Sum(k * (k - 1) * (k - 2) * (k - 3) * (k - 4) / factorial(k), (k, 0, oo)), 0,
    ),
    "a term that vanishes later": (Sum((k - 3) / factorial(k), (k, 0, oo)), -3 * EULER),
    "a divergent geometric series": (Sum(x**k, (k, 0, oo)), 1 / (1 - x)),
    "a divergent series of factorials": (Sum((-1) ** k * factorial(k) * a**k, (k, 0, oo)), exp(1 / a) / a),
    "a series of binomials out of its disc": (Sum(binomial(m, k) * x**k, (k, 0, oo)), (1 + x) ** m),
    "Bessel with an integer order of any sign": (
        Sum(a**k / factorial(k) / gamma(k + m + 1), (k, 0, oo)), a ** (Rational(1, 2) * m) * besseli(m, 2 * sqrt(a)),
    ),
    "hyperbolic sine for cosine": (Sum(a**k / gamma(k + 1) / gamma(k + Rational(1, 2)), (k, 0, oo)), sinh(2 * sqrt(a))),
}  # fmt: skip


@pytest.mark.parametrize("case", TRUE.values(), ids=TRUE)
def test_a_theorem_with_parameters_is_proved(case: tuple[Any, ...], prove: Callable[..., Any]) -> None:
    lhs, rhs, *where = case
    assert prove(lhs, rhs, *where, seconds=4.0)


@pytest.mark.parametrize("case", FALSE.values(), ids=FALSE)
def test_what_is_no_theorem_is_not_proved_by_the_rules_alone(case: tuple[Any, ...], prove: Callable[..., Any]) -> None:
    lhs, rhs, *where = case
    assert prove(lhs, rhs, *where, seconds=0.25) is None


@pytest.mark.parametrize(
    ("integrand", "lower", "upper"),
    [
        ((1 - x) ** x, 0, 1),
        ((1 + x**2) ** (-2 - x**2), -oo, oo),
        ((1 + x**2) ** (-2 - x), 0, oo),
        (exp(-(x**x)), 0, oo),
        (x**x, 0, 1),
        (sin(x) ** x, 0, pi / 2),
        (sin(x) ** p * cos(x) ** (x + q), 0, pi / 2),
        (1 / x, -1, 1),
        (x ** (-3), -oo, oo),
    ],
    ids=str,
)
def test_no_value_where_no_theorem_applies(integrand: Any, lower: Any, upper: Any) -> None:
    assert known_integral(integrand, x, sp.sympify(lower), sp.sympify(upper), Facts(())) is None


@pytest.mark.parametrize("name", [n for n, c in TRUE.items() if isinstance(c[0], Integral)])
def test_the_value_holds_at_numbers(name: str) -> None:
    """The value of each theorem against mpmath's quadrature, at one admissible point."""
    lhs, _, *where = TRUE[name]
    integrand, (variable, lower, upper) = lhs.args
    found = known_integral(integrand, variable, lower, upper, Facts(where))
    assert found is not None
    assert variable not in found[0].free_symbols
    assert found[0].free_symbols <= integrand.free_symbols
    at = {
        a: 2,
        b: Rational(1, 2),
        c: 3,
        p: Rational(3, 2),
        q: Rational(1, 2),
        r: Rational(5, 2),
        u: Rational(3, 4),
        t: Rational(1, 4),
        N: 3,
    }
    at[z] = Rational(1, 3) + sp.I / 2
    with sp.core.evaluate(True):
        body = sp.lambdify(variable, integrand.subs(at), "mpmath")
    import mpmath

    ends = {-oo: -mpmath.inf, oo: mpmath.inf}
    limits = [ends.get(e, mpmath.mpf(sp.N(e, 20))) if e not in ends else ends[e] for e in (lower, upper)]
    middle = [0] if limits[0] < 0 < limits[1] else [1] if limits == [0, mpmath.inf] else []
    numeric = mpmath.quad(body, [limits[0], *middle, limits[1]])
    exact = complex(sp.N(found[0].subs(at), 20))
    assert abs(complex(numeric) - exact) < 1e-8 * (1 + abs(exact))


def test_the_product_over_coordinates_needs_one_function_of_each() -> None:
    total = Sum(X[k] ** 2, (k, 1, d))
    found = product_integral(exp(-total), X, Facts(()))
    assert found is not None
    constant, integral, index = found
    assert constant == 1
    assert not integral.has(X)
    assert index not in constant.free_symbols
    for e in (exp(-(total**2)), exp(-total) * X[1], exp(-(X[1] ** 2)), exp(-Sum(X[k] ** 2, (k, 2, d))), exp(-total * X[1] ** 2)):
        assert product_integral(e, X, Facts(())) is None, e


@pytest.mark.parametrize(
    ("integrand", "value", "where"),
    [
        (log(2 + 2 * cos(x)), 0, ()),
        (log(u + t * cos(x)), pi * log((u + sqrt(u**2 - t**2)) / 2), (u > Abs(t),)),
    ],
)
def test_means_of_logarithms_are_decided(integrand: Any, value: Any, where: tuple[Any, ...]) -> None:
    """A zero on the path, where quadrature has no error bound, and a hypothesis with a modulus."""
    assert equal(Integral(integrand, (x, 0, pi)), value, where=where, timeout=20).verdict == "proved"
