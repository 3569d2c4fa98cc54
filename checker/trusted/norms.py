"""A sum of norms by products of differences in triangle inequalities: Hlawka's inequality."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts
from derivable.trusted.heads import bound_variables

FEWEST, MOST = 4, 8


def multiplied_by_norms(e: Any) -> tuple[list[Any], Facts] | None:
    """([e s, …], what is known of n_i = |z_i|) for e = Σ c_i |z_i| with rational c_i and linear z_i in complex variables.

    s is the sum of the c_i n_i, or the n_i, with c_i > 0. If e s ≥ 0 for all complex numbers, e ≥ 0 for all: s > 0 off a
    subspace. Known are the triangle inequalities |a| n_i ≤ |b| n_j + |c| n_k for a z_i + b z_j + c z_k = 0, and Σ d_i n_i² = 0
    for the d with Σ d_i |z_i|² = 0 by the coefficients (for four norms of a parallelogram, its law). Hlawka's proof:
    Mitrinović, Analytic Inequalities, 2.25.2.
    """
    terms = [t.as_coeff_Mul() for t in sp.Add.make_args(sp.expand(e))]
    if not FEWEST <= len(terms) <= MOST or not all(c.is_Rational and isinstance(n, sp.Abs) for c, n in terms):
        return None
    if not any(c > 0 for c, _ in terms):
        return None
    symbols = sorted(e.free_symbols, key=str)
    vectors = [_coefficients(node.args[0], symbols) for _, node in terms]
    if bound_variables(e) or any(v is None or not any(v) for v in vectors):
        return None
    norms = [sp.Dummy(f"n{i}", nonnegative=True) for i in range(len(terms))]
    told: list[Any] = []
    for chosen in combinations(range(len(terms)), 3):
        kernel = sp.Matrix([vectors[i] for i in chosen]).T.nullspace()
        if len(kernel) == 1 and 0 not in kernel[0]:
            sides = [abs(a) * norms[i] for a, i in zip(kernel[0], chosen, strict=True)]
            told += [sp.Ge(sum(sides) - 2 * side, 0, evaluate=False) for side in sides]
    squares = sp.Matrix([[v[i] * v[j] for i in range(len(symbols)) for j in range(i + 1)] for v in vectors if v is not None])
    for d in squares.T.nullspace():
        told.append(sp.Eq(sp.Add(*(c * n**2 for c, n in zip(d, norms, strict=True))), 0, evaluate=False))
    named = [(c, n) for (c, _), n in zip(terms, norms, strict=True)]
    whole = sp.Add(*(c * n for c, n in named))
    sums = (sp.Add(*(c * n for c, n in named if c > 0)), sp.Add(*(n for c, n in named if c > 0)))
    return [sp.expand(whole * one) for one in dict.fromkeys(sums)], Facts(told)


def _coefficients(z: Any, symbols: list[Any]) -> list[Any] | None:
    """The rational coefficients of a linear function without a constant."""
    line = sp.expand(z)
    found = [line.coeff(s) for s in symbols]
    if not all(c.is_Rational for c in found) or sp.expand(line - sum(c * s for c, s in zip(found, symbols, strict=True))) != 0:
        return None
    return found


__all__ = ["multiplied_by_norms"]
