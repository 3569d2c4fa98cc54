"""An expression at a point, enclosed in ball arithmetic (Arb, through python-flint).

A value is an `fmpq` while it is exactly rational, so that floors, parities and comparisons of rationals are exact, and an
`acb` ball otherwise. Where a value has no rigorous enclosure here (infinite sums and integrals, limits) a numerical
one is used and `Evaluator.rigorous` turns false.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import acb, arb, ctx, fmpq, fmpq_mpoly_ctx, fmpz

from derivable.trusted.heads import Expectation, Partial, SpaceIntegral
from derivable.trusted.kinks import PLACED, kinks, sign_changes, smooth_part, turning_points
from derivable.trusted.quadrature import Unseen, Unsettled, double_exponential
from derivable.trusted.rational_series import Diverges, rational_product, rational_series

Value = fmpq | acb
ONE, NOTHING, HALF = fmpq(1), fmpq(0), fmpq(1, 2)
TERMS = 4000  # the longest sum or product that is added up term by term
SEVERAL = 4  # terms from which on it pays to look for what they share
BLOCK = 8  # terms of an infinite sum that are looked at together
PIECES = 24  # of a range that corners and jumps divide
DEGREE = 400  # the highest of a polynomial that is integrated exactly


class Undecided(Exception):
    """The balls are too wide to decide a comparison, a floor or a branch: more precision may help."""


class Undefined(Exception):
    """The expression has no finite value at the point."""


class Unsupported(Exception):
    """No enclosure of this kind of expression is known here."""


# what an evaluation at a point may raise; the point then says nothing
NO_VALUE = (Undecided, Undefined, Unsupported, ValueError, TypeError, ZeroDivisionError, KeyError)


def exact_number(value: arb) -> Any:
    """A ball without a radius, such as an end point of another: a dyadic rational number of SymPy's."""
    number = value.fmpq()
    return sp.Rational(int(number.numerator), int(number.denominator))


def rational_beside(number: Any, way: int) -> Any:
    """A real constant itself if it is rational, else a rational number a little above it (way 1) or below it (-1)."""
    if number.is_Rational:
        return number
    outer = ctx.prec
    try:
        for precision in (96, 400, 1600):
            ctx.prec = precision
            value = ball(Evaluator({})(number)).real
            if value.rad() < (abs(value) + 1) * arb(2) ** -60:
                break
        return exact_number(value.upper() if way > 0 else value.lower())
    finally:
        ctx.prec = outer


def rational(value: Any) -> fmpq:
    """A SymPy rational or a Fraction as an `fmpq`."""
    if isinstance(value, fmpq):
        return value
    fraction = Fraction(int(value.p), int(value.q)) if isinstance(value, sp.Rational) else Fraction(value)
    return fmpq(fraction.numerator, fraction.denominator)


def ball(value: Value) -> acb:
    """Any value as a complex ball."""
    return value if isinstance(value, acb) else acb(arb(value))


def whole(value: Value) -> int:
    """The value of an index, a bound or an order; `Undefined` for what is not an integer."""
    if not isinstance(value, fmpq) or value.denominator != 1:
        raise Undefined("an index, a bound or an order that is not an integer")
    return int(value.numerator)


def finite(value: Value) -> Value:
    """The value itself; `Undefined` when it is not finite (a division by a ball that contains zero)."""
    if isinstance(value, acb) and not value.is_finite():
        raise Undecided("a ball without bounds")
    return value


def sign(value: Value) -> int:
    """-1, 0 or 1 for a real value; `Undecided` when the ball straddles zero, `Undefined` off the real line."""
    if isinstance(value, fmpq):
        return (value > 0) - (value < 0)
    if not value.imag.contains(0):
        raise Undefined("the order of complex numbers")
    if not value.imag.is_zero() and not value.imag.is_exact():
        value = acb(value.real)  # real by construction: the imaginary ball holds 0 and the expression is real
    if value.real > 0:
        return 1
    if value.real < 0:
        return -1
    if value.real.is_zero():
        return 0
    raise Undecided("a sign")


def show(value: Value, digits: int = 15) -> str:
    """A value as text: a rational exactly, a ball with its radius."""
    if isinstance(value, fmpq):
        return str(value)
    real = value.real.str(digits, radius=True)
    if value.imag.is_zero():
        return str(real)
    return f"{real} + {value.imag.str(digits, radius=True)} i"


def floor(value: Value) -> Value:
    """The exact floor of a real value."""
    if isinstance(value, fmpq):
        return fmpq(value.floor())
    if not value.imag.contains(0):
        raise Unsupported("the floor of a complex number")
    whole = value.real.floor().unique_fmpz()
    if whole is None:
        raise Undecided("a floor")
    return fmpq(whole)


def power(base: Value, exponent: Value) -> Value:
    """base ** exponent = exp(exponent log base), principal branch; 0 ** 0 = 1, 0 ** x = 0 for x of positive real part."""
    if isinstance(exponent, fmpq) and exponent.denominator == 1:
        n = int(exponent.numerator)
        if isinstance(base, fmpq):
            if base == 0 and n < 0:
                raise Undefined("division by zero")
            if abs(n) * (base.numerator.bit_length() + base.denominator.bit_length()) < 1 << 16:
                return base**n
        if n < 0 and ball(base).contains(acb(0)):
            raise Undecided("division by a ball that contains zero")
        return finite(ball(base) ** n)
    if isinstance(base, fmpq) and base > 0 and isinstance(exponent, fmpq) and exponent.denominator <= 12:
        # the exact root of a perfect power, so that sides which meet there are seen to be equal
        q, top, bottom = int(exponent.denominator), int(base.numerator), int(base.denominator)
        if max(top.bit_length(), bottom.bit_length()) < 2048:
            (a, exact), (b, exact_too) = sp.integer_nthroot(top, q), sp.integer_nthroot(bottom, q)
            if exact and exact_too:
                return power(fmpq(a, b), fmpq(exponent.numerator))
    if isinstance(base, fmpq) and base == 0:
        if ball(exponent).real > 0:
            return fmpq(0)
        raise Undefined("zero to a power without positive real part")
    b = ball(base)
    if isinstance(exponent, fmpq) and exponent.denominator == 2:
        root = b.sqrt()
        return finite(root ** int(exponent.numerator))
    return finite(b.pow(ball(exponent)))


def _exact(function: Callable[[acb], acb], at_zero: int | None = None) -> Callable[[Value], Value]:
    def apply(value: Value) -> Value:
        if at_zero is not None and isinstance(value, fmpq) and value == 0:
            return fmpq(at_zero)
        return finite(function(ball(value)))

    return apply


def _gamma(value: Value) -> Value:
    if isinstance(value, fmpq) and value.denominator == 1:
        if value <= 0:
            raise Undefined("the gamma function at a pole")
        if value < 400:
            return fmpq(fmpz.fac_ui(fmpz(value.numerator) - 1))
    return finite(ball(value).gamma())


def _binomial(n: Value, k: Value) -> Value:
    """n (n-1) … (n-k+1) / k! for a natural k, 0 for a negative integer k, else by the gamma function."""
    if isinstance(k, fmpq) and k.denominator == 1:
        if k < 0:
            if isinstance(n, fmpq) and n.denominator == 1 and n < 0:
                raise Undefined("a binomial whose value is a matter of convention")
            return fmpq(0)
        if k < 400:
            result: Value = fmpq(1)
            for j in range(int(k.numerator)):
                result = result * (n - j) / (j + 1)
            return result
    bottom = ball(k + 1).rgamma() * ball(n - k + 1).rgamma()
    return finite(ball(_gamma(n + 1)) * bottom)


