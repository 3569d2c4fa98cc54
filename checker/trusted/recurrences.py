"""Equality for all integers n from some start on: induction over one or several steps, telescoping, creative telescoping.

A sum S(n) = Σ_k F(n, k) of a hypergeometric term satisfies Σ_j c_j(n) S(n + j) = …, once a rational R is proposed with

    Σ_j c_j(n) F(n + j, k) = G(n, k + 1) - G(n, k),   G = R F       (Zeilberger 1991; Wilf and Zeilberger 1992)

The identity is checked as one of rational functions times the part of F that has no zeros, and then summed over k; a closed
form of S is right if it satisfies the same recurrence and has the same first values. Beside a factor h(k) of harmonic numbers
the sum of h ΔG is taken by parts: Δ(G h) - G(k + 1) Δh, and Δh has simpler ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.definedness import unsafe
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts, mentions, replaced
from derivable.trusted.heads import bound_variables, line_in, variables_of
from derivable.trusted.normal_form import NormalForm, outermost

Zero = Callable[[Any, Facts], "Proof | None"]
Propose = Callable[[str, Any, Any], Any]
FAMILIES = (
    sp.legendre, sp.chebyshevt, sp.chebyshevu, sp.hermite, sp.laguerre, sp.assoc_laguerre, sp.gegenbauer,
    sp.fibonacci, sp.factorial, sp.factorial2, sp.binomial, sp.gamma, sp.harmonic,
)  # fmt: skip
ORDERS = (1, 2)
LATER = 5  # first values beyond those that a recurrence needs, where its leading coefficient vanishes


def counts_in_ones(n: Any) -> bool:
    """Whether a symbol may be every integer from some number on: it is not assumed to be even, prime or the like."""
    kept = {name: True for name in ("integer", "nonnegative", "positive") if getattr(n, f"is_{name}")}
    return bool(n.is_integer) and sp.Dummy(**kept).assumptions0 == n.assumptions0


def least(n: Any, facts: Facts) -> Any:
    """The least value of an integer symbol, if no hypothesis but a lower bound speaks of it."""
    if not counts_in_ones(n):
        return None
    bounds = [0] if n.is_nonnegative else []
    bounds = [1] if n.is_positive else bounds
    for condition in facts.where:
        if not mentions(condition, n):
            continue
        if isinstance(condition, sp.Ge | sp.Gt) and condition.lhs == n and condition.rhs.is_Integer:
            bounds.append(int(condition.rhs) + isinstance(condition, sp.Gt))
        else:
            return None
    return sp.Integer(max(bounds)) if bounds else None


def modulus_in(e: Any, n: Any, largest: int = 12) -> int | None:
    """L ≤ largest where floors or remainders of polynomials in n over L occur in e."""
    moduli = {
        int(c.q)
        for f in e.atoms(sp.floor, sp.ceiling, sp.Mod, sp.frac)
        for c in _coefficients(f.args[0] / (f.args[1] if isinstance(f, sp.Mod) else 1), n)
        if c.is_Rational and c.q > 1
    }
    modulus = int(sp.ilcm(1, 1, *moduli))
    return modulus if 1 < modulus <= largest else None


def _coefficients(e: Any, n: Any) -> list[Any]:
    """Those of the positive powers of n in a polynomial."""
    spread = sp.expand(e)
    return [spread.coeff(n, k) for k in range(1, 9)] if spread.is_polynomial(n) else [spread.coeff(n, k) for k in (1, 2)]


def in_class(n: Any, modulus: int, r: int, facts: Facts) -> tuple[Any, Facts]:
    """L m + r for an integer m in place of n, and what is known of it; raises `Contradiction` for a class of the other parity."""
    if modulus % 2 == 0 and (n.is_odd if r % 2 == 0 else n.is_even):
        raise Contradiction(f"{n} is odd or even as its class is not")
    above = {"positive": True} if n.is_positive and r == 0 else {"nonnegative": True} if n.is_nonnegative else {}
    m = sp.Dummy(f"{n}'", integer=True, **above)
    value = modulus * m + r
    extra = [value >= 1] if n.is_positive else []
    return value, Facts((*(replaced(c, n, value) for c in facts.where), *extra))


def with_parities(e: Any, facts: Facts) -> tuple[Any, Facts, str] | None:
    """2 k + 1 for odd symbols and 2 k for even ones of which nothing else is known but a sign."""
    values = {}
    for n in (s for s in variables_of(e) if (s.is_odd or s.is_even) and not s.is_prime and not s.is_zero):
        odd = int(bool(n.is_odd))
        above = {"positive": True} if n.is_positive and not odd else {"nonnegative": True} if n.is_nonnegative else {}
        values[n] = 2 * sp.Dummy(f"{n}'", integer=True, **above) + odd
    if not values:
        return None
    where: tuple[Any, ...] = facts.where
    for n, value in values.items():
        where = tuple(replaced(c, n, value) for c in where)
    extra = [v <= -1 for n, v in values.items() if n.is_negative]
    return e.subs(values), Facts((*where, *extra)), ", ".join(f"{n} = {v}" for n, v in values.items())


def by_induction(e: Any, facts: Facts, zero: Zero) -> Proof | None:
    """e(n₀) = … = 0, and e(n) = 0 (and e(n + 1) = 0) implies that the next one vanishes, for an integer n ≥ n₀.

    Where e may be undefined, what is inducted on is e times its denominators, which is defined for all n.
    """
    for n in (s for s in variables_of(e) if s.is_integer):
        ranges = e.atoms(sp.Sum, sp.Product)
        in_range = any(n in limits[1].free_symbols | limits[2].free_symbols for s in ranges for limits in s.limits)
        if not in_range and not any(n in f.free_symbols for f in e.atoms(*FAMILIES)):
            continue
        start = least(n, facts)
        target = e if not unsafe(e, n, facts) else _cleared(e, n, facts)
        if start is None or target is None or n in bound_variables(e):
            continue
        for span in (1, 2) if not in_range or e.atoms(*FAMILIES) else (1,):
            bases = [zero(target.subs(n, start + j), facts) for j in range(span)]
            if None in bases:
                break
            if _carries_over(target, n, span, facts):
                proof = Proof((("induction", f"on {n} from {start}" + (", two steps back" if span == 2 else "")),))
                for base in bases:
                    assert base is not None
                    proof = proof.join(base)
                return proof.then("induction step", "normal form, with the hypothesis for the cases before")
    return None


def _carries_over(e: Any, n: Any, span: int, facts: Facts) -> bool:
    """Whether e(n + span) = 0 follows from e(n) = … = e(n + span - 1) = 0, by solving these or because they divide it."""
    earlier = [sp.Eq(e.subs(n, n + j), 0, evaluate=False) for j in range(span)]
    try:
        if NormalForm(facts.given(*earlier)).is_zero(e.subs(n, n + span)):
            return True
        return span == 1 and NormalForm(facts).divides(e, e.subs(n, n + 1))
    except (NoNormalForm, NeedCase, RecursionError):
        return False


def _cleared(e: Any, n: Any, facts: Facts) -> Any:
    """e times the denominators in n that may vanish, if that is defined for all n."""
    total = e
    for _ in range(4):
        below = [
            p for p in sorted(total.atoms(sp.Pow), key=sp.default_sort_key)
            if p.exp.is_Integer and p.exp < 0 and p.has(n) and not facts.is_nonzero(p.base)
        ]  # fmt: skip
        if not below:
            break
        total = sp.Add(*(t / below[0] for t in sp.Add.make_args(sp.expand(total))))
    return None if unsafe(total, n, facts) or total.has(sp.Pow(0, -1)) else total


def by_creative_telescoping(e: Any, facts: Facts, zero: Zero, by_any_rule: Zero, propose: Propose) -> Proof | None:
    """Σ_k F(n, k) = r(n): one recurrence in n for both sides, and as many first values as it has steps.

    What a summation by parts leaves is a sum to be valued, by any rule.
    """
    sums = sorted((s for s in e.atoms(sp.Sum) if s.free_symbols <= e.free_symbols), key=sp.default_sort_key)
    for node in sums[:3]:
        body, (k, a, b) = outermost(node)
        if isinstance(body, sp.Sum) or b is sp.oo or body.has(sp.Sum, sp.Integral, sp.Derivative) or a.free_symbols:
            continue
        line = line_in(e, node)
        term, slow = _harmonic_part(body, k)
        if line is None or not (line[0].is_nonzero or facts.is_nonzero(line[0])):
            continue
        value = -line[1] / line[0]
        for n in sorted((s for s in body.free_symbols | b.free_symbols if s.is_integer and s != k), key=str):
            start = least(n, facts)
            growth = sp.expand(b.subs(n, n + 1) - b)
            if start is None or not (growth.is_Integer and 0 <= growth <= 2) or unsafe(value, n, facts) or slow.has(n):
                continue
            for coefficients, certificate in propose("recurrence", (term, n, ORDERS if slow == 1 else (0, *ORDERS)), k):
                summed, rule = (term, slow, k, a, b), zero if slow == 1 else by_any_rule
                found = _by_recurrence(summed, value, n, start, coefficients, certificate, facts, rule)
                if found is not None:
                    return found
    return None


def _harmonic_part(body: Any, k: Any) -> tuple[Any, Any]:
    """The term without its factors of harmonic numbers, and these."""
    rest: list[Any] = []
    slow: list[Any] = []
    for factor in sp.Mul.make_args(body):
        (slow if any(k in node.free_symbols for node in factor.atoms(sp.harmonic)) else rest).append(factor)
    return sp.Mul(*rest), sp.Mul(*slow)


def _growth(slow: Any, k: Any, within: Facts) -> Any:
    """h(k + 1) - h(k) by H(u + 1) = H(u) + 1/(u + 1), for a polynomial h of harmonic numbers H(k + c); else None."""
    later = {}
    for node in slow.atoms(sp.harmonic):
        u, order = (*node.args, sp.Integer(1))[:2]
        if k not in node.free_symbols:
            continue
        if not (order.is_Integer and order > 0 and sp.expand(u - k).free_symbols.isdisjoint({k})):
            return None
        if not (within.is_integer(u) and within.is_nonnegative(u)):
            return None
        later[node] = node + (u + 1) ** -order
    marks = {node: sp.Dummy() for node in later}
    if not slow.xreplace(marks).is_polynomial(*marks.values()) or k in slow.xreplace(marks).free_symbols:
        return None
    return sp.expand(slow.xreplace(later) - slow)


def _by_recurrence(
    summed: tuple[Any, Any, Any, Any, Any],
    value: Any,
    n: Any,
    start: Any,
    c: list[Any],
    certificate: Any,
    facts: Facts,
    zero: Zero,
) -> Proof | None:
    term, slow, k, a, b = summed
    body = term * slow
    order = len(c) - 1
    first = _first_that_determines(c[order], n, start, order, facts)
    if first is None:
        return None
    fresh = sp.Dummy(k.name, integer=True)
    term, slow = (part.xreplace({k: fresh}) for part in (term, slow))
    # G = R F without the zeros of F that cancel poles of R: F = (rational) · H and G = (rational) · H
    fraction = sp.Mul(*(f for f in sp.Mul.make_args(term) if f.is_rational_function(fresh)))
    hypergeometric = term / fraction
    r = sp.factor(sp.cancel(certificate.xreplace({k: fresh}) * fraction))
    poles = [sp.denom(sp.together(r)).subs(fresh, fresh + j) for j in (0, 1)]
    # telescoped over a ≤ k ≤ top, which lies inside every one of the sums; the last terms of each are written out
    for least_tail in (order, order + 1):
        top = b - least_tail
        begin = n >= first + least_tail
        later, within = facts.given(begin), facts.given(begin, fresh >= a, fresh <= top)
        if later.is_nonnegative(sp.expand(top - a + 1)) and all(_never_zero(p, within) for p in poles):
            break
    else:
        return None
    growth = _growth(slow, fresh, within)
    if growth is None:
        return None
    try:
        telescoped = sp.Add(*(c[j] * term.subs(n, n + j) for j in range(order + 1)))
        step = (r * hypergeometric).subs(fresh, fresh + 1) - r * hypergeometric
        if not NormalForm(within).is_zero((telescoped - step) / hypergeometric):
            return None
        ends = (r * hypergeometric * slow).subs(fresh, top + 1) - (r * hypergeometric * slow).subs(fresh, a)
        if growth != 0:
            parts = (sp.factor(r.subs(fresh, fresh + 1) * part) for part in sp.Add.make_args(growth))
            ends -= sp.Sum(sp.Add(*parts) * hypergeometric.subs(fresh, fresh + 1), (fresh, a, top))
        tails = _tails(body, k, n, b, top, c)
        expected = sp.Add(*(c[j] * value.subs(n, n + j) for j in range(order + 1)))
        rest = zero(expected - ends - tails, later)
    except (NoNormalForm, NeedCase, RecursionError, sp.PolynomialError):
        return None
    if rest is None:
        return None
    proof = Proof((("creative telescoping", f"coefficients {', '.join(map(str, c))}; certificate R = {certificate}"),)).join(rest)
    for j in range(int(first - start) + order + least_tail):
        one = zero((sp.Sum(body, (k, a, b)) - value).subs(n, start + j), facts)
        if one is None:
            return None
        proof = proof.join(one)
    return proof


def _first_that_determines(leading: Any, n: Any, start: Any, order: int, facts: Facts) -> Any:
    """The least of a few s ≥ start such that the leading coefficient of the recurrence is not zero for n ≥ s + order."""
    for s in range(int(start), int(start) + LATER):
        if _never_zero(leading, facts.given(n >= s + order)):
            return sp.Integer(s)
    return None


def _tails(body: Any, k: Any, n: Any, b: Any, top: Any, c: list[Any]) -> Any:
    """Σ_j c_j Σ_{k = top + 1}^{b(n + j)} F(n + j, k), written out."""
    return sp.Add(
        *(
            c[j] * body.subs(n, n + j).subs(k, top + i)
            for j in range(len(c))
            for i in range(1, int(sp.expand(b.subs(n, n + j) - top)) + 1)
        )
    )


def _never_zero(e: Any, facts: Facts) -> bool:
    factors = (f.as_base_exp()[0] for f in sp.Mul.make_args(sp.factor(e)))
    return all(facts.is_nonzero(sp.expand(f)) for f in factors)
