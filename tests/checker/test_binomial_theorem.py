"""Binomial sums of exponentials and waves: what is proved, and what each side condition keeps out."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import I, binomial, cos, cosh, exp, im, pi, re, sin, sinh, sqrt, tan

import derivable
from derivable.trusted.binomial_theorem import by_binomial_theorem
from derivable.trusted.errors import NeedCase
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import NormalForm
from derivable.trusted.whole_arguments import ANGLES, in_whole_arguments

k, j, p = sp.symbols("k j p", integer=True)
n = sp.Symbol("n", integer=True, positive=True)
m = sp.Symbol("m", integer=True, nonnegative=True)
x, y, r = sp.symbols("x y r", real=True)
z, w = sp.symbols("z w")


def total(f: Any, first: Any = 0, last: Any = m, above: Any = m) -> Any:
    return sp.Sum(binomial(above, k) * f, (k, first, last))


def value(node: Any, *where: Any) -> Any:
    return by_binomial_theorem(node, Facts(where))


TRUE = [
    (total(cos(k * x)), 2**m * cos(x / 2) ** m * cos(m * x / 2)),
    (total(sin(k * x)), 2**m * cos(x / 2) ** m * sin(m * x / 2)),
    (total(cos(k * z)), 2**m * cos(z / 2) ** m * cos(m * z / 2)),
    (sp.Sum(binomial(n, j) * cos(x + j * y), (j, 0, n)), 2**n * cos(y / 2) ** n * cos(x + n * y / 2)),
    (sp.Sum(binomial(n, k - 1) * cos(k * x), (k, 1, n + 1)), 2**n * cos(x / 2) ** n * cos((n + 2) * x / 2)),
    (total((-1) ** k * cos(k * x)), 2**m * sin(x / 2) ** m * cos(m * (x - pi) / 2)),
    (total((-1) ** k * sin(k * x)), (-2) ** m * sin(x / 2) ** m * sin(m * (x + pi) / 2)),
    (total(exp(I * k * x)), (1 + exp(I * x)) ** m),
    (total(r**k * cos(k * x)), re((1 + r * exp(I * x)) ** m)),
    (total(r**k * sin(k * x)), im((1 + r * exp(I * x)) ** m)),
    (total(z**k * w ** (m - k)), (z + w) ** m),
    (total(cos(x) ** (m - k) * (I * sin(x)) ** k), exp(I * m * x)),
    (total(I**k * tan(x) ** k), exp(I * m * x) / cos(x) ** m),
    (total(cosh(k * x)), 2**m * cosh(x / 2) ** m * cosh(m * x / 2)),
    (total(cos(k * pi / 3)), sqrt(3) ** m * cos(m * pi / 6)),
    (total(sin(k * pi / 2)), 2 ** (m / 2) * sin(m * pi / 4)),
    (total(sin(k * x), 1, m), 2**m * cos(x / 2) ** m * sin(m * x / 2)),
    (total(cos(k * x), 1, m), 2**m * cos(x / 2) ** m * cos(m * x / 2) - 1),
    (total(cos(k * x), 0, m - 1), 2**m * cos(x / 2) ** m * cos(m * x / 2) - cos(m * x)),
    (total(k * cos(k * x)), m * 2 ** (m - 1) * cos(x / 2) ** (m - 1) * cos((m + 1) * x / 2)),
    (total((-1) ** k), sp.Piecewise((1, sp.Eq(m, 0)), (0, True))),
    (sp.Sum(binomial(2 * m, m + k) * cos(2 * k * x), (k, -m, m)), (2 * cos(x)) ** (2 * m)),
    (cos(x) ** (2 * m), (binomial(2 * m, m) + 2 * total(cos(2 * (m - k) * x), 0, m - 1, 2 * m)) / 4**m),
    (sin(x) ** (2 * m), (binomial(2 * m, m) + 2 * (-1) ** m * total((-1) ** k * cos(2 * (m - k) * x), 0, m - 1, 2 * m)) / 4**m),
    (cos(x) ** (2 * m + 1), total(cos((2 * m + 1 - 2 * k) * x), 0, m, 2 * m + 1) / 4**m),
    (sin(x) ** (2 * m + 1), (-1) ** m * total((-1) ** k * sin((2 * m + 1 - 2 * k) * x), 0, m, 2 * m + 1) / 4**m),
    (sinh(x) ** (2 * m + 1), total((-1) ** k * sinh((2 * m + 1 - 2 * k) * x), 0, m, 2 * m + 1) / 4**m),
    (cos(x) ** (2 * m), (binomial(2 * m, m) + 2 * sp.Sum(binomial(2 * m, m - k) * cos(2 * k * x), (k, 1, m))) / 4**m),
]


@pytest.mark.parametrize(("lhs", "rhs"), TRUE, ids=str)
def test_sums_of_waves_have_closed_forms(lhs: Any, rhs: Any) -> None:
    assert derivable.equal(lhs, rhs).verdict == "proved"


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (total(cos(k * x)), 2**m * cos(x / 2) ** m * sin(m * x / 2)),
        (total(cos(k * x)), 2**m * cos(x) ** m * cos(m * x)),
        (total(cos(k * x), 1, m), 2**m * cos(x / 2) ** m * cos(m * x / 2)),
        (total(cos(k * x), 0, m - 1), 2**m * cos(x / 2) ** m * cos(m * x / 2)),
        (total((-1) ** k * sin(k * x)), 2**m * sin(x / 2) ** m * sin(m * (x + pi) / 2)),
        (total(r**k * cos(k * x)), im((1 + r * exp(I * x)) ** m)),
        (total((-1) ** k), 0),
        (total((-1) ** k * k), 0),
        (cos(x) ** (2 * m), (binomial(2 * m, m) + 2 * total(cos(2 * (m - k) * x), 0, m, 2 * m)) / 4**m),
        (sin(x) ** (2 * m), (binomial(2 * m, m) + 2 * total((-1) ** k * cos(2 * (m - k) * x), 0, m - 1, 2 * m)) / 4**m),
        (total(exp(2 * I * (m - k) * x), 0, m - 1, 2 * m), ((2 * cos(x)) ** (2 * m) - binomial(2 * m, m)) / 2),
        (sp.Sum(binomial(p, k) * cos(k * x), (k, 0, p)), 2**p * cos(x / 2) ** p * cos(p * x / 2)),
    ],
    ids=str,
)
def test_false_neighbours_are_not_proved(lhs: Any, rhs: Any) -> None:
    assert derivable.equal(lhs, rhs, timeout=6).verdict != "proved"


@pytest.mark.parametrize(
    "node",
    [
        total(cos(k * x), 2, m),
        total(cos(k * x), 0, m - 2),
        total(cos(k * x), 0, 2 * m),
        total(cos(k * x), 0, sp.oo),
        total(cos((m - 2 * k) * x), 0, m / 2),
        total(k**k),
        total((k + 1) ** k * cos(k * x)),
        total(exp(k**2 * x)),
        sp.Sum(binomial(m, k) * cos(k * x), (k, 0, m), (p, 0, m)),
        sp.Sum(binomial(2 * m, 2 * k) * cos(k * x), (k, 0, m)),
        sp.Sum(binomial(m, k) ** 2 * cos(k * x), (k, 0, m)),
        sp.Sum(binomial(m, k) ** k, (k, 0, m)),
        sp.Sum(binomial(m + k, k) * cos(k * x), (k, 0, m)),
        sp.Sum(binomial(m, k) * binomial(m, k + 1), (k, 0, m)),
        total(1 / (k + 1)),
        total(cos(k**2 * x)),
        total(z ** (k * x)),
        total(z ** (k / 2)),
    ],
    ids=str,
)
def test_it_takes_whole_ranges_and_exponentials_alone(node: Any) -> None:
    assert value(node) is None


def test_the_upper_number_is_natural() -> None:
    node = sp.Sum(binomial(p, k) * exp(I * k * x), (k, 0, p))
    assert value(node) is None
    assert value(node, p >= 0) is not None
    assert value(sp.Sum(binomial(z, k) * exp(I * k * x), (k, 0, m))) is None


def test_half_a_range_asks_for_symmetry() -> None:
    assert value(total(cos((2 * m + 1 - 2 * k) * x), 0, m, 2 * m + 1)) is not None
    assert value(total(exp(I * (2 * m + 1 - 2 * k) * x), 0, m, 2 * m + 1)) is None
    assert value(total(sin((2 * m + 1 - 2 * k) * x), 0, m, 2 * m + 1)) is None


def test_a_base_that_may_vanish_has_no_negative_powers() -> None:
    assert value(total(z ** (k - 1))) is None
    assert value(total(z ** (k - 1)), sp.Ne(z, 0)) is not None
    assert value(total(z ** (-k))) is None
    assert value(total(z ** (m - k))) is not None


def test_powers_of_the_index_ask_for_terms_enough() -> None:
    with pytest.raises(NeedCase) as raised:
        value(total(k * cos(k * x)))
    assert raised.value.condition == sp.Eq(m, 0)
    assert value(total(k * cos(k * x)), m >= 1) is not None
    assert value(total(k * 2**k)) is not None


def test_a_sum_that_cancels_is_one_for_no_factors() -> None:
    assert value(total((-1) ** k)) == sp.Piecewise((1, sp.Eq(m, 0)), (0, True))


def test_angles_are_doubled_for_what_takes_all_values_alone() -> None:
    assert in_whole_arguments(cos(x / 2) + exp(I * x / 3), Facts(()), ANGLES) == cos(3 * x) + exp(2 * I * x)
    assert in_whole_arguments(cos(x / 2), Facts([x < 1]), ANGLES) == cos(x / 2)
    assert in_whole_arguments(cos(m / 2), Facts(()), ANGLES) == cos(m / 2)
    bound = sp.Integral(cos(x / 2), (x, 0, 1))
    assert in_whole_arguments(bound, Facts(()), ANGLES) == bound


def test_the_conjugate_of_a_whole_power_is_the_power_of_the_conjugate() -> None:
    form = NormalForm(Facts(()))
    u = 1 + r * exp(I * x)
    assert form.is_zero(sp.conjugate(u**m) - (1 + r * exp(-I * x)) ** m)
    assert derivable.equal(sp.conjugate(sqrt(u) ** m), sqrt(1 + r * exp(-I * x)) ** m).verdict != "proved"
    assert derivable.equal(sp.conjugate(sqrt(z) ** n), sqrt(sp.conjugate(z)) ** n).verdict != "proved"  # z = -1
    assert derivable.equal(sp.conjugate((1 + I * r) ** m), (1 - I * r) ** m).verdict == "proved"
    half = sp.Symbol("h", real=True)
    assert derivable.equal(sp.conjugate((half + I * r) ** half), (half - I * r) ** half).verdict != "proved"


@settings(max_examples=25, deadline=None)
@given(st.integers(-2, 2), st.integers(-3, 3), st.integers(0, 2), st.integers(0, 1), st.integers(0, 1))
def test_values_are_those_of_the_written_out_sums(base: int, speed: int, power: int, first: int, short: int) -> None:
    body = k**power * sp.Integer(base) ** k * exp(I * speed * k) + cos(k * speed * pi / 3 + 1)
    node = total(body, first, m - short)
    closed = value(node, m >= 3)
    assert closed is not None
    for number in (3, 4, 6):
        terms = (sp.binomial(number, i) * body.subs(k, i) for i in range(first, number - short + 1))
        assert abs(complex((closed.subs(m, number) - sum(terms)).evalf(30))) < 1e-12 * 3**number * number**2
