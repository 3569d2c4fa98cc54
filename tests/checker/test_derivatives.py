"""Growth in a variable with parameters: what it proves, and what fails exactly because one of its conditions does."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Integer, Rational, exp, gamma, log, lowergamma, oo, symbols, uppergamma

from derivable.search import propose
from derivable.trusted.continuity import is_continuous
from derivable.trusted.curves import logarithms_of_both
from derivable.trusted.decision import Proof
from derivable.trusted.derivatives import by_derivative, end_value, loses_functions
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver

x, y, t = symbols("x y t", real=True)
a, b, s, p = symbols("a b s p", positive=True)
NOWHERE = Facts(())


def prove(e: Any, *where: Any, strict: bool = False, seconds: float = 20.0) -> Proof | None:
    """A proof by the rules alone, without an attack before it."""
    return OrderProver(propose, time.monotonic() + seconds).proved(e, Facts(where), strict)


def believed(e: Any, facts: Facts, strict: bool) -> Proof | None:
    """A proof of everything: what a rule makes of it shows the conditions that the rule checks itself."""
    return Proof((("believed", str(e)),))


def never(e: Any, facts: Facts, strict: bool) -> bool:
    return False


INCOMPLETE = 1 - a ** (1 - s) * exp(a) * uppergamma(s, a)
TRUE: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "Hoeffding's lemma": (p * t + t**2 / 8 - log(1 - p + p * exp(t)), (p < 1,)),
    "Hoeffding's lemma, centred": (exp(t**2 / 8) - p * exp((1 - p) * t) - (1 - p) * exp(-p * t), (p < 1,)),
    "a logarithm by a power": (b * (a ** (1 / b) - 1) - log(a), ()),
    "an incomplete gamma function from above": (INCOMPLETE, (s <= 1,)),
    "an incomplete gamma function from below": (lowergamma(s, a) - a ** (s - 1) * (1 - exp(-a)) / s, (s <= 1,)),
    "divergence below chi square": (
        (p - a) ** 2 / (a * (1 - a)) - p * log(p / a) - (1 - p) * log((1 - p) / (1 - a)),
        (p < 1, a < 1),
    ),
    "a tangent of a power": ((1 + a) ** b - 1 - a * b, (b >= 1,)),
}
FALSE: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "Hoeffding's lemma with a ninth": (p * t + t**2 / 9 - log(1 - p + p * exp(t)), (p < 1,)),
    "Hoeffding's lemma without a range": (p * t + t**2 / 8 - log(1 + p * exp(t)), (p < 1,)),
    "centred, another centre": (exp(t**2 / 8) - p * exp((1 - p) * t) - (1 - p) * exp(-p * t * Rational(99, 100)), (p < 1,)),
    "a logarithm by a power, reversed": (log(a) - b * (a ** (1 / b) - 1), ()),
    "an incomplete gamma function, no range": (INCOMPLETE, ()),
    "an incomplete gamma function, beyond": (INCOMPLETE, (s >= 1, s <= 2)),
    "from below, no range": (lowergamma(s, a) - a ** (s - 1) * (1 - exp(-a)) / s, ()),
    "half of chi square": (
        (p - a) ** 2 / (2 * a * (1 - a)) - p * log(p / a) - (1 - p) * log((1 - p) / (1 - a)),
        (p < 1, a < 1),
    ),
    "a tangent of a root": ((1 + a) ** b - 1 - a * b, (b <= 1,)),
}


@pytest.mark.parametrize("name", TRUE)
def test_growth_proves(name: str) -> None:
    e, where = TRUE[name]
    assert prove(e, *where)


@pytest.mark.parametrize("name", FALSE)
def test_growth_does_not_prove_what_is_false(name: str) -> None:
    e, where = FALSE[name]
    assert prove(e, *where, seconds=4) is None


def test_the_function_is_continuous_on_the_range() -> None:
    """1 - 1/x falls from oo at 0 in the closed half line only where 0 is excluded; 1/(1 - x) grows through its pole."""
    everywhere = (Integer(0), oo)
    assert by_derivative(1 / (1 - x) + log(x + 1), x, everywhere, Facts((x >= 0,)), False, believed, never) is None
    assert by_derivative(sp.gamma(x) - 1, x, (-oo, oo), NOWHERE, False, believed, never) is None
    assert by_derivative(exp(x) - 1, x, everywhere, Facts((x >= 0,)), False, believed, never)


def test_the_value_at_the_end_is_asked_for_strictly_where_the_end_belongs_to_the_range() -> None:
    asked: list[tuple[Any, bool]] = []

    def listening(e: Any, facts: Facts, strict: bool) -> Proof | None:
        asked.append((e, strict))
        return believed(e, facts, strict)

    assert by_derivative(exp(x) - 1, x, (Integer(0), oo), Facts((x >= 0,)), True, listening, never)
    assert (Integer(0), True) in asked
    asked.clear()
    assert by_derivative(exp(x) - 1, x, (Integer(0), oo), Facts((x > 0,)), True, listening, never)
    assert (Integer(0), False) in asked
    assert all(strict for e, strict in asked if e != 0)


def test_what_couples_the_variable_to_others_is_not_used_beyond_it() -> None:
    """With x ≥ y the range of x is not known to hold 0: nothing is taken from it there."""
    assert prove(exp(x) - 1 - (x + 1) * y, x >= y, seconds=3) is None
    assert prove(log(1 + a) - a * b, a >= b, seconds=3) is None


def test_limits_with_symbolic_powers() -> None:
    positive = Facts((s <= 1,))
    assert end_value(lowergamma(s, x) - x ** (s - 1) * (1 - exp(-x)), x, Integer(0), 1, positive) == 0
    assert end_value(x**s, x, Integer(0), 1, positive) == 0
    assert end_value(x ** (-s), x, Integer(0), 1, positive) is oo
    assert end_value(-(x ** (-s)), x, Integer(0), 1, positive) is None
    assert end_value(x**y, x, Integer(0), 1, NOWHERE) is None
    assert end_value(exp(-x) * x ** (s - 1) - uppergamma(s, x), x, oo, -1, positive) == 0
    assert end_value(uppergamma(s, x), x, Integer(0), 1, positive) == gamma(s)
    assert end_value(uppergamma(y, x), x, Integer(0), 1, NOWHERE) is None
    assert end_value(lowergamma(y, x), x, Integer(0), 1, NOWHERE) is None
    assert end_value(exp(s * x) - 1, x, oo, -1, positive) in (None, oo)


def test_a_derivative_that_loses_its_functions() -> None:
    assert loses_functions(log(1 + x) - x, x)
    assert loses_functions(INCOMPLETE, a)
    assert not loses_functions(log(p) ** 2 - p, p)
    assert not loses_functions(x**2 - 1, x)


def test_incomplete_gamma_functions_are_continuous_and_positive_where_their_arguments_are() -> None:
    assert is_continuous(uppergamma(y, x), x, Facts((x > 0,)))
    assert not is_continuous(uppergamma(y, x), x, Facts((x >= 0,)))
    assert not is_continuous(lowergamma(y, x), x, Facts((x > 0,)))
    assert not is_continuous(uppergamma(x, a), x, Facts((x > 0,)))
    assert is_continuous(sp.polygamma(1, x), x, Facts((x > 0,)))
    assert not is_continuous(sp.polygamma(0, x), x, NOWHERE)
    assert Facts((x > 0,)).signs(uppergamma(y, x)) == {1}
    assert Facts((x > 0,)).signs(lowergamma(y, x)) is None
    assert NOWHERE.signs(uppergamma(s, x)) is None


def test_logarithms_of_a_sum_need_terms_of_known_sign() -> None:
    assert logarithms_of_both(exp(t**2) - exp(t) / 2 - exp(-t) / 2, NOWHERE, False, believed)
    assert logarithms_of_both(exp(t**2) - x * exp(t) - exp(-t) / 2, NOWHERE, False, believed) is None
    assert logarithms_of_both(exp(t**2) + exp(t) + exp(-t), NOWHERE, False, believed) is None
    assert logarithms_of_both(exp(t**2) + exp(2 * t) - exp(t) / 2 - exp(-t) / 2, NOWHERE, False, believed) is None
