"""The side conditions of the normal form and of what the hypotheses say: what is false wherever they fail is not zero."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    I,
    IndexedBase,
    Integral,
    KroneckerDelta,
    LambertW,
    Max,
    Min,
    Mod,
    Ne,
    Piecewise,
    Pow,
    Product,
    Rational,
    Subs,
    Sum,
    acos,
    acosh,
    arg,
    asin,
    atan,
    atan2,
    binomial,
    ceiling,
    conjugate,
    cos,
    erf,
    exp,
    factorial,
    factorial2,
    fibonacci,
    floor,
    gamma,
    im,
    log,
    loggamma,
    oo,
    pi,
    polygamma,
    re,
    sign,
    sin,
    sqrt,
    symbols,
)

from derivable import Density, Expectation, ForAll, Independent, Partial, SpaceIntegral
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import NormalForm

x, y, t, s = symbols("x y t s", real=True)
w, z = symbols("w z")
p = symbols("p", positive=True)
k, j, a, b = symbols("k j a b", integer=True)
n = symbols("n", integer=True, nonnegative=True)
d = symbols("d", integer=True, positive=True)
f, g = Function("f", real=True), Function("g", real=True)
h = Function("h")
A = IndexedBase("A", real=True)
X = IndexedBase("x", shape=(d,), real=True)
F = Function("F", real=True)
E = Expectation
PHI = (1 + sqrt(5)) / 2
NOWHERE = Facts(())


def is_zero(e: Any, *where: Any) -> bool:
    """Whether the normal form tells that e vanishes; what has none is not seen to."""
    try:
        return NormalForm(Facts(where)).is_zero(e)
    except (NoNormalForm, NeedCase):
        return False


def raw(function: Any, *arguments: Any) -> Any:
    return function(*arguments, evaluate=False)


NOT_ZERO: dict[str, tuple[Any, ...]] = {
    # what a binder captures
    "a substitution that a mean would capture": (Subs(E(g(x * y), y), x, y) - E(g(y**2), y),),
    "an end that a mean would capture": (
        Derivative(Integral(E(f(t * y), y), (t, 0, y)), y) - E(f(y**2), y),
    ),
    "a fact whose value a mean would capture": (f(y) - E(g(y**2), y), ForAll((t,), Eq(f(t), E(g(t * y), y)))),
    "a sum up to what a mean inside binds": (
        Sum(E(f(k * j), j), (k, 1, j)) - Sum(E(f(k * j), j), (k, 1, j - 1)) - E(f(j**2), j),
    ),
    "a delta that puts in what a mean binds": (
        Sum(KroneckerDelta(k, j) * E(f(k * j), j), (k, 1, n)) - E(f(j**2), j), j >= 1, j <= n,
    ),
    # integrals along a path
    "a conjugate along two paths": (
        Integral(conjugate(w), (w, 0, 1)) + Integral(conjugate(w), (w, 1, 1 + I)) - Integral(conjugate(w), (w, 0, 1 + I)),
    ),
    "a modulus along two paths": (
        Integral(Abs(w), (w, 0, 1)) + Integral(Abs(w), (w, 1, 1 + I)) - Integral(Abs(w), (w, 0, 1 + I)),
    ),
    "a real part along two paths": (
        Integral(re(w), (w, 0, 1)) + Integral(re(w), (w, 1, 1 + I)) - Integral(re(w), (w, 0, 1 + I)),
    ),
    "a reciprocal around its pole": (
        Integral(1 / w, (w, -1 - I, -1 + I)) - Integral(1 / w, (w, -1 - I, 1)) - Integral(1 / w, (w, 1, -1 + I)),
    ),
    # derivatives
    "a derivative of any order, of a Gaussian": (Derivative(exp(x**2), (x, n)) - (2 * x) ** n * exp(x**2),),
    "a derivative of an order that may be negative": (Derivative(exp(2 * x), (x, k)) - 2**k * exp(2 * x),),
    "a derivative of a complex modulus": (Derivative(Abs(h(x)), x) - Abs(h(x)) / h(x) * Derivative(h(x), x),),
    "a derivative of a sum by its bound": (Derivative(Sum(f(k), (k, 1, x)), x),),
    "a derivative of a sum by its start": (Derivative(Sum(f(k), (k, x, 9)), x),),
    "a derivative by a degree": (Derivative(sp.legendre(x, y), x),),
    "a derivative of a Piecewise where its cases meet": (
        Derivative(Piecewise((x, x > 0), (0, True)), x) - Piecewise((1, x > 0), (0, True)),
    ),
    "a derivative of a case at its point": (Derivative(Piecewise((0, Eq(x, 0)), (x, True)), x), x >= 0, x <= 0),
    "a derivative of a sum by its last index": (Derivative(Sum(f(k), (k, 1, a)), a),),
    "a derivative of a sum by its first index": (Derivative(Sum(f(k), (k, a, 9)), a),),
    "a derivative by the complex end of an integral": (Derivative(Integral(f(t), (t, 0, w)), w) - f(w),),
    "an open case": (Piecewise((x, x > 0), (0, True)),),
    "an open case before one that holds": (Piecewise((1, y > 0), (0, x > 0), (2, True)), x > 0),
    "a derivative of a floor": (Derivative(floor(x), x),),
    "a partial derivative of a field and a coordinate": (Partial(F(X[1], X), X, 1) - Subs(Partial(F(t, X), X, 1), t, X[1]),),
    "a derivative by another coordinate": (Derivative(F(t, X), X[1]) - Derivative(F(t, X), X[2]), d >= 2),
    "a product rule that is none": (Derivative(f(x) * g(x), x) - Derivative(f(x), x) * Derivative(g(x), x),),
    "a chain rule that is none": (Derivative(f(x**2), x) - Subs(Derivative(f(t), t), t, x**2),),
    "a derivative under a divergent integral": (Derivative(Integral(exp(-x * t) / t, (t, 0, oo)), x) + 1 / x, x > 0),
    # powers, roots, logarithms
    "a root of a product": (raw(Pow, w * z, Rational(1, 2)) - sqrt(w) * sqrt(z),),
    "a root of a root of a negative number": (sqrt(sqrt(x) * p) - sqrt(p) * (-x) ** Rational(1, 4), x < 0),
    "a power of a power": (raw(Pow, raw(Pow, x, y), t) - x ** (y * t),),
    "a power of a negative number": (raw(Pow, -p, x) - p**x,),
    "a real power of a product": (raw(Pow, w * p, y) - w**y * p ** (y + 1),),
    "a root of a square": (sqrt(x**2) - x,),
    "a cube root of a cube": (raw(Pow, x**3, Rational(1, 3)) - x,),
    "a logarithm of a product": (raw(log, w * z) - log(w) - log(z),),
    "a logarithm of a square": (raw(log, x**2) - 2 * log(x),),
    "a logarithm of a negative number": (raw(log, -p) - log(p) + I * pi,),
    "a logarithm of a power": (raw(log, raw(Pow, w, 3)) - 3 * log(w),),
    "a logarithm of an exponential off the line": (raw(log, raw(exp, I * x)) - I * x,),
    "a logarithm of an exponential in a wider strip": (raw(log, raw(exp, I * x)) - I * x, x > -4, x < 4),
    "a logarithm of an exponential at the lower edge": (raw(log, raw(exp, I * x)) - I * x, x >= -pi, x <= 0),
    "a logarithm of an exponential with a sign": (raw(log, -exp(I * x)) - I * x, x > -pi, x <= 0),
    "a logarithm of a modulus": (log(Abs(w)) - log(w),),
    "a logarithm of a product over a range that may be empty": (
        raw(log, Product(f(k), (k, 1, n))) - Sum(log(f(k)), (k, 1, n)),
    ),
    "an exponential of a logarithm times a half": (raw(exp, log(w) * log(z)) - z,),
    "a phase of an arctangent off the line": (exp(I * atan(w)) - (1 + I * w) / sqrt(1 + w**2),),
    "a whole power of -1": ((-1) ** (n * (n + 1) / 2) - 1,),
    "a whole turn of half an integer": (exp(I * pi * n / 2) ** 2 - 1,),
    "half of a turn by a square": (exp(I * pi * n**2 / 4) - exp(I * pi * n / 4),),
    "W off its branch": (LambertW(x * exp(x)) - x,),
    "W below its branch": (LambertW(x * exp(x)) - x, x <= -1),
    "the other W above its branch": (LambertW(x * exp(x), -1) - x, x >= -1),
    # moduli, conjugates, signs
    "a modulus of a sum": (Abs(x + y) - Abs(x) - Abs(y),),
    "a modulus of an exponential": (raw(Abs, exp(w)) - exp(w),),
    "a modulus of a negative number": (Abs(x) - x, x <= 1),
    "a square of a complex modulus": (Abs(w) ** 2 - w**2,),
    "a conjugate of a root": (raw(conjugate, sqrt(w)) - sqrt(conjugate(w)),),
    "a conjugate of a root of a real number": (raw(conjugate, sqrt(x)) - sqrt(x),),
    "a conjugate of a logarithm": (raw(conjugate, log(w)) - log(conjugate(w)),),
    "a conjugate of a function": (raw(conjugate, h(x)) - h(x),),
    "a conjugate of an exponential": (raw(conjugate, exp(w)) - exp(w),),
    "a conjugate of an arcsine": (raw(conjugate, asin(x)) - asin(x),),
    "an imaginary part": (im(h(x)),),
    "a maximum of what is not real": (Max(w, 1) + Min(w, 1) - w - 2,),
    "a sign of what may vanish": (sign(x) ** 2 - 1,),
    "an argument": (arg(w * z) - arg(w) - arg(z),),
    "an argument by an arctangent": (atan2(y, x) - atan(y / x),),
    "an argument by an arctangent, on the axis": (atan2(y, x) - atan(y / x), x >= 0),
    "acosh of a negative number": (acosh(x) - log(x + sqrt(x**2 - 1)), x <= -1),
    # floors
    "a floor of a sum": (floor(x + y) - floor(x) - floor(y),),
    "a floor of half an integer": (floor(n / 2) - n / 2,),
    "a floor of an integer and what is below 2": (floor(n + x) - n, x >= 0, x < 2),
    "a floor of an integer and what may be negative": (floor(n + x) - n, x > -1, x < 1),
    "a floor of a floor over a real number": (floor(floor(x) / p) - floor(x / p),),
    "a floor of a floor over a negative number": (floor(floor(x) / (-d)) - floor(-x / d),),
    "a floor of two floors": (floor((floor(x) + floor(y)) / d) - floor((x + y) / d),),
    "a floor of a floor and a half": (floor((floor(x) + Rational(1, 2)) / d) - floor((x + Rational(1, 2)) / d),),
    "a root of a floor of a negative number": (floor(sqrt(floor(x))) - floor(sqrt(x)) - 1,),
    "a mirrored floor": (floor(-x / d) + 1 + floor((x - 1) / d),),
    "a ceiling": (ceiling(x) - floor(x) - 1,),
    "a remainder": (Mod(a, d) - a,),
    # gamma functions and the like
    "a factor too many": (gamma(w + 1) - (w + 1) * gamma(w),),
    "a reflection": (gamma(w) * gamma(1 - w) - pi / cos(pi * w),),
    "a reflection of the digamma function": (polygamma(0, 1 - w) - polygamma(0, w) - pi / sin(pi * w),),
    "a double": (gamma(2 * w) - 2 ** (2 * w) * gamma(w) * gamma(w + Rational(1, 2)) / sqrt(pi),),
    "log gamma off the axis": (loggamma(w) - log(gamma(w)),),
    "double factorials of any number": (factorial2(k) * factorial2(k - 1) - factorial(k) * 2,),
    "Binet's formula at any number": (fibonacci(x) - (PHI**x - (-1) ** x * PHI**-x) / sqrt(5),),
    "Fibonacci numbers of any number": (fibonacci(x + 1) - fibonacci(x) - fibonacci(x - 1) - fibonacci(x + 9),),
    "a binomial of a negative number": (binomial(-d, n) - (-1) ** n * binomial(d + n, n),),
    "a Legendre polynomial of negative degree": (raw(sp.legendre, a, -x) - (-1) ** a * sp.legendre(a, x), a <= -1),
    "a Legendre polynomial of any degree": (raw(sp.legendre, a, -x) - (-1) ** a * sp.legendre(a, x),),
    "a Hermite polynomial at one": (sp.hermite(n, 1) - 1,),
    "a Gegenbauer polynomial at one": (raw(sp.gegenbauer, n, y, 1) - 1,),
    "a sinc": (sp.sinc(x) - sin(x),),
    "an odd function": (erf(-x) - erf(x),),
    "W with another argument": (LambertW(p) * exp(LambertW(p)) - p**2,),
    # sums and products
    "a sum over a range that ends between integers": (Sum(1, (k, 1, x)) - x,),
    "a sum over a range that begins between integers": (Sum(1, (k, x, n)) - n + x - 1,),
    "a product over a range that ends between integers": (Product(2, (k, 1, x)) - 2**x,),
    "a sign of an infinite product that goes to zero": (sign(Product(k / (k + p), (k, 1, oo))) - 1,),
    "an infinite product": (Product(1 - 1 / (k + 1), (k, 1, oo)) - 1,),
    "a delta that the range need not reach": (Sum(KroneckerDelta(k, j) * A[k], (k, 1, n)) - A[j],),
    "a delta beside a range that may run backwards": (Sum(KroneckerDelta(k, 0), (k, 1, a)),),
    "a delta at twice the index": (Sum(KroneckerDelta(2 * k, j) * A[k], (k, 1, n)) - A[j], j >= 1, j <= n),
    "a delta at a number that is none": (Sum(KroneckerDelta(k, x), (k, 1, n)) - 1, x >= 1, x <= n),
    "a delta that may be below its range": (Sum(KroneckerDelta(k, j), (k, 0, n)) - 1, j <= n),
    "a denominator that depends on the index and on a symbol": (Sum(k / (k + x), (k, -n, n)),),
    "an exponential and its exponent": (exp(f(x)) * exp(1 / x) - f(x) * exp(1 / x),),
    "derivatives by two variables at a single point": (
        Derivative(Piecewise((x * y, x > 0), (0, x >= 0), (x * y, True)), x, y), x >= 0, x <= 0,
    ),
    "a delta of itself": (KroneckerDelta(a, b) - KroneckerDelta(a, b) * KroneckerDelta(a, b + 1),),
    "a series of powers": (Sum(w**k, (k, 0, oo)) - 1 / (1 - w),),
    "a series of reciprocals": (Sum(1 / k, (k, 1, oo)) - Sum(1 / (k + 1), (k, 1, oo)) - 2,),
    "a series of reciprocal squares": (Sum(1 / k**2, (k, 1, oo)) - pi**2 / 8,),
    "a product of shifted factors": (Product(x + k, (k, 1, n)) - gamma(x + n) / gamma(x),),
    "a power inside a product": (Product(x**k, (k, 1, n)) - x**n,),
    "an integral of a product": (Integral(f(t) * g(t), (t, 0, 1)) - Integral(f(t), (t, 0, 1)) * Integral(g(t), (t, 0, 1)),),
    "an integral over another range": (Integral(f(t), (t, 0, x)) - Integral(f(t), (t, 1, x)),),
    "an integral of a sum of several terms whose range moves": (
        Integral(Sum(f(k * t), (k, 1, floor(t))), (t, 0, 3)) - Sum(Integral(f(k * t), (t, 0, 3)), (k, 1, 3)),
    ),
    "an integral of a sum of several terms whose range begins later": (
        Integral(Sum(f(k * t), (k, floor(t), 3)), (t, 0, 3)) - Sum(Integral(f(k * t), (t, 0, 3)), (k, 0, 3)),
    ),
    "an integral of a sum whose range moves": (
        Integral(Sum(f(t), (k, 1, floor(t))), (t, 0, 3)) - Sum(Integral(f(t), (t, 0, 3)), (k, 1, floor(t))),
    ),
    # means
    "a mean of a product of coordinates": (E(A[1] * A[2], A) - E(A[1], A) * E(A[2], A),),
    "a mean of a product of two coordinates that may be one": (E(A[a] * A[b], A) - E(A[a], A) * E(A[b], A), Independent(A)),
    "a mean of a square": (E(A[1] ** 2, A) - E(A[1], A) ** 2, Independent(A)),
    "means of two coordinates": (E(A[1], A) - E(A[2], A), Independent(A)),
    "a mean of a function of two coordinates": (E(f(A[1] * A[2]), A) - f(E(A[1], A) * E(A[2], A)), Independent(A)),
    "a mean of a sum times a coordinate": (
        E(A[1] * Sum(f(A[k]), (k, 1, d)), A) - E(A[1], A) * E(Sum(f(A[k]), (k, 1, d)), A), Independent(A),
    ),
    "an integral over space of 1": (SpaceIntegral(F(t, X), X) - F(t, X),),
    "a mean that is taken twice": (E(x * E(x, x), x) - E(x**2, x),),
    "a mean and its variable": (E(y * f(y), y) - y * E(f(y), y),),
    # hypotheses
    "a fact for positive values": (f(x) - 1, ForAll((p,), Eq(f(p), 1))),
    "a fact for integers": (f(x) - 1, ForAll((k,), Eq(f(k), 1))),
    "a fact under a condition": (f(x) - 1, ForAll((t,), Eq(f(t), 1), (t > 0,))),
    "a fact with a factor that may vanish": (f(x), ForAll((t,), Eq(y * f(t), 0))),
    "a fact on the diagonal": (F(x, y) - 1, ForAll((t,), Eq(F(t, t), 1))),
    "a fact at one place, differentiated": (Derivative(F(t, x), x), ForAll((s,), Eq(F(s, x), 0))),
    "a fact that speaks of what is varied": (Subs(F(1, x), x, 3), ForAll((s,), Eq(F(s, x), 0))),
    "a fact under two conditions of which one holds": (f(p) - 1, ForAll((t,), Eq(f(t), 1), (t > 0, t < 1))),
    "a density of another variable": (
        E(A[1], A) - Integral(t * exp(-t), (t, 0, oo)), Independent(A), Density(y, exp(-y), 0, oo),
    ),
    "an equation whose factor may vanish": (x, Eq(x * y, 0)),
    "an equation whose factor may vanish somewhere": (x - 1, Eq(x * y, y), y >= 0),
    "an equation with a gamma function that may have a pole": (x, Eq(x / gamma(y), 0)),
    "an equation of squares": (x - y, Eq(x**2, y**2)),
    "an equation inside a sum, for its index": (Sum(k, (k, 1, n)) - n, Eq(k, 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_ZERO)
def test_the_normal_form_of_a_false_statement_is_not_zero(name: str) -> None:
    assert not is_zero(*NOT_ZERO[name])


ZERO: dict[str, tuple[Any, ...]] = {
    "a substitution beside a mean": (Subs(E(g(x * y), y), x, t) - E(g(t * y), y),),
    "a derivative of any order": (Derivative(exp(2 * x) + exp(-x), (x, n)) - 2**n * exp(2 * x) - (-1) ** n * exp(-x),),
    "a logarithm of an exponential in its strip": (raw(log, raw(exp, I * x)) - I * x, x > -pi, x <= pi),
    "a floor of an integer and a fraction": (floor(n + x) - n, x >= 0, x < 1),
    "a floor of a floor": (floor((floor(x) + n) / d) - floor((x + n) / d),),
    "a mirrored floor": (floor(-a / d) + 1 + floor((a - 1) / d),),
    "a delta in its range": (Sum(KroneckerDelta(k, j) * A[k], (k, 1, n)) - A[j], j >= 1, j <= n),
    "a delta beside its range": (Sum(KroneckerDelta(k, 0), (k, 1, n)),),
    "means of independent coordinates": (E(A[1] * A[2], A) - E(A[1], A) * E(A[2], A), Independent(A)),
    "a fact under a condition that holds": (f(x) - 1, ForAll((t,), Eq(f(t), 1), (t > 0,)), x > 0),
    "an equation whose factor does not vanish": (x, Eq(x * y, 0), Ne(y, 0)),
    "W on its branch": (LambertW(x * exp(x)) - x, x >= -1),
    "the other W on its branch": (LambertW(x * exp(x), -1) - x, x <= -1),
    "halves of angles": (exp(I * acos(x) / 2) ** 2 - x - I * sqrt(1 - x**2), x >= -1, x <= 1),
}


@pytest.mark.parametrize("name", ZERO)
def test_the_neighbour_that_is_true_is_zero(name: str) -> None:
    assert is_zero(*ZERO[name])


def test_a_recurrence_divides_only_what_it_divides() -> None:
    form = NormalForm(NOWHERE)
    assert form.divides(x - y, x**2 - y**2)
    assert not form.divides(x**2 - y**2, x - y)
    assert not form.divides(x - y, x + y)
    assert not form.divides(x - x, x)
    assert not form.divides(x, x - x + 0)


def test_the_derivative_of_an_integrand_has_to_be_integrable_too() -> None:
    form = NormalForm(NOWHERE)
    form._dominated(exp(-t), exp(-2 * t), t, sp.Integer(0), oo)
    for body, slope in ((exp(-t), 1 / (1 + t)), (1 / (1 + t), exp(-t))):
        with pytest.raises(NoNormalForm):
            form._dominated(body, slope, t, sp.Integer(0), oo)


def test_a_power_of_a_generator_is_that_of_what_it_stands_for() -> None:
    """A root stands for its base, an exponential for a value of which only e^(c u) is the power that is meant."""
    form = NormalForm(NOWHERE)
    assert form.expression(form.flatten(sqrt(p + 1))) == sqrt(p + 1)
    assert form.expression(form.flatten(exp(x / 2))) == exp(x / 2)
