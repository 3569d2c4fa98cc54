"""What the hypotheses say: which signs an expression may have, whether it is an integer, what is excluded.

A set of signs is a subset of {-1, 0, 1}: every real value that the expression takes at an admissible point has one of
them. `None` means that the expression need not be real. Everything here is structural induction over the expression with
the symbols' assumptions and the relations of `where` at the leaves; SymPy's own inference is not asked.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import ctx
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derivable.trusted.balls import CONSTANTS, Evaluator, Undecided, Undefined, Unsupported, sign_or_none
from derivable.trusted.heads import (
    Expectation,
    Jet,
    Partial,
    SpaceIntegral,
    bound_variables,
    occurs,
    renamed,
    standard,
    variables_of,
)
from derivable.trusted.integer_valued import integer_valued

Signs = frozenset[int] | None
POSITIVE, NEGATIVE, ZERO = frozenset({1}), frozenset({-1}), frozenset({0})
NONNEGATIVE, NONPOSITIVE, NONZERO = frozenset({0, 1}), frozenset({0, -1}), frozenset({-1, 1})
REAL = frozenset({-1, 0, 1})
LONGEST_EQUATION = 40  # operations of an equation from which signs are drawn


@dataclass(frozen=True)
class ForAll:
    """An equation or inequality that holds for all values of some variables: a hypothesis, or a claim proved before.

    `ForAll((n, m), Eq(Integral(g(n, x)*g(m, x), (x, a, b)), KroneckerDelta(n, m)))`. The left side is rewritten into
    the right side wherever it occurs; `where` are relations among the variables that must hold there. An inequality is
    taken at the symbols and arguments that occur in what is to be decided.
    """

    variables: tuple[Any, ...]
    equation: Any
    where: tuple[Any, ...] = ()

    @property
    def free_symbols(self) -> set[Any]:
        """The symbols that are not bound by the quantifier."""
        found = set(self.equation.free_symbols)
        for relation in self.where:
            found |= relation.free_symbols
        return found - {getattr(v, "label", v) for v in self.variables}


@dataclass(frozen=True)
class Independent:
    """The coordinates q[1], q[2], … of a random vector are independent of each other: a hypothesis about `Expectation(·, q)`.

    With `law=y` they are independent copies of the real random variable y: E[f(q_i)] = `Expectation(f(y), y)`.
    """

    vector: Any
    law: Any = None

    @property
    def free_symbols(self) -> set[Any]:
        """None: what it speaks of is bound in the means."""
        return set()


@dataclass(frozen=True)
class Copy:
    """A random variable or vector is an independent copy of another one: E_w[e(w)] = E_z[e(z)]."""

    variable: Any
    original: Any

    @property
    def free_symbols(self) -> set[Any]:
        """None: what it speaks of is bound in the means."""
        return set()


@dataclass(frozen=True)
class Density:
    """A real random variable has a density: `Expectation(e, s)` is ∫ e · density ds from `lower` to `upper`."""

    variable: Any
    density: Any
    lower: Any = -sp.oo
    upper: Any = sp.oo

    @property
    def free_symbols(self) -> set[Any]:
        """The parameters of the law."""
        found = self.density.free_symbols | sp.sympify(self.lower).free_symbols | sp.sympify(self.upper).free_symbols
        return set(found) - {self.variable}


def mentions(condition: Any, symbol: Any) -> bool:
    """Whether a hypothesis speaks of a free symbol, or of a sequence or point."""
    return getattr(symbol, "label", symbol) in getattr(condition, "free_symbols", ())


def replaced(condition: Any, symbol: Any, value: Any) -> Any:
    """A hypothesis with a free symbol replaced by a value."""
    if isinstance(condition, ForAll):
        if symbol in condition.variables or mentions_any(condition.variables, value):
            return condition
        sides = (renamed(side).subs(symbol, value) for side in condition.equation.args)
        where = tuple(w.subs(symbol, value) for w in condition.where)
        return ForAll(condition.variables, condition.equation.func(*sides, evaluate=False), where)
    condition = unbound(condition, symbol, value)
    return condition.subs(symbol, value) if hasattr(condition, "subs") else condition


def unbound(condition: Any, *values: Any) -> Any:
    """A hypothesis with fresh bound variables if it binds what one of the values speaks of: Σ_{b=1}^{2} a is not to become
    Σ_{b=1}^{2} b for a = b."""
    if not isinstance(condition, sp.Basic):
        return condition
    spoken = {s for value in values for s in getattr(value, "free_symbols", ())}
    return renamed(condition) if spoken & bound_variables(condition) else condition


def mentions_any(variables: tuple[Any, ...], value: Any) -> bool:
    """Whether a value speaks of one of some variables."""
    return any(v in getattr(value, "free_symbols", ()) for v in variables)


def plainly(conditions: Iterable[Any]) -> tuple[Any, ...]:
    """Hypotheses one by one and in the form that rules look for: the parts of a conjunction, the ends of an interval, and
    -c ≤ u, u ≤ c for \\|u\\| ≤ c or u² ≤ c² with a real u."""
    given = parts_of(conditions)
    facts = Facts(given)
    return tuple(dict.fromkeys(bound for condition in given for bound in _bounds(condition, facts) or (condition,)))


def parts_of(conditions: Iterable[Any]) -> tuple[Any, ...]:
    """Hypotheses one by one: the parts of a conjunction, the ends of an interval."""
    return tuple(part for condition in conditions for part in _parts(condition))


def _parts(condition: Any) -> Iterator[Any]:
    if isinstance(condition, sp.And):
        for part in condition.args:
            yield from _parts(part)
    elif isinstance(condition, sp.Not) and isinstance(condition.args[0], Relational):
        yield condition.args[0].negated
    elif isinstance(condition, sp.Contains) and isinstance(condition.args[1], sp.Interval):
        ends = _parts(condition.args[1].as_relational(condition.args[0]))
        yield from (end for end in ends if not end.has(sp.oo, -sp.oo))
    else:
        yield condition


def _bounds(condition: Any, facts: Facts) -> tuple[Any, ...]:
    if not isinstance(condition, sp.Lt | sp.Le | sp.Gt | sp.Ge):
        return ()
    small, large = condition.lts, condition.gts
    if isinstance(small, sp.Abs) and not large.has(sp.Abs):
        u, c = small.args[0], large
    elif isinstance(small, sp.Pow) and small.exp == 2 and large.is_Rational and large >= 0:
        u, c = small.base, sp.sqrt(large)
    else:
        return ()
    if u.is_number or not facts.is_real(u):
        return ()
    below = sp.Lt if isinstance(condition, sp.Lt | sp.Gt) else sp.Le
    own = (below(0, c, evaluate=False),) if c.free_symbols else ()  # 0 ≤ |u|
    return below(-c, u, evaluate=False), below(u, c, evaluate=False), *own


class Contradiction(ValueError):
    """The hypotheses exclude every value."""


UNDONE = (sp.log, sp.asin, sp.acos, sp.atan, sp.asinh, sp.acosh, sp.atanh)  # principal values, which another function undoes
INCREASING = (sp.exp, sp.sinh, sp.tanh, sp.erf, sp.erfc, sp.erfi)  # or decreasing, on the real line


class Facts:
    """Hypotheses in the form in which the rules ask for them.

    `relations` holds pairs (expression, signs that it may have), `equations` pairs (lhs, rhs), `rewrites` the `ForAll`s.
    """

    def __init__(self, where: Iterable[Any] = ()):
        self.where: tuple[Any, ...] = ()
        self.relations: list[tuple[Any, frozenset[int]]] = []
        self.equations: list[tuple[Any, Any]] = []
        self.rewrites: list[ForAll] = []
        self.inequalities: list[ForAll] = []
        self.independent: dict[Any, Independent] = {}
        self.densities: dict[Any, Density] = {}
        self.copies: dict[Any, Any] = {}
        self._forget()
        self._read(tuple(where))

    def _forget(self) -> None:
        self._signs: dict[tuple[Any, int], Signs] = {}  # by how deep in the use of relations it was asked
        self._known: dict[Any, Any] = {}  # what was asked before
        self._shifts: dict[Any, Any] | None = None
        self._busy: set[Any] = set()
        self._depth = 0
        self.limit_steps = 0  # spent in the search for a limit under these facts

    def _read(self, conditions: tuple[Any, ...]) -> None:
        conditions = tuple(c for c in conditions if c not in (True, sp.true))
        self.where += conditions
        before = len(self.equations)
        for condition in conditions:
            self._take(condition)
        self._forget()  # what was asked while the hypotheses were read did not know all of them
        up = {
            h if allowed == NONNEGATIVE else sp.expand(-h)
            for h, allowed in self.relations
            if allowed in (NONNEGATIVE, NONPOSITIVE)
        }
        pairs = [(h, sp.Integer(0)) for h in up if sp.expand(-h) in up and not h.could_extract_minus_sign()]
        self.equations += [pair for pair in pairs if pair not in self.equations]
        for left, right in self.equations[before:]:
            self._take_lines(left - right)
            self.equations += [pair for pair in self._arguments(left, right) if pair not in self.equations]

    def _arguments(self, left: Any, right: Any) -> Iterator[tuple[Any, Any]]:
        """What the arguments of equal values are: f(u) = f(v) gives u = v for an injective f, log u = v gives u = e^v."""
        for one, other in ((left, right), (right, left)):
            if isinstance(other, type(one)):
                continue
            if isinstance(one, sp.log) and len(one.args) == 1:
                yield one.args[0], sp.exp(other)
            if isinstance(one, sp.exp) and self.is_real(one.args[0]) and self.is_positive(other):
                yield one.args[0], sp.log(other)
        if type(left) is not type(right) or not left.args or left.args[1:] != right.args[1:]:
            return
        u, v = left.args[0], right.args[0]
        real = self.is_real(u) and self.is_real(v)
        natural = real and self.is_nonnegative(u) and self.is_nonnegative(v)
        if isinstance(left, sp.Pow):
            odd = real and left.exp.is_Integer and left.exp.is_odd
            injective = left.exp.is_Rational and left.exp != 0 and (left.exp.p == 1 or odd or natural)
        else:
            one_argument = len(left.args) == 1
            monotone = (real and isinstance(left, INCREASING)) or (natural and isinstance(left, sp.cosh))
            injective = one_argument and (isinstance(left, UNDONE) or monotone)
        if injective:
            yield u, v

    def _take_lines(self, difference: Any) -> None:
        """slope · s + rest = 0 tells one sign from the two others: of positive numbers p > 1 if 1/p + 1/q = 1."""
        bottom, lines = lines_of(difference)
        if not lines or not self.is_nonzero(bottom):
            return
        for s, slope, rest in lines:
            known = [self.signs(part) for part in (s, slope, rest)]
            for i, part in enumerate((s, slope, rest)):
                one, other = (known[j] for j in range(3) if j != i)
                # a bound of several symbols is left to those who look for one
                if known[i] in (POSITIVE, NEGATIVE) or len(part.free_symbols) > (1 if slope.is_number else 4):
                    continue
                if one in (POSITIVE, NEGATIVE) and other in (POSITIVE, NEGATIVE):
                    # slope · s = -rest, and slope · s · rest < 0
                    self.relations.append((part, NEGATIVE if one == other else POSITIVE))
                    self._forget()
                    break

    def _take(self, condition: Any) -> None:
        if isinstance(condition, ForAll):
            equation = condition.equation
            named = equation.func(renamed(equation.lhs), renamed(equation.rhs), evaluate=False)
            rules = self.rewrites if isinstance(equation, sp.Eq) else self.inequalities
            rules.append(ForAll(condition.variables, named, condition.where))
        elif isinstance(condition, Independent):
            self.independent[condition.vector] = condition
        elif isinstance(condition, Copy):
            self.copies[condition.variable] = condition.original
        elif isinstance(condition, Density):
            self.densities[condition.variable] = condition
        elif condition in (False, sp.false):
            raise Contradiction("a hypothesis is false")
        elif isinstance(condition, sp.And):
            for part in condition.args:
                self._take(part)
        elif isinstance(condition, sp.Not) and isinstance(condition.args[0], Relational):
            self._take(condition.args[0].negated)
        elif isinstance(condition, sp.Eq):
            self.equations.append((renamed(condition.lhs), renamed(condition.rhs)))
        elif not isinstance(condition, Boolean):
            raise TypeError(f"{condition!r} is not a hypothesis: give relations such as x > 1, or ForAll")
        elif isinstance(condition, Relational):
            allowed = {
                sp.Gt: POSITIVE, sp.Ge: NONNEGATIVE, sp.Lt: NEGATIVE, sp.Le: NONPOSITIVE, sp.Ne: NONZERO,
            }[condition.func]  # fmt: skip
            difference = standard(sp.expand(condition.lhs - condition.rhs))
            if difference.is_number:
                if not Facts(()).signs(difference) or not (self.number(difference) or REAL) & allowed:
                    raise Contradiction(f"{condition} is false")
                return
            if condition.func is sp.Ne and self.signs(difference) is None:
                allowed = NONZERO  # for a complex expression: not zero
            if self.is_integer(difference):
                # An integer above 0 is at least 1.
                known = self.signs(difference) if allowed == NONZERO else None
                if allowed == POSITIVE or known in (NONNEGATIVE, POSITIVE):
                    self.relations.append((difference - 1, NONNEGATIVE))
                if allowed == NEGATIVE or known in (NONPOSITIVE, NEGATIVE):
                    self.relations.append((difference + 1, NONPOSITIVE))
            self.relations.append((difference, allowed))
        # Other conditions (a disjunction, membership) bind the sampling only: no rule uses them.

    def given(self, *conditions: Any) -> Facts:
        """These facts and more."""
        found: Facts = self.once(conditions, lambda: self._and(conditions))
        return found

    def _and(self, conditions: tuple[Any, ...]) -> Facts:
        more = type(self).__new__(type(self))
        more.__dict__ |= {
            name: value.copy() if isinstance(value, list | dict) else value for name, value in self.__dict__.items()
        }
        more._forget()
        more._read(conditions)
        return more

    def once(self, key: Any, answer: Callable[[], Any]) -> Any:
        """An answer that rests on these facts and on the key alone, worked out at most once."""
        if key not in self._known:
            self._known[key] = answer()
        return self._known[key]

    def without(self, x: Any) -> Facts:
        """The facts that do not speak of a symbol."""
        return Facts(c for c in self.where if not mentions(c, x))

    def about_others(self, point: Any) -> Facts:
        """The facts that do not speak of a point: inside an integral over it, it is another one."""
        kept = tuple(c for c in self.where if not speaks_of(c, point))
        if len(kept) == len(self.where):
            return self
        found: Facts = self.once(("about others", point), lambda: Facts(kept))
        return found

    def with_densities(self, e: Any) -> Any:
        """e with the means over variables of known density written as integrals, where no point that e binds is in a density."""
        if not self.densities or not isinstance(e, sp.Basic) or not e.has(Expectation):
            return e
        e = renamed(e)  # a parameter of a density is no variable that e binds
        points = {node.args[1] for node in e.atoms(SpaceIntegral)}
        known = {v: law for v, law in self.densities.items() if not any(speaks_of(law, x) for x in points)}
        means = {m: known[m.args[1]] for m in e.atoms(Expectation) if m.args[1] in known}
        return e.replace(
            lambda node: node in means,
            lambda node: sp.Integral(node.args[0] * means[node].density, (node.args[1], means[node].lower, means[node].upper)),
        )

    # -- signs ---------------------------------------------------------------------------------------------------------

    def signs(self, e: Any) -> Signs:
        """The signs that e may have, `None` where e need not be real."""
        e = sp.sympify(e)
        known = self._signs.get((e, self._depth))
        if known is not None or (e, self._depth) in self._signs:
            return known
        if e in self._busy:
            return None
        self._busy.add(e)
        try:
            result = self._by_structure(e)
            if result is None:  # what a hypothesis compares with 0 is real
                result = next((allowed for h, allowed in self.relations if h == e and allowed != NONZERO), None)
            elif len(result) > 1 and not e.is_number:
                result &= self._by_relations(e)
        finally:
            self._busy.discard(e)
        self._signs[e, self._depth] = result
        return result

    def is_positive(self, e: Any) -> bool:
        """Whether e > 0 at every admissible point."""
        return self.signs(e) == POSITIVE

    def is_nonnegative(self, e: Any) -> bool:
        """Whether e ≥ 0 at every admissible point."""
        signs = self.signs(e)
        return signs is not None and signs <= NONNEGATIVE

    def is_nonzero(self, e: Any) -> bool:
        """Whether e ≠ 0 at every admissible point, complex ones included."""
        signs = self.signs(e)
        if signs is not None:
            return 0 not in signs
        if isinstance(e, sp.Mul):
            return all(self.is_nonzero(factor) for factor in e.args)
        if isinstance(e, sp.Pow):
            return self.is_nonzero(e.base) or bool(e.exp.is_number and self.signs(-e.exp) == POSITIVE)
        if isinstance(e, sp.exp):
            return True
        if isinstance(e, sp.Add) and self._off_one(e):
            return True
        if isinstance(e, sp.Symbol | AppliedUndef | sp.Indexed) and e.is_zero is False:
            return True
        difference = standard(sp.expand(e))
        return any(allowed == NONZERO and difference in (h, -h) for h, allowed in self.relations) or (
            bool(e.is_number) and self._number_is_nonzero(e)
        )

    def _off_one(self, e: Any) -> bool:
        """Whether e = c (exp(iπ r) - 1) with c ≠ 0 and a real r between 0 and 2."""
        number, rest = e.as_coeff_Add()
        c, turn = rest.as_coeff_Mul()
        if number + c != 0 or not isinstance(turn, sp.exp):
            return False
        r = sp.expand(turn.args[0] / (sp.I * sp.pi))
        return any(self.is_positive(way * r) and self.is_positive(sp.together(2 - way * r)) for way in (1, -1))

    def is_real(self, e: Any) -> bool:
        """Whether e is real at every admissible point."""
        return self.signs(e) is not None

    def on_the_line(self, *ends: Any) -> bool:
        """Whether a range lies on the real line: along a path between complex ends the variable is not real."""
        return all(end in (sp.oo, -sp.oo) or self.is_real(end) for end in ends)

    def decide(self, relation: Any) -> bool | None:
        """True, False, or None when the hypotheses do not tell."""
        if relation in (True, sp.true):
            return True
        if relation in (False, sp.false):
            return False
        if isinstance(relation, sp.Not):
            inner = self.decide(relation.args[0])
            return None if inner is None else not inner
        if isinstance(relation, sp.And | sp.Or):
            parts = [self.decide(part) for part in relation.args]
            decisive = isinstance(relation, sp.Or)
            if decisive in parts:
                return decisive
            return None if None in parts else not decisive
        if isinstance(relation, Relational):
            difference = sp.expand(relation.lhs - relation.rhs)
            if isinstance(relation, sp.Eq | sp.Ne):
                equal = self.signs(difference) == ZERO or self._is_assumed_zero(difference)
                unequal = True if self.is_nonzero(difference) else False if equal else None
                return unequal if unequal is None or isinstance(relation, sp.Ne) else not unequal
            signs = self.signs(difference)
            if signs is None:
                return None
            allowed = {sp.Gt: POSITIVE, sp.Ge: NONNEGATIVE, sp.Lt: NEGATIVE, sp.Le: NONPOSITIVE}[relation.func]
            return True if signs <= allowed else None if signs & allowed else False
        return None

    def _is_assumed_zero(self, difference: Any) -> bool:
        """Whether it is, up to its sign, the difference of the sides of an equation among the hypotheses."""
        return any(sp.expand(left - right) in (difference, -difference) for left, right in self.equations)

    def number(self, e: Any) -> Signs:
        """The sign of a constant, by balls of growing precision."""
        outer = ctx.prec
        try:
            for precision in (64, 256, 1024):
                ctx.prec = precision
                evaluator = Evaluator({})
                try:
                    sign = sign_or_none(evaluator(e))
                except (Undecided, OverflowError):
                    continue
                except (Undefined, Unsupported):
                    return None
                return frozenset({sign}) if sign is not None and evaluator.rigorous else None
        finally:
            ctx.prec = outer
        return (
            REAL if self._real_number(e) or (e.args and e.func in (sp.Add, sp.Mul) and all(map(self.is_real, e.args))) else None
        )

    def _real_number(self, e: Any) -> bool:
        return not e.has(sp.I) and all(
            isinstance(part, sp.Rational | sp.Add | sp.Mul) or part in CONSTANTS or not part.args
            for part in sp.preorder_traversal(e)
        )

    def _number_is_nonzero(self, e: Any) -> bool:
        outer = ctx.prec
        try:
            ctx.prec = 256
            from derivable.trusted.balls import ball

            evaluator = Evaluator({})
            return not ball(evaluator(e)).contains(0) and evaluator.rigorous
        except (Undecided, Undefined, Unsupported, OverflowError):
            return False
        finally:
            ctx.prec = outer

    def _by_structure(self, e: Any) -> Signs:
        if e.is_number and not e.has(sp.Integral, sp.Limit):
            return self.number(e)
        if isinstance(e, sp.Symbol | sp.Indexed | AppliedUndef):
            return _assumed(e)
        if isinstance(e, sp.Add):
            known = self._sum_of([self.signs(term) for term in e.args])
            if known is None or len(known) == 1:
                return known
            factored = self._factored(e)
            bounded = self._beside_a_number(e) & self._beside_a_root(e) & self._in_a_wave(e) & self._of_logarithms(e)
            bounded &= self._of_integers(e)
            return (known if factored is None else known & factored) & bounded or known
        if isinstance(e, sp.Mul):
            return self._product_of([self.signs(factor) for factor in e.args])
        if isinstance(e, sp.Pow):
            return self._power(e)
        if isinstance(e, sp.exp) and e.args[0].has(sp.I) and self.is_integer(sp.expand(e.args[0] / (sp.I * sp.pi))):
            return NONZERO  # ±1
        if e.func in (sp.exp, sp.cosh, sp.sech):
            return POSITIVE if self.is_real(e.args[0]) else None
        if isinstance(e, sp.Abs):
            return POSITIVE if self.is_nonzero(e.args[0]) else NONNEGATIVE
        if isinstance(e, sp.LambertW) and len(e.args) == 1:
            inner = self.signs(e.args[0])  # W has the sign of its argument, and is real from -1/e on
            return inner if inner is not None and inner <= NONNEGATIVE else None
        if e.func in (sp.re, sp.im, sp.arg):
            return REAL
        if e.func in (sp.asin, sp.acos, sp.acosh, sp.atanh):
            return self._inverse(e.func, e.args[0])
        if e.func in (sp.digamma, sp.polygamma, sp.loggamma):
            return self._gamma_family(e)
        if isinstance(e, sp.zeta) and len(e.args) == 1:
            return POSITIVE if self.is_positive(e.args[0] - 1) else None
        if e.func in (sp.uppergamma, sp.lowergamma) and self.is_positive(e.args[1]):
            return POSITIVE if self.is_positive(e.args[0]) or (e.func is sp.uppergamma and self.is_real(e.args[0])) else None
        if e.func in (sp.sign, sp.asinh, sp.atan, sp.sinh, sp.tanh, sp.erf, sp.conjugate):
            return self.signs(e.args[0])
        if e.func in (sp.legendre, sp.hermite, sp.chebyshevt, sp.chebyshevu) and not self.is_integer(e.args[0]):
            return None
        if isinstance(e, sp.gegenbauer):
            n, *others = e.args
            return REAL if self.is_integer(n) and self.is_nonnegative(n) and all(map(self.is_real, others)) else None
        if e.func in (sp.besselj, sp.besseli, sp.jn):
            return REAL if self.is_real(e.args[0]) and self.is_positive(e.args[1]) else None
        if e.func in (sp.sin, sp.cos) and (self.relations or e.args[0].is_positive):
            return self._wave(e)
        if e.func in (sp.sin, sp.cos, sp.legendre, sp.hermite, sp.chebyshevt, sp.chebyshevu):
            return REAL if all(self.is_real(a) for a in e.args) else None
        if isinstance(e, sp.log) and len(e.args) == 1:
            return self.signs(e.args[0] - 1) if self.is_positive(e.args[0]) else None
        if isinstance(e, sp.floor | sp.ceiling):
            return self._rounded(e)
        if isinstance(e, sp.gamma | sp.factorial):
            shift = 1 if isinstance(e, sp.factorial) else 0
            return POSITIVE if self.is_positive(e.args[0] + shift) else None
        if isinstance(e, sp.beta) and len(e.args) == 2:
            return POSITIVE if all(self.is_positive(a) for a in e.args) else None
        if isinstance(e, sp.RisingFactorial):
            start, steps = e.args
            counted = self.is_integer(steps) and self.is_nonnegative(steps)
            return POSITIVE if counted and self.is_positive(start) else None
        if isinstance(e, sp.factorial2):
            return POSITIVE if self.is_integer(e.args[0]) and self.is_nonnegative(e.args[0] + 1) else None
        if isinstance(e, sp.binomial):
            n, k = e.args
            if self.is_nonnegative(n) and self.is_integer(n) and self.is_integer(k):
                return POSITIVE if self.is_nonnegative(k) and self.is_nonnegative(n - k) else NONNEGATIVE
            return None
        if isinstance(e, sp.catalan):
            return POSITIVE if self.is_integer(e.args[0]) and self.is_nonnegative(e.args[0]) else None
        if isinstance(e, sp.harmonic | sp.fibonacci | sp.lucas):
            return self._increasing_from_zero(e)
        if isinstance(e, sp.KroneckerDelta):
            return NONNEGATIVE
        if isinstance(e, sp.Heaviside):
            if not all(self.is_real(a) for a in e.args):
                return None
            return NONNEGATIVE if len(e.args) < 2 or self.is_nonnegative(e.args[1]) else REAL
        if isinstance(e, sp.Max | sp.Min):
            return self._extremum(e)
        if isinstance(e, sp.Piecewise):
            parts = [self.signs(value) for value, _ in e.args]
            return None if None in parts else frozenset().union(*(p for p in parts if p))
        if isinstance(e, sp.Sum | sp.Product | sp.Integral):
            return self._bounded(e)
        if isinstance(e, SpaceIntegral | Expectation):
            inside = self.about_others(e.args[1]) if isinstance(e, SpaceIntegral) else self
            inner = inside.signs(e.args[0])
            return inner if inner is None or inner in (REAL, ZERO) else inner | ZERO
        if isinstance(e, Partial | sp.Derivative):
            return REAL if self.is_real(e.args[0]) else None
        if isinstance(e, Jet):
            return REAL if any(e.args[1]) and e.args[0].is_real else _assumed(e.args[0])
        return None

    def _factored(self, e: Any) -> Signs:
        """A polynomial of few terms by the signs of its factors."""
        if len(e.args) > 6 or not e.is_rational_function() or all(t.is_Symbol or t.is_number for t in e.args):
            return REAL
        if not self.relations and e.is_polynomial():
            return REAL
        factored = _factors(e)
        return self.signs(factored) if factored.is_Mul or factored.is_Pow else REAL

    def _beside_a_number(self, e: Any) -> frozenset[int]:
        """c + k f(u): for c = -k and f = exp by the sign of u; for |c| ≥ |k| and |f| < 1, or |f| ≤ 1, that of c."""
        c, rest = e.as_coeff_Add()
        k, node = rest.as_coeff_Mul()
        if len(e.args) != 2 or not node.args or c == 0:
            return REAL
        if isinstance(node, sp.exp) and c + k == 0:
            inner = self.signs(node.args[0])
            return REAL if inner is None else frozenset(s * (1 if k > 0 else -1) for s in inner)
        bounded = node.func in (sp.tanh, sp.erf) or (node.func in (sp.sin, sp.cos) and abs(c) > abs(k))
        closed = node.func in (sp.sin, sp.cos)
        if not (bounded or closed) or abs(c) < abs(k) or not self.is_real(node.args[0]):
            return REAL
        sign = 1 if c > 0 else -1
        return frozenset({sign}) if bounded else frozenset({0, sign})

    def _of_integers(self, e: Any) -> frozenset[int]:
        """c + g m for an integer m, where c is no multiple of g: not zero."""
        c, rest = e.as_coeff_Add()
        terms = [term.as_coeff_Mul() for term in sp.Add.make_args(rest)]
        if c == 0 or not all(k.is_Rational for k, _ in terms):
            return REAL
        g = sp.Rational(math.gcd(*(int(k.p) for k, _ in terms)), math.lcm(*(int(k.q) for k, _ in terms)))
        return NONZERO if not (c / g).is_Integer and all(self.is_integer(part) for _, part in terms) else REAL

    def _of_logarithms(self, e: Any) -> frozenset[int]:
        """c (log g - log h) for g, h > 0 has the sign of c (g - h)."""
        if len(e.args) != 2:
            return REAL
        parts = []
        for term in e.args:
            logs = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.log) and len(f.args) == 1]
            if len(logs) != 1:
                return REAL
            parts.append((term / logs[0], logs[0].args[0]))
        (c, g), (d, h) = parts
        if c != -d or not (self.is_positive(g) and self.is_positive(h)):
            return REAL
        return self._product_of([self.signs(c), self.signs(sp.expand(g - h))]) or REAL

    def _beside_a_root(self, e: Any) -> frozenset[int]:
        """±(a - c u^(1/q)) where a and c u^(1/q) are not negative has the sign of ±(a^q - c^q u)."""
        roots = [p for p in e.atoms(sp.Pow) if p.exp.is_Rational and p.exp.p == 1 and 1 < p.exp.q <= 4]
        for root in roots if len(e.args) <= 3 else ():
            rest, part = e.as_independent(root, as_Add=True)
            c = part / root
            for way in (1, -1):
                if c.has(root) or not (self.is_nonnegative(way * rest) and self.is_nonnegative(-way * part)):
                    continue
                q = root.exp.q
                signs = self.signs(sp.expand((way * rest) ** q - (-way * c) ** q * root.base))
                return REAL if signs is None else frozenset(way * s for s in signs)
        return REAL

    def _in_a_wave(self, e: Any) -> frozenset[int]:
        """A + B f(u) or A + B f(u)² with one f of sin, cos, tanh and erf, |f| ≤ 1: the signs at both ends, where they agree."""
        e = e.xreplace({sp.cos(u.args[0]) ** 2: 1 - u**2 for u in e.atoms(sp.sin)})
        waves = e.atoms(sp.sin, sp.cos, sp.tanh, sp.erf)
        if len(waves) != 1:
            return REAL
        (wave,) = waves
        w = sp.Dummy("w")
        line = sp.expand(e.xreplace({wave: w}))
        power = 1 if line.coeff(w) != 0 else 2
        slope = line.coeff(w, power)
        rest = sp.expand(line - slope * w**power)
        if slope == 0 or rest.has(w) or slope.has(w) or not self.is_real(wave.args[0]):
            return REAL
        ends = [self.signs(_factors(sp.expand(rest + end * slope))) for end in (1, -1 if power == 1 else 0)]
        if ends[0] is None or ends[1] is None:
            return REAL
        together = ends[0] | ends[1]
        return together if together <= NONNEGATIVE or together <= frozenset({0, -1}) else REAL

    def _sum_of(self, parts: list[Signs]) -> Signs:
        if None in parts:
            return None
        total = ZERO
        for part in parts:
            assert part is not None
            total = frozenset(s for a in total for b in part for s in ((a + b,) if a * b >= 0 else (-1, 0, 1)))
            total = frozenset((s > 0) - (s < 0) for s in total)
        return total

    def _product_of(self, parts: list[Signs]) -> Signs:
        if None in parts:
            return None
        total = POSITIVE
        for part in parts:
            assert part is not None
            total = frozenset(a * b for a in total for b in part)
        return total

    def _power(self, e: Any) -> Signs:
        base, exponent = self.signs(e.base), self.signs(e.exp)
        if base is None or exponent is None:
            return None
        if base == POSITIVE:
            return POSITIVE
        if e.exp.is_Integer:
            if int(e.exp) % 2 == 0:
                return frozenset(s * s for s in base)
            return base
        if base <= NONNEGATIVE:
            return base | ({1} if 0 in base and 0 in exponent else set())
        if self.is_integer(e.exp):
            if self.is_integer(e.exp / 2):
                return frozenset(s * s for s in base)
            return base | {s * s for s in base} | ({1} if 0 in base else set())
        return None

    def _wave(self, e: Any) -> Signs:
        """A sine between 0 and π, a cosine between -π/2 and π/2."""
        u = e.args[0]
        if not self.is_real(u):
            return None
        low, high = (u, sp.pi - u) if isinstance(e, sp.sin) else (u + sp.pi / 2, sp.pi / 2 - u)
        if self.is_positive(low) and self.is_positive(high):
            return POSITIVE
        return NONNEGATIVE if self.is_nonnegative(low) and self.is_nonnegative(high) else REAL

    def _inverse(self, function: Any, x: Any) -> Signs:
        """Of a real argument in the range on which the inverse function is real."""
        if function is sp.acosh:
            return NONNEGATIVE if self.is_nonnegative(x - 1) else None
        if not (self.is_nonnegative(1 - x) and self.is_nonnegative(1 + x)):
            return None
        if function is sp.acos:
            return POSITIVE if self.is_positive(1 - x) else NONNEGATIVE
        return self.signs(x)

    def _gamma_family(self, e: Any) -> Signs:
        """ψ and log Γ are real on the positive axis; the derivatives of ψ have the signs (-1)^(m+1)."""
        if not self.is_positive(e.args[-1]):
            return None
        order = e.args[0] if isinstance(e, sp.polygamma) else sp.Integer(0)
        if order.is_Integer and order >= 1:
            return POSITIVE if order % 2 else NEGATIVE
        return REAL if order == 0 else None

    def _increasing_from_zero(self, e: Any) -> Signs:
        """Harmonic numbers (ψ(x + 1) + γ, for real x ≥ 0 too), Fibonacci and Lucas numbers of natural arguments."""
        n = e.args[0]
        if len(e.args) != 1 or not self.is_nonnegative(n) or not (isinstance(e, sp.harmonic) or self.is_integer(n)):
            return None
        return POSITIVE if isinstance(e, sp.lucas) or self.is_positive(n) else NONNEGATIVE

    def _rounded(self, e: Any) -> Signs:
        inner = self.signs(e.args[0])
        if inner is None:
            return None
        if isinstance(e, sp.floor):
            if inner <= NONNEGATIVE:
                return POSITIVE if self.is_nonnegative(e.args[0] - 1) else NONNEGATIVE
            return NEGATIVE if inner == NEGATIVE else NONPOSITIVE if inner <= NONPOSITIVE else REAL
        if inner <= NONPOSITIVE:
            return NONPOSITIVE
        return POSITIVE if inner == POSITIVE else NONNEGATIVE if inner <= NONNEGATIVE else REAL

    def _extremum(self, e: Any) -> Signs:
        parts = [self.signs(argument) for argument in e.args]
        if None in parts:
            return None
        pick = max if isinstance(e, sp.Max) else min
        result: frozenset[int] = parts[0] or REAL
        for part in parts[1:]:
            result = frozenset(pick(a, b) for a in result for b in (part or REAL))
        return result

    def _bounded(self, e: Any) -> Signs:
        """A sum, product or integral over a range that is known not to run backwards, by the sign of its terms."""
        _, *ends = e.limits[-1]
        if len(ends) != 2 or not self.on_the_line(*ends):
            return None
        a, b = ends
        discrete = not isinstance(e, sp.Integral)
        forwards, within, inner = self._inside(e)
        terms = within.signs(inner)
        if terms is None:
            return None
        if isinstance(e, sp.Product):
            if sp.oo in (b, -a):  # of infinitely many positive factors the product may be 0
                return terms | POSITIVE | ZERO
            return terms if terms == POSITIVE else None if not forwards else terms | POSITIVE
        if not forwards or terms >= REAL or terms >= NONZERO:
            return REAL
        endless = (b is sp.oo and a is not sp.oo) or (a is -sp.oo and b is not -sp.oo)
        surely = endless or (self.is_nonnegative(b - a) if discrete else self.is_positive(b - a))
        return terms if surely else terms | ZERO

    def _inside(self, e: Any) -> tuple[bool, Facts, Any]:
        """Whether a range is known not to run backwards; what is known inside it, and what stands there.

        The variable is any integer, or any real number: what is assumed of it need not hold in the range.
        """
        e = standard(e)  # one name for the variable, so that what is known of the range is known once
        index, a, b = e.limits[-1]
        inner = e.args[0] if len(e.limits) == 1 else e.func(e.args[0], *e.limits[:-1])
        discrete = not isinstance(e, sp.Integral)
        forwards = b is sp.oo or a is -sp.oo or self.is_nonnegative(b - a + (1 if discrete else 0))
        taken = not index.is_Dummy or not index.is_real or any(h.has(index) for h, _ in self.relations)
        fixed = sp.Dummy(index.name, integer=True if discrete else None, real=True) if taken else index
        within = [] if not forwards else [c for c in (fixed >= a, fixed <= b) if c not in (sp.true, sp.false)]
        return forwards, self.given(*within), inner.xreplace({index: fixed})

    # -- hypotheses ----------------------------------------------------------------------------------------------------

    def _by_relations(self, e: Any) -> frozenset[int]:
        """What the relations h say of e: e = c h + rest, with the signs of c h and of the rest known."""
        result = REAL
        if self._depth >= 3:
            return result
        self._depth += 1
        try:
            expanded = standard(sp.expand(e))
            terms = dict(term.as_coeff_Mul()[::-1] for term in sp.Add.make_args(expanded))
            for h, allowed in self.relations:
                if allowed == NONZERO:
                    if expanded in (h, -h):
                        result &= NONZERO
                    continue
                for pivot in sp.Add.make_args(h):
                    coefficient, monomial = pivot.as_coeff_Mul()
                    if monomial.is_number or monomial not in terms:
                        continue
                    ratio = terms[monomial] / coefficient
                    if not ratio.is_Rational:
                        continue
                    remainder = expanded - ratio * h  # both are written out
                    if len(sp.Add.make_args(remainder)) > len(terms) + (1 if self._depth == 1 else 0):
                        continue  # it leads away from what the hypotheses say
                    rest = self.signs(remainder)
                    if rest is not None:
                        scaled = frozenset(s * (1 if ratio > 0 else -1) for s in allowed)
                        result &= self._sum_of([scaled, rest]) or REAL
            if len(result) > 1 and self._depth == 1:
                result &= self._from_bounds(expanded)
        finally:
            self._depth -= 1
        return result or REAL

    def _from_bounds(self, e: Any) -> frozenset[int]:
        """x ≥ c as x = c + t with t ≥ 0: a polynomial all of whose coefficients in t agree in sign has that sign."""
        if e.has(sp.Sum, sp.Integral, sp.Derivative, sp.Subs, SpaceIntegral, Expectation):
            return REAL
        if self._shifts is None:
            self._shifts = self._from_the_least()
        shifts = {x: self._shifts[x] for x in variables_of(e) if x in self._shifts}
        for x in (x for x in variables_of(e) if x not in shifts):
            if x.is_integer and x.is_positive:
                shifts[x] = 1 + sp.Dummy("t", integer=True, nonnegative=True)
        if not shifts:
            return REAL
        return Facts(()).signs(sp.expand(e.xreplace(shifts))) or REAL

    def _from_the_least(self) -> dict[Any, Any]:
        """x = c + t or c - t with t ≥ 0, for the symbols that a hypothesis bounds by a number."""
        shifts: dict[Any, Any] = {}
        for h, allowed in self.relations:
            symbols = h.free_symbols
            if len(symbols) == 1 and not h.has(sp.Indexed) and allowed in (POSITIVE, NONNEGATIVE, NEGATIVE, NONPOSITIVE):
                (x,) = symbols
                slope = h.coeff(x)
                if slope.is_Rational and slope != 0 and (h - slope * x).expand().is_number and x not in shifts:
                    up = (slope > 0) == (allowed <= NONNEGATIVE)
                    strict = 0 not in allowed
                    t = sp.Dummy("t", real=True, positive=True) if strict else sp.Dummy("t", real=True, nonnegative=True)
                    shifts[x] = (x - h / slope + (t if up else -t)).expand()
        return shifts

    # -- integers ------------------------------------------------------------------------------------------------------

    def is_integer(self, e: Any) -> bool:
        """Whether e is an integer at every admissible point."""
        e = sp.sympify(e)
        if isinstance(e, sp.Rational):
            return e.q == 1
        if isinstance(e, sp.Symbol | sp.Indexed | AppliedUndef):
            return bool(e.is_integer)
        if isinstance(e, sp.Add) or (isinstance(e, sp.Mul) and all(self.is_integer(a) for a in e.args)):
            return all(self.is_integer(a) for a in e.args) or (isinstance(e, sp.Add) and integer_valued(e, self))
        if isinstance(e, sp.Mul):
            # n (n + 1) / 2: two consecutive integers, one of them even
            half = [a for a in e.args if a == sp.Rational(1, 2)]
            rest = [a for a in e.args if a not in half]
            return (
                bool(half)
                and all(self.is_integer(a) for a in rest)
                and any(sp.expand(a - b) in (1, -1) for a in rest for b in rest)
            ) or integer_valued(e, self)
        if isinstance(e, sp.Pow):
            return self.is_integer(e.base) and self.is_integer(e.exp) and self.is_nonnegative(e.exp)
        if e.func in (sp.floor, sp.ceiling, sp.sign):
            return self.is_real(e.args[0])
        if isinstance(e, sp.KroneckerDelta):
            return True
        if isinstance(e, sp.Abs):
            return self.is_integer(e.args[0])
        if isinstance(e, sp.Max | sp.Min | sp.Mod):
            return all(self.is_integer(a) for a in e.args)
        if isinstance(e, sp.factorial | sp.catalan | sp.fibonacci | sp.lucas) and len(e.args) == 1:
            return self.is_integer(e.args[0]) and self.is_nonnegative(e.args[0])
        if isinstance(e, sp.binomial):
            return all(self.is_integer(a) for a in e.args)
        if isinstance(e, sp.Sum):
            if len(e.limits) > 1 or len(e.limits[0]) != 3 or sp.oo in e.limits[0]:
                return False
            _, within, term = self._inside(e)
            return within.is_integer(term)
        return False


def excludes_itself(facts: Facts) -> bool:
    """Whether a relation among the facts contradicts the sign that the others give it."""
    for position, (h, allowed) in enumerate(facts.relations):
        others = Facts(())
        others.relations = facts.relations[:position] + facts.relations[position + 1 :]
        signs = others.signs(h)
        if signs is not None and not signs & allowed:
            return True
    return False


@functools.lru_cache(maxsize=4096)
def _factors(e: Any) -> Any:
    return sp.factor(e)


@functools.lru_cache(maxsize=1024)
def lines_of(e: Any) -> tuple[Any, tuple[tuple[Any, Any, Any], ...]]:
    """The denominator of a rational function, and (s, slope, rest) for each symbol in which its numerator is a line."""
    symbols = sorted(e.free_symbols, key=str) if isinstance(e, sp.Expr) else []
    if len(symbols) < 2 or e.count_ops() > LONGEST_EQUATION or not e.is_rational_function(*symbols):
        return sp.Integer(1), ()
    top, bottom = (e, sp.Integer(1)) if e.is_polynomial(*symbols) else sp.fraction(sp.together(e))
    top = sp.expand(top)
    lines = [(s, top.coeff(s, 1), top.coeff(s, 0)) for s in symbols if top.is_polynomial(s) and sp.degree(top, s) == 1]
    return bottom, tuple(line for line in lines if line[2] != 0)


def speaks_of(condition: Any, point: Any) -> bool:
    """Whether a symbol or a point occurs free in a hypothesis."""
    if isinstance(condition, ForAll):
        parts, bound = (condition.equation.lhs, condition.equation.rhs, *condition.where), condition.variables
    elif isinstance(condition, Density):
        parts, bound = (condition.density, condition.lower, condition.upper), (condition.variable,)
    else:
        parts, bound = (condition,), ()
    return point not in bound and any(isinstance(part, sp.Basic) and occurs(point, part) for part in parts)


def _assumed(e: Any) -> Signs:
    """The signs that a symbol's own assumptions leave."""
    if e.is_real is not True:
        return None
    signs = {s for s, excluded in ((1, e.is_nonpositive), (0, e.is_nonzero), (-1, e.is_nonnegative)) if excluded is not True}
    return frozenset(signs)
