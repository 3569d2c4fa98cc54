"""Statements without free symbols, near-identities among the false ones."""

from typing import Any

from sympy import (
    EulerGamma,
    GoldenRatio,
    I,
    Integer,
    Mul,
    Pow,
    Rational,
    S,
    Sum,
    asinh,
    atan,
    cos,
    digamma,
    exp,
    floor,
    gamma,
    harmonic,
    log,
    oo,
    pi,
    sin,
    sqrt,
    symbols,
    tan,
    tanh,
)

AREA = "constants"
SOURCE = "classical evaluations; collections of near-identities"

k = symbols("k", integer=True)

TRUE: list[tuple[Any, ...]] = [
    ("cosine of thirty-six degrees", cos(pi / 5, evaluate=False), (1 + sqrt(5)) / 4),
    ("cube root denested", Pow(2 + sqrt(5), Rational(1, 3), evaluate=False), (1 + sqrt(5)) / 2),
    (
        "three arctangents",
        12 * atan(Rational(1, 18)) + 8 * atan(Rational(1, 57)) - 5 * atan(Rational(1, 239)),
        pi / 4,
    ),
    ("golden logarithm", asinh(S.Half), log(GoldenRatio)),
    ("i to the i", Pow(I, I, evaluate=False), exp(-pi / 2)),
    ("logarithms of six", log(6) - log(2), log(3)),
    (
        "seventeen-gon's quadratic",
        cos(2 * pi / 17) * 2 + cos(4 * pi / 17) * 2 + cos(8 * pi / 17) * 2 + cos(16 * pi / 17) * 2,
        (sqrt(17) - 1) / 2,
    ),
    ("product of sines", sin(pi / 7) * sin(2 * pi / 7) * sin(3 * pi / 7), sqrt(7) / 8),
    ("tangent of pi over eight", tan(pi / 8, evaluate=False), sqrt(2) - 1),
    ("gamma at the quarters", gamma(Rational(1, 4)) * gamma(Rational(3, 4)), pi * sqrt(2)),
    ("digamma of one quarter", digamma(Rational(1, 4), evaluate=False) + EulerGamma + 3 * log(2), -pi / 2),
    ("four roots", sqrt(2 + sqrt(3)) - sqrt(2 - sqrt(3)), sqrt(2)),
]

FALSE: list[tuple[Any, ...]] = [
    ("Ramanujan's constant", "near-identity, 30 digits", exp(pi * sqrt(163)), Integer(640320) ** 3 + 744),
    ("golden cosine", "cosine of seventy-two degrees", cos(pi / 5, evaluate=False), (sqrt(5) - 1) / 4),
    ("e to the pi", "near-identity, 3 digits", exp(pi) - pi, Integer(20)),
    ("quartic of pi and e", "near-identity, 8 digits", pi**4 + pi**5, exp(6)),
    ("Castellanos' pi", "near-identity, 9 digits", Pow(Rational(2143, 22), Rational(1, 4)), pi),
    (
        "floors of tanh",
        "near-identity, 268 digits",
        Sum(floor(k * tanh(pi)) / 10**k, (k, 1, oo)),
        Rational(1, 81),
    ),
    (
        "Gaussian sum",
        "near-identity, 17 digits",
        (1 + 2 * Sum(exp(-(k**2) / Integer(4)), (k, 1, oo))) ** 2 / 4,
        pi,
    ),
    (
        "three arctangents",
        "sign",
        12 * atan(Rational(1, 18)) + 8 * atan(Rational(1, 57)) + 5 * atan(Rational(1, 239)),
        pi / 4,
    ),
    ("i to the i", "sign", Pow(I, I, evaluate=False), exp(pi / 2)),
    (
        "cube root of minus eight",
        "the real root is not the principal one",
        Pow(Integer(-8), Rational(1, 3)),
        Integer(-2),
    ),
    (
        "product of roots of minus one",
        "roots multiplied under positivity",
        Mul(sqrt(-2), sqrt(-3), evaluate=False),
        sqrt(6),
    ),
    ("harmonic near-integer", "near-identity, 9 digits", harmonic(83, evaluate=False), Integer(5)),
    ("product of sines", "seven for five", sin(pi / 5) * sin(2 * pi / 5) * sin(3 * pi / 5), sqrt(5) / 8),
    ("sine of eleven", "near-identity, 4 digits", sin(11), Integer(-1)),
]
DIGITS = {"Ramanujan's constant": 120, "floors of tanh": 640, "Gaussian sum": 100}
