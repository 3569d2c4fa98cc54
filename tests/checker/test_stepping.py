"""Sums and products by their last term: also where those with fewer terms have no value, and not across what is never defined."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Ne, Product, Sum, atan, cos, cosh, cot, coth, pi, sin, sinh, sqrt, symbols, tan, tanh

from derivable import equal
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts
from derivable.trusted.stepping import _not_identically_zero, by_last_term

x, y = symbols("x y", real=True)
z = symbols("z")
a = symbols("a", positive=True)
k, j = symbols("k j", integer=True)
N = symbols("N", integer=True, nonnegative=True)
P = symbols("P", integer=True, positive=True)


def stepped(lhs: Any, rhs: Any, *where: Any) -> Proof | None:
    """The rule by itself, without the attack before it."""
    prover = Prover(propose, time.monotonic() + 20)
    return by_last_term(lhs - rhs, Facts(where), lambda part, given: prover.zero(part, given, 2, induction=False))


TRUE: dict[str, tuple[Any, ...]] = {
    "cosines of halves": (Product(cos(x / 2**k), (k, 1, P)), sin(x) / (2**P * sin(x / 2**P))),
    "… with a hypothesis on the last": (
        Product(cos(x / 2**k), (k, 1, P)),
        sin(x) / (2**P * sin(x / 2**P)),
        Ne(sin(x / 2**P), 0),
    ),
    "… of a complex number": (Product(cos(z / 2**k), (k, 1, P)), sin(z) / (2**P * sin(z / 2**P))),
    "… of a multiple": (Product(cos(a * x / 2**k), (k, 1, P)), sin(a * x) / (2**P * sin(a * x / 2**P))),
    "thirds": (Product((1 + 2 * cos(2 * x / 3**k)) / 3, (k, 1, P)), sin(x) / (3**P * sin(x / 3**P))),
    "hyperbolic cosines": (Product(cosh(x / 2**k), (k, 1, P)), sinh(x) / (2**P * sinh(x / 2**P))),
    "cosines of doubles": (Product(cos(2**k * x), (k, 0, N)), sin(2 ** (N + 1) * x) / (2 ** (N + 1) * sin(x))),
    "tangents of halves": (Sum(tan(x / 2**k) / 2**k, (k, 1, P)), cot(x / 2**P) / 2**P - cot(x)),
    "tangents of doubles": (Sum(2**k * tan(2**k * x), (k, 0, N)), cot(x) - 2 ** (N + 1) * cot(2 ** (N + 1) * x)),
    "hyperbolic tangents": (Sum(tanh(x / 2**k) / 2**k, (k, 1, P)), coth(x) - coth(x / 2**P) / 2**P),
    "powers of powers": (
        Sum(2**k / (1 + x ** (2**k)), (k, 0, N)),
        1 / (x - 1) + 2 ** (N + 1) / (1 - x ** (2 ** (N + 1))),
    ),
    "neighbouring cosines": (Sum(1 / (cos(k * x) * cos((k + 1) * x)), (k, 0, N)), tan((N + 1) * x) / sin(x)),
    "squares of tangents": (Product(1 - tan(x / 2**k) ** 2, (k, 1, P)), 2**P * tan(x / 2**P) / tan(x)),
    "reciprocal sines": (Sum(1 / sin(2**k * x), (k, 1, P)), cot(x) - cot(2**P * x)),
    "arctangents": (Sum(atan(1 / (k**2 + k + 1)), (k, 0, N)), atan(N + 1)),
    "arctangents, two steps apart": (Sum(atan(2 / k**2), (k, 1, N)), atan(N) + atan(N + 1) - pi / 4),
    "arctangents with a parameter": (Sum(atan(a / (1 + a**2 * k * (k + 1))), (k, 0, N)), atan(a * (N + 1))),
}
FALSE: dict[str, tuple[Any, ...]] = {
    "cosines, one too many": (Product(cos(x / 2**k), (k, 0, P)), sin(x) / (2**P * sin(x / 2**P))),
    "tangents, a constant beside": (Sum(tan(x / 2**k) / 2**k, (k, 1, P)), cot(x / 2**P) / 2**P - cot(x) + 1),
    "tangents, the wrong sign": (Sum(tan(x / 2**k) / 2**k, (k, 1, P)), cot(x) - cot(x / 2**P) / 2**P),
    "arctangents, without the quarter": (Sum(atan(2 / k**2), (k, 1, N)), atan(N) + atan(N + 1)),
    "arctangents of a parameter of any sign": (Sum(atan(2 * y / (1 - y**2 + k**2)), (k, 1, N)), atan(N + y) - atan(N - y)),
    "a product that begins too late": (Product(k, (k, 1, N)), sp.factorial(N) / 2),
    "right but at the first": (Sum(1, (k, 1, P)), P + sp.KroneckerDelta(P, 1)),
    "undefined for all x at one n": (Sum(x, (k, 1, P)), P * x + sp.Abs(P - 3) / (P - 3) + 1),
    "… times x": (Sum(x, (k, 1, P)), P * x + x * (sqrt((P - 3) ** 2) / (P - 3) + 1)),
    "a condition that leaves single points": (Sum(x / (x * k), (k, 1, P)), P, sp.Le(x, 0), sp.Ge(x, 0)),
}


@pytest.mark.parametrize("name", TRUE)
def test_one_more_term_is_enough(name: str) -> None:
    assert stepped(*TRUE[name]) is not None


@pytest.mark.parametrize("name", FALSE)
def test_what_is_wrong_somewhere_is_not_stepped_through(name: str) -> None:
    assert stepped(*FALSE[name]) is None


def test_a_variable_that_is_no_interval_carries_nothing_over_a_gap() -> None:
    """At integers x the tangents of all halves may be undefined at every point, so that continuity says nothing."""
    m = symbols("m", integer=True, positive=True)
    lhs, rhs = Sum(1 / (m - k) - 1 / (m - k - 1), (k, 1, P)), 1 / (m - 1) - 1 / (m - P - 1)
    assert stepped(lhs, rhs) is None
    assert stepped(lhs.subs(m, x), rhs.subs(m, x)) is not None


def test_a_free_symbol_of_the_name_of_the_index_stays_free() -> None:
    assert stepped(Sum(2, (k, 0, N)) + sp.Abs(k), 2 * N + 2 + k) is None


def test_the_decision_proves_them() -> None:
    for name in ("cosines of halves", "tangents of halves", "arctangents, two steps apart"):
        lhs, rhs, *where = TRUE[name]
        assert equal(lhs, rhs, where=tuple(where)).verdict == "proved"


def test_what_is_zero_at_one_place_may_be_zero_everywhere() -> None:
    for zero in (sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1, sp.cosh(x) ** 2 - sp.sinh(x) ** 2 - 1, y * x, sp.exp(x) - y):
        assert not _not_identically_zero(zero, x, Facts(()))
    for other in (sp.cos(x) - 2, x**2 + y, sp.sin(a * x), sp.exp(x) + 1):
        assert _not_identically_zero(other, x, Facts(()))
    assert not _not_identically_zero(sp.sin(y * x), x, Facts(()))
