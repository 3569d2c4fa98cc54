"""A bound from below without sines and cosines: A sin u + B cos u ≥ -√(A² + B²)."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.simplify.fu import TR8

from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import NONNEGATIVE, Facts
from derivable.trusted.normal_form import NormalForm

MOST_TERMS = 12


def below_waves(e: Any, facts: Facts) -> Any:
    """An expression without sines and cosines that e is at least, or None: products of these are made linear first.

    That the linear form equals e is confirmed by the normal form.
    """
    if not e.has(sp.sin, sp.cos):
        return None
    line = sp.expand(TR8(sp.expand(e)))
    terms = sp.Add.make_args(line)
    if len(terms) > MOST_TERMS:
        return None
    rest = sp.Integer(0)
    amplitudes: dict[Any, dict[Any, Any]] = {}
    for term in terms:
        waves = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.sin | sp.cos)]
        coefficient = sp.Mul(*(f for f in sp.Mul.make_args(term) if f not in waves))
        if coefficient.has(sp.sin, sp.cos) or len(waves) > 1 or not facts.is_real(coefficient):
            return None
        if not waves:
            rest += term
            continue
        (wave,) = waves
        if not facts.is_real(wave.args[0]):
            return None
        parts = amplitudes.setdefault(wave.args[0], {})
        parts[wave.func] = parts.get(wave.func, sp.Integer(0)) + coefficient
    try:
        if not NormalForm(facts).is_zero(line - e):
            return None
    except (NoNormalForm, NeedCase, RecursionError):
        return None
    for parts in amplitudes.values():
        found = list(parts.values())
        rest -= _modulus(found[0], facts) if len(found) == 1 else sp.sqrt(sp.expand(found[0] ** 2 + found[1] ** 2))
    return rest


def _modulus(c: Any, facts: Facts) -> Any:
    signs = facts.signs(c)
    if signs is not None and signs <= NONNEGATIVE:
        return c
    return -c if signs is not None and signs <= frozenset({0, -1}) else sp.sqrt(sp.expand(c**2))


__all__ = ["below_waves"]
