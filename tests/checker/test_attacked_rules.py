"""False statements that rules of order and induction proved until an attack found it: none is proved by the rules alone."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Eq, Integer, Integral, MatMul, Rational, exp, oo, symbols

from derivable import Convex, Density, Expectation, ForAll, Induction, SpaceIntegral, equal
from derivable.search import propose
from derivable.trusted.continuity import is_continuous
from derivable.trusted.curves import concave_between
from derivable.trusted.decision import Proof
from derivable.trusted.definedness import unsafe
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import NormalForm
from derivable.trusted.order import OrderProver
from derivable.trusted.rules import RuleFailed, proof_by

x, y, w, c = symbols("x y w c", real=True)
a, b = symbols("a b", positive=True)
n = symbols("n", integer=True, positive=True)
i = symbols("i", integer=True)
m = symbols("m", integer=True, nonnegative=True)
f = sp.Function("f", real=True)
HIDDEN = (x + y + 1) ** 2 - (y**2 + 2 * y + 1)  # x (x + 2 y + 2), written so that x = 0 does not show

FALSE: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "a pole between two integers": (-1 / (n - 5), ()),
    "a slice on which a factor cancels": (x * (x + 2 * y + 2) / HIDDEN * (2 * x * y - x**2 - y**2 - 1), ()),
    "a fall to a limit beyond another variable": (1 - 2 / (1 + (x - y) ** 2), (x <= y,)),
    "a fall below a bound that another variable moves": (Rational(1, 2) - 2 * a * b / (1 + a**2 * b**2), (a * b <= 1,)),
    "exponentials of other multiples": (exp(x / 2) - exp(y), (x >= y,)),
    "two roots that are close": (sp.expand((7 * x - 1) * (x - Rational(1, 7) - Rational(1, 10**60)) * (x**2 + 1)), ()),
    "a dip between two close roots": (sp.expand((x**2 - 2) ** 2 - Rational(1, 10**40)), ()),
}


def prove(e: Any, where: tuple[Any, ...]) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 3).proved(e, Facts(where), False)


@pytest.mark.parametrize("name", FALSE)
def test_a_false_order_is_not_proved_by_the_rules_alone(name: str) -> None:
    assert prove(*FALSE[name]) is None


def test_concavity_needs_a_continuous_derivative() -> None:
    """|x - 1|^(2/3) is concave on either side of its cusp, and not negative at both ends of [0, 2]."""
    cusp = (x**2 - 2 * x + 1) ** Rational(1, 3) - Rational(1, 2)

    def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
        return OrderProver(propose, time.monotonic() + 3).sign(e, facts, strict, 1)

    assert concave_between(cusp, x, (Integer(0), Integer(2)), Facts((x >= 0, x <= 2)), False, sign) is None
    smooth = x * (2 - x)
    assert concave_between(smooth, x, (Integer(0), Integer(2)), Facts((x >= 0, x <= 2)), False, sign)


def test_a_positive_function_has_a_positive_integral_over_a_range_that_is_not_empty() -> None:
    assert Facts(()).signs(Integral(exp(-x), (x, 0, oo))) == {1}
    assert Facts((w > 0,)).signs(Integral(exp(-x), (x, 0, w))) == {1}
    assert 0 in Facts((w >= 0,)).signs(Integral(exp(-x), (x, 0, w)))  # type: ignore[operator]
    assert 0 in Facts(()).signs(Integral(exp(-x), (x, oo, oo)))  # type: ignore[operator]


def test_an_infinite_product_of_positive_factors_may_be_zero() -> None:
    assert 0 in Facts(()).signs(sp.Product(a / (a + i**2), (i, 1, oo)))  # type: ignore[operator]


def test_an_induction_starts_where_the_statement_is_defined() -> None:
    """At i = 2 the right side is 0/0, which SymPy's substitution makes 0."""
    below = (w + 1) ** 2 - (w**2 + 2 * w + 1) + i - 2
    where = (Eq(f(2), 0), ForAll((m,), Eq(f(m + 1), f(m))), i >= 2)
    with pytest.raises(RuleFailed, match="defined"):
        proof_by(Induction(i, 2), f(i), c * (i - 2) / below)(Facts(where))


