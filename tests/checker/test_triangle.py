"""The triangle inequality, for moduli and p-norms, and majorising power series; and what must not pass for them."""

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Abs, I, Rational, cos, cosh, exp, log, re, sin, sinh, sqrt, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.moduli import inside_modulus, majorant, modulus, rectangular, remainder_of_exponential
from derivable.trusted.order import OrderProver
from derivable.trusted.triangle import by_triangle, falls, grows

u, v, w = symbols("u v w")
x, y, z, s, t = symbols("x y z s t", real=True)
a, b, c, d, p, q = symbols("a b c d p q", positive=True)
n = symbols("n", integer=True, nonnegative=True)
THIRD = Rational(1, 3)

TRUE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (Abs(u + v + w), Abs(u) + Abs(v) + Abs(w), ()),
    (Abs(u + v + w), Abs(u + v) + Abs(w), ()),
    (sqrt((x - s) ** 2 + (y + t) ** 2), sqrt(x**2 + y**2) + sqrt(s**2 + t**2), ()),
    (Abs(u - 2 * v + 3 * w), Abs(u) + 2 * Abs(v) + 3 * Abs(w), ()),
    (Abs(u - w), Abs(u - v) + Abs(v - w), ()),
    (Abs(u) - Abs(v) - Abs(w), Abs(u + v + w), ()),
    (Abs(u * v - w), Abs(u) * Abs(v) + Abs(w), ()),
    (2 * Abs(u), Abs(u + v) + Abs(u - v), ()),
    (Abs(p * u + (1 - p) * v), p * Abs(u) + (1 - p) * Abs(v), (p < 1,)),
    (Abs(u + v) / (1 + Abs(u + v)), Abs(u) / (1 + Abs(u)) + Abs(v) / (1 + Abs(v)), ()),
    (exp(-Abs(u) - Abs(v)), exp(-Abs(u + v)), ()),
    (Abs(1 / (1 - u)), 1 / (1 - Abs(u)), (Abs(u) < 1,)),
    (Abs(exp(I * x) * u + v), Abs(u) + Abs(v), ()),
    (Abs(exp(I * x) + exp(I * y) + exp(I * z)), 3, ()),
    (Abs(p * exp(I * x) + (1 - p) * exp(I * y)), 1, (p < 1,)),
    (Abs(exp(I * x) - exp(I * y)), Abs(x - y), ()),
    (Abs(exp(I * x) - exp(I * z)), Abs(exp(I * x) - exp(I * y)) + Abs(exp(I * y) - exp(I * z)), ()),
    (Abs(exp(I * n * x) - 1), n * Abs(exp(I * x) - 1), ()),
    (Abs(exp(I * x) - 1 - I * x), x**2 / 2, ()),
    (Abs(exp(I * x) - 1 - I * x + x**2 / 2), Abs(x) ** 3 / 6, ()),
    (Abs(exp(u) - 1), Abs(u), (re(u) <= 0,)),
    (Abs(exp(u) - 1), exp(Abs(u)) - 1, ()),
    (Abs(exp(u) - 1), Abs(u) * exp(Abs(u)), ()),
    (Abs(exp(u) - 1 - u), exp(Abs(u)) - 1 - Abs(u), ()),
    (Abs(sin(u)), sinh(Abs(u)), ()),
    (Abs(cos(u) - 1), cosh(Abs(u)) - 1, ()),
    (Abs(log(1 + u)), -log(1 - Abs(u)), (Abs(u) < 1,)),
    (Abs(sin(x + y)), Abs(sin(x)) + Abs(sin(y)), ()),
    (Abs(sin(n * x)), n * Abs(sin(x)), ()),
    (sqrt((a + b) ** 2 + (c + d) ** 2), sqrt(a**2 + c**2) + sqrt(b**2 + d**2), ()),
    (sqrt((x - s) ** 2 + (y - t) ** 2), sqrt((x - a) ** 2 + (y - b) ** 2) + sqrt((a - s) ** 2 + (b - t) ** 2), ()),
    (
        sqrt((p * x + (1 - p) * y) ** 2 + (p * s + (1 - p) * t) ** 2),
        p * sqrt(x**2 + s**2) + (1 - p) * sqrt(y**2 + t**2),
        (p < 1,),
    ),
    (((a + b) ** p + (c + d) ** p) ** (1 / p), (a**p + c**p) ** (1 / p) + (b**p + d**p) ** (1 / p), (p >= 1,)),
]

