"""The refusals of rules of order: each statement here is false, and a rule would prove it without one of its conditions.

The rules are called by themselves, with an honest prover for what they ask, or one that believes all where what they ask is true.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Abs, Eq, Function, Ne, Product, Rational, Sum, exp, harmonic, log, oo, sin, sqrt, symbols

from derivable.search import propose
from derivable.trusted.bernoulli import by_bernoulli
from derivable.trusted.charts import Root, _Charts
from derivable.trusted.critical_points import _root, by_critical_point
from derivable.trusted.curves import without_denominator
from derivable.trusted.decision import Proof
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts
from derivable.trusted.growing_ranges import by_polygamma, infinite_series, logarithm_of_product, products_by_gamma
from derivable.trusted.holder import _is_sum_of_nonnegative
from derivable.trusted.jensen import _below_tangent, _kind
from derivable.trusted.known_bounds import by_greatest_values, by_known_bounds
from derivable.trusted.mean_value import by_mean_value
from derivable.trusted.norms import multiplied_by_norms
from derivable.trusted.order import OrderProver, _edges, _root_of_square
from derivable.trusted.orderings import by_orders
from derivable.trusted.piecewise_linear import piecewise_linear
from derivable.trusted.power_means import by_power_means
from derivable.trusted.ranges import over_unit_steps, reflected_sums, split_at_signs, symmetrised, transposed_sums
from derivable.trusted.real_and_imaginary import by_real_and_imaginary
from derivable.trusted.signs_of_variables import by_worst_sign
from derivable.trusted.stepping import _meromorphic, by_last_term
from derivable.trusted.stepwise import by_steps_in_range
from derivable.trusted.three_cosines import by_three_cosines
from derivable.trusted.triangle import by_triangle
from derivable.trusted.unit_steps import by_unit_steps
from derivable.trusted.valleys import by_tangents_of_valley
from derivable.trusted.weighted_means import by_means_of_factors, by_weighted_means

x, y, r, t = symbols("x y r t", real=True)
a, b, p = symbols("a b p", positive=True)
m, n = symbols("m n", integer=True, nonnegative=True)
j, k = symbols("j k", integer=True)
u, v, z = symbols("u v z")


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 5).sign(e, facts, strict, 2)


def agreed(e: Any, facts: Facts, strict: bool) -> Proof:
    """Say yes to whatever is asked, so that the rule's own conditions are all that can refuse."""
    return Proof((("asked", str(e)),))


def test_a_value_that_is_not_real_has_no_sign() -> None:
    asked: list[Any] = []

    def note(e: Any, facts: Facts, strict: bool) -> Proof | None:
        asked.append(e)
        return None

    assert by_real_and_imaginary(Abs(z) + z, Facts(()), False, agreed) is None
    assert by_real_and_imaginary(Abs(z) + z + sp.conjugate(z), Facts(()), False, note) is None
    assert asked  # of a real value the parts are asked


def test_a_norm_of_two_components_is_not_bounded_by_one_of_them() -> None:
    # |sin x| ≤ |x| is true of one component
    norm = sqrt(sin(x) ** 2 + sin(y) ** 2)
    assert by_triangle(Abs(x) - norm, Facts(()), False, sign) is None
    assert by_triangle(Abs(y) - norm, Facts(()), False, sign) is None


def test_steps_do_not_go_beyond_a_hypothesis() -> None:
    # it falls where a ≤ 2, and has the limit oo, but is -5 at 1
    e = harmonic(a) + a**2 - 12 * a + 5
    assert e.subs(a, 1) < 0
    assert by_unit_steps(e, Facts((a <= 2,)), False, sign) is None


def test_moduli_of_complex_numbers_are_not_linear_pieces() -> None:
    # equal to 0 for real z by max(|z + 1|, |z - 1|) = |z| + 1; at i it is 2 √2 - 4
    def e(z: Any) -> Any:
        return Abs(z + 1) + Abs(z - 1) + Abs(Abs(z + 1) - Abs(z - 1)) - 2 * Abs(z) - 2

    assert piecewise_linear(e(z), Facts(()), False) is None
    assert piecewise_linear(e(x), Facts(()), False) is not None


