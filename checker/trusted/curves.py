"""Order of functions of one real variable: pieces on which a derivative has one sign, concavity, logarithms on both sides.

Each rule is a function of the prover's `sign` (a proof of e ≥ 0, or e > 0, under facts) and returns a proof or None.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.calculus import NoLimit, limit
from derivable.trusted.continuity import is_continuous
from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts, mentions, replaced
from derivable.trusted.heads import variables_of
from derivable.trusted.normal_form import vanishes_identically
from derivable.trusted.recurrences import least

Sign = Callable[[Any, Facts, bool], "Proof | None"]
Propose = Callable[[str, Any, Any], Any]
DISCRETE = (
    sp.Sum, sp.Product, sp.factorial, sp.binomial, sp.floor, sp.ceiling, sp.Mod, sp.KroneckerDelta, sp.fibonacci, sp.catalan,
    sp.harmonic,
)  # fmt: skip
FUNCTIONS = (
    sp.exp, sp.log, sp.sin, sp.cos, sp.tan, sp.sinh, sp.cosh, sp.tanh, sp.asin, sp.acos, sp.atan, sp.asinh, sp.acosh, sp.atanh,
    sp.erf, sp.erfc, sp.gamma, sp.LambertW, sp.sech, sp.sec, sp.cot, sp.csc, sp.csch, sp.coth,
)  # fmt: skip


def without_denominator(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """N / D ≥ 0 from N ≥ 0 and D > 0."""
    top, bottom = sp.fraction(sp.together(e))
    if bottom.is_number or not facts.is_positive(bottom):
        return None
    part = sign(sp.expand(top), facts, strict)
    return None if part is None else Proof((("positive denominator", f"{bottom} > 0"),)).join(part)


def exponentials_of_both(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """Σ c_i log u_i + v ≥ 0 with rational c_i, from e^v ∏ u_i^{c_i} ≥ 1, to a power that clears the c_i."""
    plus: list[Any] = []
    minus: list[Any] = []
    others: Any = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(e)):
        c, rest = term.as_coeff_Mul()
        if isinstance(rest, sp.log) and len(rest.args) == 1 and facts.is_positive(rest.args[0]):
            (plus if c > 0 else minus).append((abs(c), rest.args[0]))
        elif not term.has(sp.log) and facts.is_real(term):
            others += term
        else:
            return None
    if not (plus or minus) or not (others.is_number or others.is_polynomial() or others.has(sp.Sum, sp.Integral)):
        return None
    times = sp.ilcm(1, *(c.q for c, _ in (*plus, *minus)))
    if any(c * times > 12 for c, _ in (*plus, *minus)):
        return None
    left = sp.Mul(*(u ** (c * times) for c, u in minus))
    down = sp.Add(*(t for t in sp.Add.make_args(others) if t.could_extract_minus_sign()))
    left *= sp.exp(-times * down)
    right = sp.exp(sp.expand(times * (others - down))) * sp.Mul(*(u ** (c * times) for c, u in plus))
    part = sign(right - left, facts, strict)
    return None if part is None else Proof((("increasing exponential", f"of {times} times both sides"),)).join(part)


def powers_of_both(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """u ≥ v for products u, v ≥ 0 with roots among their factors, from u^k ≥ v^k for a power that clears the roots."""
    terms = sp.Add.make_args(e)
    if len(terms) != 2:
        return None
    upper = [t for t in terms if facts.is_nonnegative(t)]
    lower = [-t for t in terms if facts.is_nonnegative(-t)]
    if len(upper) != 1 or len(lower) != 1:
        return None
    parts = [factor.as_base_exp() for side in (upper[0], lower[0]) for factor in sp.Mul.make_args(side)]
    if not all(power.is_Rational and (power.is_Integer or facts.is_nonnegative(base)) for base, power in parts):
        return None
    k = sp.ilcm(1, *(power.q for _, power in parts))
    if not 1 < k <= 12 or not any(base.free_symbols and not power.is_Integer for base, power in parts):
        return None
    left, right = (
        sp.Mul(*(base ** (k * power) for base, power in (f.as_base_exp() for f in sp.Mul.make_args(side))))
        for side in (lower[0], upper[0])
    )
    part = sign(right - left, facts, strict)
    return None if part is None else Proof((("powers of both sides", f"to the exponent {k}"),)).join(part)


def logarithms_of_both(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """u ≥ v for positive products u and v, from log u ≥ log v."""
    terms = sp.Add.make_args(e)
    if len(terms) > 5 or (
        not e.has(sp.exp, sp.Product, sp.gamma, sp.beta) and not any(p.exp.free_symbols for p in e.atoms(sp.Pow))
    ):
        return None
    upper = [t for t in terms if facts.is_positive(t)]
    lower = [-t for t in terms if facts.is_positive(-t)]
    if len(upper) + len(lower) < len(terms) or not upper or not lower or min(len(upper), len(lower)) > 1:
        return None
    right, left = sp.Add(*upper), sp.Add(*lower)
    if len(terms) > 2 and not all(side.has(sp.exp) or len(part) == 1 for side, part in ((right, upper), (left, lower))):
        return None
    difference = _shifted(_logarithm_of_sum(right, facts) - _logarithm_of_sum(left, facts))
    part = sign(difference, facts, strict)
    return None if part is None else Proof((("increasing logarithm", f"log {right} and log {left}"),)).join(part)


def _shifted(e: Any) -> Any:
    """c log Γ(u) + c log u as c log Γ(u + 1), u > 0."""
    terms = {rest: c for c, rest in (t.as_independent(sp.log, sp.loggamma, as_Add=False) for t in sp.Add.make_args(e))}
    for node in [n for n in terms if isinstance(n, sp.loggamma)]:
        log = sp.log(node.args[0])
        if terms.get(log) == terms[node]:
            e = e - terms[node] * (log + node - sp.loggamma(node.args[0] + 1, evaluate=False))
    return e


def _logarithm_of_sum(u: Any, facts: Facts) -> Any:
    """log Σ c_i exp(v_i) = v_1 + log Σ c_i exp(v_i - v_1); of other expressions by factors."""
    exponents = [f.args[0] for t in sp.Add.make_args(u) for f in sp.Mul.make_args(t) if isinstance(f, sp.exp)]
    if not u.is_Add or not exponents or not facts.is_real(exponents[0]):
        return logarithm(u, facts)
    rest = []
    for t in u.args:
        own = [f for f in sp.Mul.make_args(t) if isinstance(f, sp.exp)]
        exponent = sp.expand(sp.Add(*(f.args[0] for f in own)) - exponents[0])
        rest.append(sp.exp(exponent) * sp.Mul(*(f for f in sp.Mul.make_args(t) if f not in own)))
    return exponents[0] + sp.log(sp.Add(*rest))


def logarithm(u: Any, facts: Facts) -> Any:
    """log u for u > 0: products and powers factor by factor, products over a range as sums, the gamma family as log Γ."""
    if isinstance(u, sp.Mul):
        positive = [a for a in u.args if facts.is_positive(a)]
        rest = sp.Mul(*(a for a in u.args if a not in positive))
        return sp.Add(*(logarithm(a, facts) for a in positive), sp.log(rest) if rest != 1 else sp.Integer(0))
    if isinstance(u, sp.exp):
        return u.args[0]
    if isinstance(u, sp.Pow) and facts.is_positive(u.base) and facts.is_real(u.exp):
        return u.exp * logarithm(u.base, facts)
    if isinstance(u, sp.gamma) and facts.is_positive(u.args[0]):
        return sp.loggamma(u.args[0], evaluate=False)
    if isinstance(u, sp.beta) and len(u.args) == 2 and all(facts.is_positive(a) for a in u.args):
        a, b = u.args
        return sp.Add(*(c * sp.loggamma(v, evaluate=False) for c, v in ((1, a), (1, b), (-1, sp.expand(a + b)))))
    if isinstance(u, sp.factorial) and facts.is_nonnegative(u.args[0]):
        return sp.loggamma(u.args[0] + 1, evaluate=False)
    if isinstance(u, sp.binomial):
        n, k = u.args
        if all(facts.is_nonnegative(a) for a in (n, k, sp.expand(n - k))):
            return sp.Add(*(c * sp.loggamma(sp.expand(a + 1), evaluate=False) for c, a in ((1, n), (-1, k), (-1, n - k))))
    if isinstance(u, sp.factorial2) and facts.is_nonnegative(u.args[0] + 1):
        for half, odd in ((u.args[0] / 2, False), ((u.args[0] + 1) / 2, True)):
            w = sp.expand(half)  # (2 w)!! = 2^w w!, and (2 w - 1)!! = (2 w)! / (2^w w!)
            if facts.is_integer(w):
                even = w * sp.log(2) + sp.loggamma(w + 1, evaluate=False)
                return sp.loggamma(2 * w + 1, evaluate=False) - even if odd else even
    if isinstance(u, sp.catalan) and facts.is_integer(u.args[0]) and facts.is_nonnegative(u.args[0]):
        (n,) = u.args
        return logarithm(sp.binomial(2 * n, n, evaluate=False), facts) - sp.log(n + 1)
    if isinstance(u, sp.Product) and len(u.limits) == 1:
        k, a, b = u.limits[0]
        if k.is_integer and facts.given(sp.Ge(k, a), sp.Le(k, b)).is_positive(u.args[0]):
            return sp.Sum(sp.log(u.args[0]), u.limits[0])
    return sp.log(u)


def without_growing_pair(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """c (log u - log v) + r ≥ 0 from r ≥ 0, c ≥ 0 and u ≥ v > 0."""
    logs = [t for t in sp.Add.make_args(e) if t.has(sp.log)]
    if len(logs) < 3 or len(logs) > 12:
        return None
    for one, other in itertools.permutations(logs, 2):
        (c, f), (d, g) = one.as_independent(sp.log), other.as_independent(sp.log)
        if not (isinstance(f, sp.log) and isinstance(g, sp.log)) or sp.expand(c + d) != 0 or not facts.is_nonnegative(c):
            continue
        (u,), (v,) = f.args, g.args
        if facts.is_positive(v) and facts.is_nonnegative(sp.expand(u - v)):
            rest = e - one - other
            gone = e.free_symbols - rest.free_symbols
            about = Facts(c for c in facts.where if not any(mentions(c, s) for s in gone)) if gone else facts
            part = sign(rest, about, strict)
            if part is not None:
                return Proof((("growing function", f"log: {u} and {v}"),)).join(part)
    return None


def over_the_reals(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """For an integer n ≥ n₀ from the same for a real n ≥ n₀."""
    for n in (s for s in variables_of(e) if s.is_integer):
        start = least(n, facts)
        if start is None or e.has(*DISCRETE) or not e.has(*FUNCTIONS, sp.Pow) or _alternates(e, n):
            continue
        r = sp.Dummy(n.name, real=True)
        try:
            wider = Facts((*(replaced(c, n, r) for c in facts.where), sp.Ge(r, start)))
        except Contradiction:
            continue
        part = sign(e.xreplace({n: r}), wider, strict)
        if part is not None:
            return Proof((("wider range", f"for real {n} ≥ {start}"),)).join(part)
    return None


def _alternates(e: Any, n: Any) -> bool:
    """Whether a power with n in its exponent has a base that is not known to be positive."""
    return any(p.exp.has(n) and p.base.is_positive is not True for p in e.atoms(sp.Pow) if not p.exp.is_number)


def concave_between(e: Any, x: Any, ends: tuple[Any, Any], facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 on [a, b] because e'' ≤ 0 there and e ≥ 0 at both ends; e > 0 between them if e'' < 0 there."""
    low, high = ends
    if sp.oo in (high, -low) or (strict and not (facts.is_positive(x - low) and facts.is_positive(high - x))):
        return None
    r, within, outside = _ranged(e, x, low, high, facts)
    f = e.xreplace({x: r})
    if not is_continuous(f, r, within):
        return None
    first = derivative(f, r, outside)
    second = None if first is None else derivative(first, r, outside)
    if second is None or not is_continuous(first, r, outside) or not is_continuous(second, r, outside):
        return None
    proof = Proof((("concavity", f"in {x}, and the signs at {low} and {high}"),))
    closed = facts.without(x)
    inside = sign(-second, outside, strict)
    for end in (low, high) if inside is not None else ():
        at = sign(e.subs(x, end), closed, False)
        if at is None:
            return None
        proof = proof.join(at)
    return None if inside is None else proof.join(inside)


