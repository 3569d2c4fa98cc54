"""Order of sequences that fall, but never by more than what is left of a remainder: partial sums below a constant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivable.trusted.asymptotics import NoExpansion, leading_term
from derivable.trusted.decision import Proof
from derivable.trusted.definedness import unsafe
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts
from derivable.trusted.heads import bound_variables, variables_of
from derivable.trusted.normal_form import NormalForm
from derivable.trusted.recurrences import least
from derivable.trusted.unit_steps import GAMMA, continued, logarithms_of_sides

Sign = Callable[[Any, Facts, bool], "Proof | None"]
FIRST = 16  # cases that are looked at before the remainder bounds the fall
SHIFTS = (sp.Rational(1, 2), sp.Integer(0))


def by_remainder(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e(n) ≥ 0 for all integers n ≥ n₀, from f(n) - f(n + 1) ≤ R(n) - R(n + 1), R(n) ≥ 0 for n ≥ p, and f(p) ≥ R(p).

    With f = e, or f = log U - log L where e = U - L. Then f - R does not fall from p on, and f ≥ R ≥ 0; the cases before p
    are looked at one by one. Any R will do; proposed are d / (1 - q) for a fall d with the ratio q of neighbours, and
    c (n + s)^(1 - k) / (k - 1) for a fall that is c n^(-k) in the limit.
    """
    if not e.has(sp.Sum, sp.Product) or len(variables_of(e)) != 1:
        return None
    (n,) = variables_of(e)
    start = least(n, facts) if n.is_integer else None
    if start is None or n in bound_variables(e) or unsafe(e, n, facts):
        return None
    for f in (logarithms_of_sides(e, facts), e):
        if f is None or unsafe(f, n, facts):
            continue
        after = continued(f, n, facts)
        fall = None if after is None else sp.expand(f - after, log=False)
        if fall is None or fall.has(sp.Sum, sp.Product, sp.nan, sp.zoo):
            continue
        for remainder, above in _proposed(fall, n, facts):
            found = _bounded_by(f, e, above, remainder, n, start, facts, strict, sign)
            if found is not None:
                return found
    return None


def _bounded_by(
    f: Any, e: Any, fall: Any, remainder: Any, n: Any, start: Any, facts: Facts, strict: bool, sign: Sign
) -> Proof | None:
    p = next((start + j for j in range(FIRST) if _above(f, remainder, n, start + j, facts)), None)
    if p is None or unsafe(remainder, n, facts.given(n >= p)):
        return None
    proof = Proof((("remainder", f"{remainder} bounds the fall from {n} = {p} on"),))
    beyond = facts.given(n >= p)
    for part, given, strictly in (
        *((e.subs(n, start + j), facts, strict) for j in range(int(p - start))),
        (f.subs(n, p) - remainder.subs(n, p), facts, strict),
        (remainder, beyond, False),
        (remainder - remainder.subs(n, n + 1) - fall, beyond, False),
    ):
        try:
            found = sign(part, given, strictly)
        except (NoNormalForm, NeedCase, Contradiction, RecursionError):
            return None
        if found is None:
            return None
        proof = proof.join(found)
    return proof


def _above(f: Any, remainder: Any, n: Any, p: Any, facts: Facts) -> bool:
    value = f.subs(n, p) - remainder.subs(n, p)
    return not value.has(sp.nan, sp.zoo) and facts.is_positive(value)


def _proposed(fall: Any, n: Any, facts: Facts) -> Iterator[tuple[Any, Any]]:
    """Remainders R, each with what is at least the fall and has to be at most R(n) - R(n + 1)."""
    for above in dict.fromkeys((fall, majorant(fall, facts))):
        try:
            q = NormalForm(facts).canonical(above.subs(n, n + 1) / above) if above != 0 else sp.Integer(1)
        except (NoNormalForm, NeedCase, RecursionError):
            continue
        if not q.has(*GAMMA) and sp.cancel(q).is_rational_function(n) and q != 1:
            yield above / sp.cancel(1 - q), above
    r = sp.Dummy(n.name, positive=True)
    try:
        first = leading_term(fall.xreplace({n: r}), r, sp.oo, -1, Facts(()))
    except (NoExpansion, NoNormalForm, NeedCase, RecursionError):
        return
    k = first.exponent
    if k.is_Rational and k > 1 and first.logs == 0 and first.coefficient.is_number:
        for s in SHIFTS:
            yield first.coefficient / (k - 1) * (n + s) ** (1 - k), fall


def majorant(fall: Any, facts: Facts) -> Any:
    """What is at least the fall, by log u ≤ u - 1 wherever log u has a coefficient that is not negative."""
    total = sp.Integer(0)
    for term in sp.Add.make_args(fall):
        c, rest = term.as_independent(sp.log)
        bounded = isinstance(rest, sp.log) and facts.is_nonnegative(c) and facts.is_positive(rest.args[0])
        total += c * (rest.args[0] - 1) if bounded else term
    return sp.expand(total)


__all__ = ["by_remainder"]
