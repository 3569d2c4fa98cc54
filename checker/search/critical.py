"""Where a function of one variable may have its extrema: sign changes of its derivative on a grid, written as simple numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import sympy as sp
from sympy.core.function import AppliedUndef

GRID = 160
MOST = 4


def critical_points(e: Any, low: Any, high: Any, x: Any) -> Iterator[list[Any]]:
    """Lists of points inside (low, high), first those at which e' changes its sign, as constants that look simple."""
    if e.atoms(AppliedUndef):
        return
    if e.free_symbols - {x}:  # where the sign changes depends on the other symbols
        root = _solved(sp.diff(e, x), x)
        if root is not None:
            yield [root]
        return
    slope = _numeric(sp.diff(e, x), x)
    if slope is None:
        return
    places = _grid(low, high)
    values = [slope(p) for p in places]
    roots = []
    for (a, u), (b, v) in zip(zip(places, values, strict=True), zip(places[1:], values[1:], strict=False), strict=False):
        if u is None or v is None:
            continue
        if u == 0:
            roots.append(a)
        elif u * v < 0:
            roots.append(_bisected(slope, a, b))
    if not roots or len(roots) > MOST:
        return
    yield [_simple(r) for r in roots]


def _solved(slope: Any, x: Any) -> Any:
    """x where A f(u) + B = 0 with A and B free of x, f an exponential, a logarithm or the identity, and u linear in x."""
    terms = sp.Add.make_args(sp.expand(slope))
    moving = [t for t in terms if t.has(x)]
    rest = sp.Add(*(t for t in terms if not t.has(x)))
    if not moving or rest == 0:
        return None
    f, *others = (sp.Mul(*(factor for factor in sp.Mul.make_args(t) if factor.has(x))) for t in moving)
    if any(other != f for other in others):
        return None
    value = -rest / sp.Add(*(t / f for t in moving))
    inner = f.args[0] if isinstance(f, sp.exp | sp.log) else f
    value = sp.log(value) if isinstance(f, sp.exp) else sp.exp(value) if isinstance(f, sp.log) else value
    line = sp.expand(inner)
    if not line.is_polynomial(x) or sp.degree(line, x) != 1:
        return None
    return sp.simplify((value - line.coeff(x, 0)) / line.coeff(x, 1))


def direction(slope: Any, low: Any, high: Any, x: Any) -> int:
    """The sign of the derivative at a point between the ends."""
    f = _numeric(slope, x)
    for p in _grid(low, high)[GRID // 2 :: GRID // 8] if f is not None else ():
        value = f(p) if f is not None else None
        if value:
            return 1 if value > 0 else -1
    return 1


def _numeric(e: Any, x: Any) -> Callable[[float], float | None] | None:
    """e as a function of floats, the other symbols at arbitrary values that they admit; None if a function is undefined."""
    if e.atoms(AppliedUndef):
        return None
    values = {}
    for position, s in enumerate(sorted(e.free_symbols - {x}, key=str)):
        candidates = (2 + position, sp.Rational(7, 3) + position, sp.Rational(1, 2), -1 - position)
        value = next((c for c in candidates if _fits(s, c)), None)
        if value is None:
            return None
        values[s] = value
    f = sp.lambdify(x, e.xreplace(values), "mpmath")

    def call(at: float) -> float | None:
        try:
            value = f(mpmath.mpf(at))
            return float(value.real) if abs(mpmath.im(value)) < 1e-9 else None
        except (ArithmeticError, ValueError, TypeError, AttributeError):
            return None

    return call


def _fits(s: Any, value: Any) -> bool:
    number = sp.sympify(value)
    return (not s.is_integer or number.is_Integer) and not (s.is_positive and number <= 0) and not (s.is_negative and number >= 0)


def _grid(low: Any, high: Any) -> list[float]:
    a = -math.inf if low is -sp.oo else float(low)
    b = math.inf if high is sp.oo else float(high)
    steps = [(i + 0.5) / GRID for i in range(GRID)]
    if math.isinf(a) and math.isinf(b):
        return [math.sinh(8 * (t - 0.5)) for t in steps]
    if math.isinf(b):
        return [a + t / (1 - t) for t in steps]
    if math.isinf(a):
        return [b - (1 - t) / t for t in steps]
    return [a + (b - a) * t for t in steps]


def _bisected(f: Callable[[float], float | None], a: float, b: float) -> float:
    left = f(a)
    for _ in range(80):
        middle = (a + b) / 2
        value = f(middle)
        if value is None or value == 0 or middle in (a, b):
            return middle
        if left is not None and (value > 0) == (left > 0):
            a = middle
        else:
            b = middle
    return (a + b) / 2


def _simple(root: float) -> Any:
    """A constant of few symbols near the root."""
    if abs(root) < 1e-12:
        return sp.Integer(0)
    for constants in ([], [sp.pi], [sp.E], [sp.sqrt(2)], [sp.log(2)], [sp.sqrt(3)]):
        candidate = sp.nsimplify(sp.Float(root, 15), constants, tolerance=1e-12, rational=not constants)
        if candidate.count_ops() <= 4 and abs(float(candidate) - root) < 1e-11 * (1 + abs(root)) and _short(candidate):
            return candidate
    inverse = sp.nsimplify(sp.Float(1 / root, 15), [sp.E], tolerance=1e-12)
    if inverse.count_ops() <= 3 and _short(inverse):
        return 1 / inverse
    square = sp.nsimplify(sp.Float(root**2, 15), tolerance=1e-12, rational=True)
    if _short(square):
        return sp.sign(root) * sp.sqrt(square)
    return sp.Rational(str(round(root, 12)))


def _short(e: Any) -> bool:
    return all(abs(r.p) < 1000 and r.q < 1000 for r in e.atoms(sp.Rational))
