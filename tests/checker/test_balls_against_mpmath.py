"""Every function that the evaluator encloses, where enclosures go wrong most easily: on and beside branch cuts, and at balls.

`test_balls` compares random points; here the points are chosen to be awkward. The table of functions is walked by itself, so a
new function without awkward arguments fails the test that counts them.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import acb, arb, ctx, fmpq
from mpmath import mp
from sympy import (
    FallingFactorial,
    Heaviside,
    KroneckerDelta,
    LambertW,
    Mod,
    RisingFactorial,
    assoc_laguerre,
    atan2,
    bernoulli,
    besseli,
    besselj,
    besselk,
    bessely,
    beta,
    binomial,
    chebyshevt,
    chebyshevu,
    elliptic_f,
    erf2,
    expint,
    gegenbauer,
    hankel1,
    hankel2,
    harmonic,
    hermite,
    hermite_prob,
    jacobi,
    jn,
    laguerre,
    legendre,
    log,
    lowergamma,
    polygamma,
    polylog,
    symbols,
    uppergamma,
    yn,
    zeta,
)  # fmt: skip

from derivable.trusted.balls import FUNCTIONS, Evaluator, Undecided, Undefined, Unsupported, ball
from tests.checker.test_balls import ORACLES

NO_VALUE = (Undefined, Undecided, Unsupported)
PRECISION, DIGITS = 240, 60
TINY = Fraction(1, 2**40)
#: a grid over the points where logarithms, roots and inverse functions are cut, with neighbours on either side
CENTRES = [(Fraction(a, 2), Fraction(0)) for a in range(-6, 7)] + [(Fraction(0), Fraction(b, 2)) for b in range(-6, 7)]
AWKWARD = [(a + da, b + db) for a, b in CENTRES for da in (-TINY, 0, TINY) for db in (-TINY, 0, TINY)]

H = Fraction(1, 2)
#: several arguments: those for which the defining integral or series has to be continued, orders that are no integers, both signs
SEVERAL: dict[Any, list[tuple[Any, ...]]] = {
    polygamma: [(m, z) for m in (0, 1, 2, 5) for z in (-H, -5 * H, H, (-H, TINY), (1, 1), (-3, 2))],
    beta: [(a, b) for a in (-H, H, (1, 1)) for b in (H, -3 * H, 2, (0, 1))],
    binomial: [(n, k) for n in (-3, -1, 0, 2, 5, H, -H, (1, 1)) for k in (0, 1, 3, H, 6)],
    RisingFactorial: [(a, n) for a in (-3, -H, 0, 2, (1, 1)) for n in (0, 1, 3, H)],
    FallingFactorial: [(a, n) for a in (-H, 0, 3, (1, 1)) for n in (0, 1, 3, H)],
    zeta: [(s, a) for s in (2, -1, H, (H, 3), (2, -1)) for a in (1, H, 3)],
    LambertW: [(z, k) for z in (-H, 1, -2, (0, 1), (-1, TINY), (-1, -TINY), (3, -4)) for k in (0, -1, 1, 2)],
    besselj: [(n, z) for n in (0, 1, -1, H, -H, Fraction(1, 3)) for z in (1, -2, (0, 1), (-1, TINY), (-1, -TINY), (2, 3))],
    polylog: [(s, z) for s in (0, 1, 2, -1, H, Fraction(5, 2)) for z in (-H, H, -3, (0, 1), (2, TINY), (2, -TINY), (1, 2))],
    hankel1: [(n, z) for n in (0, 1, H, Fraction(1, 3)) for z in (1, (0, 1), (-1, TINY), (-1, -TINY), (2, 3))],
    hankel2: [(n, z) for n in (0, 1, H, Fraction(1, 3)) for z in (1, (0, 1), (-1, TINY), (-1, -TINY), (2, 3))],
    yn: [(n, z) for n in (0, 1, 2, -1) for z in (1, -2, (0, 1), (-1, 2))],
    hermite_prob: [(n, z) for n in (0, 1, 4, 5) for z in (-H, 3, (0, 1), (2, -1))],
    bernoulli: [(n, z) for n in (0, 1, 2, 3, 6) for z in (0, 1, H, -3, (0, 1), (2, -1))],
    erf2: [(a, b) for a in (-H, 0, (1, 1)) for b in (H, 3, (0, 2))],
    expint: [(n, z) for n in (0, 1, 2, -1, H) for z in (1, 5, (1, 1), (-1, TINY), (-1, -TINY), (0, 2))],
    elliptic_f: [(a, m) for a in (-H, H, 1, 3, -4) for m in (-2, 0, H, Fraction(99, 100))],
    bessely: [(n, z) for n in (0, 1, H, -H, Fraction(1, 3)) for z in (1, -2, (0, 1), (-1, TINY), (-1, -TINY), (2, 3))],
    besseli: [(n, z) for n in (0, 1, -1, H, -H, Fraction(1, 3)) for z in (1, -2, (0, 1), (-1, TINY), (-1, -TINY), (2, 3))],
    besselk: [(n, z) for n in (0, 1, H, -H, Fraction(1, 3)) for z in (1, -2, (0, 1), (-1, TINY), (-1, -TINY), (2, 3))],
    jn: [(n, z) for n in (0, 1, 2, -1) for z in (1, -2, (0, 1), (-1, 2))],
    legendre: [(n, z) for n in (0, 1, 4, H) for z in (-H, 3, H, (0, 1), (2, -1))],
    chebyshevt: [(n, z) for n in (0, 3, H) for z in (-H, 3, (0, 1), (2, -1))],
    chebyshevu: [(n, z) for n in (0, 3) for z in (-H, 3, (0, 1), (2, -1))],
    hermite: [(n, z) for n in (0, 1, 4, -1, H) for z in (-H, 3, (0, 1), (2, -1))],
    laguerre: [(n, z) for n in (0, 1, 4, H) for z in (-H, 3, (0, 1), (2, -1))],
    gegenbauer: [(n, a, z) for n in (0, 1, 4) for a in (H, 2, -H) for z in (-H, 3, (0, 1))],
    assoc_laguerre: [(n, a, z) for n in (0, 1, 4) for a in (H, 2, -H) for z in (-H, 3, (0, 1), (2, -1))],
    jacobi: [(n, a, b, z) for n in (0, 1, 4) for a in (H, 2, -H) for b in (0, -H, 3) for z in (-H, 3, (0, 1))],
    lowergamma: [(s, z) for s in (1, H, 3, Fraction(-1, 2)) for z in (1, 5, (1, 1), (0, 2))],
    uppergamma: [(s, z) for s in (1, H, 3, 0, -1, Fraction(-1, 2)) for z in (1, 5, (1, 1), (-1, TINY), (0, -2))],
    harmonic: [(n, m) for n in (0, 1, 5) for m in (1, 2, -1)],
    Mod: [(a, b) for a in (-7 * H, -3, 0, 5, Fraction(11, 3)) for b in (-3, -H, H, 2)],
    Heaviside: [(a, h) for a in (-1, 0, TINY) for h in (H, 0, 1)],
    KroneckerDelta: [(a, b) for a in (-1, 0, 3) for b in (0, 3)],
    atan2: [(a, b) for a in (-1, 0, TINY, -TINY, 2) for b in (-1, TINY, -TINY, 3)],
}
TO_MPMATH: dict[Any, Any] = {
    bernoulli: lambda n, z: mp.bernpoly(int(n), z),
    LambertW: lambda z, k: mp.lambertw(z, int(mp.re(k))),
    zeta: mp.zeta,
    polygamma: lambda m, z: mp.polygamma(int(mp.re(m)), z),
    binomial: lambda n, k: mp.ff(n, k) / mp.factorial(k) if mp.isint(k) else mp.binomial(n, k),
    harmonic: lambda n, m: mp.fsum(mp.mpf(i) ** -m for i in range(1, int(n) + 1)),
    Heaviside: lambda a, h: mp.mpf(0) if a < 0 else h if a == 0 else mp.mpf(1),
    jn: lambda n, z: mp.sqrt(mp.pi / 2) / mp.sqrt(z) * mp.besselj(n + mp.mpf(1) / 2, z),
    hermite: lambda n, z: mp.hermite(n, z),
    laguerre: lambda n, z: mp.laguerre(n, 0, z),
    lowergamma: lambda s, z: mp.gammainc(s, 0, z),
    uppergamma: lambda s, z: mp.gammainc(s, z),
}
#: functions of one number that is not an integer
CONTINUOUS = [function for function, (_, kinds) in ORACLES.items() if kinds in ("C", "R", "P")]
#: their arguments are real, so that nothing is cut
REAL = {"R", "P", "D", "RR", "DD"}


def exact(number: Any) -> Any:
    """A number, or a pair of them, as what the evaluator takes."""
    if isinstance(number, tuple):
        a, b = map(Fraction, number)
        if b != 0:
            return acb(arb(fmpq(a.numerator, a.denominator)), arb(fmpq(b.numerator, b.denominator)))
        number = a
    number = Fraction(number)
    return fmpq(number.numerator, number.denominator)


def by_mpmath(number: Any) -> Any:
    """The same as what mpmath takes."""
    if isinstance(number, tuple):
        a, b = (mp.mpf(Fraction(part).numerator) / Fraction(part).denominator for part in number)
        return mp.mpc(a, b) if b != 0 else a
    number = Fraction(number)
    return mp.mpf(number.numerator) / number.denominator


def disc(value: Any) -> acb:
    """What mpmath computed, as a ball that allows for its rounding."""
    slack = arb(mp.nstr(1 + abs(value), 5)) * arb(10) ** (-DIGITS * 2 // 3)
    centre = acb(arb(mp.nstr(mp.re(value), DIGITS)), arb(mp.nstr(mp.im(value), DIGITS)))
    return centre + acb(arb(0, slack), arb(0, slack))


def compared(function: Any, arguments: tuple[Any, ...], oracle: Any) -> bool:
    """Whether there was anything to compare; it fails if the enclosure and mpmath's value are apart."""
    outer, ctx.prec = ctx.prec, PRECISION
    try:
        with mp.workdps(DIGITS + 10):
            try:
                enclosure = ball(FUNCTIONS[function](*map(exact, arguments)))
                value = oracle(*map(by_mpmath, arguments))
            except (*NO_VALUE, ValueError, ZeroDivisionError, NotImplementedError, mpmath.libmp.NoConvergence):
                return False
            if not mp.isfinite(value):
                return False
            assert enclosure.overlaps(disc(value)), f"{function.__name__}{arguments}: {enclosure} against {mp.nstr(value, 20)}"
            return True
    finally:
        ctx.prec = outer


