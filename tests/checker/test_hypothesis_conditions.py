"""What the hypotheses say of signs, integers and zeros, and which instances of a pattern they admit: never more than is true."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import (
    Abs,
    Eq,
    Function,
    Ge,
    Gt,
    I,
    IndexedBase,
    Integral,
    KroneckerDelta,
    LambertW,
    Le,
    Lt,
    Max,
    Min,
    Mod,
    Ne,
    Pow,
    Product,
    Sum,
    Symbol,
    acos,
    acosh,
    asin,
    binomial,
    ceiling,
    cos,
    exp,
    factorial,
    floor,
    gamma,
    log,
    loggamma,
    oo,
    pi,
    polygamma,
    sign,
    sin,
    sqrt,
    symbols,
)

from derivable import Expectation
from derivable.trusted.facts import Facts
from derivable.trusted.matching import admits, match

x, y, t, s = symbols("x y t s", real=True)
w, z = symbols("w z")
p, q = symbols("p q", positive=True)
r = symbols("r", nonnegative=True)
k, a = symbols("k a", integer=True)
n, m = symbols("n m", integer=True, nonnegative=True)
f, g = Function("f", real=True), Function("g", real=True)
h = Function("h")
A = IndexedBase("A", real=True)
F = Function("F", real=True)
E = Expectation
NOWHERE = Facts(())


def raw(function: Any, *arguments: Any) -> Any:
    return function(*arguments, evaluate=False)


# -- signs ----------------------------------------------------------------------------------------------------------------------

SIGNS: dict[str, tuple[Any, tuple[Any, ...], set[int] | None]] = {
    "a complex number": (w, (), None),
    "a complex sum": (w + 1, (), None),
    "a complex product": (w * x, (), None),
    "a sum of two signs": (p - q, (), {-1, 0, 1}),
    "a sum of one sign": (p + r, (), {1}),
    "a sum that may vanish": (r + x**2, (), {0, 1}),
    "a product of two signs": (-p * q, (), {-1}),
    "a product that may vanish": (p * r, (), {0, 1}),
    "an odd power": (raw(Pow, x, 3), (x < 0,), {-1}),
    "an even power": (raw(Pow, x, 2), (x < 0,), {1}),
    "an even power that may vanish": (raw(Pow, x, 2), (), {0, 1}),
    "a root of what may be negative": (sqrt(x), (), None),
    "a power of zero": (raw(Pow, r, n), (), {0, 1}),
    "a power of a negative number": (raw(Pow, -p, n), (), {-1, 1}),
    "an even power of a negative number": (raw(Pow, -p, 2 * n), (), {1}),
    "a real power of a negative number": (raw(Pow, -p, x), (), None),
    "an exponential of what is not real": (exp(w), (), None),
    "a modulus": (Abs(w), (), {0, 1}),
    "a logarithm beyond one": (log(x), (x > 1,), {1}),
    "a logarithm below one": (log(x), (x > 0, x < 1), {-1}),
    "a logarithm that need not be real": (log(x), (), None),
    "a logarithm at zero": (log(x), (x >= 0,), None),
    "an arcsine in its range": (asin(x), (x >= 0, x <= 1), {0, 1}),
    "an arcsine beyond its range": (asin(x), (x >= 0,), None),
    "an arccosine": (acos(x), (x >= -1, x <= 1), {0, 1}),
    "an arccosine beyond its range": (acos(x), (x <= 1,), None),
    "an inverse hyperbolic cosine": (acosh(x), (x >= 1,), {0, 1}),
    "an inverse hyperbolic cosine beyond its range": (acosh(x), (x >= 0,), None),
    "a gamma function": (gamma(p), (), {1}),
    "a gamma function on the left": (gamma(x), (), None),
    "a gamma function at zero": (gamma(r), (), None),
    "a factorial": (factorial(n), (), {1}),
    "a factorial of any number": (factorial(k), (), None),
    "a digamma function on the left": (polygamma(0, x), (), None),
    "a trigamma function": (polygamma(1, p), (), {1}),
    "a tetragamma function": (polygamma(2, p), (), {-1}),
    "log gamma": (loggamma(p), (), {-1, 0, 1}),
    "a binomial inside its row": (binomial(n, m), (m <= n,), {1}),
    "a binomial outside its row": (binomial(n, m), (), {0, 1}),
    "a binomial of a negative number": (binomial(a, m), (), None),
    "a floor above one": (floor(x), (x >= 1,), {1}),
    "a floor above zero": (floor(x), (x >= 0,), {0, 1}),
    "a floor below zero": (floor(x), (x < 0,), {-1}),
    "a floor of any number": (floor(x), (), {-1, 0, 1}),
    "a ceiling above zero": (ceiling(x), (x > 0,), {1}),
    "a ceiling below zero": (ceiling(x), (x < 0,), {-1, 0}),
    "a sine within half a turn": (sin(x), (x > 0, x < pi), {1}),
    "a sine within half a turn, ends included": (sin(x), (x >= 0, x <= pi), {0, 1}),
    "a sine beyond half a turn": (sin(x), (x > 0, x < 4), {-1, 0, 1}),
    "a cosine within a quarter turn": (cos(x), (x > -pi / 2, x < pi / 2), {1}),
    "a cosine beyond a quarter turn": (cos(x), (x > -2, x < 1), {-1, 0, 1}),
    "a sine of what is not real": (sin(w), (x > 0,), None),
    "a cosine of what is not real": (cos(w), (x > 0,), None),
    "a maximum of what is not real": (Max(w, 1), (), None),
    "an integral without a range": (Integral(f(t) ** 2, t), (), None),
    "a polynomial of a degree that is none": (sp.legendre(x, y), (), None),
    "a maximum": (Max(x, p), (), {1}),
    "a minimum": (Min(x, -p), (), {-1}),
    "a maximum of any numbers": (Max(x, y), (), {-1, 0, 1}),
    "a sum of squares": (Sum(A[k] ** 2, (k, 1, n)), (), {0, 1}),
    "a sum of squares over a range that may run backwards": (Sum(A[k] ** 2, (k, 1, a)), (), {-1, 0, 1}),
    "a sum of positive terms that may be empty": (Sum(2**k, (k, 1, n)), (), {0, 1}),
    "a sum of positive terms that is not empty": (Sum(2**k, (k, 0, n)), (), {1}),
    "a product of positive factors": (Product(A[k] ** 2 + 1, (k, 1, n)), (), {1}),
    "a product of factors that may vanish": (Product(A[k] ** 2, (k, 1, n)), (), {0, 1}),
    "a step with a value that is not real": (sp.Heaviside(x, I), (), None),
    "a step with a value of its own": (sp.Heaviside(x, -5), (), {-1, 0, 1}),
    "a product over a range that may run backwards": (Product(A[k] ** 2, (k, 1, a)), (), None),
    "an integral of a square": (Integral(f(t) ** 2, (t, 0, 1)), (), {0, 1}),
    "an integral of positive numbers over a range that may be a point": (Integral(exp(f(t)), (t, 0, r)), (), {0, 1}),
    "an integral that runs backwards": (Integral(f(t) ** 2, (t, 1, 0)), (), {-1, 0, 1}),
    "an integral between complex ends": (Integral(f(t) ** 2, (t, 0, w)), (), None),
    "an integral over a range inside which the sign is known": (Integral(t**3 + t * f(t) ** 2, (t, 0, 1)), (), {0, 1}),
    "a mean of squares": (E(f(x) ** 2, x), (), {0, 1}),
    "a mean of positive numbers": (E(exp(f(x)), x), (), {0, 1}),
    "Lambert's function": (LambertW(r), (), {0, 1}),
    "Lambert's function of a negative number": (LambertW(-p), (), None),
    "what a hypothesis says": (x - y, (x > y,), {1}),
    "what a hypothesis says, turned round": (y - x, (x > y,), {-1}),
    "what a hypothesis says, twice": (2 * x - 2 * y, (x >= y,), {0, 1}),
    "what a hypothesis says, and more": (x - y + p, (x >= y,), {1}),
    "what two hypotheses say": (x - s, (x >= y, y >= s), {0, 1}),
    "what hypotheses do not say": (x - s, (x >= y, s >= y), {-1, 0, 1}),
    "what a hypothesis excludes": (x - 1, (Ne(x, 1),), {-1, 1}),
    "a polynomial beyond a bound": (x**2 - x, (x >= 1,), {0, 1}),
    "a polynomial before its bound": (x**2 - x - 1, (x >= 1,), {-1, 0, 1}),
    "a polynomial below a bound": (x**3 + x, (x <= -1,), {-1}),
    "an integer above zero": (a - 1, (a > 0,), {0, 1}),
    "an integer below zero": (a + 1, (a < 0,), {-1, 0}),
    "a real number above zero": (x - 1, (x > 0,), {-1, 0, 1}),
    "a cumulant of any sign": (x * y, (x > 0,), {-1, 0, 1}),
}  # fmt: skip


@pytest.mark.parametrize("name", SIGNS)
def test_the_signs_that_are_known_hold_all_that_occur(name: str) -> None:
    """Fewer signs than these would be wrong; more would be a loss of strength."""
    e, where, signs = SIGNS[name]
    assert Facts(where).signs(e) == (None if signs is None else frozenset(signs))


DECIDED: dict[str, tuple[Any, tuple[Any, ...], bool | None]] = {
    "greater": (Gt(x, y), (x > y,), True),
    "not greater": (Gt(x, y), (x <= y,), False),
    "greater, which is open": (Gt(x, y), (x >= y,), None),
    "at least": (Ge(x, y), (x >= y,), True),
    "at least, which is open": (Ge(x, y), (), None),
    "not at least": (Ge(x, y), (x < y,), False),
    "less": (Lt(x, y), (x < y,), True),
    "at most": (Le(x, y), (x > y,), False),
    "equal": (Eq(x, y), (x > y,), False),
    "equal, which is open": (Eq(x, y), (x >= y,), None),
    "unequal": (Ne(x, y), (x > y,), True),
    "unequal by hypothesis": (Ne(w, z), (Ne(w, z),), True),
    "an order of what is not real": (Gt(Function("h")(x), 0), (), None),
    "and": (sp.And(x > 0, y > 0), (x > 0,), None),
    "and, both": (sp.And(x > 0, y > 0), (x > 0, y > 0), True),
    "and, one false": (sp.And(x > 0, y > 0), (x < 0,), False),
    "or": (sp.Or(x > 0, y > 0), (x > 0,), True),
    "or, open": (sp.Or(x > 0, y > 0), (x < 0,), None),
    "or, both false": (sp.Or(x > 0, y > 0), (x < 0, y < 0), False),
    "true": (sp.true, (), True),
    "false": (sp.false, (), False),
}


@pytest.mark.parametrize("name", DECIDED)
def test_a_relation_is_decided_as_far_as_the_hypotheses_tell(name: str) -> None:
    relation, where, answer = DECIDED[name]
    assert Facts(where).decide(relation) is answer


def test_what_is_an_integer() -> None:
    yes = (
        n + 2 * k, n * k, n * (n + 1) / 2, k**n, floor(x), ceiling(x), Abs(k), Max(k, n), factorial(n), binomial(k, n), sign(x),
        Mod(k, n), Sum(k, (k, 1, n)), KroneckerDelta(x, y),
    )  # fmt: skip
    no = (
        n / 2, x + k, k * x, n * (n + 2) / 2, k**k, 2**k, floor(w), Abs(x), Max(k, x), factorial(k), binomial(x, n), sign(w),
        Mod(x, n), Sum(x, (k, 1, n)), Sum(k, (k, 1, oo)), sqrt(n), n * (k + 1) / 2, w,
    )  # fmt: skip
    for e in yes:
        assert NOWHERE.is_integer(e), e
    for e in no:
        assert not NOWHERE.is_integer(e), e


def test_what_is_not_zero() -> None:
    yes = (p, exp(w), w**2 + 0 * w + exp(w) - w**2, 1 / w, p * exp(w), Symbol("c", nonzero=True), exp(I * pi / 3) - 1, 1 + I)
    no = (w, x, r, exp(w) - 1, w * p, w + 1, sin(x), x**2, exp(2 * I * pi * n / 3) - 1, h(x))
    for e in yes:
        assert NOWHERE.is_nonzero(e), e
    for e in no:
        assert not NOWHERE.is_nonzero(e), e


# -- patterns -------------------------------------------------------------------------------------------------------------------


def test_a_variable_takes_what_has_its_assumptions() -> None:
    for variable, good, bad in (
        (t, x, w), (p, q + 1, x), (p, q, r), (r, x**2, x), (k, 2 * n, n / 2), (n, m + 1, k), (w, h(x), None),
        (Symbol("e", even=True), None, 2 * k), (Symbol("e", prime=True), None, sp.Integer(5)),
        (Symbol("c", negative=True), -p, -r),
        (Symbol("c", nonzero=True, real=True), p, x), (Symbol("c", nonpositive=True), -r, x),
    ):  # fmt: skip
        assert good is None or admits(variable, good, NOWHERE), (variable, good)
        assert bad is None or not admits(variable, bad, NOWHERE), (variable, bad)


def test_a_pattern_is_matched_by_its_instances_alone() -> None:
    for pattern, e, variables in (
        (f(t), f(x + 1), (t,)), (F(t, s), F(x, y), (t, s)), (F(t, t), F(x, x), (t,)), (f(t + 1), f(x), (t,)),
        (f(k) * g(n), f(3) * g(2), (k, n)), (A[k], A[n + 1], (k,)), (f(2 * x), f(2 * x), ()),
    ):  # fmt: skip
        bindings = match(pattern, e, variables, NOWHERE)
        assert bindings is not None
        assert sp.expand(pattern.subs(bindings, simultaneous=True) - e) == 0
    for pattern, e, variables in (
        (f(t), g(x), (t,)), (f(t), f(w), (t,)), (F(t, t), F(x, y), (t,)), (f(n + 1), f(0), (n,)), (f(p), f(x), (p,)),
        (f(k), f(x), (k,)), (f(t) * g(t), f(x) * g(y), (t,)), (f(2 * x), f(x), ()), (f(t) * g(x), f(t) * g(y), (t,)),
        (f(t) * g(s), f(x), (t, s)), (f(t)**2, f(x)**3, (t,)),
        (f(t) * g(s), f(x) * g(y) * h(x), (t, s)), (f(t) + g(s), f(x) + g(y) + 1, (t, s)),
    ):  # fmt: skip
        assert match(pattern, e, variables, NOWHERE) is None, (pattern, e)
