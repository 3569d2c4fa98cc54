"""Series in a product or a quotient of two variables, and series with a parameter that may be 0."""

from typing import Any

import pytest
import sympy as sp

import derivable
from derivable.trusted.facts import Facts
from derivable.trusted.scaling import NotSeen, _bounds, _products, _split_powers, at_zero, parameters, scaled

z, w, u = sp.symbols("z w u")
x, y, t = sp.symbols("x y t", real=True)
k = sp.Symbol("k", integer=True, nonnegative=True)
INFINITE = (k, 0, sp.oo)


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (sp.Sum(z**k * w**k, INFINITE), 1 / (1 - z * w), [abs(z * w) < 1]),
        (sp.Sum((z * w) ** k, INFINITE), 1 / (1 - z * w), [abs(z) * abs(w) < 1]),
        (sp.Sum((z * w) ** k, INFINITE), 1 / (1 - z * w), [abs(z) < 2, abs(w) < sp.Rational(1, 2)]),
        (sp.Sum((z * w) ** k / k, (k, 1, sp.oo)), -sp.log(1 - z * w), [abs(z) < 1, abs(w) <= 1]),
        (sp.Sum((z / w) ** k, INFINITE), w / (w - z), [abs(z) < abs(w)]),
        (sp.Sum((z / w) ** k, INFINITE), w / (w - z), [abs(z / w) < 1]),
        (sp.Sum(z**k * w ** (-k - 1), INFINITE), 1 / (w - z), [abs(z) < abs(w)]),
        (sp.Sum((z / (2 * w)) ** k, INFINITE), 2 * w / (2 * w - z), [abs(z) < 2 * abs(w)]),
        (sp.Sum((x / y) ** k, INFINITE), y / (y - x), [abs(x) < abs(y)]),
        (u * sp.Sum(k * (z * w) ** k, (k, 1, sp.oo)), u * z * w / (1 - z * w) ** 2, [abs(z * w) < 1]),
    ],
)
def test_in_one_variable(lhs: Any, rhs: Any, where: list[Any]) -> None:
    assert derivable.equal(lhs, rhs, where=where).verdict == "proved"


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (sp.Sum((z * w) ** k, INFINITE), 1 / (1 - z * w), [abs(z * w) < 2]),
        (sp.Sum((z * w) ** k, INFINITE), 1 / (1 - z * w), [abs(z / w) < 1]),
        (sp.Sum((z * w) ** k, INFINITE), 1 / (1 - z * w), [abs(z) < 2, abs(w) < 1]),
        (sp.Sum((z / w) ** k, INFINITE), w / (w - z), [abs(z) < 2 * abs(w)]),
        (sp.Sum((z / w) ** k, INFINITE), w / (w - z), [abs(w) < abs(z)]),
        (sp.Sum((x / y) ** k, INFINITE), y / (y - x), [x < abs(y)]),
        # right but where w = 0
        (sp.Sum((z * w) ** k, INFINITE), sp.sign(abs(w)) / (1 - z * w), [abs(z * w) < 1]),
    ],
)
def test_beyond_the_bound_or_at_zero_nothing_is_proved(lhs: Any, rhs: Any, where: list[Any]) -> None:
    assert derivable.equal(lhs, rhs, where=where, timeout=4).verdict != "proved"


def test_what_the_new_variable_is_told() -> None:
    statement = sp.Sum((z * w) ** k, INFINITE) - 1 / (1 - z * w)
    (found,) = scaled(statement, Facts([3 * abs(z * w) <= 2, sp.Ne(w, 5)]))
    (p,) = found.statement.free_symbols
    assert sp.Le(abs(p), sp.Rational(2, 3)) in found.facts.where
    assert not any(condition.has(w) for condition in found.facts.where)
    assert found.rest is not None
    assert found.rest[0] == 0


def test_a_bound_by_a_multiple_of_the_modulus_is_met_at_zero() -> None:
    """At z = w = 0 the left side is 0 and the right one 1."""
    statement = sp.Sum((z / 2) ** k, INFINITE) * sp.sign(abs(w)) - 1 / (1 - z / 2)
    for bound in (abs(w), 2 * abs(w)):
        ((target, given),) = [one.rest for one in scaled(statement, Facts([abs(z) <= bound, abs(w) <= 1])) if one.by == "z = p·w"]
        assert target == -1 / (1 - z / 2)
        assert sp.Le(abs(z), 0) in given.where
    for told in ([abs(z) < abs(w)], [abs(z) <= abs(w), sp.Ne(w, 0)], [abs(z / w) <= 1]):
        assert [one.rest for one in scaled(statement, Facts(told))] == [None]


@pytest.mark.parametrize(
    ("told", "bounds"),
    [
        (abs(z * w) < 2, [(w, z, -1, 2)]),
        (3 * abs(z) * abs(w) <= 2, [(w, z, -1, sp.Rational(2, 3))]),
        (abs(z / w) < 2, [(z, w, 1, 2)]),
        (2 * abs(z) < 3 * abs(w), [(z, w, 1, sp.Rational(3, 2))]),
        (abs(z) ** sp.Rational(3, 2) * abs(w) < 1, []),
        (abs(z) ** 2 * abs(w) < 1, []),
        (1 / (abs(z) * abs(w)) < 1, []),
        (sp.exp(x) * abs(w) < 1, []),
        (sp.exp(x) < abs(w), []),
        (abs(z) + 1 < abs(w), []),
        (abs(z) ** 2 < abs(w), []),
        (abs(z) < abs(w) * abs(u), []),
        (abs(z + 1) < abs(w), []),
        (abs(sp.exp(z) * w) < 1, []),
        (sp.Lt(-2 * abs(z), abs(w)), []),
        (sp.Ne(abs(z), abs(w)), []),
    ],
    ids=str,
)
def test_bounds_of_products_and_quotients(told: Any, bounds: list[Any]) -> None:
    assert [tuple(one) for one in _bounds(told)] == bounds


