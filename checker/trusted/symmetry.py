"""Without loss of generality: an expression that a reflection or an exchange of symbols leaves as it is."""

from __future__ import annotations

import itertools
from typing import Any

import sympy as sp

from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts, mentions
from derivable.trusted.normal_form import NormalForm

SIDED = (sp.Abs, sp.sign, sp.Max, sp.Min)


def chosen_side(e: Any, facts: Facts) -> tuple[Any, ...]:
    """Relations that may be assumed of real symbols of which no hypothesis speaks, since e has the same value otherwise.

    x ≥ 0 for each x of any sign in which e is even; x ≥ y ≥ … for symbols with the same assumptions any two of which may change
    places. Only symbols inside a modulus, a sign, a maximum or a minimum are looked at: of others it is no help.
    """
    inside = {s for node in e.atoms(*SIDED) for s in node.free_symbols if s.is_extended_real}
    free = sorted((s for s in inside if not any(mentions(c, s) for c in facts.where)), key=str)
    even = [x for x in free if assumed(x) == REAL and _invariant(e, {x: -x}, facts)]
    told = [x >= 0 for x in even]
    chain: list[Any] = []
    for x in free:
        same = all(assumed(x) == assumed(y) and (x in even) == (y in even) for y in chain)
        if same and all(_invariant(e, {x: y, y: x}, facts) for y in chain):
            chain.append(x)
    return (*told, *(x >= y for x, y in itertools.pairwise(chain)))


def assumed(symbol: Any) -> dict[str, bool]:
    """What is assumed of a symbol, and what follows."""
    return {k: v for k, v in symbol.assumptions0.items() if v is not None}


REAL = assumed(sp.Symbol("x", real=True))


def _invariant(e: Any, change: dict[Any, Any], facts: Facts) -> bool:
    changed = e.xreplace(change)
    try:
        return bool(changed == e or NormalForm(facts).is_zero(changed - e))
    except (NoNormalForm, NeedCase, RecursionError):
        return False