def test_pieces_are_linear_with_rational_coefficients() -> None:
    # without the square, or the product, it is a modulus
    assert piecewise_linear(Abs(x) - x**2, Facts(()), False) is None
    assert piecewise_linear(Abs(x) + x * y, Facts(()), False) is None
    assert piecewise_linear(Abs(x + y**2) + Abs(x) - y, Facts(()), False) is None
    assert piecewise_linear(Abs(x) - sqrt(2) * x, Facts(()), False) is None


@pytest.mark.parametrize("e", [sp.Integer(1), x + 1])
def test_linear_functions_have_no_pieces(e: Any) -> None:
    assert piecewise_linear(e - 3, Facts(()), False) is None


@pytest.mark.parametrize(
    "g",
    [
        r**2 + r - 1,
        t * r - a,
        (r + 1) ** p - 2,
        r**p + a,
        log(r**2 + r) - 1,
        exp(x * r) - 2,
        r * exp(r) - 1,
        exp(r) + log(r),
        exp(r) + exp(2 * r) - 1,
    ],
)
def test_a_root_is_that_of_one_function_and_linear_in_it(g: Any) -> None:
    assert _root(g, r, Facts((r > 0,))) is None


def test_a_critical_point_is_a_root_of_the_derivative() -> None:
    # the derivative r² + r - 1 is not linear; at r = 1 the value is 1/100, at 3/5 it is about -1/4
    e = r**3 / 3 + r**2 / 2 - r + Rational(1, 6) + Rational(1, 100)
    assert e.subs(r, Rational(3, 5)) < 0 < e.subs(r, 1)
    assert by_critical_point(e, r, (sp.Integer(0), oo), Facts((r > 0,)), False, agreed) is None


def test_roots_are_not_meromorphic() -> None:
    facts = Facts(())
    assert not _meromorphic(sqrt(x), x, facts)
    assert not _meromorphic((1 + x**2) ** a, x, facts)
    assert not _meromorphic(Abs(x) ** 3, x, facts)
    assert not _meromorphic(Sum(x**k, (k, 0, oo)), x, facts)
    assert not _meromorphic(Sum(x**k, (j, 0, k), (k, 0, n)), x, facts)
    assert _meromorphic(Sum(x**k, (k, 0, n)), x, facts)
    assert _meromorphic(x**-2, x, facts)


@pytest.mark.parametrize("body", [k**2 + k + 1, 1 / (k**2 + 1), k * (k**2 + 2), exp(k), sqrt(k), k + sqrt(k)])
def test_products_of_other_than_linear_factors_are_no_quotients_of_gamma_functions(body: Any) -> None:
    e = Product(body, (k, 1, n))
    assert products_by_gamma(e, n, Facts(())) == e


@pytest.mark.parametrize("body", [log(k**2 + k), log(k**2 + 1), log(sqrt(k) + 1), exp(k), log(k) ** 2])
def test_sums_of_logarithms_are_of_lines(body: Any) -> None:
    e = Sum(body, (k, 1, n))
    assert by_polygamma(e, n, Facts(())) == e


def test_a_root_stays_enclosed_where_a_sign_is_not_seen() -> None:
    # the first middle is 1/2, where the function has no value
    f = (x - Rational(3, 4)) * sin(x - Rational(1, 2)) / (x - Rational(1, 2))
    root = _Charts(x, time.monotonic() + 5)._isolated(f, sp.Integer(0), sp.Integer(1), -1)
    assert root is None or root.low <= Rational(3, 4) <= root.high


def test_a_cusp_is_not_convex() -> None:
    # the second derivative is positive on both sides of 5, where the slope falls from oo to -oo
    e = 3 + (x - 6) ** 2 - 5 * ((x - 5) ** 2) ** Rational(1, 3)
    ends = (sp.Integer(4), Rational(29, 5))
    assert e.subs(x, Rational(29, 5)).is_negative
    assert by_tangents_of_valley(e, x, ends, Facts((x >= 4, x <= Rational(29, 5))), False, agreed) is None


