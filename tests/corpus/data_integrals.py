"""Definite integrals with parameters."""

from typing import Any

from sympy import (
    Abs,
    Integer,
    Integral,
    Mul,
    Pow,
    Rational,
    S,
    atan,
    cos,
    erf,
    exp,
    factorial,
    gamma,
    log,
    oo,
    pi,
    sin,
    sqrt,
    symbols,
    tan,
)

AREA = "integrals"
SOURCE = "Gradshteyn & Ryzhik, chapters 3 and 4; DLMF 5.9, 5.12, 7.2"

a, b, c, s = symbols("a b c s", positive=True)
t, m, r = symbols("t m r", real=True)
x, y = symbols("x y", real=True)
n = symbols("n", integer=True, positive=True)
k = symbols("k", integer=True, nonnegative=True)

TRUE: list[tuple[Any, ...]] = [
    ("Gaussian", Integral(exp(-a * x**2), (x, -oo, oo)), sqrt(pi / a)),
    (
        "Gaussian with a linear term",
        Integral(exp(-a * x**2 + t * x), (x, -oo, oo)),
        sqrt(pi / a) * exp(t**2 / (4 * a)),
    ),
    (
        "Gaussian second moment",
        Integral(x**2 * exp(-(x**2) / (2 * s**2)) / (s * sqrt(2 * pi)), (x, -oo, oo)),
        s**2,
    ),
    ("Gaussian mean", Integral(x * exp(-((x - m) ** 2) / (2 * s**2)) / (s * sqrt(2 * pi)), (x, -oo, oo)), m),
    (
        "Gaussian cosine transform",
        Integral(exp(-a * x**2) * cos(t * x), (x, -oo, oo)),
        sqrt(pi / a) * exp(-(t**2) / (4 * a)),
    ),
    ("gamma integral", Integral(x**k * exp(-a * x), (x, 0, oo)), factorial(k) / a ** (k + 1)),
    (
        "beta integral",
        Integral(x**n * (1 - x) ** k, (x, 0, 1)),
        factorial(n) * factorial(k) / factorial(n + k + 1),
    ),
    (
        "Euler's beta",
        Integral(x ** (a + 1) * (1 - x) ** (b + 1), (x, 0, 1)),
        gamma(a + 2) * gamma(b + 2) / gamma(a + b + 4),
    ),
    ("power", Integral(x**a, (x, 0, 1)), 1 / (a + 1)),
    ("reciprocal", Integral(1 / x, (x, a, b)), log(b) - log(a)),
    ("arctangent", Integral(1 / (x**2 + a**2), (x, 0, b)), atan(b / a) / a),
    ("exponential and sine", Integral(exp(-a * x) * sin(b * x), (x, 0, oo)), b / (a**2 + b**2)),
    ("odd integrand", Integral(x**3 * cos(t * x) * exp(-(x**4)), (x, -a, a)), Integer(0)),
    ("king's rule", Integral(sin(x) ** 3 / (sin(x) ** 3 + cos(x) ** 3), (x, 0, pi / 2)), pi / 4),
    ("even over odd exponential", Integral(x**2 / (1 + exp(x)), (x, -a, a)), a**3 / 3),
    ("logarithm at zero", Integral(log(x), (x, 0, a)), a * log(a) - a),
    ("absolute value", Integral(Abs(x - m), (x, m - 1, m + 2)), Rational(5, 2)),
    ("orthogonal sines", Integral(sin(n * x) ** 2, (x, 0, pi)), pi / 2),
    ("Poisson-like mean", Integral(1 / (2 + cos(x)), (x, 0, 2 * pi)), 2 * pi / sqrt(3)),
    ("Frullani", Integral((exp(-a * x) - exp(-b * x)) / x, (x, 0, oo)), log(b / a)),
    ("error function", Integral(exp(-(x**2)), (x, 0, t)), sqrt(pi) * erf(t) / 2),
    (
        "reflection of the variable",
        Integral(sqrt(1 + x**3) * x, (x, 0, a)),
        Integral(sqrt(1 + (a - x) ** 3) * (a - x), (x, 0, a)),
    ),
    ("area of a half disc", Integral(sqrt(a**2 - x**2), (x, -a, a)), pi * a**2 / 2),
    ("triangle's double integral", Integral(x * y, (y, 0, x), (x, 0, a)), a**4 / 8),
    ("Dirichlet", Integral(sin(x) / x, (x, 0, oo)), pi / 2),
]

