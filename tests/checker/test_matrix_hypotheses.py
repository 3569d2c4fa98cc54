"""Matrices of any size about which hypotheses say something: invertible, symmetric, orthogonal, idempotent, commuting, …"""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Determinant, Eq, Identity, Inverse, MatrixSymbol, Ne, Trace, ZeroMatrix, symbols

import derivable
from derivable.trusted.errors import NotWords
from derivable.trusted.facts import Facts
from derivable.trusted.matrix_elements import contracted
from derivable.trusted.matrix_hypotheses import Hypotheses, kinds_of_letters, sorted_hypotheses
from derivable.trusted.matrix_values import Values
from derivable.trusted.noncommutative import Words, _without_prefix

n, m, j = symbols("n m j", integer=True, positive=True)
z, w = symbols("z w")
r = symbols("r", real=True)
A, B, C = (MatrixSymbol(name, n, n) for name in "ABC")
D = MatrixSymbol("D", m, m)
D_n, x_n = MatrixSymbol("D", n, n), MatrixSymbol("x", n, n)
U, V, W = MatrixSymbol("U", n, m), MatrixSymbol("V", m, n), MatrixSymbol("W", m, n)
u, v = MatrixSymbol("u", n, 1), MatrixSymbol("v", n, 1)
I_n, I_m, ZERO = Identity(n), Identity(m), ZeroMatrix(n, n)
X, Y = symbols("X Y", commutative=False)
SYMMETRIC, ORTHOGONAL, IDEMPOTENT = Eq(A.T, A), Eq(A.T * A, I_n), Eq(A**2, A)


def invertible(*matrices: Any) -> list[Any]:
    return [Ne(Determinant(matrix), 0) for matrix in matrices]


TRUE = {
    "Woodbury": (
        Inverse(A + U * D * V),
        A.I - A.I * U * Inverse(D.I + V * A.I * U) * V * A.I,
        invertible(A, D, A + U * D * V, D.I + V * A.I * U),
    ),
    "push-through": (Inverse(I_n + U * V) * U, U * Inverse(I_m + V * U), invertible(I_n + U * V)),
    "resolvents": (
        Inverse(z * I_n - A) - Inverse(w * I_n - A),
        (w - z) * Inverse(z * I_n - A) * Inverse(w * I_n - A),
        invertible(z * I_n - A, w * I_n - A),
    ),
    "determinant lemma": (Determinant(A + u * v.T), (1 + (v.T * A.I * u)[0, 0]) * Determinant(A), invertible(A)),
    "Sherman-Morrison": (Inverse(A + u * v.T), A.I - A.I * u * v.T * A.I / (1 + (v.T * A.I * u)[0, 0]), invertible(A)),
    "the inverse of a sum by those of its terms": (Inverse(A + B), A.I * Inverse(A.I + B.I) * B.I, invertible(A, B)),
    "the square of a sum": ((A + B) ** 2, A**2 + 2 * A * B + B**2, [Eq(A * B, B * A)]),
    "a product of three in another order": (A * B * C, C * B * A, [Eq(A * B, B * A), Eq(A * C, C * A), Eq(B * C, C * B)]),
    "an inverse commutes too": (Inverse(A) * B, B * Inverse(A), [Eq(A * B, B * A)]),
    "a resolvent commutes too": (Inverse(I_n - A) * B, B * Inverse(I_n - A), [Eq(A * B, B * A)]),
    "transposes commute too": (A.T * B.T, B.T * A.T, [Eq(A * B, B * A)]),
    "a product of symmetric matrices that commute": ((A * B).T, A * B, [SYMMETRIC, Eq(B.T, B), Eq(A * B, B * A)]),
    "symmetric against antisymmetric": (Trace(A * B), 0, [SYMMETRIC, Eq(B.T, -B)]),
    "an odd power of an antisymmetric matrix": (Trace(A**3), 0, [Eq(A.T, -A)]),
    "congruence": ((B.T * A * B).T, B.T * A * B, [SYMMETRIC]),
    "an orthogonal matrix": (A * A.T, I_n, [ORTHOGONAL]),
    "its inverse": (Inverse(A), A.T, [ORTHOGONAL]),
    "its determinant": (Determinant(A) ** 2, 1, [ORTHOGONAL]),
    "the determinant of a difference from it": (Determinant(I_n - A), Determinant(I_n - A.T), [ORTHOGONAL]),
    "similarity by it": (Trace(A * B * A.T), Trace(B), [ORTHOGONAL]),
    "a product of orthogonal matrices": ((A * B).T * A * B, I_n, [ORTHOGONAL, Eq(B.T * B, I_n)]),
    "Cayley": (((I_n - A) * Inverse(I_n + A)).T * (I_n - A) * Inverse(I_n + A), I_n, [Eq(A.T, -A)]),
    "columns that are orthonormal": ((U * U.T) ** 2, U * U.T, [Eq(U.T * U, I_m)]),
    "a complement": ((I_n - A) ** 2, I_n - A, [IDEMPOTENT]),
    "a reflection": ((I_n - 2 * A) ** 2, I_n, [IDEMPOTENT]),
    "a power of a projection": (A**5, A, [IDEMPOTENT]),
    "a power of an involution": (A**7 + A**-2, A + I_n, [Eq(A**2, I_n)]),
    "Neumann, cut short": (Inverse(I_n - A), I_n + A + A**2, [Eq(A**3, ZERO)]),
    "two inverses of each other": (B * A, I_n, [Eq(A * B, I_n)]),
    "a solution": (B, Inverse(A) * C, [Eq(A * B, C), *invertible(A)]),
    "a defined letter": (Trace(C), Trace(A) + Trace(B), [Eq(C, A + B)]),
    "Sylvester's equation": (A**2 * B, B * C**2, [Eq(A * B, B * C)]),
    "a trace that is given": (Trace(A + I_n), n + 1, [Eq(Trace(A), 1)]),
    "a bilinear form": ((v.T * A * u)[0, 0], (u.T * A.T * v)[0, 0], []),
    "a quadratic form": ((u.T * A * u)[0, 0], Trace(A * u * u.T), []),
    "a quadratic form of an antisymmetric matrix": ((u.T * A * u)[0, 0], 0, [Eq(A.T, -A)]),
    "rank one": (u * v.T * u * v.T, (v.T * u)[0, 0] * u * v.T, []),
    "symbols that commute": ((X + Y) ** 2, X**2 + 2 * X * Y + Y**2, [Eq(X * Y, Y * X)]),
    "an idempotent symbol": ((1 - X) ** 3, 1 - X, [Eq(X**2, X)]),
}

