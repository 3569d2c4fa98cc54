"""Statements that are nearly true, or true only in the form in which they are written down: none of them is proved or enclosed.

`test_soundness` asks the rules alone about wrong neighbours of known identities. Here stand the traps of docs/traps.md:
conventions at single points, near-identities, ranges that are empty or run backwards, values that do not exist, hypotheses that
exclude everything, names that are bound twice; and the false statements that the checker once proved.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from sympy import (
    Abs,
    Derivative,
    Eq,
    FallingFactorial,
    Function,
    Ge,
    Heaviside,
    I,
    IndexedBase,
    Integral,
    LambertW,
    Limit,
    Matrix,
    Max,
    Min,
    Mod,
    Ne,
    Piecewise,
    Pow,
    Product,
    Rational,
    RisingFactorial,
    Subs,
    Sum,
    Symbol,
    acos,
    asin,
    atan,
    besselj,
    binomial,
    ceiling,
    conjugate,
    cos,
    cosh,
    erf,
    exp,
    factorial,
    floor,
    gamma,
    hyper,
    jn,
    log,
    oo,
    pi,
    sign,
    sin,
    sinc,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
    zeta,
)  # fmt: skip

from derivable import Expectation, ForAll, at_most, equal
from derivable.search import propose
from derivable.trusted.deadline import TimeLimit, alarm
from derivable.trusted.decision import Decision
from derivable.trusted.facts import Contradiction, Facts
from derivable.trusted.order import OrderProver

z, w = symbols("z w")
x, y, t, s = symbols("x y t s", real=True)
p, q = symbols("p q", positive=True)
k, a, b = symbols("k a b", integer=True)
n, m = symbols("n m", integer=True, positive=True)
N = symbols("N", integer=True, nonnegative=True)
even = symbols("even", even=True, nonnegative=True)
f, g, h = (Function(name, real=True) for name in "fgh")
A = IndexedBase("A", real=True)
HALF = Rational(1, 2)
#: a point that no attack draws: what fails only there has to be stopped by the rules
FAR, ODD_ONE = 10**9, Rational(1, 97)
STEP = ForAll((t,), Eq(h(t + 1), h(t) + 1))

ProvesAlone = Callable[..., Any]


def raw(function: Any, *arguments: Any) -> Any:
    return function(*arguments, evaluate=False)


def alone(lhs: Any, rhs: Any, *where: Any, search: Any = propose, seconds: float = 3.0) -> Any:
    """What the rules of order prove of lhs ≤ rhs without an attack."""
    try:
        with alarm(seconds):
            return OrderProver(search, time.monotonic() + seconds).sign(sp.sympify(rhs) - lhs, Facts(where), False)
    except (TimeLimit, Contradiction):
        return None


# -- near-identities ---------------------------------------------------------------------------------------------------------

GRAHAM = (
    (1000001, 1000025, 1000031, 1000084, 1000087, 1000134, 1000158, 1000182, 1000198),
    (1000002, 1000018, 1000042, 1000066, 1000113, 1000116, 1000169, 1000175, 1000199),
)
BORWEIN = Rational(467807924713440738696537864469, 935615849440640907310521750000)
NEAR = {
    "Hermite and Ramanujan: off by 7.5e-13": (exp(pi * sqrt(163)), 262537412640768744),
    "Ramanujan's pi: off by 1e-15": (3 * log(640320) / sqrt(163), pi),
    "Graham's two sums of nine roots: off by 1e-41": tuple(sum(sqrt(r) for r in side) for side in GRAHAM),
    "Borwein's eighth sinc integral: off by 2.3e-11": (BORWEIN * pi, pi / 2),
    "Gelfond: off by 9e-4": (exp(pi) - pi, 20),
    "an angle of 1e-8": (cos(Rational(1, 10**8)), 1 - Rational(1, 2 * 10**16)),
    "compound interest": ((1 + Rational(1, 10**30)) ** 1000, exp(Rational(1, 10**27))),
    "an irrational number and its neighbour at 1e-2000": (sqrt(2) + Rational(1, 10**2000), sqrt(2)),
    "eleven radians are nearly three and a half half turns": (sin(11), -1),
    "a rational number and its neighbour at 1e-4000": (Rational(1, 3) + Rational(1, 10**4000), Rational(1, 3)),
}


@pytest.mark.parametrize("name", NEAR)
def test_a_near_identity_is_refuted(name: str) -> None:
    lhs, rhs = NEAR[name]
    decision = equal(lhs, rhs)
    assert decision.verdict == "refuted", decision
    assert decision.counterexample is not None
    assert decision.counterexample.rigorous


TOO_NEAR = {
    "tanh 3000 is 1 to 2605 digits": (tanh(3000), 1),
    "erf 100 is 1 to 4345 digits": (erf(100), 1),
    "a sum of floors is 1/81 to 268 digits": (Sum(floor(k * tanh(pi)) / sp.Integer(10) ** k, (k, 1, oo)), Rational(1, 81)),
    "the eighth sinc integral is pi/2 to 10 digits": (
        Integral(sp.prod([sinc(x / (2 * j + 1)) for j in range(8)]), (x, 0, oo)), pi / 2,
    ),
    "ceiling and floor agree up to n = 777451915729367": (ceiling(2 / (2 ** (1 / n) - 1)), floor(2 * n / log(2))),
    "an exponent that no point resolves": (exp(-exp(exp(10))) + p, p),
}  # fmt: skip


@pytest.mark.parametrize("name", TOO_NEAR)
def test_what_no_precision_tells_apart_is_neither_proved_nor_enclosed(name: str) -> None:
    assert equal(*TOO_NEAR[name], timeout=6).verdict not in ("proved", "enclosed")


def test_ceiling_and_floor_differ_where_they_first_differ() -> None:
    first = 777451915729368
    assert equal(ceiling(2 / (2 ** Rational(1, first) - 1)), floor(2 * first / log(2))).verdict == "refuted"
    assert equal(ceiling(2 / (2 ** Rational(1, first - 1) - 1)), floor(2 * (first - 1) / log(2))).verdict != "refuted"


# -- conventions: (left, right, hypotheses …) that are false, with a neighbour that is true -------------------------------------

REFUTED = {
    "0 ** 0 is 1, not 0": (Pow(0, N, evaluate=False), 0),
    "0 ** 0 is 1, so a power of zero is no constant": (x**N, x, N <= 1),
    "a root of a negative number is not real": (Pow(-8, Rational(1, 3), evaluate=False), -2),
    "roots of negative numbers do not multiply": (sqrt(x) * sqrt(y), sqrt(x * y)),
    "a logarithm on the cut": (log(-x), log(x) + I * pi),
    "an inverse function leaves its range": (asin(sin(x)), x, x >= 0),
    "acosh on the left of its cut": (sp.acosh(x), log(x + sqrt(x**2 - 1))),
    "an argument is no atan of a quotient": (sp.atan2(y, x), atan(y / x)),
    "an empty sum is 0": (Sum(k, (k, 1, 0)), 1),
    "a reversed sum is not empty": (Sum(k, (k, 3, 1)), 0),
    "a reversed product is a quotient": (Product(k, (k, 4, 1)), 1),
    "a reversed integral changes its sign": (Integral(exp(x), (x, 1, 0)), exp(1) - 1),
    "Kronecker's delta beside its range": (Sum(sp.KroneckerDelta(k, a), (k, 1, n)), 1),
    "the left limit of a modulus over itself": (Limit(Abs(x) / x, x, 0, "-"), 1),
    "the left limit of exp of 1/x": (Limit(exp(1 / x), x, 0, "-"), 1),
    "a floor from the left": (floor(x) + floor(-x), -1),
    "a remainder by a negative number": (Mod(k, -3), Mod(k, 3)),
    "a maximum at a tie": (Max(x, y) - Min(x, y), x - y),
    "cases in their order": (Piecewise((1, x > 0), (2, x > -1), (3, True)), Piecewise((2, x > -1), (1, x > 0), (3, True))),
    "conjugation beside the cut": (conjugate(log(z)), log(conjugate(z)), sp.Le(sp.re(z), 0), Eq(sp.im(z), 0)),
    "a sign at 0": (sign(x) ** 2, 1),
    "a step at 0": (Heaviside(x) ** 2, Heaviside(x)),
    "a name bound and free": (Sum(k, (k, 1, 3)) + k, 7 * k),
    "a binomial of a negative number": (binomial(-n, k), 0, k >= 0),
    "the product of the matrices in the other order": (
        Matrix([[x, 1], [0, y]]) * Matrix([[1, 2], [3, 4]]), Matrix([[1, 2], [3, 4]]) * Matrix([[x, 1], [0, y]]),
    ),
}  # fmt: skip
PROVED = {
    "0 ** 0 is 1": (Pow(x, N - N, evaluate=False), 1),
    "positive roots multiply": (sqrt(p) * sqrt(q), sqrt(p * q)),
    "a logarithm of a negative number": (log(-p), log(p) + I * pi),
    "an inverse function within its range": (asin(sin(x)), x, x >= 0, x <= 1),
    "acosh on the right": (sp.acosh(x), log(x + sqrt(x**2 - 1)), x >= 1),
    "an empty sum": (Sum(f(k), (k, 1, 0)), 0),
    "a reversed sum": (Sum(k, (k, 3, 1)), -2),
    "a reversed integral": (Integral(exp(x), (x, 1, 0)), 1 - exp(1)),
    "a right limit": (Limit(Abs(x) / x, x, 0, "+"), 1),
    "a remainder by a negative number": (Mod(k, -3), k + 3 * floor(-k / 3)),
    "a maximum and a minimum": (Max(x, y) - Min(x, y), Abs(x - y)),
    "a name bound and free": (Sum(k, (k, 1, 3)) + k, 6 + k),
    "wherever both sides are defined": ((x**2 - 1) / (x - 1), x + 1),
}


@pytest.mark.parametrize("name", REFUTED)
def test_a_convention_is_kept(name: str) -> None:
    lhs, rhs, *where = REFUTED[name]
    assert lhs != rhs, "decided as soon as it is written: nothing is tested"
    decision = equal(lhs, rhs, where=where)
    assert decision.verdict == "refuted", decision
    assert decision.counterexample is not None


@pytest.mark.parametrize("name", PROVED)
def test_the_statement_beside_the_trap_is_proved(name: str) -> None:
    lhs, rhs, *where = PROVED[name]
    assert equal(lhs, rhs, where=where).verdict == "proved"


# -- what has no value ---------------------------------------------------------------------------------------------------------

WITHOUT_VALUE = {
    "a pole on the path": (Integral(1 / x, (x, -1, 1)), 0),
    "a pole on the path, its principal value": (Integral(1 / (x - HALF), (x, 0, 2)), log(3)),
    "a double pole on the path": (Integral(1 / x**2, (x, -1, 1)), -2),
    "a pole of a tangent": (Integral(tan(x), (x, 0, pi)), 0),
    "an essential singularity on the path": (Integral(exp(1 / x) / x**2, (x, -1, 1)), exp(-1) - exp(1)),
    "an odd integrand that does not decay": (Integral(x / (1 + x**2), (x, -oo, oo)), 0),
    "an oscillation without end": (Integral(cos(x), (x, 0, oo)), 0),
    "the harmonic series": (Sum(1 / k, (k, 1, oo)), 10**6),
    "Grandi's series": (Sum((-1) ** k, (k, 0, oo)), HALF),
    "the sum of all integers": (Sum(k, (k, 1, oo)), Rational(-1, 12)),
    "a geometric series outside its disc": (Sum(2**k, (k, 0, oo)), -1),
    "a divergent series is not even equal to itself": (Sum(1 / k, (k, 1, oo)), Sum(1 / k, (k, 1, oo))),
    "a divergent integral less itself": (Integral(1 / x, (x, 0, 1)) - Integral(1 / t, (t, 0, 1)), 0),
    "a limit that two sides do not share": (Limit(Abs(x) / x, x, 0, "+-"), 1),
    "a limit of an oscillation": (Limit(sin(x), x, oo), 0),
    "an infinite product that goes to zero": (Product(1 - 1 / (k + 1), (k, 1, oo)), 1),
    "a gamma function at its pole": (gamma(Symbol("pole", zero=True)), 1),
    "zeta at its pole": (zeta(1 + Symbol("none", zero=True)), 1),
    "no case of a Piecewise": (Piecewise((1, x > 1)), 1, x < 0),
    "infinity": (oo + x, oo),
    "infinity less infinity": (sp.Add(oo, -x, evaluate=False) - oo, 0),
    "a singular inverse": (
        sp.Inverse(sp.MatMul(Matrix([[1, 1], [1, 1]]), Matrix([[1, 0], [0, 1]]), evaluate=False)),
        Matrix([[1, 0], [0, 1]]),
    ),
}


@pytest.mark.parametrize("name", WITHOUT_VALUE)
def test_nothing_is_proved_of_what_has_no_value(name: str) -> None:
    lhs, rhs, *where = WITHOUT_VALUE[name]
    assert equal(lhs, rhs, where=where, timeout=6).verdict in ("open", "refuted")


# -- hypotheses that exclude everything ------------------------------------------------------------------------------------------

EXCLUDING = {
    "opposite inequalities": (x > 1, x < 0),
    "no real number": (x**2 < -1,),
    "no real number, not seen by inspection": (sin(x) > 2,),
    "no integer between": (k > 1, k < 2),
    "two values of one symbol": (Eq(x, 1), Eq(x, 2)),
    "a false hypothesis": (sp.false,),
    "a circle and a line apart": (x**2 + y**2 <= 1, x + y >= 3),
    "a positive number below zero": (p < 0, Eq(x, p)),
    "a complex number that is larger": (Ge(Abs(z), 1), Abs(z) < HALF, Eq(x, Abs(z))),
}


@pytest.mark.parametrize("name", EXCLUDING)
def test_nothing_follows_from_hypotheses_that_exclude_everything(name: str) -> None:
    """Open, also where the look for an admissible point was cut short."""
    where = EXCLUDING[name]
    decisions = [equal(lhs, rhs, where=where, timeout=8) for lhs, rhs in ((x, x), (x, x + 1))]
    decisions.append(at_most(x, x - 1, where=where, timeout=8))
    for decision in decisions:
        assert decision.verdict == "open", decision


# -- order ---------------------------------------------------------------------------------------------------------------------

NOT_AT_MOST = {
    "strict at a single point": ("<", 0, (x - ODD_ONE) ** 2),
    "strict at a far point": ("<", 0, Abs(x - FAR)),
    "strict at a corner": ("<", x, Max(x, y)),
    "a limit keeps no strict sign": ("<", Limit(-1 / x, x, oo), 0),
    "infinity on the right": ("<", oo, oo),
    "complex sides": ("<=", z, Abs(z)),
    "a root that is not real everywhere": ("<=", 0, sqrt(x)),
    "a step with a value of its own": ("<=", 0, Heaviside(x - ODD_ONE, -5)),
    "a sum that runs backwards": ("<=", 0, Sum(1, (k, 1, a))),
    "a product of many negative numbers": ("<=", Product(-1, (k, 1, n)), 0),
    "means of negative numbers": ("<=", 2 * x * y, x**2 + y**2 - ODD_ONE * Abs(x - FAR)),
    "squares without a sign": ("<=", x, y, x**2 <= y**2),
    "a quotient whose denominator changes its sign": ("<=", 1 / x, 1 / y, x >= y),
    "a constant too near": ("<", tanh(3001), tanh(3000)),
    "an infinite product of positive factors": ("<", 0, Product(k / (k + 1), (k, 1, oo))),
}


@pytest.mark.parametrize("name", NOT_AT_MOST)
def test_an_inequality_that_fails_somewhere_is_not_proved(name: str) -> None:
    relation, lhs, rhs, *where = NOT_AT_MOST[name]
    assert at_most(lhs, rhs, where=where, strict=relation == "<", timeout=5).verdict not in ("proved", "enclosed")


# -- false statements that were once proved, and true ones that were once refuted ------------------------------------------------

ONCE_PROVED = {
    "half of an exponent and the root of an exponential": (sqrt(exp(z / 2) * w), sqrt(sqrt(exp(z)) * w)),
    "a logarithm of half an exponent": (raw(log, exp(z / 2)), raw(log, Pow(exp(z), HALF))),
    "a product of half exponents": (Product(exp(z / 2), (k, 1, n)), Pow(exp(z), n / 2)),
    "sinc where its argument may vanish": (sinc(pi * (k - FAR)), 0),
    "a series for sinc where its argument may vanish": (hyper([], [3 * HALF], -((pi * (k - FAR)) ** 2) / 4), 0),
    "a complex sign where its argument may vanish": (Abs(sign(z - ODD_ONE)), 1),
    "a binomial whose two arguments move together": (
        binomial(ODD_ONE - x, x - ODD_ONE),
        sqrt(pi) * 4 ** (x - ODD_ONE) / (gamma(x - ODD_ONE + 1) * gamma(HALF - x + ODD_ONE)),
    ),
    "a binomial that vanishes says nothing of a factorial": (factorial(n) * x, factorial(n) * y, Eq(binomial(n, m), 0)),
    "a rising factorial that vanishes": (gamma(x + n) * y, 0, Eq(RisingFactorial(x, n), 0)),
    "a falling factorial that vanishes": (factorial(n) * y, 0, Eq(FallingFactorial(n, m), 0)),
    "the variable of Subs is not the free one": (Subs(Max(x, -FAR), x, y), y, x > 0),
    "the variable of Subs has not the assumptions of the free one": (Subs(log((p + FAR) ** 2), p, y), 2 * log(y + FAR)),
    "a fact at x, differentiated by x": (Derivative(f(t, x), x), Derivative(g(x), x), ForAll((s,), Eq(f(s, x), g(x)))),
    "a fact at x, used at 3": (Subs(f(1, x), x, 3), 0, ForAll((s,), Eq(f(s, x), 0))),
    "a fact without variables, differentiated": (Derivative(f(x), x), 0, ForAll((), Eq(f(x), 0))),
    "a fresh name that is the user's own": (h(floor(k / 2)), h(Symbol("k'", integer=True)), STEP),
    "a fresh name for a fractional part": (floor(x), Symbol("x'", integer=True)),
    "induction on an even number": (Sum(1 + (-1) ** k, (k, 1, even)), 0),
    "a derivative under an integral that does not converge uniformly": (
        Derivative(Integral(x**3 / t**2 * exp(-(x**2) / t), (t, 0, 1)), x),
        Integral((3 * x**2 / t**2 - 2 * x**4 / t**3) * exp(-(x**2) / t), (t, 0, 1)),
    ),
    "a derivative under an improper integral": (
        Derivative(Integral(x**3 * exp(-(x**2) * t), (t, 0, oo)), x),
        Integral((3 * x**2 - 2 * x**4 * t) * exp(-(x**2) * t), (t, 0, oo)),
    ),
    "a conjugate on a complex path": (Integral(conjugate(z), (z, 0, I)), -HALF),
    "a path across a cut": (Integral(1 / (1 + x**2), (x, 1, -1 + 3 * I)), atan(-1 + 3 * I) - pi / 4),
    "a trace of an integral that SymPy gets wrong": (sp.Trace(Matrix([[Integral(Abs(sin(2 * x)), (x, 0, 2 * pi))]])), 2),
    "a determinant of an integral that SymPy gets wrong": (
        sp.Determinant(Matrix([[Integral(Abs(sin(2 * x)), (x, 0, 2 * pi))]])),
        2,
    ),
    "a product with an integral that SymPy gets wrong": (
        sp.MatMul(Matrix([[Integral(Abs(sin(2 * x)), (x, 0, 2 * pi))]]), Matrix([[1]]), evaluate=False),
        Matrix([[2]]),
    ),
    "a transpose of an integral that SymPy gets wrong": (
        sp.Transpose(Matrix([[Integral(sqrt(2 - x) * sqrt(1 / (2 - x)), (x, 0, 1))]])),
        Matrix([[-1]]),
    ),
    "an inverse of an integral that SymPy gets wrong": (
        sp.Inverse(Matrix([[Integral(sqrt(2 - x) * sqrt(1 / (2 - x)), (x, 0, 1))]])),
        Matrix([[-1]]),
    ),
    "another branch of Lambert's function": (LambertW(-2 * exp(-2), 1), -2),
    "another branch of Lambert's function, with a parameter": (LambertW(-p * exp(-p), 1), -p, p >= 1),
}


@pytest.mark.parametrize("name", ONCE_PROVED)
def test_what_was_once_proved_is_not(name: str, prove: ProvesAlone) -> None:
    lhs, rhs, *where = ONCE_PROVED[name]
    assert equal(lhs, rhs, where=where, timeout=5).verdict not in ("proved", "enclosed")
    assert prove(lhs, rhs, *where, seconds=3.0) is None


ONCE_REFUTED = {
    "a spherical Bessel function at a negative number": (jn(0, x), sin(x) / x),
    "a spherical Bessel function at -1": (jn(0, -1), sin(1)),
    "an equation that a later one moves": (t * x, 0, Eq((cosh(t) - sinh(t)) * t * x, 0), Eq(t, 100 * s)),
    "a limit that is reached far away": (Limit(1 / x + Heaviside(x - 10**40), x, oo), 1),
    "a series whose terms come back": (Sum(2 ** (-k) + Heaviside(k - 10**5, 0) * 2 ** (10**5 - k), (k, 0, oo)), 3),
    "half orders on the cut": (besselj(HALF, x), sqrt(2 / pi) * sin(x) / sqrt(x)),
    "a rational number whose equation has irrational roots": (
        Symbol("r", rational=True),
        0,
        Eq(Symbol("r", rational=True) ** 3, 2 * Symbol("r", rational=True)),
    ),
    "a rational number that does not exist": (
        Symbol("r", rational=True) + 1,
        0,
        Eq(Symbol("r", rational=True) ** 2, 2),
    ),
}


@pytest.mark.parametrize("name", ONCE_REFUTED)
def test_what_was_once_refuted_is_not(name: str) -> None:
    lhs, rhs, *where = ONCE_REFUTED[name]
    assert equal(lhs, rhs, where=where, timeout=6).verdict != "refuted"


def test_a_square_in_a_certificate_has_to_be_real() -> None:
    """A search that proposes -x² = (i x)² is not believed."""

    def dishonest(kind: str, e: Any, v: Any) -> Any:
        return [[(sp.Integer(1), (), I * x)]] if kind == "combination" else propose(kind, e, v)

    assert alone(0, -(x**2), search=dishonest) is None


def test_induction_on_an_even_number_does_not_order_either() -> None:
    assert alone(Sum(1 + (-1) ** k, (k, 1, even)), 0) is None


def test_what_is_known_of_a_large_constant_is_true() -> None:
    """An enclosure of e^(π√113), which a float misses by more than the margin, holds it."""
    constant = exp(pi * sqrt(113))
    _, within = OrderProver(propose, time.monotonic() + 3)._polynomial(p * (constant - y), Facts(()))
    seen = 0
    for relation in within.where:
        (name,) = relation.free_symbols if len(relation.free_symbols) == 1 else (None,)
        if name is None or name in (p, y) or not any(abs(number) > 10**12 for number in relation.atoms(sp.Rational)):
            continue
        seen += 1
        assert at_most(0, (relation.lhs - relation.rhs).subs(name, constant) * (1 if isinstance(relation, sp.Ge | sp.Gt) else -1))
    assert seen >= 2


def test_a_mean_keeps_its_variable_apart() -> None:
    assert equal(Expectation(y**2, y), y * Expectation(y, y), timeout=4).verdict == "refuted"


def test_two_conditions_that_contradict_each_other_are_told() -> None:
    decision: Decision = equal(x, x, where=[x > 1, x < 0])
    assert decision.verdict == "open"
    assert "vacuous" in decision.note or "contradict" in decision.note


def test_the_sides_have_to_be_of_one_shape() -> None:
    assert equal(Matrix([[1]]), Matrix([[1, 0]])).verdict == "refuted"
    assert equal(acos(x) + asin(x), pi / 2, where=[Ne(x, 5)]).verdict == "proved"
    assert equal(sinh(x) + A[k], A[k] + sinh(x), where=[Ge(b, 0)]).verdict == "proved"
