"""Limits of sums and products whose range grows with n: Riemann sums, series, and closed forms by the gamma family.

For a g that is continuous on [α, β], (1/n) Σ_{k = α n + a}^{β n + b} g((k + δ)/n) → ∫_α^β g as n → ∞ through the integers: but
for a bounded number of terms, each O(1/n), it is a Riemann sum whose mesh is 1/n. For a monotone g that is continuous on (α, β]
only, δ = 0 and a ≥ 1, the sum over k > α n lies between the integrals of g over ranges that differ by 1/n from the whole one, so
that the same holds if the improper integral exists (Pólya and Szegő, II 1.4).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.continuity import is_continuous
from derivable.trusted.convergence import converges, passes_ratio_test
from derivable.trusted.facts import Contradiction, Facts
from derivable.trusted.normal_form import outermost, vanishes_identically


def riemann_integral(term: Any, n: Any, facts: Facts) -> Any:
    """∫_α^β g for a term C(n) Σ f(k, n) with C(n) f(x n - δ, n) = g(x) / n; None if it has another shape."""
    sums = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Sum)]
    if len(sums) != 1 or not n.is_integer:
        return None
    body, (k, lower, upper) = outermost(sums[0])
    ends = [_line(end, n) for end in (lower, upper)]
    if isinstance(body, sp.Sum) or None in ends:
        return None
    (alpha, a), (beta, b) = ends  # type: ignore[misc]
    if not alpha < beta:
        return None
    for shift in _shifts(body, k):
        found = _tagged(term / sums[0] * n * body, (n, k), (alpha, a + shift), (beta, b + shift), shift, facts)
        if found is not None:
            return found
    return None


def _tagged(e: Any, names: tuple[Any, Any], lower: tuple[Any, Any], upper: tuple[Any, Any], shift: Any, facts: Facts) -> Any:
    """∫_α^β g, where e is g(x) at k = x n - δ for all x that are reached."""
    (n, k), (alpha, a), (beta, b) = names, lower, upper
    x, r = sp.Dummy("x", real=True), sp.Dummy("r", positive=True)
    y = sp.Dummy("y", **({"positive": True} if alpha or a > 0 else {"nonnegative": True} if a == 0 else {"real": True}))
    g = _without(e.xreplace({n: r}).xreplace({k: y * r - shift}), r)
    if g is None or g.has(sp.Sum, sp.Product):
        return None
    g = g.xreplace({y: x})
    value = sp.Integral(g, (x, alpha, beta))
    try:
        if is_continuous(g, x, facts.given(x >= alpha - (1 if a < 0 else 0), x <= beta + (1 if b > 0 else 0))):
            return value
        inside = facts.given(x > alpha, x <= beta)
        slope = sp.factor(sp.diff(g, x))
        monotone = is_continuous(slope, x, inside) and (inside.is_nonnegative(slope) or inside.is_nonnegative(-slope))
        if shift == 0 and a >= 1 and b <= 0 and is_continuous(g, x, inside) and monotone:
            return value
    except Contradiction:
        pass
    return None


def _shifts(body: Any, k: Any) -> list[Any]:
    """0, and the δ of terms c (k + δ) in which the index occurs."""
    found = [sp.Integer(0)]
    for node in (*sp.preorder_traversal(body), *sp.preorder_traversal(sp.expand(body))):
        if isinstance(node, sp.Add) and node.has(k) and node.is_polynomial(k) and sp.degree(node, k) == 1:
            slope = node.coeff(k)
            constant = sp.cancel((node - slope * k).as_independent(*(node.free_symbols - {k}))[0] / slope)
            whole = sp.cancel((node - slope * k) / slope)
            found += [c for c in (whole, constant) if c.is_Rational and c not in found]
    return found[:3]


def _line(e: Any, n: Any) -> tuple[Any, Any] | None:
    """(α, a) with e = α n + a, both integers and α ≥ 0."""
    slope = sp.expand(e).coeff(n)
    rest = sp.expand(e - slope * n)
    return (slope, rest) if slope.is_Integer and slope >= 0 and rest.is_Integer else None


def _without(e: Any, r: Any) -> Any:
    """An expression that equals e and does not hold r > 0."""
    for form in (sp.cancel, sp.powsimp, sp.simplify):
        reduced = form(_separated(e, r))
        if not reduced.has(r):
            return reduced if vanishes_identically(e - reduced, Facts(())) else None
    return None


def _separated(e: Any, r: Any) -> Any:
    """(r y)^p = r^p y^p and (A(y) r^m + …)^p = r^(m p) (A(y) + …)^p inside out, for r > 0."""
    if not e.args or not e.has(r):
        return e
    e = e.func(*(_separated(a, r) for a in e.args))
    if isinstance(e, sp.Pow) and e.base.has(r) and not e.exp.has(r):
        base = sp.factor_terms(sp.expand(e.base))
        top = base.as_independent(r, as_Add=False)
        powers = [f for f in sp.Mul.make_args(top[1]) if f.as_base_exp()[0] == r]
        outside = sp.Mul(*powers)
        return sp.powdenest(outside**e.exp, force=False) * sp.expand(base / outside) ** e.exp if powers else e
    return sp.cancel(e) if e.is_rational_function() else e


def by_polygamma(term: Any, n: Any, facts: Facts) -> Any:
    """Σ_{k=a}^{b} of c / (k + d)^m and c log(s (k + d)) by ψ^(m-1) and log Γ, where a + d > 0, for large n; else the term.

    Σ 1 / (k + d)^m = (-1)^(m-1) / (m-1)! · (ψ^(m-1)(b + 1 + d) - ψ^(m-1)(a + d)), and log Γ(z + 1) = log z + log Γ(z).
    """
    sums = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Sum)]
    if len(sums) != 1 or len(sums[0].limits) != 1:
        return term
    body, (k, lower, upper) = outermost(sums[0])
    far = _far(lower, upper, n, facts)
    if far is None or body.has(sp.Sum):
        return term
    rational = body.is_rational_function(k)
    total, parts = sp.Integer(0), sp.Add.make_args(sp.expand(sp.apart(body, k) if rational else body))
    if rational and sp.cancel(sp.Add(*parts) - body) != 0:
        return term
    for part in parts:
        value = (_polygamma_difference if rational else _log_gamma_difference)(part, k, lower, upper, far)
        if value is None:
            return term
        total += value
    return term / sums[0] * total


def _far(lower: Any, upper: Any, n: Any, facts: Facts) -> Facts | None:
    """The facts for a large n, if the range runs forwards between integers there."""
    try:
        far = facts.about_others(n).given(sp.Ge(n, 8))
    except Contradiction:
        return None
    fine = far.is_nonnegative(sp.expand(upper - lower + 1)) and all(far.is_integer(end) for end in (lower, upper))
    return far if fine else None


def _log_gamma_difference(part: Any, k: Any, lower: Any, upper: Any, facts: Facts) -> Any:
    c, node = part.as_independent(k, as_Add=False)
    if not isinstance(node, sp.log) or not node.args[0].is_polynomial(k) or sp.degree(node.args[0], k) != 1:
        return None
    slope = node.args[0].coeff(k)
    shift = sp.expand((node.args[0] - slope * k) / slope)
    if not facts.is_positive(slope) or not facts.is_positive(sp.expand(lower + shift)):
        return None
    return c * (sp.loggamma(upper + 1 + shift) - sp.loggamma(lower + shift) + (upper - lower + 1) * sp.log(slope))


def infinite_series(term: Any, n: Any, facts: Facts) -> Any:
    """C Σ_{k=a}^∞ f(k), the limit of C Σ_{k=a}^{n+d} f(k) by definition, if the series is seen to converge."""
    sums = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Sum)]
    if len(sums) != 1 or len(sums[0].limits) != 1 or (term / sums[0]).has(n):
        return None
    body, (k, lower, upper) = outermost(sums[0])
    if body.has(n) or lower.has(n) or not sp.expand(upper - n).is_Integer:
        return None
    series = sp.Sum(body, (k, lower, sp.oo))
    others = facts.about_others(n)
    return term / sums[0] * series if converges(series, others) or passes_ratio_test(series, others) else None


def products_by_gamma(e: Any, n: Any, facts: Facts) -> Any:
    """∏_{k=a}^{b} s (k + d) = s^(b - a + 1) Γ(b + 1 + d) / Γ(a + d) for a + d > 0, factor by factor; double factorials by Γ.

    (2 m)!! = 2^m Γ(m + 1) and (2 m - 1)!! = 2^m Γ(m + 1/2) / √π (DLMF 5.4.2).
    """
    found = {}
    for node in e.atoms(sp.Product):
        k, lower, upper = node.limits[0]
        far = _far(lower, upper, n, facts) if len(node.limits) == 1 and not node.args[0].has(sp.Sum, sp.Product) else None
        value = None if far is None else _gamma_quotient(node.args[0], k, lower, upper, far)
        if value is not None:
            found[node] = value
    for node in e.atoms(sp.factorial2):
        u = node.args[0]
        half = sp.Dummy("n", integer=True, positive=True)
        for parity in (0, 1):
            if facts.is_integer(sp.expand((u.xreplace({n: half}) + parity) / 2)):
                below = sp.sqrt(sp.pi) if parity else sp.Integer(1)
                found[node] = 2 ** ((u + parity) / 2) * sp.gamma(u / 2 + 1) / below
    return e.xreplace(found)


def _gamma_quotient(body: Any, k: Any, lower: Any, upper: Any, facts: Facts) -> Any:
    if not body.is_rational_function(k):
        return None
    total = sp.Integer(1)
    for part, way in zip(sp.fraction(sp.cancel(body)), (1, -1), strict=True):
        constant, factors = sp.factor_list(part, k)
        if sp.expand(constant * sp.Mul(*(f**m for f, m in factors)) - part) != 0 or not facts.is_nonzero(constant):
            return None
        total *= constant ** (way * (upper - lower + 1))
        for factor, power in factors:
            if sp.degree(factor, k) != 1:
                return None
            slope = factor.coeff(k, 1)
            shift = sp.expand((factor - slope * k) / slope)
            if not facts.is_positive(slope) or not facts.is_positive(sp.expand(lower + shift)):
                return None
            quotient = sp.gamma(upper + 1 + shift) / sp.gamma(lower + shift)
            total *= (slope ** (upper - lower + 1) * quotient) ** (way * power)
    return total


def logarithm_of_product(e: Any, n: Any, facts: Facts) -> Any:
    """log C + Σ_i u_i Σ_k log f_i for C ∏_i (∏_k f_i)^(u_i) with C and the f_i positive for large n."""
    total = sp.Integer(0)
    far = facts.about_others(n).given(sp.Ge(n, 8))
    for factor in sp.Mul.make_args(e):
        base, exponent = factor.as_base_exp()
        if not isinstance(base, sp.Product):
            if factor.has(sp.Product) or not far.is_positive(factor):
                return None
            total += sp.log(factor)
            continue
        k, lower, upper = base.limits[0]
        fresh = sp.Dummy(k.name, integer=True)
        body = base.args[0].xreplace({k: fresh})
        if len(base.limits) != 1 or _far(lower, upper, n, facts) is None or not far.is_real(exponent):
            return None
        if not far.given(fresh >= lower, fresh <= upper).is_positive(body):
            return None
        total += exponent * sp.Sum(sp.log(body), (fresh, lower, upper))
    return total


def _polygamma_difference(part: Any, k: Any, lower: Any, upper: Any, facts: Facts) -> Any:
    top, bottom = sp.fraction(sp.factor(part))
    if top.has(k) or not bottom.is_polynomial(k):
        return None
    base, power = (bottom.as_independent(k, as_Add=False)[1]).as_base_exp()
    scale = sp.cancel(bottom / base**power)
    if not power.is_Integer or not base.is_polynomial(k) or sp.degree(base, k) != 1 or scale.has(k):
        return None
    slope = base.coeff(k)
    shift = sp.expand((base - slope * k) / slope)
    if not facts.is_nonzero(slope) or not facts.is_positive(sp.expand(lower + shift)):
        return None
    m = int(power)
    ends = sp.polygamma(m - 1, upper + 1 + shift) - sp.polygamma(m - 1, lower + shift)
    return top / (scale * slope**m) * (-1) ** (m - 1) / sp.factorial(m - 1) * ends


__all__ = ["by_polygamma", "infinite_series", "logarithm_of_product", "products_by_gamma", "riemann_integral"]
