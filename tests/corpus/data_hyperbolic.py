"""Hyperbolic identities, and their ties to the exponential and trigonometric functions."""

from typing import Any

from sympy import (
    Abs,
    I,
    Integer,
    atan,
    cos,
    cosh,
    coth,
    csch,
    exp,
    log,
    sech,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
)

AREA = "hyperbolic"
SOURCE = "DLMF 4.28-4.35 (hyperbolic functions)"

x, y = symbols("x y")
t = symbols("t", real=True)
p = symbols("p", positive=True)
n = symbols("n", integer=True, nonnegative=True)

TRUE: list[tuple[Any, ...]] = [
    ("hyperbola", cosh(x) ** 2 - sinh(x) ** 2, Integer(1)),
    ("cosine of a sum", cosh(x + y), cosh(x) * cosh(y) + sinh(x) * sinh(y)),
    ("tangent of a sum", tanh(x + y), (tanh(x) + tanh(y)) / (1 + tanh(x) * tanh(y))),
    ("de Moivre", (cosh(x) + sinh(x)) ** n, cosh(n * x) + sinh(n * x)),
    ("triple argument", sinh(3 * x), 3 * sinh(x) + 4 * sinh(x) ** 3),
    ("sech squared", sech(x) ** 2, 1 - tanh(x) ** 2),
    ("coth difference", coth(x) - tanh(x), 2 * csch(2 * x)),
    ("logistic and tanh", 1 / (1 + exp(-x)), (1 + tanh(x / 2)) / 2),
    ("half argument", tanh(x / 2), (cosh(x) - 1) / sinh(x)),
    ("complex sine split", sin(x + I * y), sin(x) * cosh(y) + I * cos(x) * sinh(y)),
    ("modulus of the complex sine", Abs(sin(t + I * p)) ** 2, sin(t) ** 2 + sinh(p) ** 2),
    ("half-argument root", sqrt((cosh(t) - 1) / 2), Abs(sinh(t / 2))),
    ("positive half-argument root", sqrt((cosh(p) - 1) / 2), sinh(p / 2)),
    ("product to sum", 2 * sinh(x) * cosh(y), sinh(x + y) + sinh(x - y)),
    ("hyperbolic root of a Pythagoras", sqrt(1 + sinh(t) ** 2), cosh(t)),
    ("logarithm of a ratio", tanh(log(p)), (p**2 - 1) / (p**2 + 1)),
    ("Gudermann link", tan(2 * atan(tanh(t / 2))), sinh(t)),
]

FALSE: list[tuple[Any, ...]] = [
    ("hyperbola", "the trigonometric sign", cosh(x) ** 2 + sinh(x) ** 2, Integer(1)),
    ("cosine of a sum", "the trigonometric sign", cosh(x + y), cosh(x) * cosh(y) - sinh(x) * sinh(y)),
    (
        "tangent of a sum",
        "the trigonometric sign",
        tanh(x + y),
        (tanh(x) + tanh(y)) / (1 - tanh(x) * tanh(y)),
    ),
    ("triple argument", "the trigonometric sign", sinh(3 * x), 3 * sinh(x) - 4 * sinh(x) ** 3),
    ("sech squared", "sign", sech(x) ** 2, tanh(x) ** 2 - 1),
    ("coth difference", "factor two lost", coth(x) - tanh(x), csch(2 * x)),
    ("logistic and tanh", "argument not halved", 1 / (1 + exp(-x)), (1 + tanh(x)) / 2),
    ("half argument", "sign in the numerator", tanh(x / 2), (cosh(x) + 1) / sinh(x)),
    (
        "complex sine split",
        "sign of the imaginary part",
        sin(x + I * y),
        sin(x) * cosh(y) - I * cos(x) * sinh(y),
    ),
    ("half-argument root", "modulus lost on negative numbers", sqrt((cosh(t) - 1) / 2), sinh(t / 2)),
    ("hyperbolic root", "true on the real line only", sqrt(1 + sinh(x) ** 2), cosh(x)),
    ("logarithm of a ratio", "square lost", tanh(log(p)), (p - 1) / (p + 1)),
    ("modulus of the complex sine", "cosh for sinh", Abs(sin(t + I * p)) ** 2, sin(t) ** 2 + cosh(p) ** 2),
    ("product to sum", "factor two lost", sinh(x) * cosh(y), sinh(x + y) + sinh(x - y)),
    ("double argument", "square for double", sinh(2 * x), sinh(x) ** 2 + cosh(x) ** 2),
]