def test_orders_are_of_polynomials() -> None:
    assert by_orders(sqrt(a) - a, Facts((Eq(a * b, 1),)), False, time.monotonic() + 1) is None
    assert by_orders(a + b - 2, Facts((Eq(sqrt(a), b),)), False, time.monotonic() + 1) is None
    assert by_orders(sp.Integer(-1), Facts(()), False, time.monotonic() + 1) is None
    assert by_orders(a + b - 2, Facts((Eq(a * b, 1),)), False, time.monotonic() + 1) is not None


@pytest.mark.parametrize(
    ("e", "where"),
    [
        (-1 / x, (x >= -1, Ne(x, 0))),  # it grows on both sides of its pole, from 1 at -1
        (n**3 / 3 - n**2 / 2, ()),  # the derivative n (n - 1) is not negative at integers, but between 0 and 1
        (exp(z) + exp(-z) - 2, ()),  # -4 at πi
        (-1 / x, (x >= -1,)),
        (sp.tan(x), (x >= 0,)),
    ],
)
def test_what_grows_does_so_along_an_interval_of_the_line(e: Any, where: tuple[Any, ...]) -> None:
    assert OrderProver(propose, time.monotonic() + 5)._monotone(e, Facts(where), False, 1) is None


def test_a_square_is_completed_in_a_polynomial_of_the_second_degree() -> None:
    prover = OrderProver(propose, time.monotonic() + 5)
    # with x³ left out both are squares
    assert prover._completed_square(sp.expand(x**3 + (y**2 + 1) * x**2 + 1), Facts(()), False, 1) is None
    # y may be negative
    assert prover._completed_square(y * x**2 + y, Facts(()), False, 1) is None
    # z² may be negative
    assert prover._completed_square(sp.expand((y**2 + 1) * z**2 + 1), Facts(()), False, 1) is None
    assert prover._completed_square(sp.expand((y**2 + 1) * x**2 + 1), Facts(()), False, 1) is not None


def test_what_is_not_equal_is_not_on_one_side() -> None:
    assert _edges(x, Facts((Ne(x, y),))) == []
    assert _edges(x, Facts((x >= y,))) == [(y, 1)]
    assert _edges(x, Facts((x < y,))) == [(y, -1)]


def test_scales_are_chosen_where_all_hypotheses_are_homogeneous() -> None:
    # true for a = 1 alone: of larger a and b the sum of their logarithms is larger
    e = 1 - log(a / b) ** 2
    for where in ((sp.Or(a > b, b > 2),), (Eq(a, b + 1),)):
        assert OrderProver(propose, time.monotonic() + 5)._homogeneous(e, Facts(where), False, 1) is None


def test_norms_are_multiplied_by_what_is_positive() -> None:
    # the sum of no norms is 0
    assert multiplied_by_norms(-Abs(u) - Abs(v) - Abs(u + v) - Abs(u - v)) is None


@pytest.mark.parametrize(
    "term",
    [
        n * Sum(1 / k**2, (k, 1, n)),
        (-1) ** n * Sum(1 / k**2, (k, 1, n)),
        Sum(1 / (k**2 * j**2), (j, 1, n), (k, 1, n)),
        Sum(1 / k**2, (k, 1, n)) * Sum(1 / k**3, (k, 1, n)),
        Sum(1 / (n**2 + k**2), (k, 1, n)),
        Sum(1 / k, (k, 1, n)),
        Sum(1 / k**2, (k, 1, 2 * n)),
    ],
)
def test_a_partial_sum_tends_to_its_series_alone(term: Any) -> None:
    assert infinite_series(term, n, Facts(())) is None


