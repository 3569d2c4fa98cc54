"""Refusals of the normal form: values that it must not give, each asked of the method that would give it."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Derivative, Function, Integer, Integral, KroneckerDelta, Subs, Sum, log, oo, symbols

from derivable.trusted.equality import _same
from derivable.trusted.errors import NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import NormalForm

x, y = symbols("x y", real=True)
q = symbols("q", positive=True)
k, c = symbols("k c", integer=True)
m = symbols("m", integer=True, nonnegative=True)
f, g = Function("f", real=True), Function("g", real=True)
NOWHERE = Facts(())


@pytest.mark.parametrize("zero", [log(2 * q) - log(q) - log(2), Derivative(x**2, x) - 2 * x])
def test_a_hidden_zero_has_no_inverse(zero: Any) -> None:
    with pytest.raises(NoNormalForm, match="zero"):
        NormalForm(NOWHERE).flatten(1 / zero)


def test_a_derivative_of_symbolic_order_has_no_value_at_a_point() -> None:
    with pytest.raises(NoNormalForm, match="symbolic order"):
        NormalForm(NOWHERE).flatten(Subs(Derivative(f(y), (y, m)), y, 0))


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
