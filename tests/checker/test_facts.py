"""What the hypotheses say: a set of signs holds the sign at every admissible point, integers are integers."""

from __future__ import annotations

import random
from typing import Any

import pytest
import sympy as sp
from flint import fmpq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Abs, Max, Min, Ne, Not, Or, Piecewise, Rational, Sum, ceiling, cos, exp, floor, log, sign, sin, sqrt, symbols

from derivable.trusted.balls import Evaluator, Undecided, Undefined, Unsupported
from derivable.trusted.balls import sign as sign_of
from derivable.trusted.facts import Contradiction, Facts, ForAll, plainly, replaced

x, y = symbols("x y", real=True)
p = symbols("p", positive=True)
u = symbols("u", nonnegative=True)
m = symbols("m", negative=True)
k = symbols("k", integer=True)
N = symbols("N", integer=True, nonnegative=True)
n = symbols("n", integer=True, positive=True)
z = symbols("z")
i = symbols("i", integer=True)
ALL = (x, y, p, u, m, k, N, n)

LEAVES = st.sampled_from([*ALL, sp.Integer(0), sp.Integer(2), sp.Integer(-1), Rational(1, 2), sp.pi, sqrt(2)])
CONDITIONS = st.lists(
    st.sampled_from(
        [
            x > 1,
            x <= 0,
            x >= -2,
            x < 3,
            y > x,
            y >= x + 1,
            x + y <= 2,
            k >= 2,
            k < 5,
            Ne(x, 0),
            N >= 3,
            p < 1,
            k > N,
            sp.Eq(y, 2 * x),
        ]
    ),
    max_size=3,
    unique=True,
)


def grown(c: Any) -> Any:
    pair = st.tuples(c, c)
    return st.one_of(
        pair.map(lambda a: a[0] + a[1]),
        pair.map(lambda a: a[0] - a[1]),
        pair.map(lambda a: a[0] * a[1]),
        pair.map(lambda a: a[0] / a[1]),
        pair.map(lambda a: a[0] ** a[1]),
        c.map(lambda a: a**2),
        c.map(lambda a: sqrt(a)),
        c.map(lambda a: a ** Rational(1, 3)),
        c.map(exp),
        c.map(Abs),
        c.map(sin),
        c.map(cos),
        c.map(floor),
        c.map(ceiling),
        c.map(sign),
        c.map(lambda a: log(a + 1)),
        c.map(sp.tanh),
        c.map(sp.cosh),
        c.map(sp.atan),
        c.map(sp.erf),
        c.map(sp.factorial),
        c.map(sp.gamma),
        pair.map(lambda a: sp.binomial(*a)),
        pair.map(lambda a: sp.KroneckerDelta(*a)),
        c.map(sp.Heaviside),
        c.map(lambda a: Piecewise((a, x > 0), (-a, True))),
        c.map(lambda a: Sum(a + i, (i, 1, N))),
        c.map(lambda a: sp.Product(a * i, (i, 1, k))),
        pair.map(lambda a: Max(*a) if all(b.is_extended_real is not False for b in a) else a[0]),
        pair.map(lambda a: Min(*a) if all(b.is_extended_real is not False for b in a) else a[0]),
    )


EXPRESSIONS = st.recursive(LEAVES, grown, max_leaves=5)


def points(source: random.Random) -> dict[Any, Any]:
    real = (fmpq(0), fmpq(1), fmpq(-1), fmpq(1, 2), fmpq(-3, 2), fmpq(2), fmpq(5, 3), fmpq(-7))
    positive = tuple(v for v in real if v > 0)
    return {
        x: source.choice(real),
        y: source.choice(real),
        p: source.choice(positive),
        u: source.choice((*positive, fmpq(0))),
        m: -source.choice(positive),
        k: fmpq(source.randint(-4, 6)),
        N: fmpq(source.randint(0, 5)),
        n: fmpq(source.randint(1, 5)),
    }


def admissible(where: Any, point: dict[Any, Any]) -> bool:
    return all(Evaluator(point).holds(c) for c in where)


@settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=400,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(EXPRESSIONS, CONDITIONS, st.integers(0, 10**6))
def test_signs_hold_the_sign_at_every_admissible_point(e: Any, where: list[Any], seed: int) -> None:
    if e.has(sp.nan, sp.zoo, sp.oo, sp.I):
        return
    try:
        facts = Facts(where)
        signs, whole, nonzero = facts.signs(e), facts.is_integer(e), facts.is_nonzero(e)
    except Contradiction:
        return
    source = random.Random(seed)
    for _ in range(40):
        point = points(source)
        if sp.Eq(y, 2 * x) in where:
            point[y] = 2 * point[x]
        if not admissible(where, point):
            continue
        try:
            value = Evaluator(point)(e)
        except (Undecided, Undefined, Unsupported, OverflowError):
            continue
        try:
            found = sign_of(value)
        except Undecided:
            continue
        except Undefined:
            assert signs is None, (e, where, point, value, "said to be real")
            assert not whole, (e, where, point, value, "said to be an integer")
            continue
        if signs is not None:
            assert found in signs, (e, where, point, value, signs)
        if whole and isinstance(value, fmpq):
            assert value.denominator == 1, (e, where, point, value)
        if nonzero:
            assert found != 0, (e, where, point)


KNOWN: list[tuple[Any, tuple[Any, ...], set[int] | None]] = [
    (x**2, (), {0, 1}),
    (x**2 + 1, (), {1}),
    (p - m, (), {1}),
    (x - 1, (x > 1,), {1}),
    (x * y, (x > 0, y < 0), {-1}),
    (y - x, (y > x,), {1}),
    (k - 2, (k > 1,), {0, 1}),
    (log(p + 1), (), {1}),
    (sqrt(x), (), None),
    (x ** Rational(1, 3), (), None),
    (x**p, (), None),
    (sqrt(u), (), {0, 1}),
    (z, (), None),
    (Abs(z), (), {0, 1}),
    (exp(z), (), None),
    (sp.factorial(k), (), None),
    (x**N, (x >= 0, x <= 0), {0, 1}),
    (Sum(Abs(x) ** i, (i, 0, N)), (), {0, 1}),
]


@pytest.mark.parametrize(("e", "where", "most"), KNOWN, ids=str)
def test_signs_that_are_known(e: Any, where: tuple[Any, ...], most: set[int] | None) -> None:
    """What is said is right, and as sharp as it should be."""
    signs = Facts(where).signs(e)
    if most is None:
        assert signs is None
    else:
        assert signs is not None
        assert signs <= most or signs == most


@pytest.mark.parametrize(
    "e", [sign(z), z, x, k / 2, sp.Integer(2) ** k, Rational(1, 2), sp.pi, k * x, sp.conjugate(z), sqrt(N)], ids=str
)
def test_what_need_not_be_an_integer_is_not_called_one(e: Any) -> None:
    assert not Facts(()).is_integer(e)


@pytest.mark.parametrize(
    "e", [k * (k + 1) / 2, floor(x), 2**N, sp.factorial(N), Abs(k), Max(k, N), sp.binomial(n, k), sign(x)], ids=str
)
def test_what_is_an_integer_is_called_one(e: Any) -> None:
    assert Facts(()).is_integer(e)


@pytest.mark.parametrize("where", [(sp.false,), (sp.Gt(0, 1, evaluate=False),), (sp.Ne(2, 2, evaluate=False),)], ids=str)
def test_a_false_hypothesis_is_a_contradiction(where: Any) -> None:
    with pytest.raises(Contradiction):
        Facts(where)


def test_conditions_that_no_rule_uses_are_taken_without_harm() -> None:
    facts = Facts((Or(x > 1, x < -1), Not(sp.And(x > 0, y > 0)), sp.true, sp.And(p > 2, u < 1)))
    assert facts.is_positive(p - 2)
    assert facts.is_positive(1 - u)
    assert facts.signs(x) == frozenset({-1, 0, 1})


def test_decisions_are_three_valued() -> None:
    facts = Facts((x > 1,))
    assert facts.decide(x > 0) is True
    assert facts.decide(x < 0) is False
    assert facts.decide(x > 2) is None
    assert facts.decide(sp.And(x > 0, x > 2)) is None
    assert facts.decide(sp.Or(x > 0, x > 2)) is True
    assert facts.decide(Not(x > 0)) is False
    assert facts.decide(Ne(x, 0)) is True
    assert facts.decide(sp.Eq(x, 0)) is False


