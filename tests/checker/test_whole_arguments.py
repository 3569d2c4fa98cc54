"""Functions of the gamma family at fractions of a variable, and Chebyshev polynomials inside one another."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import chebyshevt, cos, gamma, rf

from derivable import equal
from derivable.trusted.facts import Facts
from derivable.trusted.whole_arguments import GAMMA_FAMILY, in_whole_arguments

z, x = sp.symbols("z x")
t = sp.Symbol("t", real=True)
n, m = sp.symbols("n m", integer=True, nonnegative=True)


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        pytest.param(rf(z, 2 * n), 4**n * rf(z / 2, n) * rf((z + 1) / 2, n), id="rising factorial, twice"),
        pytest.param(rf(z, 3 * n), 27**n * rf(z / 3, n) * rf((z + 1) / 3, n) * rf((z + 2) / 3, n), id="thrice"),
        pytest.param(gamma(z) * 2 ** (1 - z) * sp.sqrt(sp.pi), gamma(z / 2) * gamma((z + 1) / 2), id="Legendre, halved"),
        pytest.param(chebyshevt(n, chebyshevt(m, x)), chebyshevt(n * m, x), id="Chebyshev polynomials, one in the other"),
        pytest.param(chebyshevt(n, chebyshevt(m, cos(t))), cos(n * m * t), id="of a cosine"),
    ],
)
def test_multiples_of_arguments(lhs: Any, rhs: Any) -> None:
    assert equal(lhs, rhs).verdict == "proved"


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        pytest.param(rf(z, 2 * n), 2**n * rf(z / 2, n) * rf((z + 1) / 2, n), id="the power"),
        pytest.param(chebyshevt(n, chebyshevt(m, x)), chebyshevt(n + m, x), id="the degree"),
    ],
)
def test_wrong_multiples_are_refuted(lhs: Any, rhs: Any) -> None:
    assert equal(lhs, rhs).verdict == "refuted"


def test_only_what_takes_all_values_is_multiplied() -> None:
    facts = Facts(())
    assert in_whole_arguments(gamma(z / 2) + gamma(z / 3), facts, GAMMA_FAMILY) == gamma(3 * z) + gamma(2 * z)
    assert in_whole_arguments(gamma(n / 2), facts, GAMMA_FAMILY) == gamma(n / 2)
    assert in_whole_arguments(gamma(t / 2), Facts((t > 1,)), GAMMA_FAMILY) == gamma(t / 2)
    bound = sp.Integral(gamma(t / 2), (t, 1, 2))
    assert in_whole_arguments(bound, facts, GAMMA_FAMILY) == bound
