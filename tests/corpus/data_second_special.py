"""Gamma, digamma, binomials, Fibonacci numbers, harmonic sums, orthogonal polynomials: a second set.

Held out: the rate on these is reported separately, and no rule of the checker is made with a look at them.
"""

from typing import Any

from sympy import (
    Derivative,
    EulerGamma,
    FallingFactorial,
    LambertW,
    Rational,
    RisingFactorial,
    S,
    Sum,
    beta,
    binomial,
    chebyshevt,
    chebyshevu,
    cos,
    digamma,
    dirichlet_eta,
    erf,
    exp,
    factorial,
    factorial2,
    fibonacci,
    gamma,
    harmonic,
    hermite,
    laguerre,
    legendre,
    log,
    loggamma,
    lowergamma,
    lucas,
    pi,
    polygamma,
    sin,
    sqrt,
    symbols,
    tan,
    uppergamma,
    zeta,
)

AREA = "second: special functions"
SOURCE = "DLMF 5.5, 5.15, 8.4, 18.9, 25.2, 26.3; Concrete Mathematics, chapters 5 and 6; Gould, Combinatorial Identities"
HELD_OUT = True

z = symbols("z")
x, y, u = symbols("x y u", positive=True)
t = symbols("t", real=True)
n, k = symbols("n k", integer=True, nonnegative=True)
N, m = symbols("N m", integer=True, positive=True)
j = symbols("j", integer=True)

