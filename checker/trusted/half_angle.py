"""Integrals of rational functions of sines and cosines by t = tan(x/2), or by t = tan x where half a turn changes nothing."""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.continuity import between, smooth
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import NormalForm

CIRCULAR = (sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc)


def by_half_angle(body: Any, x: Any, lower: Any, upper: Any, facts: Facts) -> Any:
    """∫_a^b R(sin x, cos x) dx as ∫ R(2t/(1 + t²), (1 - t²)/(1 + t²)) 2/(1 + t²) dt, t = tan(x/2), or None.

    From tan(a/2) to tan(b/2) for -π ≤ a < b ≤ π; from -∞ to ∞ over a period 2π, or several, wherever on the real line it begins:
    beside one there may be poles. The integrand has to be seen to be continuous. Where R(-s, -c) = R(s, c), it is
    ∫ R(t c, c) c² dt with t = tan x and c² = 1/(1 + t²), and the period is π.
    """
    if not body.has(*CIRCULAR) or any(node.args[0].has(x) for node in body.atoms(sp.Function) if not isinstance(node, CIRCULAR)):
        return None
    z, s, c = sp.Dummy(x.name, real=True), sp.Dummy("s"), sp.Dummy("c")
    integrand = body.xreplace({x: z})
    written = integrand.replace(lambda node: isinstance(node, CIRCULAR[2:]), lambda node: node.rewrite(sp.sin).rewrite(sp.cos))
    written = sp.expand_trig(written)
    named = written.xreplace({sp.sin(z): s, sp.cos(z): c})
    if named.has(z) or not named.is_rational_function(s, c):
        return None
    half = sp.cancel(named - named.xreplace({s: -s, c: -c})) == 0
    turns = sp.cancel((upper - lower) / (sp.pi if half else 2 * sp.pi))
    turns = turns if turns.is_Integer and turns > 0 and facts.is_real(lower) else 0
    ends = (-sp.oo, sp.oo) if turns else _ends(lower, upper, 1 if half else 2, facts)
    if ends is None:
        return None
    within = facts if turns else facts.given(*between(z, lower, upper, facts))
    if not smooth(integrand, z, within):
        return None
    t = sp.Dummy("t", real=True)
    square = 1 + t**2
    if half:
        w = sp.Dummy("w", positive=True)
        even = sp.cancel(sp.together(named.xreplace({s: t * c}))).xreplace({c: sp.sqrt(w)})
        substituted = sp.cancel(even).xreplace({w: 1 / square}) / square
    else:
        substituted = named.xreplace({s: 2 * t / square, c: (1 - t**2) / square}) * 2 / square
    substituted *= turns or 1
    short = sp.cancel(sp.together(substituted))
    if not short.is_rational_function(t):
        return None
    try:
        form = NormalForm(within)
        if not form.is_zero(written - integrand) or not form.is_zero(short - substituted):
            return None
    except (NoNormalForm, NeedCase, RecursionError):
        return None
    return sp.Integral(short, (t, *ends))


def _ends(lower: Any, upper: Any, part: int, facts: Facts) -> tuple[Any, Any] | None:
    """tan(a/part) and tan(b/part) for -part π/2 ≤ a < b ≤ part π/2."""
    edge = part * sp.pi / 2
    inside = facts.is_nonnegative(lower + edge) and facts.is_nonnegative(edge - upper) and facts.is_positive(upper - lower)
    if not inside:
        return None
    return (-sp.oo if lower == -edge else sp.tan(lower / part), sp.oo if upper == edge else sp.tan(upper / part))


__all__ = ["by_half_angle"]
