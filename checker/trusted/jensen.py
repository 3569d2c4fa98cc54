"""Jensen's inequality for a sum that is written out: Σ w_i f(u_i) ≥ W f(Σ w_i u_i / W), f convex, w_i ≥ 0 and W = Σ w_i > 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import NormalForm

Sign = Callable[[Any, Facts, bool], "Proof | None"]


def by_jensen(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) from e' ≥ 0 (e' > 0), where e' has W f(M) in place of two or more terms w_i f(u_i), and M their mean.

    Of f = exp on the reals; of f = -log, and powers with exponents below 0, for u_i > 0; for u_i ≥ 0 of powers with exponents
    from 1, and of -u^r with 0 < r ≤ 1. Exponents may be symbols.
    """
    e = sp.expand_mul(e)
    groups: dict[tuple[Any, Any, int], list[tuple[Any, Any, Any]]] = {}
    for term in sp.Add.make_args(e):
        for factor in sp.Mul.make_args(term):
            kind = _kind(factor, facts)
            if kind is not None:
                function, exponent, argument, curvature = kind
                weight = curvature * term / factor
                if facts.is_nonnegative(weight):
                    groups.setdefault((function, exponent, curvature), []).append((term, weight, argument))
                    break
    for (function, exponent, curvature), members in groups.items():
        total = _one_if_known(sp.factor(sp.Add(*(w for _, w, _ in members))), facts)
        if len(members) < 2 or not facts.is_positive(total) or len({u for _, _, u in members}) < 2:
            continue
        mean = sp.factor(sp.Add(*(w * u for _, w, u in members)) / total)
        value = mean**exponent if function is sp.Pow else function(mean)
        below = e - sp.Add(*(t for t, _, _ in members)) + curvature * total * value
        part = sign(below, facts, strict)
        if part is not None:
            name = f"the power {exponent}" if function is sp.Pow else function.__name__
            return Proof((("Jensen's inequality", f"for {name}, {len(members)} terms, their mean {mean}"),)).join(part)
    return None


def _one_if_known(total: Any, facts: Facts) -> Any:
    try:
        return sp.Integer(1) if facts.equations and NormalForm(facts).is_zero(total - 1) else total
    except (NoNormalForm, NeedCase, RecursionError):
        return total


def _kind(factor: Any, facts: Facts) -> tuple[Any, Any, Any, int] | None:
    """(function, exponent, argument, 1 for a convex or -1 for a concave function) of f(u), where u lies in its domain."""
    if not factor.free_symbols:
        return None
    if isinstance(factor, sp.exp):
        return (sp.exp, None, factor.args[0], 1) if facts.is_real(factor.args[0]) else None
    if isinstance(factor, sp.log) and len(factor.args) == 1:
        return (sp.log, None, factor.args[0], -1) if facts.is_positive(factor.args[0]) else None
    if isinstance(factor, sp.Pow) and not factor.exp.is_Integer:
        base, r = factor.as_base_exp()
        if not facts.is_real(r) or not facts.is_nonnegative(base):
            return None
        if facts.is_positive(r) and facts.is_nonnegative(1 - r):
            return (sp.Pow, r, base, -1)
        if facts.is_nonnegative(r - 1) or (facts.is_positive(-r) and facts.is_positive(base)):
            return (sp.Pow, r, base, 1)
    return None


__all__ = ["by_jensen"]
