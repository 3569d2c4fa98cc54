"""`derivable.equal`: what is true is never refuted, what is false never proved; traps, random identities, the corpus."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Derivative,
    E,
    Eq,
    GoldenRatio,
    Heaviside,
    I,
    Integral,
    KroneckerDelta,
    Limit,
    Max,
    Mod,
    Ne,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    acos,
    asin,
    atan,
    binomial,
    ceiling,
    cos,
    exp,
    factorial,
    floor,
    gamma,
    log,
    oo,
    pi,
    sign,
    sin,
    sqrt,
    symbols,
    tan,
    tanh,
)

import derivable
from derivable import ForAll
from derivable.decide import decide

z, w = symbols("z w")
x, y, t = symbols("x y t", real=True)
p, q = symbols("p q", positive=True)
k, j, i, a = symbols("k j i a", integer=True)
n, m = symbols("n m", integer=True, positive=True)
N = symbols("N", integer=True, nonnegative=True)
f, g = sp.Function("f", real=True), sp.Function("g", real=True)
A = sp.IndexedBase("A", real=True)
HALF = Rational(1, 2)
SLOW = settings(
    derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def power(base: Any, exponent: Any) -> Any:
    return Pow(base, exponent, evaluate=False)


def raw(function: Any, *arguments: Any) -> Any:
    return function(*arguments, evaluate=False)


# -- traps -------------------------------------------------------------------------------------------------------------

REFUTED = {
    "root of a square": (power(x**2, HALF), x),
    "log of a square": (raw(log, power(z, 2)), 2 * log(z)),
    "log of a product": (raw(log, z * w), log(z) + log(w)),
    "cube root of -8 is not -2": (power(sp.Integer(-8), Rational(1, 3)), -2),
    "exp(π√163) is no integer": (exp(pi * sqrt(163)), 640320**3 + 744),
    "a near miss of 10 digits": (22 * pi**4, 2143),
    "sign squared at 0": (sign(x) ** 2, 1),
    "0 to the 0": (power(sp.Integer(0), N), 0),
    "a delta out of range": (Sum(KroneckerDelta(k, j) * A[k], (k, 1, n)), A[j]),
    "an empty sum": (Sum(1, (k, 1, N)), Max(N, 1)),
    "a reversed sum": (Sum(1, (k, 1, a)), Abs(a)),
    "atan and its reciprocal": (atan(x) + atan(1 / x), pi / 2),
    "asin of sin": (asin(sin(x)), x),
    "acos of cos": (acos(cos(x)), x),
    "atan of tan": (atan(tan(x)), x),
    "floor of a negative": (floor(x) + floor(-x), 0),
    "floor and ceiling": (ceiling(x), floor(x) + 1),
    "Mod of a negative": (Mod(-k, 3), -Mod(k, 3)),
    "binomial symmetry above": (binomial(N, k + 1), binomial(N, N - k)),
    "a piece at its boundary": (Piecewise((1, x > 0), (0, True)), Piecewise((1, x >= 0), (0, True))),
    "Heaviside at 0": (Heaviside(x) ** 2, Heaviside(x)),
    "sum of the first n squares, index shifted": (Sum(k**2, (k, 1, n)), n * (n - 1) * (2 * n - 1) / 6),
    "a product with a factor too few": (Product(k, (k, 1, n)), factorial(n - 1)),
    "undefined functions do not commute with products": (f(x * y), f(x) * f(y)),
    "undefined functions are not linear": (f(x + y), f(x) + f(y)),
    "a derivative of a square": (Derivative(f(x) ** 2, x), 2 * f(x)),
    "the freshman's dream": ((z + w) ** 3, z**3 + w**3),
    "a power of a power": (power(power(z, w), 2 * w), z ** (2 * w**2 + 1)),
    "a factor two": (gamma(2 * p), 2 * gamma(p) * gamma(p + HALF)),
    "agreement at eleven integers": (sp.Mul(*[k - c for c in range(-5, 6)]), 0),
    "rows and columns": (sp.ImmutableMatrix([[x, 1], [0, y]]), sp.ImmutableMatrix([[x, 0], [1, y]])),
    "matrices of other shapes": (sp.ImmutableMatrix([[x, 1]]), sp.ImmutableMatrix([[x], [1]])),
    "a limit from the wrong side": (Limit(exp(1 / x), x, 0, "-"), 1),
}


@pytest.mark.parametrize("name", REFUTED)
def test_a_known_wrong_identity_is_refuted_with_a_witness(name: str, said: Any) -> None:
    lhs, rhs, *where = REFUTED[name]
    decision = said(lhs, "=", rhs, *where)
    assert decision.verdict == "refuted", decision
    assert decision.counterexample is not None
    assert decision.counterexample.lhs != decision.counterexample.rhs


NOT_PROVED = {
    "the integral of |cos| by an antiderivative that jumps": (Integral(Abs(cos(x)), (x, 0, 2 * pi)), 0),
    "a pole inside the range": (Integral(1 / x, (x, -1, 1)), 0),
    "a double pole inside the range": (Integral(1 / x**2, (x, -1, 1)), -2),
    "two divergent integrals cancel": (Integral(1 / x, (x, -1, 1)) + Integral(-1 / x, (x, -1, 1)), 0),
    "odd and divergent": (Integral(x / (1 + x**2), (x, -oo, oo)), 0),
    "a divergent series": (Sum(k, (k, 1, oo)), -Rational(1, 12)),
    "an alternating divergent series": (Sum((-1) ** k, (k, 0, oo)), HALF),
    "two divergent series": (Sum(1 / k, (k, 1, oo)) - Sum(1 / k, (k, 2, oo)), 1),
    "a bound that is no integer": (Sum(1, (k, 1, x)), x),
    "Graham's nine roots": (
        sqrt(10) + sqrt(11) + sqrt(12) + sqrt(17) + sqrt(18) + sqrt(19) + sqrt(30) + sqrt(31) + sqrt(32),
        sqrt(9) + sqrt(13) + sqrt(14) + sqrt(15) + sqrt(20) + sqrt(21) + sqrt(28) + sqrt(33) + sqrt(34),
    ),
    "floors of k tanh π": (Sum(floor(k * tanh(pi)) / 10**k, (k, 1, oo)), Rational(1, 81)),
    "a ceiling that first fails at 777451915729368": (ceiling(2 / (2 ** (1 / n) - 1)), floor(2 * n / log(2))),
    "oscillation": (Limit(sin(x), x, oo), 0),
    "contradictory hypotheses": (x, x + 1, x > 1, x < 0),
    "a spike of width 1e-9": (Heaviside(Rational(1, 10**9) - Abs(x - Rational(1, 3))), 0),
    "a step far out": (sign(x - 10**7), -1),
    "an exception at one irrational point": (Piecewise((x, Ne(x, sqrt(2))), (0, True)), x),
    "an index far out": (KroneckerDelta(N, 777), 0),
    "a remainder by a large modulus": (Mod(N, 10**6), N),
    "a branch behind a hypothesis on another function": (power(exp(I * x), HALF), exp(I * x / 2), ForAll((t,), Eq(g(t), 1))),
    "a transposed factor, hidden the same way": (
        Sum(A[i, j] * A[j, k], (i, 1, n), (j, 1, n)),
        Sum(A[i, j] * A[k, j], (i, 1, n), (j, 1, n)),
        ForAll((t,), Eq(g(t), 1)),
    ),
}


@pytest.mark.parametrize("name", NOT_PROVED)
def test_a_trap_is_not_proved(name: str, said: Any) -> None:
    lhs, rhs, *where = NOT_PROVED[name]
    assert said(lhs, "=", rhs, *where).verdict not in ("proved", "enclosed")


PROVED = {
    "x over x": (Pow(x, -1) * (x + 1) - 1 / x, 1),
    "a removable singularity": ((z**2 - 1) / (z - 1), z + 1),
    "Pythagoras": (sin(z) ** 2 + cos(z) ** 2, 1),
    "log with positivity": (log(p * q), log(p) + log(q)),
    "root of a square": (power(x**2, HALF), Abs(x)),
    "a nested root": (sqrt(2) + sqrt(3), sqrt(5 + 2 * sqrt(6))),
    "an algebraic constant": (sqrt(2) + sqrt(3) + sqrt(5), sqrt(10 + 2 * sqrt(6) + 2 * sqrt(10) + 2 * sqrt(15))),
    "the golden ratio": (GoldenRatio**2, GoldenRatio + 1),
    "the first integers": (Sum(k, (k, 1, n)), n * (n + 1) / 2),
    "the first odd cubes": (Sum((2 * k - 1) ** 3, (k, 1, N)), N**2 * (2 * N**2 - 1)),
    "a product": (Product(k, (k, 1, n)), factorial(n)),
    "a Gaussian": (Integral(exp(-(x**2)), (x, -oo, oo)), sqrt(pi)),
    "a chain rule": (Derivative(f(x**2), x), 2 * x * sp.Subs(Derivative(f(t), t), t, x**2)),
    "atan of a positive reciprocal": (atan(p) + atan(1 / p), pi / 2),
    "a hypothesis": (x**2 + y**2, 1, Eq(x, cos(t)), Eq(y, sin(t))),
    "cases": (Max(x, y), (x + y + Abs(x - y)) / 2),
    "a floor of an integer": (floor(k + HALF), k),
    "a limit": (Limit((1 + 1 / x) ** 2, x, oo), 1),
    "matrices": (sp.ImmutableMatrix([[1, 1], [0, 1]]) ** 2, sp.ImmutableMatrix([[1, 2], [0, 1]])),
    "a base of e": (E**x * E**y, exp(x + y)),
}


@pytest.mark.parametrize("name", PROVED)
def test_a_plain_identity_is_proved(name: str, said: Any) -> None:
    lhs, rhs, *where = PROVED[name]
    decision = said(lhs, "=", rhs, *where)
    assert decision.verdict == "proved", decision
    assert decision.proof.rules
    assert str(decision.proof).startswith("1. ")
    assert bool(decision) is True


def test_a_divided_factor_is_named() -> None:
    decision = decide("=", (x**2 - x * y) / (x - y), x, (), 5.0)
    assert decision.verdict == "proved"
    assert any("x - y" in line or "-x + y" in line for line in decision.proof.exceptions)
    assert "wherever" in str(decision.proof)


def test_derivatives_of_pieces_at_their_boundary_are_not_refuted(said: Any) -> None:
    """The function is x everywhere, though SymPy differentiates the piece at 0 to 0."""
    assert said(Derivative(Piecewise((0, Eq(x, 0)), (x, True)), x), "=", 1).verdict != "refuted"


def test_a_numerical_value_does_not_outvote_a_proof(said: Any) -> None:
    """Partial sums that look finished and a quadrature that misses a narrow bump are no refutation."""
    late = Sum(Piecewise((1, Eq(k, 100)), (0, True)), (k, 0, oo))
    assert said(late, "=", 1).verdict != "refuted"
    assert said(Sum(KroneckerDelta(k, N) * A[k], (k, 0, oo)), "=", A[N]).verdict == "proved"
    step = Limit(1 / x + 1 / (1 + exp(10**13 - x)), x, oo)
    assert said(step, "=", 1).verdict != "refuted"


# -- hypotheses --------------------------------------------------------------------------------------------------------


def test_hypotheses_that_exclude_everything_make_a_statement_vacuous() -> None:
    decision = derivable.equal(x, x, where=[x**2 < 0])
    assert decision.verdict == "open"
    assert "vacuous" in decision.note or "contradict" in decision.note


def test_contradictory_bounds_are_named() -> None:
    decision = derivable.equal(sin(x) ** 2 + cos(x) ** 2, 1, where=[x > 1, x < 0])
    assert decision.verdict == "open"
    assert "vacuous" in decision.note or "contradict" in decision.note


def test_a_false_hypothesis_is_named() -> None:
    decision = derivable.equal(x, x + 1, where=[sp.false])
    assert decision.verdict == "open"
    assert "contradict" in decision.note


def test_nowhere_defined_is_vacuous() -> None:
    decision = derivable.equal(log(x - x), 1, where=[])
    assert decision.verdict != "proved"


def test_a_hypothesis_turns_false_into_true() -> None:
    assert derivable.equal(power(x**2, HALF), x).verdict == "refuted"
    assert derivable.equal(power(x**2, HALF), x, where=[x >= 0]).verdict == "proved"


def test_a_counterexample_is_admissible_and_shows_both_sides() -> None:
    decision = derivable.equal(power(x**2, HALF), x, where=[x > -5, Ne(x, -1)])
    assert decision.verdict == "refuted"
    assert decision.counterexample is not None
    value = Rational(decision.counterexample.point["x"])
    assert -5 < value < 0
    assert value != -1
    assert Rational(decision.counterexample.lhs) == -value
    assert Rational(decision.counterexample.rhs) == value
    assert decision.counterexample.rigorous
    assert "sign" in str(decision.counterexample)


def test_the_sides_of_a_close_counterexample_are_told_apart() -> None:
    decision = derivable.equal(sqrt(2) + sqrt(3) + Rational(1, 10**40), sqrt(5 + 2 * sqrt(6)))
    assert decision.verdict == "refuted"
    assert decision.counterexample is not None
    assert decision.counterexample.lhs != decision.counterexample.rhs


def test_an_instance_makes_hypotheses_on_functions_attackable() -> None:
    law = ForAll((x, y), Eq(f(x + y), f(x) * f(y)))
    blind = derivable.equal(f(x), 1, where=[law])
    seen = derivable.equal(f(x), 1, where=[law], instances={f: lambda u: exp(u)})
    assert blind.verdict != "proved"
    assert seen.verdict == "refuted"


def test_a_constant_needs_a_proof_to_be_proved() -> None:
    """Agreement to hundreds of digits is `enclosed`, a different word."""
    near = Sum(floor(k * tanh(pi)) / 10**k, (k, 1, oo))
    assert derivable.equal(near, Rational(1, 81)).verdict not in ("proved", "enclosed")


# -- random identities -------------------------------------------------------------------------------------------------

SMALL = st.integers(-3, 3).filter(bool).map(sp.Integer)
LEAVES = st.one_of(st.sampled_from([x, p, q, sp.Integer(2)]), SMALL, st.sampled_from([HALF, Rational(2, 3)]))


def grown(children: Any) -> Any:
    pairs = st.tuples(children, children)
    return st.one_of(
        pairs.map(lambda c: c[0] + c[1]),
        pairs.map(lambda c: c[0] * c[1]),
        pairs.map(lambda c: c[0] / (c[1] ** 2 + 1)),
        children.map(lambda c: sin(c)),
        children.map(lambda c: cos(c)),
        children.map(lambda c: exp(c / 3)),
        children.map(lambda c: log(c**2 + 1)),
        children.map(lambda c: sqrt(c**2 + 1)),
        st.sampled_from([gamma(p), gamma(p + 1), log(p), log(p * q), sqrt(p * q)]),
        st.tuples(children, st.integers(0, 3)).map(lambda c: Sum(c[0].subs(x, x + j), (j, 0, c[1]))),
    )


EXPRESSIONS = st.recursive(LEAVES, grown, max_leaves=4)


def shifted_gamma(e: Any) -> Any:
    return e.replace(lambda s: isinstance(s, gamma), lambda s: s.args[0] ** -1 * gamma(s.args[0] + 1))


REWRITES: dict[str, Any] = {
    "expand": sp.expand,
    "together": sp.together,
    "factor": sp.factor,
    "to exponentials": lambda e: e.rewrite(exp),
    "gamma shifted": shifted_gamma,
    "added and subtracted": lambda e: (e + sin(p) * q) - q * sin(p, evaluate=False) * cos(x - x, evaluate=False),
    "multiplied and divided": lambda e: sp.Mul(e, p**2 + 1, 1 / sp.Add(p**2, 1, evaluate=False), evaluate=False),
    "one as Pythagoras": lambda e: sp.Mul(e, sin(x) ** 2 + cos(x) ** 2, evaluate=False),
    "zero as a logarithm": lambda e: e + log(p * q) - log(p) - log(q),
    "hyperbolic one": lambda e: sp.Mul(e, sp.cosh(p) ** 2 - sp.sinh(p) ** 2, evaluate=False),
    "sums done": lambda e: e.doit(),
}


@settings(SLOW, max_examples=90)
@given(EXPRESSIONS, st.lists(st.sampled_from(sorted(REWRITES)), min_size=1, max_size=2, unique=True))
def test_a_random_identity_is_never_refuted(e: Any, names: list[str]) -> None:
    other = e
    for name in names:
        other = REWRITES[name](other)
    assume(not other.has(sp.nan, sp.zoo) and sp.count_ops(other) < 120)
    decision = decide("=", e, other, (), 1.0)
    assert decision.verdict != "refuted", (e, names, other, decision.counterexample)


def value(e: Any, point: dict[Any, Any]) -> Any:
    """The expression at a point, by mpmath alone."""
    symbols_ = sorted(point, key=str)
    function = sp.lambdify(symbols_, e.doit(), modules="mpmath")
    return function(*(mpmath.mpf(point[s].p) / point[s].q for s in symbols_))


def differ(lhs: Any, rhs: Any) -> bool:
    """Whether the two are seen to differ at some admissible point, at 40 digits."""
    source = random.Random(5)
    with mpmath.workdps(40):
        for _ in range(8):
            point = {s: Rational(source.randint(1, 40), source.choice((7, 11, 13))) for s in (x, p, q)}
            if source.random() < 0.5:
                point[x] = -point[x]
            try:
                left, right = value(lhs, point), value(rhs, point)
            except (ZeroDivisionError, ValueError, OverflowError):
                continue
            if mpmath.isfinite(left) and mpmath.isfinite(right) and abs(left - right) > mpmath.mpf(10) ** -20 * (1 + abs(left)):
                return True
    return False


SLIPS: dict[str, Any] = {
    "a tiny multiple": lambda e: e * (1 + Rational(1, 10**15)) + Rational(1, 10**12),
    "sign of a part": lambda e: sp.Add(*e.args[1:], -e.args[0]) if e.is_Add else -e,
    "x for -x": lambda e: e.subs(x, -x),
    "p for q": lambda e: e.xreplace({p: q, q: p}),
    "one more": lambda e: e + 1,
    "sin for cos": lambda e: e.replace(sin, lambda u: cos(u)),
    "the root of the square": lambda e: sqrt(e**2),
    "log of the exponential of i": lambda e: log(exp(I * e)) / I,
    "asin of sin": lambda e: asin(sin(e)),
    "a factor": lambda e: e * (2 - HALF),
    "an exponent": lambda e: e**2 / (e + 1),
    "a sum with a term more": lambda e: e.replace(
        lambda s: isinstance(s, Sum), lambda s: Sum(s.args[0], (j, s.limits[0][1], s.limits[0][2] + 1))
    ),
}


@settings(SLOW, max_examples=90)
@given(EXPRESSIONS, st.sampled_from(sorted(SLIPS)), st.sampled_from(sorted(REWRITES)))
def test_a_random_slip_is_never_proved(e: Any, slip: str, rewrite: str) -> None:
    wrong = SLIPS[slip](e)
    assume(not wrong.has(sp.nan, sp.zoo) and sp.count_ops(wrong) < 100)
    wrong = REWRITES[rewrite](wrong) if rewrite not in ("to exponentials", "factor") else wrong
    assume(not wrong.has(sp.nan, sp.zoo) and differ(e, wrong))
    decision = decide("=", e, wrong, (), 1.0)
    assert decision.verdict not in ("proved", "enclosed"), (e, slip, wrong, decision.proof)


@settings(SLOW, max_examples=25)
@given(EXPRESSIONS, st.sampled_from(sorted(SLIPS)))
def test_a_random_slip_is_not_proved_by_the_rules_alone(e: Any, slip: str) -> None:
    """The same with the attack switched off, by a hypothesis on a function of which no instance is given."""
    wrong = SLIPS[slip](e)
    assume(not wrong.has(sp.nan, sp.zoo) and sp.count_ops(wrong) < 100 and differ(e, wrong))
    decision = decide("=", e, wrong, (ForAll((t,), Eq(g(t), 1)),), 1.0)
    assert decision.verdict != "proved", (e, slip, wrong, decision.proof)


# -- the corpus --------------------------------------------------------------------------------------------------------


def corpus() -> ModuleType:
    """The corpus's loader, imported by its path."""
    name = "corpus_load"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / "corpus" / "load.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


