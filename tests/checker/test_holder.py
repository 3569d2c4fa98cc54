"""Hölder's inequality, of sums written out and of finite sums; and what must not pass for it."""

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Abs, Eq, Function, Rational, Sum, sqrt, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.holder import by_holder
from derivable.trusted.order import OrderProver

a, b, c, d, g, h, p, q = symbols("a b c d g h p q", positive=True)
x, y, z, t = symbols("x y z t", real=True)
k = symbols("k", integer=True)
n = symbols("n", integer=True, nonnegative=True)
m = symbols("m", integer=True)
F, G, R = Function("F", positive=True), Function("G", positive=True), Function("R", real=True)
THIRD, HALF, QUARTER = Rational(1, 3), Rational(1, 2), Rational(1, 4)
conjugate = Eq(1 / p + 1 / q, 1)

TRUE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (a * b + c * d, (a**3 + c**3) ** THIRD * (b ** Rational(3, 2) + d ** Rational(3, 2)) ** (2 * THIRD), ()),
    (a * b + c * d, (a**3 + c**3) ** THIRD * (d ** Rational(3, 2) + b ** Rational(3, 2)) ** (2 * THIRD), ()),
    (a * b + c * d + g * h, (a**4 + c**4 + g**4) ** QUARTER * sum(s ** (4 * THIRD) for s in (b, d, h)) ** (3 * QUARTER), ()),
    (a * b + c * d, (a**p + c**p) ** (1 / p) * (b**q + d**q) ** (1 / q), (conjugate,)),
    (a * b + c * d, (a**p + c**p) ** (1 / p) * (b ** (p / (p - 1)) + d ** (p / (p - 1))) ** ((p - 1) / p), (p > 1,)),
    (sqrt(a * b) + sqrt(c * d), sqrt((a + c) * (b + d)), ()),
    ((a * b * c) ** THIRD + (d * g * h) ** THIRD, ((a + d) * (b + g) * (c + h)) ** THIRD, ()),
    (a ** (4 * THIRD) + b ** (4 * THIRD), (a + b) ** (2 * THIRD) * (a**2 + b**2) ** THIRD, ()),
    (a * c**2 + b * d**2, sqrt(a * c + b * d) * sqrt(a * c**3 + b * d**3), ()),
    (Abs(x * y + z * t), (Abs(x) ** 3 + Abs(z) ** 3) ** THIRD * (Abs(y) ** (3 * HALF) + Abs(t) ** (3 * HALF)) ** (2 * THIRD), ()),
    (Sum(F(k) * G(k), (k, 1, n)), Sum(F(k) ** p, (k, 1, n)) ** (1 / p) * Sum(G(k) ** q, (k, 1, n)) ** (1 / q), (conjugate,)),
]  # fmt: skip

FALSE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (a * b + c * d, (a**3 + c**3) ** THIRD * (b**2 + d**2) ** Rational(1, 2), ()),
    (a * b + c * d, (a**p + c**p) ** (1 / p) * (b**q + d**q) ** (1 / q), ()),
    (a * b + c * d, (a**p + c**p) ** (1 / p) * (b**q + d**q) ** (1 / q), (Eq(1 / p + 1 / q, Rational(1, 2)),)),
    (a * b + c * d + b * c, (a**3 + c**3) ** THIRD * (b ** Rational(3, 2) + d ** Rational(3, 2)) ** (2 * THIRD), ()),
    (sqrt(a * b) + sqrt(c * d) + sqrt(a * d), sqrt((a + c) * (b + d)), ()),
    (a * b + c * d, (a**3 + c**3) ** (2 * THIRD) * (b ** Rational(3, 2) + d ** Rational(3, 2)) ** THIRD, ()),
    (Sum(F(k) * G(k), (k, 1, m)), sqrt(Sum(F(k) ** 2, (k, 1, m))) * sqrt(Sum(G(k) ** 2, (k, 1, m))) - 1, ()),
    (Sum(F(k) * G(k), (k, 1, n)), sqrt(Sum(F(k) ** 2, (k, 1, n - 1))) * sqrt(Sum(G(k) ** 2, (k, 1, n))), ()),
]


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 3).sign(e, facts, strict, 2)


def everything(e: Any, facts: Facts, strict: bool) -> Proof | None:
    """A prover that believes all: what is left shows the conditions of the rule itself."""
    return Proof((("believed", str(e)),))


@pytest.mark.parametrize(("left", "right", "where"), TRUE)
def test_products_of_norms_are_above_the_sum_of_the_products(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where).verdict == "proved"


@pytest.mark.parametrize(("left", "right", "where"), FALSE)
def test_what_is_false_is_not_shown(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert by_holder(right - left, Facts(where), False, sign) is None


def test_the_terms_are_not_negative_and_the_exponents_positive() -> None:
    facts = Facts(())
    assert by_holder(sqrt(x + a) * sqrt(b + c) - y, facts, False, everything) is None
    assert by_holder(sqrt(a + b) / sqrt(c + d) - y, facts, False, everything) is None
    assert by_holder(x * sqrt(a + b) * sqrt(c + d) - y, facts, False, everything) is None
    assert by_holder(-sqrt(a + b) * sqrt(c + d) + y, facts, False, everything) is None
    assert by_holder(sqrt(a + b) * sqrt(c + d) - y, facts, False, everything)


def test_sums_of_another_kind_have_no_common_range() -> None:
    written, over_a_range = sqrt(a + b), sqrt(Sum(F(k), (k, 1, n)))
    assert by_holder(written * over_a_range - y, Facts(()), False, everything) is None


def test_sums_run_forwards_over_one_range_and_are_finite() -> None:
    facts = Facts(())
    one, other = Sum(F(k) ** 2, (k, 1, m)), Sum(G(k) ** 2, (k, 1, m))
    assert by_holder(sqrt(one) * sqrt(other) - y, facts, False, everything) is None
    assert by_holder((sqrt(one) * sqrt(other) - y).subs(m, n), facts, False, everything)
    assert by_holder((sqrt(one) * sqrt(other) - y).subs(m, sp.oo), facts, False, everything) is None
    signed = Sum(R(k), (k, 1, n))
    assert by_holder(sqrt(signed) * sqrt(one.subs(m, n)) - y, facts, False, everything) is None
