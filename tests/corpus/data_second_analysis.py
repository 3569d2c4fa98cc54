"""Sums, products, integrals, limits and derivatives: a second set.

Held out: the rate on these is reported separately, and no rule of the checker is made with a look at them.
"""

from typing import Any

from sympy import (
    Abs,
    Derivative,
    Function,
    Integer,
    Integral,
    Limit,
    Ne,
    Product,
    Rational,
    S,
    Subs,
    Sum,
    atan,
    beta,
    cos,
    cosh,
    cot,
    exp,
    factorial,
    gamma,
    log,
    oo,
    pi,
    sech,
    sin,
    sqrt,
    symbols,
    tan,
    tanh,
)

AREA = "second: sums, integrals, limits"
SOURCE = "Gradshteyn & Ryzhik, chapters 0, 3 and 4; Knopp, Infinite Series; Hardy, A Course of Pure Mathematics; DLMF 1.4"
HELD_OUT = True

n, m = symbols("n m", integer=True, positive=True)
N = symbols("N", integer=True, nonnegative=True)
k, j = symbols("k j", integer=True)
x, y, t, h = symbols("x y t h", real=True)
a, b, s, p = symbols("a b s p", positive=True)
z = symbols("z")
f, g, u = Function("f"), Function("g"), Function("u")
P = Function("P", positive=True)

SMALL = [p < Rational(9, 10)]