TRUE: list[tuple[Any, ...]] = [
    ("reflection about one half", gamma(S.Half + z) * gamma(S.Half - z), pi / cos(pi * z)),
    ("reflection about zero", gamma(z) * gamma(-z), -pi / (z * sin(pi * z))),
    (
        "multiplication by four",
        gamma(4 * x) * (2 * pi) ** Rational(3, 2),
        4 ** (4 * x - S.Half) * gamma(x) * gamma(x + Rational(1, 4)) * gamma(x + S.Half) * gamma(x + Rational(3, 4)),
    ),
    ("beta on the diagonal", beta(x, x), 2 ** (1 - 2 * x) * beta(S.Half, x)),
    ("beta is associative", beta(x, y) * beta(x + y, u), beta(y, u) * beta(y + u, x)),
    ("digamma, three steps", digamma(z + 3) - digamma(z), 1 / z + 1 / (z + 1) + 1 / (z + 2)),
    ("digamma at half-integers", digamma(n + S.Half) + EulerGamma + 2 * log(2), Sum(2 / (2 * j - 1), (j, 1, n))),
    ("digamma about one half", digamma(S.Half + z) - digamma(S.Half - z), pi * tan(pi * z)),
    ("tetragamma recurrence", polygamma(2, x + 1), polygamma(2, x) + 2 / x**3),
    (
        "log-gamma duplication",
        loggamma(2 * x),
        (2 * x - 1) * log(2) - log(pi) / 2 + loggamma(x) + loggamma(x + S.Half),
    ),
    (
        "rising factorial of even length",
        RisingFactorial(x, 2 * n),
        4**n * RisingFactorial(x / 2, n) * RisingFactorial((x + 1) / 2, n),
    ),
    ("falling by rising factorial", FallingFactorial(x, n), (-1) ** n * RisingFactorial(-x, n)),
    ("lower incomplete gamma recurrence", lowergamma(x + 1, y), x * lowergamma(x, y) - y**x * exp(-y)),
    ("incomplete gamma as a finite sum", uppergamma(n + 1, x), factorial(n) * exp(-x) * Sum(x**j / factorial(j), (j, 0, n))),
    ("derivative of the incomplete gamma", Derivative(uppergamma(x, y), y), -(y ** (x - 1)) * exp(-y)),
    ("odd double factorial", factorial2(2 * n + 1), factorial(2 * n + 1) / (2**n * factorial(n))),
    ("binomial at minus one half", binomial(-S.Half, n), (-1) ** n * binomial(2 * n, n) / 4**n),
    ("Pascal's rule twice", binomial(n + 2, k + 2), binomial(n, k) + 2 * binomial(n, k + 1) + binomial(n, k + 2)),
    ("every second of a row", Sum(binomial(2 * N, 2 * j), (j, 0, N)), 2 ** (2 * N - 1)),
    ("second moment of a row", Sum(j**2 * binomial(N, j), (j, 0, N)), N * (N + 1) * 2 ** (N - 2)),
    ("Vandermonde", Sum(binomial(m, j) * binomial(N, k - j), (j, 0, k)), binomial(m + N, k)),
    ("alternating reciprocals", Sum((-1) ** j * binomial(n, j) / (j + 1), (j, 0, n)), 1 / (n + 1)),
    ("harmonic number by binomials", Sum((-1) ** (j + 1) * binomial(n, j) / j, (j, 1, n)), harmonic(n)),
    ("central binomials", Sum(binomial(2 * j, j) / 4**j, (j, 0, n)), (2 * n + 1) * binomial(2 * n, n) / 4**n),
    ("squares of Fibonacci numbers", Sum(fibonacci(j) ** 2, (j, 1, n)), fibonacci(n) * fibonacci(n + 1)),
    ("sum of Fibonacci numbers", Sum(fibonacci(j), (j, 1, n)), fibonacci(n + 2) - 1),
    ("Fibonacci by Lucas numbers", fibonacci(2 * N), fibonacci(N) * lucas(N)),
    (
        "squares of harmonic numbers",
        Sum(harmonic(j) ** 2, (j, 1, n)),
        (n + 1) * harmonic(n) ** 2 - (2 * n + 1) * harmonic(n) + 2 * n,
    ),
    ("harmonic numbers over neighbours", Sum(harmonic(j) / ((j + 1) * (j + 2)), (j, 1, n)), n / (n + 1) - harmonic(n) / (n + 2)),
    ("Legendre's derivative", (1 - t**2) * Derivative(legendre(N, t), t), N * (legendre(N - 1, t) - t * legendre(N, t))),
    (
        "sum of Legendre polynomials",
        Sum((2 * j + 1) * legendre(j, t), (j, 0, n)),
        Derivative(legendre(n, t) + legendre(n + 1, t), t),
    ),
    ("Chebyshev doubled", chebyshevt(2 * n, t), 2 * chebyshevt(n, t) ** 2 - 1),
    ("Chebyshev kinds", chebyshevt(N + 1, t), t * chebyshevt(N, t) - (1 - t**2) * chebyshevu(N - 1, t)),
    (
        "Chebyshev's equation",
        (1 - t**2) * Derivative(chebyshevt(n, t), (t, 2)) - t * Derivative(chebyshevt(n, t), t),
        -(n**2) * chebyshevt(n, t),
    ),
    ("difference of Laguerre derivatives", Derivative(laguerre(N, t) - laguerre(N - 1, t), t), -laguerre(N - 1, t)),
    (
        "Laguerre's equation",
        t * Derivative(laguerre(n, t), (t, 2)) + (1 - t) * Derivative(laguerre(n, t), t),
        -n * laguerre(n, t),
    ),
    ("Hermite functions", exp(t**2) * Derivative(exp(-(t**2)) * hermite(n, t), t), -hermite(n + 1, t)),
    ("eta by zeta", dirichlet_eta(x + 1, evaluate=False), (1 - 2 ** (-x)) * zeta(x + 1)),
    ("product of Lambert values", LambertW(x) + log(LambertW(x)), log(x)),
    ("derivative of a normal density", Derivative(erf(x / sqrt(2)), (x, 2)), -x * sqrt(2 / pi) * exp(-(x**2) / 2)),
]

