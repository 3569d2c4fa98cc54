"""Which products of integers and rational numbers are integers: SymPy's rule, mended where it goes by the powers of 2 alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Eq, Mod, Piecewise, floor, symbols

from derivable.trusted.integer_products import SYMPY_RULE

x, y = symbols("x y", real=True)
n, m = symbols("n m", integer=True)
P = symbols("P", integer=True, positive=True)
e = symbols("e", even=True)
o = symbols("o", odd=True)
VALUES: dict[Any, tuple[int, ...]] = {
    n: (-3, 0, 2, 5),
    m: (-4, 1, 6),
    P: (1, 2, 3),
    e: (-6, -2, 0, 2, 4, 10),
    o: (-5, -1, 1, 3, 15),
}


@pytest.mark.parametrize("product", [e / 10, 2**P / 6, 5 * e**2 * n / 6, e * o / 10, e / 5, 2 * e / 3, 2**P * e**3 / 3], ids=str)
def test_nothing_is_said_of_what_may_or_may_not_be_an_integer(product: Any) -> None:
    assert product.is_integer is None
    assert SYMPY_RULE(product) is not None


@pytest.mark.parametrize("product", [e / 2, 2**P / 2, n * e / 2, e * 2**P / 4, -3 * e**2 / 4, n * m], ids=str)
def test_integers_are_known(product: Any) -> None:
    assert product.is_integer


@pytest.mark.parametrize("product", [o / 2, 3 * o / 10, 1 / (P + 1), o * sp.Rational(1, 4)], ids=str)
def test_fractions_are_known(product: Any) -> None:
    assert product.is_integer is False


FACTORS = st.lists(st.sampled_from((n, m, P, e, o, 2**P, 3**P, 6**P, e**2, o**P, 1 / P, 1 / (2 * P + 1), 1 / o)), max_size=3)


@given(FACTORS, st.sampled_from((1, -1, 2, 3, 4, 6)), st.integers(1, 12), st.data())
@settings(max_examples=300, deadline=None)
def test_what_is_said_holds_at_all_values(factors: list[Any], above: int, below: int, data: Any) -> None:
    product = sp.Mul(sp.Rational(above, below), *factors)
    value = product.subs({s: data.draw(st.sampled_from(VALUES[s])) for s in sorted(product.free_symbols, key=str)})
    assert product.is_integer in (None, bool(value.is_Integer))


def kept(u: Any) -> Any:
    return floor(u, evaluate=False)


FALSE: dict[str, tuple[Any, ...]] = {
    "a value put in by a hypothesis": (kept(n * e / 10) * n, e / 10, Eq(n, 1)),
    "a hypothesis with a value put in": (y * n, n * e / 10, Eq(n, 1), Eq(y, kept(n * e / 10))),
    "a case": (Piecewise((kept(n * e / 10), Eq(n, 1)), (n * e / 10, True)), n * e / 10),
    "a hypothesis at integers": ((y - 2**P * x / 6) * (1 + floor(x) + floor(-x)), 0, Eq(y, kept(x * 2**P / 6))),
    "remainders": (Mod(n * e, 10, evaluate=False) * n, 0, Eq(n, 1)),
}


@pytest.mark.parametrize("name", FALSE)
def test_statements_that_rest_on_the_wrong_conclusion_fall(name: str, falls: Callable[..., None]) -> None:
    falls(*FALSE[name])
