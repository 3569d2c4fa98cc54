"""Rules that an author names: each is a theorem that supplies an equation, and the step must follow from it by normal form.

A rule gives an expression that is zero by the theorem it stands for; `follows` then checks that the two sides of the step
differ by exactly that.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivable.trusted.calculus import NoLimit, limit
from derivable.trusted.continuity import between, smooth
from derivable.trusted.decision import Proof
from derivable.trusted.definedness import unsafe
from derivable.trusted.equality import Search
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts, ForAll, mentions
from derivable.trusted.heads import Expectation, Jet, Partial, SpaceIntegral, captures, occurs, renamed
from derivable.trusted.normal_form import NormalForm
from derivable.trusted.order import OrderProver
from derivable.trusted.recurrences import counts_in_ones
from derivable.trusted.unit_steps import continued


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
        if captures(self.field, (self.lower, self.upper)):
            raise RuleFailed(f"a mean inside {self.field} binds what an end speaks of")
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
        if captures(self.integrand, (self.substitute, self.lower, self.upper)) or captures(
            self.substitute, (self.lower, self.upper)
        ):
            raise RuleFailed("a mean inside the integrand binds what is put into it")
        y = sp.Dummy(self.new_variable.name, real=True)
        within = facts.given(*between(y, self.lower, self.upper, facts))
        image = self.substitute.xreplace({self.new_variable: y})
        ends = [end for end in (self.lower, self.upper) if end not in (sp.oo, -sp.oo)]
        if not all(facts.is_real(end) for end in ends) or not within.is_real(image):
            raise RuleFailed("the substitution is not seen to stay on the real line")
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
    """Induction on an integer: true for start … start + span - 1, and truth for n … n + span - 1 gives truth for n + span.

    What is shown is an equation or an inequality, and may speak of other variables: with `forall` the cases before are used at
    all values of these that the hypotheses about them admit, else at the same values only. The left side of an equation is then
    rewritten into its right side, so it has to be one function, sum or element; an inequality is taken at the arguments that
    occur.
    """

    variable: Any
    start: int = 0
    span: int = 1
    forall: tuple[Any, ...] = ()
    name = "induction"


@dataclass(frozen=True)
class Convex:
    """A convex f lies above its tangent: f(to) ≥ f(at) + f'(at) (to - at) for points of an interval on which f'' ≥ 0.

    The step has to follow from that inequality: what its right side exceeds its left side by is at least what the tangent
    inequality says is not negative.
    """

    function: Any
    variable: Any
    at: Any
    to: Any
    lower: Any = -sp.oo
    upper: Any = sp.oo
    name = "convexity"
    way = 1

    def certificate(self) -> str:
        """The function and the point of the tangent."""
        second = f"the second derivative of {self.function} in {self.variable}"
        return f"{second} is {'not negative' if self.way > 0 else 'not positive'}; tangent at {self.at}, seen at {self.to}"


@dataclass(frozen=True)
class Concave(Convex):
    """A concave f lies below its tangent: f(to) ≤ f(at) + f'(at) (to - at) for points of an interval on which f'' ≤ 0."""

    name = "concavity"
    way = -1


@dataclass(frozen=True)
class Monotone:
    """a ≤ b (or a < b) because f(a) ≤ f(b) and f' > 0 between the ends, or f(a) ≥ f(b) and f' < 0. The step is a ≤ b."""

    function: Any
    variable: Any
    lower: Any = -sp.oo
    upper: Any = sp.oo
    name = "strict monotonicity"


