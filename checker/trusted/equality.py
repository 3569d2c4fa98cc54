"""The decision of equality: refuted at a point, or proved by a rule with its certificate, or neither.

Proof rules, in the order in which they are tried: normal form; case split; bound for the nonzero values of an algebraic
constant; values of integrals by a checked antiderivative and of limits by rules; residue classes of an integer; vanishing
derivative and one point; induction on an integer.
"""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import sympy as sp
from flint import arb, ctx
from sympy.core.function import AppliedUndef

from derivable.trusted.angles import by_directions, with_bounds
from derivable.trusted.arguments import applies, in_real_terms
from derivable.trusted.asymptotics import MayVanish, NoExpansion, limit_by_expansion
from derivable.trusted.balls import Evaluator, Undecided, Undefined, Unsupported, ball
from derivable.trusted.binomial_theorem import by_binomial_theorem
from derivable.trusted.calculus import NoLimit, integral_by, limit
from derivable.trusted.congruences import reduced_fractions, with_remainders_told
from derivable.trusted.continuity import between, is_continuous, is_integrable, smooth
from derivable.trusted.convergence import converges, passes_ratio_test
from derivable.trusted.counted_floors import with_counted_sums
from derivable.trusted.deadline import given_up_after
from derivable.trusted.decision import (
    OPEN,
    PROVED,
    REFUTED,
    SAMPLED,
    Counterexample,
    Decision,
    Proof,
)
from derivable.trusted.definedness import unsafe
from derivable.trusted.differential_equations import by_differential_equation
from derivable.trusted.division import Case, by_division, named_integer_part
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts, ForAll, excludes_itself, mentions, plainly, replaced
from derivable.trusted.floor_sums import with_floor_sums
from derivable.trusted.fourier_series import fourier_series
from derivable.trusted.functionals import under_one
from derivable.trusted.generating_functions import by_generating_function
from derivable.trusted.growing_ranges import (
    by_polygamma,
    infinite_series,
    logarithm_of_product,
    products_by_gamma,
    riemann_integral,
)
from derivable.trusted.half_angle import by_half_angle
from derivable.trusted.heads import (
    Expectation,
    Partial,
    SpaceIntegral,
    at_points,
    bound_variables,
    captures,
    is_constant,
    of_reciprocals,
    renamed,
    standard,
    variables_of,
)
from derivable.trusted.ideals import by_ideal
from derivable.trusted.identity_theorem import on_the_line
from derivable.trusted.injections import by_angle, by_complex_root, by_definition, by_exponential, by_squares
from derivable.trusted.integer_parts import by_bounds, fractional_pieces
from derivable.trusted.known_integrals import known_integral, product_integral
from derivable.trusted.matching import match
from derivable.trusted.noncommutative import decide_words, foreign_hypothesis, speaks_of_matrices
from derivable.trusted.normal_form import NormalForm, outermost, vanishes_identically
from derivable.trusted.periodic_residues import ResidueCase, by_periodic_residues
from derivable.trusted.piecewise_linear import piecewise_linear
from derivable.trusted.power_gaps import by_power_gaps
from derivable.trusted.ranges import (
    by_antiderivatives,
    by_product_rule,
    merged_integrals,
    over_unit_steps,
    reflected_sums,
    shortened_means,
    split_at_signs,
    substituted_integrals,
    symmetrised,
    transposed_integrals,
    transposed_sums,
    without_the_variable,
)
from derivable.trusted.recurrences import by_creative_telescoping, by_induction, in_class, modulus_in, with_parities
from derivable.trusted.roots_of_unity import CIRCULAR, chebyshev_by_powers, over_roots_of_unity
from derivable.trusted.rounding import INTEGER_PARTS
from derivable.trusted.sampling import Attack, attack, attack_in_closed_form, resumed
from derivable.trusted.scaling import NotSeen, at_zero, parameters, scaled
from derivable.trusted.stepping import by_last_term
from derivable.trusted.symbolic_order import by_symbolic_order
from derivable.trusted.whole_arguments import ANGLES, GAMMA_FAMILY, in_whole_arguments

Search = Callable[[str, Any, Any], Any]  # what proposes certificates: (kind, expression, variable) → candidates
ROOT_BOUND_BITS = 30000
ATTACK_SECONDS = 1.0
CASES = 7
RANGES = 3  # changes of variable one after the other
COMPLEX_VARIABLES = 2  # that are looked at on the real line, one after the other
BY_PARTS = (sp.log, sp.atan, sp.asin, sp.acos, sp.asinh, sp.acosh, sp.atanh, sp.erf, sp.erfc, sp.expint)
CLASSES = 60  # of residues that an equation is looked at in
SUBGOAL_SECONDS = 1.0
CLOSED_SECONDS = 2.0  # for values by rules at single points
ENCLOSED = 8  # points at which enclosures of both sides meet, for a statement to be called sampled
CLOSED_FORMS = 6  # integrals, limits and sums of one number
AGAINST_NUMBERS = 1 / 3  # of the time left, for a proof of what two precisions contradict
AT_FIRST = 0.3  # seconds for the expansion at a limit, before the other rules for limits
STRICTLY = {sp.Ge: sp.Gt, sp.Le: sp.Lt, sp.Gt: sp.Gt, sp.Lt: sp.Lt}


def decide_equal(
    lhs: Any,
    rhs: Any,
    where: tuple[Any, ...] = (),
    search: Search | None = None,
    instances: Mapping[Any, Any] | None = None,
    seconds: float = 10.0,
    proof: Callable[[Facts], Proof | None] | None = None,
    known: tuple[Any, ...] = (),
    attack_seconds: float | None = None,
) -> Decision:
    """Decide lhs = rhs at every point that the hypotheses admit and at which both sides are defined.

    `known` are facts that follow from the hypotheses (proved or cited before): the proof may use them, the sampling need not
    ask them. `proof` replaces the proof search by a given rule; the attack comes first all the same.
    """
    started = time.monotonic()
    if proof is None and speaks_of_matrices(lhs, rhs):
        return decide_words(lhs, rhs, where)
    foreign = foreign_hypothesis(where)
    if foreign is not None:
        return Decision(OPEN, note=foreign)
    try:
        facts = Facts(plainly((*where, *known)))
    except Contradiction as error:
        return Decision(OPEN, note=f"the hypotheses contradict each other: {error}")
    pairs = entries(lhs, rhs)
    if pairs is None:
        return Decision(REFUTED, counterexample=_shapes(lhs, rhs), points=1)
    attacks = []
    doubtful: Counterexample | None = None
    prover = Prover(search, started + seconds)
    budget = attack_seconds if attack_seconds is not None else min(seconds / 4, ATTACK_SECONDS)
    each = budget / len(pairs) + 0.2
    evaluated = [tuple(prover.with_limits(side, facts) for side in pair) for pair in pairs]
    for left, right in evaluated:
        result = attack(left, right, "=", where, instances, seconds=each)
        attacks.append(result)
        if result.counterexample is not None and result.counterexample.rigorous:
            return refuted(result)
        doubtful = doubtful or result.counterexample
    if any(a.hurried for a in attacks):
        prover.deadline -= each
    for a, b in pairs:
        if is_constant(a) and is_constant(b):
            apart = _apart_at_the_bound(a, b)
            if apart is not None:
                return Decision(REFUTED, counterexample=apart, points=1)
    found: Proof | None = None
    reason = "no proof was found in the time for it"
    remaining = started + seconds - time.monotonic()
    try:
        with given_up_after(remaining if doubtful is None else max(remaining * AGAINST_NUMBERS, SUBGOAL_SECONDS / 4)):
            parts = [] if proof is None else [proof(facts)]
            for a, b in pairs if proof is None else ():
                parts.append(prover.zero(a - b, facts))
                if parts[-1] is None:
                    break
            reason = prover.reason
            found = None if None in parts else functools.reduce(Proof.join, filter(None, parts), Proof())
    except Contradiction as error:
        reason = f"the hypotheses contradict each other: {error}"
    if doubtful is None:
        for number, (left, right) in enumerate(evaluated):
            if found is not None and attacks[number].points:
                continue
            attacks[number] = resumed(
                attacks[number], left, right, "=", where, instances, min(each, started + seconds - time.monotonic())
            )
            doubtful = attacks[number].counterexample
            if doubtful is not None and doubtful.rigorous:
                return refuted(attacks[number])
            if doubtful is not None:
                break
    if found is None:
        at_a_point = refuted_by_values(pairs, "=", where, prover, attacks, started + seconds)
        if at_a_point is not None:
            return at_a_point
    if doubtful is not None:
        return _against(doubtful, found, pairs)
    if found is not None:
        found = replace(found, exceptions=tuple(dict.fromkeys(found.exceptions + tuple(exceptions(pairs, facts)))))
    told = [(node, _variables(c)) for c in (*where, *known) for side in _sides(c) for node in _doubtful(side)]
    told += [(node, ()) for node in prover.valued]

    def has_value(node: Any) -> bool:
        return passes_ratio_test(node, facts) or any(_same(node, other, v, facts) for other, v in told)

    return verdict(found, attacks, pairs, reason, has_value)


