"""Algebra and rational functions over the complex numbers."""

from typing import Any

from sympy import Eq, GoldenRatio, Integer, Mul, Pow, symbols

AREA = "algebra"
SOURCE = "textbook algebra: classical polynomial identities, partial fractions, elimination"

a, b, c, d, x, y, z, w = symbols("a b c d x y z w")
n = symbols("n", integer=True, positive=True)
m = symbols("m", integer=True)
p = symbols("p", positive=True)

TRUE: list[tuple[Any, ...]] = [
    ("difference of cubes", (x - y) * (x**2 + x * y + y**2), x**3 - y**3),
    ("Brahmagupta-Fibonacci", (a**2 + b**2) * (c**2 + d**2), (a * c - b * d) ** 2 + (a * d + b * c) ** 2),
    (
        "sum of three cubes factors",
        a**3 + b**3 + c**3 - 3 * a * b * c,
        (a + b + c) * (a**2 + b**2 + c**2 - a * b - b * c - c * a),
    ),
    ("Sophie Germain", x**4 + 4 * y**4, (x**2 + 2 * y**2 + 2 * x * y) * (x**2 + 2 * y**2 - 2 * x * y)),
    ("partial fractions, two poles", 1 / ((x - a) * (x - b)), (1 / (x - a) - 1 / (x - b)) / (a - b)),
    (
        "Lagrange interpolation of the constant",
        (x - b) * (x - c) / ((a - b) * (a - c))
        + (x - a) * (x - c) / ((b - a) * (b - c))
        + (x - a) * (x - b) / ((c - a) * (c - b)),
        Integer(1),
    ),
    (
        "Euler's fraction identity",
        a**3 / ((a - b) * (a - c)) + b**3 / ((b - a) * (b - c)) + c**3 / ((c - a) * (c - b)),
        a + b + c,
    ),
    ("cyclic differences", (a - b) ** 3 + (b - c) ** 3 + (c - a) ** 3, 3 * (a - b) * (b - c) * (c - a)),
    ("golden continued fraction step", 1 + 1 / (1 + 1 / (1 + x)), (3 + 2 * x) / (2 + x)),
    ("power of a product, integer exponent", Pow(x * y, m, evaluate=False), x**m * y**m),
    ("geometric quotient of degree seven", (x**8 - 1) / (x - 1), (x + 1) * (x**2 + 1) * (x**4 + 1)),
    ("quartic power reduced by x**2 = x + 1", x**10, 55 * x + 34, [Eq(x, GoldenRatio)]),
    (
        "symmetric fractions under abc = 1",
        1 / (1 + a + a * b) + 1 / (1 + b + b * c) + 1 / (1 + c + c * a),
        Integer(1),
        [Eq(c, 1 / (a * b))],
    ),
    ("exponents add", p**x * p**y, p ** (x + y)),
    ("power with a common factor", (x**n * y - x ** (n + 1)) / x**n, y - x),
    (
        "fourth-order Pfaff",
        (x + y + z) ** 4 - (y + z) ** 4 - (z + x) ** 4 - (x + y) ** 4 + x**4 + y**4 + z**4,
        12 * x * y * z * (x + y + z),
    ),
]

FALSE: list[tuple[Any, ...]] = [
    ("difference of cubes", "sign of the middle term", (x - y) * (x**2 - x * y + y**2), x**3 - y**3),
    (
        "Brahmagupta-Fibonacci",
        "both cross terms with one sign",
        (a**2 + b**2) * (c**2 + d**2),
        (a * c + b * d) ** 2 + (a * d + b * c) ** 2,
    ),
    (
        "sum of three cubes factors",
        "factor 3 lost",
        a**3 + b**3 + c**3 - a * b * c,
        (a + b + c) * (a**2 + b**2 + c**2 - a * b - b * c - c * a),
    ),
    ("freshman's dream", "cross terms dropped", (x + y) ** 3, x**3 + y**3),
    (
        "partial fractions, two poles",
        "difference of the poles reversed",
        1 / ((x - a) * (x - b)),
        (1 / (x - a) - 1 / (x - b)) / (b - a),
    ),
    ("fractions added by parts", "numerators and denominators added", a / b + c / d, (a + c) / (b + d)),
    (
        "Euler's fraction identity",
        "exponent 4 with the value of exponent 3",
        a**4 / ((a - b) * (a - c)) + b**4 / ((b - a) * (b - c)) + c**4 / ((c - a) * (c - b)),
        (a + b + c) ** 2,
    ),
    (
        "power of a product, complex exponent",
        "the exponent is no integer",
        Pow(x * y, z, evaluate=False),
        x**z * y**z,
    ),
    (
        "power of a power",
        "principal powers do not multiply exponents",
        Pow(Pow(x, y, evaluate=False), z, evaluate=False),
        x ** (y * z),
    ),
    ("geometric quotient", "one factor too few", (x**8 - 1) / (x - 1), (x + 1) * (x**4 + 1)),
    (
        "quartic power reduced by x**2 = x + 1",
        "neighbouring Fibonacci number",
        x**10,
        55 * x + 33,
        [Eq(x, GoldenRatio)],
    ),
    (
        "agrees at eleven integers",
        "a polynomial that vanishes at 0..10 is added",
        x + Mul(*[x - k for k in range(11)]) / 10**12,
        x,
    ),
    ("power of a sum of exponents", "product of exponents", p ** (x + y), p ** (x * y)),
    (
        "symmetric fractions under abc = 1",
        "hypothesis abc = 1 missing",
        1 / (1 + a + a * b) + 1 / (1 + b + b * c) + 1 / (1 + c + c * a),
        Integer(1),
    ),
    ("Vieta's quadratic", "sign of the sum of the roots", (x - a) * (x - b), x**2 + (a + b) * x + a * b),
]
