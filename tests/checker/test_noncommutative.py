"""Matrices of any size: words in letters that do not commute."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Determinant, Identity, MatrixSymbol, Trace, symbols

import derivable
from derivable.trusted.facts import Facts
from derivable.trusted.noncommutative import Words, decide_words, speaks_of_matrices

A, B, C, P, U, V = symbols("A B C P U V", commutative=False)
z, w = symbols("z w")
k = symbols("k", integer=True, nonnegative=True)
n, m = symbols("n m", integer=True, positive=True)
X, Y, S = MatrixSymbol("X", n, m), MatrixSymbol("Y", m, n), MatrixSymbol("S", n, n)
T = MatrixSymbol("T", n, n)

TRUE = {
    "an inverse cancels": (A * B * B**-1, A),
    "scalars commute": (z * A * B, A * z * B),
    "difference of squares": ((A + B) * (A - B), A**2 - A * B + B * A - B**2),
    "Jacobi": (
        A * (B * C - C * B) - (B * C - C * B) * A + B * (C * A - A * C) - (C * A - A * C) * B
        + C * (A * B - B * A) - (A * B - B * A) * C,
        0,
    ),
    "inverse of a product": ((A * B) ** -1, B**-1 * A**-1),
    "push-through": (A * (1 - B * A) ** -1, (1 - A * B) ** -1 * A),
    "Woodbury": ((1 - U * V) ** -1, 1 + U * (1 - V * U) ** -1 * V),
    "a resolvent": ((1 - z * A) ** -1, 1 + z * A * (1 - z * A) ** -1),
    "second resolvent identity": (
        (z - A) ** -1 - (w - A) ** -1,
        (w - z) * (z - A) ** -1 * (w - A) ** -1,
    ),
    "similarity of a square": ((P**-1 * A * P) ** 2, P**-1 * A**2 * P),
    "symbolic powers": (A**k * A, A ** (k + 1)),
    "transposes": ((X * Y).T, Y.T * X.T),
    "push-through of rectangles": ((Identity(n) + X * Y).inv() * X, X * (Identity(m) + Y * X).inv()),
    "transpose of an inverse": (S.T.inv(), S.inv().T),
    "trace of a product of rectangles": (Trace(X * Y), Trace(Y * X)),
    "traces around a ring": (Trace(S * T * S.T), Trace(S.T * S * T)),
    "a trace read backwards": (Trace(S * T * S), Trace(S.T * T.T * S.T)),
    "Frobenius": (Trace((S - T).T * (S - T)), Trace(S.T * S) - 2 * Trace(S.T * T) + Trace(T.T * T)),
    "trace of a similar matrix": (Trace(T * S * T.inv()), Trace(S)),
    "trace beside a matrix": (Trace(S) * T, T * Trace(S.T)),
    "trace of a resolvent": (Trace((Identity(n) + S).inv() * S), n - Trace((Identity(n) + S).inv())),
    "exponentials of traces": (sp.exp(Trace(S + T)), sp.exp(Trace(S)) * sp.exp(Trace(T))),
    "Sylvester": (Determinant(Identity(n) + z * X * Y), Determinant(Identity(m) + z * Y * X)),
    "determinant lemma": (Determinant(S + X * Y), Determinant(S) * Determinant(Identity(m) + Y * S.inv() * X)),
    "a common factor": (Determinant(S * T + S**2), Determinant(S) * Determinant(T + S)),
    "a scalar in a determinant": (Determinant(-2 * S), (-2) ** n * Determinant(S)),
    "determinant of the inverse of a sum": (Determinant((S + T).inv()), 1 / Determinant(S + T)),
}  # fmt: skip

FALSE = {
    "products do not commute": (A * B, B * A),
    "square of a sum": ((A + B) ** 2, A**2 + 2 * A * B + B**2),
    "inverse of a sum": ((A + B) ** -1, A**-1 + B**-1),
    "inverse of a product, in order": ((A * B) ** -1, A**-1 * B**-1),
    "Woodbury, sign": ((1 - U * V) ** -1, 1 - U * (1 - V * U) ** -1 * V),
    "Woodbury, order": ((1 - U * V) ** -1, 1 + U * (1 - U * V) ** -1 * V),
    "symmetric": (S.T, S),
    "traces in another order": (Trace(S * T * S * T.T), Trace(S * S * T * T.T)),
    "trace of a product": (Trace(S * T), Trace(S) * Trace(T)),
    "determinant of a sum": (Determinant(S + T), Determinant(S) + Determinant(T)),
    "Sylvester, sign": (Determinant(Identity(n) + X * Y), Determinant(Identity(m) - Y * X)),
    "determinant of a product of rectangles": (Determinant(X * Y), Determinant(Y * X)),
    "a scalar in a determinant, once": (Determinant(2 * S), 2 * Determinant(S)),
    "logarithm of a square": (sp.log(Determinant(S) ** 2), 2 * sp.log(Determinant(S))),
    "a trace for its matrix": (Trace(S) * Identity(n), S),
}


@pytest.mark.parametrize("name", TRUE)
def test_identities_of_every_size_are_proved(name: str) -> None:
    decision = derivable.equal(*TRUE[name])
    assert decision.verdict == "proved", decision
    assert decision.points > 0


@pytest.mark.parametrize("name", FALSE)
def test_slips_are_refuted_by_matrices(name: str) -> None:
    decision = derivable.equal(*FALSE[name])
    assert decision.verdict == "refuted", decision
    assert decision.counterexample is not None
    assert any("[[" in value for value in decision.counterexample.point.values())


@pytest.mark.parametrize("name", FALSE)
def test_words_alone_do_not_prove_them_either(name: str) -> None:
    """Without the attack, so that a wrong yes is seen."""
    lhs, rhs = FALSE[name]
    words = Words(Facts(()))
    difference = words.expand(lhs)
    for word, c in words.expand(rhs).items():
        difference[word] = difference.get(word, 0) - c
    assert not words.vanishes(difference)


def test_hypotheses_on_scalars_are_heeded() -> None:
    x = symbols("x", real=True)
    assert derivable.equal(sp.sqrt(x**2) * A, x * A, where=[x > 0]).verdict in ("proved", "open")
    assert derivable.equal(x * A, 2 * A, where=[x > 3]).verdict == "refuted"


def test_what_commutes_goes_the_usual_way() -> None:
    assert not speaks_of_matrices(z + 1, w)
    assert not speaks_of_matrices(sp.ImmutableMatrix([[1, z]]), sp.ImmutableMatrix([[1, z]]))


@pytest.mark.parametrize("odd", [sp.exp(A), A**z, sp.sin(A), sp.Trace(S)], ids=str)
def test_what_is_not_made_of_words_stays_open(odd: Any) -> None:
    assert derivable.equal(odd, 2 * odd, timeout=3.0).verdict in ("open", "refuted")


def test_inverses_of_numbers_of_one_row_and_column() -> None:
    size = sp.Symbol("n", integer=True, positive=True)
    v, w = (sp.MatrixSymbol(name, size, 1) for name in "vw")
    resolvent = (sp.Identity(size) + v * w.T).inv()
    assert derivable.equal(resolvent * v, v * (sp.Identity(1) + w.T * v).inv()).verdict == "proved"
    assert derivable.equal(resolvent * v, v / (1 + (w.T * v)[0, 0])).verdict == "proved"
    assert derivable.equal(resolvent * v, v / (1 + (v.T * v)[0, 0])).verdict == "refuted"
    assert derivable.equal(resolvent * v, v * (sp.Identity(1) - w.T * v).inv()).verdict == "refuted"


def test_a_power_that_is_no_integer_is_not_taken_for_one() -> None:
    """Neither for A⁰, by which a true statement would fall, nor for one whose exponents add up for every matrix."""
    size = sp.Symbol("size", integer=True, positive=True)
    matrix, letter = MatrixSymbol("A", size, size), sp.Symbol("a", commutative=False)
    s, t = symbols("s t", real=True)
    root = sp.MatPow(matrix, sp.Rational(1, 2))
    assert decide_words(sp.MatMul(root, root), matrix, ()).verdict == "open"
    assert decide_words(letter ** sp.Rational(1, 2) * letter, letter * letter ** sp.Rational(1, 2), ()).verdict == "open"
    assert decide_words(letter**s * letter**t, letter ** (s + t), ()).verdict == "open"


def test_matrices_have_rational_entries_only() -> None:
    size = sp.Symbol("size", integer=True, positive=True)
    matrix = MatrixSymbol("A", size, size)
    assert decide_words(sp.sqrt(2) * matrix, 2 * matrix, ()).verdict == "open"


def test_what_is_zero_has_no_inverse_and_its_determinant_is_no_product() -> None:
    size = sp.Symbol("size", integer=True, positive=True)
    matrix, other = MatrixSymbol("A", size, size), MatrixSymbol("B", size, size)
    zero = sp.MatAdd(matrix, sp.MatMul(-1, matrix))
    assert decide_words(sp.Inverse(zero), other, ()).verdict == "open"
    assert decide_words(Determinant(zero), Determinant(matrix) - Determinant(other), ()).verdict in ("open", "refuted")