@dataclass(frozen=True)
class Exchange:
    """E[e] = E[e with z_i and z_j exchanged] for a vector of independent copies (`Independent(z, law=y)`).

    The expression may hold the vector in whole sums over its coordinates, which an exchange does not change, and in
    elements at i, at j, or at indices known to be others.
    """

    expression: Any
    vector: Any
    first: Any
    second: Any
    name = "exchange of independent copies"

    def zero(self, facts: Facts) -> Any:
        """The difference of the two means, which vanishes."""
        law = facts.independent.get(self.vector)
        if law is None or law.law is None:
            raise RuleFailed(f"{self.vector} is not known to be a vector of independent copies: assume Independent(…, law=…)")
        for i in (self.first, self.second):
            if not facts.is_integer(i) or not (facts.is_nonnegative(i - 1) and facts.is_nonnegative(self.vector.shape[0] - i)):
                raise RuleFailed(f"{i} is not known to be an index of {self.vector}")
        return Expectation(self.expression, self.vector) - Expectation(self._exchanged(self.expression, facts), self.vector)

    def _exchanged(self, e: Any, facts: Facts) -> Any:
        z = self.vector
        if isinstance(e, sp.Indexed) and e.base == z:
            (k,) = e.indices
            for one, other in ((self.first, self.second), (self.second, self.first)):
                if facts.decide(sp.Eq(k, one, evaluate=False)) is True or sp.expand(k - one) == 0:
                    return z[other]
            if all(facts.is_nonzero(sp.expand(k - i)) for i in (self.first, self.second)):
                return e
            raise RuleFailed(f"whether {e} is one of the two that are exchanged is not known")
        if isinstance(e, sp.Sum) and e.has(z):
            (n, a, b), body = e.limits[0], e.args[0]
            elements = {x for x in body.atoms(sp.Indexed) if x.base == z}
            whole = len(e.limits) == 1 and sp.expand(a - 1) == 0 and sp.expand(b - z.shape[0]) == 0
            others = body.xreplace({x: sp.Dummy() for x in elements})
            if not whole or any(x.indices != (n,) for x in elements) or others.has(n, z, z.label):
                raise RuleFailed(f"{e} is not a sum of one function over all coordinates of {z}")
            return e
        if e == z:
            raise RuleFailed(f"{z} as a whole occurs")
        if e.has(z) and isinstance(e, sp.Product | sp.Integral | sp.Limit | sp.Derivative | sp.Subs):
            raise RuleFailed(f"{e} binds variables of its own")
        return e.func(*(self._exchanged(part, facts) for part in e.args)) if e.args and e.has(z) else e

    def certificate(self) -> str:
        """The expression and the two elements."""
        return f"{self.vector}[{self.first}] and {self.vector}[{self.second}] in {self.expression}"


@dataclass(frozen=True)
class InTheLimit:
    """lhs ≤ rhs because lhs ≤ bound for all values of a variable that lhs does not hold, and bound tends to rhs (or to less).

    The inequality lhs ≤ bound is proved from the facts that the step uses, for an arbitrary value of the variable.
    """

    bound: Any
    variable: Any
    point: Any
    direction: int = 1
    name = "passage to the limit"

    def certificate(self) -> str:
        """The bound and where its variable goes."""
        return f"{self.bound} as {self.variable} → {self.point}"


Rule = InTheLimit | Exchange | ByParts | Divergence | ChangeOfVariable | Induction | Convex | Monotone


def proof_by(
    rule: Rule, lhs: Any, rhs: Any, relation: str = "=", search: Search | None = None
) -> Callable[[Facts], Proof | None]:
    """The check of a step lhs = rhs, or lhs ≤ rhs, by a rule, to be handed to the decision."""
    written = lhs - rhs if relation == "=" else None
    lhs, rhs = renamed(lhs), renamed(rhs)
    if isinstance(rule, Convex | Monotone | InTheLimit):
        if relation == "=":
            raise RuleFailed(f"{rule.name} gives an inequality, and the step is an equation")
        check = _by_tangent if isinstance(rule, Convex) else _by_monotonicity if isinstance(rule, Monotone) else _by_limit
        return lambda facts: check(rule, lhs, rhs, relation == "<", facts)
    if isinstance(rule, Induction):
        if relation != "=":
            return lambda facts: _by_induction_of_order(rule, lhs, rhs, relation == "<", facts, search)
        return lambda facts: _by_induction(rule, lhs, rhs, facts)
    if relation != "=":
        raise RuleFailed(f"{rule.name} gives an equation, and the step is an inequality")
    return lambda facts: _follows(rule, written, lhs, rhs, facts)


SECONDS = 15.0  # for each of the parts of a rule about order


