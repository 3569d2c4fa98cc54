"""Hlawka's inequality for complex numbers, and sums of norms that are not bounded so."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Rational, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.norms import multiplied_by_norms
from derivable.trusted.order import OrderProver

x, y, z, w = symbols("x y z w")
s = symbols("s", real=True)


def hlawka(a: Any, b: Any, c: Any) -> Any:
    return Abs(a) + Abs(b) + Abs(c) + Abs(a + b + c) - Abs(a + b) - Abs(b + c) - Abs(c + a)


TRUE = [
    hlawka(x, y, z),
    hlawka(x, -y, w),
    hlawka(2 * x, y, 3 * z),
    hlawka(x - y, y - z, z + x),
    3 * hlawka(x, y, z) + Abs(x),
]
FALSE = [
    hlawka(x, y, z) - Rational(1, 1000) * Abs(x),
    -hlawka(x, y, z),
    -Abs(x) - Abs(y) - Abs(z) - Abs(x + y),  # no norm with a coefficient above 0
    Abs(x) + Abs(y) + Abs(z) + Abs(w) + Abs(x + y + z + w) - Abs(x + y) - Abs(y + z) - Abs(z + w),
    Abs(x) + Abs(y) - Abs(x + 2 * y) - Abs(x - y) + Abs(z),
]


def prove(e: Any, strict: bool = False) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 10)._norms(e, Facts(()), strict, 0)


@pytest.mark.parametrize("e", TRUE[:4])
def test_sums_of_norms_of_complex_numbers(e: Any) -> None:
    assert prove(e)
    assert at_most(0, e, timeout=30).verdict == "proved"


def test_more_than_it_is_proved_too() -> None:
    assert prove(TRUE[4])


@pytest.mark.parametrize("e", FALSE)
def test_what_is_false_is_not_shown(e: Any) -> None:
    assert prove(e) is None


def test_a_strict_sign_is_not_shown() -> None:
    assert prove(hlawka(x, y, z), True) is None


def test_what_is_no_sum_of_norms_of_linear_functions_is_left_alone() -> None:
    for e in (
        hlawka(x, y, z) + 1,
        hlawka(x, y, 1),  # 1 is no variable: a sum of it is not homogeneous
        hlawka(x, y, z**2),
        hlawka(x, y, s * z),
        s * hlawka(x, y, z),
        hlawka(x, y, z) ** 2,
        Abs(x) + Abs(y) - Abs(x + y),  # the triangle inequality itself
    ):
        assert multiplied_by_norms(e) is None, e


complex_numbers = st.complex_numbers(max_magnitude=5, allow_nan=False, allow_infinity=False)


@settings(max_examples=30, deadline=None)
@given(complex_numbers, complex_numbers, complex_numbers, st.sampled_from([(1, 1, 1), (2, -1, 1), (1, 0, -3)]))
def test_what_is_known_of_the_norms_holds(a: complex, b: complex, c: complex, k: tuple[int, int, int]) -> None:
    e = Abs(x) + Abs(y) - Abs(z) + Abs(x + y) - Abs(x - y) + Abs(k[0] * x + k[1] * y + k[2] * z)
    found = multiplied_by_norms(e)
    assert found is not None
    _, facts = found
    moduli = [t.as_coeff_Mul()[1] for t in sp.Add.make_args(sp.expand(e))]
    sizes = [abs(complex(n.args[0].subs({x: a, y: b, z: c}))) for n in moduli]
    values = {f"_n{i}": size for i, size in enumerate(sizes)}

    def at(part: Any) -> float:
        return float(part.subs({d: values[str(d)] for d in part.free_symbols}))

    assert all(at(h) >= -1e-9 for h, _ in facts.relations)
    assert all(abs(at(left - right)) < 1e-7 for left, right in facts.equations)
