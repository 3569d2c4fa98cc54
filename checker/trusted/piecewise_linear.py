"""The sign of Σ c_i |l_i| + l_0 for linear functions l_i: it is decided on the edges of the cells that they cut space into.

With one more variable t ≥ 0 for the constants, all functions are homogeneous. The planes l_i = 0, those of the hypotheses,
and the coordinate planes cut space into pointed cones, on each of which the sum is linear; a cone is spanned by its edges, and
an edge is a line in which planes meet. So the sum is not negative where t ≥ 0 and the hypotheses hold if it is not negative on
those edges that lie there. A sum inside another modulus is made of several linear functions: the planes of each are taken.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat

from derivable.trusted.decision import Proof
from derivable.trusted.facts import NONNEGATIVE, Facts

MOST_EDGES = 20000
MOST_NODES = 12
MOST_PIECES = 64
NODES = (sp.Abs, sp.Max, sp.Min)
Form = list[fmpq]


def piecewise_linear(e: Any, facts: Facts, strict: bool) -> Proof | None:
    """e ≥ 0, or e > 0, for a sum of moduli, maxima and minima of linear functions, or of such sums, rational coefficients."""
    nodes = sorted((n for n in e.atoms(*NODES) if n.free_symbols), key=lambda n: (n.count_ops(), sp.default_sort_key(n)))
    symbols = sorted(e.free_symbols, key=str)
    if not nodes or len(nodes) > MOST_NODES or not all(facts.is_real(s) for s in symbols):
        return None
    names = {n: sp.Dummy("m") for n in nodes}
    known = [*symbols, *names.values()]
    outer = _form(sp.expand(e.xreplace(names)), known)
    read = [[_form(sp.expand(a.xreplace(names)), known) for a in n.args] for n in nodes]
    if outer is None or any(f is None for forms in read for f in forms):
        return None
    inner = [[f for f in forms if f is not None] for forms in read]
    walls: list[Form] = []
    branches: list[list[Form]] = []  # the linear functions that each node is made of
    for n, forms in zip(nodes, inner, strict=True):
        pieces = [_pieces(f, branches, len(symbols)) for f in forms]
        if sum(map(len, pieces)) > MOST_PIECES:
            return None
        if isinstance(n, sp.Abs):
            walls += pieces[0]
            branches.append([*pieces[0], *([-c for c in f] for f in pieces[0])])
        else:
            for one, other in itertools.combinations(pieces, 2):
                walls += [[a - b for a, b in zip(f, g, strict=True)] for f, g in itertools.product(one, other)]
            branches.append([f for piece in pieces for f in piece])
    size = len(symbols) + 1
    region = [_unit(size - 1, size)]
    for h, allowed in facts.relations:
        up = h if allowed <= NONNEGATIVE else -h if allowed <= frozenset({0, -1}) else None
        form = None if up is None or not up.free_symbols <= set(symbols) else _form(sp.expand(up), symbols)
        if form is not None:
            region.append(form)
    region += [_unit(i, size) for i, s in enumerate(symbols) if facts.is_nonnegative(s)]
    planes = _different([*walls, *region, *(_unit(i, size) for i in range(size))])
    if math.comb(len(planes), size - 1) > MOST_EDGES:
        return None
    count = 0
    for chosen in itertools.combinations(planes, size - 1):
        direction = _line_in_all(chosen, size)
        for way in (1, -1) if direction is not None else ():
            v = [way * c for c in direction or ()]
            if any(_dot(g, v) < 0 for g in region):
                continue
            count += 1
            values = [fmpq(0)] * len(nodes)
            for i, (n, forms) in enumerate(zip(nodes, inner, strict=True)):  # a node holds earlier ones alone
                values[i] = _value(n, [_dot(f, [*v[:-1], *values, v[-1]]) for f in forms])
            at = _dot(outer, [*v[:-1], *values, v[-1]])
            if at < 0 or (strict and at == 0 and v[-1] > 0):
                return None
    return Proof((("piecewise linear", f"not negative on {count} edges of the cells between {len(planes)} planes"),))


def _pieces(form: Form, branches: list[list[Form]], count: int) -> list[Form]:
    """The linear functions of the symbols that a linear function of them and of earlier nodes is made of."""
    found = [[*form[:count], form[-1]]]
    for scale, others in zip(form[count:-1], branches, strict=False):
        if scale != 0:
            found = [[a + scale * b for a, b in zip(f, g, strict=True)] for f, g in itertools.product(found, others)]
    return found


def _form(e: Any, symbols: list[Any]) -> Form | None:
    """The coefficients of a linear function with rational coefficients, its constant last."""
    if not e.is_polynomial(*symbols) or e.free_symbols - set(symbols):
        return None
    poly = sp.Poly(e, *symbols)
    if poly.total_degree() > 1 or not all(c.is_Rational for c in poly.coeffs()):
        return None
    coefficients = [*(poly.coeff_monomial(s) for s in symbols), poly.coeff_monomial(1)]
    return [fmpq(int(c.p), int(c.q)) for c in coefficients]


def _unit(i: int, size: int) -> Form:
    return [fmpq(1 if i == j else 0) for j in range(size)]


def _dot(a: Any, b: Any) -> fmpq:
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))


def _value(node: Any, at: list[fmpq]) -> fmpq:
    return abs(at[0]) if isinstance(node, sp.Abs) else max(at) if isinstance(node, sp.Max) else min(at)


def _different(planes: list[Form]) -> list[Form]:
    """The planes without those that are the same, and without the form 0."""
    found: dict[tuple[str, ...], Form] = {}
    for plane in planes:
        lead = next((c for c in plane if c != 0), None)
        if lead is not None:
            found.setdefault(tuple(str(c / lead) for c in plane), plane)
    return list(found.values())


def _line_in_all(planes: tuple[Form, ...], size: int) -> Form | None:
    """A vector on the line in which n - 1 planes of n-space meet; None where they meet in more."""
    if size == 1:
        return [fmpq(1)]
    reduced, rank = fmpq_mat(len(planes), size, [c for plane in planes for c in plane]).rref()
    if rank != size - 1:
        return None
    leads = [next(j for j in range(size) if reduced[i, j] != 0) for i in range(rank)]
    free = next(j for j in range(size) if j not in leads)
    direction = [fmpq(0)] * size
    direction[free] = fmpq(1)
    for i, lead in enumerate(leads):
        direction[lead] = -reduced[i, free]
    return direction


__all__ = ["piecewise_linear"]
