"""First terms of expansions: right where they are found, refused where a coefficient may vanish or a function is not analytic."""

from __future__ import annotations

import random
from typing import Any

import mpmath
import pytest
import sympy as sp
from sympy import (
    Rational,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    gamma,
    log,
    loggamma,
    oo,
    polygamma,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
)

from derivable.trusted.asymptotics import NoExpansion, leading_term, limit_by_expansion
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts

x, y = symbols("x y", real=True)
p = symbols("p", positive=True)
w = symbols("w")
NOWHERE = Facts(())
F = sp.Function("F")
REAL = sp.Function("F", real=True)
K = symbols("K", integer=True)
NESTED, APART = sqrt(10 + 2 * sqrt(6) + 2 * sqrt(10) + 2 * sqrt(15)), sqrt(2) + sqrt(3) + sqrt(5)
HIDDEN_ZERO = NESTED - APART  # no ball and no normal form shows that it vanishes

FOUND: dict[str, tuple[Any, Any, int]] = {
    "cancelling sines": (sin(x) - x, 0, 1),
    "cancelling sines from below": (sin(x) - x, 0, -1),
    "a Taylor series of order six": (cos(x) - 1 + x**2 / 2 - x**4 / 24, 0, 1),
    "tangent and sine": (tan(x) - sin(x), 0, 1),
    "hyperbolic": (sinh(x) / x - cosh(x), 0, 1),
    "a hyperbolic tangent": (tanh(x) - x, 0, -1),
    "inverse functions": (asin(x) - atan(x), 0, 1),
    "inverse hyperbolic functions": (asinh(x) - atanh(x), 0, 1),
    "an arccosine inside its range": (acos(x) - acos(Rational(1, 3)), Rational(1, 3), 1),
    "an inverse hyperbolic cosine inside its range": (acosh(x) - acosh(2), 2, -1),
    "a logarithm at zero": (x * log(x), 0, 1),
    "squares of logarithms": (log(x) ** 2 * x - x, 0, 1),
    "a logarithm at one": (log(x) - (x - 1) + (x - 1) ** 2 / 2, 1, 1),
    "a logarithm at one from below": (log(x) - (x - 1) + (x - 1) ** 2 / 2, 1, -1),
    "a power of itself": (x**x - 1, 0, 1),
    "an exponential": (exp(x) - 1 - x - x**2 / 2, 0, -1),
    "an exponential of a logarithm": (exp(2 * log(x) + x) - x**2, 0, 1),
    "a root": (sqrt(1 + x) - 1 - x / 2, 0, 1),
    "a root of a power": (sqrt(x + x**2) - sqrt(x), 0, 1),
    "roots far out": (sqrt(x**2 + x) - x - Rational(1, 2), oo, -1),
    "a cube root far out": ((x**3 + 1) ** Rational(1, 3) - x, oo, -1),
    "far out on the left": (1 / (1 - x) + 1 / x, -oo, 1),
    "logarithms far out": (log(1 + x) - log(x), oo, -1),
    "compound interest": ((1 + 1 / x) ** x - sp.E, oo, -1),
    "an arctangent far out": (atan(x) - sp.pi / 2, oo, -1),
    "an arctangent far out on the left": (atan(x) + sp.pi / 2, -oo, 1),
    "an error function far out": (erf(x) - 1 + 1 / x, oo, -1),
    "an error function far out on the left": (erf(x) + 1 - 1 / x, -oo, 1),
    "a complementary error function far out on the left": (erfc(x) - 2 + 1 / x**2, -oo, 1),
    "a Bessel function of a negative order": (sp.besselj(Rational(-3, 2), x), 0, 1),
    "an error function at zero": (erf(x) - 2 * x / sqrt(sp.pi), 0, 1),
    "Stirling": (loggamma(x) - (x - Rational(1, 2)) * log(x) + x - log(2 * sp.pi) / 2, oo, -1),
    "Stirling, of twice the argument": (loggamma(2 * x) - 2 * loggamma(x) - (2 * x - Rational(1, 2)) * log(2), oo, -1),
    "a digamma function": (polygamma(0, x) - log(x), oo, -1),
    "a tangent at its pole": (tan(sp.pi * x), Rational(1, 2), -1),
    "a tangent beside its pole": (tan(sp.pi * x) + 1 / (sp.pi * x - sp.pi / 2), Rational(1, 2), 1),
    "a gamma function at its pole": (gamma(x), 0, 1),
    "a gamma function at a further pole": (gamma(x), -3, -1),
    "a gamma function beside its pole": (gamma(x) - 1 / x, 0, 1),
    "a digamma function at its pole": (polygamma(0, x), -2, 1),
    "a digamma function beside its pole": (polygamma(0, x) + 1 / x, 0, -1),
    "a trigamma function at its pole": (polygamma(1, x), -1, -1),
    "zeta at its pole": (sp.zeta(x), 1, 1),
    "zeta beside its pole": (sp.zeta(x) - 1 / (x - 1) - sp.EulerGamma, 1, 1),
    "a hyperbolic cotangent": (sp.coth(x) - 1 / x, 0, 1),
    "a cotangent": (sp.cot(x) - 1 / x, 0, -1),
    "factorials": (sp.factorial(x) / sqrt(2 * sp.pi * x) * (sp.E / x) ** x - 1, oo, -1),
    "central binomials": (sp.binomial(2 * x, x) / 4**x, oo, -1),
    "a root of a factorial": (sp.factorial(x) ** (1 / x), oo, -1),
    "a ratio of gamma functions": (gamma(x + Rational(1, 3)) / gamma(x), oo, -1),
    "a beta function": (sp.beta(x, Rational(5, 2)), oo, -1),
    "a small error function times a large exponential": (erfc(x) * exp(x**2), oo, -1),
    "Mills' ratio": (1 - sqrt(sp.pi) * x * exp(x**2) * erfc(x), oo, -1),
    "the larger of two powers": ((2**x + 3**x) ** (1 / x), oo, -1),
    "a quotient of hyperbolic functions": (sinh(2 * x) / cosh(x) ** 2, oo, -1),
    "an inverse hyperbolic sine far out": (asinh(x) - log(2 * x), oo, -1),
    "an inverse hyperbolic cosine far out": (acosh(x) - log(2 * x), oo, -1),
    "a trigamma function": (polygamma(1, x) - 1 / x, oo, -1),
    "a tetragamma function": (polygamma(2, x) + 1 / x**2, oo, -1),
    "the largest of eight orders that are kept": ((exp(x) - 1 - x) ** 5 * (sin(x) - x) / x**10, 0, 1),
    "a quotient of high orders": (x**12 / (exp(x) - 1 - x) ** 5, 0, 1),
    "what a Taylor polynomial leaves, divided": (
        (sin(x) - x + x**3 / 6 - x**5 / 120 + x**7 / 5040) / x**8,
        0,
        1,
    ),
    "Stirling with four corrections": (
        loggamma(x)
        - (x - Rational(1, 2)) * log(x)
        + x
        - log(2 * sp.pi) / 2
        - 1 / (12 * x)
        + 1 / (360 * x**3)
        - 1 / (1260 * x**5),
        oo,
        -1,
    ),
    "a digamma function of a root": (polygamma(0, x ** Rational(1, 7)) - log(x) / 7 + x ** Rational(-1, 7) / 2, oo, -1),
    "log gamma of a sum with a logarithm": (loggamma(x + log(x)) - loggamma(x) - log(x) ** 2, oo, -1),
    "a root of a square, from the left": (sqrt(x**2 + x**3), 0, -1),
    "a cube root of a square, from the left": ((x**2 + x**3) ** Rational(1, 3), 0, -1),
    "a gamma function at one": (gamma(x) - 1, 1, 1),
    "log gamma at two": (loggamma(x), 2, -1),
}


