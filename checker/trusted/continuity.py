"""Continuity, smoothness and integrability by the structure of an expression, and how fast it grows or vanishes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivable.trusted.facts import Facts
from derivable.trusted.heads import Expectation, Jet, SpaceIntegral

Property = Callable[[Any, Any, Facts], bool]  # of an expression, in a variable
ENTIRE = (
    sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.erf, sp.erfc, sp.erfi, sp.Si, sp.sinc, sp.Shi, sp.fresnels, sp.fresnelc,
    sp.airyai, sp.airybi, sp.airyaiprime, sp.airybiprime,
)  # fmt: skip
POLYNOMIALS = (
    sp.legendre, sp.hermite, sp.chebyshevt, sp.chebyshevu, sp.laguerre, sp.assoc_laguerre, sp.gegenbauer, sp.jacobi,
)  # fmt: skip
ON_REALS = (sp.atan, sp.asinh, sp.tanh, sp.sech, sp.acot)  # continuous for a real argument (acot is not at 0)


def is_continuous(e: Any, x: Any, facts: Facts) -> bool:
    """Whether e is a continuous function of x at every admissible point, by structural induction."""
    if not e.has(x) or e == x:
        return True
    if isinstance(e, sp.Add | sp.Mul):
        return all(is_continuous(a, x, facts) for a in e.args)
    if isinstance(e, sp.Pow):
        if not is_continuous(e.base, x, facts) or not is_continuous(e.exp, x, facts):
            return False
        if e.exp.is_Integer:
            return bool(e.exp > 0) or facts.is_nonzero(e.base)
        if facts.is_positive(e.base):
            return True
        if not e.exp.has(x) and facts.is_integer(e.exp) and (facts.is_nonnegative(e.exp) or facts.is_nonzero(e.base)):
            return True
        return facts.is_nonnegative(e.base) and not e.exp.has(x) and facts.is_positive(e.exp)
    if isinstance(e, sp.log) and len(e.args) == 1:
        return is_continuous(e.args[0], x, facts) and facts.is_positive(e.args[0])
    if e.func in ENTIRE:
        return is_continuous(e.args[0], x, facts)
    if e.func in ON_REALS:
        inner = e.args[0]
        return is_continuous(inner, x, facts) and facts.is_real(inner) and (e.func is not sp.acot or facts.is_nonzero(inner))
    if isinstance(e, sp.Sum) and len(e.limits) == 1 and not any(end.has(x, sp.oo, -sp.oo) for end in e.limits[0][1:]):
        index, a, b = e.limits[0]
        k = sp.Dummy(index.name, integer=True)
        return is_continuous(e.args[0].xreplace({index: k}), x, facts.given(*between(k, a, b, facts)))
    if isinstance(e, AppliedUndef):  # undefined functions of real arguments are taken to be smooth
        return all(is_continuous(a, x, facts) and facts.is_real(a) for a in e.args if isinstance(a, sp.Expr))
    if isinstance(e, sp.Derivative) and isinstance(e.expr, AppliedUndef):
        return is_continuous(e.expr, x, facts)
    if isinstance(e, sp.Abs | sp.Max | sp.Min):
        return all(is_continuous(a, x, facts) for a in e.args)
    if e.func in (sp.asin, sp.acos, sp.atanh):
        inner = e.args[0]
        inside = facts.is_positive if e.func is sp.atanh else facts.is_nonnegative
        return is_continuous(inner, x, facts) and inside(1 - inner) and inside(1 + inner)
    if isinstance(e, sp.gamma | sp.loggamma):
        return is_continuous(e.args[0], x, facts) and facts.is_positive(e.args[0])
    if isinstance(e, sp.polygamma) and e.args[0].is_Integer and e.args[0] >= 0:
        return is_continuous(e.args[1], x, facts) and facts.is_positive(e.args[1])
    if isinstance(e, sp.uppergamma | sp.lowergamma) and not e.args[0].has(x):
        order, at = e.args
        convergent = facts.is_real(order) if isinstance(e, sp.uppergamma) else facts.is_positive(order)
        return convergent and is_continuous(at, x, facts) and facts.is_positive(at)
    if e.func in (sp.legendre, sp.hermite, sp.chebyshevt, sp.chebyshevu):
        n = e.args[0]
        return not n.has(x) and facts.is_integer(n) and facts.is_nonnegative(n) and is_continuous(e.args[1], x, facts)
    return False


def is_analytic(e: Any, x: Any, facts: Facts) -> bool:
    """Whether e is an analytic function of the real variable x at every admissible point, by structural induction."""
    if not e.has(x) or e == x:
        return True
    if isinstance(e, sp.Add | sp.Mul):
        return all(is_analytic(a, x, facts) for a in e.args)
    if isinstance(e, sp.Pow):
        if not is_analytic(e.base, x, facts) or not is_analytic(e.exp, x, facts):
            return False
        if e.exp.is_Integer:
            return bool(e.exp > 0) or facts.is_nonzero(e.base)
        return facts.is_positive(e.base)
    if isinstance(e, sp.hyper):
        top, bottom, z = e.args
        if any(p.has(x) for p in (*top, *bottom)) or not is_analytic(z, x, facts):
            return False
        if not all(facts.is_positive(b) or (b.is_Rational and not b.is_Integer) for b in bottom):
            return False
        return len(top) <= len(bottom) or (len(top) == len(bottom) + 1 and facts.is_positive(1 - z))
    if e.func in (sp.besselj, sp.besseli) and not e.args[0].has(x):
        entire = facts.is_integer(e.args[0])
        return is_analytic(e.args[1], x, facts) and (entire or facts.is_positive(e.args[1]))
    if e.func in POLYNOMIALS:
        n = e.args[0]
        of_a_degree = not n.has(x) and facts.is_integer(n) and facts.is_nonnegative(n)
        return of_a_degree and not any(p.has(x) for p in e.args[1:-1]) and is_analytic(e.args[-1], x, facts)
    if len(e.args) != 1 or not is_analytic(e.args[0], x, facts):
        return False
    inner = e.args[0]
    if e.func in (sp.elliptic_k, sp.elliptic_e):
        return facts.is_positive(1 - inner)
    if e.func in ENTIRE:
        return True
    if e.func in ON_REALS:
        return facts.is_real(inner) and (e.func is not sp.acot or facts.is_nonzero(inner))
    if e.func in (sp.asin, sp.acos, sp.atanh):
        return facts.is_positive(1 - inner) and facts.is_positive(1 + inner)
    if isinstance(e, sp.log):
        return facts.is_positive(inner)
    return isinstance(e, sp.acosh) and facts.is_positive(inner - 1)


def is_integrable(e: Any, x: Any, a: Any, b: Any, facts: Facts) -> bool:
    """Continuous on a closed range; on an infinite one also O(x^-2)."""
    inside = sp.Dummy("x", real=True)
    if not is_continuous(e.xreplace({x: inside}), inside, facts.given(*between(inside, a, b, facts))):
        return False
    t = sp.Dummy("t", positive=True)
    ends = [sp.expand(e.xreplace({x: direction * t})) for end, direction in ((b, 1), (a, -1)) if end in (sp.oo, -sp.oo)]
    return all(vanishes(sp.expand(t**2 * tail), t, facts) for tail in ends)


def smooth(e: Any, x: Any, facts: Facts) -> bool:
    """Continuity with all derivatives that occur, where undefined functions are taken to be smooth."""
    return is_continuous(_stand_in(e, x, facts, smooth), x, facts)


def all_derivatives(e: Any, x: Any, facts: Facts) -> bool:
    """Whether e has all derivatives in x: it is analytic where undefined functions are taken to be so."""
    return is_analytic(_stand_in(e, x, facts, all_derivatives), x, facts)


def _like(e: Any, wave: Any, facts: Facts) -> Any:
    """A smooth function of which the signs of e are known and nothing else: not how large it is, nor whether another is equal."""
    signs = facts.signs(e)
    wave = _amplitude(e, signs is not None) * wave
    if signs is None or signs >= {-1, 1}:
        return wave
    return (-1 if -1 in signs else 1) * (wave**2 if 0 in signs else sp.exp(wave))


@functools.lru_cache(maxsize=4096)
def _amplitude(e: Any, real: bool) -> Any:
    """The same unknown number for the same e."""
    return sp.Dummy("c", real=True if real else None)


def _stand_in(e: Any, x: Any, facts: Facts, fine: Property) -> Any:
    """e with undefined functions u(φ) replaced by c sin φ, and what is fine as a whole by c sin x."""
    if not e.args or not e.has(x):
        return e
    if isinstance(e, AppliedUndef | Jet):
        inner = (_stand_in(a, x, facts, fine) for a in e.args if isinstance(a, sp.Expr) and a.has(x))
        return _like(e, sp.Add(*map(sp.sin, inner)), facts)
    if isinstance(e, sp.Integral) and len(e.limits) == 1 and len(e.limits[0]) == 3 and not e.args[0].has(x):
        # the fundamental theorem: an integral has one derivative more than its integrand, where its ends have them
        variable, *ends = e.limits[0]
        if sp.oo in (ends[1], -ends[0]) or not _in_another(fine, e.args[0], variable, facts):
            return sp.sign(x)
        return _like(e, sp.Add(*(sp.sin(_stand_in(end, x, facts, fine)) for end in ends if end.has(x))), facts)
    if isinstance(e, sp.Derivative | sp.Subs | sp.Sum | sp.Integral | Expectation | SpaceIntegral):
        return _like(e, sp.sin(x), facts) if _as_a_whole(fine, e, x, facts) else sp.sign(x)
    return e.func(*(_stand_in(a, x, facts, fine) if isinstance(a, sp.Expr) else a for a in e.args))


def _as_a_whole(fine: Property, e: Any, x: Any, facts: Facts) -> bool:
    """Whether what binds variables is fine: a derivative of what has all, an integral of what is fine in both variables."""
    if isinstance(e, sp.Derivative):
        return all_derivatives(e.expr, x, facts)
    if isinstance(e, sp.Sum | sp.Integral):
        return _of_a_range(fine, e, x, facts)
    if not fine(e.args[0], x, facts):
        return False
    if isinstance(e, sp.Subs):
        points = (point for point in e.point if isinstance(point, sp.Expr))
        return all(fine(point, x, facts) for point in points) and all(_in_another(fine, e.expr, v, facts) for v in e.variables)
    return True  # a mean or an integral over space: differentiation under it is cited where it is used


def _of_a_range(fine: Property, e: Any, x: Any, facts: Facts) -> bool:
    """The same of a finite sum or integral: what is known of its variables is that they are in their ranges, and no more."""
    if any(end.has(x, sp.oo, -sp.oo) for limits in e.limits for end in limits[1:]):
        return False
    body, limits = e.args[0], list(e.limits)
    discrete = isinstance(e, sp.Sum)
    variables = []
    while limits:  # the outermost first: the ends of the others may speak of it
        variable, *ends = limits.pop()
        fresh = sp.Dummy(variable.name, integer=True) if discrete else sp.Dummy(variable.name, real=True)
        body = body.xreplace({variable: fresh})
        limits = [sp.Tuple(inner, *(end.xreplace({variable: fresh}) for end in its)) for inner, *its in limits]
        facts = facts.given(*between(fresh, ends[0], ends[1], facts)) if len(ends) == 2 else facts
        variables.append(fresh)
    if not fine(body, x, facts):
        return False
    together = sp.Mul(*(factor for factor in sp.Mul.make_args(body) if factor.has(x)))
    return discrete or all(fine(together, v, facts) for v in variables)


def _in_another(fine: Property, e: Any, variable: Any, facts: Facts) -> bool:
    """The same in a variable that is bound, everywhere."""
    probe = sp.Dummy("x", real=True)
    return fine(e.xreplace({variable: probe}), probe, facts)


def between(x: Any, a: Any, b: Any, facts: Facts) -> list[Any]:
    """What is known of a variable between two ends, whichever is the larger; nothing if the order is not known."""
    if not facts.on_the_line(a, b):
        return []
    if sp.oo in (b, -a) or facts.is_nonnegative(b - a):
        found = (x >= a, x <= b)
    elif facts.is_nonnegative(a - b):
        found = (x >= b, x <= a)
    else:
        # the order is not known, but what lies between two numbers of one sign has that sign
        signs = [facts.signs(end) for end in (a, b)]
        ends = [s for s in signs if s is not None]
        if len(ends) < 2:
            return []
        both = ends[0] | ends[1]
        relation = {frozenset({1}): sp.Gt, frozenset({0, 1}): sp.Ge, frozenset({-1}): sp.Lt, frozenset({-1, 0}): sp.Le}.get(both)
        return [] if relation is None else [relation(x, 0)]
    return [c for c in found if c not in (sp.true, sp.false) and sp.oo not in c.args and -sp.oo not in c.args]


def growth(e: Any, t: Any, facts: Facts) -> tuple[int, Any] | None:
    """(class, exponent): |e| ≤ C · exp(-c t^k) with c > 0 is (-1, …), ≤ C t^p log^m t is (0, p); None if neither is seen."""
    if not e.has(t):
        return 0, sp.Integer(0)
    if e == t:
        return 0, sp.Integer(1)
    if isinstance(e, sp.Mul):
        parts = [growth(a, t, facts) for a in e.args]
        if None in parts:
            return None
        lowest = min(p[0] for p in parts if p)
        return lowest, sp.Add(*(p[1] for p in parts if p and p[0] == 0))
    if isinstance(e, sp.Add):
        parts = [growth(a, t, facts) for a in e.args]
        if None in parts:
            return None
        powers = [p[1] for p in parts if p and p[0] == 0]
        if not powers:
            return -1, sp.Integer(0)
        return (0, max(powers)) if all(p.is_number for p in powers) else None
    if isinstance(e, sp.Pow) and not e.exp.has(t) and facts.is_positive(e.exp):
        inner = growth(e.base, t, facts)
        return None if inner is None else (inner[0], inner[1] * e.exp)
    if isinstance(e, sp.Pow) and e.base.is_polynomial(t) and e.exp.is_Rational and e.exp < 0:
        below = sp.Poly(e.base, t)
        return (0, below.degree() * e.exp) if facts.is_nonzero(below.LC()) else None
    if isinstance(e, sp.Pow) and e.base == t and not e.exp.has(t) and facts.is_real(e.exp):
        return 0, e.exp
    if isinstance(e, sp.exp) or (isinstance(e, sp.Pow) and facts.is_positive(e.base) and not e.base.has(t)):
        exponent = sp.expand(e.args[0] if isinstance(e, sp.exp) else e.exp * sp.log(e.base))
        try:
            lead = sp.Poly(exponent, t)
        except sp.PolynomialError:
            return None
        if lead.degree() >= 1 and facts.signs(lead.LC()) == {-1}:  # the other terms, also complex ones, are outgrown
            return -1, sp.Integer(0)
        return None
    if isinstance(e, sp.log) and _between_constants(e.args[0], t, facts):
        return 0, sp.Integer(0)
    if isinstance(e, sp.log) and e.args[0].is_polynomial(t):
        inner = sp.Poly(e.args[0], t)
        return (0, sp.Rational(1, 1000)) if inner.degree() >= 1 and facts.is_positive(inner.LC()) else None
    if isinstance(e, sp.uppergamma) and not e.args[0].has(t) and facts.is_real(e.args[0]) and facts.is_positive(e.args[1] / t):
        return (-1, sp.Integer(0)) if not sp.simplify(e.args[1] / t).has(t) else None
    if e.func in (sp.sin, sp.cos, sp.erf, sp.tanh, sp.atan, sp.sech) and facts.is_real(e.args[0]):
        return 0, sp.Integer(0)
    if e.func in (sp.legendre, sp.chebyshevt) and not e.args[0].has(t):  # at most 1 between -1 and 1
        n, u = e.args
        of_a_degree = facts.is_integer(n) and facts.is_nonnegative(n)
        inside = facts.is_nonnegative(1 - u) and facts.is_nonnegative(1 + u)
        return (0, sp.Integer(0)) if of_a_degree and inside else None
    return None


def _between_constants(e: Any, t: Any, facts: Facts) -> bool:
    """Whether e = c + Σ c_j exp(u_j) with c, c_j > 0 and u_j ≤ 0."""
    constant, rest = e.as_independent(t, as_Add=True)
    waves: dict[Any, Any] = {}
    for term in sp.Add.make_args(rest):
        c, wave = term.as_independent(t, as_Add=False)
        waves[wave] = waves.get(wave, sp.Integer(0)) + c
    for wave, c in waves.items():
        if not (isinstance(wave, sp.exp) and facts.is_positive(c) and facts.is_nonnegative(sp.factor(-wave.args[0]))):
            return False
    return rest != 0 and facts.is_positive(constant)


def vanishes(e: Any, t: Any, facts: Facts) -> bool:
    """Whether e is seen to tend to 0 as t → oo."""
    rate = growth(e, t, facts)
    return rate is not None and (rate[0] < 0 or facts.signs(rate[1] + sp.Rational(1, 500)) == {-1})
