"""Inequalities between integers, floors, sums, factorials and binomials with symbolic arguments."""

from typing import Any

from sympy import (
    Abs,
    E,
    EulerGamma,
    GoldenRatio,
    IndexedBase,
    Integer,
    Mod,
    Product,
    Rational,
    S,
    Sum,
    binomial,
    catalan,
    ceiling,
    exp,
    factorial,
    fibonacci,
    floor,
    harmonic,
    log,
    pi,
    sqrt,
    symbols,
)

AREA = "inequalities, discrete"
SOURCE = (
    "Hardy, Littlewood & Pólya, Inequalities, chapter 2; Concrete Mathematics, chapters 3, 5, 6; Cover & Thomas, "
    "Elements of Information Theory, chapter 2; Mitrinović, Analytic Inequalities, 3.1"
)

n, m, d = symbols("n m d", integer=True, positive=True)
N, k = symbols("N k", integer=True, nonnegative=True)
i, j = symbols("i j", integer=True)
K = symbols("K", integer=True)
x, y = symbols("x y", real=True)
a = symbols("a", positive=True)
r = symbols("r", integer=True, positive=True)
u, v = IndexedBase("u", real=True), IndexedBase("v", real=True)
w, z = IndexedBase("w", positive=True), IndexedBase("z", positive=True)


def total(term: Any) -> Any:
    """Return the sum of a term over i = 1 … n."""
    return Sum(term, (i, 1, n))


def soft(index: Any) -> Any:
    """Return the softmax of ``u`` at an index."""
    return exp(u[index]) / Sum(exp(u[j]), (j, 1, n))


WALLIS = Product((2 * i - 1) / (2 * i), (i, 1, n))