FALSE = {
    "Woodbury, sign": (
        Inverse(A + U * D * V),
        A.I + A.I * U * Inverse(D.I + V * A.I * U) * V * A.I,
        invertible(A, D, A + U * D * V, D.I + V * A.I * U),
    ),
    "determinant lemma, the other way around": (
        Determinant(A + u * v.T),
        (1 + (u.T * A.I * v)[0, 0]) * Determinant(A),
        invertible(A),
    ),
    "Sherman-Morrison, sign": (
        Inverse(A + u * v.T),
        A.I - A.I * u * v.T * A.I / (1 - (v.T * A.I * u)[0, 0]),
        invertible(A),
    ),
    "symmetric matrices need not commute": ((A * B).T, A * B, [SYMMETRIC, Eq(B.T, B)]),
    "commuting with a third": (A * B, B * A, [Eq(A * C, C * A), Eq(B * C, C * B)]),
    "a commuting transpose": (A.T * B, B * A.T, [Eq(A * B, B * A)]),
    "a trace with one symmetric factor": (Trace(A * B), 0, [SYMMETRIC]),
    "an even power of an antisymmetric matrix": (Trace(A**2), 0, [Eq(A.T, -A)]),
    "the determinant of an orthogonal matrix": (Determinant(A), 1, [ORTHOGONAL]),
    "orthonormal columns, as rows": (U * U.T, I_n, [Eq(U.T * U, I_m)]),
    "a projection need not be symmetric": (A.T, A, [IDEMPOTENT]),
    "nor the identity": (A, I_n, [IDEMPOTENT]),
    "involutions need not commute": (A * B, B * A, [Eq(A**2, I_n), Eq(B**2, I_n)]),
    "nilpotent of a higher order": (Inverse(I_n - A), I_n + A, [Eq(A**3, ZERO)]),
    "nilpotent is not zero": (A, ZERO, [Eq(A**2, ZERO)]),
    "a solution on the wrong side": (B, C * Inverse(A), [Eq(A * B, C), *invertible(A)]),
    "a bilinear form": ((v.T * A * u)[0, 0], (u.T * A * v)[0, 0], []),
    "rank one": (u * v.T * u * v.T, (u.T * u)[0, 0] * u * v.T, []),
    "a trace that is given": (Trace(2 * A), 1, [Eq(Trace(A), 1)]),
    "symbols": (X * Y, Y * X, [Eq(X**2, X), Eq(Y**2, Y)]),
}


