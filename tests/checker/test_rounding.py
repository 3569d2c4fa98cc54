"""Floors that are built and changed without SymPy's evaluation, which takes some fractions for integers."""

from __future__ import annotations

import sympy as sp
from sympy import Eq, Mod, Piecewise, Sum, ceiling, floor, frac, symbols

from derivable.trusted.facts import Facts
from derivable.trusted.rounding import expanded, floor_of, in_floors, rewritten, told_with

NOWHERE = Facts(())
x = symbols("x", real=True)
z = symbols("z")
n, k = symbols("n k", integer=True)
P = symbols("P", integer=True, positive=True)
e = symbols("e", even=True)


def test_a_fraction_that_is_no_integer_stays_in_the_floor() -> None:
    for u in (2**P / 6, e / 10, e * n / 6, 2 ** (4 * P + 1) / sp.Integer(10)):
        kept = floor_of(u)
        assert isinstance(kept, floor)
        changed = rewritten(kept, {n: n + 1, P: P + 1, e: e + 2})
        assert isinstance(changed, floor)
        assert isinstance(expanded(3 * (kept + 1)), sp.Add)


def test_remainders_keep_their_values() -> None:
    whole = in_floors(Mod(2**P, 6, evaluate=False), NOWHERE)
    assert [whole.subs(P, j) for j in range(1, 7)] == [2, 4, 2, 4, 2, 4]
    assert [in_floors(Mod(e, 10, evaluate=False), NOWHERE).subs(e, j) for j in (0, 2, 14)] == [0, 2, 4]


def test_all_integer_parts_are_written_in_floors() -> None:
    written = in_floors(ceiling(x / 3) + frac(x) * Mod(n, 4) + Sum(Mod(k, 3), (k, 1, n)), NOWHERE)
    assert not written.has(ceiling, frac, Mod)
    for value in (sp.Rational(7, 2), sp.Integer(3), sp.Rational(-1, 3)):
        point = {x: value, n: sp.Integer(5)}
        direct = ceiling(value / 3) + frac(value) * 1 + 6
        assert written.subs(point).doit() == direct


def test_what_may_be_complex_is_left() -> None:
    assert in_floors(frac(z), NOWHERE) == frac(z)
    assert in_floors(Mod(z, 2), NOWHERE) == Mod(z, 2)


def test_conditions_and_cases_are_rewritten_inside() -> None:
    cases = Piecewise((1, Eq(Mod(n, P), 0)), (0, True))
    condition = in_floors(cases, NOWHERE).args[0][1]
    assert not condition.has(Mod)
    assert [condition.subs({n: j, P: 3}) for j in (5, 6)] == [False, True]
    assert told_with(Eq(Mod(n, P), 0), n, 2 * k) == Eq(Mod(2 * k, P, evaluate=False), 0, evaluate=False)


def test_a_value_is_not_captured_by_what_a_hypothesis_binds() -> None:
    told = told_with(Eq(x, Sum(n, (k, 1, 2))), n, 3 * k + 1)
    assert told.rhs.doit() == 6 * k + 2
    assert told_with(Eq(x, Sum(n, (n, 1, 2))), n, 3 * k).rhs.doit() == 3
    f = sp.Function("f")
    assert told_with(Eq(sp.Derivative(f(n, x), x), floor(n / 2)), n, k - x) is sp.true
    assert told_with(Eq(sp.Derivative(f(x), x), floor(n / 2)), x, k) is sp.true
