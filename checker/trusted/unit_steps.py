"""Order by unit steps: a sequence, or a function of the gamma family, that grows from its first value or falls to its limit.

Where a statement compares two positive products, their logarithms are compared: log Γ(u + 1) - log Γ(u) = log u, so that a step
holds no factorials, and no powers with the variable in their exponents.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.asymptotics import NoExpansion, leading_term
from derivable.trusted.convergence import converges, passes_ratio_test
from derivable.trusted.curves import logarithm
from derivable.trusted.decision import Proof
from derivable.trusted.definedness import unsafe
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts, mentions, replaced
from derivable.trusted.heads import bound_variables, line_in, variables_of
from derivable.trusted.recurrences import least

Sign = Callable[[Any, Facts, bool], "Proof | None"]
GAMMA = (sp.gamma, sp.loggamma, sp.factorial, sp.factorial2, sp.binomial, sp.catalan, sp.polygamma, sp.harmonic)
LONGEST = 8  # unit steps of an argument in one step of the variable


def by_unit_steps(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 for x in a range that x + 1 does not leave.

    With f = e, or f = log U - log L where e = U - L: from f(x + 1) ≥ f(x) and e ≥ 0 at the least integer x; or from
    f(x + 1) ≤ f(x) and a limit of f as x → ∞ that is at least 0.
    """
    if not e.has(*GAMMA, sp.Sum, sp.Product) and not any(p.exp.free_symbols for p in e.atoms(sp.Pow)):
        return None
    compared = logarithms_of_sides(e, facts)
    for f in (e,) if compared is None else (compared, e):
        for x in variables_of(f):
            if (
                x in bound_variables(e)
                or not facts.is_real(x)
                or not goes_on(x, facts)
                or unsafe(e, x, facts)
                or unsafe(f, x, facts)
            ):
                continue
            g, r, within = _real(f, x, facts)
            step = _step(g, r, within)
            if step is None:
                continue
            found = _from_the_first(e, x, (step, within), facts, strict, sign) or _to_the_limit(g, r, step, within, strict, sign)
            if found is not None:
                return found
    return None


def goes_on(x: Any, facts: Facts) -> bool:
    """Whether nothing that is known of x fails at x + 1: it is an integer or a real from some number on."""
    if x.is_integer and least(x, facts) is None:
        return False
    if not {k for k, v in x.assumptions0.items() if v} <= UPWARD or (x.is_nonzero and not x.is_positive):
        return False
    for h, allowed in facts.relations:
        if h.has(x):
            slope = h.coeff(x) if h.is_polynomial(x) and sp.degree(h, x) == 1 else sp.Integer(0)
            way = 1 if allowed <= frozenset({0, 1}) else -1 if allowed <= frozenset({0, -1}) else 0
            if not (slope.is_Rational and way * slope > 0):
                return False
    return not any(mentions(c, x) for c in facts.where if not isinstance(c, sp.Ge | sp.Gt | sp.Le | sp.Lt))


UPWARD = {
    "commutative", "complex", "real", "extended_real", "hermitian", "finite", "integer", "rational", "algebraic", "positive",
    "nonnegative", "nonzero", "extended_positive", "extended_nonnegative", "extended_nonzero",
}  # fmt: skip


def logarithms_of_sides(e: Any, facts: Facts) -> Any:
    """log U - log L for e = U - L with U, L > 0, in logarithms, log Γ and sums of logarithms."""
    sides = positive_sides(e, facts)
    return None if sides is None else logarithm(sides[0], facts) - logarithm(sides[1], facts)


def positive_sides(e: Any, facts: Facts) -> tuple[Any, Any] | None:
    """(U, L) with e = U - L and U, L > 0, each one term."""
    terms = sp.Add.make_args(e)
    upper = [t for t in terms if facts.is_positive(t)]
    lower = [-t for t in terms if facts.is_positive(-t)]
    return (upper[0], lower[0]) if len(terms) == 2 and len(upper) == len(lower) == 1 else None


def continued(f: Any, x: Any, facts: Facts) -> Any:
    """f(x + 1) with the gamma family and the sums written by their values at x; None where one of them cannot be."""
    values: dict[Any, Any] = {}
    for node in f.atoms(*GAMMA, sp.Sum, sp.Product):
        if node.has(x):
            moved = node.subs(x, x + 1)
            if isinstance(node, GAMMA):  # unevaluated: SymPy writes log Γ of a positive integer as the logarithm of Γ
                moved = node.func(*(a.subs(x, x + 1) for a in node.args), evaluate=False)
            value = _continued(node, moved, x, facts)
            if value is None:
                return None
            values[node] = value
    stand_ins = {node: sp.Dummy() for node in values}
    beyond = f.xreplace(stand_ins).subs(x, x + 1).xreplace({stand_ins[node]: value for node, value in values.items()})
    return None if beyond.has(sp.nan, sp.zoo) else beyond


def _step(f: Any, x: Any, facts: Facts) -> Any:
    """f(x + 1) - f(x) without the gamma family and sums; None if something is left of them."""
    beyond = continued(f, x, facts)
    step = None if beyond is None else sp.expand(beyond - f, log=False)
    return None if step is None or step.has(*GAMMA, sp.Sum, sp.Product) else step


