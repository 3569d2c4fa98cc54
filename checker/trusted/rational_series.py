"""The value of an infinite sum or product of a rational function, by polygamma and gamma functions at its poles and zeros."""

from __future__ import annotations

import math
from typing import Any

import sympy as sp
from flint import acb, acb_poly, acb_series, ctx, fmpq, fmpq_poly


class Diverges(Exception):
    """A term has no value, or the terms do not fall fast enough."""


def rational_series(term: Any, index: Any, a: int) -> acb | None:
    """Σ_{k≥a} r(k) for r = Σ c_{ρj} / (k - ρ)^j of degree ≤ -2 over the rationals: Σ c_{ρj} (-1)^j ψ^(j-1)(a - ρ) / (j-1)!.

    A term (-1)^k r(k), with r of degree ≤ -1, is summed by pairs. None for other terms; `Diverges` where a pole is an integer
    from a on, or the degree is too large.
    """
    signs = [f for f in sp.Mul.make_args(term) if f.is_Pow and f.base == -1 and f.exp.has(index)]
    if len(signs) == 1:
        shift = sp.expand(signs[0].exp - index)
        if not shift.is_Integer:
            return None
        r = _rational(sp.Mul(*(f for f in sp.Mul.make_args(term) if f is not signs[0])), index)
        if r is None:
            return None
        _check(r, a, 1)
        (top, bottom), even, odd = r, fmpq_poly([a, 2]), fmpq_poly([a + 1, 2])
        pairs = (top(even) * bottom(odd) - top(odd) * bottom(even), bottom(even) * bottom(odd))
        return acb((-1) ** (int(shift) + a)) * _summed(*pairs, 0)
    r = _rational(term, index)
    if r is None:
        return None
    _check(r, a, 2)
    return _summed(*r, a)


def rational_product(factor: Any, index: Any, a: int) -> acb | None:
    """Π_{k≥a} r(k) = Π Γ(a - β) / Π Γ(a - α) over the poles β and zeros α of r = 1 + O(1/k²) over the rationals.

    None for other factors; `Diverges` where a pole is an integer from a on.
    """
    r = _rational(factor, index)
    if r is None:
        return None
    top, bottom = r
    _check((top, bottom), a, 0)
    n = bottom.degree()
    # r = 1 + O(1/k²): the two leading coefficients are those of the denominator
    if (top - bottom).degree() > n - 2 or top == 0:
        return None
    common = top.gcd(bottom)
    top, bottom = top // common, bottom // common
    poles: Any = bottom.complex_roots() if bottom.degree() > 0 else []  # pairs of a root and its multiplicity
    zeros: Any = top.complex_roots() if top.degree() > 0 else []
    value = acb(1)
    for root, multiplicity in poles:
        value *= acb(a - root).gamma() ** multiplicity
    for root, multiplicity in zeros:
        value *= acb(a - root).rgamma() ** multiplicity
    return acb(value.real)


def _rational(term: Any, index: Any) -> tuple[fmpq_poly, fmpq_poly] | None:
    if term.free_symbols - {index} or not term.is_rational_function(index):
        return None
    found = []
    for part in sp.fraction(sp.together(term)):
        coefficients = sp.Poly(part, index).all_coeffs()[::-1]
        if not all(c.is_Rational for c in coefficients):
            return None
        found.append(fmpq_poly([fmpq(int(c.p), int(c.q)) for c in coefficients]))
    return found[0], found[1]


def _check(r: tuple[fmpq_poly, fmpq_poly], a: int, least: int) -> None:
    """That no pole, also of a factor that cancels, is an integer from a on, and that r falls like k^(-least) or faster."""
    top, bottom = r
    for factor, _ in bottom.factor()[1]:
        root = -factor[0] / factor[1] if factor.degree() == 1 else fmpq(1, 2)
        if root.denominator == 1 and root >= a:
            raise Diverges(f"the term at {root} has no value")
    if top != 0 and bottom.degree() - top.degree() < least:
        raise Diverges("the terms do not fall fast enough")


def _summed(top: fmpq_poly, bottom: fmpq_poly, a: int) -> acb:
    common = top.gcd(bottom)
    top, bottom = top // common, bottom // common
    total = acb(0)
    if top == 0:
        return total
    before, ctx.cap = ctx.cap, max(ctx.cap, bottom.degree() + 1)
    try:
        roots: Any = bottom.complex_roots()  # pairs of a root and its multiplicity
        for root, multiplicity in roots:
            above, below = (_around(p, root) for p in (top, bottom))
            series = acb_series(above[:multiplicity], multiplicity) / acb_series(
                below[multiplicity : 2 * multiplicity], multiplicity
            )
            for j in range(1, multiplicity + 1):
                c, order = series[multiplicity - j], j - 1
                total += c * (-1) ** j * acb(a - root).polygamma(order) / math.factorial(order)
    finally:
        ctx.cap = before
    return acb(total.real)  # a sum of rational numbers


def _around(p: fmpq_poly, root: acb) -> list[acb]:
    """The coefficients of p(root + t)."""
    found = []
    for i in range(p.degree() + 1):
        found.append(acb_poly(p)(root) / math.factorial(i))
        p = p.derivative()
    return found


__all__ = ["Diverges", "rational_product", "rational_series"]
