"""The points at which a statement is attacked: they satisfy what is assumed, and lie where false statements fail."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derivable import at_most, equal
from derivable.trusted.laws import admissible
from derivable.trusted.sampling import Attack, draw

a, b, c, k = sp.symbols("a b c k", integer=True, nonnegative=True)
D, N, q = sp.symbols("D N q", positive=True)
x, y = sp.symbols("x y", real=True)
n = sp.Symbol("n", integer=True, positive=True)
ROOTS = 2 + sp.sqrt(1 + 4 * sp.sqrt(N)) + 2 * sp.sqrt(N)
KINDS = [{}, {"real": True}, {"positive": True}, {"negative": True}, {"nonpositive": True}, {"nonzero": True, "real": True}]
KINDS += [{"integer": True, **kind} for kind in KINDS[2:]]
KINDS += [{"even": True}, {"odd": True, "positive": True}, {"prime": True}, {"rational": True}, {"imaginary": True}]


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        pytest.param(2 * sp.sqrt(4 + k), 3 + b + k, (), id="only where all symbols are zero"),
        pytest.param(0, x * (x + 1), (), id="between two integers"),
        pytest.param(q**2 - D, 4 * q - 1, (q >= sp.sqrt(D), q < sp.sqrt(D) + 2), id="only for small values"),
        pytest.param(q, 15, (), id="only for large values"),
        pytest.param(sp.harmonic(n), 5, (), id="from 83 on"),
        pytest.param(ROOTS, a + b + c - 1, (a + b >= ROOTS,), id="on the irrational edge of a hypothesis"),
        pytest.param(sp.Integer(262537412640768744), sp.exp(sp.sqrt(163) * sp.pi), (), id="a number, in the thirtieth digit"),
    ],
)
def test_a_false_bound_is_refuted_where_it_fails(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    decision = at_most(lhs, rhs, where=where)
    assert decision.verdict == "refuted"
    assert decision.counterexample is not None
    assert decision.counterexample.rigorous


def test_functions_under_an_integral_between_numbers_get_concrete_instances() -> None:
    f, g = (sp.Function(name, real=True) for name in "fg")
    whole = sp.Integral(f(x) * g(x).diff(x), (x, 0, 1))
    rest = sp.Integral(g(x) * f(x).diff(x), (x, 0, 1))
    assert equal(whole, -rest).verdict == "refuted"
    assert equal(whole, f(1) * g(1) - f(0) * g(0) - rest).verdict == "proved"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KINDS), st.sampled_from(KINDS), st.integers(0, 5), st.booleans())
def test_every_point_is_admissible(first: Any, second: Any, seed: int, bounded: bool) -> None:
    u, v = sp.Symbol("u", **first), sp.Symbol("v", **second)
    where = (u >= sp.sqrt(2),) if bounded and u.is_extended_real and not u.is_nonpositive else ()
    for point in islice(draw((u + v, u * v), where, {}, seed, Attack()), 40):
        assert all(admissible(s, point.values[s]) for s in (u, v))
        assert not where or point.evaluator.holds(where[0])


def test_among_the_first_points_are_the_least_one_and_small_and_large_ones() -> None:
    values = [abs(point.values[x]) for point in islice(draw((x * y * n,), (), {}, 0, Attack()), 12)]
    assert 0 in values
    assert any(0 < 50 * v < 1 for v in values)
    assert any(v > 15 for v in values)
    assert any(point.values[n] > 30 for point in islice(draw((x + n,), (), {}, 0, Attack()), 12))
    summed = sp.Sum(x**k, (k, 1, n))
    assert all(point.values[n] <= 30 for point in islice(draw((summed,), (), {}, 0, Attack()), 12))
