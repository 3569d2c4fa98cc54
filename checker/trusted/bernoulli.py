"""Bernoulli's inequality: u^r is at least, or at most, a rational function of u and r."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.heads import bound_variables, line_in

Sign = Callable[[Any, Facts, bool], "Proof | None"]
MOST = 4


def by_bernoulli(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) with a bound in place of each power u^r, u > 0, whose real exponent is no number; e is affine in each.

    u^r ≥ 1 + r (u - 1) for r ≤ 0 and r ≥ 1, the other way round for 0 ≤ r ≤ 1 (DLMF 4.5.13); and u^r ≥ u / (u + r (1 - u))
    for 0 ≤ r ≤ 1, the same of 1/u.
    """
    powers = sorted((p for p in e.atoms(sp.Pow) if p.exp.free_symbols), key=sp.default_sort_key)
    if not 1 <= len(powers) <= MOST or bound_variables(e):
        return None
    goal = with_bounds(e, powers, lambda power, way: _bound(power, way, facts), facts)
    part = None if goal is None else sign(goal, facts, strict)
    return None if part is None else Proof((("Bernoulli's inequality", f"at least {goal}"),)).join(part)


def with_bounds(e: Any, nodes: list[Any], bound: Callable[[Any, int], Any], facts: Facts) -> Any:
    """e, affine in each node with a coefficient of one sign, with a lower or an upper bound in place of the nodes, or None."""
    for node in nodes:
        line = line_in(e, node, log=False)
        if line is None:
            return None
        slope, rest = line
        way = 1 if facts.is_nonnegative(slope) else -1 if facts.is_nonnegative(-slope) else 0
        value = bound(node, way) if way else None
        if value is None:
            return None
        e = rest + slope * value
    return e


def _bound(power: Any, way: int, facts: Facts) -> Any:
    """A lower (way = 1) or upper bound of u^r; None where the hypotheses do not tell which holds."""
    u, r = power.as_base_exp()
    if not facts.is_positive(u) or not facts.is_real(r):
        return None
    if facts.is_nonnegative(r) and facts.is_nonnegative(1 - r):
        return u / (u + r * (1 - u)) if way > 0 else 1 + r * (u - 1)
    if way > 0 and (facts.is_nonnegative(-r) or facts.is_nonnegative(r - 1)):
        return 1 + r * (u - 1)
    return None


__all__ = ["by_bernoulli", "with_bounds"]
