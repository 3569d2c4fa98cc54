"""Integer-valued sums of powers and exponentials, and floors between two integers: by their theorems alone."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest
import sympy as sp
from sympy import Mod, Ne, Rational, ceiling, exp, floor, sqrt, symbols

from derivable import equal
from derivable.search import propose
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts
from derivable.trusted.integer_parts import by_bounds, fractional_pieces
from derivable.trusted.integer_valued import integer_valued, residue
from derivable.trusted.normal_form import vanishes_identically

n, m = symbols("n m", integer=True)
N = symbols("N", integer=True, nonnegative=True)
P = symbols("P", integer=True, positive=True)
x = symbols("x", real=True)
w = symbols("w", positive=True)
q = symbols("q", integer=True, negative=True)
NOWHERE = Facts(())

WHOLE: dict[str, Any] = {
    "Fermat": (n**5 - n) / 30,
    "von Staudt": (n**13 - n) / 2730,
    "three in a row": n * (n + 1) * (2 * n + 1) / 6,
    "of a sum of cubes": n**2 * (n + 1) ** 2 / 4,
    "two variables": n * m * (n**4 - m**4) / 30,
    "a binomial coefficient in two variables": (n + m) * (n + m - 1) / 2,
    "an exponential": (7**N - 1) / 6,
    "an exponential and a power": (4**N + 15 * N - 1) / 9,
    "two exponentials": (5**N - 3**N) / 2,
    "signs": (1 - (-1) ** n) / 2,
    "signs and powers": ((-1) ** n * (2 * n + 1) - 1) / 4 - n * (n + 1) / 2 + (1 - (2 * n + 1) * (-1) ** n) / 4,
    "from one on": 2 ** (P - 1),
    "from one on, with a fraction": (2 ** (2 * P - 1) + 1) / 3,
}
NOT_WHOLE: dict[str, Any] = {
    "Fermat, half of it": (n**5 - n) / 60,
    "squares": n * (n + 1) / 3,
    "two variables, half of it": n * m * (n**4 - m**4) / 60,
    "an exponential of an integer of any sign": (7**n - 1) / 6,
    "an exponential at zero": 2**N / 2,
    "right at the first four": n * (n - 1) * (n - 2) * (n - 3) / 48,
    "an exponential, right at the first": (9**N - 1) / 16 + N / 2 + N * (N - 1) / 4,
    "a real variable": x * (x + 1) / 2,
    "a product with a real variable": x * n * (n + 1) / 2,
    "a root": sqrt(2) * n / 2,
    "a base that is no integer": Rational(3, 2) ** N / 2,
    "a negative power": 1 / n / 2,
    "a fraction, right at the first five": N * (N - 1) * (N - 2) * (N - 3) / (N + 2) / 2,
    "a base that is no integer, right at the first": (Rational(3, 2) ** N - 1) / 2,
    "an exponent that is a square, right at zero": (2 ** (N**2) - 1) / 3,
    "an exponent that is a product, right at zero": (2 ** (N * P) - 1) / 3,
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_an_integer_everywhere_is_found(name: str) -> None:
    assert integer_valued(WHOLE[name], NOWHERE) or sp.expand(WHOLE[name]).is_integer or NOWHERE.is_integer(WHOLE[name])


@pytest.mark.parametrize("name", NOT_WHOLE)
def test_what_is_no_integer_somewhere_is_not(name: str) -> None:
    assert not integer_valued(NOT_WHOLE[name], NOWHERE)
    assert not NOWHERE.is_integer(NOT_WHOLE[name])


def test_random_polynomials_agree_with_many_values() -> None:
    for a, b, c, d in itertools.product(range(1, 5), (0, 1, 3), (0, 2, 5), (2, 3, 4)):
        e = sp.Rational(1, d) * (a * n**3 + b * n**2 + c * n) + Rational(1, 3)
        values = {sp.Mod(e.subs(n, k), 1) for k in range(-6, 24)}
        found = residue(e, NOWHERE)
        assert found == (values.pop() if len(values) == 1 else None)


BOUNDED: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
    "between two squares": (floor(sqrt(N**2 + N)), N, ()),
    "just below the next square": (floor(sqrt(N**2 + 2 * N)), N, ()),
    "below a square": (floor(sqrt(P**2 - 1)), P - 1, ()),
    "above a square": (ceiling(sqrt(P**2 + 1)), P + 1, ()),
    "a multiple": (floor(2 * sqrt(P**2 + P)), 2 * P, ()),
    "between two cubes": (floor((P**3 + P) ** Rational(1, 3)), P, ()),
    "a fraction": (floor(P**2 / (P + 1)), P - 1, ()),
    "a fraction, up": (ceiling((P**2 + 1) / (P + 1)), P, (P >= 2,)),
    "a real number by hypotheses": (floor(x), n, (n <= x, x < n + 1)),
    "a real number by hypotheses, up": (ceiling(x), n, (n - 1 < x, x <= n)),
    "an exponential": (floor(n + exp(-x)), n, (x > 0,)),
}
UNBOUNDED: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
    "the next square": (floor(sqrt(N**2 + 2 * N + 1)), N, ()),
    "a square, up": (ceiling(sqrt(N**2 + N)), N + 1, ()),
    "an integer of any sign": (floor(sqrt(n**2 + abs(n))), n, ()),
    "twice, one too low": (floor(2 * sqrt(P**2 + 2 * P)), 2 * P, ()),
    "the upper end": (floor(x), n, (n <= x, x <= n + 1)),
    "the lower end, up": (ceiling(x), n, (n - 1 <= x, x <= n)),
    "no integer": (floor(x), n / 2, (n / 2 <= x, x < n / 2 + 1)),
    "an exponential at zero": (floor(n + exp(-x)), n, (x >= 0,)),
}


def rounded(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> Any:
    facts, prover = Facts(where), Prover(propose, time.monotonic() + 10)
    return by_bounds(lhs - rhs, facts, prover._positive)


@pytest.mark.parametrize("name", BOUNDED)
def test_a_floor_is_the_integer_that_bounds_it(name: str) -> None:
    lhs, rhs, where = BOUNDED[name]
    assert rounded(lhs, rhs, where) is not None or equal(lhs, rhs, where=where).verdict == "proved"


@pytest.mark.parametrize("name", UNBOUNDED)
def test_a_floor_is_nothing_else(name: str) -> None:
    assert rounded(*UNBOUNDED[name]) is None


@pytest.mark.parametrize(
    "e",
    [
        floor(floor(x) / w) - floor(x / w),  # x = 3/2, w = 1/2
        floor(floor(x) / q) - floor(x / q),  # x = 3/2, q = -1
        floor(-x) + 1 + floor(x - 1),
        floor(-x / 3) + 1 + floor((x - 1) / 3),
        floor(-n / w) + 1 + floor((n - 1) / w),
    ],
    ids=str,
)
def test_floors_are_changed_below_and_above_natural_divisors_only(e: Any) -> None:
    assert not vanishes_identically(e, NOWHERE)


def test_floors_are_changed_where_the_divisor_is_natural() -> None:
    assert vanishes_identically(floor(floor(x) / P) - floor(x / P), NOWHERE)
    assert vanishes_identically(floor(-n / P) + 1 + floor((n - 1) / P), NOWHERE)


PIECEWISE_CONSTANT: dict[str, Any] = {
    "a complex variable": floor(2 * sp.Symbol("z")) - 2 * floor(sp.Symbol("z")),
    "a variable that a sum binds": floor(2 * x) - sp.Sum(floor(x + n), (x, 0, 1)),
    "an integer, which has no fractional part": floor(2 * n + Rational(1, 2), evaluate=False),
    "the fractional part of a complex number": floor(2 * x) + sp.frac(sp.Symbol("z")),
    "no integral multiple": floor(x / 2) - floor(sqrt(2) * x),
}


@pytest.mark.parametrize("name", PIECEWISE_CONSTANT)
def test_a_number_is_not_cut_into_pieces_where_there_is(name: str) -> None:
    assert fractional_pieces(PIECEWISE_CONSTANT[name], NOWHERE) is None


PROVED: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
    "Fermat": (Mod(n**5 - n, 30), 0, ()),
    "odd squares": (Mod((2 * n + 1) ** 2, 8), 1, ()),
    "powers of four": (Mod(4**N, 3), 1, ()),
    "a pyramid": (floor(n * (n + 1) * (2 * n + 1) / 6), n * (n + 1) * (2 * n + 1) / 6, ()),
    "squares modulo 16": (Mod(n**4, 16), Mod(n, 2), ()),
    "halves added up": (sp.Sum(floor(n / 2), (n, 0, N)), floor(N**2 / 4), ()),
    "fourth powers modulo 5": (Mod(n**4, 5), 1, (Ne(Mod(n, 5), 0),)),
}


@pytest.mark.parametrize("name", PROVED)
def test_remainders_are_proved(name: str) -> None:
    lhs, rhs, where = PROVED[name]
    assert equal(lhs, rhs, where=where).verdict == "proved"


def test_a_root_that_is_taken_away_turns_the_bounds_around() -> None:
    """⌊3 - √q⌋ is 2 for 0 < q < 1."""
    q = sp.Symbol("q", positive=True)

    def shown(e: Any, *where: Any) -> Any:
        return by_bounds(e, Facts(where), lambda part, facts, strict: facts.is_positive(part) or facts.is_nonnegative(part))

    assert shown(floor(3 - sp.sqrt(q)) - 3, q < 1) is None
    assert shown(floor(3 + sp.sqrt(q)) - 3, q < 1)
    assert shown(floor(3 + sp.sqrt(q)) - 3) is None
