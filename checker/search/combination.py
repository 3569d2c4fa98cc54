"""p = Σ c · (products of hypotheses) · (squares) + Σ (multipliers) · equations, with c ≥ 0: found by linear programming.

The program is solved in floating point (HiGHS, through scipy) and its support solved again exactly; the checker expands
what comes out, so a rounding error cannot do harm.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import sympy as sp
from scipy.optimize import linprog

MOST_COLUMNS = 1500
SECONDS = 0.5  # for one linear program


def combinations(
    p: Any, hypotheses: list[Any], equations: list[Any], orders: tuple[int, ...], strict: bool
) -> Iterator[list[tuple[Any, Any, Any]]]:
    """Candidates with products of up to `order` hypotheses, for the orders in turn."""
    symbols = sorted(
        set(p.free_symbols).union(*(h.free_symbols for h in hypotheses), *(e.free_symbols for e in equations)),
        key=str,
    )
    if not symbols or len(symbols) > 9:
        return
    try:
        target = sp.Poly(p, *symbols)
        polynomials = [sp.Poly(h, *symbols) for h in hypotheses]
        relations = [sp.Poly(e, *symbols) for e in equations]
    except sp.PolynomialError:
        return
    if not all(c.is_Rational for q in (target, *polynomials, *relations) for c in q.coeffs()):
        return
    for order in orders:
        if order > 2 and len(symbols) > 4:
            return
        columns = _columns(target, polynomials, relations, symbols, order)
        if len(columns) > MOST_COLUMNS:
            return
        solution = _solve(target, columns, strict)
        if solution is not None:
            yield solution
            return


def _columns(
    target: Any, hypotheses: list[Any], relations: list[Any], symbols: list[Any], order: int
) -> list[tuple[Any, Any, Any, bool]]:
    """(polynomial, factors, square, free sign) for every term that may be used."""
    one = sp.Poly(1, *symbols)
    degree = max(target.total_degree(), 2)
    columns: list[tuple[Any, Any, Any, bool]] = [(one, (), sp.Integer(1), False)]
    squares = [sp.Integer(1)]
    if order > 1:
        squares += [*symbols, *(a - b for a, b in itertools.combinations(symbols, 2))]
        squares += [s - 1 for s in symbols]
    for size in range(1, order + 1):
        for factors in itertools.combinations_with_replacement(range(len(hypotheses)), size):
            product = one
            for i in factors:
                product *= hypotheses[i]
            if product.total_degree() <= degree + 1:
                columns.append((product, factors, sp.Integer(1), False))
    for m in squares[1:]:
        q = sp.Poly(m, *symbols) ** 2
        columns.append((q, (), m, False))
        if order > 2:
            columns += [(q * h, (i,), m, False) for i, h in enumerate(hypotheses) if (q * h).total_degree() <= degree + 1]
    multipliers = [sp.Integer(1), *symbols] + (
        [a * b for a, b in itertools.combinations_with_replacement(symbols, 2)] if order > 1 else []
    )
    for i, relation in enumerate(relations):
        columns += [(relation * sp.Poly(m, *symbols), i, m, True) for m in multipliers]
    return columns


def _solve(target: Any, columns: list[tuple[Any, Any, Any, bool]], strict: bool) -> list[tuple[Any, Any, Any]] | None:
    monomials = sorted({m for q, *_ in columns for m in q.monoms()} | set(target.monoms()))
    row = {m: i for i, m in enumerate(monomials)}
    matrix = np.zeros((len(monomials), len(columns)))
    for j, (q, *_) in enumerate(columns):
        for m, c in q.terms():
            matrix[row[m], j] = float(c)
    right = np.zeros(len(monomials))
    for m, c in target.terms():
        right[row[m]] = float(c)
    cost = np.array([0.0 if free else 1.0 + q.total_degree() for q, _, _, free in columns])
    if strict:
        cost[0] = -1.0  # as much of a positive constant as there is
    bounds = [(None, None) if free else (0, 1e6) for *_, free in columns]
    try:
        result = linprog(cost, A_eq=matrix, b_eq=right, bounds=bounds, method="highs", options={"time_limit": SECONDS})
    except ValueError:
        return None
    if result.status != 0:
        return None
    support = [j for j, v in enumerate(result.x) if abs(v) > 1e-9]
    exact = _exact(target, [columns[j][0] for j in support], monomials)
    if exact is None:
        return None
    found = []
    for j, value in zip(support, exact, strict=True):
        _, factors, m, free = columns[j]
        found.append((value * m, factors, None) if free else (value, factors, m))
    return found


def _exact(target: Any, columns: list[Any], monomials: list[Any]) -> list[Any] | None:
    if not columns:
        return None
    terms = [dict(q.terms()) for q in columns]
    wanted = dict(target.terms())
    matrix = sp.Matrix([[t.get(m, 0) for t in terms] for m in monomials])
    right = sp.Matrix([wanted.get(m, 0) for m in monomials])
    try:
        solution, parameters = matrix.gauss_jordan_solve(right)
    except ValueError:
        return None
    return list(solution.subs(dict.fromkeys(parameters, 0)))
