"""A least value where the derivative changes its sign: Legendre transforms and densities at their mode, and what is none."""

from typing import Any

import pytest
from sympy import E, cos, exp, log, oo, simplify, symbols

from derivable import at_most
from derivable.trusted.critical_points import by_critical_point
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts

x, y, a, b, p = symbols("x y a b p", positive=True)
r, t = symbols("r t", real=True)

TRUE = [
    (a * r - exp(r), a * log(a) - a, ()),
    (log(a) + 1, a * x - log(x), ()),
    (x * exp(-a * x), 1 / (a * E), ()),
    (x**p * exp(-a * x), (p / (a * E)) ** p, ()),
    (a * log(x) + b * log(1 - x), a * log(a / (a + b)) + b * log(b / (a + b)), (x < 1,)),
    (x**a * (1 - x) ** b, a**a * b**b / (a + b) ** (a + b), (x < 1,)),
    (-1 / (a * E), x**a * log(x), ()),
    (1 + x**p, (1 + x) ** p, (p >= 1,)),
]

FALSE = [
    (a * r - exp(r), a * log(a) - 2 * a, ()),
    (log(a) + 2, a * x - log(x), ()),
    (a * x - log(x), log(a) + 1, ()),
    (x * exp(-a * x), 1 / (2 * a * E), ()),
    (a * log(x) + b * log(1 - x), a * log(a / (a + b)) - b, (x < 1,)),
]


@pytest.mark.parametrize(("left", "right", "where"), TRUE)
def test_the_value_at_the_critical_point_decides(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where, timeout=20).verdict == "proved"


@pytest.mark.parametrize(("left", "right", "where"), FALSE)
def test_a_bound_below_it_is_not_proved(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where, timeout=5).verdict != "proved"


def agreed(e: Any, facts: Facts, strict: bool) -> Proof:
    """Say yes to whatever is asked, so that the rule's own conditions are all that can refuse."""
    return Proof((("asked", str(e)),))


@pytest.mark.parametrize(
    ("e", "v", "ends", "where"),
    [
        (log(x) - a * x, x, (0, oo), ()),  # the greatest value
        (x**3 / 3 - x, r, (-oo, oo), ()),  # free of the variable
        (a * x - log(x), x, (y, oo), (x > y,)),  # 1/a may lie outside the range
        ((r - 1) ** 2 * (r + 1) * exp(r), r, (-oo, oo), ()),  # more than one change
        (1 / r + a * r, r, (-oo, oo), ()),  # a pole
        (a * r - t * r**2 / 2, r, (-oo, oo), ()),  # the greatest value for t > 0
        (t * r**2 / 2 - a * r, r, (-oo, oo), ()),  # the greatest value for t < 0
        (exp(t * r) - a * t * r, r, (-oo, oo), ()),  # constant for t = 0
        (2 - cos(r), r, (-oo, oo), ()),  # a derivative of another kind
        (b * x - p * log(x) - r * x, x, (0, oo), ()),  # where the derivative changes is not known to be positive
    ],
)
def test_the_rule_alone_needs_its_conditions(e: Any, v: Any, ends: tuple[Any, Any], where: tuple[Any, ...]) -> None:
    assert by_critical_point(e, v, ends, Facts(where), False, agreed) is None


@pytest.mark.parametrize(
    ("e", "least"), [(exp(r) - a * r, a - a * log(a)), (exp(r) * (r - 1), -1), (exp(-a * r) + r, (1 + log(a)) / a)]
)
def test_the_least_value_is_asked_at_the_change(e: Any, least: Any) -> None:
    asked = []

    def note(value: Any, facts: Facts, strict: bool) -> None:
        asked.append((simplify(value - least), strict))

    assert by_critical_point(e, r, (-oo, oo), Facts(), True, note) is None
    assert asked == [(0, True)]
