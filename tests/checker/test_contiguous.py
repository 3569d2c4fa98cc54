"""Series with a polynomial in the index, or its reciprocal, under the sum; and series that converge by the ratio test."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Rational, Sum, binomial, exp, factorial, oo, sqrt, symbols

from derivable import equal
from derivable.trusted.contiguous import divided_exponential, polynomial_weight
from derivable.trusted.convergence import passes_ratio_test
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import NormalForm

k = symbols("k", integer=True)
n = symbols("n", integer=True, positive=True)
a, p = symbols("a p", positive=True)
x, y = symbols("x y", real=True)
BELOW_ONE = (p < 1,)


def poisson(term: Any) -> Any:
    return Sum(exp(-a) * a**k / factorial(k) * term, (k, 0, oo))


def negative_binomial(term: Any) -> Any:
    return Sum(binomial(k + n - 1, k) * p**k * term, (k, 0, oo))


TRUE: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
    "Poisson, third moment": (poisson(k**3), a**3 + 3 * a**2 + a, ()),
    "Poisson, fourth central moment": (poisson((k - a) ** 4), a + 3 * a**2, ()),
    "Poisson, tilted": (poisson(k * (k - 1) * y**k), a**2 * y**2 * exp(a * (y - 1)), ()),
    "Poisson, a denominator": (poisson(1 / ((k + 2) * (k + 3))), (a - 2 + (a + 2) * exp(-a)) / a**3, ()),
    "negative binomial, second moment": (negative_binomial(k**2), n * p * (1 + n * p) * (1 - p) ** (-n - 2), BELOW_ONE),
    "central binomials": (
        Sum(k * binomial(2 * k, k) * p**k, (k, 0, oo)),
        2 * p / (1 - 4 * p) ** Rational(3, 2),
        (p < Rational(1, 4),),
    ),
}
FALSE: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
    "a coefficient": (poisson(k**3), a**3 + 2 * a**2 + a, ()),
    "a central moment of the normal law": (poisson((k - a) ** 4), 3 * a**2, ()),
    "the other denominator": (poisson(1 / ((k + 2) * (k + 3))), (a - 2 - (a + 2) * exp(-a)) / a**3, ()),
    "an exponent": (negative_binomial(k**2), n * p * (1 + n * p) * (1 - p) ** (-n - 1), BELOW_ONE),
    "outside the circle of convergence": (negative_binomial(1), (1 - p) ** (-n), ()),
    "on its edge": (Sum(binomial(2 * k, k) * p**k, (k, 0, oo)), 1 / sqrt(1 - 4 * p), (p <= Rational(1, 4),)),
}


def zero(left: Any, right: Any, where: tuple[Any, ...]) -> bool:
    """Whether the normal form alone proves it."""
    try:
        return bool(NormalForm(Facts(where)).is_zero(left - right))
    except (NoNormalForm, NeedCase):
        return False


@pytest.mark.parametrize("name", TRUE)
def test_a_series_has_its_value(name: str) -> None:
    left, right, where = TRUE[name]
    assert zero(left, right, where)
    assert str(equal(left, right, where=where).verdict) == "proved"


@pytest.mark.parametrize("name", FALSE)
def test_no_false_value_without_the_attack(name: str) -> None:
    assert not zero(*FALSE[name])


@pytest.mark.parametrize(("above", "below"), [([3], [1]), ([4, 2], [2, 5]), ([Rational(7, 2)], [Rational(1, 2)])])
def test_the_shifted_series_have_the_same_terms(above: list[int], below: list[int]) -> None:
    """By the first coefficients of both sides in z."""
    z = symbols("z")

    def head(top: list[Any], bottom: list[Any]) -> Any:
        terms = []
        for j in range(7):
            ratio = sp.Mul(*(sp.rf(t, j) for t in top)) / sp.Mul(*(sp.rf(b, j) for b in bottom))
            terms.append(ratio * z**j / sp.factorial(j))
        return sp.Add(*terms)

    parts = polynomial_weight([sp.sympify(t) for t in above], [sp.sympify(b) for b in below], Facts(()))
    assert parts is not None
    difference = sp.Poly(head(above, below) - sum(c * z**i * head(t, b) for i, c, t, b in parts), z)
    assert all(difference.coeff_monomial(z**j) == 0 for j in range(5))


def test_parameters_that_may_be_zero_or_negative_integers_are_left_alone() -> None:
    m = symbols("m", integer=True)
    assert polynomial_weight([m + 1], [m], Facts(())) is None
    assert polynomial_weight([sp.Integer(3)], [sp.Integer(1), m], Facts(())) is None
    assert polynomial_weight([sp.Rational(3, 2)], [sp.Integer(1)], Facts(())) is None


def test_the_divided_exponential_needs_an_argument_that_is_not_zero() -> None:
    assert divided_exponential([sp.Integer(1)], [sp.Integer(2)], x, Facts(())) is None
    assert divided_exponential([sp.Rational(1, 2)], [sp.Rational(3, 2)], a, Facts(())) is None
    value = divided_exponential([sp.Integer(1)], [sp.Integer(3)], a, Facts(()))
    assert sp.expand(value - 2 * (exp(a) - 1 - a) / a**2) == 0


def test_the_ratio_test() -> None:
    facts = Facts((p < 1,))
    assert passes_ratio_test(Sum(k**5 * p**k, (k, 0, oo)), facts)
    assert passes_ratio_test(Sum(a**k / factorial(k), (k, 0, oo)), Facts(()))
    assert not passes_ratio_test(Sum(p**k, (k, 0, oo)), Facts(()))  # p may be 2
    assert not passes_ratio_test(Sum(p**k, (k, 0, oo)), Facts((p <= 1,)))
    assert not passes_ratio_test(Sum(1 / sp.Integer(2) ** k / (k - 3), (k, 0, oo)), Facts(()))  # no term at k = 3
    assert not passes_ratio_test(Sum(factorial(k) * p**k, (k, 0, oo)), facts)
    assert not passes_ratio_test(Sum((-1) ** k * k, (k, 0, oo)), Facts(()))