FALSE: list[tuple[Any, ...]] = [
    ("Gaussian", "two pi", Integral(exp(-a * x**2), (x, -oo, oo)), sqrt(2 * pi / a)),
    (
        "Gaussian with a linear term",
        "sign in the exponent",
        Integral(exp(-a * x**2 + t * x), (x, -oo, oo)),
        sqrt(pi / a) * exp(-(t**2) / (4 * a)),
    ),
    (
        "Gaussian second moment",
        "deviation for variance",
        Integral(x**2 * exp(-(x**2) / (2 * s**2)) / (s * sqrt(2 * pi)), (x, -oo, oo)),
        s,
    ),
    (
        "Gaussian cosine transform",
        "factor four to two",
        Integral(exp(-a * x**2) * cos(t * x), (x, -oo, oo)),
        sqrt(pi / a) * exp(-(t**2) / (2 * a)),
    ),
    ("gamma integral", "exponent off by one", Integral(x**k * exp(-a * x), (x, 0, oo)), factorial(k) / a**k),
    (
        "beta integral",
        "argument off by one",
        Integral(x**n * (1 - x) ** k, (x, 0, 1)),
        factorial(n) * factorial(k) / factorial(n + k),
    ),
    ("reciprocal", "limits exchanged", Integral(1 / x, (x, a, b)), log(a) - log(b)),
    ("arctangent", "factor 1/a lost", Integral(1 / (x**2 + a**2), (x, 0, b)), atan(b / a)),
    (
        "exponential and sine",
        "the cosine's value",
        Integral(exp(-a * x) * sin(b * x), (x, 0, oo)),
        a / (a**2 + b**2),
    ),
    (
        "even integrand taken as odd",
        "parity",
        Integral(x**2 * cos(t * x) * exp(-(x**4)), (x, -a, a)),
        Integer(0),
    ),
    (
        "even over odd exponential",
        "symmetry not used",
        Integral(x**2 / (1 + exp(x)), (x, -a, a)),
        2 * a**3 / 3,
    ),
    ("logarithm at zero", "boundary term lost", Integral(log(x), (x, 0, a)), a * log(a)),
    ("absolute value", "modulus lost", Integral(Abs(x - m), (x, m - 1, m + 2)), Rational(3, 2)),
    (
        "modulus of the cosine",
        "antiderivative across the kinks",
        Integral(Abs(cos(x)), (x, 0, 2 * pi)),
        Integer(0),
    ),
    (
        "Poisson-like mean",
        "antiderivative with a jump",
        Integral(1 / (2 + cos(x)), (x, 0, 2 * pi)),
        Integer(0),
    ),
    ("Frullani", "sign", Integral((exp(-a * x) - exp(-b * x)) / x, (x, 0, oo)), log(a / b)),
    (
        "reciprocal square across its pole",
        "divergent: the antiderivative has a pole on the path",
        Integral(1 / x**2, (x, -1, 1)),
        Integer(-2),
    ),
    (
        "reciprocal across its pole",
        "divergent: only a principal value exists",
        Integral(1 / x, (x, -1, 2)),
        log(2),
    ),
    ("reciprocal to infinity", "divergent", Integral(1 / (1 + x), (x, 0, oo)), Integer(0)),
    (
        "shifted reciprocal square",
        "divergent where the pole lies on the path",
        Integral(1 / (x - a) ** 2, (x, 0, 2 * a)),
        -2 / a,
    ),
    ("tangent across its pole", "divergent", Integral(tan(x) ** 2, (x, 0, pi)), -pi),
    (
        "Borwein's seventh sine",
        "pi/2 holds for six factors only",
        Integral(Mul(*[sin(x / j) / (x / j) for j in range(1, 16, 2)]), (x, 0, oo)),
        pi / 2,
    ),
    (
        "root of a square under the integral",
        "sign on the negative half",
        Integral(Pow(Pow(sin(x), 2, evaluate=False), S.Half, evaluate=False), (x, -pi, pi)),
        Integer(0),
    ),
    ("order of the limits", "sign of the orientation", Integral(exp(x), (x, a, 0)), exp(a) - 1),
]
DIVERGENT: set[str] = {
    "reciprocal square across its pole",
    "reciprocal across its pole",
    "reciprocal to infinity",
    "shifted reciprocal square",
    "tangent across its pole",
}
DIGITS = {"Borwein's seventh sine": 30}
