"""Series over sums of squares, sums over all integers and infinite products: what the rules prove, and what they must not."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
import sympy as sp
from sympy import Product, Rational, S, Sum, cos, cosh, cot, coth, gamma, oo, pi, sin, sinh, sqrt, symbols, tanh

from derivable import equal
from derivable.trusted.balls import Evaluator
from derivable.trusted.circular_series import reciprocal_squares, series_over_squares, square
from derivable.trusted.convergence import converges
from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import NormalForm
from derivable.trusted.rational_series import Diverges, rational_product

k, m = symbols("k m", integer=True)
p = symbols("p", positive=True)
x, y = symbols("x y", real=True)
NOTHING = Facts(())

TRUE = {
    "over squares": (Sum(1 / (k**2 + p**2), (k, 1, oo)), (pi * p * coth(pi * p) - 1) / (2 * p**2)),
    "from zero": (Sum(1 / (k**2 + 1), (k, 0, oo)), (1 + pi * coth(pi)) / 2),
    "from a later place": (Sum(1 / (k**2 + 1), (k, 3, oo)), (pi * coth(pi) - 1) / 2 - Rational(7, 10)),
    "from an earlier place": (Sum(1 / (k**2 + p), (k, -2, oo)), (1 + pi * sqrt(p) * coth(pi * sqrt(p))) / (2 * p)
        + 1 / (1 + p) + 1 / (4 + p)),
    "with signs": (Sum((-1) ** k / (k**2 + p**2), (k, 1, oo)), (pi * p / sinh(pi * p) - 1) / (2 * p**2)),
    "over odd squares": (Sum(1 / ((2 * k + 1) ** 2 + p**2), (k, 0, oo)), pi * tanh(pi * p / 2) / (4 * p)),
    "over second powers": (
        Sum(1 / (k**2 + p**2) ** 2, (k, 1, oo)),
        (pi * p * coth(pi * p) + (pi * p / sinh(pi * p)) ** 2 - 2) / (4 * p**4),
    ),
    "odd parts that telescope": (Sum(1 / (k**4 + 4), (k, 1, oo)), pi * coth(pi) / 8 - Rational(1, 8)),
    "a shifted square": (Sum(1 / (k**2 + 2 * k + 2), (k, 0, oo)), (pi * coth(pi) - 1) / 2),
    "beside lines": (Sum(1 / (k**2 * (k**2 + 1)), (k, 1, oo)), pi**2 / 6 - (pi * coth(pi) - 1) / 2),
    "all integers": (Sum(1 / (k**2 + p**2), (k, -oo, oo)), pi * coth(pi * p) / p),
    "all integers with signs": (Sum((-1) ** k / (k**2 + p**2), (k, -oo, oo)), pi / (p * sinh(pi * p))),
    "all integers around a shift": (Sum(1 / (k + p) ** 2, (k, -oo, oo)), pi**2 / sin(pi * p) ** 2, p < 1),
    "all integers of an odd term": (Sum(k / (k**2 + 1) ** 2, (k, -oo, oo)), 0),
    "all integers of an even part": (Sum((k + 1) / (k**2 + p**2) ** 2, (k, -oo, oo)), Sum(1 / (k**2 + p**2) ** 2, (k, -oo, oo))),
    "product of one and squares": (Product(1 + p**2 / k**2, (k, 1, oo)), sinh(pi * p) / (pi * p)),
    "product over odd squares": (Product(1 + p**2 / (2 * k - 1) ** 2, (k, 1, oo)), cosh(pi * p / 2)),
    "product from a later place": (Product(1 + 1 / k**2, (k, 2, oo)), sinh(pi) / (2 * pi)),
    "product from an earlier place": (Product((k**2 + 1) / (k**2 + 4), (k, -1, oo)), sinh(pi) / (5 * sinh(2 * pi))),
    "Euler's sine": (Product(1 - x**2 / k**2, (k, 1, oo)), sin(pi * x) / (pi * x), sp.Ne(x, 0)),
    "Euler's cosine": (Product(1 - 4 * x**2 / (2 * k - 1) ** 2, (k, 1, oo)), cos(pi * x)),
    "Wallis": (Product(4 * k**2 / (4 * k**2 - 1), (k, 1, oo)), pi / 2),
    "a product that telescopes": (Product(1 - 1 / k**2, (k, 2, oo)), S.Half),
    "cubes": (Product((k**3 - 1) / (k**3 + 1), (k, 2, oo)), Rational(2, 3)),
    "gamma functions": (Product(k * (k + p + 1) / ((k + p) * (k + 1)), (k, 1, oo)), 1 / (1 + p)),
    "quotient of gamma functions": (
        Product((k + 2 * p) * k / (k + p) ** 2, (k, 1, oo)),
        gamma(1 + p) ** 2 / gamma(1 + 2 * p),
    ),
}  # fmt: skip

FALSE = {
    "over squares, half": (Sum(1 / (k**2 + p**2), (k, 1, oo)), (pi * p * coth(pi * p) - 1) / p**2),
    "over squares, from zero": (Sum(1 / (k**2 + p**2), (k, 0, oo)), (pi * p * coth(pi * p) - 1) / (2 * p**2)),
    "over odd squares, hyperbolic": (Sum(1 / ((2 * k + 1) ** 2 + p**2), (k, 0, oo)), pi * coth(pi * p / 2) / (4 * p)),
    "all integers, tangent": (Sum(1 / (k**2 + p**2), (k, -oo, oo)), pi * tanh(pi * p) / p),
    "all integers of an odd term that falls too slowly": (Sum(k / (k**2 + 1), (k, -oo, oo)), 0),
    "all integers of an odd term with poles": (Sum(1 / (k - 3) ** 3 + 1 / (k + 3) ** 3, (k, -oo, oo)), 0),
    "all integers of what diverges": (Sum((k**2 + 2) / (k**2 + 1), (k, -oo, oo)), pi * coth(pi)),
    "an odd series": (Sum(k / (k**2 + 1) - 1 / k, (k, 1, oo)), 0),
    "product from a later place": (Product(1 + p**2 / k**2, (k, 2, oo)), sinh(pi * p) / (pi * p)),
    "product of another sign": (Product(1 + p**2 / k**2, (k, 1, oo)), sin(pi * p) / (pi * p)),
    "product that tends to zero": (Product(k / (k + 1), (k, 1, oo)), 0),
    "product that grows": (Product((k + 1) ** 2 / (k * (k + 3)), (k, 1, oo)), gamma(4)),
    "product of halves": (Product((k**2 + 1) / (2 * k**2 + 1), (k, 1, oo)), 0),
    "sine from a later place": (Product(1 - x**2 / k**2, (k, 2, oo)), sin(pi * x) / (pi * x)),
    "reciprocal of a sine": (Product(1 / (1 - x**2 / k**2), (k, 1, oo)), pi * x / sin(pi * x) + sp.KroneckerDelta(x, 3)),
    "cosine for sine": (Product(1 - x**2 / k**2, (k, 1, oo)), cos(pi * x)),
}


@pytest.mark.parametrize("name", TRUE)
def test_proved(name: str, prove: Callable[..., Proof | None]) -> None:
    lhs, rhs, *where = TRUE[name]
    assert prove(lhs, rhs, *where) is not None
    assert equal(lhs, rhs, where=where).verdict == "proved"


@pytest.mark.parametrize("name", FALSE)
def test_not_proved(name: str, prove: Callable[..., Proof | None]) -> None:
    """Neither by a rule, which has to see it for itself, nor by all of them."""
    assert prove(*FALSE[name]) is None
    assert equal(*FALSE[name]).verdict != "proved"


def test_a_square_has_a_positive_part_and_a_shift_by_halves() -> None:
    assert square(4 * k**2 + 4 * k + 5, k, NOTHING)[0] == 4  # type: ignore[index]
    assert square(3 * k**2 + 6 * k + 15, k, NOTHING)[1].c == 4  # type: ignore[index]
    assert square(k**2 - p**2, k, NOTHING) is None
    assert square(k**2 + x**2, k, NOTHING) is None  # x may be 0
    assert square(k**2 + y, k, NOTHING) is None
    assert square(k**2 + k / 3 + 1, k, NOTHING) is None
    assert square(k**2 + p * k + p**2, k, NOTHING) is None


@pytest.mark.parametrize("m", [1, 2, 3])
@pytest.mark.parametrize("start", [-3, -2, 0, 1, 4])
@pytest.mark.parametrize("half", [0, Rational(1, 2)])
def test_reciprocal_squares_against_mpmath(start: int, half: Any, m: int) -> None:
    c = Rational(3, 7)
    with mpmath.workdps(30):
        direct = mpmath.nsum(lambda j: (j**2 + mpmath.mpf(3) / 7) ** -m, [float(start + half), mpmath.inf])
        value = reciprocal_squares(sp.Integer(start) + half, c, m).evalf(30)
        assert abs(mpmath.mpf(str(value)) - direct) < 1e-15


def test_odd_parts_have_to_add_up_to_zero() -> None:
    (_, one), (_, other) = (square(q, k, NOTHING) for q in (k**2 + 1, k**2 + 4))  # type: ignore[misc]
    a = sp.Integer(0)
    assert series_over_squares([(sp.Integer(1), sp.Integer(0), one, 1)], a) is None
    assert series_over_squares([(sp.Integer(1), sp.Integer(0), one, 1), (sp.Integer(-1), sp.Integer(0), other, 1)], a) is None
    assert series_over_squares([(sp.Integer(1), sp.Integer(0), one, 1), (sp.Integer(-1), sp.Integer(0), one, 2)], a) is None
    assert series_over_squares([(sp.Integer(1), sp.Integer(0), one, 1)], sp.Integer(100)) is None


@pytest.mark.parametrize(
    "e",
    [
        Product(1 - x**2 / k**2, (k, 2, oo)),  # what was left out may be 0
        Product(1 / (1 - x**2 / k**2), (k, 1, oo)),
        Product((1 - y / k) ** 2 * (1 + y / k), (k, 1, oo)),
        Product(1 - (x / k) ** 3, (k, 1, oo)),
        Product(1 + 1 / k**2, (k, p, oo)),
        Product(1 + sp.exp(-k), (k, 1, oo)),
        # too many factors, or digits, to write out, which is seen before they are
        Product(1 + 1 / k**2, (k, 10**12, oo)),
        Product(1 - 1 / k**2, (k, 10**9, oo)),
        Product(k, (k, 10**9, m)),
        Sum(sp.exp(-(k**2)), (k, -oo, oo)),
        Sum(1 / (k**2 + x), (k, -oo, oo)),
        Sum(1 / (2 * k + 1), (k, -oo, oo)),
    ],
    ids=str,
)
def test_no_value_is_given_where_a_condition_is_not_seen(e: Any) -> None:
    with pytest.raises((NoNormalForm, NeedCase)):
        NormalForm(NOTHING).flatten(e)


def test_sine_at_zero_is_a_case_of_its_own() -> None:
    e = Product(1 - x**2 / k**2, (k, 1, oo))
    with pytest.raises(NeedCase):
        NormalForm(NOTHING).flatten(e)
    assert equal(e, sp.Piecewise((sin(pi * x) / (pi * x), sp.Ne(x, 0)), (1, True))).verdict == "proved"
    assert equal(e, sp.Piecewise((sin(pi * x) / (pi * x), sp.Ne(x, 0)), (2, True))).verdict != "proved"
    # where the other side has no value, nothing is claimed
    assert equal(e, sin(pi * x) / (pi * x)).verdict == "proved"


def test_where_an_infinite_product_or_a_sum_over_all_integers_has_a_value() -> None:
    assert converges(Product(1 + 1 / k**2, (k, 1, oo)), NOTHING)
    assert converges(Sum(1 / (k**2 + 1), (k, -oo, oo)), NOTHING)
    assert converges(Sum((-1) ** k / (2 * k + 1), (k, -oo, oo)), NOTHING)
    for e in (
        Product(1 + 1 / k, (k, 1, oo)),
        Product(1 + (-1) ** k / k, (k, 1, oo)),  # converges, but not absolutely
        Product(1 + 1 / k**2, (k, 0, oo)),
        Sum(k / (k**2 + 1), (k, -oo, oo)),
        Sum(1 / k**2, (k, -oo, oo)),
        Sum(1 / (k**2 + 1) + sp.Heaviside(-k), (k, -oo, oo)),
    ):
        assert not converges(e, NOTHING)


@pytest.mark.parametrize(
    "factor", [1 + 1 / k**2, (k**3 - 8) / (k**3 + 1), k**2 * (k + 3) / (k + 1) ** 3, (k - 5) * (k + 5) / k**2]
)
@pytest.mark.parametrize("a", [1, 3, 7])
def test_infinite_products_as_balls_against_mpmath(factor: Any, a: int) -> None:
    value = rational_product(factor, k, a)
    assert value is not None
    with mpmath.workdps(20):
        direct = mpmath.nprod(sp.lambdify(k, factor, "mpmath"), [a, mpmath.inf])
    assert abs(float(value.real.mid()) - float(direct)) < 1e-8 * max(1, abs(float(direct)))
    assert value.real.rad() < 1e-10


def test_infinite_products_of_rational_factors_that_have_none() -> None:
    assert rational_product(1 + 1 / k, k, 1) is None
    assert rational_product((k + 1) / (2 * k), k, 1) is None
    for factor in (k**2, (k**2 + 1) / (k - 2) ** 2):
        with pytest.raises(Diverges):
            rational_product(factor, k, 1)


def test_sums_over_all_integers_are_evaluated_by_halves() -> None:
    value = Evaluator({})(Sum(1 / (k**2 + 1), (k, -oo, oo)))
    assert abs(float(value.real.mid()) - math.pi / math.tanh(math.pi)) < 1e-12
    assert equal(Sum(1 / (k**2 + 1), (k, -oo, oo)), pi * cot(1)).verdict == "refuted"
    assert equal(Product(1 + 1 / k**2, (k, 1, oo)), sinh(pi) / 3).verdict == "refuted"
