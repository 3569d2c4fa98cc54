"""Whether an expression is seen to have a value for every value of some symbols: where it has none, a statement says nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivable.trusted.continuity import between, is_integrable, smooth
from derivable.trusted.facts import Contradiction, Facts
from derivable.trusted.heads import Expectation, Jet, Partial, SpaceIntegral

EVERYWHERE = (
    AppliedUndef, Expectation, Jet, Partial, SpaceIntegral, sp.Abs, sp.Heaviside, sp.KroneckerDelta, sp.Max, sp.Min, sp.Si,
    sp.acos, sp.acosh, sp.arg, sp.asin, sp.bell, sp.ceiling, sp.conjugate, sp.cos, sp.cosh, sp.erf, sp.erfc, sp.erfi, sp.exp,
    sp.airyai, sp.airybi, sp.airyaiprime, sp.airybiprime, sp.fresnels, sp.fresnelc, sp.Shi,
    sp.fibonacci, sp.floor, sp.frac, sp.im, sp.lucas, sp.re, sp.sign, sp.sin, sp.sinc, sp.sinh, sp.tribonacci,
)  # fmt: skip
ABOVE_ZERO = (sp.gamma, sp.loggamma, sp.polygamma, sp.beta, sp.uppergamma, sp.lowergamma)
OFF_ZERO = (sp.coth, sp.csch, sp.acoth, sp.asec, sp.acsc, sp.asech, sp.acsch, sp.Ei, sp.Ci, sp.Chi, sp.bessely, sp.besselk)
OF_A_DEGREE = (
    sp.legendre, sp.hermite, sp.chebyshevt, sp.chebyshevu, sp.laguerre, sp.assoc_laguerre, sp.gegenbauer, sp.jacobi,
    sp.assoc_legendre, sp.bernoulli, sp.euler, sp.catalan,
)  # fmt: skip


def unsafe(e: Any, n: Any, facts: Facts, values: Mapping[Any, Any] | None = None) -> bool:
    """Whether e may be undefined for some n, a symbol or several: then truth at n need not carry over to n + 1.

    With `values` for the symbols: whether e may be undefined there. What does not speak of the symbols is not looked at.
    """
    symbols = n if isinstance(n, tuple) else (n,)
    if not isinstance(e, sp.Basic) or not e.free_symbols & {getattr(s, "label", s) for s in symbols}:
        return False
    if isinstance(e, sp.Sum | sp.Product | sp.Integral) and all(len(limits) == 3 for limits in e.limits):
        return _unsafe_range(e, symbols, facts, values or {})
    if isinstance(e, sp.Subs):  # what is inside is looked at where it is taken
        points = {v: point.subs(values or {}, simultaneous=True) for v, point in zip(e.variables, e.point, strict=True)}
        symbols, values = (*symbols, *e.variables), {**(values or {}), **points}
    return _unsafe_node(e, facts, values or {}) or any(unsafe(part, symbols, facts, values) for part in e.args)


def says_nothing(rule: Any, facts: Facts, values: Mapping[Any, Any]) -> bool:
    """Whether a `ForAll` may be undefined at these values of its variables: its integrals and series are taken to have values."""
    return bool(facts.once(("says nothing", rule, tuple(values.items())), lambda: _says_nothing(rule, facts, values)))


def _says_nothing(rule: Any, facts: Facts, values: Mapping[Any, Any]) -> bool:
    stated = [
        node
        for node in rule.equation.atoms(sp.Integral, sp.Limit, sp.Sum, sp.Product)
        if isinstance(node, sp.Integral | sp.Limit) or any(sp.oo in (b, -a) for _, a, b in node.limits)
    ]
    return unsafe(rule.equation.xreplace({node: sp.Dummy("value") for node in stated}), rule.variables, facts, values)


def _unsafe_node(e: Any, facts: Facts, values: Mapping[Any, Any]) -> bool:
    """Whether e may be undefined at arguments that have values."""
    if isinstance(e, sp.Limit):
        return True
    if not isinstance(e, sp.Function | sp.Pow) or isinstance(e, EVERYWHERE):
        return False
    at = [a.subs(values, simultaneous=True) if isinstance(a, sp.Basic) else a for a in e.args]
    if isinstance(e, sp.Pow):
        return not facts.is_nonzero(at[0]) and not facts.is_nonnegative(at[1])
    if isinstance(e, sp.log):
        return not facts.is_nonzero(at[0]) or (len(at) > 1 and not (facts.is_nonzero(at[1]) and facts.is_nonzero(at[1] - 1)))
    return not _has_a_value(e, at, facts)


def _has_a_value(e: Any, at: list[Any], facts: Facts) -> bool:
    """Whether a function that is not defined everywhere is seen to be defined at these arguments."""
    if isinstance(e, sp.RisingFactorial | sp.FallingFactorial):
        return facts.is_integer(at[1]) and facts.is_nonnegative(at[1])
    if isinstance(e, ABOVE_ZERO):
        ends = at[-2:] if isinstance(e, sp.beta | sp.uppergamma | sp.lowergamma) else at[-1:]
        return all(map(facts.is_positive, ends))
    if isinstance(e, sp.factorial | sp.harmonic):
        return facts.is_positive(at[0] + 1)
    if isinstance(e, sp.factorial2):
        return facts.is_nonnegative(at[0] + 1)
    if isinstance(e, sp.binomial):
        return facts.is_integer(at[1]) or (facts.is_nonnegative(at[0]) and facts.is_real(at[1]))
    if isinstance(e, sp.atanh):
        return facts.is_nonzero(1 - at[0]) and facts.is_nonzero(1 + at[0])
    if isinstance(e, sp.tanh | sp.sech | sp.atan | sp.asinh | sp.acot):  # with poles beside the real axis alone
        return facts.is_real(at[0])
    if isinstance(e, sp.LambertW):
        return len(at) == 1 or facts.is_nonzero(at[0])
    if isinstance(e, sp.Mod):
        return facts.is_nonzero(at[1])
    if isinstance(e, sp.Piecewise):
        return e.args[-1].cond == sp.true
    if isinstance(e, sp.besselj | sp.besseli | sp.jn):
        return facts.is_integer(at[0]) or facts.is_nonzero(at[1])
    if isinstance(e, OFF_ZERO):
        real = facts.is_real(at[-1]) or not isinstance(e, sp.coth | sp.csch)  # with poles on the imaginary axis
        unit = not isinstance(e, sp.acoth) or (facts.is_nonzero(at[0] - 1) and facts.is_nonzero(at[0] + 1))
        return real and unit and facts.is_nonzero(at[-1])
    if isinstance(e, sp.zeta):
        return len(at) == 1 and facts.is_nonzero(at[0] - 1)
    if isinstance(e, OF_A_DEGREE):
        return facts.is_integer(at[0]) and facts.is_nonnegative(at[0])
    return False


def _unsafe_range(e: Any, symbols: tuple[Any, ...], facts: Facts, values: Mapping[Any, Any]) -> bool:
    """The same of a sum, a product or an integral: its ends, what stands under it, also at the ends that move, and its tail."""
    variable, a, b = e.limits[-1]
    body = e.args[0] if len(e.limits) == 1 else e.func(e.args[0], *e.limits[:-1])
    if any(isinstance(end, sp.Expr) and unsafe(end, symbols, facts, values) for end in (a, b)):
        return True
    a, b = (end.subs(values, simultaneous=True) for end in (a, b))
    discrete = not isinstance(e, sp.Integral)
    inside = sp.Dummy(variable.name, integer=True) if discrete else sp.Dummy(variable.name, real=True)
    body = body.xreplace({variable: inside})
    at = body.subs(values, simultaneous=True)
    if sp.oo in (b, -a) and discrete:
        from derivable.trusted.convergence import converges

        if body.free_symbols & set(symbols) and not (isinstance(e, sp.Sum) and converges(sp.Sum(at, (inside, a, b)), facts)):
            return True
    within = facts
    with contextlib.suppress(Contradiction):
        within = facts.given(*(_run_through(inside, a, b, facts) if discrete else between(inside, a, b, facts)))
    if discrete:
        moves = any(isinstance(end, sp.Expr) and end.free_symbols & set(symbols) for end in e.limits[-1][1:])
        return unsafe(body, (*symbols, inside) if moves else symbols, within, values)
    if sp.oo in (b, -a):
        return not is_integrable(at, inside, a, b, facts)
    return unsafe(body, symbols, within, values) or not smooth(at, inside, within)


def _run_through(k: Any, a: Any, b: Any, facts: Facts) -> list[Any]:
    """What is known of the k that a sum or product runs through: a … b, or b + 1 … a - 1 where that is backwards."""
    if sp.oo in (b, -a) or facts.is_nonnegative(b - a + 1):
        ends = [sp.Ge(k, a), sp.Le(k, b)]
    else:
        ends = [sp.Ge(k, c) for c in (1, 0) if facts.is_nonnegative(a - c) and facts.is_nonnegative(b + 1 - c)][:1]
    return [c for c in ends if c not in (sp.true, sp.false)]


__all__ = ["says_nothing", "unsafe"]