def test_cases_before_are_used_at_the_values_that_the_hypotheses_admit() -> None:
    """f(k + 1, j) = f(k, j + 1) and f(0, j) = 0 for j ≥ 3 say nothing of f(1, 1)."""
    g = sp.Function("g", real=True)
    k, j = symbols("k j", integer=True, nonnegative=True)
    shifted = ForAll((k, j), Eq(g(k + 1, j), g(k, j + 1)))
    zero = ForAll((j,), Eq(g(0, j), 0), (j >= 3,))
    assert proof_by(Induction(k, 0, forall=(j,)), g(k, j), Integer(0))(Facts((shifted, ForAll((j,), Eq(g(0, j), 0)))))
    assert proof_by(Induction(k, 0, forall=(j,)), g(k, j), Integer(0))(Facts((shifted, zero, j >= 3)))
    with pytest.raises(RuleFailed):
        proof_by(Induction(k, 0, forall=(j,)), g(k, j), Integer(0))(Facts((shifted, zero)))
    with pytest.raises(RuleFailed):  # the case before is needed at j + 1, which is no 4
        proof_by(Induction(k, 0, forall=(j,)), g(k, j), Integer(0))(Facts((shifted, zero, j >= 3, j <= 4)))


def test_each_sum_is_defined_on_its_own_range_alone() -> None:
    """The terms 1/(n - i) have a pole for n ≤ 9, whatever the range of another sum says of an index of that name."""
    v = sp.IndexedBase("v", real=True)
    poles = sp.Sum(1 / (n - i), (i, 1, 9))
    assert unsafe(poles, n, Facts(()))
    assert unsafe(poles + sp.Sum(v[i], (i, n + 1, n + 2)), n, Facts(()))
    assert not unsafe(sp.Sum(1 / (n + i), (i, 1, 9)), n, Facts(()))
    assert not unsafe(sp.Sum(1 / (n - i), (i, n + 1, n + 2)), n, Facts(()))


def test_a_product_that_is_not_square_has_no_factor_by_factor_inverse() -> None:
    p, q = symbols("p q", integer=True, positive=True)
    A, B = sp.MatrixSymbol("A", p, q), sp.MatrixSymbol("B", q, p)
    projection = MatMul(B, sp.Inverse(A * B), A)
    assert equal(projection, sp.Identity(q), where=[Eq((q - p) * (q - p - 5), 0)]).verdict != "proved"
    S, T = sp.MatrixSymbol("S", p, p), sp.MatrixSymbol("T", p, p)
    assert equal(sp.Inverse(S * T), sp.Inverse(T) * sp.Inverse(S)).verdict == "proved"


def test_a_factor_that_vanishes_at_an_end_of_the_range_leaves_no_strict_sign() -> None:
    """x log(1 + x + a) + x is x times something positive, and 0 at x = 0."""
    e = x * sp.log(1 + x + a) + x * a * y**2 + x
    assert OrderProver(propose, time.monotonic() + 3).proved(e, Facts((x > 0,)), True)
    assert OrderProver(propose, time.monotonic() + 3).proved(e, Facts((x >= 0,)), False)
    assert OrderProver(propose, time.monotonic() + 3).proved(e, Facts((x >= 0,)), True) is None
    flat = x**2 * sp.atan(x) + x**2 * a
    assert OrderProver(propose, time.monotonic() + 3).proved(flat, Facts((x >= 0,)), True) is None


