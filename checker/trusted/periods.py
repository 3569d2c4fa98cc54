"""A periodic function of a real variable: one period of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts, mentions
from derivable.trusted.heads import bound_variables, variables_of
from derivable.trusted.symmetry import REAL, assumed

Sign = Callable[[Any, Facts, bool], "Proof | None"]
LONGEST = 12  # times 2π


def by_one_period(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) for all real values of variables from the same between 0 and a number that is at least their period.

    Such a variable occurs in sines and cosines alone, of a x + b with a rational a ≠ 0 and b free of x, and in no hypothesis.
    """
    told: list[Any] = []
    for x in variables_of(e):
        if assumed(x) == REAL and x not in bound_variables(e) and not any(mentions(c, x) for c in facts.where):
            period = _period(e, x)
            if period is not None:
                told += [x >= 0, x <= sp.ceiling(period)]
    if not told:
        return None
    part = sign(e, facts.given(*told), strict)
    return None if part is None else Proof((("one period", ", ".join(map(str, told))),)).join(part)


def _period(e: Any, x: Any) -> Any:
    """A period of e in x, read off the sines and cosines that hold it."""
    times, waves = sp.Integer(0), {}
    for wave in e.atoms(sp.sin, sp.cos):
        inner = sp.expand(wave.args[0])
        if not inner.has(x) or wave.args[0].has(sp.sin, sp.cos):
            continue
        slope = inner.coeff(x)
        if not slope.is_Rational or slope == 0 or sp.expand(inner - slope * x).has(x):
            return None
        times = sp.Rational(sp.igcd(times.p * slope.q, slope.p * times.q), times.q * slope.q)
        waves[wave] = sp.Dummy("wave", real=True)
    if not waves or e.xreplace(waves).has(x) or 1 / times > LONGEST:
        return None
    return 2 * sp.pi / times


__all__ = ["by_one_period"]