def piecewise_monotone(
    e: Any, x: Any, ends: tuple[Any, Any], facts: Facts, strict: bool, sign: Sign, propose: Propose
) -> Proof | None:
    """e ≥ 0 on pieces between proposed points, on each of which e' has one sign and e ≥ 0 at, or in the limit at, one end."""
    low, high = ends
    everywhere = sp.Dummy(x.name, real=True)
    own = [everywhere > 0] if x.is_positive else [everywhere >= 0] if x.is_nonnegative else []
    domain = Facts((*(replaced(c, x, everywhere) for c in facts.where), *own))
    if not is_continuous(e.xreplace({x: everywhere}), everywhere, domain):
        return None
    for points in propose("critical", (e, low, high), x):
        if any(point.is_extended_real is False for point in points):
            continue
        walls = [low, *points, high]
        proof = Proof((("monotone pieces", f"in {x}, between {', '.join(map(str, walls))}"),))
        for a, b in itertools.pairwise(walls):
            part = _piece(e, x, a, b, facts, strict, sign, propose)
            if part is None:
                break
            proof = proof.join(part)
        else:
            return proof
    return None


def tail(e: Any, x: Any, edge: Any, way: int, facts: Facts, strict: bool, sign: Sign, propose: Propose) -> Proof | None:
    """e ≥ 0 from an edge on to ±oo: the derivative has one sign there, and e ≥ 0 at the edge or in the limit."""
    ends = (edge, sp.oo) if way > 0 else (-sp.oo, edge)
    return _piece(e, x, *ends, facts, strict, sign, propose)


