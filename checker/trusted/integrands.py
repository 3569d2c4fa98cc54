"""An integral between others: a factor of the integrand replaced by a bound that does not depend on the variable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivable.trusted.continuity import between, is_continuous
from derivable.trusted.decision import Proof
from derivable.trusted.definedness import unsafe
from derivable.trusted.facts import NONNEGATIVE, NONPOSITIVE, Facts
from derivable.trusted.heads import bound_variables, line_in

Sign = Callable[[Any, Facts, bool], "Proof | None"]
Value = Callable[[Any], "tuple[Any, Proof] | None"]
MOST_FACTORS = 3


def by_bounded_factor(e: Any, facts: Facts, strict: bool, sign: Sign, value: Value) -> Proof | None:
    """e ≥ 0 (e > 0) with c ∫ r dx in place of ∫ h r dx, which e is a line in; c is at most h where e rises, else at least h.

    On the open range h and r are continuous, r ≥ 0 and |h| ≤ C, so that the integral of h r has a value if that of r has one,
    which a certificate supports.
    """
    bound = bound_variables(e)
    for node in sorted(e.atoms(sp.Integral), key=sp.default_sort_key):
        if node.free_symbols & bound or len(node.limits) != 1 or len(node.limits[0]) != 3:
            continue
        line = line_in(e, node)
        signs = None if line is None else facts.signs(line[0])
        if signs is None or not (signs <= NONNEGATIVE or signs <= NONPOSITIVE):
            continue
        for text, simpler, proof in _bounds(node, signs <= NONNEGATIVE, facts, sign, value):
            part = sign(e.xreplace({node: simpler}), facts, strict)
            if part is not None:
                return Proof((("bounded factor", text),)).join(proof).join(part)
    return None


def _bounds(node: Any, below: bool, facts: Facts, sign: Sign, value: Value) -> Iterator[tuple[str, Any, Proof]]:
    """(text, a bound of the integral, what shows it)."""
    x, a, b = node.limits[0]
    if not facts.on_the_line(a, b) or not (sp.oo in (b, -a) or facts.is_nonnegative(b - a)):
        return
    t = sp.Dummy(x.name, real=True)
    body = node.args[0].xreplace({x: t})
    inside = [] if a is -sp.oo else [t > a]
    inside += [] if b is sp.oo else [t < b]
    within = facts.given(*between(t, a, b, facts), *inside)
    factors = [f for f in sp.Mul.make_args(body) if f.has(t)]
    for h in sorted(factors, key=lambda f: (-f.count_ops(), sp.default_sort_key(f)))[:MOST_FACTORS]:
        r = body / h
        if not within.is_real(h) or not within.is_nonnegative(r):
            continue
        if not is_continuous(h, t, within) or not is_continuous(r, t, within):
            continue
        constants = [c for c in _constants(h, t, a, b) if not unsafe(c, tuple(c.free_symbols), facts)]  # of an empty range too
        under, over = (next(_proved(h, constants, way, within, sign), None) for way in (1, -1))
        if under is None or over is None:
            continue
        c, held = under if below else over
        finite = sp.oo not in (b, -a)
        found = (b - a, Proof()) if r == 1 and finite else value(sp.Integral(r, (t, a, b)))
        if found is not None and not found[0].has(sp.Integral):
            text = f"{h.xreplace({t: x})} {'≥' if below else '≤'} {c} for {x} between {a} and {b}"
            yield text, c * found[0], held.join(found[1])


def _proved(h: Any, constants: list[Any], way: int, within: Facts, sign: Sign) -> Iterator[tuple[Any, Proof]]:
    """(c, the proof) of h ≥ c (way 1) or h ≤ c (-1) on the range."""
    for c in constants:
        held = sign(way * (h - c), within, False)
        if held is not None:
            yield c, held


def _constants(h: Any, t: Any, a: Any, b: Any) -> Iterator[Any]:
    """Values at the ends, and 1 and -1 for what oscillates."""
    seen: dict[Any, None] = {}
    for end in (a, b):
        if end not in (sp.oo, -sp.oo):
            at = h.subs(t, end)
            if not at.has(sp.oo, -sp.oo, sp.zoo, sp.nan):
                seen[at] = None
    if h.has(sp.sin, sp.cos):
        seen |= {sp.Integer(1): None, sp.Integer(-1): None}
    seen[sp.Integer(0)] = None
    yield from seen


__all__ = ["by_bounded_factor"]
