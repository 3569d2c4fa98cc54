"""Sums of angles: an integral combination of inverse circular functions and arguments vanishes if it turns nothing and is short.

An angle is known by its direction X + iY = R e^{iθ} and by the interval in which its principal value lies. The directions
multiply as the angles add up, so that sines and cosines of a sum are algebraic, and with the interval they determine the sum.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, NamedTuple

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import REAL, Contradiction, Facts, excludes_itself
from derivable.trusted.heads import bound_variables
from derivable.trusted.moduli import rectangular

Zero = Callable[[Any, Facts], "Proof | None"]  # a proof that an expression vanishes under facts
Positive = Callable[[Any, Facts, bool], bool]  # whether an expression is positive, or not negative, under facts
ANGLES = (sp.asin, sp.acos, sp.atan, sp.acot, sp.arg, sp.atan2)
LARGEST = 8  # multiple of an angle
TERMS = 6  # angles in a sum
HALF = sp.Rational(1, 2)

# values of the sine and of the tangent between which arcsines and arctangents are looked for, with the angles over π
SINES = tuple(
    (way * value, way * angle)
    for way, pairs in ((-1, ((1, "1/2"), (sp.sqrt(3) / 2, "1/3"), (1 / sp.sqrt(2), "1/4"), (HALF, "1/6"))), (1, ((0, "0"),)))
    for value, angle in ((sp.sympify(v), sp.Rational(a)) for v, a in pairs)
)
SINES += tuple((-value, -angle) for value, angle in reversed(SINES[:-1]))
TANGENTS = tuple((sp.Integer(c), sp.Rational(c, 4)) for c in (-1, 0, 1))

# the open arcs and axes, over π, on which cosine and sine have these signs
ARCS = {
    (1, 0): (sp.Integer(0), sp.Integer(0)), (1, 1): (sp.Integer(0), HALF), (0, 1): (HALF, HALF), (-1, 1): (HALF, sp.Integer(1)),
    (-1, 0): (sp.Integer(1), sp.Integer(1)), (-1, -1): (sp.Integer(-1), -HALF), (0, -1): (-HALF, -HALF),
    (1, -1): (-HALF, sp.Integer(0)),
}  # fmt: skip


class Bound(NamedTuple):
    """An angle is at most (at least) π `at`, and equal to it only where `gap`, which is not negative, is 0; never for None."""

    at: Any
    gap: Any


class Angle(NamedTuple):
    """n θ with R e^{iθ} = x + iy and R > 0."""

    times: int
    node: Any
    x: Any
    y: Any
    radius: Any


class Turn(NamedTuple):
    """A real sum of angles φ with R e^{iφ} = u + iv, its bounds without the rest, and the rest, in which there are no angles."""

    u: Any
    v: Any
    radius: Any
    low: Bound
    high: Bound
    rest: Any


def with_bounds(facts: Facts) -> Facts:
    """The facts, and what they say of the terms of a sum of squares: -c ≤ u ≤ c where u² + … ≤ c²."""
    found: Facts = facts.once(("bounds",), lambda: _with_bounds(facts))
    return found


def _with_bounds(facts: Facts) -> Facts:
    told: list[Any] = []
    for condition in facts.where:
        if not isinstance(condition, sp.Lt | sp.Le | sp.Gt | sp.Ge):
            continue
        small, large = condition.lts, condition.gts
        below = sp.Lt if isinstance(condition, sp.Lt | sp.Gt) else sp.Le
        if large.is_Rational and large >= 0:  # the other squares only make the sum larger
            squares = [t.as_coeff_Mul() for t in sp.Add.make_args(sp.expand(small))]
            if all(c > 0 and t.is_Pow and t.exp == 2 and facts.is_real(t.base) for c, t in squares):
                told += [below(way * t.base, sp.sqrt(large / c)) for c, t in squares for way in (1, -1)]
    told = [c for c in told if c not in (sp.true, sp.false)]
    try:
        return facts.given(*told) if told else facts
    except Contradiction:
        return facts


def by_directions(e: Any, facts: Facts, zero: Zero, positive: Positive) -> Proof | None:
    """A real φ = L e, a sum of integral multiples of angles, is 0 if |φ| < π and sin φ = 0, or if |φ| < 2π and cos φ = 1.

    Or one of the angles is what the sum of the others has to be: θ = arcsin a if a = sin φ, cos φ ≥ 0 and |φ| < 3π/2,
    θ = arccos a if a = cos φ, sin φ ≥ 0 and -π < φ < 2π, θ = arctan a if a = tan φ, cos φ > 0 and |φ| < 3π/2. That |a| ≤ 1
    for a sine or cosine follows.
    """
    if not e.has(*ANGLES) or bound_variables(e):
        return None
    parts = _integral(e, facts)
    if parts is None:
        return None
    times, rest = parts
    whole = _turn(times, rest, facts, positive)
    if whole is not None:
        found = _no_turn(whole, facts, zero, positive)
        if found is not None:
            return found
    for node in sorted((n for n in times if abs(times[n]) == 1), key=sp.count_ops, reverse=True):
        if not isinstance(node, sp.asin | sp.acos | sp.atan) or not facts.is_real(node.args[0]):
            continue
        way = -times[node]
        others = _turn({n: way * c for n, c in times.items() if n != node}, way * rest, facts, positive)
        found = None if others is None else _as_defined(node, others, facts, zero, positive)
        if found is not None:
            return found
    return None


def _integral(e: Any, facts: Facts) -> tuple[dict[Any, int], Any] | None:
    """({θ: n}, rest) with Σ n θ + rest = c e for a rational c that is not zero, where the rest is real and holds no angle."""
    times: dict[Any, Any] = {}
    rest: Any = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(e)):
        c, node = term.as_coeff_Mul()
        if isinstance(node, ANGLES):
            times[node] = times.get(node, 0) + c
        elif node.has(*ANGLES):
            return None
        else:
            rest += term
    times = {node: c for node, c in times.items() if c != 0}
    if not times or len(times) > TERMS or not all(c.is_Rational for c in times.values()) or not facts.is_real(rest):
        return None
    scale = sp.ilcm(1, *(c.q for c in times.values()))
    scale = sp.Rational(scale, sp.igcd(0, *(c * scale for c in times.values())))
    whole = {node: int(c * scale) for node, c in times.items()}
    return None if any(abs(c) > LARGEST for c in whole.values()) else (whole, sp.expand(scale * rest))


def _turn(times: dict[Any, int], rest: Any, facts: Facts, positive: Positive) -> Turn | None:
    """The sum of the angles, if all of them are seen to be real."""
    wave = sp.expand(rest)
    u, v, radius = sp.cos(wave), sp.sin(wave), sp.Integer(1)
    low = high = Bound(sp.Integer(0), sp.Integer(0))
    for node, n in times.items():
        angle = _angle(node, n, facts, positive)
        if angle is None:
            return None
        y = angle.y if n > 0 else -angle.y
        for _ in range(abs(n)):
            u, v = sp.expand(u * angle.x - v * y), sp.expand(u * y + v * angle.x)
            radius *= angle.radius
        ends = _ends(angle, facts)
        least, most = ends if n > 0 else ends[::-1]
        low, high = _sum(low, least, n), _sum(high, most, n)
    turns = rest / sp.pi
    if turns.is_Rational:
        low, high, rest = low._replace(at=low.at + turns), high._replace(at=high.at + turns), sp.Integer(0)
    return Turn(u, v, radius, low, high, rest)


def _sum(total: Bound, one: Bound, times: int) -> Bound:
    return Bound(total.at + times * one.at, None if None in (total.gap, one.gap) else total.gap + one.gap)


def _angle(node: Any, n: int, facts: Facts, positive: Positive) -> Angle | None:
    if isinstance(node, sp.arg | sp.atan2):
        parts = (node.args[1], node.args[0]) if isinstance(node, sp.atan2) else rectangular(node.args[0], facts)
        if parts is None or not all(map(facts.is_real, parts)):
            return None
        x, y = parts
        return Angle(n, node, x, y, sp.sqrt(sp.expand(x**2 + y**2)))
    (a,) = node.args
    if not facts.is_real(a):
        return None
    if isinstance(node, sp.atan):
        return Angle(n, node, sp.Integer(1), a, sp.sqrt(1 + a**2))
    if isinstance(node, sp.acot):  # in (0, π/2] from 0 on
        return Angle(n, node, a, sp.Integer(1), sp.sqrt(1 + a**2)) if facts.is_nonnegative(a) else None
    if not (positive(1 - a, facts, False) and positive(1 + a, facts, False)):
        return None
    other = sp.sqrt(1 - a**2)
    return Angle(n, node, *((other, a) if isinstance(node, sp.asin) else (a, other)), sp.Integer(1))


def _ends(angle: Angle, facts: Facts) -> tuple[Bound, Bound]:
    node = angle.node
    if isinstance(node, sp.atan):
        return _between(node.args[0], TANGENTS, facts, Bound(-HALF, None), Bound(HALF, None))
    if isinstance(node, sp.acot):
        above = facts.is_positive(node.args[0])
        return Bound(sp.Integer(0), None), Bound(HALF, None if above else node.args[0])
    if isinstance(node, sp.arg | sp.atan2):
        return _quadrants(angle.x, angle.y, facts)
    a = node.args[0]
    least, most = _between(a, SINES, facts, Bound(-HALF, 1 + a), Bound(HALF, 1 - a))
    if isinstance(node, sp.asin):
        return least, most
    return Bound(HALF - most.at, most.gap), Bound(HALF - least.at, least.gap)  # arccos a = π/2 - arcsin a


def _between(a: Any, values: tuple[tuple[Any, Any], ...], facts: Facts, low: Bound, high: Bound) -> tuple[Bound, Bound]:
    """The bounds of an increasing inverse function of a, by the values that a is not above, and not below."""
    for value, at in reversed(values):
        if facts.is_nonnegative(value - a):
            high = Bound(at, None if facts.is_positive(value - a) else value - a)
    for value, at in values:
        if facts.is_nonnegative(a - value):
            low = Bound(at, None if facts.is_positive(a - value) else a - value)
    return low, high


def _quadrants(x: Any, y: Any, facts: Facts) -> tuple[Bound, Bound]:
    """The bounds of arg(x + iy): an axis is reached only where y, or x, is 0."""
    gaps = (sp.expand(y**2), sp.expand(x**2))
    ends = sector(facts.signs(x) or REAL, facts.signs(y) or REAL)
    low, high = (end if end.gap is None else Bound(end.at, gaps[0 if end.at.is_Integer else 1]) for end in ends)
    return low, high


def sector(cosine: frozenset[int], sine: frozenset[int]) -> tuple[Bound, Bound]:
    """The bounds of an argument in (-π, π] by the signs that its cosine and sine may have, not both 0; a gap of 0 if reached."""
    arcs = [(low, high) for (c, s), (low, high) in ARCS.items() if c in cosine and s in sine] or [
        (sp.Integer(-1), sp.Integer(1)),
        (sp.Integer(1), sp.Integer(1)),
    ]
    least, most = min(low for low, _ in arcs), max(high for _, high in arcs)
    reached = {low for low, high in arcs if low == high}
    return (
        Bound(least, sp.Integer(0) if least in reached else None),
        Bound(most, sp.Integer(0) if most in reached else None),
    )


def _within(turn: Turn, low: Any, high: Any, facts: Facts, positive: Positive) -> bool:
    """Whether π low < φ < π high."""
    for bound, limit, way in ((turn.low, low, 1), (turn.high, high, -1)):
        room = sp.expand(way * (sp.pi * (bound.at - limit) + turn.rest))
        if room == 0:
            if bound.gap is not None and not positive(sp.expand(bound.gap), facts, True):
                return False
        elif not positive(room, facts, bound.gap is not None):
            return False
    return True


def _no_turn(turn: Turn, facts: Facts, zero: Zero, positive: Positive) -> Proof | None:
    if not _within(turn, -2, 2, facts, positive):
        return None
    if _within(turn, -1, 1, facts, positive):
        rest = zero(turn.v, facts)
        if rest is not None:
            return Proof((("angles in one direction", f"{_text(turn)} is 0: |φ| < π and sin φ = 0"),)).join(rest)
    rest = zero(turn.u - turn.radius, facts)
    if rest is None and positive(turn.u, facts, True):
        rest = zero(turn.v, facts)
    return (
        None if rest is None else Proof((("angles in one direction", f"{_text(turn)} is 0: |φ| < 2π and cos φ = 1"),)).join(rest)
    )


def _as_defined(node: Any, turn: Turn, facts: Facts, zero: Zero, positive: Positive) -> Proof | None:
    a, u, v, radius = node.args[0], turn.u, turn.v, turn.radius
    three = sp.Rational(3, 2)
    if isinstance(node, sp.acos):
        low, high, side, image, strict = sp.Integer(-1), sp.Integer(2), v, u - a * radius, False
    elif isinstance(node, sp.asin):
        low, high, side, image, strict = -three, three, u, v - a * radius, False
    else:
        low, high, side, image, strict = -three, three, u, v - a * u, True
    if not _within(turn, low, high, facts, positive):
        return None
    rest = zero(image, facts)
    if rest is None or not _in_each_quadrant(side, facts, positive, strict):
        return None
    what = "sin φ" if isinstance(node, sp.acos) else "cos φ"
    return Proof(
        (("angles in one direction", f"{node} = φ, {_text(turn)}, by its sine, cosine or tangent and the sign of {what}"),)
    ).join(rest)


def _in_each_quadrant(e: Any, facts: Facts, positive: Positive, strict: bool) -> bool:
    """Whether e > 0, or e ≥ 0, for all signs of the symbols in it: a difference of roots is compared by squares of known sign."""
    if facts.is_positive(e) if strict else facts.is_nonnegative(e):
        return True
    open_ones = [s for s in sorted(e.free_symbols, key=str) if len(facts.signs(s) or ()) == 3][:2]
    cases = [facts]
    for s in open_ones:
        cases = [*_given(cases, s >= 0), *_given(cases, s < 0)]
    if open_ones and all(positive(e, case, strict) for case in cases):
        return True
    return positive(e, facts, strict)


def _given(cases: list[Facts], condition: Any) -> list[Facts]:
    """The cases with a condition, but those that it contradicts."""
    found = []
    for case in cases:
        with contextlib.suppress(Contradiction):
            given = case.given(condition)
            found += [] if excludes_itself(given) else [given]
    return found


def _text(turn: Turn) -> str:
    return f"φ between {sp.pi * turn.low.at} and {sp.pi * turn.high.at}" + (f", plus {turn.rest}" if turn.rest != 0 else "")


__all__ = ["Bound", "by_directions", "sector", "with_bounds"]
