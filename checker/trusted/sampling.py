"""Refute first: admissible points, nice ones before random ones, and both sides enclosed there.

Symbols take values that their assumptions and the hypotheses admit; elements of sequences are drawn when they are asked
for; undefined functions become concrete smooth ones. A point counts only if every hypothesis is decided to hold there.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp
from flint import acb, acb_poly, arb, ctx, fmpq, fmpq_poly
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derivable.trusted.balls import (
    NO_VALUE,
    Evaluator,
    Undecided,
    Undefined,
    Unsupported,
    Value,
    ball,
    rational,
    show,
    sign,
    whole,
)
from derivable.trusted.deadline import TimeLimit, alarm
from derivable.trusted.decision import Counterexample
from derivable.trusted.facts import Copy, Density, ForAll, Independent, parts_of
from derivable.trusted.heads import Expectation, SpaceIntegral, is_constant, occurs, renamed
from derivable.trusted.laws import admissible, admits, candidates, conditions_on, defined, satisfies, variables_of_means

PRECISIONS = (96, 320, 1100)
POINTS = 16  # admissible points at which a statement is evaluated
MORE_POINTS = 160  # where no proof was found
ENOUGH = 5  # points that do at first where each one is slow
HURRIED = 1 / 8  # of the time, after which points are slow
FIRST_POINT = 2  # so many times the limit is given to the first point
LEAST_SECONDS = 0.1  # it is not worth while to go on for less
ATTEMPTS = 400  # draws that may be turned down before the search for admissible points ends
# of the first draws
LEAST = 4  # all symbols, elements and functions have the least value that they may have
SMALL, LARGE = 6, 10  # all real symbols lie close to zero or to what bounds them, or far out (integers where nothing is added up)
# from the edge of a hypothesis to a point where it holds
STEPS = (fmpq(0), fmpq(1, 64), fmpq(1, 4), fmpq(1), fmpq(5))
CLOSE = (fmpq(0), fmpq(1, 4096))
MOST_COEFFICIENTS = 24  # of a polynomial whose roots are looked for
IN_CLOSED_FORM = 12  # points at which rules are asked for values
TIE = 4  # in one draw of so many a hypothesis that is an inequality becomes an equality


@dataclass
class Attack:
    """What the evaluation of a statement at admissible points gave."""

    points: int = 0
    drawn: int = 0
    admissible: int = 0
    undefined: int = 0
    rigorous: bool = True
    worst: float = 0.0
    constant: bool = False  # both sides are numbers: one point is all there is
    only_cut_short: bool = False  # the time ran out, and nothing else was in the way
    hurried: bool = False  # points are slow here: it ended with few, for a proof to be looked for first
    apart: bool = True  # at every point the balls of the sides were disjoint
    touching: Mapping[Any, Any] | None = None  # the first rational point where no precision tells the sides of "<" apart
    counterexample: Counterexample | None = None
    obstacles: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class Point:
    """One draw: values of symbols, concrete functions, and a source of elements."""

    values: Mapping[Any, Value]
    functions: Mapping[Any, Any]
    evaluator: Evaluator

    def described(self, used: Any) -> dict[str, str]:
        """Names and values as text, for the report of a counterexample."""
        text = {str(s): show(v) for s, v in self.evaluator.values.items() if isinstance(s, sp.Symbol | sp.Indexed) and used(s)}
        text |= {str(f): _as_text(instance) for f, instance in self.functions.items()}
        return text | {f"law of {v}": str(law) for v, law in self.evaluator.laws.items()}


def _as_text(instance: Any) -> str:
    """A concrete function, written out at symbolic arguments."""
    if isinstance(instance, Instance):
        return str(instance)
    try:
        count = len(inspect.signature(instance).parameters)
    except (TypeError, ValueError):
        return "as given with the claim"
    for kinds in itertools.product((sp.Symbol, sp.IndexedBase), repeat=min(count, 4)):
        names = [kind(name) for kind, name in zip(kinds, "xyzuvw", strict=False)]
        try:
            return f"({', '.join(map(str, names))}) ↦ {instance(*names)}"
        except Exception:  # a model need not accept symbols, and may take some of its arguments by their elements
            continue
    return "as given with the claim"


def attack(
    lhs: Any,
    rhs: Any,
    relation: str,
    where: tuple[Any, ...],
    instances: Mapping[Any, Any] | None = None,
    seed: int = 0,
    seconds: float = 2.0,
    points: int = POINTS,
    earlier: Attack | None = None,
) -> Attack:
    """Evaluate `lhs relation rhs` (relation "=", "<=" or "<") at admissible points until one refutes it.

    Where points are slow it ends after a few (`hurried`); given what it found `earlier`, it goes on from there.
    """
    where = parts_of(where)
    result = earlier or Attack(constant=is_constant(lhs) and is_constant(rhs))
    result.hurried = False
    started = time.monotonic()
    outer = ctx.prec
    try:
        with alarm(FIRST_POINT * seconds):
            for point in draw((lhs, rhs), where, instances or {}, seed, result):
                spent = time.monotonic() - started
                hopeless = result.points == 0 and result.admissible > 5 and bool(result.obstacles)
                over = spent > seconds and result.points > 0
                if result.points >= points or over or hopeless:
                    break
                if earlier is None and result.points >= ENOUGH and spent > seconds * HURRIED:
                    result.hurried = True
                    break
                left, right = (substituted(e, point.functions) for e in (lhs, rhs))
                found = _compare(left, right, relation, point, result)
                if found is not None:
                    result.counterexample = found
                    if found.rigorous:
                        result.counterexample = _shrunk(left, right, relation, point, where, result) or found
                    break
                if result.constant:
                    break
    except TimeLimit:
        result.only_cut_short = not result.obstacles
        result.obstacles[f"the evaluation was cut short after {seconds:.3g} s"] = None
    finally:
        ctx.prec = outer
    return result


def resumed(
    result: Attack, lhs: Any, rhs: Any, relation: str, where: tuple[Any, ...], instances: Mapping[Any, Any] | None, seconds: float
) -> Attack:
    """The same attack with the points that a hurried one left out, as far as there are `seconds` left.

    Where points are quick and their values enclosures there are more than before: what fails for few values is met by many.
    """
    quick = not result.hurried and not result.constant and result.rigorous and result.points >= POINTS
    if seconds < LEAST_SECONDS or not (quick or result.hurried):
        return result
    points = MORE_POINTS if quick else POINTS
    return attack(lhs, rhs, relation, where, instances, seed=1, seconds=seconds / FIRST_POINT, points=points, earlier=result)


def attack_in_closed_form(
    lhs: Any, rhs: Any, relation: str, where: tuple[Any, ...], closed: Callable[[Any], Any], seconds: float
) -> Attack:
    """Compare what rules say of integrals, limits and series at rational admissible points, where quadrature sees too little.

    `closed` gives the value of a number by rules, or None. Statements with undefined functions or elements are not attacked.
    """
    result = Attack(constant=is_constant(lhs) and is_constant(rhs))
    started, outer, tried = time.monotonic(), ctx.prec, 0
    sides = (renamed(lhs), renamed(rhs))
    if any(e.has(AppliedUndef, sp.Indexed) for e in sides) or not all(isinstance(c, Relational) for c in where):
        return result
    try:
        with alarm(seconds):
            for point in draw(sides, where, {}, 0, result):
                exact = {
                    s: sp.Rational(int(v.numerator), int(v.denominator))
                    for s, v in point.values.items()
                    if not isinstance(v, acb)
                }
                tried += 1
                if tried > IN_CLOSED_FORM or time.monotonic() - started > seconds:
                    break
                left, right = (closed(e.xreplace(exact)) if len(exact) == len(point.values) else None for e in sides)
                if left is not None and right is not None:
                    found = _compare(left, right, relation, point, result)
                    if found is not None and found.rigorous:
                        names = point.described(lambda s: any(side.has(s) for side in (lhs, rhs)))
                        result.counterexample = replace(found, point=names)
                        break
                if result.constant:
                    break
    except TimeLimit:
        pass
    finally:
        ctx.prec = outer
    return result


def _compare(left: Any, right: Any, relation: str, point: Point, result: Attack) -> Counterexample | None:
    constant = result.constant
    exact = not any(e.has(sp.Integral, sp.Limit, sp.Sum, sp.Product) for e in (left, right))
    ladder = (*PRECISIONS, 4000) if constant and exact else PRECISIONS if exact else PRECISIONS[:2]
    touching = False
    for precision in ladder:
        ctx.prec = precision
        evaluator = point.evaluator
        evaluator.rigorous = True
        try:
            a, b = evaluator(left), evaluator(right)
        except Undecided:
            continue
        except Undefined:
            result.undefined += 1
            return None
        except Unsupported as reason:
            result.obstacles[str(reason)] = None
            return None
        except (
            OverflowError,
            ZeroDivisionError,
            MemoryError,
            ValueError,
            TypeError,
            AttributeError,
            KeyError,
            RecursionError,
        ) as error:
            result.obstacles[f"{type(error).__name__}: {error}"] = None
            return None
        refuted, settled, size = _judge(a, b, relation, evaluator.rigorous)
        if refuted and evaluator.doubtful:
            return None  # an equation that only nearly holds there refutes nothing
        if refuted:
            names = point.described(lambda s: left.has(s) or right.has(s) or isinstance(s, sp.Indexed))
            return Counterexample(names, *_apart(a, b), evaluator.rigorous, _slip(a, b))
        touching = a == b if _exact(a, b) else ball(a - b).contains(acb(0))
        if settled and not (constant and touching and precision < ladder[-1] and evaluator.rigorous and not _exact(a, b)):
            result.points += 1
            result.apart &= not touching
            result.rigorous &= evaluator.rigorous
            result.worst = max(result.worst, size)
            return None
    plain = not (point.functions or point.evaluator.laws or point.evaluator.doubtful or point.evaluator.solved)
    if relation == "<" and result.touching is None and touching and plain:
        values = point.evaluator.values
        if all(isinstance(s, sp.Symbol) and isinstance(v, fmpq) for s, v in values.items()):
            result.touching = {s: sp.Rational(int(v.numerator), int(v.denominator)) for s, v in values.items()}
    return None


def _apart(a: Value, b: Value) -> tuple[str, str]:
    """Both values with as many digits as it takes to see that they differ."""
    for digits in (15, 30, 60, 150, 400):
        left, right = show(a, digits), show(b, digits)
        if isinstance(a, fmpq) and isinstance(b, fmpq):
            break
        if not (isinstance(a, fmpq) or isinstance(b, fmpq)) and left.split(" +/-")[0] != right.split(" +/-")[0]:
            break
        if abs(ball(a) - ball(b)) > (abs(ball(a)) + abs(ball(b))) * arb(10) ** (2 - digits):
            break
    return left, right


def _exact(a: Value, b: Value) -> bool:
    return isinstance(a, fmpq) and isinstance(b, fmpq)


def _judge(a: Value, b: Value, relation: str, rigorous: bool) -> tuple[bool, bool, float]:
    """(refuted, settled, size of the difference relative to the sides)."""
    difference = a - b
    if isinstance(difference, fmpq):
        wrong = {"=": difference != 0, "<=": difference > 0, "<": difference >= 0}[relation]
        return wrong, True, 0.0
    d = ball(difference)
    scale = abs(ball(a)) + abs(ball(b)) + arb(2) ** -40
    size = float((abs(d) / scale).upper()) if abs(d).is_finite() else float("inf")
    # The error of a quadrature that is not enclosed is one of its terms, which may be larger than a value where they cancel.
    margin = arb(0) if rigorous else (scale + arb(2) ** -10) * arb(10) ** -6
    tight = bool(abs(d) / scale < arb(2) ** (-(ctx.prec // 3)))
    if relation == "=":
        return bool(abs(d) > margin), tight or not rigorous, size
    if not d.imag.contains(0):
        return True, True, size
    if d.real > margin:
        return True, True, size
    if d.real < 0:
        return False, True, 0.0
    # The balls touch: equality is the edge of "≤" and a violation of "<" only if it is exact.
    return False, relation == "<=" and tight, size


def _slip(a: Value, b: Value) -> str | None:
    """What the mistake looks like: a sign, a factor, an added constant."""
    x, y = ball(a), ball(b)
    if y.contains(0) or x.contains(0):
        return None
    ratio = x / y
    if (ratio + 1).contains(0):
        return "the sides differ by their sign"
    for denominator in range(1, 13):
        scaled = ratio * denominator
        whole = scaled.real.unique_fmpz() if scaled.imag.contains(0) else None
        if whole is not None and abs(whole) <= 24 and scaled.rad() < arb(10) ** -9:
            return f"the left side is {fmpq(whole, denominator)} times the right side there"
    return None


def _shrunk(left: Any, right: Any, relation: str, point: Point, where: tuple[Any, ...], result: Attack) -> Counterexample | None:
    """The same failure at simpler values, one symbol after the other."""
    best: Counterexample | None = None
    values = dict(point.values)
    named = {pair[0] for c in where if (pair := defined(c)) is not None}
    for symbol in sorted(set(values) - named, key=str):
        for simple in (0, 1, -1, 2, -2, 3, fmpq(1, 2)):
            candidate = fmpq(simple)
            current = values[symbol]
            if isinstance(current, fmpq) and _weight(candidate) >= _weight(current):
                continue
            if not admissible(symbol, candidate):
                continue
            trial = Point(
                values | {symbol: candidate},
                point.functions,
                Evaluator(values | {symbol: candidate}, point.evaluator.element, point.evaluator.derivatives),
            )
            ctx.prec = PRECISIONS[0]
            if _holds_all(where, trial) is not True:
                continue
            if not all(_given_a_law(v, where, trial, 0) for v in point.evaluator.laws) or _named_means(where, trial) is None:
                continue
            probe = Attack(constant=result.constant)
            found = _compare(left, right, relation, trial, probe)
            if found is not None and found.rigorous:
                best = found
                values[symbol] = candidate
                break
    return best


def _weight(value: fmpq) -> int:
    return abs(int(value.numerator)) + 2 * int(value.denominator) + (1 if value < 0 else 0)


# -- drawing points ----------------------------------------------------------------------------------------------------


def draw(
    expressions: tuple[Any, ...],
    where: tuple[Any, ...],
    instances: Mapping[Any, Any],
    seed: int,
    result: Attack,
) -> Iterator[Point]:
    """Admissible points without end, the nicest first; gives up after `ATTEMPTS` draws in a row that are turned down."""
    where = parts_of(where)
    rules = [c for c in where if isinstance(c, ForAll)]
    laws = [c for c in where if not isinstance(c, Independent | Copy | Density) and _speaks_of_a_law(c)]
    conditions = tuple(c for c in where if not isinstance(c, ForAll | Independent | Copy | Density) and c not in laws)
    everything = (*expressions, *conditions, *(side for c in laws for side in _sides_of(c)))
    densities = tuple(c.density for c in where if isinstance(c, Density))
    random_variables = variables_of_means((*everything, *(side for c in rules for side in _sides_of(c))), where)
    bound = {v for v in random_variables if not any(occurs(v, e) for e in expressions)}
    if any(_is_about_means(c) and any(occurs(v, c) for v in bound) for c in conditions):
        result.obstacles["a hypothesis combines what holds of all values of a variable and of its mean"] = None
        return
    # a hypothesis that names what a mean runs over holds for all its values: the law is chosen so
    conditions = tuple(c for c in conditions if _is_about_means(c) or not any(c.has(v) for v in bound))
    everything += densities
    free = free_symbols((*expressions, *conditions)).union(*(free_symbols(_sides_of(c)) - _bound_in(c) for c in laws))
    free |= {s for c in where if isinstance(c, Density) for s in c.free_symbols}
    free |= {s for c in rules for s in free_symbols(_sides_of(c)) - _bound_in(c) - bound}
    free |= {s for c in where if not isinstance(c, ForAll | Independent | Copy | Density) for s in free_symbols((c,))} - bound
    symbols = sorted(free, key=lambda s: (s.name, str(s.assumptions0)))
    functions = sorted({a.func for e in everything for a in e.atoms(AppliedUndef)}, key=str)
    if any(not _modelled(c, instances) for c in rules) or any(
        c.atoms(AppliedUndef) - {a for f in instances for a in c.atoms(AppliedUndef) if a.func == f}
        for c in (*conditions, *(c for c in laws if defined(c) is None))
        if isinstance(c, sp.Eq)
    ):
        result.obstacles["the hypotheses bind undefined functions of which no instance is given"] = None
        return
    points = {b for e in everything for b in e.atoms(sp.IndexedBase) if b.shape}
    sizes = {s for b in points for s in b.shape[0].free_symbols} & set(symbols)  # dimensions stay small
    edges = _edges(conditions)
    # a quadrature may miss a peak that lies far out, and a long sum takes long
    seen = not any(e.has(sp.Integral, sp.Limit, SpaceIntegral, Expectation) for e in everything)
    short = seen and not any(e.has(sp.Sum, sp.Product, sp.Derivative, sp.Indexed) for e in everything)
    generator = random.Random(seed)
    turned_down = 0
    derivatives: dict[Any, Any] = {}
    while turned_down < ATTEMPTS:
        number = result.drawn
        result.drawn += 1
        candidates = {
            s: _value(s, number, j, generator, edges.get(s, ()), short if s.is_integer else seen)
            if s not in sizes
            else fmpq(1 + (number + j) % 3)
            for j, s in enumerate(symbols)
        }
        values: dict[Any, Value] = {s: v for s, v in candidates.items() if v is not None}
        if len(values) < len(candidates):
            turned_down += 1
            continue
        dimensions = {b: whole(Evaluator(values)(b.shape[0])) for b in points if not b.shape[0].free_symbols - set(values)}
        drawn = {
            f: instances[f]
            if f in instances
            else _function(f, everything, number, random.Random(f"{seed} {f} {number % 4}"), dimensions, conditions)
            for f in functions
        }
        seeds = generator.randrange(1 << 30)
        point = Point(values, drawn, Evaluator({}, _elements(seeds, number), derivatives))
        point.evaluator.values.update(values)
        ctx.prec = PRECISIONS[0]
        unknown = next((v for v in random_variables if not _given_a_law(v, where, point, number)), None)
        if unknown is not None:
            result.obstacles[f"no concrete law of {unknown} that satisfies the hypotheses is known"] = None
            return
        named = _named_means(where, point)
        free_to_move = [s for s in symbols if s not in (named or {})]
        if named is None or not _solve(conditions, point, free_to_move, generator):
            turned_down += 1
            continue
        _repair(conditions, point, free_to_move, generator, number)
        # what was moved may be what a law or a mean depends on
        moved = random_variables and not all(_given_a_law(v, where, point, number) for v in random_variables)
        if moved or _named_means(where, point) != named or _holds_all(conditions, point) is not True:
            turned_down += 1
            continue
        if not all(  # what an equation gives may be of another kind than is assumed
            admissible(s.base if isinstance(s, sp.Indexed) else s, value)
            for s, value in point.evaluator.values.items()
            if s in free or isinstance(s, sp.Indexed)
        ):
            turned_down += 1
            continue
        turned_down = 0
        result.admissible += 1
        yield Point({s: point.evaluator.values[s] for s in symbols}, drawn, point.evaluator)


def free_symbols(expressions: tuple[Any, ...]) -> set[Any]:
    """The symbols that need a value: free, and not the name of a sequence or of a point."""
    names = {b.label for e in expressions for b in e.atoms(sp.IndexedBase)}
    return {s for e in expressions for s in e.free_symbols if isinstance(s, sp.Symbol) and s not in names}


def substituted(e: Any, functions: Mapping[Any, Any]) -> Any:
    """e with its undefined functions replaced by concrete ones, derivatives left as they are written."""
    if not functions or not e.has(AppliedUndef):
        return e
    if isinstance(e, AppliedUndef) and e.func in functions:
        return functions[e.func](
            *(substituted(a, functions) if isinstance(a, sp.Expr) and not isinstance(a, sp.IndexedBase) else a for a in e.args)
        )
    return e.func(
        *(substituted(a, functions) if isinstance(a, sp.Basic) and not isinstance(a, sp.IndexedBase) else a for a in e.args)
    )


def _sides_of(condition: Any) -> tuple[Any, ...]:
    equation = condition.equation if isinstance(condition, ForAll) else condition
    return (equation.lhs, equation.rhs) if isinstance(equation, sp.core.relational.Relational) else ()


def _bound_in(condition: Any) -> set[Any]:
    return set(condition.variables) if isinstance(condition, ForAll) else set()


def _speaks_of_a_law(condition: Any) -> bool:
    return any(side.has(Expectation) for side in _sides_of(condition))


def _is_about_means(condition: Any) -> bool:
    """Whether it is no relation, for which a law is chosen, but one of several or the like: it is asked at the point."""
    return isinstance(condition, Boolean) and not _speaks_of_a_law(condition) and condition.has(Expectation)


def _named_means(where: tuple[Any, ...], point: Point) -> dict[Any, str] | None:
    """Give the symbols that stand for means their values; None if two hypotheses, or an assumption, do not agree with that."""
    found: dict[Any, str] = {}
    for condition in where:
        pair = defined(condition)
        if pair is None:
            continue
        try:
            value = point.evaluator(substituted(pair[1], point.functions))
        except NO_VALUE:
            return None
        if not admissible(pair[0], value) or found.setdefault(pair[0], str(value)) != str(value):
            return None
        point.evaluator.values[pair[0]] = value
    return found


def _given_a_law(variable: Any, where: tuple[Any, ...], point: Point, number: int) -> bool:
    """Give the random variable a concrete law that satisfies what the hypotheses say of it, if one is known."""
    raw = conditions_on(variable, where)
    conditions = [(bound, _prepared(equation, point.functions)) for bound, equation in raw]
    modelled = tuple(equation.has(AppliedUndef) for _, equation in raw)
    prepared = tuple(
        Density(c.variable, substituted(c.density, point.functions), c.lower, c.upper) if isinstance(c, Density) else c
        for c in where
    )
    relations = tuple(
        _prepared(c, point.functions) for c in where if isinstance(c, Boolean) and occurs(variable, c) and not c.has(Expectation)
    )
    return any(
        satisfies(law, variable, conditions, point.evaluator, modelled) and admits(law, variable, relations, point.evaluator)
        for law in candidates(variable, prepared, point.evaluator, number)
    )


def _modelled(rule: ForAll, instances: Mapping[Any, Any]) -> bool:
    """Whether concrete functions are given for those that a hypothesis binds (a law is chosen when a point is drawn)."""
    functions = {a.func for side in _sides_of(rule) for a in side.atoms(AppliedUndef)}
    return functions <= set(instances) and (bool(functions) or _speaks_of_a_law(rule))


SPECIAL_INTEGERS = (2, 1, 0, 3, -1, 5, 4, -2, 7, 6, -3)
SPECIAL_REALS = tuple(
    fmpq(p, q) for p, q in ((2, 1), (1, 2), (1, 1), (-1, 1), (0, 1), (3, 1), (3, 2), (-1, 2), (5, 1), (-2, 1), (1, 4))
)


def _edges(conditions: tuple[Any, ...]) -> dict[Any, list[fmpq]]:
    """The numbers to which hypotheses compare a single symbol: values near them are drawn too."""
    found: dict[Any, list[fmpq]] = {}
    for condition in conditions:
        if isinstance(condition, sp.core.relational.Relational) and len(condition.free_symbols) == 1:
            (s,) = condition.free_symbols
            difference = sp.expand(condition.lhs - condition.rhs)
            if difference.is_polynomial(s) and sp.degree(difference, s) == 1:
                edge = -difference.coeff(s, 0) / difference.coeff(s, 1)
                if edge.is_Rational:
                    found.setdefault(s, []).append(rational(edge))
                elif edge.is_number and edge.is_real:
                    found.setdefault(s, []).append(fmpq(int(sp.ceiling(edge * 2**20)), 2**20))
    return found


def _value(
    symbol: Any, number: int, place: int, generator: random.Random, edges: Iterable[fmpq] = (), far: bool = False
) -> Value | None:
    """A value that the symbol's assumptions admit: special ones in the first draws, then random ones; None if none is found.

    Numbers of some hundreds are drawn only where one may go `far`.
    """
    near = _near(edges)
    if symbol.is_extended_real and ((number == SMALL and not _of_a_kind(symbol)) or (number == LARGE and far)):
        value = _of_size(symbol, number == SMALL, generator, edges)
        if value is not None:
            return value
    if number < 12:
        admitted = _special(symbol, tuple(edges))
        if admitted and number == LEAST:
            return min(admitted, key=_weight)
        if admitted and not (number % 3 == 2 and symbol.is_real is None):
            return admitted[(number * (2 * place + 1) + place if number % 5 != 4 else number) % len(admitted)]
    for _ in range(60):
        if symbol.is_integer:
            value = fmpq(generator.randint(-30, 30))
        elif symbol.is_real is None and symbol.is_imaginary is None:
            # beyond ±π and ±2π too, where logarithms and roots of exponentials change their branch
            value = acb(*(arb(fmpq(generator.randint(-24, 24), generator.choice((8, 8, 2)))) for _ in range(2)))
        elif symbol.is_imaginary:
            value = acb(0, arb(fmpq(generator.choice((1, -1)) * generator.randint(1, 24), 8)))
        else:
            value = fmpq(generator.randint(-64, 64), generator.choice((4, 8, 16, 64)))
            if generator.random() < 0.15 and far:
                value = value * 16
        if near and isinstance(value, fmpq) and generator.random() < 0.6:
            value = generator.choice(near) + value * generator.choice((0, 1, 1, 100))
        if admissible(symbol, value):
            return value
    return None


def _of_size(symbol: Any, small: bool, generator: random.Random, edges: Iterable[fmpq]) -> Value | None:
    """A real number close to 0 or to an edge, or one of some hundreds."""
    for _ in range(20):
        size = fmpq(generator.randint(1, 64), 1 << 12) if small else fmpq(generator.randint(16, 1024))
        way = generator.choice((1, -1))
        for value in (middle + side * size for middle in (*edges, fmpq(0)) for side in (way, -way)):
            if admissible(symbol, value):
                return value
    return None


def _near(edges: Iterable[fmpq]) -> list[fmpq]:
    return [e + d for e in edges for d in (fmpq(0), fmpq(1), fmpq(-1), fmpq(1, 2), fmpq(7), abs(e))]


@functools.lru_cache(maxsize=256)
def _special(symbol: Any, edges: tuple[fmpq, ...]) -> list[fmpq]:
    """The special values that a symbol's assumptions admit."""
    specials = [*_near(edges), *map(fmpq, SPECIAL_INTEGERS if symbol.is_integer else SPECIAL_REALS)]
    return [v for v in specials if admissible(symbol, v)]


