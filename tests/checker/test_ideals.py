"""What polynomial equations among the hypotheses imply, and what they do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Eq, I, Ne, Rational, cos, exp, log, sin, sqrt, tan

from derivable import equal
from derivable.search.cofactors import cofactors
from derivable.search.propose import propose
from derivable.trusted.facts import Facts
from derivable.trusted.ideals import by_ideal

a, b, c, d, w, z = sp.symbols("a b c d w z")
x, y = sp.symbols("x y", real=True)
p, q, r = sp.symbols("p q r", positive=True)
k = sp.Symbol("k", integer=True)
L = sp.Symbol("L", integer=True, positive=True)
WAVES = sp.Sum(z**k, (k, 0, L - 1))


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (w**2 + w + 1, 0, (Eq(w**3, 1), Ne(w, 1))),
        (w + w**2 + w**3 + w**4, -1, (Eq(w**5, 1), Ne(w, 1))),
        ((1 - w + w**2) * (1 + w - w**2), 4, (Eq(w**2 + w + 1, 0),)),
        (WAVES, 0, (Eq(z**L, 1), Ne(z, 1))),
        (x**5, 5 * x + 3, (Eq(x**2, x + 1),)),
        (1 / x, x - 1, (Eq(x**2, x + 1),)),
        (a**3 + 1 / a**3, 18, (Eq(a + 1 / a, 3),)),
        (a * b, 1, (Eq(a**2 + b**2, 2), Eq(a + b, 2))),
        (a**2 + b**2 + c**2, 14, (Eq(a + b + c, 6), Eq(a * b + b * c + c * a, 11))),
        ((a + c) / (b + d), a / b, (Eq(a * d, b * c),)),
        (sin(x) ** 2, Rational(1, 2), (Eq(sin(x), cos(x)),)),
        (tan(x), 1, (Eq(sin(x), cos(x)),)),
        (p, q, (Eq(p**2, q**2),)),
        (a, b, (Eq(a**2 + b**2, 2 * a * b),)),  # a power of the difference
        (x, 0, (Eq(x**2 + y**2, 0),)),
        (x, y, (Eq(x**3, y**3),)),
        (x, y, (Eq(exp(x), exp(y)),)),
        (a, b, (Eq(log(a), log(b)),)),
        (a, b, (Eq(sqrt(a), sqrt(b)),)),
        (p, q, (Eq(p ** Rational(3, 2), q ** Rational(3, 2)),)),
        (x, log(2), (Eq(exp(x), 2),)),
        (1 / (1 + exp(-x)), p, (Eq(x, log(p / (1 - p))), p < 1)),
    ],
)
def test_what_equations_imply_is_proved(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    assert equal(lhs, rhs, where=where).verdict == "proved"


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (w, 1, (Eq(w**3, 1),)),
        (w**2 + w + 1, 0, (Eq(w**3, 1),)),
        (WAVES, L, (Eq(z**L, 1),)),
        (w, I, (Eq(w**2 + 1, 0),)),
        (x, y, (Eq(x**2, y**2),)),
        (a, b, (Eq(a**3, b**3),)),
        (sin(x), 1, (Eq(cos(x), 0),)),
        (x, y, (Eq(sin(x), sin(y)),)),
        (x, y, (Eq(sp.cosh(x), sp.cosh(y)),)),
        (a**2 + b**2 + c**2, 13, (Eq(a + b + c, 6), Eq(a * b + b * c + c * a, 11))),
        (a * b, 1, (Eq(a**2 + b**2, 3), Eq(a + b, 2))),
    ],
)
def test_what_they_do_not_imply_is_refuted(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    assert equal(lhs, rhs, where=where).verdict == "refuted"


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (a, b, (Eq(exp(a), exp(b)),)),
        (a, log(2), (Eq(exp(a), 2),)),
        (a, b, (Eq(a ** Rational(3, 2), b ** Rational(3, 2)),)),
        (x, y, (Eq(sp.Abs(x), sp.Abs(y)),)),
        (sqrt(a), b, (Eq(a, b**2),)),
        (a + b, 0, (Eq(a**2 + b**2, 0),)),
    ],
)
def test_functions_that_are_not_injective_are_not_undone(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    assert equal(lhs, rhs, where=where).verdict != "proved"


def test_a_combination_is_checked_and_not_believed() -> None:
    facts = Facts((Eq(a**2, b),))

    def wrong(kind: str, expression: Any, variable: Any) -> Iterator[Any]:
        for power, factors in propose(kind, expression, variable):
            yield power, [{e: (2 * n, m) for e, (n, m) in factor.items()} for factor in factors]

    assert by_ideal(a**4 - b**2, facts, propose) is not None
    assert by_ideal(a**4 - b**2, facts, wrong) is None
    assert by_ideal(a**4 - b**2, facts, lambda *_: iter(())) is None
    assert by_ideal(a**4 - b, facts, propose) is None
    assert by_ideal(a**4 - b**2, Facts(()), propose) is None


def test_a_factor_is_dropped_only_where_it_cannot_vanish() -> None:
    assert by_ideal(a - b, Facts((Eq(c * a, c * b), Ne(c, 0))), propose) is not None
    assert by_ideal(a - b, Facts((Eq(c * a, c * b),)), propose) is None
    assert by_ideal(p * a - p * b, Facts((Eq(p**2 * a, p**2 * b),)), propose) is not None
    assert by_ideal(x - y, Facts((Eq(x**2 * (x - y), 0),)), propose) is None


SMALL = st.integers(-3, 3)
POLYNOMIAL = st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 2)), SMALL.filter(bool), min_size=1, max_size=3)


@settings(max_examples=40, deadline=None)
@given(POLYNOMIAL, POLYNOMIAL, POLYNOMIAL, POLYNOMIAL)
def test_a_combination_of_polynomials_is_found(f: Any, g: Any, u: Any, v: Any) -> None:
    one, two, by_one, by_two = (sp.Poly(h, a, b, domain=sp.QQ) for h in (f, g, u, v))
    target = one * by_one + two * by_two
    sparse = [{m: (int(n.p), int(n.q)) for m, n in h.terms() if n} for h in (target, one, two)]
    found = next(cofactors(sparse[0], sparse[1:], 2), None)
    assert found is not None
    power, factors = found
    rebuilt = [sp.Poly({m: Rational(*n) for m, n in factor.items()} or {(0, 0): 0}, a, b) for factor in factors]
    assert (target**power - rebuilt[0] * one - rebuilt[1] * two).is_zero


def test_what_is_no_combination_is_not_found() -> None:
    line, circle = {(1, 0): (1, 1), (0, 1): (1, 1)}, {(2, 0): (1, 1), (0, 2): (1, 1), (0, 0): (-1, 1)}
    assert next(cofactors({(1, 0): (1, 1)}, [line, circle], 2), None) is None
    assert next(cofactors({(2, 0): (2, 1), (0, 0): (-1, 1)}, [line, circle], 2), None) is not None
    assert next(cofactors({(1, 0): (1, 1)}, [], 2), None) is None