def test_antiderivatives_have_no_range_to_split() -> None:
    assert split_at_signs(sp.Integral(Abs(x), x), Facts(())) is None
    assert split_at_signs(sp.Integral(Abs(x), (x, 1)), Facts(())) is None
    assert split_at_signs(sp.Integral(Abs(x), (x, -1, 1)), Facts(())) is not None


def test_logarithms_are_compared_where_both_sides_are_positive_at_the_next_integer_too() -> None:
    # log of the quotient falls up to n = m - 1, but at n = m both sides vanish; at n = 0 and m = 1 the value is -p
    e = p * (m - n) - p * (m - n) * 2 ** (n + 1)
    assert e.subs({m: 1, n: 0, p: 1}) < 0
    assert by_steps_in_range(e, Facts((n <= m,)), False, sign) is None


def test_a_polynomial_of_a_degree_that_varies_has_no_name() -> None:
    # with one name for all degrees the sum would be 0, which is what would be asked; it is P₀ - P₁ = 1 - x
    e = -Sum((-1) ** n * sp.legendre(n, x), (n, 0, 1))
    assert by_greatest_values(e, Facts((x <= 1, x >= -1)), False, agreed) is None


@pytest.mark.parametrize("e", [2 - x, 1 - y])
def test_an_equation_is_solved_by_what_is_not_zero(e: Any) -> None:
    # x y = y says nothing of x where y = 0, and nothing of y where x = 1
    assert OrderProver(propose, time.monotonic() + 5)._solved(e, Facts((Eq(x * y, y),)), False, 1) is None


def test_the_exponents_of_means_are_real() -> None:
    def e(w: Any) -> Any:
        return a**w + b**w - 2 * a ** (w / 2) * b ** (w / 2)

    assert by_weighted_means(e(z), Facts(()), False, agreed) is None
    assert by_weighted_means(e(x), Facts(()), False, agreed) is not None


def test_cases_of_a_sign_leave_no_zero_out() -> None:
    prover = OrderProver(propose, time.monotonic() + 5)
    assert prover._apart(x**2 * exp(x), Facts((x >= 0,)), True, 1) is None
    assert prover._apart(x**2, Facts((Ne(x, 0),)), True, 1) is not None


def test_the_order_of_sums_is_kept_where_one_has_no_end() -> None:
    # 1 + 1 + … - (1 + 1 + …) has no value, but with each 1 beside a -1 the sum is 0
    for e in (
        Sum(Sum((-1) ** k, (j, 0, oo)), (k, 0, 1)),
        Sum(Sum((-1) ** k, (j, -oo, 0)), (k, 0, 1)),
        Sum(Sum((-1) ** k, (k, 0, 1)), (j, 0, oo)),
    ):
        assert list(transposed_sums(e, Facts(()))) == []
    assert list(transposed_sums(Sum(Sum((-1) ** k, (j, 0, n)), (k, 0, 1)), Facts(())))


def test_signs_come_from_enclosures_alone() -> None:
    # an integral that is computed, not enclosed
    c = sp.Integral(exp(-(t**3)) * sp.cos(t), (t, 0, oo))
    assert _Charts(x, time.monotonic() + 5)._ball_sign(x - c, sp.Integer(5), sp.Integer(5)) is None
    assert OrderProver(propose, time.monotonic() + 5)._box(x + 5 - c, Facts((x >= 0, x <= 1)), False, 0) is None


@pytest.mark.parametrize(
    "e",
    [
        -Product(k, (k, 1, n)),
        x * Product(k, (k, 1, n)),
        Product(k - 3, (k, 1, n)),
        Product(k + x, (k, 1, n)),
        Product(k, (k, 1, n)) ** z,
        Product(k, (k, n, 1)),
        Product(j + k, (j, 1, k), (k, 1, n)),
    ],
)
def test_logarithms_are_of_positive_products(e: Any) -> None:
    assert logarithm_of_product(e, n, Facts(())) is None


