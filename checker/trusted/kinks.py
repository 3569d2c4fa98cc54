"""Corners and jumps of an integrand: moduli, maxima, signs and cases, and what they are between two places where they turn."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import sympy as sp

GRID = 96  # points at which a sign is looked at
BISECTIONS = 60
KINKED = (sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min, sp.Piecewise)


def kinks(e: Any, x: Any) -> list[Any]:
    """The innermost moduli, maxima, signs, cases and roots of squares in e that change with x."""
    nodes = e.atoms(*KINKED) | {p for p in e.atoms(sp.Pow) if _is_root_of_square(p)}
    return [n for n in nodes if n.has(x) and not any(m is not n and m.has(x) and n.has(m) for m in nodes)]


def _is_root_of_square(e: Any) -> bool:
    return bool(e.base.is_Pow and e.base.exp.is_even and e.exp.is_Rational and not e.exp.is_Integer)


def turning_points(node: Any) -> list[Any]:
    """Expressions at whose zeros the node may turn."""
    if isinstance(node, sp.Piecewise):
        return [r.lhs - r.rhs for r in node.atoms(sp.core.relational.Relational)]
    if isinstance(node, sp.Max | sp.Min):
        return [a - b for a, b in itertools.combinations(node.args, 2)]
    return [node.base.base if isinstance(node, sp.Pow) else node.args[0]]


def smooth_part(node: Any, sign: Callable[[Any], int], holds: Callable[[Any], bool]) -> Any:
    """What the node is around a point where none of its turning points vanishes, by the signs and conditions at the point."""
    if isinstance(node, sp.Piecewise):
        return next((value for value, condition in node.args if holds(condition)), sp.nan)
    if isinstance(node, sp.Max | sp.Min):
        best = node.args[0]
        for other in node.args[1:]:
            if (sign(other - best) > 0) == isinstance(node, sp.Max):
                best = other
        return best
    if isinstance(node, sp.Pow):  # (u^2m)^p = |u|^2mp
        return (sign(node.base.base) * node.base.base) ** (node.base.exp * node.exp)
    way = sign(node.args[0])
    if isinstance(node, sp.Abs):
        return way * node.args[0]
    return sp.Integer(way) if isinstance(node, sp.sign) else sp.Integer(int(way > 0))


def sign_changes(sign: Callable[[float], int], a: float, b: float) -> list[float]:
    """Numbers in (a, b), an end of which may be infinite, between whose neighbours on a grid the sign changes, by bisection."""
    places = _grid(a, b)
    signs = [sign(place) for place in places]
    found = []
    for (low, before), (high, after) in itertools.pairwise(zip(places, signs, strict=True)):
        if before == 0:
            found.append(low)
        if before * after >= 0:
            continue
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            low, high = (middle, high) if sign(middle) == before else (low, middle)
        found.append((low + high) / 2)
    return found


def _grid(a: float, b: float) -> list[float]:
    # not symmetric, so that a zero in the middle lies between two points
    steps = [(k + 0.4) / GRID for k in range(GRID)]
    if math.isinf(a) and math.isinf(b):
        return [math.sinh(9 * (t - 0.5)) for t in steps]
    if math.isinf(b):
        return [a + t / (1 - t) for t in steps]
    if math.isinf(a):
        return [b - (1 - t) / t for t in steps]
    return [a + (b - a) * t for t in steps]
