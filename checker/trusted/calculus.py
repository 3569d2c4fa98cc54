"""Continuity by structure, limits by a few rules, and what an antiderivative is worth.

A claimed antiderivative F of f on [a, b] is accepted when F' = f by normal form and F is continuous on the closed range
(at an end where it is not, its one-sided limit is taken): then ∫_a^b f = F(b-) - F(a+). Continuity excludes the jumps and poles
that make computer algebra wrong.
"""

from __future__ import annotations

import time
from typing import Any

import sympy as sp

from derivable.trusted.asymptotics import NoExpansion, limit_by_expansion
from derivable.trusted.continuity import between, is_continuous, vanishes
from derivable.trusted.errors import NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.heads import captures
from derivable.trusted.normal_form import NormalForm

STEPS = 300  # of a search for a limit, whose rules branch
END_SECONDS = 0.5  # for an expansion at the end of a range


class NoLimit(Exception):
    """No rule gives the limit."""


def limit(e: Any, x: Any, point: Any, direction: int, facts: Facts, depth: int = 0) -> Any:
    """lim e as x → point from above (direction 1) or below (-1), or as x → ±oo; `sp.oo` and `-sp.oo` may be the value.

    Rules: continuity; sums and products of limits; composition with a continuous function; a vanishing exponential
    beats powers and logarithms, a power beats a logarithm; quotients of polynomials; l'Hôpital's rule.
    """
    if not e.has(x):
        return e
    if depth == 0:
        facts.limit_steps = 0
    if depth > 12:
        raise NoLimit(str(e))
    if point in (sp.oo, -sp.oo):
        t = sp.Dummy("t", positive=True)
        return _at_infinity(e.subs(x, t if point is sp.oo else -t), t, facts, depth)
    here = sp.Dummy("h", positive=True)
    at = e.subs(x, point)
    near = Facts((*facts.where, here <= 1))
    shifted = e.xreplace({x: point + direction * here})
    if not at.has(sp.nan, sp.zoo, sp.oo) and _continuous_up_to(e, x, point, facts):
        return at
    numerator, denominator = sp.fraction(sp.together(e))
    if denominator.has(x) and all(_continuous_up_to(p, x, point, facts) for p in (numerator, denominator)):
        form = NormalForm(facts)
        if form.is_zero(numerator.subs(x, point)) and form.is_zero(denominator.subs(x, point)):
            # l'Hôpital: the limit of the quotient of derivatives, if it exists, is the limit
            return limit(sp.diff(numerator, x) / sp.diff(denominator, x), x, point, direction, facts, depth + 2)
    return _at_infinity(shifted.subs(here, 1 / (inverse := sp.Dummy("t", positive=True))), inverse, near, depth)


def _continuous_up_to(e: Any, x: Any, point: Any, facts: Facts) -> bool:
    """Continuity at the point: continuity of e at every value of x, under the one fact x = point."""
    probe = sp.Dummy("x", real=True)
    return is_continuous(e.xreplace({x: probe}), probe, _At(facts, probe, point))


class _At(Facts):
    """Facts in which a variable has one value; structure is kept so that each part is asked at that value."""

    def __init__(self, facts: Facts, variable: Any, value: Any):
        self._variable, self._at = variable, value
        super().__init__(facts.where)

    def signs(self, e: Any) -> Any:
        e = sp.sympify(e)
        return super().signs(sp.expand(e.subs(self._variable, self._at)) if e.has(self._variable) else e)

    def is_nonzero(self, e: Any) -> bool:
        return super().is_nonzero(sp.expand(e.subs(self._variable, self._at)) if e.has(self._variable) else e)


