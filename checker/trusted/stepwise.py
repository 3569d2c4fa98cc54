"""Order along an integer whose range other symbols may bound: steps from an end, or from a point where both sides meet.

The admitted integers x, with everything else fixed, are those between the least upper and the greatest lower bound that the
hypotheses give, hence without gaps: what holds at one of them, and is passed on by steps up and down, holds at all of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivable.trusted.curves import exponentials_of_both
from derivable.trusted.decision import Proof
from derivable.trusted.definedness import unsafe
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts, mentions, replaced
from derivable.trusted.heads import bound_variables, variables_of
from derivable.trusted.recurrences import counts_in_ones
from derivable.trusted.unit_steps import GAMMA, continued, logarithms_of_sides, positive_sides

Sign = Callable[[Any, Facts, bool], "Proof | None"]
OF_INTEGERS = (sp.binomial, sp.fibonacci, sp.lucas, sp.tribonacci)  # defined at others by conventions, or not at all
ANCHORS = 6  # of one integer, at most


@dataclass(frozen=True)
class Range:
    """The integers x with x ≥ each of `lower` and x ≤ each of `upper`, which `relations` (expressions that are ≥ 0) say."""

    x: Any
    lower: tuple[Any, ...]
    upper: tuple[Any, ...]
    relations: tuple[Any, ...]

    def holds(self, value: Any) -> tuple[Any, ...]:
        """What it means that a value lies in the range, as expressions that are ≥ 0."""
        return tuple(h.subs(self.x, value) for h in self.relations)


def range_of(x: Any, facts: Facts) -> Range | None:
    """The range that assumptions and hypotheses leave to an integer symbol; None if anything else is said of it."""
    if not counts_in_ones(x):
        return None
    relations = [x - 1] if x.is_positive else [x] if x.is_nonnegative else []
    lower: list[Any] = [sp.Integer(1)] if x.is_positive else [sp.Integer(0)] if x.is_nonnegative else []
    upper: list[Any] = []
    for condition in facts.where:
        if not mentions(condition, x):
            continue
        if not isinstance(condition, sp.Ge | sp.Gt | sp.Le | sp.Lt):
            return None
        h = sp.expand((condition.lhs - condition.rhs) * (1 if isinstance(condition, sp.Ge | sp.Gt) else -1))
        slope = h.coeff(x) if h.is_polynomial(x) and sp.degree(h, x) == 1 else sp.Integer(0)
        rest = sp.expand(h - slope * x)
        if not slope.is_Rational or slope == 0 or rest.has(x) or not facts.is_real(rest):
            return None
        if isinstance(condition, sp.Gt | sp.Lt):
            if not facts.is_integer(h):
                return None
            h, rest = h - 1, rest - 1
        relations.append(h)
        end = sp.expand(-rest / slope)
        whole = facts.is_integer(end)
        if slope > 0:
            lower.append(end if whole else sp.ceiling(end))
        else:
            upper.append(end if whole else sp.floor(end))
    return Range(x, tuple(dict.fromkeys(lower)), tuple(dict.fromkeys(upper)), tuple(relations))


def by_steps_in_range(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 for all integers x of a range, from e ≥ 0 at x = c, and steps of f that rise above c and fall below it.

    With f = e, or f = log U - log L where e = U - L with U, L > 0. The value c, an end of the range or a place where two
    functions of one kind have the same arguments, lies in the range whenever it is not empty.
    """
    if not e.has(*GAMMA, sp.Sum, sp.Product, sp.log) and not any(p.exp.free_symbols for p in e.atoms(sp.Pow)):
        return None
    if not facts.is_real(e):
        return None
    for x in sorted((s for s in variables_of(e) if s.is_integer), key=e.count):
        within = range_of(x, facts)
        if within is None or x in bound_variables(e) or not defined_on(e, x, facts):
            continue
        if not within.upper and all(c.is_number for c in within.lower):
            continue  # the range of the rules for sequences
        for c in _anchors(e, within, facts):
            at = _at(c, e, within, facts, strict, sign)
            if at is None:
                continue
            for compared in (True, False):
                sides = _both_ways(e, compared, c, within, facts, sign)
                if sides is not None:
                    return Proof((("steps in the range", f"of {x}, up and down from {x} = {c}"),)).join(at).join(sides)
    return None


def _anchors(e: Any, within: Range, facts: Facts) -> list[Any]:
    found = [*within.upper, *within.lower]
    kinds: dict[Any, list[Any]] = {}
    for node in sorted(e.atoms(*GAMMA), key=sp.default_sort_key):
        kinds.setdefault(node.func, []).append(node)
    for nodes in kinds.values():
        for one, other in itertools.permutations(nodes, 2):
            for u, v in zip(one.args, other.args, strict=False):
                gap = sp.expand(u - v)
                slope = gap.coeff(within.x)
                if slope in (1, -1) and not v.has(within.x):
                    found.append(sp.expand(within.x - gap / slope))
    meeting = [c for c in found if c not in within.upper and c not in within.lower]
    return [c for c in dict.fromkeys([*meeting, *found]) if not c.has(within.x)][:ANCHORS]


