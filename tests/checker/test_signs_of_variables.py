"""The worst sign of a variable inside its modulus, as in Young's inequality for numbers of any sign."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, Eq, Integer, Rational, symbols

from derivable import at_most
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.signs_of_variables import by_worst_sign

x, y, z = symbols("x y z", real=True)
p, q = symbols("p q", positive=True)
m = symbols("m", integer=True)
w = symbols("w")

TRUE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (x * y, Abs(x) ** p / p + Abs(y) ** q / q, (Eq(1 / p + 1 / q, 1), p > 1)),
    (-x * y, Abs(x) ** p / p + Abs(y) ** q / q, (Eq(1 / p + 1 / q, 1), p > 1)),
    (x * y, Abs(x) ** p / p + (p - 1) / p * Abs(y) ** (p / (p - 1)), (p > 1,)),
    (y * z, Abs(y) ** 3 / 3 + Rational(2, 3) * Abs(z) ** Rational(3, 2), ()),
    (x * Abs(x), x**2, ()),
    (x, Abs(x) ** 3 + 1, ()),
]


def goals(e: Any, where: tuple[Any, ...] = ()) -> list[tuple[Any, Facts]]:
    """What the rule rests on."""
    found: list[tuple[Any, Facts]] = []

    def asked(part: Any, facts: Facts, strict: bool) -> Proof | None:
        found.append((part, facts))
        return None

    assert by_worst_sign(e, Facts(where), False, asked) is None
    return found


@pytest.mark.parametrize(("left", "right", "where"), TRUE)
def test_products_of_real_numbers_are_below_sums_of_powers_of_moduli(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where).verdict == "proved"


def test_exponents_have_to_be_conjugate() -> None:
    assert at_most(x * y, Abs(x) ** p / p + Abs(y) ** q / q, where=[p > 1, q > 1]).verdict != "proved"
    assert at_most(x * y, Abs(x) ** p / p + Abs(y) ** q / q, where=[Eq(1 / p + 1 / q, 1), p < 1]).verdict != "proved"


def test_the_odd_part_is_taken_with_the_worst_sign() -> None:
    ((goal, _),) = goals(Abs(x) + 2 * x)
    (r,) = goal.free_symbols
    assert goal == -r  # at x = -r
    ((goal, _),) = goals(Abs(x) - x**3 * y**2)
    (r,) = goal.free_symbols - {y}
    assert goal == r - r**3 * y**2
    ((goal, _),) = goals(x**4 + Abs(x) * x**2)
    (r,) = goal.free_symbols
    assert goal == r**4 + r**3


def test_what_is_known_of_the_variable_is_not_known_of_its_modulus() -> None:
    ((_, within),) = goals(Abs(x) + x, (x >= -1, y >= 2, Abs(x) <= y))
    assert all(x not in c.free_symbols for c in within.where)
    assert len(within.where) == 2


def test_variables_that_are_left_alone() -> None:
    assert goals(Abs(m) + m) == []  # between integers there is nothing
    assert goals(Abs(w) + w) == []  # a complex number has more than two signs
    assert goals(Abs(x) + 2**x) == []  # not a polynomial
    assert goals(Abs(x) + 1 / x) == []
    assert goals(Abs(x) + Abs(x + y)) == []
    assert goals(Abs(y) + y + Integer(1), (y >= 0,)) == []  # its sign is known