def _at_infinity(e: Any, t: Any, facts: Facts, depth: int) -> Any:
    """lim e as t → +oo."""
    facts.limit_steps += 1
    if depth > 12 or facts.limit_steps > STEPS:
        raise NoLimit(str(e))
    if not e.has(t):
        return e
    if e == t:
        return sp.oo
    scaled = _powers_out(_exponentials_out(e, t, facts), t, facts)
    if scaled != e:
        return _at_infinity(scaled, t, facts, depth + 1)
    if isinstance(e, sp.Add):
        parts = [_try(a, t, facts, depth) for a in e.args]
        if None not in parts:
            infinite = {p for p in parts if p in (sp.oo, -sp.oo)}
            if len(infinite) < 2:
                return infinite.pop() if infinite else sp.Add(*parts)
        return _rational_or_lhopital(e, t, facts, depth)
    if isinstance(e, sp.Mul):
        parts = [_try(a, t, facts, depth) for a in e.args]
        if None not in parts and not (sp.oo in parts or -sp.oo in parts):
            return sp.Mul(*parts)
        if None not in parts and 0 not in parts:
            return _signed_infinity(parts, facts)
        if vanishes(e, t, facts):
            return sp.Integer(0)
        spread = sp.expand(e)
        if None in parts and isinstance(spread, sp.Add) and depth <= 7:
            terms = [_try(term, t, facts, depth + 2) for term in spread.args]
            if None not in terms and not {sp.oo, -sp.oo} & set(terms):
                return sp.Add(*terms)
        if None not in parts and depth <= 7 and not e.is_rational_function(t):
            large = sp.Mul(*(a for a, p in zip(e.args, parts, strict=True) if p in (sp.oo, -sp.oo)))
            small = e / large
            try:
                return _at_infinity(_ratio(sp.diff(large, t), sp.diff(1 / small, t)), t, facts, depth + 2)
            except NoLimit:
                return _at_infinity(_ratio(sp.diff(small, t), sp.diff(1 / large, t)), t, facts, depth + 2)
        return _rational_or_lhopital(e, t, facts, depth)
    if isinstance(e, sp.Pow) and not e.exp.has(t):
        base = _at_infinity(e.base, t, facts, depth + 1)
        if base in (sp.oo, -sp.oo):
            if facts.signs(e.exp) == {-1}:
                return sp.Integer(0)
            if base is sp.oo and facts.is_positive(e.exp):
                return sp.oo
            if e.exp.is_Integer:
                return sp.oo if int(e.exp) % 2 == 0 else base
            raise NoLimit(str(e))
        if (facts.is_nonzero(base) and (e.exp.is_Integer or facts.is_positive(base))) or (
            base == 0 and facts.is_positive(e.exp) and facts.is_nonnegative(e.base)
        ):
            return base**e.exp
        return _rational_or_lhopital(e, t, facts, depth)
    if isinstance(e, sp.Pow):
        base = e.base
        tends = None if facts.is_positive(base) else _try(base, t, facts, depth)
        if tends is None or (tends is not sp.oo and tends is not -sp.oo and facts.is_positive(tends)):
            if tends is None and not facts.is_positive(base):
                raise NoLimit(str(e))
            # positive from some t on
            return _at_infinity(sp.exp(e.exp * sp.log(base, evaluate=False), evaluate=False), t, facts, depth + 1)
        raise NoLimit(str(e))
    if isinstance(e, sp.floor | sp.ceiling):
        return _rounded(e, t, facts, depth)
    if isinstance(e, sp.Sum) and len(e.limits) == 1 and not any(end.has(t, sp.oo) for end in e.limits[0][1:]):
        index, a, b = e.limits[0]
        k = sp.Dummy(index.name, integer=True)
        within = facts.given(*between(k, a, b, facts))
        term = _at_infinity(e.args[0].xreplace({index: k}), t, within, depth + 1)
        if term in (sp.oo, -sp.oo):
            raise NoLimit(str(e))
        return sp.Sum(term, (k, a, b))
    if len(e.args) == 1:
        inner = _at_infinity(e.args[0], t, facts, depth + 1)
        if inner in (sp.oo, -sp.oo):
            sign = 1 if inner is sp.oo else -1
            known = {
                sp.exp: sp.oo if sign > 0 else sp.Integer(0), sp.erf: sp.Integer(sign), sp.erfc: sp.Integer(1 - sign),
                sp.atan: sign * sp.pi / 2, sp.tanh: sp.Integer(sign), sp.sech: sp.Integer(0), sp.Si: sign * sp.pi / 2,
                sp.log: sp.oo if sign > 0 else None, sp.Abs: sp.oo, sp.gamma: sp.oo if sign > 0 else None,
                sp.cosh: sp.oo, sp.sinh: inner, sp.asinh: inner, sp.loggamma: sp.oo if sign > 0 else None,
            }.get(e.func)  # fmt: skip
            if known is not None:
                return known
            raise NoLimit(str(e))
        probe = sp.Dummy("x", real=True)
        if isinstance(e, sp.log) and inner == 0 and facts.is_positive(e.args[0]):
            return -sp.oo
        if facts.is_real(inner) and is_continuous(e.func(probe), probe, _At(facts, probe, inner)):
            return e.func(inner)
    raise NoLimit(str(e))