def _at(c: Any, e: Any, within: Range, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 at x = c, once c is seen to lie in the range."""
    if not facts.is_integer(c) or not all(facts.is_nonnegative(sp.expand(h)) for h in within.holds(c)):
        return None
    value = e.subs(within.x, c)
    if value.has(sp.nan, sp.zoo):
        return None
    try:
        there = facts.without(within.x).given(*(sp.Ge(h, 0) for h in within.holds(c)))
    except Contradiction:
        return None
    return sign(value, there, strict)


def first_cases(e: Any, within: Range, c: Any, count: int, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 at x = c … c + count - 1, once all of them are seen to lie in the range, which no x below c does."""
    proof = Proof()
    for j in range(count):
        at = _at(sp.expand(c + j), e, within, facts, strict, sign)
        if at is None:
            return None
        proof = proof.join(at)
    return proof


def _both_ways(e: Any, compared: bool, c: Any, within: Range, facts: Facts, sign: Sign) -> Proof | None:
    """f(x + 1) ≥ f(x) for c ≤ x, and f(x + 1) ≤ f(x) for x < c, where x and x + 1 lie in the range."""
    x, proof = within.x, Proof()
    t = sp.Dummy("t", integer=True, nonnegative=True)
    next_one = [sp.Ge(h, 0) for h in within.holds(x + 1)]
    for way, where, value in ((1, sp.Ge(x, c), c + t), (-1, sp.Lt(x, c), c - 1 - t)):
        if (c in within.upper and way > 0) or (c in within.lower and way < 0):
            continue
        try:
            there = facts.given(*next_one, where)
            step = _step(e, x, compared, there)
            if step is None:
                return None
            part = (
                exponentials_of_both(*_counted_from(value, x, way * step, there), False, _structure)
                or exponentials_of_both(way * step, there, False, sign)
                or sign(way * step, there, False)
            )
        except Contradiction:
            continue  # there is no such step
        except (NoNormalForm, NeedCase, RecursionError):
            return None
        if part is None:
            return None
        proof = proof.then("step", f"{way * step} ≥ 0 for {where}").join(part)
    return proof


def _step(e: Any, x: Any, compared: bool, facts: Facts) -> Any:
    """f(x + 1) - f(x) without the gamma family and sums, for f = e, or f = log U - log L where U and L are positive at both."""
    f = logarithms_of_sides(e, facts) if compared else e
    if f is None or unsafe(f, x, facts):
        return None
    if compared and not all(facts.is_positive(side.subs(x, x + 1)) for side in positive_sides(e, facts) or ()):
        return None
    beyond = continued(f, x, facts)
    step = None if beyond is None else sp.expand(beyond - f, log=False)
    return None if step is None or step.has(*GAMMA, sp.Sum, sp.Product) else step


def _counted_from(value: Any, x: Any, step: Any, facts: Facts) -> tuple[Any, Facts]:
    """A step and what is known at x = c + t, or x = c - 1 - t, for an integer t ≥ 0."""
    own = [sp.Ge(value, 1 if x.is_positive else 0)] if x.is_nonnegative else []
    return step.subs(x, value), Facts((*(replaced(c, x, value) for c in facts.where), *own))


def _structure(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return Proof((("sign by structure", f"{e} ≥ 0"),)) if not strict and facts.is_nonnegative(e) else None


def defined_on(e: Any, x: Any, facts: Facts) -> bool:
    """Whether e is seen to be defined for every integer x that the facts admit."""
    return not unsafe(e, x, facts) and all(
        facts.is_integer(a) for node in e.atoms(*OF_INTEGERS) if node.has(x) for a in node.args
    )


def outside_its_row(e: Any, facts: Facts) -> Iterator[tuple[Any, Any]]:
    """(condition, e with one binomial of integers 0): C(n, k) = 0 for n ≥ 0 unless the condition k ≥ 0, or k ≤ n, holds."""
    bound = bound_variables(e)
    for node in sorted(e.atoms(sp.binomial), key=sp.default_sort_key):
        n, k = node.args
        if node.free_symbols & bound or not (facts.is_integer(n) and facts.is_integer(k) and facts.is_nonnegative(n)):
            continue
        for condition in (sp.Ge(k, 0), sp.Ge(sp.expand(n - k), 0)):
            known = True if condition in facts.where else facts.decide(condition)
            if known is not True:
                yield sp.false if known is False else condition, e.xreplace({node: sp.Integer(0)})


__all__ = ["Range", "by_steps_in_range", "defined_on", "first_cases", "outside_its_row", "range_of"]
