"""Bounds of special functions, and inverse functions through their monotone functions: right values, and no false proof."""

from __future__ import annotations

import time
from typing import Any

import mpmath
import pytest
import sympy as sp
from sympy import (
    Abs,
    E,
    I,
    LambertW,
    Rational,
    asin,
    atan,
    cos,
    cosh,
    exp,
    gamma,
    log,
    pi,
    sech,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
    zeta,
)

from derivable import at_most
from derivable.search import propose
from derivable.trusted.curves import logarithm
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.known_bounds import by_greatest_values, by_inverse, by_known_bounds, by_polygamma_bounds
from derivable.trusted.order import OrderProver

x, y, w = symbols("x y w", real=True)
a, b, s = symbols("a b s", positive=True)
NOWHERE = Facts(())


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 6).sign(e, facts, strict, 1)


def believed(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return Proof((("believed", str(e)),))


def modulus(u: Any, v: Any) -> Any:
    """|Γ(u + iv)| as SymPy writes it."""
    return sqrt(gamma(u + I * v) * gamma(u - I * v))


def test_the_bounds_have_the_values_of_the_functions_between_them() -> None:
    """Each bound that is told is compared with the function at many points."""
    told: list[Any] = []

    def listening(e: Any, facts: Facts, strict: bool) -> Proof | None:
        told.append(facts.where)
        return None

    by_known_bounds(zeta(s), Facts((s > 1,)), False, listening)
    by_known_bounds(modulus(a, y), Facts((a >= 1, y > 0)), False, listening)
    by_known_bounds(modulus(a, y), Facts((a <= Rational(1, 2), y > 0)), False, listening)
    assert len(told) == 3
    for where in told:
        for at in (mpmath.mpf("0.1"), mpmath.mpf("0.5"), mpmath.mpf("1.0001"), mpmath.mpf("1.7"), mpmath.mpf(4), mpmath.mpf(30)):
            for v in (mpmath.mpf("0.01"), mpmath.mpf(1), mpmath.mpf(5)):
                values = {s: at, a: at, y: v}
                dummies = {d for c in where for d in c.free_symbols if isinstance(d, sp.Dummy)}
                for d in dummies:
                    values[d] = mpmath.zeta(at) if d.name == "zeta" else abs(mpmath.gamma(mpmath.mpc(at, v))) ** 2
                own = [c for c in where if not c.free_symbols & dummies]
                if not all(bool(c.subs(values)) for c in own):
                    continue
                for c in (c for c in where if c.free_symbols & dummies):
                    left, right = (sp.N(side.subs(values), 30) for side in (c.gts, c.lts))
                    assert left >= right * (1 - Rational(1, 10**12))


TRUE: dict[str, tuple[Any, tuple[Any, ...], bool]] = {
    "zeta near its pole": (zeta(s) - 1 / (s - 1), (s > 1,), True),
    "zeta from above": (s / (s - 1) - zeta(s), (s > 1,), True),
    "a modulus from above": (gamma(a) - modulus(a, y), (), False),
    "a modulus from below": (modulus(a, y) - sqrt(sech(pi * y)) * gamma(a), (a >= Rational(1, 2),), False),
    "a modulus from below, from one on": (modulus(a, b) - sqrt(pi * b / sinh(pi * b)) * gamma(a), (a >= 1,), False),
    "Lambert's W from below": (LambertW(x) - log(x) + log(log(x)), (x >= E,), False),
    "Lambert's W from above": (log(1 + a) - LambertW(a), (), True),
    "an arcsine": (asin(x) - x, (x >= 0, x <= 1), False),
    "an arctangent": (a - atan(a), (a < pi / 2,), True),
}
FALSE: dict[str, tuple[Any, tuple[Any, ...], bool]] = {
    "zeta, two thirds more": (zeta(s) - 1 / (s - 1) - Rational(2, 3), (s > 1,), True),
    "zeta, a half": (1 / (s - 1) + Rational(1, 2) - zeta(s), (s > 1,), True),
    "zeta without its range": (zeta(s) - 1 / (s - 1), (), True),
    "a modulus, strictly": (gamma(a) - modulus(a, y), (), True),
    "a modulus from below, nearer to zero": (modulus(a, y) - sqrt(sech(pi * y)) * gamma(a), (), False),
    "a modulus, for negative arguments": (gamma(x) - modulus(x, y), (), False),
    "two numbers that are not conjugate": (gamma(a) ** 2 - gamma(a + I * y) * gamma(a - 2 * I * y), (), False),
    "Lambert's W from below, without a range": (LambertW(x) - log(x) + log(log(x)), (x > 1,), False),
    "Lambert's W at negative arguments": (LambertW(x) + 2, (x < 0,), False),
    "Lambert's W, strictly at zero": (w - LambertW(w), (w >= 0,), True),
    "an arcsine beyond its range": (asin(sin(a)) - a, (), False),
    "an arctangent, reversed": (atan(a) - a, (), False),
}


@pytest.mark.parametrize("name", TRUE)
def test_known_values_prove(name: str) -> None:
    e, where, strict = TRUE[name]
    facts = Facts(where)
    assert by_known_bounds(e, facts, strict, sign) or by_inverse(e, facts, strict, sign)


@pytest.mark.parametrize("name", FALSE)
def test_known_values_do_not_prove_what_is_false(name: str) -> None:
    e, where, strict = FALSE[name]
    facts = Facts(where)
    assert (by_known_bounds(e, facts, strict, sign) or by_inverse(e, facts, strict, sign)) is None


def test_an_inverse_function_asks_for_its_range() -> None:
    asked: list[tuple[Any, bool]] = []

    def listening(e: Any, facts: Facts, strict: bool) -> Proof | None:
        asked.append((sp.expand(e), strict))
        return believed(e, facts, strict)

    assert by_inverse(y - atan(x), NOWHERE, False, listening)
    assert asked == [(pi / 2 - y, True), (pi / 2 + y, True), (tan(y) - x, False)]
    asked.clear()
    assert by_inverse(y - LambertW(a), NOWHERE, False, listening)
    assert asked == [(y + 1, False), (y * exp(y) - a, False)]
    asked.clear()
    assert by_inverse(y - sp.acosh(1 + a), NOWHERE, True, listening)
    assert asked == [(y, False), (cosh(y) - 1 - a, True)]
    for e in (y - asin(x), y - LambertW(x), y - sp.acosh(x), x * atan(y) - 1, atan(y) ** 2 - x, y + LambertW(a, -1)):
        assert by_inverse(e, NOWHERE, False, believed) is None


def test_zeta_is_positive_beyond_one_only() -> None:
    assert Facts((s > 1,)).signs(zeta(s)) == {1}
    assert NOWHERE.signs(zeta(s)) is None
    assert NOWHERE.signs(Abs(zeta(s))) == {0, 1}


n = symbols("n", integer=True, nonnegative=True)
k = symbols("k", integer=True, positive=True)
j = symbols("j", integer=True)
IN_THE_INTERVAL = (x >= -1, x <= 1)
POLYNOMIALS: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (Abs(sp.legendre(n, x)), 1, IN_THE_INTERVAL),
    (Abs(sp.legendre(n, cos(x))), 1, ()),
    (Abs(sp.chebyshevt(n, x)), 1, IN_THE_INTERVAL),
    (Abs(sp.chebyshevu(n, x)), n + 1, IN_THE_INTERVAL),
    (sp.gegenbauer(n, a, x), sp.RisingFactorial(2 * a, n) / sp.factorial(n), IN_THE_INTERVAL),
    (sp.legendre(n, x) ** 2 + sp.chebyshevu(n, x), n + 2, IN_THE_INTERVAL),
    (sp.legendre(k - 1, x) * sp.legendre(k + 1, x), sp.legendre(k, x) ** 2, IN_THE_INTERVAL),
    (sp.legendre(n, x) * sp.legendre(n + 2, x), sp.legendre(n + 1, x) ** 2, IN_THE_INTERVAL),
]