@pytest.mark.parametrize("name", TRUE)
def test_identities_under_hypotheses_are_proved(name: str) -> None:
    lhs, rhs, where = TRUE[name]
    decision = derivable.equal(lhs, rhs, where=where)
    assert decision.verdict == "proved", decision
    assert decision.points > 0


@pytest.mark.parametrize("name", FALSE)
def test_slips_under_hypotheses_are_not_proved(name: str) -> None:
    lhs, rhs, where = FALSE[name]
    assert derivable.equal(lhs, rhs, where=where).verdict in (
        # matrices whose trace is 1 are not drawn
        ("refuted",) if name not in ("a trace that is given", "commuting with a third") else ("refuted", "open", "sampled")
    )


def under(where: list[Any]) -> tuple[Words, Hypotheses]:
    """Words that have taken the hypotheses."""
    hypotheses = sorted_hypotheses(where)
    words = Words(Facts(hypotheses.of_scalars))
    for pair in hypotheses.equations:
        words.assume(*pair)
    for condition in hypotheses.of_invariants:
        words.assume_scalars(condition)
    return words, hypotheses


def proved_by_words_alone(lhs: Any, rhs: Any, where: list[Any]) -> bool:
    """Without the attack, so that a wrong yes is seen."""
    words, hypotheses = under(where)
    left, right = (hypotheses.substituted(contracted(sp.sympify(side))) for side in (lhs, rhs))
    for side in (left, right):  # the inverses of both sides are known
        words.expand(side)
    left, right = words.expand(left), words.expand(right)
    difference = dict(left)
    for word, c in right.items():
        difference[word] = difference.get(word, 0) - c
    return words.vanishes(difference) and words.holds_at_divisors(hypotheses, left, right)


@pytest.mark.parametrize("name", TRUE)
def test_words_alone_prove_them(name: str) -> None:
    assert proved_by_words_alone(*TRUE[name])


@pytest.mark.parametrize("name", FALSE)
def test_words_alone_do_not_prove_them_either(name: str) -> None:
    assert not proved_by_words_alone(*FALSE[name])


