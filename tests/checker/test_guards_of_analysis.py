"""Refusals of the rules about integrals, limits and analytic functions: each statement here is false, or of no such kind."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Eq, Function, Integer, Rational, cos, exp, gamma, harmonic, log, oo, pi, sin, sqrt, symbols

from derivable import Convex, ForAll, Induction, Monotone
from derivable.search import propose
from derivable.trusted.asymptotics import MayVanish, NoExpansion, limit_by_expansion
from derivable.trusted.bessel_integrals import over_a_period
from derivable.trusted.calculus import NoLimit, limit
from derivable.trusted.contiguous import divided_geometric
from derivable.trusted.continuity import growth, is_analytic, is_continuous, vanishes
from derivable.trusted.convergence import is_majorised, passes_ratio_test
from derivable.trusted.cylindrical import nonnegative_on
from derivable.trusted.differential_equations import _fits
from derivable.trusted.equality import Prover
from derivable.trusted.error_means import error_mean
from derivable.trusted.errors import NeedCase
from derivable.trusted.euler_integrals import eulerian, in_quadrants, right_of_zero
from derivable.trusted.facts import Facts
from derivable.trusted.fourier import fourier
from derivable.trusted.half_angle import by_half_angle
from derivable.trusted.known_integrals import _frullani, known_integral
from derivable.trusted.mellin import of_waves, quantum, reciprocal, scaled
from derivable.trusted.orthogonality import orthogonal
from derivable.trusted.rules import RuleFailed, proof_by

x, y, c = symbols("x y c", real=True)
t, p = symbols("t p", positive=True)
w = sp.Symbol("w")
k, m = symbols("k m", integer=True, nonnegative=True)
f = Function("f", real=True)
NOWHERE = Facts(())


# -- integrals with values ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bottom",
    [x**2 - 2, (x - w) ** 2 + 1, c * (x**2 + x + 1), (x + 1) ** 2 + c],
    ids=["poles on the line", "poles anywhere", "a coefficient that may be zero", "a height of any sign"],
)
def test_residues_ask_for_poles_beside_the_line(bottom: Any) -> None:
    assert fourier(cos(x) / (x**2 + 2), x, -oo, oo, NOWHERE)
    assert fourier(cos(x) / bottom, x, -oo, oo, NOWHERE) is None


RESIDUES = {
    "a part of the line": (cos(x) / (x**2 + 2), 0, 1),
    "a half-line that begins elsewhere": (cos(x) / (x**2 + 2), 1, oo),
    "an odd integrand over the half-line": (sin(x) / (x**2 + 2), 0, oo),
    "a root in the denominator": (cos(x) / sqrt(x**2 + 2), -oo, oo),
    "poles of degree four": (cos(x) / (x**4 + 2), -oo, oo),
    "two poles that may be one": (cos(x) / ((x - c) ** 2 + 1) / ((x - y) ** 2 + 1), -oo, oo),
    "a complex frequency": (exp(sp.I * w * x) / (x**2 + 2), -oo, oo),
    "a wave of a square": (cos(x**2) / (x**2 + 2), -oo, oo),
    "what does not fall": (x**2 * cos(x) / (x**2 + 2), -oo, oo),
    "what falls too slowly beside the wave": (x * (1 + cos(x)) / (x**2 + 2), -oo, oo),
    "a logarithm": (cos(x) * log(x**2 + 1) / (x**2 + 2), -oo, oo),
}


@pytest.mark.parametrize("case", RESIDUES.values(), ids=RESIDUES)
def test_residues_have_no_value_for_other_integrals(case: tuple[Any, Any, Any]) -> None:
    integrand, lower, upper = case
    assert fourier(integrand, x, sp.sympify(lower), sp.sympify(upper), NOWHERE) is None


def test_the_sign_of_a_frequency_is_asked_for() -> None:
    with pytest.raises(NeedCase):
        fourier(cos(c * x) / (x**2 + 2), x, -oo, oo, NOWHERE)


@pytest.mark.parametrize("exponent", [cos(x) + cos(x) ** 2, sin(x) + sin(x) * cos(x), cos(x) + x * cos(x)])
def test_the_exponent_of_a_bessel_integral_is_linear_in_the_waves(exponent: Any) -> None:
    assert over_a_period(exp(cos(x)), x, Integer(0), 2 * pi, NOWHERE)
    assert over_a_period(exp(exponent), x, Integer(0), 2 * pi, NOWHERE) is None


@pytest.mark.parametrize(("lower", "upper"), [(0, 1), (0, pi / 2), (0, 4 * pi), (-pi / 2, pi / 2), (0, oo), (2 * pi, 0), (pi, 0)])
def test_bessels_integral_is_over_a_period(lower: Any, upper: Any) -> None:
    assert over_a_period(exp(cos(x)), x, Integer(0), pi, NOWHERE)
    assert over_a_period(exp(cos(x)), x, sp.sympify(lower), sp.sympify(upper), NOWHERE) is None


@pytest.mark.parametrize("factor", [x, exp(x), sqrt(2 + cos(x)), sin(x / 3), p**x])
def test_the_half_angle_is_for_rational_functions_of_waves(factor: Any) -> None:
    assert by_half_angle(1 / (2 + cos(x)), x, Integer(0), 2 * pi, NOWHERE) is not None
    assert by_half_angle(factor / (2 + cos(x)), x, Integer(0), 2 * pi, NOWHERE) is None


def test_an_integral_over_quadrants_has_no_variable_beside_its_waves() -> None:
    assert in_quadrants(log(sin(x)), x, Integer(0), pi / 2, NOWHERE)
    assert in_quadrants(x * log(sin(x)), x, Integer(0), pi / 2, NOWHERE) is None


@pytest.mark.parametrize(
    ("factor", "lower"), [(sp.erf(x**2), -oo), (sp.erf(x**2), Integer(0)), (log(x), Integer(0)), (sp.erf(exp(-(x**2))), -oo)]
)
def test_a_gaussian_mean_has_error_functions_of_lines_alone(factor: Any, lower: Any) -> None:
    assert error_mean(x * sp.erf(x) * exp(-(x**2)), x, lower, oo, NOWHERE)
    assert error_mean(x * sp.erf(x) * factor * exp(-(x**2)), x, lower, oo, NOWHERE) is None


ERRORS = {
    "an exponent of the third degree": (sp.erf(x) * exp(-(x**2) - x**3), -oo),
    "an exponent of the fourth degree": (x * sp.erf(x) * exp(-(x**2) - x**4), -oo),
    "a width of any sign": (x * sp.erf(x) * exp(c * x**2), -oo),
    "a complex slope": (x * sp.erf(w * x) * exp(-(x**2)), -oo),
    "three error functions": (x * sp.erf(x) ** 3 * exp(-(x**2)), -oo),
    "two that vanish elsewhere than the mean": (sp.erf(x) * sp.erf(x + 1) * exp(-(x**2)), -oo),
    "two, odd over the half-line": (x * sp.erf(x) ** 2 * exp(-(x**2)), 0),
    "an offset over the half-line": (sp.erf(x + 1) * exp(-(x**2)), 0),
    "no error function over the half-line": (exp(-(x**2)) + x * sp.erf(x) * exp(-(x**2)), 0),
    "a pole": (sp.erf(x) * exp(-(x**2)) / x, -oo),
}


@pytest.mark.parametrize("case", ERRORS.values(), ids=ERRORS)
def test_a_gaussian_mean_of_another_shape_has_no_value(case: tuple[Any, Any]) -> None:
    integrand, lower = case
    assert error_mean(integrand, x, sp.sympify(lower), oo, NOWHERE) is None


@pytest.mark.parametrize(("lower", "upper"), [(0, 1), (1, oo), (-1, 1), (-oo, 0), (oo, -oo), (c, oo)])
def test_a_gaussian_mean_is_over_the_line_or_its_half(lower: Any, upper: Any) -> None:
    assert error_mean(x * sp.erf(x) * exp(-(x**2)), x, sp.sympify(lower), sp.sympify(upper), NOWHERE) is None


def test_a_rational_function_of_waves_is_one_of_a_multiple_of_the_variable() -> None:
    """In 1/(1 + exp(t²)) the rate would be the variable itself, which is positive."""
    assert of_waves(Integer(1), Integer(0), [(1 + exp(t), Integer(-1))], t, NOWHERE)
    assert of_waves(Integer(1), Integer(0), [(1 + exp(t**2), Integer(-1))], t, NOWHERE) is None


def test_the_integrals_of_bose_and_fermi_have_one_factor_to_the_first_power() -> None:
    four = Integer(4)
    assert quantum(four, Integer(0), [(exp(t) - 1, Integer(-1))], t, NOWHERE)
    assert quantum(four, Integer(0), [(log(1 + exp(-t)), Integer(1))], t, NOWHERE)
    for rest in (
        [(exp(t) - 1, Integer(-2))],
        [(exp(t) - 1, Integer(1))],
        [(log(1 + exp(-t)), Integer(2))],
        [(log(1 + exp(-t)), Integer(-1))],
        [(log(1 + exp(-t)), Integer(1)), (exp(t) + 1, Integer(-1))],
        [(log(2 + exp(-t)), Integer(1))],
        [(log(1 + exp(t)), Integer(1))],
        [(exp(t) + 2, Integer(-1))],
        [(1 + t, Integer(-1))],
    ):
        assert quantum(four, Integer(0), rest, t, NOWHERE) is None, rest
    for power in (Integer(0), x):
        assert quantum(power, Integer(0), [(exp(t) - 1, Integer(-1))], t, NOWHERE) is None


def test_a_range_is_scaled_for_powers_alone() -> None:
    assert scaled(sqrt(t) * (2 - t) ** p, t, Integer(0), Integer(2), NOWHERE)
    for factor in (exp(t), cos(t), t**t, p**t):
        assert scaled(sqrt(t) * factor, t, Integer(0), Integer(2), NOWHERE) is None


def test_an_exponent_with_other_terms_is_not_that_of_a_bessel_function() -> None:
    half_line = (t, Integer(0), oo)
    assert known_integral(exp(-t - 1 / t) / sqrt(t), *half_line, NOWHERE)
    for single in (-t, -1 / t, -t - 1 / t - t**2):
        assert reciprocal(Integer(0), single, [], t, NOWHERE) is None
    for exponent in (-t - 1 / t - t**2, -t - 1 / t - t**2 - 1 / t**2):
        assert known_integral(exp(exponent) / sqrt(t), *half_line, NOWHERE) is None


FRULLANI = {
    "no denominator": exp(-t) - exp(-2 * t),
    "a square below": (exp(-t) - exp(-2 * t)) / t**2,
    "a logarithm": (exp(-t) - exp(-2 * t)) * log(t) / t,
    "exponents of the second degree": (exp(-t - t**2) - exp(-2 * t - t**2)) / t,
    "an exponent with a root": (exp(-t - sqrt(t)) - exp(-2 * t - sqrt(t))) / t,
    "weights that do not cancel": (exp(-t) + exp(-2 * t)) / t,
    "a rate of any sign": (exp(-t) - exp(-x * t)) / t,
}


@pytest.mark.parametrize("integrand", FRULLANI.values(), ids=FRULLANI)
def test_frullanis_integral_is_of_exponentials_over_the_variable(integrand: Any) -> None:
    assert _frullani(sp.expand((exp(-t) - exp(-2 * t)) / t), t, NOWHERE) == log(2)
    assert _frullani(sp.expand(integrand), t, NOWHERE) is None


def test_polynomials_of_a_line_ask_for_the_sign_of_its_slope() -> None:
    """The integral of H_m(c x)² exp(-c² x²) over the line is that for c = 1 divided by |c|."""
    integrand = sp.hermite(m, c * x) ** 2 * exp(-((c * x) ** 2))
    values = [orthogonal(integrand, x, -oo, oo, Facts((sign * c > 0,))) for sign in (1, -1)]
    assert sp.cancel(values[0][0] + values[1][0]) == 0
    assert orthogonal(integrand, x, -oo, oo, NOWHERE) is None


def test_a_closed_form_says_nothing_of_an_integral_with_a_bound_index() -> None:
    """The index is declared to be positive, and runs where the integral diverges."""
    j = sp.Symbol("j", integer=True, positive=True)
    falling = sp.Integral(exp(-j * x), (x, 0, oo))
    assert Prover(propose, time.monotonic() + 20).closed_form(falling.subs(j, 2)) == Rational(1, 2)
    assert Prover(propose, time.monotonic() + 20).closed_form(sp.Sum(falling, (j, -2, -1))) is None


def test_a_power_in_a_base_of_eulers_integral_has_a_known_sign() -> None:
    """For c > 0 the integral of (1 + x^c)^r / x² diverges at 0."""
    integrand = (1 + t**c) ** x / t**2
    assert eulerian(integrand, t, oo, Facts((c * x > 1, c < 0)))
    assert eulerian(integrand, t, oo, Facts((c * x > 1,))) is None


# -- limits ---------------------------------------------------------------------------------------------------------------------


def test_a_factor_whose_first_coefficient_may_be_zero_stands_in_no_denominator() -> None:
    """log x / (c x + 1) goes to 0 for c ≠ 0 alone."""
    assert limit_by_expansion(log(x) / (x + 1), x, oo, -1, NOWHERE) == 0
    with pytest.raises(MayVanish):
        limit_by_expansion(log(x) / (c * x + 1), x, oo, -1, NOWHERE)


PLACES = {
    "an exponential": exp(x),
    "an exponential of a power of a logarithm": exp(log(x) ** 2),
    "an exponential of what oscillates between bounds": exp(sp.floor(x) - x),
    "a product of exponentials": x * exp(x + 1 / x),
    "a hypergeometric function far out": sp.hyper((1, 1), (2, 3), x),
    "a Bessel function far out": sp.besselj(0, x),
    "a modified Bessel function far out": sp.besseli(0, x),
    "a zeta function perhaps at its pole": sp.zeta(y + 1 / x) / x,
    "a zeta function beside the real line": sp.zeta(w + 1 / x),
    "a zeta function of Hurwitz beside no pole": sp.zeta(2 + 1 / x, 3),
    "a zeta function of Hurwitz of what moves": x * sp.zeta(1 + 1 / x, 2 + 1 / x),
    "a zeta function of Hurwitz of any parameter": sp.zeta(1 + 1 / x, y) - x,
    "a series that converges nowhere": sp.hyper((1, 1), (), 1 / x),
}


@pytest.mark.parametrize("e", PLACES.values(), ids=PLACES)
def test_what_is_not_bounded_has_no_limit(e: Any) -> None:
    assert limit_by_expansion(exp(1 / x), x, oo, -1, NOWHERE) == 1
    with pytest.raises(NoExpansion):
        limit_by_expansion(e, x, oo, -1, NOWHERE)


@pytest.mark.parametrize("e", [x**c, (x + 1) ** c, (-x) ** Rational(1, 3)])
def test_a_power_of_infinity_has_a_limit_for_an_exponent_of_known_sign(e: Any) -> None:
    assert limit((x + 1) ** p, x, oo, -1, NOWHERE) is oo
    with pytest.raises(NoLimit):
        limit(e, x, oo, -1, NOWHERE)


@pytest.mark.parametrize(
    "e", [gamma(t) * exp(-t), gamma(t) + exp(-t), log(1 + exp(t)) / t, log(2 - exp(-t)), log(1 + gamma(t)) / t]
)
def test_what_grows_at_an_unknown_rate_is_not_seen_to_vanish(e: Any) -> None:
    assert vanishes(log(1 + exp(-t)) / t, t, NOWHERE)
    assert not vanishes(e, t, NOWHERE)
    assert growth(e, t, NOWHERE) is None


@pytest.mark.parametrize("e", [sin(x), cos(x**2), gamma(-x), sp.sinc(x) * x, sp.asin(x)])
def test_what_oscillates_has_no_limit(e: Any) -> None:
    with pytest.raises(NoLimit):
        limit(e, x, oo, -1, NOWHERE)


def test_a_sum_has_no_limit_if_its_terms_have_none() -> None:
    """The sum of k x over no k is 0, and so is its limit."""
    assert limit(sp.Sum(k / x, (k, 1, m)), x, oo, -1, NOWHERE).doit() == 0
    with pytest.raises(NoLimit):
        limit(sp.Sum((k + 1) * x, (k, 1, m)), x, oo, -1, NOWHERE)


# -- analytic functions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("e", [exp(sqrt(x)), cos(sqrt(x) + 1), (1 + sqrt(x)) ** 2, 2 ** sqrt(x), sp.hyper((1,), (2,), sqrt(x))])
def test_a_function_of_what_has_a_corner_is_not_analytic(e: Any) -> None:
    assert is_analytic(exp(sqrt(x)), x, Facts((x > 0,)))
    assert not is_analytic(e, x, Facts((x >= 0,)))


@pytest.mark.parametrize(
    "e", [sp.floor(x) ** 2, 2 ** sp.floor(x), (2 + sp.sign(x)) ** x, 1 / (2 + sp.sign(x)), sp.Heaviside(x) ** p]
)
def test_a_power_of_what_jumps_is_not_continuous(e: Any) -> None:
    assert is_continuous((2 + abs(x)) ** x, x, NOWHERE)
    assert not is_continuous(e, x, NOWHERE)


def test_an_equation_of_a_series_asks_for_its_lower_parameters() -> None:
    assert _fits(sp.hyper((1,), (p, Rational(-1, 2)), t), t, NOWHERE)
    for bottom in (x, k, -k - 1, w):
        assert not _fits(sp.hyper((1,), (bottom,), t), t, NOWHERE)


def test_a_hypergeometric_series_may_have_no_terms_without_a_denominator() -> None:
    assert is_analytic(sp.hyper((1,), (p, Rational(-1, 2)), x), x, NOWHERE)
    for bottom in (c, k, -k - 1, w):
        assert not is_analytic(sp.hyper((1,), (bottom,), x), x, NOWHERE), bottom


def test_a_series_with_a_term_that_is_not_defined_is_not_majorised() -> None:
    small = Facts((p < Rational(1, 2),))
    assert is_majorised(sp.Sum(harmonic(k) * p**k / k, (k, 1, oo)), small)
    assert is_majorised(sp.Sum(k * harmonic(k) * p**k, (k, 1, oo)), small)
    assert not is_majorised(sp.Sum(harmonic(k) * p**k / k, (k, 0, oo)), small)
    assert not is_majorised(sp.Sum(harmonic(k) * p**k, (k, 0, 9)), small)


def test_the_ratio_test_is_one_of_simple_series() -> None:
    """Σ_j Σ_k 2^(-k) adds up ones, and a product of which the ratio of the factors is 1/2 is zero."""
    half = Rational(1, 2) ** k
    assert passes_ratio_test(sp.Sum(half, (k, 1, oo)), NOWHERE)
    assert not passes_ratio_test(sp.Sum(half, (k, 1, oo), (m, 1, oo)), NOWHERE)
    assert not passes_ratio_test(sp.Product(half, (k, 1, oo)), NOWHERE)


def test_a_geometric_series_is_divided_by_one_linear_factor() -> None:
    half = Rational(1, 2)
    assert divided_geometric([Integer(1), Integer(3)], [Integer(4)], half, NOWHERE) is not None
    for above, below in (((2, 3), (4,)), ((1, 2, 3), (4,)), ((1, 3), (4, 5)), ((1,), (4,))):
        assert divided_geometric(list(map(Integer, above)), list(map(Integer, below)), half, NOWHERE) is None


def test_what_is_no_relation_is_no_hypothesis() -> None:
    for condition in (x**2, f(x), Integer(2)):
        with pytest.raises(TypeError, match="not a hypothesis"):
            Facts((condition,))


def test_what_is_decided_without_facts_is_decided() -> None:
    assert NOWHERE.decide(sp.true) is True
    assert NOWHERE.decide(sp.false) is False
    assert NOWHERE.decide(sp.Not(x > 1)) is None


@pytest.mark.parametrize("integrand", [t**t * exp(-t), t ** exp(-t) * exp(-t), (1 + t) ** (-t - 3), log(t) ** t * exp(-t)])
def test_the_powers_in_eulers_integrals_are_constants(integrand: Any) -> None:
    assert eulerian(t**c * exp(-t), t, oo, Facts((c > 0,)))
    assert eulerian(integrand, t, oo, NOWHERE) is None


@pytest.mark.parametrize("integrand", [sin(x) ** sin(x), sin(x) ** cos(x), log(sin(x)) ** sin(x)])
def test_the_powers_of_waves_are_constants(integrand: Any) -> None:
    assert in_quadrants(integrand, x, Integer(0), pi / 2, NOWHERE) is None


def test_a_real_part_is_told_from_an_imaginary_part_that_is_real() -> None:
    assert right_of_zero(1 + sp.I * x, NOWHERE)
    assert not right_of_zero(1 + sp.I * w, NOWHERE)


def test_an_inverse_function_is_real_where_its_argument_is_in_range() -> None:
    assert Facts((x >= 0, x <= 1)).signs(sp.asin(x)) == {0, 1}
    for inverse in (sp.asin, sp.acos, sp.acosh):
        for where in ((), (x > 0,), (x < 1,), (x > -2, x < 0), (x < -2,)):
            assert Facts(where).signs(inverse(x)) is None


@pytest.mark.parametrize("equation", [Eq((p * x + 1) / c, 0), Eq(p * x / c, -1 / c)])
def test_an_equation_says_nothing_where_its_denominator_vanishes(equation: Any) -> None:
    assert Facts((equation, sp.Ne(c, 0))).signs(x) == {-1}
    assert Facts((equation,)).signs(x) == {-1, 0, 1}


def test_cells_are_made_for_rational_polynomials_in_some_variables() -> None:
    later = time.monotonic() + 5
    assert nonnegative_on(x**2 + 1, [x], [], later)
    for polynomial in (sqrt(2) * x**2, Integer(1), pi * x * y, x**16 + 1):
        assert nonnegative_on(polynomial, [], [], later) is None


def test_what_grows_from_zero_on_has_a_sign_there() -> None:
    natural = Facts((k >= 1,))
    for e in (harmonic(k), harmonic(p), sp.fibonacci(k), sp.lucas(k)):
        assert natural.signs(e) == {1}
    for e in (harmonic(x), harmonic(k, x), sp.fibonacci(p), sp.lucas(p), sp.fibonacci(-k), sp.fibonacci(k, x)):
        assert natural.signs(e) is None, e


# -- induction ------------------------------------------------------------------------------------------------------------------


def test_an_induction_for_all_values_of_a_variable_is_defined_for_all_of_them() -> None:
    where = Facts((Eq(f(0), 0), ForAll((m,), Eq(f(m + 1), f(m)))))
    assert proof_by(Induction(k, 0, forall=(p,)), f(k) / p, Integer(0))(where)
    with pytest.raises(RuleFailed, match="forall"):
        proof_by(Induction(k, 0, forall=(c,)), f(k) / c, Integer(0))(where)


@pytest.mark.parametrize("names", [(k,), (p, k), (f(p),), (p + 1,)])
def test_an_induction_is_for_all_values_of_other_symbols(names: tuple[Any, ...]) -> None:
    with pytest.raises(RuleFailed, match="symbols other"):
        proof_by(Induction(k, 0, forall=names), f(k) * p, Integer(0))(Facts((Eq(f(0), 0), ForAll((m,), Eq(f(m + 1), f(m))))))


def test_what_jumps_is_neither_monotone_nor_convex() -> None:
    """arctan(1/x) has the derivative -1/(1 + x²) on both sides of its jump."""
    jumps = sp.atan(1 / x)
    assert proof_by(Monotone(jumps, x, Rational(1, 2), 2), Integer(1), Integer(2), "<=")(NOWHERE)
    with pytest.raises(RuleFailed, match="smooth"):
        proof_by(Monotone(jumps, x, -2, 2), Integer(1), Integer(-1), "<=")(NOWHERE)
    bowl, at, to = jumps + 5 * x**2, Rational(1, 10), Rational(-1, 10)
    tangent = bowl.subs(x, at) + bowl.diff(x).subs(x, at) * (to - at)
    with pytest.raises(RuleFailed, match="smooth"):
        proof_by(Convex(bowl, x, at, to, -1, 1), tangent, bowl.subs(x, to), "<=")(NOWHERE)
