"""Maximum and modulus, complex numbers, matrices, integers and indexed sums: a second set.

Held out: the rate on these is reported separately, and no rule of the checker is made with a look at them.
"""

from typing import Any

from sympy import (
    Abs,
    Determinant,
    Heaviside,
    I,
    ImmutableMatrix,
    IndexedBase,
    Integer,
    Inverse,
    KroneckerDelta,
    MatAdd,
    MatMul,
    MatPow,
    Max,
    Min,
    Mod,
    Ne,
    Piecewise,
    Product,
    S,
    Sum,
    Trace,
    Transpose,
    arg,
    ceiling,
    conjugate,
    cos,
    exp,
    floor,
    frac,
    im,
    log,
    re,
    sign,
    sin,
    sqrt,
    symbols,
)

AREA = "second: cases, matrices, integers"
SOURCE = "Concrete Mathematics, chapters 2 and 3; Knuth, TAOCP 1.2.4; Horn & Johnson, Matrix Analysis, chapters 0 and 1"
HELD_OUT = True

x, y, z, t = symbols("x y z t", real=True)
p, q = symbols("p q", positive=True)
c = symbols("c", nonnegative=True)
n, m = symbols("n m", integer=True)
d = symbols("d", integer=True, positive=True)
N = symbols("N", integer=True, nonnegative=True)
r = symbols("r", integer=True, positive=True)
i, j = symbols("i j", integer=True)
w, v = symbols("w v")
a, b, e, f, g, h, k, l = symbols("a b e f g h k l")
A = ImmutableMatrix([[a, b], [e, f]])
B = ImmutableMatrix([[g, h], [k, l]])
J = ImmutableMatrix.eye(2)
R = ImmutableMatrix([[cos(t), -sin(t)], [sin(t), cos(t)]])
M = ImmutableMatrix([[a, b, e], [f, g, h], [k, l, w]])
u, s = IndexedBase("u", real=True), IndexedBase("s", real=True)
W, V = IndexedBase("W", positive=True), IndexedBase("V", positive=True)


def total(term: Any) -> Any:
    """Return the sum of a term over i = 1 … r."""
    return Sum(term, (i, 1, r))


def cells(matrix: Any) -> Any:
    """Return an immutable copy."""
    return ImmutableMatrix(matrix)


REFLECTION = cells(J - 2 * ImmutableMatrix([[x**2, x * y], [x * y, y**2]]) / (x**2 + y**2))

