"""Equations among the hypotheses that speak of powers, exponentials and gamma functions: where dividing by them says too much."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import sympy as sp
from sympy import Eq, I, binomial, cos, exp, factorial, pi, sin, sqrt

from derivable import at_most, equal
from derivable.search.propose import propose
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.ideals import by_ideal
from derivable.trusted.normal_form import NormalForm

a, b, c, d = sp.symbols("a b c d")
x, y = sp.symbols("x y", real=True)
p, q = sp.symbols("p q", positive=True)
m, n = sp.symbols("m n", integer=True)
N, K = sp.symbols("N K", integer=True, nonnegative=True)
THIRD = sp.Rational(1, 3)

FALSE = [
    # the cube root of e^u is not e^(u/3)
    (exp(I * pi * n / 3), 1, (Eq(exp(I * pi * n), 1),)),
    (exp(I * x / 2), 1, (Eq(exp(I * x), 1),)),
    (cos(x / 3), 1, (Eq(exp(I * x), 1),)),
    (sin(x / 4) ** 2, 0, (Eq(exp(I * x), 1),)),
    (exp(a / 2), exp(b / 2), (Eq(exp(a), exp(b)),)),
    (a ** (b / 2), 1, (Eq(a**b, 1),)),
    (exp(I * pi * n / 3), exp(I * pi * m / 3), (Eq(exp(I * pi * n), exp(I * pi * m)),)),
    # a power of a base that may be 0 may be 0
    (a, 1, (Eq(a * b**c, b**c),)),
    (a, 1, (Eq(a * x**y, x**y),)),
    (a, 1, (Eq(a * abs(x) ** y, abs(x) ** y),)),
    (a, 0, (Eq(a * (b + 1) ** c, 0),)),
    (a, 1, (Eq(a * (x - 7) ** p, (x - 7) ** p),)),
    (x ** (N - 1), 0, (Eq(x**N, 0),)),
    (x ** (N - 1), y, (Eq(x**N, x * y),)),
    (b ** (c - 1), d, (Eq(b**c, b * d),)),
    # 1/Γ may be 0, and so may a binomial
    (a, d, (Eq(a * binomial(N, K), d * binomial(N, K)),)),
    (a, d, (Eq(a * binomial(N, K), d * binomial(N, K)), N > 20)),
    (a, 0, (Eq(a / factorial(n), 0),)),
    (a, 0, (Eq(a * factorial(N) / factorial(N - K), 0),)),
    (a**2, b, (Eq(a**2 / factorial(n), b / factorial(n)),)),
]


@pytest.mark.parametrize(("lhs", "rhs", "where"), FALSE)
def test_neither_the_normal_form_nor_the_ideal_says_too_much(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    assert equal(lhs, rhs, where=where, timeout=4).verdict != "proved"
    facts = Facts(where)
    assert by_ideal(lhs - rhs, facts, propose) is None
    with contextlib.suppress(NeedCase, NoNormalForm):
        assert not NormalForm(facts).is_zero(lhs - rhs)


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (exp(x / 3), 2, (Eq(exp(x), 8),)),
        (exp(x / 2), exp(y / 2), (Eq(exp(x), exp(y)),)),
        (a, 1, (Eq(a * p**x, p**x),)),
        (a, 1, (Eq(a * b**c, b**c), sp.Ne(b, 0))),
        (p ** (N - 1), q, (Eq(p**N, p * q),)),
        (sqrt(p), q, (Eq(p, q**2),)),
        (p**THIRD, q, (Eq(p, q**3),)),
    ],
)
def test_what_does_follow_is_proved_all_the_same(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    assert equal(lhs, rhs, where=where).verdict == "proved"


def test_the_order_does_not_use_such_an_equation_either() -> None:
    assert at_most(1, cos(x / 3), where=[Eq(exp(I * x), 1)]).verdict != "proved"
    assert at_most(1, cos(pi * n / 3), where=[Eq(exp(I * pi * n), 1)]).verdict != "proved"


def test_touching_says_nothing_where_a_hypothesis_only_nearly_holds() -> None:
    tiny = Eq(x * exp(-exp(exp(10))), 0)
    assert at_most(0, (exp(x) - sp.E) ** 2, strict=True, where=[tiny]).verdict != "refuted"


def test_a_number_that_is_not_imaginary_is_not_antihermitian() -> None:
    assert equal(sp.re(sp.Symbol("h", antihermitian=True)), 0).verdict != "refuted"
