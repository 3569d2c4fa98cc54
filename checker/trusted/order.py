"""The decision of order: lhs ≤ rhs or lhs < rhs, refuted at a point or proved by a certificate for the sign of the difference.

Rules: signs by structure; the normal form with what is known of its generators; bounds of floors; a quadratic form with
nonnegative pivots; real roots of a polynomial in one variable; monotonicity by the sign of a derivative; a nonnegative
combination of products of the hypotheses; branch and bound in ball arithmetic on a box; induction on an integer.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp
from flint import acb, arb, ctx, fmpq, fmpq_poly
from sympy.core.function import AppliedUndef

from derivable.trusted.balls import NO_VALUE, Evaluator, Undecided, Undefined, Unsupported, ball, exact_number, rational_beside
from derivable.trusted.bernoulli import by_bernoulli
from derivable.trusted.calculus import NoLimit, limit
from derivable.trusted.charts import Denied, one_signed
from derivable.trusted.continuity import is_continuous
from derivable.trusted.critical_points import by_critical_point
from derivable.trusted.curves import (
    DISCRETE,
    FUNCTIONS,
    concave_between,
    exponentials_of_both,
    logarithms_of_both,
    over_the_reals,
    piecewise_monotone,
    powers_of_both,
    tail,
    without_denominator,
    without_growing_pair,
)
from derivable.trusted.cylindrical import TooLarge, nonnegative_on, real_roots
from derivable.trusted.deadline import TimeLimit, alarm, given_up_after
from derivable.trusted.decision import ENCLOSED, OPEN, PROVED, REFUTED, SAMPLED, Counterexample, Decision, Proof
from derivable.trusted.definedness import says_nothing, unsafe
from derivable.trusted.derivatives import by_derivative, loses_functions
from derivable.trusted.equality import (
    AGAINST_NUMBERS,
    ATTACK_SECONDS,
    CASES,
    SUBGOAL_SECONDS,
    Prover,
    Search,
    _against,
    _convex,
    decide_equal,
    entries,
    exceptions,
    refuted,
    refuted_by_values,
    splits,
    verdict,
)
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.factors import factor_by_factor
from derivable.trusted.facts import NONNEGATIVE, NONZERO, POSITIVE, Contradiction, Facts, lines_of, mentions, plainly, replaced
from derivable.trusted.fractional_cells import by_fractional_cells
from derivable.trusted.functionals import chain_of, same_chain, under_one
from derivable.trusted.heads import (
    SpaceIntegral,
    bound_variables,
    captures,
    is_constant,
    line_in,
    of_reciprocals,
    renamed,
    variables_of,
    written,
)
from derivable.trusted.holder import by_holder
from derivable.trusted.integrands import by_bounded_factor
from derivable.trusted.jensen import by_jensen
from derivable.trusted.known_bounds import by_greatest_values, by_inverse, by_known_bounds, by_polygamma_bounds
from derivable.trusted.laws import admissible
from derivable.trusted.linear_recurrences import by_linear_recurrence
from derivable.trusted.matching import admits
from derivable.trusted.mean_value import by_mean_value
from derivable.trusted.moduli import with_half_angles, with_real_radicands
from derivable.trusted.noncommutative import foreign_hypothesis
from derivable.trusted.normal_form import NormalForm, outermost
from derivable.trusted.norms import multiplied_by_norms
from derivable.trusted.orderings import by_orders
from derivable.trusted.periods import by_one_period
from derivable.trusted.piecewise_linear import piecewise_linear
from derivable.trusted.polar import by_polar_form
from derivable.trusted.polynomials import to_sympy
from derivable.trusted.power_means import by_power_means
from derivable.trusted.products import by_products
from derivable.trusted.real_and_imaginary import PARTS, by_real_and_imaginary
from derivable.trusted.recurrences import in_class, least, modulus_in, with_parities
from derivable.trusted.remainders import by_remainder
from derivable.trusted.sampling import Attack, attack, resumed
from derivable.trusted.segments import by_ends_of_segment
from derivable.trusted.signs_of_variables import by_worst_sign
from derivable.trusted.stepwise import by_steps_in_range, outside_its_row
from derivable.trusted.summands import by_extreme_terms, by_the_whole_sum, harmonic_as_sums
from derivable.trusted.symmetry import chosen_side
from derivable.trusted.tangents import by_tangents
from derivable.trusted.three_cosines import by_three_cosines
from derivable.trusted.triangle import by_triangle
from derivable.trusted.unit_steps import GAMMA, by_unit_steps, continued, goes_on
from derivable.trusted.valleys import by_tangents_of_valley
from derivable.trusted.waves import below_waves
from derivable.trusted.weighted_means import by_means_of_factors, by_weighted_means


def decide_order(
    lhs: Any,
    rhs: Any,
    strict: bool,
    where: tuple[Any, ...] = (),
    search: Search | None = None,
    instances: Mapping[Any, Any] | None = None,
    seconds: float = 10.0,
    proof: Callable[[Facts], Proof | None] | None = None,
    known: tuple[Any, ...] = (),
    attack_seconds: float | None = None,
) -> Decision:
    """Decide lhs ≤ rhs (lhs < rhs when `strict`) at every admissible point at which both sides are defined."""
    started = time.monotonic()
    foreign = foreign_hypothesis(where)
    if foreign is not None:
        return Decision(OPEN, note=foreign)
    try:
        facts = Facts(plainly((*where, *known)))
    except Contradiction as error:
        return Decision(OPEN, note=f"the hypotheses contradict each other: {error}")
    pairs = entries(lhs, rhs)
    if pairs is None or len(pairs) != 1:
        return Decision(OPEN, note="the order of matrices is not defined here")
    ((a, b),) = pairs
    budget = attack_seconds if attack_seconds is not None else min(seconds / 4, ATTACK_SECONDS)
    relation = "<" if strict else "<="
    result = attack(a, b, relation, where, instances, seconds=budget + 0.2)
    if result.counterexample is not None and result.counterexample.rigorous:
        return refuted(result)
    prover = OrderProver(search, started + seconds * FOR_PROOFS - (budget if result.hurried else 0.0))
    found = None
    try:
        remaining = started + seconds * FOR_PROOFS - time.monotonic()
        with given_up_after(
            remaining if result.counterexample is None else max(remaining * AGAINST_NUMBERS, SUBGOAL_SECONDS / 4)
        ):
            found = proof(facts) if proof is not None else prover.proved(b - a, facts, strict)
    except Contradiction as error:
        prover.reason = f"the hypotheses contradict each other: {error}"
    if result.counterexample is None and (found is None or not result.points):
        result = resumed(result, a, b, relation, where, instances, min(budget, started + seconds - time.monotonic()))
        if result.counterexample is not None and result.counterexample.rigorous:
            return refuted(result)
    if found is None:
        at_a_point = refuted_by_values(pairs, relation, where, Prover(search, started + seconds), [result], started + seconds)
        if at_a_point is not None:
            return at_a_point
    if result.counterexample is not None:
        return _against(result.counterexample, found, pairs)
    if found is None or prover.denied_at is not None:
        failure = _failure(a, b, strict, where, prover, result)
        if failure is not None:
            return Decision(REFUTED, counterexample=failure, points=result.points + 1)
    if found is not None:
        for lemma in prover.lemmas:
            found = found.then("with Cauchy–Schwarz", lemma)
        found = replace(found, exceptions=tuple(dict.fromkeys(found.exceptions + tuple(exceptions(pairs, facts)))))
    decision = verdict(found, [result], pairs, prover.reason)
    if decision.verdict == SAMPLED and is_constant(a) and is_constant(b):
        if not result.apart:  # touching balls say nothing about an order
            return replace(decision, verdict=OPEN, note="the sides are too close to be told apart")
        return replace(decision, verdict=ENCLOSED, note="the balls of the sides are disjoint")
    return decision


def _failure(a: Any, b: Any, strict: bool, where: tuple[Any, ...], prover: OrderProver, result: Attack) -> Counterexample | None:
    """A failure where a sign chart or a descent finds one, or of a strict inequality where both sides are proved to be equal."""
    if prover.denied_at is not None and len((a - b).free_symbols) == 1:
        (x,) = (a - b).free_symbols
        failure = _failure_at(a, b, strict, where, {x: sp.sympify(prover.denied_at)})
        if failure is not None:
            return failure
    if result.touching is not None:
        left, right = (side.subs(dict(result.touching)) for side in (a, b))
        if decide_equal(left, right, (), prover.search, seconds=SUBGOAL_SECONDS).verdict == PROVED:
            names = {str(s): str(v) for s, v in result.touching.items()}
            return Counterexample(names, str(left), str(right), slip="the sides are equal there")
    for place in prover.search("failure", (a, b, where), None) if prover.search is not None else ():
        failure = _failure_at(a, b, strict, where, place)
        if failure is not None:
            return failure
    return None


def _failure_at(a: Any, b: Any, strict: bool, where: tuple[Any, ...], place: Mapping[Any, Any]) -> Counterexample | None:
    """The failure of a claim at values of its symbols, if the hypotheses admit these and balls show it."""
    if not all(v.is_Rational and admissible(x, fmpq(int(v.p), int(v.q))) for x, v in place.items()):
        return None
    if not all(isinstance(c, sp.core.relational.Relational) and c.subs(dict(place)) == sp.true for c in where):
        return None
    left, right = (side.subs(dict(place)) for side in (a, b))
    at = attack(left, right, "<" if strict else "<=", ())
    shown = at.counterexample
    return replace(shown, point={str(x): str(v) for x, v in place.items()}) if shown is not None and shown.rigorous else None


FOR_PROOFS = 0.9  # of the time: the rest is for a failure that the attack did not meet
VALUE_SECONDS = 1.0  # for the value of one integral
SUM_SECONDS = 2.0  # for the closed form of a sum
PROBE_SECONDS = 0.1  # for a look at a subgoal before its proof is searched
PROBE_POINTS = 24
MOST_DERIVATIVES = 3  # one after the other
TAILS = (4, 32)  # where the tails of an infinite range begin
GROWING = (sp.exp, sp.log, sp.atan, sp.tanh, sp.sinh, sp.asinh, sp.erf, sp.polygamma)
DEPTHS = (2, 4, 8)  # of the goals of goals, in turn
FIRST_VALUES = 24  # of a sequence that are looked at for where it begins to grow
MOST_DIFFERENCES = 3  # their orders
STEPS_OF_STEPS = 2  # depth to which steps along one integer are proved by steps along others
BELOW_STEPS = 3  # further depth that they may have
NARROW = 64  # times the length of a range that is left alone
INSTANCES = 8  # of an inequality that holds for all values


class OrderProver:
    """Proof rules for e ≥ 0 and e > 0."""

    def __init__(self, search: Search | None, deadline: float):
        self.search = search
        self.deadline = deadline
        self.reason = ""
        self.lemmas: dict[str, None] = {}
        self.denied_at: Any = None  # where a sign chart shows that the claim fails
        self.deepest = DEPTHS[-1]
        self.derivatives = 0  # that the goal at hand is inside of
        self.in_vain: set[Any] = set()  # questions about polynomials that were not answered

    def proved(self, e: Any, facts: Facts, strict: bool) -> Proof | None:
        """A proof of e > 0 (strict) or e ≥ 0: short ones are looked for first, so that no rule goes deep before the others."""
        for self.deepest in DEPTHS:
            found = self.sign(e, facts, strict)
            if found is not None or time.monotonic() > self.deadline:
                return found
        return None

    def sign(self, e: Any, facts: Facts, strict: bool, depth: int = 0) -> Proof | None:
        """A proof of e > 0 (strict) or e ≥ 0, or None."""
        e = of_reciprocals(renamed(facts.with_densities(sp.sympify(e))), facts.is_nonzero)
        if depth > self.deepest:
            return None
        if time.monotonic() > self.deadline:
            self.reason = self.reason or "out of time"
            return None
        if e.has(sp.zoo, sp.nan, sp.oo, -sp.oo) and not e.has(sp.Sum, sp.Integral, sp.Limit):
            return None
        facts = _at_hand(e, facts)
        e = _resolved(e, facts)
        wanted = POSITIVE if strict else NONNEGATIVE
        for form in (e, _collected(e)):
            signs = facts.signs(form)
            if signs is not None and signs <= wanted:
                return Proof((("sign by structure", f"{written(form)} {'>' if strict else '≥'} 0"),))
            if signs == frozenset({-1}):
                return None
        for h, allowed in facts.relations:
            up = h if allowed <= NONNEGATIVE else -h if allowed <= frozenset({0, -1}) else None
            more = None if up is None else sp.expand(e - renamed(up))
            if more is not None and more.free_symbols and more.free_symbols < e.free_symbols and more.is_rational_function():
                more = sp.cancel(more)
            if more is not None and more.is_Rational and (more > 0 or (more == 0 and (not strict or 0 not in allowed))):
                return Proof((("hypothesis", f"{up} {'≥' if 0 in allowed else '>'} 0"),))
        if is_constant(e):
            return self._of_constant(e, facts, strict, depth)
        if depth and self._fails_somewhere(e, facts, strict):
            return None
        if e.has(sp.Abs, sp.Pow):
            waves = e.has(sp.I) and not bound_variables(e)
            for form in dict.fromkeys((with_half_angles(e, facts), e) if waves else (e,)):
                found = self._triangle(form, facts, strict, depth)
                if found is not None:
                    return found
            e = with_real_radicands(with_half_angles(e, facts), facts) if waves else e
        for early in (
            self._linear_pieces,
            self._norms,
            self._worst_sign,
            self._without_loss,
            self._at_zero_bases,
            self._mean_value,
            self._powers,
            self._holder,
            self._jensen,
            self._weighted_means,
            self._power_means,
            self._logarithms,
            self._bernoulli,
            self._three_cosines,
            self._greatest_values,
            self._separated,
            self._valley,
            self._greatest,
        ):
            found = early(e, facts, strict, depth)
            if found is not None:
                return found
        try:
            decided = (
                self._chart(e, facts, strict)
                or self._outside_rows(e, facts, strict, depth)
                or self._fractional_parts(e, facts, strict, depth)
                or self._products(e, facts, strict, depth)
                or self._whole_sum(e, facts, strict)
                or self._recurrence(e, facts, strict, depth)
                or self._factors(e, facts, strict, depth)
            )
            if decided is None and (e.has(*GAMMA, sp.Sum, sp.Product) or any(v.is_integer for v in variables_of(e))):
                decided = self._unit_steps(e, facts, strict, depth)
        except Denied as denied:
            if depth == 0:
                self.denied_at = denied.place
            return None
        except (NoNormalForm, NeedCase, RecursionError):
            decided = None
        if decided is None:
            decided = self._same_function(e, facts, strict, depth)
        if decided is not None:
            return decided
        try:
            if not strict and facts.equations and NormalForm(facts).is_zero(e):
                return Proof((("normal form", "both sides are equal"),))
            polynomial, within = self._polynomial(e, facts, depth)
        except NeedCase as need:
            if splits(need.condition, e, facts):
                return self._cases(e, need.condition, facts, strict, depth)
            polynomial, within = None, facts
        except (NoNormalForm, RecursionError) as error:
            self.reason = str(error)
            polynomial, within = None, facts
        stepped = False
        curved = e.has(*FUNCTIONS) or any(p.exp.free_symbols for p in e.atoms(sp.Pow))
        if polynomial is not None:
            if polynomial == 0:
                return None if strict else Proof((("normal form", "both sides are equal"),))
            polynomial = _reduced_roots(polynomial, within)
            opposite = within.signs(sp.expand(polynomial))
            if opposite is not None and opposite <= (frozenset({-1, 0}) if strict else frozenset({-1})):
                return None
            for rule in (self._by_signs, self._quadratic, self._one_variable, self._orders):
                found = self._once(rule, polynomial, within, strict)
                if found is not None:
                    return found
        growth = [self._one_factor, self._derivative] if curved else []
        for rule_for_growth in growth if self.derivatives else ():  # a chain of derivatives goes on
            found = rule_for_growth(e, facts, strict, depth)
            if found is not None:
                return found
        if polynomial is not None:
            found = self._ends(polynomial, within, strict, depth) or self._once(self._cells, polynomial, within, strict)
            stepped = found is None and e.has(*GAMMA)
            if stepped:
                found = self._steps_in_range(e, facts, strict, depth)
            if found is not None:
                return found
            polynomial = _without_factors(polynomial, within, strict)
            found = (
                self._completed_square(polynomial, within, strict, depth)
                or self._by_squares(polynomial, within, strict, depth)
                or self._combination(polynomial, within, strict, (1,))
                or self._squared(polynomial, within, strict, depth)
            )
            if found is None and not strict and e.has(sp.floor, sp.ceiling, sp.Mod, sp.frac):
                found = self._by_integrality(polynomial, within, depth)
            if found is None and not curved:
                found = self._combination(polynomial, within, strict, (2,))
            if found is not None:
                return found
        kinds = (sp.Abs, sp.Max, sp.Min)
        split = self._all_branches(e, facts, strict, depth)
        if split is not None:
            return split
        for cases in (self._apart, self._residues, self._parities, self._polar, self._real_and_imaginary):
            found = cases(e, facts, strict, depth)
            if found is not None:
                return found
        nodes = sorted((n for n in e.atoms(*kinds) if n.free_symbols), key=lambda n: (n.count_ops(), sp.default_sort_key(n)))
        for node in nodes if depth < 7 else ():
            inner = node.args[0] if isinstance(node, sp.Abs) else node.args[0] - node.args[1]
            if inner.has(*kinds):
                continue
            if splits(inner, e, facts) and facts.is_real(inner) and facts.decide(inner >= 0) is None:
                return self._cases(e, inner >= 0, facts, strict, depth)
        growth = [] if self.derivatives else growth
        bounds = [self._critical_point, self._monotone, *growth, self._curves, self._box, self._box_with_tails]
        inside = [
            self._bounded_values,
            self._under_one_sign,
            self._integrands,
            self._tangents,
            self._evaluated,
            self._homogeneous,
            self._translated,
            self._summands,
            self._solved,
            self._one_period,
        ]
        inside += [] if stepped else [self._steps_in_range]
        simpler = [self._sums_of_exponentials, self._simpler_derivative] if growth else []
        rules = [*inside, *simpler, self._rewritten, *bounds, self._unit_steps, self._induction, self._first_values]
        counted = [n for n in e.free_symbols if n.is_integer]
        if depth == 0 and counted:  # induction, or the same for reals, is the short way
            discrete = e.has(*DISCRETE) or any(p.exp.has(*counted) for p in e.atoms(sp.Pow))
            first = [self._induction, self._rewritten] if discrete else [self._rewritten, self._induction]
            rules = [*inside, *first, self._first_values, *bounds]
        for rule_for_functions in rules:
            try:
                found = rule_for_functions(e, facts, strict, depth)
            except (NoNormalForm, NeedCase, RecursionError):
                continue
            if found is not None:
                return found
        if polynomial is not None and depth < 3:
            found = self._combination(polynomial, within, strict, (2, 3) if curved else (3,))
            if found is not None:
                return found
        return None if polynomial is None or strict else self._by_integrality(polynomial, within, depth)

    def _by_integrality(self, p: Any, facts: Facts, depth: int) -> Proof | None:
        """p ≥ 0 from p > -1 for an integer p."""
        above = self.sign(p + 1, facts, True, depth + 1) if depth < 6 and facts.is_integer(p) else None
        return None if above is None else Proof((("integrality", "an integer above -1 is at least 0"),)).join(above)

    def _of_constant(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """A constant whose sign its structure and balls do not show: it is zero, or an integral or limit in it has a value."""
        try:
            if not strict and NormalForm(facts).is_zero(e):
                return Proof((("normal form", "both sides are equal"),))
            return self._evaluated(e, facts, strict, depth) or self._integrands(e, facts, strict, depth)
        except (NoNormalForm, NeedCase, RecursionError):
            return None

    def _all_branches(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """b - c |a| ≥ 0 exactly if b - c a ≥ 0 and b + c a ≥ 0, for c > 0; so for maxima, and for minima that are added."""
        bound = bound_variables(e)
        for node in sorted(e.atoms(sp.Abs, sp.Max, sp.Min), key=sp.default_sort_key) if depth < 6 else ():
            if node.free_symbols & bound or not all(facts.is_real(a) for a in node.args):
                continue
            line = line_in(e, node)
            if line is None or not line[0].is_Rational or (line[0] < 0) == isinstance(node, sp.Min):
                continue
            slope, rest = line
            proof = Proof((("each branch", f"of {node}"),))
            for branch in (node.args[0], -node.args[0]) if isinstance(node, sp.Abs) else node.args:
                part = self.sign(slope * branch + rest, facts, strict, depth + 1)
                if part is None:
                    break
                proof = proof.join(part)
            else:
                return proof
        return None

    def _apart(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Where a hypothesis says h ≠ 0 of a real h, and a strict sign is wanted or e is a quotient: h > 0, and h < 0."""
        if depth > (2 if strict else 1) or not (strict or any(p.exp.could_extract_minus_sign() for p in e.atoms(sp.Pow))):
            return None
        for h, allowed in facts.relations:
            signs = facts.signs(h)
            if allowed != NONZERO or signs != NONZERO or not h.free_symbols <= e.free_symbols:
                continue
            proof = Proof((("cases", f"{h} > 0, or {h} < 0"),))
            for branch in (h > 0, h < 0):
                rest = tuple(c for c in facts.where if not isinstance(c, sp.Ne))
                part = self.sign(e, Facts((*rest, branch)), strict, depth + 1)
                if part is None:
                    return None
                proof = proof.join(part)
            return proof
        return None

    def _residues(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """n = L m + r for r = 0 … L - 1, where remainders or floors of a polynomial in n over L occur."""
        if depth > 1:
            return None
        for n in (s for s in variables_of(e) if s.is_integer):
            modulus = modulus_in(e, n)
            if modulus is None:
                continue
            proof = Proof((("residue classes", f"{n} modulo {modulus}"),))
            for r in range(modulus):
                try:
                    value, given = in_class(n, modulus, r, facts)
                except Contradiction:  # the hypotheses exclude the class
                    continue
                part = self.sign(sp.expand(e.subs(n, value)), given, strict, depth + 1)
                if part is None:
                    break
                proof = proof.join(part)
            else:
                return proof
        return None

    def _parities(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        written = with_parities(e, facts) if depth <= 1 else None
        part = None if written is None else self.sign(written[0], written[1], strict, depth + 1)
        return None if written is None or part is None else Proof((("parity", written[2]),)).join(part)

    def _deeper(self, depth: int) -> Callable[[Any, Facts, bool], Proof | None]:
        """The sign of what a goal at this depth rests on."""
        return lambda part, given, strict: self.sign(part, given, strict, depth + 1)

    def _fractional_parts(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """The floors of several real variables on the cells of their fractional parts."""
        if depth > 1 or len(e.atoms(sp.floor, sp.ceiling, sp.Mod, sp.frac)) < 2:
            return None
        return by_fractional_cells(e, facts, strict, self._deeper(depth))

    def _real_and_imaginary(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        return None if depth > 1 or not e.has(*PARTS) else by_real_and_imaginary(e, facts, strict, self._deeper(depth))

    def _fails_somewhere(self, e: Any, facts: Facts, strict: bool) -> bool:
        """Whether an evaluation shows that a subgoal is false, so that no proof is looked for."""
        tried = attack(sp.Integer(0), e, "<" if strict else "<=", facts.where, seconds=PROBE_SECONDS, points=PROBE_POINTS)
        return tried.counterexample is not None

    def _cases(self, e: Any, condition: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        if depth >= CASES:
            return None
        proof = Proof((("cases", f"{condition} or not"),))
        for branch in (condition, sp.Not(condition)):
            try:
                given = facts.given(branch)
            except Contradiction:
                continue
            part = self.sign(e, given, strict, depth + 1)
            if part is None:
                return None
            proof = proof.join(part)
        return proof

    def _polynomial(self, e: Any, facts: Facts, depth: int = 0) -> tuple[Any, Facts]:
        """A polynomial with the sign of e, in real symbols, and what is known of those symbols.

        Generators become symbols: an exponential of a real is positive, a root and a modulus are nonnegative, a root has its
        power, a floor lies within 1 of its argument. The hypotheses are rewritten in the same symbols. A denominator whose
        sign is not known is cleared by its square.
        """
        form = NormalForm(facts)
        told: list[Any] = []
        waves: dict[Any, Any] = {}
        relevant = [(h, allowed) for h, allowed in facts.relations if allowed != NONZERO]
        sources = [e, *(h for h, _ in relevant), *(a - b for a, b in facts.equations)]
        bound = set().union(*(bound_variables(part) for part in sources))
        for angle in dict.fromkeys(
            f.args[0] for part in sources for f in sorted(part.atoms(sp.sin, sp.cos), key=sp.default_sort_key)
        ):
            if facts.is_real(angle) and not angle.free_symbols & bound:
                sine, cosine = sp.Dummy("sin", real=True), sp.Dummy("cos", real=True)
                waves |= {sp.sin(angle): sine, sp.cos(angle): cosine}
                told += [sp.Eq(sine**2 + cosine**2, 1), sine <= 1, sine >= -1, cosine <= 1, cosine >= -1]
        flats: list[Any] = []
        kept: list[Any] = []
        for part, what in zip(
            sources,
            [None, *(allowed for _, allowed in relevant), *("=" for _ in facts.equations)],
            strict=True,
        ):
            try:
                numerator, denominator, symbols = form._reduced(form.flatten(part.xreplace(waves)))
                flats.append(to_sympy(numerator, symbols) / to_sympy(denominator, symbols))
                kept.append(what)
            except (NoNormalForm, NeedCase):
                if part is e:
                    raise
        flats = form._positioned(*flats, lone=False)
        inner = self._with_arguments(form, flats)
        values, _, symbols = form._fraction(*flats, *(f for _, f in inner), sp.Integer(1))
        names, known, unnamed = self._names(form, symbols, facts, depth)
        squares = _cauchy_schwarz(form, names, unnamed, facts)
        known += [condition for condition, _ in squares]
        known += _single_terms(form, names, unnamed, facts, e)
        self.lemmas |= {text: None for _, text in squares}
        for s in sorted(unnamed & flats[0].free_symbols, key=str):
            raise NoNormalForm(f"{form._value(s)} need not be real")
        # what speaks of something that need not be real is left aside
        named = [position for position, flat in enumerate(flats) if not flat.free_symbols & unnamed]
        values = [values[i] for i in named] + [
            v for (s, f), v in zip(inner, values[len(flats) :], strict=False) if not {s, *f.free_symbols} & unnamed
        ]
        inner = [(s, f) for s, f in inner if not {s, *f.free_symbols} & unnamed]
        flats, kept = [flats[i] for i in named], [kept[i] for i in named]
        plain = [(s, 1) for s, _ in symbols]

        def translated(value: Any) -> tuple[Any, Any]:
            top, bottom = value
            return to_sympy(top, plain).xreplace(names), to_sympy(bottom, plain).xreplace(names)

        scale = dict(symbols)
        for (s, _), value in zip(inner, values[len(flats) :], strict=False):
            top, bottom = translated(value)
            if form.meaning[s].kind == "root":
                known.append(sp.Eq(names[s] ** scale[s] * bottom, top, evaluate=False))
                base = _root_of_square(top) if scale[s] == 2 and bottom == 1 else None
                if base is not None:  # |u| ≥ ±u
                    known += [names[s] >= base, names[s] >= -base]
            else:  # ⌊u⌋ ≤ u < ⌊u⌋ + 1
                known += [("floor", names[s], top, bottom)]
        plain_symbols = {s for s in names.values() if s in e.free_symbols}
        first = Facts([c for c in [*told, *known] if not isinstance(c, tuple) and c not in (sp.true, sp.false)])
        conditions: list[Any] = list(first.where)
        for item in known:
            if isinstance(item, tuple):
                _, name, top, bottom = item
                if first.is_positive(bottom) or (bottom.free_symbols <= plain_symbols and facts.is_positive(bottom)):
                    conditions += [name * bottom <= top, (name + 1) * bottom > top]
        for what, value in zip(kept[1:], values[1 : len(flats)], strict=True):
            top, bottom = translated(value)
            if what == "=":
                conditions.append(sp.Eq(top, 0, evaluate=False))
                continue
            cleared = _cleared(top, bottom, first)
            relation = {
                POSITIVE: sp.Gt,
                NONNEGATIVE: sp.Ge,
                frozenset({-1}): sp.Lt,
                frozenset({-1, 0}): sp.Le,
            }.get(what)
            if relation is not None:
                conditions.append(relation(cleared, 0))
        exponents = {  # a name stands for the root of an exponential that occurs
            names[s]: form.meaning[s].expression / scale[s] for s in names if form.meaning[s].kind == "exp" and s not in unnamed
        }
        for (one, u), (other, v) in itertools.islice(itertools.permutations(exponents.items(), 2), 12):
            if not (u - v).is_number and facts.is_nonnegative(u - v):
                conditions.append(one >= other)
        conditions += self._ordered_roots(form, names, unnamed, scale, facts)
        within = Facts([c for c in conditions if c not in (sp.true, sp.false)])
        top, bottom = translated(values[0])
        return _cleared(top, bottom, within), within

    def _ordered_roots(
        self, form: NormalForm, names: dict[Any, Any], unnamed: set[Any], scale: dict[Any, int], facts: Facts
    ) -> list[Any]:
        """u^(1/k) ≥ v^(1/k) for names of roots of one order, where u ≥ v ≥ 0 is known."""
        roots = [
            (names[s], form.meaning[s].expression, scale[s])
            for s in names
            if s not in unnamed and scale[s] > 1 and form.meaning[s].kind in ("root", "atom")
        ]
        pairs = itertools.islice(itertools.permutations(roots, 2), 20)
        return [
            one >= other
            for (one, u, k), (other, v, l) in pairs
            if k == l and not (u - v).is_number and facts.is_nonnegative(v) and facts.is_nonnegative(u - v)
        ]

    def _with_arguments(self, form: NormalForm, flats: list[Any]) -> list[tuple[Any, Any]]:
        """The generators that are floors and roots, each with its argument as a flat expression."""
        inner: list[tuple[Any, Any]] = []
        waiting: list[Any] = list(flats)
        seen: set[Any] = set()
        while waiting:
            for s in sorted(waiting.pop().free_symbols - seen, key=str):
                seen.add(s)
                meaning = form.meaning[s]
                if meaning.kind == "root":
                    argument = form.flatten(meaning.expression)
                elif meaning.kind == "function" and isinstance(meaning.expression, sp.floor):
                    argument = form.flatten(meaning.expression.args[0])
                else:
                    continue
                inner.append((s, argument))
                waiting.append(argument)
        return inner

    def _names(
        self, form: NormalForm, symbols: list[tuple[Any, int]], facts: Facts, depth: int
    ) -> tuple[dict[Any, Any], list[Any], set[Any]]:
        """A real symbol for each generator, what is known of it, and the generators that need not be real."""
        names: dict[Any, Any] = {}
        known: list[Any] = []
        unnamed: set[Any] = set()
        for s, scale in symbols:
            meaning = form.meaning[s]
            whole = form._value(s) ** sp.Rational(1, scale)
            if meaning.kind == "atom" and isinstance(meaning.expression, sp.Symbol) and scale == 1:
                names[s] = meaning.expression
                if facts.signs(meaning.expression) is None:
                    unnamed.add(s)
                continue
            signs = (
                (frozenset({-1, 0, 1}) if facts.is_real(meaning.expression.args[1]) else None)
                if meaning.kind == "position"
                else NONNEGATIVE
                if meaning.kind == "delta"
                else facts.signs(whole)
            )
            if signs is None and meaning.kind == "root" and depth < 6:
                below = max(depth + 1, self.deepest - 1)
                signs = NONNEGATIVE if self.sign(meaning.expression, facts, False, below) is not None else None
            if signs is None:
                unnamed.add(s)
                names[s] = sp.Dummy("unnamed")
                continue
            y = sp.Dummy(
                f"y{len(names)}", real=True, integer=True if facts.is_integer(whole) else None,
                positive=True if signs == POSITIVE else None, nonnegative=True if signs <= NONNEGATIVE else None,
            )  # fmt: skip
            names[s] = y
            if meaning.kind == "exp" and signs == NONZERO:  # e^(iπ n) for an integer n
                known += [sp.Eq(y**2, 1), y <= 1, y >= -1]
            elif meaning.kind == "exp" and facts.is_nonnegative(meaning.expression):
                known.append(y >= 1)
            elif meaning.kind == "exp" and facts.is_nonnegative(-meaning.expression):
                known.append(y <= 1)
            if isinstance(meaning.expression, sp.erf):
                known += [y < 1, y > -1]
            if whole.is_number:
                value = ball(Evaluator({})(whole)).real
                known += [y >= _below(value), y <= -_below(-value)]
        return names, known, unnamed

    def _under_one_sign(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Sums, integrals and means over one range, added up: not negative if their integrand is."""
        merged = None if strict or depth > 3 else under_one(e, facts)
        if merged is None:
            return None
        inside, within = merged
        part = self.sign(inside, within, False, depth + 1)
        if part is None:
            return None
        return Proof((("monotonicity of the integral", f"{inside} ≥ 0 on the range"),)).join(part)

    # -- polynomials -----------------------------------------------------------------------------------------------

    def _once(self, rule: Callable[..., Proof | None], p: Any, facts: Facts, strict: bool) -> Proof | None:
        """What a rule for polynomials says, which does not depend on the depth: it is not asked twice in vain."""
        asked = (rule.__name__, p, facts.where, strict)
        if asked in self.in_vain:
            return None
        found = rule(p, facts, strict)
        if found is None:
            self.in_vain.add(asked)
        return found

    def _orders(self, p: Any, facts: Facts, strict: bool) -> Proof | None:
        """No negative coefficient in the differences of the variables, in each order of them."""
        return by_orders(p, facts, strict, self.deadline)

    def _by_signs(self, p: Any, facts: Facts, strict: bool) -> Proof | None:
        wanted = POSITIVE if strict else NONNEGATIVE
        for form in (sp.expand(p), sp.factor(p)):
            signs = facts.signs(form)
            if signs is not None and signs <= wanted:
                return Proof((("signs of the terms", str(form)),))
        return None

    def _quadratic(self, p: Any, facts: Facts, strict: bool) -> Proof | None:
        """p = zᵀ M z over monomials z (1 among them): M = L D Lᵀ with D ≥ 0 by exact elimination."""
        symbols = sorted(p.free_symbols, key=str)
        if not symbols or len(symbols) > 8:
            return None
        poly = sp.Poly(p, *symbols)
        if poly.total_degree() > 6 or not all(c.is_Rational for c in poly.coeffs()):
            return None
        basis = _half_monomials(poly)
        if basis is None or len(basis) > 24:
            return None
        matrix = _gram(poly, basis)
        pivots = None if matrix is None else _pivots(matrix)
        if pivots is None:
            return None
        if strict and not (len(basis) == 1 or all(d > 0 for d in pivots)):
            return None
        if strict and tuple([0] * len(symbols)) not in basis:
            return None
        squares = sum(1 for d in pivots if d > 0)
        return Proof(
            (
                (
                    "sum of squares",
                    f"{squares} squares with pivots {', '.join(str(d) for d in pivots if d > 0)}",
                ),
            )
        )

    def _one_variable(self, p: Any, facts: Facts, strict: bool) -> Proof | None:
        """The real roots of a polynomial, isolated by flint; a sign at one point of each interval between them."""
        symbols = p.free_symbols
        if len(symbols) != 1:
            return None
        (x,) = symbols
        poly = sp.Poly(p, x)
        if not all(c.is_Rational for c in poly.all_coeffs()) or poly.degree() > 60:
            return None
        low, high = (
            end if end in (sp.oo, -sp.oo) else rational_beside(end, way)  # what holds there holds inside
            for end, way in zip(_interval(x, facts), (-1, 1), strict=True)
        )
        try:
            isolated = real_roots(fmpq_poly([fmpq(int(c.p), int(c.q)) for c in poly.all_coeffs()[::-1]]))
        except TooLarge:
            return None
        intervals = [tuple(sp.Rational(int(end.numerator), int(end.denominator)) for end in pair) for pair in isolated]
        inside = [(a, b) for a, b in intervals if not b < low and not a > high]
        # The sign is constant between neighbouring roots: one look in each gap, between the intervals, and at the ends.
        points = [end for end in (low, high) if end not in (sp.oo, -sp.oo)]
        for (_, left), (right, _) in itertools.pairwise([(low, low), *inside, (high, high)]):
            if left == -sp.oo:
                points.append(sp.Integer(0) if right == sp.oo else right - 1)
            elif right == sp.oo:
                points.append(left + 1)
            elif left < right:
                points.append((left + right) / 2)
            elif not any(poly.eval(end) == 0 for end in (low, high) if end in (left, right)):
                return None  # a root so near to an end of the range that the gap between them was not seen
        values = [poly.eval(q) for q in points]
        if any(v < 0 for v in values) or (strict and (inside or any(v == 0 for v in values))):
            return None
        return Proof((("real roots", f"{len(inside)} in the range; signs at {', '.join(map(str, points[:6]))}"),))

    def _cells(self, p: Any, facts: Facts, strict: bool) -> Proof | None:
        """The sign at a sample in each open cell, where the hypotheses are linear, or strict; equations are solved before."""
        linear: list[int] = []
        opens: list[int] = []
        everything = [p]
        for h, allowed in facts.relations:
            up = h if allowed <= NONNEGATIVE else -h if allowed <= frozenset({0, -1}) else None
            if up is None or not up.is_polynomial() or not up.free_symbols:
                continue
            everything.append(up)
            (opens if 0 not in allowed else linear).append(len(everything) - 1)
        for s in sorted(set().union(*(e.free_symbols for e in everything)), key=str):
            signs = facts.signs(s)
            if signs is not None and signs <= NONNEGATIVE:
                everything.append(s)
                linear.append(len(everything) - 1)
        for left, right in facts.equations:
            equation = sp.expand(left - right)
            for s in sorted(equation.free_symbols, key=str):
                slope = equation.coeff(s) if equation.is_polynomial() and sp.degree(equation, s) == 1 else sp.Integer(0)
                if slope.is_Rational and slope != 0:
                    value = sp.expand(s - equation / slope)
                    everything = [sp.expand(e.xreplace({s: value})) for e in everything]
                    break
        p, own = everything[0], everything[0].free_symbols
        margins = (sp.Rational(1, 10), sp.Rational(1, 1000)) if strict else (sp.Integer(0),)
        flats = [
            everything[i]
            for i in linear + opens
            if sp.Poly(everything[i], *everything[i].free_symbols or (sp.Dummy(),)).total_degree() == 1
        ]
        curved = [everything[i] for i in opens if everything[i] not in flats and everything[i].free_symbols]
        flats, curved = ([g for g in gs if g.free_symbols <= own] for gs in (flats, curved))
        for margin in margins:
            cells = nonnegative_on(sp.expand(p - margin), flats, curved, self.deadline)
            if cells is not None:
                return Proof((("cylindrical cells", f"{p} ≥ {margin} at a sample in each of {cells} open cells"),))
        return None

    def _squared(self, p: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """α + β r ≥ 0 for a root r ≥ 0 with r² = u: if β ≤ 0, from α ≥ 0 and α² - β² u ≥ 0; if β ≥ 0, from β² u - α² ≥ 0."""
        if depth >= 5:
            return None
        found: list[tuple[Any, Any]] = []
        for left, right in facts.equations:
            equation = sp.expand(left - right)
            squares = [t.base for t in sp.Add.make_args(equation) if t.is_Pow and t.exp == 2 and t.base.is_Symbol]
            r = next((s for s in squares if p.has(s) and facts.is_nonnegative(s) and not (equation - s**2).has(s)), None)
            if r is not None and sp.degree(p, r) == 1:
                found.append((r, r**2 - equation))
        for r, radicand in sorted(found, key=lambda pair: not p.coeff(pair[0], 1).could_extract_minus_sign()):
            beta = p.coeff(r, 1)
            alpha = sp.expand(p - beta * r)
            signs = facts.signs(beta)
            if signs is None or beta.has(r):
                continue
            difference = sp.expand(alpha**2 - beta**2 * radicand)
            below = min(depth + 1, self.deepest)  # there is one root less each time
            if signs <= frozenset({-1, 0}):
                parts = [self.sign(alpha, facts, False, below), self.sign(difference, facts, strict, below)]
            elif signs <= NONNEGATIVE:
                parts = [self.sign(-difference, facts, strict, below)]
            else:
                continue
            if None not in parts:
                proof = Proof((("squaring", f"both sides of {alpha} and {sp.expand(-beta)}·root"),))
                for part in parts:
                    assert part is not None
                    proof = proof.join(part)
                return proof
        return None

    def _completed_square(self, p: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """A x² + B x + C ≥ 0 for all real x from A > 0 and 4 A C - B² ≥ 0."""
        if depth > 3:
            return None
        for x in sorted(p.free_symbols, key=str):
            if sp.degree(p, x) != 2 or not facts.is_real(x):
                continue
            a, b, c = (p.coeff(x, k) for k in (2, 1, 0))
            if a.is_number or not facts.is_positive(a):
                continue
            part = self.sign(sp.expand(4 * a * c - b**2), facts, strict, depth + 1)
            if part is not None:
                return Proof((("completed square", f"in {x}, with {a} > 0"),)).join(part)
        return None

    def _by_squares(self, p: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """From b² ≤ a² and a ≥ 0 to b ≤ a: with p = a - b and a known a² - b² = p q ≥ 0, where p + q = 2a ≥ 0."""
        if strict or depth > 4:
            return None
        for h, allowed in facts.relations:
            up = h if allowed <= NONNEGATIVE else -h if allowed <= frozenset({0, -1}) else None
            if up is None or up.is_number or not (up.is_polynomial() and p.is_polynomial()):
                continue
            symbols = sorted(up.free_symbols | p.free_symbols, key=str)
            quotient, rest = sp.div(up, p, *symbols)
            if rest != 0 or quotient.is_number:
                continue
            above = self.sign(sp.expand(quotient + p), facts, False, depth + 1)
            if above is not None:
                return Proof((("comparison of squares", f"{p} times {quotient} is not negative, nor is their sum"),)).join(above)
        return None

    def _combination(self, p: Any, facts: Facts, strict: bool, orders: tuple[int, ...]) -> Proof | None:
        """p = Σ c_k · (products of hypotheses), c_k ≥ 0: proposed by the search, checked by expanding."""
        if self.search is None:
            return None
        hypotheses: list[tuple[Any, bool]] = []
        for h, allowed in facts.relations:
            if allowed <= NONNEGATIVE:
                hypotheses.append((h, allowed == POSITIVE))
            elif allowed <= frozenset({0, -1}):
                hypotheses.append((sp.expand(-h), allowed == frozenset({-1})))
        for s in sorted(p.free_symbols | {t for h, _ in hypotheses for t in h.free_symbols}, key=str):
            signs = facts.signs(s)
            if signs is not None and signs <= NONNEGATIVE:
                hypotheses.append((s, signs == POSITIVE))
                if signs == POSITIVE and facts.is_integer(s):
                    hypotheses.append((s - 1, False))
        equations = [sp.expand(a - b) for a, b in facts.equations]
        multipliers = [sp.Integer(1), *[h for h, positive in hypotheses if positive and h.is_Symbol][:4]]
        for m in multipliers:  # m p > 0 with m > 0 is as good
            target = sp.expand(m * p)
            for combination in self.search("combination", (target, [h for h, _ in hypotheses], equations, orders), strict):
                found = _expanded(combination, target, hypotheses, equations, strict)
                if found is not None:
                    return found
        return None

    # -- functions -------------------------------------------------------------------------------------------------

    def _chart(self, e: Any, facts: Facts, strict: bool) -> Proof | None:
        """The sign chart of a function of one variable."""
        elements = e.atoms(sp.Indexed)
        if len(elements) == 1 and not bound_variables(e):  # an element that stands alone is a variable like another
            (element,) = elements
            alone = sp.Dummy("x", positive=True if facts.is_positive(element) else None, real=True)
            e = e.xreplace({element: alone})
            if facts.is_real(element) and e.free_symbols == {alone}:
                return self._chart(e, Facts(()), strict)
        symbols = variables_of(e)
        if len(symbols) != 1 or not e.has(*FUNCTIONS, sp.Pow):
            return None
        (x,) = symbols
        if x.is_integer or not facts.is_real(x) or not _convex(x, facts):
            return None
        return one_signed(e, x, _interval(x, facts), facts, strict, self.deadline)

    def _at_zero_bases(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """What has a power s^a or |s|^a of a number that may be 0, with a real exponent: once for s = 0, once for the others."""
        if depth > 4:
            return None
        for power in sorted(e.atoms(sp.Pow), key=sp.default_sort_key):
            s = power.base.args[0] if isinstance(power.base, sp.Abs) else power.base
            open_sign = facts.signs(power.base) == NONNEGATIVE and not power.exp.is_Rational
            if s.is_Symbol and open_sign and not power.exp.has(s) and splits(s, e, facts):
                at_zero = sp.expand(e.subs(s, 0))
                if at_zero.has(sp.nan, sp.zoo, sp.oo):
                    return None
                first = self.sign(at_zero, facts.given(sp.Eq(s, 0, evaluate=False)), strict, depth)
                rest = None if first is None else self.sign(e, facts.given(sp.Ne(s, 0)), strict, depth)
                cases = Proof((("cases", f"{s} = 0 or not"),))
                return None if first is None or rest is None else cases.join(first).join(rest)
        return None

    def _without_loss(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """What is even in x is looked at for x ≥ 0, what x and y may change places in for x ≥ y."""
        if depth or bound_variables(e):
            return None
        told = chosen_side(e, facts)
        found = self.sign(e, facts.given(*told), strict, depth + 1) if told else None
        return None if found is None else Proof((("without loss of generality", ", ".join(map(str, told))),)).join(found)

    def _same_function(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """c (f(u) - f(v)) ≥ 0 for a growing f, from c > 0 and u ≥ v."""
        terms = sp.Add.make_args(e)
        nodes = [sorted(t.atoms(*GROWING), key=sp.default_sort_key) for t in terms]
        if len(terms) != 2 or any(len(found) != 1 for found in nodes):
            return None
        (f, g), (c, d) = (nodes[0][0], nodes[1][0]), (terms[0] / nodes[0][0], terms[1] / nodes[1][0])
        if f.func != g.func or f.args[:-1] != g.args[:-1] or sp.expand(c + d) != 0 or c.has(f, g):
            return None
        if facts.is_positive(-c):
            f, g, c = g, f, -c
        u, v = f.args[-1], g.args[-1]
        if isinstance(f, sp.polygamma):
            order = f.args[0]
            if not order.is_Integer or not all(facts.is_positive(at) for at in (u, v)):
                return None
            u, v = (u, v) if order % 2 == 0 else (v, u)
        reals = all(facts.is_real(at) for at in (u, v, f, g))
        if not reals or not facts.is_positive(c) or (u - v).is_number:
            return None
        part = self.sign(u - v, facts, strict, min(depth + 1, self.deepest))
        return None if part is None else Proof((("growing function", f"{f.func}: {u} and {v}"),)).join(part)

    def _sums_of_exponentials(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """One exponential, and a sum of others with several variables, by their logarithms."""
        if depth > 1 or len(sp.Add.make_args(e)) < 3 or len(variables_of(e)) < 2 or not e.has(sp.exp):
            return None
        return logarithms_of_both(e, facts, strict, self._deeper(depth))

    def _one_factor(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """e as a product, all of whose factors but one have known signs: the sign of that one."""
        if bound_variables(e) or len(sp.Add.make_args(e)) < 2:
            return None
        try:
            whole = NormalForm(facts).canonical(e)
        except (NoNormalForm, NeedCase, RecursionError):
            return None
        known, unknown = 1, []
        for side in sp.fraction(sp.together(whole)):
            for factor in sp.Mul.make_args(sp.factor(side)):
                signs = facts.signs(factor)
                if signs is not None and (signs in (POSITIVE, frozenset({-1})) or (not strict and signs <= NONNEGATIVE)):
                    known *= -1 if signs == frozenset({-1}) else 1
                elif not strict and signs is not None and signs <= frozenset({0, -1}):
                    known *= -1
                else:
                    unknown.append(factor)
        if len(unknown) != 1 or unknown[0].is_Pow or unknown[0].count_ops() >= e.count_ops() - 2:
            return None
        (rest,) = unknown
        part = self.sign(known * rest, facts, strict, min(depth + 1, self.deepest))
        return None if part is None else Proof((("one factor", f"{rest}, the others have known signs"),)).join(part)

    def _greatest(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Of three or more real numbers one is the greatest (least): e with that one in place of their maximum (minimum)."""
        nodes = [n for n in e.atoms(sp.Max, sp.Min) if len(n.args) > 2 and all(map(facts.is_real, n.args))]
        if depth > 1 or len(nodes) != 1 or bound_variables(e):
            return None
        (node,) = nodes
        way = 1 if isinstance(node, sp.Max) else -1
        proof = Proof((("cases", f"which one is {node}"),))
        for chosen in node.args:
            others = [way * (chosen - a) >= 0 for a in node.args if a != chosen]
            try:
                given = facts.given(*others)
            except Contradiction:
                continue
            goal = e.xreplace({node: chosen})
            part = exponentials_of_both(goal, given, strict, self._deeper(depth + 1)) if goal.has(sp.log) else None
            part = part or self.sign(goal, given, strict, depth + 1)
            if part is None:
                return None
            proof = proof.join(part)
        return proof

    def _valley(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """A convex function of the gamma family, of which there is no chart, above its tangents."""
        symbols = variables_of(e)
        if depth > 0 or len(symbols) != 1 or not e.has(*GAMMA) or bound_variables(e):
            return None
        (x,) = symbols
        if x.is_integer or not facts.is_real(x) or not _convex(x, facts):
            return None
        return by_tangents_of_valley(e, x, _interval(x, facts), facts, strict, self._deeper(depth))

    def _separated(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """g(x) - g(y) for x on one side of y, the derivative of g being of one variable alone."""
        if strict or depth >= 5 or bound_variables(e):
            return None
        for x in variables_of(e):
            if x.is_integer or not facts.is_real(x) or not _convex(x, facts):
                continue
            for y, side in _edges(x, facts):
                if not y.is_Symbol or sp.expand(e.subs(x, y), log=False) != 0 or sp.diff(e, x).free_symbols != {x}:
                    continue
                ends = (y, sp.oo) if side > 0 else (-sp.oo, y)
                closed = facts.without(x)
                try:
                    found = self._grows_from(y, e, x, *ends, facts, closed, strict, min(depth, self.deepest - 1))
                except (NoNormalForm, NeedCase, RecursionError):
                    continue
                if found is not None:
                    return found
        return None

    def _derivative(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Growth, in a variable, of the difference over a positive factor: from an end, and on either side of 0."""
        return self._by_derivative(e, variables_of(e), facts, strict, depth)

    def _simpler_derivative(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """The same in those variables in which the derivative has no special function and no logarithm any more."""
        if e.has(sp.Abs, sp.Max, sp.Min):
            return None
        return self._by_derivative(e, [x for x in variables_of(e) if loses_functions(e, x)], facts, strict, depth)

    def _by_derivative(self, e: Any, variables: list[Any], facts: Facts, strict: bool, depth: int) -> Proof | None:
        if self.derivatives >= MOST_DERIVATIVES or bound_variables(e):
            return None

        def sign(part: Any, given: Facts, strictly: bool) -> Proof | None:
            return self.sign(part, given, strictly, min(depth + 1, self.deepest))

        self.derivatives += 1
        try:
            return self._by_growth(e, variables, facts, strict, sign)
        finally:
            self.derivatives -= 1

    def _by_growth(
        self, e: Any, variables: list[Any], facts: Facts, strict: bool, sign: Callable[..., Proof | None]
    ) -> Proof | None:
        for x in _bases_first(e, variables):
            if x.is_integer or not facts.is_real(x) or not _convex(x, facts) or not _transcendental(e, x):
                continue
            low, high = _interval(x, facts)
            fails = self._fails_somewhere
            try:
                found = by_derivative(e, x, (low, high), facts, strict, sign, fails)
                for anchor in self._anchors(e, x, (low, high), facts) if found is None and not strict else ():
                    right = by_derivative(e, x, (anchor, high), facts.given(x >= anchor), strict, sign, fails)
                    left = right and by_derivative(e, x, (low, anchor), facts.given(x <= anchor), strict, sign, fails)
                    if right is not None and left is not None:
                        found = Proof((("cases", f"{x} ≥ {anchor} or {x} ≤ {anchor}"),)).join(right).join(left)
                        break
            except (NoNormalForm, NeedCase, RecursionError, Contradiction):
                continue
            if found is not None:
                return found
        return None

    def _anchors(self, e: Any, x: Any, ends: tuple[Any, Any], facts: Facts) -> list[Any]:
        """Where e vanishes inside the range of x: at 0 or 1, or at another variable."""
        low, high = ends
        others = [y for y in variables_of(e) if y != x and not y.is_integer]
        return [
            c
            for c in (sp.Integer(0), sp.Integer(1), *others)
            if (low is -sp.oo or facts.is_positive(c - low))
            and (high is sp.oo or facts.is_positive(high - c))
            and sp.expand(e.subs(x, c), log=False) == 0
        ]

    def _monotone(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """e ≥ 0 at a point of the range of x, and the derivative has the sign of x minus that point; or a limit ≥ 0."""
        if depth >= 5:
            return None
        for x in _bases_first(e, variables_of(e)):
            if x.is_integer or not facts.is_real(x) or not _convex(x, facts):
                continue
            low, high = _interval(x, facts)
            closed = facts.without(x)
            anchors = [end for end in (low, high) if end not in (sp.oo, -sp.oo)]
            anchors += [
                y  # where two variables meet
                for y in variables_of(e)
                if y != x
                and not y.is_integer
                and (low == -sp.oo or facts.is_nonnegative(y - low))
                and (high == sp.oo or facts.is_nonnegative(high - y))
                and not strict
            ][:2]
            anchors += [
                sp.Integer(c)
                for c in (0, 1)
                if (low == -sp.oo or facts.is_positive(c - low)) and (high == sp.oo or facts.is_positive(high - c))
            ]
            for anchor in dict.fromkeys(anchors):
                try:
                    found = self._grows_from(anchor, e, x, low, high, facts, closed, strict, depth)
                except (NoNormalForm, NeedCase, RecursionError):
                    continue
                if found is not None:
                    return found
            for edge, side in _edges(x, facts):
                try:
                    ends = (edge, sp.oo) if side > 0 else (-sp.oo, edge)
                    found = self._grows_from(edge, e, x, *ends, facts, closed, strict, depth)
                except (NoNormalForm, NeedCase, RecursionError):
                    continue
                if found is not None:
                    return found
            if not strict:
                found = self._falls_to_limit(e, x, facts, depth)
                if found is not None:
                    return found
        return None

    def _grows_from(
        self,
        anchor: Any,
        e: Any,
        x: Any,
        low: Any,
        high: Any,
        facts: Facts,
        closed: Facts,
        strict: bool,
        depth: int,
    ) -> Proof | None:
        # an end that the range does not contain may have the value 0 even where a strict sign is wanted
        excluded = (anchor == low and facts.is_positive(x - low)) or (anchor == high and facts.is_positive(high - x))
        at = e.subs(x, anchor)
        if at.has(sp.zoo, sp.nan):
            return None
        start = self.sign(at, closed, strict and not excluded, depth + 1)
        if start is None:
            return None
        proof = Proof((("monotonicity", f"the sign at {x} = {anchor}, and that of the derivative on either side"),)).join(start)
        for direction, far in ((1, high), (-1, low)):
            if far == anchor:
                continue
            free = sp.Dummy(x.name, real=True)
            inner = e.xreplace({x: free})
            beyond = []
            if far not in (sp.oo, -sp.oo):
                gap = direction * (far - free)
                beyond = [gap > 0 if facts.is_positive(direction * (far - x)) else gap >= 0]
            ranged = closed.given(free >= anchor if direction > 0 else free <= anchor, *beyond)
            if not is_continuous(inner, free, ranged):
                return None
            opened = closed.given(free > anchor if direction > 0 else free < anchor, *beyond)
            slope = sp.diff(inner, free)
            if any(p.exp.free_symbols for p in slope.atoms(sp.Pow)):
                slope = sp.powsimp(slope, combine="exp")
            if slope.has(sp.Derivative, sp.Subs) or not NormalForm(opened).is_zero(slope - sp.Derivative(inner, free)):
                return None
            side = self.sign(direction * slope, opened, strict and excluded, depth + 1)
            if side is None:
                return None
            proof = proof.join(side)
        return proof

    def _falls_to_limit(self, e: Any, x: Any, facts: Facts, depth: int) -> Proof | None:
        if not goes_on(x, facts):
            return None
        try:
            far = limit(e, x, sp.oo, -1, facts)
        except NoLimit:
            return None
        slope = sp.diff(e, x)
        if far in (sp.oo, -sp.oo) or not facts.is_nonnegative(far) or slope.has(sp.Derivative, sp.Subs):
            return None
        if not is_continuous(e, x, facts) or not NormalForm(facts).is_zero(slope - sp.Derivative(e, x)):
            return None
        falling = self.sign(-slope, facts, False, depth + 1)
        return None if falling is None else Proof((("monotonicity", f"falls to {far} as {x} → ∞"),)).join(falling)

    def _rewritten(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Denominators cleared, exponentials or logarithms of both sides, integers as reals."""
        if depth >= 5 or (not e.has(*FUNCTIONS) and not any(p.exp.free_symbols for p in e.atoms(sp.Pow))):
            return None
        sign = self._deeper(depth)
        for rule in (without_denominator, exponentials_of_both, logarithms_of_both, without_growing_pair, over_the_reals):
            found = rule(e, facts, strict, sign)
            if found is not None:
                return found
        return None

    def _curves(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Concavity between two ends, and monotone pieces."""
        if depth >= 3 or self.search is None or not e.has(*FUNCTIONS, sp.Pow):
            return None
        sign = self._deeper(depth)
        for x in variables_of(e):
            if x.is_integer or not facts.is_real(x) or not _convex(x, facts):
                continue
            ends = _interval(x, facts)
            found = concave_between(e, x, ends, facts, strict, sign) or piecewise_monotone(
                e, x, ends, facts, strict, sign, self.search
            )
            if found is not None:
                return found
        return None

    def _box(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Bisect a bounded box until the balls show the sign on each piece."""
        symbols = variables_of(e)
        if depth > 1 or not 1 <= len(symbols) <= 3 or e.atoms(sp.Indexed) or e.atoms(sp.core.function.AppliedUndef):
            return None
        boxes = []
        for s in symbols:
            low, high = _interval(s, facts)
            if sp.oo in (high, -low) or s.is_integer or not facts.is_real(s) or not (low.is_Rational and high.is_Rational):
                return None
            boxes.append((fmpq(int(low.p), int(low.q)), fmpq(int(high.p), int(high.q))))
        waiting, pieces = [tuple(boxes)], 0
        outer = ctx.prec
        ctx.prec = 64
        try:
            while waiting:
                pieces += 1
                if pieces > 4000 or time.monotonic() > self.deadline:
                    return None
                box = waiting.pop()
                values = {s: acb(arb((a + b) / 2).union(arb(a)).union(arb(b))) for s, (a, b) in zip(symbols, box, strict=True)}
                evaluator = Evaluator(values)
                try:
                    value = ball(evaluator(e))
                    if evaluator.rigorous and value.imag.contains(0) and (value.real > 0 or (not strict and value.real >= 0)):
                        continue
                    if value.real < 0:
                        return None
                except (Undecided, Undefined):
                    pass
                except Unsupported:
                    return None
                widest = max(range(len(box)), key=lambda i: box[i][1] - box[i][0])
                a, b = box[widest]
                if b - a < fmpq(1, 1 << 16):
                    return None
                middle = (a + b) / 2
                waiting += [(*box[:widest], half, *box[widest + 1 :]) for half in ((a, middle), (middle, b))]
        finally:
            ctx.prec = outer
        return Proof((("branch and bound", f"{pieces} boxes in ball arithmetic"),))

    def _box_with_tails(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Branch and bound on a bounded range, and the tails of an infinite one by the derivative and the limit."""
        symbols = variables_of(e)
        if depth > 0 or len(symbols) != 1 or self.search is None or not e.has(*FUNCTIONS):
            return None
        (x,) = symbols
        low, high = _interval(x, facts)
        if x.is_integer or not facts.is_real(x) or sp.oo not in (high, -low) or not _convex(x, facts):
            return None

        sign = self._deeper(depth)

        for size in TAILS:
            edges = [(sp.Integer(way * size), way) for way, end in ((1, high), (-1, low)) if end in (sp.oo, -sp.oo)]
            proof: Proof | None = Proof((("tails", f"beyond {', '.join(str(edge) for edge, _ in edges)}"),))
            for edge, way in edges:
                beyond = facts.given(x >= edge if way > 0 else x <= edge)
                flat = below_waves(e, beyond)
                part = (
                    (None if flat is None else sign(flat, beyond, strict))
                    or sign(e, beyond, strict)
                    or tail(e, x, edge, way, facts, strict, sign, self.search)
                )
                proof = None if part is None or proof is None else proof.join(part)
            if proof is None:
                continue
            inside = facts.given(*(x <= edge if way > 0 else x >= edge for edge, way in edges))
            try:
                middle = self._chart(e, inside, strict) or self._box(e, inside, strict, depth)
            except Denied:
                return None
            if middle is not None:
                return proof.join(middle)
        return None

    def _evaluated(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Integrals, limits and sums replaced by the values that certificates support."""
        sums = {s for s in e.atoms(sp.Sum) if len(s.limits) == 1 and not s.has(sp.Indexed, AppliedUndef, sp.Integral, sp.Limit)}
        if depth > 1 or not (sums or e.has(sp.Integral, sp.Limit)):
            return None
        prover = Prover(self.search, self.deadline)
        bound = bound_variables(e)
        proof, target = Proof(), e
        for node in sorted(e.atoms(sp.Integral, sp.Limit) | sums, key=sp.default_sort_key):
            if node.free_symbols & bound or node.args[0].has(sp.Integral, sp.Limit, sp.Sum):
                continue
            try:
                with alarm(VALUE_SECONDS):  # the search for an antiderivative has no limit of its own
                    found = prover.value(node, facts, prover.known_denominators(e, facts))
            except TimeLimit:
                if time.monotonic() > self.deadline:
                    raise
                found = None
            if found is not None and not found[0].has(sp.Integral):
                proof, target = proof.join(found[1]), target.xreplace({node: found[0]})
        if target == e:
            return None
        part = self.sign(target, facts, strict, depth + 1)
        return None if part is None else proof.join(part)

    def _homogeneous(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """e(λ v) = λ^k e(v) for positive variables: one of them may be taken for 1."""
        symbols = [s for s in variables_of(e) if facts.is_positive(s) and not s.is_integer]
        if depth > 2 or len(symbols) < 2 or not e.has(*FUNCTIONS, sp.Pow):
            return None
        scale = sp.Dummy("s", positive=True)
        scaled = {s: scale * s for s in symbols}
        conditions = [c for c in facts.where if any(mentions(c, s) for s in symbols)]
        for c in conditions:
            if not isinstance(c, sp.Ge | sp.Gt | sp.Le | sp.Lt | sp.Ne):
                return None
            h = sp.expand(c.lhs - c.rhs)
            moved = sp.expand(h.xreplace(scaled))
            if not any(sp.expand(moved - scale**k * h) == 0 for k in (1, 2)):
                return None
        form = NormalForm(Facts((*facts.where, scale > 0)))
        if not any(form.is_zero(e.xreplace(scaled) - scale**k * e) for k in (0, 1, 2)):
            return None
        one = symbols[-1]
        e = form.canonical(e)  # without factors that cancel: they might vanish where the one is chosen
        fixed = Facts(c.xreplace({one: sp.Integer(1)}) if c in conditions else c for c in facts.where)
        part = self.sign(e.xreplace({one: sp.Integer(1)}), fixed, strict, depth + 1)
        return None if part is None else Proof((("homogeneity", f"{one} = 1 without loss of generality"),)).join(part)

    def _translated(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """e(v + λ) = exp(k λ) e(v) for real variables: one of them may be taken for 0."""
        symbols = variables_of(e)
        if depth > 2 or len(symbols) < 2 or not e.has(*FUNCTIONS, sp.Pow) or bound_variables(e) & set(symbols):
            return None
        if any(s.is_integer or not facts.is_real(s) for s in symbols):
            return None
        fresh = {s: sp.Dummy(s.name, real=True) for s in symbols}
        shift = sp.Dummy("s", real=True)
        moved = {r: r + shift for r in fresh.values()}
        conditions = []
        for c in facts.where:
            if not any(mentions(c, s) for s in symbols):
                conditions.append(c)
            elif isinstance(c, sp.Ge | sp.Gt | sp.Le | sp.Lt | sp.Ne):
                h = (c.lhs - c.rhs).xreplace(fresh)
                if sp.expand(h.xreplace(moved) - h) == 0:  # the others only restrict the range
                    conditions.append(c.func(h, 0))
        e = e.xreplace(fresh)
        form = NormalForm(Facts(conditions))
        if not any(form.is_zero(e.xreplace(moved) - sp.exp(k * shift) * e) for k in (0, 1, -1)):
            return None
        e = form.canonical(e)  # without factors that cancel: they might vanish where the one is chosen
        first = fresh[symbols[0]]
        fixed = Facts(replaced(c, first, sp.Integer(0)) for c in conditions)
        part = self.sign(e.xreplace({first: sp.Integer(0)}), fixed, strict, depth + 1)
        return None if part is None else Proof((("translation", f"{symbols[0]} = 0 without loss of generality"),)).join(part)

    def _tangents(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Jensen's inequality inside sums and integrals."""
        if depth > 2 or strict:
            return None
        return by_tangents(e, facts, strict, self._deeper(depth))

    def _worst_sign(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """The worst sign of a variable that stands inside its modulus."""
        return None if depth > 3 or not e.has(sp.Abs) else by_worst_sign(e, facts, strict, self._deeper(depth))

    def _power_means(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """A power mean, or a norm, with another exponent."""
        return None if depth > 2 else by_power_means(e, facts, strict, self._deeper(depth))

    def _bernoulli(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Powers with symbolic exponents between rational functions."""
        return None if depth > 2 else by_bernoulli(e, facts, strict, self._deeper(depth))

    def _three_cosines(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Cosines of angles one of which is the sum of the two others."""
        return None if depth > 1 else by_three_cosines(e, facts, strict, self._deeper(depth))

    def _norms(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """A sum of norms, times the sum of all of them, by products of differences in triangle inequalities."""
        products = None if strict or depth > 1 or not e.has(sp.Abs) else multiplied_by_norms(e)
        goals, known = products or ([], facts)
        for goal in goals:
            found = self._combination(goal, known, False, (2,))
            if found is not None:
                return Proof((("sum of norms", "times the sum of the norms that are added"),)).join(found)
        return None

    def _greatest_values(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Orthogonal polynomials of symbolic degrees between their bounds."""
        return None if depth > 2 else by_greatest_values(e, facts, strict, self._deeper(depth))

    def _polar(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Complex variables by their moduli and the angle between them."""
        return None if depth > 1 or not e.has(sp.Abs) else by_polar_form(e, facts, strict, self._deeper(depth))

    def _one_period(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """A periodic function on one period."""
        return None if depth or not e.has(sp.sin, sp.cos) else by_one_period(e, facts, strict, self._deeper(depth))

    def _ends(self, p: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """A polynomial that is affine in a variable between two bounds, at both of them."""
        for x in sorted(p.free_symbols, key=str) if depth < 4 else ():
            if sp.degree(p, x) != 1 or not facts.is_real(x):
                continue
            low, high = ends = _interval(x, facts)
            if sp.oo in (high, -low) or NARROW * (high - low) < abs(high):  # a constant that is enclosed so
                continue
            found = by_ends_of_segment(p, x, ends, facts, strict, self._deeper(depth))
            if found is not None:
                return found
        return None

    def _linear_pieces(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Sums of moduli, maxima and minima of linear functions."""
        return piecewise_linear(e, facts, strict)

    def _powers(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """A comparison of two products of roots, by powers of them."""
        if depth >= self.deepest:
            return None
        return powers_of_both(e, facts, strict, self._deeper(depth))

    def _bounded_values(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Known bounds of special functions, and inverse functions by their monotone functions."""
        if depth > 2:
            return None
        sign = self._deeper(depth)
        found = by_known_bounds(e, facts, strict, sign) or by_inverse(e, facts, strict, sign)
        below = min(depth, self.deepest - 1)  # a digamma function is gone then
        return found or by_polygamma_bounds(e, facts, strict, self._deeper(below))

    def _mean_value(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """|f(x) - f(y)| ≤ L |x - y| by the mean value theorem."""
        return None if strict or depth > 2 else by_mean_value(e, facts, self._deeper(depth), _convex)

    def _jensen(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Jensen's inequality for terms that are written out."""
        if depth > 2:
            return None
        return by_jensen(e, facts, strict, self._deeper(depth))

    def _holder(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """A product of powers of sums, at least the power of the sum of the products."""
        return None if depth > 2 else by_holder(e, facts, strict, self._deeper(depth))

    def _weighted_means(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """A sum of monomials with real exponents, at least their weighted geometric mean."""
        if depth > 2:
            return None
        sign = self._deeper(depth)
        return by_weighted_means(e, facts, strict, sign) or by_means_of_factors(e, facts, strict, sign)

    def _triangle(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Moduli of complex expressions and norms by those of their terms, an integer in them by induction."""
        if depth > 3:
            return None
        found = by_triangle(e, facts, strict, self._deeper(depth))
        inside = set().union(*(node.free_symbols for node in e.atoms(sp.Abs)))
        for n in (s for s in variables_of(e) if s.is_integer and s in inside and depth == 0 and found is None):
            start = least(n, facts)
            if start is None or unsafe(e, n, facts) or bound_variables(e) & {n}:
                continue
            given = facts.given((sp.Gt if strict else sp.Ge)(e, 0, evaluate=False))
            step = by_triangle(sp.expand(e.subs(n, n + 1)), given, strict, self._deeper(depth))
            base = step and self.sign(e.subs(n, start), facts, strict, depth + 1)
            if step is not None and base is not None:
                return Proof((("induction", f"on {n} from {start}"),)).join(base).then("induction step").join(step)
        return found

    def _critical_value(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """The least value of e in one variable, where it is 0 or its sign is plain."""
        return self._critical_point(e, facts, strict, depth, _plain_sign)

    def _critical_point(
        self, e: Any, facts: Facts, strict: bool, depth: int, sign: Callable[[Any, Facts, bool], Proof | None] | None = None
    ) -> Proof | None:
        """The value where the derivative by one variable changes its sign, which is the least."""
        if depth > 2 or bound_variables(e):
            return None
        for x in _bases_first(e, variables_of(e)):
            if not x.is_integer and facts.is_real(x) and _convex(x, facts) and _transcendental(e, x):
                found = by_critical_point(e, x, _interval(x, facts), facts, strict, sign or self._deeper(depth))
                if found is not None:
                    return found
        return None

    def _logarithms(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """A comparison of two products with powers whose exponents are symbols, or gamma functions of several, by logarithms."""
        above = {s for p in e.atoms(sp.Pow) for s in p.exp.free_symbols}
        gamma = e.has(sp.gamma, sp.beta) and len(variables_of(e)) > 1
        if (
            depth > 2
            or not (above or gamma)
            or len(sp.Add.make_args(e)) != 2
            or any(s.is_integer for s in above)
            or e.has(*DISCRETE)
        ):
            return None
        return logarithms_of_both(e, facts, strict, self._deeper(depth))

    def _solved(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """e with -rest/slope in place of s, where a hypothesis says slope · s + rest = 0; what is known of s is known of that."""
        equations = [c for c in facts.where if isinstance(c, sp.Eq)] if depth <= 2 else []
        for equation in equations:
            bottom, lines = lines_of(renamed(equation.lhs) - renamed(equation.rhs))
            for s, slope, rest in lines[:1] if facts.is_nonzero(bottom) else ():
                if not e.has(s) or not facts.is_nonzero(slope):
                    continue
                value = sp.cancel(-rest / slope)
                known = [value > 0] if facts.is_positive(s) else [value >= 0] if facts.is_nonnegative(s) else []
                others = [c for c in facts.where if c is not equation]
                if any(mentions(c, s) and not isinstance(c, sp.core.relational.Relational) for c in others):
                    continue
                conditions = [*(replaced(c, s, value) for c in others), *known]
                if sp.false in conditions:
                    continue
                try:
                    within = Facts(conditions)
                except Contradiction:
                    continue
                part = self.sign(sp.together(e.xreplace({s: value})), within, strict, depth + 1)
                if part is not None:
                    return Proof((("substitution", f"{s} = {value}"),)).join(part)
        return None

    def _unit_steps(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Growth from a first value, or a fall to the limit, by unit steps."""
        if depth > 1:
            return None
        sign = self._deeper(depth)
        found = by_unit_steps(e, facts, strict, sign)
        more, rest = e.as_coeff_Add()
        if found is None and more > 0 and len(rest.args) == 2:  # two products may be compared by logarithms
            part = by_unit_steps(rest, facts, False, sign)
            found = None if part is None else Proof((("unit steps", f"without {more} > 0"),)).join(part)
        return found or by_remainder(e, facts, strict, sign)

    def _steps_in_range(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Steps along an integer in a range that other symbols bound."""
        if depth > STEPS_OF_STEPS or not any(s.is_integer for s in e.free_symbols):
            return None
        limit, self.deepest = self.deepest, max(self.deepest, depth + BELOW_STEPS)
        try:
            return by_steps_in_range(e, facts, strict, self._deeper(depth))
        finally:
            self.deepest = limit

    def _factors(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Products of factors that are at most one another."""
        if depth > 2 or not e.has(*DISCRETE):
            return None
        return factor_by_factor(e, facts, strict, self._deeper(depth))

    def _integrands(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """An integral with a bound in place of a factor of its integrand."""
        if depth > 1 or not e.has(sp.Integral) or self.search is None:
            return None
        prover = Prover(self.search, self.deadline)

        def value(node: Any) -> tuple[Any, Proof] | None:
            try:
                with alarm(VALUE_SECONDS):
                    return prover.value(node, facts, prover.known_denominators(e, facts))
            except TimeLimit:
                if time.monotonic() > self.deadline:
                    raise
                return None

        try:
            with alarm(VALUE_SECONDS):  # most factors that are tried have no bound, which may take long to see
                return by_bounded_factor(e, facts, strict, self._deeper(depth), value)
        except TimeLimit:
            if time.monotonic() > self.deadline:
                raise
            return None

    def _products(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Products of factors near 1 and the sums of their distances from 1."""
        return by_products(e, facts, strict, self._deeper(depth)) if depth <= 2 and e.has(sp.Product) else None

    def _summands(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """A sum of monotone terms and its length times the first or the last of them."""
        if depth > 3 or not e.has(sp.Sum, sp.harmonic):
            return None
        return by_extreme_terms(e, facts, strict, self._deeper(depth))

    def _recurrence(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """Sequences with a linear recurrence whose coefficients are not negative."""
        if depth > 2 or not any(s.is_integer for s in e.free_symbols):
            return None
        limit, self.deepest = self.deepest, max(self.deepest, depth + BELOW_STEPS)
        try:
            return by_linear_recurrence(e, facts, strict, self._deeper(depth))
        finally:
            self.deepest = limit

    def _whole_sum(self, e: Any, facts: Facts, strict: bool) -> Proof | None:
        """A term and the sum that it belongs to."""
        prover = Prover(self.search, min(self.deadline, time.monotonic() + SUM_SECONDS))

        def vanishes(part: Any, given: Facts) -> Proof | None:
            probe = attack(part, sp.Integer(0), "=", given.where, seconds=PROBE_SECONDS, points=PROBE_POINTS)
            return None if probe.counterexample is not None else prover.zero(part, given)

        try:
            with alarm(SUM_SECONDS):
                return by_the_whole_sum(e, facts, strict, vanishes)
        except TimeLimit:
            if time.monotonic() > self.deadline:
                raise
            return None

    def _outside_rows(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """C(n, k) = 0 for integers n ≥ 0 and k outside 0 … n, and what is left to prove inside."""
        for condition, without in outside_its_row(e, facts) if depth < CASES else ():
            proof = Proof((("cases", f"{condition} or not"),))
            for branch, part in ((condition, e), (sp.Not(condition), without)):
                if branch == sp.false:
                    continue
                try:
                    found = self.sign(part, facts.given(branch), strict, depth)  # there are fewer such conditions then
                except Contradiction:
                    continue
                if found is None:
                    return None
                proof = proof.join(found)
            return proof
        return None

    def _induction(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """e(n₀) ≥ 0 and e(n + 1) - e(n) ≥ 0."""
        if depth >= 6:
            return None
        for n in (s for s in variables_of(e) if s.is_integer):
            start = least(n, facts)
            if start is None or unsafe(e, n, facts):
                continue
            base = self.sign(e.subs(n, start), facts, strict, depth + 1)
            if base is None:
                continue
            start_of = Proof((("induction", f"on {n} from {start}"),)).join(base).then("induction step")
            after = continued(e, n, facts)
            step = self.sign(sp.expand((e.subs(n, n + 1) if after is None else after) - e), facts, False, depth + 1)
            if step is not None:
                return start_of.join(step)
            ratio = self._by_ratios(e, n, facts, depth) if depth < 2 else None
            if ratio is not None:
                return start_of.join(ratio)
            if depth < 2 and not bound_variables(e) & {n}:
                given = facts.given((sp.Gt if strict else sp.Ge)(e, 0, evaluate=False))
                step = self.sign(sp.expand(e.subs(n, n + 1) if after is None else after), given, strict, depth + 1)
                if step is not None:
                    return start_of.join(step)
        return None

    def _first_values(self, e: Any, facts: Facts, strict: bool, depth: int) -> Proof | None:
        """e ≥ 0 for n = n₀ … n₀ + m - 1, one by one, and for n ≥ n₀ + m, from where on e seems to grow, by the other rules.

        From there on, terms of e that are powers of n and not negative may be left out.
        """
        if depth or len(e.free_symbols) != 1:
            return None
        (n,) = e.free_symbols
        start = least(n, facts) if n.is_integer else None
        if start is None or unsafe(e, n, facts):
            return None
        slow = [t for t in sp.Add.make_args(e) if t.is_polynomial(n) and facts.is_nonnegative(t)]
        for below in dict.fromkeys((e, e - sp.Add(*slow))):
            for count in _before_growth(below, n, int(start), below == e):
                at = [self.sign(e.subs(n, value), facts, strict, 1) for value in range(int(start), int(start) + count)]
                later = None if None in at else self.sign(below, facts.given(sp.Ge(n, start + count)), strict, 1)
                if later is not None:
                    proof = Proof((("first values", f"{n} < {start + count}"),))
                    for part in at:
                        proof = proof if part is None else proof.join(part)
                    goal = f"{written(below)} {'>' if strict else '≥'} 0"
                    return proof.then(f"from {n} = {start + count} on", goal).join(later)
        return None

    def _by_ratios(self, e: Any, n: Any, facts: Facts, depth: int) -> Proof | None:
        """R(n + 1)/R(n) ≥ L(n + 1)/L(n) for positive R and L: then R ≥ L goes on from n to n + 1, and R > L too."""
        terms = sp.Add.make_args(e)
        upper = [t for t in terms if facts.is_positive(t)]
        lower = [-t for t in terms if facts.is_positive(-t)]
        if len(terms) != 2 or len(upper) != 1 or len(lower) != 1:
            return None
        try:
            form = NormalForm(facts)
            right, left = (form.canonical(side.subs(n, n + 1) / side) for side in (upper[0], lower[0]))
        except (NoNormalForm, NeedCase, RecursionError):
            return None
        part = self.sign(right - left, facts, False, depth + 1)
        return None if part is None else Proof((("ratios", f"{left} ≤ {right}"),)).join(part)


def _before_growth(e: Any, n: Any, start: int, whole: bool) -> list[int]:
    """Numbers m of first values of e(n) after which e, and its differences of first, second, … order, are not negative.

    None of them is 0 where e is the `whole` of what is to be proved: that was tried before.
    """
    try:
        values = [float(ball(Evaluator({n: fmpq(start + k)})(e)).real.mid()) for k in range(FIRST_VALUES + MOST_DIFFERENCES)]
    except (*NO_VALUE, OverflowError):
        return []
    counts: list[int] = []
    longest = 0
    for order in range(MOST_DIFFERENCES + 1):
        negative = [k for k, value in enumerate(values[:FIRST_VALUES]) if value < 0]
        longest = max(longest, negative[-1] + 1 if negative else 0)
        if order and longest < FIRST_VALUES:
            counts.append(longest)
        values = [later - sooner for sooner, later in itertools.pairwise(values)]
    return [count for count in dict.fromkeys(counts) if count or not whole]


def _plain_sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    """A sign by structure, or a value that the normal form makes 0."""
    signs = facts.signs(e)
    if signs is not None and signs <= (POSITIVE if strict else NONNEGATIVE):
        return Proof((("sign by structure", f"{written(e)} {'>' if strict else '≥'} 0"),))
    try:
        return None if strict or not NormalForm(facts).is_zero(e) else Proof((("normal form", "both sides are equal"),))
    except (NoNormalForm, NeedCase, RecursionError):
        return None


def _bases_first(e: Any, variables: list[Any]) -> list[Any]:
    """Variables in the order in which to differentiate by them: those that are exponents make derivatives longer."""
    above = {s for p in e.atoms(sp.Pow) if p.base.free_symbols for s in p.exp.free_symbols}
    return sorted(variables, key=lambda x: x in above)


def _transcendental(e: Any, x: Any) -> bool:
    """Whether x stands in a function, or in a power that is not a number's."""
    return any(n.has(x) for n in e.atoms(sp.Function)) or any(p.exp.free_symbols and p.has(x) for p in e.atoms(sp.Pow))


def _resolved(e: Any, facts: Facts) -> Any:
    """e with the moduli, maxima and minima written out whose case the facts decide, and tangents by sines and cosines.

    Beside other sums a harmonic number is one too.
    """
    if e.has(sp.Sum):
        e = harmonic_as_sums(e, facts)
    if (
        not e.has(sp.Abs, sp.Max, sp.Min, sp.tan, sp.cot, sp.sec, sp.csc)
        or not e.args
        or e.has(sp.Sum, sp.Integral, sp.Product, sp.Limit, SpaceIntegral)
    ):
        return e
    parts = tuple(_resolved(a, facts) if isinstance(a, sp.Expr) else a for a in e.args)
    e = e.func(*parts) if parts != e.args else e
    if isinstance(e, sp.tan | sp.cot | sp.sec | sp.csc):
        sine, cosine = sp.sin(e.args[0]), sp.cos(e.args[0])
        return {sp.tan: sine / cosine, sp.cot: cosine / sine, sp.sec: 1 / cosine, sp.csc: 1 / sine}[e.func]
    if isinstance(e, sp.Abs) and facts.is_real(e.args[0]):
        signs = facts.signs(e.args[0]) or frozenset()
        return e.args[0] if signs <= NONNEGATIVE else -e.args[0] if signs <= frozenset({0, -1}) else e
    if isinstance(e, sp.Max | sp.Min) and len(e.args) == 2:
        order = facts.decide(sp.Ge(*e.args))
        if order is not None:
            return e.args[0] if order == isinstance(e, sp.Max) else e.args[1]
    return e


def _collected(e: Any) -> Any:
    """Σ number · rest with the numbers of one rest added up, so that a constant's sign is decided as a whole."""
    terms: dict[Any, Any] = {}
    for term in sp.Add.make_args(sp.expand(e)):
        number, rest = term.as_independent(*term.free_symbols) if term.free_symbols else (term, sp.Integer(1))
        terms[rest] = terms.get(rest, 0) + number
    return sp.Add(*(sp.Mul(number, rest, evaluate=False) for rest, number in terms.items()))


def _below(value: arb) -> Any:
    """A rational number of few digits that is at most every number of the ball, with a relative distance of about 1/4096."""
    low = exact_number(value.lower())
    if low == 0:
        return low
    digits = 12 - (int(abs(low.p)).bit_length() - int(low.q).bit_length())
    scale = sp.Integer(2) ** digits
    return sp.floor(low * scale) / scale


def _expanded(combination: Any, p: Any, hypotheses: list[tuple[Any, bool]], equations: list[Any], strict: bool) -> Proof | None:
    """The check of p = Σ c · (products of hypotheses) · (squares) + Σ (multipliers) · equations, c ≥ 0, by expanding."""
    total, gain = sp.Integer(0), False
    for coefficient, factors, square in combination:
        parts = [part for part in (coefficient, square) if part is not None]
        if not all(s.is_real for part in parts for s in sp.sympify(part).free_symbols) or any(
            sp.sympify(p).has(sp.I) for p in parts
        ):
            return None
        if isinstance(factors, tuple):
            if not (coefficient.is_Rational and coefficient >= 0):
                return None
            total += coefficient * sp.Mul(*(hypotheses[i][0] for i in factors)) * square**2
            gain = gain or bool(coefficient > 0 and square == 1 and all(hypotheses[i][1] for i in factors))
        else:
            total += coefficient * equations[factors]
    if sp.expand(total - p) == 0 and (gain or not strict):
        return Proof((("combination of hypotheses", f"{p} = {total}"),))
    return None


def _root_of_square(p: Any) -> Any:
    """u where p = u² for a polynomial u with real coefficients, else None."""
    coefficient, factors = sp.factor_list(p)
    if not (coefficient.is_Rational and coefficient > 0 and sp.sqrt(coefficient).is_Rational and factors):
        return None
    if any(power % 2 for _, power in factors):
        return None
    return sp.expand(sp.sqrt(coefficient) * sp.Mul(*(factor ** (power // 2) for factor, power in factors)))


def _reduced_roots(p: Any, facts: Facts) -> Any:
    """p with the powers of roots that their equations r^k = u give replaced."""
    for left, right in facts.equations:
        power, rest = sp.expand(left - right), sp.Integer(0)
        powers = [f for f in sp.Add.make_args(power) if f.is_Pow and f.base.is_Dummy and f.exp.is_Integer and f.exp >= 2]
        roots = [f for f in powers if f.base.is_nonnegative] or powers
        if len(roots) != 1:
            continue
        r, k = roots[0].as_base_exp()
        rest = sp.expand(roots[0] - power)
        if rest.has(r) or not p.has(r) or sp.degree(p, r) < k:
            continue
        p = sp.expand(sp.rem(p, r**k - rest, r))
    return p


def _without_factors(p: Any, facts: Facts, strict: bool) -> Any:
    """p divided by its factors of known sign; they must be positive where a strict sign is wanted."""
    _, factors = sp.factor_list(p)
    if len(factors) < 2:
        return p
    for factor, power in factors:
        signs = facts.signs(factor)
        positive = signs == POSITIVE or (not strict and signs is not None and signs <= NONNEGATIVE)
        negative = signs == frozenset({-1}) or (not strict and signs is not None and signs <= frozenset({0, -1}))
        if positive or negative:
            p = sp.cancel(p / factor**power) * (-1 if negative and power % 2 else 1)
    return sp.expand(p)


def _cleared(top: Any, bottom: Any, facts: Facts) -> Any:
    """A polynomial with the sign of top / bottom."""
    sign = facts.signs(bottom)
    if sign == POSITIVE:
        return sp.expand(top)
    return sp.expand(-top) if sign == frozenset({-1}) else sp.expand(top * bottom)


def _interval(x: Any, facts: Facts) -> tuple[Any, Any]:
    """The closed range that assumptions and hypotheses leave to a symbol."""
    low = sp.Integer(0) if x.is_nonnegative else -sp.oo
    high = sp.Integer(0) if x.is_nonpositive else sp.oo
    for h, allowed in facts.relations:
        if h.free_symbols == {x} and h.is_polynomial(x) and sp.degree(h, x) == 1:
            slope = h.coeff(x)
            edge = sp.expand(x - h / slope)
            if not edge.is_number or not slope.is_Rational:
                continue
            if (allowed <= NONNEGATIVE and slope > 0) or (allowed <= frozenset({0, -1}) and slope < 0):
                low = edge if low == -sp.oo or facts.is_nonnegative(edge - low) else low
            elif allowed <= NONNEGATIVE or allowed <= frozenset({0, -1}):
                high = edge if high == sp.oo or facts.is_nonnegative(high - edge) else high
    return low, high


def _edges(x: Any, facts: Facts) -> list[tuple[Any, int]]:
    """(end, 1) where x ≥ end, (end, -1) where x ≤ end, for the ends that are expressions."""
    found = []
    for h, allowed in facts.relations:
        slope = h.coeff(x) if h.has(x) and h.is_polynomial(x) and sp.degree(h, x) == 1 else sp.Integer(0)
        if not slope.is_Rational or slope == 0 or allowed == NONZERO:
            continue
        edge = sp.expand(x - h / slope)
        if not edge.is_number:
            found.append((edge, 1 if (allowed <= NONNEGATIVE) == (slope > 0) else -1))
    return found


def _at_hand(e: Any, facts: Facts) -> Facts:
    """The facts, with the inequalities that hold for all values taken at the symbols that occur."""
    taken = []
    terms = variables_of(e)
    if facts.inequalities:
        inside = {a for f in e.atoms(AppliedUndef) for a in f.args} | {k for x in e.atoms(sp.Indexed) for k in x.indices}
        bound = e.atoms(sp.Symbol) - e.free_symbols
        terms += sorted((a for a in inside if isinstance(a, sp.Expr) and not a.free_symbols & bound), key=sp.default_sort_key)
    for rule in facts.inequalities:
        choices = [
            [v]
            if isinstance(v, sp.IndexedBase)
            else list(dict.fromkeys(s for s in sorted(terms, key=lambda s: s != v) if admits(v, s, facts)))
            for v in rule.variables
        ]
        equation = rule.equation
        for chosen in itertools.islice(itertools.product(*choices), INSTANCES):
            values = dict(zip(rule.variables, chosen, strict=True))
            if says_nothing(rule, facts, values):
                continue
            if not any(captures(part, chosen) for part in (equation, *rule.where)) and all(
                facts.decide(w.xreplace(values)) is True for w in rule.where
            ):
                plain = all(isinstance(c, sp.Symbol | sp.IndexedBase) for c in chosen)
                sides = (side.xreplace(values) if plain else side.subs(values, simultaneous=True) for side in equation.args)
                relation = equation.func(*sides, evaluate=False)
                if relation not in facts.where:
                    taken.append(relation)
    return facts.given(*taken) if taken else facts


def _single_terms(form: NormalForm, names: dict[Any, Any], unnamed: set[Any], facts: Facts, e: Any) -> list[Any]:
    """A sum of terms that are not negative is at least each of them, for the indices that occur."""
    indices = [s for s in variables_of(e) if s.is_integer]
    found = []
    for s in [s for s in names if s not in unnamed and form.meaning[s].kind == "sum"]:
        body, (k, a, b) = outermost(form.meaning[s].expression)
        for i in indices:
            inside = facts.decide(sp.Ge(i, a)) is True and (b is sp.oo or facts.decide(sp.Le(i, b)) is True)
            if not inside or not facts.given(k >= a, *([] if b is sp.oo else [k <= b])).is_nonnegative(body):
                continue
            term = form.flatten(body.xreplace({k: i}))
            if term.free_symbols <= set(names) - unnamed:
                found.append(sp.Ge(names[s], term.xreplace(names), evaluate=False))
    return found


def _cauchy_schwarz(form: NormalForm, names: dict[Any, Any], unnamed: set[Any], facts: Facts) -> list[tuple[Any, str]]:
    """(∫ r)² ≤ ∫ p ∫ q wherever r² = p q and p, q ≥ 0, for the sums, integrals and means among the generators.

    The mean of 1 is 1, the sum and the integral of 1 over a finite range its length.
    """
    groups: dict[Any, list[tuple[Any, Any]]] = {}
    for s in names:
        if s not in unnamed and form.meaning[s].kind in ("sum", "integral", "mean", "space"):
            body, frames = chain_of(form.meaning[s].expression)
            for known, members in groups.items():
                same = same_chain(body, frames, known)
                if same is not None:
                    members.append((s, same))
                    break
            else:
                groups[frames] = [(s, body)]
    found: list[tuple[Any, str]] = []
    for frames, members in groups.items():
        if len(members) > 6:
            continue
        within, total = facts, sp.Integer(1)
        for head, variable, *ends in frames:
            if head is SpaceIntegral:
                total, within = sp.oo, within.about_others(variable)
            if not ends:
                continue
            a, b = ends
            discrete = head is sp.Sum
            if not (sp.oo in (b, -a) or within.is_nonnegative(b - a + (1 if discrete else 0))):
                break
            within = within.given(*(c for c in (variable >= a, variable <= b) if c not in (sp.true, sp.false)))
            total = sp.oo if sp.oo in (b, -a, total) else total * (b - a + (1 if discrete else 0))
        else:
            if total is not sp.oo and any(total.has(frame[1]) for frame in frames):
                total = sp.oo  # the length of an inner range that depends on the outer one
            found += _products(form, names, members, within, total)
    return found


def _products(
    form: NormalForm, names: dict[Any, Any], members: list[tuple[Any, Any]], within: Facts, total: Any
) -> list[tuple[Any, str]]:
    found: list[tuple[Any, str]] = []
    candidates = [(names[s], body) for s, body in members if within.is_nonnegative(body)]
    if total is not sp.oo:
        length = form.flatten(total)
        if length.free_symbols <= set(names):
            candidates.append((length.xreplace(names), sp.Integer(1)))
    local = NormalForm(within)
    for (left, p), (right, q) in itertools.combinations(candidates, 2):
        for s, r in members:
            try:
                fits = within.is_real(r) and local.is_zero(r**2 - p * q)
            except (NoNormalForm, NeedCase):
                continue
            if fits:
                whole = form.meaning[s].expression
                found.append((sp.Ge(left * right, names[s] ** 2, evaluate=False), f"({whole})² is at most the product"))
    return found


def _half_monomials(poly: Any) -> list[tuple[int, ...]] | None:
    """Monomials whose squares, or products of two, may make up the polynomial: half of its even monomials, and 1."""
    monomials = list(poly.monoms())
    halves = {tuple(m // 2 for m in mono) for mono in monomials if all(m % 2 == 0 for m in mono)}
    for mono in monomials:
        if any(m % 2 for m in mono) and not any(
            tuple(x + y for x, y in zip(a, b, strict=True)) == mono for a in halves for b in halves
        ):
            return None
    return sorted(halves, reverse=True)


def _gram(poly: Any, basis: list[tuple[int, ...]]) -> list[list[Any]] | None:
    """The Gram matrix of the polynomial over the basis; each monomial is put on its first admissible pair."""
    size = len(basis)
    matrix = [[sp.Integer(0)] * size for _ in range(size)]
    for mono, coefficient in poly.terms():
        pairs = [
            (i, j)
            for i in range(size)
            for j in range(i, size)
            if tuple(a + b for a, b in zip(basis[i], basis[j], strict=True)) == mono
        ]
        if not pairs:
            return None
        i, j = next(((i, j) for i, j in pairs if i == j), pairs[0])
        if i == j:
            matrix[i][i] += coefficient
        else:
            matrix[i][j] += coefficient / 2
            matrix[j][i] += coefficient / 2
    return matrix


def _pivots(matrix: list[list[Any]]) -> list[Any] | None:
    """The pivots of exact symmetric elimination if all are nonnegative (a zero pivot needs a zero row), else None."""
    a = [row[:] for row in matrix]
    size, pivots = len(a), []
    for k in range(size):
        d = a[k][k]
        if d < 0 or (d == 0 and any(a[k][j] != 0 for j in range(k + 1, size))):
            return None
        pivots.append(d)
        if d == 0:
            continue
        for i in range(k + 1, size):
            factor = a[i][k] / d
            for j in range(k, size):
                a[i][j] -= factor * a[k][j]
    return pivots
