"""The mean value theorem for two variables: |f(x) - f(y)| ≤ L |x - y| where |f'| ≤ L between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.continuity import is_continuous
from derivable.trusted.curves import derivative
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts, mentions

Sign = Callable[[Any, Facts, bool], "Proof | None"]


def by_mean_value(e: Any, facts: Facts, sign: Sign, convex: Callable[[Any, Facts], bool]) -> Proof | None:
    """L |x - y| - c |f(x) - f(y)| ≥ 0 from L - c |f'(t)| ≥ 0 for every t that the hypotheses on x alone admit.

    L and c > 0 are free of x and y; the hypotheses on y alone are those on x, and admit an interval; f is real, and f and its
    derivative are continuous there, by structure. Hypotheses on both are not used.
    """
    terms = [_modulus(term) for term in sp.Add.make_args(sp.expand_mul(e))]
    if len(terms) != 2 or None in terms:
        return None
    for (bound, distance), (factor, change) in (terms, terms[::-1]):  # type: ignore[misc]
        pair = sorted((s for s in distance.free_symbols if change.has(s)), key=str)
        if len(pair) != 2 or (bound.free_symbols | factor.free_symbols) & set(pair):
            continue
        x, y = pair
        scale = sp.expand(distance).coeff(x)
        if scale.free_symbols & set(pair) or sp.expand(distance - scale * (x - y)) != 0:
            continue
        t = sp.Dummy("t", **x.assumptions0)
        f = _one_function(change, x, y, t)
        within = _common(x, y, t, facts)
        if f is None or within is None or not facts.is_positive(-factor) or not convex(t, within):
            continue
        slope = derivative(f, t, within)
        if slope is None or not within.is_real(f) or not within.is_real(slope):
            continue
        if not (is_continuous(f, t, within) and is_continuous(slope, t, within)):
            continue
        most = bound * sp.Abs(scale)
        proof = Proof((("mean value theorem", f"|{slope}| ≤ {most / -factor} between {x} and {y}"),))
        for goal in (most + factor * slope, most - factor * slope):
            part = sign(goal, within, False)
            if part is None:
                return None
            proof = proof.join(part)
        return proof
    return None


def _modulus(term: Any) -> tuple[Any, Any] | None:
    """(c, u) of a term c |u|."""
    moduli = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Abs)]
    return (term / moduli[0], moduli[0].args[0]) if len(moduli) == 1 and not (term / moduli[0]).has(sp.Abs) else None


def _one_function(change: Any, x: Any, y: Any, t: Any) -> Any:
    """f(t) of a difference f(x) - f(y); None for what is no such difference."""
    first, second = sp.Integer(0), sp.Integer(0)
    for term in sp.Add.make_args(sp.expand_mul(change)):
        if term.has(x) == term.has(y):
            return None
        first, second = (first + term, second) if term.has(x) else (first, second + term)
    f = first.xreplace({x: t})
    return f if sp.expand(f + second.xreplace({y: t})) == 0 else None


def _common(x: Any, y: Any, t: Any, facts: Facts) -> Facts | None:
    """What is known of x alone, said of t, where the same is known of y; None where they differ or are no numbers of the line."""
    if x.assumptions0 != y.assumptions0 or not facts.is_real(x):
        return None
    ranges = []
    for one, other in ((x, y), (y, x)):
        alone = [c for c in facts.where if mentions(c, one) and not mentions(c, other)]
        if not all(isinstance(c, sp.core.relational.Relational) for c in alone):
            return None
        ranges.append({c.xreplace({one: t}) for c in alone})
    return facts.given(*ranges[0]) if ranges[0] == ranges[1] else None


__all__ = ["by_mean_value"]
