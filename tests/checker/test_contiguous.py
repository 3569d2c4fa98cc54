"""Series with a polynomial in the index, or its reciprocal, under the sum; and series that converge by the ratio test."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
import sympy as sp
from sympy import Rational, Sum, binomial, exp, factorial, oo, pi, polygamma, sqrt, symbols, zeta

from derivable import equal
from derivable.trusted.contiguous import divided_exponential, divided_geometric, polynomial_weight
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
    "logarithm of two": (Sum(1 / (k * sp.Integer(2) ** k), (k, 1, oo)), sp.log(2), ()),
    "two denominators": (Sum(p**k / (k * (k + 1)), (k, 1, oo)), 1 + (1 - p) * sp.log(1 - p) / p, BELOW_ONE),
    "odd denominators": (Sum(p**k / (2 * k + 3), (k, 0, oo)), (sp.atanh(sqrt(p)) / sqrt(p) - 1) / p, BELOW_ONE),
    "alternating": (Sum((-1) ** k * p**k / (2 * k + 1), (k, 0, oo)), sp.atan(sqrt(p)) / sqrt(p), BELOW_ONE),
}
FALSE: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
    "a coefficient": (poisson(k**3), a**3 + 2 * a**2 + a, ()),
    "a central moment of the normal law": (poisson((k - a) ** 4), 3 * a**2, ()),
    "the other denominator": (poisson(1 / ((k + 2) * (k + 3))), (a - 2 - (a + 2) * exp(-a)) / a**3, ()),
    "an exponent": (negative_binomial(k**2), n * p * (1 + n * p) * (1 - p) ** (-n - 1), BELOW_ONE),
    "a logarithm outside of the circle": (Sum(p**k / k, (k, 1, oo)), -sp.log(1 - p), ()),
    "odd denominators, a sign": (Sum(p**k / (2 * k + 3), (k, 0, oo)), (sp.atanh(sqrt(p)) / sqrt(p) + 1) / p, BELOW_ONE),
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


@pytest.mark.parametrize("z", [Rational(1, 3), -Rational(2, 5)])
@pytest.mark.parametrize("first", [sp.Integer(1), sp.Integer(3), Rational(1, 2), Rational(5, 2)])
@pytest.mark.parametrize("m", [1, 2, 4])
def test_the_divided_geometric_series_has_the_value_of_the_series(first: Any, m: int, z: Any) -> None:
    value = divided_geometric([first, sp.Integer(1)], [first + m], z, Facts(()))
    expected = mpmath.hyp2f1(1, mpmath.mpf(first.p) / first.q, mpmath.mpf(first.p) / first.q + m, mpmath.mpf(z.p) / z.q)
    assert abs(mpmath.mpmathify(sp.N(value, 30)) - expected) < 1e-12


def test_the_divided_geometric_series_asks_for_the_sign_of_its_argument() -> None:
    assert divided_geometric([sp.Integer(1), sp.Integer(1)], [sp.Integer(2)], x, Facts(())) is None
    assert divided_geometric([sp.Integer(1), Rational(1, 2)], [Rational(3, 2)], x, Facts((sp.Ne(x, 0),))) is None
    assert divided_geometric([sp.Integer(1), Rational(1, 3)], [Rational(4, 3)], p, Facts(BELOW_ONE)) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (zeta(2, Rational(1, 2)), pi**2 / 2),
        (zeta(3, a), a**-3 + zeta(3, a + 1)),
        (zeta(a + 1, Rational(1, 2)), (2 ** (a + 1) - 1) * zeta(a + 1)),
        (zeta(a + 1, 4), zeta(a + 1) - 1 - 2 ** (-a - 1) - 3 ** (-a - 1)),
        (zeta(3, Rational(1, 4)) - zeta(3, Rational(3, 4)), 2 * pi**3),
        (polygamma(2, Rational(7, 4)) - polygamma(2, Rational(1, 4)), 4 * pi**3 + 2 * Rational(4, 3) ** 3),
        (Sum((-1) ** k / (2 * k + 1) ** 3, (k, 0, oo)), pi**3 / 32),
    ],
    ids=str,
)
def test_zeta_and_polygamma_are_shifted_and_reflected(left: Any, right: Any) -> None:
    assert equal(left, right).verdict == "proved"
    assert equal(left, 2 * right).verdict == "refuted"