def _elements(seed: int, number: int) -> Any:
    def element(base: Any, indices: tuple[int, ...]) -> Value:
        generator = random.Random(f"{seed} {base} {indices}")
        place = sum(indices) + sum(map(ord, str(base)))  # two sequences do not take the same values
        label = base.label
        for attempt in range(40):
            stand_in = (
                sp.Dummy(**{k: v for k, v in base.assumptions0.items() if k != "commutative"})
                if not isinstance(label, sp.Symbol) or base.is_real
                else label
            )
            value = _value(stand_in, 12 if attempt else number, place, generator)
            if value is not None:
                return value
        raise Unsupported(f"no admissible value for {base}[{indices}]")

    return element


def _function(
    function: Any,
    everything: tuple[Any, ...],
    number: int,
    generator: random.Random,
    dimensions: Mapping[Any, int],
    conditions: tuple[Any, ...] = (),
) -> Any:
    """A concrete smooth function of the same arguments: a polynomial, or one times a Gaussian; 0 or its like in one draw.

    Three in four are real where a hypothesis compares a value of the function, and two of these have the sign that it tells.
    """
    example = next(a for e in everything for a in e.atoms(AppliedUndef) if a.func == function)
    coefficients = [sp.Rational(generator.choice((-3, -2, -1, 1, 2, 3)), generator.choice((1, 1, 2))) for _ in range(24)]
    space = any(isinstance(a, sp.IndexedBase) for a in example.args)
    improper = any(sp.oo in i.limits[0] for e in everything for i in e.atoms(sp.Integral))
    if number == LEAST:
        coefficients = [sp.Integer(0)] * len(coefficients)
    number = number % 4
    decays = space or (improper and number % 3 != 2)
    told = _told_signs(function, conditions) if number else []
    if example.is_real is not True and not told:
        coefficients = [c * generator.choice((1, sp.I, 1 + sp.I)) for c in coefficients]
    sign = _sign_of(example)
    if sign is None and number in (1, 2):
        sign = next((s for s in told if s is not None), None)
    return Instance(function, tuple(coefficients), decays, sign, dimensions, example.args)


