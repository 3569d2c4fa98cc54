"""Order of products, factor by factor: what is at most something else, times what is at most something else."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts

Sign = Callable[[Any, Facts, bool], "Proof | None"]
FACTORS = 3  # of one side, at most


def factor_by_factor(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """u U - l L ≥ 0 from u ≥ l and U ≥ L, where l, L ≥ 0 and u, U ≥ 0; with U > L and u, U > 0 the product is greater."""
    terms = sp.Add.make_args(e)
    if len(terms) != 2:
        return None
    upper = next((t for t in terms if facts.is_nonnegative(t)), None)
    lower = next((-t for t in terms if t is not upper and facts.is_nonnegative(-t)), None)
    if upper is None or lower is None:
        return None
    above, below = _factors(upper, facts), _factors(lower, facts)
    if not (2 <= len(above) <= FACTORS and 2 <= len(below) <= FACTORS):
        return None
    for u, low in itertools.product(above, below):
        rest, left = upper / u, lower / low
        if not all(facts.is_nonnegative(part) for part in (u, low, rest, left)):
            continue
        if strict and not (facts.is_positive(u) and facts.is_positive(rest)):
            continue
        if not u.free_symbols & low.free_symbols or not rest.free_symbols & left.free_symbols:
            continue
        try:
            first = sign(u - low, facts, False)
            second = None if first is None else sign(rest - left, facts, strict)
        except (NoNormalForm, NeedCase, RecursionError):
            continue
        if first is not None and second is not None:
            return Proof((("factor by factor", f"{low} ≤ {u}, and {left} ≤ {rest}"),)).join(first).join(second)
    return None


def _factors(side: Any, facts: Facts) -> list[Any]:
    """The factors that hold symbols, sums in exponents of what is positive taken apart; numbers belong to what is left."""
    apart = side.replace(
        lambda node: (node.is_Pow or isinstance(node, sp.exp)) and node.exp.is_Add and facts.is_positive(node.base),
        lambda node: sp.Mul(*(node.base**term for term in node.exp.args)),
    )
    return [f for f in sp.Mul.make_args(apart) if f.free_symbols]


__all__ = ["factor_by_factor"]