def test_power_means_have_weights_that_are_not_negative() -> None:
    # at a = 1 and b = 7/5 it is 1/5 - 3/5
    e = sqrt(2 * a**2 - b**2) - 2 * a + b
    assert e.subs({a: 1, b: Rational(7, 5)}) < 0
    assert by_power_means(e, Facts(()), False, sign) is None


@pytest.mark.parametrize(
    ("e", "at"),
    [
        (x * sqrt(a * b) - x * (a + b) / 2, {x: 1, a: 1, b: 4}),  # a factor of any sign
        (b ** Rational(3, 2) / sqrt(a) - sp.Min(a, b), {a: 4, b: 1}),  # the weights -1/2 and 3/2
        (a**x * b ** (1 - x) + sqrt(a * b) - 2 * sp.Min(a, b), {x: 2, a: 1, b: 2}),  # the weights 2 and -1
        (a ** Rational(1, 3) * b ** Rational(1, 3) - sp.Min(a, b), {a: 8, b: 8}),  # the weights add up to 2/3
    ],
)
def test_geometric_means_have_positive_weights_that_add_up_to_one(e: Any, at: dict[Any, Any]) -> None:
    assert sp.N(e.subs(at)) < 0
    assert by_means_of_factors(e, Facts(()), False, sign) is None


def test_bernoulli_bounds_what_stands_by_itself() -> None:
    assert by_bernoulli(sqrt(1 + a**x) - 1, Facts((x >= 1,)), False, agreed) is None
    assert by_bernoulli(a ** (x**2) * b**x - 1, Facts((x >= 1,)), False, agreed) is None


@pytest.mark.parametrize(
    "e",
    [
        2 + sp.cos(x) + sp.cos(y),
        4 + sp.cos(x) + sp.cos(y) + sp.cos(x + y) + sp.cos(x - y),
        2 + z + sp.cos(x) + sp.cos(y) + sp.cos(x + y),
        4 + sp.cos(x) + sp.cos(y) + sp.cos(t),
    ],
)
def test_three_cosines_are_three(e: Any) -> None:
    assert by_three_cosines(e, Facts(()), False, agreed) is None


def test_powers_are_convex_for_real_exponents_and_bases_that_are_not_negative() -> None:
    assert _kind(x**p, Facts((p >= 1,))) is None
    assert _kind(a**z, Facts(())) is None
    assert _kind(a**p, Facts(())) is None  # p may be below 1, or above
    assert _kind(a**p, Facts((p >= 1,))) is not None


def test_a_tangent_touches() -> None:
    e = a - 1 - log(a)
    assert _below_tangent(e, Facts(()), False) is not None
    assert _below_tangent(e, Facts(()), True) is None  # 0 at 1
    assert _below_tangent(e + log(b), Facts(()), False) is None
    assert _below_tangent(x - 1 - log(x), Facts(()), False) is None
    assert _below_tangent(log(a) ** 2 + a, Facts(()), False) is None


def test_weights_of_means_are_those_of_independent_equations() -> None:
    # the exponents of a and of b give the same equation
    e = sqrt(a) * sqrt(b) * (p ** Rational(1, 3) + p ** Rational(7, 3) - 2 * p ** Rational(4, 3))
    assert by_weighted_means(sp.expand(e), Facts(()), False, agreed) is not None


def test_the_sums_of_hoelder_run_over_one_index() -> None:
    facts = Facts(())
    assert _is_sum_of_nonnegative(Sum(n**2, (n, 0, m)), facts)
    assert not _is_sum_of_nonnegative(Sum(n**2, (n, 0, m), (j, 0, m)), facts)
    assert not _is_sum_of_nonnegative(Sum(n**2, (n, 0, oo)), facts)
    assert not _is_sum_of_nonnegative(Sum(n**2, (n, 0, k)), facts)  # backwards for k < -1
    assert not _is_sum_of_nonnegative(Sum(k, (k, -2, m)), facts)


def test_a_denominator_is_left_out_where_it_is_positive() -> None:
    assert without_denominator(1 / x, Facts((Ne(x, 0),)), False, agreed) is None
    assert without_denominator((x**2 + 1) / (x - y), Facts((x <= y,)), False, agreed) is None
    assert without_denominator((x**2 + 1) / (x - y), Facts((x > y,)), False, agreed) is not None


