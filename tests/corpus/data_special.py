"""Lambert's W and the error functions."""

from typing import Any

from sympy import (
    Derivative,
    I,
    Integer,
    Integral,
    LambertW,
    Rational,
    S,
    erf,
    erfc,
    erfi,
    exp,
    log,
    pi,
    sqrt,
    symbols,
    tanh,
    uppergamma,
)

AREA = "Lambert W and erf"
SOURCE = "DLMF 4.13 (Lambert W), 7.2, 7.4 (error functions)"

z = symbols("z")
x, m = symbols("x m", real=True)
p, q, s = symbols("p q s", positive=True)
t = symbols("t", real=True)

TRUE: list[tuple[Any, ...]] = [
    ("defining equation", LambertW(z) * exp(LambertW(z)), z),
    ("inverse on the positive axis", LambertW(p * exp(p), evaluate=False), p),
    ("inverse right of minus one", LambertW(x * exp(x), evaluate=False), x, [x >= -1]),
    ("logarithm of W", log(LambertW(p)), log(p) - LambertW(p)),
    ("derivative of W", Derivative(LambertW(p), p), LambertW(p) / (p * (1 + LambertW(p)))),
    ("W of a logarithm", LambertW(p * log(p)), log(p), [p >= 1]),
    ("lower branch", LambertW(x * exp(x), -1, evaluate=False), x, [x <= -1]),
    ("solves x + exp(x)", (p - LambertW(exp(p))) + exp(p - LambertW(exp(p))), p),
    ("erf is odd", erf(-z, evaluate=False), -erf(z)),
    ("erf and erfc", erf(z) + erfc(z), Integer(1)),
    ("reflection of erfc", erfc(z) + erfc(-z, evaluate=False), Integer(2)),
    ("derivative of erf", Derivative(erf(z), z), 2 * exp(-(z**2)) / sqrt(pi)),
    ("imaginary argument", erf(I * z, evaluate=False), I * erfi(z)),
    (
        "normal distribution's symmetry",
        (1 + erf(x / sqrt(2))) / 2,
        1 - (1 + erf(-x / sqrt(2), evaluate=False)) / 2,
    ),
    (
        "antiderivative of erf",
        Integral(erf(t), (t, 0, p)),
        p * erf(p) + exp(-(p**2)) / sqrt(pi) - 1 / sqrt(pi),
    ),
    ("erfc as an incomplete gamma", erfc(p) * sqrt(pi), uppergamma(S.Half, p**2, evaluate=False)),
    (
        "derivative of GELU",
        Derivative(x * (1 + erf(x / sqrt(2))) / 2, x),
        (1 + erf(x / sqrt(2))) / 2 + x * exp(-(x**2) / 2) / sqrt(2 * pi),
    ),
    (
        "normal probability of an interval",
        Integral(exp(-((t - m) ** 2) / (2 * s**2)) / (s * sqrt(2 * pi)), (t, m - s, m + s)),
        erf(1 / sqrt(2)),
    ),
]

FALSE: list[tuple[Any, ...]] = [
    ("defining equation", "exponent's sign", LambertW(z) * exp(-LambertW(z)), z),
    ("inverse on the real axis", "x >= -1 missing", LambertW(x * exp(x), evaluate=False), x),
    ("inverse on the complex plane", "branch", LambertW(z * exp(z), evaluate=False), z),
    ("logarithm of W", "sign", log(LambertW(p)), log(p) + LambertW(p)),
    ("derivative of W", "denominator", Derivative(LambertW(p), p), LambertW(p) / (1 + LambertW(p))),
    ("W of a logarithm", "p >= 1 missing", LambertW(p * log(p)), log(p)),
    ("W of a product", "W taken as additive", LambertW(p * q), LambertW(p) + LambertW(q)),
    ("lower branch", "the principal branch", LambertW(x * exp(x), evaluate=False), x, [x <= -2]),
    ("erf is odd", "parity", erf(-z, evaluate=False), erf(z)),
    ("erf and erfc", "difference for sum", erfc(z) - erf(z), Integer(1)),
    ("derivative of erf", "factor two lost", Derivative(erf(z), z), exp(-(z**2)) / sqrt(pi)),
    ("imaginary argument", "factor i lost", erf(I * z, evaluate=False), erfi(z)),
    (
        "antiderivative of erf",
        "constant lost",
        Integral(erf(t), (t, 0, p)),
        p * erf(p) + exp(-(p**2)) / sqrt(pi),
    ),
    (
        "GELU's tanh form",
        "an approximation",
        x * (1 + erf(x / sqrt(2))) / 2,
        x * (1 + tanh(sqrt(2 / pi) * (x + Rational(44715, 1000000) * x**3))) / 2,
    ),
    (
        "GELU's sigmoid form",
        "an approximation",
        x * (1 + erf(x / sqrt(2))) / 2,
        x / (1 + exp(-Rational(1702, 1000) * x)),
    ),
    ("erf of a sum", "taken as additive", erf(p + q), erf(p) + erf(q)),
]
