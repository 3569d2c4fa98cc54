"""Orthogonal polynomials with symbolic degree."""

from typing import Any

from sympy import (
    Derivative,
    Integer,
    Ne,
    Sum,
    binomial,
    chebyshevt,
    chebyshevu,
    cos,
    hermite,
    laguerre,
    legendre,
    sin,
    symbols,
)

AREA = "orthogonal polynomials"
SOURCE = "DLMF 18.5, 18.6, 18.9, 18.10 (classical orthogonal polynomials)"

n, m = symbols("n m", integer=True, positive=True)
x = symbols("x")
t = symbols("t", real=True)
k = symbols("k", integer=True)

TRUE: list[tuple[Any, ...]] = [
    (
        "Legendre recurrence",
        (n + 1) * legendre(n + 1, x),
        (2 * n + 1) * x * legendre(n, x) - n * legendre(n - 1, x),
    ),
    (
        "Legendre derivatives",
        (2 * n + 1) * legendre(n, x),
        Derivative(legendre(n + 1, x) - legendre(n - 1, x), x),
    ),
    (
        "Legendre equation",
        Derivative((1 - x**2) * Derivative(legendre(n, x), x), x),
        -n * (n + 1) * legendre(n, x),
    ),
    ("Legendre parity", legendre(n, -x, evaluate=False), (-1) ** n * legendre(n, x)),
    ("Legendre at one", legendre(n, Integer(1), evaluate=False), Integer(1)),
    ("Hermite recurrence", hermite(n + 1, x), 2 * x * hermite(n, x) - 2 * n * hermite(n - 1, x)),
    ("Hermite derivative", Derivative(hermite(n, x), x), 2 * n * hermite(n - 1, x)),
    (
        "Hermite equation",
        Derivative(hermite(n, x), (x, 2)) - 2 * x * Derivative(hermite(n, x), x),
        -2 * n * hermite(n, x),
    ),
    ("Chebyshev recurrence", chebyshevt(n + 1, x), 2 * x * chebyshevt(n, x) - chebyshevt(n - 1, x)),
    (
        "Chebyshev second kind recurrence",
        chebyshevu(n + 1, x),
        2 * x * chebyshevu(n, x) - chebyshevu(n - 1, x),
    ),
    ("Chebyshev by cosine", chebyshevt(n, cos(t)), cos(n * t)),
    ("Chebyshev by sine", chebyshevu(n, cos(t)) * sin(t), sin((n + 1) * t)),
    ("Chebyshev kinds", 2 * chebyshevt(n, x), chebyshevu(n, x) - chebyshevu(n - 2, x), [n >= 2]),
    ("Chebyshev Pell", chebyshevt(n, x) ** 2 - (x**2 - 1) * chebyshevu(n - 1, x) ** 2, Integer(1)),
    (
        "Chebyshev product",
        2 * chebyshevt(n + m, x) * chebyshevt(n, x),
        chebyshevt(2 * n + m, x) + chebyshevt(m, x),
    ),
    (
        "Laguerre recurrence",
        (n + 1) * laguerre(n + 1, x),
        (2 * n + 1 - x) * laguerre(n, x) - n * laguerre(n - 1, x),
    ),
    ("Laguerre derivative", x * Derivative(laguerre(n, x), x), n * laguerre(n, x) - n * laguerre(n - 1, x)),
    ("Chebyshev derivative", Derivative(chebyshevt(n, x), x), n * chebyshevu(n - 1, x)),
    (
        "Legendre explicit sum",
        legendre(n, x),
        Sum(binomial(n, k) * binomial(n + k, k) * ((x - 1) / 2) ** k, (k, 0, n)),
        [Ne(x, 1)],
    ),
]

FALSE: list[tuple[Any, ...]] = [
    (
        "Legendre recurrence",
        "n and n + 1 exchanged",
        n * legendre(n + 1, x),
        (2 * n + 1) * x * legendre(n, x) - (n + 1) * legendre(n - 1, x),
    ),
    (
        "Legendre derivatives",
        "coefficient 2n - 1",
        (2 * n - 1) * legendre(n, x),
        Derivative(legendre(n + 1, x) - legendre(n - 1, x), x),
    ),
    (
        "Legendre equation",
        "eigenvalue n**2",
        Derivative((1 - x**2) * Derivative(legendre(n, x), x), x),
        -(n**2) * legendre(n, x),
    ),
    ("Legendre parity", "sign lost", legendre(n, -x, evaluate=False), legendre(n, x)),
    (
        "Hermite recurrence",
        "probabilists' coefficients",
        hermite(n + 1, x),
        x * hermite(n, x) - n * hermite(n - 1, x),
    ),
    (
        "Hermite recurrence, sign",
        "sign",
        hermite(n + 1, x),
        2 * x * hermite(n, x) + 2 * n * hermite(n - 1, x),
    ),
    ("Hermite derivative", "factor two lost", Derivative(hermite(n, x), x), n * hermite(n - 1, x)),
    (
        "Hermite equation",
        "sign of the first-order term",
        Derivative(hermite(n, x), (x, 2)) + 2 * x * Derivative(hermite(n, x), x),
        -2 * n * hermite(n, x),
    ),
    (
        "Chebyshev recurrence",
        "factor two lost",
        chebyshevt(n + 1, x),
        x * chebyshevt(n, x) - chebyshevt(n - 1, x),
    ),
    ("Chebyshev by sine", "index shift", chebyshevu(n, cos(t)) * sin(t), sin(n * t)),
    ("Chebyshev kinds", "index shift", 2 * chebyshevt(n, x), chebyshevu(n, x) - chebyshevu(n - 1, x)),
    ("Chebyshev Pell", "sign", chebyshevt(n, x) ** 2 + (x**2 - 1) * chebyshevu(n - 1, x) ** 2, Integer(1)),
    (
        "Laguerre recurrence",
        "sign of x",
        (n + 1) * laguerre(n + 1, x),
        (2 * n + 1 + x) * laguerre(n, x) - n * laguerre(n - 1, x),
    ),
    (
        "Chebyshev derivative",
        "first kind for the second",
        Derivative(chebyshevt(n, x), x),
        n * chebyshevt(n - 1, x),
    ),
    (
        "Chebyshev product",
        "factor two lost",
        chebyshevt(n + m, x) * chebyshevt(n, x),
        chebyshevt(2 * n + m, x) + chebyshevt(m, x),
    ),
]
