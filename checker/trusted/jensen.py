"""Jensen's inequality for a sum that is written out: Σ w_i f(u_i) ≥ W f(Σ w_i u_i / W), f convex, w_i ≥ 0 and W = Σ w_i > 0."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.heads import line_in
from derivable.trusted.normal_form import vanishes_identically

Sign = Callable[[Any, Facts, bool], "Proof | None"]
CIRCULAR = (sp.sin, sp.cos)


def by_jensen(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) from e' ≥ 0 (e' > 0), where e' has W f(M) in place of two or more terms w_i f(u_i), and M their mean.

    Of f = exp on the reals; of f = -log, and powers with exponents below 0, for u_i > 0; for u_i ≥ 0 of powers with exponents
    from 1, and of -u^r with 0 < r ≤ 1; of -sin for 0 ≤ u ≤ π, and -cos for |u| ≤ π/2. Exponents may be symbols. As w log u =
    -w log(1/u), logarithms of either sign have convex terms: Σ a_i log(a_i/b_i) ≥ A log(A/B) for A = Σ a_i, B = Σ b_i (the
    inequality of sums of logarithms).
    """
    e = _logarithms_joined(sp.expand_mul(e), facts)
    groups: dict[tuple[Any, Any, int], list[tuple[Any, Any, Any]]] = {}
    for term in sp.Add.make_args(e):
        for factor in sp.Mul.make_args(term):
            kind = _kind(factor, facts)
            if kind is not None:
                function, exponent, argument, curvature = kind
                weight = curvature * term / factor
                if function is sp.log and weight.free_symbols and facts.is_nonnegative(-weight):
                    argument, weight = 1 / argument, -weight
                if facts.is_nonnegative(weight):
                    groups.setdefault((function, exponent, curvature), []).append((term, weight, argument))
                    break
    for (function, exponent, curvature), members in _choices(groups):
        total = _one_if_known(sp.factor(sp.Add(*(w for _, w, _ in members))), facts)
        if len({u for _, _, u in members}) < 2 or not facts.is_positive(total):
            continue
        mean = _one_if_known(sp.factor(sp.Add(*(w * u for _, w, u in members)) / total), facts)
        if function in CIRCULAR:
            mean = next((m for m in by_linear_equations(mean, facts) if m.is_number), mean)
        value = mean**exponent if function is sp.Pow else function(mean)
        below = e - sp.Add(*(t for t, _, _ in members)) + curvature * total * value
        part = _below_tangent(below, facts, strict) or sign(below, facts, strict)
        if part is not None:
            name = f"the power {exponent}" if function is sp.Pow else function.__name__
            return Proof((("Jensen's inequality", f"for {name}, {len(members)} terms, their mean {mean}"),)).join(part)
    return None


def _choices(groups: dict[Any, list[Any]]) -> list[tuple[Any, list[Any]]]:
    """Each group, and without the terms whose weights are numbers, which may be what the others are compared with."""
    parts = [(kind, [m for m in members if m[1].free_symbols]) for kind, members in groups.items()]
    return [*groups.items(), *(part for part in parts if part[1] != groups[part[0]])]


def _logarithms_joined(e: Any, facts: Facts) -> Any:
    """e with -w log(∏ v_j / ∏ u_i) in place of Σ w log u_i - Σ w log v_j, for each w ≥ 0 that is no number; u, v > 0."""
    joined: dict[Any, Any] = {}
    rest = sp.Integer(0)
    for term in sp.Add.make_args(e):
        logs = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.log)]
        weight = term / logs[0] if len(logs) == 1 and len(logs[0].args) == 1 else sp.Integer(0)
        way = 1 if facts.is_nonnegative(weight) else -1
        if not weight.free_symbols or not facts.is_nonnegative(way * weight) or not facts.is_positive(logs[0].args[0]):
            rest += term
            continue
        joined[way * weight] = joined.get(way * weight, sp.Integer(1)) * logs[0].args[0] ** (-way)
    return sp.Add(rest, *(-weight * sp.log(argument) for weight, argument in joined.items()))


def _below_tangent(e: Any, facts: Facts, strict: bool) -> Proof | None:
    """e ≥ 0 where it vanishes with w (u - 1) in place of w log u, w ≤ 0, or with w (1 - 1/u), w ≥ 0.

    e has one logarithm, of a u > 0: log u ≤ u - 1, and so log u ≥ 1 - 1/u.
    """
    logs = [n for n in e.atoms(sp.log) if len(n.args) == 1 and n.free_symbols]
    if strict or len(logs) != 1 or not facts.is_positive(logs[0].args[0]):
        return None
    (u,) = logs[0].args
    line = line_in(e, logs[0], log=False)
    if line is None:
        return None
    slope, rest = line
    for weight, bound in ((slope, 1 - 1 / u), (-slope, u - 1)):
        if facts.is_nonnegative(weight) and vanishes_identically(rest + slope * bound, facts):
            return Proof((("tangent of the logarithm", f"at 1, for the logarithm of {u}"),))
    return None


def _one_if_known(total: Any, facts: Facts) -> Any:
    return sp.Integer(1) if facts.equations and vanishes_identically(total - 1, facts) else total


def by_linear_equations(e: Any, facts: Facts) -> Iterator[Any]:
    """e, and e with a symbol by the others, as a linear equation with rational coefficients of symbols says it."""
    yield e
    for left, right in facts.equations:
        line = sp.expand(left - right)
        for s in sorted(line.free_symbols & e.free_symbols, key=str):
            slope = line.coeff(s) if line.is_polynomial(s) and sp.degree(line, s) == 1 else sp.Integer(0)
            if slope.is_Rational and slope != 0:
                yield sp.expand(e.xreplace({s: s - line / slope}))


def _kind(factor: Any, facts: Facts) -> tuple[Any, Any, Any, int] | None:
    """(function, exponent, argument, 1 for a convex or -1 for a concave function) of f(u), where u lies in its domain."""
    if not factor.free_symbols:
        return None
    if isinstance(factor, sp.exp):
        return (sp.exp, None, factor.args[0], 1) if facts.is_real(factor.args[0]) else None
    if isinstance(factor, sp.log) and len(factor.args) == 1:
        return (sp.log, None, factor.args[0], -1) if facts.is_positive(factor.args[0]) else None
    if isinstance(factor, CIRCULAR):
        start = sp.Integer(0) if isinstance(factor, sp.sin) else sp.pi / 2
        ends = (factor.args[0] + start, sp.pi - start - factor.args[0])
        between = all(any(facts.is_nonnegative(form) for form in by_linear_equations(end, facts)) for end in ends)
        return (factor.func, None, factor.args[0], -1) if between else None
    if isinstance(factor, sp.Pow) and not factor.exp.is_Integer:
        base, r = factor.as_base_exp()
        if not facts.is_real(r) or not facts.is_nonnegative(base):
            return None
        if facts.is_positive(r) and facts.is_nonnegative(1 - r):
            return (sp.Pow, r, base, -1)
        if facts.is_nonnegative(r - 1) or (facts.is_positive(-r) and facts.is_positive(base)):
            return (sp.Pow, r, base, 1)
    return None


__all__ = ["by_jensen", "by_linear_equations"]
