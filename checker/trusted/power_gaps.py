"""Equal floors of roots: between them lies no integer, because what lies between their powers is no perfect power."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.heads import bound_variables, line_in

Positive = Callable[[Any, Facts, bool], bool]
MODULI = (4, 8, 9, 3, 5, 7, 13, 16)  # in whose residue classes powers are looked for
CLASSES = 300  # of all symbols together
LONGEST_GAP = 12


def by_power_gaps(e: Any, facts: Facts, positive: Positive) -> Proof | None:
    """⌊u⌋ = ⌊v⌋ for v = Q^(1/r) with an integer Q ≥ 0, and u ≥ 0.

    An integer m with u < m ≤ v has u^r < m^r ≤ Q, and one with v < m ≤ u has Q < m^r ≤ u^r. If Q, Q - 1, … Q - a + 1 and
    Q + 1, … Q + b are no r-th powers, by their residues, there is none where Q - a ≤ u^r < Q + b + 1. (Graham, Knuth, Patashnik,
    *Concrete Mathematics*, exercise 3.20 and its like.)
    """
    for u, v in _pairs(e, facts):
        r, q = v.exp.q, sp.expand(v.base)
        if not facts.is_nonnegative(q) or not positive(u, facts, False):
            continue
        symbols = tuple(sorted(q.free_symbols, key=str))
        down = next(j for j in range(LONGEST_GAP + 1) if j == LONGEST_GAP or not is_no_power(q - j, r, symbols))
        up = next(j for j in range(LONGEST_GAP + 1) if j == LONGEST_GAP or not is_no_power(q + j + 1, r, symbols))
        power = sp.expand(u**r)
        if positive(sp.expand(power - q + down), facts, False) and positive(sp.expand(q + up + 1 - power), facts, True):
            text = f"no integer between {u} and {v}: none of {q - down} < m^{r} < {q + up + 1} is a power but {q - down}"
            if down == up == 0:
                text = f"no integer between {u} and {v}"
            return Proof((("gap between powers", text),))
    return None


def _pairs(e: Any, facts: Facts) -> Iterator[tuple[Any, Any]]:
    """(u, v) for e = c (⌊u⌋ - ⌊v⌋) with a rational c and a root v of an integer; an integer beside them is taken into ⌊u⌋."""
    nodes = sorted(e.atoms(sp.floor), key=sp.default_sort_key)
    if len(nodes) != 2 or bound_variables(e) or any(node.args[0].has(sp.floor, sp.ceiling) for node in nodes):
        return
    for first, second in (nodes, nodes[::-1]):
        v = second.args[0]
        if not (isinstance(v, sp.Pow) and v.exp.is_Rational and v.exp.p == 1 and v.exp.q > 1):
            continue
        if not (all(s.is_integer for s in v.base.free_symbols) and facts.is_integer(v.base)):
            continue
        line = line_in(e, first)
        if line is None or not line[0].is_Rational or line[0] == 0:
            continue
        beside = sp.expand(line[1] / line[0] + second)
        if facts.is_integer(beside) and not beside.has(sp.floor) and facts.is_real(first.args[0]):
            yield first.args[0] + beside, v


@functools.lru_cache(maxsize=512)
def is_no_power(p: Any, r: int, symbols: tuple[Any, ...]) -> bool:
    """Whether a polynomial with integer coefficients is no r-th power, for any integers, by its residues of one modulus."""
    p = sp.expand(p)
    if not p.is_polynomial(*symbols) or not symbols:
        return False
    poly = sp.Poly(p, *symbols)
    if not all(c.is_Integer for c in poly.coeffs()):
        return False
    content = int(sp.igcd(0, 0, *(c for monomial, c in poly.terms() if any(monomial))))
    for modulus in dict.fromkeys((content, *MODULI)):
        if not 1 < modulus ** len(symbols) <= CLASSES:
            continue
        powers = {pow(m, r, modulus) for m in range(modulus)}
        points = itertools.product(range(modulus), repeat=len(symbols))
        if all(int(poly.eval(dict(zip(symbols, point, strict=True)))) % modulus not in powers for point in points):
            return True
    return False


__all__ = ["by_power_gaps", "is_no_power"]
