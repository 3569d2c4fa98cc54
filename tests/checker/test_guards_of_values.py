"""What has no value is not given one, and a point or a law that the hypotheses exclude shows nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from flint import acb, arb, fmpq
from sympy import Eq, Ge, Gt, Le, Lt, Ne, Rational, cos, exp, sqrt, symbols

from derivable import Density, Expectation, SpaceIntegral, equal
from derivable.trusted import balls
from derivable.trusted.balls import Evaluator, Undecided, Undefined, Unsupported
from derivable.trusted.errors import NeedCase
from derivable.trusted.facts import Facts
from derivable.trusted.laws import DensityLaw, FiniteLaw, NormalLaw, admits, candidates, satisfies
from derivable.trusted.normal_form import NormalForm
from derivable.trusted.sampling import Point, _holds_all

x, y = symbols("x y", real=True)
p = symbols("p", positive=True)
k, n = symbols("k n", integer=True)
X = symbols("X", real=True)
z = symbols("z")
u = sp.IndexedBase("u", real=True)
HALF = fmpq(1, 2)
COIN = FiniteLaw(((HALF, fmpq(1)), (HALF, fmpq(-1))))
DICE = FiniteLaw(((HALF, fmpq(1)), (HALF, fmpq(3))))


# -- values ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("e", "values", "error"),
    [
        (sp.Sum(k, (k, 1, x)), {x: HALF}, Undefined),  # a bound that is no integer
        (u[x], {x: HALF, u[1]: fmpq(7)}, Undefined),  # an index that is none
        (u[n], {n: fmpq(3)}, Unsupported),  # an element that nobody knows
        (sp.harmonic(x, 2), {x: HALF}, Unsupported),  # of the second order: H(1/2) is another number
        (sp.harmonic(n, x), {x: HALF, n: fmpq(3)}, Undefined),  # of an order between two others
        (sp.elliptic_e(x, Rational(1, 3)), {x: HALF}, Unsupported),  # the complete one has another value
        (sp.erfinv(z), {z: acb(0, HALF)}, Unsupported),
        (sp.factorial2(x), {x: HALF}, Unsupported),
        (sp.binomial(n, k), {n: fmpq(-2), k: fmpq(-4)}, Undefined),  # a matter of convention
        (sp.floor(z), {z: acb(HALF, HALF)}, Unsupported),
        (sp.Derivative(sp.Abs(x), x), {x: fmpq(0)}, Undefined),
        (sp.Derivative(sp.floor(x) * x, x), {x: fmpq(1)}, Undefined),
        (sp.Derivative(exp(2 * x), (x, n)), {x: HALF, n: fmpq(-1)}, Undefined),
        (sp.Derivative(exp(2 * x), (x, y)), {x: HALF, y: HALF}, Undefined),
        (sp.Limit(sp.sin(1 / x), x, 0), {}, Unsupported),
        (sp.bernoulli(x), {x: HALF}, Unsupported),  # it is none of the numbers B_n
        (sp.Integral(x, x), {x: HALF}, Unsupported),
        (sp.Integral(x * y, (x, 0, 1), y), {y: HALF}, Unsupported),
        # backwards: Σ_{k=1}^{-2} x^k is -1 - 1/x, and its derivative at 2 is no empty sum
        (sp.Derivative(sp.Sum(x**k, (k, 1, n)), x), {x: fmpq(2), n: fmpq(-2)}, Unsupported),
    ],
    ids=str,
)
def test_what_has_no_value_is_given_none(e: Any, values: dict[Any, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        Evaluator(values)(e)


@pytest.mark.parametrize(
    ("compute", "error"),
    [
        (lambda: balls.finite(acb("nan")), Undecided),
        (lambda: balls.finite(acb(1) / acb(0)), Undecided),
        (lambda: balls.floor(acb(arb(2, 1))), Undecided),
        (lambda: balls.power(fmpq(0), fmpq(-1)), Undefined),
        (lambda: balls.whole(HALF), Undefined),
        (lambda: balls.sign(acb(1, 1)), Undefined),
        (lambda: balls.whole(acb(1)), Undefined),
    ],
)
def test_balls_without_a_value_are_told(compute: Callable[[], Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        compute()


@pytest.mark.parametrize(
    ("e", "rate", "error"),
    [
        (SpaceIntegral(X, X), 1, Undefined),  # an odd function that is not integrable has no mean 0
        (SpaceIntegral(X**2, X), 1, Undefined),
        (Expectation(X**2 * exp(-(X**2)), X), 0, Unsupported),  # no moment of the normal law
        (SpaceIntegral(exp(-(X**2)) * Expectation(X * p, p), X), 1, Unsupported),
    ],
    ids=str,
)
def test_what_has_no_moments_is_given_none(e: Any, rate: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        Evaluator({}).moments(e, rate)


def test_a_mean_over_what_has_no_law_has_no_value() -> None:
    with pytest.raises(Unsupported):
        Evaluator({})(Expectation(X, X))


def test_a_quadrature_over_the_plane_has_to_settle() -> None:
    """With steps of one half, cos 4πx is 1 at every point that is looked at."""
    with pytest.raises(Unsupported):
        Evaluator({})._trapezoidal(exp(-(x**2) - y**2) * cos(4 * sp.pi * x), (x, y))


def test_what_is_integrated_over_the_plane_by_the_trapezoidal_rule_has_to_decay() -> None:
    """What lies outside of the square that is summed over counts."""
    with pytest.raises(Unsupported):
        Evaluator({})._trapezoidal(1 / (4 + x**2 + y**2) ** 2, (x, y))


@pytest.mark.parametrize(
    ("e", "case"),
    [
        (sp.dirichlet_eta(z), Eq(z, 1)),  # η(1) = log 2 is no multiple of ζ(1)
        (sp.sinc(z), Eq(z, 0)),
        (sp.sign(z), Eq(z, 0)),
        (sp.acot(z), Eq(z, 0)),
        (sp.acoth(z), Eq(z, 0)),
    ],
    ids=str,
)
def test_where_the_definition_of_a_function_has_no_value_is_a_case(e: Any, case: Any) -> None:
    with pytest.raises(NeedCase) as raised:
        NormalForm(Facts(())).flatten(e)
    assert raised.value.condition == case
    NormalForm(Facts((Ne(z, case.rhs),))).flatten(e)


@pytest.mark.parametrize("e", [sp.Abs(z) ** 2, 2 ** sp.Abs(z), sqrt(z), sp.log(z), sp.sign(z) * z, exp(sp.conjugate(z))], ids=str)
def test_what_is_not_holomorphic_around_zero_is_not_taken_to_be(e: Any) -> None:
    around = acb(arb(0, 1), arb(0, 1))
    assert not Evaluator({})._analytic(e, z, around)
    assert Evaluator({})._analytic(z**2 * exp(z), z, around)


# -- points and laws -----------------------------------------------------------------------------------------------------------


def at(values: dict[Any, Any]) -> Point:
    return Point(values, {}, Evaluator(values))


@pytest.mark.parametrize(
    ("condition", "value", "holds"),
    [
        (Eq(x, 2), fmpq(2), True),
        (Eq(x, 2), fmpq(1), False),
        (Eq(exp(x), 2), fmpq(1), False),
        (Eq(x**2, x + 2), fmpq(2), True),
        (Gt(x, 2), fmpq(2), False),
        (Ge(x, 2), fmpq(2), True),
        (Ne(x, 2), fmpq(2), False),
    ],
)
def test_a_point_is_admitted_where_the_hypotheses_hold(condition: Any, value: Any, holds: bool) -> None:
    assert _holds_all((condition,), at({x: value})) is holds


@pytest.mark.parametrize(
    ("lhs", "condition"),
    [
        (sp.sign(sp.sin(x)), Eq(p, sp.sin(x))),
        (sp.sign(exp(x) - 2), Eq(p, exp(x) - 2)),
        (sp.sign(x**3 + x - 1), Eq(x**3 + x - 1, p)),
    ],
    ids=str,
)
def test_what_an_equation_gives_has_the_sign_that_is_assumed(lhs: Any, condition: Any) -> None:
    assert equal(lhs, 1, where=[condition], timeout=5).verdict != "refuted"
    assert equal(lhs * p, 2, where=[condition], timeout=5).verdict == "refuted"


@pytest.mark.parametrize("symbol", [p, symbols("q", positive=True, integer=True), symbols("h", real=True, nonzero=True)])
def test_a_counterexample_is_made_simpler_within_what_is_assumed(symbol: Any) -> None:
    counterexample = equal(symbol * x + 1, symbol * x + 3 * symbol).counterexample
    assert counterexample is not None
    value = Rational(counterexample.point[str(symbol)])
    assert sp.sympify(value) != 0
    assert value > 0 or not symbol.is_positive


@pytest.mark.parametrize(
    ("condition", "law", "holds"),
    [
        (Gt(Expectation(X, X), 0), COIN, False),
        (Lt(Expectation(X, X), 0), COIN, False),
        (Ne(Expectation(X, X), 0), COIN, False),
        (Ge(Expectation(X, X), 0), COIN, True),
        (Le(Expectation(X, X), 0), COIN, True),
        (Eq(Expectation(X, X), 0), COIN, True),
        (Gt(Expectation(X, X), 0), DICE, True),
        (Ne(Expectation(X, X), 0), DICE, True),
        (Lt(Expectation(X, X), 0), DICE, False),
        (Le(Expectation(X, X), 0), DICE, False),
        (Eq(Expectation(X, X), 0), DICE, False),
        (Eq(Expectation(X, X), 0), FiniteLaw(()), False),  # of no mass
    ],
)
def test_a_law_is_admitted_where_the_hypotheses_hold(condition: Any, law: Any, holds: bool) -> None:
    assert satisfies(law, X, [((), condition)], Evaluator({}), (False,)) is holds


def test_a_law_has_values_that_its_variable_may_have() -> None:
    assert satisfies(COIN, X, [], Evaluator({}), ())
    assert not satisfies(COIN, p, [], Evaluator({}), ())
    assert not satisfies(FiniteLaw(((fmpq(1), HALF),)), k, [], Evaluator({}), ())


def test_what_holds_of_all_values_is_asked_of_finite_laws_only() -> None:
    assert admits(DICE, X, (X > 0,), Evaluator({}))
    assert admits(DICE, X, (Gt(X, 2) | Eq(X, 1),), Evaluator({}))
    assert not admits(COIN, X, (X > 0,), Evaluator({}))
    assert not admits(COIN, X, (Gt(X, 2) | Eq(X, 1),), Evaluator({}))
    assert not admits(NormalLaw(), X, (X > -9,), Evaluator({}))


def test_what_is_to_hold_for_all_numbers_is_not_shown_by_some() -> None:
    """It holds at 1/2, 1 and 2, which are looked at."""
    a = symbols("a", real=True)
    somewhere = Eq(Expectation((X + 1) * (a - Rational(1, 2)) * (a - 1) * (a - 2), X), 0)
    assert not satisfies(COIN, X, [((a,), somewhere)], Evaluator({}), (False,))


@pytest.mark.parametrize(
    ("lhs", "rhs", "conditions"),
    [
        (sp.sign(p), 1, [Eq(p, Expectation(X, X))]),
        (Expectation(X, X), Expectation(X**2, X), [Eq(x, Expectation(X, X)), Eq(x, Expectation(X**2, X))]),
        (sp.Abs(k), sp.Abs(Expectation(X, X)), [Eq(k, Expectation(X, X))]),
    ],
    ids=str,
)
def test_a_name_of_a_mean_has_its_value_and_its_assumptions(lhs: Any, rhs: Any, conditions: list[Any]) -> None:
    assert equal(lhs, rhs, where=conditions).verdict != "refuted"


@pytest.mark.parametrize(
    ("lhs", "rhs", "condition"),
    [
        (sp.sign(Expectation(X, X)), 1, Gt(Expectation(X, X), 0)),
        (sp.Abs(sp.sign(Expectation(X, X))), 1, Ne(Expectation(X, X), 0)),
        (sp.sign(Expectation(X**3, X)), -1, Lt(Expectation(X**3, X), 0)),
    ],
)
def test_what_holds_for_means_that_are_not_zero_is_not_refuted_by_one_that_is(lhs: Any, rhs: Any, condition: Any) -> None:
    assert equal(lhs, rhs, where=[condition]).verdict == "proved"


@pytest.mark.parametrize(
    ("lhs", "rhs", "condition"),
    [
        (sp.Abs(sp.sign(Expectation(X, X))), 1, Gt(Expectation(X, X), 0) | Lt(Expectation(X, X), -1)),
        (sp.sign(Expectation(X, X)), 1, Gt(Expectation(X, X), 0) & Lt(Expectation(X**2, X), 5)),
        (sp.Max(1, Expectation(X**2, X)), Expectation(X**2, X), Ge(X, 1) | Le(X, -1)),
        (sp.Max(2, Expectation(X, X)), Expectation(X, X), Ge(X, 2) & Le(X, 5)),
        (sp.Max(1, Expectation(X, X)), Expectation(X, X), sp.Contains(X, sp.Interval(1, 5))),
        (sp.Max(1, Expectation(X, X)), Expectation(X, X), Ge(X, 1) | Ge(Expectation(X, X), 2)),
    ],
)
def test_combined_hypotheses_are_asked_of_a_law_too(lhs: Any, rhs: Any, condition: Any) -> None:
    assert equal(lhs, rhs, where=[condition], timeout=4).verdict != "refuted"
    assert equal(lhs, rhs + 1, where=[condition], timeout=4).verdict != "proved"


@pytest.mark.parametrize(
    "condition", [Gt(Expectation(X, X), 0) | Lt(Expectation(X, X), -1), Ge(X, 1) | Le(X, -1), Ge(X, 1) & Le(X, 5)]
)
def test_what_is_false_under_a_combined_hypothesis_is_refuted(condition: Any) -> None:
    assert equal(Expectation(X, X), Rational(7, 5), where=[condition]).verdict == "refuted"


@pytest.mark.parametrize(
    "conditions",
    [
        [Gt(Expectation(X, X), 0)],
        [Lt(Expectation(X, X), 0)],
        [Ne(Expectation(X, X), 5)],
        [Gt(Expectation(X, X), 7)],
        [Gt(Expectation(X**3, X), 0)],
        [Lt(Expectation(X**3, X), 0)],
        [Eq(Expectation(X, X), 1), Gt(Expectation(X, X), 0)],
        [Gt(Expectation(X, X), 0), Eq(Expectation(X**2, X), 1)],
    ],
    ids=str,
)
def test_some_law_is_known_that_an_inequality_admits(conditions: list[Any]) -> None:
    where = [((), c) for c in conditions]
    found = candidates(X, tuple(conditions), Evaluator({}), 0)
    assert any(satisfies(law, X, where, Evaluator({}), (False,) * len(where)) for law in found)


@pytest.mark.parametrize(
    ("variable", "admitted"),
    [
        (X, True),
        (p, False),
        (symbols("q", nonnegative=True), False),
        (symbols("q", negative=True), False),
        (k, False),
        (symbols("q", rational=True), False),
    ],
    ids=str,
)
def test_a_normal_law_is_one_of_real_numbers_of_either_sign(variable: Any, admitted: bool) -> None:
    assert satisfies(NormalLaw(), variable, [], Evaluator({}), ()) is admitted


def test_a_positive_variable_with_the_moments_of_a_normal_one_has_no_mean_zero() -> None:
    moments = [Eq(Expectation(p**2, p), 1), Eq(Expectation(p**4, p), 3)]
    assert equal(sp.sign(Expectation(p, p)), 1, where=moments).verdict != "refuted"


def test_some_law_is_known_that_an_inequality_for_one_element_admits() -> None:
    v = sp.IndexedBase("v", shape=(n,), real=True)
    evaluator = Evaluator({n: fmpq(2)})
    for condition in (Gt(Expectation(v[1], v), 0), Lt(Expectation(v[1], v), 3), Eq(Expectation(v[1], v), 2)):
        found = candidates(v, (condition,), evaluator, 0)
        assert any(satisfies(law, v, [((), condition)], evaluator, (False,)) for law in found)


def test_a_mean_that_cannot_be_written_is_not() -> None:
    with pytest.raises(Unsupported):
        FiniteLaw(((fmpq(1), acb(2).sqrt()),)).written(Evaluator({}), X**2, X)
    with pytest.raises(Unsupported):
        DensityLaw(Density(X, 2 * X, 0, 1)).mean(Evaluator({}), sqrt(2) * u[1], u)
