"""Inequalities of complex numbers by their real and imaginary parts, the hypotheses included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import Contradiction, Facts, mentions
from derivable.trusted.heads import bound_variables
from derivable.trusted.moduli import rectangular

Sign = Callable[[Any, Facts, bool], "Proof | None"]
PARTS = (sp.Abs, sp.re, sp.im, sp.conjugate)
ORDERS = (sp.Lt, sp.Le, sp.Gt, sp.Ge)
UNRESTRICTED = {"commutative", "complex", "finite"}


def by_real_and_imaginary(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) in |w|, Re w, Im w and w̄ of complex z_j = u_j + i v_j: the sign of e in the real u_j, v_j.

    The hypotheses that speak of z_j are written in u_j and v_j too; one that cannot be written so is dropped.
    """
    nodes = [n for n in e.atoms(*PARTS) if not facts.is_real(n.args[0])]
    symbols = sorted({s for n in nodes for s in n.free_symbols if unrestricted(s)}, key=str)
    if not symbols or bound_variables(e) & set(symbols):
        return None
    pairs = {s: sp.Dummy(f"re_{s}", real=True) + sp.I * sp.Dummy(f"im_{s}", real=True) for s in symbols}
    told = [c for c in facts.where if not any(mentions(c, s) for s in symbols)]
    try:
        within = Facts((*told, *(c for h in facts.where if h not in told for c in _hypothesis(h, pairs, Facts(tuple(told))))))
        goal = _real(e, pairs, within)
    except (Contradiction, _NoParts):
        return None
    part = sign(goal, within, strict)
    return (
        None if part is None else Proof((("real and imaginary parts", f"of {', '.join(map(str, symbols))}: {goal}"),)).join(part)
    )


class _NoParts(Exception):
    """The real and imaginary parts of an expression are not known."""


def unrestricted(symbol: Any) -> bool:
    """Whether a symbol is any complex number: of one of another kind more is known than its parts tell."""
    return symbol.is_Symbol and {k for k, v in symbol.assumptions0.items() if v} <= UNRESTRICTED


def _hypothesis(condition: Any, pairs: dict[Any, Any], facts: Facts) -> Iterator[Any]:
    """What a hypothesis says of the parts."""
    try:
        if isinstance(condition, ORDERS):
            yield _squared(condition.func(*(_real(side, pairs, facts) for side in condition.args), evaluate=False))
        elif isinstance(condition, sp.Eq | sp.Ne):
            u, v = _parts(_written(condition.lhs - condition.rhs, pairs, facts), facts)
            yield from (sp.Eq(u, 0), sp.Eq(v, 0)) if isinstance(condition, sp.Eq) else (u**2 + v**2 > 0,)
    except _NoParts:
        return


def _squared(condition: Any) -> Any:
    """√p < √q as p < q, and so for numbers that are not negative in place of a root."""
    squares = [
        side.base if isinstance(side, sp.Pow) and side.exp == sp.Rational(1, 2) else side**2 if side.is_nonnegative else None
        for side in condition.args
        if side.is_number or isinstance(side, sp.Pow)
    ]
    return condition.func(*squares) if len(squares) == 2 and None not in squares else condition


def _real(e: Any, pairs: dict[Any, Any], facts: Facts) -> Any:
    """A real expression by the parts."""
    written = _written(e, pairs, facts)
    if not written.has(sp.I):
        return written
    u, v = _parts(written, facts)
    if sp.expand(v) != 0:
        raise _NoParts
    return u


def _parts(z: Any, facts: Facts) -> tuple[Any, Any]:
    found = rectangular(z, facts)
    if found is None:
        raise _NoParts
    return sp.expand(found[0]) if found[0].is_polynomial() else found[0], found[1]


def _written(e: Any, pairs: dict[Any, Any], facts: Facts) -> Any:
    """e with u + i v for z, without moduli, real and imaginary parts of what holds them."""
    if not e.free_symbols & set(pairs):
        return e
    if e in pairs:
        return pairs[e]
    inner = [_written(a, pairs, facts) for a in e.args]
    if isinstance(e, sp.Abs):
        return _modulus(inner[0], facts)
    if isinstance(e, sp.conjugate):
        return sp.conjugate(inner[0], evaluate=False)
    if isinstance(e, sp.re | sp.im):
        return _parts(inner[0], facts)[isinstance(e, sp.im)]
    return e.func(*inner)


def _modulus(z: Any, facts: Facts) -> Any:
    if isinstance(z, sp.Mul):
        return sp.Mul(*(_modulus(factor, facts) for factor in z.args))
    if isinstance(z, sp.Pow) and z.exp.is_Integer:
        return _modulus(z.base, facts) ** z.exp
    if facts.is_real(z):
        return sp.Abs(z)
    u, v = _parts(z, facts)
    return sp.sqrt(sp.expand(u) ** 2 + sp.expand(v) ** 2)


__all__ = ["PARTS", "by_real_and_imaginary", "unrestricted"]
