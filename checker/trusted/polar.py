"""Moduli of sums of complex numbers by the moduli of the terms and the cosine of one angle."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import gcd
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import Contradiction, Facts, mentions
from derivable.trusted.heads import bound_variables
from derivable.trusted.real_and_imaginary import unrestricted

Sign = Callable[[Any, Facts, bool], "Proof | None"]
MOST_MODULI = 8
MOST_TERMS = 4
HIGHEST = 4  # multiple of the angle
Turns = tuple[int, ...]  # how often the argument of each variable is taken


def by_polar_form(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) of complex z_j = r_j exp(iθ_j) in moduli of Σ A_m exp(iφ_m) alone, A_m real, φ_m = Σ_j k_mj θ_j, k integers.

    |Σ A_m exp(iφ_m)|² = Σ A_m² + 2 Σ A_m A_n cos(φ_m - φ_n). Where all differences are multiples k δ of one of them, cos(k δ)
    is T_k(c) with -1 ≤ c ≤ 1. Denominators that are not negative are cleared: they are positive wherever e is defined.
    """
    moduli = [n for n in e.atoms(sp.Abs) if not facts.is_real(n.args[0])]
    symbols = sorted({s for n in moduli for s in n.args[0].free_symbols if not facts.is_real(s)}, key=str)
    if not 1 <= len(symbols) <= 3 or len(moduli) > MOST_MODULI or bound_variables(e) & set(symbols):
        return None
    if not all(map(unrestricted, symbols)):
        return None
    polar = _Polar(symbols, facts)
    try:
        goal = polar.written(e)
    except _NotPolar:
        return None
    if polar.angle is None:
        return None  # nothing is gained
    told = [c for c in facts.where if not any(mentions(c, s) for s in symbols)]
    for relation in (c for c in facts.where if isinstance(c, sp.Lt | sp.Le | sp.Gt | sp.Ge) and c not in told):
        try:
            told.append(relation.func(polar.written(relation.lhs), polar.written(relation.rhs), evaluate=False))
        except _NotPolar:
            continue
    told += [sp.Ge(square, 0, evaluate=False) for square in polar.squares if square.free_symbols]
    try:
        within = Facts((*told, polar.cosine <= 1, polar.cosine >= -1))
    except Contradiction:
        return None
    goal = _cleared(goal, within)
    part = sign(goal, within, strict)
    return None if part is None else Proof((("polar form", f"of {', '.join(map(str, symbols))}: {goal}"),)).join(part)


class _NotPolar(Exception):
    """A complex variable occurs in another way."""


class _Polar:
    """The moduli and one cosine in place of complex variables."""

    def __init__(self, symbols: list[Any], facts: Facts):
        self.symbols, self.facts = symbols, facts
        self.sizes = [sp.Dummy(f"r_{s}", nonnegative=True) for s in symbols]
        self.cosine = sp.Dummy("c", real=True)
        self.angle: Turns | None = None
        self.squares: list[Any] = []

    def written(self, e: Any) -> Any:
        if not e.free_symbols & set(self.symbols):
            return e
        if isinstance(e, sp.Abs):
            return self.modulus(e.args[0])
        if e in self.symbols or not e.args:
            raise _NotPolar
        return e.func(*(self.written(a) for a in e.args))

    def modulus(self, z: Any) -> Any:
        if not z.free_symbols & set(self.symbols):
            return sp.Abs(z)
        if isinstance(z, sp.Mul):
            return sp.Mul(*(self.modulus(factor) for factor in z.args))
        if isinstance(z, sp.Pow) and z.exp.is_Integer:
            return self.modulus(z.base) ** z.exp
        if not isinstance(z, sp.Add):
            amplitude, _ = self.wave(z)
            return sp.Abs(amplitude)
        terms: dict[Turns, Any] = {}
        for term in sp.Add.make_args(sp.expand(z)):
            amplitude, turns = self.wave(term)
            terms[turns] = terms.get(turns, sp.Integer(0)) + amplitude
        if len(terms) > MOST_TERMS:
            raise _NotPolar
        square = sp.Add(*(a**2 for a in terms.values()))
        for (one, a), (other, b) in combinations(terms.items(), 2):
            times = self.multiple(tuple(k - l for k, l in zip(one, other, strict=True)))
            square += 2 * a * b * sp.chebyshevt(times, self.cosine)
        self.squares.append(sp.expand(square))
        return sp.sqrt(self.squares[-1])

    def wave(self, term: Any) -> tuple[Any, Turns]:
        """(A, turns) of a product A exp(iφ), A real."""
        amplitude, turns = sp.Integer(1), [0] * len(self.symbols)
        for factor in sp.Mul.make_args(term):
            base, power = factor.as_base_exp()
            way = 1
            if isinstance(base, sp.conjugate):
                base, way = base.args[0], -1
            if base in self.symbols and power.is_Integer:
                position = self.symbols.index(base)
                amplitude *= self.sizes[position] ** power
                turns[position] += way * int(power)
            elif self.facts.is_real(factor):
                amplitude *= self.written(factor)
            else:
                raise _NotPolar
        return amplitude, tuple(turns)

    def multiple(self, difference: Turns) -> int:
        """k ≥ 0 with the angle of a difference equal to ±k times the one angle."""
        size = gcd(*difference)
        unit = tuple(k // size for k in difference)
        if self.angle is None:
            self.angle = unit
        if unit not in (self.angle, tuple(-k for k in self.angle)) or size > HIGHEST:
            raise _NotPolar
        return size


def _cleared(e: Any, facts: Facts) -> Any:
    """The numerator of e, if all factors of the denominator are denominators in e, and not negative."""
    top, bottom = sp.fraction(sp.together(e))
    below = {p.base for p in e.atoms(sp.Pow) if p.exp.is_Rational and p.exp < 0}
    factors = [factor.as_base_exp()[0] for factor in sp.Mul.make_args(bottom)]
    known = all(f in below or f.is_positive for f in factors) and facts.is_nonnegative(bottom)
    return top if known else e


__all__ = ["by_polar_form"]
