"""Trigonometric identities."""

from typing import Any

from sympy import Eq, Integer, Mul, Rational, S, atan, cos, cot, csc, pi, sec, sin, sqrt, symbols, tan

AREA = "trigonometric"
SOURCE = "DLMF 4.21 (trigonometric identities), 1.2; Abramowitz & Stegun 4.3"

x, y, z = symbols("x y z")
t, s, r = symbols("t s r", real=True)
n = symbols("n", integer=True)
k = symbols("k", integer=True)

TRUE: list[tuple[Any, ...]] = [
    ("Pythagoras", sin(x) ** 2 + cos(x) ** 2, Integer(1)),
    ("sine of a sum", sin(x + y), sin(x) * cos(y) + cos(x) * sin(y)),
    ("tangent of a sum", tan(x + y), (tan(x) + tan(y)) / (1 - tan(x) * tan(y))),
    ("triple angle", sin(3 * x), 3 * sin(x) - 4 * sin(x) ** 3),
    ("quintuple angle", cos(5 * x), 16 * cos(x) ** 5 - 20 * cos(x) ** 3 + 5 * cos(x)),
    ("sum to product", sin(x) + sin(y), 2 * sin((x + y) / 2) * cos((x - y) / 2)),
    ("product to sum", sin(x) * sin(y), (cos(x - y) - cos(x + y)) / 2),
    ("half-angle tangent", tan(x / 2), (1 - cos(x)) / sin(x)),
    ("secant and tangent", sec(x) ** 2 - tan(x) ** 2, Integer(1)),
    ("cosecant and cotangent", csc(x) - cot(x), tan(x / 2)),
    ("Morrie's law", Mul(cos(pi / 9), cos(2 * pi / 9), cos(4 * pi / 9), evaluate=False), Rational(1, 8)),
    ("tangents of a triangle", tan(x) + tan(y) + tan(z), tan(x) * tan(y) * tan(z), [Eq(z, pi - x - y)]),
    ("cosine at integer multiples", cos(n * pi, evaluate=False), (-1) ** n),
    ("pi over seven", cos(pi / 7) - cos(2 * pi / 7) + cos(3 * pi / 7), S.Half),
    ("sixty degrees apart", sin(x) * sin(pi / 3 - x) * sin(pi / 3 + x), sin(3 * x) / 4),
    ("fourth powers", sin(x) ** 4 + cos(x) ** 4, (3 + cos(4 * x)) / 4),
    ("shift by whole turns", sin(x + 2 * pi * n, evaluate=False), sin(x)),
    ("amplitude and phase", 3 * sin(t) + 4 * cos(t), 5 * sin(t + atan(Rational(4, 3)))),
    ("universal substitution", cos(x), (1 - tan(x / 2) ** 2) / (1 + tan(x / 2) ** 2)),
]

FALSE: list[tuple[Any, ...]] = [
    ("Pythagoras", "sign", cos(x) ** 2 - sin(x) ** 2, Integer(1)),
    ("sine of a sum", "sine taken as linear", sin(x + y), sin(x) + sin(y)),
    ("cosine of a sum", "sign of the product of sines", cos(x + y), cos(x) * cos(y) + sin(x) * sin(y)),
    ("tangent of a sum", "sign in the denominator", tan(x + y), (tan(x) + tan(y)) / (1 + tan(x) * tan(y))),
    ("triple angle", "the formula of the cosine", sin(3 * x), 4 * sin(x) ** 3 - 3 * sin(x)),
    (
        "quintuple angle",
        "a neighbouring coefficient",
        cos(5 * x),
        16 * cos(x) ** 5 - 20 * cos(x) ** 3 + 4 * cos(x),
    ),
    ("sum to product", "sine and cosine exchanged", sin(x) + sin(y), 2 * cos((x + y) / 2) * sin((x - y) / 2)),
    ("half-angle sine", "the root's sign depends on the quadrant", sin(t / 2), sqrt((1 - cos(t)) / 2)),
    ("cosine from sine", "the root's sign depends on the quadrant", cos(t), sqrt(1 - sin(t) ** 2)),
    ("secant and tangent", "sign", sec(x) ** 2 + tan(x) ** 2, Integer(1)),
    ("shift by half turns", "the sign (-1)**n lost", sin(x + pi * n, evaluate=False), sin(x)),
    (
        "tangents of a triangle",
        "the angles' sum is not pi",
        tan(x) + tan(y) + tan(z),
        tan(x) * tan(y) * tan(z),
    ),
    ("pi over seven", "pi/7 replaced by pi/8", cos(pi / 8) - cos(pi / 4) + cos(3 * pi / 8), S.Half),
    (
        "sixty degrees apart",
        "factor 4 turned to 2",
        sin(x) * sin(pi / 3 - x) * sin(pi / 3 + x),
        sin(3 * x) / 2,
    ),
    (
        "amplitude and phase",
        "phase of the reciprocal",
        3 * sin(t) + 4 * cos(t),
        5 * sin(t + atan(Rational(3, 4))),
    ),
    ("small angle", "a Taylor polynomial is not the function", sin(x), x - x**3 / 6 + x**5 / 120),
    ("modulus of a real sine", "sign lost", sqrt(1 - cos(2 * t)), sqrt(2) * sin(t)),
]
