"""Power means grow with their exponents, and the norms of a vector fall."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import NONNEGATIVE, POSITIVE, Facts
from derivable.trusted.heads import bound_variables, line_in
from derivable.trusted.normal_form import vanishes_identically

Sign = Callable[[Any, Facts, bool], "Proof | None"]
MOST_TERMS = 6
MOST_BOUNDS = 8
ASKED = 2  # bounds whose goals are proved, where none is plain


def by_power_means(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) with another exponent s in place of r in (Σ w a^r)^(1/r) for values a > 0, of which e is an affine function.

    With W = Σ w > 0 and weights w ≥ 0, W^(-1/r) (Σ w a^r)^(1/r) does not fall as r grows; at r = 0 it is Π a^(w/W). For w ≥ 1 and
    exponents r > 0, (Σ w a^r)^(1/r) does not grow (Hardy, Littlewood, Pólya, Inequalities, 2.9 and 2.10). For r, s > 0 values
    may be 0.
    """
    nodes = [p for p in e.atoms(sp.Pow) if isinstance(p.base, sp.Add) and not p.exp.is_Integer]
    if not nodes or len(nodes) > 4 or bound_variables(e):
        return None
    exponents = [sp.cancel(1 / p.exp) for p in sorted(nodes, key=sp.default_sort_key)]
    for node in sorted(nodes, key=sp.default_sort_key):
        r = sp.cancel(1 / node.exp)
        terms = _terms(node.base, r, facts)
        line = None if terms is None else line_in(e, node, power_base=False, power_exp=False, log=False)
        if terms is None or line is None or not facts.is_real(r) or not facts.is_nonzero(r):
            continue
        way = 1 if facts.is_nonnegative(line[0]) else -1 if facts.is_nonnegative(-line[0]) else 0
        others = dict.fromkeys(s for s in (*exponents, sp.Integer(1), sp.Integer(0)) if sp.expand(s - r) != 0)
        bounds = list(islice(_bounds(terms, r, list(others), way, facts), MOST_BOUNDS)) if way else []
        goals = [(bound, e.xreplace({node: bound})) for bound in bounds]
        for bound, goal in goals:
            signs = facts.signs(goal)
            if (signs is not None and signs <= (POSITIVE if strict else NONNEGATIVE)) or (
                not strict and vanishes_identically(goal, facts)
            ):
                return _proof(node, bound, way)
        for bound, goal in goals[:ASKED]:
            part = sign(goal, facts, strict)
            if part is not None:
                return _proof(node, bound, way).join(part)
    return None


def _proof(node: Any, bound: Any, way: int) -> Proof:
    return Proof((("power means", f"{node} {'≥' if way > 0 else '≤'} {bound}"),))


def _terms(base: Any, r: Any, facts: Facts) -> dict[Any, Any] | None:
    """{value: its weight} of a sum Σ w a^r; None where a value or a weight may be negative."""
    found: dict[Any, Any] = {}
    for term in base.args if len(base.args) <= MOST_TERMS else ():
        value, weight = sp.Integer(1), sp.Integer(1)
        for factor in sp.Mul.make_args(term):
            b, power = factor.as_base_exp()
            times = sp.cancel(power / r)
            if not factor.is_Rational and times.is_Integer:
                if facts.is_nonnegative(b):
                    value *= b**times
                elif power.is_Integer and power % 2 == 0 and facts.is_real(b):
                    value *= sp.Abs(b) ** times
                else:
                    return None  # (b^times)^r need not be b^power
            else:
                weight *= factor
        found[value] = found.get(value, sp.Integer(0)) + weight
    if not len(found) >= 2:
        return None
    if not all(facts.is_nonnegative(w) and facts.is_nonnegative(a) for a, w in found.items()):
        return None
    return found


def _bounds(terms: dict[Any, Any], r: Any, others: list[Any], way: int, facts: Facts) -> Iterator[Any]:
    """Lower (way = 1) or upper bounds of (Σ w a^r)^(1/r)."""
    positive = all(facts.is_positive(a) for a in terms)
    total = sp.cancel(sp.Add(*terms.values()))
    if vanishes_identically(total - 1, facts):
        total = sp.Integer(1)
    for s in others:
        above_zero = facts.is_positive(r) and facts.is_positive(s)
        if not facts.is_real(s) or not (positive or above_zero):
            continue
        if facts.is_nonnegative(way * (r - s)) and facts.is_positive(total):
            weights = {a: w / total for a, w in terms.items()}
            if s == 0:
                yield total ** (1 / r) * sp.Mul(*(a**w for a, w in weights.items()))
            elif facts.is_nonzero(s):
                yield total ** (1 / r) * sp.Add(*(w * a**s for a, w in weights.items())) ** (1 / s)
        if facts.is_nonnegative(way * (s - r)) and above_zero and all(facts.is_nonnegative(w - 1) for w in terms.values()):
            yield sp.Add(*(w * a**s for a, w in terms.items())) ** (1 / s)


__all__ = ["by_power_means"]