LIMITS: dict[str, tuple[Any, Any, int, Any]] = {
    "an exponential out of a logarithm": (log(cosh(x)) - x, oo, -1, -log(2)),
    "factorials below powers": (sp.factorial(x) / x**x, oo, -1, 0),
    "powers below factorials": (p**x / sp.factorial(x), oo, -1, 0),
    "harmonic numbers of the second order": (sp.harmonic(x, 2), oo, -1, sp.pi**2 / 6),
    "a residue": ((x + 2) * gamma(x), -2, 1, Rational(1, 2)),
    "zeta far out": (sp.zeta(x), oo, -1, 1),
    "a logarithm below log gamma": (x * log(x) / loggamma(x), oo, -1, 1),
    "a reciprocal of a logarithm": (1 / log(x), oo, -1, 0),
    "powers of a complex base": ((1 + sp.I / x) ** (4 * x), oo, -1, exp(4 * sp.I)),
    "a derivative": ((F(y + x) - F(y)) / x, 0, 1, F(y).diff(y)),
    "a second derivative": ((F(y + x) - 2 * F(y) + F(y - x)) / x**2, 0, -1, F(y).diff(y, 2)),
    "a derivative by one of two arguments": ((F(y, p + 2 * x) - F(y, p)) / x, 0, 1, 2 * F(y, p).diff(p)),
    "a power of an undefined function": ((1 + x * F(x)) ** (1 / x), 0, 1, exp(F(0))),
    "a mean over a short range": (sp.Integral(F(p), (p, y - x, y + x)) / x, 0, 1, 2 * F(y)),
    "the next term of such a mean": ((sp.Integral(exp(-(p**2)), (p, 0, x)) - x) / x**3, 0, 1, -Rational(1, 3)),
    "a modulus": (abs(x - 2) / (x - 2), 2, -1, -1),
    "a modulus of an undefined function": ((abs(1 + x * REAL(x)) - 1) / x, 0, 1, REAL(0)),
    "a modulus of its integral": ((abs(1 + sp.Integral(REAL(y), (y, 0, x))) - 1) / x, 0, 1, REAL(0)),
    "a zeta function of Hurwitz beside its pole": (sp.zeta(1 + x, 2) - 1 / x, 0, 1, sp.EulerGamma - 1),
    "an error function of a logarithm": (x * (erf(log(x)) - 1), oo, -1, 0),
    "a quotient of gamma functions off the line": (gamma(x + sp.I) / gamma(x + sp.I + 1) * x, oo, -1, 1),
}
# what is claimed without one of the conditions is said beside it
NO_LIMITS: dict[str, tuple[Any, Any, int]] = {
    "a modulus of what is not real": ((abs(1 + w * x) - 1) / x, 0, 1),  # w; it is the real part of w
    "a modulus of an undefined function, which need not be real": ((abs(1 + x * F(x)) - 1) / x, 0, 1),  # F(0)
    "a modulus of its integral": ((abs(1 + sp.Integral(F(y), (y, 0, x))) - 1) / x, 0, 1),  # F(0)
    "a logarithm of a power of what need not be real": (log((1 + x * F(x)) ** (4 / x)), 0, 1),  # 4 F(0)
    "a logarithm of a gamma function off the line": (log(gamma(x + sp.I)) - loggamma(x + sp.I), oo, -1),  # 0
    "a root of its square": (sqrt(gamma(x + sp.I) ** 2) / gamma(x + sp.I), oo, -1),  # 1
    "a logarithm of an error function off the line": (log(erfc(x + sp.I)) + (x + sp.I) ** 2 + log(x), oo, -1),  # -log(π) / 2
    "a logarithm of a Fibonacci number off the line": (
        log(sp.fibonacci(x + 9 * sp.I)) - x * log(sp.GoldenRatio),
        oo,
        -1,
    ),  # with the imaginary part 9 log φ, which is more than π
    "a slope off the line": ((F(sp.I * x, 1) - F(0, 1)) / x, 0, 1),  # i ∂₁F(0, 1)
    "an integral of a slope off the line": ((sp.Integral(F(sp.I * y), (y, 0, x)) - x * F(0)) / x**2, 0, 1),  # i F'(0) / 2
    "a hypergeometric function whose parameter moves": (sp.hyper([1 / x], [1], x), 0, 1),  # 1; it is that of Σ 1 / k!²
    "a logarithm of a power of a complex base": (log((1 + sp.I / x) ** (4 * x)), oo, -1),
    "a root of such a power": (((1 + sp.I * p / x) ** (x**2)) ** (1 / x), oo, -1),
    "two powers of which neither is known to be larger": ((p**x - sp.Dummy("q", positive=True) ** x) ** (1 / x), oo, -1),
    "an exponential of any rate": (exp(-x * y) / x, oo, -1),
    "an exponential that is not outgrown": (exp(2 * x**2) * erfc(x), oo, -1),
    "a power of a negative number": ((-1 - 1 / x) ** x, oo, -1),
    "a power that may be larger": (log(x) ** 2 / log(x) * y, oo, -1),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_found(name: str) -> None:
    e, end, way, value = LIMITS[name]
    assert sp.simplify(limit_by_expansion(e, x, sp.sympify(end), way, NOWHERE) - value) == 0


@pytest.mark.parametrize("name", NO_LIMITS)
def test_no_limit_is_made_up(name: str) -> None:
    e, end, way = NO_LIMITS[name]
    try:
        value = limit_by_expansion(e, x, sp.sympify(end), way, NOWHERE)
    except (NoExpansion, NoNormalForm, NeedCase):
        return
    assert value.has(oo, sp.zoo, sp.nan)


def exact(number: Any) -> Any:
    return mpmath.mpf(int(sp.Rational(number).p)) / int(sp.Rational(number).q)


@pytest.mark.parametrize("name", FOUND)
def test_the_function_is_its_first_term_near_the_end(name: str) -> None:
    e, end, way = FOUND[name]
    found = leading_term(e, x, sp.sympify(end), way, NOWHERE)
    with mpmath.workdps(60):
        t = mpmath.mpf(10) ** -4
        place = 1 / t if end is oo else -1 / t if end == -oo else exact(end) + way * t
        value = sp.lambdify(x, e, "mpmath")(place)
        c = sp.lambdify((), found.coefficient, "mpmath")()
        term = c * t ** exact(found.exponent) * mpmath.log(t) ** found.logs
        assert abs(value / term - 1) < 0.3


REFUSED: dict[str, tuple[Any, Any, int, tuple[Any, ...]]] = {
    "an oscillation": (sin(x), oo, -1, ()),
    "a first coefficient that may vanish": (1 / (x * y + 1), oo, -1, (y >= 0, y**2 - y >= 0)),
    "a cosine far out": (cos(x), oo, -1, ()),
    "a cosine of a logarithm": (cos(log(x)), 0, 1, ()),
    "a hyperbolic cosine far out": (cosh(x), oo, -1, ()),
    "an arcsine beyond its range": (asin(2 + x), 0, 1, ()),
    "an arcsine of what is not real": (asin(sp.I + x), 0, 1, ()),
    "an exponential that grows": (exp(x), oo, -1, ()),
    "an exponential of a power of a logarithm": (exp(log(x) ** 2), 0, 1, ()),
    "a power of any exponent": (x**y, 0, 1, ()),
    "a root of a negative number": (sqrt(x - 1), 0, 1, ()),
    "a root of what may be negative": (sqrt(y + x), 0, 1, ()),
    "a logarithm of a negative number": (log(x - 1), 0, 1, ()),
    "a logarithm from the left": (log(x), 0, -1, ()),
    "a logarithm of what may be negative": (log(y + x), 0, 1, ()),
    "a logarithm of a logarithm": (log(-log(x)), 0, 1, ()),
    "a reciprocal of a logarithm": (1 / log(x), 0, 1, ()),
    "an arcsine at the end of its range": (asin(x) - sp.pi / 2, 1, -1, ()),
    "an inverse hyperbolic tangent at its pole": (atanh(x), 1, -1, ()),
    "an inverse hyperbolic cosine at one": (acosh(x), 1, 1, ()),
    "a gamma function far out": (gamma(x), oo, -1, ()),
    "a digamma function on the left": (polygamma(0, x), -oo, 1, ()),
    "log gamma on the left": (loggamma(x), -oo, 1, ()),
    "a trigamma function of what may fall": (polygamma(1, y * x), oo, -1, ()),
    "a trigamma function on the left": (polygamma(1, x), -oo, 1, ()),
    "log gamma of what may fall": (loggamma(y * x), oo, -1, ()),
    "a digamma function of what may fall": (polygamma(0, y * x), oo, -1, ()),
    "an error function of what grows slowly": (erfc(log(x)), oo, -1, ()),
    "an arctangent of an unknown sign": (atan(y * x), oo, -1, ()),
    "a difference that cancels": (sin(x) ** 2 + cos(x) ** 2 - 1, 0, 1, ()),
    "a gamma function perhaps at a pole": (x * gamma(x + y), 0, 1, ()),
    "a digamma function perhaps at a pole": (x * polygamma(0, x + y), 0, 1, ()),
    "a tangent perhaps at a pole": (x * tan(x + y), 0, 1, ()),
    "an undefined function of complex arguments": (F(sp.I * x), 0, 1, ()),
    "an undefined function of two arguments that move": (F(x, 2 * x), 0, 1, ()),
    "an undefined function far out": (F(x), oo, -1, ()),
    "an integral over a range that does not shrink": (sp.Integral(F(y), (y, 0, 1 + x)), 0, 1, ()),
    "an integral of what has a corner": (sp.Integral(abs(y), (y, -x, x)), 0, 1, ()),
    "an integral of a sum of what has corners": (sp.Integral(sp.Sum(abs(y - K), (K, 0, 2)), (y, -x, x)), 0, 1, ()),
    "an integral of an integral of what has a corner": (sp.Integral(sp.Integral(abs(p), (p, 0, y)), (y, 0, x)), 0, 1, ()),
    "an integral of what may have a pole": (sp.Integral(1 / (2 - F(y)), (y, 0, x)), 0, 1, ()),
    "an integral of what moves as well": (sp.Integral(F(x * y), (y, 0, x)), 0, 1, ()),
    "a floor": (sp.floor(x), 0, 1, ()),
    "a Bessel function of the second kind": (sp.bessely(0, x), 0, 1, ()),
    "a reciprocal of what may vanish there": (y / (y + x), 0, 1, ()),
    "… which is zero at an isolated value": (1 / (x * y + 1), oo, -1, (y >= 0, y**2 - y >= 0)),
    "a reciprocal with a zero that is not seen": (HIDDEN_ZERO / (HIDDEN_ZERO + x), 0, 1, ()),
    "a logarithm with a zero that is not seen": (log(1 + HIDDEN_ZERO / (HIDDEN_ZERO + x)), 0, 1, ()),
    "a square over such a square": ((HIDDEN_ZERO + x) ** 2 / (HIDDEN_ZERO**2 + x), 0, 1, ()),
    "an arctangent of such a multiple": (atan(HIDDEN_ZERO / x), 0, 1, ()),
    "an exponential of such a multiple": (exp(HIDDEN_ZERO / x), 0, 1, ()),
    "such an exponent": (x**HIDDEN_ZERO - 1, 0, 1, ()),
    "an arccosine whose limit is one, unseen": (acos(1 - x + HIDDEN_ZERO), 0, 1, ()),
    "a Taylor polynomial beyond what is kept": (sum(x**j / sp.factorial(j) for j in range(12)) - exp(x), 0, 1, ()),
    "Stirling beyond what is kept": (
        loggamma(x) - (x - Rational(1, 2)) * log(x) + x - log(2 * sp.pi) / 2 - 1 / (12 * x) + 1 / (360 * x**3)
        - 1 / (1260 * x**5) + 1 / (1680 * x**7) - 1 / (1188 * x**9), oo, -1, (),
    ),
    "an error function that is one up to every order": (erf(1 / x) - 1, 0, 1, ()),
    "a small error function times a large exponential": (erfc(1 / x) * exp(1 / x), 0, 1, ()),
    "an arctangent of a logarithm": (atan(log(x)) - sp.pi / 2, oo, -1, ()),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_expansion_of_this_kind_has_none(name: str) -> None:
    e, end, way, where = REFUSED[name]
    with pytest.raises((NoExpansion, NoNormalForm, NeedCase)):
        leading_term(e, x, sp.sympify(end), way, Facts(where))


def test_the_limit_is_that_of_the_first_term() -> None:
    assert leading_term(p + 1 / x, x, oo, -1, NOWHERE).limit() == p
    assert leading_term(1 / x, x, oo, -1, NOWHERE).limit() == 0
    assert leading_term(log(x), x, oo, -1, NOWHERE).limit() is oo
    assert leading_term(-log(x), x, sp.Integer(0), 1, NOWHERE).limit() is oo
    assert leading_term(log(x) / x, x, sp.Integer(0), 1, NOWHERE).limit() is -oo
    assert leading_term(-x, x, oo, -1, NOWHERE).limit() is -oo


INNER = (
    x, 2 * x, 1 + x, 1 - x, 1 / x, 1 / x + 1, x**2, x + x**2, -x, 3 + x, 1 / x - x, sqrt(x), 1 / x**2 + 1 / x, x * log(x),
    1 + x * log(x), log(x), -log(x),
)  # fmt: skip
OUTER = (
    exp, log, atan, sqrt, sin, cos, tanh, asinh, erf, erfc, sinh, cosh, lambda u: 1 / u, lambda u: u ** Rational(1, 3),
    lambda u: u**2, lambda u: u ** Rational(-3, 2), loggamma, lambda u: polygamma(0, u), lambda u: polygamma(1, u),
    lambda u: u**u,
)  # fmt: skip


def test_the_first_terms_of_drawn_functions_are_those_of_their_values() -> None:
    draw, found = random.Random(7), 0
    for _ in range(90):
        e = draw.choice(OUTER)(draw.choice(INNER)) * draw.choice((1, x, 1 / x)) + draw.choice((-1, 1, 2)) * draw.choice(INNER)
        if e.has(sp.nan, sp.zoo, sp.I, sp.oo):
            continue
        try:
            first = leading_term(e, x, sp.Integer(0), 1, NOWHERE)
            rest = e - first.coefficient * x**first.exponent * log(x) ** first.logs
            if draw.random() < 0.5:  # and of what is left, where that has one
                e, first = rest, leading_term(rest, x, sp.Integer(0), 1, NOWHERE)
        except NoExpansion:
            continue
        found += 1
        with mpmath.workdps(250):
            f, c = sp.lambdify(x, e, "mpmath"), mpmath.mpmathify(sp.N(first.coefficient, 250))
            errors = [
                abs(f(t) / (c * t ** exact(first.exponent) * mpmath.log(t) ** first.logs) - 1)
                for t in (mpmath.mpf(10) ** -power for power in (8, 12, 16))
            ]
        assert errors[-1] < 0.3 or errors[0] > errors[1] > errors[2], (e, first, errors)
    assert found > 30
