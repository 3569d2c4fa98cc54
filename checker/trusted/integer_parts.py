"""Floors: integers taken out, inner floors dropped, and both sides compared on the pieces of the fractional part."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import Contradiction, Facts, replaced
from derivable.trusted.heads import bound_variables, line_in
from derivable.trusted.integer_valued import residue
from derivable.trusted.rounding import in_floors

MOST_NODES = 3  # floors and ceilings in what is looked at by bounds
BREAKS = 24  # of the fractional part, at most


def floor(form: Any, argument: Any) -> Any:
    """⌊m + r⌋ = m + ⌊r⌋ for an integer m."""
    whole, rest = sp.Integer(0), sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(form.canonical(argument))):
        coefficient, monomial = term.as_coeff_Mul()
        if form.facts.is_integer(monomial) and coefficient.is_Rational:
            whole += sp.floor(coefficient) * monomial
            rest += (coefficient - sp.floor(coefficient)) * monomial
        else:
            rest += term
    if rest.is_number:
        candidate = sp.floor(rest)
        if form.facts.is_nonnegative(rest - candidate) and form.facts.is_positive(candidate + 1 - rest):
            return form.flatten(whole + candidate)
    elif form.facts.is_integer(rest):
        return form.flatten(whole + rest)
    elif (part := residue(rest, form.facts)) is not None:
        return form.flatten(whole + rest - part)
    elif form.facts.is_nonnegative(rest) and form.facts.is_positive(1 - rest):
        return form.flatten(whole)
    else:
        inner = _without_inner_floor(rest, form.facts)
        if inner is not None:
            return form.flatten(whole) + floor(form, inner)
        mirrored = _mirrored_fraction(rest, form.facts)
        if mirrored is not None:
            return form.flatten(whole - 1) - floor(form, mirrored)
    return form.flatten(whole) + form._named("function", sp.floor(rest, evaluate=False))


def _without_inner_floor(e: Any, facts: Any) -> Any:
    """y with ⌊e⌋ = ⌊y⌋, where e = (⌊u⌋ + m) / d or ⌊u⌋^(1/d) for an integer m and a positive integer d, and y has u for ⌊u⌋.

    An integer n is at most (⌊u⌋ + m) / d exactly if the integer n d - m is at most ⌊u⌋, that is at most u; the same with n^d.
    """
    if isinstance(e, sp.Pow) and isinstance(e.base, sp.floor) and e.exp.is_Rational and e.exp.p == 1 and e.exp.q > 1:
        return sp.Pow(e.base.args[0], e.exp) if facts.is_nonnegative(e.base.args[0]) else None
    _, below = sp.fraction(sp.together(e))
    if not (facts.is_integer(below) and facts.is_positive(below)):
        return None
    above = sp.expand(e * below)
    rounded = [t for t in sp.Add.make_args(above) if isinstance(t, sp.floor)]
    if len(rounded) != 1 or not facts.is_integer(above - rounded[0]):
        return None
    return sp.expand((rounded[0].args[0] + above - rounded[0]) / below)


def _mirrored_fraction(e: Any, facts: Any) -> Any:
    """y with ⌊e⌋ = -1 - ⌊y⌋, where e = -m / d for integers m and d > 0: then y = (m - 1) / d."""
    above, below = sp.fraction(sp.together(e))
    above = sp.expand(above)
    symbolic = sp.Add(*(t for t in sp.Add.make_args(above) if not t.is_number))
    if not (facts.is_integer(above) and facts.is_integer(below) and facts.is_positive(below)):
        return None
    negative = symbolic.could_extract_minus_sign() if symbolic != 0 else above.is_negative
    return sp.expand((-above - 1) / below) if negative else None


def by_bounds(e: Any, facts: Facts, positive: Callable[[Any, Facts, bool], bool]) -> Proof | None:
    """⌊u⌋ = m, for an integer m, exactly if m ≤ u < m + 1, and ⌈u⌉ = m if m - 1 < u ≤ m: where e is a multiple of ⌊u⌋ - m."""
    bound = bound_variables(e)
    nodes = sorted(e.atoms(sp.floor, sp.ceiling), key=sp.count_ops, reverse=True)
    for node in nodes if len(nodes) <= MOST_NODES else ():
        if node.free_symbols & bound:
            continue
        line = line_in(e, node)
        if line is None or not line[0].is_Rational or line[0] == 0:
            continue
        slope, rest = line
        m, u = sp.expand(-rest / slope), node.args[0]
        up = isinstance(node, sp.floor)
        if e.has(sp.Sum, sp.Product, sp.Integral, sp.Limit) or not facts.is_integer(m):
            continue
        low, high = (m, m + 1) if up else (m - 1, m)
        powers = _without_logarithm(u, low, high, facts, positive)
        if powers is None and not facts.is_real(u):
            continue
        below, above = powers or _without_root(u, low, high, facts) or (u - low, high - u)
        ends = (below, above) if up else (above, below)
        if positive(ends[0], facts, False) and positive(ends[1], facts, True):
            text = f"{m} ≤ {u} < {m + 1}" if up else f"{m - 1} < {u} ≤ {m}"
            return Proof((("bounds of a rounded number", text),))
    return None


def _without_root(u: Any, low: Any, high: Any, facts: Facts) -> tuple[Any, Any] | None:
    """w - l^q and h^q - w with the signs of u - low and high - u, for u = A + c w^(1/q), c > 0, l = (low - A) / c ≥ 0, w ≥ 0."""
    terms = sp.Add.make_args(sp.expand_mul(u))
    rooted = [t for t in terms if any(p.exp.is_Rational and p.exp.q > 1 for p in t.atoms(sp.Pow))]
    if len(rooted) != 1:
        return None
    c, root = rooted[0].as_coeff_Mul()
    if not (isinstance(root, sp.Pow) and root.exp.is_Rational and root.exp.p == 1 and c > 0):
        return None
    q, w, rest = root.exp.q, root.base, sp.Add(*(t for t in terms if t is not rooted[0]))
    lower, upper = sp.expand((low - rest) / c), sp.expand((high - rest) / c)
    if not facts.is_nonnegative(lower) or not facts.is_nonnegative(w):
        return None
    return sp.expand(w - lower**q), sp.expand(upper**q - w)


def _without_logarithm(
    u: Any, low: Any, high: Any, facts: Facts, positive: Callable[[Any, Facts, bool], bool]
) -> tuple[Any, Any] | None:
    """p - b^l and b^h - p with the signs of u - low and high - u, for u = log p / log b, b > 1 and p > 0."""
    parts = [f.as_base_exp() for f in sp.Mul.make_args(u)]
    logs = {exponent: base.args[0] for base, exponent in parts if isinstance(base, sp.log) and len(base.args) == 1}
    if len(parts) != 2 or set(logs) != {sp.Integer(1), sp.Integer(-1)}:
        return None
    p, b = logs[sp.Integer(1)], logs[sp.Integer(-1)]
    if not facts.is_positive(b - 1) or not positive(p, facts, True):
        return None
    return sp.expand(p - b**low), sp.expand(b**high - p)


def fractional_pieces(e: Any, facts: Facts) -> tuple[Any, list[tuple[Any, Facts, str]]] | None:
    """x = m + t with an integer m, for each piece of 0 ≤ t < 1 on which all floors of a x + b (a integer, b rational) are known.

    Returns x and for each piece e in m and t, the facts there, and its text; None if e holds no such floors.
    """
    e, *told = (in_floors(part, facts) for part in (e, *(c for c in facts.where if isinstance(c, sp.core.relational.Relational))))
    for x in sorted({s for f in e.atoms(sp.floor) for s in f.free_symbols}, key=str):
        if x.is_integer or not facts.is_real(x) or x in bound_variables(e) or e.has(sp.frac, sp.Mod):
            continue
        linear = _lines(e, x)
        if not linear or None in linear.values():
            continue
        for condition in (c for c in told if x not in bound_variables(c)):
            linear |= {f: line for f, line in _lines(condition, x).items() if line is not None}
        breaks = {sp.Integer(0), sp.Integer(1)}
        for a, b in linear.values():
            low, high = (
                sorted((sp.floor(b) - 1, sp.ceiling(a + b) + 1)) if a > 0 else sorted((sp.floor(a + b) - 1, sp.ceiling(b) + 1))
            )
            breaks |= {t for k in range(int(low), int(high) + 1) for t in [(k - b) / a] if 0 < t < 1}
        points = sorted(breaks)
        if len(points) > BREAKS:
            return None
        return x, list(_pieces(e, facts, told, x, linear, points))
    return None


def _lines(e: Any, x: Any) -> dict[Any, Any]:
    """The floors in e that hold x and no other floor, and their lines."""
    return {f: _line(f.args[0], x) for f in e.atoms(sp.floor) if f.has(x) and not f.args[0].has(sp.floor)}


def _line(e: Any, x: Any) -> tuple[Any, Any] | None:
    """(a, b) with e = a x + b, a an integer that is not zero and b rational."""
    slope = sp.expand(e).coeff(x)
    rest = sp.expand(e - slope * x)
    return (slope, rest) if slope.is_Integer and slope != 0 and rest.is_Rational else None


def _pieces(
    e: Any, facts: Facts, told: list[Any], x: Any, linear: dict[Any, Any], points: list[Any]
) -> Iterator[tuple[Any, Facts, str]]:
    m = sp.Dummy(f"{x}'", integer=True)
    t = sp.Dummy("t", real=True)
    for low, high in itertools.pairwise(points):
        for exact in (True, False):  # the left end by itself, then the open piece: a falling line jumps there
            inner = low if exact else t
            sample = low if exact else (low + high) / 2
            values = {f: a * m + sp.floor(a * sample + b) for f, (a, b) in linear.items()}
            target = e.xreplace(values).xreplace({x: m + inner})
            others = [replaced(c, x, m + inner) for c in facts.where if not isinstance(c, sp.core.relational.Relational)]
            floored = (c if x in bound_variables(c) else c.xreplace(values) for c in told)
            conditions = [*others, *(replaced(c, x, m + inner) for c in floored)]
            own = [] if exact else [t > low, t < high]
            if x.is_positive or x.is_nonnegative:
                own.append(m >= 0)
            try:
                given = Facts((*conditions, *own))
            except Contradiction:
                continue
            yield target, given, f"{x} = m + {low}" if exact else f"{x} = m + t, {low} < t < {high}"


__all__ = ["floor", "fractional_pieces"]
