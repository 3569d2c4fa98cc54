"""Corners and jumps of an integrand: moduli, maxima, signs and cases, and what they are between two places where they turn."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.heads import bound_variables

FINEST = 2.0**-48  # of the range
PLACED = 16 * FINEST  # of the range: how far from a place that is found it may be
MOST = 3000  # intervals on which a sign is asked
KINKED = (sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min, sp.Piecewise)


def kinks(e: Any, x: Any) -> list[Any]:
    """The innermost moduli, maxima, signs, cases and roots of squares in e that change with x.

    None of them if one speaks of what a sum, an integral or a mean inside e binds: where that one turns is another question.
    """
    nodes = {n for n in e.atoms(*KINKED) | {p for p in e.atoms(sp.Pow) if _is_root_of_square(p)} if n.has(x)}
    bound = bound_variables(e)
    if any(n.free_symbols & bound for n in nodes):
        return []
    return [n for n in nodes if not any(m is not n and n.has(m) for m in nodes)]


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
    if isinstance(node, sp.sign):
        return sp.Integer(way)
    return node.func(sp.Integer(way), *node.args[1:])  # where the argument is 0 throughout, the value that is given to it


def sign_changes(sign: Callable[[float, float], int | None], a: float, b: float) -> list[float] | None:
    """Numbers in (a, b) near which the sign changes: each in an interval too small to matter, with one sign in each gap.

    `sign(low, high)` is the sign on an interval, None where it is not seen to be one. None if the gaps are not settled in time.
    """
    waiting, places, asked = [(a, b)], [], 0
    smallest = (b - a) * FINEST
    while waiting:
        low, high = waiting.pop()
        asked += 1
        if asked > MOST:
            return None
        if sign(low, high) is not None:
            continue
        if high - low < smallest:
            places.append((low + high) / 2)
            continue
        middle = (low + high) / 2
        waiting += [(middle, high), (low, middle)]
    merged: list[float] = []
    for place in sorted(places):
        if not merged or place - merged[-1] > 8 * smallest:
            merged.append(place)
    return merged
