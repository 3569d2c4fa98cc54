"""Inverse trigonometric and hyperbolic functions on their principal branches."""

from typing import Any

from sympy import (
    Integer,
    Rational,
    S,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    log,
    pi,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
)

AREA = "inverse functions"
SOURCE = "DLMF 4.23-4.24, 4.37-4.38 (inverse functions), principal values"

x, y, z = symbols("x y z")
t, s = symbols("t s", real=True)
p, q = symbols("p q", positive=True)

TRUE: list[tuple[Any, ...]] = [
    ("sine of the arccosine", sin(acos(x), evaluate=False), sqrt(1 - x**2)),
    ("complementary angles", asin(x) + acos(x), pi / 2),
    ("arctangent of the reciprocal", atan(p) + atan(1 / p), pi / 2),
    ("Machin", 4 * atan(Rational(1, 5)) - atan(Rational(1, 239)), pi / 4),
    ("Euler's arctangents", atan(S.Half) + atan(Rational(1, 3)), pi / 4),
    ("arctangents of one, two, three", atan(1) + atan(2) + atan(3), pi),
    ("arcsine of the sine in range", asin(sin(t), evaluate=False), t, [t >= -pi / 2, t <= pi / 2]),
    ("arctangent of the tangent in range", atan(tan(t), evaluate=False), t, [t > -pi / 2, t < pi / 2]),
    ("addition of arctangents", atan(t) + atan(s), atan((t + s) / (1 - t * s)), [t * s < 1]),
    ("area sine as a logarithm", asinh(t), log(t + sqrt(t**2 + 1))),
    ("area cosine as a logarithm", acosh(t), log(t + sqrt(t**2 - 1)), [t >= 1]),
    ("area tangent as a logarithm", atanh(t), log((1 + t) / (1 - t)) / 2, [t > -1, t < 1]),
    ("cosine of the double arctangent", cos(2 * atan(x)), (1 - x**2) / (1 + x**2)),
    ("arcsine as an arctangent", asin(t), atan(t / sqrt(1 - t**2)), [t > -1, t < 1]),
    ("area cosine of the cosine, positive", acosh(cosh(p), evaluate=False), p),
    ("double area sine", 2 * asinh(p), acosh(1 + 2 * p**2)),
    ("tangent of the half arccosine", tan(acos(t) / 2), sqrt((1 - t) / (1 + t)), [t > -1, t <= 1]),
    ("arcsine doubled", 2 * asin(t), acos(1 - 2 * t**2), [t >= 0, t <= 1]),
    ("area sine of the sine, real", asinh(sinh(t), evaluate=False), t),
    ("tripled arctangent", tan(3 * atan(x)), (3 * x - x**3) / (1 - 3 * x**2)),
]

FALSE: list[tuple[Any, ...]] = [
    ("sine of the arccosine", "sign", sin(acos(x), evaluate=False), -sqrt(1 - x**2)),
    ("complementary angles", "difference for sum", acos(x) - asin(x), pi / 2),
    ("arctangent of the reciprocal", "false for negative numbers", atan(t) + atan(1 / t), pi / 2),
    ("Machin", "240 for 239", 4 * atan(Rational(1, 5)) - atan(Rational(1, 240)), pi / 4),
    ("arctangents of one, two, three", "multiple of pi lost", atan(1) + atan(2) + atan(3), Integer(0)),
    ("arcsine of the sine", "range missing", asin(sin(t), evaluate=False), t),
    ("arctangent of the tangent", "range missing", atan(tan(t), evaluate=False), t),
    ("arccosine of the cosine", "true on [0, pi] only", acos(cos(t), evaluate=False), t, [t >= -pi, t <= pi]),
    ("addition of arctangents", "t*s < 1 missing", atan(t) + atan(s), atan((t + s) / (1 - t * s))),
    ("area sine as a logarithm", "sign under the root", asinh(t), log(t + sqrt(t**2 - 1))),
    ("area cosine as a logarithm", "branch for complex numbers", acosh(x), log(x + sqrt(x**2 - 1))),
    (
        "area tangent as a logarithm",
        "factor one half lost",
        atanh(t),
        log((1 + t) / (1 - t)),
        [t > -1, t < 1],
    ),
    ("cosine of the double arctangent", "the sine's numerator", cos(2 * atan(x)), 2 * x / (1 + x**2)),
    ("area cosine of the cosine", "modulus lost", acosh(cosh(t), evaluate=False), t),
    ("double area sine", "false for negative numbers", 2 * asinh(t), acosh(1 + 2 * t**2)),
    ("arcsine doubled", "false for negative numbers", 2 * asin(t), acos(1 - 2 * t**2), [t >= -1, t <= 1]),
    ("area sine of the sine, complex", "branch", asinh(sinh(z), evaluate=False), z),
    ("derivative notation taken as reciprocal", "inverse function taken as reciprocal", atan(t), 1 / tan(t)),
]
