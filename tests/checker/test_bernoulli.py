"""Bernoulli's inequality for real exponents, and on which side of 1 they have to lie."""

from __future__ import annotations

import time
from typing import Any

import mpmath
import pytest
from sympy import Rational, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.bernoulli import by_bernoulli
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver

a, b, r, s = symbols("a b r s", positive=True)
x, y = symbols("x y", real=True)
BELOW_ONE = (a < 1, b < 1)

TRUE: list[tuple[Any, Any, bool, tuple[Any, ...]]] = [
    (1, a**b + b**a, True, BELOW_ONE),
    (1, r**s + s**r, True, (r <= 1, s <= 1)),
    (1 + x * (a - 1), a**x, False, (x >= 1,)),
    (1 + x * (a - 1), a**x, False, (x <= 0,)),
    (a**r, 1 + r * (a - 1), False, (r <= 1,)),
    (a**r * b ** (1 - r), r * a + (1 - r) * b, False, (r < 1,)),
    (3, a**x + b**y + x + y - x * a - y * b + 1, False, (x >= 1, y >= 1)),
]
FALSE: list[tuple[Any, bool, tuple[Any, ...]]] = [
    (a**b + b**a - 1 - Rational(1, 1000), True, BELOW_ONE),
    (a**x - 1 - x * (a - 1), False, (x >= 0,)),  # an exponent between 0 and 1
    (a**x - 1 - x * (a - 1), False, ()),
    (1 + r * (a - 1) - a**r, False, ()),  # an exponent above 1
    (a**x - a / (a + x * (1 - a)), False, (x <= 2, x >= 0)),
    (1 + x * (y - 1) - y**x, False, (x >= 0, x <= 1)),  # a base that may be negative
    (y**x - 1 - x * (y - 1), False, (x >= 1,)),
]


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 4).sign(e, facts, strict, 1)


def believed(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return Proof((("believed", str(e)),))


@pytest.mark.parametrize(("left", "right", "strict", "where"), TRUE)
def test_powers_are_bounded_by_rational_functions(left: Any, right: Any, strict: bool, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, strict=strict, where=where).verdict == "proved"


@pytest.mark.parametrize(("e", "strict", "where"), FALSE)
def test_what_is_false_is_not_shown(e: Any, strict: bool, where: tuple[Any, ...]) -> None:
    assert by_bernoulli(e, Facts(where), strict, sign) is None


def test_exponents_and_bases_of_which_too_little_is_known_have_no_bound() -> None:
    for e, where in (
        (a**x - 1, ()),
        (a**x - 1, (x >= 0,)),
        (-(a**x), (x >= 1,)),  # from above
        (-(a**x), (x <= 0,)),
        (y**r - 1, (r <= 1,)),
        (x * a**r - 1, (r <= 1,)),  # a coefficient of either sign
        (a**r + a ** (2 * r), (r <= 1,)),  # 2 r on either side of 1
        (a ** (a**r) - 1, (r <= 1,)),
    ):
        assert by_bernoulli(e, Facts(where), False, believed) is None


def test_the_bounds_hold_at_points() -> None:
    told: list[Any] = []

    def listening(e: Any, facts: Facts, strict: bool) -> Proof | None:
        told.append(e)
        return None

    for e, where, exponents in (
        (a**x, (x >= 0, x <= 1), (0, 0.3, 1)),
        (-(a**x), (x >= 0, x <= 1), (0, 0.3, 1)),
        (a**x, (x >= 1,), (1, 1.5, 7)),
        (a**x, (x <= 0,), (0, -0.5, -3)),
    ):
        by_bernoulli(e, Facts(where), False, listening)
        bound = told.pop()
        for at in (0.01, 0.7, 1, 1.2, 30):
            for power in exponents:
                values = {a: mpmath.mpf(at), x: mpmath.mpf(power)}
                assert float(bound.subs(values)) <= float(e.subs(values)) + 1e-12
