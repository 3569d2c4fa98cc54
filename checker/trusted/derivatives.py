"""e ≥ 0 for a function of a variable and of parameters: e / φ, with φ > 0, grows from an end at which it is not negative.

φ is such that a special function, a logarithm or an exponential stands alone, so that its derivative is a simpler function.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivable.trusted.asymptotics import NoExpansion, leading_term
from derivable.trusted.calculus import NoLimit, limit
from derivable.trusted.continuity import is_continuous, vanishes
from derivable.trusted.curves import derivative, within_range
from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts

Sign = Callable[[Any, Facts, bool], "Proof | None"]
SPECIAL = (
    sp.log, sp.atan, sp.asin, sp.acos, sp.asinh, sp.acosh, sp.atanh, sp.erf, sp.erfc, sp.uppergamma, sp.lowergamma, sp.loggamma,
)  # fmt: skip
MOST_QUOTIENTS = 3
SECONDS = 0.3  # for one expansion


def loses_functions(e: Any, x: Any) -> bool:
    """Whether some quotient e / φ has special functions or logarithms of x, and its derivative has none."""
    if not any(n.has(x) for n in e.atoms(*SPECIAL)):
        return False
    quotients = itertools.islice(_quotients(e, x, None), MOST_QUOTIENTS)
    return any(not any(n.has(x) for n in sp.diff(f, x).atoms(*SPECIAL)) for _, f in quotients)


def by_derivative(
    e: Any, x: Any, ends: tuple[Any, Any], facts: Facts, strict: bool, sign: Sign, fails: Callable[[Any, Facts, bool], bool]
) -> Proof | None:
    """e ≥ 0 (e > 0 with `strict`) for x in a range whose ends are given, and belong to it unless the facts exclude them.

    With f = e / φ: f is continuous on the range, f' has one sign inside, and the value of f at one end, or its limit there, is
    not negative. A strict sign needs a positive value there, or f' ≠ 0 and an end that does not belong to the range, and φ > 0
    at ends that do.
    `fails` looks whether a sign is wrong somewhere, before it is asked for.
    """
    low, high = ends
    r = sp.Dummy(x.name, real=True)
    try:
        closed, domain, inside = within_range(r, x, ends, facts)
    except Contradiction:
        return None
    excluded = {
        low: low is -sp.oo or facts.is_positive(x - low),
        high: high is sp.oo or facts.is_positive(high - x),
    }
    for factor, f in itertools.islice(_quotients(e.xreplace({x: r}), r, inside), MOST_QUOTIENTS):
        if not is_continuous(f, r, domain) or (strict and not domain.is_positive(factor)):
            continue  # where φ is 0, at an end that belongs to the range, e is 0 too
        slope = derivative(f, r, inside)
        if slope is None:
            continue
        for end, way in ((low, 1), (high, -1)):
            if fails(way * slope, inside, False):
                continue
            within = closed.given(*([] if low is -sp.oo else [r >= low]), *([] if high is sp.oo else [r <= high]))
            smooth = end not in (sp.oo, -sp.oo) and is_continuous(f, r, within)
            value = f.subs(r, end) if smooth else end_value(f, r, end, way, closed)
            if value is None or _finite_or_up(value) is None:
                continue
            at = (
                Proof((("limit", f"oo as {x} → {end}"),)) if value is sp.oo else sign(value, closed, strict and not excluded[end])
            )
            along = None if at is None else sign(way * slope, inside, strict and excluded[end])
            if at is not None and along is not None:
                by = "" if factor == 1 else f", divided by {factor.xreplace({r: x})}"
                return (
                    Proof((("derivative", f"the sign at {x} = {end}, and that of the derivative beyond{by}"),))
                    .join(at)
                    .join(along)
                )
    return None


def _quotients(e: Any, x: Any, inside: Facts | None) -> Iterator[tuple[Any, Any]]:
    """(φ, e / φ) with φ = 1, or φ the coefficient of a special function; φ > 0 on the range, if facts of it are given."""
    terms = sp.Add.make_args(sp.expand(e, log=False, power_base=False, power_exp=False))
    yield sp.Integer(1), e
    seen = {sp.Integer(1)}
    for node in sorted({n for t in terms for n in t.atoms(*SPECIAL) if n.has(x)}, key=sp.default_sort_key):
        coefficient = sp.factor_terms(sp.Add(*(t / node for t in terms if t.has(node))))
        if coefficient.has(node) or not coefficient.has(x):
            continue
        for way in (1, -1):
            if (inside is None or inside.is_positive(way * coefficient)) and way * coefficient not in seen:
                seen.add(way * coefficient)
                yield way * coefficient, sp.Add(*(sp.powsimp(t / (way * coefficient)) for t in terms))


def end_value(f: Any, x: Any, end: Any, way: int, facts: Facts) -> Any:
    """The limit of f as x → end from inside the range: an expression, oo, or None where it is -oo or not found."""
    try:
        return _finite_or_up(leading_term(f, x, end, way, facts, time.monotonic() + SECONDS).limit())
    except (NoExpansion, NoNormalForm, NeedCase, RecursionError):
        pass
    try:
        return _finite_or_up(limit(f, x, end, -1 if end is sp.oo else way, facts))
    except (NoLimit, NoNormalForm, NeedCase, RecursionError):
        pass
    for form in (f, sp.expand(f, log=False, power_base=False)):
        parts = [_term_limit(t, x, end, way, facts) for t in sp.Add.make_args(form)]
        if None not in parts and -sp.oo not in parts:
            return sp.oo if sp.oo in parts else sp.Add(*parts)
    return None


def _finite_or_up(value: Any) -> Any:
    """A limit that is finite or oo, else None."""
    return value if value is sp.oo or not value.has(sp.nan, sp.zoo, sp.oo, -sp.oo) else None


def _term_limit(term: Any, x: Any, end: Any, way: int, facts: Facts) -> Any:
    """The limit of a product: of powers t^k with a symbolic k, incomplete gamma functions, and what has an expansion."""
    t = sp.Dummy("t", positive=True)
    place = 1 / t if end is sp.oo else -1 / t if end is -sp.oo else end + way * t
    if end in (sp.oo, -sp.oo):
        far = sp.powdenest(term.xreplace({x: t if end is sp.oo else -t}), force=False)
        if vanishes(far, t, facts):
            return sp.Integer(0)
    total, rest = sp.Integer(0), sp.Integer(1)
    for factor in sp.Mul.make_args(sp.powsimp(term.xreplace({x: place}), force=False)):
        base, exponent = factor.as_base_exp()
        if isinstance(factor, sp.lowergamma) and factor.args[1] == t and facts.is_positive(factor.args[0]):
            total, rest = total + factor.args[0], rest / factor.args[0]  # γ(s, t) is t^s / s as t → 0
        elif isinstance(factor, sp.uppergamma) and factor.args[1] == t and facts.is_positive(factor.args[0]):
            rest *= sp.gamma(factor.args[0])
        elif base in (t, 1 / t) and not exponent.has(t):
            total += exponent if base == t else -exponent
        else:
            rest *= factor
    try:
        first = leading_term(rest, t, sp.Integer(0), 1, facts, time.monotonic() + SECONDS)
    except (NoExpansion, NoNormalForm, NeedCase, RecursionError):
        return None
    exponent = sp.expand(total + first.exponent)
    if facts.is_positive(exponent):
        return sp.Integer(0)
    if exponent == 0 and first.logs == 0:
        return first.coefficient
    c = first.coefficient * (-1) ** first.logs
    falls = facts.is_positive(-exponent) or (exponent == 0 and first.logs > 0)
    if falls and facts.is_positive(c):
        return sp.oo
    return -sp.oo if falls and facts.is_positive(-c) else None


__all__ = ["by_derivative", "end_value"]
