"""Jensen's inequality: a convex function inside a sum or an integral is at least its tangent, at a point that does not move.

The point is a candidate only: an argument of the same function outside, or the weighted mean of the arguments. What is left has
no such function inside, and its sign is asked of the prover.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivable.trusted.continuity import is_continuous
from derivable.trusted.decision import Proof
from derivable.trusted.facts import NONNEGATIVE, Facts
from derivable.trusted.heads import bound_variables, line_in

Sign = Callable[[Any, Facts, bool], "Proof | None"]


def by_tangents(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 from e' ≥ 0, where e' has tangents in place of a function inside a finite sum or integral that e is linear in."""
    for node in sorted(e.atoms(sp.Sum, sp.Integral), key=sp.default_sort_key):
        if len(node.limits) != 1 or len(node.limits[0]) != 3 or sp.oo in (node.limits[0][2], -node.limits[0][1]):
            continue
        line = line_in(e, node, log=False)
        old, a, b = node.limits[0]
        discrete = isinstance(node, sp.Sum)
        length = b - a + (1 if discrete else 0)
        if line is None or line[0] == 0 or not facts.is_nonnegative(length):
            continue
        slope, rest = line
        fresh = sp.Dummy(old.name, integer=True) if discrete else sp.Dummy(old.name, real=True)
        within = facts.given(*(c for c in (fresh >= a, fresh <= b) if c not in (sp.true, sp.false)))
        body = node.args[0].xreplace({old: fresh})
        outer = rest + slope
        for inner, coefficient, (function, argument) in _convex_parts(body, fresh):
            signs = within.signs(slope * coefficient)
            if signs is None or not signs <= NONNEGATIVE:
                continue
            for at in _points(function, argument, coefficient, outer, node, fresh):
                if not _inside(function, argument, within) or not _inside(function, at, facts):
                    continue
                tangent = _tangent(function, argument, at)
                lower = sp.expand(body - coefficient * inner + coefficient * tangent, log=False)
                if isinstance(node, sp.Integral) and not is_continuous(lower, fresh, within):
                    continue
                below = rest + slope * node.func(lower, (fresh, *node.limits[0][1:]))
                part = sign(below, facts, strict)
                if part is not None:
                    name = {sp.log: "-log", sp.exp: "exp", sp.Pow: "the reciprocal"}[function]
                    return Proof((("tangent inside the sum", f"of {name} at {at}, in place of {inner} under {old}"),)).join(part)
    return None


def _convex_parts(body: Any, k: Any) -> Iterator[tuple[Any, Any, tuple[Any, Any]]]:
    """(node, c, (f, a)) for the functions that the body is linear in, where node = ±f(a) with a convex f: -log, exp, 1/x."""
    for node in sorted(body.atoms(sp.log, sp.exp, sp.Pow), key=sp.default_sort_key):
        if k not in node.free_symbols:
            continue
        line = line_in(body, node, log=False)
        if line is None or line[0] == 0:
            continue
        coefficient, _ = line
        if isinstance(node, sp.exp):
            yield node, coefficient, (sp.exp, node.args[0])
        elif isinstance(node, sp.log) and len(node.args) == 1:
            yield -node, -coefficient, (sp.log, node.args[0])
            yield node, coefficient, (sp.log, 1 / node.args[0])
        elif isinstance(node, sp.Pow) and node.exp == -1:
            yield node, coefficient, (sp.Pow, node.base)


def _points(function: Any, argument: Any, coefficient: Any, outer: Any, node: Any, k: Any) -> Iterator[Any]:
    """Where the tangent may touch."""
    seen: dict[Any, None] = {}
    bound = bound_variables(outer)
    for other in sorted(outer.atoms(function), key=sp.default_sort_key):
        if function is sp.Pow or other.free_symbols & bound:
            continue
        seen[other.args[0]] = None
        if function is sp.log:
            seen[1 / other.args[0]] = None
    old, a, b = node.limits[0]
    length = b - a + (1 if isinstance(node, sp.Sum) else 0)
    weight, moment = (
        node.func(c.xreplace({k: old}), (old, a, b)) if k in c.free_symbols else c * length
        for c in (coefficient, sp.expand(coefficient * argument, log=False))
    )
    seen[moment / weight] = None
    yield from seen


def _inside(function: Any, argument: Any, facts: Facts) -> bool:
    """Whether the argument lies where the function is convex."""
    return facts.is_real(argument) if function is sp.exp else facts.is_positive(argument)


def _tangent(function: Any, x: Any, at: Any) -> Any:
    if function is sp.exp:
        return sp.exp(at) * (1 + x - at)
    if function is sp.log:
        return -sp.log(at) - (x - at) / at
    return 2 / at - x / at**2