def _degree(method: str) -> Callable[[Value, Value], Value]:
    def apply(degree: Value, x: Value) -> Value:
        return finite(getattr(ball(x), method)(ball(degree)))

    return apply


def _legendre(n: Value, x: Value) -> Value:
    if isinstance(n, fmpq) and n.denominator == 1 and 0 <= n < 400:
        last: Value = fmpq(0)
        value: Value = fmpq(1)
        for m in range(int(n.numerator)):
            last, value = value, ((2 * m + 1) * x * value - m * last) / (m + 1)
        return value
    return finite(ball(x).legendre_p(ball(n)))


def _divide(a: Value, b: Value) -> Value:
    return a * power(b, fmpq(-1))


def _pi() -> acb:
    return acb(arb.pi())


FUNCTIONS: dict[Any, Callable[..., Value]] = {
    sp.exp: _exact(acb.exp, 1),
    sp.sin: _exact(acb.sin, 0),
    sp.cos: _exact(acb.cos, 1),
    sp.tan: _exact(acb.tan, 0),
    sp.cot: _exact(acb.cot),
    sp.sec: _exact(acb.sec, 1),
    sp.csc: _exact(acb.csc),
    sp.sinh: _exact(acb.sinh, 0),
    sp.cosh: _exact(acb.cosh, 1),
    sp.tanh: _exact(acb.tanh, 0),
    sp.coth: _exact(acb.coth),
    sp.sech: _exact(acb.sech, 1),
    sp.csch: _exact(acb.csch),
    sp.asin: _exact(acb.asin, 0),
    sp.acos: _exact(acb.acos),
    sp.atan: _exact(acb.atan, 0),
    sp.acot: lambda x: finite(ball(power(x, fmpq(-1))).atan()) if sign_or_none(x) != 0 else _pi() / 2,
    sp.asinh: _exact(acb.asinh, 0),
    sp.acosh: _exact(acb.acosh),
    sp.atanh: _exact(acb.atanh, 0),
    sp.acoth: lambda x: finite(ball(power(x, fmpq(-1))).atanh()) if sign_or_none(x) != 0 else _pi() / 2 * acb(0, 1),
    sp.asec: lambda x: finite(ball(power(x, fmpq(-1))).acos()),
    sp.acsc: lambda x: finite(ball(power(x, fmpq(-1))).asin()),
    sp.asech: lambda x: finite(ball(power(x, fmpq(-1))).acosh()),
    sp.acsch: lambda x: finite(ball(power(x, fmpq(-1))).asinh()),
    sp.sinc: _exact(acb.sinc, 1),
    sp.erf: _exact(acb.erf, 0),
    sp.erfc: _exact(acb.erfc, 1),
    sp.erfi: _exact(acb.erfi, 0),
    sp.gamma: _gamma,
    sp.factorial: lambda n: _gamma(n + 1),
    sp.factorial2: lambda n: _double_factorial(n),
    sp.loggamma: _exact(acb.lgamma),
    sp.digamma: _exact(acb.digamma),
    sp.harmonic: lambda n, m=ONE: _harmonic(n, m),
    sp.polygamma: lambda m, x: finite(ball(x).digamma() if m == 0 else ball(x).polygamma(ball(m))),
    sp.beta: lambda a, b: ball(_gamma(a)) * ball(_gamma(b)) * ball(a + b).rgamma(),
    sp.binomial: _binomial,
    sp.RisingFactorial: lambda x, n: _ratio(x + n, x),
    sp.FallingFactorial: lambda x, n: _ratio(x + 1, x - n + 1),
    sp.catalan: lambda n: _catalan(n),
    sp.bernoulli: lambda n, x=ONE: _bernoulli(n, x),
    sp.euler: lambda n: fmpq(fmpz.euler_number(_natural(n))),
    sp.bell: lambda n: fmpq(fmpz.bell_number(_natural(n))),
    sp.subfactorial: lambda n: fmpq(functools.reduce(lambda last, k: k * last + (-1) ** k, range(1, _natural(n) + 1), 1)),
    sp.dirichlet_eta: _exact(acb.dirichlet_eta),
    sp.polylog: lambda s, z: finite(ball(z).polylog(ball(s))),
    sp.zeta: lambda s, a=ONE: finite(ball(s).zeta(ball(a))),
    sp.LambertW: lambda x, k=NOTHING: finite(ball(x).lambertw(int(k.numerator))),
    sp.besselj: lambda n, x: finite(ball(x).bessel_j(ball(n))),
    sp.bessely: lambda n, x: finite(ball(x).bessel_y(ball(n))),
    sp.besseli: lambda n, x: finite(ball(x).bessel_i(ball(n))),
    sp.besselk: lambda n, x: finite(ball(x).bessel_k(ball(n))),
    sp.hankel1: lambda n, x: finite(ball(x).bessel_j(ball(n)) + acb(0, 1) * ball(x).bessel_y(ball(n))),
    sp.hankel2: lambda n, x: finite(ball(x).bessel_j(ball(n)) - acb(0, 1) * ball(x).bessel_y(ball(n))),
    sp.jn: lambda n, x: finite((_pi() / 2).sqrt() / ball(x).sqrt() * ball(x).bessel_j(ball(n) + acb(0.5))),
    sp.yn: lambda n, x: finite((_pi() / 2).sqrt() / ball(x).sqrt() * ball(x).bessel_y(ball(n) + acb(0.5))),
    sp.legendre: _legendre,
    sp.chebyshevt: _degree("chebyshev_t"),
    sp.chebyshevu: _degree("chebyshev_u"),
    sp.hermite: _degree("hermite_h"),
    sp.hermite_prob: lambda n, x: power(fmpq(2), -n / 2) * finite((ball(x) / acb(2).sqrt()).hermite_h(ball(n))),
    sp.laguerre: lambda n, x: finite(ball(x).laguerre_l(ball(n))),
    sp.assoc_laguerre: lambda n, a, x: finite(ball(x).laguerre_l(ball(n), ball(a))),
    sp.gegenbauer: lambda n, a, x: finite(ball(x).gegenbauer_c(ball(n), ball(a))),
    sp.lowergamma: lambda s, x: finite(ball(x).gamma_lower(ball(s))),
    sp.uppergamma: lambda s, x: finite(ball(x).gamma_upper(ball(s))),
    sp.erf2: lambda a, b: finite(ball(b).erf() - ball(a).erf()),
    sp.erfinv: lambda x: finite(acb(_real(x).erfinv())),
    sp.erfcinv: lambda x: finite(acb(_real(x).erfcinv())),
    sp.expint: lambda n, x: finite(ball(x).expint(ball(n))),
    sp.Ei: _exact(acb.ei),
    sp.li: _exact(acb.li),
    sp.Si: _exact(acb.si, 0),
    sp.Ci: _exact(acb.ci),
    sp.Shi: _exact(acb.shi, 0),
    sp.Chi: _exact(acb.chi),
    sp.fresnels: _exact(acb.fresnel_s, 0),
    sp.fresnelc: _exact(acb.fresnel_c, 0),
    sp.airyai: _exact(acb.airy_ai),
    sp.airybi: _exact(acb.airy_bi),
    sp.airyaiprime: lambda x: finite(ball(x).airy_ai(1)),
    sp.airybiprime: lambda x: finite(ball(x).airy_bi(1)),
    sp.elliptic_k: lambda m, *rest: finite(_complete(m, rest).elliptic_k()),
    sp.elliptic_e: lambda m, *rest: finite(_complete(m, rest).elliptic_e()),
    sp.elliptic_f: lambda angle, m: finite(acb.elliptic_f(ball(angle), ball(m))),
    sp.jacobi: lambda n, a, b, x: finite(ball(x).jacobi_p(ball(n), ball(a), ball(b))),
    sp.fibonacci: lambda n: _fibonacci(n),
    sp.lucas: lambda n: _fibonacci(n - 1) + _fibonacci(n + 1),
    sp.floor: floor,
    sp.ceiling: lambda x: -floor(-x),
    sp.frac: lambda x: x - floor(x),
    sp.Mod: lambda a, b: a - b * floor(_divide(a, b)),
    sp.re: lambda x: x if isinstance(x, fmpq) else acb(x.real),
    sp.im: lambda x: fmpq(0) if isinstance(x, fmpq) else acb(x.imag),
    sp.conjugate: lambda x: x if isinstance(x, fmpq) else x.conjugate(),
    sp.Abs: lambda x: abs(x) if isinstance(x, fmpq) else acb(abs(x)),
    sp.arg: lambda x: _argument(x),
    sp.sign: lambda x: fmpq(sign(x)) if sign_or_none(x) is not None else finite(x / acb(abs(x))),
    sp.Heaviside: lambda x, h=HALF: (fmpq(0), h, fmpq(1))[sign(x) + 1],
    sp.KroneckerDelta: lambda i, j: fmpq(int(sign(i - j) == 0)),
    sp.atan2: lambda y, x: _argument(ball(x) + ball(y) * acb(0, 1)),
}
# functions of πu or iπu by u: their values at whole and half u are exact, so that equations such as exp(iπn) = 1 are decided
TURNS: dict[Any, tuple[tuple[Any, ...], Callable[[acb], acb]]] = {
    sp.exp: ((sp.I, sp.pi), acb.exp_pi_i),
    sp.sin: ((sp.pi,), acb.sin_pi),
    sp.cos: ((sp.pi,), acb.cos_pi),
    sp.tan: ((sp.pi,), acb.tan_pi),
    sp.cot: ((sp.pi,), acb.cot_pi),
}
CONSTANTS: dict[Any, Callable[[], acb]] = {
    sp.pi: _pi,
    sp.E: lambda: acb(arb.const_e()),
    sp.EulerGamma: lambda: acb(arb.const_euler()),
    sp.Catalan: lambda: acb(arb.const_catalan()),
    sp.GoldenRatio: lambda: (1 + acb(5).sqrt()) / 2,
    sp.I: lambda: acb(0, 1),
}


