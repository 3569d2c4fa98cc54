"""Floors and ceilings of quotients, roots and logarithms by division with remainder."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Eq, KroneckerDelta, Mod, Ne, Piecewise, Sum, cbrt, ceiling, floor, frac, log, sqrt, symbols

from derivable import equal
from derivable.search import propose
from derivable.trusted.division import by_division, named_integer_part
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts
from derivable.trusted.integer_parts import by_bounds

x = symbols("x", real=True)
u = symbols("u", nonnegative=True)
w = symbols("w", positive=True)
z = symbols("z")
n, m, p, a, k = symbols("n m p a k", integer=True)
N, M = symbols("N M", integer=True, nonnegative=True)
d, b = symbols("d b", integer=True, positive=True)
A = floor(sqrt(N))


def remainder(e: Any, modulus: Any) -> Any:
    return Mod(e, modulus, evaluate=False)


def digits(e: Any, base: Any = 2) -> Any:
    return log(e) / log(base)


TRUE: dict[str, tuple[Any, ...]] = {
    "remainder of a negative number": (remainder(-p, d), d - Mod(p, d), Ne(Mod(p, d), 0)),
    "remainder of minus one": (remainder(-1, d), d - 1),
    "fractional part of a negative number": (frac(-x), 1 - frac(x), Ne(frac(x), 0)),
    "ceiling of a real quotient": (ceiling(x / w), floor(x / w) + 1, Ne(Mod(x, w), 0)),
    "the number before": (Mod(n - 1, d), Mod(n, d) - 1, Ne(Mod(n, d), 0)),
    "the number after": (Mod(n + 1, d), Mod(n, d) + 1, Mod(n, d) < d - 1),
    "without a carry": (Mod(n + m, d), Mod(n, d) + Mod(m, d), Mod(n, d) + Mod(m, d) < d),
    "with a carry": (Mod(n + m, d), Mod(n, d) + Mod(m, d) - d, Mod(n, d) + Mod(m, d) >= d),
    "multiples are counted": (floor(n / d) - floor((n - 1) / d), KroneckerDelta(Mod(n, d), 0)),
    "by cases": (floor(n / d) - floor((n - 1) / d), Piecewise((1, Eq(Mod(n, d), 0)), (0, True))),
    "number of multiples": (Sum(KroneckerDelta(Mod(k, d), 0), (k, 1, N)), floor(N / d)),
    "sum of quotients": (Sum(floor(k / d), (k, 0, N)), (N + 1) * floor(N / d) - d * floor(N / d) * (floor(N / d) + 1) / 2),
    "root of the ceiling": (ceiling(sqrt(ceiling(u))), ceiling(sqrt(u))),
    "cube root of the ceiling": (ceiling(cbrt(u)), ceiling(cbrt(ceiling(u)))),
    "logarithm of the floor": (floor(digits(floor(x))), floor(digits(x)), x >= 1),
    "logarithm of the ceiling": (ceiling(digits(ceiling(x))), ceiling(digits(x)), x >= 1),
    "number of bits": (ceiling(digits(d + 1)), floor(digits(d)) + 1),
    "number of digits": (floor(digits(d, 10)) + 1, ceiling(digits(d + 1, 10))),
    "number of digits to any base": (ceiling(digits(d + 1, b)), floor(digits(d, b)) + 1, b >= 2),
    "binary search": (floor(digits(N)), floor(digits(floor(N / 2))) + 1, N >= 2),
    "a root jumps at squares": (floor(sqrt(d)) - floor(sqrt(d - 1)), KroneckerDelta(d, floor(sqrt(d)) ** 2)),
    "root from above": (ceiling(sqrt(d)), floor(sqrt(d - 1)) + 1),
    "a logarithm between powers": (floor(digits(n)), m, m >= 0, 2**m <= n, n < 2 ** (m + 1)),
    "a logarithm to any base between powers": (floor(digits(x, b)), m, b >= 2, b**m <= x, x < b ** (m + 1)),
    "the logarithm from above": (ceiling(digits(2**N + 1)), N + 1),
    "a root with a name": (Sum(floor(sqrt(k)), (k, 0, N - 1)), N * a - a**3 / 3 - a**2 / 2 - a / 6, Eq(a, floor(sqrt(N)))),
}  # fmt: skip

FALSE: dict[str, tuple[Any, ...]] = {
    "remainder of a negative number, zero too": (remainder(-p, d), d - Mod(p, d)),
    "any modulus": (remainder(-p, m), -m + Mod(p, m), Ne(Mod(p, m), 0), Ne(m, 0)),
    "ceiling, integers too": (ceiling(n / d), floor(n / d) + 1),
    "the number before zero": (Mod(n - 1, d), Mod(n, d) - 1),
    "the number after the last": (Mod(n + 1, d), Mod(n, d) + 1, Ne(Mod(n, d), d)),
    "a carry at d": (Mod(n + m, d), Mod(n, d) + Mod(m, d), Mod(n, d) + Mod(m, d) <= d),
    "quotients of twice as much": (floor(2 * n / d), 2 * floor(n / d)),
    "multiples of the number before": (floor(n / d) - floor((n - 1) / d), KroneckerDelta(Mod(n - 1, d), 0)),
    "root of the ceiling from below": (floor(sqrt(ceiling(u))), floor(sqrt(u))),
    "logarithm of less": (floor(digits(x / 2 + sp.S.Half)), floor(digits(x)), x >= 1),
    "bits of a power of two": (ceiling(digits(d)), floor(digits(d)) + 1),
    "roots of neighbours": (floor(sqrt(N + 1)), floor(sqrt(N))),
    "roots three further": (floor(sqrt(N + 3)), floor(sqrt(N)) + 1),
    "a root jumps elsewhere": (floor(sqrt(d)) - floor(sqrt(d - 1)), KroneckerDelta(d, floor(sqrt(d - 1)) ** 2)),
    "a logarithm beyond a power": (floor(digits(n)), m, m >= 0, 2**m <= n, n < 2 ** (m + 2)),
    "sum of roots": (Sum(floor(sqrt(k)), (k, 1, N)), N * A - A * (A + 1) * (2 * A + 1) / 6),
    "a remainder of a power": (remainder(2**d, 6), 0),
    "a sum among the hypotheses that binds what is beside the number": (
        x * (floor((n + m) / d) - floor((n + m - 1) / d)),
        (2 * (n + m) - 3) * (floor((n + m) / d) - floor((n + m - 1) / d)),
        Eq(x, Sum(n, (m, 1, 2))),
    ),
    "a sum of rounded numbers among the hypotheses": (
        x * (floor(n / d) - floor((n - 1) / d)),
        0,
        k >= 0,
        2 * k < d,
        Eq(x, Sum(floor(2 * k / d), (k, 1, 5))),
    ),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_are_proved(name: str) -> None:
    lhs, rhs, *where = TRUE[name]
    decision = equal(lhs, rhs, where=where)
    assert decision.verdict == "proved", decision.note


@pytest.mark.parametrize("name", FALSE)
def test_false_neighbours_are_refuted_and_not_proved_without_the_attack_either(name: str, falls: Callable[..., None]) -> None:
    falls(*FALSE[name])


def cases_of(e: Any, *where: Any) -> Any:
    prover = Prover(propose, time.monotonic() + 20)
    return by_division(e, Facts(where), prover._positive)


CONDITIONS: dict[str, tuple[Any, ...]] = {
    "the divisor is positive": (floor(n / m) - floor((n - 1) / m),),
    "nothing that is rounded is bound": (Sum(floor((n + k) / d) - floor((n + k - 1) / d), (k, 0, 3)),),
    "the dividend is real": (floor(z / w) - floor((z + 1) / w),),
    "what is under the root is not negative": (floor(sqrt(n)) - ceiling(sqrt(n)),),
    "what is under the root is real": (floor(sqrt(z)) - ceiling(sqrt(z)),),
    "the logarithm is that of a number from one on": (floor(digits(w)) - ceiling(digits(w)),),
    "the base is greater than one": (floor(digits(d, b)) - ceiling(digits(d, b)),),
    "the remainder is bounded": (floor((n + m**2) / d) - floor(n / d),),
    "other floors are near": (floor(sqrt(N * M + N)) - floor(sqrt(N)),),
    "the number occurs once": (floor(n * (n + 1) / d) - floor(n / d),),
    "quotients by twice as much are no halves": (2 * floor(n / (2 * d)) - floor(n / d),),
    "the roots are of one number": (floor(N ** sp.Rational(2, 3)) - ceiling(N ** sp.Rational(2, 3)),),
    "the logarithm is that of a natural number": (floor(digits(n)) - ceiling(digits(n)),),
    "integers are divided by integers": (floor(n / w) - floor((n - 1) / w),),
    "nothing is rounded inside a sum": (floor(n / d) - floor((n - 1) / d) + Sum(floor(2 * k / d), (k, 1, 5)), k >= 0, 2 * k < d),
    "quotients of the sum of a number and half of another are no halves": (
        floor(n / d) + floor(m / d) - floor((2 * n + m) / (2 * d)),
    ),
    "the divisors are the same": (floor(n / d) - floor(n / b),),
    "the roots are the same": (floor(sqrt(N)) - floor(cbrt(N)),),
    "the divisor does not hold the number": (floor(d / (d + 1)) - floor((d - 1) / (d + 1)),),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_rule_asks_that(name: str) -> None:
    assert cases_of(*CONDITIONS[name]) is None


def test_bounds_by_powers_ask_for_a_base_above_one_and_a_positive_number() -> None:
    prover = Prover(propose, time.monotonic() + 20)
    for base, number, lower in ((b, x, b**m), (sp.Rational(1, 2), x, sp.Rational(1, 2) ** m), (w, x, w**m), (2, x, -(2**m))):
        given = Facts((sp.Ge(number, lower), sp.Lt(number, base ** (m + 1))))
        assert by_bounds(floor(digits(number, base)) - m, given, prover._positive) is None
    assert by_bounds(floor(digits(x)) - m, Facts((sp.Ge(x, 2**m), sp.Lt(x, 2 ** (m + 1)))), prover._positive) is not None


def test_an_integer_is_not_a_name_of_what_is_bound() -> None:
    given = Facts((Eq(a, floor(sqrt(k))),))
    assert named_integer_part(Sum(floor(a * k / 3), (k, 1, N)), given) is None
    assert named_integer_part(a - floor(sqrt(N)), Facts((Eq(a, floor(a / 2)),))) is None
    given = Facts((Eq(a, floor(sqrt(N))),))
    assert named_integer_part(Sum(floor(a * N / 3), (N, 1, 5)), given) is None
    assert named_integer_part(Sum(a, (a, 1, 5)) + a, given) is None


def test_a_number_has_the_sign_that_is_assumed_of_it_and_no_other() -> None:
    for number, sign in ((n, None), (N, "nonnegative"), (d, "positive"), (symbols("c", integer=True, negative=True), "negative")):
        for case in cases_of(floor(number / b) - floor((number - 1) / b) + x * number):
            value = case.statement.coeff(x)
            signs = (case.facts.is_positive(value), case.facts.is_nonnegative(value), case.facts.is_positive(-value))
            assert signs[0] <= (sign == "positive")
            assert signs[1] <= (sign in ("positive", "nonnegative"))
            assert signs[2] <= (sign == "negative")


STATEMENTS = (
    floor(n / d) - 2 * floor((n - 1) / d) + floor((n + 2) / d),
    Mod(n, d) * Mod(n + 1, d) - floor(2 * n / d),
    Mod(-n, d) - Mod(n, d) * floor((1 - n) / d),
    ceiling(n / d) - floor(n / d),
)


@given(st.sampled_from(STATEMENTS), st.integers(-30, 30), st.integers(1, 7))
@settings(max_examples=60, deadline=None)
def test_one_of_the_cases_holds_at_each_point_and_has_the_value_there(e: Any, number: int, divisor: int) -> None:
    point = {n: sp.Integer(number), d: sp.Integer(divisor)}
    values = set()
    for case in CASES[e]:
        named = {symbol.name: symbol for c in (case.statement, *case.facts.where) for symbol in c.free_symbols if symbol.is_Dummy}
        for whole, rest in itertools.product({number // divisor, -number // divisor}, range(divisor)):
            parts = {named[name]: sp.Integer(value) for name, value in (("q", whole), ("s", rest)) if name in named}
            value = sp.expand(case.statement.xreplace(point | parts))
            if value.coeff(x) == number and all(c.xreplace(point | parts) == sp.true for c in case.facts.where):
                values.add(value.subs(x, 0))
    assert values == {e.xreplace(point)}


CASES = {e: cases_of(e + x * n) or () for e in STATEMENTS}