def test_products_of_bounds_are_strict_where_one_is() -> None:
    def products(*where: Any) -> list[Any]:
        return list(_products(Facts(where)))

    assert products(abs(z) <= 2, abs(w) <= 3) == [sp.Le(abs(z) * abs(w), 6, evaluate=False)]
    assert products(abs(z) < 2, abs(w) <= 3) == [sp.Lt(abs(z) * abs(w), 6, evaluate=False)]
    for where in ([abs(z) > 2, abs(w) < 3], [abs(z) <= t, abs(w) <= 1], [z * w < 2, abs(w) < 3], [abs(z + 1) < 1, abs(w) < 1]):
        assert not products(*where)


def test_a_product_is_real_if_both_factors_are() -> None:
    for one, other, real in ((x, y, True), (x, w, None), (z, y, None), (z, w, None)):
        statement = sp.Sum((one * other) ** k, INFINITE) - 1 / (1 - one * other)
        (found,) = scaled(statement, Facts([abs(one * other) < 1]))
        (p,) = found.statement.free_symbols
        assert p.is_real is real


def test_powers_are_split_for_whole_exponents_only() -> None:
    j = sp.Symbol("j", integer=True)
    assert _split_powers((z * w) ** k) == z**k * w**k
    assert _split_powers(sp.Sum((z * w) ** k, INFINITE)) == sp.Sum(z**k * w**k, INFINITE)
    for kept in (sp.sqrt(z * w), sp.sqrt(z**2), sp.Sum(z**j * w**k, INFINITE, (j, 0, 2))):
        assert _split_powers(kept) == kept


def test_a_variable_that_is_bound_is_left_alone() -> None:
    assert not list(scaled(sp.Sum(z**w * u**w, (w, 0, sp.oo)) * w - 1, Facts([abs(z * w) < 1])))
    assert not list(scaled(sp.Sum((u * w) ** k, INFINITE) * sp.Sum(z, (z, 1, u)), Facts([abs(z * w) < 1])))


@pytest.mark.parametrize(
    "where",
    [
        [abs(z * w) < 1, sp.Eq(z, 2 * w)],
        [abs(z * w) < 1, sp.Eq(z, 2 * u)],
        [abs(z * w) < 1, sp.Eq(w, 2 * u)],
        [abs(z * w + 1) < 1],
        [abs(z * w * u) < 1],
        [abs(z) + abs(w) < 1],
        [abs(z * w) > 1],
        [abs(z**2 * w) < 1],
        [abs(sp.sqrt(z) ** 3 * w) < 1],
        [-2 * abs(z * w) <= 1],
    ],
)
def test_other_hypotheses_are_no_bound_of_a_product(where: list[Any]) -> None:
    assert not list(scaled(sp.Sum((z * w) ** k, INFINITE) - 1 / (1 - z * w), Facts(where)))


def test_symbols_of_which_more_is_assumed_are_left_alone() -> None:
    whole = sp.Symbol("m", integer=True)
    assert not list(scaled(sp.Sum((z * whole) ** k, INFINITE) - 1, Facts([abs(z * whole) < 1])))


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (sp.Sum((-1) ** k * (t * y) ** (2 * k) / sp.factorial(2 * k), INFINITE), sp.cos(t * y)),
        (sp.Sum((-1) ** k * (t * y) ** (2 * k + 1) / sp.factorial(2 * k + 1), INFINITE), sp.sin(t * y)),
        (sp.Sum((w * y) ** (2 * k) / sp.factorial(2 * k), INFINITE), sp.cosh(w * y)),
    ],
)
def test_a_parameter_that_may_be_zero(lhs: Any, rhs: Any) -> None:
    assert derivable.equal(lhs, rhs).verdict == "proved"


def test_a_parameter_at_zero_is_looked_at() -> None:
    series = sp.Sum((-1) ** k * (t * y) ** (2 * k) / sp.factorial(2 * k), INFINITE)
    assert derivable.equal(series, sp.cos(t * y) * sp.sign(abs(t)), timeout=4).verdict != "proved"
    assert parameters(series, Facts([sp.Ne(t, 0)])) == [y]


def test_series_at_zero_are_their_first_terms() -> None:
    series = sp.Sum((t * y) ** k / (k + 2), INFINITE)
    assert at_zero(series - 1, t, Facts(()))[0] == sp.Rational(-1, 2)
    assert at_zero(sp.Sum((t * y) ** k / k, (k, 1, sp.oo)) - 1, t, Facts(()))[0] == -1
    assert at_zero(series, t, Facts([t > 0])) is None


@pytest.mark.parametrize(
    "e",
    [
        sp.Sum((t + y) ** k / sp.factorial(k), INFINITE),  # not a power of t alone
        sp.Sum(t**k, (k, 0, sp.Symbol("n", integer=True, nonnegative=True))),
        sp.Sum(t**k, (k, -1, sp.oo)),
        sp.Sum(t**k, (k, sp.Symbol("m", integer=True, nonnegative=True), sp.oo)),
        sp.Sum(t**k, INFINITE) / t,
        sp.Sum(t**k, INFINITE, (sp.Symbol("j", integer=True), 0, 3)),  # four times the first term
    ],
)
def test_other_sums_at_zero_are_not_seen(e: Any) -> None:
    with pytest.raises(NotSeen):
        at_zero(e, t, Facts(()))
