"""Polynomials by orders of their variables, sums of moduli by edges, Jensen's inequality, powers: what is proved and what not."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Abs, Eq, Max, Min, Rational, Symbol, cbrt, cos, exp, log, pi, root, sin, sqrt, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.curves import powers_of_both
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.jensen import _below_tangent, by_jensen
from derivable.trusted.order import OrderProver
from derivable.trusted.orderings import by_orders, nonnegative_by_orders
from derivable.trusted.piecewise_linear import piecewise_linear

x, y, z, u = symbols("x y z u", real=True)
a, b, c, d, s, t = symbols("a b c d s t", positive=True)
p, q, r = symbols("p q r", nonnegative=True)
TINY = Rational(1, 1000)


def cleared(e: Any) -> Any:
    """The numerator over a denominator that is positive for positive symbols."""
    return sp.expand(sp.fraction(sp.together(e))[0])


def schur(k: int) -> Any:
    return p**k * (p - q) * (p - r) + q**k * (q - p) * (q - r) + r**k * (r - p) * (r - q)


PRODUCT = cleared(1 / (a**3 * (b + c)) + 1 / (b**3 * (c + a)) + 1 / (c**3 * (a + b)) - Rational(3, 2))
BELOW = cleared(1 / (a**3 * (b + c)) + 1 / (b**3 * (c + a)) + 1 / (c**3 * (a + b)) - Rational(3, 2) - TINY)
TRIANGLE = (a + b > c, b + c > a, c + a > b)

POLYNOMIALS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "Schur of degree three": (sp.expand(schur(3)), ()),
    "three and four means": (sp.expand((p + q + r) ** 3 - 27 * p * q * r), ()),
    "cyclic sum of quotients": (cleared(a / (b + c) + b / (c + d) + c / (d + a) + d / (a + b) - 2), ()),
    "not homogeneous": (sp.expand(p**2 + q**2 + r**2 + 2 * p * q * r + 1 - 2 * (p * q + q * r + r * p)), ()),
    "a sum that is one": (p * q + q * r + r * p - 9 * p * q * r, (Eq(p + q + r, 1),)),
    "a product that is one": (PRODUCT, (Eq(a * b * c, 1),)),
    "sides of a triangle": (sp.expand(a * b * c - (a + b - c) * (b + c - a) * (c + a - b)), TRIANGLE),
    "one of an interval": (x**2 - 3 * x + 2 + (x - 2) ** 2 * (x - 1), (x >= 2,)),
}
FALSE_POLYNOMIALS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "a sign is missing": (sp.expand(schur(1).xreplace({p: x, q: y, r: z})), ()),
    "a constant too large": (sp.expand((p + q + r) ** 3 - (27 + TINY) * p * q * r), ()),
    "no sum is known": (p * q + q * r + r * p - 9 * p * q * r, ()),
    "another sum": (p * q + q * r + r * p - 9 * p * q * r, (Eq(p + q + r, 2),)),
    "degrees that do not fit": (p**3 + q**3 - p**2 * q**2, (Eq(p**2 + q**2, 8),)),
    "a product that is one, and more": (BELOW, (Eq(a * b * c, 1),)),
    "a product that is two": (PRODUCT, (Eq(a * b * c, 2),)),
    "not a triangle": (3 * (a * b + b * c + c * a) - (a + b + c) ** 2 + TINY * a * b, ()),
    "the hypothesis reversed": (x - 2, (x <= 2,)),
}


@pytest.mark.parametrize("name", POLYNOMIALS)
def test_the_orders_of_the_variables_show_a_sign(name: str) -> None:
    e, where = POLYNOMIALS[name]
    assert by_orders(e, Facts(where), False, time.monotonic() + 20)


@pytest.mark.parametrize("name", FALSE_POLYNOMIALS)
def test_the_orders_of_the_variables_do_not_show_what_is_false(name: str) -> None:
    e, where = FALSE_POLYNOMIALS[name]
    assert by_orders(e, Facts(where), False, time.monotonic() + 20) is None


def test_a_strict_sign_needs_variables_that_are_positive_and_no_zero_among_them() -> None:
    later = time.monotonic() + 20
    assert nonnegative_by_orders(2 * a**2 - 2 * a * b + b**2 + c * a, True, later)
    assert nonnegative_by_orders(sp.expand((a - b) ** 2), True, later) is None
    assert nonnegative_by_orders(sp.expand((a - b) ** 2 + (b - 2 * c) ** 2 * a), True, later) is None
    assert by_orders(p + q, Facts(()), False, later)
    assert by_orders(p + q, Facts(()), True, later) is None
    assert by_orders(x - 1, Facts((x >= 1,)), True, later) is None
    assert by_orders(p * q, Facts((Eq(p + q, 1),)), True, later) is None


HLAWKA = Abs(x) + Abs(y) + Abs(z) + Abs(x + y + z) - Abs(x + y) - Abs(y + z) - Abs(z + x)
MODULI: dict[str, tuple[Any, tuple[Any, ...], bool]] = {
    "Hlawka": (HLAWKA, (), False),
    "triangle": (Abs(x - y) + Abs(y - z) - Abs(x - z), (), False),
    "between two points": (Abs(x - 1) + Abs(x - 2) - 1, (), False),
    "outside of them": (Abs(x - 1) + Abs(x - 2) - 1, (x >= 3,), True),
    "sorted sums": (Max(x, y) + Max(y, z) + Max(z, x) - 2 * Max(x, y, z) - Min(Max(x, y), z) + TINY, (x <= y, y <= z), False),
    "moduli inside a maximum": (Max(Abs(x - y), Abs(x + y)) - Abs(x) - Abs(y), (), False),
    "a maximum below moduli": (Abs(x) + Abs(y) - Max(Abs(x - y), Abs(x + y)), (), False),
    "moduli inside a modulus": (Abs(x - y) - Abs(Abs(x) - Abs(y)), (), False),
    "three deep": (Abs(x) + 1 - Abs(Abs(Abs(x) - 1) - 1) + TINY, (), True),
    "range": (2 * (Max(x, y, z) - Min(x, y, z)) - Abs(x - y) - Abs(y - z) - Abs(z - x), (), False),
}
FALSE_MODULI: dict[str, tuple[Any, tuple[Any, ...], bool]] = {
    "Hlawka, one sum less": (HLAWKA - TINY * Abs(x), (), False),
    "Hlawka for four, in a circle": (
        Abs(x) + Abs(y) + Abs(z) + Abs(u) + Abs(x + y + z + u) - Abs(x + y) - Abs(y + z) - Abs(z + u) - Abs(u + x),
        (),
        False,
    ),
    "strict between two points": (Abs(x - 1) + Abs(x - 2) - 1, (), True),
    "the hypothesis ends at the edge": (Abs(x - 1) + Abs(x - 2) - 1, (x >= 2,), True),
    "moduli inside a minimum": (Min(Abs(x - y), Abs(x + y)) - Abs(Abs(x) - Abs(y)) - TINY * Abs(x), (), False),
    "moduli inside a modulus, the other way": (Abs(Abs(x) - Abs(y)) - Abs(x - y), (), False),
    "a corner of an inner modulus": (Abs(Abs(x) - 1) - TINY, (x >= -2, x <= 2), False),
    "a corner where a maximum changes": (Max(Abs(x), Abs(y - 1)) - Abs(x) - TINY, (), False),
    "a shift": (Abs(x + 1) - Abs(x) - 1, (), False),
    "a complex variable": (2 * Abs(Symbol("w")) - Symbol("w") - Abs(Symbol("w")), (), False),
}


@pytest.mark.parametrize("name", MODULI)
def test_edges_show_the_sign_of_a_sum_of_moduli(name: str) -> None:
    e, where, strict = MODULI[name]
    assert piecewise_linear(e, Facts(where), strict)


@pytest.mark.parametrize("name", FALSE_MODULI)
def test_edges_do_not_show_a_false_sign(name: str) -> None:
    e, where, strict = FALSE_MODULI[name]
    assert piecewise_linear(e, Facts(where), strict) is None


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 10).sign(e, facts, strict, 1)


JENSEN: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "quotients by roots": (
        a / sqrt(a**2 + 8 * b * c) + b / sqrt(b**2 + 8 * c * a) + c / sqrt(c**2 + 8 * a * b) - 1,
        (),
    ),
    "roots": (sqrt(3 * (a + b + c)) - sqrt(a) - sqrt(b) - sqrt(c), ()),
    "weighted logarithms": (log(a / 3 + 2 * b / 3) - log(a) / 3 - 2 * log(b) / 3, ()),
    "Gibbs": (a * log(a / s) + b * log(b / t) + c * log(c / d), (Eq(a + b + c, 1), Eq(s + t + d, 1))),
    "Gibbs, entropies apart": (
        a * log(a) + b * log(b) + c * log(c) - a * log(s) - b * log(t) - c * log(d),
        (Eq(a + b + c, 1), Eq(s + t + d, 1)),
    ),
    "Gibbs, any masses": (a * log(a / s) + b * log(b / t) + c * log(c / d) - a - b - c + s + t + d, ()),
    "sums of logarithms": (a * log(a / s) + b * log(b / t) - (a + b) * log((a + b) / (s + t)), ()),
    "entropy": (log(3) + a * log(a) + b * log(b) + c * log(c), (Eq(a + b + c, 1),)),
    "divergence below the logarithm of the second moment": (
        log(a**2 / s + b**2 / t) - a * log(a / s) - b * log(b / t),
        (Eq(a + b, 1),),
    ),
    "divergence below chi squared": (
        (a - s) ** 2 / s + (b - t) ** 2 / t - a * log(a / s) - b * log(b / t),
        (Eq(a + b, 1), Eq(s + t, 1)),
    ),
    "exponentials": (exp(x) + exp(y) + exp(z) - 3 * exp((x + y + z) / 3), ()),
    "powers above one": (sqrt(2) * (a ** Rational(3, 2) + b ** Rational(3, 2)) - (a + b) ** Rational(3, 2), ()),
}
FALSE_JENSEN: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "quotients by roots, nine for eight": (
        a / sqrt(a**2 + 9 * b * c) + b / sqrt(b**2 + 9 * c * a) + c / sqrt(c**2 + 9 * a * b) - 1,
        (),
    ),
    "roots, the other way": (sqrt(a) + sqrt(b) + sqrt(c) - sqrt(3 * (a + b + c)), ()),
    "a weight of unknown sign": (x * exp(x) + y * exp(y) - (x + y) * exp((x**2 + y**2) / (x + y)), (x + y > 0,)),
    "weights that are not one": (log(a / 3 + 2 * b / 3) - log(a) / 3 - log(b) / 3, ()),
    "Gibbs, masses that differ": (a * log(a / s) + b * log(b / t) + c * log(c / d), (Eq(a + b + c, 1), Eq(s + t + d, 2))),
    "Gibbs without masses": (a * log(a / s) + b * log(b / t), ()),
    "Gibbs, a weight of unknown sign": (x * log(s) - x * log(t) + a * log(a / d) + a - d, ()),
    "Gibbs, strictly by one": (a * log(a / s) + b * log(b / t) - a - b + s + t - 1, ()),
    "divergence above chi squared": (
        a * log(a / s) + b * log(b / t) - (a - s) ** 2 / s - (b - t) ** 2 / t,
        (Eq(a + b, 1), Eq(s + t, 1)),
    ),
    "a logarithm is not convex": (log(a) + log(b) - 2 * log((a + b) / 2), ()),
}


@pytest.mark.parametrize("name", JENSEN)
def test_terms_of_one_convex_function_are_above_its_value_at_their_mean(name: str) -> None:
    e, where = JENSEN[name]
    assert by_jensen(e, Facts(where), False, sign)


@pytest.mark.parametrize("name", FALSE_JENSEN)
def test_jensen_does_not_show_what_is_false(name: str) -> None:
    e, where = FALSE_JENSEN[name]
    assert by_jensen(e, Facts(where), False, sign) is None


def everything(e: Any, facts: Facts, strict: bool) -> Proof | None:
    """A prover that believes all that it is asked: what a rule makes of it shows the conditions that the rule checks itself."""
    return Proof((("believed", str(e)),))


def test_powers_of_both_sides_need_sides_that_are_not_negative() -> None:
    carlson = cbrt((a + b) * (b + c) * (c + a) / 8) - sqrt((a * b + b * c + c * a) / 3)
    assert powers_of_both(carlson, Facts(()), False, sign)
    assert powers_of_both(root(a * b * c * d, 4) - (a + b + c + d), Facts(()), False, sign) is None
    assert powers_of_both(x - sqrt(a), Facts(()), False, everything) is None  # x = -a has the greater square
    assert powers_of_both(sqrt(a) - x, Facts(()), False, everything) is None
    assert powers_of_both(sqrt(a) - p, Facts(()), False, everything)


def test_jensen_asks_for_weights_and_arguments_in_the_domain() -> None:
    assert by_jensen(x * exp(x) + y * exp(y), Facts(()), False, everything) is None
    assert by_jensen(-log(x) - log(y), Facts(()), False, everything) is None
    assert by_jensen(-sqrt(x) - sqrt(y), Facts(()), False, everything) is None
    assert by_jensen(sqrt(p) + sqrt(q), Facts(()), False, everything) is None
    assert by_jensen(p * exp(x) + q * exp(y), Facts(()), False, everything) is None  # both weights may be zero
    assert by_jensen(-p * exp(x) - a * exp(y), Facts(()), False, everything) is None
    assert by_jensen(-sqrt(p) - sqrt(q), Facts(()), False, everything)
    assert _below_tangent(x - 1 - log(x), Facts(()), False) is None
    assert _below_tangent(a - 1 - log(a), Facts(()), False)
    assert _below_tangent(a - 1 - log(a), Facts(()), True) is None


def test_jensen_for_sines_and_cosines_where_they_are_concave() -> None:
    triangle = (Eq(a + b + c, pi),)
    for left, right, where in (
        (sin(a) + sin(b) + sin(c), 3 * sqrt(3) / 2, triangle),
        (sin(a / 2) + sin(b / 2) + sin(c / 2), Rational(3, 2), triangle),
        (cos(a / 2) + cos(b / 2) + cos(c / 2), 3 * sqrt(3) / 2, triangle),
        (sin(a) + sin(b), 2 * sin((a + b) / 2), (a <= pi, b <= pi)),
        (2 * cos(x) + cos(y), 3 * cos((2 * x + y) / 3), (x >= -pi / 2, x <= pi / 2, y >= -pi / 2, y <= pi / 2)),
    ):
        assert at_most(left, right, where=where).verdict == "proved"


def test_jensen_does_not_leave_the_range_in_which_a_wave_is_concave() -> None:
    for e, where in (
        (-sin(a) - sin(b), ()),
        (-sin(a) - sin(b), (a <= pi, b <= 4)),
        (-sin(x) - sin(y), (x <= pi, y <= pi)),
        (-sin(a) - sin(b) - sin(c), (Eq(a + b + c, 4),)),
        (-sin(a) - sin(b), (Eq(a + x, pi), b <= pi)),
        (-cos(a) - cos(b), (a <= pi, b <= pi)),
        (-cos(a) - cos(b) - cos(c), (Eq(a + b + c, pi),)),
        (-cos(x) - cos(y), (x <= pi / 2, y <= pi / 2)),
        (sin(a) + sin(b), (a <= pi, b <= pi)),
    ):
        assert by_jensen(e, Facts(where), False, everything) is None, (e, where)


def test_one_of_several_numbers_is_the_greatest() -> None:
    total = exp(x) + exp(y) + exp(z)
    assert at_most(log(total), Max(x, y, z) + log(3)).verdict == "proved"
    assert at_most(Max(x, y, z), log(total)).verdict == "proved"
    assert at_most(3 * exp(Min(x, y, z)), total).verdict == "proved"
    prover = OrderProver(propose, time.monotonic() + 5)
    for false in (Max(x, y, z) + 1 - log(total), Min(x, y, z) + log(3) - log(total)):
        assert prover._greatest(false, Facts(()), False, 0) is None


def test_hypotheses_that_are_not_linear_are_no_variables() -> None:
    deadline = time.monotonic() + 5
    assert by_orders(a - 1, Facts((1 / a + b >= 1,)), False, deadline) is None
    assert by_orders(a**2 - 2 * a * b + b**2, Facts((1 / a + b >= 1, a >= b)), False, deadline)
    assert by_orders(a - 1, Facts((a * b >= 1, a >= b)), False, deadline) is None
    assert by_orders(x - 1, Facts((x**2 >= 1,)), False, deadline) is None
    for different in (sp.Ne(a, b), sp.Ne(b, a)):
        assert by_orders(b**2 - a**2, Facts((different,)), False, deadline) is None
    assert by_orders(b**2 - a**2, Facts((a <= b,)), False, deadline)
    assert by_orders(x**2 - y**2, Facts((x >= y,)), False, deadline) is None