BEYOND = {  # what would be proved without one of the conditions on a hypothesis or a rewriting
    "an equation times a number that may be 0": (A, B, [Eq(z * A, z * B)]),
    "an inverse in an equation of two letters": (B, Inverse(A), [Eq(Inverse(A) * B, I_n)]),
    "an inverse on the right": (B, Inverse(A), [Eq(A * Inverse(B), I_n)]),
    "two inverses": (B, Inverse(A), [Eq(Inverse(A) * Inverse(B), 2 * I_n)]),
    "the determinant where a matrix is its transpose": (Determinant(A) ** 2, 1, [Eq(Inverse(A) * A.T, I_n)]),
    "a factor for the product": (A, 2 * C, [Eq(A * B, 2 * C)]),
    "a letter for its inverse": (C, 2 * A, [Eq(Inverse(C), 2 * A)]),
    "an inverse for the letter": (A, 2 * C, [Eq(Inverse(A), 2 * C)]),
    "a product that may be 0": (B * A, z * I_n, [Eq(A * B, z * I_n)]),
    "a product of rectangles": (V * U, 2 * I_m, [Eq(U * V, 2 * I_n)]),
    "a product with a power": (B * A, I_n, [Eq(A**2 * B, I_n)]),
    "a power before a product": (A**2, I_n, [Eq(A**2 * B, I_n)]),
    "the determinants of inverses": (Determinant(A) ** 2, 1, [Eq(A * B, I_n)]),
    "the determinant of a multiple": (Determinant(A) ** 2, 1, [Eq(A.T * A, 2 * I_n)]),
    "the determinant of a cube root": (Determinant(A) ** 2, 1, [Eq(A**3, I_n)]),
    "the determinant of a root of 2": (Determinant(A) ** 2, 1, [Eq(A**2, 2 * I_n)]),
    "a power that commutes": (A * B, B * A, [Eq(A**2 * B, B * A**2)]),
    "letters that anticommute": (A * B, B * A, [Eq(A * B, -B * A)]),
    "the inverse of a sum of which one term commutes": (
        C * Inverse(I_n - A - B), Inverse(I_n - A - B) * C, [Eq(A * C, C * A)],
    ),
    "a trace times a number that may be 0": (Trace(A), 0, [Eq(z * Trace(A), 0)]),
    "the square of a trace": (2 * Trace(A) ** 2, 1, [Eq(Trace(A) ** 2, 1)]),
    "a word that begins like a pattern": (A * C, 2 * C, [Eq(A * B, 2 * C)]),
    "a word with a power inside a pattern": (A * B**2 * C, 2 * D_n, [Eq(A * B * C, 2 * D_n)]),
    "a word that ends like a term": (Inverse(I_n - A * B) * C * B, Inverse(I_n - A * B) - I_n, []),
    "rectangles in an inverse": (V * Inverse(U * V) * U, I_m, []),
    "rectangles beside a square in an inverse": (V * Inverse(A * U * V) * A * U, I_m, []),
    "rectangles in a determinant": (
        Determinant(A * U * V) * Determinant(D), Determinant(D * V * U) * Determinant(A), [],
    ),
    "a rectangle before a determinant": (Determinant(U * V + U * W), Determinant(V * U + W * U), []),
    "a determinant as a trace": (Determinant(I_n + A), 1 + Trace(A), []),
    "a determinant turned around": (Determinant(I_n + A * B), Determinant(I_n + B.T * A), [Eq(A.T, -A)]),
    "a determinant lemma with a singular matrix": (Determinant(A + u * v.T), 0, [Eq(Determinant(A), 0)]),
    "a matrix between rectangles that are inverted": (
        Determinant(A + u * v.T) * Inverse(u.T * A * u), ZeroMatrix(1, 1), [Eq(Determinant(A), 0)],
    ),
    "a matrix between rectangles with a determinant": (
        Determinant(A + u * v.T), 0, [Eq(Determinant(A), 0), Ne(Determinant(V * A * U), 0)],
    ),
    "an inverse of a letter that is an inverse": ((A + B) * x_n, I_n, [Eq(Inverse(A + B) * x_n, I_n)]),
    "a product that is zero": (B, ZERO, [Eq(A * B, ZERO)]),
    "a transpose that makes zero": (A, ZERO, [Eq(A.T * A, ZERO)]),
    "a multiple of the transpose": (A, ZERO, [Eq(A.T, z * A)]),
    "a square that is negative": (Trace(A), 0, [Eq(A**2, -I_n)]),
    "an inverse on one side": (U * V, I_n, [Eq(V * U, I_m)]),
    "a matrix that is not its inverse": (A * B, I_n, [Eq(A * B * A, A)]),
    "a difference": (A * B, B * A, [Ne(A * B, B * A)]),
}  # fmt: skip


@pytest.mark.parametrize("name", BEYOND)
def test_conditions_on_words_are_needed(name: str) -> None:
    assert not proved_by_words_alone(*BEYOND[name])
    assert derivable.equal(*BEYOND[name][:2], where=BEYOND[name][2]).verdict != "proved"


def test_an_inverse_in_an_equation_of_two_letters_gives_one() -> None:
    assert proved_by_words_alone(B, A, [Eq(Inverse(A) * B, I_n)])
    assert proved_by_words_alone(A, 2 * B, [Eq(A * Inverse(B), 2 * I_n)])
    assert proved_by_words_alone(2 * B * A, I_n, [Eq(Inverse(A) * Inverse(B), 2 * I_n)])


@pytest.mark.parametrize(
    ("where", "inverted"),
    [
        ([Ne(Determinant(A * B), 0)], {A, B}),
        ([Ne(Determinant(V * A * U), 0)], set()),
        ([Ne(Determinant(A + B), 0)], set()),
        ([Ne(Determinant(A), 1)], set()),
        ([Ne(Determinant(A) + 1, 0)], set()),
        ([Eq(Determinant(A), 0)], set()),
        ([Eq(A**2, 2 * I_n)], {A}),
        ([Eq(A**2, z * I_n)], set()),
        ([Eq(A * B, z * I_n)], set()),
        ([Eq(A**2 * B, 2 * C)], set()),
        ([Eq(A**j * B, 2 * C)], set()),
        ([Eq(A**-j * B, 2 * C)], {A}),
    ],
    ids=str,
)
def test_letters_that_have_inverses(where: list[Any], inverted: set[Any]) -> None:
    assert under(where)[0].inverted == inverted


