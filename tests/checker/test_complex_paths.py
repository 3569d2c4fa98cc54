"""Integrals between complex ends: the variable runs along a path off the real line, so that conj z is not z, nor √(z²) |z|."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from sympy import Abs, Function, I, Integral, Rational, conjugate, im, oo, re, sqrt, symbols

from derivable.trusted.continuity import between
from derivable.trusted.facts import Facts
from derivable.trusted.functionals import under_one
from derivable.trusted.heads import standard
from derivable.trusted.ranges import continuous_on, merged_integrals, split_at_signs, substituted_integrals

x, y = symbols("x y", real=True)
z, w = symbols("z w")
F = Function("F")
NOWHERE = Facts(())

#: each would be true for a real variable
FALSE: dict[str, tuple[Any, Any]] = {
    "a conjugate, to a number": (Integral(conjugate(z), (z, 0, I)), Integral(z, (z, 0, I))),
    "a conjugate, to any number": (Integral(conjugate(z), (z, 0, w)), Integral(z, (z, 0, w))),
    "a root of a square": (Integral(sqrt(z**2), (z, 0, I)), Integral(Abs(z), (z, 0, I))),
    "a real part": (Integral(re(z), (z, 0, w)), Integral(z, (z, 0, w))),
    "an imaginary part": (Integral(im(z), (z, 0, w)), 0),
    "beside an undefined function": (Integral(F(z) * conjugate(z), (z, 0, w)), Integral(F(z) * z, (z, 0, w))),
    "ends with a real difference": (Integral(conjugate(z), (z, w, w + 1)), Integral(z, (z, w, w + 1))),
    "ends with a real difference, with a value": (Integral(conjugate(z), (z, w, w + 1)), w + Rational(1, 2)),
    "… beside an undefined function": (Integral(F(z) * conjugate(z), (z, I, 1 + I)), Integral(F(z) * z, (z, I, 1 + I))),
    "a half of an even function": (Integral(conjugate(z) ** 2, (z, -I, I)), 2 * Integral(z**2, (z, 0, I))),
    "a line inside": (Integral(F(2 * z) * conjugate(z), (z, 0, I)), Integral(F(z) * z, (z, 0, 2 * I)) / 4),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_holds_for_real_variables_only_is_not_proved(name: str, prove: Callable[..., Any]) -> None:
    assert prove(*FALSE[name]) is None


TRUE: dict[str, tuple[Any, ...]] = {
    "a power": (Integral(z**2, (z, w, w + 1)), ((w + 1) ** 3 - w**3) / 3),
    "two names": (Integral(F(z), (z, 0, w)), Integral(F(y), (y, 0, w))),
    "a conjugate on the line": (Integral(conjugate(z), (z, 0, x)), Integral(z, (z, 0, x))),
    "a conjugate on what a hypothesis says is on the line": (Integral(conjugate(z), (z, 0, w)), Integral(z, (z, 0, w)), w >= 0),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_does_not_depend_on_the_path_is(name: str, prove: Callable[..., Any]) -> None:
    assert prove(*TRUE[name]) is not None


def test_one_name_for_the_variable_leaves_it_complex() -> None:
    for end in (I, w, x + I):
        assert standard(Integral(conjugate(z), (z, 0, end))) != standard(Integral(z, (z, 0, end)))
    for end in (1, x, oo):
        assert standard(Integral(conjugate(z), (z, 0, end))) == standard(Integral(y, (y, 0, end)))


def test_the_sign_of_an_integral_is_that_of_its_integrand_on_the_line() -> None:
    assert Facts((w >= 0,)).is_nonnegative(Integral(z**2, (z, 0, w)))
    assert not NOWHERE.is_real(Integral(z**2, (z, 0, w)))


def test_the_rules_by_themselves_leave_paths_off_the_line_alone() -> None:
    for a, b in ((w, w + 1), (I, I + 1), (sp.Integer(0), w)):
        assert between(x, a, b, NOWHERE) == []
        assert not continuous_on(z, z, a, b, NOWHERE)
        assert under_one(Integral(conjugate(z), (z, a, b)) - Integral(z, (z, a, b)), NOWHERE) is None
        one, rest = merged_integrals(Integral(conjugate(z) * F(z), (z, a, b)) - Integral(z * F(z), (z, a, b)), NOWHERE) or (0, 0)
        assert rest == 0
        assert one.args[0] != 0
        assert split_at_signs(Integral(Abs(z), (z, a, b)), NOWHERE) is None
        assert substituted_integrals(Integral(F(2 * z), (z, a, b)), NOWHERE) is None
    assert substituted_integrals(Integral(F(2 * x), (x, 0, y)), NOWHERE) is not None
    assert under_one(Integral(conjugate(z), (z, y, y + 1)) - Integral(z, (z, y, y + 1)), NOWHERE) is not None
