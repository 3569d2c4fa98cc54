"""Integrals of rational functions of sines and cosines by t = tan(x/2): sin x = 2t/(1 + t²), cos x = (1 - t²)/(1 + t²)."""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.continuity import between, smooth
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import NormalForm

CIRCULAR = (sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc)


def by_half_angle(body: Any, x: Any, lower: Any, upper: Any, facts: Facts) -> Any:
    """∫_a^b R(sin x, cos x) dx as ∫ R(2t/(1 + t²), (1 - t²)/(1 + t²)) 2/(1 + t²) dt, or None.

    From tan(a/2) to tan(b/2) for -π ≤ a < b ≤ π; from -∞ to ∞ over a whole period, wherever on the real line it begins: beside it
    there may be poles. The integrand has to be seen to be continuous.
    """
    if not body.has(*CIRCULAR) or any(node.args[0].has(x) for node in body.atoms(sp.Function) if not isinstance(node, CIRCULAR)):
        return None
    period = sp.expand(upper - lower - 2 * sp.pi) == 0 and facts.is_real(lower)
    ends = (-sp.oo, sp.oo) if period else _ends(lower, upper, facts)
    if ends is None:
        return None
    z = sp.Dummy(x.name, real=True)
    within = facts if period else facts.given(*between(z, lower, upper, facts))
    integrand = body.xreplace({x: z})
    if not smooth(integrand, z, within):
        return None
    s, c, t = sp.Dummy("s"), sp.Dummy("c"), sp.Dummy("t", real=True)
    written = integrand.replace(lambda node: isinstance(node, CIRCULAR[2:]), lambda node: node.rewrite(sp.sin).rewrite(sp.cos))
    written = sp.expand_trig(written)
    named = written.xreplace({sp.sin(z): s, sp.cos(z): c})
    if named.has(z) or not named.is_rational_function(s, c):
        return None
    square = 1 + t**2
    substituted = named.xreplace({s: 2 * t / square, c: (1 - t**2) / square}) * 2 / square
    short = sp.cancel(sp.together(substituted))
    try:
        form = NormalForm(within)
        if not form.is_zero(written - integrand) or not form.is_zero(short - substituted):
            return None
    except (NoNormalForm, NeedCase, RecursionError):
        return None
    return sp.Integral(short, (t, *ends))


def _ends(lower: Any, upper: Any, facts: Facts) -> tuple[Any, Any] | None:
    """tan(a/2) and tan(b/2) for -π ≤ a < b ≤ π."""
    inside = facts.is_nonnegative(lower + sp.pi) and facts.is_nonnegative(sp.pi - upper) and facts.is_positive(upper - lower)
    if not inside:
        return None
    return (-sp.oo if lower == -sp.pi else sp.tan(lower / 2), sp.oo if upper == sp.pi else sp.tan(upper / 2))


__all__ = ["by_half_angle"]
