"""Factorials and binomial coefficients with symbolic arguments; Fibonacci numbers."""

from typing import Any

from sympy import GoldenRatio, Integer, Ne, Sum, binomial, factorial, factorial2, fibonacci, sqrt, symbols

AREA = "binomials"
SOURCE = "DLMF 26.3; Graham, Knuth & Patashnik, Concrete Mathematics, table 174"

n, k, m, j = symbols("n k m j", integer=True, nonnegative=True)
N = symbols("N", integer=True, positive=True)
z = symbols("z")

TRUE: list[tuple[Any, ...]] = [
    ("Pascal's rule", binomial(n + 1, k + 1), binomial(n, k) + binomial(n, k + 1)),
    ("absorption", (k + 1) * binomial(n + 1, k + 1), (n + 1) * binomial(n, k)),
    ("symmetry", binomial(n, k), binomial(n, n - k), [k <= n]),
    (
        "trinomial revision",
        binomial(n, m) * binomial(m, k),
        binomial(n, k) * binomial(n - k, m - k),
        [k <= m, m <= n],
    ),
    ("factorials", binomial(n, k), factorial(n) / (factorial(k) * factorial(n - k)), [k <= n]),
    ("factorial step", factorial(n + 2), (n + 2) * (n + 1) * factorial(n)),
    ("central step", binomial(2 * n + 2, n + 1), binomial(2 * n, n) * 2 * (2 * n + 1) / (n + 1)),
    ("row sum", Sum(binomial(n, j), (j, 0, n)), 2**n),
    ("alternating row sum", Sum((-1) ** j * binomial(N, j), (j, 0, N)), Integer(0)),
    ("binomial theorem", Sum(binomial(n, j) * z**j, (j, 0, n)), (1 + z) ** n, [Ne(z, 0), Ne(z, -1)]),
    ("row mean", Sum(j * binomial(N, j), (j, 0, N)), N * 2 ** (N - 1)),
    ("Vandermonde, equal rows", Sum(binomial(n, j) ** 2, (j, 0, n)), binomial(2 * n, n)),
    ("hockey stick", Sum(binomial(j, k), (j, k, n)), binomial(n + 1, k + 1), [k <= n]),
    ("parallel sums", Sum(binomial(m + j, j), (j, 0, n)), binomial(m + n + 1, n)),
    ("Catalan as a difference", binomial(2 * n, n) - binomial(2 * n, n + 1), binomial(2 * n, n) / (n + 1)),
    ("upper negation", binomial(-N, k), (-1) ** k * binomial(N + k - 1, k)),
    ("Cassini", fibonacci(N + 1) * fibonacci(N - 1) - fibonacci(N) ** 2, (-1) ** N),
    ("Fibonacci doubling", fibonacci(2 * n + 1), fibonacci(n) ** 2 + fibonacci(n + 1) ** 2),
    ("Binet", fibonacci(n), (GoldenRatio**n - (1 - GoldenRatio) ** n) / sqrt(5)),
    ("double factorial of even numbers", factorial2(2 * n), 2**n * factorial(n)),
    ("binomial mean of reciprocals", Sum(binomial(n, j) / (j + 1), (j, 0, n)), (2 ** (n + 1) - 1) / (n + 1)),
]

FALSE: list[tuple[Any, ...]] = [
    ("Pascal's rule", "index shift", binomial(n + 1, k + 1), binomial(n, k) + binomial(n, k + 2)),
    ("absorption", "index shift", (k + 1) * binomial(n + 1, k + 1), n * binomial(n, k)),
    ("symmetry", "off by one", binomial(n, k), binomial(n, n - k + 1), [k <= n]),
    (
        "trinomial revision",
        "lower index",
        binomial(n, m) * binomial(m, k),
        binomial(n, k) * binomial(n - k, m),
        [k <= m, m <= n],
    ),
    ("factorials", "factor k! lost", binomial(n, k), factorial(n) / factorial(n - k), [k <= n]),
    ("factorial of a double", "factorials do not scale", factorial(2 * n), 2**n * factorial(n)),
    (
        "central step",
        "factor two lost",
        binomial(2 * n + 2, n + 1),
        binomial(2 * n, n) * (2 * n + 1) / (n + 1),
    ),
    ("row sum", "first term missing", Sum(binomial(n, j), (j, 1, n)), 2**n),
    ("alternating row sum", "false for n = 0", Sum((-1) ** j * binomial(n, j), (j, 0, n)), Integer(0)),
    ("binomial theorem", "last term missing", Sum(binomial(N, j) * z**j, (j, 0, N - 1)), (1 + z) ** N),
    ("row mean", "exponent off by one", Sum(j * binomial(N, j), (j, 0, N)), N * 2**N),
    ("hockey stick", "upper index off by one", Sum(binomial(j, k), (j, k, n)), binomial(n, k + 1), [k <= n]),
    ("parallel sums", "index shift", Sum(binomial(m + j, j), (j, 0, n)), binomial(m + n, n)),
    ("upper negation", "sign lost", binomial(-N, k), binomial(N + k - 1, k)),
    ("Cassini", "sign", fibonacci(N + 1) * fibonacci(N - 1) - fibonacci(N) ** 2, (-1) ** (N + 1)),
    (
        "Fibonacci doubling",
        "the formula of 2n - 1 at 2n",
        fibonacci(2 * n),
        fibonacci(n) ** 2 + fibonacci(n + 1) ** 2,
    ),
    ("Binet, rounded", "small term dropped", fibonacci(n), GoldenRatio**n / sqrt(5)),
    (
        "squares of a row",
        "a pattern of the first rows",
        Sum(binomial(n, j) ** 2, (j, 0, n)),
        (n + 1) * (n**2 + 5 * n + 6) * 2**n / 6,
    ),
]
WITNESS: dict[str, dict[Any, Any]] = {"alternating row sum": {n: 0}}