FALSE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (Abs(u) + Abs(v), 2 * Abs(u + v), ()),
    (Abs(x * u + y * v), Abs(x) * Abs(u) ** 2 + Abs(y) * Abs(v) ** 2, ()),
    (sp.Integer(1), Abs(u + 2) * (3 - Abs(u + 2)), (Abs(u) <= 1,)),
    (Abs(u + v + w), Abs(u + v) + Abs(w) / 2, ()),
    (Abs(u + 2 * v + w), Abs(u) + Abs(v) + Abs(w), ()),
    (Abs(u) + Abs(v), Abs(u + v), ()),
    (Abs(u - w), Abs(u - v) + Abs(v + w), ()),
    (Abs(p * u + (1 - p) * v), p * Abs(u) + (1 - p) * Abs(v), ()),
    (Abs(1 / (1 - u)), 1 / (1 - Abs(u)), ()),
    (Abs(1 / (2 - u)), 1 / (1 - Abs(u)) - 1, (Abs(u) < 1,)),
    (Abs(exp(I * x) + exp(I * y) + exp(I * z)), Rational(5, 2), ()),
    (Abs(exp(I * x) - exp(I * y)), Abs(x - y) / 2, ()),
    (Abs(exp(I * x) - 1 - I * x), x**2 / 3, ()),
    (Abs(exp(u) - 1), Abs(u), ()),
    (Abs(exp(u) - 1), Abs(u), (re(u) <= 1,)),
    (Abs(exp(u) - 1 - u), exp(Abs(u)) - 1 - 2 * Abs(u), ()),
    (Abs(exp(u) - 1), exp(Abs(u)) - 1 - Abs(u) ** 2, ()),
    (Abs(sin(u)), Abs(u), ()),
    (Abs(cos(u)), sp.Integer(1), ()),
    (Abs(log(1 + u)), -log(1 - Abs(u)) / 2, (Abs(u) < 1,)),
    (Abs(cos(x + y)), Abs(cos(x)) + Abs(cos(y)) - Rational(1, 2), ()),
    (Abs(sin(n * x)), n * Abs(sin(x)) / 2, ()),
    (Abs(exp(-Abs(cos(x))) * sin(x + y)), exp(-1) * (Abs(sin(x)) + Abs(sin(y))), ()),
    (sin(x + y) ** 2 + Abs(sin(x + y)), Abs(sin(x)) + Abs(sin(y)), ()),
    (sqrt((a + b) ** 2 + (c + d) ** 2), sqrt(a**2 + c**2) + sqrt(b**2 + d**2) - d, ()),
    (((a + b) ** p + (c + d) ** p) ** (1 / p), (a**p + c**p) ** (1 / p) + (b**p + d**p) ** (1 / p), ()),
]


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 3).sign(e, facts, strict, 2)


@pytest.mark.parametrize(("left", "right", "where"), TRUE)
def test_sums_are_at_most_the_sums_of_their_moduli(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where).verdict == "proved"


