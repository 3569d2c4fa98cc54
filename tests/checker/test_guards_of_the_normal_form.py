"""Refusals of the normal form: values that it must not give, each asked of the method that would give it."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    I,
    Integer,
    Integral,
    KroneckerDelta,
    Pow,
    Subs,
    Sum,
    exp,
    log,
    oo,
    pi,
    sin,
    sqrt,
    symbols,
)

from derivable import Expectation, ForAll
from derivable.trusted.equality import Prover, _same, entries
from derivable.trusted.errors import NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import LONGEST, NormalForm

x, y, a, b = symbols("x y a b", real=True)
q = symbols("q", positive=True)
k, c = symbols("k c", integer=True)
m = symbols("m", integer=True, nonnegative=True)
f, g = Function("f", real=True), Function("g", real=True)
NOWHERE = Facts(())


@pytest.mark.parametrize("zero", [log(2 * q) - log(q) - log(2), Derivative(x**2, x) - 2 * x])
def test_a_hidden_zero_has_no_inverse(zero: Any) -> None:
    with pytest.raises(NoNormalForm, match="zero"):
        NormalForm(NOWHERE).flatten(1 / zero)
    for e in (log(zero), 1 / sqrt(zero)):
        with pytest.raises(NoNormalForm, match="zero"):
            NormalForm(NOWHERE).flatten(e)


def test_a_derivative_of_symbolic_order_has_no_value_at_a_point() -> None:
    with pytest.raises(NoNormalForm, match="symbolic order"):
        NormalForm(NOWHERE).flatten(Subs(Derivative(f(y), (y, m)), y, 0))


def test_a_derivative_is_one_by_a_variable() -> None:
    with pytest.raises(NoNormalForm, match="a derivative by"):
        NormalForm(NOWHERE).flatten(Derivative(f(x) ** 2, f(x)))


def test_a_delta_collapses_for_an_index_of_slope_one() -> None:
    """δ(c k, c m) is 1 at every k for c = 0."""
    form = NormalForm(NOWHERE)
    assert form.canonical(Sum(KroneckerDelta(k, m), (k, 0, 2 * m))) == 1
    assert form.canonical(Sum(KroneckerDelta(c * k, c * m), (k, 0, 2 * m))) != 1
    assert form._collapse(Integer(1), c * k - c * m, k, Integer(0), 2 * m) is None


def test_the_coefficients_of_a_rational_series_do_not_depend_on_the_index() -> None:
    form = NormalForm(NOWHERE)
    assert form._rational_series(form.flatten(1 / (k**2 + k)), k, Integer(1)) == 1
    assert form._rational_series(form.flatten(q**k / (k**2 + k)), k, Integer(1)) is None
    assert form._rational_series(form.flatten(f(k) / (k**2 + k)), k, Integer(1)) is None


def test_a_part_of_what_has_a_value_need_not_have_one() -> None:
    """Σ (f - g) says nothing of Σ f, nor does the integral of a sum of its parts."""
    series = Sum(f(k) - g(k), (k, 1, oo))
    integral = Integral(f(x) + g(x), (x, 0, 1))
    assert _same(Sum(2 * f(k), (k, 1, oo)), Sum(f(k), (k, 1, oo)), (), NOWHERE)
    for one in (f, g):
        assert not _same(Sum(one(k), (k, 1, oo)), series, (), NOWHERE)
        assert not _same(Integral(one(x), (x, 0, 1)), integral, (), NOWHERE)
        assert not _same(one(x), one(x), (k,), NOWHERE)


@pytest.mark.parametrize("e", [oo, -oo, sp.zoo, sp.nan])
def test_what_is_not_finite_has_no_normal_form(e: Any) -> None:
    with pytest.raises(NoNormalForm, match="finite"):
        NormalForm(NOWHERE).flatten(e)


def test_a_number_of_very_many_digits_is_not_written_out() -> None:
    with pytest.raises(NoNormalForm, match="digits"):
        NormalForm(NOWHERE).flatten(Pow(Integer(2), LONGEST, evaluate=False))


def test_a_hypothesis_that_speaks_of_its_own_left_side_is_used_once() -> None:
    form = NormalForm(Facts((ForAll((x,), Eq(f(x), f(x) ** 2)),)))
    assert form.canonical(f(y)) == NormalForm(NOWHERE).canonical(f(y) ** 2)


def test_an_alternating_series_whose_terms_do_not_fall_has_no_value() -> None:
    """In pairs Σ (-1)^k k / (k + 1) would converge."""
    form = NormalForm(NOWHERE)
    assert not form.canonical(Sum((-1) ** k / (k + 1), (k, 0, oo))).has(Sum)
    assert form.canonical(Sum((-1) ** k * k / (k + 1), (k, 0, oo))).has(Sum)
    assert form.canonical(Sum((-1) ** k / sqrt(k + 1), (k, 0, oo))).has(Sum)
    assert form.canonical(Sum((-1) ** k * f(k) / (k + 1), (k, 0, oo))).has(Sum)  # of coefficients that move


def test_a_hypergeometric_series_has_a_value_where_it_converges() -> None:
    """As a rational function of its ratio Σ 2^k would be -1."""
    form = NormalForm(NOWHERE)
    half = sp.Rational(1, 2)
    assert form.canonical(Sum(half**k, (k, 0, oo))) == 2
    for term in (2**k, (-1) ** k * 2**k, sp.factorial(k) * half**k, y**k, sp.binomial(2 * k, k)):
        assert form.canonical(Sum(term, (k, 0, oo))).has(Sum), term


def test_what_is_no_function_is_no_value() -> None:
    """Bounds of what accumulates would cancel each other."""
    with pytest.raises(NoNormalForm, match="no rule"):
        NormalForm(NOWHERE).flatten(sp.AccumBounds(0, 1))


def test_a_maximum_is_one_of_real_numbers() -> None:
    w = sp.Symbol("w")
    assert NormalForm(NOWHERE).is_zero(sp.Max(x, y) + sp.Max(-x, -y) - Abs(x - y))
    for e in (sp.Max(w, 1), sp.Max(x, w, 1), sp.Min(w, x)):
        with pytest.raises(NoNormalForm, match="not real"):
            NormalForm(NOWHERE).flatten(e)


def test_a_series_over_squares_begins_at_a_number() -> None:
    form = NormalForm(NOWHERE)
    assert not form.canonical(Sum(1 / (k**2 + 1), (k, 3, oo))).has(Sum)
    for start in (m, 10**6):
        assert form.canonical(Sum(1 / (k**2 + 1), (k, start, oo))).has(Sum)


def test_sums_are_exchanged_where_the_inner_range_does_not_move() -> None:
    inner = KroneckerDelta(k, 2 * c) * g(c)
    form = NormalForm(NOWHERE)
    assert form.is_zero(Sum(inner, (c, 0, m), (k, 0, 2 * m)) - Sum(g(k), (k, 0, m)))
    for low, high in ((0, k), (k - m, m)):
        value = form.canonical(Sum(inner, (c, low, high), (k, 0, 2 * m)))
        assert {s for s in value.free_symbols if s.is_integer} == {m}  # the outer index is bound


def test_a_mean_is_not_taken_over_what_stands_outside_of_it() -> None:
    """In E_b[f(ab) E_a[g(ab)]] the first a is not the one that the inner mean is over."""
    form = NormalForm(NOWHERE)
    outside = Expectation(f(a * b) * Expectation(g(a * b), a), b)
    inside = Expectation(Expectation(f(a * b) * g(a * b), b), a)
    assert not form.is_zero(outside - inside)


def test_roots_of_unity_alone_have_a_cyclotomic_polynomial() -> None:
    form = NormalForm(NOWHERE)
    polynomials = {e: [form._minimal_polynomial(s, 2) for s in form.flatten(e).free_symbols] for e in (exp(I * pi * k), sqrt(q))}
    assert [1, 0, 0, 0, -1] in polynomials[exp(I * pi * k)]
    for e in (sqrt(q), exp(x), exp(I * x)):
        assert all(form._minimal_polynomial(s, 2) is None for s in form.flatten(e).free_symbols)


def test_an_equation_is_solved_for_what_stands_in_it_linearly() -> None:
    """√q = y² says what q is, but not by putting y² in the place of q; and y² + y = q says nothing of one value of y."""
    form = NormalForm(NOWHERE)
    for equation in (sqrt(q) - y**2, y**2 + y - x**2):
        flat = form.flatten(equation)
        assert form._solved(flat, None, [flat]) is None
    given = NormalForm(Facts((Eq(sqrt(q), y**2),)))
    assert not given.is_zero(sqrt(q) - sqrt(y**2))
    assert not given.is_zero(q - y**2)


# -- rules of equality ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("e", [sin(x), x**2 * exp(x), sqrt(1 + x**2) - 1])
def test_a_function_with_a_zero_is_constant_where_its_derivative_vanishes(e: Any) -> None:
    prover = Prover(None, time.monotonic() + 20)
    assert prover._constant_function(sp.atan(x) + sp.atan(1 / x) - pi / 2, Facts((x > 0,)), 0)
    assert prover._constant_function(e, NOWHERE, 0) is None


def test_an_integral_without_ends_has_no_value() -> None:
    assert Prover(lambda *_: [x**3 / 3], time.monotonic() + 20).value(Integral(x**2, (x, 0, 1)), NOWHERE)
    assert Prover(lambda *_: [x**3 / 3], time.monotonic() + 20).value(Integral(x**2, x), NOWHERE) is None
    with pytest.raises(NoNormalForm, match="without limits"):
        NormalForm(NOWHERE).flatten(Integral(f(x), x))


def test_a_statement_is_not_made_of_text() -> None:
    with pytest.raises(TypeError, match="text"):
        entries("x", x)


def test_a_matrix_of_symbolic_size_is_refused_in_words() -> None:
    A = sp.MatrixSymbol("A", m, m)
    with pytest.raises(ValueError, match="by its entries"):
        entries(A, A.T)


def test_gauss_asks_for_a_series_that_converges_at_one() -> None:
    assert NormalForm(Facts((x < 1,)))._gauss([Integer(1), x], Integer(2)) is not None
    assert NormalForm(Facts((x > 2,)))._gauss([Integer(1), Integer(1)], x) is not None
    assert NormalForm(Facts((x < -2,)))._gauss([Integer(-4), Integer(1)], x) is None  # there may be 1/0
    for upper in ([Integer(1), x], [Integer(1), Integer(1)], [sp.Rational(1, 2), sp.Rational(5, 2)]):
        assert NormalForm(NOWHERE)._gauss(upper, Integer(2)) is None
