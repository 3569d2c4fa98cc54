"""True equations and inequalities: rewritings that preserve the value, each for whatever arguments a strategy gives.

A rewriting is a function of `draw` that returns (left, right) or (left, right, hypotheses); the two sides are equal wherever
both are defined and the hypotheses hold. `EQUALITIES` and `INEQUALITIES` list them by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from hypothesis import strategies as st
from sympy import Abs, Derivative, Heaviside, I, Integral, KroneckerDelta, Max, Min, Mod, Piecewise, Product, Rational, Sum, pi

from tests.fuzz.strategies import (
    A,
    M,
    N,
    complexes,
    f,
    fractions,
    g,
    i,
    integers,
    integrands,
    j,
    k,
    l,
    m,
    n,
    naturals,
    p,
    positive_numbers,
    positives,
    power,
    q,
    raw,
    reals,
    s,
    small,
    t,
    terms,
    x,
    y,
    z,
)  # fmt: skip

Draw = Callable[[Any], Any]
Rewriting = Callable[[Draw], tuple[Any, ...]]
EQUALITIES: dict[str, Rewriting] = {}
INEQUALITIES: dict[str, Rewriting] = {}
HALF = Rational(1, 2)


def equality(rewriting: Rewriting) -> Rewriting:
    """List a rewriting under its name."""
    EQUALITIES[rewriting.__name__] = rewriting
    return rewriting


def inequality(rewriting: Rewriting) -> Rewriting:
    """List a true inequality left ≤ right under its name."""
    INEQUALITIES[rewriting.__name__] = rewriting
    return rewriting


# -- algebra -----------------------------------------------------------------------------------------------------------


@equality
def distribute(draw: Draw) -> tuple[Any, ...]:
    a, b, c = (draw(complexes) for _ in range(3))
    return sp.Mul(a, b + c, evaluate=False), sp.expand_mul(a * b) + a * c


@equality
def square_of_a_sum(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(complexes), draw(complexes)
    return power(a + b, 2), a**2 + 2 * a * b + b**2


@equality
def difference_of_cubes(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(complexes), draw(complexes)
    return a**3 - b**3, sp.Mul(a - b, a**2 + a * b + b**2, evaluate=False)


@equality
def partial_fractions(draw: Draw) -> tuple[Any, ...]:
    a, c = draw(complexes), draw(positive_numbers)
    return 1 / (a * (a + c)), (1 / a - 1 / (a + c)) / c


@equality
def common_denominator(draw: Draw) -> tuple[Any, ...]:
    a, b, c, d = draw(complexes), draw(positives), draw(reals), draw(complexes)
    return a / b + c / d, (a * d + b * c) / (b * d)


@equality
def double_fraction(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(complexes), draw(complexes)
    return 1 / (1 + a / b), b / (a + b)


# -- circular and hyperbolic functions -----------------------------------------------------------------------------------


@equality
def pythagoras(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return raw(sp.sin, a) ** 2, 1 - sp.cos(a) ** 2


@equality
def sine_of_a_sum(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(complexes), draw(reals)
    return raw(sp.sin, a + b), sp.sin(a) * sp.cos(b) + sp.cos(a) * sp.sin(b)


@equality
def cosine_of_a_double(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return raw(sp.cos, 2 * a), 2 * sp.cos(a) ** 2 - 1


@equality
def tangent_of_a_sum(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(reals)
    return raw(sp.tan, a + b), (sp.tan(a) + sp.tan(b)) / (1 - sp.tan(a) * sp.tan(b))


@equality
def product_to_sum(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(complexes), draw(complexes)
    return sp.cos(a) * sp.cos(b), (raw(sp.cos, a - b) + raw(sp.cos, a + b)) / 2


@equality
def half_angle(draw: Draw) -> tuple[Any, ...]:
    a = draw(reals)
    return raw(sp.tan, a / 2), sp.sin(a) / (1 + sp.cos(a))


@equality
def quarter_turn(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return raw(sp.cos, a - pi / 2), sp.sin(a)


@equality
def euler(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return raw(sp.exp, I * a), sp.cos(a) + I * sp.sin(a)


@equality
def hyperbola(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return raw(sp.cosh, a) ** 2 - raw(sp.sinh, a) ** 2, sp.Integer(1)


@equality
def hyperbolic_sine_of_a_sum(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(complexes)
    return raw(sp.sinh, a + b), sp.sinh(a) * sp.cosh(b) + sp.cosh(a) * sp.sinh(b)


@equality
def hyperbolic_tangent_by_exponentials(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return raw(sp.tanh, a), (1 - sp.exp(-2 * a)) / (1 + sp.exp(-2 * a))


@equality
def circular_and_hyperbolic(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return raw(sp.cosh, I * a), sp.cos(a)


@equality
def sine_undone(draw: Draw) -> tuple[Any, ...]:
    return raw(sp.asin, sp.sin(x)), x, (x >= -pi / 2, x <= pi / 2)


@equality
def complementary_angles(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return raw(sp.acos, a), pi / 2 - sp.asin(a)


@equality
def reciprocal_angles(draw: Draw) -> tuple[Any, ...]:
    a = draw(positives)
    return raw(sp.atan, 1 / a), pi / 2 - sp.atan(a)


# -- exponentials, logarithms, powers, roots --------------------------------------------------------------------------------


@equality
def exponential_of_a_sum(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(complexes), draw(complexes)
    return raw(sp.exp, a + b), sp.Mul(sp.exp(a), sp.exp(b), evaluate=False)


@equality
def logarithm_of_a_product(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(positives), draw(complexes)
    return raw(sp.log, a * b), sp.log(a) + raw(sp.log, b)


@equality
def logarithm_of_a_power(draw: Draw) -> tuple[Any, ...]:
    a, r = draw(positives), draw(reals)
    return raw(sp.log, power(a, r)), r * sp.log(a)


@equality
def logarithm_of_a_quotient(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(positives), draw(positives)
    return raw(sp.log, a / b), raw(sp.log, a) - raw(sp.log, b)


@equality
def exponential_of_a_logarithm(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(complexes), draw(small)
    return raw(sp.exp, b * raw(sp.log, a)), power(a, b)


@equality
def logarithm_of_an_exponential(draw: Draw) -> tuple[Any, ...]:
    a = draw(reals)
    return raw(sp.log, raw(sp.exp, a)), a


@equality
def power_of_a_sum(draw: Draw) -> tuple[Any, ...]:
    a, b, c = draw(positives), draw(complexes), draw(complexes)
    return power(a, b + c), sp.Mul(power(a, b), power(a, c), evaluate=False)


@equality
def power_of_a_product(draw: Draw) -> tuple[Any, ...]:
    a, b, c = draw(positives), draw(complexes), draw(reals)
    return power(a * b, c), sp.Mul(power(a, c), power(b, c), evaluate=False)


@equality
def power_of_a_power(draw: Draw) -> tuple[Any, ...]:
    a, b, c = draw(positives), draw(reals), draw(complexes)
    return power(power(a, b), c), power(a, b * c)


@equality
def integer_power_of_a_power(draw: Draw) -> tuple[Any, ...]:
    a, b, c = draw(complexes), draw(complexes), draw(small)
    return power(power(a, b), c), power(a, c * b)


@equality
def root_of_a_square(draw: Draw) -> tuple[Any, ...]:
    a = draw(reals)
    return power(power(a, 2), HALF), Abs(a)


@equality
def square_of_a_root(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return power(power(a, HALF), 2), a


@equality
def rationalised(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(positives), draw(positives)
    return 1 / (sp.sqrt(a) + sp.sqrt(b)), (sp.sqrt(a) - sp.sqrt(b)) / (a - b)


@equality
def denested(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(positives), draw(positives)
    return power(a + b + 2 * sp.sqrt(a * b), HALF), sp.sqrt(a) + sp.sqrt(b)


@equality
def sign_of_an_integer_power(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(integers), draw(integers)
    return power(-1, a + 2 * b), power(-1, a)


# -- gamma functions and binomials ------------------------------------------------------------------------------------------


@equality
def gamma_shift(draw: Draw) -> tuple[Any, ...]:
    # 0 · Γ(0) is made 0, while Γ(1) is 1
    a = draw(complexes.filter(lambda a: a.is_zero is not True))
    return raw(sp.gamma, a + 1), a * raw(sp.gamma, a)


@equality
def gamma_reflection(draw: Draw) -> tuple[Any, ...]:
    a = draw(reals)
    return raw(sp.gamma, a) * raw(sp.gamma, 1 - a), pi / sp.sin(pi * a)


@equality
def gamma_duplication(draw: Draw) -> tuple[Any, ...]:
    a = draw(positives)
    return raw(sp.gamma, a) * raw(sp.gamma, a + HALF), 2 ** (1 - 2 * a) * sp.sqrt(pi) * raw(sp.gamma, 2 * a)


@equality
def pascal(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(naturals)
    return raw(sp.binomial, a + 1, b + 1), raw(sp.binomial, a, b) + raw(sp.binomial, a, b + 1)


@equality
def binomial_symmetry(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(naturals), draw(naturals)
    return raw(sp.binomial, a + b, a), raw(sp.binomial, a + b, b)


@equality
def absorption(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(complexes), draw(naturals)
    return (b + 1) * raw(sp.binomial, a, b + 1), a * raw(sp.binomial, a - 1, b)


@equality
def factorials_in_a_row(draw: Draw) -> tuple[Any, ...]:
    a = draw(naturals)
    return raw(sp.factorial, a + 2), (a + 1) * (a + 2) * raw(sp.factorial, a)


@equality
def beta_symmetry(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(positives), draw(positives)
    return sp.beta(a, b + 1) * (a + b), b * sp.beta(a, b)


@equality
def digamma_shift(draw: Draw) -> tuple[Any, ...]:
    a = draw(positives)
    return raw(sp.digamma, a + 1), raw(sp.digamma, a) + 1 / a


@equality
def rising_and_falling(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(naturals)
    return raw(sp.FallingFactorial, a + b - 1, b), raw(sp.RisingFactorial, a, b)


# -- sums and products ------------------------------------------------------------------------------------------------------


@equality
def sum_split(draw: Draw) -> tuple[Any, ...]:
    body, a, b, c = draw(terms), draw(integers), draw(integers), draw(integers)
    return Sum(body, (i, a, c)), Sum(body, (i, a, b)) + Sum(body, (i, b + 1, c))


@equality
def sum_shifted(draw: Draw) -> tuple[Any, ...]:
    body, a, b, c = draw(terms), draw(integers), draw(integers), draw(integers)
    return Sum(body, (i, a, b)), Sum(body.subs(i, i + c), (i, a - c, b - c))


@equality
def sum_read_backwards(draw: Draw) -> tuple[Any, ...]:
    body, a, b = draw(terms), draw(integers), draw(integers)
    return Sum(body, (i, a, b)), Sum(body.subs(i, a + b - i), (i, a, b))


@equality
def sum_is_linear(draw: Draw) -> tuple[Any, ...]:
    body, other, c, b = draw(terms), draw(terms), draw(reals), draw(integers)
    return Sum(body + c * other, (i, 1, b)), Sum(body, (i, 1, b)) + c * Sum(other, (i, 1, b))


@equality
def sum_telescopes(draw: Draw) -> tuple[Any, ...]:
    body, a, b = draw(terms), draw(integers), draw(integers)
    return Sum(body.subs(i, i + 1) - body, (i, a, b)), body.subs(i, b + 1) - body.subs(i, a)


@equality
def geometric_sum(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(positives), draw(naturals)
    return Sum(a**i, (i, 0, b)), (a ** (b + 1) - 1) / (a - 1)


@equality
def sums_exchanged(draw: Draw) -> tuple[Any, ...]:
    body, a, b = draw(terms), draw(naturals), draw(naturals)
    return Sum(Sum(body * j, (j, 1, b)), (i, 1, a)), Sum(Sum(body * j, (i, 1, a)), (j, 1, b))


@equality
def triangle_exchanged(draw: Draw) -> tuple[Any, ...]:
    a = draw(naturals)
    return Sum(Sum(f(i) * g(j), (j, i, a)), (i, 1, a)), Sum(Sum(f(i) * g(j), (i, 1, j)), (j, 1, a))


@equality
def delta_collapses(draw: Draw) -> tuple[Any, ...]:
    body = draw(terms)
    return Sum(body * KroneckerDelta(i, l), (i, 1, n)), body.subs(i, l), (l >= 1, l <= n)


@equality
def last_term(draw: Draw) -> tuple[Any, ...]:
    body, a = draw(terms), draw(integers)
    return Sum(body, (i, 0, a + 1)), Sum(body, (i, 0, a)) + body.subs(i, a + 1)


@equality
def product_of_a_product(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(positives), draw(naturals)
    return Product(a * f(i), (i, 1, b)), a**b * Product(f(i), (i, 1, b))


@equality
def product_of_a_range(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(positives), draw(naturals)
    return Product(i + a, (i, 0, b)), raw(sp.gamma, a + b + 1) / raw(sp.gamma, a)


@equality
def product_by_its_logarithm(draw: Draw) -> tuple[Any, ...]:
    b = draw(naturals)
    return Product(sp.exp(f(i)), (i, 1, b)), sp.exp(Sum(f(i), (i, 1, b)))


# -- derivatives and integrals -----------------------------------------------------------------------------------------------


@equality
def product_rule(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(st.sampled_from([f(x), sp.sin(x), x**2, sp.exp(x), g(x)])), draw(st.sampled_from([g(x), sp.cos(x), x, f(x) ** 2]))
    return Derivative(a * b, x), Derivative(a, x) * b + a * Derivative(b, x)


@equality
def chain_rule(draw: Draw) -> tuple[Any, ...]:
    inner = draw(st.sampled_from([x**2, sp.sin(x), x * y, x + y, sp.exp(x)]))
    return Derivative(sp.exp(inner) + sp.sin(inner), x), (sp.exp(inner) + sp.cos(inner)) * Derivative(inner, x)


@equality
def quotient_rule(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(st.sampled_from([f(x), x, sp.sin(x)])), draw(st.sampled_from([1 + x**2, sp.exp(x), g(x)]))
    return Derivative(a / b, x), (b * Derivative(a, x) - a * Derivative(b, x)) / b**2


@equality
def derivative_of_an_integral(draw: Draw) -> tuple[Any, ...]:
    body = draw(st.sampled_from([f(s), s**2, sp.exp(s), sp.sin(s), f(s) * s]))
    return Derivative(Integral(body, (s, y, x**2)), x), 2 * x * body.subs(s, x**2)


@equality
def derivative_of_a_sum(draw: Draw) -> tuple[Any, ...]:
    b = draw(naturals)
    return Derivative(Sum(sp.sin(i * x), (i, 1, b)), x), Sum(i * sp.cos(i * x), (i, 1, b))


@equality
def integral_is_linear(draw: Draw) -> tuple[Any, ...]:
    a, b, c = draw(integrands), draw(integrands), draw(reals)
    return Integral(a + c * b, (s, 0, 1)), Integral(a, (s, 0, 1)) + c * Integral(b, (s, 0, 1))


@equality
def integral_split(draw: Draw) -> tuple[Any, ...]:
    body, a, b = draw(integrands), draw(fractions), draw(fractions)
    return Integral(body, (s, a, y)), Integral(body, (s, a, b)) + Integral(body, (s, b, y))


@equality
def integral_reversed(draw: Draw) -> tuple[Any, ...]:
    body, a = draw(integrands), draw(fractions)
    return Integral(body, (s, a, x)), -Integral(body, (s, x, a))


@equality
def integral_moved(draw: Draw) -> tuple[Any, ...]:
    body, a, b, c = draw(integrands), draw(fractions), draw(fractions), draw(fractions)
    return Integral(body, (s, a, b)), Integral(body.subs(s, s + c), (s, a - c, b - c))


@equality
def integral_scaled(draw: Draw) -> tuple[Any, ...]:
    body, a, b, c = draw(integrands), draw(fractions), draw(fractions), draw(positive_numbers)
    return Integral(body, (s, a * c, b * c)), c * Integral(body.subs(s, c * s), (s, a, b))


@equality
def integral_mirrored(draw: Draw) -> tuple[Any, ...]:
    body, a, b = draw(integrands), draw(fractions), draw(fractions)
    return Integral(body, (s, a, b)), Integral(body.subs(s, a + b - s), (s, a, b))


@equality
def fundamental_theorem(draw: Draw) -> tuple[Any, ...]:
    whole = draw(st.sampled_from([s**3, sp.sin(s), sp.exp(2 * s), sp.atan(s), s * sp.exp(s), sp.log(1 + s**2), sp.sinh(s)]))
    a, b = draw(fractions), draw(st.sampled_from([x, y, sp.Integer(2), p]))
    return Integral(sp.diff(whole, s), (s, a, b)), whole.subs(s, b) - whole.subs(s, a)


@equality
def odd_integrand(draw: Draw) -> tuple[Any, ...]:
    body = draw(st.sampled_from([s**3, sp.sin(s), s * sp.exp(-(s**2)), s * Abs(s), sp.atan(s), sp.sinh(s)]))
    a = draw(positive_numbers)
    return Integral(body, (s, -a, a)), sp.Integer(0)


@equality
def gaussian(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(positives), draw(st.sampled_from([x, sp.Integer(0), I * x]))
    return Integral(sp.exp(-a * s**2 + b * s), (s, -sp.oo, sp.oo)), sp.sqrt(pi / a) * sp.exp(b**2 / (4 * a))


@equality
def exponential_integral(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(positives), draw(st.integers(0, 3))
    return Integral(s**b * sp.exp(-a * s), (s, 0, sp.oo)), sp.factorial(b) / a ** (b + 1)


# -- integer parts, moduli, extrema ------------------------------------------------------------------------------------------


@equality
def floor_of_a_shift(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(integers)
    return raw(sp.floor, a + b), raw(sp.floor, a) + b


@equality
def ceiling_by_floor(draw: Draw) -> tuple[Any, ...]:
    a = draw(reals)
    return raw(sp.ceiling, a), -raw(sp.floor, -a)


@equality
def remainder_by_floor(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(positive_numbers)
    return raw(Mod, a, b), a - b * sp.floor(a / b)


@equality
def remainder_of_a_multiple(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(integers), draw(st.integers(2, 5))
    return raw(Mod, a + b * k, b), raw(Mod, a, b)


@equality
def halves(draw: Draw) -> tuple[Any, ...]:
    a = draw(integers)
    return sp.floor(a / 2) + sp.ceiling(a / 2), a


@equality
def hermite(draw: Draw) -> tuple[Any, ...]:
    a = draw(st.sampled_from([x, x + 1, x + HALF, 2 * x, -x]))
    return sp.floor(2 * a), sp.floor(a) + sp.floor(a + HALF)


@equality
def modulus_of_a_product(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(complexes), draw(complexes)
    return raw(Abs, a * b), Abs(a) * Abs(b)


@equality
def extrema_add_up(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(reals)
    return Max(a, b) + Min(a, b), a + b


@equality
def maximum_by_modulus(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(reals)
    return Max(a, b), (a + b + Abs(a - b)) / 2


@equality
def sign_times_modulus(draw: Draw) -> tuple[Any, ...]:
    # of complex numbers too, but SymPy makes 1 of the square of a sign
    a = draw(reals)
    return raw(sp.sign, a) * raw(Abs, a), a


@equality
def steps_add_up(draw: Draw) -> tuple[Any, ...]:
    a = draw(reals)
    return Heaviside(a, HALF) + Heaviside(-a, HALF), sp.Integer(1)


@equality
def cases_of_a_modulus(draw: Draw) -> tuple[Any, ...]:
    a = draw(st.sampled_from([x, x - y, x + 1, 2 * y]))
    return Piecewise((a, a >= 0), (-a, True)), Abs(a)


@equality
def cases_in_either_order(draw: Draw) -> tuple[Any, ...]:
    a, b, c = draw(complexes), draw(reals), draw(st.sampled_from([x, y, x - y]))
    return Piecewise((a, c > 0), (b, True)), Piecewise((b, c <= 0), (a, True))


# -- complex numbers ---------------------------------------------------------------------------------------------------------


@equality
def parts_add_up(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return raw(sp.re, a) + I * raw(sp.im, a), a


@equality
def conjugate_of_a_product(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(complexes), draw(complexes)
    return raw(sp.conjugate, a * b), sp.conjugate(a) * sp.conjugate(b)


@equality
def conjugate_of_an_exponential(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return raw(sp.conjugate, sp.exp(a)), sp.exp(sp.conjugate(a))


@equality
def modulus_squared(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return raw(Abs, a) ** 2, a * sp.conjugate(a)


@equality
def modulus_of_an_exponential(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return raw(Abs, sp.exp(a)), sp.exp(sp.re(a))


# -- matrices ----------------------------------------------------------------------------------------------------------------


def _matrix(draw: Draw, kind: Any = complexes) -> Any:
    return sp.ImmutableMatrix(2, 2, [draw(kind) for _ in range(4)])


@equality
def determinant_of_a_product(draw: Draw) -> tuple[Any, ...]:
    a, b = _matrix(draw, small), _matrix(draw)
    return (a * b).det(), a.det() * b.det()


@equality
def trace_of_a_product(draw: Draw) -> tuple[Any, ...]:
    a, b = _matrix(draw), _matrix(draw, small)
    return (a * b).trace(), (b * a).trace()


@equality
def transpose_of_a_product(draw: Draw) -> tuple[Any, ...]:
    a, b = _matrix(draw, small), _matrix(draw)
    return sp.Transpose(sp.MatMul(a, b, evaluate=False)), sp.MatMul(b.T, a.T, evaluate=False)


@equality
def cayley_hamilton(draw: Draw) -> tuple[Any, ...]:
    a = _matrix(draw)
    return a * a, a * a.trace() - sp.eye(2) * a.det()


# -- special functions -------------------------------------------------------------------------------------------------------


@equality
def bessel_recurrence(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(small), draw(positives)
    return sp.besselj(a + 1, b), 2 * a / b * sp.besselj(a, b) - sp.besselj(a - 1, b)


@equality
def chebyshev_at_a_cosine(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(naturals), draw(reals)
    return raw(sp.chebyshevt, a, sp.cos(b)), sp.cos(a * b)


@equality
def legendre_recurrence(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(naturals), draw(complexes)
    return (a + 2) * sp.legendre(a + 2, b), (2 * a + 3) * b * sp.legendre(a + 1, b) - (a + 1) * sp.legendre(a, b)


@equality
def error_function_is_odd(draw: Draw) -> tuple[Any, ...]:
    a = draw(complexes)
    return raw(sp.erf, a) + raw(sp.erf, -a), sp.Integer(0)


@equality
def lambert(draw: Draw) -> tuple[Any, ...]:
    a = draw(positives)
    return raw(sp.LambertW, a) * sp.exp(raw(sp.LambertW, a)), a


# -- inequalities ------------------------------------------------------------------------------------------------------------


@inequality
def plus_a_square(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(reals)
    return a, a + b**2


@inequality
def plus_a_modulus(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(complexes)
    return a, a + Abs(b)


@inequality
def plus_something_positive(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(positives)
    return a, a + b


@inequality
def triangle(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(reals)
    return Abs(a + b), Abs(a) + Abs(b)


@inequality
def means(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(positives), draw(positives)
    return sp.sqrt(a * b), (a + b) / 2


@inequality
def exponential_above_its_tangent(draw: Draw) -> tuple[Any, ...]:
    a = draw(reals)
    return 1 + a, sp.exp(a)


@inequality
def logarithm_below_its_tangent(draw: Draw) -> tuple[Any, ...]:
    a = draw(positives)
    return sp.log(a), a - 1


@inequality
def sine_is_bounded(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(reals)
    return a * sp.sin(b), Abs(a)


@inequality
def floor_is_below(draw: Draw) -> tuple[Any, ...]:
    a = draw(reals)
    return raw(sp.floor, a), a


@inequality
def maximum_is_above(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(reals), draw(reals)
    return a, Max(a, b)


@inequality
def sum_of_squares(draw: Draw) -> tuple[Any, ...]:
    a, b = draw(naturals), draw(integers)
    return Sum(A[i] * f(i), (i, 1, a)), Sum(A[i] ** 2 + f(i) ** 2, (i, 1, a)) / 2 + b**2


@inequality
def integral_of_what_is_below(draw: Draw) -> tuple[Any, ...]:
    a = draw(positive_numbers)
    return Integral(sp.sin(s), (s, 0, a)), Integral(1 + s**2, (s, 0, a))


@inequality
def cauchy_schwarz(draw: Draw) -> tuple[Any, ...]:
    a, b, c, d = (draw(reals) for _ in range(4))
    return (a * b + c * d) ** 2, (a**2 + c**2) * (b**2 + d**2)


@inequality
def from_its_hypothesis(draw: Draw) -> tuple[Any, ...]:
    return t * x, t * y, (x <= y, t >= 0)


__all__ = ["EQUALITIES", "INEQUALITIES", "Draw", "M", "N", "Rewriting", "m", "q", "z"]
