"""Algebra, radicals, circular and hyperbolic functions, their inverses, exponentials and logarithms: a second set.

Held out: the rate on these is reported separately, and no rule of the checker is made with a look at them.
"""

from typing import Any

from sympy import (
    I,
    Ne,
    Rational,
    S,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cbrt,
    cos,
    cosh,
    cot,
    exp,
    log,
    pi,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
)

AREA = "second: elementary"
SOURCE = "Abramowitz & Stegun, chapters 3 and 4; DLMF 4.20-4.38; Barbeau, Polynomials; Ramanujan's notebooks (radicals)"
HELD_OUT = True

a, b, c, d, x, y, z, w = symbols("a b c d x y z w")
e, f, g, h = symbols("e f g h")
r, s, t = symbols("r s t", real=True)
p, q = symbols("p q", positive=True)
n = symbols("n", integer=True)


def sigmoid(value: Any) -> Any:
    """Return the logistic function."""
    return 1 / (1 + exp(-value))


TRUE: list[tuple[Any, ...]] = [
    ("Brahmagupta", (x**2 + a * y**2) * (z**2 + a * w**2), (x * z - a * y * w) ** 2 + a * (x * w + y * z) ** 2),
    (
        "four squares",
        (a**2 + b**2 + c**2 + d**2) * (e**2 + f**2 + g**2 + h**2),
        (a * e + b * f + c * g + d * h) ** 2
        + (a * f - b * e + c * h - d * g) ** 2
        + (a * g - b * h - c * e + d * f) ** 2
        + (a * h + b * g - c * f - d * e) ** 2,
    ),
    ("Candido", (x**2 + y**2 + (x + y) ** 2) ** 2, 2 * (x**4 + y**4 + (x + y) ** 4)),
    (
        "interpolation of the square",
        a**2 * (x - b) * (x - c) / ((a - b) * (a - c))
        + b**2 * (x - a) * (x - c) / ((b - a) * (b - c))
        + c**2 * (x - a) * (x - b) / ((c - a) * (c - b)),
        x**2,
    ),
    ("partial fractions", 1 / (x * (x + 1) * (x + 2)), 1 / (2 * x) - 1 / (x + 1) + 1 / (2 * (x + 2))),
    ("difference of cube roots", (cbrt(p) - cbrt(q)) * (cbrt(p) ** 2 + cbrt(p * q) + cbrt(q) ** 2), p - q),
    ("nested root with a parameter", sqrt(t + 2 * sqrt(t - 1)), 1 + sqrt(t - 1), [t >= 1]),
    ("cube root of a unit", cbrt(7 + 5 * sqrt(2)), 1 + sqrt(2)),
    ("Ramanujan's square root", sqrt(cbrt(5) - cbrt(4)), (cbrt(2) + cbrt(20) - cbrt(25)) / 3),
    ("sum of conjugate roots", sqrt(1 + t) + sqrt(1 - t), sqrt(2 + 2 * sqrt(1 - t**2)), [t >= -1, t <= 1]),
    ("product of sines of sum and difference", sin(x + y) * sin(x - y), sin(x) ** 2 - sin(y) ** 2),
    ("cotangent less tangent", cot(x) - tan(x), 2 * cot(2 * x)),
    ("an eighth turn added", tan(pi / 4 + x), (1 + tan(x)) / (1 - tan(x))),
    ("sixth powers", sin(x) ** 6 + cos(x) ** 6, (5 + 3 * cos(4 * x)) / 8),
    ("telescoping tangents", tan(x) + 2 * tan(2 * x) + 4 * cot(4 * x), cot(x)),
    (
        "angles of a triangle",
        sin(2 * x) + sin(2 * y) + sin(2 * (pi - x - y)),
        4 * sin(x) * sin(y) * sin(x + y),
    ),
    ("tangents of the pentagon", tan(pi / 5) * tan(2 * pi / 5), sqrt(5)),
    ("sines of the nonagon", sin(pi / 9) * sin(2 * pi / 9) * sin(4 * pi / 9), sqrt(3) / 8),
    ("sum of hyperbolic cosines", cosh(x) + cosh(y), 2 * cosh((x + y) / 2) * cosh((x - y) / 2)),
    ("tripled hyperbolic tangent", tanh(3 * x), (3 * tanh(x) + tanh(x) ** 3) / (1 + 3 * tanh(x) ** 2)),
    ("Gudermann", atan(sinh(t)), 2 * atan(tanh(t / 2))),
    ("Gudermann inverted", asinh(tan(t)), atanh(sin(t)), [t > -pi / 2, t < pi / 2]),
    ("area cosine by area sine", acosh(p + 1), 2 * asinh(sqrt(p / 2))),
    ("sum of area tangents", atanh(s) + atanh(t), atanh((s + t) / (1 + s * t)), [s > -1, s < 1, t > -1, t < 1]),
    ("halved arctangent", atan(t), 2 * atan(t / (1 + sqrt(1 + t**2)))),
    ("doubled arcsine", sin(2 * asin(x)), 2 * x * sqrt(1 - x**2)),
    ("tripled arccosine", cos(3 * acos(x)), 4 * x**3 - 3 * x),
    ("arctangents of neighbours", atan(1 / p) - atan(1 / (p + 1)), atan(1 / (p**2 + p + 1))),
    ("arccosine of a square", acos(2 * t**2 - 1), 2 * acos(t), [t >= 0, t <= 1]),
    ("conjugate logarithms", log(t + sqrt(t**2 + 1)), -log(sqrt(t**2 + 1) - t)),
    ("change of base", log(p * q) / log(p), 1 + log(q) / log(p), [Ne(p, 1)]),
    ("logarithm of a Möbius map", log((1 + tanh(t)) / (1 - tanh(t))), 2 * t),
    ("logit", log(sigmoid(t)) - log(1 - sigmoid(t)), t),
    ("exponential less one", exp(x) - 1, 2 * exp(x / 2) * sinh(x / 2)),
    ("slope of the sigmoid", sigmoid(x) * sigmoid(-x), 1 / (2 + 2 * cosh(x))),
    ("sine by exponentials", sin(x), (exp(I * x) - exp(-I * x)) / (2 * I)),
]

