"""Congruences: modulo a symbol, by hypotheses, and of powers and Fibonacci's numbers by their periods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Eq, KroneckerDelta, Mod, Ne, Sum, fibonacci, floor, lucas, symbols

from derivable import equal
from derivable.trusted.congruences import reduced_fractions, with_remainders_told
from derivable.trusted.facts import Facts
from derivable.trusted.periodic_residues import by_periodic_residues

a, b, i, j, n, p, q = symbols("a b i j n p q", integer=True)
N, M = symbols("N M", integer=True, nonnegative=True)
c, d = symbols("c d", integer=True, positive=True)
w = symbols("w", positive=True)
x = symbols("x", real=True)
SAME = Eq(Mod(a, d), Mod(b, d))


def remainder(e: Any, modulus: Any) -> Any:
    return Mod(e, modulus, evaluate=False)


TRUE: dict[str, tuple[Any, ...]] = {
    "powers of a remainder": (Mod(a**N, d), remainder(Mod(a, d) ** N, d)),
    "powers of what is one more": (Mod((d + 1) ** N, d), 1, d >= 2),
    "even powers of what is one less": (Mod((d - 1) ** (2 * N), d), 1, d >= 2),
    "a difference of powers": (Mod(a**N - b**N, a - b), 0, a > b),
    "last digits of fifth powers": (Mod(n**5, 10), Mod(n, 10)),
    "powers of congruent numbers": (Mod(a**N, d), Mod(b**N, d), SAME),
    "sums": (Mod(a + i, d), Mod(b + j, d), SAME, Eq(Mod(i, d), Mod(j, d))),
    "products": (Mod(a * i, d), Mod(b * j, d), SAME, Eq(Mod(i, d), Mod(j, d))),
    "polynomials": (Mod(a**2 + 3 * a + 1, d), Mod(b**2 + 3 * b + 1, d), SAME),
    "linear combinations": (Mod(a * p + b * q, d), 0, Eq(Mod(a, d), 0), Eq(Mod(b, d), 0)),
    "divisors of divisors": (Mod(a, d), 0, Eq(Mod(a, c), 0), Eq(Mod(c, d), 0)),
    "a divisor of the modulus": (Mod(a, d), Mod(b, d), Eq(Mod(a, c * d), Mod(b, c * d))),
    "a quotient without remainder": (d * floor(n / d), n, Eq(Mod(n, d), 0)),
    "an inverse": (Mod(a * b, d), 1, Eq(a * b + n * d, 1), d >= 2),
    "the last remainder": (Mod(n + 1, d), 0, Eq(Mod(n, d), d - 1)),
    "every fifth of Fibonacci's numbers": (Mod(fibonacci(5 * N), 5), 0),
    "every fourth": (Mod(fibonacci(4 * N), 3), 0),
    "period eight": (Mod(fibonacci(N + 8), 3), Mod(fibonacci(N), 3)),
    "even ones": (Mod(fibonacci(N), 2), 1 - KroneckerDelta(Mod(N, 3), 0)),
    "Fibonacci's numbers modulo five": (Mod(fibonacci(N), 5), Mod(2 * N * 3**N, 5)),
    "Lucas's numbers": (Mod(lucas(N), 2), Mod(fibonacci(N), 2)),
    "powers of two modulo three": (Mod(2**N, 3), (3 - (-1) ** N) / 2),
    "powers of three modulo four": (2 - (-1) ** N, Mod(3**N, 4)),
    "not from the start": (Mod(2**N, 4), 0, N >= 2),
}  # fmt: skip

FALSE: dict[str, tuple[Any, ...]] = {
    "another modulus outside": (Mod(a**N, d), remainder(Mod(a, d) ** N, d + 1)),
    "odd powers too": (Mod((d - 1) ** N, d), 1, d >= 3),
    "the modulus one": (Mod((d + 1) ** N, d), 1),
    "negative exponents": (Mod((d + 1) ** n, d), 1, d >= 2),
    "real moduli": (Mod((w + 1) ** N, w), 1, w >= 2),
    "in the exponent": (Mod(2**a, d), Mod(2**b, d), SAME, a >= 0, b >= 0),
    "halves": (Mod(a * (a + 1) / 2, d), Mod(b * (b + 1) / 2, d), SAME),
    "a factor cancelled": (Mod(a, d), Mod(b, d), Eq(Mod(p * a, d), Mod(p * b, d)), Ne(p, 0)),
    "divisors the other way": (Mod(a, c), 0, Eq(Mod(a, d), 0), Eq(Mod(c, d), 0)),
    "an inverse modulo one": (Mod(a * b, d), 1, Eq(a * b + n * d, 1)),
    "no inverse": (Mod(a * b, d), 1, Eq(a * b + n * d, 2), d >= 2),
    "another modulus": (Mod(a, d), Mod(b, d), Eq(Mod(a, c), Mod(b, c))),
    "the next of Fibonacci's numbers": (Mod(fibonacci(5 * N + 1), 5), 0),
    "a shorter period": (Mod(fibonacci(N + 4), 3), Mod(fibonacci(N), 3)),
    "before the period": (Mod(2**N, 4), 0, N >= 1),
    "fourth powers": (Mod(n**4, 10), Mod(n**2, 10)),
    "the other number as remainder": (Mod(a, d), b, SAME),
    "a remainder that a sum binds": (x * Mod(a, d), (3 + 2 * a - 2 * p) * Mod(a, d), Eq(Mod(a, d), p), Eq(x, Sum(a, (p, 1, 2)))),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_are_proved(name: str) -> None:
    lhs, rhs, *where = TRUE[name]
    decision = equal(lhs, rhs, where=where)
    assert decision.verdict == "proved", decision.note


@pytest.mark.parametrize("name", FALSE)
def test_false_neighbours_are_refuted_and_not_proved_without_the_attack_either(name: str, falls: Callable[..., None]) -> None:
    falls(*FALSE[name])


NOT_REDUCED: dict[str, tuple[Any, ...]] = {
    "the modulus is no integer": (floor((w + 1) ** N / w),),
    "the modulus may be zero": (floor((p + 1) ** N / p),),
    "the exponent may be negative": (floor((d + 1) ** n / d),),
    "the modulus stands in the exponent": (floor(2**d / d),),
    "what is raised is no integer": (floor((x + d) ** N / d),),
    "the coefficient is no integer": (floor((d + 1) ** N / (2 * d)),),
    "the modulus has a coefficient": (floor((2 * d + 1) ** N / (2 * d + 3)),),
    "the rest of the modulus is no integer": (floor(d**2 / (d + w)),),
    "the modulus is bound": (sp.Sum(floor((d + 1) ** N / d), (d, -3, 3)),),
    "what is rounded inside is complex": (floor(floor(sp.Symbol("z")) * (d + 1) ** 2 / d),),
    "the fractions do not differ by an integer": (floor(n**4 / 10) - floor(n / 10),),
}


@pytest.mark.parametrize("name", NOT_REDUCED)
def test_floors_are_left_where(name: str) -> None:
    assert reduced_fractions(NOT_REDUCED[name][0], Facts(())) is None


def test_what_a_hypothesis_names_is_not_captured() -> None:
    """a + b is the p of the hypothesis, not that of the sum."""
    assert reduced_fractions(floor((a + b) / d), Facts((Eq(a + b, p),))) is not None
    assert reduced_fractions(Sum(floor((a + b) / d), (p, 1, 2)), Facts((Eq(a + b, p),))) is None


NOT_TOLD: dict[str, tuple[Any, Any]] = {
    "the number is bound": (sp.Sum(Mod(a, d), (a, 1, N)), SAME),
    "the number is in the modulus": (Mod(d, 7), Eq(Mod(d, d + p), 0)),
    "the number is in the remainder": (Mod(a, d), Eq(Mod(a, d), a)),
    "the number is not linear": (Mod(a, d), Eq(Mod(a**2, d), 1)),
    "the number is complex": (Mod(sp.Symbol("z"), d), Eq(Mod(sp.Symbol("z"), d, evaluate=False), 0)),
    "the remainder is no integer": (Mod(a, d), Eq(Mod(a, d), x)),
    "the remainder is bounded only": (Mod(a, d), Mod(a, d) > p),
    "the remainder is another one": (Mod(a, d), Ne(Mod(a, d), p)),
}


@pytest.mark.parametrize("name", NOT_TOLD)
def test_a_number_is_not_replaced_where(name: str) -> None:
    e, condition = NOT_TOLD[name]
    assert with_remainders_told(e, Facts((condition,))) is None


def test_of_congruent_numbers_none_is_called_a_remainder() -> None:
    told = with_remainders_told(Mod(a, d), Facts((SAME,)))
    assert told is not None
    assert not told.facts.is_nonnegative(b)
    told = with_remainders_told(Mod(a, d), Facts((Eq(Mod(a, d), b),)))
    assert told is not None
    assert told.facts.is_nonnegative(b)


NOT_PERIODIC: dict[str, Any] = {
    "the index may be negative": Mod(fibonacci(n), 3),
    "the argument may be negative": Mod(fibonacci(N - 3), 3),
    "the base is no integer": floor(sp.Rational(3, 2) ** N / 2),
    "there is another symbol": floor(M * 2**N / 3),
    "the exponent is not linear": floor(2 ** (N**2) / 3),
    "the period is long": Mod(2**N, 101),
    "the number grows faster": floor(N**N / 3),
    "the index is not known to be natural": floor(2**n / 3),
    "the index is no integer": floor(2**w / 3),
    "the powers are of fractions": floor(2 ** (-N) / 3),
    "the exponent is no integer": floor(2 ** (3 * N / 2) / 3),
    "the argument is no integer": floor(fibonacci(N + sp.Rational(1, 2)) / 3),
    "the function is another one": floor((2**N + sp.catalan(N)) / 3),
    "the polynomials are others": floor(fibonacci(N, 2) / 3),
    "the index stands below": floor(2**N / (3 * N)),
}


@pytest.mark.parametrize("name", NOT_PERIODIC)
def test_there_is_no_period_where(name: str) -> None:
    assert by_periodic_residues(NOT_PERIODIC[name], Facts(())) is None


NUMBERS = st.tuples(st.integers(2, 12), st.integers(-4, 6), st.integers(1, 3), st.integers(0, 3), st.integers(0, 3))


@given(NUMBERS, st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_the_floors_have_their_values_in_each_class(numbers: tuple[int, ...], at: int) -> None:
    modulus, base, slope, shift, squares = numbers
    p = fibonacci(slope * N + shift) * lucas(N) + sp.Integer(base) ** (slope * N + shift) + squares * N**2
    cases = by_periodic_residues(x * N + floor(p / modulus, evaluate=False), Facts(()))
    if cases is None:
        return
    values = []
    for case in cases:
        for m in range(at + 1):
            value = sp.expand(case.statement.subs(dict.fromkeys(case.statement.free_symbols - {x}, m)))
            if value.coeff(x) == at:
                values.append(value.subs(x, 0))
                break
    assert values == [sp.floor(p.subs(N, at) / modulus)]
