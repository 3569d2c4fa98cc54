"""How large a number can be that a formula without symbols stands for: what is too large is refused before it is computed."""

from __future__ import annotations

import math
from typing import Any

import sympy as sp

from derivable.notation.heads import HEADS

GROWING = frozenset(head.name for head in HEADS.values() if head.grows)
MAX_DIGITS = 1000  # of a literal
MAX_BITS = 1_000_000  # of an exact number that a formula spells out, and of an exponent's value


def bits(e: Any) -> float:
    """An upper bound for the bits that the exact value of a constant takes, 0 for what is not exact or not constant."""
    if isinstance(e, sp.Rational):
        return float(max(abs(e.p).bit_length(), e.q.bit_length()))
    if not isinstance(e, sp.Expr) or not e.args or e.free_symbols:
        return 1.0
    inner = [bits(a) for a in e.args]
    if type(e).__name__ in GROWING:
        return growth(e.args)
    if isinstance(e, sp.Add):
        return sum(inner) if all(isinstance(a, sp.Rational) for a in e.args) else max(inner) + len(inner)
    if isinstance(e, sp.Mul):
        return sum(inner)
    if isinstance(e, sp.Pow):
        return max(inner[0], 1.0) * max(value(e.exp), 1.0)
    return max(inner)


def value(e: Any) -> float:
    """An upper bound for the modulus of a constant, infinity beyond the numbers of the machine."""
    if isinstance(e, sp.Rational):
        return abs(e.p) / e.q if max(abs(e.p).bit_length(), e.q.bit_length()) < 1000 else math.inf
    if isinstance(e, sp.Symbol) or not isinstance(e, sp.Expr):
        return 1.0
    if e.free_symbols:
        return 1.0
    if isinstance(e, sp.Pow) and isinstance(e.exp, sp.Rational):
        base, exponent = value(e.base), value(e.exp)
        small = base > 0 and exponent * abs(math.log2(base)) < 1000 if base < math.inf and exponent < math.inf else False
        return max(base**exponent, base**-exponent) if small else math.inf
    size = bits(e)
    return 2.0**size if size < 1000 else math.inf


def growth(arguments: tuple[Any, ...]) -> float:
    """A bound for the bits of a factorial, a binomial, a gamma value of constants: n log₂ n for the largest n."""
    largest = max(map(value, arguments), default=1.0)
    return largest * math.log2(largest + 2) if largest < math.inf else math.inf
