"""Finite sums and products with symbolic bounds; a few series."""

from typing import Any

from sympy import Integer, Ne, Product, Rational, S, Sum, cos, exp, factorial, harmonic, oo, pi, sin, symbols

AREA = "sums and products"
SOURCE = "Concrete Mathematics, chapters 2 and 5; Gradshteyn & Ryzhik 0.1-0.2"

n, m = symbols("n m", integer=True, positive=True)
N = symbols("N", integer=True, nonnegative=True)
k, j, i = symbols("k j i", integer=True)
x, y, q = symbols("x y q")
t = symbols("t", real=True)
p = symbols("p", positive=True)

TRUE: list[tuple[Any, ...]] = [
    ("first numbers", Sum(k, (k, 1, n)), n * (n + 1) / 2),
    ("squares", Sum(k**2, (k, 1, n)), n * (n + 1) * (2 * n + 1) / 6),
    ("cubes are a square", Sum(k**3, (k, 1, n)), Sum(k, (k, 1, n)) ** 2),
    ("odd numbers", Sum(2 * k - 1, (k, 1, n)), n**2),
    ("geometric", Sum(x**k, (k, 0, n)), (1 - x ** (n + 1)) / (1 - x), [Ne(x, 0)]),
    (
        "arithmetic-geometric",
        Sum(k * x**k, (k, 1, n)),
        x * (1 - (n + 1) * x**n + n * x ** (n + 1)) / (1 - x) ** 2,
    ),
    ("telescoping reciprocals", Sum(1 / (k * (k + 1)), (k, 1, n)), n / (n + 1)),
    (
        "telescoping in threes",
        Sum(1 / (k * (k + 1) * (k + 2)), (k, 1, n)),
        n * (n + 3) / (4 * (n + 1) * (n + 2)),
    ),
    ("factorials telescope", Sum(k * factorial(k), (k, 1, n)), factorial(n + 1) - 1),
    ("sum of harmonic numbers", Sum(harmonic(k), (k, 1, n)), (n + 1) * harmonic(n) - n),
    (
        "weighted harmonic numbers",
        Sum(k * harmonic(k), (k, 1, n)),
        n * (n + 1) * harmonic(n) / 2 - n * (n - 1) / 4,
    ),
    ("harmonic step", harmonic(n + 1), harmonic(n) + 1 / (n + 1)),
    ("alternating harmonic", Sum((-1) ** (k + 1) / k, (k, 1, 2 * n)), harmonic(2 * n) - harmonic(n)),
    ("Dirichlet kernel", 1 + 2 * Sum(cos(k * t), (k, 1, n)), sin((n + S.Half) * t) / sin(t / 2)),
    ("sines in progression", Sum(sin(k * t), (k, 1, n)), sin(n * t / 2) * sin((n + 1) * t / 2) / sin(t / 2)),
    ("product of binary powers", Product(1 + x ** (2**k), (k, 0, n)), (1 - x ** (2 ** (n + 1))) / (1 - x)),
    ("cosines of halves", Product(cos(t / 2**k), (k, 1, n)), sin(t) / (2**n * sin(t / 2**n))),
    ("telescoping product", Product(1 - 1 / k**2, (k, 2, n + 1)), (n + 2) / (2 * (n + 1))),
    ("product of a constant and powers", Product(p**k, (k, 1, n)), p ** (n * (n + 1) / 2)),
    ("order of summation", Sum(i * j, (j, 1, i), (i, 1, n)), n * (n + 1) * (n + 2) * (3 * n + 1) / 24),
    ("shift of the index", Sum(x ** (k + 1) / (k + 1), (k, 0, n - 1)), Sum(x**k / k, (k, 1, n))),
    ("reversal", Sum((n - k) * x**k, (k, 0, n)), Sum(k * x ** (n - k), (k, 0, n)), [Ne(x, 0)]),
    ("geometric series", Sum(p**k, (k, 0, oo)), 1 / (1 - p), [p < Rational(9, 10)]),
    ("exponential series", Sum(x**k / factorial(k), (k, 0, oo)), exp(x), [Ne(x, 0)]),
    ("Basel", Sum(1 / k**2, (k, 1, oo)), pi**2 / 6),
    (
        "unequal geometric ratios",
        Sum(x**k * y ** (n - k), (k, 0, n)),
        (x ** (n + 1) - y ** (n + 1)) / (x - y),
        [Ne(x, 0), Ne(y, 0)],
    ),
]

