"""Complex numbers by moduli and one angle: Schwarz's lemma of Pick, Dunkl and Williams, and what does not fit."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, I, Ne, Rational, conjugate, re, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver
from derivable.trusted.polar import by_polar_form

w, z, u, a = symbols("w z u a")
x, y = symbols("x y", real=True)
r = symbols("r", positive=True)
i = symbols("i", imaginary=True)
DISC = (Abs(w) < 1, Abs(z) < 1)
PICK = Abs((z - w) / (1 - conjugate(w) * z))
DUNKL = Abs(z / Abs(z) - w / Abs(w))

TRUE: list[tuple[Any, Any, bool, tuple[Any, ...]]] = [
    (PICK, 1, True, DISC),
    (Abs((z - a) / (1 - conjugate(a) * z)), 1, True, (Abs(z) < 1, Abs(a) < 1)),
    (Abs(z - w), Abs(1 - conjugate(w) * z), True, DISC),
    (Abs(z - w) ** 2, Abs(1 - conjugate(z) * w) ** 2, False, (Abs(w) <= 1, Abs(z) <= 1)),
    (1, PICK, True, (Abs(w) < 1, Abs(z) > 1)),
    (DUNKL, 2 * Abs(z - w) / (Abs(z) + Abs(w)), False, ()),
    (DUNKL, 2 * Abs(z - w) / Abs(w), False, ()),
    (Abs(z) * Abs(w) * DUNKL**2, Abs(z - w) ** 2, False, ()),
    (Abs(z + w) ** 2 + Abs(z - w) ** 2, 2 * Abs(z) ** 2 + 2 * Abs(w) ** 2, False, ()),
    (Abs(z + w) * Abs(z - w), Abs(z) ** 2 + Abs(w) ** 2, False, ()),
    (1, Abs(1 + z) + Abs(1 + z) + Abs(z) ** 2 + Abs(1 - z**2), False, (Abs(z) <= 1,)),
]
FALSE: list[tuple[Any, Any, bool, tuple[Any, ...]]] = [
    (PICK, 1, True, (Abs(w) < 1,)),
    (PICK, 1, True, (Abs(w) <= 1, Abs(z) <= 1)),
    (PICK, 1, False, ()),
    (PICK, Rational(999, 1000), True, DISC),
    (Abs((z - w) / (1 - w * z)), 1, True, DISC),  # without the conjugate
    (DUNKL, 2 * Abs(z - w) / (Abs(z) + Abs(w)) * Rational(99, 100), False, ()),
    (DUNKL, 2 * Abs(z - w) / (Abs(z) + 2 * Abs(w)), False, ()),
    (DUNKL, Abs(z - w), False, ()),
    (Abs(z**2 + w**2), Abs(z + w) ** 2, False, ()),
]


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 5).sign(e, facts, strict, 1)


def goal(e: Any, where: tuple[Any, ...] = ()) -> Any:
    """What the rule rests on, with what is known there."""
    found: list[Any] = []

    def asked(part: Any, facts: Facts, strict: bool) -> Proof | None:
        found.append((part, facts))
        return None

    assert by_polar_form(e, Facts(where), False, asked) is None
    return found[0] if found else None


@pytest.mark.parametrize(("left", "right", "strict", "where"), TRUE)
def test_inequalities_of_two_complex_numbers(left: Any, right: Any, strict: bool, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, strict=strict, where=where).verdict == "proved"


@pytest.mark.parametrize(("left", "right", "strict", "where"), FALSE)
def test_what_is_false_is_not_shown(left: Any, right: Any, strict: bool, where: tuple[Any, ...]) -> None:
    assert by_polar_form(right - left, Facts(where), strict, sign) is None


def test_angles_that_are_no_multiples_of_one_are_left_alone() -> None:
    assert goal(Abs(z) + Abs(w) - Abs(z + w)) is not None
    assert goal(Abs(z + w + u)) is None
    assert goal(Abs(1 + z) + Abs(z + w)) is None
    assert goal(Abs(1 + z * w) + Abs(z - w)) is None  # with the angles of z w and of z / w
    assert goal(Abs(1 + z**6)) is None


def test_complex_numbers_that_occur_in_another_way_are_left_alone() -> None:
    assert goal(re(z) + Abs(z + w)) is None
    assert goal(Abs(z + I * w)) is None
    assert goal(Abs(z + w * sp.exp(I * x))) is None
    assert goal(Abs(z + w) - z) is None
    assert goal(Abs(z + i)) is None  # another complex symbol, with assumptions of its own
    assert goal(Abs(i + 1)) is None
    assert goal(Abs(z) - Abs(w)) is None  # nothing is gained


def test_hypotheses_are_rewritten_or_left_aside() -> None:
    _, within = goal(Abs(z - w), (Abs(z) < 1, re(w) > 0, Ne(z, 0), x > 0))
    assert not any(c.has(z, w) for c in within.where)
    assert (x > 0) in set(within.where)
    (size,) = {c.lhs for c in within.where if c.func is sp.Lt}
    assert size.is_nonnegative  # |z| < 1
    assert sum(1 for c in within.where if c.free_symbols == {x}) == 1
    assert len(within.where) == 5  # and -1 ≤ c ≤ 1, and that the square of |z - w| is not negative


def test_denominators_are_cleared_if_they_are_not_negative_and_occur() -> None:
    cleared, _ = goal(1 / Abs(z - w) - 1)
    assert sp.fraction(cleared)[1] == 1
    kept, _ = goal(Abs(z - w) / (Abs(z) - Abs(w)))
    assert sp.fraction(kept)[1] != 1  # it may be negative


complex_numbers = st.complex_numbers(max_magnitude=5, allow_nan=False, allow_infinity=False)


@settings(max_examples=60, deadline=None)
@given(complex_numbers, complex_numbers, st.integers(-3, 3), st.integers(1, 3))
def test_the_square_of_a_modulus_has_the_value_of_its_polar_form(one: complex, other: complex, k: int, n: int) -> None:
    if abs(one) < 0.1 or abs(other) < 0.1:
        return
    e = Abs(k + z**n * conjugate(w) ** n + 2 * z * conjugate(w))
    found = goal(e)
    if found is None:
        return
    part, _ = found
    names = {str(s): s for s in part.free_symbols}
    values = {
        "_r_z": abs(one),
        "_r_w": abs(other),
        "_c": (one * other.conjugate()).real / (abs(one) * abs(other)),
    }
    value = complex(part.subs({s: values[n] for n, s in names.items()}))
    exact = abs(k + one**n * other.conjugate() ** n + 2 * one * other.conjugate())
    assert abs(value**2 - exact**2) < 1e-6 * (1 + exact**2)
