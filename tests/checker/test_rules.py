"""The rules that an author names: each accepts what its theorem gives and refuses everything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    Integer,
    Integral,
    KroneckerDelta,
    Le,
    Rational,
    Sum,
    atan,
    cos,
    exp,
    legendre,
    log,
    oo,
    pi,
    sign,
    sin,
    sqrt,
    symbols,
)

from derivable import ByParts, ChangeOfVariable, Divergence, ForAll, Induction, Partial, SpaceIntegral
from derivable.decide import decide
from derivable.search import propose
from derivable.trusted.errors import NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.rules import RuleFailed, proof_by, smooth

x, y, t, c = symbols("x y t c", real=True)
p, q = symbols("p q", positive=True)
i, j, k, a = symbols("i j k a", integer=True)
d = symbols("d", integer=True, positive=True)
n = symbols("n", integer=True, positive=True)
N = symbols("N", integer=True, nonnegative=True)
u, v, f = (sp.Function(name, real=True) for name in ("u", "v", "f"))
X = sp.IndexedBase("x", shape=(d,), real=True)
F = sp.Function("p", real=True)
phi = sp.Function("phi", real=True)


def holds(rule: Any, lhs: Any, rhs: Any, *where: Any) -> Any:
    return proof_by(rule, sp.sympify(lhs), sp.sympify(rhs))(Facts(where))


def refuses(rule: Any, lhs: Any, rhs: Any, *where: Any) -> str:
    with pytest.raises((RuleFailed, NoNormalForm)) as caught:
        holds(rule, lhs, rhs, *where)
    return str(caught.value)


# -- integration by parts ----------------------------------------------------------------------------------------------

LEFT = Integral(Derivative(u(x), x) * v(x), (x, 0, 1))
RIGHT = u(1) * v(1) - u(0) * v(0) - Integral(u(x) * Derivative(v(x), x), (x, 0, 1))


def test_parts_of_undefined_functions() -> None:
    proof = holds(ByParts(u(x) * v(x), x, 0, 1), LEFT, RIGHT)
    assert proof.rules[0][0] == "integration by parts"
    assert "u(x)*v(x)" in str(proof)


def test_parts_either_way_round() -> None:
    assert holds(ByParts(u(x) * v(x), x, 0, 1), RIGHT, LEFT)


def test_parts_with_symbolic_degree() -> None:
    field = u(x) * legendre(N, x)
    lhs = Integral(Derivative(u(x), x) * legendre(N, x), (x, -1, 1))
    rhs = u(1) - (-1) ** N * u(-1) - Integral(u(x) * Derivative(legendre(N, x), x), (x, -1, 1))
    assert decide("=", lhs, rhs, (), 10.0, proof=proof_by(ByParts(field, x, -1, 1), lhs, rhs)).verdict != "refuted"


@pytest.mark.parametrize("field", [u(x), u(x) ** 2, 2 * u(x) * v(x), u(x) * Derivative(v(x), x)], ids=str)
def test_a_wrong_field_is_refused(field: Any) -> None:
    assert "do not differ by" in refuses(ByParts(field, x, 0, 1), LEFT, RIGHT)


def test_a_wrong_range_is_refused() -> None:
    refuses(ByParts(u(x) * v(x), x, 0, 2), LEFT, RIGHT)


def test_a_wrong_sign_is_refused() -> None:
    refuses(ByParts(u(x) * v(x), x, 0, 1), LEFT, RIGHT + 2 * Integral(u(x) * Derivative(v(x), x), (x, 0, 1)))


@pytest.mark.parametrize(
    "field",
    [
        1 / x,
        sign(x),
        Abs(x) / x,
        atan(1 / x),
        log(x),
        sqrt(x),
        u(1 / x),
        u(sign(x)),
        v(x) / x,
        sp.tan(2 * x),
        sp.floor(x),
        x ** Rational(1, 3),
    ],
    ids=str,
)
def test_a_field_that_is_not_smooth_on_the_range_is_refused(field: Any) -> None:
    """∫ F' = [F] fails for each of these across -1 … 1, or F' is no ordinary function there."""
    lhs = Integral(Derivative(field, x), (x, -1, 1))
    rhs = field.subs(x, 1) - field.subs(x, -1)
    assert "continuous" in refuses(ByParts(field, x, -1, 1), lhs, rhs)


def test_a_field_is_smooth_where_the_range_avoids_its_pole() -> None:
    assert holds(ByParts(1 / x, x, 1, 2), Integral(-1 / x**2, (x, 1, 2)), Rational(-1, 2))
    assert holds(ByParts(log(x), x, p, p + q), Integral(1 / x, (x, p, p + q)), log(p + q) - log(p))


def test_a_range_that_may_run_backwards_through_the_pole_is_refused() -> None:
    refuses(ByParts(atan(1 / x), x, p, c), Integral(Derivative(atan(1 / x), x), (x, p, c)), atan(1 / c) - atan(1 / p))


def test_smoothness_asks_the_arguments_of_undefined_functions() -> None:
    assert smooth(u(x**2), x, Facts(()))
    assert not smooth(u(1 / x), x, Facts(()))
    assert not smooth(u(sign(x)), x, Facts(()))


# -- the divergence theorem --------------------------------------------------------------------------------------------


def test_divergence_of_a_field() -> None:
    field = F(t, X) * phi(X)
    lhs = SpaceIntegral(Sum(phi(X) * Partial(F(t, X), X, i), (i, 1, d)), X)
    rhs = -SpaceIntegral(Sum(F(t, X) * Partial(phi(X), X, i), (i, 1, d)), X)
    assert holds(Divergence(field, X, i), lhs, rhs)


def test_divergence_with_a_wrong_sign_or_field_is_refused() -> None:
    lhs = SpaceIntegral(Sum(phi(X) * Partial(F(t, X), X, i), (i, 1, d)), X)
    rhs = SpaceIntegral(Sum(F(t, X) * Partial(phi(X), X, i), (i, 1, d)), X)
    refuses(Divergence(F(t, X) * phi(X), X, i), lhs, rhs)
    refuses(Divergence(F(t, X), X, i), lhs, -rhs)
    refuses(Divergence(F(t, X) * phi(X) ** 2, X, i), lhs, -rhs)


def test_divergence_does_not_move_one_component_for_all() -> None:
    lhs = SpaceIntegral(phi(X) * Partial(F(t, X), X, 1), X)
    rhs = -SpaceIntegral(F(t, X) * Partial(phi(X), X, 1), X)
    refuses(Divergence(F(t, X) * phi(X), X, i), lhs, rhs)


# -- change of variable ------------------------------------------------------------------------------------------------


def test_an_affine_map() -> None:
    rule = ChangeOfVariable(u(x), x, 2 * t + 1, t, 0, 1)
    assert holds(rule, Integral(u(x), (x, 1, 3)), 2 * Integral(u(2 * t + 1), (t, 0, 1)))


def test_a_lost_jacobian_is_refused() -> None:
    refuses(ChangeOfVariable(u(x), x, 2 * t + 1, t, 0, 1), Integral(u(x), (x, 1, 3)), Integral(u(2 * t + 1), (t, 0, 1)))


def test_ends_that_do_not_correspond_are_refused() -> None:
    refuses(ChangeOfVariable(u(x), x, 2 * t + 1, t, 0, 1), Integral(u(x), (x, 0, 3)), 2 * Integral(u(2 * t + 1), (t, 0, 1)))


@pytest.mark.parametrize("image", [1 / t, sp.tan(3 * t), sign(t), Abs(t) / t, log(t)], ids=str)
def test_a_map_that_jumps_is_refused(image: Any) -> None:
    new = exp(-(image**2)) * Derivative(image, t)
    lhs = Integral(exp(-(x**2)), (x, image.subs(t, -1), image.subs(t, 1)))
    refuses(ChangeOfVariable(exp(-(x**2)), x, image, t, -1, 1), lhs, Integral(new, (t, -1, 1)))


def test_an_integrand_with_a_pole_on_the_way_is_refused() -> None:
    refuses(ChangeOfVariable(1 / x, x, t**2 - 1, t, -2, 2), Integral(1 / x, (x, 3, 3)), Integral(2 * t / (t**2 - 1), (t, -2, 2)))


def test_a_range_that_may_run_backwards_through_a_pole_of_the_map_is_refused() -> None:
    rule = ChangeOfVariable(exp(-x), x, 1 / t, t, p, c)
    refuses(rule, Integral(exp(-x), (x, 1 / p, 1 / c)), Integral(-exp(-1 / t) / t**2, (t, p, c)))


# -- induction ---------------------------------------------------------------------------------------------------------

GROWTH = ForAll((k,), Eq(f(k + 1), 2 * f(k)), (k >= 0,))
AT_0 = Eq(f(0), 1, evaluate=False)


def test_a_recurrence() -> None:
    proof = holds(Induction(N, 0), f(N), 2**N, GROWTH, AT_0)
    assert [name for name, _ in proof.rules] == ["induction on N", "base", "step"]


def test_a_sum() -> None:
    assert holds(Induction(N, 0), Sum(k * 2**k, (k, 0, N)), (N - 1) * 2 ** (N + 1) + 2)


def test_two_cases_at_once() -> None:
    law = ForAll((k,), Eq(f(k + 2), f(k + 1) + 2 * f(k)), (k >= 0,))
    holds(Induction(N, 0, 2), f(N), 2**N, law, AT_0, Eq(f(1), 2, evaluate=False))


def test_an_inequality() -> None:
    proof = prove(Induction(N, 0), f(N), Integer(2), "<", ForAll((N,), Eq(f(N + 1), 1 + f(N) / 2)), Eq(f(0), 0, evaluate=False))
    assert [name for name, _ in proof.rules][:2] == ["induction on N", "base"]
    assert prove(Induction(N, 0), 1 + N * x, (1 + x) ** N, "<=", x >= -1)
    assert prove(Induction(N, 0, 2), f(N), 2**N, "<=", ForAll((N,), Eq(f(N + 2), f(N + 1) + f(N))), AT_0, Eq(f(1), 1))


def test_an_inequality_whose_cases_before_hold_at_other_values_too() -> None:
    g = Function("g", real=True)
    step = ForAll((N, a), Eq(g(N + 1, a), g(N, a) + g(N, a + 1)))
    base = ForAll((a,), Le(g(0, a), 1))
    assert prove(Induction(N, 0, forall=(a,)), g(N, a), 2**N, "<=", step, base)
    with pytest.raises(RuleFailed):
        prove(Induction(N, 0), g(N, a), 2**N, "<=", step, base)


def prove(rule: Any, left: Any, right: Any, relation: str, *where: Any) -> Any:
    """The proof of an inequality by a rule, with the search for combinations of hypotheses."""
    return proof_by(rule, left, right, relation, propose)(Facts(where))


def test_a_false_base_is_refused_and_named() -> None:
    assert "base case N = 0" in refuses(Induction(N, 0), f(N), 3 * 2**N, GROWTH, AT_0)


def test_a_false_step_is_refused_and_named() -> None:
    assert "N + 1" in refuses(Induction(N, 0), f(N), 1 + N, GROWTH, AT_0)


def test_a_start_above_the_least_admissible_number_is_refused() -> None:
    law = ForAll((k,), Eq(f(k + 1), 2 * f(k)), (k >= 5,))
    refuses(Induction(N, 5), f(N), 2**N, law, Eq(f(5), 32, evaluate=False))
    assert holds(Induction(N, 5), f(N), 2**N, law, Eq(f(5), 32, evaluate=False), N >= 5)


def test_an_integer_without_a_bound_is_refused() -> None:
    refuses(Induction(a, 0), f(a), 2**a, GROWTH, AT_0)


def test_hypotheses_on_the_variable_are_refused() -> None:
    refuses(Induction(N, 0), f(N), 2**N, GROWTH, AT_0, N <= 7)
    refuses(Induction(N, 0), N * (N - f(1) - 1), Integer(0), ForAll((k,), Eq(f(k), N)))


def test_a_step_that_holds_from_a_later_number_only_is_refused() -> None:
    law = ForAll((k,), Eq(f(k + 1), 2 * f(k)), (k >= 3,))
    refuses(Induction(N, 0), f(N), 2**N, law, AT_0)


# -- through the decision ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "lhs", "rhs"),
    [
        (ByParts(sin(x), x, 0, pi), Integral(cos(x), (x, 0, pi)), Integer(1)),
        (Induction(N, 0), Sum(k, (k, 0, N)), N**2),
        (ChangeOfVariable(x, x, 2 * t, t, 0, 1), Integral(x, (x, 0, 2)), Integral(2 * t, (t, 0, 1))),
    ],
    ids=["parts", "induction", "substitution"],
)
def test_a_false_step_is_refuted_before_its_rule_is_asked(rule: Any, lhs: Any, rhs: Any) -> None:
    def never(facts: Facts) -> Any:
        raise AssertionError("the rule was asked")

    proof: Callable[[Facts], Any] = never
    assert decide("=", lhs, rhs, (), 5.0, proof=proof).verdict == "refuted"
    with pytest.raises((RuleFailed, NoNormalForm)):
        proof_by(rule, lhs, rhs)(Facts(()))


def test_kronecker_and_infinite_ranges_stay_outside() -> None:
    refuses(ByParts(exp(-x), x, 0, oo), Integral(exp(-x), (x, 0, oo)), 2)
    assert "delta" not in refuses(ByParts(u(x) * KroneckerDelta(i, j), x, 0, 1), LEFT, RIGHT)
