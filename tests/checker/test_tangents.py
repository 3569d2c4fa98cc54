"""Jensen's inequality inside sums and integrals: for convex functions, weights that are not negative, ranges not reversed."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sympy import Eq, Function, I, IndexedBase, Integral, Rational, Sum, exp, log, oo, symbols

from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver
from derivable.trusted.tangents import by_tangents

x, y, t = symbols("x y t", real=True)
a = symbols("a", positive=True)
n = symbols("n", integer=True, positive=True)
m = symbols("m", integer=True, nonnegative=True)
i, j, k = symbols("i j k", integer=True)
A, B, W = IndexedBase("A", positive=True), IndexedBase("B", real=True), IndexedBase("W", nonnegative=True)
u, v = Function("u", real=True), Function("v", positive=True)


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 15).sign(e, facts, strict, 1)


def total(body: Any, upper: Any = n) -> Any:
    return Sum(body, (k, 1, upper))


def mean(body: Any) -> Any:
    return Integral(body, (t, 0, 1))


TRUE: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "geometric and arithmetic mean": (log(total(A[k]) / n) - total(log(A[k])) / n, ()),
    "a mean of exponentials": (total(exp(B[k])) / n - exp(total(B[k]) / n), ()),
    "a sum of reciprocals": (total(1 / A[k]) - n**2 / total(A[k]), ()),
    "weights that may vanish": (total(W[k] * exp(B[k])) - total(W[k]) * exp(total(W[k] * B[k]) / total(W[k])), ()),
    "an entropy": (total(A[k] * log(A[k])) - total(A[k]) * log(total(A[k]) / n), ()),
    "a range that is known to hold something": (log(total(A[k], i) / i) - total(log(A[k]), i) / i, (i >= 1,)),
    "an index that is the name of a symbol too": (log(total(A[k]) / n) - total(log(A[k])) / n, (Eq(k, 3),)),
    "an integral of exponentials": (mean(exp(u(t))) - exp(mean(u(t))), ()),
    "an integral over any range": (
        Integral(exp(u(t)), (t, x, y)) - (y - x) * exp(Integral(u(t), (t, x, y)) / (y - x)), (x <= y,),
    ),
    "an integral of logarithms": (log(mean(v(t))) - mean(log(v(t))), ()),
    "an integral of reciprocals": (mean(1 / v(t)) - 1 / mean(v(t)), ()),
    "a pole outside the range": (Integral(1 / (t - x), (t, 0, 1)) - 1 / (Rational(1, 2) - x), (x < 0,)),
}  # fmt: skip

FALSE: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "Jensen reversed": (total(log(A[k])) / n - log(total(A[k]) / n), ()),
    "Jensen reversed for the exponential": (exp(total(B[k]) / n) - total(exp(B[k])) / n, ()),
    "Jensen reversed in an integral": (mean(log(v(t))) - log(mean(v(t))), ()),
    "a logarithm of what may be negative": (log(total(B[k]) / n) - total(log(B[k])) / n, ()),
    "a reciprocal of what may be negative": (total(1 / B[k]) - n**2 / total(B[k]), ()),
    "a pole inside the range": (Integral(1 / (t - x), (t, 0, 1)) - 1 / (Rational(1, 2) - x), (x < Rational(1, 2),)),
    "a range that may run backwards": (total(exp(B[k]), i) - i * exp(total(B[k], i) / i), ()),
    "a range that runs backwards": (log(total(A[k], i) / i) - total(log(A[k]), i) / i, (i <= -1,)),
    "an integral that runs backwards": (
        Integral(exp(u(t)), (t, x, y)) - (y - x) * exp(Integral(u(t), (t, x, y)) / (y - x)), (x >= y,),
    ),
    "an empty sum": (total(exp(B[k]), m) - 1, ()),
    "an empty sum of reciprocals": (total(1 / A[k], m) - a, (a * total(A[k], m) <= m**2,)),
    "weights that all vanish": (total(W[k] * exp(B[k])) - a, (a * total(W[k]) <= total(W[k]) ** 2, total(W[k] * B[k]) >= 0)),
    "weights of any sign": (total(B[k] * exp(A[k])) - total(B[k]) * exp(total(B[k] * A[k]) / total(B[k])), ()),
    "weights that change their sign": (
        Sum((k - 5) * exp(B[k]), (k, 1, 10)) - Sum((k - 5) * (1 + B[k]), (k, 1, 10)), (),
    ),
    "alternating weights": (total((-1) ** k * exp(B[k])), ()),
    "a negative multiple": (n * exp(total(B[k]) / n) - total(exp(B[k])), ()),
    "a mean over the wrong length": (Integral(exp(u(t)), (t, 0, 2)) - exp(Integral(u(t), (t, 0, 2))), ()),
    "an entropy without its length": (total(A[k] * log(A[k])) - total(A[k]) * log(total(A[k])), ()),
    "a larger mean": (total(exp(B[k])) / n - exp(total(B[k]) / n) - Rational(1, 10**6), ()),
    "an infinite range": (total(exp(B[k]) / 2**k, oo) - exp(total(B[k] / 2**k, oo)) - 1, ()),
    "a point that is bound": (total(exp(B[k])) - n * exp(k), ()),
    "complex exponents": (total(exp(I * B[k])) - n, ()),
    "a sum inside an exponential": (exp(total(exp(B[k]))) - exp(exp(total(B[k]) / n)), ()),
    "a product of two functions": (total(exp(B[k]) * log(A[k])), ()),
    "a double sum": (total(Sum(exp(B[k] * B[j]), (j, 1, n))) - n**2, ()),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_tangents_prove_jensen(name: str) -> None:
    e, where = TRUE[name]
    assert by_tangents(e, Facts(where), False, sign) is not None


@pytest.mark.parametrize("name", TRUE)
def test_equality_is_not_excluded(name: str) -> None:
    e, where = TRUE[name]
    assert by_tangents(e, Facts(where), True, sign) is None


@pytest.mark.parametrize("name", FALSE)
def test_a_tangent_does_not_prove_what_is_false(name: str) -> None:
    e, where = FALSE[name]
    assert by_tangents(e, Facts(where), False, sign) is None


def test_a_tangent_touches_where_the_function_is_real() -> None:
    def everything(e: Any, facts: Facts, strict: bool) -> Proof | None:
        return Proof((("believed", str(e)),))

    w = symbols("w")
    no_mean = total(exp(B[k])) - exp(w) * n
    found = by_tangents(no_mean, Facts(()), False, everything)
    assert found is None or " at w," not in str(found)
    assert by_tangents(Integral(exp(t), t) - 1, Facts(()), False, everything) is None
    for least, shown in ((-1, False), (0, True)):  # ranges that are known not to run backwards
        assert (by_tangents(Integral(exp(t), (t, 0, x)) - y, Facts((x >= least,)), False, everything) is not None) == shown
        assert (by_tangents(Sum(exp(k), (k, 1, i)) - y, Facts((i >= least,)), False, everything) is not None) == shown
