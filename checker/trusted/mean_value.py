"""The mean value theorem for two variables: |f(x) - f(y)| ≤ L |x - y| where |f'| ≤ L between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.continuity import is_continuous
from derivable.trusted.curves import derivative
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts, mentions
from derivable.trusted.moduli import modulus

Sign = Callable[[Any, Facts, bool], "Proof | None"]
UNRESTRICTED = {"commutative", "complex", "finite"}


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
        if not facts.is_real(x):
            found = _in_the_plane(bound * sp.Abs(scale), factor, change, (x, y), facts, sign)
            if found is not None:
                return found
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


def _in_the_plane(most: Any, factor: Any, change: Any, pair: tuple[Any, Any], facts: Facts, sign: Sign) -> Proof | None:
    """The same for complex numbers in a disc |z| ≤ R or a half-plane: f(x) - f(y) = ∫ f'(z) dz along the segment between them.

    f is entire, by structure. A bound of |f'| is found by its terms and factors, for |z| ≤ R or Re z ≤ c.
    """
    x, y = pair
    if not all({k for k, v in s.assumptions0.items() if v} <= UNRESTRICTED for s in pair) or not facts.is_positive(-factor):
        return None
    t = sp.Dummy("z", complex=True)
    f = _one_function(change, x, y, t)
    within = None if f is None else _common_disc(x, y, t, facts)
    if f is None or within is None or not _is_entire(f, t, within):
        return None
    slope = sp.diff(f, t)
    if slope.has(sp.Derivative, sp.Subs):
        return None
    steepest = sp.Add(*(modulus(sp.powsimp(term), within) for term in sp.Add.make_args(sp.expand_mul(slope))))
    r = sp.Dummy("r", nonnegative=True)
    u = sp.Dummy("u", real=True)
    named = {sp.Abs(t): r, sp.re(t): u}
    goal = (most + factor * steepest).xreplace(named)
    if goal.has(t):
        return None
    part = sign(goal, Facts(c.xreplace(named) for c in within.where if hasattr(c, "xreplace")), False)
    reason = f"|{slope}| ≤ {steepest} between {x} and {y}"
    return None if part is None else Proof((("mean value theorem", reason),)).join(part)


def _common_disc(x: Any, y: Any, t: Any, facts: Facts) -> Facts | None:
    """What is known of |x| and Re x from above, or of Re x from below, said of t, where the same is known of y."""
    ranges = []
    for one in (x, y):
        found = set()
        for c in facts.where:
            if isinstance(c, sp.Lt | sp.Le | sp.Gt | sp.Ge) and c.has(one):
                small, large = c.lts, c.gts
                convex = small == sp.Abs(one) or small == sp.re(one) or large == sp.re(one)
                if convex and not (small.has(one) and large.has(one)):
                    found.add(c.xreplace({one: t}))
        ranges.append(found)
    others = [c for c in facts.where if not mentions(c, x) and not mentions(c, y)]
    return Facts((*others, *sorted(ranges[0] & ranges[1], key=sp.default_sort_key)))


def _is_entire(f: Any, t: Any, facts: Facts) -> bool:
    """Whether f is a holomorphic function of t in the whole plane, by structure."""
    if not f.has(t) or f == t:
        return True
    if isinstance(f, sp.Add | sp.Mul | sp.exp | sp.sin | sp.cos | sp.sinh | sp.cosh):
        return all(_is_entire(a, t, facts) for a in f.args)
    if isinstance(f, sp.Pow) and not f.exp.has(t):
        return facts.is_integer(f.exp) and facts.is_nonnegative(f.exp) and _is_entire(f.base, t, facts)
    return False


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