def _told_signs(function: Any, conditions: tuple[Any, ...]) -> list[int | None]:
    """For each inequality that holds a value of the function: the sign that it gives to it, as that of an instance."""
    found: list[int | None] = []
    for c in conditions:
        if isinstance(c, sp.Gt | sp.Ge | sp.Lt | sp.Le) and any(a.func == function for a in c.atoms(AppliedUndef)):
            alone = getattr(c.lhs, "func", None) == function and c.rhs == 0
            found.append((1 if isinstance(c, sp.Gt | sp.Ge) else -1) if alone else None)
    return found


def _sign_of(example: Any) -> int | None:
    """1 for a positive function, 0 for one that is not negative, -1 and -2 for the opposites, None for any."""
    if example.is_positive:
        return 1
    if example.is_nonnegative:
        return 0
    return -1 if example.is_negative else -2 if example.is_nonpositive else None


@dataclass(frozen=True)
class Instance:
    """A concrete function: Σ c_j (…)^j of its arguments, times exp(-|x|²) where it must decay."""

    function: UndefinedFunction
    coefficients: tuple[Any, ...]
    decays: bool
    sign: int | None
    dimensions: Mapping[Any, int]
    arguments: tuple[Any, ...]

    def __call__(self, *arguments: Any) -> Any:
        """Its value: for a point of R^d the coordinates 1 … d of the point are used."""
        c = iter(self.coefficients)
        scalars: list[Any] = []
        square = sp.Integer(0)
        for argument in arguments:
            if isinstance(argument, sp.IndexedBase):
                if argument not in self.dimensions:
                    raise Unsupported("a point whose dimension has no value")
                coordinates = [argument[i] for i in range(1, self.dimensions[argument] + 1)]
                scalars += coordinates
                square += sum(x**2 for x in coordinates)
            else:
                scalars.append(argument)
        if not square and scalars:
            square = sum(a**2 for a in scalars)
        value = next(c)
        for j, s in enumerate(scalars):
            value += next(c) * s + next(c) * s**2 / 2
            if j:
                value += next(c) * s * scalars[j - 1]
            if j > 4:
                break
        if self.sign is not None:
            value = (value**2 + (1 if self.sign in (1, -1) else 0)) * (1 if self.sign >= 0 else -1)
        return value * sp.exp(-square) if self.decays else value

    def __str__(self) -> str:
        """The function, written out."""
        names = [
            a if isinstance(a, sp.IndexedBase) else sp.Symbol(name) for a, name in zip(self.arguments, "xyzuvw", strict=False)
        ]
        return f"({', '.join(map(str, names))}) ↦ {self(*names)}"


