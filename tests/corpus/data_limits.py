"""Limits, one-sided where the side matters."""

from typing import Any

from sympy import (
    Abs,
    Function,
    Integer,
    Limit,
    Max,
    Min,
    Ne,
    atan,
    cos,
    exp,
    floor,
    log,
    oo,
    pi,
    sin,
    sqrt,
    symbols,
)

AREA = "limits"
SOURCE = "calculus: standard limits"

x, t, h = symbols("x t h", real=True)
a, b, p = symbols("a b p", positive=True)
n = symbols("n", integer=True, positive=True)
k = symbols("k", integer=True, positive=True)
z = symbols("z")
c = symbols("c", real=True)
f = Function("f", real=True)

TRUE: list[tuple[Any, ...]] = [
    ("sine over its argument", Limit(sin(x) / x, x, 0, "+-"), Integer(1)),
    ("sine with a factor", Limit(sin(c * x) / x, x, 0, "+-"), c),
    ("compound interest", Limit((1 + c / x) ** x, x, oo), exp(c)),
    (
        "difference quotient of a power",
        Limit(((t + h) ** n - t**n) / h, h, 0, "+-"),
        n * t ** (n - 1),
        [Ne(t, 0)],
    ),
    ("derivative of the exponential's base", Limit((a**h - 1) / h, h, 0, "+-"), log(a)),
    ("one minus cosine", Limit((1 - cos(c * x)) / x**2, x, 0, "+-"), c**2 / 2),
    ("power against exponential", Limit(x**n * exp(-x), x, oo), Integer(0)),
    ("logarithm against power", Limit(x * log(x), x, 0, "+"), Integer(0)),
    ("self power", Limit(x**x, x, 0, "+"), Integer(1)),
    ("right-hand sign", Limit(Abs(x) / x, x, 0, "+"), Integer(1)),
    ("left-hand sign", Limit(Abs(x) / x, x, 0, "-"), Integer(-1)),
    ("exponential of the reciprocal from the left", Limit(exp(1 / x), x, 0, "-"), Integer(0)),
    ("conjugate difference", Limit(sqrt(x**2 + a * x) - x, x, oo), a / 2),
    ("ratio of polynomials", Limit((a * x**2 + x + 1) / (b * x**2 - x), x, oo), a / b),
    ("arctangent at minus infinity", Limit(atan(x), x, -oo), -pi / 2),
    ("temperature to zero", Limit(x * log(exp(a / x) + exp(b / x)), x, 0, "+"), Max(a, b)),
    ("box-cox", Limit((a**h - 1) / h - log(a) + h, h, 0, "+-"), Integer(0)),
    ("geometric mean of two", Limit(((a**h + b**h) / 2) ** (1 / h), h, 0, "+-"), sqrt(a * b)),
    ("floor from the left", Limit(floor(x), x, n, "-"), n - 1),
    ("symmetric second difference", Limit((exp(t + h) - 2 * exp(t) + exp(t - h)) / h**2, h, 0, "+-"), exp(t)),
    (
        "difference quotient of an unknown function",
        Limit((sin(f(t) + h) - sin(f(t))) / h, h, 0, "+-"),
        cos(f(t)),
    ),
]

FALSE: list[tuple[Any, ...]] = [
    ("sine over its argument", "limit at infinity", Limit(sin(x) / x, x, oo), Integer(1)),
    ("compound interest", "sign", Limit((1 - c / x) ** x, x, oo), exp(c)),
    (
        "difference quotient of a power",
        "factor lost",
        Limit(((t + h) ** n - t**n) / h, h, 0, "+-"),
        t ** (n - 1),
        [Ne(t, 0)],
    ),
    ("one minus cosine", "factor one half lost", Limit((1 - cos(c * x)) / x**2, x, 0, "+-"), c**2),
    ("power against exponential", "value of the integral", Limit(x**n * exp(-x), x, oo), Integer(1)),
    ("self power", "zero to the zero taken as zero", Limit(x**x, x, 0, "+"), Integer(0)),
    ("left-hand sign", "the wrong side", Limit(Abs(x) / x, x, 0, "-"), Integer(1)),
    ("exponential of the reciprocal", "the wrong side", Limit(exp(-1 / x), x, 0, "+"), Integer(1)),
    (
        "conjugate difference",
        "infinity minus infinity taken as zero",
        Limit(sqrt(x**2 + a * x) - x, x, oo),
        Integer(0),
    ),
    (
        "conjugate difference at minus infinity",
        "sign of the root",
        Limit(sqrt(x**2 + a * x) + x, x, -oo),
        a / 2,
    ),
    ("ratio of polynomials", "lower terms", Limit((a * x**2 + x + 1) / (b * x**2 - x), x, oo), (a + 1) / b),
    ("arctangent of the reciprocal", "the wrong side", Limit(atan(1 / x), x, 0, "-"), pi / 2),
    (
        "temperature to zero",
        "minimum for maximum",
        Limit(x * log(exp(a / x) + exp(b / x)), x, 0, "+"),
        Min(a, b),
    ),
    (
        "geometric mean of two",
        "arithmetic mean",
        Limit(((a**h + b**h) / 2) ** (1 / h), h, 0, "+-"),
        (a + b) / 2,
    ),
    ("floor from the left", "the wrong side", Limit(floor(x), x, n, "-"), n),
    (
        "second difference",
        "factor two",
        Limit((exp(t + h) - 2 * exp(t) + exp(t - h)) / h**2, h, 0, "+-"),
        2 * exp(t),
    ),
    ("limit and root", "root of a square on the left", Limit(sqrt(1 - cos(2 * x)) / x, x, 0, "-"), sqrt(2)),
    ("logistic at minus infinity", "the wrong end", Limit(1 / (1 + exp(-x)), x, -oo), Integer(1)),
]
