"""Square and cube roots, with the positivity they need; nested radicals."""

from typing import Any

from sympy import Abs, Integer, Pow, Rational, S, Sum, sqrt, symbols

AREA = "radicals"
SOURCE = "textbook radicals; Ramanujan's and Shanks' denestings; DLMF 4.2"

x, y, z, a, b = symbols("x y z a b", positive=True)
r, s, t = symbols("r s t", real=True)
u, v = symbols("u v")
n = symbols("n", integer=True, positive=True)


def root(e: Any) -> Any:
    """Return the principal square root, not evaluated."""
    return Pow(e, S.Half, evaluate=False)


def cube(e: Any) -> Any:
    """Return the principal cube root, not evaluated."""
    return Pow(e, Rational(1, 3), evaluate=False)


TRUE: list[tuple[Any, ...]] = [
    ("root of a product", root(x * y), sqrt(x) * sqrt(y)),
    ("root of a square is the modulus", root(Pow(r, 2, evaluate=False)), Abs(r)),
    ("root of a square, where positive", root((r - s) ** 2), r - s, [r > s]),
    ("denest 3 + 2 sqrt 2", sqrt(3 + 2 * sqrt(2)), 1 + sqrt(2)),
    ("denest 5 - 2 sqrt 6", sqrt(5 - 2 * sqrt(6)), sqrt(3) - sqrt(2)),
    (
        "Ramanujan's cube root",
        cube(cube(Integer(2)) - 1),
        cube(Rational(1, 9)) - cube(Rational(2, 9)) + cube(Rational(4, 9)),
    ),
    ("Cardano's disguised integer", cube(sqrt(108) + 10) - cube(sqrt(108) - 10), Integer(2)),
    ("rationalise", 1 / (sqrt(x) + sqrt(y)), (sqrt(x) - sqrt(y)) / (x - y)),
    ("symbolic denesting", root(a + b + 2 * sqrt(a * b)), sqrt(a) + sqrt(b)),
    ("symbolic denesting, difference", root(a + b - 2 * sqrt(a * b)), sqrt(a) - sqrt(b), [a > b]),
    ("root of a quotient", root(x / y) * y, sqrt(x * y)),
    ("complex root squared", root(u) ** 2 + 2 * root(u) + 1, (1 + sqrt(u)) ** 2),
    (
        "sum and difference of roots",
        sqrt(x + root(x**2 - 1)) + sqrt(x - root(x**2 - 1)),
        root(2 * x + 2),
        [x >= 1],
    ),
    (
        "telescoping roots",
        Sum(
            1 / (sqrt(symbols("k", integer=True, positive=True)) + sqrt(symbols("k", integer=True, positive=True) + 1)),
            (symbols("k", integer=True, positive=True), 1, n),
        ),
        sqrt(n + 1) - 1,
    ),
    ("conjugate of a difference", root(x**2 + 1) - x, 1 / (root(x**2 + 1) + x)),
    (
        "quartic root of seven plus four root three",
        Pow(7 + 4 * sqrt(3), Rational(1, 4), evaluate=False),
        (sqrt(6) + sqrt(2)) / 2,
    ),
    ("golden nested radical", root((3 + sqrt(5)) / 2), (1 + sqrt(5)) / 2),
]

FALSE: list[tuple[Any, ...]] = [
    ("root of a square", "the sign of a real number is lost", root(Pow(r, 2, evaluate=False)), r),
    ("root of a product, complex", "no positivity", root(u * v), sqrt(u) * sqrt(v)),
    ("root of a product, real", "no positivity", root(r * s), sqrt(r) * sqrt(s)),
    ("root of a square, reversed hypothesis", "r < s instead of r > s", root((r - s) ** 2), r - s, [r < s]),
    ("denest 3 + 2 sqrt 2", "square roots added termwise", sqrt(3 + 2 * sqrt(2)), sqrt(3) + sqrt(2)),
    ("denest 5 - 2 sqrt 6", "the negative root", sqrt(5 - 2 * sqrt(6)), sqrt(2) - sqrt(3)),
    (
        "Ramanujan's cube root",
        "two signs exchanged",
        cube(cube(Integer(2)) - 1),
        cube(Rational(1, 9)) + cube(Rational(2, 9)) - cube(Rational(4, 9)),
    ),
    ("rationalise", "sign in the numerator", 1 / (sqrt(x) + sqrt(y)), (sqrt(x) + sqrt(y)) / (x - y)),
    ("symbolic denesting, difference", "a > b missing", root(a + b - 2 * sqrt(a * b)), sqrt(a) - sqrt(b)),
    ("root of a sum", "roots are not additive", root(x + y), sqrt(x) + sqrt(y)),
    (
        "cube root of a cube",
        "the real cube root is not the principal one",
        cube(Pow(r, 3, evaluate=False)),
        r,
    ),
    (
        "near denesting of Graham",
        "agrees to many digits only",
        sqrt(1000001)
        + sqrt(1000025)
        + sqrt(1000031)
        + sqrt(1000084)
        + sqrt(1000087)
        + sqrt(1000134)
        + sqrt(1000158)
        + sqrt(1000182)
        + sqrt(1000198),
        sqrt(1000002)
        + sqrt(1000018)
        + sqrt(1000042)
        + sqrt(1000066)
        + sqrt(1000113)
        + sqrt(1000116)
        + sqrt(1000169)
        + sqrt(1000175)
        + sqrt(1000199),
    ),
    (
        "root of a quotient, real",
        "both negative is fine, one negative is not",
        root(r / s),
        sqrt(r) / sqrt(s),
    ),
    (
        "telescoping roots",
        "last index off by one",
        Sum(
            1 / (sqrt(symbols("k", integer=True, positive=True)) + sqrt(symbols("k", integer=True, positive=True) + 1)),
            (symbols("k", integer=True, positive=True), 1, n),
        ),
        sqrt(n) - 1,
    ),
    (
        "sum and difference of roots",
        "x >= 1 missing",
        sqrt(t + root(t**2 - 1)) + sqrt(t - root(t**2 - 1)),
        root(2 * t + 2),
    ),
]
DIGITS = {"near denesting of Graham": 120}