def _continued(node: Any, moved: Any, x: Any, facts: Facts) -> Any:
    """The value at x + 1 of one of the functions, by that at x."""
    if isinstance(node, sp.Sum | sp.Product):
        if len(node.limits) != 1 or node.args[0].has(x):
            return None
        k, a, b = node.limits[0]
        if _is_tail(node, x, facts):
            return node - node.args[0].xreplace({k: a})
        if a.has(x) or sp.expand(b.subs(x, x + 1) - b) != 1 or not facts.is_nonnegative(b - a + 1) or not facts.is_integer(b - a):
            return None
        last = node.args[0].subs(k, b + 1)
        return node + last if isinstance(node, sp.Sum) else node * last
    u = node.args[-1]
    by = sp.expand(moved.args[-1] - u)
    if moved.func is not node.func or not (by.is_Integer and abs(by) <= LONGEST):
        return None
    if by < 0:
        return _continued_down(node, moved, facts)
    if not facts.is_positive(u + (1 if isinstance(node, sp.harmonic) else 0)):
        return None
    along = [u + i for i in range(int(by))]
    if isinstance(node, sp.loggamma):
        return node + sp.Add(*(sp.log(sp.expand(v)) for v in along))
    if isinstance(node, sp.gamma):
        return node * sp.Mul(*along)
    if isinstance(node, sp.harmonic) and len(node.args) == 1:
        return node + sp.Add(*(1 / (v + 1) for v in along))
    if isinstance(node, sp.polygamma) and node.args[0].is_Integer:
        m = int(node.args[0])
        return node + sp.Add(*((-1) ** m * sp.factorial(m) / v ** (m + 1) for v in along))
    return None


def _is_tail(node: Any, x: Any, facts: Facts) -> bool:
    """Whether the node is Σ_{k ≥ x + c} t(k), an integer x + c, with terms free of x, and seen to converge."""
    if not isinstance(node, sp.Sum) or len(node.limits) != 1 or node.args[0].has(x):
        return False
    _, a, b = node.limits[0]
    fits = b is sp.oo and facts.is_integer(a) and sp.expand(a - x).is_Integer
    return fits and (converges(node, facts) or passes_ratio_test(node, facts))


def _without_tails(f: Any, x: Any, facts: Facts) -> Any:
    """f where tails of series, with coefficients free of x, have their limit 0 as x → ∞."""
    for node in (n for n in f.atoms(sp.Sum) if _is_tail(n, x, facts)):
        line = line_in(f, node, log=False)
        if line is not None and not line[0].has(x):
            f = line[1]
    return f


def _continued_down(node: Any, moved: Any, facts: Facts) -> Any:
    """The value at an argument that is smaller by an integer, from the recurrence between the smaller and the larger one."""
    back = _continued(moved, node, sp.Dummy("x"), facts)
    if back is None:
        return None
    return sp.expand(node * moved / back) if isinstance(node, sp.gamma) else node - (back - moved)


def _real(f: Any, x: Any, facts: Facts) -> tuple[Any, Any, Facts]:
    """f for a real variable in place of an integer, that variable, and what is known of it; sums keep their integers."""
    start = least(x, facts) if x.is_integer else None
    alternates = any(p.exp.has(x) and not facts.is_positive(p.base) for p in f.atoms(sp.Pow))
    if start is None or alternates or f.has(sp.Sum, sp.Product, sp.fibonacci, sp.floor, sp.ceiling, sp.Mod, sp.KroneckerDelta):
        return f, x, facts
    r = sp.Dummy(x.name, real=True)
    try:
        return f.xreplace({x: r}), r, Facts((*(replaced(c, x, r) for c in facts.where), sp.Ge(r, start)))
    except Contradiction:
        return f, x, facts


def _from_the_first(e: Any, x: Any, growth: tuple[Any, Facts], facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    start = least(x, facts) if x.is_integer else None
    if start is None:
        return None
    base = sign(e.subs(x, start), facts, strict)
    if base is None:
        return None
    grows = sign(*growth, False)
    if grows is None:
        return None
    return Proof((("unit steps", f"{growth[0]} ≥ 0 from {x} to {x} + 1, from {x} = {start} on"),)).join(base).join(grows)


def _to_the_limit(f: Any, x: Any, step: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    written = f.replace(
        lambda node: isinstance(node, sp.harmonic) and len(node.args) == 1,
        lambda node: sp.polygamma(0, node.args[0] + 1) + sp.EulerGamma,
    )
    written = _without_tails(written, x, facts)
    if any(_is_tail(node, x, facts) for node in written.atoms(sp.Sum)):
        return None
    try:
        first = leading_term(written, x, sp.oo, -1, facts.without(x))
    except (NoExpansion, NoNormalForm, NeedCase, RecursionError):
        return None
    vanishes = first.exponent > 0
    if not vanishes and not facts.is_positive(first.coefficient * (-1) ** first.logs):
        return None
    falls = sign(-step, facts, strict)
    if falls is None:
        return None
    limit = "0" if vanishes else str(first.limit())
    return Proof((("unit steps", f"{step} ≤ 0 from {x} to {x} + 1, and the limit is {limit} as {x} → ∞"),)).join(falls)