@pytest.mark.parametrize(("left", "right", "where"), POLYNOMIALS)
def test_orthogonal_polynomials_are_greatest_at_one(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where).verdict == "proved"


def test_orthogonal_polynomials_have_bounds_in_the_interval_and_of_natural_degrees_alone() -> None:
    for e, where in (
        (sp.legendre(n, x), ()),
        (sp.legendre(n, x), (x <= 1,)),
        (sp.legendre(n, x), (x >= -1, x <= 2)),
        (sp.legendre(j, x), IN_THE_INTERVAL),
        (sp.legendre(a, x), IN_THE_INTERVAL),
        (sp.chebyshevu(n, a), ()),
        (sp.gegenbauer(n, y, x), IN_THE_INTERVAL),
        (sp.hermite(n, x), IN_THE_INTERVAL),
    ):
        assert by_greatest_values(e, Facts(where), False, believed) is None, (e, where)


def test_false_bounds_of_orthogonal_polynomials_are_not_shown() -> None:
    facts = Facts(IN_THE_INTERVAL)
    for e in (
        1 - sp.chebyshevu(n, x),
        1 - sp.gegenbauer(n, a, x),
        Rational(99, 100) - sp.legendre(n, x),
        sp.legendre(n + 1, x) ** 2 - sp.legendre(n, x) * sp.legendre(n + 2, y),
        sp.legendre(n + 2, x) ** 2 - sp.legendre(n, x) * sp.legendre(n + 1, x),
        sp.legendre(n, x) * sp.legendre(n + 2, x) - sp.legendre(n + 1, x) ** 2,
        sp.legendre(j, x) ** 2 - sp.legendre(j - 1, x) * sp.legendre(j + 1, x),  # of degrees that may be negative
    ):
        assert by_greatest_values(e, facts, False, sign) is None, e
    assert by_greatest_values(1 - sp.legendre(n, x), facts, True, sign) is None
    turan = sp.legendre(n + 1, x) ** 2 - sp.legendre(n, x) * sp.legendre(n + 2, x)
    assert by_greatest_values(turan, facts, True, sign) is None  # both sides are 1 at the ends


