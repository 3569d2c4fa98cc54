"""Gamma, beta, digamma and their kin."""

from typing import Any

from sympy import (
    Derivative,
    E,
    EulerGamma,
    I,
    Rational,
    RisingFactorial,
    S,
    beta,
    cos,
    cot,
    digamma,
    exp,
    factorial,
    gamma,
    harmonic,
    log,
    loggamma,
    lowergamma,
    pi,
    polygamma,
    sin,
    sinh,
    sqrt,
    symbols,
    uppergamma,
)

AREA = "gamma and beta"
SOURCE = "DLMF 5.4, 5.5, 5.12, 5.15, 8.8 (gamma and related functions)"

z, a, b, s = symbols("z a b s")
x, y = symbols("x y", positive=True)
n = symbols("n", integer=True, nonnegative=True)
m = symbols("m", integer=True, positive=True)

TRUE: list[tuple[Any, ...]] = [
    ("recurrence", gamma(z + 1), z * gamma(z)),
    ("recurrence, three steps", gamma(z + 3) / gamma(z), z * (z + 1) * (z + 2)),
    ("reflection", gamma(z) * gamma(1 - z), pi / sin(pi * z)),
    ("duplication", gamma(2 * z) * sqrt(pi), 2 ** (2 * z - 1) * gamma(z) * gamma(z + S.Half)),
    (
        "triplication",
        gamma(3 * z) * 2 * pi,
        3 ** (3 * z - S.Half) * gamma(z) * gamma(z + Rational(1, 3)) * gamma(z + Rational(2, 3)),
    ),
    ("beta in gammas", beta(x, y), gamma(x) * gamma(y) / gamma(x + y)),
    ("beta's Pascal rule", beta(x + 1, y) + beta(x, y + 1), beta(x, y)),
    ("beta's shift", beta(x + 1, y), beta(x, y) * x / (x + y)),
    ("digamma recurrence", digamma(z + 1), digamma(z) + 1 / z),
    ("digamma reflection", digamma(1 - z) - digamma(z), pi * cot(pi * z)),
    ("digamma duplication", digamma(2 * x), (digamma(x) + digamma(x + S.Half)) / 2 + log(2)),
    ("trigamma recurrence", polygamma(1, x + 1), polygamma(1, x) - 1 / x**2),
    ("trigamma reflection", polygamma(1, x) + polygamma(1, 1 - x), pi**2 / sin(pi * x) ** 2, [x < 1]),
    ("half-integer gamma", gamma(n + S.Half), factorial(2 * n) * sqrt(pi) / (4**n * factorial(n))),
    ("log-gamma recurrence", loggamma(x + 1), loggamma(x) + log(x)),
    ("harmonic number by digamma", harmonic(m), digamma(m + 1) + EulerGamma),
    ("rising factorial in gammas", RisingFactorial(x, n), gamma(x + n) / gamma(x)),
    ("incomplete gamma recurrence", uppergamma(x + 1, y), x * uppergamma(x, y) + y**x * exp(-y)),
    ("incomplete gammas add up", lowergamma(x, y) + uppergamma(x, y), gamma(x)),
    ("derivative of gamma", Derivative(gamma(x), x), gamma(x) * digamma(x)),
    ("ratio at the unit circle", gamma(1 + I * y) * gamma(1 - I * y), pi * y / sinh(pi * y)),
]

FALSE: list[tuple[Any, ...]] = [
    ("recurrence", "shift by one", gamma(z + 1), (z + 1) * gamma(z)),
    ("reflection", "cosine for sine", gamma(z) * gamma(1 - z), pi / cos(pi * z)),
    ("reflection at one plus z", "shift by one", gamma(1 + z) * gamma(1 - z), pi / sin(pi * z)),
    (
        "duplication",
        "exponent off by one",
        gamma(2 * z) * sqrt(pi),
        2 ** (2 * z) * gamma(z) * gamma(z + S.Half),
    ),
    (
        "triplication",
        "exponent off by one half",
        gamma(3 * z) * 2 * pi,
        3 ** (3 * z) * gamma(z) * gamma(z + Rational(1, 3)) * gamma(z + Rational(2, 3)),
    ),
    ("beta's Pascal rule", "difference for sum", beta(x, y + 1) - beta(x + 1, y), beta(x, y)),
    ("beta's shift", "y for x in the numerator", beta(x + 1, y), beta(x, y) * y / (x + y)),
    ("digamma recurrence", "reciprocal at the shifted point", digamma(z + 1), digamma(z) + 1 / (z + 1)),
    ("digamma reflection", "sign", digamma(z) - digamma(1 - z), pi * cot(pi * z)),
    ("digamma duplication", "logarithm lost", digamma(2 * x), (digamma(x) + digamma(x + S.Half)) / 2),
    ("trigamma recurrence", "sign", polygamma(1, x + 1), polygamma(1, x) + 1 / x**2),
    (
        "half-integer gamma",
        "4**n turned to 2**n",
        gamma(n + S.Half),
        factorial(2 * n) * sqrt(pi) / (2**n * factorial(n)),
    ),
    (
        "log-gamma is not additive",
        "logarithm of the wrong argument",
        loggamma(x + 1),
        loggamma(x) + log(x + 1),
    ),
    ("harmonic number by digamma", "shift by one", harmonic(m), digamma(m) + EulerGamma),
    (
        "incomplete gamma recurrence",
        "sign of the boundary term",
        uppergamma(x + 1, y),
        x * uppergamma(x, y) - y**x * exp(-y),
    ),
    ("derivative of gamma", "digamma alone", Derivative(gamma(x), x), digamma(x)),
    (
        "Stirling's formula",
        "an approximation",
        gamma(x + 1),
        sqrt(2 * pi * x) * (x / E) ** x * (1 + 1 / (12 * x)),
    ),
    (
        "digamma near the logarithm",
        "an asymptotic expansion",
        digamma(x + 1),
        log(x) + 1 / (2 * x) - 1 / (12 * x**2),
    ),
]
