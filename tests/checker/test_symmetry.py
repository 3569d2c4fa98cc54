"""Without loss of generality: which sides may be chosen, and that a wrong choice proves nothing."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Abs, Eq, Integral, Max, Min, Rational, cos, exp, log, sqrt, tanh

from derivable import ForAll, at_most
from derivable.trusted.facts import Facts
from derivable.trusted.symmetry import chosen_side

x, y, z = sp.symbols("x y z", real=True)
p, q = sp.symbols("p q", positive=True)
k = sp.Symbol("k", integer=True)
t = sp.Symbol("t", real=True)
f = sp.Function("f", real=True)


def test_even_symbols_are_reflected_and_those_that_change_places_are_ordered() -> None:
    none = Facts(())
    assert chosen_side(Abs(x) + x**2, none) == (x >= 0,)
    assert chosen_side(Abs(x) + Abs(y) + Abs(z), none) == (x >= 0, y >= 0, z >= 0, x >= y, y >= z)
    assert chosen_side(Max(x, y), none) == (x >= y,)
    assert chosen_side(Max(p, q) - p * q, none) == (p >= q,)
    assert chosen_side(Abs(x * y) * cos(x), none) == (x >= 0, y >= 0)


@pytest.mark.parametrize(
    "e",
    [
        Abs(x) + x,  # not even
        Max(x, 2 * y),  # not symmetric
        x**2 + y**2,  # no modulus that it would help with
        Max(x, p),  # different assumptions
        Abs(k) + k**3,
    ],
)
def test_nothing_is_chosen_without_a_symmetry(e: Any) -> None:
    assert chosen_side(e, Facts(())) == ()


def test_symbols_of_which_a_hypothesis_speaks_are_left_alone() -> None:
    assert chosen_side(Abs(x) + x**2, Facts((x <= 1,))) == ()
    assert chosen_side(Max(x, y), Facts((Eq(x, 2 * y),))) == ()
    assert chosen_side(Abs(x), Facts((ForAll((t,), Eq(f(t), x)),))) == ()
    assert chosen_side(Max(x, y) + Abs(z), Facts((x <= 1,))) == (z >= 0,)


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (Abs(x) + Abs(y), sqrt(2) * sqrt(x**2 + y**2)),
        (Abs(x) + Abs(y) + Abs(z), sqrt(3) * sqrt(x**2 + y**2 + z**2)),
        (Max(x, y) ** 2, x**2 + y**2),
        (Abs(x) ** 3, (1 + x**4) * Rational(4, 5)),
        (tanh(Abs(x)), Abs(x)),
        (log(1 + Abs(x)), sqrt(Abs(x))),
        (Abs(x) * exp(-(x**2)), Rational(1, 2)),
        (Min(p, q), sqrt(p * q)),
    ],
)
def test_moduli_and_maxima_are_proved_on_the_chosen_side(lhs: Any, rhs: Any) -> None:
    decision = at_most(lhs, rhs)
    assert decision.verdict == "proved"


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (Abs(x) + Abs(y), sqrt(x**2 + y**2)),
        (Abs(x), x),
        (Max(x, y), x),
        (Max(x, 2 * y), x + y),  # it holds for x ≥ y ≥ 0
        (Abs(x) + x**3, 2 * x**2 + x**3 * 2),  # it holds for x ≥ 1
    ],
)
def test_what_holds_on_one_side_only_is_refuted(lhs: Any, rhs: Any) -> None:
    assert at_most(lhs, rhs).verdict == "refuted"


def test_a_bound_variable_is_no_symbol_to_choose_a_side_for() -> None:
    moved = Integral(Abs(x - t), (t, 0, 1))
    assert at_most(Rational(1, 4), moved).verdict != "refuted"
    assert at_most(Rational(1, 3), moved).verdict == "refuted"


YOUNG = Eq(1 / p + 1 / q, 1)
X, Y = sp.symbols("X Y", nonnegative=True)


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (X * Y, X**p / p + Y**q / q, (YOUNG,)),
        (x * y, x**p / p + y**q / q, (YOUNG, x >= 0, y >= 0)),
        (Abs(x) * Abs(y), Abs(x) ** p / p + Abs(y) ** q / q, (YOUNG,)),
    ],
)
def test_a_power_of_what_may_be_zero_is_looked_at_there_by_itself(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    decision = at_most(lhs, rhs, where=where)
    assert decision.verdict == "proved"
    assert any(rule == "cases" and "= 0 or not" in certificate for rule, certificate in decision.proof.rules)


def test_what_fails_at_zero_alone_is_not_proved() -> None:
    assert at_most(sp.Min(1, 1 / (1 + X)) * 0 + 1, X**p + sp.sign(X) ** 2).verdict == "refuted"
    assert at_most(Rational(1, 2), (1 + X**p) * sp.sign(X)).verdict == "refuted"


def test_a_side_is_chosen_for_symbols_of_any_sign_alone() -> None:
    below = sp.Symbol("below", negative=True)
    assert chosen_side(sp.Max(below**2, y), Facts(())) == ()


def test_what_has_no_normal_form_is_not_taken_for_even() -> None:
    stepped = sp.Piecewise((1, x > 0), (2, True)) * sp.Max(x**2, 1)
    assert chosen_side(stepped, Facts(())) == ()
