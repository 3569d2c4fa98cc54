"""Hypergeometric functions by their differential equation: against each other, and against other functions.

F = pFq(a; b; z) solves D F = 0 with D = θ ∏(θ + b_j - 1) - z ∏(θ + a_i), θ = z d/dz (DLMF 16.8.3). It is analytic where p ≤ q,
and for z < 1 where p = q + 1; D has no other singular point than 0 there, with the exponents 0 and 1 - b_j (16.8.5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import sympy as sp

from derivable.trusted.asymptotics import NoExpansion, leading_term
from derivable.trusted.continuity import is_analytic
from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts, mentions, replaced
from derivable.trusted.heads import bound_variables
from derivable.trusted.normal_form import NormalForm

Zero = Callable[[Any, Facts], Proof | None]
MOST_SERIES = 4  # hypergeometric functions in one statement
HIGHEST = 4  # order of a differential equation
LARGEST = 6  # steps between contiguous functions
DEEPEST = 4  # a lower parameter has to be above 1 - DEEPEST


def by_differential_equation(e: Any, facts: Facts, zero: Zero, deadline: float) -> Proof | None:
    """A proof of e = 0 where e is linear in one hypergeometric function of a real variable.

    Let e = α F + β with α ≠ 0, and R = -β / α on an interval that begins where z = 0. If D R = 0 there, R = c F + Σ c_j S_j with
    solutions S_j that go like z^(1 - b_j) times powers of log z, no two alike. If R - F = O(z^N) with N > 1 - b_j for each j
    (R - F → 0 will do if all b_j ≥ 1, as the S_j do not vanish then), c = 1 and all c_j = 0: R = F.
    """
    try:
        written = _with_series(e, facts)
    except (NoNormalForm, NeedCase, RecursionError):
        return None
    written = written.replace(lambda node: isinstance(node, sp.Derivative) and node.has(sp.hyper), lambda node: node.doit())
    series = written.atoms(sp.hyper)
    if not 1 <= len(series) <= MOST_SERIES or bound_variables(written):
        return None
    try:
        contiguous = _as_operators(written, facts)
        if contiguous is not None and contiguous.shifted and NormalForm(facts).is_zero(contiguous.expression):
            return Proof((("contiguous functions", "as derivatives of one solution of their equation"),))
    except (NoNormalForm, NeedCase, RecursionError):
        pass
    for x in sorted(set().union(*(f.args[2].free_symbols for f in series)), key=str):
        if facts.is_real(x) and not x.is_integer and not any(x in side.free_symbols for pair in facts.equations for side in pair):
            for start in _zeros(series, x):
                found = _from(start, x, e, written, facts, zero, deadline)
                if found is not None:
                    return found
    return None


def _with_series(e: Any, facts: Facts) -> Any:
    """e with its infinite sums in their normal form; what stands beside is left as it is."""
    form = NormalForm(facts)
    nodes = [node for node in e.atoms(sp.Sum) if sp.oo in node.limits[0]]
    return e.xreplace({node: form.expression(form.flatten(node)) for node in nodes})


def _zeros(series: set[Any], x: Any) -> Iterator[Any]:
    """Real numbers at which the argument of one of the series vanishes."""
    seen: list[Any] = []
    if any(f.args[2].subs(x, 0) == 0 for f in series):
        seen.append(sp.Integer(0))
        yield sp.Integer(0)
    for f in sorted(series, key=sp.default_sort_key):
        top = sp.fraction(sp.together(f.args[2]))[0]
        for factor in sp.Mul.make_args(sp.factor_terms(top)):
            base = factor.as_base_exp()[0]
            if base.is_polynomial(x) and sp.degree(base, x) == 1:
                root = -sp.expand(base).coeff(x, 0) / sp.expand(base).coeff(x, 1)
                if root.is_Rational and root not in seen:
                    seen.append(root)
                    yield root


def _from(start: Any, x: Any, e: Any, written: Any, facts: Facts, zero: Zero, deadline: float) -> Proof | None:
    """On both sides of the point where the argument vanishes, and at it."""
    parts: list[Proof] = []
    y = sp.Dummy(x.name, positive=True)
    for way in (1, -1):
        place = start + way * y
        try:
            beside = moved(facts, x, place, y)
        except Contradiction:
            continue
        try:
            one = _on_one_side(written.subs(x, place), y, beside, deadline)
        except (NoNormalForm, NeedCase, NoExpansion, RecursionError):
            return None
        if one is None:
            return None
        parts.append(one)
    try:
        at = Facts(tuple(replaced(c, x, start) for c in facts.where)) if assumed_at(x, start) else None
    except Contradiction:
        at = None
    if at is not None and not _singular(e, x, start):
        last = zero(written.subs(x, start), at)
        if last is None:
            return None
        parts.append(last)
    return reduce(Proof.join, parts) if parts else None


def moved(facts: Facts, x: Any, place: Any, y: Any) -> Facts:
    """The facts about x, its own assumptions too, as facts about the distance y from the start.

    Of those about y only such are kept as leave an interval that begins at the start: what is proved there holds under all.
    """
    own: list[Any] = []
    if x.is_positive:
        own.append(place > 0)
    elif x.is_nonnegative:
        own.append(place >= 0)
    elif x.is_negative:
        own.append(place < 0)
    elif x.is_nonpositive:
        own.append(place <= 0)
    elif x.is_nonzero:
        own.append(sp.Ne(place, 0))
    if sp.false in own:
        raise Contradiction("no such side")
    conditions = [replaced(c, x, place) if mentions(c, x) else c for c in facts.where]
    whole = Facts((*conditions, *own))
    return Facts(tuple(c for c in whole.where if not mentions(c, y) or _begins_at_zero(c, y, whole)))


def from_the_start(y: Any, facts: Facts) -> tuple[Any, Facts]:
    """A symbol that is y, or 0 where the distances begin, and of the facts about y those that hold at 0 too."""
    start = sp.Dummy(y.name, nonnegative=True)
    kept = [c for c in facts.where if not mentions(c, y) or facts.decide(replaced(c, y, sp.Integer(0))) is True]
    return start, Facts(tuple(replaced(c, y, start) for c in kept))


def _singular(e: Any, x: Any, start: Any) -> bool:
    """Whether e has a denominator that is zero at the start, and no cases: then the statement says nothing there."""
    return not e.has(sp.Piecewise) and any(p.base.subs(x, start) == 0 for p in e.atoms(sp.Pow) if p.exp.is_Rational and p.exp < 0)


def assumed_at(x: Any, value: Any) -> bool:
    """Whether the assumptions of a symbol leave room for a number."""
    known = x.assumptions0
    barred = (
        (known.get("positive") and value <= 0)
        or (known.get("negative") and value >= 0)
        or (known.get("nonnegative") and value < 0)
        or (known.get("nonpositive") and value > 0)
        or (known.get("nonzero") and value == 0)
    )
    return not barred


def _begins_at_zero(condition: Any, y: Any, facts: Facts) -> bool:
    """Whether the y > 0 under a condition, if there are any, are an interval whose lower end is 0."""
    if not isinstance(condition, sp.Gt | sp.Ge | sp.Lt | sp.Le):
        return False
    h = sp.expand(condition.gts - condition.lts)
    if not h.is_polynomial(y):
        return False
    constant, rest = h.as_independent(y, as_Add=True)
    return not isinstance(rest, sp.Add) and facts.is_nonnegative(constant)


def _on_one_side(e: Any, y: Any, facts: Facts, deadline: float) -> Proof | None:
    """e = 0 for all admitted y > 0, where the series begin at y = 0."""
    if NormalForm(facts).is_zero(e):
        return Proof((("normal form", "numerator 0 over the generators"),))
    e = _with_series(e, facts)
    for f in sorted(e.atoms(sp.hyper), key=sp.default_sort_key):
        found = _by_uniqueness(e, f, y, facts, deadline)
        if found is not None:
            return found
    return None


def _by_uniqueness(e: Any, f: Any, y: Any, facts: Facts, deadline: float) -> Proof | None:
    top, bottom, z = f.args
    if z.subs(y, 0) != 0 or not _fits(f, y, facts) or not facts.is_nonzero(z) or not facts.is_nonzero(sp.diff(z, y)):
        return None
    order = next((n for n in range(DEEPEST + 1) if all(_above(b, n, facts) for b in bottom)), None)
    h = sp.Dummy("F")
    named = sp.together(e.xreplace({f: h}))
    above = sp.fraction(named)[0]
    if order is None or not above.is_polynomial(h) or sp.degree(above, h) != 1:
        return None
    parts = sp.Poly(above, h)
    alpha, beta = parts.nth(1), parts.nth(0)
    if not facts.is_nonzero(alpha):
        return None
    ratio = -beta / alpha
    if not is_analytic(ratio, y, facts) or not is_analytic(z, y, facts):
        return None
    written = _as_operators(ratio, facts)
    if written is None or not written.applied(list(top), list(bottom), z, y, facts):
        return None
    scale = leading_term(z, y, sp.Integer(0), 1, facts, deadline, 1)
    if scale.logs or not scale.exponent > 0:
        return None
    first = _agreement(ratio, f, y, order, scale.exponent, facts, deadline)
    if first is None:
        return None
    upper, lower = ", ".join(map(str, top)), ", ".join(map(str, bottom))
    text = f"of {len(top)}F{len(bottom)}({upper}; {lower}; z), z = {z}; the difference is O({y}^{first})"
    return Proof((("differential equation", text),))


def _agreement(ratio: Any, f: Any, y: Any, order: int, scale: Any, facts: Facts, deadline: float) -> Any:
    """An exponent, positive and at least that of z^order, with ratio - (first terms of f) = O(y^exponent); else None."""
    top, bottom, z = f.args
    known = sp.Add(*(_coefficient(top, bottom, k) * z**k for k in range(max(order, 1))))
    needed = order * scale
    try:
        first = leading_term(ratio - known, y, sp.Integer(0), 1, facts, deadline, int(sp.ceiling(needed)) + 2).exponent
        return first if first > 0 and first >= needed else None
    except NoExpansion:
        if needed > 1:
            return None
    # a function that is analytic at the start, too, and 1 there
    start, near = from_the_start(y, facts)
    if not is_analytic(ratio.xreplace({y: start}), start, near):
        return None
    return sp.Integer(1) if NormalForm(near.about_others(start)).is_zero(ratio.subs(y, 0) - 1) else None


def _above(b: Any, n: int, facts: Facts) -> bool:
    """Whether 1 - b < n, or 1 - b ≤ 0 for n = 0."""
    return facts.is_nonnegative(b - 1) if n == 0 else facts.is_positive(b - 1 + n)


def _coefficient(top: Any, bottom: Any, k: int) -> Any:
    value = 1 / sp.factorial(k)
    for j in range(k):
        value *= sp.Mul(*(a + j for a in top)) / sp.Mul(*(b + j for b in bottom))
    return value


def _fits(f: Any, y: Any, facts: Facts) -> bool:
    """Whether a function is a solution that the theorem speaks of, with lower parameters that are real and no poles."""
    top, bottom, z = f.args
    order = len(bottom) + 1
    if len(top) > order or order > HIGHEST or any(p.has(y) for p in (*top, *bottom)):
        return False
    if not all(facts.is_real(b) and (facts.is_positive(b) or (b.is_Rational and not b.is_Integer)) for b in bottom):
        return False
    return len(top) < order or facts.is_positive(1 - z)


# -- the functions that stand beside, as solutions of their own equations ----------------------------------------------


@dataclass(frozen=True)
class _Solution:
    """F = pFq(top; bottom; argument) and the symbols that stand for θ^j F below the order of its equation."""

    top: tuple[Any, ...]
    bottom: tuple[Any, ...]
    argument: Any
    symbols: tuple[Any, ...]

    def step(self, j: int) -> Any:
        """θ^(j+1) F by the symbols."""
        if j + 1 < len(self.symbols):
            return self.symbols[j + 1]
        left, right = _polynomials(self.top, self.bottom)
        n = len(self.symbols)
        rest = sum((self.argument * right[k] - left[k]) * s for k, s in enumerate(self.symbols))
        return rest / (left[n] - self.argument * right[n])


def _polynomials(top: Any, bottom: Any) -> tuple[list[Any], list[Any]]:
    """The coefficients of θ ∏(θ + b - 1) and of ∏(θ + a), the lowest first, up to the same degree."""
    theta = sp.Dummy("θ")
    both = (theta * sp.Mul(*(theta + b - 1 for b in bottom)), sp.Mul(*(theta + a for a in top)))
    found = [sp.Poly(p, theta).all_coeffs()[::-1] for p in both]
    longest = max(map(len, found))
    return found[0] + [sp.Integer(0)] * (longest - len(found[0])), found[1] + [sp.Integer(0)] * (longest - len(found[1]))


@dataclass(frozen=True)
class _Written:
    """An expression whose hypergeometric functions are written by symbols for solutions and their derivatives."""

    expression: Any
    solutions: tuple[_Solution, ...]
    shifted: bool

    def applied(self, top: list[Any], bottom: list[Any], z: Any, y: Any, facts: Facts) -> bool:
        """Whether the operator of pFq(top; bottom; z) takes the expression to zero."""
        left, right = _polynomials(top, bottom)
        form = NormalForm(facts)
        speed = z / sp.diff(z, y)
        current = self.expression
        total = (left[0] - z * right[0]) * current
        for k in range(1, len(left)):
            slope = sp.Derivative(current, y)
            for solution in self.solutions:
                inner = solution.argument
                rate = sp.diff(inner, y) / inner
                slope += rate * sum(sp.diff(current, s) * solution.step(j) for j, s in enumerate(solution.symbols))
            current = form.expression(form.flatten(speed * slope))
            total += (left[k] - z * right[k]) * current
        return bool(form.is_zero(total))


def _as_operators(e: Any, facts: Facts) -> _Written | None:
    """e with each function pFq(a + m; b - n; z) written by θ^j pFq(a; b; z), for natural numbers m and n.

    F(a + 1) = (θ + a) F / a and F(b - 1) = (θ + b - 1) F / (b - 1) (DLMF 16.3.6, 16.3.7), so no a and no b - 1 may be zero.
    """
    solutions: list[_Solution] = []
    values: dict[Any, Any] = {}
    families = _families(e.atoms(sp.hyper))
    for family in families:
        z = family[0].function.args[2]
        lowest = [_extreme([member.top[i] for member in family], -1) for i in range(len(family[0].top))]
        highest = [_extreme([member.bottom[i] for member in family], 1) for i in range(len(family[0].bottom))]
        if len(lowest) > len(highest) + 1 or (len(lowest) == len(highest) + 1 and not facts.is_nonzero(1 - z)):
            return None
        names = tuple(sp.Dummy(f"F{len(solutions)}_{j}") for j in range(len(highest) + 1))
        base = _Solution(tuple(lowest), tuple(highest), z, names)
        solutions.append(base)
        for member in family:
            value = _raised(base, member, facts)
            if value is None:
                return None
            values[member.function] = value
    return _Written(e.xreplace(values), tuple(solutions), any(len(family) > 1 for family in families))


@dataclass(frozen=True)
class _Member:
    """A function with its parameters in an order in which they differ from those of its family by integers."""

    function: Any
    top: tuple[Any, ...]
    bottom: tuple[Any, ...]


def _families(series: set[Any]) -> list[list[_Member]]:
    """Functions of one argument whose parameters differ by integers."""
    families: list[list[_Member]] = []
    for f in sorted(series, key=sp.default_sort_key):
        for family in families:
            first = family[0]
            top, bottom = (_aligned(own, other) for own, other in ((f.args[0], first.top), (f.args[1], first.bottom)))
            if top is not None and bottom is not None and f.args[2] == first.function.args[2]:
                family.append(_Member(f, top, bottom))
                break
        else:
            families.append([_Member(f, tuple(f.args[0]), tuple(f.args[1]))])
    return families


def _aligned(own: Any, other: tuple[Any, ...]) -> tuple[Any, ...] | None:
    left, found = list(own), []
    for parameter in other:
        match = next((p for p in left if sp.expand(p - parameter).is_Integer), None)
        if match is None:
            return None
        left.remove(match)
        found.append(match)
    return None if left else tuple(found)


def _extreme(parameters: list[Any], way: int) -> Any:
    """The largest (way 1) or least (way -1) of parameters that differ by integers."""
    return max(parameters, key=lambda p: way * int(sp.expand(p - parameters[0])))


def _raised(base: _Solution, member: _Member, facts: Facts) -> Any:
    """A contiguous function by the symbols of the base."""
    steps = [a + j for a, upper in zip(base.top, member.top, strict=True) for j in range(int(sp.expand(upper - a)))]
    steps += [b - 1 - j for b, lower in zip(base.bottom, member.bottom, strict=True) for j in range(int(sp.expand(b - lower)))]
    if len(steps) > LARGEST or not all(facts.is_nonzero(c) for c in steps):
        return None
    t = sp.Dummy("z")
    at = replace(base, argument=t)
    written = base.symbols[0]
    for c in steps:
        theta = t * sp.diff(written, t) + sum(sp.diff(written, s) * at.step(j) for j, s in enumerate(base.symbols))
        written = sp.cancel((theta + c * written) / c)
    return written.xreplace({t: base.argument})


__all__ = ["assumed_at", "by_differential_equation", "from_the_start", "moved"]
