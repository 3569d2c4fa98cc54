"""A statement reaches the process that decides it as it was written, or not at all."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Function, Indexed, IndexedBase, MatrixSymbol, Symbol, symbols

import derivable
from derivable.portable import LARGEST, NotPortable, carried, read

x, y = symbols("x y", real=True)
z = Symbol("z")
n = Symbol("n", integer=True)
f = Function("f")

UNEVALUATED = {
    "a sum of equal terms": sp.Add(x, x, evaluate=False),
    "a product with zero": sp.Mul(0, 1 / x, evaluate=False),
    "a root of a square": sp.Pow(sp.Pow(z, 2, evaluate=False), sp.Rational(1, 2), evaluate=False),
    "a power of zero": sp.Pow(0, 0, evaluate=False),
    "a sine": sp.sin(sp.pi, evaluate=False),
    "a floor": sp.floor(sp.Rational(1, 2), evaluate=False),
    "a remainder": sp.Mod(7, 3, evaluate=False),
    "a relation": sp.Eq(x, x, evaluate=False),
    "a logarithm of a power": sp.log(sp.exp(z, evaluate=False), evaluate=False),
    "a largest of equals": sp.Max(x, x, evaluate=False),
}
EVALUATED = {
    "an integral": sp.Integral(sp.exp(-(x**2)) * f(x), (x, 0, sp.oo)),
    "a sum": sp.Sum(Indexed("a", n), (n, 1, 5)),
    "an element of a real base": IndexedBase("a", real=True)[n],
    "a limit": sp.Limit(sp.sin(z) / z, z, 0, "-"),
    "a derivative at a point": sp.Subs(f(z).diff(z), z, 1),
    "a positive function": Function("g", positive=True)(x),
    "a fresh variable": sp.Dummy("u", real=True) + 1,
    "cases": sp.Piecewise((x, x > 0), (f(x), True)),
    "a matrix": sp.ImmutableMatrix([[x, 1], [z, f(x)]]),
    "a mutable matrix": sp.Matrix([[x, 1], [z, f(x)]]),
    "an empty matrix": sp.zeros(0, 3),
    "a matrix of symbolic size": MatrixSymbol("A", n, n) * MatrixSymbol("B", n, n),
    "a letter that does not commute": Symbol("P", commutative=False) * Symbol("Q", commutative=False),
    "a polynomial": sp.Poly(z**2 + 1, z),
    "a root of a polynomial": sp.CRootOf(z**5 - z + 1, 0),
    "an order": sp.O(z**2),
    "a tensor": sp.Array([[1, x], [y, 2]]),
    "a lambda": sp.Lambda(x, x**2),
    "a number of many digits": sp.Float("1.23456789012345678901234567890", 30),
    "not a number": sp.nan,
}


@pytest.mark.parametrize("name", [*UNEVALUATED, *EVALUATED])
def test_an_expression_comes_back_node_for_node(name: str) -> None:
    there = {**UNEVALUATED, **EVALUATED}[name]
    back = read(carried(there))
    assert type(back) == type(there)  # noqa: E721  two classes of one undefined function are equal
    assert back == there
    assert sp.srepr(back) == sp.srepr(there)
    if isinstance(there, sp.Basic):
        assert hash(back) == hash(there)
        assert back.args == there.args
        assert back.free_symbols == there.free_symbols


LEAVES = st.sampled_from([x, y, z, n, sp.pi, sp.I, sp.Integer(-1), sp.Integer(2), sp.Rational(1, 2), f(z)])


def larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Unevaluated sums, products, powers and functions of smaller expressions."""
    return st.one_of(
        st.tuples(inner, inner).map(lambda ab: sp.Add(*ab, evaluate=False)),
        st.tuples(inner, inner).map(lambda ab: sp.Mul(*ab, evaluate=False)),
        st.tuples(inner, inner).map(lambda ab: sp.Pow(*ab, evaluate=False)),
        inner.map(lambda a: sp.exp(a, evaluate=False)),
        inner.map(lambda a: sp.Abs(a, evaluate=False)),
        inner.map(f),
    )


@given(st.recursive(LEAVES, larger, max_leaves=12))
@settings(max_examples=200, deadline=None)
def test_nothing_is_evaluated_on_the_way(there: Any) -> None:
    back = read(carried(there))
    assert sp.srepr(back) == sp.srepr(there)
    assert hash(back) == hash(there)


def test_what_a_node_is_known_to_be_comes_with_it() -> None:
    back = read(carried((Function("g", positive=True)(x), IndexedBase("a", negative=True)[n], Symbol("p", prime=True))))
    assert [b.is_real for b in back] == [True, True, True]
    assert (back[0].is_positive, back[1].is_positive, back[2].is_integer) == (True, False, True)


def test_shared_nodes_stay_shared() -> None:
    """A tower of squares of itself has 2^60 leaves as a tree."""
    tower: Any = x
    for _ in range(60):
        tower = sp.Add(tower, tower, evaluate=False)
    back = read(carried(tower))
    assert back.args[0] is back.args[1]


def test_what_may_mean_something_else_elsewhere_is_refused() -> None:
    class Mine(sp.Function):
        pass

    for odd in (Mine(x), [Mine], {x: lambda: 1}, test_shared_nodes_stay_shared, open, (n for n in range(3))):
        with pytest.raises(NotPortable):
            carried(odd)


def test_the_huge_is_refused_at_once() -> None:
    huge = sp.Add(*(Symbol(f"a{k}") for k in range(50_000)), evaluate=False)
    started = time.monotonic()
    with pytest.raises(NotPortable, match=str(LARGEST)):
        carried(huge)
    assert time.monotonic() - started < 1.0


def test_what_cannot_be_carried_is_decided_all_the_same() -> None:
    class Mine(sp.Function):
        pass

    assert derivable.equal(Mine(x) + Mine(x), 2 * Mine(x))
    deep: Any = z
    for _ in range(3000):
        deep = sp.sin(deep, evaluate=False)
    assert derivable.equal(deep, deep, timeout=2.0).verdict in ("proved", "open")