def test_every_function_has_awkward_arguments() -> None:
    one = {function for function, (_, kinds) in ORACLES.items() if len(kinds) == 1}
    missing = {f.__name__ for f in FUNCTIONS if f not in one and f not in SEVERAL}
    assert not missing, f"no awkward arguments for {missing}"
    unknown = {f.__name__ for f in SEVERAL if f not in FUNCTIONS}
    assert not unknown, f"not in the table of the evaluator: {unknown}"


@pytest.mark.parametrize("function", [f for f, (_, kinds) in ORACLES.items() if len(kinds) == 1], ids=lambda f: f.__name__)
def test_on_and_beside_the_cuts(function: Any) -> None:
    oracle, kinds = ORACLES[function]
    points = [c for c in AWKWARD if c[1] == 0] if kinds in REAL else AWKWARD
    if kinds == "D":
        points = [c for c in CENTRES if c[1] == 0 and c[0].denominator == 1 and c[0] >= 0]
    seen = sum(compared(function, (point,), oracle) for point in points)
    assert seen >= len(points) // 4, f"{function.__name__} was compared at {seen} of {len(points)} points only"


@pytest.mark.parametrize("function", SEVERAL, ids=lambda f: f.__name__)
def test_several_arguments(function: Any) -> None:
    oracle = TO_MPMATH.get(function) or ORACLES[function][0]
    seen = sum(compared(function, arguments, oracle) for arguments in SEVERAL[function])
    assert seen >= len(SEVERAL[function]) // 3, f"{function.__name__} was compared at {seen} points only"


