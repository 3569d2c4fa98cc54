"""p ≥ 0 for a polynomial p in nonnegative variables: in each order of them, no coefficient in the differences is negative.

For x_1 ≤ x_2 ≤ … ≤ x_n let x_1 = t_1 and x_k = x_{k-1} + t_k with t_k ≥ 0. The orders cover all nonnegative values. Where a
coefficient is negative, the same is done for the t_k (successive difference substitution; Yang 2005), up to a number of
polynomials. Before that an equation H = c with a homogeneous H makes p homogeneous, a product that is 1 is parametrised by
quotients of monomials, and linear hypotheses become variables themselves.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from derivable.trusted.decision import Proof
from derivable.trusted.facts import NONNEGATIVE, Facts

MOST_VARIABLES = 4
MOST_POLYNOMIALS = 200
MOST_TERMS = 600
MOST_FORMS = 4  # choices of variables
SECONDS = 0.4  # for one choice of variables


def by_orders(p: Any, facts: Facts, strict: bool, deadline: float) -> Proof | None:
    """p ≥ 0 (p > 0 with `strict`) for a polynomial in symbols that are nonnegative (positive), or nonnegative after a change."""
    if not p.free_symbols or not p.is_polynomial(*p.free_symbols):
        return None
    for text, q in itertools.islice(_forms(p, facts, strict), MOST_FORMS):
        leaves = nonnegative_by_orders(q, strict, deadline)
        if leaves is not None:
            return Proof((("orders of the variables", f"{text}{leaves} polynomials without negative coefficients"),))
    return None


def _forms(p: Any, facts: Facts, strict: bool) -> Iterator[tuple[str, Any]]:
    """Polynomials with the sign of p in symbols that are not negative (positive, for a strict sign), with what was done."""
    symbols = sorted(p.free_symbols, key=str)
    right = facts.is_positive if strict else facts.is_nonnegative
    if all(right(s) for s in symbols):
        yield "", p
    for left, other in facts.equations:
        equation = sp.expand(left - other)
        if not equation.free_symbols or not equation.is_polynomial(*equation.free_symbols):
            continue
        whole = sorted(equation.free_symbols | p.free_symbols, key=str)
        if not all(right(s) for s in whole):
            continue
        constant, rest = equation.as_independent(*equation.free_symbols, as_Add=True)
        if constant == 0 or not constant.is_Rational:
            continue
        unit = sp.expand(-rest / constant)
        even = _homogenised(p, unit, whole)
        if even is not None:
            yield f"{unit} = 1; ", even
        product = _product_one(p, unit, whole)
        if product is not None:
            yield f"{unit} = 1; ", product
    yield from _in_linear_hypotheses(p, symbols, facts, strict)


def _homogenised(p: Any, unit: Any, symbols: list[Any]) -> Any:
    """p with its terms multiplied by powers of `unit` = 1, so that all have one degree; None where that cannot be."""
    form, poly = sp.Poly(unit, *symbols), sp.Poly(p, *symbols)
    degree, top = form.total_degree(), poly.total_degree()
    if not form.is_homogeneous or any((top - sum(m)) % degree for m in poly.monoms()):
        return None
    parts = (sp.Poly({m: c}, *symbols) * form ** ((top - sum(m)) // degree) for m, c in poly.terms())
    return sum(parts, sp.Poly(0, *symbols)).as_expr()


def _product_one(p: Any, unit: Any, symbols: list[Any]) -> Any:
    """p at x_i = t_i^n / (t_1 … t_n), cleared of t's: all positive x with the product 1 are of this form, by t_i = x_i^(1/n)."""
    factors = sp.Mul.make_args(unit)
    if set(factors) != set(symbols) or not 2 <= len(factors) <= 3:
        return None
    t = {f: sp.Dummy(f.name, positive=True) for f in factors}
    product = sp.Mul(*t.values())
    top, bottom = sp.fraction(sp.cancel(sp.together(p.xreplace({f: t[f] ** len(factors) / product for f in factors}))))
    return sp.expand(top) if all(c > 0 for c in sp.Poly(bottom, *t.values()).coeffs()) else None