@pytest.mark.parametrize(
    ("e", "defined"),
    [
        (sp.coth(m - 3), False),
        (sp.coth(n), True),
        (sp.atanh(1 / n), False),
        (sp.atanh(1 / (n + 1)), True),
        (sp.Sum(1 / (i - 5), (i, n, 2 * n)), False),  # from 6 on and up to 2, but not between
        (sp.Sum(1 / (i - 5), (i, 7, n)), False),
        (sp.Sum(1 / (i + 5), (i, 7, n)), True),
        (sp.Sum(1 / i ** (m + 1), (i, 1, oo)), False),
        (sp.Sum(1 / (i + m) ** 2, (i, 1, oo)), True),
        (Integral(exp(-((m - 3) ** 2) * x), (x, 0, oo)), False),
        (Integral(exp(-n * x), (x, 0, oo)), True),
        (Integral(1 / (m + x), (x, 0, 1)), False),
        (sp.Ei(m), False),
        (sp.Mod(7, m), False),
        (sp.Sum(1 / i, (i, m - 3, 5)), False),
        (sp.Sum(f(i), (i, m, oo)), True),
        (Integral(x / (m - 3), (x, 0, 1)), False),
        (sp.polygamma(0, n), True),
        (sp.zeta(m), False),
        (sp.zeta(m + 2), True),
        (sp.legendre(m, Rational(1, 3)), True),
        (sp.Subs(1 / x, x, m), False),
        (sp.Subs(1 / x, x, n), True),
        (sp.Subs(sp.Derivative(f(x), x), x, m), True),
    ],
)
def test_where_functions_sums_and_integrals_are_defined(e: Any, defined: bool) -> None:
    (symbol,) = e.free_symbols
    assert unsafe(e, symbol, Facts(())) is not defined


def test_an_induction_does_not_pass_by_a_pole_of_a_function() -> None:
    """At m = 3 neither the statement nor the hypothesis about f(4) is defined."""
    where = (Eq(f(0), 0), ForAll((m,), Eq(f(m + 1), f(m) * sp.coth(m - 3) / sp.coth(m - 2))))
    with pytest.raises(RuleFailed, match="defined"):
        proof_by(Induction(m, 0), f(m) * sp.coth(m - 3), Integer(0))(Facts(where))


def test_a_hypothesis_says_nothing_where_it_is_undefined() -> None:
    """f(m + 1) = f(m) (m - 5)/(m - 5) is no hypothesis about f(6), nor f(m) = g(m) + m [1/x at x = m] about f(0)."""
    hidden = (m - 4) ** 2 - (m**2 - 9 * m + 21)
    rule = ForAll((m,), Eq(f(m + 1), f(m) * (m - 5) / hidden))
    assert Prover(propose, time.monotonic() + 3).zero(f(m + 1) - f(m), Facts((rule,))) is None
    assert Prover(propose, time.monotonic() + 3).zero(f(m + 1) - f(m), Facts((rule, m >= 6)))
    g = sp.Function("g", real=True)
    taken = ForAll((m,), Eq(f(m), g(m) + m * sp.Subs(1 / x, x, m)))
    assert Prover(propose, time.monotonic() + 3).zero(f(0) - g(0), Facts((taken,))) is None
    assert Prover(propose, time.monotonic() + 3).zero(f(2) - g(2) - 1, Facts((taken,)))
    assert prove(f(m) - f(m + 1), (rule,)) is None
    with pytest.raises(RuleFailed):
        proof_by(Induction(m, 0), f(m), Integer(0))(Facts((Eq(f(0), 0), rule)))
    bound = ForAll((x,), sp.Le(sp.Function("g", real=True)(x), (x - 5) / ((x - 4) ** 2 - (x**2 - 9 * x + 21))))
    assert prove(1 - sp.Function("g", real=True)(x), (bound,)) is None


def test_a_sum_without_a_first_term_is_not_continuous_for_its_terms() -> None:
    """Of x² (1 + x²)^k over k ≤ 0 the sum is 1 + x², but 0 at x = 0."""
    terms = x**2 * (1 + x**2) ** i
    assert not is_continuous(sp.Sum(terms, (i, -oo, 0)), x, Facts(()))
    assert is_continuous(sp.Sum(terms, (i, -5, 0)), x, Facts(()))


def test_a_hypothesis_may_be_undefined_at_the_ends_of_an_integral_over_its_variable() -> None:
    """g(t) = (t + 1)²/(t + 1) for all t says nothing of g(-1), nor need it between -1 and 1."""
    g, t = sp.Function("g", real=True), sp.Symbol("t", real=True)
    rule = ForAll((t,), Eq(g(t), (t + 1) ** 2 / ((t + 2) ** 2 - (t**2 + 3 * t + 3))))
    prover = Prover(propose, time.monotonic() + 10)
    assert prover.zero(Integral(g(x), (x, -1, 1)) - 2, Facts((rule,)))
    assert prover.zero(g(x) - x - 1, Facts((rule,))) is None
    assert prover.zero(g(x) - x - 1, Facts((rule, x > -1)))


