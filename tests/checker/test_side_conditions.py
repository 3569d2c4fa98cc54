"""The side conditions of the rules of equality: each statement here is false, and would be proved without one of them.

The rules are called by themselves, for a decision attacks first, and then another rule may refuse what this one accepts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from sympy import (
    Eq,
    Function,
    Heaviside,
    I,
    Integral,
    Ne,
    Piecewise,
    Product,
    Rational,
    Sum,
    Symbol,
    acosh,
    asin,
    atan,
    binomial,
    cos,
    exp,
    gamma,
    log,
    oo,
    pi,
    sin,
    sqrt,
    symbols,
    tan,
)

from derivable import Expectation, ForAll
from derivable.search import propose
from derivable.trusted.decision import OPEN, PROVED, REFUTED, Counterexample, Proof
from derivable.trusted.equality import (
    Prover,
    _against,
    _apart_at_the_bound,
    _at_the_bound,
    _convex,
    _doubtful,
    _same,
    _solved,
    verdict,
)
from derivable.trusted.errors import NeedCase
from derivable.trusted.facts import Contradiction, Facts, excludes_itself
from derivable.trusted.recurrences import by_creative_telescoping, by_induction, least, unsafe
from derivable.trusted.sampling import Attack

x, y, t = symbols("x y t", real=True)
w = symbols("w")
p = symbols("p", positive=True)
h = symbols("h", real=True, nonzero=True)
k, j = symbols("k j", integer=True)
n = symbols("n", integer=True, nonnegative=True)
f = Function("f", real=True)
NOWHERE = Facts(())


def prover(search: Any = propose) -> Prover:
    return Prover(search, time.monotonic() + 20)


def proposing(certificate: Any) -> Callable[[str, Any, Any], Any]:
    return lambda kind, e, v: [certificate]


# -- functions with derivative zero ---------------------------------------------------------------------------------------------

NOT_CONSTANT = {
    "a hole in the domain": (atan(x) + atan(1 / x) - pi / 2, (Ne(x, 0),)),
    "a hole by assumption": (atan(h) + atan(1 / h) - pi / 2, ()),
    "jumps": (atan(tan(x)) - x, ()),
    "a slope": (sin(x), ()),
    "zero only at a point that the hypotheses exclude": (atan(x) + atan(1 / x) + pi / 2, (x > 0,)),
    "zero only at a point that the assumptions exclude": (atan(p) + atan(1 / p) + pi / 2, ()),
    "zero nowhere": (atan(p) + atan(1 / p), ()),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_CONSTANT)
def test_a_function_is_constant_on_an_interval_on_which_it_is_continuous(name: str) -> None:
    e, where = NOT_CONSTANT[name]
    assert prover()._constant_function(e, Facts(where), 0) is None
    assert prover()._constant_function(atan(x) + atan(1 / x) - pi / 2, Facts((x > 0,)), 0) is not None


@pytest.mark.parametrize(
    ("assumed", "outside"),
    [
        ("positive", 0),
        ("positive", -1),
        ("negative", 0),
        ("negative", 1),
        ("nonnegative", -1),
        ("nonpositive", 1),
        ("nonzero", 0),
    ],
)
def test_a_value_has_to_be_admitted(assumed: str, outside: int) -> None:
    s = Symbol("s", real=True, **{assumed: True})
    assert not prover()._admits(s, sp.Integer(outside), NOWHERE)
    assert prover()._admits(s, sp.Integer(-3 if assumed in ("negative", "nonpositive") else 3), NOWHERE)


def test_a_value_has_to_satisfy_the_hypotheses() -> None:
    assert not prover()._admits(x, sp.Integer(0), Facts((x > 0,)))
    assert not prover()._admits(x, sp.Integer(0), Facts((x > y,)))
    assert prover()._admits(x, sp.Integer(1), Facts((x > 0,)))


@pytest.mark.parametrize("condition", [Ne(x, 1), x**2 >= 1, sp.sin(x) > 0, ForAll((t,), Eq(f(t), x))], ids=str)
def test_values_that_a_hypothesis_takes_apart_are_no_interval(condition: Any) -> None:
    assert not _convex(x, Facts((condition,)))
    assert _convex(y, Facts((condition,)))


@pytest.mark.parametrize("assumed", ["nonzero", "integer", "rational", "irrational"])
def test_values_that_an_assumption_takes_apart_are_no_interval(assumed: str) -> None:
    assert not _convex(Symbol("s", real=True, **{assumed: True}), NOWHERE)
    assert _convex(x, Facts((x >= y, x < 3)))


# -- cases ----------------------------------------------------------------------------------------------------------------------


def test_both_cases_have_to_hold() -> None:
    assert prover()._cases(sp.Abs(x) - x, x >= 0, NOWHERE, 0, False) is None
    assert prover()._cases(sp.Abs(x) + x, x >= 0, NOWHERE, 0, False) is None
    assert prover()._cases(x * (x - 1), Eq(x, 0), NOWHERE, 0, False) is None


def test_a_case_is_left_out_only_if_the_facts_exclude_it() -> None:
    assert not excludes_itself(Facts((x >= 0,)))
    assert not excludes_itself(Facts((x >= 0, x <= 0)))
    assert not excludes_itself(Facts((x >= y, y >= 0)))
    assert excludes_itself(Facts((x >= 1, x <= 0)))
    assert excludes_itself(Facts((x > 0, x <= 0)))


HERE = Piecewise((1 / x, y > 0), (0, True))  # defined at x = 0 too, where y is not positive
HERE_TOO = Piecewise((0, y <= 0), (1 / x, True))
AT_ZERO = Piecewise((1, Eq(x, 0)), (0, True))
RISING, FALLING = k / x, (n + 1 - k) / x

DEFINED_AT_A_POLE: dict[str, tuple[Any, Any]] = {
    "a denominator of one case": (HERE, HERE_TOO + AT_ZERO),
    "a denominator in a sum that may be empty": (Sum(RISING, (k, 1, n)), Sum(FALLING, (k, 1, n)) + AT_ZERO),
    "a denominator in a product that may be empty": (Product(RISING, (k, 1, n)), Product(FALLING, (k, 1, n)) + AT_ZERO),
    "a denominator of one case and a value": (
        Integral(cos(j * t), (t, 0, pi)) + HERE.subs(x, j), HERE_TOO.subs(x, j),
    ),
    "a denominator in an empty sum and a value": (
        Integral(cos(j * t), (t, 0, pi)) + Sum(k / j, (k, 1, n)), Sum((n + 1 - k) / j, (k, 1, n)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFINED_AT_A_POLE)
def test_a_case_is_passed_over_only_where_the_statement_is_undefined(name: str, prove: Callable[..., Any]) -> None:
    """The sides differ where a denominator vanishes that is not evaluated there: in another case, or under an empty sum."""
    assert prove(*DEFINED_AT_A_POLE[name]) is None


def test_a_case_in_which_the_statement_divides_by_zero_is_passed_over(prove: Callable[..., Any]) -> None:
    assert prove(1 / (x * (x + 1)), 1 / x - 1 / (x + 1) + AT_ZERO) is not None
    assert prove(HERE, HERE_TOO + AT_ZERO, y > 0) is not None
    assert prove(Sum(RISING, (k, 1, n)), Sum(FALLING, (k, 1, n)) + AT_ZERO, n >= 1) is not None


def test_the_denominators_of_a_statement_are_those_that_are_always_evaluated() -> None:
    def known(e: Any, *where: Any) -> set[Any]:
        return set(prover().known_denominators(e, Facts(where)))

    assert known(1 / x + y**2 + (x + y) ** p) == {x}
    assert known(HERE) == set()
    assert known(HERE, y > 0) == {x}
    assert known(HERE, y <= 0) == set()
    assert known(Sum(1 / (x * (k + 1)), (k, 1, n))) == {k + 1}
    assert known(Sum(1 / (x * (k + 1)), (k, 0, n))) == known(Sum(1 / (x * (k + 1)), (k, 0, oo))) == {x, k + 1}
    assert known(Integral(1 / (x + t), (t, 0, 1))) == {x + t}


def test_the_cases_of_a_binomial_are_those_of_an_integer() -> None:
    assert prover()._binomials(binomial(w, 2) * (sp.conjugate(w) - w), NOWHERE, 0) is None


def test_only_an_integer_has_residue_classes() -> None:
    remainder = sp.Mod(x, 2)
    assert prover()._residues(remainder * (remainder - 1), NOWHERE, 0) is None
    assert prover()._residues((remainder * (remainder - 1)).subs(x, k), NOWHERE, 0) is not None


# -- what a proof and the evaluations add up to ---------------------------------------------------------------------------------

SEEN = Attack(points=16, drawn=16, admissible=16)
NONE_ADMITTED = Attack(drawn=100)
CUT_SHORT = Attack(only_cut_short=True, obstacles={"no time": None})
NOWHERE_DEFINED = Attack(admissible=16, undefined=16)
NOT_EVALUATED = Attack(admissible=3, obstacles={"no rule": None})
SHOWN = Proof((("normal form", ""),))
DIVERGES = Sum(1 / k, (k, 1, oo))


@pytest.mark.parametrize("silent", [NONE_ADMITTED, CUT_SHORT, NOWHERE_DEFINED], ids=["none admitted", "cut short", "undefined"])
def test_one_entry_of_a_matrix_that_says_nothing_is_enough(silent: Attack) -> None:
    pairs = [(x, x), (y, y)]
    assert verdict(SHOWN, [SEEN, SEEN], pairs, "").verdict == PROVED
    for attacks in ([SEEN, silent], [silent, SEEN]):
        assert verdict(SHOWN, attacks, pairs, "").verdict == OPEN


def test_a_cut_without_an_obstacle_in_the_way_is_not_one_with_an_obstacle() -> None:
    in_the_way = Attack(obstacles={"no rule": None})
    assert verdict(SHOWN, [in_the_way], [(x, x)], "").verdict == PROVED
    assert verdict(SHOWN, [CUT_SHORT], [(x, x)], "").verdict == OPEN


def test_one_entry_that_is_not_enclosed_makes_all_of_it_numerical() -> None:
    numerical = Attack(points=16, admissible=16, rigorous=False)
    assert not verdict(SHOWN, [SEEN, numerical], [(x, x), (y, y)], "").rigorous
    assert verdict(None, [SEEN, numerical], [(x, x), (y, y)], "").verdict == OPEN
    few = Attack(points=7, admissible=7)
    assert verdict(None, [few], [(x, y)], "").verdict == OPEN


def test_a_proof_says_nothing_of_a_sum_that_may_diverge() -> None:
    pairs = [(DIVERGES, DIVERGES)]
    assert verdict(SHOWN, [NOT_EVALUATED], pairs, "").verdict == OPEN
    assert verdict(SHOWN, [NOT_EVALUATED], pairs, "", lambda node: True).verdict == PROVED
    assert verdict(SHOWN.then("cited", "a theorem"), [NOT_EVALUATED], pairs, "").verdict == PROVED
    for doubtful in (Sum(1 / k, (k, 1, oo), (j, 1, n)), Sum(1 / (j + k), (j, 1, n), (k, 1, oo))):
        assert _doubtful(doubtful)
    for clear in (Sum(1 / k**2, (k, 1, oo)), Sum(1 / k, (k, 1, n))):
        assert not _doubtful(clear)


def test_a_disagreement_that_was_followed_a_finite_way_refutes_nothing() -> None:
    """A limit on one side alone, or a nested sum of which one range is infinite, is enough."""
    apart = Counterexample({}, "0", "1", rigorous=False)
    followed = ((sp.Limit(f(x), x, oo), y), (Sum(sp.floor(1 / k), (k, 1, oo), (j, 1, n)), y))
    for pair in followed:
        assert _against(apart, None, [pair]).verdict == OPEN
    assert _against(apart, None, [(Sum(1 / k**2, (k, 1, oo)), y)]).verdict == REFUTED
    assert _against(apart, SHOWN, [(x, y)]).verdict == OPEN


def test_an_integral_of_a_sum_is_not_known_to_exist_because_that_of_a_term_does() -> None:
    g = Function("g", real=True)
    known, both = Integral(f(x), (x, 0, oo)), Integral(f(x) + g(x), (x, 0, oo))
    assert _same(Integral(2 * f(t), (t, 0, oo)), known, (), NOWHERE)
    assert not _same(both, known, (), NOWHERE)
    assert not _same(known, both, (), NOWHERE)


def test_a_range_that_is_split_has_a_value_only_if_its_parts_have() -> None:
    g = Function("g", real=True)
    whole = Integral(sp.Abs(x) * g(x), (x, -1, 1))
    this = prover()
    assert this._by_values(whole - Integral(x * g(x), (x, 0, 1)) + Integral(x * g(x), (x, -1, 0)), NOWHERE, 0) is not None
    assert not this.valued


def test_an_equation_is_solved_for_what_it_determines() -> None:
    assert _solved(Eq(2 * x + y, 4)) in ((x, 2 - y / 2), (y, 4 - 2 * x))
    assert _solved(Eq(2 * k, 4)) == (k, 2)
    assert _solved(Eq(2 * k, 1, evaluate=False)) is None  # no integer
    assert _solved(Eq(x**2 + x, 1)) is None
    assert _solved(Eq(x * y, 1)) is None
    assert _solved(Eq(sqrt(2) * x, 1)) is None


# -- algebraic constants --------------------------------------------------------------------------------------------------------


def convergents(e: Any, count: int) -> list[Any]:
    """The best rational approximations of an irrational number."""
    terms = sp.continued_fraction_iterator(e)
    return list(sp.continued_fraction_convergents([next(terms) for _ in range(count)]))


@pytest.mark.parametrize("root", [sqrt(2), sqrt(3), sp.GoldenRatio.expand(func=True), 1 + sqrt(7)], ids=str)
def test_the_nearest_rational_numbers_are_not_the_root(root: Any) -> None:
    """|√2 - p/q| > 1/(4 q²), which the root bound comes near to: a bound that is a little too large would call them equal."""
    for number in convergents(root, 40):
        assert prover()._algebraic_constant(root - number, NOWHERE, 0) is None


NEARLY_ZERO = {
    "a nested root": sqrt(5 + 2 * sqrt(6)) - sqrt(2) - sqrt(3),
    "a cosine": 2 * cos(pi / 5) - (1 + sqrt(5)) / 2,
    "a tangent": tan(pi / 8) - sqrt(2) + 1,
    "a root of unity": exp(2 * pi * I / 3) ** 2 + exp(2 * pi * I / 3) + 1,
    "reciprocals": 1 / (sqrt(3) - sqrt(2)) - sqrt(3) - sqrt(2),
    "cube roots": (2 + sqrt(5)) ** Rational(1, 3) + (sqrt(5) - 2) ** Rational(1, 3) - sqrt(5),
    "negative powers": (1 + sqrt(2)) ** -3 - (sqrt(2) - 1) ** 3,
}


@pytest.mark.parametrize("name", NEARLY_ZERO)
def test_what_is_added_to_zero_is_seen(name: str) -> None:
    e = NEARLY_ZERO[name]
    assert prover()._algebraic_constant(e, NOWHERE, 0) is not None
    for digits in (1, 5, 20, 60, 120):
        off = sp.Add(e, Rational(1, 10**digits), evaluate=False)
        assert prover()._algebraic_constant(off, NOWHERE, 0) is None
        assert _apart_at_the_bound(off, sp.Integer(0)) is not None
    assert _apart_at_the_bound(e, sp.Integer(0)) is None


def test_what_is_not_algebraic_has_no_bound() -> None:
    for e in (pi - Rational(355, 113), sp.E - 3, sin(1), sqrt(2) ** sqrt(2), log(2), sin(pi * sqrt(2))):
        assert _at_the_bound(e) is None
        assert prover()._algebraic_constant(e, NOWHERE, 0) is None


# -- sums -----------------------------------------------------------------------------------------------------------------------

NOT_TELESCOPED: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
    "a wrong antidifference": (Sum(k, (k, 1, n)), k**2 / 2, ()),
    "an antidifference with a pole in the range": (Sum(1 / ((k - 3) * (k - 2)), (k, 1, n)), -1 / (k - 3), ()),
    "an end that is no integer": (Sum(1, (k, 1, x)), k, ()),
    "a start that is no integer": (Sum(1, (k, x, n)), k, ()),
    "an end that a mean binds": (Sum(Expectation(f(j), j), (k, 1, j)), Expectation(k * f(j), j), ()),
    "terms that do not tend to a value": (Sum(k, (k, 1, oo)), k * (k - 1) / 2, ()),
    "terms that alternate": (Sum((-1) ** k, (k, 0, oo)), -((-1) ** k) / 2, ()),
}


@pytest.mark.parametrize("name", NOT_TELESCOPED)
def test_a_sum_does_not_telescope(name: str) -> None:
    node, antidifference, where = NOT_TELESCOPED[name]
    assert prover(proposing(antidifference))._telescoped(node, Facts(where), ()) is None


def test_a_sum_telescopes() -> None:
    for node, candidate, value in (
        (Sum(k, (k, 1, n)), k * (k - 1) / 2, n * (n + 1) / 2),
        (Sum(1 / (k * (k + 1)), (k, 1, oo)), -1 / k, 1),
    ):
        found = prover(proposing(candidate))._telescoped(node, NOWHERE, (k,))
        assert found is not None
        assert sp.simplify(found[0] - value) == 0


def test_a_denominator_that_a_value_brings_in_is_asked_for() -> None:
    with pytest.raises(NeedCase):
        prover()._no_new_denominator(1 / y, (), NOWHERE)
    with pytest.raises(NeedCase):
        prover()._no_new_denominator(1 / (y * (x - 1)), (y,), NOWHERE)
    prover()._no_new_denominator(1 / y, (y,), NOWHERE)
    prover()._no_new_denominator(1 / y, (), Facts((Ne(y, 0),)))
    prover()._no_new_denominator(1 / (1 + y**2), (), NOWHERE)


def test_a_limit_from_both_sides_is_one_value() -> None:
    for e in (sp.Abs(x) / x, 1 / x, exp(1 / x), atan(1 / x), sp.floor(x)):
        assert prover().value(sp.Limit(e, x, 0, "+-"), NOWHERE) is None, e
    found = prover().value(sp.Limit(sin(x) / x, x, 0, "+-"), NOWHERE)
    assert found is not None
    assert found[0] == 1


def test_all_residue_classes_have_to_hold() -> None:
    assert prover()._residues(sp.floor(k / 2) - k / 2, NOWHERE, 0) is None
    assert prover()._residues(sp.floor(k / 2) - (k - 1) / 2, NOWHERE, 0) is None
    assert prover()._residues(sp.floor(k / 2) + sp.floor((k + 1) / 2) - k, NOWHERE, 0) is not None


# -- induction, recurrences -----------------------------------------------------------------------------------------------------


def test_a_start_is_a_lower_bound_and_the_only_hypothesis() -> None:
    assert least(n, NOWHERE) == 0
    assert least(symbols("m", integer=True, positive=True), NOWHERE) == 1
    assert least(k, Facts((k >= -2,))) == -2
    assert least(k, Facts((k > -2,))) == -1
    assert least(n, Facts((n >= 3,))) == 3
    assert least(n, Facts((n >= -3,))) == 0
    for condition in (k <= 5, Ne(k, 3), k >= x, k**2 >= 1, ForAll((t,), Eq(f(t), k))):
        assert least(k, Facts((k >= 0, condition))) is None
    assert least(k, NOWHERE) is None
    assert least(x, Facts((x >= 0,))) is None
    assert least(Symbol("e", even=True, nonnegative=True), NOWHERE) is None


def test_what_may_be_undefined_is_unsafe() -> None:
    for e in (1 / (n - 3), 1 / (n - 3) ** 2, 1 / sqrt(n - 3), gamma(n - 3), gamma(3 - n) * n, exp(1 / (n - 1))):
        assert unsafe(e, n, NOWHERE), e
    for e in (1 / (n + 1), gamma(n + 1), 1 / (x - 3), n**2, Sum(1 / (k + 1), (k, 0, n))):
        assert not unsafe(e, n, NOWHERE), e


def test_an_induction_needs_its_first_case_and_its_step() -> None:
    def zero(e: Any, facts: Facts) -> Proof | None:
        return Proof() if sp.expand(e.doit()) == 0 else None

    assert by_induction(Sum(k, (k, 0, n)) - n * (n + 1) / 2, NOWHERE, zero) is not None
    assert by_induction(Sum(k, (k, 0, n)) - n * (n + 1) / 2 - 1, NOWHERE, zero) is None
    assert by_induction(Sum(k, (k, 0, n)) - n**2, NOWHERE, zero) is None
    assert by_induction(Sum(k, (k, 0, n)) - n * (n + 1) / 2, Facts((Eq(n, 3),)), zero) is None
    assert by_induction(Sum(k, (k, 0, j)) - j * (j + 1) / 2, NOWHERE, zero) is None  # no first case


def alone(e: Any, facts: Facts) -> Proof | None:
    return prover().zero(e, facts, 2, induction=False)


ROWS = Sum(binomial(n, k), (k, 0, n))


def test_a_recurrence_whose_leading_coefficient_vanishes_does_not_determine_a_sum() -> None:
    """(n - 5) (S(n + 1) - 2 S(n)) = 0 holds for 2ⁿ up to n = 5, and for twice that from n = 6 on."""

    def vanishing(kind: str, e: Any, v: Any) -> Any:
        for coefficients, r in propose(kind, e, v):
            proposed.append(r)
            yield [(n - 5) * c for c in coefficients], (n - 5) * r

    proposed: list[Any] = []

    def at_many(e: Any, facts: Facts) -> Proof | None:
        """True for n = 1 … 12: enough for what is asked here."""
        return Proof() if all(sp.expand(e.subs(n, number).doit()) == 0 for number in range(1, 13)) else None

    jumps = 2**n * (1 + Heaviside(n - Rational(11, 2)))
    assert by_creative_telescoping(ROWS - jumps, NOWHERE, at_many, at_many, vanishing) is None
    assert proposed
    assert by_creative_telescoping(ROWS - 2**n, NOWHERE, at_many, at_many, propose) is not None
    assert by_creative_telescoping(ROWS - 2**n, NOWHERE, alone, alone, propose) is not None


def test_the_first_values_reach_up_to_where_a_recurrence_begins() -> None:
    """S(n + 1) = 2 S(n) for n ≥ 1 beside S(0) and S(1): were it only for n ≥ 2, S(2) could be any number."""

    def at_admissible(e: Any, facts: Facts) -> Proof | None:
        rows = [row for row in range(13) if all(c.subs(n, row) for c in facts.where)]
        return Proof() if all(sp.expand(e.subs(n, row).doit()) == 0 for row in rows) else None

    for jump in range(6):
        wrong = 2**n * (1 + Heaviside(n - jump - Rational(1, 2)))
        assert by_creative_telescoping(ROWS - wrong, NOWHERE, at_admissible, at_admissible, propose) is None
    assert by_creative_telescoping(ROWS - 2**n, NOWHERE, at_admissible, at_admissible, propose) is not None


@pytest.mark.parametrize("wrong", [2 ** (n + 1), 2**n + n, 2**n + (-1) ** n, 3**n, 2**n + 1], ids=str)
def test_a_sum_satisfies_its_recurrence_and_has_its_first_values(wrong: Any) -> None:
    assert by_creative_telescoping(ROWS - wrong, NOWHERE, alone, alone, propose) is None


# -- inverse functions ----------------------------------------------------------------------------------------------------------

INVERSES = {
    "the sine beyond the range of the arcsine": (asin(sin(x)) - x, (x >= 0, x <= pi)),
    "a root that is negative": (sqrt(x**2) - x, ()),
    "a hyperbolic cosine of a negative number": (acosh(sp.cosh(x)) - x, (x <= 0,)),
    "a logarithm of an exponential of what is not real": (log(exp(w)) - w, ()),
    "equal squares of opposite numbers": (sqrt(x**2 + 1) + sqrt(x**2 + 1) * sp.Abs(x) / x - 2 * sqrt(x**2 + 1), ()),
    "a period of the sine": (asin(x) - (pi - asin(x)), (x >= -1, x <= 1)),
    "a difference of a whole turn": (2 * asin(x) + 2 * sp.acos(x) + pi, (x >= -1, x <= 1)),
}


@pytest.mark.parametrize("name", INVERSES)
def test_equal_images_are_not_enough(name: str) -> None:
    e, where = INVERSES[name]
    assert prover()._injective(e, Facts(where), 0) is None


def test_contradicting_hypotheses_are_told() -> None:
    for where in ((sp.Integer(1) > 2,), (x > 1, False), (sp.false,), (pi < 3,), (sqrt(2) > Rational(3, 2),)):
        with pytest.raises(Contradiction):
            Facts(tuple(sp.sympify(c) for c in where))
    assert Facts((sp.true, pi > 3)).where == ()


def test_integrals_over_other_ranges_are_not_joined() -> None:
    for e in (
        Integral(f(t), (t, 0, 1)) - Integral(f(t), (t, 0, 2)),
        Integral(f(t), (t, 0, 1)) + Integral(f(t), (t, 0, 1)),
        Integral(f(t), (t, 0, x)) - x * Integral(f(t), (t, 0, 1)),
        Expectation(f(x), x) - Expectation(f(y), y),
        Expectation(f(x), x) - 1,
    ):
        assert prover()._under_one(e, NOWHERE, 0) is None
