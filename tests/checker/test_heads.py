"""What is bound and what occurs free; of bound variables nothing is assumed that their range does not say."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import Function, Integral, Limit, Sum, oo, pi, sin, symbols

from derivable import Expectation, Partial, SpaceIntegral
from derivable.trusted.heads import captures, is_constant, occurs, renamed, standard, variables_of

t, y, eps = symbols("t y eps", real=True)
p = symbols("p", positive=True)
i = symbols("i", integer=True)
j = symbols("j", integer=True, positive=True)
n, d = symbols("n d", integer=True, positive=True)
x = sp.IndexedBase("x", shape=(d,))
F = Function("F")
MEAN = Expectation(eps**2 * y, eps)
VOLUME = SpaceIntegral(F(x[1], y), x)


def test_what_a_mean_binds_does_not_occur_in_it() -> None:
    assert not occurs(eps, MEAN)
    assert not occurs(x, VOLUME)
    assert not occurs(x[1], VOLUME)
    assert not occurs(eps, 2 * MEAN + t)
    assert occurs(y, MEAN)
    assert occurs(y, VOLUME)


def test_it_occurs_where_it_stands_beside_that_mean() -> None:
    for e in (eps + MEAN, eps * MEAN, Expectation(eps * t, t) + MEAN, F(MEAN, eps)):
        assert occurs(eps, e), e
    for e in (x[1] + VOLUME, F(x[2]) * VOLUME):
        assert occurs(x, e), e
    assert occurs(x[1], x[1] * VOLUME)


def test_what_a_mean_binds_is_captured_by_it() -> None:
    assert captures(1 + MEAN, (t, eps))
    assert captures(VOLUME, (x[1] ** 2,))
    assert not captures(MEAN, (t, y))
    assert not captures(MEAN, (MEAN,))
    assert not captures(eps, (eps,))


def test_a_variable_is_neither_bound_nor_the_name_of_a_sequence() -> None:
    assert variables_of(x[1] + y + Expectation(eps * t, eps)) == [d, t, y]  # d is the dimension of x


def test_a_constant_is_one_number() -> None:
    assert is_constant(sp.sqrt(2) + Sum(1 / j**2, (j, 1, oo)))
    for e in (t, 2 * t + 1, F(1), Expectation(eps, eps)):
        assert not is_constant(e), e


def test_a_new_name_keeps_of_a_bound_variable_what_its_range_says() -> None:
    (index, *_), (variable, *_) = renamed(Sum(F(j), (j, -3, n))).limits[0], renamed(Integral(F(p), (p, -3, n))).limits[0]
    assert index.is_integer
    assert index.is_positive is None
    assert variable.is_real
    assert variable.is_integer is None
    assert variable.is_positive is None
    assert renamed(Limit(F(p), p, 0)).args[1].is_positive  # it comes from that side alone


def test_equal_ranges_have_one_name_for_their_variable() -> None:
    assert standard(Sum(F(j), (j, 1, n))) == standard(Sum(F(i), (i, 1, n)))
    assert standard(Integral(F(t), (t, 0, 1))) == standard(Integral(F(p), (p, 0, 1)))
    assert standard(Integral(sin(pi * t), (t, 0, 1))).args[0] != 0  # as it would be at integers
    assert len(set(standard(Sum(F(i, j), (i, 1, j), (j, 1, n))).variables)) == 2


def test_an_operator_on_a_point_is_refused_for_what_is_none() -> None:
    with pytest.raises(TypeError, match="point"):
        Partial(t**2, t, 1)
    with pytest.raises(TypeError, match="variable"):
        Expectation(t**2, t + 1)