TRUE: list[tuple[Any, ...]] = [
    ("squares of maximum and minimum", Max(x, y) ** 2 + Min(x, y) ** 2, x**2 + y**2),
    ("moduli of sum and difference", Abs(x + y) + Abs(x - y), 2 * Max(Abs(x), Abs(y))),
    ("median by either bracket", Max(Min(x, y), Min(y, z), Min(z, x)), Min(Max(x, y), Max(y, z), Max(z, x))),
    ("leaky ReLU", Max(x, c * x), (1 + c) * x / 2 + (1 - c) * Abs(x) / 2, [c <= 1]),
    ("hard hyperbolic tangent", Max(-1, Min(1, x)), (Abs(x + 1) - Abs(x - 1)) / 2),
    ("square of ReLU", Max(x, 0) ** 2, x * Max(x, 0)),
    ("minimum by reciprocals", Min(p, q), 1 / Max(1 / p, 1 / q)),
    ("signed square", x * Abs(x), Max(x, 0) ** 2 - Min(x, 0) ** 2),
    ("square of the sign", sign(x) ** 2, Integer(1), [Ne(x, 0)]),
    (
        "Huber by the minimum",
        Piecewise((x**2 / 2, Abs(x) <= 1), (Abs(x) - S.Half, True)),
        Abs(x) * Min(Abs(x), 1) - Min(Abs(x), 1) ** 2 / 2,
    ),
    (
        "indicator of an interval",
        Heaviside(x) * Heaviside(1 - x),
        Piecewise((1, (x > 0) & (x < 1)), (0, True)),
        [Ne(x, 0), Ne(x, 1)],
    ),
    ("chord of the unit circle", Abs(1 + exp(I * t)), 2 * Abs(cos(t / 2))),
    ("imaginary part of a reciprocal", im(1 / w), -im(w) / Abs(w) ** 2),
    ("argument is homogeneous", arg(p * w, evaluate=False), arg(w)),
    ("modulus of a square", Abs(w**2 + 1) ** 2, (re(w) ** 2 - im(w) ** 2 + 1) ** 2 + 4 * re(w) ** 2 * im(w) ** 2),
    ("polarisation", Abs(w + v) ** 2 - Abs(w - v) ** 2, 4 * re(w * conjugate(v))),
    ("characteristic polynomial", Determinant(cells(A - x * J)), x**2 - (a + f) * x + a * f - b * e),
    ("determinant of the inverse", Determinant(Inverse(A)), 1 / (a * f - b * e)),
    ("trace is cyclic", Trace(MatMul(A, B)), Trace(MatMul(B, A))),
    ("inverse of the transpose", Inverse(A.T), Transpose(Inverse(A))),
    ("a reflection is its own inverse", MatMul(REFLECTION, REFLECTION), J),
    ("power of a rotation", MatPow(R, 3), cells([[cos(3 * t), -sin(3 * t)], [sin(3 * t), cos(3 * t)]])),
    ("determinant of the transpose", Determinant(M), Determinant(M.T)),
    ("determinant of a Gram matrix", Determinant(cells(A.T * A)), Determinant(A) ** 2),
    ("Pauli", MatMul(cells([[0, 1], [1, 0]]), cells([[0, -I], [I, 0]])), cells([[I, 0], [0, -I]])),
    ("inverse by Cayley-Hamilton", MatMul(a * f - b * e, Inverse(A)), MatAdd(cells((a + f) * J), MatMul(-1, A))),
    ("thirds add up", floor(n / 3) + floor((n + 1) / 3) + floor((n + 2) / 3), n),
    ("Knuth's halves", floor((n + m) / 2) + floor((n - m + 1) / 2), n),
    ("ceiling of a half", ceiling(n / 2), floor((n + 1) / 2)),
    ("remainder of a negative", Mod(-n, d, evaluate=False), Mod(d - Mod(n, d), d, evaluate=False)),
    ("Fermat for five", Mod(n**5 - n, 5), Integer(0)),
    ("three in a row", Mod(n * (n + 1) * (n + 2), 6), Integer(0)),
    ("casting out nines", Mod(10**N, 9), Integer(1)),
    ("root of a product of neighbours", floor(sqrt(N**2 + N)), N),
    ("fractional parts of opposites", frac(x) + frac(-x, evaluate=False), Integer(1), [Ne(x, floor(x))]),
    ("number of odd numbers", Sum(Mod(i, 2), (i, 0, N)), floor((N + 1) / 2)),
    ("parity of a square", (-1) ** (n**2), (-1) ** n),
    ("remainder by doubling", Mod(2 * n + 1, 2 * d), 2 * Mod(n, d) + 1),
    ("squared differences", Sum((u[i] - u[j]) ** 2, (i, 1, r), (j, 1, r)), 2 * r * total(u[i] ** 2) - 2 * total(u[i]) ** 2),
    ("convolution commutes", Sum(u[i] * s[r - i], (i, 0, r)), Sum(u[r - i] * s[i], (i, 0, r))),
    ("sums of sums", Sum(Sum(u[j], (j, 1, i)), (i, 1, r)), Sum((r + 1 - j) * u[j], (j, 1, r))),
    ("product of products", Product(W[i] * V[i], (i, 1, r)), Product(W[i], (i, 1, r)) * Product(V[i], (i, 1, r))),
    ("product telescopes", Product(W[i + 1] / W[i], (i, 1, r)), W[r + 1] / W[1]),
    ("identity matrix", Sum(KroneckerDelta(i, j) * u[i] * s[j], (i, 1, r), (j, 1, r)), total(u[i] * s[i])),
    (
        "divergence of softmaxes",
        total(exp(u[i]) / Sum(exp(u[j]), (j, 1, r)) * log(exp(u[i]) / Sum(exp(u[j]), (j, 1, r)))),
        total(exp(u[i]) * u[i]) / total(exp(u[i])) - log(total(exp(u[i]))),
    ),
    (
        "weighted variance",
        total(W[i] * (u[i] - x) ** 2),
        total(W[i] * u[i] ** 2) - 2 * x * total(W[i] * u[i]) + x**2 * total(W[i]),
    ),
]