def test_no_value_of_a_trace_without_an_equation_that_is_linear_in_it() -> None:
    assert not under([Eq(Trace(A) ** 2, 1)])[0].values
    assert not under([Eq(z * Trace(A), 1)])[0].values
    assert under([Eq(2 * Trace(A), 1)])[0].values


@pytest.mark.parametrize("odd", [sp.exp(X), sp.sin(X), sp.sqrt(X**2), X**z, sp.Adjoint(A), A ** sp.Rational(1, 2)], ids=str)
def test_functions_and_other_powers_are_no_words(odd: Any) -> None:
    with pytest.raises(NotWords):
        Words(Facts(())).expand(odd)


def test_parts_of_words() -> None:
    a, b, k = (A, False), (B, False), sp.Symbol("k", positive=True, integer=True)
    one, two, three = map(sp.Integer, (1, 2, 3))
    assert _without_prefix(((a, three), (b, one)), ((a, two),)) == ((a, one), (b, one))
    for word, prefix in (
        (((a, one),), ((a, two),)),  # A = A² A⁻¹ for a matrix with an inverse only
        (((a, one),), ((a, -two),)),
        (((a, k),), ((a, one),)),
        (((a, one), (b, one)), ((b, one), (b, one))),
        (((a, one),), ((a, one), (b, one))),
        (((a, one),), ()),
    ):
        assert _without_prefix(word, prefix) is None


def test_a_division_by_what_may_be_zero_is_of_rational_functions() -> None:
    """R (1 - z A) = 1 gives A R = (R - 1) / z."""
    words, hypotheses = under([])
    resolvent = words.expand(X * (1 - z * X) ** -1)
    assert words.vanishes(words.expand(X * (1 - z * X) ** -1 - (1 - z * X) ** -1 * X))
    assert words.divisors == {-z}
    assert words.holds_at_divisors(hypotheses, resolvent)
    assert not words.holds_at_divisors(hypotheses, words.expand(sp.sign(z) * X))
    assert not words.holds_at_divisors(under([Eq(z * A, B * A)])[1], resolvent)
    assert not words.holds_at_divisors(under([Eq(Trace(A), z)])[1], resolvent)
    assert words.holds_at_divisors(under([Ne(Determinant(I_n - z * A), 0)])[1], resolvent)
    assert not Words(Facts(()), divisors={sp.sqrt(2) - 1}).holds_at_divisors(hypotheses, resolvent)
    for condition, holds in ((Ne(z, 5), True), (Eq(z * w, 0), False), (r >= 0, False), (r > 0, True), (j < 2, False)):
        symbol = next(iter(condition.free_symbols - {w}))
        assert Words(Facts([condition]), divisors={symbol}).holds_at_divisors(hypotheses) == holds
    words, hypotheses = under([])
    assert words.vanishes(words.expand(X * (1 - Trace(A) * X) ** -1 - (1 - Trace(A) * X) ** -1 * X))
    assert not words.holds_at_divisors(hypotheses)


def test_a_decision_asks_what_holds_where_a_divisor_vanishes() -> None:
    resolvent = (1 - z * X) ** -1
    assert derivable.equal(z * z * X * resolvent, z * resolvent - z).verdict == "proved"
    assert derivable.equal(sp.Function("f")(z) * (z * X * resolvent - resolvent + 1), 0).verdict != "proved"


def test_nothing_is_proved_without_a_matrix_that_the_hypotheses_admit() -> None:
    decision = derivable.equal(A, A * A, where=[IDEMPOTENT, Eq(Determinant(A), 2)])
    assert decision.verdict == "open"
    assert decision.note == "no admissible matrices were found"


def test_equations_of_no_known_kind_are_asked_of_what_is_drawn() -> None:
    for trial in range(6):
        with pytest.raises(NotWords):
            Values(sorted_hypotheses([Eq(A * B * A, 2 * A * B)]), trial, A, B)


