"""The identity theorem: what it carries from the real line to a domain, and what it must not."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

import derivable
from derivable.trusted.convergence import is_majorised
from derivable.trusted.facts import Facts
from derivable.trusted.identity_theorem import on_the_line

z, w, a, b = sp.symbols("z w a b")
k = sp.Symbol("k", integer=True)
n = sp.Symbol("n", integer=True, nonnegative=True)
disc, right = sp.Abs(z) < 1, sp.re(z) > 0


def series(term: Any, first: int = 0) -> Any:
    return sp.Sum(term, (k, first, sp.oo))


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (series(z**k), 1 / (1 - z), [disc]),
        (series(z**k), 1 / (1 - z), [sp.Abs(z) < sp.Rational(1, 2), sp.Ne(z, 0)]),
        (series(k**2 * z**k, 1), z * (1 + z) / (1 - z) ** 3, [disc]),
        (series(sp.binomial(k + n, k) * z**k), (1 - z) ** (-n - 1), [disc]),
        (series(z**k / k, 1), -sp.log(1 - z), [disc]),
        (series((-1) ** k * z ** (2 * k) / sp.factorial(2 * k)), sp.cos(z), []),
        (series((-1) ** k * z ** (2 * k + 1) / (2 * k + 1)), sp.atan(z), [disc]),
        (sp.hyper((a,), (b,), z), sp.exp(z) * sp.hyper((b - a,), (b,), -z), []),
        (sp.log(z**2), 2 * sp.log(z), [right]),
        (sp.log(z * w), sp.log(z) + sp.log(w), [right, sp.re(w) > 0]),
        (sp.sqrt(z / w), sp.sqrt(z) / sp.sqrt(w), [right, sp.re(w) > 0]),
        (sp.sqrt(1 - z**2), sp.sqrt(1 - z) * sp.sqrt(1 + z), [disc]),
        (sp.atanh(z), (sp.log(1 + z) - sp.log(1 - z)) / 2, [disc]),
    ],
    ids=str,
)
def test_what_holds_on_the_line_holds_on_the_domain(lhs: Any, rhs: Any, where: list[Any]) -> None:
    if isinstance(lhs, sp.hyper):
        lhs, rhs = (side.subs({a: sp.Symbol("a", positive=True), b: sp.Symbol("b", positive=True)}) for side in (lhs, rhs))
    assert derivable.equal(lhs, rhs, where=where).verdict == "proved"


@pytest.mark.parametrize(
    ("e", "where"),
    [
        (sp.Abs(z) - z, []),
        (sp.conjugate(z) - z, [disc]),
        (sp.re(z) - z, [right]),
        (sp.sqrt(z**2) - z, [disc]),
        (sp.log(z**3) - 3 * sp.log(z), [right]),
        (sp.log(z**2) - 2 * sp.log(z), [sp.re(z) >= 0]),
        (sp.log(z * w) - sp.log(z) - sp.log(w), [right]),
        (sp.log(sp.exp(z)) - z, []),
        (sp.log(1 - 2 * z) - sp.log((1 - 2 * z) / (1 + 2 * z)) - sp.log(1 + 2 * z), [disc]),
        (sp.sqrt((1 - z) ** 3) - sp.sqrt(1 - z) ** 3, [disc]),
        (sp.atanh(1 / z) - sp.atanh(z), [disc]),
        (sp.acot(z) - sp.atan(1 / z), [right]),
        (sp.atan(2 * z) - 2 * z, [disc]),
        (series(z**k) - 1 / (1 - z), []),
        (series(z**k) - 1 / (1 - z), [sp.Abs(z) <= 1]),
        (series(z**k) - 1 / (1 - z), [sp.Abs(z) < 2]),
        (series(z ** (-k)) - z / (z - 1), [disc]),
        (series(z ** (k**2)) - 1 / (1 - z), [disc]),
        (series(sp.conjugate(z) ** k) - 1 / (1 - z), [disc]),
        (z**2 - z * sp.conjugate(z), [disc, sp.Ne(z, sp.conjugate(z))]),
        (z - 1, [disc, sp.Abs(z - 1) < sp.Rational(1, 2)]),
        (z - 1, [sp.Eq(z, 1)]),
        (series(w**k * z**k) - 1 / (1 - w * z), [disc]),
        (series(z**k * (1 + z) ** k), [sp.Abs(z) < sp.Rational(1, 4)]),
        (series(z ** (k / 2) / sp.factorial(k)), [disc]),
        (series(z ** (k + sp.Rational(1, 2)) / sp.factorial(k)), [disc]),
        (series(z ** (k - 1)), [disc]),
        (series(z**k / sp.factorial(k)), [right]),
        (sp.Sum(z**k, (k, 0, n)), [disc]),
        (sp.Sum(z**k, (k, n, sp.oo)), [disc]),
        (sp.Sum(z**k / 2**n, (k, 0, sp.oo), (n, 0, sp.oo)), [disc]),
        (sp.Sum(z**-2, (z, 1, sp.oo)) + z, [disc]),
        (sp.hyper((1, 1), (2,), z), []),
        (sp.hyper((1, 1), (2,), 2 * z), [disc]),
        (sp.hyper((z,), (2,), z), [disc]),
        (sp.hyper((1,), (z,), z), [disc]),
        (sp.hyper((1, 1), (), z), [disc]),
        (sp.log(z ** sp.Rational(5, 2)) - sp.Rational(5, 2) * sp.log(z), [right]),
        (sp.log(z * sp.exp(sp.Abs(z))), [right]),
        ((1 + sp.Abs(z)) ** z, [right]),
        (z**z - 1, [right]),
        (z ** sp.floor(sp.re(z)), [right]),
        (sp.log(w * z) - sp.log(z), [right]),
        (sp.atan(sp.sqrt(z)), [disc]),
        (sp.atan(w * z), [disc]),
        (sp.atan(z + z**2), [disc]),
        (sp.atan(z), []),
        (sp.log(1 + z), []),
    ],
    ids=str,
)
def test_it_refuses_what_is_not_analytic_on_a_domain(e: Any, where: list[Any]) -> None:
    assert on_the_line(e, Facts(where)) is None


def test_a_point_may_be_missing_and_nothing_more() -> None:
    assert on_the_line(z - z**2, Facts([disc, sp.Ne(z, 0)])) is not None
    assert on_the_line(z - z**2, Facts([disc, sp.Ne(sp.re(z), 0)])) is None


@pytest.mark.parametrize("symbol", [sp.Symbol("z", real=True), sp.Symbol("z", imaginary=True), sp.Symbol("z", commutative=False)])
def test_it_speaks_of_complex_symbols_alone(symbol: Any) -> None:
    assert on_the_line(symbol - symbol**2, Facts(())) is None


@pytest.mark.parametrize(
    ("condition", "domain"),
    [
        (sp.Gt(1, sp.Abs(z)), "|z| < 1"),
        (sp.Lt(sp.Abs(z), sp.Symbol("R", positive=True)), "|z| < R"),
        (sp.Lt(0, sp.re(z)), "Re z > 0"),
        (sp.re(z) > 3, "Re z > 0"),
        (sp.Lt(sp.Abs(z), sp.Symbol("R", real=True)), None),
        (sp.Lt(sp.Abs(z), 1 + sp.Abs(z) ** 2), None),
        (sp.Gt(1 + sp.Abs(z) ** 2, sp.Abs(z)), None),
        (sp.Gt(sp.Symbol("R", real=True), sp.Abs(z)), None),
        (sp.Gt(sp.Abs(z), 1), None),
        (sp.Lt(1, sp.Abs(z)), None),
        (sp.Lt(sp.re(z), 1), None),
        (sp.Gt(1, sp.re(z)), None),
        (sp.Lt(-1, sp.re(z)), None),
        (sp.re(z) > -1, None),
        (sp.re(z) > sp.Abs(sp.im(z)), None),
        (sp.Le(0, sp.re(z)), None),
        (sp.Lt(0, sp.im(z)), None),
        (sp.im(z) > 0, None),
        (sp.Ne(z, sp.conjugate(z)), None),
        (sp.Eq(z, w), None),
    ],
    ids=str,
)
def test_the_domain_is_what_the_hypotheses_say(condition: Any, domain: str | None) -> None:
    line = on_the_line(z - z**2, Facts([condition]))
    assert (line.domain if line is not None else None) == domain


def test_a_series_on_the_line_is_in_the_proof() -> None:
    e = series(z**k) - 1 / (1 - z)
    line = on_the_line(e, Facts([disc]))
    assert line is not None
    assert line.series == (series(z**k),)
    assert not line.statement.has(z)
    assert on_the_line(sp.hyper((1, 1), (2,), -z) - sp.log(1 + z) / z, Facts([disc])) is not None


@pytest.mark.parametrize(
    ("coefficient", "radius", "value"),
    [
        (sp.harmonic(k), 1, -sp.log(1 - z) / (1 - z)),
        (sp.fibonacci(k), sp.Rational(1, 2), z / (1 - z - z**2)),
        (sp.lucas(k), sp.Rational(1, 2), (2 - z) / (1 - z - z**2)),
    ],
)
def test_coefficients_with_a_simple_bound_make_a_series_in_the_disc(coefficient: Any, radius: Any, value: Any) -> None:
    total = sp.Sum(coefficient * z**k, (k, 0, sp.oo))
    assert derivable.equal(total, value, where=[sp.Abs(z) < radius]).verdict == "proved"
    assert derivable.equal(total, value + z**3, where=[sp.Abs(z) < radius]).verdict == "refuted"


def test_bounds_of_coefficients_leave_a_ratio_below_one() -> None:
    y = sp.Symbol("y", positive=True)
    small, near = Facts((y < sp.Rational(1, 2),)), Facts((y < 1,))
    assert is_majorised(sp.Sum(sp.fibonacci(k) * y**k, (k, 0, sp.oo)), small)
    assert not is_majorised(sp.Sum(sp.fibonacci(k) * y**k, (k, 0, sp.oo)), near)
    assert is_majorised(sp.Sum(sp.harmonic(k) * y**k, (k, 1, sp.oo)), near)
    assert not is_majorised(sp.Sum(sp.harmonic(k) * y**k, (k, 1, sp.oo)), Facts((y <= 1,)))
    assert not is_majorised(sp.Sum(sp.harmonic(k, a) * y**k, (k, 1, sp.oo)), near)  # of any order
    assert not is_majorised(sp.Sum(sp.harmonic(k / 2) * y**k, (k, 1, sp.oo)), near)
    assert not is_majorised(sp.Sum(sp.cos(sp.Symbol("c") * k) * y**k, (k, 1, sp.oo)), near)  # of a complex number
    assert not is_majorised(sp.Sum(y**k / sp.fibonacci(k), (k, 1, sp.oo)), near)
