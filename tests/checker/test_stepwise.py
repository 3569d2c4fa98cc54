"""Steps along an integer in a range that other symbols bound: what they prove, and what they must not."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import E, Eq, Ne, Rational, Sum, Symbol, binomial, ceiling, factorial, floor, harmonic, log, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver
from derivable.trusted.stepwise import _anchors, by_steps_in_range, defined_on, outside_its_row, range_of

n, m = symbols("n m", integer=True, positive=True)
N, k = symbols("N k", integer=True, nonnegative=True)
i, j = symbols("i j", integer=True)
x, y = symbols("x y", real=True)
a, b = symbols("a b", positive=True)
row = (k <= N,)

TRUE: dict[str, tuple[Any, bool, tuple[Any, ...]]] = {
    "the central binomial is the largest of its row": (binomial(2 * N, N) - binomial(2 * N, k), False, (k <= 2 * N,)),
    "a row rises up to its middle": (binomial(n, m) - binomial(n, m - 1), False, (2 * m <= n, m <= n)),
    "a binomial and a power": (N**k / factorial(k) - binomial(N, k), False, row),
    "a binomial from below": (binomial(n, m) - (n / m) ** m, False, (m <= n,)),
    "a binomial and e": ((E * n / m) ** m - binomial(n, m), False, (m <= n,)),
    "factorials and a power between them": (factorial(n) - factorial(m) * m ** (n - m), False, (m <= n,)),
    "factorials and a power above them": (factorial(m) * n ** (n - m) - factorial(n), False, (m <= n,)),
    "harmonic numbers apart": ((n - m) / m - harmonic(n) + harmonic(m), False, (m <= n,)),
    "powers of two apart": (2**n - 2**m - (n - m), False, (m <= n,)),
    "a product of factorials": (factorial(N + k) - factorial(N) * factorial(k), False, row),
}
FALSE: dict[str, tuple[Any, bool, tuple[Any, ...]]] = {
    "a binomial that is not the largest": (binomial(2 * N, N - 1) - binomial(2 * N, k), False, (k <= 2 * N, N >= 1)),
    "the smallest binomial": (binomial(2 * N, k) - binomial(2 * N, N), False, (k <= 2 * N,)),
    "a largest binomial, strictly": (binomial(2 * N, N) - binomial(2 * N, k), True, (k <= 2 * N,)),
    "a row up to behind its middle": (binomial(n, m) - binomial(n, m - 1), False, (2 * m <= n + 3, m <= n)),
    "a binomial above a smaller power": ((N - 1) ** k / factorial(k) - binomial(N, k), False, (*row, N >= 1)),
    "a binomial from below, a little more": (binomial(n, m) - ((n + 1) / m) ** m, False, (m <= n,)),
    "a binomial and less than e": ((Rational(27, 10) * n / m) ** m - 2 * binomial(n, m), False, (m <= n,)),
    "factorials and a larger power": (factorial(n) - factorial(m) * (m + 2) ** (n - m), False, (m <= n,)),
    "harmonic numbers apart, by too little": ((n - m) / (m + 1) - harmonic(n) + harmonic(m) - Rational(1, 100), False, (m <= n,)),
    "without the hypothesis": (harmonic(n) - harmonic(m), False, ()),
    "a value that is left out": (binomial(4, k) - 4, False, (k >= 1, k <= 4, Ne(k, 2))),
    "a pole inside the range": (binomial(10, k) / (2 * k - 9) + 1 + 3 / binomial(10, k), False, (k <= 10,)),
    "a place where the sides meet outside the range": (binomial(10, 5) - 2 * binomial(10, k) + 1, False, (k <= 10,)),
    "the range of an even number": (
        2 ** Symbol("s", even=True, positive=True) - 4 * m,
        False,
        (Symbol("s", even=True, positive=True) >= m,),
    ),
    "a real number between": (2**n - 2**y, False, (y >= 0, n >= y - 1)),
}


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 10).sign(e, facts, strict, 1)


@pytest.mark.parametrize("name", TRUE)
def test_steps_in_a_range_prove(name: str) -> None:
    e, strict, where = TRUE[name]
    assert by_steps_in_range(e, Facts(where), strict, sign) is not None


@pytest.mark.parametrize("name", FALSE)
def test_steps_in_a_range_do_not_prove_what_is_false(name: str) -> None:
    e, strict, where = FALSE[name]
    assert by_steps_in_range(e, Facts(where), strict, sign) is None


def test_what_is_passed_on_at_points_alone_is_refused_where_the_range_has_gaps() -> None:
    """Even where every question about a sign were answered with yes."""

    def agreeable(e: Any, facts: Facts, strict: bool) -> Proof | None:
        return Proof()

    e = 2 ** (k - N) - 1 + (k - N - 1) * (k - N - 3)
    assert by_steps_in_range(e, Facts((k >= N, k <= N + 4)), False, agreeable) is not None
    for gap in (Ne(k, N + 2), Eq((k - N - 2) ** 2, 4), (k - N) * (k - N - 2) >= 0):
        assert by_steps_in_range(e, Facts((k >= N, k <= N + 4, gap)), False, agreeable) is None
    assert by_steps_in_range(1 / (2 ** (k - N) - 4), Facts((k >= N, k <= N + 4)), False, agreeable) is None


def test_a_range_is_what_linear_relations_leave() -> None:
    """Ends are rounded into the range, and a strict relation between integers has no integer between its sides."""
    found = range_of(k, Facts((2 * k <= n, k > m - 4)))
    assert found is not None
    assert (set(found.lower), set(found.upper)) == ({0, m - 3}, {floor(n / 2)})
    found = range_of(i, Facts((3 * i >= n,)))
    assert found is not None
    assert found.lower == (ceiling(n / 3),)
    assert found.upper == ()
    for bad in (Ne(k, 3), Eq(k, n), k**2 <= n, k * n >= 3, k < x, 2 * k < y):
        assert range_of(k, Facts((bad,))) is None, bad
    for s in (Symbol("s", even=True), Symbol("s", prime=True), Symbol("s", integer=True, negative=True), x):
        assert range_of(s, Facts(())) is None, s


def test_a_binomial_vanishes_outside_its_row() -> None:
    """Of integers n ≥ 0 and k: of no others."""
    assert dict(outside_its_row(binomial(N, k), Facts(()))) == {N - k >= 0: 0}
    assert dict(outside_its_row(binomial(N, i), Facts(()))) == {i >= 0: 0, N - i >= 0: 0}
    assert dict(outside_its_row(binomial(N, k), Facts((k > N + 1,)))) == {sp.false: 0}
    assert list(outside_its_row(binomial(N, k), Facts((k <= N,)))) == []
    for other in (binomial(i, k), binomial(x, k), binomial(N, x), Sum(binomial(N, j), (j, 0, k))):
        assert list(outside_its_row(other, Facts(()))) == [], other


@pytest.mark.parametrize(
    ("left", "right", "where"),
    [
        (binomial(2 * N, k), binomial(2 * N, N), ()),
        (binomial(N, k), N**k / factorial(k), ()),
        (binomial(N, k) * binomial(N, k + 2), binomial(N, k + 1) ** 2, ()),
        ((n / m) ** m, binomial(n, m), (m <= n,)),
        (binomial(n, m), (E * n / m) ** m, (m <= n,)),
        (log(m) * m + n, m * log(n) + 2 * n, (m <= n,)),
    ],
)
def test_statements_about_rows_are_proved(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=list(where), timeout=30).verdict == "proved"


def test_functions_of_integers_are_looked_at_where_their_arguments_are_integers() -> None:
    for e in (binomial(n, k), binomial(2 * n, n), sp.fibonacci(n + 1), sp.tribonacci(n), binomial(x, 2) * n):
        assert defined_on(e, n, Facts(())), e
    for e in (binomial(n, n / 2), binomial(n / 2, 2), sp.fibonacci(n / 2), sp.lucas(n * x), 1 / (n - 3)):
        assert not defined_on(e, n, Facts(())), e


def test_where_steps_begin_does_not_move_with_them() -> None:
    rows = range_of(i, Facts((i >= 0, i <= n)))
    assert rows is not None
    found = _anchors(factorial(i**2 + i) - factorial(m) - factorial(i + 2), rows, Facts(()))
    assert m - 2 in found
    assert not any(c.has(i) for c in found)
