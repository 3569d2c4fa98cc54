"""Complex numbers: parts, conjugates, moduli and arguments."""

from typing import Any

from sympy import (
    Abs,
    I,
    Integer,
    Mul,
    Sum,
    arg,
    atan,
    atan2,
    conjugate,
    cos,
    exp,
    im,
    log,
    pi,
    re,
    sin,
    sqrt,
    symbols,
)

AREA = "complex numbers"
SOURCE = "DLMF 1.9 (calculus of a complex variable)"

z, w, u = symbols("z w u")
x, y, t = symbols("x y t", real=True)
p, q = symbols("p q", positive=True)
n = symbols("n", integer=True)
N = symbols("N", integer=True, positive=True)
k = symbols("k", integer=True)

TRUE: list[tuple[Any, ...]] = [
    ("modulus squared", Mul(z, conjugate(z), evaluate=False), Abs(z) ** 2),
    ("real part by the conjugate", (z + conjugate(z)) / 2, re(z)),
    ("imaginary part by the conjugate", (z - conjugate(z)) / (2 * I), im(z)),
    ("parts add up", re(z) + I * im(z), z),
    ("modulus of a product", Abs(z * w, evaluate=False), Abs(z) * Abs(w)),
    ("real part of a product", re(z * w, evaluate=False), re(z) * re(w) - im(z) * im(w)),
    ("imaginary part of a product", im(z * w, evaluate=False), re(z) * im(w) + im(z) * re(w)),
    ("parallelogram law", Abs(z + w) ** 2 + Abs(z - w) ** 2, 2 * Abs(z) ** 2 + 2 * Abs(w) ** 2),
    ("polarisation", Abs(z + w) ** 2, Abs(z) ** 2 + 2 * re(z * conjugate(w)) + Abs(w) ** 2),
    ("reciprocal", 1 / z, conjugate(z) / Abs(z) ** 2),
    ("modulus of the exponential", Abs(exp(z), evaluate=False), exp(re(z))),
    ("unit circle", Abs(exp(I * t), evaluate=False) * (1 + z), 1 + z),
    ("de Moivre", (cos(t) + I * sin(t)) ** n, cos(n * t) + I * sin(n * t)),
    ("conjugate of a quotient", conjugate(z / w, evaluate=False), conjugate(z) / conjugate(w)),
    ("conjugate of the exponential", conjugate(exp(z), evaluate=False), exp(conjugate(z))),
    ("Cayley transform", Abs((t - I) / (t + I), evaluate=False), Integer(1)),
    ("roots of unity sum to zero", Sum(exp(2 * pi * I * k / N), (k, 0, N - 1)) + z, z, [N >= 2]),
    ("argument from the parts", atan2(y, p, evaluate=False), atan(y / p)),
    ("polar form", Abs(z) * exp(I * arg(z)), z),
    ("logarithm's real part", re(log(z), evaluate=False), log(Abs(z))),
    ("real part of a square", re((x + I * y) ** 2, evaluate=False), x**2 - y**2),
]

FALSE: list[tuple[Any, ...]] = [
    ("modulus squared", "square for modulus squared", z**2, Abs(z) ** 2),
    ("real part by the conjugate", "difference for sum", (z - conjugate(z)) / 2, re(z)),
    ("imaginary part by the conjugate", "factor i lost", (z - conjugate(z)) / 2, im(z)),
    ("modulus of a sum", "triangle inequality taken as equality", Abs(z + w), Abs(z) + Abs(w)),
    ("real part of a product", "real part taken as multiplicative", re(z * w, evaluate=False), re(z) * re(w)),
    ("imaginary part of a product", "sign", im(z * w, evaluate=False), re(z) * im(w) - im(z) * re(w)),
    ("parallelogram law", "factor two lost", Abs(z + w) ** 2 + Abs(z - w) ** 2, Abs(z) ** 2 + Abs(w) ** 2),
    ("polarisation", "conjugate lost", Abs(z + w) ** 2, Abs(z) ** 2 + 2 * re(z * w) + Abs(w) ** 2),
    ("reciprocal", "conjugate lost", 1 / z, z / Abs(z) ** 2),
    ("modulus of the exponential", "modulus of the exponent", Abs(exp(z), evaluate=False), exp(Abs(z))),
    ("de Moivre", "sign of the sine", (cos(t) + I * sin(t)) ** n, cos(n * t) - I * sin(n * t)),
    ("conjugate of the exponential", "not conjugated", conjugate(exp(z), evaluate=False), exp(z)),
    ("roots of unity sum to zero", "false for one root", Sum(exp(2 * pi * I * k / N), (k, 0, N - 1)) + z, z),
    ("argument from the parts", "wrong in the left half-plane", atan2(y, x, evaluate=False), atan(y / x)),
    ("argument of a product", "multiples of two pi", arg(z * w, evaluate=False), arg(z) + arg(w)),
    ("conjugate of a root", "fails on the negative half-line", conjugate(sqrt(x), evaluate=False), sqrt(x)),
    ("real part of a square", "sign", re((x + I * y) ** 2, evaluate=False), x**2 + y**2),
    ("root of the square of i", "two branches", Mul(sqrt(z), sqrt(-z), evaluate=False), I * z),
]
WITNESS: dict[str, dict[Any, Any]] = {"roots of unity sum to zero": {N: 1}}