def _by_tangent(rule: Any, lhs: Any, rhs: Any, strict: bool, facts: Facts) -> Proof | None:
    x = sp.Dummy(rule.variable.name, real=True)
    f = renamed(rule.function).xreplace({rule.variable: x})
    within = facts.given(*between(x, rule.lower, rule.upper, facts))
    if not smooth(f, x, within):
        raise RuleFailed(f"{rule.function} is not seen to be smooth on the range")
    if captures(f, (rule.at, rule.to)):
        raise RuleFailed("a mean inside the function binds what its argument is replaced by")
    _inside(rule, (rule.at, rule.to), facts)
    form = NormalForm(within)
    first, second = (form.canonical(sp.Derivative(f, (x, order))) for order in (1, 2))
    if not smooth(first, x, within):
        raise RuleFailed(f"the derivative of {rule.function} is not seen to be continuous on the range")
    bend = _sign(rule.way * second, within, False)
    if bend is None:
        raise RuleFailed(
            f"the second derivative of {rule.function} is not seen to be {'≥' if rule.way > 0 else '≤'} 0 on the range"
        )
    tangent = f.xreplace({x: rule.at}) + first.xreplace({x: rule.at}) * (rule.to - rule.at)
    excess = rule.way * (f.xreplace({x: rule.to}) - tangent)
    rest = _sign(rhs - lhs - excess, facts, strict)
    if rest is None:
        raise RuleFailed(f"the step does not follow from the tangent inequality {excess} ≥ 0")
    return Proof(((rule.name, rule.certificate()),)).join(bend).join(rest)


def _by_monotonicity(rule: Any, lhs: Any, rhs: Any, strict: bool, facts: Facts) -> Proof | None:
    x = sp.Dummy(rule.variable.name, real=True)
    f = renamed(rule.function).xreplace({rule.variable: x})
    within = facts.given(*between(x, rule.lower, rule.upper, facts))
    if not smooth(f, x, within):
        raise RuleFailed(f"{rule.function} is not seen to be smooth on the range")
    if captures(f, (lhs, rhs)):
        raise RuleFailed("a mean inside the function binds what its argument is replaced by")
    _inside(rule, (lhs, rhs), facts)
    slope = NormalForm(within).canonical(sp.Derivative(f, x))
    values = [_known_value(f.xreplace({x: side}), facts) for side in (lhs, rhs)]
    for way in (1, -1):
        inside = facts.given(*(c for c in (x > rule.lower, x < rule.upper) if c not in (sp.true, sp.false)))
        sense = _sign(way * slope, inside, True)
        if sense is None:
            continue
        order = _sign(way * (values[1] - values[0]), facts, strict)
        if order is None:
            raise RuleFailed(f"the values {values[0]} and {values[1]} of {rule.function} are not seen to be in the right order")
        certificate = f"{rule.function} {'increases' if way > 0 else 'decreases'} in {rule.variable}"
        return Proof(((rule.name, certificate),)).join(sense).join(order)
    raise RuleFailed(f"the derivative of {rule.function} is not seen to have one sign on the range")


def _by_limit(rule: Any, lhs: Any, rhs: Any, strict: bool, facts: Facts) -> Proof | None:
    if strict:
        raise RuleFailed("a limit of ≤ or < is ≤: state the step with <=")
    if occurs(rule.variable, lhs) or occurs(rule.variable, rhs):
        raise RuleFailed(f"the sides must not hold {rule.variable}")
    free = Facts(tuple(c for c in facts.where if isinstance(c, ForAll) or not mentions(c, rule.variable)))
    # any value near the point, on its side, whatever the variable is assumed to be: facts for all values have to admit it
    step = sp.Dummy("h", positive=True, integer=True if rule.variable.is_integer else None)
    if rule.variable.is_integer and rule.point not in (sp.oo, -sp.oo):
        raise RuleFailed(f"{rule.variable} is an integer and does not tend to {rule.point}")
    near = {sp.oo: step, -sp.oo: -step}.get(rule.point, rule.point + rule.direction * step)
    if captures(rule.bound, (near,)):
        raise RuleFailed("a mean inside the bound binds what the variable tends to")
    below = _sign(renamed(rule.bound).xreplace({rule.variable: near}) - lhs, free, False)
    if below is None:
        raise RuleFailed(f"the left side is not seen to be at most {rule.bound} for every {rule.variable} near {rule.point}")
    try:
        value = limit(rule.bound, rule.variable, rule.point, rule.direction, free)
    except (NoLimit, NeedCase, NoNormalForm) as error:
        raise RuleFailed(f"the limit of {rule.bound} is not seen: {error}") from None
    rest = None if value in (sp.oo, -sp.oo) else _sign(rhs - value, free, False)
    if rest is None:
        raise RuleFailed(f"the right side is not seen to be at least the limit {value}")
    return Proof(((rule.name, f"{rule.certificate()}: {value}"),)).join(below).join(rest)


