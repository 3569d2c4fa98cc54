"""p ≥ 0 on a region, for a polynomial p in a few variables: one sample point in each open cell of a cylindrical decomposition.

Over a connected open set on which the leading coefficients (in the last variable), the discriminants and the resultants of some
polynomials have no zero, their real roots in the last variable are continuous functions that do not meet; between them the
signs are constant. So the zeros of these projections, taken one variable after the other, cut space into open cells on
which p and the hypotheses have constant signs, and the cells are dense (Collins 1975; McCallum 1988; for open cells alone,
Strzeboński 2000). A point of the region is a limit of points of cells inside the region if the region is given by linear
inequalities with interior points and by strict polynomial ones: then p ≥ 0 at the samples inside gives p ≥ 0 on the region.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterable, Iterator
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpq_poly

MOST_VARIABLES = 4
MOST_TERMS = 400  # of one projection
SECONDS = 2.0


class TooLarge(Exception):
    """The decomposition is not worth its time."""


def nonnegative_on(p: Any, linear: Iterable[Any], strict: Iterable[Any], deadline: float) -> int | None:
    """The number of cells of the region {g ≥ 0 for linear g, h > 0 for the strict h} at whose samples p > 0.

    `None` if p is negative at one of them, if the region has no open cell, or if that is too much work. All are polynomials
    with rational coefficients.
    """
    bounds, opens = [sp.expand(g) for g in linear], [sp.expand(h) for h in strict]
    everything = [p, *bounds, *opens]
    symbols = sorted(set().union(*(e.free_symbols for e in everything)), key=str)
    if not 1 <= len(symbols) <= MOST_VARIABLES:
        return None
    polys = [sp.Poly(e, *symbols) for e in everything]
    if not all(c.is_Rational for q in polys for c in q.coeffs()) or polys[0].total_degree() > 14:
        return None
    symbols.sort(key=lambda s: (-polys[0].degree(s), str(s)))  # the variable of least degree goes first
    context = fmpq_mpoly_ctx.get([f"x{i}" for i in range(len(symbols))], "lex")
    target, *conditions = (_as_polynomial(e, symbols, context) for e in everything)
    try:
        cells = 0
        stop = min(deadline, time.monotonic() + SECONDS)
        levels = _projections([target, *conditions], len(symbols), stop)
        for point in _samples(levels, conditions, (), stop):
            if all(_value(g, point) > 0 for g in conditions):
                cells += 1
                if _value(target, point) < 0:
                    return None
        return cells or None
    except TooLarge:
        return None


def _as_polynomial(e: Any, symbols: list[Any], context: Any) -> fmpq_mpoly:
    terms = sp.Poly(e, *symbols).terms()
    return context.from_dict({tuple(int(m) for m in monomial): fmpq(int(c.p), int(c.q)) for monomial, c in terms})


def _projections(polynomials: list[fmpq_mpoly], variables: int, stop: float) -> list[list[fmpq_mpoly]]:
    """For each number k of variables the irreducible polynomials whose zeros bound the cells, the last variable among them."""
    current = _irreducible(polynomials)
    levels: list[list[fmpq_mpoly]] = []
    for k in reversed(range(variables)):
        here = [q for q in current if q.degrees()[k] > 0]
        levels.append(here)
        below = [q for q in current if q.degrees()[k] == 0]
        found: list[fmpq_mpoly] = []
        for q in here:
            found.append(_leading(q, k))
            if q.degrees()[k] > 1:
                found.append(q.discriminant(f"x{k}"))
            _check(found[-1], stop)
        for a, b in itertools.combinations(here, 2):
            found.append(a.resultant(b, f"x{k}"))
            _check(found[-1], stop)
        current = _irreducible([*below, *found])
    return levels[::-1]


def _check(q: fmpq_mpoly, stop: float) -> None:
    if len(q) > MOST_TERMS or time.monotonic() > stop:
        raise TooLarge


def _leading(q: fmpq_mpoly, k: int) -> fmpq_mpoly:
    top = q.degrees()[k]
    terms = {}
    for monomial, c in q.to_dict().items():
        if monomial[k] == top:
            terms[tuple(0 if i == k else int(m) for i, m in enumerate(monomial))] = c
    return q.context().from_dict(terms)


def _irreducible(polynomials: list[fmpq_mpoly]) -> list[fmpq_mpoly]:
    found: dict[str, fmpq_mpoly] = {}
    for q in polynomials:
        if q != 0:
            for factor, _ in q.factor()[1]:
                if not factor.is_constant():
                    found[str(factor)] = factor
    return list(found.values())


def _samples(
    levels: list[list[fmpq_mpoly]], conditions: list[fmpq_mpoly], prefix: tuple[fmpq, ...], stop: float
) -> Iterator[tuple[fmpq, ...]]:
    """One rational point in every open cell, without those in which a condition on the first variables already fails."""
    if time.monotonic() > stop:
        raise TooLarge
    k = len(prefix)
    if k == len(levels):
        yield prefix
        return
    roots = real_roots(math.prod((_specialised(q, prefix, k) for q in levels[k]), start=fmpq_poly([1])))
    for value in between(roots):
        point = (*prefix, value)
        if all(_value(g, point) > 0 for g in conditions if not any(g.degrees()[k + 1 :])):
            yield from _samples(levels, conditions, point, stop)


def _specialised(q: fmpq_mpoly, prefix: tuple[fmpq, ...], k: int) -> fmpq_poly:
    """q at the values of the first variables, as a polynomial in the next one."""
    coefficients = [fmpq(0)] * (int(q.degrees()[k]) + 1)
    for monomial, c in q.to_dict().items():
        coefficients[int(monomial[k])] += c * math.prod(
            (v ** int(m) for v, m in zip(prefix, monomial, strict=False)), start=fmpq(1)
        )
    return fmpq_poly(coefficients)


def _value(q: fmpq_mpoly, point: tuple[fmpq, ...]) -> fmpq:
    total = fmpq(0)
    for monomial, c in q.to_dict().items():
        total += c * math.prod((v ** int(m) for v, m in zip(point, monomial, strict=False)), start=fmpq(1))
    return total


def real_roots(p: fmpq_poly) -> list[tuple[fmpq, fmpq]]:
    """Disjoint intervals with rational ends, in order, that hold one real root of p each, and all of them."""
    if p.degree() < 1:
        return []
    simple = p // p.gcd(p.derivative())
    outer = ctx.prec
    try:
        for precision in (64, 128, 256, 512, 1024):
            ctx.prec = precision
            found: list[Any] = [pair[0] for pair in simple.complex_roots()]  # type: ignore[index]
            real = []
            for r in found:
                if r.imag.contains(0):
                    # its conjugate is a root too: the root is real if no other ball meets the conjugate of its own
                    if sum(1 for other in found if other.overlaps(r.conjugate())) > 1:
                        break
                    real.append(r.real)
            else:
                real.sort(key=lambda r: float(r.mid()))
                ends = [(_exact(r.lower()), _exact(r.upper())) for r in real]
                if all(a[1] < b[0] for a, b in itertools.pairwise(ends)):
                    return ends
        raise TooLarge
    finally:
        ctx.prec = outer


def _exact(value: arb) -> fmpq:
    return value.fmpq()


def between(roots: list[tuple[fmpq, fmpq]]) -> list[fmpq]:
    """A rational number in each gap between the roots, before the first and after the last one, with few digits."""
    if not roots:
        return [fmpq(0)]
    points = [fmpq(roots[0][0].floor() - 1)]
    points += [simplest_between(a[1], b[0]) for a, b in itertools.pairwise(roots)]
    return [*points, fmpq(roots[-1][1].ceil() + 1)]


def simplest_between(low: fmpq, high: fmpq) -> fmpq:
    """The number of least denominator between two numbers (Stern and Brocot)."""
    whole = low.floor()
    if whole + 1 < high:
        return fmpq(whole + 1)
    if low == whole:  # low < x < high ≤ whole + 1
        return fmpq(whole) + 1 / fmpq((1 / (high - whole)).floor() + 1)
    rest = simplest_between(1 / (high - whole), 1 / (low - whole))
    return whole + 1 / rest
