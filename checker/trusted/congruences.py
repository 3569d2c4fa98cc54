"""Congruences: floors of fractions that differ by integers, powers modulo a symbol, and remainders that hypotheses tell."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import sympy as sp

from derivable.trusted.facts import Contradiction, Facts
from derivable.trusted.heads import bound_variables
from derivable.trusted.rounding import expanded, floor_of, in_floors, rewritten, told_with

MOST_FLOORS = 6


class Reduced(NamedTuple):
    """A statement with other floors, or for other symbols, what is known then, and the text of the step."""

    statement: Any
    facts: Facts
    text: str


def reduced_fractions(e: Any, facts: Facts) -> Reduced | None:
    """e with ⌊E/d⌋ = (E - E₀)/d + ⌊E₀/d⌋, where E₀ ≡ E modulo d, and ⌊u⌋ = ⌊v⌋ + (u - v) where u - v is an integer.

    For d = ± x + c, with an integer symbol x and an integer c, E₀ is E at x = ∓ c: sums, products and powers of integers, with
    natural exponents that do not hold x, are congruent if what they are made of is. So d divides (d + 1)^n - 1, and a - b divides
    a^n - b^n. Where a hypothesis says that h = 0, E is also E - h, if this holds fewer symbols.
    """
    written = in_floors(e, facts)
    bound = bound_variables(e)
    values: dict[Any, Any] = {}
    floors = [f for f in sorted(written.atoms(sp.floor), key=sp.default_sort_key) if not f.free_symbols & bound]
    if not 0 < len(floors) <= MOST_FLOORS:
        return None
    for f in floors:
        value = _reduced(f.args[0], facts)
        value = _by_equations(f.args[0], facts, bound) if value is None else value
        if value is not None:
            values[f] = value
    for f, g in itertools.combinations(floors, 2):
        difference = expanded(f.args[0] - g.args[0])
        if f not in values and g not in values and facts.is_real(g.args[0]) and facts.is_integer(difference):
            values[f] = g + difference
    if not values:
        return None
    return Reduced(rewritten(written, values), facts, ", ".join(f"{f} = {value}" for f, value in values.items()))


def _by_equations(u: Any, facts: Facts, bound: set[Any]) -> Any:
    """⌊(E - h)/d⌋ for u = E/d and an equation ± h = 0 among the hypotheses, where E - h holds fewer symbols beside those of d."""
    above, d = sp.fraction(sp.together(u))
    before = len(above.free_symbols - d.free_symbols)
    for left, right in facts.equations if d.free_symbols and not u.has(sp.floor) else ():
        h = expanded(left - right)
        if h.free_symbols & bound:
            continue
        for rest in (expanded(above - h), expanded(above + h)):
            if len(rest.free_symbols - d.free_symbols) < before:
                return floor_of(rest / d)
    return None


def _reduced(u: Any, facts: Facts) -> Any:
    """(E - E₀)/d + ⌊E₀/d⌋ for u = E/d; None if there is no such E₀ but E."""
    below = [f.base for f in sp.Mul.make_args(sp.factor_terms(u)) if f.is_Pow and f.exp == -1 and f.base.free_symbols]
    if len(below) != 1 or not facts.is_nonzero(below[0]):
        return None
    (d,) = below
    above = sp.factor_terms(u) * d
    for x in sorted(d.free_symbols, key=str):
        slope = sp.expand(d).coeff(x)
        rest = sp.expand(d - slope * x)
        if slope not in (1, -1) or rest.has(x) or not (facts.is_integer(x) and facts.is_integer(rest)):
            continue
        inner = {f: sp.Dummy("integer", integer=True) for f in above.atoms(sp.floor) if facts.is_real(f.args[0])}
        opened = rewritten(above, inner)
        if not opened.has(x) or not _respects_congruence(opened, x, facts):
            continue
        least = rewritten(sp.expand(opened.subs(x, -slope * rest)), {dummy: f for f, dummy in inner.items()})
        return (above - least) / d + floor_of(least / d)
    return None


def _respects_congruence(e: Any, x: Any, facts: Facts) -> bool:
    """Whether e is made of integers by sums, products and natural powers, with x in no exponent and in no function."""
    if not e.has(x):
        return facts.is_integer(e)
    if e == x:
        return True
    if isinstance(e, sp.Add | sp.Mul):
        return all(_respects_congruence(part, x, facts) for part in e.args)
    if isinstance(e, sp.Pow):
        natural = not e.exp.has(x) and facts.is_integer(e.exp) and facts.is_nonnegative(e.exp)
        return natural and _respects_congruence(e.base, x, facts)
    return False


def with_remainders_told(e: Any, facts: Facts) -> Reduced | None:
    """e and the facts with a = c + d t in place of a, for an integer t, where a hypothesis says that a ≡ c modulo d.

    Such hypotheses are a mod d = c, then 0 ≤ c < d for d > 0 and d < c ≤ 0 for d < 0, and a mod d = b mod d.
    """
    bound = bound_variables(e)
    for condition in facts.where:
        if not isinstance(condition, sp.Eq):
            continue
        for left, right in (condition.args, condition.args[::-1]):
            if not isinstance(left, sp.Mod) or left.free_symbols & bound or right.free_symbols & bound:
                continue
            number, d = left.args
            same = isinstance(right, sp.Mod) and right.args[1] == d
            c = right.args[0] if same else right
            if d.is_number or not all(facts.is_real(part) for part in (number, d, c)):
                continue
            for a in sorted(number.free_symbols & e.free_symbols, key=str):
                found = _told(e, facts, condition, (number, d, c, same), a)
                if found is not None:
                    return found
    return None


def _told(e: Any, facts: Facts, condition: Any, congruence: tuple[Any, Any, Any, bool], a: Any) -> Reduced | None:
    number, d, c, same = congruence
    slope = sp.expand(number).coeff(a)
    rest = sp.expand(number - slope * a)
    if slope not in (1, -1) or rest.has(a) or d.has(a) or c.has(a):
        return None
    t = sp.Dummy("t", integer=True)
    value = sp.expand(slope * (c + d * t - rest))
    if facts.is_integer(a) and not facts.is_integer(value):
        return None
    given = [told_with(h, a, value) for h in facts.where if h is not condition]
    if not same and facts.is_positive(d):
        given += [sp.Ge(c, 0), sp.Lt(c, d)]
    for holds, relation in ((a.is_positive, sp.Gt), (a.is_nonnegative, sp.Ge), (a.is_negative, sp.Lt), (a.is_nonpositive, sp.Le)):
        given += [relation(value, 0)] if holds else []
    try:
        return Reduced(rewritten(e, {a: value}), Facts(given), f"{a} = {value}")
    except Contradiction:
        return None


__all__ = ["Reduced", "reduced_fractions", "with_remainders_told"]