def test_what_is_told_of_orthogonal_polynomials_holds_at_points() -> None:
    told: list[Any] = []

    def listening(e: Any, facts: Facts, strict: bool) -> Proof | None:
        told.append((e, facts))
        return None

    functions = (sp.legendre, sp.chebyshevt, sp.chebyshevu)
    for f in functions:
        by_greatest_values(f(n, x) + 2 * f(n + 1, x) + 3 * f(n + 2, x), Facts(IN_THE_INTERVAL), False, listening)
    assert len(told) == 3
    for f, (e, facts) in zip(functions, told, strict=True):
        names = {e.coeff(d): d for d in e.free_symbols}
        for degree in range(7):
            for at in (-1, Rational(-9, 10), Rational(-1, 3), 0, Rational(1, 7), Rational(4, 5), 1):
                values = {names[c]: f(degree + c - 1, at) for c in (1, 2, 3)} | {n: degree, x: at}
                assert all(bool(c.subs(values)) for c in facts.where)


def test_digamma_functions_are_between_their_bounds() -> None:
    told: list[Any] = []

    def listening(e: Any, facts: Facts, strict: bool) -> Proof | None:
        told.append(e)
        return None

    for order in (0, 1):
        for way in (1, -1):
            by_polygamma_bounds(way * sp.polygamma(order, a), NOWHERE, False, listening)
            bound = told.pop()
            for at in ("0.001", "0.1", "0.5", "1", "1.46", "3", "50", "10000"):
                with mpmath.workdps(40):
                    exact = mpmath.psi(order, mpmath.mpf(at)) * way
                    assert mpmath.mpf(str(sp.N(bound.subs(a, sp.Rational(at)), 40))) < exact


def test_digamma_functions_have_bounds_at_positive_arguments_and_with_coefficients_of_one_sign() -> None:
    for e in (
        sp.polygamma(0, x),
        x * sp.polygamma(0, a),
        sp.polygamma(0, a) ** 2,
        sp.polygamma(2, a),
        sp.polygamma(j, a),
        sp.log(a),
        sp.Sum(sp.polygamma(0, n), (n, 1, k)),
    ):
        assert by_polygamma_bounds(e, NOWHERE, False, believed) is None, e
    assert by_polygamma_bounds(log(a) - sp.polygamma(0, a), NOWHERE, True, sign)
    assert by_polygamma_bounds(sp.polygamma(0, a) - log(a), NOWHERE, False, sign) is None
    assert by_polygamma_bounds(log(a) - 1 / a - sp.polygamma(0, a), NOWHERE, False, sign) is None


def test_gamma_functions_below_powers_and_beta_functions_below_products() -> None:
    assert at_most(gamma(x + 1), x**x, where=[x >= 1], timeout=30).verdict == "proved"
    assert at_most(sp.beta(a, b), 1 / (a * b), where=[a >= 1, b >= 1], timeout=30).verdict == "proved"
    assert at_most(gamma(a) * gamma(b) / gamma(a + b), 1 / (a * b), where=[a >= 1, b >= 1], timeout=30).verdict == "proved"


def test_beta_functions_are_positive_for_positive_arguments() -> None:
    assert NOWHERE.signs(sp.beta(a, b)) == {1}
    assert NOWHERE.signs(sp.beta(a, x)) is None
    assert logarithm(sp.beta(a, b), NOWHERE) == sp.loggamma(a) + sp.loggamma(b) - sp.loggamma(a + b)
    assert logarithm(sp.beta(a, x), NOWHERE) == log(sp.beta(a, x))
    prover = OrderProver(propose, time.monotonic() + 4)
    assert prover.sign(1 / (a * b) - sp.beta(a, b), Facts((a >= 1,)), False, 1) is None  # 1/(a b) is less for b < 1 < a
