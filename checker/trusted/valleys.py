"""A convex function is above the tangents at two points between which it is least."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.continuity import is_continuous
from derivable.trusted.curves import derivative, within_range
from derivable.trusted.decision import Proof
from derivable.trusted.facts import NEGATIVE, POSITIVE, Contradiction, Facts

Sign = Callable[[Any, Facts, bool], "Proof | None"]
WIDENINGS = 5
HALVINGS = 24


def by_tangents_of_valley(e: Any, x: Any, ends: tuple[Any, Any], facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e(x) ≥ min(e(c) + e'(c) (d - c), e(d)) > 0 for a function of x alone with e'' ≥ 0, where c < d and e'(c) < 0 < e'(d).

    Up to c the tangent at c is at least e(c), from d on that at d is at least e(d), and between them that at c is least at d.
    """
    low, high = ends
    if e.free_symbols != {x}:
        return None
    r = sp.Dummy(x.name, real=True)
    f = e.xreplace({x: r})
    try:
        others, domain, inside = within_range(r, x, ends, facts)
    except Contradiction:
        return None
    pair = _around_the_least(sp.diff(f, r), r, low, high, others)  # most functions have no such pair: before what takes longer
    if pair is None or not is_continuous(f, r, domain):
        return None
    c, d = pair
    slope = derivative(f, r, inside)
    bend = None if slope is None else derivative(slope, r, inside)
    if bend is None or not is_continuous(bend, r, inside):
        return None
    at = slope.xreplace({r: c})
    bounds = (f.xreplace({r: c}) + at * (d - c), f.xreplace({r: d}))
    if not all(others.is_positive(bound) for bound in (*bounds, -at, slope.xreplace({r: d}))):
        return None
    convex = sign(bend, inside, False)
    if convex is None:
        return None
    return Proof((("tangents of a convex function", f"at {x} = {c} and {d}, where the derivative changes its sign"),)).join(
        convex
    )


def _around_the_least(slope: Any, r: Any, low: Any, high: Any, facts: Facts) -> tuple[Any, Any] | None:
    """Rational c < d inside the range with slopes below and above 0, close to each other."""

    def rises(at: Any) -> bool | None:
        signs = facts.signs(slope.xreplace({r: at}))
        return True if signs == POSITIVE else False if signs == NEGATIVE else None

    for end in (low, high):
        if end not in (sp.oo, -sp.oo) and not end.is_Rational:
            return None
    c = d = _middle(low, high)
    up = rises(c)
    for _ in range(WIDENINGS):
        if up is None:
            return None
        further = _middle(low, c) if up else _middle(d, high)
        other = rises(further)
        if other is not None and other != up:
            c, d = (further, d) if up else (c, further)
            break
        c, d = (further, further)
    else:
        return None
    for _ in range(HALVINGS):
        middle = (c + d) / 2
        up = rises(middle)
        if up is None:
            break
        c, d = (c, middle) if up else (middle, d)
    return c, d


def _middle(low: Any, high: Any) -> Any:
    if low is -sp.oo and high is sp.oo:
        return sp.Rational(1, 3)  # an even function has its least value at 0
    if high is sp.oo:
        return 2 * low if low >= 1 else low + 1
    if low is -sp.oo:
        return 2 * high if high <= -1 else high - 1
    return (low + high) / 2


__all__ = ["by_tangents_of_valley"]