def _piece(e: Any, x: Any, a: Any, b: Any, facts: Facts, strict: bool, sign: Sign, propose: Propose) -> Proof | None:
    r, _, inside = _ranged(e, x, a, b, facts)
    f = e.xreplace({x: r})
    if not is_continuous(f, r, inside):
        return None
    slope = derivative(f, r, inside)
    if slope is None:
        return None
    closed = facts.without(x)
    for way in propose("direction", (sp.diff(e, x), a, b), x):
        end = a if way > 0 else b
        value = _value_at(e, x, end, way, closed)
        if value is None:
            continue
        # an end that x does not reach may have the value 0, if the curve leaves it at once
        reached = end not in (sp.oo, -sp.oo) and not facts.is_positive(way * (x - end))
        at = Proof((("limit", f"oo as {x} → {end}"),)) if value is sp.oo else sign(value, closed, strict and reached)
        along = None if at is None else sign(way * slope, inside, strict and not reached)
        if at is not None and along is not None:
            return at.join(along)
    return None


def _value_at(e: Any, x: Any, end: Any, way: int, facts: Facts) -> Any:
    """The value at the end of a piece, its limit from inside where that is infinite or not defined there."""
    if end not in (sp.oo, -sp.oo):
        at = e.subs(x, end)
        probe = sp.Dummy("x", real=True)
        if not at.has(sp.nan, sp.zoo, sp.oo) and is_continuous(e.xreplace({x: probe}), probe, facts.given(sp.Eq(probe, end))):
            return at
    try:
        value = limit(e, x, end, 1 if way > 0 else -1, facts)
    except (NoLimit, NoNormalForm, NeedCase, RecursionError):
        return None
    return None if value is -sp.oo or value.has(sp.nan, sp.zoo) else value