def _collapsed(value: Value) -> Value:
    """A ball that is a rational point, as that number."""
    if isinstance(value, acb) and value.imag.is_zero() and value.real.is_exact():
        return value.real.fmpq()
    return value


def _complete(parameter: Value, rest: tuple[Value, ...]) -> acb:
    """The parameter of a complete elliptic integral."""
    if rest:
        raise Unsupported("an incomplete elliptic integral")
    return ball(parameter)


def _real(value: Value) -> arb:
    """A real argument of a function that is defined for such alone."""
    if not ball(value).imag.is_zero():
        raise Unsupported("an inverse error function off the real line")
    return ball(value).real


def _natural(n: Value) -> int:
    if not isinstance(n, fmpq) or n.denominator != 1 or not 0 <= n < TERMS:
        raise Unsupported("a sequence of numbers at what is no natural number, or a large one")
    return int(n.numerator)


def _catalan(n: Value) -> Value:
    """C_n = 4^n Γ(n + 1/2) / (√π Γ(n + 2))."""
    if isinstance(n, fmpq) and n.denominator == 1 and 0 <= n < 200:
        return _divide(_binomial(2 * n, n), n + 1)
    return finite(power(fmpq(4), n) * ball(_gamma(n + HALF)) * ball(n + 2).rgamma() / _pi().sqrt())


def _bernoulli(n: Value, x: Value) -> Value:
    """B_n = B_n(1), so that B_1 = 1/2, or the polynomial B_n(x) = Σ_k C(n, k) B_k(0) x^{n-k}."""
    degree = _natural(n)
    if x == 1:
        return fmpq(1, 2) if degree == 1 else fmpq.bernoulli(degree)
    total: Value = NOTHING
    for k in range(degree + 1):
        total = total + fmpq.bernoulli(k) * _binomial(n, fmpq(k)) * power(x, fmpq(degree - k))
    return total


def sign_or_none(value: Value) -> int | None:
    """The sign of a real value, None for one that is not real."""
    if isinstance(value, acb) and not value.imag.is_zero():
        return None
    return sign(value)


def _argument(value: Value) -> Value:
    if sign_or_none(value) == 0:
        raise Undefined("the argument of zero")
    return acb(ball(value).arg())


def _harmonic(n: Value, m: Value) -> Value:
    if isinstance(n, fmpq) and n.denominator == 1 and 0 <= n < TERMS and m == 1:
        return fmpq.harmonic(whole(n))
    if isinstance(n, fmpq) and n.denominator == 1 and 0 <= n < TERMS:
        return sum((fmpq(1, j) ** whole(m) for j in range(1, whole(n) + 1)), fmpq(0))
    if m != 1:
        raise Unsupported("harmonic numbers of higher order at a non-integer")
    return _digamma_harmonic(n)


def _digamma_harmonic(n: Value) -> Value:
    return finite(ball(n + 1).digamma() + acb(arb.const_euler()))


def _ratio(a: Value, b: Value) -> Value:
    difference = a - b
    if isinstance(difference, fmpq) and difference.denominator == 1 and 0 <= difference < TERMS:
        result: Value = fmpq(1)
        for j in range(int(difference.numerator)):
            result = result * (b + j)
        return result
    return ball(_gamma(a)) * ball(b).rgamma()


def _double_factorial(n: Value) -> Value:
    """n (n - 2) (n - 4) … down to 1 or 2; 1 for 0 and -1."""
    if not isinstance(n, fmpq) or n.denominator != 1 or not -1 <= n < 2000:
        raise Unsupported("the double factorial of a number that is no natural one")
    return fmpq(math.prod(range(int(n.numerator), 1, -2)))


def _fibonacci(n: Value) -> Value:
    if isinstance(n, fmpq) and n.denominator == 1 and abs(n) < 10**5:
        k = int(n.numerator)
        value = fmpq(fmpz.fib_ui(fmpz(abs(k))))
        return -value if k < 0 and k % 2 == 0 else value
    raise Unsupported("Fibonacci numbers at a non-integer")


_NUMBERS: dict[Any, fmpq] = {}  # rational numbers that were met, converted once


@functools.lru_cache(maxsize=4096)
def _element(base: Any, indices: tuple[int, ...]) -> Any:
    return base[indices]


@functools.lru_cache(maxsize=4096)
def _derivative(e: Any, variables: tuple[tuple[Any, int], ...]) -> Any:
    """The derivative of e, count times by each variable; statements that differ in one place share most of them."""
    for variable, count in variables:
        for _ in range(count):
            e = sp.diff(e, variable)
    return e


@functools.lru_cache(maxsize=4096)
def _fixed_parts(e: Any, variable: Any) -> tuple[Any, ...]:
    """What of e does not change with a variable: sums, products, powers and values of functions that stand in it as they are,
    and share no symbol with the variable nor with what else may bind one (another sum or integral in e)."""
    moving = {variable}.union(*(part.atoms(sp.Symbol) for part in _plain_parts(e) if part.args and not _is_plain(part)))
    return tuple(part for part in _plain_parts(e, moving) if _is_plain(part) and not part.atoms(sp.Symbol) & moving)


def _plain_parts(e: Any, moving: frozenset[Any] | set[Any] | None = None) -> Iterator[Any]:
    """The parts of e that are evaluated whenever e is; with `moving`, none inside a part without these symbols."""
    yield e
    if _is_plain(e) and (moving is None or e.atoms(sp.Symbol) & moving):
        for part in e.args:
            yield from _plain_parts(part, moving)


