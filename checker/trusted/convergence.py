"""Whether an infinite sum or product has a value: its terms are all defined, and fall fast enough."""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.asymptotics import NoExpansion, leading_term
from derivable.trusted.definedness import unsafe
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts
from derivable.trusted.normal_form import NormalForm

ABOVE_GOLDEN = sp.Rational(233, 144)


def converges(e: Any, facts: Facts) -> bool:
    """Whether Σ_{k≥a} t(k), a an integer, is seen to converge: t(k) = c (1 + o(1)) k^(-p) (log k)^m with p > 1.

    Also for (-1)^k t(k), and there for a rational t with p > 0: neighbours of one sign cancel but for terms of p > 1. Of what
    else occurs in the terms only rational functions are looked at, whose leading coefficients do not vanish. Each half of a sum
    over all integers has to converge; for a product Π t(k) the sum of t(k) - 1, absolutely.
    """
    if isinstance(e, sp.Product):
        terms = _defined_terms(sp.Sum(e.args[0] - 1, *e.limits), facts)
        fall = None if terms is None or _without_sign(terms[0], terms[1])[1] else _fall(*terms[:2], facts)
        return fall is not None and fall > 1
    if isinstance(e, sp.Sum) and len(e.limits) == 1 and e.limits[0][1:] == (-sp.oo, sp.oo):
        k = e.limits[0][0]
        halves = (sp.Sum(e.args[0], (k, 0, sp.oo)), sp.Sum(e.args[0].xreplace({k: -k}), (k, 1, sp.oo)))
        return all(converges(half, facts) for half in halves)
    terms = _defined_terms(e, facts)
    if terms is None:
        return False
    term, k, _ = terms
    absolute, alternates = _without_sign(term, k)
    fall = _fall(absolute, k, facts)
    return fall is not None and (fall > 1 or (alternates and fall > 0 and absolute.is_rational_function(k)))


def passes_ratio_test(e: Any, facts: Facts) -> bool:
    """Whether Σ_{k≥a} t(k), a an integer, converges by the ratio t(k+1)/t(k), which is rational in k and tends to r.

    For -1 < r < 1; for r = 1 where the ratio is 1 - s/k + O(1/k²) with s > 1 (Gauss's test); for r = -1 where it is
    -1 + s/k + O(1/k²) with s > 0, as the terms alternate and their moduli fall to zero then (Leibniz). All terms have to be
    defined. In what else occurs in the ratio only the leading coefficients are looked at.
    """
    terms = _defined_terms(e, facts)
    if terms is None:
        return False
    term, k, a = terms
    j = sp.Dummy(k.name, integer=True, nonnegative=True)
    try:
        ratio = NormalForm(facts).canonical(term.xreplace({k: j + a + 2}) / term.xreplace({k: j + a + 1}))
    except (NoNormalForm, NeedCase, RecursionError):
        return False
    top, bottom = sp.fraction(sp.together(ratio))
    if not (top.is_polynomial(j) and bottom.is_polynomial(j)):
        return False
    top, bottom = sp.Poly(top, j), sp.Poly(bottom, j)
    if not facts.is_nonzero(bottom.LC()) or top.degree() > bottom.degree():
        return False
    if top.degree() < bottom.degree():
        return True
    limit = sp.cancel(top.LC() / bottom.LC())
    if limit in (1, -1) and bottom.degree() >= 1:
        degree = bottom.degree() - 1
        s = sp.cancel((bottom.nth(degree) - limit * top.nth(degree)) / bottom.LC())
        return facts.is_positive(s - 1 if limit == 1 else s)
    return facts.is_positive(1 - limit) and facts.is_positive(1 + limit)


