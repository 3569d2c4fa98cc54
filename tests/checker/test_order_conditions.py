"""The side conditions of the rules of order: each statement here is false, and would be proved without one of them.

The rules are called by themselves, for a decision attacks first, and then another rule may refuse what this one accepts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from sympy import Abs, Eq, Function, IndexedBase, Integral, Ne, Rational, Sum, cos, exp, im, log, oo, pi, re, sin, sqrt, symbols

from derivable import Expectation, ForAll
from derivable.search import propose
from derivable.trusted import curves, order
from derivable.trusted.decision import OPEN, Counterexample, Proof
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver, _at_hand, _cleared, _expanded, _failure_at, _resolved, _root_of_square
from derivable.trusted.sampling import Attack

x, y, z, t = symbols("x y z t", real=True)
w = symbols("w")
a, b = symbols("a b", positive=True)
r, u = symbols("r u", nonnegative=True)
k, i = symbols("k i", integer=True)
n = symbols("n", integer=True, nonnegative=True)
m = symbols("m", integer=True, positive=True)
f = Function("f", real=True)
A = IndexedBase("A", real=True)
ZERO = sin(x) ** 2 + cos(x) ** 2 - 1  # whose derivative is zero too
TINY = Rational(1, 10**60)


def prover() -> OrderProver:
    return OrderProver(propose, time.monotonic() + 20)


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return prover().sign(e, facts, strict, 1)


#: rule of the prover → (what the rule is asked, hypotheses, whether it is to be positive), the reason why it is false
REFUSED: dict[str, tuple[str, Any, tuple[Any, ...], bool]] = {
    "growing on either side of a pole": ("_monotone", -1 / x, (x >= -1,), False),
    "growing from a value that is negative": ("_monotone", x, (x >= -1,), False),
    "growing from 0, which is not positive": ("_monotone", x, (x >= 0,), True),
    "constant from an end that is not reached": ("_monotone", ZERO, (x > 0,), True),
    "falling on either side of a point that is excluded": ("_monotone", 1 / (x - 5), (Ne(x, 5),), False),
    "growing on one side of the point only": ("_monotone", x**3, (x <= 1,), False),
    "two variables that meet where the difference is negative": ("_monotone", exp(x) - exp(y) - 1, (x >= y,), False),
    "falling to a limit that is negative": ("_falls_to_limit", exp(-x) - 1, (x >= 0,), False),
    "falling up to another variable": ("_monotone", 1 - 2 / (1 + (x - y) ** 2), (x <= y,), False),
    "falling to its limit on either side of a pole": ("_falls_to_limit", 1 / (x - 5), (), False),
    "rising to its limit": ("_falls_to_limit", -exp(-x), (x >= 0,), False),
    "either sign of a number that is not zero": ("_apart", x**3, (Ne(x, 0),), True),
    "neither sign of a complex number": ("_apart", re(w) ** 2, (Ne(w, 0),), True),
    "homogeneous under a hypothesis that is not": ("_homogeneous", sqrt(a * b) - a, (b >= a**2,), False),
    "homogeneous under a hypothesis that is not, the other way": ("_homogeneous", sqrt(a * b) - b, (a >= b**2,), False),
    "homogeneous under a hypothesis about one of the variables": ("_homogeneous", b**2 - a**2, (a <= 1,), False),
    "logarithms of what may be negative": ("_same_function", log(x) - log(y), (x >= y,), False),
    "remainders of a real number": ("_residues", sp.Mod(x, 2) * (sp.Mod(x, 2) - 1), (), False),
    "not homogeneous": ("_homogeneous", sqrt(a) * (2 - b), (), False),
    "the same at every real shift of what is not real": ("_translated", -(im(w) ** 2) * exp(x - re(w)), (), False),
    "a chart of what is not real": ("_chart", w**2, (), False),
    "growth of what is not real": ("_monotone", w**2, (), False),
    "a curve of what is not real": ("_curves", w**2, (), False),
    "a square of what is not real": ("_completed_square", a * w**2 + 1, (), False),
    "a square whose leading coefficient has no sign": ("_completed_square", y * x**2 + y, (), False),
    "a square with a larger middle coefficient": ("_completed_square", a * x**2 + 3 * b * x + a, (), False),
    "a square that vanishes": ("_completed_square", b**2 * x**2 + 2 * b * x + 1, (), True),
    "the same at every shift of one variable only": ("_translated", x + exp(y), (), False),
    "growing with the shift": ("_translated", exp(x) - exp(y) - 1 + y - x, (), False),
    "one residue class": ("_residues", sp.Mod(k, 3) - 1, (), False),
    "some residue classes": ("_residues", 2 - sp.Mod(k, 4), (), False),
    "a polynomial that is negative, with irrational coefficients": ("_one_variable", x**2 - sp.sqrt(2) * x - 1, (), False),
    "one of two cases": ("_cases", x, (), False),
    "a form with a negative pivot": ("_quadratic", x**2 - 4 * x * y + y**2, (), False),
    "a form with a zero pivot beside what is not zero": ("_quadratic", sp.expand((x + y) ** 2 + 2 * y * z + z**2), (), False),
    "a form that vanishes at the origin": ("_quadratic", x**2 + y**2, (), True),
    "a form that vanishes on a line": ("_quadratic", x**2 - 2 * x + 1, (), True),
    "a polynomial that is negative between its roots": ("_one_variable", x**2 - 2, (), False),
    "a polynomial that is negative far out": ("_one_variable", 10 - x, (x >= 0,), False),
    "a polynomial that is negative at the end of the range": ("_one_variable", x, (x >= -1,), False),
    "a polynomial with a double root": ("_one_variable", sp.expand((x - 1) ** 2), (), True),
    "a polynomial with a root at the end": ("_one_variable", x, (x >= 0,), True),
    "a polynomial that is negative between roots that nearly meet": (
        "_one_variable", sp.expand((7 * x - 1) * (x - Rational(1, 7) - TINY) * (x**2 + 1)), (), False,
    ),
    "a polynomial that is zero on a curve": ("_cells", sp.expand((x - y**2) ** 2), (), True),
    "a polynomial with a negative cell": ("_cells", x * y, (), False),
    "a polynomial outside the region": ("_cells", x + y, (x + 2 * y >= 0,), False),
    "a polynomial under a hypothesis that says not zero": ("_cells", x, (Ne(x, 0),), False),
    "a polynomial on the wrong side of a line": ("_cells", x, (x <= 0,), False),
    "a polynomial under an equation": ("_cells", x, (Eq(x + y, 0), y >= 0), False),
    "the other root": ("_squared", y, (Eq(y**2, u),), False),
    "the root of a cube": ("_squared", x - r, (Eq(r**3, u), x >= 0, x**2 - u >= 0), False),
    "a root that is larger": ("_squared", x - r, (Eq(r**2, x**2 + 1), x >= 0), False),
    "squares of what may be negative": ("_squared", x - r, (Eq(r**2, u), x**2 - u >= 0), False),
    "a root that is smaller than what is taken away": ("_squared", r - x, (Eq(r**2, u), x**2 - u >= 0, x >= 0), False),
    "a root that may be reached": ("_squared", x - r, (Eq(r**2, u), x**2 - u >= 0, x >= 0), True),
    "a root times what has no sign": ("_squared", 1 + y * r, (Eq(r**2, u), 1 - y**2 * u >= -1), False),
    "a square against a number": ("_by_squares", x - y, (x**2 - y >= 0, x >= 0), False),
    "equal squares": ("_by_squares", x - y, (x**2 - y**2 >= 0, x >= 0, y >= 0), True),
    "squares of negative numbers": ("_by_squares", x - y, (x**2 - y**2 >= 0,), False),
    "squares on the wrong side": ("_by_squares", x - y, (x**2 - y**2 <= 0, x >= 0, y >= 0), False),
    "a box on which it is zero somewhere": ("_box", x**2, (x >= -1, x <= 1), True),
    "a box on which it is negative somewhere": ("_box", x - TINY, (x >= 0, x <= 1), False),
    "a box on which it is negative at a corner": ("_box", 2 - x - y - TINY, (x >= 0, x <= 1, y >= 0, y <= 1), False),
    "a box that is wider": ("_box", 1 - x, (x >= 0, x <= 2), False),
    "an integral of what may vanish": ("_under_one_sign", Integral(f(t) ** 2, (t, 0, 1)), (), True),
    "an integral of what may be negative": ("_under_one_sign", Integral(f(t), (t, 0, 1)), (), False),
    "an integral that runs backwards": ("_under_one_sign", Integral(f(t) ** 2, (t, 1, 0)), (), False),
    "an integral whose direction is not known": ("_under_one_sign", Integral(f(t) ** 2, (t, x, y)), (), False),
    "a sum that may run backwards": ("_under_one_sign", Sum(A[k] ** 2, (k, 1, i)), (), False),
    "the first case fails": ("_induction", n - 1, (), False),
    "growth fails": ("_induction", 3 - n, (), False),
    "no first case": ("_induction", 2**k - 1, (), False),
    "an upper bound is no start": ("_induction", k + 5, (k <= 9,), False),
    "the maximum of both": ("_all_branches", sp.Max(x, y) - x - y, (x >= 0,), False),
    "one branch of a modulus": ("_all_branches", x - Abs(x), (), False),
    "a modulus that is added": ("_all_branches", Abs(x) - x - 1, (), False),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_rule_of_order_refuses(name: str) -> None:
    rule, e, where, strict = REFUSED[name]
    facts = Facts(where)
    if rule == "_falls_to_limit":
        found = prover()._falls_to_limit(e, x, facts, 0)
    elif rule == "_cases":
        found = prover()._cases(e, x >= 0, facts, strict, 0)
    elif rule in ("_quadratic", "_one_variable", "_cells", "_chart"):
        found = getattr(prover(), rule)(e, facts, strict)
    else:
        found = getattr(prover(), rule)(e, facts, strict, 0)
    assert found is None, found


def test_the_rule_of_ratios_is_one_of_two_terms() -> None:
    """3ⁿ - 2ⁿ - 4n has the ratios 3 and 2 in two of its terms."""
    assert prover()._by_ratios(3**n - 2**n, n, Facts(()), 0) is not None
    assert prover()._by_ratios(3**n - 2**n - 4 * n - 1, n, Facts(()), 0) is None
    assert prover()._by_ratios(2**n - 3**n, n, Facts(()), 0) is None


def test_only_squares_of_real_polynomials_have_such_roots() -> None:
    assert _root_of_square(4 * x**2 * y**2) in (2 * x * y, -2 * x * y)
    for p in (-(x**2), 2 * x**2, x**3, x**2 * y, x**2 + 1, sp.Integer(4), (x**2 - 2) ** 3):
        assert _root_of_square(sp.expand(p)) is None, p


def test_what_a_hypothesis_makes_equal_is_not_less() -> None:
    for e, where in ((f(x) - y**2, Eq(f(x), y**2)), (sin(x) * f(x) - y * sin(x), Eq(f(x), y))):
        facts = Facts((where,))
        assert prover().sign(e, facts, False) is not None
        assert prover().sign(e, facts, True) is None


def test_a_product_with_what_may_vanish_has_no_say() -> None:
    """r (x - 1) ≥ 0 with r ≥ 0 holds at r = 0 whatever x is."""
    assert prover()._combination(x - 1, Facts((r * (x - 1) >= 0,)), False, (2,)) is None
    assert prover()._combination(x - 1, Facts((a * (x - 1) >= 0,)), False, (2,)) is not None


def test_only_a_positive_denominator_is_left_out() -> None:
    assert _cleared(x, a, Facts(())) == x
    assert _cleared(x, -a, Facts(())) == -x
    assert _cleared(x, y, Facts(())) == x * y
    assert _cleared(x, r, Facts(())) == r * x


@pytest.mark.parametrize("e", [log(a) + 1 - a, a - log(a), sqrt(a) - 1, f(x) - 1, 1 - f(x)], ids=str)
def test_only_of_floors_and_exponentials_is_known_what_their_arguments_say(e: Any) -> None:
    """⌊u⌋ ≤ u < ⌊u⌋ + 1, and e^u ≥ 1 for u ≥ 0: names of other functions have no such bounds."""
    polynomial, within = prover()._polynomial(e, Facts((x >= 0,)), 0)
    assert not within.is_nonnegative(polynomial)


def test_a_value_that_is_not_zero_need_not_be_one() -> None:
    g = Function("g", real=True, nonzero=True)
    _, within = prover()._polynomial(g(x) ** 2 - 1, Facts(()), 0)
    assert not any(isinstance(c, Eq) for c in within.where)


def test_an_inequality_for_all_values_is_taken_at_what_it_speaks_of() -> None:
    """Neither at a real number where it is one for integers, nor at the variable of a mean inside it."""
    assert not _at_hand(f(x), Facts((ForAll((n,), sp.Ge(f(n), 0)),))).relations
    assert _at_hand(f(n), Facts((ForAll((i,), sp.Ge(f(i), 0)),))).relations
    for where in ((), (z > 0,)):
        facts = Facts((ForAll((z,), sp.Ge(Expectation(z * a, a), 0), where),))
        means = {h for h, _ in _at_hand(a + b, facts).relations}
        assert means == {Expectation(a * b, a)}


def test_a_failure_at_a_place_has_to_be_enclosed() -> None:
    follow = Integral(exp(-(t**4)) * Abs(sin(t)), (t, 0, oo))
    assert _failure_at(x, Rational(1, 2), False, (), {x: sp.Integer(1)}) is not None
    assert _failure_at(x, Rational(1, 2), False, (x <= 0,), {x: sp.Integer(1)}) is None
    assert _failure_at(x + follow, Rational(1, 2), False, (), {x: sp.Integer(1)}) is None


def test_a_number_that_is_not_enclosed_does_not_refute_what_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    apart = Counterexample({}, "1", "0", rigorous=False)
    monkeypatch.setattr(order, "attack", lambda *_, **__: Attack(points=3, admissible=3, counterexample=apart))
    decision = order.decide_order(sp.Integer(0), x**2, False)
    assert decision.verdict == OPEN
    assert decision.proof is not None


def test_what_is_not_decided_is_not_resolved() -> None:
    facts = Facts((x >= 1, y <= -1))
    for e, value in (
        (Abs(x), x), (Abs(y), -y), (Abs(z), Abs(z)), (Abs(w), Abs(w)), (sp.Max(x, y), x), (sp.Min(x, y), y),
        (sp.Max(x, z), sp.Max(x, z)), (sp.Min(x, z), sp.Min(x, z)), (1 + Abs(y) * sp.Max(x, y), 1 - x * y),
    ):  # fmt: skip
        assert sp.expand(_resolved(e, facts) - value) == 0


# -- certificates that a search proposes --------------------------------------------------------------------------------------

COMBINATIONS: dict[str, tuple[list[Any], Any, list[tuple[Any, bool]], list[Any], bool]] = {
    "a negative coefficient": ([(sp.Integer(-1), (0,), sp.Integer(1))], -x, [(x, False)], [], False),
    "a coefficient without a sign": ([(x, (), sp.Integer(1))], x, [], [], False),
    "a square of an imaginary number": ([(sp.Integer(1), (), sp.I * x)], -(x**2), [], [], False),
    "a square of a complex symbol": ([(sp.Integer(1), (), w)], w**2, [], [], False),
    "an identity that does not hold": ([(sp.Integer(1), (0,), sp.Integer(1))], x - 1, [(x, False)], [], False),
    "no strict gain from what may be zero": ([(sp.Integer(1), (0,), sp.Integer(1))], x, [(x, False)], [], True),
    "no strict gain from a square": ([(sp.Integer(1), (0,), y)], x * y**2, [(x, True)], [], True),
    "no strict gain from a product with what may be zero": (
        [(sp.Integer(1), (0, 1), sp.Integer(1))], x * y, [(x, True), (y, False)], [], True,
    ),
    "no strict gain from nothing": ([(sp.Integer(0), (0,), sp.Integer(1))], sp.Integer(0), [(x, True)], [], True),
    "no strict gain from an equation": ([(sp.Integer(1), 0, None)], x, [], [x], True),
}  # fmt: skip


@pytest.mark.parametrize("name", COMBINATIONS)
def test_a_combination_that_proves_nothing_is_turned_down(name: str) -> None:
    combination, p, hypotheses, equations, strict = COMBINATIONS[name]
    assert _expanded(combination, p, hypotheses, equations, strict) is None


def test_combinations_that_prove_are_accepted() -> None:
    one = sp.Integer(1)
    assert _expanded([(one, (0,), one), (2 * one, (), y)], x + 2 * y**2, [(x, False)], [], False)
    assert _expanded([(one, (0, 1), one), (one, (), y)], x * z + y**2, [(x, True), (z, True)], [], True)
    assert _expanded([(y, 0, None), (one, (), one)], y * x + 1, [], [x], True)


# -- curves -------------------------------------------------------------------------------------------------------------------


def directions(way: int) -> Callable[[str, Any, Any], Any]:
    """A search that proposes one piece, and a direction of growth."""
    return lambda kind, e, v: [[]] if kind == "critical" else [way]


def piece(e: Any, a: Any, b: Any, where: tuple[Any, ...], strict: bool, way: int) -> Proof | None:
    return curves._piece(e, x, a, b, Facts(where), strict, sign, directions(way))


CURVES: dict[str, Callable[[], Any]] = {
    "a denominator without a sign": lambda: curves.without_denominator(1 / x, Facts(()), False, sign),
    "a denominator that is negative": lambda: curves.without_denominator(1 / x, Facts((x < 0,)), False, sign),
    "logarithms of negative numbers": lambda: curves.exponentials_of_both(
        log(x) - log(y), Facts((x < 0, y < 0, x >= y)), False, sign
    ),
    "logarithms and what is not real": lambda: curves.exponentials_of_both(log(x) + w, Facts((x >= 1,)), False, sign),
    "logarithms in the wrong order": lambda: curves.exponentials_of_both(log(x) - log(y), Facts((x > 0, y > x)), False, sign),
    "equal logarithms": lambda: curves.exponentials_of_both(log(x), Facts((x >= 1,)), True, sign),
    "positive numbers whose logarithms are in the wrong order": lambda: curves.logarithms_of_both(
        exp(x) - exp(y), Facts((x <= y,)), False, sign
    ),
    "a smaller exponential than a sum of two": lambda: curves.logarithms_of_both(
        exp(x) - exp(y) - exp(z), Facts((x >= y, x >= z)), False, sign
    ),
    "an exponential above what has no sign": lambda: curves.logarithms_of_both(exp(x) - y, Facts((x >= y,)), False, sign),
    "concave, and zero at an end": lambda: curves.concave_between(
        sin(x), x, (sp.Integer(0), pi), Facts((x >= 0, x <= pi)), True, sign
    ),
    "concave, and negative at an end": lambda: curves.concave_between(
        sin(x) - Rational(1, 2), x, (sp.Integer(0), pi), Facts((x >= 0, x <= pi)), False, sign
    ),
    "concave on either side of a pole": lambda: curves.concave_between(
        2 - 1 / x**2, x, (sp.Integer(-1), sp.Integer(1)), Facts((x >= -1, x <= 1)), False, sign
    ),
    "convex between its ends": lambda: curves.concave_between(
        x**2 - 1, x, (sp.Integer(-1), sp.Integer(1)), Facts((x >= -1, x <= 1)), False, sign
    ),
    "growing on either side of a pole, in one piece": lambda: piece(-1 / x, sp.Integer(-1), sp.Integer(1), (), False, 1),
    "falling taken for growing": lambda: piece(-x, sp.Integer(0), sp.Integer(1), (x >= 0, x <= 1), False, 1),
    "growing taken for falling": lambda: piece(x - 1, sp.Integer(0), sp.Integer(1), (x >= 0, x <= 1), False, -1),
    "growing from zero, which is reached": lambda: piece(x, sp.Integer(0), sp.Integer(1), (x >= 0, x <= 1), True, 1),
    "falling to zero, which is reached": lambda: piece(1 - x, sp.Integer(0), sp.Integer(1), (x >= 0, x <= 1), True, -1),
    "zero from an end that is not reached": lambda: piece(ZERO, sp.Integer(0), sp.Integer(1), (x > 0, x <= 1), True, 1),
    "falling to a negative limit": lambda: piece(exp(-x) - 1, sp.Integer(0), oo, (x >= 0,), False, -1),
    "pieces with a jump between them": lambda: curves.piecewise_monotone(
        -1 / x, x, (sp.Integer(-1), sp.Integer(1)), Facts((x >= -1, x <= 1)), False, sign, directions(1)
    ),
}


@pytest.mark.parametrize("name", CURVES)
def test_a_rule_for_curves_refuses(name: str) -> None:
    assert CURVES[name]() is None


def test_the_value_at_the_end_of_a_piece_is_the_limit_from_inside() -> None:
    nowhere = Facts(())
    assert curves._value_at(1 / x, x, sp.Integer(0), 1, nowhere) is oo
    assert curves._value_at(1 / x, x, sp.Integer(0), -1, nowhere) is None
    assert curves._value_at(-1 / x, x, sp.Integer(0), 1, nowhere) is None
    assert curves._value_at(x**2 + 1, x, sp.Integer(2), -1, nowhere) == 5
    assert curves._value_at(exp(1 / x), x, sp.Integer(0), -1, nowhere) == 0


# -- sums, and products of sums -------------------------------------------------------------------------------------------------

SUMS = {
    "an element that need not be among the terms": (A[i] ** 2, Sum(A[k] ** 2, (k, 1, m)), ()),
    "an element below the range": (A[i] ** 2, Sum(A[k] ** 2, (k, 1, m)), (i <= m,)),
    "an element above the range": (A[i] ** 2, Sum(A[k] ** 2, (k, 1, m)), (i >= 1,)),
    "an element among terms of any sign": (A[i], Sum(A[k], (k, 1, m)), (i >= 1, i <= m)),
    "Cauchy and Schwarz for factors of any sign": (
        Integral(f(t) ** 2, (t, 0, a)) ** 2, Integral(f(t), (t, 0, a)) * Integral(f(t) ** 3, (t, 0, a)), (),
    ),
    "Cauchy and Schwarz for another product": (
        Sum(A[k] ** 3, (k, 1, m)) ** 2, Sum(A[k] ** 2, (k, 1, m)) * Sum(A[k] ** 6, (k, 1, m)), (),
    ),
    "Cauchy and Schwarz over another range": (Integral(f(t) ** 2, (t, 0, a)) ** 2, a * Integral(f(t) ** 4, (t, 0, a / 2)), ()),
    "Cauchy and Schwarz without the length of the range": (Integral(f(t), (t, 0, a)) ** 2, Integral(f(t) ** 2, (t, 0, a)), ()),
}  # fmt: skip


def from_what_is_known(e: Any, *where: Any) -> Proof | None:
    """Of a polynomial in sums and integrals, by what is known of these."""
    polynomial, within = prover()._polynomial(e, Facts(where))
    return prover()._by_signs(polynomial, within, False) or prover()._combination(polynomial, within, False, (1,))


def test_exponentials_are_ordered_as_their_exponents_are() -> None:
    """Those of half of x and of y are not ordered by x ≥ y."""
    assert from_what_is_known(exp(x) - exp(y), x >= y)
    assert from_what_is_known(exp(x / 2) - exp(y / 2), x >= y)
    for e in (exp(x / 2) - exp(y), exp(x) - exp(2 * y), exp(x) - exp(y / 3), exp(y) - exp(x), exp(x / 3) - exp(y / 2)):
        assert from_what_is_known(e, x >= y) is None, e


@pytest.mark.parametrize("name", SUMS)
def test_what_is_known_of_a_sum_is_no_more_than_that(name: str) -> None:
    lhs, rhs, where = SUMS[name]
    assert from_what_is_known(rhs - lhs, *where) is None


def test_what_is_known_of_a_sum_proves() -> None:
    assert from_what_is_known(Sum(A[k] ** 2, (k, 1, m)) - A[i] ** 2, i >= 1, i <= m)
    assert from_what_is_known(a * Integral(f(t) ** 2, (t, 0, a)) - Integral(f(t), (t, 0, a)) ** 2)
    assert from_what_is_known(Sum(A[k] ** 2, (k, 1, m)) * Sum(A[k] ** 4, (k, 1, m)) - Sum(A[k] ** 3, (k, 1, m)) ** 2)
