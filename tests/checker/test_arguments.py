"""Principal values of complex numbers by moduli and arguments: what is proved, and what must not be."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Eq,
    I,
    Ne,
    Rational,
    acos,
    acot,
    arg,
    atan,
    atanh,
    ceiling,
    conjugate,
    cos,
    exp,
    im,
    log,
    pi,
    re,
    sign,
    sqrt,
    symbols,
)

from derivable import equal
from derivable.search import propose
from derivable.trusted.angles import Bound
from derivable.trusted.arguments import Untold, _by_parts, _Plane, applies, in_real_terms
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts

z, w = symbols("z w")
a, b, s, t, x = symbols("a b s t x", real=True)
p = symbols("p", positive=True)
n = symbols("n", integer=True, positive=True)
SPLIT = log((z - I) / (z + I)), log(z - I) - log(z + I)
UPPER = sqrt((sqrt(a**2 + b**2) + a) / 2), sqrt((sqrt(a**2 + b**2) - a) / 2)

TRUE: dict[str, tuple[Any, Any, list[Any]]] = {
    "logarithm of the exponential": (log(exp(z)), z, [im(z) > -pi, im(z) <= pi]),
    "logarithm of the exponential, one turn up": (log(exp(w)), w - 2 * pi * I, [im(w) > pi, im(w) <= 3 * pi]),
    "logarithm of the exponential anywhere": (log(exp(z)), z - 2 * pi * I * ceiling((im(z) - pi) / (2 * pi)), []),
    "logarithm on the circle": (log(exp(I * x)), I * (x - 2 * pi * ceiling((x - pi) / (2 * pi))), []),
    "conjugate logarithm to the right": (conjugate(log(z)), log(conjugate(z)), [re(z) > 0]),
    "conjugate logarithm off the axis": (log(conjugate(z)), conjugate(log(z)), [Ne(im(z), 0)]),
    "conjugate root": (conjugate(sqrt(z)), sqrt(conjugate(z)), [Ne(im(z), 0)]),
    "conjugate power": (conjugate(z**w), conjugate(z) ** conjugate(w), [re(z) > 0]),
    "argument of a product": (arg(z * w), arg(z) + arg(w), [re(z) > 0, re(w) > 0]),
    "argument of a product anywhere": (
        arg(z * w), arg(z) + arg(w) - 2 * pi * ceiling((arg(z) + arg(w) - pi) / (2 * pi)), [Ne(z, 0), Ne(w, 0)],
    ),
    "argument of a quotient": (arg(z / w), arg(z) - arg(w), [im(z) > 0, im(w) > 0]),
    "argument of a square to the left": (arg(z**2), 2 * arg(z) - 2 * pi, [re(z) < 0, im(z) >= 0]),
    "root of a product": (sqrt(z * w), sqrt(z) * sqrt(w), [im(z) > 0, im(w) < 0]),
    "root of a square": (sqrt(z**2), -z, [re(z) < 0]),
    "cube root": ((z**3) ** Rational(1, 3), z, [arg(z) > -pi / 3, arg(z) <= pi / 3]),
    "logarithm of a product": (log(z * w), log(z) + log(w), [arg(z) + arg(w) > -pi, arg(z) + arg(w) <= pi]),
    "logarithm of a product, second quadrants": (
        log(z * w), log(z) + log(w) - 2 * pi * I, [re(z) < 0, im(z) > 0, re(w) < 0, im(w) > 0],
    ),
    "logarithm of a power": (log(z**n), n * log(z), [arg(z) * n > -pi, arg(z) * n <= pi, Ne(z, 0)]),
    "power of a power": ((z**s) ** t, z ** (s * t), [s > -1, s <= 1, Ne(z, 0)]),
    "opposite number": (log(-z), log(z) - I * pi, [im(z) > 0]),
    "opposite number by the sign": (log(z) - log(-z), I * pi * sign(im(z)), [Ne(im(z), 0)]),
    "quarter turn": (log(I * z), log(z) + I * pi / 2, [re(z) > 0]),
    "reciprocal": (log(1 / z), -log(z), [Ne(im(z), 0)]),
    "factors of a difference": (log(1 - z**2), log(1 - z) + log(1 + z), []),
    "factors under a root": (sqrt(z**2 - 1), sqrt(z - 1) * sqrt(z + 1), [re(z) > 0]),
    "factors under a root, anywhere": (sqrt(1 - z**2), sqrt(1 - z) * sqrt(1 + z), []),
    "factors of a quotient": (*SPLIT, [re(z) > 0]),
    "half angle": (sqrt(Abs(z)) * cos(arg(z) / 2), sqrt((Abs(z) + re(z)) / 2), [Ne(z, 0)]),
    "real part of a root": (re(sqrt(z)), sqrt((Abs(z) + re(z)) / 2), []),
    "root by parts": (sqrt(a + I * b), UPPER[0] + I * UPPER[1], [b >= 0]),
    "root by parts below": (sqrt(a + I * b), UPPER[0] - I * UPPER[1], [b < 0]),
    "unit circle": (log(z), I * arg(z), [Eq(Abs(z), 1)]),
    "one and a wave": (log(1 + exp(I * t)), log(2 * cos(t / 2)) + I * t / 2, [t > -pi, t < pi]),
    "one and an imaginary number": (log(1 + I * x), log(1 + x**2) / 2 + I * atan(x), []),
    "arctangent of the reciprocal": (atan(z) + atan(1 / z), pi / 2, [re(z) > 0]),
    "arctangent of the reciprocal to the left": (atan(z) + atan(1 / z), -pi / 2, [re(z) < 0]),
    "area tangent off the cut": (atanh(z), log((1 + z) / (1 - z)) / 2, [Ne(im(z), 0)]),
    "arccotangent": (acot(z), I / 2 * log((z - I) / (z + I)), [re(z) > 0]),
    "conjugate arctangent": (conjugate(atan(z)), atan(conjugate(z)), [Abs(z) < 1]),
    "arccosine of the opposite": (acos(-z), pi - acos(z), []),
}  # fmt: skip

FALSE: dict[str, tuple[Any, Any, list[Any]]] = {
    "logarithm of the exponential with the lower edge": (log(exp(z)), z, [im(z) >= -pi, im(z) <= pi]),
    "logarithm on the circle, rounded down": (log(exp(I * x)), I * (x - 2 * pi * sp.floor((x + pi) / (2 * pi))), []),
    "conjugate logarithm anywhere": (conjugate(log(z)), log(conjugate(z)), []),
    "conjugate logarithm above and on the axis": (conjugate(log(z)), log(conjugate(z)), [im(z) >= 0]),
    "argument of a product of one right half": (arg(z * w), arg(z) + arg(w), [re(z) > 0]),
    "argument of a product with the upper half": (arg(z * w), arg(z) + arg(w), [im(z) > 0, re(w) > 0]),
    "argument of a square with the axis": (arg(z**2), 2 * arg(z), [re(z) >= 0]),
    "root of a product of upper halves": (sqrt(z * w), sqrt(z) * sqrt(w), [im(z) > 0, im(w) > 0]),
    "root of a square with the axis": (sqrt(z**2), z, [re(z) >= 0]),
    "cube root of a half plane": ((z**3) ** Rational(1, 3), z, [re(z) > 0]),
    "logarithm of a product with the lower edge": (
        log(z * w), log(z) + log(w), [arg(z) + arg(w) >= -pi, arg(z) + arg(w) <= pi],
    ),
    "power of a power with the lower edge": ((z**s) ** t, z ** (s * t), [s >= -1, s <= 1, Ne(z, 0)]),
    "reciprocal anywhere": (log(1 / z), -log(z), [Ne(z, 0)]),
    "opposite number on the axis": (log(-z), log(z) - I * pi, [im(z) >= 0]),
    "factors under a root, to the left": (sqrt(z**2 - 1), sqrt(z - 1) * sqrt(z + 1), []),
    "factors of a difference with the other sign": (log(z**2 - 1), log(z - 1) + log(z + 1), [re(z) < 0]),
    "root by parts anywhere": (sqrt(a + I * b), UPPER[0] + I * UPPER[1], []),
    "root by parts below and on the axis": (sqrt(a + I * b), UPPER[0] - I * UPPER[1], [b <= 0]),
    "root by parts, the other root": (sqrt(a + I * b), -UPPER[0] - I * UPPER[1], [b > 0]),
    "one and a wave beyond a half turn": (log(1 + exp(I * t)), log(2 * cos(t / 2)) + I * t / 2, [t > -pi, t < 2 * pi]),
    "arctangent of the reciprocal on the axis": (atan(z) + atan(1 / z), pi / 2, [re(z) >= 0]),
    "logarithm of the exponential below a real part": (log(exp(z)), z, [re(z) < 3]),
    "modulus of a complex power": (Abs(z**w), Abs(z) ** w, [Ne(z, 0)]),
    "conjugate root of a real number": (conjugate(sqrt(x)), sqrt(x), []),
    "one and an imaginary number, turned": (log(x + I), log(1 + x**2) / 2 + I * atan(1 / x), [Ne(x, 0)]),
    "two waves of different sizes, as if both had the first": (
        log(1 + 2 * exp(I * t)), log(2 * cos(t / 2)) + I * t / 2, [t > -pi, t < pi],
    ),
    "two waves of different sizes": (log(1 + 2 * exp(I * t)), log(4 * cos(t / 2)) + I * t / 2, [t > -pi, t < pi]),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_branches_are_told_by_arguments(name: str) -> None:
    lhs, rhs, where = TRUE[name]
    assert equal(lhs, rhs, where=where).verdict == "proved"


@pytest.mark.parametrize("name", FALSE)
def test_branches_that_are_not_told_are_not_proved(name: str) -> None:
    lhs, rhs, where = FALSE[name]
    assert equal(lhs, rhs, where=where).verdict != "proved"
    assert directly(lhs - rhs, *where) is None


def directly(e: Any, *where: Any) -> Any:
    """The rule alone, without the attack before it."""
    return Prover(propose, time.monotonic() + 3)._by_arguments(sp.sympify(e), Facts(where), 0)


def terms(e: Any, *where: Any) -> list[Any]:
    """What the rule rewrites an expression into."""
    facts = Facts(where)
    return [
        target
        for target, _, _ in in_real_terms(e, facts, lambda u, f, strict: f.is_positive(u) if strict else f.is_nonnegative(u))
    ]


def test_what_is_not_analytic_or_known_is_left_alone() -> None:
    f = sp.Function("f")
    assert not applies(z + I, Facts(()))  # no branches
    assert not applies(log(x), Facts((x > 0,)))  # nothing that is not real
    assert not terms(log(f(z)))
    assert not terms(log(z) + sp.Sum(z**n, (n, 1, 3)))
    assert not terms(log(z) * symbols("j", imaginary=True))
    for odd in (sp.atan2(z, 1), sp.atan2(1, z), sp.atan2(z, w), sp.floor(z), sp.ceiling(z), sign(z), sp.gamma(z)):
        assert not terms(odd * log(w))
    assert not terms(re(sp.sinh(z) * sp.sinh(w)) * log(w))
    assert terms(sp.atan2(x, 1) * log(w))


def test_a_power_of_what_may_vanish_is_rewritten_for_a_real_exponent_only() -> None:
    assert not terms(z**w)
    assert terms(z**w, Ne(z, 0))
    assert not terms(z**t)  # 0^t for t = 0 and t < 0
    assert terms(sqrt(z))
    assert not terms(sqrt(z**t))
    assert terms(sqrt(z**t), Ne(z, 0))
    assert terms(sqrt(z**p))


def test_hypotheses_that_are_not_understood_tell_nothing() -> None:
    assert directly(log(z**2) - 2 * log(z), sp.Gt(re(sp.gamma(z)), 0)) is None
    assert directly(log(z**2) - 2 * log(z), re(w) > 0) is None


def test_the_modulus_of_what_may_vanish_may_be_zero() -> None:
    decision = equal(sqrt(z) * sqrt(conjugate(z)), Abs(z), where=[re(z) >= 0])
    assert decision.verdict == "proved"
    assert equal(sqrt(z**2) / z, 1, where=[re(z) > 0]).verdict == "proved"


def test_a_positive_number_is_no_turn() -> None:
    assert equal(log(p * z), log(p) + log(z)).verdict == "proved"
    assert equal(log(-p * z), log(p) + log(z) + I * pi).verdict == "refuted"


def plane(facts: Facts, *bounds: tuple[Any, Bound, Bound]) -> _Plane:
    """Angles between bounds."""
    found = _Plane([], facts, lambda e, f, strict: f.is_positive(e) if strict else f.is_nonnegative(e), True)
    found.bounds.update({angle: (low, high) for angle, low, high in bounds})
    return found


TWELFTHS = st.integers(-12, 12).map(lambda n: Rational(n, 6))
REACHED = st.sampled_from([None, sp.Integer(0)])


@given(TWELFTHS, TWELFTHS, REACHED, REACHED, st.sampled_from([-3, -2, -1, 1, 2, 3, Rational(1, 2)]), TWELFTHS)
@settings(max_examples=150, deadline=None)
def test_a_principal_value_is_one_wherever_the_angle_lies(low: Any, high: Any, least: Any, most: Any, c: Any, shift: Any) -> None:
    if low > high or (low == high and None in (least, most)):
        return
    angle = c * t + shift * pi
    reduced = plane(Facts(()), (t, Bound(low, least), Bound(high, most))).principal(angle, exp(I * angle))
    for k in range(13):
        at = low + (high - low) * Rational(k, 12)
        if (at == low and least is None) or (at == high and most is None):
            continue
        found, whole = reduced.subs(t, at * pi) / pi, angle.subs(t, at * pi) / pi
        assert -1 < found <= 1
        assert (found - whole) % 2 == 0


def test_one_half_plane_of_several_is_not_chosen() -> None:
    whole = (t, Bound(sp.Integer(-1), None), Bound(sp.Integer(1), sp.Integer(0)))
    above = plane(Facts((sp.sin(3 * t) > 0,)), whole)
    assert above.principal(3 * t, exp(3 * I * t)).has(ceiling)
    once = plane(Facts((sp.sin(t) > 0,)), (t, Bound(sp.Integer(0), None), Bound(sp.Integer(3), None)))
    assert once.principal(t, exp(I * t)).has(ceiling)
    only = plane(Facts((sp.sin(t) > 0,)), (t, Bound(sp.Integer(1), None), Bound(sp.Integer(4), sp.Integer(0))))
    assert only.principal(t, exp(I * t)) == t - 2 * pi
    for far in ((Rational(41, 5), sp.Integer(11)), (sp.Integer(-11), -Rational(41, 5)), (sp.Integer(-11), sp.Integer(1))):
        distant = plane(Facts((sp.sin(t) > 0,)), (t, Bound(far[0], None), Bound(far[1], None)))
        assert distant.principal(t, exp(I * t)).has(ceiling)


def test_real_and_imaginary_part_of_a_number_that_is_not_real() -> None:
    assert plane(Facts(())).parts(sp.Pow(-1, Rational(1, 3), evaluate=False)) == (Rational(1, 2), sqrt(3) / 2)


def test_what_is_inside_a_wave_is_parted_or_left() -> None:
    assert _by_parts(exp(a + I * b)) == exp(a) * (cos(b) + I * sp.sin(b))
    with pytest.raises(Untold):
        _by_parts(exp(sp.sin(a + I * b)))
