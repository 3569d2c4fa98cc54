"""Candidates for certificates, from SymPy's heuristics; each is checked before it counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy.concrete.gosper import gosper_term
from sympy.core.function import AppliedUndef
from sympy.integrals.heurisch import heurisch
from sympy.integrals.manualintegrate import manualintegrate
from sympy.integrals.rationaltools import ratint
from sympy.simplify.fu import TR8

DEGREE = 12  # of a polynomial beside an exponential


def propose(kind: str, expression: Any, variable: Any) -> Iterator[Any]:
    """Candidates of the kind.

    `"antiderivative"`: of the expression in the variable. `"combination"`: the expression is (p, hypotheses, equations), the
    variable whether a strict sign is wanted. `"critical"`: lists of points between which the derivative of e may have one sign,
    for (e, low, high); `"direction"`: its sign, for (e', low, high). `"recurrence"`: (coefficients, R) for the term F(n, k)
    given as (F, n, orders), in k. `"relation"`: polynomials p_j(k) with Σ_j p_j(k) c(k + j) = 0, in k. `"failure"`: points at
    which (lhs, rhs, hypotheses), an inequality, may fail. `"cofactors"`: (m, q) with p^m = Σ q_i h_i, given as (p, h, number of
    variables).
    """
    if kind == "antiderivative":
        yield from _antiderivatives(expression, variable)
    elif kind == "combination":
        from derivable.search.combination import combinations

        p, hypotheses, equations, orders = expression
        yield from combinations(p, hypotheses, equations, orders, strict=variable)
    elif kind == "antidifference":
        yield from _antidifferences(expression, variable)
    elif kind == "critical":
        from derivable.search.critical import critical_points

        e, low, high = expression
        yield from critical_points(e, low, high, variable)
    elif kind == "direction":
        from derivable.search.critical import direction

        slope, low, high = expression
        if low.free_symbols or high.free_symbols:
            yield from (1, -1)
        else:
            yield direction(slope, low, high, variable)
    elif kind == "recurrence":
        from derivable.search.zeilberger import recurrences

        term, parameter, orders = expression
        yield from recurrences(term, parameter, variable, orders)
    elif kind == "relation":
        from derivable.search.linear_relation import linear_relations

        yield from linear_relations(expression, variable)
    elif kind == "failure":
        from derivable.search.descent import failures

        yield from failures(*expression)
    elif kind == "cofactors":
        from derivable.search.cofactors import cofactors

        yield from cofactors(*expression)


def _antidifferences(f: Any, k: Any) -> Iterator[Any]:
    """Gosper's algorithm, term by term where the whole is not hypergeometric."""
    constant_ratio = sp.powsimp(sp.expand(f.subs(k, k + 1) / f), force=False) if f != 0 else k
    if not constant_ratio.has(k):
        if constant_ratio != 1:
            yield f / (constant_ratio - 1)
        return
    whole = _gosper(f, k)
    if whole is not None:
        yield whole
        return
    terms = sp.Add.make_args(sp.expand(TR8(f) if f.has(sp.sin, sp.cos) else f))  # products of waves are sums of them
    parts: list[Any] = []
    for term in terms if len(terms) > 1 or f.has(sp.sin, sp.cos) else ():
        parts.append(_wave(term, k) or _gosper(term, k))
        if parts[-1] is None:
            return
    if parts:
        yield sp.Add(*parts)


def _wave(f: Any, k: Any) -> Any:
    """c cos(α k + β) = Δ c sin(α k + β - α/2) / (2 sin(α/2)), and the same of sin(α k + β) = cos(α k + β - π/2)."""
    waves = [g for g in sp.Mul.make_args(f) if isinstance(g, sp.sin | sp.cos) and g.has(k)]
    if len(waves) != 1 or (f / waves[0]).has(k):
        return None
    angle = sp.expand(waves[0].args[0])
    alpha = angle.coeff(k)
    if alpha.has(k) or sp.expand(angle - alpha * k).has(k):
        return None
    shifted = angle - alpha / 2
    moved = sp.sin(shifted) if isinstance(waves[0], sp.cos) else -sp.cos(shifted)
    return f / waves[0] * moved / (2 * sp.sin(alpha / 2))


def _gosper(f: Any, k: Any) -> Any:
    if not f.has(k):
        return f * k
    parameters = sorted(f.free_symbols - {k}, key=str)
    sample = {s: sp.Rational(10007 + 31 * i, 101 + 2 * i) for i, s in enumerate(parameters)}
    try:
        # where there is none for generic values of the parameters, there is none: asked first, as it costs little
        if f.has(sp.binomial, sp.factorial, sp.gamma) and parameters and gosper_term(f.subs(sample), k) is None:
            return None
        ratio = gosper_term(f, k)
    except (ValueError, TypeError, AttributeError, NotImplementedError, ZeroDivisionError, sp.PolynomialError):
        return None
    return None if ratio is None else ratio * f


def _antiderivatives(f: Any, x: Any) -> Iterator[Any]:
    real = sp.Dummy("x", real=True)
    g = sp.expand(f.xreplace({x: real}))
    if f.has(AppliedUndef):
        by_parts = _product_rule(f, x)
        if by_parts is not None:
            yield by_parts
        return
    seen: set[Any] = set()

    def offered(candidate: Any) -> Iterator[Any]:
        if candidate is None or candidate.has(sp.Integral, sp.nan, sp.zoo):
            return
        # A case for the exceptional parameter values is left to the check: each branch is a candidate.
        branches = [value for value, _ in candidate.args] if isinstance(candidate, sp.Piecewise) else [candidate]
        for branch in branches:
            if not branch.has(sp.Piecewise) and branch not in seen:
                seen.add(branch)
                yield branch.xreplace({real: x})

    own = (_exponential, _gaussian, _arctangent, _in_an_exponential, _error_function_by_parts)
    for method in (*own, manualintegrate, _heurisch, _integrate):
        for integrand in (f.xreplace({x: real}), g):
            try:
                yield from offered(method(integrand, real))
            except (
                NotImplementedError,
                ValueError,
                TypeError,
                AttributeError,
                KeyError,
                IndexError,
                ZeroDivisionError,
                RecursionError,
            ):
                continue


def _product_rule(f: Any, x: Any) -> Any:
    """F for f = F' read off a product rule: a term with u' gives u times the rest of it, which the remaining terms complete."""
    rest, total = sp.expand(f), sp.Integer(0)
    for _ in range(12):
        if rest == 0:
            return total
        terms = sorted(
            sp.Add.make_args(rest), key=lambda t: -max((d.derivative_count for d in t.atoms(sp.Derivative)), default=0)
        )
        slopes = sorted((d for d in terms[0].atoms(sp.Derivative) if x in d.variables), key=lambda d: -d.derivative_count)
        if not slopes:
            return None
        lower = slopes[0].expr if slopes[0].derivative_count == 1 else sp.Derivative(slopes[0].expr, *slopes[0].variables[1:])
        cofactor = terms[0] / slopes[0]
        power = sp.degree(cofactor, lower) if cofactor.is_polynomial(lower) else 0
        total += terms[0] / slopes[0] * lower / (power + 1)
        rest = sp.expand(rest - sp.diff(terms[0] / slopes[0] * lower / (power + 1), x).doit())
    return None


def _exponential(f: Any, x: Any) -> Any:
    """∫ P(x) e^{a x + b} dx = e^{a x + b} Σ_j (-1)^j P^(j)(x) / a^{j+1}, term by term; exponents of a product are added up."""
    total = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(f)):
        factors = [g.as_base_exp() for g in sp.Mul.make_args(term)]
        line = sp.expand(sp.Add(*(power for base, power in factors if base is sp.E)))
        rest = sp.Mul(*(base**power for base, power in factors if base is not sp.E))
        if not line.is_polynomial(x) or sp.degree(line, x) > 1 or not rest.is_polynomial(x) or sp.degree(rest, x) > DEGREE:
            return None
        rate = sp.factor(line.coeff(x))
        if rate == 0:
            total += sp.exp(line) * sp.integrate(rest, x)
            continue
        derivatives = [rest]
        while derivatives[-1] != 0:
            derivatives.append(sp.diff(derivatives[-1], x))
        total += sp.exp(line) * sp.Add(*((-1) ** j * d / rate ** (j + 1) for j, d in enumerate(derivatives)))
    return total


