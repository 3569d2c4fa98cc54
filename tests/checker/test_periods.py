"""Periodic functions on one period, and what is not periodic."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, I, Integer, Rational, cos, exp, sin, sqrt, symbols

from derivable import at_most
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.periods import by_one_period

x, y, c = symbols("x y c", real=True)
a = symbols("a", positive=True)
m = symbols("m", integer=True)
q = symbols("q", rational=True)
w = symbols("w")


def ranges(e: Any, where: tuple[Any, ...] = ()) -> set[Any]:
    """What is assumed of the variables."""
    found: list[set[Any]] = [set()]

    def asked(part: Any, facts: Facts, strict: bool) -> Proof | None:
        found.append(set(facts.where) - set(where))
        return None

    assert by_one_period(e, Facts(where), True, asked) is None
    return found[-1]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (sin(cos(x)), cos(sin(x))),
        (sin(cos(y)), cos(sin(y))),
        (sin(cos(3 * x + 1)), cos(sin(3 * x + 1))),
        (sin(x) + cos(2 * x), exp(sin(x) ** 2) + 1),
        (cos(cos(x)) ** 2, Rational(11, 10)),
    ],
)
def test_a_strict_inequality_of_a_periodic_function(left: Any, right: Any) -> None:
    assert at_most(left, right, strict=True).verdict == "proved"


def test_the_range_holds_a_period() -> None:
    assert ranges(cos(sin(x)) - sin(cos(x))) == {x >= 0, x <= 7}
    assert ranges(sin(x / 2) + cos(x / 3)) == {x >= 0, x <= 38}  # 12 π
    assert ranges(sin(Rational(2, 3) * x) + cos(Rational(4, 3) * x) + 1) == {x >= 0, x <= 10}  # 3 π
    assert ranges(sin(4 * x + c)) == {x >= 0, x <= 2, c >= 0, c <= 7}


def test_what_is_not_periodic_keeps_its_range() -> None:
    for e in (
        sin(x) + x,
        sin(x) + sin(sqrt(2) * x),  # no common period
        sin(x**2),
        sin(a * x),
        sin(x) * exp(-Abs(x)),
        sin(x + cos(x)),
        sin(x / 40),
        Integer(1),
    ):
        assert not any(h.has(x) for h in ranges(e)), e


def test_variables_of_which_something_is_known_are_left_alone() -> None:
    assert ranges(sin(x), (x >= 0,)) == set()
    assert ranges(sin(x) + y, (x <= y,)) == set()
    for s in (a, m, q, w):  # a shift by 2π leaves these, or is not real
        assert ranges(sin(s)) == set()
    assert ranges(abs(sin(x + I))) == {x >= 0, x <= 7}


def test_a_false_inequality_of_a_function_that_only_seems_periodic_is_not_proved() -> None:
    assert at_most(sin(x) + sin(sqrt(2) * x), Rational(199, 100), strict=True).verdict != "proved"
    assert at_most(sin(x) * (x + 10) / 20, 1, strict=True).verdict != "proved"