def _is_plain(e: Any) -> bool:
    return e.__class__ in (sp.Add, sp.Mul, sp.Pow) or e.__class__ in FUNCTIONS


class Evaluator:
    """Encloses expressions at one point.

    `values` maps symbols, and elements such as `s[2]`, to values; a missing element is asked of `element(base, indices)`.
    Undefined functions have to be replaced before. Raises `Undecided`, `Undefined` or `Unsupported`.
    """

    def __init__(
        self,
        values: Mapping[Any, Value],
        element: Callable[[Any, tuple[int, ...]], Value] | None = None,
        derivatives: dict[Any, Any] | None = None,
    ):
        self.values = dict(values)
        self.element = element
        self.laws: dict[Any, Any] = {}  # of random variables
        self._means: dict[Any, tuple[Value, bool]] = {}  # with whether they are enclosures
        self._held: dict[Any, Value] = {}  # while a variable moves, what does not change with it
        self.rigorous = True
        self.solved: set[Any] = set()  # the equations among the hypotheses that a value was chosen to make true
        self.doubtful = False  # a hypothesis is only seen to hold to many digits at this point
        self.derivatives: dict[Any, Any] = {} if derivatives is None else derivatives  # written out before, at whatever point

    def __call__(self, e: Any) -> Value:
        """The value of e."""
        known = self.values.get(e)
        if known is not None:
            return known
        if self._held and e in self._held:
            return self._held[e]
        kind = e.__class__
        if kind is sp.Add:
            total: Value = NOTHING
            for term in e.args:
                total = total + self(term)
            return total
        if kind is sp.Mul:
            product: Value = ONE
            for factor in e.args:
                product = product * self(factor)
            return product
        if kind is sp.Pow:
            return power(self(e.base), self(e.exp))
        number = _NUMBERS.get(e)
        if number is not None:
            return number
        if kind in TURNS:
            unit, by_half_turns = TURNS[kind]
            half_turns = self._without(unit, e.args[0])
            if half_turns is not None:
                return _collapsed(finite(by_half_turns(ball(half_turns))))
        if kind in FUNCTIONS:
            return FUNCTIONS[kind](*[self(argument) for argument in e.args])
        if isinstance(e, sp.Rational):
            return _NUMBERS.setdefault(e, rational(e))
        if isinstance(e, sp.Float):
            return rational(sp.Rational(str(e)))
        if e in CONSTANTS:
            return CONSTANTS[e]()
        if isinstance(e, sp.log):
            return self._log(e)
        method = getattr(self, f"_{kind.__name__}", None)
        if method is None:
            if e in (sp.oo, -sp.oo, sp.zoo, sp.nan):
                raise Undefined(str(e))
            raise Unsupported(f"no ball enclosure of {kind.__name__}")
        return method(e)

    def _without(self, unit: tuple[Any, ...], e: Any) -> Value | None:
        """The value of e over the product of the constants `unit`, each of which is a factor of every term; else None."""
        terms = e.args if isinstance(e, sp.Add) else (e,)
        if not all(isinstance(term, sp.Mul) and all(constant in term.args for constant in unit) for term in terms):
            return None
        total: Value = NOTHING
        for term in terms:
            factors = list(term.args)
            for constant in unit:
                factors.remove(constant)
            product: Value = ONE
            for factor in factors:
                product = product * self(factor)
            total = total + product
        return total

    def _log(self, e: Any) -> Value:
        value = self(e.args[0])
        if isinstance(value, fmpq):
            if value == 0:
                raise Undefined("log 0")
            if value == 1:
                return fmpq(0)
        result = finite(ball(value).log())
        return result if len(e.args) == 1 else result / ball(self(e.args[1])).log()

    def holds(self, relation: Any) -> bool:
        """Whether a relation, or a Boolean combination of relations, holds."""
        if relation in (True, sp.true):
            return True
        if relation in (False, sp.false):
            return False
        if isinstance(relation, sp.And):
            return all(self.holds(part) for part in relation.args)
        if isinstance(relation, sp.Or):
            return any(self.holds(part) for part in relation.args)
        if isinstance(relation, sp.Not):
            return not self.holds(relation.args[0])
        if isinstance(relation, sp.core.relational.Relational):
            difference = self(relation.lhs) - self(relation.rhs)
            if isinstance(relation, sp.Eq | sp.Ne):
                same = difference == 0 if isinstance(difference, fmpq) else None
                if same is None:
                    if not ball(difference).contains(acb(0)):
                        same = False
                    elif isinstance(difference, acb) and difference.is_zero():
                        same = True
                    else:
                        raise Undecided("an equation")
                return same if isinstance(relation, sp.Eq) else not same
            order = sign(difference)
            return {sp.Gt: order > 0, sp.Ge: order >= 0, sp.Lt: order < 0, sp.Le: order <= 0}[relation.func]
        raise Unsupported(f"the condition {relation}")

    def _Indexed(self, e: Any) -> Value:
        indices = []
        for index in e.indices:
            value = self(index)
            if not isinstance(value, fmpq) or value.denominator != 1:
                raise Undefined(f"the index {index} is not an integer")
            indices.append(int(value.numerator))
        key = _element(e.base, tuple(indices)) if indices else e
        if key not in self.values:
            if self.element is None:
                raise Unsupported(f"no value for {key}")
            self.values[key] = self.element(e.base, tuple(indices))
        return self.values[key]

    def _Piecewise(self, e: Any) -> Value:
        for value, condition in e.args:
            if self.holds(condition):
                return self(value)
        raise Undefined("no case of the Piecewise applies")

    def _extremum(self, e: Any, direction: int) -> Value:
        best = self(e.args[0])
        for argument in e.args[1:]:
            value = self(argument)
            if isinstance(best, fmpq) and isinstance(value, fmpq):
                best = value if direction * (value - best) > 0 else best
            elif ball(best).imag.is_zero() and ball(value).imag.is_zero():
                a, b = ball(best).real, ball(value).real
                best = acb(a.max(b) if direction > 0 else a.min(b))
            else:
                raise Undefined("the order of complex numbers")
        return best

    def _Max(self, e: Any) -> Value:
        return self._extremum(e, 1)

    def _Min(self, e: Any) -> Value:
        return self._extremum(e, -1)

    def _bounds(self, limits: Any) -> tuple[Any, int, int | None]:
        index, lower, upper = limits
        a = self(lower)
        b = None if upper is sp.oo else self(upper)
        return index, whole(a), None if b is None else whole(b)

    def at(self, values: Mapping[Any, Value], e: Any) -> Value:
        """The value of e where some symbols or elements have other values."""
        before, held = dict(self.values), self._held
        self.values.update(values)
        self._held = {}
        try:
            return self(e)
        finally:
            self.values, self._held = before, held

    def _with(self, symbol: Any, value: Value, e: Any) -> Value:
        before = self.values.get(symbol)
        self.values[symbol] = value
        try:
            return self(e)
        finally:
            if before is None:
                del self.values[symbol]
            else:
                self.values[symbol] = before

    @contextlib.contextmanager
    def _moving(self, variable: Any, e: Any) -> Iterator[None]:
        """For many values of a variable: what of e does not change with it is evaluated once."""
        outer = self._held
        self._held = dict(outer)
        for part in _fixed_parts(e, variable):
            with contextlib.suppress(*NO_VALUE):
                self._held[part] = self(part)
        try:
            yield
        finally:
            self._held = outer

    def _iterate(self, e: Any, start: Value, combine: Callable[[Value, Value], Value]) -> Value:
        inner = e.args[0] if len(e.limits) == 1 else e.func(e.args[0], *e.limits[:-1])
        if e.limits[-1][1:] == (-sp.oo, sp.oo):
            return self._over_all_integers(inner, e.limits[-1][0], start)
        index, a, b = self._bounds(e.limits[-1])
        with self._moving(index, inner) if b is None or b - a > SEVERAL else contextlib.nullcontext():
            return self._iterated(inner, index, a, b, start, combine)

    def _iterated(self, inner: Any, index: Any, a: int, b: int | None, start: Value, combine: Any) -> Value:
        if b is None:
            return self._series(inner, index, a, start, combine)
        if b - a > TERMS:
            raise Unsupported(f"more than {TERMS} terms")
        result = start
        for k in range(a, b + 1):
            result = combine(result, self._with(index, fmpq(k), inner))
        # Karr's convention, SymPy's own: a range that runs backwards undoes the terms between its ends.
        for k in range(b + 1, a):
            term = self._with(index, fmpq(k), inner)
            result = combine(result, -term if start == 0 else power(term, fmpq(-1)))
        return result

    def _Sum(self, e: Any) -> Value:
        return self._iterate(e, fmpq(0), lambda total, term: total + term)

    def _Product(self, e: Any) -> Value:
        return self._iterate(e, fmpq(1), lambda total, factor: total * factor)

    def _series(self, term: Any, index: Any, a: int, start: Value, combine: Any) -> Value:
        """Partial sums while the terms shrink at least like a geometric sequence: a numerical value. Of rational terms a ball."""
        known = self._of_rational_terms(rational_series if start == 0 else rational_product, term, index, a)
        if known is not None:
            return known
        self.rigorous = False
        total, quiet = start, 0
        largest: list[arb] = []  # terms of blocks: those of oscillating sequences shrink as a whole
        small = arb(2) ** -ctx.prec

        def size_at(k: int) -> tuple[Value, arb]:
            value = self._with(index, fmpq(k), term)
            return value, abs(ball(value if start == 0 else value - 1))

        for k in range(a, a + TERMS):
            value, size = size_at(k)
            total = combine(total, value)
            if isinstance(total, fmpq):
                total = ball(total)
            if (k - a) % BLOCK == 0:
                largest.append(size)
            elif not size <= largest[-1]:
                largest[-1] = size
            if (k - a) % BLOCK < BLOCK - 1:
                continue
            shrinks = len(largest) > 1 and (largest[-1] * 5 <= largest[-2] * 2 or largest[-1].is_zero())
            quiet = quiet + 1 if shrinks else 0
            if quiet > 1 and largest[-1] < small and not ball(total).is_zero():
                # a look ahead: terms that rise again later would have been missed
                if all(size_at(k + step)[1] < small * 2 for step in (7, 31, 127, 509, 2039)):
                    return total
                quiet = 0
        raise Unsupported("an infinite sum that does not converge like a geometric one")

    def _over_all_integers(self, term: Any, index: Any, start: Value) -> Value:
        """A sum over all integers of rational terms, each half of which converges."""
        if start == 0:
            after = self._of_rational_terms(rational_series, term, index, 0)
            before = self._of_rational_terms(rational_series, term.xreplace({index: -index}), index, 1)
            if after is not None and before is not None:
                return after + before
        raise Unsupported("a sum or product over all integers of other than rational terms")

    def _of_rational_terms(self, rule: Callable[[Any, Any, int], acb | None], term: Any, index: Any, a: int) -> Value | None:
        values = {s: self.values.get(s) for s in term.free_symbols - {index}}
        if not all(isinstance(v, fmpq) for v in values.values()):
            return None
        numbers = {s: sp.Rational(int(v.numerator), int(v.denominator)) for s, v in values.items() if isinstance(v, fmpq)}
        try:
            found = rule(term.subs(numbers), index, a)
        except Diverges as reason:
            raise Undefined(str(reason)) from reason
        return None if found is None else finite(found)

    def _Integral(self, e: Any) -> Value:
        if len(e.limits) != 1 or len(e.limits[0]) != 3:
            if len(e.limits[-1]) != 3:
                raise Unsupported("an integral without limits")
            self.rigorous = False
            inner = e.func(e.args[0], *e.limits[:-1])
        else:
            inner = e.args[0]
        variable, lower, upper = e.limits[-1]
        if inner.has(sp.Derivative, sp.Subs, Partial, sp.Sum, *POLYNOMIALS):
            inner = self._written_out(inner, {variable})
        a = self.bound(lower)
        b = self.bound(upper)
        return self._over(inner, variable, a, b)

    def _over(self, inner: Any, variable: Any, a: Any, b: Any) -> Value:
        """∫_a^b, piece by piece between the corners and jumps of what is integrated."""
        if inner == 0 or a == b:
            return NOTHING
        if a == "oo" or b == "-oo":
            return NOTHING - self._over(inner, variable, b, a)
        pieces = self._pieces(inner, variable, a, b)
        if pieces is not None:
            places = [pieces[0][0], *(_middle(high) for _, high, _ in pieces[:-1]), pieces[-1][1]]
            parts = (
                self._over(part, variable, *ends) for ends, (_, _, part) in zip(itertools.pairwise(places), pieces, strict=True)
            )
            whole = sum(parts, NOTHING)
            for (_, place, before), (_, _, after) in itertools.pairwise(pieces):
                whole += self._astride(before - after, variable, place)
            return whole
        if not isinstance(a, str) and not isinstance(b, str):
            coefficients = self.coefficients(inner, variable)
            if coefficients is not None:
                return self._polynomial_integral(coefficients, a, b)
        with self._moving(variable, inner):
            return self._integrated(inner, variable, a, b)

    def _pieces(self, inner: Any, x: Any, a: Any, b: Any) -> list[tuple[Any, Any, Any]] | None:
        """(low, high, integrand there) between the places where the innermost moduli, maxima, signs and cases turn.

        Places where what turns is linear are exact, others numerical. None if nothing turns, or it is not seen where.
        """
        nodes = kinks(inner, x)
        if not nodes:
            return None
        try:
            if not isinstance(a, str) and not isinstance(b, str) and sign(b - a) < 0:
                return [(low, high, -part) for low, high, part in self._pieces(inner, x, b, a) or [(b, a, inner)]]
            edges = {edge for node in nodes for edge in turning_points(node) if edge.has(x)}
            places = [place for edge in edges for place in self._zeros(edge, x, a, b)]
            ends = [a, *sorted(places, key=lambda place: float(ball(place).real.mid())), b]
            if len(ends) > PIECES:
                return None
            pieces = []
            for low, high in itertools.pairwise(ends):
                middle = _between(_middle(low), _middle(high))
                signs = functools.partial(self._sign_at, x, middle)
                holds = functools.partial(self._holds_at, x, middle)
                pieces.append((low, high, inner.xreplace({node: smooth_part(node, signs, holds) for node in nodes})))
            return pieces
        except NO_VALUE:
            return None

    def _astride(self, jump: Any, x: Any, place: Value) -> Value:
        """What ∫ of the one piece and the other may be off, where the place between them is a ball."""
        if not isinstance(place, acb) or place.real.rad() == 0 or jump == 0:
            return NOTHING
        radius = arb(place.real.rad())
        most = abs(ball(self._with(x, acb(place.real), jump)))
        if not most.is_finite():
            raise Unsupported("a jump of unknown size")
        error = arb(0, (most * radius).upper())
        return acb(error, error)

    def _sign_at(self, x: Any, place: Value, e: Any) -> int:
        return sign(self._with(x, place, e))

    def _holds_at(self, x: Any, place: Value, condition: Any) -> bool:
        before = self.values.get(x)
        self.values[x] = place
        try:
            return self.holds(condition)
        finally:
            if before is None:
                del self.values[x]
            else:
                self.values[x] = before

    def _zeros(self, edge: Any, x: Any, a: Any, b: Any) -> list[Value]:
        """The zeros of an expression inside a range."""
        line = self.coefficients(edge, x)
        if line is not None and len(line) <= 2:
            if len(line) < 2 or sign_or_none(line[1]) == 0:
                return []
            zero = _divide(-line[0], line[1])
            after = isinstance(a, str) or sign(zero - a) > 0
            return [zero] if after and (isinstance(b, str) or sign(b - zero) > 0) else []
        if isinstance(a, str) or isinstance(b, str):
            raise Unsupported("corners or jumps that may lie anywhere on an infinite range")
        self.rigorous = False

        def sign_on(low: float, high: float) -> int | None:
            try:
                return sign(self._with(x, acb(arb(low).union(arb(high))), edge))
            except (Undecided, Undefined):
                return None

        zeros = sign_changes(sign_on, _number(a), _number(b))
        if zeros is None:
            raise Unsupported("corners or jumps that are not all seen")
        radius = (_number(b) - _number(a)) * PLACED
        return [acb(arb(zero, radius)) for zero in zeros]

    def _integrated(self, inner: Any, variable: Any, a: Any, b: Any) -> Value:
        if isinstance(a, str) or isinstance(b, str):
            try:
                return self._tanh_sinh(inner, variable, a, b)
            except Unsupported:
                value = self._cut_off(inner, variable, a, b)
                if value is None:
                    raise
                return value
        if not self.rigorous:
            return self._tanh_sinh(inner, variable, a, b)
        result = self._enclosed_integral(inner, variable, a, b)
        if not result.is_finite() or not result.rad() < (abs(result) + 1) * arb(2) ** (-ctx.prec // 2):
            return self._tanh_sinh(inner, variable, a, b)
        return result

    def _enclosed_integral(self, inner: Any, variable: Any, a: Value, b: Value) -> acb:
        """∫_a^b of a function that is holomorphic around most of the range, with its error (Arb's adaptive Gauss rule)."""
        trouble: list[BaseException] = []

        def integrand(x: acb, analytic: bool) -> acb:
            if trouble:
                return acb("nan")
            try:
                value = self._with(variable, x, inner)
                return acb("nan") if analytic and not self._analytic(inner, variable, x) else ball(value)
            except (Undecided, Undefined):
                return acb("nan")
            except BaseException as error:  # compiled code must not see it pass: it is raised again below
                trouble.append(error)
                return acb("nan")

        result = acb.integral(integrand, ball(a), ball(b), eval_limit=6000)
        if trouble:
            raise trouble[0]
        return result

    def _cut_off(self, inner: Any, variable: Any, a: Any, b: Any) -> Value | None:
        """An integral to infinity, cut off where its integrand has become small: a numerical value, for one that oscillates."""
        outer = ctx.prec
        ctx.prec = 96
        try:
            low = self._decay(inner, variable, a, b, -1) if isinstance(a, str) else a
            high = self._decay(inner, variable, a, b, 1) if isinstance(b, str) else b
            if low is None or high is None:
                return None
            value = self._enclosed_integral(inner, variable, low, high)
        except (Undecided, Undefined):
            return None
        finally:
            ctx.prec = outer
        # a value of nothing may be that of a peak further out
        near = value.is_finite() and value.rad() < arb(10) ** -12 and abs(value) > arb(10) ** -6
        return value + acb(arb(0, arb(10) ** -12), arb(0, arb(10) ** -12)) if near else None

    def _decay(self, inner: Any, variable: Any, a: Any, b: Any, way: int) -> Value | None:
        """A place from which on the integrand looks negligible."""
        start = fmpq(0) if isinstance(a, str) and isinstance(b, str) else b if isinstance(a, str) else a
        for exponent in range(5, 13):
            far = fmpq(1 << exponent)
            places = (start + way * far * fmpq(k, 8) for k in (8, 9, 11, 13, 17, 29))
            if all(abs(ball(self._with(variable, x, inner))) * far < arb(10) ** -15 for x in places):
                return start + way * far
        return None

    def coefficients(self, e: Any, variable: Any) -> list[Value] | None:
        """The values of c_0, c_1, … where e = Σ c_k variable^k is seen to be a polynomial by its structure, else None."""
        if e == variable:
            return [fmpq(0), fmpq(1)]
        if variable not in e.free_symbols:
            return [self(e)]
        if isinstance(e, sp.Pow) and e.exp.is_Integer and 0 < e.exp <= DEGREE:
            parts = [self.coefficients(e.base, variable)] * int(e.exp)
        elif isinstance(e, sp.Add | sp.Mul):
            parts = [self.coefficients(a, variable) for a in e.args]
        else:
            return None
        total: list[Value] = []
        for part in parts:
            if part is None or (not isinstance(e, sp.Add) and len(total) + len(part) > DEGREE):
                return None
            if not total:
                total = list(part)
            elif isinstance(e, sp.Add):
                total = [x + y for x, y in itertools.zip_longest(total, part, fillvalue=fmpq(0))]
            else:
                product: list[Value] = [fmpq(0)] * (len(total) + len(part) - 1)
                for k, x in enumerate(total):
                    for m, y in enumerate(part):
                        product[k + m] = product[k + m] + x * y
                total = product
        return total

    def _polynomial_integral(self, coefficients: list[Value], a: Value, b: Value) -> Value:
        """Σ c_k (b^{k+1} - a^{k+1}) / (k + 1), exactly."""
        total: Value = NOTHING
        for k, c in enumerate(coefficients):
            total = total + c * (power(b, fmpq(k + 1)) - power(a, fmpq(k + 1))) / (k + 1)
        return total

    def bound(self, e: Any) -> Any:
        """A limit of integration: a value, or "oo", "-oo"."""
        return "oo" if e is sp.oo else "-oo" if e is -sp.oo else self(e)

    def _analytic(self, e: Any, variable: Any, x: acb) -> bool:
        """Whether e is holomorphic in the variable on the ball x: no cut or jump of a part of it is met."""
        if e == variable or variable not in e.free_symbols:
            return True
        if isinstance(e, sp.Integral) and len(e.limits) == 1 and len(e.limits[0]) == 3:
            inner, *ends = e.limits[0]
            whole_line = not e.args[0].has(variable) and e.args[0].is_polynomial(inner)
            return whole_line and all(self._analytic(end, variable, x) for end in ends)
        if isinstance(e, sp.Add | sp.Mul) or e.func in _ENTIRE:
            return all(self._analytic(argument, variable, x) for argument in e.args)
        if isinstance(e, sp.Pow):
            if not self._analytic(e.base, variable, x) or not self._analytic(e.exp, variable, x):
                return False
            if e.exp.is_Integer or not e.base.has(variable):
                return True
            return _off_the_cut(ball(self._with(variable, x, e.base)))
        if isinstance(e, sp.log) and len(e.args) == 1:
            return self._analytic(e.args[0], variable, x) and _off_the_cut(ball(self._with(variable, x, e.args[0])))
        return False

    def _tanh_sinh(self, inner: Any, variable: Any, a: Any, b: Any) -> Value:
        """Double-exponential quadrature: a numerical value."""
        self.rigorous = False
        try:
            return finite(self._quadrature(inner, variable, *(end if isinstance(end, str) else ball(end) for end in (a, b))))
        except Unsettled as reason:
            raise Unsupported(str(reason)) from reason

    def _quadrature(self, inner: Any, variable: Any, a: acb | str, b: acb | str) -> acb:
        """The same; on an infinite range term by term, so that each of them has to be seen."""
        if isinstance(inner, sp.Add) and (isinstance(a, str) or isinstance(b, str)):
            try:
                return sum((self._quadrature(term, variable, a, b) for term in inner.args), acb(0))
            except Unseen:
                raise
            except Unsettled:  # the terms may diverge one by one
                pass

        def integrand(x: acb) -> acb | None:
            try:
                return ball(self._with(variable, x, inner))
            except (Undecided, Undefined):
                return None

        return double_exponential(integrand, a, b)

    def _Limit(self, e: Any) -> Value:
        """The function ever closer to the point; a numerical value, with the last change as its error."""
        self.rigorous = False
        function, variable, point, direction = e.args
        seen: list[acb] = []
        for exponent in (14, 19, 25, 30, 36, 41):
            scale = fmpq(11, 8) * 2**exponent  # no power of two, so that an oscillation is met at different phases
            small = 1 / scale if str(direction) == "+" else -1 / scale
            at = (scale if point is sp.oo else -scale) if point in (sp.oo, -sp.oo) else self(point) + small
            seen.append(ball(self._with(variable, at, function)))
        changes = [abs(b - a) for a, b in itertools.pairwise(seen)]
        tiny = arb(2) ** (-ctx.prec // 2)
        if not all(later * 3 <= earlier + tiny for earlier, later in itertools.pairwise(changes)):
            raise Unsupported("a limit that is not approached fast enough to be seen")
        spread = arb(0, (changes[-1] * 2 + tiny).upper())
        return finite(seen[-1] + acb(spread, spread))

    def _Derivative(self, e: Any) -> Value:
        counts = [(v, n if n.is_Integer else sp.Integer(whole(self(n)))) for v, n in e.variable_count]
        if any(n < 0 for _, n in counts):
            raise Undefined("a derivative of negative order")
        self._no_kink(e.args[0], {v for v, _ in counts})
        return self(self._differentiated(e.args[0], counts))

    def _no_kink(self, e: Any, variables: set[Any]) -> None:
        """`Undefined` where cases meet, or where a modulus, a maximum or a floor has its corner or jump."""
        for node in e.atoms(sp.Piecewise, sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min, sp.floor, sp.ceiling, sp.Mod, sp.frac):
            if not any(node.has(v) for v in variables):
                continue
            if isinstance(node, sp.Piecewise):
                edges = [r.lhs - r.rhs for r in node.atoms(sp.core.relational.Relational)]
            elif isinstance(node, sp.Max | sp.Min):
                edges = [a - node.args[0] for a in node.args[1:]]
            else:
                edges = [node.args[0]]
            for edge in edges:
                value = self(edge)
                jumps = isinstance(node, sp.floor | sp.ceiling | sp.Mod | sp.frac)
                if (jumps and value == floor(value)) or (not jumps and ball(value).contains(0)):
                    raise Undefined("a derivative at a corner or a jump")

    def _Partial(self, e: Any) -> Value:
        expression, point, index = e.args
        i = self(index)
        assert isinstance(i, fmpq)
        return self(self._differentiated(expression, [(point[int(i.numerator)], 1)]))

    def _differentiated(self, expression: Any, variables: list[tuple[Any, Any]]) -> Any:
        counts = []
        for variable, count in variables:
            number = self(sp.sympify(count))
            if not isinstance(number, fmpq) or number.denominator != 1 or not 0 <= number <= 40:
                raise Unsupported("a derivative whose order is not a small natural number")
            counts.append((variable, int(number.numerator)))
        sized = expression.has(sp.Sum, sp.Product, sp.Indexed, Partial, *POLYNOMIALS)
        values = tuple((s, str(v)) for s, v in self.values.items() if sized and expression.has(s) and s.is_Symbol)
        laws = tuple((str(v), str(law)) for v, law in self.laws.items()) if expression.has(Expectation) else ()
        key = (expression, tuple(counts), values, laws)
        if key not in self.derivatives:
            # Inner sums and partial derivatives are written out first, so that SymPy differentiates elementary terms only.
            self.derivatives[key] = _derivative(self._written_out(expression, {v for v, _ in counts}), tuple(counts))
        return self.derivatives[key]

    def _written_out(self, e: Any, keep: set[Any]) -> Any:
        if not e.args or not e.has(
            sp.Sum, sp.Product, Partial, sp.Indexed, SpaceIntegral, Expectation, sp.Derivative, sp.Subs, *POLYNOMIALS
        ):
            return e
        if e.func in POLYNOMIALS:
            degree = self(e.args[0])
            if isinstance(degree, fmpq) and degree.denominator == 1 and 0 <= degree <= 60:
                return e.func(int(degree.numerator), *(self._written_out(a, keep) for a in e.args[1:]))
        if isinstance(e, sp.Sum | sp.Product):
            inner = e.args[0] if len(e.limits) == 1 else e.func(e.args[0], *e.limits[:-1])
            index, a, b = self._bounds(e.limits[-1])
            if b is None or b - a > 50 or b < a - 1:
                raise Unsupported("the derivative of a long sum")
            parts = [self._written_out(inner.subs(index, k), keep) for k in range(a, b + 1)]
            return sp.Add(*parts) if isinstance(e, sp.Sum) else sp.Mul(*parts)
        if isinstance(e, sp.Indexed):
            return e.base[tuple(whole(self(index)) for index in e.indices)]
        if isinstance(e, Partial):
            return self._differentiated(e.args[0], [(e.args[1][whole(self(e.args[2]))], 1)])
        if isinstance(e, sp.Derivative):
            result = self._written_out(e.args[0], keep | set(e._wrt_variables))
            for variable in e.variables:
                result = sp.diff(result, variable)
            return result
        if isinstance(e, sp.Subs):
            return self._written_out(e.args[0], keep).subs(dict(zip(e.variables, e.point, strict=True)))
        if isinstance(e, SpaceIntegral):
            return e.func(self._written_out(e.args[0], keep), e.args[1])
        if isinstance(e, Expectation):
            law = self.laws.get(e.args[1])
            if law is None:
                raise Unsupported(f"a mean over {e.args[1]}, of whose law nothing is given")
            return law.written(self, self._written_out(e.args[0], keep), e.args[1])
        return e.func(*(self._written_out(argument, keep) for argument in e.args))

    def _Subs(self, e: Any) -> Value:
        inner = e.args[0]
        if isinstance(inner, sp.Derivative):
            inner = self._differentiated(inner.args[0], list(inner.variable_count))
        return self(inner.subs(dict(zip(e.variables, e.point, strict=True)), simultaneous=True))

    def moments(self, e: Any, rate: int) -> Value:
        """∫ polynomial · exp(-rate·m |x|²) over space, or a Gaussian mean, term by term and exactly.

        The one-dimensional moments are ∫ x^{2k} e^{-c x²} dx = Γ(k + 1/2) / c^{k + 1/2}; for the standard normal mean
        c = 1/2 and the whole is divided by √(2π).
        """
        expression, point = e.args
        dimension = self(point.shape[0]) if isinstance(point, sp.IndexedBase) else fmpq(1)
        components = [point[i] for i in range(1, whole(dimension) + 1)] if isinstance(point, sp.IndexedBase) else [point]
        square = sum(c**2 for c in components)
        gauss, rate_of = sp.Dummy("gauss"), sp.exp(-square)
        sizes = {s for b in expression.atoms(sp.IndexedBase) if b.shape for s in b.shape[0].free_symbols}
        numbers = {
            s: sp.Rational(int(v.numerator), int(v.denominator))
            for s, v in self.values.items()
            if isinstance(v, fmpq) and s not in components and s not in sizes
        }
        written = self._written_out(expression, set(components)).xreplace(numbers)
        if written.has(SpaceIntegral, Expectation):
            raise Unsupported("a mean inside a mean")
        total: Value = fmpq(0)
        for (decay, *exponents), coefficient in self._terms(written.xreplace({rate_of: gauss}), [gauss, *components]):
            powers = dict(zip(components, exponents, strict=True))
            if rate == 0:  # standard normal mean
                if decay:
                    raise Unsupported("a mean of what is not a polynomial")
                moment: Value = fmpq(1)
                for exponent in powers.values():
                    moment = moment * (
                        fmpq(
                            fmpz.fac_ui(fmpz(exponent)),
                            2 ** (exponent // 2) * fmpz.fac_ui(fmpz(exponent // 2)),
                        )
                        if exponent % 2 == 0
                        else fmpq(0)
                    )
            else:
                if decay <= 0:
                    raise Undefined("an integral over space that diverges")
                moment = acb(1)
                for exponent in powers.values():
                    half = fmpq(exponent + 1, 2)
                    moment = moment * (ball(half).gamma() * power(fmpq(decay), -half) if exponent % 2 == 0 else acb(0))
            total = total + coefficient * moment
        return total

    def _terms(self, e: Any, variables: list[Any]) -> list[tuple[tuple[int, ...], Value]]:
        """A polynomial in some variables as (exponents, coefficient), every other part of it evaluated."""
        numbers: list[Value] = []
        context = fmpq_mpoly_ctx.get([f"v{i}" for i in range(len(variables) + COEFFICIENTS)], "degrevlex")
        place = {v: context.gen(i) for i, v in enumerate(variables)}

        def polynomial(part: Any) -> Any:
            if part in place:
                return place[part]
            if not part.has(*variables):
                value = self(part)
                if isinstance(value, fmpq):
                    return context.constant(value)
                if len(numbers) == COEFFICIENTS:
                    raise Unsupported("a mean with too many irrational coefficients")
                numbers.append(value)
                return context.gen(len(variables) + len(numbers) - 1)
            if isinstance(part, sp.Add):
                return sum((polynomial(a) for a in part.args), context.constant(0))
            if isinstance(part, sp.Mul):
                product = context.constant(1)
                for a in part.args:
                    product = product * polynomial(a)
                return product
            if isinstance(part, sp.Pow) and part.exp.is_Integer and 0 < part.exp < 60:
                return polynomial(part.base) ** int(part.exp)
            if isinstance(part, sp.exp):
                # exp(-m |x|²) as a power of the Gaussian
                square = sum(v**2 for v in variables[1:])
                multiple = sp.expand(-part.args[0]).coeff(variables[1], 2) if len(variables) > 1 else sp.Integer(0)
                if multiple.is_Integer and multiple > 0 and sp.expand(part.args[0] + multiple * square) == 0:
                    return place[variables[0]] ** int(multiple)
            raise Unsupported("a mean of what is not a polynomial times a Gaussian")

        terms = []
        for monomial, coefficient in polynomial(e).to_dict().items():
            value: Value = coefficient
            for number, exponent in zip(numbers, monomial[len(variables) :], strict=False):
                value = value * number ** int(exponent)
            terms.append((tuple(int(m) for m in monomial[: len(variables)]), value))
        return terms

    def _trapezoidal(self, e: Any, variables: tuple[Any, ...]) -> Value:
        """The integral over the plane of a smooth function that decays like a Gaussian: the trapezoidal rule, at two steps.

        It converges geometrically there (Trefethen and Weideman, 2014). A numerical value.
        """
        self.rigorous = False
        outer = ctx.prec
        ctx.prec = 53
        try:
            sums = []
            for n in (15, 30):
                h = fmpq(15, 2 * n)
                total, mass, edge = acb(0), arb(0), arb(0)
                for i in range(-n, n + 1):
                    for j in range(-n, n + 1):
                        value = ball(self.at({variables[0]: h * i, variables[1]: h * j}, e))
                        total, mass = total + value, mass + abs(value)
                        if abs(i) == n or abs(j) == n:
                            edge = edge + abs(value)
                if not edge <= mass * arb(10) ** -10:
                    raise Unsupported("an integrand over the plane that does not decay fast")
                sums.append(total * h * h)
        finally:
            ctx.prec = outer
        error = abs(sums[1] - sums[0])
        if not error < (abs(sums[1]) + arb(10) ** -9) * arb(10) ** -7:
            raise Unsupported("an integral over the plane whose quadrature does not settle")
        spread = acb(arb(0, error.upper()), arb(0, error.upper()))
        return finite(sums[1] + spread)

    def _hyper(self, e: Any) -> Value:
        top, bottom, z = e.args
        return finite(ball(self(z)).hypgeom([ball(self(a)) for a in top], [ball(self(b)) for b in bottom]))

    def _SpaceIntegral(self, e: Any) -> Value:
        try:
            return self.moments(e, 1)
        except Unsupported:
            point = e.args[1]
            dimension = whole(self(point.shape[0])) if point.shape else 0
            if dimension == 2:
                return self._trapezoidal(self._written_out(e.args[0], {point[1], point[2]}), (point[1], point[2]))
            if dimension != 1:
                raise
            x = sp.Dummy("x", real=True)
            return self._Integral(
                sp.Integral(self._written_out(e.args[0], {point[1]}).xreplace({point[1]: x}), (x, -sp.oo, sp.oo))
            )

    def _Expectation(self, e: Any) -> Value:
        """The mean under the law that the point gives to the variable."""
        law = self.laws.get(e.args[1])
        if law is None:
            raise Unsupported(f"a mean over {e.args[1]}, of whose law nothing is given")
        # a mean inside a mean is evaluated once for what it depends on, not once for each outcome
        free, bases = e.free_symbols, e.atoms(sp.IndexedBase) - {e.args[1]}
        used = {
            s: v
            for s, v in self.values.items()
            if (s in free if isinstance(s, sp.Symbol) else isinstance(s, sp.Indexed) and s.base in bases)
        }
        if not all(isinstance(v, fmpq) for v in used.values()):
            return law.mean(self, *e.args)
        key = (e, ctx.prec, tuple((str(s), str(v)) for s, v in used.items()))
        if key not in self._means:
            before, self.rigorous = self.rigorous, True
            try:
                value = law.mean(self, *e.args)
                self._means[key] = value, self.rigorous
            finally:
                self.rigorous = before and self.rigorous
        value, rigorous = self._means[key]
        self.rigorous = self.rigorous and rigorous
        return value

    def give(self, variable: Any, law: Any) -> None:
        """Give a random variable a law; means that were evaluated under other laws are forgotten."""
        self.laws[variable] = law
        self._means.clear()


COEFFICIENTS = 12  # irrational numbers that a polynomial under a mean may hold
POLYNOMIALS = (sp.legendre, sp.chebyshevt, sp.chebyshevu, sp.hermite, sp.laguerre)
_ENTIRE = {
    sp.exp,
    sp.sin,
    sp.cos,
    sp.sinh,
    sp.cosh,
    sp.erf,
    sp.erfc,
    sp.erfi,
    sp.besselj,
    sp.legendre,
    sp.sinc,
    sp.tan,
    sp.tanh,
}


def _middle(end: Any) -> Any:
    """The middle of a ball; exact numbers and infinite ends as they are."""
    return acb(end.mid()) if isinstance(end, acb) else end


def _between(a: Any, b: Any) -> Value:
    """A point inside a range whose ends may be "-oo" and "oo"."""
    if isinstance(a, str):
        return NOTHING if isinstance(b, str) else b - 1
    return a + 1 if isinstance(b, str) else (a + b) / 2


def _number(end: Any) -> float:
    return float(end.replace("oo", "inf")) if isinstance(end, str) else float(ball(end).real.mid())


def _off_the_cut(value: acb) -> bool:
    """Whether a ball avoids (-∞, 0]."""
    return bool(value.real > 0) or not value.imag.contains(0)
