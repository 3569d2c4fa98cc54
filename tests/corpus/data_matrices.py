"""Matrices of size two and three with symbolic entries."""

from typing import Any

from sympy import (
    Determinant,
    ImmutableMatrix,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    Trace,
    Transpose,
    cos,
    sin,
    symbols,
)

AREA = "matrices"
SOURCE = "linear algebra: determinants, inverses, Cayley-Hamilton, low-rank updates"

a, b, c, d, e, f, g, h, i = symbols("a b c d e f g h i")
x, y, z, u, v, w = symbols("x y z u v w")
t, s = symbols("t s", real=True)
n = symbols("n", integer=True, positive=True)

A = ImmutableMatrix([[a, b], [c, d]])
B = ImmutableMatrix([[e, f], [g, h]])
M = ImmutableMatrix([[a, b, c], [d, e, f], [g, h, i]])
K = ImmutableMatrix([[0, -z, y], [z, 0, -x], [-y, x, 0]])
R = ImmutableMatrix([[cos(t), -sin(t)], [sin(t), cos(t)]])
U = ImmutableMatrix([u, v])
W = ImmutableMatrix([w, x])
J2, J3 = ImmutableMatrix.eye(2), ImmutableMatrix.eye(3)
VANDERMONDE = ImmutableMatrix([[1, x, x**2], [1, y, y**2], [1, z, z**2]])
CIRCULANT = ImmutableMatrix([[a, b, c], [c, a, b], [b, c, a]])
TRACE_M, MINORS_M = a + e + i, a * e - b * d + a * i - c * g + e * i - f * h


def cells(m: Any) -> Any:
    """Return an immutable copy."""
    return ImmutableMatrix(m)


TRUE: list[tuple[Any, ...]] = [
    ("inverse of two by two", Inverse(A), cells([[d, -b], [-c, a]]) / (a * d - b * c)),
    (
        "determinant of a product",
        Determinant(cells([[a * e + b * g, a * f + b * h], [c * e + d * g, c * f + d * h]])),
        (a * d - b * c) * (e * h - f * g),
    ),
    ("trace of a commutator", Trace(MatAdd(MatMul(A, B), MatMul(-1, MatMul(B, A)))) + x, x),
    ("Cayley-Hamilton, two by two", MatAdd(MatPow(A, 2), cells((a * d - b * c) * J2)), MatMul(a + d, A)),
    (
        "Cayley-Hamilton, three by three",
        MatAdd(MatPow(M, 3), MatMul(MINORS_M, M)),
        MatAdd(MatMul(TRACE_M, MatPow(M, 2)), MatMul(Determinant(M), J3)),
    ),
    ("Vandermonde", Determinant(VANDERMONDE), (y - x) * (z - x) * (z - y)),
    ("circulant", Determinant(CIRCULANT), a**3 + b**3 + c**3 - 3 * a * b * c),
    ("rotation's inverse", Inverse(R), R.T),
    (
        "rotations compose",
        MatMul(R, R.subs(t, s)),
        cells([[cos(t + s), -sin(t + s)], [sin(t + s), cos(t + s)]]),
    ),
    (
        "cross product squared",
        MatPow(K, 2),
        cells([[x**2, x * y, x * z], [x * y, y**2, y * z], [x * z, y * z, z**2]]) - (x**2 + y**2 + z**2) * J3,
    ),
    ("inverse of a product", Inverse(cells(A * B)), MatMul(Inverse(B), Inverse(A))),
    ("transpose of a product", Transpose(MatMul(A, B)), MatMul(B.T, A.T)),
    ("matrix determinant lemma", Determinant(cells(J2 + U * W.T)), 1 + u * w + v * x),
    ("Sherman-Morrison", Inverse(cells(J2 + U * W.T)), cells(J2 - U * W.T / (1 + u * w + v * x))),
    ("adjugate", MatMul(A, cells([[d, -b], [-c, a]])), cells((a * d - b * c) * J2)),
    ("determinant scales with the cube", Determinant(cells(x * M)), x**3 * Determinant(M)),
    ("trace of the square", Trace(MatPow(A, 2)), (a + d) ** 2 - 2 * (a * d - b * c)),
    ("power of a shear", MatPow(cells([[1, x], [0, 1]]), n), cells([[1, n * x], [0, 1]])),
    (
        "inverse of a triangular matrix",
        Inverse(cells([[1, x, y], [0, 1, z], [0, 0, 1]])),
        cells([[1, -x, x * z - y], [0, 1, -z], [0, 0, 1]]),
    ),
    ("skew matrices of odd size", Determinant(K) + u, u),
]

FALSE: list[tuple[Any, ...]] = [
    (
        "inverse of two by two",
        "signs of the off-diagonal",
        Inverse(A),
        cells([[d, b], [c, a]]) / (a * d - b * c),
    ),
    ("inverse entry by entry", "entries inverted", Inverse(A), cells([[1 / a, 1 / b], [1 / c, 1 / d]])),
    (
        "determinant of a sum",
        "determinants added",
        Determinant(cells(A + B)),
        Determinant(A) + Determinant(B),
    ),
    ("product commutes", "order of the factors", MatMul(A, B), MatMul(B, A)),
    (
        "Cayley-Hamilton, two by two",
        "sign of the determinant",
        MatAdd(MatPow(A, 2), cells(-(a * d - b * c) * J2)),
        MatMul(a + d, A),
    ),
    (
        "Cayley-Hamilton, three by three",
        "sign of the minors",
        MatAdd(MatPow(M, 3), MatMul(-MINORS_M, M)),
        MatAdd(MatMul(TRACE_M, MatPow(M, 2)), MatMul(Determinant(M), J3)),
    ),
    ("Vandermonde", "sign", Determinant(VANDERMONDE), (x - y) * (z - x) * (z - y)),
    ("circulant", "factor 3 lost", Determinant(CIRCULANT), a**3 + b**3 + c**3 - a * b * c),
    ("rotation's inverse", "the rotation itself", Inverse(R), R),
    (
        "cross product squared",
        "sign of the identity",
        MatPow(K, 2),
        cells([[x**2, x * y, x * z], [x * y, y**2, y * z], [x * z, y * z, z**2]]) + (x**2 + y**2 + z**2) * J3,
    ),
    ("inverse of a product", "order of the factors", Inverse(cells(A * B)), MatMul(Inverse(A), Inverse(B))),
    ("transpose of a product", "order of the factors", Transpose(MatMul(A, B)), MatMul(A.T, B.T)),
    ("matrix determinant lemma", "sign", Determinant(cells(J2 - U * W.T)), 1 + u * w + v * x),
    (
        "Sherman-Morrison",
        "sign in the denominator",
        Inverse(cells(J2 + U * W.T)),
        cells(J2 - U * W.T / (1 - u * w - v * x)),
    ),
    ("determinant scales", "with the first power", Determinant(cells(x * M)), x * Determinant(M)),
    ("trace of a product", "product of the traces", Trace(cells(A * B)), Trace(A) * Trace(B)),
    ("trace of the square", "sign", Trace(MatPow(A, 2)), (a + d) ** 2 + 2 * (a * d - b * c)),
    (
        "power of a shear",
        "power for multiple",
        MatPow(cells([[1, x], [0, 1]]), n),
        cells([[1, x**n], [0, 1]]),
    ),
]
