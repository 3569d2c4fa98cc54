"""Maximum, modulus, sign, steps and functions by cases."""

from typing import Any

from sympy import Abs, Heaviside, Integer, Max, Min, Piecewise, Pow, exp, log, sign, symbols

AREA = "max, abs, sign"
SOURCE = "order on the real line: identities by cases; activation functions of neural networks"

x, y, z, a, b = symbols("x y z a b", real=True)
p, q = symbols("p q", positive=True)
k = symbols("k", positive=True)

TRUE: list[tuple[Any, ...]] = [
    ("maximum by the modulus", Max(x, y), (x + y + Abs(x - y)) / 2),
    ("maximum and minimum add up", Max(x, y) + Min(x, y), x + y),
    ("maximum times minimum", Max(x, y) * Min(x, y), x * y),
    ("ReLU splits", Max(x, 0) - Max(-x, 0), x),
    ("ReLU's modulus", Max(x, 0) + Max(-x, 0), Abs(x)),
    ("sign times modulus", sign(x) * Abs(x), x),
    ("modulus of a product", Abs(x * y, evaluate=False), Abs(x) * Abs(y)),
    ("modulus squared", Pow(Abs(x - y), 2, evaluate=False), (x - y) ** 2),
    ("maximum shifted", Max(x + z, y + z), Max(x, y) + z),
    ("maximum scaled", Max(k * x, k * y), k * Max(x, y)),
    ("negated maximum", -Max(-x, -y), Min(x, y)),
    ("modulus by cases", Piecewise((x, x >= 0), (-x, True)), Abs(x)),
    ("Heaviside sum", Heaviside(x) + Heaviside(-x), Integer(1)),
    ("ReLU by Heaviside", x * Heaviside(x), Max(x, 0)),
    ("sign by Heaviside", 2 * Heaviside(x) - 1, sign(x)),
    ("stable log-sum-exp", Max(x, y) + log(1 + exp(-Abs(x - y))), log(exp(x) + exp(y))),
    (
        "log-sum-exp with its maximum subtracted",
        log(exp(x) + exp(y) + exp(z)),
        Max(x, y, z) + log(exp(x - Max(x, y, z)) + exp(y - Max(x, y, z)) + exp(z - Max(x, y, z))),
    ),
    ("clip as a maximum of a minimum", Max(a, Min(x, b)), Min(b, Max(x, a)), [a <= b]),
    ("median of three", x + y + z - Max(x, y, z) - Min(x, y, z), Max(Min(x, y), Min(Max(x, y), z))),
    ("softplus, stable", log(1 + exp(x)), Max(x, 0) + log(1 + exp(-Abs(x)))),
    ("sign of a product", sign(x * y, evaluate=False), sign(x) * sign(y)),
    ("modulus of a difference of squares", Abs(x**2 - y**2), Abs(x - y) * Abs(x + y)),
    ("soft threshold", sign(x) * Max(Abs(x) - p, 0), Max(x - p, 0) - Max(-x - p, 0)),
]

FALSE: list[tuple[Any, ...]] = [
    ("maximum by the modulus", "sign of the modulus", Max(x, y), (x + y - Abs(x - y)) / 2),
    ("maximum and minimum add up", "difference for sum", Max(x, y) - Min(x, y), x - y),
    ("modulus of a sum", "triangle inequality taken as equality", Abs(x + y), Abs(x) + Abs(y)),
    ("modulus and sign", "sign lost", Abs(x), x * sign(x) ** 2),
    ("maximum of sums", "maxima added", Max(x + a, y + b), Max(x, y) + Max(a, b)),
    ("maximum scaled", "factor of unknown sign", Max(a * x, a * y), a * Max(x, y)),
    ("negated maximum", "maximum for minimum", -Max(-x, -y), Max(x, y)),
    ("modulus by cases", "branches exchanged", Piecewise((-x, x >= 0), (x, True)), Abs(x)),
    ("Heaviside at zero", "half for one at the origin", Heaviside(x), Piecewise((1, x >= 0), (0, True))),
    ("square of the step", "half squared at the origin", Heaviside(x) ** 2, Heaviside(x)),
    ("ReLU is not odd", "parity", Max(-x, 0), -Max(x, 0)),
    (
        "stable log-sum-exp",
        "sign in the exponent",
        Max(x, y) + log(1 + exp(Abs(x - y))),
        log(exp(x) + exp(y)),
    ),
    ("clip as a maximum of a minimum", "a <= b missing", Max(a, Min(x, b)), Min(b, Max(x, a))),
    ("softplus, stable", "remainder lost", log(1 + exp(x)), Max(x, 0)),
    ("sign squared", "fails at zero", sign(x) ** 2, Integer(1)),
    ("modulus of a difference", "sign known only if x > y", Abs(x - y), x - y),
    ("soft threshold", "threshold added", sign(x) * Max(Abs(x) - p, 0), Max(x + p, 0) - Max(-x + p, 0)),
    (
        "median of three",
        "middle of the first two",
        x + y + z - Max(x, y, z) - Min(x, y, z),
        Max(Min(x, y), z),
    ),
]
WITNESS: dict[str, dict[Any, Any]] = {
    "Heaviside at zero": {x: 0},
    "square of the step": {x: 0},
    "sign squared": {x: 0},
}
