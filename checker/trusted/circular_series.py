"""Series over sums of squares and infinite products: the expansions of π cot πz and of sin πz on the imaginary axis.

For c > 0, j over the natural numbers or over the halves of the odd ones (DLMF 4.36.1-4.36.5),

    Σ 1/(j² + c) = (π√c coth π√c - 1)/(2c)  or  π tanh(π√c)/(2√c),    Π (1 + c/j²) = sinh(π√c)/(π√c)  or  cosh π√c.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts

HALF = sp.Rational(1, 2)
FAR = 64  # terms that are written out
C = sp.Dummy("c", positive=True)


@dataclass(frozen=True)
class Square:
    """(k + γ)² + c with c > 0 and 2γ an integer."""

    shift: Any
    c: Any

    def start(self, a: Any) -> Any:
        """The first j = k + γ."""
        return a + self.shift


def square(q: Any, k: Any, facts: Facts) -> tuple[Any, Square] | None:
    """(α, s) with q = α s, for a polynomial q of degree 2 in k."""
    leading, linear, constant = sp.Poly(q, k).all_coeffs()
    shift = sp.cancel(linear / (2 * leading))
    c = sp.factor(sp.cancel(constant / leading) - shift**2)
    if not (shift.is_Rational and (2 * shift).is_Integer and facts.is_positive(c)):
        return None
    return leading, Square(shift, c)


def series_over_squares(terms: list[tuple[Any, Any, Square, int]], a: Any) -> Any:
    """Σ_{k ≥ a} of terms (A (k + γ) + B) / ((k + γ)² + c)^m given as (A, B, square, m); None unless they converge by parts.

    The parts with A telescope where, for each c, m and γ modulo 1, the A add up to 0.
    """
    total = sp.Integer(0)
    odd: dict[Any, list[tuple[Any, Any]]] = {}
    for A, B, s, m in terms:
        start = s.start(a)
        if not (start.is_Rational and abs(start) <= FAR):
            return None
        total += B * reciprocal_squares(start, s.c, m)
        odd.setdefault((s.c, m, sp.Mod(start, 1)), []).append((A, start))
    for (c, m, _), parts in odd.items():
        if sp.cancel(sp.Add(*(A for A, _ in parts))) != 0:
            return None
        least = min(start for _, start in parts)
        total -= sp.Add(*(A * j / (j**2 + c) ** m for A, start in parts for j in _between(least, start)))
    return total


def reciprocal_squares(start: Any, c: Any, m: int) -> Any:
    """Σ_{j ≥ start} 1/(j² + c)^m for c > 0, m ≥ 1 and a start in the integers or the halves of the odd ones."""
    root = sp.sqrt(C)
    if start.is_Integer:
        first, whole = sp.Integer(1), (sp.pi * root * sp.coth(sp.pi * root) - 1) / (2 * C)
    else:
        first, whole = HALF, sp.pi * sp.tanh(sp.pi * root) / (2 * root)
    whole = (-1) ** (m - 1) * sp.diff(whole, C, m - 1) / sp.factorial(m - 1)
    ends = sp.Add(*((j**2 + C) ** -m for j in _between(start, first))) - sp.Add(
        *((j**2 + C) ** -m for j in _between(first, start))
    )
    return (whole + ends).subs(C, c)


def product_over_squares(start: Any, c: Any) -> Any:
    """Π_{j ≥ start} (1 + c/j²) for c > 0, from a start in the integers or the halves of the odd ones, but over j > 0 only."""
    root = sp.pi * sp.sqrt(c)
    first, whole = (sp.Integer(1), sp.sinh(root) / root) if start.is_Integer else (HALF, sp.cosh(root))
    return whole / sp.Mul(*(1 + c / j**2 for j in _between(first, start)))


def product_over_differences(over_integers: bool, delta: Any) -> Any:
    """Π (1 - δ²/j²) over the natural numbers, or over the halves of the odd ones: sin(πδ)/(πδ) for δ ≠ 0, or cos πδ."""
    angle = sp.pi * delta
    return sp.sin(angle) / angle if over_integers else sp.cos(angle)


def _between(low: Any, high: Any) -> list[Any]:
    """low, low + 1, … below high."""
    return [low + i for i in range(max(0, int(high - low)))]


__all__ = ["Square", "product_over_differences", "product_over_squares", "reciprocal_squares", "series_over_squares", "square"]
