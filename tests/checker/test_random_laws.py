"""Random polynomials of independent random variables: the mean by expansion is proved, and no other value ever is."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sympy import Eq, IndexedBase, Rational, Sum, symbols

from derivable import Copy, Expectation, ForAll, Independent
from derivable.decide import decide

E = Expectation
y, z, A, B = symbols("y z A B", real=True)
d = symbols("d", integer=True, positive=True)
i, k = symbols("i k", integer=True)
q = IndexedBase("q", shape=(d,), real=True)
w = IndexedBase("w", shape=(d,), real=True)
FEW = settings(max_examples=10, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))

small = st.integers(-3, 3)
fractions = st.builds(lambda top, bottom: Rational(top, bottom), st.integers(-5, 5), st.integers(1, 3))
#: mean, and second moment above its square: what some law has
moments = st.tuples(fractions, st.integers(1, 4)).map(lambda m: (m[0], m[0] ** 2 + m[1]))
nonzero = fractions.filter(bool)
#: coefficients of y^j z^l for j, l = 0 … 2
tables = st.lists(small, min_size=9, max_size=9)


def polynomial(table: list[int], first: Any, second: Any) -> Any:
    return sp.Add(*(c * first ** (n // 3) * second ** (n % 3) for n, c in enumerate(table)))


def known(variable: Any, mean: Any, square: Any) -> tuple[Any, ...]:
    return Eq(E(variable, variable), mean), Eq(E(variable**2, variable), square)


def check(statement: Any, value: Any, slip: Any, *where: Any) -> None:
    """The value is proved, and seen at points; with a slip it is refuted, or left open, but never proved."""
    right = decide("=", statement, value, where, 6.0, attack_seconds=0.2)
    assert right.verdict == "proved", (statement, value, right.note)
    wrong = decide("=", statement, value + slip, where, 3.0, attack_seconds=0.2)
    assert wrong.verdict in ("refuted", "open"), (statement, value + slip, wrong.verdict)
    if right.points:
        assert wrong.verdict == "refuted", (statement, value + slip, wrong.note)


@FEW
@given(tables, moments, moments, nonzero)
def test_two_independent_variables(table: list[int], of_y: Any, of_z: Any, slip: Any) -> None:
    p = polynomial(table, y, z)
    value = sp.Add(*(c * (1, *of_y)[n // 3] * (1, *of_z)[n % 3] for n, c in enumerate(table)))
    check(E(E(p, y), z), value, slip, *known(y, *of_y), *known(z, *of_z))
    check(E(E(p, z), y), value, slip, *known(y, *of_y), *known(z, *of_z))


@FEW
@given(tables, nonzero)
def test_moments_that_have_names(table: list[int], slip: Any) -> None:
    p = polynomial(table, y, z)
    value = sp.Add(*(c * (1, A, E(y**2, y))[n // 3] * (1, B, E(z**2, z))[n % 3] for n, c in enumerate(table)))
    check(E(E(p, y), z), value, slip, Eq(A, E(y, y)), Eq(B, E(z, z)))


@FEW
@given(st.lists(small, min_size=3, max_size=3), moments, nonzero)
def test_a_polynomial_of_a_sum_of_independent_coordinates(table: list[int], moment: Any, slip: Any) -> None:
    mean, square = moment
    total = Sum(q[k], (k, 1, d))
    second = d * square + d * (d - 1) * mean**2
    laws = (Independent(q), ForAll((i,), Eq(E(q[i], q), mean)), ForAll((i,), Eq(E(q[i] ** 2, q), square)))
    statement = E(sp.Add(*(c * total**n for n, c in enumerate(table))), q)
    check(statement, table[0] + table[1] * d * mean + table[2] * second, slip, *laws)


@FEW
@given(tables, nonzero)
def test_an_independent_copy(table: list[int], slip: Any) -> None:
    first = (1, E(q[1], q), E(q[1] ** 2, q))
    value = sp.Add(*(c * first[n // 3] * first[n % 3] for n, c in enumerate(table)))
    check(E(E(polynomial(table, q[1], w[1]), q), w), value, slip, Copy(w, q))


@FEW
@given(tables, nonzero)
def test_two_copies_of_one_law(table: list[int], slip: Any) -> None:
    first = (1, E(y, y), E(y**2, y))
    value = sp.Add(*(c * first[n // 3] * first[n % 3] for n, c in enumerate(table)))
    check(E(polynomial(table, q[1], q[2]), q), value, slip, Independent(q, law=y), d >= 2)


@FEW
@given(tables, st.integers(1, 3))
def test_dependent_coordinates_are_not_taken_apart(table: list[int], coefficient: int) -> None:
    first, second = (1, E(q[1], q), E(q[1] ** 2, q)), (1, E(q[2], q), E(q[2] ** 2, q))
    table[4] = coefficient  # of q_1 q_2
    value = sp.Add(*(c * first[n // 3] * second[n % 3] for n, c in enumerate(table)))
    wrong = decide("=", E(polynomial(table, q[1], q[2]), q), value, (d >= 2,), 3.0, attack_seconds=0.2)
    assert wrong.verdict in ("refuted", "open"), (table, wrong.verdict)


@FEW
@given(moments, st.integers(1, 3))
def test_a_variance_is_not_negative_and_no_more_is_known(moment: Any, extra: int) -> None:
    mean, square = moment
    assert decide("<=", mean**2, E(y**2, y), (Eq(E(y, y), mean),), 4.0, attack_seconds=0.2).verdict == "proved"
    bound = decide("<=", mean**2 + extra, E(y**2, y), (Eq(E(y, y), mean),), 2.0, attack_seconds=0.2)
    assert bound.verdict in ("refuted", "open", "sampled")
    assert Fraction(str(square)) > Fraction(str(mean**2))
