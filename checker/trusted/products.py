"""Products of factors near 1 between sums: Weierstrass' inequalities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import NONNEGATIVE, NONPOSITIVE, Facts
from derivable.trusted.heads import bound_variables, line_in

Sign = Callable[[Any, Facts, bool], "Proof | None"]


def by_products(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) with a bound in place of a finite product that e is a line in, from below where it rises, else from above.

    1 + Σ t_k ≤ Π (1 + t_k) ≤ exp(Σ t_k) where all t_k ≥ 0, and 1 - Σ t_k ≤ Π (1 - t_k) ≤ exp(-Σ t_k), ≤ 1 where 0 ≤ t_k ≤ 1
    (Mitrinović, Analytic Inequalities, 3.2.37). The range does not run backwards.
    """
    bound = bound_variables(e)
    for node in sorted(e.atoms(sp.Product), key=sp.default_sort_key):
        if node.free_symbols & bound:
            continue
        line = line_in(e, node)
        signs = None if line is None else facts.signs(line[0])
        if signs is None or not (signs <= NONNEGATIVE or signs <= NONPOSITIVE):
            continue
        for below, value in _bounds(node, facts, sign):
            part = sign(e.xreplace({node: value}), facts, strict) if below == (signs <= NONNEGATIVE) else None
            if part is not None:
                return Proof((("product and sum", f"{node} {'≥' if below else '≤'} {value}"),)).join(part)
    return None


def _bounds(node: Any, facts: Facts, sign: Sign) -> Iterator[tuple[bool, Any]]:
    """(whether it is a lower bound, the bound)."""
    if len(node.limits) != 1 or len(node.limits[0]) != 3:
        return
    k, a, b = node.limits[0]
    if sp.oo in (b, -a) or not facts.is_nonnegative(b - a + 1):
        return
    fixed = sp.Dummy(k.name, integer=True)
    factor = node.args[0].xreplace({k: fixed})
    t = sp.expand(factor - 1)
    within = facts.given(fixed >= a, fixed <= b)
    grows = within.is_nonnegative(t)
    small = within.is_nonnegative(-t) and sign(factor, within, False) is not None
    if not grows and not small:
        return
    total = sp.Sum(t, (fixed, a, b))
    yield True, 1 + total
    if small:
        yield False, sp.Integer(1)
    yield False, sp.exp(total)


__all__ = ["by_products"]