@pytest.mark.parametrize("radius", [Fraction(1, 2**50), Fraction(1, 2**8), Fraction(1, 3)], ids=["narrow", "wide", "very wide"])
@pytest.mark.parametrize("function", CONTINUOUS, ids=lambda f: f.__name__)
def test_a_ball_of_arguments_gives_a_ball_of_values(function: Any, radius: Fraction) -> None:
    """The value at any point of a ball lies in the enclosure over the ball, cuts and poles that it meets included."""
    oracle, kinds = ORACLES[function]
    rng = random.Random(f"{function.__name__} {radius}")
    outer, ctx.prec = ctx.prec, PRECISION
    try:
        with mp.workdps(DIGITS + 10):
            for a, b in rng.sample(AWKWARD, 60):
                b = b if kinds == "C" else Fraction(0)
                inside = [a + radius * Fraction(rng.randint(-99, 99), 100), b + radius * Fraction(rng.randint(-99, 99), 100)]
                parts = [arb(fmpq(c.numerator, c.denominator), fmpq(radius.numerator, radius.denominator)) for c in (a, b)]
                wide = acb(*parts) if kinds == "C" else acb(parts[0])
                point = (inside[0], inside[1] if kinds == "C" else Fraction(0))
                try:
                    enclosure = ball(FUNCTIONS[function](wide))
                    value = oracle(by_mpmath(point))
                except (*NO_VALUE, ValueError, ZeroDivisionError, mpmath.libmp.NoConvergence):
                    continue
                if mp.isfinite(value):
                    assert enclosure.overlaps(disc(value)), (
                        f"{function.__name__} over {wide}: {enclosure} against {mp.nstr(value, 20)} at {point}"
                    )
    finally:
        ctx.prec = outer


@pytest.mark.parametrize("base", [(-2, 0), (-2, TINY), (-2, -TINY), (0, 1), (0, -1), (H, 0), (-1, 1)], ids=str)
@pytest.mark.parametrize("exponent", [(H, 0), (Fraction(1, 3), 0), (-H, 0), (0, 1), (1, 1), (3, 0), (-2, 0)], ids=str)
def test_powers_and_logarithms_beside_the_cut(base: Any, exponent: Any) -> None:
    x, y = symbols("x y")
    outer, ctx.prec = ctx.prec, PRECISION
    try:
        with mp.workdps(DIGITS + 10):
            evaluator = Evaluator({x: exact(base), y: exact(exponent)})
            assert ball(evaluator(x**y)).overlaps(disc(mp.power(by_mpmath(base), by_mpmath(exponent))))
            assert ball(evaluator(log(x))).overlaps(disc(mp.log(by_mpmath(base))))
    finally:
        ctx.prec = outer
