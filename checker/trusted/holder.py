"""Hölder's inequality: Π_j (Σ_i s_ij)^(w_j) ≥ (Σ_i Π_j s_ij^(w_j/W))^W for s_ij ≥ 0, w_j > 0 and W = Σ w_j."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, permutations, product
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import NONNEGATIVE, POSITIVE, Facts
from derivable.trusted.normal_form import vanishes_identically

Sign = Callable[[Any, Facts, bool], "Proof | None"]
MOST_TERMS = 4
MOST_PAIRINGS = 36
ASKED = 3  # pairings whose goals are proved, where none is plain


def by_holder(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) with the smaller side in place of a product of powers of sums of terms that are not negative.

    The sums are written out, or finite sums over one range that does not run backwards (DLMF 1.7.4 has two factors and W = 1).
    """
    if not any(not p.exp.is_Integer for p in e.atoms(sp.Pow)):
        return None
    for term in sp.Add.make_args(e):
        rest, sums = _taken_apart(term, facts)
        if len(sums) < 2 or not facts.is_nonnegative(rest):
            continue
        total = _one_if_known(sp.Add(*(w for _, w in sums)), facts)
        goals = [e - term + rest * below for below in islice(_smaller(sums, total, facts), MOST_PAIRINGS)]
        wanted = POSITIVE if strict else NONNEGATIVE
        for goal in goals:
            signs = facts.signs(sp.expand(goal))
            if (signs is not None and signs <= wanted) or (not strict and vanishes_identically(goal, facts)):
                return Proof((("Hölder's inequality", f"{term} ≥ {sp.expand(term - e + goal)}"),))
        for goal in goals[:ASKED]:
            part = sign(goal, facts, strict)
            if part is not None:
                return Proof((("Hölder's inequality", f"{term} ≥ {sp.expand(term - e + goal)}"),)).join(part)
    return None


def _taken_apart(term: Any, facts: Facts) -> tuple[Any, list[tuple[Any, Any]]]:
    """(rest, [(sum, its exponent)]) of a product; the sums are alike, and their exponents positive."""
    sums: list[tuple[Any, Any]] = []
    rest = sp.Integer(1)
    for factor in sp.Mul.make_args(term):
        base, power = factor.as_base_exp()
        fits = isinstance(base, sp.Add | sp.Sum) and facts.is_positive(power) and _is_sum_of_nonnegative(base, facts)
        if fits and (not sums or _alike(base, sums[0][0])):
            sums.append((base, power))
        else:
            rest *= factor
    return rest, sums


def _is_sum_of_nonnegative(base: Any, facts: Facts) -> bool:
    if isinstance(base, sp.Add):
        return len(base.args) <= MOST_TERMS and all(facts.is_nonnegative(t) for t in base.args)
    if len(base.limits) != 1 or len(base.limits[0]) != 3:
        return False
    k, a, b = base.limits[0]
    if sp.oo in (b, -a) or not facts.is_nonnegative(b - a + 1):
        return False
    fixed = sp.Dummy(k.name, integer=True)
    return facts.given(fixed >= a, fixed <= b).is_nonnegative(base.args[0].xreplace({k: fixed}))


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, sp.Sum) or isinstance(other, sp.Sum):
        return isinstance(one, sp.Sum) and isinstance(other, sp.Sum) and one.limits[0][1:] == other.limits[0][1:]
    return len(one.args) == len(other.args)


def _smaller(sums: list[tuple[Any, Any]], total: Any, facts: Facts) -> Iterator[Any]:
    """(Σ_i Π_j s_ij^(w_j/W))^W, for each way to pair the terms."""
    weights = [w if total == 1 else w / total for _, w in sums]
    first = sums[0][0]
    if isinstance(first, sp.Sum):
        _, a, b = first.limits[0]
        k = sp.Dummy("k", integer=True)
        within = facts.given(k >= a, k <= b)
        terms = [s.args[0].xreplace({s.limits[0][0]: k}) for s, _ in sums]
        yield sp.Sum(sp.Mul(*(_raised(t, w, within) for t, w in zip(terms, weights, strict=True))), (k, a, b)) ** total
        return
    for orders in product(*(permutations(s.args) for s, _ in sums[1:])):
        rows = zip(first.args, *orders, strict=True)
        yield sp.Add(*(sp.Mul(*(_raised(t, w, facts) for t, w in zip(row, weights, strict=True))) for row in rows)) ** total


def _raised(term: Any, w: Any, facts: Facts) -> Any:
    """term^w for a term ≥ 0, by factors: (b^c)^w = b^(c w) for b > 0, or b ≥ 0 and c > 0; |b|^(c w) for an even c."""
    found, others = sp.Integer(1), sp.Integer(1)
    for factor in sp.Mul.make_args(term):
        base, power = factor.as_base_exp()
        if facts.is_positive(base) or (facts.is_nonnegative(base) and facts.is_positive(power)):
            found *= base ** sp.cancel(power * w)
        elif power.is_Integer and power % 2 == 0 and facts.is_real(base):
            found *= sp.Abs(base) ** (power * w)
        else:
            others *= factor
    return found * others**w if others != 1 else found


def _one_if_known(total: Any, facts: Facts) -> Any:
    total = sp.cancel(total)
    return sp.Integer(1) if vanishes_identically(total - 1, facts) else total


__all__ = ["by_holder"]
