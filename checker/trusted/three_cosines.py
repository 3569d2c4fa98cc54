"""Cosines of three angles one of which is the sum of the others: a trigonometric polynomial beside a square."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice, product
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.heads import bound_variables
from derivable.trusted.jensen import by_linear_equations

Sign = Callable[[Any, Facts, bool], "Proof | None"]
MOST_WAVES = 8
MOST_TERMS = 40
HIGHEST = 6
Turning = dict[Any, Any]  # Σ coefficient · exp(i angle), by angles


def by_three_cosines(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e = c + p cos α + q cos β + r cos(α + β) ≥ 0 (> 0) from c ≥ (p q / r + p r / q + q r / p) / 2, where p q r > 0.

    e less that difference is |u + v exp(iα) + w exp(-iβ)|² with 2 u v = p, 2 u w = q and 2 v w = r (Wolstenholme's inequality:
    Mitrinović, Pečarić, Volenec, Recent Advances in Geometric Inequalities, II.1.5). Products of waves are written as sums,
    and a linear equation between the angles, as in a triangle, is used to be rid of one.
    """
    waves = e.atoms(sp.sin, sp.cos)
    if not 2 <= len(waves) <= MOST_WAVES or bound_variables(e):
        return None
    e = next(islice(by_linear_equations(e, facts), 1, None), e)
    turning = _turning(e)
    if turning is None:
        return None
    constant = turning.pop(sp.Integer(0), sp.Integer(0))
    cosines: dict[Any, Any] = {}
    for angle, c in turning.items():
        if angle in cosines or -angle in cosines or c == 0:
            continue
        if not facts.is_real(angle) or not facts.is_real(c) or sp.expand(turning.get(-angle, 0) - c) != 0:
            return None
        cosines[angle] = 2 * c
    if len(cosines) != 3 or not facts.is_real(constant):
        return None
    first, second, third = cosines
    if not any(sp.expand(first + s * second + t * third) == 0 for s, t in product((1, -1), repeat=2)):
        return None
    p, q, r = cosines.values()
    if not facts.is_positive(p * q * r):
        return None
    goal = sp.cancel(constant - (p * q / r + p * r / q + q * r / p) / 2)
    part = sign(goal, facts, strict)
    return None if part is None else Proof((("three cosines", f"of {first}, {second} and {third}: at least {goal}"),)).join(part)


def _turning(e: Any) -> Turning | None:
    """e as Σ c exp(i θ); of the numbers in the angles only multiples of π/2 are taken out."""
    if not e.has(sp.sin, sp.cos):
        return {sp.Integer(0): e}
    if isinstance(e, sp.sin | sp.cos):
        return _wave(e)
    if isinstance(e, sp.Add):
        total: Turning = {}
        for term in e.args:
            part = _turning(term)
            if part is None:
                return None
            for angle, c in part.items():
                total[angle] = sp.expand(total.get(angle, 0) + c)
        return total
    if isinstance(e, sp.Mul):
        return _product([_turning(factor) for factor in e.args])
    if isinstance(e, sp.Pow) and e.exp.is_Integer and 0 < e.exp <= HIGHEST:
        return _product([_turning(e.base)] * int(e.exp))
    return None


def _wave(wave: Any) -> Turning | None:
    u = sp.expand(wave.args[0])
    if u.has(sp.sin, sp.cos):
        return None
    quarters = 2 * u.coeff(sp.pi) if u.has(sp.pi) else sp.Integer(0)
    angle = sp.expand(u - quarters * sp.pi / 2)
    if not quarters.is_Integer or angle == 0:
        return None
    turn = sp.I**quarters
    back = sp.expand(1 / turn)
    if isinstance(wave, sp.cos):
        return {angle: turn / 2, -angle: back / 2}
    return {angle: turn / (2 * sp.I), -angle: -back / (2 * sp.I)}


def _product(parts: list[Turning | None]) -> Turning | None:
    total: Turning = {sp.Integer(0): sp.Integer(1)}
    for part in parts:
        if part is None or len(part) * len(total) > MOST_TERMS:
            return None
        found: Turning = {}
        for (one, c), (other, d) in product(total.items(), part.items()):
            angle = sp.expand(one + other)
            found[angle] = sp.expand(found.get(angle, 0) + c * d)
        total = found
    return total


__all__ = ["by_three_cosines"]