def test_a_fall_to_a_limit_goes_on_as_far_as_the_limit() -> None:
    """-a b exp(-a b) falls while a b ≤ 1 and tends to 0 from below."""
    prover = OrderProver(propose, time.monotonic() + 10)
    assert prover._falls_to_limit(-a * b * exp(-a * b), b, Facts((a * b <= 1,)), 0) is None
    assert prover._falls_to_limit(exp(-a * b), b, Facts((b >= 1,)), 0)


def test_hypotheses_for_all_values_go_along_with_a_translation_and_a_substitution() -> None:
    prover, told = OrderProver(propose, time.monotonic() + 10), ForAll((w,), sp.Ge(f(w), 0))
    assert prover._translated(exp(x) - exp(y), Facts((x >= y, told)), False, 0)
    assert prover._solved(a + b - 2, Facts((Eq(a * b, 1), told)), False, 0)
    assert prover._solved(a + b - 2 - f(0) * 0 + f(1), Facts((Eq(a * b, 1), ForAll((w,), sp.Ge(f(w), a)))), False, 0) is None


X = sp.IndexedBase("X", shape=(n,), real=True)
WEIGHT = exp(-(X[1] ** 2))


def equation(e: Any, *where: Any) -> Proof | None:
    return Prover(propose, time.monotonic() + 5).zero(e, Facts(where))


@pytest.mark.parametrize("relation", [Eq, sp.Ge])
def test_what_is_known_of_a_point_is_not_known_of_the_one_that_an_integral_runs_over(relation: Any) -> None:
    """Of f below X_1 for one X: nothing of the integral over all X, whether X stands in the statement or in its condition."""

    def shown(*where: Any) -> Proof | None:
        over_space = SpaceIntegral(f(X[1]) * WEIGHT, X)
        return equation(over_space, *where) if relation is Eq else prove(over_space, where)

    assert shown(ForAll((w,), relation(f(w), 0)))
    assert shown(ForAll((w,), relation(f(w), 0), (w <= X[1],))) is None
    assert shown(ForAll((w,), relation(f(w), 0), (w <= x,))) is None
    assert shown(relation(f(X[1]), 0)) is None


def test_a_parameter_of_a_density_is_no_variable_that_the_statement_binds() -> None:
    waiting = Density(x, exp(-x / a) / a, 0, oo)
    assert equation(Expectation(x, x) - a, waiting)
    assert equation(Integral(Expectation(x, x), (a, 0, 1)) - a, waiting)
    assert equation(Integral(Expectation(x, x), (a, 0, 1)) - Rational(1, 2), waiting) is None
    around = Density(x, exp(-((x - X[1]) ** 2)) / sp.sqrt(sp.pi))
    assert equation(Expectation(x, x) - X[1], around)
    assert equation(SpaceIntegral((Expectation(x, x) - X[1]) * WEIGHT, X), around) is None
    assert equation(SpaceIntegral(Expectation(x, x) * WEIGHT, X) - SpaceIntegral(X[1] * WEIGHT, X), around) is None


def test_a_binomial_coefficient_at_common_poles_is_left_as_it_is() -> None:
    """It is no quotient of gamma functions there, and was divided by Γ(k + 1) all the same: a tangent had a wrong slope."""
    choose = sp.binomial(i, m)
    assert NormalForm(Facts(())).canonical(choose) == choose
    curve = 10 * x**2 + choose * x

    def below(slope: Any) -> Proof | None:
        tangent = curve + (20 * x + slope) * (y - x)
        return proof_by(Convex(curve, x, x, y), tangent, curve.subs(x, y), "<=")(Facts(()))

    assert below(choose)
    with pytest.raises(RuleFailed):
        below(choose / sp.gamma(m + 1))