TRUE: list[tuple[Any, ...]] = [
    ("powers of two grow", "<=", n + 1, 2**n),
    ("square and power of two", "<=", n**2, 2**n, [n >= 4]),
    ("tenth power and power of two", "<", (N + 59) ** 10, 2 ** (N + 59)),
    ("power of two and factorial", "<", 2**n, factorial(n), [n >= 4]),
    ("factorial by its power", "<=", factorial(n), n**n),
    ("factorial by the mean", "<=", factorial(n), ((n + 1) / 2) ** n),
    ("factorial from below", "<", (n / E) ** n, factorial(n)),
    ("factorial from above", "<=", factorial(n), E * n * (n / E) ** n),
    ("Stirling, explicit", "<", sqrt(2 * pi * n) * (n / E) ** n, factorial(n)),
    ("central binomial from below", "<=", 4**n, 2 * sqrt(n) * binomial(2 * n, n)),
    ("central binomial from above", "<=", binomial(2 * n, n) * sqrt(3 * n + 1), 4**n),
    ("central binomial is largest", "<=", binomial(2 * N, k), binomial(2 * N, N)),
    ("binomial by a row", "<=", binomial(N, k), 2**N),
    ("binomial by a power", "<=", binomial(N, k), N**k / factorial(k)),
    ("binomial from below", "<=", (n / m) ** m, binomial(n, m), [m <= n]),
    ("binomial by e", "<=", binomial(n, m), (E * n / m) ** m, [m <= n]),
    ("rows are logarithmically concave", "<=", binomial(N, k) * binomial(N, k + 2), binomial(N, k + 1) ** 2),
    ("Catalan numbers", "<=", catalan(n), 4 ** (n - 1)),
    ("harmonic numbers from below", "<", log(n + 1), harmonic(n)),
    ("harmonic numbers from above", "<=", Sum(1 / i, (i, 1, n)), 1 + log(n)),
    ("harmonic numbers at powers of two", "<=", 1 + N / 2, harmonic(2**N)),
    ("squares' reciprocals", "<=", Sum(1 / i**2, (i, 1, n)), 2 - 1 / n),
    ("roots' reciprocals from above", "<=", Sum(1 / sqrt(i), (i, 1, n)), 2 * sqrt(n) - 1),
    ("roots' reciprocals from below", "<", 2 * sqrt(n + 1) - 2, Sum(1 / sqrt(i), (i, 1, n))),
    ("Wallis' product", "<=", WALLIS, 1 / sqrt(3 * n + 1)),
    ("sum of squares from below", "<", n**3 / 3, Sum(i**2, (i, 1, n))),
    ("floors add up to less", "<=", floor(x) + floor(y), floor(x + y)),
    ("floors add up to at most one less", "<=", floor(x + y), floor(x) + floor(y) + 1),
    ("floors of doubles", "<=", floor(x) + floor(y) + floor(x + y), floor(2 * x) + floor(2 * y)),
    ("floor of a multiple", "<=", n * floor(x), floor(n * x)),
    ("floor is within one", "<", x - 1, floor(x)),
    ("integer square root from below", "<=", floor(sqrt(N)) ** 2, N),
    ("integer square root from above", "<", N, (floor(sqrt(N)) + 1) ** 2),
    ("ceiling of a quotient", "<=", K, d * ceiling(K / d)),
    ("remainder of a sum", "<=", Mod(K + N, d), Mod(K, d) + Mod(N, d)),
    ("remainder of a product", "<=", Mod(K * N, d), Mod(K, d) * Mod(N, d)),
    ("squares modulo four", "<=", Mod(K**2, 4), Integer(1)),
    ("integers are apart", "<=", n + 1, m, [n < m]),
    ("squares are apart", "<=", 2 * n + 1, m**2 - n**2, [n < m]),
    ("product of neighbours", "<=", Integer(0), K * (K + 1)),
    ("product of two numbers of a given sum", "<=", m * n, floor((m + n) ** 2 / 4)),
    ("number of divisors", "<=", Sum(floor(n / i), (i, 1, n)), n * harmonic(n)),
    ("Fibonacci numbers by powers of two", "<=", fibonacci(n), 2 ** (n - 1)),
    ("Fibonacci numbers by the golden ratio", "<=", GoldenRatio ** (n - 2), fibonacci(n)),
    ("compound interest grows", "<", (1 + 1 / n) ** n, (1 + 1 / (n + 1)) ** (n + 1)),
    ("compound interest below three", "<", (1 + 1 / n) ** n, Integer(3)),
    ("powers with exchanged base", "<", (n + 1) ** n, n ** (n + 1), [n >= 3]),
    ("Bernoulli", "<=", 1 + n * x, (1 + x) ** n, [x >= -1]),
    ("Cauchy-Schwarz", "<=", total(u[i] * v[i]) ** 2, total(u[i] ** 2) * total(v[i] ** 2)),
    ("square of a sum", "<=", total(u[i]) ** 2, n * total(u[i] ** 2)),
    ("triangle inequality", "<=", Abs(total(u[i])), total(Abs(u[i]))),
    ("arithmetic and geometric mean", "<=", Product(w[i], (i, 1, n)) ** (1 / n), total(w[i]) / n),
    ("harmonic and arithmetic mean", "<=", n**2, total(w[i]) * total(1 / w[i])),
    (
        "Jensen with weights",
        "<=",
        total(w[i] * log(z[i])) / total(w[i]),
        log(total(w[i] * z[i]) / total(w[i])),
    ),
    ("log-sum inequality", "<=", total(w[i]) * log(total(w[i]) / total(z[i])), total(w[i] * log(w[i] / z[i]))),
    ("log-sum-exp above each", "<=", u[r], log(total(exp(u[i]))), [r <= n]),
    ("log-sum-exp above the mean", "<=", log(n) + total(u[i]) / n, log(total(exp(u[i])))),
    ("softmax is at most one", "<=", soft(r), Integer(1), [r <= n]),
    ("entropy of the softmax", "<=", -total(soft(i) * log(soft(i))), log(n)),
    ("Weierstrass' product", "<=", 1 + total(w[i]), Product(1 + w[i], (i, 1, n))),
    ("product by the exponential", "<=", Product(1 + w[i], (i, 1, n)), exp(total(w[i]))),
    ("variance of a sample", "<=", (total(u[i]) / n) ** 2, total(u[i] ** 2) / n),
]

