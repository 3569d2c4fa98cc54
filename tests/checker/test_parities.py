"""Symbols that are assumed to be odd or even, in equations and inequalities."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Integral, Mod, Sum, floor, pi, sin, symbols

from derivable import at_most, equal
from derivable.trusted.facts import Contradiction, Facts, ForAll
from derivable.trusted.recurrences import in_class, with_parities

n, m = symbols("n m", odd=True)
e, f = symbols("e f", even=True)
k = symbols("k", integer=True)
x = symbols("x", real=True)


def held(function: Any, *arguments: Any) -> Any:
    """The function as it is written: SymPy evaluates some parities by itself."""
    return function(*arguments, evaluate=False)


TRUE = {
    "odd": (held(Mod, n, 2), 1),
    "odd squares": (held(Mod, n**2, 8), 1),
    "product of odd numbers": (held(Mod, n * m, 2), 1),
    "product of even numbers": (held(Mod, e * f, 4), 0),
    "half of an odd number": (held(floor, n / 2), (n - 1) / 2),
    "alternating sign": (held(sp.Pow, -1, n), -1),
    "even differences": (held(Mod, n**2 - m**2, 8), 0),
    "modes of a square wave": (Integral(sin(n * x), (x, 0, pi)), 2 / n),
    "alternating sum": (Sum((-1) ** k, (k, 1, symbols("n", odd=True, positive=True))), -1),
}
FALSE = {
    "even": (held(Mod, e, 2), 1),
    "odd squares modulo 16": (held(Mod, n**2, 16), 1),
    "product of odd numbers modulo 4": (held(Mod, n * m, 4), 1),
    "alternating sign": (held(sp.Pow, -1, e), -1),
    "half of an odd number": (held(floor, n / 2), (n + 1) / 2),
    "modes of a square wave": (Integral(sin(e * x), (x, 0, pi)), 2 / e),
}


@pytest.mark.parametrize("name", TRUE)
def test_parity_is_known_of_odd_and_even_symbols(name: str) -> None:
    assert equal(*TRUE[name], timeout=20).verdict == "proved"


@pytest.mark.parametrize("name", FALSE)
def test_the_other_parity_is_refuted(name: str) -> None:
    assert equal(*FALSE[name], timeout=20).verdict == "refuted"


def test_inequalities_know_the_parity_too() -> None:
    assert at_most(floor(n**2 / 4), (n**2 - 1) / 4, timeout=20).verdict == "proved"
    assert at_most(floor(e**2 / 4), (e**2 - 1) / 4, timeout=20).verdict == "refuted"


def test_classes_of_the_other_parity_are_excluded_and_no_others() -> None:
    for r in range(4):
        for symbol, parity in ((n, 1), (e, 0)):
            if r % 2 == parity:
                assert in_class(symbol, 4, r, Facts(()))[0].subs(sp.Dummy(), 0) is not None
            else:
                with pytest.raises(Contradiction):
                    in_class(symbol, 4, r, Facts(()))
    for symbol in (n, e, k):
        for r in range(3):  # a class modulo 3 holds numbers of both parities
            assert in_class(symbol, 3, r, Facts(()))[0].coeff(sp.Dummy(), 1) == 0


@pytest.mark.parametrize(
    ("assumed", "admitted"),
    [
        ({"odd": True}, range(-3, 4)),
        ({"even": True}, range(-3, 4)),
        ({"odd": True, "positive": True}, range(3)),
        ({"even": True, "positive": True}, range(1, 4)),
        ({"even": True, "nonnegative": True}, range(4)),
        ({"odd": True, "negative": True}, range(-3, 0)),
        ({"even": True, "negative": True}, range(-3, 0)),
    ],
)
def test_every_number_of_the_kind_is_written_by_an_admitted_half(assumed: dict[str, bool], admitted: Any) -> None:
    """Each number of the kind is 2 k (+ 1) for a k that the new symbol and the facts admit."""
    symbol = symbols("p", **assumed)
    written = with_parities(symbol + 0, Facts(()))
    assert written is not None
    value, facts, _ = written
    (half,) = value.free_symbols
    for number in admitted:
        at = value.subs(half, number)
        assert all(
            symbol.assumptions0.get(kind) is None or getattr(at, f"is_{kind}") == symbol.assumptions0[kind] for kind in assumed
        )
        assert half.is_nonnegative is not True or number >= 0
        assert half.is_positive is not True or number > 0
        assert all(c.subs(half, number) == True for c in facts.where)  # noqa: E712


def test_primes_and_symbols_without_parity_are_left_alone() -> None:
    assert with_parities(k**2 + symbols("q", odd=True, prime=True), Facts(())) is None


def test_what_holds_for_all_numbers_of_a_name_stays_so() -> None:
    """The name that a hypothesis binds is not the symbol that is written as 2 k + 1."""
    every = ForAll((n,), sp.Eq(sp.Function("g")(n), 0))
    written = with_parities(n + 0, Facts((every,)))
    assert written is not None
    assert every in written[1].where
    assert every in in_class(n, 3, 1, Facts((every,)))[1].where
