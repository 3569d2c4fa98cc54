"""The side conditions of the rules that an author names, and of words in matrices: what a mean binds, what is no integer."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import (
    Derivative,
    Function,
    Identity,
    IndexedBase,
    Integral,
    Inverse,
    MatMul,
    MatrixSymbol,
    Sum,
    Symbol,
    exp,
    oo,
    symbols,
)

from derivable import (
    ByParts,
    ChangeOfVariable,
    Convex,
    Exchange,
    Expectation,
    ForAll,
    Independent,
    Induction,
    InTheLimit,
    Monotone,
    equal,
)
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.functionals import chain_of, same_chain, under_one
from derivable.trusted.known_integrals import product_integral
from derivable.trusted.noncommutative import NotWords, Words
from derivable.trusted.rules import RuleFailed, proof_by

x, y, z, t = symbols("x y z t", real=True)
k, i = symbols("k i", integer=True)
n = symbols("n", integer=True, positive=True)
f, g = Function("f", real=True), Function("g", real=True)
v = IndexedBase("v", shape=(n,), real=True)
E = Expectation
COPIES = Independent(v, law=y)
even = Symbol("e", even=True, nonnegative=True)
m = symbols("m", integer=True, nonnegative=True)
h = Function("h", real=True)
PASCAL = ForAll((m, i), sp.Eq(h(m + 1, i), h(m, i) + h(m, i + 1)))
SHIFT = ForAll((m, i), sp.Eq(h(m + 1, i), h(m, i + 1)))
ONE = (i - 3) * (i + 1) / (i**2 - 2 * i - 3)  # undefined at 3, so that nothing is said of h(0, 3), which is h(1, 2)
ONE_FACTOR = sp.Product(v[k], (k, 1, 1))

REFUSED: dict[str, tuple[Any, ...]] = {
    "an end that a mean binds": (
        ByParts(E(exp(x * y), y), x, 0, y), Integral(Derivative(E(exp(x * y), y), x), (x, 0, y)), "=", E(exp(y * y), y) - 1,
    ),
    "a field with a pole": (ByParts(1 / x, x, -1, 1), Integral(Derivative(1 / x, x), (x, -1, 1)), "=", 2),
    "a field with a pole at a parameter": (
        ByParts(1 / (x - y), x, 0, 1), Integral(Derivative(1 / (x - y), x), (x, 0, 1)), "=", 0,
    ),
    "a field that jumps where a function is 2": (
        ByParts(sp.atan(1 / (2 - f(x))), x, 0, 1), Integral(Derivative(f(x), x) / (1 + (2 - f(x)) ** 2), (x, 0, 1)), "=",
        sp.atan(1 / (2 - f(1))) - sp.atan(1 / (2 - f(0))),
    ),
    "a field without a limit": (ByParts(sp.sin(x), x, 0, oo), Integral(Derivative(sp.sin(x), x), (x, 0, oo)), "=", 0),
    "a substitute that a mean binds": (
        ChangeOfVariable(E(f(x * y), y), x, y + t, t, 0, 1), Integral(E(f(x * y), y), (x, y, y + 1)), "=",
        Integral(E(f((y + t) * y), y), (t, 0, 1)),
    ),
    "a new end that a mean binds": (
        ChangeOfVariable(f(x), x, E(exp(t * y), y), t, 0, y), Integral(f(x), (x, 1, E(exp(y * y), y))), "=", 0,
    ),
    "a substitution through a pole": (
        ChangeOfVariable(f(x), x, 1 / t, t, -1, 1), Integral(f(x), (x, -1, 1)), "=",
        Integral(f(1 / t) * Derivative(1 / t, t), (t, -1, 1)),
    ),
    "a substitution that leaves the real line": (
        ChangeOfVariable(sp.Abs(x), x, exp(sp.I * t), t, 0, sp.pi), Integral(sp.Abs(x), (x, 1, -1)), "=",
        Integral(sp.Abs(exp(sp.I * t)) * Derivative(exp(sp.I * t), t), (t, 0, sp.pi)),
    ),
    "an integrand with a pole on the way": (
        ChangeOfVariable(1 / x, x, t - 1, t, 0, 2), Integral(1 / x, (x, -1, 1)), "=", Integral(1 / (t - 1), (t, 0, 2)),
    ),
    "a point that a mean binds": (
        Monotone(x + E(exp(x * exp(y)), y), x), y, "<=", z, y + E(exp(y * exp(y)), y) <= z + E(exp(z * exp(y)), y),
    ),
    "a tangent at what a mean binds": (Convex(E((x - y) ** 2, y), x, 0, y), E(y**2, y) - 2 * y * E(y, y), "<=", 0),
    "a limit at what a mean binds": (InTheLimit(E((x - y) ** 2, y), x, y), 0, "<=", 0),
    "a whole vector": (
        Exchange(v[1] * Function("F", real=True)(t, v), v, 1, 2), E(v[1] * Function("F", real=True)(t, v), v), "=",
        E(v[2] * Function("F", real=True)(t, v), v), COPIES, n >= 2,
    ),
    "an index of a product that has the name of a free symbol": (
        Exchange(ONE_FACTOR * v[1], v, 1, 2), E(ONE_FACTOR * v[1], v), "=", E(ONE_FACTOR * v[2], v), COPIES, n >= 3, k >= 3,
    ),
    "an index that is no integer": (Exchange(v[1], v, 1, x), E(v[1], v), "=", E(v[x], v), COPIES, n >= 2, x >= 1, x <= n),
    "an index that is too large": (Exchange(v[1], v, 1, i), E(v[1], v), "=", E(v[i], v), COPIES, i >= 1),
    "an index that is too small": (Exchange(v[1], v, 1, i), E(v[1], v), "=", E(v[i], v), COPIES, i <= n),
    "an induction that counts in twos": (Induction(even), Sum(1 + (-1) ** k, (k, 1, even)), "=", 0),
    "an induction without its base": (Induction(n, start=1), Sum(k, (k, 1, n)), "=", n * (n + 1) / 2 + 1),
    "an induction without its step": (Induction(n, start=1), Sum(k, (k, 1, n)), "=", n**2),
    "an induction that begins too late": (Induction(n, start=2), Sum(k, (k, 1, n)), "=", n * (n + 1) / 2),
    "an induction under a hypothesis about its integer": (Induction(n, start=1), n, "=", 1, n <= 1),
    "an induction for all values of its own integer": (Induction(n, start=1, forall=(n,)), f(n), "=", f(n + 1)),
    "an induction for all values of what a fact speaks of": (
        Induction(n, start=1, forall=(x,)), f(x) * n, "=", f(x) * n, ForAll((t,), sp.Eq(g(t), x)),
    ),
    "an inequality without its base": (Induction(n, start=1), 2 * n, "<=", 2 ** (n - 1) * 3 - 2),
    "an inequality without its step": (Induction(n, start=1), 2**n, "<=", 3 * n),
    "an inequality with a step from the second case on": (Induction(n, start=1), n**2, "<=", 2 ** (n + 1) - 4),
    "a strict inequality that begins with equality": (Induction(n, start=1), n, "<", 2 ** (n - 1)),
    "an inequality that begins too late": (Induction(n, start=4), n**2, "<=", 2**n),
    "an inequality under a hypothesis about its integer": (Induction(n, start=1), n, "<=", 1, n <= 1),
    "an inequality whose case before is needed elsewhere": (
        Induction(m, start=0), h(m, i), "<=", 2**m, PASCAL, ForAll((i,), sp.Le(h(0, i), 1)),
    ),
    "an inequality whose case before may be undefined": (
        Induction(m, start=0, forall=(i,)), h(m, i), "<=", ONE, SHIFT, ForAll((i,), sp.Le(h(0, i), ONE)),
    ),
    "an equation whose case before may be undefined": (
        Induction(m, start=0, forall=(i,)), h(m, i), "=", ONE, SHIFT, ForAll((i,), sp.Eq(h(0, i), ONE)),
    ),
    "an inequality for all values of its own integer": (Induction(n, start=1, forall=(n,)), f(n), "<=", f(n + 1)),
    "an induction on a real number": (Induction(x, start=0), x, "=", 0, x >= 0),
    "an induction under a fact about its integer": (Induction(n, start=1), f(n), "=", 0, ForAll((t,), sp.Eq(f(t), t - n))),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_rule_that_is_named_refuses(name: str) -> None:
    rule, lhs, relation, rhs, *where = REFUSED[name]
    with pytest.raises((RuleFailed, NoNormalForm, NeedCase)):
        proof_by(rule, sp.sympify(lhs), sp.sympify(rhs), relation)(Facts(where))


# -- functionals ----------------------------------------------------------------------------------------------------------------


def test_functionals_are_joined_over_one_range_alone() -> None:
    """Σ c_j F[b_j] = F[Σ c_j b_j] needs one range, in its direction, and coefficients that do not hold its variable."""
    nowhere = Facts(())
    assert under_one(Integral(f(x), (x, 0, 1)) + 2 * Integral(g(t), (t, 0, 1)), nowhere) is not None
    assert under_one(E(f(y), y) - 3, nowhere) is not None
    for e in (
        Integral(f(x), (x, 0, 1)) + Integral(g(t), (t, 0, 2)),
        Integral(f(x), (x, 0, 1)) - 3,
        Integral(f(x), (x, 0, 1)) * Integral(g(x), (x, 0, 1)),
        Integral(f(x), (x, 1, 0)) + Integral(g(x), (x, 1, 0)),
        Integral(f(x), (x, y, z)) + Integral(g(x), (x, y, z)),
        Sum(f(k), (k, 1, i)) + Sum(g(k), (k, 1, i)),
        Sum(f(k), (k, 1, 3)) + Integral(f(x), (x, 1, 3)),
        E(f(y), y) - E(f(z), z),
        E(f(y), y) - y,
        y * E(f(y), y),
        sp.Integer(3),
    ):
        assert under_one(e, nowhere) is None, e


def test_chains_of_functionals_are_the_same_only_range_by_range() -> None:
    one = chain_of(Sum(E(f(y), y), (k, 1, n)))
    for other in (
        Sum(E(f(z), z), (k, 1, n)), Sum(E(f(y), y), (k, 1, n + 1)), E(f(y), y), E(Sum(f(y), (k, 1, n)), y), Sum(f(k), (k, 1, n)),
    ):  # fmt: skip
        body, frames = chain_of(other)
        assert same_chain(body, frames, one[1]) is None, other
    body, frames = chain_of(Sum(E(g(y), y), (i, 1, n)))
    assert same_chain(body, frames, one[1]) == g(y)


def test_an_integral_over_space_factors_only_over_whole_sums_of_coordinates() -> None:
    nowhere = Facts(())
    q = IndexedBase("q", shape=(n,), real=True)
    assert product_integral(exp(-Sum(q[k] ** 2, (k, 1, n))), q, nowhere) is not None
    for e in (
        exp(-Sum(q[k] ** 2, (k, 1, n - 1))), exp(-Sum(q[k] ** 2, (k, 2, n))), exp(-Sum(q[k] * q[1], (k, 1, n))),
        exp(-(Sum(q[k] ** 2, (k, 1, n)) ** 2)), q[1] * exp(-Sum(q[k] ** 2, (k, 1, n))), exp(-Sum(q[k] * q[k + 1], (k, 1, n))),
        exp(-q[1] * Sum(q[k] ** 2, (k, 1, n))), exp(-Sum(f(k), (k, 1, n))),
    ):  # fmt: skip
        assert product_integral(e, q, nowhere) is None, e


# -- words ----------------------------------------------------------------------------------------------------------------------

A, B = symbols("A B", commutative=False)
M, N = MatrixSymbol("M", n, n), MatrixSymbol("N", n, n)

NOT_EQUAL = {
    "two letters": (A * B, B * A),
    "an inverse of a product": ((A * B) ** -1, A**-1 * B**-1),
    "an inverse of a sum": ((A + B) ** -1, A**-1 + B**-1),
    "a square of a sum": ((A + B) ** 2, A**2 + 2 * A * B + B**2),
    "a power of a product": ((A * B) ** 2, A**2 * B**2),
    "a transpose of a product": ((M * N).T, M.T * N.T),
    "a transpose of an inverse": (Inverse(M).T, Inverse(M)),
    "a resolvent": ((1 - A) ** -1 - (1 - B) ** -1, (1 - A) ** -1 * (B - A) * (1 - B) ** -1),
    "Woodbury with the wrong sign": ((A + B) ** -1, A**-1 + A**-1 * (A**-1 + B**-1) ** -1 * A**-1),
    "a scalar": (2 * A, A),
    "a zero power": (A**0 * B, A),
}


@pytest.mark.parametrize("name", NOT_EQUAL)
def test_different_words_are_not_equal(name: str) -> None:
    lhs, rhs = NOT_EQUAL[name]
    words = Words(Facts(()))
    left, right = words.expand(sp.sympify(lhs)), words.expand(sp.sympify(rhs))
    difference = dict(left)
    for word, c in right.items():
        difference[word] = difference.get(word, 0) - c
    assert not words.vanishes(difference)
    assert equal(lhs, rhs).verdict == "refuted"


def test_factors_that_are_not_square_have_no_inverses() -> None:
    """B (A B)⁻¹ A is a projection of rank n, and not 1 where m = n + 5."""
    m = symbols("m", integer=True, positive=True)
    wide, tall = MatrixSymbol("A", n, m), MatrixSymbol("B", m, n)
    projection = MatMul(tall, Inverse(wide * tall), wide)
    assert equal(projection, Identity(m), where=[sp.Eq((m - n) * (m - n - 5), 0)]).verdict != "proved"
    assert equal(projection * projection, projection).verdict != "refuted"


EQUAL = {
    "a resolvent": ((1 - A) ** -1 - (1 - B) ** -1, (1 - A) ** -1 * (A - B) * (1 - B) ** -1),
    "an inverse of a sum, and itself": ((A + B) ** -1 * A + (A + B) ** -1 * B, sp.Integer(1)),
    "push-through": (A * (1 + B * A) ** -1, (1 + A * B) ** -1 * A),
    "a transpose of an inverse of a sum": (Inverse(Identity(n) + M).T, Inverse(Identity(n) + M.T)),
    "a square of a sum": ((A + B) ** 2, A**2 + A * B + B * A + B**2),
    "powers of one letter": (A**k * A**i, A ** (k + i)),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_words_are_proved(name: str) -> None:
    lhs, rhs = EQUAL[name]
    assert equal(lhs, rhs).verdict == "proved"


def test_only_whole_powers_are_words() -> None:
    for e in (A**x, (A * B) ** k, (A + B) ** k, (A + B) ** 40, (A - A) ** -1 if (A - A) != 0 else A**z, sp.exp(A)):
        with pytest.raises(NotWords):
            Words(Facts(())).expand(e)
    assert Words(Facts(())).expand(MatMul(M, Identity(n))) == Words(Facts(())).expand(M)
