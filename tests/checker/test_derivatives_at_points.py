"""Derivatives by f(x) and f'(x): the chain rule as SymPy writes it, and the calculus of variations."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Derivative, Function, Subs, diff

from derivable import equal
from derivable.trusted.heads import at_points

x, t = sp.symbols("x t", real=True)
z = sp.Symbol("z")
m, w = sp.symbols("m omega", positive=True)
f, g, h = (Function(name) for name in "fgh")
lagrangian = m * diff(g(x), x) ** 2 / 2 - m * w**2 * g(x) ** 2 / 2
euler_lagrange = Derivative(Derivative(lagrangian, diff(g(x), x)), x) - Derivative(lagrangian, g(x))


def slope(function: Any, point: Any, order: int = 1) -> Any:
    return Subs(diff(function(t), t, order), t, point)


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        pytest.param(diff(f(g(x)), x), Derivative(f(g(x)), g(x)) * diff(g(x), x), id="once"),
        pytest.param(
            diff(f(g(z)), z, 2),
            slope(f, g(z), 2) * diff(g(z), z) ** 2 + slope(f, g(z)) * diff(g(z), z, 2),
            id="twice, of a complex variable",
        ),
        pytest.param(diff(f(g(h(x))), x), slope(f, g(h(x))) * slope(g, h(x)) * diff(h(x), x), id="three functions"),
        pytest.param(euler_lagrange, m * diff(g(x), x, 2) + m * w**2 * g(x), id="Euler and Lagrange"),
        pytest.param(Derivative(g(x) ** 2 + diff(g(x), x) ** 2, g(x)), 2 * g(x), id="the derivative is kept fixed"),
    ],
)
def test_derivatives_by_functions_are_proved(lhs: Any, rhs: Any) -> None:
    assert equal(lhs, rhs).verdict == "proved"


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        pytest.param(diff(f(g(x)), x, 2), slope(f, g(x), 2) * diff(g(x), x) + slope(f, g(x)) * diff(g(x), x, 2), id="a square"),
        pytest.param(euler_lagrange, m * diff(g(x), x, 2) - m * w**2 * g(x), id="a sign"),
    ],
)
def test_wrong_ones_are_refuted(lhs: Any, rhs: Any) -> None:
    assert equal(lhs, rhs).verdict == "refuted"


def test_what_an_integral_holds_is_left_as_it_is() -> None:
    e = Derivative(sp.Integral(g(x) * t, (t, 0, 1)) + g(x), g(x), evaluate=False)
    assert at_points(e) == e


def test_other_derivatives_are_left_as_they_are() -> None:
    e = diff(f(x), x) + Derivative(f(x), (x, sp.Symbol("n", integer=True, positive=True)))
    assert at_points(e) == e


def test_coordinates_of_a_point_are_variables() -> None:
    point = sp.IndexedBase("y", shape=(sp.Symbol("d", integer=True, positive=True),))
    e = Derivative(Function("p")(t, point), point[1])
    assert at_points(e) == e
    assert equal(e, 0).verdict != "proved"


def test_a_derivative_that_holds_the_function_is_left_as_it_is() -> None:
    e = Derivative(g(x) * Derivative(f(g(x)), x, evaluate=False), g(x), evaluate=False)
    assert at_points(e) == e
    assert equal(e, Derivative(f(g(x)), x)).verdict != "proved"  # f'(g) g' holds g too