def refuted_by_values(
    pairs: list[tuple[Any, Any]], relation: str, where: tuple[Any, ...], prover: Prover, attacks: list[Attack], end: float
) -> Decision | None:
    """A refutation by what rules say of integrals, limits and series at points that the evaluations could not judge."""
    if all(one.points >= ENCLOSED and one.rigorous for one in attacks):
        return None
    for left, right in pairs:
        remaining = min(CLOSED_SECONDS, end - time.monotonic())
        if remaining < SUBGOAL_SECONDS / 4:
            return None
        result = attack_in_closed_form(left, right, relation, where, prover.closed_form, remaining)
        if result.counterexample is not None:
            return refuted(result)
    return None


def refuted(result: Attack) -> Decision:
    """The refutation that an attack found."""
    return Decision(REFUTED, counterexample=result.counterexample, points=result.points + 1, rigorous=result.rigorous)


def _variables(condition: Any) -> tuple[Any, ...]:
    return condition.variables if isinstance(condition, ForAll) else ()


def _same(node: Any, told: Any, variables: tuple[Any, ...], facts: Facts) -> bool:
    """Whether a sum or integral is, up to a factor, one of which a hypothesis or a rule says that it has a value."""
    if not variables and type(node) is type(told) and node.dummy_eq(told):
        return True
    form = NormalForm(facts)
    try:
        flats = [form.flatten(e) for e in (told, node)]
    except (NoNormalForm, NeedCase, RecursionError):
        return False
    heads = [[s for s in flat.free_symbols if form.meaning[s].kind in ("sum", "product", "integral")] for flat in flats]
    if any(len(found) != 1 or isinstance(flat, sp.Add) for found, flat in zip(heads, flats, strict=True)):
        return False
    pattern, target = (form.meaning[found[0]].expression for found in heads)
    return match(pattern, target, variables, facts) is not None if variables else bool(pattern == target)


def _sides(condition: Any) -> tuple[Any, ...]:
    """Both sides of an equation among the hypotheses: what it speaks of has a value."""
    equation = condition.equation if isinstance(condition, ForAll) else condition
    return (equation.lhs, equation.rhs) if isinstance(equation, sp.Eq) else ()


ABRUPT = (sp.Heaviside, sp.Piecewise, sp.sign, sp.floor, sp.ceiling, sp.Mod, sp.frac, sp.KroneckerDelta, sp.Max, sp.Min, sp.Abs)


def _against(doubtful: Counterexample, found: Proof | None, pairs: list[tuple[Any, Any]]) -> Decision:
    """A numerical disagreement that no ball encloses: a refutation unless there is a proof; with one, neither is believed.

    A limit, or an infinite sum of terms that may change abruptly, was only followed a finite way: that refutes nothing.
    """
    sides = [side for pair in pairs for side in pair]
    infinite = [s for side in sides for s in side.atoms(sp.Sum, sp.Product) if any(sp.oo in limits for limits in s.limits)]
    followed = [s for s in infinite if s.has(*ABRUPT)] or any(side.has(sp.Limit) for side in sides)
    if found is None and followed:
        return Decision(
            OPEN, points=1, rigorous=False, note=f"no proof found; followed a finite way, the sides differ: {doubtful}"
        )
    if found is None:
        return Decision(REFUTED, counterexample=doubtful, points=1, rigorous=False)
    note = f"a proof was found, but a numerical evaluation disagrees ({doubtful}): a fault of the checker or of the quadrature"
    return Decision(OPEN, found, rigorous=False, note=note)


def verdict(
    found: Proof | None,
    attacks: list[Attack],
    pairs: list[tuple[Any, Any]],
    reason: str,
    has_value: Callable[[Any], bool] = lambda node: False,
) -> Decision:
    """The decision that a proof, or none, and the evaluations add up to."""
    points = min((a.points for a in attacks), default=0)
    rigorous = all(a.rigorous for a in attacks)
    obstacles = tuple(dict.fromkeys(o for a in attacks for o in a.obstacles))
    if found is not None:
        if any(a.admissible == 0 and not a.obstacles for a in attacks):
            return Decision(OPEN, note="vacuous: no admissible point was found, so the statement says nothing")
        if any(a.admissible == 0 and a.only_cut_short for a in attacks):
            return Decision(OPEN, found, note="no admissible point was found in the time for it: the statement may say nothing")
        if any(a.points == 0 and a.undefined == a.admissible > 0 and not a.obstacles for a in attacks):
            return Decision(OPEN, note="vacuous: at no admissible point that was tried are both sides defined")
        # a cited theorem says that what it speaks of has a value; else a rule, a hypothesis or an evaluation must have seen it
        cited = any(rule.startswith("cited") for rule, _ in found.rules)
        doubtful = [] if points or cited else [node for pair in pairs for side in pair for node in _doubtful(side)]
        unseen = [node for node in doubtful if not has_value(node)]
        if unseen:
            return Decision(OPEN, found, note=f"whether {unseen[0]} has a value is not known")
        note = "" if points else "not evaluated: " + "; ".join(obstacles)
        return Decision(PROVED, found, points=points, rigorous=rigorous, note=note)
    if any(a.admissible == 0 and not a.obstacles for a in attacks):
        return Decision(OPEN, note="vacuous: no admissible point was found; the hypotheses may contradict each other")
    constant = all(is_constant(side) for pair in pairs for side in pair)
    if constant and points and rigorous:  # no truth of an equation: there are constants that differ much later
        return Decision(SAMPLED, points=points, note=f"both sides agree to {int(4000 * 0.3 / 3)} digits or more")
    if points >= ENCLOSED and rigorous:
        return Decision(SAMPLED, points=points, note=reason or "no proof found")
    return Decision(OPEN, points=points, rigorous=rigorous, note=reason or "; ".join(obstacles) or "no proof found")


def _doubtful(e: Any) -> list[Any]:
    """Infinite sums that are not seen to converge, integrals that are improper or whose integrand may not be continuous."""
    found = [s for s in e.atoms(sp.Sum, sp.Product) if any(sp.oo in limits for limits in s.limits)]
    found = [s for s in found if not converges(s, Facts(()))]
    for node in e.atoms(sp.Integral):
        for x, *ends in node.limits:
            if len(ends) == 2 and (sp.oo in ends or -sp.oo in ends):
                fine = is_integrable(node.args[0], x, ends[0], ends[1], Facts(()))
            else:
                fine = len(ends) == 2 and smooth(node.args[0], x, Facts(()))
            if not fine:
                found.append(node)
    return found


def _found_before(node: Any) -> tuple[Any, ...]:
    """What must have a value before the node is given one."""
    if isinstance(node, sp.Limit):
        return (sp.Limit, SpaceIntegral)
    return (sp.Integral, sp.Limit, SpaceIntegral, *(() if isinstance(node, SpaceIntegral) else (sp.Sum,)))


def _turn(node: Any) -> Any:
    """Limits first, but those of integrals only where these have no values."""
    return node.args[0].has(sp.Integral), not isinstance(node, sp.Limit), sp.default_sort_key(node)


def entries(lhs: Any, rhs: Any) -> list[tuple[Any, Any]] | None:
    """The scalar equations that an equation stands for; None if the shapes of two matrices differ.

    Raises `ValueError` for a matrix whose size is not a number: state such a thing by its entries.
    """
    left, right = (_explicit(side) for side in (lhs, rhs))
    if isinstance(left, sp.MatrixBase) or isinstance(right, sp.MatrixBase):
        if not (isinstance(left, sp.MatrixBase) and isinstance(right, sp.MatrixBase)) or left.shape != right.shape:
            return None
        return list(zip(left, right, strict=True))
    return [(left, right)]


def _explicit(side: Any) -> Any:
    if isinstance(side, str):
        raise TypeError("a statement is made of SymPy expressions, not of text")
    if isinstance(side, sp.MatrixBase):
        return side.as_immutable()
    if isinstance(side, sp.MatrixExpr):
        if not all(getattr(n, "is_Integer", isinstance(n, int)) for n in side.shape):
            raise ValueError("a matrix of symbolic size: state it by its entries, with indices")
        inert, back = _inert(side)
        return inert.doit().as_explicit().as_immutable().xreplace(back)
    if isinstance(side, sp.Basic) and side.has(sp.MatrixBase, sp.Trace, sp.Determinant):
        inert, back = _inert(side)
        return inert.doit().xreplace(back)
    return at_points(sp.sympify(side, strict=True))


def _inert(side: Any) -> tuple[Any, dict[Any, Any]]:
    """The side with whatever SymPy would evaluate beside the matrices replaced by symbols, and what these stand for."""
    heads = (sp.Integral, sp.Limit, sp.Sum, sp.Product, sp.Derivative, sp.Subs, Expectation, SpaceIntegral, Partial)
    nodes = [n for n in side.atoms(*heads) if not n.has(sp.MatrixBase, sp.Trace, sp.Determinant)]
    stand_ins = {n: sp.Dummy(f"e{k}", commutative=n.is_commutative) for k, n in enumerate(sorted(nodes, key=sp.default_sort_key))}
    outermost_first = side.xreplace(stand_ins)
    return outermost_first, {v: n for n, v in stand_ins.items()}


def _shapes(lhs: Any, rhs: Any) -> Counterexample:
    return Counterexample({}, f"shape {getattr(lhs, 'shape', '()')}", f"shape {getattr(rhs, 'shape', '()')}")


def exceptions(pairs: list[tuple[Any, Any]], facts: Facts) -> list[str]:
    """Denominators of the sides that the hypotheses do not keep from vanishing."""
    found: dict[str, None] = {}
    for e in (side for pair in pairs for side in pair):
        bound = {limits[0] for s in e.atoms(sp.Sum, sp.Product, sp.Integral) for limits in s.limits}
        bound |= {limit.args[1] for limit in e.atoms(sp.Limit)}
        for power in e.atoms(sp.Pow):
            if (
                power.exp.is_number
                and facts.signs(power.exp) == {-1}
                and not power.free_symbols & bound
                and not facts.is_nonzero(power.base)
            ):
                found[str(power.base)] = None
    return list(found)