FALSE: list[tuple[Any, ...]] = [
    ("squares of maximum and minimum", "difference", Max(x, y) ** 2 - Min(x, y) ** 2, x**2 - y**2),
    ("moduli of sum and difference", "moduli lost", Abs(x + y) + Abs(x - y), 2 * Max(x, y)),
    ("lattice", "associativity across", Max(x, Min(y, z)), Min(Max(x, y), z)),
    ("leaky ReLU", "slope above one", Max(x, c * x), (1 + c) * x / 2 + (1 - c) * Abs(x) / 2),
    ("hard hyperbolic tangent", "factor", Max(-1, Min(1, x)), Abs(x + 1) - Abs(x - 1)),
    ("square of ReLU", "the parabola", Max(x, 0) ** 2, x**2),
    ("minimum by reciprocals", "signs missing", Min(x, y), 1 / Max(1 / x, 1 / y)),
    ("Huber", "jump", Piecewise((x**2 / 2, Abs(x) <= 1), (Abs(x), True)), Abs(x) * Min(Abs(x), 1) - Min(Abs(x), 1) ** 2 / 2),
    ("chord of the unit circle", "modulus lost", Abs(1 + exp(I * t)), 2 * cos(t / 2)),
    ("imaginary part of a reciprocal", "sign", im(1 / w), im(w) / Abs(w) ** 2),
    ("argument is additive", "period", arg(w * v, evaluate=False), arg(w) + arg(v)),
    ("polarisation", "factor", Abs(w + v) ** 2 - Abs(w - v) ** 2, 2 * re(w * conjugate(v))),
    ("characteristic polynomial", "sign of the trace", Determinant(cells(A - x * J)), x**2 + (a + f) * x + a * f - b * e),
    ("determinant of the inverse", "not inverted", Determinant(Inverse(A)), a * f - b * e),
    ("trace of a transposed product", "other factor transposed", Trace(MatMul(A, B)), Trace(MatMul(A, B.T))),
    ("a reflection", "sign", MatMul(REFLECTION, REFLECTION), cells(-J)),
    ("power of a rotation", "angle", MatPow(R, 3), cells([[cos(2 * t), -sin(2 * t)], [sin(2 * t), cos(2 * t)]])),
    ("determinant of a Gram matrix", "square lost", Determinant(cells(A.T * A)), Determinant(A)),
    ("Pauli", "order", MatMul(cells([[0, -I], [I, 0]]), cells([[0, 1], [1, 0]])), cells([[I, 0], [0, -I]])),
    ("inverse by Cayley-Hamilton", "sign", MatMul(a * f - b * e, Inverse(A)), MatAdd(cells((a + f) * J), A)),
    ("thirds add up", "ceilings", ceiling(n / 3) + ceiling((n + 1) / 3) + ceiling((n + 2) / 3), n),
    ("Knuth's halves", "one lost", floor((n + m) / 2) + floor((n - m) / 2), n),
    ("ceiling of a half", "floor of n/2 + 1", ceiling(n / 2), floor(n / 2 + 1)),
    ("Fermat for six", "six is no prime", Mod(n**6 - n, 6), Integer(0)),
    ("casting out nines", "eleven", Mod(10**N, 11), Integer(1)),
    ("root of a product of neighbours", "upper neighbour", floor(sqrt(N**2 + N)), N + 1),
    ("fractional parts of opposites", "integers admitted", frac(x) + frac(-x, evaluate=False), Integer(1)),
    ("parity of a triangular number", "of the number", (-1) ** (N * (N + 1) / 2), (-1) ** N),
    ("squared differences", "factor", Sum((u[i] - u[j]) ** 2, (i, 1, r), (j, 1, r)), r * total(u[i] ** 2) - total(u[i]) ** 2),
    ("sums of sums", "weights reversed", Sum(Sum(u[j], (j, 1, i)), (i, 1, r)), Sum(j * u[j], (j, 1, r))),
    (
        "product of sums",
        "product of the summands",
        Product(W[i] + V[i], (i, 1, r)),
        Product(W[i], (i, 1, r)) + Product(V[i], (i, 1, r)),
    ),
    ("product telescopes", "inverted", Product(W[i + 1] / W[i], (i, 1, r)), W[1] / W[r + 1]),
    (
        "weighted variance",
        "sign",
        total(W[i] * (u[i] - x) ** 2),
        total(W[i] * u[i] ** 2) - 2 * x * total(W[i] * u[i]) - x**2 * total(W[i]),
    ),
]
WITNESS: dict[str, dict[Any, Any]] = {
    "fractional parts of opposites": {x: 2},
    "chord of the unit circle": {t: 4},
}