def _solve(conditions: tuple[Any, ...], point: Point, symbols: list[Any], generator: random.Random) -> bool:
    """Make equations among the hypotheses true: by elimination, or each by solving it for a symbol, or an element."""
    evaluator = point.evaluator
    solved: set[Any] = set()
    equations = [c for c in conditions if isinstance(c, sp.Eq)]
    eliminated = _eliminated(tuple(equations), tuple(symbols)) if len(equations) > 1 else ()
    solved |= {s for s, _, _ in eliminated}
    for original in equations:
        if any(original is used for _, _, used in eliminated):
            continue
        equation = original
        for s, value, _ in eliminated:
            equation = sp.Eq(*(side.subs(s, value) for side in equation.args), evaluate=False)
        left, right = (substituted(side, point.functions) for side in (equation.lhs, equation.rhs))
        try:
            for target, other in ((left, right), (right, left)):
                if isinstance(target, sp.Symbol) and target not in solved and not other.has(target):
                    value = evaluator(other)
                    if not isinstance(value, fmpq) and _of_a_kind(target):
                        continue
                    if not isinstance(value, fmpq) or admissible(target, value):
                        evaluator.values[target] = value
                        solved.add(target)
                        evaluator.solved.add(original)
                        break
            else:
                difference = left - right
                value = evaluator(difference)
                if value == 0:
                    continue
                if isinstance(value, acb) and value.contains(0) and value.rad() < arb(2) ** -30:
                    if not _vanishes_to_many_digits(difference, evaluator):
                        return False
                    evaluator.doubtful = True  # close to zero is not zero
                    continue
                elements = [k for k in evaluator.values if isinstance(k, sp.Indexed)]
                for target in [s for s in symbols if difference.has(s) and s not in solved] + elements[::-1]:
                    if target not in solved and (
                        _polynomial_root(difference, target, evaluator, generator)
                        or _linear_root(difference, target, evaluator)
                        or _enclosed_root(difference, target, evaluator, generator)
                    ):
                        solved.add(target)
                        evaluator.solved.add(original)
                        break
                else:
                    return False
        except NO_VALUE:
            return False
    for s, value, equation in reversed(eliminated):
        try:
            found = evaluator(value)
        except NO_VALUE:
            return False
        if not admissible(s, found) or (_of_a_kind(s) and not isinstance(found, fmpq)):
            return False
        evaluator.values[s] = found
        evaluator.solved.add(equation)
    return True


