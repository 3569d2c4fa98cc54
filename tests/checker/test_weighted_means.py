"""Weighted means: Young's inequality and its kind, and what must not pass for it."""

from typing import Any

import pytest
import sympy as sp
from sympy import Eq, Rational, symbols

from derivable import at_most
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.weighted_means import by_means_of_factors, by_weighted_means

x, y, z, p, q, c = symbols("x y z p q c", positive=True)
theta, r = symbols("theta r", real=True)
conjugate = Eq(1 / p + 1 / q, 1)

TRUE = [
    (x**p * y**(1 - p), p * x + (1 - p) * y, (p < 1,)),
    (x**theta * y**(1 - theta), theta * x + (1 - theta) * y, (theta >= 0, theta <= 1)),
    (p * x + (1 - p) * y, x**p * y**(1 - p), (p > 1,)),
    (x * y, x**p / p + y**q / q, (conjugate,)),
    (x * y, c * x**p / p + c**(-q / p) * y**q / q, (conjugate,)),
    (x * y, x**p / p + (p - 1) * y**(p / (p - 1)) / p, (p > 1,)),
    (x**p * y**q * z**(1 - p - q), p * x + q * y + (1 - p - q) * z, (p + q < 1,)),
    (x**p, p * x + 1 - p, (p < 1,)),
    ((x * y * z)**Rational(1, 3), (x + y + z) / 3, ()),
    ((x * y)**p, (x**(2 * p) + y**(2 * p)) / 2, ()),
]  # fmt: skip

FALSE = [
    (x**p * y ** (1 - p), p * x + (1 - p) * y, ()),
    (x**p * y ** (1 - p), p * x + (1 - p) * y, (p > 1,)),
    (2 * x**p * y ** (1 - p), p * x + (1 - p) * y, (p < 1,)),
    (x**p * y ** (1 - p), p * x + (1 - p) * y - 1, (p < 1,)),
    (x * y, x**p / p + y**q / q, (Eq(1 / p + 1 / q, 2),)),
    (x * y, x**p / (2 * p) + y**q / q, (conjugate,)),
    (x**p * y**q, p * x + q * y, (p < 1, q < 1)),
    (x**theta, theta * x + 1 - theta, (theta >= 0,)),
]


@pytest.mark.parametrize(("left", "right", "where"), TRUE)
def test_means_with_symbolic_weights_are_proved(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    decision = at_most(left, right, where=where, timeout=10)
    assert decision.verdict == "proved"


@pytest.mark.parametrize(("left", "right", "where"), FALSE)
def test_wrong_weights_and_constants_are_not(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where, timeout=5).verdict != "proved"


def strictly_more_than(e: Any, facts: Facts, strict: bool) -> Proof | None:
    """What is asked of the rest of the checker: the signs that structure shows."""
    signs = facts.signs(e)
    return Proof((("sign", str(e)),)) if signs is not None and signs <= ({1} if strict else {0, 1}) else None


@pytest.mark.parametrize(("left", "right", "where"), FALSE)
def test_the_rule_alone_refuses_them(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert by_weighted_means(right - left, Facts(where), False, strictly_more_than) is None


@pytest.mark.parametrize(
    ("e", "where", "strict"),
    [
        (p * x + (1 - p) * y - x**p * y ** (1 - p), (p < 1,), True),  # equal at x = y
        (r * x + (1 - r) * y - x**r * y ** (1 - r), (r <= 1,), False),  # a negative weight
        (x**p / p + y**q / q - x * y, (), False),  # weights that do not add up to 1
        (p * x + (1 - p) * y - x**p * y ** (1 - p) - z, (p < 1,), False),  # two terms below
        (p * x + (1 - p) * r - x**p * r ** (1 - p), (p < 1,), False),  # no power of r is known to be positive
        (p * sp.sin(x) + 1 - p - x**p, (p < 1,), False),  # no monomial
    ],
)
def test_the_rule_alone_needs_its_conditions(e: Any, where: tuple[Any, ...], strict: bool) -> None:
    assert by_weighted_means(e, Facts(where), strict, strictly_more_than) is None


def test_more_than_the_mean_is_strictly_more() -> None:
    assert at_most(x**p * y ** (1 - p), 2 * p * x + (1 - p) * y, where=[p < 1], strict=True, timeout=10).verdict == "proved"


def test_a_mean_of_factors_lies_between_their_least_and_their_weighted_sum() -> None:
    root = sp.sqrt
    hellinger = (root(x) - root(y)) ** 2 + (root(1 - x) - root(1 - y)) ** 2
    assert at_most(hellinger, 2 * sp.Abs(x - y), where=[x < 1, y < 1]).verdict == "proved"
    assert at_most((root(x) - root(y)) ** 2 + (root(z) - root(c)) ** 2, sp.Abs(x - y) + sp.Abs(z - c)).verdict == "proved"
    assert at_most(sp.Min(x, y, z), (x * y * z) ** Rational(1, 3)).verdict == "proved"
    assert at_most((x * y * z) ** Rational(1, 3) + root(x * y), x + y + z).verdict == "proved"


def test_means_of_factors_have_weights_that_add_up_to_one() -> None:
    def everything(e: Any, facts: Facts, strict: bool) -> Proof | None:
        return Proof((("believed", str(e)),))

    facts = Facts(())
    assert by_means_of_factors(sp.sqrt(x * y) - z, facts, False, everything)
    assert by_means_of_factors(sp.sqrt(x) - z, facts, False, everything) is None
    assert by_means_of_factors(sp.sqrt(x) * y ** Rational(1, 3) - z, facts, False, everything) is None
    assert by_means_of_factors(x ** Rational(3, 2) / sp.sqrt(y) - z, facts, False, everything) is None
    assert by_means_of_factors(r * sp.sqrt(x * y) - z, facts, False, everything) is None
    assert by_means_of_factors(sp.sqrt(r + 1) * sp.sqrt(x) - z, facts, False, everything) is None
    for left, right in ((sp.Max(x, y), sp.sqrt(x * y)), (x + y, 2 * sp.sqrt(x * y))):
        assert at_most(left, right).verdict == "refuted"