def _inside(rule: Any, points: tuple[Any, ...], facts: Facts) -> None:
    for point in points:
        if not facts.is_real(point):
            raise RuleFailed(f"{point} is not known to be real")
        ends = [
            d for d, end in ((point - rule.lower, rule.lower), (rule.upper - point, rule.upper)) if end not in (sp.oo, -sp.oo)
        ]
        for distance in ends:
            if _sign(distance, facts, False) is None:
                raise RuleFailed(f"{point} is not seen to lie between {rule.lower} and {rule.upper}")


def _sign(e: Any, facts: Facts, strict: bool, search: Search | None = None) -> Proof | None:
    return OrderProver(search, time.monotonic() + SECONDS).sign(e, facts, strict)


def _known_value(e: Any, facts: Facts) -> Any:
    """What an equation among the facts says that e is."""
    form = NormalForm(Facts(tuple(c for c in facts.where if not isinstance(c, sp.Eq))))
    for left, right in facts.equations:
        with contextlib.suppress(NeedCase, NoNormalForm):
            if form.is_zero(e - left):
                return right
    return e


def _follows(rule: Any, written: Any, lhs: Any, rhs: Any, facts: Facts) -> Proof | None:
    zero = rule.zero(facts)
    form = NormalForm(facts)
    for sign in (1, -1):
        try:
            # as it is written, or by normal form
            follows = sp.expand(written - sign * zero) == 0 or form.is_zero(lhs - rhs - sign * zero)
        except (NeedCase, NoNormalForm) as error:
            raise RuleFailed(f"the step is not seen to be what {rule.name} supplies: {error}") from None
        if follows:
            means = {n.args[1] for n in zero.atoms(Expectation, SpaceIntegral)} if isinstance(rule, ByParts) else set()
            under = ("differentiation under the mean (C¹ integrand, dominated derivative)",) if means else ()
            return Proof(((rule.name, rule.certificate()),), cited=tuple(dict.fromkeys((*form.cited, *under))))
    raise RuleFailed(f"the sides do not differ by what {rule.name} with {rule.certificate()} supplies")


def _by_induction(rule: Induction, lhs: Any, rhs: Any, facts: Facts) -> Proof | None:
    n, e = rule.variable, lhs - rhs
    others = _apart_from_bounds(rule, e, facts)
    proof = Proof(((f"induction on {n}", f"from {rule.start}, step {rule.span}"),))
    for k in range(rule.start, rule.start + rule.span):
        if not NormalForm(others).is_zero(e.subs(n, k)):
            raise RuleFailed(f"the base case {n} = {k} does not hold by normal form")
        proof = proof.then("base", f"{n} = {k}")
    form = NormalForm(others.given(n >= rule.start, *_cases_before(rule, lhs, rhs, "=", others)))
    if not form.is_zero(e.subs(n, n + rule.span)):
        raise RuleFailed(f"the case {n} + {rule.span} does not follow from the cases before it")
    return Proof(proof.rules, cited=tuple(form.cited)).then("step", f"the case {n} + {rule.span} from the {rule.span} before it")


