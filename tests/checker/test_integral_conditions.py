"""The side conditions of limits, of continuity, and of the rules for integrals and ranges: each refuses what it has to refuse."""

from __future__ import annotations

import itertools
from typing import Any

import mpmath
import pytest
import sympy as sp
from sympy import (
    Abs,
    Function,
    Heaviside,
    I,
    Integral,
    Max,
    Min,
    Rational,
    Sum,
    acos,
    asin,
    atan,
    ceiling,
    cos,
    cosh,
    erf,
    exp,
    floor,
    gamma,
    log,
    oo,
    pi,
    sech,
    sign,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
)

from derivable import Expectation
from derivable.trusted.calculus import NoLimit, integral_by, limit
from derivable.trusted.continuity import between, growth, is_analytic, is_continuous, is_integrable, smooth, vanishes
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.known_integrals import known_integral
from derivable.trusted.ranges import reflected_sums, split_at_signs, symmetrised, transposed_sums

x, y, t, c = symbols("x y t c", real=True)
w = symbols("w")
p, q = symbols("p q", positive=True)
k, i, j = symbols("k i j", integer=True)
POSITIVE = symbols("positive", integer=True, positive=True)
n = symbols("n", integer=True, nonnegative=True)
f = Function("f", real=True)
NOWHERE = Facts(())
NOTHING_FOUND = (NoLimit, NoNormalForm, NeedCase)

# -- limits: (function, point, side, hypotheses) --------------------------------------------------------------------------------

