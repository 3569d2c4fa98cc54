"""Power series whose coefficients satisfy a linear recurrence, by the differential equation of their sum.

Let Σ_j p_j(k) c_{k+j} = 0 for k ≥ a with polynomials p_j and p_J(k) ≠ 0, c_k = 0 for k < a. A function R that is analytic at 0
has such Taylor coefficients if and only if L R, L = Σ_j y^(J-j) p_j(θ - j), θ = y d/dy, is a polynomial of degree below a + J. If
those below a + J are the c_k too, all are, and R is the sum wherever it is analytic on the way from 0 and the series converges
(Abel's theorem at the end of the way).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivable.trusted.continuity import is_analytic
from derivable.trusted.decision import Proof
from derivable.trusted.differential_equations import assumed_at, from_the_start, moved
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts, replaced
from derivable.trusted.heads import bound_variables
from derivable.trusted.normal_form import NormalForm


@dataclass(frozen=True)
class Found:
    """A proof, and whether the series is seen to converge at all admitted values."""

    proof: Proof
    converges: bool


Zero = Callable[[Any, Facts], Proof | None]
Positive = Callable[[Any, Facts], bool]
Relations = Callable[[Any, Any], Iterable[list[Any]]]
MOST_VALUES = 6  # first coefficients that are compared


def by_generating_function(e: Any, facts: Facts, zero: Zero, positive: Positive, relations: Relations) -> Found | None:
    """A proof of e = 0 where e is linear in one power series of a real variable."""
    series = [node for node in e.atoms(sp.Sum) if len(node.limits) == 1 and node.limits[0][2] is sp.oo]
    if len(series) != 1:
        return None
    (index, a, _), body = series[0].limits[0], series[0].args[0]
    named = sp.Dummy("S")
    linear = e.xreplace({series[0]: named})
    alpha, beta = sp.diff(linear, named), linear.subs(named, 0)
    if bound_variables(linear) or alpha.has(named) or not (a.is_Integer and a >= 0):
        return None
    for x in sorted(body.free_symbols - {index}, key=str):
        if not facts.is_real(x) or x.is_integer or any(x in side.free_symbols for pair in facts.equations for side in pair):
            continue
        try:
            found = _on_both_sides(body, index, int(a), x, alpha, beta, facts, zero, positive, relations)
        except (NoNormalForm, NeedCase, RecursionError, sp.PolynomialError):
            continue
        if found is not None:
            return found
    return None


def _on_both_sides(
    body: Any,
    index: Any,
    a: int,
    x: Any,
    alpha: Any,
    beta: Any,
    facts: Facts,
    zero: Zero,
    positive: Positive,
    relations: Relations,
) -> Found | None:
    proof, converges = Proof(), True
    y = sp.Dummy(x.name, positive=True)
    k = sp.Dummy(index.name, integer=True, nonnegative=True)
    for way in (1, -1):
        try:
            beside = moved(facts, x, way * y, y)
        except Contradiction:
            continue
        term, slope, rest = (part.subs(x, way * y) for part in (body.xreplace({index: k + a}), alpha, beta))
        c = term.subs(y, 1)
        if not NormalForm(beside).is_zero(term - c * y ** (k + a)) or not beside.is_nonzero(slope):
            return None
        values = [body.xreplace({index: sp.Integer(n)}).subs(x, way * y).subs(y, 1) for n in range(a, a + MOST_VALUES)]
        one = _one_side(c, k, a, values, -rest / slope, y, beside, positive, relations)
        if one is None:
            return None
        proof, converges = proof.join(one.proof), converges and one.converges
    try:
        at = Facts(tuple(replaced(condition, x, sp.Integer(0)) for condition in facts.where)) if assumed_at(x, 0) else None
    except Contradiction:
        at = None
    if at is not None:
        first = body.xreplace({index: sp.Integer(0)}).subs(x, 0) if a == 0 else sp.Integer(0)
        later = body.xreplace({index: sp.Dummy(index.name, integer=True, positive=True)}).subs(x, 0)
        last = zero(alpha.subs(x, 0) * first + beta.subs(x, 0), at) if NormalForm(at).is_zero(later) else None
        if last is None:
            return None
        proof = proof.join(last)
    return Found(proof, converges) if proof.rules else None


def _one_side(
    c: Any, k: Any, a: int, values: list[Any], ratio: Any, y: Any, facts: Facts, positive: Positive, relations: Relations
) -> Found | None:
    """R = Σ_{k≥0} c(k) y^(k + a) for y > 0."""
    start, near = from_the_start(y, facts)
    known = near.given(*(base > 0 for base in _bases(ratio.xreplace({y: start}), start) if positive(base, near)))
    if not is_analytic(ratio.xreplace({y: start}), start, known):
        return None
    # the facts that hold from the start on, of y itself
    facts = Facts(tuple(replaced(q, start, y) for q in known.where))
    form = NormalForm(facts)
    for found in relations(c, k):
        order = len(found) - 1
        polynomials = [sp.Poly(p, k) for p in found]
        shifted = sum(p * c.subs(k, k + j) for j, p in enumerate(found))
        if a + order > MOST_VALUES or not NormalForm(facts).is_zero(shifted) or not facts.is_nonzero(found[-1]):
            continue
        taylor = [sp.Integer(0)] * a + values[:order]
        if not all(_has_coefficient(ratio, y, n, c_n, facts) for n, c_n in enumerate(taylor)):
            continue
        total, boundary = sp.Integer(0), sp.Integer(0)
        powers = [ratio]
        for _ in range(max(p.degree() for p in polynomials)):
            powers.append(form.expression(form.flatten(y * sp.Derivative(powers[-1], y))))
        for j, p in enumerate(polynomials):
            # p was found for the coefficient c(k) of y^(k + a): in powers of y it is p(θ - a - j)
            inner = sp.Poly(p.as_expr().subs(k, k - a - j), k)
            total += y ** (order - j) * sum(q * powers[n] for n, q in enumerate(inner.all_coeffs()[::-1]))
            for n, c_n in enumerate(taylor):
                if n + order - j < a + order:
                    boundary += y ** (n + order - j) * inner.eval(n) * c_n
        if form.is_zero(total - boundary):
            text = " + ".join(f"({p})·c(k+{j})" for j, p in enumerate(found))
            proof = Proof((("generating function", f"{text} = 0, {a + order} first coefficients"),))
            return Found(proof, _converges(polynomials, y, facts, positive))
    return None


def _converges(polynomials: list[Any], y: Any, facts: Facts, positive: Positive) -> bool:
    """Whether Σ c_k y^k converges for a recurrence of order 1 or 2 with real coefficients.

    With α_j = lim p_j(k) / p_J(k), lim sup |c_k|^(1/k) is at most the largest modulus of a root of λ^J + Σ α_j λ^j (Poincaré).
    The roots of λ² + b λ + c lie inside of the unit circle if and only if |c| < 1 and |b| < 1 + c (Schur and Cohn).
    """
    order, degree = len(polynomials) - 1, polynomials[-1].degree()
    if order > 2 or any(p.degree() > degree for p in polynomials) or not facts.is_nonzero(polynomials[-1].LC()):
        return False
    limits = [sp.cancel(p.nth(degree) / polynomials[-1].LC()) * y ** (order - j) for j, p in enumerate(polynomials[:-1])]
    if not all(facts.is_real(c) for c in limits):
        return False
    c, b = (limits[0], limits[1]) if order == 2 else (sp.Integer(0), limits[0])
    return all(positive(q, facts) for q in (1 - c, 1 + c, sp.expand(1 + c - b), sp.expand(1 + c + b)))


def _has_coefficient(ratio: Any, y: Any, n: int, value: Any, facts: Facts) -> bool:
    """Whether the coefficient of y^n in the Taylor series at 0 is the value."""
    at = sp.diff(ratio, y, n).subs(y, 0) / sp.factorial(n)
    return bool(NormalForm(facts.about_others(y)).is_zero(at - value))


def _bases(e: Any, x: Any) -> list[Any]:
    """What has to be positive for powers and logarithms in e to be analytic."""
    found = [p.base for p in e.atoms(sp.Pow) if p.base.has(x) and not (p.exp.is_Integer and p.exp > 0)]
    return [*found, *(node.args[0] for node in e.atoms(sp.log) if node.has(x))]


__all__ = ["by_generating_function"]
