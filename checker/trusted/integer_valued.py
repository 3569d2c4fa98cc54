"""Polynomials and exponentials of integers with rational coefficients whose values are all integers.

A sequence with a(n + d) = c_1 a(n + d - 1) + … + c_d a(n) for integers c_j is one of integers if a(0), …, a(d - 1) are integers.
Σ q n^j B^n satisfies such a recurrence, of the characteristic polynomial ∏ (X - B)^(1 + largest j), for integers B. In several
variables this holds in each of them, so that the values on a grid decide; and where all B are 1 or -1, the recurrence runs
backwards too, to negative n. With e, e - r is such a sum for every rational r. For polynomials this is Pólya's criterion of 1915.
"""

from __future__ import annotations

import functools
import itertools
import math
from typing import Any

import sympy as sp

LONGEST = 80  # operations of an expression that is looked at
GRID = 600  # values that are computed at most


def integer_valued(e: Any, facts: Any) -> bool:
    """Whether e is an integer at every admissible point, by its values on a grid."""
    return residue(e, facts) == 0


def residue(e: Any, facts: Any) -> Any:
    """The r with 0 ≤ r < 1 such that e - r is an integer at every admissible point; None if none is seen."""
    if not _may_be(e):
        return None
    symbols = sorted(e.free_symbols, key=str)
    if not symbols or not all(facts.is_integer(s) for s in symbols):
        return None
    least = tuple(1 if facts.is_positive(s) else 0 if facts.is_nonnegative(s) else None for s in symbols)
    return _on_the_grid(sp.expand(e), tuple(symbols), least)


def _may_be(e: Any) -> bool:
    """A quick look at the shape: sums, products and powers of integer symbols and rational numbers, short, with a fraction."""
    if e.count_ops() > LONGEST:
        return False
    nodes = list(sp.preorder_traversal(e))
    known = (sp.Add, sp.Mul, sp.Pow, sp.Rational, sp.Symbol)
    return all(isinstance(node, known) for node in nodes) and any(isinstance(n, sp.Rational) and n.q > 1 for n in nodes)


@functools.lru_cache(maxsize=1024)
def _on_the_grid(e: Any, symbols: tuple[Any, ...], least: tuple[int | None, ...]) -> Any:
    powers: list[dict[int, int]] = [{1: 0} for _ in symbols]  # for each symbol the bases B with the largest exponents j
    for term in sp.Add.make_args(e):
        shape = _shape(term, symbols)
        if shape is None:
            return None
        for found, (degree, base) in zip(powers, shape, strict=True):
            found[base] = max(found.get(base, 0), degree)
    if any(start is None and any(abs(base) != 1 for base in found) for start, found in zip(least, powers, strict=True)):
        return None
    lengths = [sum(1 + degree for degree in found.values()) for found in powers]
    if math.prod(lengths) > GRID:
        return None
    grid = itertools.product(*(range(start or 0, (start or 0) + length) for start, length in zip(least, lengths, strict=True)))
    values = (e.xreplace(dict(zip(symbols, map(sp.Integer, point), strict=True))) for point in grid)
    first = next(values)
    if not first.is_Rational or not all((value - first).is_Integer for value in values):
        return None
    return first - sp.floor(first)


def _shape(term: Any, symbols: tuple[Any, ...]) -> list[tuple[int, int]] | None:
    """(j, B) for each symbol n of a term q ∏ n^j B^n with a rational q and integers B; None for another term."""
    degrees, bases = dict.fromkeys(symbols, 0), dict.fromkeys(symbols, 1)
    for factor in sp.Mul.make_args(term):
        base, exponent = factor.as_base_exp()
        if factor.is_Rational:
            continue
        if base in degrees and exponent.is_Integer and exponent > 0:
            degrees[base] += int(exponent)
            continue
        if not base.is_Rational or base == 0 or not exponent.is_polynomial(*symbols):
            return None
        for monomial, slope in sp.Poly(exponent, *symbols).terms():
            if not slope.is_Integer or sum(monomial) > 1:
                return None
            if sum(monomial) == 1:
                value = base**slope
                if not value.is_Integer:
                    return None
                bases[symbols[monomial.index(1)]] *= int(value)
    return [(degrees[s], bases[s]) for s in symbols]


__all__ = ["integer_valued", "residue"]