TRUE: list[tuple[Any, ...]] = [
    ("fourth powers", Sum(k**4, (k, 1, n)), n * (n + 1) * (2 * n + 1) * (3 * n**2 + 3 * n - 1) / 30),
    ("rising products", Sum(k * (k + 1) * (k + 2), (k, 1, n)), n * (n + 1) * (n + 2) * (n + 3) / 4),
    ("weighted powers of two", Sum(k * 2**k, (k, 1, n)), (n - 1) * 2 ** (n + 1) + 2),
    ("odd neighbours", Sum(1 / ((2 * k - 1) * (2 * k + 1)), (k, 1, n)), n / (2 * n + 1)),
    ("factorials in the denominator", Sum(k / factorial(k + 1), (k, 1, n)), 1 - 1 / factorial(n + 1)),
    ("alternating numbers", Sum((-1) ** k * k, (k, 1, n)), ((-1) ** n * (2 * n + 1) - 1) / 4),
    ("sines of odd multiples", Sum(sin((2 * k - 1) * t), (k, 1, n)), sin(n * t) ** 2 / sin(t)),
    ("halved tangents", Sum(tan(t / 2**k) / 2**k, (k, 1, n)), cot(t / 2**n) / 2**n - cot(t)),
    ("arctangents telescope", Sum(atan(1 / (k**2 + k + 1)), (k, 0, N)), atan(N + 1)),
    ("product of neighbours", Product(1 + 1 / k, (k, 1, n)), n + 1),
    ("product of quotients", Product(k / (k + 2), (k, 1, n)), 2 / ((n + 1) * (n + 2))),
    (
        "product of cosines less one half",
        Product(2 * cos(2**k * t) - 1, (k, 0, n - 1)),
        (2 * cos(2**n * t) + 1) / (2 * cos(t) + 1),
    ),
    ("product of cubes", Product((k**3 - 1) / (k**3 + 1), (k, 2, n + 1)), 2 * (n**2 + 3 * n + 3) / (3 * (n + 1) * (n + 2))),
    ("derived geometric series", Sum(k * p**k, (k, 1, oo)), p / (1 - p) ** 2, SMALL),
    ("Mercator", Sum(p**k / k, (k, 1, oo)), -log(1 - p), SMALL),
    ("even exponential series", Sum(x ** (2 * k) / factorial(2 * k), (k, 0, oo)), cosh(x), [Ne(x, 0)]),
    ("telescoping series", Sum(1 / (4 * k**2 - 1), (k, 1, oo)), S.Half),
    ("exponential series with a factor", Sum(1 / (factorial(k) * (k + 2)), (k, 0, oo)), Integer(1)),
    ("fourth moment", Integral(x**4 * exp(-(x**2) / (2 * s**2)) / (s * sqrt(2 * pi)), (x, -oo, oo)), 3 * s**4),
    ("mean modulus", Integral(Abs(x) * exp(-(x**2) / (2 * s**2)) / (s * sqrt(2 * pi)), (x, -oo, oo)), s * sqrt(2 / pi)),
    ("even moments", Integral(x ** (2 * N) * exp(-(x**2)), (x, -oo, oo)), gamma(N + S.Half)),
    (
        "product of Gaussians",
        Integral(exp(-a * (x - t) ** 2) * exp(-b * x**2), (x, -oo, oo)),
        sqrt(pi / (a + b)) * exp(-a * b * t**2 / (a + b)),
    ),
    ("power and logarithm", Integral(x**a * log(x), (x, 0, 1)), -1 / (a + 1) ** 2),
    ("beta function", Integral(x**a * (1 - x) ** b, (x, 0, 1)), beta(a + 1, b + 1)),
    ("Wallis' integral", Integral(sin(x) ** n, (x, 0, pi / 2)), sqrt(pi) * gamma((n + 1) / 2) / (2 * gamma(n / 2 + 1))),
    ("odd over even", Integral(x**3 / (1 + cos(x) ** 2), (x, -a, a)), Integer(0)),
    ("reflection about the middle", Integral(x * sin(x) / (1 + cos(x) ** 2), (x, 0, pi)), pi**2 / 4),
    ("symmetric weight", Integral(1 / ((1 + exp(x)) * (1 + x**2)), (x, -1, 1)), pi / 4),
    ("damped cosine", Integral(exp(-a * x) * cos(b * x), (x, 0, oo)), a / (a**2 + b**2)),
    ("quartic denominator", Integral(1 / (1 + x**4), (x, 0, oo)), pi / (2 * sqrt(2))),
    ("logarithm over a quadratic", Integral(log(x) / (1 + x**2), (x, 0, oo)), Integer(0)),
    ("hyperbolic secant", Integral(sech(x), (x, -oo, oo)), pi),
    ("Bose's integral", Integral(x / (exp(x) - 1), (x, 0, oo)), pi**2 / 6),
    ("orthogonal cosines", Integral(cos(n * x) * cos(m * x), (x, 0, pi)), Integer(0), [Ne(n, m)]),
    ("incomplete mean of an exponential", Integral(x * exp(-a * x), (x, 0, b)), (1 - (1 + a * b) * exp(-a * b)) / a**2),
    ("tangent slope of the exponential", Limit((exp(h) - exp(x)) / (h - x), h, x), exp(x)),
    ("difference of powers", Limit((a**x - b**x) / x, x, 0), log(a / b)),
    ("third order of the sine", Limit((x - sin(x)) / x**3, x, 0), Rational(1, 6)),
    ("root of the argument", Limit(x ** (1 / x), x, oo), Integer(1)),
    ("power of the cosine", Limit(cos(x) ** (1 / x**2), x, 0, "+"), exp(-S.Half)),
    ("difference of roots", Limit(sqrt(x**2 + a * x) - sqrt(x**2 + b * x), x, oo), (a - b) / 2),
    ("logarithm and power", Limit(log(x) / x**a, x, oo), Integer(0)),
    ("softmax at zero temperature", Limit(1 / (1 + exp((t - y) / x)), x, 0, "+"), Integer(1), [y > t]),
    ("hyperbolic tangent", Limit(tanh(a * x), x, oo), Integer(1)),
    ("ratio of gammas", Limit(gamma(x + a) / (gamma(x) * x**a), x, oo), Integer(1)),
    (
        "second derivative of a composition",
        Derivative(f(z**2), (z, 2)),
        4 * z**2 * Subs(Derivative(f(x), (x, 2)), x, z**2) + 2 * Subs(Derivative(f(x), x), x, z**2),
    ),
    ("Leibniz, third order", Derivative(z * f(z), (z, 3)), z * Derivative(f(z), (z, 3)) + 3 * Derivative(f(z), (z, 2))),
    ("Riccati", Derivative(Derivative(P(x), x) / P(x), x) + (Derivative(P(x), x) / P(x)) ** 2, Derivative(P(x), (x, 2)) / P(x)),
    (
        "derivative of log-sum-exp",
        Derivative(log(exp(f(x)) + exp(g(x))), x),
        (exp(f(x)) * Derivative(f(x), x) + exp(g(x)) * Derivative(g(x), x)) / (exp(f(x)) + exp(g(x))),
    ),
    (
        "derivative of a reciprocal",
        Derivative(1 / f(x), (x, 2)),
        2 * Derivative(f(x), x) ** 2 / f(x) ** 3 - Derivative(f(x), (x, 2)) / f(x) ** 2,
    ),
    (
        "derivative of a convolution's end",
        Derivative(Integral((x - t) * f(t), (t, 0, x)), (x, 2)),
        f(x),
    ),
]