LIMITS: dict[str, tuple[Any, Any, int, tuple[Any, ...], Any]] = {
    "a power from below": (1 / x, 0, -1, (), -oo),
    "a power from above": (1 / x, 0, 1, (), oo),
    "an even power from below": (1 / x**2, 0, -1, (), oo),
    "an odd power at minus infinity": (x**3, -oo, 1, (), -oo),
    "an even power at minus infinity": (x**2, -oo, 1, (), oo),
    "a negative power": (1 / x, oo, 1, (), 0),
    "a negative coefficient": (-2 * x, oo, 1, (), -oo),
    "leading coefficients": ((3 * x**2 + 1) / (2 * x**2 - x), oo, 1, (), Rational(3, 2)),
    "a larger degree above, with a sign": ((1 - x**3) / (x + 1), oo, 1, (), -oo),
    "a larger degree below": ((x + 1) / (x**2 + 1), oo, 1, (), 0),
    "a floor from below": (floor(x), 2, -1, (), 1),
    "a floor from above": (floor(x), 2, 1, (), 2),
    "a ceiling from below": (ceiling(x), 2, -1, (), 2),
    "a ceiling from above": (ceiling(x), 2, 1, (), 3),
    "a floor between": (floor(x), Rational(5, 2), 1, (), 2),
    "a floor of what tends to an integer from below": (floor(2 - 1 / x), oo, 1, (), 1),
    "arctangent far out": (atan(x), -oo, 1, (), -pi / 2),
    "error function far out": (erf(x), -oo, 1, (), -1),
    "complementary error function far out": (sp.erfc(x), -oo, 1, (), 2),
    "hyperbolic tangent far out": (tanh(x), -oo, 1, (), -1),
    "hyperbolic secant far out": (sech(x), oo, 1, (), 0),
    "hyperbolic sine far out": (sinh(x), -oo, 1, (), -oo),
    "hyperbolic cosine far out": (cosh(x), -oo, 1, (), oo),
    "an exponential far out": (exp(x), -oo, 1, (), 0),
    "a sine integral far out": (sp.Si(x), -oo, 1, (), -pi / 2),
    "a logarithm at zero": (log(x), 0, 1, (), -oo),
    "x log x": (x * log(x), 0, 1, (), 0),
    "a power against a logarithm": (log(x) / sqrt(x), oo, 1, (), 0),
    "an exponential against a power": (x**5 * exp(-x), oo, 1, (), 0),
    "sine over its argument": (sin(x) / x, 0, 1, (), 1),
    "one less cosine": ((1 - cos(x)) / x**2, 0, 1, (), Rational(1, 2)),
    "compound interest": ((1 + 1 / x) ** x, oo, 1, (), sp.E),
    "a difference of roots": (sqrt(x**2 + x) - x, oo, 1, (), Rational(1, 2)),
    "softplus": (log(1 + exp(x)) - x, oo, 1, (), 0),
    "a rate that is known": (exp(-p * x), oo, 1, (), 0),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_right_if_it_is_found(name: str) -> None:
    e, point, side, where, value = LIMITS[name]
    assert sp.simplify(limit(e, x, sp.sympify(point), side, Facts(where)) - value) in (0, sp.nan)
    assert limit(e, x, sp.sympify(point), side, Facts(where)) == value or value not in (oo, -oo)


NO_LIMIT: dict[str, tuple[Any, Any, int, tuple[Any, ...]]] = {
    "an oscillation": (sin(x), oo, 1, ()),
    "an oscillation times a power": (x * sin(x), oo, 1, ()),
    "an oscillation ever faster": (sin(1 / x), 0, 1, ()),
    "a power of an oscillation": ((2 + sin(x)) ** sin(x), oo, 1, ()),
    "a power of what becomes negative": ((1 / x - 2) ** x, oo, 1, ()),
    "a sign that is not known": (y * x, oo, 1, ()),
    "a quotient of a sign that is not known": ((y * x**2 + 1) / (x + 1), oo, 1, ()),
    "a leading coefficient that may vanish": ((x**2 + 1) / (y * x**2 + x), oo, 1, ()),
    "a rate of any sign": (exp(y * x), oo, 1, ()),
    "a power of any exponent": (x**y, oo, 1, ()),
    "a base that may vanish": ((y + 1 / x) ** -1, oo, 1, ()),
    "a base that may be negative": ((y + 1 / x) ** Rational(1, 2), oo, 1, ()),
    "a logarithm of what may vanish": (log(y**2 + 1 / x), oo, 1, ()),
    "infinity less infinity, not resolved": (exp(x) - gamma(x), oo, 1, ()),
    "a floor of an oscillation about an integer": (floor(sin(x) / x), oo, 1, ()),
    "a floor of what may be an integer": (floor(y + 1 / x), oo, 1, ()),
    "a tangent": (tan(x), oo, 1, ()),
    "a sum of ever more terms": (Sum(k / x**2, (k, 1, floor(x))), oo, 1, ()),
    "a series whose terms vanish one by one": (Sum(x / (x + k) ** 2, (k, 0, oo)), oo, 1, ()),
    "a sum of infinite terms that may be empty": (Sum(x**k, (k, 1, n)), oo, 1, ()),
    "an alternating power": ((-1) ** x, oo, 1, ()),
}


@pytest.mark.parametrize("name", NO_LIMIT)
def test_a_limit_that_does_not_exist_or_is_not_known_is_not_given(name: str) -> None:
    e, point, side, where = NO_LIMIT[name]
    with pytest.raises(NOTHING_FOUND):
        limit(e, x, sp.sympify(point), side, Facts(where))


# -- continuity -----------------------------------------------------------------------------------------------------------------

CONTINUOUS = {
    "a polynomial": (x**3 - x, ()),
    "a quotient away from its pole": (1 / x, (x > 0,)),
    "a root of what is not negative": (sqrt(x), (x >= 0,)),
    "a logarithm of what is positive": (log(x), (x > 0,)),
    "a modulus": (Abs(x - 1), ()),
    "an arcsine on its range": (asin(x), (x >= -1, x <= 1)),
    "an arccosine on its range": (acos(x), (x >= -1, x <= 1)),
    "an inverse hyperbolic tangent inside": (sp.atanh(x), (x > -1, x < 1)),
    "an arccotangent away from zero": (sp.acot(x), (x > 0,)),
    "a gamma function on the right": (gamma(x), (x > 0,)),
    "an undefined function of a real argument": (f(x**2), ()),
    "a power with a positive base": (p**x, ()),
    "a finite sum": (Sum(x**k, (k, 1, n)), ()),
    "a polynomial of a degree": (sp.legendre(n, x), ()),
    "an odd root of what is not negative": (x ** Rational(1, 3), (x >= 0,)),
}
NOT_CONTINUOUS = {
    "a pole": (1 / x, ()),
    "a pole at the end": (1 / x, (x >= 0,)),
    "a power that may be negative": (x**k, ()),
    "a root of a negative number": (sqrt(x), ()),
    "a negative power of what may vanish": (x ** Rational(-1, 2), (x >= 0,)),
    "a power of zero": (x**y, (x >= 0,)),
    "an exponent that moves": (x**x, (x >= 0,)),
    "a power of a jump": ((floor(x) ** 2 + 1) ** y, ()),
    "a power with an exponent that jumps": (2 ** floor(x), ()),
    "a logarithm at zero": (log(x), (x >= 0,)),
    "a logarithm across the cut": (log(x), ()),
    "a floor": (floor(x), ()),
    "a sign": (sign(x), ()),
    "a tangent": (tan(x), ()),
    "an arcsine beyond its range": (asin(x), ()),
    "an arcsine beyond its range on one side": (asin(x), (x <= 1,)),
    "an arcsine beyond its range on the other side": (asin(x), (x >= -1,)),
    "an inverse hyperbolic tangent at its end": (sp.atanh(x), (x >= -1, x <= 1)),
    "an arccotangent at zero": (sp.acot(x), ()),
    "an arctangent of what is not real": (atan(x + I), ()),
    "an arctangent of a pole": (atan(1 / x), ()),
    "a gamma function on the left": (gamma(x), ()),
    "a gamma function at zero": (gamma(x), (x >= 0,)),
    "a gamma function of a jump": (gamma(floor(x) ** 2 + 1), ()),
    "a logarithm of a jump": (log(floor(x) ** 2 + 1), ()),
    "an exponential of a jump": (exp(floor(x)), ()),
    "an arctangent of a jump": (atan(floor(x)), ()),
    "an undefined function of a jump": (f(floor(x)), ()),
    "a derivative of a function of a jump": (sp.Derivative(f(t), t).subs(t, floor(x)), ()),
    "a polynomial of a jump": (sp.legendre(n, floor(x)), ()),
    "an arcsine of a jump": (asin(floor(x) / 9), (x >= 0, x < 9)),
    "an arcsine of a wave of jumps": (asin(cos(floor(x))), ()),
    "an undefined function of a pole": (f(1 / x), ()),
    "an undefined function off the line": (f(I * x), ()),
    "a sum whose range moves": (Sum(k, (k, 1, floor(x))), ()),
    "an infinite sum": (Sum(x**k, (k, 1, oo)), ()),
    "a sum of poles": (Sum(1 / (x - k), (k, 1, n)), ()),
    "a degree that moves": (sp.legendre(x, y), ()),
    "a product with a pole": (x * (1 / x + f(x)), ()),
    "a maximum of a pole": (Max(1 / x, 1), ()),
    "a jump in one of two arguments": (f(x, floor(x)), ()),
    "two arguments, one off the line": (f(x, I * x), ()),
    "a Bessel function with a pole at zero": (sp.bessely(0, x), ()),
    "a modulus of a jump": (Abs(floor(x)), ()),
}


@pytest.mark.parametrize("name", CONTINUOUS)
def test_continuity_is_seen(name: str) -> None:
    e, where = CONTINUOUS[name]
    assert is_continuous(e, x, Facts(where))


@pytest.mark.parametrize("name", NOT_CONTINUOUS)
def test_no_continuity_is_seen_where_there_is_none(name: str) -> None:
    e, where = NOT_CONTINUOUS[name]
    assert not is_continuous(e, x, Facts(where))


def test_a_function_of_two_arguments_is_analytic_only_where_that_is_known_of_it() -> None:
    assert is_analytic(sp.besselj(0, x), x, NOWHERE)
    for e in (sp.bessely(0, x), Max(0, x), sp.zeta(2, x), sp.besselj(Rational(1, 2), x)):
        assert not is_analytic(e, x, NOWHERE), e


NOT_SMOOTH: dict[str, tuple[Any, tuple[Any, ...]]] = {
    # an index or a variable that is declared to be positive, in a range that has others
    "a sum with a term that has a pole": (Sum(1 / (x**2 + POSITIVE), (POSITIVE, 0, 2)), ()),
    "a sum with a term that has a corner": (Sum(sqrt(x**2 + POSITIVE), (POSITIVE, -3, 2)), ()),
    "an integral over a range of negative numbers": (Integral(1 / (p + Rational(1, 2) + x**2), (p, 0, q), (q, -1, 0)), ()),
    "a double integral, improper in one variable": (Integral(exp(x * y / t), (y, 0, 1), (t, -1, 1)), ()),
    "an infinite range": (Integral(exp(x * t), (t, 0, oo)), ()),
    "an infinite sum": (Sum(x**k, (k, 1, oo)), ()),
    "a jump in one of two variables that are put in": (sp.Subs(sin(y) + floor(t), (y, t), (x, x)), ()),
    "a jump in one of two points": (sp.Subs(sin(y) + sin(t), (y, t), (x, floor(x))), ()),
    "what is not zero may have either sign": (gamma(-f(x)), (sp.Ne(f(x), 0),)),
}


@pytest.mark.parametrize("name", NOT_SMOOTH)
def test_no_smoothness_is_seen_where_there_is_none(name: str) -> None:
    e, where = NOT_SMOOTH[name]
    assert not smooth(e, x, Facts(where))


def test_a_sum_and_an_integral_are_smooth_where_that_is_so_in_their_range() -> None:
    assert smooth(Sum(1 / (x**2 + POSITIVE), (POSITIVE, 1, 2)), x, NOWHERE)
    assert smooth(Integral(1 / (p + Rational(1, 2) + x**2), (p, 0, q), (q, 0, 1)), x, NOWHERE)
    assert smooth(Integral(exp(x * y / t), (y, 0, 1), (t, 1, 2)), x, NOWHERE)
    assert smooth(gamma(f(x)), x, Facts((f(x) > 0,)))


def test_a_function_is_integrable_if_it_falls_fast_enough() -> None:
    assert is_integrable(exp(-(x**2)), x, -oo, oo, NOWHERE)
    assert is_integrable(1 / (1 + x**4), x, -oo, oo, NOWHERE)
    assert is_integrable(x**2, x, sp.Integer(0), sp.Integer(1), NOWHERE)
    for e, a, b in ((1 / (1 + x), 0, oo), (exp(-x), -oo, oo), (1 / x, 0, 1), (sin(x), 0, oo), (exp(-x), -oo, 0), (x, 0, oo)):
        assert not is_integrable(e, x, sp.sympify(a), sp.sympify(b), NOWHERE), e


def test_what_grows_does_not_vanish() -> None:
    for e in (
        exp(-p),
        p**2 * exp(-p),
        log(p) / p,
        1 / p,
        sin(p) / p,
        p ** (-q - 1),
        log(1 + exp(-p)) / p,
        (1 + p) * exp(-p),
        exp(I * p - p**2),
    ):
        assert vanishes(e, p, NOWHERE), e
    for e in (
        log(p), sin(p), sp.Integer(1), exp(p), exp(-y * p), p**y, exp(I * p),
        exp(-I * p**2 - p), exp(-p * floor(sin(p))), exp(-p) * exp(2 * p), exp(-p) + 1, log(p) * p,
        sin(w * p),
        p ** (1 - q), exp(-p) * gamma(p), log(exp(-p)), 1 / (y * p + 1), exp(-1 / p), log(1 + exp(p)), log(exp(-p) - exp(-2 * p)),
    ):  # fmt: skip
        assert not vanishes(e, p, NOWHERE), e
    for e in (log(1 + exp(p)), log(1 + gamma(p)), log(2 + exp(y * p)), log(exp(p) + exp(2 * p))):
        assert not vanishes(e / sqrt(p), p, NOWHERE), e
    # ζ(1 + u) = 1/u + O(1): of the functions of what tends to a constant only the logarithm is known to stay bounded
    assert not vanishes(exp(-p) * sp.zeta(1 + exp(-p)), p, NOWHERE)
    assert growth(p**3 + p, p, NOWHERE) == (0, 3)
    assert growth(tan(p), p, NOWHERE) is None


def test_between_two_ends_only_what_is_sure_is_known() -> None:
    assert set(between(x, sp.Integer(1), sp.Integer(2), NOWHERE)) == {x >= 1, x <= 2}
    assert set(between(x, sp.Integer(2), sp.Integer(1), NOWHERE)) == {x >= 1, x <= 2}
    assert between(x, y, c, NOWHERE) == []
    assert between(x, y, p, NOWHERE) == []
    assert between(x, p, q, NOWHERE) == [x > 0]
    assert between(x, -p, -q, NOWHERE) == [x < 0]
    assert between(x, sp.Integer(1), oo, NOWHERE) == [x >= 1]
    assert between(x, w, sp.Integer(1), NOWHERE) == []


def test_smooth_functions_have_no_corner() -> None:
    positive = Function("g", positive=True)(x)
    for e in (
        f(x) * exp(x),
        1 / (1 + f(x) ** 2),
        log(1 + positive),
        sp.Derivative(log(positive), x),
        sp.Subs(sp.Derivative(f(t), t), t, x**2),
        Integral(log(p) * f(x * p), (p, 0, 1)),
    ):
        assert smooth(e, x, NOWHERE), e
    for e in (
        f(1 / x),
        f(x) / x,
        sqrt(f(x)),
        Integral(1 / t, (t, 1, x)),
        Integral(f(t), (t, x, oo)),
        Expectation(1 / (x - y), y),
        # of an undefined function neither the size is known nor how far it is from another
        1 / (2 - f(x)),
        log(2 + f(x) - f(2 * x)),
        1 / (1 + f(x) ** 2 - Function("g", real=True)(x) ** 2),
        1 / (1 - Function("g", positive=True)(x)),
        log(2 + Function("g")(x)),
        1 / (2 - sp.Derivative(f(x), x)),
        1 / (2 - Integral(f(x * t), (t, 0, 1))),
        # continuous functions whose derivatives are not
        sp.Derivative(sp.Sum(abs(x - k), (k, 0, 2)), x),
        sp.Derivative(sqrt(x**2 + y**2) * f(t), x, x, y),
        sp.Subs(1 / t, t, x),
        # p^-2 exp(-x²/p) x² is continuous in x for each p > 0, its integral is exp(-x²), and 0 at x = 0
        Integral(x**2 / p**2 * exp(-(x**2) / p), (p, 0, 1)),
    ):
        assert not smooth(e, x, NOWHERE), e


# -- integrals by an antiderivative ---------------------------------------------------------------------------------------------

NOT_BY_ANTIDERIVATIVE: dict[str, tuple[Any, Any, Any, Any, tuple[Any, ...]]] = {
    "another derivative": (x**3, x**2, 0, 1, ()),
    "a jump inside": (atan(tan(x)), sp.Integer(1), 0, pi, ()),
    "a pole inside": (-1 / x, x**-2, -1, 1, ()),
    "a logarithm across its pole": (log(x**2) / 2, 1 / x, -1, 1, ()),
    "a pole at the end": (-1 / x, x**-2, 0, 1, ()),
    "a divergent range": (x**2 / 2, x, 0, oo, ()),
    "a range that runs backwards from infinity": (-exp(-x), exp(-x), oo, 0, ()),
    "a parameter that may lie inside": (-1 / (x - y), (x - y) ** -2, 0, 1, ()),
    "an end that a mean binds": (Expectation(exp(x * y), y), Expectation(y * exp(x * y), y), 0, y, ()),
    "an oscillation to infinity": (sin(x), cos(x), 0, oo, ()),
    "a path across a cut": (log(x), 1 / x, -1 - I, -1 + I, ()),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_BY_ANTIDERIVATIVE)
def test_an_antiderivative_is_turned_down(name: str) -> None:
    primitive, integrand, a, b, where = NOT_BY_ANTIDERIVATIVE[name]
    with pytest.raises(NOTHING_FOUND):
        integral_by(primitive, integrand, x, sp.sympify(a), sp.sympify(b), Facts(where))


def test_an_antiderivative_is_worth_its_values_at_the_ends() -> None:
    assert integral_by(x**3 / 3, x**2, x, sp.Integer(0), sp.Integer(1), NOWHERE) == Rational(1, 3)
    assert integral_by(x**3 / 3, x**2, x, sp.Integer(1), sp.Integer(0), NOWHERE) == Rational(-1, 3)
    assert integral_by(-exp(-x), exp(-x), x, sp.Integer(0), oo, NOWHERE) == 1
    assert integral_by(2 * sqrt(x), 1 / sqrt(x), x, sp.Integer(0), sp.Integer(1), NOWHERE) == 2
    assert integral_by(atan(x), 1 / (1 + x**2), x, -oo, oo, NOWHERE) == pi


# -- integrals that are theorems ------------------------------------------------------------------------------------------------

NOT_KNOWN: dict[str, tuple[Any, Any, Any, tuple[Any, ...]]] = {
    "a Gaussian that grows": (exp(x**2), -oo, oo, ()),
    "a Gaussian of any rate": (exp(-y * x**2), -oo, oo, ()),
    "a Gaussian of a complex rate": (exp(-w * x**2), -oo, oo, ()),
    "a cubic exponent": (exp(-(x**2) - x**3), -oo, oo, ()),
    "an exponential on the whole line": (exp(-x), -oo, oo, ()),
    "a power that is not integrable at zero": (exp(-x) / x, 0, oo, ()),
    "a power of any exponent": (x**y * exp(-x), 0, oo, ()),
    "a rate of any sign": (exp(-y * x), 0, oo, ()),
    "a rate without a real part": (exp(I * x), 0, oo, ()),
    "a rate that is negative": (exp(p * x), 0, oo, ()),
    "a stretched exponential that grows": (exp(x**3), 0, oo, ()),
    "a stretched exponential with a negative power": (exp(-(x ** (-p))), 0, oo, ()),
    "a beta integral with a pole at one": (1 / (1 - x), 0, 1, ()),
    "a beta integral with any exponent": ((1 - x) ** y, 0, 1, ()),
    "a beta integral of another base": ((2 - x) ** p, 0, 1, ()),
    "a beta integral with a pole inside": ((1 - x**2) ** Rational(-1, 2), 0, oo, ()),
    "a beta integral that does not fall": ((1 + x) ** -1, 0, oo, ()),
    "a beta integral that falls too slowly": (x / (1 + x**2), 0, oo, ()),
    "an odd integrand with a pole": (1 / x, -1, 1, ()),
    "an odd integrand that diverges": (x, -oo, oo, ()),
    "an odd integrand that falls too slowly": (x / (1 + x**2), -oo, oo, ()),
    "a power that is neither odd nor even": (x ** Rational(1, 3) * (1 - x**2), -1, 1, ()),
    "an even power of an odd base": (x**2 * (1 - x**3) ** p, -1, 1, ()),
    "sines with a pole": (1 / sin(x), 0, pi / 2, ()),
    "sines with a pole at the other end": (1 / cos(x), 0, pi / 2, ()),
    "sines over another range": (sin(x) ** 2, 0, pi / 4, ()),
    "sines and something else": (sin(x) * tan(x) / (x + 1), 0, pi / 2, ()),
    "weights that do not add up to zero": ((exp(-x) + exp(-2 * x)) / x, 0, oo, ()),
    "rates of any sign, over x": ((exp(-y * x) - exp(-x)) / x, 0, oo, ()),
    "squares, over x": ((exp(-(x**2)) - exp(-x)) / x, 0, oo, ()),
    "waves that do not add up to zero, over x": (exp(-x) * cos(2 * x) / x, 0, oo, ()),
    "waves that grow, over x": (exp(x) * sin(2 * x) / x, 0, oo, ()),
    "waves of a rate of any sign, over x": (exp(-y * x) * sin(2 * x) / x, 0, oo, ()),
    "an odd integrand over half of the line": (exp(-(x**2)) * sin(x), 0, oo, ()),
    "a square that grows, even": (exp(x**2) * cos(x), 0, oo, ()),
    "a difference over x squared": ((exp(-x) - exp(-2 * x)) / x**2, 0, oo, ()),
    "a wave with a negative value": (log(1 + 2 * cos(x)), 0, 2 * pi, ()),
    "a wave around any constant": (log(y + 2 * cos(x)), 0, 2 * pi, (y**2 >= 4,)),
    "a wave of an amplitude without bound": (log(2 + y * cos(x)), 0, 2 * pi, ()),
    "a wave over a part of its period": (log(2 + cos(x)), 0, 1, ()),
    "a sine between zeros": (log(2 + sin(x)), 0, pi, ()),
    "waves of two frequencies": (log(4 + cos(x) + sin(2 * x)), 0, 2 * pi, ()),
    "a wave and its square": (log(4 + cos(x) + sin(x) ** 2), 0, 2 * pi, ()),
    "a wave of a frequency that may vanish": (log(2 + cos(y * x)), 0, 2 * pi, (sp.Eq(sp.floor(y), y),)),
    "an undefined function": (f(x) * exp(-x), 0, oo, ()),
}


@pytest.mark.parametrize("name", NOT_KNOWN)
def test_a_theorem_about_integrals_does_not_apply(name: str) -> None:
    e, a, b, where = NOT_KNOWN[name]
    assert known_integral(e, x, sp.sympify(a), sp.sympify(b), Facts(where)) is None


KNOWN = {
    "Gauss": (x**2 * exp(-2 * x**2 + x + 1), -oo, oo),
    "Euler, second kind": (x ** Rational(3, 2) * exp(-3 * x), 0, oo),
    "Euler, a stretched exponential": (x * exp(-2 * x**3), 0, oo),
    "Euler, first kind": (x ** Rational(1, 2) * (1 - x**2) ** Rational(3, 2), 0, 1),
    "Euler, on both sides": (x**2 * (1 - x**2) ** Rational(1, 2), -1, 1),
    "Wallis": (sin(x) ** 3 * cos(x) ** 2, 0, pi / 2),
    "Frullani": ((3 * exp(-2 * x) - exp(-x) - 2 * exp(-5 * x)) / x, 0, oo),
    "Frullani, of waves": (exp(-2 * x) * sin(3 * x) / x, 0, oo),
    "Frullani, of a wave and none": (exp(-x) * (1 - cos(2 * x)) / x, 0, oo),
    "Frullani, of rates and waves": ((exp(-2 * x) - exp(-x) * cos(x)) / x, 0, oo),
    "Gauss, a wave on half of the line": (exp(-2 * x**2) * cos(3 * x), 0, oo),
    "Gauss, an odd wave and an odd power on half of the line": (x * exp(-2 * x**2) * sin(3 * x), 0, oo),
    "Gauss, a hyperbolic cosine on half of the line": (x**2 * exp(-(x**2)) * cosh(x), 0, oo),
    "odd": (x**3 * (1 - x**2) ** Rational(1, 2), -1, 1),
    "a wave that falls": (exp(-2 * x) * sin(3 * x), 0, oo),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_theorem_about_integrals_gives_the_value(name: str) -> None:
    e, a, b = KNOWN[name]
    found = known_integral(e, x, sp.sympify(a), sp.sympify(b), NOWHERE)
    assert found is not None
    with mpmath.workdps(25):
        edges = [mpmath.mpf(str(sp.N(end, 30)).replace("oo", "inf")) for end in (a, *(m for m in (-1, 0, 1) if a < m < b), b)]
        numeric = mpmath.quad(sp.lambdify(x, e, "mpmath"), edges)
        assert abs(sp.N(found[0], 25) - numeric) < mpmath.mpf(10) ** -15


def test_a_beta_integral_on_the_half_line() -> None:
    for power, degree in ((Rational(1, 2), 2), (2, 4), (0, 3)):
        found = known_integral(x**power * (1 + x**degree) ** -q, x, sp.Integer(0), oo, Facts((q > 2,)))
        assert found is not None
        with mpmath.workdps(25):
            numeric = mpmath.quad(lambda v, a=power, b=degree: v ** float(a) / (1 + v**b) ** 3.5, [0, 1, mpmath.inf])
            assert abs(sp.N(found[0].subs(q, Rational(7, 2)), 25) - numeric) < mpmath.mpf(10) ** -12


# -- ranges ---------------------------------------------------------------------------------------------------------------------

BODIES = {
    "modulus": Abs(x - c),
    "modulus of a falling line": Abs(1 - 2 * (x - c)),
    "sign": sign(x - c),
    "step": Heaviside(x - c) * x,
    "maximum": Max(x, c),
    "minimum": Min(x, c),
    "a modulus and a step": Abs(c - x) * Heaviside(x - c),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("root", [-1, 0, 1, 2, 4])
@pytest.mark.parametrize("ends", [(0, 3), (3, 0), (-2, 1), (1, 1)], ids=str)
def test_an_integral_split_at_the_root_has_the_same_value(name: str, root: int, ends: tuple[int, int]) -> None:
    body = BODIES[name].subs(c, root)
    found = split_at_signs(Integral(body, (x, *ends)), NOWHERE)
    if found is not None:
        pieces = body.rewrite(sp.Piecewise)
        expected = sp.Rational(0)
        low, high = sorted(ends)
        inner = {r for r in (Rational(root), root + Rational(1, 2)) if low < r < high}
        for a, b in itertools.pairwise(sorted({Rational(low), Rational(high), *inner})):
            middle = (a + b) / 2
            line = sp.Poly(sp.interpolate([(v, pieces.subs(x, v)) for v in (a + (b - a) / 4, middle, b - (b - a) / 4)], x), x)
            expected += line.integrate(x).eval(b) - line.integrate(x).eval(a)
        assert found[0].doit() == expected * (1 if ends[0] <= ends[1] else -1)


def test_an_integral_is_split_only_where_the_root_is_known_to_lie() -> None:
    assert split_at_signs(Integral(Abs(y * x - y), (x, 0, 2)), NOWHERE) is None  # the root is 1, the sign before it is that of -y
    for node in (Integral(Abs(x - y), (x, 0, 1)), Integral(Abs(x - p), (x, 0, 1)), Integral(Abs(y * x - 1), (x, 0, 1))):
        assert split_at_signs(node, NOWHERE) is None
    assert split_at_signs(Integral(Abs(x - w), (x, 0, 1)), NOWHERE) is None
    assert split_at_signs(Integral(Abs(x - y), (x, 0, 1)), Facts((y >= 0, y <= 1))) is not None
    assert split_at_signs(Integral(Abs(x - y), (x, c, p)), Facts((y <= c,))) is None


def test_an_integral_is_mirrored_only_if_it_is_continuous() -> None:
    assert symmetrised(Integral(1 / x, (x, -1, 1)), NOWHERE) is None
    assert symmetrised(Integral(1 / x, (x, -p, p)), NOWHERE) is None
    assert symmetrised(Integral(exp(-x), (x, 0, oo)), NOWHERE) is None
    assert symmetrised(Integral(Expectation(f(x * y), y), (x, 0, y)), NOWHERE) is None
    assert symmetrised(Integral(f(x), (x, 0, y)), NOWHERE) is not None


def test_sums_in_another_order_are_the_same() -> None:
    g = 3 * i * j + j**2 - i
    for inner, outer in (
        ((j, i, n), (i, 1, n)), ((j, i + 1, n), (i, 1, n)), ((j, 1, i), (i, 1, n)), ((j, 1, i - 1), (i, 1, n)),
        ((j, 2, 5), (i, 1, n)), ((j, i + 2, n), (i, 1, n)), ((j, 1, n), (i, 1, n)),
        ((j, i, n + 1), (i, 1, n)), ((j, 0, i), (i, 1, n)), ((j, 2 * i, n), (i, 1, n)), ((j, i, 2 * i), (i, 1, n)),
    ):  # fmt: skip
        e = Sum(Sum(g, inner), outer)
        for other, _ in transposed_sums(e, NOWHERE):
            for size in (0, 3):
                assert other.subs(n, size).doit() == e.subs(n, size).doit()


def test_a_sum_is_not_read_backwards_past_what_a_mean_binds() -> None:
    assert list(reflected_sums(Sum(Expectation(f(k + j), j), (k, 1, j)))) == []
    assert list(reflected_sums(Sum(2 ** (-k), (k, 1, oo)))) == []
    assert len(list(reflected_sums(Sum(f(k), (k, 1, n))))) == 1


def test_a_legendre_polynomial_is_bounded_between_minus_one_and_one_only() -> None:
    m = sp.symbols("m", integer=True, nonnegative=True)
    u = sp.symbols("u", real=True)
    facts = Facts(())

    def integrable(factor: Any) -> bool:
        return is_integrable(sp.exp(-u) * factor, u, sp.Integer(0), sp.oo, facts)

    assert integrable(sp.legendre(m, 1 - 2 * sp.exp(-u)))
    assert integrable(sp.chebyshevt(m, 2 * sp.exp(-u) - 1))
    assert not integrable(sp.legendre(m, 1 + 2 * sp.exp(u)))
    assert not integrable(sp.legendre(m, 1 - 3 * sp.exp(-u)))
    assert not integrable(sp.chebyshevu(m, 1 - 2 * sp.exp(-u)))  # m + 1 at the ends
    assert not integrable(sp.legendre(sp.Symbol("nu", positive=True), 1 - 2 * sp.exp(-u)))  # logarithmic at -1
    assert not is_integrable(sp.legendre(m, 1 - 2 * sp.exp(-u)), u, sp.Integer(0), sp.oo, facts)
