"""A function is at least its value where its derivative changes from minus to plus, if it does so once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.continuity import is_continuous
from derivable.trusted.curves import derivative, within_range
from derivable.trusted.deadline import TimeLimit, alarm
from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import NEGATIVE, POSITIVE, Contradiction, Facts
from derivable.trusted.normal_form import NormalForm

Sign = Callable[[Any, Facts, bool], "Proof | None"]
LONGEST = 60  # operations of a function that is differentiated
FACTOR_SECONDS = 1.0  # for the factors of its derivative


def by_critical_point(e: Any, x: Any, ends: tuple[Any, Any], facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) for x in a range with these ends from e ≥ 0 (e > 0) at a point c between them.

    There e' = φ · (g(x) - g(c)) with φ > 0 and g growing, or φ < 0 and g falling: the factors of e' have known signs but one,
    which is linear in x, exp(κ x + δ), log(κ x + δ) or x^κ. So e falls up to c and grows from there.
    """
    low, high = ends
    if e.count_ops() > LONGEST:
        return None
    r = sp.Dummy(x.name, real=True)
    try:  # c lies inside, so that ends may be left out: e is continuous at them if they belong to the range
        closed, domain, inside = within_range(r, x, ends, facts)
    except Contradiction:
        return None
    f = e.xreplace({x: r})
    slope = derivative(f, r, inside) if is_continuous(f, r, domain) else None
    point = None if slope is None else _change(slope, r, inside)
    if point is None:
        return None
    c = sp.cancel(point)
    gaps = [] if low is -sp.oo else [c - low]
    gaps += [] if high is sp.oo else [high - c]
    if not all(closed.is_positive(sp.cancel(gap)) for gap in gaps):
        return None
    part = sign(f.xreplace({r: c}), closed, strict)
    if part is None:
        return None
    return Proof((("critical point", f"the derivative by {x} is at most 0 up to {x} = {c}, at least 0 from there"),)).join(part)


def _change(slope: Any, r: Any, inside: Facts) -> Any:
    """The point at which the derivative changes from minus to plus; None if it is not known to do so at one point."""
    try:
        with alarm(FACTOR_SECONDS):  # exponents with large denominators make polynomials of high degrees
            product = sp.factor(sp.together(sp.powsimp(sp.expand_log(slope), combine="exp")))
            if not NormalForm(inside).is_zero(slope - product):
                return None
    except (NoNormalForm, NeedCase, RecursionError, TimeLimit):  # an alarm further out rings again
        return None
    way, root = 1, None
    top, bottom = sp.fraction(product)
    for factor in (*sp.Mul.make_args(top), *sp.Mul.make_args(bottom)):
        signs = inside.signs(factor)
        if signs in (POSITIVE, NEGATIVE):
            way *= 1 if signs == POSITIVE else -1
            continue
        found = _root(factor, r, inside) if root is None and top.has(factor) else None
        if found is None:
            return None
        root, direction = found
        way *= direction
    return root if way == 1 else None


def _root(g: Any, r: Any, inside: Facts) -> tuple[Any, int] | None:
    """(c, 1) of a growing, (c, -1) of a falling function with g(c) = 0: α h + β, h one of r, exp(κ r + δ), log(κ r + δ), r^κ."""
    nodes = {n for n in g.atoms(sp.exp, sp.log, sp.Pow) if n.has(r)}
    h = r if not nodes else next(iter(nodes))
    t = sp.Dummy("t", real=True)
    line = sp.expand(g.xreplace({h: t}))
    if len(nodes) > 1 or line.has(r) or not line.is_polynomial(t) or sp.degree(line, t) != 1:
        return None
    alpha, beta = line.coeff(t, 1), line.coeff(t, 0)
    signs = inside.signs(alpha)
    if signs not in (POSITIVE, NEGATIVE):
        return None
    way = 1 if signs == POSITIVE else -1
    value = sp.cancel(-beta / alpha)
    if h is r:
        return value, way
    if isinstance(h, sp.exp | sp.log):
        argument = sp.expand(h.args[0])
        kappa = argument.coeff(r, 1)
        delta = sp.expand(argument - kappa * r)
        if delta.has(r) or inside.signs(kappa) not in (POSITIVE, NEGATIVE):
            return None
        grows = inside.signs(kappa) == POSITIVE
        if isinstance(h, sp.exp):
            return ((sp.log(value) - delta) / kappa, way if grows else -way) if inside.is_positive(value) else None
        return ((sp.exp(value) - delta) / kappa, way if grows else -way) if inside.is_positive(argument) else None
    kappa = inside.signs(h.exp)
    if h.base != r or kappa not in (POSITIVE, NEGATIVE) or not inside.is_positive(r) or not inside.is_positive(value):
        return None
    return value ** (1 / h.exp), way if kappa == POSITIVE else -way


__all__ = ["by_critical_point"]
