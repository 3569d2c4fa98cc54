"""Integrals with a bound in place of a factor of the integrand; and what must not pass for it."""

from typing import Any

import pytest
import sympy as sp
from sympy import Abs, Integral, Rational, cos, exp, log, oo, pi, sin, sqrt, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.integrands import by_bounded_factor
from derivable.trusted.order import OrderProver

x, y, z = symbols("x y z", real=True)
a, b, q = symbols("a b q", positive=True)
n = symbols("n", integer=True, nonnegative=True)

TRUE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (Integral(x**n / (1 + x), (x, 0, 1)), 1 / (n + 1), ()),
    (1 / (2 * (n + 1)), Integral(x**n / (1 + x), (x, 0, 1)), ()),
    (Integral(x**n / (1 + x**2), (x, 0, 1)), 1 / (n + 1), ()),
    (Integral(y**n * exp(-y), (y, 0, 1)), 1 / (n + 1), ()),
    (exp(-1) / (n + 1), Integral(y**n * exp(-y), (y, 0, 1)), ()),
    (Integral(exp(-x) * x**2 / (1 + x**2), (x, 0, oo)), 2, ()),
    (Integral(exp(-(y**2)) * cos(y) ** 2, (y, 0, oo)), sqrt(pi) / 2, ()),
    (Abs(Integral(cos(a * y) * exp(-y), (y, 0, oo))), 1, ()),
    (Integral(log(1 + y) * y**n, (y, 0, 1)), log(2) / (n + 1), ()),
]

FALSE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (Integral(x**n / (1 + x), (x, 0, 1)), 1 / (2 * (n + 1)), ()),
    (1 / (n + 1), Integral(x**n / (1 + x), (x, 0, 1)), ()),
    (Integral(y**n * exp(y), (y, 0, 1)), 1 / (n + 1), ()),
    (Integral(exp(-x) * x**2 / (1 + x**2), (x, 0, oo)), Rational(1, 4), ()),
    (Integral(1 / (x * (1 + x)), (x, 0, 1)), Integral(1 / x, (x, 0, 1)), ()),
    (Integral(x / (1 + x), (x, 0, a)), a / 4, ()),
    (Integral(x / (1 + x), (x, 0, z)), -1, ()),
]


def everything(e: Any, facts: Facts, strict: bool) -> Proof | None:
    """A prover that believes all: what is left shows the conditions of the rule itself."""
    return Proof((("believed", str(e)),))


def value(node: Any) -> tuple[Any, Proof] | None:
    return sp.Symbol("value", real=True), Proof()


@pytest.mark.parametrize(("left", "right", "where"), TRUE)
def test_a_factor_is_bounded_by_its_values_at_the_ends(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where).verdict == "proved"


@pytest.mark.parametrize(("left", "right", "where"), FALSE)
def test_what_is_false_is_not_shown(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where).verdict != "proved"


def test_the_other_factor_has_one_sign_and_both_are_continuous_inside() -> None:
    def shown(body: Any, low: Any = 0, high: Any = 1) -> bool:
        return by_bounded_factor(y - Integral(body, (x, low, high)), Facts(()), False, everything, value) is not None

    assert shown(x * exp(-x))
    assert not shown(sin(9 * x) * (x - Rational(1, 2)))
    assert not shown((x - 2) * exp(-x) / (x - Rational(1, 2)))
    assert not shown(exp(-x) / (x - Rational(1, 2)) ** 2)
    assert not shown(exp(sp.I * x) * x)
    assert not shown(x * exp(-x), 0, z)  # it may run backwards
    assert not shown(x * exp(-x), 0, symbols("w"))


def test_bounds_are_defined_wherever_the_integral_is() -> None:
    body = x / (x + q - 1)
    facts = Facts((q >= 1,))
    e = y - Integral(body, (x, 0, 1))
    found = by_bounded_factor(e, facts, False, everything, value)
    assert found is None or "1/(q - 1)" not in str(found)


def test_the_integral_is_multiplied_by_what_has_a_sign() -> None:
    node = Integral(x * exp(-x), (x, 0, 1))
    assert by_bounded_factor(y * node, Facts(()), False, everything, value) is None
    assert by_bounded_factor(node**2 - y, Facts(()), False, everything, value) is None
    assert by_bounded_factor(-a * node + y, Facts(()), False, everything, value)
    assert by_bounded_factor(y - node, Facts(()), False, everything, lambda node: None) is None
    tail = Integral(1 / (1 + x), (x, 0, oo))
    assert by_bounded_factor(y - tail, Facts(()), False, everything, lambda node: None) is None
    assert by_bounded_factor(y - tail.subs(oo, 1), Facts(()), False, everything, lambda node: None)


def test_a_bound_is_defined_where_the_range_is_empty_too() -> None:
    """∫_0^c dx / (x + c) is log 2, but 0 for c = 0, where its bounds 1/c and 1/(2 c) are undefined."""
    c = symbols("c", nonnegative=True)
    for e in (Integral(1 / (x + c), (x, 0, c)) - y, y - Integral(exp(x) / (x + c), (x, 0, c))):
        assert "/c" not in str(by_bounded_factor(e, Facts(()), False, everything, value))
        assert "/(2*c)" not in str(by_bounded_factor(e, Facts(()), False, everything, value))
    assert at_most(Rational(1, 2), Integral(1 / (x + a), (x, 0, a))).verdict == "proved"
    assert at_most(Integral(1 / (1 + x + c), (x, 0, c)), c / (1 + c)).verdict == "proved"


def test_the_bound_is_on_the_side_that_is_asked_for() -> None:
    def honest_inside(e: Any, facts: Facts, strict: bool) -> Proof | None:
        """A prover that believes what does not speak of the variable of the integral."""
        inside = any(s.is_Dummy for s in e.free_symbols)
        return OrderProver(propose, float("inf")).sign(e, facts, strict, 1) if inside else everything(e, facts, strict)

    node = Integral(x**n / (1 + x), (x, 0, 1))
    above, below = (by_bounded_factor(e, Facts(()), False, honest_inside, value) for e in (y - node, node - y))
    assert "1/(x + 1) ≤ 1 " in str(above)
    assert "1/(x + 1) ≥ 1/2 " in str(below)


def test_ends_at_which_a_factor_is_infinite_do_not_matter() -> None:
    for body in (1 / ((1 + x) * sqrt(1 - x)), 1 / ((1 + x) * sqrt(x))):
        assert by_bounded_factor(y - Integral(body, (x, 0, 1)), Facts(()), False, everything, value)
    assert "zoo" not in str(by_bounded_factor(y + Integral(log(x) / (1 + x), (x, 0, 1)), Facts(()), False, everything, value))
    assert "zoo" not in str(by_bounded_factor(y - Integral(x / (x * (1 + x)), (x, 0, 1)), Facts(()), False, everything, value))
