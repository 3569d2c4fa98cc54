"""The worst sign of a variable that stands inside its modulus, and in a polynomial beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import REAL, Facts, mentions
from derivable.trusted.heads import bound_variables
from derivable.trusted.moduli import modulus

Sign = Callable[[Any, Facts, bool], "Proof | None"]
MOST_POWERS = 8


def by_worst_sign(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e = E(|x|) + x O(|x|) ≥ 0 (> 0) from E(r) - r |O(r)| ≥ 0 (> 0) for all r ≥ 0, x in no other way; so for each x.

    With the even powers of x as those of |x|. What is known of x is left aside, but for |x| itself.
    """
    goal, within, told = e, facts, []
    for node in sorted((n for n in e.atoms(sp.Abs) if n.args[0].is_Symbol), key=sp.default_sort_key):
        x = node.args[0]
        found = None if x.is_integer or x in bound_variables(e) else _worst(goal, node, within)
        if found is not None:
            goal, within = found
            told.append(str(x))
    part = sign(goal, within, strict) if told else None
    return None if part is None else Proof((("worst sign", f"of {', '.join(told)}: {goal}"),)).join(part)


def _worst(e: Any, node: Any, facts: Facts) -> tuple[Any, Facts] | None:
    """E(r) - r |O(r)|, and what is known of others and of r."""
    x = node.args[0]
    if facts.signs(x) != REAL:
        return None
    r = sp.Dummy(f"r_{x}", nonnegative=True)
    parts = _even_and_odd(e.xreplace({node: r}), x, r)
    if parts is None or not all(facts.is_real(part) for part in parts):
        return None
    even, odd = parts
    conditions = (c.xreplace({node: r}) for c in facts.where if hasattr(c, "xreplace"))
    within = Facts(c for c in conditions if not mentions(c, x))
    return even - r * modulus(sp.factor(odd), within), within


def _even_and_odd(e: Any, x: Any, r: Any) -> tuple[Any, Any] | None:
    """(E, O) with e = E + x O, both free of x with r² in place of x²."""
    even: list[Any] = []
    odd: list[Any] = []
    for term in sp.Add.make_args(sp.expand_mul(e)):
        power = 0
        rest: list[Any] = []
        for factor in sp.Mul.make_args(term):
            base, exponent = factor.as_base_exp()
            if base == x and exponent.is_Integer and 0 < exponent <= MOST_POWERS:
                power += int(exponent)
            elif factor.has(x):
                return None
            else:
                rest.append(factor)
        (odd if power % 2 else even).append(sp.Mul(*rest) * r ** (power - power % 2))
    return sp.Add(*even), sp.Add(*odd)


__all__ = ["by_worst_sign"]
