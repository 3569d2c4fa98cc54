"""Derivatives of symbolic order: d^n f/dx^n = G(n, x) by induction on n.

G(s, x) is the derivative of the least order, and ∂G(n, x)/∂x = G(n + 1, x) for all n ≥ s and all x of an open set: then
d^n f/dx^n = G(n, ·) on it for all n ≥ s. Nothing is claimed of orders for which f is not differentiable.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.definedness import unsafe
from derivable.trusted.facts import Facts, mentions
from derivable.trusted.heads import bound_variables
from derivable.trusted.recurrences import least

Zero = Callable[[Any, Facts], "Proof | None"]


def by_symbolic_order(e: Any, facts: Facts, zero: Zero) -> Proof | None:
    """A proof of e = 0 where e is linear in a derivative whose order is an integer symbol and a number."""
    bound = bound_variables(e.xreplace({node: sp.Dummy() for node in e.atoms(sp.Derivative)}))
    for node in sorted((n for n in e.atoms(sp.Derivative) if n.free_symbols <= e.free_symbols), key=sp.count_ops, reverse=True):
        if len(node.variable_count) != 1:
            continue
        ((x, order),) = node.variable_count
        named = sp.Dummy()
        linear = e.xreplace({node: named})
        slope = sp.diff(linear, named)
        if slope.has(named) or not facts.is_nonzero(slope):
            continue
        value = -linear.xreplace({named: sp.Integer(0)}) / slope
        for n in sorted(order.free_symbols, key=str):
            start, shift = least(n, facts), sp.expand(order - n)
            if start is None or x in bound or n in bound or node.expr.has(n) or not shift.is_Integer:
                continue
            if start + shift < 0 or not _is_open(x, facts) or unsafe(value, (n, x), facts) or not _have_orders(value, facts):
                continue
            first, least_order = value.subs(n, start), start + shift
            base = zero((sp.Derivative(node.expr, (x, least_order)) if least_order else node.expr) - first, facts)
            step = None if base is None else zero(sp.Derivative(value, x) - value.subs(n, n + 1), facts)
            if base is not None and step is not None:
                text = f"d^{order}/d{x}^{order}, on {n} from {start}"
                return Proof((("induction on the order of a derivative", text),)).join(base).join(step)
    return None


def _is_open(x: Any, facts: Facts) -> bool:
    """Whether all points near an admitted one are admitted: real, positive or complex x under strict inequalities."""
    ends_in_zero = (x.is_nonnegative and not x.is_positive) or (x.is_nonpositive and not x.is_negative)
    if not x.is_Symbol or x.is_rational is not None or ends_in_zero or x.is_imaginary:
        return False
    for condition in facts.where:
        if not mentions(condition, x):
            continue
        if not isinstance(condition, sp.Gt | sp.Lt | sp.Ne):
            return False
        parts = {part: sp.Dummy() for part in (sp.Abs(x), sp.re(x), sp.im(x)) if part != x}
        difference = (condition.lhs - condition.rhs).xreplace(parts)
        if not difference.is_polynomial(x, *parts.values()):
            return False
    return True


def _have_orders(value: Any, facts: Facts) -> bool:
    return all(facts.is_nonnegative(order) for node in value.atoms(sp.Derivative) for _, order in node.variable_count)


__all__ = ["by_symbolic_order"]
