"""Sums of floors of a line over whole periods: Hermite's identity, and its form for a slope p/d with coprime p and d."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts
from derivable.trusted.heads import bound_variables
from derivable.trusted.rounding import INTEGER_PARTS, expanded, floor_of, in_floors, rewritten

MOST_FLOORS = 4  # in one summand


def with_floor_sums(e: Any, facts: Facts) -> tuple[Any, str] | None:
    """e with its sums of floors of lines over whole periods replaced by their values, and the text of the step.

    For real y, integers p, d, M and a with d ≥ 1, M ≥ 0 and p coprime to d,

        Σ_{k=a}^{a+Md-1} ⌊y + pk/d⌋ = M (⌊dy⌋ + pa + (p - 1)(d - 1)/2) + p d M (M - 1)/2.

    For M = 1 and a = 0: p k = d q_k + r_k, where the r_k are 0 … d - 1 in some order, so that Σ ⌊y + r_k/d⌋ = ⌊dy⌋ (Hermite), and
    Σ q_k = (p - 1)(d - 1)/2 (Graham, Knuth, Patashnik, *Concrete Mathematics*, 3.32). A range that is one term short, or one
    too long, is completed.
    """
    bound = bound_variables(e)
    values: dict[Any, Any] = {}
    for node in sorted(e.atoms(sp.Sum), key=sp.default_sort_key):
        if node.free_symbols & bound or len(node.limits) != 1 or not node.has(*INTEGER_PARTS):
            continue
        value = _value(node, facts)
        if value is not None:
            values[node] = value
    if not values:
        return None
    return rewritten(e, values), ", ".join(f"{node} = {value}" for node, value in values.items())


def _value(node: Any, facts: Facts) -> Any:
    k, a, b = node.limits[0]
    if sp.oo in (b, -a) or not (facts.is_integer(a) and facts.is_integer(b)):
        return None
    index = sp.Dummy(k.name, integer=True)
    rest, total, found = sp.Integer(0), sp.Integer(0), 0
    for term in sp.Add.make_args(expanded(in_floors(rewritten(node.args[0], {k: index}), facts))):
        coefficient, moving = term.as_independent(index, as_Add=False)
        value = period_sum(moving.args[0], index, a, b, facts) if isinstance(moving, sp.floor) else None
        if value is None:
            rest += term
        else:
            total += coefficient * value
            found += 1
    if not 0 < found <= MOST_FLOORS:
        return None
    return total + (sp.Sum(rewritten(rest, {index: k}), (k, a, b)) if rest != 0 else 0)


def period_sum(u: Any, k: Any, a: Any, b: Any, facts: Facts) -> Any:
    """Σ_{k=a}^{b} ⌊u⌋ for u = y + p k / d over whole periods, but for one term at the end; None for other sums."""
    slope = expanded(u).coeff(k)
    y = expanded(u - slope * k)
    if y.has(k) or slope == 0 or slope.has(k) or not facts.is_real(y):
        return None
    for p, d in _fractions(slope, facts):
        for short in (0, 1, -1):
            m = sp.cancel((b - a + 1 + short) / d)
            if not (facts.is_integer(m) and facts.is_nonnegative(m)):
                continue
            whole = m * (floor_of(d * y) + p * a + (p - 1) * (d - 1) / 2) + p * d * m * (m - 1) / 2
            last = b + max(short, 0)
            return whole - short * floor_of(y + slope * last)
    return None


def _fractions(slope: Any, facts: Facts) -> Iterator[tuple[Any, Any]]:
    """p / d for the slope, with integers p and d ≥ 1 that are coprime."""
    above, below = sp.fraction(sp.together(slope))
    for way in (1, -1):
        p, d = expanded(way * above), expanded(way * below)
        if facts.is_integer(p) and facts.is_integer(d) and facts.is_positive(d) and coprime(p, d, facts):
            yield p, d


def coprime(p: Any, d: Any, facts: Facts) -> bool:
    """Whether integers p and d are seen to have no common divisor: one is 1 or -1 modulo the other, or by Bézout's identity."""
    if p.is_Integer and d.is_Integer:
        return bool(sp.igcd(p, d) == 1)
    if any(facts.is_integer(sp.cancel((n - way) / by)) for n, by in ((p, d), (d, p)) if by != 0 for way in (1, -1)):
        return True

    def multiple(term: Any) -> bool:
        return any(facts.is_integer(sp.cancel(term / n)) for n in (p, d) if n != 0)

    for left, right in facts.equations:
        constant, terms = expanded(left - right).as_coeff_Add()
        if constant in (1, -1) and all(multiple(term) for term in sp.Add.make_args(terms)):
            return True
    return False


__all__ = ["coprime", "period_sum", "with_floor_sums"]