FALSE: list[tuple[Any, ...]] = [
    ("reflection about one half", "sine for cosine", gamma(S.Half + z) * gamma(S.Half - z), pi / sin(pi * z)),
    ("reflection about zero", "sign", gamma(z) * gamma(-z), pi / (z * sin(pi * z))),
    ("beta on the diagonal", "exponent", beta(x, x), 2 ** (-2 * x) * beta(S.Half, x)),
    ("digamma, three steps", "last term", digamma(z + 3) - digamma(z), 1 / z + 1 / (z + 1) + 1 / (z + 3)),
    ("digamma at half-integers", "log 2 once", digamma(n + S.Half) + EulerGamma + log(2), Sum(2 / (2 * j - 1), (j, 1, n))),
    ("digamma about one half", "cotangent", digamma(S.Half + z) - digamma(S.Half - z), pi / tan(pi * z)),
    ("tetragamma recurrence", "sign", polygamma(2, x + 1), polygamma(2, x) - 2 / x**3),
    (
        "log-gamma duplication",
        "sign of log pi",
        loggamma(2 * x),
        (2 * x - 1) * log(2) + log(pi) / 2 + loggamma(x) + loggamma(x + S.Half),
    ),
    (
        "rising factorial of even length",
        "two for four",
        RisingFactorial(x, 2 * N),
        2**N * RisingFactorial(x / 2, N) * RisingFactorial((x + 1) / 2, N),
    ),
    ("falling by rising factorial", "sign lost", FallingFactorial(x, n), RisingFactorial(-x, n)),
    (
        "incomplete gamma as a finite sum",
        "one term too few",
        uppergamma(n + 1, x),
        factorial(n) * exp(-x) * Sum(x**j / factorial(j), (j, 0, n - 1)),
    ),
    ("odd double factorial", "factorial of n + 1", factorial2(2 * n + 1), factorial(2 * n + 1) / (2**n * factorial(n + 1))),
    ("binomial at minus one half", "sign lost", binomial(-S.Half, n), binomial(2 * n, n) / 4**n),
    ("Pascal's rule twice", "factor two lost", binomial(n + 2, k + 2), binomial(n, k) + binomial(n, k + 1) + binomial(n, k + 2)),
    ("every second of a row", "false at zero", Sum(binomial(2 * n, 2 * j), (j, 0, n)), 2 ** (2 * n - 1)),
    ("second moment of a row", "exponent", Sum(j**2 * binomial(N, j), (j, 0, N)), N * (N + 1) * 2 ** (N - 1)),
    ("Vandermonde", "product", Sum(binomial(m, j) * binomial(N, k - j), (j, 0, k)), binomial(m, k) * binomial(N, k)),
    ("alternating reciprocals", "shift", Sum((-1) ** j * binomial(n, j) / (j + 1), (j, 0, n)), 1 / (n + 2)),
    ("harmonic number by binomials", "shift", Sum((-1) ** (j + 1) * binomial(n, j) / j, (j, 1, n)), harmonic(n + 1)),
    ("central binomials", "numerator", Sum(binomial(2 * j, j) / 4**j, (j, 0, n)), (n + 1) * binomial(2 * n, n) / 4**n),
    ("squares of Fibonacci numbers", "index", Sum(fibonacci(j) ** 2, (j, 1, n)), fibonacci(n) * fibonacci(n + 2)),
    ("sum of Fibonacci numbers", "one lost", Sum(fibonacci(j), (j, 1, n)), fibonacci(n + 2)),
    (
        "squares of harmonic numbers",
        "sign",
        Sum(harmonic(j) ** 2, (j, 1, n)),
        (n + 1) * harmonic(n) ** 2 - (2 * n + 1) * harmonic(n) - 2 * n,
    ),
    ("Legendre's derivative", "sign", (1 - t**2) * Derivative(legendre(N, t), t), N * (t * legendre(N, t) - legendre(N - 1, t))),
    ("Chebyshev doubled", "sign", chebyshevt(2 * n, t), 2 * chebyshevt(n, t) ** 2 + 1),
    ("Chebyshev kinds", "sign", chebyshevt(N + 1, t), t * chebyshevt(N, t) + (1 - t**2) * chebyshevu(N - 1, t)),
    ("difference of Laguerre derivatives", "index", Derivative(laguerre(N, t) - laguerre(N - 1, t), t), -laguerre(N, t)),
    ("Hermite functions", "sign", exp(t**2) * Derivative(exp(-(t**2)) * hermite(n, t), t), hermite(n + 1, t)),
    ("eta by zeta", "exponent", dirichlet_eta(x + 1, evaluate=False), (1 - 2 ** (-x - 1)) * zeta(x + 1)),
    (
        "harmonic numbers by an expansion",
        "off by less than 1/120",
        harmonic(N),
        log(N) + EulerGamma + 1 / (2 * N) - 1 / (12 * N**2),
    ),
]
