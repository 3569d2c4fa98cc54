"""The inequality of weighted means: Σ cᵢ mᵢ ≥ Π (cᵢ mᵢ/wᵢ)^{wᵢ} for positive terms and weights that add up to 1."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import NONNEGATIVE, NONPOSITIVE, Facts
from derivable.trusted.normal_form import NormalForm

Sign = Callable[[Any, Facts, bool], "Proof | None"]

# Terms of a mean: the weights solve one linear equation each.
MOST = 4


def by_weighted_means(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    r"""e = Σ cᵢ mᵢ - C m ≥ 0 (> 0) for monomials m in positive variables with real exponents, in which parameters may occur.

    Weights w with Σ wᵢ = 1 and Π mᵢ^{wᵢ} = m are the solution of linear equations in the exponents. If all w, c and C are
    positive (w = c may be 0), e is at least m (Π (cᵢ/wᵢ)^{wᵢ} - C), and what is left is Σ wᵢ log(cᵢ/wᵢ) - log C ≥ 0 (> 0).
    Source: Reznick, Forms derived from the arithmetic-geometric inequality, Math. Ann. 283 (1989).
    """
    variables = _variables(e, facts)
    terms = _terms(e, variables) if variables else {}
    below = [m for m, c in terms.items() if facts.signs(c) == frozenset({-1})]
    if len(below) != 1 or not 3 <= len(terms) <= MOST + 1:
        return None
    mean, size = below[0], -terms.pop(below[0])
    if any(not facts.is_real(power) for m in (mean, *terms) for power in m):
        return None
    vanishes = _vanishing(facts)
    # one row an equation: the exponents of each variable, and the sum of the weights
    rows = [[*powers, goal] for *powers, goal in zip(*terms, mean, strict=True)] + [[sp.Integer(1)] * (len(terms) + 1)]
    for chosen in combinations(rows, len(terms)):
        system = sp.Matrix([row[:-1] for row in chosen])
        if vanishes(system.det()):
            continue
        weights = [sp.cancel(w) for w in system.LUsolve(sp.Matrix([row[-1] for row in chosen]))]
        if all(vanishes(sum(w * c for w, c in zip(weights, row[:-1], strict=True)) - row[-1]) for row in rows):
            return _proof(list(terms.values()), weights, size, facts, strict, sign, vanishes)
    return None


def by_means_of_factors(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) without its geometric means: min u_i ≤ Π u_i^(w_i) ≤ Σ w_i u_i for u_i ≥ 0, w_i > 0 and Σ w_i = 1.

    Every term with a power that is no whole number has to be such a mean, times a factor of one sign.
    """
    if not isinstance(e, sp.Add) or not any(p.exp.is_Rational and not p.exp.is_Integer for p in e.atoms(sp.Pow)):
        return None
    goal = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand_mul(sp.expand(e))):
        if any(not p.exp.is_Integer for p in term.atoms(sp.Pow)):
            rest, means = _factors_of_mean(term, facts)
            signs = facts.signs(rest)
            if not means or signs is None or not (signs <= NONNEGATIVE or signs <= NONPOSITIVE):
                return None
            bound = sp.Min(*means) if signs <= NONNEGATIVE else sp.Add(*(w * u for u, w in means.items()))
            term = rest * bound
        goal += term
    part = sign(sp.expand(goal), facts, strict)
    return None if part is None else Proof((("means of factors", f"at least {goal}"),)).join(part)


def _factors_of_mean(term: Any, facts: Facts) -> tuple[Any, dict[Any, Any]]:
    """(rest, {u: its weight}) of a term with the factor Π u^w; nothing if the weights do not add up to 1."""
    rest: Any = sp.Integer(1)
    means: dict[Any, Any] = {}
    for factor in sp.Mul.make_args(term):
        base, power = factor.as_base_exp()
        if not power.is_Rational or power.is_Integer or power < 0 or base.is_number:
            rest *= factor
            continue
        bases = base.args if isinstance(base, sp.Mul) and all(facts.is_nonnegative(b) for b in base.args) else (base,)
        for u in bases:
            if not facts.is_nonnegative(u):
                return term, {}
            means[u] = means.get(u, sp.Integer(0)) + power
    return (rest, means) if sum(means.values()) == 1 else (term, {})


def _proof(
    sizes: list[Any],
    weights: list[Any],
    size: Any,
    facts: Facts,
    strict: bool,
    sign: Sign,
    vanishes: Callable[[Any], bool],
) -> Proof | None:
    proof = Proof((("weighted means", f"the weights {', '.join(map(str, weights))} add up to 1"),))
    ratios = []
    for c, w in zip(sizes, weights, strict=True):
        # a term that is its weight may vanish with it: it leaves the mean
        same = vanishes(c - w)
        for positive in (w,) if same else (w, c):
            part = sign(positive, facts, not same)
            if part is None:
                return None
            proof = proof.join(part)
        ratios.append(sp.Integer(1) if same else sp.cancel(c / w))
    left = sp.Add(*(w * sp.log(ratio) for w, ratio in zip(weights, ratios, strict=True))) - sp.log(size)
    if left == 0:
        return None if strict else proof
    part = sign(left, facts, strict)
    return None if part is None else proof.join(part)


def _variables(e: Any, facts: Facts) -> list[Any]:
    """Positive symbols that are raised to powers and occur in no exponent; none if no exponent but whole numbers occurs."""
    powers = [p for p in e.atoms(sp.Pow) if not p.exp.is_Integer]
    if not isinstance(e, sp.Add) or not powers:
        return []
    above = {s for p in e.atoms(sp.Pow, sp.exp) for s in p.exp.free_symbols}
    raised = {s for p in powers for s in p.base.free_symbols} - above
    return sorted((s for s in raised if s.is_Symbol and facts.is_positive(s)), key=str)


def _terms(e: Any, variables: list[Any]) -> dict[tuple[Any, ...], Any]:
    """Coefficients of the monomials, each a tuple of the variables' exponents; nothing if a term is no such product."""
    found: dict[tuple[Any, ...], Any] = {}
    for term in sp.Add.make_args(sp.expand_mul(sp.expand_power_base(e))):
        coefficient, powers = sp.Integer(1), dict.fromkeys(variables, sp.Integer(0))
        for factor in sp.Mul.make_args(term):
            base, power = factor.as_base_exp()
            if base in powers:
                powers[base] += power
            elif factor.has(*variables):
                return {}
            else:
                coefficient *= factor
        monomial = tuple(sp.expand(power) for power in powers.values())
        found[monomial] = found.get(monomial, sp.Integer(0)) + coefficient
    return found


def _vanishing(facts: Facts) -> Callable[[Any], bool]:
    form = NormalForm(facts)

    def vanishes(e: Any) -> bool:
        try:
            return bool(form.is_zero(e))
        except (NoNormalForm, NeedCase, RecursionError):
            return False

    return vanishes


__all__ = ["by_means_of_factors", "by_weighted_means"]