@pytest.mark.parametrize(
    "where",
    [
        [SYMMETRIC],
        [Eq(A.T, -A)],
        [ORTHOGONAL],
        [Eq(A * A.T, I_n)],
        [IDEMPOTENT],
        [SYMMETRIC, IDEMPOTENT],
        [SYMMETRIC, ORTHOGONAL],
        [Eq(A**2, I_n)],
        [Eq(A**2, ZERO)],
        [Eq(A**3, ZERO)],
        [Eq(A * B, B * A), SYMMETRIC],
        [Eq(A * B, B * A), Eq(A * C, C * A), Eq(B * C, C * B)],
        [Eq(A * B, C)],
        [Eq(A, B + B.T)],
        [Eq(U.T * U, I_m)],
    ],
    ids=str,
)
def test_matrices_that_hypotheses_admit_are_drawn(where: list[Any]) -> None:
    hypotheses = sorted_hypotheses(where)
    drawn = 0
    for trial in range(6):
        try:
            Values(hypotheses, trial, A, B, C, U)
        except (NotWords, ZeroDivisionError):
            continue
        drawn += 1
    assert drawn >= 2


def test_conjunctions_are_taken_apart() -> None:
    assert derivable.equal(A * B, B * A, where=[sp.And(Eq(A * B, B * A), Ne(Determinant(A), 0))]).verdict == "proved"
    assert derivable.equal(A * A.T, I_n, where=[sp.And(ORTHOGONAL, sp.Symbol("p", positive=True) > 1)]).verdict == "proved"


def test_hypotheses_that_contradict_each_other_are_named() -> None:
    decision = derivable.equal(A.T, A, where=[sp.Symbol("p", positive=True) < 0])
    assert decision.verdict == "open"
    assert decision.note.startswith("the hypotheses contradict each other")


@pytest.mark.parametrize("decide", [derivable.equal, derivable.at_most])
def test_a_hypothesis_about_matrices_beside_a_statement_about_numbers_is_named(decide: Any) -> None:
    decision = decide(sp.sin(z) ** 2, 1 - sp.cos(z) ** 2, where=[Eq(A * B, B * A)])
    assert decision.verdict == "open"
    assert "is about matrices" in decision.note
    assert "leave the hypothesis out" in decision.note


def test_what_is_drawn_is_asked_every_hypothesis() -> None:
    """A equals its square here by one kind, and must be invertible besides."""
    hypotheses = sorted_hypotheses([IDEMPOTENT, *invertible(A)])
    for trial in range(20):
        try:
            values = Values(hypotheses, trial, A)
        except NotWords:
            continue
        assert values.of(A) == values.of(A) * values.of(A)
        assert values.of(A).det() != 0


def test_kinds_of_letters() -> None:
    assert kinds_of_letters([(A.T, A), (A**2, A)])[A] == {"symmetric", "idempotent"}
    assert kinds_of_letters([(B, B.T)])[B] == {"symmetric"}
    assert kinds_of_letters([(U.T * U, I_m)])[U] == {"orthonormal"}
    assert kinds_of_letters([(A**4, ZERO)])[A] == {4}
    assert kinds_of_letters([(A.T, B), (A * B, C)]) == {}


def test_sums_of_elements_are_traces() -> None:
    i, j = symbols("i j", integer=True, nonnegative=True)
    assert contracted(sp.Sum(A[i, i], (i, 0, n - 1))) == Trace(A)
    assert contracted((u.T * v)[0, 0] + 1) == Trace(u.T * v) + 1 or contracted((u.T * v)[0, 0] + 1) == Trace(v.T * u) + 1
    for left_alone in (
        sp.Sum(A[i, i], (i, 1, n - 1)),
        sp.Sum(A[i, i], (i, 0, n)),
        sp.Sum(A[i, 0], (i, 0, n - 1)),
        sp.Sum(i * A[i, i], (i, 0, n - 1)),
        sp.Sum(A[i, j] * A[j, i], (i, 0, n - 1)),
        sp.Sum(A[i, j], (i, 0, n - 1), (j, 0, n - 1)),
        sp.Sum(A[i, i], (i, 0, n - 1), (i, 0, n - 1)),
        sp.Sum((A**i)[i, i], (i, 0, n - 1)),
        sp.Sum(A[i, j] ** 3, (i, 0, n - 1), (j, 0, n - 1)),
        sp.Sum(A[0, j] * B[j, 0], (j, 0, n - 1)),
        sp.Sum(U[i, i], (i, 0, n - 1)),
    ):
        assert contracted(left_alone) == left_alone
