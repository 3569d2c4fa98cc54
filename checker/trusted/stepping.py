"""Finite sums and products by their last term: e(n + 1) - e(n) vanishes, wherever both are defined, and so does the first e.

A statement is about the points at which its sides are defined, so that e(n) may be undefined where e(n + 1) is defined; then the
step proves nothing there. But let e(n) for every n be a quotient of analytic functions of a real or complex x none of whose
denominators vanishes identically. The places x at which one of e(n₀), …, e(n) is undefined are isolated. Between them the steps
prove e(n) = 0, and e(n) is continuous where it is defined: it vanishes there too (the identity theorem).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.definedness import unsafe
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts, mentions
from derivable.trusted.heads import bound_variables, line_in
from derivable.trusted.recurrences import least

Zero = Callable[[Any, Facts], "Proof | None"]
FIRST = 3  # terms that are written out
ENTIRE = (sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh)
BELOW: dict[Any, Any] = {  # the function whose zeros are the poles
    sp.tan: sp.cos, sp.sec: sp.cos, sp.cot: sp.sin, sp.csc: sp.sin,
    sp.tanh: sp.cosh, sp.sech: sp.cosh, sp.coth: sp.sinh, sp.csch: sp.sinh,
}  # fmt: skip


def by_last_term(e: Any, facts: Facts, zero: Zero) -> Proof | None:
    """S(n) = r(n) for a sum or product S over k = a … b(n), b(n + 1) = b(n) + 1, from S(n₀) = r(n₀) and the next term."""
    for node in sorted(e.atoms(sp.Sum, sp.Product), key=sp.default_sort_key):
        body, (k, a, b) = node.args[0], node.limits[0]
        if len(node.limits) != 1 or node.free_symbols & bound_variables(e) or k in e.free_symbols or not k.is_integer:
            continue
        for n in sorted((s for s in sp.sympify(b).free_symbols if s.is_integer), key=str):
            if sp.expand(b.subs(n, n + 1) - b) != 1 or a.has(n) or body.has(n, sp.Sum, sp.Product, sp.Integral):
                continue
            value = _value(e, node, n)
            kept = _without_conditions_on(n, facts)
            if value is None or kept is None:
                continue
            start = least(n, kept)
            if start is None or value.atoms(sp.Sum, sp.Product) or not kept.given(n >= start).is_nonnegative(b - a + 1):
                continue
            difference = node - value
            x = _parameter(difference, n, kept) if unsafe(difference, n, kept) else ()
            if x is None:
                continue
            found = _stepped(node, value, n, start, kept, zero)
            if found is not None:
                through = f", between isolated values of {x}" if x != () else ""
                return Proof((("last term", f"{node} on {n} from {start}{through}"),)).join(found)
    return None


def _value(e: Any, node: Any, n: Any) -> Any:
    """r for e = c (node - r) with a rational c that is not zero."""
    line = line_in(e, node)
    return -line[1] / line[0] if line is not None and line[0].is_Rational and line[0] != 0 else None


def _without_conditions_on(n: Any, facts: Facts) -> Facts | None:
    """The hypotheses but those that speak of n and are no lower bound of it: what they leave is proved without them."""
    kept = [c for c in facts.where if not mentions(c, n) or (isinstance(c, sp.Ge | sp.Gt) and c.lhs == n and c.rhs.is_Integer)]
    try:
        return Facts(tuple(kept))
    except Contradiction:
        return None


def _stepped(node: Any, value: Any, n: Any, start: Any, facts: Facts, zero: Zero) -> Proof | None:
    body, (k, _, b) = node.args[0], node.limits[0]
    last = body.subs(k, b + 1)
    after = value.subs(n, n + 1)
    step = value + last - after if isinstance(node, sp.Sum) else value * last - after
    try:
        later = facts.given(n >= start)
        rest = None if step.has(sp.nan, sp.zoo) else zero(step, later)
        base = None if rest is None else zero(_written_out(node.subs(n, start)) - value.subs(n, start), facts)
    except (NoNormalForm, NeedCase, Contradiction, RecursionError):
        return None
    return None if base is None or rest is None else base.join(rest)


def _written_out(node: Any) -> Any:
    """A sum or product of few terms, term by term, so that rules for functions see them."""
    if not isinstance(node, sp.Sum | sp.Product) or len(node.limits) != 1:
        return node
    body, (k, a, b) = node.args[0], node.limits[0]
    if not (a.is_Integer and b.is_Integer and 0 <= b - a + 1 <= FIRST):
        return node
    terms = (body.subs(k, a + j) for j in range(int(b - a) + 1))
    return sp.Add(*terms) if isinstance(node, sp.Sum) else sp.Mul(*terms)


def _parameter(e: Any, n: Any, facts: Facts) -> Any:
    """A free variable in which e, for all n, is analytic but for zeros of denominators that do not vanish identically."""
    for x in sorted(e.free_symbols - {n}, key=str):
        if _ranges_over_an_interval(x, facts) and _meromorphic(e, x, facts):
            return x
    return None


def _ranges_over_an_interval(x: Any, facts: Facts) -> bool:
    """Whether the admitted values of x have no isolated point, and are those of an open set or of one with its end zero."""
    kinds = ("commutative", "real", "positive", "negative", "nonnegative", "nonpositive", "nonzero")
    kept = {name: True for name in kinds if getattr(x, f"is_{name}")}
    if sp.Dummy(**kept).assumptions0 != x.assumptions0:
        return False
    told = [c for c in facts.where if mentions(c, x)]
    return all(isinstance(c, sp.Ne | sp.Gt | sp.Lt) and _continuous_sides(c) for c in told)


def _continuous_sides(condition: Any) -> bool:
    """Whether both sides of a strict relation are made of continuous functions: then it holds on an open set."""
    known = (sp.Add, sp.Mul, sp.Pow, sp.Symbol, sp.Number, sp.NumberSymbol, *ENTIRE, *BELOW)
    return all(isinstance(node, known) for side in condition.args for node in sp.preorder_traversal(side)) and all(
        p.exp.is_Integer or not p.base.free_symbols for side in condition.args for p in side.atoms(sp.Pow)
    )


def _meromorphic(e: Any, x: Any, facts: Facts) -> bool:
    """Whether e is analytic in x but where one of its denominators, none of which vanishes identically, is zero."""
    if not e.has(x):
        return not unsafe(e, tuple(e.free_symbols), facts) if e.free_symbols else True
    if e == x:
        return True
    if isinstance(e, sp.Sum | sp.Product):
        k, a, b = e.limits[0]
        if len(e.limits) != 1 or sp.Tuple(a, b).has(x, sp.oo):
            return False
        fresh = sp.Dummy(k.name, integer=True)
        return _meromorphic(e.args[0].xreplace({k: fresh}), x, facts.given(fresh >= a))
    if isinstance(e, sp.Pow):
        if e.exp.has(x):
            return not e.base.has(x) and facts.is_positive(e.base) and _meromorphic(e.exp, x, facts)
        if not facts.is_integer(e.exp) or not _meromorphic(e.base, x, facts):
            return False
        return facts.is_nonnegative(e.exp) or _not_identically_zero(e.base, x, facts)
    if isinstance(e, sp.Add | sp.Mul) or e.func in ENTIRE:
        return all(_meromorphic(part, x, facts) for part in e.args)
    if e.func in BELOW:
        return _meromorphic(e.args[0], x, facts) and _not_identically_zero(BELOW[e.func](e.args[0]), x, facts)
    return False


def _not_identically_zero(e: Any, x: Any, facts: Facts) -> bool:
    """Whether the meromorphic e is nonzero somewhere, as a function of x, for all values of the other symbols."""
    if facts.is_nonzero(e):
        return True
    if isinstance(e, sp.Mul):
        return all(_not_identically_zero(part, x, facts) for part in e.args)
    if isinstance(e, sp.Pow):
        return _not_identically_zero(e.base, x, facts)
    if e.func in BELOW:  # a quotient of two of them, or the reciprocal of one
        other = {sp.tan: sp.sin, sp.cot: sp.cos, sp.tanh: sp.sinh, sp.coth: sp.cosh}.get(e.func)
        return other is None or _not_identically_zero(other(e.args[0]), x, facts)
    if e.func in (sp.sin, sp.cos, sp.sinh, sp.cosh):
        slope = sp.expand(e.args[0]).coeff(x)
        rest = sp.expand(e.args[0] - slope * x)
        if not rest.has(x) and facts.is_nonzero(slope):
            return True
    if e.is_polynomial(x) and any(facts.is_nonzero(c) for c in sp.Poly(e, x).coeffs()):
        return True
    at_zero = e.subs(x, 0)
    return not at_zero.has(sp.nan, sp.zoo, sp.oo) and facts.is_nonzero(at_zero)


__all__ = ["by_last_term"]