@functools.lru_cache(maxsize=64)
def _eliminated(equations: tuple[Any, ...], symbols: tuple[Any, ...]) -> tuple[tuple[Any, Any, Any], ...]:
    """(symbol, value, equation): of several equations, those solved for a symbol with a number as its coefficient, in turn."""
    found: list[tuple[Any, Any, Any]] = []
    for equation in equations:
        difference = equation.lhs - equation.rhs
        for s, value, _ in found:
            difference = difference.subs(s, value)
        difference = sp.expand(difference)
        if len(found) == len(equations) - 1 or not difference.is_polynomial(*symbols):
            continue
        for s in sorted(difference.free_symbols & set(symbols), key=str):
            slope = difference.coeff(s)
            rest = sp.expand(difference - slope * s)
            if slope.is_Rational and slope != 0 and not rest.has(s) and not _of_a_kind(s):
                found.append((s, -rest / slope, equation))
                break
    return tuple(found)


def _vanishes_to_many_digits(difference: Any, evaluator: Evaluator) -> bool:
    outer, ctx.prec = ctx.prec, PRECISIONS[-1]
    try:
        return bool(ball(evaluator(difference)).contains(0))
    finally:
        ctx.prec = outer


def _repair(conditions: tuple[Any, ...], point: Point, symbols: list[Any], generator: random.Random, number: int) -> None:
    """Move symbols so that inequalities that fail come to hold, on their edge or inside; a tie makes one an equality."""
    orders = [c for c in conditions if isinstance(c, sp.Gt | sp.Ge | sp.Lt | sp.Le)]
    if not orders or any(isinstance(c, sp.Eq) for c in conditions):
        return
    evaluator = point.evaluator
    chosen = generator.choice(orders) if number % TIE == TIE - 1 else None
    for condition in orders * 3:
        prepared = _prepared(condition, point.functions)
        try:
            if evaluator.holds(prepared) and condition is not chosen:
                continue
        except NO_VALUE:
            continue
        candidates = [s for s in symbols if prepared.has(s)]
        generator.shuffle(candidates)
        for s in candidates:
            steps = (0,) if condition is chosen else CLOSE if number in (LEAST, SMALL) else (generator.choice(STEPS),)
            if (condition is not chosen and _turned(prepared, s, evaluator, generator)) or _moved(prepared, s, evaluator, steps):
                break
        chosen = None if condition is chosen else chosen