FALSE: list[tuple[Any, ...]] = [
    ("Brahmagupta", "sign", (x**2 + a * y**2) * (z**2 + a * w**2), (x * z + a * y * w) ** 2 + a * (x * w + y * z) ** 2),
    ("Candido", "factor two lost", (x**2 + y**2 + (x + y) ** 2) ** 2, x**4 + y**4 + (x + y) ** 4),
    ("partial fractions", "middle coefficient", 1 / (x * (x + 1) * (x + 2)), 1 / (2 * x) - 1 / (2 * (x + 1)) + 1 / (2 * (x + 2))),
    ("difference of cube roots", "square roots for cube roots", (sqrt(p) - sqrt(q)) * (p + sqrt(p * q) + q), p - q),
    ("nested root with a parameter", "other conjugate for all t", sqrt(t - 2 * sqrt(t - 1)), 1 - sqrt(t - 1), [t >= 1]),
    ("cube root of a unit", "square for cube", sqrt(7 + 5 * sqrt(2)), 1 + sqrt(2)),
    ("Ramanujan's square root", "a sign", sqrt(cbrt(5) - cbrt(4)), (cbrt(2) - cbrt(20) + cbrt(25)) / 3),
    ("sum of conjugate roots", "factor two lost", sqrt(1 + t) + sqrt(1 - t), sqrt(2 + sqrt(1 - t**2)), [t >= -1, t <= 1]),
    ("product of sines of sum and difference", "cosine", sin(x + y) * sin(x - y), sin(x) ** 2 - cos(y) ** 2),
    ("cotangent less tangent", "factor two lost", cot(x) - tan(x), cot(2 * x)),
    ("an eighth turn added", "signs exchanged", tan(pi / 4 + x), (1 - tan(x)) / (1 + tan(x))),
    ("sixth powers", "coefficients exchanged", sin(x) ** 6 + cos(x) ** 6, (3 + 5 * cos(4 * x)) / 8),
    ("angles of a triangle", "cosines", sin(2 * x) + sin(2 * y) + sin(2 * (pi - x - y)), 4 * cos(x) * cos(y) * sin(x + y)),
    ("sines of the nonagon", "a factor", sin(pi / 9) * sin(2 * pi / 9) * sin(4 * pi / 9), sqrt(3) / 4),
    ("sum of hyperbolic cosines", "sines", cosh(x) + cosh(y), 2 * sinh((x + y) / 2) * sinh((x - y) / 2)),
    ("tripled hyperbolic tangent", "circular signs", tanh(3 * x), (3 * tanh(x) - tanh(x) ** 3) / (1 - 3 * tanh(x) ** 2)),
    ("Gudermann", "factor", atan(sinh(t)), atan(tanh(t / 2))),
    ("Gudermann inverted", "range missing", asinh(tan(t)), atanh(sin(t))),
    ("sum of area tangents", "circular sign", atanh(s) + atanh(t), atanh((s + t) / (1 - s * t)), [s**2 < 1, t**2 < 1]),
    ("halved arctangent", "sign under the root", atan(t), 2 * atan(t / (1 + sqrt(1 - t**2))), [t**2 < 1]),
    ("arctangents of neighbours", "sign", atan(1 / p) - atan(1 / (p + 1)), atan(1 / (p**2 + p - 1))),
    ("arccosine of a square", "range missing", acos(2 * t**2 - 1), 2 * acos(t), [t >= -1, t <= 1]),
    ("doubled arctangent", "principal value", atan(2 * t / (1 - t**2)), 2 * atan(t)),
    ("conjugate logarithms", "sign", log(t + sqrt(t**2 + 1)), log(sqrt(t**2 + 1) - t)),
    ("logarithm of an exponential", "period", log(exp(I * t)), I * t),
    ("logarithm of a Möbius map", "factor two lost", log((1 + tanh(t)) / (1 - tanh(t))), t),
    ("slope of the sigmoid", "constant", sigmoid(x) * sigmoid(-x), 1 / (1 + 2 * cosh(x))),
    ("cube root of a cube", "principal value", cbrt(x**3), x),
    ("power of a power", "principal value", (x**2) ** S.Half, x),
    ("near a golden constant", "off by 1e-7", sin(Rational(666, 1) * pi / 180), -Rational(80901699, 10**8)),
]
WITNESS: dict[str, dict[Any, Any]] = {"logarithm of an exponential": {t: 4}}