def _in_linear_hypotheses(p: Any, symbols: list[Any], facts: Facts, strict: bool) -> Iterator[tuple[str, Any]]:
    """p in as many independent linear hypotheses as it has variables, in place of these."""
    known: list[Any] = []
    for h, allowed in facts.relations:
        up = h if allowed <= NONNEGATIVE else sp.expand(-h) if allowed <= frozenset({0, -1}) else None
        open_sign = 0 not in allowed
        if up is None or (strict and not open_sign) or not up.free_symbols or not up.free_symbols <= set(symbols):
            continue
        if up.is_polynomial(*symbols) and sp.Poly(up, *symbols).total_degree() == 1:
            known.append(up)
    if not known:
        return
    own = [s for s in symbols if (facts.is_positive if strict else facts.is_nonnegative)(s)]
    for forms in itertools.combinations(dict.fromkeys([*known, *own]), len(symbols)):
        if not any(f in known for f in forms):
            continue
        names = [sp.Dummy(f"h{i}", positive=True) for i in range(len(forms))]
        matrix, constants = sp.linear_eq_to_matrix(forms, symbols)
        if matrix.det() != 0:
            values = matrix.LUsolve(constants + sp.Matrix(names))
            yield f"in {', '.join(map(str, forms))}; ", sp.expand(p.xreplace(dict(zip(symbols, values, strict=True))))


def nonnegative_by_orders(p: Any, strict: bool, deadline: float) -> int | None:
    """The number of polynomials without a negative coefficient that give p ≥ 0 for nonnegative values of its symbols, else None.

    With `strict` p > 0 where no symbol is zero, by the first orders alone. A polynomial that is not homogeneous has one more
    variable, for 1.
    """
    symbols = sorted(p.free_symbols, key=str)
    if not symbols or not p.is_polynomial(*symbols):
        return None
    poly = sp.Poly(p, *symbols)
    if not poly.is_homogeneous:
        poly = poly.homogenize(sp.Dummy("one"))
    size = len(poly.gens)
    if not 2 <= size <= MOST_VARIABLES or len(poly.terms()) > MOST_TERMS or not all(c.is_Rational for c in poly.coeffs()):
        return None
    context = fmpq_mpoly_ctx.get([f"x{i}" for i in range(size)], "lex")
    stop = min(deadline, time.monotonic() + SECONDS)
    start = context.from_dict({tuple(map(int, m)): fmpq(int(c.p), int(c.q)) for m, c in poly.terms()})
    waiting, seen, leaves = [start], {str(start)}, 0
    while waiting:
        q = waiting.pop()
        if len(seen) > MOST_POLYNOMIALS or time.monotonic() > stop or len(q) > MOST_TERMS or q == 0:
            return None
        # with `strict` the polynomial at the start has to be positive in the first differences
        if all(c > 0 for c in q.coeffs()) and not (strict and q is start):
            leaves += 1
            continue
        if q(*([fmpq(1)] * size)) < 0:
            return None
        for child in _in_differences(q, context, size):
            if strict and not _positive_inside(child):
                return None
            if str(child) not in seen:
                seen.add(str(child))
                waiting.append(child)
    return leaves


def _in_differences(q: fmpq_mpoly, context: Any, size: int) -> Iterator[fmpq_mpoly]:
    """q in the successive differences, for each order of its variables."""
    partial_sums = list(itertools.accumulate(context.gens()))
    for order in itertools.permutations(range(size)):
        yield q.compose(*(partial_sums[order[i]] for i in range(size)), ctx=context)


def _positive_inside(q: fmpq_mpoly) -> bool:
    """Whether no coefficient is negative, and one at a power of the least variable alone is positive."""
    alone = any(not any(m[1:]) for m in q.monoms())
    return alone and all(c > 0 for c in q.coeffs())