def test_free_symbols_of_a_quantified_equation() -> None:
    f = sp.Function("f", real=True)
    law = ForAll((x,), sp.Eq(f(x), p * x), (x > u,))
    free = law.free_symbols() if callable(law.free_symbols) else law.free_symbols
    assert free == {p, u}


def test_a_turn_is_not_one_but_may_be_another_number() -> None:
    turn = exp(sp.I * sp.pi * p)
    less = Facts((p < 2,))
    assert less.is_nonzero(turn - 1)
    assert less.is_nonzero(3 - 3 * turn)
    for other in (turn - z, turn - k, turn + 1, 2 * turn - 1, turn - 1 + z):
        assert not less.is_nonzero(other)
    assert not Facts((p <= 2,)).is_nonzero(turn - 1)


def test_what_is_assumed_of_a_bound_variable_need_not_hold_in_the_range() -> None:
    assert not Facts(()).is_integer(Sum(2**n, (n, -3, 0)))
    assert not Facts(()).is_integer(Sum(2**n, (n, k, 0)))
    assert Facts(()).is_integer(Sum(2**n, (n, 0, N)))
    assert Facts(()).is_integer(Sum(2**i, (i, 0, N)))
    assert not Facts(()).is_integer(Sum(2**i / 2, (i, 0, N)))


def test_a_square_that_is_written_out_is_not_negative_where_hypotheses_are_looked_at() -> None:
    assert Facts((x > y,)).is_nonnegative(x**2 - 2 * x * y + y**2)
    assert Facts((x > y,)).is_positive(x**2 - y**2 + y**2 - 2 * x * y + y**2)
    assert not Facts((x >= y,)).is_positive(x**2 - 2 * x * y + y**2)


def test_a_root_beside_another_term_has_the_sign_of_their_powers() -> None:
    """√u against a: u against a², where both are known not to be negative."""
    below = Facts((x >= 0, x <= 1))
    assert below.signs(1 - sqrt(x)) == frozenset({0, 1})
    assert below.signs(3 * x ** Rational(1, 3) - 4) == frozenset({-1})
    assert below.signs(x - sqrt(x)) == frozenset({0, -1})
    assert below.signs(1 - 2 * sqrt(x)) == frozenset({-1, 0, 1})
    assert Facts((x <= 1,)).signs(1 - sqrt(x)) is None
    assert Facts((x >= 0,)).signs(1 - sqrt(x)) == frozenset({-1, 0, 1})
    assert Facts(()).signs(sqrt(p**2 + 1) - p) == frozenset({1})
    assert Facts(()).signs(sqrt(x**2 + 1) - x - 1) == frozenset({-1, 0, 1})
    assert Facts((m < -2,)).signs(m + sqrt(4 + p)) == frozenset({-1, 0, 1})


class TestPlainHypotheses:
    """Hypotheses in the form that rules look for say what was given."""

    def test_bounds_of_absolute_values_and_squares_of_reals(self) -> None:
        x = sp.Symbol("x", real=True)
        c = sp.Symbol("c")
        assert set(plainly([abs(x - 1) < c])) == {sp.Lt(-c, x - 1), sp.Lt(x - 1, c), sp.Lt(0, c)}
        assert set(plainly([x**2 <= 2])) == {sp.Le(-sp.sqrt(2), x), sp.Le(x, sp.sqrt(2))}

    def test_of_conjunctions_and_intervals(self) -> None:
        x, y = sp.symbols("x y", real=True)
        assert set(plainly([sp.And(x > 0, y > x)])) == {x > 0, y > x}
        assert set(plainly([sp.Contains(x, sp.Interval.Ropen(0, 1), evaluate=False)])) == {sp.Le(0, x), x < 1}
        assert set(plainly([sp.Contains(x, sp.Interval(1, sp.oo), evaluate=False)])) == {sp.Le(1, x)}
        assert set(plainly([sp.Contains(x, sp.Interval.open(-sp.oo, y), evaluate=False)])) == {x < y}
        z = sp.Symbol("z")
        assert set(plainly([sp.Contains(z, sp.Interval(1, sp.oo), evaluate=False)])) == {sp.Le(1, z)}
        assert set(plainly([sp.Not(sp.Eq(x, y), evaluate=False)])) == {sp.Ne(x, y)}
        assert set(plainly([sp.And(sp.And(abs(x) < 1, y > 0), sp.Or(x > 0, y > 1))])) == {
            sp.Lt(-1, x), sp.Lt(x, 1), y > 0, sp.Or(x > 0, y > 1),
        }  # fmt: skip

    def test_what_is_left_as_it_is(self) -> None:
        z, x = sp.Symbol("z"), sp.Symbol("x", real=True)
        y = sp.Symbol("y", real=True)
        for condition in (
            abs(z) < 1,
            abs(x) > 1,
            abs(x) < abs(y),
            z**2 < 1,
            x**2 > 1,
            x**3 < 1,
            x**4 < 1,
            x**-2 < 1,
            x**2 < sp.pi,
            x**2 < y,
            sp.Ne(abs(x), 1),
            sp.Or(x > 0, y > 0),
            sp.Or(sp.And(x > 0, y > 0), x > 1),
            sp.Not(sp.And(x > 0, y > 0), evaluate=False),
            sp.Contains(x, sp.Integers, evaluate=False),
            sp.Not(sp.Contains(x, sp.Interval(0, 1), evaluate=False), evaluate=False),
        ):
            assert plainly([condition]) == (condition,)


