"""Derivatives of undefined functions, and of integrals with variable limits."""

from typing import Any

from sympy import Derivative, Function, Integral, Subs, exp, log, pi, sqrt, symbols

AREA = "derivatives"
SOURCE = "calculus: product, chain and quotient rules; Leibniz' integral rule; the equations of physics"

x, y, s, t, c, h = symbols("x y s t c h", real=True)
a, D = symbols("a D", positive=True)
f, g, u, v = (Function(name, real=True) for name in ("f", "g", "u", "v"))
p = Function("p", positive=True)
n = symbols("n", integer=True, positive=True)

TRUE: list[tuple[Any, ...]] = [
    ("product rule", Derivative(f(x) * g(x), x), f(x) * Derivative(g(x), x) + g(x) * Derivative(f(x), x)),
    (
        "second product rule",
        Derivative(f(x) * g(x), (x, 2)),
        f(x) * Derivative(g(x), (x, 2)) + 2 * Derivative(f(x), x) * Derivative(g(x), x) + g(x) * Derivative(f(x), (x, 2)),
    ),
    (
        "quotient rule",
        Derivative(f(x) / p(x), x),
        (p(x) * Derivative(f(x), x) - f(x) * Derivative(p(x), x)) / p(x) ** 2,
    ),
    ("chain rule", Derivative(f(g(x)), x), Subs(Derivative(f(y), y), y, g(x)) * Derivative(g(x), x)),
    ("logarithmic derivative", Derivative(log(p(x)), x), Derivative(p(x), x) / p(x)),
    ("score identity", p(x) * Derivative(log(p(x)), x), Derivative(p(x), x)),
    (
        "power of functions",
        Derivative(p(x) ** f(x), x),
        p(x) ** f(x) * (Derivative(f(x), x) * log(p(x)) + f(x) * Derivative(p(x), x) / p(x)),
    ),
    ("mixed partials", Derivative(Derivative(u(x, y), x), y), Derivative(Derivative(u(x, y), y), x)),
    (
        "d'Alembert",
        Derivative(f(x - c * t) + g(x + c * t), (t, 2)),
        c**2 * Derivative(f(x - c * t) + g(x + c * t), (x, 2)),
    ),
    ("transport", Derivative(f(x - c * t), t), -c * Derivative(f(x - c * t), x)),
    (
        "heat kernel",
        Derivative(exp(-(x**2) / (4 * D * a)) / sqrt(4 * pi * D * a), a),
        D * Derivative(exp(-(x**2) / (4 * D * a)) / sqrt(4 * pi * D * a), (x, 2)),
    ),
    ("fundamental theorem", Derivative(Integral(f(s), (s, 0, x)), x), f(x)),
    (
        "Leibniz' rule",
        Derivative(Integral(u(x, s), (s, 0, x**2)), x),
        2 * x * u(x, x**2) + Integral(Derivative(u(x, s), x), (s, 0, x**2)),
    ),
    ("both limits move", Derivative(Integral(f(s), (s, -x, x**2)), x), 2 * x * f(x**2) + f(-x)),
    ("square's derivative", Derivative(f(x) ** 2, x) / 2, f(x) * Derivative(f(x), x)),
    (
        "Wronskian",
        Derivative(f(x) * Derivative(g(x), x) - g(x) * Derivative(f(x), x), x),
        f(x) * Derivative(g(x), (x, 2)) - g(x) * Derivative(f(x), (x, 2)),
    ),
    ("integrating factor", exp(-a * x) * Derivative(exp(a * x) * f(x), x), Derivative(f(x), x) + a * f(x)),
    (
        "Laplacian of the logarithm",
        p(x) * Derivative(log(p(x)), (x, 2)),
        Derivative(p(x), (x, 2)) - Derivative(p(x), x) ** 2 / p(x),
    ),
    (
        "sigmoid of a function",
        Derivative(1 / (1 + exp(-f(x))), x),
        Derivative(f(x), x) * exp(-f(x)) / (1 + exp(-f(x))) ** 2,
    ),
    (
        "integration by parts",
        Integral(f(s) * Derivative(g(s), s), (s, 0, 1)),
        f(1) * g(1) - f(0) * g(0) - Integral(g(s) * Derivative(f(s), s), (s, 0, 1)),
    ),
    (
        "divergence of a product",
        Derivative(u(x, y) * v(x, y), x) + Derivative(u(x, y) * v(x, y), y),
        u(x, y) * (Derivative(v(x, y), x) + Derivative(v(x, y), y)) + v(x, y) * (Derivative(u(x, y), x) + Derivative(u(x, y), y)),
    ),
    ("derivatives of symbolic order", Derivative(exp(a * x), (x, n)), a**n * exp(a * x)),
]