FALSE: list[tuple[Any, ...]] = [
    ("square and power of two", "range missing", "<=", n**2, 2**n),
    ("tenth power and power of two", "start too small", "<", (N + 50) ** 10, 2 ** (N + 50)),
    ("power of two and factorial", "range missing", "<=", 2**n, factorial(n)),
    ("factorial by half its base", "range missing", "<=", factorial(n), (n / 2) ** n),
    ("factorial from above", "reversed", "<=", factorial(n), (n / E) ** n),
    ("factorial by its power", "strict at one", "<", factorial(n), n**n),
    ("central binomial from above", "four for three", "<=", binomial(2 * n, n) * sqrt(4 * n), 4**n),
    ("central binomial from above", "an asymptotic constant", "<=", binomial(2 * n, n) * sqrt(pi * n + 1), 4**n),
    ("binomial from below", "range missing", "<=", (n / m) ** m, binomial(n, m)),
    ("rows are logarithmically concave", "reversed", "<=", binomial(N, k + 1) ** 2, binomial(N, k) * binomial(N, k + 2)),
    ("Catalan numbers", "two for four", "<=", catalan(n), 2**n),
    ("harmonic numbers from above", "Euler's constant for one", "<=", harmonic(n), EulerGamma + log(n)),
    ("harmonic numbers from above", "strict at one", "<", Sum(1 / i, (i, 1, n)), 1 + log(n)),
    ("harmonic numbers are bounded", "fails from 83 on", "<=", harmonic(n), Integer(5)),
    ("squares' reciprocals", "constant too small", "<=", Sum(1 / i**2, (i, 1, n)), Rational(8, 5)),
    ("roots' reciprocals from above", "constant", "<=", Sum(1 / sqrt(i), (i, 1, n)), 2 * sqrt(n) - Rational(3, 2)),
    ("Wallis' product", "four for three", "<=", WALLIS, 1 / sqrt(4 * n + 1)),
    ("sum of squares", "reversed", "<=", Sum(i**2, (i, 1, n)), n**3 / 3),
    ("floors add up", "reversed", "<=", floor(x + y), floor(x) + floor(y)),
    ("floor of a multiple", "reversed", "<=", floor(n * x), n * floor(x)),
    ("floor below the number", "strict at integers", "<", floor(x), x),
    ("floors of triples", "two for three", "<=", floor(3 * x), floor(x) + 2 * floor(x + S.Half)),
    ("integer square root from below", "strict at squares", "<", floor(sqrt(N)) ** 2, N),
    ("remainder of a sum", "reversed", "<=", Mod(K, d) + Mod(N, d), Mod(K + N, d)),
    ("squares modulo eight", "odd numbers only", "<=", Mod(K**2, 8), Integer(1)),
    ("integers are apart", "by two", "<=", n + 2, m, [n < m]),
    ("product of neighbours", "strict at zero", "<", Integer(0), K * (K + 1)),
    ("real numbers between integers", "an integer's fact", "<=", Integer(0), x * (x + 1)),
    ("number of divisors", "floors left out, reversed", "<=", n * harmonic(n), Sum(floor(n / i), (i, 1, n))),
    ("Fibonacci numbers", "base too small, fails from 30 on", "<=", fibonacci(n), Rational(8, 5) ** (n - 1)),
    (
        "compound interest with one more factor",
        "falls, does not grow",
        "<=",
        (1 + 1 / n) ** (n + 1),
        (1 + 1 / (n + 1)) ** (n + 2),
    ),
    ("powers with exchanged base", "range missing", "<", (n + 1) ** n, n ** (n + 1)),
    ("Bernoulli", "range missing", "<=", 1 + n * x, (1 + x) ** n),
    (
        "tic-tac-toe numbers",
        "first fails at n = 777451915729368",
        "<=",
        ceiling(2 / (2 ** (1 / d) - 1)),
        floor(2 * d / log(2)),
    ),
    ("Cauchy-Schwarz", "sums for sums of squares", "<=", total(w[i] * z[i]) ** 2, total(w[i]) * total(z[i])),
    ("square of a sum", "factor n lost", "<=", total(u[i]) ** 2, total(u[i] ** 2)),
    ("triangle inequality", "reversed", "<=", total(Abs(u[i])), Abs(total(u[i]))),
    ("arithmetic and geometric mean", "reversed", "<=", total(w[i]) / n, Product(w[i], (i, 1, n)) ** (1 / n)),
    (
        "Jensen with weights",
        "reversed",
        "<=",
        log(total(w[i] * z[i]) / total(w[i])),
        total(w[i] * log(z[i])) / total(w[i]),
    ),
    ("divergence without normalisation", "weights need one sum", "<=", Integer(0), total(w[i] * log(w[i] / z[i]))),
    ("log-sum-exp and the mean", "reversed", "<=", log(total(exp(u[i]))), log(n) + total(u[i]) / n),
    ("softmax is at most one", "strict where n = 1", "<", soft(r), Integer(1), [r <= n]),
    ("entropy of the softmax", "half of the bound", "<=", -total(soft(i) * log(soft(i))), log(n) / 2),
    ("Weierstrass' product", "reversed", "<=", Product(1 + w[i], (i, 1, n)), 1 + total(w[i])),
]
WITNESS: dict[str, dict[Any, Any]] = {
    "tenth power and power of two": {N: 5},
    "factorial by its power": {n: 1},
    "squares' reciprocals": {n: 30},
    "Fibonacci numbers": {n: 40},
    "harmonic numbers are bounded": {n: 83},
    "tic-tac-toe numbers": {d: 777451915729368},
    "softmax is at most one": {n: 1, r: 1},
}
DIGITS = {"tic-tac-toe numbers": 100}
