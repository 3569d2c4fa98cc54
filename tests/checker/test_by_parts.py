"""Integrals by parts: what they prove, and that neither a wrong primitive nor an edge without a limit passes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from sympy import Catalan, Integral, asin, atan, cot, erfc, log, oo, pi, symbols

from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts

x, t = symbols("x t", real=True)
a = symbols("a", positive=True)
NOTHING = Facts(())

TRUE = {
    "arc tangent over its argument": (Integral(atan(x) / x, (x, 0, 1)), Catalan),
    "arc sine over its argument": (Integral(asin(x) / x, (x, 0, 1)), pi * log(2) / 2),
    "by the logarithm of a sine": (Integral(x * cot(x), (x, 0, pi / 2)), pi * log(2) / 2),
    "to infinity": (Integral(atan(x) / x**2, (x, 1, oo)), pi / 4 + log(2) / 2),
    "a tail": (Integral(x * erfc(x), (x, 0, oo)), sp.Rational(1, 4)),
    "with a parameter": (Integral(log(1 + a**2 / x**2), (x, 0, oo)), pi * a),
}
FALSE = {
    "without the edge": (Integral(atan(x) / x**2, (x, 1, oo)), log(2) / 2),
    "the wrong sign": (Integral(x * cot(x), (x, 0, pi / 2)), -pi * log(2) / 2),
    "a pole at an end": (Integral(log(x) / x, (x, 0, 1)), 0),
    "a pole inside": (Integral(atan(x) / x**2, (x, -1, 1)), -pi / 2),
    "edges that have no limit": (Integral(atan(x), (x, 0, oo)), 0),
    "a jump inside": (Integral(atan(1 / x), (x, -1, 2)), 2 * atan(sp.S.Half) - pi / 4 + log(5) / 2 - log(2) / 2),
}


@pytest.mark.parametrize("name", TRUE)
def test_proved(name: str, prove: Callable[..., Proof | None]) -> None:
    assert prove(*TRUE[name], seconds=15.0) is not None


@pytest.mark.parametrize("name", FALSE)
def test_not_proved(name: str, prove: Callable[..., Proof | None]) -> None:
    assert prove(*FALSE[name]) is None


def parts(u: Any, rest: Any, ends: tuple[Any, Any], primitive: Any) -> Any:
    """The value of the integral of u · rest by parts with one proposed primitive of the rest."""

    def proposed(kind: str, expression: Any, variable: Any) -> Any:
        return iter([primitive]) if expression == rest else propose(kind, expression, variable)

    prover = Prover(proposed, time.monotonic() + 20)
    found = prover._by_parts(u * rest, x, *map(sp.sympify, ends), NOTHING, ())
    return None if found is None else found[0]


def test_a_wrong_primitive_is_turned_down() -> None:
    u, rest = log(x), (1 + x) ** -2
    # 1 - 1/(1 + x) is one whose product with the logarithm vanishes at 0, and -1/(1 + x) is not
    assert sp.simplify(parts(u, rest, (0, 1), x / (1 + x)) + log(2)) == 0
    assert parts(u, rest, (0, 1), -1 / (1 + x)) is None
    assert parts(u, rest, (0, 1), x / (1 + x) + x**2) is None
    assert parts(u, rest, (0, 1), x / (2 + x)) is None


def test_a_primitive_that_jumps_is_turned_down() -> None:
    """atan(1/x) + π/2 is a primitive of -1/(1 + x²) on either side of 0."""
    rest = -1 / (1 + x**2)
    assert parts(x, rest, (1, 2), atan(1 / x)) is not None
    assert parts(x, rest, (-1, 2), atan(1 / x)) is None


def test_parts_are_not_taken_of_parts() -> None:
    prover = Prover(propose, time.monotonic() + 20)
    asked = (atan(x) / x**2, x, sp.Integer(1), oo, NOTHING, ())
    assert prover._by_parts(*asked) is not None
    prover._in_parts = True
    assert prover._by_parts(*asked) is None