FALSE: list[tuple[Any, ...]] = [
    (
        "product rule",
        "product of derivatives",
        Derivative(f(x) * g(x), x),
        Derivative(f(x), x) * Derivative(g(x), x),
    ),
    (
        "second product rule",
        "factor two lost",
        Derivative(f(x) * g(x), (x, 2)),
        f(x) * Derivative(g(x), (x, 2)) + Derivative(f(x), x) * Derivative(g(x), x) + g(x) * Derivative(f(x), (x, 2)),
    ),
    (
        "quotient rule",
        "sign",
        Derivative(f(x) / p(x), x),
        (p(x) * Derivative(f(x), x) + f(x) * Derivative(p(x), x)) / p(x) ** 2,
    ),
    ("chain rule", "inner derivative lost", Derivative(f(g(x)), x), Subs(Derivative(f(y), y), y, g(x))),
    ("logarithmic derivative", "reciprocal alone", Derivative(log(p(x)), x), 1 / p(x)),
    (
        "power of functions",
        "power rule only",
        Derivative(p(x) ** f(x), x),
        f(x) * p(x) ** (f(x) - 1) * Derivative(p(x), x),
    ),
    (
        "d'Alembert",
        "speed not squared",
        Derivative(f(x - c * t) + g(x + c * t), (t, 2)),
        c * Derivative(f(x - c * t) + g(x + c * t), (x, 2)),
    ),
    ("transport", "sign", Derivative(f(x - c * t), t), c * Derivative(f(x - c * t), x)),
    (
        "heat kernel",
        "factor one half",
        Derivative(exp(-(x**2) / (4 * D * a)) / sqrt(4 * pi * D * a), a),
        D * Derivative(exp(-(x**2) / (4 * D * a)) / sqrt(4 * pi * D * a), (x, 2)) / 2,
    ),
    ("fundamental theorem", "value at the lower limit lost", Integral(Derivative(f(s), s), (s, 0, x)), f(x)),
    (
        "Leibniz' rule",
        "boundary term lost",
        Derivative(Integral(u(x, s), (s, 0, x**2)), x),
        Integral(Derivative(u(x, s), x), (s, 0, x**2)),
    ),
    (
        "Leibniz' rule, upper limit",
        "chain factor lost",
        Derivative(Integral(u(x, s), (s, 0, x**2)), x),
        u(x, x**2) + Integral(Derivative(u(x, s), x), (s, 0, x**2)),
    ),
    (
        "both limits move",
        "sign of the lower limit",
        Derivative(Integral(f(s), (s, -x, x**2)), x),
        2 * x * f(x**2) - f(-x),
    ),
    (
        "Wronskian",
        "sign",
        Derivative(f(x) * Derivative(g(x), x) - g(x) * Derivative(f(x), x), x),
        f(x) * Derivative(g(x), (x, 2)) + g(x) * Derivative(f(x), (x, 2)),
    ),
    (
        "Laplacian of the logarithm",
        "square lost",
        p(x) * Derivative(log(p(x)), (x, 2)),
        Derivative(p(x), (x, 2)),
    ),
    (
        "integration by parts",
        "boundary term lost",
        Integral(f(s) * Derivative(g(s), s), (s, 0, 1)),
        -Integral(g(s) * Derivative(f(s), s), (s, 0, 1)),
    ),
    (
        "integration by parts, sign",
        "sign of the remaining integral",
        Integral(f(s) * Derivative(g(s), s), (s, 0, 1)),
        f(1) * g(1) - f(0) * g(0) + Integral(g(s) * Derivative(f(s), s), (s, 0, 1)),
    ),
    ("functions taken as commuting", "order of composition", f(g(x)), g(f(x))),
    (
        "derivatives of symbolic order",
        "exponent off by one",
        Derivative(exp(a * x), (x, n)),
        a ** (n - 1) * exp(a * x),
    ),
]
