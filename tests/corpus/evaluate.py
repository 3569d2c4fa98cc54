"""A small evaluator of statements at points, on mpmath alone.

It walks the expression tree and never asks SymPy to evaluate, simplify or sum anything, so that the corpus is
confirmed by other means than those it is meant to test. Values are mpmath numbers; matrices are mpmath
matrices; undefined functions and indexed symbols get concrete instances.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath
import sympy
from mpmath import mp
from sympy.core.function import AppliedUndef


class UndefinedValue(ArithmeticError):
    """The expression has no finite value at this point."""


def _sign(z: Any) -> Any:
    return mp.mpf(0) if z == 0 else z / abs(z)


def _real(z: Any) -> Any:
    if mp.im(z) != 0:
        if abs(mp.im(z)) > mp.mpf(10) ** (-mp.dps // 2) * (1 + abs(z)):
            raise UndefinedValue("a complex number where a real one is needed")
        return mp.re(z)
    return mp.re(z)


def _floor(z: Any) -> Any:
    """Round down; a value within half the digits of an integer is that integer."""
    z = _real(z)
    nearest = mp.nint(z)
    return nearest if abs(z - nearest) < mp.mpf(10) ** (-mp.dps // 2) else mp.floor(z)


def _heaviside(x: Any, at_zero: Any = None) -> Any:
    x = _real(x)
    if x == 0:
        return mp.mpf(1) / 2 if at_zero is None else at_zero
    return mp.mpf(1) if x > 0 else mp.mpf(0)


def _harmonic(n: Any, order: Any = 1) -> Any:
    return mp.harmonic(n) if order == 1 else mp.fsum(mp.mpf(k) ** -order for k in range(1, int(n) + 1))


def _binomial(n: Any, k: Any) -> Any:
    if mp.isint(k) and mp.re(k) >= 0:
        k = int(mp.re(k))
        return mp.ff(n, k) / mp.factorial(k)
    return mp.mpf(0) if mp.isint(k) else mp.binomial(n, k)


def _polynomial(start: Callable[[Any], tuple[Any, Any]], step: Callable[[int, Any, Any, Any], Any]) -> Any:
    """An orthogonal polynomial by its recurrence from the first two."""

    def value(n: Any, x: Any) -> Any:
        if not mp.isint(n) or mp.re(n) < 0:
            raise UndefinedValue("a degree that is no natural number")
        last, this = start(x)
        for k in range(1, int(mp.re(n)) + 1):
            last, this = this, step(k, x, this, last)
        return last

    return value


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": mp.exp,
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "cot": mp.cot,
    "sec": mp.sec,
    "csc": mp.csc,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "coth": mp.coth,
    "sech": mp.sech,
    "csch": mp.csch,
    "asin": mp.asin,
    "acos": mp.acos,
    "atan": mp.atan,
    "acot": mp.acot,
    "asec": mp.asec,
    "acsc": mp.acsc,
    "asinh": mp.asinh,
    "acosh": mp.acosh,
    "atanh": mp.atanh,
    "gamma": mp.gamma,
    "loggamma": mp.loggamma,
    "factorial": mp.factorial,
    "beta": mp.beta,
    "erf": mp.erf,
    "erfc": mp.erfc,
    "erfi": mp.erfi,
    "zeta": mp.zeta,
    "arg": mp.arg,
    "re": mp.re,
    "log": lambda z, base=None: mp.log(z) if base is None else mp.log(z) / mp.log(base),
    "im": mp.im,
    "conjugate": mp.conj,
    "Abs": abs,
    "sign": _sign,
    "factorial2": mp.fac2,
    "atan2": lambda y, x: mp.atan2(_real(y), _real(x)),
    "floor": _floor,
    "ceiling": lambda z: -_floor(-z),
    "frac": lambda z: z - _floor(z),
    "Mod": lambda a, b: a - b * _floor(a / b),
    "Max": lambda *args: max(_real(a) for a in args),
    "Min": lambda *args: min(_real(a) for a in args),
    "Heaviside": _heaviside,
    "KroneckerDelta": lambda i, j: mp.mpf(1 if i == j else 0),
    "binomial": _binomial,
    "RisingFactorial": mp.rf,
    "FallingFactorial": mp.ff,
    "harmonic": _harmonic,
    "fibonacci": lambda n: mp.fib(n),
    "lucas": lambda n: mp.fib(n - 1) + mp.fib(n + 1),
    "catalan": lambda n: mp.binomial(2 * n, n) / (n + 1),
    "polygamma": lambda n, z: mp.psi(int(n), z),
    "digamma": lambda z: mp.psi(0, z),
    "trigamma": lambda z: mp.psi(1, z),
    "uppergamma": lambda s, z: mp.gammainc(s, z),
    "lowergamma": lambda s, z: mp.gammainc(s, 0, z),
    "LambertW": lambda z, k=0: mp.lambertw(z, int(mp.re(k))),
    "sinc": mp.sinc,
    "dirichlet_eta": mp.altzeta,
    "cbrt": mp.cbrt,
    "gcd": lambda a, b: mp.mpf(sympy.igcd(int(a), int(b))),
    "legendre": _polynomial(lambda x: (1, x), lambda k, x, p, q: ((2 * k + 1) * x * p - k * q) / (k + 1)),
    "chebyshevt": _polynomial(lambda x: (1, x), lambda k, x, p, q: 2 * x * p - q),
    "chebyshevu": _polynomial(lambda x: (1, 2 * x), lambda k, x, p, q: 2 * x * p - q),
    "hermite": _polynomial(lambda x: (1, 2 * x), lambda k, x, p, q: 2 * x * p - 2 * k * q),
    "laguerre": _polynomial(lambda x: (1, 1 - x), lambda k, x, p, q: ((2 * k + 1 - x) * p - k * q) / (k + 1)),
}

CONSTANTS = {"Pi": "pi", "Exp1": "e", "EulerGamma": "euler", "Catalan": "catalan", "GoldenRatio": "phi"}


def _instance(name: str, arguments: int, kind: str, seed: int) -> Callable[..., Any]:
    """A concrete smooth function to stand for an undefined one."""
    rng = random.Random(f"{name}/{arguments}/{kind}/{seed}")
    a = [Fraction(rng.randint(3, 15), 10) for _ in range(arguments)]
    b, c, d = (Fraction(rng.randint(-9, 9), 7) for _ in range(3))
    shape = rng.randrange(3)

    def value(*xs: Any) -> Any:
        t = mp.fsum(mp.mpf(k.numerator) / k.denominator * x for k, x in zip(a, xs, strict=True))
        p = mp.fprod(xs)
        bb, cc, dd = (mp.mpf(k.numerator) / k.denominator for k in (b, c, d))
        if shape == 0:
            result = mp.sin(t + bb) + cc * p + dd / 3
        elif shape == 1:
            result = mp.cos(t) * (1 + p / 3) + bb
        else:
            result = mp.exp(mp.sin(t) / 2 + cc / 4) + p**2 / 5 + dd
        if kind == "positive":
            return mp.exp(result / 3)
        return result if kind == "real" else result * (1 + mp.j * cc / 5) + mp.j * dd / 7

    return value


@dataclass
class Point:
    """Values for the free symbols, and a seed for the instances of functions and sequences."""

    values: Mapping[Any, Any] = field(default_factory=dict)
    seed: int = 0

    def with_value(self, symbol: Any, value: Any) -> Point:
        """Return this point with one symbol set anew."""
        return Point({**self.values, symbol: value}, self.seed)

    def function(self, applied: AppliedUndef) -> Callable[..., Any]:
        """Return the concrete function that stands for an undefined one."""
        kind = "positive" if applied.is_positive else "real" if applied.is_real else "complex"
        if applied.is_integer:
            rng = random.Random(f"{applied.func.__name__}/{self.seed}")
            table = [rng.randint(-5, 5) for _ in range(101)]
            return lambda *xs: mp.mpf(table[int(sum(int(x) for x in xs)) % 101])
        return _instance(applied.func.__name__, len(applied.args), kind, self.seed)

    def entry(self, indexed: sympy.Indexed, indices: Iterable[int]) -> Any:
        """Return the value of an indexed symbol."""
        rng = random.Random(f"{indexed.base.label}/{tuple(indices)}/{self.seed}")
        number = Fraction(rng.randint(1, 300), 100)
        if not indexed.is_positive and rng.random() < 0.5:
            number = -number
        if indexed.is_real:
            return number
        return mp.mpc(mp.mpf(number.numerator) / number.denominator, mp.mpf(rng.randint(-200, 200)) / 64)


def _convert(value: Any) -> Any:
    if isinstance(value, Fraction):
        return mp.mpf(value.numerator) / value.denominator
    if isinstance(value, tuple):
        return mp.mpc(_convert(value[0]), _convert(value[1]))
    if isinstance(value, sympy.Basic):
        return evaluate(value, Point())
    return mp.mpf(value) if isinstance(value, int) else value


def _whole(e: Any, point: Point) -> int:
    value = evaluate(e, point)
    if not mp.isint(value):
        raise UndefinedValue(f"{e} is no integer")
    return int(mp.re(value))


def holds(condition: Any, point: Point) -> bool:
    """Decide a relational or a Boolean combination at a point."""
    if condition in (True, sympy.true):
        return True
    if condition in (False, sympy.false):
        return False
    if isinstance(condition, sympy.And):
        return all(holds(c, point) for c in condition.args)
    if isinstance(condition, sympy.Or):
        return any(holds(c, point) for c in condition.args)
    if isinstance(condition, sympy.Not):
        return not holds(condition.args[0], point)
    left, right = (evaluate(side, point) for side in condition.args)
    near = abs(left - right) <= mp.mpf(10) ** (-mp.dps // 2) * max(1, abs(left), abs(right))
    if isinstance(condition, sympy.Eq):
        return bool(near)
    if isinstance(condition, sympy.Ne):
        return not near
    left, right = _real(left), _real(right)
    if isinstance(condition, sympy.Lt | sympy.Le):
        return bool(near or left < right) if isinstance(condition, sympy.Le) else bool(not near and left < right)
    return bool(near or left > right) if isinstance(condition, sympy.Ge) else bool(not near and left > right)


def evaluate(e: Any, point: Point) -> Any:
    """Evaluate an expression at a point, or raise UndefinedValue."""
    try:
        return _evaluate(e, point)
    except (ZeroDivisionError, ValueError, OverflowError, mpmath.libmp.NoConvergence) as error:
        raise UndefinedValue(f"{e}: {error}") from error


def _evaluate(e: Any, point: Point) -> Any:
    if isinstance(e, sympy.Rational):
        return mp.mpf(e.p) / e.q
    if isinstance(e, sympy.Symbol):
        return _convert(point.values[e])
    if e is sympy.I:
        return mp.mpc(0, 1)
    if e in (sympy.oo, -sympy.oo):
        return mp.inf if e == sympy.oo else -mp.inf
    if isinstance(e, sympy.NumberSymbol):
        return +getattr(mp, CONSTANTS[type(e).__name__])
    if isinstance(e, sympy.MatrixBase | sympy.MatrixExpr | sympy.Determinant | sympy.Trace):
        return _matrix(e, point)
    if isinstance(e, sympy.Add):
        return mp.fsum(evaluate(a, point) for a in e.args)
    if isinstance(e, sympy.Mul):
        return mp.fprod([evaluate(a, point) for a in e.args])
    if isinstance(e, sympy.Pow):
        base, exponent = (evaluate(a, point) for a in e.args)
        if base == 0 and exponent != 0 and mp.re(exponent) <= 0:
            raise UndefinedValue("a power of zero")
        return base ** int(mp.re(exponent)) if mp.isint(exponent) and mp.im(exponent) == 0 else mp.power(base, exponent)
    if isinstance(e, sympy.exp):
        return mp.exp(evaluate(e.args[0], point))
    if isinstance(e, sympy.Piecewise):
        for value, condition in e.args:
            if holds(condition, point):
                return evaluate(value, point)
        raise UndefinedValue("no case of the Piecewise applies")
    if isinstance(e, sympy.Sum | sympy.Product):
        return _range(e, point)
    if isinstance(e, sympy.Integral):
        return _integral(e.function, e.limits, point)
    if isinstance(e, sympy.Derivative):
        return _derivative(e, point)
    if isinstance(e, sympy.Limit):
        return _limit(e, point)
    if isinstance(e, sympy.Subs):
        for old, new in zip(e.variables, e.point, strict=True):
            point = point.with_value(old, evaluate(new, point))
        return evaluate(e.expr, point)
    if isinstance(e, sympy.Indexed):
        return _convert(point.entry(e, [_whole(i, point) for i in e.indices]))
    if isinstance(e, AppliedUndef):
        return point.function(e)(*(evaluate(a, point) for a in e.args))
    value = FUNCTIONS[type(e).__name__](*(evaluate(a, point) for a in e.args))
    if not mp.isfinite(value):
        raise UndefinedValue(f"{e} is not finite")
    return value


def _matrix(e: Any, point: Point) -> Any:
    if isinstance(e, sympy.MatrixBase):
        return mp.matrix([[evaluate(e[i, j], point) for j in range(e.cols)] for i in range(e.rows)])
    if isinstance(e, sympy.Determinant):
        return _determinant(evaluate(e.args[0], point))
    if isinstance(e, sympy.Trace):
        m = evaluate(e.args[0], point)
        return mp.fsum(m[i, i] for i in range(m.rows))
    if isinstance(e, sympy.Inverse):
        return _inverse(evaluate(e.args[0], point))
    if isinstance(e, sympy.Transpose):
        return evaluate(e.args[0], point).T
    if isinstance(e, sympy.Identity):
        return mp.eye(int(e.args[0]))
    if isinstance(e, sympy.ZeroMatrix):
        return mp.zeros(int(e.args[0]), int(e.args[1]))
    if isinstance(e, sympy.MatPow):
        m, k = evaluate(e.args[0], point), _whole(e.args[1], point)
        if k < 0:
            m, k = _inverse(m), -k
        result = mp.eye(m.rows)
        for _ in range(k):
            result = result * m
        return result
    parts = [evaluate(a, point) for a in e.args]
    result = parts[0]
    for part in parts[1:]:
        result = result + part if isinstance(e, sympy.MatAdd) else result * part
    return result


def _determinant(m: Any) -> Any:
    if m.rows == 1:
        return m[0, 0]
    rest = range(1, m.rows)
    return mp.fsum(
        (-1) ** j * m[0, j] * _determinant(mp.matrix([[m[i, k] for k in range(m.cols) if k != j] for i in rest]))
        for j in range(m.cols)
    )


def _inverse(m: Any) -> Any:
    if abs(_determinant(m)) < mp.mpf(10) ** (-mp.dps // 2):
        raise UndefinedValue("a singular matrix")
    return m**-1


def _range(e: Any, point: Point) -> Any:
    """A sum or a product: term by term; the tails of slowly converging series by extrapolation."""
    product = isinstance(e, sympy.Product)
    *inner, (index, low, high) = e.limits
    body = e.func(e.function, *inner) if inner else e.function

    def term(k: Any) -> Any:
        return evaluate(body, point.with_value(index, mp.mpf(int(k))))

    low = _whole(low, point)
    if high == sympy.oo:
        total, small = mp.mpf(1 if product else 0), 0
        for k in range(low, low + 2500):
            t = term(k)
            total = total * t if product else total + t
            size = abs(t - 1) if product else abs(t)
            small = small + 1 if size < mp.mpf(10) ** (-mp.dps - 5) * max(1, abs(total)) else 0
            if small == 4:
                return total
            if k == low + 40 and size > mp.mpf(10) ** -4 and not e.has(sympy.floor):
                break
        if product:
            return mp.nprod(term, [low, mp.inf])
        return mp.nsum(term, [low, mp.inf])
    high = _whole(high, point)
    if high >= low - 1:
        terms = [term(k) for k in range(low, high + 1)]
        return mp.fprod(terms) if product else mp.fsum(terms)
    terms = [term(k) for k in range(high + 1, low)]
    return 1 / mp.fprod(terms) if product else -mp.fsum(terms)


def _bisect(f: Callable[[Any], Any], low: Any, high: Any) -> Any:
    rising = f(high) > 0
    for _ in range(4 * mp.dps):
        middle = (low + high) / 2
        if (f(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return high


def _breaks(e: Any, x: Any, low: Any, high: Any, point: Point) -> list[Any]:
    """Interior points at which the integrand has a kink or a jump."""
    kinks = [a.args[0] for a in e.atoms(sympy.Abs, sympy.sign, sympy.Heaviside) if a.has(x)]
    for a in e.atoms(sympy.Pow):
        if a.has(x) and a.exp.is_integer is False and isinstance(a.base, sympy.Pow):
            kinks.append(a.base.base)
    for a in e.atoms(sympy.Max, sympy.Min):
        kinks += [p - q for p in a.args for q in a.args if p != q and (p - q).has(x)]
    for a in e.atoms(sympy.core.relational.Relational):
        kinks += [a.lhs - a.rhs] if a.has(x) else []
    found: set[Any] = set()
    steps = [mp.mpf(k) / 97 for k in range(1, 97)]
    if mp.isinf(low) or mp.isinf(high):
        left, right = (
            (-1 if mp.isinf(low) else low / (1 + abs(low))),
            (1 if mp.isinf(high) else high / (1 + abs(high))),
        )
        grid = [left + (right - left) * s for s in steps]
        grid = [t / (1 - abs(t)) for t in grid]
    else:
        grid = [low + (high - low) * s for s in steps]
    for kink in kinks:

        def value(t: Any, kink: Any = kink) -> Any:
            return _real(evaluate(kink, point.with_value(x, t)))

        for s, t in pairwise(grid):
            a, b = value(s), value(t)
            if a == 0:
                found.add(s)
            elif a * b < 0:
                found.add(_bisect(value, s, t))
    for a in e.atoms(sympy.floor, sympy.ceiling):
        if a.args[0] == x:
            found.update(mp.mpf(k) for k in range(int(mp.floor(low)) + 1, int(mp.ceil(high))))
    return sorted(found)


def _integral(function: Any, limits: Any, point: Point) -> Any:
    *inner, last = limits
    if len(last) == 1:
        raise UndefinedValue("an indefinite integral")
    x, low, high = last[0], evaluate(last[1], point), evaluate(last[2], point)
    if low == high:
        return mp.mpf(0)
    sign = 1
    if mp.im(low) == 0 and mp.im(high) == 0 and low > high:
        low, high, sign = high, low, -1

    def f(t: Any) -> Any:
        inside = point.with_value(x, t)
        return _integral(function, inner, inside) if inner else evaluate(function, inside)

    waves = [a.args[0] for a in function.atoms(sympy.sin, sympy.cos) if a.has(x)]
    if mp.isinf(high) and len(waves) >= 6:  # decays fast enough to be cut off where 15 digits suffice
        return sign * mp.quad(f, [low + 4 * k for k in range(81)], method="gauss-legendre")
    if mp.isinf(high) and waves and not function.has(sympy.exp) and function.has(sympy.sin):
        one = point.with_value(x, mp.mpf(1))
        rate = min(abs(evaluate(w, one) - evaluate(w, one.with_value(x, mp.mpf(0)))) for w in waves)
        return sign * mp.quadosc(f, [low, mp.inf], omega=rate)
    middle = _breaks(function, x, low, high, point) if mp.im(low) == 0 and mp.im(high) == 0 and not inner else []
    if mp.isinf(low) and mp.isinf(high) and not middle:
        middle = [mp.mpf(0)]
    value, error = mp.quad(f, [low, *middle, high], error=True, maxdegree=9)
    if error > mp.mpf(10) ** (-mp.dps // 2) * max(1, abs(value)):
        value, error = mp.quad(f, [low, *middle, high], error=True, maxdegree=12)
    if error > mp.mpf(10) ** (-mp.dps // 2) * max(1, abs(value)):
        raise UndefinedValue("the quadrature does not converge")
    return sign * value


def _derivative(e: Any, point: Point) -> Any:
    variables = [v for v, _ in e.variable_count]
    orders = [_whole(k, point) for _, k in e.variable_count]
    at = [evaluate(v, point) for v in variables]

    def f(*xs: Any) -> Any:
        inside = point
        for v, t in zip(variables, xs, strict=True):
            inside = inside.with_value(v, t)
        return evaluate(e.expr, inside)

    if len(variables) == 1:
        return mp.diff(f, at[0], orders[0])
    return mp.diff(f, tuple(at), tuple(orders))


def _limit(e: Any, point: Point) -> Any:
    """The value very near the limit point: its error shrinks with the distance, 10**-(digits)."""
    body, x, target, direction = e.args
    digits = mp.dps
    with mp.workdps(5 * digits):
        step = mp.mpf(10) ** -digits
        if target == sympy.oo:
            return evaluate(body, point.with_value(x, 1 / step))
        if target == -sympy.oo:
            return evaluate(body, point.with_value(x, -1 / step))
        target = evaluate(target, point)
        sides = {"+": [1], "-": [-1], "+-": [1, -1]}[str(direction)]
        values = [evaluate(body, point.with_value(x, target + s * step)) for s in sides]
        if abs(values[0] - values[-1]) > mp.mpf(10) ** (-digits // 2):
            raise UndefinedValue("the one-sided limits differ")
        return values[0]


def _draw(symbol: Any, rng: random.Random) -> Any:
    """Draw an exact value that meets a symbol's assumptions, special points among them."""
    if symbol.is_integer:
        while True:
            k = rng.choice([rng.randint(-9, 9), rng.randint(-3, 3)])
            k = abs(k) if symbol.is_nonnegative else -abs(k) if symbol.is_nonpositive else k
            if k == 0 and symbol.is_zero is False:
                continue
            if (symbol.is_even and k % 2) or (symbol.is_odd and not k % 2):
                continue
            if symbol.is_prime and not sympy.isprime(k):
                continue
            return k
    special = rng.random() < 0.15
    number = Fraction(rng.choice([0, 1, -1, 2, -2])) if special else Fraction(rng.randint(-300, 300), 97)
    if symbol.is_rational and not special:
        number = Fraction(rng.randint(-40, 40), rng.randint(1, 9))
    if symbol.is_nonnegative:
        number = abs(number)
    elif symbol.is_nonpositive:
        number = -abs(number)
    if number == 0 and symbol.is_zero is False:
        number = Fraction(-1 if symbol.is_negative else 1, 2)
    if symbol.is_imaginary:
        return (Fraction(0), number or Fraction(1, 3))
    if symbol.is_real:
        return number
    if special:
        return number
    scale = rng.choice([1, 1, 3])
    return (scale * number, Fraction(scale * rng.randint(-300, 300), 97))


