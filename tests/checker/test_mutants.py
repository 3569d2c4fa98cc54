"""Mutants: what a slip of the pen would have written, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Derivative, Eq, Integral, Max, Piecewise, Product, Rational, Sum, cos, exp, floor, pi, sin, symbols

from derivable import Partial
from derivable.decide import decide
from derivable.mutants import mutants

x, y = symbols("x y", real=True)
n, k = symbols("n k", integer=True, positive=True)
f = sp.Function("f", real=True)


def kinds(lhs: Any, relation: str, rhs: Any, most: int = 200) -> set[str]:
    return {m.description.split(" on the ")[0] for m in mutants(lhs, relation, rhs, most)}


@pytest.mark.parametrize(
    ("side", "kind"),
    [
        (x + y, "sign changed"),
        (x + y, "one added"),
        (x + y, "term dropped"),
        (x + y, "sign of a term changed"),
        (3 * x, "coefficient dropped"),
        (x * y, "factor 2"),
        (x**2 * y, "factor dropped"),
        (x**2, "exponent changed"),
        (x / 3, "constant changed"),
        (5 * sin(x), "constant changed"),
        (n * x, "index shifted"),
        (pi + x, "constant changed"),
        (sin(x), "neighbouring function"),
        (Max(x, y), "neighbouring function"),
        (floor(x), "neighbouring function"),
        (Sum(k, (k, 1, n)), "lower bound moved"),
        (Product(k + x, (k, 1, n)), "upper bound moved"),
        (Piecewise((x, x > 0), (y, True)), "cases swapped"),
        (exp(x), "sign of an exponent"),
    ],
    ids=str,
)
def test_each_kind_of_slip_is_made(side: Any, kind: str) -> None:
    assert kind in kinds(side, "=", x**7)


def test_slips_inside_sums_integrals_and_derivatives_of_space_are_made() -> None:
    X = sp.IndexedBase("x", shape=(n,), real=True)
    p = sp.Function("p", real=True)
    for e in (Sum(sin(k * x), (k, 1, n)), Integral(sin(x * y), (x, 0, 1)), Partial(sin(x) * p(X), X, k)):
        assert "neighbouring function" in kinds(e, "=", y)


def test_a_matrix_is_changed_entry_by_entry() -> None:
    matrix = sp.ImmutableMatrix([[x, 1], [2, y]])
    changed = [m for m in mutants(matrix, "=", matrix, 50) if "entry" in m.description]
    assert {m.description.split("(")[1][:10] for m in changed} >= {"entry 0, 0", "entry 1, 1"}
    assert all(m.lhs.shape == m.rhs.shape == (2, 2) for m in changed)


@pytest.mark.parametrize("relation", ["<=", "<"])
def test_an_inequality_is_reversed_first(relation: str) -> None:
    first = mutants(x, relation, y**2 + 3, 3)[0]
    assert (first.lhs, first.relation, first.rhs) == (y**2 + 3, "<", x)


def test_a_run_is_repeatable() -> None:
    sides = Sum(sin(k * x) ** 2, (k, 1, n)), n / 2 - Rational(1, 3) * cos(x)
    assert mutants(sides[0], "=", sides[1]) == mutants(sides[0], "=", sides[1])


@pytest.mark.parametrize("most", [0, 1, 3, 12])
def test_no_more_than_asked_for(most: int) -> None:
    assert len(mutants(sin(x) ** 2 + 3 * x * y, "=", 1 - cos(x) ** 2 + 3 * x * y, most)) <= most


def test_the_kinds_take_turns() -> None:
    """With few mutants asked for, they differ in kind."""
    found = mutants(3 * x**2 + sin(x) - Rational(2, 5), "=", y, 6)
    assert len({m.description.split(" on the ")[0] for m in found}) >= 5


PIECES = st.sampled_from([x, y, n * x, sin(x), exp(y), x**2, Abs(x), f(x), Sum(k * x, (k, 1, n)), sp.Integer(3), Rational(1, 2)])


@settings(derandomize=True, deadline=None, database=None, max_examples=60)
@given(PIECES, PIECES, PIECES)
def test_a_mutant_differs_from_the_statement_and_from_the_others(a: Any, b: Any, c: Any) -> None:
    lhs, rhs = a * b + c, b - c
    found = mutants(lhs, "=", rhs, 100)
    pairs = [(m.lhs, m.rhs) for m in found]
    assert (lhs, rhs) not in pairs
    assert len(set(pairs)) == len(pairs)
    assert all((m.lhs == lhs) != (m.rhs == rhs) for m in found)
    assert all(m.description for m in found)


TRUTHS = {
    "sum": (Sum(k**2, (k, 1, n)), n * (n + 1) * (2 * n + 1) / 6),
    "Pythagoras": (sin(x) ** 2, 1 - cos(x) ** 2),
    "binomial": ((x + y) ** 2, x**2 + 2 * x * y + y**2),
    "derivative": (Derivative(x * f(x), x), f(x) + x * Derivative(f(x), x)),
    "exponential": (exp(x) * exp(y), exp(x + y)),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_every_mutant_of_a_true_equation_is_refuted_or_proved_equivalent(name: str) -> None:
    """A survivor here would be a hole in the attack."""
    lhs, rhs = TRUTHS[name]
    outcomes = {m.description: decide("=", m.lhs, m.rhs, (), 3.0).verdict for m in mutants(lhs, "=", rhs, 40)}
    assert set(outcomes.values()) <= {"refuted", "proved"}
    assert sum(v == "refuted" for v in outcomes.values()) > 0.8 * len(outcomes)


def test_no_mutant_of_a_relation_is_a_boolean() -> None:
    """A mutant that SymPy decides when it is built has still two sides."""
    for m in mutants(Eq(x, y, evaluate=False).lhs, "=", sp.Integer(0)):
        assert isinstance(m.lhs, sp.Expr)
        assert isinstance(m.rhs, sp.Expr)