def test_a_mean_with_the_mirror_image_is_one_over_one_variable() -> None:
    f = Function("f", real=True)
    assert symmetrised(sp.Integral(x**2, (x, 0, 1), (y, 0, x)), Facts(())) is None
    assert symmetrised(sp.Integral(x * sp.Integral(y**2 * x, (y, 0, x)), (x, 0, 1)), Facts(())) is None
    assert symmetrised(sp.Integral(f(x), x), Facts(())) is None
    assert symmetrised(sp.Integral(x**2, (x, 0, 1)), Facts(())) is not None


def test_a_range_is_not_split_at_a_bound_variable() -> None:
    e = sp.Integral(exp(-x) * Sum(Abs(x - n), (n, 0, 1)), (x, 0, oo))
    assert split_at_signs(e, Facts(())) is None
    assert split_at_signs(e.xreplace({n: m}), Facts(())) is None
    assert split_at_signs(sp.Integral(exp(-x) * Abs(x - n), (x, 0, oo)), Facts(())) is not None


def test_a_valley_is_one_of_a_real_function() -> None:
    # negative at πi
    def e(w: Any) -> Any:
        return sp.gamma(Rational(1, 3)) * (exp(w) + exp(-w)) - 1

    prover = OrderProver(propose, time.monotonic() + 5)
    assert prover._valley(e(z), Facts(()), False, 0) is None
    assert prover._valley(e(x), Facts(()), False, 0) is not None


def test_a_function_at_an_index_has_no_name() -> None:
    # with one name for both values the sum would be 0, which is what would be asked; it is ζ(2) - ζ(3)
    e = -Sum((-1) ** n * sp.zeta(n + 2), (n, 0, 1))
    assert by_known_bounds(e, Facts(()), False, agreed) is None


def test_the_mean_value_theorem_is_about_two_points() -> None:
    for e in (2 * Abs(x) - Abs(sin(x)), 2 * Abs(x - y + t) - Abs(sin(x) - sin(y) + t), Abs(x - y) * Abs(t) - Abs(sin(t))):
        assert by_mean_value(e, Facts(()), agreed, lambda v, facts: True) is None


def test_real_squares_have_real_roots() -> None:
    for p in (-(x**2), x**3, 4 * x**2 * y, 2 * x**2):
        assert _root_of_square(p) is None
    assert _root_of_square(sp.expand(4 * (x + y) ** 2)) in (2 * x + 2 * y, -2 * x - 2 * y)


def test_a_complex_difference_is_not_that_of_real_numbers() -> None:
    # -4 where the difference is πi
    prover = OrderProver(propose, time.monotonic() + 5)
    assert prover._translated(exp(z - u) + exp(u - z) - 2, Facts(()), False, 1) is None
    assert prover._derivative(exp(z) + exp(-z) - 2, Facts(()), False, 1) is None
    assert prover._translated(exp(y) + x, Facts(()), False, 1) is None  # it changes with a translation
    assert prover._translated(exp(x - y) + exp(y - x) - 2, Facts(()), False, 1) is not None


def test_a_comparison_of_squares_is_one_of_a_product() -> None:
    # x² - 1/2 is (x - 1) (x + 1) + 1/2
    prover = OrderProver(propose, time.monotonic() + 5)
    assert prover._by_squares(x - 1, Facts((x**2 - Rational(1, 2) >= 0, x >= 0)), False, 1) is None
    assert prover._by_squares(x - 1, Facts((x**2 - 1 >= 0, x >= 0)), True, 1) is None
    assert prover._by_squares(x - 1, Facts((x**2 - 1 >= 0, x >= 0)), False, 1) is not None


