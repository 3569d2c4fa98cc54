"""Signs, steps and cases that no hypothesis decides: each side of them is proved by itself."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Eq, Heaviside, Integral, Ne, Piecewise, Sum, atan, cosh, exp, log, pi, sign, sinh, sqrt

from derivable import at_most, equal
from derivable.trusted.equality import _settled
from derivable.trusted.facts import Facts

x, y, z = sp.symbols("x y z", real=True)
p, q = sp.symbols("p q", positive=True)
w = sp.Symbol("w")
k = sp.Symbol("k", integer=True)


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (atan(x) + atan(1 / x), sign(x) * pi / 2, (Ne(x, 0),)),
        (atan(x) + atan(1 / x), Piecewise((pi / 2, x > 0), (-pi / 2, True)), ()),
        (atan(x) + atan(1 / x), -pi / 2 + pi * Heaviside(x), (Ne(x, 0),)),
        (log(sqrt(x**2) / sign(x) + sqrt(1 + x**2)), sp.asinh(x), (Ne(x, 0),)),
        (Integral(exp(-p * x) * exp(-q * (z - x)), (x, 0, z)), (exp(-q * z) - exp(-p * z)) / (p - q), (Ne(p, q),)),
        (Integral(x * exp(-p * x) * exp(q * x), (x, 0, 1)), (exp(q - p) * (q - p - 1) + 1) / (q - p) ** 2, (Ne(p, q),)),
        (Integral(exp(-x) * cosh(x) * exp(2 * x), (x, 0, z)), (exp(2 * z) - 1) / 4 + z / 2, ()),
    ],
)
def test_each_case_is_proved(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    assert equal(lhs, rhs, where=where).verdict == "proved"


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (atan(x) + atan(1 / x), pi / 2, (Ne(x, 0),)),
        (atan(x) + atan(1 / x), Piecewise((pi / 2, x > 1), (-pi / 2, True)), ()),
        (Integral(exp(-p * x) * exp(-q * (z - x)), (x, 0, z)), (exp(-q * z) - exp(-p * z)) / (q - p), (Ne(p, q),)),
        (sinh(x) * sign(x), cosh(x) - exp(-x), ()),
    ],
)
def test_one_wrong_case_is_enough(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    assert equal(lhs, rhs, where=where).verdict == "refuted"


MEAN = (p - q) / (log(p) - log(q))  # the logarithmic mean


@pytest.mark.parametrize(
    ("lhs", "rhs", "where", "verdict"),
    [
        (sqrt(p * q), MEAN, (Ne(p, q),), "proved"),
        (MEAN, (p + q) / 2, (Ne(p, q),), "proved"),
        (sp.tanh(x) / x, 1, (Ne(x, 0),), "proved"),
        (0, (exp(x) - 1) / x, (Ne(x, 0),), "proved"),
        ((p + q) / 2, MEAN, (Ne(p, q),), "refuted"),
        (MEAN, sqrt(p * q), (Ne(p, q),), "refuted"),
        ((exp(x) - 1) / x, exp(x), (Ne(x, 0),), "refuted"),
        (1 / x, exp(x) / x**2 * 4, (Ne(x, 5),), "proved"),
        (1 / (x - 5), exp(x) / (x - 5), (Ne(x, 5), x > 0), "refuted"),
    ],
)
def test_a_quotient_on_both_sides_of_where_it_is_undefined(lhs: Any, rhs: Any, where: tuple[Any, ...], verdict: str) -> None:
    assert at_most(lhs, rhs, where=where, timeout=20).verdict == verdict


def test_only_what_is_decided_and_free_is_settled() -> None:
    facts = Facts((x > 0, y < 0, Eq(w, w, evaluate=False)))
    cases = Piecewise((1, x < 0), (2, z > 0), (3, True))
    assert _settled(sign(x) + 2 * sign(y) + sign(z), facts) == -1 + sign(z)
    assert _settled(sign(w), facts) == sign(w)
    assert _settled(cases, facts) == cases
    assert _settled(Piecewise((1, x < 0), (2, x > 0), (3, True)), facts) == 2
    inside = Sum(sign(k), (k, 0, 3)) * sign(k)
    assert _settled(inside, Facts((k > 0,))) == inside
