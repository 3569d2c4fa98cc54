"""Exponential polynomials, dominant exponentials, bounds without waves, signs beside a number: right values, no false ones."""

from __future__ import annotations

import random
import time
from typing import Any

import mpmath
import pytest
import sympy as sp
from flint import fmpq, fmpq_poly
from sympy import Rational, cos, cosh, erf, exp, log, oo, pi, sin, sinh, sqrt, symbols, tanh

from derivable.search import propose
from derivable.trusted.asymptotics import NoExpansion, dominant_part
from derivable.trusted.charts import Denied, one_signed
from derivable.trusted.exponential_polynomials import ExponentialPolynomial, exponential_polynomial
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver
from derivable.trusted.waves import below_waves

x, y = symbols("x y", real=True)
s = symbols("s", positive=True)
TINY = Rational(1, 10**20)


def chart(e: Any, low: Any, high: Any, *where: Any, strict: bool = False) -> Any:
    try:
        return one_signed(sp.sympify(e), x, (sp.sympify(low), sp.sympify(high)), Facts(where), strict, time.monotonic() + 20)
    except Denied:
        return None


LAZAREVIC = sinh(x) ** 3 - x**3 * cosh(x)
TAYLOR = exp(x) - sum(x**k / sp.factorial(k) for k in range(8))


def test_the_form_is_read_and_has_the_values_of_the_function() -> None:
    f = exponential_polynomial(LAZAREVIC.rewrite(exp), x)
    assert f is not None
    assert f.steps == 10
    assert f.sign_near(sp.Integer(0), 1) == 1
    assert f.sign_near(sp.Integer(0), -1) == -1
    assert f.sign_near(oo, -1) == 1
    assert f.sign_near(-oo, 1) == -1
    for point in (Rational(-7, 3), Rational(1, 9), Rational(5)):
        assert f.sign_between(point, point) == sp.sign(sp.N(LAZAREVIC.subs(x, point), 60))
    for other in (exp(x**2), exp(x * y), exp(pi * x), sqrt(x) + exp(x), exp(x) / x, exp(x + 1), sin(x), 2**x, exp(x) - exp(x)):
        assert exponential_polynomial(other, x) is None


def test_zeros_are_those_of_lindemann() -> None:
    f = exponential_polynomial((x - 2) * exp(x) + x**2 - 4, x)
    assert f is not None
    assert f.vanishes_at(sp.Integer(2))
    assert not f.vanishes_at(sp.Integer(-2))
    assert not f.vanishes_at(log(2))
    g = exponential_polynomial(exp(x) - 1 - x, x)
    assert g is not None
    assert g.vanishes_at(sp.Integer(0))
    assert g.sign_near(sp.Integer(0), -1) == 1


@pytest.mark.parametrize("seed", range(12))
def test_the_simpler_function_is_a_derivative(seed: int) -> None:
    draw = random.Random(seed)
    terms = {fmpq(draw.randint(-3, 3), 2): fmpq_poly([draw.randint(-4, 4) for _ in range(3)] + [1]) for _ in range(3)}
    f = ExponentialPolynomial(tuple((rate, terms[rate]) for rate in sorted(terms)))

    def as_function(g: ExponentialPolynomial) -> Any:
        polynomials = (sum(sp.Rational(int(c.p), int(c.q)) * x**k for k, c in enumerate(p.coeffs())) for _, p in g.terms)
        rates = (sp.Rational(int(rate.p), int(rate.q)) for rate, _ in g.terms)
        return sum(p * exp(rate * x) for p, rate in zip(polynomials, rates, strict=True))

    quotient, slope = f.simpler()
    ratio = sp.simplify(as_function(quotient).subs(x, Rational(1, 3)) / as_function(f).subs(x, Rational(1, 3)))
    assert ratio.is_positive
    assert sp.expand(sp.diff(as_function(quotient), x) - as_function(slope)) == 0
    assert slope.steps == f.steps - 1