AREAS = corpus().areas()


@pytest.mark.parametrize("true", [True, False], ids=["true", "false"])
@pytest.mark.parametrize("area", AREAS)
def test_no_silent_error_on_the_corpus(area: str, true: bool) -> None:
    """The silent-error rate is zero: no false statement proved or enclosed, no true one refuted."""
    wrong = []
    for s in corpus().statements():
        if s.area != area or s.true != true:
            continue
        verdict = decide(s.relation, s.lhs, s.rhs, s.where, 0.4).verdict
        if verdict == "refuted" if s.true else verdict in ("proved", "enclosed"):
            wrong.append(f"{s.name}: {verdict}")
    assert wrong == []


def test_the_corpus_has_its_size() -> None:
    assert len(corpus().statements()) >= 750


SURDS = {
    2: (sp.exp(sp.I * sp.pi / 4) * sp.exp(sp.I * sp.atan(sp.Rational(1, 2))), (1 + sp.I) * (2 + sp.I) / sp.sqrt(10)),
    7: (sp.sin(2 * sp.pi / 7) + sp.sin(4 * sp.pi / 7) + sp.sin(8 * sp.pi / 7), sp.sqrt(7) / 2),
    11: (sp.tan(3 * sp.pi / 11) + 4 * sp.sin(2 * sp.pi / 11), sp.sqrt(11)),
    13: (sp.cos(2 * sp.pi / 13) + sp.cos(6 * sp.pi / 13) + sp.cos(8 * sp.pi / 13), (sp.sqrt(13) - 1) / 4),
    17: (sum(sp.cos(2**j * sp.pi / 17) for j in (1, 2, 3, 4)), (sp.sqrt(17) - 1) / 4),
}


@pytest.mark.parametrize("prime", SURDS)
def test_square_roots_of_primes_are_sums_of_roots_of_unity(prime: int, prove: Any) -> None:
    lhs, rhs = SURDS[prime]
    assert prove(lhs, rhs) is not None
    opposite = rhs.xreplace({sp.sqrt(prime): -sp.sqrt(prime), sp.sqrt(10): -sp.sqrt(10)})
    assert opposite != rhs
    assert prove(lhs, opposite) is None


def test_an_identity_of_angles_with_a_large_multiple_is_proved(prove: Any) -> None:
    r = sp.Rational
    gauss = 12 * sp.atan(r(1, 18)) + 8 * sp.atan(r(1, 57)) - 5 * sp.atan(r(1, 239))
    assert prove(gauss, sp.pi / 4) is not None
    assert prove(gauss, -sp.pi / 4) is None
    assert prove(gauss, 5 * sp.pi / 4) is None
