"""Equations that follow from the polynomial equations among the hypotheses: p^m = Σ q_i h_i, so where all h_i vanish, p does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import fmpq, fmpq_mpoly_ctx

from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import NormalForm
from derivable.trusted.polynomials import to_sympy

MOST_GENERATORS = 12


def by_ideal(e: Any, facts: Facts, search: Callable[[str, Any, Any], Any]) -> Proof | None:
    """e = 0 because a power of its numerator is a combination of those of the hypotheses, with polynomials as coefficients.

    Factors of a hypothesis that the facts keep from zero are dropped from it. What generators are known to satisfy (i² = -1,
    √x² = x) are further hypotheses, and of generators that are not zero there is an inverse: u with u · g = 1.
    """
    if not facts.equations:
        return None
    form = NormalForm(facts)
    try:
        found = form.numerators(e, *(a - b for a, b in facts.equations))
        if found is None or len(found[3]) > MOST_GENERATORS:
            return None
        target, hypotheses, context, symbols = found
        hypotheses = [_without_factors(h, form, symbols) for h in hypotheses]
        nonzero = context.constant(1)
        for position, (s, scale) in enumerate(symbols):
            if form.is_nonzero(s):
                nonzero = nonzero * context.gen(position) ** scale
    except (NoNormalForm, NeedCase, RecursionError):
        return None
    wide = fmpq_mpoly_ctx.get([f"g{i}" for i in range(len(symbols) + 1)], "degrevlex")
    known = [_widened(h, wide) for h in hypotheses if h != 0]
    p = _widened(target, wide)
    inverse = wide.gen(len(symbols)) * _widened(nonzero, wide) - 1
    for given in ([*known], [*known, inverse]) if nonzero != 1 else ([*known],):
        for power, factors in search("cofactors", (_sparse(p), [_sparse(h) for h in given], len(symbols) + 1), None):
            rest = p**power
            for factor, h in zip(factors, given, strict=True):
                rest = rest - wide.from_dict({exponents: fmpq(*c) for exponents, c in factor.items()}) * h
            if rest == 0:
                shown = ", ".join(f"{a} = {b}" for a, b in facts.equations)
                return Proof((("ideal membership", f"p^{power} = Σ q_i h_i, h_i from {shown}"),), cited=tuple(form.cited))
    return None


def _without_factors(h: Any, form: NormalForm, symbols: list[tuple[Any, int]]) -> Any:
    """A polynomial without repeated factors and those that are known not to vanish."""
    if h == 0 or h.is_constant():
        return h
    result = h.context().constant(1)
    for factor, _ in h.factor()[1]:
        if not form.is_nonzero(to_sympy(factor, symbols)):
            result = result * factor
    return result


def _widened(p: Any, context: Any) -> Any:
    """The same polynomial in a ring with one more variable."""
    return context.from_dict({(*exponents, 0): c for exponents, c in p.to_dict().items()})


def _sparse(p: Any) -> dict[tuple[int, ...], tuple[int, int]]:
    return {tuple(map(int, exponents)): (int(c.numerator), int(c.denominator)) for exponents, c in p.to_dict().items()}
