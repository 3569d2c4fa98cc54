"""Rules that an author names: each is a theorem that supplies an equation, and the step must follow from it by normal form.

A rule gives an expression that is zero by the theorem it stands for; `follows` then checks that the two sides of the step
differ by exactly that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivable.trusted.calculus import NoLimit, between, limit, smooth
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts, mentions
from derivable.trusted.heads import Partial, SpaceIntegral, renamed
from derivable.trusted.normal_form import NeedCase, NoNormalForm, NormalForm


class RuleFailed(Exception):
    """The certificate of a rule does not hold; the message says which part."""


@dataclass(frozen=True)
class ByParts:
    """Fundamental theorem: ∫_a^b F'(x) dx = F(b) - F(a), for the `field` F; the step is that equation, rearranged.

    Integration by parts of ∫ u' v is the field u v. F must be seen to be C¹ on the closed range (undefined functions are
    taken to be smooth).
    """

    field: Any
    variable: Any
    lower: Any
    upper: Any
    name = "integration by parts"

    def zero(self, facts: Facts) -> Any:
        """∫ F' - [F], which vanishes."""
        x = sp.Dummy(self.variable.name, real=True)
        inside = self.field.xreplace({self.variable: x})
        within = facts.given(*between(x, self.lower, self.upper, facts))
        if not smooth(inside, x, within):
            raise RuleFailed(f"the field {self.field} is not seen to be continuously differentiable on the range")
        try:
            upper, lower = (
                limit(self.field, self.variable, end, side, facts)
                if end in (sp.oo, -sp.oo)
                else self.field.subs(self.variable, end)
                for end, side in ((self.upper, -1), (self.lower, 1))
            )
        except NoLimit as error:
            raise RuleFailed(f"the field {self.field} has no limit at an end that is seen: {error}") from None
        ends = upper - lower
        return sp.Integral(sp.Derivative(self.field, self.variable), (self.variable, self.lower, self.upper)) - ends

    def certificate(self) -> str:
        """The field and the range."""
        return f"field {self.field}, from {self.lower} to {self.upper}"


@dataclass(frozen=True)
class Divergence:
    """Divergence theorem on R^d: ∫ Σ_i ∂F_i/∂x_i dx = 0 for a field that vanishes at infinity (by a hypothesis of the claim)."""

    field: Any
    point: Any
    index: Any
    name = "divergence theorem"

    def zero(self, facts: Facts) -> Any:
        """The integral of the divergence over space, which vanishes."""
        dimension = self.point.shape[0]
        return SpaceIntegral(sp.Sum(Partial(self.field, self.point, self.index), (self.index, 1, dimension)), self.point)

    def certificate(self) -> str:
        """The field."""
        return f"field with components {self.field}, decaying at infinity"


@dataclass(frozen=True)
class ChangeOfVariable:
    """∫_{φ(c)}^{φ(d)} f(x) dx = ∫_c^d f(φ(y)) φ'(y) dy for a C¹ map φ and a continuous f."""

    integrand: Any
    variable: Any
    substitute: Any
    new_variable: Any
    lower: Any
    upper: Any
    name = "change of variable"

    def zero(self, facts: Facts) -> Any:
        """The difference of the two integrals, which vanishes."""
        y = sp.Dummy(self.new_variable.name, real=True)
        within = facts.given(*between(y, self.lower, self.upper, facts))
        image = self.substitute.xreplace({self.new_variable: y})
        if not smooth(image, y, within) or not smooth(self.integrand.xreplace({self.variable: image}), y, within):
            raise RuleFailed("the substitution or the integrand is not seen to be continuous on the range")
        start, end = (self.substitute.subs(self.new_variable, c) for c in (self.lower, self.upper))
        new = self.integrand.subs(self.variable, self.substitute) * sp.Derivative(self.substitute, self.new_variable)
        return sp.Integral(self.integrand, (self.variable, start, end)) - sp.Integral(
            new, (self.new_variable, self.lower, self.upper)
        )

    def certificate(self) -> str:
        """The substitution."""
        return f"{self.variable} = {self.substitute}, {self.new_variable} from {self.lower} to {self.upper}"


@dataclass(frozen=True)
class Induction:
    """Induction on an integer: true for start … start + span - 1, and truth for n … n + span - 1 gives truth for n + span."""

    variable: Any
    start: int = 0
    span: int = 1
    name = "induction"


Rule = ByParts | Divergence | ChangeOfVariable | Induction


def proof_by(rule: Rule, lhs: Any, rhs: Any) -> Callable[[Facts], Proof | None]:
    """The check of a step lhs = rhs by a rule, to be handed to the decision."""
    lhs, rhs = renamed(lhs), renamed(rhs)
    if isinstance(rule, Induction):
        return lambda facts: _by_induction(rule, lhs, rhs, facts)
    return lambda facts: _follows(rule, lhs, rhs, facts)


def _follows(rule: Any, lhs: Any, rhs: Any, facts: Facts) -> Proof | None:
    zero = rule.zero(facts)
    form = NormalForm(facts)
    for sign in (1, -1):
        if form.is_zero(lhs - rhs - sign * zero):
            return Proof(((rule.name, rule.certificate()),), cited=tuple(form.cited))
    raise RuleFailed(f"the sides do not differ by what {rule.name} with {rule.certificate()} supplies")


def _by_induction(rule: Induction, lhs: Any, rhs: Any, facts: Facts) -> Proof | None:
    n, e = rule.variable, lhs - rhs
    others = Facts(tuple(c for c in facts.where if not _bounds(c, n)))
    if not facts.is_integer(n) or not facts.is_nonnegative(n - rule.start):
        raise RuleFailed(f"{n} is not known to be an integer that is at least {rule.start}, where the induction starts")
    if any(mentions(c, n) for c in others.where):
        raise RuleFailed(f"a hypothesis other than a lower bound speaks of {n}")
    proof = Proof(((f"induction on {n}", f"from {rule.start}, step {rule.span}"),))
    for k in range(rule.start, rule.start + rule.span):
        if not NormalForm(others).is_zero(e.subs(n, k)):
            raise RuleFailed(f"the base case {n} = {k} does not hold by normal form")
        proof = proof.then("base", f"{n} = {k}")
    earlier = [sp.Eq(e.subs(n, n + j), 0, evaluate=False) for j in range(rule.span)]
    form = NormalForm(others.given(n >= rule.start, *earlier))
    if not form.is_zero(e.subs(n, n + rule.span)):
        raise RuleFailed(f"the case {n} + {rule.span} does not follow from the cases before it")
    return Proof(proof.rules, cited=tuple(form.cited)).then("step", f"the case {n} + {rule.span} from the {rule.span} before it")


def _bounds(condition: Any, n: Any) -> bool:
    return isinstance(condition, sp.Ge | sp.Gt) and condition.lhs == n and condition.rhs.is_number


__all__ = [
    "ByParts",
    "ChangeOfVariable",
    "Divergence",
    "Induction",
    "NeedCase",
    "NoNormalForm",
    "Rule",
    "RuleFailed",
    "proof_by",
    "smooth",
]
