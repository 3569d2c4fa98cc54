"""Products of two classical polynomials of symbolic degrees under their own weight, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import (
    assoc_laguerre,
    chebyshevt,
    chebyshevu,
    exp,
    factorial,
    gegenbauer,
    hermite,
    laguerre,
    legendre,
    oo,
    pi,
    sqrt,
    symbols,
)

from derivable import equal
from derivable.trusted.facts import Facts
from derivable.trusted.known_integrals import known_integral
from derivable.trusted.normal_form import vanishes_identically

x, c = symbols("x c", real=True)
a = symbols("a", positive=True)
N, M = symbols("N M", integer=True, nonnegative=True)
n = symbols("n", integer=True, positive=True)
K = symbols("K", integer=True)
APART = (sp.Ne(N, M),)
delta = sp.KroneckerDelta

VALUES: dict[str, tuple[Any, Any, Any, Any, tuple[Any, ...]]] = {
    "Legendre": (c * legendre(N, x) ** 2, -1, 1, 2 * c / (2 * N + 1), ()),
    "Legendre, neighbours": (legendre(N, x) * legendre(N + 1, x), -1, 1, 0, ()),
    "Legendre, other degrees": (legendre(N, x) * legendre(M, x), -1, 1, 0, APART),
    "Hermite": (hermite(N, x) ** 2 * exp(-(x**2)), -oo, oo, sqrt(pi) * 2**N * factorial(N), ()),
    "Hermite, other degrees": (hermite(N, x) * hermite(M, x) * exp(-(x**2)), -oo, oo, 0, APART),
    "Laguerre": (laguerre(N, x) ** 2 * exp(-x), 0, oo, 1, ()),
    "Chebyshev": (chebyshevt(n, x) ** 2 / sqrt(1 - x**2), -1, 1, pi / 2, ()),
    "Chebyshev, second kind": (chebyshevu(N, x) ** 2 * sqrt(1 - x**2), -1, 1, pi / 2, ()),
    "a power of the variable": (x * legendre(N, x) * legendre(N + 1, x), -1, 1, 2 * (N + 1) / ((2 * N + 1) * (2 * N + 3)), ()),
    "a second power": (
        x**2 * hermite(N + 2, x) ** 2 * exp(-(x**2)), -oo, oo, sqrt(pi) * 2 ** (N + 1) * (2 * N + 5) * factorial(N + 2), (),
    ),
    "a polynomial": ((1 - x) * laguerre(n, x) ** 2 * exp(-x), 0, oo, -2 * n, ()),
    "a polynomial of a lower degree": ((x**2 + c) * legendre(N + 3, x), -1, 1, 0, ()),
    "one alone": (legendre(n, x), -1, 1, 0, ()),
    "degrees that may be equal": (legendre(N, x) * legendre(M, x), -1, 1, 2 * delta(N, M) / (2 * N + 1), ()),
    "one alone of a degree that may be zero": (legendre(N, x), -1, 1, 2 * delta(N, 0) / (2 * N + 1), ()),
    "a degree that may be one less": (
        x * legendre(N, x) * legendre(n, x), -1, 1,
        2 * n * delta(N, n - 1) / ((2 * n - 1) * (2 * n + 1)) + 2 * (n + 1) * delta(N, n + 1) / ((2 * n + 1) * (2 * n + 3)), (),
    ),
    "another range": (legendre(N, 2 * x - 1) ** 2, 0, 1, 1 / (2 * N + 1), ()),
    "another range, backwards": (x * legendre(n, 1 - 2 * x) ** 2, 0, 1, 1 / (2 * (2 * n + 1)), ()),
    "another scale": (laguerre(N, 3 * x) * laguerre(M, 3 * x) * exp(-3 * x), 0, oo, delta(N, M) / 3, ()),
    "another place": (hermite(N, x - 1) ** 2 * exp(-((x - 1) ** 2)), -oo, oo, sqrt(pi) * 2**N * factorial(N), ()),
}  # fmt: skip
LEFT: dict[str, tuple[Any, Any, Any, tuple[Any, ...]]] = {
    "a degree that may be negative": (legendre(K, x) ** 2, -1, 1, ()),
    "Chebyshev of degree zero": (chebyshevt(N, x) ** 2 / sqrt(1 - x**2), -1, 1, ()),
    "half the range": (legendre(N, x) * legendre(N + 1, x), 0, 1, ()),
    "the weight of probabilists": (hermite(N, x) ** 2 * exp(-(x**2) / 2), -oo, oo, ()),
    "no weight": (chebyshevu(N, x) ** 2, -1, 1, ()),
    "a further factor": (x**2 * legendre(N, x) ** 2, -1, 1, ()),
    "a pole beside two": (legendre(N, x) ** 2 / (x - 2), -1, 1, ()),
    "a root beside two": (sqrt(x + 2) * legendre(N, x) ** 2, -1, 1, ()),
    "another argument on the old range": (legendre(N, x / 2) ** 2, -1, 1, ()),
    "the range of a line that is off": (legendre(N, 2 * x - 1) ** 2, -1, 1, ()),
    "a square": (legendre(N, x**2) ** 2, -1, 1, ()),
    "a slope without a sign": (legendre(N, c * x) ** 2, -1 / c, 1 / c, ()),
    "two arguments": (legendre(N, x) * legendre(N, x / 2), -1, 1, ()),
    "a weight of another scale": (laguerre(N, 3 * x) ** 2 * exp(-x), 0, oo, ()),
    "two families": (legendre(N, x) * chebyshevu(N, x), -1, 1, ()),
}


@pytest.mark.parametrize("name", VALUES)
def test_value(name: str) -> None:
    f, low, high, value, where = VALUES[name]
    found = known_integral(f, x, sp.sympify(low), sp.sympify(high), Facts(where))
    assert found is not None
    assert sp.expand(found[0] - value) == 0
    for degrees in ({N: 2, M: 3, n: 2}, {N: 0, M: 1, n: 1}):
        g = sp.expand_func(f.subs(degrees))
        exact = sp.integrate(sp.expand(g), (x, low, high))
        assert sp.simplify(exact - sp.sympify(value).subs(degrees)) == 0


@pytest.mark.parametrize("name", LEFT)
def test_no_value(name: str) -> None:
    f, low, high, where = LEFT[name]
    found = known_integral(f, x, sp.sympify(low), sp.sympify(high), Facts(where))
    assert found is None or found[1] != "orthogonality"


def test_decided() -> None:
    assert str(equal(sp.Integral(legendre(N, x) ** 2, (x, -1, 1)), 2 / (2 * N + 1)).verdict) == "proved"
    assert str(equal(sp.Integral(legendre(N, x) ** 2, (x, -1, 1)), 1 / (2 * N + 1)).verdict) == "refuted"


PARAMETERS: dict[str, tuple[Any, Any]] = {
    "Laguerre's equation, derivatives by SymPy": (
        x * laguerre(N, x).diff(x, 2) + (1 - x) * laguerre(N, x).diff(x) + N * laguerre(N, x), 0,
    ),
    "associated Laguerre": (assoc_laguerre(N, a, x), assoc_laguerre(N, a + 1, x) - assoc_laguerre(N - 1, a + 1, x)),
    "parameters that differ by many": (
        assoc_laguerre(N, a + 6, x), assoc_laguerre(N, a + 7, x) - assoc_laguerre(N - 1, a + 7, x),
    ),
    "Gegenbauer's equation": (
        (1 - x**2) * gegenbauer(N, a, x).diff(x, 2) - (2 * a + 1) * x * gegenbauer(N, a, x).diff(x)
        + N * (N + 2 * a) * gegenbauer(N, a, x), 0,
    ),
    "Gegenbauer and Legendre": (gegenbauer(N, sp.Rational(3, 2), x), sp.Derivative(legendre(N + 1, x), x)),
    "Gegenbauer and Chebyshev": (2 * gegenbauer(N, 2, x), sp.Derivative(chebyshevu(N + 1, x), x)),
}  # fmt: skip
OTHERS: dict[str, tuple[Any, Any]] = {
    "associated Laguerre, the other sign": (
        assoc_laguerre(N, a, x), assoc_laguerre(N, a + 1, x) + assoc_laguerre(N - 1, a + 1, x),
    ),
    "Gegenbauer and Legendre, another degree": (gegenbauer(N, sp.Rational(3, 2), x), sp.Derivative(legendre(N, x), x)),
    "a parameter that is no integer away": (assoc_laguerre(N, a, x), assoc_laguerre(N, a + sp.Rational(1, 2), x)),
}  # fmt: skip


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters_that_differ_by_an_integer_are_one(name: str) -> None:
    assert vanishes_identically(sp.sympify(PARAMETERS[name][0]) - PARAMETERS[name][1], Facts(()))


@pytest.mark.parametrize("name", OTHERS)
def test_wrong_relations_of_parameters_are_none(name: str) -> None:
    assert not vanishes_identically(OTHERS[name][0] - OTHERS[name][1], Facts(()))


def test_nothing_is_divided_by_a_variable_that_a_hypothesis_makes_zero() -> None:
    """At x = 0, L_N^(1) = N + 1 and no multiple of 1/x."""
    at_zero = Facts((sp.Eq(x, 0),))
    assert not vanishes_identically(assoc_laguerre(N, 1, x) - N, at_zero)


def test_a_sum_of_polynomials_is_one_with_the_next_parameter() -> None:
    total = sp.Sum(assoc_laguerre(K, a, x), (K, 0, N))
    assert equal(total, assoc_laguerre(N, a + 1, x)).verdict == "proved"
    assert equal(total, assoc_laguerre(N, a, x)).verdict == "refuted"