FALSE: list[tuple[Any, ...]] = [
    ("first numbers", "sum to n - 1", Sum(k, (k, 1, n)), n * (n - 1) / 2),
    ("squares", "coefficient", Sum(k**2, (k, 1, n)), n * (n + 1) * (2 * n + 1) / 3),
    ("cubes", "squares of sums", Sum(k**3, (k, 1, n)), Sum(k**2, (k, 1, n)) ** 2),
    ("odd numbers", "plus for minus", Sum(2 * k + 1, (k, 1, n)), n**2),
    ("geometric", "exponent off by one", Sum(x**k, (k, 0, n)), (1 - x**n) / (1 - x)),
    (
        "arithmetic-geometric",
        "sign of the last term",
        Sum(k * x**k, (k, 1, n)),
        x * (1 - (n + 1) * x**n - n * x ** (n + 1)) / (1 - x) ** 2,
    ),
    ("telescoping reciprocals", "value of the series", Sum(1 / (k * (k + 1)), (k, 1, n)), Integer(1)),
    ("factorials telescope", "first term counted twice", Sum(k * factorial(k), (k, 1, n)), factorial(n + 1)),
    ("sum of harmonic numbers", "shift by one", Sum(harmonic(k), (k, 1, n)), n * harmonic(n) - n),
    (
        "alternating harmonic",
        "odd number of terms",
        Sum((-1) ** (k + 1) / k, (k, 1, 2 * n - 1)),
        harmonic(2 * n) - harmonic(n),
    ),
    (
        "Dirichlet kernel",
        "factor two lost",
        1 + Sum(cos(k * t), (k, 1, n)),
        sin((n + S.Half) * t) / sin(t / 2),
    ),
    (
        "sines in progression",
        "n + 1 turned to n",
        Sum(sin(k * t), (k, 1, n)),
        sin(n * t / 2) ** 2 / sin(t / 2),
    ),
    (
        "product of binary powers",
        "exponent off by one",
        Product(1 + x ** (2**k), (k, 0, n)),
        (1 - x ** (2**n)) / (1 - x),
    ),
    (
        "cosines of halves",
        "power of two",
        Product(cos(t / 2**k), (k, 1, n)),
        sin(t) / (2 ** (n + 1) * sin(t / 2**n)),
    ),
    ("telescoping product", "upper index", Product(1 - 1 / k**2, (k, 2, n + 1)), (n + 1) / (2 * n)),
    ("sum of a constant", "one term too few", Sum(p, (k, 0, n)), n * p),
    (
        "product of sums",
        "sum of the products",
        Sum(k, (k, 1, n)) * Sum(k**2, (k, 1, n)),
        Sum(k**3, (k, 1, n)),
    ),
    ("geometric series", "first term dropped", Sum(p**k, (k, 1, oo)), 1 / (1 - p), [p < Rational(9, 10)]),
    ("Basel", "partial sum with a tail estimate", Sum(1 / k**2, (k, 1, n)) + 1 / n, pi**2 / 6),
    (
        "shift of the index",
        "bounds not shifted",
        Sum(x ** (k + 1) / (k + 1), (k, 0, n)),
        Sum(x**k / k, (k, 1, n)),
    ),
    ("reversed range", "an empty-looking sum is negative by convention", Sum(k, (k, 5, 2)), Integer(7)),
]