def _gaussian(f: Any, x: Any) -> Any:
    """∫ xᵏ exp(-a x² + b x + c) dx with symbolic parameters, by completing the square and parts, for k ≤ 12."""
    total = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(f)):
        merged = sp.powsimp(term)
        exponentials = [a for a in sp.Mul.make_args(merged) if isinstance(a, sp.exp) and a.has(x)]
        if len(exponentials) != 1:
            return None
        exponent = sp.expand(exponentials[0].args[0])
        rest = merged / exponentials[0]
        if not (exponent.is_polynomial(x) and sp.degree(exponent, x) == 2 and rest.is_polynomial(x) and sp.degree(rest, x) <= 12):
            return None
        a, b = -exponent.coeff(x, 2), exponent.coeff(x, 1)
        root = sp.sqrt(a)
        moments = [
            sp.sqrt(sp.pi) / (2 * root) * sp.exp(b**2 / (4 * a) + exponent.coeff(x, 0)) * sp.erf(root * x - b / (2 * root))
        ]
        for k in range(1, int(sp.degree(rest, x)) + 1):
            previous = moments[k - 2] * (k - 1) if k >= 2 else 0
            moments.append((-(x ** (k - 1)) * sp.exp(exponent) + previous + b * moments[k - 1]) / (2 * a))
        total += sum(rest.coeff(x, k) * moments[k] for k in range(len(moments)))
    return total


