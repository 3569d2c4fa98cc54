"""Limits of sums whose range grows with n: Riemann sums, and sums of rational terms in the index by polygamma functions.

For a g that is continuous on [α, β], (1/n) Σ_{k = α n + a}^{β n + b} g(k/n) → ∫_α^β g as n → ∞ through the integers: but for a
number of terms that is bounded, each O(1/n), it is a Riemann sum whose mesh is 1/n. For a monotone g that is continuous on
(α, β] only, and a ≥ 1, the sum over k > α n lies between the integrals of g over ranges that differ by 1/n from the whole one, so
that the same holds if the improper integral exists (Pólya and Szegő, II 1.4).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.continuity import is_continuous
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts
from derivable.trusted.normal_form import NormalForm, outermost


def riemann_integral(term: Any, n: Any, facts: Facts) -> Any:
    """∫_α^β g for a term C(n) Σ f(k, n) with C(n) f(x n, n) = g(x) / n; None if it has another shape."""
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
    x = sp.Dummy("x", real=True)
    y = sp.Dummy("y", **({"positive": True} if alpha or a >= 1 else {"nonnegative": True} if a == 0 else {"real": True}))
    r = sp.Dummy("r", positive=True)
    g = _without((term / sums[0] * n * body).xreplace({n: r}).xreplace({k: y * r}), r)
    if g is None or g.has(sp.Sum):
        return None
    g = g.xreplace({y: x})
    value = sp.Integral(g, (x, alpha, beta))
    try:
        if is_continuous(g, x, facts.given(x >= alpha - (1 if a < 0 else 0), x <= beta + (1 if b > 0 else 0))):
            return value
        inside = facts.given(x > alpha, x <= beta)
        slope = sp.factor(sp.diff(g, x))
        monotone = is_continuous(slope, x, inside) and (inside.is_nonnegative(slope) or inside.is_nonnegative(-slope))
        if a >= 1 and b <= 0 and is_continuous(g, x, inside) and monotone:
            return value
    except Contradiction:
        pass
    return None


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
            try:
                return reduced if NormalForm(Facts(())).is_zero(e - reduced) else None
            except (NoNormalForm, NeedCase, RecursionError):
                return None
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
    """Σ_{k=a}^{b} c / (k + d)^m = c (-1)^(m-1) / (m-1)! · (ψ^(m-1)(b + 1 + d) - ψ^(m-1)(a + d)) where a + d > 0, for large n."""
    sums = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Sum)]
    if len(sums) != 1:
        return term
    body, (k, lower, upper) = outermost(sums[0])
    if not body.is_rational_function(k) or body.has(sp.Sum) or n.is_integer is not True:
        return term
    far = facts.about_others(n).given(sp.Ge(n, 8)) if n.is_integer else facts
    if not far.is_nonnegative(sp.expand(upper - lower + 1)) or not all(far.is_integer(end) for end in (lower, upper)):
        return term
    total, parts = sp.Integer(0), sp.Add.make_args(sp.expand(sp.apart(body, k)))
    if sp.cancel(sp.Add(*parts) - body) != 0:
        return term
    for part in parts:
        value = _polygamma_difference(part, k, lower, upper, far)
        if value is None:
            return term
        total += value
    return term / sums[0] * total


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


__all__ = ["by_polygamma", "riemann_integral"]
