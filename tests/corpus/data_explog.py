"""Exponentials and logarithms, with the hypotheses that their laws need."""

from typing import Any

from sympy import Abs, I, Integer, Mul, Pow, cos, exp, log, pi, sqrt, symbols

AREA = "exp and log"
SOURCE = "DLMF 4.2, 4.8 (laws of logarithms and powers, principal values); machine-learning folklore"

u, v, w = symbols("u v w")
x, y, a, b, T = symbols("x y a b T", positive=True)
t, s, m = symbols("t s m", real=True)
n = symbols("n", integer=True)

TRUE: list[tuple[Any, ...]] = [
    ("logarithm of a product", log(x * y, evaluate=False), log(x) + log(y)),
    ("logarithm of a power", log(x**t, evaluate=False), t * log(x)),
    ("logarithm of a real exponential", log(exp(t), evaluate=False), t),
    ("logarithm of a real product, moduli", log(Abs(t * s)), log(Abs(t)) + log(Abs(s))),
    ("exponential of a sum", Mul(exp(u), exp(v), evaluate=False), exp(u + v)),
    ("power as an exponential", x**u, exp(u * log(x), evaluate=False)),
    ("integer powers of an exponential", Pow(exp(u), n, evaluate=False), exp(n * u)),
    ("softplus symmetry", log(1 + exp(t)) - log(1 + exp(-t)), t),
    ("softplus shifted", log(exp(t) + exp(s)), s + log(1 + exp(t - s))),
    ("binary cross-entropy with logits", -log(1 / (1 + exp(-t))), log(1 + exp(-t))),
    ("sigmoid symmetry", 1 / (1 + exp(-u)) + 1 / (1 + exp(u)), Integer(1)),
    ("logarithm of a monomial", log(x**2 * sqrt(y) / a, evaluate=False), 2 * log(x) + log(y) / 2 - log(a)),
    ("exchange of base and exponent", u ** log(v), v ** log(u)),
    ("logit inverts the sigmoid", log((1 / (1 + exp(-t))) / (1 - 1 / (1 + exp(-t)))), t),
    ("two-way softmax is a sigmoid", exp(t / T) / (exp(t / T) + exp(s / T)), 1 / (1 + exp((s - t) / T))),
    ("logarithm of a square, real", log(Pow(t, 2, evaluate=False), evaluate=False), 2 * log(Abs(t))),
    ("logarithm of a negative number", log(-x, evaluate=False), log(x) + I * pi),
    ("complex exponential's period", exp(u + 2 * pi * I * n, evaluate=False), exp(u)),
    ("exponential of the logarithm", exp(log(u) + log(v), evaluate=False), u * v),
    ("Euler's cosine", (exp(I * u) + exp(-I * u)) / 2, cos(u)),
    ("logarithm of a conjugate sum", log(sqrt(x + 1) + sqrt(x)) + log(sqrt(x + 1) - sqrt(x)), Integer(0)),
]

FALSE: list[tuple[Any, ...]] = [
    ("logarithm of a product, complex", "no positivity", log(u * v, evaluate=False), log(u) + log(v)),
    ("logarithm of a product, real", "no positivity", log(t * s, evaluate=False), log(t) + log(s)),
    ("logarithm of a complex exponential", "branch", log(exp(u), evaluate=False), u),
    ("logarithm of a sum", "the law of the product", log(x + y), log(x) + log(y)),
    (
        "logarithm of a square, real",
        "modulus lost",
        log(Pow(t, 2, evaluate=False), evaluate=False),
        2 * log(t),
    ),
    ("exponential of a product", "the law of the sum", exp(u * v), exp(u + v)),
    (
        "powers of a complex exponential",
        "the exponent is no integer",
        Pow(exp(u), v, evaluate=False),
        exp(u * v),
    ),
    ("softplus symmetry", "sign", log(1 + exp(t)) - log(1 + exp(-t)), -t),
    ("softplus shifted", "shift lost", log(exp(t) + exp(s)), log(1 + exp(t - s))),
    ("binary cross-entropy with logits", "sign in the exponent", -log(1 / (1 + exp(-t))), log(1 + exp(t))),
    ("quotient of logarithms", "taken as the logarithm of the quotient", log(x) / log(y), log(x) - log(y)),
    ("logarithm of a cube, complex", "branch", log(u**3, evaluate=False), 3 * log(u)),
    (
        "two-way softmax is a sigmoid",
        "temperature inverted",
        exp(t / T) / (exp(t / T) + exp(s / T)),
        1 / (1 + exp(T * (s - t))),
    ),
    ("logarithm of a negative number", "sign of a factor", log(-x, evaluate=False), -log(x)),
    ("logarithm of a reciprocal", "fails on the negative half-line", log(1 / u, evaluate=False), -log(u)),
    ("power of a sum", "exponent distributed", (x + y) ** t, x**t + y**t),
    (
        "square root as half a logarithm",
        "branch of a complex square",
        exp(log(Pow(u, 2, evaluate=False), evaluate=False) / 2, evaluate=False),
        u,
    ),
]
WITNESS: dict[str, dict[Any, Any]] = {"logarithm of a reciprocal": {u: -2}}