def test_a_fall_to_the_limit_goes_on_for_ever() -> None:
    # -x exp(-x) falls up to 1 alone
    prover = OrderProver(propose, time.monotonic() + 5)
    assert prover._falls_to_limit(-x * exp(-x), x, Facts((x >= 0, x <= 1)), 1) is None
    assert prover._falls_to_limit(1 / (x - 1), x, Facts((x >= 0,)), 1) is None  # nor does it fall across a pole
    assert prover._falls_to_limit(exp(-x), x, Facts((x >= 0,)), 1) is not None


@pytest.mark.parametrize(
    ("e", "where"),
    [
        (sp.atan(x) - sp.sinh(y), (x >= y, y > 0)),
        (exp(x) - 2 * exp(y), (x >= y,)),
        (exp(y) - exp(x), (x >= y,)),
        (t * exp(x) - t * exp(y), (x >= y,)),
        (exp(x) - exp(y) - exp(t), (x >= y, x >= t, y >= t)),
        (exp(x) * exp(exp(y)) - exp(y) * exp(exp(t)), (x >= y,)),
        (sp.polygamma(1, x) - sp.polygamma(1, y), (x >= y, y > 0)),
        (sp.polygamma(2, x) - sp.polygamma(2, y), (x >= y,)),  # poles between them
        (sp.polygamma(n, x) - sp.polygamma(n, y), (x >= y, y > 0)),
    ],
)
def test_one_growing_function_is_compared_at_two_points(e: Any, where: tuple[Any, ...]) -> None:
    assert OrderProver(propose, time.monotonic() + 5)._same_function(e, Facts(where), False, 1) is None


def test_the_square_of_a_complex_number_is_not_that_of_its_modulus() -> None:
    # -2 at i
    assert by_worst_sign(z**2 - Abs(z) ** 2, Facts(()), False, sign) is None
    assert by_worst_sign(Abs(x) + exp(x) - x, Facts(()), False, sign) is None
    assert by_worst_sign(x**2 - Abs(x, evaluate=False) ** 2 + Abs(x) - x, Facts(()), False, sign) is not None


def test_the_last_term_is_that_of_a_sum_over_one_integer() -> None:
    prover = Prover(propose, time.monotonic() + 5)

    def zero(e: Any, facts: Facts) -> Proof | None:
        return prover.zero(e, facts, 2, induction=False)

    assert by_last_term(Sum(1, (k, 1, n)) - n, Facts(()), zero) is not None
    assert by_last_term(Sum(1, (k, 1, n), (j, 1, n)) - n, Facts(()), zero) is None  # it is n²
    assert by_last_term(Sum(k, (k, 1, n)) - n * (n + 1) / 2 + k - k, Facts(()), zero) is not None
    assert by_last_term(Sum(k, (k, 1, n)) - n * (k + 1), Facts(()), zero) is None


def test_sums_without_an_end_are_not_read_backwards() -> None:
    assert list(reflected_sums(Sum(2 ** (-k), (k, 0, oo)))) == []
    assert list(reflected_sums(Sum(2**k, (k, -oo, 0)))) == []
    assert list(reflected_sums(Sum(2**k, (k, 0, n))))


def test_floors_are_integrated_over_one_range() -> None:
    for limits in (((x, 0, 2), (y, 0, 1)), (x,), ((x, 2),)):
        assert over_unit_steps(sp.Integral(sp.floor(x), *limits), Facts(())) is None
    assert over_unit_steps(sp.Integral(sp.floor(x), (x, 0, 2)), Facts(())) is not None


def test_a_root_is_narrowed_where_the_sign_changes() -> None:
    charts = _Charts(x, time.monotonic() + 5)
    zero, one = sp.Integer(0), sp.Integer(1)
    assert charts._narrowed(x**2 + 1, Root(zero, one), 3) is None
    assert charts._narrowed((x - Rational(1, 3)) ** 2 * (x + 1), Root(zero, one), 3) is None
    narrowed = charts._narrowed(x**2 - Rational(1, 3), Root(zero, one), 3)
    assert narrowed is not None
    assert narrowed.low**2 < Rational(1, 3) < narrowed.high**2
