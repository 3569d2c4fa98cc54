"""Numerical values of integrals: what converges gets one, whatever oscillates or has corners; what diverges gets none."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from flint import acb, arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from derivable import equal
from derivable.trusted.balls import Evaluator, Unsupported, ball
from derivable.trusted.kinks import kinks, sign_changes
from derivable.trusted.quadrature import Unsettled, _settled, double_exponential

x = sp.Symbol("x", real=True)
s, t = sp.symbols("s t", positive=True)
THIRD = sp.Rational(1, 3)


@pytest.fixture(autouse=True)
def precision() -> Iterator[None]:
    outer, ctx.prec = ctx.prec, 96
    yield
    ctx.prec = outer


def value(integral: Any) -> tuple[Any, bool]:
    evaluator = Evaluator({s: fmpq(3, 2), t: fmpq(5, 2)})
    return evaluator(integral), evaluator.rigorous


@pytest.mark.parametrize(
    ("integrand", "low", "high", "expected"),
    [
        (-sp.exp(-x) * sp.log(x), 0, sp.oo, sp.EulerGamma),
        (sp.exp(-x) * sp.cos(20 * x), 0, sp.oo, sp.Rational(1, 401)),
        (sp.exp(-s * sp.Abs(x)) * sp.cos(t * x), -sp.oo, sp.oo, sp.Rational(6, 17)),
        (sp.exp(-((x - 1) ** 2)) * sp.Max(0, x - 1), -sp.oo, sp.oo, sp.Rational(1, 2)),
        (sp.Abs(sp.cos(x)), 0, 2 * sp.pi, sp.Integer(4)),
        (sp.sqrt(sp.sin(x) ** 2), -sp.pi, sp.pi, sp.Integer(4)),
        (sp.sign(sp.sin(5 * x)), 0, sp.pi, sp.pi / 5),
        (1 / sp.sqrt(x), 0, 1, sp.Integer(2)),
        (1 / (1 + x**2), -sp.oo, sp.oo, sp.pi),
    ],
)
def test_a_numerical_value_is_near_the_integral(integrand: Any, low: Any, high: Any, expected: Any) -> None:
    found, rigorous = value(sp.Integral(integrand, (x, low, high)))
    assert abs(ball(found) - ball(Evaluator({})(expected))) < arb(10) ** -10
    assert not rigorous


@pytest.mark.parametrize(
    ("integrand", "low", "high"),
    [
        (1 / x, -1, 2),
        (x**-2, -1, 1),
        (1 / sp.Abs(x), -1, 1),
        (1 / (1 + x), 0, sp.oo),
        (sp.tan(x) ** 2, 0, sp.pi),
        (sp.cos(x), 0, sp.oo),
        (sp.exp(-((x - 900) ** 2)), -sp.oo, sp.oo),  # it converges, but no node sees the peak
    ],
)
def test_what_diverges_or_is_not_seen_gets_no_value(integrand: Any, low: Any, high: Any) -> None:
    with pytest.raises(Unsupported):
        value(sp.Integral(integrand, (x, low, high)))


@pytest.mark.parametrize(
    ("integrand", "low", "high", "expected"),
    [
        (sp.Abs(x - THIRD), 0, 1, sp.Rational(5, 18)),
        (sp.Abs(x - THIRD), 1, 0, -sp.Rational(5, 18)),
        (sp.Abs(x - s), 0, 3, sp.Rational(9, 4)),
        (sp.Max(x, 1 - x, 2 * THIRD), 0, 1, sp.Rational(7, 9)),
        (sp.Min(x, 1 - x), 0, 1, sp.Rational(1, 4)),
        (sp.sign(x) * x, -1, 2, sp.Rational(5, 2)),
        (sp.Heaviside(x - 1) * x, 0, 2, sp.Rational(3, 2)),
        (sp.Piecewise((x, x < 1), (2 - x, True)), 0, 2, sp.Integer(1)),
        (sp.Abs(x - sp.Abs(x - 1)), 0, 1, sp.Rational(1, 2)),
        (sp.Abs(x), 0, 1, sp.Rational(1, 2)),  # the corner lies at an end
        (sp.Max(0, x), -2, -1, sp.Integer(0)),
    ],
)
def test_pieces_between_linear_corners_are_exact(integrand: Any, low: Any, high: Any, expected: Any) -> None:
    found, rigorous = value(sp.Integral(integrand, (x, low, high)))
    assert found == fmpq(int(expected.p), int(expected.q))
    assert rigorous


def test_what_is_bound_inside_has_not_the_value_of_a_free_symbol_of_its_name() -> None:
    y, k = sp.Symbol("y", real=True), sp.Symbol("k", integer=True)
    distance = sp.Integral(sp.Abs(x - y), (y, 0, 1), (x, 0, 1))
    assert equal(y + distance, y + sp.Rational(1, 3)).verdict != "refuted"
    several = sp.Integral(sp.Sum(sp.Abs(x - k), (k, 0, 2)), (x, 0, 2))
    assert equal(k + several, k + 5).verdict != "refuted"
    assert kinks(sp.Integral(sp.Abs(x - y), (y, 0, 1)), x) == []


def test_what_turns_nowhere_has_the_value_at_its_corner() -> None:
    u = sp.Symbol("u", real=True)
    assert equal(sp.Integral(sp.Heaviside(u * x), (x, 0, 1)), sp.Heaviside(u)).verdict != "refuted"
    for e, expected in (
        (sp.Heaviside(u * x), fmpq(1, 2)),
        (sp.Heaviside(u * x, THIRD), fmpq(1, 3)),
        (sp.sign(u * x) + 1, fmpq(1)),
        (sp.Piecewise((1, u * x > 0), (2, u * x >= 0), (3, True)), fmpq(2)),
        (sp.Max(u * x, 0) + 1, fmpq(1)),
    ):
        assert Evaluator({u: fmpq(0)})(sp.Integral(e, (x, 0, 1))) == expected


def test_an_irrational_corner_lies_in_the_ball_of_the_value() -> None:
    found, rigorous = value(sp.Integral(sp.exp(sp.Abs(x - sp.sqrt(2))), (x, 0, 2)))
    assert rigorous
    assert ball(found).overlaps(ball(Evaluator({})(sp.exp(sp.sqrt(2)) + sp.exp(2 - sp.sqrt(2)) - 2)))


NUMBER = st.fractions(min_value=-4, max_value=4, max_denominator=6)


@settings(max_examples=60, deadline=None)
@given(NUMBER, NUMBER, NUMBER, NUMBER)
def test_the_integral_of_a_modulus_of_a_line(slope: Fraction, height: Fraction, low: Fraction, high: Fraction) -> None:
    m, h, a, b = (sp.Rational(q.numerator, q.denominator) for q in (slope, height, low, high))
    found, rigorous = value(sp.Integral(sp.Abs(m * x + h), (x, a, b)))

    def primitive(at: Any) -> Any:
        return (m * at + h) * abs(m * at + h) / (2 * m) if m else abs(h) * at

    expected = primitive(b) - primitive(a)
    assert found == fmpq(int(expected.p), int(expected.q))
    assert rigorous


def test_the_innermost_corners_come_first() -> None:
    inner = sp.Abs(x - 1)
    assert kinks(sp.Abs(x - inner) + sp.Abs(s), x) == [inner]
    assert kinks(sp.sqrt((x - 1) ** 2 + 1) + x**2, x) == []
    assert kinks(sp.Pow(x**3, sp.Rational(1, 2), evaluate=False), x) == []
    y = sp.Symbol("y", real=True)
    assert kinks(sp.Integral(sp.Abs(x - y), (y, 0, 1)) + sp.Abs(x), x) == []
    assert kinks(sp.Pow(x**2, sp.Rational(1, 2), evaluate=False), x) == [sp.Pow(x**2, sp.Rational(1, 2), evaluate=False)]


def test_changes_of_sign_are_found_to_the_last_digits_or_not_at_all() -> None:
    def sign(low: float, high: float) -> int | None:
        least, most = sorted((low * abs(low), high * abs(high)))
        return 1 if least > 2 else -1 if most < 2 else None

    (place,) = sign_changes(sign, 0.0, 9.0) or ()
    assert abs(place * place - 2) < 1e-12
    assert sign_changes(lambda low, high: 1, 0.0, 1.0) == []
    assert sign_changes(lambda low, high: None, 0.0, 1.0) is None


@pytest.mark.parametrize(
    ("integrand", "low", "high", "expected"),
    [
        (sp.exp(-sp.cosh(x) - x), sp.oo, -sp.oo, -2 * sp.besselk(1, 1)),
        (sp.exp(-sp.Abs(x - 1)), sp.oo, 0, sp.exp(-1) - 2),
        (sp.exp(-sp.Abs(x) - x / 2), 0, -sp.oo, sp.Integer(-2)),
        (sp.exp(-x / 100) * sp.Heaviside(x**3 - 8000000), 0, sp.oo, 100 * sp.exp(-2)),
        (sp.exp(-x / 30) * sp.sign(sp.cos(x)), 0, sp.oo, 30 - 60 * sp.exp(-sp.pi / 60) / (1 + sp.exp(-sp.pi / 30))),
        (sp.Piecewise((1, (x - sp.Rational(1, 2)) ** 2 < sp.Rational(1, 10**5)), (0, True)), 0, 1, 2 / sp.sqrt(10**5)),
        (sp.sign(sp.cos(96 * x)), 0, 2 * sp.pi, sp.Integer(0)),
        (
            10 * sp.exp(-((100 * x - 2000) ** 4)) + sp.exp(-(x**2)) * sp.cos(x),
            -sp.oo,
            sp.oo,
            sp.gamma(sp.Rational(5, 4)) / 5 + sp.sqrt(sp.pi) * sp.exp(-sp.Rational(1, 4)),
        ),
    ],
)
def test_reversed_ranges_and_what_hides_refute_nothing(integrand: Any, low: Any, high: Any, expected: Any) -> None:
    assert equal(sp.Integral(integrand, (x, low, high)), expected, timeout=4).verdict != "refuted"


def test_a_direction_ends_where_the_integrand_has_no_value() -> None:
    cut = double_exponential(lambda z: (-z).exp() if z.real < 60 else None, acb(0), "oo")
    assert abs(cut - 1) < arb(10) ** -12
    with pytest.raises(Unsettled, match="does not see"):
        double_exponential(lambda z: acb(0), acb(0), acb(1))
    with pytest.raises(Unsettled, match="does not decay"):
        double_exponential(lambda z: acb(1), acb(0), "oo")


def test_wrong_values_of_integrals_with_corners_are_refuted_and_right_ones_are_not() -> None:
    mean = sp.Integral(sp.sqrt(2) * sp.exp(-(x**2) / (2 * s**2)) * sp.Abs(x) / (2 * sp.sqrt(sp.pi) * s), (x, -sp.oo, sp.oo))
    assert equal(mean, s * sp.sqrt(2 / sp.pi)).verdict != "refuted"
    assert equal(mean, s * sp.sqrt(sp.pi / 2)).verdict == "refuted"
    m = sp.Symbol("m", real=True)
    around = sp.Integral(sp.Abs(m - x), (x, m - 1, m + 2))
    assert equal(around, sp.Rational(3, 2)).counterexample.rigorous
    assert equal(around, sp.Rational(5, 2)).verdict != "refuted"


@pytest.mark.parametrize(
    ("values", "masses", "settled"),
    [
        ((1, 1, 1), (1, 1, 1), True),
        ((1, 1, 1), (1, 1.4, 1.5), True),  # |f| has a corner
        ((1, 1, 1), (1, 2, 3.5), False),  # |f| has a pole that the nodes straddle
        ((1, 1, 1.001), (1, 1, 1), False),
        ((1, 1.001, 1.001), (1, 1, 1), False),
        ((1, 1), (1, 1), False),
    ],
)
def test_a_quadrature_settles_with_its_modulus(values: tuple[float, ...], masses: tuple[float, ...], settled: bool) -> None:
    assert _settled([acb(v) for v in values], [arb(m) for m in masses]) is settled


def test_jumps_that_nearly_meet_refute_nothing() -> None:
    x = sp.Symbol("x", real=True)
    for number in (sp.Rational(863554413089, 274877906944), sp.Rational(3141592653, 10**9)):
        half = sp.Heaviside(sp.cos(x), 0) * sp.Heaviside(sp.cos(x - number), 0)
        assert equal(sp.Integral(half, (x, -sp.pi, sp.pi)), sp.pi - number).verdict != "refuted"
    half = sp.Heaviside(sp.cos(x), 0) * sp.Heaviside(sp.cos(x - 2), 0)
    assert equal(sp.Integral(half, (x, -sp.pi, sp.pi)), sp.pi - sp.Rational(201, 100)).verdict == "refuted"
    assert equal(sp.Integral(half, (x, sp.pi, -sp.pi)), sp.pi - 2).verdict == "refuted"