def is_majorised(e: Any, facts: Facts) -> bool:
    """Whether Σ_{k≥a} |t(k)| passes the ratio test with simple bounds in place of factors, which leaves a limit below 1.

    |H_m| ≤ m + 1, F_m ≤ φ^m and L_m ≤ 2 φ^m for m ≥ 0 and any φ > (1 + √5)/2, and |sin|, |cos| ≤ 1 of real numbers.
    """
    terms = _defined_terms(e, facts)
    if terms is None:
        return False
    term, k, a = terms
    within, factors = facts.given(sp.Ge(k, a)) if sp.Ge(k, a) != sp.true else facts, []
    for factor in sp.Mul.make_args(term):
        base, power = factor.as_base_exp()
        bound = _bound(base, within) if power.is_Integer and power > 0 else None
        factors.append(factor if bound is None else bound**power)
    j = sp.Dummy(k.name, integer=True, nonnegative=True)
    try:
        ratio = NormalForm(facts).canonical(sp.Mul(*(f.xreplace({k: j + a + 1}) / f.xreplace({k: j + a}) for f in factors)))
    except (NoNormalForm, NeedCase, RecursionError):
        return False
    top, bottom = (sp.Poly(part, j) if part.is_polynomial(j) else None for part in sp.fraction(sp.together(ratio)))
    if top is None or bottom is None or not facts.is_nonzero(bottom.LC()) or top.degree() > bottom.degree():
        return False
    limit = sp.cancel(top.LC() / bottom.LC()) if top.degree() == bottom.degree() else sp.Integer(0)
    return facts.is_positive(1 - limit) and facts.is_positive(1 + limit)


def _bound(factor: Any, facts: Facts) -> Any:
    """What the modulus of a factor does not exceed, or None."""
    if not factor.args:
        return None
    u = factor.args[0]
    if isinstance(factor, sp.sin | sp.cos) and facts.is_real(u):
        return sp.Integer(1)
    if not isinstance(factor, sp.harmonic | sp.fibonacci | sp.lucas) or not (facts.is_integer(u) and facts.is_nonnegative(u)):
        return None
    if isinstance(factor, sp.harmonic):
        natural = len(factor.args) == 1 or (factor.args[1].is_Integer and factor.args[1] > 0)
        return u + 1 if natural else None
    scale = 2 if isinstance(factor, sp.lucas) else 1
    return scale * ABOVE_GOLDEN**u if len(factor.args) == 1 else None


def _defined_terms(e: Any, facts: Facts) -> tuple[Any, Any, Any] | None:
    """(t(k), k, a) of a series Σ_{k≥a} t(k) from an integer a on, all of whose terms are seen to be defined."""
    if not isinstance(e, sp.Sum) or len(e.limits) != 1 or len(e.limits[0]) != 3:
        return None
    index, a, b = e.limits[0]
    if b is not sp.oo or not facts.is_integer(a) or index in a.free_symbols:
        return None
    k = sp.Dummy(index.name, integer=True)
    term = e.args[0].xreplace({index: k})
    try:
        if unsafe(term, k, facts.given(sp.Ge(k, a)) if sp.Ge(k, a) != sp.true else facts):
            return None
    except Contradiction:
        return None
    return term, k, a


def _without_sign(term: Any, k: Any) -> tuple[Any, bool]:
    """The term without a factor ±(-1)^k, and whether it had one."""
    signs = [f for f in sp.Mul.make_args(term) if f.is_Pow and f.base == -1 and sp.expand(f.exp).coeff(k) in (1, -1)]
    signs = [f for f in signs if not sp.expand(f.exp - f.exp.coeff(k) * k).has(k)]
    return (sp.Mul(*(f for f in sp.Mul.make_args(term) if f is not signs[0])), True) if len(signs) == 1 else (term, False)


def _fall(term: Any, k: Any, facts: Facts) -> Any:
    """The number p of a term of the order k^(-p), up to powers of log k; None where it is not seen."""
    if term.is_rational_function(k):
        top, bottom = (sp.Poly(part, k) for part in sp.fraction(sp.together(term)))
        return bottom.degree() - top.degree() if facts.is_nonzero(bottom.LC()) else None
    if term.free_symbols != {k}:
        return None
    x = sp.Dummy(k.name, positive=True)
    try:
        exponent = leading_term(term.xreplace({k: x}), x, sp.oo, -1, Facts(())).exponent
    except (NoExpansion, NoNormalForm, NeedCase, RecursionError):
        return None
    return exponent if exponent.is_Rational else None


__all__ = ["converges", "is_majorised", "passes_ratio_test"]