def points(lhs: Any, rhs: Any, where: Iterable[Any], seed: str, given: Mapping[Any, Any], tries: int) -> Iterable[Point]:
    """Yield admissible points; ``given`` fixes some of the symbols."""
    where = tuple(where)
    rng = random.Random(seed)
    free = set().union(*(e.free_symbols for e in (lhs, rhs, *where)))
    bases = {a.base for e in (lhs, rhs) for a in e.atoms(sympy.Indexed)}
    free = {s for s in free if isinstance(s, sympy.Symbol) and s not in {b.label for b in bases}}
    defined = {c.lhs: c.rhs for c in where if isinstance(c, sympy.Eq) and c.lhs in free}
    concrete = not free and not any(e.has(sympy.Indexed, AppliedUndef) for e in (lhs, rhs))
    for attempt in range(1 if concrete else tries):
        values = {s: _draw(s, rng) for s in sorted(free, key=str) if s not in defined}
        values.update(given)
        point = Point(values, attempt)
        try:
            for symbol, value in defined.items():
                if symbol not in given:
                    point = point.with_value(symbol, evaluate(value, point))
            if all(holds(c, point) for c in where):
                yield point
        except UndefinedValue:
            continue


def difference(lhs: Any, rhs: Any, point: Point) -> tuple[Any, Any, Any]:
    """Evaluate both sides: their values, and the relative size of their difference."""
    left, right = evaluate(lhs, point), evaluate(rhs, point)
    if isinstance(left, mp.matrix) or isinstance(right, mp.matrix):
        scale = max(mp.mpf(10) ** -6, mp.norm(left), mp.norm(right))
        return left, right, mp.norm(left - right) / scale
    if not mp.isfinite(left) or not mp.isfinite(right):
        raise UndefinedValue("a side is not finite")
    scale = max(mp.mpf(10) ** -6, abs(left), abs(right))
    return left, right, abs(left - right) / scale


def order(lhs: Any, rhs: Any, point: Point) -> tuple[Any, Any, int]:
    """Evaluate both sides of an inequality: their values, and the sign of right minus left, 0 where digits do not tell."""
    left, right = _real(evaluate(lhs, point)), _real(evaluate(rhs, point))
    if not mp.isfinite(left) or not mp.isfinite(right):
        raise UndefinedValue("a side is not finite")
    scale = max(mp.mpf(10) ** -6, abs(left), abs(right))
    if abs(right - left) <= 100 * mp.mpf(10) ** (-mp.dps // 2) * scale:
        return left, right, 0
    return left, right, 1 if right > left else -1