def _rounded(e: Any, t: Any, facts: Facts, depth: int) -> Any:
    """Of a floor or ceiling: it is constant near a limit that is no integer, and on either side of one that is."""
    inner = _at_infinity(e.args[0], t, facts, depth + 1)
    if inner in (sp.oo, -sp.oo):
        raise NoLimit(str(e))
    if facts.is_integer(inner):
        side = facts.signs(sp.expand(e.args[0] - inner))
        if side == frozenset({-1}):
            return inner - 1 if isinstance(e, sp.floor) else inner
        if side == frozenset({1}):
            return inner if isinstance(e, sp.floor) else inner + 1
        raise NoLimit(str(e))
    below = e.func(inner) if inner.is_number else None
    if below is None or not below.is_Integer or not facts.is_nonzero(inner - below):
        raise NoLimit(str(e))
    return below


def _exponentials_out(e: Any, t: Any, facts: Facts) -> Any:
    """log(c e^u + d e^v + …) = u + log(c + d e^(v-u) + …) for the largest exponent u."""
    found = {}
    for node in e.atoms(sp.log):
        leading = _leading_exponential(node.args[0], t, facts)
        if leading not in (None, 0):
            rest = sp.Add(*(sp.exp(sp.expand(x.args[0] - leading)) * c for c, x in _exponentials(node.args[0], t, facts)))
            found[node] = leading + sp.log(rest, evaluate=False)
        elif isinstance(node.args[0], sp.Add) and e.is_Add and node.args[0].is_polynomial(t):
            top = sp.Poly(node.args[0], t)  # log(c t^k + …) = k log t + log(c + …): logarithms of one rate cancel
            if top.degree() > 0 and facts.is_positive(top.LC()):
                found[node] = top.degree() * sp.log(t) + sp.log(sp.expand(node.args[0] / t ** top.degree()), evaluate=False)
    return sp.expand_mul(e.xreplace(found)) if found else e


def _exponentials(e: Any, t: Any, facts: Facts) -> list[tuple[Any, Any]]:
    """(c, exp(u)) for the terms c exp(u) of a sum of exponentials in t, b^u being exp(u log b); empty if it is none."""
    found: dict[Any, Any] = {}
    for term in sp.Add.make_args(sp.expand(e)):
        c, rest = term.as_independent(t, as_Add=False)
        if isinstance(rest, sp.Pow) and not rest.base.has(t) and facts.is_positive(rest.base):
            rest = sp.exp(rest.exp * sp.log(rest.base), evaluate=False)
        if not isinstance(rest, sp.exp) and rest != 1:
            return []
        wave = rest if rest != 1 else sp.exp(0, evaluate=False)
        found[wave] = found.get(wave, sp.Integer(0)) + c
    return [(c, wave) for wave, c in found.items()]


def _leading_exponential(e: Any, t: Any, facts: Facts) -> Any:
    """The largest exponent of a sum of exponentials with positive coefficients, if it is seen which one that is."""
    terms = _exponentials(e, t, facts) if isinstance(e, sp.Add) else []
    if len(terms) < 2 or not all(facts.is_positive(c) for c, _ in terms):
        return None
    for _, x in terms:
        if all(facts.is_nonnegative(sp.expand(x.args[0] - y.args[0])) for _, y in terms):
            return x.args[0]
    return None


def _powers_out(e: Any, t: Any, facts: Facts) -> Any:
    """(c t^k + …)^q = t^(kq) (c + …)^q for t > 0, for a fractional q: so that powers of t meet and cancel."""
    if isinstance(e, sp.Add | sp.Mul):
        parts = [_powers_out(a, t, facts) for a in e.args]
        return e if tuple(parts) == e.args else sp.expand_mul(e.func(*parts))
    if isinstance(e, sp.Pow) and e.exp.is_Rational and not e.exp.is_Integer and isinstance(e.base, sp.Add):
        powers = [term.as_independent(t)[1].as_base_exp() for term in e.base.args if term.has(t)]
        if powers and all(b == t and k.is_Rational for b, k in powers):
            lead = max(k for _, k in powers)
            if lead > 0 and facts.is_positive(e.base.coeff(t**lead)):
                return t ** (lead * e.exp) * sp.expand(e.base / t**lead) ** e.exp
    return e


def _try(e: Any, t: Any, facts: Facts, depth: int) -> Any:
    try:
        return _at_infinity(e, t, facts, depth + 1)
    except NoLimit:
        return None


def _signed_infinity(parts: list[Any], facts: Facts) -> Any:
    sign = 1
    for part in parts:
        signs = frozenset({1}) if part is sp.oo else frozenset({-1}) if part is -sp.oo else facts.signs(part)
        if signs not in ({1}, {-1}):
            raise NoLimit("infinity of an unknown sign")
        sign *= next(iter(signs))
    return sp.oo if sign > 0 else -sp.oo