def _by_induction_of_order(
    rule: Induction, lhs: Any, rhs: Any, strict: bool, facts: Facts, search: Search | None
) -> Proof | None:
    """rhs - lhs ≥ 0 in the first cases, and in the case n + span where the cases before are among the facts."""
    n, e = rule.variable, rhs - lhs
    others = _apart_from_bounds(rule, e, facts)
    proof = Proof(((f"induction on {n}", f"from {rule.start}, step {rule.span}"),))
    for k in range(rule.start, rule.start + rule.span):
        base = _sign(e.subs(n, k), others, strict, search)
        if base is None:
            raise RuleFailed(f"the base case {n} = {k} is not seen to hold")
        proof = proof.then("base", f"{n} = {k}").join(base)
    above = others.given(n >= rule.start)
    given = above.given(*_cases_before(rule, lhs, rhs, "<" if strict else "<=", others))
    target = e
    for _ in range(rule.span):  # sums up to n + 1 by those up to n
        after = continued(target, n, above)
        target = target.subs(n, n + 1) if after is None else after
    if rule.forall:  # recurrences among the hypotheses show at which arguments the cases before are used
        with contextlib.suppress(NeedCase, NoNormalForm, RecursionError):
            target = _with_functions(NormalForm(above).canonical(target), target)
    step = _sign(sp.expand(target, log=False), given, strict, search)
    if step is None:
        raise RuleFailed(f"the case {n} + {rule.span} does not follow from the cases before it")
    return proof.then("step", f"the case {n} + {rule.span} from the {rule.span} before it").join(step)


def _with_functions(e: Any, before: Any) -> Any:
    """e with the undefined functions that occurred before, where the normal form has the names of their values."""
    functions: dict[str, set[Any]] = {}
    for node in before.atoms(AppliedUndef):
        functions.setdefault(node.func.__name__, set()).add(node.func)
    return e.replace(
        lambda node: isinstance(node, Jet) and not any(node.args[1]) and len(functions.get(str(node.args[0]), ())) == 1,
        lambda node: next(iter(functions[str(node.args[0])]))(*node.args[2:]),
    )


def _apart_from_bounds(rule: Induction, e: Any, facts: Facts) -> Facts:
    """The hypotheses that do not speak of the integer, once the induction is seen to reach all of its values."""
    n = rule.variable
    others = Facts(tuple(c for c in facts.where if not _bounds(c, n)))
    if isinstance(n, sp.Symbol) and not counts_in_ones(n):
        raise RuleFailed(f"{n} is not any integer from some number on, by what is assumed of it")
    if not facts.is_integer(n) or not facts.is_nonnegative(n - rule.start):
        raise RuleFailed(f"{n} is not known to be an integer that is at least {rule.start}, where the induction starts")
    if any(mentions(c, n) for c in others.where):
        raise RuleFailed(f"a hypothesis other than a lower bound speaks of {n}")
    above = others.given(n >= rule.start)
    if unsafe(e, n, above):
        raise RuleFailed(f"it is not seen that the statement is defined for all {n} from {rule.start} on")
    if any(unsafe(e, s, above) for s in rule.forall):
        raise RuleFailed("it is not seen that the statement is defined for all values of the variables of forall")
    return others


def _cases_before(rule: Induction, lhs: Any, rhs: Any, relation: str, facts: Facts) -> list[Any]:
    """The statement for n … n + span - 1, for all values of the variables that the rule names."""
    n, compare = rule.variable, {"=": sp.Eq, "<=": sp.Le, "<": sp.Lt}[relation]
    if not rule.forall:
        return [compare((lhs - rhs).subs(n, n + j), 0, evaluate=False) for j in range(rule.span)]
    if n in rule.forall or not all(isinstance(s, sp.Symbol) for s in rule.forall):
        raise RuleFailed("forall names symbols other than the one that is inducted on")
    about = [c for c in facts.where if any(mentions(c, s) for s in rule.forall)]
    if not all(isinstance(c, sp.core.relational.Relational) for c in about):
        raise RuleFailed(f"what is assumed of {', '.join(map(str, rule.forall))} is no relation")
    return [
        ForAll(rule.forall, compare(lhs.subs(n, n + j), rhs.subs(n, n + j), evaluate=False), tuple(about))
        for j in range(rule.span)
    ]


def _bounds(condition: Any, n: Any) -> bool:
    return isinstance(condition, sp.Ge | sp.Gt) and condition.lhs == n and condition.rhs.is_number


__all__ = [
    "ByParts",
    "ChangeOfVariable",
    "Concave",
    "Convex",
    "Divergence",
    "Exchange",
    "InTheLimit",
    "Induction",
    "Monotone",
    "NeedCase",
    "NoNormalForm",
    "Rule",
    "RuleFailed",
    "proof_by",
    "smooth",
]
