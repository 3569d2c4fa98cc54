"""Hypothesis strategies for expressions by what their values are: complex, real, positive, integer; and for hypotheses."""

from __future__ import annotations

from typing import Any

import sympy as sp
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

z, w = sp.symbols("z w")
x, y, t = sp.symbols("x y t", real=True)
p, q = sp.symbols("p q", positive=True)
k, l = sp.symbols("k l", integer=True)
n, m = sp.symbols("n m", integer=True, positive=True)
N, M = sp.symbols("N M", integer=True, nonnegative=True)
#: names that only binders use
i, j, s = sp.Symbol("i", integer=True), sp.Symbol("j", integer=True), sp.Symbol("s", real=True)
f, g = sp.Function("f", real=True), sp.Function("g", real=True)
A = sp.IndexedBase("A", real=True)

small: SearchStrategy[Any] = st.integers(-3, 3).map(sp.Integer)
fractions: SearchStrategy[Any] = st.builds(lambda top, bottom: sp.Rational(top, bottom), st.integers(-5, 5), st.integers(1, 4))
positive_numbers: SearchStrategy[Any] = st.builds(lambda a, b: sp.Rational(a, b), st.integers(1, 5), st.integers(1, 3))


def _sum(a: Any, b: Any) -> Any:
    return a + b


def _product(a: Any, b: Any) -> Any:
    return a * b


def raw(function: Any, *arguments: Any) -> Any:
    """The application as it is written: SymPy's own evaluation is left to a later step."""
    return function(*arguments, evaluate=False)


def power(base: Any, exponent: Any) -> Any:
    """base ** exponent as it is written."""
    return sp.Pow(base, exponent, evaluate=False)


reals: SearchStrategy[Any] = st.recursive(
    st.sampled_from([x, y, t, p, k, N]) | fractions,
    lambda inner: st.one_of(
        st.builds(_sum, inner, inner),
        st.builds(_product, inner, inner),
        inner.map(sp.sin),
        inner.map(sp.cos),
        inner.map(sp.atan),
        inner.map(sp.Abs),
        inner.map(sp.tanh),
        st.builds(lambda a, b: sp.Max(a, b), inner, inner),
    ),
    max_leaves=3,
)
positives: SearchStrategy[Any] = st.recursive(
    st.sampled_from([p, q, n]) | positive_numbers,
    lambda inner: st.one_of(
        st.builds(_sum, inner, inner),
        st.builds(_product, inner, inner),
        inner.map(sp.sqrt),
        inner.map(lambda a: 1 / a),
        st.sampled_from([x, y, k]).map(sp.exp),
        st.sampled_from([x, y, k]).map(lambda a: a**2 + 1),
        st.sampled_from([x, y]).map(sp.cosh),
    ),
    max_leaves=3,
)
complexes: SearchStrategy[Any] = st.recursive(
    st.sampled_from([z, w, x, p, k, sp.I * x, z]) | fractions | st.just(sp.I),
    lambda inner: st.one_of(
        st.builds(_sum, inner, inner),
        st.builds(_product, inner, inner),
        inner.map(sp.exp),
        inner.map(sp.sin),
        inner.map(sp.conjugate),
        inner.map(sp.sqrt),
    ),
    max_leaves=3,
)
integers: SearchStrategy[Any] = st.recursive(
    st.sampled_from([k, l, n, N]) | small,
    lambda inner: st.one_of(st.builds(_sum, inner, inner), st.builds(_product, small, inner)),
    max_leaves=3,
)
naturals: SearchStrategy[Any] = st.sampled_from([n, N, M, n + 1, N + 1, 2 * n, N + M]) | st.integers(0, 4).map(sp.Integer)
#: bodies of sums over i, and of integrals over s
terms: SearchStrategy[Any] = st.sampled_from(
    [A[i], f(i), i, i**2, sp.Integer(2) ** i, x**2 * i, A[i] * i, sp.KroneckerDelta(i, k), i * (i + 1)]
)
integrands: SearchStrategy[Any] = st.sampled_from(
    [
        f(s),
        s,
        s**2,
        sp.exp(s),
        sp.cos(s),
        x * s,
        sp.exp(-p * s),
        1 / (1 + s**2),
        sp.Abs(s),
        s * f(s),
        sp.Max(s, x),
        f(s) * sp.sin(x),
    ]
)
#: hypotheses that a statement may carry beside those that it needs
hypotheses: SearchStrategy[Any] = st.lists(
    st.sampled_from(
        [
            x > 0,
            x < 0,
            x >= 0,
            y >= x,
            x < y,
            sp.Ne(x, 0),
            x <= 1,
            sp.Abs(x) < 2,
            x**2 + y**2 <= 1,
            p < q,
            p > 1,
            k >= 2,
            k <= 0,
            n > 2,
            sp.Ne(z, 0),
        ]
    ),
    max_size=2,
    unique=True,
).map(tuple)

__all__ = [
    "A", "M", "N", "complexes", "f", "fractions", "g", "hypotheses", "i", "integers", "integrands", "j", "k", "l", "m", "n",
    "naturals", "p", "positive_numbers", "positives", "power", "q", "raw", "reals", "s", "small", "t", "terms",
    "w", "x", "y", "z",
]  # fmt: skip
