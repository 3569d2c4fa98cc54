"""Floors, ceilings, remainders and fractional parts built and changed as they stand.

SymPy evaluates them when they are built anew, and takes some fractions for integers that are none: 2^n/6 for a positive n, and
e/10 for an even e (its rule for integer products, 1.14). Here nothing is evaluated but floors of numbers.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.facts import replaced, unbound
from derivable.trusted.heads import bound_variables

INTEGER_PARTS = (sp.floor, sp.ceiling, sp.frac, sp.Mod)


def floor_of(u: Any) -> Any:
    """⌊u⌋."""
    spread = expanded(u)
    return sp.floor(spread) if spread.is_Rational else sp.floor(spread, evaluate=False)


def in_floors(e: Any, facts: Any) -> Any:
    """e with ceilings, and with fractional parts and remainders of real numbers, written with floors."""
    if not isinstance(e, sp.Basic) or not e.has(*INTEGER_PARTS):
        return e
    args = [in_floors(part, facts) for part in e.args]
    if isinstance(e, sp.floor):
        return floor_of(args[0])
    if isinstance(e, sp.ceiling):
        return -floor_of(-args[0])
    if isinstance(e, sp.frac) and facts.is_real(args[0]):
        return args[0] - floor_of(args[0])
    if isinstance(e, sp.Mod) and all(facts.is_real(part) for part in args):
        return args[0] - args[1] * floor_of(args[0] / args[1])
    return _built(e, args)


def rewritten(e: Any, values: dict[Any, Any]) -> Any:
    """e with values in place of the keys, the outermost first; the caller sees to it that nothing is captured."""
    if not isinstance(e, sp.Basic) or not values:
        return e
    if e in values:
        return values[e]
    if not e.has(*INTEGER_PARTS):
        return e.xreplace(values)
    args = [rewritten(part, values) for part in e.args]
    return e if all(new is old for new, old in zip(args, e.args, strict=True)) else _built(e, args)


def told_with(condition: Any, symbol: Any, value: Any) -> Any:
    """A hypothesis with a free symbol replaced by a value; no hypothesis where a derivative or a mean binds one of the two."""
    if not isinstance(condition, sp.core.relational.Relational):
        return replaced(condition, symbol, value)
    condition = unbound(condition, symbol, value)
    if {symbol, *value.free_symbols} & bound_variables(condition):
        return sp.true
    return rewritten(condition, {symbol: value})


def expanded(e: Any) -> Any:
    """e multiplied out, but for what stands inside of integer parts."""
    if not e.has(*INTEGER_PARTS):
        return sp.expand(e)
    names = {node: sp.Dummy("opaque") for node in _opaque(e)}
    return sp.expand(e.xreplace(names)).xreplace({name: node for node, name in names.items()})


def _opaque(e: Any) -> list[Any]:
    """The outermost parts with integer parts that are no sum, product or power."""
    if not e.has(*INTEGER_PARTS):
        return []
    return [node for part in e.args for node in _opaque(part)] if isinstance(e, sp.Add | sp.Mul | sp.Pow) else [e]


def _built(e: Any, args: list[Any]) -> Any:
    kept = isinstance(e, (*INTEGER_PARTS, sp.core.relational.Relational))
    return e.func(*args, evaluate=False) if kept else e.func(*args)


__all__ = ["INTEGER_PARTS", "expanded", "floor_of", "in_floors", "rewritten", "told_with"]
