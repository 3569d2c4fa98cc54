"""Limits of sums and products up to n: Riemann sums, series, closed forms, and none of them where a condition fails."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
import sympy as sp
from sympy import (
    Abs,
    E,
    EulerGamma,
    KroneckerDelta,
    Limit,
    Max,
    Min,
    Ne,
    Product,
    Rational,
    Sum,
    binomial,
    cos,
    cosh,
    digamma,
    erfc,
    exp,
    factorial,
    floor,
    gamma,
    log,
    oo,
    pi,
    sign,
    sin,
    sqrt,
    symbols,
    tanh,
    zeta,
)

from derivable import equal
from derivable.search import propose
from derivable.trusted.equality import Prover
from derivable.trusted.errors import NeedCase
from derivable.trusted.facts import Facts
from derivable.trusted.growing_ranges import by_polygamma, infinite_series, products_by_gamma, riemann_integral

n, k, j = symbols("n k j", integer=True)
N = symbols("N", integer=True, nonnegative=True)
x, y = symbols("x y", real=True)
a, b, p, s = symbols("a b p s", positive=True)
NOWHERE = Facts(())

AREAS: dict[str, tuple[Any, Any]] = {
    "a logarithm of two": (Sum(1 / (n + k), (k, 1, n)), log(2)),
    "from zero": (Sum(1 / (n + k), (k, 0, n - 1)), log(2)),
    "over three units": (Sum(1 / (n + k), (k, 1, 3 * n)), log(4)),
    "from one unit on": (Sum(1 / k, (k, n + 1, 3 * n)), log(3)),
    "an arctangent": (Sum(n / (n**2 + k**2), (k, 1, n)), pi / 4),
    "powers": (Sum(k**3, (k, 1, n)) / n**4, Rational(1, 4)),
    "roots": (Sum(sqrt(k), (k, 1, n)) / n ** Rational(3, 2), Rational(2, 3)),
    "an improper monotone one": (Sum(1 / sqrt(n * k), (k, 1, n)), 2),
    "logarithms": (Sum(log(k / n), (k, 1, n)) / n, -1),
    "midpoints": (Sum(exp((2 * k - 1) / (2 * n)), (k, 1, n)) / n, E - 1),
    "a few terms beyond": (Sum(exp(k / n), (k, -2, n + 3)) / n, E - 1),
}
NO_AREAS: dict[str, Any] = {
    "a term by itself": Sum(KroneckerDelta(k, 0) + k / n**2, (k, 0, n)),
    "a pole inside": Sum(1 / (2 * k - n), (k, 1, n)),
    "an improper one from zero on": Sum(1 / sqrt(n * k), (k, 0, n)),
    "a root of what is negative at the first terms": Sum(sqrt((k - 2) / n) / n, (k, 1, n)),
    "a wave that is not continuous": Sum(sin(n / k) / n, (k, 1, n)),
    "an improper one that is not monotone": Sum((2 + sin(n / k)) / sqrt(n * k), (k, 1, n)),
    "an improper one with midpoints": Sum(log((2 * k - 1) / (2 * n)) / n, (k, 1, n)),
    "signs": Sum((-1) ** k / n, (k, 1, n)),
    "steps": Sum(floor(2 * k / n) / n, (k, 1, n)),
    "another scale": Sum(1 / (n**2 + k**2), (k, 1, n)),
    "a parameter that may make a pole": Sum(1 / (x * n + k), (k, 1, n)),
    "two sums": Sum(k / n, (k, 1, n)) * Sum(1 / n, (k, 1, n)) / n,
    "no sum": 1 / n,
    "a sum of sums": Sum(Sum(k / n, (j, 1, k)), (k, 1, n)) / n,
    "a range that grows with the square": Sum(k / n**2, (k, 1, n**2)),
    "a range of a few terms": Sum(k / n**2, (k, n, n + 2)),
}


@pytest.mark.parametrize("name", AREAS)
def test_a_riemann_sum_is_an_area(name: str) -> None:
    e, value = AREAS[name]
    integral = riemann_integral(e, n, NOWHERE)
    assert abs(complex(integral.evalf()) - complex(sp.N(value))) < 1e-8
    assert equal(Limit(e, n, oo), value).verdict == "proved"


@pytest.mark.parametrize("name", NO_AREAS)
def test_what_is_no_riemann_sum_is_none(name: str) -> None:
    assert riemann_integral(NO_AREAS[name], n, NOWHERE) is None


def test_the_number_of_terms_goes_through_the_integers() -> None:
    """Through the reals the last term of a sum up to x comes and goes."""
    assert riemann_integral(Sum(k / x**2, (k, 1, x)), x, NOWHERE) is None


def test_closed_forms_have_the_values_of_the_sums() -> None:
    for e in (Sum(1 / (2 * k - 1), (k, 1, n)), Sum(3 / (k + 2) ** 3, (k, 0, n)), Sum(log(2 * k + 1), (k, 2, n))):
        closed = by_polygamma(e, n, NOWHERE)
        assert not closed.has(Sum)
        assert abs(sp.N(closed.subs(n, 9)) - sp.N(e.subs(n, 9).doit())) < 1e-9
    for e in (Product(4 * k**2 / (4 * k**2 - 1), (k, 1, n)), sp.factorial2(2 * n + 1), sp.factorial2(4 * n)):
        closed = products_by_gamma(e, n, NOWHERE)
        assert not closed.has(Product, sp.factorial2)
        assert abs(sp.N(closed.subs(n, 6)) / sp.N(e.subs(n, 6).doit()) - 1) < 1e-9


def test_closed_forms_are_not_used_across_poles() -> None:
    for e in (Sum(1 / (k - 3), (k, 1, n)), Sum(1 / (k + x), (k, 1, n)), Sum(log(k - 2), (k, 1, n)), Sum(1 / k, (k, n, 1))):
        assert by_polygamma(e, n, NOWHERE).has(Sum)
    for e in (Product(k - 3, (k, 1, n)), Product(1 + x / k, (k, 1, n)), sp.factorial2(n), sp.factorial2(3 * n)):
        assert products_by_gamma(e, n, NOWHERE) == e


def test_partial_sums_go_to_a_series_that_converges_only() -> None:
    assert infinite_series(Sum(x**k / factorial(k), (k, 0, n)), n, NOWHERE) == Sum(x**k / factorial(k), (k, 0, oo))
    for e in (Sum(x**k, (k, 0, n)), Sum((-1) ** k, (k, 0, n)), Sum(1 / k, (k, 1, n)), Sum(n / k**3, (k, 1, n))):
        assert infinite_series(e, n, NOWHERE) is None


LIMITS: dict[str, tuple[Any, ...]] = {
    "Stirling": (Limit(factorial(n) / (sqrt(2 * pi * n) * (n / E) ** n), n, oo), 1),
    "central binomials": (Limit(binomial(2 * n, n) * sqrt(pi * n) / 4**n, n, oo), 1),
    "a ratio of gamma functions": (Limit(gamma(x + a) / (gamma(x) * x**a), x, oo), 1),
    "Poisson": (Limit(binomial(n, N) * (a / n) ** N * (1 - a / n) ** (n - N), n, oo), a**N * exp(-a) / factorial(N)),
    "the larger one": (Limit((a**p + b**p) ** (1 / p), p, oo), Max(a, b)),
    "a weighted one": (Limit((s * a**p + (1 - s) * b**p) ** (1 / p), p, oo), Max(a, b), s < 1),
    "the smaller one": (Limit(((a**x + b**x) / 2) ** (1 / x), x, -oo), Min(a, b)),
    "the geometric mean": (Limit(((a**p + b**p) / 2) ** (1 / p), p, 0), sqrt(a * b)),
    "the pole of zeta": (Limit((s - 1) * zeta(s), s, 1), 1),
    "residues of gamma": (Limit((x + N) * gamma(x), x, -N), (-1) ** N / factorial(N)),
    "Mills' ratio": (Limit(exp(x**2) * erfc(x) * x, x, oo), 1 / sqrt(pi)),
    "a soft modulus": (Limit(x * tanh(p * x), p, oo), Abs(x)),
    "a soft sign": (Limit(tanh(p * x), p, oo), sign(x)),
    "a logarithm of a hyperbolic cosine": (Limit(log(cosh(p * x)) / p, p, oo), Abs(x)),
    "a soft maximum": (Limit((x * exp(x * p) + y * exp(y * p)) / (exp(x * p) + exp(y * p)), p, oo), Max(x, y)),
    "Wallis": (Limit(Product(4 * k**2 / (4 * k**2 - 1), (k, 1, n)), n, oo), pi / 2),
    "a geometric mean of a range": (Limit(Product(1 + k / n, (k, 1, n)) ** (1 / n), n, oo), 4 / E),
    "Euler's constant": (Limit(Sum(1 / k, (k, 1, n)) - log(n), n, oo), EulerGamma),
    "… shifted": (Limit(Sum(1 / (k + a), (k, 0, n)) - log(n), n, oo), -digamma(a)),
    "an area with a parameter": (Limit(Sum(exp(k * x / n), (k, 1, n)) / n, n, oo), (exp(x) - 1) / x, Ne(x, 0)),
    "Fibonacci": (Limit(sp.fibonacci(n + 1) / sp.fibonacci(n), n, oo), sp.GoldenRatio),
    "double factorials": (Limit(sp.factorial2(2 * n) / (sp.factorial2(2 * n - 1) * sqrt(n)), n, oo), sqrt(pi)),
    "a floor": (Limit(floor(x * n) / n, n, oo), x),
}
WRONG: dict[str, tuple[Any, ...]] = {
    "the first of two": (Limit((a**p + b**p) ** (1 / p), p, oo), a),
    "a sign without cases": (Limit(tanh(p * x), p, oo), 1),
    "a gamma function perhaps at a pole": (Limit(x * gamma(x + y), x, 0), 0),
    "a soft modulus of any sign": (Limit(x * tanh(p * x), p, oo), x),
    "a weight of any sign": (Limit((s * a**p + (1 - s) * b**p) ** (1 / p), p, oo), Max(a, b)),
    "a rate that may vanish": (Limit(1 / (y * p + 1), p, oo), 0, y >= 0),
    "a harmonic number": (Limit(Sum(1 / k, (k, 1, n)), n, oo), EulerGamma),
    "a cosine": (Limit(cos(n), n, oo), 0),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_proved(name: str) -> None:
    lhs, rhs, *where = LIMITS[name]
    assert equal(lhs, rhs, where=tuple(where)).verdict == "proved"


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_limit_is_not_proved_even_without_an_attack(name: str) -> None:
    lhs, rhs, *where = WRONG[name]
    with contextlib.suppress(NeedCase):
        assert Prover(propose, time.monotonic() + 5).zero(lhs - rhs, Facts(tuple(where))) is None


def test_sums_that_are_no_differences_of_gamma_functions_are_left_alone() -> None:
    q = symbols("q", nonnegative=True)
    for body, lower in (
        (1 / (q * k + 1), 1),  # without k for q = 0
        (1 / (x * k + 1), 1),
        (sp.log(k + 1 / k), 1),
        (sp.log(k**2 + 1), 1),
        (1 / k, sp.Rational(1, 2)),  # no integers
        (sp.log(k), 0),
        (1 / (k - 1), 1),
    ):
        left = sp.Sum(body, (k, lower, N))
        assert by_polygamma(left, N, Facts(())) == left
    for body in (1 / (a * k + 1), sp.log(2 * k - 1), 1 / (2 * k - 1) ** 2):
        left = sp.Sum(body, (k, 1, N))
        assert by_polygamma(left, N, Facts(())) != left