@pytest.mark.parametrize(("left", "right", "where"), FALSE)
def test_what_is_false_is_not_shown(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert by_triangle(right - left, Facts(where), False, sign) is None
    assert OrderProver(propose, time.monotonic() + 2).proved(right - left, Facts(where), False) is None


def test_a_bound_is_put_only_where_the_whole_falls() -> None:
    r = Abs(u)
    assert falls(1 - r, r, Facts(()))
    assert falls(1 / (1 + r), r, Facts(()))
    assert not falls(r**2 - r, r, Facts(()))
    assert not falls(-1 / r, r, Facts(()))
    assert not falls(x * r, r, Facts(()))
    assert not falls(1 / (1 - r), r, Facts(()))  # not continuous at 1
    assert grows(-1 / r, r, Facts(()))
    assert not grows(r**2 - r, r, Facts(()))


def test_what_grows_with_a_norm_is_not_compared_with_a_greater_one() -> None:
    def everything(e: Any, facts: Facts, strict: bool) -> Proof | None:
        return Proof((("believed", str(e)),))

    facts = Facts((Abs(u) <= 1,))
    assert by_triangle(x - Abs(u + v), facts, False, everything)
    assert by_triangle(x + Abs(u + v), facts, False, everything) is None
    assert by_triangle(x + Abs(u + 2), facts, False, everything)  # from below
    assert by_triangle(x + Abs(u + 2) - Abs(u + 2) ** 2 / 3, facts, False, everything) is None
    assert by_triangle(x - sp.Sum(Abs(u + n), (n, 1, 3)), facts, False, everything) is None


def test_a_cosine_is_left_out_as_a_factor_alone() -> None:
    damped = Abs(exp(-Abs(cos(x))) * sin(x + y))
    facts = Facts(())

    def believed(e: Any, facts: Facts, strict: bool) -> Proof | None:
        return Proof((("believed", str(e)),)) if not e.has(damped.args[0].args[0]) and not e.has(cos) else None

    assert by_triangle(exp(-1) * (Abs(sin(x)) + Abs(sin(y))) - damped, facts, False, believed) is None


def test_scalars_have_no_poles() -> None:
    # u = (u - v)/x + …: where x may be 0, nothing is said
    e = Abs(u) / x**2 + Abs(v) - Abs(u / x**2 + v / x)
    assert by_triangle(e, Facts(()), False, sign) is None


@pytest.mark.parametrize(
    "f", [exp(u) - 1, exp(u) - 1 - u, sin(u) - u, cos(u) + u**2 / 2, exp(2 * u) - 3 * u, sin(u) * exp(v), log(1 - u)]
)
def test_majorants_are_bounds(f: Any) -> None:
    bound = majorant(f, Facts((Abs(u) < 1,)))
    for k in range(12):
        at = {u: sp.exp(I * k) * Rational(k + 1, 13), v: sp.exp(2 * I * k) * k / 5}
        assert abs(complex(f.subs(at))) <= abs(complex(bound.subs(at))) + 1e-12


def test_series_stay_in_their_disc() -> None:
    assert majorant(log(1 + u), Facts(())) is None
    assert majorant(1 / (1 - u), Facts(())) is None
    assert majorant(sp.atan(u), Facts(())) is None
    assert majorant(sp.atan(u), Facts((Abs(u) < 1,))) == sp.atanh(Abs(u))


def test_the_remainder_of_the_exponential_needs_a_real_part_that_is_not_positive() -> None:
    assert remainder_of_exponential(exp(u) - 1, Facts(())) is None
    assert remainder_of_exponential(exp(u) - 1, Facts((re(u) <= 0,))) == Abs(u)
    assert remainder_of_exponential(exp(I * x) - 1 - 2 * I * x, Facts(())) == 3 * Abs(x)
    assert remainder_of_exponential(2 * exp(I * x) - 2 - 2 * I * x, Facts(())) == x**2


def test_moduli_by_structure() -> None:
    facts = Facts(())
    assert modulus(-a * u * exp(I * x), facts) == a * Abs(u)
    assert modulus(exp(u), facts) == exp(re(u))
    assert rectangular(exp(x + I * y), facts) == (exp(x) * cos(y), exp(x) * sin(y))
    for unknown in (u, x * u, x + u, exp(x + u), sin(u), (x + u) ** 2, 1 / u):
        assert rectangular(unknown, facts) is None
    assert inside_modulus(sqrt(exp(I * x) + 3 + exp(-I * x)), facts) is not None  # |c + e^(ix)/c|² with c² + 1/c² = 3
    assert inside_modulus(sqrt(exp(I * x) + 1 + exp(-I * x)), facts) is None  # negative at π
