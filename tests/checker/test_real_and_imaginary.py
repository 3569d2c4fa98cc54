"""Inequalities of complex numbers by their parts, with hypotheses that speak of them, and the attack at complex points."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, I, Ne, conjugate, cos, exp, im, re, sin, sqrt, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver
from derivable.trusted.real_and_imaginary import by_real_and_imaginary

a, z, w = symbols("a z w")
h = symbols("h", positive=True)
x = symbols("x", real=True)
i = symbols("i", imaginary=True)

TRUE: dict[str, tuple[Any, Any, bool, tuple[Any, ...]]] = {
    "bilinear rule, stable": (Abs((1 + a * h / 2) / (1 - a * h / 2)), 1, True, (re(a) < 0,)),
    "bilinear rule, on the boundary too": (Abs((1 + a * h / 2) / (1 - a * h / 2)), 1, False, (re(a) <= 0,)),
    "implicit Euler rule": (Abs(1 / (1 - a * h)), 1, True, (re(a) < 0,)),
    "explicit Euler rule needs a disc": (Abs(1 + a), 1, True, (Abs(a) ** 2 < -2 * re(a),)),
    "Cayley transform of the upper half-plane": (Abs((z - I) / (z + I)), 1, True, (im(z) > 0,)),
    "squares": (Abs(1 + a) ** 2, Abs(1 - a) ** 2, False, (re(a) <= 0,)),
    "parts of a product": (re(z * conjugate(w)), (Abs(z) ** 2 + Abs(w) ** 2) / 2, False, ()),
    "an equation": (Abs(z), 1, False, (sp.Eq(z, I * x), x**2 <= 1)),
    "an exponential": (Abs(exp(z)), 1, True, (re(z) < 0,)),
    "a sine": (Abs(sin(z)) ** 2, exp(2 * im(z)) + exp(-2 * im(z)), False, ()),
}
FALSE: dict[str, tuple[Any, Any, bool, tuple[Any, ...]]] = {
    "bilinear rule, boundary": (Abs((1 + a * h / 2) / (1 - a * h / 2)), 1, True, (re(a) <= 0,)),
    "explicit Euler rule": (Abs(1 + a * h), 1, True, (re(a) < 0,)),
    "Pick without the conjugate": (Abs((z - a) / (1 - a * z)), 1, False, (Abs(z) < 1, Abs(a) < 1)),
    "Cayley transform, other half-plane": (Abs((z - I) / (z + I)), 1, True, (im(z) < 0,)),
    "parts of a product without the conjugate": (re(z * w), re(z) * re(w), False, ()),
    "a sine": (Abs(sin(z)), 1, False, (Abs(z) < 3,)),
    "an equation that tells less": (Abs(z), 1, False, (sp.Eq(z**2, -(x**2)), x**2 <= 2)),
    "nonzero alone": (0, re(z), True, (Ne(z, 0),)),
}


def by_parts(lhs: Any, rhs: Any, strict: bool, where: tuple[Any, ...]) -> Proof | None:
    """What the rule says by itself."""
    prover = OrderProver(propose, time.monotonic() + 20)
    return by_real_and_imaginary(rhs - sp.sympify(lhs), Facts(where), strict, lambda e, facts, s: prover.sign(e, facts, s, 1))


@pytest.mark.parametrize("name", TRUE)
def test_what_the_parts_tell_is_proved(name: str) -> None:
    lhs, rhs, strict, where = TRUE[name]
    assert at_most(lhs, rhs, strict=strict, where=where, timeout=20).verdict == "proved"


@pytest.mark.parametrize("name", FALSE)
def test_what_fails_at_complex_points_is_refuted(name: str) -> None:
    lhs, rhs, strict, where = FALSE[name]
    decision = at_most(lhs, rhs, strict=strict, where=where, timeout=20)
    assert decision.verdict == "refuted"


@pytest.mark.parametrize("name", FALSE)
def test_the_rule_alone_proves_nothing_false(name: str) -> None:
    assert by_parts(*FALSE[name]) is None


def test_hypotheses_that_cannot_be_written_in_parts_are_dropped() -> None:
    assert by_parts(Abs(1 + a), Abs(1 - a), False, (re(a) < 0, sp.gamma(a) < 1)) is not None
    assert by_parts(Abs(1 + a), Abs(1 - a), False, (sp.gamma(a) < 1,)) is None


@pytest.mark.parametrize(
    "e",
    [
        Abs(i + 1) - 1,  # more is known of i than its parts tell
        Abs(sp.gamma(z)),
        sp.Integral(Abs(z), (z, 0, 1)) + re(w),
    ],
)
def test_what_has_no_parts_is_left_alone(e: Any) -> None:
    def unasked(e: Any, facts: Facts, strict: bool) -> Proof | None:
        assert not e.has(z, i), "a complex variable is left"
        return None

    assert by_real_and_imaginary(e, Facts(()), False, unasked) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=6, max_size=6), st.integers(0, 4))
def test_goals_in_parts_have_the_values_of_the_statement(numbers: list[int], shape: int) -> None:
    """At the parts of any two numbers the goal is what the statement is at the numbers."""
    p, q, r, s, t, k = numbers
    e = [
        Abs(z * w + t) ** 2 - k,
        re(z / (w + t + 4 * I)) + k,
        Abs((z - t) * conjugate(w)) - Abs(z**2 + k),
        im(exp(z) * w) + t,
        Abs(cos(z)) + re(conjugate(z) * w) * sqrt(Abs(w) + 1),
    ][shape]
    seen: list[Any] = []

    def note(goal: Any, facts: Facts, strict: bool) -> Proof | None:
        seen.append(goal)
        return None

    by_real_and_imaginary(e, Facts(()), False, note)
    (goal,) = seen
    values = {"re_z": p, "im_z": q, "re_w": r, "im_w": s}
    there = goal.xreplace({v: sp.Integer(values[v.name]) for v in goal.free_symbols})
    assert not goal.has(z, w)
    assert abs(sp.N(there - e.subs({z: p + q * I, w: r + s * I}), 30)) < 1e-20