def _rational_or_lhopital(e: Any, t: Any, facts: Facts, depth: int) -> Any:
    if vanishes(e, t, facts):
        return sp.Integer(0)
    if e.is_rational_function(t):
        numerator, denominator = sp.fraction(sp.together(e))
        top, bottom = sp.Poly(numerator, t), sp.Poly(denominator, t)
        if not NormalForm(facts).is_zero(e - top.as_expr() / bottom.as_expr()) or not facts.is_nonzero(bottom.LC()):
            raise NoLimit(str(e))
        difference = top.degree() - bottom.degree()
        if difference < 0 or top.is_zero:
            return sp.Integer(0)
        ratio = sp.cancel(top.LC() / bottom.LC())
        return ratio if difference == 0 else _signed_infinity([ratio, sp.oo], facts)
    if depth > 7:
        raise NoLimit(str(e))
    u = sp.Dummy("u", positive=True)
    near_zero = sp.powdenest(sp.together(e.xreplace({t: 1 / u})), force=False)
    numerator, denominator = sp.fraction(near_zero)
    if depth <= 4 and denominator.has(u) and all(_continuous_up_to(p, u, sp.Integer(0), facts) for p in (numerator, denominator)):
        form = NormalForm(facts)
        if all(form.is_zero(p.subs(u, 0)) for p in (numerator, denominator)):
            return limit(sp.diff(numerator, u) / sp.diff(denominator, u), u, sp.Integer(0), 1, facts, depth + 3)
    numerator, denominator = sp.fraction(sp.together(e))
    if denominator.has(t) and numerator.has(t):
        top, bottom = (_try(p, t, facts, depth + 4) for p in (numerator, denominator))
        if (top == 0 and bottom == 0) or (top in (sp.oo, -sp.oo) and bottom in (sp.oo, -sp.oo)):
            # l'Hôpital: the limit of the quotient of derivatives, if it exists, is the limit
            return _at_infinity(_ratio(sp.diff(numerator, t), sp.diff(denominator, t)), t, facts, depth + 2)
    raise NoLimit(str(e))


def _ratio(a: Any, b: Any) -> Any:
    return (
        sp.cancel(a / b)
        if (a / b).is_rational_function()
        else sp.powsimp(sp.expand(a / b))
        if not isinstance(b, sp.Add)
        else a / b
    )


def integral_by(antiderivative: Any, integrand: Any, x: Any, a: Any, b: Any, facts: Facts) -> Any:
    """∫_a^b integrand dx as F(b-) - F(a+); raises `NoNormalForm` or `NoLimit` when the certificate does not hold."""
    real = facts.on_the_line(a, b)
    inside = sp.Dummy("x", real=True if real else None)
    within = between(inside, a, b, facts)
    strictly = facts.given(*within)
    inner = {sp.Ge: sp.Gt, sp.Le: sp.Lt}
    open_range = facts.given(*(inner.get(c.func, c.func)(*c.args) for c in within))
    if sp.oo in (a, -b):
        raise NoLimit("a range that runs backwards from infinity")
    if captures(antiderivative, (a, b)):
        raise NoNormalForm("an end that a mean inside the antiderivative binds")
    primitive, f = antiderivative.xreplace({x: inside}), integrand.xreplace({x: inside})
    if not NormalForm(open_range).is_zero(sp.Derivative(primitive, inside) - f):
        raise NoNormalForm("the derivative of the proposed antiderivative is not the integrand")
    if not is_continuous(primitive, inside, open_range):
        raise NoNormalForm("the proposed antiderivative is not seen to be continuous inside the range")
    if sp.oo not in (b, -a) and is_continuous(primitive, inside, strictly):
        return antiderivative.subs(x, b) - antiderivative.subs(x, a)
    upper = _at_end(antiderivative, x, b, -1, facts)
    lower = _at_end(antiderivative, x, a, 1, facts)
    if upper in (sp.oo, -sp.oo) or lower in (sp.oo, -sp.oo):
        raise NoLimit("the integral diverges")
    return upper - lower


def _at_end(e: Any, x: Any, end: Any, way: int, facts: Facts) -> Any:
    """The limit of e at the end of a range, by the rules of this file or by an expansion."""
    try:
        return limit(e, x, end, way, facts)
    except NoLimit:
        try:
            side = way if end not in (sp.oo, -sp.oo) else -1
            return limit_by_expansion(e, x, end, side, facts, time.monotonic() + END_SECONDS)
        except NoExpansion as reason:
            raise NoLimit(str(reason)) from reason
