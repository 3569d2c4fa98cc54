"""Hypotheses that are equations, solved and asked for signs; Jensen's inequality for powers with symbolic exponents."""

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Eq, symbols

from derivable import at_most, equal
from derivable.search import propose
from derivable.trusted.facts import NEGATIVE, POSITIVE, REAL, Facts
from derivable.trusted.order import OrderProver

x, y, p, q, c = symbols("x y p q c", positive=True)
theta, r = symbols("theta r", real=True)
conjugate = Eq(1 / p + 1 / q, 1)


@pytest.mark.parametrize(
    ("equation", "part", "signs"),
    [
        (conjugate, p - 1, POSITIVE),
        (Eq(x + y, 1), x - 1, NEGATIVE),
        (Eq(r * x, 1 + y), r, POSITIVE),
        (Eq(r * x + y, 0), r, NEGATIVE),
        (Eq(r * theta, 1), r, REAL),  # both may be negative
        (Eq(x / r + y / theta, 0), r, REAL),
        (Eq(r * theta, theta), r - 1, REAL),  # theta may be 0
    ],
)
def test_signs_of_the_parts_of_an_equation(equation: Any, part: Any, signs: Any) -> None:
    assert Facts((equation,)).signs(part) == signs


@pytest.mark.parametrize(
    ("left", "right", "where", "verdict"),
    [
        (p * q, p + q, (conjugate,), "proved"),
        (p / (p - 1), q, (conjugate,), "proved"),
        (r * theta + r, 3, (Eq(r * theta + r - 3, 0),), "proved"),
        # where the slope may vanish, so may what remains
        (r, 1, (Eq(r * theta, theta),), "refuted"),
        (r, -1, (Eq((r + 1) * (theta - 2), 0),), "refuted"),
    ],
)
def test_an_equation_is_solved_where_its_slope_cannot_vanish(left: Any, right: Any, where: tuple[Any, ...], verdict: str) -> None:
    assert equal(left, right, where=where, timeout=10).verdict == verdict


def test_an_equation_between_reciprocals_has_admissible_points() -> None:
    """Else a statement under it would count as one about nothing."""
    decision = at_most(c + p * q, c + p + q, where=[conjugate], timeout=10)
    assert decision.points > 3


@pytest.mark.parametrize(
    ("left", "right", "where", "strict"),
    [
        (1, p, (conjugate,), True),
        (4, p * q, (conjugate,), False),
        (0, r, (Eq(r * x, 1 + y),), True),
        (0, r, (Eq(x / r, y),), True),
        (r, 0, (Eq(r * x + y, 0),), True),
        (2, r + x, (Eq(r * x, 1),), False),
        (-x * sp.log(x) - y * sp.log(y), sp.log(2), (Eq(x + y, 1),), False),
        ((x + y) ** p, 2 ** (p - 1) * (x**p + y**p), (p >= 1,), False),
        (2 ** (p - 1) * (x**p + y**p), (x + y) ** p, (p <= 1,), False),
        (((x + y) / 2) ** r, (x**r + y**r) / 2, (r < 0,), False),
        ((p * x + q * y) ** c, p * x**c + q * y**c, (Eq(p + q, 1), c > 1), False),
    ],
)
def test_what_equations_and_symbolic_exponents_give_is_proved(
    left: Any, right: Any, where: tuple[Any, ...], strict: bool
) -> None:
    assert at_most(left, right, where=where, strict=strict, timeout=20).verdict == "proved"


@pytest.mark.parametrize(
    ("left", "right", "where"),
    [
        (p, 2, (conjugate,)),
        (0, r, (Eq(r * theta, 1),)),
        (0, r, (Eq(x / r + y / theta, 0),)),
        (r + x, 2, (Eq(r * x, 1),)),
        (((x + y) / 2) ** r, (x**r + y**r) / 2, ()),
        (((x + y) / 2) ** r, (x**r + y**r) / 2, (r > 0,)),
        ((p * x + q * y) ** c, p * x**c + q * y**c, (c > 1,)),
        (1 / x + 1 / y, 4, (Eq(x + y, 1),)),
    ],
)
def test_what_they_do_not_give_is_not_proved(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where, timeout=5).verdict != "proved"
    rules = OrderProver(propose, time.monotonic() + 5)
    assert rules.sign(sp.sympify(right) - left, Facts(where), False) is None