def _arctangent(f: Any, x: Any) -> Any:
    """∫ c / (A x² + B x + D) = 2c/√Δ · arctan((2 A x + B)/√Δ) with Δ = 4 A D - B², of symbolic coefficients."""
    top, bottom = sp.fraction(sp.together(f))
    if top.has(x) or not bottom.is_polynomial(x) or sp.degree(bottom, x) != 2:
        return None
    a, b, d = sp.Poly(bottom, x).all_coeffs()
    root = sp.sqrt(sp.factor(4 * a * d - b**2))
    return 2 * top / root * sp.atan((2 * a * x + b) / root)


def _in_an_exponential(f: Any, x: Any) -> Any:
    """∫ R(e^{c x}) dx = ∫ R(u) / (c u) du at u = e^{c x}, for R rational, or the exponential of a multiple of u times u."""
    found = {a for a in sp.expand(f.rewrite(sp.exp), power_exp=True).atoms(sp.exp) if a.has(x)}
    linear = [a.args[0] for a in found if a.args[0].is_polynomial(x) and sp.degree(a.args[0], x) == 1]
    rates = {sp.expand(e).coeff(x) for e in linear}
    rate = next((c for c in sorted(rates, key=sp.default_sort_key) if all((d / c).is_Integer for d in rates)), None)
    if rate is None:
        return None
    u = sp.Dummy("u", positive=True)

    def moved(e: Any) -> Any:
        if not e.args or not e.has(x):
            return e
        if isinstance(e, sp.exp) and e.args[0] in linear:
            slope, constant = (sp.expand(e.args[0]).coeff(x, k) for k in (1, 0))
            return sp.exp(constant) * u ** (slope / rate)
        return e.func(*(moved(a) for a in e.args))

    inner = sp.together(moved(sp.expand(f.rewrite(sp.exp), power_exp=True)) / (rate * u))
    if inner.has(x):
        return None
    primitive: Any = None
    waves = [a for a in inner.atoms(sp.exp) if a.has(u)]
    if not waves:
        primitive = ratint(sp.cancel(inner), u, real=True) if inner.is_rational_function(u) else None
    else:
        exponent = sp.expand(sp.Add(*(a.args[0] for a in sp.Mul.make_args(sp.powsimp(inner)) if isinstance(a, sp.exp))))
        slope = exponent.coeff(u)
        if slope != 0 and not sp.simplify(inner / sp.exp(exponent)).has(u):
            primitive = inner / slope
    return None if primitive is None else primitive.xreplace({u: sp.exp(rate * x)})


def _error_function_by_parts(f: Any, x: Any) -> Any:
    """∫ C e^{c x} erf(u) dx by parts, for a linear u."""
    factors = sp.Mul.make_args(f)
    errors = [a for a in factors if isinstance(a, sp.erf | sp.erfc)]
    rest = sp.Mul(*(a for a in factors if a not in errors))
    if len(errors) != 1 or not isinstance(rest.as_independent(x, as_Add=False)[1], sp.exp):
        return None
    rate = sp.cancel(sp.diff(rest, x) / rest)
    if rate.has(x) or rate == 0:
        return None
    remainder = _gaussian(rest / rate * sp.diff(errors[0], x), x)
    return None if remainder is None else rest / rate * errors[0] - remainder


def _heurisch(f: Any, x: Any) -> Any:
    return heurisch(f, x)


def _integrate(f: Any, x: Any) -> Any:
    return sp.integrate(f, x)