def _moved(condition: Any, s: Any, evaluator: Evaluator, steps: tuple[Any, ...]) -> bool:
    """Whether a symbol was moved to where the condition holds, if that is linear in it: by one of some steps from the edge."""
    before = evaluator.values[s]
    difference = condition.lhs - condition.rhs
    try:
        evaluator.values[s] = fmpq(0)
        at_zero = evaluator(difference)
        evaluator.values[s] = fmpq(1)
        slope = evaluator(difference) - at_zero
        up = (sign(slope) > 0) == isinstance(condition, sp.Gt | sp.Ge)
        inside = 1 if up else -1
        root = _beside(-at_zero / slope, inside) if sign(slope) else None
        if root is not None:
            if s.is_integer:
                root = fmpq(root.ceil() if up else root.floor())
            for step in map(fmpq, steps):
                evaluator.values[s] = root + inside * (fmpq(step.ceil()) if s.is_integer else step)
                if admissible(s, evaluator.values[s]) and evaluator.holds(condition):
                    return True
    except NO_VALUE:
        pass
    evaluator.values[s] = before
    return False


def _turned(condition: Any, s: Any, evaluator: Evaluator, generator: random.Random) -> bool:
    """Whether a complex number was scaled or turned by right angles to where the condition holds: it stays off the real line."""
    before = evaluator.values[s]
    if not isinstance(before, acb) or s.is_imaginary or before.imag.is_zero():
        return False
    turns = [acb(x, y) for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    sizes = (fmpq(1), fmpq(1, 2), fmpq(1, 4), fmpq(1, 16), fmpq(4), fmpq(16))
    generator.shuffle(turns)
    for size in sizes:
        for turn in turns:
            evaluator.values[s] = before * turn * arb(size)
            try:
                if admissible(s, evaluator.values[s]) and evaluator.holds(condition):
                    return True
            except NO_VALUE:
                continue
    evaluator.values[s] = before
    return False


def _beside(value: Value, way: int) -> fmpq | None:
    """The value itself if it is rational, else a rational number a little above it (way 1) or below it (-1)."""
    if isinstance(value, fmpq):
        return value
    if not value.is_finite() or not value.imag.contains(0):
        return None
    whole = (value.real * 2**40 + way).mid().floor().unique_fmpz()
    return None if whole is None else fmpq(whole, 2**40)


def _linear_root(difference: Any, target: Any, evaluator: Evaluator) -> bool:
    before = evaluator.values[target]
    numerator = _numerator(difference, target)
    evaluator.values[target] = fmpq(0)
    at_zero = evaluator(numerator)
    evaluator.values[target] = fmpq(1)
    slope = evaluator(numerator) - at_zero
    if isinstance(slope, fmpq) and slope != 0 and isinstance(at_zero, fmpq):
        root = -at_zero / slope
        evaluator.values[target] = root
        admitted = (
            admissible(target if isinstance(target, sp.Symbol) else target.base, root) if isinstance(target, sp.Symbol) else True
        )
        positive = isinstance(target, sp.Indexed) and target.base.is_positive
        if admitted and not (positive and root <= 0) and evaluator(difference) == 0:
            return True
    evaluator.values[target] = before
    return False


@functools.lru_cache(maxsize=256)
def _numerator(e: Any, x: Any) -> Any:
    """The numerator of a rational function of x, e itself otherwise: 1/p + 1/q = 1 is linear in each of the two."""
    if not isinstance(x, sp.Symbol) or e.is_polynomial(x) or not e.is_rational_function(x):
        return e
    return sp.fraction(sp.together(e))[0]


def _of_a_kind(symbol: Any) -> bool:
    """Whether a symbol is assumed to be of a kind that a ball does not show: rational, algebraic, …"""
    kinds = ("integer", "rational", "irrational", "algebraic", "transcendental")
    return any(getattr(symbol, f"is_{kind}") for kind in kinds)


def _polynomial_root(difference: Any, target: Any, evaluator: Evaluator, generator: random.Random) -> bool:
    """Any of the roots of a polynomial, real where the target is, the rational ones among them exactly."""
    if not isinstance(target, sp.Symbol):
        return False
    numbers = {s: sp.Integer(whole(v)) for s, v in evaluator.values.items() if s != target and s.is_integer and s.is_Symbol}
    coefficients = evaluator.coefficients(_numerator(difference.xreplace(numbers), target), target)
    if coefficients is None or not 2 <= len(coefficients) <= MOST_COEFFICIENTS:
        return False
    roots: list[Any] = []
    rationals = [c for c in coefficients if isinstance(c, fmpq)]
    try:
        if len(rationals) == len(coefficients):
            polynomial: Any = fmpq_poly(rationals)
            roots += [root for root, _ in polynomial.roots()]
            known = [acb(arb(root)) for root in roots]
            roots += [r for r, _ in polynomial.complex_roots() if not any(r.contains(root) for root in known)]
        else:
            found: Any = acb_poly([ball(c) for c in coefficients]).roots(tol=arb(2) ** -(ctx.prec * 2 // 3))
            roots += found
    except ValueError:  # a double root of a polynomial whose coefficients are balls
        return False
    roots = [acb(r) if isinstance(r, arb) else r for r in roots]
    if target.is_extended_real:
        roots = [r for r in roots if isinstance(r, fmpq) or r.imag.is_zero()]
    generator.shuffle(roots)
    before = evaluator.values[target]
    for root in roots:
        if not admissible(target, root) or (_of_a_kind(target) and not isinstance(root, fmpq)):
            continue
        evaluator.values[target] = root
        value = evaluator(difference)
        if value == 0 if isinstance(value, fmpq) else value.contains(0) and value.rad() < arb(2) ** -30:
            return True
    evaluator.values[target] = before
    return False


def _enclosed_root(difference: Any, target: Any, evaluator: Evaluator, generator: random.Random) -> bool:
    """A root between two points of a grid at which the difference changes its sign, enclosed by bisection."""
    if not isinstance(target, sp.Symbol) or not target.is_real or _of_a_kind(target):
        return False
    before = evaluator.values[target]

    def sign_at(x: fmpq) -> int:
        evaluator.values[target] = x
        try:
            return sign(evaluator(difference))
        except NO_VALUE:
            return 0

    sizes = [fmpq(2) ** k for k in range(-6, 3)] + [fmpq(k) for k in range(5, 16)] + [fmpq(2) ** k for k in range(4, 7)]
    grid = [x for x in (*(-x for x in sizes[::-1]), fmpq(0), *sizes) if admissible(target, x)]
    signs = [(x, sign_at(x)) for x in grid]
    changes = [(a, b, at_a) for (a, at_a), (b, at_b) in itertools.pairwise(signs) if at_a * at_b < 0]
    changes += [(x, x, 0) for x, at_x in signs if at_x == 0]
    generator.shuffle(changes)
    for a, b, at_a in changes:
        for _ in range(ctx.prec + 8 if a != b else 0):
            middle = (a + b) / 2
            at_middle = sign_at(middle)
            if at_middle == 0:
                break
            a, b = (middle, b) if at_middle == at_a else (a, middle)
        evaluator.values[target] = acb(arb(a).union(arb(b))) if a != b else a
        try:
            value = ball(evaluator(difference))
        except NO_VALUE:
            continue
        if value.contains(0) and value.rad() < arb(2) ** -30:  # no jump and no pole
            return True
    evaluator.values[target] = before
    return False


def _holds_all(conditions: tuple[Any, ...], point: Point) -> bool | None:
    """Whether all hypotheses hold at the point; None when one cannot be decided."""
    for condition in conditions:
        if isinstance(condition, ForAll | Independent | Copy | Density) or _speaks_of_a_law(condition):
            continue
        try:
            prepared = _prepared(condition, point.functions)
            if isinstance(prepared, sp.Eq):
                difference = point.evaluator(prepared.lhs - prepared.rhs)
                if isinstance(difference, fmpq):
                    if difference != 0:
                        return False
                elif not ball(difference).contains(0):
                    return False
                elif condition not in point.evaluator.solved:
                    if not _vanishes_to_many_digits(prepared.lhs - prepared.rhs, point.evaluator):
                        return False
                    point.evaluator.doubtful = True  # close to zero is not zero
            elif not point.evaluator.holds(prepared):
                return False
        except NO_VALUE:
            return None
    return True


def _prepared(condition: Any, functions: Mapping[Any, Any]) -> Any:
    if isinstance(condition, sp.core.relational.Relational):
        return condition.func(*(substituted(side, functions) for side in condition.args), evaluate=False)
    if isinstance(condition, sp.And | sp.Or | sp.Not):
        return condition.func(*(_prepared(part, functions) for part in condition.args), evaluate=False)
    return condition