def test_integers_that_are_not_zero_and_of_one_sign_are_at_least_one() -> None:
    s = symbols("s", integer=True, nonnegative=True)
    assert Facts((Ne(s, 0),)).is_nonnegative(s - 1)
    assert Facts((Ne(-s, 0),)).is_nonnegative(s - 1)
    any_sign, real = symbols("any_sign", integer=True), symbols("real", nonnegative=True)
    assert not Facts((Ne(any_sign, 0),)).is_nonnegative(any_sign - 1)
    assert not Facts((Ne(real, 0),)).is_nonnegative(real - 1)


def test_ceilings_and_floors_have_the_sign_of_what_is_rounded() -> None:
    positive, nonnegative, nonpositive = (
        symbols("p", positive=True),
        symbols("u", nonnegative=True),
        symbols("v", nonpositive=True),
    )
    assert Facts(()).is_nonnegative(sp.ceiling(nonnegative))
    assert not Facts(()).is_positive(sp.ceiling(nonnegative))
    assert Facts(()).is_positive(sp.ceiling(positive))
    assert not Facts(()).is_positive(sp.floor(positive))
    assert Facts(()).is_nonnegative(-sp.floor(nonpositive))
    assert not Facts(()).is_positive(-sp.floor(nonpositive))


def test_an_equation_among_the_hypotheses_is_decided_and_no_other() -> None:
    n, d = symbols("n d", integer=True)
    given = Facts((sp.Eq(sp.Mod(n, d), 0),))
    assert given.decide(sp.Eq(sp.Mod(n, d), 0)) is True
    assert given.decide(Ne(sp.Mod(n, d), 0)) is False
    assert given.decide(sp.Eq(sp.Mod(n, d), 1)) is None
    assert given.decide(sp.Eq(sp.Mod(d, n), 0)) is None


def test_a_whole_number_that_is_no_multiple_does_not_vanish() -> None:
    i, j = sp.symbols("i j", integer=True)
    real = sp.Symbol("r", real=True)
    facts = Facts(())
    assert facts.is_nonzero(2 * i - 1)
    assert facts.is_nonzero(6 * i + 9 * j + 4 * i * j * 3 - 1)
    assert facts.is_nonzero(i / 2 + j / 3 + sp.Rational(1, 7))
    assert not facts.is_nonzero(2 * i - 4)
    assert not facts.is_nonzero(2 * i + 3 * j + 1)
    assert not facts.is_nonzero(2 * real - 1)
    assert not facts.is_nonzero(i / 2 - sp.Rational(1, 2))


def test_a_value_is_not_captured_by_what_a_hypothesis_binds(falls: Any) -> None:
    told = replaced(sp.Eq(x, Sum(k, (i, 1, 2))), k, i + 1)
    assert told.rhs.doit() == 2 * i + 2
    assert replaced(sp.Eq(x, sp.Limit(k * y, y, 1)), k, 3 * y).rhs.doit() == 3 * y
    falls(x * k, 5 * k, sp.Eq(k, i + 1), sp.Eq(x, Sum(k, (i, 1, 2))))
