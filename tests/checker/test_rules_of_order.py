"""The rules that an author names for inequalities, and the exchange of copies: each accepts its theorem and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Abs, Derivative, Eq, Min, Ne, Rational, Sum, exp, log, oo, sqrt, symbols

from derivable import Concave, Convex, Exchange, Expectation, ForAll, Independent, InTheLimit, Monotone
from derivable.trusted.errors import NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.rules import RuleFailed, proof_by

x, y, z, t, A, u, s = symbols("x y z t A u s", real=True)
a, b, p = symbols("a b p", positive=True)
c = symbols("c")
n = symbols("n", integer=True, positive=True)
i, k = symbols("i k", integer=True)
f = sp.Function("f", real=True)
v = sp.IndexedBase("v", shape=(n,), real=True)
w = sp.IndexedBase("w", shape=(n,), real=True)
E = Expectation
COPIES = Independent(v, law=y)


def by(rule: Any, lhs: Any, relation: str, rhs: Any, *where: Any) -> Any:
    return proof_by(rule, sp.sympify(lhs), sp.sympify(rhs), relation)(Facts(where))


ACCEPTED = {
    "tangent of a square": (Convex(x**2, x, y, z), 2 * y * z - y**2, "<=", z**2),
    "… with room to spare": (Convex(x**2, x, y, z), 2 * y * z - y**2, "<", z**2 + 1),
    "tangent of the exponential": (Convex(exp(x), x, 0, y), 1 + y, "<=", exp(y)),
    "tangent of the logarithm": (Concave(log(x), x, 1, a, p, oo), log(a), "<=", a - 1, a >= p, p <= 1),
    "a parameter of known sign": (Convex(A * x**2, x, y, z), A * (2 * y * z - y**2), "<=", A * z**2, A >= 0),
    "on a half-line": (Convex(x**3, x, y, z, 0, oo), 3 * y**2 * (z - y) + y**3, "<=", z**3, y >= 0, z >= 0),
    "convexity by hypothesis": (
        Convex(f(x), x, y, z), f(y) + Derivative(f(y), y) * (z - y), "<=", f(z),
        ForAll((t,), Derivative(f(t), (t, 2)) >= 0),
    ),
    "convexity by hypothesis on a range": (
        Convex(f(x), x, a, b, 0, oo), f(a) + Derivative(f(a), a) * (b - a), "<=", f(b),
        ForAll((t,), Derivative(f(t), (t, 2)) >= 0, (t >= 0,)),
    ),
    "a mean is convex in its parameter": (
        Convex(E((x - z) ** 2, z), x, 0, u), E(z**2, z) - 2 * u * E(z, z), "<=", E((u - z) ** 2, z),
    ),
    "injective growth": (Monotone(exp(x) + x, x), y, "<=", z, exp(y) + y <= exp(z) + z),
    "… strictly": (Monotone(exp(x) + x, x), y, "<", z, exp(y) + y < exp(z) + z),
    "growth by hypothesis": (Monotone(f(x), x), y, "<", z, f(y) < f(z), ForAll((t,), Derivative(f(t), t) > 0)),
    "falling, so the other way": (Monotone(exp(-x), x), y, "<=", z, exp(-z) <= exp(-y)),
    "a bound that tends to zero": (InTheLimit(1 / a, a, oo), y, "<=", 0, ForAll((a,), y <= 1 / a)),
    "… or to less": (InTheLimit(1 / a, a, oo), y, "<=", 1, ForAll((a,), y <= 1 / a)),
    "to a finite point from above": (InTheLimit(y + a, a, 0), y, "<=", y),
    "along the integers": (InTheLimit(1 / n, n, oo), y, "<=", 0, ForAll((n,), y <= 1 / n)),
    "a bound that holds by itself": (InTheLimit(exp(-a), a, oo), -1, "<=", 0),
    "two coordinates change places": (
        Exchange(f(v[1]) * v[2], v, 1, 2), E(f(v[1]) * v[2], v), "=", E(f(v[2]) * v[1], v), COPIES, n >= 2,
    ),
    "a whole sum is kept": (
        Exchange(v[1] / (1 + Sum(v[k] ** 2, (k, 1, n))), v, 1, n),
        E(v[1] / (1 + Sum(v[k] ** 2, (k, 1, n))), v), "=", E(v[n] / (1 + Sum(v[k] ** 2, (k, 1, n))), v), COPIES,
    ),
}  # fmt: skip

REFUSED = {
    "convex taken for concave": (Concave(x**2, x, y, z), z**2, "<=", 2 * y * z - y**2),
    "the tangent on the wrong side": (Convex(x**2, x, y, z), z**2, "<=", 2 * y * z - y**2),
    "strict where the tangent touches": (Convex(x**2, x, y, z), 2 * y * z - y**2, "<", z**2),
    "a parameter of unknown sign": (Convex(A * x**2, x, y, z), A * (2 * y * z - y**2), "<=", A * z**2),
    "a cube on the whole line": (Convex(x**3, x, a, y), 3 * a**2 * (y - a) + a**3, "<=", y**3),
    "a tangent from outside the range": (Convex(x**3, x, a, y, 0, oo), 3 * a**2 * (y - a) + a**3, "<=", y**3),
    "a range that may be empty": (Convex(x**3, x, y, a, u, s), 3 * y**2 * (a - y) + y**3, "<=", a**3, u >= 0),
    "across a pole": (Convex(1 / x, x, 1, y), 2 - y, "<=", 1 / y),
    "a corner": (Convex(-Abs(x), x, 1, y), Abs(y), "<=", y),
    "a corner of a minimum": (Convex(Min(x, 0), x, 1, y), 0, "<=", Min(y, 0)),
    "a corner, concave": (Concave(Abs(x), x, 1, y), Abs(y), "<=", y),
    "a cusp": (
        Convex(-((x**2) ** Rational(1, 3)), x, 1, y), (y**2) ** Rational(1, 3), "<=", Rational(1, 3) + 2 * y / 3,
    ),
    "convexity by hypothesis elsewhere": (
        Convex(f(x), x, y, z), f(y) + Derivative(f(y), y) * (z - y), "<=", f(z),
        ForAll((t,), Derivative(f(t), (t, 2)) >= 0, (t >= 0,)),
    ),
    "a point that a mean would capture": (Convex(E((x - y) ** 2, y), x, 0, y), E(y**2, y) - 2 * y * E(y, y), "<=", 0),
    "a complex point": (Convex(x**2, x, 0, c), 0, "<=", c**2),
    "falling taken for growing": (Monotone(exp(-x), x), y, "<=", z, exp(-y) <= exp(-z)),
    "strict from a weak hypothesis": (Monotone(exp(x) + x, x), y, "<", z, exp(y) + y <= exp(z) + z),
    "neither growing nor falling": (Monotone(x**2, x), y, "<=", z, y**2 <= z**2),
    "growing on either side of a pole": (Monotone(-1 / x, x), y, "<=", z, -1 / y <= -1 / z, Ne(y, 0), Ne(z, 0)),
    "points outside the range": (Monotone(x**2, x, 0, oo), y, "<=", z, y**2 <= z**2),
    "what is not real": (Monotone(x, x), c, "<=", c + 1),
    "the variable cannot get there": (InTheLimit(a, a, -5), 0, "<=", -5),
    "… a hypothesis keeps it away": (InTheLimit(exp(3 - x) - 1, x, oo), 0, "<=", -1, x <= 3),
    "… or holds it on the other side": (InTheLimit(x, x, 0, -1), -1, "<=", 0, x >= 0),
    "a hypothesis about one value": (InTheLimit(1 / a, a, oo), y, "<=", 0, y <= 1 / a),
    "an integer has no finite limit": (InTheLimit(i**2 - i + Rational(1, 9), i, Rational(1, 2)), 0, "<=", -Rational(5, 36)),
    "a limit of < is ≤": (InTheLimit(1 / a, a, oo), y, "<", 0, ForAll((a,), y < 1 / a)),
    "a right side below the limit": (InTheLimit(1 + 1 / a, a, oo), y, "<=", Rational(1, 2), ForAll((a,), y <= 1 + 1 / a)),
    "a side that holds the variable": (InTheLimit(2 * a, a, 0), a, "<=", 0),
    "a bound that is none": (InTheLimit(1 / a, a, oo), y, "<=", 0, ForAll((a,), y <= 2 / a + 1)),
    "a pole from the wrong side": (InTheLimit(1 / x, x, 0, -1), 0, "<=", -1, x > 0),
    "copies are not assumed": (Exchange(v[1] * v[2] ** 2, v, 1, 2), E(v[1] * v[2] ** 2, v), "=", E(v[2] * v[1] ** 2, v), n >= 2),
    "independent is not alike": (
        Exchange(v[1] * v[2] ** 2, v, 1, 2), E(v[1] * v[2] ** 2, v), "=", E(v[2] * v[1] ** 2, v), Independent(v), n >= 2,
    ),
    "an index that need not exist": (Exchange(v[1], v, 1, 2), E(v[1], v), "=", E(v[2], v), COPIES),
    "an index that may be one of the two": (
        Exchange(v[1] * v[i], v, 1, 2), E(v[1] * v[i], v), "=", E(v[2] * v[i], v), COPIES, n >= 3, i >= 1, i <= n,
    ),
    "a sum that is not whole": (
        Exchange(v[1] * Sum(v[k], (k, 1, n - 1)), v, 1, n),
        E(v[1] * Sum(v[k], (k, 1, n - 1)), v), "=", E(v[n] * Sum(v[k], (k, 1, n - 1)), v), COPIES, n >= 2,
    ),
    "a sum with weights": (
        Exchange(v[1] * Sum(k * v[k], (k, 1, n)), v, 1, 2),
        E(v[1] * Sum(k * v[k], (k, 1, n)), v), "=", E(v[2] * Sum(k * v[k], (k, 1, n)), v), COPIES, n >= 2,
    ),
    "another vector": (Exchange(w[1], v, 1, 2), E(w[1], w), "=", E(w[2], w), COPIES, n >= 2),
}  # fmt: skip


@pytest.mark.parametrize("case", ACCEPTED.values(), ids=ACCEPTED)
def test_what_the_theorem_gives_is_accepted(case: tuple[Any, ...]) -> None:
    rule, lhs, relation, rhs, *where = case
    proof = by(rule, lhs, relation, rhs, *where)
    assert proof.rules[0] == (rule.name, rule.certificate()) if not isinstance(rule, Monotone | InTheLimit) else proof.rules


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_everything_else_is_refused(case: tuple[Any, ...]) -> None:
    rule, lhs, relation, rhs, *where = case
    with pytest.raises((RuleFailed, NoNormalForm)):
        by(rule, lhs, relation, rhs, *where)


@pytest.mark.parametrize("rule", [Convex(x**2, x, 0, y), Concave(-(x**2), x, 0, y), Monotone(x, x), InTheLimit(1 / a, a, oo)])
def test_a_rule_of_order_gives_no_equation(rule: Any) -> None:
    with pytest.raises(RuleFailed, match="the step is an equation"):
        proof_by(rule, y, z, "=")


def test_an_exchange_gives_no_inequality() -> None:
    with pytest.raises(RuleFailed, match="the step is an inequality"):
        proof_by(Exchange(v[1], v, 1, 2), E(v[1], v), E(v[2], v), "<=")


def test_a_refusal_says_what_is_missing() -> None:
    with pytest.raises(RuleFailed, match="second derivative"):
        by(Convex(A * x**2, x, y, z), A * (2 * y * z - y**2), "<=", A * z**2)
    with pytest.raises(RuleFailed, match="lie between 0 and oo"):
        by(Convex(x**3, x, y, a, 0, oo), 0, "<=", a**3)
    with pytest.raises(RuleFailed, match="must not hold a"):
        by(InTheLimit(2 * a, a, 0), a, "<=", 0)
    with pytest.raises(RuleFailed, match=r"assume Independent\(…, law=…\)"):
        by(Exchange(v[1], v, 1, 1), E(v[1], v), "=", E(v[1], v))


def test_the_variable_of_the_rule_may_be_a_symbol_of_the_step() -> None:
    assert by(Convex(x**2, x, x, y), 2 * x * y - x**2, "<=", y**2)
    assert by(Monotone(x**3 + x, x), x, "<=", y, x**3 + x <= y**3 + y)
    with pytest.raises(RuleFailed):
        by(Convex(x**2, x, x, y), y**2, "<=", 2 * x * y - x**2)


def test_roots_away_from_zero_are_smooth() -> None:
    assert by(Concave(sqrt(x), x, 1, a, p, oo), sqrt(a), "<=", (1 + a) / 2, a >= p, p <= 1)
    with pytest.raises(RuleFailed):
        by(Concave(sqrt(x), x, 0, a, 0, oo), sqrt(a), "<=", 0)


def test_an_equation_between_the_values_is_used() -> None:
    assert by(Monotone(f(x), x), y, "<=", z, Eq(f(y), 1), Eq(f(z), 2), ForAll((t,), Derivative(f(t), t) > 0))