def _ranged(e: Any, x: Any, low: Any, high: Any, facts: Facts) -> tuple[Any, Facts, Facts]:
    """A fresh variable, and the facts for it on the closed and on the open range."""
    r = sp.Dummy(x.name, real=True)
    closed = facts.without(x)
    below = [] if low is -sp.oo else [low]
    above = [] if high is sp.oo else [high]
    return (
        r,
        closed.given(*(r >= a for a in below), *(r <= b for b in above)),
        closed.given(*(r > a for a in below), *(r < b for b in above)),
    )


def within_range(r: Any, x: Any, ends: tuple[Any, Any], facts: Facts) -> tuple[Facts, Facts, Facts]:
    """What is known of the other variables; and of r on the range of x, with the ends that x may reach, and inside that range.

    Raises `Contradiction` where the range is empty.
    """
    low, high = ends
    others = facts.without(x)
    inside = others.given(*([] if low is -sp.oo else [r > low]), *([] if high is sp.oo else [r < high]))
    ranged = [] if low is -sp.oo else [r > low if facts.is_positive(x - low) else r >= low]
    ranged += [] if high is sp.oo else [r < high if facts.is_positive(high - x) else r <= high]
    return others, others.given(*ranged), inside


def derivative(f: Any, x: Any, facts: Facts) -> Any:
    """The derivative as SymPy writes it, powers of one base gathered, if the normal form agrees."""
    slope = sp.diff(f, x)
    if slope.has(sp.Derivative, sp.Subs):
        return None
    gathered = sp.powsimp(slope, combine="exp") if any(p.exp.free_symbols for p in slope.atoms(sp.Pow)) else slope
    for form in dict.fromkeys((gathered, slope)):
        if vanishes_identically(form - sp.Derivative(f, x), facts):
            return form
    return None


__all__ = [
    "concave_between",
    "derivative",
    "exponentials_of_both",
    "logarithm",
    "logarithms_of_both",
    "over_the_reals",
    "piecewise_monotone",
    "powers_of_both",
    "tail",
    "without_denominator",
]
