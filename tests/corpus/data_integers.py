"""Integers with floors, ceilings and remainders."""

from typing import Any

from sympy import (
    Add,
    Integer,
    KroneckerDelta,
    Mod,
    Rational,
    S,
    Sum,
    ceiling,
    floor,
    frac,
    log,
    sqrt,
    symbols,
)

AREA = "integers"
SOURCE = "Concrete Mathematics, chapter 3 (floors, ceilings, mod)"

n, m, k = symbols("n m k", integer=True)
d, q = symbols("d q", integer=True, positive=True)
N, j = symbols("N j", integer=True, nonnegative=True)
i = symbols("i", integer=True)
x, y = symbols("x y", real=True)
p = symbols("p", positive=True)

TRUE: list[tuple[Any, ...]] = [
    ("halves add up", floor(n / 2) + ceiling(n / 2), n),
    ("shift by an integer", floor(x + n, evaluate=False), floor(x) + n),
    ("ceiling of the negative", ceiling(-x, evaluate=False), -floor(x)),
    ("division with remainder", d * floor(n / d) + Mod(n, d), n),
    ("nested division", floor(floor(x / d) / q), floor(x / (d * q))),
    ("ceiling as a floor", ceiling(n / d), floor((n + d - 1) / d)),
    ("Hermite, doubled", floor(2 * x), floor(x) + floor(x + S.Half)),
    ("Hermite, tripled", floor(3 * x), floor(x) + floor(x + Rational(1, 3)) + floor(x + Rational(2, 3))),
    ("remainder of a sum", Mod(n + m, d), Mod(Mod(n, d) + Mod(m, d), d, evaluate=False)),
    ("remainder of a product", Mod(n * m, d), Mod(Mod(n, d) * Mod(m, d), d, evaluate=False)),
    ("remainder is periodic", Mod(Add(n, k * d, evaluate=False), d, evaluate=False), Mod(n, d)),
    ("triangular numbers are whole", floor(n * (n + 1) / 2), n * (n + 1) / 2),
    ("squares modulo four", Mod(n**2, 4), Mod(n, 2)),
    ("Fermat for three", Mod(n**3 - n, 3), Integer(0)),
    ("quarter squares", floor(n**2 / 4), floor(n / 2) * ceiling(n / 2)),
    ("root of a floor", floor(sqrt(floor(x))), floor(sqrt(x)), [x >= 0]),
    (
        "nearest square root by halves",
        floor(sqrt(N) + S.Half),
        floor((1 + sqrt(4 * N + 1)) / 2) - KroneckerDelta(N, floor(sqrt(N)) ** 2 + floor(sqrt(N))),
        [N >= 1],
    ),
    ("roots of neighbours", floor(sqrt(N) + sqrt(N + 1)), floor(sqrt(4 * N + 2))),
    ("sum of floors of halves", Sum(floor(i / 2), (i, 0, N)), floor(N**2 / 4)),
    ("parity by a power", (1 - (-1) ** n) / 2, Mod(n, 2)),
    ("fractional parts", frac(x) + floor(x), x),
]

FALSE: list[tuple[Any, ...]] = [
    ("halves add up", "two floors", floor(n / 2) + floor(n / 2 + 1), n),
    ("floor is not additive", "floors added", floor(x + y), floor(x) + floor(y)),
    ("ceiling as floor plus one", "fails at integers", ceiling(x), floor(x) + 1),
    ("ceiling of the negative", "floor of the negative", floor(-x, evaluate=False), -floor(x)),
    ("floor scales", "factor pulled out", floor(d * x), d * floor(x)),
    ("nested division", "outer divisor lost", floor(floor(x / d) / q), floor(x / (d + q))),
    ("ceiling as a floor", "off by one", ceiling(n / d), floor((n + d) / d)),
    ("remainder of a product", "outer remainder lost", Mod(n * m, d), Mod(n, d) * Mod(m, d)),
    ("remainder of a negative", "sign pulled out", Mod(-n, d, evaluate=False), -Mod(n, d)),
    ("squares modulo four", "modulo three", Mod(n**2, 3), Mod(n, 2)),
    ("Fermat for four", "four is no prime", Mod(n**4 - n, 4), Integer(0)),
    ("quarter squares", "square of the half", floor(n**2 / 4), floor(n / 2) ** 2),
    ("root of a floor", "root not rounded", sqrt(floor(x)), floor(sqrt(x)), [x >= 0]),
    ("roots of neighbours", "4N + 4", floor(sqrt(N) + sqrt(N + 1)), floor(sqrt(4 * N + 4))),
    (
        "Euler's primes",
        "the polynomial's remainder modulo 41 vanishes at times",
        Mod(Mod(N**2 + N + 41, 41) ** 40, 41),
        Integer(1),
    ),
    (
        "tic-tac-toe numbers",
        "first fails at n = 777451915729368",
        ceiling(2 / (2 ** (1 / d) - 1)),
        floor(2 * d / log(2)),
    ),
    ("rounding half up and ceiling", "fails at halves", floor(x + S.Half), ceiling(x - S.Half)),
    ("sum of floors of halves", "n(n+1)/4 not rounded", Sum(floor(i / 2), (i, 0, N)), N * (N + 1) / 4),
    ("parity by a power", "parity exchanged", (1 + (-1) ** n) / 2, Mod(n, 2)),
]
WITNESS: dict[str, dict[Any, Any]] = {
    "tic-tac-toe numbers": {d: 777451915729368},
    "ceiling as floor plus one": {x: 3},
    "rounding half up and ceiling": {x: Rational(5, 2)},
}
DIGITS = {"tic-tac-toe numbers": 100}
