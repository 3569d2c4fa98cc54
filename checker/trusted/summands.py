"""Order between a sum and its terms: one term is at most the whole, m terms lie between m times the least and the greatest."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts, replaced
from derivable.trusted.heads import bound_variables, captures, variables_of
from derivable.trusted.normal_form import outermost
from derivable.trusted.recurrences import counts_in_ones
from derivable.trusted.stepwise import defined_on, range_of
from derivable.trusted.unit_steps import GAMMA

Sign = Callable[[Any, Facts, bool], "Proof | None"]
Zero = Callable[[Any, Facts], "Proof | None"]
SUMS = 4  # that are tried


def by_the_whole_sum(e: Any, facts: Facts, strict: bool, zero: Zero) -> Proof | None:
    """R - t(k) ≥ 0 from R = Σ_{j=a}^{b} t(j), t(j) ≥ 0 for a ≤ j ≤ b and a ≤ k ≤ b, where R does not hold k.

    Where R holds k in k + l alone, for another integer l, that is a symbol of its own.
    """
    for k in [s for s in variables_of(e) if s.is_integer] if not strict else ():
        if k in bound_variables(e):
            continue
        for written, known in ((e, facts), *_with_totals(e, k, facts)):
            term = -sp.Add(*(t for t in sp.Add.make_args(written) if k in t.free_symbols))
            whole = written + term
            if k in whole.free_symbols or not _of_a_series(term, k) or not known.is_nonnegative(term):
                continue
            within = range_of(k, known)
            for a, b in itertools.product(within.lower, within.upper) if within is not None else ():
                found = _of_the_sum(whole, term, k, a, b, known, zero)
                if found is not None:
                    return found
    return None


def _of_a_series(term: Any, k: Any) -> bool:
    """Whether k stands in more than polynomials and roots: what those sum up to is no short way to them."""
    special = term.atoms(*GAMMA, sp.exp, sp.Indexed, AppliedUndef)
    return any(node.has(k) for node in special) or any(
        p.exp.has(k) or (p.base.has(k) and p.exp.could_extract_minus_sign()) for p in term.atoms(sp.Pow)
    )


def _of_the_sum(whole: Any, term: Any, k: Any, a: Any, b: Any, facts: Facts, zero: Zero) -> Proof | None:
    """The whole is Σ_{j=a}^{b} of the term at j, and no term is negative."""
    if not (facts.is_integer(a) and facts.is_integer(b)) or a.has(k) or b.has(k):
        return None
    j = sp.Dummy(k.name, integer=True)
    summand = term.xreplace({k: j})
    others = facts.without(k).given(sp.Ge(b, a))
    inside = others.given(sp.Ge(j, a), sp.Le(j, b))
    if captures(summand, (a, b)) or not inside.is_nonnegative(summand) or not defined_on(summand, j, inside):
        return None
    total = sp.Sum(summand, (j, a, b))
    found = zero(whole - total, others)
    return None if found is None else Proof((("term of a sum", f"{term} is one of the terms of {total}"),)).join(found)


def _with_totals(e: Any, k: Any, facts: Facts) -> Iterator[tuple[Any, Facts]]:
    """e and what is known with l = s - k, for the other integers l ≥ 0: a sum over k then runs up to s."""
    for other in [s for s in variables_of(e) if s.is_integer and s != k and counts_in_ones(s) and s not in bound_variables(e)]:
        s = sp.Dummy("s", integer=True, nonnegative=True if k.is_nonnegative and other.is_nonnegative else None)
        value = s - k
        own = [sp.Ge(value, 1 if other.is_positive else 0)] if other.is_nonnegative else []
        try:
            yield e.subs(other, value), Facts((*own, *(replaced(c, other, value) for c in facts.where)))
        except Contradiction:
            continue


def by_extreme_terms(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """c Σ_{k=a}^{b} t(k) + r ≥ 0 from c (b - a + 1) t* + r ≥ 0, where c t* ≤ c t(k) on the range: t rises, or falls, there."""
    for c, (t, (k, a, b)), rest in _with_one_sum(e, facts):
        if sp.oo in (b, -a) or captures(t, (a, b)) or not (facts.is_integer(a) and facts.is_integer(b)):
            continue
        if not facts.is_nonnegative(sp.expand(b - a + 1)):
            continue
        if not facts.inequalities and any(node.has(k) for node in t.atoms(sp.Indexed, AppliedUndef)):
            continue  # a sequence of which nothing is known
        way = facts.signs(c)
        if way not in (frozenset({1}), frozenset({-1})):
            continue
        sense = next(iter(way))
        j = sp.Dummy(k.name, integer=True)
        here, after = t.xreplace({k: j}), t.xreplace({k: j + 1})
        inside, within = (facts.given(sp.Ge(j, a), last) for last in (sp.Le(j, b), sp.Le(j + 1, b)))
        if not defined_on(here, j, inside):
            continue
        for least, rises in ((a, 1), (b, -1)):
            at = t.subs(k, least)
            if not (facts.is_nonnegative(sp.expand(b - a)) or all(defined_on(at, s, facts) for s in at.free_symbols)):
                continue  # where the range is empty, the term may be undefined
            try:
                bound = c * sp.expand(b - a + 1) * at + rest
                monotone = sign(sense * rises * (after - here), within, False)
                part = None if monotone is None else sign(bound, facts, strict)
            except (Contradiction, NeedCase, NoNormalForm, RecursionError):
                continue
            if monotone is not None and part is not None:
                end = f"all terms {'≥' if sense > 0 else '≤'} that at {k} = {least}"
                return Proof((("extreme terms", f"{sp.Sum(t, (k, a, b))}: {end}"),)).join(monotone).join(part)
    return None


def _with_one_sum(e: Any, facts: Facts) -> Iterator[tuple[Any, Any, Any]]:
    """(c, one of the sums, r) with e = c · sum + r; of sums with one summand and one lower end the difference, as one sum."""
    written = harmonic_as_sums(e, facts)
    nodes = sorted(written.atoms(sp.Sum), key=sp.default_sort_key)[:SUMS]
    stand_ins = {node: sp.Dummy("S") for node in nodes}
    line = sp.expand(written.xreplace(stand_ins))
    names, meaning = set(stand_ins.values()), {s: node for node, s in stand_ins.items()}
    parts = {}
    for node, s in stand_ins.items():
        c = line.coeff(s)
        if c.has(*names):
            return
        parts[node] = c
    for one, other in itertools.permutations(parts, 2):
        (t, (k, a, b)), (u, (j, d, f)) = outermost(one), outermost(other)
        if sp.expand(parts[one] + parts[other]) == 0 and a == d and sp.oo not in (b, f) and u.xreplace({j: k}) == t:
            rest = sp.expand(line - parts[one] * (stand_ins[one] - stand_ins[other]))
            yield parts[one], (t, (k, sp.expand(f + 1), b)), rest.xreplace(meaning)
    for node, c in parts.items():
        yield c, outermost(node), sp.expand(line - c * stand_ins[node]).xreplace(meaning)


def harmonic_as_sums(e: Any, facts: Facts) -> Any:
    """e with harmonic numbers as sums."""
    k = sp.Dummy("k", integer=True)
    return e.replace(
        lambda node: (
            isinstance(node, sp.harmonic)
            and len(node.args) == 1
            and facts.is_integer(node.args[0])
            and facts.is_nonnegative(node.args[0])
        ),
        lambda node: sp.Sum(1 / k, (k, 1, node.args[0])),
    )


__all__ = ["by_extreme_terms", "by_the_whole_sum", "harmonic_as_sums"]
