"""Where an inequality may fail: from admissible points downhill (Nelder and Mead), to where its slack is least."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np
import sympy as sp
from flint import acb, ctx, fmpq
from scipy.optimize import minimize
from sympy.core.function import AppliedUndef

from derivable.trusted.balls import NO_VALUE, Evaluator, ball, rational
from derivable.trusted.heads import Expectation, SpaceIntegral
from derivable.trusted.laws import admissible
from derivable.trusted.sampling import Attack, draw

SLOW = (sp.Integral, sp.Limit, sp.Derivative, sp.Sum, sp.Product, sp.Indexed, AppliedUndef, Expectation, SpaceIntegral)
STARTS = 32  # admissible points that are looked at
LOWEST = 3  # of them that a descent starts from
MOST = 6  # symbols that move
EVALUATIONS = 160  # of one descent
DENOMINATORS = (12, 1000, 10**6, 10**12)  # of the coordinates that are proposed


def failures(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> Iterator[dict[Any, Any]]:
    """Points, symbol → rational number, at which lhs ≤ rhs seems to fail; none where evaluation is slow or nothing can move."""
    if any(e.has(*SLOW) for e in (lhs, rhs, *where)) or not all(isinstance(c, sp.core.relational.Relational) for c in where):
        return
    moving = [s for s in sorted((lhs - rhs).free_symbols, key=str) if s.is_extended_real and s.is_integer is not True]
    if not 0 < len(moving) <= MOST:
        return
    outer, ctx.prec = ctx.prec, 53
    try:
        slack = _Slack(lhs, rhs, where)
        starts = [dict(p.values) for p in islice(draw((lhs, rhs), where, {}, 0, Attack()), STARTS)]
        starts = [p for p in starts if all(isinstance(v, fmpq) for v in p.values())]
        starts.sort(key=slack.at)
        for start in starts[:LOWEST]:
            found = _downhill(slack, start, moving)
            if found is not None:
                yield found
    finally:
        ctx.prec = outer


class _Slack:
    """rhs - lhs in floating point, infinite where a point is not admissible."""

    def __init__(self, lhs: Any, rhs: Any, where: tuple[Any, ...]):
        self.lhs, self.rhs, self.where = lhs, rhs, where

    def at(self, values: dict[Any, Any]) -> float:
        """Its value at a point."""
        try:
            evaluator = Evaluator({s: v if s.is_integer else acb(float(Fraction(int(v.p), int(v.q)))) for s, v in values.items()})
            if not all(evaluator.holds(c) for c in self.where):
                return math.inf
            value = ball(evaluator(self.rhs)) - ball(evaluator(self.lhs))
            return float(value.real.mid()) if value.imag.contains(0) and value.is_finite() else math.inf
        except (*NO_VALUE, OverflowError):
            return math.inf


def _downhill(slack: _Slack, start: dict[Any, Any], moving: list[Any]) -> dict[Any, Any] | None:
    """A point at which the slack is negative, with short coordinates, or None."""

    def at(place: Any) -> float:
        values = dict(start)
        for s, v in zip(moving, place, strict=True):
            values[s] = _exact(v)
            if not admissible(s, values[s]):
                return math.inf
        return slack.at(values)

    def below(intermediate_result: Any) -> None:
        if intermediate_result.fun < 0:
            raise StopIteration

    first = np.array([float(Fraction(int(start[s].p), int(start[s].q))) for s in moving])
    found = minimize(at, first, method="Nelder-Mead", callback=below, options={"maxfev": EVALUATIONS, "xatol": 1e-10})
    if not found.fun < 0:
        return None
    for denominator in DENOMINATORS:
        rounded = [Fraction(float(v)).limit_denominator(denominator) for v in found.x]
        if at(rounded) < 0:
            return {s: sp.Rational(int(v.p), int(v.q)) for s, v in start.items()} | {
                s: sp.Rational(v.numerator, v.denominator) for s, v in zip(moving, rounded, strict=True)
            }
    return None


def _exact(value: Any) -> fmpq:
    return rational(value if isinstance(value, Fraction) else Fraction(float(value)))
