"""Products of two classical polynomials of symbolic degrees under their own weight, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import chebyshevt, chebyshevu, exp, factorial, hermite, laguerre, legendre, oo, pi, sqrt, symbols

from derivable import equal
from derivable.trusted.facts import Facts
from derivable.trusted.known_integrals import known_integral

x, c = symbols("x c", real=True)
N, M = symbols("N M", integer=True, nonnegative=True)
n = symbols("n", integer=True, positive=True)
K = symbols("K", integer=True)
APART = (sp.Ne(N, M),)

VALUES: dict[str, tuple[Any, Any, Any, Any, tuple[Any, ...]]] = {
    "Legendre": (c * legendre(N, x) ** 2, -1, 1, 2 * c / (2 * N + 1), ()),
    "Legendre, neighbours": (legendre(N, x) * legendre(N + 1, x), -1, 1, 0, ()),
    "Legendre, other degrees": (legendre(N, x) * legendre(M, x), -1, 1, 0, APART),
    "Hermite": (hermite(N, x) ** 2 * exp(-(x**2)), -oo, oo, sqrt(pi) * 2**N * factorial(N), ()),
    "Hermite, other degrees": (hermite(N, x) * hermite(M, x) * exp(-(x**2)), -oo, oo, 0, APART),
    "Laguerre": (laguerre(N, x) ** 2 * exp(-x), 0, oo, 1, ()),
    "Chebyshev": (chebyshevt(n, x) ** 2 / sqrt(1 - x**2), -1, 1, pi / 2, ()),
    "Chebyshev, second kind": (chebyshevu(N, x) ** 2 * sqrt(1 - x**2), -1, 1, pi / 2, ()),
}
LEFT: dict[str, tuple[Any, Any, Any, tuple[Any, ...]]] = {
    "degrees that may be equal": (legendre(N, x) * legendre(M, x), -1, 1, ()),
    "a degree that may be negative": (legendre(K, x) ** 2, -1, 1, ()),
    "Chebyshev of degree zero": (chebyshevt(N, x) ** 2 / sqrt(1 - x**2), -1, 1, ()),
    "half the range": (legendre(N, x) * legendre(N + 1, x), 0, 1, ()),
    "another argument": (legendre(N, x / 2) ** 2, -1, 1, ()),
    "the weight of probabilists": (hermite(N, x) ** 2 * exp(-(x**2) / 2), -oo, oo, ()),
    "no weight": (chebyshevu(N, x) ** 2, -1, 1, ()),
    "a further factor": (x**2 * legendre(N, x) ** 2, -1, 1, ()),
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
