"""Hypergeometric functions by their differential equation: what it proves, and on which conditions."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import (
    Abs,
    Ne,
    Rational,
    RisingFactorial,
    Sum,
    acos,
    airyai,
    airyaiprime,
    asin,
    asinh,
    atan,
    atanh,
    besselj,
    binomial,
    chebyshevt,
    cos,
    cosh,
    elliptic_k,
    erf,
    exp,
    factorial,
    gamma,
    hyper,
    legendre,
    log,
    oo,
    pi,
    sinh,
    sqrt,
    symbols,
)

from derivable import equal
from derivable.search import propose
from derivable.trusted.convergence import passes_ratio_test
from derivable.trusted.differential_equations import by_differential_equation, from_the_start, moved
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts
from derivable.trusted.functions import DERIVATIVES

x = symbols("x", real=True)
y = symbols("y", positive=True)
a, b, c = symbols("a b c", positive=True)
w = symbols("w")
k = symbols("k", integer=True)
n, N = symbols("n N", integer=True, nonnegative=True)
HALF, UNIT = Rational(1, 2), (x > -1, x < 1)
SECONDS = 30.0

Statement = tuple[Any, Any, tuple[Any, ...]]

SERIES: dict[str, Statement] = {
    "logarithm": (Sum(x**k / k, (k, 1, oo)), -log(1 - x), UNIT),
    "inverse hyperbolic tangent": (Sum(x ** (2 * k + 1) / (2 * k + 1), (k, 0, oo)), atanh(x), UNIT),
    "inverse tangent": (Sum((-1) ** k * x ** (2 * k + 1) / (2 * k + 1), (k, 0, oo)), atan(x), UNIT),
    "inverse sine": (Sum(binomial(2 * k, k) * x ** (2 * k + 1) / 4**k / (2 * k + 1), (k, 0, oo)), asin(x), UNIT),
    "inverse hyperbolic sine": (
        Sum((-1) ** k * binomial(2 * k, k) * x ** (2 * k + 1) / 4**k / (2 * k + 1), (k, 0, oo)),
        asinh(x),
        UNIT,
    ),
    "square of the inverse sine": (Sum((2 * x) ** (2 * k) / (k**2 * binomial(2 * k, k)), (k, 1, oo)), 2 * asin(x) ** 2, UNIT),
    "error function": (Sum((-1) ** k * x ** (2 * k + 1) / (2 * k + 1) / factorial(k), (k, 0, oo)), sqrt(pi) / 2 * erf(x), ()),
    "Bessel": (Sum((-1) ** k * (x / 2) ** (2 * k + 2) / factorial(k) / factorial(k + 2), (k, 0, oo)), besselj(2, x), ()),
    "every third term of the exponential": (
        Sum(x ** (3 * k) / factorial(3 * k), (k, 0, oo)),
        (exp(x) + 2 * exp(-x / 2) * cos(sqrt(3) * x / 2)) / 3,
        (),
    ),
    "every fourth": (Sum(x ** (4 * k) / factorial(4 * k), (k, 0, oo)), (cos(x) + cosh(x)) / 2, ()),
    "no value at the start": (Sum(x**k / (k * (k + 1)), (k, 1, oo)), 1 + (1 - x) * log(1 - x) / x, UNIT),
    "away from the start": (Sum(x**k / k, (k, 1, oo)), -log(1 - x), (x > HALF, x < 1)),
}
FUNCTIONS: dict[str, Statement] = {
    "Kummer": (hyper([a], [b], x), exp(x) * hyper([b - a], [b], -x), ()),
    "Euler": (hyper([a, b], [c], x), (1 - x) ** (c - a - b) * hyper([c - a, c - b], [c], x), UNIT),
    "Pfaff": (hyper([a, b], [c], x), (1 - x) ** (-a) * hyper([a, c - b], [c], x / (x - 1)), (x > -1, x < HALF)),
    "Clausen": (
        hyper([a, b], [a + b + HALF], x) ** 2,
        hyper([2 * a, 2 * b, a + b], [2 * a + 2 * b, a + b + HALF], x),
        UNIT,
    ),
    "quadratic": (
        hyper([a, b], [2 * b], 2 * x),
        (1 - x) ** (-a) * hyper([a / 2, a / 2 + HALF], [b + HALF], x**2 / (1 - x) ** 2),
        (x > 0, x < Rational(1, 4)),
    ),
    "Kummer's second": (exp(-x) * hyper([a], [2 * a], 2 * x), hyper([], [a + HALF], x**2 / 4), ()),
    "cosine of a multiple": (hyper([a, -a], [HALF], x**2), cos(2 * a * asin(x)), UNIT),
    "two powers": (hyper([a, a + HALF], [HALF], x**2), ((1 + x) ** (-2 * a) + (1 - x) ** (-2 * a)) / 2, UNIT),
    "Legendre": (legendre(n, x), hyper([-n, n + 1], [1], (1 - x) / 2), UNIT),
    "Chebyshev": (chebyshevt(n, x), hyper([-n, n], [HALF], (1 - x) / 2), UNIT),
    "elliptic": (elliptic_k(x), pi / 2 * hyper([HALF, HALF], [1], x), (x < 1,)),
    "Airy": (
        airyai(x),
        airyai(0) * hyper([], [Rational(2, 3)], x**3 / 9) + x * airyaiprime(0) * hyper([], [Rational(4, 3)], x**3 / 9),
        (),
    ),
    "contiguous": (a * hyper([a + 1, b], [c], x) - b * hyper([a, b + 1], [c], x), (a - b) * hyper([a, b], [c], x), UNIT),
}
FALSE: dict[str, Statement] = {
    # e^x solves the equation of the hyperbolic cosine, begins with 1, and is another solution
    "another solution of the same value": (hyper([], [HALF], x**2 / 4), exp(x), ()),
    "a fractional power more": (hyper([a], [HALF], y), hyper([a], [HALF], y) + sqrt(y) * hyper([a + HALF], [3 * HALF], y), ()),
    "a solution with a logarithm": (hyper([], [1], y), sp.besseli(0, 2 * sqrt(y)) + sp.besselk(0, 2 * sqrt(y)), ()),
    "the other root": (Sum(binomial(2 * k, k) / (k + 1) * y**k, (k, 0, oo)), 2 / (1 - sqrt(1 - 4 * y)), (4 * y < 1,)),
    "the wrong exponent": (hyper([a, b], [c], x), (1 - x) ** (c - a + b) * hyper([c - a, c - b], [c], x), UNIT),
    "a multiple": (Sum(x**k / k, (k, 1, oo)), -2 * log(1 - x), UNIT),
    "the wrong sign of the argument": (hyper([a], [b], x), exp(x) * hyper([b - a], [b], x), ()),
    "not contiguous": (a * hyper([a + 1, b], [c], x), b * hyper([a, b + 1], [c], x), UNIT),
    # the inverse of the cosine turns back at x = 0: equal for x > 0 alone
    "a kink at the start": (cos(a * x) + 0 * x, hyper([], [HALF], -(x**2) * a**2 / 4) + (acos(cos(x)) - x), (x > -1, x < 1)),
    # the sinc function has no expansion here: only its value at 0 is compared
    "an odd solution more": (hyper([], [HALF], -(y**2) / 4), cos(y) + y * sp.sinc(y), ()),
    "an odd solution more, of a root": (hyper([], [HALF], -y / 4), cos(sqrt(y)) + sqrt(y) * sp.sinc(sqrt(y)), ()),
    "a power beyond the terms that are compared": (
        hyper([a], [-7 * HALF], y),
        hyper([a], [-7 * HALF], y) + y ** (9 * HALF) * hyper([a + 9 * HALF], [11 * HALF], y),
        (),
    ),
    "parameters that move": (hyper([2 * y + 1], [HALF], y), exp(2 * y), ()),
    "a factor that is 0 at the start": (hyper([1], [2, 2], x), sp.sign(x) ** 2 * hyper([1], [2, 2], x), ()),
    "a factor that is 0 at a start of positive numbers": (
        hyper([1], [2, 2], y - 1),
        sp.sign(y - 1) ** 2 * hyper([1], [2, 2], y - 1),
        (),
    ),
    "another value at the start": (hyper([1], [2], x), sp.Piecewise((5, sp.Eq(x, 0)), ((exp(x) - 1) / x, True)), ()),
    "sinh for its modulus": (x * hyper([], [3 * HALF], x**2 / 4), sinh(Abs(x)), ()),
}
# true or not, these lack a condition of the theorem
WITHOUT: dict[str, Statement] = {
    "no convergence": (Sum(x**k / k, (k, 1, oo)), -log(1 - x), ()),
    "on the cut": (hyper([1, 1], [2], x), -log(1 - x) / x, (x > 1,)),
    "a lower parameter of unknown sign": (
        hyper([a], [b - c], x),
        exp(x) * hyper([b - c - a], [b - c], -x),
        (),
    ),
    "a complex variable": (hyper([a], [b], w), exp(w) * hyper([b - a], [b], -w), ()),
}


def proved_by_rule(statement: Statement) -> bool:
    lhs, rhs, where = statement
    facts = Facts(where)
    prover = Prover(propose, time.monotonic() + SECONDS)

    def zero(e: Any, given: Facts) -> Any:
        return prover.zero(e, given, 2, induction=False)

    return by_differential_equation(lhs - rhs, facts, zero, time.monotonic() + SECONDS) is not None


@pytest.mark.parametrize("name", SERIES)
def test_power_series_are_known_by_their_equation(name: str) -> None:
    lhs, rhs, where = SERIES[name]
    assert equal(lhs, rhs, where=where, timeout=SECONDS).verdict == "proved"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_hypergeometric_functions_are_transformed(name: str) -> None:
    lhs, rhs, where = FUNCTIONS[name]
    assert equal(lhs, rhs, where=where, timeout=SECONDS).verdict == "proved"


@pytest.mark.parametrize("name", {**FALSE, **WITHOUT})
def test_the_rule_alone_proves_nothing_false(name: str) -> None:
    assert not proved_by_rule({**FALSE, **WITHOUT}[name])


@pytest.mark.parametrize("name", ["Kummer", "Euler", "Clausen", "Chebyshev", "Airy"])
def test_the_rule_alone_proves_the_true_neighbours(name: str) -> None:
    assert proved_by_rule(FUNCTIONS[name])


def test_sum_of_gauss_needs_convergence() -> None:
    value = gamma(c) * gamma(c - a - b) / (gamma(c - a) * gamma(c - b))
    series = Sum(RisingFactorial(a, k) * RisingFactorial(b, k) / RisingFactorial(c, k) / factorial(k), (k, 0, oo))
    assert equal(hyper([a, b], [c], 1), value, where=[c > a + b]).verdict == "proved"
    assert equal(series, value, where=[c > a + b]).verdict == "proved"
    assert equal(series, value).verdict != "proved"
    assert equal(hyper([-N, b], [c], 1), RisingFactorial(c - b, N) / RisingFactorial(c, N)).verdict == "proved"
    assert equal(hyper([-N, b], [c], 1), RisingFactorial(c + b, N) / RisingFactorial(c, N)).verdict == "refuted"


def test_ratio_test_at_the_edge() -> None:
    j = symbols("j", integer=True)
    term = RisingFactorial(a, j) / RisingFactorial(b, j)
    assert passes_ratio_test(Sum(term, (j, 0, oo)), Facts((b > a + 1,)))
    assert not passes_ratio_test(Sum(term, (j, 0, oo)), Facts((b > a,)))  # a = 1, b = 2: the harmonic series
    assert passes_ratio_test(Sum((-1) ** j * term, (j, 0, oo)), Facts((b > a,)))
    assert not passes_ratio_test(Sum((-1) ** j * term, (j, 0, oo)), Facts((b >= a,)))  # terms ±1


def test_alternating_series_are_hypergeometric() -> None:
    assert equal(Sum((-1) ** k * x**k / factorial(k) ** 2, (k, 0, oo)), hyper([], [1], -x)).verdict == "proved"


def test_hypergeometric_function_at_zero() -> None:
    assert equal(hyper([a, b], [c], 0), 1).verdict == "proved"
    assert equal(Sum(x**k / factorial(k + 1), (k, 0, oo)), (exp(x) - 1) / x, where=[Ne(x, 0)]).verdict == "proved"


@pytest.mark.parametrize("degree", [0, 1, 3])
@pytest.mark.parametrize(
    ("family", "parameters"),
    [(sp.jacobi, (Rational(1, 3), 3 * HALF)), (sp.gegenbauer, (Rational(2, 3),)), (sp.assoc_laguerre, (HALF,))],
    ids=["Jacobi", "Gegenbauer", "Laguerre"],
)
def test_derivatives_of_families_hold_from_degree_zero_on(family: Any, parameters: tuple[Any, ...], degree: int) -> None:
    by_rule = DERIVATIVES[family](sp.Integer(degree), *parameters, x)[-1]
    assert sp.cancel(by_rule - sp.diff(family(degree, *parameters, x), x)) == 0


def test_of_the_facts_those_are_kept_that_leave_an_interval_from_the_start() -> None:
    """Where sin x > 0 is no interval, x < 1 is one from 0 and none from 2, and 0 does not satisfy c x > 0."""
    t = symbols("t", real=True)
    assert moved(Facts((sp.sin(x) > 0, x < 1)), x, y, y).where == (y < 1,)
    assert moved(Facts((x > 1, t > 0)), x, y, y).where == (t > 0,)
    start, near = from_the_start(y, Facts((t * y > 0, y < 1, t > 0)))
    assert near.where == (start < 1, t > 0)