FALSE: list[tuple[Any, ...]] = [
    ("fourth powers", "a coefficient", Sum(k**4, (k, 1, n)), n * (n + 1) * (2 * n + 1) * (3 * n**2 + 3 * n + 1) / 30),
    ("rising products", "factor", Sum(k * (k + 1) * (k + 2), (k, 1, n)), n * (n + 1) * (n + 2) * (n + 3) / 3),
    ("weighted powers of two", "constant", Sum(k * 2**k, (k, 1, n)), (n - 1) * 2 ** (n + 1) + 1),
    ("odd neighbours", "denominator", Sum(1 / ((2 * k - 1) * (2 * k + 1)), (k, 1, n)), n / (n + 1)),
    ("factorials in the denominator", "one term too many", Sum(k / factorial(k + 1), (k, 1, n)), 1 - 1 / factorial(n)),
    ("alternating numbers", "sign", Sum((-1) ** k * k, (k, 1, n)), ((-1) ** n * (2 * n + 1) + 1) / 4),
    ("sines of odd multiples", "square lost", Sum(sin((2 * k - 1) * t), (k, 1, n)), sin(n * t) / sin(t)),
    ("halved tangents", "sign", Sum(tan(t / 2**k) / 2**k, (k, 1, n)), cot(t) - cot(t / 2**n) / 2**n),
    ("arctangents telescope", "index", Sum(atan(1 / (k**2 + k + 1)), (k, 0, N)), atan(N)),
    ("product of quotients", "factor", Product(k / (k + 2), (k, 1, n)), 1 / ((n + 1) * (n + 2))),
    (
        "product of cosines less one half",
        "sign",
        Product(2 * cos(2**k * t) - 1, (k, 0, n - 1)),
        (2 * cos(2**n * t) - 1) / (2 * cos(t) - 1),
    ),
    ("derived geometric series", "exponent", Sum(k * p**k, (k, 1, oo)), p / (1 - p), SMALL),
    ("Mercator", "sign", Sum(p**k / k, (k, 1, oo)), log(1 - p), SMALL),
    ("telescoping series", "factor", Sum(1 / (4 * k**2 - 1), (k, 1, oo)), Integer(1)),
    ("fourth moment", "Gaussian factor", Integral(x**4 * exp(-(x**2) / (2 * s**2)) / (s * sqrt(2 * pi)), (x, -oo, oo)), s**4),
    (
        "mean modulus",
        "reciprocal",
        Integral(Abs(x) * exp(-(x**2) / (2 * s**2)) / (s * sqrt(2 * pi)), (x, -oo, oo)),
        s * sqrt(pi / 2),
    ),
    ("even moments", "shift", Integral(x ** (2 * N) * exp(-(x**2)), (x, -oo, oo)), gamma(N + Rational(3, 2))),
    (
        "product of Gaussians",
        "exponent",
        Integral(exp(-a * (x - t) ** 2) * exp(-b * x**2), (x, -oo, oo)),
        sqrt(pi / (a + b)) * exp(-(a + b) * t**2),
    ),
    ("power and logarithm", "sign", Integral(x**a * log(x), (x, 0, 1)), 1 / (a + 1) ** 2),
    ("beta function", "unshifted", Integral(x**a * (1 - x) ** b, (x, 0, 1)), beta(a, b)),
    (
        "Wallis' integral",
        "arguments exchanged",
        Integral(sin(x) ** n, (x, 0, pi / 2)),
        sqrt(pi) * gamma(n / 2 + 1) / (2 * gamma((n + 1) / 2)),
    ),
    ("odd over even", "even power", Integral(x**2 / (1 + cos(x) ** 2), (x, -a, a)), Integer(0)),
    ("reflection about the middle", "half", Integral(x * sin(x) / (1 + cos(x) ** 2), (x, 0, pi)), pi**2 / 8),
    ("damped cosine", "the sine's value", Integral(exp(-a * x) * cos(b * x), (x, 0, oo)), b / (a**2 + b**2)),
    ("quartic denominator", "factor", Integral(1 / (1 + x**4), (x, 0, oo)), pi / sqrt(2)),
    ("hyperbolic secant", "half the line", Integral(sech(x), (x, -oo, oo)), pi / 2),
    ("orthogonal cosines", "equal frequencies admitted", Integral(cos(n * x) * cos(m * x), (x, 0, pi)), Integer(0)),
    ("difference of powers", "quotient of logarithms", Limit((a**x - b**x) / x, x, 0), log(a) / log(b)),
    ("third order of the sine", "sign", Limit((x - sin(x)) / x**3, x, 0), -Rational(1, 6)),
    ("power of the cosine", "factor in the exponent", Limit(cos(x) ** (1 / x**2), x, 0, "+"), exp(-1)),
    ("difference of roots", "factor", Limit(sqrt(x**2 + a * x) - sqrt(x**2 + b * x), x, oo), a - b),
    ("softmax at zero temperature", "order missing", Limit(1 / (1 + exp((t - y) / x)), x, 0, "+"), Integer(1), [Ne(y, t)]),
    (
        "second derivative of a composition",
        "second term lost",
        Derivative(f(z**2), (z, 2)),
        4 * z**2 * Subs(Derivative(f(x), (x, 2)), x, z**2),
    ),
    (
        "Leibniz, third order",
        "binomial factor",
        Derivative(z * f(z), (z, 3)),
        z * Derivative(f(z), (z, 3)) + Derivative(f(z), (z, 2)),
    ),
    (
        "Riccati",
        "sign",
        Derivative(Derivative(P(x), x) / P(x), x) - (Derivative(P(x), x) / P(x)) ** 2,
        Derivative(P(x), (x, 2)) / P(x),
    ),
    (
        "derivative of a reciprocal",
        "sign",
        Derivative(1 / f(x), (x, 2)),
        2 * Derivative(f(x), x) ** 2 / f(x) ** 3 + Derivative(f(x), (x, 2)) / f(x) ** 2,
    ),
    ("derivative of a convolution's end", "once", Derivative(Integral((x - t) * f(t), (t, 0, x)), x), f(x)),
]
