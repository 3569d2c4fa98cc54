"""Order by linear recurrences: what they prove, and the conditions that they need."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sympy import Eq, Function, GoldenRatio, Rational, Symbol, fibonacci, lucas, symbols, tribonacci

from derivable import ForAll, at_most, equal
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.linear_recurrences import by_linear_recurrence
from derivable.trusted.order import OrderProver

n, m = symbols("n m", integer=True, positive=True)
N = symbols("N", integer=True, nonnegative=True)
i = symbols("i", integer=True)
f = Function("f", real=True)
THREE = (ForAll((N,), Eq(f(N + 2), 3 * f(N + 1) + 2 * f(N))), Eq(f(0), 1), Eq(f(1), 3))
GROWING = (ForAll((N,), Eq(f(N + 2), (N + 1) * (f(N + 1) + f(N)))), Eq(f(0), 1), Eq(f(1), 1))
FALLING = (ForAll((N,), Eq(f(N + 2), f(N + 1) - f(N))), Eq(f(0), 1), Eq(f(1), 1))

TRUE: dict[str, tuple[Any, bool, tuple[Any, ...]]] = {
    "powers of two": (2 ** (n - 1) - fibonacci(n), False, ()),
    "the golden ratio from below": (fibonacci(n) - GoldenRatio ** (n - 2), False, ()),
    "the golden ratio from above": (GoldenRatio ** (n - 1) - fibonacci(n), False, ()),
    "strictly": (Rational(7, 4) ** n - fibonacci(n), True, ()),
    "squares, from twelve on": (fibonacci(n) - n**2, False, (n >= 12,)),
    "products": (fibonacci(m + n) - fibonacci(m) * fibonacci(n), False, ()),
    "two sequences": (lucas(n) - fibonacci(n), False, ()),
    "three terms": (2**n - tribonacci(n), False, ()),
    "a sequence of the hypotheses": (f(N) - 3**N, False, THREE),
    "coefficients that grow": (f(N) - 1, False, GROWING),
}
FALSE: dict[str, tuple[Any, bool, tuple[Any, ...]]] = {
    "too small a base": (Rational(8, 5) ** (n - 1) - fibonacci(n), False, ()),
    "squares": (fibonacci(n) - n**2, False, ()),
    "squares, from eleven on": (fibonacci(n) - n**2, False, (n >= 11,)),
    "one case too few": (5 - fibonacci(n), False, ()),
    "equal in the second case, strictly": (2 ** (n - 1) - fibonacci(n), True, ()),
    "an upper bound on the index": (fibonacci(n) - 2, False, (n <= 9,)),
    "every second index": (fibonacci(Symbol("s", even=True, positive=True)) - 2, False, ()),
    "an index without a first value": (fibonacci(i) + 5, False, ()),
    "half an index": (fibonacci(n / 2) - fibonacci(n / 2 - 1), True, ()),
    "a sequence of the hypotheses, too small": (f(N) - Rational(18, 5) ** N, False, THREE),
    "a coefficient that is negative": (f(N), False, FALLING),
    "coefficients that vanish, strictly": (
        f(N), True, (ForAll((N,), Eq(f(N + 1), N * f(N))), Eq(f(0), 1)),
    ),
    "a recurrence for even indices alone": (
        f(N), False, (ForAll((N,), Eq(f(2 * N), f(N))), Eq(f(0), 1), Eq(f(1), 1)),
    ),
    "a recurrence from another index on": (
        f(N), False, (ForAll((N,), Eq(f(N + 2), f(N + 1) + f(N)), (N >= 3,)), Eq(f(0), 1), Eq(f(1), 1)),
    ),
}  # fmt: skip


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 10).sign(e, facts, strict, 1)


@pytest.mark.parametrize("name", TRUE)
def test_recurrences_prove(name: str) -> None:
    e, strict, where = TRUE[name]
    assert by_linear_recurrence(e, Facts(where), strict, sign) is not None


@pytest.mark.parametrize("name", FALSE)
def test_recurrences_do_not_prove_what_is_false(name: str) -> None:
    e, strict, where = FALSE[name]
    assert by_linear_recurrence(e, Facts(where), strict, sign) is None


def test_fibonacci_and_lucas_numbers() -> None:
    assert at_most(fibonacci(n) ** 2, fibonacci(n - 1) * fibonacci(n + 1) + 1).verdict == "proved"
    assert at_most(fibonacci(n) ** 2, fibonacci(n - 1) * fibonacci(n + 1)).verdict == "refuted"
    assert equal(lucas(n), fibonacci(n - 1) + fibonacci(n + 1)).verdict == "proved"
    assert equal(lucas(n), fibonacci(n) + 2 * fibonacci(n + 1)).verdict == "refuted"


def test_powers_of_minus_one_are_one_or_minus_one() -> None:
    assert at_most((-1) ** n, 1).verdict == "proved"
    assert at_most(0, n + (-1) ** n).verdict == "proved"
    assert at_most(0, n + 2 * (-1) ** n).verdict == "refuted"
    assert Facts(()).signs((-1) ** n) == {1, -1}
