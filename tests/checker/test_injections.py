"""Equality by equal images: what is proved by it, and what must not be."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import LambertW, Rational, acos, acosh, asin, asinh, atan, cos, exp, log, loggamma, pi, sin, sinh, sqrt, symbols, tan

from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts
from derivable.trusted.injections import by_complex_root
from derivable.trusted.normal_form import vanishes_identically

t, x = symbols("t x", real=True)
p, q = symbols("p q", positive=True)


def prove(lhs: Any, rhs: Any, *where: Any) -> Proof | None:
    """A proof without the attack before it, so that a wrong yes is seen."""
    return Prover(propose, time.monotonic() + 20).zero(sp.sympify(lhs) - rhs, Facts(where))


TRUE = {
    "Machin": (4 * atan(Rational(1, 5)) - atan(Rational(1, 239)), pi / 4, ()),
    "arctangents beyond a quarter": (atan(2) + atan(3), 3 * pi / 4, ()),
    "arcsine of the sine in range": (asin(sin(t)), t, (t >= -pi / 2, t <= pi / 2)),
    "arctangent of the tangent in range": (atan(tan(t)), t, (t > -pi / 2, t < pi / 2)),
    "arcsine and arccosine": (asin(t) + acos(t), pi / 2, (t >= -1, t <= 1)),
    "double arcsine of a root": (2 * asin(sqrt(t)), pi / 2 + asin(2 * t - 1), (t >= 0, t <= 1)),
    "double area sine": (2 * asinh(p), acosh(2 * p**2 + 1), ()),
    "Lambert's W": (log(LambertW(p)), log(p) - LambertW(p), ()),
    "log-gamma recurrence": (loggamma(p + 1), log(p) + loggamma(p), ()),
    "logarithms of what is proved to be positive": (log(sqrt(x**2 + 1) + x) + log(sqrt(x**2 + 1) - x), 0, ()),
    "nested roots": (sqrt(x - sqrt(x**2 - 1)) + sqrt(x + sqrt(x**2 - 1)), sqrt(2 * x + 2), (x >= 1,)),
    "denesting": (sqrt(p + q + 2 * sqrt(p) * sqrt(q)), sqrt(p) + sqrt(q), ()),
    "amplitude and phase": (3 * sin(t) + 4 * cos(t), 5 * sin(t + atan(Rational(4, 3))), ()),
}

FALSE = {
    "off by a period": (atan(2) + atan(3), -pi / 4, ()),
    "double arcsine of a root, reflected": (2 * asin(sqrt(t)), pi / 2 - asin(2 * t - 1), (t >= 0, t <= 1)),
    "off by two periods": (asin(t) + acos(t), pi / 2 + 2 * pi, (t >= -1, t <= 1)),
    "arcsine of the sine beyond its range": (asin(sin(t)), t, (t >= 0, t <= pi)),
    "arcsine of the sine anywhere": (asin(sin(t)), t, ()),
    "the other root": (sqrt(p + q - 2 * sqrt(p) * sqrt(q)), sqrt(p) - sqrt(q), ()),
    "the branch -1 of W": (LambertW(-p * exp(-p), -1), -p, ()),
    "another branch of W": (LambertW(-p * exp(-p), 1), -p, (p >= 1,)),
    "area cosine of a negative number": (acosh(sp.cosh(x)), x, ()),
    "squares of opposite numbers": (sqrt(x**2), x, ()),
    "logarithm of a real number": (log(x**2), 2 * log(x), ()),
    "logarithms of what may be negative": (log(sqrt(x**2) - x - 1) + log(sqrt(x**2) + x - 1), log(1 - 2 * sqrt(x**2)), ()),
    "area sine of its double": (asinh(2 * sinh(x)), 2 * x, ()),
}


@pytest.mark.parametrize("name", TRUE)
def test_equal_images_prove(name: str) -> None:
    lhs, rhs, where = TRUE[name]
    assert prove(lhs, rhs, *where) is not None


@pytest.mark.parametrize("name", FALSE)
def test_equal_images_under_what_is_not_injective_do_not(name: str) -> None:
    lhs, rhs, where = FALSE[name]
    assert prove(lhs, rhs, *where) is None


y, z = symbols("y", real=True), symbols("z")
I = sp.I
PRODUCT = x**2 - y**2 + 2 * I * x * y


def root(e: Any, *where: Any) -> Proof | None:
    """The rule for roots of complex numbers alone."""

    def zero(image: Any, given: Facts) -> Proof | None:
        return Proof() if vanishes_identically(image, given) else None

    def positive(part: Any, given: Facts, strict: bool) -> bool:
        return given.is_positive(part) if strict else given.is_nonnegative(part)

    return by_complex_root(sp.sympify(e), Facts(where), zero, positive)


@pytest.mark.parametrize(
    ("e", "where"),
    [
        (sqrt(PRODUCT) - x - I * y, (x > 0,)),
        (sqrt(PRODUCT) - x - I * y, (x >= 0, y >= 0)),
        (2 * sqrt(PRODUCT) + 2 * x + 2 * I * y, (x < 0,)),
    ],
)
def test_the_root_on_the_right_is_the_root(e: Any, where: tuple[Any, ...]) -> None:
    assert root(e, *where) is not None


@pytest.mark.parametrize(
    ("e", "where"),
    [
        (sqrt(PRODUCT) - x - I * y, (x >= 0,)),  # x = 0, y < 0
        (sqrt(PRODUCT) - x - I * y, (y >= 0,)),  # x < 0
        (sqrt(PRODUCT) - x - I * y, ()),
        (sqrt(PRODUCT) + x + I * y, (x > 0,)),
        (sqrt(PRODUCT) - x + I * y, (x > 0, y > 0)),
        (PRODUCT ** Rational(1, 3) - x - I * y, (x > 0,)),  # the cube root of the square
        (PRODUCT ** Rational(3, 2) - x - I * y, (x > 0,)),
        (1 / sqrt(PRODUCT) - x - I * y, (x > 0,)),
        (sqrt(-(z**2)) - I * z, ()),  # z is not real
        (sqrt(z * I) - sqrt(z) * sqrt(I), ()),
        (sqrt(x * I) - sqrt(x) * (1 + I) / sqrt(2), ()),  # x < 0
        (x * sqrt(PRODUCT) - x * (x + I * y), (x >= 0,)),
    ],
)
def test_another_root_is_not(e: Any, where: tuple[Any, ...]) -> None:
    assert root(e, *where) is None


def test_a_base_that_is_seen_not_to_be_negative_may_be_zero() -> None:
    """For x = 0 and y < 0 the root is -i y."""

    def zero(image: Any, given: Facts) -> Proof | None:
        return Proof() if vanishes_identically(image, given) else None

    def positive(part: Any, given: Facts, strict: bool) -> bool:
        return given.is_positive(part) if strict else part == x or given.is_nonnegative(part)

    e = sqrt(sp.expand((sqrt(x) + I * y) ** 2)) - sqrt(x) - I * y
    assert by_complex_root(e, Facts(()), zero, positive) is None
    assert by_complex_root(e, Facts((y >= 0,)), zero, positive) is not None