def splits(condition: Any, e: Any, facts: Facts) -> bool:
    """Whether both cases of a condition may be looked at: it speaks of what is free in e and bound nowhere in it."""
    known = e.free_symbols | set().union(*(c.free_symbols for c in facts.where))
    return condition.free_symbols <= known and not condition.free_symbols & bound_variables(e)


def _settled(e: Any, facts: Facts) -> Any:
    """e with the signs and cases that the facts decide, of what is bound nowhere in it."""
    bound = bound_variables(e)
    values: dict[Any, Any] = {}
    for node in e.atoms(sp.sign, sp.Heaviside, sp.Piecewise):
        if node.free_symbols & bound:
            continue
        if isinstance(node, sp.sign | sp.Heaviside):
            signs = facts.signs(node.args[0])
            if signs is not None and len(signs) == 1:
                (one,) = signs
                values[node] = (
                    sp.Integer(one) if isinstance(node, sp.sign) else (sp.Integer(0), node.args[1], sp.Integer(1))[one + 1]
                )
            continue
        for value, condition in node.args:
            known = facts.decide(condition)
            if known:
                values[node] = value
            if known is not False:
                break
    return e.xreplace(values)


class Prover:
    """Proof rules for e = 0; `reason` says afterwards why none applied."""

    def __init__(self, search: Search | None, deadline: float):
        self.search = search
        self.deadline = deadline
        self.reason = ""
        self._limits: dict[tuple[Any, int], tuple[Facts, list[Any], Any]] = {}  # by node and facts
        self.vanishing: Any = None  # a coefficient in the expansion at a limit that may be zero
        self._in_parts = False
        self.valued: list[Any] = []  # integrals and sums that a certificate gave a value

    def zero(self, e: Any, facts: Facts, depth: int = 0, induction: bool = True) -> Proof | None:
        """A proof that e vanishes wherever it is defined, or None."""
        e = of_reciprocals(renamed(facts.with_densities(sp.sympify(e))), facts.is_nonzero)
        if time.monotonic() > self.deadline:
            self.reason = "out of time"
            return None
        for left, right in facts.equations:
            if any(sp.expand(e - way * (renamed(left) - renamed(right))) == 0 for way in (1, -1)):
                return Proof((("hypothesis", f"{left} = {right}"),))
        form = NormalForm(facts)
        try:
            if form.is_zero(e):
                return Proof((("normal form", "numerator 0 over the generators"),), cited=tuple(form.cited))
            self.reason = self.reason or "the normal forms of the sides differ"
        except NeedCase as need:
            if splits(need.condition, e, facts):
                return self._cases(e, need.condition, facts, depth, induction)
            self.reason = f"whether {need.condition} is open inside a sum"
        except (NoNormalForm, RecursionError) as error:
            self.reason = str(error)
        substituted = self._with_equal_symbols(e, facts)
        if substituted is not None and depth < CASES:
            return self.zero(*substituted, depth + 1, induction)
        for rule in (
            self._algebraic_constant,
            self._by_equations,
            self._deltas,
            self._replaced,
            self._transposed,
            self._other_ranges,
            self._under_one,
            self._symmetric,
            self._roots_of_unity,
            self._evaluated,
            self._injective,
            self._residues,
            self._parities,
            self._named_integer_part,
            self._power_gaps,
            self._rounded,
            self._floor_sums,
            self._congruences,
            self._periodic_residues,
            self._divided,
            self._fractional_parts,
            self._signs,
            self._binomials,
            self._in_whole_arguments,
            self._constant_function,
            self._differential_equation,
            self._identity_theorem,
            self._scaled,
            self._parameters,
            self._symbolic_order,
            self._binomial_theorem,
            self._piecewise_linear,
            self._by_arguments,
        ):
            found = rule(e, facts, depth)
            if found is not None:
                return found
            if time.monotonic() > self.deadline:
                self.reason = "out of time"
                return None
        if not induction:
            return None
        return self._creative(e, facts, depth) or self._last_term(e, facts, depth) or self._induction(e, facts, depth)

    def _with_equal_symbols(self, e: Any, facts: Facts) -> tuple[Any, Facts] | None:
        """e and the facts with one symbol replaced by what two opposite inequalities make it equal to."""
        for h, zero in facts.equations:
            solved = _solved(sp.Eq(h, zero, evaluate=False)) if h.is_polynomial() and zero.is_polynomial() else None
            if solved is not None and e.has(solved[0]):
                try:
                    return e.subs(*solved), Facts(tuple(replaced(c, *solved) for c in facts.where))
                except Contradiction:
                    return None
        return None

    def _cases(self, e: Any, condition: Any, facts: Facts, depth: int, induction: bool) -> Proof | None:
        if depth >= CASES:
            self.reason = f"too many cases, the last one {condition}"
            return None
        proof = Proof((("cases", f"{condition} or not"),))
        if isinstance(condition, sp.Eq):
            branches: tuple[Any, ...] = (condition, sp.Ne(condition.lhs, condition.rhs))
        else:
            branches = (condition, sp.Not(condition))
        for branch in branches:
            try:
                given = facts.given(branch)
            except Contradiction:
                continue
            if excludes_itself(given):
                continue
            target = e
            if isinstance(branch, sp.Eq):
                solved = _solved(branch)
                if solved is not None:
                    target = e.subs(*solved)
                    try:
                        given = Facts(tuple(replaced(c, *solved) for c in facts.where))
                    except Contradiction:
                        continue
                    # where the statement surely divides by zero it says nothing
                    if target.has(sp.nan, sp.zoo) and any(d.subs(*solved) == 0 for d in self.known_denominators(e, facts)):
                        continue
            part = self.zero(_settled(target, given), given, depth + 1, induction)
            if part is None:
                return None
            proof = proof.join(part)
        return proof

    # -- constants -------------------------------------------------------------------------------------------------

    def _algebraic_constant(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """An algebraic number that is smaller than every nonzero value of its kind is zero (bound of BFMS)."""
        if e.free_symbols:
            return None
        found = _at_the_bound(e)
        if found is None:
            return None
        value, bits, degree = found
        if abs(value) < arb(2) ** -bits:
            return Proof((("algebraic constant", f"degree ≤ {degree}, |value| < 2^-{bits}, below the root bound"),))
        return None

    def _deltas(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Both cases of a fact's condition, or of a Kronecker delta inside a function or beside a term that holds its indices."""
        if depth >= CASES:
            return None
        for rule in facts.rewrites:  # a fact with a condition that is open: in each of the two cases
            open_ones = [w for w in rule.where if facts.decide(w) is None and splits(w, e, facts)] if not rule.variables else []
            if open_ones:
                return self._cases(e, open_ones[0], facts, depth + 1, False)
        for node in e.atoms(sp.KroneckerDelta):
            difference = sp.expand(node.args[0] - node.args[1])
            if not splits(difference, e, facts) or facts.decide(sp.Eq(difference, 0, evaluate=False)) is not None:
                continue
            outside = sp.Dummy("delta")
            rest = e.xreplace({node: outside})
            inside = not rest.is_polynomial(outside)
            beside = any(node.free_symbols <= m.free_symbols for m in e.atoms(sp.Abs))
            if inside or beside or (depth <= 1 and node.free_symbols <= rest.free_symbols):
                found = self._cases(e, sp.Eq(*node.args[:2], evaluate=False), facts, depth + 1, False)
                if found is not None or inside:
                    return found
        return None

    def _binomials(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """C(n, k) of integers: the cases n ≥ 0 or not, k ≥ 0 or not, and k > n or not if n is a number, where they are open."""
        nodes = [node.args for node in sorted(e.atoms(sp.binomial), key=sp.default_sort_key)]
        for argument in (a for n, k in nodes for a in (k, n, *((k - n - 1,) if n.is_Integer else ()))):
            known = facts.is_nonnegative(argument) or facts.is_positive(-argument)
            if not known and facts.is_integer(argument) and splits(argument, e, facts):
                return self._cases(e, sp.Ge(argument, 0), facts, depth, False)
        return None

    def _in_whole_arguments(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Functions of the gamma family at fractions of a variable, which is a multiple of another one."""
        target = in_whole_arguments(e, facts, GAMMA_FAMILY) if depth <= 2 and e.has(*GAMMA_FAMILY) else e
        if target == e:
            return None
        rest = self.zero(target, facts, depth + 1, induction=False)
        return None if rest is None else Proof((("substitution", "multiples of the variables in their place"),)).join(rest)

    def _replaced(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Equations among the facts, used where their left side stands inside a root or a function."""
        if depth > 2:
            return None
        before = standard(e)
        # an equation at a point says nothing of neighbouring points: no binder may vary what it speaks of
        varied = bound_variables(before)
        varied |= {n.args[1] for n in before.atoms(sp.Limit, Expectation, SpaceIntegral, Partial)}
        varied |= {v.label for v in varied if isinstance(v, sp.IndexedBase)}
        known = {
            standard(a): b
            for a, b in facts.equations
            if a.args and not a.is_Add and not a.is_Mul and not (a.free_symbols | b.free_symbols) & varied
        }
        target = before.xreplace(known)
        if target == before:
            return None
        rest = self.zero(target, facts, depth + 1, induction=False)
        return None if rest is None else Proof((("substitution", "of equations among the facts"),)).join(rest)

    def _transposed(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Finite sums in the other order, or read backwards."""
        if depth > 2 or not e.has(sp.Sum):
            return None
        for target, certificate in (*transposed_sums(e, facts), *reflected_sums(e)):
            if vanishes_identically(target, facts):
                return Proof((("order of summation", certificate),))
        return None

    def _other_ranges(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Integrals of undefined functions over other variables, or in the other order."""
        if depth > 2 or not any(node.has(AppliedUndef) for node in e.atoms(sp.Integral)):
            return None
        opened = by_product_rule(e)
        if opened != e:
            found = self.zero(opened, facts, depth + 1, induction=False)
            return None if found is None else Proof((("product rule", "(f g)' = f' g + f g'"),)).join(found)
        steps, target = Proof(), e
        for _ in range(RANGES):
            changed = substituted_integrals(target, facts)
            if changed is None:
                break
            steps, target = steps.then("change of variable", changed[1]), changed[0]
            if vanishes_identically(target, facts):
                return steps
        if vanishes_identically(by_antiderivatives(target, facts), facts):
            return steps.then("adjacent ranges", "∫_a^b g = G(b) - G(a) for continuous integrands")
        for target, certificate in transposed_integrals(e, facts):
            if vanishes_identically(target, facts):
                return Proof((("order of integration", certificate),))
        return None

    def _injective(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Equal images under an injective function."""
        if depth > 3 or bound_variables(e):
            return None

        def zero(image: Any, given: Facts) -> Proof | None:
            return self.zero(image, given, depth + 2, induction=False)

        facts = with_bounds(facts)

        def cheaply_zero(image: Any, given: Facts) -> Proof | None:
            return Proof((("normal form", "numerator 0 over the generators"),)) if vanishes_identically(image, given) else None

        def cheaply_positive(part: Any, given: Facts, strict: bool) -> bool:
            return given.is_positive(part) if strict else given.is_nonnegative(part)

        return (
            by_angle(e, facts, zero)
            or by_directions(e, facts, cheaply_zero, cheaply_positive)
            or by_definition(e, facts, zero, self._positive)
            or by_complex_root(e, facts, zero, self._positive)
            or by_exponential(e, facts, zero, self._positive)
            or by_squares(e, facts, zero, self._positive)
            or by_directions(e, facts, zero, self._positive)
        )

    def _by_equations(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """What the equations among the hypotheses imply as polynomials."""
        if self.search is None or depth > 2 or not facts.equations:
            return None
        found = None
        with given_up_after(min(SUBGOAL_SECONDS, self.deadline - time.monotonic())):
            found = by_ideal(e, facts, self.search)
        algebraic = all(isinstance(node, sp.Add | sp.Mul | sp.Pow | sp.Symbol | sp.Number) for node in sp.preorder_traversal(e))
        if found is None and algebraic and facts.is_real(e) and self._positive(-(e**2), facts, False):
            found = Proof((("square that is not positive", f"({e})² ≤ 0"),))
        return found

    def _rounded(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Floors and ceilings by the integers between which their arguments lie."""
        return by_bounds(e, facts, self._positive) if depth <= 2 and e.has(sp.floor, sp.ceiling) else None

    def _floor_sums(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Sums of floors of a line over whole periods, by their values."""
        if depth > 2 or not e.has(sp.Sum) or not e.has(*INTEGER_PARTS):
            return None
        for name, found in (
            ("Hermite's identity", with_floor_sums(e, facts)),
            ("counting", with_counted_sums(e, facts, self._positive)),
        ):
            rest = None if found is None else self.zero(found[0], facts, depth + 1, induction=False)
            if found is not None and rest is not None:
                return Proof(((name, found[1]),)).join(rest)
        return None

    def _named_integer_part(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """The floor or ceiling that a hypothesis gives a name to, in place of the name."""
        found = named_integer_part(e, facts) if depth < CASES and facts.equations else None
        rest = None if found is None else self.zero(found[0], found[1], depth + 1)
        return None if found is None or rest is None else Proof((("substitution", found[2]),)).join(rest)

    def _power_gaps(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Floors of roots between which no integer lies."""
        if depth > 2 or not e.has(sp.floor) or not e.has(sp.Pow):
            return None
        return by_power_gaps(e, facts, lambda part, given, strict: self._positive(part, given, strict, 2 * SUBGOAL_SECONDS))

    def _congruences(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """What is congruent in floors of fractions and remainders, also by the hypotheses."""
        if depth > 3 or not e.has(*INTEGER_PARTS):
            return None
        for reduced in (with_remainders_told(e, facts), reduced_fractions(e, facts)):
            rest = None if reduced is None else self.zero(reduced.statement, reduced.facts, depth + 1)
            if reduced is not None and rest is not None:
                return Proof((("congruence", reduced.text),)).join(rest)
        return None

    def _periodic_residues(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Floors of powers and Fibonacci's numbers over a number, by the period of their residues."""
        cases = by_periodic_residues(e, facts) if depth <= 2 and e.has(*INTEGER_PARTS) else None
        return None if cases is None else self._in_cases("period of the residues", cases, depth)

    def _divided(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Floors of quotients, roots and logarithms of one number by division with remainder."""
        if depth > 4 or not e.has(*INTEGER_PARTS) or e.has(sp.Sum, sp.Product, sp.Integral, sp.Limit):
            return None
        cases = by_division(e, facts, self._positive)
        return None if cases is None else self._in_cases("division with remainder", cases, depth)

    def _in_cases(self, rule: str, cases: Sequence[Case | ResidueCase], depth: int) -> Proof | None:
        """Each of the cases that a rule makes of a statement."""
        proof = Proof(((rule, f"{len(cases)} cases"),))
        for case in cases:
            part = self.zero(case.statement, case.facts, depth + 1, induction=False)
            if part is None:
                return None
            proof = proof.then("case", case.text).join(part)
        return proof

    def _positive(self, e: Any, facts: Facts, strict: bool, seconds: float = SUBGOAL_SECONDS) -> bool:
        """Whether e > 0, or e ≥ 0, by the facts or by a proof of order."""
        if facts.is_positive(e) if strict else facts.is_nonnegative(e):
            return True
        from derivable.trusted.order import OrderProver

        deadline = min(self.deadline, time.monotonic() + seconds)
        try:
            return facts.is_real(e) and OrderProver(self.search, deadline).sign(e, facts, strict, 1) is not None
        except (NoNormalForm, NeedCase, Contradiction, RecursionError):
            return False

    def _fractional_parts(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """The floors of a x + b on each piece of the fractional part of x."""
        found = fractional_pieces(e, facts) if depth <= 2 else None
        if found is None:
            return None
        x, pieces = found
        proof = Proof((("fractional part", f"{x} = m + t on {len(pieces)} pieces"),))
        for target, given, text in pieces:
            part = self.zero(target, given, depth + 3, induction=False)
            if part is None:
                return None
            proof = proof.then("piece", text).join(part)
        return proof

    def _symmetric(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """∫_a^b f = ∫_a^b (f(x) + f(a + b - x)) / 2."""
        found = symmetrised(e, facts) if depth <= 1 and e.has(sp.Integral) else None
        if found is None:
            return None
        target, nodes = found
        rest: Proof | None = Proof((("normal form", "numerator 0 over the generators"),))
        try:
            if not NormalForm(facts).is_zero(target):
                simpler = without_the_variable(target, nodes) or shortened_means(target, nodes, facts)
                rest = None if simpler is None else self.zero(simpler, facts, depth + 2, induction=False)
        except (NoNormalForm, NeedCase, RecursionError):
            return None
        if rest is None:
            return None
        self.valued += nodes
        return Proof((("reflection of the range", ", ".join(f"{n} and its mirror image" for n in nodes)),)).join(rest)

    def _creative(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Sums of hypergeometric terms by a recurrence in a parameter."""
        if depth > 2 or self.search is None or not e.has(sp.Sum):
            return None

        def zero(part: Any, given: Facts, induction: bool = False) -> Proof | None:
            return self.zero(part, given, depth + 2, induction)

        return by_creative_telescoping(e, facts, zero, partial(zero, induction=True), self.search)

    def _under_one(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Means or integrals over one range, added up, vanish if what they are taken of vanishes when it is added up."""
        if depth > 2 or not e.has(sp.Integral, SpaceIntegral, Expectation):
            return None
        merged = under_one(e, facts)
        if merged is None:
            return None
        inside, within = merged
        part = self.zero(inside, within, depth + 3, induction=False)
        return None if part is None else Proof((("linearity", f"{inside} = 0 under one integral or mean"),)).join(part)

    # -- integrals and limits --------------------------------------------------------------------------------------

    def _evaluated(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        try:
            return self._by_values(e, facts, depth)
        except NeedCase as need:
            return self._cases(e, need.condition, facts, depth + 1, False) if splits(need.condition, e, facts) else None

    def _by_values(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Replace integrals and limits by values that a certificate supports, innermost first."""
        proof, target = Proof(), e
        known = self.known_denominators(e, facts)
        parted: list[tuple[Any, set[Any]]] = []
        merged = merged_integrals(e, facts) if depth <= 1 else None
        if merged is not None:
            value = self.value(merged[0], facts, known)
            if value is not None:
                rest = self.zero(value[0] + merged[1], facts, depth + 1)
                if rest is not None:
                    return value[1].join(rest)
        for _ in range(8):
            nodes = [
                n for n in target.atoms(sp.Integral, sp.Limit, sp.Sum, SpaceIntegral) if not n.args[0].has(*_found_before(n))
            ]
            bound = {v for n in target.atoms(sp.Sum, sp.Product, sp.Integral) for v in n.variables}
            nodes = [n for n in nodes if not (n.free_symbols & bound)]
            if not nodes:
                break
            changed = False
            followed = {n.args[1] for n in target.atoms(sp.Limit)}
            for node in sorted(nodes, key=_turn):
                if not target.has(node):
                    continue
                try:
                    value = self.value(node, facts, known)
                except NeedCase as need:
                    if need.condition.free_symbols & followed:  # of the variable that a limit binds there are no cases
                        continue
                    raise
                if value is not None:
                    if not value[0].has(sp.Integral):
                        self.valued.append(node)
                    else:  # the parts of a range that was split have to be seen to have values
                        parted.append((node, value[0].atoms(sp.Integral)))
                    proof = proof.join(value[1])
                    target = target.xreplace({node: value[0]})
                    changed = True
            if not changed:
                break
        if target == e:
            return None
        self.valued += [node for node, parts in reversed(parted) if parts <= set(self.valued)]
        rest = self.zero(target, facts, depth + 1)
        return None if rest is None else proof.join(rest)

    def known_denominators(self, e: Any, facts: Facts) -> tuple[Any, ...]:
        """Denominators of e: where one of them vanishes, e is not defined.

        So none that stands in one case only, or in a sum or product over a range that may be empty. Of these there are only the
        factors that hold a bound variable: whether they vanish is no case of the statement.
        """
        found: dict[Any, None] = {}
        bound = bound_variables(e)

        def walk(node: Any, always: bool) -> None:
            if isinstance(node, sp.Piecewise):
                for value, condition in node.args:
                    known = facts.decide(condition)
                    if known is not False:
                        walk(value, always and known is True)
                    if known is True:
                        break
                    always = False
                return
            if isinstance(node, sp.Pow) and node.exp.is_number and facts.signs(node.exp) == {-1}:
                parts = (node.base,) if always else [f.as_base_exp()[0] for f in sp.Mul.make_args(sp.factor(node.base))]
                found.update(dict.fromkeys(d for d in parts if always or d.free_symbols & bound))
            if isinstance(node, sp.Sum | sp.Product):
                always = always and all(b is sp.oo or facts.is_nonnegative(b - a) for _, a, b in node.limits)
            for part in node.args:
                walk(part, always)

        walk(e, True)
        return tuple(found)

    def _no_new_denominator(self, made: Any, known: tuple[Any, ...], facts: Facts, *moving: Any) -> None:
        """Asks for the cases D = 0 and D ≠ 0 of a denominator of what was made that may vanish and is none of the statement.

        Denominators that hold a moving variable are the concern of whoever looks for its range.
        """
        bound = bound_variables(made) | set(moving)
        for power in sorted(made.atoms(sp.Pow), key=sp.default_sort_key):
            base = power.base
            if (
                not (power.exp.is_number and facts.signs(power.exp) == {-1})
                or base.free_symbols & bound
                or facts.is_nonzero(base)
            ):
                continue
            for factor in (f.as_base_exp()[0] for f in sp.Mul.make_args(sp.factor_terms(base)) if not f.is_number):
                seen = any(sp.cancel(factor / d).is_number or sp.cancel(d / factor).is_polynomial() for d in known)
                if not seen and not facts.is_nonzero(factor) and not self._within_half_turn(factor, facts):
                    raise NeedCase(sp.Eq(factor, 0, evaluate=False))

    def _within_half_turn(self, wave: Any, facts: Facts) -> bool:
        """Whether the factor is sin u with 0 < u < π."""
        if not isinstance(wave, sp.sin) or not facts.is_real(wave.args[0]):
            return False
        return all(self._positive(u, facts, True, SUBGOAL_SECONDS / 2) for u in (wave.args[0], sp.pi - wave.args[0]))

    def with_limits(self, e: Any, facts: Facts) -> Any:
        """e with its limits replaced by the values that the limit rules give, so that a wrong value is seen at a point."""
        for node in e.atoms(sp.Limit) if isinstance(e, sp.Basic) else ():
            try:
                found = self.value(node, facts)
            except (NoNormalForm, NeedCase, RecursionError):
                found = None
            if found is not None:
                e = e.xreplace({node: found[0]})
        return e

    def closed_form(self, e: Any) -> Any:
        """A number without limits, improper integrals and infinite sums, whose values rules give; None where they do not."""
        for _ in range(CLOSED_FORMS):
            nodes = [
                node
                for node in e.atoms(sp.Limit, sp.Integral, sp.Sum, sp.Product)
                if isinstance(node, sp.Limit) or any(sp.oo in (abs(a), abs(b)) for _, a, b in node.limits)
            ]
            if not nodes:
                return e
            node = min(nodes, key=lambda n: (sp.count_ops(n), sp.default_sort_key(n)))
            if node.free_symbols:
                return None
            try:
                found = self.value(node, Facts(()))
            except (NoNormalForm, NeedCase, RecursionError, Contradiction):
                return None
            if found is None or found[0].has(node):  # a normal form would not tell that there is a value
                return None
            e = e.xreplace({node: found[0]})
        return None

    def value(self, node: Any, facts: Facts, known: tuple[Any, ...] = ()) -> tuple[Any, Proof] | None:
        """The value of a limit, sum or integral that a certificate supports, with the certificate.

        `known` are denominators of the statement. Raises `NeedCase` where the value has another one that may vanish.
        """
        if isinstance(node, sp.Limit):
            return self._limit(node, facts, known)
        if isinstance(node, sp.Sum) and len(node.limits) == 1 and node.limits[0][2] is sp.oo and node.has(sp.sin, sp.cos):
            k, first, _ = node.limits[0]
            series = fourier_series(node.args[0], k, first, facts) if first.is_Integer else None
            if series is not None:
                return series, Proof((("Fourier series", f"{node} = {series}"),))
        if self.search is None:
            return None
        if isinstance(node, sp.Sum):
            return self._telescoped(node, facts, known)
        if isinstance(node, sp.Integral):
            split = split_at_signs(node, facts)
            if split is not None:
                return split[0], Proof((("range split", f"{node} at {split[1]}"),))
            steps = over_unit_steps(node, facts)
            if steps is not None:
                self.valued.append(node)
                return steps, Proof((("range split", f"{node} at the integers"),))
        if isinstance(node, SpaceIntegral) and isinstance(node.args[0], Expectation):
            mean, point = node.args
            inner = self.value(SpaceIntegral(mean.args[0], point), facts, known)
            return None if inner is None else (Expectation(inner[0], mean.args[1]), inner[1].then("exchange", "Fubini"))
        if isinstance(node, SpaceIntegral):
            return self._product_of_integrals(node, facts, known)
        if len(node.limits) > 1:
            ranges = [limits for limits in node.limits[1:] if len(limits) == 3]
            within: list[Any] = []
            for x, a, b in reversed(ranges):  # the ends of a range may speak of the variables further out
                # single points of the outer ranges do not count
                within += [STRICTLY[c.func](*c.args) for c in between(x, a, b, facts.given(*within))]
            inside = facts.given(*within)
            first = self._finished(self.value(sp.Integral(node.args[0], node.limits[0]), inside, known), inside, known)
            second = None if first is None else self.value(sp.Integral(first[0], *node.limits[1:]), facts, known)
            return None if first is None or second is None else (second[0], first[1].join(second[1]))
        body, (x, *ends) = outermost(node)
        if len(ends) != 2 or body.has(sp.Integral):
            return None
        lower, upper = ends
        theorem = known_integral(body, x, lower, upper, facts)
        if theorem is not None:
            self._no_new_denominator(theorem[0], known, facts)
            return theorem[0], Proof(((theorem[1], f"{node} = {theorem[0]}"),))
        angle = by_half_angle(body, x, lower, upper, facts)
        if angle is not None:
            found = self.value(angle, facts, known)
            if found is not None:
                return found[0], Proof((("half angle", f"{node} = {angle}, t = tan({x}/2)"),)).join(found[1])
        for candidate in self.search("antiderivative", body, x):
            try:
                value = integral_by(candidate, body, x, ends[0], ends[1], facts)
            except (NoLimit, NoNormalForm, NeedCase, RecursionError):
                continue
            if value.has(sp.nan, sp.zoo, sp.oo):
                continue
            self._no_new_denominator(candidate, known, facts, x)
            return value, Proof((("antiderivative", f"d/d{x} ({candidate}) = {body}"),))
        return self._by_parts(body, x, lower, upper, facts, known)

    def _by_parts(self, body: Any, x: Any, a: Any, b: Any, facts: Facts, known: tuple[Any, ...]) -> tuple[Any, Proof] | None:
        """∫_a^b u v' = [u v] - ∫_a^b u' v, once, for a factor u whose derivative is simpler and a proposed v.

        That u v has the derivative u v' + u' v, is continuous inside the range and has limits at its ends is the certificate of
        an antiderivative; where the last integral has a value, so has the first.
        """
        assert self.search is not None
        if self._in_parts:
            return None
        self._in_parts = True
        try:
            for u in (f for f in sp.Mul.make_args(body) if f == x or (isinstance(f, BY_PARTS) and f.has(x))):
                rest, slope = body / u, sp.diff(u, x)
                for v in itertools.islice(self.search("antiderivative", rest, x), 2):
                    try:
                        edge = integral_by(u * v, u * rest + slope * v, x, a, b, facts)
                    except (NoLimit, NoNormalForm, NeedCase, RecursionError):
                        continue
                    found = (
                        None if edge.has(sp.nan, sp.zoo, sp.oo) else self.value(sp.Integral(slope * v, (x, a, b)), facts, known)
                    )
                    if found is not None:
                        self._no_new_denominator(v, known, facts, x)
                        return edge - found[0], Proof((("integration by parts", f"u = {u}, v = {v}"),)).join(found[1])
        finally:
            self._in_parts = False
        return None

    def _finished(self, found: tuple[Any, Proof] | None, facts: Facts, known: tuple[Any, ...]) -> tuple[Any, Proof] | None:
        """A value whose range was split, with the values of the parts."""
        for _ in range(3):
            if found is None or not found[0].has(sp.Integral):
                return found
            value, proof = found
            for part in value.atoms(sp.Integral):
                one = self.value(part, facts, known)
                if one is None:
                    return None
                value, proof = value.xreplace({part: one[0]}), proof.join(one[1])
            found = value, proof
        return None

    def _limit(self, node: Any, facts: Facts, known: tuple[Any, ...]) -> tuple[Any, Proof] | None:
        function, variable, point, _ = node.args
        if isinstance(function, sp.Basic) and function.has(sp.Sum, sp.Product, sp.factorial2) and point is sp.oo:
            found = self._limit_of_growing_ranges(function, variable, facts, known)
            if found is not None:
                return found
        key = (node, id(facts))
        if key not in self._limits:
            self.vanishing = None
            self._limits[key] = (facts, self._limit_values(node, facts), self.vanishing)
        _, values, vanishing = self._limits[key]
        for part in vanishing_parts(vanishing, facts) if not values and vanishing is not None else ():
            raise NeedCase(sp.Eq(part, 0, evaluate=False))
        if not values or any(v in (sp.oo, -sp.oo) for v in values) or any(v != values[0] for v in values):
            return None
        self._no_new_denominator(values[0], (*known, *self.known_denominators(function, facts)), facts)
        return values[0], Proof((("limit", f"{node} = {values[0]}"),))

    def _limit_values(self, node: Any, facts: Facts) -> list[Any]:
        """The limits from the sides that are asked for; none where a rule for one is missing."""
        function, variable, point, direction = node.args
        sides = (1, -1) if str(direction) == "+-" else (1 if str(direction) == "+" else -1,)
        values = self._expanded(function, variable, point, sides, facts, AT_FIRST)
        try:
            return values or [limit(function, variable, point, s, facts) for s in sides]
        except (NoLimit, NoNormalForm, NeedCase, RecursionError):
            return self._expanded(function, variable, point, sides, facts, SUBGOAL_SECONDS)

    def _limit_of_growing_ranges(self, e: Any, n: Any, facts: Facts, known: tuple[Any, ...]) -> tuple[Any, Proof] | None:
        """The limit for n → oo of what holds sums and products up to n: by closed forms, or by the limit of a logarithm."""
        if not n.is_integer:
            return None
        closed = products_by_gamma(e, n, facts)
        if closed != e and not closed.has(sp.Sum, sp.Product):
            found = self.value(sp.Limit(closed, n, sp.oo), facts, known)
            return None if found is None else (found[0], Proof((("closed form", f"{e} = {closed}"),)).join(found[1]))
        if closed.has(sp.Product):
            logarithm = logarithm_of_product(closed, n, facts)
            found = None if logarithm is None else self.value(sp.Limit(logarithm, n, sp.oo), facts, known)
            return None if found is None else (sp.exp(found[0]), Proof((("logarithm", f"of {e}"),)).join(found[1]))
        return self._limit_of_sums(closed, n, facts, known)

    def _limit_of_sums(self, e: Any, n: Any, facts: Facts, known: tuple[Any, ...]) -> tuple[Any, Proof] | None:
        """The limit of a sum whose range grows: an integral, or that of polygamma functions; other terms have theirs."""
        whole, proof = sp.Integer(0), Proof()
        rest = sp.Integer(0)
        for term in sp.Add.make_args(sp.expand_mul(e)):
            integral = riemann_integral(term, n, facts) if term.has(sp.Sum) else None
            found = None if integral is None else self.value(integral, facts, known)
            if found is None:
                term = by_polygamma(term, n, facts)
                series = infinite_series(term, n, facts) if term.has(sp.Sum) else None
                whole += series or 0
                rest += term if series is None else 0
                continue
            whole += found[0]
            proof = proof.then("Riemann sums", f"the limit of {term} is {integral}").join(found[1])
        if rest.has(sp.Sum) or rest == e:
            return None
        other = (rest, Proof()) if not rest.has(n) else self.value(sp.Limit(rest, n, sp.oo), facts, known)
        return None if other is None else (whole + other[0], proof.join(other[1]))

    def _expanded(self, e: Any, x: Any, point: Any, sides: tuple[int, ...], facts: Facts, seconds: float) -> list[Any]:
        """The one-sided limits by the first terms of expansions; none where one is not seen, or infinite."""
        deadline = min(self.deadline, time.monotonic() + seconds)
        try:
            values = [limit_by_expansion(e, x, point, s if point not in (sp.oo, -sp.oo) else -1, facts, deadline) for s in sides]
        except MayVanish as vanishing:
            self.vanishing = vanishing.coefficient
            return []
        except (NoExpansion, NoNormalForm, NeedCase, RecursionError, TypeError):
            return []
        values = [sp.cancel(v) if v.is_rational_function() else v for v in values]
        return [] if any(v.has(sp.oo, sp.zoo, sp.nan) for v in values) else values

    def _product_of_integrals(self, node: Any, facts: Facts, known: tuple[Any, ...]) -> tuple[Any, Proof] | None:
        """∫ ∏_i f(x_i, i) dx over R^d = ∏_i ∫ f(z, i) dz (Fubini; the one-dimensional integrals are known)."""
        found = product_integral(node.args[0], node.args[1], facts)
        if found is None:
            return None
        constant, integral, index = found
        one = self.value(integral, facts, known)
        if one is None:
            return None
        value = constant * sp.Product(one[0], (index, 1, node.args[1].shape[0]))
        return value, Proof((("product of integrals", f"over each coordinate {one[0]}"),)).join(one[1])

    def _telescoped(self, node: Any, facts: Facts, known: tuple[Any, ...]) -> tuple[Any, Proof] | None:
        """Σ_{k=a}^{b} f(k) = F(b+1) - F(a) for a proposed F with F(k+1) - F(k) = f(k); a limit where b is infinite."""
        assert self.search is not None
        if len(node.limits) > 1:
            return self._inner_sum(node, facts, known)
        body, (k, a, b) = outermost(node)
        if not facts.is_integer(a) or (b is not sp.oo and not facts.is_integer(b)):
            return None
        fresh = sp.Dummy(k.name, integer=True)
        within = facts.given(fresh >= a) if b is sp.oo or facts.is_nonnegative(b - a + 1) else facts
        for candidate in self.search("antidifference", body, k):
            primitive = candidate.xreplace({k: fresh})
            if captures(candidate, (a, b)):
                continue
            try:
                if not NormalForm(within).is_zero(primitive.subs(fresh, fresh + 1) - primitive - body.xreplace({k: fresh})):
                    continue
                if unsafe(primitive, fresh, within):
                    continue
                if b is sp.oo:
                    t = sp.Dummy("t", positive=True)
                    value = limit(candidate.subs(k, t), t, sp.oo, -1, facts) - candidate.subs(k, a)
                else:
                    value = candidate.subs(k, b + 1) - candidate.subs(k, a)
            except (NoLimit, NoNormalForm, NeedCase, RecursionError):
                continue
            if not value.has(sp.nan, sp.zoo, sp.oo):
                self._no_new_denominator(candidate, known, facts)
                return value, Proof((("telescoping", f"{body} = Δ ({candidate})"),))
        return None

    def _inner_sum(self, node: Any, facts: Facts, known: tuple[Any, ...]) -> tuple[Any, Proof] | None:
        """A sum of sums, with a closed form for the inner ones at all values of the outer indices."""
        inner, *outer = node.limits
        fresh = {v: sp.Dummy(v.name, integer=True) for v, _, _ in outer}
        within = facts
        for limits in reversed(outer):
            v, a, b = (part.xreplace(fresh) for part in limits)
            if within.is_nonnegative(b - a + 1):  # no range that runs backwards
                within = within.given(v >= a) if b is sp.oo else within.given(v >= a, v <= b)
        try:
            found = self._telescoped(sp.Sum(node.function, inner).xreplace(fresh), within, known)
        except NeedCase as need:
            if need.condition.free_symbols & set(fresh.values()):
                return None
            raise
        return None if found is None else (sp.Sum(found[0].xreplace({d: v for v, d in fresh.items()}), *outer), found[1])

    # -- residue classes, signs ------------------------------------------------------------------------------------

    def _residues(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """n = L m + r for r = 0 … L - 1, where floors of n / L (or (-1)^(n/L)) occur."""
        if depth >= 3:
            return None
        for n in (s for s in variables_of(e) if s.is_integer):
            modulus = modulus_in(e, n, CLASSES)
            if modulus is None:
                continue
            proof = Proof((("residue classes", f"{n} modulo {modulus}"),))
            for r in range(modulus):
                try:
                    value, given = in_class(n, modulus, r, facts)
                except Contradiction:  # the hypotheses exclude the class
                    continue
                part = self.zero(e.subs(n, value), given, depth + 1)
                if part is None:
                    return None
                proof = proof.join(part)
            return proof
        return None

    def _parities(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        written = with_parities(e, facts) if depth <= 1 else None
        part = None if written is None else self.zero(written[0], written[1], depth + 1)
        return None if written is None or part is None else Proof((("parity", written[2]),)).join(part)

    def _signs(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Split by the sign of what stands inside an absolute value, a maximum or a minimum, the innermost first."""
        if depth >= CASES:
            return None
        kinds = (sp.Abs, sp.Max, sp.Min, sp.sign, sp.Heaviside)
        for node in sorted(e.atoms(*kinds), key=lambda n: (n.count_ops(), sp.default_sort_key(n))):
            extremum = isinstance(node, sp.Max | sp.Min)
            pairs = itertools.combinations(node.args, 2) if extremum else [(node.args[0], sp.Integer(0))]
            for a, b in pairs:
                inner = _sense(sp.expand(a - b))
                known = facts.signs(inner) or frozenset()
                if inner.has(*kinds) or not inner.free_symbols or len(known) < 2 or (depth >= 4 and known <= {0, 1}):
                    continue
                if splits(inner, e, facts) and facts.is_real(inner):
                    at_zero = isinstance(node, sp.sign | sp.Heaviside) and len(known) == 2 and 0 in known
                    return self._cases(e, sp.Eq(inner, 0, evaluate=False) if at_zero else inner >= 0, facts, depth + 1, False)
        for node in sorted(e.atoms(sp.Piecewise), key=sp.default_sort_key):
            for _, condition in node.args:
                order = isinstance(condition, sp.Gt | sp.Ge | sp.Lt | sp.Le) and splits(condition, e, facts)
                if order and facts.decide(condition) is None and facts.is_real(condition.lhs - condition.rhs):
                    return self._cases(e, condition, facts, depth + 1, False)
        return None

    # -- functions of one variable ---------------------------------------------------------------------------------

    def _constant_function(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """de/dx = 0 on an interval on which e is continuous, and e = 0 at one point of it."""
        if depth >= 3 or not e.has(
            sp.log,
            sp.atan,
            sp.asin,
            sp.acos,
            sp.asinh,
            sp.acosh,
            sp.atanh,
            sp.acot,
            sp.erf,
            sp.Integral,
            sp.Pow,
            sp.sin,
        ):
            return None
        for x in variables_of(e):
            if not facts.is_real(x) or x.is_integer or not is_continuous(e, x, facts):
                continue
            form = NormalForm(facts)
            try:
                if not form.is_zero(sp.Derivative(e, x)):
                    continue
            except (NoNormalForm, NeedCase, RecursionError):
                continue
            if not _convex(x, facts):
                continue
            for point in (0, 1, -1, sp.Rational(1, 2), 2, -2, 3):
                at = sp.Integer(point) if isinstance(point, int) else point
                if not self._admits(x, at, facts):
                    continue
                where = tuple(c.subs(x, at) if hasattr(c, "subs") else c for c in facts.where)
                rest = self.zero(e.subs(x, at), Facts(where), depth + 1)
                if rest is not None:
                    first = Proof(
                        (
                            (
                                "constant function",
                                f"∂/∂{x} of the difference is 0, and it vanishes at {x} = {at}",
                            ),
                        )
                    )
                    return first.join(rest)
        return None

    def _differential_equation(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Power series by their linear differential equation."""
        infinite = any(sp.oo in limits for s in e.atoms(sp.Sum) for limits in s.limits)
        if depth >= 3 or not (infinite or e.has(sp.hyper)):
            return None

        def zero(image: Any, given: Facts) -> Proof | None:
            return self.zero(image, given, depth + 1, induction=False)

        found = by_differential_equation(e, facts, zero, self.deadline)
        if found is not None or not infinite or self.search is None:
            return found
        search = self.search

        def positive(base: Any, given: Facts) -> bool:
            return self._positive(base, given, True, 2 * SUBGOAL_SECONDS)

        series = by_generating_function(e, facts, zero, positive, lambda c, k: search("relation", c, k))
        if series is None:
            return None
        if series.converges:
            self.valued += [s for s in e.atoms(sp.Sum) if sp.oo in s.limits[0]]
        return series.proof

    def _identity_theorem(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Analytic functions of a complex variable that agree on a part of the real line."""
        line = on_the_line(e, facts) if depth < COMPLEX_VARIABLES else None
        found = None if line is None else self.zero(line.statement, line.facts, depth + 1)
        if line is None or found is None:
            return None
        self.valued += line.series
        step = (
            "identity theorem",
            f"both sides are analytic for {line.domain} but on a countable set, and agree for real {line.z} > 0",
        )
        return Proof((step,)).join(found)

    def _scaled(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Series in z w or z / w, as series in one variable."""
        for one in scaled(e, facts) if depth < COMPLEX_VARIABLES else ():
            found = self.zero(one.statement, one.facts, depth + 1)
            if found is not None and one.rest is not None:
                last = self.zero(*one.rest, depth + 1)
                found = None if last is None else found.join(last)
            if found is not None:
                return Proof((("one variable", one.by),)).join(found)
        return None

    def _parameters(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Series with a parameter that may be 0, which a differential equation in another variable has to exclude."""
        if depth:
            return None
        symbols = parameters(e, facts)
        for q in symbols if len(symbols) > 1 else ():
            try:
                rest = at_zero(e, q, facts)
                given = facts.given(sp.Ne(q, 0))
            except (NotSeen, Contradiction):
                continue
            found = self.zero(e, given, depth + 1, induction=False)
            last = None if found is None or rest is None else self.zero(*rest, depth + 1, induction=False)
            if found is not None and rest is not None and last is not None:
                return Proof((("cases", f"{q} = 0 or not"),)).join(found).join(last)
        return None

    def _symbolic_order(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Derivatives of symbolic order."""
        if depth > 1 or not any(not order.is_Integer for node in e.atoms(sp.Derivative) for _, order in node.variable_count):
            return None
        return by_symbolic_order(e, facts, lambda part, given: self.zero(part, given, depth + 2, induction=False))

    def _roots_of_unity(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Finite sums and products over all roots of unity of some order."""
        if depth >= CASES or not any(node.has(sp.exp, *CIRCULAR) for node in e.atoms(sp.Sum, sp.Product)):
            return None
        bound = bound_variables(e)
        known = tuple(d for d in self.known_denominators(e, facts) if not d.free_symbols & bound)

        def positive(f: Any, given: Facts) -> bool:
            return self._positive(f, given, True)

        def value(node: Any) -> Any:
            return over_roots_of_unity(node, facts, known, positive, self.deadline)

        return self._with_closed_forms("roots of unity", value, (sp.Sum, sp.Product), e, facts, depth)

    def _binomial_theorem(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Finite sums of binomial coefficients times exponentials."""
        if depth >= CASES or not (e.has(sp.Sum) and e.has(sp.binomial)):
            return None
        return self._with_closed_forms("binomial theorem", lambda n: by_binomial_theorem(n, facts), (sp.Sum,), e, facts, depth)

    def _with_closed_forms(
        self, rule: str, value: Callable[[Any], Any], kinds: tuple[Any, ...], e: Any, facts: Facts, depth: int
    ) -> Proof | None:
        """e with closed forms for the nodes that have one and hold nothing that e binds."""
        bound = bound_variables(e)
        values: dict[Any, Any] = {}
        for node in sorted(e.atoms(*kinds), key=sp.default_sort_key):
            try:
                found = None
                with given_up_after((self.deadline - time.monotonic()) / 2):
                    found = value(node) if not node.free_symbols & bound else None
                if found is not None:
                    values[node] = NormalForm(facts).canonical(found)
            except NeedCase as need:
                return self._cases(e, need.condition, facts, depth + 1, False) if splits(need.condition, e, facts) else None
            except (NoNormalForm, RecursionError):
                continue
        if not values:
            return None
        target = in_whole_arguments(e.xreplace(values), facts, ANGLES)
        rest = self.zero(target, facts, depth + 1, induction=False)
        if rest is None and target.has(sp.chebyshevt, sp.chebyshevu):
            try:
                for written in chebyshev_by_powers(target, facts):
                    rest = rest or self.zero(written, facts, depth + 1, induction=False)
            except NeedCase as need:
                return self._cases(e, need.condition, facts, depth + 1, False)
        steps = tuple((rule, f"{node} = {closed}") for node, closed in values.items())
        return None if rest is None else Proof(steps).join(rest)

    def _piecewise_linear(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """A sum of moduli, maxima and minima of linear functions, neither positive nor negative."""
        if not e.has(sp.Abs, sp.Max, sp.Min):
            return None
        parts = [piecewise_linear(part, facts, False) for part in (e, -e)]
        return (
            None if None in parts else Proof((("piecewise linear", "neither positive nor negative on the edges of the cells"),))
        )

    def _by_arguments(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Principal values of complex numbers by moduli and arguments; else above, below and on the real line."""
        if depth > 3 or not applies(e, facts):
            return None
        found = None
        with given_up_after(min(3 * SUBGOAL_SECONDS, self.deadline - time.monotonic())):
            found = self._in_real_terms(e, facts, depth)
        if found is not None or depth > 1:
            return found
        with given_up_after(min(6 * SUBGOAL_SECONDS, self.deadline - time.monotonic())):
            found = self._beside_the_line(e, facts, depth)
        return found

    def _in_real_terms(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        def positive(part: Any, given: Facts, strict: bool) -> bool:
            return self._positive(part, given, strict, SUBGOAL_SECONDS / 4)

        for target, given, text in in_real_terms(e, facts, positive):
            found = None if target == e else self.zero(target, given, depth + 2, induction=False)
            if found is not None:
                return Proof((("moduli and arguments", text),)).join(found)
        return None

    def _beside_the_line(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Im z > 0, Im z < 0 and a real z, for a complex symbol z."""
        for z in (
            s for s in variables_of(e) if s.is_Symbol and s.is_commutative and s.is_real is None and facts.signs(s) is None
        ):
            known = facts.signs(sp.im(z)) or frozenset()
            if len(known) < 2:
                continue
            proof = Proof((("cases", f"the sign of im({z})"),))
            for sign, condition in ((1, sp.im(z) > 0), (-1, sp.im(z) < 0)):
                part = self._in_real_terms(e, facts.given(condition), depth + 1) if sign in known else Proof()
                if part is None:
                    return None
                proof = proof.join(part)
            x = sp.Dummy(z.name, real=True)
            try:
                on_line = Facts(tuple(replaced(c, z, x) for c in facts.where))
            except Contradiction:
                return proof
            part = self._between_roots(e.subs(z, x), x, on_line, depth)
            return None if part is None else proof.join(part)
        return None

    def _between_roots(self, e: Any, x: Any, facts: Facts, depth: int) -> Proof | None:
        """The same for a real x; else at the rational roots of what stands under roots and logarithms, and between them."""
        found = self.zero(e, facts, depth + 2, induction=False)
        bases = [p.base for p in e.atoms(sp.Pow) if not p.exp.is_Integer] + [n.args[0] for n in e.atoms(sp.log)]
        roots = sorted(
            {r for b in bases if b.is_polynomial(x) and b.free_symbols == {x} for r in sp.roots(b, x) if r.is_Rational}
        )
        if found is not None or not 0 < len(roots) <= 3:
            return found
        proof = Proof((("cases", f"at {', '.join(map(str, roots))} and between"),))
        for root in roots:
            at = e.subs(x, root)
            part = Proof() if at.has(sp.nan, sp.zoo, sp.oo) else self.zero(at, facts.without(x), depth + 3, induction=False)
            if part is None:
                return None
            proof = proof.join(part)
        for low, high in itertools.pairwise((None, *roots, None)):
            between = [*([] if low is None else [x > low]), *([] if high is None else [x < high])]
            try:
                given = facts.given(*between)
            except Contradiction:
                continue
            part = Proof() if excludes_itself(given) else self.zero(e, given, depth + 3, induction=False)
            if part is None:
                return None
            proof = proof.join(part)
        return proof

    def _admits(self, x: Any, value: Any, facts: Facts) -> bool:
        given = x.assumptions0
        if (  # what is positive is neither negative nor zero
            (given.get("nonnegative") and value < 0)
            or (given.get("nonpositive") and value > 0)
            or (given.get("nonzero") and value == 0)
        ):
            return False
        return all(not mentions(c, x) or facts.decide(c.subs(x, value)) is True for c in facts.where)

    def _last_term(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        """Sums and products with one more term, also where those with fewer may be undefined."""
        if depth > 2 or not e.has(sp.Sum, sp.Product):
            return None
        return by_last_term(e, facts, lambda part, given: self.zero(part, given, depth + 2, induction=False))

    # -- induction -------------------------------------------------------------------------------------------------

    def _induction(self, e: Any, facts: Facts, depth: int) -> Proof | None:
        if depth >= 4:
            return None
        return by_induction(e, facts, lambda part, given: self.zero(part, given, depth + 1, False))


def vanishing_parts(e: Any, facts: Facts) -> list[Any]:
    """The factors of e that may be zero, as what is inside of powers and moduli; g - h for log g - log h."""
    found = []
    for factor in sp.Mul.make_args(sp.factor_terms(e)):
        while isinstance(factor, sp.Pow | sp.Abs):
            factor = factor.args[0]
        logs = [term.as_coeff_Mul() for term in sp.Add.make_args(sp.expand(factor))]
        if len(logs) == 2 and all(isinstance(f, sp.log) for _, f in logs) and logs[0][0] == -logs[1][0]:
            factor = logs[0][1].args[0] - logs[1][1].args[0]
        if factor.free_symbols and not facts.is_nonzero(factor):
            found.append(factor)
    return found


def _sense(e: Any) -> Any:
    """What has the sign of e: the argument of an odd increasing function."""
    while e.func in (sp.sinh, sp.tanh, sp.atan, sp.asinh, sp.erf):
        e = e.args[0]
    scale, rest = e.as_coeff_Mul()
    return rest if scale > 0 else -rest


def _convex(x: Any, facts: Facts) -> bool:
    """Whether the admitted values of x form an interval: no hypothesis excludes a point inside."""
    if x.assumptions0.get("nonzero") and not (x.is_positive or x.is_negative):
        return False
    for condition in facts.where:
        if mentions(condition, x):
            if not isinstance(condition, sp.Gt | sp.Ge | sp.Lt | sp.Le):
                return False
            if (
                sp.degree(sp.expand(condition.lhs - condition.rhs), x) != 1
                if (condition.lhs - condition.rhs).is_polynomial(x)
                else True
            ):
                return False
    return not any(x.assumptions0.get(k) for k in ("integer", "rational", "irrational"))


def _solved(equation: Any) -> tuple[Any, Any] | None:
    """(symbol, value) of an equation that is solved for a symbol by inspection."""
    difference = sp.expand(equation.lhs - equation.rhs)
    for s in variables_of(difference):
        slope = difference.coeff(s)
        rest = sp.expand(difference - slope * s)
        if slope.is_Rational and slope != 0 and not rest.has(s):
            value = -rest / slope
            if value.is_number and s.is_integer and not value.is_integer:
                continue
            return s, value
    return None


def _at_the_bound(e: Any) -> tuple[Any, int, int] | None:
    """(ball around an algebraic number, bits, degree): its modulus is zero or at least 2^-bits, and the ball is smaller."""
    bound = _root_bound(e)
    if bound is None:
        return None
    upper, lower, degree = bound
    bits = int(float((upper * (degree - 1) + lower).upper())) + 8
    if bits > ROOT_BOUND_BITS:
        return None
    outer = ctx.prec
    try:
        ctx.prec = bits + 64
        evaluator = Evaluator({})
        value = ball(evaluator(e))
        return (value, bits, degree) if evaluator.rigorous else None
    except (Undecided, Undefined, Unsupported, OverflowError):
        return None
    finally:
        ctx.prec = outer


def _apart_at_the_bound(a: Any, b: Any) -> Counterexample | None:
    """Two algebraic numbers that a ball at the precision of the root bound separates."""
    found = _at_the_bound(a - b)
    if found is None or found[0].contains(0):
        return None
    return Counterexample({}, f"(difference) {found[0].str(5)}", "0")


def _root_bound(e: Any) -> tuple[Any, Any, int] | None:
    """(log₂ u, log₂ l, degree) with |e| ≥ u^(1-degree) / l for every nonzero e of this shape (Burnikel et al. 2000)."""
    if isinstance(e, sp.Rational):
        return arb(abs(int(e.p)) or 1).log() / arb(2).log(), arb(int(e.q)).log() / arb(2).log(), 1
    if e is sp.I:
        return arb(0), arb(0), 2
    if e is sp.GoldenRatio:
        return _root_bound((1 + sp.sqrt(5)) / 2)
    if isinstance(e, sp.Add | sp.Mul):
        parts = [_root_bound(a) for a in e.args]
        if None in parts:
            return None
        u, l, degree = parts[0]  # type: ignore[misc]
        for part in parts[1:]:
            assert part is not None
            degree *= part[2]
            if isinstance(e, sp.Mul):
                u, l = u + part[0], l + part[1]
            else:
                a, b = u + part[1], l + part[0]
                u, l = (a if a > b else b) + 1, l + part[1]
        return u, l, degree
    if isinstance(e, sp.Pow) and e.exp.is_Rational:
        inner = _root_bound(e.base)
        if inner is None or abs(int(e.exp.p)) > 200:
            return None
        u, l, degree = inner
        p, q = abs(int(e.exp.p)), int(e.exp.q)
        if q > 1:  # a q-th root of u / l = q-th root of (u l^(q-1)) / l
            u, l, degree = (u + l * (q - 1)) / q, l, degree * q
        u, l = u * p, l * p
        return (l, u, degree) if e.exp < 0 else (u, l, degree)
    if isinstance(e, sp.sin | sp.cos) and (e.args[0] / sp.pi).is_Rational:
        return arb(1), arb(1), 4 * int((e.args[0] / sp.pi).q)
    if isinstance(e, sp.exp) and (e.args[0] / (sp.I * sp.pi)).is_Rational:
        return arb(0), arb(0), 2 * int((e.args[0] / (sp.I * sp.pi)).q)
    if isinstance(e, sp.tan) and (e.args[0] / sp.pi).is_Rational:
        return _root_bound(
            sp.Mul(
                sp.sin(e.args[0], evaluate=False),
                sp.Pow(sp.cos(e.args[0], evaluate=False), -1, evaluate=False),
                evaluate=False,
            )
        )
    return None
