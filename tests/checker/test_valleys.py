"""Convex functions of the gamma family above their tangents; and what must not pass for it."""

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Rational, exp, gamma, loggamma, oo, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver
from derivable.trusted.valleys import by_tangents_of_valley

a = symbols("a", positive=True)
x = symbols("x", real=True)

TRUE = [
    (Rational(1, 2), gamma(a), ()),
    (Rational(885, 1000), gamma(a), ()),
    (-Rational(1, 8), loggamma(a), ()),
    (Rational(7, 8), gamma(x), (x > 0,)),
    (Rational(1, 4), gamma(a) + loggamma(a), ()),
    (1, gamma(a) + a / 2, ()),
]
FALSE = [
    (Rational(886, 1000), gamma(a), ()),
    (-Rational(1, 10), loggamma(a), ()),
    (Rational(1, 2), gamma(x), (x < 0,)),
    (Rational(3, 2), gamma(a) + a / 2, ()),
]


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 3).sign(e, facts, strict, 2)


def everything(e: Any, facts: Facts, strict: bool) -> Proof | None:
    """A prover that believes all: what is left shows the conditions of the rule itself."""
    return Proof((("believed", str(e)),))


@pytest.mark.parametrize(("left", "right", "where"), TRUE)
def test_a_convex_function_is_above_its_tangents(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where).verdict == "proved"


@pytest.mark.parametrize(("left", "right", "where"), FALSE)
def test_what_is_false_is_not_shown(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    (variable,) = right.free_symbols
    ends = (sp.Integer(0), oo) if variable == a else (-oo, sp.Integer(0))
    assert by_tangents_of_valley(right - left, variable, ends, Facts(where), False, sign) is None


def test_the_function_is_convex_and_of_one_variable() -> None:
    facts = Facts(())
    assert by_tangents_of_valley(gamma(a) - x, a, (sp.Integer(0), oo), facts, False, everything) is None
    assert by_tangents_of_valley(2 - exp(-(x**2)), x, (-oo, oo), facts, False, everything)
    assert by_tangents_of_valley(2 - exp(-(x**2)), x, (-oo, oo), facts, False, sign) is None
    assert by_tangents_of_valley(2 + 1 / x**2 + x, x, (-oo, oo), facts, False, everything) is None  # a pole inside