CHARTS: dict[str, tuple[Any, Any, Any, tuple[Any, ...], bool]] = {
    "Lazarević": (LAZAREVIC, 0, oo, (x > 0,), True),
    "a remainder of Taylor's series": (TAYLOR, -oo, oo, (), False),
    "a tangent of an exponential": (exp(x) - Rational(2718281828, 10**9) * x, -oo, oo, (), True),
    "a double root and a factor": ((x - 1) ** 2 * (exp(x) - 1 - x), -oo, oo, (), False),
    "entropy below a root": (2 * log(2) * sqrt(x) * sqrt(1 - x) + x * log(x) + (1 - x) * log(1 - x), 0, 1, (x > 0, x < 1), False),
    "an error function below a root, squared": (1 - exp(-4 * x**2 / pi) - erf(x) ** 2, 0, oo, (x >= 0,), False),
    "a normal tail": (
        1 / (x + sqrt(x**2 + 4 / pi)) - sqrt(pi) / 2 * exp(x**2) * sp.erfc(x),
        0, oo, (x > 0,), True,
    ),
    "irrational coefficients": (x**2 - 2 * sqrt(2) * x + pi - 1, -oo, oo, (), True),
}  # fmt: skip
FALSE_CHARTS: dict[str, tuple[Any, Any, Any, tuple[Any, ...], bool]] = {
    "Lazarević, a square": (sinh(x) ** 2 - x**2 * cosh(x), 0, oo, (x > 0,), True),
    "Lazarević on both sides": (LAZAREVIC, -oo, oo, (), False),
    "strict at a double root": (exp(x) - 1 - x, -oo, oo, (), True),
    "a steeper line": (exp(x) - Rational(2718281829, 10**9) * x, -oo, oo, (), True),
    "a dip": ((exp(x) - 2) ** 2 - TINY, -oo, oo, (), False),
    "one term too many": (TAYLOR - x**8 / sp.factorial(8), -oo, oo, (), False),
    "an error function, the exponent too small": (1 - exp(-Rational(127, 100) * x**2) - erf(x) ** 2, 0, oo, (x >= 0,), False),
    "a normal tail, the constant too large": (
        1 / (x + sqrt(x**2 + Rational(13, 10))) - sqrt(pi) / 2 * exp(x**2) * sp.erfc(x), 0, oo, (x > 0,), True,
    ),
    "irrational coefficients, below": (x**2 - 2 * sqrt(2) * x + 2 - TINY, -oo, oo, (), False),
    "roots beyond their range": (sqrt(x) * sqrt(x - 1) + 1 - x, 0, oo, (x > 0,), True),
}  # fmt: skip


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_proves(name: str) -> None:
    e, low, high, where, strict = CHARTS[name]
    assert chart(e, low, high, *where, strict=strict)


@pytest.mark.parametrize("name", FALSE_CHARTS)
def test_a_chart_does_not_prove_what_is_false(name: str) -> None:
    e, low, high, where, strict = FALSE_CHARTS[name]
    assert chart(e, low, high, *where, strict=strict) is None


def test_the_dominant_exponential_has_the_sign() -> None:
    e = (1 - x**2) * exp(2 * x**2) * exp(-4 * x**2 / pi) + x**9 * exp(x) - 1
    assert dominant_part(e, x, oo, -1, Facts(())).coefficient == -1
    assert dominant_part(exp(1 / x) - 5 / x**7, x, sp.Integer(0), 1, Facts(())).coefficient == 1
    for undecided in (exp(x + log(x)) - exp(x) * x, exp(sqrt(x) ** 0 * x) - exp(x), exp(s * x) - exp(x), sin(x) * exp(x) + 1):
        with pytest.raises(NoExpansion):
            dominant_part(undecided, x, oo, -1, Facts(()))


def test_a_function_is_above_its_bound_without_waves() -> None:
    for e in (sin(x) * cos(x) + tanh(x), 3 * sin(x) + 4 * cos(x) + 5, x * cos(x) ** 2, exp(-x) * sin(3 * x) - cos(2 * x)):
        bound = below_waves(e, Facts(()))
        assert bound is not None
        assert not bound.has(sin, cos)
        for point in (-3.3, -0.7, 0.2, 1.9, 12.5):
            assert mpmath.mpf(sp.N((e - bound).subs(x, point))) >= -1e-12
    assert below_waves(3 * sin(x) + 4 * cos(x) + 5, Facts(())) == 0
    for e in (x, 1 / (2 + sin(x)), sin(x) ** s, sin(sp.Symbol("w")) + 1, exp(sin(x))):
        assert below_waves(e, Facts(())) is None


def test_a_wave_below_a_function_that_settles() -> None:
    prover = OrderProver(propose, time.monotonic() + 30)
    assert prover.proved(tanh(x) - sin(x) * cos(x), Facts((x > 0,)), True)
    assert OrderProver(propose, time.monotonic() + 5).proved(tanh(x) - sin(x) * Rational(101, 100), Facts((x > 0,)), True) is None


def test_signs_of_sums_with_a_number() -> None:
    at_zero = Facts((x >= 0,))
    assert at_zero.signs(1 - exp(-x)) == {0, 1}
    assert at_zero.signs(exp(x) - 1) == {0, 1}
    assert at_zero.signs(2 * exp(-x) - 2) == {0, -1}
    assert Facts((x > 0,)).signs(1 - exp(-(x**2))) == {1}
    assert Facts(()).signs(1 - tanh(x)) == {1}
    assert Facts(()).signs(erf(x) - 1) == {-1}
    assert Facts(()).signs(1 + sin(x)) == {0, 1}
    assert Facts(()).signs(2 - sin(x)) == {1}
    assert Facts(()).signs(sp.Symbol("w") * 0 + 1 - sin(x)) == {0, 1}
    for e in (1 - 2 * tanh(x), 2 - exp(x), 1 + exp(x) - 2, Rational(1, 2) - sin(x), exp(x) - exp(y)):
        assert Facts(()).signs(e) == {-1, 0, 1}
    assert Facts(()).signs(1 - sin(sp.Symbol("w"))) is None
