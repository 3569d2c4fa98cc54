"""Order of sequences with a linear recurrence of nonnegative coefficients: Fibonacci's numbers, those of the hypotheses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts
from derivable.trusted.heads import bound_variables, variables_of
from derivable.trusted.stepwise import defined_on, first_cases, range_of

Sign = Callable[[Any, Facts, bool], "Proof | None"]
LIKE_FIBONACCI = {sp.fibonacci: (1, 1), sp.lucas: (1, 1), sp.tribonacci: (1, 1, 1)}


def by_linear_recurrence(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e(n) ≥ 0 for all integers n ≥ c: for n = c … c + d - 1, and e(n + d) ≥ Σ_{j<d} a_j e(n + j) with a_j ≥ 0.

    For e > 0 one of the a_j has to be positive. Any a_j that are not negative will do; proposed are those of the recurrences
    Σ_j a_j s(n + j) = s(n + d) of the sequences s in e.
    """
    for n in variables_of(e):
        proposals = list(dict.fromkeys(_recurrences(e, n, facts)))
        within = range_of(n, facts) if proposals else None
        if within is None or within.upper or n in bound_variables(e) or not defined_on(e, n, facts):
            continue
        for a in proposals:
            if not all(facts.is_nonnegative(c) for c in a) or (strict and not any(facts.is_positive(c) for c in a)):
                continue
            for c in within.lower:
                start = first_cases(e, within, c, len(a), facts, strict, sign)
                if start is None:
                    continue
                excess = sp.expand(_at(e, n, len(a)) - sp.Add(*(w * _at(e, n, j) for j, w in enumerate(a))))
                try:
                    step = sign(excess, facts, False)
                except (NoNormalForm, NeedCase, Contradiction, RecursionError):
                    step = None
                if step is None:
                    break
                law = " + ".join(f"({w}) e({n} + {j})" for j, w in enumerate(a))
                return Proof((("recurrence", f"e({n} + {len(a)}) ≥ {law} from {n} = {c} on"),)).join(start).join(step)
    return None


def _at(e: Any, n: Any, j: int) -> Any:
    """e(n + j), with s(u + d) written by the earlier terms for the sequences that are known."""
    moved = e.subs(n, n + j)
    for s, a in LIKE_FIBONACCI.items():
        moved = moved.replace(s, lambda u, s=s, a=a: _earlier(s, a, sp.expand(u), sp.expand(u - n)))
    return moved


def _earlier(s: Any, a: tuple[int, ...], u: Any, gap: Any) -> Any:
    """s(u) for u = n + r + j, 0 ≤ j ≤ d, written by s(n + r) … s(n + r + d - 1), where r is free of integers to take out."""
    shift = sum((t for t in sp.Add.make_args(gap) if t.is_Integer), sp.Integer(0))
    d = len(a)
    if shift < d or shift > 4 * d:
        return s(u)
    return sp.Add(*(w * _earlier(s, a, sp.expand(u - d + j), sp.expand(gap - d + j)) for j, w in enumerate(a)))


def _recurrences(e: Any, n: Any, facts: Facts) -> Iterator[tuple[Any, ...]]:
    """The coefficients a_0 … a_{d-1} of the sequences in n that occur."""
    for s, law in LIKE_FIBONACCI.items():
        if any(sp.expand(node.args[0]).coeff(n) == 1 for node in e.atoms(s)):
            yield tuple(map(sp.Integer, law))
    functions = {node.func for node in e.atoms(AppliedUndef) if node.has(n)}
    for rule in facts.rewrites:
        head, v = rule.equation.lhs, rule.variables[0]
        if len(rule.variables) != 1 or not isinstance(head, AppliedUndef) or head.func not in functions or len(head.args) != 1:
            continue
        d = sp.expand(head.args[0] - v)
        if not (d.is_Integer and 1 <= d <= 4):
            continue
        line = sp.expand(rule.equation.rhs)
        yield tuple(line.coeff(head.func(v + j)).subs(v, n) for j in range(int(d)))


__all__ = ["by_linear_recurrence"]
