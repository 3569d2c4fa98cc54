"""Series in a product or a quotient of two variables, as series in one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

import sympy as sp
from sympy.core.relational import Relational

from derivable.trusted.facts import Contradiction, Facts, replaced
from derivable.trusted.heads import bound_variables


class Scaled(NamedTuple):
    """A statement in p, where z = p w or z = p / w for w ≠ 0, and the facts about p; if w = 0 is admitted, that is left."""

    by: str
    statement: Any
    facts: Facts
    rest: tuple[Any, Facts] | None


def scaled(e: Any, facts: Facts) -> Iterator[Scaled]:
    """e = 0 under a bound of \\|z w\\| or \\|z / w\\| as a statement under a bound of \\|p\\|, p = z w or z / w.

    For w ≠ 0, z ↦ p is one-to-one; the other hypotheses about z are left out. \\|z\\| < c \\|w\\| excludes w = 0, but ≤ does not.
    Powers with whole exponents are split, (p w)^k = p^k w^k, and what does not depend on its index goes before a sum.
    """
    if not any(s.limits[0][2] is sp.oo and len(s.limits) == 1 for s in e.atoms(sp.Sum)):
        return
    inside = bound_variables(e)
    for told in (*facts.where, *_products(facts)):
        for z, w, way, bound in _bounds(told):
            if not {z, w} <= e.free_symbols or {z, w} & inside or _tied(z, facts) or _tied(w, facts):
                continue
            real = facts.is_real(z) and facts.is_real(w)
            p = sp.Dummy(f"{z}_{w}", real=True) if real else sp.Dummy(f"{z}_{w}")
            statement = _split_powers(e.xreplace({z: p * w**way}))
            if statement.has(sp.nan, sp.zoo, z):
                continue
            try:
                given = facts.without(z).given(sp.Ne(w, 0), *_as_told(told, p, bound, real))
            except Contradiction:
                continue
            try:
                excluded = way == 1 and (isinstance(told, sp.Lt | sp.Gt) or not told.gts.has(w))
                rest = None if excluded else at_zero(e, w, facts)
            except NotSeen:
                continue
            yield Scaled(f"{z} = p·{w}" if way == 1 else f"{z} = p/{w}", statement, given, rest)


class NotSeen(Exception):
    """A value at 0 that is not seen."""


def at_zero(e: Any, w: Any, facts: Facts) -> tuple[Any, Facts] | None:
    """e for w = 0, where of Σ_{k≥a} c_k w^k with a ≥ 0 at most the term of k = 0 is left, and the facts there.

    None where w = 0 is excluded.

    Raises:
        NotSeen: other sums, or a division by zero.
    """
    if facts.is_nonzero(w):
        return None
    try:
        given = Facts(tuple(replaced(c, w, sp.Integer(0)) for c in facts.where))
    except Contradiction:
        return None
    values = {}
    for series in e.atoms(sp.Sum):
        if not series.has(w):
            continue
        if len(series.limits) > 1:
            raise NotSeen
        index, a, b = series.limits[0]
        later = sp.Dummy(index.name, integer=True, positive=True)
        if b is not sp.oo or not (a.is_Integer and a >= 0) or series.function.xreplace({index: later}).subs(w, 0) != 0:
            raise NotSeen
        values[series] = series.function.xreplace({index: sp.Integer(0)}).subs(w, 0) if a == 0 else sp.Integer(0)
    target = e.xreplace(values).subs(w, 0)
    if target.has(sp.nan, sp.zoo):
        raise NotSeen
    return target, given


def _products(facts: Facts) -> Iterator[Any]:
    """\\|z\\| \\|w\\| < c d from \\|z\\| < c and \\|w\\| ≤ d, for complex z and w."""
    told = [
        c for c in facts.where if isinstance(c, sp.Lt | sp.Le | sp.Gt | sp.Ge) and c.gts.is_positive and isinstance(c.lts, sp.Abs)
    ]
    for one, other in itertools.combinations([c for c in told if c.lts.args[0].is_Symbol], 2):
        strict = isinstance(one, sp.Lt | sp.Gt) or isinstance(other, sp.Lt | sp.Gt)
        yield (sp.Lt if strict else sp.Le)(one.lts * other.lts, one.gts * other.gts, evaluate=False)


def _bounds(told: Any) -> Iterator[tuple[Any, Any, int, Any]]:
    """(z, w, way, c) where the hypothesis is \\|p\\| < c, or ≤, with z = p w^way."""
    if not isinstance(told, sp.Lt | sp.Le | sp.Gt | sp.Ge):
        return
    small, large = told.lts, told.gts
    if small.has(sp.Abs) and large.has(sp.Abs):
        below, above = (_absolute(side) for side in (small, large))
        if below is not None and above is not None and below[0] != above[0]:
            yield below[0], above[0], 1, above[1] / below[1]
    elif isinstance(small, sp.Abs) or small.is_Mul:
        factors = _factors(small)
        if factors is None or not large.is_number:
            return
        c, powers = factors
        if len(powers) == 2 and all(abs(n) == 1 for n in powers.values()) and 1 in powers.values():
            z = next(s for s in sorted(powers, key=str) if powers[s] == 1)
            w = next(s for s in powers if s != z)
            yield z, w, -powers[w], large / c


def _absolute(side: Any) -> tuple[Any, Any] | None:
    """(u, c) of c |u| with a symbol u and a positive number c."""
    factors = _factors(side)
    if factors is None or list(factors[1].values()) != [1]:
        return None
    return next(iter(factors[1])), factors[0]


def _factors(side: Any) -> tuple[Any, dict[Any, int]] | None:
    """c and the exponents n of c ∏ |u|^n with symbols u and a positive number c."""
    c: Any = sp.Integer(1)
    powers: dict[Any, int] = {}
    for factor in sp.Mul.make_args(side):
        if factor.is_number and factor.is_positive:
            c *= factor
            continue
        base, n = factor.as_base_exp()
        if not isinstance(base, sp.Abs) or not n.is_Integer:
            return None
        for inner in sp.Mul.make_args(base.args[0]):
            u, m = inner.as_base_exp()
            if inner.is_number and inner.is_positive:
                c *= inner**n
            elif u.is_Symbol and m.is_Integer:
                powers[u] = powers.get(u, 0) + int(m * n)
            else:
                return None
    return c, powers


def _tied(z: Any, facts: Facts) -> bool:
    """Whether more is assumed of a symbol than that it is a real or a complex number, or an equation speaks of it."""
    given = {name for name, value in z.assumptions0.items() if value is not None}
    plain = set(sp.Symbol("x", real=True).assumptions0) | {"nonzero", "zero"}
    return not given <= plain or any(z in side.free_symbols for pair in facts.equations for side in pair)


def _as_told(told: Relational, p: Any, bound: Any, real: bool) -> tuple[Any, ...]:
    below = sp.Lt if isinstance(told, sp.Lt | sp.Gt) else sp.Le
    if not real:
        return (below(sp.Abs(p), bound, evaluate=False),)
    return below(-bound, p, evaluate=False), below(p, bound, evaluate=False)


def _split_powers(e: Any) -> Any:
    """e with (u v)^k = u^k v^k for whole k, and factors without the index before its sum."""
    if e.is_Atom:
        return e
    if isinstance(e, sp.Sum) and len(e.limits) == 1:
        index = e.limits[0][0]
        body = _split_powers(e.function)
        before, within = body.as_independent(index, as_Add=False)
        return before * e.func(within, *e.limits)
    e = e.func(*(_split_powers(a) for a in e.args))
    if e.is_Pow and e.base.is_Mul and e.exp.is_integer:
        return sp.Mul(*(_split_powers(a**e.exp) for a in e.base.args))
    if e.is_Pow and e.base.is_Pow and e.exp.is_integer and e.base.exp.is_integer:
        return e.base.base ** sp.expand(e.base.exp * e.exp)
    return e


def parameters(e: Any, facts: Facts) -> list[Any]:
    """Symbols in infinite series which may be 0, where a series may be of another kind than beside it."""
    series = [s for s in e.atoms(sp.Sum) if len(s.limits) == 1 and s.limits[0][2] is sp.oo]
    found = set().union(*(s.free_symbols for s in series)) if series else set()
    return sorted((q for q in found if not q.is_integer and not facts.is_nonzero(q)), key=sp.default_sort_key)


__all__ = ["NotSeen", "Scaled", "at_zero", "parameters", "scaled"]
