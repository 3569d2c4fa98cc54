"""Conjugates of functions that are real on the line, and exponentials of angles of two coordinates."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import I, Ne, Rational, atan2, conjugate, cos, coth, digamma, exp, pi, polygamma, sin, sqrt, tan

from derivable import equal
from derivable.trusted.errors import NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import NormalForm

z, c = sp.symbols("z c")
X, A, B = sp.symbols("X A B", real=True)
p = sp.Symbol("p", positive=True)
n = sp.Symbol("n", integer=True, nonnegative=True)
m = sp.Symbol("m", integer=True)
radius = sqrt(A**2 + B**2)


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        pytest.param(conjugate(digamma(z)), digamma(conjugate(z)), id="digamma"),
        pytest.param(conjugate(polygamma(n, z)), polygamma(n, conjugate(z)), id="polygamma"),
        pytest.param(conjugate(sp.airyai(z)), sp.airyai(conjugate(z)), id="Airy"),
        pytest.param(conjugate(sp.besselj(n, z)), sp.besselj(n, conjugate(z)), id="Bessel, whole order"),
        pytest.param(sp.Abs(sp.chebyshevt(n, z)) ** 2, sp.chebyshevt(n, z) * sp.chebyshevt(n, conjugate(z)), id="polynomial"),
        pytest.param(sp.im(digamma(1 + I * p)), -1 / (2 * p) + pi / 2 * coth(pi * p), id="reflection on the line Re z = 1"),
        pytest.param(sp.re(digamma(I * p)), sp.re(digamma(1 + I * p)), id="shift"),
    ],
)
def test_conjugates_of_functions_that_are_real_on_the_line(lhs: Any, rhs: Any) -> None:
    assert equal(lhs, rhs).verdict == "proved"


@pytest.mark.parametrize(
    "e",
    [
        pytest.param(sp.besselj(c, z), id="Bessel of any order: a cut, and the order is complex"),
        pytest.param(sp.besselj(m, z, evaluate=False), id="negative orders"),
        pytest.param(sp.legendre(c, z), id="no polynomial"),
        pytest.param(polygamma(c, z), id="polygamma of any order"),
        pytest.param(sp.LambertW(z), id="a cut"),
        pytest.param(sp.Function("f")(z), id="any function"),
    ],
)
def test_the_conjugates_of_others_are_not_known(e: Any) -> None:
    form = NormalForm(Facts(()))
    with pytest.raises(NoNormalForm):
        form._conjugate(form.expression(form.flatten(e)))


@pytest.mark.parametrize("where", [(), (Ne(A, 0),), (A > 0,), (B < 0,)])
@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        pytest.param(A * cos(X) + B * sin(X), radius * cos(X - atan2(B, A)), id="amplitude and phase"),
        pytest.param(radius * exp(I * atan2(B, A)), A + I * B, id="polar form"),
        pytest.param(cos(2 * atan2(B, A)), (A**2 - B**2) / (A**2 + B**2), id="twice the angle"),
        pytest.param(tan(atan2(B, A) / 2), B / (A + radius), id="half of the angle"),
        pytest.param(cos(atan2(B, A) / 2) ** 2, (1 + A / radius) / 2, id="square of a cosine of half of it"),
    ],
)
def test_angles_of_two_coordinates(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> None:
    assert equal(lhs, rhs, where=where).verdict == "proved"


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        pytest.param(A * cos(X) + B * sin(X), radius * cos(X + atan2(B, A)), (), id="the sign of the phase"),
        pytest.param(A * cos(X) + B * sin(X), radius * cos(X - sp.atan(B / A)), [Ne(A, 0)], id="the arctangent at the left"),
        pytest.param(sqrt(A + I * B), radius ** Rational(1, 2) * exp(-I * atan2(B, A) / 2), [Ne(B, 0)], id="the other root"),
    ],
)
def test_wrong_angles_are_refuted(lhs: Any, rhs: Any, where: Any) -> None:
    assert equal(lhs, rhs, where=where).verdict == "refuted"


def test_angles_of_complex_coordinates_are_left_alone() -> None:
    form = NormalForm(Facts(()))
    assert form._on_circle(sp.Integer(1), atan2(z, A)) is None
    assert form._on_circle(sp.Integer(1), atan2(B, A)) is not None
    assert form._on_circle(Rational(1, 3), atan2(B, A)) is None
